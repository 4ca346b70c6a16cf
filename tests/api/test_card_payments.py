"""Cards through LNbits' Stripe, against a local double of Stripe's API."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from harness import API, eventually
from harness.books import core_invoices, snapshot
from harness.cards import (
    balance,
    core_gives_up,
    core_row,
    look,
    make_devices,
    now,
    opened,
    pay,
    payment_of,
    providers,
    stripe_in_lnbits,
    webhook,
)
from harness.shop import open_shop
from harness.stripe import Stripe

pytestmark = pytest.mark.usefixtures("quiet")


DAY = 86_400


@pytest_asyncio.fixture
async def stripe(restaurant_module: Any, monkeypatch: Any) -> AsyncIterator[Stripe]:
    """Stripe as LNbits is set up for it."""
    async with stripe_in_lnbits(monkeypatch) as double:
        yield double


@pytest_asyncio.fixture
async def listening(restaurant_module: Any) -> AsyncIterator[None]:
    """Only the listener runs, no loop that would find money by itself."""
    from lnbits.task_manager import task_manager

    from restaurant.tasks import wait_for_paid_invoices

    task = task_manager.register_invoice_listener(wait_for_paid_invoices, "cards")
    yield
    task_manager.cancel_task(task)


@pytest_asyncio.fixture
async def devices(shop: Any) -> dict[str, dict[str, str]]:
    """A device's header by its role."""
    return await make_devices(shop)


# --- opening a checkout ----------------------------------------------------------


async def test_a_guest_gets_a_checkout_over_exactly_what_is_due(shop, stripe):
    placed = await shop.placed()  # 10.00 GTQ
    order = placed["order"]

    response = await pay(shop, placed)

    assert response.status_code == 201
    taken = response.json()
    assert (taken["invoice"], taken["opens_drawer"]) == (None, False)
    assert (taken["due"], taken["due_msat"]) == ("10.00", order["total_msat"])
    payment = taken["payment"]
    assert (payment["status"], payment["method"]) == ("created", "card")
    assert (payment["amount"], payment["currency"]) == ("10.00", "GTQ")
    assert payment["provider"] == "stripe"
    assert payment["amount_msat"] == order["total_msat"]
    session = stripe.session_at(payment["checkout_url"])
    assert (session["amount_total"], session["currency"]) == (1000, "gtq")
    assert session["success_url"] == f"https://pay.example/restaurant/o/{order['id']}"
    assert (await shop.order(order["id"]))["status"] == "pending"
    assert "payment.created" in await shop.events(order["id"])


async def test_nothing_personal_reaches_the_provider_or_core(shop, stripe):
    cart = shop.cart(customer_name="Ana María", note="the window seat")
    placed = await shop.placed(cart)

    payment = await opened(shop, placed, person="Luis", return_to="/restaurant/m/x?a=1")

    [asked] = stripe.asked
    extra = (await core_row(payment)).extra
    for secret in ("Ana", "Luis", "window", placed["order_token"]):
        assert secret not in repr(asked.form)
        assert secret not in repr(extra)
    session = stripe.session_at(payment["checkout_url"])
    assert session["success_url"] == "https://pay.example/restaurant/m/x?a=1"
    assert set(session["metadata"]) == {
        *("payment_hash", "alan_action", "lnbits_amount", "lnbits_currency"),
    }


async def test_a_repeated_request_opens_one_checkout(shop, stripe):
    placed = await shop.placed()
    key = {"X-Order-Token": placed["order_token"], "Idempotency-Key": "k" * 20}

    first = await pay(shop, placed, key)
    again = await pay(shop, placed, key)

    assert again.json() == first.json()
    assert len(stripe.sessions) == 1


async def test_a_card_and_cash_pay_a_bill_together(shop, stripe):
    placed = await shop.placed(shop.cart(shop.line("Flan", 2)))  # 60.00
    order_id = placed["order"]["id"]
    payment = await opened(shop, placed, amount="19.99")
    assert stripe.session_at(payment["checkout_url"])["amount_total"] == 1999
    stripe.pay(payment["checkout_url"])
    await look()
    assert (await shop.order(order_id))["due"] == "40.01"

    rest = await pay(shop, placed, shop.wallet.admin, method="cash", tendered="50")

    assert rest.json()["change"] == "9.99"
    order = await shop.order(order_id)
    assert (order["status"], order["due_msat"]) == ("paid", 0)
    assert order["paid_msat"] == order["total_msat"]
    assert len(await shop.jobs(order_id)) == 1


