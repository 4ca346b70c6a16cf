"""Cursors of lists that are sorted by (created_at, id), newest first, or by texts.
Pure."""

import json
import re
from base64 import urlsafe_b64decode

from . import limits
from .errors import Refused, invalid
from .ids import b64, canonical_json
from .text import text_fault

#: (created_at, id) of the last row that was shown.
Place = tuple[int, str]
#: Before the newest row: where every list begins.
TOP: Place = (2**62, "")

_CURSOR = re.compile(r"([0-9]{1,18}):(.{1,200})")


def cursor_of(created_at: int, row_id: str) -> str:
    """The opaque text that stands for a row."""
    return b64(f"{created_at}:{row_id}".encode())


def place_of(cursor: str | None) -> Place:
    """The place that a cursor stands for; Refused ``field.invalid`` otherwise."""
    if cursor is None:
        return TOP
    raw = _decoded(cursor)
    match = _CURSOR.fullmatch(raw)
    if match is None or "\0" in raw:
        raise _unknown()
    return int(match[1]), match[2]


def text_cursor(*texts: str) -> str:
    """The opaque text that stands for a row of a list that is sorted by texts."""
    return b64(canonical_json(texts).encode())


def texts_of(cursor: str | None, count: int) -> tuple[str, ...]:
    """The ``count`` texts of ``text_cursor``, or empty ones, which come before all;
    Refused ``field.invalid`` otherwise."""
    if cursor is None:
        return ("",) * count
    try:
        texts = json.loads(_decoded(cursor))
    except (ValueError, RecursionError) as error:
        raise _unknown() from error
    if not isinstance(texts, list) or len(texts) != count:
        raise _unknown()
    for text in texts:
        if not isinstance(text, str) or text_fault(text, limits.URL_MAX):
            raise _unknown()
    return tuple(texts)


def _decoded(cursor: str) -> str:
    try:
        return urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise _unknown() from error


def _unknown() -> Refused:
    return invalid("cursor", "This cursor is unknown; begin again without one.")
