"""A restaurant over HTTP, for tests that are about its orders."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from httpx import AsyncClient, Response

from . import API
from .inprocess import Wallet

MENU = {
    "categories": [
        {
            "name": "Tacos",
            "items": [
                {
                    "name": "Tacos",
                    "price": "45.00",
                    "allergens": ["corn"],
                    "modifier_groups": [
                        {
                            "name": "Tortilla",
                            "min": 1,
                            "max": 1,
                            "modifiers": [{"name": "Maíz"}, {"name": "Harina"}],
                        },
                        {
                            "name": "Meat",
                            "min": 0,
                            "max": None,
                            "modifiers": [
                                {"name": "Brisket", "price_delta": "25.00"},
                                {"name": "Chicken", "price_delta": "15.00"},
                            ],
                        },
                    ],
                },
                {"name": "Flan", "price": "30.00", "stock": 3},
            ],
        },
        {
            "name": "Drinks",
            "station": "bar",
            "items": [{"name": "Agua", "price": "10.00"}],
        },
    ]
}


@dataclass
class Shop:
    """One restaurant, its owner and its menu as stored."""

    client: AsyncClient
    wallet: Wallet
    id: str
    slug: str
    menu: dict[str, Any]
    keys: list[str] = field(default_factory=list)

    def item(self, name: str) -> dict[str, Any]:
        """The stored item of this name."""
        for category in self.menu["categories"]:
            for item in category["items"]:
                if item["name"] == name:
                    return item
        raise LookupError(name)

    def line(self, name: str, quantity: int = 1, *modifiers: str) -> dict[str, Any]:
        """A cart line, with modifiers by name."""
        groups = self.item(name)["modifier_groups"]
        known = {m["name"]: m["id"] for group in groups for m in group["modifiers"]}
        chosen = [{"modifier_id": known[m], "quantity": 1} for m in modifiers]
        return {
            "menu_item_id": self.item(name)["id"],
            "quantity": quantity,
            "modifiers": chosen,
        }

    def cart(self, *lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """A cart; by default one Agua. Deliveries have an address."""
        items = list(lines) or [self.line("Agua")]
        if fields.get("order_type") == "delivery":
            fields = {"delivery": {"address": "1a Calle 7, Antigua"}, **fields}
        return {"restaurant_id": self.id, "items": items, **fields}

    async def quote(self, cart: dict[str, Any] | None = None) -> Response:
        return await self.client.post(f"{API}/orders/quote", json=cart or self.cart())

    async def place(
        self,
        cart: dict[str, Any] | None = None,
        key: str | None = None,
        **headers: str,
    ) -> Response:
        """POST the cart with a fresh key (or this one)."""
        headers["Idempotency-Key"] = key or str(uuid.uuid4())
        return await self.client.post(
            f"{API}/orders", json=cart or self.cart(), headers=headers
        )

    async def placed(self, cart: dict[str, Any] | None = None) -> dict[str, Any]:
        """A new order that must succeed: the whole answer."""
        response = await self.place(cart)
        assert response.status_code == 201, response.text
        return response.json()

    async def order(self, order_id: str) -> dict[str, Any]:
        """The order as its owner sees it."""
        response = await self.client.get(
            f"{API}/orders/{order_id}", headers=self.wallet.admin
        )
        assert response.status_code == 200, response.text
        return response.json()

    async def status(self, order_id: str, new: str, **body: Any) -> Response:
        return await self.client.put(
            f"{API}/orders/{order_id}/status/{new}",
            json=body,
            headers=self.wallet.admin,
        )

    async def jobs(self, order_id: str) -> list[dict[str, Any]]:
        """The order's print jobs."""
        response = await self.client.get(
            f"{API}/restaurants/{self.id}/print_jobs?limit=500",
            headers=self.wallet.admin,
        )
        assert response.status_code == 200, response.text
        return [j for j in response.json()["data"] if j["order_id"] == order_id]

    async def events(self, order_id: str) -> list[str]:
        """The names of the order's journal events, oldest first."""
        found: list[str] = []
        after = 0
        while True:
            response = await self.client.get(
                f"{API}/restaurants/{self.id}/events?after={after}&limit=500",
                headers=self.wallet.admin,
            )
            page = response.json()
            found += [e["event"] for e in page["data"] if e["order_id"] == order_id]
            if page["next"] is None:
                return found
            after = page["next"]

    async def stock(self, name: str) -> int | None:
        response = await self.client.get(
            f"{API}/restaurants/{self.id}/menu?all=1", headers=self.wallet.admin
        )
        self.menu = response.json()
        return self.item(name)["stock"]


async def open_shop(
    client: AsyncClient,
    wallet: Wallet,
    menu: dict[str, Any] | None = None,
    **profile: Any,
) -> Shop:
    """Create a restaurant with a menu, priced in GTQ unless said otherwise."""
    body = {"name": "Big Jay's Bustaurant", "currency": "GTQ", **profile}
    created = await client.post(f"{API}/restaurants", json=body, headers=wallet.admin)
    assert created.status_code == 201, created.text
    restaurant = created.json()
    stored = await client.put(
        f"{API}/restaurants/{restaurant['id']}/menu",
        json=menu or MENU,
        headers=wallet.admin,
    )
    assert stored.status_code == 200, stored.text
    return Shop(client, wallet, restaurant["id"], restaurant["slug"], stored.json())
