"""A Nostr relay of our own, and what is sent to it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from nostr_sdk import (
    Client,
    Event,
    EventBuilder,
    Filter,
    HandleNotification,
    Keys,
    Kind,
    LocalRelay,
    PublicKey,
    RateLimit,
    RelayBuilder,
    RelayMessage,
    RelayUrl,
    Tag,
)

from . import eventually, free_port

#: What the server and printer-pi have agreed on.
HINT_KIND = 20_078
_PATIENCE_SECONDS = 10


@dataclass
class Relay:
    """A relay that may come and go. `events` are the hints that went over it."""

    port: int = field(default_factory=free_port)
    events: list[Event] = field(default_factory=list)
    _ends: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def hinted(self) -> list[str]:
        """Whom the events name, in the order in which they came."""
        return [tag.as_vec()[1] for event in self.events for tag in tags_of(event)]

    async def start(self) -> None:
        limit = RateLimit(max_reqs=500, notes_per_minute=100_000)
        builder = RelayBuilder().addr("127.0.0.1").port(self.port).rate_limit(limit)
        relay = LocalRelay(builder)
        await relay.run()
        await self._read_along()
        self._ends.callback(relay.shutdown)

    async def _read_along(self) -> None:
        reader, notes = await _connected(self.url), _Notes(self.events)
        reading = asyncio.create_task(reader.handle_notifications(notes))
        self._ends.push_async_callback(asyncio.wait, [reading])
        self._ends.push_async_callback(reader.shutdown)
        line = await reader.relay(RelayUrl.parse(self.url))
        self._ends.push_async_callback(eventually, lambda: not line.is_connected())
        await asyncio.sleep(0)  # it listens before there is anything to hear
        await reader.subscribe(Filter().kind(Kind(HINT_KIND)))
        await asyncio.wait_for(notes.are_read.wait(), _PATIENCE_SECONDS)

    async def stop(self) -> None:
        """Until those who were connected know that they are not any more."""
        await self._ends.aclose()


def tags_of(event: Event) -> list[Tag]:
    return event.tags().to_vec()


@asynccontextmanager
async def running_relay() -> AsyncIterator[Relay]:
    relay = Relay()
    await relay.start()
    try:
        yield relay
    finally:
        await relay.stop()


class _Notes(HandleNotification):  # type: ignore[misc] # it has no types
    """Writes every event down; an exception in here would end the process."""

    def __init__(self, events: list[Event]) -> None:
        self.are_read = asyncio.Event()
        self._events = events

    async def handle(
        self, relay_url: RelayUrl, subscription_id: str, event: Event
    ) -> None:
        self._events.append(event)

    async def handle_msg(self, relay_url: RelayUrl, msg: RelayMessage) -> None:
        if msg.as_enum().is_END_OF_STORED_EVENTS():
            self.are_read.set()


async def _connected(url: str) -> Client:
    client = Client()
    await client.add_relay(RelayUrl.parse(url))
    await client.connect()
    await client.wait_for_connection(timedelta(seconds=_PATIENCE_SECONDS))
    return client


async def forge(url: str, key: str, times: int = 1, kind: int = HINT_KIND) -> None:
    """Anybody hints the owner of this key, so many times at once, with garbage."""
    client = await _connected(url)
    tags = [Tag.public_key(PublicKey.parse(key)), Tag.parse(["x", "\x00 garbage"])]
    for number in range(times):
        event = EventBuilder(Kind(kind), f'{{"{number}": \x00').tags(tags)
        await client.send_event(event.sign_with_keys(Keys.generate()))
    await client.shutdown()


@contextmanager
def mute_relay() -> Iterator[str]:
    """The address of a relay that takes calls and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(50)
        yield f"ws://127.0.0.1:{listening.getsockname()[1]}"
