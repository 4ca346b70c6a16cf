"""How long orders take: fixed, by load, longer when busy; said before paying."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from harness import API
from harness.books import snapshot
from harness.shop import Shop

NOON = datetime(2027, 9, 20, 12, 0, tzinfo=timezone.utc)
LATER = 6  # seconds after which a quote looks at the kitchen anew


@pytest.fixture(autouse=True)
def noon(clock: Any) -> Any:
    """It is noon, until a test says otherwise."""
    clock.stop(int(NOON.timestamp() * 1000))
    return clock


async def settings(shop: Shop, **changes: Any) -> None:
    response = await shop.client.patch(
        f"{API}/restaurants/{shop.id}", json=changes, headers=shop.wallet.admin
    )
    assert response.status_code == 200, response.text


async def say_busy(shop: Shop, body: dict[str, Any] | None) -> Any:
    path = f"{API}/restaurants/{shop.id}/busy"
    admin = shop.wallet.admin
    if body is None:
        return await shop.client.delete(path, headers=admin)
    return await shop.client.put(path, json=body, headers=admin)


async def quoted(shop: Shop, **fields: Any) -> tuple[int | None, str | None, bool]:
    answer = (await shop.quote(shop.cart(**fields))).json()
    return answer["quoted_minutes"], answer["wanted_at"], answer["is_busy"]


async def events(shop: Shop) -> list[dict[str, Any]]:
    path = f"{API}/restaurants/{shop.id}/events?limit=500"
    page = (await shop.client.get(path, headers=shop.wallet.admin)).json()
    return [e for e in page["data"] if e["event"].startswith("restaurant.")][1:]


def at(minute: int) -> str:
    return f"2027-09-20T12:{minute:02d}:00.000Z"


# --- by hand --------------------------------------------------------------------


async def test_busy_by_hand_is_told_before_paying_kept_and_ends_by_itself(shop, noon):
    await settings(shop, prep_minutes=15)
    assert await quoted(shop) == (15, at(15), False)

    response = await say_busy(shop, {"extra_minutes": 20, "minutes": 30})

    assert response.status_code == 200
    assert response.json()["busy"] == {"extra_minutes": 20, "until": at(30)}
    assert await quoted(shop) == (35, at(35), True)
    order = (await shop.placed())["order"]
    assert (order["quoted_minutes"], order["wanted_at"]) == (35, at(35))
    noon.forward(30 * 60)
    assert await quoted(shop) == (15, at(45), False)
    assert (await shop.order(order["id"]))["wanted_at"] == at(35)


async def test_busy_without_an_end_lasts_until_somebody_says_so(shop):
    shown = await say_busy(shop, {"extra_minutes": 20})
    assert shown.json()["busy"] == {"extra_minutes": 20, "until": None}
    assert await quoted(shop) == (20, at(20), True)

    ended = await say_busy(shop, None)

    assert (ended.status_code, ended.json()["busy"]) == (200, None)
    assert ended.json()["version"] == shown.json()["version"] + 1
    assert await quoted(shop) == (None, None, False)


async def test_busy_until_a_time_in_any_zone(shop):
    body = {"extra_minutes": 5, "until": "2027-09-20T06:45:00-06:00"}
    assert (await say_busy(shop, body)).json()["busy"]["until"] == at(45)


async def test_the_journal_tells_who_was_busy_and_the_same_again_is_no_news(shop):
    for body in ({"extra_minutes": 20}, {"extra_minutes": 20}, None, None):
        assert (await say_busy(shop, body)).status_code == 200

    told = [(e["event"], e["actor"], e["payload"]) for e in await events(shop)]

    assert [each for each in told if "busy" in each[0]] == [
        ("restaurant.busy", "owner", {"extra_minutes": 20, "until": None}),
        ("restaurant.not_busy", "owner", {}),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "extra_minutes"),
        ({"extra_minutes": 0}, "extra_minutes"),
        ({"extra_minutes": 1.5}, "extra_minutes"),
        ({"extra_minutes": True}, "extra_minutes"),
        ({"extra_minutes": "5"}, "extra_minutes"),
        ({"extra_minutes": 721}, "extra_minutes"),
        ({"extra_minutes": 5, "minutes": 0}, "minutes"),
        ({"extra_minutes": 5, "minutes": 1441}, "minutes"),
        ({"extra_minutes": 5, "until": at(0)}, "until"),
        ({"extra_minutes": 5, "until": "soon"}, "until"),
        ({"extra_minutes": 5, "minutes": 5, "until": at(5)}, "until"),
    ],
)
async def test_a_wrong_busy_time_is_refused_and_nothing_changes(shop, body, field):
    before = await snapshot(shop.id)
    response = await say_busy(shop, body)
    assert (response.status_code, response.json()["code"]) == (422, "field.invalid")
    assert response.json()["field"] == field
    assert await snapshot(shop.id) == before


async def test_slots_begin_later_while_the_kitchen_is_busy(shop):
    rule = {"order_type": "pickup", "minutes": 15, "lead_minutes": 15}
    await settings(shop, slots=[rule])
    path = f"{API}/restaurants/{shop.id}/slots"

    async def first() -> str:
        return (await shop.client.get(path)).json()["data"][0]["starts_at"]

    assert await first() == at(15)
    await say_busy(shop, {"extra_minutes": 20})
    assert await first() == at(45)
    soon = await shop.place(shop.cart(pickup_at=at(30)))
    assert (soon.status_code, soon.json()["code"]) == (422, "slot.past")


# --- by load --------------------------------------------------------------------


async def test_orders_in_the_kitchen_make_the_next_one_take_longer(shop, settle, noon):
    steps = [{"from_orders": n, "minutes": m} for n, m in ((1, 20), (2, 30))]
    await settings(shop, prep_minutes=10, prep_by_load=steps)

    first, second, third = [await shop.placed() for _ in range(3)]
    assert first["order"]["quoted_minutes"] == 10
    assert third["order"]["quoted_minutes"] == 10  # nobody paid yet
    await settle(first)
    assert (await shop.placed())["order"]["quoted_minutes"] == 20
    await settle(second)
    noon.forward(LATER)
    assert (await quoted(shop))[0] == 30
    assert (await shop.placed())["order"]["quoted_minutes"] == 30
    for status in ("accepted", "ready"):
        assert (await shop.status(first["order"]["id"], status)).status_code == 200
    noon.forward(LATER)
    assert (await quoted(shop))[0] == 20
    assert (await quoted(shop))[2] is False


async def test_a_quote_may_be_seconds_old_an_order_never_is(shop, settle):
    steps = [{"from_orders": 1, "minutes": 25}]
    await settings(shop, prep_minutes=10, prep_by_load=steps)
    assert (await quoted(shop))[0] == 10
    await settle(await shop.placed())

    assert (await quoted(shop))[0] == 10
    assert (await shop.placed())["order"]["quoted_minutes"] == 25


async def test_many_orders_make_the_kitchen_busy_by_itself(shop, settle, noon):
    await settings(shop, prep_minutes=10, busy_from_orders=1, busy_extra_minutes=12)
    assert await quoted(shop) == (10, at(10), False)
    await settle(await shop.placed())
    noon.forward(60)
    assert await quoted(shop) == (22, at(23), True)


async def test_what_is_wanted_much_later_is_no_load_yet(shop, settle, noon):
    await settings(shop, prep_minutes=10, busy_from_orders=1, busy_extra_minutes=12)
    await settle(await shop.placed(shop.cart(pickup_at="2027-09-20T15:00:00Z")))
    assert await quoted(shop) == (10, at(10), False)
    noon.forward(2 * 3600)
    assert (await quoted(shop))[0] == 22


# --- a time that the guest chose ------------------------------------------------


async def test_a_chosen_time_is_wanted_and_nothing_is_promised_beside_it(shop):
    await settings(shop, prep_minutes=10)
    await say_busy(shop, {"extra_minutes": 20})
    assert await quoted(shop, pickup_at=at(45)) == (None, at(45), False)
    order = (await shop.placed(shop.cart(pickup_at=at(45))))["order"]
    assert (order["quoted_minutes"], order["wanted_at"]) == (None, at(45))


async def test_being_busy_in_between_does_not_stop_an_order(shop):
    """The settings moved on between quote and order; the price did not."""
    quote_id = (await shop.quote()).json()["quote_id"]
    await say_busy(shop, {"extra_minutes": 20})
    order = (await shop.placed(shop.cart(quote_id=quote_id)))["order"]
    assert order["quoted_minutes"] == 20
