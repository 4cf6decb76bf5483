# Two commands do all the set-up: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
ARTICLES ?=
# Twice the two processors of a small machine: many tests wait for other processes.
WORKERS ?= 4

# The first Python of 3.11 or later; name another one with `make demo PYTHON=/path/to/python`.
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(p) >/dev/null 2>&1 && $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))))

.PHONY: help demo run test check prove quality benchmark format lock clean

help: ## list the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "briefing-bot needs Python 3.11 or later, and found none on PATH. Install it, or name it: make demo PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "── creating the environment in $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { echo "creating $(VENV) failed; on Debian and Ubuntu: apt install python3-venv" >&2; rm -rf $(VENV); exit 1; }

# The product alone: what `make demo` needs.
$(VENV)/.product: requirements.txt pyproject.toml | $(BIN)/python
	@echo "── installing the product (locked, hashes checked; about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# And what the tests need.
$(VENV)/.tests: requirements-dev.txt $(VENV)/.product
	@echo "── installing what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@echo "── compiling the search's loops once, for all processes of the tests"
	@$(BIN)/python -c "import retrieval.index.compiled"
	@touch $@

demo: $(VENV)/.product ## the whole bot in a local chat, on sample articles, without a token
	@$(BIN)/briefing-bot demo --port $(PORT) $(if $(ARTICLES),--articles "$(ARTICLES)")

run: $(VENV)/.product ## the bot in Telegram; needs TELEGRAM_BOT_TOKEN in .env
	@$(BIN)/briefing-bot run

test: $(VENV)/.tests ## every test but the long proofs
	@echo "── testing on $(WORKERS) processes"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not prove and not quality"

check: $(VENV)/.tests ## format, lint, strict types, import rules, then make test
	@echo "── format"; $(BIN)/ruff format --check --quiet .
	@echo "── lint"; $(BIN)/ruff check --quiet .
	@echo "── types"; $(BIN)/mypy
	@echo "── imports"; $(BIN)/lint-imports --no-logo
	@$(MAKE) --no-print-directory test

prove: $(VENV)/.tests ## the long proofs: series of kills, load beside questions
	@$(BIN)/python -m pytest -m prove -rA --durations=0

quality: $(VENV)/.tests ## measure answers over folders of news (BRIEFING_DATA=../shared/data)
	@$(BIN)/python -m pytest -m quality -s

benchmark: $(VENV)/.tests ## figures of tests/benchmarks, printed; never a pass or a failure
	@for file in tests/benchmarks/[a-z]*.py; do echo "── $$file"; $(BIN)/python -m tests.benchmarks.$$(basename $$file .py) || exit 1; done

format: $(VENV)/.tests ## put the code into its one format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix --quiet .

lock: ## renew the locked versions (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade pyproject.toml --extra install --extra dev --output-file requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml --extra install --constraint requirements-dev.txt --output-file requirements.txt

clean: ## remove the environment and caches, never your articles
	rm -rf $(VENV) *.egg-info build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
