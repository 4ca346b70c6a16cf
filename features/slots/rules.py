"""Which times there are to choose from, which have room, how long orders take. Pure.

Everything is read on the restaurant's wall clock: slots every 20 minutes begin at 0,
20 and 40 past, before and after the clocks change.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo

from ...core import fields, limits
from ...core.errors import Conflict, Refused, invalid
from ...core.money import to_minor
from ...core.schedules import clock_of, reached
from ...core.times import rfc3339, rfc3339_or_none, wall_clock
from ...models import OrderType
from ..restaurants.models import Busy, Pause, Profile, SlotRule
from .models import (
    Amount,
    AsapView,
    BusyChange,
    Pace,
    Slot,
    SlotView,
    Span,
    Taken,
    Timing,
)

#: Somebody's order of the smallest kind: has a slot room for anything at all?
ANY_ORDER = Amount(1, 1, 1)
#: The clocks of no place are turned by more.
_CLOCK_TURN = timedelta(hours=3)


# --- which slots there are -----------------------------------------------------


def rule_of(profile: Profile, order_type: OrderType) -> SlotRule | None:
    """How times for such orders are cut; None: any open moment will do."""
    return next((r for r in profile.slots if r.order_type is order_type), None)


def slots_of(
    rule: SlotRule, windows: Iterable[Span], timezone: str, last_order_minutes: int
) -> list[Slot]:
    """The slots of these open windows, oldest first.

    Each window begins a new row of slots; nothing begins when last orders are over.
    An hour that comes twice has its slots twice, one that the clocks skip has none.
    """
    found = []
    for closes_at, (begins_at, ends_at) in _days_apart(windows, clock_of(timezone)):
        starts = _steps(begins_at, ends_at, rule.minutes, timezone)
        latest = closes_at - last_order_minutes * limits.MINUTE_MS
        for starts_at, until in zip(starts, [*starts[1:], ends_at], strict=True):
            if starts_at < latest:
                found.append(Slot(starts_at, until, closes_at))
    return found


def _days_apart(windows: Iterable[Span], zone: tzinfo) -> Iterator[tuple[int, Span]]:
    """The windows in order, each with when it closes; who never closes begins anew at
    midnight, so that a slot does not depend on the day from which on one looks."""
    for starts_at, ends_at in sorted(windows):
        while ends_at - starts_at > limits.DAY_MS + limits.HOUR_MS:
            today = datetime.fromtimestamp(starts_at / 1000, zone).date()
            midnight = reached(today + timedelta(days=1), 0, zone)
            yield ends_at, (starts_at, midnight)
            starts_at = midnight
        if starts_at < ends_at:
            yield ends_at, (starts_at, ends_at)


def _steps(starts_at: int, ends_at: int, minutes: int, timezone: str) -> list[int]:
    """Every so many minutes on the wall clock from the start to before the end."""
    first, last = wall_clock(starts_at, timezone), wall_clock(ends_at, timezone)
    if first.utcoffset() == last.utcoffset():
        return list(range(starts_at, ends_at, minutes * limits.MINUTE_MS))
    wall, found = first.replace(tzinfo=None, fold=0), set[int]()
    while wall <= last.replace(tzinfo=None) + _CLOCK_TURN:
        found |= {at for at in _moments(wall, timezone) if starts_at <= at < ends_at}
        wall += timedelta(minutes=minutes)
    return sorted(found)


def _moments(wall: datetime, timezone: str) -> Iterator[int]:
    """The moments at which clocks show this: none, one or two."""
    for fold in (0, 1):
        local = wall.replace(tzinfo=clock_of(timezone), fold=fold)
        at = round(local.timestamp() * 1000)
        if wall_clock(at, timezone).replace(tzinfo=None, fold=0) == wall:
            yield at


def day_of(at: int, timezone: str) -> date:
    """The calendar's day there."""
    return wall_clock(at, timezone).date()


