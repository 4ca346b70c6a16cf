"""Every block of a sheet as strips of dots, from top to bottom."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatchmethod

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


@dataclass(frozen=True)
class Canvas:
    """What blocks are drawn with: fonts, dots across, whether letters are large."""

    library: Library
    width: int
    is_large: bool = False
    #: Where words of rows end that run to the left: before every row's figure.
    figures: int = 0

    @singledispatchmethod
    def strips(self, block: object) -> Iterator[Image.Image]:
        raise TypeError(f"{type(block).__name__} is no block of a sheet")

    @strips.register
    def _text(self, block: Text) -> Iterator[Image.Image]:
        style = self._style(block.size, block.is_bold or block.is_inverse)
        indent = self._indent(block.indent)
        padding = _PADDING if block.is_inverse else 0
        room = self.width - indent - 2 * padding
        for line, lead, hang in self._hanging(block, style, room):
            strip = self._strip(line.height, block.is_inverse)
            ink = 0 if block.is_inverse else 1
            left = indent + padding if not line.is_rtl else padding
            self._place(strip, line, lead, hang, (left, room, ink), block.align)
            yield strip

    @strips.register
    def _row(self, block: Row) -> Iterator[Image.Image]:
        style = self._style(block.size, block.is_bold)
        indent = self._indent(block.indent)
        figure = self.figure(block)
        gap = style.px // 2
        room = self.width - indent
        beside = room - figure.width - gap
        is_own = beside < room // 3
        if figure.width and not is_own:
            room = beside
        left = self._lines(paragraphs(self.library, block.left, style), room)
        previous: Line | None = None
        for line in left:
            if previous is not None:
                yield self._words(previous, indent, room)
            previous = line
        if figure.width and not is_own and previous is not None:
            yield self._words(previous, indent, room, figure)
            return
        if previous is not None and (block.left or not figure.width):
            yield self._words(previous, indent, room)
        if figure.width:
            yield from self._figure_alone(block, style)

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
        for line in self._lines(parts, room):
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
        strip = self._strip(image.height)
        strip.paste(image, ((self.width - image.width) // 2, 0))
        yield strip

    def figure(self, block: Row) -> Line:
        """A row's figure on one line."""
        style = self._style(block.size, block.is_bold)
        [part, *_] = paragraphs(self.library, block.right, style, bidi.LTR)
        return part.whole()

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

    def _hanging(
        self, block: Text, style: Style, room: int
    ) -> Iterator[tuple[Line, Line | None, int]]:
        """Lines with what leads in before the first and how far they hang."""
        parts = paragraphs(self.library, block.text, style)
        if not block.first:
            for line in self._lines(parts, room):
                yield line, None, 0
            return
        way = bidi.RTL if parts[0].is_rtl else bidi.LTR
        [leading, *_] = paragraphs(self.library, block.first, style, way)
        lead: Line | None = leading.whole()
        hang = lead.width if lead else 0
        if lead and hang > room // 2:
            for line in leading.lines(room):
                yield line, None, 0
            lead, hang = None, min(2 * COLUMN, room // 8)
        for line in self._lines(parts, room - hang):
            yield line, lead, hang
            lead = None

    def _lines(self, parts: list[Paragraph], room: int) -> Iterator[Line]:
        for part in parts:
            yield from part.lines(max(room, 1))

    def _place(
        self,
        strip: Image.Image,
        line: Line,
        lead: Line | None,
        hang: int,
        box: tuple[int, int, int],
        align: Align,
    ) -> None:
        """A line into its strip: (left, room, ink) of the box."""
        left, room, ink = box
        free = room - hang - line.width
        if align is Align.CENTER:
            offset = free // 2
        else:
            offset = free if (align is Align.END) != line.is_rtl else 0
        if line.is_rtl:
            line.paste(strip, left + offset, 0, ink)
            if lead:
                x = left + offset + line.width
                lead.paste(strip, x, line.above - lead.above, ink)
            return
        if lead:
            lead.paste(strip, left + offset, line.above - lead.above, ink)
        line.paste(strip, left + hang + offset, 0, ink)

    def _words(
        self, line: Line, indent: int, room: int, figure: Line | None = None
    ) -> Image.Image:
        """A row's line, with its figure if it is the last."""
        above = max(line.above, figure.above if figure else 0)
        below = max(line.below, figure.below if figure else 0)
        strip = self._strip(above + below)
        left = indent
        if line.is_rtl:
            left = max(min(self.figures or self.width, room) - line.width, 0)
        line.paste(strip, left, above - line.above)
        if figure:
            figure.paste(strip, self.width - figure.width, above - figure.above)
        return strip

    def _figure_alone(self, block: Row, style: Style) -> Iterator[Image.Image]:
        parts = paragraphs(self.library, block.right, style, bidi.LTR)
        for line in self._lines(parts, self.width):
            strip = self._strip(line.height)
            line.paste(strip, max(self.width - line.width, 0), 0)
            yield strip
