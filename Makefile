# What people type; the work is in scripts/. `make help` lists it.
#
# Variables: ODOO=/path/to/odoo-bin and ODOO_RC=/path/to/odoo.conf use an Odoo that is
# already there, PGHOST a PostgreSQL server, CAP_CACHE another cache folder,
# LANG_CODE=en_US an English demo.
PYTHON ?= /usr/bin/python3
LANG_CODE ?= fr_FR
DB ?= cap_demo
export ODOO ODOO_RC LANG_CODE K CHECK ALL FRESH COVER
.PHONY: help demo demo-db test proof shell bench lint i18n clean
.DEFAULT_GOAL := help

help:  ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo:  ## Odoo with the demo network, on http://127.0.0.1:8069 (FRESH=1: made anew)
	@$(PYTHON) scripts/demo.py serve

demo-db:  ## the same, without serving
	@$(PYTHON) scripts/demo.py make

test:  ## every test (K=name: some; COVER=1: what they cover)
	@$(PYTHON) scripts/test.py

proof:  ## the long tests: an hour
	@$(PYTHON) scripts/test.py proof

shell:  ## an Odoo shell (DB=cap_demo); a script on standard input works
	@$(PYTHON) scripts/shell.py $(DB)

bench:  ## measure against the physical limits (K=name: some)
	@$(PYTHON) scripts/shell.py -- python -m bench

lint:  ## check the code; mends what it can
	@$(PYTHON) scripts/tools.py pre-commit run --all-files --show-diff-on-failure

i18n:  ## export the texts and merge them into fr.po (CHECK=1: only check; K=one module)
	@$(PYTHON) scripts/i18n.py

clean:  ## stop and delete the databases made here (ALL=1: the whole cache too)
	@$(PYTHON) scripts/clean.py
