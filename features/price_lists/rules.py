"""Which price list holds, what it makes of a menu, and reading one. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ...core import fields, limits, schedules
from ...core.errors import NotFound, Refused, invalid
from ...core.money import EXACT, plain_decimal, price_text
from ...core.times import rfc3339
from ...models import OrderType
from ..menu.models import Category, Menu, MenuItem, Modifier, ModifierGroup
from .models import PriceList, PriceListBody, PriceListView

_ID_NAMES = {"item": "menu_item_id", "modifier": "modifier_id"}
_FIELDS = {"item": "prices", "modifier": "deltas"}

# --- which one --------------------------------------------------------------------


def chosen(
    lists: Sequence[PriceList],
    order_type: OrderType,
    zone: str | None,
    at: int,
    timezone: str,
) -> PriceList | None:
    """The first active list that is for this order type, zone and moment; ``lists``
    come in their order. None: the menu's own prices."""
    return next(
        (
            each
            for each in lists
            if each.is_active
            and (not each.order_types or order_type in each.order_types)
            and (not each.zones or zone in each.zones)
            and schedules.holds(each.schedule, at, timezone)
        ),
        None,
    )


def next_change(lists: Sequence[PriceList], at: int, timezone: str) -> int | None:
    """The next moment at which the clock alone may choose another list."""
    moments = (
        schedules.next_change(each.schedule, at, timezone)
        for each in lists
        if each.is_active
    )
    return min((moment for moment in moments if moment is not None), default=None)


# --- what it costs then -------------------------------------------------------------


def repriced(menu: Menu, price_list: PriceList | None) -> Menu:
    """The menu with this list's prices; the same menu when there is no list.

    Ids that are not on the menu say nothing. An item that would cost less than
    nothing with some choices keeps the menu's prices.
    """
    if price_list is None:
        return menu

    def category(old: Category) -> Category:
        return replace(old, items=tuple(item(each) for each in old.items))

    def item(old: MenuItem) -> MenuItem:
        new = repriced_item(old, price_list)
        return old if new.lowest_price < 0 else new

    return replace(menu, categories=tuple(category(each) for each in menu.categories))


def repriced_item(item: MenuItem, price_list: PriceList) -> MenuItem:
    """The item with this list's prices, even if some choices made it negative; the
    same item when the list changes nothing."""
    price_minor = _price(item, price_list)
    groups = tuple(_group(group, item, price_list) for group in item.groups)
    is_same = all(new is old for new, old in zip(groups, item.groups, strict=True))
    if price_minor == item.price_minor and is_same:
        return item
    return replace(item, price_minor=price_minor, groups=groups)


def _price(item: MenuItem, price_list: PriceList) -> int:
    figure = _figure(price_list.prices, item.id, item.currency, price_list)
    if figure is not None:
        return figure
    is_own = price_list.currency in ("", item.currency)
    step = price_list.round_to_minor if is_own else 1
    percent = Decimal(price_list.adjust_percent) + 100
    raised = EXACT.multiply(Decimal(item.price_minor), percent)
    steps = EXACT.divide(raised, Decimal(100 * step))
    rounded = int(steps.to_integral_value(ROUND_HALF_UP)) * step
    return min(rounded, limits.PRICE_MINOR_MAX)


def _group(
    group: ModifierGroup, item: MenuItem, price_list: PriceList
) -> ModifierGroup:
    modifiers = tuple(
        _modifier(modifier, item, price_list) for modifier in group.modifiers
    )
    is_same = all(
        new is old for new, old in zip(modifiers, group.modifiers, strict=True)
    )
    return group if is_same else replace(group, modifiers=modifiers)


def _modifier(modifier: Modifier, item: MenuItem, price_list: PriceList) -> Modifier:
    figure = _figure(price_list.deltas, modifier.id, item.currency, price_list)
    if figure is None or figure == modifier.price_delta_minor:
        return modifier
    return replace(modifier, price_delta_minor=figure)


def _figure(
    figures: dict[str, int], row_id: str, currency: str, price_list: PriceList
) -> int | None:
    if price_list.currencies.get(row_id, currency) != currency:
        return None
    return figures.get(row_id)


# --- reading a body -----------------------------------------------------------------


def blank(
    list_id: str, restaurant_id: str, currency: str, position: int, at: int
) -> PriceList:
    """A list that changes nothing, before what was sent is put on it."""
    return PriceList(
        id=list_id,
        restaurant_id=restaurant_id,
        name="",
        position=position,
        order_types=frozenset(),
        zones=frozenset(),
        schedule=schedules.ALWAYS,
        adjust_percent="0",
        round_to_minor=1,
        prices={},
        deltas={},
        is_active=True,
        created_at=at,
        currency=currency,
    )


