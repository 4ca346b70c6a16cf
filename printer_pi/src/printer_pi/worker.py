"""One printer's loop: settle old acks, look for a job, print it exactly as promised."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import traceback
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from .client import (
    ANSWER_SECONDS,
    CLAIM_WAIT_SECONDS,
    BusyError,
    Client,
    DeniedError,
    Job,
    RefusedError,
    ServerError,
)
from .clock import Backoff, Clock
from .config import Printer
from .journal import PRINTING, Journal
from .render import kick, render
from .transports import Sink, SinkError

DENIED_PAUSE_SECONDS = 120.0
EMPTY_CLAIM_SECONDS = 5.0
_GRACE_SECONDS = 45.0

log = logging.getLogger("printer_pi")
T = TypeVar("T")


async def until_stopped(stop: asyncio.Event, work: Awaitable[T]) -> T | None:
    """What `work` returns, or None after cancelling it because `stop` was set."""
    task = asyncio.ensure_future(work)
    halt = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, halt}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        halt.cancel()
        task.cancel()
        await asyncio.gather(task, halt, return_exceptions=True)


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
    ) -> None:
        self._printer = printer
        self._sink, *self._extra_sinks = sinks
        self._client = client
        self._journal = journal
        self._stop = stop
        self._clock = clock
        self._backoff = Backoff(clock.uniform)
        self._threads = ThreadPoolExecutor(1, thread_name_prefix=printer.name)
        self._probed = False
        self._trouble = ""
        self._alive_until = clock.monotonic() + _GRACE_SECONDS

    @property
    def alive(self) -> bool:
        """Whether the loop has kept its last promise to come round again."""
        return self._clock.monotonic() < self._alive_until

    async def run(self) -> None:
        """Serve until stopped. No failure of server, printer or disk ends it."""
        try:
            while not self._stop.is_set():
                pause = await self._round()
                if pause > 0:
                    self._expect(pause)
                    await until_stopped(self._stop, self._clock.sleep(pause))
        finally:
            self._threads.shutdown(wait=False)

    # -- the loop ---------------------------------------------------------------

    async def _round(self) -> float:
        """One turn of the loop; the seconds to rest before the next."""
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
            return DENIED_PAUSE_SECONDS
        except BusyError as exc:
            self._say(f"the server is busy ({exc})")
            if exc.retry_after is not None:
                return exc.retry_after + self._clock.uniform(0.0, 1.0)
        except RefusedError as exc:
            self._say(
                f"the server refuses to give jobs ({exc});"
                " check server.url and server.restaurant"
            )
        except ServerError as exc:
            self._say(f"the server cannot be reached ({exc}); trying again")
        except SinkError as exc:
            self._say(f"the printer is not ready ({exc}); trying again")
        except sqlite3.Error as exc:
            self._say(f"the journal on disk fails ({exc}); trying again")
        # The message of an unforeseen error may quote a ticket: say only where.
        except Exception as exc:
            last = traceback.extract_tb(exc.__traceback__)[-1]
            where = f"{last.filename}:{last.lineno}"
            self._say(f"unexpected {type(exc).__name__} at {where}; trying again")
        return self._backoff.next()

    async def _settle(self) -> None:
        """Ack what is on paper and not yet acked; trouble here never stops the rest."""
        for entry in self._journal.unacked(self._printer.name):
            self._expect(ANSWER_SECONDS)
            try:
                await self._ack(entry.job_id, entry.lease_token)
            except ServerError:
                return  # the claim that follows says what is wrong

    async def _probe(self) -> None:
        """A printer that is off claims nothing, so its jobs lose no attempts."""
        if not self._probed:
            self._expect(ANSWER_SECONDS)
            await self._in_thread(self._sink.probe)
            self._probed = True

    async def _claim_and_print(self) -> float:
        began = self._clock.monotonic()
        self._expect(CLAIM_WAIT_SECONDS + ANSWER_SECONDS)
        claim = self._client.claim(self._printer.name, self._printer.stations)
        job = await until_stopped(self._stop, claim)
        if job is None and self._stop.is_set():
            return 0.0
        if self._trouble:
            self._trouble = ""
            log.info("%s: working again", self._printer.name)
        if job is None:
            self._probed = False
            self._backoff.reset()
            # A server that does not hold the claim open must not be asked at once.
            return EMPTY_CLAIM_SECONDS - (self._clock.monotonic() - began)
        if not await self._handle(job):
            return self._backoff.next()
        self._backoff.reset()
        return 0.0

    # -- one job ----------------------------------------------------------------

    async def _handle(self, job: Job) -> bool:
        """Print or only ack a claimed job; False when it did not end well."""
        known = self._journal.find(job.id)
        if known is not None and known.state != PRINTING:
            self._log(job, "is already on paper, only acknowledging it")
            self._journal.lease_again(job.id, job.lease_token)
            return await self._ack(job.id, job.lease_token)
        doubt = known is not None
        if job.fault:
            await self._give_back(job, job.fault, "job.unprintable", False, doubt)
            return False
        if doubt and job.is_kick:
            error = "the drawer may have been opened already"
            await self._give_back(job, error, "drawer.in_doubt", False, doubt)
            return False
        try:
            pages = self._pages(job, doubt)
            await self._in_thread(partial(self._sink.open, _title(job)))
        except SinkError as exc:
            self._probed = False
            await self._give_back(job, str(exc), exc.code, True, doubt)
            return False
        try:
            return await self._started(job, doubt) and await self._print(
                job, pages, doubt
            )
        finally:
            await self._in_thread(self._sink.close)

    def _pages(self, job: Job, doubt: bool) -> list[bytes]:
        """The data for each target; a drawer is opened at the first alone."""
        if job.is_kick:
            return [kick(self._sink.format, job.order_number, self._printer)]
        sinks = [self._sink, *self._extra_sinks]
        return [self._render(sink, job, doubt) for sink in sinks]

    def _render(self, sink: Sink, job: Job, doubt: bool) -> bytes:
        return render(
            sink.format,
            job.text,
            job.order_number,
            self._printer,
            copies=job.copies,
            duplicate=doubt,
            secret=job.secret,
            modules=job.qr,
        )

    async def _started(self, job: Job, doubt: bool) -> bool:
        """The server's go; False means: somebody else has the job, print nothing."""
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

    async def _print(self, job: Job, pages: list[bytes], doubt: bool) -> bool:
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
            await self._in_thread(partial(self._send, pages[0]))
            self._record_printed(job)
            await self._print_extra(job, pages[1:])
        except SinkError as exc:
            await self._broken(job, exc, doubt)
            return False
        finally:
            renewing.cancel()
        done = "opened the drawer" if job.is_kick else "printed"
        self._log(job, done + (" as a possible duplicate" if doubt else ""))
        return await self._ack_printed(job)

    def _send(self, data: bytes) -> None:
        self._sink.write(data)
        self._sink.finish()

    async def _broken(self, job: Job, exc: SinkError, doubt: bool) -> None:
        """The printer failed under the ticket: no plain retry once a byte was out."""
        self._probed = False
        if not exc.bytes_out and not doubt:
            self._journal.withdraw(job.id)
        doubt = doubt or exc.bytes_out
        await self._give_back(job, str(exc), exc.code, True, doubt)

    def _record_printed(self, job: Job) -> None:
        try:
            self._journal.printed(job.id, self._clock.now_ms())
        except sqlite3.Error as exc:  # on paper all the same: the server must hear it
            self._log(job, f"printed, but the journal on disk fails ({exc})")

    async def _print_extra(self, job: Job, pages: list[bytes]) -> None:
        """Further targets get the ticket if they can; nothing depends on them."""
        for sink, data in zip(self._extra_sinks, pages, strict=False):
            try:
                await self._in_thread(partial(_copy, sink, _title(job), data))
            except SinkError as exc:
                self._log(job, f"not copied to a further target: {exc}")

    async def _keep_lease(self, job: Job) -> None:
        """Renew at a third of the lease; when it is lost the ticket is finished."""
        pause = max(job.lease_seconds / 3, 1.0)
        lost = False
        while True:
            self._expect(pause + ANSWER_SECONDS)
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

    async def _ack_printed(self, job: Job) -> bool:
        try:
            return await self._ack(job.id, job.lease_token)
        except ServerError as exc:
            self._log(job, f"not acknowledged yet ({exc}), the journal remembers it")
            return False

    async def _ack(self, job_id: str, lease_token: str) -> bool:
        """Ack and note it. False: the server does not want the ack, ever."""
        try:
            await self._client.ack(job_id, lease_token)
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

    # -- small parts ------------------------------------------------------------

    @property
    def _name(self) -> str:
        return self._printer.name

    async def _in_thread(self, step: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._threads, step)

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
