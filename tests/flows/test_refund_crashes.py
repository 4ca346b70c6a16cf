"""The process dies after every statement of a refund, and while the node pays: money
leaves at most once, and in the end exactly once.

A dead process executes nothing more; what it had committed stays, and so do core's
books. Then it starts again, and the loop finds out what became of the payment.
"""

import asyncio
import uuid
from contextlib import suppress

import pytest
import pytest_asyncio

from harness import eventually
from harness.crashes import ProcessDied, dying_after
from harness.gift_cards import balance, issue
from harness.gift_cards import pay as pay_with
from harness.lnurl_server import PayServer, private_hosts_allowed
from harness.node import hash_of, invoice_of_others, outgoing_node
from harness.refunds import (
    AGUA_MSAT,
    asked,
    balance_msat,
    change,
    forget_refunds,
    outgoing_rows,
    refund_of,
    to_bolt11,
    top_up,
)

STATEMENTS_MAX = 80
LEASE = 121_000

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture(autouse=True)
async def only_ours(quiet):
    await forget_refunds()


@pytest.fixture
def node():
    with outgoing_node() as made:
        yield made


@pytest.fixture
def paid_order(shop, pay, guest):
    """`await paid_order()`: the id of a new order that was paid by Lightning."""

    async def make(**fields):
        from restaurant import services

        placed = await shop.placed(shop.cart(**fields))
        await pay(placed["invoice"]["payment_request"], guest)
        assert await services.mark_order_paid(placed["order"]["id"], now())
        return placed["order"]["id"]

    return make


def now():
    from restaurant.adapters import system

    return system.now()


async def look(at):
    from restaurant import services

    await services.send_due_refunds(at)


async def come_right(refund_id):
    """The loop of a process that started again, until nothing is due."""
    at = now()
    for _ in range(3):
        await look(at)
        at += LEASE


async def stored(order_id):
    """The order's refunds as the database has them."""
    from restaurant.crud import read
    from restaurant.features.refunds import crud as refunds

    async with read() as conn:
        return await refunds.of_order(conn, order_id)


def survived(statements, least):
    """The sweep reached the end, and was worth it."""
    assert statements is not None, "this takes more statements than were tried"
    assert statements > least


@pytest.mark.parametrize("to", ["withdraw", "cash", "gift_card"])
async def test_a_crash_anywhere_while_asking_makes_one_refund(shop, paid_order, to):
    from restaurant import services
    from restaurant.features.idempotency.models import RequestKey
    from restaurant.features.refunds.models import RefundBody
    from restaurant.models import Actor, Role

    await change(shop, receipt_station="bar")
    body = RefundBody(destination={"to": to}, restock=True)
    owner, end = Actor(Role.OWNER), None
    for statements in range(1, STATEMENTS_MAX):
        order_id = await paid_order()
        key = RequestKey("scope", str(uuid.uuid4()), "body")
        with dying_after(statements) as mortal:
            await services.request_refund(order_id, body, owner, key, now())

        later = now() + 61_000
        answer = await services.request_refund(order_id, body, owner, key, later)

        [refund] = await stored(order_id)
        assert (answer.status, answer.resource_id) == (201, refund.id)
        assert refund.amount_msat == AGUA_MSAT
        jobs = [job["kind"] for job in await shop.jobs(order_id)]
        assert jobs.count("void_slip") == 1
        assert jobs.count("drawer") == (to == "cash")
        if not mortal.died:
            end = statements
            break
    survived(end, 8)
    assert await services.verify_journal(shop.id) is None


