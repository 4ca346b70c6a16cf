"""What stands on paper for guests, and in the command that opens a drawer. Pure."""

from collections.abc import Iterator

from ...core import limits, qr
from ...core.paper import COLUMNS_MIN, display_width, wrap
from ...core.times import local_time, parse_rfc3339, rfc3339, rfc3339_or_none
from ..orders.models import Order
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
    if columns < COLUMNS_MIN:
        raise ValueError(f"a slip needs at least {COLUMNS_MIN} columns")
    lines = [
        *_head(document, columns),
        "=" * columns,
        *_body(document, columns),
        "=" * columns,
        *_way_back(document, columns),
    ]
    return "\n".join(lines) + "\n"


def _head(document: SlipDocument, columns: int) -> Iterator[str]:
    yield from wrap(f"#{document.order_number} MONEY BACK", columns)
    yield from wrap(document.restaurant, columns)
    if document.table:
        yield from wrap(f"TABLE {document.table}", columns)
    yield document.local_time


def _body(document: SlipDocument, columns: int) -> Iterator[str]:
    for line in document.lines:
        yield from wrap(line.name, columns, f"{line.quantity} x ")
    if not document.lines:
        yield "The whole order"
    yield "-" * columns
    for amount in (document.amount, f"{document.amount_sat} sat"):
        for row in wrap(amount, columns):
            yield " " * (columns - display_width(row)) + row
    if document.reason.strip():
        yield from wrap(document.reason, columns, "Reason: ")


def _way_back(document: SlipDocument, columns: int) -> Iterator[str]:
    yield from wrap(document.destination, columns)
    if document.expires_at:
        until = local_time(parse_rfc3339(document.expires_at), document.timezone)
        yield from wrap(f"VALID UNTIL {until}", columns)
    if document.lnurl:
        yield from wrap(document.lnurl, columns)
