"""What the lines of a cart cost. Pure, exact decimals, nothing is rounded here.

``docs/PRICING.md``, sections 1 and 2. What is taken off and added is in
``features/discount_amounts`` and ``features/bills``.
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
    from_minor,
    is_lightning_unit,
)
from ...core.text import check_text
from ...core.times import rfc3339_or_none
from ...models import OrderType
from ..bills.models import BillLine, Bundle
from ..combos.models import Combo, ComboGroup
from ..menu.models import Menu, MenuItem, Modifier, ModifierGroup
from ..stock.models import Use, merged, portions_of
from .models import (
    Cart,
    CartChoice,
    CartLine,
    CartModifier,
    ComboPart,
    FrozenLine,
    Piece,
    PricedLine,
    PricedModifier,
    Taxing,
)

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


def step_of(currency: str, rates: Mapping[str, Decimal]) -> Decimal:
    """The smallest unit of a currency in exact msat."""
    return price_to_msat(from_minor(1, currency), currency, rates)


def bill_currency(currency: str, rates: Mapping[str, Decimal]) -> str:
    """The currency that a bill is made in: the restaurant's, or ``sat`` while that
    one has no rate."""
    has_rate = is_lightning_unit(currency) or currency in rates
    return currency if has_rate else "sat"


def pieces_of(cart: Cart, combos: Mapping[str, Combo]) -> list[Piece]:
    """What is priced one by one: every line, and of a combo every choice.

    Refused ``combo.unknown``, ``combo.choice`` or ``combo.count``, naming the line.
    """
    pieces: list[Piece] = []
    for number, line in enumerate(cart.items):
        if line.combo_id is None:
            pieces.append(Piece(number, line))
        else:
            pieces += _parts_of(number, line, combos.get(line.combo_id))
    if len(pieces) > limits.PIECES_MAX:
        raise Refused("cart.lines", "This order is too long.", field="items")
    return pieces


def price_lines(
    pieces: Sequence[Piece],
    menu: Menu,
    rates: Mapping[str, Decimal],
    taxing: Taxing,
    at: int,
    frozen: Sequence[FrozenLine] | None = None,
    spare: Mapping[str, int] | None = None,
) -> tuple[PricedLine, ...]:
    """Price every piece by its ids; whatever prices the client sent are ignored.

    ``at`` is when the food is wanted. ``frozen`` holds a quote's prices, which win
    over the menu's. Refused with ``line`` for what cannot be ordered, and
    ``stock.short`` with ``left`` for the first line of which all together leave too
    few; ``spare`` of the stocks, by id, the buyer has already.
    """
    lines = tuple(
        _priced(
            piece,
            _on_menu(piece, menu, taxing.order_type, at),
            rates,
            taxing,
            at,
            frozen[place] if frozen else None,
            spare or {},
        )
        for place, piece in enumerate(pieces)
    )
    _check_left(lines, menu.available, spare or {})
    return lines


def _check_left(
    lines: Sequence[PricedLine], available: Mapping[str, int], spare: Mapping[str, int]
) -> None:
    """What is free of each stock is shared by all lines, in their order."""
    left = {
        stock_id: max(0, free) + spare.get(stock_id, 0)
        for stock_id, free in available.items()
    }
    for line in lines:
        portions = portions_of(line.uses, left)
        if portions is not None and line.quantity > portions:
            raise _line_error(
                line.number,
                "stock.short",
                f"{line.name}: only {portions} left.",
                left=portions,
            )
        for use in line.uses:
            left[use.stock_id] -= use.quantity * line.quantity


def price_line_item(
    number: int,
    line: CartLine,
    item: MenuItem | None,
    rates: Mapping[str, Decimal],
    tax_rate: str,
    at: int,
) -> PricedLine:
    """One line of a cart with its exact amounts; Refused names the line."""
    taxing = Taxing(OrderType.PICKUP, {}, tax_rate)
    return _priced(Piece(number, line), item, rates, taxing, at, None, {})


def tax_rate_of(item: MenuItem, taxing: Taxing) -> str:
    """The item's own rate for the order type, its own, the restaurant's for the
    order type, the restaurant's: the first that there is."""
    own = item.tax_rates.get(taxing.order_type.value)
    return own or item.tax_rate or taxing.usual


