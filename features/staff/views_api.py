"""The staff over HTTP: who works here, and who serves an order."""

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
    order_access,
    replayable,
    request_key,
)
from .models import (
    MemberChange,
    MemberPage,
    MemberView,
    NewMember,
    ServerBody,
    ServerView,
)

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)
MAY_SERVE = (*MAY_MANAGE, Role.POS, Role.KDS)


@router.post(
    "/api/v1/restaurants/{restaurant_id}/staff",
    summary="Add somebody who works here",
    status_code=201,
    response_model=MemberView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
)
async def add_member(
    request: Request, restaurant_id: str, body: NewMember
) -> JSONResponse:
    """Owner and manager. Tips go to ``pay_to`` or to ``wallet_id``, never both."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(await services.add_member(own_id, body, access.actor, key, at))


@router.get(
    "/api/v1/restaurants/{restaurant_id}/staff",
    summary="Who works here",
    response_model=MemberPage,
    responses=errors(401, 403, 404, 422),
)
async def list_members(
    request: Request,
    restaurant_id: str,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """Newest first. Tills and kitchens get the names."""
    access = await access_to(request, restaurant_id, *MAY_SERVE)
    after = place_of(cursor)
    own_id, is_manager = access.restaurant.id, access.role in MAY_MANAGE
    return answer(
        await services.members_of(own_id, limit, after, is_manager=is_manager)
    )


@router.patch(
    "/api/v1/staff/{staff_id}",
    summary="Change somebody who works here",
    response_model=MemberView,
    responses=errors(400, 401, 403, 404, 422),
)
async def change_member(
    request: Request, staff_id: str, body: MemberChange
) -> JSONResponse:
    """Owner and manager. Payouts that wait go where they were to go."""
    access = await access_by_row(request, "staff", staff_id, *MAY_MANAGE)
    own_id, at = access.restaurant.id, system.now()
    return answer(
        await services.change_member(own_id, staff_id, body, access.actor, at)
    )


@router.delete(
    "/api/v1/staff/{staff_id}",
    summary="Remove somebody who worked here",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404, 409),
)
async def remove_member(request: Request, staff_id: str) -> Response:
    """Owner and manager; 409 ``staff.owed`` while tips are not paid out."""
    access = await access_by_row(request, "staff", staff_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    await services.remove_member(own_id, staff_id, access.actor, system.now())
    return Response(status_code=204)


@router.put(
    "/api/v1/orders/{order_id}/server",
    summary="Who serves an order",
    response_model=ServerView,
    responses=errors(400, 401, 403, 404, 413, 422),
)
async def set_server(request: Request, order_id: str, body: ServerBody) -> JSONResponse:
    """Owner, manager, till and kitchen. Where tips go to the serving person, the
    order's tip follows while it is not paid out."""
    access = await order_access(request, order_id, *MAY_SERVE)
    return answer(
        await services.set_server(order_id, body.staff_id, access.actor, system.now())
    )
