"""The kitchen over HTTP: its board, lines that move, courses that are fired."""

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...models import Role
from ...routing import (
    Access,
    ApiRoute,
    access_to,
    answer,
    errors,
    order_access,
)
from ..orders.models import OrderView
from .models import BoardView, FireBody, LinesChange

router = APIRouter(route_class=ApiRoute)

STAFF = (Role.OWNER, Role.KDS, Role.POS, Role.MANAGER)


@router.get(
    "/api/v1/restaurants/{restaurant_id}/kitchen",
    summary="What is to be cooked",
    response_model=BoardView,
    responses=errors(401, 403, 404, 422),
)
async def board(
    request: Request,
    restaurant_id: str,
    station: list[str] = Query(default=[]),  # noqa: B008 (how FastAPI says it)
) -> JSONResponse:
    """Orders that are paid, accepted or ready, oldest wanted first. ``station`` may
    be sent several times; a kitchen screen with stations of its own sees those."""
    access = await access_to(request, restaurant_id, *STAFF)
    own = _stations_of(access)
    at = system.now()
    return answer(await services.kitchen_board(access.restaurant, station, own, at))


@router.put(
    "/api/v1/orders/{order_id}/lines/status",
    summary="Bump lines of an order, or take them back",
    response_model=OrderView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
)
async def set_line_status(
    request: Request, order_id: str, body: LinesChange
) -> JSONResponse:
    """These lines, or those of a station, or all that were called for; a kitchen
    screen with stations of its own moves only theirs. The order is ready when its
    lines are done, and is cooked on when one is taken back."""
    access = await order_access(request, order_id, *STAFF)
    own, at = _stations_of(access), system.now()
    return answer(await services.set_line_status(order_id, body, access.actor, own, at))


@router.post(
    "/api/v1/orders/{order_id}/fire",
    summary="Call for a course",
    response_model=OrderView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
)
async def fire(request: Request, order_id: str, body: FireBody) -> JSONResponse:
    """Its lines begin to wait, with a ticket for just these; again changes nothing."""
    access = await order_access(request, order_id, *STAFF)
    at = system.now()
    return answer(await services.fire_course(order_id, body, access.actor, at))


def _stations_of(access: Access) -> tuple[str, ...]:
    """The stations that a kitchen screen is for; empty means all."""
    if access.role is not Role.KDS or access.device is None:
        return ()
    return access.device.stations
