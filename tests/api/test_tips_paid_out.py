"""Tips are paid out at the end of a shift: to addresses, wallets, or in cash."""

from __future__ import annotations

import uuid

import pytest
import pytest_asyncio

from harness import API
from harness.books import snapshot
from harness.lnurl_server import PayServer, private_hosts_allowed
from harness.node import outgoing_node
from harness.refunds import balance_msat, change, outgoing_rows, told, top_up
from harness.tips import (
    balances,
    call,
    check_ledger,
    done,
    forget_payouts,
    ledger,
    member,
    open_msat,
    paid_out,
    pay_out,
    payout_of,
    send,
    serve,
)

pytestmark = pytest.mark.usefixtures("quiet")

LEASE = 121_000


@pytest_asyncio.fixture(autouse=True)
async def only_ours(quiet):
    await forget_payouts()


@pytest.fixture
def node():
    with outgoing_node() as made:
        yield made


@pytest.fixture
def earn(shop, settle):
    """`await earn(msat, member)`: a tip for somebody, or for the pool."""

    async def make(msat, who=None):
        await change(shop, tip_to="server" if who else "pool")
        placed = await shop.placed(shop.cart(tip_msat=msat))
        if who:
            await serve(shop, placed["order"]["id"], who["id"])
        await settle(placed)

    return make


@pytest_asyncio.fixture
async def server():
    made = await PayServer().start()
    with private_hosts_allowed():
        yield made
    await made.stop()


def now():
    from restaurant.adapters import system

    return system.now()


async def test_a_wallet_of_this_lnbits_gets_all_that_is_open(shop, earn, make_wallet):
    wallet = await make_wallet()
    ana = await member(shop, "Ana", wallet_id=wallet.id)
    for msat in (100_000, 20_000):
        await earn(msat, ana)
    before = await balance_msat(shop.wallet)

    [made] = await paid_out(shop, person="Jay")
    assert made == {
        **made,
        "staff_id": ana["id"],
        "name": "Ana",
        "status": "waiting",
        "problem": None,
        "amount_msat": 120_000,
        "destination": "wallet",
        "value": wallet.id,
        "person": "Jay",
    }
    assert (await balances(shop))[ana["id"]]["waiting_msat"] == 120_000
    assert {e["status"] for e in await ledger(shop)} == {"paying"}
    await send()

    sent = await payout_of(shop, made["id"])
    assert (sent["status"], sent["fee_msat"]) == ("sent", 0)
    assert await balance_msat(wallet) == 120_000
    assert await balance_msat(shop.wallet) == before - 120_000
    assert {e["status"] for e in await ledger(shop)} == {"paid"}
    assert (await balances(shop))[ana["id"]]["waiting_msat"] == 0
    await send(now() + LEASE)
    assert len(await outgoing_rows(shop.wallet)) == 1
    await check_ledger(shop)


async def test_an_address_gets_it_by_lightning_with_what_routing_costs(
    shop, earn, node, server
):
    node.fee_msat = 555
    ana = await member(shop, "Ana", pay_to=server.lnurl)
    await earn(100_000, ana)

    [made] = await paid_out(shop)
    await send()

    sent = await payout_of(shop, made["id"])
    assert (sent["status"], sent["destination"], sent["fee_msat"]) == (
        *("sent", "lnurl"),
        555,
    )
    assert len(node.paid) == len(server.made) == 1


async def test_cash_is_handed_over_and_nothing_is_sent(shop, earn):
    ana = await member(shop, "Ana")
    await earn(100_000, ana)

    [made] = await paid_out(shop, destination="cash")
    await send()

    assert (made["status"], made["destination"], made["value"]) == (
        *("sent", "cash"),
        None,
    )
    assert await outgoing_rows(shop.wallet) == []
    again = await pay_out(shop, destination="cash")
    assert told(again) == (409, "payout.nothing")


