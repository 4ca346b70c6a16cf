"""Which tickets an order still needs, and what they ask for. Pure.

One rule for everything: what should be on paper at a station, less what is or may be
there, is that station's next ticket.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ...core.times import local_time, rfc3339, rfc3339_or_none
from ...models import OrderStatus
from ..orders.models import LineStatus, Order, OrderLine
from ..printing.models import PrintJob, PrintKind, PrintState
from ..restaurants.models import Restaurant
from .models import (
    HeldCourse,
    NewTicket,
    TicketDelivery,
    TicketDocument,
    TicketLine,
    TicketModifier,
    TicketNews,
    TicketPart,
)

P = TicketPart
_Words = tuple[str, str | None, tuple[str, ...], tuple[tuple[int, str], ...]]
_Key = tuple[str | None, _Words]

_OVER = (OrderStatus.CANCELED, OrderStatus.REFUNDED)
_COOKED = (OrderStatus.READY, OrderStatus.COMPLETED)

# --- what is missing -----------------------------------------------------------


@dataclass(frozen=True)
class Missing:
    """What has to be printed so that all papers together say what is wanted."""

    added: list[TicketLine] = field(default_factory=list)
    voided: list[TicketLine] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.voided)


def missing(wanted: Sequence[TicketLine], paper: Sequence[TicketLine]) -> Missing:
    """The difference between an order's lines and the lines that papers ask for.

    A line whose words differ is voided as it was and added as it is. Papers of older
    versions know no ids; their lines are told by their words.
    """
    left = {_key(line): line for line in paper}
    added = []
    for line in wanted:
        need = line.quantity
        for key in (_key(line), (None, _words(line))):
            had = left.get(key)
            if had and need:
                used = min(need, had.quantity)
                left[key] = _so_many(had, had.quantity - used)
                need -= used
        if need:
            added.append(_so_many(line, need))
    return Missing(added, [line for line in left.values() if line.quantity])


def on_paper(documents: Iterable[TicketDocument]) -> list[TicketLine]:
    """What these tickets together ask for, oldest first.

    Nothing is taken back that was not asked for before: whoever reads such a paper
    finds nothing to stop.
    """
    sheet: dict[_Key, TicketLine] = {}
    for document in documents:
        if document.replaces is not None:
            sheet.clear()
        for line in document.voided:
            had = sheet.get(_key(line))
            if had:
                left = max(0, had.quantity - line.quantity)
                sheet[_key(line)] = _so_many(had, left)
        for line in document.lines:
            had = sheet.get(_key(line))
            before = had.quantity if had else 0
            sheet[_key(line)] = _so_many(line, before + line.quantity)
    return [line for line in sheet.values() if line.quantity]


def _key(line: TicketLine) -> _Key:
    return line.line_id, _words(line)


def _words(line: TicketLine) -> _Words:
    modifiers = sorted((m.quantity, m.name) for m in line.modifiers)
    return line.name, line.note or None, tuple(line.allergens), tuple(modifiers)


def _so_many(line: TicketLine, quantity: int) -> TicketLine:
    return line.copy(update={"quantity": quantity})


# --- the next tickets ------------------------------------------------------------


@dataclass(frozen=True)
class Plan:
    """Jobs to take off the queue, and the tickets that follow."""

    cancels: list[PrintJob]
    tickets: list[NewTicket]


@dataclass(frozen=True)
class _Round:
    """One ticket of a station with its reprints."""

    document: TicketDocument
    is_known: bool
    open_jobs: list[PrintJob]


def plan(
    order: Order,
    restaurant: Restaurant,
    made: Sequence[PrintJob],
    at: int,
    *,
    fires: int | None = None,
    round_n: int = 1,
) -> Plan:
    """What brings an order's papers in line with it; at most a ticket per station.

    ``made`` are all its tickets so far with their reprints, oldest round first. What
    the kitchen may know stays; what nobody has started is taken off where the next
    ticket says it anew. ``fires`` is the course that is wanted from now on.
    """
    round_n = max([round_n, *(job.round + 1 for job in made)])
    rounds = _rounds(made)
    lines = () if order.status in _OVER else order.lines
    stations = dict.fromkeys([*(line.station for line in order.lines), *rounds])
    found = Plan([], [])
    for station in stations:
        own = [line for line in lines if line.station == station]
        blank = _document(order, restaurant, station, own, at, round_n)
        is_cooked = order.status in _COOKED
        cancels, document = _next(
            blank, own, rounds.get(station, []), is_cooked=is_cooked, fires=fires
        )
        found.cancels.extend(cancels)
        if document:
            found.tickets.append(NewTicket(station, document))
    return found


def is_surprise(before: PrintJob, after: PrintJob) -> bool:
    """A canceled ticket came out all the same, or one that counted as printed did not:
    its order's papers are to be planned again."""
    is_out = before.state is PrintState.CANCELED and after.is_known
    is_back = before.is_known and not after.is_known
    return before.kind == PrintKind.TICKET.value and (is_out or is_back)


