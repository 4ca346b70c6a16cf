"""Lines that are bumped and taken back, courses that are fired, and the board."""

from __future__ import annotations

from typing import Any

import pytest

from harness.books import snapshot
from harness.kitchen import (
    board,
    cooking,
    fire,
    move,
    moved,
    screen,
    statuses,
    told,
)

pytestmark = pytest.mark.usefixtures("quiet")

DEFAULT = "kitchen"


@pytest.fixture
def two(shop) -> tuple[Any, Any]:
    """A taco for the kitchen and an agua for the bar."""
    return shop.line("Tacos", 1, "Maíz"), shop.line("Agua")


@pytest.fixture
def three_courses(shop) -> list[dict[str, Any]]:
    """Agua at once, tacos second, flan last."""
    return [
        {**shop.line("Agua")},
        {**shop.line("Tacos", 1, "Maíz"), "course": 2},
        {**shop.line("Flan"), "course": 3},
    ]


async def refused(shop, answer) -> tuple[int, str]:
    """What a request that must fail without a trace answers."""
    before = await snapshot(shop.id)
    response = await answer()
    assert response.status_code >= 400, response.text
    assert await snapshot(shop.id) == before
    return response.status_code, response.json()["code"]


# --- lines ---------------------------------------------------------------------


async def test_an_order_is_ready_when_all_its_lines_are_done(shop, two):
    order = await cooking(shop, *two)
    taco, agua = order["items"]

    first = await moved(shop, order, "done", line_ids=[taco["id"]])
    assert (first["status"], statuses(first)) == ("accepted", ["done", "waiting"])
    assert first["items"][0]["done_at"] is not None
    assert first["ready_at"] is None

    last = await moved(shop, order, "done", line_ids=[agua["id"]])
    assert (last["status"], statuses(last)) == ("ready", ["done", "done"])
    assert last["ready_at"] is not None
    assert (await shop.events(order["id"]))[-3:] == [
        *("order.lines", "order.lines", "order.ready")
    ]
    [ready] = await told(shop, order["id"], "order.ready")
    assert ready["actor"] == "owner"


async def test_a_line_that_is_begun_says_when(shop, two):
    order = await cooking(shop, *two)
    taco = [order["items"][0]["id"]]

    begun = (await moved(shop, order, "cooking", line_ids=taco))["items"][0]
    done = (await moved(shop, order, "done", line_ids=taco))["items"][0]
    again = (await moved(shop, order, "cooking", line_ids=taco))["items"][0]
    waiting = (await moved(shop, order, "waiting", line_ids=taco))["items"][0]

    assert begun["started_at"] is not None
    assert begun["done_at"] is None
    assert done["started_at"] == again["started_at"] == begun["started_at"]
    assert done["done_at"] is not None
    assert (again["done_at"], waiting["done_at"]) == (None, None)
    assert waiting["started_at"] is None


async def test_recalling_a_line_takes_a_ready_order_back(shop, two):
    order = await cooking(shop, *two)
    await moved(shop, order, "done")

    back = await moved(shop, order, "cooking", line_ids=[order["items"][0]["id"]])

    assert (back["status"], back["ready_at"]) == ("accepted", None)
    assert statuses(back) == ["cooking", "done"]
    assert [step["status"] for step in back["history"]] == [
        *("accepted", "ready", "accepted")
    ]
    assert (await shop.events(order["id"]))[-2:] == ["order.lines", "order.recalled"]
    assert (await shop.status(order["id"], "accepted")).status_code == 200  # it is


async def test_no_step_by_hand_takes_a_ready_order_back(shop, two):
    order = await cooking(shop, *two)
    await moved(shop, order, "done")

    answer = await refused(shop, lambda: shop.status(order["id"], "accepted"))

    assert answer == (409, "order.step")


async def test_the_same_status_again_changes_and_journals_nothing(shop, two):
    order = await cooking(shop, *two)
    done = await moved(shop, order, "done")
    before = await snapshot(shop.id)

    assert await moved(shop, order, "done") == done
    assert await moved(shop, order, "done", station="bar") == done
    assert await snapshot(shop.id) == before


