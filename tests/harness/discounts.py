"""Discounts and their codes over HTTP, for tests."""

from __future__ import annotations

from typing import Any

from .gift_cards import call
from .shop import Shop

TENTH = {"name": "Ten off", "trigger": "code", "kind": "percent", "percent": "10"}
GUEST = "a-guest-in-a-browser"


async def make_discount(shop: Shop, **fields: Any) -> dict[str, Any]:
    """A new discount: ten percent for a code unless said otherwise."""
    body = {**TENTH, **fields}
    response = await call(shop, "POST", f"/restaurants/{shop.id}/discounts", body)
    assert response.status_code == 201, response.text
    return response.json()


async def make_code(shop: Shop, code: str, **fields: Any) -> dict[str, Any]:
    """A new discount with this code."""
    discount = await make_discount(shop, **fields)
    await add_code(shop, discount, code)
    return discount


async def add_code(shop: Shop, discount: dict[str, Any], code: str) -> dict[str, Any]:
    path = f"/discounts/{discount['id']}/codes"
    response = await call(shop, "POST", path, {"code": code})
    assert response.status_code == 201, response.text
    return response.json()["data"][0]


async def uses_of(shop: Shop, discount: dict[str, Any]) -> int:
    """How often the discount counts."""
    response = await call(shop, "GET", f"/discounts/{discount['id']}")
    assert response.status_code == 200, response.text
    return response.json()["uses"]


async def change_discount(shop: Shop, discount: dict[str, Any], **body: Any) -> Any:
    return await call(shop, "PATCH", f"/discounts/{discount['id']}", body)
