"""Money arrives, once, late, twice, short: what becomes of the order."""

import asyncio

import pytest

from harness import eventually

MINUTE = 60_000


def now():
    from restaurant.adapters import system

    return system.now()


async def test_order_pay_print(shop, guest, pay):
    cart = shop.cart(shop.line("Tacos", 2, "Maíz", "Brisket", "Chicken"))
    placed = await shop.placed(cart)
    order, invoice = placed["order"], placed["invoice"]
    assert order["total_msat"] == invoice["amount_msat"] == 26_968_000
    assert (order["total"], order["currency"]) == ("170.00", "GTQ")
    assert order["id"] == invoice["payment_hash"]

    await pay(invoice["payment_request"], guest)

    paid = await eventually(lambda: _paid(shop, order["id"]))
    assert (paid["paid_msat"], paid["due_msat"]) == (26_968_000, 0)
    assert [h["status"] for h in paid["history"]] == ["pending", "paid"]
    assert [j["station"] for j in await shop.jobs(order["id"])] == ["kitchen"]
    assert await shop.events(order["id"]) == [
        "order.placed",
        "payment.captured",
        "order.paid",
        "order.tickets_made",
    ]


async def test_a_payment_from_the_lightning_network_arrives_too(shop, pay_external):
    placed = await shop.placed()

    await pay_external(placed["invoice"]["payment_request"])

    assert await eventually(lambda: _paid(shop, placed["order"]["id"]))


async def test_one_ticket_per_station(shop, guest, pay):
    cart = shop.cart(shop.line("Flan"), shop.line("Agua"), shop.line("Flan"))
    placed = await shop.placed(cart)

    await pay(placed["invoice"]["payment_request"], guest)

    order = await eventually(lambda: _paid(shop, placed["order"]["id"]))
    jobs = await shop.jobs(order["id"])
    assert sorted(j["station"] for j in jobs) == ["bar", "kitchen"]


async def test_a_thousand_repeats_change_nothing(shop, guest, pay, quiet):
    from restaurant import services

    placed = await shop.placed(shop.cart(shop.line("Flan", 2)))
    order_id = placed["order"]["id"]
    await pay(placed["invoice"]["payment_request"], guest)

    first = [await services.mark_order_paid(order_id, now()) for _ in range(980)]
    at_once = await asyncio.gather(
        *(services.mark_order_paid(order_id, now()) for _ in range(20))
    )

    assert (first.count(True), at_once.count(True)) == (1, 0)
    assert await shop.stock("Flan") == 1
    assert len(await shop.jobs(order_id)) == 1
    assert (await shop.events(order_id)).count("order.paid") == 1


async def test_twenty_at_once_settle_once(shop, guest, pay, quiet):
    from restaurant import services

    placed = await shop.placed(shop.cart(shop.line("Flan", 2)))
    await pay(placed["invoice"]["payment_request"], guest)

    results = await asyncio.gather(
        *(services.mark_order_paid(placed["order"]["id"], now()) for _ in range(20))
    )

    assert results.count(True) == 1
    assert await shop.stock("Flan") == 1


async def test_the_loser_of_the_last_portions_waits_for_a_human(
    shop, guest, pay, quiet
):
    from restaurant import services

    first = await shop.placed(shop.cart(shop.line("Flan", 2)))
    second = await shop.placed(shop.cart(shop.line("Flan", 2), shop.line("Agua")))
    for placed in (first, second):
        await pay(placed["invoice"]["payment_request"], guest)
        assert await services.mark_order_paid(placed["order"]["id"], now())

    loser = await shop.order(second["order"]["id"])
    assert (loser["status"], loser["flags"]) == ("paid", ["oversold", "refund_due"])
    assert await shop.jobs(loser["id"]) == []
    assert await shop.stock("Flan") == 1


async def test_staff_may_make_an_oversold_order_anyway(shop, guest, pay, quiet):
    from restaurant import services

    placed = [await shop.placed(shop.cart(shop.line("Flan", 2))) for _ in range(2)]
    for each in placed:
        await pay(each["invoice"]["payment_request"], guest)
        await services.mark_order_paid(each["order"]["id"], now())
    loser = placed[1]["order"]["id"]

    accepted = (await shop.status(loser, "accepted")).json()

    assert (accepted["status"], accepted["flags"]) == ("accepted", [])
    assert len(await shop.jobs(loser)) == 1
    # Whoever can make it has it: the count was one too low.
    assert await shop.stock("Flan") == 0
    assert await services.verify_stock(shop.id) == []


