"""Real processes that die: what is on paper afterwards, and what the server knows."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pi_printer import TcpPrinter, letters
from pi_server import PATIENCE_SECONDS, PrintServer
from pi_setup import write_config
from printer_pi.ticket import DUPLICATE_BANNER

pytestmark = pytest.mark.asyncio
HERE = Path(__file__).parent
KILLED_AT_POINT = 137
PLAIN, MARKED = "plain", "marked"


@dataclass
class Shop:
    server: PrintServer
    printer: TcpPrinter
    config: Path
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    @property
    def paper(self) -> list[str]:
        """Each whole ticket on paper: plain or marked as a possible duplicate."""
        return [
            MARKED if DUPLICATE_BANNER in letters(ticket)[0] else PLAIN
            for ticket in self.printer.tickets
        ]

    async def run(self, *arguments: str) -> asyncio.subprocess.Process:
        path = os.pathsep.join([str(HERE.parent / "src"), str(HERE)])
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(arguments or ("-m", "printer_pi", "run", "--config", str(self.config))),
            env={**os.environ, "PYTHONPATH": path},
            stderr=asyncio.subprocess.PIPE,
        )
        self.processes.append(process)
        return process

    async def end_all(self) -> None:
        """A failed test must not leave a daemon behind."""
        for process in self.processes:
            if process.returncode is None:
                process.kill()
                await process.wait()


@contextlib.asynccontextmanager
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    server, printer = PrintServer(), TcpPrinter()
    await server.start()
    await printer.start()
    config = write_config(
        tmp_path / "c.toml", server.url, tmp_path / "state", printer.uri
    )
    place = Shop(server, printer, config)
    try:
        yield place
    finally:
        await place.end_all()
        await printer.stop()
        await server.stop()


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    _, errors = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
    assert process.returncode is not None
    return process.returncode, errors.decode()


async def stopped(process: asyncio.subprocess.Process) -> str:
    process.send_signal(signal.SIGTERM)
    code, errors = await ended(process)
    assert code == 0, errors
    return errors


@pytest.mark.parametrize(
    ("point", "whole_tickets", "acked_again"),
    [
        ("started, not recorded", [PLAIN], False),
        ("before the first byte", [MARKED], False),
        # The cut-off half is on paper too: the fake printer keeps what it got.
        ("in mid-ticket", [PLAIN, MARKED], False),
        ("printed, not recorded", [PLAIN, MARKED], False),
        ("recorded, not acked", [PLAIN], True),
        ("acked, not recorded", [PLAIN], True),
    ],
)
async def test_killed_at_a_point_and_started_again(
    tmp_path: Path, point: str, whole_tickets: list[str], acked_again: bool
) -> None:
    async with shop(tmp_path) as s:
        await s.server.add("j1")
        code, errors = await ended(
            await s.run(str(HERE / "pi_crash.py"), point, str(s.config))
        )
        assert code == KILLED_AT_POINT, errors
        if not acked_again:
            await s.server.requeue("j1")
        again = await s.run()
        acks = s.server.count("ack")
        await s.server.until(lambda: s.server.count("ack") == acks + 1)
        await s.server.until_state("j1", "printed")
        await stopped(again)
        assert s.paper == whole_tickets


async def test_killed_while_the_ack_is_under_way(tmp_path: Path) -> None:
    async with shop(tmp_path) as s:
        s.server.hold["ack"] = asyncio.Event()
        await s.server.add("j1")
        daemon = await s.run()
        await s.server.until(lambda: s.server.count("ack") == 1)
        daemon.kill()
        await ended(daemon)
        s.server.hold["ack"].set()
        await s.server.requeue("j1")
        again = await s.run()
        await s.server.until(lambda: s.server.count("ack") >= 2)
        await s.server.until_state("j1", "printed")
        await stopped(again)
        assert s.paper == [PLAIN]
        assert s.server.count("start") == 1


async def test_killed_while_the_printer_is_busy(tmp_path: Path) -> None:
    async with shop(tmp_path) as s:
        s.printer.reads.clear()
        await s.server.add("j1", text="a very long ticket\n" * 1_000, copies=20)
        daemon = await s.run()
        await s.printer.until(lambda: s.printer.received > 0)
        daemon.kill()
        await ended(daemon)
        s.printer.reads.set()
        await s.server.requeue("j1")
        again = await s.run()
        await s.server.until_state("j1", "printed")
        assert "was cut off while printing" in await stopped(again)
        assert s.paper[-1] == MARKED


async def test_sigterm_finishes_the_ticket_in_hand(tmp_path: Path) -> None:
    async with shop(tmp_path) as s:
        s.server.hold["start"] = asyncio.Event()
        await s.server.add("j1")
        daemon = await s.run()
        await s.server.until(lambda: s.server.count("start") == 1)
        daemon.send_signal(signal.SIGTERM)
        s.server.hold["start"].set()
        code, errors = await ended(daemon)
        assert (code, errors.splitlines()[-1]) == (0, "stopped")
        assert s.server.jobs["j1"]["state"] == "printed"
        assert s.paper == [PLAIN]


async def test_sigterm_ends_a_daemon_that_waits(tmp_path: Path) -> None:
    async with shop(tmp_path) as s:
        daemon = await s.run()
        await s.server.until(lambda: s.server.count("claim") == 1)
        errors = await stopped(daemon)
        assert "Traceback" not in errors


async def test_an_outage_does_not_outlast_the_server(tmp_path: Path) -> None:
    async with shop(tmp_path) as s:
        await s.server.stop()
        daemon = await s.run()
        assert daemon.stderr is not None
        while b"cannot be reached" not in await daemon.stderr.readline():
            pass
        await s.server.start()
        await s.server.add("j1")
        await s.server.until_state("j1", "printed")
        await stopped(daemon)
