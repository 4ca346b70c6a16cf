"""A second process of the same server that takes payments by gift card, for races.

Argument: folder of the extension's package. Reads one JSON list of payments a line,
takes them all at once and answers one JSON list; `ready` comes first.
"""

import asyncio
import json
import sys
from typing import Any


async def take(asked: dict[str, Any]) -> Any:
    """The amount that the card gave, or the code of the refusal."""
    from restaurant import services
    from restaurant.adapters import system
    from restaurant.core.errors import RestaurantError
    from restaurant.features.idempotency.models import RequestKey
    from restaurant.features.payments.models import TakePayment
    from restaurant.models import Actor, Role

    body = TakePayment(
        method="gift_card", gift_card_code=asked["code"], amount=asked["amount"]
    )
    key = RequestKey("race", asked["key"], "same body")
    payer = services.Payer(Actor(Role.OWNER))
    try:
        answer = await services.take_payment(
            asked["order_id"], body, payer, key, system.now()
        )
    except RestaurantError as error:
        return error.code
    except Exception as error:
        return repr(error)
    return answer.body["payment"]["amount"]


async def main() -> None:
    import restaurant.services  # noqa: F401  (the whole package, as LNbits loads it)

    loop = asyncio.get_running_loop()
    print("ready", flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        done = await asyncio.gather(*(take(asked) for asked in json.loads(line)))
        print(json.dumps(done), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    asyncio.run(main())
