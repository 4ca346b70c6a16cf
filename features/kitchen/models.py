"""Words of the kitchen: bodies, what its board is made of, and its public shapes."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, StrictInt, StrictStr

from ...models import Flag, OrderStatus, OrderType, Word
from ..orders.models import LineModifier, LineStatus


class CourseState(Word):
    """``held``: not called for yet. ``done``: all of its lines are."""

    HELD = "held"
    FIRED = "fired"
    DONE = "done"


@dataclass(frozen=True)
class KitchenLine:
    """A line as the kitchen needs it; money is not its business."""

    id: str
    name: str
    quantity: int
    note: str | None
    guest: str | None
    station: str
    status: LineStatus
    course: int | None
    started_at: int | None
    done_at: int | None
    allergens: tuple[str, ...]
    modifiers: tuple[LineModifier, ...]


@dataclass(frozen=True)
class KitchenOrder:
    """An order as the kitchen needs it. ``rounds``: how often tickets went out."""

    id: str
    number: int
    status: OrderStatus
    flags: tuple[str, ...]
    order_type: OrderType
    table_name: str | None
    customer_name: str | None
    covers: int | None
    note: str | None
    server_id: str | None
    created_at: int
    pickup_at: int | None
    wanted_at: int | None
    quoted_minutes: int | None
    paid_at: int | None
    accepted_at: int | None
    promised_at: int | None
    ready_at: int | None
    alert_level: int
    alert_from: int | None
    rounds: int
    lines: tuple[KitchenLine, ...]

    @property
    def due_at(self) -> int | None:
        """When it should be ready: as the staff said, else as the guest was told."""
        return self.promised_at or self.wanted_at or self.pickup_at


@dataclass(frozen=True)
class Unaccepted:
    """A paid order that nobody accepted yet, as its alerts are counted."""

    id: str
    restaurant_id: str
    alert_level: int
    alert_from: int | None


#: Flags of orders that a human decides about: time alone ends none of them.
UNDECIDED = frozenset({Flag.PAID_LATE, Flag.OVERSOLD, Flag.UNAVAILABLE})

# --- bodies --------------------------------------------------------------------


class LinesChange(BaseModel):
    """Body of ``PUT /orders/{id}/lines/status``: these lines, or those of a station,
    or all."""

    status: Literal["waiting", "cooking", "done"]
    line_ids: list[StrictStr] | None = None
    station: StrictStr | None = None


class FireBody(BaseModel):
    """Body of ``POST /orders/{id}/fire``."""

    course: StrictInt


# --- shapes --------------------------------------------------------------------


class BoardModifierView(BaseModel):
    name: str
    quantity: int


class BoardLineView(BaseModel):
    """``course`` counts from 1; a line without one is of the first."""

    id: str
    name: str
    quantity: int
    note: str | None
    guest: str | None
    station: str
    status: LineStatus
    course: int
    started_at: str | None
    done_at: str | None
    allergens: list[str]
    modifiers: list[BoardModifierView]


class CourseView(BaseModel):
    course: int
    state: CourseState


class StationShareView(BaseModel):
    """How far an order is at one station, in lines."""

    station: str
    done: int
    total: int


class BoardOrderView(BaseModel):
    """``accept_by`` is null once somebody accepted it; ``alert_level`` is 0 then.
    ``rounds`` counts the times that tickets of it went out. ``courses`` and
    ``stations`` are the whole order's, whatever station was asked for."""

    id: str
    number: int
    status: str
    order_type: str
    table: str | None
    customer_name: str | None
    covers: int | None
    note: str | None
    flags: list[str]
    server_id: str | None
    created_at: str
    paid_at: str | None
    accepted_at: str | None
    promised_at: str | None
    wanted_at: str | None
    ready_at: str | None
    alert_level: int
    accept_by: str | None
    is_late: bool
    rounds: int
    courses: list[CourseView]
    stations: list[StationShareView]
    lines: list[BoardLineView]


class StationLoadView(BaseModel):
    """The lines of one station on this board, by status."""

    name: str
    waiting: int
    cooking: int
    done: int


class BoardView(BaseModel):
    """The kitchen as it is at ``at``: orders oldest wanted first."""

    at: str
    stations: list[StationLoadView]
    orders: list[BoardOrderView]
