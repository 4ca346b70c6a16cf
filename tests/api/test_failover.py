"""The backup prints what its printer cannot, says so, and nothing comes out twice."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.queue import Queue


@pytest_asyncio.fixture
async def pair(queue: Queue) -> Queue:
    """A kitchen printer whose backup is the bar's."""
    bar = await queue.printer("bar", "bar")
    await queue.printer("kitchen", "kitchen", backup_id=bar["id"])
    return queue


async def block(queue: Queue, clock: Any, how: str) -> None:
    """Let the kitchen's printer be unable to print, from now on."""
    kitchen = (await queue.printers())["kitchen"]
    if how == "paused":
        await queue.change(kitchen, is_paused=True)
    elif how == "fault":
        await queue.status("kitchen", paper="out")
    else:
        assert how == "silent"


@pytest.mark.parametrize("how", ["paused", "fault", "silent"])
async def test_the_backup_takes_over_after_a_minute(
    pair: Queue, clock: Any, how: str
) -> None:
    order = await pair.order("kitchen")
    await block(pair, clock, how)
    clock.forward(59.9)
    assert await pair.claim("bar") is None

    clock.forward(0.2)
    job = await pair.claim("bar")

    ids = {name: each["id"] for name, each in (await pair.printers()).items()}
    assert job
    assert (job["order_id"], job["station"]) == (order.id, "kitchen")
    assert (job["taken_by"], job["failover_from"]) == (ids["bar"], ids["kitchen"])
    [(_, told)] = await pair.events("print.failover")
    assert told == {
        "job_id": job["id"],
        "station": "kitchen",
        "status": "sent",
        "attempt": 1,
        "taken_by": ids["bar"],
        "failover_from": ids["kitchen"],
    }
    banner = "*** BACKUP OF kitchen ***\n"
    assert job["content"]["text"].startswith(f"{banner}#12 KITCHEN\n")
    assert job["content"]["text"].endswith(banner)
    await pair.said("start", job, "bar")
    done = await pair.said("ack", job, "bar", confirm="drain")
    assert (done["status"], done["failover_from"]) == ("acknowledged", ids["kitchen"])


async def test_a_printer_that_comes_back_prints_nothing_twice(
    pair: Queue, clock: Any
) -> None:
    for _ in range(3):
        await pair.order("kitchen")
    await pair.status("kitchen", cover="open")
    clock.forward(61)
    first = await pair.claim("bar")
    assert first
    await pair.said("start", first, "bar")

    await pair.status("kitchen", cover="closed")
    second = await pair.claim("kitchen")
    assert second
    assert await pair.claim("bar") is None, "the kitchen prints again"
    await pair.said("start", second, "kitchen")
    await pair.said("ack", first, "bar")
    await pair.said("ack", second, "kitchen")
    third = await pair.claim("kitchen")

    assert third
    assert third["failover_from"] is None
    assert len({each["id"] for each in (first, second, third)}) == 3
    jobs = await pair.jobs()
    assert [job["attempts"] for job in jobs] == [1, 1, 1]
    assert not any(job["possible_duplicate"] for job in jobs)


async def test_a_lease_that_nobody_started_goes_to_the_backup(
    pair: Queue, clock: Any
) -> None:
    await pair.order("kitchen")
    lost = await pair.claim("kitchen")
    assert lost
    clock.forward(61)

    job = await pair.claim("bar")

    assert job
    assert (job["id"], job["possible_duplicate"]) == (lost["id"], False)
    late = await pair.say("start", lost, "kitchen")
    assert (late.status_code, late.json()["code"]) == (409, "job.lease")
    await pair.said("start", job, "bar")
    early = await pair.say("ack", lost, "kitchen")
    assert (early.status_code, early.json()["code"]) == (409, "job.lease")


