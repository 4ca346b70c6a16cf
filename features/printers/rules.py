"""What a printer prints, how it is, and who stands in for it. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...core import fields, limits
from ...core.codepages import CODEPAGES
from ...core.errors import invalid
from ...core.ids import sign
from ...core.text import check_text
from ...core.times import rfc3339, rfc3339_or_none
from ...models import OrderType
from ..papers.models import Layout
from ..printing.models import PrintJob, PrintKind, Reach, StandIn
from .models import (
    Fault,
    Health,
    NewPrinter,
    OwnPrinterView,
    Printer,
    PrinterChange,
    PrinterKind,
    PrinterStatus,
    PrinterView,
    Waiting,
)

_SHA256 = re.compile(r"[0-9a-f]{64}")
#: Under this name a printer's status keeps the stations to which it limits itself.
_SERVES = "serves"
# Jobs that another printer must not do instead: a test shows one printer's letters,
# and a drawer opens beside its own.
_NEVER_ELSEWHERE = (PrintKind.TEST.value, PrintKind.DRAWER.value)

# --- printers come and change -------------------------------------------------


def new_printer(
    body: NewPrinter,
    restaurant_id: str,
    printer_id: str,
    others: Sequence[Printer],
    at: int,
) -> Printer:
    """The printer that a request asks for; Refused naming the wrong field."""
    kind = PrinterKind(body.kind)
    blank = Printer(printer_id, restaurant_id, body.name, kind, at)
    sent = body.dict(exclude={"kind", "layout"})
    return _with(blank, sent, body.layout, others)


def found_printer(
    restaurant_id: str,
    device_id: str,
    local_name: str,
    stations: tuple[str, ...],
    printer_id: str,
    at: int,
) -> Printer:
    """A device's printer of which nobody knew yet: it serves what its device may."""
    return Printer(
        id=printer_id,
        restaurant_id=restaurant_id,
        name=local_name,
        kind=PrinterKind.PI,
        created_at=at,
        device_id=device_id,
        local_name=local_name,
        stations=stations,
        last_seen_at=at,
    )


def changed(
    printer: Printer, body: PrinterChange, others: Sequence[Printer]
) -> Printer:
    """The printer with what was sent; Refused naming the wrong field.

    ``others`` are the restaurant's printers, this one may be among them.
    """
    sent = body.dict(exclude_unset=True)
    layout = None
    if "layout" in sent:
        if body.layout is None:
            raise invalid("layout", "layout must not be null.")
        own = body.layout.dict(exclude_unset=True)
        layout = printer.layout.copy(update=own)
        del sent["layout"]
    return _with(printer, sent, layout, others)


def _with(
    printer: Printer,
    sent: dict[str, Any],
    layout: Layout | None,
    others: Sequence[Printer],
) -> Printer:
    values: dict[str, Any] = {}
    for name, value in sent.items():
        if value is None and name != "backup_id":
            raise invalid(name, f"{name} must not be null.")
        values[name] = value
    if "name" in values:
        fields.check_name(values["name"], "name")
    if "stations" in values:
        values["stations"] = _stations(values["stations"])
    if "order_types" in values:
        wanted = {OrderType(each).value for each in values["order_types"]}
        values["order_types"] = tuple(
            each.value for each in OrderType if each in wanted
        )
    if not 1 <= values.get("copies", 1) <= limits.PRINTER_COPIES_MAX:
        most = limits.PRINTER_COPIES_MAX
        raise invalid("copies", f"copies must be from 1 to {most}.")
    if values.get("backup_id") is not None:
        _check_backup(printer.id, values["backup_id"], others)
    if layout is not None:
        values["layout"] = check_layout(layout)
    return replace(printer, **values)


def _stations(stations: Sequence[str]) -> tuple[str, ...]:
    if len(stations) > limits.STATIONS_PER_DEVICE_MAX:
        most = limits.STATIONS_PER_DEVICE_MAX
        raise invalid("stations", f"stations may have at most {most} entries.")
    for station in stations:
        fields.check_name(station, "stations")
    return tuple(dict.fromkeys(stations))


def _check_backup(printer_id: str, backup_id: str, others: Sequence[Printer]) -> None:
    """Two may stand in for each other: what a backup cannot print goes no further."""
    if backup_id == printer_id:
        raise invalid("backup_id", "A printer cannot stand in for itself.")
    if all(each.id != backup_id for each in others):
        raise invalid("backup_id", "There is no such printer in this restaurant.")


