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
import socket
from collections.abc import Coroutine, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lnbits.settings import settings
from loguru import logger

from ..core import limits

if TYPE_CHECKING:
    from nostr_sdk import Client

#: The kind of a hint, ephemeral by its number (NIP-01); printer-pi has the same.
HINT_KIND = 20_078


#: What leads into networks of others though it counts as public: addresses that hold
#: an IPv4 address (compatible, NAT64, 6to4, Teredo), and those that were site-local.
_DETOURS = [
    ip_network(each)
    for each in ("::/96", "64:ff9b::/96", "2002::/16", "2001::/32", "fec0::/10")
]

#: Names of relays are looked up apart: those that get no answer hold up nobody else
#: in LNbits.
_resolver = ThreadPoolExecutor(2, "relay-names")

_Found = list[tuple[Any, ...]]
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
    if not keys:
        return
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
        self._lookup: Future[_Found] | None = None
        self.is_over = False
        self._task = asyncio.create_task(self._work())

    def take(self, keys: Iterable[str]) -> None:
        """Who waits already is not hinted twice."""
        self._waiting.update(dict.fromkeys(keys))
        while len(self._waiting) > limits.RELAY_HINTS_MAX:
            del self._waiting[next(iter(self._waiting))]
        self._news.set()

    def end(self) -> None:
        self.is_over = True  # a cancellation alone may be lost inside wait_for
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
        while not self._waiting and not self.is_over:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), limits.RELAY_IDLE_SECONDS)
            except asyncio.TimeoutError:
                return False
        return not self.is_over

    async def _send(self, key: str) -> None:
        """Over the kept connection; over a new one if there is none, or none any
        more."""
        if self._client and await self._try(_push(self._client, key)):
            return
        await self._leave()
        if self.is_over or await self._try(self._push_anew(key)):
            return
        await self._leave()
        self._waiting.clear()
        if not self.is_over:
            await asyncio.sleep(limits.RELAY_REST_SECONDS)

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
        await self._check_address()
        from nostr_sdk import Client, RelayOptions, RelayUrl

        self._client = client = Client()
        # One that reconnects by itself may do so after its end, and then for ever.
        options = RelayOptions().read(False).reconnect(False)
        await client.add_relay_with_opts(RelayUrl.parse(self._url), options)
        await client.connect()
        seconds = limits.RELAY_SEND_SECONDS
        await client.wait_for_connection(timedelta(seconds=seconds))
        return client

    async def _check_address(self) -> None:
        if self._lookup is None or self._lookup.done():
            self._lookup = _look_up(self._url)
        await check_address(self._url, self._lookup)

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


def _look_up(url: str) -> "Future[_Found]":
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "wss" else 80)
    kind = socket.SOCK_STREAM
    return _resolver.submit(socket.getaddrinfo, parts.hostname, port, type=kind)


async def check_address(url: str, lookup: "Future[_Found] | None" = None) -> None:
    """PermissionError for an address that LNbits would not call; ``lookup`` is one of
    its name that goes on already.

    A name that leads elsewhere a moment later gains nothing: over TLS nobody hears a
    word from us who has no certificate for that name, and without TLS only private
    addresses are reached, which are allowed then.
    """
    scheme = urlsplit(url).scheme
    found = await asyncio.wrap_future(lookup or _look_up(url))
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    publics = {_is_public(address) for address in addresses}
    if (False in publics or scheme != "wss") and not allows_plain():
        raise PermissionError("a private address, or without TLS")
    if scheme != "wss" and True in publics:
        raise PermissionError("without TLS over the internet")


def is_private(url: str) -> bool:
    """Whether the address names a private machine by its number; no name is asked."""
    try:
        return not _is_public(ip_address(urlsplit(url).hostname or ""))
    except ValueError:
        return False


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    is_detour = any(address in network for network in _DETOURS)
    return address.is_global and not address.is_multicast and not is_detour
