"""ESC/POS: a bitmap, lines of letters or a drawer's kick as a printer's bytes. Pure.

Only what is written here ever reaches a printer: letters that somebody typed are
encoded without a single byte that printers obey, and dots are counted data. The
commands are Epson's, and of those only the ones that clones know as well.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from .bitmaps import Bitmap
from .codepages import CHINESE, PAGES, encode, width_of
from .columns import Line
from .paper import Width, display_width
from .sheets import Align

Cut = Literal["full", "partial", "none"]
Buzzer = Literal["none", "escpos", "epson", "drawer"]

INIT = b"\x1b\x40"
RASTER = b"\x1d\x76\x30\x00"
#: Rows of one raster command: printers with little memory take no more.
BAND_ROWS = 255
# Blank rows between two rasters are worth a raster of their own from here on.
_GAP_ROWS = 8

# Up to the cutter and 48 of its steps further, then the knife; without a knife past
# the edge where paper is torn off.
_CUTS: dict[str, bytes] = {
    "full": b"\x1d\x56\x41\x30",
    "partial": b"\x1d\x56\x42\x30",
    "none": b"\x1b\x64\x05",
}
_PINS = {2: b"\x00", 5: b"\x01"}
# 50 ms on, then half a second off so that the coil stays cool.
_PULSE = b"\x19\xfa"
_BEEPS: dict[str, bytes] = {
    "escpos": b"\x1b\x42\x02\x03",
    "epson": b"\x1b\x28\x41\x04\x00\x30\x37\x02\x0a",
}

SELECT_PAGE = b"\x1b\x74"
CHINESE_ON, CHINESE_OFF = b"\x1c\x26", b"\x1c\x2e"
SIZE = b"\x1d\x21"
BOLD = b"\x1b\x45"
INVERSE = b"\x1d\x42"
_ON, _OFF = b"\x01", b"\x00"
_NORMAL = b"\x00"


def from_bitmap(
    bitmap: Bitmap,
    *,
    cut: Cut = "partial",
    buzzer: Buzzer = "none",
    drawer_pin: int = 2,
) -> bytes:
    """One document of exactly these dots, from init to cut."""
    bands = b"".join(_raster(band) for band in _bands(bitmap))
    return INIT + beep(buzzer, drawer_pin) + bands + _CUTS[cut]


def from_lines(
    lines: Sequence[Line],
    codepage: str,
    columns: int,
    *,
    cut: Cut = "partial",
    buzzer: Buzzer = "none",
    drawer_pin: int = 2,
) -> bytes:
    """One document of letters on one code page, from init to cut.

    Chinese printers read any two high bytes as one of their letters until they are
    told not to: so that mode is switched off, or on where the page is theirs.
    """
    if codepage == CHINESE:
        page, end = CHINESE_ON, CHINESE_OFF
    else:
        page, end = CHINESE_OFF + SELECT_PAGE + bytes([PAGES[codepage]]), b""
    body = b"".join(_line(line, codepage, columns) for line in lines)
    return INIT + beep(buzzer, drawer_pin) + page + body + end + _CUTS[cut]


def kick(pin: int = 2) -> bytes:
    """A pulse for the cash drawer at pin 2 or 5 of the printer's connector."""
    return b"\x1b\x70" + _PINS[pin] + _PULSE


def beep(buzzer: Buzzer, drawer_pin: int = 2) -> bytes:
    """A sound, if the printer can make one; ``drawer``: by a bell where a drawer
    would be."""
    if buzzer == "drawer":
        return kick(drawer_pin)
    return _BEEPS.get(buzzer, b"")


# --- dots ----------------------------------------------------------------------


def _raster(rows: Sequence[bytes]) -> bytes:
    """One raster command, as wide as its widest row: beyond it paper stays white."""
    width = max(1, *(len(row.rstrip(b"\0")) for row in rows))
    size = width.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return RASTER + size + b"".join(row[:width] for row in rows)


def _bands(bitmap: Bitmap) -> Iterator[list[bytes]]:
    """The rows in bands, blank ones apart from others so that they cost a byte each.

    Feeding would cost less still, but its step is a dot on one model and half a dot
    on the next; a blank raster is exact on all.
    """
    for rows in _runs(map(bitmap.row, range(bitmap.height))):
        for top in range(0, len(rows), BAND_ROWS):
            yield rows[top : top + BAND_ROWS]


def _runs(rows: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Rows with dots and long gaps between them, in turn."""
    inked: list[bytes] = []
    blank: list[bytes] = []
    for row in rows:
        if not any(row):
            blank.append(row)
            continue
        if len(blank) < _GAP_ROWS and inked:
            inked += blank
        else:
            yield from filter(None, (inked, blank))
            inked = []
        inked.append(row)
        blank = []
    yield from filter(None, (inked, blank))


# --- letters -------------------------------------------------------------------


def shape(
    line: Line, columns: int, width: Width = display_width
) -> tuple[int, int, int]:
    """How many times as wide and as high the letters are, and how many blanks of
    that width stand before them.

    A big line is of double size where it fits, otherwise of double height.
    """
    used = width(line.text)
    high = 2 if line.is_big and line.text.strip() else 1
    wide = 2 if high == 2 and 2 * used <= columns else 1
    spare = max(0, columns // wide - used)
    before = {Align.START: 0, Align.CENTER: spare // 2, Align.END: spare}
    return wide, high, before[line.align]


def _line(line: Line, codepage: str, columns: int) -> bytes:
    """One line. Styles begin behind the blanks that put the words in their place and
    end before the line does: no line inherits one, and only words are white on black.
    """
    if not line.text.strip():
        return b"\n"
    wide, high, before = shape(line, columns, width_of(codepage))
    letters = encode(line.text, codepage)
    if line.is_inverse:
        letters = INVERSE + _ON + letters + INVERSE + _OFF
    if line.is_bold:
        letters = BOLD + _ON + letters + BOLD + _OFF
    letters = b" " * before + letters
    if high > 1:
        size = bytes([(wide - 1) << 4 | (high - 1)])
        letters = SIZE + size + letters + SIZE + _NORMAL
    return letters + b"\n"
