"""Tips: what may be given, whose it is, what goes back with a refund. Pure.

The ledger is the law: what somebody is owed is the sum of their open entries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from ...core import fields, limits
from ...core.errors import Conflict, Refused, invalid
from ...core.money import (
    EXACT,
    ceil_to_sat,
    decimals_of,
    from_minor,
    price_text,
    round_half_up,
    to_minor,
)
from ...core.times import rfc3339, rfc3339_or_none
from ...models import Flag, OrderStatus, PaymentStatus
from ..orders.models import Order
from ..payments.models import Payment, PaymentInvoice
from ..refunds.models import Refund, RefundStatus
from ..restaurants.models import TipTo
from .models import (
    EntryView,
    NewTip,
    Sum,
    Tip,
    TipKind,
    TippedView,
    TipView,
    Whose,
)

#: An order that is being served, or was.
_SERVED = {
    *(OrderStatus.PAID, OrderStatus.ACCEPTED),
    *(OrderStatus.READY, OrderStatus.COMPLETED),
}
_UNDECIDED = {Flag.PAID_LATE, Flag.OVERSOLD, Flag.UNAVAILABLE}
#: Refunds whose money went back, or is on its way.
_GOES_BACK = {RefundStatus.APPROVED, RefundStatus.SENDING, RefundStatus.SENT}
#: Entries that are about the tip of an order's own payment.
_OF_CHECKOUT = {TipKind.CHECKOUT, TipKind.RETURNED, TipKind.MOVED}
_MSAT_PER_UNIT = {"sat": 1_000, "msat": 1, "BTC": 100_000_000_000}
_COUNTED = {PaymentStatus.CAPTURED, PaymentStatus.SETTLED, PaymentStatus.DISPUTED}
#: States that the report can be asked for.
STATUSES = ("open", "paying", "paid", "shared")


# --- what may be given -------------------------------------------------------------


def check_open(order: Order, tip_days: int, at: int) -> None:
    """Conflict ``tip.unpaid`` before the order is paid, ``tip.over`` once it ended or
    the days for tips are over."""
    if order.status in (OrderStatus.CANCELED, OrderStatus.REFUNDED):
        raise Conflict("tip.over", "This order has ended; nothing is to be tipped.")
    until = tips_until(order, tip_days)
    if until is None or order.status is OrderStatus.PENDING:
        raise Conflict("tip.unpaid", "Please pay the order first.")
    if at >= until:
        raise Conflict("tip.over", "The time to tip for this order is over.")


def tips_until(order: Order, tip_days: int) -> int | None:
    """Until when an order may be tipped; None while it is not paid."""
    return None if order.paid_at is None else order.paid_at + tip_days * limits.DAY_MS


def max_msat(order: Order) -> int:
    """As much again as the order, or a sum that is never refused."""
    return max(order.total_msat, limits.TIP_FREE_MSAT)


def needs_rate(order: Order, body: NewTip) -> bool:
    """Must today's rate be asked for? The order's own is used where it has one."""
    is_fiat = order.currency not in _MSAT_PER_UNIT
    return body.amount is not None and is_fiat and order.currency not in order.rates


def asked(order: Order, body: NewTip, sat_per_unit: Decimal | None) -> Sum:
    """The tip that a request wants to give, in whole satoshi.

    ``sat_per_unit``: today's rate, for orders without one. Refused
    ``field.invalid``, ``tip.too_small``, ``tip.too_large``.
    """
    named = [body.amount_msat is not None, body.amount is not None]
    if sum([*named, body.percent is not None]) != 1:
        raise invalid("amount", "Send one of amount_msat, amount and percent.")
    msat = _asked_msat(order, body, sat_per_unit)
    if msat < limits.TIP_MIN_MSAT:
        least = limits.TIP_MIN_MSAT
        raise Refused(
            "tip.too_small", f"A tip is at least {least // 1000} sat.", min_msat=least
        )
    most = max_msat(order)
    if msat > most:
        raise Refused(
            "tip.too_large", f"A tip is at most {most // 1000} sat.", max_msat=most
        )
    minor = worth_minor(order, msat, sat_per_unit)
    if body.amount is not None:
        minor = to_minor(body.amount, order.currency)
    return Sum(order.currency, msat, minor)


def _asked_msat(order: Order, body: NewTip, sat_per_unit: Decimal | None) -> int:
    if body.amount_msat is not None:
        if body.amount_msat % 1000:
            raise invalid("amount_msat", "amount_msat must be whole satoshi.")
        return body.amount_msat
    name = "amount" if body.amount is not None else "percent"
    try:
        if body.amount is None:
            percent = Decimal(fields.percent(body.percent))
            base = order.total_msat - order.tip_msat
            part = EXACT.multiply(Decimal(base), percent)
            return ceil_to_sat(EXACT.divide(part, Decimal(100)))
        minor = to_minor(body.amount, order.currency)
    except ValueError as error:
        raise invalid(name, f"{name} {error}.") from error
    unit = _unit_msat(order, sat_per_unit) or Decimal(0)
    return ceil_to_sat(EXACT.multiply(from_minor(minor, order.currency), unit))


def worth_minor(
    order: Order, amount_msat: int, sat_per_unit: Decimal | None = None
) -> int:
    """The same in the order's currency, at its own rate, halves up; at its total's
    when it has none."""
    unit = _unit_msat(order, sat_per_unit)
    if unit:
        units = EXACT.divide(Decimal(amount_msat), unit)
        return round_half_up(units.scaleb(decimals_of(order.currency)))
    if not order.total_msat:
        return 0
    share = Decimal(order.total_minor * amount_msat)
    return round_half_up(EXACT.divide(share, Decimal(order.total_msat)))


def _unit_msat(order: Order, sat_per_unit: Decimal | None) -> Decimal | None:
    """Msat per unit of the order's currency."""
    if order.currency in _MSAT_PER_UNIT:
        return Decimal(_MSAT_PER_UNIT[order.currency])
    own = order.rates.get(order.currency)
    rate = Decimal(own) if own else sat_per_unit
    return EXACT.multiply(rate, Decimal(1000)) if rate else None


