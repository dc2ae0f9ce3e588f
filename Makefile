# Courtier. `make help` lists what there is.

.DEFAULT_GOAL := help
.PHONY: help demo up down test test-api test-deploy test-n8n test-powerbi check bench screenshots

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## two tenants with a year of data, from ingest to export, in a terminal
	@compose/stack run demo -- tests/demo

up: ## PostgreSQL, RabbitMQ and every role, with demo data, until Ctrl-C
	@compose/stack run up -- compose/up

down: ## end everything that this checkout runs
	@compose/stack down --all

test: ## all tests, on a PostgreSQL and a RabbitMQ of their own
	@compose/stack run test -- cargo test --workspace --no-fail-fast

test-api: ## Schemathesis against every route of the OpenAPI document, as three callers
	@compose/stack run api -- tests/api/run

test-n8n: ## every workflow of compose/n8n in a real n8n; installs it once, outside of the checkout
	@env -u DATABASE_URL -u AMQP_URL compose/stack run n8n -- tests/n8n/run

test-powerbi: ## exports and feed by duckdb, pyarrow, LibreOffice, an OData client and the parser of M
	@compose/stack run powerbi -- tests/powerbi/run

test-deploy: ## the files of compose/: Compose, Kubernetes, Caddy, Prometheus, RabbitMQ, the image
	@tests/deploy/check
	@compose/stack run deploy -- cargo test -p tests --test deploy --test telemetry

screenshots: ## a picture of every page of the admin site, in target/screenshots
	@compose/stack run shots -- cargo test -p tests --test browser every_page
	@ls $${CARGO_TARGET_DIR:-target}/screenshots

check: ## format, lints, documentation, direction of dependencies, licences, stack tool
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" cargo doc --workspace --no-deps --document-private-items --quiet
	tests/checks/dependencies
	tests/checks/dependencies-can-fail
	tests/checks/licences
	tests/checks/stack

bench: ## measure speed, each figure beside a limit of this machine; BENCH="accept relay" selects
	cargo build --release -p cli -p tests --bin courtier --bin bench --bin constant
	@STACK_DURABLE=1 compose/stack run bench -- $${CARGO_TARGET_DIR:-target}/release/bench $(BENCH)
