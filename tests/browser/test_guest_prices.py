"""What a price is made of, as a guest sees it: prices by place, set menus, discounts,
charges, taxes and tips; and what is said when any of it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.guest import (
    GuestShop,
    add_tacos,
    bolt11,
    clock_to_jump,
    open_cart,
    open_shop,
    place_order,
    tacos_menu,
)
from browser.test_guest_page import NARROW_AND_TALL, check_face
from harness import API
from harness.server import Server

LEMONADE = "Hand-squeezed lemonade with ginger, mint and brown cane sugar"
VOUCHER = "Neighbours' summer voucher for regulars"
CHARGES = [
    {"name": "Service", "percent": "5", "order_types": ["dine_in"]},
    {
        "kind": "gratuity",
        "name": "Gratuity",
        "percent": "10",
        "order_types": ["dine_in"],
        "from_covers": 6,
    },
]


@pytest.fixture(scope="module")
def shop(server: Server) -> GuestShop:
    """Dearer on the terrace; happy hour on Agua; a voucher, a lunch deal, charges."""
    made = open_shop(
        server,
        server.make_wallet(1_000_000),
        "All Inclusive",
        tax_rates={"dine_in": "12", "pickup": "5"},
        rate_markup_percent="1",
        tip_round_to="5.00",
        minimum_order={"pickup": "40.00"},
        charges=CHARGES,
    )
    menu = tacos_menu()
    drinks = menu["categories"][1]["items"]
    drinks.append({"name": LEMONADE, "price": "24.00", "tax_rate": "19"})
    made.put_menu(menu)
    agua, tacos = made.item("Agua")["id"], made.item("Tacos")["id"]
    made.add("tables", name="7", zone="Terrace")
    terrace = {"zones": ["Terrace"], "adjust_percent": "10", "round_to": "0.50"}
    made.add("price_lists", name="Terrace", **terrace)
    made.discount("Happy hour", percent="10", item_ids=[agua])
    made.discount(VOUCHER, percent="15", code="SUMMER")
    drink = [{"menu_item_id": made.item(name)["id"]} for name in ("Agua", LEMONADE)]
    drink[1]["surcharge"] = "5.00"
    courses = [
        {"name": "Main", "options": [{"menu_item_id": tacos}]},
        {"name": "Drinks", "min": 1, "max": 2, "options": drink},
    ]
    made.add("combos", name="Lunch deal", price="50.00", groups=courses)
    return made


@pytest.fixture
def at_table(shop: GuestShop) -> str:
    """The address that table 7's code leads to."""
    return f"{shop.path}#table=7"


def expect_figures(view: Locator, *rows: str) -> None:
    """The first rows under a cart or an order, as they are read."""
    shown = view.locator(f".totals > div:nth-child(-n + {len(rows)})")
    expect(shown).to_have_text(list(rows), use_inner_text=True)


def use_code(cart: Locator, code: str) -> None:
    cart.get_by_role("button", name="discount code").or_(
        cart.get_by_role("button", name="another code")
    ).click()
    cart.get_by_role("textbox", name="Discount code").fill(code)
    cart.get_by_role("button", name="Use").click()


def add_lunch(page: Page, drink: str = "Agua") -> None:
    """The lunch deal with Maíz and a drink into the cart."""
    page.get_by_role("button", name="Lunch deal", exact=True).click()
    sheet = page.get_by_role("dialog", name="Lunch deal")
    sheet.get_by_role("radio", name="Maíz").check()
    sheet.get_by_role("checkbox", name=drink).check()
    sheet.get_by_role("button", name="Add –").click()
    expect(sheet).to_be_hidden()


def order_button(cart: Locator, total: str) -> Locator:
    return cart.get_by_role("button", name=f"Order and pay {total}")


