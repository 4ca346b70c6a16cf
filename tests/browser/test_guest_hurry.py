"""Hurried thumbs, slow networks: taps that come twice, answers that come too late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from browser.guest import (
    NO_SOCKETS,
    GuestShop,
    add_tacos,
    bolt11,
    open_cart,
    open_shop,
    order_and_pay,
    place_order,
)
from browser.late import DRAWN, TWICE, Late
from browser.test_guest_payments import card_shop, split_in_three, stripe
from browser.test_guest_tables import open_tab
from harness import API
from harness.server import Server
from harness.stripe import Stripe

__all__ = ["card_shop", "stripe"]

QUOTE = f"**{API}/orders/quote"
LONG_AGO = "2020-01-01T00:00:00.000Z"


@pytest.fixture(scope="module")
def shop(server: Server) -> GuestShop:
    payer = server.make_wallet(1_000_000)
    return open_shop(server, payer, "In A Hurry", tabs_at_table=True)


# --- taps that come twice --------------------------------------------------------


def test_two_taps_add_a_dish_once_and_stay_on_the_page(page: Page, shop: GuestShop):
    page.goto(shop.path)
    page.get_by_role("button", name="Agua", exact=True).click()
    sheet = page.get_by_role("dialog", name="Agua")
    sheet.get_by_role("button", name="Add –").evaluate(TWICE)
    expect(sheet).to_be_hidden()
    expect(page.get_by_role("button", name="View order")).to_contain_text("Q 10.00")


def test_two_taps_close_one_sheet(page: Page, shop: GuestShop):
    page.goto(shop.path)
    page.get_by_role("button", name="Add Agua").click()
    cart = open_cart(page)
    cart.get_by_role("button", name="Agua", exact=True).click()
    sheet = page.get_by_role("dialog", name="Agua")
    sheet.get_by_role("button", name="Close").evaluate(TWICE)
    expect(sheet).to_be_hidden()
    page.evaluate(DRAWN)
    expect(cart).to_be_visible()


def test_two_taps_open_one_sheet(page: Page, shop: GuestShop):
    page.goto(shop.path)
    page.get_by_role("button", name="Agua", exact=True).evaluate(TWICE)
    sheet = page.get_by_role("dialog", name="Agua")
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_two_taps_while_the_price_is_renewed_order_once(page: Page, shop: GuestShop):
    def run_out(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "expires_at": LONG_AGO})

    page.route(QUOTE, run_out)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.goto(shop.path)
    page.get_by_role("button", name="Add Agua").click()
    cart = open_cart(page)
    expect(cart.get_by_text("Renewing the price")).to_be_visible()
    late = Late(page, QUOTE, "POST")
    late.asked()
    order = cart.get_by_role("button", name="Order and pay Q 10.00")
    order.click()
    order.click()
    late.asked(2)
    late.arrive()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    assert len([url for url in sent if url.endswith(f"{API}/orders")]) == 1


def test_a_round_that_was_refused_goes_out_once_when_it_is_tried_again(
    page: Page, shop: GuestShop
):
    sent: list[Any] = []

    def refuse_first(route: Route) -> None:
        sent.append(route.request.post_data_json)
        if len(sent) > 1:
            return route.continue_()
        said = {"code": "tab.limit", "detail": "No.", "limit": "15.00", "due": "10.00"}
        return route.fulfill(status=409, json=said)

    page.route(f"**{API}/orders/*/items", refuse_first)
    table = shop.add("tables", name="7")
    open_tab(page, f"{shop.path}#t={table['token']}&table=7")
    page.get_by_role("button", name="Order more").click()
    page.get_by_role("button", name="Add Agua").click()
    cart = open_cart(page)
    add = cart.get_by_role("button", name="Add to the tab")
    add.click()
    expect(cart.get_by_text("A tab goes up to Q 15.00")).to_be_visible()
    add.click()
    expect(page.get_by_text("Round 2")).to_be_visible()
    assert len(sent) == 2


# --- answers that come too late --------------------------------------------------


def test_a_change_that_is_taken_back_while_its_price_is_on_its_way(
    page: Page, shop: GuestShop
):
    page.goto(shop.path)
    page.get_by_role("button", name="Add Agua").click()
    cart = open_cart(page)
    order = cart.get_by_role("button", name="Order and pay Q 10.00")
    expect(order).to_be_visible()
    late = Late(page, QUOTE, "POST")
    cart.get_by_role("button", name="More: Agua").click()
    late.asked()
    cart.get_by_role("button", name="Less: Agua").click()
    late.arrive_mixed_up()
    order.click()
    expect(page.get_by_role("heading", name="Q 10.00")).to_be_visible()


def test_the_language_that_was_chosen_last_stays(page: Page, shop: GuestShop):
    page.goto(shop.path)
    late = Late(page, "**/i18n/de.json*")
    page.get_by_role("combobox", name="Language").select_option("de")
    late.asked()
    page.get_by_role("combobox", name="Language").select_option("es")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    late.arrive_mixed_up()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "es")


#: An order is asked for, its feed says that it is paid, then the answer comes.
OVERTAKEN = """
async () => {
  const {Watch} = await import('/restaurant/static/guest/js/watch.js')
  const {fetch, WebSocket} = window
  let arrive
  let feed
  window.fetch = () => new Promise(done => (arrive = done))
  window.WebSocket = class {
    constructor() { feed = this }
    close() {}
  }
  const told = []
  const watch = new Watch('1', 'token', order => told.push(order.status), () => {})
  const asked = watch.ask()
  Object.assign(window, {fetch, WebSocket}) // the page around it has its own
  feed.onmessage({data: JSON.stringify({status: 'paid'})})
  arrive(new Response(JSON.stringify({status: 'pending'})))
  await asked
  watch.stop()
  return told
}
"""


def test_an_answer_that_live_news_overtook_does_not_undo_them(
    page: Page, shop: GuestShop
):
    page.goto(shop.path)
    expect(page.get_by_role("heading", name="Tacos")).to_be_visible()
    assert page.evaluate(OVERTAKEN) == ["paid"]


def test_a_split_that_was_taken_back_does_not_come_back(page: Page, shop: GuestShop):
    page.add_init_script(NO_SOCKETS)
    page.goto(shop.path)
    add_tacos(page)
    placed = place_order(page)
    split_in_three(page)
    shares = page.locator(".share")
    expect(shares).to_have_count(3)
    late = Late(page, f"**{API}/orders/{placed}/split")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    late.asked()
    Late(page, f"**{API}/orders/{placed}")  # no other news meanwhile
    page.get_by_role("button", name="Do not split").click()
    expect(shares).to_have_count(0)
    late.arrive_mixed_up()
    expect(shares).to_have_count(0)


def test_another_tip_is_not_taken_off_the_screen(page: Page, shop: GuestShop):
    placed = order_and_pay(page, shop)
    page.get_by_role("button", name="Leave a tip").click()
    tip = page.get_by_role("region", name="Leave a tip")
    tip.get_by_label("10 %").check()
    late = Late(page, f"**{API}/orders/{placed}/tips")
    tip.get_by_role("button", name="Tip Q 4.50").click()
    expect(tip.get_by_text("714 sat")).to_be_visible()
    late.asked()
    tip.get_by_role("button", name="Another amount").click()
    tip.get_by_label("15 %").check()
    tip.get_by_role("button", name="Tip Q 6.75").click()
    expect(tip.locator(".later-amount")).to_have_text("Q 6.75")
    shown = bolt11(page)
    late.arrive_mixed_up()
    assert bolt11(page) == shown
    expect(tip.locator(".later-amount")).to_have_text("Q 6.75")


def test_who_went_on_to_lightning_is_not_sent_to_the_card_s_page(
    new_page: Callable[..., Page], card_shop: GuestShop, stripe: Stripe
):
    page = new_page(base_url=card_shop.server.url)
    went: list[str] = []
    page.on("request", lambda request: went.append(request.url))
    page.goto(card_shop.path)
    add_tacos(page)
    placed = place_order(page)
    ways = page.get_by_role("group", name="How to pay")
    ways.get_by_role("button", name="Card", exact=True).click()
    late = Late(page, f"**{API}/orders/{placed}/payments", "POST")
    page.get_by_role("button", name="Pay Q 45.00 by card").click()
    late.asked()
    ways.get_by_role("button", name="Lightning", exact=True).click()
    expect(page.get_by_role("img", name="Lightning invoice")).to_be_visible()
    late.arrive_mixed_up()
    assert [url for url in went if url.startswith(stripe.url)] == []
