"""The kitchen over HTTP: lines that move, courses, its board, for tests."""

from __future__ import annotations

from typing import Any

from . import API
from .gift_cards import call
from .shop import Shop


async def cooking(shop: Shop, *lines: Any, **fields: Any) -> dict[str, Any]:
    """An order that staff placed for cash: it is accepted, and due."""
    cart = shop.cart(*lines, payment_method="cash", **fields)
    response = await shop.place(cart, **shop.wallet.admin)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()["order"]
    return found


async def move(
    shop: Shop,
    order: dict[str, Any],
    status: str,
    who: dict[str, str] | None = None,
    **body: Any,
) -> Any:
    """PUT the status of lines: all of them unless ids or a station are named."""
    path = f"/orders/{order['id']}/lines/status"
    return await call(shop, "PUT", path, {"status": status, **body}, who)


async def moved(
    shop: Shop,
    order: dict[str, Any],
    status: str,
    who: dict[str, str] | None = None,
    **body: Any,
) -> dict[str, Any]:
    """The same, and it must succeed: the order as it is then."""
    response = await move(shop, order, status, who, **body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def fire(
    shop: Shop, order: dict[str, Any], course: Any, who: dict[str, str] | None = None
) -> Any:
    path = f"/orders/{order['id']}/fire"
    return await call(shop, "POST", path, {"course": course}, who)


async def board(
    shop: Shop, query: str = "", who: dict[str, str] | None = None
) -> dict[str, Any]:
    response = await call(
        shop, "GET", f"/restaurants/{shop.id}/kitchen{query}", None, who
    )
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def screen(shop: Shop, *stations: str) -> dict[str, str]:
    """The header of a new kitchen screen for these stations."""
    response = await shop.client.post(
        f"{API}/restaurants/{shop.id}/devices",
        json={"name": "screen", "role": "kds", "stations": list(stations)},
        headers=shop.wallet.admin,
    )
    assert response.status_code == 201, response.text
    return {"Authorization": f"Bearer {response.json()['token']}"}


async def told(shop: Shop, order_id: str, event: str) -> list[dict[str, Any]]:
    """What the journal says in its rows of this event, oldest first."""
    page = await call(shop, "GET", f"/restaurants/{shop.id}/events?limit=500")
    rows = page.json()["data"]
    return [
        row for row in rows if row["order_id"] == order_id and row["event"] == event
    ]


def statuses(order: dict[str, Any]) -> list[str]:
    """What the order's lines are at, in their order."""
    lines = order["items"] if "items" in order else order["lines"]
    return [line["status"] for line in lines]
