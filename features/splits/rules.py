"""How a bill is cut into shares, and what is due of each. Pure, exact.

Whatever the kind, the whole due is apportioned by whole weights, so tax, tip and
service follow the lines, and shares always add up: in minor units and in satoshi.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

from ...core import limits
from ...core.errors import Conflict, NotFound, Refused, invalid
from ...core.money import MSAT_PER_SAT, apportion, price_text, to_minor
from ...core.text import check_text
from ..orders.models import Order, OrderLine
from ..payments.models import Part, Payment
from .models import (
    LinePart,
    LinePartView,
    LinesShare,
    Portion,
    Share,
    ShareStatus,
    ShareView,
    Split,
    SplitBill,
    SplitKind,
    SplitView,
)

SHARES_MIN = 2
_NOTHING = Part(0, 0)
_FIELDS = {
    SplitKind.PARTS: "parts",
    SplitKind.AMOUNTS: "amounts",
    SplitKind.LINES: "shares",
}


@dataclass(frozen=True)
class _Claim:
    """Somebody's claim on the bill: shares are in proportion to the weights."""

    weight: Fraction
    label: str | None = None
    lines: tuple[LinePart, ...] = ()


# --- cutting ---------------------------------------------------------------------


def cut(order: Order, due: Part, body: SplitBill) -> list[Portion]:
    """The shares of what is due; who has nothing to pay has none.

    Refused ``split.amount``, ``split.lines``, ``split.small`` when a share would be
    less than a satoshi or the smallest unit; Conflict ``split.guests``.
    """
    all_claims = _claims(order, due, body)
    claims = [claim for claim in all_claims if claim.weight] or all_claims
    _check_count(body.by, len(claims))
    parts = _apportioned(due, [claim.weight for claim in claims])
    if any(p.amount_minor < 1 or p.amount_msat < MSAT_PER_SAT for p in parts):
        raise Refused("split.small", "There is too little to split it like this.")
    return [
        Portion(claim.label, part, claim.lines)
        for claim, part in zip(claims, parts, strict=True)
    ]


def _apportioned(due: Part, weights: Sequence[Fraction]) -> list[Part]:
    """Whole satoshi each; what is left of one goes with the last share."""
    common = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * common) for weight in weights]
    sats, rest_msat = divmod(due.amount_msat, MSAT_PER_SAT)
    msats = [share * MSAT_PER_SAT for share in apportion(sats, whole)]
    msats[-1] += rest_msat
    return list(map(Part, apportion(due.amount_minor, whole), msats))


def _claims(order: Order, due: Part, body: SplitBill) -> list[_Claim]:
    if body.by is SplitKind.PARTS:
        return _equal_parts(body.parts or 0)
    if body.by is SplitKind.AMOUNTS:
        return _named_amounts(order, due, body.amounts or [])
    if body.by is SplitKind.LINES:
        return _named_lines(order, body.shares or [])
    return _named_guests(order)


def _equal_parts(count: int) -> list[_Claim]:
    _check_count(SplitKind.PARTS, count)
    return [_Claim(Fraction(1))] * count


def _named_amounts(order: Order, due: Part, amounts: Sequence[Any]) -> list[_Claim]:
    """A claim on each amount, and one on the rest."""
    minors = [
        _amount(number, amount, order.currency) for number, amount in enumerate(amounts)
    ]
    rest = due.amount_minor - sum(minors)
    if rest < 0:
        most = price_text(due.amount_minor, order.currency)
        raise Refused(
            "split.amount",
            f"The amounts are more than the {most} {order.currency} that are due.",
            field="amounts",
        )
    return [_Claim(Fraction(minor)) for minor in (*minors, rest)]


def _amount(number: int, value: Any, currency: str) -> int:
    field = f"amounts.{number}"
    try:
        minor = to_minor(value, currency)
    except ValueError as error:
        raise invalid(field, f"{field} {error}.") from error
    if minor <= 0:
        raise Refused("split.amount", f"{field} must be above zero.", field=field)
    return minor


def _named_lines(order: Order, shares: Sequence[LinesShare]) -> list[_Claim]:
    """A claim on each one's lines, and one on those that nobody named."""
    left = {line.id: line.quantity for line in order.lines}
    claims = []
    for number, share in enumerate(shares):
        field = f"shares.{number}"
        label = check_text(share.label or "", f"{field}.label", limits.GUEST_NAME_MAX)
        taken: Counter[str] = Counter()
        for line in share.lines:
            if not 1 <= line.quantity <= left.get(line.line_id, 0):
                raise _wrong_lines(field)
            left[line.line_id] -= line.quantity
            taken[line.line_id] += line.quantity
        if not taken:
            raise _wrong_lines(field)
        claims.append(_of_lines(order, label or None, dict(taken), {}))
    rest = {line_id: quantity for line_id, quantity in left.items() if quantity}
    return [*claims, _of_lines(order, None, rest, {})] if rest else claims


def _wrong_lines(field: str) -> Refused:
    return Refused(
        "split.lines",
        f"{field}: name lines of this order, and no more than there is of them.",
        field=f"{field}.lines",
    )


def _named_guests(order: Order) -> list[_Claim]:
    """Each guest's own lines, and of lines without a guest an equal part."""
    guests = list(dict.fromkeys(line.guest for line in order.lines if line.guest))
    shared = {line.id: len(guests) for line in order.lines if line.guest is None}
    claims = []
    for guest in guests:
        own = [line for line in order.lines if line.guest in (guest, None)]
        taken = {line.id: line.quantity for line in own}
        claims.append(_of_lines(order, guest, taken, shared))
    return claims


