"""Do payments, rates and printers move? Answers within a minute of a standstill."""

import asyncio
from dataclasses import dataclass

from ..adapters import raster
from ..adapters.pulse import Beat
from ..core import limits
from ..core.money import is_lightning_unit
from ..crud import read
from ..features.devices import crud as devices
from ..features.lamps import crud, rules
from ..features.lamps.models import LampsView, LampView
from ..features.printers import crud as printers
from ..features.printers import rules as printer_rules
from ..features.printers.models import Printer
from ..models import Role
from .menus import Snapshot, menu_snapshot
from .rating import served_rate


@dataclass(frozen=True)
class Loops:
    """How this process's loops are doing."""

    listener_runs: bool
    reconciler: Beat
    refunds: Beat
    kitchen: Beat
    node: Beat


async def show_lamps(restaurant_id: str, loops: Loops, at: int) -> LampsView:
    """Every lamp of a restaurant; a red one says what to do."""
    async with read() as conn:
        failed, oldest = await crud.queue_state(conn, restaurant_id)
        currencies = await crud.currencies(conn, restaurant_id)
        paired = await devices.of_restaurant(conn, restaurant_id)
        known = await printers.of_restaurant(conn, restaurant_id)
    snapshot = await menu_snapshot(restaurant_id, at)
    fonts = await asyncio.to_thread(raster.state)
    needed = _scripts(snapshot) if fonts.missing else frozenset()
    with_printers = {printer.device_id for printer in known}
    unnamed = [
        device
        for device in paired
        if device.role is Role.PRINTER and device.id not in with_printers
    ]
    served = {code: served_rate(code, at) for code in currencies}
    rate_times = {
        code: rate.at if rate else None
        for code, rate in served.items()
        if not is_lightning_unit(code)
    }
    lamps = [
        rules.listener_lamp(loops.listener_runs),
        rules.loop_lamp("reconciler", "Payment check", loops.reconciler.at, at),
        rules.loop_lamp("refunds", "Refunds", loops.refunds.at, at),
        rules.loop_lamp("kitchen", "Kitchen alarm", loops.kitchen.at, at),
        rules.node_lamp(loops.node.ok, loops.node.at, at),
        rules.rates_lamp(rate_times, at - limits.RATE_SERVES_MS),
        *(rules.printer_lamp(device, at) for device in unnamed),
        *_printer_lamps(known, snapshot.restaurant.timezone, at),
        rules.queue_lamp(failed, oldest, at),
        rules.fonts_lamp(fonts.missing, needed, fonts.has_fribidi),
    ]
    return LampsView(data=lamps)


def _printer_lamps(known: list[Printer], timezone: str, at: int) -> list[LampView]:
    can_print = {each.id for each in known if not printer_rules.is_blocked(each, at)}
    return [
        rules.own_printer_lamp(
            printer,
            *printer_rules.health(printer, at),
            has_help=printer.backup_id in can_print,
            timezone=timezone,
        )
        for printer in known
    ]


def _scripts(snapshot: Snapshot) -> frozenset[str]:
    """The scripts of this menu that need a font of their own."""
    items = [item for category in snapshot.menu.categories for item in category.items]
    groups = [group for item in items for group in item.groups]
    modifiers = [modifier.name for group in groups for modifier in group.modifiers]
    names = [snapshot.restaurant.name, *(item.name for item in items), *modifiers]
    return rules.scripts_in(names)
