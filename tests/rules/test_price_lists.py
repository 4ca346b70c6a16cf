"""Which price list holds, what it makes of a menu, and reading one."""

from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restaurant.core import limits
from restaurant.core.errors import Refused
from restaurant.core.schedules import ALWAYS, Schedule, Window
from restaurant.features.menu.models import (
    Category,
    Menu,
    MenuItem,
    Modifier,
    ModifierGroup,
)
from restaurant.features.price_lists import rules
from restaurant.features.price_lists.models import PriceList, PriceListBody
from restaurant.models import OrderType

BERLIN = "Europe/Berlin"
NOW = 1_790_000_000_000
DINE_IN, PICKUP, DELIVERY = OrderType.DINE_IN, OrderType.PICKUP, OrderType.DELIVERY
HAPPY = Schedule((Window((0,), "17:00", "19:00"),))


def at(wall: str) -> int:
    moment = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(BERLIN))
    return int(moment.timestamp() * 1000)


def a_list(**values: Any) -> PriceList:
    blank = rules.blank("list", "restaurant", "GTQ", 0, NOW)
    return replace(blank, **{"name": "Terrace", **values})


def an_item(item_id: str = "taco", price_minor: int = 4500, **values: Any) -> MenuItem:
    usual: dict[str, Any] = {
        "id": item_id,
        "name": item_id,
        "description": "",
        "image_url": None,
        "price_minor": price_minor,
        "currency": "GTQ",
        "tax_rate": None,
        "stock": None,
        "is_available": True,
        "available_again_at": None,
        "is_hidden": False,
        "allergens": (),
        "groups": (),
    }
    return MenuItem(**{**usual, **values})


def a_group(*deltas: int, low: int = 0, high: int | None = 1) -> ModifierGroup:
    modifiers = tuple(
        Modifier(f"m{number}", f"M{number}", delta, is_available=True)
        for number, delta in enumerate(deltas)
    )
    return ModifierGroup("group", "Size", low, high, modifiers)


def a_menu(*items: MenuItem) -> Menu:
    return Menu("restaurant", 1, (Category("food", "Food", None, items),))


def price_of(item: MenuItem, price_list: PriceList) -> int:
    return rules.repriced(a_menu(item), price_list).items[item.id].price_minor


# --- which one ------------------------------------------------------------------


def chosen(
    *lists: PriceList,
    order_type: OrderType = DINE_IN,
    zone: Any = None,
    moment: int = NOW,
) -> str | None:
    found = rules.chosen(lists, order_type, zone, moment, BERLIN)
    return found.name if found else None


def test_the_first_list_that_fits_is_chosen() -> None:
    terrace = a_list(name="Terrace", zones=frozenset({"Terrace"}))
    dine_in = a_list(name="Eat in", order_types=frozenset({DINE_IN}))
    everyone = a_list(name="All")

    lists = (terrace, dine_in, everyone)

    assert chosen(*lists, zone="Terrace") == "Terrace"
    assert chosen(*lists, zone="Terrace", order_type=PICKUP) == "Terrace"
    assert chosen(*lists, zone="Garden") == "Eat in"
    assert chosen(*lists, order_type=PICKUP) == "All"
    assert chosen(*reversed(lists), zone="Terrace") == "All"


def test_no_list_fits_an_order_of_another_type_zone_or_time() -> None:
    assert chosen() is None
    assert chosen(a_list(is_active=False)) is None
    assert chosen(a_list(order_types=frozenset({PICKUP, DELIVERY}))) is None
    assert chosen(a_list(zones=frozenset({"Terrace"}))) is None
    assert chosen(a_list(zones=frozenset({"terrace"})), zone="Terrace") is None
    happy = a_list(schedule=HAPPY)
    assert chosen(happy, moment=at("2026-09-21T16:59:59")) is None
    assert chosen(happy, moment=at("2026-09-21T17:00")) == "Terrace"
    assert chosen(happy, moment=at("2026-09-21T19:00")) is None


def test_the_next_change_is_that_of_an_active_list() -> None:
    late = Schedule((Window((0,), "20:00", "21:00"),))
    lists = [a_list(schedule=late), a_list(schedule=HAPPY, is_active=False), a_list()]

    moment = at("2026-09-21T12:00")

    assert rules.next_change(lists, moment, BERLIN) == at("2026-09-21T20:00")
    assert rules.next_change([a_list()], moment, BERLIN) is None


