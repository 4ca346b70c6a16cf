"""How much of an order's money may go back, and what that is worth. Pure.

A refund counts from the moment it is created, so that refunds never exceed what
was paid, however many are made at once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from ...core import limits
from ...core.errors import Conflict, Refused, invalid
from ...core.money import (
    EXACT,
    MSAT_PER_SAT,
    floor_to_sat,
    from_minor,
    is_lightning_unit,
    round_half_up,
    to_minor,
    unit_msat,
    units_of,
)
from ...models import Actor, Flag, OrderStatus, PaymentMethod, Role
from ..orders.models import Order
from ..payments.models import Part, Payment
from ..refunds.models import (
    Refund,
    RefundBody,
    RefundLine,
    RefundRate,
    RefundStatus,
    Worth,
)

R = RefundStatus

#: These take their share of what was paid.
COUNTED = frozenset({R.REQUESTED, R.APPROVED, R.SENDING, R.SENT})
#: Flags of an order that nobody is cooking for this money yet: all of it is owed.
_UNDECIDED = {Flag.PAID_LATE, Flag.OVERSOLD, Flag.UNAVAILABLE}
_ENDED = {OrderStatus.CANCELED, OrderStatus.REFUNDED}


# --- sums ------------------------------------------------------------------------


def counted_msat(refunds: Iterable[Refund]) -> int:
    """What refunds take of the money that was paid, sent or on their way."""
    return sum(r.amount_msat for r in refunds if r.status in COUNTED)


def sent_msat(refunds: Iterable[Refund]) -> int:
    """What went back, valued as it was paid."""
    return sum(r.amount_msat for r in refunds if r.status is R.SENT)


def refundable_msat(paid_msat: int, refunds: Iterable[Refund]) -> int:
    return max(0, paid_msat - counted_msat(refunds))


def surplus_msat(order: Order, paid_msat: int, refunds: Iterable[Refund]) -> int:
    """What was paid above the total and is not on its way back.

    Refunds of lines lower what the guest got, not the surplus.
    """
    plain = counted_msat(r for r in refunds if not r.lines)
    return max(0, paid_msat - order.total_msat - plain)


def owed_msat(order: Order, paid_msat: int, refunds: Sequence[Refund]) -> int:
    """What should go back and has no refund yet: everything of an ended or
    undecided order, else the surplus."""
    if order.status in _ENDED or order.flags & _UNDECIDED:
        return refundable_msat(paid_msat, refunds)
    rest = refundable_msat(paid_msat, refunds)
    surplus = surplus_msat(order, paid_msat, refunds)
    return min(rest, max(surplus, undelivered_msat(refunds)))


def undelivered_msat(refunds: Sequence[Refund]) -> int:
    """What a guest was promised and did not get: refunds that failed, and nobody
    has made another since."""
    return sum(
        refund.amount_msat
        for refund in refunds
        if refund.status is R.FAILED
        and not any(
            other is not refund and other.created_at >= (refund.ended_at or 0)
            for other in refunds
        )
    )


# --- what a request asks for -------------------------------------------------------


def worth_of(
    order: Order,
    paid: Part,
    refunds: Sequence[Refund],
    body: RefundBody,
    sat_per_unit: Decimal | None,
) -> Worth:
    """What a request refunds of what was ``paid``. ``sat_per_unit`` is today's rate of
    the currency.

    Refused ``refund.amount`` for nothing, or for more than can be refunded.
    """
    lines = lines_of(order, refunds, body)
    rest = left_of(paid, refunds)
    if not rest.amount_msat:
        raise Conflict("refund.nothing", "There is nothing left to refund.")
    part = _asked(order, rest, surplus_of(order, paid, refunds), body, lines, refunds)
    is_within = part.amount_minor <= rest.amount_minor
    if not 0 < part.amount_msat <= rest.amount_msat or not is_within:
        raise Refused(
            "refund.amount",
            f"At most {rest.amount_msat // 1000} sat can be refunded.",
            refundable_msat=rest.amount_msat,
        )
    send = _send_msat(body, order, part.amount_msat, part.amount_minor, sat_per_unit)
    return Worth(part.amount_msat, send, part.amount_minor, lines)


def paid_of(order: Order, counted: Sequence[Payment]) -> Part:
    """What was paid, in both units; ``counted`` are the payments whose money is ours.

    What was counted in the currency is as much as was counted, Lightning its part of
    the total.
    """
    paid_msat = sum(payment.received_msat for payment in counted)
    in_currency = sum(payment.amount_minor or 0 for payment in counted)
    if not in_currency:
        return Part(minor_of(order, paid_msat), paid_msat)
    lightning = sum(p.received_msat for p in counted if p.amount_minor is None)
    above = paid_msat - order.total_msat
    if above < 0:
        share = order.total_minor * lightning // order.total_msat
        return Part(in_currency + share, paid_msat)
    over = minor_of(order, order.total_msat + min(above, lightning)) - order.total_minor
    return Part(max(in_currency, order.total_minor) + over, paid_msat)


def left_of(paid: Part, refunds: Sequence[Refund]) -> Part:
    """What can still go back: rounded parts never add up to more than was paid, and
    the last takes what is left."""
    counted = sum(r.amount_minor for r in refunds if r.status in COUNTED)
    left = max(0, paid.amount_minor - counted)
    return Part(left, refundable_msat(paid.amount_msat, refunds))


def surplus_of(order: Order, paid: Part, refunds: Sequence[Refund]) -> Part:
    """What was paid above the total and is not on its way back, in both units."""
    plain = sum(r.amount_minor for r in refunds if r.status in COUNTED and not r.lines)
    minor = max(0, paid.amount_minor - order.total_minor - plain)
    return Part(minor, surplus_msat(order, paid.amount_msat, refunds))


def part_of(order: Order, rest: Part, surplus: Part, amount_msat: int) -> Part:
    """A sum in msat with what it is in the currency: all that is left, all that is
    above the total, or its part, halves up."""
    for whole in (rest, surplus):
        if amount_msat == whole.amount_msat:
            return whole
    return Part(min(minor_of(order, amount_msat), rest.amount_minor), amount_msat)


def minor_of(order: Order, amount_msat: int) -> int:
    """The same part of the total in the order's currency, halves up; what was paid
    above the total of an edited order at its rate."""
    step = _step_msat(order)
    above = max(0, amount_msat - order.total_msat) if step else 0
    minor = units_of(Decimal(above), step) if step else 0
    if not order.total_msat:
        return minor
    share = Decimal(order.total_minor * (amount_msat - above))
    return minor + round_half_up(EXACT.divide(share, Decimal(order.total_msat)))


def _msat_of(order: Order, minor: int) -> int:
    """A sum in the order's currency in whole satoshi, never more than its part."""
    step = _step_msat(order)
    above = max(0, minor - order.total_minor) if step else 0
    msat = EXACT.multiply(step, Decimal(above)) if step else Decimal(0)
    within = minor - above
    if within:
        msat += order.total_msat * within // order.total_minor
    return floor_to_sat(int(msat))