async def test_the_pool_is_shared_by_weight_to_the_last_satoshi(shop, earn):
    weights = {"Ana": 3, "Ben": 2, "Caro": 2, "Dan": 0}
    members = {
        name: await member(shop, name, weight=weight)
        for name, weight in weights.items()
    }
    await member(shop, "Gone", weight=9, is_active=False)
    await earn(100_000)

    response = await pay_out(shop, destination="cash")

    amounts = {each["name"]: each["amount_msat"] for each in response.json()["data"]}
    assert amounts == {"Ana": 43_000, "Ben": 29_000, "Caro": 28_000}
    assert response.json()["shared_msat"] == 100_000
    assert await open_msat(shop, "pool") == 0
    assert members["Dan"]["id"] not in {e["staff_id"] for e in await ledger(shop)}
    await check_ledger(shop)


async def test_the_pool_goes_to_who_is_named_with_another_weight(shop, earn):
    ana, ben = await member(shop, "Ana"), await member(shop, "Ben", weight=0)
    await member(shop, "Caro")
    await earn(100_000)
    pool = [{"staff_id": ana["id"]}, {"staff_id": ben["id"], "weight": 3}]

    made = await paid_out(shop, pool=pool, destination="cash")

    assert {each["name"]: each["amount_msat"] for each in made} == {
        "Ana": 25_000,
        "Ben": 75_000,
    }


async def test_who_is_named_alone_is_paid_and_the_pool_stays(shop, earn):
    ana, ben = await member(shop, "Ana"), await member(shop, "Ben")
    await earn(50_000, ana)
    await earn(60_000, ben)
    await earn(70_000)

    [made] = await paid_out(shop, staff_ids=[ben["id"]], destination="cash")

    assert (made["name"], made["amount_msat"]) == ("Ben", 60_000)
    assert await open_msat(shop, "pool") == 70_000
    assert await open_msat(shop, ana["id"]) == 50_000
    made = await paid_out(shop, pool=[], destination="cash")
    assert [each["amount_msat"] for each in made] == [50_000]
    assert await open_msat(shop, "pool") == 70_000


async def test_who_shares_the_pool_need_not_be_paid_now(shop, earn):
    ana, ben = await member(shop, "Ana"), await member(shop, "Ben")
    await earn(70_000)
    pool = [{"staff_id": ana["id"]}, {"staff_id": ben["id"]}]

    await paid_out(shop, staff_ids=[ana["id"]], pool=pool, destination="cash")

    assert await open_msat(shop, ben["id"]) == 35_000
    await check_ledger(shop)


async def test_less_than_a_satoshi_stays_open_and_is_never_lost(shop, earn):
    ana, ben = await member(shop, "Ana"), await member(shop, "Ben")
    await earn(100_700, ana)
    await earn(3_500)

    made = await paid_out(shop, destination="cash")
    assert {each["name"]: each["amount_msat"] for each in made} == {
        "Ana": 102_000,
        "Ben": 1_000,
    }
    assert (await open_msat(shop, ana["id"]), await open_msat(shop, "pool")) == (
        700,
        500,
    )
    await earn(1_300, ana)
    [made] = await paid_out(shop, staff_ids=[ana["id"]], destination="cash")
    assert made["amount_msat"] == 2_000
    assert await open_msat(shop, ana["id"]) == await open_msat(shop, ben["id"]) == 0
    await check_ledger(shop)


async def test_an_inactive_member_still_gets_what_they_earned(shop, earn):
    ana = await member(shop, "Ana")
    await earn(50_000, ana)
    await done(shop, "PATCH", f"/staff/{ana['id']}", {"is_active": False})

    [made] = await paid_out(shop, destination="cash")

    assert made["amount_msat"] == 50_000