def test_every_discount_charge_and_tax_has_a_line_of_its_own(
    page: Page, shop: GuestShop, at_table: str
):
    page.goto(at_table)
    expect(page.get_by_text("Happy hour: 10 % off")).to_be_visible()
    expect(page.get_by_text("10 % off", exact=True)).to_have_count(1)
    add_lunch(page)
    page.get_by_role("button", name="Add Agua").click()
    page.get_by_role("button", name=f"Add {LEMONADE}").click()
    cart = open_cart(page)
    cart.get_by_label("How many are you?").select_option("6")
    expect(cart.get_by_text("6 guests or more: Gratuity 10 %.")).to_be_visible()
    use_code(cart, "summer")
    expect(cart.get_by_text("SUMMER", exact=True)).to_be_visible()
    expect(cart.get_by_text("Gratuity is in the bill already")).to_be_visible()
    expect(cart.get_by_role("radio", name="No tip")).to_be_checked()
    expect(cart.get_by_text("+1 %")).to_contain_text(
        "1 GTQ = 160.22135 sat · market rate,"
    )
    expect_figures(
        cart,
        "Subtotal Q 98.00",
        "Saved with Lunch deal -Q 10.50",
        "Happy hour -Q 2.01",
        f"{VOUCHER} -Q 12.84",
        "Service 5 % Q 3.63",
        "Gratuity 10 % for 6 guests or more Q 7.27",
        "Total Q 83.55",
        "in Bitcoin 13,387 sat",
        "incl. 19 % tax Q 3.60",
        "incl. 12 % tax Q 6.54",
    )


def test_a_wrong_code_is_told_and_nothing_else_changes(page: Page, shop: GuestShop):
    page.goto(shop.path)
    add_tacos(page)
    cart = open_cart(page)
    expect(order_button(cart, "Q 45.00")).to_be_visible()
    use_code(cart, "nope")
    expect(cart.get_by_text("We do not know this code.")).to_be_visible()
    expect(order_button(cart, "Q 45.00")).to_be_visible()
    cart.get_by_role("textbox", name="Discount code").fill(" summer ")
    cart.get_by_role("button", name="Use").click()
    expect(order_button(cart, "Q 38.25")).to_be_visible()
    use_code(cart, "SUMMER")
    expect(cart.get_by_text("This code is in your order already.")).to_be_visible()
    cart.get_by_role("button", name="Remove code SUMMER").click()
    expect(order_button(cart, "Q 45.00")).to_be_visible()


def test_who_guesses_codes_is_told_to_wait(page: Page, shop: GuestShop):
    page.goto(shop.path)
    add_tacos(page)
    cart = open_cart(page)
    expect(order_button(cart, "Q 45.00")).to_be_visible()
    page.route(
        f"**{API}/orders/quote",
        lambda route: route.fulfill(
            status=429,
            headers={"Retry-After": "42"},
            json={"code": "discount.guesses", "detail": "Too many."},
        ),
    )
    use_code(cart, "GUESS")
    expect(cart.get_by_text("Please wait 42 seconds")).to_be_visible()
    expect(order_button(cart, "Q 45.00")).to_be_visible()


def test_a_code_that_no_longer_holds_is_named_and_removed(page: Page, shop: GuestShop):
    brief = shop.discount("Brief", code="BRIEF", percent="20")
    page.goto(shop.path)
    add_tacos(page)
    cart = open_cart(page)
    use_code(cart, "BRIEF")
    expect(order_button(cart, "Q 36.00")).to_be_visible()
    shop.call("PATCH", f"/discounts/{brief['id']}", {"is_active": False})
    cart.get_by_role("button", name="More: Tacos").click()
    expect(cart.get_by_text("We do not know this code.")).to_be_visible()
    expect(cart.get_by_role("button", name="Check the discount code")).to_be_visible()
    cart.get_by_role("button", name="Remove code BRIEF").click()
    expect(order_button(cart, "Q 90.00")).to_be_visible()


