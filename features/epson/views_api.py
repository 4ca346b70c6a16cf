"""The door for Epson printers that speak Server Direct Print.

The address is the printer's secret. One route takes every form; the answer is XML
with a job, or empty.
"""

from fastapi import APIRouter, Request, Response

from ...adapters import system
from ...adapters.hidden import hide_in_logs
from ...routing import ApiRoute, errors
from ...services import epson_form
from .models import XML

hide_in_logs("epson")
router = APIRouter(route_class=ApiRoute)


@router.post(
    "/api/v1/epson/{secret}",
    summary="An Epson printer asks for work, or says how it went or how it is",
    response_class=Response,
    responses={200: {"content": {"text/xml": {}}}, **errors(400, 404)},
)
async def api_epson_form(request: Request, secret: str) -> Response:
    """``ConnectionType`` is GetRequest, SetResponse or SetStatus; anything else is
    answered with nothing."""
    xml = await epson_form(secret, await request.body(), system.now())
    return Response(xml.encode(), headers={"Content-Type": XML})
