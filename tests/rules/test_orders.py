from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import MINUTE, NOW, a_restaurant, an_order
from restaurant.core.errors import Conflict, Refused
from restaurant.features.orders import rules
from restaurant.features.orders.rules import Money
from restaurant.models import GUEST, SYSTEM, Actor, Flag, Role
from restaurant.models import OrderStatus as S

STAFF = Actor(Role.KDS, "d1")
LATE = 15 * MINUTE


def step(order, new, **given):
    kept = {"kept_msat": order.total_msat if new is S.ACCEPTED else 0}
    return rules.step(order, new, STAFF, NOW, **{**kept, **given})


def pay(order, meaning, *, paid=None, short=False, **profile):
    paid = order.total_msat if paid is None else paid
    restaurant = a_restaurant(**profile)
    return rules.on_payment(
        order, meaning, paid, restaurant, SYSTEM, NOW, stock_short=short
    )


@pytest.mark.parametrize("old", list(S))
@pytest.mark.parametrize("new", list(S))
def test_only_the_steps_of_the_table_are_allowed(old, new):
    order = an_order(status=old)

    if new is old:
        assert step(order, new) is None
    elif new in rules.STEPS[old] - {S.PAID}:
        decision = step(order, new)
        assert decision.status is new
        assert [e.event for e in decision.entries] == [f"order.{new.value}"]
    else:
        with pytest.raises(Conflict) as refused:
            step(order, new)
        assert refused.value.code == "order.step"
        assert new.value not in refused.value.facts["allowed"] or new is S.PAID


def test_accepting_with_minutes_promises_a_time():
    decision = step(an_order(status=S.PAID), S.ACCEPTED, promised_minutes=20)

    assert decision.sets == {"accepted_at": NOW, "promised_at": NOW + 20 * MINUTE}
    assert decision.makes_tickets


def test_canceling_a_paid_order_asks_for_a_refund():
    decision = step(an_order(status=S.ACCEPTED), S.CANCELED, kept_msat=1, reason="fire")

    assert decision.flags == {Flag.REFUND_DUE}
    assert decision.sets == {"canceled_at": NOW, "cancel_reason": "fire"}
    assert (decision.cancels_tickets, decision.restores_stock) == (True, True)


def test_what_is_cooked_does_not_return_to_stock():
    assert not step(an_order(status=S.READY), S.CANCELED).restores_stock


def test_refunded_by_hand_needs_a_reason_when_money_came():
    order = an_order(status=S.CANCELED, flags=frozenset({Flag.REFUND_DUE}))

    with pytest.raises(Conflict, match="Refund"):
        step(order, S.REFUNDED, kept_msat=1)
    assert step(order, S.REFUNDED, kept_msat=1, reason="cash").flags == frozenset()


@pytest.mark.parametrize("minutes", [True, 1.5, "5", -1, 1441])
def test_odd_promises_are_refused(minutes):
    with pytest.raises(Refused):
        rules.check_promised(minutes)


@pytest.mark.parametrize(
    ("fields", "paid_before", "received", "at", "meaning"),
    [
        ({}, 0, 100, NOW, Money.PAYS),
        ({}, 0, 99, NOW, Money.PARTIAL),
        ({}, 60, 40, NOW, Money.PAYS),
        ({}, 0, 150, NOW, Money.PAYS),
        ({}, 0, 100, NOW + MINUTE + LATE, Money.PAYS),
        ({}, 0, 100, NOW + MINUTE + LATE + 1, Money.LATE),
        ({"status": S.CANCELED}, 0, 100, NOW, Money.LATE),
        ({"status": S.REFUNDED}, 0, 1, NOW, Money.LATE),
        ({"status": S.PAID, "paid_at": NOW}, 100, 100, NOW, Money.EXTRA),
        ({"status": S.ACCEPTED, "paid_at": None}, 0, 100, NOW, Money.PAYS),
        ({"status": S.ACCEPTED, "paid_at": None}, 0, 50, NOW, Money.PARTIAL),
    ],
)
def test_what_money_means(fields, paid_before, received, at, meaning):
    order = an_order(
        **{
            "total_msat": 100,
            "status": S.PENDING,
            "expires_at": NOW + MINUTE,
            "paid_at": None,
            **fields,
        }
    )

    assert rules.meaning_of_money(order, paid_before, received, at) is meaning


