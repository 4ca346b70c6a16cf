"""At a table: tabs that are paid at the end, and calling the waiter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from browser.guest import (
    NO_SOCKETS,
    GuestShop,
    bolt11,
    open_cart,
    open_shop,
    order_id,
    token_of,
)
from harness import API
from harness.server import Server, ServerWallet


@pytest.fixture(scope="module")
def payer(server: Server) -> ServerWallet:
    return server.make_wallet(1_000_000)


@pytest.fixture
def shop(server: Server, payer: ServerWallet) -> GuestShop:
    return open_shop(server, payer, "At The Table", tabs_at_table=True)


@pytest.fixture
def table(shop: GuestShop) -> str:
    """The address of table 7's code."""
    made = shop.add("tables", name="7")
    return f"{shop.path}#t={made['token']}&table=7"


def open_tab(page: Page, table: str) -> str:
    """Agua on a tab; answers the order's id."""
    page.goto(table)
    page.get_by_role("button", name="Add Agua").click()
    cart = open_cart(page)
    cart.get_by_role("radio", name="Pay at the end").check()
    cart.get_by_role("button", name="Order, pay Q 10.00 at the end").click()
    expect(page.get_by_role("heading", name="The kitchen has it")).to_be_visible()
    return order_id(page)


def add_round(page: Page) -> None:
    """One more Agua for the tab that the page shows."""
    page.get_by_role("button", name="Order more").click()
    expect(page.get_by_text("Adding to your tab")).to_be_visible()
    page.get_by_role("button", name="Add Agua").click()
    cart = open_cart(page)
    cart.get_by_role("button", name="Add to the tab – Q 10.00").click()


def tab_box(page: Page) -> Any:
    return page.get_by_role("region", name="Your tab")


def test_order_now_order_more_pay_at_the_end(
    page: Page, shop: GuestShop, table: str, problems: list[str]
):
    tab = open_tab(page, table)
    expect(tab_box(page)).to_contain_text("Q 10.00")
    add_round(page)
    expect(page.get_by_text("Round 2")).to_be_visible()
    expect(tab_box(page)).to_contain_text("Q 20.00")
    expect(page.get_by_text("The staff changed your order")).to_be_hidden()
    assert order_id(page) == tab
    assert [order["id"] for order in shop.orders()] == [tab]

    page.get_by_role("button", name="Pay now").click()
    shop.pay(bolt11(page))
    expect(tab_box(page)).to_contain_text("All is paid. Thank you!")
    assert shop.call("GET", f"/orders/{tab}")["due_msat"] == 0
    assert problems == []


def test_a_lost_answer_adds_a_round_once(page: Page, shop: GuestShop, table: str):
    sent: list[tuple[str, Any]] = []

    def lose_first(route: Route) -> None:
        request = route.request
        sent.append((request.headers["idempotency-key"], request.post_data_json))
        if len(sent) > 1:
            return route.continue_()
        route.fetch()  # the server has it, the phone never hears
        return route.abort()

    page.route(f"**{API}/orders/*/items", lose_first)
    tab = open_tab(page, table)
    add_round(page)
    expect(page.get_by_text("Round 2")).to_be_visible()
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert len(shop.call("GET", f"/orders/{tab}")["items"]) == 2


def test_the_limit_of_a_tab_is_explained(page: Page, shop: GuestShop, table: str):
    open_tab(page, table)
    shop.change(tab_limit="15.00")
    add_round(page)
    cart = page.get_by_role("dialog", name="Your order")
    expect(cart.get_by_text("A tab goes up to Q 15.00")).to_be_visible()
    cart.get_by_role("button", name="To your tab").click()
    expect(tab_box(page)).to_contain_text("Q 10.00")


def test_back_on_the_menu_the_cart_still_adds_to_the_tab(
    page: Page, shop: GuestShop, table: str
):
    tab = open_tab(page, table)
    page.goto("about:blank")
    page.goto(table)  # scanned again
    expect(page.get_by_text("Adding to your tab, order 1")).to_be_visible()
    page.get_by_role("button", name="Add Agua").click()
    open_cart(page).get_by_role("button", name="Add to the tab").click()
    expect(page.get_by_text("Round 2")).to_be_visible()
    assert order_id(page) == tab


def test_a_tab_can_be_left_for_an_order_of_its_own(
    page: Page, shop: GuestShop, table: str
):
    open_tab(page, table)
    page.get_by_role("button", name="Order more").click()
    page.get_by_role("button", name="Order separately").click()
    expect(page.get_by_text("Adding to your tab")).to_be_hidden()
    page.get_by_role("button", name="Add Agua").click()
    cart = open_cart(page)
    expect(cart.get_by_role("button", name="Order and pay Q 10.00")).to_be_visible()


def test_a_tab_that_was_paid_elsewhere_takes_no_more(
    page: Page, shop: GuestShop, table: str
):
    tab = open_tab(page, table)
    order = shop.call("GET", f"/orders/{tab}")
    # The phone has not heard of it: the menu asks after the tab only when it is shown.
    page.route(f"**{API}/orders/{tab}", lambda route: route.fulfill(json=order))
    page.get_by_role("button", name="Order more").click()
    page.get_by_role("button", name="Add Agua").click()
    shop.step(tab, "canceled", reason="They left")
    cart = open_cart(page)
    cart.get_by_role("button", name="Add to the tab").click()
    expect(cart.get_by_text("This tab is closed.")).to_be_visible()
    cart.get_by_role("button", name="Order separately").click()
    expect(cart.get_by_role("button", name="Order and pay Q 10.00")).to_be_visible()


