"""The print queue while clocks jump, databases stumble and staff are quick."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from harness.cloudprnt_client import StarPrinter
from harness.doors import Bistro
from harness.queue import Queue

HOUR = 3600
PAPER_OUT = 0x0F08001C


# --- a clock that is put back ---------------------------------------------------------


async def test_who_vanished_before_the_clock_went_back_keeps_no_ticket(
    queue: Queue, clock: Any
) -> None:
    await queue.printer("left")
    await queue.printer("right")
    await queue.order("kitchen")
    job = await queue.claim("left")
    assert job
    await queue.said("start", job, "left")
    clock.forward(-HOUR)

    again = await queue.claim("right")

    assert again
    assert (again["id"], again["possible_duplicate"]) == (job["id"], True)


async def test_a_pause_does_not_grow_when_the_clock_goes_back(
    queue: Queue, clock: Any
) -> None:
    await queue.printer("left")
    await queue.order("kitchen")
    job = await queue.claim("left")
    assert job
    await queue.fail(job, "left", "odd")
    clock.forward(-HOUR)

    again = await queue.claim("left")

    assert again
    assert again["id"] == job["id"]


async def test_a_lease_outlives_a_clock_that_goes_back_a_little(
    queue: Queue, clock: Any
) -> None:
    await queue.printer("left")
    await queue.printer("right")
    await queue.order("kitchen")
    job = await queue.claim("left")
    assert job
    await queue.said("start", job, "left")
    clock.forward(-30)

    assert await queue.claim("right") is None
    assert (await queue.job(job["id"]))["state"] == "printing"


async def test_a_star_printer_gets_its_own_ticket_again_when_the_clock_went_back(
    bistro: Bistro, clock: Any
) -> None:
    _, star = await bistro.star()
    await bistro.ticket()
    await star.fetch(await star.poll())
    clock.forward(-HOUR)

    assert await star.work()

    assert (await bistro.job())["status"] == "acknowledged"


async def test_an_epson_printer_at_fault_is_tried_again_when_the_clock_went_back(
    bistro: Bistro, clock: Any
) -> None:
    _, epson = await bistro.epson()
    await bistro.ticket()
    job = await epson.poll()
    assert job
    await epson.answer(job, "EPTR_REC_EMPTY", asb=None)
    assert await epson.poll() is None
    clock.forward(-HOUR)

    assert await epson.work()

    assert (await bistro.job())["status"] == "acknowledged"


async def test_an_epson_printer_that_told_its_fault_is_tried_again_then_too(
    bistro: Bistro, clock: Any
) -> None:
    _, epson = await bistro.epson()
    await bistro.ticket()
    await epson.tell(PAPER_OUT)
    assert await epson.poll() is None
    clock.forward(-HOUR)

    assert await epson.work()


async def test_who_falls_silent_after_the_clock_went_back_is_missed(
    queue: Queue, clock: Any
) -> None:
    await queue.printer("left")
    clock.forward(-HOUR)
    await queue.claim("left")
    clock.forward(61)

    assert (await queue.printers())["left"]["health"] == "silent"


# --- staff are quick ------------------------------------------------------------------


@pytest.mark.parametrize("first", ["reroute", "remove"])
async def test_no_ticket_waits_for_a_printer_that_went_at_that_moment(
    queue: Queue, first: str
) -> None:
    from restaurant import services
    from restaurant.core.errors import Refused
    from restaurant.crud import transaction
    from restaurant.features.printing.models import Caller
    from restaurant.features.restaurants import crud as restaurants
    from restaurant.models import Actor, Role

    await queue.order("bar")
    gone = await queue.printer("gone", "kitchen")
    [job] = await queue.jobs()
    owner = Actor(Role.OWNER)
    caller = Caller(owner, queue.restaurant.id)
    at = queue.now()
    both = {
        "reroute": services.reroute_job(job["id"], gone["id"], caller, at),
        "remove": services.remove_printer(queue.restaurant.id, gone["id"], owner, at),
    }
    async with transaction() as conn:  # both wait behind this one, in their order
        await restaurants.lock(conn, queue.restaurant.id)
        tasks = [asyncio.create_task(both.pop(first))]
        await _waits(tasks[0])
        tasks += [asyncio.create_task(rest) for rest in both.values()]
        await _waits(tasks[1])
    told = await asyncio.gather(*tasks, return_exceptions=True)

    refused = [each for each in told if isinstance(each, BaseException)]
    assert all(isinstance(each, Refused) for each in refused), refused
    assert (await queue.job(job["id"]))["printer_id"] is None


async def _waits(task: Any) -> None:
    """The task has come as far as the lock."""
    for _ in range(20):
        await asyncio.sleep(0.005)
    assert not task.done()


# --- a printer that lost a ticket -----------------------------------------------------


@pytest.mark.parametrize("version", ["1.00", "2.00"])
async def test_an_epson_printer_speaks_of_the_ticket_that_it_got_last(
    bistro: Bistro, clock: Any, version: str
) -> None:
    made, epson = await bistro.epson()
    epson.version = version
    await bistro.ticket()
    assert await epson.work()
    lost = await bistro.ticket()
    assert await epson.poll()
    clock.forward(61)
    await bistro.change(made, stations=["bar"])
    later = [await bistro.ticket(station="bar") for _ in range(2)]

    job = await epson.poll()
    assert job
    assert await epson.poll() is None
    await epson.answer(job)

    found = {job["order_id"]: job["status"] for job in await bistro.jobs()}
    assert [found[each] for each in (lost, *later)] == [
        *("queued", "acknowledged", "queued"),
    ]


async def test_an_old_star_printer_speaks_of_the_ticket_that_it_got_last(
    bistro: Bistro, clock: Any
) -> None:
    made, star = await bistro.star()
    star.knows_tokens = False
    lost = await bistro.ticket()
    await star.fetch(await star.poll())
    clock.forward(61)
    await bistro.change(made, stations=["bar"])
    later = [await bistro.ticket(station="bar") for _ in range(2)]

    assert await star.work()

    found = {job["order_id"]: job["status"] for job in await bistro.jobs()}
    assert [found[each] for each in (lost, *later)] == [
        *("queued", "acknowledged", "queued"),
    ]


# --- a printer that asks seldom -------------------------------------------------------


async def test_every_copy_comes_out_once_of_a_printer_that_asks_seldom(
    bistro: Bistro, clock: Any
) -> None:
    made = await bistro.add("cloudprnt", copies=3)
    star = StarPrinter(bistro.http, made["secret_url"], interval="120")
    await star.poll()
    await bistro.ticket()

    for _ in range(3):
        clock.forward(120)
        await bistro.jobs()  # somebody looks at the queue, too
        assert await star.work()

    assert len({paper.data for paper in star.papers}) == 3
    job = await bistro.job()
    assert (job["status"], job["attempts"]) == ("acknowledged", 1)


async def test_a_copy_that_is_never_asked_for_is_missed_after_two_polls(
    bistro: Bistro, clock: Any
) -> None:
    made = await bistro.add("cloudprnt", copies=2)
    star = StarPrinter(bistro.http, made["secret_url"], interval="120")
    await star.poll()
    await bistro.ticket()
    assert await star.work()

    clock.forward(244)
    assert (await bistro.job())["state"] == "printing"
    clock.forward(2)

    assert (await bistro.job())["possible_duplicate"] is True


# --- a database that stumbles ---------------------------------------------------------


async def test_a_receipt_outlives_a_database_that_does_not_answer(queue: Queue) -> None:
    printer = await queue.printer("counter")
    await queue.change(printer, layout={"logo": "a" * 64})
    await queue.receipt()
    path = f"{queue.path}/print_jobs/claim"
    wanted = {"printers": ["counter"], "format": "escpos"}

    async with no_logos():
        answer = await queue.call("POST", path, wanted, who="counter")

    assert (answer.status_code, answer.json()["code"]) == (503, "database.busy")
    job = await queue.claim("counter", format="escpos")
    assert job
    assert (job["kind"], job["attempts"]) == ("receipt", 1)


async def test_a_star_printer_fetches_it_later_then(bistro: Bistro) -> None:
    _, star = await bistro.star(layout={"logo": "a" * 64})
    await bistro.receipt()
    said = await star.poll()

    async with no_logos():
        assert (await star.fetch(said)).status_code == 503

    assert await star.work()
    assert (await bistro.job())["status"] == "acknowledged"


async def test_an_epson_printer_fetches_it_later_too(bistro: Bistro) -> None:
    _, epson = await bistro.epson(layout={"logo": "a" * 64})
    await bistro.receipt()

    async with no_logos():
        poll = await epson.send(ConnectionType="GetRequest", ID="")
        assert poll.status_code == 503

    assert await epson.work()
    assert (await bistro.job())["status"] == "acknowledged"


@asynccontextmanager
async def no_logos() -> AsyncIterator[None]:
    """Whoever asks for a logo gets the database's error."""
    from restaurant.crud import transaction

    async def rename(old: str, new: str) -> None:
        async with transaction() as conn:
            await conn.run(f"ALTER TABLE restaurant.{old} RENAME TO {new}")

    await rename("logos", "logos_away")
    try:
        yield
    finally:
        await rename("logos_away", "logos")
