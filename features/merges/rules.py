"""What two orders come to as one. Pure.

The lines of the source come into the target and keep their prices; what was taken off
single lines, and every percentage, comes with them. Other reductions of the source
end: the target's hold for all of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ...core import limits
from ...core.errors import Conflict, Refused
from ...models import Flag, OrderStatus, PaymentStatus
from ..bills.models import Terms, Tip, unpack_terms
from ..discounts.models import DiscountKind, Wanted
from ..journal.models import Entry
from ..orders.models import Order, OrderLine
from ..payments.models import Payment

#: Both are with the kitchen, or wait to be served.
_OPEN = {OrderStatus.ACCEPTED, OrderStatus.READY}
#: Money that came, or that a guest has promised.
_HELD = {
    *(PaymentStatus.AUTHORIZED, PaymentStatus.CAPTURED),
    *(PaymentStatus.SETTLED, PaymentStatus.DISPUTED),
}


@dataclass(frozen=True)
class Joined:
    """The target as it will be, still with the prices it had: ``own`` lines, the
    ``moved`` ones behind them, and the terms of both. ``uses`` are the discounts
    (id, code id) of the source that come along."""

    own: tuple[OrderLine, ...]
    moved: tuple[OrderLine, ...]
    terms: Terms
    rates: dict[str, str]
    covers: int | None
    stock_taken_at: int | None
    uses: frozenset[tuple[str, str | None]]

    @property
    def lines(self) -> tuple[OrderLine, ...]:
        return (*self.own, *self.moved)


def check_other(order_id: str, other_id: str) -> None:
    """Refused ``order.merge`` for an order and itself."""
    if order_id == other_id:
        raise Refused(
            "order.merge", "An order is not merged with itself.", field="order_id"
        )


def check_mergeable(
    target: Order, source: Order, payments: Iterable[Payment], *, has_refunds: bool
) -> None:
    """Conflict ``order.has_payments`` when money of the source came, ``order.merge``
    with its ``reason``: ``status``, ``currency``, ``terms`` or ``lines``."""
    for order in (target, source):
        if order.status not in _OPEN:
            raise _conflict("status", f"Order {order.number} is {order.status}.")
    if has_refunds or any(payment.status in _HELD for payment in payments):
        raise Conflict(
            "order.has_payments",
            f"Money came for order {source.number}; bring the other one into it.",
        )
    if target.currency != source.currency:
        raise _conflict("currency", "These orders are in different currencies.")
    if _taxing(target) is None or _taxing(target) != _taxing(source):
        raise _conflict("terms", "These orders are not taxed alike.")
    if len(target.lines) + len(source.lines) > limits.PIECES_MAX:
        raise _conflict("lines", "Together these orders are too long.")


def _taxing(order: Order) -> tuple[Any, ...] | None:
    """By which rules an order is taxed; None for orders of earlier versions."""
    if order.bill.terms is None:
        return None
    terms = unpack_terms(order.bill.terms)
    is_exempt = terms.exempt_reason is not None
    return terms.order_type, terms.tax_inclusive, terms.tax_rounding, is_exempt


def _conflict(reason: str, detail: str) -> Conflict:
    return Conflict("order.merge", detail, reason=reason)


def join(target: Order, source: Order) -> Joined:
    """The lines and terms of both as one order's.

    What was never taken from the shelf is never put back: its lines count nothing.
    """
    shift = max((line.number for line in target.lines), default=-1) + 1
    takes = target.stock_taken_at is not None, source.stock_taken_at is not None
    own, moved = target.lines, tuple(_moved(line, shift) for line in source.lines)
    if takes == (False, True):
        own = tuple(replace(line, uses=()) for line in own)
    if takes == (True, False):
        moved = tuple(replace(line, uses=()) for line in moved)
    counts = [n for n in (target.covers, source.covers) if n is not None]
    covers = sum(counts) if counts else None
    terms = unpack_terms(target.bill.terms or {})
    brought = _brought(terms.discounts, source, shift)
    terms = replace(
        terms,
        discounts=(*terms.discounts, *brought),
        covers=covers,
        tip=_tip(target, source, terms.tip),
        minimum_minor=0,
    )
    return Joined(
        own=own,
        moved=moved,
        terms=terms,
        rates={**source.rates, **target.rates},
        covers=covers,
        stock_taken_at=target.stock_taken_at or source.stock_taken_at,
        uses=frozenset((w.discount_id, w.code_id) for w in brought if w.discount_id),
    )


def _moved(line: OrderLine, shift: int) -> OrderLine:
    """The line with its number among the target's."""
    combo = line.combo and replace(line.combo, bundle=line.combo.bundle + shift)
    return replace(line, number=line.number + shift, combo=combo)


def _brought(there: Iterable[Wanted], source: Order, shift: int) -> list[Wanted]:
    """The source's discounts that come with its lines, each for the line that it is
    taken off; those that the target has hold for them anyway."""
    known = {(w.discount_id, w.code_id) for w in there if _is_whole(w)}
    brought: list[Wanted] = []
    for wanted in unpack_terms(source.bill.terms or {}).discounts:
        if wanted.line is not None:
            brought.append(replace(wanted, line=wanted.line + shift))
        elif wanted.kind is DiscountKind.PERCENT and (
            (wanted.discount_id, wanted.code_id) not in known
        ):
            brought += [
                replace(wanted, line=number + shift, minimum_minor=0)
                for number in _numbers_with(source, wanted)
            ]
    return brought


def _is_whole(wanted: Wanted) -> bool:
    is_for_all = wanted.line is None and wanted.until_line is None
    return is_for_all and wanted.discount_id is not None


def _numbers_with(order: Order, wanted: Wanted) -> list[int]:
    """The numbers of the lines that this discount took something off."""
    found = {
        line.number: True
        for line in order.lines
        for each in line.discounts
        if (each.discount_id, each.name) == (wanted.discount_id, wanted.name)
        and each.kind == wanted.kind.value
    }
    return list(found)


def _tip(target: Order, source: Order, tip: Tip) -> Tip:
    """Tips that nobody paid yet add up; one that was paid stays what was given."""
    if target.paid_at is not None:
        return Tip(msat=target.tip_msat)
    if not source.tip_msat:
        return tip
    return Tip(msat=target.tip_msat + source.tip_msat)


def ended_flags(source: Order) -> frozenset[Flag]:
    """What is left to say of an order whose lines are another's now."""
    return source.flags - {Flag.UNDERPAID}


def told(before: Order, after: Order, source: Order) -> dict[str, Any]:
    """What the journal says of the order that another came into."""
    return {
        "number": after.number,
        "revision": after.revision,
        "merged_id": source.id,
        "merged_number": source.number,
        "old_total_msat": before.total_msat,
        "total_msat": after.total_msat,
        "lines": [line.id for line in source.lines],
    }


def source_entry(source: Order, target: Order, actor: Any) -> Entry:
    """The journal's line about the order that ends."""
    payload = {
        "status": OrderStatus.CANCELED.value,
        "number": source.number,
        "reason": "merged",
        "merged_into": target.id,
        "into_number": target.number,
    }
    return Entry("order.canceled", actor, source.id, payload)
