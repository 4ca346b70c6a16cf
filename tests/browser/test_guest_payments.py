"""A guest pays in every way: at the counter, by gift card, by card, in shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from browser.guest import (
    GuestShop,
    add_tacos,
    bolt11,
    choose_way,
    open_cart,
    open_shop,
    order_id,
    place_order,
    token_of,
)
from browser.test_guest_page import (
    NARROW_AND_TALL,
    SMALL_TARGETS,
    TARGET_MIN,
    WCAG,
)
from harness import API
from harness.server import Server
from harness.stripe import SECRET_KEY, SIGNING_SECRET, Stripe
from price_feed import PriceFeed

PAID = "Paid. Thank you!"


@pytest.fixture(scope="module")
def shop(server: Server) -> GuestShop:
    return open_shop(server, server.make_wallet(1_000_000), "All Ways")


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", name=text, exact=True)).to_be_visible()


def ordered(page: Page, shop: GuestShop, *extras: str) -> str:
    page.goto(shop.path)
    add_tacos(page, *extras)
    return place_order(page)


def ways_of(page: Page) -> list[str]:
    buttons = page.get_by_role("group", name="How to pay").get_by_role("button")
    expect(buttons.first).to_be_visible()
    return buttons.all_inner_texts()


# --- at the counter --------------------------------------------------------------


def test_to_the_counter_and_back(page: Page, shop: GuestShop, problems: list[str]):
    placed = ordered(page, shop)
    choose_way(page, "Counter")
    number = page.locator(".counter-number")
    expect(number).to_be_visible()
    order = shop.call("GET", f"/orders/{placed}")
    expect(number).to_have_text(str(order["number"]))
    expect(page.get_by_text("and pay Q 45.00 in cash.")).to_be_visible()
    assert (order["status"], order["payment_method"]) == ("pending", "cash")
    page.reload()
    expect(number).to_be_visible()

    page.get_by_role("button", name="Pay by Lightning instead").click()
    expect(page.get_by_role("img", name="Lightning invoice")).to_be_visible()
    expect(number).to_be_hidden()
    assert shop.call("GET", f"/orders/{placed}")["payment_method"] == "lightning"
    shop.pay(bolt11(page))
    heading(page, PAID)
    assert problems == []


def test_the_counter_asks_for_what_coins_can_pay(page: Page, server: Server):
    shop = open_shop(server, server.make_wallet(), "Coins", cash_rounding="0.25")
    item = {"name": "Soup", "price": "10.10"}
    shop.put_menu({"categories": [{"name": "All", "items": [item]}]})
    page.goto(shop.path)
    page.get_by_role("button", name="Add Soup").click()
    placed = place_order(page)
    choose_way(page, "Counter")
    expect(page.get_by_text("and pay Q 10.00 in cash.")).to_be_visible()

    taken = shop.once(f"/orders/{placed}/payments", {"method": "cash"})
    assert (taken["payment"]["rounding"], taken["due"]) == ("-0.10", "0.00")
    heading(page, PAID)


def test_cash_at_the_table_can_still_be_paid_by_phone(page: Page, server: Server):
    payer = server.make_wallet(100_000)
    shop = open_shop(server, payer, "Tables", cash_at_table=True)
    tables = f"/restaurants/{shop.profile['id']}/tables"
    table = shop.call("POST", tables, {"name": "7"})
    page.goto(f"{shop.path}#t={table['token']}&table=7")
    add_tacos(page)
    cart = open_cart(page)
    cart.get_by_label("Cash to the staff").check()
    cart.get_by_role("button", name="Order for Q 45.00 in cash").click()
    heading(page, "We are preparing it")
    page.get_by_role("button", name="Pay on this phone, or split").click()
    assert ways_of(page) == ["Lightning", "Gift card"]
    shop.pay(bolt11(page))
    expect(page.get_by_text("Please pay Q 45.00 in cash")).to_be_hidden()
    order = shop.call("GET", f"/orders/{order_id(page)}")
    assert (order["status"], order["standing"]) == ("accepted", "paid")


def test_what_is_not_taken_is_not_offered(page: Page, server: Server):
    shop = open_shop(server, server.make_wallet(), "Choosy")
    taken = [
        {"method": "lightning"},
        {"method": "gift_card", "order_types": ["dine_in"]},
        {"method": "cash", "order_types": ["pickup"]},
    ]
    shop.change(accepted_payments=taken)
    ordered(page, shop)
    assert ways_of(page) == ["Lightning", "Counter"]


# --- gift cards ------------------------------------------------------------------


def test_a_gift_card_pays_a_part_and_lightning_the_rest(
    page: Page, shop: GuestShop, problems: list[str]
):
    code = shop.gift_card("20.00")
    placed = ordered(page, shop)
    choose_way(page, "Gift card")
    typed = f" {code.lower().replace('-', ' – ')} "
    page.get_by_label("Code of the gift card").fill(typed)
    page.get_by_role("button", name="Pay with this gift card").click()

    news = "Your gift card paid Q 20.00. Left on it: Q 0.00."
    expect(page.get_by_text(news)).to_be_visible()
    heading(page, "Q 25.00")
    so_far = page.get_by_role("region", name="Paid so far")
    expect(so_far.locator("dd")).to_have_text(["Q 20.00", "Q 25.00"])
    expect(so_far.get_by_text("Gift card · Q 20.00")).to_be_visible()
    order = shop.call("GET", f"/orders/{placed}")
    assert (order["standing"], order["due"]) == ("part_paid", "25.00")

    shop.pay(bolt11(page))
    heading(page, PAID)
    order = shop.call("GET", f"/orders/{placed}")
    assert (order["standing"], order["due"], order["owed_msat"]) == ("paid", "0.00", 0)
    assert problems == []


def test_a_gift_card_with_enough_pays_all_and_keeps_the_rest(
    page: Page, shop: GuestShop
):
    code = shop.gift_card("50.00")
    ordered(page, shop)
    choose_way(page, "Gift card")
    page.get_by_label("Code of the gift card").fill(code)
    page.keyboard.press("Enter")
    heading(page, PAID)
    news = "Your gift card paid Q 45.00. Left on it: Q 5.00."
    expect(page.get_by_text(news)).to_be_visible()


def test_a_wrong_gift_card_is_told_at_its_field(page: Page, shop: GuestShop):
    ordered(page, shop)
    choose_way(page, "Gift card")
    field = page.get_by_label("Code of the gift card")
    for typed, words in {
        "1234": "A gift card's code has 16 letters and digits.",
        "0000-0000-0000-0000": "This restaurant does not know this code.",
    }.items():
        field.fill(typed)
        page.get_by_role("button", name="Pay with this gift card").click()
        expect(page.get_by_text(words)).to_be_visible()
        assert field.get_attribute("aria-invalid") == "true"
    assert page.get_by_role("region", name="Paid so far").count() == 0


def test_a_lost_answer_takes_from_a_gift_card_once(page: Page, shop: GuestShop):
    code = shop.gift_card("50.00")
    placed = ordered(page, shop)
    keys: list[str] = []

    def lose_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            return route.continue_()
        route.fetch()  # the server has it, the phone never hears
        return route.abort()

    page.route(f"**{API}/orders/{placed}/payments", lose_first)
    choose_way(page, "Gift card")
    page.get_by_label("Code of the gift card").fill(code)
    page.get_by_role("button", name="Pay with this gift card").click()
    heading(page, PAID)
    balance = shop.call(
        "POST", f"/restaurants/{shop.profile['id']}/gift_cards/balance", {"code": code}
    )
    assert balance["balance"] == "5.00"
    assert len(set(keys)) == 1


# --- sharing the bill ------------------------------------------------------------


def split_in_three(page: Page) -> None:
    page.get_by_role("button", name="Split the bill").click()
    sheet = page.get_by_role("dialog", name="Split the bill")
    sheet.get_by_role("button", name="More: People").click()
    expect(sheet.get_by_text("About Q 15.00 each")).to_be_visible()
    sheet.get_by_role("button", name="Split", exact=True).click()
    expect(sheet).to_be_hidden()


def test_three_split_a_bill_and_each_pays_a_share(
    page: Page,
    new_page: Callable[..., Page],
    shop: GuestShop,
    problems: list[str],
):
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    placed = ordered(page, shop)
    token = token_of(page)
    split_in_three(page)
    sums = page.locator(".share-sum")
    expect(sums).to_have_text(["Q 15.00"] * 3)

    page.get_by_role("button", name="Pay: Share 1 of 3").click()
    heading(page, "Q 15.00")
    assert ways_of(page) == ["Lightning", "Gift card"]
    shop.pay(bolt11(page))
    expect(page.get_by_text("Your share is paid. Thank you!")).to_be_visible()
    expect(page.locator(".share.paid")).to_have_count(1)
    heading(page, "Q 30.00")

    page.get_by_role("button", name="Copy the link for your table").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.endswith(f"/restaurant/o/{placed}#k={token}&split=1")
    other = new_page()
    other.context.on("request", lambda request: asked.append(request.url))
    other.goto(link)
    expect(other.locator(".share.paid")).to_have_count(1)
    other.get_by_role("button", name="Pay: Share 2 of 3").click()
    choose_way(other, "Gift card")
    other.get_by_label("Code of the gift card").fill(shop.gift_card("15.00"))
    other.keyboard.press("Enter")
    expect(other.get_by_text("Your share is paid. Thank you!")).to_be_visible()

    expect(page.locator(".share.paid")).to_have_count(2)
    page.get_by_role("button", name="Pay: Share 3 of 3").click()
    shop.pay(bolt11(page))
    heading(page, PAID)
    heading(other, PAID)
    order = shop.call("GET", f"/orders/{placed}")
    assert (order["standing"], order["owed_msat"]) == ("paid", 0)
    arrived = [p for p in order["payments"] if p["captured_at"]]
    assert sorted(p["received_msat"] // 1000 for p in arrived) == [2379, 2380, 2380]
    assert len({p["share_id"] for p in arrived}) == 3
    assert [url for url in asked if token in url] == []
    # A page that asks while the other one pays may hear that nothing is due any more.
    assert [each for each in problems if "409" not in each] == []


def test_a_bill_is_split_by_what_each_one_had(page: Page, shop: GuestShop):
    page.goto(shop.path)
    add_tacos(page, "Brisket")
    page.get_by_role("button", name="Add Agua").click()
    page.get_by_role("button", name="More: Agua").click()
    place_order(page)
    page.get_by_role("button", name="Split the bill").click()
    sheet = page.get_by_role("dialog", name="Split the bill")
    sheet.get_by_role("button", name="By dish").click()
    do = sheet.get_by_role("button", name="Split", exact=True)
    expect(do).to_have_attribute("aria-disabled", "true")
    sheet.get_by_label("Name (optional)").fill("Ana")
    sheet.get_by_role("button", name="Tacos").click()
    sheet.get_by_role("button", name="Person 2").click()
    sheet.get_by_role("button", name="Agua").first.click()
    do.click()
    names = page.locator(".share strong")
    expect(names).to_have_text(["Ana", "Person 2", "The rest"])
    expect(page.locator(".share-sum")).to_have_text(["Q 70.00", "Q 10.00", "Q 10.00"])


def test_a_split_by_amount_is_taken_back(page: Page, shop: GuestShop):
    ordered(page, shop)
    page.get_by_role("button", name="Split the bill").click()
    sheet = page.get_by_role("dialog", name="Split the bill")
    sheet.get_by_role("button", name="By amount").click()
    sheet.get_by_label("Share 1 in GTQ").fill("50")
    expect(sheet.get_by_text("Q 5.00 more than is due")).to_be_visible()
    sheet.get_by_label("Share 1 in GTQ").fill("20,5")
    expect(sheet.get_by_text("The rest: Q 24.50")).to_be_visible()
    sheet.get_by_role("button", name="Split", exact=True).click()
    expect(page.locator(".share-sum")).to_have_text(["Q 20.50", "Q 24.50"])
    page.get_by_role("button", name="Do not split").click()
    expect(page.get_by_role("img", name="Lightning invoice")).to_be_visible()
    page.reload()
    expect(page.get_by_role("img", name="Lightning invoice")).to_be_visible()


# --- cards -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def stripe() -> Iterator[Stripe]:
    double = Stripe().start()
    yield double
    double.stop()


@pytest.fixture(scope="module")
def card_shop(stripe: Stripe, price_feed: PriceFeed) -> Iterator[GuestShop]:
    """A restaurant on a server that takes cards through Stripe's double."""
    settings = {
        "STRIPE_ENABLED": "true",
        "STRIPE_API_ENDPOINT": stripe.url,
        "STRIPE_API_SECRET_KEY": SECRET_KEY,
        "STRIPE_WEBHOOK_SIGNING_SECRET": SIGNING_SECRET,
    }
    server = Server(price_url=price_feed.url, environment=settings)
    server.process.environment["LNBITS_BASEURL"] = server.url
    stripe.webhook_url = f"{server.url}/api/v1/callback/stripe"
    with server:
        yield open_shop(server, server.make_wallet(100_000), "Plastic")


