"""Printers that ask the server themselves: Star's CloudPRNT, Epson's Direct Print.

Both pull from the same queue by the same leases as printer-pi. The address holds a
secret of that one printer; whoever does not know it learns nothing, also not whether
there is such a printer.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..adapters import raster
from ..adapters.wake import wake
from ..core import columns, limits
from ..core.bitmaps import Bitmap
from ..core.codepages import encode, folded
from ..core.errors import Conflict, NotFound, Unsupported
from ..core.ids import sha256_hex
from ..crud import light_transaction, read, transaction
from ..features.cloudprnt import rules as star
from ..features.cloudprnt.models import TEXT, Body, Facts, Poll, PollAnswer
from ..features.epson import rules as epson
from ..features.epson.models import Report, Request, Result
from ..features.journal.models import Entry
from ..features.papers.models import Layout
from ..features.printers import crud as printers
from ..features.printers import rules
from ..features.printers.models import Printer, PrinterKind, PrinterStatus
from ..features.printing import crud as jobs
from ..features.printing import rules as print_rules
from ..features.printing.models import Failure, PrintJob, PrintKind, PrintState
from ..features.restaurants import crud as restaurants
from ..models import Actor, Role
from .queueing import (
    ack_job,
    caller_of,
    claim_for,
    fail_job,
    job_in_hand,
    renew_job,
)
from .recording import record
from .rendering import bitmaps_of, copies_of, draw, look_beside
from .sheets import sheet_of

#: Under this name a printer's status keeps what only its door needs.
_DOOR = "door"

# --- Star: a poll, a job, how it went ----------------------------------------------


async def star_poll(secret: str, body: Mapping[str, Any], at: int) -> PollAnswer:
    """A Star printer says how it is and asks for work: a job, questions or nothing.

    A printer at fault gets nothing, and what it had is for others; what may be on its
    paper then comes marked. NotFound for an unknown secret.
    """
    poll = star.poll_of(body)
    printer = await _printer(PrinterKind.CLOUDPRNT, secret)
    printer = await _say(printer, lambda old: _heard(old, poll, at), at)
    job = await job_in_hand(printer)
    if star.fault_of(poll.code):
        if job:
            given = job.state is PrintState.PRINTING
            await _failed(printer, job, star.failure_of(poll.code, was_given=given), at)
        return star.NOTHING
    if job and _is_at_it(job, at):
        return await _star_at_it(printer, job, poll, at)
    if poll.is_printing:
        return star.NOTHING
    if poll.answers is None and _has_to_ask(printer, poll, at):
        await _say(printer, lambda old: _asked(old, at), at)
        return star.ask()
    job = await claim_for(printer, at)
    return _offer(printer, job, 1) if job else star.NOTHING


async def star_job(secret: str, wanted: str | None, token: str | None, at: int) -> Body:
    """The job that the printer was told of, in the medium that it asks for; the same
    again as often as it asks, but never a second kick of a drawer.

    NotFound when there is none, Unsupported for a medium that it does not come in.
    """
    printer = await _printer(PrinterKind.CLOUDPRNT, secret)
    job = await _meant(printer, token)
    if job is None or not _is_leased(job, at):
        raise _nothing_to_print()
    layout = _look(job, printer)
    is_drawer = job.kind == PrintKind.DRAWER.value
    media = star.media_for(layout, _media(printer), is_drawer=is_drawer)
    medium = star.chosen(wanted, media)
    if medium is None:
        raise Unsupported("job.medium", f"The job comes as {' or '.join(media)}.")
    is_again = job.state is PrintState.PRINTING
    copy, _ = _progress(printer, job)
    if (is_drawer and is_again) or (token and star.copy_of(token) != copy):
        raise _nothing_to_print()
    sha256: str | None = None
    if is_drawer:
        data, headers = star.DRAWER_TEXT, star.drawer_headers()
    else:
        data, sha256 = await _star_paper(job, layout, medium, copy, printer)
        headers = star.print_headers(layout)
    if not await _give(printer, job, layout, sha256, at):
        raise _nothing_to_print()
    if copy > 1:
        await _say(printer, lambda old: _at_copy(old, job, copy, is_given=True), at)
    return Body(medium, data, headers)


async def star_end(secret: str, token: str | None, code: str | None, at: int) -> None:
    """The printer says how its job went, perhaps late or again; it learns nothing."""
    printer = await _printer(PrinterKind.CLOUDPRNT, secret)
    job = await _meant(printer, token, is_over=True)
    if job is None:
        return
    copy, is_given = _progress(printer, job)
    was_given = job.state is PrintState.PRINTING
    if token is None and job.state is PrintState.LEASED:
        return  # it speaks of the job before: this one it has not fetched
    if (token and star.copy_of(token) != copy) or (was_given and not is_given):
        return  # of a copy before
    failure = star.failure_of(star.code_of(code), was_given=was_given)
    if failure is not None:
        await _failed(printer, job, failure, at)
    elif copy == copies_of(job, printer):
        await _printed(printer, job, "star", at)
    elif was_given and await _renewed(printer, job, at):
        await _say(printer, lambda old: _at_copy(old, job, copy + 1), at)


async def _star_at_it(
    printer: Printer, job: PrintJob, poll: Poll, at: int
) -> PollAnswer:
    """A poll of a printer that has a job: its next copy, or patience."""
    copy, is_given = _progress(printer, job)
    if not is_given and not poll.is_printing:
        return _offer(printer, job, copy)
    is_believed = at - (job.started_at or at) < limits.CLOUDPRNT_PRINTING_MS
    if poll.is_printing and is_believed:
        await _renewed(printer, job, at)
    return star.NOTHING


def _offer(printer: Printer, job: PrintJob, copy: int) -> PollAnswer:
    is_drawer = job.kind == PrintKind.DRAWER.value
    media = star.media_for(_look(job, printer), _media(printer), is_drawer=is_drawer)
    return star.offer(star.token_of(job.wire_id or "", copy), media)


async def _star_paper(
    job: PrintJob, layout: Layout, medium: str, copy: int, printer: Printer
) -> tuple[bytes, str | None]:
    """One copy in a medium, and the sha256 of the first one's picture."""
    beside = await look_beside(job, layout)
    copies = copies_of(job, printer)

    def letters() -> bytes:
        sheet = sheet_of(
            job,
            layout,
            copy=copy,
            copies=copies,
            backup_of=beside.backup_of,
            tracking_url=beside.tracking_url,
        )
        text = columns.plain(folded(sheet, layout.codepage), layout.letters)
        lines = text.splitlines()
        return b"".join(encode(line, layout.codepage) + b"\n" for line in lines)

    def picture() -> tuple[bytes, str]:
        bitmap = draw(job, layout, beside, copy, copies)
        return raster.png(bitmap), bitmap.sha256

    if medium == TEXT:
        return await asyncio.to_thread(letters), None
    data, sha256 = await asyncio.to_thread(picture)
    return data, sha256 if copy == 1 else job.bitmap_sha256


