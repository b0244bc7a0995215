# The commands of this project. Each one calls `scripts/`, which needs nothing but a Python.
PYTHON ?= python3
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run install test test-all bench faults faults-all check fix lock sbom pictures release

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Serve the demonstration council (PORT=8000, DATABASE_URL and DEMO=1 may be given)
	@exec $(PYTHON) -m scripts run

install: ## Make ready what a council's machine serves (docs/operating.md)
	@exec $(PYTHON) -m scripts install

test: ## Run the tests on PostgreSQL, in a browser and on SQLite (ARGS="tests/tracker -k edit")
	@exec $(PYTHON) -m scripts test $(ARGS)

test-all: ## The same with the slow tests
	@exec $(PYTHON) -m scripts test-all $(ARGS)

bench: ## Measure the speed beside a bare Django (ARGS="saved_edit sqlite" measures a part)
	@exec $(PYTHON) -m scripts bench $(ARGS)

faults: ## Kill, cut and tamper while people save; four minutes (ARGS="F1 sqlite" names a part)
	@exec $(PYTHON) -m scripts faults $(ARGS)

faults-all: ## The same with the amounts of the plan, into docs/faults.md
	@exec $(PYTHON) -m scripts faults-all $(ARGS)

check: ## Formatting, lint, types, imports, migrations, deployment settings, static files
	@exec $(PYTHON) -m scripts check

fix: ## Format everything and mend what the linters can mend
	@exec $(PYTHON) -m scripts fix

lock: ## Write requirements/ anew from pyproject.toml (ARGS=--upgrade takes newer versions)
	@exec $(PYTHON) -m scripts lock $(ARGS)

sbom: ## Write down what is shipped (.local/sbom.json, CycloneDX) and its licences (docs/licences.md)
	@exec $(PYTHON) -m scripts sbom

pictures: ## Take the pictures of README.md anew, of a fresh demonstration council
	@exec $(PYTHON) -m scripts pictures

release: ## Leave copies of this version, which each later one is tried with (tests/data/releases/)
	@exec $(PYTHON) -m scripts release