def test_by_card_and_back_without_a_token_in_any_address(
    new_page: Callable[..., Page], card_shop: GuestShop, stripe: Stripe
):
    page = new_page(base_url=card_shop.server.url)
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(str(request.headers)))
    page.context.on("request", lambda request: asked.append(request.url))
    placed = ordered(page, card_shop)
    token = token_of(page)
    choose_way(page, "Card")
    page.get_by_role("button", name="Pay Q 45.00 by card").click()
    page.wait_for_url(f"{stripe.url}/pay/*")
    page.go_back()
    expect(page.get_by_text("Waiting for your card payment")).to_be_visible()
    page.get_by_role("link", name="Go on to pay Q 45.00 by card").click()
    page.get_by_role("button", name="Pay").click()
    page.wait_for_url(f"**/restaurant/o/{placed}")  # and nothing after it
    heading(page, PAID)
    [session] = stripe.sessions.values()
    assert session["amount_total"] == 4500
    sent = [text for text in asked if token in text and "x-order-token" not in text]
    assert sent == []
    assert token not in str([a.form for a in stripe.asked])


def test_cards_pause_while_their_provider_fails(
    new_page: Callable[..., Page], card_shop: GuestShop, stripe: Stripe
):
    page = new_page(base_url=card_shop.server.url)
    ordered(page, card_shop)
    choose_way(page, "Card")
    stripe.mode = "error"
    pay = page.get_by_role("button", name="Pay Q 45.00 by card")
    pay.click()
    words = "Card payments do not work right now."
    expect(page.get_by_text(words)).to_be_visible()
    page.reload()
    pause = "Card payments pause at the moment. The other ways go on."
    expect(page.get_by_text(pause)).to_be_visible()
    assert ways_of(page) == ["Lightning", "Counter", "Gift card"]
    stripe.mode = "ok"