def _step_msat(order: Order) -> Decimal | None:
    """What the smallest unit of an edited order's currency is worth. The total of
    another order tells best what a part of it is."""
    if order.revision == 1:
        return None
    return unit_msat(order.currency, order.rates)


def _asked(
    order: Order,
    rest: Part,
    surplus: Part,
    body: RefundBody,
    lines: tuple[RefundLine, ...],
    refunds: Sequence[Refund],
) -> Part:
    asked = [body.amount_msat is not None, body.amount is not None, bool(lines)]
    if sum(asked) > 1:
        raise invalid("amount", "Send one of amount_msat, amount and lines.")
    if lines:
        return _asked_lines(order, rest, surplus, lines, refunds)
    if body.amount_msat is not None:
        if body.amount_msat % 1000:
            raise invalid("amount_msat", "amount_msat must be whole satoshi.")
        return part_of(order, rest, surplus, body.amount_msat)
    if body.amount is None:
        return rest
    try:
        said = to_minor(body.amount, order.currency)
    except ValueError as error:
        raise invalid("amount", f"amount {error}.") from error
    if said <= 0 or not (order.total_minor or _step_msat(order)):
        return Part(said, 0)
    # All that is left in the currency is all that is left, and so is the surplus.
    for whole in (rest, surplus):
        if said == whole.amount_minor and whole.amount_msat:
            return whole
    return _within(rest, Part(said, _msat_of(order, said)))


