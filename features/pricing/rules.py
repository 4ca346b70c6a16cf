"""What a cart costs. Pure, exact decimals, one rounding per figure.

1. A unit costs its item's price plus its modifiers' deltas × quantities.
2. Each line's amount in its currency becomes msat with one rate per currency.
3. Tax is a share of each line: on top when exclusive, contained when inclusive.
4. Subtotal, discount, service, tax and tip are each rounded half-up to msat; the
   total is rounded up to a whole satoshi; rounding closes the gap.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...core import fields, limits
from ...core.errors import Refused, invalid
from ...core.money import (
    EXACT,
    MSAT_PER_SAT,
    SAT_PER_BTC,
    ceil_to_sat,
    decimals_of,
    from_minor,
    round_half_up,
)
from ...core.text import check_text
from ..menu.models import Menu, MenuItem, ModifierGroup
from ..rates.models import Rates
from .models import (
    Cart,
    CartLine,
    CartModifier,
    FrozenLine,
    PricedCart,
    PricedLine,
    PricedModifier,
    Terms,
)

_HUNDRED = Decimal(100)
_MSAT_PER_UNIT = {
    "sat": Decimal(MSAT_PER_SAT),
    "msat": Decimal(1),
    "BTC": Decimal(SAT_PER_BTC * MSAT_PER_SAT),
}


def price_to_msat(
    amount: Decimal, currency: str, rates: Mapping[str, Decimal]
) -> Decimal:
    """An amount in its currency → exact msat, not rounded.

    ``rates`` holds satoshi per unit of fiat; Lightning units need none.
    """
    factor = _MSAT_PER_UNIT.get(currency)
    if factor is None:
        factor = EXACT.multiply(rates[currency], Decimal(MSAT_PER_SAT))
    return EXACT.multiply(amount, factor)


def price_cart(
    cart: Cart,
    menu: Menu,
    rates: Rates,
    terms: Terms,
    at: int,
    frozen: Sequence[FrozenLine] | None = None,
) -> PricedCart:
    """Price every line by its ids; whatever prices the client sent are ignored.

    ``frozen`` holds a quote's prices, which win over the menu's. Refused with
    ``line`` for what cannot be ordered.
    """
    lines = tuple(
        price_line_item(
            number,
            line,
            menu.items.get(line.menu_item_id),
            rates.by_currency,
            terms.tax_rate,
            at,
            frozen[number] if frozen else None,
        )
        for number, line in enumerate(cart.items)
    )
    return _total(cart, lines, rates, terms)


def price_line_item(
    number: int,
    line: CartLine,
    item: MenuItem | None,
    rates: Mapping[str, Decimal],
    tax_rate: str,
    at: int,
    frozen: FrozenLine | None = None,
) -> PricedLine:
    """One line of the cart with its exact amounts; Refused names the line."""
    item = _orderable(number, line, item, at)
    chosen = _chosen_modifiers(number, line, item, at)
    frozen = frozen or _live(line, item, chosen, tax_rate)
    chosen = _with_deltas(line, chosen, frozen)
    unit_minor = frozen.price_minor + sum(
        m.price_delta_minor * m.quantity for m in chosen
    )
    currency = frozen.currency
    unit = price_to_msat(from_minor(unit_minor, currency), currency, rates)
    return PricedLine(
        menu_item_id=item.id,
        name=item.name,
        quantity=line.quantity,
        currency=currency,
        price_minor=frozen.price_minor,
        tax_rate=frozen.tax_rate,
        note=line.note or None,
        guest=line.guest or None,
        station=item.station,
        is_counted=item.stock is not None,
        allergens=item.allergens,
        modifiers=chosen,
        unit=unit,
        total=EXACT.multiply(unit, Decimal(line.quantity)),
    )


def check_cart(cart: Cart) -> None:
    """Bounds and texts of a cart that need neither menu nor rates."""
    if not 1 <= len(cart.items) <= limits.LINES_MAX:
        raise Refused(
            "cart.lines",
            f"An order has 1 to {limits.LINES_MAX} lines.",
            field="items",
        )
    if cart.tip_msat < 0:
        raise Refused("tip.invalid", "A tip cannot be negative.", field="tip_msat")
    if cart.covers is not None and not 1 <= cart.covers <= limits.QUANTITY_MAX:
        raise Refused("field.invalid", "covers is out of range.", field="covers")
    for name in ("customer_name", "table"):
        check_text(getattr(cart, name) or "", name, limits.NAME_MAX)
    check_text(cart.note or "", "note", limits.NOTE_MAX, lines=True)
    pickup_time(cart)
    for number, line in enumerate(cart.items):
        _check_quantity(number, line.quantity)
        check_text(line.note or "", f"items.{number}.note", limits.NOTE_MAX, lines=True)
        check_text(line.guest or "", f"items.{number}.guest", limits.GUEST_NAME_MAX)
        for modifier in line.modifiers:
            _check_quantity(number, modifier.quantity)


def pickup_time(cart: Cart) -> int | None:
    """When the guest wants to pick it up (milliseconds); Refused when that is no
    time."""
    if cart.pickup_at is None:
        return None
    try:
        return fields.moment(cart.pickup_at)
    except ValueError as error:
        raise invalid("pickup_at", f"pickup_at {error}.") from error


def currencies_of(cart: Cart, menu: Menu) -> set[str]:
    """The currencies that pricing this cart needs."""
    found = (menu.items.get(line.menu_item_id) for line in cart.items)
    return {item.currency for item in found if item}


def freeze(cart: Cart, priced: PricedCart) -> tuple[FrozenLine, ...]:
    """The prices of a cart, for a quote."""
    return tuple(
        FrozenLine(
            line.currency,
            line.price_minor,
            _deltas_in_cart_order(sent, line.modifiers),
            line.tax_rate,
        )
        for sent, line in zip(cart.items, priced.lines, strict=True)
    )


def _live(
    line: CartLine,
    item: MenuItem,
    chosen: tuple[PricedModifier, ...],
    tax_rate: str,
) -> FrozenLine:
    """The menu's own prices of this moment."""
    return FrozenLine(
        item.currency,
        item.price_minor,
        _deltas_in_cart_order(line, chosen),
        item.tax_rate or tax_rate,
    )


