"""A guest's wallet fetches a refund: LNURL-withdraw (LUD-03).

The LNURL is worth the money to whoever has it, once. Wallets differ: some send the
invoice in capitals or with ``lightning:`` before it, some ask twice; the same
invoice asked twice is paid once and answered OK twice.
"""

from ..adapters import outgoing, system
from ..core import ids
from ..core.errors import Conflict, NotFound, Refused
from ..crud import read, server_secret
from ..features.payments import crud as payments
from ..features.refunds import crud as refunds
from ..features.refunds import rules
from ..features.refunds.models import (
    Problem,
    Refund,
    RefundStatus,
    Target,
    WithdrawRequest,
)
from .paying import loaded_order
from .refunding import Ledger, check_invoice
from .sending import dispatch

_WHY_NOT = {
    Problem.INSUFFICIENT_BALANCE: "The restaurant's wallet is short of funds.",
    Problem.FEE_LIMIT: "The way to your wallet is too expensive right now.",
    Problem.NODE_AWAY: "The restaurant's node does not answer.",
    Problem.PAYMENT_FAILED: "No way to your wallet was found.",
}


async def offer_withdraw(
    refund_id: str, token: str, base_url: str, at: int
) -> WithdrawRequest:
    """What a wallet may fetch; ``base_url`` is the address it reached us by.

    NotFound ``withdraw.unknown``; Conflict ``withdraw.over`` once it was fetched, has
    expired, or goes another way.
    """
    secret = await server_secret(system.new_secret())
    refund = await _refund(refund_id)
    if not _same(token, rules.withdraw_token(secret, refund.id)):
        raise _unknown()
    if refund.status is not RefundStatus.APPROVED:
        raise _over(refund)
    _check_open(refund, at)
    async with read() as conn:
        order, restaurant = await loaded_order(conn, refund.order_id)
    return WithdrawRequest(
        callback=f"{base_url}/restaurant/api/v1/withdraw/{refund.id}",
        k1=rules.withdraw_k1(secret, refund.id),
        defaultDescription=f"Refund of order {order.number}, {restaurant.name}",
        minWithdrawable=refund.send_msat,
        maxWithdrawable=refund.send_msat,
    )


async def withdraw(refund_id: str, k1: str, payment_request: str, at: int) -> Refund:
    """Pay the wallet's invoice for a refund that waits for it.

    Refused ``refund.…`` for a wrong invoice, Conflict ``withdraw.over`` or
    ``withdraw.later``; nothing has left the wallet then.
    """
    secret = await server_secret(system.new_secret())
    refund = await _refund(refund_id)
    if not _same(k1, rules.withdraw_k1(secret, refund.id)):
        raise _unknown()
    target = outgoing.read_invoice(payment_request)
    if _is_theirs(refund, target):
        return refund
    _check_open(refund, at)
    async with read() as conn:
        order, restaurant = await loaded_order(conn, refund.order_id)
        booked = await payments.of_order(conn, order.id)
    ledger = Ledger(order, restaurant, booked, [])
    try:
        await check_invoice(ledger, payment_request, refund.send_msat, at)
    except Refused:
        refund = await _refund(refund_id)
        if _is_theirs(refund, target):  # the wallet asked twice at one moment
            return refund
        raise
    after = await dispatch(refund, restaurant, target, at)
    if _is_theirs(after, target):
        return after
    if after.status is RefundStatus.APPROVED:
        why = _WHY_NOT.get(after.problem or Problem.PAYMENT_FAILED, "")
        raise Conflict("withdraw.later", f"{why} Please try again later.".strip())
    raise _over(after)


def _is_theirs(refund: Refund, target: Target) -> bool:
    """Is this very invoice being paid already, or was it?"""
    on_its_way = refund.status in (RefundStatus.SENDING, RefundStatus.SENT)
    return on_its_way and refund.payment_hash == target.payment_hash


def _check_open(refund: Refund, at: int) -> None:
    is_open = rules.is_fetchable(refund) and refund.status is RefundStatus.APPROVED
    if not is_open or at >= (refund.expires_at or 0):
        raise _over(refund)


def _same(shown: str, known: str) -> bool:
    return shown.isascii() and ids.same_text(shown, known)


async def _refund(refund_id: str) -> Refund:
    if not refund_id.isprintable():
        raise _unknown()
    async with read() as conn:
        refund = await refunds.load(conn, refund_id)
    if refund is None:
        raise _unknown()
    return refund


def _unknown() -> NotFound:
    return NotFound("withdraw.unknown", "There is no such refund.")


def _over(refund: Refund) -> Conflict:
    if refund.status is RefundStatus.SENDING:
        return Conflict("withdraw.over", "This refund is being paid already.")
    if refund.status is RefundStatus.SENT:
        return Conflict("withdraw.over", "This refund has been paid already.")
    return Conflict("withdraw.over", "This refund can no longer be fetched here.")
