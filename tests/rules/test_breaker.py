"""The circuit breaker: what it lets through, when, and that it always heals."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from restaurant.core import limits
from restaurant.core.breaker import Breaker

PAUSE = limits.BREAKER_OPEN_MS
ENOUGH = limits.BREAKER_FAILURES


def opened(at: int = 0) -> Breaker:
    breaker = Breaker()
    for _ in range(ENOUGH):
        breaker = breaker.begun(at).failed(at)
    return breaker


def test_a_new_breaker_lets_calls_through():
    assert Breaker().waits_until(0) is None


def test_fewer_failures_than_enough_change_nothing():
    breaker = Breaker()
    for at in range(ENOUGH - 1):
        breaker = breaker.begun(at).failed(at)
    assert breaker.waits_until(ENOUGH) is None


def test_enough_failures_in_a_row_open_it_for_the_pause():
    breaker = opened(1_000)
    assert breaker.waits_until(1_000) == 1_000 + PAUSE
    assert breaker.waits_until(999 + PAUSE) == 1_000 + PAUSE
    assert breaker.waits_until(1_000 + PAUSE) is None


def test_a_success_between_failures_starts_the_count_anew():
    breaker = Breaker()
    for at in range(10 * ENOUGH):
        breaker = breaker.begun(at).failed(at)
        if at % 2:
            breaker = breaker.begun(at).succeeded()
    assert breaker.waits_until(10 * ENOUGH) is None


def test_after_the_pause_one_call_is_tried_and_others_wait():
    trial = opened(0).begun(PAUSE)
    assert trial.waits_until(PAUSE) == 2 * PAUSE


def test_a_trial_that_succeeds_closes_it():
    assert opened(0).begun(PAUSE).succeeded() == Breaker()


def test_a_trial_that_fails_opens_it_for_another_pause():
    breaker = opened(0).begun(PAUSE).failed(PAUSE)
    assert breaker.waits_until(PAUSE) == 2 * PAUSE
    assert breaker.waits_until(2 * PAUSE) is None


def test_a_trial_that_never_ends_does_not_keep_it_open_for_ever():
    breaker = opened(0).begun(PAUSE)
    assert breaker.waits_until(2 * PAUSE) is None


def test_a_trial_that_never_went_out_is_the_next_calls():
    breaker = opened(0).begun(PAUSE).released(PAUSE)
    assert breaker.waits_until(PAUSE) is None


def test_a_call_that_is_no_trial_releases_nothing():
    breaker = opened(0).begun(PAUSE)
    assert breaker.released(PAUSE - 1) == breaker


def test_slow_failures_of_calls_from_before_do_not_prolong_the_pause():
    breaker = opened(1_000).failed(500).failed(1_000)
    assert breaker.waits_until(1_000 + PAUSE) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 2 * PAUSE), st.sampled_from(["ok", "bad", "none"])),
        max_size=60,
    )
)
def test_it_never_blocks_longer_than_a_pause_and_counts_right(calls):
    breaker, at, in_a_row = Breaker(), 0, 0
    for gap, outcome in calls:
        at += gap
        waits_until = breaker.waits_until(at)
        if waits_until is not None:
            assert at < waits_until <= at + PAUSE
            assert in_a_row >= ENOUGH
            continue
        breaker = breaker.begun(at)
        if outcome == "ok":
            breaker, in_a_row = breaker.succeeded(), 0
        elif outcome == "bad":
            breaker, in_a_row = breaker.failed(at), in_a_row + 1
        else:
            breaker = breaker.released(at)
        is_blocked = breaker.waits_until(at) is not None
        assert is_blocked == (outcome == "bad" and in_a_row >= ENOUGH)
    assert breaker.waits_until(at + PAUSE) is None
