"""What a gift card is, and the ledger entries that its balance is the sum of."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, StrictBool, StrictFloat, StrictInt, StrictStr

from ...models import Word

#: A decimal number, as text (preferred) or as a JSON number.
Amount = StrictStr | StrictInt | StrictFloat


class GiftCardKind(Word):
    """``sold`` for money at the counter, ``given`` away, or made by a ``refund``."""

    SOLD = "sold"
    GIVEN = "given"
    REFUND = "refund"


class EntryKind(Word):
    ISSUED = "issued"
    REDEEMED = "redeemed"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class GiftCard:
    """A stored card. Its code is known by hash only, ``hint`` is the code's end.

    ``amount_minor`` was on it at issue, ``balance_minor`` is now, both in
    ``currency``. Without ``expires_at`` (ms) it is good for ever.
    """

    id: str
    restaurant_id: str
    code_hash: str
    hint: str
    kind: GiftCardKind
    currency: str
    amount_minor: int
    balance_minor: int
    is_blocked: bool
    note: str | None
    actor: str
    created_at: int
    expires_at: int | None
    person: str | None = None


@dataclass(frozen=True)
class GiftCardEntry:
    """One line of the ledger, never changed. ``reference`` (``payment:<id>``) is
    unique on the server, so that nothing is booked twice."""

    id: str
    restaurant_id: str
    gift_card_id: str
    kind: EntryKind
    delta_minor: int
    reference: str
    actor: str
    at: int


class NewGiftCard(BaseModel):
    """Body of ``POST /restaurants/{id}/gift_cards``.

    ``amount`` is in the restaurant's currency. ``sold``: its price was taken over
    the counter. ``person`` says who held the device.
    """

    amount: Amount
    kind: Literal["sold", "given"]
    expires_at: StrictStr | None = None
    note: StrictStr | None = None
    person: StrictStr | None = None


class GiftCardChange(BaseModel):
    """Body of ``PATCH /gift_cards/{id}``: what is sent changes, the rest stays."""

    is_blocked: StrictBool | None = None
    expires_at: StrictStr | None = None
    note: StrictStr | None = None


class CodeQuestion(BaseModel):
    """Body of ``POST /restaurants/{id}/gift_cards/balance``."""

    code: StrictStr


class GiftCardView(BaseModel):
    """A card as its restaurant sees it; ``hint`` is the end of its code."""

    id: str
    hint: str
    kind: str
    currency: str
    amount: str
    balance: str
    is_blocked: bool
    is_usable: bool
    note: str | None
    actor: str
    person: str | None
    created_at: str
    expires_at: str | None


class IssuedView(GiftCardView):
    """The answer to issuing: the only one that shows the code."""

    code: str


class GiftCardEntryView(BaseModel):
    """``amount`` is what the entry added; ``reference`` says what for, such as
    ``payment:<id>``."""

    kind: str
    amount: str
    reference: str
    actor: str
    at: str


class GiftCardDetail(GiftCardView):
    """A card with the newest of its ledger's entries, newest first."""

    entries: list[GiftCardEntryView]


class GiftCardPage(BaseModel):
    """Newest first; ``next`` is the cursor of the next page, or null."""

    data: list[GiftCardView]
    next: str | None


class BalanceView(BaseModel):
    """What whoever holds the code may know."""

    balance: str
    currency: str
    expires_at: str | None
    is_usable: bool
