"""The queue's promise: printed at least once, and a second copy says what it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_print_job
from restaurant.core import limits
from restaurant.core.errors import Conflict, Forbidden, Refused
from restaurant.features.printers.models import Fault
from restaurant.features.printing import rules
from restaurant.features.printing.models import (
    STATES_OF,
    STATUS_OF,
    Caller,
    Failure,
    PrintEvent,
    PrintJob,
    PrintState,
    Reach,
)
from restaurant.features.printing.rules import Decision
from restaurant.models import SYSTEM, Actor, Role

S, E = PrintState, PrintEvent
LEASE = 60_000
HOUR = 3_600_000
DRAWER = 10_000
RESTAURANT = "restaurant-0"


def device(name: str, token: str | None = None, *stations: str) -> Caller:
    return Caller(Actor(Role.PRINTER, name), RESTAURANT, stations, token)


OWNER = Caller(Actor(Role.OWNER), RESTAURANT)
LEFT, RIGHT = device("left", "left-token"), device("right", "right-token")


def claimed(job: PrintJob | None = None, at: int = NOW) -> PrintJob:
    return rules.claim(job or a_print_job(), "left", "left-token", at).job


def started(job: PrintJob | None = None, at: int = NOW) -> PrintJob:
    return rules.start(claimed(job, at), LEFT, at).job


def in_state(state: PrintState) -> PrintJob:
    """A job in any state; leases are the left printer's and still run."""
    if state in (S.LEASED, S.PRINTING):
        return started() if state is S.PRINTING else claimed()
    return a_print_job(state=state)


# --- the table ----------------------------------------------------------------

STEPS: dict[PrintEvent, Any] = {
    E.CLAIM: lambda job: rules.claim(job, "left", "left-token", NOW),
    E.RECLAIM: lambda job: rules.claim(
        replace(job, lease_owner="left kitchen"), "left kitchen", "again", NOW
    ),
    E.START: lambda job: rules.start(job, LEFT, NOW),
    E.RENEW: lambda job: rules.renew(job, LEFT, NOW),
    E.ACK: lambda job: rules.ack(job, device("left"), "drain", NOW),
    E.FAIL: lambda job: rules.fail(job, device("left"), Failure("jam"), 0.5, NOW),
    E.CANCEL: lambda job: rules.cancel(job, NOW),
    E.RETRY: lambda job: rules.retry(job, NOW),
    E.REROUTE: lambda job: rules.reroute(job, "bar printer", NOW),
    E.LAPSE: lambda job: rules.lapse(job, NOW + LEASE),
    E.EXPIRE: lambda job: rules.lapse(replace(job, kind="drawer"), NOW + DRAWER),
}
EXPECTED: dict[PrintEvent, dict[PrintState, PrintState]] = {
    E.CLAIM: {S.QUEUED: S.LEASED},
    E.RECLAIM: {S.LEASED: S.LEASED},
    E.START: {S.LEASED: S.PRINTING, S.PRINTING: S.PRINTING},
    E.RENEW: {S.LEASED: S.LEASED, S.PRINTING: S.PRINTING},
    E.ACK: dict.fromkeys(S, S.PRINTED),
    E.FAIL: {
        S.QUEUED: S.QUEUED,
        S.LEASED: S.QUEUED,
        S.PRINTING: S.QUEUED,
        S.DEAD: S.DEAD,
    },
    E.CANCEL: {s: S.CANCELED for s in S if s not in (S.PRINTING, S.PRINTED)},
    E.RETRY: {
        S.QUEUED: S.QUEUED,
        S.IN_DOUBT: S.QUEUED,
        S.DEAD: S.QUEUED,
        S.EXPIRED: S.QUEUED,
    },
    E.REROUTE: {S.QUEUED: S.QUEUED, S.DEAD: S.QUEUED},
    E.LAPSE: {S.LEASED: S.QUEUED, S.PRINTING: S.QUEUED},
    E.EXPIRE: {S.QUEUED: S.EXPIRED, S.LEASED: S.EXPIRED},
}


