from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restaurant.features.rates.models import KnownRate, RateBook
from restaurant.features.rates.rules import (
    house_rate,
    judge_look,
    marked_up,
    read_rate,
    retry_ms,
    serving,
)
from restaurant.features.restaurants.models import HouseRate

SECOND, MINUTE = 1_000, 60_000
GOOD = RateBook(KnownRate(Decimal("100"), at=0))


def looks(book, *seen):
    for at, rate in seen:
        book = judge_look(book, read_rate(rate), at)
    return book


@pytest.mark.parametrize("raw", [0, -1, "nan", "inf", "-inf", "abc", "", None, 0.0])
def test_what_no_market_says_is_not_a_rate(raw):
    assert read_rate(raw) is None


def test_the_first_rate_is_good():
    assert judge_look(RateBook(), Decimal("158.635"), 5).good == KnownRate(
        Decimal("158.635"), 5
    )


@pytest.mark.parametrize(
    ("rate", "is_good"), [(80, True), (120, True), (79.99, False), (120.01, False)]
)
def test_a_new_rate_is_good_within_twenty_percent(rate, is_good):
    book = looks(GOOD, (MINUTE, rate))

    assert (book.good == KnownRate(Decimal(str(rate)), MINUTE)) is is_good


def test_a_lie_leaves_the_last_good_rate_serving_for_ten_minutes():
    book = looks(GOOD, (MINUTE, 100_000), (2 * MINUTE, 0.001), (3 * MINUTE, 90_000))

    assert serving(book, 10 * MINUTE) == KnownRate(Decimal("100"), 0)
    assert serving(book, 10 * MINUTE + 1) is None


def test_a_source_that_is_away_changes_nothing():
    assert judge_look(GOOD, None, MINUTE) == GOOD


def test_three_agreeing_looks_are_a_real_jump():
    two = looks(GOOD, (0, 200), (20 * SECOND, 203))
    three = looks(two, (40 * SECOND, 201))

    assert two.good == GOOD.good
    assert three.good == KnownRate(Decimal("201"), 40 * SECOND)
    assert three.suspects == ()


def test_looks_less_than_twenty_seconds_apart_count_once():
    book = looks(GOOD, (0, 200), (19_999, 200), (20_000, 200), (39_999, 200))

    assert book.good == GOOD.good
    assert len(book.suspects) == 2


def test_looks_that_disagree_by_more_than_two_percent_start_anew():
    book = looks(GOOD, (0, 200), (20 * SECOND, 205), (40 * SECOND, 200))

    assert book.good == GOOD.good
    assert [s.at for s in book.suspects] == [40 * SECOND]


def test_a_good_look_forgets_the_suspects():
    book = looks(GOOD, (0, 200), (20 * SECOND, 200), (30 * SECOND, 101))

    assert book == RateBook(KnownRate(Decimal("101"), 30 * SECOND))


@given(st.lists(st.tuples(st.integers(1, 60_000), st.floats(allow_nan=True))))
def test_no_sequence_of_looks_serves_nonsense(steps):
    book, at = GOOD, 0
    for gap, raw in steps:
        at += gap
        book = judge_look(book, read_rate(raw), at)
        rate = serving(book, at)
        assert rate is None or (rate.rate.is_finite() and rate.rate > 0)
        assert len(book.suspects) < 3


@pytest.mark.parametrize(
    ("book", "rate", "pause"),
    [
        (GOOD, Decimal("9999"), 20 * SECOND),
        (GOOD, None, 5 * SECOND),
        (RateBook(), None, 1 * SECOND),
    ],
    ids=["it lies", "away, served", "away, nothing to serve"],
)
def test_a_source_that_is_not_believed_is_left_alone_for_a_while(book, rate, pause):
    assert retry_ms(book, rate, 0) == pause


# --- what the restaurant says about rates ---------------------------------------------


@pytest.mark.parametrize(
    ("rate", "percent", "marked"),
    [
        ("158.635", "0", "158.635"),
        ("158.635", "2", "161.8077"),
        ("158.635", "-1.5", "156.255475"),
        ("1539.07692308", "0.0001", "1539.07846216"),  # 12 digits again
        ("0.0000007", "50", "0.00000105"),
        ("100", "-50", "50"),
    ],
)
def test_a_markup_is_put_on_the_markets_rate(rate, percent, marked):
    assert f"{marked_up(Decimal(rate), percent):f}" == marked


HOUSE_RATES = [
    HouseRate(
        currency="GTQ",
        rate="150",
        starts_at="2026-09-21T12:00:00.000Z",
        ends_at="2026-09-21T13:00:00.000Z",
    ),
    HouseRate(currency="GTQ", rate="155", starts_at="2026-09-21T13:00:00.000Z"),
    HouseRate(currency="EUR", rate="1500"),
]
NOON = 1_789_992_000_000


@pytest.mark.parametrize(
    ("currency", "at", "rate"),
    [
        ("GTQ", NOON - 1, None),
        ("GTQ", NOON, "150"),
        ("GTQ", NOON + 60 * MINUTE - 1, "150"),
        ("GTQ", NOON + 60 * MINUTE, "155"),
        ("GTQ", NOON * 2, "155"),
        ("EUR", 0, "1500"),
        ("USD", NOON, None),
    ],
)
def test_a_house_rate_holds_from_its_start_up_to_its_end(currency, at, rate):
    found = house_rate(HOUSE_RATES, currency, at)

    assert found == (Decimal(rate) if rate else None)
