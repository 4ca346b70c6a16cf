"""Codes of gift cards, what a card is made with, and what may be taken off it. Pure.

A code is 80 bits in Crockford's base 32: no I, L, O or U, so that nobody misreads it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...core import fields, limits
from ...core.errors import Conflict, Forbidden, NotFound, Refused, invalid
from ...core.ids import sha256_hex, sign
from ...core.money import price_text
from ...core.text import check_text
from ...core.times import rfc3339, rfc3339_or_none
from ...models import Actor, Role
from .models import (
    BalanceView,
    EntryKind,
    GiftCard,
    GiftCardChange,
    GiftCardEntry,
    GiftCardEntryView,
    GiftCardKind,
    GiftCardView,
    NewGiftCard,
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS_PER_CHARACTER = 5
CODE_LENGTH = limits.GIFT_CARD_CODE_BITS // BITS_PER_CHARACTER
GROUP_LENGTH = 4
HINT_LENGTH = 4

_LOOKS_LIKE = str.maketrans("OIL", "011")

# --- codes -----------------------------------------------------------------------


def code_of(secret: str, card_id: str) -> str:
    """The card's code as people see it: ``"7H2K-9QXM-0A4T-ZZ3C"``.

    Derived, never stored; the same for the same card at any time.
    """
    raw = sign(secret, "gift_card", card_id)[: limits.GIFT_CARD_CODE_BITS // 8]
    number = int.from_bytes(raw, "big")
    places = range(CODE_LENGTH - 1, -1, -1)
    plain = "".join(
        ALPHABET[number >> BITS_PER_CHARACTER * place & 31] for place in places
    )
    groups = range(0, CODE_LENGTH, GROUP_LENGTH)
    return "-".join(plain[start : start + GROUP_LENGTH] for start in groups)


def normalized(code: str) -> str:
    """A code as it was typed → its 16 characters.

    Case, spaces and hyphens do not matter; O reads as 0, I and L as 1. Refused
    ``gift_card.code`` when it cannot be a code.
    """
    bare = "".join(code.split()).replace("-", "")
    plain = bare.upper().translate(_LOOKS_LIKE) if bare.isascii() else ""
    if len(plain) != CODE_LENGTH or not set(plain) <= set(ALPHABET):
        raise Refused(
            "gift_card.code",
            f"A gift card's code has {CODE_LENGTH} letters and digits. "
            "Please type it again.",
        )
    return plain


def hash_of(code: str) -> str:
    """What is stored of a code. Refused ``gift_card.code`` when it cannot be one.

    80 random bits need no salt and no slow hash.
    """
    return sha256_hex(normalized(code))


def asked_hash(code: str | None) -> str:
    """As ``hash_of``; Refused ``gift_card.missing`` without a code."""
    if code is None:
        raise Refused("gift_card.missing", "Please give the gift card's code.")
    return hash_of(code)


# --- making and changing ---------------------------------------------------------


def check_issuer(actor: Actor, kind: str) -> None:
    """A till sells cards but gives none away. Forbidden ``access.role``."""
    if actor.role is Role.POS and kind != GiftCardKind.SOLD:
        raise Forbidden("access.role", "A till only sells gift cards.")


def amount_minor(body: NewGiftCard, currency: str) -> int:
    """What a new card is worth; Refused unless it is above zero and fits."""
    try:
        minor = fields.price_minor(body.amount, currency)
    except ValueError as error:
        raise invalid("amount", f"amount {error}.") from error
    if not minor:
        raise invalid("amount", "amount must be above zero.")
    return minor


def new_card(
    card_id: str,
    restaurant_id: str,
    code: str,
    kind: GiftCardKind,
    amount_minor: int,
    currency: str,
    actor: Actor,
    at: int,
) -> GiftCard:
    """A card that is good for ever; its balance is its amount."""
    plain = normalized(code)
    return GiftCard(
        id=card_id,
        restaurant_id=restaurant_id,
        code_hash=sha256_hex(plain),
        hint=plain[-HINT_LENGTH:],
        kind=kind,
        currency=currency,
        amount_minor=amount_minor,
        balance_minor=amount_minor,
        is_blocked=False,
        note=None,
        actor=str(actor),
        created_at=at,
        expires_at=None,
    )


def with_wishes(
    card: GiftCard, body: NewGiftCard | GiftCardChange, at: int
) -> GiftCard:
    """The card with what was sent of expiry, note, person and block.

    An expiry lies ahead and not too far; the one that is there may stay. Refused
    ``field.invalid`` or ``text.invalid`` otherwise.
    """
    sent = body.dict(exclude_unset=True)
    values: dict[str, Any] = {}
    if "expires_at" in sent:
        values["expires_at"] = _expiry(sent["expires_at"], card.expires_at, at)
    if "note" in sent:
        values["note"] = _note(sent["note"])
    if sent.get("person") is not None:
        values["person"] = check_text(sent["person"], "person", limits.PERSON_MAX)
    if "is_blocked" in sent:
        if sent["is_blocked"] is None:
            raise invalid("is_blocked", "is_blocked must not be null.")
        values["is_blocked"] = sent["is_blocked"]
    return replace(card, **values)


def _expiry(value: str | None, present: int | None, at: int) -> int | None:
    if value is None:
        return None
    try:
        moment = fields.moment(value)
    except ValueError as error:
        raise invalid("expires_at", f"expires_at {error}.") from error
    if moment == present:
        return present
    last = at + limits.GIFT_CARD_DAYS_MAX * limits.DAY_MS
    if not at < moment <= last:
        raise invalid(
            "expires_at",
            f"expires_at must lie ahead, at most {limits.GIFT_CARD_DAYS_MAX} days.",
        )
    return moment


def _note(value: str | None) -> str | None:
    if value is None:
        return None
    return check_text(value, "note", limits.NOTE_MAX, lines=True)


def differences(old: GiftCard, new: GiftCard) -> dict[str, Any]:
    """The columns that two states of a card differ in, with their new values."""
    before, after = vars(old), vars(new)
    return {name: after[name] for name in after if after[name] != before[name]}


def change_told(card: GiftCard, changed: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal says about a change: that there is a note, not which."""
    told: dict[str, Any] = {"gift_card_id": card.id, "fields": sorted(changed)}
    if "is_blocked" in changed:
        told["is_blocked"] = card.is_blocked
    if "expires_at" in changed:
        told["expires_at"] = rfc3339_or_none(card.expires_at)
    return told


