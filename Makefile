# Needs Debian's python3, python3-venv and make; everything else is installed here, in this folder.
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_REQUIRE_VIRTUALENV := 1

PYTEST := $(BIN)/pytest -n 2 --dist loadfile
# In a browser, few tests to a file are long: they go first, in the order of tests/conftest.py.
LONG_FIRST := --no-loadscope-reorder

# Pure code is tried once: it cannot tell one database from another.
KNOW_NO_DATABASE := $(foreach pure,engines editions reference architecture design,--ignore tests/$(pure))

.PHONY: help start test check bench scan lock docs rights guides accessibility clean

help:
	@echo "make start   la démonstration sur http://127.0.0.1:$(PORT)/"
	@echo "make test    toute la suite, avec ce qu'il lui faut"
	@echo "make check   contrôles rapides : style, types, contrats d'import"
	@echo "make bench   les mesures"
	@echo "make scan    un scanneur du web sur une démonstration jetable"

$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@python3 -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Il faut Python 3.11 ou plus : installez le paquet python3.")'
	@test -x $(BIN)/pip || python3 -m venv $(VENV) || { echo "Il manque python3-venv : apt install python3-venv"; exit 1; }
	$(BIN)/python -m pip install -q --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install -q --require-hashes -r requirements/dev.txt
	@touch $@

start: $(VENV)/run.stamp
	@$(BIN)/traam start --port $(PORT)

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy traam
	$(BIN)/python -m django makemigrations --check --dry-run --settings traam.config.settings
	$(BIN)/python tests/audits.py

test: check
	sh tests/install-system
	$(PYTEST) -m "not browser"
	$(PYTEST) $(LONG_FIRST) -m browser
	$(BIN)/python tests/on_postgresql.py $(PYTEST) -m "not browser or on_each_database" $(KNOW_NO_DATABASE)

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench

# A scanner of the web over a demonstration that is thrown away: some twenty minutes.
scan: $(VENV)/dev.stamp
	$(BIN)/python -m bench.scan

lock: $(VENV)/dev.stamp
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile pyproject.toml --no-config --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q -o requirements/run.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --no-config --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q -c requirements/run.txt -o requirements/dev.txt

guides: $(VENV)/dev.stamp
	sh tests/install-system
	TRAAM_SCREENSHOTS=docs/guides/images $(BIN)/pytest tests/journeys -m browser

# The dated test of the accessibility declaration.
accessibility: $(VENV)/dev.stamp
	sh tests/install-system
	TRAAM_ACCESSIBILITY=traam/spaces/public/declaration/automatic.json $(PYTEST) $(LONG_FIRST) -m browser

docs: $(VENV)/dev.stamp
	$(BIN)/traam docs

# Ask every page again, and write what it answers: the change is read before it is kept.
rights: $(VENV)/dev.stamp
	TRAAM_RIGHTS=1 $(BIN)/pytest tests/rights
	$(BIN)/traam docs
	@git diff --stat docs/droits.toml

clean:
	rm -rf $(VENV) var build *.egg-info