def next_position(lists: Sequence[PriceList]) -> int:
    """Behind all others."""
    last = max((each.position for each in lists), default=-1)
    return min(last + 1, limits.POSITION_MAX)


def with_wishes(
    old: PriceList, body: PriceListBody, menu: Menu, currency: str
) -> PriceList:
    """The list with what was sent; ``currency`` is the restaurant's.

    Refused: ``field.invalid``, ``text.invalid``, ``price_list.item`` and
    ``price_list.modifier`` for an id that is not on the menu, ``price.below_zero``
    for prices that some choices would make negative.
    """
    sent = {name: getattr(body, name) for name in body.__fields_set__}
    for name, value in sent.items():
        if value is None:
            raise invalid(name, f"{name} must not be null.")
    if not old.name and "name" not in sent:
        raise invalid("name", "name is missing.")
    new = _with_figures(replace(old, **_occasion(sent)), sent, menu, currency)
    _check_prices(new, menu)
    return new


def check_overlap(price_list: PriceList, lists: Iterable[PriceList]) -> None:
    """Refused ``price_list.overlap`` when another active list is for the very same
    orders at the same time."""
    for other in lists:
        if other.id != price_list.id and _meet(price_list, other):
            raise Refused(
                "price_list.overlap",
                f"The price list {other.name} is for the same orders at the same time.",
                field="schedule",
                price_list_id=other.id,
            )


def unknown_list() -> NotFound:
    return NotFound("price_list.unknown", "There is no such price list for you.")


def _meet(one: PriceList, other: PriceList) -> bool:
    everything = frozenset(OrderType)
    return (
        one.is_active
        and other.is_active
        and (one.order_types or everything) == (other.order_types or everything)
        and one.zones == other.zones
        and schedules.overlap(one.schedule, other.schedule)
    )


def _occasion(sent: Mapping[str, Any]) -> dict[str, Any]:
    """What says when and for whom a list is."""
    values: dict[str, Any] = {}
    if "name" in sent:
        values["name"] = fields.check_name(sent["name"], "name")
    if "position" in sent:
        if not 0 <= sent["position"] <= limits.POSITION_MAX:
            most = limits.POSITION_MAX
            raise invalid("position", f"position must be from 0 to {most}.")
        values["position"] = sent["position"]
    if "order_types" in sent:
        values["order_types"] = frozenset(sent["order_types"])
    if "zones" in sent:
        values["zones"] = _zones(sent["zones"])
    if "schedule" in sent:
        values["schedule"] = _read("schedule", fields.schedule, sent["schedule"])
    if "is_active" in sent:
        values["is_active"] = sent["is_active"]
    return values


def _zones(names: Sequence[str]) -> frozenset[str]:
    if len(names) > limits.ZONES_PER_LIST_MAX:
        most = limits.ZONES_PER_LIST_MAX
        raise invalid("zones", f"zones may name at most {most}.")
    return frozenset(fields.check_name(name, "zones") for name in names)


def _with_figures(
    old: PriceList, sent: Mapping[str, Any], menu: Menu, currency: str
) -> PriceList:
    new = old
    if "adjust_percent" in sent:
        percent = _read("adjust_percent", _adjustment, sent["adjust_percent"])
        new = replace(new, adjust_percent=percent)
    if "round_to" in sent:
        step = _read("round_to", lambda raw: _step(raw, currency), sent["round_to"])
        new = replace(new, round_to_minor=step, currency=currency)
    if "prices" in sent:
        items = menu.items
        known = _known(sent["prices"], items, old.prices, "item")
        prices = _figures("prices", known, items, fields.price_minor)
        new = replace(new, prices=prices)
    if "deltas" in sent:
        items = _items_of_modifiers(menu)
        known = _known(sent["deltas"], items, old.deltas, "modifier")
        deltas = _figures("deltas", known, items, fields.price_delta_minor)
        new = replace(new, deltas=deltas)
    return replace(new, currencies=_currencies(old, new, sent, menu))


def _known(
    sent: Mapping[str, Any],
    items: Mapping[str, MenuItem],
    before: Mapping[str, int],
    kind: str,
) -> dict[str, Any]:
    """What was sent for ids of the menu. Those that the list names already and
    that left the menu since are dropped; any other is refused."""
    unknown = [each for each in sent if each not in items and each not in before]
    if unknown:
        which: dict[str, Any] = {_ID_NAMES[kind]: unknown[0]}
        detail = f"{unknown[0]} is no {kind} of this menu."
        raise Refused(f"price_list.{kind}", detail, field=_FIELDS[kind], **which)
    return {each: value for each, value in sent.items() if each in items}


