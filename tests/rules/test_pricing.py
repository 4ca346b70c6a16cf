"""docs/PRICING.md, sections 1 and 2: lines and combos, and what a cart may be."""

from dataclasses import replace
from decimal import Decimal

import pytest

from builders import on_the_shelf, priced
from restaurant.core.errors import Refused
from restaurant.core.schedules import ALWAYS
from restaurant.features.bills.models import Terms
from restaurant.features.combos.models import Combo, ComboGroup, ComboOption
from restaurant.features.menu.models import (
    Category,
    Menu,
    MenuItem,
    Modifier,
    ModifierGroup,
)
from restaurant.features.pricing.models import (
    Cart,
    CartChoice,
    CartLine,
    CartModifier,
    Taxing,
)
from restaurant.features.pricing.rules import (
    check_cart,
    freeze,
    pieces_of,
    price_to_msat,
    tax_rate_of,
)
from restaurant.features.rates.models import Rates
from restaurant.features.restaurants.models import TaxRounding
from restaurant.models import OrderType

GTQ = Rates({"GTQ": Decimal("158.635")}, at=7)
NO_RATES = Rates({}, None)
TERMS = Terms(
    currency="GTQ",
    order_type=OrderType.PICKUP,
    tax_inclusive=True,
    tax_rounding=TaxRounding.EXACT,
    invoice_limit_sat=10_000_000,
)


def a_modifier(modifier_id, price_delta_minor=0, **changes):
    return replace(
        Modifier(modifier_id, modifier_id, price_delta_minor, True), **changes
    )


def an_item(item_id="taco", **changes):
    item = MenuItem(
        id=item_id,
        name=item_id.title(),
        description="",
        image_url=None,
        price_minor=4500,
        currency="GTQ",
        tax_rate=None,
        stock=None,
        is_available=True,
        available_again_at=None,
        is_hidden=False,
        allergens=(),
        groups=(),
    )
    return replace(item, **changes)


def a_menu(*items):
    counted = {item.id: item.stock for item in items if item.stock is not None}
    found = tuple(on_the_shelf(item) for item in items)
    return Menu("r", 1, (Category("c", "Food", None, found),), counted)


def a_line(item_id="taco", quantity=1, **modifiers):
    chosen = [CartModifier(modifier_id=m, quantity=q) for m, q in modifiers.items()]
    return CartLine(menu_item_id=item_id, quantity=quantity, modifiers=chosen)


def a_cart(*lines, **fields):
    return Cart(restaurant_id="r", items=list(lines), **fields)


A_CHOICE = {"menu_item_id": "taco", "quantity": 1}


def a_combo_line(quantity=1, **fields):
    return {"combo_id": "lunch", "quantity": quantity, **fields}


TACOS = an_item(
    groups=(
        ModifierGroup("tortilla", "Tortilla", 1, 1, (a_modifier("maiz"),)),
        ModifierGroup(
            "meat",
            "Meat",
            0,
            None,
            (a_modifier("brisket", 2500), a_modifier("chicken", 1500)),
        ),
    )
)


def test_two_tacos_with_brisket_and_chicken_cost_26968_sat():
    cart = a_cart(a_line(quantity=2, maiz=1, brisket=1, chicken=1))

    result = priced(cart, a_menu(TACOS), GTQ, TERMS)

    msat = result.bill.msat
    assert (msat.subtotal, msat.rounding, msat.total) == (26_967_950, 50, 26_968_000)
    assert (result.bill.minor.total, result.bill.currency) == (17_000, "GTQ")
    assert result.lines[0].unit == Decimal("13483975")


@pytest.mark.parametrize(
    ("amount", "currency", "msat"),
    [
        ("170.00", "GTQ", "26967950"),
        ("21", "sat", "21000"),
        ("21", "msat", "21"),
        ("0.00000021", "BTC", "21000"),
    ],
)
def test_amounts_become_exact_msat(amount, currency, msat):
    rates = {"GTQ": Decimal("158.635")}
    assert price_to_msat(Decimal(amount), currency, rates) == Decimal(msat)


