"""Refunds that leave by Lightning: each once, to nobody else, at a bounded fee."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from harness.books import snapshot
from harness.lnurl_server import PayServer, private_hosts_allowed, reachable_as
from harness.node import hash_of, invoice_of_others, outgoing_node
from harness.refunds import (
    AGUA_MSAT,
    ask,
    asked,
    balance_msat,
    change,
    forget_refunds,
    outgoing_rows,
    paid_order,
    refund_of,
    refunds_of,
    send,
    to_bolt11,
    told,
    top_up,
)
from harness.shop import Shop

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture(autouse=True)
async def only_ours(quiet: Any) -> None:
    await forget_refunds()


@pytest.fixture
def node() -> Any:
    with outgoing_node() as made:
        yield made


@pytest_asyncio.fixture
async def rich(shop: Shop) -> Shop:
    """The shop with 100 000 sat of its own, so that routing can be paid."""
    await top_up(shop, 100_000)
    return shop


# --- to an invoice ----------------------------------------------------------------


async def test_a_refund_to_an_invoice_leaves_once_and_ends_the_order(
    rich, settle, node
):
    node.fee_msat = 1_234
    order_id = (await paid_order(rich, settle))["order"]["id"]
    before = await balance_msat(rich.wallet)
    bolt11 = invoice_of_others(AGUA_MSAT)

    made = await asked(rich, order_id, destination=to_bolt11(bolt11), reason="cold")

    assert (made["status"], made["problem"], made["reason"]) == (
        "approved",
        None,
        "cold",
    )
    assert (made["amount_msat"], made["send_msat"]) == (AGUA_MSAT, AGUA_MSAT)
    assert (made["amount"], made["currency"], made["rate"]) == ("10.00", "GTQ", "paid")
    assert (made["destination"], made["value"]) == ("bolt11", bolt11)
    assert (made["actor"], made["approved_by"]) == ("owner", "owner")
    order = await rich.order(order_id)
    assert (order["status"], order["refundable_msat"]) == ("paid", 0)
    await send()
    await send()

    done = await refund_of(rich, made["id"])
    assert (done["status"], done["fee_msat"]) == ("sent", 1_234)
    assert node.paid == [hash_of(bolt11)]
    [row] = await outgoing_rows(rich.wallet)
    assert (row["payment_hash"], row["status"]) == (hash_of(bolt11), "success")
    assert await balance_msat(rich.wallet) == before - AGUA_MSAT - 1_234
    order = await rich.order(order_id)
    assert (order["status"], order["flags"]) == ("refunded", [])
    assert (order["refunded_msat"], order["owed_msat"]) == (AGUA_MSAT, 0)
    assert {job["status"] for job in await rich.jobs(order_id)} == {"canceled"}
    events = [e for e in await rich.events(order_id) if "refund" in e]
    assert events == [
        *("refund.approved", "refund.sending", "refund.sent", "order.refunded"),
    ]


async def test_an_invoice_of_another_wallet_of_this_server_is_paid_at_no_fee(
    shop, settle, make_wallet
):
    from lnbits.core.services import create_invoice

    order_id = (await paid_order(shop, settle))["order"]["id"]
    guest = await make_wallet()
    invoice = await create_invoice(
        wallet_id=guest.id, amount=AGUA_MSAT // 1000, memo="back"
    )

    made = await asked(shop, order_id, destination=to_bolt11(invoice.bolt11))
    await send()

    done = await refund_of(shop, made["id"])
    assert (done["status"], done["fee_msat"]) == ("sent", 0)
    assert await balance_msat(guest) == AGUA_MSAT
    assert await balance_msat(shop.wallet) == 0


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: invoice_of_others(AGUA_MSAT + 1_000), "refund.invoice_amount"),
        (lambda: invoice_of_others(AGUA_MSAT - 1), "refund.invoice_amount"),
        (lambda: invoice_of_others(None), "refund.amountless"),
        (lambda: invoice_of_others(AGUA_MSAT, network="tb"), "refund.network"),
        (lambda: invoice_of_others(AGUA_MSAT, network="bcrt"), "refund.network"),
        (lambda: invoice_of_others(AGUA_MSAT, age=3_601), "refund.expired"),
        (lambda: invoice_of_others(AGUA_MSAT, age=3_590), "refund.expired"),
        (lambda: "lnbc1garbage", "refund.invoice"),
        (lambda: "ana@example.com", "refund.invoice"),
        (lambda: invoice_of_others(AGUA_MSAT)[:-3] + "qqq", "refund.invoice"),
        (lambda: "", "refund.destination"),
        (lambda: "x" * 3_000, "refund.destination"),
    ],
)
async def test_wrong_invoices_are_refused_and_nothing_changes(shared, make, code):
    shop, settle = shared
    order_id = (await paid_order(shop, settle))["order"]["id"]
    before = await snapshot(shop.id)

    response = await ask(shop, order_id, destination=to_bolt11(make()))

    assert told(response) == (422, code)
    assert await snapshot(shop.id) == before


async def test_the_restaurants_own_invoices_are_no_destination(shared):
    from lnbits.core.services import create_invoice

    shop, settle = shared
    order_id = (await paid_order(shop, settle))["order"]["id"]
    other = await shop.placed()
    own = await create_invoice(
        wallet_id=shop.wallet.id, amount=AGUA_MSAT // 1000, memo="own"
    )

    for bolt11 in (other["invoice"]["payment_request"], own.bolt11):
        response = await ask(shop, order_id, destination=to_bolt11(bolt11))
        assert told(response) == (422, "refund.own_invoice")
    assert await refunds_of(shop, order_id) == []


async def test_an_invoice_that_was_paid_before_is_no_refund(
    rich, settle, node, make_wallet
):
    from lnbits.core.services import pay_invoice

    order_id = (await paid_order(rich, settle))["order"]["id"]
    by_hand, by_other = (invoice_of_others(AGUA_MSAT) for _ in range(2))
    await pay_invoice(wallet_id=rich.wallet.id, payment_request=by_hand)
    other = await make_wallet(10_000)
    await pay_invoice(wallet_id=other.id, payment_request=by_other)

    for bolt11 in (by_hand, by_other):
        response = await ask(rich, order_id, destination=to_bolt11(bolt11))
        assert told(response) == (422, "refund.invoice_used")


async def test_two_refunds_never_share_an_invoice(rich, settle, node):
    half = AGUA_MSAT
    first, second = [(await paid_order(rich, settle))["order"]["id"] for _ in range(2)]
    bolt11 = invoice_of_others(half)
    refunds = [
        await asked(rich, order_id, destination=to_bolt11(bolt11))
        for order_id in (first, second)
    ]

    await send()
    await send()

    ended = [await refund_of(rich, refund["id"]) for refund in refunds]
    assert sorted(refund["status"] for refund in ended) == ["failed", "sent"]
    [failed] = [refund for refund in ended if refund["status"] == "failed"]
    assert failed["problem"] == "invoice_paid"
    assert node.paid == [hash_of(bolt11)]
    order = await rich.order(failed["order_id"])
    assert (order["flags"], order["refundable_msat"]) == (["refund_due"], half)


async def test_an_invoice_that_expires_while_it_waits_fails_and_is_due_again(
    rich, settle, clock, node
):
    order_id = (await paid_order(rich, settle))["order"]["id"]
    await rich.status(order_id, "canceled")
    made = await asked(
        rich, order_id, destination=to_bolt11(invoice_of_others(AGUA_MSAT, expiry=60))
    )
    assert (await rich.order(order_id))["flags"] == []
    clock.forward(61)

    await send()

    failed = await refund_of(rich, made["id"])
    assert (failed["status"], failed["problem"]) == ("failed", "invoice_expired")
    order = await rich.order(order_id)
    assert (order["status"], order["flags"]) == ("canceled", ["refund_due"])
    assert order["owed_msat"] == AGUA_MSAT
    assert node.asked == []
    await asked(rich, order_id)
    assert (await rich.order(order_id))["flags"] == []


# --- funds, fees and silence ------------------------------------------------------


async def test_missing_funds_are_said_and_the_refund_goes_when_there_are_some(
    shop, settle, clock, node
):
    order_id = (await paid_order(shop, settle))["order"]["id"]
    made = await asked(
        shop, order_id, destination=to_bolt11(invoice_of_others(AGUA_MSAT))
    )
    for _ in range(3):  # 1 587 sat are there, but nothing for routing
        await send()
        waiting = await refund_of(shop, made["id"])
        assert (waiting["status"], waiting["problem"]) == (
            *("approved", "insufficient_balance"),
        )
        clock.forward(16)
    assert node.asked == []
    assert await outgoing_rows(shop.wallet) == []
    assert (await shop.events(order_id)).count("refund.approved") == 2

    await top_up(shop, 100)
    await send()

    assert (await refund_of(shop, made["id"]))["status"] == "sent"
    assert len(node.paid) == 1


async def test_routing_above_the_owners_limit_is_refused_before_anything_leaves(
    rich, settle, clock, node, monkeypatch
):
    from lnbits.settings import settings

    monkeypatch.setattr(settings, "lnbits_reserve_fee_min", 15_873)
    order_id = (await paid_order(rich, settle))["order"]["id"]
    made = await asked(
        rich, order_id, destination=to_bolt11(invoice_of_others(AGUA_MSAT))
    )

    await send()

    waiting = await refund_of(rich, made["id"])
    assert (waiting["status"], waiting["problem"]) == ("approved", "fee_limit")
    assert (node.asked, await outgoing_rows(rich.wallet)) == ([], [])
    await change(rich, refund_fee_percent="1.01")
    clock.forward(16)
    await send()
    assert (await refund_of(rich, made["id"]))["status"] == "sent"


async def test_a_definite_no_fails_and_raises_the_flag_again(rich, settle, node):
    node.answer = "refuse"
    order_id = (await paid_order(rich, settle))["order"]["id"]
    await rich.status(order_id, "canceled")
    bolt11 = invoice_of_others(AGUA_MSAT)
    before = await balance_msat(rich.wallet)
    made = await asked(rich, order_id, destination=to_bolt11(bolt11))

    await send()

    failed = await refund_of(rich, made["id"])
    assert (failed["status"], failed["problem"]) == ("failed", "payment_failed")
    order = await rich.order(order_id)
    assert (order["flags"], order["refundable_msat"]) == (["refund_due"], AGUA_MSAT)
    assert await balance_msat(rich.wallet) == before
    again = await ask(rich, order_id, destination=to_bolt11(bolt11))
    assert told(again) == (422, "refund.invoice_used")


async def test_a_failed_refund_of_a_line_is_owed_though_the_order_is_done(
    rich, settle, node
):
    placed = await paid_order(rich, settle, rich.line("Agua", 2))
    order_id, line = placed["order"]["id"], placed["order"]["items"][0]
    await rich.status(order_id, "accepted")
    await rich.status(order_id, "completed")
    node.answer = "refuse"
    share = placed["order"]["total_msat"] // 2 // 1000 * 1000
    await asked(
        rich,
        order_id,
        lines=[{"line_id": line["id"], "quantity": 1}],
        destination=to_bolt11(invoice_of_others(share)),
    )
    assert (await rich.order(order_id))["flags"] == []

    await send()

    order = await rich.order(order_id)
    assert (order["status"], order["flags"]) == ("completed", ["refund_due"])
    assert order["owed_msat"] == share
    await asked(rich, order_id, lines=[{"line_id": line["id"], "quantity": 1}])
    assert (await rich.order(order_id))["flags"] == []


# --- to an address ----------------------------------------------------------------


@pytest_asyncio.fixture
async def server() -> Any:
    made = await PayServer().start()
    yield made
    await made.stop()


@pytest.fixture
def open_network() -> Any:
    with private_hosts_allowed():
        yield


@pytest.mark.usefixtures("open_network")
async def test_a_refund_to_an_lnurl_asks_it_for_an_invoice(rich, settle, node, server):
    order_id = (await paid_order(rich, settle))["order"]["id"]

    to = {"to": "lnurl", "value": f"LIGHTNING:{server.lnurl}"}
    made = await asked(rich, order_id, destination=to)
    assert made["value"] == server.lnurl.lower()
    assert server.made == []
    await send()

    assert (await refund_of(rich, made["id"]))["status"] == "sent"
    assert node.paid == [hash_of(bolt11) for bolt11 in server.made]
    assert len(server.made) == 1


async def test_a_refund_to_a_lightning_address(rich, settle, node, server):
    order_id = (await paid_order(rich, settle))["order"]["id"]
    to = {"to": "lightning_address", "value": "Ana@guest.example.com"}

    with (
        private_hosts_allowed(),
        reachable_as("guest.example.com", server, "93.184.216.34"),
    ):
        made = await asked(rich, order_id, destination=to)
        server.asked.clear()
        with private_hosts_allowed():
            await send()

    assert made["value"] == "ana@guest.example.com"
    assert server.asked[0] == "/.well-known/lnurlp/ana"
    assert (await refund_of(rich, made["id"]))["status"] == "sent"
    assert len(node.paid) == 1


async def test_private_addresses_are_refused_and_nobody_there_is_asked(shared, server):
    shop, settle = shared
    order_id = (await paid_order(shop, settle))["order"]["id"]
    before = await snapshot(shop.id)
    wishes = [
        {"to": "lnurl", "value": server.lnurl},
        {"to": "lightning_address", "value": "ana@guest.example.com"},
        {"to": "lightning_address", "value": "ana@127.0.0.1"},
        {"to": "lightning_address", "value": "ana@localhost"},
        {"to": "lnurl", "value": f"http://127.0.0.1:{server.port}/pay"},
    ]

    for private in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "::1"):
        with reachable_as("guest.example.com", server, private):
            for wish in wishes:
                response = await ask(shop, order_id, destination=wish)
                assert told(response) == (422, "refund.destination"), wish
    assert server.asked == []
    assert await snapshot(shop.id) == before


async def test_an_address_that_turns_private_later_is_not_followed(
    rich, settle, node, server, clock
):
    """The name is looked up anew for every request, and checked each time."""
    order_id = (await paid_order(rich, settle))["order"]["id"]
    to = {"to": "lnurl", "value": server.lnurl}
    with private_hosts_allowed():
        made = await asked(rich, order_id, destination=to)
    server.asked.clear()

    await send()

    waiting = await refund_of(rich, made["id"])
    assert (waiting["status"], waiting["problem"]) == ("approved", "destination")
    assert (server.asked, node.asked) == ([], [])


@pytest.mark.usefixtures("open_network")
@pytest.mark.parametrize("mood", ["error", "broken", "redirect", "withdraws", "small"])
async def test_an_odd_server_is_refused_before_anything_is_stored(shared, server, mood):
    shop, settle = shared
    server.mood = mood
    server.redirect_to = f"{server.url}/elsewhere"
    server.max_msat = AGUA_MSAT - 1 if mood == "small" else server.max_msat
    order_id = (await paid_order(shop, settle))["order"]["id"]
    before = await snapshot(shop.id)

    to = {"to": "lnurl", "value": server.lnurl}
    response = await ask(shop, order_id, destination=to)

    assert told(response) == (422, "refund.destination")
    assert await snapshot(shop.id) == before
    assert len(server.asked) == 1


@pytest.mark.usefixtures("open_network")
async def test_what_was_asked_of_a_server_must_still_be_what_is_refunded(
    shared, server
):
    shop, settle = shared
    order_id = (await paid_order(shop, settle))["order"]["id"]
    made: list[Any] = []

    async def somebody_is_faster() -> None:
        made.append(await asked(shop, order_id, amount="1.00"))

    server.on_ask = somebody_is_faster

    to = {"to": "lnurl", "value": server.lnurl}
    response = await ask(shop, order_id, destination=to)

    assert told(response) == (409, "order.changed")
    assert [r["id"] for r in await refunds_of(shop, order_id)] == [made[0]["id"]]


@pytest.mark.usefixtures("open_network")
async def test_a_slow_server_is_not_waited_for(shared, server, monkeypatch):
    from restaurant.core import limits

    monkeypatch.setattr(limits, "REFUND_LOOKUP_TIMEOUT_SECONDS", 0.05)
    shop, settle = shared
    server.mood = "slow"
    order_id = (await paid_order(shop, settle))["order"]["id"]

    to = {"to": "lnurl", "value": server.lnurl}
    response = await ask(shop, order_id, destination=to)

    assert told(response) == (422, "refund.destination")


@pytest.mark.usefixtures("open_network")
@pytest.mark.parametrize("mood", ["error", "broken", "redirect", "cheats", "gone"])
async def test_a_server_that_turns_odd_later_is_tried_again_and_paid_once(
    rich, settle, node, server, clock, mood
):
    order_id = (await paid_order(rich, settle))["order"]["id"]
    to = {"to": "lnurl", "value": server.lnurl}
    made = await asked(rich, order_id, destination=to)
    server.mood = mood
    server.redirect_to = "http://169.254.169.254/latest/meta-data"
    port = server.port
    if mood == "gone":
        await server.stop()

    await send()

    waiting = await refund_of(rich, made["id"])
    assert (waiting["status"], waiting["problem"]) == ("approved", "destination")
    assert (node.asked, await outgoing_rows(rich.wallet)) == ([], [])
    if mood == "gone":
        server._server = await server.listen(port)
    server.mood = "good"
    clock.forward(31)
    await send()
    assert (await refund_of(rich, made["id"]))["status"] == "sent"
    assert len(node.paid) == 1


@pytest.mark.usefixtures("open_network")
@pytest.mark.parametrize("whose", ["order", "wallet", "used", "network"])
async def test_a_server_cannot_slip_in_an_invoice_that_is_no_refund(
    rich, settle, node, server, whose
):
    from lnbits.core.services import create_invoice, pay_invoice

    order_id = (await paid_order(rich, settle))["order"]["id"]
    made = await asked(
        rich, order_id, destination={"to": "lnurl", "value": server.lnurl}
    )
    other = await rich.placed()
    own = await create_invoice(
        wallet_id=rich.wallet.id, amount=AGUA_MSAT // 1000, memo="own"
    )
    used = invoice_of_others(AGUA_MSAT)
    await pay_invoice(wallet_id=rich.wallet.id, payment_request=used)
    slipped = {
        "order": other["invoice"]["payment_request"],
        "wallet": own.bolt11,
        "used": used,
        "network": invoice_of_others(AGUA_MSAT, network="tb"),
    }[whose]
    server.invoice = lambda msat: slipped
    count = len(await outgoing_rows(rich.wallet))

    await send()

    waiting = await refund_of(rich, made["id"])
    assert (waiting["status"], waiting["problem"]) == ("approved", "destination")
    assert len(await outgoing_rows(rich.wallet)) == count
    assert (await rich.order(other["order"]["id"]))["status"] == "pending"


@pytest.mark.usefixtures("open_network")
async def test_a_poor_restaurant_does_not_bother_its_guests_server(
    shop, settle, node, server
):
    order_id = (await paid_order(shop, settle))["order"]["id"]
    made = await asked(
        shop, order_id, destination={"to": "lnurl", "value": server.lnurl}
    )
    from lnbits.core.services import pay_invoice

    other = await shop.placed()  # the money goes elsewhere meanwhile
    del other
    await top_up(shop, 100)
    await pay_invoice(
        wallet_id=shop.wallet.id, payment_request=invoice_of_others(AGUA_MSAT)
    )
    server.asked.clear()

    await send()

    waiting = await refund_of(shop, made["id"])
    assert waiting["problem"] == "insufficient_balance"
    assert server.asked == []