def _deltas_in_cart_order(
    line: CartLine, chosen: tuple[PricedModifier, ...]
) -> tuple[int, ...]:
    deltas = {m.modifier_id: m.price_delta_minor for m in chosen}
    return tuple(deltas[sent.modifier_id] for sent in line.modifiers)


def _with_deltas(
    line: CartLine, chosen: tuple[PricedModifier, ...], frozen: FrozenLine
) -> tuple[PricedModifier, ...]:
    ids = (sent.modifier_id for sent in line.modifiers)
    deltas = dict(zip(ids, frozen.delta_minors, strict=True))
    return tuple(replace(m, price_delta_minor=deltas[m.modifier_id]) for m in chosen)


def _check_quantity(number: int, quantity: int) -> None:
    if not 1 <= quantity <= limits.QUANTITY_MAX:
        raise _line_error(
            number,
            "line.quantity",
            f"Quantities are whole numbers from 1 to {limits.QUANTITY_MAX}.",
        )


def _orderable(number: int, line: CartLine, item: MenuItem | None, at: int) -> MenuItem:
    if item is None or item.is_hidden:
        raise _line_error(number, "item.unknown", "This item is no longer on the menu.")
    if not item.available(at):
        raise _line_error(number, "item.unavailable", f"{item.name} is sold out.")
    if item.stock is not None and line.quantity > item.stock:
        raise _line_error(
            number,
            "stock.short",
            f"{item.name}: only {item.stock} left.",
            left=item.stock,
        )
    return item


def _chosen_modifiers(
    number: int, line: CartLine, item: MenuItem, at: int
) -> tuple[PricedModifier, ...]:
    """The chosen modifiers with their names and prices, in the menu's order."""
    wanted = {chosen.modifier_id: chosen for chosen in line.modifiers}
    if len(wanted) != len(line.modifiers):
        raise _line_error(
            number, "modifier.repeated", f"{item.name}: a modifier is repeated."
        )
    priced: list[PricedModifier] = []
    for group in item.groups:
        priced += _from_group(number, item, group, wanted, at)
    if len(priced) != len(wanted):
        raise _line_error(
            number, "modifier.unknown", f"{item.name} does not offer this choice."
        )
    return tuple(priced)


