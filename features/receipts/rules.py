"""Receipts: made from a frozen order. Pure.

Every figure is the order's own; what the roundings of single rows leave over stands
in one row, so that what is on paper adds up.
"""

from collections.abc import Sequence
from typing import Any

from ...core.ids import canonical_json, sha256_hex
from ...core.money import apportion, price_text
from ...core.times import rfc3339_or_none
from ..journal.models import JournalRow
from ..orders.models import LineView, Order, OrderLine, OrderView
from ..payments.models import Payment, PaymentView
from ..printing.models import PrintJob, PrintKind, PrintState
from ..refunds.models import RefundView
from ..restaurants.models import Restaurant
from .models import (
    ReceiptCharge,
    ReceiptCombo,
    ReceiptDiscount,
    ReceiptDocument,
    ReceiptLine,
    ReceiptModifier,
    ReceiptPayment,
    ReceiptRate,
    ReceiptRefund,
    ReceiptRestaurant,
    ReceiptSums,
    ReceiptTax,
    ReceiptTip,
)

#: Payments whose money counts, and refunds that a guest must know of.
_COUNTED = ("captured", "settled", "disputed")
_OVER = ("canceled", "refunded")
#: The journal's word for a receipt that goes to a printer.
QUEUED = "receipt.queued"


# --- the document -----------------------------------------------------------------


def receipt_document(
    restaurant: Restaurant, order: Order, shown: OrderView, tips: Sequence[Payment]
) -> ReceiptDocument:
    """The receipt of an order as it stands; ``tips`` are payments after the meal.

    The same order gives the same document, whenever it is asked for.
    """
    is_over = shown.status in _OVER
    is_bill = shown.due_msat > 0 and not is_over
    nothing = price_text(0, order.currency)
    return ReceiptDocument(
        kind=PrintKind.RECEIPT.value,
        restaurant=_restaurant(restaurant),
        timezone=restaurant.timezone,
        order_id=order.id,
        order_number=order.number,
        business_day=order.business_day,
        order_type=shown.order_type,
        table=shown.table,
        covers=shown.covers,
        placed_at=shown.created_at,
        paid_at=shown.paid_at,
        currency=order.currency,
        is_bill=is_bill,
        marks=[shown.status] if is_over else [],
        **_bill(order, shown),
        total=shown.total,
        total_msat=shown.total_msat,
        rate=_rate(order, order.currency),
        payments=[_payment(each, order) for each in shown.payments if _counts(each)],
        paid_msat=shown.paid_msat,
        due=shown.due if is_bill else nothing,
        due_msat=shown.due_msat if is_bill else 0,
        tips=[_tip(each) for each in tips if each.status.value in _COUNTED],
        refunds=[_refund(each) for each in shown.refunds if each.status != "canceled"],
    )


def _restaurant(restaurant: Restaurant) -> ReceiptRestaurant:
    return ReceiptRestaurant(
        name=restaurant.name,
        legal_name=restaurant.legal_name,
        address=restaurant.address,
        tax_id=restaurant.tax_id,
        footer=restaurant.receipt_footer,
    )


def _bill(order: Order, shown: OrderView) -> dict[str, Any]:
    """What it is made of, in the order's currency."""
    discounts = [
        ReceiptDiscount(kind=each.kind, name=each.name, amount=each.amount)
        for each in shown.discounts
    ]
    charges = [
        ReceiptCharge(
            kind=each.kind, name=each.name, percent=each.percent, amount=each.amount
        )
        for each in shown.charges
    ]
    taxes = [
        ReceiptTax(rate=each.rate, net=each.net, tax=each.tax, gross=each.gross)
        for each in shown.taxes
    ]
    return {
        "lines": _lines(order, shown),
        "discounts": discounts,
        "charges": charges,
        "tax_inclusive": shown.tax_inclusive,
        "taxes": taxes,
        "tax_exempt_reason": shown.tax_exempt_reason,
        "sums": _sums(order),
    }


def _sums(order: Order) -> ReceiptSums | None:
    """The sums, and what brings the rows that are shown to the total."""
    minor = order.bill.minor
    if minor is None:
        return None
    tax = 0 if order.tax_inclusive else minor.tax
    rows = minor.subtotal + tax + minor.tip
    rows -= sum(each.amount_minor for each in order.bill.discounts)
    rows += sum(each.amount_minor for each in order.bill.charges)
    currency = order.currency
    return ReceiptSums(
        subtotal=price_text(minor.subtotal, currency),
        tax=price_text(tax, currency),
        tip=price_text(minor.tip, currency),
        rounding=price_text(order.total_minor - rows, currency),
    )


def _lines(order: Order, shown: OrderView) -> list[ReceiptLine]:
    minor = order.bill.minor
    if minor is None:
        return [_line(line, None) for line in shown.items]
    totals = line_totals(order, minor.subtotal)
    return [
        _line(line, price_text(total, order.currency))
        for line, total in zip(shown.items, totals, strict=True)
    ]


