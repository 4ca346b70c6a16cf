"""Whether orders are taken at a moment, and when they are next. Pure.

Hours are read on the restaurant's wall clock. Those of a day begin when its clocks
first show their start and end when they first show their end: an hour that the clocks
skip is passed in no time, and one that comes twice neither opens nor closes twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from ...core import fields, limits, schedules
from ...core.errors import Conflict, Refused
from ...core.times import rfc3339, rfc3339_or_none, wall_clock, zone_of
from ...models import OrderType
from ..restaurants.models import OpeningWindow, Pause, Restaurant, SpecialDay
from .models import (
    ClosedBy,
    OpenDay,
    OpenDayView,
    Opening,
    OpeningView,
    OpenTime,
    OpenTimeView,
)

#: (starts_at, ends_at) in milliseconds.
Span = tuple[int, int]

_ALL_DAY = OpeningWindow(days=[], starts="00:00", ends="00:00")
_WEEKDAYS = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    "Sunday",
)


# --- is it open -----------------------------------------------------------------


def opening_at(
    restaurant: Restaurant, order_type: OrderType | None, at: int
) -> Opening:
    """Whether an order of this type (None: of any) for this moment is taken."""
    hours = _Hours(restaurant, order_type)
    name = hours.name_at(at)
    fault = hours.fault
    if not restaurant.is_open:
        return Opening(False, ClosedBy.SWITCHED_OFF, name=name, fault=fault)
    pause = restaurant.pause
    if pause and is_paused(pause, at):
        return Opening(
            is_open=False,
            reason=ClosedBy.PAUSED,
            name=name,
            opens_at=_opens_after(hours, pause),
            resumes_at=pause.until,
            pause_reason=pause.reason or None,
            fault=fault,
        )
    return _by_hours(hours, at)


def opens_again(
    restaurant: Restaurant, order_type: OrderType | None, at: int
) -> int | None:
    """When the hours begin again in which somebody is there; None when they run, as
    until last orders are served, or no such moment is in sight. Switch and pause
    aside: whoever pauses is there while the hours run."""
    opening = _by_hours(_Hours(restaurant, order_type), at)
    is_empty = opening.reason in (ClosedBy.HOURS, ClosedBy.SPECIAL_DAY)
    return opening.opens_at if is_empty else None


def is_paused(pause: Pause | None, at: int) -> bool:
    """A pause ends by itself."""
    return pause is not None and (pause.until is None or at < pause.until)


def _opens_after(hours: "_Hours", pause: Pause) -> int | None:
    if pause.until is None:
        return None
    then = _by_hours(hours, pause.until)
    return pause.until if then.is_open else then.opens_at


def _by_hours(hours: "_Hours", at: int) -> Opening:
    name, fault = hours.name_at(at), hours.fault
    run = hours.running(at)
    if run is None:
        reason = (
            ClosedBy.HOURS if hours.special_at(at) is None else ClosedBy.SPECIAL_DAY
        )
        return Opening(False, reason, name, opens_at=hours.begins_after(at))
    if run.ends_at is None:
        return Opening(True, name=name, fault=fault)
    last_order_at = run.ends_at - hours.margin_ms
    if at >= last_order_at:
        again = hours.begins_after(run.ends_at)
        return Opening(
            *(False, ClosedBy.LAST_ORDERS, name, again, run.ends_at, last_order_at)
        )
    return Opening(
        True, name=name, closes_at=run.ends_at, last_order_at=last_order_at, fault=fault
    )


def open_windows(
    restaurant: Restaurant, order_type: OrderType | None, first_day: date, days: int
) -> list[Span]:
    """The hours (milliseconds) that run on these days, merged where they touch: those
    that begin on one of them, and those of the evening before that run into them. Not
    cut at midnight; switch, pause and last orders aside."""
    hours = _Hours(restaurant, order_type)
    begun = hours.midnight(first_day)
    spans = [
        span
        for day in _days(first_day - timedelta(days=1), days + 1)
        for span in hours.of(day)
    ]
    return [span for span in _merged(spans) if span[1] > begun]


def next_opening(restaurant: Restaurant, at: int) -> int:
    """When the restaurant opens the next time, the present hours aside; where its
    hours tell no such moment, when the next business day begins."""
    hours = _Hours(restaurant, None)
    run = hours.running(at)
    ends_at = run.ends_at if run else at
    found = None if ends_at is None else hours.begins_after(ends_at)
    return next_business_day(restaurant, at) if found is None else found


def next_business_day(restaurant: Restaurant, at: int) -> int:
    """When the next business day begins."""
    zone = schedules.clock_of(restaurant.timezone)
    today = wall_clock(at, restaurant.timezone).date()
    minute = schedules.minute_of(restaurant.day_starts_at)
    starts = (schedules.reached(day, minute, zone) for day in _days(today, 3))
    return next(moment for moment in starts if moment > at)


def next_change(restaurant: Restaurant, at: int) -> int | None:
    """The next moment at which ``opening_at`` for any order type may change; None
    when the clock changes nothing."""
    now = opening_at(restaurant, None, at)
    hours = _Hours(restaurant, None)
    moments = [now.opens_at, now.closes_at, now.last_order_at, now.resumes_at]
    if not hours.is_always:
        today = wall_clock(at, restaurant.timezone).date()
        moments.append(hours.midnight(today + timedelta(days=1)))
    return min((each for each in moments if each and each > at), default=None)


def opening_days(restaurant: Restaurant, first_day: date, days: int) -> list[OpenDay]:
    """The hours that begin on each of these days, by order type."""
    hours = _Hours(restaurant, None)
    return [
        OpenDay(
            day=day.isoformat(),
            name=special.name or None if special else None,
            times=tuple(hours.times_of(day)),
        )
        for day in _days(first_day, days)
        for special in [hours.special(day)]
    ]


# --- may it be ordered ------------------------------------------------------------


def check_open(
    restaurant: Restaurant,
    order_type: OrderType,
    is_staff: bool,
    pickup_at: int | None,
    at: int,
) -> Opening:
    """May such an order be placed ``at`` this moment, wanted at once or later? The
    opening when it is wanted.

    Refused ``order_type.not_offered``, Conflict ``restaurant.closed`` with ``reason``
    and ``opens_at``. Staff may order outside the hours, and during a pause.
    """
    if order_type not in restaurant.order_types:
        raise Refused(
            "order_type.not_offered",
            f"No orders for {_TYPE_TEXTS[order_type]} are taken here.",
            field="order_type",
        )
    later = pickup_at if pickup_at is not None and pickup_at > at else None
    opening = opening_at(restaurant, order_type, at if later is None else later)
    is_wanted_late = later is not None and opening.reason is ClosedBy.LAST_ORDERS
    is_let_in = is_staff and opening.reason is not ClosedBy.SWITCHED_OFF
    if not (opening.is_open or is_wanted_late or is_let_in):
        raise closed(restaurant, opening, at, is_later=later is not None)
    return opening


_TYPE_TEXTS = {
    OrderType.DINE_IN: "eating in",
    OrderType.PICKUP: "taking away",
    OrderType.DELIVERY: "delivery",
}


def closed(
    restaurant: Restaurant, opening: Opening, at: int, is_later: bool = False
) -> Conflict:
    """The error ``restaurant.closed`` with a sentence that guests understand."""
    return Conflict(
        "restaurant.closed",
        " ".join(
            [_why(restaurant, opening, is_later), *_when(restaurant, opening, at)]
        ),
        reason=opening.reason and opening.reason.value,
        opens_at=rfc3339_or_none(opening.opens_at),
    )


def _why(restaurant: Restaurant, opening: Opening, is_later: bool) -> str:
    if opening.reason is ClosedBy.SWITCHED_OFF:
        return "The restaurant is closed at the moment."
    if opening.reason is ClosedBy.LAST_ORDERS:
        last = wall_clock(opening.last_order_at or 0, restaurant.timezone)
        return f"The last orders were taken at {last:%H:%M}."
    then = "at that time" if is_later else "at the moment"
    if opening.reason is ClosedBy.PAUSED:
        return f"No orders are taken {then}."
    because = f": {opening.name}" if opening.name else ""
    return f"We are closed {then}{because}."


def _when(restaurant: Restaurant, opening: Opening, at: int) -> Iterator[str]:
    if opening.opens_at is None:
        return
    opens = wall_clock(opening.opens_at, restaurant.timezone)
    today = wall_clock(at, restaurant.timezone).date()
    ahead = (opens.date() - today).days
    day = "" if ahead == 0 else f" on {_WEEKDAYS[opens.weekday()]}"
    if ahead > 6:
        day = f" on {opens:%Y-%m-%d}"
    verb = "take orders again" if opening.reason is ClosedBy.PAUSED else "open"
    yield f"We {verb}{day} at {opens:%H:%M}."


# --- the hours of a restaurant ------------------------------------------------------


@dataclass(frozen=True)
class _Run:
    """Open now, until then; None when no end is in sight."""

    ends_at: int | None


class _Hours:
    """A restaurant's hours for one order type, or for any.

    Hours or a time zone that cannot be read are a ``fault``, and count as open: what
    was stored must not close a running kitchen.
    """

    def __init__(self, restaurant: Restaurant, order_type: OrderType | None):
        self._restaurant = restaurant
        self._type = order_type
        self.margin_ms = restaurant.last_order_minutes * limits.MINUTE_MS
        self.zone = schedules.clock_of(restaurant.timezone)
        self.fault: str | None = None
        has_hours = bool(restaurant.opening_hours or restaurant.special_days)
        if has_hours and zone_of(restaurant.timezone) is None:
            self.fault = f"the time zone {restaurant.timezone} is unknown here"
        elif has_hours and not self._is_readable():
            self.fault = "the opening hours cannot be read"
        self.is_always = not has_hours or self.fault is not None

    def _is_readable(self) -> bool:
        special = self._restaurant.special_days
        try:
            self._windows, self._special_windows  # noqa: B018
            for window in self._restaurant.opening_hours:
                fields.weekdays(window.days)
            for each in special:
                date.fromisoformat(each.first_day)
                date.fromisoformat(each.last_day)
        except (ValueError, OverflowError):
            return False
        return True

    @cached_property
    def _windows(self) -> list[tuple[OpeningWindow, int, int]]:
        """The week's windows with their minutes; all day when there are none."""
        return _with_minutes(self._restaurant.opening_hours or [_ALL_DAY])

    @cached_property
    def _special_windows(self) -> list[list[tuple[OpeningWindow, int, int]]]:
        return [_with_minutes(each.windows) for each in self._restaurant.special_days]

    def midnight(self, day: date) -> int:
        return schedules.reached(day, 0, self.zone)

    def special(self, day: date) -> SpecialDay | None:
        place = self._special_place(day)
        return None if place is None else self._restaurant.special_days[place]

    def special_at(self, at: int) -> SpecialDay | None:
        return self.special(self._today(at))

    def name_at(self, at: int) -> str | None:
        special = self.special_at(at)
        return special.name or None if special else None

    def _special_place(self, day: date) -> int | None:
        if self.fault is not None:
            return None
        iso = day.isoformat()
        for place, each in enumerate(self._restaurant.special_days):
            if each.first_day <= iso <= each.last_day:
                return place
        return None

    def _today(self, at: int) -> date:
        return wall_clock(at, self._restaurant.timezone).date()

    def _begin_on(self, day: date) -> Iterator[tuple[OpeningWindow, int, int]]:
        """The windows that begin on this day, with their minutes."""
        place = self._special_place(day)
        if self.is_always:
            yield _ALL_DAY, 0, schedules.MINUTES_PER_DAY
        elif place is not None:
            yield from self._special_windows[place]
        else:
            for window, starts, ends in self._windows:
                if window is _ALL_DAY or day.weekday() in window.days:
                    yield window, starts, ends

    def _span(self, day: date, starts: int, ends: int) -> Span:
        return (
            schedules.reached(day, starts, self.zone),
            schedules.reached(day, ends, self.zone),
        )

    def of(self, day: date) -> list[Span]:
        """When the hours that begin on this day run, in their order."""
        found = (
            self._span(day, starts, ends)
            for window, starts, ends in self._begin_on(day)
            if not window.order_types
            or self._type is None
            or self._type in window.order_types
        )
        return sorted(span for span in found if span[0] < span[1])

    def times_of(self, day: date) -> list[OpenTime]:
        taken = self._restaurant.order_types
        found = []
        for window, starts, ends in self._begin_on(day):
            own = window.order_types or taken
            span = self._span(day, starts, ends)
            types = tuple(each for each in taken if each in own)
            if span[0] < span[1] and types:
                found.append(OpenTime(*span, types))
        return sorted(found, key=lambda time: (time.starts_at, time.ends_at))

    def running(self, at: int) -> _Run | None:
        """The hours that run now, with all that follow them without a gap."""
        if self.is_always:
            return _Run(None)
        today = self._today(at)
        ends_at: int | None = None
        for day in _days(today - timedelta(days=1), limits.OPENING_LOOK_AHEAD_DAYS + 1):
            if day > today:
                if ends_at is None:
                    return None
                if ends_at < self.midnight(day):
                    return _Run(ends_at)
            for starts, ends in self.of(day):
                if ends_at is None:
                    ends_at = ends if starts <= at < ends else None
                elif starts <= ends_at:
                    ends_at = max(ends_at, ends)
        return _Run(None) if ends_at is not None else None

    def begins_after(self, at: int) -> int | None:
        """When hours begin next; None when that is not in sight."""
        if self.is_always:
            return None
        first = self._today(at) - timedelta(days=1)
        for day in _days(first, limits.OPENING_LOOK_AHEAD_DAYS + 2):
            for starts, _ in self.of(day):
                if starts > at:
                    return starts
        return None


