"""Dining tables over HTTP: add, list, change, renew a token, remove."""

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
from .models import NewTable, TableChange, TablePage, TableView

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)


@router.post(
    "/api/v1/restaurants/{restaurant_id}/tables",
    summary="Add a table",
    status_code=201,
    response_model=TableView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
)
async def add_table(
    request: Request, restaurant_id: str, body: NewTable
) -> JSONResponse:
    """Owner and manager. The token belongs into the table's QR code."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(await services.add_table(own_id, body, access.actor, key, at))


@router.get(
    "/api/v1/restaurants/{restaurant_id}/tables",
    summary="The restaurant's tables",
    response_model=TablePage,
    responses=errors(401, 403, 404, 422),
)
async def list_tables(
    request: Request,
    restaurant_id: str,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """Owner and manager. Newest first, with the tokens for printing QR codes."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    after = place_of(cursor)
    return answer(await services.tables_of(access.restaurant.id, limit, after))


@router.patch(
    "/api/v1/tables/{table_id}",
    summary="Rename a table or move it to a zone",
    response_model=TableView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
)
async def change_table(
    request: Request, table_id: str, body: TableChange
) -> JSONResponse:
    """Owner and manager. Only what is sent changes; its printed code stays good."""
    access = await access_by_row(request, "dining_tables", table_id, *MAY_MANAGE)
    own_id, at = access.restaurant.id, system.now()
    return answer(await services.change_table(own_id, table_id, body, access.actor, at))


@router.post(
    "/api/v1/tables/{table_id}/token",
    summary="A new token for a table",
    response_model=TableView,
    responses=errors(400, 401, 403, 404, 409, 422),
    openapi_extra=keyed(),
)
async def renew_table_token(request: Request, table_id: str) -> JSONResponse:
    """Owner and manager. The codes that were printed before end here."""
    access = await access_by_row(request, "dining_tables", table_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(
        await services.renew_table_token(own_id, table_id, access.actor, key, at)
    )


@router.delete(
    "/api/v1/tables/{table_id}",
    summary="Remove a table",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404),
)
async def remove_table(request: Request, table_id: str) -> Response:
    """Owner and manager. The table's token is worth nothing from now on."""
    access = await access_by_row(request, "dining_tables", table_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    await services.remove_table(own_id, table_id, access.actor, system.now())
    return Response(status_code=204)
