"""Refunds leave by Lightning, each at most once.

One refund, one invoice at a time: the invoice is stored before it is paid, and only
when the node says that nothing left may there be another. An unknown outcome stays
``sending`` and is asked about by its payment hash.
"""

from dataclasses import replace
from functools import partial

from ..adapters import outgoing, system
from ..core import limits
from ..core.errors import Refused, RestaurantError
from ..crud import read, transaction
from ..features.refunds import crud as refunds
from ..features.refunds import rules
from ..features.refunds.models import (
    Destination,
    Problem,
    Refund,
    RefundStatus,
    SendOutcome,
    Sent,
    Target,
)
from ..features.restaurants.models import Restaurant
from ..models import SYSTEM
from .deciding import announce, follow_refunds
from .parallel import in_parallel
from .paying import locked_order
from .refunding import check_invoice, load_ledger
from .returning import tell


async def send_due_refunds(at: int) -> int:
    """Send, ask about, or give up the refunds that are due; how many."""
    async with read() as conn:
        due = await refunds.due(conn, at, limits.REFUND_ROUND)
    await in_parallel([partial(_advance, refund, at) for refund in due])
    return len(due)


async def _advance(refund: Refund, at: int) -> None:
    if refund.status is RefundStatus.SENDING:
        await _find_out(refund, at)
    elif refund.destination is Destination.WITHDRAW:
        await _move(refund, rules.failed(refund, Problem.WITHDRAW_EXPIRED, at), at)
    else:
        await _send(refund, at)


async def _send(refund: Refund, at: int) -> None:
    """Choose the invoice of an approved refund, and pay it."""
    async with read() as conn:
        ledger = await load_ledger(conn, refund.order_id)
    # Before the guest's server is asked for an invoice that nobody could pay.
    if problem := await _shortage(ledger.restaurant, refund.send_msat):
        await _move(refund, rules.put_off(refund, problem, at), at)
        return
    try:
        payment_request = await _payment_request(refund)
        target = await check_invoice(ledger, payment_request, refund.send_msat, at)
    except Refused as error:
        is_used = error.code in ("refund.invoice_used", "refund.own_invoice")
        why = Problem.INVOICE_PAID if is_used else Problem.INVOICE_EXPIRED
        await _move(refund, rules.without_target(refund, why, at), at)
        return
    await dispatch(refund, ledger.restaurant, target, at)


async def _payment_request(refund: Refund) -> str:
    """The invoice to pay: the guest's own, or a fresh one of their address."""
    value = refund.value or ""
    if refund.destination is Destination.BOLT11:
        return value
    return (await outgoing.fetch_invoice(value, refund.send_msat)).payment_request


async def dispatch(
    refund: Refund, restaurant: Restaurant, target: Target, at: int
) -> Refund:
    """Pay this invoice for an approved refund; the refund as it is then.

    Nothing is paid when somebody else moved it meanwhile, when the wallet holds too
    little, or when routing might cost more than the owner allows.
    """
    problem = await _obstacle(refund, restaurant, target)
    if problem is not None:
        return await _move(refund, rules.put_off(refund, problem, at), at)
    started = rules.sending(refund, target, restaurant.wallet_id, at)
    if not await _take(refund, started, at):
        return await _present(refund)
    return await _pay(started, target)


async def _obstacle(
    refund: Refund, restaurant: Restaurant, target: Target
) -> Problem | None:
    cost = await outgoing.cost_msat(target)
    if cost > rules.fee_limit_msat(refund.send_msat, restaurant.refund_fee_percent):
        return Problem.FEE_LIMIT
    return await _shortage(restaurant, refund.send_msat + cost)


async def _shortage(restaurant: Restaurant, needed_msat: int) -> Problem | None:
    """Why the restaurant's wallet cannot pay so much, if it cannot."""
    try:
        balance = await outgoing.balance_msat(restaurant.wallet_id)
    except RestaurantError:
        return Problem.NODE_AWAY
    return None if balance >= needed_msat else Problem.INSUFFICIENT_BALANCE


async def _take(refund: Refund, started: Refund, at: int) -> bool:
    """Store the invoice that will be paid. False when somebody was faster."""
    async with transaction() as conn:
        await locked_order(conn, refund.order_id)
        # Another refund may have got the same invoice since it was checked.
        if await refunds.hash_is_known(conn, started.payment_hash or ""):
            return False
        if not await refunds.change(conn, refund, started):
            return False
        await tell(conn, refund.restaurant_id, started, SYSTEM, at)
    announce(refund.restaurant_id, refund.order_id)
    return True


async def _pay(refund: Refund, target: Target) -> Refund:
    sent = await outgoing.pay(refund.wallet_id or "", target, refund.restaurant_id)
    return await _conclude(refund, sent, system.now())


async def _find_out(refund: Refund, at: int) -> None:
    """What became of a refund that was being paid when its payer died, or waited.

    Only one process looks at a time. Core's books do not know it: nothing was ever
    asked of the node, and the same invoice is paid now.
    """
    next_look = at + limits.REFUND_LEASE_MS
    async with transaction() as conn:
        if not await refunds.postpone(conn, refund, next_look):
            return
    refund = replace(refund, next_try_at=next_look)
    wallet_id, payment_hash = refund.wallet_id or "", refund.payment_hash or ""
    sent = await outgoing.look_up(wallet_id, payment_hash)
    if sent.outcome is not SendOutcome.NEVER_TRIED:
        await _conclude(refund, sent, at)
        return
    target = outgoing.read_invoice(refund.payment_request or "")
    if target.expires_at <= at:
        await _move(
            refund, rules.after_failure(refund, Problem.INVOICE_EXPIRED, at), at
        )
    else:
        await _pay(refund, target)


async def _conclude(refund: Refund, sent: Sent, at: int) -> Refund:
    """Book what the node said; what nobody knows yet is asked again later."""
    if sent.outcome is SendOutcome.SENT:
        return await _move(refund, rules.sent(refund, at, sent.fee_msat), at)
    if sent.outcome is SendOutcome.POOR:
        poor = rules.put_off(refund, Problem.INSUFFICIENT_BALANCE, at)
        return await _move(refund, poor, at)
    if sent.outcome is SendOutcome.FAILED:
        failed = rules.after_failure(refund, Problem.PAYMENT_FAILED, at)
        return await _move(refund, failed, at)
    return refund


async def _move(refund: Refund, new: Refund, at: int) -> Refund:
    """Store a refund's step with its consequences for the order, in one transaction.

    The present refund when somebody else moved it.
    """
    is_step = (new.status, new.problem) != (refund.status, refund.problem)
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, refund.order_id)
        if not await refunds.change(conn, refund, new):
            found = await refunds.load(conn, refund.id)
            return found or refund
        if is_step:
            await tell(conn, restaurant.id, new, SYSTEM, at)
            await follow_refunds(conn, restaurant, order, SYSTEM, at)
    if is_step:
        announce(refund.restaurant_id, refund.order_id)
    return new


async def _present(refund: Refund) -> Refund:
    async with read() as conn:
        return await refunds.load(conn, refund.id) or refund
