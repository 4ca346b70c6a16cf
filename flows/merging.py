"""Two orders become one: lock both → join → price as they were → one transaction.

The source's lines go into the target as they are, with their ids and their tickets:
what was cooked, printed and taken from the shelf stays so. The source keeps a copy of
what it had.
"""

from dataclasses import replace
from decimal import Decimal

from ..adapters import system
from ..crud import Conn, read, transaction
from ..features.amendments import rules as amendments
from ..features.bills import rules as bills
from ..features.bills.models import Terms
from ..features.discounts import crud as discount_crud
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.merges import rules
from ..features.merges.models import MergeOrders
from ..features.merges.rules import Joined
from ..features.orders import crud as orders
from ..features.orders import rules as order_rules
from ..features.orders.models import Order
from ..features.orders.rules import Decision
from ..features.payments import crud as payments
from ..features.pricing import rules as pricing
from ..features.printing import crud as jobs
from ..features.rates.models import Rates
from ..features.refunds import crud as refunds
from ..features.restaurants.models import Restaurant
from ..models import Actor, OrderStatus, Role
from .cooking import follow_lines
from .deciding import announce, carry_out, follow_paper
from .discounting import claim_uses
from .menus import Snapshot, menu_snapshot
from .once import Claim, once
from .ordering import applied_discounts, billed_columns, order_lines
from .paying import loaded_order, locked_order, revalue
from .quoting import Offer, summed_up
from .returning import load_books
from .showing import show_all, unknown_order
from .splitting import end_split


