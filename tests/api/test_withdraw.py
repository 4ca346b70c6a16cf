"""A guest's wallet fetches a refund by LNURL-withdraw (LUD-03): once, and wallets are
forgiven their quirks. What goes wrong is HTTP 200 with a reason, as they expect."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from harness import API
from harness.books import snapshot
from harness.lnurl_server import WithdrawingWallet
from harness.node import hash_of, invoice_of_others, outgoing_node
from harness.refunds import (
    AGUA_MSAT,
    WITHDRAW,
    act,
    ask,
    asked,
    balance_msat,
    change,
    devices,
    forget_refunds,
    outgoing_rows,
    paid_order,
    refund_of,
    send,
    to_bolt11,
    top_up,
)

DAY = 86_400
OK = {"status": "OK", "reason": None}

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture(autouse=True)
async def only_ours(quiet: Any) -> None:
    await forget_refunds()


@pytest.fixture
def node() -> Any:
    with outgoing_node() as made:
        yield made


class Waiting:
    """A refund that waits for its guest's wallet."""

    def __init__(self, shop: Any, placed: Any, refund: Any) -> None:
        self.shop = shop
        self.order_id = placed["order"]["id"]
        self.guest = {"X-Order-Token": placed["order_token"]}
        self.id = refund["id"]
        self.path = refund["withdraw_path"]
        self.wallet = WithdrawingWallet(shop.client)

    async def now(self) -> Any:
        return await refund_of(self.shop, self.id)

    async def k1(self) -> str:
        return (await self.wallet.offer(self.path))["k1"]

    async def fetch(self, pr: str) -> Any:
        return await self.wallet.fetch(self.path, pr)


@pytest_asyncio.fixture
async def waiting(shop: Any, settle: Any, node: Any) -> Waiting:
    await top_up(shop, 1_000)
    placed = await paid_order(shop, settle)
    refund = await asked(shop, placed["order"]["id"])
    return Waiting(shop, placed, await refund_of(shop, refund["id"]))


def error(said: Any) -> str:
    """The reason; and nothing but what the protocol knows."""
    assert set(said) == {"status", "reason"}
    assert said["status"] == "ERROR"
    return str(said["reason"])


async def test_the_offer_is_over_exactly_the_refund(waiting):
    from lnurl import LnurlResponse, LnurlWithdrawResponse

    order = await waiting.shop.order(waiting.order_id)

    offer = await waiting.wallet.offer(waiting.path)

    assert offer == {
        "tag": "withdrawRequest",
        "callback": f"http://testserver{API}/withdraw/{waiting.id}",
        "k1": offer["k1"],
        "defaultDescription": f"Refund of order {order['number']}, "
        "Big Jay's Bustaurant",
        "minWithdrawable": AGUA_MSAT,
        "maxWithdrawable": AGUA_MSAT,
    }
    assert offer["k1"] not in waiting.path
    assert await waiting.wallet.offer(waiting.path) == offer
    public = {**offer, "callback": f"https://pay.example.com{waiting.path}"}
    assert isinstance(LnurlResponse.from_dict(public), LnurlWithdrawResponse)


async def test_a_wallet_fetches_it_once(waiting, node):
    bolt11 = invoice_of_others(AGUA_MSAT)
    before = await balance_msat(waiting.shop.wallet)

    assert await waiting.fetch(bolt11) == OK

    done = await waiting.now()
    assert (done["status"], done["withdraw_path"]) == ("sent", None)
    assert node.paid == [hash_of(bolt11)]
    assert await balance_msat(waiting.shop.wallet) == before - AGUA_MSAT
    order = await waiting.shop.order(waiting.order_id)
    assert (order["status"], order["refunded_msat"]) == ("refunded", AGUA_MSAT)
    over = error(await waiting.wallet.offer(waiting.path))
    assert over == "This refund has been paid already."