async def test_the_journal_says_which_lines_and_whose(shop, two):
    order = await cooking(shop, *two)
    taco, agua = (line["id"] for line in order["items"])
    header = await screen(shop, "bar")

    await moved(shop, order, "cooking")
    await moved(shop, order, "done", header, station="bar")

    one, other = await told(shop, order["id"], "order.lines")
    assert one["payload"] == {
        "number": order["number"],
        "station": None,
        "status": "cooking",
        "line_ids": [taco, agua],
    }
    assert other["payload"] == {
        "number": order["number"],
        "station": "bar",
        "status": "done",
        "line_ids": [agua],
    }
    assert other["actor"].startswith("kds:")


async def test_a_screen_moves_the_lines_of_its_own_stations_alone(shop, two):
    order = await cooking(shop, *two)
    taco, agua = (line["id"] for line in order["items"])
    bar, both = await screen(shop, "bar"), await screen(shop)

    for body in (
        {"line_ids": [taco]},
        {"line_ids": [taco, agua]},
        {"station": DEFAULT},
    ):
        answer = await refused(
            shop, lambda body=body: move(shop, order, "done", bar, **body)
        )
        assert answer == (403, "device.stations")

    assert statuses(await moved(shop, order, "done", bar)) == ["waiting", "done"]
    assert statuses(await moved(shop, order, "done", both)) == ["done", "done"]


async def test_a_screen_without_lines_in_an_order_moves_nothing(shop):
    order = await cooking(shop, shop.line("Tacos", 1, "Maíz"))
    bar = await screen(shop, "bar")

    answer = await refused(shop, lambda: move(shop, order, "done", bar))

    assert answer == (403, "device.stations")


async def test_lines_of_orders_that_are_not_cooked_do_not_move(shop, two, settle):
    placed = await shop.placed(shop.cart(*two))
    order = placed["order"]
    assert await refused(shop, lambda: move(shop, order, "done")) == (409, "order.step")

    await settle(placed)
    assert await refused(shop, lambda: move(shop, order, "done")) == (409, "order.step")

    for status in ("accepted", "completed"):
        assert (await shop.status(order["id"], status)).status_code == 200
    answer = await refused(shop, lambda: move(shop, order, "waiting"))
    assert answer == (409, "order.step")


@pytest.mark.parametrize("new", ["ready", "completed"])
async def test_a_step_by_hand_finishes_the_lines(shop, two, new):
    order = await cooking(shop, *two)
    await moved(shop, order, "done", station="bar")

    stepped = (await shop.status(order["id"], new)).json()

    assert (stepped["status"], statuses(stepped)) == (new, ["done", "done"])
    *_, finished = await told(shop, order["id"], "order.lines")
    assert finished["payload"]["line_ids"] == [order["items"][0]["id"]]
    assert (await shop.events(order["id"]))[-2:] == ["order.lines", f"order.{new}"]


async def test_an_order_that_comes_back_is_cooked_anew(shop, two, settle):
    placed = await shop.placed(shop.cart(*two))
    await settle(placed)
    order = placed["order"]
    await shop.status(order["id"], "accepted")
    await moved(shop, order, "done", station="bar")
    await shop.status(order["id"], "canceled")

    path = f"/restaurant/api/v1/orders/{order['id']}/resurrect"
    back = await shop.client.post(path, headers=shop.wallet.admin)

    assert back.json()["status"] == "accepted"
    assert statuses(back.json()) == ["waiting", "waiting"]


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"status": "held"}, "field.invalid", "status"),
        ({"status": "open"}, "field.invalid", "status"),
        ({}, "field.invalid", "status"),
        ({"status": "done", "line_ids": []}, "field.invalid", "line_ids"),
        ({"status": "done", "line_ids": ["x"]}, "line.unknown", "line_ids"),
        ({"status": "done", "line_ids": [5]}, "field.invalid", "line_ids.0"),
        ({"status": "done", "station": "nowhere"}, "station.unknown", "station"),
        ({"status": "done", "station": 5}, "field.invalid", "station"),
    ],
)
async def test_odd_changes_of_lines_are_refused(shop, two, body, code, field):
    from harness.gift_cards import call

    order = await cooking(shop, *two)
    before = await snapshot(shop.id)

    response = await call(shop, "PUT", f"/orders/{order['id']}/lines/status", body)

    found = response.json()
    assert (response.status_code, found["code"], found["field"]) == (422, code, field)
    assert await snapshot(shop.id) == before


async def test_a_named_line_of_another_station_is_a_contradiction(shop, two):
    order = await cooking(shop, *two)
    body = {"line_ids": [order["items"][0]["id"]], "station": "bar"}

    answer = await refused(shop, lambda: move(shop, order, "done", **body))

    assert answer == (422, "station.unknown")


