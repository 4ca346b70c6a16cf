"""A Nostr relay of our own, and what is sent to it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import re
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from nostr_sdk import (
    Client,
    Event,
    EventBuilder,
    Filter,
    HandleNotification,
    Keys,
    Kind,
    LocalRelay,
    NostrSdkError,
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
_PATIENCE_SECONDS = 60
#: By which a server shows that it speaks WebSocket (RFC 6455).
_WEBSOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


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
        relay = await asyncio.wait_for(self._listening(), _PATIENCE_SECONDS)
        await self._read_along()
        self._ends.callback(relay.shutdown)

    async def _listening(self) -> LocalRelay:
        """On the port of before, which the last relay, or somebody who looks for it,
        may still have for a moment."""
        limit = RateLimit(max_reqs=500, notes_per_minute=100_000)
        while True:
            builder = RelayBuilder().addr("127.0.0.1").port(self.port)
            relay = LocalRelay(builder.rate_limit(limit))
            try:
                await relay.run()
            except NostrSdkError:
                await asyncio.sleep(0.05)
            else:
                return relay

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


class FloodingRelay:
    """Just enough of a relay to send what it likes to the last who subscribed."""

    def __init__(self) -> None:
        self.callers = 0
        self._subscriber: asyncio.StreamWriter | None = None
        self._subscription = ""

    @property
    def is_subscribed(self) -> bool:
        return self._subscriber is not None

    async def flood(self, notices: int) -> None:
        await self._send(*(["NOTICE", str(number)] for number in range(notices)))

    async def hint(self, key: str) -> None:
        tags = [Tag.public_key(PublicKey.parse(key))]
        event = EventBuilder(Kind(HINT_KIND), "").tags(tags)
        signed = event.sign_with_keys(Keys.generate())
        await self._send(["EVENT", self._subscription, json.loads(signed.as_json())])

    async def _send(self, *messages: list[Any]) -> None:
        assert self._subscriber
        for message in messages:
            text = json.dumps(message).encode()
            length = len(text).to_bytes(2, "big")
            head = bytes([0x81, len(text)]) if len(text) < 126 else b"\x81\x7e" + length
            self._subscriber.write(head + text)
        await self._subscriber.drain()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.callers += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = await reader.readuntil(b"\r\n\r\n")
            found = re.search(rb"(?i)sec-websocket-key: *(\S+)", head)
            assert found
            told = hashlib.sha1(found[1] + _WEBSOCKET).digest()  # RFC 6455
            writer.write(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: "
                + base64.b64encode(told)
                + b"\r\n\r\n"
            )
            while True:
                await self._read(await _frame(reader), writer)
        writer.close()

    async def _read(self, text: bytes, writer: asyncio.StreamWriter) -> None:
        if text.startswith(b'["REQ"'):
            self._subscription = json.loads(text)[1]
            self._subscriber = writer
            await self._send(["EOSE", self._subscription])


async def _frame(reader: asyncio.StreamReader) -> bytes:
    """What a client sent; messages up to 65 535 bytes, in one piece."""
    _, length = await reader.readexactly(2)
    length &= 0x7F
    if length == 126:
        length = int.from_bytes(await reader.readexactly(2), "big")
    mask = await reader.readexactly(4)
    text = await reader.readexactly(length)
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(text))


@asynccontextmanager
async def flooding_relay() -> AsyncIterator[tuple[FloodingRelay, str]]:
    """One, and its address."""
    relay = FloodingRelay()
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    try:
        yield relay, f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
