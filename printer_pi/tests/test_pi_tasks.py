"""Ending work that does not end at the first word: an HTTP client may swallow a
cancellation that meets the answer."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from pi_setup import kitchen
from printer_pi.client import connect
from printer_pi.daemon import serve
from printer_pi.tasks import end, until_stopped, within

pytestmark = pytest.mark.asyncio


class Swallowing(httpx.AsyncBaseTransport):
    """Answers a request of this kind although it was cancelled, like a race lost."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._real = httpx.AsyncHTTPTransport()
        self.has_answer = asyncio.Event()
        self.swallowed = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._real.handle_async_request(request)
        if request.url.path.endswith(self._path) and not self.swallowed:
            self.has_answer.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                self.swallowed += 1
        return response


async def test_a_report_that_swallows_its_end_does_not_keep_the_daemon(
    tmp_path: Path,
) -> None:
    async with kitchen(tmp_path) as k:
        configuration, stop = k.config(), asyncio.Event()
        assert configuration.server is not None
        usual, transport = connect(configuration.server), Swallowing("/printers/status")
        http = httpx.AsyncClient(
            transport=transport, base_url=usual.base_url, headers=usual.headers
        )
        running = asyncio.create_task(
            serve(configuration, stop=stop, http=http, clock=k.pace.clock())
        )
        await asyncio.wait_for(transport.has_answer.wait(), 10)
        stop.set()
        await asyncio.wait_for(running, 10)
        assert transport.swallowed == 1


async def test_work_is_cancelled_until_it_ends() -> None:
    swallowed = []

    async def stubborn() -> None:
        while len(swallowed) < 3:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                swallowed.append(1)

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await end(task)
    assert task.done()
    assert len(swallowed) == 3


async def test_what_work_answers_while_it_is_stopped_is_not_dropped() -> None:
    stop = asyncio.Event()

    waiting = asyncio.create_task(until_stopped(stop, _claim()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    stop.set()
    assert await waiting == "a job"


async def test_work_is_given_so_long_and_no_longer() -> None:
    async def answers() -> int:
        return 7

    assert await within(10, answers()) == 7
    begun: list[str] = []
    with pytest.raises(TimeoutError):
        await within(0, _forever(begun))
    assert begun == ["begun", "ended"]


async def test_an_answer_that_meets_a_cancellation_is_not_dropped() -> None:
    waiting = asyncio.create_task(within(10, _claim()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    assert await waiting == "a job"
    begun: list[str] = []
    waiting = asyncio.create_task(within(10, _forever(begun)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert begun == ["begun", "ended"]


async def _claim() -> str:
    """Whose answer meets its cancellation."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        return "a job"
    return ""


async def _forever(said: list[str]) -> str:
    said.append("begun")
    try:
        await asyncio.Event().wait()
    finally:
        said.append("ended")
    return ""


async def test_work_that_fails_while_it_is_stopped_answers_nothing() -> None:
    stop = asyncio.Event()
    stop.set()

    async def fails() -> Any:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise OSError from None

    assert await until_stopped(stop, fails()) is None


async def test_work_that_is_done_first_answers_or_raises() -> None:
    stop = asyncio.Event()

    async def answers() -> int:
        return 7

    async def fails() -> int:
        raise OSError("away")

    assert await until_stopped(stop, answers()) == 7
    with pytest.raises(OSError, match="away"):
        await until_stopped(stop, fails())
