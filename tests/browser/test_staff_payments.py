"""Staff take money: in cash, from gift cards, over Lightning, share by share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from browser.staff import PHONE, Desk, StaffPage, open_desk
from harness.server import Server
from harness.stripe import SECRET_KEY, SIGNING_SECRET, Stripe
from price_feed import PriceFeed

SODA = {
    "categories": [
        {
            "name": "Drinks",
            "station": "bar",
            "items": [
                {"name": "Soda", "price": "10.02"},
                {"name": "Cake", "price": "30.00"},
            ],
        }
    ]
}


@pytest.fixture(scope="module")
def desk(server: Server) -> Desk:
    desk = open_desk(server, SODA)
    desk.set(cash_rounding="0.05")
    return desk


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


def take(staff: StaffPage, number: int, button: str = "Take cash") -> None:
    staff.card(number).get_by_role("button", name=button).click()
    expect(staff.dialog()).to_contain_text(f"Payment for order {number}")


def tap(staff: StaffPage, name: str) -> None:
    top = staff.dialog().last
    top.get_by_role("button", name=name, exact=True).click()


# --- cash ------------------------------------------------------------------------


def test_cash_is_rounded_to_coins_and_its_change_is_shown_large(staff, desk):
    order = desk.place("Soda", payment_method="cash", table="3")["order"]
    take(staff, order["number"])
    dialog = staff.dialog()
    expect(dialog.get_by_text("GTQ 10.02 → GTQ 10.00 in coins")).to_be_visible()
    quick = dialog.locator(".rs-quick button")
    expect(quick).to_have_text(
        ["GTQ 10.00", "GTQ 20.00", "GTQ 50.00", "GTQ 100.00", "GTQ 200.00"]
    )
    tap(staff, "GTQ 20.00")
    expect(dialog.locator(".rs-change strong")).to_have_text("GTQ 10.00")
    tap(staff, "Take the cash")
    expect(dialog.locator(".rs-huge")).to_have_text("GTQ 10.00")
    expect(dialog.get_by_text("Nothing is due any more.")).to_be_visible()
    tap(staff, "Done")

    paid = desk.look(order)
    [payment] = paid["payments"]
    assert (payment["amount"], payment["rounding"]) == ("10.02", "-0.02")
    assert (payment["tendered"], payment["change"]) == ("20.00", "10.00")
    assert (paid["due"], paid["standing"]) == ("0.00", "paid")


def test_an_answer_that_was_lost_is_asked_for_again_and_counts_once(staff, desk):
    order = desk.place("Cake", payment_method="cash")["order"]
    lost = []

    def lose_the_first(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    path = f"**/orders/{order['id']}/payments"
    staff.page.route(path, lose_the_first)
    take(staff, order["number"])
    tap(staff, "A part")
    staff.dialog().get_by_label("Amount in GTQ").fill("20")
    tap(staff, "Take the cash")
    expect(staff.dialog().get_by_text("GTQ 10.00 is still due.")).to_be_visible()
    staff.page.unroute(path)
    tap(staff, "Done")
    assert lost == [201]
    assert [p["amount"] for p in desk.look(order)["payments"]] == ["20.00"]


def test_a_guest_who_comes_with_cash_waits_at_the_top(staff, desk):
    placed = desk.place("Soda", customer_name="Ana")
    token = {"X-Order-Token": placed["order_token"]}
    path = f"/orders/{placed['order']['id']}/method"
    desk.once(path, {"payment_method": "cash"}, **token)

    row = staff.column("counter").locator(staff.card(placed["order"]["number"]))
    expect(row).to_contain_text("Pickup · Ana")
    expect(row).to_contain_text("GTQ 10.02")
    row.get_by_role("button", name="Take cash").click()
    tap(staff, "Take the cash")
    expect(staff.dialog().locator(".rs-huge")).to_have_text("GTQ 0.00")
    tap(staff, "Done")
    expect(staff.column("counter")).to_have_count(0)
    card = staff.column("new").locator(staff.card(placed["order"]["number"]))
    expect(card.get_by_role("button", name="Accept")).to_be_visible()


def test_the_sentence_of_a_refused_payment_is_shown(staff, desk):
    order = desk.place("Cake", payment_method="cash")["order"]
    take(staff, order["number"])
    tap(staff, "A part")
    staff.dialog().get_by_label("Amount in GTQ").fill("31")
    expect(staff.dialog().get_by_text("At most GTQ 30.00 is due.")).to_be_visible()
    staff.dialog().get_by_label("Amount in GTQ").fill("7.77")
    tap(staff, "Take the cash")
    expect(
        staff.dialog().get_by_text("Cash here comes in steps of 0.05 GTQ.")
    ).to_be_visible()
    tap(staff, "Back")
    assert desk.look(order)["payments"] == []


# --- several methods -------------------------------------------------------------


def test_a_gift_card_then_cash_until_nothing_is_due(staff, desk):
    staff.go("Gift cards")
    staff.button("New gift card").click()
    dialog = staff.dialog()
    dialog.get_by_label("Amount in GTQ").fill("12.50")
    tap(staff, "Issue it")
    code = dialog.locator(".rs-secret").inner_text()
    tap(staff, "I have it")
    row = staff.page.locator(f"[data-card='{code[-4:]}']")
    expect(row).to_contain_text("GTQ 12.50")

    order = desk.place("Cake", payment_method="cash")["order"]
    staff.go("Orders")
    take(staff, order["number"])
    tap(staff, "Gift card")
    dialog.get_by_label("Gift card code").fill(code.lower())
    tap(staff, "Ask for the balance")
    expect(dialog.locator(".rs-balance")).to_contain_text("GTQ 12.50")
    tap(staff, "Take it from the card")
    expect(dialog.get_by_text("GTQ 17.50 is still due.")).to_be_visible()
    expect(dialog.locator(".rs-big")).to_have_text("GTQ 12.50")
    tap(staff, "Take the rest")
    tap(staff, "Cash")
    tap(staff, "GTQ 20.00")
    tap(staff, "Take the cash")
    expect(dialog.locator(".rs-huge")).to_have_text("GTQ 2.50")
    expect(dialog.get_by_text("Nothing is due any more.")).to_be_visible()
    tap(staff, "Done")

    paid = desk.look(order)
    methods = [(p["method"], p["amount"]) for p in paid["payments"]]
    assert methods == [("gift_card", "12.50"), ("cash", "17.50")]
    assert paid["due_msat"] == 0
    staff.go("Gift cards")
    expect(row).to_contain_text("used up")
    expect(row).to_contain_text("GTQ 0.00")


def test_a_bill_in_three_shares_is_paid_by_two_methods(staff, desk):
    order = desk.place("Cake", payment_method="cash", table="9")["order"]
    dialog = staff.dialog()
    take(staff, order["number"])
    tap(staff, "Split")
    tap(staff, "Split into 3")
    shares = dialog.locator(".rs-share")
    expect(shares).to_have_count(3)
    expect(shares.first).to_contain_text("Share 1 of 3")
    expect(shares.first).to_contain_text("GTQ 10.00")
    tap(staff, "Undo the split")
    tap(staff, "Split into 2")
    expect(shares).to_have_count(2)
    tap(staff, "Undo the split")
    tap(staff, "Split into 3")

    tap(staff, "Take Share 2 of 3")
    tap(staff, "Take the cash")
    expect(dialog.get_by_text("GTQ 20.00 is still due.")).to_be_visible()
    tap(staff, "Take the rest")
    expect(dialog.locator("[data-share='paid']")).to_contain_text("Share 2 of 3")
    expect(dialog.get_by_role("button", name="Undo the split")).to_have_count(0)
    tap(staff, "Take Share 1 of 3")
    tap(staff, "Lightning")
    expect(dialog.get_by_text("Waiting for the guest’s wallet …")).to_be_visible()
    desk.server.pay(staff.link_of_qr().lower(), desk.guest)
    expect(dialog.get_by_text("GTQ 10.00 is still due.")).to_be_visible()
    tap(staff, "Take the rest")
    tap(staff, "Take Share 3 of 3")
    tap(staff, "Cash")
    tap(staff, "Take the cash")
    expect(dialog.get_by_text("Nothing is due any more.")).to_be_visible()
    tap(staff, "Done")

    paid = desk.look(order)
    assert [p["method"] for p in paid["payments"]] == ["cash", "lightning", "cash"]
    assert len({p["share_id"] for p in paid["payments"]}) == 3
    assert (paid["due_msat"], paid["standing"]) == (0, "paid")


def test_a_bill_is_split_by_items_and_amounts(staff, desk):
    order = desk.place("Cake", "Soda", payment_method="cash")["order"]
    dialog = staff.dialog()
    take(staff, order["number"])
    tap(staff, "Split")
    tap(staff, "Items")
    tap(staff, "More: Soda")
    dialog.get_by_label("Who (if you like)").fill("Ana")
    tap(staff, "Next person")
    expect(dialog.get_by_text("Ana: 1× Soda")).to_be_visible()
    tap(staff, "Split the bill")
    shares = dialog.locator(".rs-share")
    expect(shares.nth(0)).to_contain_text("Ana")
    expect(shares.nth(0)).to_contain_text("GTQ 10.02")
    expect(shares.nth(1)).to_contain_text("The rest")
    expect(shares.nth(1)).to_contain_text("GTQ 30.00")
    tap(staff, "Undo the split")

    tap(staff, "Amounts")
    typed = dialog.get_by_label("Amounts in GTQ")
    typed.fill("15")
    typed.press("Enter")
    tap(staff, "Split the bill")
    expect(shares.nth(0)).to_contain_text("GTQ 15.00")
    expect(shares.nth(1)).to_contain_text("GTQ 25.02")
    tap(staff, "Back")
    split = desk.call("GET", f"/orders/{order['id']}/split")
    assert [share["amount"] for share in split["shares"]] == ["15.00", "25.02"]


# --- cards -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def stripe() -> Iterator[Stripe]:
    double = Stripe().start()
    yield double
    double.stop()


@pytest.fixture(scope="module")
def cards(
    browser: Browser, stripe: Stripe, price_feed: PriceFeed
) -> Iterator[tuple[StaffPage, Desk]]:
    """The staff page of a server that takes cards through Stripe's double."""
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
        desk = open_desk(server, SODA)
        staff = StaffPage(browser, desk.wallet, server.url)
        staff.open()
        yield staff, desk
        staff.context.close()


