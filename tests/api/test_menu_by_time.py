"""What is offered at which time, and for which kind of order."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from harness import API
from harness.shop import Shop, open_shop

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY = list(range(7))


def hours(starts: str, ends: str, days: Any = EVERY_DAY, **dates: str) -> Any:
    window = {"days": list(days), "starts": starts, "ends": ends}
    empty = {"first_day": None, "last_day": None}
    return {"windows": [window], **empty, **dates}


BREAKFAST = hours("08:00", "11:00")
LUNCH = hours("11:30", "14:00", [0, 1, 2, 3, 4])
MENU = {
    "categories": [
        {
            "name": "Breakfast",
            "schedule": BREAKFAST,
            "items": [
                {"name": "Eggs", "price": "20.00"},
                {
                    "name": "Early bird",
                    "price": "10.00",
                    "schedule": hours("07:00", "09:00"),
                    "order_types": ["dine_in", "pickup"],
                },
            ],
        },
        {
            "name": "House",
            "order_types": ["dine_in", "delivery"],
            "items": [
                {"name": "Steak", "price": "90.00", "order_types": ["dine_in"]},
                {"name": "Stew", "price": "50.00"},
            ],
        },
        {
            "name": "Always",
            "items": [
                {"name": "Agua", "price": "10.00"},
                {"name": "Lunch", "price": "30.00", "schedule": LUNCH},
            ],
        },
    ]
}


def wall(text: str) -> int:
    """The moment (ms) at which clocks in Berlin show this."""
    moment = datetime.fromisoformat(text).replace(tzinfo=BERLIN)
    return int(moment.timestamp() * 1000)


def utc(text: str) -> str:
    moment = datetime.fromisoformat(text).replace(tzinfo=BERLIN)
    return f"{moment.astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%S}.000Z"


@pytest_asyncio.fixture
async def place(client: Any, make_wallet: Any, clock: Any, set_rate: Any) -> Shop:
    """In Berlin, on a Monday at 8:30."""
    set_rate("GTQ", 158.635)
    clock.stop(wall("2026-11-23T08:30"))
    return await open_shop(client, await make_wallet(), MENU, timezone="Europe/Berlin")


async def shown(shop: Shop) -> dict[str, tuple[bool, str | None]]:
    """(is_available, available_again_at) of each item on the public menu."""
    menu = (await shop.client.get(f"{API}/restaurants/{shop.id}/menu")).json()
    items = [item for category in menu["categories"] for item in category["items"]]
    return {
        each["name"]: (each["is_available"], each["available_again_at"])
        for each in items
    }


async def quote(shop: Shop, name: str, **fields: Any) -> Any:
    return await shop.quote(shop.cart(shop.line(name), **fields))


async def patch(shop: Shop, path: str, **body: Any) -> Any:
    response = await shop.client.patch(API + path, json=body, headers=shop.wallet.admin)
    assert response.status_code == 200, response.text
    return response.json()


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


# --- storing -------------------------------------------------------------------------


async def test_schedules_and_order_types_are_stored_and_shown_to_staff(place):
    breakfast, house, always = place.menu["categories"]

    assert (breakfast["schedule"], breakfast["order_types"]) == (BREAKFAST, [])
    assert place.item("Early bird")["schedule"] == hours("07:00", "09:00")
    assert place.item("Early bird")["order_types"] == ["dine_in", "pickup"]
    assert (house["schedule"], house["order_types"]) == (None, ["dine_in", "delivery"])
    assert (always["schedule"], place.item("Agua")["order_types"]) == (None, [])

    again = await place.client.put(
        f"{API}/restaurants/{place.id}/menu",
        json={"categories": place.menu["categories"]},
        headers=place.wallet.admin,
    )

    assert again.status_code == 200, again.text
    assert again.json()["categories"] == place.menu["categories"]
    stored = await place.client.get(
        f"{API}/restaurants/{place.id}/menu?all=1", headers=place.wallet.admin
    )
    assert stored.json()["categories"] == place.menu["categories"]


async def test_a_schedule_of_nothing_is_none(place):
    menu = {
        "categories": [
            {
                "name": "A",
                "schedule": {"windows": []},
                "order_types": None,
                "items": [{"name": "B", "price": "1", "schedule": {}}],
            }
        ]
    }
    stored = await place.client.put(
        f"{API}/restaurants/{place.id}/menu", json=menu, headers=place.wallet.admin
    )

    [category] = stored.json()["categories"]
    assert (category["schedule"], category["order_types"]) == (None, [])
    assert category["items"][0]["schedule"] is None


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("schedule", 5),
        ("schedule", []),
        ("schedule", "always"),
        ("schedule", {"windows": [{"days": [0]}]}),
        ("schedule", {"windows": 1}),
        ("schedule", hours("25:00", "11:00")),
        ("schedule", hours("10:00", "11:00", [7])),
        ("schedule", hours("10:00", "11:00", [0.5])),
        ("schedule", hours("10:00", "11:00", first_day="2026-02-30")),
        (
            "schedule",
            hours("10:00", "11:00", first_day="2026-02-02", last_day="2026-02-01"),
        ),
        ("order_types", "pickup"),
        ("order_types", ["drive_in"]),
        ("order_types", [["pickup"]]),
        ("order_types", ["pickup", "pickup"]),
    ],
)
async def test_a_wrong_schedule_or_order_type_is_a_fault_with_its_path(
    place, field, wrong
):
    item = {"name": "Eggs", "price": "1", field: wrong}
    menu = {"categories": [{"name": "A", field: wrong, "items": [item]}]}

    response = await place.client.put(
        f"{API}/restaurants/{place.id}/menu", json=menu, headers=place.wallet.admin
    )

    assert refusal(response) == (422, "menu.invalid")
    paths = {fault["path"] for fault in response.json()["faults"]}
    assert paths == {f"categories[0].{field}", f"categories[0].items[0].{field}"}


# --- by time -------------------------------------------------------------------------


async def test_the_menu_shows_what_is_offered_now_and_when_the_rest_is(place, clock):
    assert await shown(place) == {
        "Eggs": (True, None),
        "Early bird": (True, None),
        "Steak": (True, None),
        "Stew": (True, None),
        "Agua": (True, None),
        "Lunch": (False, utc("2026-11-23T11:30")),
    }

    clock.stop(wall("2026-11-23T09:00"))
    # both its own hours and its category's must hold: from 8:00 on
    assert (await shown(place))["Early bird"] == (False, utc("2026-11-24T08:00"))

    clock.stop(wall("2026-11-27T14:00"))  # a Friday
    now = await shown(place)
    assert now["Eggs"] == (False, utc("2026-11-28T08:00"))
    assert now["Lunch"] == (False, utc("2026-11-30T11:30"))


async def test_the_menus_tag_changes_with_what_is_offered(place, clock):
    async def tag() -> str:
        response = await place.client.get(f"{API}/restaurants/{place.id}/menu")
        return str(response.headers["etag"])

    before = await tag()
    clock.stop(wall("2026-11-23T08:59:59"))
    assert await tag() == before
    clock.stop(wall("2026-11-23T09:00"))
    assert await tag() != before


async def test_what_is_not_offered_now_is_refused_with_its_line(place, clock):
    cart = place.cart(place.line("Agua"), place.line("Lunch"))

    for response in (await place.quote(cart), await place.place(cart)):
        assert response.status_code == 422
        assert response.json() == {
            "code": "item.not_now",
            "detail": "Lunch is not offered at this time.",
            "line": 1,
            "available_again_at": utc("2026-11-23T11:30"),
        }

    clock.stop(wall("2026-11-23T11:30"))
    assert (await place.quote(cart)).status_code == 200


async def test_an_order_for_later_is_judged_by_its_time(place):
    noon = utc("2026-11-23T12:00")

    assert (await quote(place, "Lunch", pickup_at=noon)).status_code == 200
    assert refusal(await quote(place, "Eggs", pickup_at=noon)) == (422, "item.not_now")
    assert (await quote(place, "Eggs")).status_code == 200


async def test_an_order_after_the_quote_still_needs_the_item_to_be_offered(
    place, clock
):
    clock.stop(wall("2026-11-23T10:59:30"))
    quoted = (await quote(place, "Eggs")).json()["quote_id"]
    cart = place.cart(place.line("Eggs"), quote_id=quoted)
    clock.stop(wall("2026-11-23T11:00"))

    assert refusal(await place.place(cart)) == (422, "item.not_now")


async def test_what_is_over_for_good_never_comes_back(place, clock):
    over = {**BREAKFAST, "last_day": "2026-11-23"}
    menu = {"categories": [{**MENU["categories"][0], "schedule": over}]}
    stored = await place.client.put(
        f"{API}/restaurants/{place.id}/menu", json=menu, headers=place.wallet.admin
    )
    place.menu = stored.json()
    clock.stop(wall("2026-11-23T11:00"))

    assert (await shown(place))["Eggs"] == (False, None)
    response = await quote(place, "Eggs")
    assert response.json()["available_again_at"] is None


async def test_a_combo_is_sold_out_while_its_items_are_not_offered(place, clock):
    combo = {
        "name": "Set",
        "price": "25.00",
        "groups": [
            {
                "name": "Food",
                "min": 1,
                "max": 1,
                "options": [{"menu_item_id": place.item("Lunch")["id"]}],
            }
        ],
    }
    made = await place.client.post(
        f"{API}/restaurants/{place.id}/combos", json=combo, headers=place.wallet.admin
    )
    assert made.status_code == 201, made.text
    line = {
        "combo_id": made.json()["id"],
        "quantity": 1,
        "choices": [{"menu_item_id": place.item("Lunch")["id"]}],
    }

    async def public() -> Any:
        menu = await place.client.get(f"{API}/restaurants/{place.id}/menu")
        [combo] = menu.json()["combos"]
        return combo["is_available"], combo["groups"][0]["options"][0]["is_available"]

    assert await public() == (False, False)
    assert refusal(await place.quote(place.cart(line))) == (422, "combo.unknown")
    later = place.cart(line, pickup_at=utc("2026-11-23T12:00"))
    assert (await place.quote(later)).status_code == 200
    clock.stop(wall("2026-11-23T12:00"))
    assert await public() == (True, True)
    assert (await place.quote(place.cart(line))).status_code == 200


# --- by order type -------------------------------------------------------------------


async def test_the_public_menu_says_for_which_orders_an_item_is(place):
    menu = (await place.client.get(f"{API}/restaurants/{place.id}/menu")).json()
    items = [item for category in menu["categories"] for item in category["items"]]

    assert {each["name"]: each["order_types"] for each in items} == {
        "Eggs": ["dine_in", "pickup", "delivery"],
        "Early bird": ["dine_in", "pickup"],
        "Steak": ["dine_in"],
        "Stew": ["dine_in", "delivery"],
        "Agua": ["dine_in", "pickup", "delivery"],
        "Lunch": ["dine_in", "pickup", "delivery"],
    }
    await patch(place, f"/restaurants/{place.id}", order_types=["pickup"])
    menu = (await place.client.get(f"{API}/restaurants/{place.id}/menu")).json()
    items = [item for category in menu["categories"] for item in category["items"]]
    assert {tuple(each["order_types"]) for each in items} == {("pickup",), ()}


@pytest.mark.parametrize(
    ("name", "order_type", "expected"),
    [
        ("Steak", "dine_in", 200),
        ("Steak", "delivery", 422),
        ("Steak", "pickup", 422),
        ("Stew", "delivery", 200),
        ("Stew", "pickup", 422),
        ("Early bird", "delivery", 422),
        ("Agua", "delivery", 200),
    ],
)
async def test_an_item_may_be_for_some_orders_only(place, name, order_type, expected):
    fields = {"order_type": order_type}
    if order_type == "delivery":
        fields["delivery"] = {"address": "1 Road"}

    response = await quote(place, name, **fields)

    assert response.status_code == expected, response.text
    if expected == 422:
        assert response.json() == {
            "code": "item.order_type",
            "detail": f"{name} is not offered for this kind of order.",
            "line": 0,
        }


# --- 86 ------------------------------------------------------------------------------


async def test_an_item_comes_back_with_the_next_opening(place, clock):
    opening = [{"days": EVERY_DAY, "starts": "08:00", "ends": "22:00"}]
    await patch(place, f"/restaurants/{place.id}", opening_hours=opening)
    item = f"/menu_items/{place.item('Agua')['id']}"

    changed = await patch(
        place, item, is_available=False, available_again_at="next_opening"
    )

    tomorrow = utc("2026-11-24T08:00")
    assert (changed["is_available"], changed["available_again_at"]) == (False, tomorrow)
    assert (await shown(place))["Agua"] == (False, tomorrow)
    clock.stop(wall("2026-11-24T08:00"))
    assert (await shown(place))["Agua"] == (True, None)


async def test_without_hours_the_next_opening_is_the_next_business_day(place):
    item = f"/menu_items/{place.item('Agua')['id']}"

    changed = await patch(
        place, item, is_available=False, available_again_at="next_opening"
    )

    assert changed["available_again_at"] == utc("2026-11-24T04:00")


async def test_a_modifier_comes_back_with_the_next_opening_or_never(shop, clock):
    group = shop.item("Tacos")["modifier_groups"][1]
    path = f"/modifiers/{group['modifiers'][0]['id']}"

    changed = await patch(
        shop, path, is_available=False, available_again_at="next_opening"
    )
    assert changed["available_again_at"] is not None
    changed = await patch(shop, path, is_available=False, available_again_at=None)
    assert (changed["is_available"], changed["available_again_at"]) == (False, None)


@pytest.mark.parametrize(
    "body",
    [
        {"available_again_at": "next_opening"},
        {"is_available": True, "available_again_at": "next_opening"},
        {"is_available": False, "available_again_at": "Next_Opening"},
        {"is_available": False, "available_again_at": "tomorrow"},
        {"is_available": False, "available_again_at": "2020-01-01T00:00:00Z"},
    ],
)
async def test_a_return_that_is_none_is_refused(place, body):
    response = await place.client.patch(
        f"{API}/menu_items/{place.item('Agua')['id']}",
        json=body,
        headers=place.wallet.admin,
    )

    assert refusal(response) == (422, "field.invalid")
    assert response.json()["field"] == "available_again_at"


async def test_what_is_back_when_it_is_wanted_may_be_ordered_now(place):
    item = f"/menu_items/{place.item('Agua')['id']}"
    back = utc("2026-11-23T12:00")
    await patch(place, item, is_available=False, available_again_at=back)

    assert refusal(await quote(place, "Agua")) == (422, "item.unavailable")
    early = await quote(place, "Agua", pickup_at=utc("2026-11-23T11:59"))
    assert refusal(early) == (422, "item.unavailable")
    assert (await quote(place, "Agua", pickup_at=back)).status_code == 200


async def test_what_is_back_when_it_is_wanted_is_there_for_who_paid(place, settle):
    item = f"/menu_items/{place.item('Agua')['id']}"
    back = utc("2026-11-23T12:00")
    await patch(place, item, is_available=False, available_again_at=back)
    cart = place.cart(place.line("Agua"), pickup_at=back)
    placed = (await place.place(cart)).json()

    await settle(placed)

    assert (await place.order(placed["order"]["id"]))["flags"] == []


async def test_an_item_that_returns_outside_its_hours_waits_for_them(place):
    item = f"/menu_items/{place.item('Eggs')['id']}"
    back = utc("2026-11-23T12:00")
    await patch(place, item, is_available=False, available_again_at=back)

    assert (await shown(place))["Eggs"] == (False, utc("2026-11-24T08:00"))
