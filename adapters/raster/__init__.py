"""Sheets as black dots, in every script: what is seen on the screen is what prints.

Pure but for the fonts: the same sheet and fonts make the same dots everywhere.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from ...core import limits
from ...core.bitmaps import Bitmap
from ...core.sheets import Block, Row, Sheet
from . import bidi, library, shaping
from .blocks import COLUMN, Canvas, is_rtl
from .pictures import logo, pdf, png

__all__ = [
    "RasterState",
    "Strips",
    "draw",
    "fonts",
    "logo",
    "pdf",
    "png",
    "state",
    "use_fonts",
]

#: Blocks as their strips' heights and dots, on one paper.
Strips = dict[Block, list[tuple[int, bytes]]]

_fonts: list[library.Library] = []


@dataclass(frozen=True)
class RasterState:
    """What this machine can print. ``missing``: what it cannot, among ``libfribidi``
    (without it Arabic is not joined), ``chinese``, ``kana`` and ``hangul``, and
    ``font <file>`` for a font of a pack that cannot be read."""

    has_fribidi: bool
    has_cjk: bool
    missing: tuple[str, ...]


def use_fonts(folder: Path | None, *, with_system: bool = True) -> None:
    """Take fonts from this folder of packs too, from now on; once at start."""
    _fonts[:] = [library.Library(folder, with_system=with_system)]


def draw(
    sheet: Sheet, width: int, *, is_large: bool = False, drawn: Strips | None = None
) -> Bitmap:
    """The sheet on paper of so many dots across, a multiple of 8.

    Blocking, for threads; never raises for any text. Longer than
    ``BITMAP_HEIGHT_MAX`` it is cut off with a mark. ``drawn`` keeps what blocks look
    like, for copies that differ in their marks alone.
    """
    canvas = _canvas(sheet, width, is_large)
    strips: list[bytes] = []
    height = 0
    end = canvas.cut_off()
    for block in sheet:
        for rows, dots in _strips(canvas, block, {} if drawn is None else drawn):
            if height + rows + end.height > limits.BITMAP_HEIGHT_MAX:
                strips.append(end.tobytes())
                return Bitmap(width, height + end.height, b"".join(strips))
            strips.append(dots)
            height += rows
    return Bitmap(width, height, b"".join(strips))


def _strips(canvas: Canvas, block: Block, drawn: Strips) -> list[tuple[int, bytes]]:
    """How high each strip of a block is, and its dots."""
    if block not in drawn:
        found = [(strip.height, strip.tobytes()) for strip in canvas.strips(block)]
        drawn[block] = found
    return drawn[block]


def state() -> RasterState:
    """What this machine can print; the first time it looks at the system's fonts."""
    found = fonts()
    has_fribidi = shaping.has_raqm() and bidi.has_library()
    lacking = found.missing
    broken = tuple(f"font {name}" for name in found.unreadable)
    missing = (*(() if has_fribidi else ("libfribidi",)), *lacking, *broken)
    return RasterState(has_fribidi, not lacking, missing)


def fonts() -> library.Library:
    """The fonts that were chosen, or those of a process that chose none."""
    return _fonts[0] if _fonts else library.standard()


def _canvas(sheet: Sheet, width: int, is_large: bool) -> Canvas:
    """With one edge for all words that run to the left beside figures."""
    canvas = Canvas(fonts(), width, is_large)
    figures = [
        canvas.figure(block).width
        for block in sheet
        if isinstance(block, Row) and block.right and is_rtl(block)
    ]
    if not figures:
        return canvas
    return replace(canvas, words_end=width - min(max(figures), width // 3) - 3 * COLUMN)
