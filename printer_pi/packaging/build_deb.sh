#!/bin/sh
# Builds printer-pi_VERSION_all.deb: build_deb.sh [FOLDER], default: dist/.
#
# All libraries are inside (they are plain Python), so that it installs without a
# network and outlives a new Python of the system. pip fetches them, or takes them from
# the folder $WHEELS.
set -eu
umask 022

package=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
out=${1:-$package/dist}
python=${PYTHON:-python3}
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$package/src/printer_pi/__init__.py")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
tree=$work/tree
library=$tree/usr/lib/printer-pi

mkdir -p "$out" "$library" "$tree/DEBIAN" "$tree/usr/bin" "$tree/etc" \
    "$tree/lib/systemd/system" "$tree/usr/share/doc/printer-pi"

# For the oldest Python it runs on: newer ones do not mind what they have themselves.
if [ -n "${WHEELS:-}" ]; then
    set -- --no-index --find-links "$WHEELS"
else
    set --
fi
"$python" -m pip install --quiet --disable-pip-version-check --no-compile \
    --target "$library" --python-version 3.10 --implementation py --abi none \
    --platform any --only-binary=:all: "$@" \
    'httpx>=0.27,<1' 'tomli>=2' 'exceptiongroup>=1' 'typing_extensions>=4' \
    'pyusb>=1.2' 'pyserial>=3.5'
rm -rf "${library:?}/bin" "$library/__pycache__"
cp -R "$package/src/printer_pi" "$library/printer_pi"
find "$library" -name __pycache__ -prune -exec rm -rf {} +

cat >"$tree/usr/bin/printer-pi" <<'END'
#!/usr/bin/python3 -I
import sys

sys.path.insert(0, "/usr/lib/printer-pi")
from printer_pi.cli import main

sys.exit(main())
END
chmod 755 "$tree/usr/bin/printer-pi"
sed 's#/opt/printer-pi/bin/printer-pi#/usr/bin/printer-pi#' \
    "$package/src/printer_pi/data/printer-pi.service" \
    >"$tree/lib/systemd/system/printer-pi.service"
cp "$package/README.md" "$package/LICENSE" "$tree/usr/share/doc/printer-pi/"
chmod -R u=rwX,go=rX "$tree/usr" "$tree/lib"
size=$(du -sk "$tree" | cut -f1)

cat >"$tree/DEBIAN/control" <<END
Package: printer-pi
Version: $version
Section: misc
Priority: optional
Architecture: all
Depends: python3 (>= 3.10)
Recommends: libusb-1.0-0
Installed-Size: $size
Maintainer: The restaurant extension's authors <printer-pi@localhost>
Description: prints the tickets of an LNbits restaurant
 Fetches print jobs from the restaurant extension of LNbits and prints them on
 receipt printers: network, USB, serial and CUPS.
END
# The configuration holds the token: it is nobody's but root's, and not the package's.
cat >"$tree/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
config=/etc/printer-pi.toml
if [ "$1" = configure ]; then
    if [ ! -e "$config" ]; then
        install -m 600 /usr/lib/printer-pi/printer_pi/data/printer-pi.toml "$config"
    fi
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        if grep -q '^\[server\]' "$config"; then
            systemctl enable printer-pi
            systemctl restart printer-pi
        else
            echo "Now: write $config, then printer-pi pair --url https://…"
        fi
    fi
fi
END
cat >"$tree/DEBIAN/prerm" <<'END'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    systemctl disable --now printer-pi || true
fi
END
chmod 755 "$tree/DEBIAN/postinst" "$tree/DEBIAN/prerm"
deb=$out/printer-pi_${version}_all.deb
dpkg-deb --root-owner-group --build "$tree" "$deb" >/dev/null
echo "$deb"
