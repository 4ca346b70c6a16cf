"""Discounts over HTTP: make, list, show, change, remove; their codes alike."""

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
from .models import CodePage, DiscountBody, DiscountPage, DiscountView, NewCodes

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)
MAY_OFFER = (*MAY_MANAGE, Role.POS)


@router.post(
    "/api/v1/restaurants/{restaurant_id}/discounts",
    summary="Make a discount",
    status_code=201,
    response_model=DiscountView,
    responses=errors(400, 401, 403, 404, 409, 422),
    openapi_extra=keyed(),
)
async def create_discount(
    request: Request, restaurant_id: str, body: DiscountBody
) -> JSONResponse:
    """Owner and manager. Two that the clock brings about may not meet."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(
        await services.create_discount(own_id, body, access.actor, key, at)
    )


@router.get(
    "/api/v1/restaurants/{restaurant_id}/discounts",
    summary="The restaurant's discounts",
    response_model=DiscountPage,
    responses=errors(401, 403, 404, 422),
)
async def list_discounts(
    request: Request,
    restaurant_id: str,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """Owner, manager, and tills, which offer those of staff. Newest first; no
    codes."""
    access = await access_to(request, restaurant_id, *MAY_OFFER)
    after = place_of(cursor)
    return answer(await services.discounts_of(access.restaurant.id, limit, after))


@router.get(
    "/api/v1/discounts/{discount_id}",
    summary="A discount",
    response_model=DiscountView,
    responses=errors(401, 403, 404),
)
async def show_discount(request: Request, discount_id: str) -> JSONResponse:
    """Owner and manager."""
    access = await access_by_row(request, "discounts", discount_id, *MAY_MANAGE)
    return answer(await services.show_discount(access.restaurant.id, discount_id))


@router.patch(
    "/api/v1/discounts/{discount_id}",
    summary="Change a discount",
    response_model=DiscountView,
    responses=errors(400, 401, 403, 404, 422),
)
async def change_discount(
    request: Request, discount_id: str, body: DiscountBody
) -> JSONResponse:
    """Owner and manager. Orders that have it keep it as it was."""
    access = await access_by_row(request, "discounts", discount_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    at = system.now()
    return answer(
        await services.change_discount(own_id, discount_id, body, access.actor, at)
    )


@router.delete(
    "/api/v1/discounts/{discount_id}",
    summary="Remove a discount",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404),
)
async def remove_discount(request: Request, discount_id: str) -> Response:
    """Owner and manager. Its codes are gone with it; orders keep what they have."""
    access = await access_by_row(request, "discounts", discount_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    await services.remove_discount(own_id, discount_id, access.actor, system.now())
    return Response(status_code=204)


@router.post(
    "/api/v1/discounts/{discount_id}/codes",
    summary="Make codes of a discount",
    status_code=201,
    response_model=CodePage,
    responses=errors(400, 401, 403, 404, 409, 422),
    openapi_extra=keyed(),
)
async def make_codes(
    request: Request, discount_id: str, body: NewCodes
) -> JSONResponse:
    """Owner and manager. One that is named, or so many made up."""
    access = await access_by_row(request, "discounts", discount_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(
        await services.make_codes(own_id, discount_id, body, access.actor, key, at)
    )


@router.get(
    "/api/v1/discounts/{discount_id}/codes",
    summary="The codes of a discount",
    response_model=CodePage,
    responses=errors(401, 403, 404, 422),
)
async def list_codes(
    request: Request,
    discount_id: str,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """Owner and manager. Newest first."""
    access = await access_by_row(request, "discounts", discount_id, *MAY_MANAGE)
    after = place_of(cursor)
    own_id = access.restaurant.id
    return answer(await services.codes_of_discount(own_id, discount_id, limit, after))


@router.delete(
    "/api/v1/discount_codes/{code_id}",
    summary="Remove a code",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404),
)
async def remove_code(request: Request, code_id: str) -> Response:
    """Owner and manager. The code is good for nothing from now on."""
    access = await access_by_row(request, "discount_codes", code_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    await services.remove_code(own_id, code_id, access.actor, system.now())
    return Response(status_code=204)
