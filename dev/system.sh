#!/bin/sh
# Makes sure that the programs the tests use are on this machine. As root on Debian or
# Ubuntu it installs what is missing; anywhere else it says the command and fails.
set -eu

missing=""
need() { # need PACKAGES… -- TEST…: add the packages when the test fails
    packages=""
    while [ "$1" != -- ]; do
        packages="$packages $1"
        shift
    done
    shift
    "$@" >/dev/null 2>&1 || missing="$missing$packages"
}

has() { command -v "$1"; }
has_any() { for name in "$@"; do if has "$name"; then return 0; fi; done; return 1; }
has_chromium() {
    [ -n "${CHROMIUM:-}" ] || has_any chromium chromium-browser google-chrome ||
        [ -d "/Applications/Google Chrome.app" ] || [ -d /Applications/Chromium.app ]
}
has_postgres() { has postgres || ls /usr/lib/postgresql/*/bin/postgres; }
has_library() { ldconfig -p | grep -q "$1" || [ "$(uname)" != Linux ]; }
has_emoji() { [ "$(uname)" != Linux ] || ls /usr/share/fonts/truetype/noto/*Emoji*; }

need chromium -- has_chromium
need postgresql -- has_postgres
need libatomic1 -- has_library libatomic.so.1
need libfribidi0 -- has_library libfribidi
need fonts-noto-color-emoji -- has_emoji
need nodejs npm -- has npm
need systemd -- has systemd-analyze
need dpkg -- has dpkg-deb

[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && has apt-get >/dev/null; then
    echo "Installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 -- one word per package
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
    exit 0
fi
echo "The tests need programs that are not here. On Debian or Ubuntu:" >&2
echo "    sudo apt-get install$missing" >&2
exit 1
