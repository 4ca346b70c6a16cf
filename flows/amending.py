"""An order is edited, or gets another round: price anew → invoice → one transaction.

What the new total means for the money that came is told by the rules that judge all
money; what came for an older invoice still counts.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from ..adapters import lightning, system
from ..core.errors import Conflict
from ..core.money import ceil_to_sat
from ..crud import Conn, read, transaction
from ..features.amendments import rules
from ..features.amendments.models import EditOrder, NewRound
from ..features.bills.models import Terms
from ..features.discounts import crud as discount_crud
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.orders import crud as orders
from ..features.orders import rules as order_rules
from ..features.orders.models import Order, OrderLine, OrderView
from ..features.orders.rules import Decision
from ..features.payments import crud as payments
from ..features.payments import rules as payment_rules
from ..features.payments.models import Invoice, Payment
from ..features.refund_amounts import rules as amounts
from ..features.refunds import crud as refunds
from ..features.refunds.models import Refund
from ..features.restaurants.models import Restaurant
from ..features.staff import crud as staff
from ..features.staff import rules as staff_rules
from ..features.stock.models import Shortage, taken_by
from ..features.tables import crud as tables
from ..features.tabs import rules as tabs
from ..models import SYSTEM, Actor, Flag, OrderStatus, PaymentMethod, Role
from .cooking import follow_lines
from .deciding import Refunding, announce, carry_out, follow_paper
from .discounting import claim_uses
from .menus import Snapshot, forget_menu, menu_snapshot
from .once import Claim, once
from .opening import check_open
from .ordering import PRICING_TRIES_MAX, applied_discounts
from .paying import loaded_order, locked_order, revalue
from .quoting import Placer
from .repricing import Asked, ask, reprice
from .returning import load_books
from .showing import show_all, show_order
from .splitting import end_split
from .stocking import follow_edit, short, take_for
from .tip_books import follow_server

#: Whoever adds a round did not look at the order: it may change as often meanwhile.
ROUND_TRIES_MAX = 20


#: Orders whose tickets follow them.
_WITH_TICKETS = (OrderStatus.PAID, OrderStatus.ACCEPTED, OrderStatus.READY)


class _Moved(Exception):
    """Order, money or menu changed since the edit was priced: price it again."""


@dataclass(frozen=True)
class Wish:
    """What is asked of an order: an edit of it as it is, by whom, and why. A round
    has its key's claim."""

    order_id: str
    edit_of: Callable[[Order, Restaurant], EditOrder]
    actor: Actor
    at: int
    reason: str | None = None
    claim: Claim | None = None
    instead_of: tuple[OrderLine, ...] = ()


@dataclass(frozen=True)
class Draft:
    """An edit with its prices, ready for its transaction."""

    asked: Asked
    reason: str | None
    snapshot: Snapshot
    after: Order
    terms: Terms
    #: The payments as they were found, and as the new total values them.
    booked: list[Payment]
    valued: list[Payment]
    invoice: Invoice | None

    @property
    def before(self) -> Order:
        return self.asked.before

    @property
    def moves_money(self) -> bool:
        return _moves_money(self.before, self.after)


def _moves_money(before: Order, after: Order) -> bool:
    was, is_now = ((each.total_msat, each.total_minor) for each in (before, after))
    return was != is_now


async def edit_order(
    order_id: str,
    edit: EditOrder,
    actor: Actor,
    at: int,
    instead_of: tuple[OrderLine, ...] = (),
) -> OrderView:
    """Change what was sent; the order as it is then. An edit that changes nothing
    leaves no trace. New lines cost no more than those they stand ``instead_of``.

    Conflict ``order.edit``, ``order.changed``, ``order.has_refunds``,
    ``split.begun``, ``stock.short``, ``discount.used_up``; Refused for wrong lines
    and for what a cart with them is refused for; Forbidden ``discount.till``;
    NotFound ``staff.unknown``; Unavailable when a new invoice is needed and the node
    does not answer.
    """
    reason = rules.reason_of(edit)
    wish = Wish(order_id, lambda *_: edit, actor, at, reason, instead_of=instead_of)
    await _amend(wish, PRICING_TRIES_MAX)
    return await show_order(order_id)