def _of_lines(
    order: Order, label: str | None, taken: dict[str, int], shared: dict[str, int]
) -> _Claim:
    """A claim on so many of these lines, in the order's order."""
    parts = tuple(
        LinePart(line.id, taken[line.id], shared.get(line.id, 1))
        for line in order.lines
        if line.id in taken
    )
    lines = {line.id: line for line in order.lines}
    weight = sum((_worth(lines[p.line_id], p) for p in parts), Fraction(0))
    return _Claim(weight, label, parts)


def _worth(line: OrderLine, part: LinePart) -> Fraction:
    """In msat, exact. A line below zero (a deposit given back) claims nothing."""
    whole = max(0, line.net_msat) * part.quantity
    return Fraction(whole, line.quantity * part.shared_by)


def _check_count(kind: SplitKind, count: int) -> None:
    if SHARES_MIN <= count <= limits.SHARES_MAX:
        return
    if kind is SplitKind.GUESTS:
        raise Conflict(
            "split.guests",
            f"It needs {SHARES_MIN} to {limits.SHARES_MAX} guests with something "
            "to pay: say at the lines who ate them.",
        )
    raise invalid(
        _FIELDS[kind],
        f"A bill is split into {SHARES_MIN} to {limits.SHARES_MAX} shares.",
    )


# --- paying ----------------------------------------------------------------------


def due_of(split: Split, counted: Sequence[Payment], due: Part, share_id: str) -> Part:
    """What is due of a share, given what is due of the order.

    ``counted`` are the payments whose money is ours. NotFound ``split.unknown``;
    Conflict ``split.share_paid``.
    """
    part = _dues(split, counted, due).get(share_id)
    if part is None:
        raise unknown_share()
    if not part.amount_msat:
        raise Conflict("split.share_paid", "Nothing is due of this share.")
    return part


def _dues(split: Split, counted: Sequence[Payment], due: Part) -> dict[str, Part]:
    """What is due of each share by its id: what is left of it, never more than what
    is due. The last open share takes all that is due, so that no cent stays."""
    lefts = {share.id: _left(share, counted) for share in split.shares}
    open_ones = sum(1 for left in lefts.values() if left.amount_msat)
    return {
        share_id: due if open_ones == 1 and left.amount_msat else _at_most(due, left)
        for share_id, left in lefts.items()
    }


def _at_most(due: Part, left: Part) -> Part:
    """Minor units and satoshi round apart: who pays all of either pays everything."""
    is_within = (
        left.amount_minor < due.amount_minor and left.amount_msat < due.amount_msat
    )
    return left if is_within or not left.amount_msat else due


def _left(share: Share, counted: Sequence[Payment]) -> Part:
    """What did not come yet. As long as a satoshi is due, so is a cent."""
    whole = share.portion.part
    own = [payment for payment in counted if payment.share_id == share.id]
    msat = whole.amount_msat - _received(own)
    if msat <= 0:
        return _NOTHING
    in_currency = sum(payment.amount_minor or 0 for payment in own)
    by_lightning = _received([p for p in own if p.amount_minor is None])
    worth = whole.amount_minor * by_lightning // whole.amount_msat
    return Part(max(1, whole.amount_minor - in_currency - worth), msat)


def _received(payments: Sequence[Payment]) -> int:
    return sum(payment.received_msat for payment in payments)


def check_not_begun(split: Split, counted: Sequence[Payment]) -> None:
    """Conflict ``split.begun`` when money came for one of its shares."""
    ids = {share.id for share in split.shares}
    if any(payment.share_id in ids for payment in counted):
        raise Conflict(
            "split.begun", "A share of this bill is paid: the split stays as it is."
        )


def unknown_share() -> NotFound:
    return NotFound("split.unknown", "There is no such share of this bill.")


def no_split() -> NotFound:
    return NotFound("split.none", "This bill is not split.")


# --- shapes ----------------------------------------------------------------------


def view(
    split: Split, currency: str, counted: Sequence[Payment], due: Part
) -> SplitView:
    """The public shape; ``due`` is what is due of the order."""
    dues = _dues(split, counted, due)
    shares = [
        _share_view(
            share,
            currency,
            _received([p for p in counted if p.share_id == share.id]),
            dues[share.id],
        )
        for share in split.shares
    ]
    return SplitView(id=split.id, by=split.kind.value, shares=shares)


def _share_view(share: Share, currency: str, paid: int, due: Part) -> ShareView:
    status = ShareStatus.PART_PAID if paid else ShareStatus.OPEN
    if not due.amount_msat:
        status = ShareStatus.PAID
    portion = share.portion
    return ShareView(
        id=share.id,
        label=portion.label,
        amount=price_text(portion.part.amount_minor, currency),
        amount_msat=portion.part.amount_msat,
        lines=[
            LinePartView(
                line_id=line.line_id, quantity=line.quantity, shared_by=line.shared_by
            )
            for line in portion.lines
        ],
        paid_msat=paid,
        due=price_text(due.amount_minor, currency),
        due_msat=due.amount_msat,
        status=status.value,
    )


def told(split: Split, currency: str) -> dict[str, object]:
    """What the journal says: figures, no labels."""
    amounts = [
        price_text(share.portion.part.amount_minor, currency) for share in split.shares
    ]
    return {
        "split_id": split.id,
        "by": split.kind.value,
        "amounts": amounts,
        "currency": currency,
    }
