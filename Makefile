# make up      everything on this machine, with the demo ISP; make down stops it
# make test    all checks and tests, with their own set-up
# make bench   what we claim, measured; make bench-quick in some minutes, at a tenth of the size
# make stylesheet  what our pages use of Tabler's, after a page uses more of it
# make client  the typed client in client/, after the API has changed
# make docs    the documentation as a site, in .cache/site
# make chaos   ten minutes of everything at once while things break, against replicas; MINUTES, SEED, BREAK= for no faults

SHELL := /bin/sh
BIN := .venv/bin
MIGRATIONS = $(wildcard services/*/migrations/*.sql gateway/migrations/*.sql shared/migrations/*.sql)
PIECEMEAL = $(shell grep -l '^-- migrate: no-transaction' $(MIGRATIONS))

.PHONY: setup system-packages system-packages-test up down test check bench bench-quick chaos docs kafka lock stylesheet client

setup: system-packages .venv/.installed kafka

system-packages:
	@sh devstack/system_packages.sh

system-packages-test:
	@sh devstack/system_packages.sh test

# An environment that was cut short has no working pip and is made anew.
.venv/.made:
	@for python in python3.11 python3.12 python3.13 python3.14 python3; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        $(BIN)/python -m pip --version >/dev/null 2>&1 || $$python -m venv --clear .venv || exit 1; \
	        touch $@; exit 0; \
	    fi; \
	done; echo "Python 3.11 or later is needed" >&2; exit 1

.venv/.locked: requirements.lock | .venv/.made
	@echo "installing Python packages: some minutes the first time"
	$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	@touch $@

.venv/.installed: pyproject.toml shared/release.py .venv/.locked
	$(BIN)/python -m pip install -q --no-deps -e .
	@touch $@

kafka: .venv/.installed
	@$(BIN)/python -m devstack.kafka

up: setup
	@$(BIN)/ispbills up --detach --demo

down:
	@test ! -x $(BIN)/ispbills || $(BIN)/ispbills down

# Each tester has a Postgres and a Kafka of its own.
TESTERS = 2
# It says what it was tried with: CI's log is where that is read.
test: system-packages-test setup check
	@sed -n 's/^PRETTY_NAME=//p' /etc/os-release; $(BIN)/python --version
	$(BIN)/python -m pytest tests -n $(TESTERS)

check: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/squawk $(filter-out $(PIECEMEAL),$(MIGRATIONS))
	$(if $(PIECEMEAL),$(BIN)/squawk --no-assume-in-transaction $(PIECEMEAL))
	$(BIN)/python -m pytest -q tests/unit/deploy tests/unit/docs tests/unit/devstack/test_api_client.py

bench: setup
	$(BIN)/python -m bench

bench-quick: setup
	$(BIN)/python -m bench --quick

docs: .venv/.installed
	NO_MKDOCS_2_WARNING=1 PYTHONPATH=. $(BIN)/python -m mkdocs build --strict

stylesheet: .venv/.installed
	$(BIN)/python -m devstack.stylesheet

client: .venv/.installed
	$(BIN)/ispbills openapi | $(BIN)/python -m devstack.api_client

MINUTES = 10
SEED = 7
BREAK = --faults
chaos: setup
	$(BIN)/python -m tests.chaos.soak --minutes $(MINUTES) --seed $(SEED) --rebuild $(BREAK)

# Needs uv. One lock for every Python and platform; each image's lock is a part of it.
LOCK = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml
lock:
	$(LOCK) --all-extras -o requirements.lock
	$(LOCK) -c requirements.lock --no-annotate -o deploy/requirements/base.lock
	for extra in payments notifications documents gateway; do \
	    $(LOCK) -c requirements.lock --no-annotate --extra $$extra -o deploy/requirements/$$extra.lock || exit 1; \
	done
	$(LOCK) -c requirements.lock --no-annotate --extra payments --extra notifications --extra gateway --extra admin \
	    -o deploy/requirements/migrate.lock
