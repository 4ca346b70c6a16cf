"""Money leaves by Lightning: read an invoice, fetch one, pay it, find out what became
of it.

Core writes its row of an outgoing payment before it asks the node, refuses a second
payment of one hash, and can be asked about it by that hash: this is what makes "at
most once" possible. Call this module between transactions only.
"""

import asyncio
from typing import Any

from bolt11 import decode as decode_bolt11
from lnbits.core.crud.wallets import get_wallet
from lnbits.core.db import db as core_db
from lnbits.core.models import Payment
from lnbits.core.services import create_invoice, get_pr_from_lnurl, pay_invoice
from lnbits.core.services.lnurl import handle as ask_lnurl
from lnbits.core.services.payments import (
    check_payment_status,
    fee_reserve_total,
    update_pending_payment,
)
from lnbits.exceptions import PaymentError
from lnbits.settings import settings
from lnurl import LnurlPayResponse
from lnurl import encode as encode_lnurl
from loguru import logger

from ..core import limits
from ..core.errors import Refused, Unavailable
from ..features.refunds.models import SendOutcome, Sent, Target
from .finishing import to_the_end
from .log import log_failure

TAG = "restaurant"
_TOO_LITTLE = ("Insufficient balance", "You must reserve")
#: Hashes that core was asked to pay and has not answered for yet.
_under_way: set[str] = set()


def read_invoice(payment_request: str) -> Target:
    """What a bolt11 says. Refused ``refund.invoice`` when it is none."""
    text = payment_request.strip().lower().removeprefix("lightning:")
    try:
        invoice = decode_bolt11(text)
        lives = invoice.expiry or settings.lightning_invoice_expiry
        return Target(
            payment_request=text,
            payment_hash=invoice.payment_hash,
            amount_msat=int(invoice.amount_msat or 0),
            expires_at=(invoice.date + lives) * 1000,
            currency=str(invoice.currency),
        )
    except Exception as error:  # the decoder has many ways to say no
        raise Refused(
            "refund.invoice", "This is not a Lightning invoice.", field="value"
        ) from error


async def check_address(address: str, amount_msat: int) -> None:
    """Does this Lightning address or LNURL take such a payment?

    Asks its server once; LNbits refuses private addresses, also behind names and
    redirects. Refused ``refund.destination``.
    """
    try:
        found = await asyncio.wait_for(
            ask_lnurl(address, user_agent=settings.user_agent, timeout=10),
            limits.REFUND_LOOKUP_TIMEOUT_SECONDS,
        )
    except Exception as error:
        raise _bad_address(error) from error
    if not isinstance(found, LnurlPayResponse):
        raise Refused(
            "refund.destination", "This address does not take payments.", field="value"
        )
    if not found.minSendable <= amount_msat <= found.maxSendable:
        raise Refused(
            "refund.destination",
            "This address does not take a payment of this size.",
            field="value",
        )


async def fetch_invoice(address: str, amount_msat: int) -> Target:
    """An invoice of a Lightning address or LNURL over exactly this amount.

    Refused ``refund.destination``; the reason is logged, not told.
    """
    try:
        payment_request = await asyncio.wait_for(
            get_pr_from_lnurl(address, amount_msat),
            limits.REFUND_LOOKUP_TIMEOUT_SECONDS,
        )
    except Exception as error:
        raise _bad_address(error) from error
    return read_invoice(payment_request)


def _bad_address(error: Exception) -> Refused:
    logger.info(f"restaurant: a refund's address did not answer: {error!r}")
    return Refused(
        "refund.destination",
        "This Lightning address or LNURL cannot be reached, or is not allowed.",
        field="value",
    )


async def invoice_of_wallet(wallet_id: str, amount_msat: int, memo: str) -> Target:
    """An invoice of another wallet on this server, over whole satoshi.

    Refused ``refund.destination`` when that wallet is gone, or takes no payments.
    """
    try:
        made = await to_the_end(
            create_invoice(
                wallet_id=wallet_id,
                amount=amount_msat // 1000,
                currency="sat",
                memo=memo,
                extra={"tag": TAG, memo.lower(): True},
                extension=TAG,
            )
        )
    except Exception as error:
        raise _bad_address(error) from error
    return read_invoice(made.bolt11)


async def owns_invoice(wallet_id: str, payment_hash: str) -> bool:
    """Is this an invoice of the very wallet that would pay it?"""
    return any(row["amount"] > 0 for row in await _booked(payment_hash, wallet_id))


async def was_used(payment_hash: str) -> bool:
    """Has anybody on this server paid this invoice, or tried to? LNbits pays a hash
    once, and what was paid before must not pass for a refund."""
    return any(row["amount"] < 0 for row in await _booked(payment_hash))