async def test_a_wallet_of_this_server_fetches_it_too(waiting, make_wallet):
    from lnbits.core.services import create_invoice

    guest = await make_wallet()
    invoice = await create_invoice(
        wallet_id=guest.id, amount=AGUA_MSAT // 1000, memo="back"
    )

    assert await waiting.fetch(invoice.bolt11) == OK
    assert await balance_msat(guest) == AGUA_MSAT


@pytest.mark.parametrize(
    "quirk",
    [
        *(
            str.upper,
            lambda pr: f"lightning:{pr}",
            lambda pr: f"LIGHTNING:{pr.upper()}",
        ),
        *(lambda pr: f" {pr} ", lambda pr: pr),
    ],
)
async def test_wallets_write_the_invoice_as_they_like(waiting, node, quirk):
    bolt11 = invoice_of_others(AGUA_MSAT)

    assert await waiting.fetch(quirk(bolt11)) == OK
    assert node.paid == [hash_of(bolt11)]


async def test_the_same_invoice_twice_is_ok_twice_and_paid_once(waiting, node):
    k1, bolt11 = await waiting.k1(), invoice_of_others(AGUA_MSAT)

    for pr in (bolt11, bolt11.upper(), f"lightning:{bolt11}"):
        assert await waiting.wallet.callback(waiting.id, k1=k1, pr=pr) == OK

    assert node.asked == [hash_of(bolt11)]
    assert len(await outgoing_rows(waiting.shop.wallet)) == 1


async def test_the_same_invoice_twice_while_the_node_thinks_is_ok_twice(waiting, node):
    node.answer = "silent"
    k1, bolt11 = await waiting.k1(), invoice_of_others(AGUA_MSAT)

    assert await waiting.wallet.callback(waiting.id, k1=k1, pr=bolt11) == OK
    assert await waiting.wallet.callback(waiting.id, k1=k1, pr=bolt11) == OK
    other = invoice_of_others(AGUA_MSAT)
    said = await waiting.wallet.callback(waiting.id, k1=k1, pr=other)

    assert error(said) == "This refund is being paid already."
    assert error(await waiting.wallet.offer(waiting.path)) == (
        "This refund is being paid already."
    )
    assert node.asked == [hash_of(bolt11)]
    assert (await waiting.now())["status"] == "sending"


async def test_another_invoice_after_the_first_gets_nothing(waiting, node):
    k1, bolt11 = await waiting.k1(), invoice_of_others(AGUA_MSAT)
    await waiting.wallet.callback(waiting.id, k1=k1, pr=bolt11)

    other = invoice_of_others(AGUA_MSAT)
    said = await waiting.wallet.callback(waiting.id, k1=k1, pr=other)

    assert error(said) == "This refund has been paid already."
    assert node.paid == [hash_of(bolt11)]


async def test_secrets_are_needed_for_both_steps(waiting, node):
    k1, bolt11 = await waiting.k1(), invoice_of_others(AGUA_MSAT)
    token = waiting.path.rsplit("/", 1)[1]
    base = waiting.path.rsplit("/", 1)[0]
    before = await snapshot(waiting.shop.id)

    for wrong in (k1, token[:-1], token.lower() + "x", "x", "%E2%82%AC"):
        said = await waiting.wallet.offer(f"{base}/{wrong}")
        assert error(said) == "There is no such refund."
    for wrong in ("", token, k1[:-1], k1 + "A", "€", "\u0661"):
        said = await waiting.wallet.callback(waiting.id, k1=wrong, pr=bolt11)
        assert error(said) == "There is no such refund."
    for unknown in ("no-such-refund", waiting.order_id):
        said = await waiting.wallet.callback(unknown, k1=k1, pr=bolt11)
        assert error(said) == "There is no such refund."
    assert error(await waiting.wallet.callback(waiting.id)) == (
        "There is no such refund."
    )
    assert node.asked == []
    assert await snapshot(waiting.shop.id) == before


