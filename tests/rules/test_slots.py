"""Slots over DST and midnight, the room in them, how long orders take."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_restaurant
from restaurant.core import limits
from restaurant.core.errors import RestaurantError
from restaurant.core.times import wall_clock
from restaurant.features.opening import rules as opening
from restaurant.features.restaurants.models import (
    Busy,
    LoadStep,
    OpeningWindow,
    Pause,
    SlotRule,
)
from restaurant.features.slots import rules
from restaurant.features.slots.models import (
    Amount,
    BusyChange,
    Pace,
    Slot,
    Taken,
    Timing,
)
from restaurant.models import OrderType

MINUTE = 60_000
HOUR = 60 * MINUTE
BERLIN = "Europe/Berlin"
EVERY_DAY = list(range(7))
ZONES = (
    *("UTC", BERLIN, "America/New_York", "America/Guatemala", "Asia/Kathmandu"),
    *("Australia/Lord_Howe", "Africa/Casablanca", "America/St_Johns"),
)


def at(wall: str, zone: str = BERLIN, fold: int = 0) -> int:
    """The moment of a wall clock; ``fold`` 1 is the second of two alike."""
    moment = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(moment.timestamp() * 1000)


def a_rule(**changes: Any) -> SlotRule:
    values: dict[str, Any] = {"order_type": OrderType.PICKUP, "minutes": 30}
    return SlotRule(**{**values, "lead_minutes": 0, **changes})


def starts(
    minutes: int, begins: str, ends: str, last_order_minutes: int = 0
) -> list[str]:
    """What clocks in Berlin show at the starts of a window's slots."""
    window = (at(begins), at(ends))
    slots = rules.slots_of(
        a_rule(minutes=minutes), [window], BERLIN, last_order_minutes
    )
    return [f"{wall_clock(slot.starts_at, BERLIN):%H:%M%z}"[:-2] for slot in slots]


# --- where slots begin -------------------------------------------------------------


def test_slots_begin_with_the_hours_and_end_before_them():
    expected = ["17:10+02", "17:40+02", "18:10+02"]
    assert starts(30, "2026-09-21T17:10", "2026-09-21T18:40") == expected


def test_the_last_slot_is_as_short_as_the_hours_leave_it():
    window = (at("2026-09-21T17:00"), at("2026-09-21T17:50"))
    slots = rules.slots_of(a_rule(), [window], BERLIN, 0)
    assert [slot.ends_at - slot.starts_at for slot in slots] == [30 * MINUTE] * 1 + [
        20 * MINUTE
    ]
    assert {slot.closes_at for slot in slots} == {window[1]}


@pytest.mark.parametrize(
    ("last_order_minutes", "expected"),
    [
        (0, ["21:00+02", "21:30+02"]),
        (29, ["21:00+02", "21:30+02"]),
        (30, ["21:00+02"]),
        (60, []),
        (720, []),
    ],
)
def test_nothing_begins_when_last_orders_are_over(last_order_minutes, expected):
    hours = ("2026-09-21T21:00", "2026-09-21T22:00")
    assert starts(30, *hours, last_order_minutes) == expected


def test_hours_over_midnight_have_slots_of_both_days():
    expected = ["23:00+02", "23:45+02", "00:30+02", "01:15+02"]
    assert starts(45, "2026-09-21T23:00", "2026-09-22T02:00") == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        # The clocks jump from 02:00 to 03:00: the hour that is missing has no slots.
        (30, ["01:00+01", "01:30+01", "03:00+02", "03:30+02"]),
        (60, ["01:00+01", "03:00+02"]),
        (45, ["01:00+01", "01:45+01", "03:15+02"]),
    ],
)
def test_an_hour_that_clocks_skip_has_no_slots(minutes, expected):
    assert starts(minutes, "2026-03-29T01:00", "2026-03-29T04:00") == expected


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        # The clocks go back from 03:00 to 02:00: that hour comes twice.
        (60, ["01:00+02", "02:00+02", "02:00+01", "03:00+01"]),
        (45, ["01:00+02", "01:45+02", "02:30+02", "02:30+01", "03:15+01"]),
        (120, ["01:00+02", "03:00+01"]),
    ],
)
def test_an_hour_that_comes_twice_has_its_slots_twice(minutes, expected):
    assert starts(minutes, "2026-10-25T01:00", "2026-10-25T04:00") == expected


