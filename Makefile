# Everything a developer or an operator types. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
ROOMS := activities api cases cli domain rules server store workflows worker.py
# Only what is there: a room may not exist yet.
PRESENT = $(wildcard $(ROOMS) tests bench)

.PHONY: help
help: ## Show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

# -- the environment: made once, remade only when a lock changes ---------------------------------------------------

$(VENV)/made:
	@if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
	  echo 'baton: Python 3.11 or newer is needed: apt-get install python3, or set PYTHON=/path/to/python3.11' >&2; exit 1
	fi
	if ! $(PYTHON) -c 'import ensurepip' 2>/dev/null; then
	  echo 'baton: the venv module is missing: apt-get install python3-venv' >&2; exit 1
	fi
	if ! command -v gcc >/dev/null || ! $(PYTHON) -c 'import os, sysconfig as s, sys; sys.exit(not os.path.exists(os.path.join(s.get_path("include"), "Python.h")))'; then
	  echo 'baton: a C compiler and headers are missing: apt-get install gcc python3-dev' >&2; exit 1
	fi
	echo 'making $(VENV)' >&2
	[ -x $(BIN)/python ] && $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	touch $@

$(VENV)/locked: requirements.lock $(VENV)/made
	@echo 'installing the locked requirements (a minute or two the first time)' >&2
	# durable-rules calls a C function that Python 3.13 took away; the other name is the same function.
	if $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 13))'; then
	  export CPPFLAGS="$${CPPFLAGS:-} -DPyEval_CallObject=PyObject_CallObject"
	fi
	$(PIP) install --require-hashes -r requirements.lock
	# A wheel that was built without that flag may lie in pip's cache.
	$(BIN)/python -c 'import durable_rules_engine' 2>/dev/null ||
	  $(PIP) install --require-hashes --no-deps --no-cache-dir --force-reinstall \
	    -r <(sed -n '/^durable-rules==/,/# via/p' requirements.lock)
	touch $@

# A new room has to be installed, too.
$(VENV)/baton: pyproject.toml $(wildcard */__init__.py) $(VENV)/locked
	@$(PIP) install --no-deps --no-build-isolation --editable .
	# An image that cannot be written to, or PYTHONDONTWRITEBYTECODE, would compile at each start.
	$(BIN)/python -m compileall -q $(wildcard $(ROOMS))
	touch $@

$(VENV)/locked-dev: requirements-dev.lock $(VENV)/baton
	@echo 'installing what tests and checks need' >&2
	$(PIP) install --require-hashes -r requirements-dev.lock
	touch $@

# -- running -------------------------------------------------------------------------------------------------------

.PHONY: run
run: $(VENV)/baton ## Run everything on this machine, with a demo network, until Ctrl-C
	@exec $(BIN)/baton up --demo-network --end-with-parent

.PHONY: demo
demo: $(VENV)/baton ## Run with a day in ten seconds, generated leads and simulated people
	@exec $(BIN)/baton demo --end-with-parent

# -- checking ------------------------------------------------------------------------------------------------------

.PHONY: test
test: $(VENV)/locked-dev ## Run all tests (ARGS="-k name" narrows them)
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

.PHONY: simulate
simulate: $(VENV)/locked-dev ## Play thousands of new random diagrams (DIAGRAMS=20000, SEED=… plays those of a seed again)
	@export BATON_SIMULATE=$(or $(DIAGRAMS),20000) $(if $(SEED),BATON_SEED=$(SEED))
	$(BIN)/python -m pytest tests/workflows/bpmn/test_random.py -n 0 -p no:cacheprovider $(ARGS)

.PHONY: mutate
mutate: $(VENV)/locked-dev ## Break diagrams in thousands of new ways (MUTATIONS=200000, SEED=… breaks those of a seed again)
	@export BATON_MUTATE=$(or $(MUTATIONS),200000) $(if $(SEED),BATON_SEED=$(SEED))
	$(BIN)/python -m pytest tests/workflows/bpmn/test_mutations.py -n 0 -s -p no:cacheprovider -k campaign $(ARGS)

.PHONY: agree
agree: $(VENV)/locked-dev ## Make a million random decisions by both evaluators (COUNT=1000000, SEED=… plays a run again)
	@$(BIN)/python -m bench.agreement --count $(or $(COUNT),1000000) $(if $(SEED),--seed $(SEED))

.PHONY: chaos
chaos: $(VENV)/locked-dev ## Kill parts of a Baton of its own, prove that nothing is lost (MINUTES=10, SEED=… plays a run again)
	@exec $(BIN)/python -m bench.chaos --minutes $(or $(MINUTES),10) $(if $(SEED),--seed $(SEED))

.PHONY: lint
lint: $(VENV)/locked-dev ## Check style and format
	@$(BIN)/ruff check $(PRESENT)
	$(BIN)/ruff format --check $(PRESENT)

.PHONY: types
types: $(VENV)/locked-dev ## Check types (strict where pyproject.toml says so)
	@$(BIN)/pyright

.PHONY: contracts
contracts: $(VENV)/locked-dev ## Check who may import whom
	@$(BIN)/lint-imports

.PHONY: check
check: lint types contracts test ## All of the above

.PHONY: format
format: $(VENV)/locked-dev ## Rewrite to the agreed style
	@$(BIN)/ruff check --fix $(PRESENT)
	$(BIN)/ruff format $(PRESENT)

.PHONY: bench
bench: $(VENV)/locked-dev ## Measure; docs/benchmarks.md explains the figures
	@$(BIN)/python -m bench

# -- keeping up ----------------------------------------------------------------------------------------------------

UPGRADE ?=
.PHONY: lock
lock: $(VENV)/locked-dev ## Remake the lock files (UPGRADE=--upgrade takes newer versions)
	@compile='$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links'
	export UV_CUSTOM_COMPILE_COMMAND='make lock'
	$$compile $(UPGRADE) requirements.in -o requirements.lock
	$$compile $(UPGRADE) requirements-dev.in -o requirements-dev.lock
	! grep -nE '://|--index-url|--find-links' requirements.lock requirements-dev.lock

.PHONY: clean
clean: ## Remove the environment and caches; keeps the data (.baton)
	@rm -rf $(VENV) *.egg-info build .pytest_cache .ruff_cache .hypothesis .import_linter_cache .grimp_cache .baton-test
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
