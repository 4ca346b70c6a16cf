"""Nostr relays at which this machine listens for hints: all that needs nostr-sdk."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
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
#: A relay that went away is called again so often, give or take a fifth.
RETRY_SECONDS = 10.0
CONNECT_SECONDS = 20.0
#: How often it is looked whether a relay is still there.
LOOK_SECONDS = 1.0
#: Whoever floods a relay's listener silences it for so long.
DEAF_SECONDS = 1.0
#: Hints are small; who sends more than this is hung up on.
MESSAGE_BYTES_MAX = 65_536

log = logging.getLogger("printer_pi")


async def join(
    state_dir: Path,
    urls: Sequence[str],
    ring: Callable[[], None],
    uniform: Callable[[float, float], float],
) -> Relays:
    """Listen at these relays; `ring` is called for every hint, and when a relay has
    been (re)joined, for what was missed. Returns at once: the connections are made,
    and made again, by themselves. An address that is none is left out. `uniform`
    draws a number between two.

    Raises OSError when the key cannot be kept, NostrSdkError when no address is one.
    """
    addresses, faults = _addresses(urls)
    if faults and not addresses:
        raise faults[0]
    if faults:
        log.warning("%d relay addresses are none; using the others", len(faults))
    keys = _keys(state_dir / KEY_FILE)
    lines = {url: _Line(keys, each, ring, uniform) for url, each in addresses.items()}
    return Relays(keys.public_key().to_hex(), lines)


def _addresses(
    urls: Sequence[str],
) -> tuple[dict[str, RelayUrl], list[NostrSdkError]]:
    addresses, faults = {}, []
    for url in urls:
        try:
            addresses[url] = RelayUrl.parse(url)
        except NostrSdkError as error:
            faults.append(error)
    return addresses, faults


class Relays:
    """Relays that were joined."""

    def __init__(self, wake_key: str, lines: Mapping[str, _Line]) -> None:
        self.wake_key = wake_key
        self._lines = lines

    @property
    def hosts(self) -> list[str]:
        """The names of the relays; a whole address may hold what is not for logs."""
        return [urlsplit(url).hostname or "?" for url in self._lines]

    def connected(self) -> dict[str, bool]:
        """Whether hints of each relay, by its address, are heard now."""
        return {url: line.is_on for url, line in self._lines.items()}

    async def leave(self) -> None:
        """Hang up on all of them. Never fails."""
        await asyncio.gather(*(line.leave() for line in self._lines.values()))


class _Line:
    """One relay, called again and again for as long as it is wanted.

    Each time with a new client that does not reconnect: one that does may come back
    after its end, and nobody could tell it to stop.
    """

    def __init__(
        self,
        keys: Keys,
        address: RelayUrl,
        ring: Callable[[], None],
        uniform: Callable[[float, float], float],
    ) -> None:
        self._keys = keys
        self._address = address
        self._ring = ring
        self._uniform = uniform
        self._client: Client | None = None
        self._relay: Relay | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._is_listening = False
        self._is_over = False
        self._task = asyncio.create_task(self._stay())

    @property
    def is_on(self) -> bool:
        relay = self._relay
        return self._is_listening and relay is not None and bool(relay.is_connected())

    async def leave(self) -> None:
        self._is_over = True
        await end(self._task)
        await self._hang_up()

    async def _stay(self) -> None:
        while not self._is_over:
            with contextlib.suppress(Exception):
                await self._call()
            await self._hang_up()
            await asyncio.sleep(RETRY_SECONDS * self._uniform(0.8, 1.2))

    async def _call(self) -> None:
        """Until the relay cannot be reached, or not any more."""
        self._client = client = Client(NostrSigner.keys(self._keys))
        await client.add_relay_with_opts(self._address, _options())
        self._relay = relay = await client.relay(self._address)
        self._hearing = asyncio.create_task(self._hear(client))
        await asyncio.sleep(0)  # it hears before there is anything to hear
        await relay.try_connect(timedelta(seconds=CONNECT_SECONDS))
        # No time from which on: the clock of a machine like this may be wrong. Relays
        # do not keep such events; one that does would send one at most.
        own_key = self._keys.public_key()
        await client.subscribe(Filter().kind(Kind(HINT_KIND)).pubkey(own_key).limit(1))
        while relay.is_connected():  # noqa: ASYNC110 # it tells nobody when it is gone
            await asyncio.sleep(LOOK_SECONDS)

    async def _hear(self, client: Client) -> None:
        """Listening ends, without a word, when more comes in at once than nostr-sdk
        keeps. What was missed then is asked for."""
        while True:
            self._is_listening = True
            with contextlib.suppress(Exception):
                await client.handle_notifications(_Ears(self._ring))
            self._is_listening = False
            await asyncio.sleep(DEAF_SECONDS)
            self._ring()

    async def _hang_up(self) -> None:
        if self._client is not None:
            with contextlib.suppress(Exception):
                await self._client.shutdown()
        if self._hearing is not None:
            await end(self._hearing)
        self._client = self._relay = self._hearing = None


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
    limits = RelayLimits().message_max_size(MESSAGE_BYTES_MAX)
    return RelayOptions().limits(limits).reconnect(False)


def _keys(path: Path) -> Keys:
    """This machine's keys for hints, made when there are none that can be read. They
    protect nothing: whoever has them learns when something is printed."""
    with contextlib.suppress(FileNotFoundError, UnicodeDecodeError, NostrSdkError):
        keys = Keys.parse(path.read_text("ascii").strip())
        path.chmod(0o600)  # a copy from elsewhere may have come with another mode
        return keys
    keys = Keys.generate()
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write(f"{keys.secret_key().to_hex()}\n")
    part.replace(path)
    return keys