async def test_who_has_tips_cannot_be_removed_but_their_last_crumbs_can(shop, earn):
    ana = await member(shop, "Ana")
    await earn(50_700, ana)
    path = f"/staff/{ana['id']}"
    response = await call(shop, "DELETE", path)
    assert told(response) == (409, "staff.owed")
    assert response.json()["open_msat"] == 50_700
    await paid_out(shop, destination="cash")

    await done(shop, "DELETE", path)

    assert await open_msat(shop, "restaurant") == 700
    [shown] = (await done(shop, "GET", f"/restaurants/{shop.id}/tip_payouts"))["data"]
    assert (shown["staff_id"], shown["name"]) == (ana["id"], None)
    await check_ledger(shop)


async def test_who_is_being_paid_cannot_be_removed(shop, earn, make_wallet):
    ana = await member(shop, "Ana", wallet_id=(await make_wallet()).id)
    await earn(50_000, ana)
    await paid_out(shop)

    response = await call(shop, "DELETE", f"/staff/{ana['id']}")

    assert (response.status_code, response.json()["code"]) == (409, "staff.owed")


# --- waiting, failing, canceling ---------------------------------------------------


async def test_missing_funds_are_waited_for(shop, earn, make_wallet):
    from lnbits.core.services import create_invoice, pay_invoice

    wallet, thief = await make_wallet(), await make_wallet()
    ana = await member(shop, "Ana", wallet_id=wallet.id)
    await earn(100_000, ana)
    held = await balance_msat(shop.wallet)
    invoice = await create_invoice(
        wallet_id=thief.id, amount=held // 1000, memo="all of it"
    )
    await pay_invoice(wallet_id=shop.wallet.id, payment_request=invoice.bolt11)
    [made] = await paid_out(shop)
    await send()

    waiting = await payout_of(shop, made["id"])
    assert (waiting["status"], waiting["problem"]) == (
        "waiting",
        "insufficient_balance",
    )
    await top_up(shop, 100)
    await send(now() + 16_000)
    assert (await payout_of(shop, made["id"]))["status"] == "sent"
    assert await balance_msat(wallet) == 100_000


async def test_a_server_that_is_away_is_asked_again(shop, earn, node, server):
    ana = await member(shop, "Ana", pay_to=server.lnurl)
    await earn(100_000, ana)
    server.mood = "broken"
    [made] = await paid_out(shop)
    await send()
    assert (await payout_of(shop, made["id"]))["problem"] == "destination"

    server.mood = "good"
    await send(now() + 16_000)

    assert (await payout_of(shop, made["id"]))["status"] == "sent"
    assert len(node.paid) == 1


async def test_an_invoice_over_another_sum_is_never_paid(shop, earn, node, server):
    ana = await member(shop, "Ana", pay_to=server.lnurl)
    await earn(100_000, ana)
    server.mood = "cheats"
    [made] = await paid_out(shop)
    await send()

    assert (await payout_of(shop, made["id"]))["status"] == "waiting"
    assert node.asked == []


async def test_an_address_that_leads_back_to_the_house_pays_nothing(
    shop, earn, node, server
):
    from lnbits.core.services import create_invoice

    own = await create_invoice(wallet_id=shop.wallet.id, amount=100, memo="mine")
    server.invoice = lambda _: own.bolt11
    ana = await member(shop, "Ana", pay_to=server.lnurl)
    await earn(100_000, ana)
    [made] = await paid_out(shop)
    await send()

    assert (await payout_of(shop, made["id"]))["status"] == "waiting"
    assert (node.asked, await outgoing_rows(shop.wallet)) == ([], [])


async def test_what_failed_is_open_again_and_made_anew(shop, earn, node, server):
    ana = await member(shop, "Ana", pay_to=server.lnurl)
    await earn(100_000, ana)
    node.answer = "refuse"
    [made] = await paid_out(shop)
    await send()
    failed = await payout_of(shop, made["id"])
    assert (failed["status"], failed["problem"]) == ("failed", "payment_failed")
    assert await open_msat(shop, ana["id"]) == 100_000
    await earn(50_000, ana)
    node.answer = "pay"
    path = f"/tip_payouts/{made['id']}/retry"

    anew = await done(shop, "POST", path)
    assert anew["id"] != made["id"]
    assert (anew["status"], anew["amount_msat"]) == ("waiting", 150_000)
    again = await call(shop, "POST", path)
    assert told(again) == (409, "payout.nothing")
    await send()

    assert (await payout_of(shop, anew["id"]))["status"] == "sent"
    assert (await payout_of(shop, made["id"]))["status"] == "failed"
    assert len(node.paid) == 1
    await check_ledger(shop)


