# From a fresh clone: "make demo" shows an import between two real wikis,
# "make test" runs everything that is checked.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell test "$$(id -u)" = 0 || echo sudo)

.PHONY: bench demo dist docs test testprograms lint sandbox seconds setup soak php \
	pictures unit versions clean

# A virtual environment with importbot and some of its extras.
define environment
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
		|| { echo 'importbot needs Python 3.10 or newer: make PYTHON=...'; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo 'Install the module venv: apt-get install python3-venv'; exit 1; }
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[$(1)]'
	@touch $@
endef

demo: setup
	@$(BIN)/python -m importbot.sandbox demo --report demo/report.json

test: setup testprograms lint
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Once in a while: by these, the longest files of tests go first.
seconds: setup testprograms
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder \
		--junitxml=artefacts/tests.xml
	$(BIN)/python -m tests.kit.seconds artefacts/tests.xml

# A minute of it: what needs neither a wiki nor a program.
unit: $(VENV)/installed
	$(BIN)/python -m pytest -n 2 -m 'not soak and not programs' tests/unit

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

sandbox: setup
	@$(BIN)/python -m importbot.sandbox up

setup: $(VENV)/installed php

$(VENV)/installed: setup.cfg pyproject.toml
	$(call environment,test)

# Installing is the only thing that needs root, and only what is missing is.
define install_missing
if [ -n "$$missing" ]; then \
	if ! command -v apt-get >/dev/null; then \
		echo "Install $(1) first; Debian calls what is missing here $$missing"; \
		exit 1; fi; \
	echo Installing $$missing; \
	$(SUDO) apt-get -qq update && \
	$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -qq install \
		--no-install-recommends $$missing >/dev/null; \
fi
endef

php: $(VENV)/installed
	@missing="$$($(BIN)/python -m importbot.sandbox packages)" || exit 1; \
	$(call install_missing,PHP and Lua)

# What only tests need: a browser with letters of Japanese, and MariaDB
# without a service of it.
testprograms: php
	@missing="$$($(BIN)/python -m importbot.sandbox packages \
		--database mariadb)" || exit 1; \
	need() { command -v "$$1" >/dev/null || missing="$$missing $$2"; }; \
	need chromium chromium; \
	need chromedriver chromium-driver; \
	fc-list :lang=ja 2>/dev/null | grep -q . \
		|| missing="$$missing fonts-ipafont-gothic"; \
	$(call install_missing,MariaDB and Chromium)

# Source distribution and wheel, ready for "twine upload dist/*".
dist: $(VENV)/installed
	rm -rf build dist
	$(BIN)/python -m build --no-isolation
	$(BIN)/twine check --strict dist/*

# docs/_build/html/index.html; a warning is an error. It needs neither PHP nor a
# browser, and nothing that only tests need.
docs: $(VENV)/documenting
	$(BIN)/sphinx-build -E -q -W -n --keep-going -b html docs docs/_build/html

$(VENV)/documenting: setup.cfg pyproject.toml
	$(call environment,docs)

# docs/_static: the plan and the report of docs/samples, as they look today.
pictures: testprograms
	$(BIN)/python -m tests.kit.pictures

# Every Python of this machine, those of pyenv too, with the oldest pywikibot
# and the newest.
versions: testprograms $(VENV)/versions
	@PATH="$$PATH:$$(printf '%s:' "$$(pyenv root 2>/dev/null)"/versions/*/bin)" \
		$(BIN)/tox run-parallel --parallel 1

$(VENV)/versions: $(VENV)/installed
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[versions]'
	@touch $@

clean:
	rm -rf $(VENV) .tox artefacts build dist demo docs/_build importbot.egg-info

# Ratios within one run; nothing here decides whether a change lands.
bench: setup testprograms
	$(BIN)/python -m tests.bench.planning
	$(BIN)/python -m tests.bench.imports
	$(BIN)/python -m tests.bench.report
	$(BIN)/python -m tests.bench.year

# Hours of it: all moments of a kill, both releases for everything, a large
# dump, many pages, a hundred kills.
soak: setup testprograms
	$(BIN)/python -m pytest -n 2 --dist loadfile -m soak
	$(BIN)/python -m tests.soak.measurements dump
	$(BIN)/python -m tests.soak.measurements pages
	$(BIN)/python -m tests.soak.measurements kill