def _heard(printer: Printer, poll: Poll, at: int) -> Printer:
    """The printer with what its poll says of it; its first paper is its layout's."""
    facts = star.facts_of(poll.answers) if poll.answers else Facts()
    before, fault = printer.status, star.fault_of(poll.code)
    condition = star.condition(poll)
    width = int(star.paper_for(facts.dots)) if facts.dots else before.get("width")
    said = PrinterStatus(
        width=width,
        model=facts.model or before.get("model"),
        is_online=condition["is_online"],
        paper=condition["paper"],
        cover=condition["cover"],
        fault=fault.value if fault else None,
    )
    after = rules.noted(printer, said, at)
    also = {
        "code": condition["code"],
        "mac": poll.mac or before.get("mac"),
        "media": list(facts.media) or before.get("media"),
        _DOOR: before.get(_DOOR),
    }
    status = {**after.status, **{name: value for name, value in also.items() if value}}
    seconds = facts.poll_seconds or printer.poll_seconds
    return replace(after, status=status, poll_seconds=seconds)


def _has_to_ask(printer: Printer, poll: Poll, at: int) -> bool:
    door = _door(printer)
    return star.has_to_ask(door.get("asked_at"), poll.mac, door.get("asked_mac"), at)


def _asked(printer: Printer, at: int) -> Printer:
    mac = printer.status.get("mac")
    return _with_door(printer, asked_at=at, asked_mac=mac)


def _media(printer: Printer) -> tuple[str, ...]:
    return tuple(printer.status.get("media") or ())


# --- Star: copies, one after the other ---------------------------------------------


def _progress(printer: Printer, job: PrintJob) -> tuple[int, bool]:
    """Which copy of a job is at hand, and whether the printer has fetched it."""
    kept = _door(printer).get("copy")
    if isinstance(kept, dict) and kept.get("lease") == _lease_mark(job):
        return int(kept["n"]), bool(kept["given"])
    return 1, job.state is PrintState.PRINTING


def _at_copy(
    printer: Printer, job: PrintJob, copy: int, *, is_given: bool = False
) -> Printer:
    kept = {"lease": _lease_mark(job), "n": copy, "given": is_given}
    return _with_door(printer, copy=kept)