async def test_canceled_before_it_left_its_tips_are_open_again(shop, earn, make_wallet):
    wallet = await make_wallet()
    ana = await member(shop, "Ana", wallet_id=wallet.id)
    await earn(100_700, ana)
    [made] = await paid_out(shop)
    path = f"/tip_payouts/{made['id']}/cancel"

    canceled = await done(shop, "POST", path)
    assert canceled["status"] == "canceled"
    assert await done(shop, "POST", path) == canceled
    await send()

    assert await balance_msat(wallet) == 0
    assert await open_msat(shop, ana["id"]) == 100_700
    await check_ledger(shop)
    [anew] = await paid_out(shop)
    await send()
    assert (await payout_of(shop, anew["id"]))["status"] == "sent"
    response = await call(shop, "POST", f"/tip_payouts/{anew['id']}/cancel")
    assert (response.status_code, response.json()["code"]) == (409, "payout.step")
    retried = await call(shop, "POST", f"/tip_payouts/{anew['id']}/retry")
    assert (retried.status_code, retried.json()["code"]) == (409, "payout.step")
    await check_ledger(shop)


async def test_what_was_asked_for_goes_where_it_was_to_go_then(shop, earn, make_wallet):
    old, new = await make_wallet(), await make_wallet()
    ana = await member(shop, "Ana", wallet_id=old.id)
    await earn(100_000, ana)
    await paid_out(shop)
    await done(shop, "PATCH", f"/staff/{ana['id']}", {"wallet_id": new.id})
    await send()

    assert (await balance_msat(old), await balance_msat(new)) == (100_000, 0)


# --- wrong requests ----------------------------------------------------------------


async def test_nobody_is_paid_when_one_has_no_destination(shop, earn, make_wallet):
    ana = await member(shop, "Ana", wallet_id=(await make_wallet()).id)
    ben = await member(shop, "Ben")
    await earn(10_000, ana)
    await earn(10_000, ben)
    before = await snapshot(shop.id)

    response = await pay_out(shop)

    assert response.status_code == 422
    assert (response.json()["code"], response.json()["staff_id"]) == (
        "payout.destination",
        ben["id"],
    )
    assert await snapshot(shop.id) == before


async def test_wrong_requests_change_nothing(shop, earn, client, make_wallet):
    from harness.shop import open_shop

    ana = await member(shop, "Ana")
    gone = await member(shop, "Gone", is_active=False)
    eve = await member(await open_shop(client, await make_wallet()), "Eve")
    await earn(10_000, ana)
    await earn(10_000)
    before = await snapshot(shop.id)

    def share(who, **more):
        return {"pool": [{"staff_id": who["id"], **more}]}

    for body, expected in (
        ({"staff_ids": []}, (422, "field.invalid")),
        ({"staff_ids": [ana["id"], ana["id"]]}, (422, "field.invalid")),
        ({"staff_ids": [eve["id"]]}, (404, "staff.unknown")),
        ({"staff_ids": ["no such"]}, (404, "staff.unknown")),
        ({"staff_ids": [7]}, (422, "field.invalid")),
        ({"staff_ids": "all"}, (422, "field.invalid")),
        ({"staff_ids": [gone["id"]]}, (409, "payout.nothing")),
        (share(eve), (404, "staff.unknown")),
        (share(gone), (422, "staff.inactive")),
        (share(ana, weight=0), (422, "field.invalid")),
        (share(ana, weight=-1), (422, "field.invalid")),
        (share(ana, weight=10**300), (422, "field.invalid")),
        (share(ana, weight=1.5), (422, "field.invalid")),
        ({"destination": "moon"}, (422, "field.invalid")),
        ({"person": "x\0"}, (422, "text.invalid")),
    ):
        response = await pay_out(shop, **{"destination": "cash", **body})
        assert told(response) == expected, body
    assert await snapshot(shop.id) == before


