"""Is anybody still there? A request that waits long has to ask.

Starlette's own ``is_disconnected`` gives up before LNbits' middlewares pass the
news on, and the web server waits for open requests before it tells anybody that it
is going to end.
"""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


@asynccontextmanager
async def presence(receive: Receive) -> AsyncIterator[Callable[[], bool]]:
    """``async with presence(request.receive) as is_gone``: it says whether the client
    hung up or the server is told to end. The request's body must have been read."""
    listening = asyncio.ensure_future(_until_hung_up(receive))
    try:
        yield lambda: listening.done() or is_stopping()
    finally:
        listening.cancel()
        await asyncio.wait([listening])


async def _until_hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def is_stopping() -> bool:
    """True once uvicorn, whose method handles SIGTERM, was told to stop."""
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return bool(getattr(server, "should_exit", False))
