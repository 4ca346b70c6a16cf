"""The staff page at work: orders appear, move on, get paid, are found again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser.staff import MENU, NASTY, Desk, StaffPage, open_desk
from harness.server import Server

#: Without its feed the board asks every 15 s.
SOONER_THAN_ASKED_MS = 10_000


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
    opened.page.keyboard.press("Escape")
    opened.go("Orders")
    return opened


def test_a_paid_order_appears_by_itself_and_goes_its_way(staff, desk):
    expect(staff.page.get_by_text("No new orders.")).to_be_visible()

    placed = desk.place("Tacos", "Lemonade", table="7", customer_name="Ana")
    staff.column("unpaid").get_by_text("Unpaid (1)").wait_for()
    order = desk.pay(placed)
    card = staff.column("new").locator(staff.card(order["number"]))
    card.wait_for(timeout=SOONER_THAN_ASKED_MS)
    expect(card).to_contain_text("Table 7 · Ana")
    expect(card).to_contain_text("+ Maíz")
    expect(card).to_contain_text("Contains: Gluten")
    expect(card).to_contain_text(f"GTQ 73.00 · {order['total_msat'] // 1000:,} sat")

    card.get_by_role("button", name="Accept").click()
    card = staff.column("kitchen").locator(staff.card(order["number"]))
    card.get_by_role("button", name="Ready").click()
    card = staff.column("ready").locator(staff.card(order["number"]))
    card.get_by_role("button", name="Complete").click()
    staff.column("done").get_by_text("Done (1)").wait_for()
    assert desk.call("GET", f"/orders/{order['id']}")["status"] == "completed"
    assert staff.faults == []


def test_an_order_is_found_by_its_hash_its_invoice_and_its_number(staff, desk):
    placed = desk.place("Lemonade", customer_name="Chuy")
    order = desk.pay(placed)
    invoice = f"lightning:{placed['invoice']['payment_request']}"

    for text in (order["id"].upper(), invoice, f"#{order['number']}"):
        staff.go("Look up")
        staff.page.get_by_label("Order number, payment hash or invoice").fill(text)
        staff.button("Find").click()
        dialog = staff.dialog()
        expect(dialog.get_by_text(order["id"])).to_be_visible()
        expect(dialog.locator(".rs-history li")).to_have_count(2)
        dialog.get_by_role("button", name="Close").click()

    staff.page.get_by_label("Order number, payment hash or invoice").fill("hello")
    staff.button("Find").click()
    expect(staff.page.get_by_text("That is neither an order number")).to_be_visible()


def test_cash_shows_what_goes_back(staff, desk):
    placed = desk.place("Tacos", payment_method="cash", table="12")
    card = staff.column("kitchen").locator(staff.card(placed["order"]["number"]))
    expect(card).to_contain_text("GTQ 55.00 due")

    card.get_by_role("button", name="Take cash").click()
    dialog = staff.dialog()
    dialog.get_by_label("The guest hands over").fill("50")
    expect(dialog.get_by_text("That is less than what is due.")).to_be_visible()
    dialog.get_by_role("button", name="GTQ 100.00").click()
    dialog.get_by_role("button", name="Take the cash").click()

    expect(dialog.locator(".rs-huge")).to_have_text("GTQ 45.00")
    dialog.get_by_role("button", name="Done").click()
    expect(card.get_by_text("due")).to_have_count(0)
    paid = desk.call("GET", f"/orders/{placed['order']['id']}")
    assert (paid["due_msat"], paid["paid_at"] is not None) == (0, True)


def test_rejecting_a_paid_order_asks_and_says_what_is_owed(staff, desk):
    order = desk.order("Lemonade", customer_name="Dee")
    card = staff.card(order["number"])
    card.get_by_role("button", name="Reject").click()
    dialog = staff.dialog()
    expect(dialog).to_contain_text("GTQ 18.00")
    expect(dialog).to_contain_text("you owe the guest this money")
    dialog.get_by_role("button", name="Reject").click()
    expect(dialog).to_have_count(0)

    staff.column("done").get_by_text("need you: 1").click()
    expect(card).to_contain_text("Money to give back")
    expect(card).to_contain_text(f"GTQ 18.00 · {order['total_msat'] // 1000:,} sat")
    card.get_by_role("button", name="Mark refunded").click()
    dialog = staff.dialog()
    dialog.get_by_label("How was it given back, and why?").fill("cash, out of lemons")
    dialog.get_by_role("button", name="Mark refunded").click()

    expect(card.get_by_text("Money to give back")).to_have_count(0)
    refunded = desk.call("GET", f"/orders/{order['id']}")
    assert (refunded["status"], refunded["flags"]) == ("refunded", [])
    assert refunded["history"][-1]["reason"] == "cash, out of lemons"


def test_what_people_type_is_shown_as_it_stands(staff, desk):
    order = desk.order(NASTY, customer_name=NASTY, note=NASTY)
    card = staff.card(order["number"])
    expect(card.get_by_text(NASTY)).to_have_count(3)
    card.get_by_role("button", name="Reject").click()
    staff.dialog().get_by_role("button", name="Back").click()
    staff.go("Menu")
    expect(staff.page.get_by_role("button", name=NASTY)).to_be_visible()
    assert staff.page.evaluate("window.hacked") is None
    assert staff.faults == []


def test_a_lost_connection_is_said_and_what_was_missed_arrives(staff, desk):
    staff.page.context.set_offline(True)
    banner = staff.banner("Not live since")
    expect(banner).to_be_visible()
    order = desk.order("Lemonade", customer_name="Eve")
    assert staff.card(order["number"]).count() == 0

    staff.page.context.set_offline(False)
    staff.card(order["number"]).wait_for()
    expect(banner).to_have_count(0)


def test_a_new_order_rings_once_the_sound_is_enabled(staff, desk):
    staff.button("Enable sound").click()
    expect(staff.button("Sound is on")).to_be_visible()
    rung = "window.restaurantStaff.chime.state.rung"
    before = staff.page.evaluate(rung)
    order = desk.order("Lemonade")
    staff.card(order["number"]).wait_for()
    assert staff.page.evaluate(rung) == before + 1
