"""Tips after the meal: asked for with an invoice of their own, and listed; and what
the ledger of tips tells."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from ..adapters import lightning, system
from ..adapters.wake import wake
from ..core import limits
from ..core.errors import RestaurantError, invalid
from ..core.paging import Place, cursor_of
from ..core.times import rfc3339_or_none
from ..crud import Conn, read, transaction
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.orders.models import Order
from ..features.payments import crud as payments
from ..features.payments import rules as payment_rules
from ..features.payments.models import Invoice, Payment
from ..features.payouts import crud as payouts
from ..features.payouts import rules as payout_rules
from ..features.restaurants.models import Restaurant, TipTo
from ..features.staff import crud as staff
from ..features.tips import crud as tips
from ..features.tips import rules
from ..features.tips.models import (
    BalanceList,
    EntryPage,
    NewTip,
    OrderTips,
    Sum,
    Tip,
    TippedView,
    Whose,
)
from ..models import GUEST, Actor, PaymentMethod
from .once import Claim, once
from .paying import loaded_order, locked_order
from .rating import rates_of
from .recording import record
from .taking import Payer
from .tip_books import whose_tip

#: Later than every entry.
FOREVER = 2**62


@dataclass(frozen=True)
class Asking:
    """A tip that somebody wants to give, with its invoice."""

    tip: Sum
    wish: TipTo | None
    invoice: Invoice
    actor: Actor


async def ask_tip(
    order_id: str, body: NewTip, payer: Payer, key: RequestKey | None, at: int
) -> Answer:
    """201 with a tip and the invoice for it, and for nothing else.

    Refused ``field.invalid``, ``tip.too_small``, ``tip.too_large``,
    ``payment.method``; Conflict ``tip.unpaid``, ``tip.over``, ``tip.too_many``.
    """

    async def work(claim: Claim) -> Answer:
        async with read() as conn:
            order, restaurant = await loaded_order(conn, order_id)
            await _check(conn, order, restaurant, payer, at)
        tip = rules.asked(order, body, await _rate(order, restaurant, body, at))
        invoice = await lightning.create_invoice(restaurant, tip.amount_msat, at)
        asking = Asking(tip, body.to, invoice, payer.actor)
        async with transaction() as conn:
            order, restaurant = await locked_order(conn, order_id)
            await _check(conn, order, restaurant, payer, at)
            view = await _store(conn, order, restaurant, asking, at)
            answer = Answer(201, view.dict(), view.tip.id)
            await claim.finish(conn, answer)
        wake(f"events:{restaurant.id}", f"order:{order_id}")
        return answer

    return await once(key, work, at)


async def _check(
    conn: Conn, order: Order, restaurant: Restaurant, payer: Payer, at: int
) -> None:
    rules.check_open(order, restaurant.tip_days, at)
    payment_rules.check_accepted(
        restaurant.accepted_payments,
        payer.methods,
        PaymentMethod.LIGHTNING,
        order.order_type,
        "sat",
    )
    rules.check_room(await payments.tips_of_order(conn, order.id), at)


async def _rate(
    order: Order, restaurant: Restaurant, body: NewTip, at: int
) -> Decimal | None:
    """Today's rate, for an amount in a currency that the order has no rate of."""
    if not rules.needs_rate(order, body):
        return None
    rates = await rates_of(restaurant, [order.currency], [], at)
    return rates.by_currency[order.currency]


async def _store(
    conn: Conn, order: Order, restaurant: Restaurant, asking: Asking, at: int
) -> TippedView:
    """The open payment of the tip, and the entry that says whose it will be."""
    owner = await whose_tip(conn, restaurant, order.id, asking.wish)
    tip_id = system.new_id()
    payment = replace(
        payment_rules.lightning_payment(
            system.new_id(), order, asking.invoice, asking.actor, at
        ),
        tip_id=tip_id,
        currency=asking.tip.currency,
        amount_minor=asking.tip.amount_minor,
    )
    asked_for = rules.asking(order, owner, tip_id, payment.id, asking.tip, at)
    await payments.add(conn, payment)
    await tips.enter_all(conn, [asked_for])
    told = {**rules.told(asked_for), "amount_msat": payment.amount_msat}
    entry = Entry("tip.asked", asking.actor, order.id, told)
    await record(conn, restaurant.id, [entry], at)
    invoice = payment_rules.payment_invoice(payment)
    return rules.tipped_view(asked_for, payment, invoice, at)


async def show_tips(order_id: str, at: int) -> OrderTips:
    """An order's tips after the meal, and whether there may be another."""
    async with read() as conn:
        order, restaurant = await loaded_order(conn, order_id)
        booked = await payments.tips_of_order(conn, order_id)
        asked_for = await tips.asked_for(conn, [each.tip_id or "" for each in booked])
        owner = await whose_tip(conn, restaurant, order_id, None)
        can_tip = await _can_tip(conn, order, restaurant, at)
    return OrderTips(
        data=[_tipped(asked_for, payment, at) for payment in booked],
        can_tip=can_tip,
        until=rfc3339_or_none(rules.tips_until(order, restaurant.tip_days)),
        min_msat=limits.TIP_MIN_MSAT,
        max_msat=rules.max_msat(order),
        options=list(restaurant.tip_options),
        currency=order.currency,
        to=owner.recipient.value,
        checkout_msat=order.tip_msat,
    )


async def _can_tip(conn: Conn, order: Order, restaurant: Restaurant, at: int) -> bool:
    try:
        await _check(conn, order, restaurant, Payer(GUEST), at)
    except RestaurantError:
        return False
    return True


def _tipped(asked_for: Mapping[str, Tip], payment: Payment, at: int) -> TippedView:
    invoice = payment_rules.payment_invoice(payment)
    return rules.tipped_view(asked_for[payment.tip_id or ""], payment, invoice, at)


# --- the ledger ----------------------------------------------------------------------


async def tips_of(
    restaurant_id: str,
    period: tuple[int | None, int | None],
    status: str | None,
    limit: int,
    after: Place,
) -> EntryPage:
    """Entries of the ledger from and before these times (ms), newest first. Refused
    ``field.invalid`` for an unknown status."""
    if status is not None and status not in rules.STATUSES:
        raise invalid("status", f"status is one of {', '.join(rules.STATUSES)}.")
    since, until = period
    times = (since or 0, FOREVER if until is None else until)
    async with read() as conn:
        found = await tips.page_of(conn, restaurant_id, times, status, limit, after)
    last = found[-1][0] if len(found) == limit else None
    return EntryPage(
        data=[rules.entry_view(tip, of_payout) for tip, of_payout in found],
        next=cursor_of(last.at, last.id) if last else None,
    )


async def tip_balances(restaurant_id: str) -> BalanceList:
    """What is open for the restaurant, the pool, and everybody."""
    async with read() as conn:
        found = await tips.balances(conn, restaurant_id)
        members = await staff.all_of(conn, restaurant_id)
        waiting = await payouts.under_way(conn, restaurant_id)
    sums: dict[Whose, list[Sum]] = {
        Whose(TipTo.RESTAURANT): [],
        Whose(TipTo.POOL): [],
        **{Whose(TipTo.SERVER, each.id): [] for each in members},
    }
    for balance in found:
        if balance.sum.amount_msat or balance.sum.amount_minor:
            sums.setdefault(balance.whose, []).append(balance.sum)
    by_id = {each.id: each for each in members}
    return BalanceList(
        data=[
            payout_rules.balance_view(
                whose,
                parts,
                by_id.get(whose.staff_id or ""),
                waiting.get(whose.staff_id or "", 0),
            )
            for whose, parts in sums.items()
        ]
    )
