"""Printers take jobs and say what became of them; staff look after the queue.

Printers pull: they wait for a job, take it by lease, ask for the go, print, confirm.
Nobody holds the database while waiting.
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ..adapters import system
from ..adapters.log import log_failure
from ..adapters.wake import Waiter, is_waited_for, wake
from ..core import limits
from ..core.errors import Conflict, NotFound, Unauthorized, invalid
from ..core.paper import wrap
from ..crud import Conn, read, transaction
from ..features.devices import crud as devices
from ..features.devices.models import Device
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.orders import crud as orders
from ..features.papers.models import Layout
from ..features.printers import crud as printers
from ..features.printers import rules as printer_rules
from ..features.printers.models import Printer
from ..features.printing import crud as jobs
from ..features.printing import rules
from ..features.printing.models import (
    Caller,
    ClaimBody,
    ClaimedJobView,
    Failure,
    LeaseView,
    PayloadView,
    PrintJob,
    PrintJobPage,
    PrintJobView,
    PrintState,
    Reach,
    StandIn,
)
from ..features.printing.rules import Decision
from ..features.restaurants import crud as restaurants
from ..features.tickets import rules as tickets
from ..models import SYSTEM, Actor, Role
from .once import Claim, once
from .printer_keeping import asks_for_work, own_printer, set_fault
from .recording import record
from .rendering import NotDrawn, copies_of, prepare
from .ticketing import change_tickets, job_changed

# One look considers so many jobs; the rest is for the next look.
_LOOK_AT_MOST = 20
_NOT_DRAWN = Failure(
    "The server could not draw this ticket. Read it off the screen.",
    "render.failed",
    retryable=False,
)


# --- printers take jobs ------------------------------------------------------


async def wait_for_job(
    restaurant_id: str,
    device: Device,
    wanted: ClaimBody,
    is_gone: Callable[[], bool],
) -> ClaimedJobView | None:
    """The next job for a printer, or None when none came in time.

    ``is_gone`` tells that nobody listens any more: then nothing is taken.
    """
    clock = asyncio.get_running_loop().time
    deadline, asked_at = clock() + wanted.wait, system.now()
    # One look is no wait: who only looks has gone before the next job comes.
    who = rules.puller_of(device.id, wanted.printers) if wanted.wait else ""
    async with Waiter(f"print:{restaurant_id}", who) as waiter:
        while True:
            at = system.now()
            job = await claim_job(restaurant_id, device, wanted, at, asked_at)
            left = deadline - clock()
            if job or left <= 0:
                return job
            await waiter.wait(min(left, limits.PRINT_LOOK_SECONDS))
            if is_gone():
                return None


async def claim_job(
    restaurant_id: str,
    device: Device,
    wanted: ClaimBody,
    at: int,
    asked_at: int | None = None,
) -> ClaimedJobView | None:
    """One try: lease the oldest job that is free; None when there is none.

    ``asked_at`` is when the printer began to ask, if before.
    Unauthorized when the device was revoked meanwhile; Forbidden when it may not
    print for these stations.
    """
    async with read() as conn:
        if await devices.load(conn, device.id) is None:
            raise _revoked()
    printer = await own_printer(device, wanted.printers, wanted.stations, at)
    puller = await _puller(restaurant_id, device, wanted, printer)
    began_at = at if asked_at is None else asked_at
    while job := await _lease(puller, began_at, at):
        shown = await _as_given(job, printer)
        if wanted.format == "text":
            return ClaimedJobView.of(shown)
        payload = await _payload(job, printer, puller.actor, at)
        if payload:
            shown = replace(shown, bitmap_sha256=payload.bitmap_sha256)
            return ClaimedJobView.of(shown, payload)
    return None


async def _as_given(job: PrintJob, printer: Printer | None) -> PrintJob:
    """The job as it is told to whoever prints its text: how often it comes out, and
    whose paper it is, if it comes out elsewhere."""
    job = replace(job, copies=copies_of(job, printer))
    if job.failover_from is None:
        return job
    async with read() as conn:
        absent = await printers.load(conn, job.failover_from)
    banner = f"*** BACKUP OF {absent.name if absent else job.station} ***"
    lines = "".join(f"{line}\n" for line in wrap(banner, limits.TICKET_COLUMNS))
    return replace(job, text=lines + job.text + lines)


async def _payload(
    job: PrintJob, printer: Printer | None, actor: Actor, at: int
) -> PayloadView | None:
    """A leased job as bytes; None when the lease is lost by then, or when the job
    cannot be drawn: then it fails for good, and the next one is not held up."""
    layout = printer.layout if printer else Layout()
    try:
        rendered = await prepare(job, layout, printer)
    except NotDrawn:
        caller = Caller(actor, job.restaurant_id, (), job.lease_token)
        await not_drawn(job, caller, at)
        return None
    if not await keep_look(job, layout, rendered.bitmap_sha256):
        return None
    return PayloadView(
        format="escpos",
        data=b64encode(rendered.data).decode(),
        bitmap_sha256=rendered.bitmap_sha256,
    )


async def not_drawn(job: PrintJob, caller: Caller, at: int) -> None:
    """A job that cannot be drawn fails for good, so that the next one has its turn;
    one that its printer lost meanwhile is somebody else's. Called where the exception
    is handled."""
    log_failure(f"print job {job.id} cannot be drawn")
    was_given = job.state is PrintState.PRINTING
    try:
        await fail_job(job.id, caller, replace(_NOT_DRAWN, in_doubt=was_given), at)
    except (Conflict, NotFound):
        return


async def claim_for(printer: Printer, at: int) -> PrintJob | None:
    """Lease the next job for a printer, just read, that asks by itself; None: there is
    none, or it is paused, or at fault.

    The job's ``lease_token`` is for ``caller_of``; a job whose answer got lost comes
    again with a new one.
    """
    return await _lease(_puller_of(printer), at, at)


async def jobs_for(conn: Conn, printer: Printer, at: int) -> list[str]:
    """The first of the jobs that nobody has and that this printer could take now."""
    return await _free_ids(conn, _puller_of(printer), None, at)


def is_asking(printer: Printer) -> bool:
    """Whether a device waits for this printer's next job at this moment."""
    return is_waited_for(f"print:{printer.restaurant_id}", _puller_of(printer).name)


