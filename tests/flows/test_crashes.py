"""The process dies after every single statement of placing and of settling.

A dead process executes nothing more: its open transaction rolls back, and what it
had committed stays. Then it starts again, and everything must come right.
"""

import uuid

import pytest

from harness import API
from harness.crashes import dying_after

STATEMENTS_MAX = 60


def now():
    from restaurant.adapters import system

    return system.now()


async def test_a_crash_anywhere_while_placing_leaves_one_order(shop, quiet):
    from restaurant import services
    from restaurant.features.idempotency.models import RequestKey
    from restaurant.features.pricing.models import Cart
    from restaurant.models import GUEST

    cart = Cart(**shop.cart(shop.line("Flan"), shop.line("Agua")))
    placer = services.Placer(GUEST, is_staff=False)
    survived_at = None
    for statements in range(1, STATEMENTS_MAX):
        key = RequestKey("scope", str(uuid.uuid4()), "body")
        with dying_after(statements) as mortal:
            await services.place_order(cart, placer, key, now())
        before = await _orders(shop)
        answer = await services.place_order(cart, placer, key, now() + 61_000)
        after = await _orders(shop)

        assert answer.status == 201
        assert answer.body["order"]["id"] in after
        assert len(after - before) + len(before & {answer.resource_id}) == 1
        again = await services.place_order(cart, placer, key, now() + 61_000)
        assert again.replayed
        assert again.body == answer.body
        await shop.status(answer.resource_id, "canceled")
        if not mortal.died:
            survived_at = statements
            break

    assert survived_at is not None, "placing takes more statements than tried"
    assert survived_at > 8


async def test_a_crash_anywhere_while_settling_loses_and_doubles_nothing(
    shop, guest, pay, quiet
):
    from restaurant import services

    survived_at = None
    stock = 3
    for statements in range(1, STATEMENTS_MAX):
        cart = shop.cart(shop.line("Flan"), shop.line("Agua"))
        placed = await shop.placed(cart)
        order_id = placed["order"]["id"]
        await pay(placed["invoice"]["payment_request"], guest)
        with dying_after(statements) as mortal:
            await services.mark_order_paid(order_id, now())

        await services.reconcile_books(now())

        order = await shop.order(order_id)
        assert (order["status"], order["flags"]) == ("paid", [])
        assert order["paid_msat"] == order["total_msat"]
        jobs = await shop.jobs(order_id)
        assert sorted(job["station"] for job in jobs) == ["bar", "kitchen"]
        events = await shop.events(order_id)
        assert events.count("order.paid") == events.count("payment.captured") == 1
        assert await shop.stock("Flan") == stock - 1
        await _restock(shop)
        if not mortal.died:
            survived_at = statements
            break

    assert survived_at is not None, "settling takes more statements than tried"
    assert survived_at > 8
    assert await services.verify_journal(shop.id) is None
    assert await services.verify_stock(shop.id) == []


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
async def test_the_journal_cannot_be_rewritten(shop, verb):
    from restaurant import crud

    await shop.placed()
    statement = {
        "UPDATE": "UPDATE restaurant.journal SET actor = 'nobody'",
        "DELETE": "DELETE FROM restaurant.journal",
    }[verb]

    with pytest.raises(crud.DATABASE_ERRORS, match="append-only"):
        async with crud.transaction() as conn:
            await conn.run(statement)


async def _orders(shop):
    from restaurant.crud import read

    async with read() as conn:
        rows = await conn.all(
            "SELECT id FROM restaurant.orders WHERE restaurant_id = :id", id=shop.id
        )
    return {row["id"] for row in rows}


async def _restock(shop):
    path = f"{API}/menu_items/{shop.item('Flan')['id']}"
    header = shop.wallet.admin
    restocked = await shop.client.patch(path, json={"stock": 3}, headers=header)
    assert restocked.status_code == 200, restocked.text
