"""Every block of a sheet as strips of dots, from top to bottom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatchmethod
from itertools import chain

from PIL import Image, ImageDraw

from ...core.sheets import (
    Align,
    Code,
    Frame,
    Picture,
    Row,
    Rule,
    Size,
    Space,
    Text,
)
from . import bidi
from .library import Library
from .lines import Line, Paragraph, paragraphs
from .pictures import image_of
from .shaping import Style

DOTS_PER_MM = 8
#: An indent's column, as wide as a letter of 48 on 80 mm.
COLUMN = 12
_PX = {Size.SMALL: 20, Size.NORMAL: 24, Size.LARGE: 46, Size.HUGE: 70}
_PX_LARGE = {Size.SMALL: 24, Size.NORMAL: 31, Size.LARGE: 56, Size.HUGE: 80}
_QUIET = 4
_MODULE_MAX = 6
_BORDER, _PADDING = 3, 10
_SHORT = 60
_QUANTITY = re.compile(r"\s*\d+\s*[x×]\s+")
# What leads in, and the quantity at its end.
_LEAD = re.compile(r"(?s:(.*\S)\s+(\d+\s*[x×]\s+))")
#: Dots by which titles are made smaller until each word fits.
_STEP = 4


@dataclass(frozen=True)
class Canvas:
    """What blocks are drawn with: fonts, dots across, whether letters are large."""

    library: Library
    width: int
    is_large: bool = False
    #: Where words begin that run to the left: before the figures of such rows.
    words_end: int = 0

    @singledispatchmethod
    def strips(self, block: object) -> Iterator[Image.Image]:
        raise TypeError(f"{type(block).__name__} is no block of a sheet")

    @strips.register
    def _text(self, block: Text) -> Iterator[Image.Image]:
        style, parts = self._words(block)
        lead: Line | None = None
        hang = 0
        if block.first:
            way = parts[0].direction
            left, right = self._sides(block, is_rtl=parts[0].is_rtl)
            lead = self._one_line(block.first, style, way).whole()
            if lead.width > right - left:
                words, quantity = _parted(block.first)
                for line in self._one_line(words, style, way).lines(right - left):
                    yield self._said(line, None, 0, block)
                lead = self._one_line(quantity, style, way).whole()
            widest = parts[0].widest_within(right - left)
            hang = _hang(lead.width, right - left, widest)
            lead = lead if lead.width else None
        for part in parts:
            left, right = self._sides(block, is_rtl=part.is_rtl)
            first = lead.width if lead else hang
            for line in part.lines(right - left - hang, right - left - first):
                yield self._said(line, lead, lead.width if lead else hang, block)
                lead = None

    @strips.register
    def _row(self, block: Row) -> Iterator[Image.Image]:
        style = self._style(block.size, block.is_bold)
        figure = self.figure(block)
        parts = paragraphs(self.library, block.left, style, direction_of(block))
        indent = self._indent(block.indent)
        room = self.width - indent
        beside = room - figure.width - style.px // 2 if figure.width else room
        is_cut = any(
            self._row_room(part, beside) < part.widest <= self._row_room(part, room)
            for part in parts
        )
        is_beside = (beside >= room // 3 and not is_cut) or _fits(parts, beside)
        if is_beside:
            room = beside
        lines = [
            (line, self._row_left(line, indent, room))
            for part in parts
            for line in part.lines(self._row_room(part, room))
        ]
        *above, (last, left) = lines
        yield from map(self._strip_of, above)
        edge = self.width - figure.width
        if is_beside or left + last.width + style.px // 2 <= edge:
            yield self._strip_of((last, left), (figure, edge))
            return
        if block.left:
            yield self._strip_of((last, left))
        for line in self._one_line(block.right, style).lines(self.width):
            yield self._strip_of((line, max(self.width - line.width, 0)))

    @strips.register
    def _rule(self, block: Rule) -> Iterator[Image.Image]:
        strip = self._strip(20 if block.is_heavy else 14)
        draw = ImageDraw.Draw(strip)
        if block.is_heavy:
            draw.rectangle((0, 8, self.width - 1, 11), fill=1)
        else:
            for x in range(0, self.width, 12):
                draw.rectangle((x, 6, x + 5, 7), fill=1)
        yield strip

    @strips.register
    def _space(self, block: Space) -> Iterator[Image.Image]:
        for _ in range(max(block.mm, 0)):
            yield self._strip(DOTS_PER_MM)

    @strips.register
    def _frame(self, block: Frame) -> Iterator[Image.Image]:
        style = self._style(block.size, block.is_bold)
        parts = paragraphs(self.library, block.text, style)
        is_rtl = any(part.is_rtl for part in parts[:1])
        indent = self._indent(block.indent)
        left, right = (0, self.width - indent) if is_rtl else (indent, self.width)
        room = right - left - 2 * (_BORDER + _PADDING)
        yield self._edge(left, right, is_top=True)
        for line in chain.from_iterable(part.lines(max(room, 1)) for part in parts):
            strip = self._strip(line.height)
            draw = ImageDraw.Draw(strip)
            draw.rectangle((left, 0, left + _BORDER - 1, line.height), fill=1)
            draw.rectangle((right - _BORDER, 0, right - 1, line.height), fill=1)
            x = left + _BORDER + _PADDING
            line.paste(strip, x + (room - line.width if line.is_rtl else 0), 0)
            yield strip
        yield self._edge(left, right, is_top=False)

    @strips.register
    def _code(self, block: Code) -> Iterator[Image.Image]:
        modules = block.modules
        across = max((len(row) for row in modules), default=0) + 2 * _QUIET
        dots = min(_MODULE_MAX, self.width // across)
        if dots and modules:
            code = Image.new("1", (across, len(modules) + 2 * _QUIET))
            for y, row in enumerate(modules):
                for x, module in enumerate(row):
                    if module == "1":
                        code.putpixel((x + _QUIET, y + _QUIET), 1)
            size = (code.width * dots, code.height * dots)
            code = code.resize(size, Image.Resampling.NEAREST)
            strip = self._strip(code.height)
            strip.paste(code, ((self.width - code.width) // 2, 0))
            yield strip
        elif modules and block.letters:
            yield from self.strips(Text(block.letters, align=Align.CENTER))
        if block.caption:
            yield from self.strips(Text(block.caption, Size.SMALL, align=Align.CENTER))

    @strips.register
    def _picture(self, block: Picture) -> Iterator[Image.Image]:
        image = image_of(block.bitmap)
        if not image.width or not image.height:
            return
        if image.width > self.width:
            height = max(1, round(image.height * self.width / image.width))
            grey = image.convert("L").resize((self.width, height), Image.Resampling.BOX)
            image = grey.point([0] * 112 + [255] * 144, "1")
        strip = self._strip(image.height + DOTS_PER_MM)
        strip.paste(image, ((self.width - image.width) // 2, 0))
        yield strip

    def figure(self, block: Row) -> Line:
        """A row's figure on one line."""
        style = self._style(block.size, block.is_bold)
        return self._one_line(block.right, style).whole()

    def cut_off(self) -> Image.Image:
        """The mark of paper that was cut off: a black bar with dots."""
        strip = self._strip(24, is_inverse=True)
        draw = ImageDraw.Draw(strip)
        for x in range(12, self.width, 24):
            draw.rectangle((x, 9, x + 5, 14), fill=0)
        return strip

    def _style(self, size: Size, is_bold: bool) -> Style:
        return Style((_PX_LARGE if self.is_large else _PX)[size], is_bold)

    def _indent(self, columns: int) -> int:
        """At most a quarter of the paper: the words need the rest."""
        return min(max(columns, 0) * COLUMN, self.width // 4)

    def _strip(self, height: int, is_inverse: bool = False) -> Image.Image:
        return Image.new("1", (self.width, height), 1 if is_inverse else 0)

    def _edge(self, left: int, right: int, *, is_top: bool) -> Image.Image:
        strip = self._strip(10)
        draw = ImageDraw.Draw(strip)
        top = 4 if is_top else 0
        for x in (left, right - _BORDER):
            draw.rectangle((x, top, x + _BORDER - 1, top + 5), fill=1)
        top = 4 if is_top else 6 - _BORDER
        draw.rectangle((left, top, right - 1, top + _BORDER - 1), fill=1)
        return strip

    def _words(self, block: Text) -> tuple[Style, list[Paragraph]]:
        """A text's style and paragraphs. Titles are smaller, by a third at most, where
        that keeps a word whole."""
        is_bold = block.is_bold or block.is_inverse
        style = self._style(block.size, is_bold)
        parts = paragraphs(self.library, block.text, style)
        if block.first or block.size not in (Size.LARGE, Size.HUGE):
            return style, parts
        if self._has_room(block, parts, 3, 2) and not self._has_room(block, parts):
            for px in range(style.px - _STEP, style.px * 2 // 3 - 1, -_STEP):
                smaller = Style(px, is_bold)
                found = paragraphs(self.library, block.text, smaller)
                if self._has_room(block, found):
                    return smaller, found
        return style, parts

    def _has_room(
        self, block: Text, parts: list[Paragraph], times: int = 1, by: int = 1
    ) -> bool:
        """No word is wider than ``times / by`` of a line."""
        return all(
            part.widest * by <= _room(self._sides(block, is_rtl=part.is_rtl)) * times
            for part in parts
        )

    def _one_line(
        self, text: str, style: Style, direction: int = bidi.LTR
    ) -> Paragraph:
        text = " ".join(text.splitlines())
        [part] = paragraphs(self.library, text, style, direction)
        return part

    def _sides(self, block: Text, *, is_rtl: bool) -> tuple[int, int]:
        """Between which columns a text's lines stand; where it begins, it is
        indented."""
        indent = self._indent(block.indent)
        if block.is_inverse:
            left, right = _PADDING, self.width - _PADDING
        elif is_rtl and block.align is Align.START:
            left, right = 0, self.words_end or self.width
        else:
            left, right = 0, self.width
        left, right = (left, right - indent) if is_rtl else (left + indent, right)
        return left, max(right, left + 1)

    def _said(
        self, line: Line, lead: Line | None, hang: int, block: Text
    ) -> Image.Image:
        """A text's line in its strip, after what leads in."""
        left, right = self._sides(block, is_rtl=line.is_rtl)
        free = right - left - hang - line.width
        if block.align is Align.CENTER:
            left += max(free // 2, 0)
        elif (block.align is Align.END) != line.is_rtl:
            left += max(free, 0)
        places = [(line, left if line.is_rtl else left + hang)]
        if lead:
            places.append((lead, left + line.width if line.is_rtl else left))
        return self._strip_of(*places, is_inverse=block.is_inverse)

    def _row_room(self, part: Paragraph, room: int) -> int:
        return min(self.words_end or room, room) if part.is_rtl else room

    def _row_left(self, line: Line, indent: int, room: int) -> int:
        if not line.is_rtl:
            return indent
        return max(min(self.words_end or room, room) - line.width, 0)

    def _strip_of(
        self, *places: tuple[Line, int], is_inverse: bool = False
    ) -> Image.Image:
        """Lines beside each other on one baseline, each at its column."""
        above = max(line.above for line, _ in places)
        below = max(line.below for line, _ in places)
        strip = self._strip(above + below, is_inverse)
        for line, left in places:
            line.paste(strip, left, above - line.above, 0 if is_inverse else 1)
        return strip


def direction_of(block: Row) -> int | None:
    """Which way a row's words run, whatever its quantity's sign; None: as each
    paragraph does."""
    quantity = _QUANTITY.match(block.left)
    return (bidi.base(block.left[quantity.end() :]) or bidi.LTR) if quantity else None


def is_rtl(block: Row) -> bool:
    """A row's words begin at the right."""
    way = direction_of(block)
    return (bidi.base(block.left) if way is None else way) == bidi.RTL


def _parted(first: str) -> tuple[str, str]:
    """What leads in, too long for a line, without the quantity that belongs to the
    words after it; and that quantity."""
    found = _LEAD.fullmatch(first)
    return (found[1], found[2]) if found else (first, "")


def _room(sides: tuple[int, int]) -> int:
    return sides[1] - sides[0]


def _hang(lead: int, room: int, widest: int) -> int:
    """How far later lines hang: below the first word, or less where the longest word
    that fits the paper then stays whole."""
    least = min(2 * COLUMN, lead, room // 8)
    if lead > room // 2:
        return least
    return min(lead, max(room - widest, least))


def _fits(parts: list[Paragraph], room: int) -> bool:
    """It is short enough for one line."""
    if len(parts) != 1 or len(parts[0].text) > _SHORT:
        return False
    return parts[0].whole().width <= room
