"""The restaurant's printers: found or added, changed, heard of, gone."""

from collections.abc import Callable
from dataclasses import replace

from ..adapters import system
from ..adapters.wake import wake
from ..core import fields, limits
from ..core.columns import plain
from ..core.errors import Conflict, NotFound, Unauthorized
from ..core.ids import sha256_hex
from ..crud import Conn, light_transaction, read, server_secret, transaction
from ..features.devices import crud as devices
from ..features.devices import rules as device_rules
from ..features.devices.models import Device
from ..features.idempotency.models import Answer, RequestKey
from ..features.journal.models import Entry
from ..features.papers import rules as papers
from ..features.printers import crud as printers
from ..features.printers import rules
from ..features.printers.models import (
    NewPrinter,
    OwnPrinters,
    Printer,
    PrinterChange,
    PrinterKind,
    PrinterPage,
    PrinterView,
    StatusBody,
)
from ..features.printing import crud as jobs
from ..features.printing.models import PrintJobView
from ..features.printing.rules import job_of_test
from ..features.restaurants import crud as restaurants
from ..features.restaurants.models import Restaurant
from ..models import Actor, Role
from .once import Claim, once
from .recording import record

# --- printers are heard of ----------------------------------------------------


async def own_printer(
    device: Device, names: list[str], stations: list[str], at: int
) -> Printer | None:
    """The device's printer by its own name for it, made known when it is new, with
    the stations to which it limits itself.

    None when it names none or several, when the name is no name of ours, and when
    the restaurant has no room for more: then the device itself takes the jobs.
    """
    if len(names) != 1 or fields.name_fault(names[0]):
        return None
    async with read() as conn:
        found = await printers.by_local_name(conn, device.id, names[0])
    if found and found == rules.asking_for(found, stations):
        return found
    async with transaction() as conn:
        await restaurants.lock(conn, device.restaurant_id)
        printer = await find_printer(conn, device, names[0], at)
        if printer:
            old, printer = printer, rules.asking_for(printer, stations)
            await printers.save(conn, old, printer)
    wake(f"events:{device.restaurant_id}")
    return printer


async def find_printer(
    conn: Conn, device: Device, local_name: str, at: int
) -> Printer | None:
    """The device's printer of that name, added when it is new; None when there is no
    room. Unauthorized when the device is gone. The restaurant is locked."""
    found = await printers.by_local_name(conn, device.id, local_name)
    if found:
        return found
    if await devices.load(conn, device.id) is None:
        raise Unauthorized("device.unknown", "This device token is revoked.")
    if await printers.count(conn, device.restaurant_id) >= limits.PRINTERS_MAX:
        return None
    printer = rules.found_printer(
        device.restaurant_id,
        device.id,
        local_name,
        device.stations,
        system.new_id(),
        at,
    )
    await printers.add(conn, printer)
    actor = Actor(device.role, device.id)
    await _tell(conn, printer, "printer.added", actor, at, kind=printer.kind.value)
    return printer


async def heard(
    printer: Printer, decide: Callable[[Printer], Printer], at: int
) -> Printer:
    """A printer says something of itself, in a transaction of its own. NotFound when
    it is gone."""
    async with transaction() as conn:
        await _locked(conn, printer.restaurant_id)
        old = await _load(conn, printer.id)
        new = decide(old)
        actor = Actor(Role.PRINTER, old.device_id or old.id)
        await _store(conn, old, new, actor, at)
    # one fault more or less may move the queue
    queue = [f"print:{new.restaurant_id}"] if new.fault != old.fault else []
    wake(f"events:{new.restaurant_id}", *queue)
    return new


async def note_seen(printer: Printer, at: int) -> Printer:
    """It is there: written down every ten seconds at most."""
    if 0 <= at - (printer.last_seen_at or 0) <= limits.PRINTER_SEEN_EVERY_MS:
        return printer
    async with light_transaction() as conn:
        await printers.mark_seen(conn, printer.id, at, at)
    return rules.seen(printer, at)


async def asks_for_work(printer: Printer, asked_at: int, at: int) -> bool:
    """A printer, just read, is there and wants to print since ``asked_at``, so it is
    well again; False: it gets nothing now. NotFound when it was mended and is gone."""

    def asking(old: Printer) -> Printer:
        is_mended = rules.is_mended(old, asked_at, at)
        return rules.seen(rules.well(old) if is_mended else old, at)

    if rules.is_mended(printer, asked_at, at):
        printer = await heard(printer, asking, at)
    else:
        printer = await note_seen(printer, at)
    return not printer.is_paused and printer.fault is None


