"""The stock ledger's rules: what moves, what is refused, and what always adds up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_line
from restaurant.core import limits
from restaurant.core.errors import Conflict, Refused
from restaurant.features.stock import rules
from restaurant.features.stock.models import (
    MoveKind,
    Shortage,
    Step,
    Stock,
    StockKind,
    Use,
    Wanted,
    Why,
    merged,
    portions_of,
    taken_by,
)

K = MoveKind
WHY = Why("owner", NOW, "why")


def a_stock(stock_id: str = "flan", on_hand: int = 5, **changes: Any) -> Stock:
    stock = Stock(stock_id, "r", StockKind.ITEM, True, on_hand, 0, 1, NOW)
    return replace(stock, **changes)


def stocks(*found: Stock) -> dict[str, Stock]:
    return {stock.id: stock for stock in found}


def deltas(steps: list[Step] | Shortage) -> list[tuple[str, MoveKind, int, int, int]]:
    assert not isinstance(steps, Shortage)
    return [
        (s.stock_id, s.kind, s.quantity, s.on_hand_delta, s.reserved_delta)
        for s in steps
    ]


# --- orders ------------------------------------------------------------------------


def test_a_promise_holds_what_is_free_and_takes_nothing():
    steps = rules.reserve(stocks(a_stock(on_hand=5, reserved=3)), {"flan": 2}, "o")

    assert deltas(steps) == [("flan", K.RESERVE, 2, 0, 2)]


def test_all_lines_are_promised_or_none():
    shelf = stocks(a_stock("flan", 5), a_stock("corn", 40, reserved=30))

    steps = rules.reserve(shelf, {"flan": 6, "corn": 11, "gone": 9}, "o")

    assert steps == Shortage({"flan": 1, "corn": 1})


def test_an_edit_promises_and_frees_the_difference():
    shelf = stocks(
        a_stock("flan", 5, reserved=5), a_stock("corn", 9, reserved=4), a_stock("tea")
    )

    steps = rules.reserve(shelf, {"flan": 2, "tea": 1}, "o", {"flan": 2, "corn": 4})

    assert deltas(steps) == [("corn", K.CANCEL, 4, 0, -4), ("tea", K.RESERVE, 1, 0, 1)]


def test_a_commit_keeps_its_promise():
    shelf = stocks(a_stock(on_hand=5, reserved=5))

    steps = rules.commit(shelf, {"flan": 2}, "o", {"flan": 2})

    assert deltas(steps) == [("flan", K.COMMIT, 2, -2, -2)]


@pytest.mark.parametrize(
    ("on_hand", "reserved", "held", "wanted", "missing"),
    [
        (5, 0, 0, 5, 0),
        (5, 0, 0, 6, 1),
        (5, 3, 0, 2, 0),
        (5, 3, 0, 3, 1),  # the rest is promised to others
        (5, 5, 2, 2, 0),
        (5, 5, 2, 3, 1),
        (5, 4, 2, 3, 0),
        (1, 5, 2, 2, 1),  # a count found less than was promised
        (2, 5, 2, 2, 0),
        (2, 5, 2, 3, 4),
        (2, 5, 0, 1, 4),
        (0, 0, 0, 4, 4),
    ],
)
def test_what_can_be_taken(on_hand, reserved, held, wanted, missing):
    shelf = stocks(a_stock(on_hand=on_hand, reserved=reserved))

    steps = rules.commit(shelf, {"flan": wanted}, "o", {"flan": held} if held else {})

    if missing:
        assert steps == Shortage({"flan": missing})
    else:
        assert deltas(steps) == [("flan", K.COMMIT, wanted, -wanted, -held)]


def test_what_is_held_and_not_wanted_any_more_is_free_again():
    shelf = stocks(a_stock("flan"), a_stock("corn", reserved=2))

    steps = rules.commit(shelf, {"flan": 1}, "o", {"corn": 2})

    assert deltas(steps) == [
        ("flan", K.COMMIT, 1, -1, 0),
        ("corn", K.CANCEL, 2, 0, -2),
    ]


def test_what_nobody_counts_never_moves():
    shelf = stocks(a_stock(is_counted=False, on_hand=0))

    assert rules.commit(shelf, {"flan": 3, "gone": 1}, "o") == []
    assert rules.reserve(shelf, {"flan": 3}, "o") == []
    assert rules.give_back(shelf, {"flan": 3}, K.CANCEL, "o") == []
    assert rules.commit_anyway(shelf, {"flan": 3}, "o") == []


def test_an_edit_of_what_was_taken_takes_more_and_gives_back():
    shelf = stocks(a_stock("flan", 1), a_stock("corn", 0))

    steps = rules.exchange(shelf, {"flan": 2, "corn": 3}, {"flan": 3, "corn": 1}, "o")

    assert deltas(steps) == [
        ("flan", K.COMMIT, 1, -1, 0),
        ("corn", K.CANCEL, 2, 2, 0),
    ]


def test_an_edit_that_is_short_gives_nothing_back():
    shelf = stocks(a_stock("flan", 1), a_stock("corn", 0))

    steps = rules.exchange(shelf, {"corn": 3}, {"flan": 2}, "o")

    assert steps == Shortage({"flan": 1})


def test_who_makes_it_anyway_corrects_the_count_and_leaves_others_theirs():
    shelf = stocks(a_stock("flan", 3, reserved=3), a_stock("corn", 9))

    steps = rules.commit_anyway(shelf, {"flan": 2, "corn": 1}, "o", {"flan": 1})
    after, _ = rules.moved(shelf, steps, WHY)

    assert deltas(steps) == [
        ("flan", K.ADJUST, 1, 1, 0),
        ("flan", K.COMMIT, 2, -2, -1),
        ("corn", K.COMMIT, 1, -1, 0),
    ]
    assert (after["flan"].on_hand, after["flan"].reserved) == (2, 2)


def test_a_refund_says_that_it_was_one():
    steps = rules.give_back(stocks(a_stock()), {"flan": 2}, K.REFUND, "o")

    assert deltas(steps) == [("flan", K.REFUND, 2, 2, 0)]
    assert steps[0].order_id == "o"


# --- one guest's share -------------------------------------------------------------


def a_flan(quantity: int, portion: int = 1) -> Any:
    return a_line("Flan", quantity=quantity, uses=(Use("flan", portion),))


@pytest.mark.parametrize(
    ("on_hand", "percent", "others", "quantity", "most"),
    [
        (10, 50, 0, 5, None),
        (10, 50, 0, 6, 5),
        (10, 50, 4, 1, None),
        (10, 50, 4, 2, 1),
        (10, 50, 7, 1, 0),
        (1, 20, 0, 1, None),  # one portion can always be had
        (1, 20, 1, 1, 0),
        (10, 100, 0, 10, None),
    ],
)
def test_one_guest_holds_a_part_of_what_is_there(
    on_hand, percent, others, quantity, most
):
    shelf = stocks(a_stock(on_hand=on_hand))
    lines = [a_line("Tea"), a_flan(quantity)]

    def check() -> None:
        rules.check_share(shelf, lines, {"flan": others}, percent)

    if most is None:
        check()
        return
    with pytest.raises(Conflict) as refused:
        check()
    assert refused.value.code == "stock.share"
    assert refused.value.facts == {"line": 1, "stock_id": "flan", "most": most}


def test_two_lines_of_one_thing_share_one_share():
    with pytest.raises(Conflict) as refused:
        rules.check_share(stocks(a_stock(on_hand=4)), [a_flan(1), a_flan(2)], {}, 50)

    assert (refused.value.facts["line"], refused.value.facts["most"]) == (1, 1)


def test_a_share_is_told_in_portions():
    with pytest.raises(Conflict) as refused:
        rules.check_share(stocks(a_stock(on_hand=100)), [a_flan(4, 15)], {}, 50)

    assert refused.value.facts["most"] == 3


def test_the_line_that_is_short_is_named():
    lines = [a_line("Tea"), a_flan(1)]

    assert rules.short_line(lines, Shortage({"flan": 1})) == 1


# --- people ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "quantity", "delta"),
    [
        (K.RECEIVE, 4, 4),
        (K.WASTE, 4, -4),
        (K.WASTE, 5, -5),
        (K.ADJUST, 4, 4),
        (K.ADJUST, -4, -4),
        (K.COUNT, 0, -5),
        (K.COUNT, 5, 0),
        (K.COUNT, 9, 4),
    ],
)
def test_what_people_enter(kind, quantity, delta):
    step = rules.by_hand(a_stock(on_hand=5), Wanted("flan", kind, quantity))

    assert step == Step("flan", kind, quantity, delta, 0)


@pytest.mark.parametrize(("kind", "quantity"), [(K.WASTE, 6), (K.ADJUST, -6)])
def test_nothing_falls_below_zero(kind, quantity):
    step = rules.by_hand(a_stock(on_hand=5), Wanted("flan", kind, quantity))

    assert step == Shortage({"flan": 1})


@pytest.mark.parametrize(
    ("kind", "quantity", "field"),
    [
        (K.RECEIVE, 0, "quantity"),
        (K.RECEIVE, -1, "quantity"),
        (K.WASTE, 0, "quantity"),
        (K.WASTE, limits.STOCK_MAX + 1, "quantity"),
        (K.ADJUST, 0, "quantity"),
        (K.ADJUST, -limits.STOCK_MAX - 1, "quantity"),
        (K.COUNT, -1, "quantity"),
        (K.RECEIVE, limits.STOCK_MAX, "quantity"),  # together more than there may be
        (K.RESERVE, 1, "kind"),
        (K.COMMIT, 1, "kind"),
        (K.CANCEL, 1, "kind"),
        (K.REFUND, 1, "kind"),
    ],
)
def test_what_cannot_be_entered_is_refused_by_its_field(kind, quantity, field):
    with pytest.raises(Refused) as refused:
        rules.by_hand(a_stock(on_hand=5), Wanted("flan", kind, quantity))

    assert refused.value.facts["field"] == field


def test_what_nobody_counts_any_more_is_promised_to_nobody():
    stock = a_stock(on_hand=4, reserved=3)

    steps = rules.uncount(stock, {"a": 1, "b": 2})
    after, rows = rules.moved(stocks(stock), steps, WHY)

    assert [(row.kind, row.order_id, row.reserved) for row in rows] == [
        (K.CANCEL, "a", 2),
        (K.CANCEL, "b", 0),
        (K.ADJUST, None, 0),
    ]
    assert (after["flan"].on_hand, after["flan"].reserved) == (0, 0)


# --- the ledger --------------------------------------------------------------------


def test_rows_follow_each_other_without_a_gap():
    steps = [Step("flan", K.RECEIVE, 2, 2, 0), Step("flan", K.RESERVE, 3, 0, 3, "o")]

    after, rows = rules.moved(stocks(a_stock(moves=7)), steps, WHY)

    assert [(r.seq, r.on_hand, r.reserved, r.order_id) for r in rows] == [
        (8, 7, 0, None),
        (9, 7, 3, "o"),
    ]
    assert after["flan"].moves == 9
    assert {(r.actor, r.at, r.reason) for r in rows} == {("owner", NOW, "why")}


@pytest.mark.parametrize(
    "step",
    [Step("flan", K.WASTE, 6, -6, 0), Step("flan", K.CANCEL, 1, 0, -1, "o")],
)
def test_no_row_is_written_that_falls_below_zero(step):
    with pytest.raises(ValueError, match="flan"):
        rules.moved(stocks(a_stock()), [step], WHY)


@pytest.mark.parametrize(
    ("low_at", "before", "after", "told"),
    [
        (3, 4, 3, ["stock.low"]),
        (3, 3, 2, []),
        (3, 4, 0, ["stock.low", "stock.out"]),
        (3, 1, 0, ["stock.out"]),
        (3, 0, 3, []),
        (3, 3, 4, ["stock.refilled"]),
        (3, 0, 9, ["stock.refilled"]),
        (None, 1, 0, ["stock.out"]),
        (None, 0, 1, ["stock.refilled"]),
        (None, 5, 4, []),
        (0, 1, 0, ["stock.low", "stock.out"]),
    ],
)
def test_a_line_is_crossed_once(low_at, before, after, told):
    was = a_stock(on_hand=before, low_at=low_at)

    assert rules.news(was, replace(was, on_hand=after)) == told


def test_promises_count_for_what_is_low():
    was = a_stock(on_hand=4, low_at=3)

    assert rules.news(was, replace(was, reserved=1)) == ["stock.low"]
    assert rules.news(was, replace(was, on_hand=0, is_counted=False)) == []
    first = replace(was, moves=0, on_hand=0)
    assert rules.news(first, replace(first, on_hand=9, moves=1)) == []


# --- what a portion takes ----------------------------------------------------------


def test_portions_are_what_the_scarcest_part_lets():
    uses = (Use("flan", 1), Use("corn", 30))

    assert portions_of(uses, {"flan": 5, "corn": 100}) == 3
    assert portions_of(uses, {"flan": 5, "corn": -1}) == 0
    assert portions_of((), {}) is None


def test_lines_take_their_uses_as_often_as_they_are_there():
    lines = [a_flan(2, 30), a_flan(1), a_line("Tea", quantity=9)]

    assert taken_by(lines) == {"flan": 61}


def test_uses_of_one_stock_are_one_use():
    parts = [(Use("corn", 30), 1), (Use("corn", 5), 2), (Use("flan", 1), 1)]

    assert merged(parts) == (Use("corn", 40), Use("flan", 1))


@dataclass(frozen=True)
class Figures:
    on_hand: int
    reserved: int
    held: int
    wanted: int


figures = st.builds(
    Figures,
    st.integers(0, 9),
    st.integers(0, 12),
    st.integers(0, 4),
    st.integers(1, 9),
).filter(lambda f: f.held <= f.reserved)


@given(figures)
def test_short_of_exactly_what_is_missing(found: Figures):
    stock = a_stock(on_hand=found.on_hand, reserved=found.reserved)
    held = {"flan": found.held}

    missing = rules.missing_of(stocks(stock), {"flan": found.wanted}, held)

    more = missing.get("flan", 0)
    there = replace(stock, on_hand=stock.on_hand + more)
    assert not isinstance(
        rules.commit(stocks(there), {"flan": found.wanted}, "o", held), Shortage
    )
    if more:
        less = replace(there, on_hand=there.on_hand - 1)
        steps = rules.commit(stocks(less), {"flan": found.wanted}, "o", held)
        assert steps == Shortage({"flan": 1})
