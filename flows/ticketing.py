"""Paper comes into the queue with its order, in the order's own transactions."""

from dataclasses import replace

from ..adapters import system
from ..core import limits
from ..core.errors import Conflict
from ..crud import Conn, read, transaction
from ..features.orders.models import Order
from ..features.printing import crud as jobs
from ..features.printing import rules
from ..features.printing.models import PrintJob, PrintKind
from ..features.receipts.models import ReceiptDocument
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..features.slips import rules as slips
from ..features.slips.models import DrawerDocument, SlipDocument, VoidSlip
from ..features.ticket_sheets import rules as sheets
from ..features.tickets import rules as tickets
from ..features.tickets.models import NewTicket
from ..features.tickets.rules import Plan
from ..models import OrderStatus

# Orders whose lines belong on paper, even if none of them is there yet.
_IN_KITCHEN = (OrderStatus.ACCEPTED, OrderStatus.READY)


# --- inside the transactions of orders ---------------------------------------


async def make_tickets(
    conn: Conn, restaurant: Restaurant, order: Order, at: int, round_n: int = 1
) -> list[str]:
    """Queue what the kitchen has to know of the order; the stations with a ticket.

    Lines that are on a ticket already are not printed again. Part of the caller's
    transaction, who also journals it and, after the commit, wakes
    ``print:<restaurant id>``.
    """
    made = await jobs.tickets_of_order(conn, order.id)
    plan = tickets.plan(order, restaurant, made, at, round_n=round_n)
    return await _follow(conn, order, plan, at)


async def change_tickets(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> list[str]:
    """Bring the papers of an order in line with it; the stations with a new ticket.

    Where nothing differs nothing is printed. What nobody has started is canceled and
    said anew; what may be on paper is followed by a ticket with only what was added,
    voided or moved. An order that the kitchen does not know yet gets none. Part of
    the caller's transaction, as ``make_tickets``.
    """
    made = await jobs.tickets_of_order(conn, order.id)
    if not made and order.status not in _IN_KITCHEN:
        return []
    return await _follow(conn, order, tickets.plan(order, restaurant, made, at), at)


async def fire_tickets(
    conn: Conn, restaurant: Restaurant, order: Order, course: int, at: int
) -> list[str]:
    """A course is wanted: its lines, which ``order`` no longer holds, go to their
    stations; the stations. Part of the caller's transaction, as ``make_tickets``."""
    made = await jobs.tickets_of_order(conn, order.id)
    plan = tickets.plan(order, restaurant, made, at, fires=course)
    return await _follow(conn, order, plan, at)


async def void_tickets(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> list[str]:
    """Nothing of the order is wanted any more; the stations with a VOID ticket.

    What nobody has started is canceled, what may be on paper is taken back. Part of
    the caller's transaction, as ``make_tickets``.
    """
    made = await jobs.tickets_of_order(conn, order.id)
    over = replace(order, status=OrderStatus.CANCELED)
    return await _follow(conn, order, tickets.plan(over, restaurant, made, at), at)


async def _follow(conn: Conn, order: Order, plan: Plan, at: int) -> list[str]:
    """Take off what is said anew, queue what follows; the stations with a ticket."""
    for job in plan.cancels:
        if not await jobs.save(conn, job, rules.cancel(job, at).job):
            raise job_changed()
    stations = []
    for n, ticket in enumerate(plan.tickets):
        if await jobs.add(conn, _new_job(order, ticket, at, n)):
            stations.append(ticket.station)
    return stations


def _new_job(order: Order, ticket: NewTicket, at: int, n: int) -> PrintJob:
    return PrintJob(
        id=system.new_id(),
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        order_number=order.number,
        station=ticket.station,
        kind=PrintKind.TICKET.value,
        round=ticket.document.round,
        document=ticket.document.dict(),
        text=sheets.ticket_text(ticket.document),
        created_at=at,
        position=rules.position(at, n),
        order_type=order.order_type.value,
    )


async def cancel_tickets(conn: Conn, order_id: str, at: int) -> list[str]:
    """Take the order's tickets that nobody has started off the queue; their stations.

    What is printed or being printed stays as it is; so does what takes back something
    that the kitchen has on paper. Part of the caller's transaction.
    """
    stations = []
    for job in await jobs.unprinted_tickets(conn, order_id):
        if job.document.get("voided"):
            continue
        decision = rules.cancel(job, at)
        if await jobs.save(conn, job, decision.job):
            stations.append(job.station)
    return stations


async def kick_drawer(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> bool:
    """Queue one opening of the cash drawer; False where receipts have no printer.

    Part of the caller's transaction, which holds the order's lock and, after the
    commit, wakes ``print:<restaurant id>``.
    """
    station = restaurant.receipt_station
    if station is None:
        return False
    document = slips.drawer_document(restaurant, order, station, at)
    # A cashier waits: before the tickets of the same moment.
    place = rules.position(at - 1, 999)
    await add_next(conn, order, PrintKind.DRAWER, document, "", at, place)
    return True


async def print_void_slip(
    conn: Conn, restaurant: Restaurant, order: Order, slip: VoidSlip, at: int
) -> bool:
    """Queue paper for a guest about money going back; False where receipts have no
    printer. Part of the caller's transaction, as ``kick_drawer``."""
    station = restaurant.receipt_station
    if station is None:
        return False
    document = slips.slip_document(restaurant, order, slip, station, at)
    text = slips.slip_text(document)
    place = rules.position(at, 999)
    await add_next(conn, order, PrintKind.VOID_SLIP, document, text, at, place)
    return True


async def forget_paper(at: int) -> int:
    """Delete what was printed long ago for orders that are over, a bounded part of it
    of every restaurant; the number of jobs.

    Nobody can edit such an order any more. Brought back it is printed anew, as it is
    without this: its papers were taken back when it ended.
    """
    before = at - limits.PRINT_KEEP_MS
    async with read() as conn:
        owners = await jobs.restaurants_with_older(conn, before)
    forgotten = 0
    for restaurant_id in owners:
        async with transaction() as conn:
            await restaurants.lock(conn, restaurant_id)
            batch = limits.PRINT_FORGET_BATCH
            forgotten += await jobs.forget_older(conn, restaurant_id, before, batch)
    return forgotten


async def add_next(
    conn: Conn,
    order: Order,
    kind: PrintKind,
    document: SlipDocument | DrawerDocument | ReceiptDocument,
    text: str,
    at: int,
    place: int,
    printer_id: str | None = None,
) -> PrintJob:
    """One more job of a kind of which an order may have any number, for the document's
    station, or for one printer alone. Part of the caller's transaction, which holds
    the order's lock."""
    station = document.station or ""
    job = PrintJob(
        id=system.new_id(),
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        order_number=order.number,
        station=station,
        kind=kind.value,
        round=await jobs.next_round(conn, order.id, station, kind),
        document=document.dict(),
        text=text,
        created_at=at,
        position=place,
        order_type=order.order_type.value,
        printer_id=printer_id,
    )
    if not await jobs.add(conn, job):
        raise job_changed()
    return job


def job_changed() -> Conflict:
    """What was decided about a job that somebody else changed at that moment."""
    return Conflict("job.changed", "The print job changed just now. Please try again.")
