from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, an_order
from restaurant.core.errors import Conflict, Refused
from restaurant.features.payments import rules
from restaurant.features.payments.models import Payment, TakePayment
from restaurant.models import OrderStatus, PaymentMethod, PaymentStatus

SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000


def cash_of(order, minor, msat):
    return Payment(
        id="payment",
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        method=PaymentMethod.CASH,
        status=PaymentStatus.CAPTURED,
        amount_msat=msat,
        received_msat=msat,
        currency=order.currency,
        amount_minor=minor,
        actor="owner",
        created_at=NOW,
    )


def an_order_of(total_minor=17_000, total_msat=26_968_000):
    return an_order(currency="GTQ", total_minor=total_minor, total_msat=total_msat)


@pytest.mark.parametrize(
    ("age", "gap"),
    [
        *((0, 15 * SECOND), (100 * SECOND, 15 * SECOND), (10 * HOUR, HOUR)),
        *((7 * DAY, 6 * HOUR),),
    ],
)
def test_the_older_an_invoice_the_rarer_the_look(age, gap):
    assert rules.next_look(NOW - age, NOW) == NOW + gap


def test_after_a_week_nobody_looks_any_more():
    assert rules.next_look(NOW - 7 * DAY - 1, NOW) is None


def test_cash_without_an_amount_pays_all_that_is_due_with_change():
    body = TakePayment(method="cash", tendered="200.00")

    assert rules.take_cash(an_order_of(), [], body) == (
        17_000,
        26_968_000,
        20_000,
        3_000,
    )


def test_part_of_the_sum_is_part_of_the_satoshi():
    body = TakePayment(method="cash", amount="85.00")

    assert rules.take_cash(an_order_of(), [], body) == (8_500, 13_484_000, 8_500, 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount": "170.01"}, "payment.amount"),
        ({"amount": "0"}, "payment.amount"),
        ({"amount": "-1"}, "payment.amount"),
        ({"amount": "NaN"}, "field.invalid"),
        ({"amount": "1.001"}, "field.invalid"),
        ({"amount": True}, "field.invalid"),
        ({"tendered": "169.99"}, "payment.tendered"),
        ({"currency": "EUR"}, "field.invalid"),
    ],
)
def test_odd_cash_is_refused(fields, code):
    with pytest.raises(Refused) as refused:
        rules.take_cash(an_order_of(), [], TakePayment(method="cash", **fields))
    assert refused.value.code == code


def test_nothing_due_takes_no_cash():
    order = an_order_of()
    paid = cash_of(order, order.total_minor, order.total_msat)

    with pytest.raises(Conflict):
        rules.take_cash(order, [paid], TakePayment(method="cash"))


@pytest.mark.parametrize("status", ["canceled", "refunded"])
def test_an_order_that_has_ended_takes_no_cash(status):
    order = replace(an_order_of(), status=OrderStatus(status))

    with pytest.raises(Conflict):
        rules.take_cash(order, [], TakePayment(method="cash"))


def test_what_came_by_lightning_is_worth_its_share_of_the_total():
    order = an_order_of(total_minor=1_000, total_msat=3_000)
    paid = replace(cash_of(order, 1, 1_000), amount_minor=None)

    assert rules.due_minor(order, [paid]) == 667
    body = TakePayment(method="cash")
    assert rules.take_cash(order, [paid], body) == (667, 2_000, 667, 0)


@given(
    st.integers(1, 10**9),
    st.integers(1, 10**12),
    st.lists(st.integers(1, 10**9), max_size=10),
)
def test_any_sequence_of_cash_ends_with_exactly_the_total(minor, msat, amounts):
    order, paid = an_order_of(minor, msat), []
    for amount in (*amounts, minor):
        due = rules.due_minor(order, paid)
        assert due == minor - sum(payment.amount_minor for payment in paid)
        if due == 0:
            break
        body = TakePayment(method="cash", amount=f"{min(amount, due) / 100:.2f}")
        taken, share, _, change = rules.take_cash(order, paid, body)
        assert (taken, change) == (min(amount, due), 0)
        paid.append(cash_of(order, taken, share))
        assert (rules.paid_msat(paid) == msat) == (taken == due)
    assert rules.paid_msat(paid) == msat
    assert sum(payment.amount_minor for payment in paid) == minor
