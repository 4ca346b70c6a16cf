"""Gift cards over HTTP, and what payments and refunds do with them, for tests."""

from __future__ import annotations

import uuid
from typing import Any

from . import API
from .books import snapshot
from .shop import Shop

T0 = 1_790_000_000_000  # 2026-09-21T14:13:20Z
NO_CARD = "0000-0000-0000-0000"


async def call(
    shop: Shop,
    method: str,
    path: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """One request below the API's prefix, the owner's unless said otherwise."""
    return await shop.client.request(
        method,
        API + path,
        headers=shop.wallet.admin if headers is None else headers,
        **({} if body is None else {"json": body}),
    )


async def issue(shop: Shop, amount: Any = "100.00", **fields: Any) -> dict[str, Any]:
    """A new card with its code."""
    body = {"amount": amount, "kind": "sold", **fields}
    response = await call(shop, "POST", f"/restaurants/{shop.id}/gift_cards", body)
    assert response.status_code == 201, response.text
    return response.json()


async def change(shop: Shop, card: dict[str, Any], **body: Any) -> Any:
    return await call(shop, "PATCH", f"/gift_cards/{card['id']}", body)


async def detail(shop: Shop, card: dict[str, Any]) -> dict[str, Any]:
    response = await call(shop, "GET", f"/gift_cards/{card['id']}")
    assert response.status_code == 200, response.text
    return response.json()


async def balance(shop: Shop, code: Any) -> Any:
    path = f"/restaurants/{shop.id}/gift_cards/balance"
    return await call(shop, "POST", path, {"code": code}, headers={})


async def a_bill(shop: Shop, *lines: Any) -> str:
    """An order that the counter is to be paid for, 10.00 GTQ by default; its id."""
    cart = shop.cart(*lines, payment_method="cash")
    response = await shop.place(cart, **shop.wallet.admin)
    assert response.status_code == 201, response.text
    return response.json()["order"]["id"]


async def pay(
    shop: Shop, order_id: str, code: Any = None, key: str = "", **body: Any
) -> Any:
    """Pay by the card of this code, or by another method."""
    if code is not None:
        body |= {"method": "gift_card", "gift_card_code": code}
    headers = {"Idempotency-Key": key or str(uuid.uuid4()), **shop.wallet.admin}
    return await call(shop, "POST", f"/orders/{order_id}/payments", body, headers)


def told(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def events(shop: Shop) -> list[tuple[str, str | None, str, dict[str, Any]]]:
    """What the journal tells of gift cards: (event, order, actor, payload)."""
    page = await call(shop, "GET", f"/restaurants/{shop.id}/events?limit=500")
    return [
        (row["event"], row["order_id"], row["actor"], row["payload"])
        for row in page.json()["data"]
        if row["event"].startswith("gift_card.")
    ]


async def everything(shop: Shop) -> dict[str, Any]:
    """Every row of the restaurant, its cards and their ledger among them."""
    from restaurant.crud import read

    found = await snapshot(shop.id)
    async with read() as conn:
        for table in ("gift_cards", "gift_card_entries"):
            rows = await conn.all(
                f"SELECT * FROM restaurant.{table} WHERE restaurant_id = :id",
                id=shop.id,
            )
            found[table] = sorted(rows, key=repr)
    return found


async def check_ledger() -> None:
    """Every card's balance is the sum of its entries, and never below zero."""
    from restaurant.crud import read

    async with read() as conn:
        rows = await conn.all(
            "SELECT g.id, g.balance_minor, SUM(e.delta_minor) AS booked "
            "FROM restaurant.gift_cards g "
            "LEFT JOIN restaurant.gift_card_entries e ON e.gift_card_id = g.id "
            "GROUP BY g.id, g.balance_minor"
        )
    assert rows
    assert all(row["balance_minor"] == row["booked"] >= 0 for row in rows), rows


class Till:
    """Redeems, gives back and issues cards as payments and refunds do."""

    def __init__(self, restaurant: Any, secret: str):
        from restaurant.models import Actor, Role

        self.restaurant = restaurant
        self.secret = secret
        self.actor = Actor(Role.MANAGER, "tablet")

    @classmethod
    async def of(cls, restaurant_id: str) -> Till:
        from restaurant.adapters import system
        from restaurant.crud import read, server_secret
        from restaurant.features.restaurants import crud as restaurants

        secret = await server_secret(system.new_secret())
        async with read() as conn:
            restaurant = await restaurants.load(conn, restaurant_id)
        assert restaurant
        return cls(restaurant, secret)

    async def issue(self, minor: int, refund_id: str = "") -> Any:
        from restaurant.crud import transaction
        from restaurant.flows import gifting

        async with transaction() as conn:
            return await gifting.issue_for_refund(
                conn,
                self.restaurant,
                refund_id or uuid.uuid4().hex,
                minor,
                self.restaurant.currency,
                self.secret,
                self.actor,
                T0,
            )

    async def give_back(self, card_id: str, minor: int, refund_id: str = "") -> bool:
        from restaurant.crud import transaction
        from restaurant.flows import gifting

        refund_id = refund_id or uuid.uuid4().hex
        async with transaction() as conn:
            return await gifting.give_back(
                conn, self.restaurant, card_id, refund_id, minor, self.actor, T0
            )

    async def redeem(self, code: str, minor: int, payment_id: str = "") -> int:
        """Exactly so much; 0 when the card is short or empty."""
        from restaurant.core.errors import Conflict
        from restaurant.crud import transaction
        from restaurant.flows import gifting

        payment = a_payment(self.restaurant, payment_id or uuid.uuid4().hex, minor)
        try:
            async with transaction() as conn:
                _, taken = await gifting.redeem(
                    conn, self.restaurant, code, payment, is_exact=True, at=T0
                )
        except Conflict:
            return 0
        return taken

    async def find(self, code: str) -> Any:
        from restaurant.crud import read
        from restaurant.flows import gifting

        async with read() as conn:
            return await gifting.find(conn, self.restaurant, code)

    def code_of(self, card: Any) -> str:
        from restaurant.flows import gifting

        return gifting.code_of(self.secret, card.id)


def a_payment(restaurant: Any, payment_id: str, minor: int) -> Any:
    from restaurant.features.payments.models import Payment
    from restaurant.models import PaymentMethod, PaymentStatus

    return Payment(
        id=payment_id,
        restaurant_id=restaurant.id,
        order_id="order",
        method=PaymentMethod.GIFT_CARD,
        status=PaymentStatus.CREATED,
        amount_msat=1_000,
        currency=restaurant.currency,
        actor="pos:till",
        created_at=T0,
        amount_minor=minor,
    )