def test_after_the_change_slots_stand_where_they_always_do():
    """An evening's steps of 90 minutes show 23:00, 00:30 … on every night."""
    ordinary = starts(90, "2026-10-17T23:00", "2026-10-18T05:00")
    changed = starts(90, "2026-10-24T23:00", "2026-10-25T05:00")
    walls = [wall[:5] for wall in ordinary]
    assert walls == ["23:00", "00:30", "02:00", "03:30"]
    assert [wall[:5] for wall in changed] == ["23:00", "00:30", "02:00", *walls[2:]]


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    minute=st.integers(0, 24 * 60 - 1),
    length=st.integers(1, 25 * 60),
    minutes=st.integers(limits.SLOT_MINUTES_MIN, limits.SLOT_MINUTES_MAX),
    last=st.integers(0, 120),
)
def test_slots_lie_in_the_hours_on_the_walls_own_steps(
    zone, day, minute, length, minutes, last
):
    begins = datetime.combine(day, time.min) + timedelta(minutes=minute)
    starts_at = int(begins.replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    ends_at = starts_at + length * MINUTE
    slots = rules.slots_of(a_rule(minutes=minutes), [(starts_at, ends_at)], zone, last)

    shown = wall_clock(starts_at, zone).replace(tzinfo=None, fold=0)
    for slot in slots:
        wall = wall_clock(slot.starts_at, zone).replace(tzinfo=None, fold=0)
        assert starts_at <= slot.starts_at < ends_at - last * MINUTE
        steps = (wall - shown) / timedelta(minutes=minutes)
        assert steps == int(steps)
        assert slot.starts_at < slot.ends_at <= ends_at
    for one, other in pairwise(slots):
        assert one.ends_at == other.starts_at
    assert bool(slots) == (length > last)


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    minutes=st.sampled_from([5, 7, 45, 50, 240]),
)
def test_who_never_closes_has_the_same_slots_from_wherever_one_looks(
    zone, day, minutes
):
    restaurant = a_restaurant(timezone=zone)

    def of_day(first: date, days: int) -> list[tuple[int, int]]:
        windows = opening.open_windows(restaurant, OrderType.PICKUP, first, days)
        slots = rules.slots_of(a_rule(minutes=minutes), windows, zone, 0)
        return [
            (slot.starts_at, slot.ends_at)
            for slot in slots
            if rules.day_of(slot.starts_at, zone) == day
        ]

    near = of_day(day - timedelta(days=1), 3)
    assert near == of_day(day - timedelta(days=6), 9)
    assert len(near) >= 24 * 60 // minutes // 2


def test_midnight_is_no_closing_time_for_who_never_closes():
    restaurant = a_restaurant(timezone=BERLIN)
    windows = opening.open_windows(restaurant, OrderType.PICKUP, date(2026, 9, 21), 2)
    slots = rules.slots_of(a_rule(orders=1), windows, BERLIN, 30)
    night = at("2026-09-21T23:30")
    last = rules.slot_at(slots, night)
    taken = [Amount(1) if slot.starts_at <= night else Amount() for slot in slots]
    found = rules.next_room(a_rule(orders=1), "GTQ", slots, taken, Amount(1), night)
    assert slots[last].ends_at == found == at("2026-09-22T00:00")


# --- which may be chosen -----------------------------------------------------------


def an_evening(**hours: str) -> list[Slot]:
    window = (at(hours.get("begins", "2026-09-21T18:00")), at("2026-09-21T20:00"))
    return rules.slots_of(a_rule(), [window], BERLIN, 0)


def chosen(now: str, rule: SlotRule, extra: int = 0, pause: Pause | None = None) -> Any:
    found = rules.to_choose(an_evening(), rule, BERLIN, at(now), extra, pause)
    return [f"{wall_clock(slot.starts_at, BERLIN):%H:%M}" for slot in found]


@pytest.mark.parametrize(
    ("now", "lead", "extra", "expected"),
    [
        ("2026-09-21T17:00", 0, 0, ["18:00", "18:30", "19:00", "19:30"]),
        ("2026-09-21T18:00", 30, 0, ["18:30", "19:00", "19:30"]),
        ("2026-09-21T18:01", 30, 0, ["19:00", "19:30"]),
        ("2026-09-21T18:00", 30, 31, ["19:30"]),
        ("2026-09-21T19:31", 0, 0, []),
    ],
)
def test_nothing_sooner_than_the_lead_and_what_being_busy_adds(
    now, lead, extra, expected
):
    assert chosen(now, a_rule(lead_minutes=lead), extra) == expected


