"""Draws in a process of its own, where libfribidi cannot be loaded."""

import sys
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent
package = ModuleType("restaurant")
package.__path__ = [str(HERE.parents[1])]
sys.modules["restaurant"] = package

from restaurant.adapters import raster  # noqa: E402
from restaurant.core.sheets import Text  # noqa: E402

raster.use_fonts(HERE / "fonts", with_system=False)
state = raster.state()
word, letters = (raster.draw((Text(text),), 576) for text in ("שלום (2)", "םולש"))
is_there = [any(picture.rows) for picture in (word, letters)]
# Hebrew does not join, so that its letters turned round are what is seen.
same = raster.draw((Text("שלום"),), 576).rows == raster.draw((Text("שלום"),), 576).rows
print(state.has_fribidi, *state.missing, all(is_there), same)
