"""Twenty buyers, one portion: exactly one gets it, whoever they ask and when.

They order and pay in one process, and in three processes of one server at once; the
ledger adds up afterwards.
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
from harness.processes import Worker, running
from harness.shop import Shop, open_shop

WORKER = Path(__file__).with_name("order_worker.py")
WORKERS = 2
BUYERS = 20
POLICIES = ["settle", "reserve"]


@pytest_asyncio.fixture(scope="module")
async def workers(restaurant_module: ModuleType) -> AsyncIterator[list[Worker]]:
    async with running(WORKER, restaurant_module, WORKERS) as started:
        yield started


@pytest.fixture(params=POLICIES)
def policy(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any, policy: str) -> Shop:
    """One flan is left, and masa for a single portion of tacos; for satoshi, since
    other processes have no rates."""
    items = [
        {"name": "Flan", "price": "30", "stock": 1},
        {"name": "Tacos", "price": "21", "stock": 500},
    ]
    menu = {"categories": [{"name": "All", "items": items}]}
    profile = {"currency": "sat", "stock_policy": policy}
    return await open_shop(client, await make_wallet(), menu, **profile)


@pytest_asyncio.fixture
async def masa(shop: Shop) -> str:
    """The id of an ingredient of which there is enough for one portion."""
    body = {"name": "Masa", "unit": "g", "on_hand": 100}
    made = await done(shop, "POST", f"/restaurants/{shop.id}/ingredients", body)
    uses = [{"stock_id": made["id"], "quantity": 60}]
    path = f"/menu_items/{shop.item('Tacos')['id']}/recipe"
    await done(shop, "PUT", path, {"uses": uses})
    return str(made["id"])


async def done(shop: Shop, method: str, path: str, body: Any = None) -> Any:
    key = {"Idempotency-Key": uuid.uuid4().hex}
    response = await shop.client.request(
        method, f"{API}{path}", json=body, headers=shop.wallet.admin | key
    )
    assert response.status_code in (200, 201), response.text
    return response.json()


async def figures(shop: Shop, stock_id: str) -> tuple[int, int]:
    """(on hand, reserved)."""
    page = await done(shop, "GET", f"/restaurants/{shop.id}/stocks")
    [found] = [each for each in page["data"] if each["id"] == stock_id]
    return found["on_hand"], found["reserved"]


async def order_everywhere(
    shop: Shop, workers: list[Worker], cart: dict[str, Any]
) -> list[str]:
    """Twenty buyers place the cart at once in all processes; the orders' ids of those
    that could."""
    share = BUYERS // (len(workers) + 1)
    here = [shop.place(cart) for _ in range(BUYERS - share * len(workers))]
    deeds = [
        [["place", {"key": uuid.uuid4().hex, "cart": cart}] for _ in range(share)]
        for _ in workers
    ]
    answers, *there = await asyncio.gather(
        asyncio.gather(*here),
        *(worker.ask(some) for worker, some in zip(workers, deeds, strict=True)),
    )
    placed = [one.json()["order"]["id"] for one in answers if one.status_code == 201]
    refused = [one.json()["code"] for one in answers if one.status_code != 201]
    for outcome in there:
        placed += [one[0] for one in outcome if not isinstance(one, str)]
        refused += [one for one in outcome if isinstance(one, str)]
    assert set(refused) <= {"stock.short", "item.unavailable"}
    assert len(placed) + len(refused) == BUYERS
    return placed


async def pay_everywhere(
    shop: Shop, workers: list[Worker], pay: Any, make_wallet: Any, ids: list[str]
) -> None:
    """Pay all of them, and let every process count all of the money."""
    from restaurant import services
    from restaurant.adapters import system
    from restaurant.crud import read
    from restaurant.features.payments import crud as payments

    guest = await make_wallet(1_000_000)
    async with read() as conn:
        booked = await payments.of_orders(conn, ids)
    for order_id in ids:
        [payment] = booked[order_id]
        await pay(payment.payment_request, guest)
    await asyncio.gather(
        *(services.mark_order_paid(each, system.now()) for each in ids),
        *(worker.ask([["settle", each] for each in ids]) for worker in workers),
    )


async def check_one_got_it(shop: Shop, ids: list[str]) -> None:
    """One is to be made; whoever else paid gets the money back."""
    from restaurant import services

    orders = [await shop.order(order_id) for order_id in ids]
    flags = Counter(tuple(order["flags"]) for order in orders)
    assert flags[()] == 1
    losers = {("oversold", "refund_due"): len(ids) - 1} if len(ids) > 1 else {}
    assert flags == Counter({(): 1, **losers})
    assert {order["status"] for order in orders} == {"paid"}
    assert await services.verify_stock(shop.id) == []
    assert await services.verify_journal(shop.id) is None


async def test_one_of_twenty_in_three_processes_gets_the_last_one(
    shop, workers, policy, pay, make_wallet
):
    cart = shop.cart(shop.line("Flan"))

    placed = await order_everywhere(shop, workers, cart)
    before = await figures(shop, shop.item("Flan")["id"])
    await pay_everywhere(shop, workers, pay, make_wallet, placed)

    assert len(placed) == (1 if policy == "reserve" else BUYERS)
    assert before == ((1, 1) if policy == "reserve" else (1, 0))
    assert await figures(shop, shop.item("Flan")["id"]) == (0, 0)
    await check_one_got_it(shop, placed)


async def test_one_of_twenty_in_one_process_gets_the_last_one(
    shop, policy, pay, make_wallet
):
    cart = shop.cart(shop.line("Flan"))

    placed = await order_everywhere(shop, [], cart)
    await pay_everywhere(shop, [], pay, make_wallet, placed)

    assert len(placed) == (1 if policy == "reserve" else BUYERS)
    assert await figures(shop, shop.item("Flan")["id"]) == (0, 0)
    await check_one_got_it(shop, placed)


async def test_one_gets_the_last_of_an_ingredient_and_others_take_nothing(
    shop, masa, workers, policy, pay, make_wallet
):
    """All lines or none: whoever is too late for the masa leaves the flan alone."""
    cart = shop.cart(shop.line("Tacos"), shop.line("Flan"))

    placed = await order_everywhere(shop, workers, cart)
    await pay_everywhere(shop, workers, pay, make_wallet, placed)

    assert await figures(shop, masa) == (40, 0)
    assert await figures(shop, shop.item("Tacos")["id"]) == (499, 0)
    assert await figures(shop, shop.item("Flan")["id"]) == (0, 0)
    await check_one_got_it(shop, placed)


@pytest.mark.parametrize("policy", ["reserve"], indirect=True)
async def test_time_and_money_at_once_give_the_promise_back_once(
    shop, workers, pay, make_wallet
):
    """Its time ends while its money is counted: taken or free again, never both."""
    from restaurant import services
    from restaurant.adapters import system
    from restaurant.flows.reconciling import release_expired

    [order_id] = await order_everywhere(shop, [], shop.cart(shop.line("Flan")))
    late = system.now() + 901_000

    await asyncio.gather(
        release_expired(late),
        pay_everywhere(shop, workers, pay, make_wallet, [order_id]),
        release_expired(late),
    )

    assert (await shop.order(order_id))["flags"] == []
    assert await figures(shop, shop.item("Flan")["id"]) == (0, 0)
    assert await services.verify_stock(shop.id) == []
