"""A printer behind a wire: its state before each ticket, its word after it.

Once bytes are out nothing is tried again: the connection is held, the printer is
asked how it is, and a ticket that stopped for want of paper ends when there is some.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from . import escpos
from .sink import Confirm, Known, SinkError, Status, faulty, stalled
from .uris import Format
from .wire import Wire

ConfirmSetting = Literal["auto", "process_id", "gs_r", "drain", "none"]
# The surest first; a printer is asked for those that come after the one wished for.
_METHODS: tuple[Confirm, ...] = ("process_id", "gs_r")
_ID_LETTERS = "".join(map(chr, range(0x21, 0x7F)))


class BytePrinter:
    """An ESC/POS printer over a wire.

    `confirm` is how its tickets are to be confirmed; what it does not answer is never
    waited for. `drawer_open` is the level of its drawer's wire that means open.
    `halt` is set when the daemon ends: then nobody waits for paper any more.
    """

    format: Format = "escpos"

    state_seconds = 1.0
    confirm_seconds = 2.0
    pause_seconds = 0.5

    def __init__(
        self,
        wire: Wire,
        stall_seconds: float,
        *,
        confirm: ConfirmSetting = "auto",
        drawer_open: str = "",
        halt: threading.Event | None = None,
    ) -> None:
        self.status = Status()
        self.on_status: Callable[[Status], None] = lambda _: None
        self.known: Known | None = None
        self._wire = wire
        self._stall = stall_seconds
        self._wanted = confirm
        self._drawer_open = drawer_open
        self._halt = halt or threading.Event()
        self._heard = bytearray()
        self._id = b""

    # -- before a ticket ----------------------------------------------------------

    def probe(self) -> None:
        self.open("")
        self.close()

    def open(self, _title: str, /) -> None:
        """Connect and ask how it is; a printer at fault takes nothing."""
        try:
            self._wire.open()
            self._heard.clear()
            known = self.known or self._learn()
            self._look(known)
        except SinkError as exc:
            self.close()
            if not exc.code.startswith("printer.") or exc.bytes_out:
                exc = SinkError("printer.offline", str(exc), bytes_out=False)
            self._set_fault(exc.code)
            raise exc from None
        if self.status.fault:
            self.close()
            raise faulty(self.status.fault, bytes_out=False)
        self.known = known

    def _learn(self) -> Known:
        """Find out, on an idle printer, what it answers. Nothing goes to paper."""
        if self._wanted == "none":
            return Known("none", has_status=False)
        if not self._wire.can_read:
            return Known("drain", has_status=False)
        has_status = self._ask_state(1) is not None
        if has_status:
            self._look(Known("drain", has_status=True))
            if self.status.fault:  # it serves nothing else now: ask another time
                raise faulty(self.status.fault, bytes_out=False)
        found: Confirm = "drain"
        for method in self._methods():
            self._wire.write(self._question(method))
            if self._hears(method, self.confirm_seconds):
                found = method
                break
        # A printer that took a question for letters must forget them.
        self._wire.write(escpos.INIT)
        return Known(found, has_status)

    def _methods(self) -> tuple[Confirm, ...]:
        if self._wanted in _METHODS:
            return _METHODS[_METHODS.index(self._wanted) :]
        return _METHODS if self._wanted == "auto" else ()

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
        known = self.known or Known("none", has_status=False)
        self._heard.clear()
        self._wire.write(data + self._question(known.confirm))

    def finish(self) -> Confirm:
        """Wait for the printer's word, then hang up."""
        known = self.known or Known("none", has_status=False)
        try:
            self._wire.drain()
            self._hold(known)
            self._wire.finish()
        except SinkError:
            self.known = None  # whatever it was, find out again what it answers
            raise
        finally:
            self.close()
        return known.confirm

    def _hold(self, known: Known) -> None:
        """Hold on until the ticket is confirmed, for as long as the printer says what
        is wrong with it, and for `stall_seconds` without a word."""
        is_asked = known.confirm in _METHODS
        deadline = time.monotonic() + self._stall
        while not (is_asked and self._hears(known.confirm, self.pause_seconds)):
            is_said = known.has_status and self._look(known)
            if not is_asked and not (is_said and self.status.fault):
                return
            if is_asked and self._is_heard(known.confirm):
                break
            if is_said and self.status.fault:
                deadline = time.monotonic() + self._stall
                if self._halt.is_set():
                    raise faulty(self.status.fault, bytes_out=True)
                self._halt.wait(self.pause_seconds)
            elif time.monotonic() > deadline:
                raise stalled(bytes_out=True)
        if self.status.fault:
            self._set(replace(self.status, is_online=True, fault=None))

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
        """The answer to the real-time question n, None when none came in time."""
        self._states: list[bytes] = []
        self._wire.write(escpos.ask_state(n))
        deadline = time.monotonic() + self.state_seconds
        while (left := deadline - time.monotonic()) > 0:
            self._listen(left)
            if self._states:
                return self._states[0][0]
        return None

    def _hears(self, method: Confirm, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self._is_heard(method):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._listen(left)
        return True

    def _is_heard(self, method: Confirm) -> bool:
        if method == "process_id":
            return self._id in self._ids
        return self._has_sensor

    def _listen(self, seconds: float) -> None:
        self._heard += self._wire.read(seconds)
        for reply in escpos.replies(self._heard):
            if reply.kind == "process_id":
                self._ids.add(reply.value)
            elif reply.kind == "sensor":
                self._has_sensor = True
            else:
                self._states.append(reply.value)

    # -- its state ------------------------------------------------------------------

    def _set_fault(self, fault: str) -> None:
        is_known = fault in ("printer.paper_out", "printer.cover_open")
        if self.status.fault != fault:
            self._set(replace(self.status, is_online=is_known, fault=fault))

    def _set(self, status: Status) -> None:
        if status != self.status:
            self.status = status
            self.on_status(status)
