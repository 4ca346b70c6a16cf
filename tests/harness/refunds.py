"""Refunds over HTTP, and core's books of what left, for tests."""

from __future__ import annotations

import uuid
from typing import Any

from . import API
from .desk import ROLES
from .shop import Shop

WITHDRAW = {"to": "withdraw"}
#: One Agua, at 158.635 sat per GTQ.
AGUA_MSAT = 1_587_000


def to_bolt11(payment_request: str) -> dict[str, Any]:
    return {"to": "bolt11", "value": payment_request}


async def ask(
    shop: Shop,
    order_id: str,
    headers: dict[str, str] | None = None,
    key: str = "",
    **body: Any,
) -> Any:
    """POST a refund with a fresh key; by its owner unless said otherwise."""
    who = shop.wallet.admin if headers is None else headers
    return await shop.client.post(
        f"{API}/orders/{order_id}/refunds",
        json=body,
        headers={"Idempotency-Key": key or str(uuid.uuid4()), **who},
    )


async def asked(shop: Shop, order_id: str, **body: Any) -> dict[str, Any]:
    """A refund that must be made."""
    response = await ask(shop, order_id, **body)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


async def refund_of(shop: Shop, refund_id: str, **headers: str) -> dict[str, Any]:
    response = await shop.client.get(
        f"{API}/refunds/{refund_id}", headers=headers or shop.wallet.admin
    )
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def act(
    shop: Shop,
    refund_id: str,
    verb: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """POST approve, cancel or destination."""
    return await shop.client.post(
        f"{API}/refunds/{refund_id}/{verb}",
        json=body,
        headers=shop.wallet.admin if headers is None else headers,
    )


async def send(at: int | None = None) -> None:
    """One round of the loop that sends."""
    from restaurant import services
    from restaurant.adapters import system

    await services.send_due_refunds(at or system.now())


async def outgoing_rows(wallet: Any) -> list[Any]:
    """Core's rows of what left this wallet, or tried to: hash, amount, fee, status."""
    from lnbits.core.db import db

    return await db.fetchall(
        "SELECT payment_hash, amount, fee, status FROM apipayments "
        "WHERE wallet_id = :wallet AND amount < 0 ORDER BY time",
        {"wallet": wallet.id},
    )


async def balance_msat(wallet: Any) -> int:
    from lnbits.core.crud import get_wallet

    found = await get_wallet(wallet.id)
    assert found
    return int(found.balance_msat)


def told(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def top_up(shop: Shop, sats: int) -> None:
    from lnbits.core.crud import get_wallet
    from lnbits.core.services import update_wallet_balance

    wallet = await get_wallet(shop.wallet.id)
    assert wallet
    await update_wallet_balance(wallet=wallet, amount=sats)


async def paid_order(shop: Shop, settle: Any, *lines: Any, **fields: Any) -> Any:
    """A new order that its guest paid by Lightning: the whole answer to it."""
    placed = await shop.placed(shop.cart(*lines, **fields))
    await settle(placed)
    return placed


async def devices(shop: Shop) -> dict[str, dict[str, str]]:
    """A header for a device of every role."""
    made = {}
    for role in ROLES:
        response = await shop.client.post(
            f"{API}/restaurants/{shop.id}/devices",
            json={"name": role, "role": role},
            headers=shop.wallet.admin,
        )
        made[role] = {"Authorization": f"Bearer {response.json()['token']}"}
    return made


async def change(shop: Shop, **settings: Any) -> None:
    response = await shop.client.patch(
        f"{API}/restaurants/{shop.id}", json=settings, headers=shop.wallet.admin
    )
    assert response.status_code == 200, response.text


async def refunds_of(shop: Shop, order_id: str, **headers: str) -> list[Any]:
    response = await shop.client.get(
        f"{API}/orders/{order_id}/refunds", headers=headers or shop.wallet.admin
    )
    assert response.status_code == 200, response.text
    return response.json()["data"]


async def forget_refunds() -> None:
    """End what other tests left on its way, so that the loop only finds one's own."""
    from restaurant.crud import transaction

    async with transaction() as conn:
        await conn.run(
            "UPDATE restaurant.refunds SET status = 'canceled', next_try_at = NULL "
            "WHERE status IN ('requested', 'approved', 'sending')"
        )
