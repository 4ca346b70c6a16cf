"""The node and core's books: create an invoice, look a payment up.

Core's calls cannot join our transactions, and core's lock must not be held while
the node answers: call this module between transactions only.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from lnbits.core.db import db as core_db
from lnbits.core.models import Payment
from lnbits.core.services import create_invoice as core_create_invoice
from lnbits.core.services.payments import (
    check_payment_status,
    update_invoice_from_paid_invoices_stream,
)
from lnbits.wallets import get_funding_source
from loguru import logger

from ..core import limits
from ..core.errors import Unavailable
from ..crud import in_list
from ..features.payments.models import Invoice, NodeAnswer, Receipt
from ..features.restaurants.models import Restaurant
from .finishing import to_the_end
from .log import log_failure

TAG = "restaurant"
#: Core books its service fee under the hash of the payment that it was taken for.
_FEE_ID = "service_fee_"
#: Core's rows of invoices by payment hash.
Books = dict[str, Payment]


async def create_invoice(restaurant: Restaurant, amount_msat: int, at: int) -> Invoice:
    """An invoice over whole satoshi; Unavailable ``payments.unavailable``.

    ``extra`` carries our tag and nothing personal: core keeps it for ever.
    """
    extra = {"tag": TAG, "restaurant_id": restaurant.id, "total_msat": amount_msat}
    try:
        payment = await to_the_end(
            core_create_invoice(
                wallet_id=restaurant.wallet_id,
                amount=amount_msat // 1000,
                currency="sat",
                memo=restaurant.name,
                expiry=restaurant.order_expiry_seconds,
                extra=extra,
                extension=TAG,
            )
        )
    except Exception as error:  # every backend has its own; none must leak
        logger.warning(f"restaurant: no invoice: {error!r}")
        raise Unavailable(
            "payments.unavailable",
            "Lightning payments are not available right now. Please try again soon.",
            retry_after=10,
        ) from error
    return Invoice(
        payment_hash=payment.payment_hash,
        payment_request=payment.bolt11,
        amount_msat=payment.amount,
        wallet_id=payment.wallet_id,
        expires_at=at + restaurant.order_expiry_seconds * 1000,
    )


async def receipts_of(hashes: Iterable[str]) -> tuple[dict[str, Receipt], set[str]]:
    """Which invoices core's books show as paid, in one statement.

    Also the hashes that were only debited so far: core writes an internal
    payment in two steps, and may die between them.
    """
    marks, values = in_list("hash", hashes)
    query = (
        "SELECT checking_id, payment_hash, wallet_id, amount "  # noqa: S608
        "FROM apipayments "
        f"WHERE status = 'success' AND payment_hash IN {marks}"
    )
    found: list[dict[str, Any]] = await to_the_end(core_db.fetchall(query, values))
    rows = [row for row in found if not row["checking_id"].startswith(_FEE_ID)]
    paid = {
        row["payment_hash"]: Receipt(
            row["payment_hash"], row["wallet_id"], int(row["amount"])
        )
        for row in rows
        if row["amount"] > 0
    }
    debited = {row["payment_hash"] for row in rows if row["amount"] < 0}
    return paid, debited - paid.keys()


async def invoices_in_books(hashes: Iterable[str]) -> Books:
    """Core's own rows of these invoices, in one statement, by payment hash."""
    marks, values = in_list("hash", hashes)
    query = f"SELECT * FROM apipayments WHERE amount > 0 AND payment_hash IN {marks}"  # noqa: S608
    rows = await to_the_end(core_db.fetchall(query, values, Payment))
    return {
        row.payment_hash: row for row in rows if not row.checking_id.startswith(_FEE_ID)
    }


async def ask_node(payment: Payment | None) -> NodeAnswer:
    """Ask the funding source about an invoice in core's books, also past its expiry.

    When the node has the money, core's books are brought up to date, which
    credits the wallet; STUCK when that does not succeed.
    """
    try:
        return await asyncio.wait_for(_ask_node(payment), limits.LOOKUP_TIMEOUT_SECONDS)
    except Exception as error:  # a node that is away is asked again later
        logger.warning(f"restaurant: the node did not answer: {error!r}")
        return NodeAnswer.AWAY


async def _ask_node(payment: Payment | None) -> NodeAnswer:
    if payment is None:
        return NodeAnswer.FAILED
    if payment.success:
        return NodeAnswer.PAID
    status = await check_payment_status(payment)
    if status.failed:
        return NodeAnswer.FAILED
    if not status.success:
        return NodeAnswer.PENDING
    try:
        booked = await to_the_end(
            update_invoice_from_paid_invoices_stream(payment.checking_id)
        )
    except Exception:
        log_failure("the node has money that core did not book")
        return NodeAnswer.STUCK
    return NodeAnswer.PAID if booked else NodeAnswer.STUCK


async def node_answers() -> bool:
    """Does the funding source answer at all?"""
    try:
        status = await asyncio.wait_for(
            get_funding_source().status(), limits.NODE_PROBE_TIMEOUT_SECONDS
        )
    except Exception as error:
        logger.warning(f"restaurant: the funding source is away: {error!r}")
        return False
    return not status.error_message
