"""Three processes give money back at one moment: never more than was paid, and each
refund at most once."""

from __future__ import annotations

import asyncio
import importlib.util
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.processes import Worker, running, told
from harness.refunds import (
    asked,
    balance_msat,
    change,
    forget_refunds,
    outgoing_rows,
    refund_of,
    refunds_of,
    to_bolt11,
)
from harness.shop import Shop, open_shop

WORKER = Path(__file__).with_name("refund_worker.py")
WORKERS = 2
PAID = 100_000  # msat; one Soup


@pytest_asyncio.fixture(scope="module")
async def workers(restaurant_module: ModuleType) -> AsyncIterator[list[Worker]]:
    async with running(WORKER, restaurant_module, WORKERS) as started:
        yield started


@pytest.fixture(scope="module")
def here() -> Any:
    """The same deeds, done by this process."""
    spec = importlib.util.spec_from_file_location("refund_worker", WORKER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any, workers: list[Worker]) -> Shop:
    """A restaurant that sells for satoshi: other processes have no rates."""
    items = [{"name": "Soup", "price": "100", "stock": 500}]
    menu = {"categories": [{"name": "All", "items": items}]}
    await forget_refunds()
    return await open_shop(client, await make_wallet(), menu, currency="sat")


@pytest.fixture
def everywhere(workers: list[Worker], here: Any) -> Any:
    """`await everywhere(deeds)`: shared out to all processes, all at one moment."""

    async def do(deeds: list[Any]) -> list[Any]:
        shares = [deeds[start :: WORKERS + 1] for start in range(WORKERS + 1)]
        own = asyncio.gather(*(told(here.do(deed)) for deed in shares[0]))
        theirs = (w.ask(share) for w, share in zip(workers, shares[1:], strict=True))
        return [one for done in await asyncio.gather(own, *theirs) for one in done]

    return do


@pytest_asyncio.fixture
async def order_of(pay: Any, make_wallet: Any) -> Any:
    """`await order_of(shop)`: the id of a new order that was paid and counted."""
    guest = await make_wallet(100_000)

    async def make(shop: Shop, *, is_counted: bool = True) -> str:
        from restaurant import services
        from restaurant.adapters import system

        placed = await shop.placed(shop.cart(shop.line("Soup")))
        await pay(placed["invoice"]["payment_request"], guest)
        order_id: str = placed["order"]["id"]
        if is_counted:
            assert await services.mark_order_paid(order_id, system.now())
        return order_id

    return make


