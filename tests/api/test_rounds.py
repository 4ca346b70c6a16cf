"""Rounds: more for an order that was sent, by staff and by the guests of a tab."""

from __future__ import annotations

import pytest
import pytest_asyncio

from harness.books import snapshot
from harness.edits import change_item, change_restaurant, check_sums, told
from harness.gift_cards import call
from harness.tabs import a_table, add, added, code, fresh_key, open_tab, pay

TACOS = ("Tacos", 1, "Maíz")

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture
async def table(shop):
    return await a_table(shop, "5")


@pytest_asyncio.fixture
async def tab(shop, table):
    """A guest's tab of one Agua (10.00)."""
    return await open_tab(shop, table)


async def journal(shop, order_id, event):
    path = f"/restaurants/{shop.id}/events?limit=500"
    rows = (await call(shop, "GET", path)).json()["data"]
    return [r for r in rows if (r["order_id"], r["event"]) == (order_id, event)]


async def test_a_guest_adds_a_round_to_their_tab(shop, tab):
    line = {**shop.line("Flan", 2), "note": "two spoons", "guest": "Ana"}

    order = await added(shop, tab.id, shop.line(*TACOS), line, who=tab.guest)

    check_sums(order)
    assert (order["status"], order["total"], order["due"]) == (
        *("accepted", "115.00", "115.00"),
    )
    assert order["revision"] == 2
    old, tacos, flan = order["items"]
    assert old == tab.order["items"][0]
    assert (tacos["status"], tacos["modifiers"][0]["name"]) == ("waiting", "Maíz")
    assert (flan["note"], flan["guest"], flan["quantity"]) == ("two spoons", "Ana", 2)
    assert told(order) == [
        ("added", "Tacos", None, "1"),
        ("added", "Flan", None, "2"),
        ("total", None, "10.00", "115.00"),
    ]
    [entry] = await journal(shop, tab.id, "order.edited")
    assert entry["actor"] == "guest"
    assert entry["payload"]["added"] == [tacos["id"], flan["id"]]
    assert entry["payload"]["removed"] == []


async def test_a_round_takes_from_the_shelf_and_prints_what_is_new(shop, tab):
    order = await added(shop, tab.id, shop.line("Flan"), who=tab.guest)

    assert await shop.stock("Flan") == 2
    jobs = {job["station"]: job for job in await shop.jobs(tab.id)}
    assert set(jobs) == {"bar", "kitchen"}
    assert len(await shop.jobs(tab.id)) == 2
    assert [line["name"] for line in order["items"]] == ["Agua", "Flan"]


async def test_a_round_is_priced_today_and_the_old_lines_as_they_were(
    shop, tab, set_rate, clock
):
    await change_item(shop, "Agua", price="12.00")
    set_rate("GTQ", 170)
    clock.forward(60)

    order = await added(shop, tab.id, shop.line("Agua"), who=tab.guest)

    assert [line["price"] for line in order["items"]] == ["10.00", "12.00"]
    assert order["rates"] == {"GTQ": "158.635"}
    assert order["total"] == "22.00"
    check_sums(order)


