"""The daemon and what printers do: off, out of paper, silent, cut off in mid-ticket."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import Any

import pytest

from fakeprinter import FakePrinter
from pi_server import BANNER, DROP, Answer
from pi_setup import config, kitchen, printer, running
from printer_pi.byte_printer import BytePrinter
from printer_pi.journal import Journal, Seen
from printer_pi.sink import Known, Status
from printer_pi.tcp import TcpWire

pytestmark = pytest.mark.asyncio
LONG = "\n".join(["a long ticket"] * 100)
# More than all the memories on its way hold: 4 000 rows of dots, in small bands.
BAND = b"\x1dv0\x00" + bytes([72, 0, 25, 0]) + b"\x55" * 72 * 25
FULL = b"\x1b@" + BAND * 160 + b"\x1dVB0"
READY = {"is_online": True, "paper": "ok", "cover": "closed", "drawer": None}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printers here answer at once or never."""
    monkeypatch.setattr(TcpWire, "connect_seconds", 0.1)
    monkeypatch.setattr(TcpWire, "close_seconds", 0.2)
    monkeypatch.setattr(BytePrinter, "state_seconds", 0.5)
    monkeypatch.setattr(BytePrinter, "confirm_seconds", 0.5)
    monkeypatch.setattr(BytePrinter, "pause_seconds", 0.05)
    monkeypatch.setattr(BytePrinter, "stuck_seconds", 0.2)


def seen(k: Any) -> Seen | None:
    """What the journal keeps of the kitchen's printer."""
    with contextlib.closing(Journal(k.state_dir, read_only=True)) as journal:
        return journal.printer("kitchen", k.printer.uri)


# --- before the first byte ----------------------------------------------------------


async def test_a_printer_that_is_off_takes_no_jobs(tmp_path: Path) -> None:
    async with kitchen(tmp_path, is_refusing=True) as k:
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.pace.until_paused(lambda pauses: len(pauses) >= 5)
            assert k.server.count("claim") == 0
            assert k.server.statuses["kitchen"]["fault"] == "printer.offline"
            assert k.server.statuses["kitchen"]["is_online"] is False
            await k.turn(is_refusing=False)
            await k.server.until_state("j1", "printed")
        # Whoever switches it on waits no longer than that.
        assert max(k.pace.pauses[:5]) == 5
        assert k.server.jobs["j1"]["attempt"] == 1


@pytest.mark.parametrize(
    ("switches", "fault", "told"),
    [
        ({"paper": "out"}, "printer.paper_out", {"is_online": False, "paper": "out"}),
        (
            {"is_cover_open": True},
            "printer.cover_open",
            {"is_online": False, "cover": "open"},
        ),
        ({"is_offline": True}, "printer.offline", {"is_online": False}),
    ],
)
async def test_a_printer_at_fault_claims_nothing_and_says_why(
    tmp_path: Path, switches: dict[str, Any], fault: str, told: dict[str, Any]
) -> None:
    async with kitchen(tmp_path, **switches) as k:
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until(lambda: bool(k.server.statuses))
            # It serves nothing but real-time questions: how it confirms is asked later.
            expected = {**READY, **told, "fault": fault, "confirm": "drain"}
            assert k.server.statuses == {"kitchen": {"name": "kitchen", **expected}}
            assert k.server.count("claim") == 0
            await k.turn(paper="ok", is_cover_open=False, is_offline=False)
            await k.server.until_state("j1", "printed")
            await k.server.until(lambda: k.server.statuses["kitchen"]["fault"] is None)
        assert k.server.bodies("ack")[0]["confirm"] == "process_id"
        assert k.server.jobs["j1"]["attempt"] == 1


async def test_little_paper_is_told_and_prints(tmp_path: Path) -> None:
    async with kitchen(tmp_path, paper="low") as k:
        await k.server.add("j1")
        settings = k.config(width=80, model="TM-T20", drawer_open="high")
        async with running(settings, k.pace):
            await k.server.until_state("j1", "printed")
            await k.server.until(lambda: bool(k.server.statuses))
        assert k.server.statuses["kitchen"] == {
            **READY,
            "name": "kitchen",
            "paper": "low",
            "drawer": "closed",
            "fault": None,
            "confirm": "process_id",
            "width": 80,
            "model": "TM-T20",
        }


