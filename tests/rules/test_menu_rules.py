"""Reading uploads with all their faults, ids and stock, and who sees what."""

import itertools
import string
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import on_the_shelf
from restaurant.core import limits
from restaurant.core.errors import Changed, Forbidden, Refused
from restaurant.core.times import rfc3339
from restaurant.features.menu import models, rules
from restaurant.features.menu.models import (
    Category,
    KnownIds,
    Menu,
    MenuItem,
    Modifier,
    ModifierGroup,
)
from restaurant.features.opening.models import Opening
from restaurant.features.opening.rules import view
from restaurant.features.restaurants.models import Restaurant
from restaurant.features.uploads import models as upload_models
from restaurant.features.uploads import rules as uploads
from restaurant.models import OrderType, Role

FIAT = {"GTQ", "JPY", "BHD"}
NOW = 1_790_000_000_000
HOUR = 3_600_000
NOTHING_KNOWN = KnownIds(frozenset(), {}, frozenset(), {})


def read(*items: Any, **category: Any) -> Any:
    """The items of one category, read as an upload in GTQ."""
    tree = {"categories": [{"name": "Food", "items": list(items), **category}]}
    return uploads.read_menu(tree, "GTQ", FIAT)


def read_item(**sent: Any) -> Any:
    return read({"name": "Taco", "price": "45", **sent}).categories[0].items[0]


def faults_of(tree: Any) -> Any:
    with pytest.raises(Refused) as caught:
        uploads.read_menu(tree, "GTQ", FIAT)
    assert caught.value.code == "menu.invalid"
    assert caught.value.facts["fault_count"] >= len(caught.value.facts["faults"])
    return [(fault["path"], fault["code"]) for fault in caught.value.facts["faults"]]


def item_faults(**sent: Any) -> Any:
    item = {"name": "Taco", "price": "45", **sent}
    found = faults_of({"categories": [{"name": "Food", "items": [item]}]})
    return [
        (path.removeprefix("categories[0].items[0]."), code) for path, code in found
    ]


def a_modifier(name: Any = "Extra", delta: Any = 0, **changes: Any) -> Any:
    return Modifier(f"m-{name}", name, delta, True, **changes)


def a_group(*deltas: Any, low: Any = 0, high: Any = None) -> Any:
    modifiers = tuple(a_modifier(f"m{n}", delta) for n, delta in enumerate(deltas))
    return ModifierGroup("g", "Choice", low, high, modifiers)


def an_item(**changes: Any) -> Any:
    values = {
        "id": "i",
        "name": "Taco",
        "description": "",
        "image_url": None,
        "price_minor": 4500,
        "currency": "GTQ",
        "tax_rate": None,
        "stock": None,
        "is_available": True,
        "available_again_at": None,
        "is_hidden": False,
        "allergens": (),
        "groups": (),
    }
    return MenuItem(**values | changes)


def a_menu(*items: Any) -> Any:
    return Menu("r", 3, (Category("c", "Food", None, tuple(items)),))


def a_restaurant(**changes: Any) -> Any:
    values = {
        "id": "r",
        "slug": "jays",
        "wallet_id": "w",
        "user_id": "u",
        "name": "Jay's",
        "currency": "GTQ",
        "is_open": True,
        "version": 3,
        "created_at": NOW,
    }
    return Restaurant(**values | changes)


# --- reading an upload -------------------------------------------------------


def test_an_item_is_read_with_its_defaults() -> None:
    assert read_item() == MenuItem(
        id="",
        name="Taco",
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
        station="kitchen",
    )


def test_everything_that_is_sent_is_kept() -> None:
    item = read_item(
        id="alias",
        description="Two\nlines <b>& 'quotes'",
        image_url="/x.svg",
        price=850,
        currency="jpy",
        tax_rate="7.5",
        tax_rates={"dine_in": 19, "pickup": "7.0", "delivery": None},
        stock=3,
        is_available=False,
        available_again_at=rfc3339(NOW),
        is_hidden=True,
        allergens=["corn", "milk"],
        modifier_groups=[
            {
                "name": "Meat",
                "min": 0,
                "max": 5,
                "modifiers": [{"name": "Beef", "price_delta": "25"}],
            }
        ],
    )

    beef = Modifier("", "Beef", 25, True)
    assert item == MenuItem(
        id="alias",
        name="Taco",
        description="Two\nlines <b>& 'quotes'",
        image_url="/x.svg",
        price_minor=850,
        currency="JPY",
        tax_rate="7.5",
        stock=3,
        is_available=False,
        available_again_at=NOW,
        is_hidden=True,
        allergens=("corn", "milk"),
        groups=(ModifierGroup("", "Meat", 0, 5, (beef,)),),
        station="kitchen",
        tax_rates={"dine_in": "19", "pickup": "7.0"},
    )