def test_without_a_code_or_the_owners_leave_there_is_no_tab(
    page: Page, server: Server, shop: GuestShop, table: str
):
    page.goto(f"{shop.path}#table=7")
    page.get_by_role("button", name="Add Agua").click()
    cart = open_cart(page)
    expect(cart.get_by_role("button", name="Order and pay Q 10.00")).to_be_visible()
    expect(cart.get_by_role("radio", name="Pay at the end")).to_have_count(0)
    expect(page.get_by_role("button", name="Call the waiter")).to_have_count(0)


def test_call_the_waiter_once(page: Page, shop: GuestShop, table: str):
    page.goto(table)
    page.get_by_role("button", name="Call the waiter").click()
    sheet = page.get_by_role("dialog", name="What can we do for you?")
    sheet.get_by_role("button", name="Bring the bill").click()
    expect(sheet.get_by_text("Somebody is coming")).to_be_visible()
    expect(sheet.get_by_role("button", name="Bring the bill")).to_have_count(0)
    calls = f"/restaurants/{shop.profile['id']}/calls"
    [call] = shop.call("GET", calls)["data"]
    assert (call["table"], call["kind"]) == ("7", "bill")

    page.reload()  # the sheet stays open, and the call known
    expect(sheet.get_by_text("You asked for the bill")).to_be_visible()
    sheet.get_by_role("button", name="Call the waiter").click()
    expect(sheet.get_by_text("Somebody is coming")).to_have_count(2)
    assert len(shop.call("GET", calls)["data"]) == 2


def test_call_from_the_order(page: Page, shop: GuestShop, table: str):
    open_tab(page, table)
    page.get_by_role("button", name="Call the waiter").click()
    sheet = page.get_by_role("dialog", name="What can we do for you?")
    sheet.get_by_role("button", name="Call the waiter").click()
    expect(sheet.get_by_text("Somebody is coming")).to_be_visible()
    [call] = shop.call("GET", f"/restaurants/{shop.profile['id']}/calls")["data"]
    assert call["kind"] == "waiter"


# --- following an order ------------------------------------------------------------


def test_each_line_is_followed_in_the_kitchen(page: Page, shop: GuestShop, table: str):
    tab = open_tab(page, table)
    add_round(page)
    expect(page.get_by_text("Round 2")).to_be_visible()
    first = shop.call("GET", f"/orders/{tab}")["items"][0]["id"]
    lines = page.get_by_role("region", name="In the kitchen").get_by_role("listitem")
    for status, words in (("cooking", "Cooking"), ("done", "Done")):
        body = {"status": status, "line_ids": [first]}
        shop.call("PUT", f"/orders/{tab}/lines/status", body)
        expect(lines.nth(0)).to_contain_text(words)
        expect(lines.nth(1)).to_contain_text("Waiting")


LONG_AGO = "2020-01-01T00:00:00.000Z"
PAID = {"status": "paid", "paid_msat": 1_587_000, "due_msat": 0, "due": "0.00"}
OWED = {**PAID, "owed_msat": 1_587_000}
#: What the server may say of an order, and the words that the guest then reads.
FACES: list[tuple[dict[str, Any], str, str]] = [
    (
        {"promised_at": LONG_AGO, "is_tab": False},
        "We are preparing it",
        "Your order is delayed",
    ),
    (
        {**OWED, "flags": ["unavailable", "refund_due"]},
        "The kitchen is checking…",
        "Your Q 10.00 (1,587 sat) is safe",
    ),
    ({**PAID, "alert_level": 2}, "Waiting for the restaurant", "tell the staff"),
    (
        {**OWED, "status": "canceled", "cancel_reason": "unaccepted"},
        "Not accepted – you get your money back",
        "You paid Q 10.00 (1,587 sat)",
    ),
    (
        {
            "status": "canceled",
            "cancel_reason": "merged",
            "merged_into": "x",
            "merged_number": 12,
        },
        "Now part of another order",
        "The staff put it together with order 12.",
    ),
]


def test_whatever_the_kitchen_does_has_honest_words(
    new_page: Callable[..., Page], shop: GuestShop, table: str
):
    page = new_page()
    page.add_init_script(NO_SOCKETS)
    placed = open_tab(page, table)
    order = shop.call("GET", f"/orders/{placed}")
    told: dict[str, Any] = {}
    page.route(f"**{API}/orders/{placed}", lambda route: route.fulfill(json=told))
    for changes, title, words in FACES:
        told = {**order, **changes}
        page.reload()
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        expect(page.get_by_text(words)).to_be_visible()


def test_the_link_of_a_tab_shows_it_to_others(
    page: Page, new_page: Callable[..., Page], shop: GuestShop, table: str
):
    tab = open_tab(page, table)
    other = new_page()
    other.goto(f"/restaurant/o/{tab}#k={token_of(page)}")
    expect(tab_box(other)).to_contain_text("Q 10.00")
    add_round(page)
    expect(tab_box(other)).to_contain_text("Q 20.00")
