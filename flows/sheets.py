"""What a print job looks like on one printer's paper, whatever kind it is of."""

from collections.abc import Callable
from typing import Any

from ..core.bitmaps import Bitmap
from ..core.sheets import Sheet
from ..features.papers import rules as papers
from ..features.papers.models import Layout, Marks, TestDocument
from ..features.printing.models import PrintJob, PrintKind
from ..features.receipt_sheets import rules as receipts
from ..features.receipts.models import ReceiptDocument
from ..features.slips import rules as slips
from ..features.slips.models import SlipDocument
from ..features.ticket_sheets import rules as tickets
from ..features.tickets.models import TicketDocument


def sheet_of(
    job: PrintJob,
    layout: Layout,
    *,
    copy: int = 1,
    copies: int = 1,
    backup_of: str | None = None,
    logo: Bitmap | None = None,
    tracking_url: str | None = None,
) -> Sheet:
    """Everything that comes out, from the first mark to the last.

    ``copy`` of ``copies`` of this job; ``backup_of`` is the name of the printer that
    this one stands in for. ``tracking_url`` is the guest's own page and opens it, so
    it is never stored: only receipts show it. A drawer's kick is an empty sheet.
    """
    if job.kind == PrintKind.DRAWER.value:
        return ()
    document: dict[str, Any] = job.document
    sheet = _SHEETS[job.kind](document, layout, tracking_url)
    marks = Marks(
        reprint_n=job.reprint_n,
        is_possible_duplicate=job.possible_duplicate,
        backup_of=backup_of,
        copy_n=document.get("copy_n") or 0,
        copy=copy,
        copies=copies,
    )
    language = document.get("language") or layout.language
    dressed = papers.dressed(sheet, layout, job.kind, logo)
    return papers.hung(papers.marked(dressed, marks, language), layout, job.kind)


def _ticket(document: dict[str, Any], layout: Layout, url: str | None) -> Sheet:  # noqa: ARG001
    return tickets.ticket_sheet(TicketDocument(**document), layout.language)


def _slip(document: dict[str, Any], layout: Layout, url: str | None) -> Sheet:  # noqa: ARG001
    return slips.slip_sheet(SlipDocument(**document), layout.language)


def _receipt(document: dict[str, Any], layout: Layout, url: str | None) -> Sheet:
    receipt = ReceiptDocument(**{**document, "tracking_url": url})
    return receipts.receipt_sheet(receipt, receipt.language or layout.language)


def _test(document: dict[str, Any], layout: Layout, url: str | None) -> Sheet:  # noqa: ARG001
    return papers.test_sheet(TestDocument(**document), layout)


_SHEETS: dict[str, Callable[[dict[str, Any], Layout, str | None], Sheet]] = {
    PrintKind.TICKET.value: _ticket,
    PrintKind.VOID_SLIP.value: _slip,
    PrintKind.RECEIPT.value: _receipt,
    PrintKind.TEST.value: _test,
}
