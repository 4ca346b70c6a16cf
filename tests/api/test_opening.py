"""Opening hours over HTTP: set, shown, and what they let be ordered."""

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
LUNCH = {"days": EVERY_DAY, "starts": "11:30", "ends": "14:00"}
DINNER = {"days": EVERY_DAY, "starts": "17:00", "ends": "22:00"}
CHRISTMAS = {
    "first_day": "2026-12-24",
    "last_day": "2026-12-26",
    "name": "Christmas",
    "windows": [],
}


def wall(text: str) -> int:
    """The moment (ms) at which clocks in Berlin show this."""
    moment = datetime.fromisoformat(text).replace(tzinfo=BERLIN)
    return int(moment.timestamp() * 1000)


def utc(text: str) -> str:
    """The same as the API writes it."""
    moment = datetime.fromisoformat(text).replace(tzinfo=BERLIN)
    return f"{moment.astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%S}.000Z"


@pytest_asyncio.fixture
async def place(client: Any, make_wallet: Any, clock: Any, set_rate: Any) -> Shop:
    """Open for lunch and dinner, in Berlin; it is a Monday's noon."""
    set_rate("GTQ", 158.635)
    clock.stop(wall("2026-11-23T12:00"))
    return await open_shop(
        client,
        await make_wallet(),
        timezone="Europe/Berlin",
        opening_hours=[LUNCH, DINNER],
        special_days=[CHRISTMAS],
        last_order_minutes=15,
    )


async def patch(shop: Shop, **settings: Any) -> Any:
    return await shop.client.patch(
        f"{API}/restaurants/{shop.id}", json=settings, headers=shop.wallet.admin
    )


async def get(shop: Shop, path: str = "") -> Any:
    response = await shop.client.get(f"{API}/restaurants/{shop.id}{path}")
    assert response.status_code == 200, response.text
    return response.json()


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


# --- what it says -----------------------------------------------------------------


async def test_the_profile_and_the_menu_say_whether_it_is_open(place, clock):
    noon = {
        "is_open": True,
        "reason": None,
        "name": None,
        "opens_at": None,
        "closes_at": utc("2026-11-23T14:00"),
        "last_order_at": utc("2026-11-23T13:45"),
        "resumes_at": None,
        "pause_reason": None,
    }
    assert (await get(place))["opening"] == noon
    assert (await get(place, "/menu"))["opening"] == noon

    clock.stop(wall("2026-11-23T15:00"))

    closed = await get(place)
    assert closed["is_open"] is True  # the switch
    assert closed["opening"]["is_open"] is False
    assert closed["opening"]["reason"] == "hours"
    assert closed["opening"]["opens_at"] == utc("2026-11-23T17:00")
    assert (await get(place, "/menu"))["opening"] == closed["opening"]


async def test_the_menus_tag_changes_when_the_restaurant_closes(place, clock):
    async def tag() -> str:
        response = await place.client.get(f"{API}/restaurants/{place.id}/menu")
        return str(response.headers["etag"])

    noon = await tag()
    clock.stop(wall("2026-11-23T13:44:59"))
    assert await tag() == noon
    clock.stop(wall("2026-11-23T13:45"))  # the last orders
    late = await tag()
    clock.stop(wall("2026-11-23T14:00"))
    assert len({noon, late, await tag()}) == 3


async def test_the_days_are_told_with_their_windows(place, clock):
    shown = await get(place, "/opening?from=2026-12-23&days=2")

    assert shown == {
        "timezone": "Europe/Berlin",
        "opening": (await get(place))["opening"],
        "days": [
            {
                "day": "2026-12-23",
                "name": None,
                "windows": [
                    {
                        "starts_at": utc(f"2026-12-23T{starts}"),
                        "ends_at": utc(f"2026-12-23T{ends}"),
                        "order_types": ["dine_in", "pickup", "delivery"],
                    }
                    for starts, ends in (("11:30", "14:00"), ("17:00", "22:00"))
                ],
            },
            {"day": "2026-12-24", "name": "Christmas", "windows": []},
        ],
    }
    assert [day["day"] for day in (await get(place, "/opening"))["days"]] == [
        f"2026-11-{day}" for day in range(23, 30)
    ]
    by_slug = await place.client.get(f"{API}/restaurants/{place.slug}/opening?days=31")
    assert len(by_slug.json()["days"]) == 31


