"""IPP/1.1 as far as printing needs it: one request made, one answer read (RFC 8010).

Only what the three operations here use: no collections, no ranges, no resolutions.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

PRINT_JOB, CANCEL_JOB, GET_JOB, GET_PRINTER = 0x0002, 0x0008, 0x0009, 0x000B
VERSION = b"\x01\x01"
OPERATION_GROUP, JOB_GROUP, END, PRINTER_GROUP = 0x01, 0x02, 0x03, 0x04
INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23
KEYWORD, URI, CHARSET, LANGUAGE, MIME, NAME = 0x44, 0x45, 0x47, 0x48, 0x49, 0x42
_DELIMITERS = range(0x10)
_NUMBERS = (INTEGER, ENUM)
NOT_FOUND = 0x0406

Value = int | bool | str
Attribute = tuple[int, str, Value | Sequence[Value]]


class IppError(ValueError):
    """The answer is no IPP."""


@dataclass(frozen=True)
class Answer:
    """A status code and the attributes of all groups: a name's values in order."""

    status: int
    attributes: dict[str, tuple[Value, ...]]

    @property
    def is_ok(self) -> bool:
        return self.status < 0x0100

    def first(self, name: str) -> Value | None:
        """The attribute's first value, None when it is not there."""
        values = self.attributes.get(name, ())
        return values[0] if values else None


def request(
    operation: int,
    printer_uri: str,
    attributes: Sequence[Attribute] = (),
    document: bytes = b"",
) -> bytes:
    """A whole request's body. `attributes` belong to the operation."""
    head = VERSION + struct.pack(">HI", operation, 1) + bytes([OPERATION_GROUP])
    fixed: list[Attribute] = [
        (CHARSET, "attributes-charset", "utf-8"),
        (LANGUAGE, "attributes-natural-language", "en"),
        (URI, "printer-uri", printer_uri),
    ]
    body = b"".join(map(_encoded, [*fixed, *attributes]))
    return head + body + bytes([END]) + document


def _encoded(attribute: Attribute) -> bytes:
    tag, name, value = attribute
    values = value if isinstance(value, (list, tuple)) else [value]
    parts = []
    for number, one in enumerate(values):
        key = b"" if number else name.encode("ascii")
        raw = _raw(tag, one)
        parts.append(
            struct.pack(">BH", tag, len(key)) + key + struct.pack(">H", len(raw)) + raw
        )
    return b"".join(parts)


def _raw(tag: int, value: object) -> bytes:
    if tag == BOOLEAN:
        return b"\x01" if value else b"\x00"
    if isinstance(value, int):
        return struct.pack(">i", value)
    return str(value).encode("utf-8")


def answer(body: bytes) -> Answer:
    """Read an answer; IppError for anything that is none."""
    if len(body) < 9:
        raise IppError("too short for IPP")
    (status,) = struct.unpack_from(">H", body, 2)
    found: dict[str, list[Value]] = {}
    at, name = 8, ""
    while at < len(body) and body[at] != END:
        tag, at = body[at], at + 1
        if tag in _DELIMITERS:
            continue
        raw_name, at = _field(body, at)
        raw, at = _field(body, at)
        name = raw_name.decode("utf-8", "replace") or name
        value = _value(tag, raw)
        if value is not None:
            found.setdefault(name, []).append(value)
    return Answer(status, {key: tuple(values) for key, values in found.items()})


def _field(body: bytes, at: int) -> tuple[bytes, int]:
    """Two bytes of length, then so many bytes; and where the next begins."""
    if at + 2 > len(body):
        raise IppError("IPP that is cut off")
    (length,) = struct.unpack_from(">H", body, at)
    end = at + 2 + length
    if end > len(body):
        raise IppError("IPP that is cut off")
    return body[at + 2 : end], end


def _value(tag: int, raw: bytes) -> Value | None:
    if tag in _NUMBERS and len(raw) == 4:
        return int(struct.unpack(">i", raw)[0])
    if tag == BOOLEAN and len(raw) == 1:
        return raw != b"\x00"
    return raw.decode("utf-8", "replace") if tag >= 0x40 else None
