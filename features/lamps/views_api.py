"""The lamps over HTTP."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import pulse, system
from ...models import Role
from ...routing import ApiRoute, access_to, answer, errors
from .models import LampsView

router = APIRouter(route_class=ApiRoute)


@router.get(
    "/api/v1/restaurants/{restaurant_id}/lamps",
    summary="Do payments, rates and printers move?",
    response_model=LampsView,
    responses=errors(401, 403, 404),
)
async def get_lamps(request: Request, restaurant_id: str) -> JSONResponse:
    """For the staff: one lamp each for what must never stand still."""
    roles = (Role.OWNER, Role.MANAGER, Role.POS, Role.KDS)
    access = await access_to(request, restaurant_id, *roles)
    loops = services.Loops(
        listener_runs=pulse.runs("listener"),
        reconciler=pulse.last("reconciler"),
        refunds=pulse.last("refunds"),
        kitchen=pulse.last("kitchen"),
        node=pulse.last("node"),
    )
    return answer(await services.show_lamps(access.restaurant.id, loops, system.now()))