async def test_auto_accept_goes_to_the_kitchen_at_once(
    client, make_wallet, set_rate, guest, pay
):
    from harness.shop import open_shop

    set_rate("GTQ", 158.635)
    shop = await open_shop(client, await make_wallet(), auto_accept_orders=True)
    placed = await shop.placed()

    await pay(placed["invoice"]["payment_request"], guest)

    order = await eventually(lambda: _paid(shop, placed["order"]["id"]))
    assert order["status"] == "accepted"
    assert [h["status"] for h in order["history"]] == ["pending", "paid", "accepted"]
    assert len(await shop.jobs(order["id"])) == 1


@pytest.mark.parametrize("who", ["guest", "staff"])
async def test_money_after_cancel_is_kept_flagged_and_never_cooked(
    shop, guest, pay, quiet, who
):
    from restaurant import services

    placed = await shop.placed()
    order_id = placed["order"]["id"]
    if who == "guest":
        response = await shop.client.post(
            f"/restaurant/api/v1/orders/{order_id}/cancel",
            headers={"X-Order-Token": placed["order_token"]},
        )
    else:
        response = await shop.status(order_id, "canceled", reason="closing")
    assert response.json()["status"] == "canceled"
    await pay(placed["invoice"]["payment_request"], guest)

    assert await services.mark_order_paid(order_id, now())

    order = await shop.order(order_id)
    assert (order["status"], order["flags"]) == (
        "canceled",
        ["paid_late", "refund_due"],
    )
    assert order["paid_msat"] == order["total_msat"]
    assert await shop.jobs(order_id) == []


async def test_money_first_seen_long_after_expiry_waits_for_a_human(
    shop, guest, pay, quiet
):
    from restaurant import services

    placed = await shop.placed()
    await pay(placed["invoice"]["payment_request"], guest)
    late = now() + (15 + 15) * MINUTE + 10_000

    assert await services.mark_order_paid(placed["order"]["id"], late)

    order = await shop.order(placed["order"]["id"])
    assert (order["status"], order["flags"]) == ("paid", ["paid_late", "refund_due"])
    assert await shop.jobs(order["id"]) == []


async def test_a_foreign_invoice_with_our_tag_pays_nothing(
    shop, guest, pay, make_wallet, quiet
):
    from lnbits.core.services import create_invoice

    from restaurant import services

    placed = await shop.placed()
    attacker = await make_wallet()
    forged = await create_invoice(
        wallet_id=attacker.id,
        amount=1,
        memo="mine",
        extra={"tag": "restaurant", "order_id": placed["order"]["id"]},
    )
    await pay(forged.bolt11, guest)

    assert not await services.mark_order_paid(forged.payment_hash, now())
    assert (await shop.order(placed["order"]["id"]))["status"] == "pending"


async def test_a_second_invoice_paid_as_well_is_overpaid(shop, guest, pay, quiet):
    from restaurant import services

    placed = await shop.placed()
    order_id = placed["order"]["id"]
    headers = {"X-Order-Token": placed["order_token"]}
    path = f"/restaurant/api/v1/orders/{order_id}/invoice"
    same = await shop.client.post(path, headers=headers)
    assert (same.status_code, same.json()) == (200, placed["invoice"])
    await _age_invoices(order_id)
    fresh = await shop.client.post(path, headers=headers)
    assert fresh.status_code == 201
    for invoice in (placed["invoice"], fresh.json()):
        await pay(invoice["payment_request"], guest)
        assert await services.mark_order_paid(invoice["payment_hash"], now())

    order = await shop.order(order_id)
    assert (order["status"], order["flags"]) == ("paid", ["overpaid", "refund_due"])
    assert order["paid_msat"] == 2 * order["total_msat"]
    assert len(await shop.jobs(order_id)) == 1


async def _age_invoices(order_id):
    """The clock moves on until the order's invoices can no longer be paid."""
    from restaurant.crud import transaction

    async with transaction() as conn:
        await conn.run(
            "UPDATE restaurant.payments SET expires_at = 1 WHERE order_id = :id",
            id=order_id,
        )


async def _paid(shop, order_id):
    order = await shop.order(order_id)
    return order if order["paid_at"] else None
