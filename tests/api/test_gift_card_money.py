"""Gift cards pay and get their money back, and no cent is lost or counted twice."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harness.gift_cards import (
    NO_CARD,
    T0,
    Till,
    a_bill,
    balance,
    call,
    change,
    check_ledger,
    detail,
    events,
    everything,
    issue,
    pay,
    told,
)
from harness.shop import Shop, open_shop

KEY = "k" * 16

pytestmark = pytest.mark.usefixtures("quiet")


# --- paying ----------------------------------------------------------------------


async def test_part_by_card_and_the_rest_in_cash(shop, clock):
    from restaurant.crud import read
    from restaurant.features.payments import crud as payments

    clock.stop(T0)
    card = await issue(shop, "60")
    order_id = await a_bill(shop, shop.line("Tacos", 2, "Maíz"))  # 90.00 GTQ
    clock.forward(60)

    by_card = await pay(shop, order_id, card["code"])

    assert by_card.status_code == 201, by_card.text
    taken = by_card.json()
    payment = taken["payment"]
    assert (payment["method"], payment["status"]) == ("gift_card", "captured")
    assert (payment["amount"], payment["currency"]) == ("60.00", "GTQ")
    assert payment["received_msat"] == payment["amount_msat"]
    assert (taken["due"], taken["change"]) == ("30.00", "0.00")
    assert taken["opens_drawer"] is False
    order = await shop.order(order_id)
    assert (order["paid_msat"], order["due_msat"]) == (
        payment["received_msat"],
        taken["due_msat"],
    )
    assert order["paid_at"] is None
    async with read() as conn:
        [stored] = await payments.of_order(conn, order_id)
    assert stored.gift_card_id == card["id"]
    shown = await detail(shop, card)
    assert (shown["balance"], shown["amount"]) == ("0.00", "60.00")
    assert shown["is_usable"] is False
    assert shown["entries"][0] == {
        "kind": "redeemed",
        "amount": "-60.00",
        "reference": f"payment:{payment['id']}",
        "actor": "owner",
        "at": "2026-09-21T14:14:20.000Z",
    }
    assert (await events(shop))[1:] == [
        (
            "gift_card.redeemed",
            order_id,
            "owner",
            {
                "payment_id": payment["id"],
                "gift_card_id": card["id"],
                "amount": "60.00",
                "currency": "GTQ",
            },
        )
    ]

    rest = (await pay(shop, order_id, method="cash", tendered="50")).json()

    assert (rest["due"], rest["due_msat"], rest["change"]) == ("0.00", 0, "20.00")
    order = await shop.order(order_id)
    assert (order["paid_msat"], order["flags"]) == (order["total_msat"], [])
    assert order["paid_at"] == "2026-09-21T14:14:20.000Z"
    await check_ledger()


async def test_cards_one_after_the_other_until_nothing_is_due(shop):
    codes = [(await issue(shop, amount))["code"] for amount in ("3.33", "3.33", "20")]
    order_id = await a_bill(shop)

    answers = [(await pay(shop, order_id, code)).json() for code in codes]

    assert [one["due"] for one in answers] == ["6.67", "3.34", "0.00"]
    left = [(await balance(shop, code)).json()["balance"] for code in codes]
    assert left == ["0.00", "0.00", "16.66"]
    order = await shop.order(order_id)
    assert (order["paid_msat"], order["due_msat"]) == (order["total_msat"], 0)
    nothing = await pay(shop, order_id, codes[2])
    assert told(nothing) == (409, "payment.nothing_due")
    await check_ledger()


async def test_a_pending_order_that_a_card_pays_is_cooked(shop):
    card = await issue(shop)
    order_id = (await shop.placed())["order"]["id"]

    taken = (await pay(shop, order_id, card["code"])).json()

    assert (taken["due"], taken["payment"]["amount"]) == ("0.00", "10.00")
    order = await shop.order(order_id)
    assert (order["status"], order["flags"]) == ("paid", [])
    assert len(await shop.jobs(order_id)) == 1
    assert (await balance(shop, card["code"])).json()["balance"] == "90.00"


async def test_a_guest_pays_by_card_alone(shop):
    card = await issue(shop, "4")
    placed = await shop.placed()
    token = {"X-Order-Token": placed["order_token"], "Idempotency-Key": KEY}
    path = f"/orders/{placed['order']['id']}/payments"
    body = {"method": "gift_card", "gift_card_code": card["code"]}

    response = await call(shop, "POST", path, body, token)

    assert response.status_code == 201, response.text
    assert response.json()["due"] == "6.00"
    assert response.json()["payment"]["actor"] == "guest"
    assert (await events(shop))[1][2] == "guest"
    entries = (await detail(shop, card))["entries"]
    assert sorted(entry["actor"] for entry in entries) == ["guest", "owner"]


async def test_an_amount_that_is_named_is_taken_exactly_or_not_at_all(shop):
    card = await issue(shop, "7")
    order_id = await a_bill(shop)  # 10.00
    part = await pay(shop, order_id, card["code"], amount="4.00")
    before = await everything(shop)

    short = await pay(shop, order_id, card["code"], amount="3.01")
    too_much = await pay(shop, order_id, card["code"], amount="6.01")

    assert (part.json()["due"], part.json()["payment"]["amount"]) == ("6.00", "4.00")
    assert told(short) == (409, "gift_card.short")
    assert short.json()["balance"] == "3.00"
    assert told(too_much) == (422, "payment.amount")
    assert await everything(shop) == before
    last = await pay(shop, order_id, card["code"], amount="3.00")
    assert last.json()["due"] == "3.00"
    assert told(await pay(shop, order_id, card["code"])) == (409, "gift_card.empty")
    await check_ledger()


async def test_a_payment_counts_once_however_often_it_is_sent(shop):
    card = await issue(shop, "50")
    order_id = await a_bill(shop)

    first = await pay(shop, order_id, card["code"], key=KEY, amount="4.00")
    again = await pay(shop, order_id, card["code"], key=KEY, amount="4.00")
    other = await pay(shop, order_id, NO_CARD, key=KEY, amount="4.00")

    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert told(other) == (422, "idempotency.mismatch")
    assert (await balance(shop, card["code"])).json()["balance"] == "46.00"
    await check_ledger()


async def test_without_a_good_code_nothing_is_paid(shop, client, make_wallet):
    other = await open_shop(client, await make_wallet())
    foreign = await issue(other)
    order_id = await a_bill(shop)
    before = await everything(shop), await everything(other)

    for code, answer in (
        (foreign["code"], (404, "gift_card.unknown")),
        (NO_CARD, (404, "gift_card.unknown")),
        ("", (422, "gift_card.code")),
        ("1234", (422, "gift_card.code")),
        ("U" * 16, (422, "gift_card.code")),
        (5, (422, "field.invalid")),
        ([], (422, "field.invalid")),
    ):
        assert told(await pay(shop, order_id, code)) == answer, code
    missing = await pay(shop, order_id, method="gift_card")
    assert told(missing) == (422, "gift_card.missing")
    assert (await everything(shop), await everything(other)) == before


async def test_a_card_keeps_its_currency_when_the_restaurant_changes_its_own(
    shop, set_rate
):
    set_rate("USD", 1_200)
    card = await issue(shop)
    path = f"/restaurants/{shop.id}"
    changed = await call(shop, "PATCH", path, {"currency": "USD"})
    assert changed.status_code == 200, changed.text
    order_id = await a_bill(shop)
    before = await everything(shop)

    response = await pay(shop, order_id, card["code"])

    assert told(response) == (422, "gift_card.currency")
    assert await everything(shop) == before
    assert (await balance(shop, card["code"])).json()["currency"] == "GTQ"
    dollars = await issue(shop, "1")
    assert dollars["currency"] == "USD"
    assert (await pay(shop, order_id, dollars["code"])).status_code == 201


async def test_a_card_is_good_until_the_moment_it_expires(shop, clock):
    clock.stop(T0)
    card = await issue(shop, "100", expires_at="2026-09-21T15:13:20Z")
    order_id = await a_bill(shop)
    clock.stop(T0 + 3_600_000 - 1)
    assert (await balance(shop, card["code"])).json()["is_usable"] is True
    last = await pay(shop, order_id, card["code"], amount="1.00")
    assert last.status_code == 201

    clock.stop(T0 + 3_600_000)
    before = await everything(shop)
    response = await pay(shop, order_id, card["code"], amount="1.00")

    assert told(response) == (409, "gift_card.expired")
    assert response.json()["expired_at"] == "2026-09-21T15:13:20.000Z"
    assert await everything(shop) == before
    assert (await balance(shop, card["code"])).json() == {
        "balance": "99.00",
        "currency": "GTQ",
        "expires_at": "2026-09-21T15:13:20.000Z",
        "is_usable": False,
    }
    noted = await change(shop, card, note="x", expires_at="2026-09-21T15:13:20Z")
    assert noted.status_code == 200
    await change(shop, card, expires_at="2026-09-22T15:13:20Z")
    assert (await pay(shop, order_id, card["code"])).status_code == 201
    await check_ledger()


async def test_a_blocked_card_pays_nothing_until_it_is_freed(shop):
    card = await issue(shop)
    order_id = await a_bill(shop)
    await change(shop, card, is_blocked=True)
    before = await everything(shop)

    response = await pay(shop, order_id, card["code"])

    assert told(response) == (409, "gift_card.blocked")
    assert await everything(shop) == before
    await change(shop, card, is_blocked=False)
    assert (await pay(shop, order_id, card["code"])).status_code == 201


# --- giving back, in a refund's transaction --------------------------------------


@pytest_asyncio.fixture
async def till(shop: Shop) -> Any:
    """What refunds call, each in a transaction of its own."""
    return await Till.of(shop.id)


async def test_a_refund_goes_back_to_the_card_once(shop, till):
    card = await issue(shop, "30")
    assert await till.redeem(card["code"], 3_000) == 3_000

    refund_id = uuid.uuid4().hex
    done = [await till.give_back(card["id"], 1_000, refund_id) for _ in range(2)]

    assert done == [True, True]
    shown = await detail(shop, card)
    assert (shown["balance"], shown["is_usable"]) == ("10.00", True)
    assert [(e["kind"], e["amount"]) for e in shown["entries"]].count(
        ("refunded", "10.00")
    ) == 1
    assert len(shown["entries"]) == 3
    assert (await events(shop))[1:] == [
        (
            "gift_card.redeemed",
            "order",
            "pos:till",
            (await events(shop))[1][3],
        ),
        (
            "gift_card.refunded",
            None,
            "manager:tablet",
            {
                "refund_id": refund_id,
                "gift_card_id": card["id"],
                "amount": "10.00",
                "currency": "GTQ",
            },
        ),
    ]
    await check_ledger()


async def test_an_expired_or_blocked_card_gets_its_money_and_stays_so(
    shop, till, clock
):
    clock.stop(T0)
    expired = await issue(shop, "30", expires_at="2026-09-21T14:13:21Z")
    blocked = await issue(shop, "30")
    await change(shop, blocked, is_blocked=True)
    clock.forward(1)

    for card in (expired, blocked):
        assert await till.give_back(card["id"], 500) is True
        shown = await detail(shop, card)
        assert (shown["balance"], shown["is_usable"]) == ("35.00", False)
        assert shown["expires_at"] == card["expires_at"]
    assert (await detail(shop, blocked))["is_blocked"] is True
    await check_ledger()


async def test_no_refund_goes_to_a_card_of_others(shop, client, make_wallet, till):
    other = await open_shop(client, await make_wallet())
    foreign = await issue(other)
    before = await everything(shop), await everything(other)

    assert await till.give_back(foreign["id"], 500) is False
    assert await till.give_back("nothing", 500) is False

    assert (await everything(shop), await everything(other)) == before


async def test_a_refund_makes_one_new_card(shop, till):
    refund_id = uuid.uuid4().hex
    card = await till.issue(1_234, refund_id)
    again = await till.issue(1_234, refund_id)
    other = await till.issue(1_234)

    assert again == card
    assert other.id != card.id
    code = till.code_of(card)
    assert (await balance(shop, code)).json() == {
        "balance": "12.34",
        "currency": "GTQ",
        "expires_at": None,
        "is_usable": True,
    }
    shown = await detail(shop, {"id": card.id})
    assert (shown["kind"], shown["actor"]) == ("refund", "manager:tablet")
    assert shown["entries"][0]["reference"] == f"refund:{refund_id}"
    assert [event for event, *_ in await events(shop)] == ["gift_card.issued"] * 2
    order_id = await a_bill(shop)
    assert (await pay(shop, order_id, code)).json()["due"] == "0.00"
    await check_ledger()


async def test_a_refund_makes_a_card_however_many_there_are(shop, till, monkeypatch):
    from restaurant.core import limits

    monkeypatch.setattr(limits, "GIFT_CARDS_MAX", 0)

    assert (await till.issue(500)).balance_minor == 500


async def test_a_card_is_found_by_its_code_in_any_state(shop, till):
    from restaurant.core.errors import NotFound, Refused

    card = await issue(shop)
    await change(shop, card, is_blocked=True)

    assert (await till.find(card["code"].lower())).id == card["id"]
    with pytest.raises(NotFound, match=r"gift_card\.unknown"):
        await till.find(NO_CARD)
    with pytest.raises(Refused, match=r"gift_card\.code"):
        await till.find("nonsense")


async def test_one_payment_is_booked_once(shop, till):
    card = await issue(shop, "30")

    payment_id = uuid.uuid4().hex
    taken = [await till.redeem(card["code"], 1_000, payment_id) for _ in range(2)]

    assert taken == [1_000, 0]
    assert (await detail(shop, card))["balance"] == "20.00"
    await check_ledger()


@pytest_asyncio.fixture(scope="module")
async def shared_till(shared: tuple[Shop, Any]) -> Till:
    return await Till.of(shared[0].id)


STEPS = st.one_of(
    st.tuples(st.just("issue"), st.just(0), st.integers(1, 500)),
    st.tuples(st.just("redeem"), st.integers(0, 2), st.integers(1, 500)),
    st.tuples(st.just("give back"), st.integers(0, 2), st.integers(1, 300)),
    st.tuples(st.just("give back twice"), st.integers(0, 2), st.integers(1, 300)),
)


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEPS, max_size=12))
async def test_whatever_happens_a_balance_is_the_sum_of_its_entries(shared_till, steps):
    till = shared_till
    cards = [await till.issue(300)]
    expected = {cards[0].id: 300}
    for step, which, minor in steps:
        card = cards[which % len(cards)]
        if step == "issue":
            cards.append(await till.issue(minor))
            expected[cards[-1].id] = minor
        elif step == "redeem":
            taken = await till.redeem(till.code_of(card), minor)
            assert taken == (minor if minor <= expected[card.id] else 0)
            expected[card.id] -= taken
        else:
            refund_id = uuid.uuid4().hex
            for _ in range(2 if step == "give back twice" else 1):
                assert await till.give_back(card.id, minor, refund_id)
            expected[card.id] += minor

    for card in cards:
        now = await till.find(till.code_of(card))
        assert now.balance_minor == expected[card.id]
    await check_ledger()
