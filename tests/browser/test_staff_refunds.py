"""Staff give money back, and get orders on that need a human."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from browser.staff import Desk, StaffPage, open_desk
from harness import API
from harness.server import Server

MENU = {
    "categories": [
        {
            "name": "Food",
            "station": "kitchen",
            "items": [
                {"name": "Tacos", "price": "55.00"},
                {"name": "Flan", "price": "20.00", "stock": 50},
                {"name": "Last one", "price": "30.00", "stock": 1},
            ],
        }
    ]
}
#: 20.00 GTQ and 55.00 GTQ at the tests' rate, rounded up.
FLAN_SATS = 3_173
TACOS_SATS = 8_725


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    return open_desk(server, MENU)


@pytest.fixture(scope="module")
def till(desk: Desk) -> dict[str, str]:
    """The header of a till, whose refunds wait for the owner."""
    body = {"name": "Till", "role": "pos"}
    paired = desk.call("POST", f"/restaurants/{desk.id}/devices", body)
    return {"Authorization": f"Bearer {paired['token']}"}


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


def tap(where: Locator, name: str) -> None:
    where.get_by_role("button", name=name, exact=True).click()


def paid(staff: StaffPage, desk: Desk, *names: str) -> dict[str, Any]:
    """A guest's order that the board shows as paid."""
    order = desk.order(*names)
    staff.column("new").locator(staff.card(order["number"])).wait_for()
    return order


def show(staff: StaffPage, order: dict[str, Any]) -> Locator:
    """Everything about an order, with its refunds."""
    staff.card(order["number"]).locator(".rs-number").click()
    dialog = staff.dialog().first
    expect(dialog).to_contain_text(order["id"])
    return dialog


def begin(staff: StaffPage, order: dict[str, Any]) -> Locator:
    """The refund's form, opened from the order."""
    tap(show(staff, order), "Refund …")
    form = staff.dialog().last
    expect(form).to_contain_text(f"Refund for order {order['number']}")
    return form


# --- where it goes ---------------------------------------------------------------


def test_a_refund_is_fetched_from_the_qr_code_on_the_screen(staff, desk):
    order = paid(staff, desk, "Flan")
    form = begin(staff, order)
    expect(form.locator(".rs-summary")).to_have_text(
        "GTQ 20.00 · 3,173 sat · as a QR code to fetch"
    )
    send = form.get_by_role("button", name="Refund GTQ 20.00")
    expect(send).to_be_disabled()  # nobody said why
    tap(form, "Complaint")
    send.click()
    expect(form.get_by_text("waits for the guest to fetch it")).to_be_visible()
    lnurl = staff.link_of_qr()
    assert lnurl.startswith("LNURL1")

    address = desk.fetch(lnurl, FLAN_SATS)
    [refund] = desk.call("GET", f"/orders/{order['id']}/refunds")["data"]
    assert address.startswith(f"{desk.server.url}{API}/withdraw/{refund['id']}/")
    expect(form.get_by_text("given back")).to_be_visible()
    tap(form, "Done")
    expect(staff.dialog().locator(".rs-status")).to_contain_text("Refunded")
    tap(staff.dialog(), "Close")
    done = desk.look(order)
    assert (done["status"], done["refunded_msat"]) == ("refunded", FLAN_SATS * 1000)
    assert done["refunds"][0]["reason"] == "Complaint"


def test_lines_go_back_to_the_shelf_and_their_money_on_a_new_gift_card(staff, desk):
    order = desk.order(items=[{**desk.line("Flan"), "quantity": 2}])
    staff.card(order["number"]).wait_for()
    before = desk.item("Flan")["stock"]
    form = begin(staff, order)
    tap(form, "Items")
    tap(form, "More: Flan")
    form.get_by_role("checkbox").click()
    tap(form, "Our mistake")
    tap(form, "Gift card")
    expect(form.locator(".rs-summary")).to_have_text("GTQ 20.00 · on a gift card")
    tap(form, "Refund GTQ 20.00")
    code = form.locator(".rs-secret").inner_text()
    tap(form, "Done")

    path = f"/restaurants/{desk.id}/gift_cards/balance"
    assert desk.once(path, {"code": code})["balance"] == "20.00"
    assert desk.item("Flan")["stock"] == before + 1
    [refund] = desk.look(order)["refunds"]
    assert (refund["amount"], refund["destination"]) == ("20.00", "gift_card")
    tap(form, "Refund …")
    form = staff.dialog().last
    tap(form, "Items")
    expect(form.locator(".rs-picker-count")).to_have_text(["0 / 1"])
    tap(form, "Back")
    tap(staff.dialog(), "Close")


