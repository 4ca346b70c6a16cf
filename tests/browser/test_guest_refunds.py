"""Money goes back to a guest, who sees where it stands and says where to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from bech32 import bech32_decode, convertbits
from playwright.sync_api import Page, Route, expect

from browser.guest import (
    GuestShop,
    add_tacos,
    bolt11,
    open_cart,
    open_shop,
    order_and_pay,
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
from harness.server import Server, ServerWallet

#: 45.00 GTQ at the tests' rate.
SATS = 7_139
#: Refunds are sent by a loop that looks every ten seconds.
SENT_WITHIN_MS = 40_000


@pytest.fixture(scope="module")
def shop(server: Server) -> GuestShop:
    return open_shop(server, server.make_wallet(1_000_000), "Money Back")


@pytest.fixture(scope="module")
def guest(server: Server) -> ServerWallet:
    """The wallet on the guest's phone."""
    return server.make_wallet()


def refund(shop: GuestShop, placed: str, **body: Any) -> dict[str, Any]:
    made = shop.once(f"/orders/{placed}/refunds", {"reason": "Sorry", **body})
    assert isinstance(made, dict)
    return made


def invoice_over(server: Server, wallet: ServerWallet, sats: int) -> str:
    body = {"out": False, "amount": sats, "memo": "refund"}
    made = server.call("POST", "/api/v1/payments", wallet.invoice, body)
    return str(made["bolt11"])


def url_in(lnurl: str) -> str:
    _, words = bech32_decode(lnurl)
    found = convertbits(words, 5, 8, False)
    assert found is not None
    return bytes(found).decode()


def card_of(page: Page) -> Any:
    return page.get_by_role("region", name="Money back").get_by_role("article")


# --- fetched by the guest --------------------------------------------------------


def test_a_refund_is_fetched_by_its_qr_code(
    page: Page,
    server: Server,
    shop: GuestShop,
    guest: ServerWallet,
    problems: list[str],
):
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    placed = order_and_pay(page, shop)
    token = token_of(page)
    refund(shop, placed)
    card = card_of(page)
    expect(card.get_by_role("heading")).to_have_text(
        "Refund of Q 45.00 · waiting for you"
    )
    expect(card.get_by_text("7,139 sat", exact=True)).to_be_visible()
    code = card.get_by_role("img", name="Refund as a QR code (LNURL)")
    box = code.bounding_box()
    assert box is not None
    assert box["width"] >= 240
    href = card.get_by_role("link", name="Open wallet").get_attribute("href") or ""
    lnurl = href.removeprefix("lightning:")
    assert lnurl.startswith("LNURL1")
    assert lnurl == lnurl.upper()

    url = url_in(lnurl)
    assert url.startswith(f"{server.url}{API}/withdraw/")
    offer = server.http.get(url).json()
    assert offer["tag"] == "withdrawRequest"
    assert offer["minWithdrawable"] == offer["maxWithdrawable"] == SATS * 1000
    wanted = {"k1": offer["k1"], "pr": invoice_over(server, guest, SATS)}
    answer = server.http.get(offer["callback"], params=wanted).json()
    assert answer["status"] == "OK"

    expect(page.get_by_role("heading", name="Money returned")).to_be_visible()
    expect(card.get_by_role("heading")).to_have_text("Refund of Q 45.00 · sent")
    expect(card.get_by_text("Your wallet got it on")).to_be_visible()
    assert [sent for sent in asked if token in sent or "/withdraw/" in sent] == []
    assert problems == []


def test_a_refund_goes_to_a_pasted_invoice_instead(
    page: Page, server: Server, shop: GuestShop, guest: ServerWallet
):
    placed = order_and_pay(page, shop)
    refund(shop, placed)
    card = card_of(page)
    card.get_by_text("Send it to an address or invoice").click()
    field = card.get_by_label("Lightning address or invoice")
    send = card.get_by_role("button", name="Send it there")
    small = invoice_over(server, guest, 5)
    for typed, words in {
        "call me": "Please write an address like name@example.com",
        small: "This invoice is over another amount. It must be exactly 7,139 sat.",
        "ana@127.0.0.1": "This address cannot be reached",
    }.items():
        field.fill(typed)
        send.click()
        expect(card.get_by_text(words)).to_be_visible()
    waiting = shop.call("GET", f"/orders/{placed}/refunds")["data"]
    assert [r["destination"] for r in waiting] == ["withdraw"]

    field.fill(f"lightning:{invoice_over(server, guest, SATS).upper()}")
    send.click()
    expect(card.get_by_role("img", name="Refund as a QR code")).to_be_hidden()
    expect(card.get_by_role("heading")).to_have_text(
        "Refund of Q 45.00 · sent", timeout=SENT_WITHIN_MS
    )
    expect(card.get_by_text("Your invoice was paid on")).to_be_visible()
    [sent] = shop.call("GET", f"/orders/{placed}")["refunds"]
    assert (sent["status"], sent["destination"]) == ("sent", "bolt11")


def test_an_order_with_money_waiting_stays_on_the_menu(page: Page, shop: GuestShop):
    placed = order_and_pay(page, shop)
    shop.step(placed, "canceled", reason="The oven broke")
    refund(shop, placed)
    card_of(page).wait_for()
    page.get_by_role("link", name="To the menu").click()
    page.get_by_role("link", name="Money for you").first.click()
    expect(card_of(page).get_by_text("waiting for you")).to_be_visible()
    assert order_id(page) == placed


# --- what happens to the money of a canceled order -------------------------------


