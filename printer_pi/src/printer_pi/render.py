"""From a job's text to the data one sink takes: ESC/POS, plain text or frames."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import escpos, qr
from .config import Printer
from .ticket import as_frames, as_text, compose
from .uris import Format


def render(
    form: Format,
    text: str,
    number: str,
    printer: Printer,
    *,
    copies: int = 1,
    duplicate: bool = False,
    secret: str = "",
    modules: Sequence[str] = (),
) -> bytes:
    """The data that puts `copies` copies of the ticket on this printer.

    `number` is the order's number ("" when there is none); `duplicate` marks every
    copy as a possible second one. `modules` is a QR code of the `secret` in the text:
    printers that can draw get it in place of the letters.
    """
    if form == "escpos":
        width = printer.columns * escpos.DOTS_PER_COLUMN
        picture = qr.draw(modules, width) if printer.pictures else []
        if picture:
            text = _without(text, secret)
        fold = escpos.folder(printer.codepage)
        lines = compose(text, number, printer.columns, duplicate=duplicate, fold=fold)
        return escpos.encode(
            lines,
            codepage=printer.codepage,
            columns=printer.columns,
            cut=printer.cut,
            copies=copies,
            picture=picture,
        )
    lines = compose(text, number, printer.columns, duplicate=duplicate)
    if form == "frame":
        return as_frames(lines, printer.columns, printer.name, copies)
    return as_text(lines, copies)


def kick(form: Format, number: str, printer: Printer) -> bytes:
    """The data that opens the cash drawer; for people, a note that says so."""
    if form == "escpos":
        return escpos.KICK
    return render(form, f"#{number} DRAWER OPENS\n", number, printer)


def _without(text: str, secret: str) -> str:
    """The text without the secret, which stands on lines of its own."""
    broken = "\n?".join(map(re.escape, secret))
    return re.sub(rf"^{broken}$\n?", "", text, flags=re.MULTILINE)
