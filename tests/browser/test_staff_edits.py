"""The bill of an order, and how staff change one before it is accepted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser.staff import MENU, PHONE, Desk, StaffPage, open_desk
from harness.server import Server


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    """Service is charged to who eats in, and drinks have a tax of their own."""
    desk = open_desk(server, MENU)
    service = {"kind": "service", "name": "Service", "percent": "10"}
    desk.set(
        tax_rate="12",
        charges=[{**service, "order_types": ["dine_in"]}],
    )
    desk.call("PATCH", f"/menu_items/{desk.item('Lemonade')['id']}", {"tax_rate": "5"})
    ana = {"name": "Ana"}
    desk.call("POST", f"/restaurants/{desk.id}/staff", ana)
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
    if opened.dialog().count():
        opened.open()
    opened.go("Orders")
    return opened


def change(staff: StaffPage, number: int) -> None:
    staff.card(number).get_by_role("button", name="Change", exact=True).click()
    expect(staff.dialog()).to_contain_text(f"Change order {number}")


def press(staff: StaffPage, name: str) -> None:
    staff.dialog().last.get_by_role("button", name=name, exact=True).click()


def test_the_bill_says_what_it_is_made_of_with_the_tip_apart(staff, desk):
    happy = {"name": "Happy hour", "trigger": "schedule", "kind": "percent"}
    made = desk.once(f"/restaurants/{desk.id}/discounts", {**happy, "percent": "10"})
    eat_in = {"order_type": "dine_in", "tip": {"amount": "10.00"}}
    order = desk.order("Tacos", "Lemonade", **eat_in)
    desk.call("DELETE", f"/discounts/{made['id']}")
    staff.card(order["number"]).locator(".rs-number").click()
    bill = staff.dialog().locator(".rs-bill")
    for text in (
        "Happy hour · by the clock−GTQ 7.30",
        "Service (10 %)GTQ 6.57",
        "SalesGTQ 72.27",
        "Tip (not sales)GTQ 10.00",
        "1 GTQ = 158.635 sat · market",
    ):
        expect(bill).to_contain_text(text)
    sats = f"{order['total_msat'] // 1000:,}"
    expect(bill).to_contain_text(f"TotalGTQ 82.27 · {sats} sat")
    expect(bill.locator("tbody th")).to_have_text(["12 %", "5 %"])

    staff.dialog().get_by_label("Served by").click()
    staff.page.get_by_role("option", name="Ana").click()
    expect(staff.dialog().get_by_label("Served by")).to_have_value("Ana")
    assert desk.look(order)["server_id"]
    press(staff, "Close")
    expect(staff.dialog()).to_have_count(0)


def test_an_order_is_changed_before_it_is_accepted_and_the_due_follows(staff, desk):
    order = desk.order("Lemonade")
    change(staff, order["number"])
    press(staff, "More: Lemonade")
    press(staff, "Add items")
    press(staff, "Tacos GTQ 55.00")
    expect(
        staff.dialog().get_by_role("button", name="Choose: Tortilla")
    ).to_be_disabled()
    press(staff, "Maíz")
    press(staff, "Add – GTQ 55.00")
    press(staff, "Discount")
    press(staff, "Late")
    press(staff, "Give it")
    forecast = staff.dialog().locator(".rs-forecast")
    expect(forecast).to_contain_text("New total GTQ 81.90")
    expect(forecast).to_contain_text("GTQ 63.90 is still due.")
    press(staff, "Save the changes")
    expect(staff.dialog().locator(".rs-big")).to_contain_text("GTQ 81.90")
    press(staff, "Done")
    expect(staff.dialog()).to_have_count(0)

    edited = desk.look(order)
    assert (edited["total"], edited["due"], edited["revision"]) == ("81.90", "63.90", 2)
    assert {i["name"]: i["quantity"] for i in edited["items"]} == {
        "Lemonade": 2,
        "Tacos": 1,
    }
    [given] = edited["discounts"]
    assert (given["trigger"], given["reason"]) == ("staff", "Late")


def test_a_line_goes_and_the_tax_with_a_reason_on_a_phone(staff, desk):
    order = desk.order("Tacos", "Lemonade")
    staff.page.set_viewport_size(PHONE)
    change(staff, order["number"])
    press(staff, "Remove Tacos")
    expect(staff.dialog().locator("[data-row=Tacos]")).to_contain_text("is removed")
    staff.dialog().get_by_role("switch", name="Without tax").click()
    expect(
        staff.dialog().get_by_role("button", name="Save the changes")
    ).to_be_disabled()
    staff.dialog().get_by_label("Why there is no tax").fill("Embassy")
    press(staff, "Save the changes")
    expect(staff.dialog()).to_contain_text("to give back")
    width = staff.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    press(staff, "Done")
    expect(staff.dialog()).to_have_count(0)
    edited = desk.look(order)
    assert edited["tax_exempt_reason"] == "Embassy"
    assert [i["name"] for i in edited["items"]] == ["Lemonade"]
    staff.page.set_viewport_size({"width": 1280, "height": 860})


def test_who_comes_second_is_told_and_shown_how_the_order_stands(staff, desk):
    order = desk.order("Lemonade")
    change(staff, order["number"])
    press(staff, "More: Lemonade")
    line = {"line_id": order["items"][0]["id"], "quantity": 5}
    body = {"revision": 1, "items": [line]}
    desk.call("PATCH", f"/orders/{order['id']}", body)
    expect(staff.dialog()).to_contain_text("Somebody else changed this order just now.")
    expect(staff.dialog().locator(".rs-picker-count")).to_have_text("5")
    press(staff, "More: Lemonade")
    press(staff, "Save the changes")
    expect(staff.dialog()).to_contain_text("The new total")
    assert desk.look(order)["items"][0]["quantity"] == 6
    assert staff.faults == []
