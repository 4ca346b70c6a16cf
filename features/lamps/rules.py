"""When a lamp turns red, and what it says then. Pure."""

import re
from collections.abc import Collection, Iterable

from ...core import limits
from ...core.times import local_time, rfc3339_or_none
from ..devices.models import Device
from ..printers.models import Fault, Health, Printer
from .models import LampView

_AILMENTS = {
    Fault.PAPER_OUT.value: "{name}: paper is out.",
    Fault.COVER_OPEN.value: "{name}: the cover is open.",
    Fault.OFFLINE.value: "{name} does not answer. Check its power and its cable.",
    Fault.ERROR.value: "{name} reports an error. Switch it off and on.",
    Health.PAUSED.value: "{name} is paused by staff. What it should print waits.",
    Health.SILENT.value: "{name} is silent. Is it on and online?",
}
_NEW = "{name} has not asked for work yet."
#: Letters that need a font which is too large to come along.
_SCRIPTS = {
    "chinese": (re.compile("[\u3400-\u9fff\uf900-\ufaff]"), "Chinese"),
    "kana": (re.compile("[\u3040-\u30ff]"), "Japanese"),
    "hangul": (re.compile("[\u1100-\u11ff\uac00-\ud7af]"), "Korean"),
}


def loop_lamp(name: str, label: str, beat_at: int | None, at: int) -> LampView:
    """A loop of ours: red when its last round is too long ago."""
    alive = beat_at is not None and at - beat_at <= limits.LAMP_LOOP_SILENT_MS
    return LampView(
        name=name,
        label=label,
        ok=alive,
        at=rfc3339_or_none(beat_at),
        detail="" if alive else f"{label} stands still. Restart LNbits.",
    )


def listener_lamp(runs: bool) -> LampView:
    label = "Payment listener"
    detail = "" if runs else "Payments are found up to 15 s late. Restart LNbits."
    return LampView(name="listener", label=label, ok=runs, at=None, detail=detail)


def node_lamp(ok: bool, beat_at: int | None, at: int) -> LampView:
    """The funding source: red when it does not answer, or nobody asked it."""
    fresh = beat_at is not None and at - beat_at <= limits.LAMP_LOOP_SILENT_MS
    alive = ok and fresh
    return LampView(
        name="funding_source",
        label="Lightning node",
        ok=alive,
        at=rfc3339_or_none(beat_at),
        detail=(
            "" if alive else "The Lightning node does not answer. Take cash meanwhile."
        ),
    )


def rates_lamp(served_at: dict[str, int | None], oldest_allowed: int) -> LampView:
    """The rates of this menu's currencies; an empty menu needs none."""
    missing = sorted(
        code for code, at in served_at.items() if (at or 0) < oldest_allowed
    )
    known = [at for at in served_at.values() if at is not None]
    detail = f"No good exchange rate for {', '.join(missing)}. Guests cannot order."
    return LampView(
        name="rates",
        label="Exchange rates",
        ok=not missing,
        at=rfc3339_or_none(min(known, default=None)),
        detail=detail if missing else "",
    )


def printer_lamp(device: Device, at: int) -> LampView:
    """A printer device: red when it has not asked for work for a minute. One that
    never did is new; what waits for it is the queue's to tell."""
    seen = device.last_seen_at
    if seen is None:
        return _new_printer_lamp(device.name)
    alive = at - seen <= limits.PRINTER_SILENT_MS
    detail = "" if alive else _AILMENTS[Health.SILENT.value].format(name=device.name)
    return LampView(
        name="printer",
        label=device.name,
        ok=alive,
        at=rfc3339_or_none(seen),
        detail=detail,
    )


def _new_printer_lamp(name: str) -> LampView:
    """Nothing is wrong with a printer that was only just added."""
    detail = _NEW.format(name=name)
    return LampView(name="printer", label=name, ok=True, at=None, detail=detail)


def own_printer_lamp(
    printer: Printer,
    health: Health,
    since: int | None,
    has_help: bool,
    timezone: str,
) -> LampView:
    """A printer that the server knows: what is wrong and since when. ``has_help``:
    its backup prints meanwhile."""
    if printer.last_seen_at is None and health in (Health.OK, Health.SILENT):
        return _new_printer_lamp(printer.name)
    detail = ""
    if health is Health.OK:
        since = printer.last_seen_at
        if printer.status.get("paper") == "low":
            detail = f"{printer.name}: paper runs low."
    else:
        is_fault = health is Health.FAULT
        word = (printer.fault if is_fault else health.value) or ""
        told = _AILMENTS.get(word, _AILMENTS[Fault.ERROR.value])
        detail = told.format(name=printer.name)
        detail += f" Since {local_time(since, timezone)}." if since else ""
        detail += " Its backup prints meanwhile." if has_help else ""
    return LampView(
        name="printer",
        label=printer.name,
        ok=health is Health.OK,
        at=rfc3339_or_none(since),
        detail=detail,
    )


def fonts_lamp(
    missing: Collection[str], needed: Collection[str], has_fribidi: bool
) -> LampView:
    """What this machine prints as boxes although the menu has it, or unjoined."""
    faults = []
    if not has_fribidi:
        faults.append("Arabic and Hebrew print unjoined. Install libfribidi0.")
    lacking = [_SCRIPTS[each][1] for each in _SCRIPTS if each in {*missing} & {*needed}]
    if lacking:
        scripts = " and ".join(lacking)
        faults.append(f"{scripts} letters print as boxes. Install fonts-noto-cjk.")
    broken = sorted(each for each in missing if each.startswith("font "))
    if broken:
        faults.append(f"Not readable: {', '.join(broken)}. Install it again.")
    return LampView(
        name="fonts",
        label="Letters on paper",
        ok=not faults,
        at=None,
        detail=" ".join(faults),
    )


def scripts_in(texts: Iterable[str]) -> frozenset[str]:
    """Which of the scripts that need a large font are in these texts."""
    found: set[str] = set()
    for text in texts:
        if not text.isascii():
            found |= {
                name for name, (letters, _) in _SCRIPTS.items() if letters.search(text)
            }
    return frozenset(found)


def queue_lamp(failed: int, oldest_waiting_at: int | None, at: int) -> LampView:
    """The print queue: red when a ticket failed or waits for over a minute."""
    waits = (
        oldest_waiting_at is not None
        and at - oldest_waiting_at > limits.PRINTER_SILENT_MS
    )
    detail = "Tickets wait for a printer." if waits else ""
    if failed:
        detail = f"{failed} tickets failed. Read them off the screen."
    return LampView(
        name="print_queue",
        label="Print queue",
        ok=not failed and not waits,
        at=rfc3339_or_none(oldest_waiting_at),
        detail=detail,
    )