@dataclass(frozen=True)
class _Puller:
    """Who asks for work: the name under which it leases, and what it may take. Those
    with a name of their own get a job again whose answer got lost. ``printer`` is as
    it was when it asked."""

    restaurant_id: str
    name: str
    reach: Reach
    printer: Printer | None
    actor: Actor

    @property
    def leased_to(self) -> str | None:
        return self.name if " " in self.name else None


async def _puller(
    restaurant_id: str, device: Device, wanted: ClaimBody, printer: Printer | None
) -> _Puller:
    """The device's printer; or the device itself, which names none or several."""
    if printer:
        return _puller_of(printer)
    stations = rules.stations_to_serve(device.stations, wanted.stations)
    own: tuple[str, ...] = ()
    if wanted.printers:
        async with read() as conn:
            found = await printers.of_device(conn, device.id)
        own = tuple(each.id for each in found if each.local_name in wanted.printers)
    name = rules.puller_of(device.id, wanted.printers)
    actor = Actor(Role.PRINTER, device.id)
    return _Puller(restaurant_id, name, Reach(own, stations), None, actor)


def _puller_of(printer: Printer) -> _Puller:
    device_id = printer.device_id or printer.id
    return _Puller(
        printer.restaurant_id,
        rules.puller_of(device_id, [printer.local_name or printer.kind.value]),
        printer_rules.reach(printer),
        printer,
        Actor(Role.PRINTER, device_id),
    )


async def _lease(puller: _Puller, asked_at: int, at: int) -> PrintJob | None:
    """Two looks: one that stops nobody, and, if there is something, one that counts."""
    printer = puller.printer
    if printer and not await asks_for_work(printer, asked_at, at):
        return None
    async with read() as conn:
        ids = await _free_ids(conn, puller, puller.leased_to, at)
    if not ids:
        return None
    entries: list[Entry] = []
    async with transaction() as conn:
        await restaurants.lock(conn, puller.restaurant_id)
        stand_ins = await _stand_ins(conn, puller, at)
        if stand_ins is None:
            return None
        job = await _take_first(conn, ids, puller, stand_ins, entries, at)
        await record(conn, puller.restaurant_id, entries, at)
    if entries:
        wake(f"events:{puller.restaurant_id}")
    return job