async def report_printers(device: Device, body: StatusBody, at: int) -> OwnPrinters:
    """A device tells how its printers are, and gets what it must know of them.

    Refused for a name that is none; Conflict when there is no room for a new one.
    """
    for said in body.printers:
        fields.check_name(said.name, "printers.name")
    wake_key = device_rules.check_wake_key(body.wake_key)
    actor = Actor(device.role, device.id)
    found, is_news = [], False
    async with transaction() as conn:
        restaurant = await _locked(conn, device.restaurant_id)
        if wake_key != device.wake_key:
            await devices.set_wake_key(conn, device.id, wake_key)
        for said in body.printers:
            old = await find_printer(conn, device, said.name, at)
            if old is None:
                raise _too_many()
            new = rules.noted(old, said, at)
            await _store(conn, old, new, actor, at)
            found.append(new)
            is_news = is_news or new.fault != old.fault
    if is_news:
        wake(f"events:{device.restaurant_id}", f"print:{device.restaurant_id}")
    views = [rules.own_view(each) for each in found]
    return OwnPrinters(printers=views, relays=restaurant.print_relays)


async def set_fault(
    conn: Conn, printer_id: str, fault: str, actor: Actor, at: int
) -> list[Entry]:
    """A job came back because of its printer; the journal's lines. The restaurant is
    locked."""
    old = await printers.load(conn, printer_id)
    if old is None:
        return []
    new = rules.faulted(old, fault, at)
    await printers.save(conn, old, new)
    return _entries(old, new, actor)


# --- staff --------------------------------------------------------------------


async def printers_of(restaurant_id: str, at: int) -> PrinterPage:
    """All of them, oldest first, and what waits for each."""
    async with read() as conn:
        found = await printers.of_restaurant(conn, restaurant_id)
        groups = await printers.waiting(conn, restaurant_id)
    views = [rules.view(each, rules.waiting(each, groups), at) for each in found]
    return PrinterPage(data=views)


