"""Refunds leave by Lightning, each at most once (``remitting`` says how)."""

from dataclasses import replace
from functools import partial

from ..adapters import outgoing
from ..core import limits
from ..crud import read, transaction
from ..features.refunds import crud as refunds
from ..features.refunds import rules
from ..features.refunds.models import (
    Destination,
    Problem,
    Refund,
    RefundStatus,
    Target,
)
from ..features.restaurants.models import Restaurant
from ..models import SYSTEM
from . import remitting
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
        await remitting.find_out(REFUNDS, refund, at)
    elif refund.destination is Destination.WITHDRAW:
        await _move(refund, rules.failed(refund, Problem.WITHDRAW_EXPIRED, at), at)
    else:
        await remitting.send(REFUNDS, refund, at)


async def dispatch(
    refund: Refund, restaurant: Restaurant, target: Target, at: int
) -> Refund:
    """Pay this invoice for an approved refund; the refund as it is then."""
    return await remitting.dispatch(REFUNDS, refund, restaurant, target, at)


async def _target(refund: Refund, _: Restaurant, at: int) -> Target:
    """The invoice to pay: the guest's own, or a fresh one of their address."""
    async with read() as conn:
        ledger = await load_ledger(conn, refund.order_id)
    payment_request = refund.value or ""
    if refund.destination is not Destination.BOLT11:
        fetched = await outgoing.fetch_invoice(payment_request, refund.send_msat)
        payment_request = fetched.payment_request
    return await check_invoice(ledger, payment_request, refund.send_msat, at)


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


async def _lease(refund: Refund, until: int) -> Refund | None:
    async with transaction() as conn:
        if not await refunds.postpone(conn, refund, until):
            return None
    return replace(refund, next_try_at=until)


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


REFUNDS: remitting.Kind[Refund] = remitting.Kind(
    purpose="Refund",
    rules=rules,
    target=_target,
    take=_take,
    move=_move,
    lease=_lease,
    present=_present,
)
