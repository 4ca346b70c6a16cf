"""Printers in several processes, each with its own database connection, one queue."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest_asyncio

from builders import a_line, an_order, stored_device, stored_restaurant, stored_tickets
from harness.inprocess import Wallet

WORKER = Path(__file__).with_name("claim_worker.py")
PROCESSES = 4
ORDERS, STATIONS = 30, ("kitchen", "bar", "grill", "cellar")
JOBS = ORDERS * len(STATIONS)


@pytest_asyncio.fixture
async def restaurant(client: Any, make_wallet: Callable[..., Awaitable[Wallet]]) -> Any:
    """A restaurant with 120 tickets in its queue."""
    restaurant = await stored_restaurant(await make_wallet())
    for _ in range(ORDERS):
        lines = [a_line(station=station) for station in STATIONS]
        order = an_order(*lines, restaurant_id=restaurant.id)
        await stored_tickets(restaurant, order)
    return restaurant


async def test_every_job_is_claimed_exactly_once(
    restaurant: Any, restaurant_module: ModuleType
) -> None:
    taken = await race(restaurant, restaurant_module)

    await check(restaurant, taken, attempts=1)


async def test_every_ended_lease_is_taken_exactly_once(
    restaurant: Any, restaurant_module: ModuleType
) -> None:
    from restaurant.adapters import system
    from restaurant.features.printing.models import ClaimBody
    from restaurant.flows.queueing import claim_job

    dead = (await stored_device(restaurant)).device
    for _ in range(JOBS):
        assert await claim_job(restaurant.id, dead, ClaimBody(), system.now())
    assert await claim_job(restaurant.id, dead, ClaimBody(), system.now()) is None

    taken = await race(restaurant, restaurant_module, ahead=120_000)

    await check(restaurant, taken, attempts=2)


async def race(restaurant: Any, package: ModuleType, ahead: int = 0) -> list[list[str]]:
    """Let all processes begin at one moment; what each of them took."""
    assert package.__file__
    folder = str(Path(package.__file__).parents[1])
    workers = []
    for _ in range(PROCESSES):
        device = (await stored_device(restaurant)).device
        workers.append(
            await asyncio.create_subprocess_exec(
                *(sys.executable, str(WORKER), folder),
                *(restaurant.id, device.id, str(ahead)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        )
    try:
        for worker in workers:
            await until_ready(worker)
        outputs = await asyncio.gather(
            *(worker.communicate(b"go\n") for worker in workers)
        )
    finally:
        for worker in workers:
            if worker.returncode is None:
                worker.kill()
    assert [worker.returncode for worker in workers] == [0] * PROCESSES
    return [output.decode().split() for output, _ in outputs]


async def until_ready(worker: asyncio.subprocess.Process) -> None:
    assert worker.stdout
    async for line in worker.stdout:
        if line == b"ready\n":
            return
    raise AssertionError("a worker ended before it was ready")


async def check(restaurant: Any, taken: list[list[str]], attempts: int) -> None:
    from restaurant.crud import read
    from restaurant.features.journal import crud as journal
    from restaurant.features.journal.rules import first_break
    from restaurant.features.printing import crud as jobs

    times = Counter(job_id for each in taken for job_id in each)
    async with read() as conn:
        stored = await jobs.page(
            conn,
            restaurant.id,
            states=(),
            stations=(),
            order_id=None,
            after=None,
            limit=1000,
        )
        rows = await journal.rows_after(conn, restaurant.id, 0, 10_000)
    assert times == dict.fromkeys((job.id for job in stored), 1)
    assert sum(times.values()) == JOBS
    assert sum(1 for each in taken if each) > 1, "there was no race"
    assert {(job.state.value, job.attempts) for job in stored} == {
        ("printed", attempts)
    }
    acked = [row for row in rows if row.event == "print.acknowledged"]
    assert len(acked) == JOBS
    assert first_break(rows) is None
