"""Hints: somebody says over a Nostr relay that there may be something to print.

A hint carries nothing and proves nothing. It ends the pauses of the workers, so that
they ask the server now; whoever forges one makes them ask, once a second at most.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .clock import Clock
from .journal import Journal

if TYPE_CHECKING:
    from .relays import Relays

#: Hints are heard so often; one that comes earlier is heard then.
HINT_EVERY_SECONDS = 1.0
RELAYS_MAX = 3

log = logging.getLogger("printer_pi")


class Hints:
    """Listens at the relays that the server names, with a key of this machine.

    nostr-sdk (the extra `nostr`) is loaded when the first relay is named, never else.
    """

    def __init__(self, state_dir: Path, journal: Journal, clock: Clock) -> None:
        self._state_dir = state_dir
        self._journal = journal
        self._clock = clock
        self._rung = asyncio.Event()
        self._listeners: list[asyncio.Event] = []
        self._urls: tuple[str, ...] = ()
        self._relays: Relays | None = None
        self._noted: dict[str, bool] | None = None
        self._trouble = ""

    @property
    def wake_key(self) -> str | None:
        """The public key to hint, 64 hex digits; None while nobody listens."""
        return self._relays.wake_key if self._relays else None

    @property
    def is_on(self) -> bool:
        """Whether a hint can come in now."""
        return self._relays is not None and any(self._relays.connected().values())

    def listen(self) -> asyncio.Event:
        """An event that every hint sets; the listener clears it."""
        event = asyncio.Event()
        self._listeners.append(event)
        return event

    def ring(self) -> None:
        """There may be something to print."""
        self._rung.set()

    async def run(self) -> None:
        """Pass hints on until cancelled."""
        while True:
            await self._rung.wait()
            self._rung.clear()
            for event in self._listeners:
                event.set()
            self._note()
            await self._clock.sleep(HINT_EVERY_SECONDS)

    async def follow(self, urls: Sequence[str]) -> bool:
        """Listen at these relays and at no others; whether that is a change. Never
        fails: without hints the workers ask as if there were none."""
        wanted = tuple(urls)[:RELAYS_MAX]
        is_change = wanted != self._urls
        if is_change:
            self._urls = wanted
            await self.leave()
            if wanted:
                await self._join(wanted)
        self._note()
        return is_change and self._relays is not None

    async def _join(self, urls: Sequence[str]) -> None:
        try:
            from .relays import join
        except ImportError:
            self._say(
                "the server names relays for hints; to listen at them install"
                " printer-pi[nostr]"
            )
            return
        try:
            uniform = self._clock.uniform
            self._relays = await join(self._state_dir, urls, self.ring, uniform)
        except Exception as exc:  # whatever a library of others may throw
            self._urls = ()  # the next report tries again
            self._say(f"no hints over Nostr ({type(exc).__name__}); trying again")
        else:
            self._trouble = ""
            log.info("listening for hints at %s", ", ".join(self._relays.hosts))

    async def leave(self) -> None:
        """Listen nowhere any more."""
        relays, self._relays = self._relays, None
        if relays is not None:
            await relays.leave()

    def _note(self) -> None:
        """Keep how the relays are, for `printer-pi status`."""
        state = dict.fromkeys(self._urls, False)
        if self._relays is not None:
            state |= self._relays.connected()
        if state != self._noted:
            with contextlib.suppress(sqlite3.Error):
                self._journal.note_relays(state, self.wake_key, self._clock.now_ms())
                self._noted = state

    def _say(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            log.warning("%s", trouble)
