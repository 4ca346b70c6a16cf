"""Plain text on paper of so many columns: what fits, where it breaks. Pure.

Widths are columns of fixed-width letters: East Asian wide characters take two,
marks and joiners none. Ambiguous ones (Greek, Cyrillic, signs; Unicode's annex 11)
take one, but two on a Chinese printer, which has them on its page of wide letters.
"""

import unicodedata
from collections.abc import Callable, Iterator

#: How many columns a text takes.
Width = Callable[[str], int]

#: On less, frames and leading words leave no room for letters.
COLUMNS_MIN = 24
# Direction overrides and invisible separators: paper must show what is there.
_HIDDEN = frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x2060, 0xFEFF))
)


def display_width(text: str) -> int:
    """How many columns of fixed-width letters the text takes."""
    return sum(_char_width(char, "WF") for char in text)


def chinese_width(text: str) -> int:
    """The same on a Chinese printer: whatever is not narrow is wide."""
    return sum(_char_width(char, "WFA") for char in text)


def _char_width(char: str, wide: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in wide else 1


def frame(
    text: str, columns: int, indent: str = "", width: Width = display_width
) -> Iterator[str]:
    """A box around a text; its line feeds are kept."""
    inner = columns - len(indent) - 4
    edge = f"{indent}+{'-' * (inner + 2)}+"
    yield edge
    for paragraph in text.split("\n"):
        for line in wrap(paragraph, inner, width=width):
            yield f"{indent}| {line}{' ' * (inner - width(line))} |"
    yield edge


def wrap(
    text: str, columns: int, first: str = "", width: Width = display_width
) -> Iterator[str]:
    """Lines of at most so many columns; ``first`` leads in and sets the indent."""
    lead = width(first)
    indent = " " * min(lead, columns // 2)
    line, is_empty = first, True
    for word in printable(text).split():
        for piece in _chop(word, columns - max(lead, len(indent)), width):
            if not is_empty and width(f"{line} {piece}") > columns:
                yield line
                line, is_empty = indent, True
            line += piece if is_empty else f" {piece}"
            is_empty = False
    if not is_empty or first.strip():
        yield line.rstrip()


def _chop(word: str, columns: int, width: Width) -> Iterator[str]:
    """Pieces of a word that is wider than a line; marks stay with their letter."""
    piece, used = "", 0
    for char in word:
        wanted = width(char)
        if used + wanted > columns:
            yield piece
            piece, used = "", 0
        piece += char
        used += wanted
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


def with_banner(text: str, banner: str, columns: int) -> str:
    """The text between two lines that say what kind of copy this is."""
    line = banner.center(columns).rstrip()[:columns] + "\n"
    return line + text + line
