"""Devices over HTTP: pair, list, revoke."""

from fastapi import APIRouter, Query, Request, Response
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
from .models import DeviceChange, DevicePage, DeviceView, NewDevice, PairedView

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)


@router.post(
    "/api/v1/restaurants/{restaurant_id}/devices",
    summary="Pair a device",
    status_code=201,
    response_model=PairedView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
)
async def pair_device(
    request: Request, restaurant_id: str, body: NewDevice
) -> JSONResponse:
    """Owner and manager; only the owner makes a manager's device. The token is
    shown here only, and again to the same ``Idempotency-Key``."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(await services.pair_device(own_id, body, access.actor, key, at))


@router.get(
    "/api/v1/restaurants/{restaurant_id}/devices",
    summary="The restaurant's devices",
    response_model=DevicePage,
    responses=errors(401, 403, 404, 422),
)
async def list_devices(
    request: Request,
    restaurant_id: str,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """Owner and manager. Newest first, without tokens."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    after = place_of(cursor)
    return answer(await services.devices_of(access.restaurant.id, limit, after))


@router.patch(
    "/api/v1/devices/{device_id}",
    summary="Rename a device, or change what it may take",
    response_model=DeviceView,
    responses=errors(400, 401, 403, 404, 413, 422),
)
async def change_device(
    request: Request, device_id: str, body: DeviceChange
) -> JSONResponse:
    """Owner and manager. Only what is sent changes; it holds at once."""
    access = await access_by_row(request, "devices", device_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    return answer(
        await services.change_device(
            own_id, device_id, body, access.actor, system.now()
        )
    )


@router.delete(
    "/api/v1/devices/{device_id}",
    summary="Revoke a device",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404),
)
async def revoke_device(request: Request, device_id: str) -> Response:
    """Owner and manager. Its token is unknown from now on."""
    access = await access_by_row(request, "devices", device_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    await services.revoke_device(own_id, device_id, access.actor, system.now())
    return Response(status_code=204)