@pytest.mark.parametrize(
    "pr",
    [
        lambda: invoice_of_others(AGUA_MSAT + 1_000),
        lambda: invoice_of_others(AGUA_MSAT - 1_000),
        lambda: invoice_of_others(AGUA_MSAT + 1),
        lambda: invoice_of_others(None),
        lambda: invoice_of_others(AGUA_MSAT, network="tb"),
        lambda: invoice_of_others(AGUA_MSAT, age=3_601),
        lambda: "",
        lambda: "lnbc1x",
        lambda: "ana@example.com",
        lambda: "x" * 5_000,
    ],
)
async def test_wrong_invoices_get_a_reason_and_nothing_changes(waiting, node, pr):
    before = await snapshot(waiting.shop.id)

    said = await waiting.fetch(pr())

    assert len(error(said)) > 10
    assert node.asked == []
    assert await snapshot(waiting.shop.id) == before
    assert await waiting.fetch(invoice_of_others(AGUA_MSAT)) == OK


async def test_the_restaurants_own_invoice_is_no_withdrawal(waiting, node):
    other = await waiting.shop.placed()

    said = await waiting.fetch(other["invoice"]["payment_request"])

    assert error(said) == "This invoice belongs to the restaurant itself."
    assert (await waiting.now())["status"] == "approved"


async def test_it_expires_and_is_due_again(waiting, node, clock):
    await waiting.shop.status(waiting.order_id, "canceled")
    k1 = await waiting.k1()
    clock.forward(30 * DAY - 60)
    assert "tag" in await waiting.wallet.offer(waiting.path)
    clock.forward(60)

    assert error(await waiting.wallet.offer(waiting.path)) == (
        "This refund can no longer be fetched here."
    )
    fresh = invoice_of_others(AGUA_MSAT, age=-30 * DAY)
    said = await waiting.wallet.callback(waiting.id, k1=k1, pr=fresh)
    assert error(said) == "This refund can no longer be fetched here."
    assert (await waiting.now())["status"] == "approved"

    await send()

    failed = await waiting.now()
    assert (failed["status"], failed["problem"]) == ("failed", "withdraw_expired")
    order = await waiting.shop.order(waiting.order_id)
    assert (order["status"], order["flags"]) == ("canceled", ["refund_due"])
    assert node.asked == []


async def test_after_a_cancel_there_is_nothing_to_fetch(waiting, node):
    k1 = await waiting.k1()
    await act(waiting.shop, waiting.id, "cancel")

    assert error(await waiting.wallet.offer(waiting.path)) == (
        "This refund can no longer be fetched here."
    )
    bolt11 = invoice_of_others(AGUA_MSAT)
    error(await waiting.wallet.callback(waiting.id, k1=k1, pr=bolt11))
    assert node.asked == []


async def test_a_refund_that_goes_elsewhere_cannot_be_fetched_and_back_again(
    waiting, node
):
    k1 = await waiting.k1()
    elsewhere = to_bolt11(invoice_of_others(AGUA_MSAT))
    await act(waiting.shop, waiting.id, "destination", elsewhere, waiting.guest)

    error(await waiting.wallet.offer(waiting.path))
    bolt11 = invoice_of_others(AGUA_MSAT)
    error(await waiting.wallet.callback(waiting.id, k1=k1, pr=bolt11))
    assert node.asked == []

    await act(waiting.shop, waiting.id, "destination", WITHDRAW, waiting.guest)
    assert await waiting.fetch(bolt11) == OK


async def test_a_refund_that_nobody_approved_cannot_be_fetched(shop, settle, node):
    staff = await devices(shop)
    placed = await paid_order(shop, settle)
    order_id = placed["order"]["id"]
    made = (await ask(shop, order_id, staff["pos"])).json()
    assert made["status"] == "requested"
    shown = await refund_of(shop, made["id"])
    assert (shown["withdraw_path"], shown["lnurl"]) == (None, None)

    from restaurant.adapters import system
    from restaurant.crud import server_secret
    from restaurant.features.refunds import rules

    path = rules.withdraw_path(await server_secret(system.new_secret()), made["id"])
    said = await WithdrawingWallet(shop.client).offer(path)

    assert error(said) == "This refund can no longer be fetched here."


