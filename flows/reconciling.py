"""Finds the money that the payment stream lost. This is the truth; the listener
is only a hint.

Three looks, each bounded: core's books (one statement), the node (youngest
first, backing off with age), and the node once more before an order expires. A
payment by card is asked for at its provider instead.
"""

from collections.abc import Iterable
from functools import partial

from loguru import logger

from ..adapters import cards, lightning
from ..core import limits
from ..crud import read, transaction
from ..features.idempotency import crud as idempotency
from ..features.orders import crud as orders
from ..features.payments import crud as payments
from ..features.payments import rules
from ..features.payments.models import NodeAnswer, Payment
from ..models import SYSTEM, OrderStatus, PaymentMethod
from .menus import forget_menu
from .parallel import in_parallel
from .paying import (
    flag_stuck,
    give_up_invoice,
    locked_order,
    mark_order_paid,
    settle,
)
from .serving import expire_order
from .stocking import release

HASHES_PER_ROUND = 20_000
EXPIRIES_PER_ROUND = 100
#: When a payer's debit without our credit was first seen, by payment hash.
_debited_since: dict[str, int] = {}


async def after_start(at: int) -> int:
    """Every open invoice is asked about anew: money may have come meanwhile."""
    async with transaction() as conn:
        await idempotency.prune(conn, at)
        since = at - limits.LOOKUP_HORIZON_MS
        return await payments.look_at_all_again(conn, since, at)


async def reconcile_books(at: int) -> int:
    """Settle what core's books show as paid; the number settled."""
    async with read() as conn:
        hashes = await payments.hopeful_hashes(
            conn, at - limits.LOOKUP_HORIZON_MS, HASHES_PER_ROUND
        )
    if not hashes:
        return 0
    paid, debited = await lightning.receipts_of(hashes)
    settled = 0
    for receipt in paid.values():
        settled += await settle(receipt, at)
    await _flag_debited(debited, at)
    return settled


async def reconcile_with_node(at: int) -> int:
    """Ask the node about the invoices that are due; the number asked."""
    async with transaction() as conn:
        due = await payments.due_looks(conn, at, limits.LOOKUPS_PER_ROUND)
        await payments.plan_looks(
            conn, {p.id: rules.next_look(p.created_at, at) for p in due}
        )
    known = await _in_books(due)
    await in_parallel([partial(_look, payment, known, at) for payment in due])
    return len(due)


async def expire_orders(at: int) -> int:
    """End unpaid orders past their expiry, after asking the node; how many."""
    await release_expired(at)
    async with read() as conn:
        expired = await orders.expired_ids(conn, at, EXPIRIES_PER_ROUND)
        booked = await payments.of_orders(conn, expired)
    # Many a backend calls an invoice pending when it does not reach its node.
    if not expired or not await lightning.node_answers():
        return 0
    known = await _in_books(each for found in booked.values() for each in found)
    await in_parallel(
        [
            partial(_expire, order_id, booked.get(order_id, []), known, at)
            for order_id in expired
        ]
    )
    return len(expired)


async def release_expired(at: int) -> int:
    """What is promised to unpaid orders past their expiry is free again, also while
    the node is away; how many. Money that comes later takes what is free then."""
    async with read() as conn:
        over = await orders.reserved_past_expiry(conn, at, EXPIRIES_PER_ROUND)
    for order_id in over:
        await _release(order_id, at)
    return len(over)


async def _release(order_id: str, at: int) -> None:
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, order_id)
        is_waiting = order.status is OrderStatus.PENDING
        is_over = order.expires_at is not None and order.expires_at <= at
        if not (is_waiting and is_over and order.stock_reserved_at is not None):
            return
        await release(conn, restaurant, order, SYSTEM, at)
        await orders.mark_reserved(conn, order_id, None)
    forget_menu(order.restaurant_id)


async def _in_books(asked: Iterable[Payment]) -> lightning.Books:
    """Core's rows of these payments, in one statement."""
    hashes = [payment.payment_hash for payment in asked if payment.payment_hash]
    return await lightning.invoices_in_books(hashes)


async def _look(payment: Payment, known: lightning.Books, at: int) -> NodeAnswer:
    payment_hash = payment.payment_hash or ""
    answer = await _ask(payment, known, at)
    if answer is NodeAnswer.PAID and await mark_order_paid(payment_hash, at):
        logger.info(f"restaurant: found the payment of order {payment.order_id}")
    elif answer is NodeAnswer.STUCK:
        await flag_stuck(payment_hash, at)
    elif answer is NodeAnswer.FAILED:
        await give_up_invoice(payment_hash, at)
    return answer


async def _ask(payment: Payment, known: lightning.Books, at: int) -> NodeAnswer:
    """What the node says of an invoice, or the provider of a checkout by card.

    A checkout that outlived its time has failed. A provider that was switched off
    for good must not keep orders open for ever.
    """
    row = known.get(payment.payment_hash or "")
    if payment.method is not PaymentMethod.CARD:
        return await lightning.ask_node(row)
    answer = await cards.ask(row, at)
    is_over = payment.expires_at is not None and payment.expires_at <= at
    if answer is NodeAnswer.PENDING and is_over:
        return NodeAnswer.FAILED
    is_old = at - payment.created_at > limits.LOOKUP_HORIZON_MS
    return NodeAnswer.FAILED if answer is NodeAnswer.AWAY and is_old else answer


async def _expire(
    order_id: str, booked: list[Payment], known: lightning.Books, at: int
) -> None:
    open_ones = [
        p
        for p in booked
        if p.payment_hash and p.status in rules.HOPEFUL and p.disputed_at is None
    ]
    answers = [await _look(payment, known, at) for payment in open_ones]
    if NodeAnswer.AWAY in answers or NodeAnswer.STUCK in answers:
        return
    if NodeAnswer.PAID in answers:
        return
    has_card = any(p.method is PaymentMethod.CARD for p in open_ones)
    is_lost = bool(answers) and set(answers) == {NodeAnswer.FAILED}
    if is_lost and not has_card:
        logger.info(
            f"restaurant: order {order_id} is canceled: the funding source does not "
            "know its invoice any more (FakeWallet forgets them at a restart)"
        )
    await expire_order(order_id, "expired", at)


async def _flag_debited(debited: set[str], at: int) -> None:
    """A payer was debited and nobody credited, for a minute: core died between."""
    for payment_hash in list(_debited_since):
        if payment_hash not in debited:
            del _debited_since[payment_hash]
    for payment_hash in debited:
        since = _debited_since.setdefault(payment_hash, at)
        if at - since >= limits.STUCK_AFTER_MS:
            await flag_stuck(payment_hash, at)
