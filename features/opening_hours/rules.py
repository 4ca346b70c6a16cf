"""Reading the settings of opening: hours, special days, last orders, order types. Pure.

Nothing that is refused here changes anything: a restaurant goes on with the hours
that it had.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from ...core import fields, limits, schedules
from ...core.errors import Refused, invalid
from ...core.schedules import Schedule, Window
from ...core.text import text_fault
from ...models import OrderType
from ..restaurants.models import OpeningWindow, SpecialDay

_ANY_DAY = tuple(range(7))


def read_settings(sent: Mapping[str, Any]) -> dict[str, Any]:
    """The stored form of what was sent of these settings; types are right already,
    and nothing is null.

    Refused ``field.invalid`` or ``hours.overlap``, naming the field.
    """
    readers: dict[str, Callable[[Any], Any]] = {
        "order_types": _order_types,
        "opening_hours": _opening_hours,
        "special_days": _special_days,
        "last_order_minutes": _last_order_minutes,
    }
    return {name: read(sent[name]) for name, read in readers.items() if name in sent}


def _order_types(types: Sequence[OrderType]) -> list[OrderType]:
    if not types:
        raise invalid("order_types", "order_types must name at least one.")
    return _unlike("order_types", types)


def _unlike(field: str, types: Sequence[OrderType]) -> list[OrderType]:
    if len(set(types)) < len(types):
        raise invalid(field, f"{field} must name each order type once.")
    return [each for each in OrderType if each in types]


def _last_order_minutes(minutes: int) -> int:
    most = limits.LAST_ORDER_MINUTES_MAX
    if not 0 <= minutes <= most:
        raise invalid("last_order_minutes", f"last_order_minutes must be 0 to {most}.")
    return minutes


def _opening_hours(sent: Sequence[Mapping[str, Any]]) -> list[OpeningWindow]:
    field = "opening_hours"
    _check_count(field, sent, limits.OPENING_WINDOWS_MAX)
    windows = [
        _window(f"{field}.{n}", OpeningWindow(**each), True)
        for n, each in enumerate(sent)
    ]
    _check_overlap(field, windows)
    return windows


def _special_days(sent: Sequence[Mapping[str, Any]]) -> list[SpecialDay]:
    _check_count("special_days", sent, limits.SPECIAL_DAYS_MAX)
    days = [
        _special_day(f"special_days.{n}", SpecialDay(**each))
        for n, each in enumerate(sent)
    ]
    days.sort(key=lambda each: each.first_day)
    for one, other in pairwise(days):
        if other.first_day <= one.last_day:
            raise Refused(
                "hours.overlap",
                f"Two special_days share the day {other.first_day}.",
                field="special_days",
            )
    return days


def _special_day(path: str, sent: SpecialDay) -> SpecialDay:
    first = _day(f"{path}.first_day", sent.first_day)
    last = _day(f"{path}.last_day", sent.last_day)
    span = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    if not 1 <= span <= limits.SPECIAL_DAYS_SPAN_MAX:
        most = limits.SPECIAL_DAYS_SPAN_MAX
        raise invalid(
            f"{path}.last_day",
            f"{path}.last_day must be first_day or up to {most} days from there.",
        )
    if fault := text_fault(sent.name, limits.NAME_MAX):
        raise Refused("text.invalid", f"{path}.name {fault}", field=f"{path}.name")
    field = f"{path}.windows"
    _check_count(field, sent.windows, limits.SPECIAL_WINDOWS_MAX)
    windows = [
        _window(f"{field}.{n}", each, False) for n, each in enumerate(sent.windows)
    ]
    # Windows of a single day meet there only; else each day's may meet the next's.
    days = (0,) if span == 1 else _ANY_DAY
    _check_overlap(field, [each.copy(update={"days": days}) for each in windows])
    return SpecialDay(
        first_day=first, last_day=last, name=sent.name.strip(), windows=windows
    )


def _day(path: str, value: str) -> str:
    try:
        return fields.day(value)
    except ValueError as error:
        raise invalid(path, f"{path} {error}.") from error


def _window(path: str, sent: OpeningWindow, has_days: bool) -> OpeningWindow:
    try:
        return OpeningWindow(
            days=list(fields.weekdays(sent.days)) if has_days else [],
            starts=fields.clock(sent.starts),
            ends=fields.clock(sent.ends),
            order_types=_unlike(f"{path}.order_types", sent.order_types),
        )
    except ValueError as error:
        raise invalid(path, f"{path} {error}.") from error


def _check_count(path: str, sent: Sequence[Any], most: int) -> None:
    if len(sent) > most:
        raise invalid(path, f"{path} may have at most {most} entries.")


def _check_overlap(path: str, windows: Sequence[OpeningWindow]) -> None:
    """No order type has hours that overlap, also over midnight and Sunday night."""
    for order_type in OrderType:
        own = tuple(
            Window(tuple(each.days), each.starts, each.ends)
            for each in windows
            if not each.order_types or order_type in each.order_types
        )
        if schedules.overlaps_itself(Schedule(own)):
            raise Refused(
                "hours.overlap", f"{path} has hours that overlap.", field=path
            )