async def test_a_crash_anywhere_while_sending_pays_exactly_once(shop, paid_order, node):
    from restaurant import services

    node.fee_msat, end = 777, None
    await top_up(shop, 1_000)
    for statements in range(1, STATEMENTS_MAX):
        order_id = await paid_order()
        bolt11 = invoice_of_others(AGUA_MSAT)
        refund = await asked(shop, order_id, destination=to_bolt11(bolt11))
        before = await balance_msat(shop.wallet)
        with dying_after(statements) as mortal:
            await look(now())

        await come_right(refund["id"])

        done = await refund_of(shop, refund["id"])
        assert (done["status"], done["fee_msat"]) == ("sent", 777), statements
        assert node.paid.count(hash_of(bolt11)) == 1, statements
        rows = [
            row
            for row in await outgoing_rows(shop.wallet)
            if row["payment_hash"] == hash_of(bolt11)
        ]
        assert len(rows) == 1
        assert await balance_msat(shop.wallet) == before - AGUA_MSAT - 777
        order = await shop.order(order_id)
        assert (order["status"], order["flags"]) == ("refunded", [])
        events = await shop.events(order_id)
        assert events.count("refund.sending") == events.count("refund.sent") == 1
        if not mortal.died:
            end = statements
            break
    survived(end, 15)
    assert len(await outgoing_rows(shop.wallet)) == len(node.paid) == end
    assert await services.verify_journal(shop.id) is None


async def test_a_crash_anywhere_while_sending_to_an_address_pays_one_invoice(
    shop, paid_order, node
):
    server, end = await PayServer().start(), None
    await top_up(shop, 1_000)
    try:
        with private_hosts_allowed():
            for statements in range(1, STATEMENTS_MAX):
                order_id, so_far = await paid_order(), len(node.paid)
                to = {"to": "lnurl", "value": server.lnurl}
                refund = await asked(shop, order_id, destination=to)
                with dying_after(statements) as mortal:
                    await look(now())
                await come_right(refund["id"])

                assert (await refund_of(shop, refund["id"]))["status"] == "sent"
                assert len(node.paid) == so_far + 1, statements
                if not mortal.died:
                    end = statements
                    break
    finally:
        await server.stop()
    survived(end, 15)
    assert len(await outgoing_rows(shop.wallet)) == end


async def test_a_crash_anywhere_while_a_wallet_fetches_pays_one_invoice(
    shop, paid_order, node
):
    from restaurant import services
    from restaurant.adapters import system
    from restaurant.core.errors import Conflict
    from restaurant.crud import server_secret
    from restaurant.features.refunds import rules

    secret, end = await server_secret(system.new_secret()), None
    await top_up(shop, 1_000)
    for statements in range(1, STATEMENTS_MAX):
        order_id, so_far = await paid_order(), len(node.paid)
        refund = await asked(shop, order_id)
        k1 = rules.withdraw_k1(secret, refund["id"])
        first, second = (invoice_of_others(AGUA_MSAT) for _ in range(2))
        with dying_after(statements) as mortal:
            await services.withdraw(refund["id"], k1, first, now())
        with suppress(Conflict):  # an impatient wallet tries another invoice
            await services.withdraw(refund["id"], k1, second, now())
        await come_right(refund["id"])

        assert (await refund_of(shop, refund["id"]))["status"] == "sent"
        assert len(node.paid) == so_far + 1, statements
        if not mortal.died:
            end = statements
            break
    survived(end, 15)
    assert len(await outgoing_rows(shop.wallet)) == end


@pytest.mark.parametrize("outcome", [True, False])
async def test_dying_while_the_node_pays_leaves_a_question_that_is_answered_later(
    shop, paid_order, node, outcome
):
    """Core has written its row and died with us; only the node knows."""
    await top_up(shop, 1_000)
    order_id = await paid_order()
    await shop.status(order_id, "canceled")
    before = await balance_msat(shop.wallet)
    bolt11 = invoice_of_others(AGUA_MSAT)
    refund = await asked(shop, order_id, destination=to_bolt11(bolt11))
    node.answer = "silent"
    with dying_after(10_000) as mortal:
        node.on_pay = mortal.die
        await look(now())
    node.on_pay = None
    [row] = await outgoing_rows(shop.wallet)
    assert (mortal.died, row["status"]) == (True, "pending")

    for round_n in range(1, 4):  # started again; the node has no answer yet
        await look(now() + round_n * LEASE)
        assert (await refund_of(shop, refund["id"]))["status"] == "sending"
    node.outcomes[hash_of(bolt11)] = outcome
    await look(now() + 5 * LEASE)

    done = await refund_of(shop, refund["id"])
    order = await shop.order(order_id)
    assert node.asked == [hash_of(bolt11)]
    assert len(await outgoing_rows(shop.wallet)) == 1
    if outcome:
        assert (done["status"], order["status"]) == ("sent", "refunded")
        assert await balance_msat(shop.wallet) == before - AGUA_MSAT
    else:
        assert (done["status"], done["problem"]) == ("failed", "payment_failed")
        assert (order["status"], order["flags"]) == ("canceled", ["refund_due"])
        assert await balance_msat(shop.wallet) == before


