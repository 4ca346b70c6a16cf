"""Refunds over HTTP: ask, approve, cancel, fetch by LNURL-withdraw (LUD-03)."""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import outgoing, system
from ...adapters.describing import STAFF_OR_GUEST
from ...core.errors import NotFound
from ...models import Role
from ...routing import (
    Access,
    ApiRoute,
    access_by_row,
    answer,
    errors,
    keyed,
    order_access,
    replayable,
    request_key,
)
from .models import (
    DestinationBody,
    RefundBody,
    RefundList,
    RefundView,
    WithdrawRequest,
    WithdrawStatus,
)


class WalletRoute(ApiRoute):
    """For wallets: whatever goes wrong is 200 with a reason (LUD-03)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        guarded = super().get_route_handler()

        async def told(request: Request) -> Response:
            response = await guarded(request)
            if response.status_code < 400:
                return response
            reason = json.loads(bytes(response.body))["detail"]
            return answer(WithdrawStatus(status="ERROR", reason=reason))

        return told


router = APIRouter(route_class=ApiRoute)
wallets = APIRouter(route_class=WalletRoute)

MAY_ASK = (Role.OWNER, Role.MANAGER, Role.POS)
MAY_DECIDE = (Role.OWNER, Role.MANAGER)
MAY_SEE = (Role.GUEST, *MAY_ASK)


@router.post(
    "/api/v1/orders/{order_id}/refunds",
    summary="Give money back",
    status_code=201,
    response_model=RefundView,
    responses=errors(400, 401, 403, 404, 409, 413, 422, 503),
    openapi_extra=keyed(required=True),
)
async def request_refund(
    request: Request, order_id: str, body: RefundBody
) -> JSONResponse:
    """Owner and manager; a till's refund above the restaurant's limit waits for
    them. Needs an ``Idempotency-Key``."""
    access = await order_access(request, order_id, *MAY_ASK)
    key = await request_key(
        request, access.restaurant.id, access.fingerprint, required=True
    )
    made = await services.request_refund(
        order_id, body, access.actor, key, system.now()
    )
    return replayable(made)


@router.get(
    "/api/v1/orders/{order_id}/refunds",
    summary="The order's refunds",
    response_model=RefundList,
    responses=errors(401, 403, 404),
    dependencies=STAFF_OR_GUEST,
)
async def list_refunds(request: Request, order_id: str) -> JSONResponse:
    """For the guest, the owner, managers and tills, oldest first. What is worth the
    money (LNURL, a new gift card's code) is not shown to tills."""
    access = await order_access(request, order_id, *MAY_SEE)
    found = await services.show_refunds(order_id, access.role)
    return answer(RefundList(data=found))


@router.get(
    "/api/v1/refunds/{refund_id}",
    summary="One refund",
    response_model=RefundView,
    responses=errors(401, 403, 404),
    dependencies=STAFF_OR_GUEST,
)
async def get_refund(request: Request, refund_id: str) -> JSONResponse:
    """For the guest, the owner, managers and tills."""
    access = await _access(request, refund_id, *MAY_SEE)
    return answer(await services.show_refund(refund_id, access.role))


@router.post(
    "/api/v1/refunds/{refund_id}/approve",
    summary="Let a requested refund go",
    response_model=RefundView,
    responses=errors(401, 403, 404, 409),
)
async def approve_refund(request: Request, refund_id: str) -> JSONResponse:
    """Owner and manager; approving again changes nothing."""
    access = await access_by_row(request, "refunds", refund_id, *MAY_DECIDE)
    return answer(await services.approve_refund(refund_id, access.actor, system.now()))


@router.post(
    "/api/v1/refunds/{refund_id}/cancel",
    summary="Take a refund back that has not left",
    response_model=RefundView,
    responses=errors(401, 403, 404, 409),
)
async def cancel_refund(request: Request, refund_id: str) -> JSONResponse:
    """Owner and manager; canceling again changes nothing."""
    access = await access_by_row(request, "refunds", refund_id, *MAY_DECIDE)
    return answer(await services.cancel_refund(refund_id, access.actor, system.now()))


@router.post(
    "/api/v1/refunds/{refund_id}/destination",
    summary="Send a waiting refund to another Lightning destination",
    response_model=RefundView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    dependencies=STAFF_OR_GUEST,
)
async def redirect_refund(
    request: Request, refund_id: str, body: DestinationBody
) -> JSONResponse:
    """The guest, the owner and managers, while it waits."""
    access = await _access(request, refund_id, Role.GUEST, *MAY_DECIDE)
    changed = await services.redirect_refund(
        refund_id, body, access.actor, system.now()
    )
    return answer(changed)


@wallets.get(
    "/api/v1/withdraw/{refund_id}/{token}",
    summary="LNURL-withdraw: what may be fetched (LUD-03)",
    response_model=WithdrawRequest | WithdrawStatus,
    responses=errors(404),
)
async def offer_withdraw(request: Request, refund_id: str, token: str) -> JSONResponse:
    """For wallets. Errors are 200 with ``status: ERROR``, as the protocol says."""
    base_url = outgoing.base_url(str(request.base_url))
    offer = await services.offer_withdraw(refund_id, token, base_url, system.now())
    return answer(offer)


@wallets.get(
    "/api/v1/withdraw/{refund_id}",
    summary="LNURL-withdraw: pay this invoice (LUD-03)",
    response_model=WithdrawStatus,
    responses=errors(404),
)
async def withdraw(refund_id: str, k1: str = "", pr: str = "") -> JSONResponse:
    """For wallets: pays once; the same invoice again is answered OK again."""
    await services.withdraw(refund_id, k1, pr, system.now())
    return answer(WithdrawStatus(status="OK"))


router.include_router(wallets)


async def _access(request: Request, refund_id: str, *roles: Role) -> Access:
    """Access to the order that a refund belongs to."""
    order_id = await services.order_of_refund(refund_id)
    if order_id is None:
        raise NotFound("refund.unknown", "There is no such refund for you.")
    return await order_access(request, order_id, *roles)
