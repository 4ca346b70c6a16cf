"""No ticket is lost and no copy comes unmarked, also where several things go wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from builders import an_order
from harness import API
from harness.doors import Bistro
from harness.queue import Queue

LEASE = 60


async def change_rows(query: str, **values: Any) -> None:
    from restaurant.crud import transaction

    async with transaction() as conn:
        await conn.run(f"UPDATE restaurant.print_jobs SET {query}", **values)


# --- copies of a Star printer ------------------------------------------------------


@pytest.mark.parametrize("code", ["520 Download failed", "521 Timeout", "511 Media"])
async def test_a_second_copy_that_failed_marks_the_first_ones_next(
    bistro: Bistro, clock: Any, code: str
) -> None:
    _, star = await bistro.star(copies=2)
    await bistro.ticket()
    assert await star.work()

    assert await star.work(code)

    assert (await bistro.job())["possible_duplicate"] is True


async def test_fewer_copies_than_came_out_already_are_enough(bistro: Bistro) -> None:
    made, star = await bistro.star(copies=3)
    await bistro.ticket()
    assert await star.work()
    said = await star.poll()
    star.print(await star.fetch(said))
    await bistro.change(made, copies=1)

    await star.confirm(said)

    assert not await star.work()
    assert (await bistro.job())["status"] == "acknowledged"


# --- tickets that nobody can draw -----------------------------------------------------


async def test_a_ticket_that_a_star_printer_cannot_get_holds_up_no_other(
    bistro: Bistro,
) -> None:
    _, star = await bistro.star()
    bad, good = await two_tickets(bistro)

    answer = await star.fetch(await star.poll())

    assert answer.status_code == 404
    assert await star.work()
    assert await fates(bistro) == [(bad, "render.failed"), (good, None)]


async def test_a_ticket_that_an_epson_printer_cannot_get_holds_up_no_other(
    bistro: Bistro,
) -> None:
    _, epson = await bistro.epson()
    bad, good = await two_tickets(bistro)

    assert await epson.poll() is None

    assert await epson.work()
    assert await fates(bistro) == [(bad, "render.failed"), (good, None)]


async def test_a_ticket_that_was_lost_while_it_could_not_be_drawn_is_left_alone(
    bistro: Bistro,
) -> None:
    from restaurant.adapters import system
    from restaurant.features.printers.models import PrinterKind
    from restaurant.flows.printer_doors import caller_of, printer_at
    from restaurant.flows.queueing import claim_for, not_drawn

    made, _ = await bistro.star()
    await bistro.ticket()
    secret = made["secret_url"].rpartition("/")[2]
    printer = await printer_at(PrinterKind.CLOUDPRNT, secret)
    job = await claim_for(printer, system.now())
    assert job
    gone = await bistro.http.post(
        f"{API}/print_jobs/{job.id}/cancel", headers=bistro.wallet.admin
    )
    assert gone.status_code == 200, gone.text

    await not_drawn(job, caller_of(printer, job), system.now())

    assert (await bistro.job())["state"] == "canceled"


async def two_tickets(bistro: Bistro) -> tuple[str, str]:
    """The orders of a ticket that cannot be drawn, and of the next one."""
    bad = await bistro.ticket("Bad")
    await change_rows("document = '{}', position = 0 WHERE order_id = :id", id=bad)
    return bad, await bistro.ticket("Good")


async def fates(bistro: Bistro) -> list[tuple[str, str | None]]:
    """Every job's order, and why it failed; no job waits any more."""
    from restaurant.crud import read

    async with read() as conn:
        rows = await conn.all(
            "SELECT order_id, state, error_code FROM restaurant.print_jobs "
            "WHERE restaurant_id = :id ORDER BY position",
            id=bistro.restaurant.id,
        )
    assert {row["state"] for row in rows} <= {"dead", "printed"}
    return [(row["order_id"], row["error_code"]) for row in rows]


# --- who may take what ----------------------------------------------------------------


async def test_a_test_page_of_a_printer_that_went_while_printing_is_over(
    queue: Queue, clock: Any
) -> None:
    kitchen = await queue.printer("kitchen", "kitchen")
    await queue.ok("POST", f"{API}/printers/{kitchen['id']}/test")
    job = await queue.claim("kitchen")
    assert job
    await queue.said("start", job, "kitchen")
    await queue.ok("DELETE", f"{API}/printers/{kitchen['id']}")
    clock.forward(LEASE + 1)

    await queue.device("other")
    assert await queue.claim("other") is None
    assert (await queue.job(job["id"]))["state"] == "canceled"


