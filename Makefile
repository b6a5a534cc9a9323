# Giftshop. `make` alone lists what there is.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.SUFFIXES:
.NOTPARALLEL:

# The first Python that the lock has wheels for; if none is, bootstrap.py says so.
ifndef PYTHON
PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null \
	&& { command -v $$python; exit; }; done; echo python3)
endif
PORT ?= 8000
# Only said on the command line: a variable of the shell is no yes.
RESET :=
EXTERNAL :=
LAN :=
ARGS ?=
MINUTES ?= 20
NAME ?= today
CHECKOUT :=
BEFORE :=
AFTER :=
BROWSER ?=

BIN := .venv/bin
READY := .venv/.ready
WITH_SERVICES := $(BIN)/python -m sandbox run --follow-parent --
WITH_DURABLE_SERVICES := $(BIN)/python -m sandbox run --durable --follow-parent --

export PORT
export MINUTES
# Names, messages and files are UTF-8, also where the terminal's locale is not.
export PYTHONUTF8 := 1
# Compiled once and kept: a shell that says otherwise has every worker and server compile it all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "; printf "\nGiftshop\n\n"} \
		/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2} \
		END {print ""}' $(firstword $(MAKEFILE_LIST))

# yes, no, or nothing if nothing was said; another word is no answer.
answer = $(if $($(1)),$(or $(if $(filter 1 yes,$($(1))),yes),$(if $(filter 0 no,$($(1))),no),\
	$(error $(1)=$($(1)) is no answer: say $(1)=1 for yes, $(1)=0 for no)))

RESETTING := $(if $(filter yes,$(call answer,RESET)),--reset)
ANSWER := $(if $(EXTERNAL),--external=$(call answer,EXTERNAL)) $(if $(LAN),'--lan=$(LAN)')

.PHONY: demo
demo: _demo_can_start $(READY) ## Run the whole product with demo data (PORT=8000, RESET=1, LAN=1 for phones)
	@$(BIN)/python -m sandbox demo --follow-parent $(RESETTING) $(ANSWER)

# What would stop it after the minute of installing is looked at before.
_demo_can_start:
	@$(PYTHON) -I -X utf8 sandbox/bootstrap.py demo $(ANSWER)
.PHONY: _demo_can_start

# One more than there are processors: some tests mostly wait.
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(5, (os.cpu_count() or 1) + 1))')
PYTEST := $(BIN)/python -m pytest -q -n $(WORKERS) --dist=loadscope --seconds -m "not stress"

.PHONY: test
test: $(READY) ## Run every test, browser journeys included (ARGS="-k code")
	@$(if $(filter no,$(BROWSER)),,$(BIN)/python -I -X utf8 sandbox/bootstrap.py browser)
	@$(WITH_SERVICES) $(PYTEST) $(ARGS)

.PHONY: coverage
coverage: $(READY) ## Run every test and say how much of the product they reach
	@$(if $(filter no,$(BROWSER)),,$(BIN)/python -I -X utf8 sandbox/bootstrap.py browser)
	@rm -f .coverage .coverage.*
	@$(WITH_SERVICES) $(PYTEST) --cov --cov-report= $(ARGS)
	@printf 'Coverage: %s %%\n' "$$($(BIN)/coverage report --format=total)"

.PHONY: check
check: $(READY) ## Lint, security, types, arrows, migrations, deployment settings, API description
	@$(WITH_SERVICES) $(MAKE) _checks

# Production-like settings: what `check --deploy` and the types are judged under.
_checks: export BASE_URL := https://gifts.example.com
_checks: export DEBUG := 0
_checks: export DJANGO_SETTINGS_MODULE := giftshop.settings
_checks:
	@failed=0; \
	$(call check,Lint,$(BIN)/ruff check --quiet); \
	$(call check,Format,$(BIN)/ruff format --check --quiet); \
	$(call check,Security,$(BIN)/bandit --quiet --configfile pyproject.toml --recursive \
		giftshop redemption campaigns core brands demo sandbox manage.py); \
	$(call check,Types,$(BIN)/mypy --no-error-summary); \
	$(call check,Arrows,$(BIN)/lint-imports); \
	$(call check,Migrations,$(BIN)/python manage.py makemigrations --check --dry-run); \
	$(call check,Deployment,$(BIN)/python manage.py check --deploy --fail-level WARNING); \
	$(call check,API description,$(BIN)/python manage.py spectacular --validate --fail-on-warn \
		--file .local/openapi.yaml); \
	exit $$failed
.PHONY: _checks

# One line for each check; what it says only if it fails.
define check
printf '  %-16s' '$(1)'; if said=$$($(2) 2>&1); then echo ok; \
else echo FAILED; printf '%s\n' "$$said"; failed=1; fi
endef

.PHONY: stress
stress: $(READY) ## Run the long race and kill tests, keep their figures in docs/reliability.md
	@$(WITH_SERVICES) $(BIN)/python -m pytest -q -n 0 --timeout=0 -m stress \
		--keep-figures=docs/reliability.md $(ARGS)

.PHONY: soak
soak: $(READY) ## Use the product as deployed, break it, count what is lost or grows (MINUTES=20)
	@$(BIN)/python -m bench.soak $(ARGS)