@pytest.mark.parametrize(
    "return_to",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil"),
        *("javascript:alert(1)", "evil.example", "", " /x", "/a b", "/a\nb", "/a\x00"),
        *("/\t/evil.example", "/restaurant/o/x#token", "/ä", "/" + "a" * 2000),
    ],
)
async def test_guests_are_sent_back_to_this_server_only(shop, stripe, return_to):
    placed = await shop.placed()
    before = await snapshot(shop.id)

    response = await pay(shop, placed, return_to=return_to)

    assert response.status_code == 422
    assert (response.json()["code"], response.json()["field"]) in {
        *(("field.invalid", "return_to"), ("text.invalid", "return_to")),
    }
    assert stripe.asked == []
    assert await snapshot(shop.id) == before


# --- who is let in ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *(("guest", 201), ("owner", 201), ("pos", 201), ("manager", 201)),
        *(("kds", 403), ("printer", 403), ("reader", 403)),
        *(("nobody", 404), ("other guest", 404)),
    ],
)
async def test_guests_and_the_counter_open_checkouts(
    shop, stripe, devices, who, status
):
    placed, other = await shop.placed(), await shop.placed()
    headers = {
        "guest": {"X-Order-Token": placed["order_token"]},
        "other guest": {"X-Order-Token": other["order_token"]},
        "owner": shop.wallet.admin,
        "reader": shop.wallet.invoice,
        "nobody": {},
        **devices,
    }[who]

    response = await pay(shop, placed, headers)

    assert response.status_code == status
    assert len(stripe.sessions) == (status == 201)


