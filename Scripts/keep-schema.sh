#!/usr/bin/env bash
# Keeps data of the current schema version in Tests/Data/Schemas, made by the real binary on both engines: what later releases
# must be able to upgrade. Run it when a migration is ready to land; `--replace` makes the data of a version that has not landed yet anew.
#
#     Scripts/keep-schema.sh [--replace] [--engine sqlite|postgres]
#
# GATEHOUSE_BINARY names another binary than .build/debug/gatehouse, such as that of a release.
set -euo pipefail
cd "$(dirname "$0")/.."
exec .venv/bin/python Tests/Scenarios/support/schemas.py "$@"
