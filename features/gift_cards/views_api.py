"""Gift cards over HTTP: issue, list, show, change, ask for a balance."""

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...core import limits
from ...core.paging import place_of
from ...models import Role
from ...routing import (
    ApiRoute,
    access_by_row,
    access_to,
    answer,
    errors,
    keyed,
    replayable,
    request_key,
)
from .models import (
    BalanceView,
    CodeQuestion,
    GiftCardChange,
    GiftCardDetail,
    GiftCardPage,
    GiftCardView,
    IssuedView,
    NewGiftCard,
)

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)
MAY_SELL = (*MAY_MANAGE, Role.POS)


@router.post(
    "/api/v1/restaurants/{restaurant_id}/gift_cards",
    summary="Issue a gift card",
    status_code=201,
    response_model=IssuedView,
    responses=errors(400, 401, 403, 404, 409, 422),
    openapi_extra=keyed(),
)
async def issue_gift_card(
    request: Request, restaurant_id: str, body: NewGiftCard
) -> JSONResponse:
    """Owner and manager; a till only ``sold``. The code is shown here alone, and
    again to the same ``Idempotency-Key``."""
    access = await access_to(request, restaurant_id, *MAY_SELL)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(
        await services.issue_gift_card(own_id, body, access.actor, key, at)
    )


@router.get(
    "/api/v1/restaurants/{restaurant_id}/gift_cards",
    summary="The restaurant's gift cards",
    response_model=GiftCardPage,
    responses=errors(401, 403, 404, 422),
)
async def list_gift_cards(
    request: Request,
    restaurant_id: str,
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> JSONResponse:
    """Owner and manager. Newest first; ``hint`` is the end of each code."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    after = place_of(cursor)
    own_id = access.restaurant.id
    return answer(await services.gift_cards_of(own_id, limit, after, system.now()))


@router.get(
    "/api/v1/gift_cards/{gift_card_id}",
    summary="A gift card with its ledger",
    response_model=GiftCardDetail,
    responses=errors(401, 403, 404),
)
async def show_gift_card(request: Request, gift_card_id: str) -> JSONResponse:
    """Owner and manager. The newest 500 entries, newest first."""
    access = await access_by_row(request, "gift_cards", gift_card_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    return answer(await services.show_gift_card(own_id, gift_card_id, system.now()))


@router.patch(
    "/api/v1/gift_cards/{gift_card_id}",
    summary="Change a gift card",
    response_model=GiftCardView,
    responses=errors(400, 401, 403, 404, 422),
)
async def change_gift_card(
    request: Request, gift_card_id: str, body: GiftCardChange
) -> JSONResponse:
    """Owner and manager. Block or free it, move its expiry, write a note."""
    access = await access_by_row(request, "gift_cards", gift_card_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    at = system.now()
    return answer(
        await services.change_gift_card(own_id, gift_card_id, body, access.actor, at)
    )


@router.post(
    "/api/v1/restaurants/{restaurant_id}/gift_cards/balance",
    summary="What is left on a gift card",
    response_model=BalanceView,
    responses=errors(400, 404, 422),
)
async def gift_card_balance(restaurant_id: str, body: CodeQuestion) -> JSONResponse:
    """Public: for whoever holds the code, which never belongs into an address."""
    return answer(
        await services.gift_card_balance(restaurant_id, body.code, system.now())
    )
