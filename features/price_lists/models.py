"""What a price list is: other prices for an order type, a table zone, a time."""

from dataclasses import dataclass, field

from pydantic import BaseModel, StrictBool, StrictInt, StrictStr

from ...core.schedules import Schedule, ScheduleBody
from ...models import Number, OrderType


@dataclass(frozen=True)
class PriceList:
    """A stored price list; the first active one by ``position`` that fits counts.

    Empty ``order_types`` or ``zones`` mean all. An item's price is ``prices[id]``,
    else the menu's, changed by ``adjust_percent`` (signed, text) and rounded half-up
    to ``round_to_minor``. Modifier deltas are ``deltas[id]``, else the menu's.

    ``round_to_minor`` counts in ``currency``; items of another one are rounded to
    its smallest unit. ``currencies`` says by id what a price or delta was written
    in: when the item's currency is another by now, the figure says nothing.
    """

    id: str
    restaurant_id: str
    name: str
    position: int
    order_types: frozenset[OrderType]
    zones: frozenset[str]
    schedule: Schedule
    adjust_percent: str
    round_to_minor: int
    prices: dict[str, int]
    deltas: dict[str, int]
    is_active: bool
    created_at: int
    currency: str = ""
    currencies: dict[str, str] = field(default_factory=dict)


class PriceListBody(BaseModel):
    """Body of ``POST /restaurants/{id}/price_lists`` and, with only what changes, of
    ``PATCH /price_lists/{id}``. ``prices`` are by menu item id, ``deltas`` by modifier
    id, each in the item's currency."""

    name: StrictStr | None = None
    position: StrictInt | None = None
    order_types: list[OrderType] | None = None
    zones: list[StrictStr] | None = None
    schedule: ScheduleBody | None = None
    adjust_percent: Number | None = None
    round_to: Number | None = None
    prices: dict[str, Number] | None = None
    deltas: dict[str, Number] | None = None
    is_active: StrictBool | None = None


class PriceListView(BaseModel):
    """``round_to`` is in ``currency``; ``adjust_percent`` is signed."""

    id: str
    restaurant_id: str
    name: str
    position: int
    order_types: list[str]
    zones: list[str]
    schedule: ScheduleBody
    adjust_percent: str
    round_to: str
    currency: str
    prices: dict[str, str]
    deltas: dict[str, str]
    is_active: bool
    created_at: str


class PublicPriceList(BaseModel):
    """What guests know of the list whose prices they see."""

    name: str


class PriceListPage(BaseModel):
    data: list[PriceListView]
    next: str | None