async def add_round(
    order_id: str, body: NewRound, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """More for an order that was sent, by staff or by the guest of an open tab: 201
    and the order.

    Forbidden ``tab.forbidden``, ``course.forbidden``; Conflict ``order.edit``,
    ``order.rounds``, ``order.changed``, ``order.has_refunds``, ``stock.short``,
    ``split.begun``; for guests ``restaurant.closed`` and ``tab.limit``; Refused for
    wrong lines.
    """

    async def work(claim: Claim) -> Answer:
        wish = Wish(order_id, _round_of(body, actor), actor, at, claim=claim)
        answer = await _amend(wish, ROUND_TRIES_MAX)
        if answer is None:
            raise LookupError("a round changes its order")
        return answer

    return await once(key, work, at)


def _round_of(body: NewRound, actor: Actor) -> Callable[[Order, Restaurant], EditOrder]:
    """What a round makes of an order as it is, when it may be added."""
    is_guest = actor.role is Role.GUEST

    def edit_of(order: Order, restaurant: Restaurant) -> EditOrder:
        may_have_tab = order.is_tab and restaurant.tabs_at_table
        rules.check_round(order, body, is_allowed=may_have_tab or not is_guest)
        return rules.round_of(order, body, is_guest=is_guest)

    return edit_of


async def _amend(wish: Wish, tries: int) -> Answer | None:
    """Carry a wish out; a round's answer, None for edits and when nothing changes."""
    for _ in range(tries):
        draft = await _draft(wish)
        if draft is None:
            return None
        try:
            answer = await _store(draft, wish.claim)
        except _Moved:
            forget_menu(draft.before.restaurant_id)
            continue
        announce(draft.before.restaurant_id, wish.order_id)
        return answer
    raise Conflict("order.changed", "The order is changing. Please try again.")


# --- before the transaction --------------------------------------------------------


async def _draft(wish: Wish) -> Draft | None:
    """The edit with its prices and, where the guest needs one, its invoice; None when
    it changes nothing."""
    order_id, actor, at = wish.order_id, wish.actor, wish.at
    async with read() as conn:
        order, restaurant = await loaded_order(conn, order_id)
        booked = await payments.of_order(conn, order_id)
        returned = await refunds.of_order(conn, order_id)
    edit = wish.edit_of(order, restaurant)
    rules.check_editable(order, returned, edit.revision)
    snapshot = await menu_snapshot(order.restaurant_id, at)
    with rules.counted_from(len(order.lines) if wish.claim else 0):
        asked = ask(order, edit, actor, at, wish.instead_of)
        terms, repriced = await reprice(asked, snapshot)
    after = await _with_words(asked, repriced)
    if rules.is_same(order, after):
        return None
    told = [change.dict() for change in rules.changes(order, after)]
    kept = replace(after.bill, edited={"at": at, "changes": told})
    after = replace(after, revision=order.revision + 1, bill=kept)
    moves_money = _moves_money(order, after)
    valued = payment_rules.revalued(after, booked) if moves_money else booked
    if actor.role is Role.GUEST:
        check_open(snapshot, asked.cart, Placer(actor), None, at)
        due_minor = payment_rules.due_minor(after, valued)
        tabs.check_limit(restaurant, after.currency, due_minor)
    _check_stock(order, after, snapshot)
    invoice = await _invoice(restaurant, order, after, valued, at)
    if order.status is OrderStatus.PENDING and order.total_msat != after.total_msat:
        longest = at + restaurant.order_expiry_seconds * 1000
        until = invoice.expires_at if invoice else max(order.expires_at or 0, longest)
        after = replace(after, expires_at=until)
    return Draft(asked, wish.reason, snapshot, after, terms, booked, valued, invoice)


async def _with_words(asked: Asked, order: Order) -> Order:
    """What the edit changes beside lines and sums: where, for whom, by whom."""
    edit, cart = asked.edit, asked.cart
    sets: dict[str, Any] = {"covers": cart.covers, "note": cart.note or None}
    if edit.sends("table"):
        name, table = edit.table or None, None
        if name:
            async with read() as conn:
                table = await tables.by_name_or_id(conn, order.restaurant_id, name)
        sets["table_id"] = table.id if table else None
        sets["table_name"] = table.name if table else name
    if edit.sends("server_id") and edit.server_id != order.server_id:
        if edit.server_id is not None:
            async with read() as conn:
                found = await staff.load(conn, edit.server_id)
            staff_rules.check_serves(found, order.restaurant_id)
        sets["server_id"] = edit.server_id
    return replace(order, **sets)


def _check_stock(before: Order, after: Order, snapshot: Snapshot) -> None:
    """More of something is only promised while there is so much of it; what was taken
    or promised already is judged under the lock."""
    if before.stock_taken_at is not None or before.stock_reserved_at is not None:
        return
    had, wanted, available = (
        taken_by(before.lines),
        taken_by(after.lines),
        snapshot.menu.available,
    )
    missing = {
        stock_id: quantity - available[stock_id]
        for stock_id, quantity in wanted.items()
        if quantity > had.get(stock_id, 0)
        and quantity > available.get(stock_id, quantity)
    }
    if missing:
        raise short(after, Shortage(missing))


async def _invoice(
    restaurant: Restaurant, before: Order, after: Order, booked: list[Payment], at: int
) -> Invoice | None:
    """For an order that waits for Lightning: an invoice over what is due now."""
    due = payment_rules.due_msat(after.total_msat, payment_rules.paid_msat(booked))
    is_waiting = before.status is OrderStatus.PENDING
    is_lightning = before.payment_method is PaymentMethod.LIGHTNING
    if not (is_waiting and is_lightning and due):
        return None
    if before.total_msat == after.total_msat:
        return None  # what was invoiced is right still
    payment_rules.check_room(booked)
    return await lightning.create_invoice(restaurant, ceil_to_sat(Decimal(due)), at)


# --- the transaction ---------------------------------------------------------------


async def _store(draft: Draft, claim: Claim | None) -> Answer | None:
    """Lines, sums, money, stock, tickets and journal in ONE transaction; a round's
    answer."""
    before, after, actor = draft.before, draft.after, draft.asked.actor
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, before.id)
        booked = await payments.of_order(conn, order.id)
        returned = await refunds.of_order(conn, order.id)
        _check_unmoved(draft, order, restaurant, booked)
        rules.check_editable(order, returned, before.revision)
        told = rules.told(before, after, draft.reason)
        entries = [Entry("order.edited", actor, order.id, told)]
        if draft.moves_money or before.lines != after.lines:
            entries += await end_split(conn, order, booked, actor)
        if not await orders.amend(conn, before, after):
            raise rules.changed(order)
        if draft.moves_money:
            entries += await revalue(conn, after, booked, actor)
        await _ask_for_money(conn, draft)
        entries += await _count_discounts(conn, draft)
        await _move_stock(conn, restaurant, draft, returned)
        await _go_on(conn, restaurant, draft, entries)
        if claim is None:
            return None
        [view] = await show_all(conn, await orders.load_many(conn, [order.id]))
        answer = Answer(201, view.dict(), order.id)
        await claim.finish(conn, answer)
        return answer


