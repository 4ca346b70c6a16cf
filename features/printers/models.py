"""What a printer is, and the shapes it is told in."""

from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr

from ...models import OrderType, Word
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


class Health(Word):
    """A printer in one word; ``silent``: nobody heard of it for a while."""

    OK = "ok"
    SILENT = "silent"
    PAUSED = "paused"
    FAULT = "fault"


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


@dataclass(frozen=True)
class Waiting:
    """So many jobs wait; ``printer_id``: for that printer alone."""

    printer_id: str | None
    station: str
    order_type: str | None
    jobs: int


# --- what a printer says of itself -------------------------------------------


class PrinterStatus(BaseModel):
    """One printer in its own words; null: it does not know. ``width`` is the paper's
    in millimetres; ``fault`` is a word of ``Fault``, any other counts as
    ``printer.error``; ``confirm`` is how it learns that paper came out."""

    width: Literal[58, 80] | None = None
    model: StrictStr | None = Field(None, max_length=120)
    is_online: StrictBool = True
    paper: Literal["ok", "low", "out"] | None = None
    cover: Literal["closed", "open"] | None = None
    drawer: Literal["open", "closed"] | None = None
    fault: StrictStr | None = Field(None, max_length=60)
    confirm: Literal["process_id", "gs_r", "ipp", "drain", "none"] | None = None


class NamedStatus(PrinterStatus):
    """The status of the device's printer of that name."""

    name: StrictStr


class StatusBody(BaseModel):
    """Body of ``POST /restaurants/{id}/printers/status``. ``wake_key``: the device's
    x-only public key, 64 hex digits, if it wants hints over Nostr."""

    printers: list[NamedStatus] = Field(..., max_items=50)
    wake_key: StrictStr | None = None


class OwnPrinterView(BaseModel):
    """What a device must know of its printer ``name``."""

    id: str
    name: str
    stations: list[str]
    is_paused: bool
    layout: Layout


class OwnPrinters(BaseModel):
    """In the order of the question. ``relays`` carry the hints, if any do."""

    printers: list[OwnPrinterView]
    relays: list[str]


# --- what staff sends and sees -----------------------------------------------


class NewPrinter(BaseModel):
    """Body of ``POST /restaurants/{id}/printers``: a printer that asks by itself.
    Those of a device appear by themselves."""

    name: StrictStr
    kind: Literal["cloudprnt", "epson"]
    stations: list[StrictStr] = Field(default_factory=list)
    order_types: list[OrderType] = Field(default_factory=list)
    copies: StrictInt = 1
    layout: Layout = Field(default_factory=Layout)
    backup_id: StrictStr | None = None
    is_paused: StrictBool = False


class PrinterChange(BaseModel):
    """Body of ``PATCH /printers/{id}``: only what is sent changes, of ``layout``
    too."""

    name: StrictStr | None = None
    stations: list[StrictStr] | None = None
    order_types: list[OrderType] | None = None
    copies: StrictInt | None = None
    layout: Layout | None = None
    backup_id: StrictStr | None = None
    is_paused: StrictBool | None = None


class PrinterView(BaseModel):
    """One printer for staff. Empty ``stations`` and ``order_types`` mean all.

    ``health`` in a word, since ``health_since`` (null: from its beginning);
    ``is_blocked``: it gets nothing now, and its backup may take what waits.
    ``queued`` jobs wait that it may print.
    """

    id: str
    restaurant_id: str
    name: str
    kind: str
    device_id: str | None
    local_name: str | None
    stations: list[str]
    order_types: list[str]
    copies: int
    layout: Layout
    backup_id: str | None
    is_paused: bool
    fault: str | None
    fault_at: str | None
    status: dict[str, Any]
    status_at: str | None
    last_seen_at: str | None
    poll_seconds: int | None
    health: str
    health_since: str | None
    is_blocked: bool
    queued: int
    created_at: str


class NewPrinterView(PrinterView):
    """With the address that the printer asks: a bearer secret, shown only here."""

    secret_url: str


class PrinterPage(BaseModel):
    """All of them, oldest first; ``next`` is always null."""

    data: list[PrinterView]
    next: str | None = None
