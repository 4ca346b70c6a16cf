"""Staff, tips and payouts over HTTP, for tests."""

from __future__ import annotations

import uuid
from typing import Any

from . import API
from .refunds import paid_order
from .shop import Shop


async def call(
    shop: Shop,
    method: str,
    path: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """One request with a fresh key; by the owner unless said otherwise."""
    who = shop.wallet.admin if headers is None else headers
    return await shop.client.request(
        method,
        f"{API}{path}",
        **({} if body is None else {"json": body}),
        headers={"Idempotency-Key": str(uuid.uuid4()), **who},
    )


async def done(
    shop: Shop,
    method: str,
    path: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """What a request answers that must succeed."""
    response = await call(shop, method, path, body, headers)
    assert response.is_success, response.text
    return response.json() if response.content else None


async def member(shop: Shop, name: str = "Ana", **body: Any) -> dict[str, Any]:
    made: dict[str, Any] = await done(
        shop, "POST", f"/restaurants/{shop.id}/staff", {"name": name, **body}
    )
    return made


async def tipped_order(
    shop: Shop, settle: Any, tip_msat: int = 100_000, **fields: Any
) -> str:
    """The id of a new order that was paid by Lightning, with this tip."""
    placed = await paid_order(shop, settle, tip_msat=tip_msat, **fields)
    order_id: str = placed["order"]["id"]
    return order_id


async def serve(shop: Shop, order_id: str, staff_id: str | None) -> None:
    await done(shop, "PUT", f"/orders/{order_id}/server", {"staff_id": staff_id})


async def ledger(shop: Shop, query: str = "") -> list[dict[str, Any]]:
    """The entries of the ledger, oldest first."""
    path = f"/restaurants/{shop.id}/tips?limit=500{query}"
    found: list[dict[str, Any]] = (await done(shop, "GET", path))["data"]
    return found[::-1]


async def balances(shop: Shop) -> dict[str, dict[str, Any]]:
    """What is open: by staff id, else ``restaurant`` or ``pool``."""
    found = await done(shop, "GET", f"/restaurants/{shop.id}/tips/balances")
    return {each["staff_id"] or each["to"]: each for each in found["data"]}


async def open_msat(shop: Shop, whose: str) -> int:
    msat: int = (await balances(shop))[whose]["amount_msat"]
    return msat


async def pay_out(shop: Shop, **body: Any) -> Any:
    return await call(shop, "POST", f"/restaurants/{shop.id}/tip_payouts", body)


async def paid_out(shop: Shop, **body: Any) -> list[dict[str, Any]]:
    """Payouts that must be made."""
    response = await pay_out(shop, **body)
    assert response.status_code == 201, response.text
    made: list[dict[str, Any]] = response.json()["data"]
    return made


async def payout_of(shop: Shop, payout_id: str) -> dict[str, Any]:
    found: dict[str, Any] = await done(shop, "GET", f"/tip_payouts/{payout_id}")
    return found


async def send(at: int | None = None) -> None:
    """One round of the loop that sends payouts."""
    from restaurant import services
    from restaurant.adapters import system

    await services.send_due_payouts(at or system.now())


async def forget_payouts() -> None:
    """End what other tests left on its way, so that the loop only finds one's own."""
    from restaurant.crud import transaction

    async with transaction() as conn:
        await conn.run(
            "UPDATE restaurant.tip_payouts SET status = 'canceled', "
            "next_try_at = NULL WHERE status IN ('waiting', 'sending')"
        )


async def check_ledger(shop: Shop) -> None:
    """The ledger's laws: every payout took exactly its amount, and sharing the pool
    neither makes nor loses a thing."""
    from restaurant.crud import read

    async with read() as conn:
        taken = await conn.all(
            "SELECT payout_id, SUM(amount_msat) AS msat FROM restaurant.tips "
            "WHERE restaurant_id = :id AND payout_id IS NOT NULL GROUP BY payout_id",
            id=shop.id,
        )
        payouts = await conn.all(
            "SELECT id, status, amount_msat FROM restaurant.tip_payouts "
            "WHERE restaurant_id = :id",
            id=shop.id,
        )
    sums = {row["payout_id"]: int(row["msat"]) for row in taken}
    for payout in payouts:
        came_to_nothing = payout["status"] in ("failed", "canceled")
        expected = 0 if came_to_nothing else payout["amount_msat"]
        assert sums.pop(payout["id"], 0) == expected, payout
    assert set(sums.values()) <= {0}  # shared pools
    kinds = ("moved", "shared", "carried")
    within = [e for e in await ledger(shop) if e["kind"] in kinds]
    assert sum(entry["amount_msat"] for entry in within) == 0
