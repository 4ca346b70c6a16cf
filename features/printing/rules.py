"""What may happen to a print job, and who deals with it. Pure.

The queue's promise: a ticket is printed at least once, and a copy that may be the
second one says so. A printer takes a job by lease (claim), asks for the go right
before the first byte (start, the fence) and says when the paper is out (ack).
"""

import hashlib
from base64 import urlsafe_b64decode
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from ...core import limits
from ...core.errors import Conflict, Forbidden, invalid
from ...core.ids import b64
from ...core.paper import printable, with_banner
from ...models import Actor
from ..journal.models import Entry
from ..papers.models import ReprintMark
from ..printers.models import Fault
from .models import (
    STATES_OF,
    STATUS_OF,
    TAKEN_OFF,
    UNSURE,
    Caller,
    Failure,
    PrintEvent,
    PrintJob,
    PrintKind,
    PrintState,
    PrintStatus,
)

# --- copies and lists ---------------------------------------------------------


def reprint_of(original: PrintJob, n: int, job_id: str, at: int) -> PrintJob:
    """The ``n``-th reprint of a job, marked as one, for the end of the queue.

    Conflict ``job.once`` for a drawer.
    """
    _check_repeats(original)
    mark = ReprintMark(of=original.id, n=n)
    banner = f"*** REPRINT {n} ***"
    return PrintJob(
        id=job_id,
        restaurant_id=original.restaurant_id,
        order_id=original.order_id,
        order_number=original.order_number,
        station=original.station,
        kind=original.kind,
        round=original.round,
        copies=original.copies,
        document={**original.document, "reprint": mark.dict()},
        text=with_banner(original.text, banner, limits.TICKET_COLUMNS),
        created_at=at,
        position=position(at, 0),
        reprint_of=original.id,
        reprint_n=n,
        order_type=original.order_type,
        printer_id=original.printer_id,
    )


def job_of_test(
    restaurant_id: str,
    printer_id: str,
    document: dict[str, Any],
    text: str,
    job_id: str,
    at: int,
) -> PrintJob:
    """Paper for one printer alone that belongs to no order."""
    return PrintJob(
        id=job_id,
        restaurant_id=restaurant_id,
        order_id=None,
        order_number=None,
        station="",
        kind=PrintKind.TEST.value,
        round=1,
        document=document,
        text=text,
        created_at=at,
        position=position(at, 0),
        printer_id=printer_id,
    )


def position(at: int, n: int) -> int:
    """The place of the ``n``-th job made at ``at``: oldest first, stations in order."""
    return at * 1000 + min(n, 999)


def stations_to_serve(
    allowed: Collection[str], wanted: Collection[str]
) -> tuple[str, ...]:
    """What a printer may take of what it asks for; none means every station.

    Forbidden ``device.stations`` when it may print nothing of that.
    """
    if not allowed or not wanted:
        return tuple(allowed or wanted)
    both = tuple(station for station in wanted if station in allowed)
    if not both:
        raise Forbidden(
            "device.stations",
            f"This device prints only for {', '.join(allowed)}.",
            stations=list(allowed),
        )
    return both


def is_theirs(job: PrintJob, caller: Caller) -> bool:
    """Of the caller's restaurant, and of a station and a kind that they deal with."""
    is_their_station = not caller.stations or job.station in caller.stations
    is_their_kind = not caller.kinds or job.kind in caller.kinds
    is_of_restaurant = job.restaurant_id == caller.restaurant_id
    return is_of_restaurant and is_their_station and is_their_kind


def states_of(status: str | None) -> frozenset[PrintState]:
    """The states behind a public word; none for no word. Refused otherwise."""
    if status is None:
        return frozenset()
    if status not in list(PrintStatus):
        words = ", ".join(PrintStatus)
        raise invalid("status", f"status is one of {words}.")
    return STATES_OF[PrintStatus(status)]


