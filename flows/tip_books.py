"""Pieces of tipping that join other transactions: a tip is entered when its order is
paid, goes back with refunds, and follows the person who serves."""

from collections.abc import Sequence

from ..adapters import system
from ..crud import Conn
from ..features.journal.models import Entry
from ..features.orders.models import Order
from ..features.payments import crud as payments
from ..features.payments import rules as payment_rules
from ..features.payments.models import Payment
from ..features.refunds import crud as refunds
from ..features.restaurants.models import Restaurant, TipTo
from ..features.staff import crud as staff
from ..features.staff.rules import shares_pool
from ..features.tips import crud as tips
from ..features.tips import rules
from ..features.tips.models import Sum, Tip, Whose
from ..models import SYSTEM, Actor
from .recording import record


async def whose_tip(
    conn: Conn, restaurant: Restaurant, order_id: str, wish: TipTo | None
) -> Whose:
    """Whose an order's tip is: as wished, else as the restaurant wants it."""
    wanted = wish or restaurant.tip_to
    if wanted is not TipTo.SERVER:
        return rules.whose(wanted, None, has_pool=False)
    server_id = await staff.server_of(conn, order_id)
    if server_id and await staff.load(conn, server_id) is None:
        server_id = None  # gone meanwhile
    members = await staff.all_of(conn, restaurant.id)
    has_pool = any(map(shares_pool, members))
    return rules.whose(wanted, server_id, has_pool=has_pool)


async def enter_checkout(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> None:
    """An order that is paid in full, and not in question, gives its tip: once."""
    if not order.tip_msat or not rules.is_earned(order):
        return
    if await tips.knows(conn, rules.checkout_reference(order.id)):
        return
    owner = await whose_tip(conn, restaurant, order.id, None)
    tip = rules.checkout(order, owner, system.new_id(), at)
    if await tips.enter(conn, tip):
        await _tell(conn, "tip.entered", SYSTEM, [tip], at)
    # Some of it may have gone back while the order was in question.
    booked = await payments.of_order(conn, order.id)
    await follow_tip(conn, order, payment_rules.paid_msat(booked), at)


async def enter_later(
    conn: Conn,
    restaurant: Restaurant,
    order: Order,
    payment: Payment,
    received_msat: int,
    at: int,
) -> None:
    """The money of a tip after the meal came. The order's own books stay as they
    are."""
    asked_for = await tips.load(conn, payment.tip_id or "")
    if asked_for is None:
        raise LookupError(f"tip {payment.tip_id} vanished")
    tip = rules.later(asked_for, payment, received_msat, at)
    if tip.staff_id and await staff.load(conn, tip.staff_id) is None:
        owner = await whose_tip(conn, restaurant, order.id, TipTo.SERVER)
        tip = rules.given_to(tip, owner)
    if await tips.enter(conn, tip):
        await _tell(conn, "tip.entered", SYSTEM, [tip], at)


async def follow_tip(conn: Conn, order: Order, paid_msat: int, at: int) -> None:
    """The tip's part of what goes back leaves the ledger; what does not arrive comes
    again."""
    if not order.tip_msat:
        return
    entries = await tips.of_order(conn, order.id)
    returned = await refunds.of_order(conn, order.id)
    tip = rules.returned(order, entries, paid_msat, returned, system.new_id(), at)
    if tip and await tips.enter(conn, tip):
        await _tell(conn, "tip.returned", SYSTEM, [tip], at)


async def follow_server(
    conn: Conn, restaurant: Restaurant, order: Order, actor: Actor, at: int
) -> None:
    """Another person serves: where tips go to them, the order's follows while it is
    open."""
    if restaurant.tip_to is not TipTo.SERVER or not order.tip_msat:
        return
    owner = await whose_tip(conn, restaurant, order.id, None)
    entries = await tips.of_order(conn, order.id)
    for old, sum_ in rules.open_elsewhere(entries, owner):
        await move(conn, restaurant.id, order.id, sum_, (old, owner), actor, at)


async def move(
    conn: Conn,
    restaurant_id: str,
    order_id: str | None,
    sum_: Sum,
    owners: tuple[Whose, Whose],
    actor: Actor,
    at: int,
) -> None:
    """Bring an open sum from the first owner to the second."""
    ids = (system.new_id(), system.new_id())
    entries = rules.moved(restaurant_id, order_id, sum_, owners, ids, at)
    await tips.enter_all(conn, entries)
    await _tell(conn, "tip.moved", actor, entries, at)


async def _tell(
    conn: Conn, event: str, actor: Actor, entries: Sequence[Tip], at: int
) -> None:
    lines = [Entry(event, actor, tip.order_id, rules.told(tip)) for tip in entries]
    await record(conn, entries[0].restaurant_id, lines, at)
