"""What a combo is: several items for one price, with choices."""

from dataclasses import dataclass

from pydantic import BaseModel, StrictBool, StrictInt, StrictStr

from ...core.schedules import Schedule, ScheduleBody
from ...models import Number


@dataclass(frozen=True)
class ComboOption:
    """One item that may be chosen; ``surcharge_minor`` is added to the bundle's
    price for each."""

    menu_item_id: str
    surcharge_minor: int = 0


@dataclass(frozen=True)
class ComboGroup:
    """One course of it; min and max count quantities."""

    id: str
    name: str
    min: int
    max: int
    options: tuple[ComboOption, ...]


@dataclass(frozen=True)
class Combo:
    """A stored combo. ``price_minor`` is for one of it, in ``currency``, without
    surcharges and the modifiers of what is chosen."""

    id: str
    restaurant_id: str
    name: str
    description: str
    image_url: str | None
    position: int
    price_minor: int
    currency: str
    groups: tuple[ComboGroup, ...]
    schedule: Schedule
    is_active: bool
    created_at: int


class ComboOptionBody(BaseModel):
    menu_item_id: StrictStr
    surcharge: Number = "0"


class ComboGroupBody(BaseModel):
    """``id`` says in a ``PATCH`` which of the present groups this one is."""

    id: StrictStr | None = None
    name: StrictStr
    min: StrictInt = 1
    max: StrictInt = 1
    options: list[ComboOptionBody]


class ComboBody(BaseModel):
    """Body of ``POST /restaurants/{id}/combos`` and, with only what changes, of
    ``PATCH /combos/{id}``. ``currency`` is the restaurant's unless named."""

    name: StrictStr | None = None
    description: StrictStr | None = None
    image_url: StrictStr | None = None
    position: StrictInt | None = None
    price: Number | None = None
    currency: StrictStr | None = None
    groups: list[ComboGroupBody] | None = None
    schedule: ScheduleBody | None = None
    is_active: StrictBool | None = None


class ComboOptionView(BaseModel):
    menu_item_id: str
    surcharge: str


class ComboGroupView(BaseModel):
    id: str
    name: str
    min: int
    max: int
    options: list[ComboOptionView]


class ComboView(BaseModel):
    """A combo for staff; guests find those they may order now in the public menu."""

    id: str
    restaurant_id: str
    name: str
    description: str
    image_url: str | None
    position: int
    price: str
    currency: str
    groups: list[ComboGroupView]
    schedule: ScheduleBody
    is_active: bool
    created_at: str


class PublicComboOption(BaseModel):
    """An item of the public menu; modifiers and their prices are chosen there."""

    menu_item_id: str
    surcharge: str
    is_available: bool


class PublicComboGroup(BaseModel):
    """So many, from ``min`` to ``max``, are chosen of its options."""

    id: str
    name: str
    min: int
    max: int
    options: list[PublicComboOption]


class PublicCombo(BaseModel):
    """A combo that holds now; ``is_available`` says whether it can be ordered."""

    id: str
    name: str
    description: str
    image_url: str | None
    price: str
    currency: str
    is_available: bool
    groups: list[PublicComboGroup]


class ComboPage(BaseModel):
    data: list[ComboView]
    next: str | None
