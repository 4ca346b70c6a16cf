"""Payments: what is due, what a part of it is worth, when to ask the node. Pure.

``docs/STATES.md`` is generated from ``STEPS``; ``docs/PAYMENTS.md`` tells the sums
in prose.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...core import limits
from ...core.errors import Conflict, Forbidden, Refused, invalid
from ...core.money import (
    EXACT,
    MSAT_PER_SAT,
    apportion,
    ceil_to_sat,
    currency_code,
    floor_to_sat,
    is_lightning_unit,
    price_text,
    round_to_step,
    to_minor,
    unit_msat,
)
from ...core.times import rfc3339, rfc3339_or_none
from ...models import (
    Actor,
    Flag,
    OrderStatus,
    OrderType,
    PaymentMethod,
    PaymentStatus,
    Role,
)
from ..orders.models import InvoiceView, Order
from ..restaurants.models import AcceptedPayment
from .models import (
    Counted,
    Invoice,
    Part,
    Payment,
    PaymentInvoice,
    PaymentView,
    Receipt,
    Standing,
    TakePayment,
)

P = PaymentStatus

#: From status to the statuses that may follow. Money may come after a payment was
#: given up; a dispute is won (captured again) or lost (voided).
STEPS: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    P.CREATED: frozenset({P.AUTHORIZED, P.CAPTURED, P.VOIDED, P.FAILED}),
    P.AUTHORIZED: frozenset({P.CAPTURED, P.VOIDED, P.FAILED}),
    P.CAPTURED: frozenset({P.SETTLED, P.DISPUTED}),
    P.SETTLED: frozenset({P.DISPUTED}),
    P.VOIDED: frozenset({P.CAPTURED}),
    P.FAILED: frozenset({P.CAPTURED}),
    P.DISPUTED: frozenset({P.CAPTURED, P.VOIDED}),
}
#: Contested money is ours until the dispute is lost.
COUNTED = frozenset({P.CAPTURED, P.SETTLED, P.DISPUTED})
#: Money may still arrive for these.
HOPEFUL = frozenset(old for old, new in STEPS.items() if P.CAPTURED in new) - COUNTED
#: Who may pay by which method; staff take every one.
GUEST_METHODS = frozenset(
    {PaymentMethod.LIGHTNING, PaymentMethod.CARD, PaymentMethod.GIFT_CARD}
)


# --- sums ------------------------------------------------------------------------


def counted(payments: Iterable[Payment]) -> list[Payment]:
    """Those whose money is ours."""
    return [payment for payment in payments if payment.status in COUNTED]


def paid_msat(payments: Iterable[Payment]) -> int:
    """What arrived for an order."""
    return sum(payment.received_msat for payment in counted(payments))


def received_msat(
    payment: Payment, receipt: Receipt, order: Order, booked: Sequence[Payment]
) -> int:
    """What an arrival counts for.

    LNbits books a card payment in satoshi of its own rate; the provider vouches for
    the whole charge, so it counts for its part of what is due in the currency by now.
    """
    if payment.method is not PaymentMethod.CARD:
        return receipt.amount_msat
    due = Part(due_minor(order, booked), due_msat(order.total_msat, paid_msat(booked)))
    return worth_msat(order, due, payment.amount_minor or 0)


def revalued(order: Order, payments: Sequence[Payment]) -> list[Payment]:
    """The payments of an order whose total changed. What was counted in its currency
    settles what it did, so it is worth its part of what Lightning leaves of the new
    total; all of that if only what was rounded away is between them.
    """
    own = [payment for payment in counted(payments) if payment.amount_minor]
    minors = [p.amount_minor or 0 for p in own]
    sats = apportion(_own_msat(order, payments, minors) // MSAT_PER_SAT, minors)
    of = {p.id: share * MSAT_PER_SAT for p, share in zip(own, sats, strict=True)}
    return [replace(p, received_msat=of.get(p.id, p.received_msat)) for p in payments]


def _own_msat(order: Order, payments: Iterable[Payment], minors: Sequence[int]) -> int:
    """What was counted in the currency, in these parts, is worth together."""
    paid = sum(minors)
    if not paid:
        return 0
    lightning = [p.received_msat for p in counted(payments) if not p.amount_minor]
    if not order.total_msat:
        return worth_msat(order, Part(0, 0), paid)
    of_total = min(sum(lightning), order.total_msat)
    rest_msat = order.total_msat - of_total
    # Lightning's part of the total in the currency: halves up, and rounded down.
    share, left = divmod(order.total_minor * of_total, order.total_msat)
    rest_minor = order.total_minor - share - (2 * left >= order.total_msat)
    if paid < rest_minor and not _is_rounded_away(order, paid, lightning):
        return worth_msat(order, Part(rest_minor, rest_msat), paid)
    above = paid - (order.total_minor - share)
    if above <= 0 or (lightning and _is_rounded_up(order, above, len(minors))):
        return rest_msat
    return rest_msat + worth_msat(order, Part(0, 0), above)


def _is_rounded_away(order: Order, paid_minor: int, lightning: Sequence[int]) -> bool:
    """Whether what is short is no more than what was below a satoshi in what came by
    Lightning."""
    unit = unit_msat(order.currency, order.rates)
    if unit is None:
        return False
    short = EXACT.multiply(unit, Decimal(order.total_minor - paid_minor))
    return short - sum(lightning) < MSAT_PER_SAT * len(lightning)


def _is_rounded_up(order: Order, above: int, count: int) -> bool:
    """Whether so many units above the total are no more than what was rounded: half a
    unit of Lightning's part, and of each payment what was below a satoshi."""
    unit = unit_msat(order.currency, order.rates) or Decimal(0)
    return EXACT.multiply(unit, Decimal(2 * above - 1)) <= 2 * MSAT_PER_SAT * count