def test_a_sum_at_other_satoshi_is_said_before_it_is_sent(staff, desk):
    order = paid(staff, desk, "Tacos")
    form = begin(staff, order)
    tap(form, "A sum")
    form.get_by_label("Amount in GTQ").fill("11")
    form.get_by_label("Reason").fill("hair in it")
    tap(form, "Today’s rate")
    expect(form.locator(".rs-summary")).to_have_text(
        "GTQ 11.00 · ≈ 1,745 sat · as a QR code to fetch"
    )
    tap(form, "Other sats")
    form.get_by_label("Satoshi to send").fill("1800")
    tap(form, "Refund GTQ 11.00")
    expect(form.get_by_role("alert")).to_contain_text("sat can be sent for this.")
    form.get_by_label("Satoshi to send").fill("1000")
    expect(form.locator(".rs-summary")).to_contain_text("GTQ 11.00 · 1,000 sat")
    tap(form, "Refund GTQ 11.00")
    expect(form.locator(".rs-qr")).to_be_visible()
    tap(form, "Done")
    tap(staff.dialog(), "Close")
    [refund] = desk.look(order)["refunds"]
    assert (refund["amount_msat"], refund["send_msat"]) == (1_745_000, 1_000_000)


def test_cash_goes_back_from_the_drawer(staff, desk):
    order = desk.place("Flan", payment_method="cash")["order"]
    desk.once(f"/orders/{order['id']}/payments", {"method": "cash"})
    staff.card(order["number"]).get_by_text("due").wait_for(state="detached")
    form = begin(staff, order)
    expect(form.locator(".rs-summary")).to_have_text("GTQ 20.00 · in cash")
    tap(form, "Sold out")
    tap(form, "Refund GTQ 20.00")
    expect(form.get_by_text("Give from the drawer")).to_be_visible()
    expect(form.locator(".rs-huge")).to_have_text("GTQ 20.00")
    tap(form, "Done")
    tap(staff.dialog(), "Close")
    assert desk.look(order)["status"] == "refunded"


