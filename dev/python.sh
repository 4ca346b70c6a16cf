#!/bin/sh
# Prints the name of a Python that LNbits runs on; PYTHON=… goes first.
set -eu
supported='import sys; sys.exit(not (3, 10) <= sys.version_info[:2] < (3, 13))'
for name in ${PYTHON:-} python3.12 python3.11 python3.10 python3; do
    if "$name" -c "$supported" >/dev/null 2>&1; then
        echo "$name"
        exit 0
    fi
done
echo "Python 3.10, 3.11 or 3.12 is needed (LNbits runs on no other) and none was found:" \
    "apt-get install python3 python3-venv on Debian 12, Ubuntu 22.04 or 24.04;" \
    "elsewhere set PYTHON=/path/to/python." >&2
exit 1
