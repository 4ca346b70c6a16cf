"""What a guest's paper about money going back says, and a drawer's kick, as data."""

from dataclasses import dataclass

from pydantic import BaseModel

from ..papers.models import ReprintMark

SLIP_TYPE = "slip/1"
DRAWER_TYPE = "drawer/1"


class SlipLine(BaseModel):
    quantity: int
    name: str


@dataclass(frozen=True)
class VoidSlip:
    """What a guest must know of money going back.

    ``amount`` is the sum as people read it, with its currency: ``85.00 GTQ``.
    ``lines`` are what was taken back; none: the whole order. ``destination`` is a
    sentence on where the money goes, ``way`` says the same in a word. ``lnurl`` is
    upper-case bech32 and a bearer secret: whoever holds the paper until
    ``expires_at`` (ms) takes the money.
    """

    amount: str
    amount_sat: int
    reason: str
    destination: str
    way: str | None = None
    lines: tuple[SlipLine, ...] = ()
    lnurl: str | None = None
    expires_at: int | None = None


class SlipDocument(BaseModel):
    """Paper for a guest about money going back. Version ``slip/1``.

    ``lines`` are what was taken back, none for the whole order. ``qr`` is ``lnurl``
    as a QR code: its rows from top to bottom, a letter per module, ``1`` for dark,
    without the white edge of four modules that a reader needs. Both are a bearer
    secret. For texts and times the rules of ``ticket/1`` hold.
    """

    type: str = SLIP_TYPE
    kind: str
    restaurant: str
    timezone: str
    local_time: str
    order_id: str
    order_number: int
    station: str
    table: str | None
    amount: str
    amount_sat: int
    reason: str
    destination: str
    lines: list[SlipLine]
    lnurl: str | None
    qr: list[str] | None
    expires_at: str | None
    way: str | None = None
    reprint: ReprintMark | None = None


class DrawerDocument(BaseModel):
    """A cash drawer to open, once and before ``expires_at``. ``drawer/1``."""

    type: str = DRAWER_TYPE
    kind: str
    restaurant: str
    order_id: str
    order_number: int
    station: str
    expires_at: str
