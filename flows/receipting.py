"""Receipts: shown to guest and staff, printed by hand and by themselves.

An order's token is in the code that leads to its guest's page. It is derived when the
paper is made and never stored.
"""

import asyncio
from collections.abc import Sequence
from urllib.parse import quote

from ..adapters import outgoing, raster, system
from ..adapters.wake import wake
from ..core import ids, limits
from ..core.bitmaps import Bitmap
from ..core.columns import plain
from ..core.errors import NotFound, Refused
from ..core.sheet_html import html
from ..crud import Conn, in_list, read, server_secret, transaction
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal import crud as journal
from ..features.journal.models import Entry
from ..features.logos import crud as logos
from ..features.orders import crud as orders
from ..features.orders.models import Order
from ..features.papers import rules as papers
from ..features.papers.models import Layout, Marks
from ..features.payments import crud as payments
from ..features.printers import crud as printers
from ..features.printers.models import Printer
from ..features.printing import crud as jobs
from ..features.printing import rules as queue
from ..features.printing.models import PrintJob, PrintJobView, PrintKind
from ..features.receipt_sheets import rules as sheets
from ..features.receipts import rules
from ..features.receipts.models import (
    PrintReceiptBody,
    ReceiptDocument,
    ReceiptFile,
    ReceiptLook,
)
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..models import SYSTEM, Actor, Flag, OrderStatus
from .once import Claim, once
from .recording import record
from .showing import show_all, unknown_order
from .ticketing import add_next

_OVER = (OrderStatus.CANCELED, OrderStatus.REFUNDED)
# Paid, but somebody still has to say whether it is made or the money goes back.
_IN_QUESTION = frozenset({Flag.PAID_LATE, Flag.OVERSOLD, Flag.UNAVAILABLE})
#: Where a receipt stands that is for one printer of a restaurant without a station.
_NO_STATION = "receipt"


# --- shown ------------------------------------------------------------------------


async def tracking_url(order_id: str, reached_by: str = "") -> str | None:
    """The guest's own page of an order, with its token in the fragment; None where
    this server does not know under which public address it is reached."""
    base = outgoing.base_url(reached_by)
    if not base:
        return None
    secret = await server_secret(system.new_secret())
    token = ids.derive_token(secret, "order", order_id)
    return f"{base}/restaurant/o/{quote(order_id, safe='')}#k={quote(token, safe='')}"


async def show_receipt(order_id: str, tracking_url: str | None) -> ReceiptDocument:
    """An order's receipt as it stands, or its bill; NotFound ``order.unknown``."""
    async with read() as conn:
        document, _ = await _read(conn, order_id)
    return document.copy(update={"tracking_url": tracking_url})


async def receipt_file(
    order_id: str, look: ReceiptLook, tracking_url: str | None
) -> ReceiptFile:
    """The receipt as a file to look at, to keep, or to print from a browser."""
    async with read() as conn:
        document, restaurant = await _read(conn, order_id)
        logo = await logos.newest(conn, restaurant.id)
    document = document.copy(update={"tracking_url": tracking_url})
    bitmap = logo.bitmap if logo else None
    return await asyncio.to_thread(_file, document, look, bitmap)


def _file(
    document: ReceiptDocument, look: ReceiptLook, logo: Bitmap | None
) -> ReceiptFile:
    layout = Layout(paper=look.paper)
    sheet = sheets.receipt_sheet(document, look.language)
    sheet = papers.dressed(sheet, layout, PrintKind.RECEIPT.value, logo)
    name = f"receipt-{document.business_day}-{document.order_number}.{look.kind}"
    if look.kind == "txt":
        return ReceiptFile(name, plain(sheet, layout.letters).encode())
    if look.kind == "html":
        title = f"{document.restaurant.name} #{document.order_number}"
        page = html(sheet, title, look.language, png=raster.png)
        return ReceiptFile(name, page.encode())
    bitmap = raster.draw(sheet, layout.width)
    write = raster.png if look.kind == "png" else raster.pdf
    return ReceiptFile(name, write(bitmap))


async def _read(conn: Conn, order_id: str) -> tuple[ReceiptDocument, Restaurant]:
    order = await orders.load(conn, order_id)
    if order is None:
        raise unknown_order()
    restaurant = await restaurants.load_with_deleted(conn, order.restaurant_id)
    if restaurant is None:
        raise LookupError(f"restaurant {order.restaurant_id} vanished")
    return await _document(conn, restaurant, order), restaurant


async def _document(
    conn: Conn, restaurant: Restaurant, order: Order
) -> ReceiptDocument:
    [shown] = await show_all(conn, [order])
    tips = await payments.tips_of_order(conn, order.id)
    return rules.receipt_document(restaurant, order, shown, tips)


# --- printed ----------------------------------------------------------------------