async def add_printer(
    restaurant_id: str,
    body: NewPrinter,
    base_url: str,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """A printer that asks by itself: 201 with the address that it asks, which is never
    stored and never shown again, except to the same Idempotency-Key."""
    secret = await server_secret(system.new_secret())
    printer_id, version = system.new_id(), system.new_id()

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            await _locked(conn, restaurant_id)
            others = await printers.of_restaurant(conn, restaurant_id)
            if len(others) >= limits.PRINTERS_MAX:
                raise _too_many()
            blank = rules.new_printer(body, restaurant_id, printer_id, others, at)
            own = rules.secret_of(secret, printer_id, version)
            printer = replace(blank, secret_hash=sha256_hex(own))
            await printers.add(conn, printer)
            await _tell(conn, printer, "printer.added", actor, at, kind=body.kind)
            view = rules.view(printer, 0, at).dict()
            answer = Answer(201, view, f"{printer_id}:{version}")
            await claim.finish(conn, answer)
        wake(f"events:{restaurant_id}")
        return answer

    return _with_secret(await once(key, work, at), secret, base_url)


async def renew_secret(
    restaurant_id: str,
    printer_id: str,
    base_url: str,
    actor: Actor,
    key: RequestKey | None,
    at: int,
) -> Answer:
    """A new address for a printer that asks by itself; the old one is worth nothing
    from the commit on. Conflict ``printer.kind`` for one of a device."""
    secret = await server_secret(system.new_secret())
    version = system.new_id()

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            await _locked(conn, restaurant_id)
            old = await _load(conn, printer_id)
            if old.kind is PrinterKind.PI:
                raise Conflict("printer.kind", "This printer is asked by its device.")
            own = rules.secret_of(secret, printer_id, version)
            new = replace(old, secret_hash=sha256_hex(own))
            await printers.save(conn, old, new)
            await _tell(conn, new, "printer.secret_renewed", actor, at)
            groups = await printers.waiting(conn, restaurant_id)
            view = rules.view(new, rules.waiting(new, groups), at).dict()
            answer = Answer(200, view, f"{printer_id}:{version}")
            await claim.finish(conn, answer)
        wake(f"events:{restaurant_id}")
        return answer

    return _with_secret(await once(key, work, at), secret, base_url)


def _with_secret(answer: Answer, secret: str, base_url: str) -> Answer:
    """Only the version of the secret is kept with the answer."""
    printer_id, _, version = answer.resource_id.rpartition(":")
    own = rules.secret_of(secret, printer_id, version)
    url = f"{base_url}/restaurant/api/v1/{answer.body['kind']}/{own}"
    return replace(answer, body={**answer.body, "secret_url": url})


async def change_printer(
    restaurant_id: str, printer_id: str, body: PrinterChange, actor: Actor, at: int
) -> PrinterView:
    """Change what was sent; it holds from the next job on. Refused naming the wrong
    field, NotFound ``printer.unknown``."""
    async with transaction() as conn:
        await _locked(conn, restaurant_id)
        everybody = await printers.of_restaurant(conn, restaurant_id)
        old = await _load(conn, printer_id)
        new = rules.changed(old, body, everybody)
        if new != old:
            await printers.save(conn, old, new)
            facts = rules.change_told(old, new)
            await _tell(conn, new, "printer.changed", actor, at, **facts)
        groups = await printers.waiting(conn, restaurant_id)
    if new != old:
        wake(f"events:{restaurant_id}", f"print:{restaurant_id}")
    return rules.view(new, rules.waiting(new, groups), at)


async def remove_printer(
    restaurant_id: str, printer_id: str, actor: Actor, at: int
) -> None:
    """It is gone; what waits for it alone waits for its station's printers."""
    async with transaction() as conn:
        await _locked(conn, restaurant_id)
        printer = await _load(conn, printer_id)
        await drop_printer(conn, printer)
        await _tell(conn, printer, "printer.removed", actor, at)
    wake(f"events:{restaurant_id}", f"print:{restaurant_id}")


async def drop_printers_of(conn: Conn, device_id: str) -> None:
    """A device goes, and its printers with it; their jobs stay in the queue."""
    for printer in await printers.of_device(conn, device_id):
        await drop_printer(conn, printer)


async def drop_printer(conn: Conn, printer: Printer) -> None:
    """Part of the caller's transaction, which holds the restaurant's lock."""
    await jobs.detach_printer(conn, printer.restaurant_id, printer.id)
    await printers.remove(conn, printer.id)


async def print_test(
    restaurant_id: str, printer_id: str, actor: Actor, key: RequestKey | None, at: int
) -> Answer:
    """Paper that shows a printer's letters and its look: 201 with the job."""

    async def work(claim: Claim) -> Answer:
        async with transaction() as conn:
            restaurant = await _locked(conn, restaurant_id)
            printer = await _load(conn, printer_id)
            document = papers.test_document(restaurant, printer.name, at)
            sheet = papers.test_sheet(document, printer.layout)
            text = plain(sheet, limits.TICKET_COLUMNS)
            job = job_of_test(
                restaurant_id, printer_id, document.dict(), text, system.new_id(), at
            )
            await jobs.add(conn, job)
            await _tell(conn, printer, "print.test", actor, at, job_id=job.id)
            answer = Answer(201, PrintJobView.of(job).dict(), job.id)
            await claim.finish(conn, answer)
        wake(f"print:{restaurant_id}", f"events:{restaurant_id}")
        return answer

    return await once(key, work, at)


# --- helpers ------------------------------------------------------------------


async def _locked(conn: Conn, restaurant_id: str) -> Restaurant:
    """The restaurant, its other writers queued behind us; NotFound when deleted."""
    restaurant = await restaurants.lock(conn, restaurant_id)
    if restaurant is None:
        raise NotFound("restaurant.unknown", "There is no such restaurant for you.")
    return restaurant


async def _load(conn: Conn, printer_id: str) -> Printer:
    printer = await printers.load(conn, printer_id)
    if printer is None:
        raise unknown_printer()
    return printer


async def _store(conn: Conn, old: Printer, new: Printer, actor: Actor, at: int) -> None:
    await printers.save(conn, old, new)
    await record(conn, new.restaurant_id, _entries(old, new, actor), at)


def _entries(old: Printer, new: Printer, actor: Actor) -> list[Entry]:
    told = rules.told(old, new)
    return [Entry(each.event, actor, payload=each.facts) for each in told]


async def _tell(
    conn: Conn, printer: Printer, event: str, actor: Actor, at: int, **facts: object
) -> None:
    entry = Entry(event, actor, payload={"printer_id": printer.id, **facts})
    await record(conn, printer.restaurant_id, [entry], at)


def unknown_printer() -> NotFound:
    return NotFound("printer.unknown", "There is no such printer for you.")


def _too_many() -> Conflict:
    return Conflict("printers.too_many", "Please remove a printer first.")
