"""Hints over a real relay: what they wake, what they leave asleep, and that nothing
depends on them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from harness import eventually
from harness.relay import Relay, flooding_relay, forge, running_relay
from pi_server import Answer
from pi_setup import Kitchen, config, kitchen, printer, running, write_config
from printer_pi import cli, relays
from printer_pi.clock import Clock
from printer_pi.hints import HINT_EVERY_SECONDS, Hints
from printer_pi.journal import Journal
from printer_pi.worker import DENIED_PAUSE_SECONDS, HINTED_SECONDS

pytestmark = pytest.mark.asyncio
SECONDS = 60


@dataclass
class StillTime:
    """Nothing happens by itself: pauses never end. Only the second between two hints
    does, when the test says so."""

    pauses: list[float] = field(default_factory=list)
    seconds_pass: bool = True
    _second: asyncio.Event = field(default_factory=asyncio.Event)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if seconds != HINT_EVERY_SECONDS:
            await asyncio.Event().wait()
        elif not self.seconds_pass:
            await self._second.wait()
            self._second.clear()

    def pass_second(self) -> None:
        self._second.set()

    @property
    def rings(self) -> int:
        """How often hints were passed on."""
        return self.pauses.count(HINT_EVERY_SECONDS)

    def clock(self) -> Clock:
        return Clock(sleep=self.sleep, uniform=lambda _low, high: high + 0.5)

    async def until_idle(self, times: int = 1) -> None:
        """Until workers rest that rely on hints, so many times in all."""
        await eventually(lambda: self.pauses.count(HINTED_SECONDS) >= times, SECONDS)


@dataclass
class Wakeful:
    """A kitchen whose daemon holds no claim open, and a relay."""

    kitchen: Kitchen
    relay: Relay
    still: StillTime = field(default_factory=StillTime)

    def config(self, **fields: Any) -> Any:
        entry = printer(self.kitchen.printer.uri)
        home = self.kitchen.state_dir
        return config(self.kitchen.server.url, home, entry, hold_seconds=0, **fields)

    @property
    def claims(self) -> int:
        return self.kitchen.server.count("claim")

    async def hint(self, times: int = 1) -> None:
        """By whoever knows the key by which the daemon wants to be hinted."""
        server = self.kitchen.server

        def keys() -> list[str]:
            said = server.bodies("report")
            return [body["wake_key"] for body in said if "wake_key" in body]

        await server.until(lambda: bool(keys()))
        await forge(self.relay.url, keys()[-1], times)


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relays, "RETRY_SECONDS", 1.0)


@contextlib.asynccontextmanager
async def wakeful(tmp_path: Path) -> AsyncIterator[Wakeful]:
    async with kitchen(tmp_path) as place, running_relay() as relay:
        place.server.relays = [relay.url]
        yield Wakeful(place, relay)


async def test_a_hint_gets_a_job_printed_without_a_held_claim(tmp_path: Path) -> None:
    async with wakeful(tmp_path) as w, running(w.config(), w.still):
        await w.still.until_idle()
        server = w.kitchen.server
        await server.add("j1")
        await w.hint()
        await server.until_state("j1", "printed")
        await w.still.until_idle(2)
        await server.add("j2")
        await w.hint()
        await server.until_state("j2", "printed")
    assert w.kitchen.paper == [["TICKET j1"], ["TICKET j2"]]
    assert {body["wait"] for body in server.bodies("claim")} == {0}


async def test_every_printer_is_woken(tmp_path: Path) -> None:
    async with wakeful(tmp_path) as w:
        files = [tmp_path / name for name in ("one", "two")]
        printers = [
            printer(f"file://{path}?mode=append", name=path.name, stations=(path.name,))
            for path in files
        ]
        url, home = w.kitchen.server.url, w.kitchen.state_dir
        async with running(config(url, home, *printers, hold_seconds=0), w.still):
            await w.still.until_idle(2)
            for path in files:
                await w.kitchen.server.add(path.name, station=path.name)
            await w.hint()
            await w.kitchen.server.until_state("one", "printed")
            await w.kitchen.server.until_state("two", "printed")


async def test_forged_hints_make_one_claim_a_second_at_most(tmp_path: Path) -> None:
    async with wakeful(tmp_path) as w:
        w.still.seconds_pass = False
        async with running(w.config(), w.still):
            await eventually(lambda: w.still.rings == 1, SECONDS)  # it has joined
            await w.hint(200)
            assert (w.still.rings, w.claims <= 2) == (1, True)
            w.still.pass_second()
            await eventually(lambda: w.still.rings == 2, SECONDS)
            w.still.pass_second()
            await w.kitchen.server.add("j1")
            await w.hint()
            await w.kitchen.server.until_state("j1", "printed")
            assert w.still.rings == 3
        # One at the start, one behind the job.
        assert w.claims <= 2 + 3


async def test_a_hint_ends_the_backoff_after_an_error_of_the_server(
    tmp_path: Path,
) -> None:
    async with wakeful(tmp_path) as w, running(w.config(), w.still):
        await w.still.until_idle()
        w.kitchen.server.answers["claim"] = [Answer(500)] * 3
        for pause in (1.5, 2.5, 4.5):
            await w.hint()
            await eventually(lambda last=pause: w.still.pauses[-2:].count(last), 60)
        await w.kitchen.server.add("j1")
        await w.hint()
        await w.kitchen.server.until_state("j1", "printed")


async def test_a_hint_does_not_end_the_pause_after_a_refused_token(
    tmp_path: Path,
) -> None:
    async with wakeful(tmp_path) as w:
        entries = [
            printer(f"file://{tmp_path}/{name}?mode=append", name=name)
            for name in ("one", "two")
        ]
        url, home = w.kitchen.server.url, w.kitchen.state_dir
        async with running(config(url, home, *entries, hold_seconds=0), w.still):
            await w.still.until_idle(2)
            server = w.kitchen.server
            server.answers["claim"] = [Answer(401)]
            await w.hint()
            await eventually(lambda: DENIED_PAUSE_SECONDS in w.still.pauses, SECONDS)
            await w.still.until_idle(3)
            before = w.claims
            for number in (4, 5, 6):
                await w.hint()
                await w.still.until_idle(number)
            asked = [body["printers"] for body in server.bodies("claim")[before:]]
    assert asked in ([["one"]] * 3, [["two"]] * 3)


async def test_a_hint_does_not_end_a_printers_own_pause(tmp_path: Path) -> None:
    async with wakeful(tmp_path) as w:
        gone = printer(f"file://{tmp_path}/gone", name="gone")
        there = printer(f"file://{tmp_path}/there?mode=append", name="there")
        url, home = w.kitchen.server.url, w.kitchen.state_dir
        async with running(config(url, home, gone, there, hold_seconds=0), w.still):
            await w.still.until_idle()
            for number in (2, 3):
                await w.hint()
                await w.still.until_idle(number)
    asked = {tuple(body["printers"]) for body in w.kitchen.server.bodies("claim")}
    assert asked == {("there",)}
    assert w.still.pauses.count(1.5) == 1


async def test_who_joins_a_relay_again_asks_for_what_it_missed(
    tmp_path: Path, quick_retries: None
) -> None:
    async with wakeful(tmp_path) as w, running(w.config(), w.still):
        await w.still.until_idle()
        await w.relay.stop()
        await w.kitchen.server.add("j1")
        await w.relay.start()
        await w.kitchen.server.until_state("j1", "printed")


async def test_a_relay_may_be_away_at_the_start(
    tmp_path: Path, quick_retries: None
) -> None:
    async with wakeful(tmp_path) as w:
        await w.relay.stop()
        async with running(w.config(), w.still):
            await w.kitchen.server.until(lambda: w.kitchen.server.count("report") >= 2)
            await w.relay.start()
            await w.still.until_idle()
            await w.kitchen.server.add("j1")
            await w.hint()
            await w.kitchen.server.until_state("j1", "printed")


async def test_without_a_relay_it_asks_as_ever(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        entry = config(k.server.url, k.state_dir, printer(k.printer.uri))
        still = StillTime()
        async with running(entry, still):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.server.add("j1")
            await k.server.until_state("j1", "printed")
        assert {body["wait"] for body in k.server.bodies("claim")} == {25}
        assert all("wake_key" not in body for body in k.server.bodies("report"))
        assert not (k.state_dir / relays.KEY_FILE).exists()


async def test_without_the_extra_it_asks_as_ever_and_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delitem(sys.modules, "printer_pi.relays")
    monkeypatch.setitem(sys.modules, "nostr_sdk", None)
    caplog.set_level(logging.INFO, "printer_pi")
    async with kitchen(tmp_path) as k:
        k.server.relays = ["wss://relay.example.com/?secret=1"]
        async with running(k.config(), k.pace):
            await k.server.add("j1")
            await k.server.until_state("j1", "printed")
            await eventually(lambda: "printer-pi[nostr]" in caplog.text, SECONDS)
        assert all("wake_key" not in body for body in k.server.bodies("report"))
    assert "secret" not in caplog.text


async def test_nothing_of_nostr_is_loaded_before_a_relay_is_named() -> None:
    code = "import sys, printer_pi.cli; sys.exit('nostr_sdk' in sys.modules)"
    source = str(Path(cli.__file__).parents[1])
    daemon = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), env={"PYTHONPATH": source}
    )
    assert await daemon.wait() == 0


# --- relays come and go -------------------------------------------------------------


@contextlib.asynccontextmanager
async def listening(tmp_path: Path) -> AsyncIterator[Hints]:
    journal = Journal(tmp_path)
    hints = Hints(tmp_path, journal, StillTime().clock())
    task = asyncio.create_task(hints.run())
    try:
        yield hints
    finally:
        task.cancel()
        await asyncio.wait([task])
        await hints.leave()
        journal.close()


async def test_it_follows_the_relays_that_the_server_names(tmp_path: Path) -> None:
    async with (
        running_relay() as one,
        running_relay() as two,
        listening(tmp_path) as hints,
    ):
        assert await hints.follow([one.url])
        key = hints.wake_key
        await eventually(lambda: hints.is_on, SECONDS)
        assert not await hints.follow([one.url])
        assert await hints.follow([two.url])
        assert hints.wake_key == key
        await eventually(lambda: hints.is_on, SECONDS)
        event = hints.listen()
        assert key
        await forge(two.url, key)
        await asyncio.wait_for(event.wait(), SECONDS)
        assert not await hints.follow([])
        assert (hints.is_on, hints.wake_key) == (False, None)


async def test_the_key_stays_and_is_for_its_owners_eyes(tmp_path: Path) -> None:
    path = tmp_path / relays.KEY_FILE
    async with listening(tmp_path) as hints:
        await hints.follow(["ws://127.0.0.1:9"])
        first = hints.wake_key
    async with listening(tmp_path) as hints:
        await hints.follow(["ws://127.0.0.1:9"])
        assert first
        assert hints.wake_key == first
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("no key at all \x00", "utf-8")
    async with listening(tmp_path) as hints:
        await hints.follow(["ws://127.0.0.1:9"])
        assert hints.wake_key not in (None, first)


async def test_an_address_that_is_none_is_no_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(tmp_path) as hints:
        for _ in range(2):
            assert not await hints.follow(["https://no.relay.example.com/?secret=1"])
        assert hints.wake_key is None
    assert caplog.text.count("no hints over Nostr") == 1
    assert "secret" not in caplog.text


async def test_one_bad_address_does_not_cost_the_hints_of_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bad = ("wss://relay.1/?secret=1", "wss://[fe80::1%25eth0]")
    async with running_relay() as relay, listening(tmp_path) as hints:
        for _ in range(2):
            await hints.follow([*bad, relay.url])
        await eventually(lambda: hints.is_on, SECONDS)
    assert caplog.text.count("2 relay addresses are none") == 1
    assert "secret" not in caplog.text


async def test_a_hint_rings_after_a_flood(tmp_path: Path) -> None:
    async with flooding_relay() as (relay, url), listening(tmp_path) as hints:
        await hints.follow([url])
        key = hints.wake_key
        assert key
        await eventually(lambda: relay.is_subscribed and hints.is_on, SECONDS)
        await relay.flood(20_000)
        await eventually(lambda: not hints.is_on, SECONDS)
        await eventually(lambda: hints.is_on, SECONDS)
        rung = hints.listen()

        async def rings() -> bool:
            await relay.hint(key)
            return rung.is_set()

        await eventually(rings, SECONDS)
        assert relay.callers == 1


async def test_who_left_a_relay_never_comes_back(
    tmp_path: Path, quick_retries: None
) -> None:
    async with (
        flooding_relay() as (relay, url),
        running_relay() as other,
        listening(tmp_path) as hints,
    ):
        await hints.follow([url])
        await eventually(lambda: hints.is_on, SECONDS)
        await hints.follow([])
        await other.stop()
        await hints.follow([other.url])
        for _ in range(3):  # each takes longer than a relay that was left is called
            await other.start()
            await eventually(lambda: hints.is_on, SECONDS)
            await other.stop()
            await eventually(lambda: not hints.is_on, SECONDS)
        assert relay.callers == 1


async def test_no_client_reconnects_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relays, "RETRY_SECONDS", 1000.0)
    async with running_relay() as relay, listening(tmp_path) as hints:
        await hints.follow([relay.url])
        await eventually(lambda: hints.is_on, SECONDS)
        assert hints._relays
        [line] = hints._relays._lines.values()
        first = line._relay
        assert first
        await relay.stop()
        await eventually(lambda: str(first.status()).endswith("TERMINATED"), SECONDS)


async def test_a_key_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / relays.KEY_FILE
    path.write_text("01" * 32, "ascii")
    path.chmod(0o644)
    async with listening(tmp_path) as hints:
        await hints.follow(["ws://127.0.0.1:9"])
        assert hints.wake_key
    assert path.stat().st_mode & 0o777 == 0o600


# --- status --------------------------------------------------------------------------


async def test_status_tells_whether_hints_are_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with wakeful(tmp_path) as w:
        home = w.kitchen.state_dir
        uri = w.kitchen.printer.uri
        path = write_config(tmp_path / "c.toml", w.kitchen.server.url, home, uri)

        async def said() -> list[str]:
            await asyncio.to_thread(cli.main, ["status", "--config", str(path)])
            lines = capsys.readouterr().out.splitlines()
            return [line for line in lines if line.startswith("hints: ")]

        async with running(w.config(), w.still):
            await w.still.until_idle()
            [line] = await said()
            assert line.startswith(f"hints: on, {w.relay.url} connected, as of 20")
        assert await said() == []


async def test_status_tells_why_hints_are_off(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert cli._hints(journal.relays()) == "off, the server names no relays"
    journal.note_relays({"wss://a.example": False}, None, 1)
    says = "off, install printer-pi[nostr] to listen at wss://a.example"
    assert cli._hints(journal.relays()) == says
    journal.close()
