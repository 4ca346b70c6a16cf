"""What discounts take off each line. Pure; ``docs/PRICING.md`` says it in prose.

Discounts are taken one after the other, each from what the ones before left of a
line, so no line ever costs less than nothing and every discount shows at its lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ...core.errors import Refused
from ...core.money import (
    EXACT,
    apportion,
    contained_tax,
    exact_sum,
    percent_of,
    round_half_up,
    units_of,
    whole_steps,
)
from ..bills.models import (
    COMBO,
    TAX_EXEMPT,
    BillLine,
    Bundle,
    Reduced,
    Reduction,
)
from ..discounts.models import DiscountKind, Trigger, Wanted

_HUNDRED = Decimal(100)
#: Discounts apply in this order, within one trigger in the order they were named.
ORDER = (Trigger.SCHEDULE, Trigger.CODE, Trigger.STAFF)


@dataclass
class Lefts:
    """What is left of each line, exact msat, and what took the rest.

    ``step`` is the smallest unit of the bill's currency in msat.
    """

    lines: Sequence[BillLine]
    step: Decimal
    left: list[Decimal]
    taken: list[list[Reduction]]
    #: Lines with a discount that does not combine: no other one touches them.
    closed: set[int] = field(default_factory=set)

    def take(
        self, index: int, kind: str, name: str, amount: Decimal, **of: int
    ) -> bool:
        """Take so much off a line, but never more than is left of it. Was there
        anything to take?"""
        amount = min(amount, self.left[index])
        if amount > 0:
            self.left[index] = EXACT.subtract(self.left[index], amount)
            self.taken[index].append(Reduction(kind, name, amount, **of))
        return amount > 0

    def reduced(self) -> list[Reduced]:
        """The lines as a bill adds them up."""
        return [
            Reduced(line.total, self.left[place], line.tax_rate, tuple(taken))
            for place, (line, taken) in enumerate(
                zip(self.lines, self.taken, strict=True)
            )
        ]


def reduce(
    lines: Sequence[BillLine],
    bundles: Sequence[Bundle],
    wanted: Sequence[Wanted],
    step: Decimal,
) -> Lefts:
    """Bundles first, then the discounts in their order.

    Refused ``discount.minimum`` or ``discount.no_effect`` for what a guest or staff
    asked for and cannot have; the clock's discounts just do not apply.
    """
    lefts = Lefts(lines, step, [line.total for line in lines], [[] for _ in lines])
    for bundle in bundles:
        _take_bundle(lefts, bundle)
    numbered = sorted(enumerate(wanted), key=lambda each: ORDER.index(each[1].trigger))
    for number, each in numbered:
        _take_discount(lefts, number, each)
    return lefts


def exempt(lefts: Lefts, reason: str) -> None:
    """Take the tax that is contained in inclusive prices off every line."""
    for index, line in enumerate(lefts.lines):
        contained = contained_tax(lefts.left[index], line.tax_rate)
        lefts.take(index, TAX_EXEMPT, reason, whole_steps(contained, lefts.step))


# --- bundles -----------------------------------------------------------------------


def _take_bundle(lefts: Lefts, bundle: Bundle) -> None:
    """What a combo saves, apportioned to its parts by their own prices."""
    parts = [i for i, line in enumerate(lefts.lines) if line.bundle == bundle.number]
    regular = [_own_total(lefts.lines[index]) for index in parts]
    saving = EXACT.subtract(exact_sum(regular), bundle.price)
    if saving <= 0:
        return
    units = units_of(saving, bundle.step)
    weights = [units_of(own, bundle.step) for own in regular]
    for index, share in zip(parts, apportion(units, weights), strict=True):
        amount = EXACT.multiply(bundle.step, Decimal(share))
        lefts.take(index, COMBO, bundle.name, amount)


def _own_total(line: BillLine) -> Decimal:
    return EXACT.multiply(line.own, Decimal(line.quantity))


# --- discounts ---------------------------------------------------------------------


def _take_discount(lefts: Lefts, number: int, wanted: Wanted) -> None:
    if not _reaches_minimum(lefts, wanted):
        return
    reached = [i for i, line in enumerate(lefts.lines) if _is_for(wanted, line)]
    indexes = [i for i in reached if _may_take(lefts, i, wanted)]
    kind, name = wanted.kind.value, wanted.name
    touched = {
        index
        for index, amount in _amounts(lefts, indexes, wanted).items()
        if lefts.take(index, kind, name, amount, wanted=number)
    }
    if not wanted.combines:
        lefts.closed |= touched
    if wanted.trigger is Trigger.CODE and not touched:
        raise Refused(
            "discount.no_effect",
            f"{wanted.name} does not apply to anything in this order.",
            field="codes",
        )


def _reaches_minimum(lefts: Lefts, wanted: Wanted) -> bool:
    """Do the lines, before any discount, come to what the discount asks for?"""
    minimum = EXACT.multiply(lefts.step, Decimal(wanted.minimum_minor))
    if exact_sum(line.total for line in lefts.lines) >= minimum:
        return True
    if wanted.trigger is Trigger.SCHEDULE:
        return False
    raise Refused(
        "discount.minimum",
        f"{wanted.name} needs a larger order.",
        field="codes" if wanted.trigger is Trigger.CODE else "discounts",
        minimum_minor=wanted.minimum_minor,
    )


def _is_for(wanted: Wanted, line: BillLine) -> bool:
    if wanted.line is not None and wanted.line != line.number:
        return False
    if wanted.until_line is not None and line.number >= wanted.until_line:
        return False
    return not wanted.item_ids or line.menu_item_id in wanted.item_ids


def _may_take(lefts: Lefts, index: int, wanted: Wanted) -> bool:
    is_touched = bool(lefts.taken[index])
    return index not in lefts.closed and (wanted.combines or not is_touched)


def _amounts(
    lefts: Lefts, indexes: Sequence[int], wanted: Wanted
) -> dict[int, Decimal]:
    """What the discount takes off each line, by the line's place."""
    if wanted.kind is DiscountKind.PERCENT:
        percent = wanted.percent or "0"
        return {i: _percent_of(lefts, lefts.left[i], percent) for i in indexes}
    if wanted.kind is DiscountKind.AMOUNT:
        return _apportioned(lefts, indexes, wanted.amount_minor or 0)
    return _given(lefts, indexes, wanted)


