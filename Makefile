# Every command of the house. `make help` reads the words after ##.
.DEFAULT_GOAL := help
N ?= 1000
SUITE := go run ./internal/tools/suite
# The program is one static file and holds nothing written in C; it is tested as it is shipped.
export CGO_ENABLED = 0

.PHONY: help run test check test-pg sim golden browser story bench fuzz lint nightly generate ci freeze prepare

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: ## start the demo: a town with shops, deals and people, on http://127.0.0.1:8080
	go run ./cmd/dure demo

test: prepare ## everything CI runs: rules, both databases, simulation, browser (installs what it needs on Debian)
	$(SUITE) -tier test

check: ## while working: format, vet, rules of the house, unit tests (under a minute)
	$(SUITE) -tier check

test-pg: prepare ## store tests on PostgreSQL only
	go test -run '/postgres' ./internal/...

sim: ## simulate N seeds (make sim N=10000)
	DURE_SIM_SEEDS=$(N) go test -count=1 -timeout=0 -v ./internal/sim/...

golden: ## write golden files anew, then look at the difference with git diff
	$(SUITE) -golden

browser: prepare ## journeys in Chromium; pictures in out/browser
	go test -count=1 ./internal/web/e2e/...

story: ## every page in every state from fixtures, at /stories/ of a town that stands still
	go run ./cmd/dure demo --still

bench: ## measure this machine and compare ratios with the baseline; one alone: go run ./cmd/dure bench redeem
	go run ./cmd/dure bench --check
	go run ./cmd/dure bench hot-deal --engine postgres --check

fuzz: ## fuzz every target for two minutes
	$(SUITE) -tier nightly -only fuzz

lint: ## golangci-lint, built from its own module
	go tool -modfile=tools/go.mod golangci-lint run ./...

nightly: prepare ## everything, with the race detector and long simulation
	$(SUITE) -tier nightly

generate: ## templates, assets and documents from their sources
	go tool templ generate
	go generate ./...

freeze: ## at a release: from now on the migrations of today never change
	go run ./internal/tools/freeze

prepare:
	go run ./internal/tools/prepare

ci: ## what CI calls
	.ci/run
