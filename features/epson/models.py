"""Words of Server Direct Print: what an Epson printer says."""

from dataclasses import dataclass

from ...models import Word
from ..printers.models import Fault

XML = "text/xml; charset=utf-8"
#: The name under which a printer knows itself, of several that it may serve.
DEVICE = "local_printer"


class Request(Word):
    """What a form is about: something to print?, how it went, how the printer is."""

    GET = "GetRequest"
    RESULT = "SetResponse"
    STATUS = "SetStatus"


@dataclass(frozen=True)
class Form:
    """A printer's form: which request, and its XML (empty for none)."""

    request: str
    xml: str = ""


@dataclass(frozen=True)
class Result:
    """How one job went. ``job_id`` is None where the printer's version knows none."""

    is_success: bool
    code: str = ""
    job_id: str | None = None
    asb: int | None = None


@dataclass(frozen=True)
class Report:
    """All results of one answer; ``refusal`` is why the printer read none of it.
    ``version`` is how the printer speaks: ``1.00`` knows no job ids."""

    version: str | None = None
    results: tuple[Result, ...] = ()
    refusal: str | None = None


@dataclass(frozen=True)
class Condition:
    """How the printer is. None: it does not tell."""

    is_online: bool
    paper: str | None = None
    cover: str | None = None
    drawer: str | None = None
    fault: Fault | None = None
