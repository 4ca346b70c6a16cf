"""Stock over HTTP: figures, ingredients, movements by hand, history, proof, sheets."""

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...core import limits
from ...core.paging import place_of, texts_of
from ...models import Role
from ...routing import (
    ApiRoute,
    MenuRequest,
    access_by_row,
    access_to,
    answer,
    errors,
    keyed,
    replayable,
    request_key,
)
from ..stock_entries.models import MovementsBody, NewIngredient, StockChange
from ..stock_sheets.models import SheetResult, SheetUpload
from .models import (
    CheckView,
    MadeMovements,
    MovementPage,
    StockKind,
    StockPage,
    StockView,
)

CSV = "text/csv"
TEXT = {"type": "string"}


class SheetRequest(MenuRequest):
    """As large as a menu; its texts are checked like all others."""

    checks_texts = True


class SheetRoute(ApiRoute):
    request_class = SheetRequest


router = APIRouter(route_class=ApiRoute)
sheets = APIRouter(route_class=SheetRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)
MAY_MOVE = (*MAY_MANAGE, Role.POS, Role.KDS)
MAY_AUDIT = (*MAY_MANAGE, Role.READER)
MAY_SEE = (*MAY_MOVE, Role.READER)


@router.get(
    "/api/v1/restaurants/{restaurant_id}/stocks",
    summary="What is on hand",
    response_model=StockPage,
    responses=errors(401, 403, 404, 422),
)
async def list_stocks(
    request: Request,
    restaurant_id: str,
    kind: StockKind | None = None,
    low: bool = False,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """All of the staff but printers. By name; with ``?low=1`` only what is low."""
    access = await access_to(request, restaurant_id, *MAY_SEE)
    name, stock_id = texts_of(cursor, 2)
    own_id = access.restaurant.id
    after = (name, stock_id)
    return answer(await services.stocks_of(own_id, kind, low, limit, after))


@router.post(
    "/api/v1/restaurants/{restaurant_id}/ingredients",
    summary="Add an ingredient",
    status_code=201,
    response_model=StockView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
)
async def add_ingredient(
    request: Request, restaurant_id: str, body: NewIngredient
) -> JSONResponse:
    """Owner and manager. Something that recipes take of, counted in whole ``unit``."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    made = await services.add_ingredient(own_id, body, access.actor, key, at)
    return replayable(made)


@router.patch(
    "/api/v1/stocks/{stock_id}",
    summary="Change when a stock is low, or an ingredient's name",
    response_model=StockView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
)
async def change_stock(
    request: Request, stock_id: str, body: StockChange
) -> JSONResponse:
    """Owner and manager. Only what is sent changes; figures change by movements."""
    access = await access_by_row(request, "stocks", stock_id, *MAY_MANAGE)
    own_id, at = access.restaurant.id, system.now()
    return answer(await services.change_stock(own_id, stock_id, body, access.actor, at))


@router.delete(
    "/api/v1/stocks/{stock_id}",
    summary="Remove an ingredient",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404, 409),
)
async def remove_ingredient(request: Request, stock_id: str) -> Response:
    """Owner and manager. Not while a recipe uses it or open orders hold some."""
    access = await access_by_row(request, "stocks", stock_id, *MAY_MANAGE)
    own_id, at = access.restaurant.id, system.now()
    await services.remove_ingredient(own_id, stock_id, access.actor, at)
    return Response(status_code=204)


@router.post(
    "/api/v1/restaurants/{restaurant_id}/stock_movements",
    summary="Receive, waste, correct or count stock",
    status_code=201,
    response_model=MadeMovements,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
)
async def move_stock(
    request: Request, restaurant_id: str, body: MovementsBody
) -> JSONResponse:
    """Owner and manager; pos and kds receive and waste only. All movements or none.
    The first count of an item or modifier begins to count it."""
    access = await access_to(request, restaurant_id, *MAY_MOVE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(await services.move_stock(own_id, body, access.actor, key, at))


@router.get(
    "/api/v1/stocks/{stock_id}/movements",
    summary="The history of a stock",
    response_model=MovementPage,
    responses=errors(401, 403, 404, 422),
)
async def list_movements(
    request: Request,
    stock_id: str,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """Owner, manager and reader. Newest first."""
    access = await access_by_row(request, "stocks", stock_id, *MAY_AUDIT)
    own_id, after = access.restaurant.id, place_of(cursor)
    return answer(await services.movements_of(own_id, stock_id, limit, after))


@router.get(
    "/api/v1/restaurants/{restaurant_id}/stock/check",
    summary="Prove the figures by their movements",
    response_model=CheckView,
    responses=errors(401, 403, 404),
)
async def check_stock(request: Request, restaurant_id: str) -> JSONResponse:
    """Owner, manager and reader. Adds every movement up anew."""
    access = await access_to(request, restaurant_id, *MAY_AUDIT)
    return answer(await services.check_stock(access.restaurant.id))


@router.get(
    "/api/v1/restaurants/{restaurant_id}/stocks.csv",
    summary="What is on hand, as a sheet",
    response_class=Response,
    responses={200: {"content": {CSV: {"schema": TEXT}}}, **errors(401, 403, 404)},
)
async def get_stock_sheet(request: Request, restaurant_id: str) -> Response:
    """Owner and manager. What reads like a formula begins with an apostrophe."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    name = f"stock-{access.restaurant.slug}.csv"
    return Response(
        await services.stock_sheet(access.restaurant.id),
        media_type=CSV,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@sheets.post(
    "/api/v1/restaurants/{restaurant_id}/stocks/import",
    summary="Count stock by a sheet",
    response_model=SheetResult,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
)
async def import_stock(
    request: Request, restaurant_id: str, body: SheetUpload
) -> JSONResponse:
    """Owner and manager. Every fault is listed with its row (``stock.csv`` with
    ``faults``), and one fault refuses the whole."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(await services.import_stock(own_id, body, access.actor, key, at))


router.include_router(sheets)
