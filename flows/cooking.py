"""The kitchen: lines move, courses are fired, the board shows, and orders that
nobody accepts are called out."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from ..adapters.log import log_failure
from ..core import limits
from ..core.errors import Conflict
from ..crud import Conn, read, transaction
from ..features.journal.models import Entry
from ..features.kitchen import crud as kitchen
from ..features.kitchen import rules
from ..features.kitchen.models import BoardView, FireBody, KitchenOrder, LinesChange
from ..features.opening import rules as opening
from ..features.orders import rules as order_rules
from ..features.orders.models import LineStatus, Order, OrderLine, OrderView
from ..features.payments import crud as payments
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..models import SYSTEM, Actor, OrderStatus
from .deciding import Refunding, announce, carry_out
from .paying import locked_order
from .recording import record
from .returning import load_books
from .showing import show_order
from .ticketing import fire_tickets

# --- lines ---------------------------------------------------------------------


async def set_line_status(
    order_id: str,
    body: LinesChange,
    actor: Actor,
    own_stations: Collection[str],
    at: int,
) -> OrderView:
    """Bump lines (``done``) or take them back; the order is ready when its lines are,
    and is cooked on when one is taken back.

    ``own_stations``: those of the device that asks; empty means all. The same status
    again changes nothing. Conflict ``order.step``, ``line.held``; Forbidden
    ``device.stations``; Refused ``line.unknown``, ``station.unknown``.
    """
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, order_id)
        order_rules.check_cooks(order)
        moves = rules.lines_to_move(order.lines, body, own_stations)
        if moves:
            status = LineStatus(body.status)
            after = await _move(conn, order, moves, status, actor, at)
            await follow_lines(conn, restaurant, after, actor, at)
    if moves:
        announce(order.restaurant_id, order_id)
    return await show_order(order_id)


async def finish_lines(conn: Conn, order: Order, actor: Actor, at: int) -> Order:
    """Somebody says that an order is ready, or handed out: so are its lines.

    Part of the caller's transaction. Conflict ``line.held``.
    """
    moves = rules.to_finish(order.lines)
    if not moves:
        return order
    return await _move(conn, order, moves, LineStatus.DONE, actor, at)


async def begin_again(conn: Conn, order: Order, actor: Actor, at: int) -> Order:
    """An order is made once more, from its first course on; part of the caller's
    transaction."""
    begun = rules.first_statuses(order.lines)
    for status in (LineStatus.WAITING, LineStatus.HELD):
        ids = {line.id for line in begun if line.status == status}
        moves = [
            line for line in order.lines if line.id in ids and line.status != status
        ]
        if moves:
            order = await _move(conn, order, moves, status, actor, at)
    return order


async def _move(
    conn: Conn,
    order: Order,
    moves: Sequence[OrderLine],
    status: LineStatus,
    actor: Actor,
    at: int,
) -> Order:
    """Move lines on, each from the status it was read with, and journal it."""
    for old in dict.fromkeys(LineStatus(line.status) for line in moves):
        ids = [line.id for line in moves if line.status == old]
        if not await kitchen.move_lines(conn, order.id, ids, old, status, at):
            raise _changed()
    stations = {line.station for line in moves}
    told = {
        "number": order.number,
        "station": stations.pop() if len(stations) == 1 else None,
        "status": status.value,
        "line_ids": [line.id for line in moves],
    }
    entry = Entry("order.lines", actor, order.id, told)
    await record(conn, order.restaurant_id, [entry], at)
    return replace(order, lines=rules.moved(order.lines, moves, status))


async def follow_lines(
    conn: Conn, restaurant: Restaurant, order: Order, actor: Actor, at: int
) -> Order:
    """Bring an order's own status in line with that of its lines, as part of the
    caller's transaction."""
    is_done = rules.is_done(order.lines)
    if is_done and order.status is OrderStatus.ACCEPTED:
        ready = OrderStatus.READY
        decision = order_rules.step(order, ready, actor, at, kept_msat=0)
    elif not is_done and order.status is OrderStatus.READY:
        decision = order_rules.recall(order, actor)
    else:
        return order
    if decision is None:
        return order
    return await carry_out(conn, restaurant, order, decision, at)


# --- courses -------------------------------------------------------------------


async def fire_course(
    order_id: str, body: FireBody, actor: Actor, at: int
) -> OrderView:
    """Call for a course: its lines go to their stations; again changes nothing.

    Conflict ``order.step``; Refused ``course.unknown``.
    """
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, order_id)
        order_rules.check_cooks(order)
        held = rules.to_fire(order.lines, body.course)
        if held:
            await _fire(conn, restaurant, order, held, body.course, actor, at)
    if held:
        announce(order.restaurant_id, order_id)
    return await show_order(order_id)


