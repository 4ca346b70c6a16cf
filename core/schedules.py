"""When something holds: hours of the week, within days of the calendar. Pure.

Everything is read on the restaurant's wall clock, so a happy hour from 17:00 to
19:00 begins at 17:00 before and after the clocks change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import pairwise

from pydantic import BaseModel, Field, StrictInt, StrictStr

from .times import YEARS, wall_clock, zone_of

MINUTES_PER_DAY = 24 * 60
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
#: Every edge of a weekly schedule comes again within so many days.
_DAYS_AHEAD = 8
#: Weekly schedules that ever hold together do so within two weeks, in which the
#: clocks may have changed once.
_START_DAYS = 15
_ANSWERS_KEPT = 4_096
_LAST_DAY = date.max.isoformat()


@dataclass(frozen=True)
class Window:
    """Hours of some weekdays, 0 is Monday. ``ends`` at or before ``starts`` is on
    the next day; both are ``HH:MM``."""

    days: tuple[int, ...]
    starts: str
    ends: str


@dataclass(frozen=True)
class Schedule:
    """No windows: all day. ``first_day`` and ``last_day`` are ISO dates, both
    included; None is open. A window that begins on the last day runs to its end."""

    windows: tuple[Window, ...] = ()
    first_day: str | None = None
    last_day: str | None = None


ALWAYS = Schedule()


class WindowBody(BaseModel):
    """Weekdays 0 (Monday) … 6, from ``HH:MM`` to ``HH:MM``; an end at or before the
    start is on the next day."""

    days: list[StrictInt]
    starts: StrictStr
    ends: StrictStr


class ScheduleBody(BaseModel):
    """When something holds, on the restaurant's wall clock; no windows means all
    day, no days (``YYYY-MM-DD``, both included) means for ever."""

    windows: list[WindowBody] = Field(default_factory=list)
    first_day: StrictStr | None = None
    last_day: StrictStr | None = None


def shape(schedule: Schedule) -> ScheduleBody:
    """The schedule as it is sent."""
    windows = [
        WindowBody(days=list(each.days), starts=each.starts, ends=each.ends)
        for each in schedule.windows
    ]
    return ScheduleBody(
        windows=windows, first_day=schedule.first_day, last_day=schedule.last_day
    )


def holds(schedule: Schedule, at: int, zone: str) -> bool:
    """Does the schedule hold at this moment (milliseconds) in this time zone?"""
    local = wall_clock(at, zone)
    minute = local.hour * 60 + local.minute
    today = local.date()
    if not schedule.windows:
        return _in_days(schedule, today)
    return any(
        _in_days(schedule, day) and day.weekday() in window.days
        for window in schedule.windows
        for day in _days_running(window, today, minute)
    )


def _days_running(window: Window, today: date, minute: int) -> Iterator[date]:
    """The days whose window is running at this minute of today."""
    starts, ends = minutes_of(window)
    if starts <= minute < ends:
        yield today
    if starts <= minute + MINUTES_PER_DAY < ends:
        yield today - timedelta(days=1)


@lru_cache(maxsize=_ANSWERS_KEPT)
def next_change(schedule: Schedule, at: int, zone: str) -> int | None:
    """The next moment at which the schedule may begin or cease to hold, or None."""
    tz = clock_of(zone)
    today = wall_clock(at, zone).date()
    edges = _edges(schedule, today, _DAYS_AHEAD, tz)
    return min((edge for edge in edges if edge > at), default=None)


@lru_cache(maxsize=_ANSWERS_KEPT)
def next_start(together: tuple[Schedule, ...], at: int, zone: str) -> int | None:
    """The next moment at which all of these hold when they do not yet; None when
    that never comes."""
    tz = clock_of(zone)
    first_days = [date.fromisoformat(s.first_day) for s in together if s.first_day]
    today = max([wall_clock(at, zone).date(), *first_days])
    if today.year >= YEARS[1]:
        return None
    edges = {
        edge
        for schedule in together
        for edge in _edges(schedule, today, _START_DAYS, tz)
        if edge > at
    }
    return next(
        (e for e in sorted(edges) if all(holds(s, e, zone) for s in together)), None
    )


def _edges(schedule: Schedule, today: date, days: int, zone: tzinfo) -> list[int]:
    """When the schedule may begin or cease to hold: where its days end, and where
    its windows do from yesterday on."""
    edges = [edge for day in _edge_days(schedule) for edge in _moments(day, 0, zone)]
    if not schedule.windows:
        return edges
    for day in (today + timedelta(days=ahead) for ahead in range(-1, days)):
        edges += _clock_changes(day, zone)
        for window in schedule.windows:
            if day.weekday() in window.days:
                edges += [e for m in minutes_of(window) for e in _moments(day, m, zone)]
    return edges


def clock_of(zone: str) -> tzinfo:
    """The time zone of this name, or UTC when this machine does not know it."""
    return zone_of(zone) or timezone.utc


def reached(day: date, minute: int, zone: tzinfo) -> int:
    """The moment (milliseconds) at which clocks first show so many minutes after
    this day's midnight, or more where they skip it."""
    wall = datetime.combine(day, time.min) + timedelta(minutes=minute)
    first, other = (
        int(wall.replace(tzinfo=zone, fold=fold).timestamp()) * 1000 for fold in (0, 1)
    )
    shown = datetime.fromtimestamp(first / 1000, zone).replace(tzinfo=None)
    return first if shown == wall else _clock_change(other, first, zone)


