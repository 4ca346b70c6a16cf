"""Cash: who may order for it, what the kitchen does, and how it is counted."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.books import core_invoices, snapshot
from harness.shop import open_shop

PAYMENT = {
    *("id", "order_id", "method", "status", "amount_msat", "received_msat"),
    *("currency", "amount", "rounding", "tendered", "change", "payment_hash"),
    *("provider", "checkout_url", "share_id", "actor", "person"),
    *("created_at", "expires_at", "captured_at", "disputed_at"),
}

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture
async def devices(shop: Any) -> dict[str, dict[str, str]]:
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


async def new_table(shop: Any, name: str = "7") -> dict[str, Any]:
    path = f"{API}/restaurants/{shop.id}/tables"
    made = await shop.client.post(path, json={"name": name}, headers=shop.wallet.admin)
    assert made.status_code == 201, made.text
    return made.json()


async def allow_cash_at_tables(shop: Any) -> None:
    path = f"{API}/restaurants/{shop.id}"
    body = {"cash_at_table": True}
    await shop.client.patch(path, json=body, headers=shop.wallet.admin)


def cash(shop: Any, *lines: Any, **fields: Any) -> dict[str, Any]:
    return shop.cart(*lines, payment_method="cash", **fields)


async def placed(shop: Any, *lines: Any) -> dict[str, Any]:
    response = await shop.place(cash(shop, *lines), **shop.wallet.admin)
    assert response.status_code == 201, response.text
    return response.json()


async def take(shop: Any, order_id: str, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key or str(uuid.uuid4()), **shop.wallet.admin}
    return await shop.client.post(
        f"{API}/orders/{order_id}/payments", json=body, headers=headers
    )


# --- who may order for cash ------------------------------------------------------


async def test_anonymous_cash_is_refused_and_cooks_nothing(shop, client, make_wallet):
    table = await new_table(shop)
    other = await open_shop(client, await make_wallet())
    token = (await other.placed())["order_token"]
    before = await snapshot(shop.id)

    for cart, headers in (
        (cash(shop), {}),
        (cash(shop, table="7"), {}),
        (cash(shop, table="7", table_token=table["token"]), {}),  # not allowed here
        (cash(shop, customer_name="the owner"), {"X-Order-Token": token}),
        (cash(shop), other.wallet.admin),
        (cash(shop), shop.wallet.invoice),
    ):
        response = await shop.place(cart, **headers)
        assert (response.status_code, response.json()["code"]) == (
            403,
            "cash.forbidden",
        )
    assert await snapshot(shop.id) == before
    assert await core_invoices(shop.wallet.id) == set()


@pytest.mark.parametrize(
    ("role", "status"), [("pos", 201), ("manager", 201), ("kds", 403), ("printer", 403)]
)
async def test_staff_at_the_counter_orders_for_cash(shop, devices, role, status):
    response = await shop.place(cash(shop), **devices[role])

    assert response.status_code == status
    if status == 201:
        history = (await shop.order(response.json()["order"]["id"]))["history"]
        assert history[0]["actor"].startswith(f"{role}:")


async def test_a_table_orders_for_cash_when_the_restaurant_lets_it(shop):
    table = await new_table(shop)
    await allow_cash_at_tables(shop)

    by_name = await shop.place(cash(shop, table="7", table_token=table["token"]))
    by_id = await shop.place(cash(shop, table=table["id"], table_token=table["token"]))

    assert (by_name.status_code, by_id.status_code) == (201, 201)
    assert by_name.json()["order"]["status"] == "accepted"
    for refused in (
        cash(shop, table="7"),
        cash(shop, table_token=table["token"]),
    ):
        response = await shop.place(refused)
        assert response.json()["code"] == "cash.forbidden"


async def test_a_tables_code_cannot_flood_the_kitchen_and_staff_can_order_on(shop):
    await allow_cash_at_tables(shop)
    path = f"{API}/restaurants/{shop.id}"
    body = {"open_orders_per_table_max": 2}
    await shop.client.patch(path, json=body, headers=shop.wallet.admin)
    table = await new_table(shop)
    cart = cash(shop, table=table["name"], table_token=table["token"])

    placed = [await shop.place(cart) for _ in range(3)]

    assert [each.status_code for each in placed] == [201, 201, 429]
    assert placed[2].json()["code"] == "orders.too_many"
    by_staff = cash(shop, table=table["name"])
    assert (await shop.place(by_staff, **shop.wallet.admin)).status_code == 201
    assert (await take(shop, placed[0].json()["order"]["id"])).status_code == 201
    assert (await shop.place(cart)).status_code == 201


async def test_a_renewed_tables_old_code_is_worth_nothing(shop):
    table = await new_table(shop)
    await allow_cash_at_tables(shop)
    renewed = await shop.client.post(
        f"{API}/tables/{table['id']}/token", headers=shop.wallet.admin
    )
    assert renewed.json()["token"] != table["token"]

    old = await shop.place(cash(shop, table="7", table_token=table["token"]))
    new = await shop.place(cash(shop, table="7", table_token=renewed.json()["token"]))

    assert (old.status_code, old.json()["code"]) == (403, "table.token")
    assert new.status_code == 201


# --- what becomes of a cash order ------------------------------------------------


async def test_a_cash_order_is_cooked_at_once_and_stays_due(shop):
    answer = await placed(shop, shop.line("Flan", 2), shop.line("Agua"))

    order = answer["order"]
    assert order == await shop.order(order["id"])
    assert answer["invoice"] is None
    assert (order["status"], order["payment_method"]) == ("accepted", "cash")
    assert (order["paid_at"], order["expires_at"]) == (None, None)
    assert order["accepted_at"] == order["created_at"]
    assert (order["paid_msat"], order["due_msat"]) == (0, order["total_msat"])
    assert [h["status"] for h in order["history"]] == ["accepted"]
    assert sorted(job["station"] for job in await shop.jobs(order["id"])) == [
        *("bar", "kitchen"),
    ]
    assert await shop.stock("Flan") == 1
    assert await core_invoices(shop.wallet.id) == set()
    token = {"X-Order-Token": answer["order_token"]}
    seen = await shop.client.get(f"{API}/orders/{order['id']}", headers=token)
    assert seen.json() == await shop.order(order["id"])


async def test_cash_orders_never_take_more_than_there_is(shop):
    await placed(shop, shop.line("Flan", 2))
    before = await snapshot(shop.id)

    response = await shop.place(cash(shop, shop.line("Flan", 2)), **shop.wallet.admin)

    assert (response.status_code, response.json()["code"]) == (422, "stock.short")
    after = await snapshot(shop.id)
    assert after["orders"] == before["orders"]
    assert await shop.stock("Flan") == 1


async def test_a_cash_order_does_not_expire(shop, clock):
    from restaurant import services
    from restaurant.adapters import system

    order_id = (await placed(shop))["order"]["id"]
    clock.forward(86_400)
    await services.expire_orders(system.now())

    assert (await shop.order(order_id))["status"] == "accepted"


async def test_canceling_a_cash_order_gives_the_stock_back_and_owes_nothing(shop):
    order_id = (await placed(shop, shop.line("Flan", 2)))["order"]["id"]

    response = await shop.status(order_id, "canceled")

    assert (response.json()["status"], response.json()["flags"]) == ("canceled", [])
    assert await shop.stock("Flan") == 3
    assert (await take(shop, order_id)).json()["code"] == "payment.nothing_due"


# --- counting it -----------------------------------------------------------------


async def test_all_that_is_due_is_paid_with_change(shop, clock):
    clock.stop(1_790_000_000_000)
    order_id = (await placed(shop, shop.line("Tacos", 2, "Maíz")))["order"]["id"]
    clock.forward(60)

    response = await take(shop, order_id, tendered="100", person="Ana")

    assert response.status_code == 201
    taken = response.json()
    assert set(taken) == {
        *("payment", "change", "due", "due_msat", "opens_drawer", "invoice"),
        "gift_card_balance",
    }
    payment = taken["payment"]
    assert set(payment) == PAYMENT
    assert payment.pop("id")
    assert payment == {
        "order_id": order_id,
        "method": "cash",
        "status": "captured",
        "amount_msat": 14_278_000,
        "received_msat": 14_278_000,
        "currency": "GTQ",
        "amount": "90.00",
        "rounding": None,
        "tendered": "100.00",
        "change": "10.00",
        "payment_hash": None,
        "provider": None,
        "checkout_url": None,
        "share_id": None,
        "actor": "owner",
        "person": "Ana",
        "expires_at": None,
        "disputed_at": None,
        "created_at": "2026-09-21T14:14:20.000Z",
        "captured_at": "2026-09-21T14:14:20.000Z",
    }
    assert (taken["change"], taken["due"], taken["due_msat"]) == ("10.00", "0.00", 0)
    assert (taken["opens_drawer"], taken["invoice"]) == (True, None)
    order = await shop.order(order_id)
    assert order["paid_at"] == "2026-09-21T14:14:20.000Z"
    assert (order["status"], order["flags"]) == ("accepted", [])
    assert (order["paid_msat"], order["due_msat"]) == (order["total_msat"], 0)
    assert len(await shop.jobs(order_id)) == 1


@pytest.mark.parametrize(
    ("rate", "parts"),
    [
        (158.635, ("100.00", "70.00")),
        (158.635, ("0.01", "169.98", "0.01")),
        (158.635, ("56.67", "56.67", "56.66")),
        (0.061, ("169.99", "0.01")),
        (33.3333, ("33.33",) * 5 + ("3.35",)),
    ],
)
async def test_it_is_settled_when_the_parts_reach_the_total(
    client, make_wallet, set_rate, rate, parts
):
    currency = {158.635: "GTQ", 0.061: "IDR", 33.3333: "MXN"}[rate]
    set_rate(currency, rate)
    menu = {"categories": [{"name": "All", "items": [{"name": "X", "price": "170"}]}]}
    shop = await open_shop(client, await make_wallet(), menu, currency=currency)
    order = (await placed(shop, shop.line("X")))["order"]
    assert order["total"] == "170.00"
    for part in parts[:-1]:
        taken = (await take(shop, order["id"], amount=part)).json()
        assert (taken["payment"]["amount"], taken["change"]) == (part, "0.00")
        assert taken["due_msat"] > 0
        assert (await shop.order(order["id"]))["paid_at"] is None

    last = (await take(shop, order["id"], amount=parts[-1])).json()

    assert last["due_msat"] == 0
    paid = await shop.order(order["id"])
    assert paid["paid_at"]
    assert (paid["paid_msat"], paid["flags"]) == (order["total_msat"], [])
    nothing = await take(shop, order["id"])
    assert (nothing.status_code, nothing.json()["code"]) == (409, "payment.nothing_due")


async def test_more_than_is_due_is_refused(shop):
    order_id = (await placed(shop))["order"]["id"]  # 10.00
    before = await snapshot(shop.id)
    for body, code in (
        ({"amount": "10.01"}, "payment.amount"),
        ({"amount": "0"}, "payment.amount"),
        ({"amount": "-1"}, "payment.amount"),
        ({"amount": "5.00", "tendered": "4.99"}, "payment.tendered"),
        ({"tendered": "9.99"}, "payment.tendered"),
        ({"tendered": "-20"}, "payment.tendered"),
        ({"currency": "USD"}, "payment.currency"),
        ({"currency": "sat"}, "payment.currency"),
        ({"amount": "5.001"}, "field.invalid"),
        ({"amount": "1e1"}, "field.invalid"),
        ({"amount": True}, "field.invalid"),
        ({"amount": ["5"]}, "field.invalid"),
        ({"tendered": "much"}, "field.invalid"),
        ({"method": "cheque"}, "field.invalid"),
    ):
        response = await take(shop, order_id, **body)
        assert (response.status_code, response.json()["code"]) == (422, code), body
        assert response.json()["field"] in body
    assert await snapshot(shop.id) == before


async def test_the_second_part_may_not_exceed_what_is_left(shop):
    order_id = (await placed(shop))["order"]["id"]
    assert (await take(shop, order_id, amount="4.00")).status_code == 201

    assert (await take(shop, order_id, amount="6.01")).status_code == 422
    assert (await take(shop, order_id, amount="6.00")).json()["due_msat"] == 0


async def test_a_payment_needs_a_key_and_counts_once(shop):
    order_id = (await placed(shop))["order"]["id"]
    without = await shop.client.post(
        f"{API}/orders/{order_id}/payments", json={}, headers=shop.wallet.admin
    )
    assert (without.status_code, without.json()["code"]) == (400, "idempotency.key")

    first = await take(shop, order_id, key="k" * 16, amount="4.00")
    again = await take(shop, order_id, key="k" * 16, amount="4.00")
    other = await take(shop, order_id, key="k" * 16, amount="5.00")

    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert other.json()["code"] == "idempotency.mismatch"
    order = await shop.order(order_id)
    assert order["paid_msat"] == first.json()["payment"]["amount_msat"]


async def test_a_pending_lightning_order_is_paid_at_the_counter(shop, settle):
    answer = await shop.placed(shop.cart(shop.line("Flan", 2)))
    order_id = answer["order"]["id"]

    taken = await take(shop, order_id, tendered="60.00")

    assert (taken.json()["due_msat"], taken.json()["change"]) == (0, "0.00")
    order = await shop.order(order_id)
    assert (order["status"], order["flags"]) == ("paid", [])
    assert order["paid_msat"] == order["total_msat"]
    assert await shop.stock("Flan") == 1
    assert len(await shop.jobs(order_id)) == 1
    # and when the guest pays the invoice as well, the surplus is owed back
    await settle(answer)
    order = await shop.order(order_id)
    assert order["flags"] == ["overpaid", "refund_due"]
    assert order["paid_msat"] == 2 * order["total_msat"]
    assert len(await shop.jobs(order_id)) == 1
    assert await shop.stock("Flan") == 1


async def test_a_half_paid_lightning_order_gets_an_invoice_over_the_rest(shop, settle):
    answer = await shop.placed()  # 10.00 GTQ, 1 587 000 msat
    order_id = answer["order"]["id"]
    taken = (await take(shop, order_id, amount="4.00")).json()

    rest = await shop.client.post(
        f"{API}/orders/{order_id}/invoice",
        headers={"X-Order-Token": answer["order_token"]},
    )

    assert rest.status_code == 201
    due = taken["due_msat"]
    assert due <= rest.json()["amount_msat"] < due + 1000
    assert rest.json()["amount_msat"] % 1000 == 0
    await settle({"invoice": rest.json()})
    order = await shop.order(order_id)
    assert (order["status"], order["due_msat"]) == ("paid", 0)
    assert "underpaid" not in order["flags"]


async def test_the_journal_tells_of_every_payment(shop):
    order_id = (await placed(shop))["order"]["id"]
    for part in ("4.00", "6.00"):
        await take(shop, order_id, amount=part)

    names = await shop.events(order_id)

    assert names.count("payment.captured") == 2
    assert names[0] == "order.placed"
