"""Edits of orders: what may change, what stays to the last msat, what is told."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from builders import NOW, a_line, a_refund, an_order
from random_carts import Maker, priced_cart, terms_of
from restaurant.core.errors import Conflict, Forbidden, Refused
from restaurant.core.money import EXACT, round_half_up
from restaurant.features.amendments import rules
from restaurant.features.amendments.models import EditOrder, NewRound, WantedLine
from restaurant.features.bills import rules as bills
from restaurant.features.bills.models import (
    Figures,
    KeptBill,
    Terms,
    pack_terms,
    unpack_terms,
)
from restaurant.features.discount_amounts import rules as discount_amounts
from restaurant.features.discounts.models import DiscountKind, Trigger, Wanted
from restaurant.features.orders.models import Books, LineModifier, OrderLine
from restaurant.features.orders.rules import on_edit
from restaurant.features.pricing import rules as pricing
from restaurant.features.pricing.models import CartLine, ComboPart
from restaurant.features.restaurants.models import TaxRounding
from restaurant.models import Actor, Flag, OrderType, Role

OWNER = Actor(Role.OWNER)
TERMS = Terms("GTQ", OrderType.PICKUP, True, TaxRounding.EXACT)
KEPT = KeptBill(minor=Figures(8500, 0, 0, 0, 0, 0, 8500), terms=pack_terms(TERMS))


def wanted(*lines, **changes):
    return [WantedLine(line_id=line.id, **changes) for line in lines]


def an_editable(*lines, **changes):
    lines = [replace(line, number=n) for n, line in enumerate(lines or [a_line()])]
    return an_order(*lines, bill=KEPT, **changes)


def code_of(error):
    return error.value.code


# --- may it be edited ---------------------------------------------------------------


@pytest.mark.parametrize("status", ["completed", "canceled", "refunded"])
def test_what_was_handed_over_or_ended_stays(status):
    with pytest.raises(Conflict) as error:
        rules.check_editable(an_editable(status=status), [], 1)
    assert code_of(error) == "order.edit"


@pytest.mark.parametrize("status", ["pending", "paid", "accepted", "ready"])
def test_before_that_the_revision_decides(status):
    order = an_editable(status=status, revision=3)

    rules.check_editable(order, [], 3)
    rules.check_editable(order, [], None)
    with pytest.raises(Conflict) as error:
        rules.check_editable(order, [], 2)
    assert (code_of(error), error.value.facts) == ("order.changed", {"revision": 3})


def test_an_order_of_an_older_version_has_no_terms_to_price_it_by():
    with pytest.raises(Conflict) as error:
        rules.check_editable(an_order(), [], 1)
    assert code_of(error) == "order.edit"


@pytest.mark.parametrize("status", ["requested", "approved", "sending", "sent"])
def test_money_that_went_back_or_is_about_to_closes_the_bill(status):
    with pytest.raises(Conflict) as error:
        rules.check_editable(an_editable(), [a_refund(status=status)], 1)
    assert code_of(error) == "order.has_refunds"


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_refunds_that_came_to_nothing_do_not(status):
    rules.check_editable(an_editable(), [a_refund(status=status)], 1)


# --- lines --------------------------------------------------------------------------


def test_lines_keep_their_numbers_and_new_ones_get_the_next():
    soup, flan = a_line("Soup"), a_line("Flan")
    order = an_editable(soup, flan)
    new = WantedLine(menu_item_id="agua", quantity=2)

    places = rules.places_of(order, [new, *wanted(flan), new])

    assert [place.number for place in places] == [2, 1, 3]
    assert places[1].kept == order.lines[1]
    assert places[0].new == CartLine(menu_item_id="agua", quantity=2)


def test_what_is_not_sent_of_a_line_stays():
    line = a_line(note="hot", guest="Ana", quantity=2)
    order = an_editable(line)

    [same] = rules.places_of(order, wanted(line))
    [plain] = rules.places_of(order, wanted(line, note=None, guest="", quantity=3))

    assert same.kept == order.lines[0]
    assert plain.kept == replace(order.lines[0], note=None, guest=None, quantity=3)


def test_what_cannot_be_meant_is_refused_at_its_place():
    line = a_line()
    order = an_editable(line)
    item = {"menu_item_id": "x"}
    for items, code, place in (
        (wanted(line, line), "line.repeated", 1),
        ([*wanted(line), WantedLine(line_id="other")], "line.unknown", 1),
        ([WantedLine(line_id=line.id, **item)], "line.item", 0),
        ([WantedLine(line_id=line.id, combo_id="c")], "line.item", 0),
        ([WantedLine(**item)], "line.quantity", 0),
    ):
        with pytest.raises(Refused) as error:
            rules.places_of(order, items)
        assert (code_of(error), error.value.facts["line"]) == (code, place)
    with pytest.raises(Refused) as error:
        rules.places_of(order, [])
    assert code_of(error) == "cart.lines"


@pytest.mark.parametrize("status", ["cooking", "done"])
def test_more_of_what_was_begun_is_a_line_of_its_own(status):
    soup = a_line("Soup", quantity=2, status=status, started_at=NOW, course=2)
    order = an_editable(soup, a_line("Flan"))
    agua = WantedLine(menu_item_id="agua", quantity=1)

    places = rules.places_of(order, [*wanted(soup, quantity=5), agua])

    assert places[0].kept == order.lines[0]
    assert places[1].number == 2
    assert (places[2].number, places[2].new) == (3, None)
    more = replace(order.lines[0], id="", quantity=3, status="waiting", started_at=None)
    assert places[2].kept == more
    priced = replace(more, id="new")
    assert rules.continued(priced, more) == priced


def test_less_of_what_was_begun_and_more_of_what_waits_stay_one_line():
    soup = a_line("Soup", quantity=2, status="done")
    flan = a_line("Flan", status="held")
    order = an_editable(soup, flan)
    items = [*wanted(soup, quantity=1), *wanted(flan, quantity=4)]

    places = rules.places_of(order, items)

    assert [place.kept.quantity for place in places] == [1, 4]


def test_a_line_stays_as_it_was_cooked():
    old = a_line(status="done", started_at=NOW, done_at=NOW + 1, course=2)
    priced = replace(old, id="x", status="waiting", started_at=None, done_at=None)

    assert rules.continued(priced, old) == old


def test_what_was_begun_is_on_no_shelf_any_more():
    def line(status, quantity):
        return a_line(status=status, quantity=quantity)

    waits, held = line("waiting", 2), line("held", 2)
    cooks, less, stays = line("cooking", 2), line("done", 3), line("done", 1)
    before = an_editable(waits, held, cooks, less, stays)
    left = [replace(before.lines[3], quantity=1), before.lines[4]]

    gone = rules.spent(before, replace(before, lines=tuple(left)))

    assert [(line.id, line.quantity) for line in gone] == [(cooks.id, 2), (less.id, 2)]


def test_a_long_order_is_checked_where_it_changes():
    lines = [a_line(quantity=1) for _ in range(150)]
    order = an_editable(*lines)
    new = WantedLine(menu_item_id="agua", quantity=1)
    items = [*wanted(*lines[:149]), *wanted(lines[149], quantity=1000), new]
    edit = EditOrder(revision=1, items=items)

    cart, indexes = rules.cart_of(order, edit, rules.places_of(order, items))

    assert indexes == [150, 149]
    with pytest.raises(Refused) as error, rules.at_places(indexes):
        pricing.check_cart(cart)
    assert (code_of(error), error.value.facts["line"]) == ("line.quantity", 149)


# --- rounds -------------------------------------------------------------------------

AGUA = CartLine(menu_item_id="agua", quantity=2)


def test_a_round_keeps_what_is_there_and_adds():
    order = an_editable(a_line(), a_line(), status="accepted", revision=4)

    edit = rules.round_of(order, NewRound(items=[AGUA]), is_guest=True)

    assert edit.revision == 4
    assert [line.line_id for line in edit.items[:2]] == [li.id for li in order.lines]
    [*_, place] = rules.places_of(order, edit.items)
    assert place.new == AGUA


@pytest.mark.parametrize("status", ["pending", "paid", "completed", "canceled"])
def test_rounds_are_for_what_was_sent(status):
    with pytest.raises(Conflict) as error:
        rules.check_round(
            an_editable(status=status), NewRound(items=[AGUA]), is_allowed=True
        )
    assert code_of(error) == "order.edit"


def test_who_may_add_and_how_much():
    order = an_editable(status="accepted", revision=201)
    fresh = replace(order, revision=2)
    for of, body, allowed, fault, code in (
        (fresh, NewRound(items=[AGUA]), False, Forbidden, "tab.forbidden"),
        (fresh, NewRound(items=[]), True, Refused, "cart.lines"),
        (fresh, NewRound(items=[AGUA] * 101), True, Refused, "cart.lines"),
        (fresh, NewRound(items=[AGUA], revision=1), True, Conflict, "order.changed"),
        (order, NewRound(items=[AGUA]), True, Conflict, "order.rounds"),
    ):
        with pytest.raises(fault) as error:
            rules.check_round(of, body, is_allowed=allowed)
        assert code_of(error) == code
    rules.check_round(fresh, NewRound(items=[AGUA], revision=2), is_allowed=True)
    served = NewRound(items=[CartLine(menu_item_id="a", quantity=1, course=2)])
    with pytest.raises(Forbidden) as error:
        rules.round_of(fresh, served, is_guest=True)
    assert code_of(error) == "course.forbidden"
    assert rules.round_of(fresh, served, is_guest=False).items[-1].course == 2


def test_an_error_in_a_round_counts_from_its_first_line():
    with pytest.raises(Refused) as error, rules.counted_from(3):
        raise Refused("line.quantity", "x", line=4)
    assert error.value.facts["line"] == 1


def test_a_combo_stays_or_goes_as_a_whole():
    part = ComboPart("c", "Lunch", 1, 3200)
    soup, flan, agua = a_line("Soup"), a_line("Flan", combo=part), a_line(combo=part)
    order = an_order(soup, replace(flan, number=1), replace(agua, number=1), bill=KEPT)

    assert len(rules.places_of(order, wanted(soup))) == 1
    assert len(rules.places_of(order, wanted(agua, soup, flan, note="x"))) == 3
    for items in (
        wanted(soup, flan),
        [*wanted(soup, flan), *wanted(agua, quantity=2)],
    ):
        with pytest.raises(Refused) as error:
            rules.places_of(order, items)
        assert code_of(error) == "combo.parts"


def test_errors_about_a_cart_name_the_place_that_was_sent():
    soup, flan = a_line("Soup"), a_line("Flan")
    order = an_editable(soup, flan)
    edit = EditOrder(
        revision=1,
        items=[*wanted(flan), WantedLine(menu_item_id="agua", quantity=0)],
    )
    places = rules.places_of(order, edit.items)

    cart, indexes = rules.cart_of(order, edit, places)

    assert indexes == [1, 0]
    with pytest.raises(Refused) as error, rules.at_places(indexes):
        pricing.check_cart(cart)
    assert error.value.facts["line"] == 1


def test_only_what_is_sent_is_in_the_cart():
    order = an_editable(covers=2, note="hot", table_name="7")

    def cart(**sent):
        edit = EditOrder(revision=1, **sent)
        return rules.cart_of(order, edit, rules.places_of(order, None))[0]

    assert (cart().covers, cart().note, cart().table) == (2, "hot", "7")
    bare = cart(covers=None, note=None, table=None)
    assert (bare.covers, bare.note, bare.table) == (None, None, None)


# --- terms --------------------------------------------------------------------------


def a_discount(trigger, **changes):
    name = f"of the {trigger}"
    return Wanted("d", name, trigger, DiscountKind.PERCENT, percent="10", **changes)


CLOCK, CODE, STAFF = (a_discount(trigger) for trigger in Trigger)


def test_what_is_sent_replaces_all_of_its_kind():
    terms = replace(TERMS, discounts=(CLOCK, CODE, STAFF), minimum_minor=500)
    places = rules.places_of(an_editable(), None)
    found = [CLOCK, replace(CODE, name="new")]

    def discounts(**sent):
        edit = EditOrder(revision=1, **sent)
        return rules.terms_of(terms, edit, places, found, 4)

    assert discounts().discounts == (CLOCK, CODE, STAFF)
    assert discounts(codes=["x"]).discounts == (CLOCK, STAFF, found[1])
    assert discounts(codes=[], discounts=[]).discounts == (CLOCK, found[1])
    assert (discounts().covers, discounts().minimum_minor) == (4, 0)


def test_discounts_follow_their_lines():
    soup, flan = a_line("Soup"), a_line("Flan")
    order = an_editable(soup, flan)
    on_soup, on_flan = (a_discount(Trigger.STAFF, line=n) for n in (0, 1))
    terms = replace(TERMS, discounts=(on_soup, on_flan))
    items = [WantedLine(menu_item_id="agua", quantity=1), *wanted(flan)]
    places = rules.places_of(order, items)

    stays = rules.terms_of(terms, EditOrder(revision=1, items=items), places, [], None)
    assert stays.discounts == (on_flan,)
    sent = EditOrder(revision=1, items=items, discounts=[])
    fresh = rules.terms_of(terms, sent, places, [on_soup], None)
    assert [each.line for each in fresh.discounts] == [2]  # the new line's number


# --- what it changed -----------------------------------------------------------------


def test_what_guests_and_the_journal_are_told():
    soup, flan = a_line("Soup", note="hot"), a_line("Flan")
    before = an_editable(soup, flan, table_name="7", note="secret")
    agua = a_line("Agua")
    after = replace(
        before,
        revision=2,
        lines=(replace(before.lines[0], quantity=2, note=None), agua),
        total_msat=9,
        table_name=None,
        bill=replace(KEPT, minor=replace(KEPT.minor, discount=100, total=8400)),
    )

    changes = [tuple(each.dict().values()) for each in rules.changes(before, after)]

    assert changes == [
        ("removed", "Flan", "1", None),
        ("quantity", "Soup", "1", "2"),
        ("note", "Soup", "hot", None),
        ("added", "Agua", None, "1"),
        ("table", None, "7", None),
        ("discount", None, "0.00", "1.00"),
        ("total", None, "85.00", "84.00"),
    ]
    assert rules.told(before, after, "why") == {
        "number": 12,
        "revision": 2,
        "old_total_msat": before.total_msat,
        "total_msat": 9,
        "added": [agua.id],
        "removed": [flan.id],
        "changed": [soup.id],
        "reason": "why",
    }
    assert "reason" not in rules.told(before, after, None)


def test_passing_terms_are_no_change():
    order = an_editable()
    packed = {**KEPT.terms, "minimum_minor": 7, "invoice_limit_sat": 9}

    assert rules.is_same(order, replace(order, bill=replace(KEPT, terms=packed)))
    assert not rules.is_same(order, replace(order, note="x"))


# --- flags -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paid", "surplus", "flags"),
    [
        (8, 0, {Flag.UNDERPAID}),
        (10, 0, set()),
        (12, 2, {Flag.OVERPAID, Flag.REFUND_DUE}),
    ],
)
def test_flags_about_money_follow_the_new_total(paid, surplus, flags):
    for old in (set(), {Flag.UNDERPAID}, {Flag.OVERPAID, Flag.REFUND_DUE}):
        order = replace(an_editable(flags=old), total_msat=10, paid_at=NOW)
        books = Books(paid_msat=paid, surplus_msat=surplus, owed_msat=surplus)

        decision = on_edit(order, order.flags, books, OWNER, NOW)

        assert decision.flags == flags
        assert (decision.status, decision.sets) == (order.status, {})


@pytest.mark.parametrize(
    ("paid", "flags", "sets"),
    [
        (0, set(), {}),
        (8, {Flag.UNDERPAID}, {}),
        (10, set(), {"paid_at": NOW}),
        (12, {Flag.OVERPAID, Flag.REFUND_DUE}, {"paid_at": NOW}),
    ],
)
def test_a_tab_is_paid_when_what_came_is_enough_for_what_is_left(paid, flags, sets):
    tab = an_editable(is_tab=True, status="accepted", paid_at=None)
    tab = replace(tab, total_msat=10)
    surplus = max(0, paid - 10)
    books = Books(paid_msat=paid, surplus_msat=surplus, owed_msat=surplus)

    decision = on_edit(tab, tab.flags, books, OWNER, NOW)

    assert (decision.flags, decision.sets) == (flags, sets)


# --- to the last millisatoshi ---------------------------------------------------------


def line_of(line, billed):
    """A priced line as an order keeps it."""
    return OrderLine(
        id=f"line-{line.number}-{line.menu_item_id}",
        menu_item_id=line.menu_item_id,
        name=line.name,
        quantity=line.quantity,
        currency=line.currency,
        price_minor=line.price_minor,
        unit_msat=round_half_up(line.unit),
        line_msat=round_half_up(line.total),
        tax_rate=line.tax_rate,
        note=line.note,
        guest=line.guest,
        station=line.station,
        status="waiting",
        uses=line.uses,
        allergens=line.allergens,
        modifiers=tuple(
            LineModifier(m.modifier_id, m.name, m.quantity, m.price_delta_minor)
            for m in line.modifiers
        ),
        number=line.number,
        discount_msat=billed.discount_msat,
        tax_msat=billed.tax_msat,
        discounts=billed.discounts,
        combo=line.combo,
    )


def bill_of(kept, terms, rates):
    """What lines that stay cost, by the order's own terms and rates."""
    known = {code: Decimal(f"{rate:f}") for code, rate in rates.items()}
    lines = [
        rules.kept_line(line, pricing.step_of(line.currency, known)) for line in kept
    ]
    terms = replace(terms, currency=pricing.bill_currency(terms.currency, known))
    step = pricing.step_of(terms.currency, known)
    lefts = discount_amounts.reduce(
        pricing.bill_lines(lines),
        pricing.bundles_of(lines, known),
        terms.discounts,
        step,
    )
    if terms.exempt_reason and terms.tax_inclusive:
        discount_amounts.exempt(lefts, terms.exempt_reason)
    return lines, bills.make_bill(lefts.reduced(), terms, step)


