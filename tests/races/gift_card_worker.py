"""A second process of the same server that takes payments by gift card, for races."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.processes import obey


async def take(asked: dict[str, Any]) -> Any:
    """The amount that the card gave."""
    from restaurant import services
    from restaurant.adapters import system
    from restaurant.features.idempotency.models import RequestKey
    from restaurant.features.payments.models import TakePayment
    from restaurant.models import Actor, Role

    body = TakePayment(
        method="gift_card", gift_card_code=asked["code"], amount=asked["amount"]
    )
    key = RequestKey("race", asked["key"], "same body")
    payer = services.Payer(Actor(Role.OWNER))
    answer = await services.take_payment(
        asked["order_id"], body, payer, key, system.now()
    )
    return answer.body["payment"]["amount"]


if __name__ == "__main__":
    obey(take)
