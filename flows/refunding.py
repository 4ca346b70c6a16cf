"""Refunds are asked for, approved, sent elsewhere, or taken back.

What is asked of other servers happens before the one transaction. A refund counts
from its creation; sending it over Lightning is the loop's work (``sending``).
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from ..adapters import outgoing, system
from ..core import limits
from ..core.errors import Conflict, NotFound, Refused
from ..core.money import is_lightning_unit, to_minor
from ..crud import Conn, read, server_secret, transaction
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.orders import crud as orders
from ..features.orders.models import Order
from ..features.payments import crud as payments
from ..features.payments import rules as payment_rules
from ..features.payments.models import Part, Payment
from ..features.refund_amounts import rules as amounts
from ..features.refunds import crud as refunds
from ..features.refunds import rules
from ..features.refunds.models import (
    Destination,
    DestinationBody,
    Refund,
    RefundBody,
    RefundStatus,
    RefundView,
    Target,
    Wish,
    Worth,
)
from ..features.restaurants.models import Restaurant
from ..features.stock.models import MoveKind
from ..models import Actor, PaymentMethod, Role
from . import gifting, remitting
from .deciding import announce, follow_refunds
from .once import Claim, once
from .paying import loaded_order, locked_order
from .rating import rates_of
from .recording import record
from .returning import approve, destination_of, print_slip, tell
from .stocking import put_back

#: Destinations that a guest may choose for money that waits for them.
GUEST_DESTINATIONS = rules.OVER_LIGHTNING


@dataclass(frozen=True)
class Ledger:
    """An order with all its money, read in one transaction."""

    order: Order
    restaurant: Restaurant
    booked: list[Payment]
    returned: list[Refund]

    @property
    def paid(self) -> Part:
        return amounts.paid_of(self.order, payment_rules.counted(self.booked))


@dataclass(frozen=True)
class Asking:
    """A request for a refund with what had to be found out before its transaction:
    where it goes, how much that was asked for, and today's rate when it is valued by
    it."""

    body: RefundBody
    wish: Wish
    send_msat: int
    rate: Decimal | None
    secret: str
    actor: Actor
    at: int


async def request_refund(
    order_id: str, body: RefundBody, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """201 and the refund: approved at once by owners and managers, by tills below
    the restaurant's limit. Its money is on its way, or waits for the guest.

    Refused ``refund.amount``, ``refund.lines``, ``refund.destination`` …;
    Conflict ``refund.nothing``, ``refund.pending``.
    """

    async def work(claim: Claim) -> Answer:
        async with read() as conn:
            ledger = await load_ledger(conn, order_id)
        rate = await _todays_rate(ledger, body, at)
        amounts.check_refundable(ledger.order, ledger.returned)
        send_msat = _worth(ledger, body, rate).send_msat
        wish = await _checked(ledger, body.destination, send_msat, at)
        secret = await server_secret(system.new_secret())
        asking = Asking(body, wish, send_msat, rate, secret, actor, at)
        async with transaction() as conn:
            ledger = await _locked(conn, order_id)
            refund = await _open(conn, ledger, asking)
            answer = Answer(201, rules.view(refund).dict(), refund.id)
            await claim.finish(conn, answer)
        announce(ledger.restaurant.id, order_id)
        return answer

    return await once(key, work, at)


async def approve_refund(refund_id: str, actor: Actor, at: int) -> RefundView:
    """A manager lets a requested refund go; approving it again changes nothing."""
    secret = await server_secret(system.new_secret())
    async with transaction() as conn:
        ledger, refund = await _locked_refund(conn, refund_id)
        if refund.status in amounts.COUNTED - {RefundStatus.REQUESTED}:
            return rules.view(refund)
        new = await _approve(conn, ledger, refund, secret, actor, at)
        await _store(conn, refund, new)
        await _after(conn, ledger, new, actor, at)
    announce(ledger.restaurant.id, refund.order_id)
    return rules.view(new)


async def cancel_refund(refund_id: str, actor: Actor, at: int) -> RefundView:
    """Take a refund back that has not left; its amount may be refunded otherwise.

    Conflict ``refund.step`` once it is on its way.
    """
    async with transaction() as conn:
        ledger, refund = await _locked_refund(conn, refund_id)
        if refund.status is RefundStatus.CANCELED:
            return rules.view(refund)
        new = rules.canceled(refund, at)
        await _store(conn, refund, new)
        await _after(conn, ledger, new, actor, at)
    announce(ledger.restaurant.id, refund.order_id)
    return rules.view(new)


async def redirect_refund(
    refund_id: str, body: DestinationBody, actor: Actor, at: int
) -> RefundView:
    """Send a refund that waits somewhere else by Lightning.

    For guests who would rather name an address than scan. Conflict ``refund.step``
    once it is on its way.
    """
    if body.to not in GUEST_DESTINATIONS:
        raise Refused(
            "refund.destination", "Only Lightning can be chosen here.", field="to"
        )
    async with read() as conn:
        refund = await _load(conn, refund_id)
        ledger = await load_ledger(conn, refund.order_id)
    wish = await _checked(ledger, body, refund.send_msat, at)
    async with transaction() as conn:
        ledger, refund = await _locked_refund(conn, refund_id)
        is_waiting = refund.status in (RefundStatus.REQUESTED, RefundStatus.APPROVED)
        if not is_waiting or refund.destination not in GUEST_DESTINATIONS:
            raise Conflict("refund.step", "This refund cannot be sent elsewhere now.")
        new = replace(refund, destination=wish.destination, value=wish.value, tries=0)
        if refund.status is RefundStatus.APPROVED:
            new = _sent_anew(ledger, new, at)
        await _store(conn, refund, new)
        entry = Entry("refund.redirected", actor, new.order_id, rules.told(new))
        await record(conn, ledger.restaurant.id, [entry], at)
    announce(ledger.restaurant.id, refund.order_id)
    return rules.view(new)


def _sent_anew(ledger: Ledger, refund: Refund, at: int) -> Refund:
    """An approved refund with another destination is due at once."""
    if refund.destination is Destination.WITHDRAW:
        expires_at = at + ledger.restaurant.withdraw_days * limits.DAY_MS
        return replace(
            refund, next_try_at=expires_at, expires_at=expires_at, problem=None
        )
    return replace(refund, next_try_at=at, expires_at=None, problem=None)


# --- inside the transaction ----------------------------------------------------------


async def _open(conn: Conn, ledger: Ledger, asking: Asking) -> Refund:
    """Create the refund and, where nobody has to approve it, let it go."""
    actor, at = asking.actor, asking.at
    amounts.check_refundable(ledger.order, ledger.returned)
    worth = _worth(ledger, asking.body, asking.rate)
    if worth.send_msat != asking.send_msat:
        raise Conflict("order.changed", "The order changed. Please try again.")
    refund = rules.new_refund(
        system.new_id(), ledger.order, worth, asking.wish, asking.body, actor, at
    )
    rules.check_payable(refund)
    limit = _approval_limit_minor(ledger)
    if not amounts.needs_approval(refund, ledger.returned, actor, limit):
        refund = await _approve(conn, ledger, refund, asking.secret, actor, at)
    await refunds.add(conn, refund)
    await _after(conn, ledger, refund, actor, at)
    return refund


def _approval_limit_minor(ledger: Ledger) -> int:
    """What a till may refund alone; nothing in a currency of before."""
    restaurant, currency = ledger.restaurant, ledger.order.currency
    if currency != restaurant.currency:
        return 0
    return to_minor(restaurant.refund_approval_limit, currency)


async def _approve(
    conn: Conn, ledger: Ledger, refund: Refund, secret: str, actor: Actor, at: int
) -> Refund:
    """Approve, put stock back, and print what the guest takes along."""
    if refund.destination is Destination.GIFT_CARD and refund.gift_card_id is None:
        card = await gifting.issue_for_refund(
            conn,
            ledger.restaurant,
            refund.id,
            refund.amount_minor,
            refund.currency,
            secret,
            actor,
            at,
        )
        allowed = rules.approved(refund, actor, at, 0)
        new = rules.sent(replace(allowed, gift_card_id=card.id), at)
    else:
        new = await approve(conn, ledger.restaurant, refund, actor, at)
    if refund.restocks:
        await _restock(conn, ledger, refund, actor, at)
    await print_slip(conn, ledger.restaurant, ledger.order, new, secret, at)
    return new


async def _restock(
    conn: Conn, ledger: Ledger, refund: Refund, actor: Actor, at: int
) -> None:
    """What was not cooked goes back on the shelf: the lines, or the whole order."""
    order = ledger.order
    if order.stock_taken_at is None:
        return
    items = amounts.to_restock(order, ledger.returned, refund.lines)
    if items:
        told = (ledger.restaurant, order, items, MoveKind.REFUND, actor, at)
        entry = await put_back(conn, *told)
        await record(conn, order.restaurant_id, [entry], at)
    if not refund.lines:
        await orders.forget_stock(conn, order.id)


async def _after(
    conn: Conn, ledger: Ledger, refund: Refund, actor: Actor, at: int
) -> None:
    """Journal the refund's step, and let the order follow."""
    await tell(conn, ledger.restaurant.id, refund, actor, at)
    await follow_refunds(conn, ledger.restaurant, ledger.order, actor, at)