.PHONY: bench
bench: bench-issue bench-orders bench-redeem bench-day bench-search bench-delivery bench-pages ## Run the measurements of bench/, each ends with its figures

.PHONY: bench-issue
bench-issue: $(READY) ## Time the issue of a million codes

.PHONY: bench-orders
bench-orders: $(READY) ## Time what an order costs, and count its calls to Stripe (COUNT=)

.PHONY: bench-redeem
bench-redeem: $(READY) ## Time redemptions beside two yardsticks (CODES=, SECONDS=, ROUNDS=)

.PHONY: bench-day
bench-day: $(READY) ## Live through a campaign day beside the plain way (SECONDS=, RATE=, ORDERS=)

.PHONY: bench-search
bench-search: $(READY) ## Time a manager's searches at a million gifts (COUNT=, ROUNDS=)

.PHONY: bench-delivery
bench-delivery: $(READY) ## Time gift mails beside a bare connection (COUNT=, WORKERS=, ROUNDS=, DUE=)

bench-issue bench-orders bench-redeem bench-day bench-search bench-delivery:
	@$(WITH_DURABLE_SERVICES) $(BIN)/python -m $(subst bench-,bench.,$@) $(ARGS)

.PHONY: bench-pages
bench-pages: $(READY) ## Time first visits on a slow line and an old phone (ROUNDS=5)
	@$(BIN)/python -I -X utf8 sandbox/bootstrap.py browser
	@$(BIN)/python -m bench.pages $(ARGS)

.PHONY: screens
screens: $(READY) ## Take a picture of every screen (NAME=today, CHECKOUT=another version)
	@$(BIN)/python -I -X utf8 sandbox/bootstrap.py browser
	@$(BIN)/python -m bench.screens.take $(NAME) $(if $(CHECKOUT),--checkout '$(CHECKOUT)') $(ARGS)

.PHONY: screens-compare
screens-compare: $(READY) ## Say which pictures differ (BEFORE=, AFTER=), and show them side by side
	@$(if $(and $(BEFORE),$(AFTER)),,$(error say which: BEFORE=name AFTER=name))
	@$(BIN)/python -m bench.screens.compare '$(BEFORE)' '$(AFTER)' $(ARGS)

.PHONY: docs-screens
docs-screens: $(READY) ## Take the pictures of docs/screens/ anew, from the browser journeys
	@$(BIN)/python -I -X utf8 sandbox/bootstrap.py browser
	@SCREENS=docs/screens $(WITH_SERVICES) $(BIN)/python -m pytest -q -n 0 -m journey tests/journeys $(ARGS)

.PHONY: audit
audit: $(READY) ## Ask which pinned packages have known vulnerabilities (needs the network)
	@test -x .local/audit/bin/pip-audit || { $(BIN)/python -m venv .local/audit && \
		.local/audit/bin/python -m pip install --quiet --no-deps --require-hashes \
			--only-binary=:all: --requirement requirements/audit.txt; }
	@for each in requirements/*.txt; do \
		.local/audit/bin/pip-audit --disable-pip --require-hashes --requirement $$each || exit 1; \
	done

COMPILE := uv pip compile --quiet --universal --generate-hashes --no-header --upgrade \
	--no-emit-index-url --no-emit-find-links --python-version 3.11

.PHONY: lock
lock: ## Pin all dependencies anew, with hashes (needs uv)
	@$(COMPILE) pyproject.toml --output-file requirements/base.txt
	@$(COMPILE) pyproject.toml --group dev --constraints requirements/base.txt \
		--output-file requirements/dev.txt
	@$(COMPILE) --group audit --output-file requirements/audit.txt

.PHONY: messages
messages: $(READY) ## Gather the texts for locale/ and compile them (needs gettext)
	@command -v msgfmt >/dev/null || { echo 'make messages needs GNU gettext (xgettext, msgfmt).'; exit 1; }
	@$(BIN)/django-admin makemessages --locale de --locale es --extension html,txt,py,mjml \
		--add-location file --no-wrap --no-obsolete \
		$(foreach each,tests sandbox bench .venv .local,--ignore $(each))
	@for each in locale/*/LC_MESSAGES/django.po; do \
		sed '/^"POT-Creation-Date:/d' "$$each" > "$$each.new" && mv "$$each.new" "$$each" \
		&& msgfmt --check-format --check-domain --statistics \
			--output-file "$${each%.po}.mo" "$$each" || exit 1; \
	done

.PHONY: fonts
fonts: $(READY) ## Make static/fonts/ anew from the packed originals (needs npm and the network)
	@$(BIN)/python -m sandbox.fonts

.PHONY: install
install: $(READY) ## Make .venv and install what the lock file names
	@:

.PHONY: clean
clean: ## Remove the demo's data, .venv and all caches
	@rm -rf .local .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		.coverage .coverage.* htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Made anew when the lock changes, and when the checkout was moved or its Python is gone: the programs
# in .venv name their place.
ifneq ($(shell test ! -e $(READY) || { test -x $(BIN)/python && { test ! -s $(READY) \
	|| test "$$(cat $(READY))" = "$$(pwd -P)"; }; } || echo stale),)
.PHONY: $(READY)
endif
$(READY): requirements/dev.txt
	@$(PYTHON) -I -X utf8 sandbox/bootstrap.py venv
	@pwd -P > $@
