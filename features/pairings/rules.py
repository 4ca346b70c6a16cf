"""Codes of pairings, and what may be done with one when. Pure."""

from ...core import fields, limits
from ...core.errors import Gone, NotFound, Refused, invalid
from ...core.ids import same_text, sha256_hex, sign
from ...core.text import check_text
from ...core.times import rfc3339
from ..devices.models import Device, NewDevice
from .models import (
    Approval,
    CollectedView,
    NamedPrinter,
    NewPairing,
    Opened,
    Pairing,
    PairingView,
)

#: Without 0 and O, 1, I and L: nobody misreads it from a strip of paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
HALF = limits.PAIRING_CODE_LETTERS // 2


# --- codes -----------------------------------------------------------------------


def code_of(server_secret: str, pairing_id: str) -> str:
    """The pairing's code as people see it, ``"7H2K-9QXM"``; derived, never stored."""
    number = int.from_bytes(sign(server_secret, "pairing", pairing_id), "big")
    letters = []
    for _ in range(limits.PAIRING_CODE_LETTERS):
        number, letter = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[letter])
    plain = "".join(letters)
    return f"{plain[:HALF]}-{plain[HALF:]}"


def hash_of(code: str) -> str:
    """What is stored of a code, in any case, with or without its hyphen.

    Refused ``pairing.code`` when it cannot be one.
    """
    bare = "".join(code.split()).replace("-", "")
    plain = bare.upper() if bare.isascii() else ""
    is_code = len(plain) == limits.PAIRING_CODE_LETTERS and set(plain) <= set(ALPHABET)
    if not is_code:
        raise Refused(
            "pairing.code",
            f"A code has {limits.PAIRING_CODE_LETTERS} letters and digits, and never "
            "0, O, 1, I or L. Please read it again.",
            field="code",
        )
    return sha256_hex(plain)


# --- a machine asks --------------------------------------------------------------


def new_pairing(
    body: NewPairing, pairing_id: str, secret: str, server_secret: str, at: int
) -> Opened:
    """The pairing that a machine asks for; Refused for a wrong name."""
    fields.check_name(body.name, "name")
    code = code_of(server_secret, pairing_id)
    pairing = Pairing(
        id=pairing_id,
        code_hash=hash_of(code),
        secret_hash=sha256_hex(secret),
        name=body.name,
        printers=_printers(body),
        created_at=at,
        expires_at=at + limits.PAIRING_MS,
    )
    return Opened(pairing, code, secret)


def _printers(body: NewPairing) -> tuple[NamedPrinter, ...]:
    found = {}
    for printer in body.printers:
        name = fields.check_name(printer.name, "printers.name")
        if name in found:
            raise invalid("printers.name", f'Two printers are called "{name}".')
        if printer.model is not None:
            check_text(printer.model, "printers.model", limits.NAME_MAX)
        found[name] = NamedPrinter(name, printer.width, printer.model)
    return tuple(found.values())


def opened_view(opened: Opened) -> PairingView:
    return PairingView(
        id=opened.pairing.id,
        secret=opened.secret,
        code=opened.code,
        expires_at=rfc3339(opened.pairing.expires_at),
    )


# --- staff approves --------------------------------------------------------------


def is_open(pairing: Pairing, at: int) -> bool:
    """Whether its code may still be typed in."""
    return pairing.approved_at is None and at < pairing.expires_at


def asked_device(pairing: Pairing, body: Approval) -> NewDevice:
    """The device that staff makes by typing in the code."""
    name = pairing.name if body.name is None else body.name
    return NewDevice(name=name, role="printer", stations=body.stations)


def unknown_code() -> NotFound:
    minutes = limits.PAIRING_MS // limits.MINUTE_MS
    return NotFound(
        "pairing.unknown",
        f"No machine waits with this code. A code is good once, for {minutes} minutes.",
    )


# --- the machine collects --------------------------------------------------------


def is_its_own(pairing: Pairing | None, secret: str) -> bool:
    """Whether somebody who shows this secret may speak about the pairing."""
    return pairing is not None and same_text(pairing.secret_hash, sha256_hex(secret))


def is_collectable(pairing: Pairing, device: Device | None, at: int) -> bool:
    """Whether the token is there; False while nobody has typed in the code.

    Gone ``pairing.expired`` when nobody did in time, ``pairing.over`` once the device
    was seen or revoked, and a while after it was made.
    """
    if pairing.approved_at is None:
        if at >= pairing.expires_at:
            raise Gone(
                "pairing.expired", "Nobody typed in the code. Please begin anew."
            )
        return False
    is_late = at >= pairing.approved_at + limits.PAIRING_MS
    if is_late or device is None or device.last_seen_at is not None:
        raise Gone("pairing.over", "This pairing is over. Please begin anew.")
    return True


def collected_view(device: Device, token: str, at: int) -> CollectedView:
    return CollectedView(
        restaurant_id=device.restaurant_id,
        device_id=device.id,
        token=token,
        server_time=rfc3339(at),
    )
