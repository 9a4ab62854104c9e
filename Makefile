# Every target sets up what it needs in .venv, given Python 3.11 or newer. `make` alone lists them.

PYTHON ?= python3
# Test workers. The tests of one file run in one worker: the examples of a document build on each other, and some tests
# start services of their own.
WORKERS ?= 2

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile
# What neither reads nor writes records, or only as everybody does.
ON_ONE_PATH := backfill benchmarks check cli evolution examples fuzzing lock metrics services stores testing
# Looks at pages as readers do.
BROWSER := .venv/browser/chromium
CODE := $(wildcard src tests examples benchmarks conftest.py)
UV_VERSION := 0.13.9

.DEFAULT_GOAL := help
.PHONY: help demo demo-backfill test test-thorough fuzz matrix rules sanitize golden mutants coverage lint lint-mypy lint-pyright lint-style format bench docs changelog lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: .venv/ready ## a fleet changes its stored format and goes back, while it works; then the shortcut fails
	$(BIN)/python -m examples.rolling_fleet

demo-backfill: .venv/ready ## old records are rewritten while a fleet works on them; the run is killed twice; the old reader goes
	$(BIN)/python -m examples.retired_reader

test: lint $(BROWSER) ## everything a change must pass: `make lint`, then all tests and documentation examples, on both paths
	$(PYTEST)
	VERSIONED_SERDE_PURE=1 HYPOTHESIS_PROFILE=reference $(PYTEST) $(ON_ONE_PATH:%=--ignore=tests/%)

test-thorough: .venv/ready $(BROWSER) ## 100,000 generated cases of each law, 200 in each cell of the matrix, 1,000 of all else, `make fuzz`
	HYPOTHESIS_PROFILE=thorough $(PYTEST) -o faulthandler_timeout=0 tests/laws
	VERSIONED_SERDE_PURE=1 HYPOTHESIS_PROFILE=longer $(PYTEST) -o faulthandler_timeout=0 tests/laws
	HYPOTHESIS_PROFILE=longer $(PYTEST) -o faulthandler_timeout=0 --ignore=tests/laws
	$(BIN)/python -m tests.fuzzing --seconds 600

fuzz: .venv/ready ## ten minutes of bytes that nobody wrote, to all that reads; only our errors may come of them
	$(BIN)/python -m tests.fuzzing --seconds 600

matrix: .venv/ready ## write the page that says which law holds where
	$(BIN)/python -m tests.laws.matrix

rules: .venv/ready ## write the page of all rules of serde-check, from their own texts
	$(BIN)/python -m tests.check.rules_page

sanitize: .venv/ready ## the tests on a native core that watches its memory; a million calls of it, which must not grow
	$(BIN)/python -m tests.sanitizers
	$(BIN)/python -m tests.leaks

golden: .venv/ready ## freeze the bytes of this release's samples, which every later release must read
	$(BIN)/python -m tests.goldens

mutants: .venv/ready ## break the code in small, known ways; the tests must notice each
	$(BIN)/python -m tests.mutants

coverage: .venv/ready $(BROWSER) ## which branches of the package the tests miss
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n $(WORKERS) --dist loadfile
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lint: .venv/ready ## style, types and the floors that imports keep to
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target --keep-going lint-mypy lint-pyright lint-style

# Side by side: each type checker has one core busy for most of a minute.
lint-mypy: .venv/ready
	$(BIN)/mypy $(CODE)

lint-pyright: .venv/ready
	$(BIN)/basedpyright
	@# --verifytypes reads no configuration: it asks the first python of PATH where packages are.
	PATH="$(CURDIR)/$(BIN):$$PATH" basedpyright --verifytypes versioned_serde --ignoreexternal

lint-style: .venv/ready
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/lint-imports --no-logo

format: .venv/ready ## mend what ruff can mend
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

bench: .venv/ready ## measure against the libraries that people use now
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.checking
	$(BIN)/python -m benchmarks.backfilling

docs: .venv/ready ## the documentation as pages in site/; a broken link is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

changelog: .venv/ready ## show what the next release will say
	$(BIN)/towncrier build --draft

lock: .venv-lock/ready ## freeze the newest development environment that pyproject.toml allows
	.venv-lock/bin/uv pip compile pyproject.toml --all-extras --group dev --output-file requirements/dev.lock \
	    --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links

clean: ## remove the environments and everything that was made
	rm -rf .venv .venv-lock .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	rm -rf build dist site src/*.egg-info src/versioned_serde/native/*.c src/versioned_serde/native/*.cpp src/versioned_serde/native/*.so

# The environment holds exactly what the lock says: a new lock starts it afresh, a new pyproject.toml or native core only
# installs the project again (its entry points and metadata, the compiled core). Neither step asks for anything that the
# lock does not name.
.venv/ready: .venv/locked pyproject.toml setup.py $(wildcard src/versioned_serde/native/*.p*)
	$(BIN)/pip install --quiet --no-index --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c 'from versioned_serde import native; print(native.why_not or "The native core is built.")'
	@touch $@

.venv/locked: requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one: make PYTHON=…" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/dev.lock
	@touch $@

$(BROWSER): tests/services/fetch_browser.py | .venv/ready
	$(BIN)/python -m tests.services.fetch_browser $(@D)
	@touch $@

.venv-lock/ready: Makefile
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/pip install --quiet uv==$(UV_VERSION)
	@touch $@
