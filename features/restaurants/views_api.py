"""Restaurants over HTTP: open one, look, change its settings, close it down."""

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...adapters.describing import KEY_ONLY
from ...core import limits
from ...core.errors import Forbidden, Unauthorized
from ...core.paging import place_of
from ...models import Role
from ...routing import (
    ApiRoute,
    access_to,
    answer,
    credential_of,
    errors,
    keyed,
    replayable,
    request_key,
)
from .models import (
    NewRestaurant,
    PublicProfile,
    RestaurantChange,
    RestaurantPage,
    RestaurantView,
)

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)


@router.post(
    "/api/v1/restaurants",
    summary="Open a restaurant",
    status_code=201,
    response_model=RestaurantView,
    responses=errors(400, 401, 403, 409, 413, 422),
    openapi_extra=keyed(),
    dependencies=KEY_ONLY,
)
async def open_restaurant(request: Request, body: NewRestaurant) -> JSONResponse:
    """Needs a wallet's admin key: payments arrive on that wallet. A slug is made
    from the name unless one is given."""
    shown = await credential_of(request)
    if shown.fingerprint == "public":
        raise Unauthorized("credential.missing", "Please send a wallet's admin key.")
    if shown.wallet_id is None or not shown.is_admin_key:
        raise Forbidden("access.role", "This needs a wallet's admin key.")
    key = await request_key(request, shown.wallet_id, shown.fingerprint)
    at = system.now()
    return replayable(await services.open_restaurant(shown.wallet_id, body, key, at))


@router.get(
    "/api/v1/restaurants",
    summary="Your restaurants",
    response_model=RestaurantPage,
    responses=errors(401, 403, 422),
)
async def list_restaurants(
    request: Request,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """For a wallet's keys those of the wallet, for a session those of the account,
    for a manager's device its own. Newest first."""
    shown = await credential_of(request)
    if shown.device and shown.device.role is Role.MANAGER:
        access = await access_to(request, shown.device.restaurant_id, Role.MANAGER)
        return answer(services.page_of_manager(access.restaurant))
    if shown.fingerprint == "public":
        raise Unauthorized("credential.missing", "Please send a key or log in.")
    if shown.wallet_id is None and shown.user_id is None:
        raise Forbidden("access.role", "This needs a wallet's key or a login.")
    is_owner = shown.is_admin_key or shown.user_id is not None
    page = await services.restaurants_of(
        shown.wallet_id, shown.user_id, is_owner, limit, place_of(cursor)
    )
    return answer(page)


@router.get(
    "/api/v1/restaurants/{restaurant_id}",
    summary="A restaurant's public profile",
    response_model=PublicProfile,
    responses=errors(404),
)
async def get_profile(restaurant_id: str) -> JSONResponse:
    """Public, by id or slug; never settings, wallet or account."""
    return answer(await services.public_profile(restaurant_id, system.now()))


@router.patch(
    "/api/v1/restaurants/{restaurant_id}",
    summary="Change a restaurant's settings",
    response_model=RestaurantView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
)
async def change_restaurant(
    request: Request, restaurant_id: str, body: RestaurantChange
) -> JSONResponse:
    """Owner and manager. Only what is sent changes."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    at = system.now()
    return answer(await services.change_restaurant(own_id, body, access.actor, at))


@router.delete(
    "/api/v1/restaurants/{restaurant_id}",
    summary="Close a restaurant down",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404, 409),
)
async def close_down(request: Request, restaurant_id: str) -> Response:
    """Owner and manager; refused while orders are unfinished. Its devices are
    revoked at once, its history stays."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    await services.close_down(access.restaurant.id, access.actor, system.now())
    return Response(status_code=204)
