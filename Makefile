# Set-up, demo, tests: on a fresh Debian machine `make demo` and `make test` need nothing before.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
COVERED := tests/fully_covered.txt
THEIR_TESTS := $(sort $(shell sed 's,desktop_app/\([a-z]*\)/.*,tests/\1,' $(COVERED)))
MORANGO := build/morango
DEMO_OUT ?= build/demo
PROGRAM := $(wildcard main.py)
CHECKED := $(PROGRAM) desktop_app tests $(wildcard benchmarks tools)
UV_COMPILE := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
    --generate-hashes --no-annotate --no-header

# No screen, no window: Qt draws into memory. A running desktop keeps its own.
ifeq ($(DISPLAY)$(WAYLAND_DISPLAY),)
export QT_QPA_PLATFORM ?= offscreen
endif
export PYTHONUTF8 := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup setup-dev system demo run screenshots test lint format unit cover faults fuzz forge hands hostile bench bench-morango lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- set-up: only what is missing is done ---------------------------------------------------

system:
	@bash installers/linux/system-packages.sh

setup: system $(VENV)/.program ## everything the program needs
setup-dev: system $(VENV)/.development ## and everything its tests need

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The locks name every package that is needed, and none besides, so nothing is resolved here.
$(VENV)/.program: requirements.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r $<
	@touch $@

$(VENV)/.development: requirements-dev.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r $<
	@touch $@ $(VENV)/.program

# On a machine where nothing is installed yet, python3 itself comes with the system packages.
$(BIN)/python $(VENV)/.program $(VENV)/.development: | system

# --- the program ------------------------------------------------------------------------------

demo: setup ## a whole registration day, from workbook to district answer
	@mkdir -p $(dir $(DEMO_OUT))
	$(BIN)/python main.py demo --out $(DEMO_OUT)
	@echo "看结果 / look here: $(DEMO_OUT)/summary.json"

run: setup ## open the window
	$(BIN)/python main.py

screenshots: setup ## take the pictures of docs/screenshots anew
	$(BIN)/python tools/screenshots.py docs/screenshots

# --- checks -----------------------------------------------------------------------------------

test: lint unit cover ## every check (style, types, layers, tests)

lint: setup-dev ## style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CHECKED)
	$(BIN)/lint-imports --no-logo

unit: setup-dev
	$(BIN)/python -m pytest -n $(WORKERS) $(or $(TESTS),tests $(addprefix --ignore=,$(THEIR_TESTS)))

# No global percentage: the files of the list are held at 100 %, branches included, by the tests
# of their own packages, which are run here and not a second time by `unit`. Nothing else is traced,
# which takes a fifth of the time; so a file that was never loaded is missed by its line.
cover: export COVERAGE_FILE := build/coverage
cover: setup-dev ## the files of tests/fully_covered.txt are covered, every branch
	@mkdir -p build; rm -f $(COVERAGE_FILE)*
	$(BIN)/coverage run --include="$$(paste -sd, $(COVERED))" -m pytest -n $(WORKERS) $(THEIR_TESTS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --show-missing --fail-under=100 | tee build/covered.txt
	@diff <(grep -o '^desktop_app[^ ]*' build/covered.txt | sort) <(sort $(COVERED))

format: setup-dev ## write the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Long runs look for what the short ones cannot; `make test` holds their short form.
faults: setup-dev ## power cuts, full disks, kills: the whole run
	ENROLLMENT_FAULTS=full $(BIN)/python -m pytest -n $(WORKERS) tests/faults

fuzz: setup-dev ## laws and hostile input: 20,000 examples each
	ENROLLMENT_EXAMPLES=20000 $(BIN)/python -m pytest -n $(WORKERS) tests

forge: setup-dev ## every byte of every kind of bundle flipped, 100,000 forgeries, a minute of fuzzing
	ENROLLMENT_FORGE=full $(BIN)/python -m pytest -n $(WORKERS) tests/sync/test_forging.py \
	    tests/sync/test_fuzzing.py tests/sync/test_audit_kinds.py

hands: setup-dev ## two thousand families typed at the window, among kills and locks
	ENROLLMENT_HANDS=full $(BIN)/python -m pytest -n 0 -s tests/story/test_desk_hands.py

hostile: setup-dev ## every hostile table and image, and thousands of damaged copies, at the window
	ENROLLMENT_HOSTILE=full $(BIN)/python -m pytest -n 0 tests/ui/test_hostile_tables.py \
	    tests/ui/test_hostile_images.py

bench: setup-dev ## our time over the limit's time
	$(BIN)/python -m benchmarks

# Morango and what it stands on, in an environment of their own: nothing else here needs them.
$(MORANGO)/.ready: benchmarks/rival/requirements.lock | setup-dev
	$(BIN)/python -m venv $(MORANGO)
	$(MORANGO)/bin/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r $<
	@touch $@

bench-morango: $(MORANGO)/.ready ## ten thousand records to the district, against Morango
	$(BIN)/python -m benchmarks.against_morango $(MORANGO)/bin/python

lock: setup-dev ## choose versions anew and pin them with hashes
	$(UV_COMPILE) --upgrade --output-file requirements-dev.lock --group dev pyproject.toml
	$(UV_COMPILE) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	$(UV_COMPILE) --upgrade --output-file benchmarks/rival/requirements.lock \
	    benchmarks/rival/requirements.in

clean: ## remove what make has made, the environment excepted
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
