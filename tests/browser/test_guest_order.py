"""A guest orders, pays and follows the order on a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from browser.guest import (
    NO_SOCKETS,
    GuestShop,
    add_tacos,
    bolt11,
    clock_to_jump,
    open_cart,
    open_shop,
    order_id,
    place_order,
)
from harness import API
from harness.server import Server

#: With its feed a page asks for its order after 15 s at the earliest.
SOONER_THAN_ASKED_MS = 14_000


@pytest.fixture(scope="module")
def shop(server: Server) -> GuestShop:
    payer = server.make_wallet(1_000_000)
    return open_shop(server, payer, "Big Jay's Bustaurant", order_expiry_seconds=900)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", name=text)).to_be_visible()


def test_from_the_menu_to_the_table(page: Page, shop: GuestShop, problems: list[str]):
    table = shop.call(
        "POST", f"/restaurants/{shop.profile['id']}/tables", {"name": "7"}
    )
    page.goto(f"{shop.path}#t={table['token']}&table=7")
    add_tacos(page, "Brisket", "Chicken")
    page.get_by_role("button", name="Tacos: 1 in your order").click()
    page.keyboard.press("Escape")
    cart = open_cart(page)
    cart.get_by_role("button", name="More: Tacos").click()
    expect(cart.get_by_text("26,968 sat")).to_have_count(2)
    expect(cart.get_by_role("button", name="Order and pay")).to_contain_text("Q 170.00")
    expect(cart.get_by_text("1 GTQ = 158.635 sat")).to_be_visible()
    cart.get_by_label("10 %").check()
    expect(cart.get_by_role("button", name="Order and pay")).to_contain_text("Q 187.00")
    cart.get_by_label("Your name").fill("Ana")
    cart.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_role("img", name="Lightning invoice")).to_be_visible()

    shop.pay(bolt11(page))
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible(
        timeout=SOONER_THAN_ASKED_MS
    )
    [order] = shop.orders()
    assert order["id"] == order_id(page)
    assert (order["table"], order["customer_name"]) == ("7", "Ana")
    assert order["amounts"]["tip"] == "17.00"
    expect(page.locator(".order-number strong")).to_have_text(str(order["number"]))

    shop.step(order["id"], "accepted", promised_minutes=20)
    heading(page, "We are preparing it")
    expect(page.get_by_text("At your table at about")).to_be_visible()
    shop.step(order["id"], "ready")
    heading(page, "It is ready!")
    shop.step(order["id"], "completed")
    heading(page, "Enjoy your meal!")
    assert problems == []


def test_a_reload_and_a_new_tab_return_to_the_same_order(page: Page, shop: GuestShop):
    before = len(shop.orders())
    page.goto(shop.path)
    add_tacos(page)
    placed = place_order(page)
    page.reload()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    assert order_id(page) == placed
    other = page.context.new_page()
    page.close()
    other.goto(shop.path)
    other.get_by_role("link", name="Waiting for payment").click()
    expect(other.get_by_text("Waiting for your payment")).to_be_visible()
    assert order_id(other) == placed
    assert len(shop.orders()) == before + 1


def test_a_lost_answer_orders_once(page: Page, shop: GuestShop):
    before = len(shop.orders())
    sent: list[tuple[str, Any]] = []

    def lose_first(route: Route) -> None:
        request = route.request
        sent.append((request.headers["idempotency-key"], request.post_data_json))
        if len(sent) > 1:
            return route.continue_()
        route.fetch()  # the server has it, the phone never hears
        return route.abort()

    page.route(f"**{API}/orders", lose_first)
    page.goto(shop.path)
    add_tacos(page)
    place_order(page)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert len(shop.orders()) == before + 1


def test_a_reload_while_sending_goes_on(page: Page, shop: GuestShop):
    before = len(shop.orders())
    sent: list[str] = []

    def hang_first(route: Route) -> None:
        sent.append(route.request.headers["idempotency-key"])
        if len(sent) > 1:
            return route.continue_()
        route.fetch()  # the server has it, no answer ever comes
        return None

    page.route(f"**{API}/orders", hang_first)
    page.goto(shop.path)
    add_tacos(page)
    open_cart(page).get_by_role("button", name="Order and pay").click()
    expect(page.get_by_role("dialog", name="Sending your order")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    assert len(shop.orders()) == before + 1


def test_i_paid_and_nothing_happens(page: Page, shop: GuestShop):
    page.goto(shop.path)
    add_tacos(page)
    placed = place_order(page)
    page.get_by_role("button", name="I paid and nothing happens").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text("Please do not pay a second time.")).to_be_visible()
    expect(sheet.get_by_text(placed)).to_be_visible()
    sheet.get_by_role("button", name="Check again").click()
    expect(sheet.get_by_text("Nothing has arrived yet")).to_be_visible()
    shop.pay(bolt11(page))
    page.keyboard.press("Escape")
    heading(page, "Paid. Thank you!")


def test_taken_back_and_ordered_again(page: Page, shop: GuestShop):
    page.goto(shop.path)
    add_tacos(page, "Guacamole")
    first = place_order(page)
    page.get_by_role("button", name="Cancel order").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel order").click()
    heading(page, "Order canceled")
    page.get_by_role("button", name="Order the same again").click()
    cart = page.get_by_role("dialog", name="Your order")
    expect(cart.get_by_text("Maíz, Guacamole")).to_be_visible()
    cart.get_by_role("button", name="Order and pay Q 57.00").click()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    assert order_id(page) != first


def test_time_runs_out_and_the_same_is_ordered_again(
    page: Page, server: Server, shop: GuestShop
):
    hasty = open_shop(server, shop.payer, "Hasty", order_expiry_seconds=5)
    page.goto(hasty.path)
    add_tacos(page)
    # On a slow machine time may be up before the page shows anything else.
    open_cart(page).get_by_role("button", name="Order and pay").click()
    expect(
        page.get_by_role("heading", name=re.compile("Time is up|Not paid"))
    ).to_be_visible()
    expect(
        page.get_by_role("button", name="I paid and nothing happens")
    ).to_be_visible()
    first = order_id(page)
    hasty.change(order_expiry_seconds=900)
    page.get_by_role("button", name="Order the same again").click()
    cart = page.get_by_role("dialog", name="Your order")
    cart.get_by_role("button", name="Order and pay Q 45.00").click()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    assert order_id(page) != first


@pytest.fixture
def dearer(shop: GuestShop) -> Iterator[Callable[[], None]]:
    """Call it, and tacos cost 50.00 until the test is over."""
    cheap = shop.menu
    menu = json.loads(json.dumps(cheap).replace('"45.00"', '"50.00"'))
    yield lambda: shop.put_menu(menu)
    shop.put_menu(cheap)


PRICE_CHANGED = "The price has changed: now Q 50.00, before Q 45.00."


def test_a_quote_that_ran_out_is_renewed_and_the_change_is_told(
    page: Page, shop: GuestShop, dearer: Callable[[], None]
):
    later = clock_to_jump(page)
    page.goto(shop.path)
    add_tacos(page)
    cart = open_cart(page)
    expect(cart.get_by_role("button", name="Order and pay Q 45.00")).to_be_visible()
    dearer()
    later()
    expect(cart.get_by_text(PRICE_CHANGED)).to_be_visible()
    cart.get_by_role("button", name="Order and pay Q 50.00").click()
    expect(page.get_by_role("heading", name="Q 50.00")).to_be_visible()


def test_a_refused_quote_is_told_before_anything_is_ordered(
    page: Page, shop: GuestShop, dearer: Callable[[], None]
):
    def refuse(route: Route) -> None:
        body = {
            k: v for k, v in route.request.post_data_json.items() if k != "quote_id"
        }
        fresh = shop.server.call("POST", f"{API}/orders/quote", {}, body)
        facts = {"code": "quote.expired", "detail": "It has expired.", "quote": fresh}
        route.fulfill(status=409, json=facts)

    page.goto(shop.path)
    add_tacos(page)
    cart = open_cart(page)
    expect(cart.get_by_role("button", name="Order and pay Q 45.00")).to_be_visible()
    dearer()
    page.route(f"**{API}/orders", refuse, times=1)
    before = len(shop.orders())
    cart.get_by_role("button", name="Order and pay").click()
    expect(cart.get_by_text(PRICE_CHANGED)).to_be_visible()
    assert len(shop.orders()) == before
    cart.get_by_role("button", name="Order and pay Q 50.00").click()
    expect(page.get_by_role("heading", name="Q 50.00")).to_be_visible()


def test_a_wallet_in_the_browser_pays(page: Page, shop: GuestShop):
    page.expose_function("payInvoice", shop.pay)
    page.add_init_script(
        "window.webln = {enable: async () => {}, sendPayment: window.payInvoice}"
    )
    page.goto(shop.path)
    add_tacos(page)
    place_order(page)
    page.get_by_role("button", name="Pay with the wallet in this browser").click()
    heading(page, "Paid. Thank you!")


@pytest.mark.parametrize("clipboard", [True, False])
def test_the_invoice_is_copied(page: Page, shop: GuestShop, clipboard: bool):
    if clipboard:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    else:  # as on pages without https
        page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(shop.path)
    add_tacos(page)
    place_order(page)
    page.get_by_role("button", name="Copy invoice").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    if clipboard:
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == bolt11(page)


PAID = {"status": "paid", "paid_msat": 7_139_000, "due_msat": 0, "due": "0.00"}
OWED = {**PAID, "owed_msat": 7_139_000}
#: What the server may say of an order, and the words that the guest then reads.
FACES: list[tuple[dict[str, Any], str, str]] = [
    (
        {"due_msat": 2_000, "due": "0.01", "paid_msat": 7_137_000},
        "Q 0.01",
        "Q 44.99",
    ),
    ({"flags": ["stuck_internal"]}, "Q 45.00", "Please do not pay again"),
    (
        {**OWED, "flags": ["paid_late", "refund_due"]},
        "Your payment came late",
        "The money is not lost",
    ),
    (
        {**OWED, "flags": ["oversold", "refund_due"]},
        "Sold out at the last moment",
        "Your Q 45.00 (7,139 sat) is safe",
    ),
    (
        {**PAID, "paid_msat": 8_139_000, "owed_msat": 1_000_000},
        "Paid. Thank you!",
        "You paid Q 6.30 (1,000 sat) too much.",
    ),
    (
        {**OWED, "status": "canceled", "cancel_reason": "No more corn"},
        "Canceled – your money is due back",
        "No more corn",
    ),
    ({**PAID, "status": "refunded"}, "Money returned", "given your money back"),
]


def test_every_turn_an_order_may_take_has_honest_words(page: Page, shop: GuestShop):
    page.add_init_script(NO_SOCKETS)
    page.goto(shop.path)
    add_tacos(page)
    placed = place_order(page)
    order = shop.call("GET", f"/orders/{placed}")
    told: dict[str, Any] = {}

    def tell_invoice(route: Route) -> None:
        facts = {"amount_msat": told["due_msat"], "expires_at": told["expires_at"]}
        route.fulfill(json={"payment_request": "lnbc1", **facts})

    page.route(f"**{API}/orders/{placed}", lambda route: route.fulfill(json=told))
    page.route(f"**{API}/orders/{placed}/invoice", tell_invoice)
    for changes, title, words in FACES:
        told = {**order, **changes}
        page.reload()
        heading(page, title)
        expect(page.get_by_text(words)).to_be_visible()


def test_tracking_lives_without_sockets(page: Page, shop: GuestShop):
    page.add_init_script(NO_SOCKETS)
    page.goto(shop.path)
    add_tacos(page)
    place_order(page)
    shop.pay(bolt11(page))
    heading(page, "Paid. Thank you!")


def test_a_stranger_sees_nothing(page: Page, shop: GuestShop):
    page.goto(f"/restaurant/o/{shop.orders()[0]['id']}#k=wrong")
    heading(page, "This order cannot be shown")
