"""Payments over the counter."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...models import Role
from ...routing import ApiRoute, errors, order_access, replayable, request_key
from .models import TakenView, TakePayment

router = APIRouter(route_class=ApiRoute)


@router.post(
    "/api/v1/orders/{order_id}/payments",
    summary="Take a payment over the counter",
    status_code=201,
    response_model=TakenView,
    responses=errors(400, 401, 403, 404, 409, 422),
)
async def take_payment(
    request: Request, order_id: str, body: TakePayment
) -> JSONResponse:
    """Cash, with change; needs an ``Idempotency-Key``."""
    roles = (Role.OWNER, Role.POS, Role.MANAGER)
    access = await order_access(request, order_id, *roles)
    key = await request_key(
        request, access.restaurant.id, access.fingerprint, required=True
    )
    taken = await services.take_payment(order_id, body, access.actor, key, system.now())
    return replayable(taken)