async def test_the_same_key_is_the_same_round(shop, tab):
    headers = fresh_key(tab.guest)
    path, body = f"/orders/{tab.id}/items", {"items": [shop.line("Agua")]}

    first = await call(shop, "POST", path, body, headers)
    again = await call(shop, "POST", path, body, headers)
    other = {"items": [shop.line("Agua", 2)]}
    mismatch = await call(shop, "POST", path, other, headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert code(mismatch) == (422, "idempotency.mismatch")
    assert (await shop.order(tab.id))["revision"] == 2


async def test_staff_add_to_any_order_that_was_sent(shop, settle):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    assert code(await add(shop, order_id, shop.line("Agua"))) == (409, "order.edit")
    await settle(placed)
    assert code(await add(shop, order_id, shop.line("Agua"))) == (409, "order.edit")
    await shop.status(order_id, "accepted")

    order = await added(shop, order_id, {**shop.line("Flan"), "course": 2})

    assert (order["status"], order["flags"]) == ("accepted", ["underpaid"])
    assert (order["standing"], order["due"]) == ("part_paid", "30.00")
    assert (order["items"][1]["course"], order["items"][1]["status"]) == (2, "held")
    order = await pay(shop, order_id)
    assert (order["due_msat"], order["flags"]) == (0, [])


async def test_a_round_on_a_ready_order_is_cooked(shop, tab):
    await shop.status(tab.id, "ready")

    order = await added(shop, tab.id, shop.line("Flan"), who=tab.guest)

    assert (order["status"], order["ready_at"]) == ("accepted", None)
    assert [line["status"] for line in order["items"]] == ["done", "waiting"]
    assert "order.recalled" in await shop.events(tab.id)
    assert order["history"][-1]["status"] == "accepted"


async def test_who_may_not(shop, tab, settle):
    placed = await shop.placed()
    await settle(placed)
    order_id = placed["order"]["id"]
    await shop.status(order_id, "accepted")
    guest = {"X-Order-Token": placed["order_token"]}
    agua = shop.line("Agua")
    before = await snapshot(shop.id)

    no_tab = await add(shop, order_id, agua, who=guest)
    course = await add(shop, tab.id, {**agua, "course": 2}, who=tab.guest)

    assert code(no_tab) == (403, "tab.forbidden")
    assert code(course) == (403, "course.forbidden")
    assert await snapshot(shop.id) == before
    await change_restaurant(shop, tabs_at_table=False)
    assert code(await add(shop, tab.id, agua, who=tab.guest)) == (403, "tab.forbidden")
    assert (await add(shop, tab.id, agua)).status_code == 201


async def test_at_a_closed_restaurant_staff_still_may(shop, tab):
    await change_restaurant(shop, is_open=False)

    closed = await add(shop, tab.id, shop.line("Agua"), who=tab.guest)

    assert code(closed) == (409, "restaurant.closed")
    assert (await add(shop, tab.id, shop.line("Agua"))).status_code == 201


async def test_a_tab_goes_up_to_its_limit(shop, tab):
    await change_restaurant(shop, tab_limit="50.00")

    fits = await add(shop, tab.id, shop.line("Agua", 4), who=tab.guest)
    above = await add(shop, tab.id, shop.line("Agua"), who=tab.guest)

    assert fits.status_code == 201
    assert code(above) == (409, "tab.limit")
    facts = above.json()
    assert (facts["limit"], facts["due"]) == ("50.00", "60.00")
    assert (await add(shop, tab.id, shop.line("Agua"))).json()["due"] == "60.00"
    await pay(shop, tab.id, amount="30.00")
    again = await add(shop, tab.id, shop.line("Agua"), who=tab.guest)
    assert again.json()["due"] == "40.00"


async def test_what_is_sold_out_is_not_added(shop, tab):
    before = await snapshot(shop.id)

    response = await add(
        shop, tab.id, shop.line("Agua"), shop.line("Flan", 4), who=tab.guest
    )

    assert response.json()["code"] == "stock.short"
    assert await snapshot(shop.id) == before
    await change_item(shop, "Agua", is_available=False)
    response = await add(
        shop, tab.id, shop.line("Flan"), shop.line("Agua"), who=tab.guest
    )
    assert code(response) == (422, "item.unavailable")
    assert response.json()["line"] == 1


async def test_a_round_on_an_order_that_was_seen_differently(shop, tab):
    line = shop.line("Agua")
    assert (await add(shop, tab.id, line, revision=1)).status_code == 201

    stale = await add(shop, tab.id, line, revision=1)

    assert code(stale) == (409, "order.changed")
    assert stale.json()["revision"] == 2


async def test_after_the_end_there_are_no_rounds(shop, tab):
    await pay(shop, tab.id)
    await shop.status(tab.id, "completed")

    response = await add(shop, tab.id, shop.line("Agua"), who=tab.guest)

    assert code(response) == (409, "order.edit")


BAD = [
    ({}, "field.invalid"),
    ({"items": []}, "cart.lines"),
    ({"items": "all"}, "field.invalid"),
    ({"items": [{}]}, "field.invalid"),
    ({"items": [{"menu_item_id": "none", "quantity": 1}]}, "item.unknown"),
    ({"items": [{"quantity": 1}]}, "line.item"),
    ({"items": [{"menu_item_id": "none", "quantity": 0}]}, "line.quantity"),
    ({"items": [{"menu_item_id": "none", "quantity": 1.5}]}, "field.invalid"),
    ({"items": [{"menu_item_id": "none", "quantity": "1"}]}, "field.invalid"),
    ({"items": [{"combo_id": "none", "quantity": 1}]}, "combo.unknown"),
]


@pytest.mark.parametrize(("body", "expected"), BAD)
async def test_bad_rounds_change_nothing(shop, tab, body, expected):
    before = await snapshot(shop.id)

    response = await call(
        shop, "POST", f"/orders/{tab.id}/items", body, fresh_key(tab.guest)
    )

    assert code(response) == (422, expected)
    assert await snapshot(shop.id) == before