def check_room(asked_for: Iterable[Payment], at: int) -> None:
    """Conflict ``tip.too_many``: so many tips of an order are open or paid."""
    live = [p for p in asked_for if status_of(p, at) != "expired"]
    if len(live) >= limits.LATER_TIPS_PER_ORDER_MAX:
        raise Conflict("tip.too_many", "This order has many tips. Thank you!")


# --- whose it is -------------------------------------------------------------------


def whose(wish: TipTo, server_id: str | None, *, has_pool: bool) -> Whose:
    """Whose a tip is. For the serving person of an order that nobody serves: the
    pool's, where anybody shares one, else the restaurant's."""
    if wish is TipTo.SERVER:
        if server_id is not None:
            return Whose(TipTo.SERVER, server_id)
        return Whose(TipTo.POOL if has_pool else TipTo.RESTAURANT)
    return Whose(wish)


# --- entries -----------------------------------------------------------------------


def is_earned(order: Order) -> bool:
    """Is the order paid in full and not in question? Then its tip is given."""
    is_decided = not order.flags & _UNDECIDED
    return order.paid_at is not None and order.status in _SERVED and is_decided


def checkout_reference(order_id: str) -> str:
    """An order gives its tip once."""
    return f"checkout:{order_id}"


def checkout(order: Order, owner: Whose, tip_id: str, at: int) -> Tip:
    """The entry of the tip that was paid with the order."""
    minor = worth_minor(order, order.tip_msat)
    paid = Sum(order.currency, order.tip_msat, minor)
    return entry(
        *(tip_id, order.restaurant_id, TipKind.CHECKOUT, checkout_reference(order.id)),
        *(owner, paid, at),
        order_id=order.id,
    )


