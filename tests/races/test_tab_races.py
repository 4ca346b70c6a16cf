"""Rounds against rounds, money and merges, in three processes at once: each is there
once, and the books agree."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest_asyncio

from harness import API
from harness.edits import check_sums
from harness.processes import Worker, running, told
from harness.shop import Shop, open_shop
from harness.tabs import Tab, a_table, add, merge, open_tab

WORKER = Path(__file__).with_name("tab_worker.py")
WORKERS = 2
STOCK = 500
SOUP = 21


@pytest_asyncio.fixture(scope="module")
async def workers(restaurant_module: ModuleType) -> AsyncIterator[list[Worker]]:
    async with running(WORKER, restaurant_module, WORKERS) as started:
        yield started


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any, workers: list[Worker]) -> Shop:
    """A restaurant that sells for satoshi: other processes have no rates."""
    items = [{"name": "Soup", "price": str(SOUP), "stock": STOCK}]
    menu = {"categories": [{"name": "All", "items": items}]}
    return await open_shop(client, await make_wallet(), menu, currency="sat")


@pytest_asyncio.fixture
async def tab(shop: Shop) -> Tab:
    return await open_tab(shop, await a_table(shop), shop.line("Soup"))


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


async def do_here(shop: Shop, name: str, about: str, *body: Any) -> Any:
    """The same deeds as a worker's, over HTTP where guests and staff have a door."""
    from restaurant import services
    from restaurant.adapters import system

    if name == "settle":
        return await services.mark_order_paid(about, system.now())
    if name == "call":
        path = f"{API}/restaurants/{about}/calls"
        return (await shop.client.post(path, json=body[0])).json()["id"]
    if name == "round":
        response = await add(shop, about, *body[0]["items"])
    else:
        response = await merge(shop, about, body[0]["order_id"])
    if response.is_success:
        return response.status_code
    return response.json()["code"]


def a_round(shop: Shop, order_id: str, quantity: int = 1) -> list[Any]:
    return ["round", order_id, {"items": [shop.line("Soup", quantity)]}]


async def check(shop: Shop, *order_ids: str) -> list[dict[str, Any]]:
    """The orders as they are: sums, stock and journal agree."""
    from restaurant import services

    orders = [await shop.order(order_id) for order_id in order_ids]
    for order in orders:
        check_sums(order)
    gone = sum(
        line["quantity"]
        for order in orders
        if order["status"] != "canceled"
        for line in order["items"]
    )
    assert await shop.stock("Soup") == STOCK - gone
    assert await services.verify_journal(shop.id) is None
    return orders


async def test_nine_rounds_at_once_are_nine_rounds(shop, workers, tab):
    deeds = [a_round(shop, tab.id, n) for n in range(1, 10)]

    done = await everywhere(shop, workers, deeds)

    assert Counter(done) == {201: 9}
    [order] = await check(shop, tab.id)
    assert sorted(line["quantity"] for line in order["items"][1:]) == [*range(1, 10)]
    assert order["revision"] == 10
    assert order["total"] == str(SOUP * 46)


async def test_money_against_a_round(shop, workers, pay, make_wallet):
    guest = await make_wallet(100_000)
    tabs = [
        await open_tab(shop, await a_table(shop), shop.line("Soup")) for _ in range(6)
    ]
    deeds: list[list[Any]] = []
    for tab in tabs:
        path = f"{API}/orders/{tab.id}/invoice"
        invoice = (await shop.client.post(path, headers=tab.guest)).json()
        await pay(invoice["payment_request"], guest)
        deeds += [["settle", invoice["payment_hash"]], a_round(shop, tab.id)]

    done = await everywhere(shop, workers, deeds)

    assert Counter(map(str, done)) == {"201": 6, "True": 6}
    for order in await check(shop, *(tab.id for tab in tabs)):
        assert (order["paid_msat"], order["due_msat"]) == (SOUP * 1000, SOUP * 1000)
        assert (order["status"], order["flags"]) == ("accepted", ["underpaid"])


async def test_a_merge_against_the_money_of_its_source(shop, workers, pay, make_wallet):
    guest = await make_wallet(100_000)
    pairs = []
    deeds: list[list[Any]] = []
    for _ in range(6):
        target, source = [
            await open_tab(shop, await a_table(shop), shop.line("Soup"))
            for _ in range(2)
        ]
        path = f"{API}/orders/{source.id}/invoice"
        invoice = (await shop.client.post(path, headers=source.guest)).json()
        await pay(invoice["payment_request"], guest)
        pairs.append((target, source))
        deeds += [
            ["settle", invoice["payment_hash"]],
            ["merge", target.id, {"order_id": source.id}],
        ]

    done = await everywhere(shop, workers, deeds)

    assert set(map(str, done)) <= {"True", "200", "order.has_payments"}
    ids = [tab.id for pair in pairs for tab in pair]
    by_id = {order["id"]: order for order in await check(shop, *ids)}
    for target, source in pairs:
        into, gone = by_id[target.id], by_id[source.id]
        assert gone["paid_msat"] == SOUP * 1000
        if gone["merged_into"] is None:
            assert (gone["status"], gone["flags"]) == ("accepted", [])
            assert len(into["items"]) == 1
        else:
            assert gone["status"] == "canceled"
            assert {"paid_late", "refund_due"} <= set(gone["flags"])
            assert (len(into["items"]), into["due_msat"]) == (2, 2 * SOUP * 1000)


async def test_two_orders_are_merged_one_way(shop, workers, tab):
    other = await open_tab(shop, await a_table(shop), shop.line("Soup", 2))
    one_way = ["merge", tab.id, {"order_id": other.id}]
    other_way = ["merge", other.id, {"order_id": tab.id}]

    done = await everywhere(shop, workers, [one_way, other_way] * 4)

    assert Counter(done) == {200: 1, "order.merge": 7}
    orders = await check(shop, tab.id, other.id)
    statuses = sorted(order["status"] for order in orders)
    assert statuses == ["accepted", "canceled"]


async def test_a_merge_against_rounds_loses_nothing(shop, workers, tab):
    other = await open_tab(shop, await a_table(shop), shop.line("Soup", 2))
    deeds = [
        ["merge", tab.id, {"order_id": other.id}],
        *(a_round(shop, tab.id) for _ in range(3)),
        *(a_round(shop, other.id) for _ in range(3)),
    ]

    done = await everywhere(shop, workers, deeds)

    assert set(map(str, done)) <= {"200", "201", "order.edit"}
    into, gone = await check(shop, tab.id, other.id)
    assert gone["merged_into"] == into["id"]
    added = Counter(map(str, done))["201"]
    assert sum(line["quantity"] for line in into["items"]) == 3 + added


async def test_twelve_calls_at_once_are_one(shop, workers):
    table = await a_table(shop)
    deeds = [["call", shop.id, {"kind": "bill", **table.seat}] for _ in range(12)]

    done = await everywhere(shop, workers, deeds)

    assert len(set(done)) == 1
    path = f"{API}/restaurants/{shop.id}/calls"
    waiting = await shop.client.get(path, headers=shop.wallet.admin)
    assert [each["id"] for each in waiting.json()["data"]] == [done[0]]
