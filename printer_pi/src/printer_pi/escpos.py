"""The printer's language as far as a pipe must speak it: questions and their answers,
and a few letters for times without a server."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .sink import COVER_OPEN, ERROR, OFFLINE, PAPER_OUT, Paper, Status

INIT = b"\x1b\x40"
LATIN = b"\x1b\x74\x00"  # the page that every printer has: cp437
BIG, NORMAL = b"\x1d\x21\x11", b"\x1d\x21\x00"
FEED_AND_CUT = b"\x1d\x56\x42\x30"
# Connector pin 2; 50 ms on, then half a second off so that the coil stays cool.
KICK = b"\x1b\x70\x00\x19\xfa"
PAPER_SENSOR = b"\x1d\x72\x01"
STATES = (1, 2, 4)
ID_BYTES = 4


def ask_state(n: int) -> bytes:
    """The real-time question n: served at once, even by a printer that stopped."""
    return b"\x10\x04" + bytes([n])


def ask_process_id(identifier: bytes) -> bytes:
    """Answered when everything before it is on paper. Four letters, space to ~."""
    return b"\x1d\x28\x48\x06\x00\x30\x30" + identifier


# --- what the printer says ----------------------------------------------------

ReplyKind = Literal["process_id", "state", "sensor"]


@dataclass(frozen=True)
class Reply:
    """One answer: `value` holds a process id's letters, or the one byte of a state."""

    kind: ReplyKind
    value: bytes


def replies(heard: bytearray) -> Iterator[Reply]:
    """Take the whole answers out of what was heard; a beginning of one stays.

    Automatic status (four bytes) and flow control are skipped.
    """
    while heard:
        first = heard[0]
        length = 1
        if first == 0x37 and bytes(heard[1:2]) in (b"", b"\x22"):
            length = 3 + ID_BYTES
        elif first & 0x93 == 0x10:
            length = 4
        if len(heard) < length:
            return
        taken = bytes(heard[:length])
        del heard[:length]
        if length == 3 + ID_BYTES:
            if taken[-1] == 0:
                yield Reply("process_id", taken[2:-1])
        elif first & 0x93 == 0x12:
            yield Reply("state", taken)
        elif length == 1 and first & 0x90 == 0:
            yield Reply("sensor", taken)


def status(answers: dict[int, int], drawer_open: str = "") -> Status:
    """What the answers to the questions 1, 2 and 4 mean; missing ones mean nothing.

    `drawer_open` is the level of the drawer's wire, "high" or "low", that means open;
    "" when there is no drawer to watch.
    """
    one, two, four = (answers.get(n, 0) for n in STATES)
    paper: Paper | None = None
    if 4 in answers:
        paper = "out" if four & 0x60 else "low" if four & 0x0C else "ok"
    if two & 0x20:
        paper = "out"
    fault = None
    if two & 0x04:
        fault = COVER_OPEN
    elif paper == "out":
        fault = PAPER_OUT
    elif two & 0x40:
        fault = ERROR
    elif one & 0x08:
        fault = OFFLINE
    drawer: Literal["open", "closed"] | None = None
    if drawer_open and 1 in answers:
        level = "high" if one & 0x04 else "low"
        drawer = "open" if level == drawer_open else "closed"
    return Status(
        is_online=not one & 0x08,
        paper=paper,
        cover=("open" if two & 0x04 else "closed") if 2 in answers else None,
        drawer=drawer,
        fault=fault,
    )


# --- letters without a server ----------------------------------------------------


def letters(text: str) -> bytes:
    """Text in the page every printer has; what it lacks loses accents or becomes ?.

    A byte the printer would obey is never among them, except for line feeds.
    """
    return b"".join(_letter(char) or b"?" for char in text)


def lossless(text: str) -> bytes | None:
    """The text in letters that every printer has alike; None when it cannot be
    read that way. Accents may be lost, no letter is."""
    known = [_ascii(char) for char in text]
    return None if None in known else b"".join(filter(None, known))


def _letter(char: str) -> bytes | None:
    try:
        raw = char.encode("cp437")
    except UnicodeError:
        return _ascii(char)
    return raw if raw >= b"\x20" and raw != b"\x7f" else _ascii(char)


def _ascii(char: str) -> bytes | None:
    """The character without its accents; b"" for an invisible one, None for others."""
    if char == "\n" or " " <= char <= "~":
        return char.encode("ascii")
    if char in _SIGNS:
        return _SIGNS[char]
    if unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me"):
        return b""
    plain = "".join(
        part
        for part in unicodedata.normalize("NFKD", char)
        if unicodedata.category(part) != "Mn"
    )
    is_plain = bool(plain) and all(" " <= part <= "~" for part in plain)
    return plain.encode("ascii") if is_plain else None


_SIGNS = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500", b"-"),
    **dict.fromkeys("\u2018\u2019\u201a\u2032", b"'"),
    **dict.fromkeys("\u201c\u201d\u201e\u2033", b'"'),
    **dict.fromkeys("\u2022\u00b7", b"*"),
    "\t": b" ",
    "\u00d7": b"x",
    "\u00a1": b"!",
    "\u00bf": b"?",
    "\u00df": b"ss",
    "\u20ac": b"EUR",
    "\u20bf": b"BTC",
    "\u2192": b"->",
}


def page(body: bytes, copies: int = 1) -> bytes:
    """Lines (and commands) as whole tickets, each cut off."""
    return (INIT + LATIN + body + b"\n" + FEED_AND_CUT) * copies


def big(text: str) -> bytes:
    """A line in letters twice as wide and high."""
    return BIG + letters(text) + b"\n" + NORMAL


def qr(text: str, dots: int = 6) -> bytes:
    """A QR code by the printer's own command: model 2, so many dots a module, M."""

    def command(function: int, data: bytes) -> bytes:
        body = bytes([49, function]) + data
        return b"\x1d\x28\x6b" + len(body).to_bytes(2, "little") + body

    return (
        command(65, b"\x32\x00")
        + command(67, bytes([dots]))
        + command(69, b"\x31")
        + command(80, b"\x30" + text.encode("utf-8"))
        + command(81, b"\x30")
    )
