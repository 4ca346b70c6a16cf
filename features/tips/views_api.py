"""Tips over HTTP: after the meal, and the ledger that keeps them apart from sales."""

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...adapters.describing import STAFF_OR_GUEST
from ...core import limits
from ...core.errors import invalid
from ...core.fields import moment
from ...core.paging import place_of
from ...models import Role
from ...routing import (
    ApiRoute,
    access_to,
    answer,
    errors,
    keyed,
    order_access,
    replayable,
    request_key,
)
from .models import BalanceList, EntryPage, NewTip, OrderTips, TippedView

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)
MAY_TIP = (Role.GUEST, Role.POS, *MAY_MANAGE)


@router.post(
    "/api/v1/orders/{order_id}/tips",
    summary="Tip after the meal",
    status_code=201,
    response_model=TippedView,
    responses=errors(400, 401, 403, 404, 409, 413, 422, 503),
    openapi_extra=keyed(),
    dependencies=STAFF_OR_GUEST,
)
async def ask_tip(request: Request, order_id: str, body: NewTip) -> JSONResponse:
    """The guest, the owner, managers and tills, for some days after the order was
    paid. The invoice is for the tip alone; the order's money stays as it is."""
    access = await order_access(request, order_id, *MAY_TIP)
    key = await request_key(request, access.restaurant.id, access.fingerprint)
    payer = services.Payer(access.actor, access.payment_methods)
    return replayable(await services.ask_tip(order_id, body, payer, key, system.now()))


@router.get(
    "/api/v1/orders/{order_id}/tips",
    summary="The order's tips after the meal",
    response_model=OrderTips,
    responses=errors(401, 403, 404),
    dependencies=STAFF_OR_GUEST,
)
async def show_tips(request: Request, order_id: str) -> JSONResponse:
    """The guest, the owner, managers and tills: open, paid and expired ones, oldest
    first, and whether there may be another."""
    await order_access(request, order_id, *MAY_TIP)
    return answer(await services.show_tips(order_id, system.now()))


@router.get(
    "/api/v1/restaurants/{restaurant_id}/tips",
    summary="The ledger of tips",
    response_model=EntryPage,
    responses=errors(401, 403, 404, 422),
)
async def list_tips(
    request: Request,
    restaurant_id: str,
    since: str | None = Query(None, alias="from"),
    until: str | None = Query(None, alias="to"),
    status: str | None = None,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """Owner and manager. Newest first; ``from`` and before ``to`` are RFC 3339 times,
    ``status`` is open, paying, paid or shared."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    period = (_moment("from", since), _moment("to", until))
    after = place_of(cursor)
    own_id = access.restaurant.id
    return answer(await services.tips_of(own_id, period, status, limit, after))


@router.get(
    "/api/v1/restaurants/{restaurant_id}/tips/balances",
    summary="Whose tips are not paid out yet",
    response_model=BalanceList,
    responses=errors(401, 403, 404),
)
async def tip_balances(request: Request, restaurant_id: str) -> JSONResponse:
    """Owner and manager: the restaurant's, the pool's, and everybody's."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    return answer(await services.tip_balances(access.restaurant.id))


def _moment(name: str, value: str | None) -> int | None:
    if value is None:
        return None
    try:
        return moment(value)
    except ValueError as error:
        raise invalid(name, f"{name} {error}.") from error
