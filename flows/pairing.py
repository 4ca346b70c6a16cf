"""A machine shows a code, staff types it in, the machine is a device from then on."""

from dataclasses import replace

from ..adapters import system
from ..adapters.guesses import Tally, client_of
from ..adapters.wake import wake
from ..core import limits
from ..core.errors import Conflict, NotFound, TooMany
from ..crud import Conn, light_transaction, read, server_secret, transaction
from ..features.devices import crud as devices
from ..features.devices import rules as device_rules
from ..features.devices.models import Device
from ..features.idempotency.models import Answer, RequestKey
from ..features.pairings import crud as pairings
from ..features.pairings import rules
from ..features.pairings.models import (
    Approval,
    ApprovedView,
    CollectedView,
    NamedPrinter,
    NewPairing,
    Opened,
    Pairing,
    PairingView,
)
from ..features.papers.models import Layout
from ..features.printers import crud as printers
from ..features.printers.models import Printer
from ..models import Actor
from .managing import add_device, locked
from .once import Claim, once
from .printer_keeping import find_printer

# Codes that another pairing has are as rare as wrong ones that are right.
_CODE_TRIES = 3
_openers = Tally(
    limits.PAIRINGS_PER_ADDRESS, limits.PAIRING_MS, limits.PAIRING_OPENERS_MAX
)
_wrong_codes = Tally(
    limits.PAIRING_TRIES, limits.PAIRING_MS, limits.PAIRING_OPENERS_MAX
)


def forget_tries() -> None:
    """Begin anew, as after a restart."""
    _openers.clear()
    _wrong_codes.clear()


# --- a machine asks ----------------------------------------------------------------


async def open_pairing(body: NewPairing, address: str | None, at: int) -> PairingView:
    """A code for a machine, and the secret that it collects its token with.

    Refused for a wrong name; TooMany ``pairings.too_many`` while too many machines
    wait, here or at this address.
    """
    client = client_of(address or "")
    _check_tries(_openers, client, "pairings.too_many", at)
    _openers.add(client, 1, at)  # now: those that come all at once are counted too
    secret = await server_secret(system.new_secret())
    for _ in range(_CODE_TRIES):
        own = (system.new_id(), system.new_secret())
        opened = rules.new_pairing(body, *own, secret, at)
        if await _keep(opened, at):
            return rules.opened_view(opened)
    raise TooMany("pairings.too_many", "Please try again.", retry_after=1)


async def _keep(opened: Opened, at: int) -> bool:
    """Store it; False when another has its code. No restaurant knows of it yet, so
    none is locked."""
    async with light_transaction() as conn:
        await pairings.forget(conn, at - limits.PAIRING_KEEP_MS)
        waiting, ends_at = await pairings.open_ones(conn, at)
        if waiting >= limits.PAIRINGS_MAX:
            wait_ms = (ends_at or at) - at
            raise TooMany(
                "pairings.too_many",
                "Too many machines wait for their codes. Please try again later.",
                retry_after=_seconds(wait_ms),
            )
        return await pairings.add(conn, opened.pairing)


def _check_tries(tally: Tally, key: str, code: str, at: int) -> None:
    if wait_ms := tally.wait_ms(key, at):
        raise TooMany(
            code,
            "That was too often. Please wait some minutes.",
            retry_after=_seconds(wait_ms),
        )


def _seconds(ms: int) -> int:
    """Whole seconds, at least one."""
    return max(1, -(-ms // limits.SECOND_MS))


# --- staff approves ----------------------------------------------------------------


async def approve_pairing(
    restaurant_id: str, body: Approval, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """The machine that shows this code becomes a device, with its printers: 201.

    Refused ``pairing.code`` for what cannot be a code, NotFound ``pairing.unknown``
    for a wrong one; TooMany ``pairing.tries`` after too many of them.
    """
    code_hash = rules.hash_of(body.code)
    secret = await server_secret(system.new_secret())

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            await locked(conn, restaurant_id)
            # Behind the lock: codes that come all at once are counted one by one.
            _check_tries(_wrong_codes, restaurant_id, "pairing.tries", at)
            pairing = await pairings.by_code_hash(conn, code_hash)
            if pairing is None or not rules.is_open(pairing, at):
                _wrong_codes.add(restaurant_id, 1, at)
                raise rules.unknown_code()
            device = _device_of(pairing, restaurant_id, body, actor, at)
            token = device_rules.token_of(secret, device.id)
            await add_device(conn, device, token, actor, at)
            await _add_printers(conn, device, pairing, at)
            if not await pairings.approve(
                conn, pairing.id, restaurant_id, device.id, at
            ):
                raise rules.unknown_code()
            view = ApprovedView(device=device_rules.view(device))
            answer = Answer(201, view.dict(), device.id)
            await claim.finish(conn, answer)
        wake(f"events:{restaurant_id}")
        return answer

    return await once(key, work, at)


def _device_of(
    pairing: Pairing, restaurant_id: str, body: Approval, actor: Actor, at: int
) -> Device:
    asked = rules.asked_device(pairing, body)
    return device_rules.new_device(asked, restaurant_id, actor, system.new_id(), at)


async def _add_printers(conn: Conn, device: Device, pairing: Pairing, at: int) -> None:
    """The machine's printers, so that staff sees them before their first job."""
    for named in pairing.printers:
        printer = await find_printer(conn, device, named.name, at)
        if printer is None:
            raise Conflict("printers.too_many", "Please remove a printer first.")
        await printers.save(conn, printer, _as_told(printer, named))


def _as_told(printer: Printer, named: NamedPrinter) -> Printer:
    """The printer with what its machine knows of it."""
    told = {"width": named.width, "model": named.model}
    status = {name: value for name, value in told.items() if value is not None}
    if named.width is None:
        return replace(printer, status=status)
    layout = Layout.parse_obj({"paper": str(named.width)})
    return replace(printer, status=status, layout=layout)


# --- the machine collects ----------------------------------------------------------


async def collect_pairing(
    pairing_id: str, pairing_secret: str, at: int
) -> CollectedView | None:
    """The machine's token, the same every time; None while nobody typed in the code.

    NotFound ``pairing.unknown``, also for a wrong secret; Gone ``pairing.expired`` or
    ``pairing.over`` when there is nothing to wait for any more.
    """
    secret = await server_secret(system.new_secret())
    async with read() as conn:
        pairing = await pairings.load(conn, pairing_id)
        device_id = pairing.device_id if pairing else None
        device = await devices.load(conn, device_id) if device_id else None
    if pairing is None or not rules.is_its_own(pairing, pairing_secret):
        raise NotFound(
            "pairing.unknown", "There is no such pairing. Please begin anew."
        )
    if not rules.is_collectable(pairing, device, at) or device is None:
        return None
    if pairing.collected_at is None:
        async with light_transaction() as conn:
            await pairings.mark_collected(conn, pairing.id, at)
    return rules.collected_view(device, device_rules.token_of(secret, device.id), at)