def later(asked_for: Tip, payment: Payment, received_msat: int, at: int) -> Tip:
    """The entry of a tip after the meal whose money came."""
    minor = payment.amount_minor or 0
    if received_msat != payment.amount_msat and payment.amount_msat:
        minor = minor * received_msat // payment.amount_msat
    return replace(
        asked_for,
        id=payment.id,
        kind=TipKind.LATER,
        reference=f"later:{asked_for.id}",
        amount_msat=received_msat,
        amount_minor=minor,
        at=at,
    )


def given_to(tip: Tip, owner: Whose) -> Tip:
    return replace(tip, recipient=owner.recipient, staff_id=owner.staff_id)


def asking(
    order: Order, owner: Whose, tip_id: str, payment_id: str, sum_: Sum, at: int
) -> Tip:
    """Remembers for whom an invoice is; nothing is given yet."""
    nothing = Sum(sum_.currency, 0, 0)
    return replace(
        entry(
            *(tip_id, order.restaurant_id, TipKind.ASKED, f"asked:{tip_id}"),
            *(owner, nothing, at),
            order_id=order.id,
        ),
        payment_id=payment_id,
    )


def returned(
    order: Order,
    entries: Sequence[Tip],
    paid_msat: int,
    refunds: Iterable[Refund],
    tip_id: str,
    at: int,
) -> Tip | None:
    """What must be entered for the order's refunds as they are now; None when nothing.

    A refund takes its part of the tip with it: tip × refunded ÷ total, rounded down,
    in all never more than the tip. Below zero it goes back; above zero it comes again,
    because a refund did not arrive. What was paid above the total was no tip.
    """
    own = [each for each in entries if each.kind is TipKind.CHECKOUT]
    if not own or not order.total_msat:
        return None
    given = own[0]
    back = _refunded_of_total(order, paid_msat, refunds)
    target_msat = given.amount_msat * back // order.total_msat
    target_minor = given.amount_minor * back // order.total_msat
    so_far = [each for each in entries if each.kind is TipKind.RETURNED]
    msat = -target_msat - sum(each.amount_msat for each in so_far)
    minor = -target_minor - sum(each.amount_minor for each in so_far)
    if not msat and not minor:
        return None
    return entry(
        *(tip_id, order.restaurant_id, TipKind.RETURNED),
        f"returned:{order.id}:{len(so_far) + 1}",
        *(owner_of(entries), Sum(given.currency, msat, minor), at),
        order_id=order.id,
    )


def _refunded_of_total(order: Order, paid_msat: int, refunds: Iterable[Refund]) -> int:
    """What went back of the total itself, without what was paid too much."""
    going = [each for each in refunds if each.status in _GOES_BACK]
    of_lines = sum(each.amount_msat for each in going if each.lines)
    plain = sum(each.amount_msat for each in going if not each.lines)
    surplus = max(0, paid_msat - order.total_msat)
    return min(order.total_msat, of_lines + max(0, plain - surplus))


def owner_of(entries: Sequence[Tip]) -> Whose:
    """Whose the order's own tip is: who got it, or who it was moved to last."""
    came = [
        each
        for each in entries
        if each.kind in (TipKind.CHECKOUT, TipKind.MOVED) and each.amount_msat > 0
    ]
    return came[-1].whose


def open_elsewhere(entries: Iterable[Tip], owner: Whose) -> list[tuple[Whose, Sum]]:
    """What of an order's own tip is open for others than ``owner``."""
    found: dict[tuple[Whose, str], Sum] = {}
    for each in entries:
        is_open = each.kind in _OF_CHECKOUT and each.payout_id is None
        if not is_open or each.whose == owner:
            continue
        key = (each.whose, each.currency)
        old = found.get(key, Sum(each.currency, 0, 0))
        found[key] = plus(old, each.amount_msat, each.amount_minor)
    return [(key[0], sum_) for key, sum_ in found.items() if sum_.amount_msat > 0]