def check_layout(layout: Layout) -> Layout:
    """The layout itself; Refused naming what no printer of ours can print."""
    for name in ("header", "footer"):
        text = getattr(layout, name)
        most = limits.LAYOUT_TEXT_MAX
        check_text(text, f"layout.{name}", most, lines=True)
    if layout.codepage not in CODEPAGES:
        known = ", ".join(CODEPAGES)
        raise invalid("layout.codepage", f"layout.codepage must be one of {known}.")
    if layout.logo is not None and not _SHA256.fullmatch(layout.logo):
        raise invalid("layout.logo", "layout.logo must be a stored logo's sha256.")
    return layout


def secret_of(server_secret: str, printer_id: str, version: str) -> str:
    """The bearer secret in a printer's address, 64 hex characters; never stored."""
    return sign(server_secret, "printer", printer_id, version).hex()


# --- how it is ----------------------------------------------------------------


def asking_for(printer: Printer, stations: Sequence[str]) -> Printer:
    """The printer with the stations to which it limits itself (none: it does not)."""
    status = {name: told for name, told in printer.status.items() if name != _SERVES}
    wanted = sorted(set(stations))
    is_sound = len(wanted) <= limits.STATIONS_PER_DEVICE_MAX
    if wanted and is_sound and not any(map(fields.name_fault, wanted)):
        status[_SERVES] = wanted
    return replace(printer, status=status)


def patience_ms(printer: Printer) -> int:
    """How long nobody misses it: a minute, or two of its polls and a bit."""
    polls = 2 * printer.poll_seconds + 5 if printer.poll_seconds else 0
    return max(limits.PRINTER_SILENT_MS, polls * limits.SECOND_MS)


def is_silent(printer: Printer, at: int) -> bool:
    """Nobody heard of it for a minute, or twice as long as it waits between polls."""
    return at - _seen_at(printer) > patience_ms(printer)


def is_blocked(printer: Printer, at: int) -> bool:
    """It prints nothing now."""
    return printer.is_paused or printer.fault is not None or is_silent(printer, at)


def health(printer: Printer, at: int) -> tuple[Health, int | None]:
    """A printer in a word, and since when (None: nobody wrote it down)."""
    if printer.is_paused:
        return Health.PAUSED, None
    if is_silent(printer, at):
        return Health.SILENT, _seen_at(printer)
    if printer.fault is not None:
        return Health.FAULT, printer.fault_at
    return Health.OK, None


def _seen_at(printer: Printer) -> int:
    return printer.last_seen_at or printer.created_at


def faulted(printer: Printer, fault: str, at: int) -> Printer:
    """It prints nothing until it is well again; the same fault began when it began."""
    if printer.fault == fault:
        return printer
    return replace(printer, fault=fault, fault_at=at)


def well(printer: Printer) -> Printer:
    return replace(printer, fault=None, fault_at=None)


def seen(printer: Printer, at: int) -> Printer:
    return replace(printer, last_seen_at=at)


def is_mended(printer: Printer, asked_at: int, at: int) -> bool:
    """Whether asking for work since ``asked_at`` tells that its fault is over. Who
    began to ask before it broke tells nothing, nor who fails and asks at once, again
    and again."""
    if printer.fault is None:
        return False
    broke_at = printer.fault_at or 0
    if broke_at > at:  # the clock was put back
        return True
    return asked_at >= broke_at and at - broke_at >= limits.PRINTER_REST_MS


def noted(printer: Printer, status: PrinterStatus, at: int) -> Printer:
    """The printer with what it says of itself: seen now, at fault or well.

    The first width that it tells is its paper's, unless staff chose a layout.
    """
    said = {
        name: value
        for name, value in status.dict(exclude={"name"}).items()
        if value is not None
    }
    fault = fault_of(status)
    after = faulted(printer, fault, at) if fault else well(printer)
    layout = printer.layout
    if status.width and "width" not in printer.status and layout == Layout():
        layout = Layout.parse_obj({"paper": str(status.width)})
    if _SERVES in printer.status:
        said[_SERVES] = printer.status[_SERVES]
    return replace(after, status=said, status_at=at, last_seen_at=at, layout=layout)


def fault_of(status: PrinterStatus) -> str | None:
    """What is wrong by this status; what a person can mend comes first."""
    if status.paper == "out":
        return Fault.PAPER_OUT.value
    if status.cover == "open":
        return Fault.COVER_OPEN.value
    if status.fault is not None:
        known = status.fault in list(Fault)
        return Fault(status.fault).value if known else Fault.ERROR.value
    return None if status.is_online else Fault.OFFLINE.value