# --- what it costs then -----------------------------------------------------------


def test_without_a_list_the_menu_is_the_menu() -> None:
    menu = a_menu(an_item())

    assert rules.repriced(menu, None) is menu


@pytest.mark.parametrize(
    ("price", "percent", "step", "expected"),
    [
        (4500, "0", 1, 4500),
        (4500, "10", 1, 4950),
        (4500, "-10", 1, 4050),
        (4500, "-100", 1, 0),
        (4500, "-33.3333", 1, 3000),  # 3000.0015
        (333, "50", 1, 500),  # 499.5
        (333, "-50", 1, 167),  # 166.5
        (1001, "2.5", 1, 1026),  # 1026.025
        (4500, "7", 50, 4800),  # 4815
        (4500, "8", 50, 4850),  # 4860
        (4500, "7.2223", 50, 4850),  # 4825.0035
        (4450, "0", 100, 4500),
        (4449, "0", 100, 4400),
        (1, "0", 100, 0),
        (0, "1000", 1, 0),
    ],
)
def test_prices_are_adjusted_and_rounded_half_up_to_steps(
    price: int, percent: str, step: int, expected: int
) -> None:
    changed = a_list(adjust_percent=percent, round_to_minor=step)

    assert price_of(an_item(price_minor=price), changed) == expected


def test_a_price_of_its_own_is_neither_adjusted_nor_rounded() -> None:
    changed = a_list(adjust_percent="50", round_to_minor=100, prices={"taco": 4001})

    assert price_of(an_item(), changed) == 4001


def test_steps_are_for_the_currency_that_they_were_written_in() -> None:
    sat = an_item(price_minor=1_001, currency="sat")
    changed = a_list(adjust_percent="10", round_to_minor=50)

    assert price_of(sat, changed) == 1_101
    assert price_of(an_item(price_minor=1_001), changed) == 1_100


def test_a_price_says_nothing_when_the_item_has_another_currency_by_now() -> None:
    changed = a_list(prices={"taco": 100}, currencies={"taco": "USD"})

    assert price_of(an_item(), changed) == 4500
    assert price_of(an_item(currency="USD"), changed) == 100


def test_deltas_change_modifiers_and_unknown_ids_nothing() -> None:
    item = an_item(groups=(a_group(100, 200),))
    changed = a_list(deltas={"m0": -50, "gone": 7}, prices={"gone": 7})

    new = rules.repriced(a_menu(item), changed).items["taco"]

    assert [m.price_delta_minor for m in new.groups[0].modifiers] == [-50, 200]
    assert new.price_minor == 4500


def test_an_item_that_some_choice_would_make_negative_keeps_the_menus_prices() -> None:
    item = an_item(price_minor=1000, groups=(a_group(-800),))

    new = rules.repriced(a_menu(item), a_list(adjust_percent="-50")).items["taco"]

    assert new == item


def test_no_price_grows_beyond_what_prices_may_be() -> None:
    dear = an_item(price_minor=limits.PRICE_MINOR_MAX)

    assert price_of(dear, a_list(adjust_percent="1000")) == limits.PRICE_MINOR_MAX


def test_what_is_no_price_stays() -> None:
    item = an_item(stock=3, tax_rate="7", tax_rates={"pickup": "5"})
    menu = a_menu(item)

    new = rules.repriced(menu, a_list(adjust_percent="10"))

    assert replace(new.items["taco"], price_minor=4500) == item
    assert (new.restaurant_id, new.version) == (menu.restaurant_id, menu.version)


percents = st.decimals(-100, 1_000, places=4).map(lambda number: f"{number:f}")
currencies = st.sampled_from(["GTQ", "JPY", "BHD", "sat"])
items = st.builds(
    lambda price, currency, deltas, low: an_item(
        price_minor=price, currency=currency, groups=(a_group(*deltas, low=low),)
    ),
    st.integers(0, 10**9),
    currencies,
    st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=4),
    st.integers(0, 1),
).filter(lambda item: item.lowest_price >= 0)
lists = st.builds(
    lambda percent, step, price, delta, currency: a_list(
        adjust_percent=percent,
        round_to_minor=step,
        prices={} if price is None else {"taco": price},
        deltas={} if delta is None else {"m0": delta},
        currency=currency,
    ),
    percents,
    st.integers(1, 1_000),
    st.none() | st.integers(0, 10**9),
    st.none() | st.integers(-(10**6), 10**6),
    currencies,
)


