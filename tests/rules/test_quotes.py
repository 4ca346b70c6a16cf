from dataclasses import replace
from decimal import Decimal

import pytest

from restaurant.core.errors import Refused
from restaurant.features.bills.models import Charge, Terms, Tip
from restaurant.features.discounts.models import DiscountKind, Trigger, Wanted
from restaurant.features.pricing.models import (
    Cart,
    ComboPart,
    FrozenLine,
    PricedLine,
)
from restaurant.features.quotes.models import Quote
from restaurant.features.quotes.rules import (
    cart_hash,
    changes,
    fits,
    is_fresh,
    narrowed,
    open_quote,
    seal,
)
from restaurant.features.rates.models import Rates
from restaurant.features.restaurants.models import TaxRounding
from restaurant.models import OrderType

CART = Cart(
    restaurant_id="r",
    items=[{"menu_item_id": "a", "quantity": 2, "modifiers": [{"modifier_id": "m"}]}],
)
TERMS = Terms(
    currency="GTQ",
    order_type=OrderType.DELIVERY,
    tax_inclusive=False,
    tax_rounding=TaxRounding.RATE,
    charges=(
        Charge("gratuity", "Party", "18", None, 6, None, "0"),
        Charge("delivery", "Delivery", None, 1500, None, 20_000, "12"),
    ),
    discounts=(
        Wanted("d", "Happy", Trigger.SCHEDULE, DiscountKind.PERCENT, percent="10"),
        Wanted(
            *(
                "e",
                "Two for one",
                Trigger.CODE,
                DiscountKind.BUY_GET,
                "100",
                None,
                1,
                2,
            ),
            *(frozenset({"a", "b"}), 500, False, "code-1", None, None),
        ),
        Wanted(
            *(None, "5 %", Trigger.STAFF, DiscountKind.PERCENT),
            percent="5",
            line=0,
            reason="Spilled",
        ),
    ),
    exempt_reason="Embassy",
    covers=8,
    tip=Tip(round_to_minor=100),
    minimum_minor=5000,
    invoice_limit_sat=10_000_000,
)
QUOTE = Quote(
    restaurant_id="r",
    cart_hash=cart_hash(CART),
    lines=(
        FrozenLine("GTQ", 8500, (250,), "12"),
        FrozenLine("sat", 21, (), "0", 5000),
    ),
    rates=Rates({"GTQ": Decimal("158.635")}, 7, {"GTQ": "house"}, "-1.5"),
    terms=TERMS,
    zone="Terrace",
    price_list="Evening",
    total_msat=26_968_000,
    expires_at=100,
)


@pytest.mark.parametrize("is_for_staff", [False, True])
@pytest.mark.parametrize("zone", [None, "Terrace"])
def test_a_quote_is_what_was_sealed(zone, is_for_staff):
    quote = replace(QUOTE, zone=zone, is_for_staff=is_for_staff)

    assert open_quote(seal(quote, "secret"), "secret") == quote


def test_terms_without_anything_are_what_was_sealed():
    bare = Terms("JPY", OrderType.PICKUP, True, TaxRounding.LINE)
    quote = replace(QUOTE, terms=bare, price_list=None, lines=())

    assert open_quote(seal(quote, "secret"), "secret") == quote


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


def scoped(*scopes):
    food = Wanted("d", "Off", Trigger.CODE, DiscountKind.PERCENT, percent="10")
    discounts = (replace(food, item_ids=frozenset(scope)) for scope in scopes)
    return replace(TERMS, discounts=tuple(discounts))


def test_a_scope_of_very_many_items_is_kept_as_far_as_it_is_ordered():
    many = [f"item-{n:04}" for n in range(600)]
    terms = scoped(many, ["b", *many], [])

    kept = narrowed(terms, {"item-0007", "b", "c"}).discounts

    assert [set(each.item_ids) for each in kept] == [
        {"item-0007"},
        {"item-0007", "b"},
        set(),
    ]
    nothing = narrowed(terms, {"c"}).discounts
    assert [set(each.item_ids) for each in nothing] == [{"item-0000"}, {"b"}, set()]


def test_a_scope_of_some_items_is_kept_whole():
    terms = scoped([f"item-{n}" for n in range(1000)])

    assert narrowed(terms, {"item-7"}) == terms


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
    "changed",
    [
        {"tip_msat": 1},
        {"order_type": "dine_in"},
        {"payment_method": "cash"},
        {"items": line(quantity=3)},
        {"items": line(modifiers=[])},
        {"items": line(menu_item_id="b")},
        {"items": line() * 2},
        {"items": line(menu_item_id=None, combo_id="c")},
        {"codes": ["SUMMER"]},
        {"discounts": [{"percent": "100", "reason": "x"}]},
        {"tax_exempt": {"reason": "Embassy"}},
        {"tip": {"percent": "0"}},
        {"tip": {"amount": "0"}},
    ],
)
def test_a_quote_fits_its_own_cart_only(changed):
    other = Cart(**{**CART.dict(), **changed})

    assert not fits(QUOTE, "r", "Terrace", other, is_staff=True)