async def test_what_may_be_on_paper_waits_for_a_human(pair: Queue, clock: Any) -> None:
    await pair.order("kitchen")
    job = await pair.claim("kitchen")
    assert job
    await pair.said("start", job, "kitchen")
    clock.forward(121)
    [waiting] = await pair.jobs("&status=queued")
    assert waiting["possible_duplicate"] is True

    assert await pair.claim("bar") is None

    bar = (await pair.printers())["bar"]
    path = f"{API}/print_jobs/{job['id']}/reroute"
    await pair.ok("POST", path, {"printer_id": bar["id"]})
    taken = await pair.claim("bar")
    assert taken
    assert taken["possible_duplicate"] is True
    assert taken["failover_from"] is None


async def test_what_failed_before_the_first_byte_may_go_elsewhere(
    pair: Queue, clock: Any
) -> None:
    await pair.order("kitchen")
    job = await pair.claim("kitchen")
    assert job
    await pair.said("start", job, "kitchen")
    await pair.fail(job, "kitchen", "printer.offline")
    clock.forward(61)

    taken = await pair.claim("bar")

    assert taken
    assert (taken["id"], taken["attempt"]) == (job["id"], 1)


async def test_tests_and_drawers_stay_with_their_printer(
    pair: Queue, clock: Any
) -> None:
    kitchen = (await pair.printers())["kitchen"]
    await pair.ok("POST", f"{API}/printers/{kitchen['id']}/test")
    await pair.change(kitchen, is_paused=True)
    clock.forward(61)

    assert await pair.claim("bar") is None


async def test_the_backups_own_tickets_are_its_own(pair: Queue, clock: Any) -> None:
    await pair.status("kitchen", paper="out")
    clock.forward(61)
    own = await pair.order("bar", number=1)
    clock.forward(0.001)
    other = await pair.order("kitchen", number=2)

    first, second = await pair.claim("bar"), await pair.claim("bar", printers=["bar"])
    assert first
    assert first["order_id"] == own.id
    assert first["failover_from"] is None
    assert second
    assert second["id"] == first["id"], "the same printer asked again"
    await pair.said("start", second, "bar")
    await pair.said("ack", second, "bar")

    third = await pair.claim("bar")
    assert third
    assert (third["order_id"], bool(third["failover_from"])) == (other.id, True)
    again = await pair.claim("bar")
    assert again
    assert (again["id"], again["attempt"]) == (third["id"], 1)
    assert len(await pair.events("print.failover")) == 1


async def test_a_healthy_colleague_at_the_station_keeps_its_tickets(
    pair: Queue, clock: Any
) -> None:
    await pair.printer("kitchen-2", "kitchen")
    await pair.order("kitchen")
    await pair.status("kitchen", paper="out")
    clock.forward(61)
    await pair.status("kitchen-2", paper="ok")

    assert await pair.claim("bar") is None
    assert await pair.claim("kitchen-2")


async def test_a_crowd_of_busy_colleagues_tickets_hides_no_failover(
    pair: Queue, clock: Any
) -> None:
    await pair.printer("grill", "grill")
    for _ in range(25):
        await pair.order("grill")
    lost = await pair.order("kitchen")
    await pair.status("kitchen", paper="out")
    clock.forward(61)

    job = await pair.claim("bar")

    assert job
    assert job["order_id"] == lost.id


async def test_a_paused_backup_helps_nobody(pair: Queue, clock: Any) -> None:
    await pair.order("kitchen")
    await pair.status("kitchen", paper="out")
    await pair.change((await pair.printers())["bar"], is_paused=True)
    clock.forward(61)

    assert await pair.claim("bar") is None


async def test_a_waiting_backup_takes_over_by_itself(
    pair: Queue, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    from restaurant.core import limits

    monkeypatch.setattr(limits, "PRINT_LOOK_SECONDS", 0.1)
    await pair.order("kitchen")
    await pair.status("kitchen", paper="out")
    clock.forward(59)
    waiting = asyncio.create_task(pair.claim("bar", wait=20))
    await asyncio.sleep(0.3)
    assert not waiting.done()

    clock.forward(2)

    job = await asyncio.wait_for(waiting, 5)
    assert job
    assert job["failover_from"]
