"""When a combo can be had, reading one, and what guests see of it."""

from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from builders import on_the_shelf
from restaurant.core.errors import Refused
from restaurant.core.schedules import Schedule, Window
from restaurant.features.combos import rules
from restaurant.features.combos.models import (
    Combo,
    ComboBody,
    ComboGroup,
    ComboOption,
)
from restaurant.features.menu.models import Category, Menu, MenuItem

BERLIN = "Europe/Berlin"
NOW = 1_790_000_000_000
FIAT = {"GTQ", "USD"}
LUNCH = Schedule((Window((0,), "11:00", "14:00"),))


def at(wall: str) -> int:
    moment = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(BERLIN))
    return int(moment.timestamp() * 1000)


def an_item(item_id: str, **values: Any) -> MenuItem:
    usual: dict[str, Any] = {
        "id": item_id,
        "name": item_id,
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
    return on_the_shelf(MenuItem(**{**usual, **values}))


def a_menu(*items: MenuItem) -> Menu:
    return Menu("restaurant", 1, (Category("food", "Food", None, items),))


def a_group(*item_ids: str, low: int = 1, high: int = 1) -> ComboGroup:
    options = tuple(ComboOption(each) for each in item_ids)
    return ComboGroup("group", "Main", low, high, options)


def a_combo(*groups: ComboGroup, **values: Any) -> Combo:
    blank = rules.blank("combo", "restaurant", "GTQ", 0, NOW)
    return replace(blank, **{"name": "Menu", "groups": groups, **values})


MENU = a_menu(an_item("taco"), an_item("agua"), an_item("cola", currency="USD"))

# --- when it can be had -------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ((an_item("taco"), an_item("agua")), True),
        ((an_item("taco"),), True),
        ((), False),
        ((an_item("taco", is_available=False),), False),
        ((an_item("taco", stock=0),), False),
        ((an_item("taco", stock=1),), True),
        ((an_item("taco", is_hidden=True),), False),
        ((an_item("taco", currency="USD"),), False),
        ((an_item("taco", is_available=False, available_again_at=NOW),), True),
        ((an_item("taco", is_available=False, available_again_at=NOW + 1),), False),
    ],
)
def test_a_combo_is_offered_while_every_group_can_be_chosen(
    items: Any, expected: bool
) -> None:
    combo = a_combo(a_group("taco", "agua"))

    assert rules.offered(combo, a_menu(*items), NOW, BERLIN) is expected


def test_a_group_needs_as_many_as_it_asks_for() -> None:
    combo = a_combo(a_group("taco", "agua", low=3, high=3))

    def offered(taco: int | None, agua: int | None) -> bool:
        menu = a_menu(an_item("taco", stock=taco), an_item("agua", stock=agua))
        return rules.offered(combo, menu, NOW, BERLIN)

    assert offered(1, 2)
    assert offered(0, None)
    assert not offered(1, 1)


def test_a_group_that_asks_for_nothing_never_hinders() -> None:
    combo = a_combo(a_group("taco"), a_group("gone", low=0))

    assert rules.offered(combo, MENU, NOW, BERLIN)


def test_every_group_counts() -> None:
    assert not rules.offered(
        a_combo(a_group("taco"), a_group("gone")), MENU, NOW, BERLIN
    )


def test_a_combo_is_offered_within_its_schedule_and_while_active() -> None:
    lunch = a_combo(a_group("taco"), schedule=LUNCH)

    assert rules.offered(lunch, MENU, at("2026-09-21T11:00"), BERLIN)
    assert not rules.offered(lunch, MENU, at("2026-09-21T14:00"), BERLIN)
    idle = replace(lunch, is_active=False)
    assert not rules.offered(idle, MENU, at("2026-09-21T11:00"), BERLIN)


def test_the_next_change_is_that_of_an_active_combo() -> None:
    lunch = a_combo(schedule=LUNCH)
    moment = at("2026-09-21T12:00")

    assert rules.next_change([lunch], moment, BERLIN) == at("2026-09-21T14:00")
    assert rules.next_change([replace(lunch, is_active=False)], moment, BERLIN) is None


# --- what guests see ----------------------------------------------------------------


def test_guests_see_combos_that_hold_with_the_options_on_the_menu() -> None:
    group = replace(
        a_group("taco", "agua", "gone", "cola"),
        options=(
            ComboOption("taco", 500),
            *(ComboOption(each) for each in ("agua", "gone", "cola")),
        ),
    )
    shown = a_combo(group, price_minor=6000, description="At noon")
    others = [
        a_combo(group, is_active=False),
        a_combo(group, schedule=Schedule(last_day="2026-01-01")),
    ]
    menu = a_menu(
        an_item("taco"), an_item("agua", stock=0), an_item("cola", currency="USD")
    )

    assert rules.public_tree([shown, *others], menu, NOW, BERLIN) == [
        {
            "id": "combo",
            "name": "Menu",
            "description": "At noon",
            "image_url": None,
            "price": "60.00",
            "currency": "GTQ",
            "is_available": True,
            "groups": [
                {
                    "id": "group",
                    "name": "Main",
                    "min": 1,
                    "max": 1,
                    "options": [
                        {
                            "menu_item_id": "taco",
                            "surcharge": "5.00",
                            "is_available": True,
                        },
                        {
                            "menu_item_id": "agua",
                            "surcharge": "0.00",
                            "is_available": False,
                        },
                    ],
                }
            ],
        }
    ]


# --- reading --------------------------------------------------------------------------

GROUP = {"name": "Main", "options": [{"menu_item_id": "taco"}]}
NEW = {"name": "Menu", "price": "60", "groups": [GROUP]}


