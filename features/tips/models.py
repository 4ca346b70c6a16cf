"""What a tip is: money of its own, never part of the sales. A ledger of entries says
whose it is; a tip after the meal has an invoice of its own."""

from dataclasses import dataclass

from pydantic import BaseModel, StrictInt

from ...models import Number, Word
from ..payments.models import PaymentInvoice
from ..restaurants.models import TipTo


class TipKind(Word):
    """Why an entry is in the ledger.

    ``checkout``: paid with the order. ``later``: after the meal. ``returned``: went
    back with a refund (below zero), or came again when the refund did not arrive.
    ``moved``: to somebody else. ``shared``: from the pool to its members.
    ``carried``: less than a satoshi, left for the next payout. ``asked``: nothing yet,
    says for whom an invoice is.
    """

    CHECKOUT = "checkout"
    LATER = "later"
    RETURNED = "returned"
    MOVED = "moved"
    SHARED = "shared"
    CARRIED = "carried"
    ASKED = "asked"


@dataclass(frozen=True)
class Whose:
    """Who gets it; ``staff_id`` only with ``server``."""

    recipient: TipTo
    staff_id: str | None = None


@dataclass(frozen=True)
class Sum:
    """An amount in both units: what it is in msat, and in a currency's minor units
    at the rates of its orders."""

    currency: str
    amount_msat: int
    amount_minor: int


@dataclass(frozen=True)
class Tip:
    """One entry of the ledger, never changed but for ``payout_id``: the payout (or the
    sharing of the pool) that took it; None while it is open. ``reference`` is unique
    on the server, so that nothing is entered twice."""

    id: str
    restaurant_id: str
    order_id: str | None
    payment_id: str | None
    kind: TipKind
    reference: str
    recipient: TipTo
    staff_id: str | None
    amount_msat: int
    amount_minor: int
    currency: str
    payout_id: str | None
    at: int

    @property
    def whose(self) -> Whose:
        return Whose(self.recipient, self.staff_id)


@dataclass(frozen=True)
class Balance:
    """What is open for one recipient in one currency."""

    whose: Whose
    sum: Sum


class NewTip(BaseModel):
    """Body of ``POST /orders/{id}/tips``: exactly one of ``amount_msat`` (whole
    satoshi), ``amount`` in the order's currency, and ``percent`` of the order's total
    without its tip. ``to`` is the restaurant's setting unless named."""

    amount_msat: StrictInt | None = None
    amount: Number | None = None
    percent: Number | None = None
    to: TipTo | None = None


class TipView(BaseModel):
    """A tip after the meal. ``status`` is open, paid or expired; ``amount`` is in the
    order's currency."""

    id: str
    order_id: str
    status: str
    amount_msat: int
    amount: str
    currency: str
    to: str
    created_at: str
    expires_at: str
    paid_at: str | None


class TippedView(BaseModel):
    """A tip with its invoice, which is null once it cannot be paid any more."""

    tip: TipView
    invoice: PaymentInvoice | None


class OrderTips(BaseModel):
    """Tips after the meal, oldest first, and whether there may be another.

    ``can_tip`` until ``until``, from ``min_msat`` to ``max_msat``; ``options`` are the
    restaurant's percentages, ``to`` is who gets it unless somebody is named.
    ``checkout_msat`` was tipped with the order itself.
    """

    data: list[TippedView]
    can_tip: bool
    until: str | None
    min_msat: int
    max_msat: int
    options: list[str]
    currency: str
    to: str
    checkout_msat: int


class EntryView(BaseModel):
    """One entry of the ledger. ``status``: open, paying, paid, or shared (a pool's
    entry that went to its members)."""

    id: str
    order_id: str | None
    kind: str
    to: str
    staff_id: str | None
    amount_msat: int
    amount: str
    currency: str
    status: str
    payout_id: str | None
    at: str


class EntryPage(BaseModel):
    """Newest first; ``next`` is the cursor of the next page, or null."""

    data: list[EntryView]
    next: str | None


class AmountView(BaseModel):
    """A part of a balance, at the rates of the orders that it came with."""

    currency: str
    amount: str
    amount_msat: int


class BalanceView(BaseModel):
    """What is open for the restaurant, the pool or somebody; ``payable_msat`` is what
    a payout would bring now, ``waiting_msat`` is in payouts that are not sent yet.
    ``has_destination``: it can be sent by Lightning."""

    to: str
    staff_id: str | None
    name: str | None
    amount_msat: int
    amounts: list[AmountView]
    payable_msat: int
    waiting_msat: int
    has_destination: bool


class BalanceList(BaseModel):
    """The restaurant, the pool, then everybody who works here or is owed something."""

    data: list[BalanceView]
