"""Payouts of tips over HTTP: make, list, show, cancel, make anew."""

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...core import limits
from ...core.paging import place_of
from ...models import Role
from ...routing import (
    ApiRoute,
    access_by_row,
    access_to,
    answer,
    errors,
    keyed,
    replayable,
    request_key,
)
from .models import MadePayouts, NewPayouts, PayoutPage, PayoutView

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)


@router.post(
    "/api/v1/restaurants/{restaurant_id}/tip_payouts",
    summary="Pay tips out",
    status_code=201,
    response_model=MadePayouts,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(required=True),
)
async def pay_out_tips(
    request: Request, restaurant_id: str, body: NewPayouts
) -> JSONResponse:
    """Owner and manager. Everything that is open for those named leaves in one sum
    each; needs an ``Idempotency-Key``."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint, required=True)
    at = system.now()
    return replayable(await services.pay_out_tips(own_id, body, access.actor, key, at))


@router.get(
    "/api/v1/restaurants/{restaurant_id}/tip_payouts",
    summary="The restaurant's payouts of tips",
    response_model=PayoutPage,
    responses=errors(401, 403, 404, 422),
)
async def list_payouts(
    request: Request,
    restaurant_id: str,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """Owner and manager. Newest first."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    after = place_of(cursor)
    return answer(await services.payouts_of(access.restaurant.id, limit, after))


@router.get(
    "/api/v1/tip_payouts/{payout_id}",
    summary="One payout of tips",
    response_model=PayoutView,
    responses=errors(401, 403, 404),
)
async def show_payout(request: Request, payout_id: str) -> JSONResponse:
    """Owner and manager."""
    await access_by_row(request, "tip_payouts", payout_id, *MAY_MANAGE)
    return answer(await services.show_payout(payout_id))


@router.post(
    "/api/v1/tip_payouts/{payout_id}/cancel",
    summary="Take a payout back that has not left",
    response_model=PayoutView,
    responses=errors(401, 403, 404, 409),
)
async def cancel_payout(request: Request, payout_id: str) -> JSONResponse:
    """Owner and manager; its tips are open again. Canceling again changes nothing."""
    access = await access_by_row(request, "tip_payouts", payout_id, *MAY_MANAGE)
    return answer(await services.cancel_payout(payout_id, access.actor, system.now()))


@router.post(
    "/api/v1/tip_payouts/{payout_id}/retry",
    summary="Make a payout anew that failed",
    status_code=201,
    response_model=PayoutView,
    responses=errors(400, 401, 403, 404, 409, 422),
    openapi_extra=keyed(),
)
async def retry_payout(request: Request, payout_id: str) -> JSONResponse:
    """Owner and manager. A new payout of all that is open for the same person, to
    where they want it now; the old one stays as it is."""
    access = await access_by_row(request, "tip_payouts", payout_id, *MAY_MANAGE)
    key = await request_key(request, access.restaurant.id, access.fingerprint)
    at = system.now()
    return replayable(await services.retry_payout(payout_id, access.actor, key, at))