def test_satoshi_menus_need_no_rate():
    menu = a_menu(an_item(currency="sat", price_minor=21))

    bill = priced(a_cart(a_line()), menu, NO_RATES, TERMS).bill

    assert (bill.msat.total, bill.currency, bill.minor.total) == (21_000, "sat", 21)


@pytest.mark.parametrize(
    ("inclusive", "tax", "total"),
    [(True, 70_093, 1_072_000), (False, 75_000, 1_147_000)],
)
def test_tax_is_contained_or_added(inclusive, tax, total):
    menu = a_menu(an_item(currency="msat", price_minor=1_071_428, tax_rate="7"))
    terms = replace(TERMS, tax_inclusive=inclusive)

    msat = priced(a_cart(a_line()), menu, NO_RATES, terms).bill.msat

    assert (msat.tax, msat.total) == (tax, total)


@pytest.mark.parametrize(
    ("item", "line", "code"),
    [
        (an_item(), a_line("other"), "item.unknown"),
        (an_item(is_hidden=True), a_line(), "item.unknown"),
        (an_item(is_available=False), a_line(), "item.unavailable"),
        (an_item(stock=0), a_line(), "item.unavailable"),
        (an_item(stock=1), a_line(quantity=2), "stock.short"),
        (an_item(), a_line(maiz=1), "modifier.unknown"),
        (TACOS, a_line(), "modifier.count"),
        (TACOS, a_line(maiz=2), "modifier.count"),
    ],
)
def test_what_cannot_be_ordered_is_refused_with_its_line(item, line, code):
    with pytest.raises(Refused) as refused:
        priced(a_cart(line), a_menu(item), GTQ, TERMS)

    assert (refused.value.code, refused.value.facts["line"]) == (code, 0)


def test_a_modifier_named_twice_is_refused():
    twice = [CartModifier(modifier_id="maiz")] * 2
    line = CartLine(menu_item_id="taco", quantity=1, modifiers=twice)

    with pytest.raises(Refused, match="repeated"):
        priced(a_cart(line), a_menu(TACOS), GTQ, TERMS)


def test_an_item_returns_by_itself_at_its_time():
    menu = a_menu(an_item(is_available=False, available_again_at=100))

    with pytest.raises(Refused):
        priced(a_cart(a_line()), menu, GTQ, TERMS, at=99)
    assert priced(a_cart(a_line()), menu, GTQ, TERMS, at=100).bill.msat.total > 0


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"items": []}, "cart.lines"),
        ({"items": [a_line()] * 101}, "cart.lines"),
        ({"items": [a_line(quantity=0)]}, "line.quantity"),
        ({"items": [a_line(quantity=1000)]}, "line.quantity"),
        ({"items": [a_line(maiz=0)]}, "line.quantity"),
        ({"tip_msat": -1}, "tip.invalid"),
        ({"note": "a\u202eb"}, "text.invalid"),
        ({"customer_name": "x" * 121}, "text.invalid"),
        ({"covers": 0}, "field.invalid"),
        ({"covers": 1000}, "field.invalid"),
        ({"tip": {"percent": "10"}, "tip_msat": 1}, "tip.invalid"),
        ({"tax_exempt": {"reason": "x" * 121}}, "text.invalid"),
        ({"tax_exempt": {"reason": " "}}, "text.invalid"),
        ({"discounts": [{"percent": "1", "reason": "x"}] * 21}, "field.invalid"),
        ({"items": [{"quantity": 1}]}, "line.item"),
        (
            {"items": [{"quantity": 1, "menu_item_id": "a", "combo_id": "b"}]},
            "line.item",
        ),
        ({"items": [a_combo_line(modifiers=[{"modifier_id": "m"}])]}, "line.item"),
        ({"items": [{**a_line().dict(), "choices": [A_CHOICE]}]}, "line.item"),
        (
            {"items": [a_combo_line(choices=[{**A_CHOICE, "quantity": 0}])]},
            "line.quantity",
        ),
        ({"items": [a_combo_line(choices=[A_CHOICE] * 241)]}, "combo.count"),
    ],
)
def test_carts_out_of_bounds_are_refused(fields, code):
    cart = Cart(**{"restaurant_id": "r", "items": [a_line()], **fields})

    with pytest.raises(Refused) as refused:
        check_cart(cart)

    assert refused.value.code == code