async def test_a_payout_needs_a_key_and_one_key_makes_one(shop, earn):
    ana = await member(shop, "Ana")
    await earn(10_000, ana)
    path = f"{API}/restaurants/{shop.id}/tip_payouts"
    cash = {"destination": "cash"}
    without = await shop.client.post(path, json=cash, headers=shop.wallet.admin)
    assert told(without) == (400, "idempotency.key")
    headers = {**shop.wallet.admin, "Idempotency-Key": str(uuid.uuid4())}

    first = await shop.client.post(path, json=cash, headers=headers)
    second = await shop.client.post(path, json=cash, headers=headers)

    assert first.json() == second.json()
    assert second.headers["Idempotent-Replay"] == "true"
    listed = await done(shop, "GET", f"/restaurants/{shop.id}/tip_payouts")
    assert listed["data"] == first.json()["data"]


async def test_payouts_come_in_pages_newest_first(shop, earn):
    ana = await member(shop, "Ana")
    made = []
    for _ in range(3):
        await earn(10_000, ana)
        [payout] = await paid_out(shop, destination="cash")
        made.append(payout["id"])
    path = f"/restaurants/{shop.id}/tip_payouts?limit=2"
    first = await done(shop, "GET", path)
    second = await done(shop, "GET", f"{path}&cursor={first['next']}")

    seen = [each["id"] for each in first["data"] + second["data"]]
    assert seen == made[::-1]
    assert second["next"] is None


async def test_the_journal_tells_every_step_and_no_address(shop, earn, node, server):
    from restaurant import services
    from restaurant.crud import read

    ana = await member(shop, "Anastasia", pay_to=server.lnurl)
    await earn(100_000, ana)
    await earn(50_000)
    await paid_out(shop)
    await send()
    async with read() as conn:
        rows = await conn.all(
            "SELECT event, payload FROM restaurant.journal WHERE restaurant_id = :id "
            "AND (event LIKE 'payout.%' OR event LIKE 'tip.%') ORDER BY seq",
            id=shop.id,
        )

    assert [row["event"] for row in rows] == [
        *("tip.entered", "tip.entered", "tip.shared"),
        *("payout.created", "payout.sending", "payout.sent"),
    ]
    text = " ".join(row["payload"] for row in rows)
    assert server.lnurl not in text
    assert "Anastasia" not in text
    assert await services.verify_journal(shop.id) is None


async def test_a_restaurant_that_owes_tips_is_not_closed_down(shop, earn):
    ana = await member(shop, "Ana", pay_to="ana@example.com")
    await earn(100_000, ana)
    await earn(50_000)
    for order in (await done(shop, "GET", f"/restaurants/{shop.id}/orders"))["data"]:
        for step in ("accepted", "completed"):
            assert (await shop.status(order["id"], step)).status_code == 200
    path = f"/restaurants/{shop.id}"

    for destination in (None, "cash"):
        before = await snapshot(shop.id)
        refused = await call(shop, "DELETE", path)
        assert told(refused) == (409, "restaurant.tips_owed")
        assert await snapshot(shop.id) == before
        [made] = await paid_out(
            shop, **({"destination": destination} if destination else {})
        )
        if destination is None:  # it waits for an address that nobody answers at
            waiting = await call(shop, "DELETE", path)
            assert told(waiting) == (409, "restaurant.tips_owed")
            await done(shop, "POST", f"/tip_payouts/{made['id']}/cancel")

    assert (await call(shop, "DELETE", path)).status_code == 204
