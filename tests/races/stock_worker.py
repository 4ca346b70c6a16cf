"""A second process of the same server that moves stock by hand, for races.

A deed is a restaurant's id, a stock's id, a kind and a quantity; the deed ``pay`` is
an order's invoice that was paid.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.processes import obey


async def do(deed: list[Any]) -> Any:
    """What a movement left on hand, or whether the money was booked."""
    from restaurant import services
    from restaurant.adapters import system
    from restaurant.features.stock_entries.models import MovementsBody
    from restaurant.models import Actor, Role

    at = system.now()
    if deed[0] == "pay":
        return await services.mark_order_paid(deed[1], at)
    restaurant_id, stock_id, kind, quantity = deed
    moves = [{"stock_id": stock_id, "kind": kind, "quantity": quantity}]
    body = MovementsBody(movements=moves, reason="race")
    owner = Actor(Role.OWNER)
    made = await services.move_stock(restaurant_id, body, owner, None, at)
    return made.body["data"][0]["on_hand"]


if __name__ == "__main__":
    obey(do)
