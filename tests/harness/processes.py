"""Second processes of the same server, for races: the extension, loaded once more.

A worker is a script that is told the folder of the extension's package and calls
``obey``: it says ``ready``, then reads one JSON list of deeds a line, does them all at
once and answers one JSON list of what came of them.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from .books import clear_away

SECONDS = 60
LINE_BYTES_MAX = 1024 * 1024


class Worker:
    """A second process; `ask` hands it deeds and waits for what came of them."""

    def __init__(self, process: asyncio.subprocess.Process):
        self.process = process

    async def ask(self, deeds: list[Any]) -> list[Any]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(deeds).encode() + b"\n")
        await self.process.stdin.drain()
        done: list[Any] = json.loads(await self._line("done "))
        return done

    async def is_ready(self) -> None:
        """Wait until it has loaded everything."""
        await self._line("ready")

    async def end(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()

    async def _line(self, mark: str) -> str:
        """What follows the mark; whatever else it says is LNbits' own log."""
        assert self.process.stdout
        while True:
            read = self.process.stdout.readline()
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
    return Worker(
        await asyncio.create_subprocess_exec(
            *(sys.executable, str(script), folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LINE_BYTES_MAX,
        )
    )


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
