# Two commands: `make ask Q="…"` and `make test`. Both create what they need in .venv.
PYTHON ?= python3
Q ?= 滨城区2020年新增就业多少
VENV := .venv
BIN := $(VENV)/bin
LIBRARY := .zhengwen/samples
ROOMS := ingest index bot prompts
# Python compiles what it imports on first use; compiling every file of every package would be a quarter of the install.
INSTALL := $(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check --editable

.PHONY: ask test check eval docs format clean
.DEFAULT_GOAL := ask

$(VENV)/.installed: pyproject.toml
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
	$(INSTALL) .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(INSTALL) '.[test]'
	@touch $@

ask: $(VENV)/.installed    ## ingest samples/ and answer Q
	@$(BIN)/zhengwen --library $(LIBRARY) ingest --quiet samples
	@$(BIN)/zhengwen --library $(LIBRARY) ask "$(Q)"

test: $(VENV)/.installed-test    ## run the tests
	$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup

check: $(VENV)/.installed-test    ## lint and type check
	@mkdir -p .ns && ln -sfn .. .ns/zhengwen
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(ROOMS:%=.ns/zhengwen/%)

eval: $(VENV)/.installed    ## quality gate over samples/, or EVAL=questions.jsonl CORPUS=folder
	$(BIN)/python -m benchmarks.quality $(if $(EVAL),--questions "$(EVAL)" --corpus "$(CORPUS)") $(EVAL_OPTIONS)

docs: $(VENV)/.installed    ## write docs/cli.md from the commands
	$(BIN)/python docs/make_cli.py

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:    ## remove everything that make has made
	rm -rf $(VENV) .zhengwen .ns build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