def kinds_to_show(allowed: Collection[str], wanted: Collection[str]) -> tuple[str, ...]:
    """The kinds of jobs to list; none means every kind.

    Forbidden ``job.kind`` when the caller may see none of what is asked for.
    """
    if not allowed or not wanted:
        return tuple(allowed or wanted)
    both = tuple(kind for kind in wanted if kind in allowed)
    if not both:
        raise Forbidden("job.kind", f"You see only these kinds: {', '.join(allowed)}.")
    return both


def is_news_to_printer(job: PrintJob) -> bool:
    """A receipt that waits, and that no printer without leases has read yet: from then
    on it may be on paper. Tickets need no such note: an order's next ticket takes
    back what comes out late."""
    is_receipt = job.kind == PrintKind.RECEIPT.value
    return is_receipt and job.state is PrintState.QUEUED and job.read_at is None


def cursor_of(job: PrintJob) -> str:
    return b64(f"{job.position}:{job.id}".encode())


def parse_cursor(cursor: str) -> tuple[int, str]:
    """The (position, id) behind a cursor; Refused when it is none of ours."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        place, job_id = text.split(":", 1)
        if not 0 <= int(place) < 2**63 or "\0" in job_id:
            raise ValueError(place)
    except ValueError as error:
        raise invalid("cursor", "This cursor is not from this list.") from error
    return int(place), job_id


# --- the queue ---------------------------------------------------------------

S, E = PrintState, PrintEvent
_ALL = frozenset(S)
_AGAIN = frozenset({S.QUEUED, S.DEAD})

#: What may happen in which state, and what may come of it.
TABLE: dict[PrintEvent, dict[PrintState, frozenset[PrintState]]] = {
    E.CLAIM: {S.QUEUED: frozenset({S.LEASED})},
    E.RECLAIM: {S.LEASED: frozenset({S.LEASED})},
    # A repeated start whose answer got lost is answered again.
    E.START: {s: frozenset({S.PRINTING}) for s in (S.LEASED, S.PRINTING)},
    E.RENEW: {s: frozenset({s}) for s in (S.LEASED, S.PRINTING)},
    # Paper that is out is out, whatever was decided meanwhile.
    E.ACK: {s: frozenset({S.PRINTED}) for s in _ALL},
    E.FAIL: {
        S.QUEUED: _AGAIN,
        S.LEASED: _AGAIN,
        S.PRINTING: _AGAIN | {S.IN_DOUBT},
        S.DEAD: frozenset({S.DEAD}),
    },
    E.LAPSE: {S.LEASED: _AGAIN, S.PRINTING: _AGAIN | {S.IN_DOUBT}},
    E.EXPIRE: {s: frozenset({S.EXPIRED}) for s in (S.QUEUED, S.LEASED)},
    # A leased job may go: its printer learns it at the start.
    E.CANCEL: {s: frozenset({S.CANCELED}) for s in _ALL - {S.PRINTING, S.PRINTED}},
    E.RETRY: {
        s: frozenset({S.QUEUED}) for s in (S.QUEUED, S.IN_DOUBT, S.DEAD, S.EXPIRED)
    },
    E.REROUTE: {s: frozenset({S.QUEUED}) for s in (S.QUEUED, S.DEAD)},
}


@dataclass(frozen=True)
class Decision:
    """What becomes of a job, and the journal's word for it (None: not worth one)."""

    job: PrintJob
    event: str | None = None


def entry(decision: Decision, actor: Actor) -> Entry | None:
    """The journal's line: what became of which job, without anybody's words."""
    if decision.event is None:
        return None
    job = decision.job
    payload: dict[str, Any] = {
        "job_id": job.id,
        "station": job.station,
        "status": STATUS_OF[job.state].value,
        "attempt": job.attempts,
    }
    if job.error_code:
        payload["code"] = job.error_code
    if job.possible_duplicate:
        payload["possible_duplicate"] = True
    for name in ("reprint_of", "printer_id", "taken_by", "failover_from"):
        if value := getattr(job, name):
            payload[name] = value
    return Entry(decision.event, actor, job.order_id, payload)


def puller_of(device_id: str, printers: Collection[str]) -> str:
    """Who pulls: the device and, when it named them, its printers.

    One printer asks for one job at a time, so whoever asks again under the same
    names never got the answer before.
    """
    return " ".join([device_id, *sorted(printers)])


