"""Makes dist/restaurant-fonts-cjk.zip: Chinese, Japanese and Korean for tickets.

Unpack it into the folder `restaurant_fonts` inside LNbits' data folder and restart.
Servers that have fonts-noto-cjk or the like need no pack. Wants npm.
"""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from npm import LICENCE, packages

REPO = Path(__file__).resolve().parents[1]
PACK = REPO / "dist" / "restaurant-fonts-cjk.zip"
CACHE = Path(tempfile.gettempdir()) / "restaurant-fonts"
# The earliest date a zip can say: the same fonts make the same pack.
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o100644 << 16


def contents() -> list[tuple[str, bytes]]:
    """The pack's files by name."""
    found = []
    for package in packages("pack"):
        for name, content in package.files(CACHE).items():
            family = package.fonts[0].name.partition("-")[0]
            is_licence = name == LICENCE
            found.append((f"{family}.LICENSE.txt" if is_licence else name, content))
    return sorted(found)


def main() -> int:
    PACK.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(PACK, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as pack:
        for name, content in contents():
            entry = zipfile.ZipInfo(name, FIXED_DATE)
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = PLAIN_FILE
            entry.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(entry, content)
    print(f"{PACK.relative_to(REPO)}  {PACK.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
