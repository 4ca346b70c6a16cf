"""Who may pair which device, and the token it gets. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace

from coincurve import PublicKeyXOnly

from ...core import fields, limits
from ...core.errors import Forbidden, invalid
from ...core.ids import derive_token
from ...core.times import rfc3339, rfc3339_or_none
from ...models import Actor, PaymentMethod, Role
from .models import TOKEN_PREFIX, Device, DeviceChange, DeviceView, NewDevice

_WAKE_KEY = re.compile("[0-9a-f]{64}")


def new_device(
    body: NewDevice, restaurant_id: str, actor: Actor, device_id: str, at: int
) -> Device:
    """The device that a request asks for.

    Refused for a wrong name or station; Forbidden when a manager's device
    asks for a manager: a lost tablet must not be able to multiply.
    """
    role = Role(body.role)
    if role is Role.MANAGER and actor.role is not Role.OWNER:
        raise Forbidden("access.role", "Only the owner makes a manager's device.")
    fields.check_name(body.name, "name")
    if len(body.stations) > limits.STATIONS_PER_DEVICE_MAX:
        most = limits.STATIONS_PER_DEVICE_MAX
        raise invalid("stations", f"stations may have at most {most} entries.")
    for station in body.stations:
        fields.check_name(station, "stations")
    return Device(
        id=device_id,
        restaurant_id=restaurant_id,
        name=body.name,
        role=role,
        stations=tuple(dict.fromkeys(body.stations)),
        created_at=at,
        last_seen_at=None,
        payment_methods=_methods(body.payment_methods),
    )


def changed(device: Device, body: DeviceChange) -> Device:
    """The device with what was sent; Refused ``text.invalid`` for its name."""
    if body.name is not None:
        device = replace(device, name=fields.check_name(body.name, "name"))
    if body.payment_methods is not None:
        device = replace(device, payment_methods=_methods(body.payment_methods))
    return device


def _methods(methods: Iterable[PaymentMethod]) -> tuple[str, ...]:
    return tuple(sorted({method.value for method in methods}))


def token_of(secret: str, device_id: str) -> str:
    """The device's bearer token; the server stores only its hash."""
    return TOKEN_PREFIX + derive_token(secret, "device", device_id)


def check_wake_key(value: str | None) -> str | None:
    """The key itself, if one was sent; Refused unless it is a public key (BIP-340)."""
    if value is None:
        return None
    is_key = bool(_WAKE_KEY.fullmatch(value))
    if is_key:
        try:
            PublicKeyXOnly(bytes.fromhex(value))
        except ValueError:  # no point of the curve
            is_key = False
    if not is_key:
        raise invalid("wake_key", "wake_key must be a public key, 64 hex digits.")
    return value


def view(device: Device) -> DeviceView:
    return DeviceView(
        id=device.id,
        name=device.name,
        role=str(device.role),
        stations=list(device.stations),
        payment_methods=list(device.payment_methods),
        created_at=rfc3339(device.created_at),
        last_seen_at=rfc3339_or_none(device.last_seen_at),
    )
