"""Star printers that speak CloudPRNT: a poll, a job, how it went."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..adapters import raster
from ..core import columns, limits
from ..core.codepages import encode, width_of
from ..core.errors import Unsupported
from ..core.ids import sha256_hex
from ..features.cloudprnt import rules as star
from ..features.cloudprnt.models import TEXT, Body, Facts, Poll, PollAnswer
from ..features.papers.models import Layout
from ..features.printers import rules
from ..features.printers.models import Printer, PrinterKind, PrinterStatus
from ..features.printing.models import PrintJob, PrintKind, PrintState
from .printer_doors import (
    DOOR,
    caller_of,
    door_of,
    failed,
    give,
    is_at_it,
    is_leased,
    job_in_hand,
    look_of,
    meant,
    nothing_to_print,
    printed,
    printer_at,
    renewed,
    say,
    with_door,
)
from .queueing import claim_for, not_drawn
from .rendering import (
    NotDrawn,
    calls_cook,
    copies_of,
    draw,
    drawing,
    lines_of,
    look_beside,
)


async def star_poll(secret: str, body: Mapping[str, Any], at: int) -> PollAnswer:
    """A Star printer says how it is and asks for work: a job, questions or nothing.

    A printer at fault gets nothing, and what it had is for others; what may be on its
    paper then comes marked. NotFound for an unknown secret.
    """
    poll = star.poll_of(body)
    printer = await printer_at(PrinterKind.CLOUDPRNT, secret)
    printer = await say(printer, lambda old: _heard(old, poll, at), at)
    job = await job_in_hand(printer)
    if star.fault_of(poll.code):
        if job:
            given = job.state is PrintState.PRINTING
            await failed(printer, job, star.failure_of(poll.code, was_given=given), at)
        return star.NOTHING
    if job and is_at_it(job, at):
        return await _star_at_it(printer, job, poll, at)
    if poll.is_printing:
        return star.NOTHING
    if poll.answers is None and _has_to_ask(printer, poll, at):
        await say(printer, lambda old: _asked(old, at), at)
        return star.ask()
    job = await claim_for(printer, at)
    return _offer(printer, job, 1) if job else star.NOTHING


async def star_job(secret: str, wanted: str | None, token: str | None, at: int) -> Body:
    """The job that the printer was told of, in the medium that it asks for; the same
    again as often as it asks, but never a second kick of a drawer.

    NotFound when there is none, Unsupported for a medium that it does not come in.
    """
    printer = await printer_at(PrinterKind.CLOUDPRNT, secret)
    job = await meant(printer, _wire_id(token))
    if job is None or not is_leased(job, at):
        raise nothing_to_print()
    layout = look_of(job, printer)
    is_drawer = job.kind == PrintKind.DRAWER.value
    media = star.media_for(layout, _media(printer), is_drawer=is_drawer)
    medium = star.chosen(wanted, media)
    if medium is None:
        raise Unsupported("job.medium", f"The job comes as {' or '.join(media)}.")
    is_again = job.state is PrintState.PRINTING
    copy, _ = _progress(printer, job)
    if (is_drawer and is_again) or (token and star.copy_of(token) != copy):
        raise nothing_to_print()
    sha256: str | None = None
    if is_drawer:
        data, headers = star.DRAWER_TEXT, star.drawer_headers()
    else:
        try:
            data, sha256 = await _star_paper(job, layout, medium, copy, printer)
        except NotDrawn:
            await not_drawn(job, caller_of(printer, job), at)
            raise nothing_to_print() from None
        headers = star.print_headers(layout, calls=calls_cook(job, copy))
    if not await give(printer, job, layout, sha256, at):
        raise nothing_to_print()
    if copy > 1:
        await say(printer, lambda old: _at_copy(old, job, copy, is_given=True), at)
    return Body(medium, data, headers)


async def star_end(secret: str, token: str | None, code: str | None, at: int) -> None:
    """The printer says how its job went, perhaps late or again; it learns nothing."""
    printer = await printer_at(PrinterKind.CLOUDPRNT, secret)
    job = await meant(printer, _wire_id(token), is_over=True)
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
        is_in_doubt = failure.in_doubt or copy > 1  # the copies before are on paper
        await failed(printer, job, replace(failure, in_doubt=is_in_doubt), at)
    elif copy >= copies_of(job, printer):
        await printed(printer, job, "star", at)
    elif was_given and await renewed(printer, job, at, rules.patience_ms(printer)):
        await say(printer, lambda old: _at_copy(old, job, copy + 1), at)


async def _star_at_it(
    printer: Printer, job: PrintJob, poll: Poll, at: int
) -> PollAnswer:
    """A poll of a printer that has a job: its next copy, or patience."""
    copy, is_given = _progress(printer, job)
    if not is_given and not poll.is_printing:
        return _offer(printer, job, copy)
    is_believed = at - (job.started_at or at) < limits.CLOUDPRNT_PRINTING_MS
    if poll.is_printing and is_believed:
        await renewed(printer, job, at)
    return star.NOTHING


def _offer(printer: Printer, job: PrintJob, copy: int) -> PollAnswer:
    is_drawer = job.kind == PrintKind.DRAWER.value
    media = star.media_for(look_of(job, printer), _media(printer), is_drawer=is_drawer)
    return star.offer(star.token_of(job.wire_id or "", copy), media)


async def _star_paper(
    job: PrintJob, layout: Layout, medium: str, copy: int, printer: Printer
) -> tuple[bytes, str | None]:
    """One copy in a medium, and the sha256 of the first one's picture."""
    beside = await look_beside(job, layout)
    copies = copies_of(job, printer)

    def letters() -> bytes:
        found = lines_of(job, layout, beside, copy, copies)
        page, width = layout.codepage, width_of(layout.codepage)
        lines = (columns.placed(line, layout.letters, width) for line in found)
        return b"".join(encode(line, page) + b"\n" for line in lines)

    def picture() -> tuple[bytes, str]:
        bitmap = draw(job, layout, beside, copy, copies)
        return raster.png(bitmap), bitmap.sha256

    if medium == TEXT:
        return await drawing(letters), None
    data, sha256 = await drawing(picture)
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
        DOOR: before.get(DOOR),
    }
    status = {**after.status, **{name: value for name, value in also.items() if value}}
    seconds = facts.poll_seconds or printer.poll_seconds
    return replace(after, status=status, poll_seconds=seconds)