def test_payment_in_time_makes_the_order_paid_and_prints_it():
    decision = pay(an_order(status=S.PENDING), Money.PAYS)

    assert decision.status is S.PAID
    assert decision.sets == {"paid_at": NOW}
    assert decision.makes_tickets
    assert decision.flags == frozenset()


def test_auto_accept_goes_through_paid_and_prints_once():
    decision = pay(an_order(status=S.PENDING), Money.PAYS, auto_accept_orders=True)

    assert decision.status is S.ACCEPTED
    assert [e.event for e in decision.entries] == ["order.paid", "order.accepted"]
    assert decision.makes_tickets


def test_print_on_accepted_waits_for_the_staff():
    assert not pay(
        an_order(status=S.PENDING), Money.PAYS, print_on="accepted"
    ).makes_tickets


def test_an_oversold_order_stays_paid_prints_nothing_and_calls_a_human():
    decision = pay(
        an_order(status=S.PENDING), Money.PAYS, short=True, auto_accept_orders=True
    )

    assert decision.status is S.PAID
    assert decision.flags == {Flag.OVERSOLD, Flag.REFUND_DUE}
    assert not decision.makes_tickets


def test_late_money_on_a_canceled_order_is_kept_and_flagged():
    decision = pay(an_order(status=S.CANCELED), Money.LATE)

    assert decision.status is S.CANCELED
    assert decision.flags == {Flag.PAID_LATE, Flag.REFUND_DUE}
    assert not decision.makes_tickets


def test_late_money_on_a_waiting_order_is_paid_but_never_cooked_by_itself():
    decision = pay(an_order(status=S.PENDING), Money.LATE, auto_accept_orders=True)

    assert decision.status is S.PAID
    assert decision.flags == {Flag.PAID_LATE, Flag.REFUND_DUE}
    assert not decision.makes_tickets


def test_a_second_payment_is_overpaid():
    order = an_order(status=S.ACCEPTED, paid_at=NOW)

    decision = pay(order, Money.EXTRA, paid=2 * order.total_msat)

    assert decision.status is S.ACCEPTED
    assert decision.flags == {Flag.OVERPAID, Flag.REFUND_DUE}
    assert not decision.makes_tickets


def test_a_cash_order_that_is_paid_is_not_cooked_again():
    decision = pay(an_order(status=S.READY, paid_at=None), Money.PAYS)

    assert decision.status is S.READY
    assert decision.sets == {"paid_at": NOW}
    assert not decision.makes_tickets


def test_an_unpaid_order_ends_only_while_it_is_pending():
    order = an_order(status=S.PENDING)

    assert rules.end_pending(order, "expired", 0, SYSTEM, NOW).sets == {
        "canceled_at": NOW,
        "cancel_reason": "expired",
    }
    with pytest.raises(Conflict):
        rules.end_pending(replace(order, status=S.PAID), "expired", 0, SYSTEM, NOW)


def test_a_flag_is_raised_once():
    order = an_order()
    raised = rules.flag(order, Flag.STUCK_INTERNAL, SYSTEM)

    assert raised.flags == {Flag.STUCK_INTERNAL}
    assert (
        rules.flag(replace(order, flags=raised.flags), Flag.STUCK_INTERNAL, SYSTEM)
        is None
    )


def test_the_journal_of_a_new_order_holds_no_personal_data():
    order = an_order(customer_name="Ana", note="allergic", table_name="7")

    text = str(rules.placed_entry(order, GUEST).payload)

    assert not any(word in text for word in ("Ana", "allergic", "'7'"))


@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), max_size=8))
def test_money_is_never_lost_whatever_comes(steps):
    order = an_order(status=S.PENDING, total_msat=100, expires_at=NOW, paid_at=None)
    paid = 0
    for received, cancels in steps:
        meaning = rules.meaning_of_money(order, paid, received, NOW)
        paid += received
        decision = pay(order, meaning, paid=paid)
        order = replace(
            order, status=decision.status, flags=decision.flags, **decision.sets
        )
        if cancels and order.status is S.PENDING:
            end = rules.end_pending(order, "guest", paid, GUEST, NOW)
            order = replace(order, status=end.status, flags=end.flags, **end.sets)
        is_kept = order.status in (S.PAID, S.PENDING) and paid <= 100
        assert is_kept or paid == 0 or Flag.REFUND_DUE in order.flags
