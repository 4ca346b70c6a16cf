"""A ticket's words: the server's text made safe, fitted to the paper and marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

DUPLICATE_BANNER = "*** POSSIBLE DUPLICATE ***"
# Direction overrides could make a terminal show a line in another order.
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RULES = frozenset("-=_*─━═")


@dataclass(frozen=True)
class Line:
    """One printed line; `big` asks for large letters where the printer has them,
    `inverse` for white ones on black."""

    text: str
    big: bool = False
    inverse: bool = False


def clean(text: str) -> str:
    """The text without anything a printer or terminal could take as a command.

    Keeps \\n; tabs become spaces; all other C0 and C1 controls and direction
    overrides go; letters with separate accents become single characters.
    """
    text = text.replace("\r\n", "\n").replace("\t", " ")
    kept = []
    for char in unicodedata.normalize("NFC", text):
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


def compose(
    text: str,
    number: str,
    columns: int,
    *,
    duplicate: bool = False,
    fold: Callable[[str], str] = str,
) -> list[Line]:
    """The lines to print for the server's `text` of the order `number` ("" if none).

    The first line that carries `#number` is big; when there is none, a big `#number`
    comes on top. Where that line begins with a mark as in `*** VOID *** #7`, it is
    inverse too, and so is the mark on a line of its own. `duplicate` puts the banner
    above and below, unless the server has done so already. `fold` turns text into what
    the printer's letters can show before it is measured and wrapped.
    """
    body = [line.rstrip() for line in fold(clean(text)).split("\n")]
    while body and not body[-1]:
        body.pop()
    while body and body[0].strip() == DUPLICATE_BANNER:
        duplicate = True
        body = body[1:-1] if body[-1].strip() == DUPLICATE_BANNER else body[1:]
    lines = _with_number(body, fold(clean(number)).replace("\n", " ").strip(" #"))
    if duplicate:
        banner = Line(DUPLICATE_BANNER.center(columns).rstrip(), big=True)
        lines = [banner, *lines, banner]
    return [
        Line(piece, line.big, line.inverse)
        for line in lines
        for piece in _wrap(line.text, columns)
    ]


def _with_number(body: Sequence[str], number: str) -> list[Line]:
    if not number:
        return [Line(text) for text in body]
    carries = re.compile(rf"(?<!\w)#{re.escape(number)}(?!\w)")
    for at, text in enumerate(body):
        if carries.search(text):
            return _with_mark([Line(line, big=at == i) for i, line in enumerate(body)])
    return [Line(f"#{number}", big=True), *(Line(text) for text in body)]


def _with_mark(lines: Sequence[Line]) -> list[Line]:
    title = next(line.text for line in lines if line.big)
    found = re.match(r"\*\*\* [A-Z]+ \*\*\*(?= #)", title)
    mark = found.group() if found else ""
    return [
        replace(line, big=True, inverse=True)
        if mark and (line.big or line.text.strip() == mark)
        else line
        for line in lines
    ]


def _wrap(text: str, columns: int) -> list[str]:
    """Break at spaces, or inside a word longer than the line; keep the indentation."""
    if width(text) <= columns:
        return [text]
    if set(text) <= _RULES:  # a line drawn across the paper only gets shorter
        return [text[: _fits(text, columns)]]
    text = _squeeze(text, columns)
    indent = " " * min(len(text) - len(text.lstrip(" ")), columns // 2)
    pieces = []
    while width(text) > columns:
        cut = _fits(text, columns)
        space = text.rfind(" ", len(indent) + 1, cut + 1)
        cut = space if space > 0 else cut
        pieces.append(text[:cut].rstrip())
        text = indent + text[cut:].lstrip(" ")
    if text.strip():
        pieces.append(text)
    return pieces


def _squeeze(text: str, columns: int) -> str:
    """Take the surplus out of the widest gap between two columns, if it is enough."""
    gaps = [match.span() for match in re.finditer(r"(?<=\S) {3,}(?=\S)", text)]
    start, end = max(gaps, key=lambda gap: gap[1] - gap[0], default=(0, 0))
    left = end - start - (width(text) - columns)
    return text[:start] + " " * left + text[end:] if left > 0 else text


def _fits(text: str, columns: int) -> int:
    """How many leading characters fit into `columns`; at least one."""
    used = 0
    for at, char in enumerate(text):
        used += _char_width(char)
        if used > columns:
            return max(at, 1)
    return len(text)


def as_text(lines: Sequence[Line], copies: int) -> bytes:
    """Plain UTF-8 text; copies are parted by a dashed line."""
    one = "".join(f"{line.text}\n" for line in lines)
    return ("- - - - - - - -\n".join([one] * copies)).encode("utf-8")


def as_frames(lines: Sequence[Line], columns: int, title: str, copies: int) -> bytes:
    """UTF-8 text with a box around every copy, for people reading a terminal."""
    inner = max([columns, *(width(line.text) for line in lines)])
    title = f" {title} "[: inner + 1]
    top = f"┌─{title}{'─' * (inner + 1 - len(title))}┐\n"
    rows = "".join(
        f"│ {line.text}{' ' * (inner - width(line.text))} │\n" for line in lines
    )
    return ((top + rows + f"└{'─' * (inner + 2)}┘\n") * copies).encode("utf-8")