def test_a_return_is_forgotten_when_the_item_is_on() -> None:
    item = read_item(is_available=True, available_again_at=rfc3339(NOW + HOUR))

    assert item.available_again_at is None


def test_items_take_the_station_of_their_category() -> None:
    draft = read({"name": "Beer", "price": 1}, station="bar")

    assert draft.categories[0].station == "bar"
    assert draft.categories[0].items[0].station == "bar"


def test_an_empty_menu_is_a_menu() -> None:
    assert uploads.read_menu({"categories": []}, "GTQ", FIAT).categories == ()


@pytest.mark.parametrize(
    ("price", "currency", "minor"),
    [
        ("85.00", "GTQ", 8500),
        (85, "GTQ", 8500),
        (0.1, "GTQ", 10),
        ("850", "JPY", 850),
        ("1.250", "BHD", 1250),
        ("0.00000001", "BTC", 1),
        ("21", "sats", 21),
        ("5", "msat", 5),
        ("0", "GTQ", 0),
        ("10000000000000", "GTQ", 10**15),
    ],
)
def test_prices_are_read_exactly(price: Any, currency: Any, minor: Any) -> None:
    assert read_item(price=price, currency=currency).price_minor == minor


@pytest.mark.parametrize(
    ("sent", "path", "code"),
    [
        ({"name": None}, "name", "field.missing"),
        ({"name": 7}, "name", "field.invalid"),
        ({"name": ""}, "name", "text.invalid"),
        ({"name": "x" * 121}, "name", "text.invalid"),
        ({"name": "bidi \u202e"}, "name", "text.invalid"),
        ({"name": "two\nlines"}, "name", "text.invalid"),
        ({"name": "lone \ud800"}, "name", "text.invalid"),
        ({"description": "x" * 2_001}, "description", "text.invalid"),
        ({"description": ["x"]}, "description", "field.invalid"),
        ({"price": None}, "price", "field.missing"),
        ({"price": "NaN"}, "price", "field.invalid"),
        ({"price": float("inf")}, "price", "field.invalid"),
        ({"price": "1e3"}, "price", "field.invalid"),
        ({"price": 1e22}, "price", "field.invalid"),
        ({"price": True}, "price", "field.invalid"),
        ({"price": "1.234"}, "price", "field.invalid"),
        ({"price": "-1"}, "price", "field.invalid"),
        ({"price": ""}, "price", "field.invalid"),
        ({"price": {"amount": 1}}, "price", "field.invalid"),
        ({"price": "10000000000000.01"}, "price", "field.invalid"),
        ({"price": "1.5", "currency": "JPY"}, "price", "field.invalid"),
        ({"price": "1.5", "currency": "sat"}, "price", "field.invalid"),
        ({"currency": "XXX"}, "currency", "field.invalid"),
        ({"currency": 5}, "currency", "field.invalid"),
        ({"tax_rate": "101"}, "tax_rate", "field.invalid"),
        ({"tax_rate": "1.00001"}, "tax_rate", "field.invalid"),
        ({"tax_rates": "7"}, "tax_rates", "field.invalid"),
        ({"tax_rates": {"brunch": "7"}}, "tax_rates", "field.invalid"),
        ({"tax_rates": {"pickup": "101"}}, "tax_rates.pickup", "field.invalid"),
        ({"tax_rates": {"pickup": "-1"}}, "tax_rates.pickup", "field.invalid"),
        ({"tax_rates": {"dine_in": True}}, "tax_rates.dine_in", "field.invalid"),
        ({"stock": -1}, "stock", "field.invalid"),
        ({"stock": 1.0}, "stock", "field.invalid"),
        ({"stock": True}, "stock", "field.invalid"),
        ({"stock": "3"}, "stock", "field.invalid"),
        ({"stock": limits.STOCK_MAX + 1}, "stock", "field.invalid"),
        ({"stock_set": 1}, "stock_set", "field.invalid"),
        ({"is_available": "yes"}, "is_available", "field.invalid"),
        ({"is_hidden": 0}, "is_hidden", "field.invalid"),
        ({"available_again_at": "soon"}, "available_again_at", "field.invalid"),
        ({"available_again_at": 5}, "available_again_at", "field.invalid"),
        (
            {"available_again_at": "2026-01-01T00:00:00"},
            "available_again_at",
            "field.invalid",
        ),
        (
            {"available_again_at": "9999-12-31T23:59:59-14:00"},
            "available_again_at",
            "field.invalid",
        ),
        ({"image_url": "javascript:alert(1)"}, "image_url", "field.invalid"),
        ({"image_url": "https://a:b@example.com/"}, "image_url", "field.invalid"),
        ({"allergens": "corn"}, "allergens", "field.invalid"),
        ({"allergens": ["corn", 7]}, "allergens[1]", "field.invalid"),
        ({"allergens": [""]}, "allergens[0]", "text.invalid"),
        ({"allergens": ["x"] * 33}, "allergens", "menu.too_large"),
        ({"id": 7}, "id", "field.invalid"),
        ({"id": "x" * 121}, "id", "field.invalid"),
        ({"modifier_groups": {}}, "modifier_groups", "field.invalid"),
        ({"modifier_groups": [7]}, "modifier_groups[0]", "field.invalid"),
        (
            {"modifier_groups": [{"name": "G"}] * 51},
            "modifier_groups",
            "menu.too_large",
        ),
    ],
)
def test_a_faulty_item_is_named_by_path_and_code(
    sent: Any, path: Any, code: Any
) -> None:
    assert item_faults(**sent) == [(path, code)]


