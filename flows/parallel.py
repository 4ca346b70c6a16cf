"""Works that do not depend on each other, side by side but bounded."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from ..adapters.log import log_failure
from ..core import limits


async def in_parallel(works: Iterable[Callable[[], Awaitable[object]]]) -> None:
    """Do the works, at most LOOKUPS_PARALLEL at a time; one failure is logged and
    stops nobody else."""
    gate = asyncio.Semaphore(limits.LOOKUPS_PARALLEL)

    async def one(work: Callable[[], Awaitable[object]]) -> None:
        async with gate:
            try:
                await work()
            except Exception:
                log_failure("looking after one payment failed")

    await asyncio.gather(*(one(work) for work in works))
