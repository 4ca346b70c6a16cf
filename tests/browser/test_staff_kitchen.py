"""The kitchen's board, lines that move, orders that nobody accepts, the door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser.staff import DESKTOP, MENU, PHONE, Desk, StaffPage, open_desk
from harness.server import Server


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    return open_desk(server, MENU)


@pytest.fixture(scope="module")
def opened(browser: Browser, desk: Desk) -> Iterator[StaffPage]:
    staff = StaffPage(browser, desk.wallet, desk.server.url)
    staff.open()
    yield staff
    staff.context.close()


@pytest.fixture
def staff(opened: StaffPage) -> StaffPage:
    """The page, which stays open from test to test as it does at work."""
    opened.page.set_viewport_size(DESKTOP)
    if opened.dialog().count():
        opened.open()
    opened.go("Orders")
    return opened


def cooking(desk: Desk, *names: str, **cart: Any) -> dict[str, Any]:
    """An order that staff placed: the kitchen has it, and it is due."""
    placed = desk.place(*names, payment_method="cash", **cart)
    order: dict[str, Any] = placed["order"]
    return order


def with_courses(desk: Desk) -> dict[str, Any]:
    """Tacos first, lemonade when somebody calls for it."""
    body = {
        "restaurant_id": desk.id,
        "items": [desk.line("Tacos"), {**desk.line("Lemonade"), "course": 2}],
        "payment_method": "cash",
    }
    order: dict[str, Any] = desk.once("/orders", body)["order"]
    return order


def press(where: Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).click()


def cook(staff: StaffPage, order: dict[str, Any]) -> Locator:
    """Its card on the cooks' board."""
    number = order["number"]
    return staff.column("cooks").locator(f"[data-order='{number}']")


def line(card: Locator, name: str) -> Locator:
    return card.locator(".rs-cook-line").filter(has_text=name)


def states(desk: Desk, order: dict[str, Any]) -> list[str]:
    return [each["status"] for each in desk.look(order)["items"]]


def test_the_last_line_makes_an_order_ready_and_may_be_taken_back(staff, desk):
    order = cooking(desk, "Tacos", "Lemonade")
    card = staff.column("kitchen").locator(staff.card(order["number"]))
    press(card, "Tacos is done")
    expect(card.get_by_label("Tacos is not done yet")).to_be_visible()
    press(card, "Lemonade is done")

    ready = staff.column("ready").locator(staff.card(order["number"]))
    expect(ready).to_be_visible()
    assert desk.look(order)["status"] == "ready"

    press(ready, "Lemonade is not done yet")
    expect(card).to_be_visible()
    assert states(desk, order) == ["done", "waiting"]


def test_an_order_is_accepted_with_the_minutes_that_it_takes(staff, desk):
    order = desk.order("Lemonade")
    card = staff.card(order["number"])
    press(card, "20 min")
    cooks = staff.column("kitchen").locator(card)
    expect(cooks).to_contain_text("Promised for")
    accepted = desk.look(order)
    assert accepted["status"] == "accepted"
    assert accepted["promised_at"] > accepted["accepted_at"]
    staff.go("Kitchen")
    expect(cook(staff, order)).to_contain_text("min left")


def test_an_order_is_rejected_with_a_reason_for_its_guest(staff, desk):
    order = desk.order("Lemonade")
    press(staff.card(order["number"]), "Reject")
    staff.dialog().get_by_label("Why? The guest reads this.").fill("No lemons today.")
    press(staff.dialog(), "Reject")
    expect(staff.column("new").locator(staff.card(order["number"]))).to_have_count(0)
    rejected = desk.look(order)
    assert rejected["status"] == "canceled"
    assert rejected["cancel_reason"] == "No lemons today."


def test_who_waits_too_long_is_called_out_on_every_page_until_accepted(staff, desk):
    first, second = desk.order("Lemonade"), desk.order("Tacos")
    staff.go("Tables")
    alarm = staff.page.locator(".rs-alarm")
    expect(alarm).to_contain_text("Orders that nobody has accepted: 2")
    called = "window.restaurantStaff.chime.state.called"
    before = staff.page.evaluate(called)
    assert before >= 1
    assert staff.page.evaluate("window.restaurantStaff.chime.state.level") == 1

    staff.page.set_viewport_size(PHONE)
    press(alarm, f"Show order {first['number']}")
    card = staff.card(first["number"])
    expect(card).to_be_in_viewport()
    expect(card).to_contain_text("Nobody has accepted this order yet")
    press(card, "Accept")
    expect(alarm).to_contain_text("Orders that nobody has accepted: 1")
    press(staff.card(second["number"]), "Accept")
    expect(alarm).to_have_count(0)
    assert staff.page.evaluate("window.restaurantStaff.chime.state.level") == 0
    staff.page.set_viewport_size(DESKTOP)


