"""Times to choose from: what is offered, what is taken, what is refused."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from typing import Any

import pytest

from harness import API
from harness.books import core_invoices, order_ids, snapshot
from harness.shop import Shop

#: A Monday that is still to come, at noon in UTC.
NOON = datetime(2027, 9, 20, 12, 0, tzinfo=timezone.utc)
EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]


def wall(hour: int, minute: int = 0, day: int = 20) -> str:
    return f"2027-09-{day:02d}T{hour:02d}:{minute:02d}:00.000Z"


@pytest.fixture(autouse=True)
def noon(clock: Any) -> Any:
    """It is noon, until a test says otherwise."""
    clock.stop(int(NOON.timestamp() * 1000))
    return clock


async def settings(shop: Shop, **changes: Any) -> dict[str, Any]:
    response = await shop.client.patch(
        f"{API}/restaurants/{shop.id}", json=changes, headers=shop.wallet.admin
    )
    assert response.status_code == 200, response.text
    return response.json()


def hours_of(starts: str, ends: str) -> dict[str, Any]:
    return {"days": EVERY_DAY, "starts": starts, "ends": ends, "order_types": []}


async def open_from(shop: Shop, starts: str, ends: str, **rule: Any) -> None:
    """Open every day from then to then, with slots of half an hour for pickup."""
    hours = [hours_of(starts, ends)]
    slots = [{"order_type": "pickup", "minutes": 30, "lead_minutes": 20, **rule}]
    await settings(shop, opening_hours=hours, slots=slots)


async def slots(shop: Shop, **query: Any) -> dict[str, Any]:
    path = f"{API}/restaurants/{shop.slug}/slots"
    response = await shop.client.get(path, params=query)
    assert response.status_code == 200, response.text
    return response.json()


async def place_for(shop: Shop, when: str | None, *lines: Any, **fields: Any) -> Any:
    return await shop.place(shop.cart(*lines, pickup_at=when, **fields))


def told(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


# --- what is offered ---------------------------------------------------------------


async def test_slots_of_a_day_begin_after_the_lead_and_end_with_the_hours(shop):
    await open_from(shop, "11:00", "14:00", days_ahead=2, orders=4)

    answer = await slots(shop)

    assert answer == {
        "order_type": "pickup",
        "timezone": "UTC",
        "day": "2027-09-20",
        "days": ["2027-09-20", "2027-09-21", "2027-09-22"],
        "asap": {
            "is_open": True,
            "quoted_minutes": None,
            "ready_at": None,
            "is_busy": False,
        },
        "data": [
            {
                "starts_at": wall(12, 30),
                "ends_at": wall(13, 0),
                "is_free": True,
                "orders_left": 4,
            },
            {
                "starts_at": wall(13, 0),
                "ends_at": wall(13, 30),
                "is_free": True,
                "orders_left": 4,
            },
            {
                "starts_at": wall(13, 30),
                "ends_at": wall(14, 0),
                "is_free": True,
                "orders_left": 4,
            },
        ],
    }


async def test_a_day_without_slots_shows_none_and_the_first_with_some_is_shown(shop):
    await open_from(shop, "09:00", "11:00", days_ahead=3)

    assert (await slots(shop, day="2027-09-20"))["data"] == []
    first = await slots(shop)
    assert (first["day"], first["days"]) == (
        "2027-09-21",
        ["2027-09-21", "2027-09-22", "2027-09-23"],
    )
    assert [each["starts_at"] for each in first["data"]][:2] == [
        wall(9, 0, 21),
        wall(9, 30, 21),
    ]
    assert first["data"][0]["orders_left"] is None
    assert first["asap"]["is_open"] is False


async def test_a_type_without_slots_has_none_and_tells_of_now(shop):
    await open_from(shop, "11:00", "14:00")
    await settings(shop, prep_minutes=15)

    answer = await slots(shop, order_type="dine_in", day="2027-09-20")

    assert (answer["data"], answer["days"], answer["order_type"]) == ([], [], "dine_in")
    assert answer["asap"] == {
        "is_open": True,
        "quoted_minutes": 15,
        "ready_at": wall(12, 15),
        "is_busy": False,
    }


async def test_hours_over_midnight_belong_to_the_day_they_are_on(shop):
    await open_from(shop, "22:00", "02:00", minutes=60, days_ahead=1)

    tonight = await slots(shop, day="2027-09-20")
    later = await slots(shop, day="2027-09-21")

    assert [s["starts_at"] for s in tonight["data"]] == [wall(22), wall(23)]
    assert [s["starts_at"] for s in later["data"]] == [
        *(wall(0, 0, 21), wall(1, 0, 21)),
        *(wall(22, 0, 21), wall(23, 0, 21)),
    ]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"day": "tomorrow"}, "day"),
        ({"day": "2027-02-30"}, "day"),
        ({"day": "20270920"}, "day"),
        ({"order_type": "catering"}, "order_type"),
    ],
)
async def test_a_bad_day_or_type_is_refused(shop, query, field):
    response = await shop.client.get(f"{API}/restaurants/{shop.id}/slots", params=query)
    assert told(response) == (422, "field.invalid")
    assert response.json()["field"] == field


async def test_days_beyond_all_that_is_offered_are_just_empty(shop):
    await open_from(shop, "11:00", "14:00")
    for day in ("0001-01-01", "9999-12-31"):
        assert (await slots(shop, day=day))["data"] == []


async def test_a_closed_or_paused_restaurant_offers_nothing_before_it_resumes(shop):
    await open_from(shop, "11:00", "14:00", days_ahead=0)
    path = f"{API}/restaurants/{shop.id}/pause"
    body = {"until": wall(13)}
    response = await shop.client.put(path, json=body, headers=shop.wallet.admin)
    assert response.status_code == 200, response.text
    paused = await slots(shop)
    assert [each["starts_at"] for each in paused["data"]] == [wall(13), wall(13, 30)]
    assert paused["asap"]["is_open"] is False

    await settings(shop, is_open=False)
    assert (await slots(shop))["data"] == []


async def test_an_unknown_restaurant_has_no_slots(shop):
    response = await shop.client.get(f"{API}/restaurants/nobody/slots")
    assert told(response) == (404, "restaurant.unknown")


# --- what is taken -----------------------------------------------------------------


async def test_a_chosen_slot_is_kept_with_the_order_and_counted(shop):
    await open_from(shop, "11:00", "14:00", orders=2)

    placed = await place_for(shop, "2027-09-20T15:00:00+02:00")

    order = placed.json()["order"]
    assert (placed.status_code, order["wanted_at"]) == (201, wall(13))
    assert (order["pickup_at"], order["quoted_minutes"]) == (wall(13), None)
    left = [each["orders_left"] for each in (await slots(shop))["data"]]
    assert left == [2, 1, 2]


async def test_the_last_place_is_taken_once_by_twenty_who_want_it(shop):
    await open_from(shop, "11:00", "14:00", orders=3)
    for _ in range(2):
        assert (await place_for(shop, wall(13))).status_code == 201

    answers = await asyncio.gather(*(place_for(shop, wall(13)) for _ in range(20)))

    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(201), statuses.count(409)) == (1, 19)
    assert len(await order_ids(shop.id)) == 3
    refused = next(answer for answer in answers if answer.status_code == 409)
    body = refused.json()
    assert body["code"] == "slot.full"
    assert body["slots"][:2] == [
        {"starts_at": wall(13, 30), "ends_at": wall(14)},
        {"starts_at": wall(11, 0, 21), "ends_at": wall(11, 30, 21)},
    ]
    assert len(body["slots"]) == 5


@pytest.mark.parametrize(
    ("capacity", "fits", "too_much"),
    [
        ({"items": 5}, ("Agua", 2), ("Agua", 3)),
        ({"value": "50.00"}, ("Agua", 2), ("Agua", 3)),
    ],
)
async def test_a_slot_is_full_by_items_or_by_value(shop, capacity, fits, too_much):
    await open_from(shop, "11:00", "14:00", **capacity)
    first = await place_for(shop, wall(13), shop.line("Agua", 3))
    assert first.status_code == 201

    refused = await place_for(shop, wall(13), shop.line(*too_much))
    assert told(refused) == (409, "slot.full")
    assert refused.json()["slots"][0]["starts_at"] == wall(13, 30)
    assert (await place_for(shop, wall(13), shop.line(*fits))).status_code == 201
    data = (await slots(shop))["data"]
    assert [each["is_free"] for each in data] == [True, False, True]


async def test_each_order_type_has_slots_of_its_own(shop):
    await open_from(shop, "11:00", "14:00", orders=1)
    both = [
        {"order_type": name, "minutes": 30, "orders": 1}
        for name in ("pickup", "dine_in")
    ]
    await settings(shop, slots=both)
    assert (await place_for(shop, wall(13))).status_code == 201
    assert (await place_for(shop, wall(13))).status_code == 409
    eaten_in = await place_for(shop, wall(13), order_type="dine_in")
    assert eaten_in.status_code == 201


async def test_an_order_that_is_given_up_frees_its_place(shop, noon):
    await open_from(shop, "11:00", "14:00", orders=1)
    first = (await place_for(shop, wall(13))).json()
    assert (await place_for(shop, wall(13))).status_code == 409  # it is only pending
    response = await shop.client.post(
        f"{API}/orders/{first['order']['id']}/cancel",
        headers={"X-Order-Token": first["order_token"]},
    )
    assert response.status_code == 200

    assert (await place_for(shop, wall(13))).status_code == 201


async def test_finished_orders_keep_their_place(shop, settle):
    await open_from(shop, "11:00", "14:00", orders=1)
    placed = (await place_for(shop, wall(13))).json()
    await settle(placed)
    for status in ("accepted", "ready", "completed"):
        assert (await shop.status(placed["order"]["id"], status)).status_code == 200
        assert told(await place_for(shop, wall(13))) == (409, "slot.full")


async def test_staff_know_what_fits(shop):
    await open_from(shop, "11:00", "14:00", orders=1)
    assert (await place_for(shop, wall(12, 30))).status_code == 201
    for when, status in ((wall(12, 30), 201), (wall(12), 201), (wall(11, 30), 422)):
        cart = shop.cart(pickup_at=when)
        response = await shop.place(cart, **shop.wallet.admin)
        assert response.status_code == status, response.text


# --- what is refused -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "code"),
    [
        (wall(11, 30), "slot.past"),
        (wall(12, 0), "slot.past"),
        ("1999-01-01T00:00:00Z", "slot.past"),
        (wall(12, 40), "slot.unknown"),
        (wall(11, 0, 28), "slot.far"),
        ("8999-01-01T12:00:00Z", "slot.far"),
    ],
)
async def test_a_wrong_time_is_refused_and_nothing_changes(shop, when, code):
    await open_from(shop, "11:00", "14:00", days_ahead=7)
    before = await snapshot(shop.id)

    for ask in (shop.quote, shop.place):
        response = await ask(shop.cart(pickup_at=when))
        assert told(response) == (422, code)
        assert response.json()["field"] == "pickup_at"
    assert await snapshot(shop.id) == before


async def test_hours_that_are_closed_are_refused(shop):
    await open_from(shop, "11:00", "14:00")
    response = await place_for(shop, wall(15))
    assert response.status_code in (409, 422)
    assert response.json()["code"] in ("restaurant.closed", "slot.unknown")


async def test_without_slots_any_open_time_will_do(shop):
    await settings(shop, opening_hours=[hours_of("11:00", "14:00")])

    placed = await place_for(shop, wall(13, 7))
    assert placed.json()["order"]["wanted_at"] == wall(13, 7)
    assert told(await place_for(shop, wall(11, 59))) == (422, "slot.past")
    for far in ("2027-11-20T12:00:00Z", "8999-01-01T12:00:00Z"):
        assert told(await place_for(shop, far)) == (422, "slot.far")


async def test_no_invoice_is_made_for_a_slot_that_is_full(shop):
    await open_from(shop, "11:00", "14:00", orders=1)
    assert (await place_for(shop, wall(13))).status_code == 201
    before = await core_invoices(shop.wallet.id)
    assert told(await place_for(shop, wall(13))) == (409, "slot.full")
    assert await core_invoices(shop.wallet.id) == before


# --- orders for now ------------------------------------------------------------------


async def test_orders_for_now_count_in_their_slot_and_move_on_when_it_is_full(shop):
    await open_from(shop, "11:00", "13:30", orders=1)
    await settings(shop, prep_minutes=10)

    quoted = (await shop.quote()).json()
    assert (quoted["quoted_minutes"], quoted["wanted_at"]) == (10, wall(12, 10))
    orders = [(await shop.placed())["order"] for _ in range(3)]

    times = [(each["quoted_minutes"], each["wanted_at"]) for each in orders]
    assert times == [(10, wall(12, 10)), (30, wall(12, 30)), (60, wall(13))]
    full = await shop.place()
    assert told(full) == (409, "slot.full")
    assert full.json()["slots"][0]["starts_at"] == wall(11, 0, 21)
    asap = (await slots(shop))["asap"]
    assert (asap["is_open"], asap["quoted_minutes"]) == (False, None)
    assert (await shop.quote()).json()["code"] == "slot.full"
    served = await shop.place(**shop.wallet.admin)
    assert served.json()["order"]["wanted_at"] == wall(12, 10)


async def test_orders_for_now_leave_no_room_for_those_who_choose(shop):
    await open_from(shop, "11:00", "14:00", orders=1, lead_minutes=0)
    await settings(shop, prep_minutes=35)
    assert (await shop.placed())["order"]["wanted_at"] == wall(12, 35)
    assert told(await place_for(shop, wall(12, 30))) == (409, "slot.full")


async def test_nothing_is_promised_where_nothing_is_set(shop):
    order = (await shop.placed())["order"]
    assert (order["quoted_minutes"], order["wanted_at"]) == (None, None)


# --- settings ----------------------------------------------------------------------

RULE = {"order_type": "pickup"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"slots": [{**RULE, "minutes": 4}]}, "slots.0.minutes"),
        ({"slots": [{**RULE, "minutes": 241}]}, "slots.0.minutes"),
        ({"slots": [{**RULE, "minutes": 15.5}]}, "slots.0.minutes"),
        ({"slots": [{**RULE, "lead_minutes": -1}]}, "slots.0.lead_minutes"),
        ({"slots": [{**RULE, "days_ahead": 61}]}, "slots.0.days_ahead"),
        ({"slots": [{**RULE, "orders": 0}]}, "slots.0.orders"),
        ({"slots": [{**RULE, "orders": True}]}, "slots.0.orders"),
        ({"slots": [{**RULE, "items": -3}]}, "slots.0.items"),
        ({"slots": [{**RULE, "value": "0"}]}, "slots.0.value"),
        ({"slots": [{**RULE, "value": "-1"}]}, "slots.0.value"),
        ({"slots": [{**RULE, "value": "many"}]}, "slots.0.value"),
        ({"slots": [{**RULE, "value": "1.001"}]}, "slots"),
        ({"slots": [{"minutes": 15}]}, "slots.0.order_type"),
        ({"slots": [{"order_type": "catering"}]}, "slots.0.order_type"),
        ({"slots": None}, "slots"),
        ({"prep_minutes": -1}, "prep_minutes"),
        ({"prep_minutes": 721}, "prep_minutes"),
        ({"prep_minutes": 1.5}, "prep_minutes"),
        (
            {"prep_by_load": [{"from_orders": 0, "minutes": 5}]},
            "prep_by_load.0.from_orders",
        ),
        (
            {"prep_by_load": [{"from_orders": 1, "minutes": 721}]},
            "prep_by_load.0.minutes",
        ),
        (
            {"prep_by_load": [{"from_orders": 5, "minutes": n} for n in (5, 9)]},
            "prep_by_load.1.from_orders",
        ),
        (
            {"prep_by_load": [{"from_orders": n, "minutes": 5} for n in range(1, 22)]},
            "prep_by_load",
        ),
        ({"busy_from_orders": 0}, "busy_from_orders"),
        ({"busy_extra_minutes": -1}, "busy_extra_minutes"),
        ({"busy_extra_minutes": None}, "busy_extra_minutes"),
        ({"accept_within_minutes": 0}, "accept_within_minutes"),
        ({"tab_limit": "-1"}, "tab_limit"),
        ({"tab_limit": "1.001"}, "tab_limit"),
        ({"open_orders_per_address_max": 0}, "open_orders_per_address_max"),
        ({"open_orders_per_device_max": 10_001}, "open_orders_per_device_max"),
    ],
)
async def test_a_wrong_setting_is_refused_and_nothing_changes(shop, body, field):
    before = await snapshot(shop.id)
    response = await shop.client.patch(
        f"{API}/restaurants/{shop.id}", json=body, headers=shop.wallet.admin
    )
    assert told(response) == (422, "field.invalid")
    assert response.json()["field"] == field
    assert await snapshot(shop.id) == before


async def test_two_rules_for_one_order_type_are_refused(shop):
    response = await shop.client.patch(
        f"{API}/restaurants/{shop.id}",
        json={"slots": [RULE, RULE]},
        headers=shop.wallet.admin,
    )
    assert told(response) == (422, "slots.repeated")
    assert response.json()["field"] == "slots"


async def test_settings_are_shown_as_they_are_kept(shop):
    slot = {**RULE, "minutes": 20, "lead_minutes": 0, "days_ahead": 0, "orders": 4}
    changes: dict[str, Any] = {
        "slots": [{**slot, "items": None, "value": "150.5"}],
        "prep_minutes": 0,
        "prep_by_load": [{"from_orders": n, "minutes": n * 5} for n in (1, 4)],
        "busy_from_orders": 9,
        "busy_extra_minutes": 0,
        "accept_within_minutes": 1,
        "tab_limit": "500",
        "open_orders_per_address_max": 1,
        "open_orders_per_device_max": 10_000,
    }
    shown = await settings(shop, **changes)
    assert {name: shown[name] for name in changes} == changes
    undone = await settings(shop, slots=[], prep_minutes=None, busy_from_orders=None)
    assert (undone["slots"], undone["prep_minutes"]) == ([], None)
