"""Settings that were stored once and cannot be read any more: the kitchen runs on."""

from __future__ import annotations

import json
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.edits import change_restaurant
from harness.gift_cards import call
from harness.kitchen import board

pytestmark = pytest.mark.usefixtures("quiet")

WINDOW = {"days": [0], "starts": "10:00", "ends": "11:00", "order_types": []}
SLOTS = {"order_type": "pickup", "minutes": 15, "lead_minutes": 20, "days_ahead": 7}

#: By setting; each round of the test takes one of each, as long as there are some.
RUBBISH = {
    "opening_hours": [
        *("always", None, [7]),
        [{**WINDOW, "starts": "late"}],
        [{**WINDOW, "starts": "25:70", "ends": "26:00"}],
        [{**WINDOW, "days": "all"}],
        [{**WINDOW, "days": [9]}],
        [{**WINDOW, "days": []}],
        [{**WINDOW, "order_types": ["drive_in"]}],
    ],
    "special_days": [
        "Christmas",
        [{"first_day": 20260101, "last_day": None}],
        [{"first_day": "soon", "last_day": "later"}],
    ],
    "slots": [
        *("yes", None, [{"order_type": "drive_in"}], [SLOTS, SLOTS]),
        *([{**SLOTS, "minutes": minutes}] for minutes in (0, -15, "few")),
        *([{**SLOTS, "value": value}] for value in ("much", "-1")),
        *([{**SLOTS, "orders": orders}] for orders in (0, -3)),
        [{**SLOTS, "lead_minutes": -(10**15)}],
        [{**SLOTS, "days_ahead": 10**9}],
    ],
    "timezone": ["Mars/Olympus", 7, None, "", "../etc/passwd"],
    "day_starts_at": ["noon", "99:99", None],
    "last_order_minutes": ["ten", None, -1, 10**9],
    "order_types": [[], ["drive_in"], None],
    "pause": ["a while", {"until": "soon"}, {"until": 10**18}],
    "busy": ["very", {"extra_minutes": "many"}, {"extra_minutes": 10**15}],
    "prep_minutes": ["long", 10**15, -5],
    "prep_by_load": [3, [{"from_orders": "x", "minutes": None}]],
    "busy_from_orders": ["ten", 0],
    "busy_extra_minutes": [None],
    "accept_within_minutes": [0, "soon"],
    "unaccepted": ["shrug"],
    "tabs_at_table": ["perhaps"],
    "tab_limit": ["much"],
    "stock_policy": ["hope", None],
    "reserve_guest_percent": ["half", 0],
    "print_on": ["whenever", None],
    "open_orders_max": ["many", 0, None],
    "open_orders_per_table_max": [0],
    "open_orders_per_address_max": [None, 0],
    "open_orders_per_device_max": ["x", 0],
}
ROUNDS = [
    {name: values[n] for name, values in RUBBISH.items() if n < len(values)}
    for n in range(max(map(len, RUBBISH.values())))
]


async def stored(shop: Any, **values: Any) -> None:
    """Write these settings straight into the database, as nothing of ours would."""
    from restaurant.crud import transaction
    from restaurant.flows.menus import forget_menu

    async with transaction() as conn:
        row = await conn.one(
            "SELECT profile FROM restaurant.restaurants WHERE id = :id", id=shop.id
        )
        await conn.run(
            "UPDATE restaurant.restaurants SET menu_version = menu_version + 1, "
            "profile = :profile WHERE id = :id",
            id=shop.id,
            profile=json.dumps({**json.loads(row["profile"]), **values}),
        )
    forget_menu(shop.id)


@pytest_asyncio.fixture
async def running(shared) -> Any:
    """The module's shop and its `settle`, with the settings that it had before."""
    from restaurant.crud import read

    shop, _ = shared
    async with read() as conn:
        row = await conn.one(
            "SELECT profile FROM restaurant.restaurants WHERE id = :id", id=shop.id
        )
    yield shared
    await stored(shop, **json.loads(row["profile"]))


@pytest.mark.parametrize("rubbish", ROUNDS)
async def test_the_kitchen_runs_on(running, rubbish):
    from restaurant import services
    from restaurant.adapters import system

    shop, settle = running
    await stored(shop, **rubbish)

    for path in ("", "/menu", "/opening", "/slots?order_type=pickup"):
        answer = await call(shop, "GET", f"/restaurants/{shop.id}{path}")
        assert answer.status_code == 200, (path, answer.text)
        told = answer.json().get("opening")
        assert told is None or told["is_open"], path
    assert (await shop.quote()).status_code == 200
    placed = await shop.placed()
    await settle(placed)
    seen = (await board(shop))["orders"][-1]
    assert seen["id"] == placed["order"]["id"]
    await services.watch_unaccepted(system.now())
    assert (await shop.status(seen["id"], "accepted")).status_code == 200
    assert (await shop.status(seen["id"], "completed")).status_code == 200
    listed = await shop.client.get(f"{API}/restaurants", headers=shop.wallet.admin)
    assert listed.status_code == 200
    await change_restaurant(shop, name="Still here")


#: Settings with routes of their own.
BY_ROUTE = ("pause", "busy")


async def test_none_of_it_could_have_been_stored_by_asking(running):
    shop, _ = running
    before = (await call(shop, "GET", f"/restaurants/{shop.id}")).json()
    for name in [name for name in RUBBISH if name not in BY_ROUTE]:
        for value in (*RUBBISH[name], {}, "1.5.", -1, [[]]):
            answer = await call(shop, "PATCH", f"/restaurants/{shop.id}", {name: value})
            told = (answer.status_code, bool(answer.json().get("code")))
            assert told == (422, True), (name, value, answer.text)
            assert answer.json()["field"].startswith(name), (name, value)
    after = (await call(shop, "GET", f"/restaurants/{shop.id}")).json()
    assert after == before
