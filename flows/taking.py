"""A payment is taken: cash, gift card, a fresh invoice, or a checkout by card.

Every method ends in the same row and the same answer; what is asked of the node or
of a card provider happens before the one transaction, with what was due then.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from ..adapters import lightning, system
from ..core import limits
from ..core.errors import Conflict
from ..core.money import cash_step, price_text
from ..core.text import check_text
from ..crud import Conn, read, transaction
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.orders.models import Order
from ..features.payments import crud as payments
from ..features.payments import rules
from ..features.payments.models import (
    Part,
    Payment,
    TakenView,
    TakePayment,
)
from ..features.restaurants.models import Restaurant
from ..features.restaurants.rules import cash_step_minor
from ..models import Actor, PaymentMethod, PaymentStatus
from . import charging, gifting, splitting
from .deciding import announce
from .once import Claim, once
from .paying import Arrived, apply_money, loaded_order, locked_order
from .recording import record
from .ticketing import kick_drawer


@dataclass(frozen=True)
class Payer:
    """Who pays or takes the payment; ``methods`` are the device's, empty for all."""

    actor: Actor
    methods: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taking:
    """One request to pay, on its way through its transaction."""

    order_id: str
    body: TakePayment
    payer: Payer
    claim: Claim
    at: int


@dataclass(frozen=True)
class Bill:
    """An order as a payment finds it: what is due, of it or of the named share."""

    order: Order
    restaurant: Restaurant
    booked: list[Payment]
    due: Part


async def take_payment(
    order_id: str, body: TakePayment, payer: Payer, key: RequestKey | None, at: int
) -> Answer:
    """201 with the payment, the change, and what stays due.

    Cash and gift cards are captured at once; Lightning answers an invoice, a card
    the address of its checkout. Refused ``payment.method``, ``payment.currency``,
    ``payment.amount``, ``payment.tendered``; Conflict ``payment.nothing_due``.
    """
    rules.check_payer(payer.actor, body.method)
    if body.person is not None:
        check_text(body.person, "person", limits.PERSON_MAX)
    take = _TAKERS[body.method]

    async def work(claim: Claim) -> Answer:
        return await take(Taking(order_id, body, payer, claim, at))

    return await once(key, work, at)


async def _take_cash(taking: Taking) -> Answer:
    async with transaction() as conn:
        bill = await _locked_bill(conn, taking)
        step = _cash_step(bill)
        cash = rules.count_cash(bill.order, bill.due, taking.body, step)
        payment = replace(
            _new_payment(taking, bill, cash.part),
            tendered_minor=cash.tendered_minor,
            change_minor=cash.change_minor,
            rounding_minor=cash.rounding_minor,
        )
        payment = await _capture(conn, bill, payment, taking)
        opens_drawer = await kick_drawer(conn, bill.restaurant, bill.order, taking.at)
        if opens_drawer:
            told = {"payment_id": payment.id}
            entry = Entry("drawer.opened", taking.payer.actor, bill.order.id, told)
            await record(conn, bill.restaurant.id, [entry], taking.at)
        answer = _answer(bill, payment, cash.change_minor, opens_drawer=True)
        await taking.claim.finish(conn, answer)
    announce(bill.restaurant.id, taking.order_id)
    return answer


async def _take_gift_card(taking: Taking) -> Answer:
    """As much as was asked for, or as much as card and bill allow."""
    async with transaction() as conn:
        bill = await _locked_bill(conn, taking)
        asked = rules.asked_part(bill.order, bill.due, taking.body)
        payment = _new_payment(taking, bill, asked)
        card, taken_minor = await gifting.redeem(
            conn,
            bill.restaurant,
            taking.body.gift_card_code,
            payment,
            is_exact=taking.body.amount is not None,
            at=taking.at,
        )
        part = rules.paid_part(bill.due, taken_minor)
        payment = replace(
            payment,
            amount_minor=part.amount_minor,
            amount_msat=part.amount_msat,
            gift_card_id=card.id,
        )
        payment = await _capture(conn, bill, payment, taking)
        left = price_text(card.balance_minor, card.currency)
        answer = _answer(bill, payment, 0, gift_card_balance=left)
        await taking.claim.finish(conn, answer)
    announce(bill.restaurant.id, taking.order_id)
    return answer


async def _open_invoice(taking: Taking) -> Answer:
    bill = await _read_bill(taking)
    part = rules.invoice_part(bill.order, bill.due, taking.body)
    invoice = await lightning.create_invoice(
        bill.restaurant, part.amount_msat, taking.at
    )
    payment = replace(
        rules.lightning_payment(
            system.new_id(), bill.order, invoice, taking.payer.actor, taking.at
        ),
        person=taking.body.person,
        share_id=taking.body.share_id,
    )
    return await _store_open(taking, bill, payment)


async def _open_checkout(taking: Taking) -> Answer:
    bill = await _read_bill(taking)
    part = rules.asked_part(bill.order, bill.due, taking.body)
    checkout = await charging.open_checkout(
        bill.restaurant, bill.order, part, taking.body, taking.at
    )
    payment = replace(
        _new_payment(taking, bill, part),
        provider=checkout.provider,
        checkout_url=checkout.url,
        wallet_id=checkout.wallet_id,
        payment_hash=checkout.payment_hash,
        expires_at=checkout.expires_at,
        next_look_at=rules.next_look(taking.at, taking.at),
    )
    return await _store_open(taking, bill, payment)


