"""Money that leaves by Lightning, each sum at most once: what becomes of the columns
that every kind of transfer has. Pure.

A transfer that is sent knows the one invoice that is being paid for it; only when the
node said that nothing left does it wait again, without one.
"""

from decimal import Decimal
from typing import Any

from . import limits

Columns = dict[str, Any]


def started(
    payment_request: str, payment_hash: str, wallet_id: str, tries: int, at: int
) -> Columns:
    """Its invoice is chosen: from now on only this one is ever paid."""
    return {
        "payment_request": payment_request,
        "payment_hash": payment_hash,
        "wallet_id": wallet_id,
        "problem": None,
        "sending_at": at,
        "tries": tries + 1,
        "next_try_at": at + limits.REFUND_LEASE_MS,
    }


def put_off(problem: Any, tries: int, next_try_at: int | None) -> Columns:
    """It waits for funds, a node or a server, and is tried again."""
    return {
        "problem": problem,
        "payment_request": None,
        "payment_hash": None,
        "sending_at": None,
        "tries": tries,
        "next_try_at": next_try_at,
    }


def arrived(fee_msat: int | None, at: int) -> Columns:
    return {
        "problem": None,
        "fee_msat": fee_msat,
        "sent_at": at,
        "ended_at": at,
        "next_try_at": None,
    }


def given_up(problem: Any, at: int) -> Columns:
    return {"problem": problem, "ended_at": at, "next_try_at": None}


def tries_after(tries: int, *, has_tried: bool, is_poor: bool) -> int:
    """How often it was tried, counted once for each try: with an invoice it was
    counted when that was chosen. Looking at our own funds is no try."""
    return tries + (not has_tried and not is_poor)


def gap_ms(tries: int, *, is_poor: bool) -> int:
    """How long to wait. Funds are counted in our own house: looking is cheap."""
    return limits.REFUND_RETRY_FIRST_MS if is_poor else retry_gap_ms(tries)


def retry_gap_ms(tries: int) -> int:
    """15 s, doubled with each try, 10 minutes at most."""
    gap = limits.REFUND_RETRY_FIRST_MS << min(max(tries - 1, 0), 10)
    return min(gap, limits.REFUND_RETRY_MAX_MS)


def fee_limit_msat(send_msat: int, percent: str) -> int:
    """The most that routing may cost: the owner's percentage, at least 10 sat,
    because LNbits always reserves a little."""
    share = int(Decimal(send_msat) * Decimal(percent) / 100)
    return max(limits.REFUND_FEE_FREE_MSAT, share)
