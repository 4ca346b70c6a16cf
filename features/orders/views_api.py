"""Orders over HTTP: quote, place, look, move on."""

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...adapters.describing import STAFF_OR_GUEST, or_nobody
from ...core import limits
from ...core.errors import Forbidden, NotFound, Unauthorized, invalid
from ...core.fields import moment
from ...core.paging import place_of
from ...models import GUEST, Flag, OrderStatus, Role
from ...routing import (
    Access,
    ApiRoute,
    access_to,
    answer,
    credential_of,
    errors,
    judge,
    keyed,
    order_access,
    replayable,
    request_key,
)
from ..amendments.models import EditOrder, NewRound
from ..merges.models import MergeOrders
from ..pricing.models import Cart
from ..quotes.models import QuoteView
from .models import (
    InvoiceView,
    MethodChange,
    OrderPage,
    OrderView,
    PlacedView,
    StatusChange,
)

router = APIRouter(route_class=ApiRoute)

STAFF = (Role.OWNER, Role.KDS, Role.POS, Role.MANAGER)
MAY_SEE = (Role.GUEST, Role.READER, *STAFF)
MAY_EDIT = (Role.OWNER, Role.POS, Role.MANAGER)
#: Orders that somebody still has to do something for.
OPEN = [
    status.value
    for status in OrderStatus
    if status not in (OrderStatus.COMPLETED, OrderStatus.CANCELED, OrderStatus.REFUNDED)
]
MAY_PLACE_CASH = (Role.OWNER, Role.POS, Role.MANAGER)


@router.post(
    "/api/v1/orders/quote",
    summary="What a cart would cost, and a promise of it",
    response_model=QuoteView,
    responses=errors(400, 403, 404, 409, 413, 422, 429, 503),
    openapi_extra=or_nobody(),
)
async def quote(request: Request, cart: Cart) -> JSONResponse:
    """Public. The ``quote_id`` freezes cart, rates and total until ``expires_at``.
    Discounts by hand and tax exemption need staff's credential."""
    try:
        access = await _staff_of(request, cart)
    except (Unauthorized, Forbidden, NotFound):  # a price is for everybody
        access = None
    placer = _placer(request, access)
    return answer(await services.quote_balance_required(cart, system.now(), placer))


@router.post(
    "/api/v1/orders",
    summary="Place an order",
    status_code=201,
    response_model=PlacedView,
    responses=errors(400, 401, 403, 404, 409, 413, 422, 429, 503),
    openapi_extra={**keyed(required=True), **or_nobody()},
)
async def place(request: Request, cart: Cart) -> JSONResponse:
    """Public; needs an ``Idempotency-Key``. Cash needs staff or a table token."""
    access = await _staff_of(request, cart)
    fingerprint = access.fingerprint if access else "public"
    key = await request_key(request, cart.restaurant_id, fingerprint, required=True)
    placer = _placer(request, access)
    return replayable(await services.place_order(cart, placer, key, system.now()))


@router.get(
    "/api/v1/orders/{order_id}",
    summary="One order",
    response_model=OrderView,
    responses=errors(401, 403, 404),
    dependencies=STAFF_OR_GUEST,
)
async def get_order(request: Request, order_id: str) -> JSONResponse:
    """For its guest (``X-Order-Token``) and the restaurant's staff."""
    await order_access(request, order_id, *MAY_SEE)
    return answer(await services.show_order(order_id))


@router.patch(
    "/api/v1/orders/{order_id}",
    summary="Edit an order until it is handed over",
    response_model=OrderView,
    responses=errors(400, 401, 403, 404, 409, 413, 422, 429, 503),
)
async def edit(request: Request, order_id: str, body: EditOrder) -> JSONResponse:
    """Owner, manager and till. ``revision`` is the one that was seen; only what is
    sent changes, and the guest is told. ``table`` moves it, ``server_id`` hands it
    over."""
    access = await order_access(request, order_id, *MAY_EDIT)
    return answer(await services.edit_order(order_id, body, access.actor, system.now()))


