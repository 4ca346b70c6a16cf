"""Money back over HTTP: what may be asked, where it goes, and what the order shows."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import pytest_asyncio
from loguru import logger

from harness import API
from harness.books import snapshot
from harness.gift_cards import a_bill, issue
from harness.gift_cards import balance as balance_of
from harness.gift_cards import pay as pay_with
from harness.lnurl_server import PayServer, private_hosts_allowed
from harness.node import hash_of, invoice_of_others, outgoing_node
from harness.refunds import (
    AGUA_MSAT,
    WITHDRAW,
    act,
    ask,
    asked,
    change,
    devices,
    forget_refunds,
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


@pytest_asyncio.fixture
async def server() -> Any:
    made = await PayServer().start()
    yield made
    await made.stop()


# --- gift cards and cash ----------------------------------------------------------


async def test_a_gift_card_gets_its_money_back(shop):
    card = await issue(shop, "60")
    order_id = await a_bill(shop)  # 10.00
    await pay_with(shop, order_id, card["code"])
    assert (await balance_of(shop, card["code"])).json()["balance"] == "50.00"

    made = await asked(shop, order_id, amount="4.00", destination={"to": "gift_card"})

    assert (made["status"], made["amount"], made["value"]) == ("sent", "4.00", None)
    assert (await balance_of(shop, card["code"])).json()["balance"] == "54.00"
    rest = await asked(shop, order_id, destination={"to": "gift_card"})
    assert rest["amount"] == "6.00"
    assert (await balance_of(shop, card["code"])).json()["balance"] == "60.00"
    assert (await shop.order(order_id))["status"] == "refunded"


async def test_whoever_paid_otherwise_may_have_a_new_gift_card(shop, settle):
    placed = await paid_order(shop, settle)
    guest = {"X-Order-Token": placed["order_token"]}

    made = await asked(shop, placed["order"]["id"], destination={"to": "gift_card"})

    assert (made["status"], made["gift_card_code"]) == ("sent", None)
    shown = await refund_of(shop, made["id"], **guest)
    found = (await balance_of(shop, shown["gift_card_code"])).json()
    assert (found["balance"], found["currency"]) == ("10.00", "GTQ")
    assert (await shop.order(placed["order"]["id"]))["status"] == "refunded"


async def test_a_named_gift_card_is_credited_and_a_foreign_one_is_refused(
    shop, settle, client, make_wallet
):
    from harness.shop import open_shop

    order_id = (await paid_order(shop, settle))["order"]["id"]
    card = await issue(shop, "1")
    foreign = await issue(await open_shop(client, await make_wallet()), "1")

    for value, refused in [
        (foreign["code"], (404, "gift_card.unknown")),
        ("0000-0000-0000-0000", (404, "gift_card.unknown")),
        ("nonsense", (422, "gift_card.code")),
        ("new", (422, "gift_card.code")),
    ]:
        wish = {"to": "gift_card", "value": value}
        assert told(await ask(shop, order_id, destination=wish)) == refused
    made = await asked(
        shop, order_id, destination={"to": "gift_card", "value": card["code"]}
    )
    assert (made["status"], made["value"]) == ("sent", None)
    assert (await balance_of(shop, card["code"])).json()["balance"] == "11.00"


async def test_cash_is_paid_out_at_once_and_the_drawer_opens(shop):
    await change(shop, receipt_station="bar")
    order_id = await a_bill(shop)
    await pay_with(shop, order_id, method="cash")
    before = {job["kind"] for job in await shop.jobs(order_id)}
    drawers = [j for j in await shop.jobs(order_id) if j["kind"] == "drawer"]

    made = await asked(shop, order_id, amount="2.50", destination={"to": "cash"})

    assert (made["status"], made["amount"], made["value"]) == ("sent", "2.50", None)
    jobs = await shop.jobs(order_id)
    assert {job["kind"] for job in jobs} - before == {"void_slip"}
    kicks = [job for job in jobs if job["kind"] == "drawer"]
    assert len(kicks) == len(drawers) + 1
    assert (await shop.events(order_id)).count("drawer.opened") == 2


async def test_without_a_receipt_station_nothing_is_printed(shop):
    order_id = await a_bill(shop)
    await pay_with(shop, order_id, method="cash")

    await asked(shop, order_id, destination={"to": "cash"})

    assert {job["kind"] for job in await shop.jobs(order_id)} == {"ticket"}


@pytest.mark.parametrize("to", ["cash", "gift_card"])
async def test_less_than_a_cent_cannot_be_paid_out(client, make_wallet, to, set_rate):
    from harness.shop import open_shop

    set_rate("CHF", 40_000)  # a centime is 400 sat
    shop = await open_shop(client, await make_wallet(), currency="CHF")
    order_id = await a_bill(shop)
    await pay_with(shop, order_id, method="cash")

    response = await ask(shop, order_id, amount_msat=100_000, destination={"to": to})

    assert told(response) == (422, "refund.amount")
    assert await refunds_of(shop, order_id) == []


# --- bad input and keys -----------------------------------------------------------


BAD_BODIES = [
    *(
        ({"amount_msat": n}, 422, "refund.amount")
        for n in (0, -1_000, AGUA_MSAT + 1_000)
    ),
    ({"amount_msat": 10**400}, 422, "refund.amount"),
    ({"amount_msat": 1_500}, 422, "field.invalid"),
    *(({"amount_msat": v}, 422, "field.invalid") for v in (1.5, "1000", True, [1])),
    *(({"amount": v}, 422, "field.invalid") for v in ("NaN", "Infinity", "1e1", "")),
    *(({"amount": v}, 422, "field.invalid") for v in ("0.001", True, [], {"a": 1})),
    *(({"amount": v}, 422, "refund.amount") for v in ("0", "-1.00", "10.01", 10**14)),
    ({"amount": "1.00", "amount_msat": 1_000}, 422, "field.invalid"),
    ({"lines": []}, 422, "refund.lines"),
    ({"lines": [{"line_id": "of-nobody"}]}, 422, "refund.lines"),
    ({"rate": "tomorrow"}, 422, "field.invalid"),
    ({"rate": "custom", "send_msat": AGUA_MSAT + 1_000}, 422, "refund.amount"),
    ({"send_msat": 1_000}, 422, "field.invalid"),
    ({"destination": {"to": "moon"}}, 422, "field.invalid"),
    ({"reason": "x" * 501}, 422, "text.invalid"),
    ({"person": "x" * 121}, 422, "text.invalid"),
    ({"restock": "yes"}, 422, "field.invalid"),
]


@pytest_asyncio.fixture(scope="module")
async def one_paid(shared: Any) -> tuple[Shop, str]:
    shop, settle = shared
    return shop, (await paid_order(shop, settle))["order"]["id"]


@pytest.mark.parametrize(("body", "status", "code"), BAD_BODIES)
async def test_bad_input_is_refused_and_nothing_changes(one_paid, body, status, code):
    shop, order_id = one_paid
    before = await snapshot(shop.id)

    response = await ask(shop, order_id, **body)

    assert told(response) == (status, code)
    assert await snapshot(shop.id) == before


async def test_json_without_nan_and_with_a_key(one_paid):
    shop, order_id = one_paid
    path = f"{API}/orders/{order_id}/refunds"
    key = {"Idempotency-Key": str(uuid.uuid4()), **shop.wallet.admin}

    nan = await shop.client.post(path, content=b'{"amount": NaN}', headers=key)
    keyless = await shop.client.post(path, json={}, headers=shop.wallet.admin)

    assert (nan.status_code, keyless.status_code) == (400, 400)
    assert told(keyless)[1] == "idempotency.key"


async def test_lines_of_another_order_and_too_many_of_a_line(shared):
    shop, settle = shared
    mine = (await paid_order(shop, settle, shop.line("Agua", 2)))["order"]
    other = (await paid_order(shop, settle))["order"]
    line = mine["items"][0]["id"]

    for lines in (
        [{"line_id": other["items"][0]["id"]}],
        [{"line_id": line, "quantity": 3}],
        [{"line_id": line, "quantity": 2}, {"line_id": line}],
        [{"line_id": line, "quantity": 0}],
        [{"line_id": line, "quantity": -1}],
    ):
        assert told(await ask(shop, mine["id"], lines=lines)) == (422, "refund.lines")
    await asked(shop, mine["id"], lines=[{"line_id": line}])
    two = [{"line_id": line, "quantity": 2}]
    assert told(await ask(shop, mine["id"], lines=two)) == (422, "refund.lines")


async def test_the_same_key_makes_one_refund(shared):
    shop, settle = shared
    order_id = (await paid_order(shop, settle))["order"]["id"]
    key = str(uuid.uuid4())

    first = await ask(shop, order_id, key=key, amount="1.00")
    second = await ask(shop, order_id, key=key, amount="1.00")
    other = await ask(shop, order_id, key=key, amount="2.00")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert told(other) == (422, "idempotency.mismatch")
    assert len(await refunds_of(shop, order_id)) == 1


async def test_unpaid_and_refunded_orders_have_nothing_to_give_back(shared):
    shop, settle = shared
    pending = (await shop.placed())["order"]["id"]
    unpaid = await a_bill(shop)
    order_id = (await paid_order(shop, settle))["order"]["id"]
    await asked(shop, order_id)

    assert told(await ask(shop, pending)) == (409, "refund.pending")
    assert told(await ask(shop, unpaid)) == (409, "refund.nothing")
    assert told(await ask(shop, order_id)) == (409, "refund.nothing")
    assert told(await ask(shop, "no-such-order")) == (404, "order.unknown")


async def test_todays_rate_sends_what_the_sum_is_worth_today(rich, settle, set_rate):
    order_id = (await paid_order(rich, settle))["order"]["id"]
    made = await asked(rich, order_id, amount="5.00", rate="today")

    assert made["amount_msat"] == 793_000
    assert made["send_msat"] == 793_000  # 5.00 × 158.635, whole satoshi
    assert (made["rate"], made["amount"]) == ("today", "5.00")


# --- approval, cancel, redirect ---------------------------------------------------


async def test_a_till_above_its_limit_waits_and_a_manager_decides(shop, settle):
    await change(shop, refund_approval_limit="4.00")
    staff = await devices(shop)
    order_id = (await paid_order(shop, settle))["order"]["id"]

    small = (await ask(shop, order_id, staff["pos"], amount="4.00")).json()
    assert (small["status"], small["approved_by"][:4]) == ("approved", "pos:")
    second = (await ask(shop, order_id, staff["pos"], amount="0.01")).json()
    assert (second["status"], second["approved_by"]) == ("requested", None)
    assert (await shop.order(order_id))["flags"] == ["refund_due"]
    by_till = await act(shop, second["id"], "approve", headers=staff["pos"])
    assert by_till.status_code == 403

    approved = await act(shop, second["id"], "approve", headers=staff["manager"])
    again = await act(shop, second["id"], "approve", headers=staff["manager"])

    assert approved.json()["status"] == "approved"
    assert approved.json()["approved_by"].startswith("manager:")
    assert again.json() == approved.json()
    assert (await shop.order(order_id))["flags"] == []
    assert (await shop.events(order_id)).count("refund.approved") == 2


async def test_the_limit_holds_in_the_currency_of_the_order_only(shop, settle):
    staff = await devices(shop)
    order_id = (await paid_order(shop, settle))["order"]["id"]
    await change(shop, currency="sat", refund_approval_limit="5000")

    by_till = await ask(shop, order_id, staff["pos"], amount="1.00")

    assert (by_till.status_code, by_till.json()["status"]) == (201, "requested")
    assert (await asked(shop, order_id, amount="1.00"))["status"] == "approved"


async def test_what_was_canceled_may_be_refunded_otherwise(shop, settle):
    order_id = (await paid_order(shop, settle))["order"]["id"]
    await shop.status(order_id, "canceled")
    made = await asked(shop, order_id)
    assert (await shop.order(order_id))["flags"] == []

    canceled = await act(shop, made["id"], "cancel")
    again = await act(shop, made["id"], "cancel")

    assert (canceled.status_code, canceled.json()["status"]) == (200, "canceled")
    assert again.json() == canceled.json()
    assert told(await act(shop, made["id"], "approve")) == (409, "refund.step")
    order = await shop.order(order_id)
    assert (order["flags"], order["refundable_msat"]) == (["refund_due"], AGUA_MSAT)
    cash = await asked(shop, order_id, destination={"to": "cash"})
    assert told(await act(shop, cash["id"], "cancel")) == (409, "refund.step")


async def test_a_guest_sends_what_waits_to_an_invoice_of_theirs(rich, settle, node):
    placed = await paid_order(rich, settle)
    guest = {"X-Order-Token": placed["order_token"]}
    made = await asked(rich, placed["order"]["id"])
    wrong = await act(
        *(rich, made["id"], "destination", to_bolt11(invoice_of_others(1_000)), guest)
    )
    cash = await act(rich, made["id"], "destination", {"to": "cash"}, guest)
    bolt11 = invoice_of_others(AGUA_MSAT)

    moved = await act(rich, made["id"], "destination", to_bolt11(bolt11), guest)
    await send()
    too_late = await act(rich, made["id"], "destination", WITHDRAW, guest)

    assert told(wrong) == (422, "refund.invoice_amount")
    assert told(cash) == (422, "refund.destination")
    assert (moved.json()["destination"], moved.json()["expires_at"]) == ("bolt11", None)
    assert node.paid == [hash_of(bolt11)]
    assert told(too_late) == (409, "refund.step")
    assert (await rich.events(placed["order"]["id"])).count("refund.redirected") == 1


async def test_cash_and_gift_cards_cannot_be_turned_into_lightning(shop, settle):
    placed = await paid_order(shop, settle)
    guest = {"X-Order-Token": placed["order_token"]}
    staff = await devices(shop)
    made = (
        await ask(shop, placed["order"]["id"], staff["pos"], destination={"to": "cash"})
    ).json()
    assert made["status"] == "requested"

    moved = await act(shop, made["id"], "destination", WITHDRAW, guest)

    assert told(moved) == (409, "refund.step")


# --- secrets ----------------------------------------------------------------------


async def test_what_is_worth_the_money_is_shown_to_few(shop, settle, monkeypatch):
    from lnbits.settings import settings

    monkeypatch.setattr(settings, "lnbits_baseurl", "https://pay.example.com/")
    logged: list[str] = []
    sink = logger.add(lambda message: logged.append(str(message)), level=0)
    await change(shop, receipt_station="bar")
    staff = await devices(shop)
    placed = await paid_order(shop, settle)
    order_id = placed["order"]["id"]
    guest = {"X-Order-Token": placed["order_token"]}
    withdraw = await asked(shop, order_id, amount="5.00")
    card = await asked(shop, order_id, destination={"to": "gift_card"})

    for who in (guest, shop.wallet.admin, staff["manager"]):
        found = await refunds_of(shop, order_id, **who)
        assert found == [await refund_of(shop, r["id"], **who) for r in found]
        assert found[0]["withdraw_path"].startswith(
            f"/restaurant/api/v1/withdraw/{withdraw['id']}/"
        )
        assert found[0]["lnurl"].startswith("LNURL1")
        assert len(found[1]["gift_card_code"]) > 8
    secrets = [
        found[0]["withdraw_path"].rsplit("/", 1)[1],
        *(found[0]["lnurl"], found[1]["gift_card_code"]),
    ]
    offer = (await shop.client.get(found[0]["withdraw_path"])).json()
    secrets.append(offer["k1"])
    till = await refunds_of(shop, order_id, **staff["pos"])
    assert [(r["withdraw_path"], r["lnurl"], r["gift_card_code"]) for r in till] == [
        (None, None, None)
    ] * 2
    seen = json.dumps([withdraw, card, till])
    for path, who in [
        (f"/orders/{order_id}", guest),
        (f"/orders/{order_id}", shop.wallet.admin),
        (f"/restaurants/{shop.id}/orders", shop.wallet.invoice),
        (f"/restaurants/{shop.id}/orders", staff["pos"]),
        (f"/restaurants/{shop.id}/events?limit=500", shop.wallet.admin),
        (f"/restaurants/{shop.id}/print_jobs", staff["kds"]),
        (f"/restaurants/{shop.id}/gift_cards", shop.wallet.admin),
    ]:
        response = await shop.client.get(API + path, headers=who)
        assert response.status_code == 200, path
        seen += response.text
    logger.remove(sink)
    for secret in secrets:
        assert secret not in seen
        assert secret not in "".join(logged)


async def test_addresses_names_and_reasons_stay_out_of_the_journal(
    rich, settle, server
):
    placed = await paid_order(rich, settle)
    with private_hosts_allowed():
        await asked(
            rich,
            placed["order"]["id"],
            destination={"to": "lnurl", "value": server.lnurl},
            reason="Anastasia found a hair",
            person="Bobby Tables",
        )
    page = await rich.client.get(
        f"{API}/restaurants/{rich.id}/events?limit=500", headers=rich.wallet.admin
    )

    for word in ("Anastasia", "Tables", server.lnurl, server.lnurl.lower()):
        assert word not in page.text


async def test_readers_kitchens_and_strangers_see_no_refunds(shop, settle):
    staff = await devices(shop)
    placed = await paid_order(shop, settle)
    order_id = placed["order"]["id"]
    made = await asked(shop, order_id)
    other = await shop.placed()
    stranger = {"X-Order-Token": other["order_token"]}

    for who, status in [
        *((shop.wallet.invoice, 403), (staff["kds"], 403), (staff["printer"], 403)),
        *((stranger, 404), ({"X-Api-Key": "f" * 32}, 401)),
    ]:
        for path in (
            f"/orders/{placed['order']['id']}/refunds",
            f"/refunds/{made['id']}",
        ):
            response = await shop.client.get(API + path, headers=who)
            assert response.status_code == status, (path, who)
