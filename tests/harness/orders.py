"""A small restaurant over HTTP, for tests that look at a server from outside."""

from __future__ import annotations

from dataclasses import dataclass
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


def open_shop(server: Server) -> Shop:
    """A new wallet's restaurant with its menu."""
    wallet = server.make_wallet()
    restaurant = server.call(
        "POST", f"{API}/restaurants", wallet.admin, {"name": "Shop", "currency": "sat"}
    )
    path = f"{API}/restaurants/{restaurant['id']}/menu"
    menu = server.call("PUT", path, wallet.admin, MENU)
    item_id = menu["categories"][0]["items"][0]["id"]
    return Shop(server, wallet, restaurant["id"], item_id)
