"""What most daemon tests share: a configuration, a fast clock, a daemon to start."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TextIO

from fakeprinter import FakePrinter, Ticket
from pi_server import PATIENCE_SECONDS, TOKEN, PrintServer
from printer_pi.clock import Clock
from printer_pi.config import Config, Printer, Server
from printer_pi.daemon import PRUNE_SECONDS, serve
from printer_pi.journal import FILE_NAME, Journal
from printer_pi.reporter import REFUSED_SECONDS, REPORT_SECONDS
from printer_pi.uris import parse


def printer(*addresses: str, name: str = "kitchen", **fields: Any) -> Printer:
    return Printer(name, tuple(parse(uri) for uri in addresses), **fields)


def config(url: str, state_dir: Path, *printers: Printer, **fields: Any) -> Config:
    return Config(Server(url, "r1", TOKEN), printers, state_dir, **fields)


def write_config(path: Path, url: str, state_dir: Path, uri: str) -> Path:
    path.write_text(
        f'state_dir = "{state_dir}"\n'
        f'[server]\nurl = "{url}"\nrestaurant = "r1"\ntoken = "{TOKEN}"\n'
        f'[[printer]]\nname = "kitchen"\nuri = "{uri}"\n',
        encoding="utf-8",
    )
    return path


# Housekeeping by the clock, not by need: tests do not wait for it.
HOUSEKEEPING = (PRUNE_SECONDS, REPORT_SECONDS, REFUSED_SECONDS)


@dataclass
class FastTime:
    """Pauses are written down and hardly slept; chance always draws the limit."""

    pauses: list[float] = field(default_factory=list)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def sleep(self, seconds: float) -> None:
        if seconds in HOUSEKEEPING:
            await asyncio.Event().wait()
        self.pauses.append(seconds)
        async with self._changed:
            self._changed.notify_all()
        await asyncio.sleep(0.005)

    async def until_paused(self, condition: Callable[[list[float]], bool]) -> None:
        async with self._changed:
            await asyncio.wait_for(
                self._changed.wait_for(lambda: condition(self.pauses)),
                PATIENCE_SECONDS,
            )

    def clock(self) -> Clock:
        return Clock(
            now_ms=lambda: time.time_ns() // 1_000_000,
            sleep=self.sleep,
            uniform=lambda _low, high: high,
        )


class Pace(Protocol):
    def clock(self) -> Clock: ...


@contextlib.asynccontextmanager
async def running(
    configuration: Config, pace: Pace, stream: TextIO | None = None
) -> AsyncIterator[asyncio.Event]:
    """The daemon in this process; leaving the block stops it and waits for it."""
    stop = asyncio.Event()
    task = asyncio.create_task(
        serve(configuration, stop=stop, clock=pace.clock(), stream=stream)
    )
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE_SECONDS)


class Kitchen:
    """A server, a printer and a configuration that joins them."""

    def __init__(self, state_dir: Path, **switches: Any) -> None:
        self.server = PrintServer()
        self.printer = FakePrinter(**switches)
        self.state_dir = state_dir
        self.pace = FastTime()

    def config(self, *more: str, **fields: Any) -> Config:
        entry = printer(self.printer.uri, *more, **fields)
        return config(self.server.url, self.state_dir, entry)

    @property
    def paper(self) -> list[list[str]]:
        """The lines of every ticket."""
        return [ticket.lines for ticket in self.printer.tickets]

    async def until_printer(self, condition: Callable[[], Any]) -> Any:
        return await asyncio.to_thread(self.printer.wait, condition)

    async def turn(self, **switches: Any) -> None:
        """Set the printer's switches."""
        await asyncio.to_thread(lambda: self.printer.set(**switches))

    async def refill(self) -> None:
        """Put paper in, once it really has run out: a slow machine may show the
        fault, or renew a lease, before the last row is printed."""
        await self.until_printer(lambda: self.printer.switches.paper == "out")
        await self.turn(paper="ok")

    def journal_state(self, job_id: str) -> str:
        with contextlib.closing(Journal(self.state_dir, read_only=True)) as journal:
            entry = journal.find(job_id)
        return entry.state if entry else ""

    def note(self, job_id: str) -> None:
        """As left behind by a daemon that died with the bytes going out."""
        with contextlib.closing(Journal(self.state_dir)) as journal:
            journal.begin(job_id, "kitchen", "42", "lease-0", time.time_ns() // 10**6)


@contextlib.asynccontextmanager
async def kitchen(tmp_path: Path, **switches: Any) -> AsyncIterator[Kitchen]:
    place = Kitchen(tmp_path / "state", **switches)
    await place.server.start()
    place.printer.start()
    try:
        yield place
    finally:
        await place.server.stop()
        await asyncio.to_thread(place.printer.stop)


def is_marked(ticket: Ticket) -> bool:
    return any("POSSIBLE DUPLICATE" in line for line in ticket.lines)


def damage(directory: Path) -> None:
    """Spoil all but the file's first page, as a power cut does to a worn card."""
    path = directory / FILE_NAME
    other = sqlite3.connect(path)
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))
    other.execute("PRAGMA user_version = 7")  # nobody's memory of the file holds now
    other.commit()
    other.close()
