"""Which characters a font file has, read from its ``cmap`` table.

Understands TrueType, OpenType and collections of them (``.ttc``), subtables of format
4 and 12: every font of the last twenty years has one of the two.
"""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

#: Ranges of code points, both ends included, in order and apart from each other.
Ranges = tuple[tuple[int, int], ...]

_CMAP_BYTES_MAX = 4_000_000
_FACES_MAX = 64
# (platform, encoding) of Unicode subtables, the fullest first.
_UNICODE = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3), (0, 2), (0, 1), (0, 0))


def coverage(path: Path, index: int = 0) -> Ranges:
    """The characters of the file's font number ``index``. ValueError for a file that
    is no such font, OSError for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return _as_ranges(_codes(_cmap(file, _start(file, index))))
    except (struct.error, IndexError) as error:
        raise ValueError(f"{path.name} is no font that can be read") from error


def as_text(ranges: Ranges) -> str:
    """``20-7E A0 …``, for a file."""
    return " ".join(f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in ranges)


def from_text(text: str) -> Ranges:
    """What ``as_text`` wrote."""
    found = []
    for part in text.split():
        first, _, last = part.partition("-")
        found.append((int(first, 16), int(last or first, 16)))
    return tuple(found)


def _start(file: BinaryIO, index: int) -> int:
    """Where the font begins in the file."""
    tag, _, count = struct.unpack(">4sLL", file.read(12))
    if tag != b"ttcf":
        if index:
            raise ValueError("only a collection has several fonts")
        return 0
    offsets = struct.unpack(
        f">{min(count, _FACES_MAX)}L", file.read(4 * min(count, _FACES_MAX))
    )
    return int(offsets[index])


def _cmap(file: BinaryIO, start: int) -> bytes:
    file.seek(start)
    _, count = struct.unpack(">4sH", file.read(6))
    file.seek(start + 12)
    for _ in range(count):
        tag, _, offset, length = struct.unpack(">4sLLL", file.read(16))
        if tag == b"cmap" and length <= _CMAP_BYTES_MAX:
            file.seek(offset)
            return file.read(length)
    raise ValueError("the font has no cmap table")


def _codes(cmap: bytes) -> Iterator[tuple[int, int]]:
    """Ranges as the fullest Unicode subtable has them."""
    _, count = struct.unpack_from(">HH", cmap)
    tables = {}
    for number in range(count):
        platform, encoding, at = struct.unpack_from(">HHL", cmap, 4 + 8 * number)
        tables[platform, encoding] = at
    for key in _UNICODE:
        if key in tables:
            at = tables[key]
            (kind,) = struct.unpack_from(">H", cmap, at)
            if kind == 12:
                return _format_12(cmap, at)
            if kind == 4:
                return _format_4(cmap, at)
    raise ValueError("the font has no Unicode table of format 4 or 12")


def _format_12(cmap: bytes, at: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">L", cmap, at + 12)
    for number in range(min(count, len(cmap) // 12)):
        first, last, _ = struct.unpack_from(">LLL", cmap, at + 16 + 12 * number)
        if first <= last <= 0x10FFFF:
            yield first, last


def _format_4(cmap: bytes, at: int) -> Iterator[tuple[int, int]]:
    (double,) = struct.unpack_from(">H", cmap, at + 6)
    count = double // 2
    lasts = struct.unpack_from(f">{count}H", cmap, at + 14)
    firsts = struct.unpack_from(f">{count}H", cmap, at + 16 + double)
    deltas = struct.unpack_from(f">{count}H", cmap, at + 16 + 2 * double)
    offsets_at = at + 16 + 3 * double
    offsets = struct.unpack_from(f">{count}H", cmap, offsets_at)
    segments = zip(firsts, lasts, deltas, offsets, strict=True)
    for number, (first, last, delta, offset) in enumerate(segments):
        for code in range(first, min(last, 0xFFFE) + 1):
            where = offsets_at + 2 * number + offset + 2 * (code - first)
            glyph = struct.unpack_from(">H", cmap, where)[0] if offset else code
            is_empty = offset and not glyph
            if not is_empty and (glyph + delta) & 0xFFFF:
                yield code, code


def _as_ranges(parts: Iterable[tuple[int, int]]) -> Ranges:
    merged: list[list[int]] = []
    for first, last in sorted(parts):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return tuple((first, last) for first, last in merged)