async def print_receipt(
    order_id: str,
    body: PrintReceiptBody,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """201 with a new print job; a receipt that is on paper already says which copy it
    is. Refused ``receipt.no_printer`` where nobody would print it; NotFound
    ``printer.unknown``."""

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            restaurant, order = await _locked(conn, order_id)
            printer = await _printer(conn, restaurant, body.printer_id)
            if printer is None and restaurant.receipt_station is None:
                raise _no_printer()
            document = await _document(conn, restaurant, order)
            copies = await _copies(conn, document)
            asked = {"language": body.language, "copy_n": copies}
            document = document.copy(update=asked)
            job = await _queue(conn, restaurant, order, document, printer, at)
            entry = _entry(document, job, actor)
            await record(conn, restaurant.id, [entry], at)
            answer = Answer(201, PrintJobView.of(job).dict(), job.id)
            await claim.finish(conn, answer)
        wake(f"print:{restaurant.id}", f"events:{restaurant.id}")
        return answer

    return await once(key, work, at)


async def print_due_receipt(
    conn: Conn,
    restaurant: Restaurant,
    before: Order,
    after: Order,
    news: Sequence[Entry],
    at: int,
) -> None:
    """Queue the receipt that the restaurant wants by itself, once for what it says.

    ``news`` led to the change from ``before`` to ``after``. Part of the caller's
    transaction, who wakes ``print:<restaurant id>`` after the commit.
    """
    station = restaurant.receipt_station
    if station is None or not _is_time(restaurant, before, after, news):
        return
    document = await _document(conn, restaurant, after)
    if document.is_bill or await _copies(conn, document):
        return
    job = await _queue(conn, restaurant, after, document, None, at)
    await record(conn, restaurant.id, [_entry(document, job, SYSTEM)], at)


def _is_time(
    restaurant: Restaurant, before: Order, after: Order, news: Sequence[Entry]
) -> bool:
    """Was it just paid for good, or completed, as the restaurant wants?"""
    if restaurant.receipt_on == "never" or after.status in _OVER:
        return False
    is_completed = after.status is OrderStatus.COMPLETED
    has_money = any(entry.event == "payment.captured" for entry in news)
    if restaurant.receipt_on == "completed":
        return is_completed and (before.status is not after.status or has_money)
    # An edit that left nothing to pay did so before this change.
    is_edited = any(entry.event == "order.edited" for entry in news)
    is_freed = is_edited and after.paid_at is None and _is_free(after)
    return _is_sold(after) and (has_money or is_freed or not _is_sold(before))


def _is_sold(order: Order) -> bool:
    """Paid, and nobody asks any more whether it goes back: an order that comes back
    after it was canceled is sold only then."""
    is_asked = order.status is OrderStatus.PAID and bool(order.flags & _IN_QUESTION)
    is_paid = order.paid_at is not None and order.status not in _OVER
    return (is_paid or _is_free(order)) and not is_asked


def _is_free(order: Order) -> bool:
    """It is made and costs nothing; what a tab costs is known once it is closed."""
    is_closed = order.status is OrderStatus.COMPLETED
    is_made = order.status in (OrderStatus.ACCEPTED, OrderStatus.READY)
    return not order.total_msat and (is_closed or (is_made and not order.is_tab))


async def _locked(conn: Conn, order_id: str) -> tuple[Restaurant, Order]:
    order = await orders.load(conn, order_id)
    if order is None:
        raise unknown_order()
    restaurant = await restaurants.lock(conn, order.restaurant_id)
    fresh = await orders.lock(conn, order_id)
    if restaurant is None or fresh is None:
        raise unknown_order()
    return restaurant, fresh


async def _printer(
    conn: Conn, restaurant: Restaurant, printer_id: str | None
) -> Printer | None:
    if printer_id is None:
        return None
    printer = await printers.load(conn, printer_id)
    if printer is None or printer.restaurant_id != restaurant.id:
        raise NotFound("printer.unknown", "There is no such printer for you.")
    return printer


async def _queue(
    conn: Conn,
    restaurant: Restaurant,
    order: Order,
    document: ReceiptDocument,
    printer: Printer | None,
    at: int,
) -> PrintJob:
    """One more receipt for its station, or for one printer alone."""
    own = printer.stations[0] if printer and printer.stations else _NO_STATION
    station = restaurant.receipt_station or own
    document = document.copy(update={"station": station})
    marks = Marks(copy_n=document.copy_n)
    sheet = sheets.receipt_sheet(document, document.language or "en")
    marked = papers.marked(sheet, marks, document.language or "en")
    text = plain(marked, limits.TICKET_COLUMNS)
    # Behind the tickets of the same moment.
    place = queue.position(at, 998)
    only_at = printer.id if printer else None
    kind = PrintKind.RECEIPT
    return await add_next(conn, order, kind, document, text, at, place, only_at)


async def _copies(conn: Conn, document: ReceiptDocument) -> int:
    """How many papers say the same; the order is locked."""
    marks, values = in_list("id", [document.order_id])
    history = await journal.rows_of_orders(conn, marks, values)
    made = await jobs.receipts_of_order(conn, document.order_id)
    return rules.copies_before(document, history, made)


def _entry(document: ReceiptDocument, job: PrintJob, actor: Actor) -> Entry:
    return Entry(rules.QUEUED, actor, job.order_id, rules.told(document, job))


def _no_printer() -> Refused:
    return Refused(
        "receipt.no_printer",
        "Please name a printer, or set the restaurant's receipt_station.",
        field="printer_id",
    )