def _percent_of(lefts: Lefts, amount: Decimal, percent: str) -> Decimal:
    if Decimal(percent) == _HUNDRED:
        return amount
    return min(amount, whole_steps(percent_of(amount, percent), lefts.step))


def _apportioned(
    lefts: Lefts, indexes: Sequence[int], amount_minor: int
) -> dict[int, Decimal]:
    """An amount off several lines, in proportion to what is left of them."""
    whole = exact_sum(lefts.left[i] for i in indexes)
    if EXACT.multiply(lefts.step, Decimal(amount_minor)) >= whole:
        return {i: lefts.left[i] for i in indexes}
    weights = [round_half_up(lefts.left[i]) for i in indexes]
    shares = apportion(amount_minor, weights)
    return {
        index: EXACT.multiply(lefts.step, Decimal(share))
        for index, share in zip(indexes, shares, strict=True)
    }


def _given(lefts: Lefts, indexes: Sequence[int], wanted: Wanted) -> dict[int, Decimal]:
    """The cheapest units in scope at their own prices; extras are paid."""
    units = sum(lefts.lines[i].quantity for i in indexes)
    if wanted.kind is DiscountKind.BUY_GET:
        free = units // (wanted.buy + wanted.get) * wanted.get
    else:
        free = min(units, wanted.get)
    given = {}
    for index in sorted(indexes, key=lambda i: (lefts.lines[i].own, i)):
        line = lefts.lines[index]
        count = min(free, line.quantity)
        free -= count
        worth = EXACT.multiply(line.own, Decimal(count))
        given[index] = _percent_of(lefts, worth, wanted.percent or "100")
    return given
