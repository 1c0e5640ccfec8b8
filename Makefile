# The commands of Patchline. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test check e2e conformance fuzz bench clean

help: ## Show this list
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: ## Install what is missing, build, and start Patchline with the sample label
	@scripts/run

test: ## Everything that must hold: style, types, server, independent checks, browser
	@scripts/test

check: ## Style, lints and types only
	@scripts/check

e2e: ## Only the browser tests (make e2e ARGS="artists --headed")
	@scripts/e2e $(ARGS)

conformance: ## Only the conformance suite of MCP, for servers and clients, in both revisions
	@scripts/set-up test
	@scripts/conformance

fuzz: ## What reads outside input, tried longer than in the tests (make fuzz ARGS="pdf --seconds 600")
	@scripts/set-up test
	@scripts/fuzz $(ARGS)

bench: ## The measurements; they print ratios, not promises (make bench ARGS="--markdown FILE")
	@scripts/bench $(ARGS)

clean: ## Remove what was built in this checkout (not the data, not the shared cache)
	@scripts/clean
