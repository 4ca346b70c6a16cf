"""Twenty redemptions of one card at once, in three processes: it is never overdrawn."""

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

from harness.gift_cards import (
    a_bill,
    call,
    change,
    check_ledger,
    detail,
    events,
    issue,
    pay,
)
from harness.processes import Worker, running
from harness.shop import Shop, open_shop

WORKER = Path(__file__).with_name("gift_card_worker.py")
WORKERS = 2
REDEMPTIONS = 20


@pytest_asyncio.fixture(scope="module")
async def workers(restaurant_module: ModuleType) -> AsyncIterator[list[Worker]]:
    async with running(WORKER, restaurant_module, WORKERS) as started:
        yield started


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any, workers: list[Worker]) -> Shop:
    """A restaurant that sells for satoshi: other processes have no rates."""
    items = [{"name": "Agua", "price": "10"}]
    menu = {"categories": [{"name": "All", "items": items}]}
    return await open_shop(client, await make_wallet(), menu, currency="sat")


async def everywhere(
    shop: Shop, workers: list[Worker], payments: list[dict[str, Any]]
) -> list[list[str]]:
    """Share the payments out to all processes, all at one moment: the outcomes."""
    shares = [payments[start :: WORKERS + 1] for start in range(WORKERS + 1)]

    async def here() -> list[str]:
        answers = await asyncio.gather(*(by_http(shop, one) for one in shares[0]))
        return list(answers)

    there = (w.ask(share) for w, share in zip(workers, shares[1:], strict=True))
    return await asyncio.gather(here(), *there)


async def by_http(shop: Shop, one: dict[str, Any]) -> str:
    response = await pay(
        shop, one["order_id"], one["code"], key=one["key"], amount=one["amount"]
    )
    body = response.json()
    return body["payment"]["amount"] if response.is_success else body["code"]


def a_payment(order_id: str, card: dict[str, Any], amount: str | None) -> Any:
    return {
        "order_id": order_id,
        "code": card["code"],
        "amount": amount,
        "key": uuid.uuid4().hex,
    }


async def check_books(shop: Shop, card: dict[str, Any], redeemed: int) -> None:
    """The ledger and the journal tell of so many redemptions, each once."""
    from restaurant import services

    entries = (await detail(shop, card))["entries"]
    assert [e["kind"] for e in entries].count("redeemed") == redeemed
    names = Counter(event for event, *_ in await events(shop))
    assert names["gift_card.redeemed"] == redeemed
    assert await services.verify_journal(shop.id) is None
    await check_ledger()


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("10", {"10": 9, "gift_card.short": 11}),
        (None, {"10": 9, "5": 1, "gift_card.empty": 10}),
    ],
)
async def test_twenty_orders_at_once_never_overdraw_a_card(
    shop, workers, amount, expected
):
    card = await issue(shop, "95")
    order_ids = [await a_bill(shop) for _ in range(REDEMPTIONS)]

    outcomes = await everywhere(
        shop, workers, [a_payment(one, card, amount) for one in order_ids]
    )

    assert Counter(one for outcome in outcomes for one in outcome) == expected
    shown = await detail(shop, card)
    assert shown["balance"] == ("5" if amount else "0")
    orders = [await shop.order(order_id) for order_id in order_ids]
    assert sum(order["paid_msat"] for order in orders) == (90 if amount else 95) * 1000
    assert not any("overpaid" in order["flags"] for order in orders)
    await check_books(shop, card, redeemed=9 if amount else 10)


async def test_without_the_restaurants_lock_the_balance_still_guards_itself(shop):
    from restaurant.crud import transaction
    from restaurant.features.gift_cards import crud as cards

    card = await issue(shop, "95")

    async def take() -> bool:
        async with transaction() as conn:
            return await cards.take(conn, card["id"], 10)

    taken = await asyncio.gather(*(take() for _ in range(REDEMPTIONS)))

    assert taken.count(True) == 9
    assert (await detail(shop, card))["balance"] == "5"
    async with transaction() as conn:  # as its ledger says: nothing was booked
        await cards.put_back(conn, card["id"], 90)


async def test_twenty_payments_of_one_order_pay_it_once(shop, workers):
    card = await issue(shop, "1000")
    order_id = await a_bill(shop)

    outcomes = await everywhere(
        shop, workers, [a_payment(order_id, card, None) for _ in range(REDEMPTIONS)]
    )

    counted = Counter(one for outcome in outcomes for one in outcome)
    assert counted == {"10": 1, "payment.nothing_due": REDEMPTIONS - 1}
    assert (await detail(shop, card))["balance"] == "990"
    await check_books(shop, card, redeemed=1)


async def test_one_key_takes_once_in_all_processes(shop, workers):
    card = await issue(shop, "1000")
    order_id = await a_bill(shop)
    payment = a_payment(order_id, card, "3")

    outcomes = await asyncio.gather(*(w.ask([payment] * 10) for w in workers))

    assert {one for outcome in outcomes for one in outcome} == {"3"}
    assert (await detail(shop, card))["balance"] == "997"
    await check_books(shop, card, redeemed=1)


async def test_a_card_that_is_blocked_meanwhile_gives_nothing_afterwards(shop, workers):
    card = await issue(shop, "1000")
    order_ids = [await a_bill(shop) for _ in range(REDEMPTIONS)]
    payments = [a_payment(one, card, "10") for one in order_ids]

    outcomes, blocked = await asyncio.gather(
        everywhere(shop, workers, payments), change(shop, card, is_blocked=True)
    )

    assert blocked.status_code == 200
    counted = Counter(one for outcome in outcomes for one in outcome)
    assert set(counted) <= {"10", "gift_card.blocked"}
    assert (await detail(shop, card))["balance"] == str(1000 - 10 * counted["10"])
    page = await call(shop, "GET", f"/restaurants/{shop.id}/events?limit=500")
    names = [row["event"] for row in page.json()["data"]]
    after = names[names.index("gift_card.changed") :]
    assert "gift_card.redeemed" not in after
    await check_books(shop, card, redeemed=counted["10"])
