"""When a combo can be had, reading one, and who sees what of it. Pure."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any

from ...core import fields, limits, schedules
from ...core.errors import NotFound, Refused, invalid
from ...core.money import price_text
from ...core.text import check_text
from ...core.times import rfc3339
from ..menu.models import Menu, MenuItem
from .models import (
    Combo,
    ComboBody,
    ComboGroup,
    ComboGroupBody,
    ComboGroupView,
    ComboOption,
    ComboOptionBody,
    ComboOptionView,
    ComboView,
)

# --- when it can be had ---------------------------------------------------------


def offered(combo: Combo, menu: Menu, at: int, timezone: str) -> bool:
    """May be ordered at this moment: active, within its schedule, and every group
    can still be chosen from what is available."""
    return (
        combo.is_active
        and schedules.holds(combo.schedule, at, timezone)
        and all(_can_be_chosen(group, combo, menu, at) for group in combo.groups)
    )


def item_of(option: ComboOption, combo: Combo, menu: Menu) -> MenuItem | None:
    """What may be chosen here; None when it left the menu, was hidden, or has another
    currency than the combo by now."""
    item = menu.items.get(option.menu_item_id)
    is_choice = item and not item.is_hidden and item.currency == combo.currency
    return item if is_choice else None


def _can_be_chosen(group: ComboGroup, combo: Combo, menu: Menu, at: int) -> bool:
    found = (item_of(option, combo, menu) for option in group.options)
    available = [
        item
        for item in found
        if item and item.available(at) and menu.is_served(item.id, at)
    ]
    if any(item.portions is None for item in available):
        return True
    return sum(item.portions or 0 for item in available) >= group.min


def next_change(combos: Sequence[Combo], at: int, timezone: str) -> int | None:
    """The next moment at which the clock alone begins or ends a combo."""
    moments = (
        schedules.next_change(each.schedule, at, timezone)
        for each in combos
        if each.is_active
    )
    return min((moment for moment in moments if moment is not None), default=None)


# --- reading a body ---------------------------------------------------------------


def blank(
    combo_id: str, restaurant_id: str, currency: str, position: int, at: int
) -> Combo:
    """A combo of nothing, before what was sent is put on it."""
    return Combo(
        id=combo_id,
        restaurant_id=restaurant_id,
        name="",
        description="",
        image_url=None,
        position=position,
        price_minor=0,
        currency=currency,
        groups=(),
        schedule=schedules.ALWAYS,
        is_active=True,
        created_at=at,
    )


def next_position(combos: Sequence[Combo]) -> int:
    """Behind all others."""
    last = max((each.position for each in combos), default=-1)
    return min(last + 1, limits.POSITION_MAX)


def with_wishes(
    old: Combo, body: ComboBody, menu: Menu, fiat: Set[str], fresh: Callable[[], str]
) -> Combo:
    """The combo with what was sent. Groups are replaced as a whole; those that name
    a present group's id keep it, ``fresh`` makes the others'.

    Refused: ``field.invalid``, ``text.invalid``, ``combo.item`` for what is not on
    the menu, ``combo.currency`` unless combo and items share one, ``combo.range``,
    ``combo.duplicate``.
    """
    sent = {name: getattr(body, name) for name in body.__fields_set__}
    for name, value in sent.items():
        if value is None and name != "image_url":
            raise invalid(name, f"{name} must not be null.")
    if not old.name:
        _check_complete(sent)
    new = replace(old, **_face(sent))
    if "currency" in sent:
        new = _with_currency(new, sent, fiat)
    if "price" in sent:
        minor = _read("price", lambda raw: fields.price_minor(raw, new.currency), sent)
        new = replace(new, price_minor=minor)
    if "groups" in sent:
        new = replace(new, groups=_Groups(old, new.currency, menu, fresh).read(sent))
    return new


def unknown_combo() -> NotFound:
    return NotFound("combo.unknown", "There is no such combo for you.")


def _check_complete(sent: Mapping[str, Any]) -> None:
    for name in ("name", "price", "groups"):
        if name not in sent:
            raise invalid(name, f"{name} is missing.")


def _face(sent: Mapping[str, Any]) -> dict[str, Any]:
    """How it looks, where, and when."""
    values = {key: sent[key] for key in ("image_url", "is_active") if key in sent}
    if "name" in sent:
        values["name"] = fields.check_name(sent["name"], "name")
    if "description" in sent:
        values["description"] = check_text(
            sent["description"], "description", limits.DESCRIPTION_MAX, lines=True
        )
    if values.get("image_url") is not None:
        values["image_url"] = _read("image_url", fields.image_url, sent)
    if "position" in sent:
        if not 0 <= sent["position"] <= limits.POSITION_MAX:
            most = limits.POSITION_MAX
            raise invalid("position", f"position must be from 0 to {most}.")
        values["position"] = sent["position"]
    if "schedule" in sent:
        values["schedule"] = _read("schedule", fields.schedule, sent)
    return values


def _with_currency(combo: Combo, sent: Mapping[str, Any], fiat: Set[str]) -> Combo:
    """In another currency price and surcharges are other figures: all are sent."""
    code = _read("currency", lambda raw: fields.known_currency(raw, fiat), sent)
    if code != combo.currency:
        for name in ("price", "groups"):
            if name not in sent:
                raise invalid(name, f"{name} goes together with another currency.")
    return replace(combo, currency=code)


def _read(name: str, reader: Callable[[Any], Any], sent: Mapping[str, Any]) -> Any:
    try:
        return reader(sent[name])
    except ValueError as error:
        raise invalid(name, f"{name} {error}.") from error


class _Groups:
    """Reads the groups of a combo; every fault names its path."""

    def __init__(self, old: Combo, currency: str, menu: Menu, fresh: Callable[[], str]):
        self._currency = currency
        self._menu = menu
        self._fresh = fresh
        self._ids = {group.id for group in old.groups}
        self._seen: set[str] = set()
        self._items = {
            option.menu_item_id for group in old.groups for option in group.options
        }

    def read(self, sent: Mapping[str, Any]) -> tuple[ComboGroup, ...]:
        bodies = sent["groups"]
        if not 1 <= len(bodies) <= limits.COMBO_GROUPS_MAX:
            most = limits.COMBO_GROUPS_MAX
            raise invalid("groups", f"groups must be from 1 to {most}.")
        groups = tuple(
            self._group(body, f"groups.{number}") for number, body in enumerate(bodies)
        )
        if not any(group.min for group in groups):
            raise Refused(
                "combo.range",
                "At least one group must ask for a choice.",
                field="groups",
            )
        return groups

    def _group(self, body: ComboGroupBody, path: str) -> ComboGroup:
        most = limits.COMBO_CHOICES_MAX
        if not 0 <= body.min <= body.max or not 1 <= body.max <= most:
            raise Refused(
                "combo.range",
                f"{path}: min and max must be whole numbers, min at most max, and max "
                f"from 1 to {most}.",
                field=f"{path}.min",
            )
        if not 1 <= len(body.options) <= limits.COMBO_OPTIONS_MAX:
            count = limits.COMBO_OPTIONS_MAX
            field = f"{path}.options"
            raise invalid(field, f"{field} must be from 1 to {count}.")
        options = tuple(
            self._option(option, f"{path}.options.{number}")
            for number, option in enumerate(body.options)
        )
        if len({option.menu_item_id for option in options}) < len(options):
            raise Refused(
                "combo.duplicate",
                f"{path} names an item twice.",
                field=f"{path}.options",
            )
        name = fields.check_name(body.name, f"{path}.name")
        return ComboGroup(self._id(body, path), name, body.min, body.max, options)

    def _id(self, body: ComboGroupBody, path: str) -> str:
        if body.id not in self._ids:
            return self._fresh()
        if body.id in self._seen:
            raise Refused(
                "combo.duplicate", f"{path} has a group's id again.", field=f"{path}.id"
            )
        self._seen.add(body.id)
        return body.id

    def _option(self, body: ComboOptionBody, path: str) -> ComboOption:
        item = self._menu.items.get(body.menu_item_id)
        field = f"{path}.menu_item_id"
        # What the combo offers already may have left the menu since.
        if item is None and body.menu_item_id not in self._items:
            raise Refused(
                "combo.item", f"{field} is no item of this menu.", field=field
            )
        if item and item.currency != self._currency:
            raise Refused(
                "combo.currency",
                f"{item.name} is sold in {item.currency}, this combo in "
                f"{self._currency}.",
                field=field,
            )
        try:
            surcharge = fields.price_minor(body.surcharge, self._currency)
        except ValueError as error:
            raise invalid(f"{path}.surcharge", f"{path}.surcharge {error}.") from error
        return ComboOption(body.menu_item_id, surcharge)


# --- who sees what, and the journal -----------------------------------------------


def view(combo: Combo) -> ComboView:
    """The combo for staff."""
    return ComboView(
        id=combo.id,
        restaurant_id=combo.restaurant_id,
        name=combo.name,
        description=combo.description,
        image_url=combo.image_url,
        position=combo.position,
        price=price_text(combo.price_minor, combo.currency),
        currency=combo.currency,
        groups=[_group_view(group, combo.currency) for group in combo.groups],
        schedule=schedules.shape(combo.schedule),
        is_active=combo.is_active,
        created_at=rfc3339(combo.created_at),
    )


def told(combo: Combo) -> dict[str, Any]:
    """What the journal tells of a combo."""
    return view(combo).dict(exclude={"id", "restaurant_id", "created_at"})


def public_tree(
    combos: Sequence[Combo], menu: Menu, at: int, timezone: str
) -> list[dict[str, Any]]:
    """The combos that hold at this moment, as guests see them."""
    return [
        _public(combo, menu, at, timezone)
        for combo in combos
        if combo.is_active and schedules.holds(combo.schedule, at, timezone)
    ]


def _public(combo: Combo, menu: Menu, at: int, timezone: str) -> dict[str, Any]:
    return {
        "id": combo.id,
        "name": combo.name,
        "description": combo.description,
        "image_url": combo.image_url,
        "price": price_text(combo.price_minor, combo.currency),
        "currency": combo.currency,
        "is_available": offered(combo, menu, at, timezone),
        "groups": [_public_group(group, combo, menu, at) for group in combo.groups],
    }


def _public_group(
    group: ComboGroup, combo: Combo, menu: Menu, at: int
) -> dict[str, Any]:
    choices = [(each, item_of(each, combo, menu)) for each in group.options]
    return {
        "id": group.id,
        "name": group.name,
        "min": group.min,
        "max": group.max,
        "options": [
            {
                "menu_item_id": option.menu_item_id,
                "surcharge": price_text(option.surcharge_minor, combo.currency),
                "is_available": item.available(at) and menu.is_served(item.id, at),
            }
            for option, item in choices
            if item
        ],
    }


def _group_view(group: ComboGroup, currency: str) -> ComboGroupView:
    options = [
        ComboOptionView(
            menu_item_id=option.menu_item_id,
            surcharge=price_text(option.surcharge_minor, currency),
        )
        for option in group.options
    ]
    return ComboGroupView(
        id=group.id, name=group.name, min=group.min, max=group.max, options=options
    )
