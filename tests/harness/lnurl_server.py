"""A guest's side of LNURL on 127.0.0.1, for tests: a server that takes payments
(LUD-06, LUD-16), as odd as it is told to be, and a wallet that withdraws (LUD-03).
"""

from __future__ import annotations

import asyncio
import importlib
import ipaddress
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from httpx import AsyncClient, Response

from .node import invoice_of_others

LOOPBACK = "127.0.0.1"


@dataclass
class PayServer:
    """Answers with invoices made by ``invoice``; ``mood`` says how it behaves:
    ``good``, ``error``, ``broken``, ``slow``, ``redirect``, ``withdraws``, ``cheats``.
    """

    mood: str = "good"
    min_msat: int = 1_000
    max_msat: int = 10_000_000_000
    invoice: Any = invoice_of_others
    redirect_to: str = ""
    on_ask: Any = None
    asked: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    port: int = 0
    _server: Any = None
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> PayServer:
        self._server = await self.listen(0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def listen(self, port: int) -> asyncio.Server:
        return await asyncio.start_server(self._serve, LOOPBACK, port)

    async def stop(self) -> None:
        self._stopped.set()
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def lnurl(self) -> str:
        from lnurl import encode

        return str(encode(f"{self.url}/pay").bech32)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            line = (await reader.readline()).decode()
            while (await reader.readline()).strip():
                pass
            path = line.split()[1]
            self.asked.append(path)
            status, headers, body = await self._answer(urlsplit(path))
            head = f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n"
            writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
            await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _answer(self, asked: Any) -> tuple[str, str, bytes]:
        if self.on_ask:
            await self.on_ask()
        if self.mood == "slow":
            await self._stopped.wait()
        if self.mood == "broken":
            return "200 OK", "", b"<html>not LNURL"
        if self.mood == "redirect":
            return "302 Found", f"Location: {self.redirect_to}\r\n", b""
        if self.mood == "error":
            said: dict[str, Any] = {"status": "ERROR", "reason": "closed on Mondays"}
        elif asked.path == "/callback":
            said = {"pr": self._invoice(parse_qs(asked.query)), "routes": []}
        else:
            said = self._offer()
        return "200 OK", "Content-Type: application/json\r\n", json.dumps(said).encode()

    def _invoice(self, query: dict[str, list[str]]) -> str:
        amount = int(query["amount"][0]) * (2 if self.mood == "cheats" else 1)
        self.made.append(self.invoice(amount))
        return self.made[-1]

    def _offer(self) -> dict[str, Any]:
        if self.mood == "withdraws":
            return {
                "tag": "withdrawRequest",
                "callback": f"{self.url}/callback",
                "k1": "k",
                "defaultDescription": "",
                "minWithdrawable": 1,
                "maxWithdrawable": 1,
            }
        return {
            "tag": "payRequest",
            "callback": f"{self.url}/callback",
            "minSendable": self.min_msat,
            "maxSendable": self.max_msat,
            "metadata": json.dumps([["text/plain", "a guest"]]),
        }


@contextmanager
def private_hosts_allowed() -> Iterator[None]:
    """The owner of this LNbits lets LNURL reach hosts of its own network."""
    from lnbits.settings import settings

    before = settings.lnbits_lnurl_allow_private_ips
    settings.lnbits_lnurl_allow_private_ips = True
    try:
        yield
    finally:
        settings.lnbits_lnurl_allow_private_ips = before


@contextmanager
def reachable_as(host: str, server: PayServer, address: str) -> Iterator[None]:
    """The name leads to ``address``; what LNbits then sends there, over TLS in real
    life, reaches the server."""
    network: Any = importlib.import_module("socket")
    core_lnurl: Any = importlib.import_module("lnbits.core.services.lnurl")
    look_up, send = network.getaddrinfo, core_lnurl._send_lnurl_request

    def known(name: Any, port: Any, *more: Any, **named: Any) -> Any:
        if name == host:
            return look_up(address, port, *more, **named)
        return look_up(name, port, *more, **named)

    async def sent(url: Any, **named: Any) -> Any:
        if url.host == host:
            url = url.copy_with(scheme="http", host=LOOPBACK, port=server.port)
            named["addresses"] = [ipaddress.ip_address(LOOPBACK)]
        return await send(url, **named)

    network.getaddrinfo, core_lnurl._send_lnurl_request = known, sent
    try:
        yield
    finally:
        network.getaddrinfo, core_lnurl._send_lnurl_request = look_up, send


@dataclass
class WithdrawingWallet:
    """A guest's wallet that fetches by LNURL-withdraw, over the app's own client."""

    client: AsyncClient

    async def offer(self, path: str) -> dict[str, Any]:
        """What the first request says; always HTTP 200."""
        response = await self.client.get(path)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def callback(self, refund_id: str, **query: str) -> dict[str, Any]:
        response = await self.call(refund_id, **query)
        assert response.status_code == 200, response.text
        said: dict[str, Any] = response.json()
        return said

    async def call(self, refund_id: str, **query: str) -> Response:
        path = f"/restaurant/api/v1/withdraw/{refund_id}"
        return await self.client.get(path, params=query)

    async def fetch(self, path: str, pr: str) -> dict[str, Any]:
        """Both steps, as wallets do: what the callback says."""
        offer = await self.offer(path)
        assert offer.get("tag") == "withdrawRequest", offer
        callback = urlsplit(offer["callback"])
        response = await self.client.get(
            callback.path, params={"k1": offer["k1"], "pr": pr}
        )
        said: dict[str, Any] = response.json()
        return said
