"""Text as what people call letters, and where a line may end between them.

Near to UAX #29 and #14 where menus need it: marks, joiners, variations, skin tones,
flags and Hangul stay with their letter; a line ends after spaces and hyphens, around
ideographs and emoji, but not before closing signs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from unicodedata import category, combining

ZWJ, VS16 = 0x200D, 0xFE0F
#: A letter with more marks than this is no letter any more.
CLUSTER_MAX = 32
#: A word longer than this fits no paper.
CHUNK_MAX = 240
_OPENING = {"Ps", "Pi"}
_CLOSING = {"Pe", "Pf"}
# No line begins with these: signs that end something, small kana, sound marks.
_NOT_FIRST = set(
    "!?,.:;%…‰°℃、。，．：；！？・ー～〜々〻ゝゞヽヾ％"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ゛゜"
    "ะาำๅๆฯ"
)
# No line ends with these: Thai and Lao vowels that stand before their consonant.
_NOT_LAST = set("เแโใไເແໂໃໄ￥＄€$£¥")
_HYPHENS = set("-‐–—/")
_NARROW_NO_BREAK = {0xA0, 0x202F, 0x2007}


class Kind(Enum):
    """What a cluster is to the end of a line."""

    SPACE = "space"
    #: A line may end on either side.
    IDEOGRAPH = "ideograph"
    LETTER = "letter"


@dataclass(frozen=True)
class Chunk:
    """A part of a text that stays on one line if it fits: letters or spaces alone."""

    start: int
    end: int
    is_space: bool = False


def clusters(
    text: str, start: int = 0, end: int | None = None
) -> list[tuple[int, int]]:
    """Where every letter begins and ends."""
    end = len(text) if end is None else end
    if text.isascii():
        return [(place, place + 1) for place in range(start, end)]
    found = []
    begin = start
    for place in range(start + 1, end + 1):
        if place == end or not _joins(text, begin, place):
            found.append((begin, place))
            begin = place
    return found


def chunks(text: str) -> Iterator[Chunk]:
    """The text in parts between which a line may end."""
    start = 0
    before: tuple[int, int] | None = None
    for here in clusters(text):
        is_over = here[1] - start > CHUNK_MAX
        if before is not None and (is_over or _may_end(text, before, here)):
            yield _chunk(text, start, here[0])
            start = here[0]
        before = here
    if before is not None:
        yield _chunk(text, start, before[1])


def may_split(text: str, place: int) -> bool:
    """A word too long for the paper may be cut here rather than elsewhere."""
    before, after = text[place - 1], text[place]
    is_joined = category(before) == "Mn" and _is_virama(before)
    return not is_joined and before not in _NOT_LAST and after not in _NOT_FIRST


def _chunk(text: str, start: int, end: int) -> Chunk:
    return Chunk(start, end, _kind(text[start]) is Kind.SPACE)


def _may_end(text: str, before: tuple[int, int], here: tuple[int, int]) -> bool:
    last, first = text[before[1] - 1], text[here[0]]
    left, right = _kind(text[before[0]]), _kind(first)
    if left is Kind.SPACE or right is Kind.SPACE:
        return left is not right
    if first in _NOT_FIRST or category(first) in _CLOSING:
        return False
    if last in _NOT_LAST or category(last) in _OPENING:
        return False
    if last in _HYPHENS and before[0] > 0:
        return text[before[0] - 1].isalpha() and first.isalpha()
    return left is not right or left is Kind.IDEOGRAPH


@lru_cache(maxsize=4096)
def _kind(character: str) -> Kind:
    code = ord(character)
    if code < 0x0E00:
        is_space = character.isspace() and code not in _NARROW_NO_BREAK
        return Kind.SPACE if is_space else Kind.LETTER
    if character.isspace() or code == 0x200B:
        is_space = code not in _NARROW_NO_BREAK
        return Kind.SPACE if is_space else Kind.LETTER
    is_wide = 0x2E80 <= code < 0xA4D0 or 0xF900 <= code < 0xFB00
    is_form = 0xFE30 <= code < 0xFE50 or 0xFF00 <= code < 0xFFE7
    is_beyond = 0x1F000 <= code < 0x1FB00 or 0x20000 <= code < 0x40000
    return Kind.IDEOGRAPH if is_wide or is_form or is_beyond else Kind.LETTER


def _joins(text: str, begin: int, place: int) -> bool:
    """The character at ``place`` belongs to the letter that began at ``begin``."""
    before, here = text[place - 1], text[place]
    if place - begin >= CLUSTER_MAX or _kind(text[begin]) is Kind.SPACE:
        return False
    if _extends(here):
        return True
    code = ord(here)
    if code < 0x1100:
        return False
    if ord(before) == ZWJ:
        return _is_pictograph(code) and _is_pictograph(ord(text[begin]))
    if 0x1F1E6 <= code <= 0x1F1FF:  # flags are pairs of letters
        return place - begin == 1 and 0x1F1E6 <= ord(before) <= 0x1F1FF
    return _is_syllable(ord(before), code)


@lru_cache(maxsize=4096)
def _extends(character: str) -> bool:
    code = ord(character)
    if code < 0x300:
        return False
    is_joined = code in (0x200C, ZWJ, 0x0E33, 0x0EB3) or 0x1F3FB <= code <= 0x1F3FF
    is_tag = 0xE0020 <= code <= 0xE007F
    return is_joined or is_tag or category(character) in ("Mn", "Me", "Mc")


@lru_cache(maxsize=512)
def _is_virama(character: str) -> bool:
    return combining(character) == 9


def _is_pictograph(code: int) -> bool:
    return 0x1F000 <= code < 0x1FB00 or 0x2190 <= code < 0x2C00 or code in (0x3030,)


def _is_syllable(before: int, here: int) -> bool:
    """Parts of one Hangul syllable."""
    if not 0x1100 <= here <= 0x11FF:
        return False
    is_lead, is_vowel = 0x1100 <= before < 0x1160, 0x1160 <= before < 0x11A8
    is_whole = 0xAC00 <= before <= 0xD7A3
    if here < 0x1160:
        return is_lead
    if here < 0x11A8:
        return is_lead or is_vowel or (is_whole and (before - 0xAC00) % 28 == 0)
    return is_vowel or is_whole or 0x11A8 <= before <= 0x11FF
