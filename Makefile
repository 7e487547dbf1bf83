# The whole interface: make setup | run | test | coverage | test-full | lint | bench | docs | lock | wheelhouse
PYTHON ?= python3
VENV := .venv/bin

.PHONY: setup setup-test setup-bench run test coverage test-full lint bench docs lock wheelhouse

setup:            ## install what the product needs into .venv
	@$(PYTHON) scripts/setup.py runtime

setup-test:
	@$(PYTHON) scripts/setup.py test

setup-bench:
	@$(PYTHON) scripts/setup.py bench

run: setup        ## the main job on the sample bank: three answers, then the pages
	@$(VENV)/akashi demo

test: setup-test  ## everything that is quick; skips what needs a browser
	$(VENV)/python -m pytest -q -n 2 -m "not full and not browser" --durations=15

coverage: setup-test ## the same, slower, with the branches that it takes
	$(VENV)/python -m pytest -q -n 2 -m "not full and not browser" --cov --cov-report=
	@echo "The least covered files (lines and branches), then the whole:"
	@$(VENV)/coverage report --skip-covered --sort=cover | sed -n '1,22p;/^TOTAL/p'

test-full: setup-test ## large fuzz, kill, scale and browser tests
	$(VENV)/python -m pytest -q -n 2 -m "full or browser" --durations=25

lint: setup-test
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports --no-cache
	$(VENV)/python scripts/check_house.py

bench: setup-bench ## every benchmark on the development data, one JSON line each; NAMES="output pii" for some
	$(VENV)/python -m benchmarks $(NAMES)

docs: setup-test  ## docs/ as pages in site/, links checked
	$(VENV)/python scripts/build_docs.py

lock:             ## pin every package with hashes; no file names a registry
	@$(PYTHON) scripts/lock.py

wheelhouse: setup ## every pinned wheel in wheelhouse/, for closed networks
	$(VENV)/python -m pip download -q --require-hashes -r requirements/runtime.txt -r requirements/test.txt -d wheelhouse