def _asked_lines(
    order: Order,
    rest: Part,
    surplus: Part,
    lines: tuple[RefundLine, ...],
    refunds: Sequence[Refund],
) -> Part:
    """The lines' part of what is left. The last lines of an order take what was
    rounded away before."""
    gone = [line for r in refunds if r.status in COUNTED for line in r.lines]
    # What costs nothing is not waited for.
    sold = {line.id: line.quantity for line in order.lines if line.net_msat}
    count = sum(line.quantity for line in (*gone, *lines) if line.line_id in sold)
    minor, msat = lines_minor(order, lines), lines_msat(order, lines)
    if msat and count == sum(sold.values()):
        minor = max(0, rest.amount_minor - surplus.amount_minor)
        msat = rest.amount_msat - surplus.amount_msat
    if minor >= rest.amount_minor:
        return rest
    return _within(rest, Part(minor, msat))


def _within(rest: Part, part: Part) -> Part:
    """While a cent stays, so does a satoshi."""
    if part.amount_minor < rest.amount_minor:
        most = rest.amount_msat - MSAT_PER_SAT
        return Part(part.amount_minor, min(part.amount_msat, most))
    return part


def lines_of(
    order: Order, refunds: Iterable[Refund], body: RefundBody
) -> tuple[RefundLine, ...]:
    """The lines that a request names, each with a quantity that is still there.

    Refused ``refund.lines``.
    """
    if body.lines is None:
        return ()
    taken = Counter(
        {
            line_id: sum(
                line.quantity
                for refund in refunds
                if refund.status in COUNTED
                for line in refund.lines
                if line.line_id == line_id
            )
            for line_id in {line.line_id for line in body.lines}
        }
    )
    known = {line.id: line.quantity for line in order.lines}
    for wanted in body.lines:
        taken[wanted.line_id] += wanted.quantity
        is_there = taken[wanted.line_id] <= known.get(wanted.line_id, 0)
        if wanted.quantity < 1 or not is_there:
            raise Refused(
                "refund.lines",
                "This line does not have so many left to refund.",
                line_id=wanted.line_id,
            )
    if not body.lines:
        raise Refused("refund.lines", "Please name at least one line.")
    named: Counter[str] = Counter()
    for line in body.lines:
        named[line.line_id] += line.quantity
    return tuple(RefundLine(line_id, quantity) for line_id, quantity in named.items())


def lines_msat(order: Order, lines: Iterable[RefundLine]) -> int:
    """The lines' part of the total, with their share of tax, tip and everything
    else, in whole satoshi: total × lines ÷ all lines."""
    return floor_to_sat(_lines_part(order, lines, order.total_msat))


def lines_minor(order: Order, lines: Iterable[RefundLine]) -> int:
    """The same part of the total in the order's currency, halves up. Not by way of
    the satoshi: a line at 20.00 goes back as 20.00."""
    return _lines_part(order, lines, order.total_minor)


def _lines_part(order: Order, lines: Iterable[RefundLine], total: int) -> int:
    of_line = {line.id: line for line in order.lines}
    whole = sum(line.net_msat for line in order.lines)
    if not whole:
        return 0
    part = Decimal(0)
    for each in lines:
        line = of_line[each.line_id]
        one = EXACT.divide(Decimal(line.net_msat), Decimal(line.quantity))
        part = EXACT.add(part, EXACT.multiply(one, Decimal(each.quantity)))
    return round_half_up(EXACT.divide(EXACT.multiply(part, total), Decimal(whole)))


def _send_msat(
    body: RefundBody,
    order: Order,
    amount_msat: int,
    amount_minor: int,
    sat_per_unit: Decimal | None,
) -> int:
    rate = RefundRate(body.rate)
    if rate is RefundRate.CUSTOM:
        return _custom_msat(body, amount_msat)
    if body.send_msat is not None:
        raise invalid("send_msat", "send_msat is for the rate custom.")
    is_fiat = not is_lightning_unit(order.currency)
    if rate is RefundRate.PAID or not is_fiat or sat_per_unit is None:
        return amount_msat
    worth = from_minor(amount_minor, order.currency) * sat_per_unit * 1000
    return max(1000, floor_to_sat(round_half_up(worth)))


