"""What an Epson printer means, and how it is answered. Pure.

A printer asks by form (``GetRequest``); the answer is XML with a job, or empty. How
it went comes as XML inside a form (``SetResponse``), as does its state
(``SetStatus``). That XML is searched for the few words that count, by bounded
patterns and not by a parser: printers and manuals nest it wrongly, and a stranger's
entities are never expanded.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from urllib.parse import parse_qsl

from ...core import limits
from ...core.bitmaps import Bitmap
from ...core.errors import BadRequest
from ...core.paper import printable
from ..papers.models import Layout
from ..printers.models import Fault
from ..printing.models import Failure
from .models import DEVICE, Condition, Form, Report, Result

_FIELDS_MAX = 20
#: Of one answer: a printer has one job at a time.
_RESULTS_MAX = 20
_ID = r"[A-Za-z0-9_.-]{1,30}"
_VERSION = re.compile(
    r"<PrintResponseInfo\b[^<>]{0,200}?\bVersion\s{0,5}=\s{0,5}[\"'](\d{1,2}\.\d{2})"
)
_TOKENS = re.compile(
    rf"<printjobid>\s{{0,20}}({_ID})\s{{0,20}}</printjobid>|<response\b([^<>]{{0,500}})>"
)
_REFUSAL = re.compile(
    r"<Response\b[^<>]{0,200}?\bSuccess\s{0,5}=\s{0,5}[\"']false[\"']"
)
_SUMMARY = re.compile(r"<ErrorSummary>([^<>]{0,200})")
_PRINTER = re.compile(r"<printerstatus\b([^<>]{0,500})>")
_ATTRIBUTE = re.compile(r"\b([a-z]{1,20})\s{0,5}=\s{0,5}[\"']([^\"'<>]{0,100})[\"']")

# --- what the printer says -------------------------------------------------------


def form_of(raw: bytes) -> Form:
    """A form's request and XML. BadRequest when it is no form of a printer."""
    try:
        pairs = parse_qsl(
            raw.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=_FIELDS_MAX,
        )
    except ValueError as error:
        raise BadRequest("body.form", "The body is no form of a printer.") from error
    fields = dict(pairs)
    if "ConnectionType" not in fields:
        raise BadRequest("body.form", "The body is no form of a printer.")
    xml = fields.get("ResponseFile") or fields.get("Status") or ""
    return Form(fields["ConnectionType"], xml)


def report_of(xml: str) -> Report:
    """The results in a ``SetResponse``, each with the job id that stands before it."""
    version = _VERSION.search(xml)
    results: list[Result] = []
    job_id: str | None = None
    for token in _TOKENS.finditer(xml):
        if token[1]:
            job_id = token[1]
            continue
        results.append(_result(_attributes(token[2]), job_id))
        job_id = None
        if len(results) >= _RESULTS_MAX:
            break
    refusal = None
    if _REFUSAL.search(xml):
        summary = _SUMMARY.search(xml)
        words = printable(summary[1]).strip() if summary else ""
        refusal = words or "no reason"
    return Report(version[1] if version else None, tuple(results), refusal)


def _result(attributes: dict[str, str], job_id: str | None) -> Result:
    return Result(
        is_success=attributes.get("success", "").lower() in ("true", "1"),
        code=printable(attributes.get("code", ""))[:60],
        job_id=job_id,
        asb=_bits(attributes.get("status", "")),
    )


def asb_of(xml: str) -> int | None:
    """The status bits in a ``SetStatus``: the printer's own, not those of others that
    it serves; None when there are none."""
    first: int | None = None
    for found in _PRINTER.finditer(xml):
        attributes = _attributes(found[1])
        bits = _bits(attributes.get("asbstatus", ""))
        if bits is None:
            continue
        if attributes.get("devicename") == DEVICE:
            return bits
        first = bits if first is None else first
    return first


def _attributes(text: str) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(text))


def _bits(text: str) -> int | None:
    """32 status bits, decimal or ``0x…``; None for anything else."""
    text = text.strip()
    is_hex = text[:2].lower() == "0x"
    try:
        bits = int(text[:20], 16 if is_hex else 10)
    except ValueError:
        return None
    return bits if 0 <= bits < 2**32 else None


# --- what it means ---------------------------------------------------------------

_SILENT = 0x1
_DRAWER_HIGH = 0x4
_OFFLINE = 0x8
_COVER_OPEN = 0x20
_BROKEN = 0x400 | 0x800 | 0x2000 | 0x4000  # mechanics, cutter, worse, too hot
_PAPER_LOW = 0x20000
_PAPER_OUT = 0x80000

