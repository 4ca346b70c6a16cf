"""The process dies after every statement of a payout of tips, and while the node pays:
each tip is entered once, taken once, and leaves at most once.
"""

import uuid

import pytest
import pytest_asyncio

from harness.crashes import dying_after
from harness.lnurl_server import PayServer, private_hosts_allowed
from harness.node import outgoing_node
from harness.refunds import balance_msat, change, outgoing_rows, top_up
from harness.tips import (
    check_ledger,
    done,
    forget_payouts,
    ledger,
    member,
    open_msat,
    paid_out,
    payout_of,
    serve,
)

STATEMENTS_MAX = 120
LEASE = 121_000
TIP = 100_000

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture(autouse=True)
async def only_ours(quiet):
    await forget_payouts()


@pytest.fixture
def node():
    with outgoing_node() as made:
        yield made


@pytest_asyncio.fixture
async def server():
    made = await PayServer().start()
    with private_hosts_allowed():
        yield made
    await made.stop()


@pytest.fixture
def earn(shop, pay, guest):
    """`await earn(who)`: an order of theirs was paid, with a tip."""

    async def make(who=None):
        from restaurant import services

        placed = await shop.placed(shop.cart(tip_msat=TIP))
        if who:
            await serve(shop, placed["order"]["id"], who["id"])
        await pay(placed["invoice"]["payment_request"], guest)
        payment_hash = placed["invoice"]["payment_hash"]
        assert await services.mark_order_paid(payment_hash, now())
        return placed["order"]["id"]

    return make


def now():
    from restaurant.adapters import system

    return system.now()


async def look(at):
    from restaurant import services

    await services.send_due_payouts(at)


async def come_right():
    """The loop of a process that started again, until nothing is due."""
    at = now()
    for _ in range(3):
        await look(at)
        at += LEASE


def survived(statements, least):
    """The sweep reached the end, and was worth it."""
    assert statements is not None, "this takes more statements than were tried"
    assert statements > least


async def test_a_crash_anywhere_while_asking_takes_every_tip_once(shop, earn):
    from restaurant import services
    from restaurant.features.idempotency.models import RequestKey
    from restaurant.features.payouts.models import NewPayouts
    from restaurant.models import Actor, Role

    await change(shop, tip_to="pool")
    for name in ("Ana", "Ben", "Caro"):
        await member(shop, name)
    owner, body, end = Actor(Role.OWNER), NewPayouts(destination="cash"), None
    for statements in range(1, STATEMENTS_MAX):
        await earn()
        key = RequestKey("scope", str(uuid.uuid4()), "body")
        with dying_after(statements) as mortal:
            await services.pay_out_tips(shop.id, body, owner, key, now())

        later = now() + 61_000
        answer = await services.pay_out_tips(shop.id, body, owner, key, later)

        amounts = [each["amount_msat"] for each in answer.body["data"]]
        assert (answer.status, sum(amounts)) == (201, TIP), statements
        assert await open_msat(shop, "pool") == 0
        await check_ledger(shop)
        if not mortal.died:
            end = statements
            break
    survived(end, 15)
    paid = (await done(shop, "GET", f"/restaurants/{shop.id}/tip_payouts?limit=500"))[
        "data"
    ]
    assert sum(each["amount_msat"] for each in paid) == TIP * end
    assert await services.verify_journal(shop.id) is None


@pytest.mark.parametrize("to", ["lnurl", "wallet"])
async def test_a_crash_anywhere_while_sending_pays_exactly_once(
    shop, earn, node, server, make_wallet, to
):
    from restaurant import services

    await change(shop, tip_to="server")
    wallet, node.fee_msat, end = await make_wallet(), 777, None
    destination = {
        "lnurl": {"pay_to": server.lnurl},
        "wallet": {"wallet_id": wallet.id},
    }
    ana = await member(shop, "Ana", **destination[to])
    await top_up(shop, 1_000)
    for statements in range(1, STATEMENTS_MAX):
        await earn(ana)
        [made] = await paid_out(shop)
        before = await balance_msat(shop.wallet)
        with dying_after(statements) as mortal:
            await look(now())

        await come_right()

        fee = 777 if to == "lnurl" else 0
        sent = await payout_of(shop, made["id"])
        assert (sent["status"], sent["fee_msat"]) == ("sent", fee), statements
        assert await balance_msat(shop.wallet) == before - TIP - fee, statements
        if not mortal.died:
            end = statements
            break
    survived(end, 15)
    assert len(await outgoing_rows(shop.wallet)) == end
    arrived = len(node.paid) * TIP if to == "lnurl" else await balance_msat(wallet)
    assert arrived == TIP * end
    await check_ledger(shop)
    assert await services.verify_journal(shop.id) is None


