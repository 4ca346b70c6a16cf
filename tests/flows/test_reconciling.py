"""What the payment stream lost is found: books, node, expiry."""

import pytest

MINUTE = 60_000


def now():
    from restaurant.adapters import system

    return system.now()


async def test_core_knows_but_nobody_told_us(shop, guest, pay, quiet):
    from restaurant import services

    placed = await shop.placed()
    await pay(placed["invoice"]["payment_request"], guest)

    assert await services.reconcile_books(now()) == 1
    assert await services.reconcile_books(now()) == 0

    assert (await shop.order(placed["order"]["id"]))["status"] == "paid"


async def test_the_node_has_the_money_and_core_was_asleep(
    shop, quiet, paid_at_the_node
):
    from restaurant import services

    placed = await shop.placed()
    paid_at_the_node(placed["invoice"]["payment_hash"])

    assert await services.reconcile_books(now()) == 0
    assert await services.reconcile_with_node(now() + 16_000) >= 1

    assert (await shop.order(placed["order"]["id"]))["status"] == "paid"
    assert await _balance(shop.wallet.id) == placed["order"]["total_msat"]


async def test_an_expired_order_is_canceled_only_after_asking_the_node(
    shop, quiet, paid_at_the_node
):
    from restaurant import services

    paid, unpaid = await shop.placed(), await shop.placed()
    paid_at_the_node(paid["invoice"]["payment_hash"])
    await services.expire_orders(now() + 14 * MINUTE)
    assert (await shop.order(unpaid["order"]["id"]))["status"] == "pending"

    await services.expire_orders(now() + 16 * MINUTE)

    assert (await shop.order(paid["order"]["id"]))["status"] == "paid"
    ended = await shop.order(unpaid["order"]["id"])
    assert (ended["status"], ended["cancel_reason"]) == ("canceled", "expired")


async def test_an_order_that_got_more_time_while_the_node_was_asked_goes_on(
    shop, quiet, monkeypatch
):
    from lnbits.wallets import get_funding_source

    from restaurant import services
    from restaurant.models import GUEST, PaymentMethod

    source, late = get_funding_source(), now() + 16 * MINUTE
    ask = source.get_invoice_status

    async def to_the_counter_meanwhile(payment_hash):
        guest = services.Payer(GUEST)
        await services.switch_method(order_id, PaymentMethod.CASH, guest, late)
        return await ask(payment_hash)

    order_id = (await shop.placed())["order"]["id"]
    monkeypatch.setattr(source, "get_invoice_status", to_the_counter_meanwhile)

    await services.expire_orders(late)

    assert (await shop.order(order_id))["status"] == "pending"


async def test_while_the_node_is_away_nothing_expires(shop, quiet, monkeypatch):
    from lnbits.wallets import get_funding_source

    from restaurant import services

    async def away(_):
        raise ConnectionError("no route to node")

    placed = await shop.placed()
    monkeypatch.setattr(get_funding_source(), "get_invoice_status", away)

    await services.expire_orders(now() + 60 * MINUTE)

    assert (await shop.order(placed["order"]["id"]))["status"] == "pending"


async def test_money_the_node_has_but_core_cannot_book_is_flagged_not_paid(
    shop, quiet, paid_at_the_node, monkeypatch
):
    from restaurant import services
    from restaurant.adapters import lightning

    async def broken(_):
        raise OSError("disk full")

    placed = await shop.placed()
    paid_at_the_node(placed["invoice"]["payment_hash"])
    with monkeypatch.context() as patched:
        patched.setattr(lightning, "update_invoice_from_paid_invoices_stream", broken)
        await services.reconcile_with_node(now() + 16_000)
    stuck = await shop.order(placed["order"]["id"])
    assert (stuck["status"], stuck["flags"]) == ("pending", ["stuck_internal"])

    await services.reconcile_with_node(now() + 60_000)

    order = await shop.order(placed["order"]["id"])
    assert (order["status"], order["flags"]) == ("paid", [])