@pytest.mark.parametrize(
    ("group", "path", "code"),
    [
        ({"min": 2, "max": 1, "modifiers": [{"name": "M"}]}, "min", "group.range"),
        ({"min": 1}, "modifiers", "group.range"),
        ({"min": -1}, "min", "field.invalid"),
        ({"max": 0}, "max", "field.invalid"),
        ({"min": 1.5}, "min", "field.invalid"),
        ({"min": True}, "min", "field.invalid"),
        ({"max": 1_000}, "max", "field.invalid"),
        ({"name": ""}, "name", "text.invalid"),
        ({"modifiers": [{"name": "M"}] * 201}, "modifiers", "menu.too_large"),
        ({"modifiers": [{}]}, "modifiers[0].name", "field.missing"),
        (
            {"modifiers": [{"name": "M", "price_delta": "0.001"}]},
            "modifiers[0].price_delta",
            "field.invalid",
        ),
        (
            {"modifiers": [{"name": "M", "is_available": None, "price_delta": "x"}]},
            "modifiers[0].price_delta",
            "field.invalid",
        ),
    ],
)
def test_a_faulty_group_is_named_by_path_and_code(
    group: Any, path: Any, code: Any
) -> None:
    found = item_faults(modifier_groups=[{"name": "Choice", **group}])

    assert found == [(f"modifier_groups[0].{path}", code)]


def test_a_group_may_demand_more_than_it_has_modifiers_since_quantities_count() -> None:
    group = {"name": "Oysters", "min": 6, "max": 12, "modifiers": [{"name": "Oyster"}]}

    assert read_item(modifier_groups=[group]).groups[0].min == 6


@pytest.mark.parametrize("tree", [{}, {"categories": None}])
def test_categories_are_required(tree: Any) -> None:
    assert faults_of(tree) == [("categories", "field.missing")]


@pytest.mark.parametrize("tree", [{"categories": {}}, {"categories": "x"}])
def test_categories_are_a_list(tree: Any) -> None:
    assert faults_of(tree) == [("categories", "field.invalid")]


def test_every_fault_of_a_tree_is_told_at_once() -> None:
    tree = {
        "categories": [
            {"name": "", "items": [{"name": "A", "price": "x"}, 5]},
            {"items": [{"price": 1}, {"name": "B", "price": 1, "stock": -1}]},
        ]
    }

    assert sorted(faults_of(tree)) == [
        ("categories[0].items[0].price", "field.invalid"),
        ("categories[0].items[1]", "field.invalid"),
        ("categories[0].name", "text.invalid"),
        ("categories[1].items[0].name", "field.missing"),
        ("categories[1].items[1].stock", "field.invalid"),
        ("categories[1].name", "field.missing"),
    ]


