"""When a lamp turns red, and what it says then. Pure."""

from ...core import limits
from ...core.times import rfc3339_or_none
from ..devices.models import Device
from .models import LampView


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
    """A printer device: red when it has not asked for work for a minute."""
    seen = device.last_seen_at
    alive = seen is not None and at - seen <= limits.PRINTER_SILENT_MS
    detail = "" if alive else f"{device.name} is silent. Is it on and online?"
    return LampView(
        name="printer",
        label=device.name,
        ok=alive,
        at=rfc3339_or_none(seen),
        detail=detail,
    )


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
