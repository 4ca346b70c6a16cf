"""The language of receipt printers as we speak it, read back onto paper.

It understands the ESC/POS commands that we send and no others: any other byte is an
error, so that a stream that decodes holds nothing a guest typed as a command. Needs
Pillow alone.

    [ticket] = decode(data)      ticket.image, .lines, .styled, .sha256 …
    [c.name for c in commands(data)]
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any

from PIL import Image, ImageDraw, ImageFont

CELL = (12, 24)  # dots of a letter
LINE_ROWS = 30
PAGES = {
    0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857",
    14: "cp737", 15: "iso8859_7", 16: "cp1252", 17: "cp866", 18: "cp852", 19: "cp858",
    33: "cp775", 34: "cp855", 36: "cp862", 37: "cp864", 39: "iso8859_2",
    40: "iso8859_15", 45: "cp1250", 46: "cp1251", 47: "cp1253", 48: "cp1254",
    49: "cp1255", 50: "cp1256", 51: "cp1257", 52: "cp1258",
}  # fmt: skip

# --- the language ------------------------------------------------------------

# First bytes → name, whole length, and what the byte after them may be (None: any).
FIXED: dict[bytes, tuple[str, int, tuple[int, ...] | None]] = {
    b"\x1b\x40": ("ESC @", 2, None),
    b"\x1b\x74": ("ESC t", 3, tuple(PAGES)),
    b"\x1b\x45": ("ESC E", 3, (0, 1)),
    b"\x1d\x21": ("GS !", 3, None),
    b"\x1d\x42": ("GS B", 3, (0, 1)),
    b"\x1b\x4a": ("ESC J", 3, None),
    b"\x1b\x64": ("ESC d", 3, None),
    b"\x1b\x70": ("ESC p", 5, (0, 1, 48, 49)),
    b"\x1b\x42": ("ESC B", 4, tuple(range(1, 10))),
    b"\x1c\x26": ("FS &", 2, None),
    b"\x1c\x2e": ("FS .", 2, None),
    b"\x10\x04": ("DLE EOT", 3, (1, 2, 4)),
    b"\x1d\x72": ("GS r", 3, (1, 49)),
}
# Commands that tell their own length in the two bytes that follow.
COUNTED = {
    b"\x1b\x28\x41": "ESC ( A",
    b"\x1d\x28\x6b": "GS ( k",
    b"\x1d\x28\x48": "GS ( H",
}
RASTER, COLUMNS, CUT = b"\x1d\x76\x30", b"\x1b\x2a", b"\x1d\x56"
BEGINNINGS = frozenset(
    start[:n]
    for start in (*FIXED, *COUNTED, RASTER, COLUMNS, CUT)
    for n in range(1, len(start) + 1)
)


class UnknownBytesError(ValueError):
    """Bytes that we never send."""


@dataclass(frozen=True)
class Command:
    """One command with all its bytes; ``text`` is a run of letters, ``LF`` ends a
    line."""

    name: str
    raw: bytes


def next_command(data: bytes | bytearray) -> Command | None:
    """The first command of the data; None while its end is not there yet."""
    if not data:
        return None
    first = data[0]
    if first == 0x0A:
        return Command("LF", b"\n")
    if first >= 0x20 and first != 0x7F:
        end = next((n for n, b in enumerate(data) if b < 0x20 or b == 0x7F), len(data))
        return Command("text", bytes(data[:end]))
    found = _name_and_length(bytes(data[:8]))
    if found is None or len(data) < found[1]:
        return None
    return Command(found[0], bytes(data[: found[1]]))


def _name_and_length(head: bytes) -> tuple[str, int] | None:
    """What begins with these up to 8 bytes; None while that cannot be told."""
    for start, (name, length, allowed) in FIXED.items():
        if head.startswith(start):
            return _checked(head, len(start), name, length, allowed)
    for start, name in COUNTED.items():
        if head.startswith(start):
            return (name, 5 + _int(head[3:5])) if len(head) >= 5 else None
    if head.startswith(RASTER):
        length = 8 + _int(head[4:6]) * _int(head[6:8]) if len(head) == 8 else 8
        return _checked(head, 3, "GS v 0", length, (0,)) if len(head) == 8 else None
    if head.startswith(COLUMNS):
        deep = 3 if head[2:3] in (b"\x20", b"\x21") else 1
        found = _checked(head, 2, "ESC *", 5 + deep * _int(head[3:5]), (0, 1, 32, 33))
        return found if len(head) >= 5 else None
    if head.startswith(CUT):
        feeds = head[2:3] in (b"\x41", b"\x42")
        return _checked(head, 2, "GS V", 4 if feeds else 3, (0, 1, 48, 49, 65, 66))
    if head in BEGINNINGS:
        return None
    raise UnknownBytesError(f"no command of ours begins with {head.hex(' ')}")


def _checked(
    head: bytes, at: int, name: str, length: int, allowed: tuple[int, ...] | None
) -> tuple[str, int] | None:
    if allowed is not None:
        if len(head) <= at:
            return None
        if head[at] not in allowed:
            raise UnknownBytesError(f"{name} never has {head[at]:#04x}")
    return name, length


def _int(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


def commands(data: bytes) -> Iterator[Command]:
    """Every command of a whole stream; UnknownBytesError for any other byte and for a
    command that is cut off."""
    rest = bytearray(data)
    while rest:
        command = next_command(rest)
        if command is None:
            raise UnknownBytesError(f"the stream ends in {bytes(rest[:16]).hex(' ')}")
        yield command
        del rest[: len(command.raw)]


# --- the paper ---------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """How letters look: times as wide and as high, bold, white on black; Chinese ones
    take a column for each of their bytes."""

    wide: int = 1
    high: int = 1
    is_bold: bool = False
    is_inverse: bool = False
    is_chinese: bool = False

    def columns(self, char: str) -> int:
        return len(char.encode("gb18030")) if self.is_chinese else 1


@dataclass(frozen=True)
class Line:
    """One printed line of letters: runs of one style each."""

    runs: tuple[tuple[str, Style], ...]

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.runs)

    @property
    def style(self) -> Style:
        """Of its first run that shows anything."""
        shown = [style for text, style in self.runs if text.strip()]
        return shown[0] if shown else Style()


@dataclass
class Ticket:
    """Paper from one cut (or start) to the next. ``is_cut``: it ended with a cut.

    ``dots`` counts the rows that pictures and ``ESC J`` made: a ticket that was sent
    as one picture begins with them. ``begun_at`` and ``ended_at`` are seconds of
    ``time.monotonic()``.
    """

    width: int
    rows: list[bytes] = field(default_factory=list)
    styled: list[Line] = field(default_factory=list)
    codes: list[bytes] = field(default_factory=list)
    dots: int = 0
    is_cut: bool = False
    begun_at: float = field(default_factory=time.monotonic)
    ended_at: float | None = None

    @property
    def lines(self) -> list[str]:
        """What was printed as letters."""
        return [line.text for line in self.styled]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def image(self) -> Image.Image:
        """The paper; black dots are black."""
        size = (self.width, max(len(self.rows), 1))
        data = b"".join(self.rows) or bytes(self.width // 8)
        return Image.frombytes("1", size, data, "raw", "1;I")

    @property
    def bitmap(self) -> tuple[int, int, bytes]:
        """Width, height and rows (1 is black) of what was sent as pictures."""
        return self.width, self.dots, b"".join(self.rows[: self.dots])

    @property
    def sha256(self) -> str:
        """Of ``bitmap``, as print jobs keep it."""
        width, height, rows = self.bitmap
        return sha256(f"{width}x{height}:".encode() + rows).hexdigest()


@lru_cache(maxsize=2_000)
def _glyph(char: str, style: Style, columns: int) -> Image.Image:
    size = (CELL[0] * columns, CELL[1])
    cell = Image.new("1", size, 0)
    font = ImageFont.load_default(18)
    draw = ImageDraw.Draw(cell)
    for shift in (0, 1) if style.is_bold else (0,):
        draw.text((1 + shift, 1), char, fill=1, font=font)
    if style.is_inverse:
        cell = cell.point(lambda dot: 0 if dot else 1)
    scaled = (size[0] * style.wide, size[1] * style.high)
    return cell.resize(scaled, Image.Resampling.NEAREST)


def _drawn(line: Line, width: int) -> list[bytes]:
    """The rows of a line of letters."""
    high = max([style.high for _, style in line.runs] or [1])
    height = max(LINE_ROWS, CELL[1] * high)
    paper = Image.new("1", (width, height), 0)
    x = 0
    for text, style in line.runs:
        for char in text:
            glyph = _glyph(char, style, style.columns(char))
            paper.paste(glyph, (x, CELL[1] * (high - style.high)))
            x += glyph.width
    data = paper.tobytes()
    stride = len(data) // height
    return [data[n : n + stride] for n in range(0, len(data), stride)]


# --- the machine -------------------------------------------------------------


@dataclass(frozen=True)
class Switches:
    """What is wrong with the printer. Bytes count from when the switch was set.

    ``paper`` is ok, low or out; ``rows_left`` the rows until it is out. ``die_after``:
    so many bytes on, power is lost once, the connection reset. ``stall_after``: it
    then takes no more. ``has_process_id``, ``has_gs_r``, ``has_status``: what it
    answers at all; ``is_mute``: nothing. ``is_refusing``: nobody can connect.
    """

    paper: str = "ok"
    is_cover_open: bool = False
    is_offline: bool = False
    is_drawer_open: bool = False
    is_mute: bool = False
    is_refusing: bool = False
    has_process_id: bool = True
    has_gs_r: bool = True
    has_status: bool = True
    rows_left: int | None = None
    die_after: int | None = None
    stall_after: int | None = None

    @property
    def is_stopped(self) -> bool:
        """It prints nothing and serves real-time commands alone."""
        return self.is_cover_open or self.is_offline or self.paper == "out"

    def status(self, n: int) -> int:
        """The answer to ``DLE EOT n``."""
        bits = 0x12
        if n == 1:
            bits |= 0x08 if self.is_stopped else 0
            bits |= 0x04 if self.is_drawer_open else 0
        if n == 2:
            bits |= 0x04 if self.is_cover_open else 0
            bits |= 0x20 if self.paper == "out" else 0
        if n == 4:
            bits |= {"ok": 0, "low": 0x0C, "out": 0x6C}[self.paper]
        return bits


class Machine:
    """The printer without its network: bytes in, tickets and answers out."""

    def __init__(self, width: int, answer: Callable[[bytes], None]) -> None:
        self.width = width
        self.answer = answer
        self.switches = Switches()
        self.tickets: list[Ticket] = []
        self.drawers = self.beeps = self.cuts = 0
        self.waiting = bytearray()
        self._last = b""
        self.reset()

    def reset(self) -> None:
        """Power off and on: what was not printed is forgotten."""
        self.waiting.clear()
        self._last = b""
        self._steps: deque[Callable[[], None] | bytes] = deque()
        self._end()
        self._initialize()

    def _initialize(self) -> None:
        self._style, self._page = Style(), PAGES[0]
        self._runs: list[tuple[str, Style]] = []
        self._dots: list[bytes] = []
        self._symbol = b""

    def hang_up(self) -> None:
        """The connection ended: a command that is not whole will not become so."""
        if not self.switches.is_stopped:
            self.waiting.clear()

    def take(self, data: bytes) -> None:
        """Bytes arrive: real-time commands are obeyed at once, wherever they are."""
        seen = self._last + data
        for n in range(len(seen) - 2):
            if seen[n : n + 2] == b"\x10\x04" and seen[n + 2] in (1, 2, 4):
                self._status(seen[n + 2])
        self._last = seen[-2:]
        self.waiting += data
        self.work()

    def work(self) -> None:
        """Print what has arrived, as far as the printer can."""
        while not self.switches.is_stopped:
            if self._steps:
                self._step()
                continue
            command = next_command(self.waiting)
            if command is None:
                return
            del self.waiting[: len(command.raw)]
            self._obey(command)

    def _step(self) -> None:
        step = self._steps[0]
        if isinstance(step, bytes):
            left = self.switches.rows_left
            if left is not None:
                if left <= 0:
                    self.switches = replace(self.switches, paper="out", rows_left=None)
                    return
                self.switches = replace(self.switches, rows_left=left - 1)
            self._ticket.rows.append(step)
        else:
            step()
        self._steps.popleft()

    def _status(self, n: int) -> None:
        if self.switches.has_status:
            self.answer(bytes([self.switches.status(n)]))

    # -- commands ---------------------------------------------------------------

    def _obey(self, command: Command) -> None:
        name, raw = command.name, command.raw
        if name in ("GS v 0", "ESC *") and self._runs:
            raise UnknownBytesError(f"{name} within a line of letters")
        if self._dots and name not in ("ESC J", "LF", "DLE EOT"):
            raise UnknownBytesError(f"{name} behind ESC *, which nothing fed")
        handler = getattr(self, _HANDLERS[name])
        handler(raw)

    def _ignore(self, raw: bytes) -> None:
        """Real-time commands were obeyed when they came."""

    def _init(self, raw: bytes) -> None:
        self._steps.append(self._end)
        self._initialize()

    def _set_page(self, raw: bytes) -> None:
        self._page = PAGES[raw[2]]

    def _set_style(self, raw: bytes) -> None:
        changes: dict[bytes, dict[str, Any]] = {
            b"\x1b\x45": {"is_bold": raw[2] == 1},
            b"\x1d\x42": {"is_inverse": raw[2] == 1},
            b"\x1d\x21": {"wide": (raw[2] >> 4) + 1, "high": (raw[2] & 15) + 1},
        }
        self._style = replace(self._style, **changes[raw[:2]])

    def _set_chinese(self, raw: bytes) -> None:
        self._style = replace(self._style, is_chinese=raw == b"\x1c\x26")

    def _letters(self, raw: bytes) -> None:
        page = "gb18030" if self._style.is_chinese else self._page
        try:
            text = raw.decode(page)
        except UnicodeDecodeError as exc:
            raise UnknownBytesError(f"{raw!r} is not on page {page}") from exc
        for char in text:
            used = sum(s.columns(c) * s.wide for t, s in self._runs for c in t)
            room = self.width // CELL[0] - used
            if self._style.columns(char) * self._style.wide > room:
                self._feed_line(b"")
            if self._runs and self._runs[-1][1] == self._style:
                self._runs[-1] = (self._runs[-1][0] + char, self._style)
            else:
                self._runs.append((char, self._style))

    def _feed_line(self, raw: bytes) -> None:
        if self._dots:
            self._feed_dots(LINE_ROWS)
            return
        line = Line(tuple(self._runs))
        self._runs = []
        self._steps.extend(_drawn(line, self.width))
        self._steps.append(lambda: self._ticket.styled.append(line))

    def _print_line(self) -> None:
        if self._runs:
            self._feed_line(b"")

    def _feed_dots(self, rows: int) -> None:
        if rows < len(self._dots):
            raise UnknownBytesError(f"{rows} rows do not feed all of ESC *")
        blank = [bytes(self.width // 8)] * (rows - len(self._dots))
        self._picture([*self._dots, *blank])
        self._dots = []

    def _feed_rows(self, raw: bytes) -> None:
        if self._dots:
            self._feed_dots(raw[2])
            return
        self._print_line()
        self._picture(bytes(self.width // 8) for _ in range(raw[2]))

    def _feed_lines(self, raw: bytes) -> None:
        self._print_line()
        self._blank(LINE_ROWS * raw[2])

    def _blank(self, rows: int) -> None:
        self._steps.extend(bytes(self.width // 8) for _ in range(rows))

    def _picture(self, rows: Iterable[bytes]) -> None:
        for row in rows:
            self._steps.append(row)
            self._steps.append(self._count_dots)

    def _count_dots(self) -> None:
        self._ticket.dots += 1

    def _raster(self, raw: bytes) -> None:
        stride, paper = _int(raw[4:6]), self.width // 8
        if stride > paper:
            raise UnknownBytesError(f"a picture of {stride * 8} dots is too wide")
        data = raw[8:]
        rows = (data[n : n + stride] for n in range(0, len(data), stride or 1))
        self._picture(row.ljust(paper, b"\0") for row in rows)

    def _columns_of_dots(self, raw: bytes) -> None:
        """``ESC *``: columns of 8 or 24 dots; they wait in the line until it is fed."""
        deep, count = (3 if raw[2] in (32, 33) else 1), _int(raw[3:5])
        if count > self.width:
            raise UnknownBytesError(f"a picture of {count} dots is too wide")
        columns = [raw[5 + n * deep : 5 + (n + 1) * deep] for n in range(count)]
        rows = [
            sum((column[y // 8] >> (7 - y % 8) & 1) << (self.width - 1 - x)
                for x, column in enumerate(columns))
            for y in range(8 * deep)
        ]  # fmt: skip
        self._dots = [row.to_bytes(self.width // 8, "big") for row in rows]

    def _cut(self, raw: bytes) -> None:
        self._print_line()
        if len(raw) == 4:
            self._blank(raw[3])
        self._steps.append(self._cut_now)

    def _cut_now(self) -> None:
        self.cuts += 1
        self._ticket.is_cut = True
        self._end()

    def _end(self) -> None:
        """The paper that is there becomes a ticket; a new one begins."""
        ticket = getattr(self, "_ticket", None)
        if ticket is not None and ticket.rows:
            ticket.ended_at = time.monotonic()
            self.tickets.append(ticket)
        self._ticket = Ticket(self.width)

    @property
    def unfinished(self) -> Ticket | None:
        """What hangs out of the printer without a cut."""
        return self._ticket if self._ticket.rows else None

    def _kick(self, raw: bytes) -> None:
        self._steps.append(self._kick_now)

    def _kick_now(self) -> None:
        self.drawers += 1

    def _beep(self, raw: bytes) -> None:
        self._steps.append(self._beep_now)

    def _beep_now(self) -> None:
        self.beeps += 1

    def _symbol_of(self, raw: bytes) -> None:
        """``GS ( k``: 80 stores a QR code's letters, 81 prints it."""
        if raw[5] != 49 or raw[6] not in (65, 67, 69, 80, 81):
            raise UnknownBytesError(f"GS ( k never has {raw[5:7].hex(' ')}")
        if raw[6] == 80:
            self._symbol = raw[8:]
        if raw[6] == 81:
            code = self._symbol
            self._blank(LINE_ROWS * 4)
            self._steps.append(lambda: self._ticket.codes.append(code))

    def _process_id(self, raw: bytes) -> None:
        if raw[5:7] != b"\x30\x30" or len(raw) != 11:
            raise UnknownBytesError(f"GS ( H never has {raw[5:].hex(' ')}")
        if self.switches.has_process_id:
            reply = b"\x37\x22" + raw[7:11] + b"\0"
            self._steps.append(lambda: self.answer(reply))

    def _sensor(self, raw: bytes) -> None:
        if self.switches.has_gs_r:
            self._steps.append(self._say_paper)

    def _say_paper(self) -> None:
        self.answer(b"\x03" if self.switches.paper == "low" else b"\0")


_HANDLERS = {
    "text": "_letters", "LF": "_feed_line", "ESC @": "_init", "ESC t": "_set_page",
    "ESC E": "_set_style", "GS !": "_set_style", "GS B": "_set_style",
    "ESC J": "_feed_rows", "ESC d": "_feed_lines", "GS v 0": "_raster",
    "ESC *": "_columns_of_dots", "GS V": "_cut", "ESC p": "_kick", "ESC B": "_beep",
    "ESC ( A": "_beep", "GS ( k": "_symbol_of", "GS ( H": "_process_id",
    "FS &": "_set_chinese", "FS .": "_set_chinese", "DLE EOT": "_ignore",
    "GS r": "_sensor",
}  # fmt: skip


def decode(data: bytes, width: int = 576) -> list[Ticket]:
    """The tickets that a whole stream prints, the last perhaps without a cut.

    UnknownBytesError for every byte that is not ours and for a cut off command.
    """
    machine = Machine(width, lambda _: None)
    machine.take(data)
    if machine.waiting:
        raise UnknownBytesError(f"{len(machine.waiting)} bytes of a command are left")
    return [*machine.tickets, *filter(None, [machine.unfinished])]
