"""What a printer of letters would print, as a picture for people.

Every letter in its cell, of the same shape that the printer gets told: so words stand
where they will stand on paper, though a printer's own letters look different.
"""

from collections.abc import Sequence
from functools import lru_cache

from PIL import Image

from ..core import limits
from ..core.bitmaps import Bitmap
from ..core.columns import Line
from ..core.escpos import shape
from ..core.paper import Width, display_width
from . import raster
from .raster.library import Library
from .raster.shaping import Style, pieces

_WIDE, _HIGH = 12, 24  # dots of a cell, as on thermal paper
_BASE = 18  # rows from a cell's top to its letters' feet
_GAP = 6  # rows between lines
_PX = 19
_LINES_MAX = limits.BITMAP_HEIGHT_MAX // (2 * _HIGH + _GAP)


def draw(lines: Sequence[Line], columns: int, measure: Width = display_width) -> Bitmap:
    """The lines as dots, twelve to a column, as wide as ``measure`` says. Any thread;
    raises nothing."""
    shown = list(lines[:_LINES_MAX])
    if len(lines) > _LINES_MAX:
        shown[-1] = Line("...")
    width = columns * _WIDE
    rows = [_row(line, columns, measure) for line in shown]
    paper = Image.new("1", (width, max(1, sum(row.height for row in rows))))
    top = 0
    for row in rows:
        paper.paste(row, (0, top))
        top += row.height
    return Bitmap(width, paper.height, paper.tobytes())


def _row(line: Line, columns: int, measure: Width) -> Image.Image:
    wide, high, before = shape(line, columns, measure)
    row = Image.new("1", (columns * _WIDE, high * _HIGH + _GAP))
    library = raster.fonts()
    x = before * wide * _WIDE
    for char in line.text:
        width = measure(char) * _WIDE
        cell = _cell(library, char, width, line.is_bold, line.is_inverse)
        if cell is None:
            continue
        if high > 1:
            size = (cell.width * wide, cell.height * high)
            cell = cell.resize(size, Image.Resampling.NEAREST)
        row.paste(cell, (x, 0))
        x += cell.width
    return row


@lru_cache(maxsize=2_000)
def _cell(
    library: Library, char: str, width: int, is_bold: bool, is_inverse: bool
) -> Image.Image | None:
    """One letter in the middle of its cell; None for what takes no place."""
    if not width:
        return None
    cell = Image.new("1", (width, _HIGH))
    for piece in pieces(library, char, b"\0", (0, 1), Style(_PX, is_bold)):
        mask = piece.glyphs.mask
        if mask is None:
            continue
        if mask.width > width:
            mask = mask.resize((width, mask.height), Image.Resampling.NEAREST)
        place = ((width - mask.width) // 2, _BASE + piece.glyphs.y)
        cell.paste(1, place, mask)
    return cell.point(lambda dot: 0 if dot else 1) if is_inverse else cell