def _check_unmoved(
    draft: Draft, order: Order, restaurant: Restaurant, booked: list[Payment]
) -> None:
    edit = draft.asked.edit
    is_taken_off = edit.codes is not None or edit.discounts is not None
    has_new = is_taken_off or any(place.new for place in draft.asked.places)
    is_menu_new = restaurant.version != draft.snapshot.menu.version
    is_paid_other = payment_rules.paid_msat(booked) != payment_rules.paid_msat(
        draft.booked
    )
    if order != draft.before or is_paid_other or (has_new and is_menu_new):
        raise _Moved


async def _ask_for_money(conn: Conn, draft: Draft) -> None:
    """Nobody is asked for the old sum any more; its invoices stay watched."""
    if not draft.moves_money:
        return
    asked, order = draft.asked, draft.after
    await payments.void_open(conn, order.id)
    if draft.invoice:
        payment = payment_rules.lightning_payment(
            system.new_id(), order, draft.invoice, asked.actor, asked.at
        )
        await payments.add(conn, payment)


async def _count_discounts(conn: Conn, draft: Draft) -> list[Entry]:
    """Count anew what is taken off; what this order has already is not held against
    the limits."""
    before, after, asked = draft.before, draft.after, draft.asked
    if before.bill.discounts == after.bill.discounts:
        return []
    uses = await discount_crud.uses_of(conn, after.id)
    return await claim_uses(
        conn,
        after.id,
        after.restaurant_id,
        applied_discounts(draft.terms, after.bill.discounts),
        {discount.id: discount for discount in draft.snapshot.offers.discounts},
        next((use.guest_hash for use in uses if use.guest_hash), None),
        after.business_day,
        asked.at,
        asked.actor,
    )


