"""Words of opening: whether orders are taken, until when, and from when on."""

from dataclasses import dataclass

from pydantic import BaseModel, StrictInt, StrictStr

from ...models import OrderType, Word

#: In ``available_again_at``: when the restaurant opens the next time.
NEXT_OPENING = "next_opening"


class ClosedBy(Word):
    """Why no order for now is taken."""

    SWITCHED_OFF = "switched_off"
    PAUSED = "paused"
    SPECIAL_DAY = "special_day"
    HOURS = "hours"
    LAST_ORDERS = "last_orders"


@dataclass(frozen=True)
class Opening:
    """Whether an order for this moment is taken. Moments are milliseconds.

    ``reason`` is null while open. ``name`` is today's special day's. Open:
    ``closes_at`` and ``last_order_at``, null when no end is in sight. Closed:
    ``opens_at``, when orders are taken again as far as hours and pause say; null when
    somebody must do something first, or it is not in sight. ``resumes_at`` is the
    pause's end; ``fault`` says that the stored hours cannot be read any more.
    """

    is_open: bool
    reason: ClosedBy | None = None
    name: str | None = None
    opens_at: int | None = None
    closes_at: int | None = None
    last_order_at: int | None = None
    resumes_at: int | None = None
    pause_reason: str | None = None
    fault: str | None = None


@dataclass(frozen=True)
class OpenTime:
    """The hours that begin on one day, for some order types."""

    starts_at: int
    ends_at: int
    order_types: tuple[OrderType, ...]


@dataclass(frozen=True)
class OpenDay:
    day: str
    name: str | None
    times: tuple[OpenTime, ...]


# --- shapes --------------------------------------------------------------------


class OpeningView(BaseModel):
    """Whether orders for now are taken; if not, why, and when they are again."""

    is_open: bool
    reason: ClosedBy | None
    name: str | None
    opens_at: str | None
    closes_at: str | None
    last_order_at: str | None
    resumes_at: str | None
    pause_reason: str | None


class OpenTimeView(BaseModel):
    starts_at: str
    ends_at: str
    order_types: list[OrderType]


class OpenDayView(BaseModel):
    """What begins on this day; hours over midnight belong to the day they begin on."""

    day: str
    name: str | None
    windows: list[OpenTimeView]


class OpeningDaysView(BaseModel):
    """``opening`` is as of now, whatever days were asked for."""

    timezone: str
    opening: OpeningView
    days: list[OpenDayView]


# --- bodies --------------------------------------------------------------------


class PauseBody(BaseModel):
    """Body of ``PUT /restaurants/{id}/pause``: for so many ``minutes``, ``until`` a
    time (RFC 3339), or (neither) until somebody resumes. The ``reason`` is public."""

    minutes: StrictInt | None = None
    until: StrictStr | None = None
    reason: StrictStr | None = None
