"""Words of printing: a print job, and the shapes it leaves in.

Times are milliseconds in dataclasses and RFC 3339 text in everything public.
"""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, Field, StrictBool, StrictStr, conint

from ...core import limits
from ...core.paper import with_banner
from ...core.times import rfc3339, rfc3339_or_none
from ...models import Actor, Word
from ..papers.models import TEST_TYPE, TestDocument
from ..receipts.models import RECEIPT_TYPE, ReceiptDocument
from ..slips.models import DRAWER_TYPE, SLIP_TYPE, DrawerDocument, SlipDocument
from ..tickets.models import TICKET_TYPE, TicketDocument

#: ``confirm`` of a job of which an unconfirmed copy may be on paper.
UNSURE = "in_doubt"
DUPLICATE_BANNER = "*** POSSIBLE DUPLICATE ***"
#: ``error_code`` of a job that staff took off the queue: they see to it themselves.
TAKEN_OFF = "job.taken_off"
# A machine's word; the look-ahead keeps "$" from allowing a line feed at the end.
_CODE_PATTERN = r"^[A-Za-z0-9_.:-]{1,60}$(?!\n)"


class PrintState(Word):
    """Where a job stands. ``expired`` and ``in_doubt`` are resting places for kinds
    of jobs that must not be repeated by themselves; paper never rests there."""

    QUEUED = "queued"
    LEASED = "leased"
    PRINTING = "printing"
    IN_DOUBT = "in_doubt"
    PRINTED = "printed"
    DEAD = "dead"
    EXPIRED = "expired"
    CANCELED = "canceled"


class PrintStatus(Word):
    """The public word for a state."""

    QUEUED = "queued"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    CANCELED = "canceled"


STATES_OF: dict[PrintStatus, frozenset[PrintState]] = {
    PrintStatus.QUEUED: frozenset({PrintState.QUEUED}),
    PrintStatus.SENT: frozenset(
        {PrintState.LEASED, PrintState.PRINTING, PrintState.IN_DOUBT}
    ),
    PrintStatus.ACKNOWLEDGED: frozenset({PrintState.PRINTED}),
    PrintStatus.FAILED: frozenset({PrintState.DEAD, PrintState.EXPIRED}),
    PrintStatus.CANCELED: frozenset({PrintState.CANCELED}),
}
STATUS_OF: dict[PrintState, PrintStatus] = {
    state: status for status, states in STATES_OF.items() for state in states
}


class PrintEvent(Word):
    """What can happen to a job; ``reclaim`` is a claim whose answer got lost,
    ``lapse`` a lease that ended, ``expire`` a drawer's time that is over."""

    CLAIM = "claim"
    RECLAIM = "reclaim"
    START = "start"
    RENEW = "renew"
    ACK = "ack"
    FAIL = "fail"
    LAPSE = "lapse"
    EXPIRE = "expire"
    CANCEL = "cancel"
    RETRY = "retry"
    REROUTE = "reroute"


class PrintKind(Word):
    """A ticket is for the kitchen; a receipt and a void slip are for the guest; a
    test shows a printer's letters; a drawer kick is a command without paper, done
    once or never."""

    TICKET = "ticket"
    RECEIPT = "receipt"
    VOID_SLIP = "void_slip"
    TEST = "test"
    DRAWER = "drawer"


# --- the job -----------------------------------------------------------------


@dataclass(frozen=True)
class PrintJob:
    """One copy of one ticket or slip, or one kick of a drawer, for one station.

    ``position`` orders a restaurant's queue. ``attempts`` counts the printers that
    took it (or failed it without taking it), ``doubts`` how often it came back when a
    copy may have been on paper. ``confirm`` says how sure it is that a
    copy is on paper: None not at all, ``in_doubt`` perhaps, otherwise the printer's
    way of knowing (``drain``, ``process_id`` …).

    ``printer_id``: for that printer alone; ``taken_by``: the printer that leased it
    last, ``failover_from`` the one that it stood in for. ``layout`` is how it looked
    when it was given out, ``bitmap_sha256`` the picture. ``wire_id`` is its name for
    printers that take short ones. ``read_at`` is when a printer without leases first
    read it, which may print it ever since; it is kept of receipts alone.
    """

    id: str
    restaurant_id: str
    order_id: str | None
    order_number: int | None
    station: str
    kind: str
    round: int
    document: dict[str, Any]
    text: str
    created_at: int
    position: int
    reprint_of: str | None = None
    reprint_n: int = 0
    copies: int = 1
    state: PrintState = PrintState.QUEUED
    attempts: int = 0
    doubts: int = 0
    not_before: int = 0
    lease_token: str | None = None
    lease_owner: str | None = None
    lease_until: int | None = None
    started_at: int | None = None
    printed_at: int | None = None
    confirm: str | None = None
    last_error: str | None = None
    error_code: str | None = None
    order_type: str | None = None
    printer_id: str | None = None
    taken_by: str | None = None
    failover_from: str | None = None
    layout: dict[str, Any] | None = None
    bitmap_sha256: str | None = None
    wire_id: str | None = None
    read_at: int | None = None

    @property
    def repeats(self) -> bool:
        """Whether doing it once more does no harm: paper can say what it is."""
        return self.kind != PrintKind.DRAWER.value

    @property
    def expires_at(self) -> int | None:
        """When it is too late to begin; None: never."""
        if self.repeats:
            return None
        return self.created_at + limits.DRAWER_SECONDS * limits.SECOND_MS

    @property
    def possible_duplicate(self) -> bool:
        """An earlier copy may be on paper, and none was confirmed since."""
        return self.confirm == UNSURE and self.state is not PrintState.PRINTED

    @property
    def may_be_on_paper(self) -> bool:
        """Somebody may hold a copy, or will in a moment."""
        is_begun = self.state in (PrintState.PRINTING, PrintState.PRINTED)
        return is_begun or self.confirm is not None

    @property
    def is_known(self) -> bool:
        """The kitchen has it: on paper perhaps, or by the word of staff."""
        is_taken_off = self.state is PrintState.CANCELED and (
            self.error_code == TAKEN_OFF
        )
        return self.may_be_on_paper or is_taken_off

    @property
    def is_open(self) -> bool:
        """Nobody is at it, so that it may still be taken off the queue."""
        return self.state in (PrintState.QUEUED, PrintState.LEASED, PrintState.DEAD)

    @property
    def printed_text(self) -> str:
        """What goes to paper now: marked when an earlier copy may be there."""
        if self.possible_duplicate:
            return with_banner(self.text, DUPLICATE_BANNER, limits.TICKET_COLUMNS)
        return self.text


