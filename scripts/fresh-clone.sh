#!/usr/bin/env bash
# Does what a newcomer does: clones the current commit into an empty folder and runs the README's
# two commands there. With CARGO_TARGET_DIR set, the clone builds there instead of from nothing.
set -euo pipefail

COMMANDS=("cargo run -- run" "cargo test")

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [[ -n ${CARGO_TARGET_DIR:-} ]]; then
    mkdir -p "$CARGO_TARGET_DIR"
    CARGO_TARGET_DIR=$(cd "$CARGO_TARGET_DIR" && pwd)
    export CARGO_TARGET_DIR
fi
[[ -z $(git -C "$root" status --porcelain) ]] || echo "Not committed changes are not tested." >&2

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git clone --quiet --no-hardlinks "$root" "$folder/reverify"
cd "$folder/reverify"
git checkout --quiet "$(git -C "$root" rev-parse HEAD)"

for command in "${COMMANDS[@]}"; do
    if ! grep -qF -- "$command" README.md; then
        echo "README.md does not tell the newcomer: $command" >&2
        exit 1
    fi
    echo "--- $command"
    SECONDS=0
    bash -c "$command" </dev/null || {
        echo "--- failed with exit code $? after $SECONDS s: $command" >&2
        exit 1
    }
    echo "--- done in $SECONDS s: $command"
done

left=$(git status --porcelain)
if [[ -n $left ]]; then
    printf 'The commands left files behind that git does not ignore:\n%s\n' "$left" >&2
    exit 1
fi
