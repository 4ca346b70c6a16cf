"""A small restaurant over HTTP, for tests that look at a server from outside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from harness import API
from harness.server import Server, ServerWallet

MENU = {
    "categories": [
        {
            "id": "food",
            "name": "Food",
            "station": "kitchen",
            "items": [{"id": "soup", "name": "Soup", "price": "21", "stock": 50}],
        }
    ]
}


@dataclass
class Shop:
    """A restaurant with one dish of 21 sat, and the wallet it is paid into."""

    server: Server
    wallet: ServerWallet
    id: str
    item_id: str

    def place(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Order one dish; answers the order's answer and the guest's header."""
        cart = {
            "restaurant_id": self.id,
            "order_type": "pickup",
            "items": [{"menu_item_id": self.item_id, "quantity": 1}],
            "payment_method": "lightning",
        }
        key = {"Idempotency-Key": uuid4().hex}
        placed = self.server.call("POST", f"{API}/orders", key, cart)
        return placed, {"X-Order-Token": placed["order_token"]}

    def order(self, order_id: str) -> dict[str, Any]:
        """The order as its owner sees it."""
        path = f"{API}/orders/{order_id}"
        found: dict[str, Any] = self.server.call("GET", path, self.wallet.admin)
        return found


def open_without_menu(server: Server) -> Shop:
    """A new wallet's restaurant; its one dish must be written yet."""
    wallet = server.make_wallet()
    body = {"name": "Shop", "currency": "sat"}
    restaurant = server.call("POST", f"{API}/restaurants", wallet.admin, body)
    return Shop(server, wallet, restaurant["id"], "soup")


def open_shop(server: Server) -> Shop:
    """A new wallet's restaurant with its menu."""
    shop = open_without_menu(server)
    path = f"{API}/restaurants/{shop.id}/menu"
    menu = server.call("PUT", path, shop.wallet.admin, MENU)
    return replace(shop, item_id=menu["categories"][0]["items"][0]["id"])
