"""When an order is wanted, and how long it takes.

open hours → slots → what is taken of them → room; the kitchen's load → minutes.
Whoever counts for a new order holds the restaurant's lock.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..core import limits
from ..core.errors import Conflict
from ..core.times import rfc3339_or_none
from ..crud import Conn, read
from ..features.journal.models import Entry
from ..features.opening import rules as opening
from ..features.orders import crud as orders
from ..features.restaurants.models import (
    Busy,
    Restaurant,
    RestaurantView,
    SlotRule,
)
from ..features.slots import rules
from ..features.slots.models import (
    Amount,
    AsapView,
    BusyChange,
    Pace,
    Slot,
    SlotsView,
    SlotView,
    Taken,
    Timing,
)
from ..models import Actor, OrderType
from .managing import set_for_now
from .menus import menu_snapshot

#: What is wanted from the first moment on and before the other.
Counting = Callable[[int, int], Awaitable[list[Taken]]]

#: (looked at, orders in the kitchen) by restaurant, for quotes.
_loads: OrderedDict[str, tuple[int, int]] = OrderedDict()


@dataclass(frozen=True)
class _Wish:
    """What is to be ready, and when; ``pickup_at`` None: as soon as can be."""

    order_type: OrderType
    pickup_at: int | None
    amount: Amount
    is_staff: bool
    at: int


# --- an order's times --------------------------------------------------------------


async def timing_of(
    conn: Conn,
    restaurant: Restaurant,
    order_type: OrderType,
    pickup_at: int | None,
    items: int,
    value_minor: int | None,
    is_staff: bool,
    at: int,
) -> Timing:
    """When a new order is wanted and how long it takes, counted under the
    restaurant's lock. ``value_minor`` is in the restaurant's currency, None when the
    bill is in another.

    Refused ``slot.past``, ``slot.far`` or ``slot.unknown``, Conflict ``slot.full``
    with free ``slots``. Staff know what fits.
    """
    load = 0
    if rules.needs_load(restaurant):
        load = await _count_load(conn, restaurant, at)

    async def count(first_at: int, until: int) -> list[Taken]:
        return await _taken(conn, restaurant, order_type, first_at, until)

    amount = Amount(1, items, value_minor or 0)
    wish = _Wish(order_type, pickup_at, amount, is_staff, at)
    return await _timing(restaurant, wish, load, count)


async def quick_timing(
    restaurant: Restaurant,
    order_type: OrderType,
    pickup_at: int | None,
    at: int,
    *,
    items: int = 1,
    value_minor: int | None = None,
    is_staff: bool = False,
) -> Timing:
    """The same for quotes, and before an invoice is made: the kitchen's load is a few
    seconds old. Not for use inside a transaction."""
    load = await _recent_load(restaurant, at)
    amount = Amount(1, items, value_minor or 0)
    wish = _Wish(order_type, pickup_at, amount, is_staff, at)
    return await _timing(restaurant, wish, load, _counting(restaurant, order_type))


def _counting(restaurant: Restaurant, order_type: OrderType) -> Counting:
    async def count(first_at: int, until: int) -> list[Taken]:
        async with read() as conn:
            return await _taken(conn, restaurant, order_type, first_at, until)

    return count


async def _timing(
    restaurant: Restaurant, wish: _Wish, load: int, count: Counting
) -> Timing:
    pace = rules.pace(restaurant, load, wish.at)
    if wish.pickup_at is None:
        return await _for_now(restaurant, wish, pace, count)
    await _check_pickup(restaurant, wish, wish.pickup_at, pace, count)
    return Timing(wanted_at=wish.pickup_at)


async def _check_pickup(
    restaurant: Restaurant, wish: _Wish, pickup_at: int, pace: Pace, count: Counting
) -> None:
    """May an order be wanted then, and is there room for this one?"""
    rule = rules.rule_of(restaurant, wish.order_type)
    extra, is_staff, timezone = pace.extra_minutes, wish.is_staff, restaurant.timezone
    rules.check_pickup_time(
        rule, pickup_at, wish.at, extra, timezone, is_staff=is_staff
    )
    day = rules.day_of(pickup_at, timezone)
    if rule is None:
        if not is_staff:
            windows = opening.open_windows(restaurant, wish.order_type, day, 1)
            rules.check_in_windows(windows, pickup_at)
        return
    slots = _slots(restaurant, rule, day, 2)
    place = rules.slot_at(slots, pickup_at)
    if is_staff or not rules.has_limits(rule):
        return
    later = slots[place:]
    if not await _fits(restaurant, rule, later, wish, count):
        taken = await _sums(later, len(later), count)
        raise rules.full(_free(restaurant, rule, wish, pace, later, taken))


async def _for_now(
    restaurant: Restaurant, wish: _Wish, pace: Pace, count: Counting
) -> Timing:
    """As the kitchen is, or at the next slot of these hours that has room."""
    rule = rules.rule_of(restaurant, wish.order_type)
    if rule is None:
        return rules.for_now(pace, wish.at)
    ready_at = rules.ready_at(pace, wish.at)
    if wish.is_staff or not rules.has_limits(rule):
        return rules.for_now(pace, wish.at, ready_at)
    day = rules.day_of(wish.at, restaurant.timezone)
    slots = _slots(restaurant, rule, day, 2)
    place = rules.slot_around(slots, ready_at)
    later = [] if place is None else slots[place:]
    if not later or await _fits(restaurant, rule, later, wish, count):
        return rules.for_now(pace, wish.at, ready_at)
    taken = await _sums(later, len(later), count)
    wanted_at = rules.next_room(
        rule, restaurant.currency, later, taken, wish.amount, ready_at
    )
    if wanted_at is None:
        raise rules.full(_free(restaurant, rule, wish, pace, later, taken))
    return rules.for_now(pace, wish.at, wanted_at)


async def _fits(
    restaurant: Restaurant,
    rule: SlotRule,
    slots: list[Slot],
    wish: _Wish,
    count: Counting,
) -> bool:
    """Is there room in the first of these?"""
    [taken] = await _sums(slots, 1, count)
    return rules.has_room(rule, restaurant.currency, taken, wish.amount)


async def _sums(slots: list[Slot], number: int, count: Counting) -> list[Amount]:
    """What is taken of the first so many; the one after them says where they end."""
    is_last = number >= len(slots)
    until = slots[-1].closes_at + limits.DAY_MS if is_last else slots[number].starts_at
    return rules.sums(slots[:number], await count(slots[0].starts_at, until))


def _free(
    restaurant: Restaurant,
    rule: SlotRule,
    wish: _Wish,
    pace: Pace,
    slots: list[Slot],
    taken: list[Amount],
) -> list[Slot]:
    """The next few slots with room for this order."""
    room = {
        slot
        for slot, amount in zip(slots, taken, strict=True)
        if rules.has_room(rule, restaurant.currency, amount, wish.amount)
    }
    chosen = _to_choose(restaurant, rule, slots, wish.at, pace)
    return [slot for slot in chosen if slot in room][: limits.SLOTS_SUGGESTED_MAX]


def _to_choose(
    restaurant: Restaurant, rule: SlotRule, slots: list[Slot], at: int, pace: Pace
) -> list[Slot]:
    if not restaurant.is_open or rule.order_type not in restaurant.order_types:
        return []
    extra, pause = pace.extra_minutes, restaurant.pause
    return rules.to_choose(slots, rule, restaurant.timezone, at, extra, pause)


def _slots(
    restaurant: Restaurant, rule: SlotRule, first_day: date, days: int
) -> list[Slot]:
    """The slots of these days, with those of the evening before and the day after, so
    that what counts in one of these is never counted in its neighbour."""
    windows = opening.open_windows(
        restaurant, rule.order_type, first_day - timedelta(days=1), days + 2
    )
    return rules.slots_of(
        rule, windows, restaurant.timezone, restaurant.last_order_minutes
    )


async def _taken(
    conn: Conn,
    restaurant: Restaurant,
    order_type: OrderType,
    first_at: int,
    until: int,
) -> list[Taken]:
    rows = await orders.wanted_between(
        conn, restaurant.id, order_type, restaurant.currency, first_at, until
    )
    return [Taken(wanted_at, Amount(*amount)) for wanted_at, *amount in rows]


# --- how much there is to do ----------------------------------------------------


async def _count_load(conn: Conn, restaurant: Restaurant, at: int) -> int:
    return await orders.count_in_kitchen(conn, restaurant.id, at + limits.LOAD_AHEAD_MS)


async def _recent_load(restaurant: Restaurant, at: int) -> int:
    """The same, as it was a few seconds ago at most."""
    if not rules.needs_load(restaurant):
        return 0
    looked_at, load = _loads.get(restaurant.id, (None, 0))
    if looked_at is not None and 0 <= at - looked_at <= limits.LOAD_RECHECK_MS:
        return load
    async with read() as conn:
        load = await _count_load(conn, restaurant, at)
    _loads[restaurant.id] = at, load
    _loads.move_to_end(restaurant.id)
    while len(_loads) > limits.LOADS_KEPT_MAX:
        _loads.popitem(last=False)
    return load


# --- what there is to choose from -----------------------------------------------


async def show_slots(
    id_or_slug: str, order_type: OrderType, day_text: str | None, at: int
) -> SlotsView:
    """The times that a guest may choose from, for everybody; an empty ``day_text``
    is the first day that has some. NotFound ``restaurant.unknown``, Refused for a
    day that is none."""
    asked = rules.read_day(day_text)
    restaurant = (await menu_snapshot(id_or_slug, at)).restaurant
    timezone = restaurant.timezone
    pace = rules.pace(restaurant, await _recent_load(restaurant, at), at)
    rule = rules.rule_of(restaurant, order_type)
    ahead: list[Slot] = []
    slots: list[Slot] = []
    if rule is not None:
        today = rules.day_of(at, timezone)
        ahead = _slots(restaurant, rule, today, rule.days_ahead + 1)
        slots = _to_choose(restaurant, rule, ahead, at, pace)
    days = rules.days_of(slots, timezone)
    day = asked or (days[0] if days else rules.day_of(at, timezone))
    shown = [slot for slot in slots if rules.day_of(slot.starts_at, timezone) == day]
    return SlotsView(
        order_type=order_type.value,
        timezone=timezone,
        day=day.isoformat(),
        days=[each.isoformat() for each in days],
        asap=await _asap(restaurant, order_type, pace, at),
        data=await _views(restaurant, rule, ahead, shown),
    )


async def _views(
    restaurant: Restaurant,
    rule: SlotRule | None,
    ahead: list[Slot],
    shown: list[Slot],
) -> list[SlotView]:
    if rule is None or not shown:
        return []
    taken = [Amount()] * len(shown)
    if rules.has_limits(rule):
        later = ahead[ahead.index(shown[0]) :]
        counting = _counting(restaurant, rule.order_type)
        taken = await _sums(later, len(shown), counting)
    return [
        rules.slot_view(rule, restaurant.currency, slot, amount)
        for slot, amount in zip(shown, taken, strict=True)
    ]


async def _asap(
    restaurant: Restaurant, order_type: OrderType, pace: Pace, at: int
) -> AsapView:
    is_open = opening.opening_at(restaurant, order_type, at).is_open
    timing: Timing | None = None
    if is_open and order_type in restaurant.order_types:
        wish = _Wish(order_type, None, rules.ANY_ORDER, False, at)
        try:
            counting = _counting(restaurant, order_type)
            timing = await _for_now(restaurant, wish, pace, counting)
        except Conflict:  # there is no room before closing
            timing = None
    return rules.asap_view(pace, timing)


# --- busy by hand ---------------------------------------------------------------


async def set_busy(
    restaurant_id: str, body: BusyChange, actor: Actor, at: int
) -> RestaurantView:
    """Orders take so much longer from now on; the same again changes nothing."""
    return await _change_busy(restaurant_id, rules.read_busy(body, at), actor, at)


async def end_busy(restaurant_id: str, actor: Actor, at: int) -> RestaurantView:
    """Orders take as long as usual again; also when they did already."""
    return await _change_busy(restaurant_id, None, actor, at)


async def _change_busy(
    restaurant_id: str, busy: Busy | None, actor: Actor, at: int
) -> RestaurantView:
    def change(old: Restaurant) -> tuple[dict[str, Any], list[Entry]] | None:
        if busy == old.busy:
            return None
        entries = []
        if busy:
            told = {
                "extra_minutes": busy.extra_minutes,
                "until": rfc3339_or_none(busy.until),
            }
            entries = [Entry("restaurant.busy", actor, payload=told)]
        elif rules.running(old.busy, at):
            entries = [Entry("restaurant.not_busy", actor)]
        return {"busy": busy}, entries

    return await set_for_now(restaurant_id, change, actor, at)