def _rounds(made: Sequence[PrintJob]) -> dict[str, list[_Round]]:
    """What is on paper or will be, by station, oldest first."""
    jobs: dict[tuple[str, int], list[PrintJob]] = {}
    for job in made:
        jobs.setdefault((job.station, job.round), []).append(job)
    found: dict[str, list[_Round]] = {}
    oldest_first = sorted(
        jobs.items(), key=lambda each: (each[0][1], each[1][0].position)
    )
    for (station, _), copies in oldest_first:
        is_known = any(job.is_known for job in copies)
        open_jobs = [job for job in copies if job.is_open]
        if is_known or open_jobs:
            document = TicketDocument.parse_obj(copies[0].document)
            own = found.setdefault(station, [])
            own.append(_Round(document, is_known, open_jobs))
    return found


def _next(
    blank: TicketDocument,
    own: list[OrderLine],
    rounds: list[_Round],
    *,
    is_cooked: bool,
    fires: int | None,
) -> tuple[list[PrintJob], TicketDocument | None]:
    """The jobs that a station does not need any more, and its next ticket, if any."""
    wanted = [line for line in own if line.status != LineStatus.HELD.value]
    known = [each for each in rounds if each.is_known]
    loose = [each for each in rounds if not each.is_known]
    open_jobs = [job for each in loose for job in each.open_jobs]
    if not wanted:  # a doubtful copy need not come out again
        open_jobs = [job for each in rounds for job in each.open_jobs]
    is_at_it = not is_cooked and any(
        line.status != LineStatus.DONE.value for line in wanted
    )
    due, news = _due(wanted, rounds), _news(rounds, blank)
    is_right = not due and not (is_at_it and news)
    if is_right and not _is_overtaken(wanted, rounds):
        return [], None
    courses = {fires} if fires else set()
    if _are_of(due, courses):
        return [], _filled(blank, due, rounds, courses, news)
    due, news = _due(wanted, known), _news(known, blank)
    if not due and not (is_at_it and news):
        return open_jobs, None
    fired = [each.document for each in loose if each.document.part == P.FIRED]
    courses |= {document.course for document in fired if document.course}
    return open_jobs, _filled(blank, due, known, courses, news)


def _is_overtaken(wanted: Sequence[OrderLine], rounds: Sequence[_Round]) -> bool:
    """Would something come out only to be taken back, or was it taken back already?"""
    known = [each.document for each in rounds if each.is_known]
    if not wanted and not on_paper(known):
        return any(not each.is_known for each in rounds)
    last_void = max(
        (n for n, each in enumerate(rounds) if each.is_known and each.document.voided),
        default=0,
    )
    return any(not each.is_known for each in rounds[:last_void])


def _due(wanted: Sequence[OrderLine], rounds: Sequence[_Round]) -> Missing:
    """What these tickets do not say yet. What is done needs no first paper."""
    papers = on_paper(each.document for each in rounds)
    found = missing([_line(line) for line in wanted], papers)
    voided = {line.line_id for line in found.voided}
    done = {
        line.id: line.quantity
        for line in wanted
        if line.status == LineStatus.DONE.value and line.id not in voided
    }
    added = [
        line for line in found.added if done.get(line.line_id or "") != line.quantity
    ]
    return Missing(sorted(added, key=lambda line: line.course or 0), found.voided)


