"""What a payout of tips is: one sum for one member of the staff, sent at most once."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, StrictInt, StrictStr

from ...models import Word
from ..refunds.models import Problem


class PayoutStatus(Word):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELED = "canceled"


class PayTo(Word):
    """Where a payout goes; ``wallet`` is one of this LNbits, ``cash`` was handed
    over."""

    LIGHTNING_ADDRESS = "lightning_address"
    LNURL = "lnurl"
    WALLET = "wallet"
    CASH = "cash"


@dataclass(frozen=True)
class Payout:
    """A stored payout. ``value`` is the address or wallet it goes to;
    ``payment_request`` the invoice that is being paid, set once per attempt."""

    id: str
    restaurant_id: str
    staff_id: str
    status: PayoutStatus
    amount_msat: int
    destination: PayTo
    value: str | None
    actor: str
    created_at: int
    payment_request: str | None = None
    payment_hash: str | None = None
    wallet_id: str | None = None
    fee_msat: int | None = None
    problem: Problem | None = None
    tries: int = 0
    next_try_at: int | None = None
    person: str | None = None
    sending_at: int | None = None
    sent_at: int | None = None
    ended_at: int | None = None

    @property
    def send_msat(self) -> int:
        return self.amount_msat


class PoolShare(BaseModel):
    """Somebody who shares the pool; ``weight`` is their own unless named."""

    staff_id: StrictStr
    weight: StrictInt | None = None


class NewPayouts(BaseModel):
    """Body of ``POST /restaurants/{id}/tip_payouts``.

    ``staff_ids``: who is paid; everybody who has something, unless named. ``pool``:
    who shares it; all who work here and have a weight, unless named; nobody when only
    ``staff_ids`` are. ``destination`` ``cash``: it was handed over, nothing is sent.
    """

    staff_ids: list[StrictStr] | None = None
    pool: list[PoolShare] | None = None
    destination: Literal["lightning", "cash"] = "lightning"
    person: StrictStr | None = None


class PayoutView(BaseModel):
    """``amount_msat`` are whole satoshi. ``problem`` says why it waits or failed."""

    id: str
    staff_id: str
    name: str | None
    status: str
    problem: str | None
    amount_msat: int
    destination: str
    value: str | None
    fee_msat: int | None
    actor: str
    person: str | None
    created_at: str
    next_try_at: str | None
    sent_at: str | None
    ended_at: str | None


class MadePayouts(BaseModel):
    """What one request made; ``shared_msat`` of the pool went to its members."""

    data: list[PayoutView]
    shared_msat: int


class PayoutPage(BaseModel):
    """Newest first; ``next`` is the cursor of the next page, or null."""

    data: list[PayoutView]
    next: str | None
