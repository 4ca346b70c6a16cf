"""A bill is split into shares, which payments name; the order stays whole.

Splitting changes no order, no stock and no ticket: the kitchen never hears of it.
"""

from collections.abc import Sequence

from ..adapters import system
from ..adapters.wake import wake
from ..core.errors import Conflict
from ..crud import Conn, read, transaction
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.orders.models import Order
from ..features.payments import crud as payments
from ..features.payments import rules as payment_rules
from ..features.payments.models import Part, Payment
from ..features.splits import crud as splits
from ..features.splits import rules
from ..features.splits.models import Share, Split, SplitBill, SplitView
from ..models import Actor
from .once import Claim, once
from .paying import loaded_order, locked_order
from .recording import record


async def split_bill(
    order_id: str, body: SplitBill, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """201 and the shares of what is due now; a split that nobody paid of is replaced.

    Refused ``split.amount``, ``split.lines``, ``split.small``; Conflict
    ``split.begun``, ``split.guests``, ``payment.nothing_due``.
    """

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            order, restaurant = await locked_order(conn, order_id)
            booked = await payments.of_order(conn, order.id)
            due = payment_rules.all_due(order, booked)
            entries = await end_split(conn, order, booked, actor)
            new = _split(order, due, body, actor, at)
            await splits.add(conn, new)
            told = rules.told(new, order.currency)
            entries.append(Entry("order.split", actor, order.id, told))
            await record(conn, restaurant.id, entries, at)
            shown = _view(new, order, booked)
            answer = Answer(201, shown.dict(), new.id)
            await claim.finish(conn, answer)
        _show(restaurant.id, order_id)
        return answer

    return await once(key, work, at)


async def show_split(order_id: str) -> SplitView:
    """The live split with what came for its shares; NotFound ``split.none``."""
    async with read() as conn:
        order, _ = await loaded_order(conn, order_id)
        split = await _live(conn, order)
        booked = await payments.of_order(conn, order.id)
    return _view(split, order, booked)


async def unsplit_bill(order_id: str, actor: Actor, at: int) -> None:
    """The bill is one again. NotFound ``split.none``; Conflict ``split.begun``."""
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, order_id)
        split = await _live(conn, order)
        booked = await payments.of_order(conn, order.id)
        entry = await _end(conn, split, order, booked, actor)
        await record(conn, restaurant.id, [entry], at)
    _show(restaurant.id, order_id)


async def end_split(
    conn: Conn, order: Order, booked: Sequence[Payment], actor: Actor
) -> list[Entry]:
    """End the split that holds now, if any, in the caller's transaction; the entries
    are for the caller to journal. Conflict ``split.begun``."""
    live = await splits.live(conn, order.id)
    return [await _end(conn, live, order, booked, actor)] if live else []


async def due_of_share(
    conn: Conn, order: Order, booked: Sequence[Payment], due: Part, share_id: str
) -> Part:
    """What is due of a share of the live split; ``due`` is all that is due.

    NotFound ``split.unknown``; Conflict ``split.share_paid``.
    """
    split = await splits.live(conn, order.id)
    if split is None:
        raise rules.unknown_share()
    return rules.due_of(split, payment_rules.counted(booked), due, share_id)


def _split(order: Order, due: Part, body: SplitBill, actor: Actor, at: int) -> Split:
    portions = rules.cut(order, due, body)
    return Split(
        id=system.new_id(),
        restaurant_id=order.restaurant_id,
        order_id=order.id,
        kind=body.by,
        is_live=True,
        actor=str(actor),
        created_at=at,
        shares=tuple(Share(system.new_id(), portion) for portion in portions),
    )


async def _end(
    conn: Conn, split: Split, order: Order, booked: Sequence[Payment], actor: Actor
) -> Entry:
    """End a split that no money came for; what the journal tells of it."""
    rules.check_not_begun(split, payment_rules.counted(booked))
    if not await splits.end(conn, split.id):
        raise Conflict("order.changed", "Somebody else changed this bill just now.")
    told = rules.told(split, order.currency)
    return Entry("order.unsplit", actor, order.id, told)


async def _live(conn: Conn, order: Order) -> Split:
    split = await splits.live(conn, order.id)
    if split is None:
        raise rules.no_split()
    return split


def _view(split: Split, order: Order, booked: Sequence[Payment]) -> SplitView:
    paid = payment_rules.paid_msat(booked)
    due = Part(
        payment_rules.due_minor(order, booked),
        payment_rules.due_msat(order.total_msat, paid),
    )
    return rules.view(split, order.currency, payment_rules.counted(booked), due)


def _show(restaurant_id: str, order_id: str) -> None:
    """Screens look again; the printers have nothing to do."""
    wake(f"events:{restaurant_id}", f"order:{order_id}")