def _has_to_ask(printer: Printer, poll: Poll, at: int) -> bool:
    door = door_of(printer)
    return star.has_to_ask(door.get("asked_at"), poll.mac, door.get("asked_mac"), at)


def _asked(printer: Printer, at: int) -> Printer:
    mac = printer.status.get("mac")
    return with_door(printer, asked_at=at, asked_mac=mac)


def _wire_id(token: str | None) -> str | None:
    return star.wire_id_of(token) if token else None


def _media(printer: Printer) -> tuple[str, ...]:
    return tuple(printer.status.get("media") or ())


# --- copies, one after the other ---------------------------------------------


def _progress(printer: Printer, job: PrintJob) -> tuple[int, bool]:
    """Which copy of a job is at hand, and whether the printer has fetched it."""
    kept = door_of(printer).get("copy")
    if isinstance(kept, dict) and kept.get("lease") == _lease_mark(job):
        return int(kept["n"]), bool(kept["given"])
    return 1, job.state is PrintState.PRINTING


def _at_copy(
    printer: Printer, job: PrintJob, copy: int, *, is_given: bool = False
) -> Printer:
    kept = {"lease": _lease_mark(job), "n": copy, "given": is_given}
    return with_door(printer, copy=kept)


def _lease_mark(job: PrintJob) -> str | None:
    """Tells one lease from another without giving it away."""
    return sha256_hex(job.lease_token)[:12] if job.lease_token else None