async def _free_ids(
    conn: Conn, puller: _Puller, leased_to: str | None, at: int
) -> list[str]:
    stand_ins = await _stand_ins(conn, puller, at)
    if stand_ins is None:
        return []
    return await jobs.free_ids(
        conn,
        puller.restaurant_id,
        puller.reach,
        leased_to,
        at,
        _LOOK_AT_MOST,
        stand_ins.values(),
    )


async def _stand_ins(
    conn: Conn, puller: _Puller, at: int
) -> Mapping[str, StandIn] | None:
    """For whom else the puller may print now; None: it may print nothing at all."""
    if puller.printer is None:
        return {}
    own = await printers.load(conn, puller.printer.id)
    if own is None or own.is_paused or own.fault is not None:
        return None
    if not await printers.is_backup(conn, puller.restaurant_id, own.id):
        return {}
    everybody = await printers.of_restaurant(conn, puller.restaurant_id)
    return printer_rules.stand_ins(own, everybody, at)


async def _take_first(
    conn: Conn,
    ids: Iterable[str],
    puller: _Puller,
    stand_ins: Mapping[str, StandIn],
    entries: list[Entry],
    at: int,
) -> PrintJob | None:
    """Lease the first of these jobs that is still free; ended leases end here."""
    for job_id in ids:
        stored = await jobs.load(conn, job_id)
        if stored is None:
            continue
        lapsed = rules.lapse(stored, at)
        job = lapsed.job
        is_own = puller.reach.has(job)
        instead_of = None if is_own else _helped(stand_ins, job)
        is_theirs = is_own or instead_of is not None
        is_free = is_theirs and rules.is_free(job, puller.name, at)
        decision = lapsed
        if is_free:
            token = system.new_id()
            taken_by = puller.printer.id if puller.printer else None
            decision = rules.claim(job, puller.name, token, at, taken_by, instead_of)
        if decision.job == stored or not await jobs.save(conn, stored, decision.job):
            continue
        entries += _entries(lapsed, SYSTEM)
        if is_free:
            entries += _entries(decision, puller.actor)
            return decision.job
    return None


def _helped(stand_ins: Mapping[str, StandIn], job: PrintJob) -> str | None:
    """The printer instead of which this job may be printed here."""
    for printer_id, stand_in in stand_ins.items():
        if printer_rules.helps(stand_in, job):
            return printer_id
    return None


async def keep_look(job: PrintJob, layout: Layout, bitmap_sha256: str | None) -> bool:
    """Write down how a leased job is printed; False when the lease is lost."""
    async with transaction() as conn:
        await restaurants.lock(conn, job.restaurant_id)
        return await jobs.keep_look(conn, job, layout.dict(), bitmap_sha256)


async def start_job(job_id: str, caller: Caller, at: int) -> LeaseView:
    """The fence before the first byte. Conflict ``job.lease``: print nothing."""
    job = await _change(job_id, caller, lambda job: rules.start(job, caller, at), at)
    return LeaseView.of(job)


async def renew_job(
    job_id: str, caller: Caller, at: int, lease_ms: int = 0
) -> LeaseView:
    """More time for a printer that is at it, at least ``lease_ms``."""
    job = await _change(
        job_id, caller, lambda job: rules.renew(job, caller, at, lease_ms), at
    )
    return LeaseView.of(job)


async def ack_job(
    job_id: str, caller: Caller, confirm: str | None, at: int
) -> PrintJobView:
    """The paper is out; again is fine. Conflict ``job.lease`` when late and another
    printer has started the job since."""
    job = await _change(
        job_id, caller, lambda job: rules.ack(job, caller, confirm, at), at
    )
    return PrintJobView.of(job)


async def _mend(
    conn: Conn, before: PrintJob, after: PrintJob, at: int
) -> list[Entry] | None:
    """Bring an order's papers in line when a printer surprises us; the journal's
    lines, None: nothing to do."""
    if not tickets.is_surprise(before, after):
        return None
    order = await orders.load(conn, before.order_id or "")
    restaurant = await restaurants.load(conn, before.restaurant_id)
    if order is None or restaurant is None:
        return None
    stations = await change_tickets(conn, restaurant, order, at)
    if not stations:
        return []
    return [Entry("order.tickets_made", SYSTEM, order.id, {"stations": stations})]


