# The commands of this repository; `make help` lists them. Each works on a fresh machine with Rust, Node and a C compiler.

DATA ?= ./data
LISTEN ?= 127.0.0.1:8400

.DEFAULT_GOAL := help
.PHONY: help run server build web demo bench image test check tools test-needs test-web test-check test-rust test-sql test-sql-numbers test-kill test-numbers test-e2e test-peers bench-door bench-engine torture torture-hostile check-web chromium cargo-deny
# A target whose recipe failed half-way must not look finished.
.DELETE_ON_ERROR:

help:
	@echo 'make run     build what is needed and serve on http://$(LISTEN), data in $(DATA) (set DATA, LISTEN)'
	@echo 'make build   the same without serving: target/release/telemetry and telemetry-sql (SQL; 20 minutes the first time)'
	@echo 'make test    install what tests need and run every test, the browser ones included'
	@echo 'make demo    serve a directory of its own, $(DEMO_DATA), filled with 90 days of a school app (set DEMO_DATA, LISTEN, DEMO)'
	@echo 'make bench   measure against DuckDB on the same files, answers checked equal; bench-door: the door under load'
	@echo 'make torture kills, faults, attackers and fuzzing at full size: hours'
	@echo 'make check   format, lints, arrows between crates, licences, generated files: before each commit'

run: server
	target/release/telemetry serve --data '$(DATA)' --listen '$(LISTEN)'

server: tools web
	cargo build --release -p telemetry-server

# SQL has a binary of its own beside the server's: DataFusion takes 20 minutes to build the first time.
build: server
	cargo build --release -p telemetry-sql

DEMO_DATA ?= ./data-demo
# More flags, as DEMO='--live --persons 10000'.
DEMO ?=
demo: server
	target/release/telemetry demo --data '$(DEMO_DATA)' --listen '$(LISTEN)' $(DEMO)

BENCH_EVENTS ?= 1000000
ENGINE_EVENTS ?= 20000000
bench: server .venv/.installed
	.venv/bin/python bench/trends.py --events $(BENCH_EVENTS)
	.venv/bin/python bench/persons.py --events $(BENCH_EVENTS)

# 20 million events against DuckDB and chdb; chdb is large and only for this.
bench-engine: server .venv/.installed
	.venv/bin/pip install --quiet chdb==4.4.0
	.venv/bin/python bench/engine.py --events $(ENGINE_EVENTS)

bench-door: server .venv/.installed
	cargo build --release -p telemetry-load
	.venv/bin/python bench/door.py

# What `make test` does with a tenth of the rounds and seeds.
torture: server test-needs torture-hostile
	cargo build --release -p telemetry-load
	bench/kill.sh target/release/telemetry target/release/telemetry-load 200 $(TORTURE_SEED)
	bench/kill.sh target/release/telemetry target/release/telemetry-load 100 $(TORTURE_SEED) flush_rows=5000
	.venv/bin/python bench/recovery.py
	.venv/bin/python bench/distinct.py
	TORTURE_SEEDS=10000 cargo test -p telemetry-store --features testing
TORTURE_SEED ?= 1

# The picture in README.md, of the real product.
image: server e2e/node_modules/.installed chromium
	cd e2e && TELEMETRY_BIN=../target/release/telemetry node screenshot.mjs

# Page and SDK are embedded in the binary, so they are built first.
web: ui/dist/index.html sdk/dist/telemetry.js

# Folders are listed beside files: a deleted file changes only its folder.
web_sources = $(shell find $(1) -mindepth 1 \( -name node_modules -o -name dist -o -name '*.tsbuildinfo' \) -prune -o -print)

ui/dist/index.html: ui/node_modules/.installed $(call web_sources,ui)
	cd ui && npm run build
	@touch $@

sdk/dist/telemetry.js: sdk/node_modules/.installed $(call web_sources,sdk)
	cd sdk && npm run build
	@touch $@

# The examples have a copy of the package, not a link into its sources.
examples/node_modules/.installed examples/next/node_modules/.installed: sdk/dist/telemetry.js

%/node_modules/.installed: %/package.json %/package-lock.json
	cd $* && npm ci --no-audit --no-fund
	@touch $@

# Every step runs, also after one has failed, and the summary says which; without the preparations none can.
test: tools
	@summary=''; failed=0; \
	for step in test-needs web test-check check-web test-web test-rust test-sql test-numbers test-sql-numbers test-kill test-e2e test-peers; do \
	  printf '\n== %s\n' "$$step"; start=$$(date +%s); \
	  if $(MAKE) --no-print-directory $$step; then result=ok; else result=FAILED; failed=1; fi; \
	  summary="$$summary$$(printf '%-8s %-12s %5d s' $$result $$step $$(($$(date +%s) - start)))\n"; \
	  case $$failed$$step in 1test-needs | 1web) summary="$${summary}the steps after $$step were not run\n"; break;; esac; \
	done; \
	printf "\n== summary\n$$summary"; \
	if [ $$failed = 0 ]; then echo 'all tests passed'; else echo 'tests FAILED'; fi; exit $$failed

