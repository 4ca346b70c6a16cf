"""Printers behind CUPS, or with IPP of their own: bytes go in as they are, and the job
is watched until it is finished."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import httpx

from . import ipp
from .sink import (
    COVER_OPEN,
    ERROR,
    OFFLINE,
    PAPER_OUT,
    Confirm,
    Known,
    Paper,
    SinkError,
    Status,
    faulty,
    offline,
    stalled,
)
from .uris import Format

ANSWER_SECONDS = 10.0
# As they come from the server: no filter may touch them.
_RAW, _BYTES = "application/vnd.cups-raw", "application/octet-stream"
_STOPPED = 5
_CANCELED, _ABORTED, _COMPLETED = 7, 8, 9
_ASKED = (
    *("printer-state", "printer-state-reasons", "printer-is-accepting-jobs"),
    "document-format-supported",
)
# Words of printer-state-reasons, without their -error, -warning and -report.
_REASONS = {
    **dict.fromkeys(("media-empty", "media-needed"), PAPER_OUT),
    **dict.fromkeys(("cover-open", "door-open", "interlock-open"), COVER_OPEN),
    **dict.fromkeys(("media-jam", "paused", "other"), ERROR),
    **dict.fromkeys(("offline", "shutdown", "timed-out"), OFFLINE),
}


class IppPrinter:
    """A print queue at `url`, known there as `uri`."""

    format: Format = "escpos"

    poll_seconds = 0.5

    def __init__(
        self,
        url: str,
        uri: str,
        stall_seconds: float,
        *,
        halt: threading.Event | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.status = Status(confirm="ipp")
        self.on_status: Callable[[Status], None] = lambda _: None
        self.known: Known | None = None
        self._url, self._uri = url, uri
        self._stall = stall_seconds
        self._halt = halt or threading.Event()
        self._transport = transport
        self._http: httpx.Client | None = None
        self._format = _BYTES
        self._title = ""
        self._job = 0

    # -- before a ticket ----------------------------------------------------------

    def probe(self) -> None:
        self.open("")
        self.close()

    def open(self, title: str, /) -> None:
        """Ask how the queue is; one that stopped takes nothing."""
        self.close()
        self._title = title or "ticket"
        self._http = httpx.Client(
            timeout=ANSWER_SECONDS, trust_env=False, transport=self._transport
        )
        try:
            found = self._look()
        except (httpx.HTTPError, ipp.IppError) as exc:
            self.close()
            self._set(replace(self.status, is_online=False, fault=OFFLINE))
            raise offline(f"{self._uri} does not answer: {_words(exc)}") from exc
        formats = found.attributes.get("document-format-supported", ())
        self._format = _RAW if _RAW in formats else _BYTES
        if self.status.fault:
            self.close()
            raise faulty(self.status.fault, bytes_out=False)

    def _look(self) -> ipp.Answer:
        found = self._ask(
            ipp.GET_PRINTER, [(ipp.KEYWORD, "requested-attributes", _ASKED)]
        )
        if not found.is_ok:
            raise ipp.IppError(f"status {found.status:#06x}")
        self._set(_status(found))
        return found

    # -- a ticket -------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """Hand the job over. A clear no means that nothing goes to paper."""
        attributes: list[ipp.Attribute] = [
            (ipp.NAME, "requesting-user-name", "printer-pi"),
            (ipp.NAME, "job-name", self._title),
            (ipp.MIME, "document-format", self._format),
        ]
        try:
            given = self._ask(ipp.PRINT_JOB, attributes, data)
        except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
            raise offline(f"{self._uri} does not answer: {_words(exc)}") from exc
        except (httpx.HTTPError, ipp.IppError) as exc:
            raise SinkError("printer.write", _words(exc), bytes_out=True) from exc
        job = given.first("job-id")
        if not given.is_ok or not isinstance(job, int):
            says = f"the queue does not take the job (status {given.status:#06x})"
            raise SinkError(ERROR, says, bytes_out=given.is_ok)
        self._job = job

    def finish(self) -> Confirm:
        """Watch the job to its end, as long as the queue says what holds it up, and for
        `stall_seconds` without a reason."""
        since, seen = time.monotonic(), None
        try:
            while True:
                state, reasons = self._job_state()
                if state in (None, _COMPLETED):
                    return "ipp" if state else "drain"
                if state in (_CANCELED, _ABORTED):
                    says = "the queue gave the job up"
                    raise SinkError(ERROR, says, bytes_out=True)
                if (state, reasons) != seen:
                    since, seen = time.monotonic(), (state, reasons)
                since = self._wait(since)
        finally:
            self.close()

    def _wait(self, since: float) -> float:
        """Rest and look at the printer; since when nothing has moved."""
        with contextlib.suppress(httpx.HTTPError, ipp.IppError):
            self._look()
        if self.status.fault:
            since = time.monotonic()
        if time.monotonic() - since > self._stall:
            self._cancel()
            raise stalled(bytes_out=True)
        if self._halt.is_set():
            if self.status.fault:
                self._cancel()
                raise faulty(self.status.fault, bytes_out=True)
            time.sleep(self.poll_seconds)
        self._halt.wait(self.poll_seconds)
        return since

    def _job_state(self) -> tuple[int | None, object]:
        """Where the job stands; None once the queue has forgotten it. A queue that
        does not answer just now has not lost it."""
        wanted = ("job-state", "job-state-reasons")
        try:
            found = self._ask(
                ipp.GET_JOB,
                [
                    (ipp.INTEGER, "job-id", self._job),
                    (ipp.KEYWORD, "requested-attributes", wanted),
                ],
            )
        except (httpx.HTTPError, ipp.IppError):
            return 0, "silent"
        if found.status == ipp.NOT_FOUND:
            return None, ""
        state = found.first("job-state")
        reasons = found.attributes.get("job-state-reasons", ())
        return (state if isinstance(state, int) else 0), reasons

    def _cancel(self) -> None:
        """The job comes again with its mark: the queue must not print it as well."""
        with contextlib.suppress(httpx.HTTPError, ipp.IppError):
            self._ask(
                ipp.CANCEL_JOB,
                [
                    (ipp.INTEGER, "job-id", self._job),
                    (ipp.NAME, "requesting-user-name", "printer-pi"),
                ],
            )

    def close(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None

    # -- questions and answers ----------------------------------------------------

    def _ask(
        self, operation: int, attributes: Sequence[ipp.Attribute], data: bytes = b""
    ) -> ipp.Answer:
        if self._http is None:
            raise ipp.IppError("not open")
        body = ipp.request(operation, self._uri, attributes, data)
        found = self._http.post(
            self._url, content=body, headers={"Content-Type": "application/ipp"}
        )
        if found.status_code != 200:
            raise ipp.IppError(f"HTTP status {found.status_code}")
        return ipp.answer(found.content)

    def _set(self, status: Status) -> None:
        if status != self.status:
            self.status = status
            self.on_status(status)


def _status(found: ipp.Answer) -> Status:
    """What the queue says of its printer, in our words."""
    said = found.attributes.get("printer-state-reasons", ())
    reasons = [_plain(str(reason)) for reason in said]
    faults = [_REASONS[r] for r in reasons if r in _REASONS and _is_serious(said, r)]
    is_stopped = found.first("printer-state") == _STOPPED
    is_refusing = found.first("printer-is-accepting-jobs") is False
    fault = faults[0] if faults else ERROR if is_stopped or is_refusing else None
    return Status(
        is_online=fault != OFFLINE,
        paper=_paper(faults, reasons),
        cover="open" if COVER_OPEN in faults else None,
        fault=fault,
        confirm="ipp",
    )


def _paper(faults: Sequence[str], reasons: Sequence[str]) -> Paper | None:
    if PAPER_OUT in faults:
        return "out"
    return "low" if "media-low" in reasons else None


def _plain(reason: str) -> str:
    for ending in ("-error", "-warning", "-report"):
        reason = reason.removesuffix(ending)
    return reason


def _is_serious(said: Sequence[ipp.Value], reason: str) -> bool:
    """A warning and a report do not stop a printer, unless it is not there at all."""
    is_named = bool({reason, f"{reason}-error"} & set(map(str, said)))
    return is_named or _REASONS[reason] == OFFLINE


def _words(exc: Exception) -> str:
    """One short line without control characters."""
    text = str(exc) or type(exc).__name__
    return "".join(char for char in text if char.isprintable())[:160]
