"""Paragraphs as lines that fit: wrapped by measured width, put in visual order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image

from . import bidi
from .clusters import Chunk, chunks, clusters, may_split
from .library import Library
from .shaping import Glyphs, Piece, Style, pieces

_FEEDS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Marks that stack higher than this (in ems) are cut off.
_ABOVE, _BELOW = 0.98, 0.30
_ABOVE_MAX, _BELOW_MAX = 1.5, 0.8


@dataclass(frozen=True)
class Line:
    """Glyphs at their places from the line's left end, and how tall they are."""

    glyphs: tuple[tuple[int, Glyphs], ...]
    width: int
    above: int
    below: int
    is_rtl: bool = False

    @property
    def height(self) -> int:
        return self.above + self.below

    def paste(self, image: Image.Image, left: int, top: int, ink: int = 1) -> None:
        """Put the line's dots there, in black (1) or white (0)."""
        for x, glyphs in self.glyphs:
            mask = glyphs.mask
            if mask:
                place = (left + x + glyphs.x, top + self.above + glyphs.y)
                image.paste(ink, place, mask)


@dataclass(frozen=True)
class Paragraph:
    """Text between two line feeds, with its direction and levels."""

    library: Library
    text: str
    style: Style
    direction: int
    levels: bytes
    #: How wide letters are alone, by their text and their way.
    _widths: dict[tuple[str, int], int] = field(default_factory=dict, compare=False)

    @property
    def is_rtl(self) -> bool:
        return self.direction == bidi.RTL

    def lines(self, width: int, first: int | None = None) -> Iterator[Line]:
        """Lines of at most this width, unless one letter alone is wider; ``first``:
        the first line's own."""
        for row in self._rows(width, width if first is None else first):
            yield self._line(row)

    @property
    def widest(self) -> int:
        """How wide its longest word is."""
        return max(self._words(), default=0)

    def widest_within(self, most: int) -> int:
        """How wide the longest of its words is that are no wider than this."""
        return max((width for width in self._words() if width <= most), default=0)

    def _words(self) -> Iterator[int]:
        words = (chunk for chunk in chunks(self.text) if not chunk.is_space)
        return (_width(self._pieces(word)) for word in words)

    def whole(self) -> Line:
        """Everything on one line, spaces at its ends too."""
        row = [p for chunk in chunks(self.text) for p in self._pieces(chunk)]
        return self._line(row)

    def _rows(self, width: int, room: int) -> Iterator[list[Piece]]:
        """Pieces of every line; ``room`` is the first one's."""
        row: list[Piece] = []
        gap: list[Piece] = []
        used = 0
        for chunk in chunks(self.text):
            found = self._pieces(chunk)
            if chunk.is_space:
                gap = found
                continue
            wanted, between = _width(found), _width(gap)
            free = room - used - between
            # Longer than any line: it begins here if half of one is free.
            if wanted > free and (wanted <= width or free < width // 2):
                if row or room < width:
                    yield row
                row, used, gap, between = [], 0, [], 0
                room = free = width
            if wanted <= free:
                row += gap + found
                used += between + wanted
            else:
                row += gap
                for part in self._parts(chunk, free, width):
                    if part is None:
                        yield row
                        row, room = [], width
                    else:
                        row += part
                used = _width(row)
            gap = []
        yield row

    def _parts(
        self, chunk: Chunk, free: int, width: int
    ) -> Iterator[list[Piece] | None]:
        """A word in parts that fit; None: here the line ends."""
        start = chunk.start
        while start < chunk.end:
            end, found = self._fitting(start, chunk.end, free, free == width)
            if found:
                yield found
            if end < chunk.end:
                yield None
            start, free = end, width

    def _fitting(
        self, start: int, stop: int, free: int, is_new: bool
    ) -> tuple[int, list[Piece]]:
        """As many letters from here on as fit; on a line of its own at least one, cut
        anywhere if there is no good place."""
        ends = []
        used = 0
        for begin, end in clusters(self.text, start, stop):
            if begin > start and used > free:
                break
            used += self._letter(begin, end)
            ends.append(end)
        anywhere: tuple[int, list[Piece]] | None = None
        for end in reversed(ends):
            is_good = end == stop or may_split(self.text, end)
            if not is_good and (anywhere or not is_new):
                continue
            found = self._span(start, end)
            if _width(found) > free:
                continue
            if is_good:
                return end, found
            anywhere = end, found
        if not is_new:
            return start, []
        return anywhere or (ends[0], self._span(start, ends[0]))

    def _letter(self, begin: int, end: int) -> int:
        key = (self.text[begin:end], self.levels[begin] % 2)
        width = self._widths.get(key)
        if width is None:
            width = self._widths[key] = _width(self._span(begin, end))
        return width

    def _pieces(self, chunk: Chunk) -> list[Piece]:
        if not chunk.is_space:
            return self._span(chunk.start, chunk.end)
        [one] = pieces(self.library, " ", b"\0", (0, 1), self.style)
        widths = {"\u200b": 0, "\u3000": self.style.px}
        return [
            Piece(
                Glyphs(advance=widths.get(self.text[at], one.glyphs.advance)),
                self.levels[at],
            )
            for at in range(chunk.start, chunk.end)
        ]

    def _span(self, start: int, end: int) -> list[Piece]:
        return pieces(self.library, self.text, self.levels, (start, end), self.style)

    def _line(self, row: list[Piece]) -> Line:
        px = self.style.px
        above, below = round(_ABOVE * px), round(_BELOW * px)
        if row:
            above = max(above, *(piece.glyphs.above for piece in row))
            below = max(below, *(piece.glyphs.below for piece in row))
        x = 0
        placed = []
        for place in bidi.visual([piece.level for piece in row]):
            placed.append((x, row[place].glyphs))
            x += row[place].glyphs.advance
        # Ink may stand out beside the pen's way by a dot or two.
        left = min((at + glyphs.x for at, glyphs in placed), default=0)
        if left < 0:
            placed = [(at - left, glyphs) for at, glyphs in placed]
        right = max((at + glyphs.right for at, glyphs in placed), default=0)
        above = min(above, round(_ABOVE_MAX * px))
        below = min(below, round(_BELOW_MAX * px))
        return Line(tuple(placed), max(x, right), above, below, self.is_rtl)


def paragraphs(
    library: Library, text: str, style: Style, direction: int | None = None
) -> list[Paragraph]:
    """The text's paragraphs. Without a direction given each has its own."""
    found = []
    for part in _FEEDS.split(text.replace("\t", " ")):
        way = bidi.base(part) if direction is None else direction
        way = bidi.LTR if way is None else way
        levels = bidi.levels(part, way)
        found.append(Paragraph(library, part, style, way, levels))
    return found


def _width(row: list[Piece]) -> int:
    return sum(piece.glyphs.advance for piece in row)
