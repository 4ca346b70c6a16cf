"""The protocol's client: exact requests, every answer turned into one clear outcome."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from printer_pi.client import (
    BusyError,
    Client,
    DeniedError,
    Job,
    RefusedError,
    ServerError,
    UnreachableError,
    connect,
)
from printer_pi.config import Server

pytestmark = pytest.mark.asyncio
Handler = Callable[[httpx.Request], httpx.Response]
JOB: dict[str, Any] = {
    "id": "j1",
    "lease_token": "l1",
    "lease_seconds": 30,
    "order_number": 7,
    "station": "kitchen",
    "kind": "ticket",
    "copies": 2,
    "possible_duplicate": True,
    "content": {"type": "ticket/1", "document": {}, "text": "soup"},
    "payload": {"format": "escpos", "data": "G0Bzb3Vw", "bitmap_sha256": None},
}


def client(handler: Handler) -> Client:
    http = connect(Server("https://x.example/base", "r 1", "rdt_secret"))
    http._transport = httpx.MockTransport(handler)
    http._mounts = {}
    return Client(http, "r 1")


def answering(status: int, body: Any = None, **headers: str) -> Client:
    return client(lambda _: httpx.Response(status, json=body, headers=headers))


def job(**fields: Any) -> Job:
    return Job(**{**_FIELDS, **fields})


_FIELDS: dict[str, Any] = {
    "id": "a/b.c",
    "order_number": "7",
    "station": "kitchen",
    "kind": "ticket",
    "copies": 1,
    "lease_seconds": 30.0,
    "lease_token": "l1",
    "text": "soup",
}


async def test_every_request_as_the_server_wants_it() -> None:
    seen: list[tuple[str, str, Any]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == "Bearer rdt_secret"
        path = request.url.raw_path.decode()
        assert path.startswith("/base/restaurant/api/v1/")
        seen.append((request.method, path[24:], json.loads(request.content)))
        return httpx.Response(200, json=JOB)

    server = client(handler)
    await server.claim("kitchen", ("kitchen", "grill"))
    await server.claim("bar", (), "text", wait=0)
    await server.start(job())
    await server.renew(job())
    await server.ack("j1", "l1", "gs_r")
    await server.fail(job(), "no paper", "printer.x", retryable=True, in_doubt=False)
    await server.report([{"name": "a"}])
    claim = {
        "printers": ["kitchen"],
        "wait": 25,
        "format": "escpos",
        "stations": ["kitchen", "grill"],
    }
    read = {"printers": ["bar"], "wait": 0, "format": "text"}
    lease = {"lease_token": "l1"}
    failure = {
        "error": "no paper",
        "code": "printer.x",
        "retryable": True,
        "in_doubt": False,
    }
    assert seen == [
        ("POST", "restaurants/r%201/print_jobs/claim", claim),
        ("POST", "restaurants/r%201/print_jobs/claim", read),
        ("POST", "print_jobs/a%2Fb%2Ec/start", lease),
        ("POST", "print_jobs/a%2Fb%2Ec/renew", lease),
        ("PUT", "print_jobs/j1/ack", {**lease, "confirm": "gs_r"}),
        ("PUT", "print_jobs/a%2Fb%2Ec/fail", {**failure, **lease}),
        ("POST", "restaurants/r%201/printers/status", {"printers": [{"name": "a"}]}),
    ]


async def test_a_job_and_no_job() -> None:
    claimed = await answering(200, JOB).claim("kitchen", ())
    assert claimed == job(id="j1", copies=2, payload=b"\x1b@soup", is_marked=True)
    assert "soup" not in repr(claimed)
    assert "l1" not in repr(claimed)
    assert await answering(204).claim("kitchen", ()) is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"content": None, "payload": None}, "nothing to print"),
        (
            {"content": {"type": "ticket/1", "text": " \n"}, "payload": None},
            "nothing to print",
        ),
        ({"copies": 0}, "copies"),
        ({"copies": 10**9}, "copies"),
        ({"copies": "2"}, "copies"),
    ],
)
async def test_jobs_that_cannot_be_printed_say_why(
    change: dict[str, Any], fault: str
) -> None:
    claimed = await answering(200, {**JOB, **change}).claim("kitchen", ())
    assert claimed is not None
    assert fault in claimed.fault


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "G0A=",
        {},
        {"format": "star", "data": "G0A="},
        {"format": "escpos", "data": ""},
        {"format": "escpos", "data": None},
        {"format": "escpos", "data": "no base64!"},
        {"format": "escpos", "data": "ñ"},
    ],
)
async def test_a_payload_that_is_none_leaves_the_text(payload: Any) -> None:
    claimed = await answering(200, {**JOB, "payload": payload}).claim("kitchen", ())
    assert claimed is not None
    assert (claimed.payload, claimed.text, claimed.fault) == (None, "soup", "")


@pytest.mark.parametrize(
    "word", [{"kind": "drawer"}, {"content": {"type": "drawer/2"}}]
)
async def test_a_kick_is_known_by_its_kind_or_its_type(word: dict[str, Any]) -> None:
    claimed = await answering(200, {**JOB, **word, "copies": 0}).claim("kitchen", ())
    assert claimed is not None
    assert (claimed.is_kick, claimed.fault) == (True, "")


@pytest.mark.parametrize("lease_seconds", [None, 0, -1, "x", True])
async def test_a_lease_without_a_length_lasts_a_minute(lease_seconds: Any) -> None:
    answer = {**JOB, "lease_seconds": lease_seconds}
    claimed = await answering(200, answer).claim("kitchen", ())
    assert claimed is not None
    assert claimed.lease_seconds == 60


@pytest.mark.parametrize("body", [{}, [], {"id": "j1"}, {**JOB, "id": "a\nb"}])
async def test_an_answer_that_is_no_job_is_as_bad_as_none(body: Any) -> None:
    with pytest.raises(UnreachableError, match="not a job"):
        await answering(200, body).claim("kitchen", ())


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (302, UnreachableError),
        (401, DeniedError),
        (403, DeniedError),
        (404, RefusedError),
        (409, RefusedError),
        (429, BusyError),
        (500, UnreachableError),
        (502, UnreachableError),
        (503, BusyError),
    ],
)
async def test_each_status_has_one_meaning(
    status: int, error: type[ServerError]
) -> None:
    with pytest.raises(error) as caught:
        await answering(status, {"code": "job.lease"}).start(job())
    assert str(caught.value) == f"{status} job.lease"


async def test_retry_after_in_seconds_or_as_a_date() -> None:
    later = datetime.now(timezone.utc) + timedelta(seconds=100)
    for value, expected in (
        ("7", 7.0),
        (format_datetime(later, usegmt=True), 100.0),
        ("999999", 600.0),
        ("-5", 0.0),
    ):
        with pytest.raises(BusyError) as caught:
            await answering(429, **{"Retry-After": value}).claim("kitchen", ())
        assert caught.value.retry_after == pytest.approx(expected, abs=2)
    for value in ("soon", "nan", ""):
        with pytest.raises(BusyError) as caught:
            await answering(503, **{"Retry-After": value}).claim("kitchen", ())
        assert caught.value.retry_after is None


async def test_network_errors_are_one_short_line() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused\nby\x1b[31m peer", request=request)

    with pytest.raises(UnreachableError) as caught:
        await client(handler).claim("kitchen", ())
    assert str(caught.value) == "ConnectError refusedby[31m peer"


async def test_a_go_is_the_servers_own_and_no_page_of_somebody_between() -> None:
    """A network's sign-in page answers everything with 200."""
    page = client(lambda _: httpx.Response(200, html="<h1>Welcome</h1>"))
    with pytest.raises(
        UnreachableError, match="200 with an answer that is not the server's"
    ):
        await page.start(job())
    with pytest.raises(UnreachableError):
        await page.ack("j1", "l1", "drain")


