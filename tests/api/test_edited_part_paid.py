"""Money that came in the order's currency before the order was edited: it settles what
it was counted for, no satoshi more or less."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.edits import change_restaurant, edit, kept
from harness.gift_cards import balance, issue
from harness.refunds import asked
from harness.shop import Shop, open_shop
from harness.tabs import pay

pytestmark = pytest.mark.usefixtures("quiet")


@dataclass(frozen=True)
class Till:
    """A restaurant's money: its currency, what a unit is worth in satoshi, three
    prices, and what is in a bill beside them."""

    currency: str
    rate: float
    prices: tuple[str, str, str]
    profile: dict[str, Any] = field(default_factory=dict)
    tip: dict[str, Any] | None = None

    def __str__(self) -> str:
        more = ["tip"] if self.tip else []
        more += [f"{name}={value}" for name, value in self.profile.items()]
        return "-".join([self.currency, str(self.rate), *more])


CASH = {"to": "cash"}
EXCLUSIVE = {"tax_rate": "12", "tax_inclusive": False}
INCLUSIVE = {"tax_rate": "12", "tax_inclusive": True}
TILLS = [
    Till("GTQ", 158.635, ("45.00", "10.01", "33.33")),
    Till("GTQ", 158.635, ("45.00", "10.01", "33.33"), EXCLUSIVE),
    Till("GTQ", 158.635, ("45.00", "10.01", "33.33"), INCLUSIVE, {"percent": "7.5"}),
    Till("USD", 1219.51, ("12.99", "0.49", "3.05"), EXCLUSIVE, {"amount": "1.00"}),
    Till("PLN", 9.7, ("12.99", "0.49", "3.05")),
    Till("JPY", 8.13, ("850", "120", "333"), EXCLUSIVE),
    Till("JPY", 0.77, ("850", "121", "333"), INCLUSIVE, {"percent": "10"}),
    Till("VND", 0.0413, ("45000", "10000", "33500"), EXCLUSIVE),
    Till("BHD", 3311.7, ("1.250", "0.105", "0.333"), EXCLUSIVE),
    Till("sat", 0, ("4500", "1001", "3333"), EXCLUSIVE, {"percent": "3"}),
]


def a_menu(till: Till) -> dict[str, Any]:
    named = zip(("Agua", "Flan", "Taco"), till.prices, strict=True)
    items = [{"name": name, "price": price} for name, price in named]
    return {"categories": [{"name": "Food", "items": items}]}


@pytest.fixture(params=TILLS, ids=str)
def till(request: pytest.FixtureRequest) -> Till:
    known: Till = request.param
    return known


@pytest_asyncio.fixture
async def counter(client: Any, make_wallet: Any, set_rate: Any, till: Till) -> Shop:
    if till.rate:
        set_rate(till.currency, till.rate)
    profile = {"currency": till.currency, **till.profile}
    return await open_shop(client, await make_wallet(), a_menu(till), **profile)


async def served(shop: Shop, till: Till, *names: str) -> dict[str, Any]:
    """An order at the counter that is cooked before it is paid."""
    lines = [shop.line(name) for name in names]
    cart = shop.cart(*lines, payment_method="cash", **wanted(till))
    placed = await shop.place(cart, **shop.wallet.admin)
    assert placed.status_code == 201, placed.text
    order: dict[str, Any] = placed.json()["order"]
    return order


def wanted(till: Till) -> dict[str, Any]:
    return {"tip": till.tip} if till.tip else {}


async def price_of(shop: Shop, till: Till, *names: str) -> str:
    """What these cost by themselves, to the smallest unit."""
    lines = [shop.line(name) for name in names]
    cart = shop.cart(*lines, payment_method="cash", **wanted(till))
    quote = await shop.client.post(
        f"{API}/orders/quote", json=cart, headers=shop.wallet.admin
    )
    assert quote.status_code == 200, quote.text
    total: str = quote.json()["total"]
    return total


def money(order: dict[str, Any]) -> tuple[Any, ...]:
    about_money = {"underpaid", "overpaid", "refund_due"}
    flags = sorted(about_money.intersection(order["flags"]))
    return order["standing"], float(order["due"]), order["due_msat"], flags


async def check_books(shop: Shop, order: dict[str, Any]) -> None:
    """What the payments say they are worth is what the order says was paid."""
    kept_ones = [p for p in order["payments"] if p["status"] == "captured"]
    assert sum(p["received_msat"] for p in kept_ones) == order["paid_msat"]
    assert order == await shop.order(order["id"])


async def test_cash_for_a_part_is_all_when_the_rest_is_taken_off(counter, till):
    order = await served(counter, till, "Agua", "Flan")
    alone = await price_of(counter, till, "Agua")
    order = await pay(counter, order["id"], amount=alone)
    assert order["standing"] == "part_paid"

    edited = await edit(counter, order, items=kept(order["items"][0]))

    assert edited["total"] == alone
    assert money(edited) == ("paid", 0, 0, [])
    assert edited["paid_at"] is not None
    await check_books(counter, edited)


async def test_small_payments_are_all_when_the_rest_is_taken_off(counter, till):
    order = await served(counter, till, "Agua", "Flan", "Taco")
    alone = await price_of(counter, till, "Agua", "Taco")
    unit = Decimal(1).scaleb(Decimal(alone).as_tuple().exponent)
    third = (Decimal(alone) / 3).quantize(unit)
    for part in (third, third, Decimal(alone) - 2 * third):
        order = await pay(counter, order["id"], amount=str(part))

    agua, _, taco = order["items"]
    edited = await edit(counter, order, items=kept(agua, taco))

    assert edited["total"] == alone
    assert money(edited) == ("paid", 0, 0, [])
    await check_books(counter, edited)


async def test_what_is_added_is_all_that_is_due(counter, till):
    order = await served(counter, till, "Agua", "Taco")
    order = await pay(counter, order["id"])
    paid = Decimal(order["total"])
    assert money(order) == ("paid", 0, 0, [])

    more = [*kept(*order["items"]), counter.line("Flan")]
    edited = await edit(counter, order, items=more)

    assert Decimal(edited["due"]) == Decimal(edited["total"]) - paid > 0
    assert edited["standing"] == "part_paid"
    await check_books(counter, edited)
    settled = await pay(counter, order["id"], amount=edited["due"])
    assert money(settled) == ("paid", 0, 0, [])
    await check_books(counter, settled)


async def test_what_is_taken_off_goes_back_to_the_smallest_unit(counter, till):
    order = await served(counter, till, "Agua", "Flan")
    order = await pay(counter, order["id"])
    paid = Decimal(order["total"])

    edited = await edit(counter, order, items=kept(order["items"][0]))

    assert money(edited)[0] == "overpaid"
    assert edited["owed_msat"] > 0
    left = paid - Decimal(edited["total"])
    back = await asked(counter, order["id"], amount=str(left), destination=CASH)
    assert Decimal(back["amount"]) == left
    after = await counter.order(order["id"])
    assert (after["flags"], after["owed_msat"]) == ([], 0)
    rest = await asked(counter, order["id"], destination=CASH)
    assert Decimal(rest["amount"]) == Decimal(edited["total"])


async def test_cash_for_a_part_goes_back_as_it_came(counter, till):
    order = await served(counter, till, "Agua", "Flan", "Taco")
    parts = [await price_of(counter, till, name) for name in ("Flan", "Taco")]
    for part in parts:
        order = await pay(counter, order["id"], amount=part)
    assert (await counter.status(order["id"], "canceled")).status_code == 200

    back = await asked(counter, order["id"], destination=CASH)

    assert Decimal(back["amount"]) == sum(map(Decimal, parts))
    assert back["amount_msat"] == order["paid_msat"]
    assert (await counter.order(order["id"]))["status"] == "refunded"


async def test_lines_that_go_back_one_by_one_leave_nothing(counter, till):
    order = await served(counter, till, "Agua", "Flan", "Taco")
    order = await pay(counter, order["id"])

    backs = [
        await asked(
            *(counter, order["id"]),
            lines=[{"line_id": line["id"], "quantity": 1}],
            destination=CASH,
        )
        for line in order["items"]
    ]

    assert sum(Decimal(b["amount"]) for b in backs) == Decimal(order["total"])
    assert sum(b["amount_msat"] for b in backs) == order["total_msat"]
    assert (await counter.order(order["id"]))["status"] == "refunded"


async def test_a_gift_card_gets_back_what_is_taken_off(counter, till):
    await change_restaurant(counter, auto_refund=True)
    order = await served(counter, till, "Agua", "Flan")
    card = await issue(counter, order["total"])
    order = await pay(
        *(counter, order["id"]), method="gift_card", gift_card_code=card["code"]
    )

    edited = await edit(counter, order, items=kept(order["items"][0]))

    [back] = edited["refunds"]
    left = Decimal(order["total"]) - Decimal(edited["total"])
    assert Decimal(back["amount"]) == left
    seen = (await balance(counter, card["code"])).json()
    assert Decimal(seen["balance"]) == left
    assert (edited["flags"], edited["owed_msat"]) == ([], 0)
