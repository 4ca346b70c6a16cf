"""Printers that ask the server themselves: what their doors have in common.

Each maker's printers have a door of their own; all pull from the same queue by the
same leases as printer-pi. The address holds a secret of that one printer; whoever does
not know it learns nothing, also not whether there is such a printer.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..core.errors import Conflict, NotFound
from ..core.ids import sha256_hex
from ..crud import read, transaction
from ..features.papers.models import Layout
from ..features.printers import crud as printers
from ..features.printers.models import Printer, PrinterKind
from ..features.printing import crud as jobs
from ..features.printing import rules as print_rules
from ..features.printing.models import Caller, Failure, PrintJob, PrintState
from ..features.restaurants import crud as restaurants
from ..models import Actor, Role
from .printer_keeping import heard, note_seen
from .queueing import ack_job, fail_job, renew_job
from .rendering import kept_layout

#: Under this name a printer's status keeps what only its door needs.
DOOR = "door"


async def printer_at(kind: PrinterKind, secret: str) -> Printer:
    """The printer of this secret; the same NotFound whatever is wrong with it."""
    async with read() as conn:
        printer = await printers.by_secret_hash(conn, kind, sha256_hex(secret))
    if printer is None:
        raise _nothing_here()
    return printer


async def say(
    printer: Printer, decide: Callable[[Printer], Printer], at: int
) -> Printer:
    """A printer says something of itself. What says nothing new is not written, and
    that it is there every ten seconds."""
    new = decide(printer)
    times = {"status_at": printer.status_at, "last_seen_at": printer.last_seen_at}
    if replace(new, **times) == printer:  # type: ignore[arg-type]
        return await note_seen(printer, at)
    try:
        return await heard(printer, decide, at)
    except NotFound as gone:
        raise _nothing_here() from gone


def caller_of(printer: Printer, job: PrintJob) -> Caller:
    """A printer that asks by itself, as it speaks of a job that it has."""
    actor = Actor(Role.PRINTER, printer.id)
    return Caller(actor, printer.restaurant_id, (), job.lease_token)


async def job_in_hand(printer: Printer) -> PrintJob | None:
    """What this printer has leased or is printing, if anything; the lease may be over
    as long as nobody else took the job."""
    async with read() as conn:
        return await jobs.in_hand(conn, printer.restaurant_id, printer.id)


async def meant(
    printer: Printer, wire_id: str | None, *, is_over: bool = False
) -> PrintJob | None:
    """The job that a printer speaks of: by its short name, or the one that it has;
    once that ``is_over``, the one that it had last."""
    if not wire_id:
        job = await job_in_hand(printer)
        if job or not is_over:
            return job
        async with read() as conn:
            return await jobs.last_of(conn, printer.restaurant_id, printer.id)
    async with read() as conn:
        return await jobs.by_wire_id(conn, printer.id, wire_id)


def is_leased(job: PrintJob, at: int) -> bool:
    is_held = job.state in (PrintState.LEASED, PrintState.PRINTING)
    return is_held and not print_rules.is_lapsed(job, at)


def is_at_it(job: PrintJob, at: int) -> bool:
    return job.state is PrintState.PRINTING and is_leased(job, at)


def look_of(job: PrintJob, printer: Printer) -> Layout:
    """How the job looks: as it was given out before, otherwise as its printer says."""
    return kept_layout(job) or printer.layout


async def give(
    printer: Printer, job: PrintJob, layout: Layout, sha256: str | None, at: int
) -> bool:
    """The fence before the first byte, with how the job looks; False: print nothing.

    A job that the printer began already is given again, but a drawer never.
    """
    caller = caller_of(printer, job)
    async with transaction() as conn:
        await restaurants.lock(conn, job.restaurant_id)
        stored = await jobs.load(conn, job.id)
        if stored is None or stored.lease_token != job.lease_token:
            return False
        try:
            if stored.state is PrintState.PRINTING:
                new = print_rules.renew(stored, caller, at).job
                is_given = stored.repeats
            else:
                new = print_rules.start(stored, caller, at).job
                new = replace(new, layout=layout.dict(), bitmap_sha256=sha256)
                is_given = True
        except Conflict:
            return False
        return is_given and await jobs.save(conn, stored, new)


async def renewed(printer: Printer, job: PrintJob, at: int, lease_ms: int = 0) -> bool:
    """It has the job for some time more, at least ``lease_ms``; False: it is lost."""
    try:
        await renew_job(job.id, caller_of(printer, job), at, lease_ms)
    except (Conflict, NotFound):
        return False
    return True


async def printed(printer: Printer, job: PrintJob, confirm: str, at: int) -> None:
    """The paper is out. Too late, it is somebody else's by now: that one is marked."""
    try:
        await ack_job(job.id, caller_of(printer, job), confirm, at)
    except (Conflict, NotFound):
        return


async def failed(
    printer: Printer, job: PrintJob, failure: Failure | None, at: int
) -> None:
    """A job comes back from the printer that has it; of others it says nothing."""
    is_held = job.state in (PrintState.LEASED, PrintState.PRINTING)
    if failure is None or not is_held:
        return
    try:
        await fail_job(job.id, caller_of(printer, job), failure, at)
    except (Conflict, NotFound):
        return


def door_of(printer: Printer) -> dict[str, Any]:
    kept = printer.status.get(DOOR)
    return kept if isinstance(kept, dict) else {}


def with_door(printer: Printer, **facts: Any) -> Printer:
    """With these facts beside the ones that it has; None takes one away."""
    whole = {**door_of(printer), **facts}
    door = {name: value for name, value in whole.items() if value is not None}
    status = {name: value for name, value in printer.status.items() if name != DOOR}
    return replace(printer, status={**status, DOOR: door} if door else status)


def nothing_to_print() -> NotFound:
    return NotFound("job.none", "There is nothing to print.")


def _nothing_here() -> NotFound:
    return NotFound("address.unknown", "There is nothing at this address.")