async def _store_open(taking: Taking, read_bill: Bill, payment: Payment) -> Answer:
    """Keep a payment that waits for its money; refused when the bill moved on."""
    async with transaction() as conn:
        bill = await _locked_bill(conn, taking)
        if bill.due.amount_msat < payment.amount_msat:
            raise Conflict("order.changed", "The order changed. Please try again.")
        await payments.add(conn, payment)
        told = {
            "payment_id": payment.id,
            "method": payment.method.value,
            "amount_msat": payment.amount_msat,
        }
        entry = Entry("payment.created", taking.payer.actor, bill.order.id, told)
        await record(conn, bill.restaurant.id, [entry], taking.at)
        await _keep_waiting(conn, bill, payment)
        answer = _answer(bill, payment, 0)
        await taking.claim.finish(conn, answer)
    announce(read_bill.restaurant.id, taking.order_id)
    return answer


async def _keep_waiting(conn: Conn, bill: Bill, payment: Payment) -> None:
    """A pending order waits for a payment that was just begun as long as for a new
    order's; a checkout by card may live longer, and is late then."""
    order = bill.order
    longest = payment.created_at + bill.restaurant.order_expiry_seconds * 1000
    until = min(payment.expires_at or longest, longest)
    if order.expires_at is None or order.expires_at >= until:
        return
    await conn.run(
        "UPDATE restaurant.orders SET expires_at = :until "
        "WHERE id = :id AND status = 'pending'",
        id=order.id,
        until=until,
    )


async def _read_bill(taking: Taking) -> Bill:
    async with read() as conn:
        order, restaurant = await loaded_order(conn, taking.order_id)
        return await _bill(conn, taking, order, restaurant)


async def _locked_bill(conn: Conn, taking: Taking) -> Bill:
    order, restaurant = await locked_order(conn, taking.order_id)
    return await _bill(conn, taking, order, restaurant)


async def _bill(
    conn: Conn, taking: Taking, order: Order, restaurant: Restaurant
) -> Bill:
    body = taking.body
    rules.check_accepted(
        restaurant.accepted_payments,
        taking.payer.methods,
        body.method,
        order.order_type,
        rules.currency_of(order, body),
    )
    booked = await payments.of_order(conn, order.id)
    rules.check_room(booked)
    due = rules.all_due(order, booked)
    if body.share_id is not None:
        due = await splitting.due_of_share(conn, order, booked, due, body.share_id)
    return Bill(order, restaurant, booked, due)


async def _capture(conn: Conn, bill: Bill, payment: Payment, taking: Taking) -> Payment:
    """Count money that is here already, and let the order go on with it."""
    captured = replace(
        payment,
        status=PaymentStatus.CAPTURED,
        received_msat=payment.amount_msat,
        captured_at=taking.at,
    )
    await payments.add(conn, captured)
    arrived = Arrived(captured, captured.received_msat, taking.payer.actor)
    await apply_money(conn, bill.restaurant, arrived, taking.at)
    return captured


def _new_payment(taking: Taking, bill: Bill, part: Part) -> Payment:
    return Payment(
        id=system.new_id(),
        restaurant_id=bill.restaurant.id,
        order_id=bill.order.id,
        method=taking.body.method,
        status=PaymentStatus.CREATED,
        amount_msat=part.amount_msat,
        currency=bill.order.currency,
        amount_minor=part.amount_minor,
        actor=str(taking.payer.actor),
        person=taking.body.person,
        share_id=taking.body.share_id,
        created_at=taking.at,
    )


def _answer(
    bill: Bill,
    payment: Payment,
    change_minor: int,
    *,
    opens_drawer: bool = False,
    gift_card_balance: str | None = None,
) -> Answer:
    order = bill.order
    booked = [*bill.booked, payment]
    view = TakenView(
        payment=rules.payment_view(payment),
        change=price_text(change_minor, order.currency),
        due=price_text(rules.due_minor(order, booked), order.currency),
        due_msat=rules.due_msat(order.total_msat, rules.paid_msat(booked)),
        opens_drawer=opens_drawer,
        gift_card_balance=gift_card_balance,
        invoice=rules.payment_invoice(payment) if payment.payment_request else None,
    )
    return Answer(201, view.dict(), payment.id)


def _cash_step(bill: Bill) -> int:
    """The coins of the order's own currency, should the restaurant's have changed."""
    if bill.order.currency == bill.restaurant.currency:
        return cash_step_minor(bill.restaurant)
    return cash_step(bill.order.currency)


_TAKERS: dict[PaymentMethod, Callable[[Taking], Awaitable[Answer]]] = {
    PaymentMethod.CASH: _take_cash,
    PaymentMethod.GIFT_CARD: _take_gift_card,
    PaymentMethod.LIGHTNING: _open_invoice,
    PaymentMethod.CARD: _open_checkout,
}
