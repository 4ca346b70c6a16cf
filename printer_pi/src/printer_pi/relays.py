"""Nostr relays at which this machine listens for hints: all that needs nostr-sdk."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from nostr_sdk import (
    Client,
    Filter,
    HandleNotification,
    Keys,
    Kind,
    NostrSdkError,
    NostrSigner,
    Relay,
    RelayLimits,
    RelayMessage,
    RelayOptions,
    RelayUrl,
)

from .tasks import end

#: The kind of a hint, ephemeral by its number (NIP-01); the server has the same.
HINT_KIND = 20_078
KEY_FILE = "nostr.key"
#: A relay that went away is called again so often.
RETRY_SECONDS = 10.0
#: Hints are small; who sends more than this is hung up on.
MESSAGE_BYTES_MAX = 65_536


async def join(
    state_dir: Path, urls: Sequence[str], ring: Callable[[], None]
) -> Relays:
    """Listen at these relays; `ring` is called for every hint, and when a relay has
    been (re)joined, for what was missed. Returns at once: the connections are made,
    and made again, by themselves.

    Raises OSError when the key cannot be kept, NostrSdkError for a wrong address.
    """
    keys = _keys(state_dir / KEY_FILE)
    client = Client(NostrSigner.keys(keys))
    relays = {}
    for url in urls:
        address = RelayUrl.parse(url)
        await client.add_relay_with_opts(address, _options())
        relays[url] = await client.relay(address)
    hearing = asyncio.create_task(client.handle_notifications(_Ears(ring)))
    await asyncio.sleep(0)  # it hears before there is anything to hear
    await client.connect()
    # No time from which on: the clock of a machine like this may be wrong. Relays do
    # not keep such events; one that does would send one at most.
    await client.subscribe(
        Filter().kind(Kind(HINT_KIND)).pubkey(keys.public_key()).limit(1)
    )
    return Relays(keys.public_key().to_hex(), client, relays, hearing)


class Relays:
    """Relays that were joined."""

    def __init__(
        self,
        wake_key: str,
        client: Client,
        relays: Mapping[str, Relay],
        hearing: asyncio.Task[Any],
    ) -> None:
        self.wake_key = wake_key
        self._client = client
        self._relays = relays
        self._hearing = hearing

    @property
    def hosts(self) -> list[str]:
        """The names of the relays; a whole address may hold what is not for logs."""
        return [urlsplit(url).hostname or "?" for url in self._relays]

    def connected(self) -> dict[str, bool]:
        """Whether each relay, by its address, is connected now."""
        return {url: relay.is_connected() for url, relay in self._relays.items()}

    async def leave(self) -> None:
        """Hang up on all of them. Never fails."""
        with contextlib.suppress(Exception):
            await self._client.shutdown()
        await end(self._hearing)


class _Ears(HandleNotification):  # type: ignore[misc] # it has no types
    """Whatever comes in rings, and nothing of it is read: nobody can know who sent it.

    Exceptions in here would end the whole process.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring

    async def handle(self, *_event: object) -> None:
        with contextlib.suppress(Exception):
            self._ring()

    async def handle_msg(self, _relay: RelayUrl, msg: RelayMessage) -> None:
        with contextlib.suppress(Exception):
            if msg.as_enum().is_END_OF_STORED_EVENTS():
                self._ring()


def _options() -> RelayOptions:
    retry = timedelta(seconds=RETRY_SECONDS)
    limits = RelayLimits().message_max_size(MESSAGE_BYTES_MAX)
    options = RelayOptions().limits(limits).retry_interval(retry)
    return options.adjust_retry_interval(False)


def _keys(path: Path) -> Keys:
    """This machine's keys for hints, made when there are none that can be read. They
    protect nothing: whoever has them learns when something is printed."""
    with contextlib.suppress(FileNotFoundError, UnicodeDecodeError, NostrSdkError):
        return Keys.parse(path.read_text("ascii").strip())
    keys = Keys.generate()
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write(f"{keys.secret_key().to_hex()}\n")
    part.replace(path)
    return keys
