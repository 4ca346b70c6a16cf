"""Edits of orders over HTTP, for tests."""

from __future__ import annotations

from typing import Any

from . import API
from .books import snapshot
from .gift_cards import call
from .shop import Shop

#: What an order's total is made of.
SUMS = (
    *("subtotal_msat", "discount_msat", "service_msat", "tax_msat", "tip_msat"),
    *("rounding_msat", "total_msat"),
)


async def patch(
    shop: Shop,
    order: dict[str, Any],
    who: dict[str, str] | None = None,
    **body: Any,
) -> Any:
    """An edit of the order as it was seen, by the owner unless said otherwise."""
    return await shop.client.patch(
        f"{API}/orders/{order['id']}",
        json={"revision": order["revision"], **body},
        headers=shop.wallet.admin if who is None else who,
    )


async def edit(shop: Shop, order: dict[str, Any], **body: Any) -> dict[str, Any]:
    """An edit that must succeed: the order as it is then, its sums checked."""
    response = await patch(shop, order, **body)
    assert response.status_code == 200, response.text
    edited: dict[str, Any] = response.json()
    assert edited == await shop.order(order["id"])
    check_sums(edited)
    return edited


async def refused(shop: Shop, order: dict[str, Any], **body: Any) -> tuple[int, str]:
    """Status and code of an edit that must fail without a trace."""
    before = await snapshot(shop.id)
    response = await patch(shop, order, **body)
    assert response.status_code >= 400, response.text
    assert await snapshot(shop.id) == before
    return response.status_code, response.json()["code"]


def check_sums(order: dict[str, Any]) -> None:
    """The contract's sum rule, and what is due."""
    added = 0 if order["tax_inclusive"] else order["tax_msat"]
    parts = order["subtotal_msat"] - order["discount_msat"] + order["service_msat"]
    parts += added + order["tip_msat"] + order["rounding_msat"]
    assert parts == order["total_msat"]
    assert order["total_msat"] % 1000 == 0
    assert order["due_msat"] == max(0, order["total_msat"] - order["paid_msat"])


def kept(*lines: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    """Lines of an order that stay, each with these changes."""
    return [{"line_id": line["id"], **changes} for line in lines]


def told(order: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What the guest is told of the last edit: (what, name, before, after)."""
    changes = order["edited"]["changes"]
    return [(c["what"], c["name"], c["before"], c["after"]) for c in changes]


async def change_restaurant(shop: Shop, **profile: Any) -> None:
    response = await call(shop, "PATCH", f"/restaurants/{shop.id}", profile)
    assert response.status_code == 200, response.text


async def change_item(shop: Shop, name: str, **body: Any) -> None:
    path = f"/menu_items/{shop.item(name)['id']}"
    response = await call(shop, "PATCH", path, body)
    assert response.status_code == 200, response.text
