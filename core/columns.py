"""A sheet as lines of fixed-width letters: for plain text and needle printers. Pure.

No line is wider than the paper, and no character is a control character: whatever
people typed stays words (see ``paper.printable``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

from .paper import COLUMNS_MIN, Width, display_width, frame, printable, wrap
from .sheets import (
    Align,
    Block,
    Code,
    Frame,
    Picture,
    Row,
    Rule,
    Sheet,
    Size,
    Space,
    Text,
)

MM_PER_LINE = 4


@dataclass(frozen=True)
class Line:
    """One line of letters, without the spaces that ``align`` would put before it.

    ``is_big``: twice as tall, and twice as wide where that fits the paper.
    """

    text: str
    is_big: bool = False
    is_bold: bool = False
    is_inverse: bool = False
    align: Align = Align.START


def lines(sheet: Sheet, columns: int, width: Width = display_width) -> list[Line]:
    """The sheet's lines, none wider than ``columns`` as ``width`` measures;
    ValueError below 24."""
    if columns < COLUMNS_MIN:
        raise ValueError(f"paper needs at least {COLUMNS_MIN} columns")
    return [line for block in sheet for line in _lines(block, columns, width)]


def plain(sheet: Sheet, columns: int) -> str:
    """The sheet as text; every line ends with a line feed, the only control character
    in it. ValueError below 24 columns."""
    return "".join(f"{placed(line, columns)}\n" for line in lines(sheet, columns))


def placed(line: Line, columns: int, width: Width = display_width) -> str:
    """The line's letters behind the spaces that put it into its place."""
    free = columns - width(line.text)
    if line.align is Align.CENTER:
        return " " * (free // 2 + (free & columns & 1)) + line.text
    if line.align is Align.END:
        return " " * free + line.text
    return line.text


@singledispatch
def _lines(block: Block, columns: int, width: Width) -> Iterator[Line]:  # noqa: ARG001
    raise TypeError(f"{type(block).__name__} is no block of a sheet")


@_lines.register
def _text(block: Text, columns: int, width: Width) -> Iterator[Line]:
    indent = _indent(block.indent, columns)
    # Not all of this paper is white on black: asterisks make a banner one.
    is_banner = block.is_inverse and block.align is Align.CENTER
    text = f"*** {block.text} ***" if is_banner else block.text
    found = wrap(text, columns - len(indent), printable(block.first), width)
    for line in found:
        yield Line(
            indent + line,
            _is_big(block.size),
            block.is_bold,
            block.is_inverse,
            block.align,
        )


@_lines.register
def _row(block: Row, columns: int, width: Width) -> Iterator[Line]:
    is_big, is_bold = _is_big(block.size), block.is_bold
    indent = _indent(block.indent, columns)
    room = columns - len(indent)
    left = [indent + line for line in wrap(block.left, room, width=width)]
    right = list(wrap(block.right, columns, width=width))
    last = left.pop() if left else ""
    for line in left:
        yield Line(line, is_big, is_bold)
    first = right[0] if right else ""
    free = columns - width(last) - width(first)
    if free >= bool(last and first):
        yield Line((last + " " * free + first).rstrip(), is_big, is_bold)
        right = right[1:]
    elif last:
        yield Line(last, is_big, is_bold)
    for line in right:
        yield Line(line, is_big, is_bold, align=Align.END)


@_lines.register
def _rule(block: Rule, columns: int, width: Width) -> Iterator[Line]:  # noqa: ARG001
    yield Line(("=" if block.is_heavy else "-") * columns)


@_lines.register
def _space(block: Space, columns: int, width: Width) -> Iterator[Line]:  # noqa: ARG001
    for _ in range(-(-block.mm // MM_PER_LINE)):
        yield Line("")


@_lines.register
def _frame(block: Frame, columns: int, width: Width) -> Iterator[Line]:
    is_big = _is_big(block.size)
    for line in frame(block.text, columns, _indent(block.indent, columns), width):
        yield Line(line, is_big, block.is_bold)


@_lines.register
def _code(block: Code, columns: int, width: Width) -> Iterator[Line]:
    """What the code says, in letters that break anywhere and join without spaces."""
    if block.letters:
        for text in (block.caption, block.letters):
            for line in wrap(text, columns, width=width):
                yield Line(line)


@_lines.register
def _picture(block: Picture, columns: int, width: Width) -> Iterator[Line]:  # noqa: ARG001
    yield from ()


def _is_big(size: Size) -> bool:
    return size in (Size.LARGE, Size.HUGE)


def _indent(indent: int, columns: int) -> str:
    """At most a quarter of the line: the words need the rest."""
    return " " * min(indent, columns // 4)
