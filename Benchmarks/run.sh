#!/usr/bin/env bash
# Measures the release build side by side with what it is compared to; prints a table and writes Benchmarks/results/TIME.json.
#
#   make bench                                everything; about an hour once built
#   QUICK=1 make bench                        shorter rounds, and 100,000 instead of 1,000,000 users; about fifteen minutes
#   GATEHOUSE_BINARY=FILE Benchmarks/run.sh   measures a release binary that exists already
#   Benchmarks/run.sh --only reads,sign-ins   just these of start, reads, lists, sign-ins, large; of access: evaluation (over HTTP) and
#                                             decisions (in the process, beside Casbin and Cedar); and of the comparison of the two
#                                             engines: engines, durable, import, nodes, backup
#
# Everything listens on loopback, lives in a temporary folder and ends by itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
    command -v dpkg-query >/dev/null 2>&1 && command -v apt-get >/dev/null 2>&1 || return 0
    local package missing=()
    for package in wrk slapd libldap-dev libsodium-dev python3-venv; do
        if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]; then
            missing+=("$package")
        fi
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    echo "bench: installing ${missing[*]}" >&2
    # Debian starts a service when it installs one; nobody asked for a directory server on this machine's network.
    local policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
        trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    local quiet=(env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o Dpkg::Use-Pty=0)
    if ! as_root "${quiet[@]}" install --no-install-recommends "${missing[@]}" >&2; then
        as_root "${quiet[@]}" update >&2
        as_root "${quiet[@]}" install --no-install-recommends "${missing[@]}" >&2
    fi
}

install_packages
if [ -z "${GATEHOUSE_BINARY:-}" ]; then
    swift build -c release --product gatehouse
    GATEHOUSE_BINARY=.build/release/gatehouse
fi
(cd Benchmarks && swift build -c release)
# What decisions are compared with; nothing else here needs packages.
if [ ! -x .venv-bench/bin/python ]; then
    python3 -m venv .venv-bench
    .venv-bench/bin/pip install --quiet casbin==1.43.0 cedarpy==4.12.2
fi
PYTHONDONTWRITEBYTECODE=1 .venv-bench/bin/python Benchmarks/measure.py --gatehouse "$GATEHOUSE_BINARY" --tools Benchmarks/.build/release \
    ${QUICK:+--quick} "$@"
