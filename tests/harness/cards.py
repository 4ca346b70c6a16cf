"""A shop whose LNbits takes cards by the double of Stripe, and how guests use it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from . import API
from .shop import Shop
from .stripe import SECRET_KEY, SIGNING_SECRET, Stripe

CALLBACK = "/api/v1/callback/stripe"


@asynccontextmanager
async def stripe_in_lnbits(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stripe]:
    """LNbits is set up for the double, and remembers no failures."""
    from lnbits.fiat import fiat_providers
    from lnbits.settings import FiatProviderLimits, settings

    from restaurant.adapters import cards

    double = Stripe().start()
    for name, value in {
        "stripe_enabled": True,
        "stripe_api_endpoint": double.url,
        "stripe_api_secret_key": SECRET_KEY,
        "stripe_webhook_signing_secret": SIGNING_SECRET,
        "stripe_limits": FiatProviderLimits(),
        "lnbits_baseurl": "https://pay.example/",
    }.items():
        monkeypatch.setattr(settings, name, value)
    cards._breakers.clear()
    yield double
    cards._breakers.clear()
    double.stop()
    provider: Any = fiat_providers.pop("stripe", None)
    if provider:
        await provider.cleanup()


async def make_devices(shop: Shop) -> dict[str, dict[str, str]]:
    """A device's header by its role."""
    made = {}
    for role in ("pos", "kds", "printer", "manager"):
        response = await shop.client.post(
            f"{API}/restaurants/{shop.id}/devices",
            json={"name": role, "role": role},
            headers=shop.wallet.admin,
        )
        made[role] = {"Authorization": f"Bearer {response.json()['token']}"}
    return made


def now() -> int:
    from restaurant.adapters import system

    return int(system.now())


async def pay(shop: Shop, placed: Any, headers: Any = None, **body: Any) -> Any:
    """Ask to pay; by card and as the guest unless said otherwise."""
    who = {"X-Order-Token": placed["order_token"]} if headers is None else headers
    return await shop.client.post(
        f"{API}/orders/{placed['order']['id']}/payments",
        json={"method": "card", **body},
        headers={"Idempotency-Key": str(uuid.uuid4()), **who},
    )


async def opened(shop: Shop, placed: Any, **body: Any) -> Any:
    """The payment of a checkout that must open."""
    response = await pay(shop, placed, **body)
    assert response.status_code == 201, response.text
    return response.json()["payment"]


async def webhook(client: Any, event: tuple[bytes, dict[str, str]]) -> Any:
    body, headers = event
    return await client.post(CALLBACK, content=body, headers=headers)


async def look(seconds: float = 16) -> None:
    from restaurant import services

    await services.reconcile_with_node(now() + round(seconds * 1000))


async def paid_by_card(shop: Shop, stripe: Stripe) -> tuple[str, Any]:
    """An order that was paid by card: its id and the payment."""
    placed = await shop.placed()
    payment = await opened(shop, placed)
    stripe.pay(payment["checkout_url"])
    await look()
    order = await shop.order(placed["order"]["id"])
    assert order["status"] == "paid", order
    return order["id"], payment


async def balance(wallet: Any) -> int:
    from lnbits.core.crud import get_wallet

    found = await get_wallet(wallet.id)
    assert found
    return int(found.balance_msat)


async def payment_of(shop: Shop, payment_id: str) -> Any:
    from restaurant.crud import read
    from restaurant.features.payments import crud

    async with read() as conn:
        return await crud.load(conn, payment_id)


async def core_row(payment: Any) -> Any:
    from lnbits.core.crud import get_standalone_payment

    return await get_standalone_payment(payment["payment_hash"], incoming=True)


async def core_gives_up(payment: Any) -> None:
    """What core's sweep does to invoices past their expiry."""
    from lnbits.core.services.payments import update_pending_payment

    row = await core_row(payment)
    row.expiry = datetime.now(timezone.utc) - timedelta(hours=1)
    await update_pending_payment(row)
    assert (await core_row(payment)).failed


async def providers(shop: Shop, name: str = "") -> Any:
    path = f"{API}/restaurants/{name or shop.id}/card_providers"
    response = await shop.client.get(path)
    assert response.status_code == 200, response.text
    return response.json()["data"]
