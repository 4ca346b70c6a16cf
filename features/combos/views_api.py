"""Combos over HTTP: add, list, show, change, remove."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
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
from .models import ComboBody, ComboPage, ComboView

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)
MAY_SEE = (*MAY_MANAGE, Role.POS, Role.KDS)


@router.post(
    "/api/v1/restaurants/{restaurant_id}/combos",
    summary="Add a combo",
    status_code=201,
    response_model=ComboView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
)
async def add_combo(
    request: Request, restaurant_id: str, body: ComboBody
) -> JSONResponse:
    """Owner and manager. ``name``, ``price`` and ``groups`` must be there; without
    ``position`` it comes behind the others. All items are sold in its currency."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(await services.add_combo(own_id, body, access.actor, key, at))


@router.get(
    "/api/v1/restaurants/{restaurant_id}/combos",
    summary="The restaurant's combos",
    response_model=ComboPage,
    responses=errors(401, 403, 404),
)
async def list_combos(request: Request, restaurant_id: str) -> JSONResponse:
    """Owner, manager, pos and kds. All of them in the order in which they are shown;
    ``next`` is always null. Guests find those that hold in the menu."""
    access = await access_to(request, restaurant_id, *MAY_SEE)
    return answer(await services.combos_of(access.restaurant.id))


@router.get(
    "/api/v1/combos/{combo_id}",
    summary="A combo",
    response_model=ComboView,
    responses=errors(401, 403, 404),
)
async def show_combo(request: Request, combo_id: str) -> JSONResponse:
    """Owner, manager, pos and kds."""
    access = await access_by_row(request, "combos", combo_id, *MAY_SEE)
    return answer(await services.show_combo(access.restaurant.id, combo_id))


@router.patch(
    "/api/v1/combos/{combo_id}",
    summary="Change a combo",
    response_model=ComboView,
    responses=errors(400, 401, 403, 404, 413, 422),
)
async def change_combo(
    request: Request, combo_id: str, body: ComboBody
) -> JSONResponse:
    """Owner and manager. Only what is sent changes; ``groups`` are replaced as a
    whole, and a group that is sent with its id keeps it."""
    access = await access_by_row(request, "combos", combo_id, *MAY_MANAGE)
    own_id, at = access.restaurant.id, system.now()
    return answer(await services.change_combo(own_id, combo_id, body, access.actor, at))


@router.delete(
    "/api/v1/combos/{combo_id}",
    summary="Remove a combo",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404),
)
async def remove_combo(request: Request, combo_id: str) -> Response:
    """Owner and manager. Orders keep what they cost."""
    access = await access_by_row(request, "combos", combo_id, *MAY_MANAGE)
    own_id, at = access.restaurant.id, system.now()
    await services.remove_combo(own_id, combo_id, access.actor, at)
    return Response(status_code=204)
