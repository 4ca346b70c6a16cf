"""Waiters at work: orders they take, open tabs, rounds, tables that call or join."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser.staff import DESKTOP, MENU, PHONE, Desk, StaffPage, open_desk
from harness import API
from harness.server import Server


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    desk = open_desk(server, MENU)
    for name in ("2", "7", "10"):
        desk.call("POST", f"/restaurants/{desk.id}/tables", {"name": name})
    desk.call("POST", f"/restaurants/{desk.id}/staff", {"name": "Ana"})
    return desk


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


def press(where: Locator, name: str) -> None:
    where.last.get_by_role("button", name=name, exact=True).click()


def choose(staff: StaffPage, where: Locator, label: str, option: str) -> None:
    where.get_by_label(label, exact=True).click()
    staff.page.get_by_role("option", name=option, exact=True).click()


def a_tab(desk: Desk, table: str, *names: str) -> dict[str, Any]:
    lines = [desk.line(name) for name in names]
    cart = {"restaurant_id": desk.id, "items": lines, "payment_method": "cash"}
    seat = {"order_type": "dine_in", "table": table, "tab": True}
    order: dict[str, Any] = desk.once("/orders", {**cart, **seat})["order"]
    return order


def names_of(order: dict[str, Any]) -> dict[str, int]:
    return {line["name"]: line["quantity"] for line in order["items"]}


def newest(desk: Desk) -> dict[str, Any]:
    orders = desk.call("GET", f"/restaurants/{desk.id}/orders?limit=1")["data"]
    order: dict[str, Any] = orders[0]
    return order


def test_a_waiter_opens_a_tab_on_a_phone_with_courses_and_a_note(staff, desk):
    staff.page.set_viewport_size(PHONE)
    staff.button("New order").click()
    dialog = staff.dialog()
    choose(staff, dialog, "Table", "7")
    choose(staff, dialog, "Served by", "Ana")
    press(dialog, "Tacos GTQ 55.00")
    press(dialog, "Maíz")
    press(dialog, "Add – GTQ 55.00")
    press(dialog, "Lemonade GTQ 18.00")
    press(dialog, "More: Lemonade")
    press(dialog, "Course 1: Lemonade")
    dialog.locator("[data-row=Tacos]").get_by_label("Note").fill("no onion")
    expect(dialog.locator(".rs-forecast")).to_contain_text("GTQ 91.00")
    width = staff.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    press(dialog, "Send to the kitchen")
    expect(dialog).to_have_count(0)
    staff.page.set_viewport_size(DESKTOP)

    order = newest(desk)
    card = staff.column("kitchen").locator(staff.card(order["number"]))
    expect(card).to_contain_text("Open tab: paid at the end")
    expect(card).to_contain_text("GTQ 91.00 due")
    assert (order["table"], order["is_tab"]) == ("7", True)
    assert order["server_id"]
    tacos, lemonade = order["items"]
    assert (tacos["note"], tacos["status"]) == ("no onion", "waiting")
    assert (lemonade["course"], lemonade["status"]) == (2, "held")
    assert staff.faults == []


def test_an_order_at_the_counter_is_paid_right_away(staff, desk):
    staff.button("New order").click()
    dialog = staff.dialog()
    press(dialog, "Pickup")
    press(dialog, "Lemonade GTQ 18.00")
    press(dialog, "Send to the kitchen")
    expect(staff.dialog().last).to_contain_text("Payment for order")
    press(staff.dialog(), "Cash")
    press(staff.dialog(), "GTQ 20.00")
    press(staff.dialog(), "Take the cash")
    expect(staff.dialog().locator(".rs-huge")).to_have_text("GTQ 2.00")
    press(staff.dialog(), "Done")
    expect(staff.dialog()).to_have_count(0)
    order = newest(desk)
    assert (order["order_type"], order["due_msat"]) == ("pickup", 0)


def test_a_tab_gets_a_round_and_another_table_joins_it(staff, desk):
    tab, other = a_tab(desk, "2", "Tacos"), a_tab(desk, "10", "Lemonade")
    card = staff.column("kitchen").locator(staff.card(tab["number"]))
    press(card, "Add a round")
    press(staff.dialog(), "Lemonade GTQ 18.00")
    press(staff.dialog(), "Send to the kitchen")
    expect(staff.dialog()).to_have_count(0)
    expect(card).to_contain_text("GTQ 73.00 due")
    assert names_of(desk.look(tab)) == {"Tacos": 1, "Lemonade": 1}

    card.locator(".rs-number").click()
    press(staff.dialog(), "Join with another order")
    dialog = staff.dialog().last
    dialog.get_by_role("button", name=f"Order {other['number']} ·").click()
    expect(dialog).to_contain_text(
        f"Order {other['number']} becomes part of order {tab['number']}."
    )
    press(dialog, "Join them")
    expect(staff.dialog()).to_have_count(1)
    press(staff.dialog(), "Close")
    expect(staff.dialog()).to_have_count(0)
    expect(card).to_contain_text("GTQ 91.00 due")
    assert desk.look(other)["merged_into"] == tab["id"]


def test_an_order_moves_to_another_table_and_is_handed_over(staff, desk):
    tab = a_tab(desk, "2", "Lemonade")
    staff.card(tab["number"]).locator(".rs-number").click()
    choose(staff, staff.dialog(), "Move to another table", "10")
    expect(staff.dialog().locator(".rs-place")).to_have_text("Table 10")
    choose(staff, staff.dialog(), "Served by", "Ana")
    expect(staff.dialog().get_by_label("Served by")).to_have_value("Ana")
    press(staff.dialog(), "Close")
    expect(staff.dialog()).to_have_count(0)
    moved = desk.look(tab)
    assert moved["table"] == "10"
    assert moved["server_id"]


def test_what_the_kitchen_has_goes_with_a_reason(staff, desk):
    tab = a_tab(desk, "2", "Tacos", "Lemonade")
    press(staff.card(tab["number"]), "Change")
    press(staff.dialog(), "Remove Tacos")
    save = staff.dialog().get_by_role("button", name="Save the changes")
    expect(save).to_be_disabled()
    press(staff.dialog(), "The guest changed their mind")
    save.click()
    expect(staff.dialog()).to_contain_text("The new total")
    press(staff.dialog(), "Done")
    expect(staff.dialog()).to_have_count(0)
    edited = desk.look(tab)
    assert names_of(edited) == {"Lemonade": 1}
    rows = desk.call("GET", f"/restaurants/{desk.id}/events?limit=500")["data"]
    [told] = [
        r for r in rows if r["order_id"] == tab["id"] and r["event"] == "order.edited"
    ]
    assert told["payload"]["reason"] == "The guest changed their mind"


def test_the_board_shows_the_tables_of_one_waiter_and_of_one_table(staff, desk):
    mine, other = a_tab(desk, "2", "Tacos"), a_tab(desk, "7", "Tacos")
    [ana] = desk.call("GET", f"/restaurants/{desk.id}/staff")["data"]
    path = f"/orders/{mine['id']}/server"
    desk.call("PUT", path, {"staff_id": ana["id"]})
    expect(staff.card(other["number"])).to_be_visible()
    choose(staff, staff.page, "Whose tables", "Ana")
    expect(staff.card(other["number"])).to_have_count(0)
    expect(staff.card(mine["number"])).to_be_visible()
    staff.page.get_by_role("button", name="Show all").click()
    expect(staff.card(other["number"])).to_be_visible()

    choose(staff, staff.page, "Table", "7")
    expect(staff.card(mine["number"])).to_have_count(0)
    expect(staff.card(other["number"])).to_be_visible()
    staff.page.get_by_role("button", name="Show all").click()
    expect(staff.card(mine["number"])).to_be_visible()


def test_a_table_calls_and_somebody_goes(staff, desk):
    tables = desk.call("GET", f"/restaurants/{desk.id}/tables")["data"]
    table = next(each for each in tables if each["name"] == "7")
    rung = staff.page.evaluate("window.restaurantStaff.chime.state.rung")
    path = f"{API}/restaurants/{desk.id}/calls"
    seat = {"table": table["name"], "table_token": table["token"]}
    desk.server.call("POST", path, {}, {"kind": "waiter", **seat})
    staff.go("Menu")
    call = staff.page.locator("[data-call='7']")
    expect(call).to_contain_text("Table 7: waiter (0 min)")
    assert staff.page.evaluate("window.restaurantStaff.chime.state.rung") == rung + 1
    call.get_by_role("button", name="On my way").click()
    expect(call).to_have_count(0)
    assert desk.call("GET", f"/restaurants/{desk.id}/calls")["data"] == []
    assert staff.faults == []
