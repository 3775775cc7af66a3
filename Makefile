# Everyday commands; `make` alone lists them. Nothing is needed beforehand but make and Python 3.11 or newer.

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.installed

# The first of these that runs, is new enough and can make environments. PYTHON=... names another.
PYTHON ?= python3 python3.13 python3.12 python3.11 python3.14

# The release to lock: its CPU build is small, where a looser range draws several GB of CUDA libraries.
TORCH := 2.13.0
# What discord.py needs besides on Python 3.13 and newer, which have no audioop. The lock is made on 3.11.
AUDIOOP := 0.2.2

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test lint format chat discord bench lock clean
.DEFAULT_GOAL := help

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: export CITEDESK_HOME := $(CURDIR)/.demo
demo: export CITEDESK_MODEL := quote
demo: export CITEDESK_CHROMA_URL :=
demo: $(STAMP) ## ingest the sample article, ask it a question
	$(BIN)/citedesk ingest --sample
	$(BIN)/citedesk ask "Who ranked Cuba at the top of the list of sources of mercenaries?"

test: $(STAMP) ## run the tests, then those that must run alone; ARGS='-k quote -x' goes to pytest
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m 'not alone' $(ARGS)
	$(BIN)/python -m pytest -m alone $(ARGS) || test $$? -eq 5  # none of those that ARGS choose

lint: $(STAMP) ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP) ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

chat: $(STAMP) ## ask in a terminal, follow-ups understood
	@$(BIN)/citedesk chat

discord: $(STAMP) ## run the bot; needs DISCORD_TOKEN, set or in .env
	@$(BIN)/citedesk discord

bench: $(STAMP) ## measure against the peer; DATA=folder has the data
	@test -n "$(DATA)" || { echo "make bench DATA=folder: which folder has the data?" >&2; exit 2; }
	$(BIN)/python -m benchmarks "$(DATA)"

lock: ## resolve pyproject.toml anew into requirements.lock
	@set -e; tmp=$$(mktemp -d); trap 'rm -rf "$$tmp"' EXIT; \
	python3.11 -m venv "$$tmp"; \
	"$$tmp/bin/pip" install -qq --upgrade pip; \
	"$$tmp/bin/pip" install -qq torch==$(TORCH) -e '.[dev]'; \
	{ echo "# What Citedesk is tested with. Made by 'make lock' from pyproject.toml; not edited by hand."; \
	  "$$tmp/bin/pip" freeze --all --exclude pip --exclude citedesk \
	    | sed 's/+cpu$$//' | grep -Ev '^(nvidia|cuda|triton)'; \
	  echo 'audioop-lts==$(AUDIOOP) ; python_version >= "3.13"'; \
	} > "$$tmp/lock"; \
	mv "$$tmp/lock" requirements.lock

clean: ## remove what was made here, the demo's data too
	rm -rf $(VENV) .demo build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find bot ingest tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# The stamp holds the folder's path and is written last. So an install that was cut short, a folder that was moved
# (an environment holds full paths) and a Python that has gone all lead to a new environment; a changed lock or
# pyproject.toml brings a good one up to date, in seconds. Compiling every module would take as long as installing it
# (--no-compile): Python compiles those that are used, when they are.
MADE_FOR := $(shell $(BIN)/python -c '' 2>/dev/null && cat $(STAMP) 2>/dev/null)
ifneq ($(MADE_FOR),$(CURDIR))
.PHONY: $(STAMP)
endif

$(STAMP): requirements.lock pyproject.toml
	@set -e; \
	if [ '$(MADE_FOR)' != '$(CURDIR)' ]; then \
	  for python in $(PYTHON); do \
	    $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
	    python=; \
	  done; \
	  if [ -z "$$python" ]; then \
	    echo "Citedesk needs Python 3.11 or newer with venv; tried $(PYTHON). Name one: make PYTHON=/path/to/python3" >&2; \
	    exit 1; \
	  fi; \
	  echo "Setting up $(VENV) with $$($$python --version): a minute or two, once." >&2; \
	  rm -rf $(VENV); \
	  $$python -m venv $(VENV); \
	fi; \
	rm -f $(STAMP); \
	$(BIN)/pip install -qq --no-compile -r requirements.lock; \
	$(BIN)/pip install -qq --no-deps --no-build-isolation -e .; \
	echo '$(CURDIR)' > $(STAMP)