@dataclass(frozen=True)
class Reach:
    """Which jobs somebody prints: those that are for one of ``printers`` alone, and
    of those that are for no printer in particular the ones of these ``stations`` and
    ``order_types`` (none: all)."""

    printers: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    order_types: tuple[str, ...] = ()

    def has(self, job: PrintJob) -> bool:
        return self.covers(job.printer_id, job.station, job.order_type)

    def covers(
        self, printer_id: str | None, station: str, order_type: str | None
    ) -> bool:
        """Whether a job for this printer, at this station and of this type is in."""
        if printer_id is not None:
            return printer_id in self.printers
        if self.stations and station not in self.stations:
            return False
        return not self.order_types or order_type in (None, *self.order_types)


@dataclass(frozen=True)
class StandIn:
    """The jobs of a printer that cannot print, made until ``made_until``, and not in
    the reach of ``others``, which can."""

    reach: Reach
    made_until: int
    others: tuple[Reach, ...] = ()


@dataclass(frozen=True)
class Caller:
    """Who speaks about a job of which restaurant: the stations and kinds of jobs a
    device is limited to (none: all of them), and the lease it shows."""

    actor: Actor
    restaurant_id: str
    stations: tuple[str, ...] = ()
    lease_token: str | None = None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """A printer's report; ``in_doubt``: part of the ticket may be on paper."""

    error: str
    code: str | None = None
    retryable: bool = True
    in_doubt: bool = False


# --- public shapes -----------------------------------------------------------


class TicketContent(BaseModel):
    """The ticket as data and as lines of at most 42 columns, ready to print."""

    type: str = TICKET_TYPE
    document: TicketDocument
    text: str


class SlipContent(BaseModel):
    """A slip as data and as lines of at most 42 columns; the text holds the LNURL in
    letters, for printers that draw no QR code."""

    type: str = SLIP_TYPE
    document: SlipDocument
    text: str


class DrawerContent(BaseModel):
    """A drawer to open. There is nothing to print, so the text is empty."""

    type: str = DRAWER_TYPE
    document: DrawerDocument
    text: str


class ReceiptContent(BaseModel):
    """A receipt as data and as lines of at most 42 columns. The code that leads to
    the guest's page is on paper alone."""

    type: str = RECEIPT_TYPE
    document: ReceiptDocument
    text: str


class TestContent(BaseModel):
    """A test print as data and as lines of at most 42 columns."""

    type: str = TEST_TYPE
    document: TestDocument
    text: str


Content = TicketContent | SlipContent | ReceiptContent | TestContent | DrawerContent
# What a kind of job carries: its type, its document's shape, and both together.
_CONTENTS: dict[str, tuple[str, type[BaseModel], type[BaseModel]]] = {
    PrintKind.TICKET.value: (TICKET_TYPE, TicketDocument, TicketContent),
    PrintKind.VOID_SLIP.value: (SLIP_TYPE, SlipDocument, SlipContent),
    PrintKind.RECEIPT.value: (RECEIPT_TYPE, ReceiptDocument, ReceiptContent),
    PrintKind.TEST.value: (TEST_TYPE, TestDocument, TestContent),
    PrintKind.DRAWER.value: (DRAWER_TYPE, DrawerDocument, DrawerContent),
}


