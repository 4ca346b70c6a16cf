"""Tickets come into the queue with their order and leave it by a printer's hand.

Printers pull: they wait for a job, take it by lease, ask for the go, print, confirm.
Nobody holds the database while waiting.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ..adapters import system
from ..adapters.wake import Waiter, wake
from ..core import limits
from ..core.errors import Conflict, NotFound, Unauthorized
from ..crud import Conn, read, transaction
from ..features.devices import crud as devices
from ..features.devices.models import Device
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.orders import crud as orders
from ..features.orders.models import Order
from ..features.printing import crud as jobs
from ..features.printing import rules
from ..features.printing.models import (
    Caller,
    ClaimBody,
    ClaimedJobView,
    DrawerDocument,
    Failure,
    LeaseView,
    NewTicket,
    PrintJob,
    PrintJobPage,
    PrintJobView,
    PrintKind,
    SlipDocument,
    VoidSlip,
)
from ..features.printing.rules import Decision
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..features.slips import rules as slips
from ..features.tickets import rules as tickets
from ..features.tickets.rules import Plan
from ..models import SYSTEM, Actor, OrderStatus
from .once import Claim, once
from .recording import record

# One look considers so many jobs; the rest is for the next look.
_LOOK_AT_MOST = 20
# Orders whose lines belong on paper, even if none of them is there yet.
_IN_KITCHEN = (OrderStatus.ACCEPTED, OrderStatus.READY)


# --- inside the transactions of orders ---------------------------------------


async def make_tickets(
    conn: Conn, restaurant: Restaurant, order: Order, at: int, round_n: int = 1
) -> list[str]:
    """Queue what the kitchen has to know of the order; the stations with a ticket.

    Lines that are on a ticket already are not printed again. Part of the caller's
    transaction, who also journals it and, after the commit, wakes
    ``print:<restaurant id>``.
    """
    made = await jobs.tickets_of_order(conn, order.id)
    plan = tickets.plan(order, restaurant, made, at, round_n=round_n)
    return await _follow(conn, order, plan, at)


async def change_tickets(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> list[str]:
    """Bring the papers of an order in line with it; the stations with a new ticket.

    Where nothing differs nothing is printed. What nobody has started is canceled and
    said anew; what may be on paper is followed by a ticket with only what was added,
    voided or moved. An order that the kitchen does not know yet gets none. Part of
    the caller's transaction, as ``make_tickets``.
    """
    made = await jobs.tickets_of_order(conn, order.id)
    if not made and order.status not in _IN_KITCHEN:
        return []
    return await _follow(conn, order, tickets.plan(order, restaurant, made, at), at)


async def fire_tickets(
    conn: Conn, restaurant: Restaurant, order: Order, course: int, at: int
) -> list[str]:
    """A course is wanted: its lines, which ``order`` no longer holds, go to their
    stations; the stations. Part of the caller's transaction, as ``make_tickets``."""
    made = await jobs.tickets_of_order(conn, order.id)
    plan = tickets.plan(order, restaurant, made, at, fires=course)
    return await _follow(conn, order, plan, at)


