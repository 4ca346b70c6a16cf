"""When orders are taken: hours, breaks, holidays, pauses, and changing clocks."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restaurant.core.errors import Conflict, Refused
from restaurant.core.schedules import overlaps_itself, reached
from restaurant.features.opening import rules
from restaurant.features.opening.models import ClosedBy
from restaurant.features.opening_hours.rules import read_settings
from restaurant.features.restaurants.models import (
    OpeningWindow,
    Pause,
    Restaurant,
    SpecialDay,
)
from restaurant.models import OrderType

MINUTE = 60_000
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
LORD_HOWE, GUATEMALA = "Australia/Lord_Howe", "America/Guatemala"
EVERY_DAY = list(range(7))
MON, FRI, SAT, SUN = 0, 4, 5, 6
DINE_IN, PICKUP, DELIVERY = OrderType.DINE_IN, OrderType.PICKUP, OrderType.DELIVERY


def at(wall: str, zone: str = BERLIN, fold: int = 0) -> int:
    """The moment of a wall clock; ``fold`` 1 is the second of two alike."""
    moment = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(moment.timestamp() * 1000)


def window(
    starts: str, ends: str, days: Any = EVERY_DAY, types: Any = ()
) -> OpeningWindow:
    return OpeningWindow(
        days=list(days), starts=starts, ends=ends, order_types=list(types)
    )


def special(first: str, *windows: OpeningWindow, last: str = "", name: str = "") -> Any:
    return SpecialDay(
        first_day=first, last_day=last or first, name=name, windows=list(windows)
    )


def a_restaurant(*hours: OpeningWindow, **changes: Any) -> Restaurant:
    values = {
        "id": "r",
        "slug": "jays",
        "wallet_id": "w",
        "user_id": "u",
        "name": "Jay's",
        "currency": "EUR",
        "timezone": BERLIN,
        "is_open": True,
        "created_at": 0,
        "opening_hours": list(hours),
    }
    return Restaurant(**values | changes)


def is_open(restaurant: Restaurant, moment: int, order_type: Any = None) -> bool:
    return rules.opening_at(restaurant, order_type, moment).is_open


#: 2026-09-21 is a Monday.
LUNCH_AND_DINNER = (window("11:30", "14:00"), window("17:00", "22:00"))
BAR = (window("20:00", "02:30", [FRI, SAT]),)


# --- the week -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-09-21T11:29:59", False),
        ("2026-09-21T11:30", True),
        ("2026-09-21T13:59:59", True),
        ("2026-09-21T14:00", False),  # the break
        ("2026-09-21T16:59", False),
        ("2026-09-21T17:00", True),
        ("2026-09-21T22:00", False),
    ],
)
def test_a_break_is_the_gap_between_two_windows(wall: str, expected: bool) -> None:
    assert is_open(a_restaurant(*LUNCH_AND_DINNER), at(wall)) is expected


def test_while_open_it_says_until_when_and_while_closed_from_when_on() -> None:
    place = a_restaurant(*LUNCH_AND_DINNER, last_order_minutes=30)

    lunch = rules.opening_at(place, None, at("2026-09-21T12:00"))
    pause = rules.opening_at(place, None, at("2026-09-21T15:00"))

    assert lunch.closes_at == at("2026-09-21T14:00")
    assert lunch.last_order_at == at("2026-09-21T13:30")
    assert lunch.opens_at is None
    assert pause.reason is ClosedBy.HOURS
    assert pause.opens_at == at("2026-09-21T17:00")
    assert pause.closes_at is None


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-09-25T19:59", False),  # a Friday
        ("2026-09-25T20:00", True),
        ("2026-09-26T00:00", True),
        ("2026-09-26T02:29:59", True),
        ("2026-09-26T02:30", False),
        ("2026-09-27T02:00", True),  # of Saturday night
        ("2026-09-28T01:00", False),
        ("2026-09-25T01:00", False),
    ],
)
def test_a_night_belongs_to_the_day_it_begins_on(wall: str, expected: bool) -> None:
    assert is_open(a_restaurant(*BAR), at(wall)) is expected


def test_windows_that_touch_are_one_opening() -> None:
    place = a_restaurant(
        window("10:00", "14:00", [FRI]),
        window("14:00", "00:00", [FRI]),
        window("00:00", "03:00", [SAT]),
        last_order_minutes=15,
    )

    shown = rules.opening_at(place, None, at("2026-09-25T11:00"))

    assert shown.closes_at == at("2026-09-26T03:00")
    assert is_open(place, at("2026-09-25T13:59"))
    assert is_open(place, at("2026-09-26T02:44"))
    assert not is_open(place, at("2026-09-26T02:45"))


def test_around_the_clock_has_no_end_in_sight() -> None:
    place = a_restaurant(window("00:00", "00:00"), last_order_minutes=60)

    shown = rules.opening_at(place, None, at("2026-09-21T23:30"))

    assert (shown.is_open, shown.closes_at, shown.last_order_at) == (True, None, None)


def test_without_any_hours_it_is_open_at_any_time() -> None:
    shown = rules.opening_at(a_restaurant(), PICKUP, at("2026-09-21T04:00"))

    assert shown == rules.Opening(True)


def test_hours_may_be_for_some_order_types() -> None:
    place = a_restaurant(
        window("11:00", "22:00", types=[DINE_IN, PICKUP]),
        window("17:00", "21:00", types=[DELIVERY]),
    )
    noon = at("2026-09-21T12:00")

    assert is_open(place, noon, DINE_IN)
    assert is_open(place, noon)
    assert not is_open(place, noon, DELIVERY)
    closed = rules.opening_at(place, DELIVERY, noon)
    assert closed.opens_at == at("2026-09-21T17:00")
    assert not is_open(place, at("2026-09-21T21:30"), DELIVERY)


def test_last_orders_are_taken_before_closing() -> None:
    place = a_restaurant(*LUNCH_AND_DINNER, last_order_minutes=30)

    late = rules.opening_at(place, None, at("2026-09-21T21:30"))

    assert is_open(place, at("2026-09-21T21:29:59"))
    assert (late.is_open, late.reason) == (False, ClosedBy.LAST_ORDERS)
    assert late.closes_at == at("2026-09-21T22:00")
    assert late.last_order_at == at("2026-09-21T21:30")
    assert late.opens_at == at("2026-09-22T11:30")


def test_an_opening_beyond_sight_is_not_told() -> None:
    closed_for_long = special("2026-09-22", last="2026-12-31", name="Works")
    place = a_restaurant(*LUNCH_AND_DINNER, special_days=[closed_for_long])

    shown = rules.opening_at(place, None, at("2026-09-22T12:00"))

    assert (shown.is_open, shown.opens_at) == (False, None)
    assert (shown.reason, shown.name) == (ClosedBy.SPECIAL_DAY, "Works")


# --- special days -------------------------------------------------------------------


def test_a_holiday_is_closed_and_says_its_name_and_when_it_ends() -> None:
    holiday = special("2026-12-24", last="2026-12-26", name="Christmas")
    place = a_restaurant(*LUNCH_AND_DINNER, special_days=[holiday])

    shown = rules.opening_at(place, None, at("2026-12-25T12:00"))

    assert shown.reason is ClosedBy.SPECIAL_DAY
    assert shown.name == "Christmas"
    assert shown.opens_at == at("2026-12-27T11:30")
    assert is_open(place, at("2026-12-23T21:59"))
    assert not is_open(place, at("2026-12-24T11:30"))
    assert is_open(place, at("2026-12-27T11:30"))


def test_last_nights_window_runs_on_into_a_holiday() -> None:
    place = a_restaurant(
        window("20:00", "02:00"), special_days=[special("2026-12-25", name="Xmas")]
    )

    assert is_open(place, at("2026-12-25T01:59"))
    assert not is_open(place, at("2026-12-25T02:00"))
    assert not is_open(place, at("2026-12-25T20:00"))
    assert not is_open(place, at("2026-12-26T01:00"))
    assert is_open(place, at("2026-12-26T20:00"))


def test_a_special_days_own_window_runs_past_its_midnight() -> None:
    eve = special("2026-12-31", window("18:00", "04:00", []), name="New Year")
    place = a_restaurant(*LUNCH_AND_DINNER, special_days=[eve])

    assert not is_open(place, at("2026-12-31T12:00"))
    assert is_open(place, at("2026-12-31T18:00"))
    assert is_open(place, at("2027-01-01T03:59"))
    assert not is_open(place, at("2027-01-01T04:00"))
    assert is_open(place, at("2027-01-01T11:30"))


def test_special_days_without_a_weeks_hours_are_the_only_limit() -> None:
    place = a_restaurant(special_days=[special("2026-12-25")])

    assert is_open(place, at("2026-12-24T23:59"))
    assert not is_open(place, at("2026-12-25T00:00"))
    assert not is_open(place, at("2026-12-25T23:59"))
    shown = rules.opening_at(place, None, at("2026-12-24T12:00"))
    assert shown.closes_at == at("2026-12-25T00:00")
    assert is_open(place, at("2026-12-26T00:00"))


# --- switch and pause ---------------------------------------------------------------


def test_switched_off_is_closed_whatever_the_hours_say() -> None:
    place = a_restaurant(is_open=False, pause=Pause(until=None))

    shown = rules.opening_at(place, None, at("2026-09-21T12:00"))

    assert shown == rules.Opening(False, ClosedBy.SWITCHED_OFF)


@pytest.mark.parametrize(
    ("until", "opens"),
    [
        ("2026-09-21T12:30", "2026-09-21T12:30"),
        ("2026-09-21T15:00", "2026-09-21T17:00"),  # in the break
        ("2026-09-21T13:45", "2026-09-21T17:00"),  # after the last orders
        (None, None),
    ],
)
def test_a_pause_says_when_orders_are_taken_again(until: Any, opens: Any) -> None:
    pause = Pause(until=until and at(until), reason="Oven")
    place = a_restaurant(*LUNCH_AND_DINNER, pause=pause, last_order_minutes=20)

    shown = rules.opening_at(place, None, at("2026-09-21T12:00"))

    assert (shown.is_open, shown.reason) == (False, ClosedBy.PAUSED)
    assert shown.pause_reason == "Oven"
    assert shown.resumes_at == (until and at(until))
    assert shown.opens_at == (opens and at(opens))


def test_a_pause_ends_by_itself() -> None:
    until = at("2026-09-21T12:30")
    place = a_restaurant(*LUNCH_AND_DINNER, pause=Pause(until=until))

    assert not is_open(place, until - 1)
    assert is_open(place, until)


# --- the clocks change --------------------------------------------------------------
# Berlin: 2026-03-29 02:00 → 03:00, 2026-10-25 03:00 → 02:00. New York: 2026-03-08
# 02:00 → 03:00, 2026-11-01 02:00 → 01:00. Lord Howe: 2026-10-04 02:00 → 02:30,
# 2026-04-05 02:00 → 01:30.


@pytest.mark.parametrize(
    ("zone", "day", "hours", "opens", "minutes"),
    [
        # an ordinary night, and one of a zone without changes
        (BERLIN, "2026-03-21", ("20:00", "02:30"), "2026-03-21T20:00", 390),
        (GUATEMALA, "2026-03-28", ("20:00", "02:30"), "2026-03-28T20:00", 390),
        # the hour is skipped: it ends with the jump, or an hour earlier
        (BERLIN, "2026-03-28", ("20:00", "02:30"), "2026-03-28T20:00", 360),
        (BERLIN, "2026-03-28", ("20:00", "02:00"), "2026-03-28T20:00", 360),
        (BERLIN, "2026-03-28", ("20:00", "03:00"), "2026-03-28T20:00", 360),
        (BERLIN, "2026-03-28", ("20:00", "04:00"), "2026-03-28T20:00", 420),
        (NEW_YORK, "2026-03-07", ("20:00", "02:30"), "2026-03-07T20:00", 360),
        (LORD_HOWE, "2026-10-03", ("20:00", "02:15"), "2026-10-03T20:00", 360),
        (LORD_HOWE, "2026-10-03", ("20:00", "03:00"), "2026-10-03T20:00", 390),
        # a window that begins in the skipped hour begins with the jump
        (BERLIN, "2026-03-29", ("02:30", "05:00"), "2026-03-29T03:00", 120),
        (NEW_YORK, "2026-03-08", ("02:15", "04:00"), "2026-03-08T03:00", 60),
        (LORD_HOWE, "2026-10-04", ("02:15", "03:00"), "2026-10-04T02:30", 30),
        # the hour comes twice: it ends when clocks first show the end
        (BERLIN, "2026-10-24", ("20:00", "02:30"), "2026-10-24T20:00", 390),
        (BERLIN, "2026-10-24", ("20:00", "03:00"), "2026-10-24T20:00", 480),
        (NEW_YORK, "2026-10-31", ("20:00", "01:30"), "2026-10-31T20:00", 330),
        (NEW_YORK, "2026-10-31", ("20:00", "02:00"), "2026-10-31T20:00", 420),
        (LORD_HOWE, "2026-04-04", ("20:00", "01:45"), "2026-04-04T20:00", 345),
        (LORD_HOWE, "2026-04-04", ("20:00", "02:00"), "2026-04-04T20:00", 390),
        # and one that begins in it begins the first time
        (BERLIN, "2026-10-25", ("02:30", "05:00"), "2026-10-25T02:30", 210),
        (BERLIN, "2026-10-25", ("02:00", "02:30"), "2026-10-25T02:00", 30),
        # whole days are as long as they are
        (BERLIN, "2026-03-29", ("00:00", "00:00"), "2026-03-29T00:00", 23 * 60),
        (BERLIN, "2026-10-25", ("00:00", "00:00"), "2026-10-25T00:00", 25 * 60),
        (LORD_HOWE, "2026-04-05", ("00:00", "00:00"), "2026-04-05T00:00", 1470),
        (GUATEMALA, "2026-10-25", ("00:00", "00:00"), "2026-10-25T00:00", 1440),
    ],
)
def test_hours_are_exact_when_the_clocks_change(
    zone: str, day: str, hours: tuple[str, str], opens: str, minutes: int
) -> None:
    first = date.fromisoformat(day)
    place = a_restaurant(window(*hours, [first.weekday()]), timezone=zone)
    starts = at(opens, zone)
    ends = starts + minutes * MINUTE

    assert rules.open_windows(place, None, first, 1) == [(starts, ends)]
    assert not is_open(place, starts - 1)
    assert is_open(place, starts)
    assert is_open(place, ends - 1)
    assert not is_open(place, ends)
    assert rules.opening_at(place, None, starts).closes_at == ends
    assert rules.opening_at(place, None, starts - 1).opens_at == starts


def test_hours_of_nothing_but_the_skipped_hour_do_not_come() -> None:
    place = a_restaurant(window("02:00", "03:00", [SUN]))

    shown = rules.opening_at(place, None, at("2026-03-29T01:59"))

    assert not is_open(place, at("2026-03-29T03:00"))
    assert shown.opens_at == at("2026-04-05T02:00")


def test_a_day_that_a_country_skipped_has_no_hours() -> None:
    apia = "Pacific/Apia"  # went from the 29th to the 31st of December 2011
    place = a_restaurant(window("10:00", "20:00"), timezone=apia)

    found = rules.open_windows(place, None, date(2011, 12, 29), 3)

    assert found == [
        (at(f"2011-12-{day}T10:00", apia), at(f"2011-12-{day}T20:00", apia))
        for day in (29, 31)
    ]


ZONES = st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, GUATEMALA])
#: Days around which clocks change somewhere, and an ordinary one.
FIRST_DAYS = st.sampled_from(
    [
        *(date(2026, 3, 27), date(2026, 10, 23), date(2026, 3, 6)),
        *(date(2026, 10, 30), date(2026, 10, 2), date(2026, 4, 3)),
        date(2026, 6, 12),
    ]
)
CLOCKS = st.integers(0, 95).map(
    lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}"
)
WINDOWS = st.builds(
    window, CLOCKS, CLOCKS, st.sets(st.integers(0, 6), min_size=1).map(sorted)
)


def modelled(place: Restaurant, first: date, days: int, step: int) -> set[int]:
    """The open minutes, found by walking along with a clock on the wall that is held
    still while the clocks go back."""
    zone = ZoneInfo(place.timezone)
    begin = datetime.combine(first - timedelta(days=2), datetime.min.time(), zone)
    moment, end = begin, begin + timedelta(days=days + 4)
    found, shown = set(), begin.replace(tzinfo=None)
    instant, last = int(moment.timestamp()), int(end.timestamp())
    while instant < last:
        wall = datetime.fromtimestamp(instant, zone).replace(tzinfo=None)
        shown = max(shown, wall)
        if any(_runs(place, each, shown) for each in (0, 1)):
            found.add(instant * 1000)
        instant += step
    return found


def _runs(place: Restaurant, days_before: int, wall: datetime) -> bool:
    day = (wall - timedelta(days=days_before)).date()
    minute = wall.hour * 60 + wall.minute + days_before * 1440
    for each in place.special_days:
        if each.first_day <= day.isoformat() <= each.last_day:
            return any(_in(w, minute) for w in each.windows)
    return any(_in(w, minute) for w in place.opening_hours if day.weekday() in w.days)


def _in(each: OpeningWindow, minute: int) -> bool:
    starts, ends = (int(t[:2]) * 60 + int(t[3:]) for t in (each.starts, each.ends))
    return starts <= minute < (ends if ends > starts else ends + 1440)


@settings(max_examples=60, deadline=None)
@given(
    ZONES,
    FIRST_DAYS,
    st.lists(WINDOWS, min_size=1, max_size=4),
    st.lists(WINDOWS, max_size=2),
    st.integers(0, 4),
)
def test_opening_is_what_a_walk_along_the_clock_finds(
    zone: str, first: date, hours: Any, special_hours: Any, special_in: int
) -> None:
    day = (first + timedelta(days=special_in)).isoformat()
    place = a_restaurant(
        *hours, timezone=zone, special_days=[special(day, *special_hours)]
    )
    step = 5 * 60
    model = modelled(place, first, 4, step)
    spans = rules.open_windows(place, None, first, 4)
    begin = reached(first, 0, ZoneInfo(zone))
    end = reached(first + timedelta(days=4), 0, ZoneInfo(zone))

    for moment in range(begin, end, step * 1000):
        is_so = moment in model
        inside = any(starts <= moment < ends for starts, ends in spans)
        assert inside is is_so, datetime.fromtimestamp(moment / 1000, ZoneInfo(zone))
    for moment in range(begin, end, 37 * step * 1000):
        shown = rules.opening_at(place, None, moment)
        assert shown.is_open is (moment in model)
        edge = shown.closes_at if shown.is_open else shown.opens_at
        until = min(edge or end, end)
        between = range(moment, until, step * 1000)
        assert all((each in model) is shown.is_open for each in between)
        if edge and edge < end:
            assert (edge in model) is not shown.is_open


@settings(max_examples=60, deadline=None)
@given(
    ZONES,
    FIRST_DAYS,
    st.lists(WINDOWS, min_size=1, max_size=3),
    st.integers(0, 4 * 24 * 60),
    st.integers(0, 90),
)
def test_nothing_changes_before_the_next_change(
    zone: str, first: date, hours: Any, minute: int, margin: int
) -> None:
    place = a_restaurant(*hours, timezone=zone, last_order_minutes=margin)
    begin = reached(first, 0, ZoneInfo(zone)) + minute * MINUTE
    until = rules.next_change(place, begin)

    assert until is not None
    assert until > begin
    now = rules.opening_at(place, None, begin)
    for moment in range(begin, until, max(1, (until - begin) // 20)):
        assert rules.opening_at(place, None, moment) == now


# --- windows and the next opening ---------------------------------------------------


def test_open_windows_are_those_that_run_on_the_days_merged() -> None:
    place = a_restaurant(
        window("20:00", "02:00"), window("10:00", "12:00"), window("12:00", "14:00")
    )

    assert rules.open_windows(place, None, date(2026, 9, 21), 1) == [
        (at("2026-09-20T20:00"), at("2026-09-21T02:00")),
        (at("2026-09-21T10:00"), at("2026-09-21T14:00")),
        (at("2026-09-21T20:00"), at("2026-09-22T02:00")),
    ]
    always = a_restaurant()
    assert rules.open_windows(always, None, date(2026, 9, 21), 2) == [
        (at("2026-09-20T00:00"), at("2026-09-23T00:00"))
    ]


@pytest.mark.parametrize(
    ("hours", "wall", "expected"),
    [
        (LUNCH_AND_DINNER, "2026-09-21T09:00", "2026-09-21T11:30"),
        (LUNCH_AND_DINNER, "2026-09-21T12:00", "2026-09-21T17:00"),
        (LUNCH_AND_DINNER, "2026-09-21T18:00", "2026-09-22T11:30"),
        (BAR, "2026-09-26T01:00", "2026-09-26T20:00"),
        (BAR, "2026-09-27T03:00", "2026-10-02T20:00"),
        # no hours, and no end of them: the next business day
        ((), "2026-09-21T18:00", "2026-09-22T04:00"),
        ((), "2026-09-21T03:59", "2026-09-21T04:00"),
        ((), "2026-09-21T04:00", "2026-09-22T04:00"),
        ((window("00:00", "00:00"),), "2026-09-21T18:00", "2026-09-22T04:00"),
    ],
)
def test_the_next_opening(hours: Any, wall: str, expected: str) -> None:
    assert rules.next_opening(a_restaurant(*hours), at(wall)) == at(expected)


def test_the_days_tell_what_begins_on_them_and_for_what() -> None:
    place = a_restaurant(
        window("18:00", "01:00", [MON], [DINE_IN]),
        window("11:00", "14:00", [MON]),
        order_types=[DINE_IN, PICKUP],
        special_days=[special("2026-09-22", name="Fair")],
    )

    monday, tuesday = rules.opening_days(place, date(2026, 9, 21), 2)

    assert (monday.day, monday.name) == ("2026-09-21", None)
    assert [(t.starts_at, t.ends_at, t.order_types) for t in monday.times] == [
        (at("2026-09-21T11:00"), at("2026-09-21T14:00"), (DINE_IN, PICKUP)),
        (at("2026-09-21T18:00"), at("2026-09-22T01:00"), (DINE_IN,)),
    ]
    assert (tuesday.name, tuesday.times) == ("Fair", ())


# --- stored hours that cannot be read -----------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        {"timezone": "Atlantis/Capital"},
        {"opening_hours": [window("late", "later")]},
        {"special_days": [special("some day")]},
    ],
)
def test_hours_that_cannot_be_read_count_as_open(broken: Any) -> None:
    place = a_restaurant(**{"opening_hours": [window("11:00", "12:00")], **broken})
    moment = at("2026-09-21T04:00")

    shown = rules.opening_at(place, PICKUP, moment)

    assert shown.is_open
    assert shown.fault
    assert rules.next_opening(place, moment) > moment
    assert rules.next_change(place, moment) is None
    [span] = rules.open_windows(place, PICKUP, date(2026, 9, 21), 1)
    assert span[0] <= moment < span[1]
    rules.check_open(place, PICKUP, False, None, moment)
    off = a_restaurant(is_open=False, **broken)
    assert not rules.opening_at(off, PICKUP, moment).is_open


@pytest.mark.parametrize("moment", [-(10**15), -1, 0, 253_402_300_799_000, 10**18])
def test_moments_that_no_clock_shows_are_no_trouble(moment: int) -> None:
    place = a_restaurant(*LUNCH_AND_DINNER, special_days=[special("9999-12-31")])

    assert rules.opening_at(place, None, moment) is not None


# --- may it be ordered --------------------------------------------------------------


def refused(
    place: Restaurant, now: str, pickup: str | None = None, staff: bool = False
) -> tuple[str, Any, str] | None:
    """(reason, opens_at, sentence) of the refusal, or None."""
    try:
        rules.check_open(place, PICKUP, staff, pickup and at(pickup), at(now))
    except Conflict as error:
        return error.facts["reason"], error.facts["opens_at"], error.detail
    return None


def test_a_refusal_says_in_words_when_to_come_back() -> None:
    place = a_restaurant(*LUNCH_AND_DINNER, last_order_minutes=15)
    fair = special("2026-09-22", name="Fair", last="2026-09-30")

    assert refused(place, "2026-09-21T12:00") is None
    assert refused(place, "2026-09-21T15:00") == (
        "hours",
        "2026-09-21T15:00:00.000Z",
        "We are closed at the moment. We open at 17:00.",
    )
    assert refused(place, "2026-09-21T21:50") == (
        "last_orders",
        "2026-09-22T09:30:00.000Z",
        "The last orders were taken at 21:45. We open on Tuesday at 11:30.",
    )
    closed = place.copy(update={"special_days": [fair]})
    assert refused(closed, "2026-09-22T12:00") == (
        "special_day",
        "2026-10-01T09:30:00.000Z",
        "We are closed at the moment: Fair. We open on 2026-10-01 at 11:30.",
    )
    off = place.copy(update={"is_open": False})
    assert refused(off, "2026-09-21T12:00") == (
        "switched_off",
        None,
        "The restaurant is closed at the moment.",
    )


def test_an_order_for_later_needs_that_moment_to_be_open() -> None:
    place = a_restaurant(*LUNCH_AND_DINNER, last_order_minutes=30)

    assert refused(place, "2026-09-21T09:00", "2026-09-21T12:00") is None
    assert refused(place, "2026-09-21T09:00", "2026-09-21T13:45") is None
    assert refused(place, "2026-09-21T12:00", "2026-09-21T15:00") == (
        "hours",
        "2026-09-21T15:00:00.000Z",
        "We are closed at that time. We open at 17:00.",
    )
    # a time that is over is no way around closing
    late = refused(place, "2026-09-21T23:00", "2026-09-21T12:00")
    assert late
    assert late[0] == "hours"


def test_a_pause_stops_orders_for_its_time_and_not_for_afterwards() -> None:
    pause = Pause(until=at("2026-09-21T13:00"))
    place = a_restaurant(*LUNCH_AND_DINNER, pause=pause)

    assert refused(place, "2026-09-21T12:00") == (
        "paused",
        "2026-09-21T11:00:00.000Z",
        "No orders are taken at the moment. We take orders again at 13:00.",
    )
    assert refused(place, "2026-09-21T12:00", "2026-09-21T12:30") is not None
    assert refused(place, "2026-09-21T12:00", "2026-09-21T13:00") is None
    endless = place.copy(update={"pause": Pause(until=None)})
    assert refused(endless, "2026-09-21T12:00", "2026-09-30T12:00") == (
        "paused",
        None,
        "No orders are taken at that time.",
    )


def test_staff_may_order_outside_hours_and_in_a_pause_but_not_switched_off() -> None:
    place = a_restaurant(*LUNCH_AND_DINNER, pause=Pause(until=None))

    assert refused(place, "2026-09-21T04:00", staff=True) is None
    assert refused(place, "2026-09-21T12:00", staff=True) is None
    assert refused(place, "2026-09-21T12:00", "2026-09-21T15:00", staff=True) is None
    off = place.copy(update={"is_open": False})
    shown = refused(off, "2026-09-21T12:00", staff=True)
    assert shown
    assert shown[0] == "switched_off"


@pytest.mark.parametrize("staff", [True, False])
def test_an_order_type_that_is_not_taken_is_refused(staff: bool) -> None:
    place = a_restaurant(order_types=[PICKUP, DINE_IN])

    with pytest.raises(Refused) as error:
        rules.check_open(place, DELIVERY, staff, None, 0)

    assert error.value.code == "order_type.not_offered"
    assert error.value.facts["field"] == "order_type"


# --- reading the settings -----------------------------------------------------------


def body(starts: str, ends: str, days: Any = (0,), types: Any = ()) -> dict[str, Any]:
    return {
        "days": list(days),
        "starts": starts,
        "ends": ends,
        "order_types": [OrderType(each) for each in types],
    }


def day(first: str, last: str = "", *windows: Any, name: str = "") -> dict[str, Any]:
    return {
        "first_day": first,
        "last_day": last or first,
        "name": name,
        "windows": list(windows),
    }


def test_settings_are_read_in_their_order() -> None:
    sent = {
        "opening_hours": [body("17:00", "02:00", [4, 0], ["delivery", "dine_in"])],
        "special_days": [day("2026-12-31"), day("2026-12-24", "2026-12-26", name="X ")],
        "last_order_minutes": 30,
        "order_types": [DELIVERY, DINE_IN],
        "name": "somebody else's",
    }

    read = read_settings(sent)

    assert read["opening_hours"] == [
        window("17:00", "02:00", [0, 4], [DINE_IN, DELIVERY])
    ]
    assert [each.first_day for each in read["special_days"]] == [
        "2026-12-24",
        "2026-12-31",
    ]
    assert read["special_days"][0].name == "X"
    assert read["last_order_minutes"] == 30
    assert read["order_types"] == [DINE_IN, DELIVERY]
    assert "name" not in read


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"order_types": []}, "field.invalid", "order_types"),
        ({"order_types": [PICKUP, PICKUP]}, "field.invalid", "order_types"),
        ({"last_order_minutes": -1}, "field.invalid", "last_order_minutes"),
        ({"last_order_minutes": 721}, "field.invalid", "last_order_minutes"),
        (
            {"opening_hours": [body("10:00", "12:00"), body("11:00", "13:00")]},
            "hours.overlap",
            "opening_hours",
        ),
        (
            {"opening_hours": [body("22:00", "02:00", [6]), body("01:00", "03:00")]},
            "hours.overlap",
            "opening_hours",
        ),
        (
            {
                "opening_hours": [
                    body("10:00", "12:00", types=["pickup"]),
                    body("11:00", "13:00"),
                ]
            },
            "hours.overlap",
            "opening_hours",
        ),
        (
            {"opening_hours": [body("24:00", "12:00")]},
            "field.invalid",
            "opening_hours.0",
        ),
        (
            {"opening_hours": [body("1:00", "12:00")]},
            "field.invalid",
            "opening_hours.0",
        ),
        ({"opening_hours": [body("10:00", "x")]}, "field.invalid", "opening_hours.0"),
        (
            {"opening_hours": [body("10:00", "11:00", [])]},
            "field.invalid",
            "opening_hours.0",
        ),
        (
            {"opening_hours": [body("10:00", "11:00", [7])]},
            "field.invalid",
            "opening_hours.0",
        ),
        (
            {"opening_hours": [body("10:00", "11:00", types=["pickup", "pickup"])]},
            "field.invalid",
            "opening_hours.0.order_types",
        ),
        (
            {"opening_hours": [body("10:00", "10:01")] * 101},
            "field.invalid",
            "opening_hours",
        ),
        (
            {"special_days": [day("2026-12-24", "2026-12-26"), day("2026-12-26")]},
            "hours.overlap",
            "special_days",
        ),
        (
            {"special_days": [day("2026-02-30")]},
            "field.invalid",
            "special_days.0.first_day",
        ),
        (
            {"special_days": [day("2026-12-26", "2026-12-24")]},
            "field.invalid",
            "special_days.0.last_day",
        ),
        (
            {"special_days": [day("2026-01-01", "2027-01-02")]},
            "field.invalid",
            "special_days.0.last_day",
        ),
        (
            {"special_days": [day("2026-12-24", name="a\nb")]},
            "text.invalid",
            "special_days.0.name",
        ),
        (
            {
                "special_days": [
                    day(
                        "2026-12-24",
                        "",
                        body("10:00", "12:00", []),
                        body("11:00", "13:00", []),
                    )
                ]
            },
            "hours.overlap",
            "special_days.0.windows",
        ),
        (
            {
                "special_days": [
                    day(
                        "2026-12-24",
                        "2026-12-25",
                        body("22:00", "02:00", []),
                        body("01:00", "03:00", []),
                    )
                ]
            },
            "hours.overlap",
            "special_days.0.windows",
        ),
        (
            {"special_days": [day(f"{2000 + n}-01-01") for n in range(401)]},
            "field.invalid",
            "special_days",
        ),
    ],
)
def test_a_wrong_setting_is_named(sent: Any, code: str, field: str) -> None:
    with pytest.raises(Refused) as error:
        read_settings(sent)

    assert (error.value.code, error.value.facts["field"]) == (code, field)


@pytest.mark.parametrize(
    "hours",
    [
        [body("10:00", "12:00"), body("12:00", "13:00")],
        [body("22:00", "02:00", [6]), body("02:00", "03:00", [0])],
        [
            body("10:00", "12:00", types=["pickup"]),
            body("11:00", "13:00", types=["dine_in"]),
        ],
        [body("00:00", "00:00", EVERY_DAY)],
    ],
)
def test_hours_that_touch_or_are_for_others_do_not_overlap(hours: Any) -> None:
    assert len(read_settings({"opening_hours": hours})["opening_hours"]) == len(hours)


def test_a_hundred_windows_are_checked_in_no_time() -> None:
    hours = [
        body(f"{n // 60:02}:{n % 60:02}", f"{n // 60:02}:{(n % 60) + 1:02}", EVERY_DAY)
        for n in range(0, 600, 6)
    ]

    assert len(read_settings({"opening_hours": hours})["opening_hours"]) == 100


def test_overlaps_are_found_around_the_end_of_the_week() -> None:
    from restaurant.core.schedules import Schedule, Window

    sunday_night = Window((SUN,), "23:00", "01:00")

    assert overlaps_itself(Schedule((sunday_night, Window((MON,), "00:59", "02:00"))))
    assert not overlaps_itself(
        Schedule((sunday_night, Window((MON,), "01:00", "02:00")))
    )
    assert not overlaps_itself(Schedule())