async def test_money_long_after_the_end_is_found_flagged_and_kept(
    shop, quiet, paid_at_the_node
):
    from restaurant import services

    placed = await shop.placed()
    await services.expire_orders(now() + 16 * MINUTE)
    paid_at_the_node(placed["invoice"]["payment_hash"])

    await services.reconcile_with_node(now() + 24 * 60 * MINUTE)

    order = await shop.order(placed["order"]["id"])
    assert (order["status"], order["flags"]) == (
        "canceled",
        ["paid_late", "refund_due"],
    )


async def test_looks_are_bounded_youngest_first_and_rarer_with_age(
    shop, quiet, monkeypatch
):
    from restaurant import services
    from restaurant.core import limits
    from restaurant.features.payments.models import NodeAnswer
    from restaurant.flows import reconciling

    asked = []

    async def ask(payment):
        asked.append(payment.payment_hash)
        return NodeAnswer.PENDING

    monkeypatch.setattr(reconciling.lightning, "ask_node", ask)
    monkeypatch.setattr(limits, "LOOKUPS_PER_ROUND", 2)
    placed = [(await shop.placed())["order"]["id"] for _ in range(3)]
    await _space_out(placed)
    await services.after_start(now())

    assert await services.reconcile_with_node(now() + 1) == 2
    assert asked == [placed[2], placed[1]]
    assert await services.reconcile_with_node(now() + 1) == 1
    assert asked[2] == placed[0]
    assert await services.reconcile_with_node(now() + 1) == 0


async def test_the_oldest_have_their_turn_before_the_youngest_have_a_second(
    shop, quiet, monkeypatch
):
    from restaurant import services
    from restaurant.core import limits
    from restaurant.features.payments.models import NodeAnswer
    from restaurant.flows import reconciling

    asked = []

    async def ask(payment):
        asked.append(payment.payment_hash)
        return NodeAnswer.PENDING

    monkeypatch.setattr(reconciling.lightning, "ask_node", ask)
    monkeypatch.setattr(limits, "LOOKUPS_PER_ROUND", 2)
    placed = [(await shop.placed())["order"]["id"] for _ in range(3)]
    await _space_out(placed)
    await services.after_start(now())
    for minute in (0, 1, 2):
        await services.reconcile_with_node(now() + minute * MINUTE)

    assert asked[:3] == [placed[2], placed[1], placed[0]]


@pytest.fixture
def paid_at_the_node():
    """The node got the money while nobody listened to its stream."""
    from lnbits.wallets import get_funding_source

    def pay(payment_hash):
        get_funding_source().paid_invoices.add(payment_hash)

    return pay


async def _balance(wallet_id):
    from lnbits.core.crud import get_wallet

    wallet = await get_wallet(wallet_id)
    return wallet.balance_msat


async def _space_out(order_ids):
    """Only these invoices are open, a second apart, the last one the youngest."""
    from restaurant.crud import transaction

    async with transaction() as conn:
        await conn.run(
            "UPDATE restaurant.payments SET status = 'settled' "
            "WHERE status IN ('created', 'voided', 'failed')"
        )
        for n, order_id in enumerate(order_ids):
            await conn.run(
                "UPDATE restaurant.payments SET status = 'created', "
                "created_at = :at WHERE order_id = :id",
                id=order_id,
                at=now() - 10_000 + n * 1000,
            )


async def test_an_invoice_the_node_forgot_is_replaced_and_still_watched(
    shop, quiet, paid_at_the_node
):
    from lnbits.wallets import get_funding_source

    from restaurant import services

    placed = await shop.placed()
    order_id, lost = placed["order"]["id"], placed["invoice"]
    preimage = get_funding_source().payment_secrets.pop(lost["payment_hash"])

    await services.reconcile_with_node(now() + 16_000)

    assert (await shop.order(order_id))["status"] == "pending"
    fresh = await shop.client.post(
        f"/restaurant/api/v1/orders/{order_id}/invoice",
        headers={"X-Order-Token": placed["order_token"]},
    )
    assert fresh.status_code == 201
    assert fresh.json()["payment_hash"] != lost["payment_hash"]
    assert (await shop.events(order_id)).count("payment.failed") == 1

    get_funding_source().payment_secrets[lost["payment_hash"]] = preimage
    paid_at_the_node(lost["payment_hash"])
    await services.reconcile_with_node(now() + 60_000)

    assert (await shop.order(order_id))["status"] == "paid"