# --- for everybody ---------------------------------------------------------------


def faces(page: Page, shop: GuestShop) -> Iterator[str]:
    ordered(page, shop)
    choose_way(page, "Counter")
    expect(page.locator(".counter-number")).to_be_visible()
    yield "counter"
    choose_way(page, "Gift card")
    page.get_by_label("Code of the gift card").fill(shop.gift_card("20.00"))
    yield "gift card"
    page.get_by_role("button", name="Pay with this gift card").click()
    expect(page.get_by_role("region", name="Paid so far")).to_be_visible()
    yield "part paid"
    page.get_by_role("button", name="Split the bill").click()
    sheet = page.get_by_role("dialog", name="Split the bill")
    expect(sheet.get_by_text("About Q 12.50 each")).to_be_visible()
    yield "parts"
    sheet.get_by_role("button", name="By dish").click()
    sheet.get_by_role("button", name="Tacos").click()
    yield "dishes"
    sheet.get_by_role("button", name="By amount").click()
    yield "amounts"
    sheet.get_by_role("button", name="Equal parts").click()
    sheet.get_by_role("button", name="Split", exact=True).click()
    expect(page.locator(".share-sum")).to_have_count(2)
    yield "shares"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_pay(
    new_page: Callable[..., Page], shop: GuestShop, problems: list[str], scheme: str
):
    page = new_page(
        viewport=NARROW_AND_TALL, color_scheme=scheme, reduced_motion="reduce"
    )
    for face in faces(page, shop):
        found = Axe().run(page, options=WCAG).response["violations"]
        told = [(f["id"], [n["html"][:120] for n in f["nodes"]]) for f in found]
        assert told == [], face
        assert page.evaluate(SMALL_TARGETS, TARGET_MIN - 0.5) == [], face
        overflow = "document.documentElement.scrollWidth - innerWidth"
        assert page.evaluate(overflow) <= 0, face
    assert problems == []
