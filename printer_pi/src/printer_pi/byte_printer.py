"""A printer behind a wire: its state before each ticket, its word after it.

Once bytes are out nothing is tried again: the connection is held, the printer is
asked how it is, and a ticket that stopped for want of paper ends when there is some.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from . import escpos
from .sink import (
    COVER_OPEN,
    ERROR,
    FAULTS,
    OFFLINE,
    PAPER_OUT,
    Confirm,
    Known,
    SinkError,
    Status,
    broken,
    faulty,
    offline,
    stalled,
)
from .uris import Format
from .wire import Wire

ConfirmSetting = Literal["auto", "process_id", "gs_r", "drain", "none"]
NOTHING_KNOWN = Known("none", has_status=False)
# The surest first; a printer that lacks the one wished for is asked for the next.
_METHODS: tuple[Confirm, ...] = ("process_id", "gs_r")
_ID_LETTERS = "".join(map(chr, range(0x21, 0x7F)))
_DRAIN_PAUSE_SECONDS = 0.01


@dataclass
class _Ear:
    """What the printer has said since somebody began to listen."""

    raw: bytearray = field(default_factory=bytearray)
    ids: set[bytes] = field(default_factory=set)
    states: list[int] = field(default_factory=list)
    has_sensor: bool = False

    def take(self, heard: bytes) -> None:
        self.raw += heard
        for reply in escpos.replies(self.raw):
            if reply.kind == "process_id":
                self.ids.add(reply.value)
            elif reply.kind == "sensor":
                self.has_sensor = True
            else:
                self.states.append(reply.value[0])


class BytePrinter:
    """An ESC/POS printer over a wire.

    `confirm` is how its tickets are to be confirmed; what it does not answer is never
    waited for. `drawer_open` is the level of its drawer's wire that means open.
    `stall_seconds` is how long it may neither take a byte nor say why; `halt` is set
    when the daemon ends: then nobody waits for paper any more. `form` is "text" for
    a device that takes letters alone.
    """

    state_seconds = 1.0
    confirm_seconds = 2.0
    pause_seconds = 0.5
    stuck_seconds = 10.0
    #: How often one that answered nothing is asked again; it may have been starting.
    again_seconds = 600.0

    def __init__(
        self,
        wire: Wire,
        stall_seconds: float,
        *,
        confirm: ConfirmSetting = "auto",
        drawer_open: str = "",
        halt: threading.Event | None = None,
        form: Format = "escpos",
    ) -> None:
        self.format: Format = form
        self.status = Status()
        self.on_status: Callable[[Status], None] = lambda _: None
        self.known: Known | None = None
        self._wire = wire
        self._stall = stall_seconds
        self._wanted = confirm
        self._drawer_open = drawer_open
        self._halt = halt or threading.Event()
        self._ear = _Ear()
        self._id = b""
        self._is_out = self._has_ticket = False
        self._has_answered = False
        self._again_at = 0.0

    # -- before a ticket ----------------------------------------------------------

    def probe(self) -> None:
        known = self.known
        if known and not known.has_status and time.monotonic() >= self._again_at:
            self.known = None
        self.open("")
        self.close()

    def open(self, _title: str, /) -> None:
        """Connect and ask how it is; a printer at fault takes nothing."""
        self._has_ticket = False
        try:
            self._wire.open()
            self._hush()
            if self.known is None or not self._look(self.known):
                self.known = None
                # Known before its status is told: both are kept together.
                self.known = self._learn()
                self._look(self.known)
            if self.status.fault:
                raise faulty(self.status.fault, bytes_out=False)
        except (SinkError, OSError) as exc:
            self.close()
            code = exc.code if isinstance(exc, SinkError) else OFFLINE
            code = code if code in FAULTS else OFFLINE
            self._set_fault(code)
            # So far there were questions only: nothing can be on paper.
            raise SinkError(code, str(exc), bytes_out=False) from exc
        self._is_out, self._has_ticket = False, True

    def _hush(self) -> None:
        """Drop what it said to somebody else."""
        if self._wanted != "none" and self._wire.can_read:
            while self._wire.read(0):
                pass
        self._ear = _Ear()

    def _learn(self) -> Known:
        """Find out, on an idle printer, what it answers. Nothing goes to paper."""
        self._again_at = time.monotonic() + self.again_seconds
        if self._wanted == "none":
            return NOTHING_KNOWN
        if not self._wire.can_read:
            return Known("drain", has_status=False)
        has_status = self._ask_state(1) is not None
        if self._has_answered and not has_status:
            # It hangs, most likely: what it swallows now would be lost without a word.
            raise offline("the printer does not answer any more")
        if has_status:
            self._look(Known("drain", has_status=True))
            if self.status.fault:  # it serves nothing else now: ask another time
                raise faulty(self.status.fault, bytes_out=False)
        found: Confirm = "drain"
        for method in self._methods():
            self._push(self._question(method))
            if self._hears(method, self.confirm_seconds):
                found = method
                break
        # A printer that took a question for letters must forget them.
        self._push(escpos.INIT)
        return Known(found, has_status)

    def _methods(self) -> tuple[Confirm, ...]:
        if self._wanted == "gs_r":
            return ("gs_r",)
        return () if self._wanted == "drain" else _METHODS

    def _look(self, known: Known) -> bool:
        """Ask for its state; False when it does not say."""
        answers: dict[int, int] = {}
        if known.has_status:
            for n in escpos.STATES:
                answer = self._ask_state(n)
                if answer is None:
                    return False
                answers[n] = answer
        found = escpos.status(answers, self._drawer_open)
        self._set(replace(found, confirm=known.confirm))
        return True

    # -- a ticket -------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        known = self.known or NOTHING_KNOWN
        self._ear = _Ear()
        with self._failing():
            self._push(data + self._question(known.confirm))

    def finish(self) -> Confirm:
        """Wait for the printer's word, then hang up."""
        known = self.known or NOTHING_KNOWN
        with self._failing():
            self._drain()
            self._hold(known)
            self._hang_up(known)
        self.close()
        return known.confirm

    def _hang_up(self, known: Known) -> None:
        try:
            self._wire.finish()
        except OSError:  # what it has confirmed is on paper, however it hangs up
            if known.confirm not in _METHODS:
                raise

    @contextlib.contextmanager
    def _failing(self) -> Iterator[None]:
        """A wire's errors become a sink's; after any, what the printer answers is
        found out again: perhaps it is another one now."""
        try:
            yield
        except (SinkError, OSError) as exc:
            self.known = None
            self.close()
            if isinstance(exc, SinkError):
                raise
            raise broken(exc, bytes_out=self._is_out) from exc

    def _push(self, data: bytes) -> None:
        """Send everything, as fast as the printer takes it."""
        sent, since = 0, time.monotonic()
        while sent < len(data):
            taken = self._wire.send(data[sent:])
            if taken:
                sent, since, self._is_out = sent + taken, time.monotonic(), True
            else:
                self._stuck(since)

    def _drain(self) -> None:
        """Wait until every byte has left this machine."""
        before, since = -1, time.monotonic()
        while waiting := self._wire.unsent():
            if waiting != before:
                before, since = waiting, time.monotonic()
            self._stuck(since)
            time.sleep(_DRAIN_PAUSE_SECONDS)

    def _stuck(self, since: float) -> None:
        """It takes nothing and cannot be asked why: its memory is full. Who takes not
        even a question is not waited for."""
        for_seconds = time.monotonic() - since
        if for_seconds > self.stuck_seconds:
            if not self._has_ticket:
                raise stalled(bytes_out=False)
            self._set_fault(ERROR)
        if for_seconds > self._stall or (
            for_seconds > self.stuck_seconds and self._halt.is_set()
        ):
            raise stalled(bytes_out=self._is_out)

    def _hold(self, known: Known) -> None:
        """Hold on until the ticket is confirmed: for as long as the printer says what
        is wrong with it, and for `stall_seconds` without a reason, or without a word
        of one that told its state before."""
        is_asked = known.confirm in _METHODS
        since = time.monotonic()
        while not (is_asked and self._hears(known.confirm, self.pause_seconds)):
            is_said = known.has_status and self._look(known)
            has_fault = is_said and self.status.fault is not None
            is_silent = known.has_status and not is_said
            if not (is_asked or has_fault or is_silent):
                break
            if has_fault:
                since = time.monotonic()
                if self._halt.wait(0 if is_asked else self.pause_seconds):
                    raise faulty(self.status.fault or ERROR, bytes_out=True)
            elif time.monotonic() - since > self._stall:
                raise stalled(bytes_out=True)
        if self.status.fault:  # over, or it would not have finished
            self._set(Status(confirm=known.confirm))

    def close(self) -> None:
        self._wire.close()

    # -- questions and answers ----------------------------------------------------

    def _question(self, method: Confirm) -> bytes:
        if method == "process_id":
            letters = (secrets.choice(_ID_LETTERS) for _ in range(escpos.ID_BYTES))
            self._id = "".join(letters).encode("ascii")
            return escpos.ask_process_id(self._id)
        return escpos.PAPER_SENSOR if method == "gs_r" else b""

    def _ask_state(self, n: int) -> int | None:
        """The answer to the real-time question n; None when none came in time."""
        self._ear.take(self._wire.read(0))
        self._ear.states.clear()
        self._push(escpos.ask_state(n))
        deadline = time.monotonic() + self.state_seconds
        while not self._ear.states:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self._ear.take(self._wire.read(left))
        self._has_answered = True
        return self._ear.states[0]

    def _hears(self, method: Confirm, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self._is_heard(method):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._ear.take(self._wire.read(left))
        return True

    def _is_heard(self, method: Confirm) -> bool:
        if method == "process_id":
            return self._id in self._ear.ids
        return self._ear.has_sensor

    # -- its state ------------------------------------------------------------------

    def _set_fault(self, fault: str) -> None:
        is_online = fault in (PAPER_OUT, COVER_OPEN, ERROR)
        if self.status.fault != fault:
            self._set(replace(self.status, is_online=is_online, fault=fault))

    def _set(self, status: Status) -> None:
        if status != self.status:
            self.status = status
            self.on_status(status)