def _priced(
    piece: Piece,
    item: MenuItem | None,
    rates: Mapping[str, Decimal],
    taxing: Taxing,
    at: int,
    frozen: FrozenLine | None,
    spare: Mapping[str, int],
) -> PricedLine:
    number, line = piece.number, piece.line
    item = _orderable(number, item, at, spare)
    chosen = _chosen_modifiers(number, line, item, at, spare)
    combo = piece.combo
    if combo and frozen and frozen.bundle_minor is not None:
        combo = replace(combo, bundle_minor=frozen.bundle_minor)
    if frozen:
        chosen = _with_deltas(line, chosen, frozen)
    else:
        frozen = _live(piece, item, chosen, tax_rate_of(item, taxing))
    extra_minor = sum(m.price_delta_minor * m.quantity for m in chosen)
    step = step_of(frozen.currency, rates)
    own = EXACT.multiply(step, Decimal(frozen.price_minor))
    unit = EXACT.multiply(step, Decimal(frozen.price_minor + extra_minor))
    return PricedLine(
        number=number,
        menu_item_id=item.id,
        name=item.name,
        quantity=line.quantity,
        currency=frozen.currency,
        price_minor=frozen.price_minor,
        tax_rate=frozen.tax_rate,
        note=line.note or None,
        guest=line.guest or None,
        station=item.station,
        uses=_uses(item, chosen),
        allergens=item.allergens,
        modifiers=chosen,
        combo=combo,
        own=own,
        unit=unit,
        total=EXACT.multiply(unit, Decimal(line.quantity)),
        course=line.course,
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
    _check_delivery(cart)
    if cart.tip is not None and cart.tip_msat:
        raise Refused("tip.invalid", "Send tip or tip_msat, not both.", field="tip")
    if cart.tax_exempt:
        fields.check_name(cart.tax_exempt.reason, "tax_exempt.reason")
    if len(cart.discounts) > limits.STAFF_DISCOUNTS_PER_CART_MAX:
        raise invalid("discounts", "There are too many discounts.")
    for number, line in enumerate(cart.items):
        _check_line(number, line)


def _check_delivery(cart: Cart) -> None:
    if cart.delivery is None:
        return
    address, phone = cart.delivery.address, cart.delivery.phone
    most = limits.ADDRESS_TEXT_MAX
    if not check_text(address, "delivery.address", most, lines=True).strip():
        raise Refused(
            "delivery.address", "Please say where to.", field="delivery.address"
        )
    check_text(phone or "", "delivery.phone", limits.PHONE_MAX)


def _check_line(number: int, line: CartLine) -> None:
    _check_quantity(number, line.quantity)
    if line.course is not None and not 1 <= line.course <= limits.COURSES_MAX:
        raise _line_error(
            number, "line.course", f"Courses are 1 to {limits.COURSES_MAX}."
        )
    check_text(line.note or "", f"items.{number}.note", limits.NOTE_MAX, lines=True)
    check_text(line.guest or "", f"items.{number}.guest", limits.GUEST_NAME_MAX)
    if (line.menu_item_id is None) == (line.combo_id is None):
        raise _line_error(
            number, "line.item", "A line names a menu_item_id or a combo_id."
        )
    if line.combo_id is not None and line.modifiers:
        raise _line_error(
            number, "line.item", "The modifiers of a combo are at its choices."
        )
    if line.combo_id is None and line.choices:
        raise _line_error(number, "line.item", "Only a combo has choices.")
    if len(line.choices) > limits.COMBO_GROUPS_MAX * limits.COMBO_CHOICES_MAX:
        raise _line_error(number, "combo.count", "This combo has too many choices.")
    for choice in line.choices:
        _check_quantity(number, choice.quantity)
    modifiers = [*line.modifiers, *(m for c in line.choices for m in c.modifiers)]
    for modifier in modifiers:
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


def currencies_of(pieces: Iterable[Piece], menu: Menu) -> set[str]:
    """The currencies that pricing these needs."""
    found = (menu.items.get(piece.line.menu_item_id or "") for piece in pieces)
    return {item.currency for item in found if item}


def freeze(
    pieces: Sequence[Piece], lines: Sequence[PricedLine]
) -> tuple[FrozenLine, ...]:
    """The prices of these lines, for a quote."""
    return tuple(
        FrozenLine(
            line.currency,
            line.price_minor,
            _deltas_in_cart_order(piece.line, line.modifiers),
            line.tax_rate,
            line.combo.bundle_minor if line.combo else None,
        )
        for piece, line in zip(pieces, lines, strict=True)
    )


def bill_lines(lines: Iterable[PricedLine]) -> list[BillLine]:
    """The lines as a bill wants them."""
    return [
        BillLine(
            number=line.number,
            menu_item_id=line.menu_item_id,
            quantity=line.quantity,
            tax_rate=line.tax_rate,
            own=line.own,
            total=line.total,
            bundle=line.combo.bundle if line.combo else None,
        )
        for line in lines
    ]


def bundles_of(
    lines: Iterable[PricedLine], rates: Mapping[str, Decimal]
) -> list[Bundle]:
    """The combos in the cart with what each costs in exact msat."""
    found: dict[int, Bundle] = {}
    for line in lines:
        if line.combo:
            combo, step = line.combo, step_of(line.currency, rates)
            price = EXACT.multiply(step, Decimal(combo.bundle_minor))
            found[combo.bundle] = Bundle(
                combo.bundle, combo.combo_id, combo.name, price, step
            )
    return list(found.values())


# --- combos ----------------------------------------------------------------------


def _parts_of(number: int, line: CartLine, combo: Combo | None) -> list[Piece]:
    """One piece for each choice; all cost the bundle's price together."""
    if combo is None:
        raise _line_error(number, "combo.unknown", "This menu is not offered now.")
    surcharge = _surcharge(number, line, combo)
    part = ComboPart(
        combo_id=combo.id,
        name=combo.name,
        bundle=number,
        bundle_minor=(combo.price_minor + surcharge) * line.quantity,
        quantity=line.quantity,
    )
    return [
        Piece(
            number,
            CartLine(
                menu_item_id=choice.menu_item_id,
                quantity=choice.quantity * line.quantity,
                note=line.note,
                guest=line.guest,
                modifiers=choice.modifiers,
            ),
            part,
            combo.currency,
        )
        for choice in line.choices
    ]


def _surcharge(number: int, line: CartLine, combo: Combo) -> int:
    """What the choices of one combo cost on top; each belongs to the first group
    that offers it and has room.

    Refused ``combo.choice`` for what is not offered, ``combo.count`` for too few or
    too many.
    """
    taken = [0] * len(combo.groups)
    surcharge = 0
    for choice in line.choices:
        place = _group_of(combo, choice, taken)
        if place is None:
            raise _line_error(
                number, "combo.choice", f"{combo.name} does not offer this choice."
            )
        taken[place] += choice.quantity
        options = {o.menu_item_id: o for o in combo.groups[place].options}
        surcharge += options[choice.menu_item_id].surcharge_minor * choice.quantity
    for group, count in zip(combo.groups, taken, strict=True):
        if not group.min <= count <= group.max:
            raise _line_error(
                number,
                "combo.count",
                f"{combo.name}: choose {_range_text(group)} of {group.name}.",
                group=group.id,
            )
    return surcharge


def _group_of(combo: Combo, choice: CartChoice, taken: list[int]) -> int | None:
    """Where a choice belongs: a group with room, else the first that offers it."""
    offering = [
        place
        for place, group in enumerate(combo.groups)
        if any(o.menu_item_id == choice.menu_item_id for o in group.options)
    ]
    roomy = [
        place
        for place in offering
        if taken[place] + choice.quantity <= combo.groups[place].max
    ]
    return next(iter([*roomy, *offering]), None)


# --- one line --------------------------------------------------------------------


def _live(
    piece: Piece,
    item: MenuItem,
    chosen: tuple[PricedModifier, ...],
    tax_rate: str,
) -> FrozenLine:
    """The menu's own prices of this moment; a combo's parts share its currency."""
    if piece.currency not in (None, item.currency):
        raise _line_error(
            piece.number, "combo.choice", f"{item.name} is not in this menu any more."
        )
    return FrozenLine(
        item.currency,
        item.price_minor,
        _deltas_in_cart_order(piece.line, chosen),
        tax_rate,
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


def _on_menu(
    piece: Piece, menu: Menu, order_type: OrderType, at: int
) -> MenuItem | None:
    """The item of a piece, if it is on the menu. Refused ``item.order_type`` and
    ``item.not_now`` for what is there for others, or at other times."""
    item = menu.items.get(piece.line.menu_item_id or "")
    if item is None or item.is_hidden:
        return item
    if order_type not in menu.types_of(item.id):
        raise _line_error(
            piece.number,
            "item.order_type",
            f"{item.name} is not offered for this kind of order.",
        )
    if not menu.is_served(item.id, at):
        raise _line_error(
            piece.number,
            "item.not_now",
            f"{item.name} is not offered at this time.",
            available_again_at=rfc3339_or_none(menu.back_at(item, at)),
        )
    return item


def _is_there(entry: MenuItem | Modifier, at: int, spare: Mapping[str, int]) -> bool:
    """May it be had at this moment? How many may is for ``_check_left`` to say."""
    has_spare = any(spare.get(use.stock_id) for use in entry.uses)
    return entry.available(at) or (has_spare and entry.switched_on(at))


def _orderable(
    number: int, item: MenuItem | None, at: int, spare: Mapping[str, int]
) -> MenuItem:
    if item is None or item.is_hidden:
        raise _line_error(number, "item.unknown", "This item is no longer on the menu.")
    if not _is_there(item, at, spare):
        raise _line_error(number, "item.unavailable", f"{item.name} is sold out.")
    return item


def _uses(item: MenuItem, chosen: Sequence[PricedModifier]) -> tuple[Use, ...]:
    """What one takes of counted stocks, the chosen modifiers included."""
    times = {modifier.modifier_id: modifier.quantity for modifier in chosen}
    counted = [
        (use, times[modifier.id])
        for group in item.groups
        for modifier in group.modifiers
        if modifier.uses and modifier.id in times
        for use in modifier.uses
    ]
    if not counted:
        return item.uses
    return merged([*((use, 1) for use in item.uses), *counted])


def _chosen_modifiers(
    number: int, line: CartLine, item: MenuItem, at: int, spare: Mapping[str, int]
) -> tuple[PricedModifier, ...]:
    """The chosen modifiers with their names and prices, in the menu's order."""
    wanted = {chosen.modifier_id: chosen for chosen in line.modifiers}
    if len(wanted) != len(line.modifiers):
        raise _line_error(
            number, "modifier.repeated", f"{item.name}: a modifier is repeated."
        )
    priced: list[PricedModifier] = []
    for group in item.groups:
        priced += _from_group(number, item, group, wanted, at, spare)
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
    spare: Mapping[str, int],
) -> list[PricedModifier]:
    taken = [modifier for modifier in group.modifiers if modifier.id in wanted]
    for modifier in taken:
        if not _is_there(modifier, at, spare):
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


def _range_text(group: ModifierGroup | ComboGroup) -> str:
    if group.max is None:
        return f"at least {group.min}"
    return str(group.min) if group.min == group.max else f"{group.min} to {group.max}"


def _line_error(number: int, code: str, detail: str, **facts: Any) -> Refused:
    return Refused(code, detail, line=number, **facts)
