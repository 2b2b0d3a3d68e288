#!/usr/bin/env bash
# Kills a server under full load and compares what it acknowledged with what it holds.
#   bench/kill.sh BINARY LOAD ROUNDS SEED [NAME=VALUE setting…]
set -euo pipefail
binary=$1 load=$2 rounds=$3 seed=$4
shift 4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
settings=()
for setting in "$@"; do settings+=(--set "$setting"); done
export TELEMETRY_LOG=error
"$load" kill --binary "$binary" --data "$folder/data" --ledger "$folder/ledger" --rounds "$rounds" --seed "$seed" "${settings[@]}"
"$binary" --data "$folder/data" export --project load --output "$folder/events.jsonl"
"$load" check --ledger "$folder/ledger" --export "$folder/events.jsonl"