async def _fire(
    conn: Conn,
    restaurant: Restaurant,
    order: Order,
    held: Sequence[OrderLine],
    course: int,
    actor: Actor,
    at: int,
) -> None:
    ids = [line.id for line in held]
    fired = LineStatus.WAITING
    if not await kitchen.move_lines(conn, order.id, ids, LineStatus.HELD, fired, at):
        raise _changed()
    after = replace(order, lines=rules.moved(order.lines, held, fired))
    told = {"number": order.number, "course": course, "line_ids": ids}
    entries = [Entry("order.fired", actor, order.id, told)]
    stations = await fire_tickets(conn, restaurant, after, course, at)
    if stations:
        made = {"stations": stations}
        entries.append(Entry("order.tickets_made", SYSTEM, order.id, made))
    await record(conn, restaurant.id, entries, at)


def _changed() -> Conflict:
    return Conflict("order.changed", "Somebody else changed this order just now.")


# --- the board -----------------------------------------------------------------


async def kitchen_board(
    restaurant: Restaurant,
    wanted: Sequence[str],
    own_stations: Collection[str],
    at: int,
) -> BoardView:
    """What is to be cooked at these stations (none: all that the device may see).

    Forbidden ``device.stations``.
    """
    stations = rules.stations_to_show(wanted, own_stations)
    async with read() as conn:
        found = await kitchen.orders_of_board(
            conn, restaurant.id, stations, limits.KITCHEN_ORDERS_MAX
        )
    shown = [(order, _accept_by(order, restaurant)) for order in found]
    return rules.board(shown, stations, at)


def _accept_by(order: KitchenOrder, restaurant: Restaurant) -> int | None:
    """Until when somebody should accept it; None when somebody did."""
    if order.status is not OrderStatus.PAID:
        return None
    return rules.accept_by(_counts_from(order, restaurant), restaurant)


# --- orders that nobody accepts --------------------------------------------------


async def watch_unaccepted(at: int) -> int:
    """Call out the paid orders that nobody accepts, each level once, and end those
    that the owner wants to end; how many were called out. One bounded look."""
    raised, after = 0, ""
    known: dict[str, Restaurant | None] = {}
    while raised < limits.ALERTS_PER_ROUND:
        async with read() as conn:
            page = await kitchen.unaccepted(
                conn, at, rules.LAST_LEVEL, after, limits.ALERTS_PER_ROUND
            )
            for each in page:
                if each.restaurant_id not in known:
                    known[each.restaurant_id] = await restaurants.load_with_deleted(
                        conn, each.restaurant_id
                    )
        for each in page:
            restaurant = known[each.restaurant_id]
            if restaurant and rules.is_due(each, restaurant, at):
                raised += await _try_to_call_out(each.id, at)
        if len(page) < limits.ALERTS_PER_ROUND:
            break
        after = page[-1].id
    return raised


async def _try_to_call_out(order_id: str, at: int) -> bool:
    """One order that cannot be called out must not keep the others from it."""
    try:
        return await _call_out(order_id, at)
    except Exception:
        log_failure("an order that nobody accepts will be looked at again")
        return False


async def _call_out(order_id: str, at: int) -> bool:
    """Raise an order's alert to what is due by now; False when nothing was raised:
    somebody was faster, or its time begins later."""
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, order_id)
        if order.status is not OrderStatus.PAID:
            return False
        counts_from = _counts_from(order, restaurant)
        await kitchen.count_from(conn, order_id, counts_from)
        level = rules.level_at(counts_from, restaurant, at)
        if not await kitchen.raise_alert(conn, order_id, level):
            return False
        told = {"number": order.number, "level": level}
        entry = Entry("order.unaccepted", SYSTEM, order_id, told)
        if rules.ends_by_itself(level, order.flags, restaurant):
            await _end(conn, restaurant, order, entry, at)
        else:
            await record(conn, restaurant.id, [entry], at)
    announce(order.restaurant_id, order_id)
    return True


def _counts_from(order: Order | KitchenOrder, restaurant: Restaurant) -> int:
    """From when on somebody should accept this paid order."""
    if order.alert_from is not None:
        return order.alert_from
    paid_at = rules.paid_since(order)
    opens_at = opening.opens_again(restaurant, order.order_type, paid_at)
    return rules.counts_from(order, restaurant, opens_at)


async def _end(
    conn: Conn, restaurant: Restaurant, order: Order, entry: Entry, at: int
) -> None:
    """Nobody came: the order is canceled and all its money goes back by itself, also
    where the owner looks after other refunds by hand."""
    books = await load_books(conn, order)
    decision = order_rules.step(
        order,
        OrderStatus.CANCELED,
        SYSTEM,
        at,
        kept_msat=books.refundable_msat,
        reason=rules.NOBODY_CAME,
    )
    if decision:
        await carry_out(
            *(conn, restaurant, order, decision, at),
            before=[entry],
            refunding=Refunding.ALWAYS,
        )
        await payments.void_open(conn, order.id)
