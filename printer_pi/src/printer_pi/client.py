"""The server's HTTP API: claim, start, renew, ack, fail and the printers' status, each
answer made typed."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from . import __version__
from .config import DEFAULT_HOLD_SECONDS, Server
from .tasks import within

API = "/restaurant/api/v1"
ANSWER_SECONDS = 10.0
#: So much longer may a whole answer take that comes in bits.
TRICKLE_SECONDS = 20.0
LONGEST_SECONDS = ANSWER_SECONDS + TRICKLE_SECONDS
MAX_COPIES = 20
MAX_RETRY_AFTER_SECONDS = 600.0
DEFAULT_LEASE_SECONDS = 60.0
DRAWER = "drawer"
BYTES = "escpos"


class ServerError(Exception):
    """The server could not be asked or did not say yes; the message is safe to log."""


class UnreachableError(ServerError):
    """No usable answer: the network, a proxy or a restart. Worth trying again."""


class BusyError(ServerError):
    """429 or 503; `retry_after` is the server's wish in seconds, or None."""

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DeniedError(ServerError):
    """401 or 403: the token is wrong, revoked or of another role."""


class RefusedError(ServerError):
    """Any other 4xx: asking the same again brings the same answer."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Job:
    """One claimed print job. `fault` says why it cannot be printed, "" if it can.

    `payload` is what goes to the printer byte by byte, copies and all, or None;
    `text` is the same for people, once. `is_marked`: both say that it may be the
    second copy.
    """

    id: str
    order_number: str
    station: str
    kind: str
    copies: int
    lease_seconds: float
    lease_token: str = field(repr=False)
    text: str = field(repr=False)
    payload: bytes | None = field(default=None, repr=False)
    is_marked: bool = False
    fault: str = ""

    @property
    def is_kick(self) -> bool:
        """A drawer to open: once or never, and nothing goes to paper."""
        return self.kind == DRAWER


def connect(server: Server) -> httpx.AsyncClient:
    """An HTTP client that knows the server's address and the device's token."""
    return httpx.AsyncClient(
        base_url=f"{server.url}{API}",
        headers={
            "Authorization": f"Bearer {server.token}",
            "User-Agent": f"printer-pi/{__version__}",
        },
        timeout=ANSWER_SECONDS,
    )


class Client:
    """The calls of one device at one restaurant, over a client made by `connect`."""

    def __init__(self, http: httpx.AsyncClient, restaurant: str) -> None:
        self._http = http
        self._restaurant = _segment(restaurant)

    async def claim(
        self,
        printer: str,
        stations: tuple[str, ...],
        form: str = BYTES,
        wait: int = DEFAULT_HOLD_SECONDS,
    ) -> Job | None:
        """The next job for this printer; None when none came within `wait` seconds.

        `form` is "escpos" for a job with its bytes, "text" for one without.
        """
        body: dict[str, Any] = {"printers": [printer], "wait": wait, "format": form}
        if stations:
            body["stations"] = list(stations)
        answer = await self._call(
            "POST",
            f"/restaurants/{self._restaurant}/print_jobs/claim",
            body,
            wait,
        )
        return None if answer.status_code == 204 else _job(answer)

    async def start(self, job: Job) -> None:
        """Ask for the go before the first byte; on RefusedError print nothing."""
        await self._call("POST", f"/print_jobs/{_segment(job.id)}/start", _lease(job))

    async def renew(self, job: Job) -> None:
        """Keep the lease while the printer is busy with the job."""
        await self._call("POST", f"/print_jobs/{_segment(job.id)}/renew", _lease(job))

    async def ack(self, job_id: str, lease_token: str, confirm: str) -> None:
        """Say that the job is on paper, and how that is known; again does no harm."""
        body = {"lease_token": lease_token, "confirm": confirm}
        await self._call("PUT", f"/print_jobs/{_segment(job_id)}/ack", body)

    async def fail(
        self, job: Job, error: str, code: str, *, retryable: bool, in_doubt: bool
    ) -> None:
        """Give the job back; `in_doubt` says that part of it may be on paper."""
        body = {
            "error": error,
            "code": code,
            "retryable": retryable,
            "in_doubt": in_doubt,
            **_lease(job),
        }
        await self._call("PUT", f"/print_jobs/{_segment(job.id)}/fail", body)

    async def report(
        self, printers: list[dict[str, Any]], wake_key: str | None = None
    ) -> list[str]:
        """Tell how the printers are, and by which key this machine is hinted; the
        relays over which it would be."""
        path = f"/restaurants/{self._restaurant}/printers/status"
        body: dict[str, Any] = {"printers": printers}
        if wake_key is not None:
            body["wake_key"] = wake_key
        relays = _json(await self._call("POST", path, body)).get("relays")
        return list(filter(None, map(_name, relays if type(relays) is list else ())))

    async def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any],
        wait: float = 0,
    ) -> httpx.Response:
        """The server's answer, for which it may take `wait` seconds more."""
        longest = wait + ANSWER_SECONDS
        timeout = httpx.Timeout(ANSWER_SECONDS, read=longest)
        request = self._http.request(method, path, json=body, timeout=timeout)
        try:
            answer = await within(longest + TRICKLE_SECONDS, request)
        except TimeoutError as exc:
            raise UnreachableError("the answer does not end") from exc
        except httpx.HTTPError as exc:
            raise UnreachableError(_plain(f"{type(exc).__name__} {exc}")) from exc
        if answer.is_success:
            return _own(answer)
        says = f"{answer.status_code} {_code(answer)}".strip() + leads(answer)
        if answer.status_code in (401, 403):
            raise DeniedError(says)
        if answer.status_code in (429, 503):
            raise BusyError(says, retry_after(answer))
        if 400 <= answer.status_code < 500:
            raise RefusedError(says, answer.status_code)
        raise UnreachableError(says)


