"""A second process of the same server that edits, settles, accepts and ends orders,
for races.

A deed is its name, an order's id and, for edits, a body.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.processes import obey

HOUR_MS = 3_600_000


async def do(deed: list[Any]) -> Any:
    """What came of one deed."""
    from restaurant import services
    from restaurant.adapters import system
    from restaurant.features.amendments.models import EditOrder
    from restaurant.features.orders.models import StatusChange
    from restaurant.flows.serving import expire_order
    from restaurant.models import Actor, OrderStatus, Role

    name, order_id, *body = deed
    owner, at = Actor(Role.OWNER), system.now()
    if name == "edit":
        view = await services.edit_order(order_id, EditOrder(**body[0]), owner, at)
        return view.revision
    if name == "settle":  # an order's id is the hash of its first invoice
        return await services.mark_order_paid(order_id, at)
    if name == "expire":
        return await expire_order(order_id, "expired", at + HOUR_MS)
    new = OrderStatus(name)
    return (
        await services.change_status(order_id, new, StatusChange(), owner, at)
    ).status


if __name__ == "__main__":
    obey(do)
