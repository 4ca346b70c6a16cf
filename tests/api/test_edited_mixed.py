"""Edits of an order that Lightning and the order's currency paid together: what was
paid to the satoshi stays so."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.cards import now
from harness.edits import change_restaurant, edit, kept
from harness.gift_cards import balance, issue
from harness.shop import Shop, open_shop
from harness.tabs import pay as take

pytestmark = pytest.mark.usefixtures("quiet")
ITEMS = {"Cena": "43.85", "Vino": "29.38", "Pan": "31.10", "Agua": "13.90"}
MENU = {
    "categories": [
        {
            "name": "Food",
            "items": [{"name": name, "price": price} for name, price in ITEMS.items()],
        }
    ]
}


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any, set_rate: Any) -> Shop:
    set_rate("GTQ", 158.635)
    return await open_shop(client, await make_wallet(), MENU, currency="GTQ")


async def served(shop: Shop, *names: str) -> dict[str, Any]:
    cart = shop.cart(*[shop.line(name) for name in names], payment_method="cash")
    placed = await shop.place(cart, **shop.wallet.admin)
    assert placed.status_code == 201, placed.text
    order: dict[str, Any] = placed.json()["order"]
    return order


async def by_lightning(
    shop: Shop, order: dict[str, Any], amount: str, pay: Any, guest: Any
) -> dict[str, Any]:
    from restaurant.crud import read
    from restaurant.features.payments import crud
    from restaurant.flows.paying import mark_order_paid

    asked = await shop.client.post(
        f"{API}/orders/{order['id']}/payments",
        json={"method": "lightning", "amount": amount, "currency": "GTQ"},
        headers={**shop.wallet.admin, "Idempotency-Key": uuid.uuid4().hex},
    )
    assert asked.status_code == 201, asked.text
    async with read() as conn:
        payment = await crud.load(conn, asked.json()["payment"]["id"])
    await pay(payment.payment_request, guest)
    assert await mark_order_paid(payment.payment_hash, now())
    return await shop.order(order["id"])


async def test_what_is_added_and_taken_off_again_leaves_it_paid(shop, pay, guest):
    await change_restaurant(shop, auto_refund=True)
    order = await served(shop, "Cena")
    order = await by_lightning(shop, order, "43.43", pay, guest)
    card = await issue(shop, "100.00")
    order = await take(
        shop, order["id"], method="gift_card", gift_card_code=card["code"]
    )
    assert (order["standing"], order["due"]) == ("paid", "0.00")

    more = await edit(shop, order, items=[*kept(*order["items"]), shop.line("Vino")])
    assert more["due"] == "29.37"  # Lightning counts to the satoshi
    back = await edit(shop, more, items=kept(more["items"][0]))

    assert (back["standing"], back["due_msat"], back["flags"]) == ("paid", 0, [])
    assert (back["paid_msat"], back["refunds"]) == (order["paid_msat"], [])
    assert (await balance(shop, card["code"])).json()["balance"] == "99.57"


async def test_an_order_edited_down_to_what_came_is_paid(shop, pay, guest):
    order = await served(shop, "Pan", "Agua", "Vino")
    order = await by_lightning(shop, order, "31.10", pay, guest)
    order = await take(shop, order["id"], amount="13.90")

    order = await edit(shop, order, items=kept(*order["items"][:2]))

    assert (order["total"], order["due"], order["due_msat"]) == ("45.00", "0.00", 0)
    assert (order["standing"], order["flags"]) == ("paid", [])
