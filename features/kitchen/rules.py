"""Which line may go where, what courses hold back, and how long an order may wait
for somebody to accept it. Pure.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from ...core import limits
from ...core.errors import Conflict, Forbidden, Refused, invalid
from ...core.times import rfc3339, rfc3339_or_none
from ...models import Flag, OrderStatus
from ..orders.models import LineStatus, OrderLine
from ..restaurants.models import Profile
from ..restaurants.models import Unaccepted as Policy
from .models import (
    UNDECIDED,
    BoardLineView,
    BoardModifierView,
    BoardOrderView,
    BoardView,
    CourseState,
    CourseView,
    KitchenLine,
    KitchenOrder,
    LinesChange,
    StationLoadView,
    StationShareView,
    Unaccepted,
)

S = LineStatus

#: From status to the statuses that may follow; what is held only waits when its
#: course is fired.
STEPS: dict[LineStatus, frozenset[LineStatus]] = {
    S.HELD: frozenset({S.WAITING}),
    S.WAITING: frozenset({S.COOKING, S.DONE}),
    S.COOKING: frozenset({S.WAITING, S.DONE}),
    S.DONE: frozenset({S.WAITING, S.COOKING}),
}
#: The last of the alerts: from now on nobody is expected to come any more.
LAST_LEVEL = len(limits.ALERT_PARTS)
#: Why an order ends that nobody accepted.
NOBODY_CAME = "unaccepted"

# --- courses -------------------------------------------------------------------


class _Served(Protocol):
    """Anything that belongs to a course."""

    @property
    def course(self) -> int | None: ...

    @property
    def status(self) -> str: ...


def course_of(line: _Served) -> int:
    """A line without a course belongs to the first."""
    return line.course or 1


def first_statuses(
    lines: Sequence[OrderLine], before: Sequence[OrderLine] = ()
) -> tuple[OrderLine, ...]:
    """Lines as they go to the kitchen: the lowest course waits to be cooked, later
    ones are held until somebody calls for them.

    ``before`` are lines that the order has already: what is added to it is held when
    its course comes after all that were called for.
    """
    called = [course_of(line) for line in before if line.status != S.HELD]
    first = max(called) if called else min(map(course_of, lines), default=1)
    return tuple(
        replace(
            line,
            status=(S.WAITING if course_of(line) <= first else S.HELD).value,
            started_at=None,
            done_at=None,
        )
        for line in lines
    )


def to_fire(lines: Sequence[OrderLine], course: int) -> list[OrderLine]:
    """The held lines of a course; none when it was fired already.

    Refused ``course.unknown`` when the order has no such course.
    """
    named = [line for line in lines if course_of(line) == course]
    if not named:
        known = sorted({course_of(line) for line in lines})
        raise Refused(
            "course.unknown",
            f"This order has no course {course}.",
            field="course",
            courses=known,
        )
    return [line for line in named if line.status == S.HELD]


def course_state(lines: Iterable[_Served]) -> CourseState:
    """How far one course is."""
    statuses = {line.status for line in lines}
    if S.HELD in statuses:
        return CourseState.HELD
    return CourseState.DONE if statuses == {S.DONE} else CourseState.FIRED


# --- lines ---------------------------------------------------------------------


def lines_to_move(
    lines: Sequence[OrderLine], change: LinesChange, own_stations: Collection[str]
) -> list[OrderLine]:
    """The lines that a request is about and that have another status still.

    ``own_stations``: those of the device that asks; empty means all. Lines that are
    held stay out of it when none was named. Refused ``line.unknown``,
    ``station.unknown``; Forbidden ``device.stations``; Conflict ``line.held``.
    """
    named = _named(lines, change, own_stations)
    held = [line for line in named if line.status == S.HELD]
    if held and (change.line_ids is not None or len(held) == len(named)):
        raise _is_held(held)
    return [line for line in named if line.status not in (S.HELD, change.status)]


def _named(
    lines: Sequence[OrderLine], change: LinesChange, own_stations: Collection[str]
) -> list[OrderLine]:
    named = list(lines)
    if change.line_ids is not None:
        named = _by_id(lines, change.line_ids)
    if change.station is not None:
        of_station = [line for line in named if line.station == change.station]
        is_odd = change.line_ids is not None and len(of_station) != len(named)
        if is_odd or not of_station:
            raise Refused(
                "station.unknown",
                f"These are no lines of the station {change.station}.",
                field="station",
            )
        named = of_station
    if not own_stations:
        return named
    own = [line for line in named if line.station in own_stations]
    asks_for_more = change.line_ids is not None or change.station is not None
    if not own or (asks_for_more and len(own) != len(named)):
        raise _foreign_station()
    return own


def _by_id(lines: Sequence[OrderLine], line_ids: Sequence[str]) -> list[OrderLine]:
    if not line_ids:
        raise invalid("line_ids", "line_ids names at least one line, or is left out.")
    unknown = set(line_ids) - {line.id for line in lines}
    if unknown:
        raise Refused("line.unknown", "This order has no such line.", field="line_ids")
    return [line for line in lines if line.id in set(line_ids)]


def to_finish(lines: Sequence[OrderLine]) -> list[OrderLine]:
    """The lines that are not done, of an order that is said to be. Conflict
    ``line.held`` while a course was not called for."""
    held = [line for line in lines if line.status == S.HELD]
    if held:
        raise _is_held(held)
    return [line for line in lines if line.status != S.DONE]


def is_done(lines: Iterable[_Served]) -> bool:
    """Is everything cooked? What is held is not."""
    return all(line.status == S.DONE for line in lines)


def moved(
    lines: Sequence[OrderLine], moves: Collection[OrderLine], status: LineStatus
) -> tuple[OrderLine, ...]:
    """All lines, those of ``moves`` with their new status."""
    ids = {line.id for line in moves}
    return tuple(
        replace(line, status=status.value) if line.id in ids else line for line in lines
    )


def stations_to_show(
    wanted: Sequence[str], own_stations: Collection[str]
) -> tuple[str, ...]:
    """The stations of a board; none means all. Forbidden ``device.stations`` when a
    device asks for others than its own."""
    if own_stations and not set(wanted) <= set(own_stations):
        raise _foreign_station()
    return tuple(dict.fromkeys(wanted or own_stations))


def _is_held(held: Sequence[OrderLine]) -> Conflict:
    courses = sorted({course_of(line) for line in held})
    return Conflict(
        "line.held",
        "These lines belong to a course that was not fired yet.",
        courses=courses,
    )


def _foreign_station() -> Forbidden:
    return Forbidden("device.stations", "This device is for other stations.")


# --- orders that nobody accepts --------------------------------------------------


class _Waiting(Protocol):
    """What an order says about when it should be looked at."""

    @property
    def paid_at(self) -> int | None: ...

    @property
    def created_at(self) -> int: ...

    @property
    def wanted_at(self) -> int | None: ...

    @property
    def pickup_at(self) -> int | None: ...

    @property
    def quoted_minutes(self) -> int | None: ...


def paid_since(order: _Waiting) -> int:
    """When its money was there, in milliseconds."""
    return order.paid_at or order.created_at


def counts_from(order: _Waiting, profile: Profile, opens_at: int | None) -> int:
    """From when on somebody should accept an order that was paid, in milliseconds.

    ``opens_at`` is the next opening when it was paid while closed. What is wanted
    later has time until it must be begun.
    """
    moments = [paid_since(order)]
    if opens_at is not None:
        moments.append(opens_at)
    wanted_at = order.wanted_at or order.pickup_at
    if wanted_at is not None:
        takes = order.quoted_minutes
        if takes is None:
            takes = profile.prep_minutes or 0
        minutes = takes + profile.accept_within_minutes
        moments.append(wanted_at - minutes * limits.MINUTE_MS)
    return max(moments)


def level_at(counts_from_at: int, profile: Profile, at: int) -> int:
    """How loud it is by now: 0, and one more as each part of the time has passed."""
    whole = profile.accept_within_minutes * limits.MINUTE_MS
    waited = (at - counts_from_at) * 100
    return sum(waited >= part * whole for part in limits.ALERT_PARTS)


def is_due(order: Unaccepted, profile: Profile, at: int) -> bool:
    """Is there something to say about an order, or to find out when there will be?"""
    starts_at = order.alert_from
    return starts_at is None or level_at(starts_at, profile, at) > order.alert_level


def accept_by(counts_from_at: int, profile: Profile) -> int:
    """When the time to accept an order is over."""
    return counts_from_at + profile.accept_within_minutes * limits.MINUTE_MS


def ends_by_itself(level: int, flags: Collection[Flag], profile: Profile) -> bool:
    """Is the order given up now? Never one that waits for somebody's decision."""
    is_last = level >= LAST_LEVEL
    return is_last and profile.unaccepted is Policy.CANCEL and not UNDECIDED & {*flags}


