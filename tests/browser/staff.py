"""A restaurant with its staff page: what the browser tests of that page share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from bech32 import bech32_decode, convertbits
from playwright.sync_api import Browser, ConsoleMessage, Locator, ViewportSize

from browser.conftest import PATIENCE_MS
from harness import API
from harness.server import Server, ServerWallet

#: What a guest may type and an owner may name: shown as it stands, never run.
NASTY = '<img src=x onerror="window.hacked=1">'
NO_DISCLAIMER = "localStorage['lnbits.disclaimerShown'] = '__q_bool|1'"
DESKTOP: ViewportSize = {"width": 1280, "height": 860}
TABLET: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
#: What fades or slides begins a frame or two after a tap; spinners never end. Ten
#: seconds are enough for everything else.
SETTLED = """async () => {
  for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame)
  const ends = each => each.effect?.getComputedTiming().endTime !== Infinity
  const all = document.getAnimations().filter(ends)
  await Promise.race([
    new Promise(resolve => setTimeout(resolve, 10_000)),
    Promise.all(all.map(each => each.finished.catch(() => null)))])
}"""
#: What of a selector is shown, and smaller than a fingertip.
TOO_SMALL = """where => [...document.querySelectorAll(where)]
    .map(each => [each.textContent, each.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.width < 44 || box.height < 44))
    .map(([text, box]) => `${text}: ${box.width}x${box.height}`)"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MENU = {
    "categories": [
        {
            "id": "food",
            "name": "Food",
            "station": "kitchen",
            "items": [
                {
                    "id": "tacos",
                    "name": "Tacos",
                    "price": "55.00",
                    "allergens": ["gluten"],
                    "modifier_groups": [
                        {
                            "id": "tortilla",
                            "name": "Tortilla",
                            "min": 1,
                            "max": 1,
                            "modifiers": [{"id": "maiz", "name": "Maíz"}],
                        }
                    ],
                },
                {"id": "nasty", "name": NASTY, "price": "10.00"},
            ],
        },
        {
            "id": "drinks",
            "name": "Drinks",
            "station": "bar",
            "items": [{"id": "lemonade", "name": "Lemonade", "price": "18.00"}],
        },
    ]
}


@dataclass
class Desk:
    """One restaurant over HTTP: the guests', printers' and owner's side of a test."""

    server: Server
    wallet: ServerWallet
    id: str
    slug: str
    guest: ServerWallet

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The owner's call; must succeed."""
        return self.server.call(method, f"{API}{path}", self.wallet.admin, body)

    def once(self, path: str, body: Any, **headers: str) -> Any:
        """The owner's call, or that of whom `headers` name, with a key of its own."""
        who = headers or self.wallet.admin
        every = {"Idempotency-Key": uuid4().hex, **who}
        return self.server.call("POST", f"{API}{path}", every, body)

    def look(self, order: dict[str, Any]) -> dict[str, Any]:
        """The order as it is now."""
        found: dict[str, Any] = self.call("GET", f"/orders/{order['id']}")
        return found

    def set(self, **settings: Any) -> None:
        self.call("PATCH", f"/restaurants/{self.id}", settings)

    def invoice(self, sats: int) -> str:
        """A bolt11 of the guest's own wallet."""
        body = {"out": False, "amount": sats, "memo": "refund"}
        path = "/api/v1/payments"
        return str(self.server.call("POST", path, self.guest.invoice, body)["bolt11"])

    def fetch(self, lnurl: str, sats: int) -> str:
        """The guest's wallet fetches an LNURL-withdraw; answers its address."""
        _, words = bech32_decode(lnurl)
        assert words, lnurl
        url = bytes(convertbits(words, 5, 8, False) or ()).decode()
        offer = self.server.http.get(url).json()
        wanted = {"k1": offer["k1"], "pr": self.invoice(sats)}
        answer = self.server.http.get(offer["callback"], params=wanted).json()
        assert answer["status"] == "OK", answer
        return url

    def menu(self) -> dict[str, Any]:
        tree: dict[str, Any] = self.call("GET", f"/restaurants/{self.id}/menu?all=1")
        return tree

    def item(self, name: str) -> dict[str, Any]:
        items = [i for c in self.menu()["categories"] for i in c["items"]]
        return next(item for item in items if item["name"] == name)

    def line(self, name: str, note: str | None = None) -> dict[str, Any]:
        """One of an item, with the first modifier of every group that needs one."""
        item = self.item(name)
        needed = [g["modifiers"][0] for g in item["modifier_groups"] if g["min"]]
        return {
            "menu_item_id": item["id"],
            "quantity": 1,
            "note": note,
            "modifiers": [{"modifier_id": m["id"], "quantity": 1} for m in needed],
        }

    def place(self, *names: str, **cart: Any) -> dict[str, Any]:
        """A guest's order that is not paid yet; answers order and invoice."""
        lines = [self.line(name) for name in names]
        body = {"restaurant_id": self.id, "items": lines, **cart}
        headers = {"Idempotency-Key": uuid4().hex}
        if body.get("payment_method") == "cash":
            headers |= self.wallet.admin
        placed: dict[str, Any] = self.server.call(
            "POST", f"{API}/orders", headers, body
        )
        return placed

    def pay(self, placed: dict[str, Any]) -> dict[str, Any]:
        self.server.pay(placed["invoice"]["payment_request"], self.guest)
        order: dict[str, Any] = placed["order"]
        return order

    def order(self, *names: str, **cart: Any) -> dict[str, Any]:
        """A guest's order, placed and paid over Lightning."""
        return self.pay(self.place(*names, **cart))


