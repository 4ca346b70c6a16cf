"""Answers that overtake each other: staff see what holds, not what came last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from browser.late import Late
from browser.staff import MENU, Desk, StaffPage, open_desk
from harness import API
from harness.server import Server


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    desk = open_desk(server, MENU)
    desk.set(auto_accept_orders=True)
    for name in ("7", "8"):
        desk.call("POST", f"/restaurants/{desk.id}/tables", {"name": name})
    return desk


@pytest.fixture
def staff(browser: Browser, desk: Desk) -> Iterator[StaffPage]:
    staff = StaffPage(browser, desk.wallet, desk.server.url)
    staff.open()
    yield staff
    assert staff.faults == []
    staff.context.close()


def call_from(desk: Desk, name: str) -> None:
    tables = desk.call("GET", f"/restaurants/{desk.id}/tables")["data"]
    [table] = [each for each in tables if each["name"] == name]
    body = {"kind": "waiter", "table": name, "table_token": table["token"]}
    desk.server.call("POST", f"{API}/restaurants/{desk.id}/calls", {}, body)


def test_a_table_that_was_answered_does_not_call_again(staff, desk):
    call_from(desk, "7")
    call = staff.page.locator("[data-call='7']")
    expect(call).to_be_visible()
    late = Late(staff.page, f"**/restaurants/{desk.id}/calls")
    call_from(desk, "8")
    late.says('"8"')
    call.get_by_role("button", name="On my way").click()
    expect(call).to_have_count(0)
    late.says_no_more('"7"')
    late.arrive_mixed_up()
    assert call.count() == 0  # not even until it is asked for again


def test_a_bill_that_was_just_split_stays_split(staff, desk):
    order = desk.place("Tacos", payment_method="cash")["order"]
    late = Late(staff.page, f"**/orders/{order['id']}/split")
    staff.card(order["number"]).get_by_role("button", name="Take cash").click()
    dialog = staff.dialog()
    dialog.get_by_role("button", name="Split", exact=True).click()
    late.asked(2)
    dialog.get_by_role("button", name="Split into 3").click()
    shares = dialog.locator(".rs-share")
    expect(shares).to_have_count(3)
    late.arrive_mixed_up()
    assert shares.count() == 3


def test_a_menu_that_was_just_saved_is_not_undone_by_an_older_look(staff, desk):
    staff.go("Menu")
    row = staff.page.locator(".rs-item", has_text="Lemonade")
    row.locator(".rs-item-name").click()
    staff.page.get_by_label("Price (GTQ)").fill("19.00")
    late = Late(staff.page, f"**/restaurants/{desk.id}/menu?all=1")
    desk.place("Tacos")  # what is left may have changed
    late.asked()
    staff.button("Save the menu").click()
    expect(staff.page.locator(".rs-savebar:visible")).to_have_count(0)
    late.arrive_mixed_up()
    assert "19.00" in row.inner_text()


def pause(desk: Desk) -> Callable[[], None]:
    """The restaurant makes a pause; call the answer to end it."""
    path = f"/restaurants/{desk.id}/pause"
    desk.call("PUT", path, {"minutes": 30, "reason": "No corn"})
    return lambda: desk.call("DELETE", path)


def lose_a_ticket(desk: Desk) -> Callable[[], None]:
    """A ticket does not print; call the answer to dismiss it."""
    order = desk.order("Lemonade")
    [job] = desk.call(
        "GET", f"/restaurants/{desk.id}/print_jobs?order_id={order['id']}"
    )["data"]
    failure = {"error": "No paper.", "retryable": False}
    desk.call("PUT", f"/print_jobs/{job['id']}/fail", failure)
    return lambda: desk.call("POST", f"/print_jobs/{job['id']}/cancel", {})


def offer(desk: Desk) -> Callable[[], None]:
    """A discount begins; call the answer to end it."""
    body = {"name": "Rush", "trigger": "schedule", "kind": "percent", "percent": "5"}
    made = desk.once(f"/restaurants/{desk.id}/discounts", body)
    return lambda: desk.call("DELETE", f"/discounts/{made['id']}")


@pytest.mark.parametrize(
    ("begin", "question", "tab", "answer", "news"),
    [
        (pause, "opening?days=1", "Orders", "No corn", "No corn"),
        (
            lose_a_ticket,
            "print_jobs?status=failed&*",
            "Orders",
            "No paper.",
            "did not print",
        ),
        (offer, "discounts?*", "Prices", "Rush", "Rush"),
    ],
    ids=["pause", "ticket", "discount"],
)
def test_what_is_over_does_not_come_back(
    staff: Any,
    desk: Desk,
    begin: Any,
    question: str,
    tab: str,
    answer: str,
    news: str,
):
    staff.go(tab)
    if tab == "Prices":
        staff.button("Discounts").click()
        expect(staff.page.get_by_text("No discounts yet")).to_be_visible()
    late = Late(staff.page, f"**/restaurants/{desk.id}/{question}")
    end = begin(desk)
    late.says(answer)
    end()
    late.says_no_more(answer)
    late.arrive_mixed_up()
    assert staff.page.get_by_text(news).count() == 0