async def fail_job(
    job_id: str, caller: Caller, failure: Failure, at: int
) -> PrintJobView:
    """The printer gives a job back: retried after a pause, or failed for good. What is
    wrong with the printer itself is told of the printer."""
    fraction = system.random_fraction()
    job = await _change(
        job_id,
        caller,
        lambda job: rules.fail(job, caller, failure, fraction, at),
        at,
        failure,
    )
    return PrintJobView.of(job)


# --- staff -------------------------------------------------------------------


async def retry_job(job_id: str, caller: Caller, at: int) -> PrintJobView:
    """A failed job goes back to the queue, at once and with fresh attempts."""
    job = await _change(job_id, caller, lambda job: rules.retry(job, at), at)
    return PrintJobView.of(job)


async def cancel_job(job_id: str, caller: Caller, at: int) -> PrintJobView:
    """Take a job off the queue; Conflict ``job.state`` once it is being printed."""
    job = await _change(job_id, caller, lambda job: rules.take_off(job, at), at)
    return PrintJobView.of(job)


async def reroute_job(
    job_id: str, printer_id: str, caller: Caller, at: int
) -> PrintJobView:
    """Send a waiting or failed job to one printer alone; Refused when the restaurant
    has no such printer, Conflict ``job.state`` for what a printer has."""
    job = await _change(
        job_id, caller, lambda job: rules.reroute(job, printer_id, at), at
    )
    return PrintJobView.of(job)


async def reprint_job(
    job_id: str, caller: Caller, key: RequestKey | None, at: int
) -> Answer:
    """A new job with the same ticket, marked as a reprint and linked to the first."""

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            original = await _load_original(conn, job_id, caller)
            if not await _has_printer(conn, original):
                original = replace(original, printer_id=None)
            n = await jobs.last_reprint_n(conn, original) + 1
            job = rules.reprint_of(original, n, system.new_id(), at)
            if not await jobs.add(conn, job):
                raise job_changed()
            entries = _entries(Decision(job, "print.reprinted"), caller.actor)
            await record(conn, job.restaurant_id, entries, at)
            answer = Answer(201, PrintJobView.of(job).dict(), job.id)
            await claim.finish(conn, answer)
        wake(f"print:{job.restaurant_id}", f"events:{job.restaurant_id}")
        return answer

    return await once(key, work, at)


async def _load_original(conn: Conn, job_id: str, caller: Caller) -> PrintJob:
    """The job itself, or the one that it reprints; its row is locked."""
    job = await _load(conn, job_id, caller)
    if job.reprint_of:
        job = await _load(conn, job.reprint_of, caller)
    return job


@dataclass(frozen=True)
class JobSearch:
    """Which jobs to list. ``status`` is a public word; None, and no kinds, mean any."""

    status: str | None = None
    kinds: tuple[str, ...] = ()
    order_id: str | None = None
    cursor: str | None = None
    limit: int = limits.PAGE_DEFAULT
    newest_first: bool = False


async def list_jobs(caller: Caller, search: JobSearch, at: int) -> PrintJobPage:
    """One page of the queue and its past. Ended leases end before."""
    states = rules.states_of(search.status)
    kinds = rules.kinds_to_show(caller.kinds, search.kinds)
    after = rules.parse_cursor(search.cursor) if search.cursor else None
    restaurant_id = caller.restaurant_id
    is_printer = caller.actor.role is Role.PRINTER
    device_id = caller.actor.device_id if is_printer else None
    async with read() as conn:
        lapsed = await jobs.lapsed_ids(conn, restaurant_id, at, limits.PAGE_MAX)
    clock = Caller(SYSTEM, restaurant_id)
    for job_id in lapsed:
        await _change(job_id, clock, lambda job: rules.lapse(job, at), at)
    async with read() as conn:
        found = await jobs.page(
            conn,
            restaurant_id,
            states=states,
            stations=caller.stations,
            kinds=kinds,
            order_id=search.order_id,
            after=after,
            newest_first=search.newest_first,
            device_id=device_id,
            limit=search.limit + 1,
        )
    shown, more = found[: search.limit], found[search.limit :]
    gone = await _note_read(restaurant_id, shown, at) if is_printer else set()
    return PrintJobPage(
        data=[PrintJobView.of(job) for job in shown if job.id not in gone],
        next=rules.cursor_of(shown[-1]) if more else None,
    )


