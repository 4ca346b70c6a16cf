"""Splitting a bill over HTTP."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...adapters.describing import STAFF_OR_GUEST
from ...models import Role
from ...routing import (
    ApiRoute,
    answer,
    errors,
    keyed,
    order_access,
    replayable,
    request_key,
)
from .models import SplitBill, SplitView

router = APIRouter(route_class=ApiRoute)

MAY_SPLIT = (Role.GUEST, Role.OWNER, Role.POS, Role.MANAGER)
MAY_SEE = (*MAY_SPLIT, Role.READER, Role.KDS)


@router.post(
    "/api/v1/orders/{order_id}/split",
    summary="Split what is due into shares",
    status_code=201,
    response_model=SplitView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
    dependencies=STAFF_OR_GUEST,
)
async def split_bill(request: Request, order_id: str, body: SplitBill) -> JSONResponse:
    """Into equal ``parts``, by ``amounts``, by ``lines`` or by the lines' ``guests``.
    Payments name a share; a split that nobody paid of yet is replaced."""
    access = await order_access(request, order_id, *MAY_SPLIT)
    key = await request_key(request, access.restaurant.id, access.fingerprint)
    return replayable(
        await services.split_bill(order_id, body, access.actor, key, system.now())
    )


@router.get(
    "/api/v1/orders/{order_id}/split",
    summary="The shares of a bill, and what is due of each",
    response_model=SplitView,
    responses=errors(401, 403, 404),
    dependencies=STAFF_OR_GUEST,
)
async def show_split(request: Request, order_id: str) -> JSONResponse:
    """For whoever sees the order."""
    await order_access(request, order_id, *MAY_SEE)
    return answer(await services.show_split(order_id))


@router.delete(
    "/api/v1/orders/{order_id}/split",
    summary="Make a split bill one again",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404, 409),
    dependencies=STAFF_OR_GUEST,
)
async def unsplit_bill(request: Request, order_id: str) -> Response:
    """As long as no share was paid, not even in part."""
    access = await order_access(request, order_id, *MAY_SPLIT)
    await services.unsplit_bill(order_id, access.actor, system.now())
    return Response(status_code=204)