@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday",
        "from=2026-02-30",
        "from=20260101",
        "from=9999-12-31",
        "from=0001-01-01",
        "days=0",
        "days=32",
        "days=x",
    ],
)
async def test_days_that_are_none_are_refused(place, query):
    response = await place.client.get(f"{API}/restaurants/{place.id}/opening?{query}")

    assert refusal(response) == (422, "field.invalid")
    assert response.json()["field"] == query.split("=")[0]


async def test_an_unknown_restaurant_has_no_opening(place):
    response = await place.client.get(f"{API}/restaurants/nowhere/opening")

    assert refusal(response) == (404, "restaurant.unknown")


# --- what may be ordered ------------------------------------------------------------


async def test_orders_are_taken_while_it_is_open(place, clock):
    assert (await place.quote()).status_code == 200
    await place.placed()

    clock.stop(wall("2026-11-23T13:45"))

    for response in (await place.quote(), await place.place()):
        assert response.status_code == 409
        assert response.json() == {
            "code": "restaurant.closed",
            "detail": "The last orders were taken at 13:45. We open at 17:00.",
            "reason": "last_orders",
            "opens_at": utc("2026-11-23T17:00"),
        }


async def test_a_holiday_says_its_name(place, clock):
    clock.stop(wall("2026-12-25T12:00"))

    body = (await place.place()).json()

    assert (body["code"], body["reason"]) == ("restaurant.closed", "special_day")
    assert body["opens_at"] == utc("2026-12-27T11:30")
    assert body["detail"] == (
        "We are closed at the moment: Christmas. We open on Sunday at 11:30."
    )


async def test_an_order_for_later_is_judged_by_its_time(place, clock):
    clock.stop(wall("2026-11-23T09:00"))
    assert refusal(await place.place()) == (409, "restaurant.closed")

    later = place.cart(pickup_at=utc("2026-11-23T12:00"))
    assert (await place.quote(later)).status_code == 200
    await place.placed(later)

    in_the_break = place.cart(pickup_at=utc("2026-11-23T15:00"))
    response = await place.place(in_the_break)
    assert refusal(response) == (409, "restaurant.closed")
    assert response.json()["opens_at"] == utc("2026-11-23T17:00")


async def test_staff_order_at_any_hour_unless_it_is_switched_off(place, clock):
    clock.stop(wall("2026-11-23T03:00"))
    staff = {"X-Api-Key": place.wallet.adminkey}

    assert (await place.place(**staff)).status_code == 201
    assert refusal(await place.place()) == (409, "restaurant.closed")

    assert (await patch(place, is_open=False)).status_code == 200
    response = await place.place(**staff)
    assert refusal(response) == (409, "restaurant.closed")
    assert response.json()["reason"] == "switched_off"
    assert response.json()["opens_at"] is None


async def test_hours_for_one_order_type_leave_the_others_alone(place, clock):
    delivery = {**DINNER, "order_types": ["delivery"]}
    others = {**LUNCH, "ends": "23:00", "order_types": ["dine_in", "pickup"]}
    done = await patch(place, opening_hours=[delivery, others])
    assert done.status_code == 200, done.text
    wanted = place.cart(order_type="delivery", delivery={"address": "1 Road"})

    response = await place.quote(wanted)

    assert refusal(response) == (409, "restaurant.closed")
    assert response.json()["opens_at"] == utc("2026-11-23T17:00")
    assert (await place.quote(place.cart(order_type="dine_in"))).status_code == 200
    clock.stop(wall("2026-11-23T18:00"))
    assert (await place.quote(wanted)).status_code == 200