@pytest.mark.parametrize(
    ("now", "days_ahead", "count"),
    [
        ("2026-09-21T00:00", 0, 4),
        ("2026-09-20T23:59", 0, 0),
        ("2026-09-20T00:00", 1, 4),
        ("2026-09-14T00:00", 7, 4),
        ("2026-09-13T23:59", 7, 0),
    ],
)
def test_days_ahead_are_days_of_the_calendar(now, days_ahead, count):
    assert len(chosen(now, a_rule(days_ahead=days_ahead))) == count


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (None, []),
        (at("2026-09-21T19:00"), ["19:00", "19:30"]),
        (at("2026-09-21T16:59"), ["18:00", "18:30", "19:00", "19:30"]),
    ],
)
def test_nothing_is_chosen_during_a_pause(until, expected):
    pause = Pause(until=until)
    assert chosen("2026-09-21T17:00", a_rule(), pause=pause) == expected


def test_days_are_those_on_which_slots_begin():
    windows = [
        (at("2026-09-21T23:00"), at("2026-09-22T00:30")),
        (at("2026-09-24T18:00"), at("2026-09-24T19:00")),
    ]
    slots = rules.slots_of(a_rule(), windows, BERLIN, 0)
    found = [day.isoformat() for day in rules.days_of(slots, BERLIN)]
    assert found == ["2026-09-21", "2026-09-22", "2026-09-24"]


NOON = at("2026-09-21T12:00")


@pytest.mark.parametrize(
    ("pickup", "is_staff", "expected"),
    [
        ("2026-09-21T11:59", False, "slot.past"),
        ("2026-09-21T11:59", True, "slot.past"),
        ("2026-09-21T12:19", False, "slot.past"),
        ("2026-09-21T12:19", True, None),
        ("2026-09-21T12:25", False, None),
        ("2026-09-23T23:59", False, None),
        ("2026-09-24T00:00", False, "slot.far"),
        ("2026-09-24T00:00", True, "slot.far"),
    ],
)
def test_a_time_is_neither_too_soon_nor_too_far(pickup, is_staff, expected):
    rule = a_rule(lead_minutes=20, days_ahead=2)
    args = (rule, at(pickup), NOON, 5, BERLIN)
    assert code_of(rules.check_pickup_time, *args, is_staff=is_staff) == expected


def test_without_slots_any_time_from_now_on_will_do_for_two_months():
    far = NOON + limits.SLOT_DAYS_AHEAD_MAX * limits.DAY_MS
    for pickup, expected in (
        (NOON - 1, "slot.past"),
        (NOON, None),
        (far, None),
        (far + limits.DAY_MS, "slot.far"),
        (limits.JOURNAL_SEQ_MAX, "slot.far"),
    ):
        args = (None, pickup, NOON, 30, BERLIN)
        assert code_of(rules.check_pickup_time, *args, is_staff=False) == expected


def test_a_time_between_two_slots_is_unknown():
    slots = an_evening()
    assert rules.slot_at(slots, at("2026-09-21T18:30")) == 1
    for wall in ("2026-09-21T18:31", "2026-09-21T17:30", "2026-09-21T20:00"):
        assert code_of(rules.slot_at, slots, at(wall)) == "slot.unknown"


def test_a_time_outside_the_hours_is_unknown():
    window = (NOON, NOON + HOUR)
    assert code_of(rules.check_in_windows, [window], NOON) is None
    for pickup in (NOON - 1, NOON + HOUR):
        assert code_of(rules.check_in_windows, [window], pickup) == "slot.unknown"


# --- room --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "order", "fits"),
    [
        (Amount(4, 0, 0), Amount(1, 1, 1), True),
        (Amount(5, 0, 0), Amount(1, 1, 1), False),
        (Amount(1, 17, 0), Amount(1, 3, 0), True),
        (Amount(1, 17, 0), Amount(1, 4, 0), False),
        (Amount(1, 1, 9_000), Amount(1, 1, 1_050), True),
        (Amount(1, 1, 9_000), Amount(1, 1, 1_051), False),
        (Amount(0, 0, 0), Amount(1, 21, 0), False),
    ],
)
def test_a_slot_takes_so_many_orders_items_and_so_much_value(taken, order, fits):
    rule = a_rule(orders=5, items=20, value="100.50")
    assert rules.has_room(rule, "GTQ", taken, order) is fits
    assert rules.has_room(a_rule(), "GTQ", taken, order)


def test_everything_counts_in_the_slot_before_it_also_after_closing():
    slots = an_evening()
    one = Amount(1, 2, 3)
    taken = [
        Taken(at("2026-09-21T17:59"), one),  # before the first: nowhere
        Taken(at("2026-09-21T18:00"), one),
        Taken(at("2026-09-21T18:29"), one),
        Taken(at("2026-09-21T18:30"), one),
        Taken(at("2026-09-21T20:20"), one),
    ]
    expected = [Amount(2, 4, 6), one, Amount(), one]
    assert rules.sums(slots, taken) == expected


