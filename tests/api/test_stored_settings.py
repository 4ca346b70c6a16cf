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

RUBBISH = [
    {"opening_hours": "always"},
    {"opening_hours": None},
    {"opening_hours": [7]},
    {"opening_hours": [{**WINDOW, "starts": "late"}]},
    {"opening_hours": [{**WINDOW, "starts": "25:70", "ends": "26:00"}]},
    {"opening_hours": [{**WINDOW, "days": "all"}]},
    {"opening_hours": [{**WINDOW, "days": [9]}]},
    {"opening_hours": [{**WINDOW, "days": []}]},
    {"opening_hours": [{**WINDOW, "order_types": ["drive_in"]}]},
    {"special_days": "Christmas"},
    {"special_days": [{"first_day": "soon", "last_day": "later"}]},
    {"special_days": [{"first_day": 20260101, "last_day": None}]},
    {"last_order_minutes": "ten", "opening_hours": [{**WINDOW, "days": [*range(7)]}]},
    {"last_order_minutes": None},
    {"order_types": []},
    {"order_types": ["drive_in"]},
    {"order_types": None},
    {"timezone": "Mars/Olympus"},
    {"timezone": 7},
    {"timezone": None},
    {"timezone": ""},
    {"timezone": "../etc/passwd", "opening_hours": [WINDOW]},
    {"day_starts_at": "noon"},
    {"day_starts_at": "99:99"},
    {"day_starts_at": None},
    {"pause": "a while"},
    {"pause": {"until": "soon", "reason": 7}},
    {"busy": "very"},
    {"busy": {"extra_minutes": "many"}},
    {"slots": "yes"},
    {"slots": None},
    {"slots": [{**SLOTS, "minutes": 0}]},
    {"slots": [{**SLOTS, "minutes": -15}]},
    {"slots": [{**SLOTS, "minutes": "few"}]},
    {"slots": [{**SLOTS, "value": "much"}]},
    {"slots": [{**SLOTS, "value": "-1"}]},
    {"slots": [{**SLOTS, "orders": 0}]},
    {"slots": [{**SLOTS, "orders": -3}]},
    {"slots": [{**SLOTS, "lead_minutes": -(10**15)}]},
    {"slots": [{**SLOTS, "days_ahead": 10**9}]},
    {"slots": [{"order_type": "drive_in"}]},
    {"slots": [SLOTS, SLOTS]},
    {"prep_minutes": "long"},
    {"prep_minutes": 10**15},
    {"prep_minutes": -5},
    {"prep_by_load": 3},
    {"prep_by_load": [{"from_orders": "x", "minutes": None}]},
    {"busy_from_orders": "ten"},
    {"busy_extra_minutes": None},
    {"accept_within_minutes": 0},
    {"accept_within_minutes": "soon"},
    {"unaccepted": "shrug"},
    {"tabs_at_table": "perhaps"},
    {"tab_limit": "much"},
    {"stock_policy": "hope"},
    {"reserve_guest_percent": "half"},
    {"print_on": "whenever"},
    {"open_orders_max": "many"},
    {"open_orders_max": 0},
    {"open_orders_per_address_max": None},
    {"open_orders_per_device_max": "x"},
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


@pytest.mark.parametrize("rubbish", RUBBISH, ids=json.dumps)
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