async def test_a_provider_that_lnbits_does_not_offer_is_unavailable(
    shop, stripe, monkeypatch
):
    from lnbits.settings import FiatProviderLimits, settings

    placed = await shop.placed()
    before = await snapshot(shop.id)
    invoices = await core_invoices(shop.wallet.id)
    somebody = FiatProviderLimits(allowed_users=["somebody else"])
    for name, value, body in (
        ("stripe_enabled", False, {}),
        ("stripe_limits", somebody, {}),
        ("stripe_api_secret_key", None, {}),
        ("stripe_enabled", True, {"provider": "paypal"}),
        ("stripe_enabled", True, {"provider": "../stripe"}),
        ("stripe_limits", FiatProviderLimits(service_max_amount_sats=100), {}),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(settings, name, value)
            response = await pay(shop, placed, **body)
            states = await providers(shop)
        assert response.status_code == 422, (name, body)
        assert response.json()["code"] == "card.unavailable", (name, body)
        if value in (False, somebody):
            assert states == []
    assert stripe.asked == []
    assert await snapshot(shop.id) == before
    assert await core_invoices(shop.wallet.id) == invoices


async def test_a_restaurant_that_sells_in_satoshi_takes_no_cards(
    client, make_wallet, stripe
):
    menu = {"categories": [{"name": "All", "items": [{"name": "X", "price": "170"}]}]}
    shop = await open_shop(client, await make_wallet(), menu, currency="sat")
    placed = await shop.placed(shop.cart(shop.line("X")))

    response = await pay(shop, placed)

    assert (response.status_code, response.json()["code"]) == (422, "card.unavailable")
    assert await providers(shop) == []
    assert stripe.asked == []


async def test_a_restaurant_may_take_no_cards(shop, stripe):
    placed = await shop.placed()
    await shop.client.patch(
        f"{API}/restaurants/{shop.id}",
        json={"accepted_payments": [{"method": "lightning"}, {"method": "cash"}]},
        headers=shop.wallet.admin,
    )

    response = await pay(shop, placed)

    assert (response.status_code, response.json()["code"]) == (422, "payment.method")
    assert await providers(shop) == []
    assert stripe.asked == []


async def test_anybody_may_ask_for_the_providers(shop, stripe):
    expected = [{"provider": "stripe", "is_available": True, "again_at": None}]

    assert await providers(shop) == expected
    assert await providers(shop, shop.slug) == expected
    unknown = await shop.client.get(f"{API}/restaurants/nowhere/card_providers")
    assert unknown.status_code == 404


# --- the money arrives -----------------------------------------------------------


async def test_a_webhook_pays_the_order_once(shop, stripe, listening):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    payment = await opened(shop, placed)
    stripe.pay(payment["checkout_url"])
    event = stripe.completed(payment["checkout_url"])

    assert (await webhook(shop.client, event)).status_code == 200

    async def is_paid() -> bool:
        return (await shop.order(order_id))["status"] == "paid"

    await eventually(is_paid)
    credited = await balance(shop.wallet)
    assert credited == (await core_row(payment)).amount > 0
    for _ in range(3):
        assert (await webhook(shop.client, event)).status_code == 200
    await look(60)
    order = await shop.order(order_id)
    assert (order["paid_msat"], order["flags"]) == (order["total_msat"], [])
    assert (await shop.events(order_id)).count("payment.captured") == 1
    assert len(await shop.jobs(order_id)) == 1
    assert await balance(shop.wallet) == credited


async def test_webhooks_and_looks_at_the_same_time_count_once(shop, stripe, listening):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    payment = await opened(shop, placed)
    stripe.pay(payment["checkout_url"])
    event = stripe.completed(payment["checkout_url"])

    await asyncio.gather(*(webhook(shop.client, event) for _ in range(4)), look())

    async def is_paid() -> bool:
        return (await shop.order(order_id))["status"] == "paid"

    await eventually(is_paid)
    assert (await shop.events(order_id)).count("payment.captured") == 1
    assert await balance(shop.wallet) == (await core_row(payment)).amount


async def test_a_lost_webhook_is_made_good_by_looking(shop, stripe):
    from restaurant import services

    placed = await shop.placed()
    payment = await opened(shop, placed)
    stripe.pay(payment["checkout_url"])

    assert await services.reconcile_books(now()) == 0
    await look()

    order = await shop.order(placed["order"]["id"])
    assert (order["status"], order["due_msat"]) == ("paid", 0)
    assert await balance(shop.wallet) == (await core_row(payment)).amount
    assert (await payment_of(shop, payment["id"])).status.value == "captured"
    await look(60)
    assert await balance(shop.wallet) == (await core_row(payment)).amount


async def test_a_forged_webhook_changes_nothing(shop, stripe):
    placed = await shop.placed()
    payment = await opened(shop, placed)
    session = stripe.session_at(payment["checkout_url"])
    forged = {**session, "status": "complete", "payment_status": "paid"}
    kind = "checkout.session.completed"
    before = await snapshot(shop.id)
    for event in (
        stripe.event(kind, forged, secret="whsec_guessed"),
        stripe.event(kind, forged, at=int(time.time()) - 3600),
        (stripe.event(kind, forged)[0], {"Content-Type": "application/json"}),
        stripe.event(kind, forged),  # well signed, but Stripe itself says unpaid
    ):
        await webhook(shop.client, event)
        await look()
        assert (await core_row(payment)).pending
    after = await snapshot(shop.id)
    assert after["orders"] == before["orders"]
    assert after["journal"] == before["journal"]
    assert await balance(shop.wallet) == 0


async def test_another_amount_than_was_asked_for_does_not_count(shop, stripe):
    placed = await shop.placed()
    payment = await opened(shop, placed)
    stripe.pay(payment["checkout_url"], amount_minor=999)

    await webhook(shop.client, stripe.completed(payment["checkout_url"]))
    await look()

    order = await shop.order(placed["order"]["id"])
    assert (order["status"], order["paid_msat"]) == ("pending", 0)
    assert await balance(shop.wallet) == 0


async def test_lnbits_fee_for_card_payments_is_not_taken_for_the_payment(
    shop, stripe, make_wallet, monkeypatch
):
    from lnbits.settings import FiatProviderLimits, settings

    fees = await make_wallet()
    limits = FiatProviderLimits(service_fee_percent=10, service_fee_wallet_id=fees.id)
    monkeypatch.setattr(settings, "stripe_limits", limits)
    placed = await shop.placed()
    payment = await opened(shop, placed)
    stripe.pay(payment["checkout_url"])

    await look()

    order = await shop.order(placed["order"]["id"])
    assert (order["status"], order["paid_msat"]) == ("paid", order["total_msat"])
    booked = 1_586_000  # 10.00 GTQ, cut to whole satoshi by LNbits
    assert await balance(fees) == booked // 10
    assert await balance(shop.wallet) == booked - booked // 10
    assert "checkout" not in repr((await shop.order(order["id"]))["history"])


# --- late, expired, failed -------------------------------------------------------


async def test_money_for_a_canceled_order_is_owed_back(shop, stripe, listening):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    payment = await opened(shop, placed)
    token = {"X-Order-Token": placed["order_token"]}
    await shop.client.post(f"{API}/orders/{order_id}/cancel", headers=token)
    assert (await shop.order(order_id))["status"] == "canceled"
    stripe.pay(payment["checkout_url"])

    await webhook(shop.client, stripe.completed(payment["checkout_url"]))

    async def flags() -> bool:
        found = (await shop.order(order_id))["flags"]
        return found == ["paid_late", "refund_due"]

    await eventually(flags)
    assert await shop.jobs(order_id) == []


async def test_money_that_core_gave_up_is_still_found_and_credited_once(
    shop, stripe, clock
):
    from restaurant import services

    placed = await shop.placed()
    order_id = placed["order"]["id"]
    payment = await opened(shop, placed)
    await core_gives_up(payment)
    clock.forward(DAY + 1)
    await services.expire_orders(now())
    assert (await shop.order(order_id))["status"] == "canceled"
    stripe.pay(payment["checkout_url"])
    await webhook(shop.client, stripe.completed(payment["checkout_url"]))
    assert await balance(shop.wallet) == 0  # core asks nobody any more

    await look(6 * 3600)

    order = await shop.order(order_id)
    assert order["flags"] == ["paid_late", "refund_due"]
    assert order["paid_msat"] == order["total_msat"]
    row = await core_row(payment)
    assert row.success
    assert row.labels == []
    assert await balance(shop.wallet) == row.amount
    await look(2 * DAY)
    assert await balance(shop.wallet) == row.amount
    assert (await shop.events(order_id)).count("payment.captured") == 1


async def test_an_order_waits_for_its_checkout_and_then_ends(shop, stripe, clock):
    from restaurant import services

    placed = await shop.placed()  # lives for 15 minutes
    order_id = placed["order"]["id"]
    clock.forward(800)
    payment = await opened(shop, placed)
    clock.forward(800)
    await services.expire_orders(now())
    assert (await shop.order(order_id))["status"] == "pending"
    asked = len(stripe.asked)

    clock.forward(101)
    await services.expire_orders(now())

    assert len(stripe.asked) == asked + 1
    order = await shop.order(order_id)
    assert (order["status"], order["cancel_reason"]) == ("canceled", "expired")
    assert (await payment_of(shop, payment["id"])).status.value == "voided"


async def test_an_order_that_was_paid_at_the_last_moment_does_not_end(
    shop, stripe, clock
):
    from restaurant import services

    placed = await shop.placed()
    payment = await opened(shop, placed)
    stripe.pay(payment["checkout_url"])
    clock.forward(DAY + 1)

    await services.expire_orders(now())

    assert (await shop.order(placed["order"]["id"]))["status"] == "paid"


@pytest.mark.parametrize("mode", ["error", "garbage", "deny"])
async def test_no_order_ends_while_its_provider_does_not_answer(
    shop, stripe, clock, mode
):
    from restaurant import services

    placed = await shop.placed()
    order_id = placed["order"]["id"]
    await opened(shop, placed)
    stripe.mode = mode
    clock.forward(DAY + 1)
    for _ in range(5):  # also while the breaker is open
        await services.expire_orders(now())
        assert (await shop.order(order_id))["status"] == "pending"

    clock.forward(7 * DAY)  # but not for ever
    await services.expire_orders(now())

    assert (await shop.order(order_id))["status"] == "canceled"


async def test_an_expired_checkout_fails_and_the_guest_tries_again(shop, stripe):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    first = await opened(shop, placed)
    stripe.expire(first["checkout_url"])

    await look()

    assert (await payment_of(shop, first["id"])).status.value == "failed"
    assert (await shop.events(order_id)).count("payment.failed") == 1
    assert (await shop.order(order_id))["status"] == "pending"
    second = await opened(shop, placed)
    stripe.pay(second["checkout_url"])
    await look()
    order = await shop.order(order_id)
    assert (order["status"], order["flags"]) == ("paid", [])


async def test_a_checkout_past_its_time_is_no_longer_handed_out(shop, stripe, clock):
    placed = await shop.placed()
    payment = await opened(shop, placed)

    await look(DAY + 60)

    assert (await payment_of(shop, payment["id"])).status.value == "failed"
