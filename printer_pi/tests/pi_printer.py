"""Printers without hardware: one on TCP and a reader of the language they speak."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable

from pi_server import PATIENCE_SECONDS

# First bytes of a command → its whole length, parameters included.
COMMANDS = {
    b"\x1b\x40": 2,
    b"\x1b\x74": 3,
    b"\x1b\x64": 3,
    b"\x1d\x21": 3,
    b"\x1d\x42": 3,
    b"\x1d\x56\x42": 4,
}
SIZE = b"\x1d\x21"


def read_paper(data: bytes) -> list[bytes]:
    """Split printer data into commands and lines of letters; ValueError on others.

    A command is returned whole (it begins with 1B or 1D), a line without its feed.
    """
    parts: list[bytes] = []
    line = bytearray()
    at = 0
    while at < len(data):
        length = next((n for c, n in COMMANDS.items() if data.startswith(c, at)), 0)
        if length:
            if line:
                parts.append(bytes(line))
                line.clear()
            parts.append(data[at : at + length])
        elif data[at] == 0x0A:
            parts.append(bytes(line))
            line.clear()
            length = 1
        elif data[at] < 0x20 or data[at] == 0x7F:
            raise ValueError(f"byte {data[at]:#04x} at {at} is not a letter")
        else:
            line.append(data[at])
            length = 1
        at += length
    if line:
        parts.append(bytes(line))
    return parts


def letters(data: bytes, codepage: str = "cp858") -> list[str]:
    """Only the printed lines, decoded."""
    return [
        part.decode(codepage)
        for part in read_paper(data)
        if part[:1] not in (b"\x1b", b"\x1d")
    ]


class TcpPrinter:
    """Collects one `tickets` entry for each connection that brought any data.

    While `reads` is not set it takes no more than the first bytes of a ticket.
    """

    def __init__(self) -> None:
        self.tickets: list[bytes] = []
        self.reset_after: int | None = None
        self.closes_its_side = True
        self.reads = asyncio.Event()
        self.reads.set()
        self._changed = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.received = 0
        self.port = 0

    @property
    def uri(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._tasks)

    async def start(self) -> None:
        listening = socket.create_server(("127.0.0.1", self.port))
        # Like the real ones it has little memory, so it is full soon.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        self._server = await asyncio.start_server(
            self._connection, sock=listening, limit=4096
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(condition), PATIENCE_SECONDS)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._collect(reader, writer)
        except (asyncio.CancelledError, OSError):
            pass
        finally:
            self._tasks.discard(task)
            await self._tell()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _collect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        data = bytearray()
        while chunk := await reader.read(65536):
            data += chunk
            self.received += len(chunk)
            await self._tell()
            await self.reads.wait()
            if self.reset_after is not None and len(data) >= self.reset_after:
                sock = writer.get_extra_info("socket")
                at_once = struct.pack("ii", 1, 0)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                return
        if data:
            self.tickets.append(bytes(data))
            await self._tell()
        if not self.closes_its_side:
            await asyncio.Event().wait()
