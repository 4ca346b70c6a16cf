"""The daemon against a real HTTP server and a TCP printer: every fault of the server,
of the journal and of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from fakeprinter import FakePrinter
from pi_server import BANNER, DROP, TOKEN, Answer
from pi_setup import FastTime, config, damage, kitchen, printer, running
from printer_pi import worker as worker_module
from printer_pi.config import ConfigError
from printer_pi.journal import Journal
from printer_pi.render import data_for

pytestmark = pytest.mark.asyncio
STEPS = ("claim", "start", "ack", "fail")


async def test_bytes_go_out_as_they_came_and_are_acked_in_order(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        await k.server.add("j1", text="soup", copies=2)
        await k.server.add("j2", order_number=43)
        async with running(k.config(stations=("kitchen",)), k.pace):
            await k.server.until_state("j2", "printed")
        assert k.paper == [["soup"], ["soup"], ["TICKET j2"]]
        assert b"\x1b@soup\n\x1dVB0\x1b@soup\n\x1dVB0" in k.printer.raw
        claim = {
            "printers": ["kitchen"],
            "wait": 25,
            "format": "escpos",
            "stations": ["kitchen"],
        }
        assert k.server.bodies("claim")[0] == claim
        assert k.server.bodies("ack")[0] == {
            "lease_token": "lease-1",
            "confirm": "process_id",
        }
        actions = [c.action for c in k.server.calls if c.action in STEPS]
        assert actions[:6] == ["claim", "start", "ack", "claim", "start", "ack"]
        assert {call.authorization for call in k.server.calls} == {f"Bearer {TOKEN}"}
        assert k.journal_state("j1") == k.journal_state("j2") == "acked"


async def test_no_go_from_the_server_no_ink(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["start"] = [Answer(409, {"code": "job.lease"})]
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 2)
            await k.server.add("j2")
            await k.server.until_state("j2", "printed")
        assert k.paper == [["TICKET j2"]]
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
        assert len(k.paper) == 1


async def test_the_server_may_restart_at_any_time(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.server.stop()
            await k.pace.until_paused(lambda pauses: pauses.count(30) >= 4)
            await k.server.start()
            await k.server.add("j1")
            await k.server.until_state("j1", "printed")
        # The worker's pauses, and among them those of the reports.
        assert {1, 2, 4, 8, 16, 30} <= set(k.pace.pauses)
        assert len(k.paper) == 1


async def test_a_lost_ack_is_only_said_again(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["ack"] = [DROP, Answer(500)]
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("ack") == 2)
            await k.server.add("j2")  # ends the claim that came after
            await k.server.until(lambda: k.server.count("ack") == 4)
            await k.server.until(lambda: k.server.count("claim") == 3)
        assert len(k.paper) == 2
        assert k.journal_state("j1") == "acked"
        said = [body["confirm"] for body in k.server.bodies("ack")]
        assert said == ["process_id"] * 4


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
        assert len(k.paper) == 1


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


async def test_what_the_journal_doubts_and_the_server_does_not_comes_back_marked(
    tmp_path: Path,
) -> None:
    async with kitchen(tmp_path) as k:
        k.note("j1")
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "printed")
        (failure,) = k.server.bodies("fail")
        assert failure["code"] == "journal.doubt"
        assert (failure["retryable"], failure["in_doubt"]) == (True, True)
        assert k.paper == [[BANNER, "TICKET j1", BANNER]]
        assert k.server.count("start") == 1


async def test_what_both_doubt_is_printed_marked_at_once(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.note("j1")
        await k.server.add("j1", possible_duplicate=True)
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "printed")
        assert k.server.count("fail") == 0
        assert k.paper == [[BANNER, "TICKET j1", BANNER]]


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
        assert k.pace.pauses[:3] == [18, 24, 1]  # up to a second of jitter on top


async def test_a_server_that_never_holds_a_claim_is_not_polled_busily(
    tmp_path: Path,
) -> None:
    async with kitchen(tmp_path) as k:
        k.server.empty_claims_return = True
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 3)
        first, second = k.pace.pauses[:2]
        assert min(first, second) > 4


async def test_a_job_of_a_kind_to_come_is_bytes_like_any_other(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        await k.server.add("j1", content={"type": "label/7"}, bytes=b"\x1b@new\n")
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "printed")
        assert k.printer.unfinished is not None
        assert k.printer.unfinished.lines == ["new"]


async def test_a_job_without_anything_to_print_is_failed_for_good(
    tmp_path: Path,
) -> None:
    async with kitchen(tmp_path) as k:
        k.server.has_bytes = False
        await k.server.add("j1", content={"type": "label/7"})
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "dead")
        (failure,) = k.server.bodies("fail")
        assert failure["code"] == "job.unprintable"
        assert k.paper == []


async def test_a_server_without_bytes_gets_its_text_printed(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.has_bytes = False
        await k.server.add("j1", text="Tacos Maíz ×2 — ¡sin cebolla!", copies=2)
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "printed")
        assert k.paper == [["Tacos Maiz x2 - !sin cebolla!"]] * 2


async def test_letters_that_would_be_lost_are_not_printed(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.has_bytes = False
        await k.server.add("j1", text="羊肉 x2")
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "dead")
        (failure,) = k.server.bodies("fail")
        assert (failure["code"], failure["in_doubt"]) == ("payload.missing", False)
        assert k.paper == []


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
        assert k.paper == []


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
        assert len(k.paper) == 1


async def test_a_journal_that_is_damaged_on_the_way_keeps_no_ticket_waiting(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with kitchen(tmp_path) as k:
        async with running(k.config(), k.pace):
            await k.server.add("j1")
            await k.server.until_state("j1", "printed")
            damage(k.state_dir)
            await k.server.add("j2")
            await k.server.until_state("j2", "printed")
        assert k.paper == [["TICKET j1"], ["TICKET j2"]]
        assert k.journal_state("j2") == "acked"
        assert "the journal is damaged" in caplog.text


async def test_an_unforeseen_error_neither_ends_the_loop_nor_leaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = ["secret soup"]

    def once(*args: Any) -> bytes | None:
        if failures:
            raise KeyError(failures.pop())
        return data_for(*args)

    monkeypatch.setattr(worker_module, "data_for", once)
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
    folder, raw = tmp_path / "tickets", tmp_path / "raw"
    (tmp_path / "blocked").write_text("a file", "utf-8")
    targets = (
        *("terminal:", f"dir://{folder}", f"dir://{tmp_path}/blocked"),
        f"dir://{raw}?format=escpos",
    )
    async with kitchen(tmp_path) as k:
        await k.server.add("j1", text="Maíz", bytes=b"\x1b@bytes\n")
        settings = config(k.server.url, k.state_dir, printer(*targets))
        async with running(settings, k.pace, stream):
            await k.server.until_state("j1", "printed")
        assert k.server.bodies("claim")[0]["format"] == "escpos"
    assert "│ Maíz " in stream.getvalue()
    assert (folder / "42-kitchen-j1.txt").read_text("utf-8") == "Maíz\n"
    assert (raw / "42-kitchen-j1.escpos").read_bytes() == b"\x1b@bytes\n"
    assert "not copied to a further target" in caplog.text


async def test_people_alone_are_given_text(tmp_path: Path) -> None:
    stream = io.StringIO()
    async with kitchen(tmp_path) as k:
        await k.server.add("j1", text="Soup", copies=2)
        settings = config(k.server.url, k.state_dir, printer("terminal:"))
        async with running(settings, k.pace, stream):
            await k.server.until_state("j1", "printed")
        assert k.server.bodies("claim")[0]["format"] == "text"
        assert k.server.bodies("ack")[0]["confirm"] == "drain"
    assert stream.getvalue().count("│ Soup ") == 2


async def test_two_printers_work_side_by_side(tmp_path: Path) -> None:
    with FakePrinter() as bar:
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
            assert k.paper == [["TICKET j1"]]
        assert [ticket.lines for ticket in bar.tickets] == [["TICKET j2"]]


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
        assert len(k.paper) == 1


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
        await k.server.add("j1", text="for Satoshi, allergic to nuts")
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.server.until_state("j1", "printed")
    assert "job j1 (order 42) printed, confirmed by process_id" in caplog.text
    for secret in ("Satoshi", TOKEN, "lease-"):
        assert secret not in caplog.text


# --- the drawer ---------------------------------------------------------------------

DRAWER = {"type": "drawer/1", "document": {"type": "drawer/1"}, "text": ""}


async def test_tickets_and_kicks_share_a_printer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    copies = tmp_path / "copies"
    async with kitchen(tmp_path) as k:
        await k.server.add("j1", kind="drawer", content=DRAWER)
        await k.server.add("j2")
        async with running(k.config(f"dir://{copies}?format=escpos"), k.pace):
            await k.server.until_state("j2", "printed")
        assert (k.printer.drawers, k.paper) == (1, [["TICKET j2"]])
        # At the first address alone.
        assert [path.name for path in copies.iterdir()] == ["42-kitchen-j2.escpos"]
    assert "j1 (order 42) opened the drawer" in caplog.text


async def test_a_kick_needs_no_bytes_from_the_server(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.has_bytes = False
        await k.server.add("j1", kind="drawer", content=DRAWER)
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "printed")
        assert k.printer.drawers == 1


async def test_a_drawer_that_may_be_open_is_left_alone(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.note("j1")
        await k.server.add("j1", kind="drawer", content=DRAWER)
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "dead")
        (failure,) = k.server.bodies("fail")
        assert failure["code"] == "drawer.in_doubt"
        assert (failure["retryable"], failure["in_doubt"]) == (False, True)
        assert k.printer.drawers == 0


async def test_a_kick_that_is_given_out_again_is_only_acked(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["ack"] = [DROP]
        await k.server.add("j1", kind="drawer", content=DRAWER)
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("ack") == 2)
            await k.server.requeue("j1")
            await k.server.until_state("j1", "printed")
        assert k.printer.drawers == 1


async def test_a_printer_that_dies_under_a_kick_is_not_asked_again(
    tmp_path: Path,
) -> None:
    async with kitchen(tmp_path) as k:
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            asked = len(b"\x10\x04\x01") * 3  # its state, before the kick
            await k.turn(die_after=asked + 2)
            await k.server.add("j1", kind="drawer", content=DRAWER)
            await k.server.until_state("j1", "dead")
        (failure,) = k.server.bodies("fail")
        assert (failure["retryable"], failure["in_doubt"]) == (False, True)
        assert k.printer.drawers == 0


async def test_people_are_told_that_the_drawer_opens(tmp_path: Path) -> None:
    folder = tmp_path / "tickets"
    async with kitchen(tmp_path) as k:
        await k.server.add("j1", kind="drawer", content=DRAWER)
        settings = config(k.server.url, k.state_dir, printer(f"dir://{folder}"))
        async with running(settings, k.pace):
            await k.server.until_state("j1", "printed")
    assert (folder / "42-kitchen-j1.txt").read_text("utf-8") == "#42 DRAWER OPENS\n"
