from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, an_order
from restaurant.core.errors import Conflict, Refused
from restaurant.features.payments import rules
from restaurant.features.payments.models import (
    Counted,
    Part,
    Payment,
    Standing,
    TakePayment,
)
from restaurant.features.restaurants.models import AcceptedPayment
from restaurant.models import Flag, OrderStatus, OrderType, PaymentMethod, PaymentStatus

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


def lightning_of(order, msat):
    cash = cash_of(order, None, msat)
    return replace(cash, method=PaymentMethod.LIGHTNING, currency="sat")


def count(order, paid=(), step=1, **fields):
    due = rules.all_due(order, list(paid))
    return rules.count_cash(order, due, TakePayment(method="cash", **fields), step)


# --- cash ----------------------------------------------------------------------


def test_cash_without_an_amount_pays_all_that_is_due_with_change():
    counted = count(an_order_of(), tendered="200.00")

    assert counted == Counted(Part(17_000, 26_968_000), 0, 20_000, 3_000)


def test_part_of_the_sum_is_part_of_the_satoshi():
    counted = count(an_order_of(), amount="85.00")

    assert counted == Counted(Part(8_500, 13_484_000), 0, 8_500, 0)


def test_a_part_is_worth_whole_satoshi_rounded_down():
    assert count(an_order_of(), amount="0.01").part == Part(1, 1_000)
    assert rules.part_of(Part(17_000, 26_968_000), 7) == Part(7, 11_000)


def test_what_is_worth_no_satoshi_is_no_part():
    order = an_order_of(1_000, 100_000)  # ten cents a satoshi

    assert count(order, amount="0.10").part == Part(10, 1_000)
    with pytest.raises(Refused) as refused:
        count(order, amount="0.09")
    assert refused.value.code == "payment.amount"
    assert rules.part_of(Part(9, 1_000), 9) == Part(9, 1_000)


@pytest.mark.parametrize(
    ("total", "step", "to_pay", "rounding"),
    [
        *((1_002, 5, 1_000, -2), (1_003, 5, 1_005, 2), (1_000, 5, 1_000, 0)),
        *((2, 5, 0, -2), (1_250, 100, 1_300, 50), (1_249, 100, 1_200, -49)),
    ],
)
def test_all_that_is_due_is_rounded_to_the_smallest_coin(total, step, to_pay, rounding):
    counted = count(an_order_of(total), step=step, tendered=f"{total / 100 + 5:.2f}")

    assert counted.part == Part(total, 26_968_000)
    assert counted.rounding_minor == rounding
    assert counted.change_minor == counted.tendered_minor - to_pay


def test_a_part_must_be_payable_in_coins():
    with pytest.raises(Refused) as refused:
        count(an_order_of(1_002), step=5, amount="3.01")
    assert refused.value.code == "payment.amount"
    assert count(an_order_of(1_002), step=5, amount="3.05").part.amount_minor == 305


@pytest.mark.parametrize("amount", ["10.02", "10.00"])
def test_the_exact_and_the_rounded_sum_both_pay_everything(amount):
    counted = count(an_order_of(1_002), step=5, amount=amount)

    assert counted == Counted(Part(1_002, 26_968_000), -2, 1_000, 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount": "170.01"}, "payment.amount"),
        ({"amount": "0"}, "payment.amount"),
        ({"amount": "-1"}, "payment.amount"),
        ({"amount": "NaN"}, "field.invalid"),
        ({"amount": "1.001"}, "field.invalid"),
        ({"amount": "1e3"}, "field.invalid"),
        ({"amount": "9" * 16}, "field.invalid"),
        ({"amount": True}, "field.invalid"),
        ({"amount": [1]}, "field.invalid"),
        ({"tendered": "169.99"}, "payment.tendered"),
        ({"tendered": "-5"}, "payment.tendered"),
        ({"tendered": "Infinity"}, "field.invalid"),
    ],
)
def test_odd_cash_is_refused(fields, code):
    with pytest.raises(Refused) as refused:
        count(an_order_of(), **fields)
    assert refused.value.code == code


# --- what is due ------------------------------------------------------------------


def test_nothing_due_takes_no_payment():
    order = an_order_of()
    paid = cash_of(order, order.total_minor, order.total_msat)

    with pytest.raises(Conflict) as refused:
        rules.all_due(order, [paid])
    assert refused.value.code == "payment.nothing_due"


@pytest.mark.parametrize("status", ["canceled", "refunded"])
def test_an_order_that_has_ended_takes_no_payment(status):
    with pytest.raises(Conflict):
        rules.all_due(replace(an_order_of(), status=OrderStatus(status)), [])


def test_what_came_by_lightning_is_worth_its_share_of_the_total():
    order = an_order_of(total_minor=1_000, total_msat=3_000)

    assert rules.all_due(order, [lightning_of(order, 1_000)]) == Part(667, 2_000)


def test_as_long_as_a_satoshi_is_due_so_is_a_cent():
    order = an_order_of(total_minor=1, total_msat=1_000_000)

    assert rules.due_minor(order, [lightning_of(order, 999_000)]) == 1


@pytest.mark.parametrize("status", list(PaymentStatus))
def test_only_money_that_came_and_was_not_lost_counts(status):
    order = an_order_of()
    payment = replace(lightning_of(order, 1_000), status=status)

    counts = status in ("captured", "settled", "disputed")
    assert rules.paid_msat([payment]) == (1_000 if counts else 0)