def minutes_of(window: Window | WindowBody) -> tuple[int, int]:
    """Start and end in minutes from the day's midnight; the end may be tomorrow."""
    starts, ends = minute_of(window.starts), minute_of(window.ends)
    return (starts, ends if ends > starts else ends + MINUTES_PER_DAY)


def overlap(one: Schedule, other: Schedule) -> bool:
    """Can both hold at once?"""
    if not _days_meet(one, other):
        return False
    if not one.windows or not other.windows:
        return True
    return any(
        _spans_meet(mine, theirs)
        for mine in _spans(one.windows)
        for theirs in _spans(other.windows)
    )


def overlaps_itself(schedule: Schedule) -> bool:
    """Do two windows of the schedule, or one on two days, run at the same time?"""
    spans = sorted(_spans(schedule.windows))
    if not spans:
        return False
    first_again = spans[0][0] + MINUTES_PER_WEEK, spans[0][1] + MINUTES_PER_WEEK
    return any(one[1] > other[0] for one, other in pairwise([*spans, first_again]))


def minute_of(text: str) -> int:
    """The minute of the day that ``HH:MM`` names; ValueError when it names none."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _in_days(schedule: Schedule, day: date) -> bool:
    iso = day.isoformat()
    return (schedule.first_day or iso) <= iso <= (schedule.last_day or iso)


def _edge_days(schedule: Schedule) -> list[date]:
    days = []
    if schedule.first_day:
        days.append(date.fromisoformat(schedule.first_day))
    if schedule.last_day and not schedule.windows and schedule.last_day < _LAST_DAY:
        days.append(date.fromisoformat(schedule.last_day) + timedelta(days=1))
    return days


def _moments(day: date, minute: int, zone: tzinfo) -> list[int]:
    """The moments in milliseconds at which clocks show this: two when the hour
    comes twice, and two around the change when the clocks skip it."""
    wall = datetime.combine(day, time.min, zone) + timedelta(minutes=minute)
    return [int(wall.replace(fold=fold).timestamp()) * 1000 for fold in (0, 1)]


def _clock_changes(day: date, zone: tzinfo) -> list[int]:
    """The moment of this day at which the clocks change, if they do."""
    low, high = _moments(day, 0, zone)[0], _moments(day, MINUTES_PER_DAY, zone)[0]
    if _offset(high, zone) == _offset(low, zone):
        return []
    return [_clock_change(low, high, zone)]


def _clock_change(low: int, high: int, zone: tzinfo) -> int:
    """The moment after ``low`` and up to ``high`` from which on clocks are as at
    ``high``."""
    before = _offset(low, zone)
    while high - low > 1000:
        middle = (low + high) // 2000 * 1000
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(at: int, zone: tzinfo) -> timedelta | None:
    return datetime.fromtimestamp(at / 1000, zone).utcoffset()


def _days_meet(one: Schedule, other: Schedule) -> bool:
    latest_first = max(one.first_day or "", other.first_day or "")
    last_days = [day for day in (one.last_day, other.last_day) if day]
    return not last_days or latest_first <= min(last_days)


def _spans(windows: tuple[Window, ...]) -> list[tuple[int, int]]:
    """(start, end) in minutes of the week; an end may lie in the next week."""
    found = []
    for window in windows:
        starts, ends = minutes_of(window)
        base = [day * MINUTES_PER_DAY for day in window.days]
        found += [(day + starts, day + ends) for day in base]
    return found


def _spans_meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    shifts = (-MINUTES_PER_WEEK, 0, MINUTES_PER_WEEK)
    return any(
        one[0] < other[1] + shift and other[0] + shift < one[1] for shift in shifts
    )
