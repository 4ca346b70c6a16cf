"""HTML pages. The staff page is an LNbits page; the others stand alone."""

from fastapi import APIRouter, Depends
from lnbits.core.views.generic import index
from lnbits.decorators import check_account_exists

pages_router = APIRouter()

pages_router.add_api_route(
    "/",
    endpoint=index,
    dependencies=[Depends(check_account_exists)],
    include_in_schema=False,
)
