"""Payments: what is due, what cash is worth, when to ask the node again. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from ...core import limits
from ...core.errors import Conflict, Refused, invalid
from ...core.money import ceil_to_sat, currency_code, price_text, to_minor
from ...core.times import rfc3339, rfc3339_or_none
from ...models import Actor, OrderStatus, PaymentMethod, PaymentStatus
from ..orders.models import InvoiceView, Order
from .models import Invoice, Payment, PaymentView, TakePayment

COUNTED = frozenset({PaymentStatus.CAPTURED, PaymentStatus.SETTLED})


def paid_msat(payments: Iterable[Payment]) -> int:
    """What arrived for an order."""
    return sum(p.received_msat for p in payments if p.status in COUNTED)


def due_msat(total_msat: int, paid: int) -> int:
    return max(0, total_msat - paid)


def due_minor(order: Order, payments: Iterable[Payment]) -> int:
    """What is due in the order's currency: never a cent too little.

    Cash counts as it was counted, so its parts add up to the total; what came by
    Lightning is worth its share of the total, rounded down.
    """
    counted = [p for p in payments if p.status in COUNTED]
    if not due_msat(order.total_msat, paid_msat(counted)):
        return 0
    cash = sum(p.amount_minor or 0 for p in counted)
    other = sum(p.received_msat for p in counted if p.amount_minor is None)
    share = order.total_minor * other // order.total_msat
    return max(0, order.total_minor - cash - share)


def lightning_payment(
    payment_id: str, order: Order, invoice: Invoice, actor: Actor, at: int
) -> Payment:
    """The open payment that an invoice of this order stands for."""
    return Payment(
        id=payment_id,
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        method=PaymentMethod.LIGHTNING,
        status=PaymentStatus.CREATED,
        amount_msat=invoice.amount_msat,
        currency="sat",
        actor=str(actor),
        created_at=at,
        wallet_id=invoice.wallet_id,
        payment_hash=invoice.payment_hash,
        payment_request=invoice.payment_request,
        expires_at=invoice.expires_at,
        next_look_at=next_look(at, at),
    )


def invoice_view(payment: Payment) -> InvoiceView:
    """What a guest needs to pay; only for payments by Lightning."""
    return InvoiceView(
        payment_hash=payment.payment_hash or "",
        payment_request=payment.payment_request or "",
        amount_msat=payment.amount_msat,
        expires_at=rfc3339(payment.expires_at or 0),
    )


def payment_view(payment: Payment) -> PaymentView:
    """The public shape of a payment; no bolt11, no preimage."""

    def text(minor: int | None) -> str | None:
        return None if minor is None else price_text(minor, payment.currency)

    return PaymentView(
        id=payment.id,
        order_id=payment.order_id,
        method=payment.method.value,
        status=payment.status.value,
        amount_msat=payment.amount_msat,
        received_msat=payment.received_msat,
        currency=payment.currency,
        amount=text(payment.amount_minor),
        tendered=text(payment.tendered_minor),
        change=text(payment.change_minor),
        payment_hash=payment.payment_hash,
        created_at=rfc3339(payment.created_at),
        captured_at=rfc3339_or_none(payment.captured_at),
    )


def invoice_due(order: Order, payments: Iterable[Payment]) -> int:
    """What a new invoice is over: all that is due, in whole satoshi (msat).

    Conflict ``payment.nothing_due`` when nothing is, or the order has ended.
    """
    due = due_msat(order.total_msat, paid_msat(payments))
    _check_owed(order, due)
    return ceil_to_sat(Decimal(due))


def live_invoice(payments: Iterable[Payment], due: int, at: int) -> Payment | None:
    """An invoice for exactly what is due that can still be paid."""
    for payment in payments:
        is_open = payment.status is PaymentStatus.CREATED and payment.payment_hash
        if is_open and payment.amount_msat == due and (payment.expires_at or 0) > at:
            return payment
    return None


def next_look(created_at: int, at: int) -> int | None:
    """When to ask the node about an open invoice again; None after a week.

    The gap grows with the payment's age: 15 s at first, hours after days.
    """
    age = at - created_at
    if age > limits.LOOKUP_HORIZON_MS:
        return None
    gap = age // limits.LOOKUP_BACKOFF_DIVISOR
    return at + min(max(gap, limits.LOOKUP_GAP_MIN_MS), limits.LOOKUP_GAP_MAX_MS)


def take_cash(
    order: Order, payments: Sequence[Payment], body: TakePayment
) -> tuple[int, int, int, int]:
    """``(amount_minor, amount_msat, tendered_minor, change_minor)`` of a cash payment.

    Refused for amounts above what is due, other currencies, or too little
    tendered; Conflict when nothing is due, or the order has ended.
    """
    due = due_minor(order, payments)
    _check_owed(order, due)
    if body.currency and currency_code(body.currency) != order.currency:
        raise invalid("currency", f"Cash here is counted in {order.currency}.")
    amount = _minor("amount", body.amount, order.currency, due)
    if not 0 < amount <= due:
        raise Refused(
            "payment.amount",
            f"At most {price_text(due, order.currency)} {order.currency} is due.",
            field="amount",
        )
    tendered = _minor("tendered", body.tendered, order.currency, amount)
    if tendered < amount:
        raise Refused(
            "payment.tendered",
            "Less was handed over than is to be paid.",
            field="tendered",
        )
    all_due = due_msat(order.total_msat, paid_msat(payments))
    share = all_due if amount == due else all_due * amount // due
    return amount, share, tendered, tendered - amount


def _check_owed(order: Order, due: int) -> None:
    has_ended = order.status in (OrderStatus.CANCELED, OrderStatus.REFUNDED)
    if not due or has_ended:
        raise Conflict("payment.nothing_due", "Nothing is to be paid on this order.")


def _minor(field: str, value: Any, currency: str, default: int) -> int:
    if value is None:
        return default
    try:
        return to_minor(value, currency)
    except ValueError as error:
        raise invalid(field, f"{field} {error}.") from error