@router.post(
    "/api/v1/orders/{order_id}/items",
    summary="Another round: more for an order that was sent",
    status_code=201,
    response_model=OrderView,
    responses=errors(400, 401, 403, 404, 409, 413, 422, 503),
    openapi_extra=keyed(),
    dependencies=STAFF_OR_GUEST,
)
async def add_round(request: Request, order_id: str, body: NewRound) -> JSONResponse:
    """Owner, manager and till; guests for their open tab, where the restaurant lets
    tables have one."""
    access = await order_access(request, order_id, Role.GUEST, *MAY_EDIT)
    key = await request_key(request, access.restaurant.id, access.fingerprint)
    at = system.now()
    return replayable(await services.add_round(order_id, body, access.actor, key, at))


@router.post(
    "/api/v1/orders/{order_id}/merge",
    summary="Bring another order's lines into this one",
    response_model=OrderView,
    responses=errors(400, 401, 403, 404, 409, 413, 422, 503),
    openapi_extra=keyed(),
)
async def merge(request: Request, order_id: str, body: MergeOrders) -> JSONResponse:
    """Owner, manager and till. The other order ends as ``canceled`` and names this
    one in ``merged_into``; nothing is cooked or printed twice."""
    access = await order_access(request, order_id, *MAY_EDIT)
    key = await request_key(request, access.restaurant.id, access.fingerprint)
    merged = await services.merge_orders(
        order_id, body, access.actor, key, system.now()
    )
    return replayable(merged)


@router.post(
    "/api/v1/orders/{order_id}/invoice",
    summary="The invoice for exactly what is due",
    status_code=201,
    response_model=InvoiceView,
    responses={
        200: {"model": InvoiceView},
        **errors(400, 401, 403, 404, 409, 422, 503),
    },
    openapi_extra=keyed(),
    dependencies=STAFF_OR_GUEST,
)
async def invoice(request: Request, order_id: str) -> JSONResponse:
    """200 with the unexpired invoice, else 201 with a new one."""
    roles = (Role.GUEST, Role.OWNER, Role.POS, Role.MANAGER)
    access = await order_access(request, order_id, *roles)
    key = await request_key(request, access.restaurant.id, access.fingerprint)
    payer = services.Payer(access.actor, access.payment_methods)
    return replayable(await services.fresh_invoice(order_id, payer, key, system.now()))


@router.post(
    "/api/v1/orders/{order_id}/cancel",
    summary="Cancel an order",
    response_model=OrderView,
    responses=errors(401, 403, 404, 409),
    dependencies=STAFF_OR_GUEST,
)
async def cancel(request: Request, order_id: str) -> JSONResponse:
    """A guest while nothing is paid; staff as long as the step is allowed."""
    roles = (Role.GUEST, Role.OWNER, Role.POS, Role.MANAGER)
    access = await order_access(request, order_id, *roles)
    at = system.now()
    if access.role is Role.GUEST:
        return answer(await services.cancel_by_guest(order_id, access.actor, at))
    canceled = await services.change_status(
        order_id, OrderStatus.CANCELED, StatusChange(), access.actor, at
    )
    return answer(canceled)


@router.post(
    "/api/v1/orders/{order_id}/method",
    summary="Pay a waiting order another way",
    response_model=OrderView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    dependencies=STAFF_OR_GUEST,
)
async def switch_method(
    request: Request, order_id: str, body: MethodChange
) -> JSONResponse:
    """A guest may go to the counter with cash, and back to Lightning. What was
    invoiced stays payable; the kitchen begins when the money is there."""
    roles = (Role.GUEST, Role.OWNER, Role.POS, Role.MANAGER)
    access = await order_access(request, order_id, *roles)
    payer = services.Payer(access.actor, access.payment_methods)
    changed = await services.switch_method(
        order_id, body.payment_method, payer, system.now()
    )
    return answer(changed)


