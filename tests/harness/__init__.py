"""What the tests share: a real LNbits, in this process or as a server of its own."""

from __future__ import annotations

import asyncio
import inspect
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar, overload

REPO = Path(__file__).resolve().parents[2]
API = "/restaurant/api/v1"

T = TypeVar("T")


def free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@overload
async def eventually(
    look: Callable[[], Awaitable[T]], seconds: float = ..., every: float = ...
) -> T: ...
@overload
async def eventually(
    look: Callable[[], T], seconds: float = ..., every: float = ...
) -> T: ...
async def eventually(
    look: Callable[[], Any], seconds: float = 60.0, every: float = 0.02
) -> Any:
    """Call `look` (plain or async) until it answers something true, and return that.

    Raises AssertionError with the last answer after `seconds`.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {look} answered {found!r}")
        await asyncio.sleep(every)
