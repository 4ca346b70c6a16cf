"""Card holders contest payments: told by staff, or found at Stripe."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.books import snapshot
from harness.cards import (
    look,
    make_devices,
    now,
    opened,
    paid_by_card,
    pay,
    payment_of,
    providers,
    stripe_in_lnbits,
)
from harness.stripe import Stripe

pytestmark = pytest.mark.usefixtures("quiet")


DAY = 86_400


@pytest_asyncio.fixture
async def stripe(restaurant_module: Any, monkeypatch: Any) -> AsyncIterator[Stripe]:
    """Stripe as LNbits is set up for it."""
    async with stripe_in_lnbits(monkeypatch) as double:
        yield double


@pytest_asyncio.fixture
async def devices(shop: Any) -> dict[str, dict[str, str]]:
    """A device's header by its role."""
    return await make_devices(shop)


async def dispute(shop: Any, payment_id: str, headers: Any = None, **body: Any) -> Any:
    return await shop.client.post(
        f"{API}/payments/{payment_id}/dispute",
        json=body,
        headers=shop.wallet.admin if headers is None else headers,
    )


async def test_a_dispute_that_is_won(shop, stripe):
    order_id, payment = await paid_by_card(shop, stripe)

    told = await dispute(shop, payment["id"], outcome="opened", reason="fraudulent")

    assert (told.status_code, told.json()["status"]) == (200, "disputed")
    assert told.json()["disputed_at"]
    order = await shop.order(order_id)
    assert (order["flags"], order["paid_msat"]) == (["disputed"], order["total_msat"])
    again = await dispute(shop, payment["id"], outcome="opened")
    assert again.json() == told.json()

    won = await dispute(shop, payment["id"], outcome="won")

    assert won.json()["status"] == "captured"
    order = await shop.order(order_id)
    assert (order["flags"], order["due_msat"]) == ([], 0)
    assert (await dispute(shop, payment["id"], outcome="won")).status_code == 200
    names = await shop.events(order_id)
    assert names.count("payment.disputed") == 1
    assert names.count("payment.dispute_won") == 1


async def test_a_dispute_that_is_lost_stays_flagged_until_somebody_saw_it(shop, stripe):
    order_id, payment = await paid_by_card(shop, stripe)
    await dispute(shop, payment["id"], outcome="opened")

    lost = await dispute(shop, payment["id"], outcome="lost")

    assert lost.json()["status"] == "voided"
    order = await shop.order(order_id)
    assert (order["flags"], order["paid_msat"]) == (["disputed"], 0)
    assert order["due_msat"] == order["total_msat"]
    await look(60)  # the provider still says paid: lost money does not come back
    assert (await shop.order(order_id))["paid_msat"] == 0
    for outcome in ("won", "opened"):
        refused = await dispute(shop, payment["id"], outcome=outcome)
        assert (refused.status_code, refused.json()["code"]) == (409, "payment.step")
        assert refused.json()["allowed"] == ["closed"]

    closed = await dispute(shop, payment["id"], outcome="closed")

    assert closed.status_code == 200
    assert (await shop.order(order_id))["flags"] == []
    assert (await dispute(shop, payment["id"], outcome="closed")).status_code == 200
    names = await shop.events(order_id)
    assert names.count("payment.dispute_lost") == 1
    assert names.count("payment.dispute_closed") == 1


async def test_what_cannot_be_contested_is_refused(shop, stripe):
    placed = await shop.placed()
    unpaid = await opened(shop, placed)
    cash = await pay(shop, placed, shop.wallet.admin, method="cash", amount="1.00")
    _, paid = await paid_by_card(shop, stripe)
    before = await snapshot(shop.id)
    for payment, outcome, allowed in (
        (unpaid, "opened", []),
        (cash.json()["payment"], "opened", []),
        (cash.json()["payment"], "lost", []),
        (paid, "won", ["opened"]),
        (paid, "lost", ["opened"]),
        (paid, "closed", ["opened"]),
    ):
        refused = await dispute(shop, payment["id"], outcome=outcome)
        assert (refused.status_code, refused.json()["code"]) == (409, "payment.step")
        assert refused.json()["allowed"] == allowed
    for body in ({}, {"outcome": "gone"}, {"outcome": "opened", "reason": "a\x00b"}):
        assert (await dispute(shop, paid["id"], **body)).status_code == 422
    assert await snapshot(shop.id) == before