def test_a_voucher_that_somebody_else_took_is_told(page: Page, shop: GuestShop):
    shop.discount("First come", code="FIRST", percent="20", limit_total=1)
    page.goto(shop.path)
    add_tacos(page)
    cart = open_cart(page)
    use_code(cart, "FIRST")
    expect(order_button(cart, "Q 36.00")).to_be_visible()
    body = {
        "restaurant_id": shop.profile["id"],
        "items": [{"menu_item_id": shop.item(LEMONADE)["id"], "quantity": 2}],
        "codes": ["FIRST"],
    }
    shop.once("/orders", body, {"Accept": "application/json"})
    order_button(cart, "Q 36.00").click()
    expect(cart.get_by_text("This discount has been used up.")).to_be_visible()
    cart.get_by_role("button", name="Check the discount code").click(force=True)
    cart.get_by_role("button", name="Remove code FIRST").click()
    order_button(cart, "Q 45.00").click()
    expect(page.get_by_role("heading", name="Q 45.00")).to_be_visible()


def test_a_set_menu_is_chosen_changed_and_ordered_again(page: Page, shop: GuestShop):
    page.goto(shop.path)
    page.get_by_role("button", name="Add Lunch deal").click()
    sheet = page.get_by_role("dialog", name="Lunch deal")
    sheet.get_by_role("button", name="Choose: Tortilla").click()
    expect(sheet.get_by_role("radio", name="Maíz")).to_be_focused()
    sheet.get_by_role("radio", name="Maíz").check()
    sheet.get_by_role("checkbox", name="Brisket").check()
    sheet.get_by_role("button", name="Choose: Drinks").click()
    sheet.get_by_role("checkbox", name="Agua").check()
    sheet.get_by_role("button", name="Add – Q 75.00").click()
    cart = open_cart(page)
    parts = cart.get_by_role("listitem").filter(has_text="Lunch deal").first
    expect(parts.get_by_role("listitem")).to_have_text(
        ["Tacos (Maíz, Brisket)", "Agua"]
    )
    cart.get_by_role("button", name="Lunch deal", exact=True).click()
    sheet.get_by_role("checkbox", name=LEMONADE).check()
    sheet.get_by_role("button", name="Update – Q 80.00").click()
    cart.get_by_role("button", name="More: Lunch deal").click()
    expect(order_button(cart, "Q 158.61")).to_be_visible()
    cart.get_by_role("button", name="Order and pay").click()
    page.get_by_role("button", name="Cancel order").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel order").click()
    page.get_by_role("button", name="Order the same again").click()
    expect(cart.locator(".line").first.locator(".line-choices li")).to_have_text(
        ["Tacos (Maíz, Brisket)", "Agua", LEMONADE]
    )
    expect(order_button(cart, "Q 158.61")).to_be_visible()


def test_a_sold_out_choice_of_a_set_menu_is_said(page: Page, shop: GuestShop):
    page.goto(shop.path)
    add_lunch(page)
    shop.switch("Agua", is_available=False)
    try:
        page.reload()
        cart = open_cart(page)
        expect(
            cart.get_by_text("Agua is sold out. Please choose again.")
        ).to_be_visible()
        cart.get_by_role("button", name="Lunch deal", exact=True).click()
        sheet = page.get_by_role("dialog", name="Lunch deal")
        expect(sheet.locator(".choice.sold-out")).to_contain_text("AguaSold out")
        sheet.get_by_role("button", name="Please choose again").click()
        sheet.get_by_role("checkbox", name="Agua").uncheck()
        sheet.get_by_role("checkbox", name=LEMONADE).check()
        sheet.get_by_role("button", name="Update – Q 55.00").click()
        expect(order_button(cart, "Q 55.00")).to_be_visible()
        shop.switch("Tacos", is_available=False)
        page.reload()
        deal = page.get_by_role("listitem").filter(has_text="Lunch deal")
        expect(deal.first).to_contain_text("Sold out")
    finally:
        shop.switch("Agua", is_available=True)
        shop.switch("Tacos", is_available=True)


