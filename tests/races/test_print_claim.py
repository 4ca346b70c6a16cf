"""Printers in several processes, each with its own database connection, one queue."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest_asyncio

from builders import a_line, an_order, stored_device, stored_restaurant
from harness.inprocess import Wallet

WORKER = Path(__file__).with_name("claim_worker.py")
PROCESSES = 6
STATIONS = ("kitchen", "bar", "grill", "cellar")
JOBS = 1_000
#: After how many steps each process dies, life by life; a job takes four.
LIVES = ((3, 7, 11, 1, 6, 12), (4, 3, 2, 15, 9, 5), (0,) * PROCESSES)


@dataclass
class Race:
    """A restaurant whose queue several processes empty."""

    package: ModuleType
    restaurant: Any
    workers: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def fill(self, jobs: int) -> None:
        """That many tickets, at four stations in turn."""
        from restaurant.crud import transaction
        from restaurant.flows.ticketing import make_tickets

        async with transaction() as conn:
            for _ in range(jobs // len(STATIONS)):
                lines = [a_line(station=station) for station in STATIONS]
                order = an_order(*lines, restaurant_id=self.restaurant.id)
                await make_tickets(conn, self.restaurant, order, order.created_at)

    async def open(self) -> None:
        """Start the processes, each for a device of its own."""
        assert self.package.__file__
        folder = str(Path(self.package.__file__).parents[1])
        for _ in range(PROCESSES):
            device = (await stored_device(self.restaurant)).device
            self.workers.append(
                await asyncio.create_subprocess_exec(
                    *(sys.executable, str(WORKER), folder),
                    *(self.restaurant.id, device.id),
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                )
            )
        for worker in self.workers:
            assert await told_by(worker, b"ready") == []

    async def close(self) -> None:
        for worker in self.workers:
            if worker.returncode is None:
                worker.kill()
            await worker.wait()

    async def run(
        self,
        ahead: int = 0,
        deaths: Sequence[int] = (0,) * PROCESSES,
        late: Sequence[Any] = ((),) * PROCESSES,
    ) -> list[list[list[str]]]:
        """Let all processes live once, beginning at one moment; the steps that each of
        them told.

        ``deaths``: after so many steps each dies. ``late``: what each acks late.
        """
        if not self.workers:
            await self.open()
        for worker, steps, acks in zip(self.workers, deaths, late, strict=True):
            assert worker.stdin
            line = json.dumps([ahead, steps, list(acks)])
            worker.stdin.write(line.encode() + b"\n")
        told = [told_by(worker, b"over") for worker in self.workers]
        return [[line.split() for line in each] for each in await asyncio.gather(*told)]

    async def jobs(self) -> list[Any]:
        from restaurant.crud import read
        from restaurant.features.printing import crud as jobs

        async with read() as conn:
            return await jobs.page(
                conn,
                self.restaurant.id,
                states=(),
                stations=(),
                order_id=None,
                after=None,
                limit=2 * JOBS,
            )

    async def check(self, told: list[list[list[str]]], attempts: int) -> None:
        """Every job was taken, started, printed and acked once."""
        from restaurant.crud import read
        from restaurant.features.journal import crud as journal
        from restaurant.features.journal.rules import first_break

        stored = await self.jobs()
        once = dict.fromkeys((job.id for job in stored), 1)
        for what in ("took", "started", "printed", "acked"):
            assert count(told, what) == once, what
        assert sum(1 for each in told if each) > 1, "there was no race"
        assert {(job.state.value, job.attempts) for job in stored} == {
            ("printed", attempts)
        }
        async with read() as conn:
            rows = await journal.rows_after(conn, self.restaurant.id, 0, 10_000)
        acked = [row for row in rows if row.event == "print.acknowledged"]
        assert len(acked) == len(stored)
        assert first_break(rows) is None


def count(told: list[list[list[str]]], what: str) -> dict[str, int]:
    """How often each job met this step."""
    return dict(Counter(step[1] for each in told for step in each if step[0] == what))


@pytest_asyncio.fixture
async def race(
    client: Any,
    make_wallet: Callable[..., Awaitable[Wallet]],
    restaurant_module: ModuleType,
) -> AsyncIterator[Race]:
    made = Race(restaurant_module, await stored_restaurant(await make_wallet()))
    yield made
    await made.close()


async def test_every_one_of_a_thousand_jobs_is_printed_exactly_once(race: Race) -> None:
    await race.fill(JOBS)

    told = await race.run()

    assert len(await race.jobs()) == JOBS
    await race.check(told, attempts=1)


async def test_every_ended_lease_is_taken_exactly_once(race: Race) -> None:
    from restaurant.adapters import system
    from restaurant.features.printing.models import ClaimBody
    from restaurant.flows.queueing import claim_job

    await race.fill(120)
    dead = (await stored_device(race.restaurant)).device
    for _ in range(120):
        assert await claim_job(race.restaurant.id, dead, ClaimBody(), system.now())
    assert await claim_job(race.restaurant.id, dead, ClaimBody(), system.now()) is None

    told = await race.run(ahead=120_000)

    await race.check(told, attempts=2)


async def test_printers_that_die_lose_nothing_and_double_nothing_unmarked(
    race: Race,
) -> None:
    """They die after any step; reborn, some ack what they had printed, late."""
    await race.fill(120)
    told: list[list[list[str]]] = []
    late: list[list[Any]] = [[] for _ in range(PROCESSES)]
    for life, deaths in enumerate(LIVES):
        steps = await race.run(life * 61_000, deaths, late)
        late = [unacked(each) if n % 2 else [] for n, each in enumerate(steps)]
        told += steps

    jobs = await race.jobs()
    assert {job.state.value for job in jobs} == {"printed"}
    copies: dict[str, list[str]] = {job.id: [] for job in jobs}
    for each in told:
        for step in each:
            if step[0] == "printed":
                copies[step[1]].append(step[2])
    assert all(copies.values()), "a ticket was lost"
    assert max(marks.count("plain") for marks in copies.values()) == 1
    assert max(map(len, copies.values())) > 1, "nobody died in the ambiguous window"


def unacked(steps: list[list[str]]) -> list[Any]:
    """(job, lease token) of what a printer printed and did not ack before it died."""
    tokens = {step[1]: step[2] for step in steps if step[0] == "started"}
    acked = {step[1] for step in steps if step[0] == "acked"}
    printed = [step[1] for step in steps if step[0] == "printed"]
    return [(job_id, tokens[job_id]) for job_id in printed if job_id not in acked]


async def told_by(worker: asyncio.subprocess.Process, end: bytes) -> list[str]:
    """What a worker says until it says this."""
    assert worker.stdout
    told = []
    async for line in worker.stdout:
        if line.split()[:1] == [end]:
            return told
        told.append(line.decode())
    raise AssertionError(f"a worker ended before it said {end!r}")