async def test_order_types_that_are_not_offered_are_refused(place):
    assert (await patch(place, order_types=["pickup"])).status_code == 200

    for response in (
        await place.quote(place.cart(order_type="dine_in")),
        await place.place(place.cart(order_type="dine_in")),
        await place.place(
            place.cart(order_type="dine_in"), **{"X-Api-Key": place.wallet.adminkey}
        ),
    ):
        assert refusal(response) == (422, "order_type.not_offered")
        assert response.json()["field"] == "order_type"
    assert (await get(place))["order_types"] == ["pickup"]
    await place.placed()


# --- settings -----------------------------------------------------------------------


async def test_hours_are_stored_as_they_were_sent(place):
    shown = await get(place)

    assert shown["opening_hours"] == [
        {**LUNCH, "order_types": []},
        {**DINNER, "order_types": []},
    ]
    assert shown["special_days"] == [CHRISTMAS]
    assert shown["last_order_minutes"] == 15


OVERLAPPING = [LUNCH, {"days": [0], "starts": "13:59", "ends": "15:00"}]


@pytest.mark.parametrize(
    ("setting", "code", "field"),
    [
        ({"opening_hours": OVERLAPPING}, "hours.overlap", "opening_hours"),
        (
            {"special_days": [CHRISTMAS, {**CHRISTMAS, "first_day": "2026-12-26"}]},
            "hours.overlap",
            "special_days",
        ),
        ({"opening_hours": None}, "field.invalid", "opening_hours"),
        ({"opening_hours": [1]}, "field.invalid", "opening_hours.0"),
        ({"opening_hours": {}}, "field.invalid", "opening_hours"),
        (
            {"opening_hours": [{**LUNCH, "days": [0.5]}]},
            "field.invalid",
            "opening_hours.0.days.0",
        ),
        (
            {"opening_hours": [{**LUNCH, "order_types": ["drive_in"]}]},
            "field.invalid",
            "opening_hours.0.order_types.0",
        ),
        (
            {"opening_hours": [{"starts": "10:00", "ends": "11:00"}]},
            "field.invalid",
            "opening_hours.0",
        ),
        (
            {"special_days": [{**CHRISTMAS, "last_day": "2026-12-01"}]},
            "field.invalid",
            "special_days.0.last_day",
        ),
        ({"special_days": [{"first_day": "2026-12-01"}]}, "field.invalid", None),
        ({"last_order_minutes": -1}, "field.invalid", "last_order_minutes"),
        ({"last_order_minutes": 1.5}, "field.invalid", "last_order_minutes"),
        ({"order_types": []}, "field.invalid", "order_types"),
        ({"order_types": ["drive_in"]}, "field.invalid", "order_types.0"),
        ({"timezone": "Atlantis/Capital"}, "field.invalid", "timezone"),
    ],
)
async def test_a_wrong_setting_is_refused_and_closes_nothing(
    place, setting, code, field
):
    before = await get(place)

    response = await patch(place, description="new", **setting)

    assert refusal(response) == (422, code)
    assert response.json()["field"] == field or field is None
    assert await get(place) == before
    await place.placed()


async def test_a_new_restaurant_may_have_hours_at_once_or_is_refused(
    client, make_wallet
):
    body = {"name": "Jay", "currency": "EUR", "opening_hours": OVERLAPPING}

    response = await client.post(
        f"{API}/restaurants", json=body, headers=(await make_wallet()).admin
    )

    assert refusal(response) == (422, "hours.overlap")


async def test_hours_that_cannot_be_read_any_more_count_as_open(place, clock):
    from restaurant.crud import transaction
    from restaurant.flows.menus import forget_menu

    clock.stop(wall("2026-11-23T03:00"))
    assert refusal(await place.place()) == (409, "restaurant.closed")
    async with transaction() as conn:
        await conn.run(
            "UPDATE restaurant.restaurants SET menu_version = menu_version + 1, "
            "profile = REPLACE(profile, 'Europe/Berlin', 'Atlantis/Capital') "
            "WHERE id = :id",
            id=place.id,
        )
    forget_menu(place.id)

    await place.placed()

    assert (await get(place))["opening"]["is_open"] is True
    assert (await get(place, "/opening"))["timezone"] == "Atlantis/Capital"
    assert (await get(place, "/menu"))["opening"]["is_open"] is True
