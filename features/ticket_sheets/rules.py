"""How a kitchen's ticket lies on paper: read from two metres, in a hurry. Pure.

Large is what must be seen first: the number, what kind of ticket it is, where and
when it goes, what to make. There are no prices.
"""

from collections.abc import Iterator

from ...core import limits
from ...core.columns import plain
from ...core.sheets import Align, Block, Frame, Rule, Sheet, Size, Text
from ...core.times import local_time, parse_rfc3339
from ..papers.models import WORDS, Words
from ..tickets.models import TicketDocument, TicketLine, TicketNews, TicketPart

P = TicketPart
# Flags that change what the kitchen does; money is not its business.
_KITCHEN_FLAGS = ("oversold", "unavailable", "paid_late", "disputed")
_MOVES = {"order_number", "order_type", "table", "address"}
_ALARMS = {P.VOID.value: "void", P.CHANGED.value: "changed"}


def ticket_text(document: TicketDocument, columns: int = limits.TICKET_COLUMNS) -> str:
    """The ticket as plain text lines, none wider than ``columns`` (at least 24).

    The line with ``#number`` stands above everything that a guest typed, and says
    first what part of the order this is. No character of the text is a control
    character but the line feed.
    """
    return plain(ticket_sheet(document), columns)


def ticket_sheet(document: TicketDocument, language: str = "en") -> Sheet:
    """The ticket in the kitchen's language; what people typed stays as it is."""
    words = WORDS[language]
    blocks = [*_title(document, words), *_head(document, words), Rule(is_heavy=True)]
    if document.part != P.MOVED:
        blocks += [*_body(document, words), Rule(is_heavy=True)]
    if document.part == P.VOID:
        banner = Text(words["void"], Size.LARGE, True, True, Align.CENTER)
        blocks.append(banner)
    elif document.part != P.MOVED:
        blocks += _waiting(document, words)
    blocks.append(Text(document.restaurant, Size.SMALL))
    return tuple(blocks)


def _title(document: TicketDocument, words: Words) -> Iterator[Block]:
    number, station = f"#{document.order_number}", document.station.upper()
    mark = _mark(document, words)
    if mark:
        is_alarm = document.part in _ALARMS
        size = Size.LARGE if is_alarm else Size.HUGE
        yield Text(f"{mark} {number}", size, True, is_alarm)
        yield Text(station, Size.LARGE, True)
    else:
        yield Text(f"{number} {station}", Size.HUGE, True)
    if document.round > 1:
        yield Text(words["round"].format(n=document.round), is_bold=True)
    if document.replaces is not None:
        changed = f"*** {words['changed']} ***"
        replaced = words["replaces"].format(n=document.replaces)
        yield Text(f"{changed} {replaced}", is_bold=True, is_inverse=True)
    for news in document.news:
        yield Text(_told(news, document, words), Size.LARGE, True)


def _mark(document: TicketDocument, words: Words) -> str:
    """What a later ticket is; nothing for an order's first."""
    part = document.part
    if part in _ALARMS:
        return f"*** {words[_ALARMS[part]]} ***"
    if part == P.ADDED:
        return words["add_to"]
    if part == P.FIRED:
        return words["fire_course"].format(n=document.course)
    if part == P.MOVED:
        has_moved = _MOVES & {news.what for news in document.news}
        return words["moved" if has_moved else "news_for"]
    return ""


def _told(news: TicketNews, document: TicketDocument, words: Words) -> str:
    """A piece of news in a line; what is long stands whole further down."""
    what, before, after = news.what, news.before, news.after
    if what in ("note", "address"):
        return words[f"{'new' if after else 'no'}_{what}"]
    if what == "pickup_at":
        before, after = (_clock(at, document) if at else None for at in (before, after))
    if what == "order_number":  # its lines came from another order
        return f"{before} -> {after}"
    if what == "order_type":
        return f"{_type(before or '', words)} -> {_type(after or '', words)}"
    if what == "table":
        old, new = (
            words["table"].format(name=name) if name else words["no_table"]
            for name in (before, after)
        )
        return f"{old} -> {new}"
    label = words.get(what, words["pickup_at"])
    return f"{label} {before or '-'} -> {after or '-'}"