async def invoices(wallet: Any, count: int, msat: int = PAID) -> list[str]:
    from lnbits.core.services import create_invoice

    return [
        (
            await create_invoice(wallet_id=wallet.id, amount=msat // 1000, memo="back")
        ).bolt11
        for _ in range(count)
    ]


async def check_books(shop: Shop) -> None:
    from restaurant import services

    assert await services.verify_journal(shop.id) is None


async def test_twenty_refunds_at_once_never_exceed_what_was_paid(
    shop, everywhere, order_of
):
    order_id = await order_of(shop)

    outcomes = await everywhere(
        [
            ["ask", order_id, uuid.uuid4().hex, {"amount_msat": 30_000}]
            for _ in range(20)
        ]
    )

    made = await refunds_of(shop, order_id)
    assert len(made) == 3
    assert {refund["id"] for refund in made} <= set(outcomes)
    assert Counter(outcomes)["refund.amount"] == 17
    order = await shop.order(order_id)
    assert order["refundable_msat"] == 10_000
    await check_books(shop)


async def test_twenty_refunds_of_everything_are_one(shop, everywhere, order_of):
    order_id = await order_of(shop)

    outcomes = await everywhere(
        [
            ["ask", order_id, uuid.uuid4().hex, {"destination": {"to": "cash"}}]
            for _ in range(20)
        ]
    )

    [made] = await refunds_of(shop, order_id)
    assert (made["status"], made["amount_msat"]) == ("sent", PAID)
    assert Counter(outcomes) == {made["id"]: 1, "refund.nothing": 19}
    assert (await shop.order(order_id))["status"] == "refunded"
    await check_books(shop)


async def test_one_key_makes_one_refund_in_all_processes(shop, everywhere, order_of):
    order_id, key = await order_of(shop), uuid.uuid4().hex

    outcomes = await everywhere([["ask", order_id, key, {"amount_msat": 1_000}]] * 12)

    [made] = await refunds_of(shop, order_id)
    assert set(outcomes) == {made["id"]}


async def test_twenty_wallets_fetch_one_refund_and_one_gets_it(
    shop, everywhere, order_of, make_wallet
):
    from restaurant.adapters import system
    from restaurant.crud import server_secret
    from restaurant.features.refunds import rules

    order_id, guest = await order_of(shop), await make_wallet()
    refund = await asked(shop, order_id)
    k1 = rules.withdraw_k1(await server_secret(system.new_secret()), refund["id"])
    bolt11s = await invoices(guest, 20)

    outcomes = await everywhere([["withdraw", refund["id"], k1, pr] for pr in bolt11s])

    assert Counter(outcomes) == {"sent": 1, "withdraw.over": 19}
    assert await balance_msat(guest) == PAID
    assert len(await outgoing_rows(shop.wallet)) == 1
    assert await balance_msat(shop.wallet) == 0
    assert (await shop.order(order_id))["status"] == "refunded"
    await check_books(shop)


async def test_one_invoice_fetched_by_all_is_ok_for_all_and_paid_once(
    shop, everywhere, order_of, make_wallet
):
    from restaurant.adapters import system
    from restaurant.crud import server_secret
    from restaurant.features.refunds import rules

    order_id, guest = await order_of(shop), await make_wallet()
    refund = await asked(shop, order_id)
    k1 = rules.withdraw_k1(await server_secret(system.new_secret()), refund["id"])
    [bolt11] = await invoices(guest, 1)

    outcomes = await everywhere([["withdraw", refund["id"], k1, bolt11]] * 9)

    assert set(outcomes) <= {"sending", "sent"}
    assert await balance_msat(guest) == PAID
    assert (await refund_of(shop, refund["id"]))["status"] == "sent"


async def test_one_invoice_for_many_refunds_is_paid_for_one(
    shop, everywhere, order_of, make_wallet
):
    from restaurant.adapters import system
    from restaurant.crud import server_secret
    from restaurant.features.refunds import rules

    guest, secret = await make_wallet(), await server_secret(system.new_secret())
    refunds = [await asked(shop, await order_of(shop)) for _ in range(6)]
    [bolt11] = await invoices(guest, 1)

    await everywhere(
        [
            ["withdraw", refund["id"], rules.withdraw_k1(secret, refund["id"]), bolt11]
            for refund in refunds
        ]
    )

    ended = [(await refund_of(shop, refund["id"]))["status"] for refund in refunds]
    assert Counter(ended) == {"sent": 1, "approved": 5}
    assert await balance_msat(guest) == PAID
    assert await balance_msat(shop.wallet) == 5 * PAID


async def test_every_loop_sends_and_each_refund_leaves_once(
    shop, everywhere, order_of, make_wallet
):
    guest, refunds = await make_wallet(), []
    for bolt11 in await invoices(guest, 6):
        order_id = await order_of(shop)
        refunds.append(await asked(shop, order_id, destination=to_bolt11(bolt11)))

    await everywhere([["send"]] * 9)

    for refund in refunds:
        assert (await refund_of(shop, refund["id"]))["status"] == "sent"
    assert await balance_msat(guest) == 6 * PAID
    assert len(await outgoing_rows(shop.wallet)) == 6
    await check_books(shop)


async def test_sent_elsewhere_while_it_is_sent_reaches_one_place(
    shop, everywhere, order_of, make_wallet
):
    guest, refunds = await make_wallet(), []
    bolt11s = await invoices(guest, 12)
    for first in bolt11s[:6]:
        order_id = await order_of(shop)
        refunds.append(await asked(shop, order_id, destination=to_bolt11(first)))
    deeds = [["send"]] * 3
    for refund, second in zip(refunds, bolt11s[6:], strict=True):
        deeds = [*deeds, ["redirect", refund["id"], second]]

    outcomes = await everywhere(deeds)
    await everywhere([["send"]] * 3)

    ended = [await refund_of(shop, refund["id"]) for refund in refunds]
    assert {refund["status"] for refund in ended} == {"sent"}
    assert await balance_msat(guest) == 6 * PAID
    moved = outcomes.count("approved")
    assert moved == sum(refund["value"] in bolt11s[6:] for refund in ended)
    await check_books(shop)


async def test_approved_and_canceled_at_once_is_one_of_both(shop, everywhere, order_of):
    till = await shop.client.post(
        f"{API}/restaurants/{shop.id}/devices",
        json={"name": "till", "role": "pos"},
        headers=shop.wallet.admin,
    )
    header = {"Authorization": f"Bearer {till.json()['token']}"}
    refunds = []
    for _ in range(8):
        response = await shop.client.post(
            f"{API}/orders/{await order_of(shop)}/refunds",
            json={"destination": {"to": "gift_card"}},
            headers={"Idempotency-Key": uuid.uuid4().hex, **header},
        )
        assert response.json()["status"] == "requested"
        refunds.append(response.json())

    await everywhere(
        [
            deed
            for refund in refunds
            for deed in (["approve", refund["id"]], ["cancel", refund["id"]])
        ]
    )

    ended = [await refund_of(shop, refund["id"]) for refund in refunds]
    assert {refund["status"] for refund in ended} <= {"sent", "canceled"}
    cards = await shop.client.get(
        f"{API}/restaurants/{shop.id}/gift_cards", headers=shop.wallet.admin
    )
    sent = [refund for refund in ended if refund["status"] == "sent"]
    assert len(cards.json()["data"]) == len(sent)
    for refund in ended:
        order = await shop.order(refund["order_id"])
        back = PAID if refund["status"] == "sent" else 0
        assert (order["refunded_msat"], order["refundable_msat"]) == (back, PAID - back)
        events = Counter(await shop.events(refund["order_id"]))
        assert events["refund.sent"] + events["refund.canceled"] == 1
    await check_books(shop)


@pytest.mark.parametrize("auto_refund", [False, True])
async def test_paid_canceled_and_expired_at_once_ends_in_one_standing(
    shop, everywhere, order_of, auto_refund
):
    await change(shop, auto_refund=auto_refund)
    order_ids = [await order_of(shop, is_counted=False) for _ in range(9)]
    deeds = []
    for number, order_id in enumerate(order_ids):
        ends = [["take_back", order_id], ["expire", order_id], ["reject", order_id]]
        settles = [["settle", order_id], ["settle", order_id]]
        turn = number % 4
        mixed = [*ends[:turn], settles[0], *ends[turn:], settles[1]]
        deeds += mixed

    outcomes = await everywhere(deeds)

    assert outcomes.count(True) == len(order_ids)
    assert not [one for one in outcomes if isinstance(one, str) and "(" in one]
    for order_id in order_ids:
        order = await shop.order(order_id)
        assert order["status"] == "canceled"  # the restaurant cancels in any case
        assert order["paid_msat"] == PAID
        events = Counter(await shop.events(order_id))
        assert events["payment.captured"] == events["order.canceled"] == 1
        assert {job["status"] for job in await shop.jobs(order_id)} <= {"canceled"}
        made = await refunds_of(shop, order_id)
        assert [refund["amount_msat"] for refund in made] == [PAID] * auto_refund
        assert ("refund_due" in order["flags"]) is not auto_refund
        assert order["owed_msat"] == (0 if auto_refund else PAID)
        was_paid = events["order.paid"] == 1
        assert ("paid_late" in order["flags"]) is not was_paid
    assert await shop.stock("Soup") == 500
    await check_books(shop)


async def test_paid_and_expired_at_once_is_cooked_or_owed(shop, everywhere, order_of):
    order_ids = [await order_of(shop, is_counted=False) for _ in range(12)]
    deeds = []
    for number, order_id in enumerate(order_ids):
        both = [["settle", order_id], ["expire", order_id]]
        deeds += reversed(both) if number % 2 else both

    await everywhere(deeds)

    cooked = 0
    for order_id in order_ids:
        order = await shop.order(order_id)
        jobs = await shop.jobs(order_id)
        assert order["paid_msat"] == PAID
        if order["status"] == "paid":
            assert (order["flags"], len(jobs)) == ([], 1)
            cooked += 1
        else:
            assert order["status"] == "canceled"
            assert (order["flags"], jobs) == (["paid_late", "refund_due"], [])
    assert await shop.stock("Soup") == 500 - cooked
    await check_books(shop)
