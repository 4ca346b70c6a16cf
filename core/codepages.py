"""Letters that printers have: one fixed page of 256, and what is not on it. Pure.

A page's number in ``ESC t n`` is from Epson's ESC/POS reference. Only pages are here
whose numbers clones share (Citizen, Samsung/Bixolon, Sunmi, ZJ); what they number in
ways of their own (1251 is 46, 28, 6, 51 or 73) is not.
"""

import codecs
import unicodedata
from dataclasses import replace
from functools import lru_cache

from .paper import Width, chinese_width, display_width
from .sheets import Block, Code, Frame, Row, Sheet, Text

#: Python's codec → the page's number in ``ESC t n``.
PAGES = {
    "cp437": 0,
    "cp850": 2,
    "cp852": 18,
    "cp858": 19,
    "cp860": 3,
    "cp863": 4,
    "cp865": 5,
    "cp866": 17,
    "cp1252": 16,
}
#: Chinese, in two bytes a letter; it has no number but a mode of its own.
CHINESE = "gb18030"
CODEPAGES = (*PAGES, CHINESE)
UNKNOWN = "?"

# Signs of every menu that no decomposition leads to a letter of a page; where the
# page has what is named here.
_LOOKALIKES = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u2032\u02bc", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u2033\u00ab\u00bb", '"'),
    **dict.fromkeys("\u2022\u00b7\u2219", "*"),
    "\u00d7": "x",
    "\u20ac": "EUR",
    "\u20bf": "BTC",
    "\u00a1": "!",
    "\u00bf": "?",
    "\u00df": "ss",
    "\u1e9e": "SS",
    "\u00e6": "ae",
    "\u00c6": "AE",
    "\u0153": "oe",
    "\u0152": "OE",
    "\u00f8": "o",
    "\u00d8": "O",
    "\u0142": "l",
    "\u0141": "L",
    "\u0111": "d",
    "\u0110": "D",
    "\u00f0": "d",
    "\u00d0": "D",
    "\u00fe": "th",
    "\u00de": "Th",
    "\u0131": "i",
    "\u0127": "h",
    "\u0126": "H",
    "\u2192": "->",
    "\u2190": "<-",
    "\u2044": "/",
    "\u00b0": "o",
    "\u00b4": "'",
    "\u00a3": "\uffe1",
    "\u00a5": "\uffe5",
    "\u03c2": "\u03c3",
    "\u0406": "I",
    "\u0456": "i",
    "\u0490": "\u0413",
    "\u0491": "\u0433",
}
_INVISIBLE = ("Mn", "Me", "Cf")
_SKIN_TONES = range(0x1F3FB, 0x1F400)
# Bytes that printers obey: those before the blank, and DEL.
_OBEYED = bytes((*range(0x20), 0x7F))


def fold(text: str, page: str) -> str:
    """The text in letters that the page has.

    What is not there is replaced by a lookalike, by its form without accents, or by a
    visible ``?``; joiners, variation selectors and skin tones vanish, a control
    character becomes a blank. Line feeds stay.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(_folded(char, page) for char in composed)


def folded(sheet: Sheet, page: str) -> Sheet:
    """The sheet in letters of the page: what is measured is what is printed."""
    return tuple(_folded_block(block, page) for block in sheet)


def width_of(page: str) -> Width:
    """How wide the page's letters are printed."""
    return chinese_width if page == CHINESE else display_width


def _folded_block(block: Block, page: str) -> Block:
    if isinstance(block, Text):
        return replace(
            block, text=fold(block.text, page), first=fold(block.first, page)
        )
    if isinstance(block, Row):
        return replace(
            block, left=fold(block.left, page), right=fold(block.right, page)
        )
    if isinstance(block, Frame):
        return replace(block, text=fold(block.text, page))
    if isinstance(block, Code):
        return replace(block, caption=fold(block.caption, page))
    return block


def encode(text: str, page: str) -> bytes:
    """The text's bytes on the page; never one that a printer obeys (below 0x20, DEL),
    a line feed as little as the others. Raises nothing for any text."""
    raw = fold(text, page).encode(_codec(page), "replace")
    return raw.translate(None, _OBEYED)


@lru_cache(maxsize=8_192)
def _folded(char: str, page: str) -> str:
    is_there = char == "\n" or _is_on_page(char, page)
    # Chinese printers have accents and dashes too, as wide as two letters.
    if is_there and (page != CHINESE or char.isascii() or display_width(char) == 2):
        return char
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category in _INVISIBLE or ord(char) in _SKIN_TONES:
        return ""
    parts = [
        part
        for part in unicodedata.normalize("NFKD", char)
        if unicodedata.category(part) not in _INVISIBLE
    ]
    alike = "".join(_LOOKALIKES.get(part, part) for part in parts)
    for other in (_LOOKALIKES.get(char, ""), alike, "".join(parts)):
        is_better = other.isascii() or not is_there
        if other and is_better and all(_is_on_page(part, page) for part in other):
            return other
    return char if is_there else UNKNOWN


def _is_on_page(char: str, page: str) -> bool:
    """A letter of the page, that is not a command."""
    if unicodedata.category(char) in ("Cc", "Cf"):
        return False
    try:
        raw = codecs.lookup(_codec(page)).encode(char)[0]
    except UnicodeError:
        return False
    return len(raw) <= 2 and not any(byte in _OBEYED for byte in raw)


def _codec(page: str) -> str:
    """Of Chinese only the letters of two bytes: printers have no others."""
    return "gbk" if page == CHINESE else page