@pytest.mark.parametrize(("what", "state"), list(product(E, S)))
def test_every_event_in_every_state(what: PrintEvent, state: PrintState) -> None:
    job = in_state(state)
    expected = EXPECTED[what].get(state)

    if what is E.RECLAIM and state is S.QUEUED:
        return  # the same call, but then it is the first claim
    if expected:
        decision = STEPS[what](job)
        assert decision.job.state is expected
        assert expected in rules.TABLE[what][state]
    elif what in (E.LAPSE, E.EXPIRE):
        decision = STEPS[what](job)
        assert (decision.job.state, decision.event) == (state, None)
        assert state not in rules.TABLE[what]
    else:
        with pytest.raises(Conflict) as refused:
            STEPS[what](job)
        no_lease = what in (E.START, E.RENEW)
        assert refused.value.code == ("job.lease" if no_lease else "job.state")
        assert state not in rules.TABLE[what]


def test_the_table_names_every_step_and_every_refusal_says_what_is_allowed() -> None:
    assert {what: set(rows) for what, rows in rules.TABLE.items()} == {
        what: set(rows) for what, rows in EXPECTED.items()
    }
    with pytest.raises(Conflict) as refused:
        rules.cancel(in_state(S.PRINTED), NOW)
    assert refused.value.facts == {"state": "printed", "allowed": ["ack"]}


def test_every_state_has_one_public_word() -> None:
    assert {state.value: word.value for state, word in STATUS_OF.items()} == {
        "queued": "queued",
        "leased": "sent",
        "printing": "sent",
        "in_doubt": "sent",
        "printed": "acknowledged",
        "dead": "failed",
        "expired": "failed",
        "canceled": "canceled",
    }
    assert sum(map(len, STATES_OF.values())) == len(S)


# --- lease and fence ------------------------------------------------------------


def test_a_claim_counts_an_attempt_and_runs_a_minute() -> None:
    job = claimed()

    assert (job.attempts, job.lease_owner, job.lease_token) == (1, "left", "left-token")
    assert job.lease_until == NOW + LEASE
    assert not rules.is_lapsed(job, NOW + LEASE - 1)
    assert rules.is_lapsed(job, NOW + LEASE)


def test_a_repeated_start_is_answered_again() -> None:
    again = rules.start(started(), LEFT, NOW + 10).job

    assert again.state is S.PRINTING
    assert again.lease_until == NOW + 10 + LEASE


@pytest.mark.parametrize("caller", [RIGHT, OWNER, device("right"), device("left", "x")])
def test_nobody_starts_or_renews_on_another_lease(caller: Caller) -> None:
    for step, job in product((rules.start, rules.renew), (claimed(), started())):
        with pytest.raises(Conflict) as refused:
            step(job, caller, NOW)
        assert refused.value.code == "job.lease"


def test_an_ended_lease_that_nobody_took_may_be_renewed_and_started() -> None:
    late = NOW + 10 * LEASE

    assert rules.renew(started(), LEFT, late).job.lease_until == late + LEASE
    assert rules.start(claimed(), LEFT, late).job.state is S.PRINTING


def test_an_ended_lease_gives_the_job_back_and_keeps_the_attempt() -> None:
    decision = rules.lapse(claimed(), NOW + LEASE)

    job = decision.job
    assert (job.state, job.attempts, job.not_before) == (S.QUEUED, 1, 0)
    assert (job.lease_token, job.lease_owner, job.lease_until) == (None, None, None)
    assert job.error_code == "lease.ended"
    assert not job.possible_duplicate
    assert decision.event == "print.returned"


def test_a_started_job_whose_lease_ended_may_be_on_paper() -> None:
    decision = rules.lapse(started(), NOW + LEASE)

    assert decision.job.state is S.QUEUED
    assert decision.job.possible_duplicate
    assert decision.job.started_at == NOW
    assert decision.event == "print.in_doubt"


def test_no_lease_and_no_pause_outlives_a_clock_that_was_put_back() -> None:
    job, left = started(), limits.PRINT_HOLDS_MS - LEASE
    paused = a_print_job(not_before=NOW + LEASE)

    assert not rules.is_lapsed(job, NOW - left)
    assert rules.is_lapsed(job, NOW - left - 1)
    assert rules.lapse(job, NOW - HOUR).job.possible_duplicate
    assert not rules.is_free(paused, "left", NOW - left)
    assert rules.is_free(paused, "left", NOW - left - 1)


