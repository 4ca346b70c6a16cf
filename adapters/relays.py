"""Hints over Nostr: a device that asked for it is told that there is something to
print.

A hint is an ephemeral event without content that names the device's key, signed by a
key that is made for it and thrown away: it says nothing, and nothing depends on it.
What goes wrong is forgotten; printers look by themselves.

nostr-sdk is loaded with the first hint, so that a server whose restaurants name no
relays never has it in memory. Each relay has a task of its own, that ends with the
connection when nobody needs it any more: one that is slow holds up no other.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lnbits.settings import settings
from loguru import logger

from ..core import limits

if TYPE_CHECKING:
    from nostr_sdk import Client

#: The kind of a hint, ephemeral by its number (NIP-01); printer-pi has the same.
HINT_KIND = 20_078

_lines: dict[str, "_Line"] = {}


def allows_plain() -> bool:
    """Whether relays may be reached without TLS: where LNbits' administrator lets
    LNURLs lead to private addresses, and only there."""
    # Not every version of LNbits has this setting.
    return bool(getattr(settings, "lnbits_lnurl_allow_private_ips", False))


def hint(urls: Iterable[str], keys: Iterable[str]) -> None:
    """Tell the owners of these x-only keys (64 hex digits), over each of the relays,
    to ask for work. Returns at once, never fails, and promises nothing."""
    keys = list(keys)
    for url in urls:
        line = _lines.pop(url, None)
        if line is None or line.is_over:
            line = _Line(url)
        _lines[url] = line  # the last used is the last
        line.take(keys)
    while len(_lines) > limits.RELAYS_MAX:
        _lines.pop(next(iter(_lines))).end()


def hang_up() -> None:
    """Leave all relays; what was not sent is forgotten."""
    for line in _lines.values():
        line.end()
    _lines.clear()


class _Line:
    """One relay, and whom to hint over it."""

    def __init__(self, url: str):
        self._url = url
        self._waiting: dict[str, None] = {}
        self._news = asyncio.Event()
        self._client: Client | None = None
        self.is_over = False
        self._task = asyncio.create_task(self._work())

    def take(self, keys: Iterable[str]) -> None:
        """Who waits already is not hinted twice."""
        self._waiting.update(dict.fromkeys(keys))
        while len(self._waiting) > limits.RELAY_HINTS_MAX:
            del self._waiting[next(iter(self._waiting))]
        self._news.set()

    def end(self) -> None:
        self._task.cancel()

    async def _work(self) -> None:
        try:
            while await self._is_needed():
                key = next(iter(self._waiting))
                del self._waiting[key]
                await self._send(key)
        finally:
            self.is_over = True
            if _lines.get(self._url) is self:
                del _lines[self._url]
            await self._leave()

    async def _is_needed(self) -> bool:
        """Wait for something to send; False when nothing comes for a long time."""
        while not self._waiting:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), limits.RELAY_IDLE_SECONDS)
            except asyncio.TimeoutError:
                return False
        return True

    async def _send(self, key: str) -> None:
        """Over the kept connection; over a new one if there is none, or none any
        more."""
        if not (self._client and await self._try(_push(self._client, key))):
            await self._leave()
            if not await self._try(self._push_anew(key)):
                await self._leave()

    async def _try(self, work: Coroutine[Any, Any, None]) -> bool:
        try:
            await asyncio.wait_for(work, limits.RELAY_SEND_SECONDS)
        except Exception as error:
            # Not the address: it may hold what only its owner should know.
            host = urlsplit(self._url).hostname
            logger.debug(f"restaurant: no hint over {host}: {type(error).__name__}")
            return False
        return True

    async def _push_anew(self, key: str) -> None:
        await _push(await self._connect(), key)

    async def _connect(self) -> "Client":
        await check_address(self._url)
        from nostr_sdk import Client, RelayOptions, RelayUrl

        self._client = client = Client()
        options = RelayOptions().read(False)
        await client.add_relay_with_opts(RelayUrl.parse(self._url), options)
        await client.connect()
        seconds = limits.RELAY_SEND_SECONDS
        await client.wait_for_connection(timedelta(seconds=seconds))
        return client

    async def _leave(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.shutdown()


async def _push(client: "Client", key: str) -> None:
    from nostr_sdk import EventBuilder, Keys, Kind, PublicKey, Tag

    tags = [Tag.public_key(PublicKey.parse(key))]
    hint = EventBuilder(Kind(HINT_KIND), "").tags(tags).sign_with_keys(Keys.generate())
    sent = await client.send_event(hint)
    if not sent.success:  # refusals are no exceptions there
        raise ConnectionRefusedError("the relay did not take it")


async def check_address(url: str) -> None:
    """PermissionError for an address that LNbits would not call.

    A name that leads elsewhere a moment later gains nothing: over TLS nobody hears a
    word from us who has no certificate for that name, and without TLS only private
    addresses are reached, which are allowed then.
    """
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    port = parts.port or (443 if parts.scheme == "wss" else 80)
    found = await loop.getaddrinfo(parts.hostname, port)
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    is_public = any(address.is_global for address in addresses)
    is_private = any(not address.is_global for address in addresses)
    if (is_private or parts.scheme != "wss") and not allows_plain():
        raise PermissionError("a private address, or without TLS")
    if parts.scheme != "wss" and is_public:
        raise PermissionError("without TLS over the internet")
