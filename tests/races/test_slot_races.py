"""The last place in a slot, wanted by twenty in three processes at once."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.books import order_ids
from harness.processes import Worker, running
from harness.shop import Shop, open_shop

WORKER = Path(__file__).with_name("order_worker.py")
MENU = {"categories": [{"name": "All", "items": [{"name": "Soup", "price": "21"}]}]}


@pytest_asyncio.fixture(scope="module")
async def workers(restaurant_module: ModuleType) -> AsyncIterator[list[Worker]]:
    async with running(WORKER, restaurant_module, 2) as started:
        yield started


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any) -> Shop:
    """A restaurant that sells for satoshi: other processes have no rates."""
    return await open_shop(client, await make_wallet(), MENU, currency="sat")


async def cut(shop: Shop, **rule: Any) -> list[dict[str, Any]]:
    """Cut the time into hours that take so much; those to choose from."""
    body = {"slots": [{"order_type": "pickup", "minutes": 60, **rule}]}
    path = f"{API}/restaurants/{shop.id}"
    changed = await shop.client.patch(path, json=body, headers=shop.wallet.admin)
    assert changed.status_code == 200, changed.text
    tomorrow = (await shop.client.get(f"{path}/slots")).json()["days"][1]
    shown = await shop.client.get(f"{path}/slots", params={"day": tomorrow})
    data: list[dict[str, Any]] = shown.json()["data"]
    return data


async def race(
    shop: Shop, workers: list[Worker], cart: dict[str, Any]
) -> tuple[int, list[str]]:
    """Twenty place this cart, here and there: how many got it, why others did not."""
    deeds = [
        [["place", {"key": uuid.uuid4().hex, "cart": cart}] for _ in range(7)]
        for _ in workers
    ]
    *there, here = await asyncio.gather(
        *(w.ask(some) for w, some in zip(workers, deeds, strict=True)),
        asyncio.gather(*(shop.place(cart) for _ in range(6))),
    )
    told = [one for outcome in there for one in outcome]
    told += [answer.json().get("code", [answer.status_code]) for answer in here]
    refused = [one for one in told if isinstance(one, str)]
    return len(told) - len(refused), refused


@pytest.mark.parametrize(
    ("capacity", "first", "want"),
    [
        ({"orders": 2}, 1, 1),
        ({"items": 10}, 8, 2),
        ({"value": "100"}, 2, 2),
    ],
)
async def test_the_last_place_in_a_slot_is_given_once(
    shop, workers, capacity, first, want
):
    chosen = (await cut(shop, **capacity))[0]["starts_at"]
    await shop.placed(shop.cart(shop.line("Soup", first), pickup_at=chosen))
    cart = shop.cart(shop.line("Soup", want), pickup_at=chosen)

    got, refused = await race(shop, workers, cart)

    assert (got, refused) == (1, ["slot.full"] * 19)
    assert len(await order_ids(shop.id)) == 2


async def test_orders_for_now_fill_the_slots_one_after_the_other(shop, workers):
    await cut(shop, orders=3, minutes=15, lead_minutes=0)

    got, refused = await race(shop, workers, shop.cart(shop.line("Soup")))

    assert (got, refused) == (20, [])
    path = f"{API}/restaurants/{shop.id}/orders?limit=100"
    page = (await shop.client.get(path, headers=shop.wallet.admin)).json()["data"]
    by_slot: dict[str, int] = {}
    for order in page:
        hour, minute = order["wanted_at"][:13], int(order["wanted_at"][14:16])
        quarter = f"{hour}:{minute // 15}"
        by_slot[quarter] = by_slot.get(quarter, 0) + 1
    assert sorted(by_slot.values()) == [2, 3, 3, 3, 3, 3, 3]
