"""Print jobs over HTTP: printers pull, staff watches and sends again.

Two protocols on one queue. The simple one: list ``status=queued``, print, ack. The
leased one: claim (waits up to 25 s), start, print, ack; for printers that restart in
the middle of a ticket, or share a station.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from ...adapters import system
from ...adapters.describing import DEVICE_ONLY
from ...adapters.presence import presence
from ...core import limits
from ...models import Role
from ...routing import (
    Access,
    ApiRoute,
    access_by_row,
    access_to,
    answer,
    errors,
    keyed,
    replayable,
    request_key,
)
from ...services import (
    JobSearch,
    ack_job,
    cancel_job,
    fail_job,
    list_jobs,
    renew_job,
    reprint_job,
    reroute_job,
    retry_job,
    start_job,
    wait_for_job,
)
from .models import (
    AckBody,
    Caller,
    ClaimBody,
    ClaimedJobView,
    FailBody,
    Failure,
    LeaseBody,
    LeaseView,
    PrintJobPage,
    PrintJobView,
    PrintKind,
    RerouteBody,
)

router = APIRouter(route_class=ApiRoute)

WATCHERS = (Role.OWNER, Role.PRINTER, Role.MANAGER, Role.KDS)
PRINTERS = (Role.OWNER, Role.PRINTER)
STAFF = (Role.OWNER, Role.MANAGER, Role.KDS)


@router.get(
    "/api/v1/restaurants/{restaurant_id}/print_jobs",
    summary="The print queue and its past",
    response_model=PrintJobPage,
    responses=errors(401, 403, 404, 422),
)
async def api_list_jobs(
    request: Request,
    restaurant_id: str,
    status: str | None = None,
    kind: Annotated[list[PrintKind] | None, Query()] = None,
    order_id: str | None = None,
    order: Literal["oldest", "newest"] = "oldest",
    limit: int = Query(limits.PAGE_DEFAULT, ge=1, le=limits.PAGE_MAX),
    cursor: str | None = None,
) -> Response:
    """``status``: queued, sent, acknowledged, failed or canceled; ``kind``, as often
    as wanted: ticket, void_slip, drawer; ``order``: oldest first unless ``newest``.

    The simple protocol of a printer: list ``status=queued``, print each
    ``content.text`` in this order, ``PUT …/ack``.
    """
    access = await access_to(request, restaurant_id, *WATCHERS)
    kinds = tuple(word.value for word in kind or ())
    newest_first = order == "newest"
    search = JobSearch(status, kinds, order_id, cursor, limit, newest_first)
    return answer(await list_jobs(_caller(access), search, system.now()))


@router.post(
    "/api/v1/restaurants/{restaurant_id}/print_jobs/claim",
    summary="Take the next job by lease; waits for one up to 25 seconds",
    response_model=ClaimedJobView,
    responses={
        204: {"description": "Nothing to print within the time."},
        **errors(400, 401, 403, 404, 422),
    },
    dependencies=DEVICE_ONLY,
)
async def api_claim_job(
    request: Request, restaurant_id: str, body: ClaimBody | None = None
) -> Response:
    """No two printers ever get the same job while its lease runs."""
    access = await access_to(request, restaurant_id, Role.PRINTER)
    body = body or ClaimBody()
    assert access.device, "only a device has this role"
    async with presence(request.receive) as is_gone:
        job = await wait_for_job(access.restaurant.id, access.device, body, is_gone)
    return answer(job) if job else Response(status_code=204)


@router.post(
    "/api/v1/print_jobs/{job_id}/start",
    summary="The go, right before the first byte; 409: print nothing",
    response_model=LeaseView,
    responses=errors(400, 401, 403, 404, 409, 422),
    dependencies=DEVICE_ONLY,
)
async def api_start_job(request: Request, job_id: str, body: LeaseBody) -> Response:
    access = await access_by_row(request, "print_jobs", job_id, Role.PRINTER)
    caller = _caller(access, body.lease_token)
    return answer(await start_job(job_id, caller, system.now()))


@router.post(
    "/api/v1/print_jobs/{job_id}/renew",
    summary="More time for the printer that is at it",
    response_model=LeaseView,
    responses=errors(400, 401, 403, 404, 409, 422),
    dependencies=DEVICE_ONLY,
)
async def api_renew_job(request: Request, job_id: str, body: LeaseBody) -> Response:
    access = await access_by_row(request, "print_jobs", job_id, Role.PRINTER)
    caller = _caller(access, body.lease_token)
    return answer(await renew_job(job_id, caller, system.now()))


@router.put(
    "/api/v1/print_jobs/{job_id}/ack",
    summary="The paper is out",
    response_model=PrintJobView,
    responses=errors(400, 401, 403, 404, 409, 422),
)
async def api_ack_job(
    request: Request, job_id: str, body: AckBody | None = None
) -> Response:
    """Again is fine. Late, or without a lease, it counts unless another printer has
    started the job since (409 ``job.lease``)."""
    access = await access_by_row(request, "print_jobs", job_id, *PRINTERS)
    body = body or AckBody()
    caller = _caller(access, body.lease_token)
    return answer(await ack_job(job_id, caller, body.confirm, system.now()))


@router.put(
    "/api/v1/print_jobs/{job_id}/fail",
    summary="It could not be printed, or nobody knows whether it was",
    response_model=PrintJobView,
    responses=errors(400, 401, 403, 404, 409, 422),
)
async def api_fail_job(request: Request, job_id: str, body: FailBody) -> Response:
    """Retryable jobs come back after a pause, five times; then they are ``failed``."""
    access = await access_by_row(request, "print_jobs", job_id, *PRINTERS)
    caller = _caller(access, body.lease_token)
    failure = Failure(body.error, body.code, body.retryable, body.in_doubt)
    return answer(await fail_job(job_id, caller, failure, system.now()))


@router.post(
    "/api/v1/print_jobs/{job_id}/reprint",
    summary="The same ticket once more, marked as a reprint",
    status_code=201,
    response_model=PrintJobView,
    responses=errors(400, 401, 403, 404, 409, 422),
    openapi_extra=keyed(),
)
async def api_reprint_job(request: Request, job_id: str) -> Response:
    """A new job, linked by ``reprint_of``. Takes an ``Idempotency-Key``."""
    access = await access_by_row(request, "print_jobs", job_id, *STAFF)
    key = await request_key(request, access.restaurant.id, access.fingerprint)
    return replayable(await reprint_job(job_id, _caller(access), key, system.now()))


@router.post(
    "/api/v1/print_jobs/{job_id}/retry",
    summary="A failed job goes back to the queue, at once",
    response_model=PrintJobView,
    responses=errors(401, 403, 404, 409),
)
async def api_retry_job(request: Request, job_id: str) -> Response:
    access = await access_by_row(request, "print_jobs", job_id, *STAFF)
    return answer(await retry_job(job_id, _caller(access), system.now()))


@router.post(
    "/api/v1/print_jobs/{job_id}/reroute",
    summary="Send a job to one printer alone, at once",
    response_model=PrintJobView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
)
async def api_reroute_job(request: Request, job_id: str, body: RerouteBody) -> Response:
    """For what waits or failed; 409 ``job.state`` once a printer has it."""
    access = await access_by_row(request, "print_jobs", job_id, *STAFF)
    caller, printer_id = _caller(access), body.printer_id
    return answer(await reroute_job(job_id, printer_id, caller, system.now()))


@router.post(
    "/api/v1/print_jobs/{job_id}/cancel",
    summary="Nobody shall print it any more",
    response_model=PrintJobView,
    responses=errors(401, 403, 404, 409),
)
async def api_cancel_job(request: Request, job_id: str) -> Response:
    """409 ``job.state`` once a printer has started."""
    access = await access_by_row(request, "print_jobs", job_id, *STAFF)
    return answer(await cancel_job(job_id, _caller(access), system.now()))


def _caller(access: Access, lease_token: str | None = None) -> Caller:
    """Stations limit printers; staff at a station may see the whole queue.

    Kitchen displays see tickets alone: a slip carries money.
    """
    is_printer = access.device is not None and access.role is Role.PRINTER
    stations = access.device.stations if is_printer and access.device else ()
    kinds = (PrintKind.TICKET.value,) if access.role is Role.KDS else ()
    return Caller(access.actor, access.restaurant.id, stations, lease_token, kinds)