def test_two_hundred_faults_are_shown_and_all_counted() -> None:
    tree = {"categories": [{"name": "Food", "items": [{"name": "A"}] * 300}]}

    with pytest.raises(Refused) as caught:
        uploads.read_menu(tree, "GTQ", FIAT)

    assert len(caught.value.facts["faults"]) == 200
    assert caught.value.facts["fault_count"] == 300


def test_an_id_twice_in_its_kind_is_a_fault() -> None:
    group = {"id": "1", "name": "G", "modifiers": [{"id": "1", "name": "M"}] * 2}
    item = {"id": "1", "name": "A", "price": 1, "modifier_groups": [group]}
    food = {"id": "1", "name": "Food", "items": [item]}

    assert sorted(faults_of({"categories": [food, food]})) == [
        ("categories[0].items[0].modifier_groups[0].modifiers[1].id", "id.duplicate"),
        ("categories[1].id", "id.duplicate"),
        ("categories[1].items[0].id", "id.duplicate"),
        ("categories[1].items[0].modifier_groups[0].id", "id.duplicate"),
        ("categories[1].items[0].modifier_groups[0].modifiers[0].id", "id.duplicate"),
        ("categories[1].items[0].modifier_groups[0].modifiers[1].id", "id.duplicate"),
    ]


def test_a_menu_has_a_largest_size() -> None:
    items = [{"name": "A", "price": 1}] * 3_000
    food = {"name": "Food", "items": items}
    group = {"name": "G", "modifiers": [{"name": "M"}] * 200}
    item = {"name": "A", "price": 1, "modifier_groups": [group] * 50}

    assert faults_of({"categories": [food, food]}) == [("categories", "menu.too_large")]
    assert faults_of({"categories": [{"name": "F", "items": [item] * 6}]}) == [
        ("categories", "menu.too_large")
    ]
    assert faults_of({"categories": [{"name": "F"}] * 201}) == [
        ("categories", "menu.too_large")
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "name", "price", "items", "modifier_groups", "modifiers", "min",
             "max", "price_delta", "stock", "currency", "available_again_at"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(json_values)
@settings(max_examples=300, deadline=None)
def test_whatever_is_uploaded_is_read_or_refused(value: Any) -> None:
    with suppress(Refused):
        draft = uploads.read_menu({"categories": value}, "GTQ", FIAT)
        assert isinstance(draft, upload_models.MenuDraft)


# --- the lowest price ----------------------------------------------------------


@given(
    st.lists(st.integers(-5, 5), min_size=0, max_size=3),
    st.integers(0, 4),
    st.none() | st.integers(1, 6),
)
@settings(max_examples=500, deadline=None)
def test_the_lowest_delta_is_what_trying_everything_finds(
    deltas: Any, low: Any, high: Any
) -> None:
    most = 2
    low = min(low, most * len(deltas), high if high is not None else low)
    group = a_group(*deltas, low=low, high=high)
    allowed = [
        sum(q * d for q, d in zip(quantities, deltas, strict=True))
        for quantities in itertools.product(range(most + 1), repeat=len(deltas))
        if low <= sum(quantities) <= (high if high is not None else 99)
    ]

    assert group.lowest_delta(quantity_max=most) == min(allowed)


@pytest.mark.parametrize(
    ("price", "groups", "lowest"),
    [
        (4500, (), 4500),
        (4500, (a_group(100, 200),), 4500),
        (4500, (a_group(100, 200, low=1),), 4600),
        (4500, (a_group(-100, 200, high=3),), 4200),
        (4500, (a_group(-100, 200, low=2, high=3),), 4200),
        (4500, (a_group(-100),), 4500 - 99_900),
        (4500, (a_group(-100, high=1), a_group(-50, high=2)), 4300),
        (0, (a_group(-100, 100, low=2, high=2),), -200),
    ],
)
def test_the_lowest_price_counts_every_group(
    price: Any, groups: Any, lowest: Any
) -> None:
    assert an_item(price_minor=price, groups=groups).lowest_price == lowest


def test_a_price_that_could_fall_below_zero_is_a_fault() -> None:
    group: Any = {
        "name": "Discount",
        "max": 2,
        "modifiers": [{"name": "Less", "price_delta": "-22.51"}],
    }

    assert item_faults(modifier_groups=[group]) == [("price", "price.below_zero")]
    group["modifiers"][0]["price_delta"] = "-22.50"
    assert read_item(modifier_groups=[group]).lowest_price == 0


# --- ids and stock ---------------------------------------------------------------


def fresh_ids() -> Any:
    return map("fresh-{}".format, itertools.count(1)).__next__


def test_known_ids_stay_and_all_others_become_fresh() -> None:
    known = KnownIds(frozenset({"c1"}), {"i1": None}, frozenset({"g1"}), {"m1": None})
    modifiers = [{"id": "m1", "name": "M"}, {"id": "alias", "name": "N"}]
    group = {"id": "g1", "name": "G", "modifiers": modifiers}
    tree = {
        "categories": [
            {
                "id": "c1",
                "name": "C",
                "items": [
                    {"id": "i1", "name": "A", "price": 1, "modifier_groups": [group]},
                    {"id": "c1", "name": "B", "price": 1},
                    {"name": "C", "price": 1},
                ],
            },
            {"id": "foreign", "name": "D"},
        ]
    }
    draft = uploads.read_menu(tree, "GTQ", FIAT)

    first, second = uploads.settle_ids(draft, known, fresh_ids())

    assert (first.id, second.id) == ("c1", "fresh-4")
    assert [item.id for item in first.items] == ["i1", "fresh-2", "fresh-3"]
    assert first.items[0].groups[0].id == "g1"
    assert [m.id for m in first.items[0].groups[0].modifiers] == ["m1", "fresh-1"]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"id": "i1", "stock": 99}, 4),
        ({"id": "i1"}, 4),
        ({"id": "i1", "stock": None}, 4),
        ({"id": "i1", "stock": 99, "stock_set": True}, 99),
        ({"id": "i1", "stock": None, "stock_set": True}, None),
        ({"id": "i1", "stock": 99, "stock_set": False}, 4),
        ({"id": "new", "stock": 99}, 99),
        ({"stock": 99}, 99),
        ({"stock": 99, "stock_set": False}, 99),
        ({}, None),
    ],
)
def test_stock_counts_for_new_items_or_when_it_is_set(sent: Any, stored: Any) -> None:
    known = replace(NOTHING_KNOWN, stock_of_item={"i1": 4})
    draft = read({"name": "A", "price": 1, **sent})

    categories = uploads.settle_ids(draft, known, fresh_ids())

    assert categories[0].items[0].stock == stored


