"""The daemon against a real HTTP server and a TCP printer, all faults included."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from pi_printer import TcpPrinter, letters
from pi_server import DROP, TOKEN, Answer, PrintServer
from pi_setup import FastTime, config, printer, running
from printer_pi import worker as worker_module
from printer_pi.config import Config, ConfigError
from printer_pi.journal import Journal
from printer_pi.render import render
from printer_pi.tcp import TcpSink
from printer_pi.ticket import DUPLICATE_BANNER

pytestmark = pytest.mark.asyncio


class Kitchen:
    """A server, a printer and a configuration that joins them."""

    def __init__(self, state_dir: Path) -> None:
        self.server = PrintServer()
        self.printer = TcpPrinter()
        self.state_dir = state_dir
        self.pace = FastTime()

    def config(self, **fields: Any) -> Config:
        return config(
            self.server.url, self.state_dir, printer(self.printer.uri, **fields)
        )

    def journal_state(self, job_id: str) -> str:
        with contextlib.closing(Journal(self.state_dir, read_only=True)) as journal:
            entry = journal.find(job_id)
        return entry.state if entry else ""


@contextlib.asynccontextmanager
async def kitchen(tmp_path: Path) -> AsyncIterator[Kitchen]:
    place = Kitchen(tmp_path / "state")
    await place.server.start()
    await place.printer.start()
    try:
        yield place
    finally:
        await place.printer.stop()
        await place.server.stop()


async def test_jobs_are_printed_confirmed_and_acked_in_order(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        await k.server.add("j1", text="Maíz ×2", copies=2)
        await k.server.add("j2", order_number=43)
        async with running(k.config(stations=("kitchen",)), k.pace):
            await k.server.until_state("j2", "printed")
        first, second = k.printer.tickets
        assert letters(first) == ["#42", "Maíz ×2"] * 2
        assert letters(second) == ["#43", "TICKET j2"]
        claim = {"printers": ["kitchen"], "wait": 25, "stations": ["kitchen"]}
        assert k.server.bodies("claim")[0] == claim
        assert k.server.bodies("ack")[0] == {
            "lease_token": "lease-1",
            "confirm": "drain",
        }
        actions = [call.action for call in k.server.calls]
        assert actions[:6] == ["claim", "start", "ack", "claim", "start", "ack"]
        assert {call.authorization for call in k.server.calls} == {f"Bearer {TOKEN}"}
        assert k.journal_state("j1") == k.journal_state("j2") == "acked"


async def test_no_go_from_the_server_no_ink(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["start"] = [Answer(409, {"code": "job.lease"})]
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 2)
            await k.printer.until(lambda: k.printer.connections == 0)
            await k.server.add("j2")
            await k.server.until_state("j2", "printed")
        assert [letters(ticket)[1] for ticket in k.printer.tickets] == ["TICKET j2"]
        assert k.journal_state("j1") == ""
        assert k.server.count("fail") == 0


async def test_no_answer_to_start_no_ink_and_the_job_comes_back(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["start"] = [DROP]
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "printed")
        (failure,) = k.server.bodies("fail")
        assert (failure["retryable"], failure["in_doubt"]) == (True, False)
        assert [letters(ticket) for ticket in k.printer.tickets] == [
            ["#42", "TICKET j1"]
        ]


async def test_the_server_may_restart_at_any_time(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.server.stop()
            await k.pace.until_paused(lambda pauses: len(pauses) >= 8)
            await k.server.start()
            await k.server.add("j1")
            await k.server.until_state("j1", "printed")
        assert k.pace.pauses[1:8] == [1, 2, 4, 8, 16, 30, 30]  # after the hourly one
        assert len(k.printer.tickets) == 1


async def test_a_lost_ack_is_only_said_again(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["ack"] = [DROP, Answer(500)]
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("ack") == 2)
            await k.server.add("j2")  # ends the claim that came after
            await k.server.until(lambda: k.server.count("ack") == 4)
            await k.server.until(lambda: k.server.count("claim") == 3)
        assert len(k.printer.tickets) == 2
        assert k.journal_state("j1") == "acked"


async def test_a_printed_job_given_out_again_is_only_acked(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "printed")
            k.server.answers["ack"] = [Answer(500)]
            await k.server.requeue("j1")
            await k.server.until(lambda: k.server.count("ack") == 3)
        tokens = [body["lease_token"] for body in k.server.bodies("ack")]
        assert tokens == ["lease-1", "lease-2", "lease-2"]
        assert k.server.count("start") == 1
        assert len(k.printer.tickets) == 1


async def test_an_ack_nobody_wants_is_not_repeated(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["ack"] = [Answer(409, {"code": "job.lease"})]
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("ack") == 1)
            await k.server.add("j2")
            await k.server.until_state("j2", "printed")
        assert k.server.count("ack") == 2
        with contextlib.closing(Journal(k.state_dir, read_only=True)) as journal:
            entry = journal.find("j1")
        assert entry is not None
        assert entry.note == "refused: 409 job.lease"


async def test_a_printer_that_is_off_takes_no_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TcpSink, "connect_seconds", 0.1)
    async with kitchen(tmp_path) as k:
        await k.printer.stop()
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.pace.until_paused(lambda pauses: len(pauses) >= 3)
            assert k.server.calls == []
            await k.printer.start()
            await k.server.until_state("j1", "printed")
        assert k.server.jobs["j1"]["attempt"] == 1


async def test_a_printer_switched_off_between_claims_claims_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TcpSink, "connect_seconds", 0.1)
    async with kitchen(tmp_path) as k:
        k.server.empty_claims_return = True
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.printer.stop()
            await k.pace.until_paused(lambda pauses: pauses[-3:] == [1, 2, 4])
            claims = k.server.count("claim")
            await k.pace.until_paused(lambda pauses: pauses[-1] == 30)
            assert k.server.count("claim") == claims


async def test_a_printer_switched_off_after_the_claim_gives_the_job_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TcpSink, "connect_seconds", 0.1)
    async with kitchen(tmp_path) as k:
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.printer.stop()
            await k.server.add("j1")
            await k.server.until(lambda: k.server.count("fail") == 1)
            await k.printer.start()
            await k.server.until_state("j1", "printed")
        (failure,) = k.server.bodies("fail")
        assert failure["code"] == "printer.offline"
        assert (failure["retryable"], failure["in_doubt"]) == (True, False)
        assert failure["error"].startswith("printer kitchen: 127.0.0.1:")
        assert letters(k.printer.tickets[0]) == ["#42", "TICKET j1"]


async def test_a_line_cut_in_mid_ticket_leaves_doubt_and_marks_the_next(
    tmp_path: Path,
) -> None:
    async with kitchen(tmp_path) as k:
        k.printer.reset_after = 1
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("fail") == 1)
            k.printer.reset_after = None
            await k.server.until_state("j1", "printed")
        failure = k.server.bodies("fail")[0]
        assert (failure["retryable"], failure["in_doubt"]) == (True, True)
        shown = letters(k.printer.tickets[0])
        assert shown[0].strip() == shown[-1].strip() == DUPLICATE_BANNER


async def test_the_lease_is_renewed_while_the_printer_is_slow(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["renew"] = [DROP, Answer(200), Answer(409)]
        await k.server.add("j1", text="a long ticket\n" * 1_000, copies=20)
        k.printer.reads.clear()
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("renew") == 3)
            k.printer.reads.set()
            await k.server.until_state("j1", "printed")
        assert 20.0 in k.pace.pauses  # a third of the lease
        assert k.server.count("renew") == 3  # none after it was lost
        assert len(k.printer.tickets) == 1


async def test_a_wrong_token_waits_long_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "printer_pi")
    async with kitchen(tmp_path) as k:
        k.server.answers["claim"] = [Answer(401), Answer(403)]
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 3)
        assert k.pace.pauses.count(worker_module.DENIED_PAUSE_SECONDS) == 2
        assert "the server refuses the token (401)" in caplog.text


async def test_the_server_says_when_to_come_again(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["claim"] = [
            Answer(429, headers={"Retry-After": "17"}),
            Answer(503, headers={"Retry-After": "23"}),
            Answer(429),
        ]
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 4)
        assert k.pace.pauses[1:4] == [18, 24, 1]  # up to a second of jitter on top


async def test_a_server_that_never_holds_a_claim_is_not_polled_busily(
    tmp_path: Path,
) -> None:
    async with kitchen(tmp_path) as k:
        k.server.empty_claims_return = True
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 3)
        first, second = k.pace.pauses[1:3]
        assert min(first, second) > 4


async def test_a_job_that_cannot_be_printed_is_failed_for_good(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        await k.server.add("j1", content={"type": "bitmap/1"})
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "dead")
        (failure,) = k.server.bodies("fail")
        assert failure["code"] == "job.unprintable"
        assert k.printer.tickets == []


async def test_the_journal_comes_before_the_ink(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("disk is full")

    async with kitchen(tmp_path) as k:
        with monkeypatch.context() as patch:
            patch.setattr(Journal, "begin", full)
            await k.server.add("j1")
            async with running(k.config(), k.pace):
                await k.server.until(lambda: k.server.count("fail") == 1)
        failure = k.server.bodies("fail")[0]
        assert (failure["code"], failure["in_doubt"]) == ("journal.write", False)
        assert k.printer.tickets == []


async def test_what_is_on_paper_is_acked_even_when_the_journal_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("disk is full")

    async with kitchen(tmp_path) as k:
        monkeypatch.setattr(Journal, "printed", full)
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "printed")
        assert len(k.printer.tickets) == 1


async def test_an_unforeseen_error_neither_ends_the_loop_nor_leaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = ["secret soup"]

    def once(*args: Any, **fields: Any) -> bytes:
        if failures:
            raise KeyError(failures.pop())
        return render(*args, **fields)

    monkeypatch.setattr(worker_module, "render", once)
    async with kitchen(tmp_path) as k:
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 2)
            await k.server.requeue("j1")
            await k.server.until_state("j1", "printed")
        assert "unexpected KeyError at" in caplog.text
        assert "secret" not in caplog.text


async def test_a_ticket_may_go_to_several_places(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "printer_pi")
    stream = io.StringIO()
    folder = tmp_path / "tickets"
    (tmp_path / "blocked").write_text("a file", "utf-8")
    targets = ("terminal:", f"dir://{folder}", f"dir://{tmp_path}/blocked")
    async with kitchen(tmp_path) as k:
        await k.server.add("j1", text="Maíz")
        settings = config(k.server.url, k.state_dir, printer(*targets))
        async with running(settings, k.pace, stream):
            await k.server.until_state("j1", "printed")
    assert "│ Maíz " in stream.getvalue()
    assert [path.name for path in folder.iterdir()] == ["42-kitchen-j1.txt"]
    assert (folder / "42-kitchen-j1.txt").read_text("utf-8") == "#42\nMaíz\n"
    assert "not copied to a further target" in caplog.text


async def test_two_printers_work_side_by_side(tmp_path: Path) -> None:
    bar = TcpPrinter()
    await bar.start()
    async with kitchen(tmp_path) as k:
        settings = config(
            k.server.url,
            k.state_dir,
            printer(k.printer.uri, stations=("kitchen",)),
            printer(bar.uri, name="bar", stations=("bar",)),
        )
        await k.server.add("j1")
        await k.server.add("j2", station="bar")
        async with running(settings, k.pace):
            await k.server.until_state("j1", "printed")
            await k.server.until_state("j2", "printed")
    await bar.stop()
    assert letters(k.printer.tickets[0])[1] == "TICKET j1"
    assert letters(bar.tickets[0])[1] == "TICKET j2"


async def test_stopping_finishes_the_ticket_in_hand(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.hold["start"] = asyncio.Event()
        await k.server.add("j1")
        async with running(k.config(), k.pace) as stop:
            await k.server.until(lambda: k.server.count("start") == 1)
            await k.server.add("j2")
            stop.set()
            k.server.hold["start"].set()
        assert k.server.jobs["j1"]["state"] == "printed"
        assert k.server.jobs["j2"]["state"] == "queued"
        assert len(k.printer.tickets) == 1


async def test_one_journal_serves_one_daemon(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k, running(k.config(), k.pace):
        await k.server.until(lambda: k.server.count("claim") == 1)
        with pytest.raises(ConfigError, match="in use by another printer-pi"):
            async with running(k.config(), FastTime()):
                pass


async def test_nothing_secret_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "printer_pi")
    async with kitchen(tmp_path) as k:
        k.printer.reset_after = 1
        await k.server.add("j1", text="for Satoshi, allergic to nuts")
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("fail") == 1)
            k.printer.reset_after = None
            await k.server.until_state("j1", "printed")
    assert "job j1 (order 42) printed as a possible duplicate" in caplog.text
    for secret in ("Satoshi", TOKEN, "lease-"):
        assert secret not in caplog.text
