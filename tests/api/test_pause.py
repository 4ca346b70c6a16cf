"""Staff pauses: no orders for a while, at once and everywhere."""

from __future__ import annotations

from typing import Any

import pytest

from harness import API

NOW = 1_790_000_000_000  # 2026-09-21T14:13:20Z
HOUR = 3_600_000


def moment(at: int) -> str:
    from restaurant.core.times import rfc3339

    return rfc3339(at)


def path(shop: Any) -> str:
    return f"{API}/restaurants/{shop.id}/pause"


async def pause(shop: Any, headers: Any = None, **body: Any) -> Any:
    return await shop.client.put(
        path(shop), json=body, headers=headers or shop.wallet.admin
    )


async def resume(shop: Any) -> Any:
    return await shop.client.delete(path(shop), headers=shop.wallet.admin)


async def opening(shop: Any) -> Any:
    return (await shop.client.get(f"{API}/restaurants/{shop.id}")).json()["opening"]


async def journal(shop: Any) -> list[tuple[str, Any, str]]:
    response = await shop.client.get(
        f"{API}/restaurants/{shop.id}/events?limit=500", headers=shop.wallet.admin
    )
    rows = [row for row in response.json()["data"] if "pause" in row["event"]]
    rows += [row for row in response.json()["data"] if "resume" in row["event"]]
    return [(row["event"], row["payload"], row["actor"]) for row in rows]


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def test_a_pause_stops_orders_for_its_minutes(shop, clock):
    clock.stop(NOW)

    response = await pause(shop, minutes=30, reason="Oven broken")

    assert response.status_code == 200, response.text
    until = moment(NOW + HOUR // 2)
    assert response.json()["pause"] == {"until": until, "reason": "Oven broken"}
    assert await opening(shop) == {
        "is_open": False,
        "reason": "paused",
        "name": None,
        "opens_at": until,
        "closes_at": None,
        "last_order_at": None,
        "resumes_at": until,
        "pause_reason": "Oven broken",
    }
    refused = await shop.quote()
    assert refusal(refused) == (409, "restaurant.closed")
    assert refused.json()["reason"] == "paused"
    assert refused.json()["opens_at"] == until
    assert (await shop.quote(shop.cart(pickup_at=until))).status_code == 200

    clock.stop(NOW + HOUR // 2)

    assert (await opening(shop))["is_open"] is True
    await shop.placed()


async def test_a_pause_holds_back_guests_and_not_staff(shop, clock):
    clock.stop(NOW)
    await pause(shop)

    assert refusal(await shop.place()) == (409, "restaurant.closed")
    staff = await shop.place(**{"X-Api-Key": shop.wallet.adminkey})
    assert staff.status_code == 201, staff.text


async def test_a_pause_without_an_end_waits_for_somebody(shop, clock):
    clock.stop(NOW)

    assert (await pause(shop)).json()["pause"] == {"until": None, "reason": ""}
    shown = await opening(shop)
    assert (shown["opens_at"], shown["resumes_at"]) == (None, None)
    assert shown["pause_reason"] is None
    clock.stop(NOW + 100 * HOUR)
    assert (await opening(shop))["reason"] == "paused"

    resumed = await resume(shop)

    assert resumed.status_code == 200, resumed.text
    assert resumed.json()["pause"] is None
    assert (await opening(shop))["is_open"] is True


async def test_saying_it_again_changes_how_long(shop, clock):
    clock.stop(NOW)
    await pause(shop, minutes=30, reason="Oven")

    again = await pause(shop, until=moment(NOW + 2 * HOUR))

    expected = {"until": moment(NOW + 2 * HOUR), "reason": ""}
    assert again.json()["pause"] == expected


async def test_pausing_and_resuming_are_in_the_journal(shop, clock):
    clock.stop(NOW)
    await pause(shop, minutes=30, reason="Juan is ill")
    await resume(shop)
    await resume(shop)

    assert await journal(shop) == [
        ("restaurant.paused", {"until": moment(NOW + HOUR // 2)}, "owner"),
        ("restaurant.resumed", {}, "owner"),
    ]


async def test_a_pause_that_is_over_is_cleared_in_silence(shop, clock):
    clock.stop(NOW)
    await pause(shop, minutes=30)
    clock.stop(NOW + HOUR)

    assert (await resume(shop)).json()["pause"] is None
    assert [event for event, *_ in await journal(shop)] == ["restaurant.paused"]


async def test_a_pause_changes_the_menu_at_once(shop, clock):
    clock.stop(NOW)
    url = f"{API}/restaurants/{shop.id}/menu"
    before = await shop.client.get(url)

    paused = await pause(shop, minutes=1)

    after = await shop.client.get(url)
    assert before.json()["opening"]["is_open"] is True
    assert after.json()["opening"]["is_open"] is False
    assert after.json()["version"] == paused.json()["version"]
    assert after.headers["etag"] != before.headers["etag"]
    clock.stop(NOW + 60_000)
    resumed = await shop.client.get(url)
    assert resumed.json()["opening"]["is_open"] is True
    assert resumed.headers["etag"] not in (
        before.headers["etag"],
        after.headers["etag"],
    )


async def test_other_settings_leave_the_pause_alone(shop, clock):
    clock.stop(NOW)
    await pause(shop, minutes=30, reason="Oven")

    changed = await shop.client.patch(
        f"{API}/restaurants/{shop.id}",
        json={"description": "New"},
        headers=shop.wallet.admin,
    )

    assert changed.json()["pause"]["reason"] == "Oven"
    assert (await opening(shop))["reason"] == "paused"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": -5}, "minutes"),
        ({"minutes": 10_081}, "minutes"),
        ({"minutes": 1.5}, "minutes"),
        ({"minutes": "30"}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"minutes": 10**30}, "minutes"),
        ({"until": "soon"}, "until"),
        ({"until": 5}, "until"),
        ({"until": "2020-01-01T00:00:00Z"}, "until"),
        ({"until": "2026-09-21T14:13:20.000Z"}, "until"),
        ({"until": "2026-09-29T00:00:00Z"}, "until"),
        ({"until": "9999-12-31T23:59:59Z"}, "until"),
        ({"until": "2026-09-21T15:00:00"}, "until"),
        ({"minutes": 5, "until": "2026-09-21T15:00:00Z"}, "until"),
        ({"reason": 5}, "reason"),
        ({"reason": "x" * 121}, "reason"),
        ({"reason": "a\nb"}, "reason"),
    ],
)
async def test_a_pause_that_makes_no_sense_is_refused(shop, clock, body, field):
    clock.stop(NOW)

    response = await pause(shop, **body)

    assert response.status_code == 422, response.text
    assert response.json()["field"] == field
    assert (await opening(shop))["is_open"] is True


async def test_a_kitchen_screen_may_pause_and_a_printer_may_not(desk, clock):
    clock.stop(NOW)

    for who, expected in (("kds", 200), ("pos", 200), ("printer", 403)):
        response = await desk.call("PUT", f"{desk.path}/pause", {}, who=who)
        assert response.status_code == expected, who
        response = await desk.call("DELETE", f"{desk.path}/pause", who=who)
        assert response.status_code == expected, who
