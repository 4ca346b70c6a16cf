#!/bin/sh
# Forgets the demo restaurant. Not while it runs: LNbits would write on into nothing.
set -eu
cd "$(dirname "$0")/.."
if [ -f .demo/run.pid ] && kill -0 "$(cat .demo/run.pid)" 2>/dev/null; then
    echo "The demo is running: stop it first (Ctrl-C in its window)." >&2
    exit 1
fi
rm -rf .demo
echo "The demo's data are gone; make run starts anew."