# --- using -----------------------------------------------------------------------


def is_expired(card: GiftCard, at: int) -> bool:
    """At the very moment of its expiry a card is good no more."""
    return card.expires_at is not None and card.expires_at <= at


def is_usable(card: GiftCard, at: int) -> bool:
    return card.balance_minor > 0 and not card.is_blocked and not is_expired(card, at)


def redeemable_minor(
    card: GiftCard, wanted_minor: int, currency: str, *, is_exact: bool, at: int
) -> int:
    """What comes off the card: what is wanted, or else as much as there is.

    Refused ``gift_card.currency``; Conflict ``gift_card.blocked``, ``.expired``,
    ``.empty``, and ``.short`` when it ``is_exact`` and there is less.
    """
    if card.currency != currency:
        raise Refused(
            "gift_card.currency",
            f"This gift card is in {card.currency}, the order in {currency}.",
        )
    if card.is_blocked:
        raise Conflict("gift_card.blocked", "This gift card is blocked.")
    if is_expired(card, at):
        raise Conflict(
            "gift_card.expired",
            "This gift card has expired.",
            expired_at=rfc3339_or_none(card.expires_at),
        )
    if card.balance_minor <= 0:
        raise Conflict("gift_card.empty", "Nothing is left on this gift card.")
    if is_exact and card.balance_minor < wanted_minor:
        raise short(card)
    return min(card.balance_minor, wanted_minor)


def short(card: GiftCard) -> Conflict:
    balance = price_text(card.balance_minor, card.currency)
    return Conflict(
        "gift_card.short",
        f"Only {balance} {card.currency} is left on this gift card.",
        balance=balance,
    )


def unknown_card() -> NotFound:
    return NotFound("gift_card.unknown", "There is no such gift card here.")


# --- the ledger ------------------------------------------------------------------


def entry(
    entry_id: str,
    card: GiftCard,
    kind: EntryKind,
    delta_minor: int,
    reference: str,
    actor: str,
    at: int,
) -> GiftCardEntry:
    """A line of the card's ledger; ``delta_minor`` is negative when it pays."""
    return GiftCardEntry(
        id=entry_id,
        restaurant_id=card.restaurant_id,
        gift_card_id=card.id,
        kind=kind,
        delta_minor=delta_minor,
        reference=reference,
        actor=actor,
        at=at,
    )


def amount_told(card: GiftCard, minor: int) -> dict[str, Any]:
    """What the journal says about a sum: the card by its id, never by its code."""
    return {
        "gift_card_id": card.id,
        "amount": price_text(minor, card.currency),
        "currency": card.currency,
    }


# --- shapes ----------------------------------------------------------------------


def view(card: GiftCard, at: int) -> GiftCardView:
    """The card without its code."""
    return GiftCardView(
        id=card.id,
        hint=card.hint,
        kind=card.kind.value,
        currency=card.currency,
        amount=price_text(card.amount_minor, card.currency),
        balance=price_text(card.balance_minor, card.currency),
        is_blocked=card.is_blocked,
        is_usable=is_usable(card, at),
        note=card.note,
        actor=card.actor,
        person=card.person,
        created_at=rfc3339(card.created_at),
        expires_at=rfc3339_or_none(card.expires_at),
    )


def entry_views(
    card: GiftCard, entries: Sequence[GiftCardEntry]
) -> list[GiftCardEntryView]:
    return [
        GiftCardEntryView(
            kind=each.kind.value,
            amount=price_text(each.delta_minor, card.currency),
            reference=each.reference,
            actor=each.actor,
            at=rfc3339(each.at),
        )
        for each in entries
    ]


def balance_view(card: GiftCard, at: int) -> BalanceView:
    return BalanceView(
        balance=price_text(card.balance_minor, card.currency),
        currency=card.currency,
        expires_at=rfc3339_or_none(card.expires_at),
        is_usable=is_usable(card, at),
    )