def test_prices_follow_the_guest_to_the_counter(
    page: Page, shop: GuestShop, at_table: str
):
    page.goto(at_table)
    expect(page.get_by_text("Prices: Terrace")).to_be_visible()
    tacos = page.get_by_role("listitem").filter(has_text="Tacos").last
    expect(tacos).to_contain_text("Q 49.50")
    add_tacos(page)
    cart = open_cart(page)
    expect(order_button(cart, "Q 51.98")).to_be_visible()
    expect(cart.get_by_label("How many are you?")).to_be_visible()
    cart.get_by_role("button", name="Table 7").click()
    place = page.get_by_role("dialog", name="Where shall it go?")
    place.get_by_role("radio", name="Pick up").check()
    place.get_by_role("button", name="Save").click()
    expect(order_button(cart, "Q 45.00")).to_be_visible()
    expect(cart.get_by_label("How many are you?")).to_be_hidden()
    expect(cart.get_by_text("A price on the menu has changed")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(tacos).to_contain_text("Q 45.00")
    expect(page.get_by_text("Prices: Terrace")).to_be_hidden()


def test_what_is_missing_to_the_minimum_is_said(page: Page, shop: GuestShop):
    page.goto(shop.path)
    page.get_by_role("button", name=f"Add {LEMONADE}").click()
    cart = open_cart(page)
    expect(cart.get_by_text("Minimum order: Q 40.00")).to_be_visible()
    expect(cart.get_by_role("button", name="Q 16.00 more to order")).to_be_visible()
    cart.get_by_role("button", name=f"More: {LEMONADE}").click()
    expect(order_button(cart, "Q 48.00")).to_be_visible()


def test_a_tip_is_none_rounded_up_or_of_ones_own(page: Page, shop: GuestShop):
    page.goto(shop.path)
    page.get_by_role("button", name=f"Add {LEMONADE}").click()
    page.get_by_role("button", name=f"More: {LEMONADE}").click()
    cart = open_cart(page)
    expect(cart.get_by_role("radio", name="No tip")).to_be_checked()
    cart.get_by_role("radio", name="Round up Q 50.00").check()
    expect(order_button(cart, "Q 50.00")).to_be_visible()
    cart.get_by_label("15 %").check()
    expect(order_button(cart, "Q 55.20")).to_be_visible()
    cart.get_by_label("Other").check()
    cart.get_by_label("Tip in GTQ").fill("2,50")
    expect(order_button(cart, "Q 50.50")).to_be_visible()
    expect_figures(cart, "Subtotal Q 48.00", "Tip Q 2.50", "Total Q 50.50")


@pytest.fixture
def later(page: Page) -> Callable[[], None]:
    """Call it, and the quote has run out."""
    return clock_to_jump(page)


def test_a_happy_hour_that_is_over_is_named_before_the_guest_pays(
    page: Page, shop: GuestShop, later: Callable[[], None]
):
    rush = shop.discount(
        "Rush",
        percent="50",
        item_ids=[shop.item("Tacos")["id"]],
        order_types=["pickup"],
    )
    page.goto(shop.path)
    add_tacos(page)
    page.get_by_role("button", name=f"Add {LEMONADE}").click()
    cart = open_cart(page)
    expect(order_button(cart, "Q 46.50")).to_be_visible()
    shop.call("PATCH", f"/discounts/{rush['id']}", {"is_active": False})
    before = len(shop.orders())
    later()
    told = cart.get_by_role("alert")
    expect(told).to_contain_text("now Q 69.00, before Q 46.50")
    expect(told.get_by_role("listitem")).to_have_text(["Rush is over"])
    assert len(shop.orders()) == before
    order_button(cart, "Q 69.00").click()
    expect(page.get_by_role("heading", name="Q 69.00")).to_be_visible()


def test_the_staff_changed_the_order_and_the_guest_sees_what(
    page: Page, shop: GuestShop, at_table: str
):
    page.goto(at_table)
    add_tacos(page)
    page.get_by_role("button", name="Add Agua").click()
    placed = place_order(page)
    first = bolt11(page)
    order = shop.call("GET", f"/orders/{placed}")
    tacos = order["items"][0]["id"]
    lines = [{"line_id": tacos, "quantity": 2}]
    shop.call("PATCH", f"/orders/{placed}", {"revision": 1, "items": lines})
    told = page.get_by_role("alert").filter(has_text="The staff changed your order")
    expect(told).to_contain_text("It comes to Q 103.95 now, before Q 62.37.")
    expect(told.get_by_role("listitem")).to_have_text(
        ["Taken off: Agua", "Tacos: 1 → 2", "Discount: Q 1.10 → Q 0.00"]
    )
    expect(page.get_by_role("heading", name="Q 103.95")).to_be_visible()
    expect(page.get_by_role("link", name="Open wallet")).not_to_have_attribute(
        "href", f"lightning:{first}"
    )
    told.get_by_role("button", name="All right").click()
    expect(told).to_be_hidden()
    shop.pay(bolt11(page))
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    lines = [
        {"line_id": tacos},
        {"menu_item_id": shop.item("Agua")["id"], "quantity": 1},
    ]
    shop.call("PATCH", f"/orders/{placed}", {"revision": 2, "items": lines})
    expect(page.get_by_role("heading", name="A part is still due")).to_be_visible()
    expect(told).to_contain_text("New: Agua")
    shop.pay(bolt11(page))
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


def test_a_tip_after_the_meal_by_its_link(
    new_page: Callable[..., Page], shop: GuestShop
):
    page = new_page()
    page.goto(shop.path)
    add_tacos(page)
    placed = place_order(page)
    shop.pay(bolt11(page))
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    expect(page.get_by_role("button", name="Leave a tip")).to_be_visible()
    other = new_page()  # the receipt's link, on another phone
    other.goto(f"{page.url}&tip")
    tip = other.get_by_role("region", name="Leave a tip")
    tip.get_by_label("10 %").check()
    tip.get_by_role("button", name="Tip Q 4.50").click()
    expect(tip.get_by_text("721 sat")).to_be_visible()
    shop.pay(bolt11(other))
    expect(tip.get_by_text("You tipped Q 4.50 (721 sat). Thank you!")).to_be_visible()
    expect(tip.get_by_role("button", name="Tip something more")).to_be_visible()
    order = shop.call("GET", f"/orders/{placed}")
    assert (order["tip_msat"], order["due_msat"]) == (0, 0)


def faces(page: Page, shop: GuestShop, at_table: str) -> Iterator[str]:
    """What is on the pages when much is in a price."""
    page.goto(at_table)
    expect(page.get_by_text("Prices: Terrace")).to_be_visible()
    yield "menu"
    page.get_by_role("button", name="Lunch deal", exact=True).click()
    sheet = page.get_by_role("dialog", name="Lunch deal")
    sheet.get_by_role("radio", name="Maíz").check()
    yield "set menu"
    page.go_back()
    add_lunch(page)
    page.get_by_role("button", name=f"Add {LEMONADE}").click()
    cart = open_cart(page)
    cart.get_by_label("How many are you?").select_option("6")
    use_code(cart, "SUMMER")
    expect(cart.get_by_text("SUMMER", exact=True)).to_be_visible()
    use_code(cart, "summer")
    expect(cart.get_by_text("already.", exact=False).last).to_be_visible()
    yield "cart"
    cart.get_by_role("button", name="Order and pay").click()
    page.get_by_text("Your bill").click()
    expect(page.get_by_text("Saved with Lunch deal")).to_be_visible()
    yield "bill"
    shop.pay(bolt11(page))
    page.get_by_role("button", name="Leave a tip").click()
    page.get_by_label("Other").check()
    yield "tip"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_all_of_it(
    new_page: Callable[..., Page], shop: GuestShop, at_table: str, scheme: Any
):
    page = new_page(
        viewport=NARROW_AND_TALL, color_scheme=scheme, reduced_motion="reduce"
    )
    for face in faces(page, shop, at_table):
        check_face(page, face)
