"""A second process of the same server that pays tips out, for the race tests.

Argument: folder of the extension's package. Reads one JSON list of deeds a line, does
them all at once and answers one JSON list of outcomes; `ready` comes first.
"""

import asyncio
import json
import sys
from typing import Any


async def do(deed: list[Any]) -> Any:
    """What came of one deed; an error by its code."""
    from restaurant.core.errors import RestaurantError

    name, *arguments = deed
    try:
        return await DEEDS[name](*arguments)
    except RestaurantError as error:
        return error.code
    except Exception as error:
        return repr(error)


async def pay_out(restaurant_id: str, key: str, body: dict[str, Any]) -> int:
    """How much was taken, in msat."""
    from restaurant import services
    from restaurant.features.idempotency.models import RequestKey
    from restaurant.features.payouts.models import NewPayouts

    answer = await services.pay_out_tips(
        *(restaurant_id, NewPayouts(**body), owner()),
        *(RequestKey("race", key, "same body"), now()),
    )
    return sum(each["amount_msat"] for each in answer.body["data"])


async def cancel(payout_id: str) -> str:
    from restaurant import services

    return (await services.cancel_payout(payout_id, owner(), now())).status


async def send() -> int:
    from restaurant import services

    return await services.send_due_payouts(now())


async def settle(payment_hash: str) -> bool:
    from restaurant import services

    return await services.mark_order_paid(payment_hash, now())


DEEDS: dict[str, Any] = {
    deed.__name__: deed for deed in (pay_out, cancel, send, settle)
}


def owner() -> Any:
    from restaurant.models import Actor, Role

    return Actor(Role.OWNER)


def now() -> int:
    from restaurant.adapters import system

    return system.now()


async def main() -> None:
    import restaurant.services  # noqa: F401  (the whole package, as LNbits loads it)

    loop = asyncio.get_running_loop()
    print("ready", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        done = await asyncio.gather(*(do(deed) for deed in json.loads(line)))
        print(f"done {json.dumps(done)}", flush=True)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    asyncio.run(main())
