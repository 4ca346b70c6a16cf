"""What may move in the stock ledger, and what a movement leaves. Pure.

Every function takes the figures of the stocks by id and answers steps, or a
``Shortage`` and then nothing moves. Stocks that are not there, or not counted, have
nothing to move. Figures never fall below zero, and nothing is made to fit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ...core import limits
from ...core.errors import Conflict, invalid
from .models import (
    BY_HAND,
    MoveKind,
    Movement,
    Shortage,
    Step,
    Stock,
    Taking,
    Wanted,
    Why,
)

Stocks = Mapping[str, Stock]
Quantities = Mapping[str, int]

_NONE: Quantities = {}


# --- orders ----------------------------------------------------------------------


def reserve(
    stocks: Stocks, wanted: Quantities, order_id: str, held: Quantities = _NONE
) -> list[Step] | Shortage:
    """Promise to the order what it wants instead of what it holds, all or nothing."""
    more = {
        stock_id: wanted.get(stock_id, 0) - held.get(stock_id, 0)
        for stock_id in {**held, **wanted}
        if _is_counted(stocks, stock_id)
    }
    missing = {
        stock_id: quantity - stocks[stock_id].available
        for stock_id, quantity in more.items()
        if quantity > max(0, stocks[stock_id].available)
    }
    if missing:
        return Shortage(missing)
    return [
        Step(stock_id, MoveKind.RESERVE, quantity, 0, quantity, order_id)
        if quantity > 0
        else Step(stock_id, MoveKind.CANCEL, -quantity, 0, quantity, order_id)
        for stock_id, quantity in more.items()
        if quantity
    ]


def commit(
    stocks: Stocks, wanted: Quantities, order_id: str, held: Quantities = _NONE
) -> list[Step] | Shortage:
    """Take what the order wants off the shelf, all or nothing.

    What it holds covers as much of that; the rest must be promised to nobody else.
    Whatever it holds is kept, and what of it is not wanted any more is free again.
    """
    counted = {
        stock_id: quantity
        for stock_id, quantity in wanted.items()
        if quantity and _is_counted(stocks, stock_id)
    }
    missing = missing_of(stocks, counted, held)
    if missing:
        return Shortage(missing)
    steps = [
        Step(
            stock_id,
            MoveKind.COMMIT,
            quantity,
            -quantity,
            -held.get(stock_id, 0),
            order_id,
        )
        for stock_id, quantity in counted.items()
    ]
    left = {key: value for key, value in held.items() if key not in counted}
    return steps + release(stocks, left, order_id)


def commit_anyway(
    stocks: Stocks, wanted: Quantities, order_id: str, held: Quantities = _NONE
) -> list[Step]:
    """Take it although something is missing: whoever says so has it, so the count was
    wrong by as much, and is corrected first. What others were promised stays there."""
    missing = missing_of(stocks, wanted, held)
    found = [
        Step(stock_id, MoveKind.ADJUST, quantity, quantity, 0, order_id)
        for stock_id, quantity in missing.items()
    ]
    corrected = {
        stock_id: replace(stock, on_hand=stock.on_hand + missing.get(stock_id, 0))
        for stock_id, stock in stocks.items()
    }
    taken = commit(corrected, wanted, order_id, held)
    if isinstance(taken, Shortage):
        raise ValueError(f"still missing: {taken.missing}")
    return found + taken


def missing_of(
    stocks: Stocks, wanted: Quantities, held: Quantities = _NONE
) -> dict[str, int]:
    """How many are missing, by stock, before an order could take what it wants."""
    missing: dict[str, int] = {}
    for stock_id, quantity in wanted.items():
        if not _is_counted(stocks, stock_id):
            continue
        stock, covered = stocks[stock_id], held.get(stock_id, 0)
        is_more = quantity > covered
        there = covered + stock.available if is_more else stock.on_hand
        if quantity > there:
            missing[stock_id] = quantity - there
    return missing


def exchange(
    stocks: Stocks, before: Quantities, after: Quantities, order_id: str
) -> list[Step] | Shortage:
    """An order that took ``before`` takes ``after`` instead, all or nothing."""
    more = {
        stock_id: after.get(stock_id, 0) - before.get(stock_id, 0)
        for stock_id in {**before, **after}
    }
    taken = commit(stocks, {k: v for k, v in more.items() if v > 0}, order_id)
    if isinstance(taken, Shortage):
        return taken
    less = {stock_id: -quantity for stock_id, quantity in more.items() if quantity < 0}
    return taken + give_back(stocks, less, MoveKind.CANCEL, order_id)


def release(stocks: Stocks, held: Quantities, order_id: str) -> list[Step]:
    """The order's promises end; what was promised is free again."""
    return [
        Step(stock_id, MoveKind.CANCEL, quantity, 0, -quantity, order_id)
        for stock_id, quantity in held.items()
        if quantity and stock_id in stocks
    ]


def give_back(
    stocks: Stocks, quantities: Quantities, kind: MoveKind, order_id: str
) -> list[Step]:
    """What an order took comes back to the shelf; ``kind`` is cancel or refund."""
    return [
        Step(stock_id, kind, quantity, quantity, 0, order_id)
        for stock_id, quantity in quantities.items()
        if quantity and _is_counted(stocks, stock_id)
    ]


