"""Sample papers: a restaurant's own words, figures that add up, worth nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from builders import NOW, a_restaurant
from restaurant.features.menu.models import (
    Category,
    Menu,
    MenuItem,
    Modifier,
    ModifierGroup,
)
from restaurant.features.papers.models import LANGUAGES
from restaurant.features.previews import rules


def an_item(name: str, **changes: object) -> MenuItem:
    values: dict[str, object] = {
        "id": name,
        "name": name,
        "description": "",
        "image_url": None,
        "price_minor": 4_500,
        "currency": "GTQ",
        "tax_rate": None,
        "stock": None,
        "is_available": True,
        "available_again_at": None,
        "is_hidden": False,
        "allergens": (),
        "groups": (),
    }
    return MenuItem(**{**values, **changes})  # type: ignore[arg-type]


def a_menu(*items: MenuItem) -> Menu:
    return Menu("r", 1, (Category("c", "Food", None, items),))


def a_group(*names: str) -> ModifierGroup:
    found = tuple(
        Modifier(
            id=name,
            name=name,
            price_delta_minor=0,
            stock=None,
            is_available=True,
            available_again_at=None,
        )
        for name in names
    )
    return ModifierGroup("g", "Group", 0, None, found)


def test_a_sample_shows_the_first_things_of_the_menu_that_guests_see():
    menu = a_menu(
        an_item("Secret", is_hidden=True),
        an_item("羊肉串", groups=(a_group("Large", "Small"), a_group(), a_group("x"))),
        an_item("Flan", allergens=("milk",)),
        an_item("Agua"),
        an_item("Vino"),
    )

    dishes = rules.dishes_of(menu, "en")

    assert [dish.name for dish in dishes] == ["羊肉串", "Flan", "Agua"]
    assert [dish.modifiers for dish in dishes] == [("Large",), (), ()]
    assert dishes[1].allergens == ("milk",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_restaurant_without_a_menu_has_samples_in_every_language(language):
    dishes = rules.dishes_of(a_menu(), language)
    restaurant = a_restaurant()

    ticket = rules.sample_ticket(restaurant, dishes, language, NOW)
    slip = rules.sample_slip(restaurant, dishes, language, NOW)

    assert [line.name for line in ticket.lines] == [dish.name for dish in dishes]
    assert [line.quantity for line in ticket.lines] == [1, 2, 1]
    assert ticket.restaurant == slip.restaurant == restaurant.name
    assert slip.lnurl
    assert slip.qr


@pytest.mark.parametrize("currency", ["GTQ", "JPY", "KWD", "sat", "BTC"])
@pytest.mark.parametrize("tax_rate", ["0", "12"])
def test_the_figures_of_a_sample_receipt_add_up(currency, tax_rate):
    restaurant = a_restaurant(currency=currency, tax_rate=tax_rate)
    dishes = rules.dishes_of(a_menu(), "en")

    receipt = rules.sample_receipt(restaurant, dishes, NOW)

    assert receipt.sums
    subtotal = sum(Decimal(line.total or "0") for line in receipt.lines)
    assert subtotal == Decimal(receipt.sums.subtotal)
    assert subtotal + Decimal(receipt.sums.tip) == Decimal(receipt.total)
    assert [tax.rate for tax in receipt.taxes] == ([] if tax_rate == "0" else ["12"])
    for tax in receipt.taxes:
        assert Decimal(tax.net) + Decimal(tax.tax) == Decimal(tax.gross) == subtotal
    assert receipt.total_msat == receipt.paid_msat > 0
    assert (receipt.rate is None) == (currency in ("sat", "BTC"))
    if currency == "sat":
        assert receipt.total_msat == int(receipt.total) * 1_000