async def test_only_the_payout_that_was_read_is_moved(shop, earn, server):
    from restaurant.crud import transaction
    from restaurant.features.payouts import crud as payouts
    from restaurant.features.payouts import rules
    from restaurant.features.refunds.models import Problem, Target

    await change(shop, tip_to="server")
    await earn(await member(shop, "Ana", pay_to=server.lnurl))
    [made] = await paid_out(shop)
    target = Target("lnbc", "a hash of its own", TIP, now() + LEASE, "bc")
    async with transaction() as conn:
        seen = await payouts.load(conn, made["id"])
        put_off = rules.put_off(seen, Problem.NODE_AWAY, now())
        sending = rules.sending(seen, target, shop.wallet.id, now())

        assert await payouts.change(conn, seen, put_off)
        assert not await payouts.change(conn, seen, sending)
        assert not await payouts.change(conn, seen, put_off)
        assert await payouts.load(conn, made["id"]) == put_off


@pytest.mark.parametrize("outcome", [True, False])
async def test_dying_while_the_node_pays_leaves_a_question_that_is_answered_later(
    shop, earn, node, server, outcome
):
    """Core has written its row and died with us; only the node knows."""
    await change(shop, tip_to="server")
    ana = await member(shop, "Ana", pay_to=server.lnurl)
    await earn(ana)
    [made] = await paid_out(shop)
    before = await balance_msat(shop.wallet)
    node.answer = "silent"
    with dying_after(10_000) as mortal:
        node.on_pay = mortal.die
        await look(now())
    node.on_pay = None
    assert mortal.died

    for round_n in range(1, 4):  # started again; the node has no answer yet
        await look(now() + round_n * LEASE)
        assert (await payout_of(shop, made["id"]))["status"] == "sending"
        assert await open_msat(shop, ana["id"]) == 0
    [payment_hash] = node.asked
    node.outcomes[payment_hash] = outcome
    await look(now() + 5 * LEASE)

    sent = await payout_of(shop, made["id"])
    assert len(server.made) == len(await outgoing_rows(shop.wallet)) == 1
    if outcome:
        assert sent["status"] == "sent"
        assert await balance_msat(shop.wallet) == before - TIP
    else:
        assert (sent["status"], sent["problem"]) == ("failed", "payment_failed")
        assert await balance_msat(shop.wallet) == before
        assert await open_msat(shop, ana["id"]) == TIP
    await check_ledger(shop)


@pytest.mark.parametrize("answer", ["silent", "break"])
async def test_an_unknown_outcome_never_leads_to_another_invoice(
    shop, earn, node, server, answer
):
    await change(shop, tip_to="server")
    await earn(await member(shop, "Ana", pay_to=server.lnurl))
    [made] = await paid_out(shop)
    node.answer = answer
    for round_n in range(5):
        await look(now() + round_n * LEASE)

    assert (await payout_of(shop, made["id"]))["status"] == "sending"
    assert len(server.made) == len(node.asked) == 1
    node.outcomes[node.asked[0]] = True
    await look(now() + 6 * LEASE)
    assert (await payout_of(shop, made["id"]))["status"] == "sent"


async def test_a_crash_anywhere_while_a_later_tip_is_counted_counts_it_once(
    shop, earn, pay, guest
):
    from restaurant import services

    order_id, end = await earn(), None
    before = await shop.order(order_id)
    for statements in range(1, STATEMENTS_MAX):
        body = {"amount_msat": 9_000}
        tipped = await done(shop, "POST", f"/orders/{order_id}/tips", body)
        await pay(tipped["invoice"]["payment_request"], guest)
        with dying_after(statements) as mortal:
            await services.mark_order_paid(tipped["invoice"]["payment_hash"], now())

        await services.reconcile_books(now())

        later = [e for e in await ledger(shop) if e["kind"] == "later"]
        assert [e["amount_msat"] for e in later] == [9_000] * statements, statements
        if not mortal.died:
            end = statements
            break
        if statements % 15 == 0:  # an order takes twenty tips
            order_id = await earn()
            before = await shop.order(order_id)
    survived(end, 8)
    assert await shop.order(order_id) == before
    assert await services.verify_journal(shop.id) is None