def _own(answer: httpx.Response) -> httpx.Response:
    """The answer, if it is the server's: a network's sign-in page says 200 as well."""
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code != 204 and not kind.startswith("application/json"):
        says = f"{answer.status_code} with an answer that is not the server's"
        raise UnreachableError(says)
    return answer


def leads(answer: httpx.Response) -> str:
    """Where an answer sends us, without what may be secret; "" when nowhere."""
    if answer.next_request is None:
        return ""
    url = answer.next_request.url
    port = f":{url.port}" if url.port else ""
    return _plain(f", it leads to {url.scheme}://{url.host}{port}")


def _lease(job: Job) -> dict[str, str]:
    return {"lease_token": job.lease_token}


def _segment(identifier: str) -> str:
    """An opaque id as one path segment; "." and ".." would otherwise be resolved."""
    return quote(identifier, safe="").replace(".", "%2E")


def _plain(text: str) -> str:
    """One short line without control characters, fit for a log."""
    return "".join(char for char in text if char.isprintable()).strip()[:160]


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        value = answer.json()
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _code(answer: httpx.Response) -> str:
    code = _json(answer).get("code", "")
    return _plain(code)[:60] if isinstance(code, str) else ""


def retry_after(answer: httpx.Response) -> float | None:
    """Retry-After in seconds, given as a number or as a date; None when unusable."""
    given = answer.headers.get("Retry-After", "").strip()
    try:
        seconds = float(given)
    except ValueError:
        try:
            until = parsedate_to_datetime(given)
        except (TypeError, ValueError):
            return None
        if until.tzinfo is None:
            until = until.replace(tzinfo=timezone.utc)
        seconds = (until - datetime.now(timezone.utc)).total_seconds()
    if not math.isfinite(seconds):
        return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS)


def _job(answer: httpx.Response) -> Job:
    """The claimed job; UnreachableError when the answer names no job and no lease."""
    data = _json(answer)
    job_id, lease_token = _name(data.get("id")), _name(data.get("lease_token"))
    if not job_id or not lease_token:
        raise UnreachableError(f"{answer.status_code} with an answer that is not a job")
    content = data.get("content")
    content = content if isinstance(content, dict) else {}
    text = content.get("text")
    text = text if isinstance(text, str) else ""
    copies = data.get("copies", 1)
    kind = _label(data.get("kind"))
    if _label(content.get("type")).startswith(f"{DRAWER}/"):
        kind = DRAWER
    payload = _payload(data.get("payload"))
    return Job(
        id=job_id,
        order_number=_label(data.get("order_number")),
        station=_label(data.get("station")),
        kind=kind,
        copies=copies if type(copies) is int else 0,
        lease_seconds=_seconds(data.get("lease_seconds")),
        lease_token=lease_token,
        text=text,
        payload=payload,
        is_marked=data.get("possible_duplicate") is True,
        fault="" if kind == DRAWER else _fault(text, payload, copies),
    )


def _payload(value: object) -> bytes | None:
    """The bytes of a payload in our format; None when there are none."""
    if not isinstance(value, dict) or value.get("format") != BYTES:
        return None
    try:
        return base64.b64decode(value.get("data", ""), validate=True) or None
    except (TypeError, ValueError, binascii.Error):
        return None


def _fault(text: str, payload: bytes | None, copies: object) -> str:
    if not text.strip() and payload is None:
        return "the job has nothing to print"
    if type(copies) is not int or not 1 <= copies <= MAX_COPIES:
        return f"copies must be a number from 1 to {MAX_COPIES}"
    return ""


def _name(value: object) -> str:
    if isinstance(value, str) and len(value) <= 200 and value.isprintable():
        return value
    return ""


def _label(value: object) -> str:
    if value is None or isinstance(value, (dict, list, bool)):
        return ""
    return _plain(str(value))


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return DEFAULT_LEASE_SECONDS
    if not math.isfinite(value) or value <= 0:
        return DEFAULT_LEASE_SECONDS
    return float(value)
