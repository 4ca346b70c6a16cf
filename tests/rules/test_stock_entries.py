"""What people may enter about stock."""

from __future__ import annotations

from typing import Any

import pytest

from restaurant.core import limits
from restaurant.core.errors import Conflict, RestaurantError
from restaurant.features.stock.models import MoveKind, Stock, StockKind, Wanted
from restaurant.features.stock_entries import rules
from restaurant.features.stock_entries.models import Ingredient, MovementsBody
from restaurant.models import Role


def body(*moves: tuple[str, int], reason: str | None = "x") -> MovementsBody:
    listed = [{"stock_id": "s", "kind": k, "quantity": q} for k, q in moves]
    return MovementsBody(reason=reason, movements=listed)


def wanted(*moves: tuple[str, str, int]) -> list[Wanted]:
    return [Wanted(s, MoveKind(k), q) for s, k, q in moves]


def code_of(call: Any, *arguments: Any) -> str | None:
    """The code of the refusal, if it is one."""
    try:
        call(*arguments)
    except RestaurantError as error:
        return error.code
    return None


@pytest.mark.parametrize("role", list(Role))
def test_managers_enter_everything_and_others_what_comes_and_goes(role):
    is_manager = role in (Role.OWNER, Role.MANAGER)
    for kind in ("count", "adjust"):
        refused = code_of(rules.read_moves, body((kind, 1)), role)
        assert refused == (None if is_manager else "stock.role")
    for kind in ("receive", "waste"):
        assert code_of(rules.read_moves, body((kind, 1)), role) is None


@pytest.mark.parametrize(
    ("kind", "low"),
    [("receive", 1), ("waste", 1), ("count", 0), ("adjust", -limits.STOCK_MAX)],
)
def test_bounds_are_inclusive(kind, low):
    for quantity in (low, limits.STOCK_MAX):
        [move] = rules.read_moves(body((kind, quantity)), Role.OWNER)
        assert (move.kind, move.quantity) == (MoveKind(kind), quantity)
    for quantity in (low - 1, limits.STOCK_MAX + 1):
        refused = code_of(rules.read_moves, body((kind, quantity)), Role.OWNER)
        assert refused == "field.invalid"


def test_a_count_is_compared_with_what_the_movements_before_it_left():
    moves = wanted(("s", "receive", 5), ("s", "waste", 2), ("s", "count", 13))

    assert code_of(rules.check_counts, moves, {"s": 10}, None) is None
    assert code_of(rules.check_counts, moves, {"s": 11}, None) == "stock.reason"
    assert code_of(rules.check_counts, moves, {"s": 11}, " ") == "stock.reason"
    assert code_of(rules.check_counts, moves, {"s": 11}, "why") is None


def test_the_first_count_needs_no_reason_and_the_second_does():
    first = wanted(("s", "count", 5))

    assert code_of(rules.check_counts, first, {}, None) is None
    assert code_of(rules.check_counts, first, {"s": None}, None) is None
    twice = wanted(("s", "count", 5), ("s", "count", 6))
    assert code_of(rules.check_counts, twice, {}, None) == "stock.reason"


def test_only_a_count_begins_to_count():
    moves = wanted(("a", "count", 1), ("b", "receive", 1), ("a", "waste", 1))

    assert rules.first_counts(moves, {"a"}) == ["a"]
    with pytest.raises(Conflict) as caught:
        rules.first_counts(moves, {"a", "b"})
    assert caught.value.facts["field"] == "movements.1.stock_id"
    late = wanted(("a", "waste", 1), ("a", "count", 1))
    assert code_of(rules.first_counts, late, {"a"}) == "stock.not_counted"


def test_the_journal_gets_one_bounded_entry_per_kind():
    many = limits.STOCK_MOVES_TOLD_MAX + 1
    moves = wanted(("a", "count", 1), *[("b", "receive", 2)] * many, ("c", "count", 3))

    told = dict(rules.told(moves, None))
    assert list(told) == ["stock.counted", "stock.received"]
    assert told["stock.counted"] == {
        "movements": [
            {"stock_id": "a", "quantity": 1},
            {"stock_id": "c", "quantity": 3},
        ],
        "count": 2,
        "reason": None,
    }
    assert told["stock.received"]["count"] == many
    assert len(told["stock.received"]["movements"]) == many - 1


def test_new_ingredients_fit_beside_the_present_ones():
    draft = Ingredient("Salt", "g", 0, None)
    full = {f"x{n}" for n in range(limits.INGREDIENTS_MAX)}

    assert code_of(rules.check_room, {"Flour"}, [draft]) is None
    assert code_of(rules.check_room, {"Salt"}, [draft]) == "stock.name"
    assert code_of(rules.check_room, full, [draft]) == "stock.too_many"
    assert code_of(rules.check_room, full, []) is None


@pytest.mark.parametrize(
    ("is_counted", "on_hand", "reserved", "low_at", "is_low"),
    [
        (True, 5, 0, 5, True),
        (True, 6, 0, 5, False),
        (True, 9, 4, 5, True),
        (True, 2, 4, 0, True),
        (True, 0, 0, None, False),
        (False, 0, 0, 5, False),
    ],
)
def test_low_is_about_what_is_promised_to_nobody(
    is_counted, on_hand, reserved, low_at, is_low
):
    stock = Stock(
        *("s", "r", StockKind.INGREDIENT, is_counted, on_hand, reserved, 1, 0),
        low_at=low_at,
    )

    assert rules.is_low(stock) == is_low
