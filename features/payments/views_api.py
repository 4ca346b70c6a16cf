"""Payments over the counter."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...adapters.describing import STAFF_OR_GUEST
from ...models import Role
from ...routing import (
    ApiRoute,
    access_by_row,
    answer,
    errors,
    keyed,
    order_access,
    replayable,
    request_key,
)
from .models import CardStates, DisputeNews, PaymentView, TakenView, TakePayment

router = APIRouter(route_class=ApiRoute)


@router.post(
    "/api/v1/orders/{order_id}/payments",
    summary="Pay an order, or a part of it",
    status_code=201,
    response_model=TakenView,
    responses=errors(400, 401, 403, 404, 409, 413, 422, 503),
    openapi_extra=keyed(required=True),
    dependencies=STAFF_OR_GUEST,
)
async def take_payment(
    request: Request, order_id: str, body: TakePayment
) -> JSONResponse:
    """Any method, for all that is due, a part of it or a share; needs an
    ``Idempotency-Key``. Guests pay by themselves, cash is taken by staff."""
    roles = (Role.GUEST, Role.OWNER, Role.POS, Role.MANAGER)
    access = await order_access(request, order_id, *roles)
    key = await request_key(
        request, access.restaurant.id, access.fingerprint, required=True
    )
    payer = services.Payer(access.actor, access.payment_methods)
    return replayable(
        await services.take_payment(order_id, body, payer, key, system.now())
    )


@router.get(
    "/api/v1/restaurants/{restaurant_id}/card_providers",
    summary="The card providers that guests may be offered",
    response_model=CardStates,
    responses=errors(404),
)
async def card_providers(restaurant_id: str) -> JSONResponse:
    """By id or slug, public. Empty where cards are not taken; a provider that keeps
    failing is not available for a while, and says until when."""
    restaurant = await services.show_restaurant(restaurant_id)
    states = services.card_states(restaurant, system.now())
    return answer(CardStates(data=states))


@router.post(
    "/api/v1/payments/{payment_id}/dispute",
    summary="Tell that a card payment is contested, and how it ended",
    response_model=PaymentView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
)
async def settle_dispute(
    request: Request, payment_id: str, body: DisputeNews
) -> JSONResponse:
    """``opened``, then ``won`` or ``lost``; ``closed`` takes the flag of a loss down.
    The same news twice change nothing."""
    roles = (Role.OWNER, Role.MANAGER)
    access = await access_by_row(request, "payments", payment_id, *roles)
    return answer(
        await services.settle_dispute(payment_id, body, access.actor, system.now())
    )
