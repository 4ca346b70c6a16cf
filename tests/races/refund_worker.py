"""A second process of the same server that gives money back, for the race tests.

A deed is its name and its arguments.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from harness.processes import obey


async def do(deed: list[Any]) -> Any:
    name, *arguments = deed
    return await DEEDS[name](*arguments)


async def ask(order_id: str, key: str, body: dict[str, Any]) -> str:
    from restaurant import services
    from restaurant.features.idempotency.models import RequestKey
    from restaurant.features.refunds.models import RefundBody
    from restaurant.models import Actor, Role

    request_key = RequestKey("race", key, "same body")
    answer = await services.request_refund(
        order_id, RefundBody(**body), Actor(Role.OWNER), request_key, now()
    )
    return str(answer.resource_id)


async def approve(refund_id: str) -> str:
    from restaurant import services
    from restaurant.models import Actor, Role

    view = await services.approve_refund(refund_id, Actor(Role.OWNER), now())
    return view.status


async def cancel(refund_id: str) -> str:
    from restaurant import services
    from restaurant.models import Actor, Role

    view = await services.cancel_refund(refund_id, Actor(Role.OWNER), now())
    return view.status


async def redirect(refund_id: str, bolt11: str) -> str:
    from restaurant import services
    from restaurant.features.refunds.models import DestinationBody
    from restaurant.models import GUEST

    body = DestinationBody(to="bolt11", value=bolt11)
    view = await services.redirect_refund(refund_id, body, GUEST, now())
    return view.status


async def withdraw(refund_id: str, k1: str, bolt11: str) -> str:
    from restaurant import services

    refund = await services.withdraw(refund_id, k1, bolt11, now())
    return refund.status.value


async def send() -> int:
    from restaurant import services

    return await services.send_due_refunds(now())


HOUR_MS = 3_600_000


async def settle(payment_hash: str) -> bool:
    from restaurant import services

    return await services.mark_order_paid(payment_hash, now())


async def expire(order_id: str) -> str:
    from restaurant.flows import serving

    await serving.expire_order(order_id, "expired", now() + HOUR_MS)
    return "expired"


async def take_back(order_id: str) -> str:
    """The guest cancels."""
    from restaurant import services
    from restaurant.models import GUEST

    return (await services.cancel_by_guest(order_id, GUEST, now())).status


async def reject(order_id: str) -> str:
    """The restaurant cancels."""
    from restaurant import services
    from restaurant.features.orders.models import StatusChange
    from restaurant.models import Actor, OrderStatus, Role

    view = await services.change_status(
        order_id, OrderStatus.CANCELED, StatusChange(), Actor(Role.OWNER), now()
    )
    return view.status


DEEDS: dict[str, Any] = {
    deed.__name__: deed
    for deed in (
        *(ask, approve, cancel, redirect, withdraw, send),
        *(settle, expire, take_back, reject),
    )
}


def now() -> int:
    from restaurant.adapters import system

    return system.now()


if __name__ == "__main__":
    obey(do)
