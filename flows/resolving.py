"""A paid order that cannot be made as it was ordered: staff leave something out, give
something else, or make it anyway, and the kitchen goes on."""

from dataclasses import dataclass

from ..core.errors import Conflict
from ..crud import Conn, read, transaction
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.orders import rules as order_rules
from ..features.orders.models import Order, OrderLine
from ..features.resolutions import rules
from ..features.resolutions.models import Resolution, Way
from ..features.stock.models import Shortage
from ..models import Actor, OrderStatus
from .amending import edit_order
from .deciding import Refunding, announce, carry_out
from .once import Claim, once
from .paying import loaded_order, locked_order, switched_off_of
from .returning import load_books
from .showing import show_all
from .stocking import short, short_of, take_anyway

SOLD_OUT = "Sold out."


@dataclass(frozen=True)
class Question:
    """An order in question: what of it is not there, and of which stocks how much."""

    order: Order
    missing: list[OrderLine]
    short: dict[str, int]


async def resolve_order(
    order_id: str, body: Resolution, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """End the question in one of the three ways; the order, on its way again.

    What was left out goes back to the guest by itself, as far as money can. The edit
    is a transaction of its own: should the process die behind it, the order waits as
    an ordinary paid one. Conflict ``order.resolve``, ``resolve.nothing``,
    ``stock.short`` when what stays is gone by now; Refused ``resolve.items``,
    ``line.unknown``, and what an edit is refused for.
    """
    rules.check_body(body)

    async def work(claim: Claim) -> Answer:
        question = await _look(order_id, body, at)
        edit = None
        if body.way is not Way.MAKE_ANYWAY:
            edit = rules.edit_without(question.order, question.missing, body)
            if edit:
                missing = tuple(question.missing)
                await edit_order(order_id, edit, actor, at, instead_of=missing)
        is_given_up = edit is None and body.way is not Way.MAKE_ANYWAY
        return await _go_on(question, body, is_given_up, actor, claim, at)

    return await once(key, work, at)


async def _look(order_id: str, body: Resolution, at: int) -> Question:
    async with read() as conn:
        order, _ = await loaded_order(conn, order_id)
        rules.check_in_question(order)
        short = await short_of(conn, order)
        switched_off = await switched_off_of(conn, order, at)
    if body.way is Way.MAKE_ANYWAY:
        return Question(order, [], short)
    missing = rules.lines_in_question(order, body, short, switched_off)
    return Question(order, missing, short)


async def _go_on(
    question: Question,
    body: Resolution,
    is_given_up: bool,
    actor: Actor,
    claim: Claim,
    at: int,
) -> Answer:
    """Accept what is left, or cancel what has nothing left; refund the difference."""
    new = OrderStatus.CANCELED if is_given_up else OrderStatus.ACCEPTED
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, question.order.id)
        if order.status is not OrderStatus.PAID:
            raise Conflict("order.changed", "Somebody else decided just now.")
        books = await load_books(conn, order)
        decision = order_rules.step(
            *(order, new, actor, at),
            kept_msat=books.refundable_msat,
            reason=(body.reason or SOLD_OUT) if is_given_up else None,
        )
        if decision is None:
            raise LookupError(f"order {order.id} took no step")
        told = rules.told(order, body, question.missing, question.short)
        entry = Entry("order.resolved", actor, order.id, told)
        sets = {}
        if not is_given_up and order.stock_taken_at is None:
            await _check_there(conn, order, question, body)
            await take_anyway(conn, restaurant, order, actor, at)
            sets = {"stock_taken_at": at}
        order = await carry_out(
            *(conn, restaurant, order, decision, at),
            before=[entry],
            sets=sets,
            refunding=Refunding.ALWAYS,
        )
        [shown] = await show_all(conn, [order])
        answer = Answer(200, shown.dict(), order.id)
        await claim.finish(conn, answer)
    announce(order.restaurant_id, order.id)
    return answer


async def _check_there(
    conn: Conn, order: Order, question: Question, body: Resolution
) -> None:
    """Conflict ``stock.short`` when something is missing that nobody said is there:
    what is sold out stays in question."""
    if body.way is Way.MAKE_ANYWAY:
        return
    missing = await short_of(conn, order)
    known = rules.left_in(question.order, question.missing, question.short)
    if unknown := {key: n for key, n in missing.items() if key not in known}:
        raise short(order, Shortage(unknown))