async def _move_stock(
    conn: Conn, restaurant: Restaurant, draft: Draft, returned: list[Refund]
) -> None:
    """Where the shelf gave or promised already, it gives or takes the difference: all
    or none. What was begun and is gone now is on no shelf any more; what a refund put
    back, which failed or was given up later, is there already."""
    before, after, asked = draft.before, draft.after, draft.asked
    there = replace(after, lines=(*after.lines, *rules.spent(before, after)))
    was, now = (amounts.without_restocked(each, returned) for each in (before, there))
    await follow_edit(conn, restaurant, was, now, asked.actor, asked.at)


# --- what follows ------------------------------------------------------------------


async def _go_on(
    conn: Conn, restaurant: Restaurant, draft: Draft, entries: list[Entry]
) -> None:
    """The order goes on with its new total: money, refunds, kitchen, server's tip."""
    after, actor, at = draft.after, draft.asked.actor, draft.asked.at
    is_moved = draft.before.server_id != after.server_id
    if is_moved:
        told = {"staff_id": after.server_id}
        entries.append(Entry("order.served_by", actor, after.id, told))
    if after.status is OrderStatus.PENDING:
        done = await _wait_on(conn, restaurant, draft, entries)
    else:
        done = await _stay_paid(conn, restaurant, draft, entries)
    if done.status in _WITH_TICKETS:
        await follow_paper(conn, restaurant, done, at)
    if is_moved:
        await follow_server(conn, restaurant, done, actor, at)


async def _wait_on(
    conn: Conn, restaurant: Restaurant, draft: Draft, entries: list[Entry]
) -> Order:
    """It waits on for its money, or what came is enough now."""
    after, at = draft.after, draft.asked.at
    decision, sets = Decision(after.status, after.flags), {}
    paid = payment_rules.paid_msat(draft.valued)
    if paid >= after.total_msat:
        has_stock = await take_for(conn, restaurant, after, draft.asked.actor, at)
        sets = {"stock_taken_at": at} if has_stock else {}
        decision = order_rules.on_payment(
            *(after, order_rules.Money.PAYS, paid, restaurant, SYSTEM, at),
            stock_short=not has_stock,
        )
    return await carry_out(
        conn, restaurant, after, decision, at, before=entries, sets=sets
    )


async def _stay_paid(
    conn: Conn, restaurant: Restaurant, draft: Draft, entries: list[Entry]
) -> Order:
    """More is due, or some is to go back, or there is more to cook. What was sold
    out may be there now."""
    after, actor, at = draft.after, draft.asked.actor, draft.asked.at
    sets: dict[str, Any] = {}
    judged = after
    is_short = Flag.OVERSOLD in after.flags and after.stock_taken_at is None
    if is_short and await take_for(conn, restaurant, after, actor, at):
        sets = {"stock_taken_at": at}
        judged = replace(after, flags=after.flags - {Flag.OVERSOLD})
    books = await load_books(conn, judged)
    # All of an order in question goes back when somebody says so.
    is_surplus = books.owed_msat == books.surplus_msat
    decision = order_rules.on_edit(after, judged.flags, books, actor, at)
    done = await carry_out(
        *(conn, restaurant, after, decision, at),
        before=entries,
        sets=sets,
        refunding=Refunding.BY_SETTING if is_surplus else Refunding.NEVER,
    )
    if done.lines == draft.before.lines:
        return done
    return await follow_lines(conn, restaurant, done, actor, at)
