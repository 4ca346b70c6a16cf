"""A print job as what a printer takes: dots or letters, every copy, from init to cut.

Preview and print come from the same functions, and so from the same bitmap. Drawing
takes milliseconds of a processor and is done beside the loop, in a thread.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any, TypeVar

from pydantic import ValidationError

from ..adapters import raster
from ..core import columns, escpos
from ..core.bitmaps import Bitmap
from ..core.codepages import folded, width_of
from ..core.sheets import Sheet
from ..crud import read
from ..features.logos import crud as logos
from ..features.papers.models import Layout
from ..features.printers import crud as printers
from ..features.printers.models import Printer
from ..features.printing.models import PrintJob, PrintKind
from .receipting import tracking_url
from .sheets import sheet_of

_KEPT_BYTES_MAX = 16 * 1024 * 1024
T = TypeVar("T")


class NotDrawn(Exception):
    """This job cannot be drawn, however often it is tried."""


@dataclass(frozen=True)
class Rendered:
    """What goes to the printer. ``data`` holds every copy; ``bitmaps`` one picture
    each, none for letters and for a drawer."""

    format: str
    data: bytes
    bitmaps: tuple[Bitmap, ...] = ()

    @property
    def bitmap(self) -> Bitmap | None:
        """The first copy's: what a preview shows."""
        return self.bitmaps[0] if self.bitmaps else None

    @property
    def bitmap_sha256(self) -> str | None:
        return self.bitmaps[0].sha256 if self.bitmaps else None


@dataclass(frozen=True)
class Beside:
    """What a job's paper needs and neither its document nor its layout holds."""

    backup_of: str | None = None
    logo: Bitmap | None = None
    tracking_url: str | None = None


# --- for printers ----------------------------------------------------------------


async def prepare(
    job: PrintJob, layout: Layout, printer: Printer | None = None
) -> Rendered:
    """The bytes of a job for an ESC/POS printer, copies included.

    Reads the database and draws: never inside a transaction. NotDrawn for no document
    of ours.
    """
    if job.kind == PrintKind.DRAWER.value:
        return Rendered("escpos", escpos.kick(layout.drawer_pin))
    beside = await look_beside(job, layout)
    copies = copies_of(job, printer)
    return await drawing(_render, job, layout, beside, copies)


async def bitmaps_of(
    job: PrintJob, layout: Layout, printer: Printer | None = None
) -> tuple[Bitmap, ...]:
    """A picture for each copy, also where the layout asks for letters: for printers
    that take pictures alone. None for a drawer."""
    if job.kind == PrintKind.DRAWER.value:
        return ()
    beside = await look_beside(job, layout)
    copies = copies_of(job, printer)
    return await drawing(_draw_all, job, layout, beside, copies)


async def drawing(work: Callable[..., T], *arguments: Any) -> T:
    """Draw beside the loop. Only what fails there is NotDrawn: a database that is
    busy, or a machine that is full, is no fault of the job."""

    def attempt() -> T:
        try:
            return work(*arguments)
        except Exception as error:
            raise NotDrawn from error

    return await asyncio.to_thread(attempt)


def copies_of(job: PrintJob, printer: Printer | None) -> int:
    """How often a job comes out of this printer."""
    if printer is None or job.kind != PrintKind.TICKET.value:
        return max(1, job.copies)
    return max(1, job.copies) * max(1, printer.copies)


def calls_cook(job: PrintJob, copy: int = 1) -> bool:
    """Whether the buzzer sounds before this copy: it calls a cook, and once is
    enough."""
    return job.kind in (PrintKind.TICKET.value, PrintKind.TEST.value) and copy == 1


def kept_layout(job: PrintJob) -> Layout | None:
    """How the job looked when it was given out; None: it never was, or by a version
    that knew another layout."""
    if job.layout is None:
        return None
    try:
        return Layout.parse_obj(job.layout)
    except ValidationError:
        return None


async def look_beside(job: PrintJob, layout: Layout) -> Beside:
    """Logo and tracking page for a receipt, the name of a printer that is stood in
    for."""
    is_receipt = job.kind == PrintKind.RECEIPT.value
    logo = stood_in_for = None
    async with read() as conn:
        if layout.logo and is_receipt:
            logo = await logos.load(conn, job.restaurant_id, layout.logo)
        if job.failover_from:
            stood_in_for = await printers.load(conn, job.failover_from)
    url = None
    if is_receipt and job.order_id:
        url = await tracking_url(job.order_id)
    backup_of = stood_in_for.name if stood_in_for else job.station
    return Beside(
        backup_of if job.failover_from else None,
        logo.bitmap if logo else None,
        url,
    )