@given(items, lists)
def test_no_choice_ever_costs_less_than_nothing(
    item: MenuItem, price_list: PriceList
) -> None:
    new = rules.repriced(a_menu(item), price_list).items["taco"]

    assert new.lowest_price >= 0


@given(st.integers(0, 10**9), percents, st.integers(1, 1_000))
def test_a_price_is_the_adjusted_one_to_within_half_a_step(
    price: int, percent: str, step: int
) -> None:
    found = price_of(
        an_item(price_minor=price), a_list(adjust_percent=percent, round_to_minor=step)
    )

    exact = price * (1 + Decimal(percent) / 100)
    assert found % step == 0
    assert found == (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step


@given(items, lists)
def test_a_list_twice_on_the_same_menu_gives_the_same(
    item: MenuItem, price_list: PriceList
) -> None:
    menu = a_menu(item)

    assert rules.repriced(menu, price_list) == rules.repriced(menu, price_list)
    assert menu == a_menu(item)


# --- reading ----------------------------------------------------------------------


def read(
    sent: dict[str, Any], old: PriceList | None = None, menu: Menu | None = None
) -> PriceList:
    blank = old or rules.blank("list", "restaurant", "GTQ", 3, NOW)
    return rules.with_wishes(
        blank, PriceListBody(**sent), menu or a_menu(an_item()), "GTQ"
    )


def refusal(sent: dict[str, Any], menu: Menu | None = None) -> tuple[str, Any]:
    with pytest.raises(Refused) as caught:
        read({"name": "Terrace", **sent}, menu=menu)
    return caught.value.code, caught.value.facts.get("field")


def test_a_list_is_read_with_what_was_sent_and_changes_nothing_else() -> None:
    plain = read({"name": "Terrace"})

    assert plain == replace(
        rules.blank("list", "restaurant", "GTQ", 3, NOW), name="Terrace"
    )
    assert (plain.schedule, plain.round_to_minor, plain.is_active) == (ALWAYS, 1, True)

    full = read(
        {
            "position": 0,
            "order_types": ["dine_in"],
            "zones": ["Terrace", "Garden"],
            "adjust_percent": "-12.50",
            "round_to": "0.25",
            "prices": {"taco": "40"},
            "deltas": {"m0": "-1.5"},
            "is_active": False,
        },
        old=plain,
        menu=a_menu(an_item(groups=(a_group(100),))),
    )

    assert full == replace(
        plain,
        position=0,
        order_types=frozenset({DINE_IN}),
        zones=frozenset({"Terrace", "Garden"}),
        adjust_percent="-12.50",
        round_to_minor=25,
        prices={"taco": 4000},
        deltas={"m0": -150},
        is_active=False,
        currencies={"taco": "GTQ", "m0": "GTQ"},
    )


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"name": ""}, ("text.invalid", "name")),
        ({"name": None}, ("field.invalid", "name")),
        ({"zones": None}, ("field.invalid", "zones")),
        ({"zones": [""]}, ("text.invalid", "zones")),
        ({"zones": ["x" * 121]}, ("text.invalid", "zones")),
        ({"zones": [str(n) for n in range(51)]}, ("field.invalid", "zones")),
        ({"position": -1}, ("field.invalid", "position")),
        ({"position": 10**7}, ("field.invalid", "position")),
        ({"adjust_percent": "-100.01"}, ("field.invalid", "adjust_percent")),
        ({"adjust_percent": "1000.01"}, ("field.invalid", "adjust_percent")),
        ({"adjust_percent": "1.00001"}, ("field.invalid", "adjust_percent")),
        ({"adjust_percent": "NaN"}, ("field.invalid", "adjust_percent")),
        ({"round_to": "0"}, ("field.invalid", "round_to")),
        ({"round_to": "-1"}, ("field.invalid", "round_to")),
        ({"round_to": "0.001"}, ("field.invalid", "round_to")),
        ({"prices": {"gone": "1"}}, ("price_list.item", "prices")),
        ({"prices": {"taco": "-1"}}, ("field.invalid", "prices.taco")),
        ({"prices": {"taco": "1.001"}}, ("field.invalid", "prices.taco")),
        ({"deltas": {"gone": "1"}}, ("price_list.modifier", "deltas")),
        ({"deltas": {"m0": "x"}}, ("field.invalid", "deltas.m0")),
        ({"deltas": {"m0": "-45.01"}}, ("price.below_zero", "prices")),
        ({"schedule": {"first_day": "x"}}, ("field.invalid", "schedule")),
    ],
)
def test_a_wrong_field_is_refused(sent: Any, expected: Any) -> None:
    menu = a_menu(an_item(groups=(a_group(100),)))

    assert refusal(sent, menu) == expected


