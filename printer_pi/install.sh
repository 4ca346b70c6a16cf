#!/bin/sh
# Installs printer-pi as a service, or a newer version over an older one.
#
#     curl -fsSL https://lnbits.example.com/restaurant/static/printer-pi/install.sh | sudo sh -s -- --server URL
#     sudo sh install.sh --from printer_pi-0.2.0-py3-none-any.whl
#
# --from FILE    a wheel, a zip or a folder of printer-pi
# --server URL   the address of LNbits; without --from printer-pi comes from there too
# --with EXTRAS  what is needed besides: usb, serial, nostr (hints), or usb,serial …
# --wheels DIR   take all libraries from this folder, not from the network
# --root DIR     install below this folder, and start nothing (for images)
set -eu
umask 022 # the service is not root, and has to read what is made here

version=0.2.0
wheel="printer_pi-$version-py3-none-any.whl"
served="restaurant/static/printer-pi/$wheel"
here=$(CDPATH='' cd -- "$(dirname -- "$0")" 2>/dev/null && pwd || echo /nowhere)

from='' server='' extras='' wheels='' root=''

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || fail "$1 needs a value, or is not known"
    case $1 in
    --from) from=$2 ;;
    --server) server=${2%/} ;;
    --with) extras="[$2]" ;;
    --wheels) wheels=$2 ;;
    --root) root=${2%/} ;;
    *) fail "there is no option $1" ;;
    esac
    shift 2
done

[ -n "$root" ] || [ "$(id -u)" = 0 ] || fail "run this as root (sudo)"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null ||
    fail "Python 3.10 or newer is needed: apt-get install python3 python3-venv"
python3 -c 'import ensurepip, venv' 2>/dev/null ||
    fail "Python's venv is needed: apt-get install python3-venv"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

if [ -z "$from" ] && [ -f "$here/pyproject.toml" ]; then
    from=$here
elif [ -z "$from" ]; then
    [ -n "$server" ] || fail "say --from FILE, or --server URL"
    echo "Fetching printer-pi $version from $server"
    curl -fsSL "$server/$served" -o "$work/$wheel" ||
        fail "$server serves no printer-pi; take a file: --from FILE"
    from=$work/$wheel
fi
[ -e "$from" ] || fail "$from is not there"

home=$root/opt/printer-pi
config=$root/etc/printer-pi.toml
unit=$root/etc/systemd/system/printer-pi.service

echo "Installing into $home"
mkdir -p "$root/opt" "$root/etc/systemd/system" "$root/usr/local/bin"
# One that a new Python of the system, or a power cut, left useless is made anew.
"$home/bin/python" -m pip --version >/dev/null 2>&1 ||
    python3 -m venv --clear "$home"
if [ -n "$wheels" ]; then
    set -- --no-index --find-links "$wheels"
else
    set --
fi
"$home/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade \
    "$@" "$from$extras"
ln -sf /opt/printer-pi/bin/printer-pi "$root/usr/local/bin/printer-pi"

# What goes with it is in the package itself: a wheel alone is enough.
data=$("$home/bin/python" -c 'import printer_pi, pathlib
print(pathlib.Path(printer_pi.__file__).parent / "data")')
install -m 644 "$data/printer-pi.service" "$unit"
if [ -e "$config" ]; then
    echo "Keeping $config"
else
    install -m 600 "$data/printer-pi.toml" "$config"
fi

if [ -z "$root" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    if grep -q '^\[server\]' "$config"; then
        systemctl enable printer-pi
        systemctl restart printer-pi
        echo "printer-pi $version runs: journalctl -u printer-pi"
        exit 0
    fi
fi
cat <<END
printer-pi $version is installed. Now:
  1. write your printers into $config
  2. printer-pi test
  3. printer-pi pair --url ${server:-https://your.lnbits.example}
  4. systemctl enable --now printer-pi
END
