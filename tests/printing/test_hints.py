"""Woken over Nostr: an order is paid, and its ticket prints, though nobody holds a
request open for it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from harness import eventually
from harness.inprocess import new_database
from harness.printing import Copy
from harness.relay import Relay, running_relay
from harness.server import Server

SECONDS = 60


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Its administrator lets it reach addresses like that of our relay."""
    environment = {"LNBITS_LNURL_ALLOW_PRIVATE_IPS": "true"}
    with Server(database_url=new_database(), environment=environment) as running:
        yield running


@pytest_asyncio.fixture
async def relay() -> AsyncIterator[Relay]:
    async with running_relay() as running:
        yield running


def has_nostr(server: Server) -> bool:
    """Whether nostr-sdk is in the memory of any of the server's processes."""
    assert server.process.process
    group = server.process.process.pid
    pids = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    own = [pid for pid in pids if group_of(pid) == group]
    assert own
    return any("nostr_sdk" in Path(f"/proc/{pid}/maps").read_text() for pid in own)


def group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def rely_on_hints(line: Any) -> None:
    config = line.pi.config
    config.write_text("hold_seconds = 0\n" + config.read_text())


async def start(line: Any) -> None:
    """Until it listens and has told the server how to hint it: its first report brings
    the relays, its second one the key."""
    line.pi.start()
    await eventually(lambda: "listening for hints" in line.pi.log, SECONDS)
    await eventually(lambda: line.proxy.count("status") >= 2, SECONDS)


async def test_without_relays_the_server_loads_nothing_of_nostr(
    server: Server, make_line: Any
) -> None:
    line = make_line()
    line.pi.start()
    number = await line.queued()
    await line.on_paper(Copy(number))
    assert not has_nostr(server)


async def test_paid_orders_print_by_hints_alone(
    server: Server, make_line: Any, relay: Relay
) -> None:
    line = make_line("kitchen", print_relays=[relay.url])
    rely_on_hints(line)
    await start(line)

    first = await line.queued()
    await line.on_paper(Copy(first))
    second = await line.queued()
    await line.on_paper(Copy(first), Copy(second))

    await line.until("printed", "printed")
    assert [event.content() for event in relay.events] == ["", ""]
    assert len(set(relay.hinted)) == 1
    assert has_nostr(server)
    assert {job["attempts"] for job in line.shop.jobs()} == {1}


async def test_a_dead_relay_costs_no_ticket(make_line: Any, relay: Relay) -> None:
    line = make_line("kitchen", print_relays=[relay.url])
    await relay.stop()
    line.pi.start()

    number = await line.queued()

    await line.on_paper(Copy(number))
    await line.until("printed")