def _are_of(due: Missing, courses: set[int]) -> bool:
    """Is that one of these courses, and nothing else?"""
    found = {line.course for line in due.added}
    return not due.voided and len(found) == 1 and found <= courses


def _filled(
    blank: TicketDocument,
    due: Missing,
    rounds: Sequence[_Round],
    courses: set[int],
    news: list[TicketNews],
) -> TicketDocument:
    """The document with what it says on top of these tickets."""
    course = None
    if due.voided:
        part = P.CHANGED if due.added else P.VOID
    elif not due.added:
        part = P.MOVED
    elif _are_of(due, courses):
        part, course = P.FIRED, due.added[0].course
    else:
        has_paper = on_paper(each.document for each in rounds)
        part = P.ADDED if has_paper else P.NEW
    sets = {
        "part": part.value,
        "course": course,
        "lines": due.added,
        "voided": due.voided,
        "news": news if part is not P.NEW else [],
    }
    return blank.copy(update=sets)


def _news(rounds: Sequence[_Round], now: TicketDocument) -> list[TicketNews]:
    """What about the whole order differs from the latest of these tickets."""
    if not rounds:
        return []
    old, new = _head_of(rounds[-1].document), _head_of(now)
    return [
        TicketNews(what=what, before=old[what], after=new[what])
        for what in new
        if old[what] != new[what]
    ]


def _head_of(document: TicketDocument) -> dict[str, str | None]:
    delivery = document.delivery
    return {
        "order_number": f"#{document.order_number}",
        "order_type": document.order_type,
        "table": document.table or None,
        "customer_name": document.customer_name or None,
        "covers": str(document.covers) if document.covers else None,
        "pickup_at": document.pickup_at,
        "note": document.note or None,
        "address": delivery.address if delivery else None,
        "phone": (delivery.phone or None) if delivery else None,
    }


# --- the document ----------------------------------------------------------------


def _document(
    order: Order,
    restaurant: Restaurant,
    station: str,
    own: list[OrderLine],
    at: int,
    round_n: int,
) -> TicketDocument:
    """A station's ticket without lines yet; ``own`` are the order's lines there."""
    delivery = order.delivery
    return TicketDocument(
        kind=PrintKind.TICKET.value,
        restaurant=restaurant.name,
        timezone=restaurant.timezone,
        local_time=local_time(at, restaurant.timezone),
        order_id=order.id,
        order_number=order.number,
        order_type=order.order_type.value,
        station=station,
        round=round_n,
        table=order.table_name,
        customer_name=order.customer_name,
        covers=order.covers,
        note=order.note,
        flags=sorted(flag.value for flag in order.flags),
        placed_at=rfc3339(order.created_at),
        paid_at=rfc3339_or_none(order.paid_at),
        pickup_at=rfc3339_or_none(order.pickup_at),
        promised_at=rfc3339_or_none(order.promised_at),
        lines=[],
        held=_held(own),
        delivery=(
            TicketDelivery(address=delivery.address, phone=delivery.phone)
            if delivery
            else None
        ),
    )


def _held(own: list[OrderLine]) -> list[HeldCourse]:
    held = [line for line in own if line.status == LineStatus.HELD.value]
    courses = sorted({line.course for line in held}, key=lambda course: course or 0)
    return [
        HeldCourse(
            course=course,
            items=sum(line.quantity for line in held if line.course == course),
        )
        for course in courses
    ]


def _line(line: OrderLine) -> TicketLine:
    return TicketLine(
        quantity=line.quantity,
        name=line.name,
        note=line.note,
        allergens=list(line.allergens),
        modifiers=[
            TicketModifier(quantity=modifier.quantity, name=modifier.name)
            for modifier in line.modifiers
        ],
        line_id=line.id,
        course=line.course,
    )
