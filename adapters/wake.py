"""Wake-ups inside the process. A wake-up is a hint: every waiter looks by itself
after its own delay, so a lost one costs time and never an order.

Topics are plain text: ``print:<restaurant id>``, ``events:<restaurant id>``,
``reconcile``. Flows wake after their commit, never before.
"""

import asyncio
from collections import defaultdict

_waiting: dict[str, set[asyncio.Event]] = defaultdict(set)


def wake(*topics: str) -> None:
    """Let everybody who waits for one of the topics look again."""
    for topic in topics:
        for event in _waiting.get(topic, ()):
            event.set()


class Waiter:
    """Listens from its creation on, so that nothing is missed between looks.

    ``async with Waiter("print:abc") as waiter: … await waiter.wait(2)``
    """

    def __init__(self, topic: str):
        self._topic = topic
        self._event = asyncio.Event()

    async def __aenter__(self) -> "Waiter":
        _waiting[self._topic].add(self._event)
        return self

    async def __aexit__(self, *_: object) -> None:
        _waiting[self._topic].discard(self._event)
        if not _waiting[self._topic]:
            del _waiting[self._topic]

    async def wait(self, seconds: float) -> bool:
        """True when woken, False after so many seconds."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except asyncio.TimeoutError:
            return False
        self._event.clear()
        return True