def test_a_quote_for_a_combo_fits_its_own_choices_only():
    def cart(*choices):
        line = {"combo_id": "c", "quantity": 1, "choices": list(choices)}
        return Cart(restaurant_id="r", items=[line])

    soup = {"menu_item_id": "soup"}
    extra = {**soup, "modifiers": [{"modifier_id": "m"}]}
    quote = replace(QUOTE, cart_hash=cart_hash(cart(soup)))

    assert fits(quote, "r", "Terrace", cart(soup), is_staff=False)
    for other in (cart(), cart(extra), cart(soup, soup), cart({"menu_item_id": "x"})):
        assert not fits(quote, "r", "Terrace", other, is_staff=False)


def test_names_notes_and_tables_do_not_change_the_price():
    other = Cart(**{**CART.dict(), "note": "hi", "table": "7", "customer_name": "Ana"})

    assert fits(QUOTE, "r", "Terrace", other, is_staff=False)


@pytest.mark.parametrize(
    ("restaurant_id", "zone"), [("other", "Terrace"), ("r", None), ("r", "Bar")]
)
def test_a_quote_is_for_one_part_of_one_house(restaurant_id, zone):
    assert not fits(QUOTE, restaurant_id, zone, CART, is_staff=True)


def test_a_quote_for_staff_is_none_for_guests():
    quote = replace(QUOTE, is_for_staff=True)

    assert fits(quote, "r", "Terrace", CART, is_staff=True)
    assert not fits(quote, "r", "Terrace", CART, is_staff=False)


def test_a_quote_ends_at_its_time():
    assert (is_fresh(QUOTE, 99), is_fresh(QUOTE, 100)) == (True, False)
    assert is_fresh(replace(QUOTE, expires_at=101), 100)


# --- what changed -----------------------------------------------------------------


def priced_line(number, name, combo=None):
    amounts = {"own": Decimal(0), "unit": Decimal(0), "total": Decimal(0)}
    fields = dict.fromkeys(PricedLine.__dataclass_fields__)
    return PricedLine(
        **fields | amounts | {"number": number, "name": name, "combo": combo}
    )


LUNCH = ComboPart("c", "Lunch", 0, 5000)
PARTS = [priced_line(0, "Soup", LUNCH), priced_line(0, "Cola", LUNCH)]
COMBO = (
    FrozenLine("GTQ", 3000, (), "12", 5000),
    FrozenLine("GTQ", 4000, (250,), "12", 5000),
    FrozenLine("GTQ", 8500, (250, 0), "12"),
)
LINES = [*PARTS, priced_line(1, "Tacos")]


def told(old, new, lines=LINES):
    return [
        (change.what, change.line, change.name, change.before, change.after)
        for change in changes(old, new, lines)
    ]


def quote_of(*lines, **fields):
    return replace(QUOTE, lines=lines or COMBO, **fields)


def test_the_same_quote_has_no_changes():
    assert told(quote_of(), quote_of()) == []


def test_what_changed_is_named_with_the_line_of_the_cart():
    new = quote_of(
        COMBO[0],
        replace(COMBO[1], delta_minors=(300,)),
        replace(COMBO[2], price_minor=9000, tax_rate="5"),
        total_msat=27_000_000,
        rates=Rates({"GTQ": Decimal("160")}, 8),
    )

    assert told(quote_of(), new) == [
        ("modifiers", 0, "Cola", "2.50", "3.00"),
        ("price", 1, "Tacos", "85.00 GTQ", "90.00 GTQ"),
        ("tax", 1, "Tacos", "12", "5"),
        ("rate", None, "GTQ", "158.635", "160"),
        ("total", None, None, "26968000", "27000000"),
    ]


def test_a_combos_price_changed_once_whatever_its_parts():
    lines = [replace(line, bundle_minor=5500) for line in COMBO[:2]]

    assert told(quote_of(), quote_of(*lines, COMBO[2])) == [
        ("price", 0, "Lunch", "50.00 GTQ", "55.00 GTQ")
    ]


def test_discounts_and_charges_that_come_and_go_are_named():
    bare = replace(TERMS, charges=TERMS.charges[1:], discounts=TERMS.discounts[:1])

    assert told(quote_of(), quote_of(terms=bare)) == [
        ("discounts", None, None, "Happy, Two for one, 5 %", "Happy"),
        ("charges", None, None, "Party, Delivery", "Delivery"),
    ]


def test_carts_of_other_lines_have_their_totals_compared():
    new = quote_of(COMBO[2], total_msat=1)

    assert told(quote_of(), new, LINES[2:]) == [("total", None, None, "26968000", "1")]
