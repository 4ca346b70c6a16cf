"""Hints over Nostr: who gets one and when, and that nothing waits for them."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from loguru import logger
from nostr_sdk import Keys

from harness import eventually, free_port
from harness.lnurl_server import private_hosts_allowed
from harness.queue import Queue, open_queue
from harness.relay import HINT_KIND, Relay, mute_relay, running_relay, tags_of

SECONDS = 60


@dataclass
class Hinted:
    """A restaurant whose devices may be woken, and the relay in between."""

    queue: Queue
    relay: Relay
    keys: dict[str, str] = field(default_factory=dict)

    async def use(self, *relays: str) -> Any:
        """The settings with these relays; with ours if none is named."""
        settings = {"print_relays": list(relays or (self.relay.url,))}
        return await self.queue.ok("PATCH", self.queue.path, settings)

    async def device(self, name: str) -> str:
        """A device whose printer serves the station of that name; its key."""
        await self.queue.printer(name, name)
        self.keys[name] = Keys.generate().public_key().to_hex()
        await self.report(name, self.keys[name])
        return self.keys[name]

    async def report(self, name: str, key: str | None) -> Any:
        path, printers = f"{self.queue.path}/printers/status", [{"name": name}]
        body = {"printers": printers, "wake_key": key}
        return await self.queue.ok("POST", path, body, who=name)

    async def until(self, *names: str) -> None:
        """Until just these were hinted, in this order."""
        keys = [self.keys[name] for name in names]
        await eventually(lambda: self.relay.hinted == keys, SECONDS)


@pytest_asyncio.fixture
async def hinted(client: Any, make_wallet: Any) -> AsyncIterator[Hinted]:
    queue = await open_queue(client, await make_wallet())
    with private_hosts_allowed():
        async with running_relay() as relay:
            yield Hinted(queue, relay)


async def test_a_job_for_nobody_who_asks_hints_its_device_with_an_empty_event(
    hinted: Hinted,
) -> None:
    await hinted.use()
    await hinted.device("kitchen")
    await hinted.device("bar")

    await hinted.queue.order("bar")
    await hinted.until("bar")
    await hinted.queue.order("kitchen")
    await hinted.until("bar", "kitchen")

    events = hinted.relay.events
    assert [event.kind().as_u16() for event in events] == [HINT_KIND] * 2
    assert [event.content() for event in events] == ["", ""]
    told = [[tag.as_vec() for tag in tags_of(event)] for event in events]
    assert told == [[["p", hinted.keys["bar"]]], [["p", hinted.keys["kitchen"]]]]
    assert len({event.author().to_hex() for event in events}) == 2
    assert all(event.verify() for event in events)


async def test_who_holds_a_claim_open_is_not_hinted(hinted: Hinted) -> None:
    from restaurant.adapters.wake import is_waited_for

    await hinted.use()
    await hinted.device("kitchen")
    await hinted.device("bar")
    queue = hinted.queue
    asking = asyncio.create_task(queue.claim("kitchen", wait=25))
    device = queue.devices["kitchen"].device
    topic, who = f"print:{queue.restaurant.id}", f"{device.id} kitchen"
    await eventually(lambda: is_waited_for(topic, who), SECONDS)

    await queue.order("kitchen", "bar")

    job = await asking
    assert job is not None
    assert job["station"] == "kitchen"
    await hinted.until("bar")
    assert not is_waited_for(topic, who)
    await queue.order("kitchen")
    await hinted.until("bar", "kitchen")


async def test_ten_jobs_at_once_are_one_hint(hinted: Hinted) -> None:
    await hinted.use()
    stations = [f"station {number}" for number in range(10)]
    await hinted.queue.printer("pass", *stations)
    hinted.keys["pass"] = Keys.generate().public_key().to_hex()
    await hinted.report("pass", hinted.keys["pass"])
    await hinted.device("bar")

    await hinted.queue.order(*stations)
    await hinted.until("pass")
    await hinted.queue.order("bar")

    await hinted.until("pass", "bar")
    assert len(await hinted.queue.jobs("&status=queued")) == 11


async def test_what_is_queued_right_after_a_hint_is_hinted_too(hinted: Hinted) -> None:
    await hinted.use()
    await hinted.device("kitchen")

    await hinted.queue.order("kitchen")
    await hinted.until("kitchen")
    for _ in range(5):
        await hinted.queue.order("kitchen")

    await hinted.until("kitchen", "kitchen")


async def test_dead_relays_delay_nothing_and_lose_nothing(hinted: Hinted) -> None:
    with mute_relay() as mute:
        gone = f"ws://127.0.0.1:{free_port()}"
        await hinted.use(mute, gone, hinted.relay.url)
        await hinted.device("kitchen")

        await hinted.queue.order("kitchen")
        await hinted.until("kitchen")
        await hinted.queue.order("kitchen")
        await hinted.until("kitchen", "kitchen")

        assert await hinted.queue.claim("kitchen") is not None


async def test_a_relay_that_was_away_gets_the_next_hint(hinted: Hinted) -> None:
    await hinted.use()
    await hinted.device("kitchen")
    await hinted.queue.order("kitchen")
    await hinted.until("kitchen")

    await hinted.relay.stop()
    await hinted.relay.start()
    await hinted.queue.order("kitchen")

    await hinted.until("kitchen", "kitchen")


async def test_who_wants_no_hints_any_more_gets_none(hinted: Hinted) -> None:
    await hinted.use()
    await hinted.device("kitchen")
    await hinted.device("bar")

    await hinted.report("kitchen", None)
    await hinted.queue.order("kitchen", "bar")

    await hinted.until("bar")


async def test_a_device_learns_the_relays_when_it_reports(hinted: Hinted) -> None:
    await hinted.device("kitchen")
    key = hinted.keys["kitchen"]

    assert (await hinted.report("kitchen", key))["relays"] == []
    await hinted.use()
    assert (await hinted.report("kitchen", key))["relays"] == [hinted.relay.url]


@pytest.mark.parametrize("key", ["", "00" * 32, "ff" * 32, "A" * 64, "npub1abc", 5])
async def test_a_wake_key_is_a_public_key(hinted: Hinted, key: Any) -> None:
    await hinted.queue.printer("kitchen")
    path = f"{hinted.queue.path}/printers/status"

    body = {"printers": [{"name": "kitchen"}], "wake_key": key}
    answer = await hinted.queue.call("POST", path, body, who="kitchen")

    assert (answer.status_code, answer.json()["field"]) == (422, "wake_key")


# --- relays ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "relays",
    [
        *(["https://relay.example.com"], ["relay.example.com"], ["wss://"], [""]),
        ["wss://user:secret@relay.example.com"],
        ["wss://relay.example.com:99999"],
        ["wss://relay.example.com/#top"],
        *(["wss://relay.1"], ["wss://127.1"], ["wss://1.2.3.4.5"], ["wss://a.0x1"]),
        *(["wss://a^b"], ["wss://a_b.example"], ["wss://a..b"], ["wss://-a.example"]),
        *(["wss://[fe80::1%25eth0]"], ["wss://münchen.example"], ["wss://a%20b"]),
        ["wss://relay.example.com/" + "a" * 200],
        [f"wss://relay{number}.example.com" for number in range(4)],
        "wss://relay.example.com",
        None,
    ],
)
async def test_print_relays_are_up_to_three_addresses(
    hinted: Hinted, relays: Any
) -> None:
    body = {"print_relays": relays}

    answer = await hinted.queue.call("PATCH", hinted.queue.path, body)

    assert (answer.status_code, answer.json()["field"]) == (422, "print_relays")


async def test_each_relay_counts_once_and_the_journal_tells_no_address(
    hinted: Hinted,
) -> None:
    await hinted.use("wss://one.example.com", "wss://two.example.com/?token=secret")
    stored = await hinted.use(*["wss://one.example.com"] * 5)

    assert stored["print_relays"] == ["wss://one.example.com"]
    changes = await hinted.queue.events("restaurant.changed")
    assert [told for _, told in changes] == [
        {"fields": ["print_relays"], "settings": {}}
    ] * 2


async def test_relays_are_the_same_in_capitals_and_with_a_slash(
    hinted: Hinted,
) -> None:
    asked = ["WSS://Relay.Example.com/", "wss://relay.example.com", "wss://a.B:1/Nostr"]

    stored = await hinted.use(*asked)

    relays = ["wss://relay.example.com", "wss://a.b:1/Nostr"]
    assert stored["print_relays"] == relays


@pytest.mark.parametrize(
    "url",
    [
        *("ws://192.168.1.5:7777", "WS://Relay.example.com", "wss://192.168.1.5"),
        "wss://[::1]",
    ],
)
async def test_relays_without_tls_or_in_private_need_leave(
    client: Any, make_wallet: Any, url: str
) -> None:
    queue = await open_queue(client, await make_wallet())
    body = {"print_relays": [url]}

    refused = await queue.call("PATCH", queue.path, body)
    with private_hosts_allowed():
        taken = await queue.call("PATCH", queue.path, body)

    assert (refused.status_code, refused.json()["field"]) == (422, "print_relays")
    assert taken.status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        *("wss://127.0.0.1:7777", "wss://localhost", "wss://192.168.1.5"),
        *("wss://[::1]", "wss://169.254.169.254", "ws://93.184.216.34"),
        "ws://192.168.1.5",
        *("wss://[2002:7f00:1::]", "wss://[64:ff9b::7f00:1]", "wss://[::127.0.0.1]"),
        *("wss://[fec0::1]", "wss://224.0.0.1", "wss://[ff0e::1]", "wss://[2001::1]"),
        "wss://[::ffff:127.0.0.1]",
    ],
)
async def test_relays_at_private_addresses_or_without_tls_are_not_called(
    restaurant_module: Any, url: str
) -> None:
    from restaurant.adapters import relays

    with pytest.raises(PermissionError):
        await relays.check_address(url)


@pytest.mark.parametrize(
    ("url", "is_private"),
    [
        *(("wss://192.168.1.5", True), ("wss://[::1]:7", True)),
        *(("wss://93.184.216.34", False), ("wss://localhost", False)),
    ],
)
async def test_numbers_of_private_machines_are_known_without_asking(
    restaurant_module: Any, url: str, is_private: bool
) -> None:
    from restaurant.adapters import relays

    assert relays.is_private(url) is is_private


async def test_with_leave_private_relays_are_called_and_public_ones_over_tls_alone(
    restaurant_module: Any,
) -> None:
    from restaurant.adapters import relays

    await relays.check_address("wss://93.184.216.34")
    with private_hosts_allowed():
        await relays.check_address("ws://192.168.1.5")
        await relays.check_address("wss://93.184.216.34")
        with pytest.raises(PermissionError):
            await relays.check_address("ws://93.184.216.34")


async def test_the_end_leaves_no_line_to_a_relay_behind(hinted: Hinted) -> None:
    from restaurant import tasks

    def lines() -> list[str]:
        running = (task.get_coro() for task in asyncio.all_tasks())
        names = (getattr(work, "__qualname__", "") for work in running)
        return [name for name in names if name == "_Line._work"]

    await hinted.use()
    await hinted.device("kitchen")
    await hinted.queue.order("kitchen")
    await hinted.until("kitchen")
    assert lines()

    tasks.stop_tasks()
    await eventually(lambda: not lines(), SECONDS)

    tasks.start_tasks()
    await hinted.queue.order("kitchen")
    await hinted.until("kitchen", "kitchen")


# --- what fails ------------------------------------------------------------------


@contextmanager
def failures() -> Iterator[list[str]]:
    """What is said of hints that could not be given."""
    said: list[str] = []
    sink = logger.add(
        said.append,
        level="DEBUG",
        format="{message}",
        filter=lambda record: "no hint over" in record["message"],
    )
    try:
        yield said
    finally:
        logger.remove(sink)


@dataclass
class Names:
    """Whose names were looked up; those of ``.hang.example`` never get an answer."""

    asked: list[str] = field(default_factory=list)
    answer: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[Names]:
    names, real = Names(), socket.getaddrinfo

    def look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not str(host).endswith(".hang.example"):
            return real(host, *args, **kwargs)
        names.asked.append(host)
        names.answer.wait()
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield names
    names.answer.set()


KEY = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"


async def test_names_without_an_answer_hold_up_no_other_lookup(
    restaurant_module: Any, names: Names
) -> None:
    from restaurant.adapters import relays

    relays.hint([f"wss://r{number}.hang.example" for number in range(50)], [KEY])
    await eventually(lambda: len(names.asked) >= 2, SECONDS)

    try:
        other = asyncio.get_running_loop().getaddrinfo("localhost", 80)
        assert await asyncio.wait_for(other, SECONDS)
    finally:
        relays.hang_up()
    assert len(names.asked) == 2


async def test_a_name_without_an_answer_is_asked_once(
    restaurant_module: Any, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.adapters import relays
    from restaurant.core import limits

    monkeypatch.setattr(limits, "RELAY_SEND_SECONDS", 0.05)
    monkeypatch.setattr(limits, "RELAY_REST_SECONDS", 0)
    with failures() as failed:
        for number in range(1, 4):
            relays.hint(["wss://one.hang.example"], [KEY])
            await eventually(lambda n=number: len(failed) == n, SECONDS)
    relays.hang_up()

    assert names.asked == ["one.hang.example"]


async def test_who_fails_is_left_alone_and_who_waited_for_it_is_forgotten(
    hinted: Hinted, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.adapters import relays
    from restaurant.core import limits

    monkeypatch.setattr(limits, "RELAY_REST_SECONDS", 1000)
    gone = f"ws://127.0.0.1:{free_port()}"
    keys = [Keys.generate().public_key().to_hex() for _ in range(3)]
    with failures() as failed:
        relays.hint([gone], keys[:2])
        await eventually(lambda: failed, SECONDS)
        relays.hint([gone, hinted.relay.url], keys[2:])
        await eventually(lambda: hinted.relay.hinted == keys[2:], SECONDS)
    waiting = list(relays._lines[gone]._waiting)
    relays.hang_up()

    assert (len(failed), waiting) == (1, keys[2:])


async def test_who_has_nobody_to_hint_displaces_nobody(restaurant_module: Any) -> None:
    from restaurant.adapters import relays

    before = list(relays._lines)

    relays.hint(["wss://relay.example.com"], [])

    assert list(relays._lines) == before


@pytest.mark.parametrize("steps", range(6))
async def test_a_line_that_is_to_end_ends_whatever_it_is_doing(
    restaurant_module: Any, steps: int
) -> None:
    from restaurant.adapters import relays

    line = relays._Line("wss://127.0.0.1")
    for _ in range(5):
        await asyncio.sleep(0)
    line.take([KEY])
    for _ in range(steps):
        await asyncio.sleep(0)
    line.end()

    await asyncio.wait([line._task], timeout=SECONDS)
    assert line._task.done()


async def test_a_line_does_not_connect_again_by_itself(hinted: Hinted) -> None:
    from restaurant.adapters import relays

    relays.hint([hinted.relay.url], [KEY])
    await eventually(lambda: hinted.relay.hinted == [KEY], SECONDS)
    client = relays._lines[hinted.relay.url]._client
    [line] = (await client.relays()).values()

    await hinted.relay.stop()

    await eventually(lambda: str(line.status()).endswith("TERMINATED"), SECONDS)
    relays.hang_up()
