# The commands of this project. Works with make 3.81 and a plain POSIX shell.
SHELL = /bin/sh
BIN = .venv/bin
ARGS =
BASE_URL =
INVOICE =

.PHONY: help run reset demo-order demo-pay check-stock test check format dist bench lock font-pack \
	explore prices stock lifecycle test-rules test-flows test-api test-races test-node test-browser \
	test-install test-demo test-printing test-printer

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

run: ## start a demo restaurant: LNbits, prices, printer (Ctrl-C stops it all)
	@sh dev/venv.sh run
	@exec $(BIN)/python dev/run.py

reset: ## forget the demo restaurant's data
	@sh dev/venv.sh run
	@$(BIN)/python dev/reset.py

demo-order: ## order, pay and print once at the running demo restaurant
	@sh dev/venv.sh run
	@$(BIN)/python dev/demo_order.py

demo-pay: ## pay an invoice as the demo guest: make demo-pay INVOICE=lnbc…
	@sh dev/venv.sh run
	@$(BIN)/python dev/demo_pay.py $(INVOICE)

check-stock: ## prove the demo's stock by its movements
	@sh dev/venv.sh run
	@$(BIN)/python dev/check_stock.py

test: .tools ## everything, on SQLite and PostgreSQL, in the browser too
	@$(BIN)/python dev/test.py all

test-rules: .python ## rules alone: no LNbits, a minute
	@$(BIN)/python dev/test.py rules $(ARGS)

explore: .python ## rules with other examples than those of every run, ten times as many
	@EXPLORE=1000 $(BIN)/pytest -q tests/rules $(ARGS)

prices: .python ## a million random carts beside an independent model
	@RANDOM_CARTS=1000000 $(BIN)/pytest -q tests/rules/test_random_carts.py $(ARGS)

stock: .python ## the stock ledger's rules, a hundred times as long
	@EXPLORE=1 STOCK_EXAMPLES=50000 $(BIN)/pytest -q tests/rules/test_stock_machine.py $(ARGS)

lifecycle: .python ## an order's life in the kitchen, a hundred times as long
	@EXPLORE=1 LIFECYCLE_STEPS=1600000 $(BIN)/pytest -q tests/rules/test_kitchen.py $(ARGS)

test-flows: .tools ## use cases on a real LNbits, SQLite and PostgreSQL
	@$(BIN)/python dev/test.py flows $(ARGS)

test-api: .tools ## the HTTP contract on a real LNbits, SQLite and PostgreSQL
	@$(BIN)/python dev/test.py api $(ARGS)

test-races: .tools ## several processes on one database
	@$(BIN)/python dev/test.py races $(ARGS)

test-node: .tools ## money that came while LNbits was down, 2 000 open orders
	@$(BIN)/python dev/test.py node $(ARGS)

test-browser: .tools ## the pages of guests and staff in Chromium
	@$(BIN)/python dev/test.py browser $(ARGS)

test-install: .tools ## install, upgrade and uninstall the release zip
	@$(BIN)/python dev/test.py install $(ARGS)

test-demo: .python ## make run, make demo-order and make reset, as a newcomer does
	@$(BIN)/python dev/test.py demo $(ARGS)

test-printing: .tools ## from a paid order to paper, with every part killed at every moment
	@$(BIN)/python dev/test.py printing $(ARGS)

test-printer: .python ## the printer's own package
	@$(BIN)/python dev/test.py printer $(ARGS)

check: .python node_modules/.stamp ## style, types, the house's own rules
	@sh dev/check.sh

format: .python node_modules/.stamp ## put everything in the house style
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format --quiet .
	@node_modules/.bin/prettier --write --log-level warn .

dist: .python ## the release zip and its manifest entry, in dist/
	@$(BIN)/python dev/dist.py $(BASE_URL)

font-pack: .python ## Chinese, Japanese and Korean letters for servers without them, in dist/
	@$(BIN)/python dev/font_pack.py

bench: .tools ## measure it; the figures of docs/PERFORMANCE.md
	@$(BIN)/python bench/run.py $(ARGS)
	@$(BIN)/python bench/render.py
	@$(BIN)/python bench/printing.py

lock: ## renew dev/requirements/*.lock from the *.in files (ARGS=--upgrade)
	@sh dev/lock.sh $(ARGS)

# What the tests stand on: system programs, .venv, the formatter.
.PHONY: .tools .python
.tools: .system .python node_modules/.stamp

.PHONY: .system
.system:
	@sh dev/system.sh

.python:
	@sh dev/venv.sh test

node_modules/.stamp: package-lock.json
	@npm ci --silent && touch $@
