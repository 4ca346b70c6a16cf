"""Times to choose from and busy mode over HTTP."""

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...models import OrderType, Role
from ...routing import ApiRoute, access_to, answer, errors
from ..restaurants.models import RestaurantView
from .models import BusyChange, SlotsView

router = APIRouter(route_class=ApiRoute)

MAY_SAY_BUSY = (Role.OWNER, Role.MANAGER, Role.POS, Role.KDS)


@router.get(
    "/api/v1/restaurants/{restaurant_id}/slots",
    summary="The times that an order may be wanted at",
    response_model=SlotsView,
    responses=errors(404, 422),
)
async def show_slots(
    restaurant_id: str,
    order_type: OrderType = OrderType.PICKUP,
    day: str | None = Query(None, description="YYYY-MM-DD; else the first with slots"),
) -> JSONResponse:
    """Public, by id or slug. Order types without slots have none in ``data``: there
    any open time will do. ``asap`` tells of orders for now."""
    at = system.now()
    return answer(await services.show_slots(restaurant_id, order_type, day, at))


@router.put(
    "/api/v1/restaurants/{restaurant_id}/busy",
    summary="Say that orders take longer",
    response_model=RestaurantView,
    responses=errors(400, 401, 403, 404, 413, 422),
)
async def set_busy(
    request: Request, restaurant_id: str, body: BusyChange
) -> JSONResponse:
    """Owner, manager, till and kitchen screen. It ends by itself after ``minutes`` or
    at ``until``; saying it again changes how long. The settings as they are now."""
    access = await access_to(request, restaurant_id, *MAY_SAY_BUSY)
    own_id = access.restaurant.id
    at = system.now()
    return answer(await services.set_busy(own_id, body, access.actor, at))


@router.delete(
    "/api/v1/restaurants/{restaurant_id}/busy",
    summary="Say that orders take as long as usual",
    response_model=RestaurantView,
    responses=errors(401, 403, 404),
)
async def end_busy(request: Request, restaurant_id: str) -> JSONResponse:
    """Owner, manager, till and kitchen screen; nothing changes when it was so. Busy
    by load ends by itself only. The settings as they are now."""
    access = await access_to(request, restaurant_id, *MAY_SAY_BUSY)
    own_id = access.restaurant.id
    return answer(await services.end_busy(own_id, access.actor, system.now()))
