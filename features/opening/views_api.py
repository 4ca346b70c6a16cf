"""Opening over HTTP: when orders are taken, and pausing for a while."""

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...core import limits
from ...models import Role
from ...routing import ApiRoute, access_to, answer, errors
from ..restaurants.models import RestaurantView
from .models import OpeningDaysView, PauseBody

router = APIRouter(route_class=ApiRoute)

MAY_PAUSE = (Role.OWNER, Role.MANAGER, Role.POS, Role.KDS)


@router.get(
    "/api/v1/restaurants/{restaurant_id}/opening",
    summary="When orders are taken",
    response_model=OpeningDaysView,
    responses=errors(404, 422),
)
async def get_opening(
    restaurant_id: str,
    first_day: str | None = Query(None, alias="from"),
    days: int = Query(7, ge=1, le=limits.OPENING_DAYS_MAX),
) -> JSONResponse:
    """Public, by id or slug: whether it is open now, and the hours that begin on each
    of the ``days`` from ``from`` (``YYYY-MM-DD``, today unless named) on."""
    at = system.now()
    return answer(await services.opening_days(restaurant_id, first_day, days, at))


@router.put(
    "/api/v1/restaurants/{restaurant_id}/pause",
    summary="Take no orders for a while",
    response_model=RestaurantView,
    responses=errors(400, 401, 403, 404, 413, 422),
)
async def pause(request: Request, restaurant_id: str, body: PauseBody) -> JSONResponse:
    """Owner, manager, pos and kds. For so many ``minutes``, ``until`` a time, or
    (neither) until somebody resumes; the ``reason`` is public. It ends by itself.
    Guests may order for afterwards; staff may order meanwhile."""
    access = await access_to(request, restaurant_id, *MAY_PAUSE)
    own_id, at = access.restaurant.id, system.now()
    return answer(await services.pause_orders(own_id, body, access.actor, at))


@router.delete(
    "/api/v1/restaurants/{restaurant_id}/pause",
    summary="Take orders again",
    response_model=RestaurantView,
    responses=errors(401, 403, 404),
)
async def resume(request: Request, restaurant_id: str) -> JSONResponse:
    """Owner, manager, pos and kds. Without a pause nothing changes."""
    access = await access_to(request, restaurant_id, *MAY_PAUSE)
    own_id, at = access.restaurant.id, system.now()
    return answer(await services.resume_orders(own_id, access.actor, at))
