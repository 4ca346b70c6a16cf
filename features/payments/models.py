"""What a payment is: one attempt to pay an order by one method."""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from pydantic import BaseModel, StrictStr

from ...models import PaymentMethod, PaymentStatus, Word


@dataclass(frozen=True)
class Invoice:
    """A bolt11 as the node made it. ``expires_at`` in milliseconds."""

    payment_hash: str
    payment_request: str
    amount_msat: int
    wallet_id: str
    expires_at: int


@dataclass(frozen=True)
class Payment:
    """A stored payment. ``amount_msat`` was asked for, ``received_msat`` came.

    ``amount_minor`` is what it settles in ``currency``; Lightning has none.
    ``rounding_minor`` is what cash rounding added to it (or took): the drawer got
    ``amount_minor + rounding_minor``. ``actor`` names role and device,
    ``person`` who held the device. ``checkout_url`` leads to a card provider.
    """

    id: str
    restaurant_id: str
    order_id: str
    method: PaymentMethod
    status: PaymentStatus
    amount_msat: int
    currency: str
    actor: str
    created_at: int
    received_msat: int = 0
    amount_minor: int | None = None
    tendered_minor: int | None = None
    change_minor: int | None = None
    wallet_id: str | None = None
    payment_hash: str | None = None
    payment_request: str | None = None
    expires_at: int | None = None
    captured_at: int | None = None
    looks: int = 0
    next_look_at: int | None = None
    rounding_minor: int = 0
    person: str | None = None
    share_id: str | None = None
    provider: str | None = None
    checkout_url: str | None = None
    gift_card_id: str | None = None
    settled_at: int | None = None
    disputed_at: int | None = None
    #: A tip after the meal: its money is no part of the order's.
    tip_id: str | None = None


class Standing(Word):
    """How an order stands with its money: derived from its payments, never stored."""

    UNPAID = "unpaid"
    PART_PAID = "part_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    LATE = "late"


@dataclass(frozen=True)
class Part:
    """A part of what is due: in minor units of the order's currency, and in msat."""

    amount_minor: int
    amount_msat: int


@dataclass(frozen=True)
class Counted:
    """Cash as it was counted: ``part`` is settled by it, ``tendered_minor`` was
    handed over, ``change_minor`` goes back, ``rounding_minor`` is the coins' fault."""

    part: Part
    rounding_minor: int
    tendered_minor: int
    change_minor: int


@dataclass(frozen=True)
class Receipt:
    """Money that core's books show as arrived: the proof a capture needs."""

    payment_hash: str
    wallet_id: str
    amount_msat: int


class NodeAnswer(Enum):
    """What the funding source says about an invoice."""

    PAID = "paid"  # and core's books say so too
    STUCK = "stuck"  # the node has the money, core's books do not
    PENDING = "pending"
    FAILED = "failed"  # it will never be paid
    AWAY = "away"  # no answer; ask again later


class PaymentView(BaseModel):
    """``received`` is what the drawer or the gift card gave, after cash rounding;
    ``checkout_url`` is there while a card payment is open."""

    id: str
    order_id: str
    method: str
    status: str
    amount_msat: int
    received_msat: int
    currency: str
    amount: str | None
    rounding: str | None
    tendered: str | None
    change: str | None
    payment_hash: str | None
    provider: str | None
    checkout_url: str | None
    share_id: str | None
    actor: str
    person: str | None
    created_at: str
    expires_at: str | None
    captured_at: str | None
    disputed_at: str | None


class TakePayment(BaseModel):
    """Body of ``POST /orders/{id}/payments``; no ``amount`` means all that is due,
    or all of the share.

    ``currency`` is the order's, or for Lightning also ``sat``. ``tendered`` is for
    cash, ``gift_card_code`` for gift cards, ``provider`` for cards, ``return_to``
    a path on this server where the provider sends the guest back to. ``person``
    says who held the device.
    """

    method: PaymentMethod = PaymentMethod.CASH
    amount: Any = None
    currency: StrictStr | None = None
    tendered: Any = None
    share_id: StrictStr | None = None
    gift_card_code: StrictStr | None = None
    provider: StrictStr | None = None
    return_to: StrictStr | None = None
    person: StrictStr | None = None


class PaymentInvoice(BaseModel):
    """What a guest needs to pay an open Lightning payment."""

    payment_hash: str
    payment_request: str
    amount_msat: int
    expires_at: str


class TakenView(BaseModel):
    """``change`` is what the guest gets back, ``due`` what is still to be paid,
    both in the order's currency.

    ``invoice`` is there for a Lightning payment that waits, ``payment.checkout_url``
    for a card payment. ``opens_drawer`` asks the till to open its cash drawer;
    ``gift_card_balance`` is what the gift card still holds.
    """

    payment: PaymentView
    change: str
    due: str
    due_msat: int
    opens_drawer: bool
    gift_card_balance: str | None
    invoice: PaymentInvoice | None


class CardState(BaseModel):
    """A card provider that may be offered; not ``is_available`` while it fails."""

    provider: str
    is_available: bool
    again_at: str | None


class CardStates(BaseModel):
    """The card providers of a restaurant, in the order they may be offered."""

    data: list[CardState]


class DisputeNews(BaseModel):
    """Body of ``POST /payments/{id}/dispute``: ``opened``, ``won`` or ``lost``.

    ``closed``: somebody saw the loss, and its flag comes down.
    """

    outcome: Literal["opened", "won", "lost", "closed"]
    reason: StrictStr | None = None
