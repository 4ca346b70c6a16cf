"""Changing one entry of a menu, and who sees what of the tree. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any, TypeVar

from ...core import fields, limits, schedules
from ...core.errors import Changed, Forbidden, Refused, invalid
from ...core.ids import canonical_json, sha256_hex
from ...core.money import price_text
from ...core.text import check_text
from ...core.times import rfc3339_or_none
from ...models import Role
from ..opening.models import OpeningView
from ..restaurants.models import Restaurant
from .models import (
    Category,
    Menu,
    MenuItem,
    Modifier,
    ModifierGroup,
)

Value = TypeVar("Value")

AVAILABILITY = {"is_available", "available_again_at"}
AVAILABILITY_ONLY = (Role.KDS, Role.POS)


def check_version(if_match: str | None, version: int) -> None:
    """Changed ``menu.changed`` unless the header names the present version."""
    if if_match is None:
        return
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(","))
    if not any(tag in ("*", str(version)) for tag in tags):
        raise Changed(
            "menu.changed",
            "Somebody changed the menu meanwhile. Please load it again.",
            version=version,
        )


# --- changing one entry -------------------------------------------------------


def check_change_rights(sent: Set[str], role: Role) -> None:
    """Forbidden when a kitchen screen or till changes more than availability."""
    if role in AVAILABILITY_ONLY and not sent <= AVAILABILITY:
        raise Forbidden(
            "access.role", "This device may only switch availability on and off."
        )


def changed_item(item: MenuItem, sent: Mapping[str, Any], at: int) -> MenuItem:
    """The item with what was sent; types are right already.

    Refused names the wrong field; ``price.below_zero`` as for an upload.
    """
    _check_no_null(sent, {"available_again_at", "stock", "tax_rate"})
    values = _availability(sent, item.switched_on(at), at)
    if "name" in sent:
        values["name"] = fields.check_name(sent["name"], "name")
    if "description" in sent:
        values["description"] = check_text(
            sent["description"], "description", limits.DESCRIPTION_MAX, lines=True
        )
    if "price" in sent:
        values["price_minor"] = _checked(
            "price", sent["price"], item.currency, fields.price_minor
        )
    if "is_hidden" in sent:
        values["is_hidden"] = sent["is_hidden"]
    return _check_lowest(replace(item, **values, **_stock(sent), **_taxes(sent)))


def changed_modifier(
    item: MenuItem, modifier_id: str, sent: Mapping[str, Any], at: int
) -> tuple[Modifier, Modifier]:
    """One of the item's modifiers before and after; Refused like an item."""
    _check_no_null(sent, {"available_again_at", "stock"})
    old = modifier_of(item, modifier_id)
    values = _availability(sent, old.switched_on(at), at) | _stock(sent)
    if "name" in sent:
        values["name"] = fields.check_name(sent["name"], "name")
    if "price_delta" in sent:
        values["price_delta_minor"] = _checked(
            "price_delta", sent["price_delta"], item.currency, fields.price_delta_minor
        )
    new = replace(old, **values)
    _check_lowest(with_modifier(item, new))
    return old, new


def modifier_of(item: MenuItem, modifier_id: str) -> Modifier:
    """One of the item's modifiers."""
    return next(m for g in item.groups for m in g.modifiers if m.id == modifier_id)


def differences(old: Any, new: Any) -> dict[str, Any]:
    """The columns that two states of an entry differ in, with their new values."""
    before, after = vars(old), vars(new)
    return {name: after[name] for name in after if after[name] != before[name]}


def with_modifier(item: MenuItem, new: Modifier) -> MenuItem:
    """The item with this state of one of its modifiers."""

    def swapped(group: ModifierGroup) -> ModifierGroup:
        modifiers = tuple(new if m.id == new.id else m for m in group.modifiers)
        return replace(group, modifiers=modifiers)

    return replace(item, groups=tuple(swapped(group) for group in item.groups))


def _check_no_null(sent: Mapping[str, Any], nullable: Set[str]) -> None:
    for name, value in sent.items():
        if value is None and name not in nullable:
            raise invalid(name, f"{name} must not be null.")


def _availability(sent: Mapping[str, Any], is_on: bool, at: int) -> dict[str, Any]:
    """The new switch and return: switching anew forgets an old return."""
    if not sent.keys() & AVAILABILITY:
        return {}
    switched_on = sent.get("is_available", is_on)
    text = sent.get("available_again_at")
    if text is None:
        return {"is_available": switched_on, "available_again_at": None}
    if switched_on:
        raise invalid(
            "available_again_at",
            "available_again_at goes together with is_available false.",
        )
    try:
        again_at = fields.moment(text)
    except ValueError as error:
        raise invalid("available_again_at", f"available_again_at {error}.") from error
    if again_at <= at:
        raise invalid("available_again_at", "available_again_at must be in the future.")
    return {"is_available": False, "available_again_at": again_at}


