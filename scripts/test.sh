#!/usr/bin/env bash
# Runs every test, with the real clients that some of them need.
#
# `cargo test` alone needs nothing but Rust and skips what it has no client for. This script first
# installs the clients: programs with apt-get (as root only), Python packages into a virtual
# environment, JavaScript packages beside it, all kept under target/tools for the next run. What
# cannot be installed is said, and its tests are skipped with a line each.
#
# Usage: scripts/test.sh [ARGUMENTS OF cargo test]
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
target=${CARGO_TARGET_DIR:-$root/target}
mkdir -p "$target/tools"
target=$(cd "$target" && pwd)
tools=$target/tools
log=$target/test.log
: >"$log"

# The oldest Node.js that the JavaScript clients run on.
NODE_MAJOR_MIN=20

skipped() {
    echo "SKIPPED: $1: $2" | tee -a "$log"
}

# install_program PROGRAM PACKAGE: installs PACKAGE unless PROGRAM is there.
install_program() {
    command -v "$1" >/dev/null || install_package "$2"
}

# install_package PACKAGE: installs a package of Debian.
install_package() {
    [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null || return 1
    echo "Installing $1"
    [[ -n ${apt_is_fresh:-} ]] || apt-get update -qq >/dev/null || return 1
    apt_is_fresh=yes
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}

# is_current FOLDER STAMP: whether FOLDER was made from what STAMP stands for.
is_current() {
    [[ -f $1/.stamp && $(<"$1/.stamp") == "$2" ]]
}

install_python() {
    local venv=$tools/venv stamp
    if ! install_program python3 python3; then
        skipped "Python clients" "no python3; install it with its venv module"
        return
    fi
    if ! stamp=$(python3 --version && sha256sum <scripts/requirements.txt); then
        skipped "Python clients" "python3 does not run (see above)"
        return
    fi
    if ! is_current "$venv" "$stamp"; then
        echo "Installing boto3, the AWS CLI and other Python clients into $venv"
        rm -rf "$venv"
        if ! python3 -c 'import ensurepip' 2>/dev/null; then
            # Debian keeps this module in a package of its own, which no program is named after.
            install_program python3-venv python3-venv || true
        fi
        if ! python3 -m venv "$venv" ||
            ! "$venv/bin/pip" install -q --no-input --disable-pip-version-check \
                -r scripts/requirements.txt; then
            rm -rf "$venv"
            skipped "Python clients" "pip could not install scripts/requirements.txt (see above)"
            return
        fi
        echo "$stamp" >"$venv/.stamp"
    fi
    export REVERIFY_PYTHON=$venv/bin/python
    if install_program curl curl; then
        export REVERIFY_AWS_CLI=$venv/bin/aws
    else
        skipped "AWS CLI" "its script reads mails with curl, which is not installed"
    fi
}

install_node() {
    local folder=$tools/node stamp major
    if ! install_program node nodejs || ! install_program npm npm; then
        skipped "JavaScript clients" "no node with npm; install Node.js $NODE_MAJOR_MIN or later"
        return
    fi
    if ! major=$(node --print 'process.versions.node.split(".")[0]'); then
        skipped "JavaScript clients" "node does not run (see above)"
        return
    fi
    if ((major < NODE_MAJOR_MIN)); then
        skipped "JavaScript clients" "Node.js $major; they need $NODE_MAJOR_MIN or later"
        return
    fi
    stamp=$(node --version && sha256sum <scripts/package-lock.json)
    if ! is_current "$folder" "$stamp"; then
        echo "Installing the AWS SDKs for JavaScript and other clients into $folder"
        rm -rf "$folder"
        mkdir -p "$folder"
        cp scripts/package.json scripts/package-lock.json "$folder"
        if ! npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error; then
            rm -rf "$folder"
            skipped "JavaScript clients" "npm could not install scripts/package-lock.json (see above)"
            return
        fi
        echo "$stamp" >"$folder/.stamp"
    fi
    export REVERIFY_NODE_PATH=$folder/node_modules
}

install_dovecot() {
    local program
    # Its programs are no commands of their own, and the server is one for administrators.
    if [[ ! -e /usr/lib/dovecot/lmtp || ! -e /usr/lib/dovecot/imap ]]; then
        # What is missing afterwards is said below.
        install_package dovecot-imapd || true
        install_package dovecot-lmtpd || true
    fi
    if program=$(PATH=$PATH:/usr/sbin command -v dovecot) && [[ -e /usr/lib/dovecot/lmtp ]]; then
        export REVERIFY_DOVECOT=$program
    else
        skipped "Dovecot" "not installed; install dovecot-imapd and dovecot-lmtpd"
    fi
}

install_swaks() {
    local program
    if ! command -v swaks >/dev/null; then
        install_package swaks || true
        # For TLS; the package only suggests it.
        install_package libnet-ssleay-perl || true
    fi
    if program=$(command -v swaks) && perl -MNet::SSLeay -e 1 2>/dev/null; then
        export REVERIFY_SWAKS=$program
    else
        skipped "swaks" "not installed; install swaks and libnet-ssleay-perl"
    fi
}

install_postfix() {
    local program
    # Its own instance has its own folder, but only root may start one.
    if [[ $(id -u) != 0 ]]; then
        skipped "Postfix" "only root can start it"
        return
    fi
    if ! PATH=$PATH:/usr/sbin command -v postfix >/dev/null; then
        install_package postfix || true
    fi
    if program=$(PATH=$PATH:/usr/sbin command -v postfix); then
        export REVERIFY_POSTFIX=$program
    else
        skipped "Postfix" "not installed; install postfix"
    fi
}

# What completions and manual pages are read with; the tests say what is missing.
install_readers() {
    install_program zsh zsh || true
    install_program fish fish || true
    install_program man man-db || true
}

# Draws the HTML report; nothing is fetched for it but the package.
install_chromium() {
    local program
    install_program chromium chromium || true
    if program=$(command -v chromium); then
        export REVERIFY_CHROMIUM=$program
    else
        skipped "Chromium" "not installed; install chromium"
    fi
}

install_xmllint() {
    local program
    install_program xmllint libxml2-utils || true
    if program=$(command -v xmllint); then
        export REVERIFY_XMLLINT=$program
    else
        skipped "xmllint" "not installed; install libxml2-utils"
    fi
}

install_nextest() {
    export PATH=$PATH:$tools/cargo/bin
    if ! cargo nextest --version >/dev/null 2>&1; then
        echo "Installing cargo-nextest into $tools/cargo"
        cargo install --quiet --locked --root "$tools/cargo" cargo-nextest ||
            skipped "cargo nextest" "cargo could not install cargo-nextest (see above)"
    fi
}

# Nothing is taken from an installation that this script did not make.
unset REVERIFY_PYTHON REVERIFY_AWS_CLI REVERIFY_NODE_PATH REVERIFY_DOVECOT
unset REVERIFY_SWAKS REVERIFY_POSTFIX REVERIFY_CHROMIUM REVERIFY_XMLLINT
install_python
install_node
install_dovecot
install_swaks
install_postfix
install_readers
install_chromium
install_xmllint
install_nextest

status=0
cargo test --locked --no-fail-fast "$@" </dev/null 2>&1 | tee -a "$log" || status=$?

echo
grep '^SKIPPED: ' "$log" | sort -u || echo "Nothing was skipped."
# The harness of Rust counts a skipped test as passed, so the two figures overlap.
awk -v skipped="$(grep '^SKIPPED: ' "$log" | sort -u | wc -l)" '
    /^test result: / { passed += $4; failed += $6 }
    END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }
' "$log"
exit "$status"
