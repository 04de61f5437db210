#!/usr/bin/env bash
# Measures other emulators of Cognito beside this one, with the same client and the same load, and
# prints one table with ratios.
#
# moto and ministack (PyPI) and cognito-local (npm) are installed, in the versions below, under
# target/peers, kept there for the next run. The client starts each on a free port of loopback and
# ends it again. They send no mail; their code is any code (moto), a constant (ministack) or fixed
# by an environment variable (cognito-local), while this one's is read from the received mail.
#
# The pools are small and the times short, because each sign-up costs these three more than the one
# before; `cargo bench --bench load` measures this one alone with 100,000 users.
#
# Usage: scripts/compare-peers.sh [ARGUMENTS OF benches/load, such as --seconds 10]
set -euo pipefail

MOTO=5.2.5
MINISTACK=1.5.33
# ministack signs tokens with it.
CRYPTOGRAPHY=50.0.2
COGNITO_LOCAL=5.3.0

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
peers=${CARGO_TARGET_DIR:-$root/target}/peers
mkdir -p "$peers"
peers=$(cd "$peers" && pwd)

# install_python NAME PACKAGE...: a virtual environment of its own, unless it is there.
install_python() {
    local folder=$peers/$1
    shift
    [[ -f $folder/.stamp && $(<"$folder/.stamp") == "$*" ]] && return
    echo "Installing $*"
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install -q --no-input --disable-pip-version-check "$@"
    echo "$*" >"$folder/.stamp"
}

install_node() {
    local folder=$peers/$1
    [[ -f $folder/.stamp && $(<"$folder/.stamp") == "$2" ]] && return
    echo "Installing $2"
    rm -rf "$folder"
    mkdir -p "$folder"
    npm install --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error "$2"
    echo "$2" >"$folder/.stamp"
}

install_python moto "moto[server,cognitoidp]==$MOTO"
install_python ministack "ministack==$MINISTACK" "cryptography==$CRYPTOGRAPHY"
install_node cognito-local "cognito-local@$COGNITO_LOCAL"

moto=$(printf '%q' "$peers/moto/bin/moto_server")
ministack=$(printf '%q' "$peers/ministack/bin/ministack")
cognito_local=$(printf '%q' "$peers/cognito-local/node_modules/cognito-local/lib/bin/start.js")

cargo bench --bench load -- --stored 100,2000 --seconds 3 \
    --peer "moto:any:$moto -H 127.0.0.1 -p {port}" \
    --peer "cognito-local:fixed=123456:env CODE=123456 HOST=127.0.0.1 PORT={port} node $cognito_local" \
    --peer "ministack:fixed=123456:env GATEWAY_PORT={port} $ministack" \
    "$@"