# --- courses -------------------------------------------------------------------


async def test_later_courses_are_held_until_they_are_fired(shop, three_courses):
    order = await cooking(shop, *three_courses)
    assert statuses(order) == ["waiting", "held", "held"]
    assert len(await shop.jobs(order["id"])) == 1

    fired = (await fire(shop, order, 2)).json()

    assert statuses(fired) == ["waiting", "waiting", "held"]
    [entry] = await told(shop, order["id"], "order.fired")
    assert entry["payload"] == {
        "number": order["number"],
        "course": 2,
        "line_ids": [order["items"][1]["id"]],
    }
    jobs = await shop.jobs(order["id"])
    stations = sorted(job["station"] for job in jobs)
    assert stations == sorted(["bar", order["items"][1]["station"]])
    [second] = [job for job in jobs if job["station"] != "bar"]
    lines = second["content"]["document"]["lines"]
    assert [line["name"] for line in lines] == ["Tacos"]


async def test_firing_twice_changes_nothing(shop, three_courses):
    order = await cooking(shop, *three_courses)
    fired = (await fire(shop, order, 2)).json()
    before = await snapshot(shop.id)

    again = await fire(shop, order, 2)
    first = await fire(shop, order, 1)

    assert (again.status_code, again.json()) == (200, fired)
    assert (first.status_code, first.json()) == (200, fired)
    assert await snapshot(shop.id) == before


@pytest.mark.parametrize("course", [4, 0, -1, 10**30])
async def test_a_course_that_the_order_has_not_is_refused(shop, three_courses, course):
    order = await cooking(shop, *three_courses)

    answer = await refused(shop, lambda: fire(shop, order, course))

    assert answer == (422, "course.unknown")


async def test_what_is_held_cannot_be_bumped(shop, three_courses):
    order = await cooking(shop, *three_courses)
    held = [order["items"][1]["id"]]

    for status in ("done", "cooking", "waiting"):
        answer = await refused(
            shop, lambda status=status: move(shop, order, status, line_ids=held)
        )
        assert answer == (409, "line.held")
    station = order["items"][1]["station"]
    answer = await refused(shop, lambda: move(shop, order, "done", station=station))
    assert answer == (409, "line.held")
    for new in ("ready", "completed"):
        answer = await refused(shop, lambda new=new: shop.status(order["id"], new))
        assert answer == (409, "line.held")


async def test_an_order_with_held_lines_is_not_ready(shop, three_courses):
    order = await cooking(shop, *three_courses)

    some = await moved(shop, order, "done")  # all that was called for
    assert (some["status"], statuses(some)) == ("accepted", ["done", "held", "held"])

    for course in (2, 3):
        await fire(shop, order, course)
        some = await moved(shop, order, "done")
    assert (some["status"], statuses(some)) == ("ready", ["done", "done", "done"])


async def test_only_what_is_cooked_is_fired(shop, three_courses):
    order = await cooking(shop, *three_courses)
    await shop.status(order["id"], "canceled")

    assert await refused(shop, lambda: fire(shop, order, 2)) == (409, "order.step")


# --- the board -----------------------------------------------------------------


async def test_the_board_shows_what_is_to_be_cooked(shop, three_courses):
    order = await cooking(shop, *three_courses, table="7", covers=2, note="quick")
    await moved(shop, order, "done", station="bar")

    found = await board(shop)

    kitchen = order["items"][1]["station"]
    assert found["stations"] == [
        {"name": "bar", "waiting": 0, "cooking": 0, "done": 1},
        {"name": kitchen, "waiting": 0, "cooking": 0, "done": 0},
    ]
    [shown] = found["orders"]
    lines = shown.pop("lines")
    now = await shop.order(order["id"])
    assert shown == {
        **{name: now[name] for name in ("id", "number", "order_type", "created_at")},
        **{name: now[name] for name in ("accepted_at", "wanted_at", "promised_at")},
        "status": "accepted",
        "table": "7",
        "customer_name": None,
        "covers": 2,
        "note": "quick",
        "flags": [],
        "server_id": None,
        "paid_at": None,
        "ready_at": None,
        "alert_level": 0,
        "accept_by": None,
        "is_late": False,
        "rounds": 1,
        "courses": [
            {"course": 1, "state": "done"},
            {"course": 2, "state": "held"},
            {"course": 3, "state": "held"},
        ],
        "stations": [
            {"station": "bar", "done": 1, "total": 1},
            {"station": kitchen, "done": 0, "total": 2},
        ],
    }
    assert statuses({"lines": lines}) == ["done", "held", "held"]
    assert lines[1] == {
        "id": order["items"][1]["id"],
        "name": "Tacos",
        "quantity": 1,
        "note": None,
        "guest": None,
        "station": kitchen,
        "status": "held",
        "course": 2,
        "started_at": None,
        "done_at": None,
        "allergens": ["corn"],
        "modifiers": [{"name": "Maíz", "quantity": 1}],
    }


