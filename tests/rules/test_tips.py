"""What may be tipped, whose it is, and that payouts add up to the last satoshi."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_line, a_refund, an_order
from restaurant.core import limits
from restaurant.core.errors import Conflict, NotFound, Refused
from restaurant.features.payouts import rules as payouts
from restaurant.features.payouts.models import (
    NewPayouts,
    Payout,
    PayoutStatus,
    PayTo,
    PoolShare,
)
from restaurant.features.payouts.rules import Portion
from restaurant.features.refunds.models import Problem, RefundLine, Target
from restaurant.features.restaurants.models import TipTo
from restaurant.features.staff.models import Member
from restaurant.features.tips import rules
from restaurant.features.tips.models import NewTip, Sum, TipKind, Whose
from restaurant.models import Actor, Role

OWNER = Actor(Role.OWNER)
DAY = 86_400_000
ANA = Whose(TipTo.SERVER, "ana")
POOL = Whose(TipTo.POOL)
RESTAURANT = Whose(TipTo.RESTAURANT)

msat = st.integers(-(10**12), 10**12)
currencies = st.sampled_from(["GTQ", "EUR", "sat"])
sums = st.builds(Sum, currencies, msat, st.integers(-(10**9), 10**9))
portions = st.lists(st.integers(1, limits.TIP_WEIGHT_MAX), min_size=1, max_size=30).map(
    lambda weights: [Portion(f"staff-{n}", w) for n, w in enumerate(weights)]
)


def tipped(tip_msat=200_000, total_msat=2_000_000, **more):
    """An order of 2 000 sat with a tip of 200 in it, at 158.635 sat per GTQ."""
    return an_order(tip_msat=tip_msat, total_msat=total_msat, total_minor=1_261, **more)


def a_member(name="ana", **changes):
    member = Member(name, "restaurant-0", name, None, None, 1, True, NOW)
    return replace(member, **changes)


def total(parts):
    return sum(part.amount_msat for part in parts), sum(
        part.amount_minor for part in parts
    )


# --- what may be given -----------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "at", "code"),
    [
        ({"status": "pending", "paid_at": None}, NOW, "tip.unpaid"),
        ({"status": "accepted", "paid_at": None}, NOW, "tip.unpaid"),
        ({"status": "canceled"}, NOW, "tip.over"),
        ({"status": "refunded"}, NOW, "tip.over"),
        ({"status": "completed"}, NOW + 7 * DAY, "tip.over"),
    ],
)
def test_when_nothing_may_be_tipped(order, at, code):
    with pytest.raises(Conflict) as refused:
        rules.check_open(tipped(**order), 7, at)
    assert refused.value.code == code


@pytest.mark.parametrize("status", ["paid", "accepted", "ready", "completed"])
def test_a_paid_order_may_be_tipped_for_days(status):
    rules.check_open(tipped(status=status), 7, NOW + 7 * DAY - 1)


@given(st.integers(1, 10**6))
def test_an_amount_in_the_currency_is_never_worth_less(minor):
    amount = f"{minor // 100}.{minor % 100:02d}"
    order = tipped(total_msat=10**12)
    asked = rules.asked(order, NewTip(amount=amount), None)
    exact = Fraction(minor, 100) * Fraction("158.635") * 1000
    assert asked.amount_msat % 1000 == 0
    assert 0 <= asked.amount_msat - exact < 1000
    assert asked.amount_minor == minor


@given(st.integers(0, 10_000), st.integers(1_000, 10**9))
def test_a_percentage_is_of_the_order_without_its_tip(hundredths, total_msat):
    order = tipped(200_000 if total_msat > 200_000 else 0, total_msat)
    percent = f"{hundredths // 100}.{hundredths % 100:02d}"
    exact = Fraction(hundredths, 10_000) * (order.total_msat - order.tip_msat)
    if not exact:
        with pytest.raises(Refused) as refused:
            rules.asked(order, NewTip(percent=percent), None)
        assert refused.value.code == "tip.too_small"
        return
    asked = rules.asked(order, NewTip(percent=percent), None)
    assert 0 <= asked.amount_msat - exact < 1000


def test_an_order_without_a_rate_uses_todays():
    order = tipped(rates={})
    body = NewTip(amount="1.00")

    assert rules.needs_rate(order, body)
    assert rules.asked(order, body, Decimal(100)).amount_msat == 100_000
    assert not rules.needs_rate(order, NewTip(percent="5"))
    assert not rules.needs_rate(tipped(), body)


@pytest.mark.parametrize(
    ("currency", "amount", "amount_msat"),
    [("sat", "21", 21_000), ("msat", "21500", 22_000), ("BTC", "0.00000021", 21_000)],
)
def test_lightning_units_need_no_rate(currency, amount, amount_msat):
    order = tipped(currency=currency, rates={})

    assert not rules.needs_rate(order, NewTip(amount=amount))
    assert rules.asked(order, NewTip(amount=amount), None).amount_msat == amount_msat


def test_a_free_meal_can_be_tipped():
    order = tipped(0, 0, rates={}, currency="sat")

    assert rules.max_msat(order) == limits.TIP_FREE_MSAT
    assert rules.asked(order, NewTip(amount_msat=5_000), None).amount_minor == 5


def test_as_much_again_as_the_order_may_be_tipped():
    order = tipped(total_msat=3_000_000_000)

    rules.asked(order, NewTip(amount_msat=3_000_000_000), None)
    with pytest.raises(Refused) as refused:
        rules.asked(order, NewTip(amount_msat=3_000_001_000), None)
    assert refused.value.facts == {"max_msat": 3_000_000_000}


# --- whose it is -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "server_id", "has_pool", "owner"),
    [
        (TipTo.RESTAURANT, "ana", True, RESTAURANT),
        (TipTo.POOL, "ana", False, POOL),
        (TipTo.SERVER, "ana", True, ANA),
        (TipTo.SERVER, None, True, POOL),
        (TipTo.SERVER, None, False, RESTAURANT),
    ],
)
def test_whose_a_tip_is(wish, server_id, has_pool, owner):
    assert rules.whose(wish, server_id, has_pool=has_pool) == owner


@pytest.mark.parametrize(
    ("order", "is_earned"),
    [
        ({}, True),
        ({"status": "completed"}, True),
        ({"paid_at": None, "status": "accepted"}, False),
        ({"flags": ["paid_late", "refund_due"]}, False),
        ({"flags": ["oversold"]}, False),
        ({"flags": ["overpaid", "refund_due"]}, True),
        ({"status": "canceled"}, False),
    ],
)
def test_a_tip_is_given_with_an_order_that_is_paid_and_made(order, is_earned):
    assert rules.is_earned(tipped(**order)) is is_earned


def test_a_tip_that_moved_goes_back_from_where_it_is():
    order = tipped()
    given_ = rules.checkout(order, POOL, "t", NOW)
    gone = rules.moved(
        *("restaurant-0", order.id, Sum("GTQ", 200_000, 126)),
        *((POOL, ANA), ("m1", "m2"), NOW + 1),
    )

    assert rules.owner_of([given_]) == POOL
    assert rules.owner_of([given_, *gone]) == ANA
    assert rules.open_elsewhere([given_, *gone], ANA) == []
    assert rules.open_elsewhere([given_, *gone], POOL) == [
        (ANA, Sum("GTQ", 200_000, 126))
    ]
    taken = [replace(each, payout_id="p") for each in [given_, *gone]]
    assert rules.open_elsewhere(taken, POOL) == []


# --- back with refunds --------------------------------------------------------------


def follow(order, entries, paid_msat, refunds):
    """The ledger of the order after its refunds are as they are now."""
    back = rules.returned(order, entries, paid_msat, refunds, "r", NOW)
    return [*entries, back] if back else entries


@given(
    st.integers(0, 10**9),
    st.integers(1, 10**9),
    st.integers(0, 10**6),
    st.lists(
        st.tuples(
            st.integers(1, 10**9),
            st.sampled_from(["requested", "approved", "sent", "failed", "canceled"]),
        ),
        max_size=8,
    ),
)
def test_what_goes_back_is_never_more_than_the_tip(tip, rest, surplus, wanted):
    order = tipped(tip, tip + rest)
    entries = [rules.checkout(order, POOL, "t", NOW)]
    paid, refunds = order.total_msat + surplus, []
    left = paid
    for amount, status in wanted:
        amount = min(amount, left)
        refunds.append(a_refund(amount, status))
        left -= amount if status in ("requested", "approved", "sent") else 0
        entries = follow(order, entries, paid, refunds)
        gone = sum(r.amount_msat for r in refunds if r.status in ("approved", "sent"))
        back = min(order.total_msat, max(0, gone - surplus))
        kept = sum(each.amount_msat for each in entries)
        assert kept == tip - tip * back // order.total_msat
        assert 0 <= kept <= tip
        assert follow(order, entries, paid, refunds) == entries
    gone_wrong = [replace(r, status=type(r.status)("failed")) for r in refunds]
    entries = follow(order, entries, paid, gone_wrong)
    assert total(entries) == total(entries[:1])
    assert len({each.reference for each in entries}) == len(entries)


def test_refunds_of_lines_take_tip_even_when_too_much_was_paid():
    line = a_line()
    order = tipped(lines=(line,))
    refund = a_refund(1_000_000, "sent", lines=(RefundLine(line.id, 1),))
    entries = [rules.checkout(order, ANA, "t", NOW)]

    [_, back] = follow(order, entries, 9_000_000, [refund])

    assert (back.kind, back.amount_msat, back.whose) == (
        *(TipKind.RETURNED, -100_000),
        ANA,
    )


def test_an_order_that_gave_no_tip_takes_none_back():
    assert follow(tipped(), [], 2_000_000, [a_refund(2_000_000, "sent")]) == []


# --- payouts -----------------------------------------------------------------------


def test_the_table_of_steps():
    assert {
        old.value: sorted(new.value for new in news)
        for old, news in payouts.STEPS.items()
    } == {
        "waiting": ["canceled", "failed", "sending", "sent"],
        "sending": ["failed", "sent", "waiting"],
        "sent": [],
        "failed": [],
        "canceled": [],
    }


@given(st.lists(sums, max_size=4))
def test_whole_satoshi_are_paid_and_the_rest_is_left(open_sums):
    payable, rest = payouts.whole(open_sums)

    assert total([*payable, *rest]) == total(open_sums)
    assert all(each.amount_msat % 1000 == 0 for each in payable)
    assert all(0 <= each.amount_msat < 1000 for each in rest)
    assert payouts.payable_msat(open_sums) == max(0, total(payable)[0])


@given(st.integers(0, 10**9), msat.map(abs), portions)
def test_shares_of_the_pool_always_add_up(sats, minor, members):
    pool = Sum("GTQ", sats * 1000, minor)

    shares = [part for _, part in payouts.shared(pool, members)]

    assert total(shares) == (pool.amount_msat, pool.amount_minor)
    whole = sum(each.weight for each in members)
    for each, part in zip(members, shares, strict=True):
        exact = Fraction(sats * each.weight, whole)
        assert abs(part.amount_msat // 1000 - exact) < 1
        assert part.amount_msat % 1000 == 0


@given(st.lists(sums, max_size=3), portions)
def test_sharing_the_pool_makes_and_loses_nothing(open_sums, members):
    payable, rest = payouts.whole(open_sums)

    carried = payouts.carried("r", POOL, rest, "batch", NOW)
    entries = payouts.pool_entries("r", payable, members, "batch", NOW)

    assert total(carried) == total(entries) == (0, 0)
    taken = [each for each in [*carried, *entries] if each.payout_id == "batch"]
    in_pool = [each.amount_msat for each in taken]
    assert sum(in_pool) + total(open_sums)[0] == 0
    open_again = [each for each in carried if each.payout_id is None]
    assert total(open_again)[0] == total(rest)[0]
    assert {each.recipient for each in entries} <= {TipTo.POOL, TipTo.SERVER}


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("tip"), st.integers(-50_000, 100_000)),
            st.tuples(st.just("pay"), st.just(0)),
            st.tuples(st.just("fail"), st.integers(0, 5)),
        ),
        max_size=40,
    )
)
def test_whatever_happens_every_tip_is_open_or_paid_once(events):
    """A ledger of one member, with payouts of which any may come to nothing."""
    entries, amounts, earned = [], {}, 0
    for number, (what, value) in enumerate(events):
        if what == "tip":
            earned += value
            entries.append(
                payouts._entry(
                    *("r", TipKind.LATER, f"t{number}", ANA),
                    *(Sum("sat", value, 0), None, NOW),
                )
            )
        elif what == "pay":
            free = [each for each in entries if each.payout_id is None]
            open_sum = [Sum("sat", *total(free))]
            amount = payouts.payable_msat(open_sum)
            if not amount:
                continue
            name = f"p{number}"
            amounts[name] = amount
            entries = [
                each if each.payout_id else replace(each, payout_id=name)
                for each in entries
            ]
            entries += payouts.carried("r", ANA, payouts.whole(open_sum)[1], name, NOW)
        elif amounts:
            name = list(amounts)[value % len(amounts)]
            del amounts[name]
            entries = [
                replace(each, payout_id=None) if each.payout_id == name else each
                for each in entries
            ]
        for name, amount in amounts.items():
            taken = [each for each in entries if each.payout_id == name]
            assert total(taken)[0] == amount > 0
        assert total(entries)[0] == earned
        assert len({each.reference for each in entries}) == len(entries)


def test_who_is_paid_and_who_shares():
    ana, ben = a_member("ana", weight=3), a_member("ben", weight=0)
    gone = a_member("gone", is_active=False)
    members = {each.id: each for each in (ana, ben, gone)}

    everybody = NewPayouts()
    assert payouts.chosen(everybody, members) == ["ana", "ben", "gone"]
    assert payouts.sharers(everybody, members) == [Portion("ana", 3)]
    only = NewPayouts(staff_ids=["ben"])
    assert payouts.chosen(only, members) == ["ben"]
    assert payouts.sharers(only, members) == []
    named = NewPayouts(pool=[PoolShare(staff_id="ben", weight=2)])
    assert payouts.sharers(named, members) == [Portion("ben", 2)]
    with pytest.raises(NotFound):
        payouts.chosen(NewPayouts(staff_ids=["eve"]), members)
    with pytest.raises(Refused) as refused:
        payouts.sharers(NewPayouts(pool=[PoolShare(staff_id="gone")]), members)
    assert refused.value.code == "staff.inactive"


def a_payout(status="waiting", **changes):
    payout = Payout(
        *("p", "restaurant-0", "ana", PayoutStatus(status), 5_000, PayTo.LNURL),
        *("lnurl1", "owner", NOW),
    )
    return replace(payout, **changes)


@pytest.mark.parametrize(
    ("member", "destination", "value"),
    [
        ({"pay_to": "ana@wallet.example"}, PayTo.LIGHTNING_ADDRESS, None),
        ({"pay_to": "lnurl1qq"}, PayTo.LNURL, None),
        ({"wallet_id": "w"}, PayTo.WALLET, "w"),
    ],
)
def test_where_a_payout_goes(member, destination, value):
    ana = a_member(**member)
    made = payouts.new_payout("p", ana, 5_000, NewPayouts(), OWNER, NOW)

    assert (made.status, made.next_try_at) == (PayoutStatus.WAITING, NOW)
    assert (made.destination, made.value) == (destination, value or member["pay_to"])


def test_a_member_with_nowhere_to_send_to_is_paid_in_cash_only():
    with pytest.raises(Refused) as refused:
        payouts.new_payout("p", a_member(), 5_000, NewPayouts(), OWNER, NOW)
    assert refused.value.code == "payout.destination"
    cash = NewPayouts(destination="cash")
    made = payouts.new_payout("p", a_member(), 5_000, cash, OWNER, NOW)
    assert (made.status, made.sent_at, made.next_try_at) == (
        *(PayoutStatus.SENT, NOW),
        None,
    )


def test_one_invoice_at_a_time():
    target = Target("lnbc", "hash", 5_000, NOW + DAY, "bc")
    sending = payouts.sending(a_payout(tries=2), target, "wallet", NOW)

    assert (sending.payment_hash, sending.tries) == ("hash", 3)
    assert sending.next_try_at == NOW + limits.REFUND_LEASE_MS
    for step in (payouts.canceled,):
        with pytest.raises(Conflict):
            step(sending, NOW)
    with pytest.raises(Conflict):
        payouts.sending(sending, target, "wallet", NOW)
    waiting = payouts.put_off(sending, Problem.NODE_AWAY, NOW)
    assert (waiting.status, waiting.payment_hash, waiting.tries) == (
        *(PayoutStatus.WAITING, None),
        3,
    )


def test_missing_funds_are_no_try_and_a_silent_server_is():
    poor = payouts.put_off(a_payout(tries=7), Problem.INSUFFICIENT_BALANCE, NOW)
    silent = payouts.without_target(a_payout(tries=7), Problem.INVOICE_EXPIRED, NOW)
    last = payouts.without_target(
        a_payout(tries=limits.REFUND_TRIES_MAX), Problem.INVOICE_EXPIRED, NOW
    )

    assert (poor.tries, poor.next_try_at) == (7, NOW + 15_000)
    assert (silent.tries, silent.problem) == (8, Problem.DESTINATION)
    assert (last.status, last.problem) == (PayoutStatus.FAILED, Problem.DESTINATION)