async def _note_read(
    restaurant_id: str, shown: Iterable[PrintJob], at: int
) -> set[str]:
    """Receipts that a printer may print without a word, because it read them: from now
    on they may be on paper. The ids of those that wait no more."""
    new = [job.id for job in shown if rules.is_news_to_printer(job)]
    if not new:
        return set()
    async with transaction() as conn:
        await restaurants.lock(conn, restaurant_id)
        return {each for each in new if not await jobs.note_read(conn, each, at)}


# --- helpers -----------------------------------------------------------------


async def _change(
    job_id: str,
    caller: Caller,
    decide: Callable[[PrintJob], Decision],
    at: int,
    failure: Failure | None = None,
) -> PrintJob:
    """Load, decide, store and journal one job in one transaction, with what follows
    from it for its printer and for its order's other tickets."""
    async with transaction() as conn:
        job = await _load(conn, job_id, caller)
        decision = decide(job)
        after = decision.job
        is_sent = after.printer_id != job.printer_id
        if is_sent and not await _has_printer(conn, after):
            raise invalid("printer_id", "There is no such printer in this restaurant.")
        entries = await _hear_of_printer(conn, job, caller, failure, at)
        if after != job:
            if not await jobs.save(conn, job, after):
                raise job_changed()
            entries += _entries(decision, caller.actor)
            mended = await _mend(conn, job, after, at)
            if mended is not None:
                entries += mended
                after = await jobs.load(conn, job_id) or after
        await record(conn, job.restaurant_id, entries, at)
    if decision.event or entries:
        wake(f"print:{job.restaurant_id}", f"events:{job.restaurant_id}")
    return after


async def _hear_of_printer(
    conn: Conn, job: PrintJob, caller: Caller, failure: Failure | None, at: int
) -> list[Entry]:
    """Whoever speaks of a job that it holds is there; perhaps it says what ails it."""
    if job.taken_by is None or not rules.holds(job, caller):
        return []
    before = at - limits.PRINTER_SEEN_EVERY_MS
    await printers.mark_seen(conn, job.taken_by, at, before)
    fault = failure and rules.printer_fault(job, failure)
    if not fault:
        return []
    return await set_fault(conn, job.taken_by, fault, caller.actor, at)


async def _load(conn: Conn, job_id: str, caller: Caller) -> PrintJob:
    """The job, locked behind its restaurant; NotFound for another's."""
    await restaurants.lock(conn, caller.restaurant_id)
    job = await jobs.load(conn, job_id)
    if job is None or job.restaurant_id != caller.restaurant_id:
        raise _unknown()
    is_theirs = rules.is_theirs(job, caller) or rules.holds(job, caller)
    if not is_theirs and not await _took(conn, job, caller):
        raise _unknown()
    return job


async def _has_printer(conn: Conn, job: PrintJob) -> bool:
    """Whether the printer that the job is for alone is there: nothing new waits for
    one that is gone."""
    printer = await printers.load(conn, job.printer_id or "")
    return printer is not None and printer.restaurant_id == job.restaurant_id


async def _took(conn: Conn, job: PrintJob, caller: Caller) -> bool:
    """A device may speak of what its printer got, whatever the station."""
    if job.taken_by is None or caller.actor.device_id is None:
        return False
    printer = await printers.load(conn, job.taken_by)
    return printer is not None and printer.device_id == caller.actor.device_id


def _entries(decision: Decision, actor: Actor) -> list[Entry]:
    entry = rules.entry(decision, actor)
    return [entry] if entry else []


def _unknown() -> NotFound:
    return NotFound("job.unknown", "There is no such print job for you.")


def _revoked() -> Unauthorized:
    return Unauthorized("device.unknown", "This device token is revoked.")