def _lease_mark(job: PrintJob) -> str | None:
    """Tells one lease from another without giving it away."""
    return sha256_hex(job.lease_token)[:12] if job.lease_token else None


# --- Epson: a form ---------------------------------------------------------------


async def epson_form(secret: str, raw: bytes, at: int) -> str:
    """An Epson printer asks for a job (XML, or nothing), or says how one went or how
    it is (nothing). NotFound for an unknown secret, BadRequest for no form."""
    printer = await _printer(PrinterKind.EPSON, secret)
    form = epson.form_of(raw)
    if form.request == Request.GET:
        return await _epson_job(printer, at)
    if form.request == Request.RESULT:
        await _epson_results(printer, epson.report_of(form.xml), at)
    elif form.request == Request.STATUS:
        bits = epson.asb_of(form.xml)
        if bits is not None:
            await _say(printer, lambda old: _in_condition(old, bits, at), at)
    return ""


async def _epson_job(printer: Printer, at: int) -> str:
    """One job, once: while the printer has it the next polls get nothing."""
    printer = await _say(printer, lambda old: old, at)
    if _rests(printer, at):
        return ""
    job = await job_in_hand(printer)
    if job and _is_at_it(job, at):
        return ""
    job = await claim_for(printer, at)
    if job is None:
        return ""
    layout = _look(job, printer)
    bitmaps = await bitmaps_of(job, layout, printer)
    knows_ids = printer.status.get("version") != "1.00"
    name = job.wire_id if knows_ids else None
    xml = await asyncio.to_thread(_epson_xml, job, layout, bitmaps, name)
    if len(xml) > limits.EPSON_XML_MAX:
        too_long = "The paper is too long for this printer."
        failure = Failure(too_long, "epson.too_long", retryable=False)
        await _failed(printer, job, failure, at)
        return ""
    sha256 = bitmaps[0].sha256 if bitmaps else None
    return xml if await _give(printer, job, layout, sha256, at) else ""


def _epson_xml(
    job: PrintJob, layout: Layout, bitmaps: tuple[Bitmap, ...], name: str | None
) -> str:
    if job.kind == PrintKind.DRAWER.value:
        return epson.print_request(epson.pulse(layout.drawer_pin), name)
    return epson.print_request(epson.paper_body(bitmaps, layout), name)


async def _epson_results(printer: Printer, report: Report, at: int) -> None:
    """How jobs went, by their ids; a printer that knows none means what it has."""
    before = printer.status.get("version")
    if report.version:
        printer = await _say(printer, lambda old: _speaks(old, report.version), at)
    if report.refusal:
        job = await job_in_hand(printer)
        if job:
            await _failed(printer, job, epson.refusal_of(report.refusal), at)
        return
    is_first_word = report.version == "1.00" and before is None
    for result in report.results:
        await _epson_result(printer, result, at, may_be_ids=is_first_word)


async def _epson_result(
    printer: Printer, result: Result, at: int, *, may_be_ids: bool
) -> None:
    """How one job went. ``may_be_ids``: the printer stumbled over a job's id, perhaps,
    and gets the next one without."""
    job = await _epson_meant(printer, result)
    if job is None:
        return
    failure = epson.failure_of(result)
    if failure is None:
        await _printed(printer, job, "epson", at)
        bits = result.asb
        await _say(printer, lambda old: _at_work(old, bits, at), at)
        return
    if may_be_ids and result.code == "SchemaError":
        failure = replace(failure, retryable=True)
    await _failed(printer, job, failure, at)
    if epson.fault_of(result.code):
        await _say(printer, _failed_again, at)


async def _epson_meant(printer: Printer, result: Result) -> PrintJob | None:
    if result.job_id is None:
        return await _meant(printer, None, is_over=True)
    async with read() as conn:
        return await jobs.by_wire_id(conn, printer.id, result.job_id)


def _at_work(printer: Printer, bits: int | None, at: int) -> Printer:
    """The printer that just printed, with its status bits if it sent them."""
    rested = _with_door(printer, faults=None)
    return rested if bits is None else _in_condition(rested, bits, at)


def _failed_again(printer: Printer) -> Printer:
    return _with_door(printer, faults=int(_door(printer).get("faults") or 0) + 1)


def _in_condition(printer: Printer, bits: int, at: int) -> Printer:
    """The printer with what its status bits say."""
    condition = epson.condition_of(bits)
    said = PrinterStatus(
        is_online=condition.is_online,
        paper=condition.paper,
        cover=condition.cover,
        drawer=condition.drawer,
        fault=condition.fault.value if condition.fault else None,
    )
    after = rules.noted(printer, said, at)
    version = printer.status.get("version")
    status = {**after.status, **({"version": version} if version else {})}
    if condition.fault:
        status[_DOOR] = {"fault_at": at}
    return replace(after, status=status)