def test_frozen_prices_win_over_the_menu():
    cart = a_cart(a_line(quantity=2, brisket=1, maiz=1, chicken=1))
    before = priced(cart, a_menu(TACOS), GTQ, TERMS)
    dearer = a_menu(replace(TACOS, price_minor=99_900, tax_rate="50"))

    frozen = freeze(pieces_of(cart, {}), before.lines)
    after = priced(cart, dearer, GTQ, TERMS, frozen=frozen)

    assert after == before


# --- 1. lines: tax rates ------------------------------------------------------------


@pytest.mark.parametrize(
    ("of_item", "of_house", "rate"),
    [
        (({"dine_in": "19"}, "7"), ({"dine_in": "5"}, "3"), "19"),
        (({"dine_in": "0"}, "7"), ({"dine_in": "5"}, "3"), "0"),
        (({"pickup": "19"}, "7"), ({"dine_in": "5"}, "3"), "7"),
        (({}, "0"), ({"dine_in": "5"}, "3"), "0"),
        (({}, None), ({"dine_in": "5"}, "3"), "5"),
        (({}, None), ({"dine_in": "0"}, "3"), "0"),
        (({}, None), ({"pickup": "5"}, "3"), "3"),
    ],
)
def test_the_tax_rate_that_is_named_most_closely_counts(of_item, of_house, rate):
    item = an_item(tax_rates=of_item[0], tax_rate=of_item[1])

    assert tax_rate_of(item, Taxing(OrderType.DINE_IN, *of_house)) == rate


# --- 2. combos --------------------------------------------------------------------


SOUP, STEAK, COLA = (
    an_item("soup", price_minor=3000),
    an_item("steak", price_minor=9000),
    an_item("cola", price_minor=1000, groups=TACOS.groups[1:]),
)
LUNCH = Combo(
    id="lunch",
    restaurant_id="r",
    name="Lunch",
    description="",
    image_url=None,
    position=0,
    price_minor=3500,
    currency="GTQ",
    groups=(
        ComboGroup(
            "main", "Main", 1, 1, (ComboOption("soup"), ComboOption("steak", 5000))
        ),
        ComboGroup("drink", "Drink", 1, 2, (ComboOption("cola"), ComboOption("soup"))),
    ),
    schedule=ALWAYS,
    is_active=True,
    created_at=0,
)


def lunch(*choices, quantity=1):
    chosen = [CartChoice(menu_item_id=name, quantity=n) for name, n in choices]
    return CartLine(combo_id="lunch", quantity=quantity, choices=chosen)


def priced_lunch(*lines, combo=LUNCH, menu=None, **fields):
    menu = menu or a_menu(SOUP, STEAK, COLA)
    return priced(a_cart(*lines), menu, GTQ, TERMS, combos={combo.id: combo}, **fields)


def test_a_combo_is_a_line_for_each_choice_and_shows_what_it_saves():
    result = priced_lunch(a_line("soup"), lunch(("soup", 1), ("cola", 1)))

    # 30.00 + 10.00 for 35.00: 5.00 off, 3.75 of it at the soup, 1.25 at the cola.
    assert [line.name for line in result.lines] == ["Soup", "Soup", "Cola"]
    assert [line.number for line in result.lines] == [0, 1, 1]
    taken = [[d.amount_minor for d in line.discounts] for line in result.bill.lines]
    assert taken == [[], [375], [125]]
    assert result.bill.minor.total == 3000 + 3500
    [whole] = result.bill.discounts
    assert (whole.kind, whole.name, whole.amount_minor) == ("combo", "Lunch", 500)


