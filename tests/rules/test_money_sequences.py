"""An order's money through any sequence of payments, edits and refunds: both of its
units agree at every moment, and nobody is left with a sum that nobody can pay."""

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from builders import NOW, an_order
from restaurant.core.errors import Conflict, Refused
from restaurant.core.money import price_text
from restaurant.features.payments import rules
from restaurant.features.payments.models import Part, Payment, Receipt, TakePayment
from restaurant.features.refund_amounts import rules as amounts
from restaurant.features.refunds import rules as refund_rules
from restaurant.features.refunds.models import Destination, RefundBody, Wish
from restaurant.models import Actor, PaymentMethod, PaymentStatus, Role

CASH, CARD = PaymentMethod.CASH, PaymentMethod.CARD
GIFT_CARD, LIGHTNING = PaymentMethod.GIFT_CARD, PaymentMethod.LIGHTNING
#: (currency, satoshi per unit): a unit is many satoshi, about one, a small part of one.
RATES = [
    *(("GTQ", "158.635"), ("USD", "1219.51219512"), ("EUR", "97.31"), ("USD", "100")),
    *(("JPY", "8.13008130081"), ("JPY", "0.77"), ("KWD", "3311.7"), ("sat", "1")),
    *(("VND", "0.0413"), ("COP", "0.2447"), ("GTQ", "33.333333")),
]
#: A price may have a fraction of a unit: tax that is not rounded, a tip in satoshi.
prices = st.decimals(0, 30_000, places=2) | st.integers(0, 30_000).map(Decimal)
parts = st.integers(1, 40_000)


