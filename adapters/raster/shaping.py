"""Words as black dots: shaped by HarfBuzz through Pillow, remembered for the next
ticket. What no font has is a box with its number.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import RLock
from unicodedata import category, normalize

from PIL import Image, ImageDraw, ImageFont, features

from .clusters import VS16, clusters
from .library import HERE, Face, Library

#: A dot is black from this much ink on (of 255): a little less than half, because
#: thermal paper likes strokes to be strong.
_INK = 104
_TO_DOTS = [0] * _INK + [255] * (256 - _INK)
_CACHE_BYTES = 16_000_000
_ENTRY_BYTES = 1_000
#: So few characters are drawn at once: nearly all of them come out, and what cannot
#: be drawn is measured as the box that it becomes.
_SHORT = 32
#: What fonts do that are broken, or have letters too intricate to be drawn.
_FAULTS = (OSError, ValueError, MemoryError)
# A font is in one thread's hands at a time.
_lock = RLock()
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_DIGITS = str(HERE / "NotoSans-Bold.ttf")


@dataclass(frozen=True)
class Style:
    """How letters look: dots per em, and whether they are bold."""

    px: int
    is_bold: bool = False


@dataclass(eq=False)
class Glyphs:
    """A piece of one font and direction: the box of its dots, from the pen on the
    baseline, and how far the pen moves. Long pieces are measured, to see where a line
    ends, more often than they come out: their dots are made when they are asked for.
    """

    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0
    advance: int = 0
    make: Callable[[], Image.Image] | None = None
    _mask: Image.Image | None = None

    @property
    def mask(self) -> Image.Image | None:
        if self.make is None:
            return None
        with _lock:
            if self._mask is None:
                try:
                    self._mask = self.make()
                except _FAULTS:
                    self._mask = _frame(self.width, self.height)
            return self._mask

    @property
    def right(self) -> int:
        return self.x + self.width if self.make else self.advance

    @property
    def above(self) -> int:
        return -self.y if self.make else 0

    @property
    def below(self) -> int:
        return self.y + self.height if self.make else 0


@dataclass(frozen=True)
class Piece:
    """Glyphs in a line, with the level that puts them into their place."""

    glyphs: Glyphs
    level: int


_Key = tuple[str, int, Style, bool, str]


class _Cache:
    """The newest pieces, up to so many bytes; safe for threads."""

    def __init__(self) -> None:
        self._found: OrderedDict[_Key, Glyphs] = OrderedDict()
        self._bytes = 0

    def get(self, key: _Key, face: Face | None) -> Glyphs:
        with _lock:
            glyphs = self._found.get(key)
            if glyphs is not None:
                self._found.move_to_end(key)
                return glyphs
            glyphs = _box(key[4], key[2].px) if face is None else _shaped(face, key)
            self._found[key] = glyphs
            self._bytes += _cost(glyphs)
            while self._bytes > _CACHE_BYTES:
                _, oldest = self._found.popitem(last=False)
                self._bytes -= _cost(oldest)
            return glyphs


_cache = _Cache()


@lru_cache(maxsize=1)
def has_raqm() -> bool:
    """Pillow can shape: raqm is there and found libfribidi."""
    return bool(features.check("raqm") and features.check("fribidi"))


def pieces(
    library: Library, text: str, levels: bytes, span: tuple[int, int], style: Style
) -> list[Piece]:
    """The characters of the span in pieces of one font and one level, in the order in
    which they are read."""
    found = []
    for face, level, part in _runs(library, text, levels, span):
        path, index = (face.path, face.index) if face else ("", 0)
        key = (path, index, style, bool(level % 2), part)
        found.append(Piece(_cache.get(key, face), level))
    return found


def _runs(
    library: Library, text: str, levels: bytes, span: tuple[int, int]
) -> Iterator[tuple[Face | None, int, str]]:
    face: Face | None = None
    level, part = -1, ""
    for start, end in clusters(text, *span):
        for found, letters in _fonts(library, text[start:end]):
            if found is face and levels[start] == level and found is not None:
                part += letters
                continue
            if part:
                yield face, level, part
            face, level, part = found, levels[start], letters
    if part:
        yield face, level, part


def _fonts(library: Library, cluster: str) -> Iterator[tuple[Face | None, str]]:
    """The letter with its font; with several where no font has all of it."""
    if len(cluster) == 1 and " " < cluster < "\x7f":
        yield library.face(ord(cluster)), cluster
        return
    shown = [c for c in cluster if not _is_hidden(c)]
    if not shown:
        return
    whole = _whole(library, cluster, shown)
    if whole:
        yield whole
        return
    for character in shown:
        yield _face(library, character), character


def _whole(library: Library, cluster: str, shown: list[str]) -> tuple[Face, str] | None:
    """One font that has all of it: emoji's where a picture is asked for, the letter's
    own, or that of the same letter composed."""
    asked = library.emoji if VS16 in map(ord, cluster) else None
    for face in (asked, _face(library, shown[0])):
        if face and all(face.has(ord(c)) for c in shown):
            return face, _kept(cluster, face)
    composed = normalize("NFC", cluster)
    face = _face(library, composed) if len(composed) == 1 else None
    return (face, composed) if face else None


def _face(library: Library, character: str) -> Face | None:
    is_control = category(character) in ("Cc", "Cs", "Co", "Cn")
    return None if is_control else library.face(ord(character))


def _kept(cluster: str, face: Face) -> str:
    """Without the invisible characters that mean nothing to this font."""
    joiners = "\u200c\u200d"
    return "".join(
        c for c in cluster if c in joiners or face.has(ord(c)) or not _is_hidden(c)
    )


@lru_cache(maxsize=1024)
def _is_hidden(character: str) -> bool:
    """Marks that say something about others and are not seen themselves."""
    code = ord(character)
    is_selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    is_tag = 0xE0000 <= code <= 0xE007F
    is_filler = code in (0x34F, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5)
    return is_selector or is_tag or is_filler or category(character) == "Cf"


def _shaped(face: Face, key: _Key) -> Glyphs:
    _, _, style, is_rtl, text = key
    path = face.bold if style.is_bold and face.bold else face.path
    # A picture in bold would be a blot.
    is_drawn_bold = style.is_bold and face.bold is None and not face.is_emoji
    more = max(1, style.px // 20) if is_drawn_bold else 0
    way, shown = _way(text, is_rtl)
    try:
        font = _font(path, face.index, style.px)
        advance = round(font.getlength(shown, direction=way))
        left, top, right, bottom = font.getbbox(shown, direction=way, anchor="ls")
        x, y, width, height = int(left), int(top), int(right - left), int(bottom - top)
        if width <= 0 or height <= 0:
            return Glyphs(advance=advance)

        def make() -> Image.Image:
            grey = Image.new("L", (width, height))
            ImageDraw.Draw(grey).text(
                (-left, -top), shown, 255, font, anchor="ls", direction=way
            )
            return _bolder(grey.point(_TO_DOTS, "1"), more)

        mask = make() if len(text) <= _SHORT else None
    except _FAULTS:
        if style.is_bold and face.bold:  # too intricate, perhaps, in its bold sister
            return _shaped(replace(face, bold=None), key)
        return _box(text[0], style.px)
    return Glyphs(x, y, width + more, height, advance + more, make, mask)


def _frame(width: int, height: int) -> Image.Image:
    """In place of a long word in which a font has a letter that cannot be drawn."""
    frame = Image.new("1", (width, height))
    ImageDraw.Draw(frame).rectangle((0, 0, width - 1, height - 1), outline=1)
    return frame


def _bolder(mask: Image.Image, more: int) -> Image.Image:
    """Strokes that are so many dots wider."""
    if not more:
        return mask
    wide = Image.new("1", (mask.width + more, mask.height))
    for step in range(more + 1):
        wide.paste(1, (step, 0), mask)
    return wide


def _way(text: str, is_rtl: bool) -> tuple[str | None, str]:
    """The direction to shape in; without a shaper that knows any, the letters
    themselves are turned."""
    if has_raqm():
        return "rtl" if is_rtl else "ltr", text
    if is_rtl:
        places = reversed(clusters(text))
        text = "".join(text[a:b] for a, b in places).translate(_MIRRORED)
    return None, text


def _box(character: str, px: int) -> Glyphs:
    """A box with the character's number, two or three digits in a row."""
    digits = f"{ord(character):04X}"
    half = (len(digits) + 1) // 2
    font = _font(_DIGITS, 0, max(8, px * 3 // 7))
    lines = (digits[:half], digits[half:])
    wide = max(round(font.getlength(line)) for line in lines)
    width, height = wide + 6, px

    def make() -> Image.Image:
        image = Image.new("L", (width, height))
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 0, width - 1, height - 1), outline=255)
        for number, line in enumerate(lines):
            middle = height * (2 * number + 1) // 4 + (1 - 2 * number)
            draw.text((width // 2, middle), line, 255, font, anchor="mm")
        return image.point(_TO_DOTS, "1")

    return Glyphs(1, -(px * 6 // 7), width, height, width + 2, make)


@lru_cache(maxsize=128)
def _font(path: str, index: int, px: int) -> ImageFont.FreeTypeFont:
    engine = ImageFont.Layout.RAQM if has_raqm() else ImageFont.Layout.BASIC
    return ImageFont.truetype(path, px, index, layout_engine=engine)


def _cost(glyphs: Glyphs) -> int:
    """As if its dots were made already."""
    return glyphs.width * glyphs.height + _ENTRY_BYTES