async def test_a_wallet_without_a_way_may_try_another_invoice(waiting, node):
    node.answer = "refuse"
    before = await balance_msat(waiting.shop.wallet)

    said = await waiting.fetch(invoice_of_others(AGUA_MSAT))

    assert error(said) == "No way to your wallet was found. Please try again later."
    waits = await waiting.now()
    assert (waits["status"], waits["problem"]) == ("approved", "payment_failed")
    assert await balance_msat(waiting.shop.wallet) == before
    node.answer = "pay"
    bolt11 = invoice_of_others(AGUA_MSAT)
    assert await waiting.fetch(bolt11) == OK
    assert node.paid == [hash_of(bolt11)]


async def test_a_poor_restaurant_says_so_and_pays_when_it_is_funded(shop, settle, node):
    placed = await paid_order(shop, settle)
    refund = await asked(shop, placed["order"]["id"])
    waiting = Waiting(shop, placed, await refund_of(shop, refund["id"]))
    bolt11 = invoice_of_others(AGUA_MSAT)

    said = await waiting.fetch(bolt11)

    assert error(said) == (
        "The restaurant's wallet is short of funds. Please try again later."
    )
    assert (await waiting.now())["problem"] == "insufficient_balance"
    await top_up(shop, 100)
    assert await waiting.fetch(bolt11) == OK
    assert node.paid == [hash_of(bolt11)]


async def test_an_expensive_way_is_refused_before_anything_leaves(
    waiting, node, monkeypatch
):
    from lnbits.settings import settings

    monkeypatch.setattr(settings, "lnbits_reserve_fee_min", 100_000)

    said = await waiting.fetch(invoice_of_others(AGUA_MSAT))

    assert error(said) == (
        "The way to your wallet is too expensive right now. Please try again later."
    )
    assert node.asked == []


async def test_a_node_that_stays_silent_is_asked_later_and_never_paid_twice(
    waiting, node, clock
):
    node.answer = "silent"
    bolt11 = invoice_of_others(AGUA_MSAT)
    assert await waiting.fetch(bolt11) == OK
    for _ in range(3):
        clock.forward(130)
        await send()
        assert (await waiting.now())["status"] == "sending"

    node.outcomes[hash_of(bolt11)] = False
    clock.forward(130)
    await send()

    assert (await waiting.now())["status"] == "approved"
    node.answer = "pay"
    other = invoice_of_others(AGUA_MSAT, age=-530)
    assert await waiting.fetch(other) == OK
    assert node.asked == [hash_of(bolt11), hash_of(other)]


async def test_the_address_is_the_servers_own_when_it_has_a_public_one(
    waiting, monkeypatch
):
    from lnbits.settings import settings
    from lnurl import decode

    assert (await waiting.now())["lnurl"] is None
    monkeypatch.setattr(settings, "lnbits_baseurl", "https://pay.example.com/")

    offer = await waiting.wallet.offer(waiting.path)
    shown = await waiting.now()

    assert urlsplit(offer["callback"]).netloc == "pay.example.com"
    assert str(decode(shown["lnurl"])) == f"https://pay.example.com{waiting.path}"


async def test_the_void_slip_carries_the_lnurl(shop, settle, monkeypatch):
    from lnbits.settings import settings

    from restaurant.crud import read

    monkeypatch.setattr(settings, "lnbits_baseurl", "https://pay.example.com/")
    await change(shop, receipt_station="bar")
    placed = await paid_order(shop, settle)

    refund = await asked(shop, placed["order"]["id"])

    async with read() as conn:
        [job] = await conn.all(
            "SELECT document, text FROM restaurant.print_jobs "
            "WHERE order_id = :id AND kind = 'void_slip'",
            id=placed["order"]["id"],
        )
    shown = await refund_of(shop, refund["id"])
    assert json.loads(job["document"])["lnurl"] == shown["lnurl"].upper()
