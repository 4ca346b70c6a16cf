"""Receipts over HTTP: to look at, to keep, to print from a browser or at a printer.

They hold a guest's order and the way to its page: nothing on the way keeps a copy.
"""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ...adapters import system
from ...adapters.describing import STAFF_OR_GUEST
from ...core.sheet_html import SECURITY
from ...models import Role
from ...routing import (
    Access,
    ApiRoute,
    answer,
    errors,
    keyed,
    order_access,
    replayable,
    request_key,
)
from ...services import (
    print_receipt,
    receipt_file,
    show_receipt,
    tracking_url,
)
from ..papers.models import Language
from ..printing.models import PrintJobView
from .models import FileKind, Paper, PrintReceiptBody, ReceiptDocument, ReceiptLook

router = APIRouter(route_class=ApiRoute)

STAFF = (Role.OWNER, Role.POS, Role.MANAGER)
_TYPES: dict[FileKind, str] = {
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "png": "image/png",
    "pdf": "application/pdf",
}
_PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def _file(kind: FileKind) -> dict[str, Any]:
    """What a route that answers with a file says of itself."""
    media = _TYPES[kind].partition(";")[0]
    return {
        "response_class": Response,
        "responses": {200: {"content": {media: {}}}, **errors(401, 403, 404, 422)},
    }


@router.get(
    "/api/v1/orders/{order_id}/receipt",
    summary="The receipt of an order, or its bill, as data",
    response_model=ReceiptDocument,
    responses=errors(401, 403, 404),
    dependencies=STAFF_OR_GUEST,
)
async def api_show_receipt(request: Request, order_id: str) -> JSONResponse:
    """For its guest (``X-Order-Token``), owner, manager and till."""
    access = await order_access(request, order_id, Role.GUEST, *STAFF)
    url = await _tracking_url(request, access, order_id)
    shown = answer(await show_receipt(order_id, url))
    shown.headers.update(_PRIVATE)
    return shown


@router.get(
    "/api/v1/orders/{order_id}/receipt.txt",
    summary="The receipt as lines of letters",
    **_file("txt"),
    dependencies=STAFF_OR_GUEST,
)
async def api_receipt_text(
    request: Request, order_id: str, language: Language = "en", paper: Paper = "80"
) -> Response:
    """``paper`` in mm: 32 letters on 58, 48 on 80."""
    return await _answer(request, order_id, ReceiptLook("txt", language, paper))


@router.get(
    "/api/v1/orders/{order_id}/receipt.html",
    summary="The receipt as a page that prints",
    **_file("html"),
    dependencies=STAFF_OR_GUEST,
)
async def api_receipt_page(
    request: Request, order_id: str, language: Language = "en"
) -> Response:
    """One page without scripts; it prints on receipt paper and on A4."""
    return await _answer(request, order_id, ReceiptLook("html", language))


@router.get(
    "/api/v1/orders/{order_id}/receipt.png",
    summary="The receipt as a picture",
    **_file("png"),
    dependencies=STAFF_OR_GUEST,
)
async def api_receipt_picture(
    request: Request, order_id: str, language: Language = "en", paper: Paper = "80"
) -> Response:
    """Dot by dot as a printer of such paper (mm) prints it."""
    return await _answer(request, order_id, ReceiptLook("png", language, paper))


@router.get(
    "/api/v1/orders/{order_id}/receipt.pdf",
    summary="The receipt as a PDF",
    **_file("pdf"),
    dependencies=STAFF_OR_GUEST,
)
async def api_receipt_pdf(
    request: Request, order_id: str, language: Language = "en", paper: Paper = "80"
) -> Response:
    """The picture, at its size on paper (mm)."""
    return await _answer(request, order_id, ReceiptLook("pdf", language, paper))


@router.post(
    "/api/v1/orders/{order_id}/receipt/print",
    summary="Print the receipt, or the bill",
    status_code=201,
    response_model=PrintJobView,
    responses=errors(400, 401, 403, 404, 409, 422),
    openapi_extra=keyed(),
)
async def api_print_receipt(
    request: Request, order_id: str, body: PrintReceiptBody | None = None
) -> JSONResponse:
    """At the receipt station, or at the printer that is named. What is on paper
    already comes out as a copy and says so. Takes an ``Idempotency-Key``."""
    access = await order_access(request, order_id, *STAFF)
    key = await request_key(request, access.restaurant.id, access.fingerprint)
    body = body or PrintReceiptBody()
    at = system.now()
    return replayable(await print_receipt(order_id, body, access.actor, key, at))


async def _tracking_url(request: Request, access: Access, order_id: str) -> str | None:
    """A till does not get the guest's own key, which fetches refunds."""
    if access.role is Role.POS:
        return None
    return await tracking_url(order_id, str(request.base_url))


async def _answer(request: Request, order_id: str, look: ReceiptLook) -> Response:
    access = await order_access(request, order_id, Role.GUEST, *STAFF)
    url = await _tracking_url(request, access, order_id)
    file = await receipt_file(order_id, look, url)
    headers = {**_PRIVATE, "Content-Disposition": f'inline; filename="{file.name}"'}
    if look.kind == "html":
        headers["Content-Security-Policy"] = SECURITY
    return Response(file.data, media_type=_TYPES[look.kind], headers=headers)