async def test_paper_is_heard_of_also_after_its_printer_was_removed(
    queue: Queue,
) -> None:
    bar = await queue.printer("bar", "bar")
    await queue.change(bar, stations=["kitchen"])
    await queue.order("kitchen")
    job = await queue.claim("bar")
    assert job
    await queue.said("start", job, "bar")
    await queue.ok("DELETE", f"{API}/printers/{bar['id']}")

    done = await queue.say("ack", job, "bar", confirm="drain")

    assert done.status_code == 200, done.text


async def test_a_drawer_does_not_wait_behind_a_crowd_of_tickets(
    queue: Queue, clock: Any
) -> None:
    await queue.printer("till", "bar")
    for number in range(1, 26):
        await queue.order("bar", number=number)
    clock.forward(30)
    from restaurant.crud import transaction
    from restaurant.flows.ticketing import kick_drawer

    restaurant = queue.restaurant.copy(update={"receipt_station": "bar"})
    async with transaction() as conn:
        assert await kick_drawer(
            conn, restaurant, an_order(restaurant_id=restaurant.id), queue.now()
        )

    job = await queue.claim("till")

    assert job
    assert job["kind"] == "drawer"


async def test_a_printer_that_serves_less_by_its_own_word_hides_no_failover(
    queue: Queue, clock: Any
) -> None:
    """One device, stations told by its own configuration only."""
    await queue.device("pi")
    path = f"{queue.path}/print_jobs/claim"

    async def claim(name: str) -> Any:
        body = {"printers": [name], "stations": [name]}
        answer = await queue.call("POST", path, body, who="pi")
        assert answer.status_code in (200, 204), answer.text
        return answer.json() if answer.status_code == 200 else None

    for name in ("kitchen", "bar", "backup"):
        await claim(name)
    found = await queue.printers()
    await queue.change(
        found["kitchen"], backup_id=found["backup"]["id"], is_paused=True
    )
    await queue.order("kitchen")
    clock.forward(61)
    assert await claim("bar") is None

    taken = await claim("backup")

    assert taken, {name: p["stations"] for name, p in found.items()}


@pytest.mark.parametrize(
    "name", ["a\x00b", "\ud800", "", " ", "x" * 3000, "a\nb", "ü 1"]
)
async def test_any_name_of_a_printer_is_answered(queue: Queue, name: str) -> None:
    await queue.device("pi")
    await queue.order("kitchen")
    path = f"{queue.path}/print_jobs/claim"
    for body in (
        {"printers": [name]},
        {"printers": [name, "b"]},
        {"printers": ["b"], "stations": [name]},
    ):
        answer = await queue.http.post(
            path,
            headers={**queue.devices["pi"].header, "Content-Type": "application/json"},
            content=json.dumps(body),
        )
        assert answer.status_code in (200, 204, 400, 403, 422), (body, answer.text)


async def test_a_clock_that_went_back_leaves_no_printer_at_fault(
    queue: Queue, clock: Any
) -> None:
    await queue.printer("p")
    await queue.order("kitchen")
    job = await queue.claim("p")
    assert job
    await queue.fail(job, "p", "printer.paper_out")
    clock.forward(-7200)

    taken = await queue.claim("p")
    clock.forward(3)
    taken = taken or await queue.claim("p")

    assert taken


@pytest.mark.parametrize("kind", ["cloudprnt", "pi"])
async def test_a_ticket_that_is_taken_and_never_begun_fails_in_the_end(
    queue: Queue, bistro: Bistro, clock: Any, kind: str
) -> None:
    """Its printer asks again and again: every answer may get lost, but not for ever."""
    if kind == "pi":
        await queue.printer("p")
        await queue.order("kitchen")
    else:
        _, star = await bistro.star()
        await bistro.ticket()

    for _ in range(80):
        if kind == "pi":
            await queue.claim("p")
        else:
            await star.poll()
        clock.forward(5)

    [job] = await (queue.jobs() if kind == "pi" else bistro.jobs())
    assert (job["status"], job["attempts"]) == ("failed", 5)
    assert job["possible_duplicate"] is False