def test_a_card_pays_on_the_guests_phone_and_its_dispute_is_noted(cards, stripe):
    staff, desk = cards
    order = desk.place("Cake", payment_method="cash")["order"]
    take(staff, order["number"])
    tap(staff, "Card")
    dialog = staff.dialog()
    expect(dialog.get_by_text("The guest scans this and pays by card")).to_be_visible()
    address = staff.link_of_qr()
    assert stripe.session_at(address)["amount_total"] == 3000
    stripe.pay(address)
    stripe.deliver(address)
    expect(dialog.get_by_text("Nothing is due any more.")).to_be_visible()
    tap(staff, "Done")

    card = staff.card(order["number"])
    card.locator(".rs-number").click()
    tap(staff, "The payer disputes it")
    tap(staff, "The payer disputes it")
    expect(card.get_by_text("Disputed")).to_be_visible()
    assert desk.look(order)["flags"] == ["disputed"]
    tap(staff, "Dispute won")
    tap(staff, "Dispute won")
    expect(card.get_by_text("Disputed")).to_have_count(0)
    tap(staff, "Close")
    assert desk.look(order)["payments"][0]["status"] in ("captured", "settled")


def test_a_card_provider_that_fails_is_said_and_cash_goes_on(cards, stripe):
    staff, desk = cards
    staff.open()
    order = desk.place("Cake", payment_method="cash")["order"]
    take(staff, order["number"])
    stripe.mode = "error"
    tap(staff, "Card")
    expect(staff.dialog().get_by_role("alert")).to_be_visible()
    stripe.mode = "ok"
    tap(staff, "Cash")
    tap(staff, "Take the cash")
    expect(staff.dialog().get_by_text("Nothing is due any more.")).to_be_visible()
    tap(staff, "Done")