def to_choose(
    slots: Iterable[Slot],
    rule: SlotRule,
    timezone: str,
    at: int,
    extra_minutes: int,
    pause: Pause | None = None,
) -> list[Slot]:
    """Those that a guest may still ask for; none that begins during a pause."""
    earliest = at + (rule.lead_minutes + extra_minutes) * limits.MINUTE_MS
    if pause and (pause.until is None or at < pause.until):
        if pause.until is None:
            return []
        earliest = max(earliest, pause.until)
    too_far = day_of(at, timezone) + timedelta(days=rule.days_ahead + 1)
    until = reached(too_far, 0, clock_of(timezone))
    return [slot for slot in slots if earliest <= slot.starts_at < until]


def days_of(slots: Iterable[Slot], timezone: str) -> list[date]:
    """The days on which these begin."""
    zone, found, tomorrow = clock_of(timezone), list[date](), 0
    for slot in slots:
        if slot.starts_at >= tomorrow:
            found.append(day_of(slot.starts_at, timezone))
            tomorrow = reached(found[-1] + timedelta(days=1), 0, zone)
    return found


# --- a time that somebody asks for -----------------------------------------------


def check_pickup_time(
    rule: SlotRule | None,
    pickup_at: int,
    at: int,
    extra_minutes: int,
    timezone: str,
    *,
    is_staff: bool,
) -> None:
    """Refused ``slot.past`` when that is sooner than an order may be wanted,
    ``slot.far`` when later. Staff know what the kitchen can do."""
    lead_minutes = rule.lead_minutes + extra_minutes if rule and not is_staff else 0
    if pickup_at < at + lead_minutes * limits.MINUTE_MS:
        raise Refused(
            "slot.past",
            "This time is too soon. Please choose a later one."
            if pickup_at >= at
            else "This time is over. Please choose a later one.",
            field="pickup_at",
        )
    days = rule.days_ahead if rule else limits.SLOT_DAYS_AHEAD_MAX
    if day_of(pickup_at, timezone) > day_of(at, timezone) + timedelta(days=days):
        raise Refused(
            "slot.far",
            f"Orders are taken up to {days} days ahead.",
            field="pickup_at",
        )


def unknown_slot() -> Refused:
    return Refused(
        "slot.unknown",
        "There is nothing to order for this time. Please choose one of those shown.",
        field="pickup_at",
    )


def check_in_windows(windows: Iterable[Span], pickup_at: int) -> None:
    """Refused ``slot.unknown`` when nobody is there then."""
    if not any(starts_at <= pickup_at < ends_at for starts_at, ends_at in windows):
        raise unknown_slot()


def slot_at(slots: Sequence[Slot], starts_at: int) -> int:
    """The place of the slot that begins then; Refused ``slot.unknown``."""
    place = slot_around(slots, starts_at)
    if place is None or slots[place].starts_at != starts_at:
        raise unknown_slot()
    return place


def slot_around(slots: Sequence[Slot], at: int) -> int | None:
    """The place of the slot in which something counts that is wanted then; None
    before the first."""
    place = bisect_right(slots, at, key=lambda slot: slot.starts_at) - 1
    return place if place >= 0 else None


# --- room ------------------------------------------------------------------------


def has_limits(rule: SlotRule) -> bool:
    return not (rule.orders is None and rule.items is None and rule.value is None)


def sums(slots: Sequence[Slot], taken: Iterable[Taken]) -> list[Amount]:
    """What is taken of each slot. ``slots`` leaves out none between two of them."""
    found = [Amount()] * len(slots)
    for each in taken:
        place = slot_around(slots, each.wanted_at)
        if place is not None:
            found[place] = found[place].plus(each.amount)
    return found


def has_room(rule: SlotRule, currency: str, taken: Amount, order: Amount) -> bool:
    """Does the order fit into a slot of which so much is taken?"""
    after = taken.plus(order)
    value = None if rule.value is None else to_minor(rule.value, currency)
    most = (rule.orders, rule.items, value)
    return all(
        limit is None or amount <= limit
        for limit, amount in zip(most, after, strict=True)
    )


def next_room(
    rule: SlotRule,
    currency: str,
    slots: Sequence[Slot],
    taken: Sequence[Amount],
    order: Amount,
    wanted_at: int,
) -> int | None:
    """When an order for now can be ready that would be at ``wanted_at``: then, or at
    the next slot with room before closing; None: not today."""
    place = slot_around(slots, wanted_at)
    if place is None or has_room(rule, currency, taken[place], order):
        return wanted_at
    for slot, amount in zip(slots[place + 1 :], taken[place + 1 :], strict=True):
        if slot.starts_at >= slots[place].closes_at:
            return None
        if has_room(rule, currency, amount, order):
            return slot.starts_at
    return None


