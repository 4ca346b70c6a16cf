"""Money arrives: what core's books show, and what counted money does to its order."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..adapters import lightning
from ..crud import Conn, transaction
from ..features.journal.models import Entry
from ..features.menu import crud as menu
from ..features.orders import crud as orders
from ..features.orders import rules as order_rules
from ..features.orders.models import Order
from ..features.orders.rules import Money
from ..features.payments import crud as payments
from ..features.payments import rules
from ..features.payments.models import Payment, Receipt
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..models import SYSTEM, Actor, Flag, OrderStatus
from .deciding import announce, carry_out
from .recording import record
from .showing import unknown_order
from .stocking import take_for
from .tip_books import enter_later


@dataclass(frozen=True)
class Arrived:
    """One payment that was just counted, in its transaction."""

    payment: Payment
    received_msat: int
    actor: Actor


async def mark_order_paid(payment_hash: str, at: int) -> bool:
    """Count the money of one invoice if core's books show it as arrived.

    True when this call counted it. A thousand repeats change nothing: an invoice
    that is counted, unknown, or not paid in core's books is left alone.
    """
    paid, _ = await lightning.receipts_of([payment_hash])
    receipt = paid.get(payment_hash)
    return receipt is not None and await settle(receipt, at)


async def settle(receipt: Receipt, at: int) -> bool:
    """Payment, order, stock, tickets and journal in ONE transaction.

    The money is matched by hash and wallet; the amount decides what it means.
    """
    async with transaction() as conn:
        payment = await payments.by_hash(conn, receipt.payment_hash)
        if payment is None or payment.wallet_id != receipt.wallet_id:
            return False
        order, restaurant = await locked_order(conn, payment.order_id)
        booked = await payments.of_order(conn, order.id)
        received = rules.received_msat(payment, receipt, order, booked)
        if not await payments.capture(conn, payment, received, at):
            return False
        if payment.tip_id is not None:
            await enter_later(conn, restaurant, order, payment, received, at)
        else:
            arrived = Arrived(payment, received, SYSTEM)
            await apply_money(conn, restaurant, arrived, at)
    announce(payment.restaurant_id, payment.order_id)
    return True


async def give_up_invoice(payment_hash: str, at: int) -> None:
    """The node will never see this invoice paid: the guest may have a fresh one.

    Should money come after all, it still counts.
    """
    async with transaction() as conn:
        payment = await payments.by_hash(conn, payment_hash)
        restaurant = payment and await restaurants.lock(conn, payment.restaurant_id)
        if not payment or not restaurant or not await payments.fail(conn, payment):
            return
        told = {"payment_id": payment.id, "method": payment.method.value}
        entry = Entry("payment.failed", SYSTEM, payment.order_id, told)
        await record(conn, restaurant.id, [entry], at)
    announce(restaurant.id, payment.order_id)


async def flag_stuck(payment_hash: str, at: int) -> None:
    """The node or a payer's debit says paid, core's books do not: call a human."""
    async with transaction() as conn:
        payment = await payments.by_hash(conn, payment_hash)
        restaurant = payment and await restaurants.lock(conn, payment.restaurant_id)
        order = payment and await orders.lock(conn, payment.order_id)
        # A tip's money is no question about its order: it is looked for again.
        if not restaurant or not order or (payment and payment.tip_id):
            return
        decision = order_rules.flag(order, Flag.STUCK_INTERNAL, SYSTEM)
        if decision is None:
            return
        await carry_out(conn, restaurant, order, decision, at)
    announce(restaurant.id, order.id)


async def apply_money(
    conn: Conn, restaurant: Restaurant, arrived: Arrived, at: int
) -> Order:
    """What counted money does to its order, in the caller's transaction."""
    order = await orders.lock(conn, arrived.payment.order_id)
    if order is None:
        raise unknown_order()
    counted = await payments.of_order(conn, order.id)
    paid = rules.paid_msat(counted)
    meaning = order_rules.meaning_of_money(
        order, paid - arrived.received_msat, arrived.received_msat, at
    )
    is_off = meaning is Money.PAYS and await has_switched_off(conn, order, at)
    wants_stock = meaning is Money.PAYS and order.stock_taken_at is None and not is_off
    has_stock = not wants_stock or await take_for(
        conn, restaurant, order, arrived.actor, at
    )
    decision = order_rules.on_payment(
        order,
        meaning,
        paid,
        restaurant,
        arrived.actor,
        at,
        stock_short=not has_stock,
        unavailable=is_off,
    )
    took = wants_stock and has_stock
    return await carry_out(
        conn,
        restaurant,
        order,
        decision,
        at,
        before=[_captured_entry(arrived)],
        sets={"stock_taken_at": at} if took else {},
    )


async def revalue(
    conn: Conn, order: Order, booked: Sequence[Payment], actor: Actor
) -> list[Entry]:
    """Book what the payments are worth of an order's new total, in the caller's
    transaction; the entries are for the caller to journal. ``booked`` is locked."""
    entries = []
    for old, new in zip(booked, rules.revalued(order, booked), strict=True):
        if old.received_msat == new.received_msat:
            continue
        if not await payments.revalue(conn, old, new.received_msat):
            raise LookupError(f"payment {old.id} changed under its order's lock")
        told = {"payment_id": old.id, "received_msat": new.received_msat}
        entries.append(Entry("payment.revalued", actor, order.id, told))
    return entries


async def has_switched_off(conn: Conn, order: Order, at: int) -> bool:
    """Was something that this order waits for switched off since it was placed? What
    the kitchen has begun on is its own affair."""
    if order.status is not OrderStatus.PENDING:
        return False
    return bool(await switched_off_of(conn, order, at))


async def switched_off_of(conn: Conn, order: Order, at: int) -> set[str]:
    """What of an order's items and modifiers is off when it is wanted."""
    wanted_at = max(order.pickup_at or at, at)
    return await menu.switched_off(conn, *named_by(order), wanted_at)


def named_by(order: Order) -> tuple[set[str], set[str]]:
    """The menu items and the modifiers that an order names."""
    items = {line.menu_item_id for line in order.lines}
    modifiers = {m.modifier_id for line in order.lines for m in line.modifiers}
    return items, modifiers


def _captured_entry(arrived: Arrived) -> Entry:
    return Entry(
        "payment.captured",
        arrived.actor,
        arrived.payment.order_id,
        {
            "payment_id": arrived.payment.id,
            "method": arrived.payment.method.value,
            "received_msat": arrived.received_msat,
        },
    )


async def loaded_order(conn: Conn, order_id: str) -> tuple[Order, Restaurant]:
    """The order and its restaurant as they are; nothing is locked."""
    order = await orders.load(conn, order_id)
    if order is None:
        raise unknown_order()
    return order, await _deleted(conn, order.restaurant_id)


async def locked_order(conn: Conn, order_id: str) -> tuple[Order, Restaurant]:
    """The order and its restaurant, both locked, restaurant first."""
    order = await orders.load(conn, order_id)
    if order is None:
        raise unknown_order()
    restaurant = await restaurants.lock(conn, order.restaurant_id)
    if restaurant is None:
        restaurant = await _deleted(conn, order.restaurant_id)
    fresh = await orders.lock(conn, order_id)
    if fresh is None:
        raise unknown_order()
    return fresh, restaurant


async def _deleted(conn: Conn, restaurant_id: str) -> Restaurant:
    restaurant = await restaurants.load_with_deleted(conn, restaurant_id)
    if restaurant is None:
        raise LookupError(f"restaurant {restaurant_id} vanished")
    return restaurant
