"""The door for Star printers that speak CloudPRNT.

The address is the printer's secret. Printers follow their maker's protocol and not
our conventions: they send no credential and no key, and read hardly anything but the
status of an error.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from ...adapters import system
from ...adapters.hidden import hide_in_logs
from ...core.errors import NotFound
from ...routing import ApiRoute, GuardedRequest, errors
from ...services import star_end, star_job, star_poll
from .models import PollAnswer

_PATH = "/api/v1/cloudprnt/{secret}"
_MEDIUM_MAX = 200
Token = Annotated[str | None, Query(max_length=500)]
Code = Annotated[str | None, Query(max_length=500)]


hide_in_logs("cloudprnt")
router = APIRouter(route_class=ApiRoute)


@router.get(
    _PATH + "/cloudprnt-setting.json",
    summary="A Star printer asks for more than HTTP; there is no more",
    response_model=PollAnswer,
    responses=errors(404),
)
async def api_star_settings(request: Request, secret: str) -> Response:  # noqa: ARG001
    """Always 404: then the printer polls over HTTP."""
    raise NotFound("address.unknown", "There is nothing at this address.")


@router.post(
    _PATH,
    summary="A Star printer says how it is and asks for work",
    response_model=PollAnswer,
    responses=errors(400, 404),
)
async def api_star_poll(request: Request, secret: str) -> Response:
    """CloudPRNT's poll; the answer holds a job, questions to the printer or neither."""
    assert isinstance(request, GuardedRequest)
    body = await request.json()
    said = await star_poll(secret, body, system.now())
    return JSONResponse(said.wire())


@router.get(
    _PATH,
    summary="A Star printer fetches its job",
    response_class=Response,
    responses={
        200: {"content": {"image/png": {}, "text/plain": {}}},
        **errors(404, 415),
    },
)
async def api_star_job(
    request: Request,  # noqa: ARG001
    secret: str,
    medium: Annotated[str | None, Query(alias="type", max_length=_MEDIUM_MAX)] = None,
    token: Token = None,
    delete: str | None = None,
    code: Code = None,
) -> Response:
    """``type`` is the medium, ``token`` the job's name where the printer knows one.
    With ``delete`` it says how the job went, as by DELETE."""
    if delete is not None:
        return await _end(secret, token, code)
    body = await star_job(secret, medium, token or None, system.now())
    # old firmware takes no "; charset" behind the medium
    headers = {**body.headers, "Content-Type": body.media, "Cache-Control": "no-store"}
    return Response(body.data, headers=headers)


@router.delete(
    _PATH,
    summary="A Star printer says how its job went",
    response_class=Response,
    responses={200: {"description": "Heard, whatever it was."}, **errors(404)},
)
async def api_star_end(
    request: Request,  # noqa: ARG001
    secret: str,
    token: Token = None,
    code: Code = None,
) -> Response:
    """``code`` is ``OK`` or a status of three digits."""
    return await _end(secret, token, code)


async def _end(secret: str, token: str | None, code: str | None) -> Response:
    await star_end(secret, token or None, code, system.now())
    return Response(status_code=200)
