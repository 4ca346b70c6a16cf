"""What a menu is. Prices are minor units of the item's currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import BaseModel, StrictBool, StrictInt, StrictStr

from ...core import limits
from ...core.schedules import Schedule
from ...models import Number, OrderType
from ..combos.models import PublicCombo
from ..price_lists.models import PublicPriceList
from ..stock.models import Use

DEFAULT_STATION = "kitchen"


@dataclass(frozen=True)
class Modifier:
    """One option with its price delta, in the item's currency.

    ``stock``, ``reserved`` and ``uses`` are as of a ``MenuItem``.
    """

    id: str
    name: str
    price_delta_minor: int
    is_available: bool
    available_again_at: int | None = None
    stock: int | None = None
    reserved: int = 0
    uses: tuple[Use, ...] = ()

    def available(self, at: int) -> bool:
        return is_available(self.is_available, self.available_again_at, at)


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
    own count included.
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

    @property
    def lowest_price(self) -> int:
        """The least that one of it can cost with allowed choices, in minor units."""
        return self.price_minor + sum(group.lowest_delta() for group in self.groups)

    def switched_on(self, at: int) -> bool:
        return is_available(self.is_available, self.available_again_at, at)

    def available(self, at: int) -> bool:
        """May be ordered at this moment: switched on, and not sold out."""
        return self.switched_on(at) and (self.stock is None or self.stock > 0)


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
    its id; it may be below zero after a count.
    """

    restaurant_id: str
    version: int
    categories: tuple[Category, ...]
    available: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def items(self) -> dict[str, MenuItem]:
        """Every item by its id."""
        return {item.id: item for c in self.categories for item in c.items}

    @cached_property
    def item_ids_of(self) -> dict[str, frozenset[str]]:
        """The ids of each category's items, by the category's id."""
        return {c.id: frozenset(item.id for item in c.items) for c in self.categories}


def is_available(switched_on: bool, again_at: int | None, at: int) -> bool:
    """Switched on, or the moment of its automatic return has come."""
    return switched_on or (again_at is not None and again_at <= at)


@dataclass(frozen=True)
class KnownIds:
    """What belongs to a restaurant already; items with their live stock."""

    categories: frozenset[str]
    stock_of_item: dict[str, int | None]
    groups: frozenset[str]
    modifiers: frozenset[str]


# --- shapes: staff -------------------------------------------------------------


class ModifierView(BaseModel):
    """``available_again_at`` is the moment of a switched-off one's return."""

    id: str
    name: str
    price_delta: str
    is_available: bool
    available_again_at: str | None


class GroupView(BaseModel):
    id: str
    name: str
    min: int
    max: int | None
    modifiers: list[ModifierView]


class ItemView(BaseModel):
    """``is_available`` is the switch; ``stock`` null is not counted."""

    id: str
    name: str
    description: str
    image_url: str | None
    price: str
    currency: str
    tax_rate: str | None
    tax_rates: dict[OrderType, str]
    stock: int | None
    is_available: bool
    available_again_at: str | None
    is_hidden: bool
    allergens: list[str]
    modifier_groups: list[GroupView]


class CategoryView(BaseModel):
    id: str
    name: str
    station: str | None
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
    """``is_available`` says whether it can be ordered now; ``left`` how many are
    left when they are few and the owner shows it."""

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
    it is null."""

    restaurant_id: str
    version: int
    currency: str
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
