"""What a bill adds up to: charges, taxes, tip, rounding. Pure, exact decimals.

``docs/PRICING.md`` says in prose what stands here. Every figure is rounded once, from
the exact amount; the total is rounded up to a whole satoshi.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal

from ...core import fields, limits
from ...core.errors import Forbidden, Refused
from ...core.money import (
    EXACT,
    MSAT_PER_SAT,
    ceil_to_sat,
    contained_tax,
    exact_sum,
    percent_of,
    price_text,
    round_half_up,
    to_minor,
    units_of,
    whole_steps,
)
from ...models import Number, OrderType
from ..discounts.models import Trigger, Wanted
from ..pricing.models import TipWish
from ..restaurants.models import Profile, TaxRounding
from .models import (
    COMBO,
    TAX_EXEMPT,
    Bill,
    BilledCharge,
    BilledDiscount,
    BilledLine,
    BilledTax,
    Charge,
    Figures,
    LineDiscount,
    Reduced,
    Reduction,
    Terms,
    Tip,
)

_HUNDRED = Decimal(100)
#: Contained tax is often an endless fraction. Sums of such are this much shorter than
#: their parts, so that a half is one again.
_SETTLED = Context(prec=EXACT.prec - 10)


@dataclass(frozen=True)
class _Taxed:
    """Something with a price and a tax rate: a line or a charge."""

    amount: Decimal
    rate: str
    tax: Decimal


def make_bill(lines: Sequence[Reduced], terms: Terms, step: Decimal) -> Bill:
    """The bill of these lines; ``step`` is the currency's smallest unit in msat.

    Refused ``order.minimum``, ``tip.too_large``, ``total.too_large``.
    """
    subtotal = exact_sum(line.total for line in lines)
    _check_stored(subtotal, step, terms.invoice_limit_sat)
    _check_minimum(subtotal, terms, step)
    left = exact_sum(line.left for line in lines)
    charges = _charges(EXACT.add(left, _exempted(lines)), terms, step)
    taxed_lines = [_taxed(line.left, line.tax_rate, terms, step) for line in lines]
    taxed_charges = [_taxed(amount, c.tax_rate, terms, step) for c, amount in charges]
    rows = _taxes([*taxed_lines, *taxed_charges], terms, step)
    service = exact_sum(amount for _, amount in charges)
    tax = _SETTLED.plus(exact_sum(row.tax for row in rows))
    added = Decimal(0) if terms.tax_inclusive else tax
    before_tip = exact_sum((left, service, added))
    tip = _tip(terms.tip, left, before_tip, step)
    _check_tip(round_half_up(tip), round_half_up(subtotal))
    exact = EXACT.add(before_tip, tip)
    total_msat = ceil_to_sat(exact)
    _check_total(total_msat, terms.invoice_limit_sat)
    parts = (subtotal, EXACT.subtract(subtotal, left), service, tax, tip)
    return Bill(
        currency=terms.currency,
        tax_inclusive=terms.tax_inclusive,
        msat=_figures(parts, total_msat, terms.tax_inclusive, Decimal(1)),
        minor=_figures(parts, units_of(exact, step), terms.tax_inclusive, step),
        lines=tuple(
            _billed_line(line, taxed, terms.discounts, step)
            for line, taxed in zip(lines, taxed_lines, strict=True)
        ),
        discounts=_billed_discounts(lines, terms, step),
        charges=tuple(_billed_charge(c, amount, step) for c, amount in charges),
        taxes=tuple(_billed_tax(row, terms.tax_inclusive, step) for row in rows),
        exempt_reason=terms.exempt_reason,
    )


def _figures(
    parts: tuple[Decimal, ...], total: int, tax_inclusive: bool, step: Decimal
) -> Figures:
    """Each part rounded half-up to whole steps; rounding closes the gap."""
    subtotal, discount, service, tax, tip = (units_of(part, step) for part in parts)
    added = 0 if tax_inclusive else tax
    rounding = total - (subtotal - discount + service + added + tip)
    return Figures(subtotal, discount, service, tax, tip, rounding, total)


def _exempted(lines: Iterable[Reduced]) -> Decimal:
    """The tax that was taken off the lines."""
    taken = (each for line in lines for each in line.taken)
    return exact_sum(each.amount for each in taken if each.kind == TAX_EXEMPT)


# --- charges -----------------------------------------------------------------------


def _charges(
    left: Decimal, terms: Terms, step: Decimal
) -> list[tuple[Charge, Decimal]]:
    """The charges that this bill has, each rounded to the currency's unit; ``left``
    is what the lines cost after discounts, with the tax that exemption takes off."""
    found = []
    for charge in terms.charges:
        if not _is_due(charge, left, terms.covers, step):
            continue
        amount = _charged(charge, left, step)
        if terms.exempt_reason and terms.tax_inclusive:
            contained = contained_tax(amount, charge.tax_rate)
            amount = EXACT.subtract(amount, whole_steps(contained, step))
        if amount > 0:
            found.append((charge, amount))
    return found


def _is_due(charge: Charge, left: Decimal, covers: int | None, step: Decimal) -> bool:
    if charge.from_covers is not None and (covers or 0) < charge.from_covers:
        return False
    free_from = charge.free_from_minor
    return free_from is None or left < EXACT.multiply(step, Decimal(free_from))


def _charged(charge: Charge, left: Decimal, step: Decimal) -> Decimal:
    if charge.percent is not None:
        return whole_steps(percent_of(left, charge.percent), step)
    return EXACT.multiply(step, Decimal(charge.amount_minor or 0))


# --- taxes -------------------------------------------------------------------------


def _taxed(amount: Decimal, rate: str, terms: Terms, step: Decimal) -> _Taxed:
    """One amount with the tax on it, or in it; rounded where the law rounds lines."""
    if terms.exempt_reason:
        return _Taxed(amount, "0", Decimal(0))
    tax = _tax_of(amount, rate, terms)
    if terms.tax_rounding is TaxRounding.LINE:
        tax = whole_steps(tax, step)
    return _Taxed(amount, rate, tax)


def _tax_of(amount: Decimal, rate: str, terms: Terms) -> Decimal:
    """The tax on an amount, or in it, not rounded."""
    if terms.tax_inclusive:
        return contained_tax(amount, rate)
    return percent_of(amount, rate)


def _taxes(taxed: Iterable[_Taxed], terms: Terms, step: Decimal) -> list[_Taxed]:
    """One row for each rate, the highest first; what costs nothing has none."""
    by_rate: dict[Decimal, list[_Taxed]] = {}
    for each in taxed:
        if each.amount:
            by_rate.setdefault(Decimal(each.rate), []).append(each)
    rows = []
    for rate in sorted(by_rate, reverse=True):
        text = f"{rate.normalize():f}"
        amount = exact_sum(each.amount for each in by_rate[rate])
        if terms.tax_rounding is TaxRounding.LINE:
            tax = exact_sum(each.tax for each in by_rate[rate])
        else:
            tax = _tax_of(amount, text, terms)
        if terms.tax_rounding is TaxRounding.RATE:
            tax = whole_steps(tax, step)
        rows.append(_Taxed(amount, text, tax))
    return rows


# --- tip and bounds ----------------------------------------------------------------


def _tip(tip: Tip, left: Decimal, before_tip: Decimal, step: Decimal) -> Decimal:
    if tip.percent is not None:
        return whole_steps(percent_of(left, tip.percent), step)
    if tip.amount_minor is not None:
        return EXACT.multiply(step, Decimal(tip.amount_minor))
    if tip.round_to_minor is None:
        return Decimal(tip.msat)
    coin = EXACT.multiply(step, Decimal(tip.round_to_minor))
    coins = EXACT.divide(before_tip, coin).to_integral_value(ROUND_CEILING)
    return EXACT.subtract(EXACT.multiply(coin, coins), before_tip)


def _check_tip(tip_msat: int, subtotal_msat: int) -> None:
    if tip_msat > max(subtotal_msat, limits.TIP_FREE_MSAT):
        raise Refused(
            "tip.too_large",
            "The tip is larger than the order. Is it in millisatoshi?",
            field="tip_msat",
        )


def _check_minimum(subtotal: Decimal, terms: Terms, step: Decimal) -> None:
    missing = terms.minimum_minor - units_of(subtotal, step)
    if missing <= 0:
        return
    minimum = price_text(terms.minimum_minor, terms.currency)
    raise Refused(
        "order.minimum",
        f"Please order for at least {minimum} {terms.currency}.",
        field="items",
        minimum=minimum,
        missing=price_text(missing, terms.currency),
        currency=terms.currency,
    )


def _check_total(total_msat: int, limit_sat: int) -> None:
    if total_msat > limit_sat * MSAT_PER_SAT:
        raise _too_large(limit_sat)


def _check_stored(subtotal: Decimal, step: Decimal, limit_sat: int) -> None:
    """Also what is taken off again must be a figure that can be kept."""
    if max(round_half_up(subtotal), units_of(subtotal, step)) > limits.AMOUNT_MAX:
        raise _too_large(limit_sat)


def _too_large(limit_sat: int) -> Refused:
    return Refused(
        "total.too_large",
        f"One order may cost at most {limit_sat} sat here.",
        limit_msat=limit_sat * MSAT_PER_SAT,
    )


# --- what an order keeps -------------------------------------------------------------


def _billed_line(
    line: Reduced, taxed: _Taxed, wanted: Sequence[Wanted], step: Decimal
) -> BilledLine:
    return BilledLine(
        discounts=tuple(_line_discount(taken, wanted, step) for taken in line.taken),
        discount_msat=round_half_up(EXACT.subtract(line.total, line.left)),
        tax_msat=round_half_up(taxed.tax),
    )


def _line_discount(
    taken: Reduction, wanted: Sequence[Wanted], step: Decimal
) -> LineDiscount:
    by = wanted[taken.wanted] if taken.wanted is not None else None
    return LineDiscount(
        kind=taken.kind,
        name=taken.name,
        amount_msat=round_half_up(taken.amount),
        amount_minor=units_of(taken.amount, step),
        discount_id=by.discount_id if by else None,
        reason=by.reason if by else None,
    )


def _billed_discounts(
    lines: Iterable[Reduced], terms: Terms, step: Decimal
) -> tuple[BilledDiscount, ...]:
    """Every discount with all that it takes off, in the order they were taken."""
    sums: dict[tuple[str, str, int | None], Decimal] = {}
    for taken in (each for line in lines for each in line.taken):
        key = (taken.kind, taken.name, taken.wanted)
        sums[key] = EXACT.add(sums.get(key, Decimal(0)), taken.amount)
    ordered = sorted(sums, key=_place)
    return tuple(_billed_discount(key, sums[key], terms, step) for key in ordered)


def _place(key: tuple[str, str, int | None]) -> tuple[int, int]:
    """Combos first, exemptions last, the others as they are numbered."""
    kind, _, number = key
    return ({COMBO: 0, TAX_EXEMPT: 2}.get(kind, 1), number or 0)


def _billed_discount(
    key: tuple[str, str, int | None], amount: Decimal, terms: Terms, step: Decimal
) -> BilledDiscount:
    kind, name, number = key
    by = terms.discounts[number] if number is not None else None
    return BilledDiscount(
        kind=kind,
        name=name,
        trigger=by.trigger.value if by else kind,
        discount_id=by.discount_id if by else None,
        code_id=by.code_id if by else None,
        reason=by.reason if by else None,
        amount_msat=round_half_up(amount),
        amount_minor=units_of(amount, step),
        is_tills=by.is_tills if by else False,
    )


def _billed_charge(charge: Charge, amount: Decimal, step: Decimal) -> BilledCharge:
    return BilledCharge(
        kind=charge.kind,
        name=charge.name,
        percent=charge.percent,
        tax_rate=charge.tax_rate,
        amount_msat=round_half_up(amount),
        amount_minor=units_of(amount, step),
    )


def _billed_tax(row: _Taxed, tax_inclusive: bool, step: Decimal) -> BilledTax:
    msat = _net_and_gross(
        round_half_up(row.amount), round_half_up(row.tax), tax_inclusive
    )
    minor = _net_and_gross(
        units_of(row.amount, step), units_of(row.tax, step), tax_inclusive
    )
    return BilledTax(row.rate, *msat, *minor)


def _net_and_gross(amount: int, tax: int, tax_inclusive: bool) -> tuple[int, int, int]:
    """(net, tax, gross) of an amount that contains its tax, or does not yet."""
    if tax_inclusive:
        return (amount - tax, tax, amount)
    return (amount, tax, amount + tax)


# --- terms ---------------------------------------------------------------------------


def charges_of(profile: Profile, order_type: OrderType) -> tuple[Charge, ...]:
    """The restaurant's charges for this kind of order; without a tax rate of its own
    a charge has the restaurant's."""
    usual = profile.tax_rates.get(order_type) or profile.tax_rate
    return tuple(
        Charge(
            kind=rule.kind.value,
            name=rule.name,
            percent=_text(rule.percent),
            amount_minor=_minor(rule.amount, profile.currency),
            from_covers=rule.from_covers,
            free_from_minor=_minor(rule.free_from, profile.currency),
            tax_rate=_text(rule.tax_rate) or usual,
        )
        for rule in profile.charges
        if not rule.order_types or order_type in rule.order_types
    )