async def _store(conn: Conn, old: Refund, new: Refund) -> None:
    if not await refunds.change(conn, old, new):
        raise Conflict("refund.changed", "Somebody else changed this refund just now.")


# --- before the transaction -------------------------------------------------------


async def _todays_rate(ledger: Ledger, body: RefundBody, at: int) -> Decimal | None:
    """Satoshi per unit of the order's currency, when the refund is valued by it: at
    which the restaurant would sell today, its markup and fixed rates included."""
    currency = ledger.order.currency
    if body.rate != "today" or is_lightning_unit(currency):
        return None
    rates = await rates_of(ledger.restaurant, [currency], [], at)
    return rates.by_currency[currency]


def _worth(ledger: Ledger, body: RefundBody, rate: Decimal | None) -> Worth:
    return amounts.worth_of(ledger.order, ledger.paid, ledger.returned, body, rate)


async def _checked(
    ledger: Ledger, body: DestinationBody | None, send_msat: int, at: int
) -> Wish:
    """A destination that can take the money; its server is asked once."""
    if body is None:
        return destination_of(ledger.order)
    value = rules.destination_value(body)
    if body.to is Destination.BOLT11:
        await check_invoice(ledger, value or "", send_msat, at)
    elif body.to in (Destination.LIGHTNING_ADDRESS, Destination.LNURL):
        await outgoing.check_address(value or "", send_msat)
    elif body.to is Destination.GIFT_CARD:
        card_id = await _card_id(ledger, value)
        return Wish(body.to, None if card_id else rules.NEW_CARD, card_id)
    return Wish(body.to, value)


