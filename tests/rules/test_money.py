from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restaurant.core import money


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        *(("SAT", "sat"), ("sats", "sat"), ("Satoshi", "sat"), ("satoshis", "sat")),
        *(("mSat", "msat"), ("btc", "BTC"), ("gtq", "GTQ"), (" eur ", "EUR")),
    ],
)
def test_currency_names_have_one_stored_form(sent, stored):
    assert money.currency_code(sent) == stored


@pytest.mark.parametrize(
    ("price", "currency", "minor", "shown"),
    [
        ("85.00", "GTQ", 8500, "85.00"),
        ("85", "GTQ", 8500, "85.00"),
        (85, "GTQ", 8500, "85.00"),
        (0.1, "EUR", 10, "0.10"),
        ("850", "JPY", 850, "850"),
        ("1.250", "BHD", 1250, "1.250"),
        ("21", "sat", 21, "21"),
        ("0.00000001", "BTC", 1, "0.00000001"),
        ("-5.50", "EUR", -550, "-5.50"),
    ],
)
def test_prices_are_whole_minor_units(price, currency, minor, shown):
    assert money.to_minor(price, currency) == minor
    assert money.price_text(minor, currency) == shown


@pytest.mark.parametrize(
    ("price", "currency"),
    [
        *(("NaN", "EUR"), ("Infinity", "EUR"), ("1e3", "EUR"), ("1,50", "EUR")),
        *(("", "EUR"), (" 1", "EUR"), ("1.", "EUR"), (".5", "EUR"), ("+1", "EUR")),
        *((True, "EUR"), (None, "EUR"), ([], "EUR"), (float("nan"), "EUR")),
        *((float("inf"), "EUR"), (1e-9, "EUR"), ("1.001", "EUR"), ("1.5", "JPY")),
        *(("1.5", "sat"), ("1.2345", "BHD"), ("1" * 16, "EUR"), ("٣", "EUR")),
    ],
)
def test_what_is_not_a_plain_price_is_refused(price, currency):
    with pytest.raises(ValueError, match=r"number|decimals"):
        money.to_minor(price, currency)


@given(st.integers(0, 10**12), st.integers(1, 500))
def test_a_split_always_adds_up_and_is_fair(total, parts):
    shares = money.split(total, parts)

    assert sum(shares) == total
    assert len(shares) == parts
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(
    ("msat", "rounded"),
    [("0", 0), ("0.001", 1000), ("999.9", 1000), ("1000", 1000), ("1000.01", 2000)],
)
def test_totals_round_up_to_a_whole_satoshi(msat, rounded):
    assert money.ceil_to_sat(Decimal(msat)) == rounded


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        ("158.635", "158.635"),
        ("0.00123456789012345", "0.00123456789012"),
        ("1234567890123.5", "1234567890120"),
        ("2.5000000000005", "2.5"),
        ("1000000", "1000000"),
    ],
)
def test_rates_keep_twelve_digits_half_even(number, rounded):
    assert f"{money.round_digits(Decimal(number), 12):f}" == rounded


# --- apportioning ----------------------------------------------------------------

WEIGHTS = st.lists(st.integers(0, 10**30), min_size=1, max_size=60)
TOTALS = st.integers(0, 10**15)


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [1, 1, 4], [17, 17, 66]),
        (7, [3, 0, 1], [5, 0, 2]),
        (2, [1, 1, 1], [1, 1, 0]),
        (0, [5, 3], [0, 0]),
        (5, [0, 0], [3, 2]),
        (10, [7], [10]),
        (80, [50, 30], [50, 30]),
    ],
)
def test_a_sum_is_apportioned_by_largest_remainders(total, weights, shares):
    assert money.apportion(total, weights) == shares


@given(TOTALS, WEIGHTS)
def test_shares_by_weight_add_up_and_stay_within_one_unit_of_the_quota(total, weights):
    shares = money.apportion(total, weights)

    assert sum(shares) == total
    assert len(shares) == len(weights)
    whole = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        if whole:
            assert total * weight // whole <= share <= -(-total * weight // whole)


@given(TOTALS, WEIGHTS.filter(any))
def test_who_weighs_nothing_gets_nothing_and_who_weighs_more_never_less(total, weights):
    shares = money.apportion(total, weights)

    assert all(not s for s, w in zip(shares, weights, strict=True) if not w)
    by_weight = sorted(zip(weights, shares, strict=True))
    for (lighter, less), (heavier, more) in pairwise(by_weight):
        assert lighter == heavier or less <= more


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=60).filter(any))
def test_amounts_that_add_up_to_the_total_are_the_shares(amounts):
    assert money.apportion(sum(amounts), amounts) == amounts
