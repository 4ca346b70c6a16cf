"""Carries a decision about an order out, inside the caller's transaction.

Lock law: every transaction that writes a restaurant's rows locks the restaurant
first, so that writers queue in one place and never wait for each other in a ring.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..adapters.wake import wake
from ..core.errors import Conflict
from ..crud import Conn
from ..features.journal.models import Entry
from ..features.orders import crud as orders
from ..features.orders.models import Order, OrderLine
from ..features.orders.rules import Decision
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..models import SYSTEM
from .menus import forget_menu
from .recording import record
from .ticketing import cancel_tickets, make_tickets


async def carry_out(
    conn: Conn,
    restaurant: Restaurant,
    order: Order,
    decision: Decision,
    at: int,
    *,
    before: Sequence[Entry] = (),
    sets: dict[str, Any] | None = None,
) -> Order:
    """Store the decision, its journal entries and its tickets; the new order.

    ``before`` are entries that led to the decision, ``sets`` further columns.
    """
    columns = {**decision.sets, **(sets or {})}
    changed = await orders.change(conn, order, decision.status, decision.flags, columns)
    if not changed:
        raise Conflict("order.changed", "Somebody else changed this order just now.")
    after = replace(order, status=decision.status, flags=decision.flags, **columns)
    entries = [*before, *decision.entries]
    if decision.makes_tickets:
        entries += await print_tickets(conn, restaurant, after, at)
    if decision.cancels_tickets:
        await cancel_tickets(conn, order.id, at)
    if decision.restores_stock and order.stock_taken_at is not None:
        entries.append(await _restore_stock(conn, after))
    await record(conn, restaurant.id, entries, at)
    return after


async def print_tickets(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> list[Entry]:
    """Queue the order's tickets; what the journal tells of it."""
    stations = await make_tickets(conn, restaurant, order, at)
    if not stations:
        return []
    return [Entry("order.tickets_made", SYSTEM, order.id, {"stations": stations})]


async def take_stock(conn: Conn, order: Order) -> bool:
    """Take the counted lines of an order, all or none; False when one is short."""
    taken: list[tuple[str, int]] = []
    for menu_item_id, quantity in counted(order.lines):
        if not await orders.take_stock(conn, menu_item_id, quantity):
            for undo_id, undo_quantity in taken:
                await orders.restore_stock(conn, undo_id, undo_quantity)
            return False
        taken.append((menu_item_id, quantity))
    if taken:
        await restaurants.bump_stock_version(conn, order.restaurant_id)
    return True


async def _restore_stock(conn: Conn, order: Order) -> Entry:
    restored = counted(order.lines)
    for menu_item_id, quantity in restored:
        await orders.restore_stock(conn, menu_item_id, quantity)
    await restaurants.bump_stock_version(conn, order.restaurant_id)
    return Entry("stock.restored", SYSTEM, order.id, {"items": dict(restored)})


def counted(lines: Sequence[OrderLine]) -> list[tuple[str, int]]:
    """(menu item id, quantity) of the counted lines, by id."""
    wanted: Counter[str] = Counter()
    for line in lines:
        if line.is_counted:
            wanted[line.menu_item_id] += line.quantity
    return sorted(wanted.items())


def announce(restaurant_id: str, order_id: str) -> None:
    """After a commit: whoever shows or prints this order looks again."""
    forget_menu(restaurant_id)
    wake(f"events:{restaurant_id}", f"print:{restaurant_id}", f"order:{order_id}")
