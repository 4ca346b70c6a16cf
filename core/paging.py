"""Cursors of lists that are sorted by (created_at, id), newest first. Pure."""

import re
from base64 import urlsafe_b64decode

from .errors import Refused, invalid
from .ids import b64

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
    try:
        raw = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise _unknown() from error
    match = _CURSOR.fullmatch(raw)
    if match is None or "\0" in raw:
        raise _unknown()
    return int(match[1]), match[2]


def _unknown() -> Refused:
    return invalid("cursor", "This cursor is unknown; begin again without one.")
