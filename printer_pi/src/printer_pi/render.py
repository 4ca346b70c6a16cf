"""From a job's text to the data one sink takes: ESC/POS, plain text or frames."""

from __future__ import annotations

from . import escpos
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
) -> bytes:
    """The data that puts `copies` copies of the ticket on this printer.

    `number` is the order's number ("" when there is none); `duplicate` marks every
    copy as a possible second one.
    """
    if form == "escpos":
        fold = escpos.folder(printer.codepage)
        lines = compose(text, number, printer.columns, duplicate=duplicate, fold=fold)
        return escpos.encode(
            lines,
            codepage=printer.codepage,
            columns=printer.columns,
            cut=printer.cut,
            copies=copies,
        )
    lines = compose(text, number, printer.columns, duplicate=duplicate)
    if form == "frame":
        return as_frames(lines, printer.columns, printer.name, copies)
    return as_text(lines, copies)
