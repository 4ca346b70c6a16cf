"""A small HTTP/1.1 load generator: so many connections, one request at a time each.

It only counts, so that one core of the machine is left to the server under test.
"""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A request to repeat; ``body`` makes a new one each time, ``status`` is the
    only right answer."""

    name: str
    method: str
    path: str
    headers: Callable[[], dict[str, str]] = dict
    body: dict | None = None
    status: int = 200


def rate(port: int, target: Target, seconds: float, connections: int) -> float:
    """Right answers per second; RuntimeError on the first wrong one."""
    return asyncio.run(_rate(port, target, seconds, connections))


def rate_under(
    port: int,
    target: Target,
    connections: int,
    load: Target,
    loads: int,
    seconds: float,
) -> tuple[float, float]:
    """(target's rate, load's rate) while both run."""

    async def both() -> tuple[float, float]:
        first, second = await asyncio.gather(
            _rate(port, target, seconds, connections),
            _rate(port, load, seconds, loads),
        )
        return first, second

    return asyncio.run(both())


async def _rate(port: int, target: Target, seconds: float, connections: int) -> float:
    end = time.perf_counter() + seconds
    counts = await asyncio.gather(
        *(_worker(port, target, end) for _ in range(connections))
    )
    return sum(counts) / (time.perf_counter() - end + seconds)


async def _worker(port: int, target: Target, end: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps(target.body).encode() if target.body is not None else b""
    done = 0
    while time.perf_counter() < end:
        writer.write(_request(target, body))
        status, answer = await _answer(reader)
        if status != target.status:
            raise RuntimeError(f"{target.name}: {status} {answer[:300]!r}")
        done += 1
    writer.close()
    return done


def _request(target: Target, body: bytes) -> bytes:
    headers = {
        "Host": "127.0.0.1",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **target.headers(),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{target.method} {target.path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.split(b":")[1])
        elif line.startswith(b"transfer-encoding:"):
            return status, await _chunks(reader)
    return status, await reader.readexactly(length) if length else b""


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)
