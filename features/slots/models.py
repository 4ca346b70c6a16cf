"""Times to choose from, how long orders take, and their public shapes."""

from dataclasses import dataclass
from typing import NamedTuple

from pydantic import BaseModel, StrictInt, StrictStr

#: When something begins and ends, in milliseconds.
Span = tuple[int, int]


@dataclass(frozen=True)
class Slot:
    """A time that an order may be wanted at. Whatever is wanted before the next one
    begins counts in it, also what is wanted after closing: ``closes_at`` is when the
    hours end that it lies in."""

    starts_at: int
    ends_at: int
    closes_at: int


class Amount(NamedTuple):
    """How much something is for the kitchen. ``value_minor`` is in the restaurant's
    currency; what was billed in another one has none."""

    orders: int = 0
    items: int = 0
    value_minor: int = 0

    def plus(self, other: "Amount") -> "Amount":
        return Amount(*map(sum, zip(self, other, strict=True)))


@dataclass(frozen=True)
class Taken:
    """What the orders take that are wanted at this very moment."""

    wanted_at: int
    amount: Amount


@dataclass(frozen=True)
class Pace:
    """How long an order takes that is placed now; None: nothing is promised."""

    quoted_minutes: int | None
    extra_minutes: int

    @property
    def is_busy(self) -> bool:
        return self.extra_minutes > 0


@dataclass(frozen=True)
class Timing:
    """What an order is told: when it is wanted, in how many minutes that is unless
    the guest chose the time, and whether it takes longer than usual."""

    wanted_at: int | None = None
    quoted_minutes: int | None = None
    is_busy: bool = False


class SlotView(BaseModel):
    """``orders_left`` is null where no number of orders is set; a slot may be full
    by items or value before."""

    starts_at: str
    ends_at: str
    is_free: bool
    orders_left: int | None


class AsapView(BaseModel):
    """An order for now: would it be taken, and when would it be ready?"""

    is_open: bool
    quoted_minutes: int | None
    ready_at: str | None
    is_busy: bool


class SlotsView(BaseModel):
    """The answer to ``GET /restaurants/{id}/slots``. ``days`` are those that have
    slots; ``data`` holds the slots of ``day``, oldest first."""

    order_type: str
    timezone: str
    day: str
    days: list[str]
    asap: AsapView
    data: list[SlotView]


class BusyChange(BaseModel):
    """Body of ``PUT /restaurants/{id}/busy``: orders take so much longer, for so many
    ``minutes``, or ``until`` a moment, or until somebody says so."""

    extra_minutes: StrictInt
    minutes: StrictInt | None = None
    until: StrictStr | None = None
