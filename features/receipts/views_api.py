"""Receipts over HTTP: to look at, to keep, to print from a browser or at a printer.

They hold a guest's order and the way to its page: nothing on the way keeps a copy.
"""

from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ...adapters import system
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
from .models import FileKind, PrintReceiptBody, ReceiptDocument, ReceiptLook

router = APIRouter(route_class=ApiRoute)

STAFF = (Role.OWNER, Role.POS, Role.MANAGER)
_TYPES: dict[str, str] = {
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


@router.get(
    "/api/v1/orders/{order_id}/receipt",
    summary="The receipt of an order, or its bill, as data",
    response_model=ReceiptDocument,
    responses=errors(401, 403, 404),
)
async def api_show_receipt(request: Request, order_id: str) -> JSONResponse:
    """For its guest (``X-Order-Token``), owner, manager and till."""
    access = await order_access(request, order_id, Role.GUEST, *STAFF)
    url = await _tracking_url(request, access, order_id)
    shown = answer(await show_receipt(order_id, url))
    shown.headers.update(_PRIVATE)
    return shown


@router.get(
    "/api/v1/orders/{order_id}/receipt.{kind}",
    summary="The receipt as text, page, picture or PDF",
    response_class=Response,
    responses={
        200: {"content": {kind.split(";")[0]: {} for kind in _TYPES.values()}},
        **errors(401, 403, 404, 422),
    },
)
async def api_receipt_file(
    request: Request,
    order_id: str,
    kind: FileKind,
    language: Language = "en",
    paper: Literal["58", "80"] = "80",
) -> Response:
    """``kind``: txt, html, png or pdf; ``paper`` is its width in mm. The page prints
    on receipt paper and on A4."""
    access = await order_access(request, order_id, Role.GUEST, *STAFF)
    url = await _tracking_url(request, access, order_id)
    file = await receipt_file(order_id, ReceiptLook(kind, language, paper), url)
    headers = {**_PRIVATE, "Content-Disposition": f'inline; filename="{file.name}"'}
    if kind == "html":
        headers["Content-Security-Policy"] = SECURITY
    return Response(file.data, media_type=_TYPES[kind], headers=headers)


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
