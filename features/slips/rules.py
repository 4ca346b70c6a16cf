"""What stands on paper for guests, and in the command that opens a drawer. Pure."""

from collections.abc import Iterator

from ...core import limits, qr
from ...core.columns import plain
from ...core.sheets import Block, Code, Row, Rule, Sheet, Size, Text
from ...core.times import local_time, parse_rfc3339, rfc3339, rfc3339_or_none
from ..orders.models import Order
from ..papers.models import WORDS, Words
from ..printing.models import PrintKind
from ..restaurants.models import Restaurant
from .models import DrawerDocument, SlipDocument, VoidSlip


def drawer_document(
    restaurant: Restaurant, order: Order, station: str, at: int
) -> DrawerDocument:
    """Whose drawer to open, why, and until when it makes sense."""
    return DrawerDocument(
        kind=PrintKind.DRAWER.value,
        restaurant=restaurant.name,
        order_id=order.id,
        order_number=order.number,
        station=station,
        expires_at=rfc3339(at + limits.DRAWER_SECONDS * limits.SECOND_MS),
    )


def slip_document(
    restaurant: Restaurant, order: Order, slip: VoidSlip, station: str, at: int
) -> SlipDocument:
    """A void slip as data, its LNURL drawn as the modules of a QR code."""
    return SlipDocument(
        kind=PrintKind.VOID_SLIP.value,
        restaurant=restaurant.name,
        timezone=restaurant.timezone,
        local_time=local_time(at, restaurant.timezone),
        order_id=order.id,
        order_number=order.number,
        station=station,
        table=order.table_name,
        amount=slip.amount,
        amount_sat=slip.amount_sat,
        reason=slip.reason,
        destination=slip.destination,
        way=slip.way,
        lines=list(slip.lines),
        lnurl=slip.lnurl,
        qr=qr.modules(slip.lnurl) if slip.lnurl else None,
        expires_at=rfc3339_or_none(slip.expires_at),
    )


def slip_text(document: SlipDocument, columns: int = limits.TICKET_COLUMNS) -> str:
    """The slip as plain text lines, none wider than ``columns`` (at least 24).

    The line with ``#number`` stands above everything that anybody typed. The LNURL
    stands at the end, in letters that break anywhere and join without spaces.
    """
    return plain(slip_sheet(document), columns)


def slip_sheet(document: SlipDocument, language: str = "en") -> Sheet:
    """The slip in a language; what people typed stays as it is."""
    words = WORDS[language]
    return (
        *_head(document, words),
        Rule(is_heavy=True),
        *_body(document, words),
        Rule(is_heavy=True),
        *_way_back(document, words),
    )


def _head(document: SlipDocument, words: Words) -> Iterator[Block]:
    title = f"#{document.order_number} {words['money_back']}"
    yield Text(title, Size.LARGE, is_bold=True)
    yield Text(document.restaurant)
    if document.table:
        yield Text(words["table"].format(name=document.table))
    yield Text(document.local_time)


def _body(document: SlipDocument, words: Words) -> Iterator[Block]:
    for line in document.lines:
        yield Text(line.name, first=f"{line.quantity} x ")
    if not document.lines:
        yield Text(words["whole_order"])
    yield Rule()
    yield Row("", document.amount, Size.LARGE, is_bold=True)
    yield Row("", f"{document.amount_sat} sat")
    if document.reason.strip():
        yield Text(document.reason, first=f"{words['reason']} ")


def _way_back(document: SlipDocument, words: Words) -> Iterator[Block]:
    yield Text(words.get(f"way_{document.way}", document.destination), is_bold=True)
    if document.expires_at:
        until = local_time(parse_rfc3339(document.expires_at), document.timezone)
        yield Text(words["valid_until"].format(time=until))
    if document.qr:
        yield Code(tuple(document.qr), letters=document.lnurl or "")
    elif document.lnurl:
        yield Text(document.lnurl)