async def test_an_address_that_moved_is_told() -> None:
    there = "https://other.example:8443/base/restaurant/api/v1/x?key=secret"
    for location, says in (
        (there, "301, it leads to https://other.example:8443"),
        ("/lnbits/restaurant", "301, it leads to https://x.example"),
    ):
        with pytest.raises(UnreachableError) as caught:
            await answering(301, Location=location).claim("kitchen", ())
        assert str(caught.value) == says


async def test_an_answer_too_deep_to_read_is_none() -> None:
    deep = client(
        lambda _: httpx.Response(
            200, content=b"[" * 100_000, headers={"Content-Type": "application/json"}
        )
    )
    assert await deep.report([]) == []


async def test_an_answer_that_trickles_in_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every byte comes in time, the whole never does."""
    monkeypatch.setattr("printer_pi.client.TRICKLE_SECONDS", 0.2)
    monkeypatch.setattr("printer_pi.client.ANSWER_SECONDS", 0.2)

    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        with contextlib.suppress(OSError):
            while not writer.is_closing():
                writer.write(b"X-Filler: x\r\n")
                await writer.drain()
                await asyncio.sleep(0.01)

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with connect(Server(f"http://127.0.0.1:{port}", "r", "rdt_x")) as http:
        calls = Client(http, "r")
        for call in (calls.start(job()), calls.claim("kitchen", (), wait=0)):
            with pytest.raises(UnreachableError, match="the answer does not end"):
                await asyncio.wait_for(call, 10)
    server.close()
