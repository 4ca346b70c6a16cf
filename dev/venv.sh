#!/bin/sh
# Makes .venv from a hashed lock: `dev/venv.sh run` or `dev/venv.sh test`.
# test.lock holds everything of run.lock in the same versions, so one .venv serves both.
set -eu
cd "$(dirname "$0")/.."
kind=$1
requirements=dev/requirements
lock=.venv.lock
wait_seconds=600

# Pure Python that its authors publish as source only; all else comes as a wheel, so
# that no compiler is needed.
source_only=embit,http-ece,pyqrcode,tlv8

stamp_of() {
    cksum <"$requirements/$1.lock"
}

is_current() {
    [ -f ".venv/$1.stamp" ] && [ "$(cat ".venv/$1.stamp")" = "$(stamp_of "$1")" ] &&
        .venv/bin/python -c '' 2>/dev/null
}

make_venv() {
    python=$(sh dev/python.sh)
    rm -rf .venv
    said=$("$python" -m venv .venv 2>&1) && return
    rm -rf .venv
    case $said in
    *ensurepip*)
        package=$("$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')
        echo "Python's venv module is missing: apt-get install $package" >&2
        ;;
    *) echo "$said" >&2 ;;
    esac
    exit 1
}

install() {
    echo "Installing what $requirements/$1.lock names into .venv (about a minute) …"
    .venv/bin/python -m pip install -qq --disable-pip-version-check \
        --no-deps --require-hashes --use-pep517 \
        --only-binary :all: --no-binary "$source_only" -r "$requirements/$1.lock"
    stamp_of "$1" >".venv/$1.stamp"
}

is_ready() {
    is_current "$kind" || { [ "$kind" = run ] && is_current test; }
}

# `make run` and `make demo-order` may be started side by side: one installs, the
# other waits for it. A lock whose maker died is taken away.
take_lock() {
    waited=0
    until mkdir "$lock" 2>/dev/null; do
        holder=$(cat "$lock/pid" 2>/dev/null || true)
        if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
            rm -rf "$lock"
            continue
        fi
        [ "$waited" -gt 0 ] || echo "Waiting for another install into .venv …"
        if [ "$waited" -ge "$wait_seconds" ]; then
            echo "Another install holds $lock for too long; remove it to go on." >&2
            exit 1
        fi
        sleep 1
        waited=$((waited + 1))
    done
    trap 'rm -rf "$lock"' EXIT
    trap 'exit 130' INT TERM
    echo $$ >"$lock/pid"
}

is_ready && exit 0
take_lock
is_ready && exit 0
is_current run || make_venv
install "$kind"
# The larger set holds the smaller one.
[ "$kind" = run ] || stamp_of run >.venv/run.stamp
