"""Pairing by code, over HTTP: a machine asks, staff types it in, it collects."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...core import limits
from ...models import Role
from ...routing import (
    ApiRoute,
    GuardedRequest,
    access_to,
    answer,
    errors,
    keyed,
    replayable,
    request_key,
)
from .models import (
    Approval,
    ApprovedView,
    CollectBody,
    CollectedView,
    NewPairing,
    PairingView,
    WaitingView,
)


class SmallRequest(GuardedRequest):
    """From anybody, so it is short."""

    max_bytes = limits.PAIRING_BODY_MAX_BYTES


class SmallRoute(ApiRoute):
    request_class = SmallRequest


router = APIRouter(route_class=SmallRoute)

MAY_PAIR = (Role.OWNER, Role.MANAGER)


@router.post(
    "/api/v1/pairings",
    summary="Ask for a code to pair a machine",
    status_code=201,
    response_model=PairingView,
    responses=errors(400, 413, 422, 429),
)
async def open_pairing(request: Request, body: NewPairing) -> JSONResponse:
    """Public. The code is good once and for ten minutes; the secret stays with the
    machine. Both are shown here only."""
    address = request.client.host if request.client else None
    return answer(await services.open_pairing(body, address, system.now()), 201)


@router.post(
    "/api/v1/pairings/{pairing_id}/collect",
    summary="Fetch the token of a paired machine",
    response_model=CollectedView,
    responses={202: {"model": WaitingView}, **errors(400, 404, 410, 413, 422)},
)
async def collect_pairing(pairing_id: str, body: CollectBody) -> JSONResponse:
    """Public, with the pairing's secret. 202 until staff typed in the code; the token
    until ten minutes later or until its first use, whichever is first."""
    collected = await services.collect_pairing(pairing_id, body.secret, system.now())
    if collected is None:
        return answer(WaitingView(), 202)
    return answer(collected)


@router.post(
    "/api/v1/restaurants/{restaurant_id}/pairings",
    summary="Pair the machine that shows this code",
    status_code=201,
    response_model=ApprovedView,
    responses=errors(400, 401, 403, 404, 409, 413, 422, 429),
    openapi_extra=keyed(),
)
async def approve_pairing(
    request: Request, restaurant_id: str, body: Approval
) -> JSONResponse:
    """Owner and manager. After five wrong codes within ten minutes: 429."""
    access = await access_to(request, restaurant_id, *MAY_PAIR)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(
        await services.approve_pairing(own_id, body, access.actor, key, at)
    )
