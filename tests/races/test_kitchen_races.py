"""The kitchen, the staff and time at one order at once, in three processes: one goes
before the other, each thing happens once, and the books agree."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from harness.cooks import do
from harness.edits import change_restaurant
from harness.kitchen import cooking, statuses, told
from harness.processes import Worker, running
from harness.processes import told as outcome_of
from harness.refunds import refunds_of
from harness.shop import Shop, open_shop

WORKER = Path(__file__).with_name("kitchen_worker.py")
WORKERS = 2
STOCK = 100
MINUTE_MS = 60_000


@pytest_asyncio.fixture(scope="module")
async def workers(restaurant_module: ModuleType) -> AsyncIterator[list[Worker]]:
    async with running(WORKER, restaurant_module, WORKERS) as started:
        yield started


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any, workers: list[Worker]) -> Shop:
    """A restaurant that sells for satoshi: other processes have no rates."""
    items = [{"name": f"Dish {n}", "price": "21"} for n in range(8)]
    items[0]["stock"] = STOCK
    menu = {"categories": [{"name": "All", "items": items}]}
    return await open_shop(client, await make_wallet(), menu, currency="sat")


async def everywhere(workers: list[Worker], deeds: list[list[Any]]) -> list[Any]:
    """Do the deeds in all processes at one moment; what came of each."""
    shares = [deeds[start :: WORKERS + 1] for start in range(WORKERS + 1)]
    here, *there = await asyncio.gather(
        asyncio.gather(*(outcome_of(do(deed)) for deed in shares[0])),
        *(w.ask(share) for w, share in zip(workers, shares[1:], strict=True)),
    )
    return [*here, *(outcome for outcomes in there for outcome in outcomes)]


@pytest.mark.parametrize("seed", range(3))
async def test_accepting_and_the_end_of_the_time_are_one_or_the_other(
    shop, workers, pay, make_wallet, seed
):
    from restaurant import services
    from restaurant.adapters import system

    await change_restaurant(shop, unaccepted="cancel", accept_within_minutes=1)
    guest = await make_wallet(100_000)
    ids = []
    for _ in range(12):
        placed = await shop.placed(shop.cart(shop.line("Dish 0")))
        await pay(placed["invoice"]["payment_request"], guest)
        assert await services.mark_order_paid(placed["order"]["id"], system.now())
        ids.append(placed["order"]["id"])
    at = system.now() + 2 * MINUTE_MS
    deeds = [["accept", order_id] for order_id in ids] + [["look", at]] * 6
    Random(seed).shuffle(deeds)

    done = await everywhere(workers, deeds)

    assert {each for each in done if isinstance(each, str)} <= {
        "accepted",
        "order.step",
    }
    orders = [await shop.order(order_id) for order_id in ids]
    ends = Counter(order["status"] for order in orders)
    assert set(ends) <= {"accepted", "canceled"}
    assert done.count("accepted") == ends["accepted"]
    for order in orders:
        alerts = await told(shop, order["id"], "order.unaccepted")
        refunds = await refunds_of(shop, order["id"])
        is_over = order["status"] == "canceled"
        assert [row["payload"]["level"] for row in alerts] == [4] * is_over
        assert [refund["amount_msat"] for refund in refunds] == [21_000] * is_over
    assert await shop.stock("Dish 0") == STOCK - ends["accepted"]
    assert await services.verify_journal(shop.id) is None


async def test_an_order_becomes_ready_once_however_many_bump_it(shop, workers):
    order = await cooking(shop, *(shop.line(f"Dish {n}") for n in range(8)))
    bumps = [["done", order["id"], [line["id"]]] for line in order["items"]]

    done = await everywhere(workers, bumps * 3)

    assert set(done) <= {"accepted", "ready"}
    after = await shop.order(order["id"])
    assert (after["status"], statuses(after)) == ("ready", ["done"] * 8)
    events = Counter(await shop.events(order["id"]))
    assert (events["order.lines"], events["order.ready"]) == (8, 1)


async def test_bumps_and_recalls_leave_the_order_as_its_lines_are(shop, workers):
    from restaurant import services

    order = await cooking(shop, *(shop.line(f"Dish {n}") for n in range(3)))
    every = [line["id"] for line in order["items"]]
    for seed in range(4):
        deeds = [["done", order["id"], every]] * 6
        deeds += [["cooking", order["id"], [line_id]] for line_id in every]
        Random(seed).shuffle(deeds)
        await everywhere(workers, deeds)

        after = await shop.order(order["id"])
        is_done = set(statuses(after)) == {"done"}
        assert after["status"] == ("ready" if is_done else "accepted")
        assert (after["ready_at"] is not None) == is_done
    events = Counter(await shop.events(order["id"]))
    now = 1 if after["status"] == "ready" else 0
    assert events["order.ready"] == events["order.recalled"] + now
    assert await services.verify_journal(shop.id) is None


async def test_a_course_is_fired_once_and_its_tickets_are_made_once(shop, workers):
    lines = [{**shop.line(f"Dish {n}"), "course": n} for n in (1, 2)]
    order = await cooking(shop, *lines)
    before = len(await shop.jobs(order["id"]))

    done = await everywhere(workers, [["fire", order["id"], 2]] * 9)

    assert done == ["accepted"] * 9
    events = Counter(await shop.events(order["id"]))
    assert events["order.fired"] == 1
    tickets = [
        job["content"]["document"]["lines"]
        for job in await shop.jobs(order["id"])
        if job["state"] != "canceled"
    ]
    names = Counter(line["name"] for lines in tickets for line in lines)
    assert names == {"Dish 1": 1, "Dish 2": 1}
    assert len(await shop.jobs(order["id"])) <= before + 1