def test_a_wallet_with_too_little_is_said_in_words(staff, desk):
    order = paid(staff, desk, "Tacos")
    balance = desk.server.call("GET", "/api/v1/wallet", desk.wallet.invoice)["balance"]
    desk.server.pay(desk.invoice(balance // 1000 - 200), desk.wallet)
    form = begin(staff, order)
    tap(form, "Canceled")
    tap(form, "Invoice")
    form.get_by_label("Invoice (lnbc…)").fill(desk.invoice(TACOS_SATS))
    tap(form, "Refund GTQ 55.00")
    waits = "The wallet has too little. It waits for funds and is retried by itself."
    expect(form.get_by_text(waits)).to_be_visible()
    tap(form, "Done")
    tap(staff.dialog(), "Close")
    card = staff.card(order["number"])
    expect(card.get_by_text(waits)).to_be_visible()
    tap(card, "Cancel refund")
    tap(staff.dialog(), "Cancel refund")
    expect(card.get_by_text(waits)).to_have_count(0)
    assert desk.look(order)["refunds"][0]["status"] == "canceled"


def test_a_refund_whose_answer_was_lost_is_made_once(staff, desk):
    order = paid(staff, desk, "Tacos")
    asked = []

    def lose(route: Route) -> None:
        asked.append(route.request.headers["idempotency-key"])
        if len(asked) == 1:
            route.fetch()
        route.abort()

    form = begin(staff, order)
    tap(form, "Complaint")
    path = f"**/orders/{order['id']}/refunds"
    staff.page.route(path, lose)
    tap(form, "Refund GTQ 55.00")
    lost = "The server does not answer."
    expect(form.get_by_role("alert")).to_contain_text(lost)
    staff.page.unroute(path)
    tap(form, "Refund GTQ 55.00")
    expect(form.locator(".rs-qr")).to_be_visible()
    tap(form, "Done")
    tap(staff.dialog(), "Close")
    assert len(set(asked)) == 1
    assert len(desk.look(order)["refunds"]) == 1


# --- approval --------------------------------------------------------------------


def test_the_refunds_of_a_till_are_approved_or_canceled(staff, desk, till):
    order = paid(staff, desk, "Tacos", "Flan")
    path = f"/orders/{order['id']}/refunds"
    card = staff.card(order["number"])
    desk.once(path, {"amount": "20.00", "reason": "cold"}, **till)
    asked = card.locator("[data-refund='requested']")
    expect(asked).to_contain_text("GTQ 20.00 · 3,172 sat")
    expect(asked).to_contain_text("waits for approval")
    expect(asked).to_contain_text("cold")
    tap(asked, "Approve")
    expect(asked).to_have_count(0)
    desk.once(path, {"amount": "5.00", "reason": "slow"}, **till)
    tap(asked, "Cancel refund")
    tap(staff.dialog(), "Cancel refund")
    expect(asked).to_have_count(0)

    states = [(r["amount"], r["status"]) for r in desk.look(order)["refunds"]]
    assert states == [("20.00", "approved"), ("5.00", "canceled")]
    dialog = show(staff, order)
    waiting = dialog.locator("[data-refund='approved']")
    expect(waiting).to_contain_text("waits for the guest to fetch it")
    tap(waiting, "Show")
    expect(waiting.locator(".rs-qr")).to_be_visible()
    expect(dialog.locator("[data-refund='canceled']")).to_contain_text("slow")
    tap(dialog, "Close")


# --- one tap ---------------------------------------------------------------------


def test_a_surplus_goes_back_with_the_difference_filled_in(staff, desk):
    placed = desk.place("Flan")
    order = placed["order"]
    guest = {"X-Order-Token": placed["order_token"]}
    part = {"method": "lightning", "amount": "8.00"}
    more = desk.once(f"/orders/{order['id']}/payments", part, **guest)["invoice"]
    desk.pay(placed)
    desk.server.pay(more["payment_request"], desk.guest)
    surplus = more["amount_msat"] // 1000

    card = staff.card(order["number"])
    expect(card).to_contain_text("Paid too much")
    tap(card, "Refund the difference")
    form = staff.dialog()
    expect(form.locator(".rs-summary")).to_have_text(
        f"GTQ 8.00 · {surplus:,} sat · as a QR code to fetch"
    )
    tap(form, "Refund GTQ 8.00")
    expect(form.locator(".rs-qr")).to_be_visible()
    tap(form, "Done")
    expect(card.get_by_text("Paid too much")).to_have_count(0)
    expect(card.get_by_role("button", name="Accept")).to_be_visible()
    now = desk.look(order)
    assert (now["flags"], now["owed_msat"]) == ([], 0)
    assert now["refunds"][0]["amount_msat"] == more["amount_msat"]


def test_money_that_came_late_makes_the_order_after_all(staff, desk):
    placed = desk.place("Flan", customer_name="Late")
    order = placed["order"]
    desk.call("PUT", f"/orders/{order['id']}/status/canceled")
    desk.pay(placed)
    fold = staff.column("done").locator(".rs-fold-head")
    expect(fold).to_contain_text("need you: 1")
    fold.click()
    card = staff.card(order["number"])
    expect(card).to_contain_text("Paid too late")
    expect(card.get_by_role("button", name="Refund", exact=True)).to_be_visible()
    tap(card, "Make it after all")
    cooking = staff.column("kitchen").locator(staff.card(order["number"]))
    expect(cooking).to_contain_text("Pickup · Late")
    now = desk.look(order)
    assert (now["status"], now["flags"]) == ("accepted", [])
    fold.click()


def test_an_order_that_cannot_be_made_is_made_anyway_or_refunded(staff, desk):
    placed = [desk.place("Last one", customer_name=name) for name in ("A", "B", "C")]
    for each in placed:
        desk.pay(each)
    kept, refused = placed[1]["order"], placed[2]["order"]
    card = staff.card(kept["number"])
    expect(card).to_contain_text("Sold out meanwhile")
    tap(card, "Make it anyway")
    cooking = staff.column("kitchen").locator(staff.card(kept["number"]))
    expect(cooking.get_by_role("button", name="Ready")).to_be_visible()
    assert desk.look(kept)["flags"] == []

    card = staff.card(refused["number"])
    tap(card, "Refund")
    form = staff.dialog()
    expect(form.get_by_label("Reason")).to_have_value("Sold out meanwhile")
    expect(form.locator(".rs-summary")).to_contain_text("GTQ 30.00")
    tap(form, "Refund GTQ 30.00")
    expect(form.locator(".rs-qr")).to_be_visible()
    tap(form, "Done")
    assert desk.look(refused)["refunds"][0]["reason"] == "Sold out meanwhile"


# --- for everybody ---------------------------------------------------------------


@pytest.mark.parametrize("is_dark", [True, False], ids=["dark", "light"])
def test_axe_has_nothing_to_say_about_refunds(staff, desk, till, is_dark):
    staff.page.evaluate("dark => { window.g.darkChoice = dark }", is_dark)
    order = paid(staff, desk, "Tacos")
    body = {"amount": "5.00", "reason": "cold"}
    desk.once(f"/orders/{order['id']}/refunds", body, **till)
    staff.card(order["number"]).get_by_text("waits for approval").wait_for()
    assert staff.complaints() == []
    form = begin(staff, order)
    for step in ("A sum", "Items", "Other sats", "Gift card", "Cash"):
        tap(form, step)
        assert staff.complaints(".rs-refund") == [], step
    tap(form, "QR code")
    tap(form, "As paid")
    tap(form, "All of it")
    tap(form, "Complaint")
    form.get_by_role("button", name="Refund GTQ 50.00").click()
    expect(form.locator(".rs-qr")).to_be_visible()
    assert staff.complaints(".rs-refund") == []
    assert "restaurant." not in form.inner_text()  # no word is missing
    tap(form, "Done")
    assert staff.faults == []