def _with_minutes(
    windows: Iterable[OpeningWindow],
) -> list[tuple[OpeningWindow, int, int]]:
    found = []
    for window in windows:
        for end in (window.starts, window.ends):
            fields.clock(end)
        found.append((window, *schedules.minutes_of(window)))
    return found


def _days(first: date, count: int) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range(count))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for starts, ends in sorted(spans):
        if merged and starts <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], ends)
        else:
            merged.append((starts, ends))
    return merged


# --- shapes -------------------------------------------------------------------------


def view(opening: Opening) -> OpeningView:
    """The opening as everybody may see it."""
    return OpeningView(
        is_open=opening.is_open,
        reason=opening.reason,
        name=opening.name,
        opens_at=rfc3339_or_none(opening.opens_at),
        closes_at=rfc3339_or_none(opening.closes_at),
        last_order_at=rfc3339_or_none(opening.last_order_at),
        resumes_at=rfc3339_or_none(opening.resumes_at),
        pause_reason=opening.pause_reason,
    )


def days_view(days: Sequence[OpenDay]) -> list[OpenDayView]:
    return [
        OpenDayView(
            day=each.day,
            name=each.name,
            windows=[
                OpenTimeView(
                    starts_at=rfc3339(time.starts_at),
                    ends_at=rfc3339(time.ends_at),
                    order_types=list(time.order_types),
                )
                for time in each.times
            ],
        )
        for each in days
    ]
