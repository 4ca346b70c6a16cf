"""Tickets for people: the server's text made safe for terminals, files and frames."""

from __future__ import annotations

import unicodedata

# Direction overrides could make a terminal show a line in another order.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
FRAME_COLUMNS = 42


def clean(text: str) -> str:
    """The text without anything a terminal could take as a command.

    Keeps \\n; tabs become spaces; all other C0 and C1 controls and direction
    overrides go.
    """
    kept = []
    for char in text.replace("\r\n", "\n").replace("\t", " "):
        category = unicodedata.category(char)
        if char in _BIDI or (category == "Cc" and char != "\n"):
            continue
        kept.append("?" if category == "Cs" else char)
    return "".join(kept)


def width(text: str) -> int:
    """How many columns of fixed-width letters the text takes."""
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def as_text(text: str, copies: int) -> bytes:
    """Plain UTF-8 text; copies are parted by a dashed line."""
    one = clean(text).rstrip("\n") + "\n"
    return ("- - - - - - - -\n".join([one] * copies)).encode("utf-8")


def as_frames(text: str, title: str, copies: int) -> bytes:
    """UTF-8 text with a box around every copy, for people reading a terminal."""
    lines = [line.rstrip() for line in clean(text).rstrip("\n").split("\n")]
    inner = max([FRAME_COLUMNS, *map(width, lines)])
    title = f" {title} "[: inner + 1]
    top = f"┌─{title}{'─' * (inner + 1 - len(title))}┐\n"
    rows = "".join(f"│ {line}{' ' * (inner - width(line))} │\n" for line in lines)
    return ((top + rows + f"└{'─' * (inner + 2)}┘\n") * copies).encode("utf-8")
