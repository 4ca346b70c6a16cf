"""One printer's loop: settle old acks, look for a job, print it exactly as promised."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import Any, NamedTuple, TypeVar

from .client import (
    BYTES,
    LONGEST_SECONDS,
    BusyError,
    Client,
    DeniedError,
    Job,
    RefusedError,
    ServerError,
)
from .clock import Backoff, Clock
from .config import DEFAULT_HOLD_SECONDS, Printer
from .hints import Hints
from .journal import PRINTING, Journal, is_damage
from .render import data_for
from .sink import FAULTS, Confirm, Sink, SinkError, Status
from .tasks import end, until_stopped

DENIED_PAUSE_SECONDS = 120.0
EMPTY_CLAIM_SECONDS = 5.0
#: So long, at most, a printer is asked how it is: names, connections, answers.
PROBE_SECONDS = 60.0
#: Who is hinted and holds no claim open asks so often all the same: hints get lost.
HINTED_SECONDS = 30.0
#: So long after trouble it does not rely on hints: nobody hints that a job is due
#: again, or that a printer may be.
RESTLESS_SECONDS = 60.0
#: Paper is refilled and covers are shut while people wait for it.
PRINTER_BACKOFF_SECONDS = 5.0
_GRACE_SECONDS = 45.0

log = logging.getLogger("printer_pi")
T = TypeVar("T")


class Pause(NamedTuple):
    """How long to rest; a hint ends a light one."""

    seconds: float
    is_light: bool = False


class Worker:
    """Serves one printer until `stop` is set; a ticket in hand is always finished.

    The rule of the house: nothing is printed without the server's go and a journal
    row on disk; once a byte is out the job is never printed again without a banner.
    """

    def __init__(
        self,
        printer: Printer,
        sinks: Sequence[Sink],
        client: Client,
        journal: Journal,
        stop: asyncio.Event,
        clock: Clock,
        *,
        hints: Hints,
        hold_seconds: int = DEFAULT_HOLD_SECONDS,
        halt: threading.Event | None = None,
        on_status: Callable[[], None] = lambda: None,
    ) -> None:
        self._printer = printer
        self._sink, *self._extra_sinks = sinks
        self._client = client
        self._journal = journal
        self._stop = stop
        self._clock = clock
        self._hints = hints
        self._hinted = hints.listen()
        self._hold_seconds = hold_seconds
        #: Until then it asks often: a job or the printer may be well again any moment.
        self._restless_until = clock.monotonic()
        self._halt = halt or threading.Event()
        self._on_status = on_status
        self._backoff = Backoff(clock.uniform)
        self._printer_backoff = Backoff(clock.uniform, PRINTER_BACKOFF_SECONDS)
        self._form = _form(sinks)
        self._status: Status | None = None
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=printer.name)
        self._probed = False
        self._trouble = ""
        self._alive_until = clock.monotonic() + _GRACE_SECONDS

    @property
    def alive(self) -> bool:
        """Whether the loop has kept its last promise to come round again."""
        return self._clock.monotonic() < self._alive_until

    @property
    def report(self) -> dict[str, Any] | None:
        """How the printer is, as the server wants it; None while nobody knows."""
        if self._status is None:
            return None
        return report(self._printer, self._status)

    async def run(self) -> None:
        """Serve until stopped. No failure of server, printer or disk ends it."""
        halting = asyncio.create_task(self._halt_with(self._stop))
        self._recall()
        try:
            while not self._stop.is_set():
                await self._rest(await self._round())
        finally:
            await end(halting)
            self._threads.shutdown(wait=False)

    async def _rest(self, pause: Pause) -> None:
        if pause.seconds <= 0:
            return
        self._expect(pause.seconds)
        sleep = self._clock.sleep(pause.seconds)
        if pause.is_light:
            sleep = until_stopped(self._hinted, sleep)
        await until_stopped(self._stop, sleep)

    async def _halt_with(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._halt.set()

    # -- the loop ---------------------------------------------------------------

    async def _round(self) -> Pause:
        """One turn of the loop; how to rest before the next."""
        self._hinted.clear()  # what comes from here on ends the rest
        try:
            await self._settle()
            await self._probe()
            return await self._claim_and_print()
        except DeniedError as exc:
            self._say(
                f"the server refuses the token ({exc}): it is wrong, revoked, no"
                " printer's, or not for these stations; trying again every"
                f" {DENIED_PAUSE_SECONDS:.0f} s"
            )
            return Pause(DENIED_PAUSE_SECONDS)
        except BusyError as exc:
            self._say(f"the server is busy ({exc})")
            if exc.retry_after is not None:
                return Pause(exc.retry_after + self._clock.uniform(0.0, 1.0))
        except RefusedError as exc:
            self._say(
                f"the server refuses to give jobs ({exc});"
                " check server.url and server.restaurant"
            )
        except ServerError as exc:
            self._say(f"the server cannot be reached ({exc}); trying again")
        except SinkError as exc:
            self._say(f"the printer is not ready ({exc}); trying again")
            self._note_fault(exc)
            self._be_restless()
            return Pause(self._printer_backoff.next())
        except sqlite3.Error as exc:
            self._say(f"the journal on disk fails ({exc}); trying again")
            if is_damage(exc):
                self._mend_journal()
            return Pause(self._backoff.next())
        # The message of an unforeseen error may quote a ticket: say only where.
        except Exception as exc:
            last = traceback.extract_tb(exc.__traceback__)[-1]
            where = f"{last.filename}:{last.lineno}"
            self._say(f"unexpected {type(exc).__name__} at {where}; trying again")
            return Pause(self._backoff.next())
        return Pause(self._backoff.next(), is_light=True)

    def _mend_journal(self) -> None:
        with contextlib.suppress(sqlite3.Error, OSError):  # the next round says it
            self._journal.mend()

    async def _settle(self) -> None:
        """Ack what is on paper and not yet acked; trouble here never stops the rest."""
        for entry in self._journal.unacked(self._printer.name):
            try:
                await self._ack(entry.job_id, entry.lease_token, entry.confirm)
            except ServerError:
                return  # the claim that follows says what is wrong

    async def _probe(self) -> None:
        """A printer that is off or at fault claims nothing: its jobs lose no attempts,
        and another printer may have them."""
        if not self._probed:
            self._expect(PROBE_SECONDS)
            await self._in_thread(self._sink.probe)
            self._probed = True
            self._printer_backoff.reset()
            self._note(self._sink.status)

    async def _claim_and_print(self) -> Pause:
        began = self._clock.monotonic()
        self._expect(self._hold_seconds + LONGEST_SECONDS)
        claim = self._client.claim(
            *(self._printer.name, self._printer.stations, self._form),
            self._hold_seconds,
        )
        job = await until_stopped(self._stop, claim)
        if job is None and self._stop.is_set():
            return Pause(0.0)
        if self._trouble:
            self._trouble = ""
            log.info("%s: working again", self._printer.name)
        if job is None:
            self._probed = False
            self._backoff.reset()
            return Pause(self._idle_seconds(began), is_light=True)
        if not await self._handle(job):
            self._be_restless()
            return Pause(self._backoff.next())
        self._backoff.reset()
        return Pause(0.0)

    def _idle_seconds(self, began: float) -> float:
        """How long to rest after a claim, begun then, brought nothing."""
        now = self._clock.monotonic()
        if not self._hold_seconds and self._hints.is_on and now > self._restless_until:
            return HINTED_SECONDS
        # A server that does not hold the claim open must not be asked at once.
        return EMPTY_CLAIM_SECONDS - (now - began)

    def _be_restless(self) -> None:
        self._restless_until = self._clock.monotonic() + RESTLESS_SECONDS

    # -- one job ----------------------------------------------------------------

    async def _handle(self, job: Job) -> bool:
        """Print or only ack a claimed job; False when it did not end well."""
        known = self._journal.find(job.id)
        if known is not None and known.state != PRINTING:
            self._log(job, "is already on paper, only acknowledging it")
            self._journal.lease_again(job.id, job.lease_token)
            return await self._ack(job.id, job.lease_token, known.confirm)
        if known is not None and not await self._is_safe(job):
            return False
        doubt = known is not None
        data = [data_for(sink.format, job, self._name) for sink in self._targets(job)]
        if job.fault or data[0] is None:
            await self._unprintable(job, doubt)
            return False
        self._expect(PROBE_SECONDS)
        try:
            await self._in_thread(partial(self._sink.open, _title(job)))
        except SinkError as exc:
            self._probed = False
            self._note_fault(exc)
            await self._give_back(job, str(exc), exc.code, True, doubt)
            return False
        self._note(self._sink.status)
        try:
            return await self._started(job, doubt) and await self._print(
                job, data, doubt
            )
        finally:
            await self._in_thread(self._sink.close)

    async def _is_safe(self, job: Job) -> bool:
        """Whether a job that may be on paper already may be printed: only if what
        came says so. Else it goes back, to come again with the mark."""
        if job.is_kick:
            error = "the drawer may have been opened already"
            await self._give_back(job, error, "drawer.in_doubt", False, True)
        elif not job.is_marked:
            error = "it may be on paper already, by this machine's journal"
            await self._give_back(job, error, "journal.doubt", True, True)
        return job.is_marked and not job.is_kick

    async def _unprintable(self, job: Job, doubt: bool) -> None:
        if job.fault:
            await self._give_back(job, job.fault, "job.unprintable", False, doubt)
            return
        error = "the server sent no bytes, and letters alone cannot show all of it"
        await self._give_back(job, error, "payload.missing", False, doubt)

    def _targets(self, job: Job) -> list[Sink]:
        """Where the job goes; a drawer is opened at the first target alone."""
        return [self._sink] if job.is_kick else [self._sink, *self._extra_sinks]

    async def _started(self, job: Job, doubt: bool) -> bool:
        """The server's go; False means: somebody else has the job, print nothing."""
        self._expect(LONGEST_SECONDS)
        try:
            await self._client.start(job)
        except RefusedError as exc:
            self._log(
                job, f"dropped unprinted, the server does not let it start ({exc})"
            )
            return False
        except ServerError:
            await self._give_back(job, "no answer to start", "start.lost", True, doubt)
            raise
        return True

    async def _print(self, job: Job, data: list[bytes | None], doubt: bool) -> bool:
        try:
            self._journal.begin(
                job.id,
                self._printer.name,
                job.order_number,
                job.lease_token,
                self._clock.now_ms(),
            )
        except sqlite3.Error:
            error = "the journal on disk cannot be written"
            await self._give_back(job, error, "journal.write", True, doubt)
            raise
        renewing = asyncio.create_task(self._keep_lease(job))
        try:
            confirm = await self._in_thread(partial(self._send, data[0] or b""))
            self._record_printed(job, confirm)
            await self._print_extra(job, data[1:])
        except SinkError as exc:
            await self._broken(job, exc, doubt)
            return False
        finally:
            await end(renewing)
        done = "opened the drawer" if job.is_kick else "printed"
        marked = " as a possible duplicate" if job.is_marked else ""
        self._log(job, f"{done}{marked}, confirmed by {confirm}")
        return await self._ack_printed(job, confirm)

    def _send(self, data: bytes) -> Confirm:
        self._sink.write(data)
        return self._sink.finish()

    async def _broken(self, job: Job, exc: SinkError, doubt: bool) -> None:
        """The printer failed under the ticket: no plain retry once a byte was out."""
        self._probed = False
        self._note_fault(exc)
        if not exc.bytes_out and not doubt:
            self._journal.withdraw(job.id)
        doubt = doubt or exc.bytes_out
        await self._give_back(job, str(exc), exc.code, True, doubt)

    def _record_printed(self, job: Job, confirm: str) -> None:
        try:
            self._journal.printed(job.id, confirm, self._clock.now_ms())
        except sqlite3.Error as exc:  # on paper all the same: the server must hear it
            self._log(job, f"printed, but the journal on disk fails ({exc})")

    async def _print_extra(self, job: Job, copies: list[bytes | None]) -> None:
        """Further targets get the ticket if they can; nothing depends on them."""
        for sink, data in zip(self._extra_sinks, copies, strict=False):
            try:
                if data is None:
                    raise SinkError("payload.missing", "no bytes", bytes_out=False)
                await self._in_thread(partial(_copy, sink, _title(job), data))
            except SinkError as exc:
                self._log(job, f"not copied to a further target: {exc}")

    async def _keep_lease(self, job: Job) -> None:
        """Renew at a third of the lease; when it is lost the ticket is finished."""
        pause = max(job.lease_seconds / 3, 1.0)
        lost = False
        while True:
            self._expect(pause + LONGEST_SECONDS)
            await self._clock.sleep(pause)
            if lost:
                continue
            try:
                await self._client.renew(job)
            except RefusedError as exc:
                lost = True
                self._log(job, f"lost its lease in mid-ticket ({exc})")
            except ServerError as exc:
                self._log(job, f"lease not renewed ({exc})")

    # -- words to the server ----------------------------------------------------

    async def _ack_printed(self, job: Job, confirm: str) -> bool:
        try:
            return await self._ack(job.id, job.lease_token, confirm)
        except ServerError as exc:
            self._log(job, f"not acknowledged yet ({exc}), the journal remembers it")
            return False

    async def _ack(self, job_id: str, lease_token: str, confirm: str) -> bool:
        """Ack and note it. False: the server does not want the ack, ever."""
        self._expect(LONGEST_SECONDS)
        try:
            await self._client.ack(job_id, lease_token, confirm)
        except RefusedError as exc:
            log.warning("%s: ack of job %s refused (%s)", self._name, job_id, exc)
            self._journal.acked(job_id, self._clock.now_ms(), f"refused: {exc}")
            return False
        self._journal.acked(job_id, self._clock.now_ms())
        return True

    async def _give_back(
        self, job: Job, error: str, code: str, retryable: bool, in_doubt: bool
    ) -> None:
        """Report a failure; if even that fails, the lease runs out by itself."""
        doubt = ", part of it may be on paper" if in_doubt else ""
        self._log(job, f"not printed: {error}{doubt}")
        self._expect(LONGEST_SECONDS)
        try:
            await self._client.fail(
                job,
                f"printer {self._name}: {error}",
                code,
                retryable=retryable and not job.is_kick,
                in_doubt=in_doubt,
            )
        except ServerError as exc:
            self._log(job, f"failure not reported ({exc})")

    # -- how the printer is -----------------------------------------------------

    def _recall(self) -> None:
        """What was found out before this start; the surest way of confirming alone is
        taken on trust, the others are asked for again."""
        loop = asyncio.get_running_loop()
        self._sink.on_status = lambda status: _call(loop, self._note, status)
        try:
            seen = self._journal.printer(self._name, self._uri)
        except sqlite3.Error:
            return
        if seen and seen.known and seen.known.confirm == "process_id":
            self._sink.known = seen.known

    def _note(self, status: Status) -> None:
        """Keep the printer's state, and tell the server when it is news."""
        if status == self._status:
            return
        self._status = status
        with contextlib.suppress(sqlite3.Error, ValueError):
            self._journal.note_printer(
                self._name,
                self._uri,
                self._sink.known,
                status,
                self._clock.now_ms(),
            )
        self._on_status()

    def _note_fault(self, exc: SinkError) -> None:
        """A sink that keeps no state has a fault for as long as it fails."""
        if self._sink.status.fault:
            self._note(self._sink.status)
        elif not exc.bytes_out:
            code = exc.code if exc.code in FAULTS else "printer.error"
            is_online = code != "printer.offline"
            self._note(Status(is_online=is_online, fault=code))

    # -- small parts ------------------------------------------------------------

    @property
    def _name(self) -> str:
        return self._printer.name

    @property
    def _uri(self) -> str:
        return self._printer.targets[0].uri

    async def _in_thread(self, step: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, step)

    def _expect(self, seconds: float) -> None:
        self._alive_until = self._clock.monotonic() + seconds + _GRACE_SECONDS

    def _log(self, job: Job, says: str) -> None:
        order = f" (order {job.order_number})" if job.order_number else ""
        log.info("%s: job %s%s %s", self._name, job.id, order, says)

    def _say(self, trouble: str) -> None:
        """Log a lasting trouble when it begins or changes, not at every try."""
        if trouble != self._trouble:
            self._trouble = trouble
            log.warning("%s: %s", self._name, trouble)


def report(printer: Printer, status: Status) -> dict[str, Any]:
    """A printer in the words of the server's status route."""
    told: dict[str, Any] = {"name": printer.name, **asdict(status)}
    if printer.width:
        told["width"] = printer.width
    if printer.model:
        told["model"] = printer.model
    return told


def _form(sinks: Sequence[Sink]) -> str:
    """Whether bytes are needed: by any of the sinks, for the first claims for all."""
    return BYTES if any(sink.format == BYTES for sink in sinks) else "text"


def _call(
    loop: asyncio.AbstractEventLoop, work: Callable[[Status], None], status: Status
) -> None:
    with contextlib.suppress(RuntimeError):  # the daemon is gone
        loop.call_soon_threadsafe(work, status)


def _copy(sink: Sink, title: str, data: bytes) -> None:
    try:
        sink.open(title)
        sink.write(data)
        sink.finish()
    finally:
        sink.close()


def _title(job: Job) -> str:
    """A name for a ticket's file: order, station and the job's own id."""
    return "-".join(part for part in (job.order_number, job.station, job.id) if part)
