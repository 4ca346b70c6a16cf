"""Card holders contest payments: told by staff, or found at the provider."""

from ..adapters import cards, lightning
from ..adapters.log import log_failure
from ..core import limits
from ..core.errors import Conflict, NotFound
from ..core.text import check_text
from ..crud import Conn, transaction
from ..features.journal.models import Entry
from ..features.orders import rules as order_rules
from ..features.orders.models import Order
from ..features.orders.rules import Decision
from ..features.payments import crud as payments
from ..features.payments import rules
from ..features.payments.models import DisputeNews, Payment, PaymentView
from ..models import SYSTEM, Actor, Flag, PaymentMethod, PaymentStatus
from .deciding import announce, carry_out
from .paying import locked_order
from .recording import record

P = PaymentStatus

EVENTS = {
    "opened": "payment.disputed",
    "won": "payment.dispute_won",
    "lost": "payment.dispute_lost",
    "closed": "payment.dispute_closed",
}
#: From which states each news may come.
_BEFORE = {
    "opened": {P.CAPTURED, P.SETTLED},
    "won": {P.DISPUTED},
    "lost": {P.DISPUTED},
    "closed": {P.VOIDED},
}
#: Where each news leads, for payments that were contested once.
_AFTER = {
    "opened": {P.DISPUTED},
    "won": {P.CAPTURED, P.SETTLED},
    "lost": {P.VOIDED},
}


async def settle_dispute(
    payment_id: str, news: DisputeNews, actor: Actor, at: int
) -> PaymentView:
    """The payment after the news; the same news again changes and journals nothing.

    Opened: contested money still counts, and the order is flagged. Won: as if
    nothing had been. Lost: the money is gone and due again; the flag stays up until
    somebody who saw it closes the dispute. Conflict ``payment.step``.
    """
    if news.reason is not None:
        check_text(news.reason, "reason", limits.NOTE_MAX)
    async with transaction() as conn:
        payment = await _load(conn, payment_id)
        order, restaurant = await locked_order(conn, payment.order_id)
        payment = await _load(conn, payment_id)
        if not _is_new(payment, order, news):
            return rules.payment_view(payment)
        await _change(conn, payment, news, at)
        entry = _entry(payment, news, actor)
        decision = await _decide(conn, order, payment, news, actor)
        if decision:
            await carry_out(conn, restaurant, order, decision, at, before=[entry])
        else:
            await record(conn, restaurant.id, [entry], at)
        view = rules.payment_view(await _load(conn, payment_id))
    announce(restaurant.id, order.id)
    return view


async def watch_disputes(at: int) -> int:
    """Ask about the card payments that are due for a look; the number looked at."""
    since = at - limits.DISPUTE_HORIZON_MS
    async with transaction() as conn:
        due = await payments.cards_to_watch(conn, since, at, limits.DISPUTES_PER_ROUND)
        next_look_at = at + limits.DISPUTE_LOOK_GAP_MS
        await payments.plan_looks(conn, {each.id: next_look_at for each in due})
    known = await lightning.invoices_in_books(
        [each.payment_hash for each in due if each.payment_hash]
    )
    for payment in due:
        row = known.get(payment.payment_hash or "")
        news = row and await cards.dispute_of(row, at)
        if news:
            await _take_note(payment, news, at)
    return len(due)


async def _take_note(payment: Payment, news: DisputeNews, at: int) -> None:
    """Believe what the provider says, also when its beginning was missed."""
    try:
        if news.outcome != "opened" and payment.disputed_at is None:
            opened = news.copy(update={"outcome": "opened"})
            await settle_dispute(payment.id, opened, SYSTEM, at)
        await settle_dispute(payment.id, news, SYSTEM, at)
    except Exception:
        log_failure("a dispute will be looked at again")


def _is_new(payment: Payment, order: Order, news: DisputeNews) -> bool:
    """False when the news are known; Conflict when they cannot be."""
    was_contested = payment.disputed_at is not None
    if was_contested and payment.status in _AFTER.get(news.outcome, ()):
        return False
    is_step = payment.status in _BEFORE[news.outcome]
    if news.outcome == "closed" and is_step and was_contested:
        return Flag.DISPUTED in order.flags
    is_card = payment.method is PaymentMethod.CARD
    if not is_card or not is_step or news.outcome == "closed":
        raise Conflict(
            "payment.step",
            f"A {payment.method.value} payment that is {payment.status.value} has no "
            f"dispute that could be {news.outcome}.",
            allowed=_allowed(payment),
        )
    return True


def _allowed(payment: Payment) -> list[str]:
    if payment.method is not PaymentMethod.CARD:
        return []
    return [
        news
        for news, before in _BEFORE.items()
        if payment.status in before
        and (news != "closed" or payment.disputed_at is not None)
    ]


async def _change(conn: Conn, payment: Payment, news: DisputeNews, at: int) -> None:
    if news.outcome == "opened":
        done = await payments.dispute(conn, payment, at)
    elif news.outcome == "closed":
        done = True
    else:
        is_won = news.outcome == "won"
        done = await payments.end_dispute(conn, payment, is_won=is_won)
    if not done:
        raise Conflict("order.changed", "Somebody else changed this payment just now.")


async def _decide(
    conn: Conn, order: Order, payment: Payment, news: DisputeNews, actor: Actor
) -> Decision | None:
    """The flag is up while a dispute of the order is open, or lost and not closed."""
    if news.outcome in ("opened", "lost"):
        return order_rules.flag(order, Flag.DISPUTED, actor)
    open_states = {P.DISPUTED} if news.outcome == "closed" else {P.DISPUTED, P.VOIDED}
    for other in await payments.of_order(conn, order.id):
        is_contested = other.disputed_at is not None and other.status in open_states
        if other.id != payment.id and is_contested:
            return None
    return order_rules.unflag(order, Flag.DISPUTED, actor)


def _entry(payment: Payment, news: DisputeNews, actor: Actor) -> Entry:
    told = {
        "payment_id": payment.id,
        "method": payment.method.value,
        "received_msat": payment.received_msat,
    }
    if news.reason:
        told["reason"] = news.reason
    return Entry(EVENTS[news.outcome], actor, payment.order_id, told)


async def _load(conn: Conn, payment_id: str) -> Payment:
    payment = await payments.load(conn, payment_id)
    if payment is None:
        raise NotFound("payment.unknown", "There is no such payment for you.")
    return payment
