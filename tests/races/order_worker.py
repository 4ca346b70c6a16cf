"""A second process of the same server, for the race tests: it obeys, line by line.

Argument: folder of the extension's package. Reads one JSON command a line and answers
one JSON line each; `ready` comes first. Everything in a command is done at once.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable
from typing import Any


async def settle(hashes: list[str]) -> list[Any]:
    """Count the money of these invoices; which of them this process counted."""
    from restaurant import services

    return await at_once(services.mark_order_paid(one, now()) for one in hashes)


async def place(orders: list[dict[str, Any]]) -> list[Any]:
    """Place these carts, each with its key; [order id, token, is a replay] each."""
    from restaurant import services
    from restaurant.features.idempotency.models import RequestKey
    from restaurant.features.pricing.models import Cart
    from restaurant.models import GUEST

    async def one(order: dict[str, Any]) -> Any:
        key = RequestKey("race", order["key"], "same body")
        placer = services.Placer(GUEST, is_staff=False)
        answer = await services.place_order(Cart(**order["cart"]), placer, key, now())
        return [answer.resource_id, answer.body["order_token"], answer.replayed]

    return await at_once(one(order) for order in orders)


async def accept(order_ids: list[str]) -> list[Any]:
    """Accept these orders."""
    from restaurant import services
    from restaurant.features.orders.models import StatusChange
    from restaurant.models import Actor, OrderStatus, Role

    async def one(order_id: str) -> str:
        view = await services.change_status(
            order_id, OrderStatus.ACCEPTED, StatusChange(), Actor(Role.OWNER), now()
        )
        return view.status

    return await at_once(one(order_id) for order_id in order_ids)


async def at_once(works: Any) -> list[Any]:
    return await asyncio.gather(*(told(work) for work in works))


async def told(work: Awaitable[Any]) -> Any:
    """What came of it; an error by its code."""
    from restaurant.core.errors import RestaurantError

    try:
        return await work
    except RestaurantError as error:
        return error.code
    except Exception as error:
        return repr(error)


def now() -> int:
    from restaurant.adapters import system

    return system.now()


async def main() -> None:
    import restaurant.services  # noqa: F401  (the whole package, as LNbits loads it)

    commands = {"settle": settle, "place": place, "accept": accept}
    loop = asyncio.get_running_loop()
    print("ready", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        done = await commands[command["do"]](command["with"])
        print(json.dumps(done), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    asyncio.run(main())
