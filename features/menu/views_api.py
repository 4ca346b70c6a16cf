"""The menu over HTTP: for everybody, for staff, and its changes."""

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...adapters.describing import or_nobody
from ...models import OrderType, Role
from ...routing import (
    ApiRoute,
    MenuRoute,
    access_by_row,
    access_to,
    answer,
    errors,
)
from ..uploads.models import upload_schema
from .models import (
    ItemChange,
    ItemChangedView,
    MenuView,
    ModifierChange,
    ModifierChangedView,
    PublicMenuView,
)

router = APIRouter(route_class=ApiRoute)
uploads = APIRouter(route_class=MenuRoute)

MAY_SEE_ALL = (Role.OWNER, Role.MANAGER, Role.POS, Role.KDS)
MAY_MANAGE = (Role.OWNER, Role.MANAGER)

JSON = "application/json"


@router.get(
    "/api/v1/restaurants/{restaurant_id}/menu",
    summary="The menu",
    response_model=PublicMenuView | MenuView,
    responses={304: {"description": "Not modified"}, **errors(401, 403, 404, 422)},
    openapi_extra=or_nobody(),
)
async def get_menu(
    request: Request,
    restaurant_id: str,
    whole: bool = Query(False, alias="all"),
    order_type: OrderType = OrderType.PICKUP,
    table: str | None = None,
) -> Response:
    """Public, by id or slug: what is not hidden, with a weak ``ETag``, and at the
    prices that hold now for ``order_type`` at the ``table`` of that name. With
    ``?all=1`` for owner, manager, pos and kds: everything, with stock, at the
    menu's own prices."""
    at = system.now()
    if whole:
        access = await access_to(request, restaurant_id, *MAY_SEE_ALL)
        stored = await services.staff_menu(access.restaurant.id, at)
        return _staff_answer(stored)
    public = await services.public_menu(restaurant_id, at, order_type, table)
    headers = {
        "ETag": public.etag,
        "Cache-Control": "no-cache",
        "Vary": "Accept-Encoding",
    }
    if _knows(request.headers.get("if-none-match"), public.etag):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(public.gzipped, media_type=JSON, headers=headers)
    return Response(public.body, media_type=JSON, headers=headers)


@uploads.put(
    "/api/v1/restaurants/{restaurant_id}/menu",
    summary="Replace the menu",
    response_model=MenuView,
    responses=errors(400, 401, 403, 404, 412, 413, 422),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": upload_schema()}},
        }
    },
)
async def replace_menu(
    request: Request, restaurant_id: str, if_match: str | None = Header(None)
) -> Response:
    """Owner and manager. Every fault is listed (``menu.invalid`` with ``faults``),
    and one fault refuses the whole. ``If-Match`` carries the version that was
    edited. Ids of this menu are kept, any other becomes a fresh one; the live
    stock of an item that stays is kept unless ``stock_set`` is true."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    body = await request.json()
    at = system.now()
    stored = await services.replace_menu(
        access.restaurant, body, if_match, access.actor, at
    )
    return _staff_answer(stored)


@router.patch(
    "/api/v1/menu_items/{item_id}",
    summary="Change an item",
    response_model=ItemChangedView,
    responses=errors(400, 401, 403, 404, 413, 422),
)
async def change_item(request: Request, item_id: str, body: ItemChange) -> JSONResponse:
    """Owner and manager; kds and pos availability only. Only what is sent changes;
    ``is_available`` false without ``available_again_at`` stays so until changed."""
    access = await access_by_row(request, "menu_items", item_id, *MAY_SEE_ALL)
    own_id, at = access.restaurant.id, system.now()
    return answer(await services.change_item(own_id, item_id, body, access.actor, at))


@router.patch(
    "/api/v1/modifiers/{modifier_id}",
    summary="Change a modifier",
    response_model=ModifierChangedView,
    responses=errors(400, 401, 403, 404, 413, 422),
)
async def change_modifier(
    request: Request, modifier_id: str, body: ModifierChange
) -> JSONResponse:
    """Owner and manager; kds and pos availability only. Only what is sent changes."""
    access = await access_by_row(request, "modifiers", modifier_id, *MAY_SEE_ALL)
    own_id, at = access.restaurant.id, system.now()
    changed = await services.change_modifier(
        own_id, modifier_id, body, access.actor, at
    )
    return answer(changed)


router.include_router(uploads)


def _staff_answer(stored: services.StaffMenu) -> Response:
    headers = {"ETag": f'"{stored.version}"', "Cache-Control": "no-cache"}
    return Response(stored.body, media_type=JSON, headers=headers)


def _knows(if_none_match: str | None, etag: str) -> bool:
    """Weak comparison (RFC 9110, 8.8.3.2)."""
    if if_none_match is None:
        return False
    wanted = etag.removeprefix("W/")
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in ("*", wanted) for tag in tags)