async def merge_orders(
    order_id: str, body: MergeOrders, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """200 and the order with the lines of both; the other ends as canceled.

    NotFound ``order.unknown``; Refused ``order.merge``; Forbidden ``discount.till``;
    Conflict ``order.merge``,
    ``order.has_payments``, ``order.edit``, ``order.changed``, ``order.has_refunds``,
    ``split.begun``.
    """
    rules.check_other(order_id, body.order_id)

    async def work(claim: Claim) -> Answer:
        async with read() as conn:
            order, _ = await loaded_order(conn, order_id)
        snapshot = await menu_snapshot(order.restaurant_id, at)
        async with transaction() as conn:
            target, restaurant = await locked_order(conn, order_id)
            source = await _source(conn, target, body)
            await _merge(conn, restaurant, snapshot, (target, source), actor, at)
            [view] = await show_all(conn, await orders.load_many(conn, [order_id]))
            answer = Answer(200, view.dict(), order_id)
            await claim.finish(conn, answer)
        announce(restaurant.id, body.order_id)
        announce(restaurant.id, order_id)
        return answer

    return await once(key, work, at)


async def _source(conn: Conn, target: Order, body: MergeOrders) -> Order:
    """The order that comes into the target, locked, when both may be merged."""
    source = await orders.lock(conn, body.order_id)
    if source is None or source.restaurant_id != target.restaurant_id:
        raise unknown_order()
    booked = await payments.of_order(conn, source.id)
    returned = await refunds.of_order(conn, source.id)
    rules.check_mergeable(target, source, booked, has_refunds=bool(returned))
    returned = await refunds.of_order(conn, target.id)
    amendments.check_editable(target, returned, body.revision)
    return source


async def _merge(
    conn: Conn,
    restaurant: Restaurant,
    snapshot: Snapshot,
    both: tuple[Order, Order],
    actor: Actor,
    at: int,
) -> None:
    target, source = both
    joined = rules.join(target, source)
    terms, after = _priced(target, source, joined, snapshot, at)
    if actor.role is Role.POS:
        was = [given for order in both for given in order.bill.discounts]
        most = restaurant.till_discount_percent
        bills.check_till_merge(terms.discounts, was, after.bill.discounts, most)
    entries = [
        Entry("order.merged", actor, target.id, rules.told(target, after, source)),
        *await _end_splits(conn, both, actor),
    ]
    copies = tuple(replace(line, id=system.new_id()) for line in source.lines)
    await orders.replace_lines(conn, replace(source, lines=copies))
    await jobs.hand_over(conn, source.id, target.id)
    if not await orders.amend(conn, target, after):
        raise amendments.changed(target)
    if target.total_msat != after.total_msat:
        await payments.void_open(conn, target.id)
        booked = await payments.of_order(conn, target.id)
        entries += await revalue(conn, after, booked, actor)
    entries += await _count_discounts(conn, snapshot, both, joined, terms, after, at)
    await _end(conn, restaurant, both, actor, at)
    books = await load_books(conn, after)
    decision = order_rules.on_edit(after, after.flags, books, actor, at)
    sets = {"stock_taken_at": joined.stock_taken_at}
    done = await carry_out(
        conn, restaurant, after, decision, at, before=entries, sets=sets
    )
    done = await follow_lines(conn, restaurant, done, actor, at)
    await follow_paper(conn, restaurant, done, at)


def _priced(
    target: Order, source: Order, joined: Joined, snapshot: Snapshot, at: int
) -> tuple[Terms, Order]:
    """The target with all lines, at the prices that they have and its own rates."""
    by_currency = {code: Decimal(rate) for code, rate in joined.rates.items()}
    first = target if target.rates else source
    rates = Rates(
        by_currency=by_currency,
        at=first.rate_at,
        sources={**source.bill.rate_sources, **target.bill.rate_sources},
        markup_percent=first.bill.rate_markup_percent,
    )
    lines = tuple(
        amendments.kept_line(line, pricing.step_of(line.currency, by_currency))
        for line in joined.lines
    )
    price_list = target.bill.price_list or source.bill.price_list
    offer = Offer(snapshot, snapshot.menu, None, price_list)
    priced = summed_up(offer, [], lines, joined.terms, rates)
    after = replace(
        target,
        **billed_columns(priced),
        covers=joined.covers,
        is_tab=target.is_tab or source.is_tab,
        revision=target.revision + 1,
        lines=tuple(map(amendments.continued, order_lines(priced), joined.lines)),
    )
    told = [change.dict() for change in amendments.changes(target, after)]
    bill = replace(after.bill, edited={"at": at, "changes": told})
    return priced.terms, replace(after, bill=bill)


async def _end_splits(
    conn: Conn, both: tuple[Order, Order], actor: Actor
) -> list[Entry]:
    entries: list[Entry] = []
    for order in both:
        booked = await payments.of_order(conn, order.id)
        entries += await end_split(conn, order, booked, actor)
    return entries


async def _count_discounts(
    conn: Conn,
    snapshot: Snapshot,
    both: tuple[Order, Order],
    joined: Joined,
    terms: Terms,
    after: Order,
    at: int,
) -> list[Entry]:
    """What comes along is counted for the target from now on; the rest of the
    source's is given back when it ends."""
    target, source = both
    for discount_id, code_id in sorted(joined.uses, key=str):
        await discount_crud.move_uses(conn, source.id, target.id, discount_id, code_id)
    if not after.bill.discounts:
        return []
    uses = await discount_crud.uses_of(conn, target.id)
    return await claim_uses(
        conn,
        target.id,
        target.restaurant_id,
        applied_discounts(terms, after.bill.discounts),
        {discount.id: discount for discount in snapshot.offers.discounts},
        next((use.guest_hash for use in uses if use.guest_hash), None),
        target.business_day,
        at,
    )


async def _end(
    conn: Conn,
    restaurant: Restaurant,
    both: tuple[Order, Order],
    actor: Actor,
    at: int,
) -> None:
    """The source ends: its invoices are asked for no more, nothing is taken back from
    the kitchen, and what it took from the shelf is the target's."""
    target, source = both
    await payments.void_open(conn, source.id)
    decision = Decision(
        OrderStatus.CANCELED,
        rules.ended_flags(source),
        {
            "canceled_at": at,
            "cancel_reason": "merged",
            "merged_into": target.id,
            "stock_taken_at": None,
        },
        (rules.source_entry(source, target, actor),),
    )
    await carry_out(conn, restaurant, source, decision, at)