def worth_msat(order: Order, due: Part, amount_minor: int) -> int:
    """What an amount in the currency is worth: its part of what is due, and what is
    above that by the order's rate, rounded up: as long as a cent is above, so is a
    satoshi."""
    above = amount_minor - due.amount_minor
    if above <= 0:
        return part_of(due, amount_minor).amount_msat
    unit = unit_msat(order.currency, order.rates) or Decimal(0)
    return due.amount_msat + ceil_to_sat(EXACT.multiply(unit, Decimal(above)))


def due_msat(total_msat: int, paid: int) -> int:
    return max(0, total_msat - paid)


def due_minor(order: Order, payments: Iterable[Payment]) -> int:
    """What is due in the order's currency: never a cent too little.

    What was counted in the currency counts as it was, so parts add up to the
    total; Lightning is worth its share of the total, rounded down. As long as a
    satoshi is due, so is a cent.
    """
    booked = counted(payments)
    if not due_msat(order.total_msat, paid_msat(booked)):
        return 0
    in_currency = sum(p.amount_minor or 0 for p in booked)
    by_lightning = sum(p.received_msat for p in booked if p.amount_minor is None)
    share = order.total_minor * by_lightning // order.total_msat
    return max(1, order.total_minor - in_currency - share)


def all_due(order: Order, payments: Sequence[Payment]) -> Part:
    """Everything that is due. Conflict ``payment.nothing_due`` when nothing is, or
    the order has ended."""
    due = Part(
        due_minor(order, payments), due_msat(order.total_msat, paid_msat(payments))
    )
    has_ended = order.status in (OrderStatus.CANCELED, OrderStatus.REFUNDED)
    if not due.amount_msat or has_ended:
        raise Conflict("payment.nothing_due", "Nothing is to be paid on this order.")
    return due


def standing(order: Order, paid: int) -> Standing:
    """How the order stands with its money; ``paid`` in msat."""
    if paid < order.total_msat:
        return Standing.PART_PAID if paid else Standing.UNPAID
    if Flag.PAID_LATE in order.flags:
        return Standing.LATE
    return Standing.OVERPAID if paid > order.total_msat else Standing.PAID


