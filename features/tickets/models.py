"""What a kitchen's paper says, as data."""

from dataclasses import dataclass

from pydantic import BaseModel, Field

from ...models import Word
from ..papers.models import ReprintMark

TICKET_TYPE = "ticket/1"


class TicketPart(Word):
    """What a ticket is of its order: ``new`` the first at its station, ``added`` what
    is new since then, ``void`` what is not wanted any more, ``changed`` both, ``moved``
    only where to or for whom, ``fired`` a course that was held."""

    NEW = "new"
    ADDED = "added"
    VOID = "void"
    CHANGED = "changed"
    MOVED = "moved"
    FIRED = "fired"


class TicketModifier(BaseModel):
    """A chosen modifier; ``quantity`` per one of its line."""

    quantity: int
    name: str


class TicketLine(BaseModel):
    """Some of an order's line ``line_id`` (documents of older versions name none)."""

    quantity: int
    name: str
    note: str | None
    allergens: list[str]
    modifiers: list[TicketModifier]
    line_id: str | None = None
    course: int | None = None


class TicketNews(BaseModel):
    """Something about the whole order that differs from the paper before: ``what`` is
    the field's name."""

    what: str
    before: str | None
    after: str | None


class HeldCourse(BaseModel):
    """How many of a station's things wait for their course to be fired."""

    course: int | None
    items: int


class TicketDelivery(BaseModel):
    address: str
    phone: str | None


class TicketDocument(BaseModel):
    """What a station has to know, without prices. Version ``ticket/1``.

    Fields may be added within version 1; renderers ignore what they don't know.
    Texts are exactly what guests and owners typed: a renderer must not pass their
    control characters to a printer. ``…_at`` are RFC 3339 UTC; ``local_time`` is
    the wall clock of ``timezone`` when the ticket was made, ``2026-01-31 18:05``.
    ``part`` is a ``TicketPart``: ``lines`` are to be made on top of what earlier
    tickets asked for, ``voided`` are not wanted any more, ``news`` tells what else
    changed, ``held`` what waits; ``course`` is the one that is fired. ``replaces`` is
    in documents of older versions alone: the round that they are instead of.
    """

    type: str = TICKET_TYPE
    kind: str
    restaurant: str
    timezone: str
    local_time: str
    order_id: str
    order_number: int
    order_type: str
    station: str
    round: int
    table: str | None
    customer_name: str | None
    covers: int | None
    note: str | None
    flags: list[str]
    placed_at: str
    paid_at: str | None
    pickup_at: str | None
    promised_at: str | None
    lines: list[TicketLine]
    part: str = TicketPart.NEW.value
    course: int | None = None
    voided: list[TicketLine] = Field(default_factory=list)
    news: list[TicketNews] = Field(default_factory=list)
    held: list[HeldCourse] = Field(default_factory=list)
    delivery: TicketDelivery | None = None
    replaces: int | None = None
    reprint: ReprintMark | None = None


@dataclass(frozen=True)
class NewTicket:
    """A ticket that is not in the queue yet."""

    station: str
    document: TicketDocument
