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
from typing import Any

import pytest

from fakeprinter import FakePrinter
from pi_server import PATIENCE_SECONDS, PrintServer
from pi_setup import is_marked, write_config

pytestmark = pytest.mark.asyncio
HERE = Path(__file__).parent
KILLED_AT_POINT = 137
PLAIN, MARKED, PART = "plain", "marked", "part"
LINES = 60
LONG = "\n".join(f"line {n}" for n in range(LINES))


@dataclass
class Shop:
    server: PrintServer
    printer: FakePrinter
    config: Path
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    @property
    def paper(self) -> list[str]:
        """Each ticket on paper: plain, marked as a possible duplicate, or a part."""
        return [
            MARKED
            if is_marked(ticket)
            else PLAIN
            if len(ticket.lines) == LINES
            else PART
            for ticket in self.printer.tickets
        ]

    async def run(self, *arguments: str) -> asyncio.subprocess.Process:
        path = os.pathsep.join([str(HERE.parent / "src"), str(HERE)])
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *(arguments or (str(HERE / "pi_crash.py"), "nowhere", str(self.config))),
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

    async def turn(self, **switches: Any) -> None:
        await asyncio.to_thread(lambda: self.printer.set(**switches))

    async def until_waiting(self) -> None:
        """The daemon has found out about its printer, and asks for jobs."""
        await self.server.until(lambda: self.server.count("claim") >= 1)
        await self.server.until(lambda: "kitchen" in self.server.statuses)


@contextlib.asynccontextmanager
async def shop(tmp_path: Path, **switches: Any) -> AsyncIterator[Shop]:
    server, printer = PrintServer(), FakePrinter(**switches)
    await server.start()
    printer.start()
    config = write_config(
        tmp_path / "c.toml", server.url, tmp_path / "state", printer.uri
    )
    place = Shop(server, printer, config)
    try:
        yield place
    finally:
        await place.end_all()
        await server.stop()
        await asyncio.to_thread(printer.stop)


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    _, errors = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
    assert process.returncode is not None
    return process.returncode, errors.decode()


async def stopped(process: asyncio.subprocess.Process) -> str:
    process.send_signal(signal.SIGTERM)
    code, errors = await ended(process)
    assert code == 0, errors
    return errors


# What is on paper after a crash at the point, a new start, and the server's lease
# that ran out (or the ack that was still owed).
POINTS = [
    ("claimed, not started", [PLAIN], False),
    ("started, not recorded", [MARKED], False),
    ("before the first byte", [MARKED], False),
    ("in mid-ticket", [PART, MARKED], False),
    ("sent, not confirmed", [PLAIN, MARKED], False),
    ("printed, not recorded", [PLAIN, MARKED], False),
    ("recorded, not acked", [PLAIN], True),
    ("acked, not recorded", [PLAIN], True),
]


@pytest.mark.parametrize(("point", "paper", "acked_again"), POINTS)
@pytest.mark.parametrize(
    "lacks",
    [{}, {"has_process_id": False, "has_gs_r": False, "has_status": False}],
    ids=["answers", "no back channel"],
)
async def test_killed_at_a_point_and_started_again(
    tmp_path: Path,
    point: str,
    paper: list[str],
    acked_again: bool,
    lacks: dict[str, bool],
) -> None:
    async with shop(tmp_path, **lacks) as s:
        await s.server.add("j1", text=LONG)
        code, errors = await ended(
            await s.run(str(HERE / "pi_crash.py"), point, str(s.config))
        )
        assert code == KILLED_AT_POINT, errors
        if not acked_again:
            await s.server.requeue("j1")
        acks = s.server.count("ack")
        again = await s.run()
        await s.server.until(lambda: s.server.count("ack") == acks + 1)
        await s.server.until_state("j1", "printed")
        await stopped(again)
        assert s.paper == paper


async def test_killed_with_the_server_not_knowing_of_the_start(tmp_path: Path) -> None:
    """The server lost the start as well (a backup was brought back): the journal knows,
    and has the next copy marked."""
    async with shop(tmp_path) as s:
        await s.server.add("j1", text=LONG)
        code, errors = await ended(
            await s.run(str(HERE / "pi_crash.py"), "sent, not confirmed", str(s.config))
        )
        assert code == KILLED_AT_POINT, errors
        s.server.jobs["j1"]["state"] = "leased"
        await s.server.requeue("j1")
        assert s.server.jobs["j1"]["possible_duplicate"] is False
        again = await s.run()
        await s.server.until_state("j1", "printed")
        await stopped(again)
        assert s.server.bodies("fail")[0]["code"] == "journal.doubt"
        assert s.paper == [PLAIN, MARKED]


async def test_paper_that_ends_in_mid_ticket_is_waited_for(tmp_path: Path) -> None:
    async with shop(tmp_path) as s:
        daemon = await s.run()
        await s.until_waiting()
        await s.turn(rows_left=500)
        await s.server.add("j1", text=LONG)
        await s.server.until(
            lambda: s.server.statuses["kitchen"]["fault"] == "printer.paper_out"
        )
        await s.turn(paper="ok")
        await s.server.until_state("j1", "printed")
        await stopped(daemon)
        assert s.paper == [PLAIN]
        assert s.server.bodies("ack")[0]["confirm"] == "process_id"


async def test_killed_while_paper_is_waited_for(tmp_path: Path) -> None:
    async with shop(tmp_path) as s:
        daemon = await s.run()
        await s.until_waiting()
        await s.turn(rows_left=500)
        await s.server.add("j1", text=LONG)
        await s.server.until(
            lambda: s.server.statuses["kitchen"]["fault"] == "printer.paper_out"
        )
        daemon.kill()
        await ended(daemon)
        # What the printer has in its memory it prints by itself.
        await s.turn(paper="ok")
        await s.server.requeue("j1")
        again = await s.run()
        await s.server.until_state("j1", "printed")
        assert "was cut off while printing" in await stopped(again)
        assert s.paper == [PLAIN, MARKED]


async def test_a_line_that_dies_in_mid_ticket(tmp_path: Path) -> None:
    async with shop(tmp_path) as s:
        daemon = await s.run()
        await s.until_waiting()
        await s.turn(die_after=200)
        await s.server.add("j1", text=LONG)
        await s.server.until_state("j1", "printed")
        await stopped(daemon)
        assert s.paper == [PART, MARKED]
        assert s.server.bodies("fail")[0]["in_doubt"] is True


async def test_a_wrong_setting_prints_once(tmp_path: Path) -> None:
    """`process_id` is asked for, and nothing ever answers."""
    async with shop(tmp_path, is_mute=True) as s:
        with s.config.open("a", encoding="utf-8") as file:
            file.write('confirm = "process_id"\n')
        await s.server.add("j1", text=LONG)
        daemon = await s.run()
        await s.server.until_state("j1", "printed")
        await stopped(daemon)
        assert s.paper == [PLAIN]
        assert (s.server.count("fail"), s.server.bodies("ack")[0]["confirm"]) == (
            *(0, "drain"),
        )


async def test_killed_while_the_ack_is_under_way(tmp_path: Path) -> None:
    async with shop(tmp_path) as s:
        s.server.hold["ack"] = asyncio.Event()
        await s.server.add("j1", text=LONG)
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


async def test_sigterm_finishes_the_ticket_in_hand(tmp_path: Path) -> None:
    async with shop(tmp_path) as s:
        s.server.hold["start"] = asyncio.Event()
        await s.server.add("j1", text=LONG)
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
        await s.server.add("j1", text=LONG)
        await s.server.until_state("j1", "printed")
        await stopped(daemon)
