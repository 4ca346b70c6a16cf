from dataclasses import replace
from decimal import Decimal

import pytest

from restaurant.core.errors import Refused
from restaurant.features.pricing.models import Cart, FrozenLine
from restaurant.features.quotes.models import Quote
from restaurant.features.quotes.rules import (
    cart_hash,
    fits,
    is_fresh,
    open_quote,
    seal,
)
from restaurant.features.rates.models import Rates

CART = Cart(
    restaurant_id="r",
    items=[{"menu_item_id": "a", "quantity": 2, "modifiers": [{"modifier_id": "m"}]}],
)
QUOTE = Quote(
    restaurant_id="r",
    cart_hash=cart_hash(CART),
    lines=(FrozenLine("GTQ", 8500, (250,), "12"),),
    rates=Rates({"GTQ": Decimal("158.635")}, at=7),
    tax_inclusive=False,
    total_msat=26_968_000,
    expires_at=100,
)


def test_a_quote_is_what_was_sealed():
    assert open_quote(seal(QUOTE, "secret"), "secret") == QUOTE


@pytest.mark.parametrize(
    "forge",
    [
        lambda q: q[:-1] + ("A" if q[-1] != "A" else "B"),
        lambda q: "x" + q,
        lambda q: q.split(".")[0],
        lambda q: "." + q.split(".")[1],
        lambda q: "",
        lambda q: "ñ.ñ",
        lambda q: "a" * 200_000,
    ],
)
def test_a_forged_quote_is_refused(forge):
    with pytest.raises(Refused) as refused:
        open_quote(forge(seal(QUOTE, "secret")), "secret")
    assert refused.value.code == "quote.invalid"


def test_a_quote_of_another_server_is_refused():
    with pytest.raises(Refused):
        open_quote(seal(QUOTE, "theirs"), "ours")


def line(**changes):
    return [
        {
            "menu_item_id": "a",
            "quantity": 2,
            "modifiers": [{"modifier_id": "m"}],
            **changes,
        }
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"tip_msat": 1},
        {"order_type": "dine_in"},
        {"payment_method": "cash"},
        {"items": line(quantity=3)},
        {"items": line(modifiers=[])},
        {"items": line(menu_item_id="b")},
        {"items": line() * 2},
    ],
)
def test_a_quote_fits_its_own_cart_only(changes):
    other = Cart(**{**CART.dict(), **changes})

    assert not fits(QUOTE, "r", other)


def test_names_notes_and_tables_do_not_change_the_price():
    other = Cart(**{**CART.dict(), "note": "hi", "table": "7", "customer_name": "Ana"})

    assert fits(QUOTE, "r", other)
    assert not fits(QUOTE, "other restaurant", other)


def test_a_quote_ends_at_its_time():
    assert (is_fresh(QUOTE, 99), is_fresh(QUOTE, 100)) == (True, False)
    assert is_fresh(replace(QUOTE, expires_at=101), 100)