# --- what is taken ---------------------------------------------------------------


def test_the_methods_of_the_settings_are_those_of_the_counter(staff, desk):
    staff.go("Settings")
    for box in ("Gift card, Eat in", "Lightning, Delivery"):
        staff.page.get_by_role("checkbox", name=box, exact=True).click()
    staff.page.get_by_label("Routing fees at most, in %").fill("0,5")
    staff.page.get_by_label("Days to fetch a refund").fill("7")
    staff.page.get_by_label("Smallest coin").fill("")
    staff.button("Save").click()
    expect(staff.page.locator(".rs-savebar")).to_have_count(0)
    stored = desk.call("GET", "/restaurants")["data"][0]
    rules = [(r["method"], r["order_types"]) for r in stored["accepted_payments"]]
    assert rules == [
        ("cash", []),
        ("lightning", ["dine_in", "pickup"]),
        ("card", []),
        ("gift_card", ["pickup", "delivery"]),
    ]
    assert (stored["refund_fee_percent"], stored["withdraw_days"]) == ("0.5", 7)
    assert stored["cash_rounding"] is None

    cart = {"payment_method": "cash", "order_type": "dine_in", "table": "5"}
    order = desk.place("Cake", **cart)["order"]
    staff.go("Orders")
    take(staff, order["number"])
    methods = staff.dialog().get_by_role("group", name="Method").get_by_role("button")
    expect(methods).to_have_text(["Cash", "Lightning"])
    tap(staff, "Back")


