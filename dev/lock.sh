#!/bin/sh
# Renews the locks: every version with its hashes, for Python 3.10 to 3.12 on any system.
# A lock names no registry; pip takes the one it is set up with.
set -eu
cd "$(dirname "$0")/.."
python=$(sh dev/python.sh)
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
"$python" -m venv "$tool"
"$tool/bin/pip" install --quiet --disable-pip-version-check "uv==0.13.8"

compile() { # compile NAME OPTIONS…
    name=$1
    shift
    "$tool/bin/uv" pip compile --quiet --universal --python-version 3.10 \
        --generate-hashes --no-emit-index-url --no-strip-extras \
        --custom-compile-command "make lock" "$@" \
        --output-file "dev/requirements/$name.lock" "dev/requirements/$name.in"
}

compile run "$@"
compile test --constraint dev/requirements/run.lock "$@"
