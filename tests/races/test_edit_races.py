"""Edits against edits, money, time and the kitchen, in three processes at once: one
goes before the other, and the books agree."""

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

from harness.edits import check_sums, kept, patch
from harness.processes import Worker, running, told
from harness.shop import Shop, open_shop

WORKER = Path(__file__).with_name("edit_worker.py")
WORKERS = 2
STOCK = 500
SOUP = 21
#: What may become of a deed that came too late.
TOO_LATE = {
    *("order.changed", "order.edit", "order.step", "order.has_refunds"),
    *("stock.short", "order.unpaid"),
}


@pytest_asyncio.fixture(scope="module")
async def workers(restaurant_module: ModuleType) -> AsyncIterator[list[Worker]]:
    async with running(WORKER, restaurant_module, WORKERS) as started:
        yield started


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any, workers: list[Worker]) -> Shop:
    """A restaurant that sells for satoshi: other processes have no rates."""
    items = [
        {"name": "Soup", "price": str(SOUP), "stock": STOCK},
        {"name": "Agua", "price": "10"},
    ]
    menu = {"categories": [{"name": "All", "items": items}]}
    return await open_shop(client, await make_wallet(), menu, currency="sat")


async def everywhere(
    shop: Shop, workers: list[Worker], deeds: list[list[Any]]
) -> list[Any]:
    """Do the deeds in all processes at one moment; what came of each."""
    shares = [deeds[start :: WORKERS + 1] for start in range(WORKERS + 1)]
    here, *there = await asyncio.gather(
        asyncio.gather(*(told(do_here(shop, *deed)) for deed in shares[0])),
        *(w.ask(share) for w, share in zip(workers, shares[1:], strict=True)),
    )
    return [*here, *(outcome for outcomes in there for outcome in outcomes)]


HOUR_MS = 3_600_000


async def do_here(shop: Shop, name: str, order_id: str, *body: Any) -> Any:
    """The same deeds as a worker's, over HTTP where guests and staff have a door."""
    from restaurant import services
    from restaurant.adapters import system
    from restaurant.flows.serving import expire_order

    if name == "settle":
        return await services.mark_order_paid(order_id, system.now())
    if name == "expire":
        return await expire_order(order_id, "expired", system.now() + HOUR_MS)
    if name == "edit":
        response = await patch(shop, {"id": order_id, **body[0]}, **body[0])
        field = "revision"
    else:
        response = await shop.status(order_id, name)
        field = "status"
    found = response.json()
    return found[field] if response.status_code == 200 else found["code"]


async def stored(shop: Shop) -> tuple[dict[str, Any], int | None]:
    """When each order's stock was taken (None: it is not), and what is left."""
    from restaurant.crud import read

    async with read() as conn:
        rows = await conn.all(
            "SELECT id, stock_taken_at FROM restaurant.orders WHERE restaurant_id = :r",
            r=shop.id,
        )
    taken = {row["id"]: row["stock_taken_at"] for row in rows}
    return taken, await shop.stock("Soup")


def check_books(order: dict[str, Any]) -> None:
    """Sums, what is due, and at most one invoice, which is over just that."""
    check_sums(order)
    payments = order["payments"]
    came = sum(p["received_msat"] for p in payments if p["status"] == "captured")
    assert order["paid_msat"] == came
    live = [p["amount_msat"] for p in payments if p["status"] == "created"]
    if order["status"] == "pending":
        assert live == [order["due_msat"]]
    else:
        assert live in ([], [order["due_msat"]])
    assert ("underpaid" in order["flags"]) == (0 < came < order["total_msat"])
    if order["status"] in ("paid", "accepted"):
        assert ("overpaid" in order["flags"]) == (came > order["total_msat"])


def edits_of(order: dict[str, Any], revisions: range) -> list[list[Any]]:
    """Twelve edits of an order, as it was seen in these revisions."""
    soup = order["items"][0]
    return [
        [
            *("edit", order["id"]),
            {
                "revision": revisions[n % len(revisions)],
                "items": kept(soup, quantity=n + 1),
            },
        ]
        for n in range(12)
    ]


async def test_twenty_edits_at_once_are_one(shop, workers):
    order = (await shop.placed(shop.cart(shop.line("Soup"))))["order"]
    soup = order["items"][0]
    bodies = [
        {"revision": 1, "items": kept(soup, quantity=quantity)}
        for quantity in range(2, 22)
    ]

    done = await everywhere(
        shop, workers, [["edit", order["id"], body] for body in bodies]
    )

    assert Counter(done) == {2: 1, "order.changed": 19}
    after = await shop.order(order["id"])
    assert after["revision"] == 2
    check_books(after)
    assert (await shop.events(order["id"])).count("order.edited") == 1


@pytest.mark.parametrize("seed", range(3))
async def test_edits_money_time_and_kitchen_at_once(
    shop, workers, pay, make_wallet, seed
):
    random, guest = Random(seed), await make_wallet(100_000)
    placed = [await shop.placed(shop.cart(shop.line("Soup", 2))) for _ in range(6)]
    first: list[list[Any]] = []
    then: list[list[Any]] = []
    for number, one in enumerate(placed):
        order_id = one["order"]["id"]
        first += edits_of(one["order"], range(1, 2))
        then += [*edits_of(one["order"], range(1, 4)), ["accepted", order_id]]
        if number % 3 == seed:
            first += [["expire", order_id]]
        else:
            await pay(one["invoice"]["payment_request"], guest)
            first += [["settle", order_id]] * 3
            then += [["settle", order_id]]
    random.shuffle(first)
    random.shuffle(then)

    done = await everywhere(shop, workers, first)
    done += await everywhere(shop, workers, then)

    assert {each for each in done if isinstance(each, str)} <= TOO_LATE | {"accepted"}
    assert {2, "accepted", "order.changed", "order.edit"} <= set(done), "no race"
    orders = [await shop.order(one["order"]["id"]) for one in placed]
    for order in orders:
        check_books(order)
        events = Counter(await shop.events(order["id"]))
        assert order["revision"] == 1 + events["order.edited"]
        assert events["payment.captured"] <= 1
    taken, left = await stored(shop)
    gone = sum(
        line["quantity"]
        for order in orders
        if taken[order["id"]] is not None
        for line in order["items"]
    )
    assert left == STOCK - gone
    from restaurant import services

    assert await services.verify_journal(shop.id) is None