def test_cooks_see_their_station_and_a_tap_on_a_line_says_done(staff, desk):
    order = cooking(desk, "Tacos", "Lemonade", note="Birthday")
    other = cooking(desk, "Lemonade")
    staff.go("Kitchen")
    card = cook(staff, order)
    expect(card).to_contain_text("kitchen 0/1")
    expect(card).to_contain_text("bar 0/1")
    expect(card).to_contain_text("Birthday")

    station = staff.page.locator("[data-station=kitchen]")
    station.click()
    expect(cook(staff, other)).to_have_count(0)
    expect(line(card, "Lemonade")).to_have_count(0)
    line(card, "Tacos").click()
    expect(staff.page.locator(".rs-undo")).to_contain_text(
        f"Order {order['number']} is done here."
    )
    expect(card).to_have_count(0)
    assert states(desk, order) == ["done", "waiting"]

    press(staff.page.locator(".rs-undo"), "Take it back")
    expect(line(card, "Tacos")).to_have_attribute("aria-pressed", "false")
    assert states(desk, order) == ["waiting", "waiting"]

    staff.open("kitchen")
    expect(staff.page.locator("[data-station=kitchen]")).to_have_attribute(
        "aria-pressed", "true"
    )
    press(staff.page.locator(".rs-stations"), "All stations")
    press(cook(staff, order), "All done")
    expect(cook(staff, order)).to_have_count(0)
    assert desk.look(order)["status"] == "ready"
    assert staff.faults == []


def test_a_course_is_held_until_it_is_fired(staff, desk):
    order = with_courses(desk)
    staff.go("Kitchen")
    card = cook(staff, order)
    expect(card).to_contain_text("Course 2: held")
    expect(line(card, "Lemonade")).to_be_disabled()
    press(card, "Fire course 2")
    expect(line(card, "Lemonade")).to_be_enabled()
    assert states(desk, order) == ["waiting", "waiting"]


def test_the_kitchen_follows_what_others_do(staff, desk):
    order = cooking(desk, "Tacos", "Lemonade")
    staff.go("Kitchen")
    expect(cook(staff, order)).to_contain_text("bar 0/1")
    path = f"/orders/{order['id']}/lines/status"
    desk.call("PUT", path, {"status": "done", "station": "bar"})
    expect(cook(staff, order)).to_contain_text("bar 1/1")
    expect(line(cook(staff, order), "Lemonade")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_guests_are_paused_and_told_why_and_for_how_long(staff, desk):
    door = staff.page.locator(".rs-door")
    expect(door).to_contain_text("Guests can order")
    press(door, "Pause")
    press(staff.dialog(), "The kitchen is full")
    press(staff.dialog(), "30 min")
    resume = door.get_by_role("button", name="Resume")
    expect(resume).to_contain_text("Paused until")
    expect(door.get_by_role("status")).to_contain_text("The kitchen is full")
    opening = desk.call("GET", f"/restaurants/{desk.slug}")["opening"]
    assert (opening["is_open"], opening["reason"]) == (False, "paused")

    resume.click()
    expect(door.get_by_role("status")).to_have_text("Guests can order")
    assert desk.call("GET", f"/restaurants/{desk.slug}")["opening"]["is_open"]


def test_orders_take_longer_while_much_is_going_on(staff, desk):
    door = staff.page.locator(".rs-door")
    press(door, "Busy")
    press(staff.dialog(), "+20 min")
    press(staff.dialog(), "For 60 min")
    end = door.get_by_role("button", name="End")
    expect(end).to_contain_text("+20 min until")
    stored = desk.call("GET", "/restaurants?limit=1")["data"][0]
    assert stored["busy"]["extra_minutes"] == 20
    end.click()
    expect(door.get_by_role("button", name="Busy", exact=True)).to_be_visible()
    assert desk.call("GET", "/restaurants?limit=1")["data"][0]["busy"] is None


def test_sixty_orders_stay_quick_to_the_finger(staff, desk):
    orders = [cooking(desk, "Tacos", "Lemonade") for _ in range(60)]
    staff.go("Kitchen")
    expect(cook(staff, orders[-1])).to_be_visible()
    last = cook(staff, orders[-1])
    # Taps one after the other: nobody waits for the answer to the one before.
    line(last, "Tacos").click()
    line(cook(staff, orders[-2]), "Tacos").click()
    line(last, "Lemonade").click()
    expect(last).to_have_count(0)
    expect(cook(staff, orders[-2])).to_contain_text("kitchen 1/1")
    assert desk.look(orders[-1])["status"] == "ready"
    assert staff.faults == []
