"""Words that two or more features share. Nothing here knows SQL or HTTP."""

from dataclasses import dataclass
from enum import Enum

from pydantic import StrictFloat, StrictInt, StrictStr

#: A decimal number in a body, as text (preferred) or as a JSON number.
Number = StrictStr | StrictInt | StrictFloat


class Word(str, Enum):
    """An enumeration that reads and stores as its own text."""

    def __str__(self) -> str:
        return str(self.value)


class OrderStatus(Word):
    PENDING = "pending"
    PAID = "paid"
    ACCEPTED = "accepted"
    READY = "ready"
    COMPLETED = "completed"
    CANCELED = "canceled"
    REFUNDED = "refunded"


class Flag(Word):
    """What needs a human. A flag is never a status."""

    PAID_LATE = "paid_late"
    OVERPAID = "overpaid"
    UNDERPAID = "underpaid"
    OVERSOLD = "oversold"
    UNAVAILABLE = "unavailable"
    REFUND_DUE = "refund_due"
    STUCK_INTERNAL = "stuck_internal"
    DISPUTED = "disputed"


class OrderType(Word):
    DINE_IN = "dine_in"
    PICKUP = "pickup"
    DELIVERY = "delivery"


class PaymentMethod(Word):
    """How money comes. ``card`` stands for every way of LNbits' fiat providers."""

    LIGHTNING = "lightning"
    CASH = "cash"
    CARD = "card"
    GIFT_CARD = "gift_card"


class PaymentStatus(Word):
    CREATED = "created"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    SETTLED = "settled"
    VOIDED = "voided"
    FAILED = "failed"
    DISPUTED = "disputed"


class Role(Word):
    """Who is at the door. Devices carry the last four."""

    OWNER = "owner"
    READER = "reader"
    GUEST = "guest"
    SYSTEM = "system"
    MANAGER = "manager"
    POS = "pos"
    KDS = "kds"
    PRINTER = "printer"


@dataclass(frozen=True)
class Actor:
    """Who did it, for the journal: a role and, for a device, its id."""

    role: Role
    device_id: str | None = None

    def __str__(self) -> str:
        return f"{self.role}:{self.device_id}" if self.device_id else str(self.role)


SYSTEM = Actor(Role.SYSTEM)
GUEST = Actor(Role.GUEST)
