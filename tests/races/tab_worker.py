"""A second process of the same server that adds rounds, merges and settles, for races.

A deed is its name, an order's id and, for rounds and merges, a body.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.processes import obey


async def do(deed: list[Any]) -> Any:
    """What came of one deed."""
    from restaurant import services
    from restaurant.adapters import system
    from restaurant.features.amendments.models import NewRound
    from restaurant.features.calls.models import NewCall
    from restaurant.features.merges.models import MergeOrders
    from restaurant.models import Actor, Role

    name, about, *body = deed
    owner, at = Actor(Role.OWNER), system.now()
    if name == "settle":  # by the hash of an invoice
        return await services.mark_order_paid(about, at)
    if name == "call":
        return (await services.raise_call(about, NewCall(**body[0]), None, at)).view.id
    if name == "round":
        done = await services.add_round(about, NewRound(**body[0]), owner, None, at)
    else:
        wanted = MergeOrders(**body[0])
        done = await services.merge_orders(about, wanted, owner, None, at)
    return done.status


if __name__ == "__main__":
    obey(do)
