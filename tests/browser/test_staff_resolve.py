"""A paid order with something in it that is not there: what one tap makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from browser.staff import MENU, PHONE, Desk, StaffPage, open_desk
from harness.server import Server


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    return open_desk(server, MENU)


@pytest.fixture(scope="module")
def opened(browser: Browser, desk: Desk) -> Iterator[StaffPage]:
    staff = StaffPage(browser, desk.wallet, desk.server.url)
    staff.page.set_viewport_size(PHONE)
    staff.open()
    yield staff
    staff.context.close()


@pytest.fixture
def staff(opened: StaffPage) -> StaffPage:
    """The page, which stays open from test to test as it does at work."""
    if opened.dialog().count():
        opened.open()
    return opened


def switch(desk: Desk, name: str, *, on: bool) -> None:
    path = f"/menu_items/{desk.item(name)['id']}"
    desk.call("PATCH", path, {"is_available": on})


@pytest.fixture
def order(desk: Desk) -> Iterator[dict[str, Any]]:
    """Tacos and a lemonade; the lemonade was switched off before it was paid."""
    placed = desk.place("Tacos", "Lemonade")
    switch(desk, "Lemonade", on=False)
    paid = desk.pay(placed)
    yield paid
    switch(desk, "Lemonade", on=True)


def press(where: Locator, name: str) -> None:
    where.last.get_by_role("button", name=name, exact=True).click()


def card_of(staff: StaffPage, order: dict[str, Any]) -> Locator:
    card = staff.column("new").locator(staff.card(order["number"]))
    expect(card).to_contain_text("Not available")
    return card


def made(staff: StaffPage, desk: Desk, order: dict[str, Any]) -> dict[str, Any]:
    """The order once the kitchen has it."""
    expect(staff.column("new").locator(staff.card(order["number"]))).to_have_count(0)
    found = desk.look(order)
    assert (found["status"], found["flags"]) == ("accepted", [])
    return found


def names_of(order: dict[str, Any]) -> list[str]:
    return sorted(line["name"] for line in order["items"])


def test_what_is_missing_is_left_out_and_goes_back_in_one_tap(staff, desk, order):
    press(card_of(staff, order), "Leave it out and refund")
    found = made(staff, desk, order)
    assert names_of(found) == ["Tacos"]
    [refund] = found["refunds"]
    assert refund["amount_msat"] == order["total_msat"] - found["total_msat"]


def test_something_else_is_given_instead(staff, desk, order):
    press(card_of(staff, order), "Give something else")
    dialog = staff.dialog()
    press(dialog, "1× Lemonade")
    press(dialog, "Tacos GTQ 55.00")
    press(dialog, "Maíz")
    press(dialog, "Add – GTQ 55.00")
    press(dialog, "Give something else")
    expect(dialog).to_contain_text("The order goes on, and the guest is told.")
    press(dialog, "Close")
    expect(staff.dialog()).to_have_count(0)
    found = made(staff, desk, order)
    assert names_of(found) == ["Tacos", "Tacos"]
    assert found["total"] == order["total"]


def test_it_is_made_anyway(staff, desk, order):
    press(card_of(staff, order), "Make it anyway")
    assert names_of(made(staff, desk, order)) == ["Lemonade", "Tacos"]
    assert staff.faults == []
