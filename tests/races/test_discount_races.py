"""The last voucher, used twenty times at once in three processes: it counts once."""

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

from harness.books import order_ids
from harness.discounts import GUEST, add_code, make_code, make_discount, uses_of
from harness.processes import Worker, running
from harness.shop import Shop, open_shop

WORKER = Path(__file__).with_name("order_worker.py")
WORKERS = 2
ORDERS = 20
HALF_MSAT = 5_000  # half an Agua


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


async def a_voucher(shop: Shop, code: str = "LAST", **limits: Any) -> dict[str, Any]:
    return await make_code(shop, code, percent="50", **limits)


async def everywhere(
    shop: Shop, workers: list[Worker], carts: list[dict[str, Any]]
) -> list[str]:
    """Place the carts in all processes at one moment: order ids and error codes."""
    shares = [carts[start :: WORKERS + 1] for start in range(WORKERS + 1)]

    async def here() -> list[str]:
        answers = await asyncio.gather(*(shop.place(cart) for cart in shares[0]))
        return [
            a.json()["order"]["id"] if a.status_code == 201 else a.json()["code"]
            for a in answers
        ]

    async def there(worker: Worker, share: list[dict[str, Any]]) -> list[str]:
        deeds = [["place", {"key": uuid.uuid4().hex, "cart": cart}] for cart in share]
        done = await worker.ask(deeds)
        return [one if isinstance(one, str) else one[0] for one in done]

    shared = zip(workers, shares[1:], strict=True)
    outcomes = await asyncio.gather(here(), *(there(*each) for each in shared))
    return [one for outcome in outcomes for one in outcome]


def told(outcomes: list[str]) -> tuple[list[str], Counter[str]]:
    """The ids of the orders that were placed, and why the others were not."""
    placed = [one for one in outcomes if "." not in one]
    return placed, Counter(one for one in outcomes if "." in one)


async def check_books(shop: Shop, discount: dict[str, Any], placed: list[str]) -> None:
    """So many orders are there, each with the discount, and it counts as often."""
    from restaurant import services

    assert await order_ids(shop.id) == set(placed)
    orders = [await shop.order(order_id) for order_id in placed]
    assert {order["discount_msat"] for order in orders} == {HALF_MSAT}
    living = [order for order in orders if order["status"] != "canceled"]
    assert await uses_of(shop, discount) == len(living)
    assert await services.verify_journal(shop.id) is None


async def expire(shop: Shop, order_id: str) -> None:
    from restaurant import services
    from restaurant.adapters import system

    await services.expire_orders(system.now() + 86_400_000)


async def cancel(shop: Shop, order_id: str) -> None:
    assert (await shop.status(order_id, "canceled")).status_code == 200


@pytest.mark.parametrize("die", [cancel, expire])
async def test_the_last_voucher_counts_once_until_its_order_dies_unpaid(
    shop, workers, die
):
    discount = await a_voucher(shop, limit_total=1)
    cart = shop.cart(codes=["last"])

    [winner], refused = told(await everywhere(shop, workers, [cart] * ORDERS))

    assert refused == {"discount.used_up": ORDERS - 1}
    await check_books(shop, discount, [winner])
    await die(shop, winner)
    assert (await shop.order(winner))["status"] == "canceled"
    assert await uses_of(shop, discount) == 0

    [second], refused = told(await everywhere(shop, workers, [cart] * ORDERS))

    assert refused == {"discount.used_up": ORDERS - 1}
    await check_books(shop, discount, [winner, second])


@pytest.mark.parametrize(
    ("limit", "cart"),
    [
        ("limit_total", {}),
        ("limit_per_day", {}),
        ("limit_per_code", {}),
        ("limit_per_guest", {"guest_id": GUEST}),
    ],
)
async def test_every_limit_holds_across_processes(shop, workers, limit, cart):
    discount = await a_voucher(shop, **{limit: 7})
    carts = [shop.cart(codes=["last"], **cart)] * ORDERS

    placed, refused = told(await everywhere(shop, workers, carts))

    assert len(placed) == 7
    assert refused == {"discount.used_up": ORDERS - 7}
    await check_books(shop, discount, placed)


async def test_every_code_of_a_campaign_counts_once(shop, workers):
    discount = await a_voucher(shop, "CODE0", limit_per_code=1)
    for number in range(1, 5):
        await add_code(shop, discount, f"CODE{number}")
    carts = [shop.cart(codes=[f"code{number % 5}"]) for number in range(ORDERS)]

    placed, refused = told(await everywhere(shop, workers, carts))

    assert len(placed) == 5
    assert refused == {"discount.used_up": ORDERS - 5}
    await check_books(shop, discount, placed)


async def test_a_promised_price_is_kept_or_refused_never_raised_silently(shop, workers):
    """A happy hour for the first: whoever has its quote gets it, or is told."""
    discount = await make_discount(
        shop, trigger="schedule", percent="50", limit_total=1
    )
    quote = (await shop.quote()).json()
    cart = shop.cart(quote_id=quote["quote_id"])

    [winner], refused = told(await everywhere(shop, workers, [cart] * ORDERS))

    assert refused == {"discount.used_up": ORDERS - 1}
    await check_books(shop, discount, [winner])
    assert (await shop.order(winner))["total_msat"] == quote["required_msat"]


async def test_vouchers_given_back_and_taken_at_once_add_up(shop, workers):
    discount = await a_voucher(shop, limit_total=5)
    cart = shop.cart(codes=["last"])
    first = [(await shop.placed(cart))["order"]["id"] for _ in range(5)]

    outcomes, *_ = await asyncio.gather(
        everywhere(shop, workers, [cart] * ORDERS),
        *(cancel(shop, order_id) for order_id in first),
    )

    placed, refused = told(outcomes)
    assert 0 <= len(placed) <= 5
    assert refused == {"discount.used_up": ORDERS - len(placed)}
    await check_books(shop, discount, first + placed)
    more = [await shop.place(cart) for _ in range(5 - len(placed))]
    assert [answer.status_code for answer in more] == [201] * len(more)
    assert (await shop.place(cart)).json()["code"] == "discount.used_up"