@pytest.mark.parametrize(
    ("wanted", "given"), [(0, LEASE), (90_000, 90_000), (HOUR, 300_000)]
)
def test_who_asks_seldom_gets_a_longer_lease_but_not_for_ever(
    wanted: int, given: int
) -> None:
    assert rules.renew(started(), LEFT, NOW, wanted).job.lease_until == NOW + given


def test_the_fifth_ended_lease_is_the_last() -> None:
    job = claimed(a_print_job(attempts=4))

    decision = rules.lapse(job, NOW + LEASE)

    assert (decision.job.state, decision.job.attempts) == (S.DEAD, 5)
    assert decision.event == "print.failed"


# --- ack ------------------------------------------------------------------------


@pytest.mark.parametrize("caller", [LEFT, device("left")])
@pytest.mark.parametrize("job", [claimed(), started()])
def test_the_holder_acks(job: PrintJob, caller: Caller) -> None:
    decision = rules.ack(job, caller, "drain", NOW + 5)

    assert decision.job.state is S.PRINTED
    assert (decision.job.printed_at, decision.job.confirm) == (NOW + 5, "drain")
    assert decision.job.lease_token is None
    assert decision.event == "print.acknowledged"


def test_a_second_ack_changes_nothing() -> None:
    printed = rules.ack(started(), LEFT, "drain", NOW).job

    for caller in (LEFT, RIGHT, OWNER, device("left")):
        assert rules.ack(printed, caller, None, NOW + 9) == rules.Decision(printed)


@pytest.mark.parametrize("caller", [OWNER, RIGHT, device("right")])
@pytest.mark.parametrize(
    "job",
    [
        a_print_job(),
        claimed(),
        a_print_job(state=S.DEAD, last_error="jam", error_code="jam"),
        a_print_job(state=S.CANCELED),
        rules.lapse(started(), NOW + LEASE).job,
    ],
)
def test_an_ack_without_the_lease_counts_while_nobody_prints(
    job: PrintJob, caller: Caller
) -> None:
    done = rules.ack(job, caller, None, NOW).job

    assert (done.state, done.last_error, done.error_code) == (S.PRINTED, None, None)
    with pytest.raises(Conflict):
        rules.start(done, LEFT, NOW)


@pytest.mark.parametrize("caller", [OWNER, RIGHT, device("right")])
def test_a_late_ack_is_refused_once_another_printer_has_started(caller: Caller) -> None:
    with pytest.raises(Conflict) as refused:
        rules.ack(started(), caller, None, NOW)
    assert refused.value.code == "job.lease"


def test_a_late_ack_counts_when_the_other_printer_is_gone_too() -> None:
    assert rules.ack(started(), RIGHT, None, NOW + LEASE).job.state is S.PRINTED


# --- fail -----------------------------------------------------------------------


def test_a_failure_sends_the_job_back_after_a_pause() -> None:
    failure = Failure("paper\x1b@ is out", "paper.out")

    decision = rules.fail(started(), LEFT, failure, 0.5, NOW)

    job = decision.job
    assert (job.state, job.attempts, job.not_before) == (S.QUEUED, 1, NOW + 1000)
    assert (job.last_error, job.error_code) == ("paper @ is out", "paper.out")
    assert job.lease_token is None
    assert not job.possible_duplicate
    assert not rules.is_free(job, "left", NOW + 999)
    assert rules.is_free(job, "left", NOW + 1000)
    assert decision.event == "print.failed"


def test_a_failure_in_doubt_marks_the_next_copy_until_the_end() -> None:
    doubtful = Failure("cut off", in_doubt=True)
    first = rules.fail(started(), LEFT, doubtful, 0, NOW).job
    second = rules.fail(started(first), LEFT, Failure("offline"), 0, NOW).job
    third = rules.lapse(claimed(second), NOW + LEASE).job

    for job in (first, second, third, claimed(third), started(third)):
        assert job.possible_duplicate
    assert not rules.ack(third, LEFT, None, NOW).job.possible_duplicate


