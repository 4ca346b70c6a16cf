"""What a payment is: one attempt to pay an order by one method."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel

from ...models import PaymentMethod, PaymentStatus


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

    ``amount_minor`` is the cash amount in ``currency``; Lightning has none.
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
    id: str
    order_id: str
    method: str
    status: str
    amount_msat: int
    received_msat: int
    currency: str
    amount: str | None
    tendered: str | None
    change: str | None
    payment_hash: str | None
    created_at: str
    captured_at: str | None


class TakePayment(BaseModel):
    """Body of ``POST /orders/{id}/payments``; no ``amount`` means all that is
    due."""

    method: PaymentMethod = PaymentMethod.CASH
    amount: Any = None
    currency: str | None = None
    tendered: Any = None


class TakenView(BaseModel):
    """``change`` is what the guest gets back, in the order's currency."""

    payment: PaymentView
    change: str
    due_msat: int