def _custom_msat(body: RefundBody, amount_msat: int) -> int:
    """A custom value is never more than what it counts for: nobody pays out more
    than came in by a slip of the finger."""
    send = body.send_msat if body.send_msat is not None else amount_msat
    if send % 1000:
        raise invalid("send_msat", "send_msat must be whole satoshi.")
    if not 0 < send <= amount_msat:
        raise Refused(
            "refund.amount",
            f"At most {amount_msat // 1000} sat can be sent for this.",
            field="send_msat",
        )
    return send


# --- who may -------------------------------------------------------------------


def check_refundable(order: Order, refunds: Sequence[Refund]) -> None:
    """Conflict ``refund.pending`` while the order waits for its money."""
    if order.status is OrderStatus.PENDING:
        raise Conflict(
            "refund.pending", "This order is not paid yet. Cancel it before refunding."
        )
    if len(refunds) >= limits.REFUNDS_PER_ORDER_MAX:
        raise Conflict("refund.too_many", "This order has too many refunds.")


def needs_approval(
    refund: Refund, refunds: Iterable[Refund], actor: Actor, limit_minor: int
) -> bool:
    """A till's refund waits for a manager when it brings what tills have let go of
    this order above the limit: many small ones are one large one."""
    if actor.role is not Role.POS:
        return False
    if not limit_minor:
        return True
    alone = sum(
        r.amount_minor
        for r in refunds
        if r.status in COUNTED and (r.approved_by or "").startswith(Role.POS.value)
    )
    return alone + refund.amount_minor > limit_minor


# --- how it goes back ----------------------------------------------------------


def automatic_parts(
    payments: Sequence[Payment], refunds: Sequence[Refund], owed_msat: int
) -> list[tuple[Payment, int]]:
    """(payment, msat) of owed money that can go back by itself, the way it came:
    Lightning and gift cards, latest first. Cash and cards need a human.
    """
    # Earlier refunds are assumed to have used the latest payments first.
    used = counted_msat(refunds)
    parts = []
    for payment in sorted(payments, key=lambda p: p.captured_at or 0, reverse=True):
        free = max(0, payment.received_msat - used)
        used = max(0, used - payment.received_msat)
        take = min(free, owed_msat)
        owed_msat -= take
        is_automatic = payment.method in (
            PaymentMethod.LIGHTNING,
            PaymentMethod.GIFT_CARD,
        )
        if take and is_automatic:
            parts.append((payment, take))
    return parts


def to_restock(
    order: Order, refunds: Iterable[Refund], lines: Iterable[RefundLine] = ()
) -> dict[str, int]:
    """What to put back on the shelf, by the id of its stock: of the lines named, or
    of all, without what earlier refunds of lines have put back."""
    wanted = {line.line_id: line.quantity for line in lines}
    total: Counter[str] = Counter()
    for line in without_restocked(order, refunds).lines:
        left = line.quantity
        quantity = min(left, wanted.get(line.id, 0) if wanted else left)
        for use in line.uses:
            total[use.stock_id] += use.quantity * quantity
    return dict(+total)


def without_restocked(order: Order, refunds: Iterable[Refund]) -> Order:
    """The order with as much of its lines as refunds of lines have not put back on
    the shelf, also those that failed or were given up since."""
    back: Counter[str] = Counter()
    since = order.stock_taken_at
    for refund in refunds if since is not None else ():
        is_done = refund.approved_at is not None and refund.approved_at >= (since or 0)
        if refund.restocks and is_done:
            back.update({line.line_id: line.quantity for line in refund.lines})
    if not back:
        return order
    lines = []
    for line in order.lines:
        given = min(back[line.id], line.quantity)
        back[line.id] -= given  # a line may be in two parts
        lines.append(replace(line, quantity=line.quantity - given))
    return replace(order, lines=tuple(lines))