async def _booked(payment_hash: str, wallet_id: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = await to_the_end(
        core_db.fetchall(
            "SELECT wallet_id, amount FROM apipayments WHERE payment_hash = :hash",
            {"hash": payment_hash},
        )
    )
    return [row for row in rows if wallet_id in ("", row["wallet_id"])]


async def network_of(wallet_id: str) -> str:
    """The network of the wallet's latest invoice; bitcoin's when it has none."""
    rows: list[dict[str, Any]] = await to_the_end(
        core_db.fetchall(
            "SELECT bolt11 FROM apipayments WHERE wallet_id = :wallet "
            "AND bolt11 <> '' ORDER BY time DESC LIMIT 1",
            {"wallet": wallet_id},
        )
    )
    return read_invoice(rows[0]["bolt11"]).currency if rows else "bc"


async def cost_msat(target: Target) -> int:
    """The most that LNbits would let routing and its own fee cost."""
    rows: list[dict[str, Any]] = await to_the_end(
        core_db.fetchall(
            "SELECT checking_id FROM apipayments WHERE payment_hash = :hash "
            "AND amount > 0 AND status = 'pending'",
            {"hash": target.payment_hash},
        )
    )
    return fee_reserve_total(target.amount_msat, internal=bool(rows))


async def balance_msat(wallet_id: str) -> int:
    """What the wallet holds; Unavailable ``payments.unavailable`` without a wallet."""
    wallet = await to_the_end(get_wallet(wallet_id))
    if wallet is None:
        raise Unavailable("payments.unavailable", "The restaurant's wallet is gone.")
    return int(wallet.balance_msat)


async def pay(
    wallet_id: str, target: Target, restaurant_id: str, purpose: str = "Refund"
) -> Sent:
    """Pay an invoice at most once, however often this is called for its hash.
    ``purpose`` is what LNbits shows of it.

    ``POOR`` and ``FAILED`` only when nothing left the wallet for certain;
    everything unknown is ``PENDING``.
    """
    if target.payment_hash in _under_way:
        return Sent(SendOutcome.PENDING)
    extra = {"tag": TAG, "restaurant_id": restaurant_id, purpose.lower(): True}
    paying = _ask_core(wallet_id, target, extra, purpose)
    try:
        payment = await asyncio.wait_for(
            to_the_end(paying), limits.REFUND_SEND_TIMEOUT_SECONDS
        )
    except (PaymentError, ValueError) as error:  # ValueError: the server's limits
        return await _why_not(wallet_id, target.payment_hash, error)
    except Exception:  # also a timeout: the payment may still go through
        log_failure("a refund's payment has no answer yet")
        return Sent(SendOutcome.PENDING)
    if payment.pending:
        # The node was asked this very moment: some would say that they know of no
        # such payment, which LNbits reads as a failure.
        return Sent(SendOutcome.PENDING)
    return await look_up(wallet_id, target.payment_hash)


async def _ask_core(
    wallet_id: str, target: Target, extra: dict[str, Any], purpose: str
) -> Payment:
    _under_way.add(target.payment_hash)
    try:
        return await pay_invoice(
            wallet_id=wallet_id,
            payment_request=target.payment_request,
            extra=extra,
            description=purpose,
        )
    finally:
        _under_way.discard(target.payment_hash)


async def _why_not(wallet_id: str, payment_hash: str, error: Exception) -> Sent:
    """What core's refusal means. It refuses before it writes: without a row nothing
    was tried. Its message alone is no proof, for it counts money under way as spent.
    """
    message = getattr(error, "message", str(error))
    logger.info(f"restaurant: a refund was not paid: {message}")
    found = await look_up(wallet_id, payment_hash)
    if found.outcome is SendOutcome.NEVER_TRIED:
        is_poor = message.startswith(_TOO_LITTLE)
        return Sent(SendOutcome.POOR if is_poor else SendOutcome.FAILED)
    # The node's own answer to this very call: it need not know the hash afterwards.
    is_refused = message.startswith("Payment failed:")
    if found.outcome is SendOutcome.PENDING and is_refused:
        return Sent(SendOutcome.FAILED)
    return found


async def look_up(wallet_id: str, payment_hash: str) -> Sent:
    """What became of an outgoing payment: core's books first, then the node."""
    if payment_hash in _under_way:
        return Sent(SendOutcome.PENDING)
    try:
        rows = await to_the_end(
            core_db.fetchall(
                "SELECT * FROM apipayments WHERE payment_hash = :hash "
                "AND wallet_id = :wallet AND amount < 0",
                {"hash": payment_hash, "wallet": wallet_id},
                Payment,
            )
        )
        if not rows:
            return Sent(SendOutcome.NEVER_TRIED)
        return await asyncio.wait_for(
            to_the_end(_outcome(rows[0])), limits.LOOKUP_TIMEOUT_SECONDS
        )
    except Exception as error:
        logger.warning(f"restaurant: the node did not answer: {error!r}")
        return Sent(SendOutcome.AWAY)


async def _outcome(row: Payment) -> Sent:
    if row.success:
        return Sent(SendOutcome.SENT, abs(row.fee))
    if row.pending:
        row = await update_pending_payment(row)
        if row.success:
            return Sent(SendOutcome.SENT, abs(row.fee))
        return Sent(SendOutcome.FAILED if row.failed else SendOutcome.PENDING)
    # Core gave it up; the node has the last word.
    status = await check_payment_status(row)
    if status.success:
        return Sent(SendOutcome.SENT, abs(status.fee_msat or 0))
    return Sent(SendOutcome.FAILED if status.failed else SendOutcome.PENDING)


def base_url(reached_by: str) -> str:
    """LNbits' public address, or the one that this request came by."""
    known = settings.lnbits_baseurl.rstrip("/")
    is_public = known.startswith("https://") or ".onion" in known
    return known if is_public else reached_by.rstrip("/")


def public_lnurl(path: str) -> str | None:
    """The LNURL of a path on this server; None when LNbits does not know under which
    public address it is reached (``LNBITS_BASEURL``)."""
    base = base_url("")
    if not base:
        return None
    return str(encode_lnurl(base + path).bech32)