@router.post(
    "/api/v1/orders/{order_id}/resurrect",
    summary="Make a canceled order whose money came after all",
    response_model=OrderView,
    responses=errors(401, 403, 404, 409),
)
async def resurrect(request: Request, order_id: str) -> JSONResponse:
    """Owner, manager and till; once per order, and only while its money is kept."""
    roles = (Role.OWNER, Role.POS, Role.MANAGER)
    access = await order_access(request, order_id, *roles)
    return answer(await services.resurrect_order(order_id, access.actor, system.now()))


@router.put(
    "/api/v1/orders/{order_id}/status/{new}",
    summary="Move an order on",
    response_model=OrderView,
    responses=errors(400, 401, 403, 404, 409, 422),
)
async def put_status(
    request: Request, order_id: str, new: OrderStatus, body: StatusChange | None = None
) -> JSONResponse:
    """Steps by staff; the same status again changes nothing."""
    access = await order_access(request, order_id, *STAFF)
    changed = await services.change_status(
        order_id, new, body or StatusChange(), access.actor, system.now()
    )
    return answer(changed)


@router.get(
    "/api/v1/restaurants/{restaurant_id}/orders",
    summary="The restaurant's orders, newest first",
    response_model=OrderPage,
    responses=errors(401, 403, 404, 422),
)
async def list_orders(
    request: Request,
    restaurant_id: str,
    status: str | None = None,
    since: str | None = None,
    payment_hash: str | None = None,
    number: int | None = None,
    flag: str | None = None,
    server_id: str | None = None,
    is_open: bool = Query(False, alias="open"),
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """``status`` may hold several, with commas; ``since`` is RFC 3339; ``flag`` is
    one flag, or ``any``: what still needs a human, however old. ``open=1``: none that
    is over; with ``server_id`` somebody's own tables."""
    access = await access_to(request, restaurant_id, Role.READER, *STAFF)
    filters: dict[str, object] = {}
    if since is not None:
        filters["since"] = _since(since)
    if payment_hash:
        filters["payment_hash"] = payment_hash.lower()
    if number is not None:
        filters["number"] = _number(number)
    if flag:
        filters["flag"] = _flag(flag)
    if server_id:
        filters["server_id"] = server_id
    statuses = _statuses(status) or OPEN if is_open else _statuses(status)
    page = await services.list_orders(
        access.restaurant.id, filters, statuses, limit, place_of(cursor)
    )
    return answer(page)


def _placer(request: Request, access: Access | None) -> services.Placer:
    """Who prices or places this cart; a guest's address slows guesses of codes."""
    address = request.client.host if request.client else None
    if access is None:
        return services.Placer(GUEST, address=address)
    is_staff = access.role in MAY_PLACE_CASH
    return services.Placer(access.actor, is_staff, access.payment_methods, address)


async def _staff_of(request: Request, cart: Cart) -> Access | None:
    """The placer's rights on this restaurant, when a credential was sent."""
    credential = await credential_of(request)
    if credential.fingerprint == "public":
        return None
    restaurant = await services.show_restaurant(cart.restaurant_id)
    return judge(credential, restaurant)


def _since(text: str) -> int:
    try:
        return moment(text)
    except ValueError as error:
        raise invalid("since", f"since {error}.") from error


def _statuses(text: str | None) -> list[str]:
    names = [name for name in (text or "").split(",") if name]
    known = {status.value for status in OrderStatus}
    if not set(names) <= known:
        raise invalid("status", f"status is one of {', '.join(sorted(known))}.")
    return names


def _number(number: int) -> int:
    if not 0 < number < 2**31:
        raise invalid("number", "number is an order's number of the day.")
    return number


def _flag(name: str) -> str:
    known = [flag.value for flag in Flag]
    if name != "any" and name not in known:
        raise invalid("flag", f"flag is any or one of {', '.join(known)}.")
    return name