def read(sent: Any, old: Combo | None = None, menu: Menu = MENU) -> Combo:
    numbers = count(1)
    return rules.with_wishes(
        old or rules.blank("combo", "restaurant", "GTQ", 0, NOW),
        ComboBody(**sent),
        menu,
        FIAT,
        lambda: f"new-{next(numbers)}",
    )


def refusal(sent: Any, old: Combo | None = None) -> tuple[str, Any]:
    with pytest.raises(Refused) as caught:
        read(sent, old)
    return caught.value.code, caught.value.facts.get("field")


def test_a_combo_is_read_as_it_was_sent() -> None:
    options = [{"menu_item_id": "taco", "surcharge": "2.5"}, {"menu_item_id": "agua"}]
    drinks = {"name": "Drink", "min": 0, "max": 2, "options": options}

    found = read({**NEW, "groups": [GROUP, drinks], "description": "a\nb"})

    assert found == a_combo(
        ComboGroup("new-1", "Main", 1, 1, (ComboOption("taco"),)),
        ComboGroup(
            "new-2", "Drink", 0, 2, (ComboOption("taco", 250), ComboOption("agua"))
        ),
        price_minor=6000,
        description="a\nb",
    )


def test_a_group_keeps_its_id_when_it_is_sent_along() -> None:
    old = replace(read(NEW), groups=(a_group("taco"),))
    other, same = {**GROUP, "id": "not-ours"}, {**GROUP, "id": "group"}

    changed = read({"groups": [other, same, GROUP]}, old)

    assert [group.id for group in changed.groups] == ["new-1", "group", "new-2"]


def option(item_id: str, **more: Any) -> dict[str, Any]:
    return {**GROUP, "options": [{"menu_item_id": item_id, **more}]}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"name": " "}, ("text.invalid", "name")),
        ({"name": None}, ("field.invalid", "name")),
        ({"description": "\0"}, ("text.invalid", "description")),
        ({"image_url": "javascript:x"}, ("field.invalid", "image_url")),
        ({"position": -1}, ("field.invalid", "position")),
        ({"price": "-1"}, ("field.invalid", "price")),
        ({"price": "1.001"}, ("field.invalid", "price")),
        ({"currency": "XXX"}, ("field.invalid", "currency")),
        ({"currency": "USD"}, ("combo.currency", "groups.0.options.0.menu_item_id")),
        ({"groups": []}, ("field.invalid", "groups")),
        ({"groups": [GROUP] * 13}, ("field.invalid", "groups")),
        ({"groups": [{**GROUP, "name": ""}]}, ("text.invalid", "groups.0.name")),
        ({"groups": [{**GROUP, "min": 0}]}, ("combo.range", "groups")),
        ({"groups": [{**GROUP, "min": -1}]}, ("combo.range", "groups.0.min")),
        ({"groups": [{**GROUP, "min": 2}]}, ("combo.range", "groups.0.min")),
        (
            {"groups": [{**GROUP, "min": 0, "max": 0}]},
            ("combo.range", "groups.0.min"),
        ),
        ({"groups": [{**GROUP, "max": 21}]}, ("combo.range", "groups.0.min")),
        ({"groups": [{**GROUP, "options": []}]}, ("field.invalid", "groups.0.options")),
        (
            {"groups": [{**GROUP, "options": GROUP["options"] * 101}]},
            ("field.invalid", "groups.0.options"),
        ),
        (
            {"groups": [{**GROUP, "options": GROUP["options"] * 2}]},
            ("combo.duplicate", "groups.0.options"),
        ),
        (
            {"groups": [GROUP, option("gone")]},
            ("combo.item", "groups.1.options.0.menu_item_id"),
        ),
        (
            {"groups": [option("cola")]},
            ("combo.currency", "groups.0.options.0.menu_item_id"),
        ),
        (
            {"groups": [option("taco", surcharge="-1")]},
            ("field.invalid", "groups.0.options.0.surcharge"),
        ),
        ({"schedule": {"first_day": "x"}}, ("field.invalid", "schedule")),
    ],
)
def test_a_wrong_field_is_refused(sent: Any, expected: Any) -> None:
    assert refusal({**NEW, **sent}) == expected


@pytest.mark.parametrize("name", ["name", "price", "groups"])
def test_a_new_combo_needs_a_name_a_price_and_groups(name: str) -> None:
    sent = {key: value for key, value in NEW.items() if key != name}

    assert refusal(sent) == ("field.invalid", name)


def test_another_currency_comes_with_price_and_groups() -> None:
    old = read(NEW)

    assert refusal({"currency": "USD", "price": "6"}, old) == (
        "field.invalid",
        "groups",
    )
    changed = read({"currency": "usd", "price": "6", "groups": [option("cola")]}, old)
    assert (changed.currency, changed.price_minor) == ("USD", 600)
    assert read({"currency": "GTQ"}, old) == old


def test_a_groups_id_is_used_once() -> None:
    old = read(NEW)
    twice = [{**GROUP, "id": "new-1"}] * 2

    assert refusal({"groups": twice}, old) == ("combo.duplicate", "groups.1.id")


def test_an_option_that_left_the_menu_may_stay() -> None:
    old = read(NEW)

    changed = read({"groups": [{**GROUP, "name": "Mains"}]}, old, a_menu())

    assert changed.groups[0].options == old.groups[0].options


def test_an_option_of_another_currency_by_now_is_refused() -> None:
    old = read(NEW)
    menu = a_menu(an_item("taco", currency="USD"))

    with pytest.raises(Refused) as caught:
        read({"groups": [GROUP]}, old, menu)

    assert caught.value.code == "combo.currency"


def test_a_picture_may_be_taken_away() -> None:
    old = read({**NEW, "image_url": "/a.png"})

    assert old.image_url == "/a.png"
    assert read({"image_url": None}, old).image_url is None