async def test_two_disputes_of_one_order_share_its_flag(shop, stripe):
    placed = await shop.placed()
    parts = []
    for body in ({"amount": "5.00"}, {}):
        parts.append(await opened(shop, placed, **body))
        stripe.pay(parts[-1]["checkout_url"])
        await look()
    for part in parts:
        await dispute(shop, part["id"], outcome="opened")

    await dispute(shop, parts[0]["id"], outcome="won")
    assert (await shop.order(placed["order"]["id"]))["flags"] == ["disputed"]
    await dispute(shop, parts[1]["id"], outcome="won")

    assert (await shop.order(placed["order"]["id"]))["flags"] == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *(("owner", 200), ("manager", 200), ("pos", 403), ("kds", 403)),
        *(("printer", 403), ("reader", 403), ("nobody", 401), ("guest", 404)),
        ("foreign", 404),
    ],
)
async def test_owner_and_manager_tell_of_disputes(
    shop, stripe, devices, make_wallet, who, status
):
    _, payment = await paid_by_card(shop, stripe)
    headers = {
        "owner": shop.wallet.admin,
        "reader": shop.wallet.invoice,
        "foreign": (await make_wallet()).admin,
        "guest": {"X-Order-Token": (await shop.placed())["order_token"]},
        "nobody": {},
        **devices,
    }[who]

    told = await dispute(shop, payment["id"], headers, outcome="opened")

    assert told.status_code == status
    unknown = await dispute(shop, "nothing", headers, outcome="opened")
    assert unknown.status_code == (401 if who == "nobody" else 404)


async def look_at_all() -> None:
    """Round after round, until no payment is due for a look."""
    from restaurant import services

    while await services.watch_disputes(now()):
        pass


@pytest.mark.parametrize(
    ("statuses", "status", "flags", "events"),
    [
        (["needs_response"], "disputed", ["disputed"], ["disputed"]),
        (["under_review", "won"], "captured", [], ["disputed", "dispute_won"]),
        (["lost"], "voided", ["disputed"], ["disputed", "dispute_lost"]),
        (["warning_closed"], "captured", [], ["disputed", "dispute_won"]),
        (["something new"], "disputed", ["disputed"], ["disputed"]),
    ],
)
async def test_disputes_are_found_at_stripe(
    shop, stripe, clock, statuses, status, flags, events
):

    order_id, payment = await paid_by_card(shop, stripe)
    _, calm = await paid_by_card(shop, stripe)
    for each in statuses:
        stripe.contest(payment["checkout_url"], each)
        for _ in range(2):
            clock.forward(6 * 3600 + 1)
            await look_at_all()

    assert (await payment_of(shop, payment["id"])).status.value == status
    assert (await payment_of(shop, calm["id"])).status.value == "captured"
    assert (await shop.order(order_id))["flags"] == flags
    found = [name for name in await shop.events(order_id) if "disput" in name]
    assert found == [f"payment.{name}" for name in events]


async def test_looking_for_disputes_is_bounded_and_hurts_nobody(
    shop, stripe, clock, monkeypatch
):
    from restaurant import services
    from restaurant.core import limits

    monkeypatch.setattr(limits, "DISPUTES_PER_ROUND", 2)
    await look_at_all()  # what other tests left
    paid = [await paid_by_card(shop, stripe) for _ in range(3)]
    asked = len(stripe.asked)
    assert [await services.watch_disputes(now()) for _ in range(3)] == [2, 1, 0]
    assert len(stripe.asked) - asked == 6

    stripe.mode = "deny"  # LNbits' key may not read disputes
    for _ in range(4):
        clock.forward(6 * 3600 + 1)
        await services.watch_disputes(now())
    stripe.mode = "ok"
    assert (await providers(shop))[0]["is_available"]

    stripe.contest(paid[0][1]["checkout_url"])
    clock.forward(121 * DAY)
    assert await services.watch_disputes(now()) == 0
    assert (await shop.order(paid[0][0]))["flags"] == []
