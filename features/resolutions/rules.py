"""Which lines of an order are not there, and what is edited instead. Pure."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from ...core.errors import Conflict, Refused
from ...models import Flag, OrderStatus
from ..amendments.models import EditOrder, WantedLine
from ..discounts.models import DiscountKind, Trigger, Wanted
from ..orders.models import Order, OrderLine
from ..pricing.models import CartLine
from .models import Resolution, Way

#: What a human decides about in one of the three ways.
_IN_QUESTION = {Flag.OVERSOLD, Flag.UNAVAILABLE}


def check_in_question(order: Order) -> None:
    """Conflict ``order.resolve`` unless the order waits for such a decision."""
    if order.status is not OrderStatus.PAID or not order.flags & _IN_QUESTION:
        raise Conflict(
            "order.resolve",
            f"Nothing is in question about order {order.number}.",
            status=order.status.value,
            flags=sorted(flag.value for flag in order.flags),
        )


def check_body(body: Resolution) -> None:
    """Refused ``resolve.items`` when there is no substitute, or one too many."""
    if (body.way is Way.SUBSTITUTE) != bool(body.items):
        raise Refused(
            "resolve.items", "Say what comes instead, and only then.", field="items"
        )


def lines_in_question(
    order: Order,
    body: Resolution,
    short: Collection[str],
    switched_off: Collection[str],
) -> list[OrderLine]:
    """The lines that are not there: those named, else what takes of a short stock or
    names something switched off. ``short`` are stocks, ``switched_off`` items and
    modifiers. A part of a combo takes the combo's other parts with it.

    Refused ``line.unknown``; Conflict ``resolve.nothing`` when all is there again.
    """
    named = set(body.line_ids)
    if unknown := named - {line.id for line in order.lines}:
        raise Refused(
            "line.unknown", "This order has no such line.", line_id=min(unknown)
        )
    found = {
        line.id
        for line in order.lines
        if (line.id in named if named else _is_missing(line, short, switched_off))
    }
    if not found:
        raise Conflict(
            "resolve.nothing",
            "Everything in this order is there again: it can be accepted.",
        )
    bundles = {
        line.combo.bundle for line in order.lines if line.combo and line.id in found
    }
    return [
        line
        for line in order.lines
        if line.id in found or (line.combo and line.combo.bundle in bundles)
    ]


def _is_missing(
    line: OrderLine, short: Collection[str], switched_off: Collection[str]
) -> bool:
    ids = {line.menu_item_id, *(m.modifier_id for m in line.modifiers)}
    return bool(ids & set(switched_off)) or any(
        use.stock_id in short for use in line.uses
    )


def left_in(
    order: Order, missing: Iterable[OrderLine], short: Collection[str]
) -> set[str]:
    """The short stocks that lines take of which stay: whoever named the missing ones
    left these in."""
    gone = {line.id for line in missing}
    stays = [line for line in order.lines if line.id not in gone]
    return {use.stock_id for line in stays for use in line.uses} & set(short)


def edit_without(
    order: Order, missing: Iterable[OrderLine], body: Resolution
) -> EditOrder | None:
    """The edit that leaves the missing lines out and takes the substitutes in; None
    when nothing would stay."""
    gone = {line.id for line in missing}
    stays = [WantedLine(line_id=line.id) for line in order.lines if line.id not in gone]
    new = [
        WantedLine(**item.dict(exclude={"course"}, exclude_unset=True))
        for item in body.items
    ]
    if not stays and not new:
        return None
    return EditOrder(
        revision=order.revision, items=[*stays, *new], reason=_reason(body)
    )


def _reason(body: Resolution) -> str:
    return body.reason or body.way.value.replace("_", " ")


def worth(instead: Iterable[OrderLine], step: Decimal) -> dict[int, int]:
    """What is left of the substitutes' prices, by their number, dearest first.
    ``step`` is the smallest unit of the bill's currency in msat."""
    left: Counter[int] = Counter()
    for line in instead:
        left[line.number] += int(line.net_msat / step)
    return dict(left.most_common())


def compensation(
    left: Mapping[int, int], missing: Iterable[OrderLine], most_minor: int
) -> list[Wanted]:
    """So much is taken off the substitutes, whose prices are ``left``, the dearest
    first."""
    reason = "instead of " + ", ".join(line.name for line in missing)
    found = []
    for number, minor in left.items():
        take = min(most_minor, minor)
        if take > 0:
            found.append(
                Wanted(
                    *(None, "Substitute", Trigger.STAFF, DiscountKind.AMOUNT),
                    amount_minor=take,
                    line=number,
                    reason=reason,
                )
            )
            most_minor -= take
    return found


def least(enough: Callable[[int], bool], most: int) -> int:
    """The least of 1 … ``most`` that is enough; ``most`` when none is."""
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def is_one_for_one(instead: Iterable[CartLine], missing: Iterable[OrderLine]) -> bool:
    """Are there no more portions instead than are missing?"""
    given = sum(item.quantity for item in instead)
    return given <= sum(line.quantity for line in missing)


def told(
    order: Order,
    body: Resolution,
    missing: Sequence[OrderLine],
    short: Mapping[str, int],
) -> dict[str, object]:
    """What the journal says of it: ids and figures."""
    return {
        "number": order.number,
        "way": body.way.value,
        "line_ids": [line.id for line in missing],
        "short": dict(short),
    }
