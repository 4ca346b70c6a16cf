"""The menu and the cart on a phone: what is shown, what may be chosen, what is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from browser.guest import (
    NO_SOCKETS,
    ODD_NAME,
    GuestShop,
    add_tacos,
    open_cart,
    open_shop,
)
from harness import API
from harness.server import Server


@pytest.fixture(scope="module")
def shop(server: Server) -> GuestShop:
    return open_shop(server, server.make_wallet(), "The Menu & <Co>")


def test_names_are_shown_as_they_are_written(page: Page, shop: GuestShop):
    page.goto(shop.path)
    expect(page.get_by_role("heading", name="The Menu & <Co>")).to_be_visible()
    expect(page.get_by_role("heading", name=ODD_NAME)).to_be_visible()
    expect(page.get_by_text("<i>yes</i>")).to_be_visible()
    page.get_by_role("button", name=f"Add {ODD_NAME}").click()
    expect(open_cart(page).get_by_text(ODD_NAME)).to_be_visible()
    assert page.locator("#app b, #app i").count() == 0


def test_one_tap_adds_what_needs_no_choice(page: Page, shop: GuestShop):
    page.goto(shop.path)
    page.get_by_role("button", name="Add Agua").click()
    page.get_by_role("button", name="More: Agua").click()
    expect(page.get_by_role("button", name="View order")).to_contain_text("Q 20.00")
    expect(page.get_by_role("button", name="View order")).to_contain_text("3,173 sat")
    page.get_by_role("button", name="Less: Agua").click()
    page.get_by_role("button", name="Less: Agua").click()
    expect(page.get_by_role("button", name="View order")).to_be_hidden()


def test_the_button_names_what_is_missing(page: Page, shop: GuestShop):
    page.goto(shop.path)
    page.get_by_role("button", name="Add Tacos").click()
    sheet = page.get_by_role("dialog", name="Tacos")
    groups = sheet.get_by_role("group")
    expect(groups.nth(0)).to_contain_text("TortillaChoose 1")
    expect(groups.nth(1)).to_contain_text("ExtrasOptional, up to 2")
    sheet.get_by_role("button", name="Choose: Tortilla").click()
    expect(sheet.get_by_role("radio", name="Maíz")).to_be_focused()
    sheet.get_by_role("radio", name="Maíz").check()
    sheet.get_by_role("checkbox", name="Brisket").check()
    sheet.get_by_role("button", name="More: Brisket").click()
    expect(sheet.get_by_role("checkbox", name="Chicken")).to_be_disabled()
    sheet.get_by_role("button", name="Add – Q 95.00").click()
    expect(open_cart(page).get_by_text("Maíz, 2 × Brisket")).to_be_visible()


def test_a_line_is_changed_in_the_cart(page: Page, shop: GuestShop):
    page.goto(shop.path)
    add_tacos(page, "Brisket")
    open_cart(page).get_by_role("button", name="Tacos", exact=True).click()
    sheet = page.get_by_role("dialog", name="Tacos")
    sheet.get_by_role("checkbox", name="Brisket").uncheck()
    sheet.get_by_label("Anything to add?").fill("no onion")
    sheet.get_by_role("button", name="Update – Q 45.00").click()
    cart = page.get_by_role("dialog", name="Your order")
    expect(cart.get_by_text("no onion")).to_be_visible()
    expect(cart.get_by_text("Brisket")).to_be_hidden()


def test_sold_out_is_said_and_cannot_be_added(page: Page, shop: GuestShop):
    page.goto(shop.path)
    birria = page.get_by_role("listitem").filter(has_text="Birria")
    expect(birria).to_contain_text("Sold out")
    expect(page.get_by_role("button", name="Add Birria")).to_be_hidden()
    page.get_by_role("button", name="Birria", exact=True).click()
    button = page.get_by_role("dialog").get_by_role("button", name="Sold out")
    expect(button).to_have_attribute("aria-disabled", "true")


def test_what_the_server_alone_knows_to_be_sold_out_is_named(
    page: Page, shop: GuestShop
):
    page.add_init_script(NO_SOCKETS)
    page.goto(shop.path)
    add_tacos(page)
    page.get_by_role("button", name="Add Agua").click()
    cart = open_cart(page)
    expect(cart.get_by_role("button", name="Order and pay Q 55.00")).to_be_visible()
    shop.switch("Agua", is_available=False)
    try:
        cart.get_by_role("button", name="Order and pay").click()
        line = cart.get_by_role("listitem").filter(has_text="Agua")
        expect(line).to_contain_text("Sold out. Please remove it.")
        expect(
            cart.get_by_role("button", name="Check the marked items")
        ).to_be_visible()
        cart.get_by_role("button", name="Less: Agua").click()
        expect(cart.get_by_role("button", name="Order and pay Q 45.00")).to_be_visible()
    finally:
        shop.switch("Agua", is_available=True)


def test_closed_and_open_again(page: Page, shop: GuestShop):
    shop.change(is_open=False)
    try:
        page.goto(shop.path)
        expect(page.get_by_text("Closed", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Add Agua")).to_be_hidden()
    finally:
        shop.change(is_open=True)
    page.reload()
    expect(page.get_by_role("button", name="Add Agua")).to_be_visible()


def test_without_a_rate_it_says_so(page: Page, shop: GuestShop):
    page.route(
        f"**{API}/orders/quote",
        lambda route: route.fulfill(
            status=503,
            headers={"Retry-After": "5"},
            json={"code": "rate.unavailable", "detail": "No rate."},
        ),
    )
    page.goto(shop.path)
    add_tacos(page)
    cart = open_cart(page)
    expect(cart.get_by_text("There is no exchange rate at the moment")).to_be_visible()
    expect(
        cart.get_by_role("button", name="No exchange rate right now")
    ).to_be_visible()


def test_offline_is_said_and_the_cart_survives(page: Page, shop: GuestShop):
    page.goto(shop.path)
    add_tacos(page)
    cart = open_cart(page)
    expect(cart.get_by_role("button", name="Order and pay")).to_be_visible()
    page.context.set_offline(True)
    expect(cart.get_by_role("button", name="No connection")).to_be_visible()
    expect(page.get_by_text("No connection. We keep trying.")).to_be_attached()
    page.context.set_offline(False)
    expect(cart.get_by_role("button", name="Order and pay")).to_be_visible()


def test_a_busy_server_is_asked_again(page: Page, shop: GuestShop):
    busy = [429, 503]

    def answer(route: Route) -> None:
        if busy:
            return route.fulfill(status=busy.pop(), json={"error": "slow down"})
        return route.continue_()

    page.route(f"**{API}/restaurants/*/menu", answer)
    page.goto(shop.path)
    expect(page.get_by_role("heading", name="Tacos")).to_be_visible()
    assert not busy


def test_a_language_of_ones_own(new_page: Callable[..., Page], shop: GuestShop):
    page = new_page(locale="es-GT")
    page.goto(shop.path)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.get_by_role("button", name="Añadir Agua").click()
    page.get_by_role("combobox", name="Idioma").select_option("de")
    expect(page.get_by_role("button", name="Zur Bestellung")).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("button", name="Zur Bestellung")).to_be_visible()


def test_with_the_keyboard_alone(page: Page, shop: GuestShop):
    page.goto(shop.path)
    item = page.get_by_role("button", name="Tacos", exact=True)
    item.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Tacos")
    expect(sheet.get_by_role("button", name="Close")).to_be_focused()
    for _ in range(14):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('body, dialog *')")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(item).to_be_focused()
    page.keyboard.press("Enter")
    page.go_back()
    expect(sheet).to_be_hidden()


def test_a_table_is_left_only_knowingly(page: Page, shop: GuestShop):
    page.goto(f"{shop.path}#t=some-token&table=7")
    page.get_by_role("button", name="Table 7, change").click()
    sheet = page.get_by_role("dialog", name="Where shall it go?")
    sheet.get_by_role("radio", name="Pick up").check()
    expect(sheet.get_by_text("no longer come to table 7")).to_be_visible()
    sheet.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Pick up, change")).to_be_visible()


@pytest.mark.parametrize(
    ("currency", "price", "shown", "sats"),
    [
        ("EUR", "12.50", "€12.50", "16,500 sat"),
        ("JPY", "850", "¥850", "6,375 sat"),
        ("BHD", "1.250", "BHD 1.250", "4,000 sat"),
        ("sat", "2100", "2,100 sat", "2,100 sat"),
    ],
)
def test_every_currency_in_its_own_way(
    page: Page,
    server: Server,
    shop: GuestShop,
    currency: str,
    price: str,
    shown: str,
    sats: str,
):
    other = open_shop(server, shop.payer, f"In {currency}", currency=currency)
    item = {"name": "Soup", "price": price}
    other.put_menu({"categories": [{"name": "All", "items": [item]}]})
    page.goto(other.path)
    expect(page.get_by_role("listitem").filter(has_text="Soup")).to_contain_text(shown)
    page.get_by_role("button", name="Add Soup").click()
    cart = open_cart(page)
    expect(cart.get_by_role("button", name=f"Order and pay {shown}")).to_be_visible()
    expect(cart.get_by_text(sats).last).to_be_visible()


def test_an_unknown_restaurant(page: Page, shop: GuestShop):
    page.goto("/restaurant/m/nowhere")
    expect(page.get_by_text("There is no such restaurant")).to_be_visible()


def test_what_sells_out_is_marked_at_once_and_goes_with_one_tap(
    page: Page, shop: GuestShop
):
    page.goto(shop.path)
    page.get_by_role("button", name="Add Agua").click()
    add_tacos(page)
    shop.switch("Agua", is_available=False)
    try:
        expect(page.get_by_text("1 item is not available")).to_be_visible()
        cart = open_cart(page)
        cart.get_by_role("button", name="Remove Agua").click()
        expect(cart.get_by_role("button", name="Order and pay Q 45.00")).to_be_visible()
    finally:
        shop.switch("Agua", is_available=True)
    expect(page.get_by_role("button", name="Add Agua")).to_be_attached()


def test_a_choice_that_sells_out_is_greyed_in_the_open_sheet(
    page: Page, shop: GuestShop
):
    [extras] = [
        group
        for group in shop.item("Tacos")["modifier_groups"]
        if group["name"] == "Extras"
    ]
    path = f"/modifiers/{extras['modifiers'][0]['id']}"
    page.goto(shop.path)
    page.get_by_role("button", name="Tacos", exact=True).click()
    sheet = page.get_by_role("dialog", name="Tacos")
    brisket = sheet.get_by_role("checkbox", name="Brisket")
    expect(brisket).to_be_enabled()
    shop.call("PATCH", path, {"is_available": False})
    try:
        expect(brisket).to_be_disabled()
    finally:
        shop.call("PATCH", path, {"is_available": True})
    expect(brisket).to_be_enabled()
