"""Devices that sleep are hinted that there is something to print (``adapters.relays``).

A hint is worth nothing by itself: whoever gets it asks for work, as it does now and
then anyway. So nothing here is stored, and nothing waits for it.
"""

from ..adapters import relays
from ..crud import Conn, read
from ..features.devices import crud as devices
from ..features.printers import crud as printers
from ..features.restaurants import crud as restaurants
from .queueing import is_asking, jobs_for

#: By restaurant and printer: the jobs of which its device was told.
_told: dict[str, dict[str, set[str]]] = {}


async def hint_devices(restaurant_id: str, at: int) -> int:
    """Hint the devices for whose printers there is a job of which they were not told,
    and that are not asking for it now; how many."""
    async with read() as conn:
        keys = await devices.wake_keys(conn, restaurant_id)
        restaurant = await restaurants.load(conn, restaurant_id) if keys else None
        if restaurant is None or not restaurant.print_relays:
            _told.pop(restaurant_id, None)
            return 0
        waiting = await _waiting(conn, restaurant_id, keys, at)
    told = _told.pop(restaurant_id, {})
    to_hint = {
        keys[device_id]
        for (device_id, printer_id), jobs in waiting.items()
        if jobs - told.get(printer_id, set())
    }
    if waiting:
        _told[restaurant_id] = {each: jobs for (_, each), jobs in waiting.items()}
    relays.hint(restaurant.print_relays, sorted(to_hint))
    return len(to_hint)


async def _waiting(
    conn: Conn, restaurant_id: str, keys: dict[str, str], at: int
) -> dict[tuple[str, str], set[str]]:
    """What each device's printers could print, and do not ask for; by device and
    printer."""
    found = {}
    for printer in await printers.of_restaurant(conn, restaurant_id):
        if printer.device_id in keys and not is_asking(printer):
            jobs = await jobs_for(conn, printer, at)
            if jobs:
                found[printer.device_id, printer.id] = set(jobs)
    return found
