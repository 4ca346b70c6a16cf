"""Carries a decision about an order out, inside the caller's transaction.

Lock law: every transaction that writes a restaurant's rows locks the restaurant
first, so that writers queue in one place and never wait for each other in a ring.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import Any

from ..adapters.wake import wake
from ..core.errors import Conflict
from ..crud import Conn
from ..features.journal.models import Entry
from ..features.orders import crud as orders
from ..features.orders import rules
from ..features.orders.models import Order
from ..features.orders.rules import Decision
from ..features.restaurants.models import Restaurant
from ..features.stock.models import MoveKind
from ..models import SYSTEM, Actor, Flag, OrderStatus, PaymentMethod
from .discounting import release_uses, take_uses_again
from .menus import forget_menu
from .receipting import print_due_receipt
from .recording import record
from .returning import left_to_restock, load_books, refund_by_itself
from .stocking import put_back, release
from .ticketing import cancel_tickets, change_tickets, make_tickets, void_tickets
from .tip_books import enter_checkout, follow_tip

#: Waking this topic makes the loop that sends refunds look at once.
SENDING = "refunds"
_BEING_MADE = (OrderStatus.PENDING, OrderStatus.PAID, OrderStatus.ACCEPTED)


class Refunding(Enum):
    """Does what an order owes go back by itself? A refund that failed needs a human;
    what nobody accepted goes back also where the owner refunds by hand."""

    BY_SETTING = "by setting"
    NEVER = "never"
    ALWAYS = "always"


async def carry_out(
    conn: Conn,
    restaurant: Restaurant,
    order: Order,
    decision: Decision,
    at: int,
    *,
    before: Sequence[Entry] = (),
    sets: dict[str, Any] | None = None,
    refunding: Refunding = Refunding.BY_SETTING,
) -> Order:
    """Store the decision, its journal entries, tickets and refunds; the new order.

    ``before`` are entries that led to the decision, ``sets`` further columns. Money
    that is owed from now on goes back by itself as ``refunding`` says.
    """
    columns = {**decision.sets, **(sets or {})}
    restocks = decision.restores_stock and order.stock_taken_at is not None
    if restocks:
        columns["stock_taken_at"] = None
    waited = order.stock_reserved_at is not None
    waits_no_more = waited and decision.status is not OrderStatus.PENDING
    if waits_no_more:
        columns["stock_reserved_at"] = None
    after = await _store(conn, order, decision, columns)
    entries = [*before, *decision.entries]
    actor = entries[-1].actor if entries else SYSTEM
    if decision.makes_tickets:
        entries += await print_tickets(
            conn, restaurant, after, at, decision.ticket_round
        )
    if decision.cancels_tickets:
        entries += await _stop_kitchen(conn, restaurant, order, after, at)
    if waits_no_more and columns.get("stock_taken_at") is None:
        await release(conn, restaurant, order, actor, at)
    if restocks:
        left = await left_to_restock(conn, order)
        told = (restaurant, order, left, MoveKind.CANCEL, actor, at)
        entries.append(await put_back(conn, *told))
    entries += await _count_discounts_anew(conn, order, after, at)
    await record(conn, restaurant.id, entries, at)
    await enter_checkout(conn, restaurant, after, at)
    # More money may come to an order that has some to give back already.
    is_news = bool(before) or Flag.REFUND_DUE not in order.flags
    owes_more = is_news and Flag.REFUND_DUE in after.flags
    goes_back = refunding is Refunding.ALWAYS or (
        refunding is Refunding.BY_SETTING and restaurant.auto_refund
    )
    if owes_more and goes_back:
        after = await _refund(conn, restaurant, after, at)
    await print_due_receipt(conn, restaurant, order, after, before, at)
    return after


async def _count_discounts_anew(
    conn: Conn, before: Order, after: Order, at: int
) -> list[Entry]:
    """An order that dies gives its discounts back; one that comes back has them
    again, for its price was promised."""
    was_over, is_over = (
        order.status in (OrderStatus.CANCELED, OrderStatus.REFUNDED)
        for order in (before, after)
    )
    if is_over and not was_over and after.status is OrderStatus.CANCELED:
        return await release_uses(conn, after.id, SYSTEM, at)
    if was_over and not is_over:
        return await take_uses_again(conn, after.id, SYSTEM)
    return []


async def _store(
    conn: Conn, order: Order, decision: Decision, columns: dict[str, Any]
) -> Order:
    changed = await orders.change(conn, order, decision.status, decision.flags, columns)
    if not changed:
        raise Conflict("order.changed", "Somebody else changed this order just now.")
    read_back = dict(columns)
    if "payment_method" in columns:
        read_back["payment_method"] = PaymentMethod(columns["payment_method"])
    return replace(order, status=decision.status, flags=decision.flags, **read_back)


async def _refund(conn: Conn, restaurant: Restaurant, order: Order, at: int) -> Order:
    entries = await refund_by_itself(conn, restaurant, order, at)
    if not entries:
        return order
    await record(conn, restaurant.id, entries, at)
    return await follow_refunds(conn, restaurant, order, SYSTEM, at)


async def follow_refunds(
    conn: Conn, restaurant: Restaurant, order: Order, actor: Actor, at: int
) -> Order:
    """Bring an order's status and flags in line with its refunds."""
    books = await load_books(conn, order)
    await follow_tip(conn, order, books.paid_msat, at)
    decision = rules.on_refund(order, books, actor)
    if decision is None:
        return order
    never = Refunding.NEVER
    return await carry_out(conn, restaurant, order, decision, at, refunding=never)


async def print_tickets(
    conn: Conn, restaurant: Restaurant, order: Order, at: int, round_n: int = 1
) -> list[Entry]:
    """Queue the order's tickets; what the journal tells of it."""
    return _made(order, await make_tickets(conn, restaurant, order, at, round_n))


async def follow_paper(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> None:
    """Tell the kitchen, and the journal, what changed about an order that it has."""
    entries = _made(order, await change_tickets(conn, restaurant, order, at))
    if entries:
        await record(conn, restaurant.id, entries, at)


async def _stop_kitchen(
    conn: Conn, restaurant: Restaurant, before: Order, after: Order, at: int
) -> list[Entry]:
    """Nobody cooks for this order any more; what the journal tells of VOID tickets.

    What is cooked already, or was stopped before, is not taken back on paper.
    """
    if before.status not in _BEING_MADE:
        await cancel_tickets(conn, before.id, at)
        return []
    return _made(after, await void_tickets(conn, restaurant, after, at))


def _made(order: Order, stations: list[str]) -> list[Entry]:
    if not stations:
        return []
    return [Entry("order.tickets_made", SYSTEM, order.id, {"stations": stations})]


def announce(restaurant_id: str, order_id: str) -> None:
    """After a commit: whoever shows or prints this order looks again."""
    forget_menu(restaurant_id)
    wake(f"events:{restaurant_id}", f"print:{restaurant_id}", f"order:{order_id}")
    wake(SENDING)
