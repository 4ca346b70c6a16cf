"""What a refund is. ``amount_msat`` counts against what was paid; ``send_msat`` is
what leaves by Lightning: more or less when it is valued at today's rate."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, StrictBool, StrictInt, StrictStr

from ...models import Word


class RefundStatus(Word):
    REQUESTED = "requested"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELED = "canceled"


class Destination(Word):
    """Where a refund goes. ``withdraw`` waits for the guest to fetch it by LNURL."""

    BOLT11 = "bolt11"
    LIGHTNING_ADDRESS = "lightning_address"
    LNURL = "lnurl"
    WITHDRAW = "withdraw"
    GIFT_CARD = "gift_card"
    CASH = "cash"


class RefundRate(Word):
    """What the refund is worth: as many satoshi as were paid (``paid``), the same
    sum in the order's currency at today's rate (``today``), or what was said
    (``custom``)."""

    PAID = "paid"
    TODAY = "today"
    CUSTOM = "custom"


class Problem(Word):
    """Why a refund waits or failed."""

    INSUFFICIENT_BALANCE = "insufficient_balance"
    FEE_LIMIT = "fee_limit"
    NODE_AWAY = "node_away"
    DESTINATION = "destination"
    INVOICE_EXPIRED = "invoice_expired"
    INVOICE_PAID = "invoice_paid"
    PAYMENT_FAILED = "payment_failed"
    WITHDRAW_EXPIRED = "withdraw_expired"


@dataclass(frozen=True)
class RefundLine:
    """So many of one order line."""

    line_id: str
    quantity: int


@dataclass(frozen=True)
class Refund:
    """A stored refund. ``value`` is a bolt11, an address or an LNURL as it was given;
    ``payment_request`` the invoice that is being paid, set once per attempt."""

    id: str
    restaurant_id: str
    order_id: str
    status: RefundStatus
    amount_msat: int
    send_msat: int
    currency: str
    amount_minor: int
    rate: RefundRate
    lines: tuple[RefundLine, ...]
    restocks: bool
    reason: str
    destination: Destination
    value: str | None
    actor: str
    created_at: int
    gift_card_id: str | None = None
    payment_request: str | None = None
    payment_hash: str | None = None
    wallet_id: str | None = None
    fee_msat: int | None = None
    problem: Problem | None = None
    tries: int = 0
    next_try_at: int | None = None
    person: str | None = None
    approved_by: str | None = None
    approved_at: int | None = None
    sending_at: int | None = None
    sent_at: int | None = None
    ended_at: int | None = None
    expires_at: int | None = None


@dataclass(frozen=True)
class Worth:
    """What a refund counts for, what it is worth in both units, and for which lines."""

    amount_msat: int
    send_msat: int
    amount_minor: int
    lines: tuple[RefundLine, ...] = ()


@dataclass(frozen=True)
class Wish:
    """Where a refund goes, checked; ``card_id`` for a gift card that exists."""

    destination: Destination
    value: str | None = None
    card_id: str | None = None


@dataclass(frozen=True)
class Target:
    """A checked invoice to send a refund to. Times in milliseconds."""

    payment_request: str
    payment_hash: str
    amount_msat: int
    expires_at: int
    currency: str  # the network's prefix: bc, tb, bcrt …


class SendOutcome(Word):
    """What became of an outgoing payment, as core's books and the node tell."""

    SENT = "sent"
    PENDING = "pending"  # unknown: ask again by its hash, never pay anew
    FAILED = "failed"  # definitely: nothing left the wallet
    NEVER_TRIED = "never_tried"  # core's books do not know it
    POOR = "poor"  # the wallet has too little
    AWAY = "away"


@dataclass(frozen=True)
class Sent:
    """An outcome with the routing fee, when it was paid."""

    outcome: SendOutcome
    fee_msat: int = 0


class DestinationBody(BaseModel):
    """``value`` is the bolt11, address, LNURL or gift card code; ``withdraw`` and
    ``cash`` have none, ``gift_card`` may: the card that paid, or a new one."""

    to: Destination
    value: StrictStr | None = None


class RefundLineBody(BaseModel):
    line_id: StrictStr
    quantity: StrictInt = 1


class RefundBody(BaseModel):
    """Body of ``POST /orders/{id}/refunds``.

    What: ``amount_msat``, or ``amount`` in the order's currency, or ``lines``;
    without any of them everything that can be refunded. ``rate`` values it;
    ``send_msat`` is for ``custom``. Without ``destination``: where the guest asked
    for at checkout, else by LNURL-withdraw.
    """

    amount_msat: StrictInt | None = None
    amount: Any = None
    lines: list[RefundLineBody] | None = None
    rate: Literal["paid", "today", "custom"] = "paid"
    send_msat: StrictInt | None = None
    reason: StrictStr = ""
    destination: DestinationBody | None = None
    restock: StrictBool = False
    person: StrictStr | None = None


class RefundLineView(BaseModel):
    line_id: str
    quantity: int


class RefundView(BaseModel):
    """A refund for whoever may see the order.

    ``withdraw_path`` (on this server), ``lnurl`` and ``gift_card_code`` are worth
    the money: only the guest, the owner and managers get them, from the refunds'
    own routes.
    """

    id: str
    order_id: str
    status: str
    problem: str | None
    amount_msat: int
    send_msat: int
    currency: str
    amount: str
    rate: str
    lines: list[RefundLineView]
    reason: str
    destination: str
    value: str | None
    fee_msat: int | None
    actor: str
    approved_by: str | None
    created_at: str
    approved_at: str | None
    sent_at: str | None
    ended_at: str | None
    expires_at: str | None
    withdraw_path: str | None = None
    lnurl: str | None = None
    gift_card_code: str | None = None


class RefundList(BaseModel):
    """Oldest first; an order has few."""

    data: list[RefundView]


class WithdrawRequest(BaseModel):
    """LUD-03: what a wallet may fetch. Both ends are the refund's amount."""

    tag: Literal["withdrawRequest"] = "withdrawRequest"
    callback: str
    k1: str
    defaultDescription: str  # noqa: N815 (the protocol's word)
    minWithdrawable: int  # noqa: N815
    maxWithdrawable: int  # noqa: N815


class WithdrawStatus(BaseModel):
    """LUD-03: ``OK``, or ``ERROR`` with a ``reason`` that wallets show."""

    status: Literal["OK", "ERROR"]
    reason: str | None = None
