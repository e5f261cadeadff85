# Gatehouse. `make run` starts it, `make test` proves it; `make help` lists the rest.

SWIFT ?= swift
ARGS ?=
PYTHON := .venv/bin/python
SWIFT_SOURCES = Package.swift Sources Tests $(wildcard Benchmarks/*.swift Benchmarks/Sources)

.PHONY: help run build test soak bench format lint clean
.DEFAULT_GOAL := help

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  make %-8s %s\n' "$$name" "$$text"; done

run: build ## Install what is missing, build, start on 127.0.0.1:8080 (flags: make run ARGS="--listen ...")
	@exec .build/release/gatehouse serve $(ARGS)

build: ## Install what is missing and build the release binary
	@Scripts/install.sh build
	$(SWIFT) build -c release --product gatehouse

test: ## Install what is missing and run every test; the last line counts them
	@Scripts/install.sh test
	@$(PYTHON) Scripts/test.py

soak: ## Hours in minutes: thousands of generated requests and many kills, on the release binary
	@Scripts/install.sh test
	$(SWIFT) build -c release --product gatehouse
	@GATEHOUSE_SOAK=1 GATEHOUSE_BINARY=.build/release/gatehouse $(PYTHON) Scripts/test.py --soak

bench: ## Measure, as Documentation/Performance.md describes
	@Scripts/install.sh test
	Benchmarks/run.sh

format: ## Format all Swift sources
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_SOURCES)

lint: ## Check style, imports between rooms, and that all scripts parse
	@Scripts/install.sh test
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	$(PYTHON) -m compileall -q Scripts Tests/Scenarios
	bash -n Scripts/install.sh; bash -n Scripts/keep-schema.sh; bash -n .ci/run; for script in $(wildcard Benchmarks/*.sh); do bash -n $$script || exit 1; done
	$(SWIFT) test --filter Layer

clean: ## Remove what was built (the data folder stays)
	rm -rf .build .venv Tests/Scenarios/artefacts
	find Scripts Tests -name __pycache__ -type d -prune -exec rm -rf {} +
