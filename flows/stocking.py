"""The stock ledger: what orders promise, take and give back, and what people enter.

All of it joins the caller's transaction, which has locked the restaurant.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..core.errors import Conflict, NotFound
from ..crud import Conn, read
from ..features.journal.models import Entry
from ..features.orders import crud as orders
from ..features.orders.models import Order
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..features.stock import crud, rules
from ..features.stock.models import (
    Fault,
    MoveKind,
    Movement,
    Shortage,
    Step,
    Stock,
    StockKind,
    Wanted,
    Why,
    taken_by,
)
from ..features.stock_entries import rules as entered
from ..models import SYSTEM, Actor, Role
from .recording import record

#: What the ledger says when the menu, and nobody by hand, moved a figure.
_NOT_COUNTED = "no longer counted"


# --- orders ------------------------------------------------------------------------


async def reserve_for(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> Order:
    """Promise an order that waits for its money what it takes, all lines or none.

    Conflict ``stock.short`` with ``line`` when one is short by now, ``stock.share``
    with ``line`` and ``most`` when it is more than one guest may hold. The order,
    which knows that something is promised to it.
    """
    wanted = taken_by(order.lines)
    if not wanted:
        return order
    stocks = await crud.load_many(conn, wanted)
    if order.is_by_guest:
        others = await crud.held_by_guest(conn, order)
        percent = restaurant.reserve_guest_percent
        rules.check_share(stocks, order.lines, others, percent)
    steps = rules.reserve(stocks, wanted, order.id)
    if isinstance(steps, Shortage):
        raise short(order, steps)
    if not steps:
        return order
    actor = str(Role.GUEST) if order.is_by_guest else order.placed_by
    await _post(conn, restaurant, stocks, steps, Why(actor, at))
    await orders.mark_reserved(conn, order.id, at)
    return replace(order, stock_reserved_at=at)


async def take_for(
    conn: Conn, restaurant: Restaurant, order: Order, actor: Actor, at: int
) -> bool:
    """Take what the order counts off the shelf, all lines or none; False when one is
    short, and then nothing moved. What was promised to it is used first.

    The caller stores ``stock_taken_at``.
    """
    wanted = taken_by(order.lines)
    held = await _held(conn, order)
    if not wanted and not held:
        return True
    stocks = await crud.load_many(conn, {**held, **wanted})
    steps = rules.commit(stocks, wanted, order.id, held)
    if isinstance(steps, Shortage):
        return False
    await _post(conn, restaurant, stocks, steps, Why(str(actor), at))
    return True


async def take_anyway(
    conn: Conn, restaurant: Restaurant, order: Order, actor: Actor, at: int
) -> None:
    """As ``take_for``, for somebody who can make it whatever the count says: what is
    missing was there all the time, and the ledger says so."""
    wanted = taken_by(order.lines)
    held = await _held(conn, order)
    stocks = await crud.load_many(conn, {**held, **wanted})
    steps = rules.commit_anyway(stocks, wanted, order.id, held)
    await _post(conn, restaurant, stocks, steps, Why(str(actor), at))


async def short_of(conn: Conn, order: Order) -> dict[str, int]:
    """How many are missing, by stock, before the order could be taken from the
    shelf."""
    wanted = taken_by(order.lines)
    stocks = await crud.load_many(conn, wanted)
    return rules.missing_of(stocks, wanted, await _held(conn, order))


async def release(
    conn: Conn, restaurant: Restaurant, order: Order, actor: Actor, at: int
) -> None:
    """What is promised to the order is free again. The caller forgets
    ``stock_reserved_at``."""
    held = await _held(conn, order)
    if held:
        stocks = await crud.load_many(conn, held)
        steps = rules.release(stocks, held, order.id)
        await _post(conn, restaurant, stocks, steps, Why(str(actor), at))


async def put_back(
    conn: Conn,
    restaurant: Restaurant,
    order: Order,
    uses_by_stock: Mapping[str, int],
    kind: MoveKind,
    actor: Actor,
    at: int,
) -> Entry:
    """Put back on the shelf what the order took; what the journal tells of it.
    ``kind`` is cancel or refund."""
    stocks = await crud.load_many(conn, uses_by_stock)
    steps = rules.give_back(stocks, uses_by_stock, kind, order.id)
    await _post(conn, restaurant, stocks, steps, Why(str(actor), at))
    return Entry("stock.restored", actor, order.id, {"items": dict(uses_by_stock)})


async def follow_edit(
    conn: Conn,
    restaurant: Restaurant,
    before: Order,
    after: Order,
    actor: Actor,
    at: int,
) -> None:
    """What an edited order took, or what is promised to it, is what it takes now.

    Conflict ``stock.short`` with ``menu_item_id``: nothing of it may be committed.
    """
    was, wanted = taken_by(before.lines), taken_by(after.lines)
    is_taken = before.stock_taken_at is not None
    if was == wanted or not (is_taken or before.stock_reserved_at is not None):
        return
    held = {} if is_taken else await _held(conn, before)
    stocks = await crud.load_many(conn, {**was, **wanted, **held})
    if is_taken:
        steps = rules.exchange(stocks, was, wanted, after.id)
    else:
        steps = rules.reserve(stocks, wanted, after.id, held)
    if isinstance(steps, Shortage):
        raise short(after, steps)
    await _post(conn, restaurant, stocks, steps, Why(str(actor), at))


def short(order: Order, shortage: Shortage) -> Conflict:
    """Which line of the order is short, and how many portions of it too few."""
    line = order.lines[rules.short_line(order.lines, shortage)]
    return Conflict(
        "stock.short",
        f"{line.name}: there is not so much left.",
        line=line.number,
        menu_item_id=line.menu_item_id,
    )


async def _held(conn: Conn, order: Order) -> dict[str, int]:
    if order.stock_reserved_at is None:
        return {}
    return await crud.held(conn, order.id)


# --- people and menus --------------------------------------------------------------


async def move(
    conn: Conn,
    restaurant: Restaurant,
    wanted: Sequence[Wanted],
    reason: str | None,
    actor: Actor,
    at: int,
) -> list[Movement]:
    """Enter movements by hand, all or none, in their order; the ledger's rows.

    NotFound ``stock.unknown``, Conflict ``stock.not_counted``, ``stock.short`` with
    ``stock_id`` and ``left``; Refused for a wrong kind or quantity.
    """
    stocks = await crud.load_many(conn, {each.stock_id: None for each in wanted})
    now, steps = dict(stocks), []
    for each in wanted:
        stock = now.get(each.stock_id)
        if stock is None or stock.restaurant_id != restaurant.id:
            raise NotFound(
                "stock.unknown", "There is no such stock.", stock_id=each.stock_id
            )
        if not stock.is_counted:
            raise Conflict(
                "stock.not_counted", "This is not counted.", stock_id=stock.id
            )
        step = rules.by_hand(stock, each)
        if isinstance(step, Shortage):
            raise Conflict(
                "stock.short",
                f"Only {stock.on_hand} are on hand.",
                stock_id=stock.id,
                left=stock.on_hand,
            )
        steps.append(step)
        now[stock.id] = replace(stock, on_hand=stock.on_hand + step.on_hand_delta)
    rows = await _post(conn, restaurant, stocks, steps, Why(str(actor), at, reason))
    told = [
        Entry(event, actor, payload=payload)
        for event, payload in entered.told(wanted, reason)
    ]
    await record(conn, restaurant.id, told, at)
    return rows


async def count(
    conn: Conn,
    restaurant: Restaurant,
    figures: Mapping[str, int | None],
    kind: StockKind,
    actor: Actor,
    at: int,
) -> None:
    """Set what the menu's entries (by id) count: so many were counted, or (None)
    nobody counts them any more."""
    stocks = await crud.load_many(conn, figures)
    begun = await begin_counting(conn, restaurant, figures, stocks, kind, at)
    stocks = {**begun, **stocks}  # that it is counted again is no news of its figures
    counted = [
        rules.by_hand(stocks[key], Wanted(key, MoveKind.COUNT, figure))
        for key, figure in figures.items()
        if figure is not None
    ]
    steps = [step for step in counted if isinstance(step, Step)]
    await _post(conn, restaurant, stocks, steps, Why(str(actor), at, "menu"))
    await uncount(
        conn,
        restaurant,
        [
            stocks[key]
            for key, figure in figures.items()
            if figure is None and key in stocks
        ],
        actor,
        at,
    )


async def begin_counting(
    conn: Conn,
    restaurant: Restaurant,
    figures: Mapping[str, int | None],
    present: Mapping[str, Stock],
    kind: StockKind,
    at: int,
) -> dict[str, Stock]:
    """Begin to count what is not counted yet; those stocks."""
    wanted = [key for key, figure in figures.items() if figure is not None]
    new = {
        key: Stock(key, restaurant.id, kind, True, 0, 0, 0, at)
        for key in wanted
        if key not in present
    }
    again = {
        key: replace(present[key], is_counted=True)
        for key in wanted
        if key in present and not present[key].is_counted
    }
    await crud.add(conn, new.values())
    await crud.set_counted(conn, again, True)
    return {**new, **again}


async def uncount(
    conn: Conn,
    restaurant: Restaurant,
    stocks: Iterable[Stock],
    actor: Actor,
    at: int,
) -> None:
    """Nobody counts these any more: what is promised of them is free, nothing is on
    hand, and orders neither take of them nor give back."""
    ending = {stock.id: stock for stock in stocks if stock.is_counted}
    if not ending:
        return
    steps: list[Step] = []
    for stock in ending.values():
        held_by = await crud.held_by_orders(conn, stock.id) if stock.reserved else {}
        steps += rules.uncount(stock, held_by)
    await crud.set_counted(conn, ending, False)
    over = {key: replace(stock, is_counted=False) for key, stock in ending.items()}
    await _post(conn, restaurant, over, steps, Why(str(actor), at, _NOT_COUNTED))


async def verify_stock(restaurant_id: str) -> list[Fault]:
    """Where the stocks of a restaurant differ from their ledger; empty is right."""
    async with read() as conn:
        return await crud.verify(conn, restaurant_id)


async def _post(
    conn: Conn,
    restaurant: Restaurant,
    stocks: Mapping[str, Stock],
    steps: Sequence[Step],
    why: Why,
) -> list[Movement]:
    """Write the steps down and tell whoever watches the shelf."""
    if not steps:
        return []
    after, rows = rules.moved(stocks, steps, why)
    await crud.post(conn, stocks, after, rows)
    await restaurants.bump_stock_version(conn, restaurant.id)
    entries = [
        Entry(event, SYSTEM, payload=_told(stock))
        for stock in after.values()
        for event in rules.news(stocks[stock.id], stock)
    ]
    await record(conn, restaurant.id, entries, why.at)
    return rows


def _told(stock: Stock) -> dict[str, str | int | None]:
    return {
        "stock_id": stock.id,
        "available": stock.available,
        "low_at": stock.low_at,
    }
