"""What a restaurant and a device take: configuration that every payment is held to."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from harness import API
from harness.books import snapshot

pytestmark = pytest.mark.usefixtures("quiet")

CASH_AT_TABLES = [
    {"method": "lightning"},
    {"method": "cash", "order_types": ["dine_in"]},
]


async def take_only(shop: Any, *rules: dict[str, Any]) -> Any:
    body = {"accepted_payments": list(rules)}
    path = f"{API}/restaurants/{shop.id}"
    return await shop.client.patch(path, json=body, headers=shop.wallet.admin)


async def till(shop: Any, *methods: str) -> tuple[str, dict[str, str]]:
    """A till's id and header."""
    made = await shop.client.post(
        f"{API}/restaurants/{shop.id}/devices",
        json={"name": "Till", "role": "pos", "payment_methods": list(methods)},
        headers=shop.wallet.admin,
    )
    device = made.json()
    assert device["payment_methods"] == sorted(methods)
    return device["id"], {"Authorization": f"Bearer {device['token']}"}


async def pay(shop: Any, order_id: str, who: dict[str, str], **body: Any) -> Any:
    return await shop.client.post(
        f"{API}/orders/{order_id}/payments",
        json=body,
        headers={"Idempotency-Key": uuid.uuid4().hex, **who},
    )


def refusal(response: Any) -> tuple[int, str]:
    return response.status_code, response.json().get("code", "")


async def test_a_method_may_be_taken_for_some_order_types_only(shop):
    assert (await take_only(shop, *CASH_AT_TABLES)).status_code == 200
    owner = shop.wallet.admin

    pickup = shop.cart(payment_method="cash", order_type="pickup")
    at_table = shop.cart(payment_method="cash", order_type="dine_in")
    assert refusal(await shop.place(pickup, **owner)) == (422, "payment.method")
    assert (await shop.place(at_table, **owner)).status_code == 201

    order_id = (await shop.placed())["order"]["id"]
    before = await snapshot(shop.id)
    refused = await pay(shop, order_id, owner, method="cash")
    assert refusal(refused) == (422, "payment.method")
    assert await snapshot(shop.id) == before


async def test_a_method_may_be_taken_in_some_currencies_only(shop):
    await take_only(shop, {"method": "lightning", "currencies": ["sats"]})
    order_id = (await shop.placed())["order"]["id"]
    owner = shop.wallet.admin

    fiat = await pay(
        shop, order_id, owner, method="lightning", amount="1.00", currency="GTQ"
    )
    assert refusal(fiat) == (422, "payment.currency")
    sats = await pay(
        shop, order_id, owner, method="lightning", amount="100", currency="sat"
    )
    assert sats.json()["invoice"]["amount_msat"] == 100_000


async def test_a_device_takes_no_more_than_it_may_and_changes_hold_at_once(shop):
    device_id, header = await till(shop, "cash")
    order_id = (await shop.placed())["order"]["id"]

    lightning = await pay(shop, order_id, header, method="lightning", amount="1.00")
    assert refusal(lightning) == (422, "payment.method")
    await shop.client.post(f"{API}/orders/{order_id}/cancel", headers=shop.wallet.admin)
    cart = shop.cart(payment_method="cash")
    order_id = (await shop.place(cart, **header)).json()["order"]["id"]
    invoice = await shop.client.post(f"{API}/orders/{order_id}/invoice", headers=header)
    assert refusal(invoice) == (422, "payment.method")

    changed = await shop.client.patch(
        f"{API}/devices/{device_id}",
        json={"payment_methods": []},
        headers=shop.wallet.admin,
    )
    assert changed.json()["payment_methods"] == []
    invoice = await shop.client.post(f"{API}/orders/{order_id}/invoice", headers=header)
    assert invoice.status_code == 201


async def test_guests_and_staff_are_held_to_the_same(shop):
    await take_only(shop, {"method": "cash"})

    assert refusal(await shop.place(shop.cart())) == (422, "payment.method")
    assert refusal(await shop.place(shop.cart(), **shop.wallet.admin)) == (
        422,
        "payment.method",
    )


async def test_every_payment_says_which_device_took_it_and_who_held_it(shop):
    device_id, header = await till(shop)
    placed = await shop.place(shop.cart(payment_method="cash"), **header)
    order_id = placed.json()["order"]["id"]

    taken = (await pay(shop, order_id, header, method="cash", person="Ana")).json()

    assert taken["payment"]["actor"] == f"pos:{device_id}"
    assert taken["payment"]["person"] == "Ana"


@pytest.mark.parametrize(
    "rules",
    [
        "cash",
        [{"method": "cheque"}],
        [{}],
        [{"method": "cash", "order_types": ["moon"]}],
        [{"method": "cash", "currencies": ["XXX1"]}],
        [{"method": "cash", "currencies": [5]}],
        [{"method": "cash"}] * 21,
        None,
    ],
)
async def test_odd_rules_are_refused_and_nothing_changes(shared, rules):
    shop, _ = shared
    before = await snapshot(shop.id)

    response = await shop.client.patch(
        f"{API}/restaurants/{shop.id}",
        json={"accepted_payments": rules},
        headers=shop.wallet.admin,
    )

    assert response.status_code == 422
    assert await snapshot(shop.id) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("cash_rounding", "-0.05"), ("cash_rounding", "0.001")),
        *(("cash_rounding", "1001"), ("cash_rounding", "NaN")),
        *(("refund_approval_limit", "-1"), ("refund_approval_limit", "1.001")),
        *(("refund_fee_percent", "101"), ("refund_fee_percent", "-1")),
        *(("withdraw_days", 0), ("withdraw_days", 91), ("withdraw_days", "7")),
        *(("auto_refund", "yes"), ("receipt_station", "")),
    ],
)
async def test_odd_settings_of_money_are_refused(shared, field, value):
    shop, _ = shared
    before = await snapshot(shop.id)

    response = await shop.client.patch(
        f"{API}/restaurants/{shop.id}",
        json={field: value},
        headers=shop.wallet.admin,
    )

    assert (response.status_code, response.json()["field"]) == (422, field)
    assert await snapshot(shop.id) == before
