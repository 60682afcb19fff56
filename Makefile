# Two commands do everything on a machine that has Python 3.11 or later, and make:
#   make demo               set up, analyze music, build a playlist (MUSIC=~/Music for your own)
#   make test               set up, run every test and check
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MUSIC ?= demo/music
FOLDER := $(patsubst ~%,$(HOME)%,$(MUSIC))
# Songs that were made for the demo and your own do not mix.
TEMPO := $(BIN)/tempo --library demo/$(if $(filter demo/music,$(FOLDER)),made,own).db
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test lint docs clean

demo: $(VENV)/.installed
	@mkdir -p demo
	@if [ "$(FOLDER)" = demo/music ]; then $(BIN)/python -m benchmarks.crate demo/music; fi
	$(TEMPO) analyze "$(FOLDER)"
	@$(TEMPO) list --sort bpm
	$(TEMPO) build hearts-on-fire --minutes 45 --force -o demo/hearts-on-fire.m3u8
	@cat demo/hearts-on-fire.m3u8
	$(TEMPO) report demo/hearts-on-fire.m3u8 --force

test: lint
	$(BIN)/python -m pytest

lint: $(VENV)/.tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.tools
	$(BIN)/python -m docs.generate

clean:
	rm -rf $(VENV) demo

$(VENV)/.tools: $(VENV)/.installed
	$(PIP) install --group dev
	@touch $@

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tempo needs Python 3.11 or later: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python cannot make virtual environments here: install its venv module (python3-venv)"; exit 1; }
	$(PIP) install --upgrade pip
	$(PIP) install --editable .
	@touch $@