def part_of(due: Part, amount_minor: int) -> Part:
    """So much of what is due, in whole satoshi; the last cent takes all of them."""
    if amount_minor >= due.amount_minor:
        return due
    msat = floor_to_sat(due.amount_msat * amount_minor // due.amount_minor)
    return Part(amount_minor, msat)


def paid_part(due: Part, amount_minor: int) -> Part:
    """The part of ``due`` that a payment is for. Refused ``payment.amount`` when it
    would count for nothing."""
    part = part_of(due, amount_minor)
    if not part.amount_msat:
        raise Refused(
            "payment.amount",
            "A payment must be worth at least one satoshi.",
            field="amount",
        )
    return part


def asked_part(order: Order, due: Part, body: TakePayment) -> Part:
    """The part of ``due`` that a request wants to pay: all of it by default.

    Refused ``payment.amount`` for nothing, for less than a satoshi, or for more than
    is due.
    """
    if body.amount is None:
        return due
    currency = currency_code(body.currency or order.currency)
    if body.method is PaymentMethod.LIGHTNING and is_lightning_unit(currency):
        return _lightning_part(due, body.amount, currency)
    amount_minor = _amount(body.amount, order.currency, due.amount_minor)
    if body.method is PaymentMethod.LIGHTNING:
        return part_of(due, amount_minor)
    return paid_part(due, amount_minor)


def _lightning_part(due: Part, amount: Any, currency: str) -> Part:
    """A part that is told in satoshi: whole ones only."""
    try:
        minor = to_minor(amount, currency)
    except ValueError as error:
        raise invalid("amount", f"amount {error}.") from error
    msat = minor * {"sat": 1000, "msat": 1, "BTC": 1000}[currency]
    if msat % 1000:
        raise invalid("amount", "amount must be whole satoshi.")
    if not 0 < msat <= due.amount_msat:
        most = due.amount_msat // 1000
        raise Refused("payment.amount", f"At most {most} sat are due.", field="amount")
    return Part(due.amount_minor * msat // due.amount_msat, msat)


def invoice_part(order: Order, due: Part, body: TakePayment) -> Part:
    """The part that a new invoice is over: whole satoshi, at least one."""
    part = asked_part(order, due, body)
    msat = min(ceil_to_sat(Decimal(max(1, part.amount_msat))), due.amount_msat)
    return Part(part.amount_minor, msat)


def count_cash(order: Order, due: Part, body: TakePayment, step_minor: int) -> Counted:
    """Cash for all that is due, or for a part of it.

    All that is due is rounded to the smallest coin, halves up, and the rest is
    ``rounding_minor``; a part must be payable in coins as it is. Refused
    ``payment.amount``, ``payment.tendered``.
    """
    rounded = round_to_step(due.amount_minor, step_minor)
    wanted = due.amount_minor
    if body.amount is not None:
        wanted = _amount(body.amount, order.currency, max(due.amount_minor, rounded))
    pays_all = wanted in (due.amount_minor, rounded)
    if not pays_all and (wanted > due.amount_minor or wanted % step_minor):
        coin = price_text(step_minor, order.currency)
        raise Refused(
            "payment.amount",
            f"Cash here comes in steps of {coin} {order.currency}.",
            field="amount",
        )
    part = due if pays_all else paid_part(due, wanted)
    to_hand_over = rounded if pays_all else wanted
    tendered = to_hand_over
    if body.tendered is not None:
        tendered = _minor("tendered", body.tendered, order.currency)
    if tendered < to_hand_over:
        raise Refused(
            "payment.tendered",
            "Less was handed over than is to be paid.",
            field="tendered",
        )
    rounding = to_hand_over - part.amount_minor
    return Counted(part, rounding, tendered, tendered - to_hand_over)


def _amount(value: Any, currency: str, most: int) -> int:
    amount = _minor("amount", value, currency)
    if not 0 < amount <= most:
        raise Refused(
            "payment.amount",
            f"At most {price_text(most, currency)} {currency} is due.",
            field="amount",
        )
    return amount


def _minor(field: str, value: Any, currency: str) -> int:
    try:
        return to_minor(value, currency)
    except ValueError as error:
        raise invalid(field, f"{field} {error}.") from error


# --- who may pay how -----------------------------------------------------------


def check_accepted(
    accepted: Sequence[AcceptedPayment],
    device_methods: Sequence[str],
    method: PaymentMethod,
    order_type: OrderType,
    currency: str,
) -> None:
    """Refused ``payment.method`` or ``payment.currency`` unless the restaurant takes
    this method for this order type in this currency, and the device may.

    ``device_methods`` empty means all.
    """
    if device_methods and method.value not in device_methods:
        raise Refused(
            "payment.method",
            f"This device does not take {method.value}.",
            field="method",
        )
    fitting = [
        rule
        for rule in accepted
        if rule.method is method
        and (not rule.order_types or order_type in rule.order_types)
    ]
    if not fitting:
        raise Refused(
            "payment.method",
            f"The restaurant does not take {method.value} for this order.",
            field="method",
        )
    if not any(not r.currencies or currency in r.currencies for r in fitting):
        raise Refused(
            "payment.currency",
            f"The restaurant does not take {method.value} in {currency}.",
            field="currency",
        )


def usual_currency(method: PaymentMethod, order_currency: str) -> str:
    """What a payment of everything is counted in: ``sat`` by Lightning, else the
    order's currency."""
    return "sat" if method is PaymentMethod.LIGHTNING else order_currency


def currency_of(order: Order, body: TakePayment) -> str:
    """The currency that a payment names: the order's, for Lightning also ``sat``.

    Refused ``payment.currency`` for any other.
    """
    is_lightning = body.method is PaymentMethod.LIGHTNING
    usual = order.currency
    if body.amount is None:
        usual = usual_currency(body.method, order.currency)
    currency = currency_code(body.currency) if body.currency else usual
    if currency == order.currency or (is_lightning and is_lightning_unit(currency)):
        return currency
    raise Refused(
        "payment.currency",
        f"{body.method.value} here is counted in {order.currency}.",
        field="currency",
    )


def check_payer(actor: Actor, method: PaymentMethod) -> None:
    """Guests pay by themselves; cash is taken by staff: Forbidden
    ``cash.forbidden``."""
    if actor.role is Role.GUEST and method not in GUEST_METHODS:
        raise Forbidden("cash.forbidden", "Please pay cash at the counter.")


def check_room(payments: Sequence[Payment]) -> None:
    """An order has so many payments at most. Conflict ``payment.too_many``."""
    if len(payments) >= limits.PAYMENTS_PER_ORDER_MAX:
        raise Conflict("payment.too_many", "This order has too many payments.")


# --- invoices --------------------------------------------------------------------


def lightning_payment(
    payment_id: str, order: Order, invoice: Invoice, actor: Actor, at: int
) -> Payment:
    """The open payment that an invoice of this order stands for."""
    return Payment(
        id=payment_id,
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        method=PaymentMethod.LIGHTNING,
        status=P.CREATED,
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
    return InvoiceView(**payment_invoice(payment).dict())


def payment_invoice(payment: Payment) -> PaymentInvoice:
    return PaymentInvoice(
        payment_hash=payment.payment_hash or "",
        payment_request=payment.payment_request or "",
        amount_msat=payment.amount_msat,
        expires_at=rfc3339(payment.expires_at or 0),
    )


def invoice_due(order: Order, payments: Sequence[Payment]) -> int:
    """What a new invoice is over: all that is due, in whole satoshi (msat).

    Conflict ``payment.nothing_due`` when nothing is, or the order has ended.
    """
    return ceil_to_sat(Decimal(all_due(order, payments).amount_msat))


def live_invoice(payments: Iterable[Payment], due: int, at: int) -> Payment | None:
    """An invoice for exactly what is due that can still be paid, for no share."""
    for payment in payments:
        is_open = payment.status is P.CREATED and payment.payment_request
        is_whole = payment.amount_msat == due and payment.share_id is None
        if is_open and is_whole and (payment.expires_at or 0) > at:
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


# --- shapes ----------------------------------------------------------------------


def payment_view(payment: Payment) -> PaymentView:
    """The public shape of a payment; no bolt11, no preimage."""

    def text(minor: int | None) -> str | None:
        return None if minor is None else price_text(minor, payment.currency)

    is_open = payment.status in (P.CREATED, P.AUTHORIZED)
    return PaymentView(
        id=payment.id,
        order_id=payment.order_id,
        method=payment.method.value,
        status=payment.status.value,
        amount_msat=payment.amount_msat,
        received_msat=payment.received_msat,
        currency=payment.currency,
        amount=text(payment.amount_minor),
        rounding=text(payment.rounding_minor) if payment.rounding_minor else None,
        tendered=text(payment.tendered_minor),
        change=text(payment.change_minor),
        payment_hash=payment.payment_hash,
        provider=payment.provider,
        checkout_url=payment.checkout_url if is_open else None,
        share_id=payment.share_id,
        actor=payment.actor,
        person=payment.person,
        created_at=rfc3339(payment.created_at),
        expires_at=rfc3339_or_none(payment.expires_at),
        captured_at=rfc3339_or_none(payment.captured_at),
        disputed_at=rfc3339_or_none(payment.disputed_at),
    )