def minimum_of(profile: Profile, order_type: OrderType) -> int:
    """The least that such an order's lines must come to, in minor units."""
    return _minor(profile.minimum_order.get(order_type), profile.currency) or 0


def tip_of(wish: TipWish | None, tip_msat: int, profile: Profile) -> Tip:
    """A tip as the cart asks for it; Refused ``tip.invalid``."""
    if wish is None:
        return Tip(msat=tip_msat)
    asked = [wish.percent is not None, wish.amount is not None, wish.round_up]
    if sum(asked) != 1:
        raise _bad_tip("Send one of percent, amount and round_up.")
    if wish.round_up and profile.tip_round_to is None:
        raise _bad_tip("Rounding up is not offered here.")
    try:
        if wish.percent is not None:
            return Tip(percent=fields.percent(wish.percent))
        if wish.amount is not None:
            return Tip(amount_minor=fields.price_minor(wish.amount, profile.currency))
    except ValueError as error:
        raise _bad_tip(f"A tip {error}.") from error
    return Tip(round_to_minor=_minor(profile.tip_round_to, profile.currency))


def check_till(wanted: Iterable[Wanted], most_percent: str) -> None:
    """Forbidden ``discount.till`` when a till takes more off some line by hand than
    it may; stored discounts were made by a manager."""
    if _exceeds(wanted, most_percent):
        raise beyond_till(most_percent)