def test_surcharges_and_quantities_count_for_every_combo():
    result = priced_lunch(lunch(("steak", 1), ("cola", 2), quantity=3))

    # (35.00 + 50.00) × 3, of what costs (90.00 + 2 × 10.00) × 3.
    assert [line.quantity for line in result.lines] == [3, 6]
    assert result.bill.minor.subtotal == 33_000
    assert result.bill.minor.total == 25_500


def test_modifiers_of_a_choice_are_paid_on_top():
    extra = CartModifier(modifier_id="chicken")
    choices = [
        CartChoice(menu_item_id="soup"),
        CartChoice(menu_item_id="cola", modifiers=[extra]),
    ]
    line = CartLine(combo_id="lunch", quantity=2, choices=choices)

    assert priced_lunch(line).bill.minor.total == 2 * (3500 + 1500)


def test_a_combo_that_is_dearer_than_its_parts_costs_what_they_cost():
    dear = replace(LUNCH, price_minor=9999)

    result = priced_lunch(lunch(("soup", 1), ("cola", 1)), combo=dear)

    assert (result.bill.minor.total, result.bill.discounts) == (4000, ())


def test_a_choice_goes_to_the_first_group_with_room():
    result = priced_lunch(lunch(("soup", 1), ("soup", 2)))

    assert [line.quantity for line in result.lines] == [1, 2]
    assert result.bill.minor.total == 3500


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (CartLine(combo_id="gone", quantity=1), "combo.unknown"),
        (lunch(("soup", 1)), "combo.count"),
        (lunch(("steak", 2), ("cola", 1)), "combo.count"),
        (lunch(("soup", 1), ("cola", 3)), "combo.count"),
        (lunch(("soup", 1), ("cola", 1), ("taco", 1)), "combo.choice"),
    ],
)
def test_a_wrong_combo_is_refused_with_its_line(line, code):
    with pytest.raises(Refused) as refused:
        priced_lunch(a_line("soup"), line)

    assert (refused.value.code, refused.value.facts["line"]) == (code, 1)


@pytest.mark.parametrize("currency", ["sat", "msat", "JPY"])
@pytest.mark.parametrize("foreign", ["soup", "cola"])
def test_a_choice_in_another_currency_than_its_combo_is_refused(currency, foreign):
    items = [
        replace(item, currency=currency) if item.id == foreign else item
        for item in (SOUP, COLA)
    ]
    rates = Rates({"GTQ": Decimal("158.635"), "JPY": Decimal("9.5")}, 7)
    cart = a_cart(lunch(("soup", 1), ("cola", 1)))

    with pytest.raises(Refused) as refused:
        priced(cart, a_menu(*items), rates, TERMS, combos={"lunch": LUNCH})

    assert refused.value.code == "combo.choice"


def test_a_quoted_combo_costs_the_same_after_its_price_went_up():
    cart = a_cart(lunch(("steak", 1), ("cola", 1), quantity=2))
    combos = {"lunch": LUNCH}
    menu = a_menu(SOUP, STEAK, COLA)
    before = priced(cart, menu, GTQ, TERMS, combos=combos)
    frozen = freeze(pieces_of(cart, combos), before.lines)
    option = ComboOption("steak", 99_900)
    main = replace(LUNCH.groups[0], options=(option,))
    dearer = replace(LUNCH, price_minor=8800, groups=(main, LUNCH.groups[1]))

    after = priced(cart, menu, GTQ, TERMS, combos={"lunch": dearer}, frozen=frozen)

    assert after == before


def test_a_cart_of_too_many_choices_is_refused():
    choices = [("soup", 1)] + [("cola", 1)] * 2
    lines = [lunch(*choices)] * 134

    with pytest.raises(Refused) as refused:
        pieces_of(a_cart(*lines), {"lunch": LUNCH})

    assert refused.value.code == "cart.lines"