def test_what_cannot_be_repeated_fails_at_once() -> None:
    job = rules.fail(claimed(), LEFT, Failure("bad", retryable=False), 0, NOW).job

    assert (job.state, job.attempts, job.last_error) == (S.DEAD, 1, "bad")


def test_the_fifth_failure_is_the_last_and_a_retry_begins_anew() -> None:
    job = a_print_job()
    states = []
    for n in range(5):
        job = rules.fail(claimed(job), LEFT, Failure(f"jam {n}"), 0, NOW).job
        states.append(job.state)

    assert states == [S.QUEUED, S.QUEUED, S.QUEUED, S.QUEUED, S.DEAD]
    assert (job.attempts, job.last_error) == (5, "jam 4")
    again = rules.retry(job, NOW)
    assert (again.job.state, again.job.attempts) == (S.QUEUED, 0)
    assert rules.is_free(again.job, "left", NOW)
    assert again.event == "print.retried"


def test_failures_without_a_lease_count_too() -> None:
    job = a_print_job()
    for _ in range(5):
        job = rules.fail(job, device("left"), Failure("jam"), 0, NOW).job
    assert (job.state, job.attempts) == (S.DEAD, 5)
    assert rules.fail(job, device("left"), Failure("jam"), 0, NOW).job == job


@pytest.mark.parametrize(
    ("job", "caller"),
    [
        (claimed(), RIGHT),
        (claimed(), OWNER),
        (started(), device("right")),
        (rules.fail(claimed(), LEFT, Failure("jam"), 0, NOW).job, LEFT),
        (rules.ack(started(), LEFT, None, NOW).job, LEFT),
    ],
    ids=["foreign lease", "no lease", "other device", "said before", "printed"],
)
def test_a_failure_by_somebody_else_or_told_twice_is_refused(
    job: PrintJob, caller: Caller
) -> None:
    with pytest.raises(Conflict) as refused:
        rules.fail(job, caller, Failure("jam"), 0, NOW)
    assert refused.value.code == "job.lease"


@pytest.mark.parametrize(
    ("failures", "longest"),
    [(1, 2_000), (2, 4_000), (3, 8_000), (4, 16_000), (5, 32_000), (99, 32_000)],
)
def test_the_pause_has_full_jitter(failures: int, longest: int) -> None:
    assert rules.retry_delay_ms(failures, 0) == 0
    assert rules.retry_delay_ms(failures, 0.5) == longest // 2
    assert longest - 1 <= rules.retry_delay_ms(failures, 0.999_999) < longest


# --- the printer's own faults -----------------------------------------------------

OUT = Failure("no paper", "printer.paper_out")
BROKEN = Failure("its cutter hangs", "printer.error", in_doubt=True)


def taken(job: PrintJob | None = None, at: int = NOW) -> PrintJob:
    """Leased by the left device's printer, which the server knows."""
    return rules.claim(job or a_print_job(), "left", "left-token", at, "printer-1").job


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("is_started", [True, False])
def test_a_printers_own_fault_costs_no_attempt(fault: Fault, is_started: bool) -> None:
    job = taken(a_print_job(attempts=4))
    if is_started:
        job = rules.start(job, LEFT, NOW).job

    decision = rules.fail(job, LEFT, Failure("x", fault.value), 0.9, NOW + 1)

    back = decision.job
    assert (back.state, back.attempts, back.not_before) == (S.QUEUED, 4, 0)
    assert (back.error_code, back.lease_token) == (fault.value, None)
    assert not back.possible_duplicate
    assert decision.event == "print.returned"
    assert rules.is_free(back, "right", NOW + 1)


def test_paper_that_ends_in_the_middle_costs_no_attempt_but_marks_the_next_copy() -> (
    None
):
    job = rules.start(taken(), LEFT, NOW).job

    decision = rules.fail(job, LEFT, replace(OUT, in_doubt=True), 0.9, NOW)

    assert (decision.job.state, decision.job.attempts) == (S.QUEUED, 0)
    assert decision.job.possible_duplicate
    assert decision.event == "print.in_doubt"
    again = rules.start(taken(decision.job), LEFT, NOW).job
    assert again.possible_duplicate


