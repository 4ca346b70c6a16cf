"""A second process of the same server that places and settles orders, for races.

A deed is its name and what it is about.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.processes import obey


async def do(deed: list[Any]) -> Any:
    name, about = deed
    return await DEEDS[name](about)


async def settle(payment_hash: str) -> bool:
    """Count the money of this invoice; did this process count it?"""
    from restaurant import services

    return await services.mark_order_paid(payment_hash, now())


async def place(order: dict[str, Any]) -> Any:
    """Place this cart with its key: [order id, token, is a replay]."""
    from restaurant import services
    from restaurant.features.idempotency.models import RequestKey
    from restaurant.features.pricing.models import Cart
    from restaurant.models import GUEST

    key = RequestKey("race", order["key"], "same body")
    placer = services.Placer(GUEST, is_staff=False)
    answer = await services.place_order(Cart(**order["cart"]), placer, key, now())
    return [answer.resource_id, answer.body["order_token"], answer.replayed]


async def accept(order_id: str) -> str:
    from restaurant import services
    from restaurant.features.orders.models import StatusChange
    from restaurant.models import Actor, OrderStatus, Role

    view = await services.change_status(
        order_id, OrderStatus.ACCEPTED, StatusChange(), Actor(Role.OWNER), now()
    )
    return view.status


DEEDS: dict[str, Any] = {"settle": settle, "place": place, "accept": accept}


def now() -> int:
    from restaurant.adapters import system

    return system.now()


if __name__ == "__main__":
    obey(do)