@pytest.mark.parametrize("answer", ["silent", "break"])
async def test_an_unknown_outcome_never_leads_to_another_invoice(
    shop, paid_order, node, answer
):
    await top_up(shop, 1_000)
    order_id = await paid_order()
    server = await PayServer().start()
    try:
        with private_hosts_allowed():
            to = {"to": "lnurl", "value": server.lnurl}
            refund = await asked(shop, order_id, destination=to)
            node.answer = answer
            for round_n in range(5):
                await look(now() + round_n * LEASE)
    finally:
        await server.stop()

    assert (await refund_of(shop, refund["id"]))["status"] == "sending"
    assert len(server.made) == len(node.asked) == 1
    node.outcomes[node.asked[0]] = True
    await look(now() + 6 * LEASE)
    assert (await refund_of(shop, refund["id"]))["status"] == "sent"
    assert len(await outgoing_rows(shop.wallet)) == 1


async def test_a_node_that_knows_of_no_payment_yet_has_not_refused_it(
    shop, paid_order, node, monkeypatch
):
    """Some nodes say so while the payment is on its way to them; LNbits gives up
    waiting after a while and would read it as a failure."""
    from lnbits.settings import settings

    monkeypatch.setattr(settings, "lnbits_funding_source_pay_invoice_wait_seconds", 1)
    await top_up(shop, 1_000)
    bolt11 = invoice_of_others(AGUA_MSAT)
    order_id = await paid_order()
    refund = await asked(shop, order_id, destination=to_bolt11(bolt11))
    node.answer = "hang"
    node.on_pay = lambda payment_hash: node.outcomes.update({payment_hash: False})

    await look(now())

    assert (await refund_of(shop, refund["id"]))["status"] == "sending"
    node.outcomes[hash_of(bolt11)] = True
    await look(now() + LEASE)
    assert (await refund_of(shop, refund["id"]))["status"] == "sent"


async def test_while_the_node_is_being_asked_nobody_else_asks_or_concludes(
    shop, paid_order, node
):
    await top_up(shop, 1_000)
    bolt11 = invoice_of_others(AGUA_MSAT)
    order_id = await paid_order()
    refund = await asked(shop, order_id, destination=to_bolt11(bolt11))
    node.answer = "hang"
    paying = asyncio.create_task(look(now()))
    await eventually(lambda: node.asked)

    await look(now() + LEASE)  # its lease is over, and it still is at it
    await look(now() + 3_700_000)  # and its invoice has expired

    assert (await stored(order_id))[0].status.value == "sending"
    node.let_go.set()
    await paying
    assert (await refund_of(shop, refund["id"]))["status"] == "sent"
    assert node.asked == [hash_of(bolt11)]


async def test_too_little_is_no_proof_while_the_money_is_under_way(
    shop, paid_order, node
):
    """Core counts what is under way as spent before it looks whether it knows the
    hash: asked twice, it complains of the balance."""
    from restaurant.adapters import outgoing
    from restaurant.features.refunds.models import SendOutcome

    await paid_order()
    await top_up(shop, 20)
    target = outgoing.read_invoice(invoice_of_others(AGUA_MSAT))
    node.answer = "silent"

    first = await outgoing.pay(shop.wallet.id, target, shop.id)
    second = await outgoing.pay(shop.wallet.id, target, shop.id)

    assert await balance_msat(shop.wallet) < AGUA_MSAT
    assert first.outcome is second.outcome is SendOutcome.PENDING
    assert len(node.asked) == 1