async def test_paper_that_ends_while_waiting_is_met_after_the_claim(
    tmp_path: Path,
) -> None:
    async with kitchen(tmp_path) as k:
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.turn(paper="out")
            await k.server.add("j1")
            await k.server.until(lambda: k.server.count("fail") == 1)
            assert k.server.jobs["j1"]["attempt"] == 0
            await k.turn(paper="ok")
            await k.server.until_state("j1", "printed")
        (failure,) = k.server.bodies("fail")
        assert failure["code"] == "printer.paper_out"
        assert failure["error"] == "printer kitchen: the paper is out"
        assert (failure["retryable"], failure["in_doubt"]) == (True, False)
        assert k.paper == [["TICKET j1"]]
        assert k.journal_state("j1") == "acked"


async def test_a_printer_switched_off_between_claims_claims_no_more(
    tmp_path: Path,
) -> None:
    async with kitchen(tmp_path) as k:
        k.server.empty_claims_return = True
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.turn(is_refusing=True)
            await k.pace.until_paused(lambda pauses: pauses[-3:] == [1, 2, 4])
            claims = k.server.count("claim")
            await k.pace.until_paused(lambda pauses: pauses[-2:] == [5, 5])
            assert k.server.count("claim") == claims


async def test_a_printer_that_went_silent_hangs_and_gets_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "printer_pi")
    async with kitchen(tmp_path) as k:
        await k.server.add("j1")
        async with running(k.config(), k.pace):
            await k.server.until_state("j1", "printed")
            await k.turn(is_mute=True)
            await k.server.add("j2")
            await k.server.until(lambda: k.server.count("fail") == 1)
            await k.turn(is_mute=False)
            await k.server.until_state("j2", "printed")
        assert k.server.bodies("fail")[0]["code"] == "printer.offline"
        assert "the printer does not answer any more" in caplog.text
        assert len(k.paper) == 2


# --- how it confirms ----------------------------------------------------------------


@pytest.mark.parametrize("wish", ["auto", "process_id", "gs_r", "drain", "none"])
@pytest.mark.parametrize(
    ("lacks", "best"),
    [
        ({}, "process_id"),
        ({"has_process_id": False}, "gs_r"),
        ({"has_process_id": False, "has_gs_r": False}, "drain"),
        ({"has_status": False}, "process_id"),
        ({"is_mute": True}, "drain"),
    ],
)
async def test_what_a_printer_does_not_answer_is_never_waited_for(
    tmp_path: Path, wish: Any, lacks: dict[str, bool], best: str
) -> None:
    order = ["process_id", "gs_r", "drain", "none"]
    at_most = best if wish == "auto" else max(wish, best, key=order.index)
    async with kitchen(tmp_path, **lacks) as k:
        await k.server.add("j1")
        await k.server.add("j2")
        async with running(k.config(confirm=wish), k.pace):
            await k.server.until_state("j2", "printed")
        assert [body["confirm"] for body in k.server.bodies("ack")] == [at_most] * 2
        assert k.paper == [["TICKET j1"], ["TICKET j2"]]
        if wish == "none":
            assert k.printer.raw.count(b"\x10\x04") == 0


