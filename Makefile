# Civicbot: `make help` lists what can be made.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALLED := $(VENV)/installed
INSTALLED_DEV := $(VENV)/installed-dev
FAST := not browser and not services and not live and not slow

.DEFAULT_GOAL := help
.PHONY: help run test test-fast lint types fmt eval bench clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: $(INSTALLED) ## Install what is needed, index the library and serve it (CIVICBOT_PORT, 8000 by default)
	@$(BIN)/civicbot ingest || echo "The library has problems (above); serving what is indexed."
	@exec $(BIN)/python app.py

test: $(INSTALLED_DEV) ## Set up what the tests need and run all of them, with coverage
	@scripts/test-setup
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not live" --cov --cov-report= --durations=10

test-fast: $(INSTALLED_DEV) ## Run the fast tests only, on two cores
	$(BIN)/python -m pytest -q -n 2 -m "$(FAST)"

lint: $(INSTALLED_DEV) ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED_DEV) ## Check types, strictly, in src and tests
	$(BIN)/mypy src tests evals scripts app.py

fmt: $(INSTALLED_DEV) ## Format the code and apply safe fixes
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: $(INSTALLED) ## Ask the dev questions in evals/, report to var/reports (EVAL="--fail-under 0.8" makes it a gate)
	@$(BIN)/civicbot ingest
	$(BIN)/civicbot eval --split dev --output var/reports $(EVAL)

bench: $(INSTALLED_DEV) ## Time answering per stage, against bare BM25 in the same run
	@$(BIN)/civicbot ingest
	$(BIN)/python scripts/bench_answers.py

clean: ## Remove the virtual environment, the index and all caches
	rm -rf $(VENV) var build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The venv module is needed: apt-get install python3-venv"; exit 1; }

$(INSTALLED): $(VENV)/bin/python requirements.txt constraints.txt pyproject.toml
	@echo "Installing packages (a few minutes the first time)"
	$(PIP) install --progress-bar on -r requirements.txt
	$(PIP) install -q --no-deps --no-build-isolation -e .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED) requirements-dev.txt
	$(PIP) install -q -r requirements-dev.txt
	@touch $@
