# Incident Desk. `make desk` opens the dashboard, `make test` runs every test; both set up what they need.
#
#   make desk [DATA=path/to/incidents.csv] [PYTHON=python3.12]
#   make test [ARGS="-k timeline"]
#   make lint     ruff, mypy, import directions
#   make lock     write the lock files again from pyproject.toml; LOCK_ARGS=--upgrade takes newer releases
#   make clean    remove what the commands above made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# hatchling comes from the lock, so installing the project itself asks nobody.
INSTALL_PROJECT := $(PIP) install --no-deps --no-index --no-build-isolation --editable .
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
	--custom-compile-command 'make lock' $(LOCK_ARGS) pyproject.toml

.DEFAULT_GOAL := desk
.PHONY: desk test lint lock clean

desk: $(VENV)/.desk
	@$(BIN)/gazetteer build
	$(if $(DATA),INCIDENT_DESK_DATA='$(DATA)') $(BIN)/python -m streamlit run dashboard.py

test: $(VENV)/.test
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.test
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports

lock: $(BIN)/uv
	$(COMPILE) --group build --output-file requirements.lock
	$(COMPILE) --group build --group test --group lint --constraint requirements.lock --output-file requirements-test.lock

clean:
	rm -rf $(VENV) dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One stamp per lock file: nothing is installed again until the lock or the project's own metadata changes.
$(VENV)/.desk: requirements.lock
$(VENV)/.test: requirements-test.lock
$(VENV)/.desk $(VENV)/.test: pyproject.toml | $(BIN)/python
	@echo 'Installing $(filter %.lock,$^) into $(VENV): a minute or two the first time'
	@$(PIP) install --require-hashes --requirement $(filter %.lock,$^)
	@$(INSTALL_PROJECT)
	@touch $@

$(BIN)/uv: | $(BIN)/python
	$(PIP) install uv

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || { echo \
	'Incident Desk needs Python 3.11, 3.12 or 3.13, and "$(PYTHON)" is not one of them: name one, as in "make $(or $(MAKECMDGOALS),desk) PYTHON=python3.12".' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
