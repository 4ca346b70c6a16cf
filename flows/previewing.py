"""What paper looks like before it is printed, and what it looked like years ago."""

import asyncio
from dataclasses import dataclass, replace

from ..adapters import letters, raster
from ..core.bitmaps import Bitmap
from ..core.codepages import width_of
from ..core.errors import NotFound
from ..crud import Conn, read
from ..features.papers import rules as papers
from ..features.papers.models import Layout
from ..features.previews import rules
from ..features.previews.models import SAMPLE_WORDS, PreviewBody, Sample
from ..features.printers import crud as printers
from ..features.printers import rules as printer_rules
from ..features.printers.models import Printer, PrinterKind
from ..features.printing import crud as jobs
from ..features.printing import rules as job_rules
from ..features.printing.models import (
    UNSURE,
    Caller,
    PrintJob,
    PrintKind,
    PrintState,
)
from ..features.restaurants.models import Restaurant
from .menus import menu_snapshot
from .rendering import Beside, draw, kept_layout, lines_of, look_beside


@dataclass(frozen=True)
class Preview:
    """A picture of paper; ``sha256`` is its bitmap's. ``is_secret``: whoever has it
    may take money, or see a guest's order."""

    png: bytes
    sha256: str
    is_secret: bool = False


# Papers that are worth something to whoever holds them.
_SECRET = (PrintKind.VOID_SLIP.value, PrintKind.RECEIPT.value)
_KINDS: dict[Sample, PrintKind] = {
    "ticket": PrintKind.TICKET,
    "receipt": PrintKind.RECEIPT,
    "slip": PrintKind.VOID_SLIP,
    "test": PrintKind.TEST,
}


async def preview_job(job_id: str, caller: Caller) -> Preview:
    """The very bitmap that a job printed, or that it would print now.

    NotFound for another's job, and for a drawer, which has no paper.
    """
    async with read() as conn:
        job = await jobs.load(conn, job_id)
        if job is None or not job_rules.is_theirs(job, caller):
            raise NotFound("job.unknown", "There is no such print job for you.")
        if job.kind == PrintKind.DRAWER.value:
            raise NotFound("preview.none", "A drawer's kick has no paper to show.")
        layout = await _layout_of(conn, job)
    beside = await look_beside(job, layout)
    return await asyncio.to_thread(_preview, job, layout, beside)


async def preview_layout(restaurant: Restaurant, body: PreviewBody, at: int) -> Preview:
    """A sample on a layout that nobody has stored yet, in the restaurant's words.

    Refused for a layout that no printer of ours can print.
    """
    layout = printer_rules.check_layout(body.layout)
    snapshot = await menu_snapshot(restaurant.id, at)
    dishes = rules.dishes_of(snapshot.menu, layout.language)
    job = _sample(body.sample, restaurant, dishes, layout, at)
    beside = await look_beside(job, layout)
    if body.sample == "receipt":
        beside = replace(beside, tracking_url=rules.SAMPLE_URL)
    return await asyncio.to_thread(_preview, job, layout, beside)


def _sample(
    sample: Sample,
    restaurant: Restaurant,
    dishes: list[rules.Dish],
    layout: Layout,
    at: int,
) -> PrintJob:
    """A job that is in no queue."""
    language = layout.language
    if sample == "ticket":
        document = rules.sample_ticket(restaurant, dishes, language, at).dict()
    elif sample == "slip":
        document = rules.sample_slip(restaurant, dishes, language, at).dict()
    elif sample == "receipt":
        document = rules.sample_receipt(restaurant, dishes, at).dict()
    else:
        name = SAMPLE_WORDS[language]["printer"]
        document = papers.test_document(restaurant, name, at).dict()
    return PrintJob(
        id=rules.SAMPLE_ID,
        restaurant_id=restaurant.id,
        order_id=None,
        order_number=rules.SAMPLE_NUMBER,
        station="kitchen",
        kind=_KINDS[sample].value,
        round=1,
        document=document,
        text="",
        created_at=at,
        position=0,
    )


async def _layout_of(conn: Conn, job: PrintJob) -> Layout:
    """How it looked when it was given out; else how its printer would print it."""
    kept = kept_layout(job)
    if kept is not None:
        return kept
    everybody = await printers.of_restaurant(conn, job.restaurant_id)
    for printer in everybody:
        if printer_rules.reach(printer).has(job):
            return _as_it_prints(printer)
    return Layout()


def _as_it_prints(printer: Printer) -> Layout:
    """Its layout; Epson's printers of this kind take pictures alone."""
    if printer.kind is PrinterKind.EPSON:
        return printer.layout.copy(update={"render": "raster"})
    return printer.layout


# --- in a thread -------------------------------------------------------------------


def _preview(job: PrintJob, layout: Layout, beside: Beside) -> Preview:
    if layout.render == "text" and job.bitmap_sha256 is None:
        lines = lines_of(job, layout, beside)
        bitmap = letters.draw(lines, layout.letters, width_of(layout.codepage))
    else:
        bitmap = _as_printed(job, layout, beside)
    return Preview(raster.png(bitmap), bitmap.sha256, job.kind in _SECRET)


def _as_printed(job: PrintJob, layout: Layout, beside: Beside) -> Bitmap:
    """The bitmap whose hash is stored. A confirmed copy does not say any more whether
    it was marked as a possible duplicate: the hash does."""
    bitmap = draw(job, layout, beside)
    if job.bitmap_sha256 in (None, bitmap.sha256):
        return bitmap
    if job.possible_duplicate:
        other = replace(job, confirm=None)
    else:
        other = replace(job, confirm=UNSURE, state=PrintState.QUEUED)
    twin = draw(other, layout, beside)
    return twin if twin.sha256 == job.bitmap_sha256 else bitmap