def test_the_journal_hears_of_stock_that_an_upload_changed() -> None:
    known = replace(NOTHING_KNOWN, stock_of_item={"i1": 4, "i2": 4})
    draft = read(
        {"id": "i1", "name": "A", "price": 1, "stock": 9},
        {"id": "i2", "name": "B", "price": 1, "stock": 9, "stock_set": True},
        {"name": "C", "price": 1, "stock": 7},
        {"name": "D", "price": 1},
    )

    categories = uploads.settle_ids(draft, known, fresh_ids())

    moves = uploads.stock_moves(categories, known)
    assert moves == {"i2": 9, categories[0].items[2].id: 7}


@pytest.mark.parametrize("header", [None, "7", '"7"', 'W/"7"', "*", '"6", "7"'])
def test_the_present_version_may_be_replaced(header: Any) -> None:
    rules.check_version(header, 7)


@pytest.mark.parametrize("header", ["6", '"8"', "", "x", "77"])
def test_another_version_may_not(header: Any) -> None:
    with pytest.raises(Changed) as caught:
        rules.check_version(header, 7)

    assert (caught.value.code, caught.value.facts) == ("menu.changed", {"version": 7})


# --- changing one entry --------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.KDS, Role.POS])
def test_screens_switch_availability_and_nothing_else(role: Any) -> None:
    rules.check_change_rights({"is_available", "available_again_at"}, role)
    rules.check_change_rights(set(), role)
    for field in ("price", "name", "stock", "is_hidden", "description"):
        with pytest.raises(Forbidden):
            rules.check_change_rights({"is_available", field}, role)


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_owner_and_manager_change_everything(role: Any) -> None:
    rules.check_change_rights({"price", "stock", "name"}, role)


def test_a_change_changes_only_what_is_sent() -> None:
    item = an_item(stock=4)

    new = rules.changed_item(
        item, {"price": "50", "name": "Big taco", "is_hidden": True}, NOW
    )

    assert rules.differences(item, new) == {
        "price_minor": 5000,
        "name": "Big taco",
        "is_hidden": True,
    }
    assert rules.differences(item, rules.changed_item(item, {}, NOW)) == {}