@st.composite
def orders(draw):
    """A made-up cart that is not refused: its price, its lines, its stored terms."""
    facts = Maker(Random(draw(st.integers(0, 2**64)))).facts()
    for each in facts["discounts"]:
        each["trigger"] = "schedule"
    facts["minimum"] = 0
    try:
        priced = priced_cart(facts)
    except Refused:
        return draw(orders())
    lines = [
        line_of(line, billed)
        for line, billed in zip(priced.lines, priced.bill.lines, strict=True)
    ]
    return priced, lines, unpack_terms(pack_terms(terms_of(facts)))


@given(orders())
def test_an_edit_that_changes_nothing_leaves_every_figure(drawn):
    priced, kept, terms = drawn

    lines, bill = bill_of(kept, terms, priced.rates)

    assert tuple(lines) == priced.lines
    assert bill == priced.bill
    again = [line_of(line, b) for line, b in zip(lines, bill.lines, strict=True)]
    assert again == kept


def priced_or_none(stays, terms, rates):
    """None for a tip or a total that no order may have."""
    try:
        return bill_of(stays, terms, rates)
    except Refused:
        return None, None


@given(orders(), st.randoms(use_true_random=False))
def test_whatever_stays_in_whatever_quantity_the_sums_add_up(drawn, random):
    priced, kept, terms = drawn
    gone = {line.number for line in kept if random.random() < 0.4}
    stays = [
        line if line.combo else replace(line, quantity=random.randint(1, 99))
        for line in kept
        if line.number not in gone
    ]
    assume(stays)
    lines, bill = priced_or_none(stays, terms, priced.rates)
    assume(bill)

    for sums in (bill.msat, bill.minor):
        added = 0 if bill.tax_inclusive else sums.tax
        parts = sums.subtotal - sums.discount + sums.service + added + sums.tip
        assert parts + sums.rounding == sums.total
    assert bill.msat.total % 1000 == 0
    for line, old in zip(lines, stays, strict=True):
        assert round_half_up(line.unit) == old.unit_msat
        assert line.total == EXACT.multiply(line.unit, Decimal(old.quantity))
