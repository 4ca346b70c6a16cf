"""Calls of core that must not be canceled half-way.

Core leaves its database connection open when it is canceled in the middle of a
statement, and then SQLite stays locked for the whole server.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_unfinished: set[asyncio.Future[Any]] = set()


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """The result of the call, which goes on even when its caller is canceled."""
    task = asyncio.ensure_future(work)
    _unfinished.add(task)
    task.add_done_callback(_unfinished.discard)
    return await asyncio.shield(task)
