"""The printer's language: text mode ESC/POS with one Latin code page per printer."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable, Sequence

from .ticket import Line

# Python's codec name → the page's number in ESC t n, where Epson and clones agree.
CODE_PAGES = {
    "cp858": 19,
    "cp1252": 16,
    "cp437": 0,
    "cp850": 2,
    "cp852": 18,
    "cp860": 3,
    "cp863": 4,
    "cp865": 5,
    "cp866": 17,
}

INIT = b"\x1b\x40"
SELECT_PAGE = b"\x1b\x74"
SIZE = b"\x1d\x21"
INVERSE = b"\x1d\x42"
ON, OFF = b"\x01", b"\x00"
NORMAL, TALL, DOUBLE = b"\x00", b"\x01", b"\x11"
FEED_AND_CUT = b"\x1d\x56\x42\x30"
FEED = b"\x1b\x64\x05"
RASTER = b"\x1d\x76\x30\x00"
RASTER_ROWS = 255  # so many at once; small printers have little memory
# Connector pin 2; 50 ms on, then half a second off so that the coil stays cool.
KICK = b"\x1b\x70\x00\x19\xfa"
DOTS_PER_COLUMN = 12

# Signs every menu uses that no decomposition leads to a letter of a Latin page.
_LOOKALIKES = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u2033", '"'),
    "\u00d7": "x",
    "\u2022": "*",
    "\u00b7": "*",
    "\u20ac": "EUR",
    "\u20bf": "BTC",
    "\u00a1": "!",
    "\u00bf": "?",
    "\u00df": "ss",
    "\u00e6": "ae",
    "\u00c6": "AE",
    "\u0153": "oe",
    "\u0152": "OE",
    "\u00f8": "o",
    "\u00d8": "O",
    "\u0142": "l",
    "\u0141": "L",
    "\u2192": "->",
    "\u2044": "/",
}
_INVISIBLE = ("Mn", "Me", "Cf")
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def folder(codepage: str) -> Callable[[str], str]:
    """A function that rewrites text so that every character is on the code page.

    A character that is not is replaced by a lookalike, its compatibility form without
    accents, or "?". Joiners, variation selectors and skin tones vanish.
    """
    encode = codecs.getencoder(codepage)

    def on_page(text: str) -> bool:
        try:
            encode(text)
        except UnicodeError:
            return False
        return True

    def fold_char(char: str) -> str:
        if unicodedata.category(char) in _INVISIBLE or ord(char) in _SKIN_TONES:
            return ""
        if char == "\n" or on_page(char):
            return char
        if char in _LOOKALIKES:
            return _LOOKALIKES[char]
        plain = "".join(
            part
            for part in unicodedata.normalize("NFKD", char)
            if unicodedata.category(part) not in _INVISIBLE
        )
        plain = "".join(_LOOKALIKES.get(part, part) for part in plain)
        return plain if plain and on_page(plain) else "?"

    return lambda text: "".join(map(fold_char, text))


def encode(
    lines: Sequence[Line],
    *,
    codepage: str,
    columns: int,
    cut: bool,
    copies: int,
    picture: Sequence[bytes] = (),
) -> bytes:
    """The bytes that print `lines` `copies` times, already folded for `codepage`.

    `picture` comes below them: rows of dots, eight to a byte, all of one width.
    """
    page = SELECT_PAGE + bytes([CODE_PAGES[codepage]])
    body = b"".join(_line(line, codepage, columns) for line in lines)
    body += _raster(picture)
    return (INIT + page + body + (FEED_AND_CUT if cut else FEED)) * copies


def _raster(picture: Sequence[bytes]) -> bytes:
    """The picture in bands: a printer cannot hold a tall one."""
    bands = []
    for top in range(0, len(picture), RASTER_ROWS):
        band = picture[top : top + RASTER_ROWS]
        size = len(band[0]).to_bytes(2, "little") + len(band).to_bytes(2, "little")
        bands.append(RASTER + size + b"".join(band))
    return b"".join(bands)


def _line(line: Line, codepage: str, columns: int) -> bytes:
    if not line.big or not line.text.strip():
        return _letters(line.text, codepage) + b"\n"
    words = line.text.strip()
    indent = len(line.text) - len(line.text.lstrip())
    if 2 * len(words) <= columns:
        size, shown = DOUBLE, " " * min(indent // 2, columns // 2 - len(words)) + words
    else:
        size, shown = TALL, line.text
    letters = _letters(shown, codepage)
    if line.inverse:  # switched off before the line ends, or its whole rest is black
        letters = INVERSE + ON + letters + INVERSE + OFF
    return SIZE + size + letters + b"\n" + SIZE + NORMAL


def _letters(text: str, codepage: str) -> bytes:
    """Text as letters only: a byte the printer would obey is never among them."""
    raw = text.encode(codepage, "replace")
    return bytes(byte for byte in raw if byte >= 0x20 and byte != 0x7F)
