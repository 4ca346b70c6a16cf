"""Sheets drawn without LNbits: an empty package stands for the extension, as for rules.

Only fonts in this repository count, so that pictures are the same on every machine:
the bundled ones and, in place of a font pack, a few letters of Chinese, Japanese and
Korean.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

import examples

HERE = Path(__file__).resolve().parent

if "restaurant" not in sys.modules:
    package = ModuleType("restaurant")
    package.__path__ = [str(HERE.parents[1])]
    sys.modules["restaurant"] = package

examples.choose()


@pytest.fixture(autouse=True, scope="session")
def fonts_of_this_repository() -> None:
    from restaurant.adapters import raster

    raster.use_fonts(HERE / "fonts", with_system=False)