def _stock(sent: Mapping[str, Any]) -> dict[str, Any]:
    if "stock" not in sent:
        return {}
    stock = sent["stock"]
    if stock is not None and not 0 <= stock <= limits.STOCK_MAX:
        raise invalid("stock", f"stock must be from 0 to {limits.STOCK_MAX}.")
    return {"stock": stock}


def _taxes(sent: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "tax_rate" in sent:
        raw = sent["tax_rate"]
        values["tax_rate"] = None if raw is None else _percent("tax_rate", raw)
    if "tax_rates" in sent:
        values["tax_rates"] = {
            each.value: _percent(f"tax_rates.{each.value}", raw)
            for each, raw in sent["tax_rates"].items()
        }
    return values


def _percent(name: str, value: Any) -> str:
    return _checked(name, value, "", lambda raw, _: fields.percent(raw))


def _checked(
    name: str, value: Any, currency: str, reader: Callable[[Any, str], Value]
) -> Value:
    try:
        return reader(value, currency)
    except ValueError as error:
        raise invalid(name, f"{name} {error}.") from error


def _check_lowest(item: MenuItem) -> MenuItem:
    if item.lowest_price < 0:
        lowest = price_text(item.lowest_price, item.currency)
        raise Refused(
            "price.below_zero",
            f"With some choices the price would fall to {lowest} {item.currency}.",
        )
    return item


# --- prices for the journal --------------------------------------------------------


def price_changes(
    old: Iterable[MenuItem], new: Iterable[MenuItem]
) -> list[dict[str, str]]:
    """Every price and price delta that an entry of both has changed: from and to,
    in ``currency``; ``from_currency`` stands only where that changed too."""
    before, after = _prices(old), _prices(new)
    return [
        _price_change(key, before[key], now)
        for key, now in after.items()
        if before.get(key, now) != now
    ]


def told_changes(changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The changes as the journal takes them: the first 500, and how many more."""
    most = limits.PRICE_CHANGES_TOLD_MAX
    return {"changes": list(changes[:most]), "more": max(0, len(changes) - most)}


def _prices(items: Iterable[MenuItem]) -> dict[tuple[str, str], tuple[int, str]]:
    """(minor units, currency) by the kind of id and the id."""
    found = {}
    for item in items:
        found["menu_item_id", item.id] = item.price_minor, item.currency
        for group in item.groups:
            for each in group.modifiers:
                found["modifier_id", each.id] = each.price_delta_minor, item.currency
    return found


def _price_change(
    key: tuple[str, str], before: tuple[int, str], now: tuple[int, str]
) -> dict[str, str]:
    kind, row_id = key
    told = {kind: row_id, "from": price_text(*before), "to": price_text(*now)}
    moved = {} if before[1] == now[1] else {"from_currency": before[1]}
    return {**told, "currency": now[1], **moved}


# --- what staff sees -------------------------------------------------------------


def staff_tree(restaurant: Restaurant, menu: Menu, at: int) -> dict[str, Any]:
    """The whole tree as ``MenuView``, with switches as they stand at ``at``."""
    return {
        "restaurant_id": menu.restaurant_id,
        "version": menu.version,
        "currency": restaurant.currency,
        "categories": [_staff_category(each, at) for each in menu.categories],
    }


def _staff_category(category: Category, at: int) -> dict[str, Any]:
    return {
        "id": category.id,
        "name": category.name,
        "station": category.station,
        **_offering(category),
        "items": [staff_item(item, at) for item in category.items],
    }


def _offering(entry: Category | MenuItem) -> dict[str, Any]:
    """When and for what an entry is offered, as it is set."""
    shown = schedules.shape(entry.schedule).dict() if entry.schedule else None
    return {"schedule": shown, "order_types": list(entry.order_types)}


def staff_item(item: MenuItem, at: int) -> dict[str, Any]:
    """One item as ``ItemView``."""
    switched_on = item.switched_on(at)
    return {
        "id": item.id,
        "name": item.name,
        "description": item.description,
        "image_url": item.image_url,
        "price": price_text(item.price_minor, item.currency),
        "currency": item.currency,
        "tax_rate": item.tax_rate,
        "tax_rates": item.tax_rates,
        "stock": item.stock,
        "reserved": item.reserved,
        "is_available": switched_on,
        "available_again_at": _return_of(item, switched_on),
        "is_hidden": item.is_hidden,
        **_offering(item),
        "allergens": list(item.allergens),
        "modifier_groups": [
            _group(
                group, [staff_modifier(m, item.currency, at) for m in group.modifiers]
            )
            for group in item.groups
        ],
    }


def staff_modifier(modifier: Modifier, currency: str, at: int) -> dict[str, Any]:
    """One modifier as ``ModifierView``."""
    switched_on = modifier.switched_on(at)
    return {
        "id": modifier.id,
        "name": modifier.name,
        "price_delta": price_text(modifier.price_delta_minor, currency),
        "stock": modifier.stock,
        "reserved": modifier.reserved,
        "is_available": switched_on,
        "available_again_at": _return_of(modifier, switched_on),
    }


# --- what everybody sees -----------------------------------------------------------


def public_tree(
    restaurant: Restaurant,
    menu: Menu,
    at: int,
    opening: OpeningView,
    *,
    shelf: str = "",
    price_list: str | None = None,
    combos: Sequence[Mapping[str, Any]] = (),
    discounts: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """What is not hidden, as ``PublicMenuView``; never the stock itself. ``opening``
    is as of now, ``shelf`` as of ``shelf_of``.

    ``menu`` has the prices of the list of this name already; ``combos`` and
    ``discounts`` are those that hold, in their public shape.
    """
    categories = [
        _public_category(category, menu, restaurant, at)
        for category in menu.categories
        if not category.items or any(not item.is_hidden for item in category.items)
    ]
    return {
        "restaurant_id": menu.restaurant_id,
        "version": menu.version,
        "shelf": shelf,
        "currency": restaurant.currency,
        "opening": opening.dict(),
        "price_list": None if price_list is None else {"name": price_list},
        "categories": categories,
        "combos": list(combos),
        "discounts": list(discounts),
    }


def shelf_of(menu: Menu, enough: int) -> str:
    """What everybody sees of the stock, as a short text: it changes when something
    runs out or comes back, and not with every sale. Nobody is told apart how many
    there are from ``enough`` on."""
    entries = (entry for item in menu.items.values() for entry in _switches(item))
    left = {
        entry.id: max(0, min(entry.portions, enough))
        for entry in entries
        if entry.portions is not None
    }
    return sha256_hex(canonical_json(left))[:12] if left else ""


def _public_category(
    category: Category, menu: Menu, restaurant: Restaurant, at: int
) -> dict[str, Any]:
    shown = [item for item in category.items if not item.is_hidden]
    return {
        "id": category.id,
        "name": category.name,
        "items": [_public_item(item, menu, restaurant, at) for item in shown],
    }


def _public_item(
    item: MenuItem, menu: Menu, restaurant: Restaurant, at: int
) -> dict[str, Any]:
    types = menu.types_of(item.id)
    few = item.portions is not None and item.portions <= limits.LEFT_SHOWN_UP_TO
    return {
        "id": item.id,
        "name": item.name,
        "description": item.description,
        "image_url": item.image_url,
        "price": price_text(item.price_minor, item.currency),
        "currency": item.currency,
        "tax_rate": item.tax_rate,
        "tax_rates": item.tax_rates,
        "is_available": item.available(at) and menu.is_served(item.id, at),
        "available_again_at": rfc3339_or_none(menu.back_at(item, at)),
        "order_types": [each for each in restaurant.order_types if each in types],
        "left": item.portions if restaurant.show_left and few else None,
        "allergens": list(item.allergens),
        "modifier_groups": [
            _group(
                group, [_public_modifier(m, item.currency, at) for m in group.modifiers]
            )
            for group in item.groups
        ],
    }


def _public_modifier(modifier: Modifier, currency: str, at: int) -> dict[str, Any]:
    return {
        "id": modifier.id,
        "name": modifier.name,
        "price_delta": price_text(modifier.price_delta_minor, currency),
        "is_available": modifier.available(at),
    }


def _group(group: ModifierGroup, modifiers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "min": group.min,
        "max": group.max,
        "modifiers": modifiers,
    }


def _return_of(entry: MenuItem | Modifier, switched_on: bool) -> str | None:
    return None if switched_on else rfc3339_or_none(entry.available_again_at)


# --- the clock -----------------------------------------------------------------------


def next_change(menu: Menu, at: int) -> int | None:
    """The next moment at which the clock alone switches something on or off."""
    moments = (
        entry.available_again_at
        for item in menu.items.values()
        for entry in _switches(item)
        if entry.available_again_at is not None and not entry.is_available
    )
    edges = (
        schedules.next_change(each, at, menu.timezone)
        for each in {each for found in menu.schedules_of.values() for each in found}
    )
    found = (moment for moment in (*moments, *edges) if moment is not None)
    return min((moment for moment in found if moment > at), default=None)


def _switches(item: MenuItem) -> Iterator[MenuItem | Modifier]:
    yield item
    for group in item.groups:
        yield from group.modifiers
