# Two commands: `make ask Q="…"` and `make test`. Both create what they need in .venv.
PYTHON ?= python3
Q ?= 滨城区2020年新增就业多少
VENV := .venv
BIN := $(VENV)/bin
LIBRARY := .zhengwen/samples
ROOMS := ingest index bot prompts

.PHONY: ask test check eval format clean
.DEFAULT_GOAL := ask

$(VENV)/.installed: pyproject.toml
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $@

ask: $(VENV)/.installed    ## ingest samples/ and answer Q
	@$(BIN)/zhengwen --library $(LIBRARY) ingest --quiet samples
	@$(BIN)/zhengwen --library $(LIBRARY) ask "$(Q)"

test: $(VENV)/.installed-test    ## run the tests
	$(BIN)/python -m pytest --numprocesses 2

check: $(VENV)/.installed-test    ## lint and type check
	@mkdir -p .ns && ln -sfn .. .ns/zhengwen
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(ROOMS:%=.ns/zhengwen/%)

eval: $(VENV)/.installed    ## quality gate over samples/, or EVAL=questions.jsonl CORPUS=folder
	$(BIN)/python -m benchmarks.quality $(if $(EVAL),--questions "$(EVAL)" --corpus "$(CORPUS)") $(EVAL_OPTIONS)

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:    ## remove everything that make has made
	rm -rf $(VENV) .zhengwen .ns build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