@given(
    moments=st.lists(st.integers(0, 6 * 60), max_size=40),
    minutes=st.integers(5, 120),
)
def test_no_order_is_lost_or_counted_twice(moments, minutes):
    begins = at("2026-09-21T18:00")
    window = (begins, begins + 4 * HOUR)
    slots = rules.slots_of(a_rule(minutes=minutes), [window], BERLIN, 0)
    taken = [Taken(begins + m * MINUTE, Amount(1, m, 2)) for m in moments]
    summed = rules.sums(slots, taken)
    assert sum(each.orders for each in summed) == len(moments)
    assert sum(each.items for each in summed) == sum(moments)


@pytest.mark.parametrize(
    ("taken", "wanted", "expected"),
    [
        ([0, 0, 0, 0], "18:10", "18:10"),
        ([2, 0, 0, 0], "18:10", "18:30"),
        ([2, 2, 1, 0], "18:10", "19:00"),
        ([0, 2, 2, 2], "18:35", None),
        ([0, 0, 0, 1], "20:20", "20:20"),  # ready after closing: as the last slot
        ([0, 0, 0, 2], "20:20", None),
        ([2, 2, 2, 2], "17:50", "17:50"),  # before the first slot nothing is counted
    ],
)
def test_an_order_for_now_gets_the_next_slot_with_room(taken, wanted, expected):
    slots, rule = an_evening(), a_rule(orders=2)
    amounts = [Amount(orders=count) for count in taken]
    found = rules.next_room(
        *(rule, "GTQ", slots, amounts, Amount(1), at(f"2026-09-21T{wanted}"))
    )
    assert found == (expected and at(f"2026-09-21T{expected}"))


def test_an_order_for_now_never_waits_for_the_next_opening():
    hours = [
        (at("2026-09-21T12:00"), at("2026-09-21T13:00")),
        (at("2026-09-21T18:00"), at("2026-09-21T19:00")),
    ]
    slots = rules.slots_of(a_rule(orders=1), hours, BERLIN, 0)
    taken = [Amount(1), Amount(1), Amount(), Amount()]
    found = rules.next_room(
        a_rule(orders=1), "GTQ", slots, taken, Amount(1), at("2026-09-21T12:10")
    )
    assert found is None


# --- how long it takes -------------------------------------------------------------

STEPS = [LoadStep(from_orders=3, minutes=25), LoadStep(from_orders=6, minutes=40)]


@pytest.mark.parametrize(
    ("settings", "load", "expected"),
    [
        ({}, 50, (None, 0)),
        ({"prep_minutes": 15}, 50, (15, 0)),
        ({"prep_minutes": 0}, 0, (0, 0)),
        ({"prep_by_load": STEPS}, 2, (None, 0)),
        ({"prep_by_load": STEPS, "prep_minutes": 10}, 2, (10, 0)),
        ({"prep_by_load": STEPS, "prep_minutes": 10}, 3, (25, 0)),
        ({"prep_by_load": STEPS, "prep_minutes": 10}, 5, (25, 0)),
        ({"prep_by_load": STEPS, "prep_minutes": 10}, 600, (40, 0)),
        ({"busy_from_orders": 4, "busy_extra_minutes": 12}, 3, (None, 0)),
        ({"busy_from_orders": 4, "busy_extra_minutes": 12}, 4, (12, 12)),
        ({"busy_from_orders": 4, "busy_extra_minutes": 0}, 4, (None, 0)),
        ({"prep_minutes": 15, "busy": Busy(extra_minutes=20)}, 0, (35, 20)),
        (
            {"busy": Busy(extra_minutes=5), "busy_from_orders": 1, "prep_minutes": 1},
            *(1, (16, 15)),
        ),
        (
            {"busy": Busy(extra_minutes=30), "busy_from_orders": 1, "prep_minutes": 1},
            *(1, (31, 30)),
        ),
    ],
)
def test_time_is_fixed_or_by_load_and_longer_when_busy(settings, load, expected):
    found = rules.pace(a_restaurant(**settings), load, NOON)
    assert (found.quoted_minutes, found.extra_minutes) == expected
    assert found.is_busy is (expected[1] > 0)


def test_being_busy_by_hand_ends_by_itself():
    restaurant = a_restaurant(busy=Busy(extra_minutes=20, until=NOON))
    assert rules.pace(restaurant, 0, NOON - 1) == Pace(20, 20)
    assert rules.pace(restaurant, 0, NOON) == Pace(None, 0)


