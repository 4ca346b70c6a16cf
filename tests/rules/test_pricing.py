"""docs/PRICING.md as examples, and 2 000 random carts against fractions."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restaurant.core.errors import Refused
from restaurant.features.menu.models import (
    Category,
    Menu,
    MenuItem,
    Modifier,
    ModifierGroup,
)
from restaurant.features.pricing.models import Cart, CartLine, CartModifier, Terms
from restaurant.features.pricing.rules import (
    check_cart,
    freeze,
    price_cart,
    price_to_msat,
)
from restaurant.features.rates.models import Rates

GTQ = Rates({"GTQ": Decimal("158.635")}, at=7)
TERMS = Terms("0", tax_inclusive=True, currency="GTQ", invoice_limit_sat=10_000_000)


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
    return Menu("r", 1, (Category("c", "Food", None, tuple(items)),))


def a_line(item_id="taco", quantity=1, **modifiers):
    chosen = [CartModifier(modifier_id=m, quantity=q) for m, q in modifiers.items()]
    return CartLine(menu_item_id=item_id, quantity=quantity, modifiers=chosen)


def a_cart(*lines, **fields):
    return Cart(restaurant_id="r", items=list(lines), **fields)


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

    priced = price_cart(cart, a_menu(TACOS), GTQ, TERMS, at=0)

    assert priced.total_msat == 26_968_000
    assert priced.subtotal_msat == 26_967_950
    assert priced.rounding_msat == 50
    assert (priced.total_minor, priced.currency) == (17_000, "GTQ")
    assert priced.lines[0].unit == Decimal("13483975")


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

    priced = price_cart(a_cart(a_line()), menu, Rates({}, None), TERMS, at=0)

    assert (priced.total_msat, priced.currency, priced.total_minor) == (
        21_000,
        "sat",
        21,
    )


@pytest.mark.parametrize(
    ("inclusive", "tax", "total"),
    [(True, 70_093, 1_072_000), (False, 75_000, 1_147_000)],
)
def test_tax_is_contained_or_added(inclusive, tax, total):
    menu = a_menu(an_item(currency="msat", price_minor=1_071_428, tax_rate="7"))
    terms = replace(TERMS, tax_inclusive=inclusive)

    priced = price_cart(a_cart(a_line()), menu, Rates({}, None), terms, at=0)

    assert (priced.tax_msat, priced.total_msat) == (tax, total)


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
        price_cart(a_cart(line), a_menu(item), GTQ, TERMS, at=0)

    assert (refused.value.code, refused.value.facts["line"]) == (code, 0)


def test_a_modifier_named_twice_is_refused():
    twice = [CartModifier(modifier_id="maiz")] * 2
    line = CartLine(menu_item_id="taco", quantity=1, modifiers=twice)

    with pytest.raises(Refused, match="repeated"):
        price_cart(a_cart(line), a_menu(TACOS), GTQ, TERMS, at=0)


def test_an_item_returns_by_itself_at_its_time():
    menu = a_menu(an_item(is_available=False, available_again_at=100))

    with pytest.raises(Refused):
        price_cart(a_cart(a_line()), menu, GTQ, TERMS, at=99)
    assert price_cart(a_cart(a_line()), menu, GTQ, TERMS, at=100).total_msat > 0


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
    ],
)
def test_carts_out_of_bounds_are_refused(fields, code):
    cart = Cart(**{"restaurant_id": "r", "items": [a_line()], **fields})

    with pytest.raises(Refused) as refused:
        check_cart(cart)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("tip_msat", "fits"),
    [(1_000_000_000, True), (1_000_000_001, False)],
)
def test_a_tip_is_bounded_by_the_order_or_a_million_satoshi(tip_msat, fits):
    cart = a_cart(a_line(), tip_msat=tip_msat)

    if fits:
        assert price_cart(cart, a_menu(an_item()), GTQ, TERMS, 0).tip_msat == tip_msat
    else:
        with pytest.raises(Refused, match="tip"):
            price_cart(cart, a_menu(an_item()), GTQ, TERMS, at=0)


def test_a_total_above_the_servers_limit_is_refused():
    menu = a_menu(an_item(currency="sat", price_minor=10_000_001))

    with pytest.raises(Refused) as refused:
        price_cart(a_cart(a_line()), menu, Rates({}, None), TERMS, at=0)

    assert refused.value.code == "total.too_large"


def test_frozen_prices_win_over_the_menu():
    cart = a_cart(a_line(quantity=2, brisket=1, maiz=1, chicken=1))
    before = price_cart(cart, a_menu(TACOS), GTQ, TERMS, at=0)
    dearer = a_menu(replace(TACOS, price_minor=99_900, tax_rate="50"))

    after = price_cart(cart, dearer, GTQ, TERMS, at=0, frozen=freeze(cart, before))

    assert after == before


prices = st.integers(0, 10**9)
percents = st.decimals(0, 100, places=3).map(str)


@st.composite
def carts(draw):
    items, lines, facts = [], [], []
    for n in range(draw(st.integers(1, 5))):
        currency = draw(st.sampled_from(["GTQ", "JPY", "BHD", "sat", "msat"]))
        price, delta = draw(prices), draw(st.integers(-1000, 10**6))
        price = max(price, 5000)
        tax = draw(st.none() | percents)
        quantity, extra = draw(st.integers(1, 20)), draw(st.integers(0, 5))
        group = ModifierGroup(f"g{n}", "G", 0, None, (a_modifier(f"m{n}", delta),))
        items.append(
            an_item(
                f"i{n}",
                currency=currency,
                price_minor=price,
                tax_rate=tax,
                groups=(group,),
            )
        )
        lines.append(a_line(f"i{n}", quantity, **({f"m{n}": extra} if extra else {})))
        facts.append((currency, price + delta * extra, quantity, tax))
    return a_menu(*items), lines, facts


rates = st.decimals(Decimal("0.0001"), 10**6, places=6).map(
    lambda rate: Decimal(f"{rate:.12g}")
)
PLACES = {"GTQ": 2, "JPY": 0, "BHD": 3, "sat": 0, "msat": 0}


def half_up(amount):
    return floor(amount + Fraction(1, 2))


@settings(max_examples=300, deadline=None)
@given(carts(), rates, rates, rates, percents, st.booleans(), st.integers(0, 10**6))
def test_random_carts_match_an_independent_model(
    drawn, gtq, jpy, bhd, default_tax, inclusive, tip
):
    menu, lines, facts = drawn
    known = {"GTQ": gtq, "JPY": jpy, "BHD": bhd}
    terms = Terms(default_tax, inclusive, "sat", 10**30)

    priced = price_cart(
        a_cart(*lines, tip_msat=tip), menu, Rates(known, 1), terms, at=0
    )

    per_unit = {code: Fraction(rate) * 1000 for code, rate in known.items()}
    per_unit |= {"sat": Fraction(1000), "msat": Fraction(1)}
    subtotal = tax = Fraction(0)
    for currency, minor, quantity, rate in facts:
        line = Fraction(minor * quantity, 10 ** PLACES[currency]) * per_unit[currency]
        percent = Fraction(rate if rate is not None else default_tax)
        subtotal += line
        tax += line * percent / (100 + percent if inclusive else 100)
    exact = subtotal + tip + (0 if inclusive else tax)
    assert priced.subtotal_msat == half_up(subtotal)
    assert priced.tax_msat == half_up(tax)
    assert priced.total_msat == ceil(exact / 1000) * 1000
    shown = 0 if inclusive else priced.tax_msat
    assert priced.total_msat == (
        priced.subtotal_msat - priced.discount_msat + priced.service_msat
        + shown + priced.tip_msat + priced.rounding_msat
    )  # fmt: skip