def test_a_canceled_order_says_what_happens_to_its_money(page: Page, shop: GuestShop):
    placed = order_and_pay(page, shop)
    shop.step(placed, "canceled", reason="The oven broke")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Canceled – your money is due back")
    expect(page.get_by_text("Please show order")).to_be_visible()
    expect(page.get_by_text("The oven broke")).to_be_visible()

    made = refund(shop, placed, destination={"to": "gift_card"})
    expect(title).to_have_text("Money returned")
    card = card_of(page)
    expect(card.get_by_role("heading")).to_have_text("Refund of Q 45.00 · done")
    code = card.locator(".gift-code")
    expect(code).to_be_visible()
    expect(card.get_by_role("button", name="Copy the code")).to_be_visible()
    body = {"code": code.inner_text()}
    path = f"/restaurants/{shop.profile['id']}/gift_cards/balance"
    assert shop.call("POST", path, body)["balance"] == "45.00"
    assert made["gift_card_code"] is None  # only the guest's own page tells it


def test_a_refund_that_needs_approval_says_so(page: Page, shop: GuestShop):
    devices = f"/restaurants/{shop.profile['id']}/devices"
    till = shop.call("POST", devices, {"name": "Till", "role": "pos"})
    bearer = {"Authorization": f"Bearer {till['token']}"}
    placed = order_and_pay(page, shop)
    shop.step(placed, "canceled")
    made = shop.once(f"/orders/{placed}/refunds", {"reason": "x"}, bearer)
    expect(card_of(page).get_by_role("heading")).to_have_text(
        "Refund of Q 45.00 · being approved"
    )
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Canceled – you get your money back")
    shop.call("POST", f"/refunds/{made['id']}/approve")
    expect(card_of(page).get_by_role("heading")).to_have_text(
        "Refund of Q 45.00 · waiting for you"
    )


#: What the server may say of a refund, and what its guest then reads.
STATES: list[tuple[dict[str, Any], str, str]] = [
    (
        {"status": "approved", "destination": "lightning_address", "value": "a@b.cd"},
        "on its way",
        "It goes to a@b.cd.",
    ),
    (
        {"status": "approved", "problem": "insufficient_balance"},
        "waiting for you",
        "The restaurant's wallet is short at the moment.",
    ),
    ({"status": "sending"}, "on its way", "It is being sent to your wallet."),
    (
        {"status": "failed", "problem": "withdraw_expired"},
        "did not work",
        "Nobody fetched it in time.",
    ),
    ({"status": "canceled"}, "taken back", "The restaurant took this refund back."),
    (
        {
            "status": "sent",
            "destination": "cash",
            "sent_at": "2026-11-21T12:00:00.000Z",
        },
        "done",
        "Paid out in cash on",
    ),
]


def test_every_turn_a_refund_may_take_has_honest_words(page: Page, shop: GuestShop):
    placed = order_and_pay(page, shop)
    refund(shop, placed)
    card_of(page).wait_for()
    order = shop.call("GET", f"/orders/{placed}")
    told: dict[str, Any] = order

    def tell(route: Route) -> None:
        route.fulfill(json=told)

    page.add_init_script("window.WebSocket = function () { this.close = () => {} }")
    page.route(f"**{API}/orders/{placed}", tell)
    for changes, state, words in STATES:
        told = json.loads(json.dumps(order))
        told["refunds"][0] |= changes
        page.reload()
        heading = card_of(page).get_by_role("heading")
        expect(heading).to_have_text(f"Refund of Q 45.00 · {state}")
        expect(card_of(page).get_by_text(words)).to_be_visible()


# --- asked at the checkout -------------------------------------------------------


def test_where_refunds_go_is_asked_once_and_remembered(page: Page, shop: GuestShop):
    page.goto(shop.path)
    add_tacos(page)
    cart = open_cart(page)
    field = cart.get_by_label("Your Lightning address (optional)")
    expect(field).to_be_hidden()
    cart.get_by_text("If something goes wrong, refund me to").click()
    field.fill("not an address")
    before = len(shop.orders())
    cart.get_by_role("button", name="Order and pay").click()
    expect(cart.get_by_text("This is no Lightning address.")).to_be_visible()
    expect(field).to_be_focused()
    assert field.get_attribute("aria-invalid") == "true"
    assert len(shop.orders()) == before

    field.fill("Ana@Wallet.Example ")
    expect(cart.get_by_text("This is no Lightning address.")).to_be_hidden()
    cart.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    first = shop.call("GET", f"/orders/{order_id(page)}")
    assert first["refund_to"] == "ana@wallet.example"

    page.goto(shop.path)
    page.reload()
    add_tacos(page)
    second = place_order(page)
    order = shop.call("GET", f"/orders/{second}")
    assert order["refund_to"] == "ana@wallet.example"
    shop.pay(bolt11(page))
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()


# --- for everybody ---------------------------------------------------------------


def faces(page: Page, shop: GuestShop) -> Iterator[str]:
    placed = order_and_pay(page, shop)
    half = refund(shop, placed, amount="20.00")
    card_of(page).get_by_role("img").wait_for()
    card_of(page).get_by_text("Send it to an address or invoice").click()
    yield "waiting"
    shop.call("POST", f"/refunds/{half['id']}/cancel")
    shop.step(placed, "canceled")
    refund(shop, placed, destination={"to": "gift_card"})
    card_of(page).locator(".gift-code").wait_for()
    yield "gift card"
    page.get_by_role("link", name="Order something else").click()
    add_tacos(page)
    cart = open_cart(page)
    cart.get_by_text("If something goes wrong, refund me to").click()
    expect(cart.get_by_role("button", name="Order and pay")).to_be_visible()
    yield "checkout"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_get_money_back(
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