async def void_tickets(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> list[str]:
    """Nothing of the order is wanted any more; the stations with a VOID ticket.

    What nobody has started is canceled, what may be on paper is taken back. Part of
    the caller's transaction, as ``make_tickets``.
    """
    made = await jobs.tickets_of_order(conn, order.id)
    over = replace(order, status=OrderStatus.CANCELED)
    return await _follow(conn, order, tickets.plan(over, restaurant, made, at), at)


async def _follow(conn: Conn, order: Order, plan: Plan, at: int) -> list[str]:
    """Take off what is said anew, queue what follows; the stations with a ticket."""
    for job in plan.cancels:
        if not await jobs.save(conn, job, rules.cancel(job, at).job):
            raise _changed()
    stations = []
    for n, ticket in enumerate(plan.tickets):
        if await jobs.add(conn, _new_job(order, ticket, at, n)):
            stations.append(ticket.station)
    return stations


def _new_job(order: Order, ticket: NewTicket, at: int, n: int) -> PrintJob:
    return PrintJob(
        id=system.new_id(),
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        order_number=order.number,
        station=ticket.station,
        kind=PrintKind.TICKET.value,
        round=ticket.document.round,
        document=ticket.document.dict(),
        text=ticket.text,
        created_at=at,
        position=rules.position(at, n),
        order_type=order.order_type.value,
    )


async def cancel_tickets(conn: Conn, order_id: str, at: int) -> list[str]:
    """Take the order's tickets that nobody has started off the queue; their stations.

    What is printed or being printed stays as it is; so does what takes back something
    that the kitchen has on paper. Part of the caller's transaction.
    """
    stations = []
    for job in await jobs.unprinted_tickets(conn, order_id):
        if job.document.get("voided"):
            continue
        decision = rules.cancel(job, at)
        if await jobs.save(conn, job, decision.job):
            stations.append(job.station)
    return stations


async def kick_drawer(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> bool:
    """Queue one opening of the cash drawer; False where receipts have no printer.

    Part of the caller's transaction, which holds the order's lock and, after the
    commit, wakes ``print:<restaurant id>``.
    """
    station = restaurant.receipt_station
    if station is None:
        return False
    document = slips.drawer_document(restaurant, order, station, at)
    # A cashier waits: before the tickets of the same moment.
    place = rules.position(at - 1, 999)
    await _add_next(conn, order, PrintKind.DRAWER, document, "", at, place)
    return True


async def print_void_slip(
    conn: Conn, restaurant: Restaurant, order: Order, slip: VoidSlip, at: int
) -> bool:
    """Queue paper for a guest about money going back; False where receipts have no
    printer. Part of the caller's transaction, as ``kick_drawer``."""
    station = restaurant.receipt_station
    if station is None:
        return False
    document = slips.slip_document(restaurant, order, slip, station, at)
    text = slips.slip_text(document)
    place = rules.position(at, 999)
    await _add_next(conn, order, PrintKind.VOID_SLIP, document, text, at, place)
    return True


async def _add_next(
    conn: Conn,
    order: Order,
    kind: PrintKind,
    document: SlipDocument | DrawerDocument,
    text: str,
    at: int,
    place: int,
) -> None:
    """One more job of a kind of which an order may have any number."""
    job = PrintJob(
        id=system.new_id(),
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        order_number=order.number,
        station=document.station,
        kind=kind.value,
        round=await jobs.next_round(conn, order.id, document.station, kind),
        document=document.dict(),
        text=text,
        created_at=at,
        position=place,
        order_type=order.order_type.value,
    )
    if not await jobs.add(conn, job):
        raise _changed()


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
    deadline = clock() + wanted.wait
    async with Waiter(f"print:{restaurant_id}") as waiter:
        while True:
            job = await claim_job(restaurant_id, device, wanted, system.now())
            left = deadline - clock()
            if job or left <= 0:
                return job
            await waiter.wait(min(left, limits.PRINT_LOOK_SECONDS))
            if is_gone():
                return None


async def claim_job(
    restaurant_id: str, device: Device, wanted: ClaimBody, at: int
) -> ClaimedJobView | None:
    """One try: lease the oldest job that is free; None when there is none.

    Unauthorized when the device was revoked meanwhile; Forbidden when it may not
    print for these stations.
    """
    async with read() as conn:
        if await devices.load(conn, device.id) is None:
            raise Unauthorized("device.unknown", "This device token is revoked.")
        stations = rules.stations_to_serve(device.stations, wanted.stations)
        puller = rules.puller_of(device.id, wanted.printers)
        leased_to = puller if wanted.printers else None
        ids = await jobs.free_ids(
            conn, restaurant_id, stations, leased_to, at, _LOOK_AT_MOST
        )
    if not ids:
        return None
    entries: list[Entry] = []
    async with transaction() as conn:
        await restaurants.lock(conn, restaurant_id)
        job = await _take_first(conn, ids, puller, entries, at)
        await record(conn, restaurant_id, entries, at)
    if entries:
        wake(f"events:{restaurant_id}")
    return ClaimedJobView.of(job) if job else None


async def _take_first(
    conn: Conn, ids: Iterable[str], puller: str, entries: list[Entry], at: int
) -> PrintJob | None:
    """Lease the first of these jobs that is still free; ended leases end here."""
    for job_id in ids:
        stored = await jobs.load(conn, job_id)
        if stored is None:
            continue
        lapsed = rules.lapse(stored, at)
        is_free = rules.is_free(lapsed.job, puller, at)
        decision = lapsed
        if is_free:
            decision = rules.claim(lapsed.job, puller, system.new_id(), at)
        if decision.job == stored or not await jobs.save(conn, stored, decision.job):
            continue
        entries += _entries(lapsed, SYSTEM)
        if is_free:
            return decision.job
    return None


async def start_job(job_id: str, caller: Caller, at: int) -> LeaseView:
    """The fence before the first byte. Conflict ``job.lease``: print nothing."""
    job = await _change(job_id, caller, lambda job: rules.start(job, caller, at), at)
    return LeaseView.of(job)


async def renew_job(job_id: str, caller: Caller, at: int) -> LeaseView:
    """More time for a printer that is at it."""
    job = await _change(job_id, caller, lambda job: rules.renew(job, caller, at), at)
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
    """The printer gives a job back: retried after a pause, or failed for good."""
    fraction = system.random_fraction()
    job = await _change(
        job_id, caller, lambda job: rules.fail(job, caller, failure, fraction, at), at
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


async def reprint_job(
    job_id: str, caller: Caller, key: RequestKey | None, at: int
) -> Answer:
    """A new job with the same ticket, marked as a reprint and linked to the first."""

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            original = await _load_original(conn, job_id, caller)
            n = await jobs.last_reprint_n(conn, original) + 1
            job = rules.reprint_of(original, n, system.new_id(), at)
            if not await jobs.add(conn, job):
                raise _changed()
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
            limit=search.limit + 1,
        )
    shown, more = found[: search.limit], found[search.limit :]
    return PrintJobPage(
        data=[PrintJobView.of(job) for job in shown],
        next=rules.cursor_of(shown[-1]) if more else None,
    )


# --- helpers -----------------------------------------------------------------


async def _change(
    job_id: str, caller: Caller, decide: Callable[[PrintJob], Decision], at: int
) -> PrintJob:
    """Load, decide, store and journal one job in one transaction, with what follows
    from it for its order's other tickets."""
    async with transaction() as conn:
        job = await _load(conn, job_id, caller)
        decision = decide(job)
        after = decision.job
        if after != job:
            if not await jobs.save(conn, job, after):
                raise _changed()
            entries = _entries(decision, caller.actor)
            mended = await _mend(conn, job, after, at)
            if mended is not None:
                entries += mended
                after = await jobs.load(conn, job_id) or after
            await record(conn, job.restaurant_id, entries, at)
    if decision.event:
        wake(f"print:{job.restaurant_id}", f"events:{job.restaurant_id}")
    return after


async def _load(conn: Conn, job_id: str, caller: Caller) -> PrintJob:
    """The job, locked behind its restaurant; NotFound for another's."""
    await restaurants.lock(conn, caller.restaurant_id)
    job = await jobs.load(conn, job_id)
    if job is None or not rules.is_theirs(job, caller):
        raise NotFound("job.unknown", "There is no such print job for you.")
    return job


def _entries(decision: Decision, actor: Actor) -> list[Entry]:
    entry = rules.entry(decision, actor)
    return [entry] if entry else []


def _changed() -> Conflict:
    return Conflict("job.changed", "The print job changed just now. Please try again.")
