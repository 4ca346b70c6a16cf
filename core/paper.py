"""Plain text on paper of so many columns: what fits, where it breaks. Pure.

Widths are columns of fixed-width letters: East Asian wide characters take two,
marks and joiners none.
"""

import unicodedata
from collections.abc import Iterator

#: On less, frames and leading words leave no room for letters.
COLUMNS_MIN = 24
# Direction overrides and invisible separators: paper must show what is there.
_HIDDEN = frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x2060, 0xFEFF))
)


def frame(text: str, columns: int, indent: str = "") -> Iterator[str]:
    """A box around a text; its line feeds are kept."""
    inner = columns - len(indent) - 4
    edge = f"{indent}+{'-' * (inner + 2)}+"
    yield edge
    for paragraph in text.split("\n"):
        for line in wrap(paragraph, inner):
            yield f"{indent}| {line}{' ' * (inner - display_width(line))} |"
    yield edge


def wrap(text: str, columns: int, first: str = "") -> Iterator[str]:
    """Lines of at most so many columns; ``first`` leads in and sets the indent."""
    lead = display_width(first)
    indent = " " * min(lead, columns // 2)
    line, is_empty = first, True
    for word in printable(text).split():
        for piece in _chop(word, columns - max(lead, len(indent))):
            if not is_empty and display_width(f"{line} {piece}") > columns:
                yield line
                line, is_empty = indent, True
            line += piece if is_empty else f" {piece}"
            is_empty = False
    if not is_empty or first.strip():
        yield line.rstrip()


def _chop(word: str, columns: int) -> Iterator[str]:
    """Pieces of a word that is wider than a line; marks stay with their letter."""
    piece, used = "", 0
    for char in word:
        width = _char_width(char)
        if used + width > columns:
            yield piece
            piece, used = "", 0
        piece += char
        used += width
    yield piece


def printable(text: str) -> str:
    """Without anything a printer could take as a command or show in another place."""
    return "".join(map(_printable_char, text))


def _printable_char(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cc":
        return " "
    if category == "Cs":
        return "?"
    return "" if char in _HIDDEN else char


def display_width(text: str) -> int:
    """How many columns of fixed-width letters the text takes."""
    return sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def with_banner(text: str, banner: str, columns: int) -> str:
    """The text between two lines that say what kind of copy this is."""
    line = banner.center(columns).rstrip()[:columns] + "\n"
    return line + text + line
