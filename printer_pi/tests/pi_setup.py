"""What most daemon tests share: a configuration, a fast clock, a daemon to start."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from pi_server import PATIENCE_SECONDS, TOKEN
from printer_pi.clock import Clock
from printer_pi.config import Config, Printer, Server
from printer_pi.daemon import serve
from printer_pi.uris import parse


def printer(*addresses: str, name: str = "kitchen", **fields: Any) -> Printer:
    return Printer(name, tuple(parse(uri) for uri in addresses), **fields)


def config(url: str, state_dir: Path, *printers: Printer) -> Config:
    return Config(Server(url, "r1", TOKEN), printers, state_dir)


def write_config(path: Path, url: str, state_dir: Path, uri: str) -> Path:
    path.write_text(
        f'state_dir = "{state_dir}"\n'
        f'[server]\nurl = "{url}"\nrestaurant = "r1"\ntoken = "{TOKEN}"\n'
        f'[[printer]]\nname = "kitchen"\nuri = "{uri}"\n',
        encoding="utf-8",
    )
    return path


@dataclass
class FastTime:
    """Pauses are written down and hardly slept; chance always draws the limit."""

    pauses: list[float] = field(default_factory=list)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        async with self._changed:
            self._changed.notify_all()
        if seconds > 1000:  # housekeeping by the hour
            await asyncio.Event().wait()
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


@contextlib.asynccontextmanager
async def running(
    configuration: Config, pace: FastTime, stream: TextIO | None = None
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
