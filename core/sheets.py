"""What stands on a piece of paper, before anybody knows how wide it is. Pure.

A sheet is a list of blocks from top to bottom. One sheet becomes a bitmap, lines of
fixed-width letters, or a page for a browser: all of them say the same.
"""

from dataclasses import dataclass
from enum import Enum

from .bitmaps import Bitmap


class Size(str, Enum):
    """How big letters are: small print, text, twice that, three times that."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"
    HUGE = "huge"


class Align(str, Enum):
    """START is the left, for words that begin at the right it is the right."""

    START = "start"
    CENTER = "center"
    END = "end"


@dataclass(frozen=True)
class Text:
    """A paragraph. ``first`` leads in (``2 x ``) and later lines hang below what
    follows it; ``indent`` is in columns. ``is_inverse``: white on black."""

    text: str
    size: Size = Size.NORMAL
    is_bold: bool = False
    is_inverse: bool = False
    align: Align = Align.START
    first: str = ""
    indent: int = 0


@dataclass(frozen=True)
class Row:
    """Words at the left and, on the last line that they take, a figure at the right."""

    left: str
    right: str
    size: Size = Size.NORMAL
    is_bold: bool = False
    indent: int = 0


@dataclass(frozen=True)
class Rule:
    """A line across the paper; a heavy one parts head, body and foot."""

    is_heavy: bool = False


@dataclass(frozen=True)
class Space:
    """Empty paper; on paper of letters a line for every 4 mm begun."""

    mm: int = 4


@dataclass(frozen=True)
class Frame:
    """Somebody's words in a box; their line feeds are kept."""

    text: str
    size: Size = Size.NORMAL
    is_bold: bool = True
    indent: int = 0


@dataclass(frozen=True)
class Code:
    """A QR code: rows of modules from top to bottom, ``1`` for dark, without the
    white edge. ``caption`` says what it is for; ``letters`` is what it says, for
    paper of letters (empty: nothing is printed there)."""

    modules: tuple[str, ...]
    caption: str = ""
    letters: str = ""


@dataclass(frozen=True)
class Picture:
    """A logo, centered; wider than the paper it is made smaller. Paper of letters
    has none."""

    bitmap: Bitmap


Block = Text | Row | Rule | Space | Frame | Code | Picture
Sheet = tuple[Block, ...]
