"""Counts, deliveries, waste and sales in two processes at once: nothing is below
zero, and every figure is what its movements add up to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.processes import Worker, running, told
from harness.shop import Shop, open_shop

WORKER = Path(__file__).with_name("stock_worker.py")
START = 30
ORDERS = 12


@pytest_asyncio.fixture(scope="module")
async def worker(restaurant_module: ModuleType) -> AsyncIterator[Worker]:
    async with running(WORKER, restaurant_module, 1) as [started]:
        yield started


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any, worker: Worker) -> Shop:
    """A restaurant that sells for satoshi: other processes have no rates."""
    items = [{"name": "Soup", "price": "21", "stock": START}]
    menu = {"categories": [{"name": "All", "items": items}]}
    return await open_shop(client, await make_wallet(), menu, currency="sat")


async def do_here(shop: Shop, deed: list[Any]) -> Any:
    """The same deeds as the worker's, over HTTP where there is a door."""
    from restaurant import services
    from restaurant.adapters import system

    if deed[0] == "pay":
        return await services.mark_order_paid(deed[1], system.now())
    restaurant_id, stock_id, kind, quantity = deed
    moves = [{"stock_id": stock_id, "kind": kind, "quantity": quantity}]
    response = await shop.client.post(
        f"{API}/restaurants/{restaurant_id}/stock_movements",
        json={"movements": moves, "reason": "race"},
        headers=shop.wallet.admin,
    )
    found = response.json()
    return found["data"][0]["on_hand"] if response.is_success else found["code"]


async def everywhere(shop: Shop, worker: Worker, deeds: list[list[Any]]) -> list[Any]:
    """Do the deeds in both processes at one moment; what came of each."""
    here, there = await asyncio.gather(
        asyncio.gather(*(told(do_here(shop, deed)) for deed in deeds[::2])),
        worker.ask(deeds[1::2]),
    )
    outcomes: list[Any] = [None] * len(deeds)
    outcomes[::2], outcomes[1::2] = here, there
    return outcomes


async def get(shop: Shop, path: str) -> Any:
    response = await shop.client.get(API + path, headers=shop.wallet.admin)
    assert response.status_code == 200, response.text
    return response.json()


async def ledger_of(shop: Shop, stock_id: str) -> list[dict[str, Any]]:
    """The movements of a stock, oldest first; the check says that they add up."""
    check = await get(shop, f"/restaurants/{shop.id}/stock/check")
    assert check["is_equal"], check
    page = await get(shop, f"/stocks/{stock_id}/movements?limit=500")
    rows = page["data"][::-1]
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row["on_hand"] >= 0 for row in rows)
    return rows


@pytest.mark.parametrize("seed", range(3))
async def test_counts_receipts_waste_and_sales_at_once_leave_an_equal_ledger(
    shop, worker, pay, make_wallet, seed
):
    random, guest = Random(seed), await make_wallet(100_000)
    soup = shop.item("Soup")["id"]
    deeds: list[list[Any]] = []
    for _ in range(ORDERS):
        placed = await shop.placed(shop.cart(shop.line("Soup", random.randint(1, 4))))
        await pay(placed["invoice"]["payment_request"], guest)
        deeds.append(["pay", placed["invoice"]["payment_hash"]])
    for kind, most in (("count", 20), ("receive", 9), ("waste", 9), ("adjust", 9)):
        sign = random.choice((1, -1)) if kind == "adjust" else 1
        deeds += [[shop.id, soup, kind, sign * random.randint(1, most)] for _ in "1234"]
    random.shuffle(deeds)

    outcomes = await everywhere(shop, worker, deeds)
    rows = await ledger_of(shop, soup)
    by_hand = [row for row in rows[1:] if row["order_id"] is None]
    moved = [
        outcome
        for deed, outcome in zip(deeds, outcomes, strict=True)
        if deed[0] != "pay" and isinstance(outcome, int)
    ]
    others = [o for d, o in zip(deeds, outcomes, strict=True) if d[0] != "pay"]
    assert {each for each in others if not isinstance(each, int)} <= {"stock.short"}
    assert sorted(row["on_hand"] for row in by_hand) == sorted(moved)
    assert all(o is True for d, o in zip(deeds, outcomes, strict=True) if d[0] == "pay")
    sold = {row["order_id"]: row["quantity"] for row in rows if row["order_id"]}
    orders = await get(shop, f"/restaurants/{shop.id}/orders?limit=100")
    for order in orders["data"]:
        quantity = sum(line["quantity"] for line in order["items"])
        is_short = "oversold" in order["flags"]
        assert sold.get(order["id"]) == (None if is_short else quantity)
    assert await shop.stock("Soup") == rows[-1]["on_hand"]


async def test_the_last_one_is_wasted_or_taken_once(shop, worker):
    soup = shop.item("Soup")["id"]
    await do_here(shop, [shop.id, soup, "count", 1])

    outcomes = await everywhere(shop, worker, [[shop.id, soup, "waste", 1]] * 20)

    assert sorted(map(str, outcomes)) == ["0", *["stock.short"] * 19]
    assert (await ledger_of(shop, soup))[-1]["on_hand"] == 0


async def test_the_first_count_of_many_begins_the_ledger_once(
    client, make_wallet, worker
):
    menu = {"categories": [{"name": "All", "items": [{"name": "Tea", "price": "5"}]}]}
    shop = await open_shop(client, await make_wallet(), menu, currency="sat")
    tea = shop.item("Tea")["id"]

    outcomes = await everywhere(
        shop, worker, [[shop.id, tea, "count", n] for n in range(10)]
    )

    assert sorted(outcomes) == list(range(10))
    assert len(await ledger_of(shop, tea)) == 10
