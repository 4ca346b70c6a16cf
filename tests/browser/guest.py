"""A restaurant for the guest's pages, and what a guest does on them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from harness import API
from harness.server import Server, ServerWallet

ODD_NAME = "<b>Fish</b> & Chips 5<6"
#: A network that lets no WebSocket through.
NO_SOCKETS = """
window.WebSocket = function () {
  this.readyState = 3
  this.close = () => {}
  setTimeout(() => this.onclose({code: 1006}))
}
window.WebSocket.OPEN = 1
"""
#: Answers that do not say when they were written.
NO_DATES = """
const said = Headers.prototype.get
Headers.prototype.get = function (name) {
  return name.toLowerCase() === 'date' ? null : said.call(this, name)
}
"""


def modifier(name: str, delta: str = "0", **fields: Any) -> dict[str, Any]:
    return {"name": name, "price_delta": delta, **fields}


def tacos_menu() -> dict[str, Any]:
    """Two categories; 2 × Tacos (Maíz, Brisket, Chicken) come to 170.00."""
    tortilla = {
        "name": "Tortilla",
        "min": 1,
        "max": 1,
        "modifiers": [modifier("Maíz"), modifier("Harina")],
    }
    extras = {
        "name": "Extras",
        "min": 0,
        "max": 2,
        "modifiers": [
            modifier("Brisket", "25.00"),
            modifier("Chicken", "15.00"),
            modifier("Guacamole", "12.00"),
        ],
    }
    tacos = {
        "name": "Tacos",
        "description": "Slow-smoked.",
        "price": "45.00",
        "allergens": ["Corn"],
        "modifier_groups": [extras, tortilla],
    }
    return {
        "categories": [
            {
                "name": "Mains",
                "items": [
                    tacos,
                    {"name": ODD_NAME, "price": "62.00", "description": "<i>yes</i>"},
                    {"name": "Birria", "price": "65.00", "is_available": False},
                ],
            },
            {"name": "Drinks", "items": [{"name": "Agua", "price": "10.00"}]},
        ]
    }


@dataclass
class GuestShop:
    """One restaurant on the server under test, its owner and its menu as stored."""

    server: Server
    owner: ServerWallet
    payer: ServerWallet
    profile: dict[str, Any]
    menu: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The address of its menu."""
        return f"/restaurant/m/{self.profile['slug']}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """As the owner."""
        return self.server.call(method, API + path, self.owner.admin, body)

    def put_menu(self, menu: dict[str, Any]) -> None:
        self.menu = self.call("PUT", f"/restaurants/{self.profile['id']}/menu", menu)

    def change(self, **fields: Any) -> None:
        """Change its profile."""
        self.call("PATCH", f"/restaurants/{self.profile['id']}", fields)

    def item(self, name: str) -> dict[str, Any]:
        items = [i for c in self.menu["categories"] for i in c["items"]]
        return next(item for item in items if item["name"] == name)

    def switch(self, name: str, *, is_available: bool) -> None:
        """Sell an item out, or have it again."""
        path = f"/menu_items/{self.item(name)['id']}"
        self.call("PATCH", path, {"is_available": is_available})

    def orders(self) -> list[dict[str, Any]]:
        """Newest first."""
        found = self.call("GET", f"/restaurants/{self.profile['id']}/orders")["data"]
        assert isinstance(found, list)
        return found

    def step(self, order_id: str, new: str, **body: Any) -> None:
        self.call("PUT", f"/orders/{order_id}/status/{new}", body)

    def pay(self, bolt11: str) -> None:
        self.server.pay(bolt11, self.payer)

    def once(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        """A POST that needs an Idempotency-Key; the owner's unless told."""
        key = {"Idempotency-Key": str(uuid.uuid4())}
        sender = headers or self.owner.admin
        return self.server.call("POST", API + path, {**sender, **key}, body)

    def add(self, what: str, **body: Any) -> Any:
        """Something new of this restaurant's: tables, combos, price_lists …"""
        return self.call("POST", f"/restaurants/{self.profile['id']}/{what}", body)

    def discount(self, name: str, code: str | None = None, **body: Any) -> Any:
        """A discount of the clock's, or of a code."""
        trigger = "code" if code else "schedule"
        body = {"kind": "percent", "trigger": trigger, **body}
        made = self.add("discounts", name=name, **body)
        if code:
            self.call("POST", f"/discounts/{made['id']}/codes", {"code": code})
        return made

    def gift_card(self, amount: str) -> str:
        """The code of a new gift card."""
        body = {"amount": amount, "kind": "sold"}
        made = self.call("POST", f"/restaurants/{self.profile['id']}/gift_cards", body)
        return str(made["code"])


def open_shop(
    server: Server, payer: ServerWallet, name: str, **profile: Any
) -> GuestShop:
    """A new restaurant with the tacos menu, in quetzales unless told."""
    owner = server.make_keys()
    body = {"name": name, "currency": "GTQ", "timezone": "America/Guatemala", **profile}
    made = server.call("POST", f"{API}/restaurants", owner.admin, body)
    shop = GuestShop(server, owner, payer, made)
    if profile.get("currency", "GTQ") == "GTQ":
        shop.put_menu(tacos_menu())
    return shop


# --- what a guest does -----------------------------------------------------------


def add_tacos(page: Page, *extras: str) -> None:
    """Tacos with Maíz and these extras into the cart."""
    page.get_by_role("button", name="Tacos", exact=True).click()
    sheet = page.get_by_role("dialog", name="Tacos")
    sheet.get_by_role("radio", name="Maíz").check()
    for extra in extras:
        sheet.get_by_role("checkbox", name=extra).check()
    sheet.get_by_role("button", name="Add –").click()
    expect(sheet).to_be_hidden()


def open_cart(page: Page) -> Locator:
    page.get_by_role("button", name="View order").click()
    return page.get_by_role("dialog", name="Your order")


def place_order(page: Page) -> str:
    """Order what is in the cart; answers the order's id."""
    cart = open_cart(page)
    cart.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_text("Waiting for your payment")).to_be_visible()
    return order_id(page)


def order_and_pay(page: Page, shop: GuestShop) -> str:
    """An order for 45.00 that is paid by Lightning; answers its id."""
    page.goto(shop.path)
    add_tacos(page)
    placed = place_order(page)
    shop.pay(bolt11(page))
    expect(page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    return placed


def choose_way(page: Page, name: str) -> None:
    """Tap one of the ways to pay."""
    ways = page.get_by_role("group", name="How to pay")
    ways.get_by_role("button", name=name, exact=True).click()


def token_of(page: Page) -> str:
    """The order's token, from the address' fragment."""
    return page.url.split("#k=")[1].split("&")[0]


def clock_to_jump(page: Page) -> Callable[[], None]:
    """Before a page is opened; call the answer, and its quote has run out.

    Whatever carries the server's time after the jump would set the page's clock right
    again: no news, and no date on any answer.
    """
    page.add_init_script(NO_SOCKETS)
    page.add_init_script(NO_DATES)
    page.clock.install()
    return lambda: page.clock.fast_forward(121_000)


def order_id(page: Page) -> str:
    return page.url.split("/restaurant/o/")[1].split("#")[0]


def bolt11(page: Page) -> str:
    link = page.get_by_role("link", name="Open wallet").get_attribute("href") or ""
    return link.removeprefix("lightning:")
