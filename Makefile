# Everything a checkout needs is one word away. A machine needs Python 3.11 to 3.13 with venv, make, and a package index.
#
#   make demo     the whole loop on the example campaign, offline and free
#   make test     the tests
#   make check    everything that must hold before a change lands (contains the tests)

VENV ?= .venv
OUT ?= out
BIN = $(abspath $(VENV))/bin
STAMP = $(VENV)/.callsheet-setup

# The first Python in range that can make an environment. `make setup PYTHON=...` overrides it.
PROBE = import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c "$(PROBE)" >/dev/null 2>&1 && { echo $$python; break; }; done)

# What `make test` leaves out: tests that install the wheel, need a browser, or measure instead of judging.
TESTS ?= -m "not wheel and not browser and not bench"
# How many processes share the tests, a file at a time.
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint typing format bench eval crash-matrix faults lock clean graph

help:
	@sed -n 's/^#   //p' Makefile

setup: $(STAMP)

$(STAMP): requirements/lock.txt pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "Callsheet needs Python 3.11, 3.12 or 3.13 with the venv module, and none was found."; \
		echo "On Debian: apt-get install python3-venv. Or name one: make setup PYTHON=/path/to/python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: setup
	@mkdir -p $(OUT)/demo
	cd $(OUT)/demo && $(BIN)/callsheet demo

test: setup
	$(BIN)/pytest -n $(WORKERS) --dist loadfile $(TESTS)

# The tests come last, so that the run ends with their verdict.
check: lint typing
	$(MAKE) --no-print-directory test TESTS='-m "not browser and not bench" --cov --cov-report=term:skip-covered'

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

typing: setup
	$(BIN)/python .ci/typing_farm.py
	$(BIN)/mypy
	$(BIN)/basedpyright --pythonpath $(BIN)/python

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	$(BIN)/python -m benchmarks

# How well a crew plans twenty briefs: the house, and a chat model where CALLSHEET_CHAT_URL names one: docs/eval.md.
eval: setup
	rm -f $(OUT)/eval-house.jsonl
	$(BIN)/python -m benchmarks eval --crew house --out $(OUT)/eval-house.jsonl
	test -z "$$CALLSHEET_CHAT_URL" || $(BIN)/python -m benchmarks eval --crew chat \
		--beside $(OUT)/eval-house.jsonl --out $(OUT)/eval-chat.jsonl

# Every moment at which a process can die, for every fault of the sandbox, and real SIGKILLs: docs/crash-matrix.md.
crash-matrix: setup
	PYTHONPATH=tests $(BIN)/python -m crash

# What becomes of a take at every kind of provider, fault by fault: docs/faults.md.
faults: setup
	PYTHONPATH=tests $(BIN)/python -m faults.page

# Resolves the pins anew for every Python in range. They carry hashes and no address, so any index will do.
LOCKED = pip compile --universal --python-version 3.11 --generate-hashes --upgrade --no-header \
	--no-emit-index-url --no-emit-find-links --quiet --constraints requirements/constraints.txt pyproject.toml
lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	build/lock/bin/uv $(LOCKED) --all-extras --group dev --output-file requirements/lock.txt
	build/lock/bin/uv $(LOCKED) --constraints requirements/lock.txt --output-file requirements/base.txt

clean:
	rm -rf $(VENV) build dist *.egg-info .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What the docs show of the code: the campaign graph, the purchase, the faults of the sandbox, the providers.
graph: setup
	$(BIN)/python docs/draw_graph.py
	$(BIN)/python docs/draw_purchase.py
	$(BIN)/python docs/draw_faults.py
	$(BIN)/python docs/draw_providers.py