def priced(order, units, step):
    """The order at so many units of its currency, by the rules of docs/PRICING.md."""
    minor = int((units * 100 + 50) // 100) if units % 1 else int(units)
    sats = (units * step / 1000).to_integral_value(ROUND_CEILING)
    return replace(order, total_minor=minor, total_msat=int(sats) * 1000)


class Money(RuleBasedStateMachine):
    """A till, a guest and a waiter who do to one order whatever they may."""

    @initialize(rate=st.sampled_from(RATES), units=prices.filter(lambda u: u >= 1))
    def place(self, rate, units):
        currency, sat_per_unit = rate
        rates = {} if currency == "sat" else {currency: sat_per_unit}
        order = an_order(currency=currency, rates=rates, status="accepted")
        places = len(price_text(1, currency).partition(".")[2])
        self.step = Decimal(sat_per_unit) * 1000 / 10**places
        self.order = priced(order, units, self.step)
        self.booked, self.refunds, self.open_cards = [], [], []

    # --- what is true at any time ---

    @property
    def due(self):
        paid = rules.paid_msat(self.booked)
        return Part(
            rules.due_minor(self.order, self.booked),
            rules.due_msat(self.order.total_msat, paid),
        )

    @property
    def paid(self):
        return amounts.paid_of(self.order, rules.counted(self.booked))

    @property
    def is_settled(self):
        total = self.order.total_msat
        return total > 0 and rules.paid_msat(self.booked) == total

    @property
    def in_currency(self):
        return sum(p.amount_minor or 0 for p in self.booked)

    @property
    def has_lightning(self):
        return any(p.amount_minor is None for p in self.booked)

    @invariant()
    def both_units_agree(self):
        if not hasattr(self, "order"):
            return
        due = self.due
        assert (due.amount_minor > 0) == (due.amount_msat > 0)
        assert due.amount_msat % 1000 == 0
        assert all(p.received_msat >= 0 for p in self.booked)
        assert all(p.received_msat % 1000 == 0 for p in self.booked)
        paid = rules.paid_msat(self.booked)
        assert due.amount_msat == max(0, self.order.total_msat - paid)
        stands = rules.standing(self.order, paid).value
        assert (stands in ("paid", "overpaid")) == (not due.amount_msat)
        if self.booked and not self.has_lightning:
            left = self.order.total_minor - self.in_currency
            assert due.amount_minor == max(0, left) or not self.order.total_minor

    @invariant()
    def what_may_go_back_is_what_came(self):
        if not hasattr(self, "order"):
            return
        paid = self.paid
        assert paid.amount_msat == rules.paid_msat(self.booked)
        if not self.has_lightning:
            assert paid.amount_minor == self.in_currency
        back = sum(r.amount_minor for r in self.refunds)
        assert back <= paid.amount_minor
        rest = amounts.left_of(paid, self.refunds)
        assert rest.amount_msat == paid.amount_msat - amounts.counted_msat(self.refunds)
        if not rest.amount_msat:
            assert rest.amount_minor * self.step < 2_000
        surplus = amounts.surplus_of(self.order, paid, self.refunds)
        if not self.has_lightning and not self.refunds:
            above = max(0, self.in_currency - self.order.total_minor)
            assert surplus.amount_minor == above
            # A total of less than half a unit is paid by a whole one.
            if self.order.total_minor:
                assert (surplus.amount_msat > 0) == (above > 0)

    # --- what people do ---

    @rule()
    def nothing_happens(self):
        """There is always something to do, also when all is paid and gone back."""

    def book(self, method, part, **more):
        self.booked.append(
            Payment(
                id=f"payment-{len(self.booked)}",
                restaurant_id=self.order.restaurant_id,
                order_id=self.order.id,
                method=method,
                status=PaymentStatus.CAPTURED,
                amount_msat=part.amount_msat,
                received_msat=part.amount_msat,
                currency="sat" if method is LIGHTNING else self.order.currency,
                amount_minor=None if method is LIGHTNING else part.amount_minor,
                actor="owner",
                created_at=NOW,
                captured_at=NOW,
                **more,
            )
        )

    def asked(self, method, minor):
        """A request over so much, or over all that is due when it is not above."""
        due = rules.all_due(self.order, self.booked)
        text = price_text(minor, self.order.currency)
        amount = text if minor < due.amount_minor else None
        return due, TakePayment(
            method=method, amount=amount, currency=self.order.currency
        )

    is_due = precondition(lambda self: self.due.amount_msat and len(self.booked) < 30)

    @is_due
    @rule(minor=parts, method=st.sampled_from([CASH, GIFT_CARD]))
    def pay_over_the_counter(self, minor, method):
        due, body = self.asked(method, minor)
        try:
            if method is CASH:
                part = rules.count_cash(self.order, due, body, 1).part
            else:
                part = rules.asked_part(self.order, due, body)
        except Refused:
            assert minor * due.amount_msat < due.amount_minor * 1_000
            return
        assert part.amount_minor == min(minor, due.amount_minor)
        self.book(method, part)
        if part == due:
            assert self.due == Part(0, 0)
        elif not self.has_lightning:
            assert self.due.amount_minor == due.amount_minor - part.amount_minor

    @is_due
    @rule(minor=parts)
    def pay_by_lightning(self, minor):
        due, body = self.asked(LIGHTNING, minor)
        part = rules.invoice_part(self.order, due, body)
        assert 1_000 <= part.amount_msat <= due.amount_msat
        self.book(LIGHTNING, part)

    @is_due
    @rule(minor=parts)
    def open_a_checkout(self, minor):
        due, body = self.asked(CARD, minor)
        try:
            self.open_cards.append(rules.asked_part(self.order, due, body))
        except Refused:
            assert minor * due.amount_msat < due.amount_minor * 1_000

    @precondition(lambda self: self.open_cards and len(self.booked) < 30)
    @rule(which=st.integers(0, 100))
    def a_checkout_is_paid(self, which):
        part = self.open_cards.pop(which % len(self.open_cards))
        before = self.due.amount_minor
        self.book(CARD, part)
        payment = replace(self.booked.pop(), received_msat=0)
        receipt = Receipt("hash", "wallet", 12_345_678)
        received = rules.received_msat(payment, receipt, self.order, self.booked)
        self.booked.append(replace(payment, received_msat=received))
        if not self.has_lightning:
            left = max(0, before - part.amount_minor)
            assert self.due.amount_minor == left

    @precondition(lambda self: not self.refunds)
    @rule(units=prices)
    def edit(self, units):
        self.become(units)

    @precondition(lambda self: not self.refunds and self.in_currency)
    @rule(more=st.sampled_from([-2, -1, 0, 1, 2]), cents=st.integers(-49, 50))
    def edit_to_about_what_was_paid(self, more, cents):
        units = self.in_currency + more + Decimal(cents) / 100
        self.become(max(Decimal(0), units))

    @precondition(lambda self: not self.refunds and self.is_settled)
    @precondition(lambda self: self.order.total_minor)
    @rule(units=prices)
    def edit_and_take_it_back(self, units):
        """What was paid to the satoshi stays so."""
        was = self.order
        self.become(units)
        self.order = replace(was, revision=2)
        self.booked = rules.revalued(self.order, self.booked)
        assert self.is_settled

    def become(self, units):
        self.order = replace(priced(self.order, units, self.step), revision=2)
        self.booked = rules.revalued(self.order, self.booked)

    @precondition(lambda self: self.paid.amount_msat and len(self.refunds) < 20)
    @rule(minor=parts, what=st.sampled_from(["part", "part", "surplus", "all"]))
    def refund(self, minor, what):
        rest = amounts.left_of(self.paid, self.refunds)
        surplus = amounts.surplus_of(self.order, self.paid, self.refunds)
        if what == "surplus":
            minor = surplus.amount_minor
        text = price_text(minor, self.order.currency)
        body = RefundBody() if what == "all" else RefundBody(amount=text)
        try:
            worth = amounts.worth_of(self.order, self.paid, self.refunds, body, None)
        except Conflict:
            assert not rest.amount_msat
            return
        except Refused:
            tiny = minor * self.step < 2_000 or rest.amount_msat <= 1_000
            assert minor > rest.amount_minor or tiny
            return
        if what != "all":
            assert worth.amount_minor == minor
        name = f"refund-{len(self.refunds)}"
        wish = Wish(Destination.CASH)
        owner = Actor(Role.OWNER)
        made = refund_rules.new_refund(name, self.order, worth, wish, body, owner, NOW)
        self.refunds.append(made)
        left = amounts.left_of(self.paid, self.refunds)
        assert left.amount_minor == rest.amount_minor - worth.amount_minor
        if what == "all":
            assert left == Part(0, 0)
        if what == "surplus":
            assert not amounts.surplus_msat(
                self.order, self.paid.amount_msat, self.refunds
            )


TestMoney = Money.TestCase


@given(
    rate=st.sampled_from(RATES[:4]),
    units=st.integers(5_000, 20_000).map(Decimal),
    lightning=st.integers(100, 2_400),
    cash=st.integers(100, 2_400),
)
def test_an_order_edited_down_to_what_came_is_paid(rate, units, lightning, cash):
    """Also when a part of it came by Lightning, which is less than a satoshi short."""
    money = Money()
    money.place(rate, units)
    money.pay_by_lightning(lightning)
    money.pay_over_the_counter(cash, CASH)
    money.become(Decimal(lightning + cash))
    assert money.due == Part(0, 0)
