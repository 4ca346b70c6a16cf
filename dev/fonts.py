"""The fonts that tickets are drawn with: made from pinned packages, and their tables.

    dev/fonts.py build       adapters/raster/fonts anew, then the coverage
    dev/fonts.py test-fonts  tests/raster/fonts anew: the few ideographs of the tests
    dev/fonts.py coverage    adapters/raster/coverage.json from the fonts that are there
    dev/fonts.py check       exit code 1 when that file is not up to date

`build` and `test-fonts` need npm and, in the Python that runs them, fonttools; the
project itself needs neither.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from npm import LICENCE, Font, packages

REPO = Path(__file__).resolve().parents[1]
RASTER = REPO / "adapters" / "raster"
FONTS = RASTER / "fonts"
COVERAGE = RASTER / "coverage.json"
TEST_FONTS = REPO / "tests" / "raster" / "fonts"
#: What the tests write in ideographs, kana and Hangul.
TEST_TEXTS = TEST_FONTS / "letters.txt"
CACHE = Path(tempfile.gettempdir()) / "restaurant-fonts"


def subset(font: Font, content: bytes, unicodes: str, target: Path) -> None:
    """Write the part of a font that is kept. Hints go: FreeType's own do as well."""
    with tempfile.NamedTemporaryFile(suffix=".ttf") as source:
        source.write(content)
        source.flush()
        command = (
            *(sys.executable, "-m", "fontTools.subset", source.name),
            *(f"--unicodes={unicodes}", f"--layout-features={font.features}"),
            *("--no-hinting", "--name-IDs=0,1,2,3,4,5,6,13,14"),
            *("--drop-tables+=STAT,MVAR,HVAR,meta", f"--output-file={target}"),
        )
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)


def build() -> None:
    """The bundled fonts and their licences."""
    for package in packages("bundled"):
        files = package.files(CACHE)
        for font in package.fonts:
            subset(font, files[font.name], font.unicodes, FONTS / font.name)
        family = package.fonts[0].name.partition("-")[0]
        (FONTS / f"{family}.LICENSE.txt").write_bytes(files[LICENCE])
    write_coverage()


def build_test_fonts() -> None:
    """Of the pack's fonts the letters that the tests use."""
    letters = set(TEST_TEXTS.read_text("utf-8")) - {"\n"}
    hangul = {letter for letter in letters if "가" <= letter <= "힣"}
    for package in packages("pack"):
        files = package.files(CACHE)
        [font] = package.fonts
        kept = hangul if font.name.startswith("NotoSansKR") else letters - hangul
        unicodes = ",".join(f"{ord(letter):X}" for letter in sorted(kept))
        plain = replace(font, features="")
        subset(plain, files[font.name], unicodes, TEST_FONTS / font.name)
        family = font.name.partition("-")[0]
        (TEST_FONTS / f"{family}.LICENSE.txt").write_bytes(files[LICENCE])


def cmap() -> ModuleType:
    """The reader that the extension has, without the extension."""
    spec = importlib.util.spec_from_file_location("cmap", RASTER / "cmap.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def coverage() -> str:
    """coverage.json as it should be. Bold fonts have what their sisters have."""
    reader = cmap()
    tables = {
        path.name: reader.as_text(reader.coverage(path))
        for path in sorted(FONTS.glob("*.ttf"))
        if "-Bold." not in path.name
    }
    return json.dumps(tables, indent=2) + "\n"


def write_coverage() -> None:
    COVERAGE.write_text(coverage(), "utf-8")


def main(task: str = "check") -> int:
    if task == "build":
        build()
    elif task == "test-fonts":
        build_test_fonts()
    elif task == "coverage":
        write_coverage()
    elif COVERAGE.read_text("utf-8") != coverage():
        print("adapters/raster/coverage.json is not up to date: dev/fonts.py coverage")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