def _from_group(
    number: int,
    item: MenuItem,
    group: ModifierGroup,
    wanted: Mapping[str, CartModifier],
    at: int,
) -> list[PricedModifier]:
    taken = [modifier for modifier in group.modifiers if modifier.id in wanted]
    for modifier in taken:
        if not modifier.available(at):
            raise _line_error(
                number,
                "modifier.unavailable",
                f"{item.name}: {modifier.name} is sold out.",
            )
    priced = [
        PricedModifier(m.id, m.name, wanted[m.id].quantity, m.price_delta_minor)
        for m in taken
    ]
    count = sum(modifier.quantity for modifier in priced)
    if count < group.min or (group.max is not None and count > group.max):
        raise _line_error(
            number,
            "modifier.count",
            f"{item.name}: choose {_range_text(group)} of {group.name}.",
            group=group.id,
        )
    return priced


def _range_text(group: ModifierGroup) -> str:
    if group.max is None:
        return f"at least {group.min}"
    return str(group.min) if group.min == group.max else f"{group.min} to {group.max}"


def _total(
    cart: Cart,
    lines: tuple[PricedLine, ...],
    rates: Rates,
    terms: Terms,
) -> PricedCart:
    subtotal = _sum(line.total for line in lines)
    tax = _sum(_tax_of(line, terms.tax_inclusive) for line in lines)
    _check_tip(cart.tip_msat, round_half_up(subtotal))
    inclusive = terms.tax_inclusive
    exact = _sum((subtotal, Decimal(cart.tip_msat), *([] if inclusive else [tax])))
    total_msat = ceil_to_sat(exact)
    if total_msat > terms.invoice_limit_sat * MSAT_PER_SAT:
        raise Refused(
            "total.too_large",
            f"One order may cost at most {terms.invoice_limit_sat} sat here.",
            limit_msat=terms.invoice_limit_sat * MSAT_PER_SAT,
        )
    subtotal_msat, tax_msat = round_half_up(subtotal), round_half_up(tax)
    parts = subtotal_msat + cart.tip_msat + (0 if inclusive else tax_msat)
    has_rate = terms.currency in rates.by_currency
    shown = terms.currency if has_rate or _is_msat(terms.currency) else "sat"
    return PricedCart(
        lines=lines,
        rates=dict(rates.by_currency),
        rate_at=rates.at,
        tax_inclusive=inclusive,
        currency=shown,
        subtotal_msat=subtotal_msat,
        discount_msat=0,
        service_msat=0,
        tax_msat=tax_msat,
        tip_msat=cart.tip_msat,
        rounding_msat=total_msat - parts,
        total_msat=total_msat,
        total_minor=_in_currency(exact, total_msat, shown, rates.by_currency),
    )


def _in_currency(
    exact: Decimal, total_msat: int, currency: str, rates: Mapping[str, Decimal]
) -> int:
    """The total in minor units: what fiat menus add up to, or whole satoshi."""
    amount = Decimal(total_msat) if _is_msat(currency) else exact
    per_unit = price_to_msat(Decimal(1), currency, rates)
    return round_half_up(EXACT.divide(amount, per_unit).scaleb(decimals_of(currency)))


def _is_msat(currency: str) -> bool:
    return currency in _MSAT_PER_UNIT


def _tax_of(line: PricedLine, inclusive: bool) -> Decimal:
    rate = Decimal(line.tax_rate)
    whole = _HUNDRED + rate if inclusive else _HUNDRED
    return EXACT.divide(EXACT.multiply(line.total, rate), whole)


def _check_tip(tip_msat: int, subtotal_msat: int) -> None:
    if tip_msat > max(subtotal_msat, limits.TIP_FREE_MSAT):
        raise Refused(
            "tip.too_large",
            "The tip is larger than the order. Is it in millisatoshi?",
            field="tip_msat",
        )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def _line_error(number: int, code: str, detail: str, **facts: Any) -> Refused:
    return Refused(code, detail, line=number, **facts)
