# Everything a person does with Parvis. `make help` lists it.
.DEFAULT_GOAL := help
PY := .venv/bin/python
SHELL := /bin/sh

# What type checking needs to read the settings; nothing listens there.
CHECK_ENV := PARVIS_MODE=test DATABASE_URL=postgresql:///none PARVIS_SECRET_KEY=check PARVIS_FIELD_KEYS=check PARVIS_INDEX_KEY=check PYTHONPATH=.

.PHONY: help run reset test check fix bench docs

help: ## This list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: ## Start a demonstration: database, data, server, worker, mailbox. Ctrl-C stops it
	@tools/bootstrap local
	@$(PY) -m parvis demonstrate

reset: ## Forget the demonstration's data; the next `make run` starts afresh
	@rm -rf var && echo "Fait. « make run » repart de zéro."

test: ## Run everything that must hold: checks, tests, browser
	@tools/bootstrap dev
	@tools/browser
	@$(MAKE) --no-print-directory check
	@$(PY) -m pytest -n auto --maxprocesses 8 --dist loadfile --no-loadscope-reorder $(ARGS)

check: ## Formatting, lint, types, import contracts, templates
	@tools/bootstrap dev
	@.venv/bin/ruff format --check -q .
	@.venv/bin/ruff check -q .
	@$(CHECK_ENV) .venv/bin/mypy parvis tests benchmarks
	@told=$$(PYTHONPATH=. .venv/bin/lint-imports --no-logo 2>&1) || { echo "$$told"; exit 1; }
	@.venv/bin/djlint parvis --lint --quiet

fix: ## Format, and mend what can be mended by itself
	@tools/bootstrap dev
	@.venv/bin/ruff check --fix -q . ; .venv/bin/ruff format -q .

bench: ## Measure, as ratios against peers and floors in the same run; writes benchmarks/results.md
	@tools/bootstrap dev
	@$(PY) -m benchmarks $(ARGS)

docs: ## Redraw what docs/ takes from the code
	@tools/bootstrap dev
	@$(PY) -m parvis draw_docs
