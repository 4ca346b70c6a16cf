"""Tips at the end of a shift: who was here, who gets what, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from browser.staff import MENU, Desk, StaffPage, open_desk
from harness.server import Server, ServerWallet


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    desk = open_desk(server, MENU)
    desk.set(tip_to="pool")
    return desk


@pytest.fixture(scope="module")
def anas(server: Server) -> ServerWallet:
    return server.make_wallet()


@pytest.fixture(scope="module")
def staff(browser: Browser, desk: Desk) -> Iterator[StaffPage]:
    staff = StaffPage(browser, desk.wallet, desk.server.url)
    staff.open("tips")
    yield staff
    staff.context.close()


def press(staff: StaffPage, name: str) -> None:
    staff.dialog().last.get_by_role("button", name=name, exact=True).click()


def payouts(desk: Desk) -> dict[str, tuple[str, str, int]]:
    found = desk.call("GET", f"/restaurants/{desk.id}/tip_payouts")["data"]
    return {p["name"]: (p["destination"], p["status"], p["amount_msat"]) for p in found}


def test_people_are_added_with_the_way_their_tips_go(staff, desk, anas):
    people = {"Ana": "Wallet here", "Beto": "Cash", "Chuy": "Lightning"}
    for name, way in people.items():
        staff.button("Person").click()
        staff.dialog().get_by_label("Name").fill(name)
        press(staff, way)
        if way == "Wallet here":
            box = staff.dialog().get_by_label("Wallet of this LNbits")
            box.fill(anas.id)
            box.press("Enter")
            staff.dialog().get_by_label("Share of the pool").fill("2")
        if way == "Lightning":
            box = staff.dialog().get_by_label("Address or LNURL")
            box.fill("nonsense")
            press(staff, "Save")
            expect(staff.dialog().get_by_role("alert").first).to_be_visible()
            box.fill("chuy@wallet.example")
            staff.dialog().get_by_label("Share of the pool").fill("0")
        press(staff, "Save")
        expect(staff.dialog()).to_have_count(0)
    row = staff.page.locator("[data-person=Ana]")
    expect(row).to_contain_text("Wallet here · share 2")
    members = desk.call("GET", f"/restaurants/{desk.id}/staff")["data"]
    assert {m["name"]: m["weight"] for m in members} == {"Ana": 2, "Beto": 1, "Chuy": 0}


def test_the_pool_is_shared_shown_before_and_paid_once(staff, desk):
    desk.order("Lemonade", tip={"amount": "30.00"})
    pool = staff.page.locator("[data-balance=pool]")
    expect(pool).to_contain_text("GTQ 30.00")
    staff.button("Pay out").click()
    ana = staff.dialog().locator("[data-person=Ana]")
    expect(ana).to_contain_text("GTQ 20.00")
    staff.dialog().get_by_role("checkbox", name="Beto").click()
    expect(ana).to_contain_text("GTQ 30.00")
    staff.dialog().get_by_role("checkbox", name="Beto").click()
    expect(ana).to_contain_text("GTQ 20.00")
    staff.dialog().get_by_role("button", name="Pay out").click()
    sent = staff.dialog().locator("[data-payout][data-status=sent]")
    expect(sent).to_have_count(2)
    press(staff, "Done")
    expect(pool).to_contain_text("0 sat")
    made = payouts(desk)
    assert {name: way for name, (way, _, _) in made.items()} == {
        "Ana": "wallet",
        "Beto": "cash",
    }
    assert abs(made["Ana"][2] - 2 * made["Beto"][2]) <= 2_000


def test_a_payout_that_stands_still_says_why_and_is_canceled(staff, desk):
    [chuy] = [
        m
        for m in desk.call("GET", f"/restaurants/{desk.id}/staff")["data"]
        if m["name"] == "Chuy"
    ]
    desk.call("PATCH", f"/staff/{chuy['id']}", {"weight": 1})
    desk.order("Lemonade", tip={"amount": "10.00"})
    expect(staff.page.locator("[data-balance=pool]")).to_contain_text("GTQ 10.00")
    staff.button("Pay out").click()
    for name in ("Ana", "Beto"):
        staff.dialog().get_by_role("checkbox", name=name).click()
    staff.dialog().get_by_role("button", name="Pay out").click()
    row = staff.dialog().locator("[data-payout=Chuy]")
    expect(row).to_contain_text("The address does not take it.")
    if row.get_attribute("data-status") == "waiting":
        row.get_by_role("button", name="Cancel payout").click()
        press(staff, "Cancel payout")
        expect(row).to_have_attribute("data-status", "canceled")
    press(staff, "Done")
    expect(staff.page.locator("[data-person=Chuy]")).to_contain_text("GTQ 10.00")
    assert staff.faults == []