@pytest.mark.parametrize(
    ("before", "sent", "after"),
    [
        ((True, None), {"is_available": False}, (False, None)),
        (
            (True, None),
            {"is_available": False, "available_again_at": rfc3339(NOW + HOUR)},
            (False, NOW + HOUR),
        ),
        ((False, NOW + HOUR), {"is_available": True}, (True, None)),
        ((False, NOW + HOUR), {"available_again_at": None}, (False, None)),
        (
            (False, None),
            {"available_again_at": rfc3339(NOW + HOUR)},
            (False, NOW + HOUR),
        ),
        # Its return has passed: switched off again it must not be on at once.
        ((False, NOW - HOUR), {"is_available": False}, (False, None)),
        ((False, NOW - HOUR), {"available_again_at": None}, (True, None)),
        ((False, NOW - HOUR), {"is_available": True}, (True, None)),
        (
            (True, None),
            {"is_available": True, "available_again_at": None},
            (True, None),
        ),
    ],
)
def test_switching_an_item(before: Any, sent: Any, after: Any) -> None:
    item = an_item(is_available=before[0], available_again_at=before[1])

    new = rules.changed_item(item, sent, NOW)

    assert (new.is_available, new.available_again_at) == after


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"available_again_at": rfc3339(NOW + HOUR)}, "available_again_at"),
        (
            {"is_available": True, "available_again_at": rfc3339(NOW + HOUR)},
            "available_again_at",
        ),
        (
            {"is_available": False, "available_again_at": rfc3339(NOW)},
            "available_again_at",
        ),
        ({"is_available": False, "available_again_at": "x"}, "available_again_at"),
        ({"is_available": None}, "is_available"),
        ({"price": None}, "price"),
        ({"price": "-0.01"}, "price"),
        ({"price": "1.001"}, "price"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"description": "\u202e"}, "description"),
        ({"stock": -1}, "stock"),
        ({"stock": limits.STOCK_MAX + 1}, "stock"),
    ],
)
def test_a_wrong_change_is_refused_by_its_name(sent: Any, field: Any) -> None:
    with pytest.raises(Refused) as caught:
        rules.changed_item(an_item(), sent, NOW)

    assert caught.value.facts["field"] == field


def test_a_change_cannot_let_the_price_fall_below_zero() -> None:
    item = an_item(groups=(a_group(-2000, 500, high=2),))

    assert rules.changed_item(item, {"price": "40"}, NOW).price_minor == 4000
    with pytest.raises(Refused) as caught:
        rules.changed_item(item, {"price": "39.99"}, NOW)
    assert caught.value.code == "price.below_zero"
    with pytest.raises(Refused) as caught:
        rules.changed_modifier(item, "m-m0", {"price_delta": "-22.51"}, NOW)
    assert caught.value.code == "price.below_zero"


def test_a_modifier_changes_alone() -> None:
    item = an_item(groups=(a_group(100, 200),))

    old, new = rules.changed_modifier(
        item, "m-m1", {"is_available": False, "price_delta": 3}, NOW
    )

    assert rules.differences(old, new) == {
        "is_available": False,
        "price_delta_minor": 300,
    }


# --- who sees what -------------------------------------------------------------------


OPEN = view(Opening(True))


def public_item(item: Any, at: Any = NOW, **profile: Any) -> Any:
    menu = a_menu(item)
    tree = rules.public_tree(a_restaurant(**profile), menu, at, OPEN)
    return tree["categories"][0]["items"][0]


