#!/bin/sh
# Style and types of everything written by hand; `make format` mends what it can.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin

echo "ruff format"
"$bin/ruff" format --check --quiet . || { "$bin/ruff" format --diff --quiet .; exit 1; }
echo "ruff check"
"$bin/ruff" check --quiet .
echo "mypy"
"$bin/python" dev/staging.py .types
"$bin/mypy" -p restaurant
"$bin/mypy" dev
"$bin/mypy" bench tests/harness tests/conftest.py
(cd printer_pi && "../$bin/mypy" src)
echo "prettier"
node_modules/.bin/prettier --check --log-level warn .
echo "tidy"
"$bin/pytest" -q tests/test_tidy.py
