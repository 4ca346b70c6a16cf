"""Pieces of refunding that join other transactions: what an order's books say, and
money that goes back by itself."""

from collections.abc import Sequence
from dataclasses import replace

from ..adapters import outgoing, system
from ..core import limits
from ..core.money import price_text
from ..crud import Conn, secret_in
from ..features.journal.models import Entry
from ..features.orders.models import Books, Order
from ..features.payments import crud as payments
from ..features.payments import rules as payment_rules
from ..features.payments.models import Part, Payment
from ..features.refund_amounts import rules as amounts
from ..features.refunds import crud as refunds
from ..features.refunds import rules
from ..features.refunds.models import (
    Destination,
    Refund,
    RefundBody,
    RefundStatus,
    Wish,
    Worth,
)
from ..features.restaurants.models import Restaurant
from ..features.slips.models import SlipLine, VoidSlip
from ..models import SYSTEM, Actor, PaymentMethod
from .gifting import give_back
from .recording import record
from .ticketing import kick_drawer, print_void_slip


def books_of(
    order: Order, booked: Sequence[Payment], returned: Sequence[Refund]
) -> Books:
    """What the order's payments and refunds add up to."""
    paid = payment_rules.paid_msat(booked)
    return Books(
        paid_msat=paid,
        refunded_msat=amounts.sent_msat(returned),
        refundable_msat=amounts.refundable_msat(paid, returned),
        owed_msat=amounts.owed_msat(order, paid, returned),
        has_requests=any(r.status is RefundStatus.REQUESTED for r in returned),
        surplus_msat=amounts.surplus_msat(order, paid, returned),
        due_minor=payment_rules.due_minor(order, booked),
        standing=payment_rules.standing(order, paid).value,
    )


async def load_books(conn: Conn, order: Order) -> Books:
    booked = await payments.of_order(conn, order.id)
    return books_of(order, booked, await refunds.of_order(conn, order.id))


async def left_to_restock(conn: Conn, order: Order) -> dict[str, int]:
    """What of an order's stock, by its id, nobody began and no refund has put back
    yet."""
    lines = tuple(line for line in order.lines if not line.is_begun)
    returned = await refunds.of_order(conn, order.id)
    return amounts.to_restock(replace(order, lines=lines), returned)


async def refund_by_itself(
    conn: Conn, restaurant: Restaurant, order: Order, at: int
) -> list[Entry]:
    """Give owed money back the way it came, in the caller's transaction.

    Lightning goes to the address of the checkout or waits for an LNURL-withdraw,
    gift cards get theirs at once; cash and cards are left to a human.
    """
    booked = await payments.of_order(conn, order.id)
    returned = await refunds.of_order(conn, order.id)
    counted = payment_rules.counted(booked)
    paid = amounts.paid_of(order, counted)
    owed = amounts.owed_msat(order, paid.amount_msat, returned)
    entries: list[Entry] = []
    for payment, part_msat in amounts.automatic_parts(counted, returned, owed):
        refund = _automatic(order, paid, payment, part_msat, returned, at)
        refund = await approve(conn, restaurant, refund, SYSTEM, at)
        await refunds.add(conn, refund)
        returned = [*returned, refund]
        secret = await secret_in(conn)
        await print_slip(conn, restaurant, order, refund, secret, at)
        entries += [_entry(refund, SYSTEM)]
    return entries


def _automatic(
    order: Order,
    paid: Part,
    payment: Payment,
    part_msat: int,
    returned: Sequence[Refund],
    at: int,
) -> Refund:
    rest = amounts.left_of(paid, returned)
    surplus = amounts.surplus_of(order, paid, returned)
    minor = amounts.part_of(order, rest, surplus, part_msat).amount_minor
    if payment.amount_minor is not None and part_msat == payment.received_msat:
        minor = payment.amount_minor
    wish = destination_of(order)
    if payment.method is PaymentMethod.GIFT_CARD:
        wish = Wish(Destination.GIFT_CARD, None, payment.gift_card_id)
    worth = Worth(part_msat, part_msat, minor)
    new_id = system.new_id()
    return rules.new_refund(new_id, order, worth, wish, RefundBody(), SYSTEM, at)


def destination_of(order: Order) -> Wish:
    """Where the guest asked for at checkout, else an LNURL-withdraw."""
    if not order.refund_to:
        return Wish(Destination.WITHDRAW)
    is_address = "@" in order.refund_to
    kind = Destination.LIGHTNING_ADDRESS if is_address else Destination.LNURL
    return Wish(kind, order.refund_to)


async def approve(
    conn: Conn, restaurant: Restaurant, refund: Refund, actor: Actor, at: int
) -> Refund:
    """The refund as it is after approval: gift cards and cash are paid out at once,
    Lightning is for the sending loop. The caller stores it."""
    withdraw_ms = restaurant.withdraw_days * limits.DAY_MS
    after = rules.approved(refund, actor, at, withdraw_ms)
    if after.destination is Destination.CASH:
        return rules.sent(after, at)
    if after.destination is not Destination.GIFT_CARD:
        return after
    card_id = after.gift_card_id or ""
    credited = await give_back(
        conn, restaurant, card_id, after.id, after.amount_minor, actor, at
    )
    if not credited:
        raise LookupError(f"gift card of refund {refund.id} vanished")
    return rules.sent(after, at)


async def print_slip(
    conn: Conn,
    restaurant: Restaurant,
    order: Order,
    refund: Refund,
    secret: str,
    at: int,
) -> None:
    """Paper for the guest, with the LNURL to fetch the money by; cash is in the
    drawer, which opens."""
    names = {line.id: line.name for line in order.lines}
    lnurl = None
    if rules.is_fetchable(refund):
        lnurl = outgoing.public_lnurl(rules.withdraw_path(secret, refund.id))
    slip = VoidSlip(
        amount=f"{price_text(refund.amount_minor, refund.currency)} {refund.currency}",
        amount_sat=refund.send_msat // 1000,
        reason=refund.reason,
        destination=rules.said(refund.destination, has_code=lnurl is not None),
        way="code" if lnurl else refund.destination.value,
        lines=tuple(
            SlipLine(quantity=line.quantity, name=names[line.line_id])
            for line in refund.lines
        ),
        lnurl=lnurl,
        expires_at=refund.expires_at,
    )
    await print_void_slip(conn, restaurant, order, slip, at)
    is_paid_out = refund.destination is Destination.CASH
    if is_paid_out and await kick_drawer(conn, restaurant, order, at):
        entry = Entry("drawer.opened", SYSTEM, order.id, {"refund_id": refund.id})
        await record(conn, restaurant.id, [entry], at)


def _entry(refund: Refund, actor: Actor) -> Entry:
    """The journal's line about where a refund stands now."""
    event = f"refund.{refund.status.value}"
    return Entry(event, actor, refund.order_id, rules.told(refund))


async def tell(
    conn: Conn, restaurant_id: str, refund: Refund, actor: Actor, at: int
) -> None:
    """Journal where a refund stands now."""
    await record(conn, restaurant_id, [_entry(refund, actor)], at)
