"""Tells the server how the printers are: when something changes, and every minute;
the server says where it would give hints."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Protocol

from .client import BusyError, Client, RefusedError, ServerError
from .clock import Backoff, Clock
from .hints import Hints
from .tasks import until_stopped

REPORT_SECONDS = 60.0
REFUSED_SECONDS = 600.0

log = logging.getLogger("printer_pi")


class Reporting(Protocol):
    """Whoever knows how one printer is."""

    @property
    def report(self) -> dict[str, Any] | None: ...


class Reporter:
    """Reports all printers together; nothing in printing depends on it."""

    def __init__(
        self,
        client: Client,
        printers: Sequence[Reporting],
        news: asyncio.Event,
        clock: Clock,
        hints: Hints,
    ) -> None:
        self._client = client
        self._printers = printers
        self._news = news
        self._clock = clock
        self._hints = hints
        self._backoff = Backoff(clock.uniform)
        self._refusal = ""

    async def run(self) -> None:
        """Report until cancelled."""
        while True:
            self._news.clear()
            pause = await self._report()
            await until_stopped(self._news, self._clock.sleep(pause))

    async def _report(self) -> float:
        """One report; the seconds until the next, unless there is news."""
        reports = [p.report for p in self._printers]
        known = [report for report in reports if report is not None]
        if not known:
            return REPORT_SECONDS
        try:
            relays = await self._client.report(known, self._hints.wake_key)
        except RefusedError as exc:
            if str(exc) != self._refusal:
                self._refusal = str(exc)
                log.warning("the server takes no status of printers (%s)", exc)
            return REFUSED_SECONDS
        except BusyError as exc:
            return exc.retry_after or self._backoff.next()
        except ServerError:  # the workers say what is wrong
            return self._backoff.next()
        self._backoff.reset()
        self._refusal = ""
        if await self._hints.follow(relays):
            self._news.set()  # the server must know how to hint us
        return REPORT_SECONDS
