"""What a pairing is: a machine that waits for staff to type in its code."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field, StrictStr

from ...core import limits
from ..devices.models import DeviceView


@dataclass(frozen=True)
class NamedPrinter:
    """A printer at the machine: its paper's width in millimetres, if known."""

    name: str
    width: int | None = None
    model: str | None = None


@dataclass(frozen=True)
class Pairing:
    """A machine that asked for a code; code and secret are known by hash only.

    Approved it belongs to a restaurant and is its device. Times in milliseconds.
    """

    id: str
    code_hash: str
    secret_hash: str
    name: str
    printers: tuple[NamedPrinter, ...]
    created_at: int
    expires_at: int
    restaurant_id: str | None = None
    device_id: str | None = None
    approved_at: int | None = None
    collected_at: int | None = None


@dataclass(frozen=True)
class Opened:
    """A new pairing with what is shown once: its code and its secret."""

    pairing: Pairing
    code: str
    secret: str


class PairedPrinter(BaseModel):
    """One printer of the machine, under the name that its jobs are claimed by."""

    name: StrictStr
    width: Literal[58, 80] | None = None
    model: StrictStr | None = None


class NewPairing(BaseModel):
    """Body of ``POST /pairings``."""

    name: StrictStr
    printers: list[PairedPrinter] = Field(
        default_factory=list, max_items=limits.PAIRING_PRINTERS_MAX
    )


class PairingView(BaseModel):
    """The machine shows the ``code`` to people and keeps the ``secret`` to itself."""

    id: str
    secret: str
    code: str
    expires_at: str


class CollectBody(BaseModel):
    """Body of ``POST /pairings/{id}/collect``."""

    secret: StrictStr


class WaitingView(BaseModel):
    """Nobody has typed in the code yet."""

    status: Literal["waiting"] = "waiting"


class CollectedView(BaseModel):
    """What a paired machine needs: whose device it is, and its bearer token."""

    restaurant_id: str
    device_id: str
    token: str
    server_time: str


class Approval(BaseModel):
    """Body of ``POST /restaurants/{id}/pairings``. ``code`` as people type it;
    ``name`` instead of the machine's own; no ``stations`` are all."""

    code: StrictStr
    name: StrictStr | None = None
    stations: list[StrictStr] = Field(default_factory=list)


class ApprovedView(BaseModel):
    """The device that the machine is now. Its token goes to the machine alone."""

    device: DeviceView
