"""Hours of the week on the restaurant's wall clock, and reading them."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from restaurant.core import fields, limits, schedules
from restaurant.core.schedules import (
    ALWAYS,
    Schedule,
    ScheduleBody,
    Window,
    WindowBody,
    holds,
    next_change,
    next_start,
    overlap,
    reached,
)

MINUTE = 60_000
WEEK = 7 * 24 * 60 * MINUTE
EVERY_DAY = tuple(range(7))
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6
BERLIN = "Europe/Berlin"
HAPPY = Schedule((Window((MONDAY, FRIDAY), "17:00", "19:00"),))
LATE = Schedule((Window((FRIDAY,), "22:00", "02:00"),))


def at(wall: str, zone: str = BERLIN, fold: int = 0) -> int:
    """The moment of a wall clock; ``fold`` 1 is the second of two alike."""
    moment = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(moment.timestamp() * 1000)


def body(*windows: tuple[list[int], str, str], **days: str) -> ScheduleBody:
    return ScheduleBody(
        windows=[WindowBody(days=d, starts=s, ends=e) for d, s, e in windows], **days
    )


# --- holds -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-09-21T16:59:59", False),  # a Monday
        ("2026-09-21T17:00", True),
        ("2026-09-21T18:59:59", True),
        ("2026-09-21T19:00", False),
        ("2026-09-22T18:00", False),
        ("2026-09-25T18:00", True),
    ],
)
def test_a_window_runs_from_its_start_and_not_at_its_end(
    wall: str, expected: bool
) -> None:
    assert holds(HAPPY, at(wall), BERLIN) is expected


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-09-25T21:59", False),  # a Friday
        ("2026-09-25T22:00", True),
        ("2026-09-26T00:00", True),
        ("2026-09-26T01:59", True),
        ("2026-09-26T02:00", False),
        ("2026-09-26T22:00", False),
        ("2026-09-25T01:00", False),
    ],
)
def test_a_window_over_midnight_belongs_to_the_day_it_begins_on(
    wall: str, expected: bool
) -> None:
    assert holds(LATE, at(wall), BERLIN) is expected


def test_a_window_over_the_end_of_the_week_runs_into_monday() -> None:
    late = Schedule((Window((SUNDAY,), "23:00", "01:00"),))

    assert holds(late, at("2026-09-27T23:30"), BERLIN)
    assert holds(late, at("2026-09-28T00:59"), BERLIN)
    assert not holds(late, at("2026-09-28T01:00"), BERLIN)


def test_an_end_at_the_start_is_a_whole_day() -> None:
    whole = Schedule((Window((FRIDAY,), "06:00", "06:00"),))

    assert not holds(whole, at("2026-09-25T05:59"), BERLIN)
    assert holds(whole, at("2026-09-25T06:00"), BERLIN)
    assert holds(whole, at("2026-09-26T05:59"), BERLIN)
    assert not holds(whole, at("2026-09-26T06:00"), BERLIN)


def test_the_same_moment_is_another_hour_elsewhere() -> None:
    moment = at("2026-09-25T18:00", BERLIN)

    assert holds(HAPPY, moment, BERLIN)
    assert not holds(HAPPY, moment, "America/Guatemala")
    assert holds(HAPPY, at("2026-09-25T18:00", "Asia/Tokyo"), "Asia/Tokyo")


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-09-20T23:59:59", False),
        ("2026-09-21T00:00", True),
        ("2026-09-23T23:59:59", True),
        ("2026-09-24T00:00", False),
    ],
)
def test_first_and_last_day_are_included(wall: str, expected: bool) -> None:
    some = Schedule(first_day="2026-09-21", last_day="2026-09-23")

    assert holds(some, at(wall), BERLIN) is expected


def test_a_window_of_the_last_day_runs_to_its_end_on_the_next() -> None:
    night = Window(EVERY_DAY, "22:00", "02:00")
    some = Schedule((night,), first_day="2026-09-25", last_day="2026-09-25")

    assert not holds(some, at("2026-09-25T01:00"), BERLIN)
    assert holds(some, at("2026-09-25T22:00"), BERLIN)
    assert holds(some, at("2026-09-26T01:59"), BERLIN)
    assert not holds(some, at("2026-09-26T22:00"), BERLIN)


def test_no_windows_and_no_days_is_always() -> None:
    assert holds(ALWAYS, 0, BERLIN)
    assert next_change(ALWAYS, 0, BERLIN) is None


# --- when the clocks change ---------------------------------------------------------


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-10-25"])
def test_a_happy_hour_begins_at_its_hour_before_and_after_the_clocks_change(
    day: str,
) -> None:
    daily = Schedule((Window(EVERY_DAY, "17:00", "19:00"),))

    assert next_change(daily, at(f"{day}T12:00"), BERLIN) == at(f"{day}T17:00")
    assert next_change(daily, at(f"{day}T17:00"), BERLIN) == at(f"{day}T19:00")
    assert holds(daily, at(f"{day}T17:00"), BERLIN)
    assert not holds(daily, at(f"{day}T19:00"), BERLIN)


def test_hours_that_the_clocks_skip_do_not_come() -> None:
    skipped = Schedule((Window((SUNDAY,), "02:00", "03:00"),))
    before, after = at("2026-03-29T01:59:59"), at("2026-03-29T03:00")

    assert after - before == 1_000
    assert not holds(skipped, before, BERLIN)
    assert not holds(skipped, after, BERLIN)


def test_an_hour_that_comes_twice_holds_twice() -> None:
    twice = Schedule((Window((SUNDAY,), "02:00", "03:00"),))

    assert holds(twice, at("2026-10-25T02:30"), BERLIN)
    assert holds(twice, at("2026-10-25T02:30", fold=1), BERLIN)
    assert not holds(twice, at("2026-10-25T03:00"), BERLIN)


# --- next_change ------------------------------------------------------------------


def test_the_next_change_is_an_edge_of_a_window_or_a_day() -> None:
    some = Schedule(first_day="2026-09-21", last_day="2026-09-23")

    assert next_change(HAPPY, at("2026-09-21T18:00"), BERLIN) == at("2026-09-21T19:00")
    assert next_change(HAPPY, at("2026-09-21T19:00"), BERLIN) == at("2026-09-25T17:00")
    assert next_change(LATE, at("2026-09-26T00:30"), BERLIN) == at("2026-09-26T02:00")
    assert next_change(some, at("2026-01-01T00:00"), BERLIN) == at("2026-09-21T00:00")
    assert next_change(some, at("2026-09-21T00:00"), BERLIN) == at("2026-09-24T00:00")
    assert next_change(some, at("2026-09-24T00:00"), BERLIN) is None


clocks = st.builds(
    lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.integers(0, 59)
)
windows = st.builds(
    Window,
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    clocks,
    clocks,
)
days = st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))
weekly = st.builds(Schedule, st.lists(windows, max_size=3).map(tuple))
bounded = st.builds(
    lambda each, first, last: Schedule(
        each.windows, first and first.isoformat(), last and last.isoformat()
    ),
    weekly,
    days,
    days,
)
zones = st.sampled_from([BERLIN, "America/Guatemala", "Australia/Lord_Howe", "UTC"])
moments = st.integers(
    at("2026-01-01T00:00"), at("2027-01-01T00:00") - 1
) | st.sampled_from(
    [
        "2026-03-27T12:00",
        "2026-03-29T00:30",
        "2026-10-24T12:00",
        "2026-10-25T01:30",
        "2026-10-25T02:40",
        "2026-04-04T10:00",
        "2026-10-03T10:00",
    ]
).map(at)


@given(bounded, moments, zones)
def test_nothing_changes_before_the_next_change(
    schedule: Schedule, moment: int, zone: str
) -> None:
    until = next_change(schedule, moment, zone)

    end = moment + WEEK if until is None else min(until, moment + WEEK)
    step = max(1, (end - moment) // 40)
    seen = {holds(schedule, each, zone) for each in range(moment, end, step)}
    assert len(seen) == 1


def test_the_next_change_is_right_when_the_clocks_change() -> None:
    half_skipped = Schedule((Window((SUNDAY,), "02:30", "04:00"),))
    twice = Schedule((Window((SUNDAY,), "02:00", "02:30"),))

    assert next_change(half_skipped, at("2026-03-29T00:00"), BERLIN) in (
        at("2026-03-29T02:30", fold=1),
        at("2026-03-29T03:00"),
    )
    assert next_change(half_skipped, at("2026-03-29T01:59"), BERLIN) == at(
        "2026-03-29T03:00"
    )
    assert next_change(twice, at("2026-10-25T02:30"), BERLIN) == at(
        "2026-10-25T02:00", fold=1
    )


# --- next_start -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-09-21T16:00", "2026-09-21T17:00"),
        ("2026-09-21T18:30", "2026-09-25T17:00"),
        ("2026-09-25T19:00", "2026-09-28T17:00"),
    ],
)
def test_the_next_start_is_when_it_holds_again(wall: str, expected: str) -> None:
    assert next_start((HAPPY,), at(wall), BERLIN) == at(expected)


def test_schedules_start_together_when_all_of_them_hold() -> None:
    evening = Schedule((Window(EVERY_DAY, "18:00", "23:00"),))
    morning = Schedule((Window(EVERY_DAY, "06:00", "10:00"),))
    soon = Schedule(first_day="2027-03-02")
    over = Schedule(last_day="2026-09-21")
    moment = at("2026-09-21T12:00")

    assert next_start((HAPPY, evening), moment, BERLIN) == at("2026-09-21T18:00")
    assert next_start((HAPPY, soon), moment, BERLIN) == at("2027-03-05T17:00")
    assert next_start((soon,), moment, BERLIN) == at("2027-03-02T00:00")
    assert next_start((HAPPY, morning), moment, BERLIN) is None
    assert next_start((morning, over), moment, BERLIN) is None
    assert next_start((Schedule(first_day="9999-12-31"),), moment, BERLIN) is None
    assert next_change(Schedule(last_day="9999-12-31"), moment, BERLIN) is None


@given(weekly, weekly, moments, zones)
def test_nothing_holds_before_the_next_start(
    one: Schedule, other: Schedule, moment: int, zone: str
) -> None:
    def both(when: int) -> bool:
        return holds(one, when, zone) and holds(other, when, zone)

    assume(not both(moment))
    start = next_start((one, other), moment, zone)

    end = moment + 2 * WEEK if start is None else start
    step = max(MINUTE, (end - moment) // 60)
    assert not any(both(each) for each in range(moment, end, step))
    assert start is None or both(start)


def test_an_unknown_time_zone_is_read_as_utc() -> None:
    assert holds(HAPPY, at("2026-09-21T17:30", "UTC"), "Atlantis/Capital")


# --- reached ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-09-21T17:00", at("2026-09-21T17:00")),
        ("2026-03-29T02:30", at("2026-03-29T03:00")),  # skipped
        ("2026-03-29T02:00", at("2026-03-29T03:00")),
        ("2026-03-29T03:00", at("2026-03-29T03:00")),
        ("2026-10-25T02:30", at("2026-10-25T02:30")),  # the first of two
        ("2026-10-25T03:00", at("2026-10-25T02:00", fold=1) + 60 * MINUTE),
    ],
)
def test_a_time_is_reached_when_clocks_first_show_it_or_more(
    wall: str, expected: int
) -> None:
    moment = datetime.fromisoformat(wall)
    minute = moment.hour * 60 + moment.minute

    assert reached(moment.date(), minute, ZoneInfo(BERLIN)) == expected
    yesterday = moment.date() - timedelta(days=1)
    assert reached(yesterday, minute + 24 * 60, ZoneInfo(BERLIN)) == expected


# --- overlap ------------------------------------------------------------------------


def weekly_of(*each: tuple[tuple[int, ...], str, str]) -> Schedule:
    return Schedule(tuple(Window(*one) for one in each))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (ALWAYS, ALWAYS, True),
        (ALWAYS, HAPPY, True),
        (HAPPY, weekly_of(((MONDAY,), "19:00", "20:00")), False),
        (HAPPY, weekly_of(((MONDAY,), "18:59", "20:00")), True),
        (HAPPY, weekly_of(((1, 2), "17:00", "19:00")), False),
        (LATE, weekly_of(((SATURDAY,), "01:00", "03:00")), True),
        (LATE, weekly_of(((SATURDAY,), "02:00", "03:00")), False),
        (
            weekly_of(((SUNDAY,), "23:00", "01:00")),
            weekly_of(((MONDAY,), "00:30", "08:00")),
            True,
        ),
        (Schedule(last_day="2026-09-21"), Schedule(first_day="2026-09-22"), False),
        (Schedule(last_day="2026-09-21"), Schedule(first_day="2026-09-21"), True),
        (Schedule(last_day="2026-09-21"), Schedule(), True),
    ],
)
def test_two_schedules_overlap_when_both_can_hold_at_once(
    one: Schedule, other: Schedule, expected: bool
) -> None:
    assert overlap(one, other) is expected
    assert overlap(other, one) is expected


@given(weekly, weekly, moments)
def test_schedules_that_hold_together_overlap(
    one: Schedule, other: Schedule, moment: int
) -> None:
    assume(holds(one, moment, "UTC") and holds(other, moment, "UTC"))

    assert overlap(one, other)


# --- reading ------------------------------------------------------------------------


def test_a_schedule_is_read_and_shown_as_it_was_sent() -> None:
    sent = body(([0, 4], "17:00", "19:00"), first_day="2026-09-21")

    read = fields.schedule(sent)

    assert read == Schedule((Window((0, 4), "17:00", "19:00"),), first_day="2026-09-21")
    assert schedules.shape(read) == ScheduleBody(**sent.dict())


@pytest.mark.parametrize(
    "wrong",
    [
        body(([0], "17:00", "19:00"), ([0], "18:00", "20:00")),
        body(([0], "22:00", "02:00"), ([1], "01:59", "03:00")),
        body(([6], "22:00", "02:00"), ([0], "00:00", "03:00")),
        body(([0, 1], "12:00", "12:00"), ([1], "11:00", "11:30")),
        body(([], "17:00", "19:00")),
        body(([7], "17:00", "19:00")),
        body(([-1], "17:00", "19:00")),
        body(([0, 0], "17:00", "19:00")),
        body(([0], "24:00", "19:00")),
        body(([0], "17:60", "19:00")),
        body(([0], "5:00", "19:00")),
        body(([0], "17:00", "")),
        body(first_day="2026-02-30"),
        body(first_day="20260201"),
        body(last_day="tomorrow"),
        body(first_day="2026-09-22", last_day="2026-09-21"),
        body(*[([0], "17:00", "17:01")] * (limits.WINDOWS_MAX + 1)),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(wrong: ScheduleBody) -> None:
    with pytest.raises(ValueError, match=r"^[a-z]"):
        fields.schedule(wrong)


def test_windows_that_touch_do_not_overlap() -> None:
    touching = body(([0], "17:00", "19:00"), ([0], "19:00", "20:00"))

    assert len(fields.schedule(touching).windows) == 2


def test_a_night_of_every_day_touches_itself_only() -> None:
    nightly: Any = [list(EVERY_DAY), "22:00", "22:00"]

    assert fields.schedule(body(tuple(nightly))).windows[0].days == EVERY_DAY


@given(st.integers(0, 6), clocks, st.integers(1, 24 * 60 - 1))
def test_a_window_is_as_long_as_it_says(day: int, starts: str, minutes: int) -> None:
    begin = datetime.fromisoformat(f"2026-09-{21 + day}T{starts}")
    end = begin + timedelta(minutes=minutes)
    one = Schedule((Window((day,), starts, f"{end:%H:%M}"),))

    inside = [
        holds(one, at(f"{begin + timedelta(minutes=m):%Y-%m-%dT%H:%M}", "UTC"), "UTC")
        for m in (-1, 0, minutes - 1, minutes)
    ]

    assert inside == [False, True, True, False]
