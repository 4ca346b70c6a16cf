"""A restaurant's logo over HTTP: a picture comes in, black dots stay."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import system
from ...core import limits
from ...models import Role
from ...routing import ApiRoute, GuardedRequest, access_to, answer, errors
from .models import PICTURE_TYPES, LogoView

PNG = "image/png"
BINARY = {"type": "string", "format": "binary"}


class PictureRequest(GuardedRequest):
    """Any bytes, as many as a logo may have."""

    max_bytes = limits.LOGO_BYTES_MAX


class PictureRoute(ApiRoute):
    request_class = PictureRequest


router = APIRouter(route_class=PictureRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)


@router.put(
    "/api/v1/restaurants/{restaurant_id}/logo",
    summary="The logo on receipts",
    response_model=LogoView,
    responses=errors(401, 403, 404, 415),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": BINARY} for kind in PICTURE_TYPES},
        }
    },
)
async def api_put_logo(request: Request, restaurant_id: str) -> JSONResponse:
    """The body is the picture itself (PNG, JPEG or WebP, at most 1 MB); it becomes
    black dots, at most 384 wide. A printer's ``layout.logo`` names its ``sha256``."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    content_type = request.headers.get("content-type", "")
    logo = await services.put_logo(
        access.restaurant.id,
        content_type,
        await request.body(),
        access.actor,
        system.now(),
    )
    return answer(logo)


@router.get(
    "/api/v1/restaurants/{restaurant_id}/logo.png",
    summary="The logo as it is printed",
    response_class=Response,
    responses={200: {"content": {PNG: {"schema": BINARY}}}, **errors(401, 403, 404)},
)
async def api_show_logo(request: Request, restaurant_id: str) -> Response:
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    picture = await services.show_logo(access.restaurant.id)
    headers = {"ETag": f'"{picture.sha256}"', "Cache-Control": "private, no-cache"}
    return Response(picture.png, media_type=PNG, headers=headers)


@router.delete(
    "/api/v1/restaurants/{restaurant_id}/logo",
    summary="No logo any more",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404),
)
async def api_remove_logo(request: Request, restaurant_id: str) -> Response:
    """Receipts are printed without one, whatever their layout names."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    await services.remove_logo(access.restaurant.id, access.actor, system.now())
    return Response(status_code=204)