def is_free(job: PrintJob, puller: str, at: int) -> bool:
    """In the queue and not in the pause after a failure; or leased to this very
    printer, which never got to know."""
    if job.state is S.LEASED:
        return job.lease_owner == puller and " " in puller
    return job.state is S.QUEUED and not _runs(job.not_before, at)


def claim(
    job: PrintJob,
    puller: str,
    lease_token: str,
    at: int,
    taken_by: str | None = None,
    failover_from: str | None = None,
) -> Decision:
    """A printer takes the job; the attempt counts from here, a lost answer not. Nor
    does that give more time: who asks for ever and never begins holds up nobody.

    ``taken_by`` is the printer's id, ``failover_from`` the id of the one that it
    stands in for.
    """
    is_again = is_free(job, puller, at) and job.state is S.LEASED
    is_told = failover_from is not None and not is_again
    return _decide(
        job if is_again else replace(job, layout=None, bitmap_sha256=None),
        E.RECLAIM if is_again else E.CLAIM,
        S.LEASED,
        "print.failover" if is_told else None,
        attempts=job.attempts + (not is_again),
        lease_token=lease_token,
        lease_owner=puller,
        lease_until=job.lease_until if is_again else _lease_until(at),
        taken_by=taken_by,
        failover_from=failover_from,
        wire_id=wire_id_of(job.id),
    )


def wire_id_of(job_id: str) -> str:
    """The job's name for printers that take 30 letters and digits at most: 25."""
    number = int.from_bytes(hashlib.sha256(job_id.encode()).digest(), "big")
    letters = []
    for _ in range(25):
        number, digit = divmod(number, 36)
        letters.append("0123456789abcdefghijklmnopqrstuvwxyz"[digit])
    return "".join(letters)


def is_lapsed(job: PrintJob, at: int) -> bool:
    return job.state in (S.LEASED, S.PRINTING) and not _runs(job.lease_until or 0, at)


def _runs(until: int, at: int) -> bool:
    """Whether a lease or a pause still runs, and is no longer than any can be."""
    return at < until <= at + limits.PRINT_HOLDS_MS


def lapse(job: PrintJob, at: int) -> Decision:
    """A lease that ended gives the job back; one that runs changes nothing.

    The attempt stays counted, so that a ticket which kills its printer does not go
    round forever. Was it started, then a copy may be on paper; a drawer that was is
    left alone, and one that nobody started in time expires.
    """
    if is_late(job, at):
        return _expire(job)
    if not is_lapsed(job, at):
        return Decision(job)
    was_started = job.state is S.PRINTING
    doubts = job.doubts + was_started
    event = "print.in_doubt" if was_started else "print.returned"
    new = S.QUEUED if job.repeats or not was_started else S.IN_DOUBT
    if new is S.QUEUED and _is_spent(job.attempts, doubts):
        new, event = S.DEAD, "print.failed"
    return _decide(
        job,
        E.LAPSE,
        new,
        event,
        **_NO_LEASE,
        doubts=doubts,
        confirm=UNSURE if was_started else job.confirm,
        last_error="The printer took the ticket and did not report back.",
        error_code="lease.ended",
    )


def is_late(job: PrintJob, at: int) -> bool:
    """Nobody has begun, and now it is too late to begin."""
    if job.expires_at is None or job.state not in (S.QUEUED, S.LEASED):
        return False
    return job.expires_at <= at


def _expire(job: PrintJob) -> Decision:
    return _decide(
        job,
        E.EXPIRE,
        S.EXPIRED,
        "print.expired",
        **_NO_LEASE,
        last_error="No printer opened the drawer in time.",
        error_code="job.expired",
    )


def start(job: PrintJob, caller: Caller, at: int) -> Decision:
    """The fence before the first byte; Conflict ``job.lease``: print nothing."""
    if is_late(job, at):
        job = _expire(job).job
    _check_holds(job, caller)
    return _decide(
        job, E.START, S.PRINTING, lease_until=_lease_until(at), started_at=at
    )


