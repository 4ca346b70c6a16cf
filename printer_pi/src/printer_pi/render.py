"""From a claimed job to the data one sink takes: its bytes, or words for people."""

from __future__ import annotations

from . import escpos, plain
from .client import Job
from .uris import Format


def data_for(form: Format, job: Job, printer: str) -> bytes | None:
    """What puts the job, copies and all, on this sink; None when that cannot be done.

    Bytes come ready from the server. From one that sends none the text is printed if
    every printer can show its letters: half a ticket would be worse than a failed one.
    """
    if job.is_kick:
        return _kick(form, job, printer)
    if form == "escpos":
        if job.payload is not None:
            return job.payload
        text = escpos.lossless(job.text)
        return escpos.page(text, job.copies) if text and text.strip() else None
    if not job.text.strip():
        return None
    if form == "frame":
        return plain.as_frames(job.text, printer, job.copies)
    return plain.as_text(job.text, job.copies)


def _kick(form: Format, job: Job, printer: str) -> bytes:
    """The data that opens the cash drawer; for people, a note that says so."""
    if form == "escpos":
        return job.payload or escpos.KICK
    words = f"#{job.order_number} DRAWER OPENS\n"
    if form == "frame":
        return plain.as_frames(words, printer, 1)
    return plain.as_text(words, 1)
