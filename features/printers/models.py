"""What a printer is."""

from dataclasses import dataclass, field
from typing import Any

from ...models import Word
from ..papers.models import Layout


class PrinterKind(Word):
    """How a printer gets its jobs: over a device of ours (printer-pi), or by asking
    the server itself (Star CloudPRNT, Epson Server Direct Print)."""

    PI = "pi"
    CLOUDPRNT = "cloudprnt"
    EPSON = "epson"


class Fault(Word):
    """Why a printer prints nothing. Its jobs wait and lose no attempt."""

    OFFLINE = "printer.offline"
    PAPER_OUT = "printer.paper_out"
    COVER_OPEN = "printer.cover_open"
    ERROR = "printer.error"


@dataclass(frozen=True)
class Printer:
    """One printer of a restaurant.

    ``device_id`` and ``local_name`` say which printer of which device it is;
    ``secret_hash`` is for printers that ask by themselves. Empty ``stations`` and
    ``order_types`` mean all. ``copies`` of every ticket. ``backup_id`` is the printer
    that stands in for it. ``is_paused`` by staff; ``fault`` by itself, since
    ``fault_at``. ``status`` is what it last said of itself, at ``status_at``.
    ``poll_seconds``: how often it asks, where it told us. Times in milliseconds.
    """

    id: str
    restaurant_id: str
    name: str
    kind: PrinterKind
    created_at: int
    device_id: str | None = None
    local_name: str | None = None
    secret_hash: str | None = None
    stations: tuple[str, ...] = ()
    order_types: tuple[str, ...] = ()
    copies: int = 1
    layout: Layout = field(default_factory=Layout)
    backup_id: str | None = None
    is_paused: bool = False
    fault: str | None = None
    fault_at: int | None = None
    status: dict[str, Any] = field(default_factory=dict)
    status_at: int | None = None
    last_seen_at: int | None = None
    poll_seconds: int | None = None
