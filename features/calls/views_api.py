"""Calling somebody to a table, over HTTP."""

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...models import Role
from ...routing import ApiRoute, access_by_row, access_to, answer, errors
from .models import CallList, CallView, NewCall, RaisedView

router = APIRouter(route_class=ApiRoute)

MAY_ANSWER = (Role.OWNER, Role.POS, Role.KDS, Role.MANAGER)


@router.post(
    "/api/v1/restaurants/{restaurant_id}/calls",
    summary="Call somebody to a table",
    status_code=201,
    response_model=RaisedView,
    responses={
        200: {"model": RaisedView},
        **errors(400, 403, 404, 409, 413, 422, 429),
    },
)
async def call(request: Request, restaurant_id: str, body: NewCall) -> JSONResponse:
    """Public, with the token of the table's code, or with an order's
    ``X-Order-Token``. 200 and the same call while it waits to be answered."""
    token = request.headers.get("x-order-token")
    raised = await services.raise_call(restaurant_id, body, token, system.now())
    return answer(raised.view, 201 if raised.is_new else 200)


@router.get(
    "/api/v1/restaurants/{restaurant_id}/calls",
    summary="Tables that wait for somebody",
    response_model=CallList,
    responses=errors(401, 403, 404, 422),
)
async def list_calls(
    request: Request, restaurant_id: str, all_: bool = Query(False, alias="all")
) -> JSONResponse:
    """Owner, manager, till and kitchen; oldest first. With ``all=1`` also those that
    were answered in the last minutes."""
    access = await access_to(request, restaurant_id, *MAY_ANSWER)
    at = system.now()
    return answer(
        await services.list_calls(access.restaurant.id, at, with_answered=all_)
    )


@router.put(
    "/api/v1/calls/{call_id}/answered",
    summary="Somebody goes to the table",
    response_model=CallView,
    responses=errors(401, 403, 404),
)
async def answer_call(request: Request, call_id: str) -> JSONResponse:
    """Owner, manager, till and kitchen; again changes nothing."""
    access = await access_by_row(request, "calls", call_id, *MAY_ANSWER)
    own_id, at = access.restaurant.id, system.now()
    return answer(await services.answer_call(own_id, call_id, access.actor, at))
