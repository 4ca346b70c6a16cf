"""Shares add up whatever is split, and paying them pays the bill to the satoshi."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_line, an_order, new_id
from restaurant.core.errors import Conflict, NotFound, RestaurantError
from restaurant.core.money import price_text
from restaurant.features.payments import rules as payment_rules
from restaurant.features.payments.models import Part, Payment, TakePayment
from restaurant.features.pricing.models import Cart
from restaurant.features.quotes.rules import cart_hash
from restaurant.features.splits import rules
from restaurant.features.splits.models import (
    LinePart,
    Portion,
    Share,
    Split,
    SplitBill,
    SplitKind,
)
from restaurant.models import PaymentMethod, PaymentStatus

LIGHTNING, CASH, CARD = (
    *(PaymentMethod.LIGHTNING, PaymentMethod.CASH, PaymentMethod.CARD),
)


def cut(order, due=None, **body):
    due = due or payment_rules.all_due(order, [])
    return rules.cut(order, due, SplitBill(**body))


def amounts_of(portions):
    return [portion.part.amount_minor for portion in portions]


def split_of(order, portions):
    return Split(
        id=new_id("split"),
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        kind=SplitKind.PARTS,
        is_live=True,
        actor="owner",
        created_at=NOW,
        shares=tuple(Share(new_id("share"), portion) for portion in portions),
    )


def paid(order, share_id, part, method=CASH):
    is_lightning = method is LIGHTNING
    return Payment(
        id=new_id("payment"),
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        method=method,
        status=PaymentStatus.CAPTURED,
        amount_msat=part.amount_msat,
        received_msat=part.amount_msat,
        currency="sat" if is_lightning else order.currency,
        amount_minor=None if is_lightning else part.amount_minor,
        actor="owner",
        created_at=NOW,
        share_id=share_id,
    )


def due_of(order, split, booked, share):
    due = payment_rules.all_due(order, booked)
    return rules.due_of(split, booked, due, share.id)


def a_bill(total_minor=10_000, total_msat=15_864_000, *lines):
    return an_order(*lines, total_minor=total_minor, total_msat=total_msat)


# --- cutting ---------------------------------------------------------------------


def test_equal_parts_differ_by_a_cent_at_most():
    portions = cut(a_bill(), by="parts", parts=3)

    assert portions == [
        Portion(None, Part(3_334, 5_288_000)),
        Portion(None, Part(3_333, 5_288_000)),
        Portion(None, Part(3_333, 5_288_000)),
    ]


def test_what_amounts_leave_is_one_more_share():
    portions = cut(a_bill(), by="amounts", amounts=["50.00", "30"])

    assert [portion.part for portion in portions] == [
        *(Part(5_000, 7_932_000), Part(3_000, 4_759_000), Part(2_000, 3_173_000)),
    ]


def test_amounts_may_be_all_that_is_due():
    portions = cut(a_bill(), by="amounts", amounts=["99.99", "0.01"])

    assert amounts_of(portions) == [9_999, 1]


def test_tax_tip_and_service_follow_the_lines():
    tacos, flan = a_line(line_msat=3_000_000), a_line(line_msat=1_000_000)
    bill = a_bill(4_800, 4_804_000, tacos, flan)

    portions = cut(
        bill,
        by="lines",
        shares=[{"label": "Ana", "lines": [{"line_id": flan.id, "quantity": 1}]}],
    )

    assert portions == [
        Portion("Ana", Part(1_200, 1_201_000), (LinePart(flan.id, 1),)),
        Portion(None, Part(3_600, 3_603_000), (LinePart(tacos.id, 1),)),
    ]


def test_a_line_is_shared_by_its_quantity():
    beer = a_line(quantity=3, line_msat=10_000)
    wine = a_line(line_msat=5_000)
    bill = a_bill(300, 15_000, beer, wine)
    two = [{"line_id": beer.id, "quantity": 1}] * 2

    portions = cut(bill, by="lines", shares=[{"lines": two}])

    assert [portion.lines for portion in portions] == [
        (LinePart(beer.id, 2),),
        (LinePart(beer.id, 1), LinePart(wine.id, 1)),
    ]
    assert amounts_of(portions) == [133, 167]


def test_guests_pay_their_lines_and_an_equal_part_of_the_others():
    water = a_line(line_msat=9_000)
    tacos = a_line(line_msat=6_000, guest="Ana")
    flan = a_line(line_msat=3_000, guest="Ben")
    tea = a_line(line_msat=6_000, guest="Ana")
    order = a_bill(240, 24_000, water, tacos, flan, tea)

    portions = cut(order, by="guests")

    assert portions == [
        Portion(
            "Ana",
            Part(165, 17_000),
            (LinePart(water.id, 1, 2), LinePart(tacos.id, 1), LinePart(tea.id, 1)),
        ),
        Portion(
            "Ben", Part(75, 7_000), (LinePart(water.id, 1, 2), LinePart(flan.id, 1))
        ),
    ]


def test_who_ate_for_nothing_has_no_share():
    lines = [
        *(a_line(guest="Ana"), a_line(guest="Ben")),
        a_line(guest="Cleo", line_msat=0, price_minor=0),
    ]

    assert [p.label for p in cut(a_bill(10, 10_000, *lines), by="guests")] == [
        *("Ana", "Ben"),
    ]


def test_free_lines_alone_share_the_tip_equally():
    lines = [a_line(guest=who, line_msat=0, price_minor=0) for who in ("Ana", "Ben")]
    bill = a_bill(10, 10_000, *lines)
    shares = [{"lines": [{"line_id": line.id, "quantity": 1}]} for line in lines]

    for body in ({"by": "guests"}, {"by": "lines", "shares": shares}):
        assert amounts_of(cut(bill, **body)) == [5, 5]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"by": "parts"}, "field.invalid"),
        ({"by": "parts", "parts": -1}, "field.invalid"),
        ({"by": "parts", "parts": 1}, "field.invalid"),
        ({"by": "parts", "parts": 51}, "field.invalid"),
        ({"by": "parts", "parts": 10**18}, "field.invalid"),
        ({"by": "parts", "parts": 11}, "split.small"),
        ({"by": "amounts"}, "field.invalid"),
        ({"by": "amounts", "amounts": ["0.10"]}, "field.invalid"),
        ({"by": "amounts", "amounts": ["0.11"]}, "split.amount"),
        ({"by": "amounts", "amounts": ["0.05", "0.06"]}, "split.amount"),
        ({"by": "amounts", "amounts": ["0"]}, "split.amount"),
        ({"by": "amounts", "amounts": ["-0.05"]}, "split.amount"),
        ({"by": "amounts", "amounts": ["0.001"]}, "field.invalid"),
        ({"by": "amounts", "amounts": [None]}, "field.invalid"),
        ({"by": "lines"}, "field.invalid"),
        ({"by": "lines", "shares": []}, "field.invalid"),
        ({"by": "lines", "shares": [{"lines": []}]}, "split.lines"),
        ({"by": "guests"}, "split.guests"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(body, code):
    with pytest.raises(RestaurantError) as refused:
        cut(a_bill(10, 10_000), **body)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "lines",
    [
        [("mine", 0)],
        [("mine", -1)],
        [("mine", 3)],
        [("mine", 1), ("mine", 2)],
        [("theirs", 1)],
        [("", 1)],
    ],
)
def test_only_lines_of_the_order_are_named_and_no_more_than_there_is(lines):
    bill = a_bill(10_000, 10_000_000, a_line(id="mine", quantity=2), a_line())
    taken = [{"line_id": line_id, "quantity": n} for line_id, n in lines]

    with pytest.raises(RestaurantError) as refused:
        cut(bill, by="lines", shares=[{"lines": taken}])

    assert refused.value.code == "split.lines"
    assert refused.value.facts["field"] == "shares.0.lines"


def test_one_guest_alone_splits_nothing():
    with pytest.raises(Conflict) as refused:
        cut(a_bill(10, 10_000, a_line(guest="Ana"), a_line()), by="guests")
    assert refused.value.code == "split.guests"


def test_a_share_below_a_satoshi_is_refused():
    for due in (Part(2, 10_000), Part(10_000, 2_000)):
        with pytest.raises(RestaurantError) as refused:
            cut(a_bill(), due, by="parts", parts=3)
        assert refused.value.code == "split.small"


# --- shares add up ---------------------------------------------------------------


@st.composite
def bills(draw, *, whole_satoshi=False):
    """An order of some lines, and what is due of it, unrelated to the lines."""
    lines = [
        a_line(
            quantity=draw(st.integers(1, 999)),
            line_msat=draw(st.integers(-(10**6), 10**9)),
            guest=draw(st.sampled_from([None, "Ana", "Ben", "Cleo"])),
        )
        for _ in range(draw(st.integers(1, 6)))
    ]
    minor = draw(st.integers(1, 10**9))
    msat = draw(st.integers(1, 10**9)) * 1000
    due = Part(minor, msat + (0 if whole_satoshi else draw(st.integers(0, 999))))
    return a_bill(due.amount_minor, due.amount_msat, *lines), due


@st.composite
def bodies(draw, order, due):
    kind = draw(st.sampled_from(["parts", "amounts", "lines", "guests"]))
    if kind == "parts":
        return {"by": kind, "parts": draw(st.integers(2, 50))}
    if kind == "amounts":
        sums = st.integers(1, due.amount_minor)
        minors = draw(st.lists(sums, min_size=1, max_size=5))
        texts = [price_text(minor, order.currency) for minor in minors]
        return {"by": kind, "amounts": texts}
    if kind == "guests":
        return {"by": kind}
    shares = []
    for line in order.lines:
        quantity = draw(st.integers(0, line.quantity))
        if quantity:
            taken = [{"line_id": line.id, "quantity": quantity}]
            shares.append({"label": draw(st.sampled_from(["A", None])), "lines": taken})
    return {"by": kind, "shares": shares}


def try_to_cut(data, order, due):
    """The portions, or None when there is nothing to split like that."""
    try:
        return cut(order, due, **data.draw(bodies(order, due)))
    except RestaurantError as refused:
        usual = {"split.small", "split.guests", "split.amount", "field.invalid"}
        if refused.code not in usual:
            raise
        return None


@given(st.data())
def test_the_shares_of_any_split_add_up_and_none_is_empty(data):
    order, due = data.draw(bills())

    portions = try_to_cut(data, order, due)

    if portions is not None:
        parts = [portion.part for portion in portions]
        assert sum(p.amount_minor for p in parts) == due.amount_minor
        assert sum(p.amount_msat for p in parts) == due.amount_msat
        assert 2 <= len(parts) <= 50
        assert all(p.amount_minor >= 1 and p.amount_msat >= 1000 for p in parts)
        assert all(p.amount_msat % 1000 == 0 for p in parts[:-1])


@given(bills(), st.integers(2, 4))
def test_lines_are_taken_whole_by_all_shares_together(bill, people):
    order, due = bill
    shares = [
        {"lines": [{"line_id": line.id, "quantity": line.quantity // people or 1}]}
        for line in order.lines
    ]
    try:
        portions = cut(order, due, by="lines", shares=shares)
    except RestaurantError:
        return
    taken = {line.id: 0 for line in order.lines}
    for portion in portions:
        for part in portion.lines:
            taken[part.line_id] += part.quantity
    for line in order.lines:
        if line.line_msat > 0:
            assert taken[line.id] == line.quantity


# --- paying ----------------------------------------------------------------------


def a_split(*minors, order=None):
    """A bill split by amounts, with its shares."""
    order = order or a_bill(sum(minors), sum(minors) * 1_587_000 // 1_000 * 1_000)
    texts = [price_text(minor, order.currency) for minor in minors]
    split = split_of(order, cut(order, by="amounts", amounts=texts))
    return order, split, split.shares


def test_nothing_came_yet_and_all_of_the_share_is_due():
    order, split, (ana, ben) = a_split(5_000, 3_000)

    assert due_of(order, split, [], ana) == ana.portion.part
    assert due_of(order, split, [], ben) == ben.portion.part


def test_what_came_for_a_share_lessens_that_share_alone():
    order, split, (ana, ben) = a_split(5_000, 3_000)
    half = payment_rules.part_of(ana.portion.part, 2_500)

    for method in (CASH, CARD, LIGHTNING):
        booked = [paid(order, ana.id, half, method)]
        left = Part(2_500, ana.portion.part.amount_msat - half.amount_msat)
        assert due_of(order, split, booked, ana) == left
        assert due_of(order, split, booked, ben) == ben.portion.part


def test_a_paid_share_takes_nothing_more():
    order, split, (ana, _) = a_split(5_000, 3_000)
    booked = [paid(order, ana.id, ana.portion.part)]

    with pytest.raises(Conflict) as refused:
        due_of(order, split, booked, ana)

    assert refused.value.code == "split.share_paid"


def test_a_share_of_another_bill_is_unknown():
    order, split, _ = a_split(5_000, 3_000)
    _, _, (foreign, _) = a_split(5_000, 3_000)

    with pytest.raises(NotFound) as refused:
        due_of(order, split, [], foreign)

    assert refused.value.code == "split.unknown"


def test_the_last_open_share_takes_the_cent_that_rounding_left():
    order = a_bill(10_000, 15_864_000)
    split = split_of(order, cut(order, by="parts", parts=3))
    first, second, third = split.shares
    booked = [
        paid(order, second.id, second.portion.part, LIGHTNING),
        paid(order, third.id, third.portion.part, LIGHTNING),
    ]

    assert payment_rules.due_minor(order, booked) == 3_334
    assert due_of(order, split, booked, first) == Part(3_334, 5_288_000)
    booked = [
        paid(order, first.id, first.portion.part, LIGHTNING),
        paid(order, second.id, second.portion.part),
    ]
    assert due_of(order, split, booked, third) == Part(3_334, 5_288_000)


def test_money_without_a_share_lessens_what_the_last_ones_pay():
    order, split, (ana, ben, cleo) = a_split(5_000, 3_000, 2_000)
    whole = payment_rules.all_due(order, [])
    booked = [paid(order, None, payment_rules.part_of(whole, 6_000))]

    due = payment_rules.all_due(order, booked)
    assert due_of(order, split, booked, ana) == due
    assert due_of(order, split, booked, ben) == ben.portion.part
    booked.append(paid(order, ben.id, ben.portion.part))
    assert due_of(order, split, booked, cleo).amount_minor == 1_000
    booked.append(paid(order, cleo.id, due_of(order, split, booked, cleo)))
    with pytest.raises(Conflict) as refused:
        due_of(order, split, booked, ana)
    assert refused.value.code == "payment.nothing_due"


def test_money_that_came_twice_for_a_share_lessens_the_others():
    order, split, (ana, ben) = a_split(5_000, 3_000)
    booked = [paid(order, ana.id, ana.portion.part, LIGHTNING) for _ in range(2)]

    view = rules.view(split, "GTQ", booked, Part(0, 0))

    assert [share.status for share in view.shares] == ["paid", "paid"]
    assert payment_rules.paid_msat(booked) > order.total_msat
    assert [share.due for share in view.shares] == ["0.00", "0.00"]
    assert view.shares[1].paid_msat == 0
    assert ben.portion.part.amount_msat > 0


def test_money_that_was_lost_opens_its_share_again():
    order, split, (ana, ben) = a_split(5_000, 3_000)
    both = [paid(order, ana.id, ana.portion.part, CARD)]
    both.append(paid(order, ben.id, ben.portion.part))

    kept = both[1:]  # the card's dispute was lost: it no longer counts

    assert due_of(order, split, kept, ana) == ana.portion.part


def test_a_split_that_money_came_for_stays():
    order, split, (ana, _) = a_split(5_000, 3_000)
    rules.check_not_begun(split, [paid(order, None, Part(1, 1_000))])
    rules.check_not_begun(split, [paid(order, "an older share", Part(1, 1_000))])

    with pytest.raises(Conflict) as refused:
        rules.check_not_begun(split, [paid(order, ana.id, Part(1, 1_000))])

    assert refused.value.code == "split.begun"


class Till:
    """Takes payments for the shares of one order as the flow does, without a disk."""

    def __init__(self, order, split, step):
        self.order, self.split, self.step = order, split, step
        self.booked = []
        self.drawer_minor = self.rounding_minor = 0

    @property
    def is_settled(self):
        return payment_rules.paid_msat(self.booked) >= self.order.total_msat

    def open_shares(self):
        """Those of which something is due, with it."""
        due = payment_rules.all_due(self.order, self.booked)
        found = []
        for share in self.split.shares:
            try:
                part = rules.due_of(self.split, self.booked, due, share.id)
                found.append((share, part))
            except Conflict as refused:
                if refused.code != "split.share_paid":
                    raise
        for _, part in found:
            assert 1 <= part.amount_minor <= due.amount_minor
            assert 1_000 <= part.amount_msat <= due.amount_msat
        return found

    def take(self, share, due, method, minor):
        """Pay so many minor units of the share, or all of it when that is None."""
        text = None if minor is None else price_text(minor, self.order.currency)
        body = TakePayment(method=method, amount=text, currency=self.order.currency)
        if method is CASH:
            cash = payment_rules.count_cash(self.order, due, body, self.step)
            self.drawer_minor += cash.part.amount_minor + cash.rounding_minor
            self.rounding_minor += cash.rounding_minor
            part = cash.part
        elif method is LIGHTNING:
            part = payment_rules.invoice_part(self.order, due, body)
        else:
            part = payment_rules.asked_part(self.order, due, body)
        share_id = share.id if share else None
        self.booked.append(paid(self.order, share_id, part, method))


@given(st.data())
def test_paying_all_shares_in_any_order_by_any_methods_pays_the_bill_exactly(data):
    order, due = data.draw(bills(whole_satoshi=True))
    portions = try_to_cut(data, order, due)
    if portions is None:
        return
    step = data.draw(st.sampled_from([1, 5, 100]))
    till = Till(order, split_of(order, portions), step)
    partial_ones = data.draw(st.integers(0, 20))
    past_the_shares = data.draw(st.integers(0, 2))
    while not till.is_settled:
        share, part = data.draw(st.sampled_from(till.open_shares()))
        if past_the_shares and partial_ones:
            past_the_shares -= 1
            share, part = None, payment_rules.all_due(order, till.booked)
        method = data.draw(st.sampled_from([CASH, LIGHTNING, CARD]))
        minor = None
        if partial_ones and part.amount_minor > step:
            partial_ones -= 1
            coins = data.draw(st.integers(1, part.amount_minor // step))
            minor = min(coins * step, part.amount_minor)
            if minor * part.amount_msat < part.amount_minor * 1_000:
                minor = None  # no part is worth less than a satoshi
        till.take(share, part, method, minor)
        assert len(till.booked) < 100

    assert payment_rules.paid_msat(till.booked) == order.total_msat
    assert payment_rules.due_minor(order, till.booked) == 0
    view = rules.view(till.split, "GTQ", till.booked, Part(0, 0))
    assert {share.status for share in view.shares} == {"paid"}
    named = [payment for payment in till.booked if payment.share_id]
    assert sum(s.paid_msat for s in view.shares) == payment_rules.paid_msat(named)


@given(st.data())
def test_shares_paid_in_one_currency_add_up_to_the_bill_to_the_cent(data):
    order, due = data.draw(bills(whole_satoshi=True))
    portions = try_to_cut(data, order, due)
    if portions is None:
        return
    till = Till(order, split_of(order, portions), 5)
    for share in data.draw(st.permutations(till.split.shares)):
        [part] = [part for each, part in till.open_shares() if each is share]
        assert part == share.portion.part
        till.take(share, part, CASH, None)

    assert till.is_settled
    assert till.drawer_minor - till.rounding_minor == order.total_minor
    assert abs(till.rounding_minor) <= 2 * len(portions)


# --- shapes ----------------------------------------------------------------------


def test_a_share_is_open_part_paid_or_paid():
    order, split, (ana, ben, _) = a_split(5_000, 3_000, 2_000)
    half = payment_rules.part_of(ana.portion.part, 2_500)
    booked = [paid(order, ana.id, half), paid(order, ben.id, ben.portion.part)]

    view = rules.view(split, "GTQ", booked, payment_rules.all_due(order, booked))

    assert [(s.status, s.amount, s.due) for s in view.shares] == [
        ("part_paid", "50.00", "25.00"),
        ("paid", "30.00", "0.00"),
        ("open", "20.00", "20.00"),
    ]
    assert [share.paid_msat for share in view.shares] == [
        *(half.amount_msat, ben.portion.part.amount_msat, 0),
    ]


def test_the_journal_hears_of_sums_and_of_nobody():
    order, split, (ana, _) = a_split(5_000, 3_000)
    named = replace(ana, portion=replace(ana.portion, label="Ana"))
    split = replace(split, shares=(named, split.shares[1]))

    assert rules.told(split, order.currency) == {
        "split_id": split.id,
        "by": "parts",
        "amounts": ["50.00", "30.00"],
        "currency": "GTQ",
    }


def test_who_ate_it_changes_no_price():
    line = {"menu_item_id": "a", "quantity": 2}
    carts = [
        Cart(restaurant_id="r", items=[{**line, **more}])
        for more in ({}, {"guest": "Ana"}, {"guest": "Ben"})
    ]

    assert len({cart_hash(cart) for cart in carts}) == 1