# --- in a thread -------------------------------------------------------------------


def draw(
    job: PrintJob,
    layout: Layout,
    beside: Beside,
    copy: int = 1,
    copies: int = 1,
    drawn: raster.Strips | None = None,
) -> Bitmap:
    """One copy as a picture; the first is no copy of anything. Any thread. ``drawn``
    is for all copies of a job: what they share is drawn once."""
    copies = copies if copy > 1 else 1
    key = _key(job, layout, beside, copy, copies)
    bitmap = _drawn.get(key)
    if bitmap is None:
        sheet = _sheet(job, layout, beside, copy, copies)
        is_large = layout.text_size == "large"
        bitmap = raster.draw(sheet, layout.width, is_large=is_large, drawn=drawn)
        _drawn.put(key, bitmap)
    return bitmap


def lines_of(
    job: PrintJob, layout: Layout, beside: Beside, copy: int = 1, copies: int = 1
) -> list[columns.Line]:
    """One copy as lines of letters that the layout's code page has. Any thread."""
    copies = copies if copy > 1 else 1
    sheet = _sheet(job, layout, beside, copy, copies)
    page = layout.codepage
    return columns.lines(folded(sheet, page), layout.letters, width_of(page))


def _draw_all(
    job: PrintJob, layout: Layout, beside: Beside, copies: int
) -> tuple[Bitmap, ...]:
    every = range(1, copies + 1)
    drawn: raster.Strips = {}
    return tuple(draw(job, layout, beside, copy, copies, drawn) for copy in every)


def _render(job: PrintJob, layout: Layout, beside: Beside, copies: int) -> Rendered:
    if layout.render == "raster":
        bitmaps = _draw_all(job, layout, beside, copies)
        papers = [
            escpos.from_bitmap(bitmap, **_finish(job, layout, n))
            for n, bitmap in enumerate(bitmaps, 1)
        ]
        return Rendered("escpos", b"".join(papers), bitmaps)
    papers = [
        escpos.from_lines(
            lines_of(job, layout, beside, n, copies),
            layout.codepage,
            layout.letters,
            **_finish(job, layout, n),
        )
        for n in range(1, copies + 1)
    ]
    return Rendered("escpos", b"".join(papers))


def _finish(job: PrintJob, layout: Layout, copy: int) -> dict[str, Any]:
    """How a document begins and ends."""
    return {
        "cut": layout.cut,
        "buzzer": layout.buzzer if calls_cook(job, copy) else "none",
        "drawer_pin": layout.drawer_pin,
    }


def _sheet(
    job: PrintJob, layout: Layout, beside: Beside, copy: int, copies: int
) -> Sheet:
    return sheet_of(
        job,
        layout,
        copy=copy,
        copies=copies,
        backup_of=beside.backup_of,
        logo=beside.logo,
        tracking_url=beside.tracking_url,
    )


# --- what was drawn lately ---------------------------------------------------------


class Drawn:
    """Bitmaps by what they show: a ticket is previewed, printed and claimed again.
    Bounded by bytes, not by number: paper may be long. Any thread."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._kept: OrderedDict[bytes, Bitmap] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: bytes) -> Bitmap | None:
        with self._lock:
            bitmap = self._kept.get(key)
            if bitmap is not None:
                self._kept.move_to_end(key)
            return bitmap

    def put(self, key: bytes, bitmap: Bitmap) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = bitmap
            self._bytes += len(bitmap.rows)
            while self._bytes > self._bytes_max:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest.rows)


_drawn = Drawn(_KEPT_BYTES_MAX)


def _key(
    job: PrintJob, layout: Layout, beside: Beside, copy: int, copies: int
) -> bytes:
    """What makes the picture, and nothing else."""
    shown = [
        job.kind,
        job.document,
        job.reprint_n,
        job.possible_duplicate,
        layout.dict(),
        beside.backup_of,
        beside.logo and beside.logo.sha256,
        beside.tracking_url,
        copy,
        copies,
    ]
    text = json.dumps(shown, sort_keys=True, ensure_ascii=True, default=str)
    return sha256(text.encode()).digest()