def test_the_public_shape_is_written_out() -> None:
    group = ModifierGroup("g", "Meat", 1, 2, (Modifier("m", "Beef", -50, True),))
    item = an_item(
        stock=9,
        allergens=("corn",),
        tax_rate="12",
        tax_rates={"dine_in": "19"},
        image_url="/x",
        groups=(group,),
    )

    assert rules.public_tree(a_restaurant(), a_menu(item), NOW, OPEN) == {
        "restaurant_id": "r",
        "version": 3,
        "shelf": "",
        "currency": "GTQ",
        "opening": {
            "is_open": True,
            "reason": None,
            "name": None,
            "opens_at": None,
            "closes_at": None,
            "last_order_at": None,
            "resumes_at": None,
            "pause_reason": None,
        },
        "price_list": None,
        "combos": [],
        "discounts": [],
        "categories": [
            {
                "id": "c",
                "name": "Food",
                "items": [
                    {
                        "id": "i",
                        "name": "Taco",
                        "description": "",
                        "image_url": "/x",
                        "price": "45.00",
                        "currency": "GTQ",
                        "tax_rate": "12",
                        "tax_rates": {"dine_in": "19"},
                        "is_available": True,
                        "available_again_at": None,
                        "order_types": ["dine_in", "pickup", "delivery"],
                        "left": None,
                        "allergens": ["corn"],
                        "modifier_groups": [
                            {
                                "id": "g",
                                "name": "Meat",
                                "min": 1,
                                "max": 2,
                                "modifiers": [
                                    {
                                        "id": "m",
                                        "name": "Beef",
                                        "price_delta": "-0.50",
                                        "is_available": True,
                                    }
                                ],
                            }
                        ],
                    }
                ],
            }
        ],
    }


def test_the_public_shape_names_its_price_list_and_has_the_combos() -> None:
    combo = {"id": "combo"}

    tree = rules.public_tree(
        a_restaurant(), a_menu(), NOW, OPEN, price_list="Terrace", combos=[combo]
    )

    assert (tree["price_list"], tree["combos"]) == ({"name": "Terrace"}, [combo])


def test_both_shapes_are_the_documented_ones() -> None:
    group = ModifierGroup("g", "Meat", 1, None, (Modifier("m", "Beef", -50, True),))
    menu = a_menu(an_item(stock=2, groups=(group,)))
    public = rules.public_tree(a_restaurant(show_left=True), menu, NOW, OPEN)
    staff = rules.staff_tree(a_restaurant(), menu, NOW)

    assert models.PublicMenuView(**public).dict() == public
    assert models.MenuView(**staff).dict() == staff
    assert staff["categories"][0]["items"][0]["stock"] == 2


def test_hidden_items_are_left_out_and_so_is_a_category_of_only_them() -> None:
    secret = an_item(id="s", is_hidden=True)
    menu = Menu(
        "r",
        1,
        (
            Category("a", "Both", "bar", (an_item(), secret)),
            Category("b", "Secret", None, (secret,)),
            Category("c", "Soon", None, ()),
        ),
    )

    shown = rules.public_tree(a_restaurant(), menu, NOW, OPEN)["categories"]

    assert [(c["name"], [i["id"] for i in c["items"]]) for c in shown] == [
        ("Both", ["i"]),
        ("Soon", []),
    ]


@pytest.mark.parametrize(
    ("stock", "show_left", "left", "available"),
    [
        (None, True, None, True),
        (6, True, None, True),
        (5, True, 5, True),
        (0, True, 0, False),
        (5, False, None, True),
        (0, False, None, False),
    ],
)
def test_what_is_left_is_shown_when_few_and_wanted(
    stock: Any, show_left: Any, left: Any, available: Any
) -> None:
    shown = public_item(on_the_shelf(an_item(stock=stock)), show_left=show_left)

    assert (shown["left"], shown["is_available"]) == (left, available)
    assert "stock" not in shown


def test_the_clock_switches_an_item_on() -> None:
    item = an_item(is_available=False, available_again_at=NOW + HOUR)

    before, after = public_item(item), public_item(item, at=NOW + HOUR)

    assert (before["is_available"], before["available_again_at"]) == (
        False,
        rfc3339(NOW + HOUR),
    )
    assert (after["is_available"], after["available_again_at"]) == (True, None)


def test_the_clock_switches_a_modifier_on() -> None:
    modifier = Modifier("m", "Beef", 0, False, NOW + HOUR)
    item = an_item(groups=(ModifierGroup("g", "G", 0, None, (modifier,)),))

    def shown(at: Any) -> Any:
        return public_item(item, at)["modifier_groups"][0]["modifiers"][0]

    assert not shown(NOW)["is_available"]
    assert shown(NOW + HOUR)["is_available"]


def test_the_next_change_is_the_earliest_return_to_come() -> None:
    late = Modifier("m", "Beef", 0, False, NOW + HOUR)
    items = (
        an_item(id="1", is_available=False, available_again_at=NOW + 2 * HOUR),
        an_item(id="2", is_available=False, available_again_at=NOW),
        an_item(id="3", is_available=False),
        an_item(id="4", groups=(ModifierGroup("g", "G", 0, None, (late,)),)),
    )

    assert rules.next_change(a_menu(*items), NOW) == NOW + HOUR
    assert rules.next_change(a_menu(*items), NOW + HOUR) == NOW + 2 * HOUR
    assert rules.next_change(a_menu(*items), NOW + 2 * HOUR) is None


