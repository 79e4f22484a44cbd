# Two commands for a newcomer: `make demo` and `make test`.
# Needs Python 3.11 or newer; PYTHON names another one.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-slow bench browser format clean

demo: .venv/installed
	$(BIN)/geofront deltas data/boundaries
	@echo
	$(BIN)/geofront proximity data/boundaries \
	    --place Siversk --place "Sloviansk–Kramatorsk"
	@echo
	$(BIN)/geofront map data/boundaries --compare 2025-02-17 -o demo.html
	@echo "Open demo.html in a browser."

test: .venv/tested browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

test-slow: .venv/tested
	$(BIN)/pytest -m slow

browser: .venv/tested
	$(BIN)/python tools/ensure_browser.py

bench: .venv/tested
	$(BIN)/python -m benchmarks.bench_change
	$(BIN)/python -m benchmarks.bench_files
	$(BIN)/python -m benchmarks.bench_places
	$(BIN)/python -m benchmarks.bench_regions
	$(BIN)/python -m benchmarks.bench_proximity
	$(BIN)/python -m benchmarks.bench_map
	$(BIN)/python -m benchmarks.bench_doubt
	$(BIN)/python -m benchmarks.bench_store

format: .venv/tested
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "geofront needs Python 3.11 or newer: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python setup.cfg
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/tested: .venv/bin/python setup.cfg
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@ .venv/installed

clean:
	rm -rf .venv demo.html build dist *.egg-info
