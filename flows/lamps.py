"""Do payments, rates and printers move? Answers within a minute of a standstill."""

from dataclasses import dataclass

from ..adapters.pulse import Beat
from ..core import limits
from ..core.money import is_lightning_unit
from ..crud import read
from ..features.devices import crud as devices
from ..features.lamps import crud, rules
from ..features.lamps.models import LampsView
from ..models import Role
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
        *(rules.printer_lamp(d, at) for d in paired if d.role is Role.PRINTER),
        rules.queue_lamp(failed, oldest, at),
    ]
    return LampsView(data=lamps)
