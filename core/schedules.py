"""When something holds: hours of the week, within days of the calendar. Pure.

Everything is read on the restaurant's wall clock, so a happy hour from 17:00 to
19:00 begins at 17:00 before and after the clocks change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, StrictInt, StrictStr

MINUTES_PER_DAY = 24 * 60
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
#: Every edge of a weekly schedule comes again within so many days.
_DAYS_AHEAD = 8


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
    local = datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
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
    starts, ends = _minutes(window)
    if starts <= minute < ends:
        yield today
    if starts <= minute + MINUTES_PER_DAY < ends:
        yield today - timedelta(days=1)


def next_change(schedule: Schedule, at: int, zone: str) -> int | None:
    """The next moment at which the schedule may begin or cease to hold, or None."""
    tz = ZoneInfo(zone)
    today = datetime.fromtimestamp(at / 1000, tz).date()
    week = [today + timedelta(days=ahead) for ahead in range(-1, _DAYS_AHEAD)]
    edges = [edge for day in _edge_days(schedule) for edge in _moments(day, 0, tz)]
    for day in week if schedule.windows else ():
        edges += _clock_changes(day, tz)
        for window in schedule.windows:
            if day.weekday() in window.days:
                edges += [e for m in _minutes(window) for e in _moments(day, m, tz)]
    return min((edge for edge in edges if edge > at), default=None)


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
    pairs = [(a, b) for i, a in enumerate(spans) for b in spans[i + 1 :]]
    return any(_spans_meet(a, b) for a, b in pairs)


def _minutes(window: Window) -> tuple[int, int]:
    """Start and end in minutes from the day's midnight; the end may be tomorrow."""
    starts, ends = _clock(window.starts), _clock(window.ends)
    return (starts, ends if ends > starts else ends + MINUTES_PER_DAY)


def _clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _in_days(schedule: Schedule, day: date) -> bool:
    iso = day.isoformat()
    return (schedule.first_day or iso) <= iso <= (schedule.last_day or iso)


def _edge_days(schedule: Schedule) -> list[date]:
    days = []
    if schedule.first_day:
        days.append(date.fromisoformat(schedule.first_day))
    if schedule.last_day and not schedule.windows:
        days.append(date.fromisoformat(schedule.last_day) + timedelta(days=1))
    return days


def _moments(day: date, minute: int, zone: ZoneInfo) -> list[int]:
    """The moments in milliseconds at which clocks show this: two when the hour
    comes twice, and two around the change when the clocks skip it."""
    wall = datetime.combine(day, time.min, zone) + timedelta(minutes=minute)
    return [int(wall.replace(fold=fold).timestamp()) * 1000 for fold in (0, 1)]


def _clock_changes(day: date, zone: ZoneInfo) -> list[int]:
    """The moment of this day at which the clocks change, if they do."""
    low, high = _moments(day, 0, zone)[0], _moments(day, MINUTES_PER_DAY, zone)[0]
    before = _offset(low, zone)
    if _offset(high, zone) == before:
        return []
    while high - low > 1000:
        middle = (low + high) // 2000 * 1000
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return [high]


def _offset(at: int, zone: ZoneInfo) -> timedelta | None:
    return datetime.fromtimestamp(at / 1000, zone).utcoffset()


def _days_meet(one: Schedule, other: Schedule) -> bool:
    latest_first = max(one.first_day or "", other.first_day or "")
    last_days = [day for day in (one.last_day, other.last_day) if day]
    return not last_days or latest_first <= min(last_days)


def _spans(windows: tuple[Window, ...]) -> list[tuple[int, int]]:
    """(start, end) in minutes of the week; an end may lie in the next week."""
    found = []
    for window in windows:
        starts, ends = _minutes(window)
        base = [day * MINUTES_PER_DAY for day in window.days]
        found += [(day + starts, day + ends) for day in base]
    return found


def _spans_meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    shifts = (-MINUTES_PER_WEEK, 0, MINUTES_PER_WEEK)
    return any(
        one[0] < other[1] + shift and other[0] + shift < one[1] for shift in shifts
    )
