"""Waiting for work, and ending it for certain."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

#: How long a cancelled task may take before it is cancelled again.
AGAIN_SECONDS = 0.2

T = TypeVar("T")


async def end(*tasks: asyncio.Future[Any]) -> None:
    """Cancel tasks and wait until they have ended, whatever they end with.

    Once is not enough: httpx answers a request whose cancellation meets the answer as
    if nobody had cancelled it, and a loop around it would go on for ever.
    """
    living = {task for task in tasks if not task.done()}
    while living:
        for task in living:
            task.cancel()
        _, living = await asyncio.wait(living, timeout=AGAIN_SECONDS)


async def until_stopped(stop: asyncio.Event, work: Awaitable[T]) -> T | None:
    """What `work` returns, or None after cancelling it because `stop` was set.

    Raises what `work` raised before that.
    """
    task = asyncio.ensure_future(work)
    halt = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, halt}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
    finally:
        await end(task, halt)
    return task.result() if _has_answer(task) else None


async def within(seconds: float, work: Awaitable[T]) -> T:
    """What `work` returns; TimeoutError when that takes longer.

    An answer that meets a cancellation is not dropped: it may be a job.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        await end(task)
        if _has_answer(task):
            return task.result()
        raise
    await end(task)
    if task.cancelled():
        raise TimeoutError
    return task.result()


def _has_answer(task: asyncio.Future[Any]) -> bool:
    return not task.cancelled() and task.exception() is None
