"""Second processes of the same server, for races: the extension, loaded once more.

A worker is a script that is told the folder of the extension's package and calls
``obey``: it says ``ready``, then reads one JSON list of deeds a line, does them all at
once and answers one JSON list of what came of them. All are forks of one nursery.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from .books import clear_away

TESTS = Path(__file__).parents[1]
NURSERY = """
import sys
sys.path[0] = sys.argv[1]
from harness.nursery import main
main(sys.argv[2])
"""
SECONDS = 180
LINE_BYTES_MAX = 1024 * 1024


class Worker:
    """A second process; `ask` hands it deeds and waits for what came of them."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.reader = reader
        self.writer = writer
        self.pid = 0

    async def ask(self, deeds: list[Any]) -> list[Any]:
        self.writer.write(json.dumps(deeds).encode() + b"\n")
        await self.writer.drain()
        done: list[Any] = json.loads(await self._line("done "))
        return done

    async def is_ready(self) -> None:
        """Wait until it has loaded everything."""
        await self._line("ready")

    async def end(self) -> None:
        if not self.reader.at_eof():
            os.kill(self.pid, signal.SIGKILL)
            await self.reader.read()
        self.writer.close()

    async def _line(self, mark: str) -> str:
        """What follows the mark; whatever else it says is LNbits' own log."""
        while True:
            read = self.reader.readline()
            line = (await asyncio.wait_for(read, SECONDS)).decode()
            assert line, "the worker died"
            if line.startswith(mark):
                return line.removeprefix(mark)


@asynccontextmanager
async def running(
    script: Path, package: ModuleType, count: int
) -> AsyncIterator[list[Worker]]:
    """So many workers beside the test's own process, whose loops stand still."""
    from restaurant.tasks import start_tasks, stop_tasks

    stop_tasks()
    assert package.__file__
    folder = str(Path(package.__file__).parents[1])
    started = [await _started(script, folder) for _ in range(count)]
    try:
        for worker in started:
            await worker.is_ready()
        yield started
    finally:
        for worker in started:
            await worker.end()
        await clear_away()
        start_tasks()


async def _started(script: Path, folder: str) -> Worker:
    """A fork of the nursery that runs the script."""
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(_nursery(folder), [str(script).encode()], [theirs.fileno()])
    worker = Worker(
        *await asyncio.open_unix_connection(sock=ours, limit=LINE_BYTES_MAX)
    )
    worker.pid = int(await asyncio.wait_for(worker.reader.readline(), SECONDS))
    return worker


@cache
def _nursery(folder: str) -> socket.socket:
    """The one of this test process, which ends with it; scripts go in here."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", NURSERY, str(TESTS), folder], stdin=theirs.fileno()
        )

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


# --- in a worker -------------------------------------------------------------------


def obey(work: Any) -> None:
    """Do what every command lists, all of it at once, until nobody asks any more."""
    sys.path.insert(0, sys.argv[1])
    asyncio.run(_obey(work))


async def _obey(work: Any) -> None:
    import restaurant.services  # noqa: F401  (the whole package, as LNbits loads it)

    loop = asyncio.get_running_loop()
    print("ready", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        done = await asyncio.gather(*(told(work(deed)) for deed in json.loads(line)))
        print(f"done {json.dumps(done)}", flush=True)


async def told(work: Awaitable[Any]) -> Any:
    """What came of it; an error by its code."""
    from restaurant.core.errors import RestaurantError

    try:
        return await work
    except RestaurantError as error:
        return error.code
    except Exception as error:
        return repr(error)
