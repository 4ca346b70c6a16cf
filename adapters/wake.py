"""Wake-ups inside the process. A wake-up is a hint: every waiter looks by itself
after its own delay, so a lost one costs time and never an order.

Topics are plain text: ``print:<restaurant id>``, ``events:<restaurant id>``,
``reconcile``. Flows wake after their commit, never before.
"""

import asyncio
from collections import defaultdict

_waiting: dict[str, set["Waiter"]] = defaultdict(set)
_followers: set["Follower"] = set()


def wake(*topics: str) -> None:
    """Let everybody who waits for one of the topics look again."""
    for topic in topics:
        for waiter in _waiting.get(topic, ()):
            waiter.wake()
        for follower in _followers:
            follower.hear(topic)


def is_waited_for(topic: str, who: str) -> bool:
    """Whether a ``Waiter`` of this name listens to the topic now."""
    return any(waiter.who == who for waiter in _waiting.get(topic, ()))


class Waiter:
    """Listens from its creation on, so that nothing is missed between looks; ``who``
    it waits for is for ``is_waited_for``.

    ``async with Waiter("print:abc") as waiter: … await waiter.wait(2)``
    """

    def __init__(self, topic: str, who: str = ""):
        self.who = who
        self._topic = topic
        self._event = asyncio.Event()

    def wake(self) -> None:
        self._event.set()

    async def __aenter__(self) -> "Waiter":
        _waiting[self._topic].add(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        _waiting[self._topic].discard(self)
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


class Follower:
    """Hears of all topics that begin alike, of each at most once in so many seconds:
    at once, and once more afterwards for what was woken in between.

    ``async with Follower("print:", 1) as woken: … restaurant_id = await woken.next()``
    """

    def __init__(self, beginning: str, seconds: float):
        self._beginning = beginning
        self._seconds = seconds
        self._ready: asyncio.Queue[str] = asyncio.Queue()
        #: Whether a topic was woken again while it rests.
        self._resting: dict[str, bool] = {}

    async def __aenter__(self) -> "Follower":
        _followers.add(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        _followers.discard(self)

    def hear(self, topic: str) -> None:
        if not topic.startswith(self._beginning):
            return
        if topic in self._resting:
            self._resting[topic] = True
            return
        self._resting[topic] = False
        self._ready.put_nowait(topic)

    async def next(self) -> str:
        """The rest of the topic that was woken next."""
        topic = await self._ready.get()
        self._resting[topic] = False
        loop = asyncio.get_running_loop()
        loop.call_later(self._seconds, self._rested, topic)
        return topic.removeprefix(self._beginning)

    def _rested(self, topic: str) -> None:
        if self._resting.pop(topic) and self in _followers:
            self.hear(topic)