def test_a_new_list_needs_a_name() -> None:
    with pytest.raises(Refused) as caught:
        read({"adjust_percent": "1"})

    assert caught.value.facts["field"] == "name"


def test_an_adjustment_that_makes_some_choice_negative_is_refused() -> None:
    menu = a_menu(an_item(), an_item("agua", 1000, groups=(a_group(-800),)))

    assert refusal({"adjust_percent": "-50"}, menu)[0] == "price.below_zero"
    assert read({"name": "x", "adjust_percent": "-20"}, menu=menu)


def test_a_price_of_what_left_the_menu_is_dropped_when_it_is_sent_again() -> None:
    old = a_list(
        prices={"gone": 5, "taco": 6}, currencies=dict.fromkeys(("gone", "taco"), "GTQ")
    )

    new = read({"prices": {"gone": "0.05", "taco": "0.07"}}, old=old)

    assert (new.prices, new.currencies) == ({"taco": 7}, {"taco": "GTQ"})


def test_figures_keep_their_currency_until_they_are_sent_anew() -> None:
    old = read({"name": "x", "prices": {"taco": "40"}})
    yen = a_menu(an_item(currency="JPY", price_minor=45))

    renamed = read({"name": "y"}, old=old, menu=yen)
    anew = read({"prices": {"taco": "40"}}, old=old, menu=yen)

    assert rules.view(renamed).prices == {"taco": "40.00"}
    assert renamed.currencies == {"taco": "GTQ"}
    assert (anew.prices, anew.currencies) == ({"taco": 40}, {"taco": "JPY"})


# --- overlapping --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "theirs", "is_refused"),
    [
        ({}, {}, True),
        ({}, {"is_active": False}, False),
        ({"is_active": False}, {}, False),
        ({}, {"id": "list"}, False),
        ({"order_types": frozenset({PICKUP})}, {}, False),
        ({"order_types": frozenset(OrderType)}, {}, True),
        ({"zones": frozenset({"A"})}, {"zones": frozenset({"B"})}, False),
        ({"zones": frozenset({"A"})}, {"zones": frozenset({"A"})}, True),
        ({"schedule": HAPPY}, {}, True),
        (
            {"schedule": HAPPY},
            {"schedule": Schedule((Window((0,), "19:00", "20:00"),))},
            False,
        ),
    ],
)
def test_two_active_lists_for_the_same_orders_at_the_same_time_are_refused(
    mine: Any, theirs: Any, is_refused: bool
) -> None:
    other = a_list(**{"id": "other", "name": "Other", **theirs})

    if not is_refused:
        rules.check_overlap(a_list(**mine), [other])
        return
    with pytest.raises(Refused) as caught:
        rules.check_overlap(a_list(**mine), [other])
    assert caught.value.code == "price_list.overlap"
    assert caught.value.facts["price_list_id"] == "other"
    assert "Other" in caught.value.detail


# --- the journal ----------------------------------------------------------------------


def test_every_price_that_differs_is_told() -> None:
    old = a_list(prices={"a": 100, "b": 200, "c": 300}, deltas={"m": -5})
    new = a_list(prices={"a": 100, "b": 250, "d": 400}, deltas={"m": -5})

    assert rules.price_changes(old, new) == [
        {"menu_item_id": "b", "from": "2.00", "to": "2.50", "currency": "GTQ"},
        {"menu_item_id": "c", "from": "3.00", "to": None, "currency": "GTQ"},
        {"menu_item_id": "d", "from": None, "to": "4.00", "currency": "GTQ"},
    ]
    assert rules.price_changes(None, a_list(deltas={"m": -5})) == [
        {"modifier_id": "m", "from": None, "to": "-0.05", "currency": "GTQ"}
    ]