def test_a_hundred_paper_ends_do_not_kill_a_ticket() -> None:
    job = a_print_job()
    for _ in range(100):
        job = rules.fail(taken(job), LEFT, OUT, 0.9, NOW).job

    assert (job.state, job.attempts) == (S.QUEUED, 0)


def broken_off(job: PrintJob) -> Decision:
    """Its printer took it, began, and broke on the way."""
    begun = rules.start(taken(job), LEFT, NOW).job
    return rules.fail(begun, LEFT, BROKEN, 0.9, NOW)


def test_a_ticket_that_breaks_its_printer_every_time_fails_in_the_end() -> None:
    job, events = a_print_job(), []
    for _ in range(5):
        decision = broken_off(job)
        job = decision.job
        events.append(decision.event)

    assert events == ["print.in_doubt"] * 4 + ["print.failed"]
    assert (job.state, job.attempts, job.error_code) == (S.DEAD, 0, BROKEN.code)
    assert job.possible_duplicate


def test_a_lease_that_ends_after_the_start_is_one_of_the_times_in_doubt() -> None:
    job = a_print_job()
    for _ in range(3):
        job = broken_off(job).job
    begun = rules.start(taken(job), LEFT, NOW).job
    job = rules.lapse(begun, NOW + LEASE).job
    assert (job.state, job.attempts) == (S.QUEUED, 1)

    assert broken_off(job).job.state is S.DEAD


def test_a_lease_that_ends_is_the_last_time_in_doubt_too() -> None:
    job = a_print_job()
    for _ in range(4):
        job = broken_off(job).job
    begun = rules.start(taken(job), LEFT, NOW).job

    decision = rules.lapse(begun, NOW + LEASE)

    assert (decision.job.state, decision.event) == (S.DEAD, "print.failed")


def test_what_never_began_is_none_of_the_times_in_doubt() -> None:
    job = a_print_job()
    for _ in range(4):
        job = broken_off(job).job
        job = rules.fail(taken(job), LEFT, OUT, 0.9, NOW).job
    job = rules.lapse(taken(job), NOW + LEASE).job

    assert (job.state, job.doubts) == (S.QUEUED, 4)


@pytest.mark.parametrize(
    "again",
    [
        lambda job: rules.retry(job, NOW),
        lambda job: rules.reroute(job, "printer-2", NOW),
    ],
)
def test_staff_gives_a_ticket_that_broke_printers_fresh_tries(
    again: Callable[[PrintJob], Decision],
) -> None:
    job = a_print_job()
    for _ in range(5):
        job = broken_off(job).job

    job = again(job).job

    assert (job.state, job.doubts) == (S.QUEUED, 0)
    assert broken_off(job).job.state is S.QUEUED


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE])
def test_what_people_mend_never_ends_a_ticket(fault: Fault) -> None:
    """A printer that cannot say that it is well is tried all evening."""
    job = a_print_job()
    doubt = Failure("Printer.", fault.value, in_doubt=True)
    for _ in range(30):
        begun = rules.start(taken(job), LEFT, NOW).job
        job = rules.fail(begun, LEFT, doubt, 0.9, NOW).job

    assert (job.state, job.attempts, job.doubts) == (S.QUEUED, 0, 0)
    assert job.possible_duplicate


def test_a_lease_that_ended_and_its_late_word_are_one_doubt() -> None:
    job = rules.lapse(started(a_print_job()), NOW + LEASE).job
    late = Failure("Torn.", "printer.write", in_doubt=True)

    job = rules.fail(job, device("pi-1"), late, 0.5, NOW + LEASE).job

    assert (job.doubts, job.attempts) == (1, 2)


def test_where_the_server_knows_no_printer_a_fault_counts_as_ever() -> None:
    job = rules.fail(claimed(), LEFT, OUT, 0.5, NOW).job

    assert (job.attempts, job.not_before) == (1, NOW + 1000)
    assert rules.fail(a_print_job(), device("left"), OUT, 0.5, NOW).job.attempts == 1


def test_a_fault_is_no_excuse_for_a_drawer() -> None:
    drawer = a_print_job(kind="drawer")

    assert rules.fail(taken(drawer), LEFT, OUT, 0, NOW).job.state is S.DEAD
    begun = rules.start(taken(drawer), LEFT, NOW).job
    doubt = rules.fail(begun, LEFT, replace(OUT, in_doubt=True), 0, NOW).job
    assert (doubt.state, doubt.attempts) == (S.IN_DOUBT, 1)


