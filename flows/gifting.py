"""Gift cards: issued, shown, changed; and for payments and refunds, in their own
transaction, redeemed and given back.

A balance changes only with a ledger entry, whose reference is unique.
"""

from dataclasses import replace

from ..adapters import system
from ..adapters.wake import wake
from ..core import limits
from ..core.errors import Conflict, NotFound
from ..core.paging import Place, cursor_of
from ..crud import Conn, read, server_secret, transaction
from ..features.gift_cards import crud as cards
from ..features.gift_cards import rules
from ..features.gift_cards.models import (
    BalanceView,
    EntryKind,
    GiftCard,
    GiftCardChange,
    GiftCardDetail,
    GiftCardKind,
    GiftCardPage,
    GiftCardView,
    NewGiftCard,
)
from ..features.gift_cards.rules import code_of
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.payments.models import Payment
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..models import Actor, Role
from .managing import locked
from .once import Claim, once
from .recording import record

__all__ = [
    "change_gift_card",
    "code_of",
    "find",
    "gift_card_balance",
    "gift_cards_of",
    "give_back",
    "issue_for_refund",
    "issue_gift_card",
    "redeem",
    "show_gift_card",
]

# --- at the counter --------------------------------------------------------------


async def issue_gift_card(
    restaurant_id: str,
    body: NewGiftCard,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """A new card: 201 with its code, which is never stored and never shown again,
    except to the same Idempotency-Key.

    Forbidden when a till gives one away; Refused for a wrong field; Conflict
    ``gift_cards.too_many``.
    """
    rules.check_issuer(actor, body.kind)
    secret = await server_secret(system.new_secret())

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            restaurant = await locked(conn, restaurant_id)
            if await cards.count(conn, restaurant.id) >= limits.GIFT_CARDS_MAX:
                raise Conflict("gift_cards.too_many", "There are too many gift cards.")
            card = _drafted(restaurant, body, secret, actor, at)
            await _issue(conn, card, f"issue:{card.id}", actor, at)
            answer = Answer(201, rules.view(card, at).dict(), card.id)
            await claim.finish(conn, answer)
        wake(f"events:{restaurant_id}")
        return answer

    answer = await once(key, work, at)
    code = code_of(secret, answer.resource_id)
    return replace(answer, body={**answer.body, "code": code})


def _drafted(
    restaurant: Restaurant, body: NewGiftCard, secret: str, actor: Actor, at: int
) -> GiftCard:
    """The card that a request asks for, in the currency of this moment."""
    currency = restaurant.currency
    minor = rules.amount_minor(body, currency)
    kind = GiftCardKind(body.kind)
    card_id = system.new_id()
    code = code_of(secret, card_id)
    card = rules.new_card(
        card_id, restaurant.id, code, kind, minor, currency, actor, at
    )
    return rules.with_wishes(card, body, at)


async def change_gift_card(
    restaurant_id: str, card_id: str, body: GiftCardChange, actor: Actor, at: int
) -> GiftCardView:
    """Block or free a card, move its expiry, note something; the same values change
    nothing. Refused for a wrong field."""
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        old = await _own(conn, restaurant_id, card_id)
        new = rules.with_wishes(old, body, at)
        changed = rules.differences(old, new)
        if not changed:
            return rules.view(old, at)
        await cards.change(conn, card_id, changed)
        told = rules.change_told(new, changed)
        entry = Entry("gift_card.changed", actor, payload=told)
        await record(conn, restaurant_id, [entry], at)
    wake(f"events:{restaurant_id}")
    return rules.view(new, at)


async def gift_cards_of(
    restaurant_id: str, limit: int, after: Place, at: int
) -> GiftCardPage:
    """Newest first, without codes."""
    async with read() as conn:
        found = await cards.page_of(conn, restaurant_id, limit, after)
    last = found[-1] if len(found) == limit else None
    return GiftCardPage(
        data=[rules.view(card, at) for card in found],
        next=cursor_of(last.created_at, last.id) if last else None,
    )


async def show_gift_card(restaurant_id: str, card_id: str, at: int) -> GiftCardDetail:
    """A card with the newest entries of its ledger."""
    async with read() as conn:
        card = await _own(conn, restaurant_id, card_id)
        entries = await cards.entries_of(conn, card_id, limits.PAGE_MAX)
    return GiftCardDetail(
        **rules.view(card, at).dict(), entries=rules.entry_views(card, entries)
    )


async def gift_card_balance(id_or_slug: str, code: str, at: int) -> BalanceView:
    """For whoever holds the code. Refused ``gift_card.code``; NotFound
    ``gift_card.unknown``, ``restaurant.unknown``."""
    async with read() as conn:
        restaurant = await restaurants.load(conn, id_or_slug)
        if restaurant is None:
            raise NotFound("restaurant.unknown", "There is no such restaurant.")
        card = await find(conn, restaurant, code)
    return rules.balance_view(card, at)


# --- inside a payment's transaction ----------------------------------------------


async def find(conn: Conn, restaurant: Restaurant, code: str | None) -> GiftCard:
    """The restaurant's card of this code, whatever its state.

    Refused ``gift_card.missing``, ``gift_card.code``; NotFound ``gift_card.unknown``.
    """
    code_hash = rules.asked_hash(code)
    card = await cards.by_code_hash(conn, restaurant.id, code_hash)
    if card is None:
        raise rules.unknown_card()
    return card


async def redeem(
    conn: Conn,
    restaurant: Restaurant,
    code: str | None,
    payment: Payment,
    *,
    is_exact: bool,
    at: int,
) -> tuple[GiftCard, int]:
    """Take ``payment.amount_minor`` off the card, or as much as there is unless it
    ``is_exact``: the card as it is then, and what was taken in minor units.

    Raises as ``find``; Refused ``gift_card.currency``; Conflict
    ``gift_card.blocked``, ``.expired``, ``.empty``, ``.short``, ``.booked``.
    """
    card = await find(conn, restaurant, code)
    wanted = payment.amount_minor or 0
    minor = rules.redeemable_minor(
        card, wanted, payment.currency, is_exact=is_exact, at=at
    )
    if not await cards.take(conn, card.id, minor):
        raise rules.short(await cards.load(conn, card.id) or card)
    reference = f"payment:{payment.id}"
    entry = rules.entry(
        *(system.new_id(), card, EntryKind.REDEEMED, -minor, reference),
        *(payment.actor, at),
    )
    if not await cards.book(conn, entry):
        raise Conflict("gift_card.booked", "This payment is booked already.")
    card = replace(card, balance_minor=card.balance_minor - minor)
    told = {"payment_id": payment.id, **rules.amount_told(card, minor)}
    actor = _actor_of(payment)
    entries = [Entry("gift_card.redeemed", actor, payment.order_id, told)]
    await record(conn, restaurant.id, entries, at)
    return card, minor


# --- inside a refund's transaction -----------------------------------------------


async def give_back(
    conn: Conn,
    restaurant: Restaurant,
    gift_card_id: str,
    refund_id: str,
    amount_minor: int,
    actor: Actor,
    at: int,
) -> bool:
    """Put a refund on the card, also on one that is blocked or expired: it stays so.

    A refund is put back once; again changes nothing. False when the restaurant has
    no such card. The amount is in the card's currency.
    """
    card = await cards.load(conn, gift_card_id)
    if card is None or card.restaurant_id != restaurant.id:
        return False
    reference = f"refund:{refund_id}"
    entry = rules.entry(
        *(system.new_id(), card, EntryKind.REFUNDED, amount_minor, reference),
        *(str(actor), at),
    )
    if not await cards.book(conn, entry):
        return True
    await cards.put_back(conn, card.id, amount_minor)
    told = {"refund_id": refund_id, **rules.amount_told(card, amount_minor)}
    entries = [Entry("gift_card.refunded", actor, payload=told)]
    await record(conn, restaurant.id, entries, at)
    return True


async def issue_for_refund(
    conn: Conn,
    restaurant: Restaurant,
    refund_id: str,
    amount_minor: int,
    currency: str,
    secret: str,
    actor: Actor,
    at: int,
) -> GiftCard:
    """A card that holds a refund and never expires; its code is ``code_of`` its id.

    One refund makes one card: again answers the first. However many cards there
    are, money that is owed goes back.
    """
    reference = f"refund:{refund_id}"
    if booked := await cards.by_reference(conn, reference):
        return await _own(conn, restaurant.id, booked.gift_card_id)
    card_id = system.new_id()
    card = rules.new_card(
        *(card_id, restaurant.id, code_of(secret, card_id), GiftCardKind.REFUND),
        *(amount_minor, currency, actor, at),
    )
    await _issue(conn, card, reference, actor, at)
    return card


# --- shared ----------------------------------------------------------------------


async def _issue(
    conn: Conn, card: GiftCard, reference: str, actor: Actor, at: int
) -> None:
    """Store a new card with the first entry of its ledger."""
    entry = rules.entry(
        *(system.new_id(), card, EntryKind.ISSUED, card.amount_minor, reference),
        *(str(actor), at),
    )
    if not await cards.book(conn, entry):
        raise Conflict("gift_card.booked", "This gift card is issued already.")
    await cards.add(conn, card)
    told = {"kind": card.kind.value, **rules.amount_told(card, card.amount_minor)}
    entries = [Entry("gift_card.issued", actor, payload=told)]
    await record(conn, card.restaurant_id, entries, at)


async def _own(conn: Conn, restaurant_id: str, card_id: str) -> GiftCard:
    card = await cards.load(conn, card_id)
    if card is None or card.restaurant_id != restaurant_id:
        raise rules.unknown_card()
    return card


def _actor_of(payment: Payment) -> Actor:
    """Who took a payment, from the text that it keeps."""
    role, _, device_id = payment.actor.partition(":")
    return Actor(Role(role), device_id or None)
