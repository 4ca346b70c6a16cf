"""Recipes over HTTP: shown, and set whole."""

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...core import limits
from ...core.paging import texts_of
from ...models import Role
from ...routing import ApiRoute, access_by_row, access_to, answer, errors
from ..stock.models import StockKind
from .models import RecipeBody, RecipePage, RecipeView

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)


@router.get(
    "/api/v1/restaurants/{restaurant_id}/recipes",
    summary="Which ingredients the menu takes",
    response_model=RecipePage,
    responses=errors(401, 403, 404, 422),
)
async def list_recipes(
    request: Request,
    restaurant_id: str,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """Owner and manager. What has a recipe, by id."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    [after_id] = texts_of(cursor, 1)
    return answer(await services.recipes_of(access.restaurant.id, limit, after_id))


@router.put(
    "/api/v1/menu_items/{item_id}/recipe",
    summary="Set the recipe of an item",
    response_model=RecipeView,
    responses=errors(400, 401, 403, 404, 413, 422),
)
async def set_item_recipe(
    request: Request, item_id: str, body: RecipeBody
) -> JSONResponse:
    """Owner and manager. So much of each ingredient for one portion."""
    access = await access_by_row(request, "menu_items", item_id, *MAY_MANAGE)
    own_id, at = access.restaurant.id, system.now()
    kind = StockKind.ITEM
    return answer(
        await services.set_recipe(own_id, kind, item_id, body, access.actor, at)
    )


@router.put(
    "/api/v1/modifiers/{modifier_id}/recipe",
    summary="Set the recipe of a modifier",
    response_model=RecipeView,
    responses=errors(400, 401, 403, 404, 413, 422),
)
async def set_modifier_recipe(
    request: Request, modifier_id: str, body: RecipeBody
) -> JSONResponse:
    """Owner and manager. So much of each ingredient each time that it is chosen."""
    access = await access_by_row(request, "modifiers", modifier_id, *MAY_MANAGE)
    own_id, at = access.restaurant.id, system.now()
    kind = StockKind.MODIFIER
    return answer(
        await services.set_recipe(own_id, kind, modifier_id, body, access.actor, at)
    )