# --- what it prints -----------------------------------------------------------


def reach(printer: Printer) -> Reach:
    """The jobs that are its own: of the stations that staff say, those that it asks
    for itself. Where these have none in common staff's word counts: they know what the
    kitchen needs, its machine only what somebody once wrote into its file."""
    stations, asked = printer.stations, tuple(printer.status.get(_SERVES) or ())
    if stations and asked:
        asked = tuple(station for station in stations if station in asked)
    return Reach((printer.id,), asked or stations, printer.order_types)


def stand_ins(
    printer: Printer, everybody: Sequence[Printer], at: int
) -> dict[str, StandIn]:
    """Whose jobs it may take besides its own, by the id of the printer that cannot
    print: those that wait too long, and that no other printer can print."""
    helped = [
        each
        for each in everybody
        if each.backup_id == printer.id and is_blocked(each, at)
    ]
    if not helped:
        return {}
    others = tuple(reach(each) for each in everybody if not is_blocked(each, at))
    return {
        each.id: StandIn(reach(each), _made_until(each, at), others) for each in helped
    }


def _made_until(printer: Printer, at: int) -> int:
    """A ticket waits a while for its own printer, unless that cannot print for long
    already."""
    since = printer.fault_at if printer.fault is not None else None
    if is_silent(printer, at):
        since = _seen_at(printer)
    patience = limits.PRINT_FAILOVER_MS
    is_long = since is not None and at - since >= patience
    return at if is_long else at - patience


def helps(stand_in: StandIn, job: PrintJob) -> bool:
    """Whether this job may be printed by the backup: nobody has started it, no copy
    may be on paper, and it waited long enough."""
    is_untouched = job.confirm is None and job.kind not in _NEVER_ELSEWHERE
    is_due = job.created_at <= stand_in.made_until and stand_in.reach.has(job)
    return (
        is_untouched and is_due and not any(each.has(job) for each in stand_in.others)
    )


def waiting(printer: Printer, groups: Iterable[Waiting]) -> int:
    """How many of the waiting jobs it may print."""
    own = reach(printer)
    return sum(
        group.jobs
        for group in groups
        if own.covers(group.printer_id, group.station, group.order_type)
    )


# --- the shapes ---------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What the journal tells of a printer that changed: the event, and facts without
    anybody's words."""

    event: str
    facts: dict[str, Any]


def told(old: Printer, new: Printer) -> list[Told]:
    """Faults that came and went between the two."""
    if old.fault == new.fault:
        return []
    facts = {"printer_id": new.id}
    if new.fault is None:
        return [Told("printer.ok", {**facts, "code": old.fault})]
    return [Told("printer.fault", {**facts, "code": new.fault})]


def change_told(old: Printer, new: Printer) -> dict[str, Any]:
    """What staff changed of a printer, for the journal: its name and its paper's
    texts are not told."""
    names = ("stations", "order_types", "copies", "backup_id", "is_paused")
    facts = {name: getattr(new, name) for name in names}
    told = {name: value for name, value in facts.items() if value != getattr(old, name)}
    if new.layout != old.layout:
        told["layout"] = True
    return told


def own_view(printer: Printer) -> OwnPrinterView:
    """For its device, under the name that the device gave it."""
    return OwnPrinterView(
        id=printer.id,
        name=printer.local_name or printer.name,
        stations=list(printer.stations),
        is_paused=printer.is_paused,
        layout=printer.layout,
    )


def view(printer: Printer, queued: int, at: int) -> PrinterView:
    word, since = health(printer, at)
    return PrinterView(
        id=printer.id,
        restaurant_id=printer.restaurant_id,
        name=printer.name,
        kind=printer.kind.value,
        device_id=printer.device_id,
        local_name=printer.local_name,
        stations=list(printer.stations),
        order_types=list(printer.order_types),
        copies=printer.copies,
        layout=printer.layout,
        backup_id=printer.backup_id,
        is_paused=printer.is_paused,
        fault=printer.fault,
        fault_at=rfc3339_or_none(printer.fault_at),
        status=printer.status,
        status_at=rfc3339_or_none(printer.status_at),
        last_seen_at=rfc3339_or_none(printer.last_seen_at),
        poll_seconds=printer.poll_seconds,
        health=word.value,
        health_since=rfc3339_or_none(since),
        is_blocked=is_blocked(printer, at),
        queued=queued,
        created_at=rfc3339(printer.created_at),
    )