@pytest.mark.parametrize(
    ("pace", "wanted_in", "expected"),
    [
        (Pace(None, 0), None, Timing()),
        (Pace(20, 0), None, Timing(NOON + 20 * MINUTE, 20)),
        (Pace(None, 0), 0, Timing(NOON, None)),  # its slot counts, nothing is promised
        (Pace(20, 5), 20 * MINUTE, Timing(NOON + 20 * MINUTE, 20, True)),
        (Pace(20, 5), 44 * MINUTE + 1, Timing(NOON + 44 * MINUTE + 1, 45, True)),
    ],
)
def test_an_order_for_now_is_told_when_and_in_how_many_minutes(
    pace, wanted_in, expected
):
    wanted_at = None if wanted_in is None else NOON + wanted_in
    assert rules.for_now(pace, NOON, wanted_at) == expected


@pytest.mark.parametrize(
    ("body", "until"),
    [
        ({"extra_minutes": 15}, None),
        ({"extra_minutes": 15, "minutes": 30}, NOON + 30 * MINUTE),
        ({"extra_minutes": 1, "until": "2026-09-21T10:05:00Z"}, NOON + 5 * MINUTE),
    ],
)
def test_busy_ends_after_minutes_at_a_time_or_by_hand(body, until):
    found = rules.read_busy(BusyChange(**body), NOON)
    assert (found.extra_minutes, found.until) == (body["extra_minutes"], until)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"extra_minutes": 0}, "extra_minutes"),
        ({"extra_minutes": limits.PREP_MINUTES_MAX + 1}, "extra_minutes"),
        ({"extra_minutes": 5, "minutes": 0}, "minutes"),
        ({"extra_minutes": 5, "minutes": limits.BUSY_MINUTES_MAX + 1}, "minutes"),
        ({"extra_minutes": 5, "until": "2026-09-21T10:00:00Z"}, "until"),
        ({"extra_minutes": 5, "until": "soon"}, "until"),
        ({"extra_minutes": 5, "until": "2027-09-21T10:00:00Z"}, "until"),
        (
            {"extra_minutes": 5, "minutes": 5, "until": "2026-09-21T10:05:00Z"},
            "until",
        ),
    ],
)
def test_a_busy_time_that_is_none_is_refused(body, field):
    with pytest.raises(RestaurantError) as refused:
        rules.read_busy(BusyChange(**body), NOON)
    assert (refused.value.code, refused.value.facts["field"]) == (
        "field.invalid",
        field,
    )


# --- an hour of orders -------------------------------------------------------------


@given(
    wishes=st.lists(st.tuples(st.integers(0, 119), st.integers(1, 6)), max_size=60),
    orders=st.integers(1, 5),
    items=st.integers(3, 12),
)
def test_no_slot_ever_holds_more_than_it_may(wishes, orders, items):
    """Guests order for now or for a slot, one after the other."""
    rule = a_rule(orders=orders, items=items)
    slots, begins = an_evening(), at("2026-09-21T18:00")
    taken: list[Taken] = []
    for minute, count in wishes:
        order = Amount(1, count, 0)
        sums = rules.sums(slots, taken)
        wanted = rules.next_room(
            *(rule, "GTQ", slots, sums, order, begins + minute * MINUTE)
        )
        if wanted is not None:
            assert wanted >= begins + minute * MINUTE
            taken.append(Taken(wanted, order))
    for amount in rules.sums(slots, taken):
        assert amount.orders <= orders
        assert amount.items <= items


def code_of(check: Any, *args: Any, **named: Any) -> str | None:
    """The code of the error that a check raises."""
    try:
        check(*args, **named)
    except RestaurantError as error:
        return error.code
    return None


def test_hours_of_the_week_become_slots_of_their_order_type():
    hours = [
        OpeningWindow(days=EVERY_DAY, starts="12:00", ends="13:00"),
        OpeningWindow(
            days=[0], starts="22:00", ends="01:00", order_types=[OrderType.DELIVERY]
        ),
    ]
    restaurant = a_restaurant(timezone=BERLIN, opening_hours=hours)
    monday = date(2026, 9, 21)
    found = {}
    for order_type in (OrderType.PICKUP, OrderType.DELIVERY):
        windows = opening.open_windows(restaurant, order_type, monday, 1)
        slots = rules.slots_of(a_rule(minutes=60), windows, BERLIN, 0)
        found[order_type] = [wall_clock(s.starts_at, BERLIN).hour for s in slots]
    assert found == {OrderType.PICKUP: [12], OrderType.DELIVERY: [12, 22, 23, 0]}