async def check_invoice(
    ledger: Ledger, payment_request: str, send_msat: int, at: int
) -> Target:
    """A pasted invoice that the refund can be sent to: right amount and network,
    alive, nobody's but a stranger's. Refused ``refund.…``."""
    network = await _network(ledger)
    return await remitting.check_invoice(
        ledger.restaurant.wallet_id, payment_request, send_msat, network, at
    )


async def _network(ledger: Ledger) -> str:
    """The network of the order's own invoices, else of the wallet's."""
    for payment in ledger.booked:
        if payment.payment_request:
            return outgoing.read_invoice(payment.payment_request).currency
    return await outgoing.network_of(ledger.restaurant.wallet_id)


async def _card_id(ledger: Ledger, code: str | None) -> str | None:
    """The card with this code, else the one that paid; None asks for a new card."""
    if code is not None:
        async with read() as conn:
            card = await gifting.find(conn, ledger.restaurant, code)
        if card.currency != ledger.order.currency:
            raise Refused(
                "gift_card.currency", f"This gift card is in {card.currency}."
            )
        return card.id
    paid_by = [p for p in ledger.booked if p.method is PaymentMethod.GIFT_CARD]
    return paid_by[-1].gift_card_id if paid_by else None


# --- reading ----------------------------------------------------------------------


async def show_refunds(order_id: str, role: Role) -> list[RefundView]:
    """The order's refunds; with what is worth the money for its guest, the owner
    and managers."""
    secret = await server_secret(system.new_secret())
    async with read() as conn:
        found = await refunds.of_order(conn, order_id)
    return [view_for(refund, role, secret) for refund in found]


async def show_refund(refund_id: str, role: Role) -> RefundView:
    """One refund; NotFound ``refund.unknown``."""
    secret = await server_secret(system.new_secret())
    async with read() as conn:
        return view_for(await _load(conn, refund_id), role, secret)


def view_for(refund: Refund, role: Role, secret: str) -> RefundView:
    """The shape for a role: see ``RefundView``."""
    view = rules.view(refund)
    if role not in (Role.GUEST, Role.OWNER, Role.MANAGER):
        return view
    if rules.is_fetchable(refund):
        path = rules.withdraw_path(secret, refund.id)
        lnurl = outgoing.public_lnurl(path)
        view = view.copy(update={"withdraw_path": path, "lnurl": lnurl})
    if rules.makes_card(refund) and refund.gift_card_id:
        code = gifting.code_of(secret, refund.gift_card_id)
        view = view.copy(update={"gift_card_code": code})
    return view


async def order_of_refund(refund_id: str) -> str | None:
    """The order that a refund belongs to."""
    if not refund_id.isprintable():
        return None
    async with read() as conn:
        refund = await refunds.load(conn, refund_id)
    return refund.order_id if refund else None


async def _load(conn: Conn, refund_id: str) -> Refund:
    refund = await refunds.load(conn, refund_id)
    if refund is None:
        raise NotFound("refund.unknown", "There is no such refund for you.")
    return refund


async def load_ledger(conn: Conn, order_id: str) -> Ledger:
    """The order with all its money as it is; nothing is locked."""
    order, restaurant = await loaded_order(conn, order_id)
    return await _filled(conn, order, restaurant)


async def _locked(conn: Conn, order_id: str) -> Ledger:
    order, restaurant = await locked_order(conn, order_id)
    return await _filled(conn, order, restaurant)


async def _filled(conn: Conn, order: Order, restaurant: Restaurant) -> Ledger:
    booked = await payments.of_order(conn, order.id)
    return Ledger(order, restaurant, booked, await refunds.of_order(conn, order.id))


async def _locked_refund(conn: Conn, refund_id: str) -> tuple[Ledger, Refund]:
    order_id = (await _load(conn, refund_id)).order_id
    ledger = await _locked(conn, order_id)
    return ledger, await _load(conn, refund_id)