def moved(
    restaurant_id: str,
    order_id: str | None,
    sum_: Sum,
    owners: tuple[Whose, Whose],
    ids: tuple[str, str],
    at: int,
) -> list[Tip]:
    """Two entries that bring a sum from the first owner to the second."""
    signs = ((owners[0], -1), (owners[1], 1))
    return [
        entry(
            *(tip_id, restaurant_id, TipKind.MOVED, f"moved:{tip_id}", owner),
            Sum(sum_.currency, sign * sum_.amount_msat, sign * sum_.amount_minor),
            at,
            order_id=order_id,
        )
        for tip_id, (owner, sign) in zip(ids, signs, strict=True)
    ]


def entry(
    tip_id: str,
    restaurant_id: str,
    kind: TipKind,
    reference: str,
    owner: Whose,
    sum_: Sum,
    at: int,
    *,
    order_id: str | None = None,
    payout_id: str | None = None,
) -> Tip:
    """One entry of the ledger; open unless a payout takes it."""
    return Tip(
        id=tip_id,
        restaurant_id=restaurant_id,
        order_id=order_id,
        payment_id=None,
        kind=kind,
        reference=reference,
        recipient=owner.recipient,
        staff_id=owner.staff_id,
        amount_msat=sum_.amount_msat,
        amount_minor=sum_.amount_minor,
        currency=sum_.currency,
        payout_id=payout_id,
        at=at,
    )


def plus(sum_: Sum, msat: int, minor: int) -> Sum:
    return replace(
        sum_,
        amount_msat=sum_.amount_msat + msat,
        amount_minor=sum_.amount_minor + minor,
    )


# --- shapes ------------------------------------------------------------------------


def told(tip: Tip) -> dict[str, str | int]:
    """What the journal says of an entry: figures and ids, nobody's name."""
    said: dict[str, str | int] = {
        "tip_id": tip.id,
        "kind": tip.kind.value,
        "to": tip.recipient.value,
        "amount_msat": tip.amount_msat,
        "amount_minor": tip.amount_minor,
        "currency": tip.currency,
    }
    if tip.staff_id:
        said["staff_id"] = tip.staff_id
    return said


def status_of(payment: Payment, at: int) -> str:
    """How a tip after the meal stands: open, paid or expired."""
    if payment.status in _COUNTED:
        return "paid"
    is_open = payment.status is PaymentStatus.CREATED
    return "open" if is_open and (payment.expires_at or 0) > at else "expired"


def tipped_view(
    asked_for: Tip, payment: Payment, invoice: PaymentInvoice, at: int
) -> TippedView:
    status = status_of(payment, at)
    msat = payment.received_msat if status == "paid" else payment.amount_msat
    tip = TipView(
        id=asked_for.id,
        order_id=payment.order_id,
        status=status,
        amount_msat=msat,
        amount=price_text(payment.amount_minor or 0, asked_for.currency),
        currency=asked_for.currency,
        to=asked_for.recipient.value,
        created_at=rfc3339(payment.created_at),
        expires_at=rfc3339(payment.expires_at or 0),
        paid_at=rfc3339_or_none(payment.captured_at),
    )
    return TippedView(tip=tip, invoice=invoice if status == "open" else None)


def entry_view(tip: Tip, payout_status: str | None) -> EntryView:
    """``payout_status`` of the payout that took it, if one did."""
    return EntryView(
        id=tip.id,
        order_id=tip.order_id,
        kind=tip.kind.value,
        to=tip.recipient.value,
        staff_id=tip.staff_id,
        amount_msat=tip.amount_msat,
        amount=price_text(tip.amount_minor, tip.currency),
        currency=tip.currency,
        status=_entry_status(tip, payout_status),
        payout_id=tip.payout_id,
        at=rfc3339(tip.at),
    )


def _entry_status(tip: Tip, payout_status: str | None) -> str:
    if tip.payout_id is None:
        return "open"
    if payout_status is None:
        return "shared"
    return "paid" if payout_status == "sent" else "paying"
