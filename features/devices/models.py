"""What a device is."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field, StrictStr

from ...models import PaymentMethod, Role

TOKEN_PREFIX = "rdt_"  # noqa: S105 (a marker, not a secret)


@dataclass(frozen=True)
class Device:
    """A paired device; its token is known by hash only. Times in milliseconds.

    ``wake_key``: the x-only public key (64 hex digits) by which it is hinted over
    Nostr, if it asked for that.
    """

    id: str
    restaurant_id: str
    name: str
    role: Role
    stations: tuple[str, ...]
    created_at: int
    last_seen_at: int | None
    payment_methods: tuple[str, ...] = ()
    wake_key: str | None = None


class NewDevice(BaseModel):
    """Body of ``POST /restaurants/{id}/devices``."""

    name: StrictStr
    role: Literal["printer", "kds", "pos", "manager"]
    stations: list[StrictStr] = Field(default_factory=list)
    #: The payment methods that this device may take; empty means all.
    payment_methods: list[PaymentMethod] = Field(default_factory=list)


class DeviceChange(BaseModel):
    """Body of ``PATCH /devices/{id}``: only what is sent changes."""

    name: StrictStr | None = None
    payment_methods: list[PaymentMethod] | None = None


class DeviceView(BaseModel):
    """One device of the list; its token is not known here."""

    id: str
    name: str
    role: str
    stations: list[str]
    payment_methods: list[str]
    created_at: str
    last_seen_at: str | None


class PairedView(BaseModel):
    """The answer to pairing: the only time that the token is shown."""

    id: str
    name: str
    role: str
    stations: list[str]
    payment_methods: list[str]
    token: str
    created_at: str


class DevicePage(BaseModel):
    """Newest first; ``next`` is the cursor of the next page, or null."""

    data: list[DeviceView]
    next: str | None