# --- the board -----------------------------------------------------------------


def board(
    orders: Sequence[tuple[KitchenOrder, int | None]],
    stations: Collection[str],
    at: int,
) -> BoardView:
    """The board of these stations (none: all). With each order its ``accept_by``."""
    shown = [line for order, _ in orders for line in _of(order.lines, stations)]
    return BoardView(
        at=rfc3339(at),
        stations=_loads(shown, stations),
        orders=[_order_view(order, by, stations, at) for order, by in orders],
    )


def _of(lines: Iterable[KitchenLine], stations: Collection[str]) -> list[KitchenLine]:
    return [line for line in lines if not stations or line.station in stations]


def _loads(
    lines: Sequence[KitchenLine], stations: Collection[str]
) -> list[StationLoadView]:
    counted = Counter((line.station, line.status) for line in lines)
    names = dict.fromkeys([*stations, *sorted({line.station for line in lines})])
    return [
        StationLoadView(
            name=name,
            waiting=counted[name, S.WAITING],
            cooking=counted[name, S.COOKING],
            done=counted[name, S.DONE],
        )
        for name in names
    ]


def _order_view(
    order: KitchenOrder, by: int | None, stations: Collection[str], at: int
) -> BoardOrderView:
    waits = order.status is OrderStatus.PAID
    return BoardOrderView(
        id=order.id,
        number=order.number,
        status=order.status.value,
        order_type=order.order_type.value,
        table=order.table_name,
        customer_name=order.customer_name,
        covers=order.covers,
        note=order.note,
        flags=list(order.flags),
        server_id=order.server_id,
        created_at=rfc3339(order.created_at),
        paid_at=rfc3339_or_none(order.paid_at),
        accepted_at=rfc3339_or_none(order.accepted_at),
        promised_at=rfc3339_or_none(order.promised_at),
        wanted_at=rfc3339_or_none(order.wanted_at or order.pickup_at),
        ready_at=rfc3339_or_none(order.ready_at),
        alert_level=order.alert_level if waits else 0,
        accept_by=rfc3339_or_none(by),
        is_late=order.due_at is not None and (order.ready_at or at) > order.due_at,
        rounds=order.rounds,
        courses=_courses(order.lines),
        stations=_shares(order.lines),
        lines=[_line_view(line) for line in _of(order.lines, stations)],
    )


def _courses(lines: Sequence[KitchenLine]) -> list[CourseView]:
    return [
        CourseView(
            course=course,
            state=course_state(line for line in lines if course_of(line) == course),
        )
        for course in sorted({course_of(line) for line in lines})
    ]


def _shares(lines: Sequence[KitchenLine]) -> list[StationShareView]:
    total = Counter(line.station for line in lines)
    done = Counter(line.station for line in lines if line.status is S.DONE)
    return [
        StationShareView(station=name, done=done[name], total=total[name])
        for name in dict.fromkeys(line.station for line in lines)
    ]


def _line_view(line: KitchenLine) -> BoardLineView:
    return BoardLineView(
        id=line.id,
        name=line.name,
        quantity=line.quantity,
        note=line.note,
        guest=line.guest,
        station=line.station,
        status=line.status,
        course=course_of(line),
        started_at=rfc3339_or_none(line.started_at),
        done_at=rfc3339_or_none(line.done_at),
        allergens=list(line.allergens),
        modifiers=[
            BoardModifierView(name=modifier.name, quantity=modifier.quantity)
            for modifier in line.modifiers
        ],
    )