async def die_before_core(monkeypatch):
    """One round of a process that dies between storing the invoice and paying it."""
    from restaurant.adapters import outgoing

    async def died(**_):
        raise ProcessDied

    with monkeypatch.context() as patched, suppress(ProcessDied):
        patched.setattr(outgoing, "pay_invoice", died)
        await look(now())


async def test_what_was_stored_and_never_tried_is_paid_with_the_same_invoice(
    shop, paid_order, node, monkeypatch
):
    await top_up(shop, 1_000)
    bolt11 = invoice_of_others(AGUA_MSAT)
    order_id = await paid_order()
    refund = await asked(shop, order_id, destination=to_bolt11(bolt11))
    await die_before_core(monkeypatch)
    assert (await stored(order_id))[0].status.value == "sending"
    assert (node.asked, await outgoing_rows(shop.wallet)) == ([], [])

    await look(now() + LEASE)

    assert (await refund_of(shop, refund["id"]))["status"] == "sent"
    assert node.asked == [hash_of(bolt11)]


async def test_never_tried_and_expired_meanwhile_is_due_again(
    shop, paid_order, node, monkeypatch
):
    await top_up(shop, 1_000)
    order_id = await paid_order()
    await shop.status(order_id, "canceled")
    bolt11 = invoice_of_others(AGUA_MSAT, expiry=100)
    refund = await asked(shop, order_id, destination=to_bolt11(bolt11))
    await die_before_core(monkeypatch)

    await look(now() + LEASE)

    failed = await refund_of(shop, refund["id"])
    assert (failed["status"], failed["problem"]) == ("failed", "invoice_expired")
    assert node.asked == []
    assert (await shop.order(order_id))["flags"] == ["refund_due"]


async def test_a_server_that_forbids_spending_is_a_clear_no(
    shop, paid_order, node, monkeypatch
):
    from lnbits.settings import settings

    await top_up(shop, 1_000)
    order_id = await paid_order()
    monkeypatch.setattr(settings, "lnbits_wallet_limit_daily_max_withdraw", -1)
    to = to_bolt11(invoice_of_others(AGUA_MSAT))
    refund = await asked(shop, order_id, destination=to)

    await look(now())

    failed = await refund_of(shop, refund["id"])
    assert (failed["status"], failed["problem"]) == ("failed", "payment_failed")
    assert (node.asked, await outgoing_rows(shop.wallet)) == ([], [])


async def test_a_crash_anywhere_while_money_goes_back_by_itself_doubles_nothing(
    shop, pay, guest
):
    from restaurant import services
    from restaurant.features.orders.models import StatusChange
    from restaurant.models import Actor, OrderStatus, Role

    await change(shop, auto_refund=True)
    card, end = await issue(shop, "100.00"), None
    owner, canceled = Actor(Role.OWNER), OrderStatus.CANCELED
    for statements in range(1, STATEMENTS_MAX):
        placed = await shop.placed()
        order_id = placed["order"]["id"]
        await pay_with(shop, order_id, card["code"], amount="4.00")
        due = (await shop.order(order_id))["due_msat"]
        opened = await pay_with(shop, order_id, method="lightning")
        await pay(opened.json()["invoice"]["payment_request"], guest)
        await services.reconcile_books(now())
        assert (await shop.order(order_id))["status"] == "paid"
        with dying_after(statements) as mortal:
            await services.change_status(
                order_id, canceled, StatusChange(), owner, now()
            )
        await services.change_status(order_id, canceled, StatusChange(), owner, now())

        found = await stored(order_id)
        assert sorted((r.destination.value, r.amount_msat) for r in found) == [
            ("gift_card", AGUA_MSAT - due),
            ("withdraw", due),
        ]
        assert (await balance(shop, card["code"])).json()["balance"] == "100.00"
        order = await shop.order(order_id)
        assert (order["status"], order["flags"]) == ("canceled", [])
        if not mortal.died:
            end = statements
            break
    survived(end, 15)