_FAULTS: dict[str, Fault] = {
    "EPTR_REC_EMPTY": Fault.PAPER_OUT,
    "EPTR_COVER_OPEN": Fault.COVER_OPEN,
    "EPTR_CUTTER": Fault.ERROR,
    "EPTR_MECHANICAL": Fault.ERROR,
    "EPTR_AUTOMATICAL": Fault.ERROR,
    "EPTR_UNRECOVERABLE": Fault.ERROR,
    "EX_BADPORT": Fault.OFFLINE,
    "DeviceNotFound": Fault.ERROR,
}
# The job never came as far as the paper.
_NOT_BEGUN = ("EX_BADPORT", "DeviceNotFound", "EX_SPOOLER", "SchemaError")


def condition_of(asb: int) -> Condition:
    """The printer's state from its status bits."""
    if asb & _SILENT:
        return Condition(is_online=False, fault=Fault.OFFLINE)
    fault: Fault | None = None
    if asb & _PAPER_OUT:
        fault = Fault.PAPER_OUT
    elif asb & _COVER_OPEN:
        fault = Fault.COVER_OPEN
    elif asb & _BROKEN:
        fault = Fault.ERROR
    elif asb & _OFFLINE:
        fault = Fault.OFFLINE
    paper = "out" if asb & _PAPER_OUT else "low" if asb & _PAPER_LOW else "ok"
    return Condition(
        is_online=not asb & _OFFLINE,
        paper=paper,
        cover="open" if asb & _COVER_OPEN else "closed",
        # Which level means open is up to the drawer; most pull the pin up.
        drawer="open" if asb & _DRAWER_HIGH else "closed",
        fault=fault,
    )


def fault_of(code: str) -> Fault | None:
    return _FAULTS.get(code)


def failure_of(result: Result) -> Failure | None:
    """Why a job did not come out; None: it did.

    A printer that stopped at paper, cover or knife had the job: part of it, or all,
    may be on paper.
    """
    if result.is_success:
        return None
    code = result.code or "unknown"
    error = f"The printer said: {code}."
    fault = fault_of(result.code)
    is_in_doubt = code not in _NOT_BEGUN
    if fault is not None:
        return Failure(error, fault.value, retryable=True, in_doubt=is_in_doubt)
    word = "".join(c if c.isascii() and c.isalnum() else "_" for c in code)
    is_retryable = code != "SchemaError"
    return Failure(
        error, f"epson.{word}"[:60], retryable=is_retryable, in_doubt=is_in_doubt
    )


def refusal_of(words: str) -> Failure:
    """The printer could not read what it was given; it would not the next time."""
    error = f"The printer refused the document: {words}."
    return Failure(error, "epson.refused", retryable=False)


def rest_ms(faults: int) -> int:
    """How long a printer rests after its ``faults``-th fault in a row: not every one
    tells when it is well again, so it is tried, but not all the time."""
    longest = limits.EPSON_REST_MS * limits.EPSON_REST_TIMES_MAX
    return int(min(limits.EPSON_REST_MS * 2 ** (min(faults, 10) - 1), longest))


# --- what it is answered ---------------------------------------------------------

_NAMESPACE = "http://www.epson-pos.com/schemas/2011/03/epos-print"
_PULSES = {2: "drawer_1", 5: "drawer_2"}


def print_request(
    body: str, job_id: str | None, timeout_ms: int = limits.EPSON_TIMEOUT_MS
) -> str:
    """One job for the printer; without an id in the words of version 1.00."""
    version = "1.00" if job_id is None else "2.00"
    name = "" if job_id is None else f"<printjobid>{job_id}</printjobid>"
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<PrintRequestInfo Version="{version}"><ePOSPrint><Parameter>'
        f"<devid>{DEVICE}</devid><timeout>{timeout_ms}</timeout>{name}"
        f'</Parameter><PrintData><epos-print xmlns="{_NAMESPACE}">{body}'
        "</epos-print></PrintData></ePOSPrint></PrintRequestInfo>"
    )


def paper_body(copies: Sequence[Bitmap], layout: Layout, *, calls: bool) -> str:
    """Every copy as a picture of exactly these dots, each cut off. ``calls``: the
    buzzer sounds before the first, where there is one."""
    sound = ""
    if calls and layout.buzzer in ("escpos", "epson"):
        sound = '<sound pattern="pattern_a" repeat="1"/>'
    elif calls and layout.buzzer == "drawer":
        sound = pulse(layout.drawer_pin)
    end = '<feed line="5"/>' if layout.cut == "none" else '<cut type="feed"/>'
    return sound + "".join(_image(bitmap) + end for bitmap in copies)


def _image(bitmap: Bitmap) -> str:
    dots = b64encode(bitmap.rows).decode()
    return (
        f'<image width="{bitmap.width}" height="{bitmap.height}" color="color_1" '
        f'mode="mono">{dots}</image>'
    )


def pulse(pin: int) -> str:
    """Opens the drawer at a pin of the printer's connector."""
    return f'<pulse drawer="{_PULSES[pin]}" time="pulse_100"/>'
