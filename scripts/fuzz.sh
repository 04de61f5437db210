#!/usr/bin/env bash
# Looks for bytes that break the reader of mails, with libFuzzer and the stable compiler.
#
# It begins with the mails of fixtures/eml, keeps what it learns in target/fuzz/corpus for the next run,
# and writes bytes that break the reader to target/fuzz/crash-*; run it with that file to see the
# panic again. The first run builds all dependencies once more, which takes minutes.
#
# Usage: scripts/fuzz.sh [SECONDS | FILE]
set -euo pipefail

# What rustc adds to a crate so that libFuzzer sees which ways its code takes.
COVERAGE=(
    -Cpasses=sancov-module
    -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
    -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares
    -Ccodegen-units=1
)
# The crates that read mails: the ways of the others say nothing.
CRATES=" reverify mailparse charset chardetng html5ever markup5ever tokenizer quoted_printable "

# cargo calls this script in place of rustc: with rustc's path and its arguments.
if [[ -n ${REVERIFY_FUZZ_BUILDS:-} ]]; then
    name=
    for ((i = 2; i < $#; i++)); do
        if [[ ${!i} == --crate-name ]]; then
            next=$((i + 1))
            name=${!next}
        fi
    done
    [[ -n $name && $CRATES == *" $name "* ]] && exec "$@" "${COVERAGE[@]}"
    exec "$@"
fi

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
folder=$root/target/fuzz
mkdir -p "$folder/corpus"

REVERIFY_FUZZ_BUILDS=yes RUSTC_WRAPPER=$root/scripts/fuzz.sh CARGO_INCREMENTAL=0 \
    cargo build --manifest-path fuzz/Cargo.toml --target-dir "$folder"

what=${1:-60}
if [[ -f $what ]]; then
    exec "$folder/debug/extract" "$what"
fi
exec "$folder/debug/extract" -max_total_time="$what" -max_len=65536 -timeout=20 -rss_limit_mb=2048 \
    -artifact_prefix="$folder/" "$folder/corpus" fixtures/eml