def check_till_adds_nothing(
    wanted: Iterable[Wanted],
    before: Sequence[BilledDiscount],
    after: Sequence[BilledDiscount],
    most_percent: str,
) -> None:
    """Forbidden ``discount.till`` when a till's edit makes more of what a manager took
    off than the till may take off itself: that was given for the order as it was."""
    if not _exceeds([each for each in wanted if not each.is_tills], most_percent):
        return
    # Where a till takes its own discount away, the manager's takes of more.
    is_more = _by_hand(after) > _by_hand(before)
    if is_more and _by_hand(after, but_tills=True) > _by_hand(before, but_tills=True):
        raise beyond_till(most_percent)


def check_till_merge(
    wanted: Iterable[Wanted],
    before: Iterable[BilledDiscount],
    after: Iterable[BilledDiscount],
    most_percent: str,
) -> None:
    """Forbidden ``discount.till`` when two orders that a till makes one have more
    taken off by hand than apart, and more off some line than the till may."""
    if _by_hand(after) > _by_hand(before):
        check_till(wanted, most_percent)


def _exceeds(wanted: Iterable[Wanted], most_percent: str) -> bool:
    by_hand = [
        each
        for each in wanted
        if each.trigger is Trigger.STAFF and each.discount_id is None
    ]
    least = EXACT.subtract(_HUNDRED, Decimal(most_percent))
    return any(_left_of(by_hand, line) < least for line in {w.line for w in by_hand})


