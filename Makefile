# make run    everything from nothing: PostgreSQL, Valkey, web, worker, engine, demo data
# make test   all tests, with throw-away servers
# make check  everything a machine can judge without running the tests
# make soak   tests that take long, and figures measured on the way
# make coverage  all tests, with the share of branches that they take
# make demo   fill the database with demo data (ARGS="--scale 100000" for measuring)
# make bench  measure Spindel as a client over HTTP, on a data directory of its own; writes docs/performance.md
# make messages  bring the translators' files to the source
# make lock   write the lock files anew after a change of pyproject.toml (UPGRADE=1 for newer versions)

SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
DIE_WITH_MAKE := $(shell command -v setpriv >/dev/null 2>&1 && echo setpriv --pdeathsig TERM)

.PHONY: run test soak check coverage bench demo lock messages manage clean e2e-deps
.PHONY: lint types contracts migrations deploy templates locks translations
.NOTPARALLEL:

run: .venv/.run
	@$(DIE_WITH_MAKE) $(BIN)/python -m itsm.runner

test: .venv/.dev
	$(BIN)/pytest $(ARGS)

# ARCHITECTURE 12: 95 % of the branches, all of those in commands and policies
coverage: .venv/.dev
	$(BIN)/pytest --cov --cov-report= $(ARGS)
	$(BIN)/coverage report --skip-covered --fail-under=95
	$(BIN)/coverage report --skip-covered --fail-under=100 --include='*/commands.py,*/commands/*.py,*/policies.py' --omit='*/management/*'

# What takes as long as it is given: whole lives of records, the sweep of a long outage (SPINDEL_SOAK_EXAMPLES=200)
soak: .venv/.dev
	$(BIN)/pytest -m soak -n 0 -s $(ARGS)

demo: .venv/.run
	@$(BIN)/python -m itsm.runner $(BIN)/python manage.py demo $(ARGS)

bench: .venv/.run
	@$(DIE_WITH_MAKE) $(BIN)/python -m bench $(ARGS)

manage: .venv/.run
	@$(BIN)/python -m itsm.runner $(BIN)/python manage.py $(ARGS)

# ---------------------------------------------------------------- checks, each its own target

check: lint types contracts migrations deploy templates translations locks
	@echo "All checks passed."

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.dev
	$(BIN)/mypy .

contracts: .venv/.dev
	$(BIN)/lint-imports

migrations: .venv/.dev
	$(BIN)/python -m itsm.throwaway manage.py makemigrations --check --dry-run

deploy: .venv/.dev
	ALLOWED_HOSTS=spindel.example SPINDEL_HTTPS=1 $(BIN)/python -m itsm.throwaway manage.py check --deploy --fail-level WARNING

templates: .venv/.dev
	$(BIN)/djlint templates --lint --quiet

translations: .venv/.dev
	$(BIN)/python -m itsm.translations check

messages: .venv/.dev
	$(BIN)/python -m itsm.translations update

locks: .venv/.dev
	BIN=$(BIN) tools/locks check

lock: .venv/.dev
	BIN=$(BIN) UPGRADE=$(UPGRADE) tools/locks write

# ---------------------------------------------------------------- the virtual environment

.venv/bin/python:
	@tools/venv $(PYTHON)

.venv/.run: .venv/bin/python requirements.txt
	@test .venv/.dev -nt requirements-dev.txt || tools/install requirements.txt
	@touch $@

.venv/.dev: .venv/bin/python requirements-dev.txt
	@tools/install requirements-dev.txt
	@touch $@ .venv/.run

# Debian's packages for the tests that drive a browser and a real Alertmanager; they are skipped without.
e2e-deps:
	apt-get install -y --no-install-recommends chromium prometheus-alertmanager fonts-noto-cjk

clean:
	rm -rf .venv var htmlcov .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
