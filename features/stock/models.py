"""Words of the stock ledger. Quantities are whole numbers of a stock's own unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import BaseModel

from ...models import Word


@dataclass(frozen=True)
class Use:
    """So much of one stock goes into a single portion (of an item, of a modifier)."""

    stock_id: str
    quantity: int


class StockKind(Word):
    """What is counted. A menu's entries have their own id as their stock's."""

    ITEM = "item"
    MODIFIER = "modifier"
    INGREDIENT = "ingredient"


class MoveKind(Word):
    """Why figures moved. The first four belong to orders, the others to people."""

    RESERVE = "reserve"  # promised to an order
    COMMIT = "commit"  # an order took it, and its promise is kept
    CANCEL = "cancel"  # an order gives its promise, or what it took, back
    REFUND = "refund"  # back on the shelf with a refund
    ADJUST = "adjust"  # a correction, up or down
    RECEIVE = "receive"  # delivered
    WASTE = "waste"  # spoiled, broken, eaten by the staff
    COUNT = "count"  # so many were counted


BY_HAND = frozenset({MoveKind.ADJUST, MoveKind.RECEIVE, MoveKind.WASTE, MoveKind.COUNT})


@dataclass(frozen=True)
class Stock:
    """A counted thing with its figures, which are the sums of its movements.

    ``reserved`` of ``on_hand`` are promised to orders. ``name`` and ``unit`` are an
    ingredient's, ``low_at`` is when the owner wants to hear of it, ``moves`` counts
    its movements.
    """

    id: str
    restaurant_id: str
    kind: StockKind
    is_counted: bool
    on_hand: int
    reserved: int
    moves: int
    created_at: int
    name: str | None = None
    unit: str | None = None
    low_at: int | None = None

    @property
    def available(self) -> int:
        """What is there and promised to nobody; below zero after a count that found
        less than was promised."""
        return self.on_hand - self.reserved


@dataclass(frozen=True)
class Step:
    """What a movement does to its stock, before it has a place in the ledger.

    ``quantity`` is as a human says it: positive, the figure of a count, and signed
    for a correction only.
    """

    stock_id: str
    kind: MoveKind
    quantity: int
    on_hand_delta: int
    reserved_delta: int
    order_id: str | None = None


@dataclass(frozen=True)
class Movement:
    """One row of the ledger, with the figures it left. ``seq`` counts a stock's."""

    stock_id: str
    seq: int
    restaurant_id: str
    at: int
    kind: MoveKind
    quantity: int
    on_hand_delta: int
    reserved_delta: int
    on_hand: int
    reserved: int
    reason: str | None
    actor: str
    order_id: str | None


@dataclass(frozen=True)
class Why:
    """Who moves stock, when, and what they say about it."""

    actor: str
    at: int
    reason: str | None = None


@dataclass(frozen=True)
class Wanted:
    """A movement by hand: of one stock, of a kind of ``BY_HAND``."""

    stock_id: str
    kind: MoveKind
    quantity: int


@dataclass(frozen=True)
class Shortage:
    """Nothing moves: of these stocks (by id) so many are missing."""

    missing: Mapping[str, int]


@dataclass(frozen=True)
class Fault:
    """Where the ledger does not add up; ``seq`` names the movement, if it is one."""

    stock_id: str
    seq: int | None
    problem: str


class Taking(Protocol):
    """A line of a cart or an order: so many of it, each with what one takes."""

    @property
    def quantity(self) -> int: ...
    @property
    def uses(self) -> tuple[Use, ...]: ...


def taken_by(lines: Iterable[Taking]) -> dict[str, int]:
    """What the lines take together, by the id of the stock, in their order."""
    total: dict[str, int] = {}
    for line in lines:
        for use in line.uses:
            more = use.quantity * line.quantity
            total[use.stock_id] = total.get(use.stock_id, 0) + more
    return total


def portions_of(uses: Iterable[Use], available: Mapping[str, int]) -> int | None:
    """How many portions that take this can be had; None when nothing is counted."""
    return min(
        (max(0, available.get(use.stock_id, 0)) // use.quantity for use in uses),
        default=None,
    )


def merged(uses: Iterable[tuple[Use, int]]) -> tuple[Use, ...]:
    """One use for each stock, of uses that each count so many times."""
    total: dict[str, int] = {}
    for use, times in uses:
        total[use.stock_id] = total.get(use.stock_id, 0) + use.quantity * times
    return tuple(Use(stock_id, quantity) for stock_id, quantity in total.items())


@dataclass(frozen=True)
class NamedStock:
    """A stock as people know it: by the menu's name of this moment, or its own.

    ``menu_item_id`` is the item itself, or the one that offers the modifier;
    ``used_by`` counts the recipes that take of it.
    """

    stock: Stock
    name: str
    menu_item_id: str | None
    used_by: int


# --- shapes ------------------------------------------------------------------------


class StockView(BaseModel):
    """Figures are whole numbers of ``unit``; ``available`` is on hand and promised to
    nobody. ``is_low``: counted, with ``low_at`` or less of it available."""

    id: str
    kind: StockKind
    name: str
    menu_item_id: str | None
    unit: str | None
    is_counted: bool
    on_hand: int
    reserved: int
    available: int
    low_at: int | None
    is_low: bool
    used_by: int


class StockPage(BaseModel):
    """By name; ``next`` is the cursor of the next page, or null."""

    data: list[StockView]
    next: str | None


class MovementView(BaseModel):
    """One row of the ledger, with the figures it left; ``seq`` counts a stock's."""

    stock_id: str
    seq: int
    at: str
    kind: MoveKind
    quantity: int
    on_hand_delta: int
    reserved_delta: int
    on_hand: int
    reserved: int
    reason: str | None
    actor: str
    order_id: str | None
    order_number: int | None


class MadeMovements(BaseModel):
    """What was entered, in its order."""

    data: list[MovementView]


class MovementPage(BaseModel):
    """Newest first; ``next`` is the cursor of the next page, or null."""

    data: list[MovementView]
    next: str | None


class DifferenceView(BaseModel):
    """Where the ledger does not add up: ``problem`` is ``figures`` (a stock's are not
    its movements' sums), ``movement`` (number ``seq`` does not follow from the one
    before) or ``reservation`` (promised to an order that does not wait for it)."""

    stock_id: str
    name: str | None
    problem: str
    seq: int | None
    on_hand: int | None
    on_hand_of_ledger: int
    reserved: int | None
    reserved_of_ledger: int


class CheckView(BaseModel):
    """``is_equal`` when every figure is what its movements add up to; of the
    differences the first are shown."""

    is_equal: bool
    stocks: int
    movements: int
    differences: list[DifferenceView]
