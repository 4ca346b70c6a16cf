"""Open tabs over HTTP: a table's guests, their rounds, merging and calling."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from .edits import change_restaurant
from .gift_cards import call
from .shop import Shop


@dataclass
class Table:
    """A dining table with the token of its code."""

    id: str
    name: str
    token: str

    @property
    def seat(self) -> dict[str, str]:
        """What a cart or call says about where its guest sits."""
        return {"table": self.name, "table_token": self.token}


@dataclass
class Tab:
    """An open order and the header of its guest."""

    order: dict[str, Any]
    guest: dict[str, str]

    @property
    def id(self) -> str:
        return str(self.order["id"])


def fresh_key(headers: dict[str, str]) -> dict[str, str]:
    return {**headers, "Idempotency-Key": uuid.uuid4().hex}


async def a_table(shop: Shop, name: str | None = None) -> Table:
    """A new table of a restaurant whose guests may have tabs."""
    await change_restaurant(shop, tabs_at_table=True)
    body = {"name": name or uuid.uuid4().hex}
    response = await call(shop, "POST", f"/restaurants/{shop.id}/tables", body)
    assert response.status_code == 201, response.text
    made = response.json()
    return Table(made["id"], made["name"], made["token"])


async def open_tab(shop: Shop, table: Table, *lines: Any, **cart: Any) -> Tab:
    """A guest's tab at a table; by default one Agua (10.00)."""
    body = shop.cart(*lines, order_type="dine_in", tab=True, **table.seat, **cart)
    placed = await shop.placed(body)
    assert placed["invoice"] is None
    return Tab(placed["order"], {"X-Order-Token": placed["order_token"]})


async def add(
    shop: Shop, order_id: str, *lines: Any, who: Any = None, **body: Any
) -> Any:
    """A round, by the owner unless said otherwise."""
    headers = fresh_key(shop.wallet.admin if who is None else who)
    body = {"items": list(lines), **body}
    return await call(shop, "POST", f"/orders/{order_id}/items", body, headers)


async def added(shop: Shop, order_id: str, *lines: Any, who: Any = None) -> Any:
    """A round that must succeed: the order as it is then."""
    response = await add(shop, order_id, *lines, who=who)
    assert response.status_code == 201, response.text
    assert response.json() == await shop.order(order_id)
    return response.json()


async def merge(shop: Shop, order_id: str, other_id: str, **body: Any) -> Any:
    """Bring the other order into this one, by the owner."""
    headers = fresh_key(shop.wallet.admin)
    body = {"order_id": other_id, **body}
    return await call(shop, "POST", f"/orders/{order_id}/merge", body, headers)


async def merged(shop: Shop, order_id: str, other_id: str) -> Any:
    """A merge that must succeed: the order as it is then."""
    response = await merge(shop, order_id, other_id)
    assert response.status_code == 200, response.text
    assert response.json() == await shop.order(order_id)
    return response.json()


async def pay(shop: Shop, order_id: str, **body: Any) -> Any:
    """A payment taken by the owner; cash unless said otherwise."""
    headers = fresh_key(shop.wallet.admin)
    path = f"/orders/{order_id}/payments"
    response = await call(shop, "POST", path, {"method": "cash", **body}, headers)
    assert response.status_code == 201, response.text
    return await shop.order(order_id)


async def move_lines(
    shop: Shop, order_id: str, status: str, *lines: dict[str, Any]
) -> Any:
    """The kitchen moves lines of an order; all of them when none is named."""
    body: dict[str, Any] = {"status": status}
    if lines:
        body["line_ids"] = [line["id"] for line in lines]
    response = await call(shop, "PUT", f"/orders/{order_id}/lines/status", body)
    assert response.status_code == 200, response.text
    return response.json()


def code(response: Any) -> tuple[int, str]:
    """Status and code of an error."""
    return response.status_code, response.json()["code"]