def _figures(
    name: str,
    sent: Mapping[str, Any],
    items: Mapping[str, MenuItem],
    reader: Callable[[Any, str], int],
) -> dict[str, int]:
    found = {}
    for row_id, value in sent.items():
        try:
            found[row_id] = reader(value, items[row_id].currency)
        except ValueError as error:
            field = f"{name}.{row_id}"
            raise invalid(field, f"{field} {error}.") from error
    return found


def _currencies(
    old: PriceList, new: PriceList, sent: Mapping[str, Any], menu: Menu
) -> dict[str, str]:
    """Figures that were sent are in today's currencies, the others in theirs."""
    found = {
        each: old.currencies[each]
        for each in (*new.prices, *new.deltas)
        if each in old.currencies
    }
    if "prices" in sent:
        found |= {each: menu.items[each].currency for each in new.prices}
    if "deltas" in sent:
        items = _items_of_modifiers(menu)
        found |= {each: items[each].currency for each in new.deltas}
    return found


def _items_of_modifiers(menu: Menu) -> dict[str, MenuItem]:
    """By the ids of the modifiers that each item offers."""
    return {
        modifier.id: item
        for item in menu.items.values()
        for group in item.groups
        for modifier in group.modifiers
    }


def _adjustment(value: Any) -> str:
    number = plain_decimal(value)
    most = limits.ADJUST_PERCENT_MAX
    if not -100 <= number <= most:
        raise ValueError(f"must be a percentage from -100 to {most}")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > limits.PERCENT_DECIMALS_MAX:
        raise ValueError(f"may have at most {limits.PERCENT_DECIMALS_MAX} decimals")
    return f"{number if number else Decimal(0):f}"


def _step(value: Any, currency: str) -> int:
    minor = fields.price_minor(value, currency)
    if not minor:
        raise ValueError("must be above zero")
    return minor


def _read(name: str, reader: Callable[[Any], Any], value: Any) -> Any:
    try:
        return reader(value)
    except ValueError as error:
        raise invalid(name, f"{name} {error}.") from error


def _check_prices(price_list: PriceList, menu: Menu) -> None:
    for item in menu.items.values():
        lowest = repriced_item(item, price_list).lowest_price
        if lowest < 0:
            text = price_text(lowest, item.currency)
            raise Refused(
                "price.below_zero",
                f"With some choices {item.name} would fall to {text} {item.currency}.",
                field="prices",
                menu_item_id=item.id,
            )


# --- what staff sees, and the journal -------------------------------------------------


def view(price_list: PriceList) -> PriceListView:
    """The list for staff."""
    return PriceListView(
        id=price_list.id,
        restaurant_id=price_list.restaurant_id,
        name=price_list.name,
        position=price_list.position,
        order_types=sorted(each.value for each in price_list.order_types),
        zones=sorted(price_list.zones),
        schedule=schedules.shape(price_list.schedule),
        adjust_percent=price_list.adjust_percent,
        round_to=price_text(price_list.round_to_minor, price_list.currency),
        currency=price_list.currency,
        prices=_texts(price_list.prices, price_list),
        deltas=_texts(price_list.deltas, price_list),
        is_active=price_list.is_active,
        created_at=rfc3339(price_list.created_at),
    )


def settings_told(price_list: PriceList) -> dict[str, Any]:
    """Everything but single prices, for the journal."""
    figures = {"prices", "deltas"}
    fixed = {"id", "restaurant_id", "created_at"}
    return view(price_list).dict(exclude=figures | fixed)


def price_changes(
    old: PriceList | None, new: PriceList | None
) -> list[dict[str, str | None]]:
    """Every single price that differs: from and to, null where there is none."""
    found = []
    for key, name in (("menu_item_id", "prices"), ("modifier_id", "deltas")):
        before = _written(getattr(old, name), old) if old else {}
        after = _written(getattr(new, name), new) if new else {}
        for row_id in sorted({*before, *after}):
            was, now = before.get(row_id), after.get(row_id)
            if was != now:
                was_text, was_currency = was or (None, None)
                now_text, now_currency = now or (None, None)
                found.append(
                    {
                        key: row_id,
                        "from": was_text,
                        "to": now_text,
                        "currency": now_currency or was_currency,
                    }
                )
    return found


def _texts(figures: Mapping[str, int], price_list: PriceList) -> dict[str, str]:
    return {key: text for key, (text, _) in _written(figures, price_list).items()}


def _written(
    figures: Mapping[str, int], price_list: PriceList
) -> dict[str, tuple[str, str]]:
    """(text, currency) by id."""
    found = {}
    for row_id, minor in figures.items():
        currency = price_list.currencies.get(row_id, price_list.currency)
        found[row_id] = price_text(minor, currency), currency
    return found
