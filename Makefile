# The only way in. `make help` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help run test test-long check bench docs requirements messages pins new-context

PY := .venv/bin/python
ESCUCHA := .venv/bin/escucha
SCRIPTS := $(wildcard bin/drawings bin/messages bin/new-context bin/pictures bin/requirements)

# Compiled once and kept, whatever the machine's habit: the tests start Python dozens of times.
test test-long requirements: export PYTHONDONTWRITEBYTECODE :=

help: ## Esta lista
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

run: ## Instala, prepara e inicia Escucha; Ctrl-C la detiene
	@bin/bootstrap run
	@$(ESCUCHA) run

test: ## Las pruebas; con FAST=1, solo las rápidas
	@bin/bootstrap test
	@bin/test-programs
	$(PY) -m pytest -n 2 --dist worksteal -m "not long$(if $(FAST), and not slow)"

test-long: ## Todas las pruebas: también las largas
	@bin/bootstrap test
	@bin/test-programs
	$(PY) -m pytest -n 2 --dist worksteal

check: ## Estilo, tipos, contratos de importación, migraciones, perfiles, plantillas y traducciones
	@bin/bootstrap dev
	.venv/bin/ruff check . $(SCRIPTS)
	.venv/bin/ruff format --check . $(SCRIPTS)
	.venv/bin/mypy
	.venv/bin/lint-imports
	PYTHONWARNINGS=ignore::RuntimeWarning $(ESCUCHA) makemigrations --check --dry-run
	$(ESCUCHA) check_profiles
	.venv/bin/djlint escucha --lint --quiet
	@bin/test-programs gettext
	$(PY) bin/messages --check

bench: ## Mide cuánto tarda cada trabajo
	@bin/bootstrap test
	$(PY) -m bench

docs: ## Escribe docs/generated y docs/pictures: los dibujos del código y las imágenes del producto
	@bin/bootstrap dev
	@bin/test-programs
	$(PY) bin/drawings
	$(PY) bin/pictures $(if $(VAR),--var $(VAR))

requirements: ## Qué requisito está probado, y por cuántas pruebas
	@bin/bootstrap test
	@bin/test-programs
	@$(PY) bin/requirements

messages: ## Trae al catálogo de traducciones los textos nuevos y lo compila
	@bin/bootstrap run
	@$(PY) bin/messages

pins: ## Fija otra vez las versiones de requirements/*.in; UPGRADE=1 toma las últimas
	@bin/bootstrap run
	@bin/pins $(if $(UPGRADE),--upgrade)

new-context: ## Un contexto nuevo: make new-context NAME=hearings
	@bin/bootstrap run
	@$(PY) bin/new-context $(NAME)