names = st.text(string.ascii_letters, min_size=1, max_size=8)
prices = st.integers(0, 10_000).map(lambda minor: f"{minor / 100:.2f}")
modifiers = st.fixed_dictionaries({"name": names, "price_delta": prices})
groups = st.fixed_dictionaries(
    {"name": names, "max": st.none(), "modifiers": st.lists(modifiers, max_size=3)}
)
items = st.fixed_dictionaries(
    {
        "name": names,
        "price": prices,
        "stock": st.none() | st.integers(0, 9),
        "is_hidden": st.booleans(),
        "modifier_groups": st.lists(groups, max_size=2),
    }
)
trees = st.fixed_dictionaries(
    {
        "categories": st.lists(
            st.fixed_dictionaries(
                {
                    "name": names,
                    "station": st.none() | names,
                    "items": st.lists(items, max_size=3),
                }
            ),
            max_size=3,
        )
    }
)


@given(trees)
@settings(deadline=None)
def test_the_staff_tree_can_be_uploaded_again_and_changes_nothing(tree: Any) -> None:
    draft = uploads.read_menu(tree, "GTQ", FIAT)
    first = uploads.settle_ids(draft, NOTHING_KNOWN, fresh_ids())
    shown = rules.staff_tree(a_restaurant(), Menu("r", 1, first), NOW)
    known = uploads.known_in(first)

    again = uploads.settle_ids(
        uploads.read_menu(shown, "GTQ", FIAT), known, fresh_ids()
    )

    assert again == first


def test_the_documented_upload_has_no_references() -> None:
    assert "$ref" not in str(upload_models.upload_schema())


# --- prices for the journal ------------------------------------------------------


def test_prices_that_changed_are_told_by_id() -> None:
    old = [an_item(groups=(a_group(0, 50),)), an_item(id="gone"), an_item(id="x")]
    new = [
        an_item(price_minor=4600, groups=(a_group(0, -50),)),
        an_item(id="x", currency="USD"),
        an_item(id="new"),
    ]

    assert rules.price_changes(old, new) == [
        {"menu_item_id": "i", "from": "45.00", "to": "46.00", "currency": "GTQ"},
        {"modifier_id": "m-m1", "from": "0.50", "to": "-0.50", "currency": "GTQ"},
        {
            "menu_item_id": "x",
            "from": "45.00",
            "to": "45.00",
            "currency": "USD",
            "from_currency": "GTQ",
        },
    ]


def test_the_journal_takes_the_first_changes_and_counts_the_rest() -> None:
    changes = [{"menu_item_id": str(n)} for n in range(503)]

    assert rules.told_changes(changes) == {"changes": changes[:500], "more": 3}
    assert rules.told_changes([]) == {"changes": [], "more": 0}


def test_taxes_by_order_type_change_as_a_whole() -> None:
    item = an_item(tax_rate="7", tax_rates={"pickup": "7"})

    sent = {"tax_rates": {OrderType.DINE_IN: 19}, "tax_rate": None}
    changed = rules.changed_item(item, sent, NOW)

    assert (changed.tax_rate, changed.tax_rates) == (None, {"dine_in": "19"})
    for wrong in ("100.01", "-1", "x", None):
        refused = {"tax_rates": {OrderType.PICKUP: wrong}}
        with pytest.raises(Refused) as caught:
            rules.changed_item(item, refused, NOW)
        assert caught.value.facts["field"] == "tax_rates.pickup"


@pytest.mark.parametrize(
    ("enough", "before", "after", "is_same"),
    [
        (1, 9, 8, True),
        (1, 1, 0, False),
        (1, -2, 0, True),
        (1, None, 3, False),
        (6, 7, 6, True),
        (6, 6, 5, False),
    ],
)
def test_the_shelf_changes_when_something_runs_out_or_becomes_few(
    enough: int, before: int | None, after: int | None, is_same: bool
) -> None:
    def shelf(left: int | None) -> str:
        item = replace(an_item(), portions=left)
        return rules.shelf_of(a_menu(item), enough)

    assert (shelf(before) == shelf(after)) is is_same