class PrintJobView(BaseModel):
    """One print job for staff and for printers of the simple protocol.

    ``possible_duplicate``: an earlier copy may be on paper; ``content.text`` says so
    too. ``not_before`` is when a failed job is given out again.
    """

    id: str
    restaurant_id: str
    order_id: str | None
    order_number: int | None
    station: str
    kind: str
    round: int
    copies: int
    status: str
    state: str
    attempt: int
    attempts: int
    reprint_of: str | None
    possible_duplicate: bool
    last_error: str | None
    error_code: str | None
    created_at: str
    not_before: str | None
    printed_at: str | None
    order_type: str | None
    printer_id: str | None
    taken_by: str | None
    failover_from: str | None
    bitmap_sha256: str | None
    content: Content

    class Config:
        smart_union = True  # a content stays what it was made as

    @classmethod
    def of(cls, job: PrintJob) -> "PrintJobView":
        return PrintJobView(**_public(job))


class PayloadView(BaseModel):
    """What to send to the printer as it is: ``data`` is base64 and holds every copy,
    the cut and the drawer's kick. ``bitmap_sha256`` tells the picture on it; null
    where there is none."""

    format: Literal["escpos"]
    data: str
    bitmap_sha256: str | None


class ClaimedJobView(PrintJobView):
    """A job that is yours until the lease ends; renew before that. ``payload`` is
    there for whoever claims with ``format`` ``escpos``."""

    lease_token: str
    lease_seconds: int
    payload: PayloadView | None

    @classmethod
    def of(cls, job: PrintJob, payload: PayloadView | None = None) -> "ClaimedJobView":
        return ClaimedJobView(
            **_public(job),
            lease_token=job.lease_token or "",
            lease_seconds=limits.PRINT_LEASE_SECONDS,
            payload=payload,
        )


def _public(job: PrintJob) -> dict[str, Any]:
    is_paused = job.state is PrintState.QUEUED and job.not_before > 0
    return {
        "id": job.id,
        "restaurant_id": job.restaurant_id,
        "order_id": job.order_id,
        "order_number": job.order_number,
        "station": job.station,
        "kind": job.kind,
        "round": job.round,
        "copies": job.copies,
        "status": STATUS_OF[job.state].value,
        "state": job.state.value,
        "attempt": job.attempts,
        "attempts": job.attempts,
        "reprint_of": job.reprint_of,
        "possible_duplicate": job.possible_duplicate,
        "last_error": job.last_error,
        "error_code": job.error_code,
        "created_at": rfc3339(job.created_at),
        "not_before": rfc3339(job.not_before) if is_paused else None,
        "printed_at": rfc3339_or_none(job.printed_at),
        "order_type": job.order_type,
        "printer_id": job.printer_id,
        "taken_by": job.taken_by,
        "failover_from": job.failover_from,
        "bitmap_sha256": job.bitmap_sha256,
        "content": _content(job),
    }


def _content(job: PrintJob) -> BaseModel:
    """Written by us, so it is not validated again."""
    content_type, document, content = _CONTENTS[job.kind]
    return content.construct(
        type=content_type,
        document=document.construct(**job.document),
        text=job.printed_text,
    )


class LeaseView(BaseModel):
    """The answer to start and renew: yours for so many more seconds."""

    id: str
    status: str
    state: str
    attempt: int
    lease_token: str
    lease_seconds: int

    @classmethod
    def of(cls, job: PrintJob) -> "LeaseView":
        return LeaseView(
            id=job.id,
            status=STATUS_OF[job.state].value,
            state=job.state.value,
            attempt=job.attempts,
            lease_token=job.lease_token or "",
            lease_seconds=limits.PRINT_LEASE_SECONDS,
        )


class PrintJobPage(BaseModel):
    """Oldest first."""

    data: list[PrintJobView]
    next: str | None


class ClaimBody(BaseModel):
    """Which stations this printer serves (default: all it may), and how long to wait.

    ``printers`` are the caller's own names for its printers. With exactly one of them
    staff sees that printer, and says what it serves. ``format`` ``escpos`` asks for
    bytes that are ready to send.
    """

    printers: list[StrictStr] = Field(default_factory=list, max_items=50)
    stations: list[StrictStr] = Field(default_factory=list, max_items=50)
    wait: conint(strict=True, ge=0, le=limits.PRINT_WAIT_SECONDS_MAX) = 0  # type: ignore[valid-type]
    format: Literal["text", "escpos"] = "text"


class LeaseBody(BaseModel):
    lease_token: StrictStr


class RerouteBody(BaseModel):
    """The printer that is to print it, and no other."""

    printer_id: StrictStr


class AckBody(BaseModel):
    """``confirm``: how the printer knows that the paper came out."""

    lease_token: StrictStr | None = None
    confirm: StrictStr | None = Field(None, regex=_CODE_PATTERN)


class FailBody(BaseModel):
    """``code`` is for machines. ``printer.offline``, ``printer.paper_out``,
    ``printer.cover_open`` and ``printer.error`` are the printer's own fault and cost
    the job no attempt; but what comes back ``in_doubt`` again and again fails."""

    error: StrictStr
    code: StrictStr | None = Field(None, regex=_CODE_PATTERN)
    retryable: StrictBool = True
    in_doubt: StrictBool = False
    lease_token: StrictStr | None = None
