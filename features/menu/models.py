"""What a menu is. Prices are minor units of the item's currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import BaseModel, StrictBool, StrictInt, StrictStr

from ...core import limits, schedules
from ...core.schedules import Schedule, ScheduleBody
from ...core.times import zone_of
from ...models import Number, OrderType
from ..combos.models import PublicCombo
from ..opening.models import OpeningView
from ..price_lists.models import PublicPriceList
from ..stock.models import Use

DEFAULT_STATION = "kitchen"


@dataclass(frozen=True)
class Modifier:
    """One option with its price delta, in the item's currency.

    ``stock``, ``reserved``, ``uses`` and ``portions`` are as of a ``MenuItem``.
    """

    id: str
    name: str
    price_delta_minor: int
    is_available: bool
    available_again_at: int | None = None
    stock: int | None = None
    reserved: int = 0
    uses: tuple[Use, ...] = ()
    portions: int | None = None

    def switched_on(self, at: int) -> bool:
        return is_available(self.is_available, self.available_again_at, at)

    def available(self, at: int) -> bool:
        """May be chosen at this moment: switched on, and not sold out."""
        return self.switched_on(at) and self.portions != 0


@dataclass(frozen=True)
class ModifierGroup:
    """A choice: min and max count quantities over all chosen modifiers."""

    id: str
    name: str
    min: int
    max: int | None
    modifiers: tuple[Modifier, ...]

    def lowest_delta(self, quantity_max: int = limits.QUANTITY_MAX) -> int:
        """The least that allowed choices add up to, in minor units.

        The cheapest come first: as many as may be of what lowers the price, and of
        the rest no more than ``min`` demands. Each counts up to ``quantity_max``.
        """
        total = taken = 0
        for delta in sorted(m.price_delta_minor for m in self.modifiers):
            wanted = quantity_max if delta < 0 else self.min - taken
            if self.max is not None:
                wanted = min(wanted, self.max - taken)
            quantity = max(0, min(wanted, quantity_max))
            taken += quantity
            total += quantity * delta
        return total


@dataclass(frozen=True)
class MenuItem:
    """A sellable entry. ``stock`` None is not counted, else so many are on hand;
    ``reserved`` of them are promised to orders.

    ``tax_rates`` by order type win over ``tax_rate``, which is for all others.
    ``schedule`` says when it is offered, ``order_types`` (empty: all) for what; both
    hold beside its category's. ``uses`` is what a portion takes of counted stocks, its
    own count included; ``portions`` is how many can be had, None when nothing of it
    is counted.
    """

    id: str
    name: str
    description: str
    image_url: str | None
    price_minor: int
    currency: str
    tax_rate: str | None
    stock: int | None
    is_available: bool
    available_again_at: int | None
    is_hidden: bool
    allergens: tuple[str, ...]
    groups: tuple[ModifierGroup, ...]
    station: str = DEFAULT_STATION
    tax_rates: Mapping[str, str] = field(default_factory=dict)
    schedule: Schedule | None = None
    order_types: tuple[OrderType, ...] = ()
    reserved: int = 0
    uses: tuple[Use, ...] = ()
    portions: int | None = None

    @property
    def lowest_price(self) -> int:
        """The least that one of it can cost with allowed choices, in minor units."""
        return self.price_minor + sum(group.lowest_delta() for group in self.groups)

    def switched_on(self, at: int) -> bool:
        return is_available(self.is_available, self.available_again_at, at)

    def available(self, at: int) -> bool:
        """May be ordered at this moment: switched on, and not sold out."""
        return self.switched_on(at) and self.portions != 0


@dataclass(frozen=True)
class Category:
    id: str
    name: str
    station: str | None
    items: tuple[MenuItem, ...]
    schedule: Schedule | None = None
    order_types: tuple[OrderType, ...] = ()


@dataclass(frozen=True)
class Menu:
    """The whole tree of one restaurant at one version.

    ``available`` is what of each counted stock is there and promised to nobody, by
    its id; it may be below zero after a count. ``timezone`` is whose clock schedules
    are read on.
    """

    restaurant_id: str
    version: int
    categories: tuple[Category, ...]
    available: Mapping[str, int] = field(default_factory=dict)
    timezone: str = "UTC"

    @cached_property
    def items(self) -> dict[str, MenuItem]:
        """Every item by its id."""
        return {item.id: item for c in self.categories for item in c.items}

    @cached_property
    def item_ids_of(self) -> dict[str, frozenset[str]]:
        """The ids of each category's items, by the category's id."""
        return {c.id: frozenset(item.id for item in c.items) for c in self.categories}

    @cached_property
    def schedules_of(self) -> dict[str, tuple[Schedule, ...]]:
        """When an item is offered: its category's schedule and its own, by its id;
        absent when it always is."""
        return {
            item.id: tuple(each for each in (c.schedule, item.schedule) if each)
            for c in self.categories
            for item in c.items
            if c.schedule or item.schedule
        }

    @cached_property
    def _types_of(self) -> dict[str, frozenset[OrderType]]:
        return {
            item.id: frozenset(c.order_types or OrderType)
            & frozenset(item.order_types or OrderType)
            for c in self.categories
            for item in c.items
            if c.order_types or item.order_types
        }

    def types_of(self, item_id: str) -> frozenset[OrderType]:
        """What kinds of order an item is offered for: its category's and its own."""
        return self._types_of.get(item_id, _ALL_TYPES)

    def is_served(self, item_id: str, at: int) -> bool:
        """Do the schedules of the item and its category hold at this moment? A time
        zone that is unknown by now takes nothing off the menu."""
        found = self.schedules_of.get(item_id)
        if not found or zone_of(self.timezone) is None:
            return True
        return all(schedules.holds(each, at, self.timezone) for each in found)

    def back_at(self, item: MenuItem, at: int) -> int | None:
        """When the clock brings an item back that it, or somebody, took off the menu;
        None while it is on it, and when that never comes."""
        back_at = at
        if not item.switched_on(at):
            if item.available_again_at is None:
                return None
            back_at = item.available_again_at
        if not self.is_served(item.id, back_at):
            found = self.schedules_of[item.id]
            return schedules.next_start(found, back_at, self.timezone)
        return back_at if back_at > at else None


