"""Staff, guests and time move an order on."""

from ..adapters import lightning, system
from ..core.errors import Conflict
from ..crud import read, transaction
from ..features.idempotency.models import Answer, RequestKey
from ..features.orders import crud as orders
from ..features.orders import rules
from ..features.orders.models import Order, OrderView, StatusChange
from ..features.payments import crud as payments
from ..features.payments import rules as payment_rules
from ..features.payments.models import Invoice, Payment
from ..features.restaurants import crud as restaurants
from ..models import SYSTEM, Actor, OrderStatus, PaymentMethod
from .cooking import begin_again, finish_lines
from .deciding import announce, carry_out
from .once import Claim, once
from .paying import locked_order
from .returning import load_books
from .showing import show_order, unknown_order
from .stocking import take_anyway, take_for
from .taking import Payer


async def change_status(
    order_id: str, new: OrderStatus, body: StatusChange, actor: Actor, at: int
) -> OrderView:
    """A step by staff; the same status again changes and journals nothing.

    Conflict ``order.step`` with ``allowed`` for any other step, ``order.unpaid`` for a
    tab that is closed with something due and no reason, ``line.held`` for one that is
    ready while a course of it was not called for.
    """
    promised = rules.check_promised(body.promised_minutes)
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, order_id)
        books = await load_books(conn, order)
        decision = rules.step(
            order,
            new,
            actor,
            at,
            kept_msat=books.refundable_msat,
            due_minor=books.due_minor,
            reason=body.reason,
            promised_minutes=promised,
        )
        if decision:
            sets = {}
            wants_stock = new is OrderStatus.ACCEPTED and order.stock_taken_at is None
            if wants_stock:  # whoever accepts an oversold order makes it anyway
                await take_anyway(conn, restaurant, order, actor, at)
                sets = {"stock_taken_at": at}
            if new in (OrderStatus.READY, OrderStatus.COMPLETED):
                order = await finish_lines(conn, order, actor, at)
            await carry_out(conn, restaurant, order, decision, at, sets=sets)
            if new is OrderStatus.CANCELED:
                await payments.void_open(conn, order_id)
    if decision:
        announce(order.restaurant_id, order.id)
    return await show_order(order_id)


async def resurrect_order(order_id: str, actor: Actor, at: int) -> OrderView:
    """Make a canceled order whose money came after all: it is accepted, once.

    Conflict ``order.step``, ``order.unpaid``, ``stock.short``.
    """
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, order_id)
        decision = rules.resurrect(order, await load_books(conn, order), actor, at)
        sets = {}
        if order.stock_taken_at is None:
            if not await take_for(conn, restaurant, order, actor, at):
                raise Conflict("stock.short", "Something in this order is sold out.")
            sets = {"stock_taken_at": at}
        order = await begin_again(conn, order, actor, at)
        await carry_out(conn, restaurant, order, decision, at, sets=sets)
    announce(order.restaurant_id, order.id)
    return await show_order(order_id)


async def switch_method(
    order_id: str, method: PaymentMethod, payer: Payer, at: int
) -> OrderView:
    """A waiting order will be paid another way: at the counter, or by Lightning.

    Its open invoices stay payable. Conflict ``order.step`` once it no longer waits,
    Refused ``payment.method`` where the restaurant does not take it.
    """
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, order_id)
        rules.check_waits(order)
        payment_rules.check_accepted(
            restaurant.accepted_payments,
            payer.methods,
            method,
            order.order_type,
            payment_rules.usual_currency(method, order.currency),
        )
        if order.payment_method is not method:
            decision = rules.switched(order, method, payer.actor)
            longest = at + restaurant.order_expiry_seconds * 1000
            sets = {"expires_at": max(order.expires_at or 0, longest)}
            await carry_out(conn, restaurant, order, decision, at, sets=sets)
    announce(order.restaurant_id, order.id)
    return await show_order(order_id)


async def cancel_by_guest(order_id: str, actor: Actor, at: int) -> OrderView:
    """A guest takes an unpaid order back; canceling twice is fine."""
    await end_pending(order_id, "guest", actor, at)
    return await show_order(order_id)


async def end_pending(
    order_id: str, reason: str, actor: Actor, at: int, *, when_expired: bool = False
) -> None:
    """End an order that nobody paid; its invoices stay watched for a week.

    ``when_expired``: not one that has been given more time meanwhile.
    """
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, order_id)
        if order.status is OrderStatus.CANCELED:
            return
        if when_expired and order.expires_at is not None and order.expires_at > at:
            return
        books = await load_books(conn, order)
        kept = books.refundable_msat
        decision = rules.end_pending(order, reason, kept, actor, at)
        await carry_out(conn, restaurant, order, decision, at)
        await payments.void_open(conn, order_id)
    announce(order.restaurant_id, order.id)


async def fresh_invoice(
    order_id: str, payer: Payer, key: RequestKey | None, at: int
) -> Answer:
    """The unexpired invoice for exactly what is due (200), or a new one (201).

    Conflict ``payment.nothing_due`` when nothing is, or the order has ended; Refused
    ``payment.method`` where Lightning is not taken.
    """

    async def work(claim: Claim) -> Answer:
        order, due, open_invoice = await _due_of(order_id, at)
        if open_invoice:
            answer = _invoice_answer(200, open_invoice)
            async with transaction() as conn:
                await claim.finish(conn, answer)
            return answer
        async with read() as conn:
            restaurant = await restaurants.load(conn, order.restaurant_id)
        if restaurant is None:
            raise unknown_order()
        payment_rules.check_accepted(
            restaurant.accepted_payments,
            payer.methods,
            PaymentMethod.LIGHTNING,
            order.order_type,
            "sat",
        )
        invoice = await lightning.create_invoice(restaurant, due, at)
        return await _store_invoice(order, due, invoice, payer.actor, claim, at)

    return await once(key, work, at)


async def _due_of(order_id: str, at: int) -> tuple[Order, int, Payment | None]:
    """The order, what is due in whole satoshi (msat), and its live invoice."""
    async with read() as conn:
        order = await orders.load(conn, order_id)
        booked = await payments.of_order(conn, order_id)
    if order is None:
        raise unknown_order()
    due = payment_rules.invoice_due(order, booked)
    return order, due, payment_rules.live_invoice(booked, due, at)


async def _store_invoice(
    order: Order, due: int, invoice: Invoice, actor: Actor, claim: Claim, at: int
) -> Answer:
    payment = payment_rules.lightning_payment(
        system.new_id(), order, invoice, actor, at
    )
    answer = _invoice_answer(201, payment)
    async with transaction() as conn:
        fresh, restaurant = await locked_order(conn, order.id)
        booked = await payments.of_order(conn, order.id)
        if payment_rules.invoice_due(fresh, booked) != due:
            raise Conflict("order.changed", "The order changed. Please try again.")
        await payments.add(conn, payment)
        decision = rules.invoiced(fresh, invoice.expires_at, actor)
        await carry_out(conn, restaurant, fresh, decision, at)
        await claim.finish(conn, answer)
    announce(order.restaurant_id, order.id)
    return answer


def _invoice_answer(status: int, payment: Payment) -> Answer:
    return Answer(status, payment_rules.invoice_view(payment).dict(), payment.id)


async def expire_order(order_id: str, reason: str, at: int) -> None:
    """Time ends an unpaid order, after the node was asked."""
    try:
        await end_pending(order_id, reason, SYSTEM, at, when_expired=True)
    except Conflict:
        return  # its money was faster