test-needs: ui/node_modules/.installed sdk/node_modules/.installed e2e/node_modules/.installed .venv/.installed chromium

test-web: ui/node_modules/.installed sdk/node_modules/.installed
	cd sdk && npm test
	cd ui && npm test

test-check:
	@if command -v cargo-deny >/dev/null; then cargo xtask check; else cargo xtask check --without-deny; fi

test-rust: web
	cargo test --no-fail-fast

# crates/sql runs the server's binary, which test-rust has built.
test-sql: web
	cargo build --bins --tests
	cargo test -p telemetry-sql

# Small flushes, so that kills meet every step of a flush and a merge.
test-kill: web
	cargo build --bins --tests
	bench/kill.sh target/debug/telemetry target/debug/telemetry-load 20 1 flush_rows=4000

# `--tests` chooses the features that test-rust has built with, so nothing is compiled again; makes target/debug/telemetry.
test-e2e: web test-needs examples/node_modules/.installed examples/next/node_modules/.installed
	cargo build --bins --tests
	cargo build -p telemetry-sql --bins --tests
	cd e2e && npm test

# What our SDK and its peers cost a page, to be read: a busy machine must not fail a test.
test-peers: web test-needs
	cargo build --bins --tests
	cd e2e && ROUNDS=1 npm run --silent peers

# Attackers in full size, malformed HTTP behind nginx (Debian: nginx-light), ten minutes of fuzzing for each target.
torture-hostile: server e2e/node_modules/.installed
	TELEMETRY_TORTURE=1 cargo test --release -p telemetry-server --test hostile -- --test-threads 1 --nocapture
	cd e2e && TELEMETRY_BIN=../target/release/telemetry npm run torture
	cargo xtask fuzz --seconds 600

# A second engine counts the same files: DuckDB's answers must be ours.
test-numbers: web test-needs
	cargo build --bins --tests
	.venv/bin/python bench/trends.py --events 30000 --binary target/debug/telemetry
	.venv/bin/python bench/persons.py --events 30000 --binary target/debug/telemetry
	.venv/bin/python bench/files.py --events 10000 --binary target/debug/telemetry

# The same for SQL: queries through the API against DuckDB on the same files, every cell.
test-sql-numbers: web test-needs
	cargo build --bins --tests
	cargo build -p telemetry-sql --bins --tests
	.venv/bin/python bench/sql.py --events 30000 --binary target/debug/telemetry

.venv/.installed: e2e/requirements.txt
	@python3 -c 'import ensurepip' 2>/dev/null || $(call from_debian,python3-venv,a Python 3.9 or newer with venv)
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r e2e/requirements.txt
	@touch $@

chromium:
	@[ -x "$${CHROMIUM_BIN:-/usr/bin/chromium}" ] || $(call from_debian,chromium,Chromium; name it with CHROMIUM_BIN if it is not /usr/bin/chromium)

# $(call from_debian,package,what to install otherwise)
define from_debian
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(1); \
else echo 'missing: $(2) (Debian: sudo apt-get install $(1))' >&2; exit 1; fi
endef

check: tools cargo-deny check-web
	cargo xtask check

check-web: sdk/node_modules/.installed ui/node_modules/.installed e2e/node_modules/.installed examples/node_modules/.installed
	@for folder in sdk ui e2e examples; do \
	  (cd $$folder && npm run --silent --if-present typecheck && npm run --silent --if-present lint) || exit 1; \
	done
	cd sdk && npm run --silent build

cargo-deny:
	@command -v cargo-deny >/dev/null || cargo install --locked --version '^0.20' cargo-deny

# Says everything that is missing at once.
tools:
	@missing=0; need() { echo "missing: $$1" >&2; echo "         $$2" >&2; missing=1; }; \
	if ! command -v cargo >/dev/null; then \
	  need 'Rust (cargo)' 'https://rustup.rs: curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs | sh'; \
	elif ! cargo --version >/dev/null 2>&1; then \
	  need 'the Rust toolchain of rust-toolchain.toml' 'rustup toolchain install'; \
	elif [ "$$(cargo --version | cut -d. -f2)" -lt 95 ]; then \
	  need "Rust 1.95 or newer (here: $$(cargo --version))" 'https://rustup.rs, which installs the version that we pin'; \
	fi; \
	if ! command -v node >/dev/null; then \
	  need 'Node.js 20.19 or newer (node)' 'https://nodejs.org, or your system: apt-get install nodejs npm'; \
	elif ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'; then \
	  need "Node.js 20.19 or newer (here: $$(node --version))" 'https://nodejs.org'; \
	fi; \
	command -v npm >/dev/null || need 'npm' 'it comes with Node.js; Debian: apt-get install npm'; \
	command -v cc >/dev/null || need 'a C compiler (cc), for SQLite and zstd' 'Debian: apt-get install build-essential; macOS: xcode-select --install'; \
	exit $$missing