_ALL_TYPES = frozenset(OrderType)


def is_available(switched_on: bool, again_at: int | None, at: int) -> bool:
    """Switched on, or the moment of its automatic return has come."""
    return switched_on or (again_at is not None and again_at <= at)


@dataclass(frozen=True)
class KnownIds:
    """What belongs to a restaurant already; items and modifiers with their live
    stock, None for those that are not counted."""

    categories: frozenset[str]
    stock_of_item: Mapping[str, int | None]
    groups: frozenset[str]
    stock_of_modifier: Mapping[str, int | None]


# --- shapes: staff -------------------------------------------------------------


class ModifierView(BaseModel):
    """``available_again_at`` is the moment of a switched-off one's return; ``stock``
    and ``reserved`` are as of an item."""

    id: str
    name: str
    price_delta: str
    stock: int | None
    reserved: int
    is_available: bool
    available_again_at: str | None


class GroupView(BaseModel):
    id: str
    name: str
    min: int
    max: int | None
    modifiers: list[ModifierView]


class ItemView(BaseModel):
    """``is_available`` is the switch. ``stock`` is how many are on hand, null is not
    counted; ``reserved`` of them are promised to orders."""

    id: str
    name: str
    description: str
    image_url: str | None
    price: str
    currency: str
    tax_rate: str | None
    tax_rates: dict[OrderType, str]
    stock: int | None
    reserved: int
    is_available: bool
    available_again_at: str | None
    is_hidden: bool
    schedule: ScheduleBody | None
    order_types: list[OrderType]
    allergens: list[str]
    modifier_groups: list[GroupView]


class CategoryView(BaseModel):
    """``schedule`` null is always, no ``order_types`` are all; so for items."""

    id: str
    name: str
    station: str | None
    schedule: ScheduleBody | None
    order_types: list[OrderType]
    items: list[ItemView]


class MenuView(BaseModel):
    """The whole tree; ``version`` goes into ``If-Match`` of the next upload."""

    restaurant_id: str
    version: int
    currency: str
    categories: list[CategoryView]


class ItemChangedView(ItemView):
    restaurant_id: str
    version: int


class ModifierChangedView(ModifierView):
    menu_item_id: str
    restaurant_id: str
    version: int


# --- shapes: public ------------------------------------------------------------


class PublicModifier(BaseModel):
    id: str
    name: str
    price_delta: str
    is_available: bool


class PublicGroup(BaseModel):
    id: str
    name: str
    min: int
    max: int | None
    modifiers: list[PublicModifier]


class PublicItem(BaseModel):
    """``is_available`` says whether it can be ordered now, ``available_again_at`` when
    the clock brings it back, ``order_types`` for which orders it is offered; ``left``
    how many are left when they are few and the owner shows it."""

    id: str
    name: str
    description: str
    image_url: str | None
    price: str
    currency: str
    tax_rate: str | None
    tax_rates: dict[OrderType, str]
    is_available: bool
    available_again_at: str | None
    order_types: list[OrderType]
    left: int | None
    allergens: list[str]
    modifier_groups: list[PublicGroup]


class PublicCategory(BaseModel):
    id: str
    name: str
    items: list[PublicItem]


class PublicDiscount(BaseModel):
    """What the clock takes off now, of these items or (empty) of all; ``minimum`` is
    what the lines must come to."""

    name: str
    kind: str
    percent: str | None
    amount: str | None
    buy: int
    get: int
    item_ids: list[str]
    order_types: list[OrderType]
    minimum: str | None


class PublicMenuView(BaseModel):
    """What is not hidden, with the prices of ``price_list``, or the menu's own when
    it is null. ``opening`` is for orders of any type; ``shelf`` changes when
    something runs out or comes back."""

    restaurant_id: str
    version: int
    shelf: str
    currency: str
    opening: OpeningView
    price_list: PublicPriceList | None
    categories: list[PublicCategory]
    combos: list[PublicCombo]
    discounts: list[PublicDiscount]


# --- bodies --------------------------------------------------------------------


class ItemChange(BaseModel):
    """Body of ``PATCH /menu_items/{id}``: only what is sent changes."""

    is_available: StrictBool | None = None
    available_again_at: StrictStr | None = None
    price: Number | None = None
    name: StrictStr | None = None
    description: StrictStr | None = None
    is_hidden: StrictBool | None = None
    stock: StrictInt | None = None
    tax_rate: Number | None = None
    tax_rates: dict[OrderType, Number] | None = None


class ModifierChange(BaseModel):
    """Body of ``PATCH /modifiers/{id}``: only what is sent changes."""

    is_available: StrictBool | None = None
    available_again_at: StrictStr | None = None
    name: StrictStr | None = None
    price_delta: Number | None = None
    stock: StrictInt | None = None