def line_totals(order: Order, subtotal: int) -> list[int]:
    """The lines before discounts in the order's minor units; together the subtotal.

    Lines of another currency share what the order's own leave of it.
    """
    exact = [_own_total(line, order.currency) for line in order.lines]
    left = subtotal - sum(total or 0 for total in exact)
    foreign = [
        line.line_msat
        for line, total in zip(order.lines, exact, strict=True)
        if total is None
    ]
    if left < 0 or (left and not foreign):  # no order of ours; yet it shall add up
        return apportion(subtotal, [line.line_msat for line in order.lines])
    shares = iter(apportion(left, foreign) if foreign else [])
    return [next(shares) if total is None else total for total in exact]


def _own_total(line: OrderLine, currency: str) -> int | None:
    if line.currency != currency:
        return None
    deltas = sum(each.price_delta_minor * each.quantity for each in line.modifiers)
    return (line.price_minor + deltas) * line.quantity


def _line(line: LineView, total: str | None) -> ReceiptLine:
    combo = line.combo
    return ReceiptLine(
        quantity=line.quantity,
        name=line.name,
        price=line.price,
        currency=line.currency,
        modifiers=[
            ReceiptModifier(
                name=each.name, quantity=each.quantity, price_delta=each.price_delta
            )
            for each in line.modifiers
        ],
        total=total,
        discounts=[
            ReceiptDiscount(kind=each.kind, name=each.name, amount=each.amount)
            for each in line.discounts
        ],
        tax_rate=line.tax_rate,
        combo=(
            ReceiptCombo(line=combo.line, name=combo.name, quantity=combo.quantity)
            if combo
            else None
        ),
    )


def _rate(order: Order, currency: str) -> ReceiptRate | None:
    rate = order.rates.get(currency)
    if rate is None:
        return None
    return ReceiptRate(currency=currency, rate=rate, at=rfc3339_or_none(order.rate_at))


def _counts(payment: PaymentView) -> bool:
    return payment.status in _COUNTED


def _payment(payment: PaymentView, order: Order) -> ReceiptPayment:
    is_lightning = payment.method == "lightning"
    return ReceiptPayment(
        method=payment.method,
        amount=payment.amount,
        currency=payment.currency,
        amount_msat=payment.received_msat,
        rate=_rate(order, order.currency) if is_lightning else None,
        tendered=payment.tendered,
        change=payment.change,
        rounding=payment.rounding,
        provider=payment.provider,
        at=payment.captured_at,
    )


def _tip(payment: Payment) -> ReceiptTip:
    minor = payment.amount_minor
    return ReceiptTip(
        amount=None if minor is None else price_text(minor, payment.currency),
        currency=payment.currency,
        amount_msat=payment.received_msat,
        at=rfc3339_or_none(payment.captured_at),
    )


def _refund(refund: RefundView) -> ReceiptRefund:
    return ReceiptRefund(
        amount=refund.amount,
        currency=refund.currency,
        amount_msat=refund.amount_msat,
        status=refund.status,
        destination=refund.destination,
        reason=refund.reason,
        at=refund.sent_at or refund.created_at,
    )


# --- copies -----------------------------------------------------------------------


def copies_before(
    document: ReceiptDocument,
    history: Sequence[JournalRow],
    made: Sequence[PrintJob],
) -> int:
    """How many papers say the same already, or may.

    ``history`` is the order's journal, which is never forgotten; ``made`` are its
    receipts that are still known. What nobody ever took off the queue to print it,
    and never will, is no paper.
    """
    now = fingerprint(document)
    blank = {job.id for job in made if _never_came_out(job)}
    told = [row.payload for row in history if row.event == QUEUED]
    return sum(one["paper"] == now and one["job_id"] not in blank for one in told)


def told(document: ReceiptDocument, job: PrintJob) -> dict[str, Any]:
    """What the journal remembers of a receipt that goes to a printer."""
    return {
        "job_id": job.id,
        "station": job.station,
        "copy_n": document.copy_n,
        "paper": fingerprint(document),
    }


def fingerprint(document: ReceiptDocument) -> str:
    """One text for one sale and its money, whoever prints it, when and how; written
    out, so that fields of later versions leave it as it is."""
    facts = [
        *(document.order_id, document.is_bill, document.marks, document.currency),
        *(document.total, document.total_msat, document.due, document.due_msat),
        [[each.quantity, each.name, each.total] for each in document.lines],
        [[each.name, each.amount] for each in document.discounts],
        [[each.name, each.amount] for each in document.charges],
        [[each.rate, each.net, each.tax] for each in document.taxes],
        [[each.method, each.amount_msat, each.at] for each in document.payments],
        [[each.amount_msat, each.at] for each in document.tips],
        [[each.amount_msat, each.status, each.at] for each in document.refunds],
    ]
    return sha256_hex(canonical_json(facts))


def _never_came_out(job: PrintJob) -> bool:
    is_over = job.state is PrintState.CANCELED
    is_seen = job.attempts > 0 or job.read_at is not None
    return is_over and not is_seen and not job.may_be_on_paper
