"""A refund's steps, its destination, and what it does to its order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_line, a_refund, an_order
from restaurant.core import limits, transfers
from restaurant.core.errors import Conflict, Refused
from restaurant.features.orders import rules as order_rules
from restaurant.features.orders.models import Books
from restaurant.features.payments.models import Payment
from restaurant.features.refund_amounts import rules as amounts
from restaurant.features.refunds import rules
from restaurant.features.refunds.models import (
    Destination,
    DestinationBody,
    Problem,
    RefundLine,
    RefundStatus,
    Target,
)
from restaurant.features.stock.models import Use
from restaurant.models import (
    SYSTEM,
    Actor,
    Flag,
    OrderStatus,
    PaymentMethod,
    PaymentStatus,
    Role,
)

R = RefundStatus
OWNER = Actor(Role.OWNER)
DAY = 86_400_000
TOTAL = 26_968_000


def an_order_of(total_minor=17_000, total_msat=TOTAL, *lines, **more):
    return an_order(*lines, total_minor=total_minor, total_msat=total_msat, **more)


def a_payment(method, msat, captured_at=NOW, status="captured"):
    return Payment(
        id=f"{method}-{captured_at}",
        restaurant_id="restaurant-0",
        order_id="order",
        method=PaymentMethod(method),
        status=PaymentStatus(status),
        amount_msat=msat,
        received_msat=msat,
        currency="sat",
        actor="guest",
        created_at=captured_at,
        captured_at=captured_at,
    )


def test_the_table_of_steps():
    assert {
        old.value: sorted(new.value for new in news)
        for old, news in rules.STEPS.items()
    } == {
        "requested": ["approved", "canceled"],
        "approved": ["canceled", "failed", "sending", "sent"],
        "sending": ["approved", "failed", "sent"],
        "sent": [],
        "failed": [],
        "canceled": [],
    }


def test_what_a_drawer_cannot_pay_out_is_refused():
    small = a_refund(1_000, "requested", destination=Destination.CASH)

    with pytest.raises(Refused) as refused:
        rules.check_payable(small)
    assert refused.value.code == "refund.amount"
    rules.check_payable(replace(small, amount_minor=1))
    rules.check_payable(replace(small, destination=Destination.WITHDRAW))


# --- steps and times --------------------------------------------------------------


def test_an_approved_withdraw_waits_for_its_guest_until_it_expires():
    refund = a_refund(1_000, "requested")

    approved = rules.approved(refund, OWNER, NOW, 30 * DAY)

    assert (approved.expires_at, approved.next_try_at) == (NOW + 30 * DAY,) * 2
    elsewhere = replace(refund, destination=Destination.BOLT11)
    assert rules.approved(elsewhere, OWNER, NOW, DAY).next_try_at == NOW


def test_one_invoice_at_a_time():
    refund = a_refund(1_000, "approved", tries=2, problem=Problem.NODE_AWAY)
    target = Target("lnbc1", "hash", 1_000, NOW + DAY, "bc")

    sending = rules.sending(refund, target, "wallet", NOW)

    assert (sending.payment_hash, sending.payment_request) == ("hash", "lnbc1")
    assert (sending.tries, sending.problem, sending.wallet_id) == (3, None, "wallet")
    assert sending.next_try_at == NOW + limits.REFUND_LEASE_MS
    with pytest.raises(Conflict):
        rules.sending(sending, target, "wallet", NOW)
    with pytest.raises(Conflict):
        rules.canceled(sending, NOW)


@pytest.mark.parametrize(
    ("tries", "gap"),
    [(0, 15), (1, 15), (2, 30), (3, 60), (6, 480), (7, 600), (99, 600)],
)
def test_the_gap_between_tries_doubles_up_to_ten_minutes(tries, gap):
    assert transfers.retry_gap_ms(tries) == gap * 1000


def test_missing_funds_are_looked_for_every_fifteen_seconds_and_are_no_try():
    refund = a_refund(1_000, "approved", tries=7, destination=Destination.LNURL)

    poor = rules.put_off(refund, Problem.INSUFFICIENT_BALANCE, NOW)
    away = rules.put_off(refund, Problem.NODE_AWAY, NOW)

    assert (poor.tries, poor.next_try_at) == (7, NOW + 15_000)
    assert (away.tries, away.next_try_at) == (8, NOW + 600_000)


@pytest.mark.parametrize(
    ("destination", "expires_at", "status"),
    [
        ("withdraw", NOW + 1, "approved"),
        ("withdraw", NOW, "failed"),
        ("bolt11", None, "failed"),
        ("lightning_address", None, "failed"),
    ],
)
def test_after_a_failure_only_a_withdraw_may_be_fetched_again(
    destination, expires_at, status
):
    refund = a_refund(
        1_000,
        "sending",
        destination=Destination(destination),
        expires_at=expires_at,
        payment_hash="hash",
        payment_request="lnbc",
    )

    after = rules.after_failure(refund, Problem.PAYMENT_FAILED, NOW)

    assert (after.status.value, after.problem) == (status, Problem.PAYMENT_FAILED)
    assert after.payment_hash == (None if status == "approved" else "hash")


@pytest.mark.parametrize(
    ("destination", "tries", "status", "problem"),
    [
        ("bolt11", 0, "failed", "invoice_paid"),
        ("lnurl", 0, "approved", "destination"),
        ("lnurl", limits.REFUND_TRIES_MAX, "failed", "destination"),
    ],
)
def test_without_an_invoice_an_address_is_asked_again(
    destination, tries, status, problem
):
    refund = a_refund(
        1_000, "approved", destination=Destination(destination), tries=tries
    )

    after = rules.without_target(refund, Problem.INVOICE_PAID, NOW)

    assert (after.status.value, after.problem.value) == (status, problem)


@pytest.mark.parametrize(
    ("msat", "percent", "most"),
    [
        *((1_000, "1", 10_000), (1_000_000_000, "1", 10_000_000)),
        *(
            (1_000_000, "0", 10_000),
            (2_000_000, "0.75", 15_000),
            (1_999_999, "1", 19_999),
        ),
    ],
)
def test_routing_may_cost_the_owners_percentage_or_ten_satoshi(msat, percent, most):
    assert transfers.fee_limit_msat(msat, percent) == most


# --- destinations -----------------------------------------------------------------

LNURL = "lnurl1dp68gup69uhnzv3h9cczuvpwxyarsvpsxyhhqcte9auqugkav6"


@pytest.mark.parametrize(
    ("to", "value", "stored"),
    [
        ("withdraw", "anything", None),
        ("cash", None, None),
        ("gift_card", None, None),
        ("gift_card", " ABCD-EFGH ", "ABCD-EFGH"),
        ("bolt11", " lightning:lnbc1x", "lnbc1x"),
        ("bolt11", "LIGHTNING:LNBC1X", "LNBC1X"),
        ("lightning_address", "Ana@Example.com", "ana@example.com"),
        ("lnurl", f"LIGHTNING:{LNURL.upper()}", LNURL),
        ("lnurl", LNURL, LNURL),
    ],
)
def test_a_destination_as_it_is_used(to, value, stored):
    assert rules.destination_value(DestinationBody(to=to, value=value)) == stored


@pytest.mark.parametrize(
    ("to", "value"),
    [
        *(("bolt11", None), ("bolt11", "  "), ("bolt11", "lnbc" + "1" * 2_000)),
        *(("bolt11", "ln\0bc"), ("lightning_address", "ana"), ("lnurl", None)),
        *(("lightning_address", "ana@127.0.0.1"), ("lightning_address", "a@localhost")),
        *(("lightning_address", "a@x.com:80"), ("lightning_address", "a@x.com/path")),
        *(("lightning_address", "https://x.com"), ("lnurl", "http://127.0.0.1/pay")),
        *(("lightning_address", "a@[::1]"), ("lightning_address", "a@b@c.com")),
        ("gift_card", "x" * 2_001),
    ],
)
def test_bad_destinations_are_refused(to, value):
    with pytest.raises(Refused) as refused:
        rules.destination_value(DestinationBody(to=to, value=value))

    assert refused.value.code == "refund.destination"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"currency": "tb"}, "refund.network"),
        ({"currency": "bcrt"}, "refund.network"),
        ({"amount_msat": 0}, "refund.amountless"),
        ({"amount_msat": 1_001}, "refund.invoice_amount"),
        ({"amount_msat": 999}, "refund.invoice_amount"),
        ({"expires_at": NOW + 19_999}, "refund.expired"),
        ({"expires_at": NOW - DAY}, "refund.expired"),
    ],
)
def test_an_invoice_is_over_the_amount_of_the_network_and_alive(changes, code):
    target = replace(Target("lnbc", "hash", 1_000, NOW + 20_000, "bc"), **changes)
    if code is None:
        assert rules.check_target(target, 1_000, "bc", NOW) is None
        return

    with pytest.raises(Refused) as refused:
        rules.check_target(target, 1_000, "bc", NOW)

    assert refused.value.code == code


# --- money that goes back by itself -----------------------------------------------


def parts(payments, refunds, owed):
    found = amounts.automatic_parts(payments, refunds, owed)
    return [(payment.method.value, msat) for payment, msat in found]


def test_owed_money_goes_back_the_way_it_came_latest_first():
    cash = a_payment("cash", 3_000, NOW)
    card = a_payment("gift_card", 2_000, NOW + 1)
    lightning = a_payment("lightning", 5_000, NOW + 2)
    paid = [cash, card, lightning]

    assert parts(paid, [], 10_000) == [("lightning", 5_000), ("gift_card", 2_000)]
    assert parts(paid, [], 6_000) == [("lightning", 5_000), ("gift_card", 1_000)]
    assert parts(paid, [], 4_000) == [("lightning", 4_000)]
    earlier = a_refund(6_000)
    assert parts(paid, [earlier], 4_000) == [("gift_card", 1_000)]
    assert parts([cash], [], 3_000) == []


@given(
    paid=st.lists(
        st.tuples(
            st.sampled_from(["cash", "card", "gift_card", "lightning"]),
            st.integers(1, 10**6),
        ),
        max_size=6,
    ),
    sent=st.integers(0, 10**6),
    owed=st.integers(0, 10**7),
)
def test_what_goes_by_itself_is_never_more_than_was_owed_or_came(paid, sent, owed):
    payments = [a_payment(method, sat, NOW + n) for n, (method, sat) in enumerate(paid)]
    refunds = [a_refund(sent)] if sent else []

    found = amounts.automatic_parts(payments, refunds, owed)

    assert sum(msat for _, msat in found) <= owed
    for payment, msat in found:
        assert 0 < msat <= payment.received_msat
        assert payment.method.value in ("lightning", "gift_card")


# --- stock ------------------------------------------------------------------------


def stocked(**changes):
    flan = a_line(id="flan", menu_item_id="Flan", quantity=3, uses=(Use("Flan", 1),))
    agua = a_line(id="agua", menu_item_id="Agua", quantity=2)
    return an_order(flan, agua, stock_taken_at=NOW, **changes)


def flans(n, status="sent", approved_at=NOW, restocks=True):
    return a_refund(
        1_000,
        status,
        lines=(RefundLine("flan", n),),
        restocks=restocks,
        approved_at=approved_at,
    )


@pytest.mark.parametrize(
    ("refunds", "lines", "back"),
    [
        ([], (), {"Flan": 3}),
        ([], (RefundLine("flan", 2), RefundLine("agua", 1)), {"Flan": 2}),
        ([flans(2)], (), {"Flan": 1}),
        ([flans(2)], (RefundLine("flan", 2),), {"Flan": 1}),
        ([flans(2, "failed")], (), {"Flan": 1}),  # it was put back all the same
        ([flans(2, "canceled")], (), {"Flan": 1}),
        ([flans(2, "requested", None)], (), {"Flan": 3}),
        ([flans(2, restocks=False)], (), {"Flan": 3}),
        ([flans(2, approved_at=NOW - 1)], (), {"Flan": 3}),  # of a time before
        ([flans(1), flans(2)], (), {}),
    ],
)
def test_nothing_goes_back_on_the_shelf_twice(refunds, lines, back):
    assert amounts.to_restock(stocked(), refunds, lines) == back


# --- what refunds do to their order -----------------------------------------------


def books(paid, refunded=0, refundable=0, owed=0, surplus=0):
    return Books(
        paid_msat=paid,
        refunded_msat=refunded,
        refundable_msat=refundable,
        owed_msat=owed,
        surplus_msat=surplus,
        due_minor=0,
        standing="paid",
    )


@pytest.mark.parametrize(
    "status", ["paid", "accepted", "ready", "completed", "canceled"]
)
def test_an_order_whose_money_is_all_back_is_refunded_and_the_kitchen_stops(status):
    flags = ("refund_due", "paid_late", "overpaid", "underpaid", "disputed")
    order = an_order_of(status=status, flags=flags)

    decision = order_rules.on_refund(order, books(TOTAL, refunded=TOTAL), SYSTEM)

    assert decision.status is OrderStatus.REFUNDED
    assert decision.flags == {Flag.DISPUTED}
    assert decision.cancels_tickets
    assert [entry.event for entry in decision.entries] == ["order.refunded"]


def test_late_money_of_a_refunded_order_takes_its_flags_along():
    order = an_order_of(status="refunded", flags=("paid_late", "refund_due"))

    decision = order_rules.on_refund(order, books(2 * TOTAL, 2 * TOTAL), SYSTEM)

    assert (decision.status, decision.flags) == (OrderStatus.REFUNDED, frozenset())


def test_flags_follow_what_is_owed():
    order = an_order_of(status="canceled", flags=("refund_due",))

    running = order_rules.on_refund(order, books(TOTAL), SYSTEM)
    assert running.flags == frozenset()
    calm = replace(order, flags=frozenset())
    again = order_rules.on_refund(calm, books(TOTAL, owed=TOTAL), SYSTEM)
    assert again.flags == {Flag.REFUND_DUE}
    assert order_rules.on_refund(calm, books(TOTAL), SYSTEM) is None


def test_a_surplus_on_its_way_back_is_no_longer_overpaid():
    order = an_order_of(status="accepted", flags=("overpaid", "refund_due"))

    still = order_rules.on_refund(order, books(9, owed=1, surplus=1), SYSTEM)
    assert still is None
    done = order_rules.on_refund(order, books(9), SYSTEM)
    assert done.flags == frozenset()


def test_a_canceled_order_comes_back_once_and_only_with_its_money():
    order = an_order_of(status="canceled", flags=("paid_late", "refund_due"))
    whole = books(TOTAL, refundable=TOTAL)

    back = order_rules.resurrect(order, whole, OWNER, NOW)

    assert (back.status, back.flags) == (OrderStatus.ACCEPTED, frozenset())
    assert (back.makes_tickets, back.ticket_round) == (True, 2)
    for wrong, code in [
        (replace(order, resurrected_at=NOW), "order.step"),
        (replace(order, status=OrderStatus.REFUNDED), "order.step"),
        (replace(order, status=OrderStatus.PENDING), "order.step"),
    ]:
        with pytest.raises(Conflict) as conflict:
            order_rules.resurrect(wrong, whole, OWNER, NOW)
        assert conflict.value.code == code
    with pytest.raises(Conflict) as unpaid:
        order_rules.resurrect(order, books(TOTAL, refundable=TOTAL - 1), OWNER, NOW)
    assert unpaid.value.code == "order.unpaid"


# --- what is told -----------------------------------------------------------------


def test_the_journal_hears_figures_and_the_public_shape_no_secret():
    refund = a_refund(
        5_000,
        "sent",
        send_msat=4_000,
        value="ana@example.com",
        destination=Destination.LIGHTNING_ADDRESS,
        reason="Ana found a hair",
        person="Bob",
        payment_hash="hash",
        payment_request="lnbc1",
        fee_msat=3,
    )

    assert rules.told(refund) == {
        "refund_id": refund.id,
        "amount_msat": 5_000,
        "send_msat": 4_000,
        "destination": "lightning_address",
        "payment_hash": "hash",
        "fee_msat": 3,
    }
    shown = rules.view(replace(refund, destination=Destination.GIFT_CARD)).dict()
    assert shown["value"] is None
    secrets = ("withdraw_path", "lnurl", "gift_card_code")
    assert [rules.view(refund).dict()[name] for name in secrets] == [None] * 3
    assert "lnbc1" not in str(rules.view(refund).dict())
