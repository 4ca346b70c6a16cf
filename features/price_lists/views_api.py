"""Price lists over HTTP: add, list, show, change, remove."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...models import Role
from ...routing import (
    ApiRoute,
    MenuRoute,
    access_by_row,
    access_to,
    answer,
    errors,
    keyed,
    replayable,
    request_key,
)
from .models import PriceListBody, PriceListPage, PriceListView

router = APIRouter(route_class=ApiRoute)
#: A list may name every price of a menu.
large = APIRouter(route_class=MenuRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)
MAY_SEE = (*MAY_MANAGE, Role.POS, Role.KDS)


@large.post(
    "/api/v1/restaurants/{restaurant_id}/price_lists",
    summary="Add a price list",
    status_code=201,
    response_model=PriceListView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
)
async def add_price_list(
    request: Request, restaurant_id: str, body: PriceListBody
) -> JSONResponse:
    """Owner and manager. Only ``name`` must be there; without ``position`` it comes
    behind the others. The first active list that fits an order sets its prices."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(
        await services.add_price_list(own_id, body, access.actor, key, at)
    )


@router.get(
    "/api/v1/restaurants/{restaurant_id}/price_lists",
    summary="The restaurant's price lists",
    response_model=PriceListPage,
    responses=errors(401, 403, 404),
)
async def list_price_lists(request: Request, restaurant_id: str) -> JSONResponse:
    """Owner, manager, pos and kds. All of them in the order in which they are asked;
    ``next`` is always null."""
    access = await access_to(request, restaurant_id, *MAY_SEE)
    return answer(await services.price_lists_of(access.restaurant.id))


@router.get(
    "/api/v1/price_lists/{list_id}",
    summary="A price list",
    response_model=PriceListView,
    responses=errors(401, 403, 404),
)
async def show_price_list(request: Request, list_id: str) -> JSONResponse:
    """Owner, manager, pos and kds."""
    access = await access_by_row(request, "price_lists", list_id, *MAY_SEE)
    return answer(await services.show_price_list(access.restaurant.id, list_id))


@large.patch(
    "/api/v1/price_lists/{list_id}",
    summary="Change a price list",
    response_model=PriceListView,
    responses=errors(400, 401, 403, 404, 413, 422),
)
async def change_price_list(
    request: Request, list_id: str, body: PriceListBody
) -> JSONResponse:
    """Owner and manager. Only what is sent changes; ``prices`` and ``deltas`` are
    replaced as a whole."""
    access = await access_by_row(request, "price_lists", list_id, *MAY_MANAGE)
    own_id, at = access.restaurant.id, system.now()
    return answer(
        await services.change_price_list(own_id, list_id, body, access.actor, at)
    )


@router.delete(
    "/api/v1/price_lists/{list_id}",
    summary="Remove a price list",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404),
)
async def remove_price_list(request: Request, list_id: str) -> Response:
    """Owner and manager. Orders keep what they cost."""
    access = await access_by_row(request, "price_lists", list_id, *MAY_MANAGE)
    own_id, at = access.restaurant.id, system.now()
    await services.remove_price_list(own_id, list_id, access.actor, at)
    return Response(status_code=204)


router.include_router(large)
