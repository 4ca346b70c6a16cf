"""Printers over HTTP: what there is, what each serves, how it is."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from ... import services
from ...adapters import outgoing, system
from ...adapters.describing import DEVICE_ONLY
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
from ..printing.models import PrintJobView
from .models import (
    NewPrinter,
    NewPrinterView,
    OwnPrinters,
    PrinterChange,
    PrinterPage,
    PrinterView,
    StatusBody,
)

router = APIRouter(route_class=ApiRoute)

MAY_MANAGE = (Role.OWNER, Role.MANAGER)
MAY_SEE = (*MAY_MANAGE, Role.KDS, Role.POS)


@router.get(
    "/api/v1/restaurants/{restaurant_id}/printers",
    summary="The restaurant's printers and how they are",
    response_model=PrinterPage,
    responses=errors(401, 403, 404),
)
async def list_printers(request: Request, restaurant_id: str) -> JSONResponse:
    """Owner, manager, kds and pos. All of them, oldest first; ``next`` is always
    null."""
    access = await access_to(request, restaurant_id, *MAY_SEE)
    return answer(await services.printers_of(access.restaurant.id, system.now()))


@router.post(
    "/api/v1/restaurants/{restaurant_id}/printers",
    summary="Add a printer that asks the server itself",
    status_code=201,
    response_model=NewPrinterView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
)
async def add_printer(
    request: Request, restaurant_id: str, body: NewPrinter
) -> JSONResponse:
    """Owner and manager. ``secret_url`` goes into the printer's settings; it is shown
    here only, and again to the same ``Idempotency-Key``. Printers of a device appear
    by themselves."""
    access = await access_to(request, restaurant_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    base = outgoing.base_url(str(request.base_url))
    at = system.now()
    return replayable(
        await services.add_printer(own_id, body, base, access.actor, key, at)
    )


@router.patch(
    "/api/v1/printers/{printer_id}",
    summary="Say what a printer serves and how its paper looks",
    response_model=PrinterView,
    responses=errors(400, 401, 403, 404, 413, 422),
)
async def change_printer(
    request: Request, printer_id: str, body: PrinterChange
) -> JSONResponse:
    """Owner and manager. Only what is sent changes, of ``layout`` too; it holds from
    the next job on."""
    access = await access_by_row(request, "printers", printer_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    return answer(
        await services.change_printer(
            own_id, printer_id, body, access.actor, system.now()
        )
    )


@router.delete(
    "/api/v1/printers/{printer_id}",
    summary="Forget a printer",
    status_code=204,
    response_class=Response,
    responses=errors(401, 403, 404),
)
async def remove_printer(request: Request, printer_id: str) -> Response:
    """Owner and manager. What waits for it alone goes to its station's printers. A
    device that still asks under its name makes it known again."""
    access = await access_by_row(request, "printers", printer_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    await services.remove_printer(own_id, printer_id, access.actor, system.now())
    return Response(status_code=204)


@router.post(
    "/api/v1/printers/{printer_id}/test",
    summary="Print a page that shows the printer's letters",
    status_code=201,
    response_model=PrintJobView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
)
async def print_test(request: Request, printer_id: str) -> JSONResponse:
    """Owner and manager. A job for this printer alone."""
    access = await access_by_row(request, "printers", printer_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    at = system.now()
    return replayable(
        await services.print_test(own_id, printer_id, access.actor, key, at)
    )


@router.post(
    "/api/v1/printers/{printer_id}/secret",
    summary="A new address for a printer that asks the server itself",
    response_model=NewPrinterView,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    openapi_extra=keyed(),
)
async def renew_secret(request: Request, printer_id: str) -> JSONResponse:
    """Owner and manager. The old address is unknown from now on."""
    access = await access_by_row(request, "printers", printer_id, *MAY_MANAGE)
    own_id = access.restaurant.id
    key = await request_key(request, own_id, access.fingerprint)
    base = outgoing.base_url(str(request.base_url))
    at = system.now()
    return replayable(
        await services.renew_secret(own_id, printer_id, base, access.actor, key, at)
    )


@router.post(
    "/api/v1/restaurants/{restaurant_id}/printers/status",
    summary="A device tells how its printers are",
    response_model=OwnPrinters,
    responses=errors(400, 401, 403, 404, 409, 413, 422),
    dependencies=DEVICE_ONLY,
)
async def report_printers(
    request: Request, restaurant_id: str, body: StatusBody
) -> JSONResponse:
    """Devices with the role printer, under their own names for their printers. The
    answer says what each serves and how its paper looks. What a printer says of its
    paper, its cover and itself ends or begins its fault."""
    access = await access_to(request, restaurant_id, Role.PRINTER)
    assert access.device, "only a device has this role"
    return answer(await services.report_printers(access.device, body, system.now()))