def full(free: Iterable[Slot]) -> Conflict:
    """The error for a slot without room, with some that have it."""
    shown = [
        {"starts_at": rfc3339(slot.starts_at), "ends_at": rfc3339(slot.ends_at)}
        for slot in free
    ]
    return Conflict(
        "slot.full",
        "There is no room left for this order then. "
        + ("Please choose another time." if shown else "Please ask the staff."),
        slots=shown,
    )


# --- how long it takes -------------------------------------------------------------


def needs_load(profile: Profile) -> bool:
    """Does it matter how many orders are in the kitchen?"""
    return bool(profile.prep_by_load) or profile.busy_from_orders is not None


def pace(profile: Profile, load: int, at: int) -> Pace:
    """How long an order takes with so many in the kitchen before it.

    Busy by hand and by load at once: the longer of the two.
    """
    minutes = profile.prep_minutes
    for step in profile.prep_by_load:
        if load >= step.from_orders:
            minutes = step.minutes
    by_hand = running(profile.busy, at)
    extra = by_hand.extra_minutes if by_hand else 0
    most = profile.busy_from_orders
    if most is not None and load >= most:
        extra = max(extra, profile.busy_extra_minutes)
    if minutes is None and not extra:
        return Pace(None, 0)
    return Pace((minutes or 0) + extra, extra)


def running(busy: Busy | None, at: int) -> Busy | None:
    """What was said by hand, while it holds."""
    if busy is None or (busy.until is not None and at >= busy.until):
        return None
    return busy


def ready_at(pace: Pace, at: int) -> int:
    """When an order for now is ready; at once when nothing is known."""
    return at + (pace.quoted_minutes or 0) * limits.MINUTE_MS


def for_now(pace: Pace, at: int, wanted_at: int | None = None) -> Timing:
    """The times of an order for now; ``wanted_at`` where times are cut into slots."""
    by_pace = ready_at(pace, at)
    if wanted_at is None and pace.quoted_minutes is not None:
        wanted_at = by_pace
    if wanted_at is None or wanted_at == by_pace:
        return Timing(wanted_at, pace.quoted_minutes, pace.is_busy)
    minutes = -(-(wanted_at - at) // limits.MINUTE_MS)
    return Timing(wanted_at, minutes, pace.is_busy)


def read_busy(body: BusyChange, at: int) -> Busy:
    """What being busy by hand is to be; Refused names the wrong field."""
    if not 1 <= body.extra_minutes <= limits.PREP_MINUTES_MAX:
        raise invalid(
            "extra_minutes",
            f"extra_minutes must be from 1 to {limits.PREP_MINUTES_MAX}.",
        )
    ends_at = fields.ends_at(body.minutes, body.until, at, limits.BUSY_MINUTES_MAX)
    return Busy(extra_minutes=body.extra_minutes, until=ends_at)


# --- shapes ------------------------------------------------------------------------


def read_day(text: str | None) -> date | None:
    """The day that was asked for; None: whichever comes first."""
    if text is None:
        return None
    try:
        return date.fromisoformat(fields.day(text))
    except ValueError as error:
        raise invalid("day", f"day {error}.") from error


def asap_view(pace: Pace, timing: Timing | None) -> AsapView:
    """What an order for now is told; None: none is taken."""
    is_promised = timing is not None and timing.quoted_minutes is not None
    return AsapView(
        is_open=timing is not None,
        quoted_minutes=timing.quoted_minutes if timing else None,
        ready_at=rfc3339_or_none(timing.wanted_at if timing and is_promised else None),
        is_busy=pace.is_busy,
    )


def slot_view(rule: SlotRule, currency: str, slot: Slot, taken: Amount) -> SlotView:
    left = None if rule.orders is None else max(0, rule.orders - taken.orders)
    return SlotView(
        starts_at=rfc3339(slot.starts_at),
        ends_at=rfc3339(slot.ends_at),
        is_free=has_room(rule, currency, taken, ANY_ORDER),
        orders_left=left,
    )