# --- other printers ---------------------------------------------------------------


def test_a_job_knows_who_took_it_for_whom() -> None:
    decision = rules.claim(
        a_print_job(), "left", "left-token", NOW, "printer-1", "printer-2"
    )

    job = decision.job
    assert (job.taken_by, job.failover_from) == ("printer-1", "printer-2")
    assert decision.event == "print.failover"
    entry = rules.entry(decision, SYSTEM)
    assert entry is not None
    assert entry.payload["taken_by"] == "printer-1"
    assert entry.payload["failover_from"] == "printer-2"
    own = rules.claim(replace(job, state=S.QUEUED), "right", "t", NOW, "printer-2")
    assert (own.job.taken_by, own.job.failover_from, own.event) == (
        "printer-2",
        None,
        None,
    )


def test_a_lost_answer_of_a_failover_is_told_once() -> None:
    first = rules.claim(a_print_job(), "left kitchen", "t", NOW, "1", "2")
    again = rules.claim(first.job, "left kitchen", "u", NOW, "1", "2")

    assert (first.event, again.event) == ("print.failover", None)
    assert (again.job.lease_token, again.job.attempts) == ("u", 1)


def test_a_new_claim_forgets_how_the_job_was_to_look() -> None:
    seen = a_print_job(layout={"paper": "58"}, bitmap_sha256="ab")

    assert (taken(seen).layout, taken(seen).bitmap_sha256) == (None, None)


def test_a_reroute_names_the_printer_and_begins_anew() -> None:
    dead = a_print_job(state=S.DEAD, attempts=5, failover_from="x", not_before=NOW)

    decision = rules.reroute(dead, "bar printer", NOW)

    job = decision.job
    assert (job.state, job.attempts, job.not_before) == (S.QUEUED, 0, 0)
    assert (job.printer_id, job.failover_from) == ("bar printer", None)
    assert decision.event == "print.rerouted"
    ended = rules.reroute(started(), "bar printer", NOW + LEASE).job
    assert ended.possible_duplicate
    with pytest.raises(Conflict) as refused:
        rules.reroute(a_print_job(kind="drawer"), "bar printer", NOW)
    assert refused.value.code == "job.once"


def test_a_wire_id_is_short_plain_and_always_the_same() -> None:
    ids = {rules.wire_id_of(f"job-{n}") for n in range(200)}

    assert len(ids) == 200
    assert all(re.fullmatch("[0-9a-z]{25}", each) for each in ids)
    job = a_print_job()
    assert taken(job).wire_id == claimed(job).wire_id == rules.wire_id_of(job.id)


@pytest.mark.parametrize(
    ("reach", "job", "expected"),
    [
        (Reach(), {}, True),
        (Reach(), {"printer_id": "p"}, False),
        (Reach(("p",)), {"printer_id": "p"}, True),
        (Reach(("p",), ("bar",)), {"printer_id": "p"}, True),
        (Reach(("p",), ("bar",)), {}, False),
        (Reach(("p",), ("bar", "kitchen")), {}, True),
        (Reach((), (), ("delivery",)), {"order_type": "pickup"}, False),
        (Reach((), (), ("delivery",)), {"order_type": "delivery"}, True),
        (Reach((), (), ("delivery",)), {"order_type": None}, True),
        (Reach((), ("bar",), ("pickup",)), {"order_type": "pickup"}, False),
    ],
)
def test_a_reach_has_what_it_names(
    reach: Reach, job: dict[str, Any], expected: bool
) -> None:
    assert reach.has(a_print_job(**job)) is expected


# --- who and what -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("allowed", "wanted", "served"),
    [
        ((), [], ()),
        (("bar",), [], ("bar",)),
        ((), ["bar"], ("bar",)),
        (("bar", "kitchen"), ["kitchen", "grill"], ("kitchen",)),
    ],
)
def test_a_printer_serves_what_it_asks_for_and_may(
    allowed: tuple[str, ...], wanted: list[str], served: tuple[str, ...]
) -> None:
    assert rules.stations_to_serve(allowed, wanted) == served