def open_desk(server: Server, menu: dict[str, Any] | None = None) -> Desk:
    """A new owner's restaurant in GTQ with its menu, and a guest with money."""
    wallet = server.make_wallet()
    body = {"name": "Big Jay's Bustaurant", "currency": "GTQ"}
    made = server.call("POST", f"{API}/restaurants", wallet.admin, body)
    desk = Desk(server, wallet, made["id"], made["slug"], server.make_wallet(500_000))
    if menu:
        desk.call("PUT", f"/restaurants/{desk.id}/menu", menu)
    return desk


class StaffPage:
    """The page as its people see it, in a browser profile of its own."""

    def __init__(self, browser: Browser, wallet: ServerWallet, base_url: str):
        #: What our own files did wrong; LNbits' frame around them has faults too.
        self.faults: list[str] = []
        self.wallet = wallet
        self.context = browser.new_context(
            viewport=DESKTOP, locale="en-GB", timezone_id="UTC", base_url=base_url
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.add_init_script(NO_DISCLAIMER)
        answer = self.context.request.post(
            "/api/v1/auth",
            data={"username": wallet.username, "password": wallet.password},
        )
        assert answer.ok, answer.text()
        self.page = self.context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self._blame(error.stack or str(error)))

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self._blame(f"{said.text} {said.location.get('url', '')}")

    def _blame(self, text: str) -> None:
        if "/restaurant/static" in text:
            self.faults.append(text)

    def open(self, tab: str = "orders") -> None:
        """Load the page anew."""
        self.page.goto("about:blank")
        self.page.goto(f"/restaurant/#{tab}")
        self.page.locator(".rs-desk").wait_for()

    def go(self, tab: str) -> None:
        self.page.get_by_role("tab", name=tab).click()

    def settle(self) -> None:
        """Wait until nothing fades or slides any more."""
        self.page.evaluate(SETTLED)

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def link_of_qr(self) -> str:
        """What the QR code of the open dialog says."""
        link = self.dialog().last.locator(".rs-qr a").get_attribute("href") or ""
        return link.removeprefix("lightning:")

    def too_small(self, where: str) -> list[str]:
        """What fingers miss of a CSS selector, once nothing moves any more."""
        self.settle()
        return list(self.page.evaluate(TOO_SMALL, where))

    def complaints(self, where: str = ".rs") -> list[str]:
        """What axe says about our part of the page; behind `.rs-dialog` it sees
        nothing, as it would take that for the dialog's background."""
        behind = ".q-layout, .q-dialog__backdrop" if where != ".rs" else ".rs-none"
        style = self.page.add_style_tag(content=f"{behind} {{ visibility: hidden }}")
        self.settle()
        options = {"runOnly": WCAG, "resultTypes": ["violations"]}
        context = {"include": [[where]]}
        found = Axe().run(self.page, context=context, options=options).response
        style.evaluate("style => style.remove()")
        nodes = [(v["id"], n["html"]) for v in found["violations"] for n in v["nodes"]]
        return [f"{rule}: {html[:200]}" for rule, html in nodes]

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def card(self, number: int) -> Locator:
        return self.page.locator(f"article.rs-order[data-order='{number}']").first

    def column(self, name: str) -> Locator:
        return self.page.locator(f"[data-column='{name}']")

    def banner(self, text: str) -> Locator:
        return self.page.locator(".rs-banner-bad").filter(has_text=text)
