"""The running service: one worker for each printer, signals, systemd, housekeeping."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

import httpx

from . import __version__, client, transports
from .clock import Clock
from .config import Config, ConfigError
from .hints import Hints
from .journal import Journal
from .reporter import Reporter
from .sdnotify import notify, watchdog_seconds
from .tasks import end
from .worker import Worker

PRUNE_SECONDS = 3600.0

log = logging.getLogger("printer_pi")


async def serve(
    config: Config,
    *,
    stop: asyncio.Event | None = None,
    http: httpx.AsyncClient | None = None,
    clock: Clock | None = None,
    stream: TextIO | None = None,
) -> None:
    """Serve all printers until SIGTERM or SIGINT (or `stop`), then finish cleanly.

    `http`, `clock` and `stream` (for terminal printers) replace the real ones. Raises
    ConfigError when another printer-pi uses the same state_dir, OSError or
    sqlite3.Error when the journal cannot be opened.
    """
    if config.server is None:
        raise ConfigError(["server is missing."])
    stop = stop or asyncio.Event()
    clock = clock or Clock()
    with _only_one(config.state_dir):
        journal = Journal(config.state_dir)
        try:
            async with http or client.connect(config.server) as connection:
                server = client.Client(connection, config.server.restaurant)
                news = asyncio.Event()
                hints = Hints(config.state_dir, journal, clock)
                workers = _workers(
                    *(config, server, journal, stop, clock, stream, news, hints)
                )
                reporter = Reporter(server, workers, news, clock, hints)
                _greet(config, journal, clock)
                with _signals(stop):
                    await _run(workers, reporter, hints, journal, stop, clock)
        finally:
            journal.close()
    log.info("stopped")


def _workers(
    config: Config,
    server: client.Client,
    journal: Journal,
    stop: asyncio.Event,
    clock: Clock,
    stream: TextIO | None,
    news: asyncio.Event,
    hints: Hints,
) -> list[Worker]:
    workers = []
    for printer in config.printers:
        halt = threading.Event()
        sinks = transports.make_all(printer, stream, halt)
        workers.append(
            Worker(
                *(printer, sinks, server, journal, stop, clock),
                hints=hints,
                hold_seconds=config.hold_seconds,
                halt=halt,
                on_status=news.set,
            )
        )
    return workers


def _greet(config: Config, journal: Journal, clock: Clock) -> None:
    journal.prune(clock.now_ms())
    names = ", ".join(printer.name for printer in config.printers)
    url = config.server.url if config.server else ""
    log.info("printer-pi %s serves %s from %s", __version__, names, url)
    for note in config.notes:
        log.warning("%s", note)
    for entry in journal.in_doubt():
        log.warning(
            "%s: job %s was cut off while printing; it is marked if it comes again",
            entry.printer,
            entry.job_id,
        )


async def _run(
    workers: Sequence[Worker],
    reporter: Reporter,
    hints: Hints,
    journal: Journal,
    stop: asyncio.Event,
    clock: Clock,
) -> None:
    """Let the workers run; the side tasks end with them."""
    side_tasks = [
        asyncio.create_task(_prune(journal, clock)),
        asyncio.create_task(_watchdog(workers, clock)),
        asyncio.create_task(reporter.run()),
        asyncio.create_task(hints.run()),
    ]
    notify("READY=1")
    try:
        await asyncio.gather(*(worker.run() for worker in workers))
    finally:
        stop.set()
        notify("STOPPING=1")
        await end(*side_tasks)
        await hints.leave()


async def _prune(journal: Journal, clock: Clock) -> None:
    while True:
        await clock.sleep(PRUNE_SECONDS)
        with contextlib.suppress(sqlite3.Error):  # the workers report a bad disk
            journal.prune(clock.now_ms())


async def _watchdog(workers: Sequence[Worker], clock: Clock) -> None:
    """Tell systemd that we live, as long as no worker hangs."""
    seconds = watchdog_seconds()
    while seconds is not None:
        if all(worker.alive for worker in workers):
            notify("WATCHDOG=1")
        await clock.sleep(seconds)


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def is_running(state_dir: Path) -> bool:
    """Whether a daemon uses this state_dir now."""
    try:
        fd = os.open(state_dir / "lock", os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


@contextlib.contextmanager
def _only_one(state_dir: Path) -> Iterator[None]:
    """Two daemons on one journal would both believe that a job is theirs."""
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    fd = os.open(state_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ConfigError(
                [f"state_dir {state_dir} is in use by another printer-pi."]
            ) from None
        yield
    finally:
        os.close(fd)