def _speaks(printer: Printer, version: str | None) -> Printer:
    return replace(printer, status={**printer.status, "version": version})


def _rests(printer: Printer, at: int) -> bool:
    """Whether a printer at fault is left in peace: while its own status says so; and
    for a while after a job came back, longer every time."""
    if printer.fault is None:
        return False
    door = _door(printer)
    rest = epson.rest_ms(int(door.get("faults") or 1))
    if at - (printer.fault_at or 0) < rest:
        return True
    told_at = door.get("fault_at")
    return told_at is not None and at - told_at < limits.EPSON_STATUS_HOLDS_MS


# --- both ------------------------------------------------------------------------


async def _printer(kind: PrinterKind, secret: str) -> Printer:
    """The printer of this secret; the same NotFound whatever is wrong with it."""
    async with read() as conn:
        printer = await printers.by_secret_hash(conn, kind, sha256_hex(secret))
    if printer is None:
        raise _nothing_here()
    return printer


async def _say(
    printer: Printer, decide: Callable[[Printer], Printer], at: int
) -> Printer:
    """A printer says something of itself. What says nothing new is not written, and
    that it is there every ten seconds."""
    new = decide(printer)
    times = {"status_at": printer.status_at, "last_seen_at": printer.last_seen_at}
    if replace(new, **times) == printer:  # type: ignore[arg-type]
        if at - (printer.last_seen_at or 0) > limits.PRINTER_SEEN_EVERY_MS:
            async with light_transaction() as conn:
                await printers.mark_seen(conn, printer.id, at, at)
        return printer
    async with transaction() as conn:
        await restaurants.lock(conn, printer.restaurant_id)
        old = await printers.load(conn, printer.id)
        if old is None:
            raise _nothing_here()
        new = decide(old)
        await printers.save(conn, old, new)
        actor = Actor(Role.PRINTER, new.id)
        told = [Entry(e.event, actor, payload=e.facts) for e in rules.told(old, new)]
        # one fault more or less may move the queue
        from_queue = [f"print:{new.restaurant_id}"] if told else []
        await record(conn, new.restaurant_id, told, at)
    wake(f"events:{new.restaurant_id}", *from_queue)
    return new


async def _meant(
    printer: Printer, token: str | None, *, is_over: bool = False
) -> PrintJob | None:
    """The job that a printer speaks of: by its token, or the one that it has; once
    that ``is_over``, the one that it had last."""
    if not token:
        job = await job_in_hand(printer)
        if job or not is_over:
            return job
        async with read() as conn:
            return await jobs.last_of(conn, printer.restaurant_id, printer.id)
    async with read() as conn:
        return await jobs.by_wire_id(conn, printer.id, star.wire_id_of(token))


def _is_leased(job: PrintJob, at: int) -> bool:
    is_held = job.state in (PrintState.LEASED, PrintState.PRINTING)
    return is_held and (job.lease_until or 0) > at


def _is_at_it(job: PrintJob, at: int) -> bool:
    return job.state is PrintState.PRINTING and _is_leased(job, at)


def _look(job: PrintJob, printer: Printer) -> Layout:
    """How the job looks: as it was given out before, otherwise as its printer says."""
    return Layout(**job.layout) if job.layout else printer.layout


async def _give(
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


async def _renewed(printer: Printer, job: PrintJob, at: int) -> bool:
    try:
        await renew_job(job.id, caller_of(printer, job), at)
    except (Conflict, NotFound):
        return False
    return True


async def _printed(printer: Printer, job: PrintJob, confirm: str, at: int) -> None:
    """The paper is out. Too late, it is somebody else's by now: that one is marked."""
    try:
        await ack_job(job.id, caller_of(printer, job), confirm, at)
    except (Conflict, NotFound):
        return


async def _failed(
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


def _door(printer: Printer) -> dict[str, Any]:
    kept = printer.status.get(_DOOR)
    return kept if isinstance(kept, dict) else {}


def _with_door(printer: Printer, **facts: Any) -> Printer:
    """With these facts beside the ones that it has; None takes one away."""
    whole = {**_door(printer), **facts}
    door = {name: value for name, value in whole.items() if value is not None}
    status = {name: value for name, value in printer.status.items() if name != _DOOR}
    return replace(printer, status={**status, _DOOR: door} if door else status)


def _nothing_to_print() -> NotFound:
    return NotFound("job.none", "There is nothing to print.")


def _nothing_here() -> NotFound:
    return NotFound("address.unknown", "There is nothing at this address.")
