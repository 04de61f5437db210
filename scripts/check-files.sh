#!/usr/bin/env bash
# Checks what no compiler reads: shell scripts, the Dockerfile, workflows, the action and what is
# deployed, each with the tool of its kind. A tool that is missing is said and left out.
#
# scripts/test.sh installs the Python tools; this takes them from target/tools.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools=${CARGO_TARGET_DIR:-target}/tools/venv/bin

skipped() {
    echo "SKIPPED: $1: $2"
}

scripts=(.ci/run scripts/*.sh tests/clients/*.sh)
for script in "${scripts[@]}"; do
    bash -n "$script"
done
if command -v shellcheck >/dev/null; then
    shellcheck "${scripts[@]}"
else
    skipped shellcheck "it is not installed"
fi

# A lock file with addresses installs from one registry only.
if grep -n '"resolved"' scripts/package-lock.json; then
    echo "scripts/package-lock.json names a registry;" \
        "write it with npm install --package-lock-only --omit-lockfile-registry-resolved" >&2
    exit 1
fi

if [[ -x $tools/hadolint ]]; then
    "$tools/hadolint" Dockerfile
else
    skipped hadolint "scripts/test.sh installs it"
fi

if [[ -x $tools/check-jsonschema ]]; then
    "$tools/check-jsonschema" --builtin-schema vendor.github-actions action.yml
    "$tools/check-jsonschema" --builtin-schema vendor.github-workflows \
        .github/workflows/*.yml deploy/github-*.yml src/cli/init/template/*.yml
else
    skipped check-jsonschema "scripts/test.sh installs it"
fi

for manifest in deploy/kubernetes-*.yaml; do
    [[ -e $manifest ]] || continue
    if [[ -x $tools/kubernetes-validate ]]; then
        "$tools/kubernetes-validate" --strict "$manifest"
    else
        skipped kubernetes-validate "scripts/test.sh installs it"
        break
    fi
done