async def test_what_it_answers_is_found_out_once_and_kept(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        for number in (1, 2):
            async with running(k.config(), k.pace):
                await k.server.add(f"j{number}")
                await k.server.until_state(f"j{number}", "printed")
        # One to find out, one behind each ticket.
        assert k.printer.raw.count(b"\x1d(H\x06\x00\x30\x30") == 3
        found = seen(k)
        assert found is not None
        assert found.known == Known("process_id", has_status=True)
        assert found.status == Status(paper="ok", cover="closed", confirm="process_id")


async def test_a_printer_that_answered_nothing_is_asked_again_while_it_is_idle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was still starting, or served somebody else."""
    async with kitchen(tmp_path, is_mute=True) as k:
        sink = BytePrinter(TcpWire(k.printer.host, k.printer.port), 1.0)
        await asyncio.to_thread(sink.probe)
        await k.turn(is_mute=False)
        await asyncio.to_thread(sink.probe)
        assert sink.known == Known("drain", has_status=False)
        monkeypatch.setattr(BytePrinter, "again_seconds", 0.0)
        sink = BytePrinter(TcpWire(k.printer.host, k.printer.port), 1.0)
        await k.turn(is_mute=True)
        await asyncio.to_thread(sink.probe)
        assert sink.known == Known("drain", has_status=False)
        await k.turn(is_mute=False)
        await asyncio.to_thread(sink.probe)
        assert sink.known == Known("process_id", has_status=True)


async def test_a_status_is_told_once_what_was_found_out_is_known(
    tmp_path: Path,
) -> None:
    """They are kept together: a start without them asks everything again."""
    async with kitchen(tmp_path) as k:
        sink = BytePrinter(TcpWire(k.printer.host, k.printer.port), 1.0)
        told = []
        sink.on_status = lambda status: told.append((status.confirm, sink.known))
        await asyncio.to_thread(sink.probe)
        assert told[-1] == ("process_id", Known("process_id", has_status=True))


async def test_another_printer_at_the_same_address_is_found_out_after_a_start(
    tmp_path: Path,
) -> None:
    async with kitchen(tmp_path) as k:
        async with running(k.config(), k.pace):
            await k.server.add("j1")
            await k.server.until_state("j1", "printed")
        await k.turn(is_mute=True)  # one without any way back
        async with running(k.config(), k.pace):
            await k.server.add("j2")
            await k.server.until_state("j2", "printed")
        assert [body["confirm"] for body in k.server.bodies("ack")] == [
            *("process_id", "drain"),
        ]
        assert (k.server.count("fail"), len(k.paper)) == (0, 2)


# --- once bytes are out -------------------------------------------------------------


@pytest.mark.parametrize("lacks", [{}, {"has_process_id": False}])
async def test_paper_that_ends_in_mid_ticket_and_is_refilled_finishes_that_ticket(
    tmp_path: Path, lacks: dict[str, bool]
) -> None:
    async with kitchen(tmp_path, **lacks) as k:
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.turn(rows_left=300)
            await k.server.add("j1", text=LONG)
            await k.server.until(
                lambda: k.server.statuses["kitchen"]["fault"] == "printer.paper_out"
            )
            renewed = k.server.count("renew")
            await k.server.until(lambda: k.server.count("renew") > renewed)
            assert k.server.jobs["j1"]["state"] == "printing"
            await k.refill()
            await k.server.until_state("j1", "printed")
            await k.server.until(lambda: k.server.statuses["kitchen"]["fault"] is None)
        assert k.paper == [LONG.splitlines()]
        assert (k.server.count("start"), k.server.count("fail")) == (1, 0)


async def test_a_full_printer_without_answers_is_waited_for(tmp_path: Path) -> None:
    """Paper ends, its memory is full, and it cannot be asked why."""
    async with kitchen(tmp_path) as k:
        k.printer.buffer_bytes = 4096
        await k.server.add("j1", bytes=FULL)
        await k.turn(rows_left=300)
        async with running(k.config(confirm="none"), k.pace):
            await k.server.until(
                lambda: (
                    k.server.statuses.get("kitchen", {}).get("fault") == "printer.error"
                )
            )
            await k.refill()
            await k.server.until_state("j1", "printed")
        assert k.server.count("fail") == 0
        assert [ticket.dots for ticket in k.printer.tickets] == [4_000]


async def test_a_printer_that_stays_full_leaves_doubt(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.printer.buffer_bytes = 4096
        await k.server.add("j1", bytes=FULL)
        await k.turn(rows_left=300)
        async with running(k.config(confirm="none", stall_seconds=0.5), k.pace):
            await k.server.until(lambda: k.server.count("fail") == 1)
            await k.refill()
            await k.server.until_state("j1", "printed")
        failure = k.server.bodies("fail")[0]
        assert failure["code"] == "printer.stalled"
        assert (failure["retryable"], failure["in_doubt"]) == (True, True)
        assert k.printer.tickets[-1].dots == 4_000
        assert k.server.jobs["j1"]["possible_duplicate"] is True


async def test_a_confirmation_that_never_comes_leaves_doubt_once(
    tmp_path: Path,
) -> None:
    """The printer forgets how to answer in mid-ticket: one copy is marked, and what it
    answers is found out anew."""
    async with kitchen(tmp_path) as k:
        async with running(k.config(stall_seconds=0.3), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.turn(has_process_id=False, has_gs_r=False)
            await k.server.add("j1")
            await k.server.until_state("j1", "printed")
            await k.server.add("j2")
            await k.server.until_state("j2", "printed")
        assert k.server.bodies("fail")[0]["in_doubt"] is True
        assert k.paper == [
            *(["TICKET j1"], [BANNER, "TICKET j1", BANNER], ["TICKET j2"]),
        ]
        assert [body["confirm"] for body in k.server.bodies("ack")] == ["drain"] * 2


async def test_a_line_cut_in_mid_ticket_leaves_doubt_and_marks_the_next(
    tmp_path: Path,
) -> None:
    async with kitchen(tmp_path) as k:
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.turn(die_after=500)
            await k.server.add("j1", text=LONG)
            await k.server.until_state("j1", "printed")
        failure = k.server.bodies("fail")[0]
        assert failure["code"] == "printer.write"
        assert (failure["retryable"], failure["in_doubt"]) == (True, True)
        half, whole = k.paper
        assert 0 < len(half) < 100
        assert whole == [BANNER, *LONG.splitlines(), BANNER]


async def test_the_lease_is_renewed_while_the_printer_is_slow(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["renew"] = [DROP, Answer(200), Answer(409)]
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.turn(paper="ok", rows_left=10)
            await k.server.add("j1", text=LONG)
            await k.server.until(lambda: k.server.count("renew") == 3)
            await k.refill()
            await k.server.until_state("j1", "printed")
        assert 20.0 in k.pace.pauses  # a third of the lease
        assert k.server.count("renew") == 3  # none after it was lost
        assert len(k.paper) == 1


async def test_a_stop_does_not_wait_for_paper(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("claim") == 1)
            await k.turn(rows_left=10)
            await k.server.add("j1", text=LONG)
            await k.server.until(
                lambda: k.server.statuses["kitchen"]["fault"] == "printer.paper_out"
            )
        (failure,) = k.server.bodies("fail")
        assert failure["code"] == "printer.paper_out"
        assert failure["in_doubt"] is True
        assert k.journal_state("j1") == "printing"


async def test_a_printer_that_falls_silent_under_a_ticket_leaves_doubt(
    tmp_path: Path,
) -> None:
    """It took every byte and told its state until then: it may have swallowed them."""
    async with kitchen(tmp_path, has_process_id=False, has_gs_r=False) as k:
        k.server.hold["start"] = asyncio.Event()
        await k.server.add("j1")
        async with running(k.config(stall_seconds=1), k.pace):
            await k.server.until(lambda: k.server.count("start") == 1)
            await k.turn(is_mute=True)
            k.server.hold["start"].set()
            await k.server.until(lambda: k.server.count("fail") == 1)
            await k.turn(is_mute=False)
            await k.server.until_state("j1", "printed")
        failure = k.server.bodies("fail")[0]
        assert (failure["code"], failure["in_doubt"]) == ("printer.stalled", True)
        assert k.paper == [["TICKET j1"], [BANNER, "TICKET j1", BANNER]]


async def test_a_copy_that_hangs_does_not_hold_up_the_printer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "printer_pi")
    with FakePrinter() as copies:
        async with kitchen(tmp_path) as k:
            k.server.hold["start"] = asyncio.Event()
            await k.server.add("j1", text=LONG)
            async with running(k.config(copies.uri), k.pace):
                await k.server.until(lambda: k.server.count("start") == 1)
                await asyncio.to_thread(lambda: copies.set(rows_left=10))
                k.server.hold["start"].set()
                await k.server.until_state("j1", "printed")
                await k.server.add("j2")
                await k.server.until_state("j2", "printed")
            assert k.paper == [LONG.splitlines(), ["TICKET j2"]]
    assert caplog.text.count("not copied to a further target: the paper is out") == 2


# --- reports ------------------------------------------------------------------------


async def test_reports_go_on_after_the_server_was_away(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["report"] = [DROP, Answer(503), Answer(500)]
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("report") == 4)
        assert k.server.statuses["kitchen"]["is_online"] is True


async def test_a_server_that_takes_no_reports_is_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with kitchen(tmp_path) as k:
        k.server.answers["report"] = [Answer(404), Answer(404)]
        async with running(k.config(), k.pace):
            await k.server.until(lambda: k.server.count("report") == 1)
            await k.turn(paper="low")
            await k.server.add("j1")
            await k.server.until(lambda: k.server.count("report") == 2)
            await k.server.until_state("j1", "printed")
        assert caplog.text.count("takes no status of printers (404)") == 1


async def test_several_printers_are_reported_together(tmp_path: Path) -> None:
    async with kitchen(tmp_path) as k:
        settings = config(
            k.server.url,
            k.state_dir,
            printer(k.printer.uri),
            printer("tcp://127.0.0.1:1", name="bar"),
        )
        async with running(settings, k.pace):
            await k.server.until(lambda: {"kitchen", "bar"} <= set(k.server.statuses))
        assert k.server.statuses["bar"]["fault"] == "printer.offline"
        assert k.server.statuses["kitchen"]["fault"] is None