def _head(document: TicketDocument, words: Words) -> Iterator[Block]:
    yield Text(_place(document, words), Size.LARGE, True)
    if document.delivery:
        to, phone = f"{words['to']} ", f"{words['phone']} "
        yield Text(document.delivery.address, is_bold=True, first=to)
        if document.delivery.phone:
            yield Text(document.delivery.phone, is_bold=True, first=phone)
    if document.customer_name:  # a guest may be called what a title says
        name = f"{words['customer_name']} "
        yield Text(document.customer_name, is_bold=True, first=name)
    if document.covers:
        yield Text(counted(words, "guests", document.covers))
    yield Text(document.local_time)
    for said, moment in (
        ("pickup_time", document.pickup_at),
        ("promised_time", document.promised_at),
    ):
        if moment:
            time = _near_clock(moment, document)
            yield Text(words[said].format(time=time), Size.LARGE, True)
    for flag in _KITCHEN_FLAGS:
        if flag in document.flags:
            yield Text(f"!! {words[flag]} !!", is_bold=True, is_inverse=True)
    if document.note:
        yield Frame(document.note)


def _clock(moment: str, document: TicketDocument) -> str:
    return local_time(parse_rfc3339(moment), document.timezone)


def _near_clock(moment: str, document: TicketDocument) -> str:
    """Without the date where it is the ticket's own: what is short is seen."""
    today, _, _ = document.local_time.partition(" ")
    return _clock(moment, document).removeprefix(f"{today} ")


def _place(document: TicketDocument, words: Words) -> str:
    is_served = document.order_type not in ("pickup", "delivery")
    place = "" if is_served and document.table else _type(document.order_type, words)
    if document.table:
        return f"{place} {words['table'].format(name=document.table)}".strip()
    return place


def _type(order_type: str, words: Words) -> str:
    return words[order_type if order_type in ("pickup", "delivery") else "dine_in"]


def _body(document: TicketDocument, words: Words) -> Iterator[Block]:
    lines = list(_entries(document))
    if not lines:
        yield Text(words["nothing"], is_bold=True)
    if document.part == P.VOID:
        yield Text(words["do_not_make"], Size.LARGE, True)
    shown = document.course
    for n, (mark, line) in enumerate(lines):
        if n:
            yield Rule()
        if line.course and line.course != shown and mark != "void":
            yield Text(words["course"].format(n=line.course), Size.LARGE, True)
            shown = line.course
        yield from _entry(line, mark, words)


def _entries(document: TicketDocument) -> Iterator[tuple[str, TicketLine]]:
    """The lines with their marks; below what is void stands what comes instead."""
    left = list(document.lines)
    mark = "add" if document.voided else ""
    for old in document.voided:
        yield "void", old
        for new in [
            line for line in left if line.line_id and line.line_id == old.line_id
        ]:
            left.remove(new)
            yield mark, new
    for line in left:
        yield mark, line


def _entry(line: TicketLine, mark: str, words: Words) -> Iterator[Block]:
    said = f"{words[mark]} " if mark else ""
    first = f"{said}{line.quantity} x "
    yield Text(line.name, Size.LARGE, True, mark == "void", first=first)
    for modifier in line.modifiers:
        times = f"{modifier.quantity} x " if modifier.quantity != 1 else ""
        yield Text(modifier.name, is_bold=True, first=f"+ {times}", indent=2)
    if line.allergens:
        names = ", ".join(line.allergens).upper()
        said = words["allergens"].format(names=names)
        yield Text(said, is_bold=True, is_inverse=True, indent=2)
    if line.note:
        yield Frame(line.note, indent=2)


def _waiting(document: TicketDocument, words: Words) -> Iterator[Block]:
    for held in document.held:
        what = counted(words, "items", held.items)
        if held.course:
            what = words["held_course"].format(n=held.course, items=what)
        yield Text(words["held"].format(what=what), is_bold=True)


def counted(words: Words, name: str, n: int) -> str:
    """``3 guests``, ``1 guest``."""
    return words[f"{name}_one" if n == 1 else name].format(n=n)