def test_a_printer_that_may_print_nothing_it_asks_for_is_told() -> None:
    with pytest.raises(Forbidden) as refused:
        rules.stations_to_serve(("bar",), ["kitchen"])
    assert refused.value.code == "device.stations"


def test_a_job_belongs_to_its_restaurant_and_its_station() -> None:
    job = a_print_job()

    assert rules.is_theirs(job, OWNER)
    assert rules.is_theirs(job, device("left", None, "bar", "kitchen"))
    assert not rules.is_theirs(job, device("left", None, "bar"))
    assert not rules.is_theirs(job, Caller(SYSTEM, "another"))


def test_the_journal_tells_no_words_of_people() -> None:
    job = a_print_job(document={"note": "SECRET"}, text="SECRET")
    failed = rules.fail(job, OWNER, Failure("SECRET", "jam", in_doubt=True), 0, NOW)

    entry = rules.entry(failed, OWNER.actor)

    assert entry is not None
    assert (entry.event, entry.order_id) == ("print.failed", job.order_id)
    assert entry.payload == {
        "job_id": job.id,
        "station": "kitchen",
        "status": "queued",
        "attempt": 1,
        "code": "jam",
        "possible_duplicate": True,
    }
    assert "SECRET" not in json.dumps(entry.payload)
    assert rules.entry(rules.Decision(job), OWNER.actor) is None


@pytest.mark.parametrize(
    "cursor",
    ["", "!", "abc", "ÿ", "LTE6YQ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk6YQ", "MTphAA"],
)
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Refused):
        rules.parse_cursor(cursor)


def test_a_cursor_finds_its_place_again() -> None:
    job = a_print_job(id="a:b-_ü", position=5)
    assert rules.parse_cursor(rules.cursor_of(job)) == (5, "a:b-_ü")


def test_a_status_is_one_of_the_public_words() -> None:
    assert rules.states_of(None) == frozenset()
    assert rules.states_of("failed") == {S.DEAD, S.EXPIRED}
    with pytest.raises(Refused):
        rules.states_of("leased")


# --- the promise, played through --------------------------------------------------

MOVES = [
    *("claim", "start", "print", "renew", "late_ack", "retry"),
    *("claim start", "claim start print", "claim start print ack"),
    *("claim fail", "claim start fail", "claim start print doubt"),
    *("claim fault", "claim start fault", "claim start print paper_ends", "reroute"),
]
printer_moves = st.lists(
    st.tuples(
        st.sampled_from(["left", "right"]),
        st.sampled_from(MOVES),
        st.sampled_from([0, 1_000, 61_000]),
    ),
    max_size=12,
)