def test_a_till_takes_the_methods_that_are_ticked(staff, desk):
    body = {"name": "Till 1", "role": "pos", "payment_methods": ["cash"]}
    device = desk.call("POST", f"/restaurants/{desk.id}/devices", body)
    staff.go("Devices")
    row = staff.page.locator(".rs-row").filter(has_text="Till 1")
    expect(row).to_contain_text("Takes: Cash")
    staff.button("Payments that Till 1 takes").click()
    boxes = staff.page.locator(".rs-menu").get_by_role("checkbox")
    expect(boxes.nth(0)).to_have_attribute("aria-disabled", "true")
    staff.page.get_by_role("checkbox", name="Gift card", exact=True).click()
    expect(row).to_contain_text("Takes: Cash, Gift card")
    staff.page.keyboard.press("Escape")
    [stored] = desk.call("GET", f"/restaurants/{desk.id}/devices")["data"]
    assert stored["payment_methods"] == ["cash", "gift_card"]
    desk.call("DELETE", f"/devices/{device['id']}")


def test_a_gift_card_is_blocked_and_freed(staff, desk):
    body = {"amount": "40", "kind": "given"}
    card = desk.call("POST", f"/restaurants/{desk.id}/gift_cards", body)
    staff.go("Gift cards")
    row = staff.page.locator(f"[data-card='{card['hint']}']")
    row.get_by_role("button", name="Block").click()
    expect(row.get_by_text("blocked")).to_be_visible()
    staff.page.get_by_label("Gift card code").fill(card["code"])
    staff.button("Ask for the balance").click()
    expect(staff.page.get_by_text("It cannot be used.")).to_be_visible()
    assert desk.call("GET", f"/gift_cards/{card['id']}")["is_blocked"] is True
    row.get_by_role("button", name="Unblock").click()
    expect(row.get_by_text("good", exact=True)).to_be_visible()
    assert desk.call("GET", f"/gift_cards/{card['id']}")["is_blocked"] is False


# --- for everybody ---------------------------------------------------------------


@pytest.mark.parametrize("is_dark", [True, False], ids=["dark", "light"])
def test_axe_has_nothing_to_say_about_taking_money(staff, desk, is_dark):
    staff.page.evaluate("dark => { window.g.darkChoice = dark }", is_dark)
    order = desk.place("Cake", payment_method="cash")["order"]
    staff.go("Gift cards")
    assert staff.complaints() == []
    staff.go("Settings")
    assert staff.complaints() == []
    staff.go("Orders")
    take(staff, order["number"])
    for step in ("A part", "Split", "Items", "Amounts", "Equal", "Split into 2"):
        tap(staff, step)
        assert staff.complaints(".rs-dialog") == [], step
    for step in ("Take Share 1 of 2", "Lightning", "Take Share 2 of 2"):
        if step.startswith("Take Share 2"):
            tap(staff, "Other share")
        tap(staff, step)
        assert staff.complaints(".rs-dialog") == [], step
    tap(staff, "Back")
    assert staff.faults == []


def test_the_payment_fits_a_phone_with_targets_for_fingers(staff, desk):
    order = desk.place("Cake", payment_method="cash")["order"]
    staff.card(order["number"]).wait_for()
    staff.page.set_viewport_size(PHONE)
    staff.page.get_by_role("button", name="In kitchen").click()
    take(staff, order["number"])
    for step in ("A part", "Split", "Items", "All of it"):
        tap(staff, step)
        assert staff.too_small(".rs-dialog button") == [], step
        assert staff.page.evaluate("document.documentElement.scrollWidth") <= 390
    tap(staff, "Back")