def _left_of(by_hand: Iterable[Wanted], line: int | None) -> Decimal:
    """What of a hundred is left of a line."""
    left = _HUNDRED
    for each in by_hand:
        if each.line in (None, line):
            left = EXACT.subtract(left, percent_of(left, each.percent or "100"))
    return left


def _by_hand(discounts: Iterable[BilledDiscount], *, but_tills: bool = False) -> int:
    """All that staff took off by figures of their own, in msat."""
    return sum(
        each.amount_msat
        for each in discounts
        if each.trigger == Trigger.STAFF.value
        and each.discount_id is None
        and not (but_tills and each.is_tills)
    )


def beyond_till(most_percent: str) -> Forbidden:
    """What a till is told that takes off more than it may."""
    return Forbidden(
        "discount.till",
        f"A till takes off at most {most_percent} %. Please ask a manager.",
    )


def needs_currency(terms: Terms) -> bool:
    """Are there sums in the restaurant's currency, which then needs a rate?"""
    tip = terms.tip
    charges = any(c.amount_minor or c.free_from_minor for c in terms.charges)
    discounts = any(w.amount_minor or w.minimum_minor for w in terms.discounts)
    tipped = bool(tip.amount_minor or tip.round_to_minor)
    return bool(charges or discounts or tipped or terms.minimum_minor)


def _bad_tip(detail: str) -> Refused:
    return Refused("tip.invalid", detail, field="tip")


def _text(value: Number | None) -> str | None:
    return None if value is None else str(value)


def _minor(value: Number | None, currency: str) -> int | None:
    return None if value is None else to_minor(value, currency)
