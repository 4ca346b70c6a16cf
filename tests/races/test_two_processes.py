"""Three processes on one database: whatever they do at once happens once.

The test's own LNbits is one of them; the others load the extension as a worker of the
same server would, with connections of their own.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.books import core_invoices, order_ids
from harness.processes import Worker, running
from harness.shop import Shop, open_shop

WORKER = Path(__file__).with_name("order_worker.py")
WORKERS = 2


@pytest_asyncio.fixture(scope="module")
async def workers(restaurant_module: ModuleType) -> AsyncIterator[list[Worker]]:
    async with running(WORKER, restaurant_module, WORKERS) as started:
        yield started


async def ask(worker: Worker, do: str, what: list[Any]) -> list[Any]:
    return await worker.ask([[do, one] for one in what])


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any) -> Shop:
    """A restaurant that sells for satoshi: other processes have no rates."""
    items = [
        {"name": "Flan", "price": "30", "stock": 3},
        {"name": "Soup", "price": "21", "stock": 500},
        {"name": "Agua", "price": "10"},
    ]
    menu = {"categories": [{"name": "All", "items": items}]}
    return await open_shop(client, await make_wallet(), menu, currency="sat")


@pytest_asyncio.fixture
async def pay_all(pay: Any, make_wallet: Any) -> Any:
    """`await pay_all(carts)`: place and pay them; nobody has booked it yet."""
    guest = await make_wallet(1_000_000)

    async def place_and_pay(shop: Shop, carts: list[dict[str, Any]]) -> list[str]:
        placed = [await shop.placed(cart) for cart in carts]
        for one in placed:
            await pay(one["invoice"]["payment_request"], guest)
        return [one["order"]["id"] for one in placed]

    return place_and_pay


async def settle_everywhere(workers: list[Worker], hashes: list[str]) -> list[Any]:
    """All processes count all of it; who counted what."""
    from restaurant import services
    from restaurant.adapters import system

    async def here() -> list[bool]:
        works = (services.mark_order_paid(one, system.now()) for one in hashes)
        return await asyncio.gather(*works)

    there = (
        ask(worker, "settle", hashes[:: -1 if number % 2 else 1])
        for number, worker in enumerate(workers)
    )
    return await asyncio.gather(here(), *there)


async def check_books(shop: Shop) -> None:
    from restaurant import services

    assert await services.verify_journal(shop.id) is None


async def test_money_is_counted_once_by_whoever_is_first(shop, workers, pay_all):
    carts = [shop.cart(shop.line("Soup", 2), shop.line("Agua"))] * 24
    hashes = await pay_all(shop, carts)

    outcomes = await settle_everywhere(workers, hashes)

    counts = [outcome.count(True) for outcome in outcomes]
    assert sum(counts) == len(hashes)
    assert sum(1 for count in counts if count) > 1, "there was no race"
    assert {str(one) for outcome in outcomes for one in outcome} == {"True", "False"}
    assert await shop.stock("Soup") == 500 - 2 * len(hashes)
    for order_id in hashes:
        order = await shop.order(order_id)
        assert (order["status"], order["flags"]) == ("paid", [])
        assert order["paid_msat"] == order["total_msat"]
        names = Counter(await shop.events(order_id))
        assert names["payment.captured"] == names["order.paid"] == 1
    page = await all_jobs(shop)
    assert Counter(job["order_id"] for job in page) == dict.fromkeys(hashes, 1)
    await check_books(shop)


async def test_the_last_portions_go_to_as_many_as_there_are(shop, workers, pay_all):
    hashes = await pay_all(shop, [shop.cart(shop.line("Flan"))] * 20)

    outcomes = await settle_everywhere(workers, hashes)

    assert sum(outcome.count(True) for outcome in outcomes) == 20
    orders = [await shop.order(order_id) for order_id in hashes]
    served = [order["id"] for order in orders if order["flags"] == []]
    losers = [order for order in orders if order["flags"]]
    assert len(served) == 3
    assert {tuple(order["flags"]) for order in losers} == {("oversold", "refund_due")}
    assert {order["status"] for order in orders} == {"paid"}
    assert await shop.stock("Flan") == 0
    printed = {job["order_id"] for job in await all_jobs(shop)}
    assert printed == set(served)
    await check_books(shop)


async def test_an_order_is_all_or_nothing_between_processes(shop, workers, pay_all):
    """Two dishes, both scarce: nobody gets one of them and blocks the other."""
    both = shop.cart(shop.line("Flan", 2), shop.line("Soup", 200))
    hashes = await pay_all(shop, [both] * 6)

    await settle_everywhere(workers, hashes)

    orders = [await shop.order(order_id) for order_id in hashes]
    assert sum(1 for order in orders if not order["flags"]) == 1
    assert (await shop.stock("Flan"), await shop.stock("Soup")) == (1, 300)


async def test_one_key_makes_one_order_in_all_processes(shop, workers):
    orders = [{"key": f"k{n}" * 8, "cart": shop.cart()} for n in range(5)] * 4

    outcomes = await asyncio.gather(*(ask(w, "place", orders) for w in workers))

    by_key: dict[str, set[tuple[str, str]]] = {}
    fresh = Counter[str]()
    for outcome in outcomes:
        for order, (order_id, token, is_replay) in zip(orders, outcome, strict=True):
            by_key.setdefault(order["key"], set()).add((order_id, token))
            fresh[order["key"]] += not is_replay
    assert [len(found) for found in by_key.values()] == [1] * 5
    assert set(fresh.values()) == {1}
    placed = {order_id for found in by_key.values() for order_id, _ in found}
    assert await order_ids(shop.id) == placed
    assert await core_invoices(shop.wallet.id) == placed
    await check_books(shop)


async def test_numbers_have_no_gap_and_no_repeat_across_processes(shop, workers):
    def fresh(count: int) -> list[dict[str, Any]]:
        return [{"key": uuid.uuid4().hex, "cart": shop.cart()} for _ in range(count)]

    here = (shop.place() for _ in range(15))
    *_, answers = await asyncio.gather(
        *(ask(worker, "place", fresh(15)) for worker in workers), asyncio.gather(*here)
    )

    assert {answer.status_code for answer in answers} == {201}
    path = f"{API}/restaurants/{shop.id}/orders?limit=500"
    page = (await shop.client.get(path, headers=shop.wallet.admin)).json()["data"]
    assert sorted(order["number"] for order in page) == list(range(1, 46))
    await check_books(shop)


async def test_the_cap_holds_across_processes(shop, workers):
    path = f"{API}/restaurants/{shop.id}"
    body = {"open_orders_max": 5}
    await shop.client.patch(path, json=body, headers=shop.wallet.admin)
    orders = [
        [{"key": uuid.uuid4().hex, "cart": shop.cart()} for _ in range(10)]
        for _ in workers
    ]

    outcomes = await asyncio.gather(
        *(ask(w, "place", some) for w, some in zip(workers, orders, strict=True))
    )

    refused = [one for outcome in outcomes for one in outcome if isinstance(one, str)]
    assert refused == ["orders.too_many"] * 15
    assert len(await order_ids(shop.id)) == 5


async def test_a_step_is_taken_once_by_whoever_is_first(shop, workers, pay_all):
    hashes = await pay_all(shop, [shop.cart()] * 6)
    await settle_everywhere(workers, hashes)

    outcomes = await asyncio.gather(*(ask(w, "accept", hashes * 3) for w in workers))

    assert {status for outcome in outcomes for status in outcome} == {"accepted"}
    for order_id in hashes:
        assert (await shop.events(order_id)).count("order.accepted") == 1
    assert len(await all_jobs(shop)) == len(hashes)
    await check_books(shop)


async def test_a_menu_edit_in_one_process_is_priced_by_the_others(shop, workers):
    path = f"{API}/menu_items/{shop.item('Agua')['id']}"
    for price in ("11", "12", "13"):
        changed = await shop.client.patch(
            path, json={"price": price}, headers=shop.wallet.admin
        )
        assert changed.status_code == 200
        order = [{"key": uuid.uuid4().hex, "cart": shop.cart()}]
        for worker in workers:
            [[order_id, _, _]] = await ask(worker, "place", order)
            stored = await shop.order(order_id)
            assert stored["total_msat"] == int(price) * 1000


async def all_jobs(shop: Shop) -> list[dict[str, Any]]:
    path = f"{API}/restaurants/{shop.id}/print_jobs?limit=500"
    response = await shop.client.get(path, headers=shop.wallet.admin)
    assert response.json()["next"] is None
    return response.json()["data"]


@pytest.fixture(autouse=True)
def _still(workers: list[Worker]) -> None:
    """No loop of this process takes part."""