def share(stock: Stock, portion: int, percent: int) -> int:
    """The most of a stock that one guest's unpaid orders may hold: the restaurant's
    percentage of what is on hand, and always one portion."""
    return max(portion, stock.on_hand * percent // 100)


def check_share(
    stocks: Stocks, lines: Sequence[Taking], others: Quantities, percent: int
) -> None:
    """Conflict ``stock.share`` when the lines, with what the guest's ``others`` hold,
    are more than one guest may have; ``most`` is how many of the line can be had."""
    taken: dict[str, int] = dict(others)
    for number, line in enumerate(lines):
        for use in line.uses:
            stock = stocks.get(use.stock_id)
            if stock is None or not stock.is_counted:
                continue
            before = taken.get(use.stock_id, 0)
            after = before + use.quantity * line.quantity
            limit = share(stock, use.quantity, percent)
            if after > limit:
                most = max(0, limit - before) // use.quantity
                raise Conflict(
                    "stock.share",
                    "One guest can only order a part of what is left. "
                    f"You can have {most} of this now.",
                    line=number,
                    stock_id=use.stock_id,
                    most=most,
                )
            taken[use.stock_id] = after


def short_line(lines: Sequence[Taking], shortage: Shortage) -> int:
    """The first line that takes of what is missing."""
    return next(
        number
        for number, line in enumerate(lines)
        if any(use.stock_id in shortage.missing for use in line.uses)
    )


# --- people ----------------------------------------------------------------------


def by_hand(stock: Stock, wanted: Wanted) -> Step | Shortage:
    """A movement that somebody enters. Refused ``field.invalid`` for a quantity that
    its kind cannot have; Shortage when less than that is on hand."""
    kind, quantity = wanted.kind, wanted.quantity
    check_quantity(kind, quantity)
    delta = {
        MoveKind.RECEIVE: quantity,
        MoveKind.WASTE: -quantity,
        MoveKind.ADJUST: quantity,
        MoveKind.COUNT: quantity - stock.on_hand,
    }[kind]
    after = stock.on_hand + delta
    if after < 0:
        return Shortage({stock.id: -after})
    if after > limits.STOCK_MAX:
        raise invalid("quantity", f"There are at most {limits.STOCK_MAX} of anything.")
    return Step(stock.id, kind, quantity, delta, 0)


def check_quantity(kind: MoveKind, quantity: int) -> None:
    """Refused ``field.invalid``: counts are from 0, corrections not 0, others from 1;
    orders' kinds are nobody's to enter."""
    if kind not in BY_HAND:
        known = ", ".join(sorted(BY_HAND))
        raise invalid("kind", f"kind must be one of {known}.")
    low = {MoveKind.COUNT: 0, MoveKind.ADJUST: -limits.STOCK_MAX}.get(kind, 1)
    is_nothing = kind is MoveKind.ADJUST and quantity == 0
    if is_nothing or not low <= quantity <= limits.STOCK_MAX:
        most = limits.STOCK_MAX
        raise invalid("quantity", f"quantity must be a whole number up to {most}.")


def uncount(stock: Stock, held_by: Quantities) -> list[Step]:
    """Nobody counts it any more: promises (by order) end, and nothing is on hand."""
    ended = [
        Step(stock.id, MoveKind.CANCEL, quantity, 0, -quantity, order_id)
        for order_id, quantity in held_by.items()
        if quantity
    ]
    rest = -stock.on_hand
    return [*ended, Step(stock.id, MoveKind.ADJUST, rest, rest, 0)]


# --- the ledger ------------------------------------------------------------------


def moved(
    stocks: Stocks, steps: Iterable[Step], why: Why
) -> tuple[dict[str, Stock], list[Movement]]:
    """The stocks that move, as they are after the steps, and the ledger's rows."""
    after: dict[str, Stock] = {}
    rows: list[Movement] = []
    for step in steps:
        stock = after.get(step.stock_id) or stocks[step.stock_id]
        on_hand = stock.on_hand + step.on_hand_delta
        reserved = stock.reserved + step.reserved_delta
        if on_hand < 0 or reserved < 0:
            raise ValueError(f"stock {stock.id} would be {on_hand}, {reserved}")
        after[stock.id] = replace(
            stock, on_hand=on_hand, reserved=reserved, moves=stock.moves + 1
        )
        rows.append(
            Movement(
                stock_id=stock.id,
                seq=stock.moves + 1,
                restaurant_id=stock.restaurant_id,
                at=why.at,
                kind=step.kind,
                quantity=step.quantity,
                on_hand_delta=step.on_hand_delta,
                reserved_delta=step.reserved_delta,
                on_hand=on_hand,
                reserved=reserved,
                reason=why.reason,
                actor=why.actor,
                order_id=step.order_id,
            )
        )
    return after, rows


def news(before: Stock, after: Stock) -> list[str]:
    """What the owner wants to hear of a move: events of the journal, each once for
    every time that a line is crossed. A first count is no news."""
    if not after.is_counted or not before.moves:
        return []
    was, now, low = before.available, after.available, after.low_at
    events = []
    if low is not None and now <= low < was:
        events.append("stock.low")
    if now <= 0 < was:
        events.append("stock.out")
    if was <= (low or 0) < now:
        events.append("stock.refilled")
    return events


def _is_counted(stocks: Stocks, stock_id: str) -> bool:
    stock = stocks.get(stock_id)
    return stock is not None and stock.is_counted