def renew(job: PrintJob, caller: Caller, at: int, lease_ms: int = 0) -> Decision:
    """More time for whoever holds the job, also late if nobody took it since; at least
    ``lease_ms`` where a printer asks so seldom that a lease is too short."""
    _check_holds(job, caller)
    longer = at + min(lease_ms, limits.PRINT_HOLDS_MS)
    until = max(_lease_until(at), longer)
    return _decide(job, E.RENEW, job.state, lease_until=until)


def ack(job: PrintJob, caller: Caller, confirm: str | None, at: int) -> Decision:
    """The paper is out. Saying it again changes nothing.

    Late, or without a lease, it counts unless another printer is at it: Conflict
    ``job.lease``. A lease that was not started yet is revoked.
    """
    if job.state is S.PRINTED:
        return Decision(job)
    if not holds(job, caller):
        job = lapse(job, at).job
        if job.state is S.PRINTING:
            raise _lost_lease(job)
    return _decide(
        job,
        E.ACK,
        S.PRINTED,
        "print.acknowledged",
        **_NO_LEASE,
        printed_at=at,
        confirm=confirm,
        last_error=None,
        error_code=None,
    )


def fail(
    job: PrintJob, caller: Caller, failure: Failure, fraction: float, at: int
) -> Decision:
    """The printer gives up: back to the queue after a pause, or ``dead``.

    Dead are jobs that cannot be repeated or failed five times; a drawer that may
    be open rests in doubt. What is the printer's own fault costs no attempt and needs
    no pause: the printer gets nothing anyway. But a ticket in which every printer
    breaks (``printer.error``) is dead after ``PRINT_DOUBTS_MAX`` times. ``fraction``
    in [0, 1) is the jitter. Conflict ``job.lease`` when another printer holds it.
    """
    is_held = holds(job, caller)
    if not is_held:
        job = lapse(job, at).job
        if caller.lease_token or job.state in (S.LEASED, S.PRINTING):
            raise _lost_lease(job)
        if job.state is S.DEAD:
            return Decision(job)
    if is_held and job.repeats and printer_fault(job, failure):
        return _give_back(job, failure)
    attempts = job.attempts if is_held else job.attempts + 1
    # A lease that ended after the start has told of this doubt already.
    is_new_doubt = failure.in_doubt and (is_held or job.confirm != UNSURE)
    doubts = job.doubts + is_new_doubt
    is_last = _is_spent(attempts, doubts) or not job.repeats
    new = S.DEAD if is_last or not failure.retryable else S.QUEUED
    if failure.in_doubt and not job.repeats and is_held:
        new = S.IN_DOUBT
    return _decide(
        job,
        E.FAIL,
        new,
        "print.failed",
        **_NO_LEASE,
        attempts=attempts,
        doubts=doubts,
        not_before=at + retry_delay_ms(attempts, fraction),
        confirm=UNSURE if failure.in_doubt else job.confirm,
        last_error=printable(failure.error)[: limits.NOTE_MAX],
        error_code=failure.code,
    )


def printer_fault(job: PrintJob, failure: Failure) -> str | None:
    """What is wrong with the printer that has the job, if that is why it failed.
    Where the server knows no printer, everything is the job's."""
    is_fault = job.taken_by is not None and failure.code in list(Fault)
    return failure.code if is_fault else None


def _give_back(job: PrintJob, failure: Failure) -> Decision:
    attempts = max(job.attempts - 1, 0)
    # Paper ends and covers open without a ticket's doing, and as long as nobody mends
    # that, a printer that cannot say so is tried in vain.
    is_broken = failure.in_doubt and failure.code == Fault.ERROR
    doubts = job.doubts + is_broken
    event = "print.in_doubt" if failure.in_doubt else "print.returned"
    is_last = is_broken and _is_spent(attempts, doubts)
    return _decide(
        job,
        E.FAIL,
        S.DEAD if is_last else S.QUEUED,
        "print.failed" if is_last else event,
        **_NO_LEASE,
        attempts=attempts,
        doubts=doubts,
        not_before=0,
        confirm=UNSURE if failure.in_doubt else job.confirm,
        last_error=printable(failure.error)[: limits.NOTE_MAX],
        error_code=failure.code,
    )