async def test_a_station_sees_its_own_lines_and_orders(shop, two):
    both = await cooking(shop, *two)
    food = await cooking(shop, two[0])
    await cooking(shop, two[1])
    kitchen = both["items"][0]["station"]

    found = await board(shop, f"?station={kitchen}")

    assert [order["id"] for order in found["orders"]] == [both["id"], food["id"]]
    assert [load["name"] for load in found["stations"]] == [kitchen]
    assert found["stations"][0]["waiting"] == 2
    shown = found["orders"][0]
    assert [line["station"] for line in shown["lines"]] == [kitchen]
    assert [share["station"] for share in shown["stations"]] == [kitchen, "bar"]


async def test_a_screen_sees_its_own_stations_and_asks_for_no_others(shop, two):
    order = await cooking(shop, *two)
    bar, every = await screen(shop, "bar", "terrace"), await screen(shop)

    own = await board(shop, "", bar)
    part = await board(shop, "?station=terrace", bar)
    whole = await board(shop, "", every)

    assert [load["name"] for load in own["stations"]] == ["bar", "terrace"]
    assert [line["name"] for line in own["orders"][0]["lines"]] == ["Agua"]
    assert part["orders"] == []
    assert len(whole["orders"][0]["lines"]) == 2
    response = await shop.client.get(
        f"/restaurant/api/v1/restaurants/{shop.id}/kitchen"
        f"?station=bar&station={order['items'][0]['station']}",
        headers=bar,
    )
    assert (response.status_code, response.json()["code"]) == (403, "device.stations")


async def test_the_board_has_paid_accepted_and_ready_orders(shop, two, settle):
    await shop.placed(shop.cart(*two))  # waits for its money
    paid = await shop.placed(shop.cart(*two))
    await settle(paid)
    accepted = await cooking(shop, *two)
    ready = await cooking(shop, *two)
    await moved(shop, ready, "done")
    over = await cooking(shop, *two)
    await shop.status(over["id"], "completed")

    found = (await board(shop))["orders"]

    assert [(order["id"], order["status"]) for order in found] == [
        (paid["order"]["id"], "paid"),
        (accepted["id"], "accepted"),
        (ready["id"], "ready"),
    ]


async def test_the_board_goes_by_when_orders_are_wanted(shop, two, clock):
    from restaurant.core.times import rfc3339

    now = clock()
    later = await cooking(shop, *two, pickup_at=rfc3339(now + 7_200_000))
    sooner = await cooking(shop, *two, pickup_at=rfc3339(now + 3_600_000))
    at_once = await cooking(shop, *two)

    found = (await board(shop))["orders"]

    assert [order["id"] for order in found] == [
        *(at_once["id"], sooner["id"], later["id"])
    ]


async def test_an_order_past_its_promise_is_late(shop, two, settle, clock):
    clock.stop()
    orders = []
    for _ in range(2):
        placed = await shop.placed(shop.cart(*two))
        await settle(placed)
        orders.append(placed["order"])
        await shop.status(placed["order"]["id"], "accepted", promised_minutes=10)
    clock.forward(600)
    await moved(shop, orders[0], "done")
    assert [order["is_late"] for order in (await board(shop))["orders"]] == [False] * 2

    clock.forward(1)

    found = {order["id"]: order["is_late"] for order in (await board(shop))["orders"]}
    assert found == {orders[0]["id"]: False, orders[1]["id"]: True}


async def test_the_board_is_read_in_a_few_statements(shop, two, monkeypatch):
    from restaurant.crud import Conn

    for _ in range(5):
        await cooking(shop, *two)
    asked = []
    run = Conn.all

    async def counted(conn, query, **values):
        asked.append(query)
        return await run(conn, query, **values)

    monkeypatch.setattr(Conn, "all", counted)
    await board(shop)

    assert len(asked) == 3
