"""Pictures of paper over HTTP."""

from fastapi import APIRouter, Request, Response

from ... import services
from ...adapters import system
from ...models import Role
from ...routing import ApiRoute, access_by_row, access_to, errors
from ...services import Preview
from ..printing.models import Caller
from .models import PreviewBody

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)
MAY_SEE = (*MAY_MANAGE, Role.PRINTER)
PNG = "image/png"
PICTURE = {
    "content": {PNG: {"schema": {"type": "string", "format": "binary"}}},
    "description": "A picture of one bit, as wide as the paper in dots.",
    "headers": {
        "X-Bitmap-Sha256": {
            "description": "Of the dots, as in the claim's answer.",
            "schema": {"type": "string"},
        }
    },
}


@router.get(
    "/api/v1/print_jobs/{job_id}/preview.png",
    summary="The very bitmap that a job prints, or printed",
    response_class=Response,
    responses={200: PICTURE, **errors(401, 403, 404)},
)
async def api_preview_job(request: Request, job_id: str) -> Response:
    """On the layout it was given out with; before that, on its printer's. Owner,
    manager, and printers of the job's station."""
    access = await access_by_row(request, "print_jobs", job_id, *MAY_SEE)
    is_printer = access.device is not None and access.role is Role.PRINTER
    stations = access.device.stations if is_printer and access.device else ()
    caller = Caller(access.actor, access.restaurant.id, stations)
    return _picture(await services.preview_job(job_id, caller))


@router.post(
    "/api/v1/restaurants/{restaurant_id}/print_preview",
    summary="What a layout would look like",
    response_class=Response,
    responses={200: PICTURE, **errors(401, 403, 404)},
)
async def api_preview_layout(
    request: Request, restaurant_id: str, body: PreviewBody
) -> Response:
    """A sample with the restaurant's name and some of its menu; nothing is stored."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    return _picture(
        await services.preview_layout(access.restaurant, body, system.now())
    )


def _picture(preview: Preview) -> Response:
    kept = "no-store" if preview.is_secret else "no-cache"
    headers = {
        "ETag": f'"{preview.sha256}"',
        "X-Bitmap-Sha256": preview.sha256,
        "Cache-Control": f"private, {kept}",
    }
    return Response(preview.png, media_type=PNG, headers=headers)
