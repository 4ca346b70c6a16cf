"""Epson printers that speak Server Direct Print: forms in, XML out."""

from dataclasses import replace

from ..core import limits
from ..core.bitmaps import Bitmap
from ..features.epson import rules as epson
from ..features.epson.models import Report, Request, Result
from ..features.papers.models import Layout
from ..features.printers import rules
from ..features.printers.models import Printer, PrinterKind, PrinterStatus
from ..features.printing.models import Failure, PrintJob, PrintKind
from .printer_doors import (
    DOOR,
    caller_of,
    door_of,
    failed,
    give,
    is_at_it,
    job_in_hand,
    look_of,
    meant,
    printed,
    printer_at,
    say,
    with_door,
)
from .queueing import claim_for, not_drawn
from .rendering import NotDrawn, bitmaps_of, calls_cook, drawing


async def epson_form(secret: str, raw: bytes, at: int) -> str:
    """An Epson printer asks for a job (XML, or nothing), or says how one went or how
    it is (nothing). NotFound for an unknown secret, BadRequest for no form."""
    printer = await printer_at(PrinterKind.EPSON, secret)
    form = epson.form_of(raw)
    if form.request == Request.GET:
        return await _epson_job(printer, at)
    if form.request == Request.RESULT:
        await _epson_results(printer, epson.report_of(form.xml), at)
    elif form.request == Request.STATUS:
        bits = epson.asb_of(form.xml)
        if bits is not None:
            await say(printer, lambda old: _in_condition(old, bits, at), at)
    return ""


async def _epson_job(printer: Printer, at: int) -> str:
    """One job, once: while the printer has it the next polls get nothing."""
    printer = await say(printer, lambda old: old, at)
    if _rests(printer, at):
        return ""
    job = await job_in_hand(printer)
    if job and is_at_it(job, at):
        return ""
    job = await claim_for(printer, at)
    if job is None:
        return ""
    layout = look_of(job, printer)
    knows_ids = printer.status.get("version") != "1.00"
    name = job.wire_id if knows_ids else None
    try:
        bitmaps = await bitmaps_of(job, layout, printer)
        xml = await drawing(_epson_xml, job, layout, bitmaps, name)
    except NotDrawn:
        await not_drawn(job, caller_of(printer, job), at)
        return ""
    if len(xml) > limits.EPSON_XML_MAX:
        too_long = "The paper is too long for this printer."
        failure = Failure(too_long, "epson.too_long", retryable=False)
        await failed(printer, job, failure, at)
        return ""
    sha256 = bitmaps[0].sha256 if bitmaps else None
    return xml if await give(printer, job, layout, sha256, at) else ""


def _epson_xml(
    job: PrintJob, layout: Layout, bitmaps: tuple[Bitmap, ...], name: str | None
) -> str:
    if job.kind == PrintKind.DRAWER.value:
        return epson.print_request(epson.pulse(layout.drawer_pin), name)
    body = epson.paper_body(bitmaps, layout, calls=calls_cook(job))
    return epson.print_request(body, name)


async def _epson_results(printer: Printer, report: Report, at: int) -> None:
    """How jobs went, by their ids; a printer that knows none means what it has."""
    before = printer.status.get("version")
    if report.version:
        printer = await say(printer, lambda old: _speaks(old, report.version), at)
    if report.refusal:
        job = await job_in_hand(printer)
        if job:
            await failed(printer, job, epson.refusal_of(report.refusal), at)
        return
    is_first_word = report.version == "1.00" and before is None
    for result in report.results:
        await _epson_result(printer, result, at, may_be_ids=is_first_word)


async def _epson_result(
    printer: Printer, result: Result, at: int, *, may_be_ids: bool
) -> None:
    """How one job went. ``may_be_ids``: the printer stumbled over a job's id, perhaps,
    and gets the next one without."""
    job = await meant(printer, result.job_id, is_over=True)
    if job is None:
        return
    failure = epson.failure_of(result)
    if failure is None:
        await printed(printer, job, "epson", at)
        bits = result.asb
        await say(printer, lambda old: _at_work(old, bits, at), at)
        return
    if may_be_ids and result.code == "SchemaError":
        failure = replace(failure, retryable=True)
    await failed(printer, job, failure, at)
    if epson.fault_of(result.code):
        await say(printer, _failed_again, at)


def _at_work(printer: Printer, bits: int | None, at: int) -> Printer:
    """The printer that just printed, with its status bits if it sent them."""
    rested = with_door(printer, faults=None)
    return rested if bits is None else _in_condition(rested, bits, at)


def _failed_again(printer: Printer) -> Printer:
    return with_door(printer, faults=int(door_of(printer).get("faults") or 0) + 1)


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
        status[DOOR] = {"fault_at": at}
    return replace(after, status=status)


def _speaks(printer: Printer, version: str | None) -> Printer:
    return replace(printer, status={**printer.status, "version": version})


def _rests(printer: Printer, at: int) -> bool:
    """Whether a printer at fault is left in peace: while its own status says so; and
    for a while after a job came back, longer every time."""
    if printer.fault is None:
        return False
    door = door_of(printer)
    rest = epson.rest_ms(int(door.get("faults") or 1))
    if 0 <= at - (printer.fault_at or 0) < rest:  # less: the clock was put back
        return True
    told_at = door.get("fault_at")
    return told_at is not None and 0 <= at - told_at < limits.EPSON_STATUS_HOLDS_MS