def _is_spent(attempts: int, doubts: int) -> bool:
    """It was tried, or may have come out, so often that a person has to look."""
    return attempts >= limits.PRINT_ATTEMPTS_MAX or doubts >= limits.PRINT_DOUBTS_MAX


def cancel(job: PrintJob, at: int) -> Decision:
    """Nobody shall print it any more; Conflict ``job.state`` when it is too late."""
    if job.state is S.CANCELED:
        return Decision(job)
    job = lapse(job, at).job
    return _decide(job, E.CANCEL, S.CANCELED, "print.canceled", **_NO_LEASE)


def take_off(job: PrintJob, at: int) -> Decision:
    """Staff take a job off the queue and see to it themselves: it is not made anew."""
    decision = cancel(job, at)
    if decision.job == job:
        return decision
    return replace(decision, job=replace(decision.job, error_code=TAKEN_OFF))


def retry(job: PrintJob, at: int) -> Decision:
    """Staff sends a failed job round again, at once and with fresh attempts.

    Conflict ``job.once`` for a drawer.
    """
    _check_repeats(job)
    job = lapse(job, at).job
    return _decide(job, E.RETRY, S.QUEUED, "print.retried", **_FRESH)


def reroute(job: PrintJob, printer_id: str, at: int) -> Decision:
    """Staff sends a job to one printer alone, at once and with fresh attempts.

    Conflict ``job.state`` for what a printer has, ``job.once`` for a drawer.
    """
    _check_repeats(job)
    job = lapse(job, at).job
    return _decide(
        job,
        E.REROUTE,
        S.QUEUED,
        "print.rerouted",
        printer_id=printer_id,
        failover_from=None,
        **_FRESH,
    )


def retry_delay_ms(failures: int, fraction: float) -> int:
    """Full jitter: anything up to 2, 4, 8 … seconds, two minutes at most."""
    doublings = min(max(failures, 1), limits.PRINT_ATTEMPTS_MAX) - 1
    longest = limits.PRINT_BACKOFF_FIRST_MS * 2**doublings
    return int(min(longest, limits.PRINT_BACKOFF_MAX_MS) * fraction)


def holds(job: PrintJob, caller: Caller) -> bool:
    """The caller's lease is the one that stands, even if its time is over.

    A device that took the job itself need not show the token.
    """
    if job.state not in (S.LEASED, S.PRINTING):
        return False
    if caller.lease_token is not None:
        return caller.lease_token == job.lease_token
    device_id = caller.actor.device_id
    return device_id is not None and device_id == (job.lease_owner or "").split()[0]


_NO_LEASE: dict[str, None] = {
    "lease_token": None,
    "lease_owner": None,
    "lease_until": None,
}


_FRESH = {"attempts": 0, "doubts": 0, "not_before": 0}


def _decide(
    job: PrintJob,
    what: PrintEvent,
    new: PrintState,
    event: str | None = None,
    **sets: object,
) -> Decision:
    """The step, if the table has it; Conflict ``job.state`` otherwise."""
    if new not in TABLE[what].get(job.state, ()):
        allowed = sorted(e.value for e, rows in TABLE.items() if job.state in rows)
        raise Conflict(
            "job.state",
            f"The print job is {STATUS_OF[job.state]}; {what} is not possible.",
            state=job.state.value,
            allowed=allowed,
        )
    return Decision(replace(job, state=new, **sets), event)  # type: ignore[arg-type]


def _check_repeats(job: PrintJob) -> None:
    if not job.repeats:
        raise Conflict(
            "job.once",
            "A drawer is opened once or not at all; please open it by hand.",
            state=job.state.value,
        )


def _check_holds(job: PrintJob, caller: Caller) -> None:
    if not holds(job, caller):
        raise _lost_lease(job)


def _lost_lease(job: PrintJob) -> Conflict:
    return Conflict(
        "job.lease",
        "This lease does not hold any more; print nothing and claim again.",
        state=job.state.value,
    )


def _lease_until(at: int) -> int:
    return at + limits.PRINT_LEASE_SECONDS * limits.SECOND_MS
