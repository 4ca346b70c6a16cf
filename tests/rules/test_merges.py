"""Two orders as one: which may be, and what of the one comes into the other."""

from dataclasses import replace

import pytest

from builders import NOW, a_line, an_order
from restaurant.core.errors import Conflict, Refused
from restaurant.features.bills.models import (
    Figures,
    KeptBill,
    LineDiscount,
    Terms,
    Tip,
    pack_terms,
)
from restaurant.features.discounts.models import DiscountKind, Trigger, Wanted
from restaurant.features.merges import rules
from restaurant.features.pricing.models import ComboPart
from restaurant.features.restaurants.models import TaxRounding
from restaurant.features.stock.models import Use
from restaurant.models import Flag, OrderType

TERMS = Terms("GTQ", OrderType.DINE_IN, True, TaxRounding.EXACT)


def an_open(*lines, terms=TERMS, **changes):
    lines = [replace(line, number=n) for n, line in enumerate(lines or [a_line()])]
    bill = KeptBill(minor=Figures(8500, 0, 0, 0, 0, 0, 8500), terms=pack_terms(terms))
    values = {"bill": bill, "status": "accepted", "paid_at": None, **changes}
    return an_order(*lines, **values)


def refused(target, source):
    with pytest.raises(Conflict) as error:
        rules.check_mergeable(target, source, [], has_refunds=False)
    return error.value.code, error.value.facts.get("reason")


def test_only_what_is_open_and_alike():
    target = an_open()
    rules.check_mergeable(target, an_open(status="ready"), [], has_refunds=False)
    for status in ("pending", "paid", "completed", "canceled", "refunded"):
        assert refused(target, an_open(status=status)) == ("order.merge", "status")
        assert refused(an_open(status=status), target) == ("order.merge", "status")
    assert refused(target, an_open(currency="USD")) == ("order.merge", "currency")
    for terms in (
        replace(TERMS, tax_inclusive=False),
        replace(TERMS, order_type=OrderType.PICKUP),
        replace(TERMS, tax_rounding=TaxRounding.LINE),
        replace(TERMS, exempt_reason="embassy"),
    ):
        assert refused(target, an_open(terms=terms)) == ("order.merge", "terms")
    old = an_order(status="accepted")
    assert refused(old, old) == ("order.merge", "terms")
    long = an_open(*[a_line() for _ in range(400)])
    assert refused(target, long) == ("order.merge", "lines")
    with pytest.raises(Refused):
        rules.check_other("a", "a")


def test_money_on_the_source_keeps_it_apart():
    with pytest.raises(Conflict) as error:
        rules.check_mergeable(an_open(), an_open(), [], has_refunds=True)
    assert error.value.code == "order.has_payments"


def test_lines_are_numbered_behind_the_targets_and_combos_follow():
    part = ComboPart("c", "Lunch", 1, 3200)
    target = an_open(a_line("Soup"), a_line("Flan"))
    source = an_open(a_line("Agua"), a_line("Tacos", combo=part))

    joined = rules.join(target, source)

    assert joined.own == target.lines
    assert [line.number for line in joined.lines] == [0, 1, 2, 3]
    assert [line.id for line in joined.moved] == [line.id for line in source.lines]
    assert joined.moved[1].combo == replace(part, bundle=3)


@pytest.mark.parametrize(
    ("target_at", "source_at", "counts", "taken_at"),
    [
        (1, 2, [True, True], 1),
        (None, None, [True, True], None),
        (1, None, [True, False], 1),
        (None, 2, [False, True], 2),
    ],
)
def test_only_what_was_taken_can_be_put_back(target_at, source_at, counts, taken_at):
    uses = (Use("flan", 1),)
    target = an_open(a_line(uses=uses), stock_taken_at=target_at)
    source = an_open(a_line(uses=uses), stock_taken_at=source_at)

    joined = rules.join(target, source)

    assert [bool(line.uses) for line in joined.lines] == counts
    assert joined.stock_taken_at == taken_at


@pytest.mark.parametrize(
    ("covers", "added"),
    [((2, 3), 5), ((None, 3), 3), ((2, None), 2), ((None, None), None)],
)
def test_covers_add_up(covers, added):
    target, source = (an_open(covers=n) for n in covers)

    joined = rules.join(target, source)

    assert (joined.covers, joined.terms.covers) == (added, added)


def test_tips_add_up_unless_one_was_paid():
    by_percent = replace(TERMS, tip=Tip(percent="10"))
    target = an_open(terms=by_percent, tip_msat=1_000)
    source = an_open(tip_msat=2_000)

    assert rules.join(target, an_open(tip_msat=0)).terms.tip == Tip(percent="10")
    assert rules.join(target, source).terms.tip == Tip(msat=3_000)
    paid = replace(target, paid_at=NOW)
    assert rules.join(paid, source).terms.tip == Tip(msat=1_000)


def a_discount(kind=DiscountKind.PERCENT, discount_id="d", **changes):
    return Wanted(discount_id, "Off", Trigger.STAFF, kind, percent="10", **changes)


def with_discounts(*wanted, on=()):
    taken = LineDiscount("percent", "Off", 1_000, 10, discount_id="d")
    lines = [a_line(discounts=(taken,) if n in on else ()) for n in range(3)]
    return an_open(*lines, terms=replace(TERMS, discounts=wanted))


def test_discounts_of_lines_and_percentages_come_along():
    on_line = a_discount(discount_id=None, line=1)
    share = a_discount(minimum_minor=500)
    amount = a_discount(DiscountKind.AMOUNT, "other")
    source = with_discounts(on_line, share, amount, on=(0, 2))

    joined = rules.join(an_open(), source)

    assert joined.terms.discounts == (
        replace(on_line, line=2),
        replace(share, line=1, minimum_minor=0),
        replace(share, line=3, minimum_minor=0),
    )
    assert joined.uses == {("d", None)}


def test_what_the_target_has_for_all_holds_for_what_comes():
    share = a_discount()

    joined = rules.join(with_discounts(share), with_discounts(share, on=(0, 1, 2)))

    assert (joined.terms.discounts, joined.uses) == ((share,), frozenset())


def test_an_order_that_ended_so_lacks_no_money():
    source = an_open(flags={Flag.UNDERPAID, Flag.STUCK_INTERNAL})

    assert rules.ended_flags(source) == {Flag.STUCK_INTERNAL}