@given(
    st.integers(1, 10**9),
    st.integers(1, 10**9),
    st.lists(st.tuples(st.booleans(), st.integers(1, 10**9)), max_size=10),
    st.sampled_from([1, 5, 100]),
)
def test_any_sequence_of_payments_ends_with_exactly_the_total(
    minor, sats, payments, step
):
    order, paid = an_order_of(minor, sats * 1000), []
    for by_lightning, amount in (*payments, (False, minor), (True, sats)):
        if not rules.due_msat(order.total_msat, rules.paid_msat(paid)):
            break
        due = rules.all_due(order, paid)
        assert due.amount_minor > 0
        assert due.amount_msat % 1000 == 0
        if by_lightning:
            sent = min(amount * 1000, due.amount_msat)
            paid.append(lightning_of(order, sent))
            continue
        whole = amount // step * step
        fits = step <= whole < due.amount_minor
        body = TakePayment(method="cash", amount=f"{whole / 100:.2f}" if fits else None)
        if fits and whole * due.amount_msat < due.amount_minor * 1000:
            continue  # worth less than a satoshi
        part = rules.count_cash(order, due, body, step).part
        assert part.amount_msat <= due.amount_msat
        paid.append(cash_of(order, part.amount_minor, part.amount_msat))
    assert rules.paid_msat(paid) == order.total_msat
    assert rules.due_minor(order, paid) == 0
    in_cash = sum(p.amount_minor for p in paid if p.amount_minor is not None)
    assert in_cash <= minor


@pytest.mark.parametrize(
    ("paid", "flags", "standing"),
    [
        *((0, (), "unpaid"), (1, (), "part_paid"), (5, (), "paid")),
        *((6, (), "overpaid"), (5, ("paid_late",), "late")),
        *((6, ("paid_late",), "late"), (1, ("paid_late",), "part_paid")),
    ],
)
def test_the_standing_follows_from_what_was_paid(paid, flags, standing):
    order = replace(an_order_of(5, 5), flags=frozenset(map(Flag, flags)))

    assert rules.standing(order, paid) is Standing(standing)


# --- a part by Lightning ----------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "currency", "msat"),
    [
        *((None, None, 26_968_000), ("85.00", "GTQ", 13_484_000)),
        *(("100", "sat", 100_000), ("100", "SATS", 100_000), ("1000", "msat", 1_000)),
        *(("0.00000001", "BTC", 1_000), ("0.01", None, 1_000)),
    ],
)
def test_an_invoice_is_over_the_part_that_was_asked_for(amount, currency, msat):
    order = an_order_of()
    body = TakePayment(method="lightning", amount=amount, currency=currency)

    due = rules.all_due(order, [])
    assert rules.invoice_part(order, due, body).amount_msat == msat


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        *(("26969", "sat", "payment.amount"), ("0", "sat", "payment.amount")),
        *(("-1", "sat", "payment.amount"), ("1.5", "sat", "field.invalid")),
        *(("999", "msat", "field.invalid"), ("170.01", "GTQ", "payment.amount")),
    ],
)
def test_an_odd_part_by_lightning_is_refused(amount, currency, code):
    order = an_order_of()
    body = TakePayment(method="lightning", amount=amount, currency=currency)

    with pytest.raises(Refused) as refused:
        rules.invoice_part(order, rules.all_due(order, []), body)
    assert refused.value.code == code


# --- what is taken ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("device", "method", "order_type", "currency", "code"),
    [
        ((), "cash", "pickup", "GTQ", None),
        (("cash",), "cash", "pickup", "GTQ", None),
        (("lightning",), "cash", "pickup", "GTQ", "payment.method"),
        ((), "cash", "delivery", "GTQ", "payment.method"),
        ((), "cash", "pickup", "USD", "payment.currency"),
        ((), "lightning", "delivery", "sat", None),
        ((), "card", "pickup", "GTQ", "payment.method"),
    ],
)
def test_only_what_the_restaurant_takes_is_taken(
    device, method, order_type, currency, code
):
    accepted = [
        AcceptedPayment(method="lightning"),
        AcceptedPayment(
            method="cash", order_types=["pickup", "dine_in"], currencies=["GTQ"]
        ),
    ]
    asked = (accepted, device, PaymentMethod(method), OrderType(order_type), currency)

    if code is None:
        rules.check_accepted(*asked)
        return
    with pytest.raises(Refused) as refused:
        rules.check_accepted(*asked)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("method", "currency", "amount", "known"),
    [
        *(("cash", None, None, "GTQ"), ("cash", "gtq", None, "GTQ")),
        *(("lightning", None, None, "sat"), ("lightning", None, "1", "GTQ")),
        *(("lightning", "SATS", "1", "sat"), ("card", None, "1", "GTQ")),
    ],
)
def test_a_payment_names_the_currency_of_its_order_or_satoshi(
    method, currency, amount, known
):
    body = TakePayment(method=method, currency=currency, amount=amount)

    assert rules.currency_of(an_order_of(), body) == known


@pytest.mark.parametrize("method", ["cash", "card", "gift_card", "lightning"])
def test_another_currency_is_refused(method):
    with pytest.raises(Refused) as refused:
        rules.currency_of(an_order_of(), TakePayment(method=method, currency="EUR"))
    assert refused.value.code == "payment.currency"
