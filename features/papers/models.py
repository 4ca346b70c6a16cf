"""How a printer's paper looks, and the words on it."""

from typing import Literal

from pydantic import BaseModel, Field

from ...core import limits

#: Dots across the paper's printable part, and letters of fixed width on a line.
WIDTHS = {"58": 384, "80": 576}
COLUMNS = {"58": 32, "80": 48}

Language = Literal["en", "es", "de", "fr", "pt", "it"]


class Layout(BaseModel):
    """How one printer's paper looks. Kept with each job that was printed, so that a
    preview shows years later what came out.

    ``render``: ``raster`` prints pictures and so every script; ``text`` prints
    letters of one ``codepage``, for needle printers. ``dots`` across: printers of
    180 dpi have 512 on 80 mm (null: what the paper usually has). ``columns`` counts
    for text alone (null: what fits the paper). ``rail_mm`` is empty paper above a ticket,
    for the rail that holds it. ``logo`` is the stored logo's sha256; only receipts
    show it.
    """

    paper: Literal["58", "80"] = "80"
    render: Literal["raster", "text"] = "raster"
    dots: Literal[384, 512, 576] | None = None
    columns: Literal[32, 42, 48] | None = None
    codepage: str = "cp858"
    language: Language = "en"
    text_size: Literal["normal", "large"] = "normal"
    header: str = ""
    footer: str = ""
    logo: str | None = None
    rail_mm: int = Field(0, ge=0, le=limits.RAIL_MM_MAX)
    cut: Literal["full", "partial", "none"] = "partial"
    drawer_pin: Literal[2, 5] = 2
    buzzer: Literal["none", "escpos", "epson", "drawer"] = "none"

    @property
    def width(self) -> int:
        """Dots across."""
        return self.dots or WIDTHS[self.paper]

    @property
    def letters(self) -> int:
        """Fixed-width letters on a line."""
        return self.columns or COLUMNS[self.paper]


class ReprintMark(BaseModel):
    """This copy repeats the job ``of`` for the ``n``-th time."""

    of: str
    n: int