class Printers:
    """Two printers that keep to the protocol and crash between any two steps."""

    def __init__(self) -> None:
        self.job = a_print_job()
        self.at = NOW
        self.tokens: dict[str, str] = {}  # the lease that each believes to hold
        self.may_print: dict[str, bool] = {}  # started; True: with the banner
        self.bytes_out: set[str] = set()
        self.copies: list[bool] = []  # True: marked

    def move(self, who: str, moves: str) -> None:
        try:
            for what in moves.split():
                getattr(self, what)(who, device(who, self.tokens.get(who)))
        except Conflict:
            self._forget(who)

    def claim(self, who: str, caller: Caller) -> None:
        self.job = rules.lapse(self.job, self.at).job
        if rules.is_free(self.job, "nobody", self.at):
            token = f"{who} at {self.at} for {self.job.attempts}"
            self.job = rules.claim(self.job, who, token, self.at, f"{who} printer").job
            self._forget(who)
            self.tokens[who] = token

    def start(self, who: str, caller: Caller) -> None:
        if who in self.tokens and who not in self.may_print:
            self.job = rules.start(self.job, caller, self.at).job
            self.may_print[who] = self.job.possible_duplicate

    def print(self, who: str, caller: Caller) -> None:
        # A printer that was started in time prints; so it renews, or it is too late.
        if who in self.may_print and who not in self.bytes_out:
            self.job = rules.renew(self.job, caller, self.at).job
            self.copies.append(self.may_print[who])
            self.bytes_out.add(who)

    def renew(self, who: str, caller: Caller) -> None:
        if who in self.tokens:
            self.job = rules.renew(self.job, caller, self.at).job

    def ack(self, who: str, caller: Caller) -> None:
        if who in self.bytes_out:
            self.job = rules.ack(self.job, caller, "drain", self.at).job
            self._forget(who)

    def late_ack(self, who: str, caller: Caller) -> None:
        if who in self.bytes_out:
            self.job = rules.ack(self.job, device(who, "lost"), None, self.at).job

    def fail(self, who: str, caller: Caller) -> None:
        if who in self.tokens and who not in self.bytes_out:
            self._fail(who, caller, Failure("offline"))

    def doubt(self, who: str, caller: Caller) -> None:
        if who in self.bytes_out:
            self._fail(who, caller, Failure("cut off", in_doubt=True))

    def fault(self, who: str, caller: Caller) -> None:
        if who in self.tokens and who not in self.bytes_out:
            self._fail(who, caller, OUT)

    def paper_ends(self, who: str, caller: Caller) -> None:
        if who in self.bytes_out:
            self._fail(who, caller, replace(OUT, in_doubt=True))

    def reroute(self, who: str, caller: Caller) -> None:
        self.job = rules.reroute(self.job, f"{who} printer", self.at).job

    def retry(self, who: str, caller: Caller) -> None:
        self.job = rules.retry(self.job, self.at).job

    def _fail(self, who: str, caller: Caller, failure: Failure) -> None:
        self.job = rules.fail(self.job, caller, failure, 0.0, self.at).job
        self._forget(who)

    def _forget(self, who: str) -> None:
        self.tokens.pop(who, None)
        self.may_print.pop(who, None)
        self.bytes_out.discard(who)


@given(printer_moves)
def test_no_second_copy_is_unmarked_and_no_ack_is_invented(
    moves: list[tuple[str, str, int]],
) -> None:
    world = Printers()
    for who, what, pause in moves:
        world.at += pause
        world.move(who, what)

        assert world.copies[1:] == [True] * len(world.copies[1:])
        if world.job.state is S.PRINTED:
            assert world.copies
        assert world.job.attempts <= 5
        assert world.job.doubts <= 5


def test_a_stored_job_is_not_changed_by_a_decision() -> None:
    job = a_print_job()
    copy = replace(job)

    rules.claim(job, "left", "t", NOW)

    assert job == copy


def test_positions_keep_moments_and_stations_in_order() -> None:
    places = [rules.position(at, n) for at in (NOW, NOW + 1) for n in (0, 1, 999, 5000)]

    assert places == sorted(places)
    assert len(set(places[:3])) == 3
    assert max(places) < 2**53


def test_a_printer_that_asks_again_gets_the_job_it_never_heard_of():
    puller = rules.puller_of("device", ["kitchen"])
    leased = rules.claim(a_print_job(), puller, "lost", NOW).job

    assert rules.is_free(leased, puller, NOW)
    again = rules.claim(leased, puller, "heard", NOW).job
    assert (again.attempts, again.lease_token) == (1, "heard")


@pytest.mark.parametrize(
    "puller",
    [
        rules.puller_of("device", ["bar"]),
        rules.puller_of("other", ["kitchen"]),
        rules.puller_of("device", []),
    ],
)
def test_a_lease_of_another_printer_is_left_alone(puller):
    owner = rules.puller_of("device", ["kitchen"])
    leased = rules.claim(a_print_job(), owner, "t", NOW).job

    assert not rules.is_free(leased, puller, NOW)


def test_an_unnamed_printer_keeps_its_lease_when_its_twin_asks():
    puller = rules.puller_of("device", [])
    leased = rules.claim(a_print_job(), puller, "t", NOW).job

    assert not rules.is_free(leased, puller, NOW)


def test_a_started_job_is_not_handed_out_again():
    puller = rules.puller_of("device", ["kitchen"])
    leased = rules.claim(a_print_job(), puller, "t", NOW).job
    printing = rules.start(leased, device("device", "t"), NOW).job

    assert not rules.is_free(printing, puller, NOW)
