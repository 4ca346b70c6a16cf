"""Which way text runs: the levels of the Unicode bidirectional algorithm (UAX #9).

The system's libfribidi resolves them, the one that Pillow shapes with. Without it a
plain rule keeps Hebrew and Arabic words apart from others, so that nothing is lost.
"""

import ctypes
import re
from functools import lru_cache
from typing import Any
from unicodedata import bidirectional

LTR, RTL = 0, 1
_NAMES = (
    *("libfribidi.so.0", "libfribidi.0.dylib", "libfribidi.dylib"),
    *("/opt/homebrew/lib/libfribidi.0.dylib", "fribidi-0.dll", "libfribidi-0.dll"),
)
# fribidi's own numbers of directions.
_FRIBIDI_LTR, _FRIBIDI_RTL = 0x110, 0x111
# Whatever can make text run to the left: strong letters and explicit marks.
_RIGHT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\u2068\ufb1d-\ufdff\ufe70-\ufefe"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ISOLATES = {"LRI", "RLI", "FSI"}


def base(text: str) -> int | None:
    """LTR or RTL after the first strong letter outside of isolates; None: no such."""
    if not _RIGHT.search(text):
        return LTR if any(map(str.isalpha, text)) else None
    depth = 0
    for character in text:
        kind = bidirectional(character)
        if kind in _ISOLATES:
            depth += 1
        elif kind == "PDI":
            depth = max(depth - 1, 0)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return LTR if kind == "L" else RTL
    return None


def levels(text: str, direction: int) -> bytes:
    """Every character's embedding level in a paragraph of this base direction."""
    if direction == LTR and not _RIGHT.search(text):
        return bytes(len(text))
    library = _library()
    found = _resolved(library, text, direction) if library else None
    return found or _plain(text, direction)


def visual(order: list[int]) -> list[int]:
    """Places of logical pieces with these levels, from left to right (rule L2)."""
    places = list(range(len(order)))
    if not any(order):
        return places
    lowest = min((level for level in order if level % 2), default=max(order) + 1)
    for level in range(max(order), lowest - 1, -1):
        start = 0
        while start < len(places):
            end = start
            while end < len(places) and order[places[end]] >= level:
                end += 1
            places[start:end] = places[start:end][::-1]
            start = end + 1
    return places


def has_library() -> bool:
    """libfribidi is here."""
    return _library() is not None


@lru_cache(maxsize=1)
def _library() -> Any:
    for name in _NAMES:
        try:
            library = ctypes.CDLL(name)
            library.fribidi_get_par_embedding_levels_ex.restype = ctypes.c_int8
            return library
        except (OSError, AttributeError):  # not here, or older than 1.0
            continue
    return None


def _resolved(library: Any, text: str, direction: int) -> bytes | None:
    size = len(text)
    codes = (ctypes.c_uint32 * size)(*map(ord, text))
    kinds = (ctypes.c_uint32 * size)()
    brackets = (ctypes.c_uint32 * size)()
    found = (ctypes.c_int8 * size)()
    way = ctypes.c_uint32(_FRIBIDI_RTL if direction == RTL else _FRIBIDI_LTR)
    library.fribidi_get_bidi_types(codes, size, kinds)
    library.fribidi_get_bracket_types(codes, size, kinds, brackets)
    highest = library.fribidi_get_par_embedding_levels_ex(
        kinds, brackets, size, ctypes.byref(way), found
    )
    # A character that closes an isolate has no level of its own in old releases.
    return bytes(max(level, 0) for level in found) if highest else None


def _plain(text: str, direction: int) -> bytes:
    """Letters by their own direction, figures forward, the rest as both neighbours."""
    kinds = [_kind(character) for character in text]
    before, strong = direction, direction
    found = []
    after = _next_strong(kinds, direction)
    for kind, following in zip(kinds, after, strict=True):
        if kind == "L":
            before = strong = LTR
            found.append(2 * direction)
        elif kind == "R":
            before = strong = RTL
            found.append(1)
        elif kind == "N":
            before = RTL if strong == RTL else LTR
            found.append(2 if RTL in (strong, direction) else 0)
        else:
            way = before if before == following else direction
            found.append(1 if way == RTL else 2 * direction)
    return bytes(found)


def _kind(character: str) -> str:
    kind = bidirectional(character)
    if kind in ("R", "AL"):
        return "R"
    return "L" if kind == "L" else "N" if kind in ("EN", "AN") else ""


def _next_strong(kinds: list[str], direction: int) -> list[int]:
    """For every place the way of the next letter; figures go with what is before."""
    found = []
    following = direction
    for kind in reversed(kinds):
        found.append(following)
        if kind in ("L", "R"):
            following = LTR if kind == "L" else RTL
    return found[::-1]
