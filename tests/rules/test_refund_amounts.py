"""Refunds never exceed what was paid, whatever happens to them, in either unit."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from pydantic import ValidationError

from builders import NOW, a_line, a_refund, an_order
from restaurant.core import limits
from restaurant.core.errors import Conflict, Refused
from restaurant.features.payments.models import Part
from restaurant.features.refund_amounts import rules as amounts
from restaurant.features.refunds import rules
from restaurant.features.refunds.models import (
    Destination,
    Problem,
    RefundBody,
    RefundLine,
    RefundStatus,
    Target,
    Wish,
)
from restaurant.models import (
    Actor,
    OrderStatus,
    Role,
)

R = RefundStatus
OWNER = Actor(Role.OWNER)
TILL = Actor(Role.POS, "till")
DAY = 86_400_000
TOTAL = 26_968_000


def an_order_of(total_minor=17_000, total_msat=TOTAL, *lines, **more):
    return an_order(*lines, total_minor=total_minor, total_msat=total_msat, **more)


def worth(order, body=None, paid=None, refunds=(), today=None, **fields):
    body = body or RefundBody(**fields)
    paid = order.total_msat if paid is None else paid
    paid = Part(amounts.minor_of(order, paid), paid)
    return amounts.worth_of(order, paid, list(refunds), body, today)


# --- any sequence -----------------------------------------------------------------


class Refunding(RuleBasedStateMachine):
    """People ask, decide and send in any order; what was paid only grows."""

    @initialize(
        prices=st.lists(st.integers(1, 30_000), min_size=1, max_size=5),
        quantities=st.lists(st.integers(1, 4), min_size=5, max_size=5),
        total_sat=st.integers(1, 10**6),
        status=st.sampled_from(["paid", "accepted", "completed", "canceled"]),
    )
    def begin(self, prices, quantities, total_sat, status):
        lines = [
            a_line(price_minor=price, line_msat=price * 1_587 * n, quantity=n)
            for price, n in zip(prices, quantities, strict=False)
        ]
        self.order = an_order_of(
            sum(line.price_minor * line.quantity for line in lines),
            total_sat * 1000,
            *lines,
            status=status,
        )
        self.paid = self.order.total_msat
        self.refunds = []
        self.at = NOW

    def create(self, **fields):
        self.at += 1000
        try:
            found = worth(
                self.order, RefundBody(**fields), self.paid, self.refunds, None
            )
        except (Refused, Conflict):
            return
        made = rules.new_refund(
            f"refund-{len(self.refunds)}",
            self.order,
            found,
            Wish(Destination.BOLT11, "lnbc"),
            RefundBody(**fields),
            OWNER,
            self.at,
        )
        self.refunds.append(made)

    @rule(sat=st.integers(-5, 2 * 10**6))
    def ask_for_satoshi(self, sat):
        self.create(amount_msat=sat * 1000)

    @rule(minor=st.integers(-5, 200_000))
    def ask_for_money(self, minor):
        self.create(amount=f"{Decimal(minor) / 100}")

    @rule(line=st.integers(0, 4), quantity=st.integers(-1, 5))
    def ask_for_lines(self, line, quantity):
        chosen = self.order.lines[line % len(self.order.lines)]
        self.create(lines=[{"line_id": chosen.id, "quantity": quantity}])

    @rule()
    def ask_for_everything(self):
        rest = amounts.refundable_msat(self.paid, self.refunds)
        self.create()
        assert amounts.refundable_msat(self.paid, self.refunds) == 0
        if rest:
            left = sum(
                r.amount_minor for r in self.refunds if r.status in amounts.COUNTED
            )
            assert left == amounts.minor_of(self.order, self.paid)

    @rule(sat=st.integers(1, 10**6))
    def more_money_comes(self, sat):
        self.paid += sat * 1000

    @precondition(lambda self: self.refunds)
    @rule(
        which=st.integers(0, 100),
        step=st.sampled_from(["approve", "cancel", "send", "sent", "fail", "back"]),
    )
    def go_on(self, which, step):
        index = which % len(self.refunds)
        old = self.refunds[index]
        self.at += 1000
        target = Target("lnbc", f"hash-{old.id}-{old.tries}", old.send_msat, 0, "bc")
        steps = {
            "approve": lambda: rules.approved(old, OWNER, self.at, DAY),
            "cancel": lambda: rules.canceled(old, self.at),
            "send": lambda: rules.sending(old, target, "wallet", self.at),
            "sent": lambda: rules.sent(old, self.at, 5),
            "fail": lambda: rules.failed(old, Problem.PAYMENT_FAILED, self.at),
            "back": lambda: rules.put_off(old, Problem.INSUFFICIENT_BALANCE, self.at),
        }
        try:
            new = steps[step]()
        except Conflict:
            assert self.allowed(step) not in rules.STEPS[old.status]
            return
        assert new.status in rules.STEPS[old.status] | {old.status}
        assert (new.amount_msat, new.send_msat) == (old.amount_msat, old.send_msat)
        self.refunds[index] = new

    @staticmethod
    def allowed(step):
        """The status that a step leads to."""
        words = {"approve": "approved", "cancel": "canceled", "send": "sending"}
        return R({**words, "sent": "sent", "fail": "failed", "back": "approved"}[step])

    @invariant()
    def the_sums_are_right(self):
        if not hasattr(self, "order"):
            return
        counted = amounts.counted_msat(self.refunds)
        refundable = amounts.refundable_msat(self.paid, self.refunds)
        owed = amounts.owed_msat(self.order, self.paid, self.refunds)
        surplus = amounts.surplus_msat(self.order, self.paid, self.refunds)
        assert 0 <= amounts.sent_msat(self.refunds) <= counted <= self.paid
        assert refundable == self.paid - counted
        assert 0 <= owed <= refundable
        assert 0 <= surplus <= max(0, self.paid - self.order.total_msat)
        if self.order.status is OrderStatus.CANCELED:
            assert owed == refundable
        minor = sum(r.amount_minor for r in self.refunds if r.status in amounts.COUNTED)
        assert 0 <= minor <= amounts.minor_of(self.order, self.paid)
        for refund in self.refunds:
            assert refund.amount_msat > 0
            assert refund.amount_msat % 1000 == 0


TestAnySequence = Refunding.TestCase


# --- sums -------------------------------------------------------------------------


def test_what_counts_and_what_went_back():
    refunds = [
        a_refund(1_000 << n, status)
        for n, status in enumerate(
            ["requested", "approved", "sending", "sent", "failed", "canceled"]
        )
    ]

    assert amounts.counted_msat(refunds) == 15_000
    assert amounts.sent_msat(refunds) == 8_000
    assert amounts.refundable_msat(20_000, refunds) == 5_000
    assert amounts.refundable_msat(10_000, refunds) == 0  # a lost dispute took some


@pytest.mark.parametrize(
    ("status", "flags", "paid", "owed"),
    [
        *(("canceled", (), 26_968_000, 26_968_000), ("refunded", (), 5_000, 5_000)),
        *(
            ("paid", ("paid_late",), TOTAL, TOTAL),
            ("paid", ("oversold",), TOTAL, TOTAL),
        ),
        *(("paid", ("unavailable",), TOTAL, TOTAL), ("accepted", (), TOTAL, 0)),
        *(("accepted", ("overpaid",), TOTAL + 7_000, 7_000), ("paid", (), 1_000, 0)),
    ],
)
def test_what_is_owed(status, flags, paid, owed):
    order = an_order_of(status=status, flags=flags)

    assert amounts.owed_msat(order, paid, []) == owed


def test_a_surplus_is_given_back_once_and_lines_do_not_count_for_it():
    order, paid = an_order_of(status="accepted"), TOTAL + 5_000_000
    of_lines = a_refund(2_000_000, lines=(RefundLine("line", 1),))

    assert amounts.surplus_msat(order, paid, [of_lines]) == 5_000_000
    assert amounts.owed_msat(order, paid, [of_lines]) == 5_000_000
    plain = a_refund(5_000_000, "requested")
    assert amounts.owed_msat(order, paid, [of_lines, plain]) == 0


def test_what_failed_is_owed_until_somebody_looks_after_it():
    order = an_order_of(status="completed")
    failed = a_refund(3_000_000, "failed", ended_at=NOW + 10)
    later = a_refund(1_000_000, "canceled", created_at=NOW + 20)

    assert amounts.owed_msat(order, TOTAL, [failed]) == 3_000_000
    assert amounts.owed_msat(order, TOTAL, [failed, later]) == 0
    assert amounts.owed_msat(order, 2_000_000, [failed]) == 2_000_000


# --- what a request asks for ------------------------------------------------------


def test_without_a_wish_everything_goes_back():
    found = worth(an_order_of(), refunds=[a_refund(968_000, amount_minor=610)])

    assert (found.amount_msat, found.send_msat) == (26_000_000, 26_000_000)
    assert (found.amount_minor, found.lines) == (16_390, ())


@pytest.mark.parametrize(
    ("amount", "msat", "minor"),
    [("85.00", 13_484_000, 8_500), ("170", TOTAL, 17_000), ("0.01", 1_000, 1)],
)
def test_a_sum_in_the_orders_currency_stays_that_sum(amount, msat, minor):
    found = worth(an_order_of(), amount=amount)

    assert (found.amount_msat, found.amount_minor) == (msat, minor)


def test_a_sum_stays_that_sum_where_a_satoshi_is_worth_many_cents():
    order = an_order_of(1_000, 100_000)  # ten cents a satoshi

    found = worth(order, amount="0.99")

    assert (found.amount_msat, found.amount_minor) == (9_000, 99)


def test_the_last_sum_takes_every_satoshi_that_is_left():
    order = an_order_of(300, 1_000_000)
    first = a_refund(333_000, amount_minor=100)
    second = a_refund(333_000, "approved", amount_minor=100)

    found = worth(order, refunds=[first, second], amount="1.00")

    assert (found.amount_msat, found.amount_minor) == (334_000, 100)


def test_rounded_halves_never_add_up_to_more_than_was_paid():
    order = an_order_of(1, 2_000)  # one cent, two satoshi
    first = worth(order, amount_msat=1_000)
    refund = a_refund(1_000, amount_minor=first.amount_minor)

    second = worth(order, refunds=[refund], amount_msat=1_000)

    assert (first.amount_minor, second.amount_minor) == (1, 0)


BAD_AMOUNTS = [
    *(
        ({"amount_msat": value}, "refund.amount")
        for value in (0, -1_000, TOTAL + 1_000)
    ),
    *(({"amount_msat": 10**400}, "refund.amount"), ({"amount": 0}, "refund.amount")),
    *(({"amount": "-1.00"}, "refund.amount"), ({"amount": "170.01"}, "refund.amount")),
    *(({"amount": 10**14}, "refund.amount"),),
    *(({"amount_msat": value}, "field.invalid") for value in (1, 1_500, -1)),
    *(({"amount": value}, "field.invalid") for value in ("NaN", "Infinity", "1e3", "")),
    *(({"amount": value}, "field.invalid") for value in ("0.001", True, [], {}, "١")),
    *(({"amount": value}, "field.invalid") for value in (1e300, float("nan"), " 1")),
    ({"amount": "1.00", "amount_msat": 1_000}, "field.invalid"),
    ({"amount": "1.00", "lines": [{"line_id": "a"}]}, "refund.lines"),
    ({"lines": []}, "refund.lines"),
    ({"lines": [{"line_id": "of another order"}]}, "refund.lines"),
    ({"send_msat": 1_000}, "field.invalid"),
    ({"rate": "today", "send_msat": 1_000}, "field.invalid"),
    *(
        ({"rate": "custom", "send_msat": value}, "refund.amount")
        for value in (0, -1_000, TOTAL + 1_000)
    ),
    ({"rate": "custom", "send_msat": 1}, "field.invalid"),
]


@pytest.mark.parametrize(("fields", "code"), BAD_AMOUNTS)
def test_bad_amounts_are_refused(fields, code):
    with pytest.raises(Refused) as refused:
        worth(an_order_of(), **fields)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "fields",
    [
        *({"amount_msat": value} for value in (1.5, "1000", True, [1])),
        *({"lines": value} for value in ("all", [{"quantity": 1}], [1])),
        *({"lines": [{"line_id": "a", "quantity": q}]} for q in ("1", 1.0, True)),
        *({"rate": "tomorrow"}, {"restock": 1}, {"reason": 5}),
        *({"destination": {"to": "moon"}}, {"destination": {}}),
    ],
)
def test_bodies_of_other_types_are_refused(fields):
    with pytest.raises(ValidationError):
        RefundBody(**fields)


@pytest.mark.parametrize(
    "wanted",
    [
        *([("a", 4)], [("a", 0)], [("a", -1)], [("a", 2), ("a", 2)], [("b", 2)]),
        *([("a", 1), ("c", 1)], [("a", 10**30)]),
    ],
)
def test_more_of_a_line_than_there_is_cannot_go_back(wanted):
    order = an_order(a_line(id="a", quantity=3), a_line(id="b"))
    taken = a_refund(1_000, lines=(RefundLine("b", 1),))
    lines = [{"line_id": line_id, "quantity": n} for line_id, n in wanted]
    refunds = [taken] if wanted[0][0] == "b" else []
    if wanted == [("b", 2)]:
        lines[0]["quantity"] = 1

    with pytest.raises(Refused) as refused:
        worth(order, lines=lines, refunds=refunds)

    assert refused.value.code == "refund.lines"


def test_a_line_named_twice_is_one_line():
    order = an_order(a_line(id="a", quantity=3))
    twice = [{"line_id": "a", "quantity": 1}, {"line_id": "a", "quantity": 1}]

    assert worth(order, lines=twice).lines == (RefundLine("a", 2),)


def test_failed_and_canceled_refunds_leave_their_lines_refundable():
    order = an_order(a_line(id="a"))
    gone = [
        a_refund(1_000, status, lines=(RefundLine("a", 1),))
        for status in ("failed", "canceled")
    ]

    assert worth(order, lines=[{"line_id": "a"}], refunds=gone).amount_msat


def test_nothing_left_is_a_conflict():
    with pytest.raises(Conflict) as conflict:
        worth(an_order_of(), refunds=[a_refund(TOTAL, "requested")])

    assert conflict.value.code == "refund.nothing"


@given(
    prices=st.lists(
        st.tuples(st.integers(0, 10**9), st.integers(1, 6)), min_size=1, max_size=6
    ),
    total_sat=st.integers(1, 10**7),
)
def test_lines_take_their_share_of_tax_and_tip_and_add_up(prices, total_sat):
    lines = [
        a_line(id=f"line-{n}", line_msat=msat * quantity, quantity=quantity)
        for n, (msat, quantity) in enumerate(prices)
    ]
    order = an_order_of(100, total_sat * 1000, *lines)
    whole = sum(line.line_msat for line in lines)
    singles = [
        amounts.lines_msat(order, [RefundLine(line.id, 1)])
        for line in lines
        for _ in range(line.quantity)
    ]

    assert sum(singles) <= order.total_msat
    if whole:
        assert order.total_msat - sum(singles) < 1000 * len(singles)
        everything = [RefundLine(line.id, line.quantity) for line in lines]
        assert amounts.lines_msat(order, everything) == order.total_msat


def test_lines_one_by_one_and_the_last_by_everything_left():
    lines = [a_line(id=f"line-{n}", line_msat=1_000_000) for n in range(3)]
    order = an_order_of(1_100, 3_301_000, *lines)  # with tip and tax
    refunds = []
    for line in lines[:2]:
        found = worth(order, refunds=refunds, lines=[{"line_id": line.id}])
        assert found.amount_msat == 1_100_000
        refunds.append(
            a_refund(
                found.amount_msat, lines=found.lines, amount_minor=found.amount_minor
            )
        )

    last = worth(order, refunds=refunds)

    assert last.amount_msat == 1_101_000
    assert sum(r.amount_minor for r in refunds) + last.amount_minor == 1_100


def test_the_last_line_that_costs_something_takes_the_last_cent():
    """What was free beside it is not waited for."""
    tacos = a_line(id="tacos", quantity=3, unit_msat=5_288_000, line_msat=15_864_000)
    free = a_line(id="salsa", unit_msat=0, line_msat=0, price_minor=0)
    order = an_order_of(10_000, 15_864_000, tacos, free)
    refunds = []
    for _ in range(3):
        found = worth(order, refunds=refunds, lines=[{"line_id": "tacos"}])
        refunds.append(
            a_refund(
                found.amount_msat, lines=found.lines, amount_minor=found.amount_minor
            )
        )

    assert [refund.amount_minor for refund in refunds] == [3_333, 3_333, 3_334]
    assert sum(refund.amount_msat for refund in refunds) == 15_864_000


def test_a_line_goes_back_at_its_price_to_the_cent():
    lines = [a_line(id=f"line-{n}", line_msat=3_172_700) for n in range(3)]
    order = an_order_of(6_000, 9_519_000, *lines)  # 20.00 each; 0.1 sat of rounding

    found = worth(order, lines=[{"line_id": "line-1"}])

    assert (found.amount_minor, found.amount_msat) == (2_000, 3_173_000)


# --- what it is worth -------------------------------------------------------------


def test_the_paid_rate_sends_the_satoshi_that_came():
    assert worth(an_order_of(), amount="85.00").send_msat == 13_484_000


@pytest.mark.parametrize(
    ("rate", "sent"), [("79.3175", 6_741_000), ("317.27", 26_967_000), ("0.001", 1_000)]
)
def test_todays_rate_sends_what_the_sum_is_worth_today(rate, sent):
    found = worth(an_order_of(), today=Decimal(rate), amount="85.00")
    today = worth(
        an_order_of(), RefundBody(amount="85.00", rate="today"), today=Decimal(rate)
    )

    assert (found.amount_msat, today.amount_msat) == (13_484_000, 13_484_000)
    assert today.send_msat == sent


def test_satoshi_are_worth_satoshi_every_day():
    order = an_order_of(26_968, TOTAL, currency="sat")

    assert worth(order, RefundBody(rate="today"), today=Decimal(5)).send_msat == TOTAL


def test_a_custom_value_is_what_was_said_and_never_more():
    order = an_order_of()

    assert worth(order, RefundBody(rate="custom")).send_msat == TOTAL
    body = RefundBody(rate="custom", amount="85.00", send_msat=5_000_000)
    assert worth(order, body).send_msat == 5_000_000


# --- who may ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actor", "minor", "limit", "waits"),
    [
        *((TILL, 5_000, 5_000, False), (TILL, 5_001, 5_000, True)),
        *((TILL, 1, 0, True), (TILL, 0, 0, True), (OWNER, 10**9, 0, False)),
        (Actor(Role.MANAGER, "m"), 10**9, 0, False),
    ],
)
def test_a_till_above_its_limit_waits_for_a_manager(actor, minor, limit, waits):
    refund = a_refund(1_000, "requested", amount_minor=minor)

    assert amounts.needs_approval(refund, [], actor, limit) is waits


def test_many_small_refunds_are_one_large_one():
    alone = [
        a_refund(1_000, "sent", amount_minor=3_000, approved_by="pos:till"),
        a_refund(1_000, "canceled", amount_minor=9_000, approved_by="pos:till"),
        a_refund(1_000, "sent", amount_minor=9_000, approved_by="manager:m"),
    ]
    refund = a_refund(1_000, "requested", amount_minor=2_000)

    assert not amounts.needs_approval(refund, alone, TILL, 5_000)
    assert amounts.needs_approval(
        replace(refund, amount_minor=2_001), alone, TILL, 5_000
    )


def test_an_order_that_waits_and_one_with_fifty_refunds_get_none():
    with pytest.raises(Conflict) as pending:
        amounts.check_refundable(an_order_of(status="pending"), [])
    assert pending.value.code == "refund.pending"
    with pytest.raises(Conflict) as too_many:
        amounts.check_refundable(
            an_order_of(), [a_refund(1_000)] * limits.REFUNDS_PER_ORDER_MAX
        )
    assert too_many.value.code == "refund.too_many"
