"""Wrong codes are counted by client and by restaurant, in windows."""

import pytest

from restaurant.adapters.guesses import Tally, client_of

WINDOW = 60_000


def test_a_key_waits_out_its_window_after_too_many():
    tally = Tally(most=3, window_ms=WINDOW, keys_max=10)

    tally.add("a", 2, 1_000)
    assert tally.wait_ms("a", 1_000) == 0
    tally.add("a", 1, 5_000)
    assert tally.wait_ms("a", 5_000) == 56_000
    assert tally.wait_ms("a", 60_999) == 1
    assert tally.wait_ms("a", 61_000) == 0
    assert tally.wait_ms("b", 5_000) == 0


def test_a_window_begins_with_its_first_wrong_code():
    tally = Tally(most=2, window_ms=WINDOW, keys_max=10)

    tally.add("a", 1, 0)
    tally.add("a", 1, WINDOW)
    assert tally.wait_ms("a", WINDOW) == 0
    tally.add("a", 1, WINDOW + 1)
    assert tally.wait_ms("a", WINDOW + 1) == WINDOW - 1


def test_a_clock_that_is_set_back_locks_nobody_out():
    tally = Tally(most=1, window_ms=WINDOW, keys_max=10)

    tally.add("a", 1, 10 * WINDOW)

    assert tally.wait_ms("a", 0) == 0
    tally.add("a", 1, 0)
    assert tally.wait_ms("a", 0) == WINDOW


def test_only_so_many_keys_stay_in_memory():
    tally = Tally(most=1, window_ms=WINDOW, keys_max=2)

    for key in ("a", "b", "a", "c"):
        tally.add(key, 1, 0)

    assert [tally.wait_ms(key, 0) > 0 for key in "abc"] == [True, False, True]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.1", "203.0.113.1", True),
        ("203.0.113.1", "203.0.113.2", False),
        ("::ffff:203.0.113.1", "203.0.113.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("testclient", "testclient", True),
        ("", "testclient", False),
    ],
)
def test_an_ipv6_network_is_one_client(one, other, same):
    assert (client_of(one) == client_of(other)) is same
