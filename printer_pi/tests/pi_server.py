"""A small real HTTP server that speaks the print job protocol, for the daemon's tests.

It listens on 127.0.0.1, keeps its jobs in memory and can be told to misbehave.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TOKEN = "rdt_test_token"
PREFIX = "/restaurant/api/v1"
PATIENCE_SECONDS = 60


@dataclass
class Call:
    action: str
    path: str
    body: dict[str, Any]
    authorization: str


@dataclass
class Answer:
    """A one-time answer in place of the protocol's own."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


BANNER = "*** POSSIBLE DUPLICATE ***"
# A printer's own faults cost a job no attempt.
FAULTS = {f"printer.{word}" for word in ("offline", "paper_out", "cover_open", "error")}
DROP = "do the work, then cut the connection without an answer"


def ticket_bytes(text: str, copies: int = 1) -> bytes:
    """What the server sends for a text: init, lines, cut."""
    lines = b"".join(line.encode("cp437") + b"\n" for line in text.splitlines())
    return (b"\x1b@" + lines + b"\x1dVB0") * copies


class PrintServer:
    """Jobs by id; `calls` is every request in order; `answers` are one-time faults.

    `has_bytes`: whether it knows to send bytes; older ones do not. `statuses` is what
    printers said of themselves, by name; `pairing` the state of the one pairing.
    `relays` would carry hints; it sends none itself.
    """

    def __init__(self) -> None:
        self.jobs: dict[str, dict[str, Any]] = {}
        self.calls: list[Call] = []
        self.answers: dict[str, list[Answer | str]] = defaultdict(list)
        self.hold: dict[str, asyncio.Event] = {}
        self.empty_claims_return = False
        self.has_bytes = True
        self.statuses: dict[str, dict[str, Any]] = {}
        self.pairing: dict[str, Any] = {}
        self.relays: list[str] = []
        self._changed = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._port = 0
        self._is_open = False
        self._leases = 0

    # -- for the tests ----------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        self._is_open = True
        self._server = await asyncio.start_server(
            self._connection, "127.0.0.1", self._port
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._is_open = False
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def add(self, job_id: str, **fields: Any) -> None:
        text = fields.pop("text", f"TICKET {job_id}")
        self.jobs[job_id] = {
            "id": job_id,
            "restaurant_id": "r1",
            "order_id": f"order-{job_id}",
            "order_number": 42,
            "station": "kitchen",
            "kind": "ticket",
            "copies": 1,
            "attempt": 0,
            "reprint_of": None,
            "possible_duplicate": False,
            "lease_seconds": 60,
            "content": {"type": "ticket/1", "document": {}, "text": text},
            **fields,
            "state": "queued",
        }
        await self.tell()

    async def requeue(self, job_id: str) -> None:
        """As if the lease had run out: what had begun may be on paper."""
        self._requeue(self.jobs[job_id])
        await self.tell()

    def _requeue(self, job: dict[str, Any], in_doubt: bool = False) -> None:
        if in_doubt or job["state"] == "printing":
            job["possible_duplicate"] = True
        job.update(state="queued", lease_token=None)

    async def tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(condition), PATIENCE_SECONDS)

    async def until_state(self, job_id: str, state: str) -> None:
        await self.until(lambda: self.jobs[job_id]["state"] == state)

    def count(self, action: str) -> int:
        return sum(call.action == action for call in self.calls)

    def bodies(self, action: str) -> list[dict[str, Any]]:
        return [call.body for call in self.calls if call.action == action]

    # -- the wire ---------------------------------------------------------------

    async def _connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while self._is_open and await self._exchange(reader, writer):
                pass
        except (asyncio.CancelledError, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request, *lines = head.strip().split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, value in (line.split(":", 1) for line in lines)
        }
        raw = await reader.readexactly(int(headers.get("content-length", 0)))
        method, path, _ = request.split(" ")
        action = path.rsplit("/", 1)[-1]
        action = "report" if path.endswith("/printers/status") else action
        body = json.loads(raw or b"{}")
        self.calls.append(Call(action, path, body, headers.get("authorization", "")))
        await self.tell()
        if action in self.hold:
            await self.hold[action].wait()
        fault = self.answers[action].pop(0) if self.answers[action] else None
        if isinstance(fault, Answer):
            answer = fault
        else:
            answer = await self._serve(method, path, body)
        await self.tell()
        if fault == DROP:
            return False
        writer.write(_wire(answer))
        await writer.drain()
        return True

    async def _serve(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        assert path.startswith(PREFIX)
        *_, job_id, action = path.split("/")
        others = {"claim": self._claim, "status": self._report}
        others |= {"pairings": self._invite, "collect": self._collect}
        if action in others:
            assert method == "POST"
            return await others[action](body)
        job = self.jobs.get(job_id)
        if job is None:
            return Answer(404, {"code": "job.not_found"})
        owns = body.get("lease_token") == job.get("lease_token")
        assert method == ("PUT" if action in ("ack", "fail") else "POST")
        if action == "ack":
            return self._ack(job, owns)
        if not owns:
            return Answer(409, {"detail": "Not yours.", "code": "job.lease"})
        if action == "start":
            job["state"] = "printing"
        if action == "fail":
            self._requeue(job, body["in_doubt"])
            job["attempt"] -= body["code"] in FAULTS
            if not body["retryable"]:
                job["state"] = "dead"
        return Answer(200, {"id": job_id})

    async def _report(self, body: dict[str, Any]) -> Answer:
        for told in body["printers"]:
            self.statuses[told["name"]] = told
        return Answer(200, {"printers": [], "relays": self.relays})

    async def _invite(self, body: dict[str, Any]) -> Answer:
        public = {
            "id": "p1",
            "secret": "pairing-secret",
            "code": "ABCD-EFGH",
            "expires_at": "2026-11-21T12:10:00Z",
        }
        self.pairing = {**public, "asked": body}
        return Answer(201, public)

    async def _collect(self, body: dict[str, Any]) -> Answer:
        if body != {"secret": self.pairing["secret"]}:
            return Answer(404, {"code": "pairing.not_found"})
        if "token" not in self.pairing:
            return Answer(202, {"status": "waiting"})
        found = {"restaurant_id": "r1", "token": self.pairing["token"]}
        return Answer(200, {**found, "device_id": "d1"})

    def _ack(self, job: dict[str, Any], owns: bool) -> Answer:
        if not owns and job["state"] == "printing":
            return Answer(409, {"detail": "Started since.", "code": "job.lease"})
        job["state"] = "printed"
        return Answer(200, {"id": job["id"]})

    async def _claim(self, body: dict[str, Any]) -> Answer:
        def queued() -> list[dict[str, Any]]:
            stations = body.get("stations")
            return [
                job
                for job in self.jobs.values()
                if job["state"] == "queued"
                and (not stations or job["station"] in stations)
            ]

        is_held = body["wait"] > 0 and not self.empty_claims_return
        if not is_held and not queued():
            return Answer(204)
        async with self._changed:
            await self._changed.wait_for(lambda: bool(queued()))
            job = queued()[0]
            self._leases += 1
            job["attempt"] += 1
            job.update(state="leased", lease_token=f"lease-{self._leases}")
        return Answer(200, self._given(job, body.get("format", "text")))

    def _given(self, job: dict[str, Any], form: str) -> dict[str, Any]:
        """The job as it goes out: marked, with its bytes."""
        content = dict(job["content"])
        text = content.get("text", "")
        if job["possible_duplicate"] and text:
            content["text"] = text = f"{BANNER}\n{text}\n{BANNER}"
        payload = None
        if form == "escpos" and self.has_bytes:
            data = job.get("bytes") or ticket_bytes(text, job["copies"])
            if job["kind"] == "drawer":
                data = b"\x1bp\x00\x19\xfa"
            encoded = base64.b64encode(data).decode()
            payload = {"format": "escpos", "data": encoded, "bitmap_sha256": None}
        given = {k: v for k, v in job.items() if k != "bytes"}
        return {**given, "content": content, "payload": payload}


def _wire(answer: Answer) -> bytes:
    body = b"" if answer.status == 204 else json.dumps(answer.body).encode()
    headers = {"Content-Type": "application/json", **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} X", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
