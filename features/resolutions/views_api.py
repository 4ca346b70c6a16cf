"""Ways out for an order that cannot be made as it was ordered, over HTTP."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...models import Role
from ...routing import (
    ApiRoute,
    errors,
    keyed,
    order_access,
    replayable,
    request_key,
)
from ..orders.models import OrderView
from .models import Resolution

router = APIRouter(route_class=ApiRoute)


@router.post(
    "/api/v1/orders/{order_id}/resolve",
    summary="Leave out, replace, or make what is sold out",
    response_model=OrderView,
    responses=errors(400, 401, 403, 404, 409, 413, 422, 429, 503),
    openapi_extra=keyed(),
)
async def resolve(request: Request, order_id: str, body: Resolution) -> JSONResponse:
    """Owner, manager and till, for orders flagged ``oversold`` or ``unavailable``.
    The order goes on; what the guest paid too much goes back."""
    roles = (Role.OWNER, Role.POS, Role.MANAGER)
    access = await order_access(request, order_id, *roles)
    key = await request_key(request, access.restaurant.id, access.fingerprint)
    at = system.now()
    return replayable(
        await services.resolve_order(order_id, body, access.actor, key, at)
    )
