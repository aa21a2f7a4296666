# Set-up, demonstration and checks. Needs GNU make and Python 3.11 or newer, nothing else.
# The same as plain commands, for machines without make: README.md.

VENV := .venv
PLAIN := $(VENV)/plain
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11 python
PIP_ARGS ?=
ARGS ?=
PIP := -m pip install --quiet --disable-pip-version-check --constraint constraints.txt $(PIP_ARGS)

SHIRUBE := $(VENV)/bin/shirube
SAMPLE_QUESTIONS := \
  'ワンストップ窓口の令和5年度の相談件数は何件でしたか。' \
  '国外から転入した人は、住所を定めてから何日以内に転入届を出す必要がありますか。' \
  'ラ・コルネル市との交流覚書は、いつ締結され、いつ満了しますか。'

# What a person types reaches the shell as data: make does not expand it ($(value …)), the shell does not either ("$$…").
unexport DOCS Q
export DEMO_DOCS := $(value DOCS)
export DEMO_QUESTION := $(value Q)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: bundle help setup demo serve test test-all check format-check lint types plain-check clean

help:
	@echo 'make demo              環境を作り、sample/ を取り込んで3問に答えます'
	@echo 'make demo DOCS=フォルダー [Q="質問"]   自分の文書で同じことをします'
	@echo 'make serve [DOCS=フォルダー]   取り込んで、ブラウザーの画面を開きます（止めるには Ctrl-C）'
	@echo 'make setup             環境（$(VENV)）だけを作ります'
	@echo 'make test              テスト（遅いものを除く。ARGS で pytest の引数）'
	@echo 'make test-all          すべてのテスト'
	@echo 'make check             書式、静的検査、型、テスト、開発用パッケージのない環境での動作'
	@echo 'make bundle            ネットワークのない機械に入れるための、1つのファイルを作ります（dist/shirube-bundle.tar）'
	@echo 'make clean             環境と生成物を消します（取り込んだ索引 .shirube は残します）'
	@echo 'PYTHON=… で Python を、PIP_ARGS=… で pip の引数を指定できます。'

# $(call create,VENV): a virtual environment there, unless a working one is.
define create
@if ! $(1)/bin/python -m pip --version >/dev/null 2>&1; then \
  for python in $(PYTHON); do \
    if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
  done; \
  if [ -z "$${found:-}" ]; then \
    echo 'Python 3.11 以上が見つかりません。入れてから、もう一度 make してください（場所の指定: make PYTHON=/path/to/python3）。' >&2; \
    exit 1; \
  fi; \
  echo "環境 $(1) を作り、パッケージを入れます（約2GB、数分）…" >&2; \
  "$$found" -m venv --clear $(1) || { \
    rm -rf $(1); \
    echo "仮想環境を作れません。Debian や Ubuntu では apt install python3-venv をしてください。" >&2; \
    exit 1; \
  }; \
fi
endef

$(VENV)/.runtime: pyproject.toml constraints.txt
	$(call create,$(VENV))
	@$(VENV)/bin/python $(PIP) --editable .
	@touch $@

$(VENV)/.web: pyproject.toml constraints.txt
	$(call create,$(VENV))
	@$(VENV)/bin/python $(PIP) --editable '.[web]'
	@touch $(VENV)/.runtime $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(call create,$(VENV))
	@$(VENV)/bin/python $(PIP) --editable '.[dev,web]'
	@touch $(VENV)/.runtime $(VENV)/.web $@

$(PLAIN)/.runtime: pyproject.toml constraints.txt | $(VENV)/.runtime
	$(call create,$(PLAIN))
	@$(PLAIN)/bin/python $(PIP) .
	@rm -rf build
	@touch $@

setup: $(VENV)/.runtime

demo: $(VENV)/.runtime
	@set -eu; \
	if [ -n "$$DEMO_DOCS" ]; then \
	  place=$$(cd -- "$$DEMO_DOCS" 2>/dev/null && pwd -P) || place=$$DEMO_DOCS; \
	  name=demo-$$(printf %s "$$place" | cksum | cut -d ' ' -f 1); \
	  exec $(SHIRUBE) demo --index-dir ".shirube/$$name" $${DEMO_QUESTION:+"--question=$$DEMO_QUESTION"} -- "$$DEMO_DOCS"; \
	fi; \
	set -- $(SAMPLE_QUESTIONS); \
	if [ -n "$$DEMO_QUESTION" ]; then set -- "$$DEMO_QUESTION"; fi; \
	echo '$$ shirube ingest sample --index-dir .shirube/sample'; \
	$(SHIRUBE) ingest sample --index-dir .shirube/sample; \
	for question do \
	  printf "\n\$$ shirube '%s' --index-dir .shirube/sample\n" "$$question"; \
	  $(SHIRUBE) ask --index-dir .shirube/sample -- "$$question"; \
	done

serve: $(VENV)/.web
	@set -eu; \
	folder=$${DEMO_DOCS:-sample}; \
	place=$$(cd -- "$$folder" 2>/dev/null && pwd -P) || place=$$folder; \
	index=.shirube/sample; \
	if [ -n "$$DEMO_DOCS" ]; then index=.shirube/demo-$$(printf %s "$$place" | cksum | cut -d ' ' -f 1); fi; \
	$(SHIRUBE) ingest --index-dir "$$index" -- "$$folder"; \
	exec $(SHIRUBE) serve --index-dir "$$index" --open

test: $(VENV)/.dev
	$(VENV)/bin/python -m pytest $(ARGS)

test-all: $(VENV)/.dev
	$(VENV)/bin/python -m pytest -m 'slow or not slow' $(ARGS)

check: format-check lint types test plain-check

format-check: $(VENV)/.dev
	$(VENV)/bin/ruff format --check .

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .

types: $(VENV)/.dev
	$(VENV)/bin/mypy

# What a user gets: the built package, without dev dependencies, run outside the checkout. setuptools would put
# modules that are gone into the wheel if build/ stayed.
plain-check: $(PLAIN)/.runtime
	@rm -rf build $(PLAIN)/index
	$(PLAIN)/bin/python $(PIP) --no-deps --force-reinstall .
	@rm -rf build
	$(PLAIN)/bin/python -m pip check --disable-pip-version-check
	cd $(PLAIN) && bin/shirube -h >/dev/null
	cd $(PLAIN) && bin/shirube ingest ../../sample/kyokai_jigyo_hokoku_r5.txt --index-dir index
	cd $(PLAIN) && bin/shirube $(firstword $(SAMPLE_QUESTIONS)) --index-dir index | grep -F '[1]'

bundle: $(VENV)/.runtime
	@mkdir -p dist
	sh deploy/bundle.sh $(VENV)/bin/python dist/shirube-bundle.tar

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis eval-out
	rm -rf .shirube/sample .shirube/demo-*
