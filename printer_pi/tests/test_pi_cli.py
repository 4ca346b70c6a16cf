"""The command line and systemd's side of it."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from fakeprinter import FakePrinter
from pi_setup import FastTime
from printer_pi import __version__, cli, daemon, sdnotify
from printer_pi.journal import Journal
from printer_pi.sink import PAPER_OUT, Status
from printer_pi.tcp import TcpWire


@pytest.fixture
def config_path(tmp_path: Path) -> Path:
    path = tmp_path / "c.toml"
    path.write_text(
        f'state_dir = "{tmp_path}/state"\n'
        f'[[printer]]\nname = "kitchen"\nuri = ["terminal:", "dir://{tmp_path}/t"]\n'
        '[[printer]]\nname = "bar"\nuri = "tcp://127.0.0.1:1"\n',
        encoding="utf-8",
    )
    return path


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for option, expected in (("--help", "status"), ("--version", __version__)):
        with pytest.raises(SystemExit) as caught:
            cli.main([option])
        assert caught.value.code == 0
        assert expected in capsys.readouterr().out


def test_test_prints_on_every_printer_and_tells_which_failed(
    config_path: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TcpWire, "connect_seconds", 0.1)
    assert cli.main(["test", "--config", str(config_path)]) == cli.EXIT_FAILED
    told = capsys.readouterr()
    assert "│ Äpfel, Öl, Übung" in told.out
    assert "kitchen: printed at terminal:, confirmed by drain" in told.out
    assert told.err == "bar: 127.0.0.1:1 does not answer: Connection refused\n"
    assert "Printer: kitchen" in (tmp_path / "t" / "test-kitchen.txt").read_text(
        "utf-8"
    )


def test_test_says_how_a_printer_confirms(
    config_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakePrinter() as printer:
        text = config_path.read_text("utf-8").replace("127.0.0.1:1", printer.uri[6:])
        config_path.write_text(text, "utf-8")
        assert cli.main(["test", "--config", str(config_path)]) == cli.EXIT_OK
        said = f"bar: printed at {printer.uri}, confirmed by process_id\n"
        assert said in capsys.readouterr().out
        (ticket,) = printer.tickets
    assert ticket.is_cut
    assert "Printer: bar" in ticket.lines


def test_nobody_waits_for_paper_at_a_keyboard(
    config_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakePrinter(rows_left=10) as printer:
        text = config_path.read_text("utf-8").replace("127.0.0.1:1", printer.uri[6:])
        config_path.write_text(text, "utf-8")
        assert cli.main(["test", "--config", str(config_path)]) == cli.EXIT_FAILED
    assert capsys.readouterr().err == "bar: the paper is out\n"


def test_status_before_and_after_the_first_ticket(
    config_path: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TcpWire, "connect_seconds", 0.1)
    command = ["status", "--config", str(config_path)]
    assert cli.main(command) == cli.EXIT_OK
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"printer-pi {__version__} does not run"
    assert told[1] == "kitchen: terminal:, online, confirmed by drain"
    assert told[2].startswith("bar: tcp://127.0.0.1:1, offline, the printer is offline")
    assert told[3].startswith("nothing printed yet (no journal in ")
    journal = Journal(tmp_path / "state")
    journal.begin("j1", "kitchen", "42", "lease-secret", 1_000)
    journal.printed("j1", "drain", 2_000)
    journal.begin("j2", "kitchen", "43", "lease-secret", 3_000)
    journal.close()
    assert cli.main(command) == cli.EXIT_OK
    told_after = capsys.readouterr().out
    assert "  job j2 (order 43) printing 1970-01-01" in told_after
    assert "  1 printed, not yet acknowledged" in told_after
    assert "  nothing printed yet" in told_after
    assert "printing now or in doubt: 1\n  kitchen: job j2" in told_after
    assert "lease-secret" not in told_after


def test_status_leaves_the_printers_to_a_daemon_that_runs(
    config_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = Journal(tmp_path / "state")
    seen = Status(is_online=False, paper="out", cover="closed", fault=PAPER_OUT)
    journal.note_printer("bar", "tcp://127.0.0.1:1", None, seen, 3_000)
    journal.close()
    with daemon._only_one(tmp_path / "state"):
        assert cli.main(["status", "--config", str(config_path)]) == cli.EXIT_OK
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"printer-pi {__version__} runs"
    assert told[1] == "kitchen: terminal:, not yet asked"
    assert told[3].startswith(
        "bar: tcp://127.0.0.1:1, offline, the paper is out, paper out, cover closed,"
        " confirmed by what is not yet known, as of 1970-01-01"
    )


def test_a_bad_configuration_is_told_line_by_line(
    config_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["run", "--config", str(config_path)]) == cli.EXIT_CONFIG
    errors = capsys.readouterr().err.splitlines()
    assert errors == [
        "server.url is missing (or set PRINTER_PI_URL).",
        "server.restaurant is missing (or set PRINTER_PI_RESTAURANT).",
        "server.token is missing (or set PRINTER_PI_TOKEN).",
    ]


def test_systemd_hears_us(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        sdnotify.notify("READY=1", {"NOTIFY_SOCKET": address})
        assert systemd.recv(100) == b"READY=1"
    sdnotify.notify("READY=1", {"NOTIFY_SOCKET": address})  # nobody listens
    sdnotify.notify("READY=1", {})


def test_the_watchdog_interval_is_half_of_what_is_allowed() -> None:
    assert sdnotify.watchdog_seconds({"WATCHDOG_USEC": "60000000"}) == 30
    assert (
        sdnotify.watchdog_seconds({"WATCHDOG_USEC": "6", "WATCHDOG_PID": "1"}) is None
    )
    assert sdnotify.watchdog_seconds({}) is None


class FakeWorker:
    alive = True


@pytest.mark.asyncio
async def test_a_hanging_worker_silences_the_watchdog(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setenv("WATCHDOG_USEC", "2000000")
    monkeypatch.setattr(daemon, "notify", told.append)
    pace, worker = FastTime(), FakeWorker()
    task = asyncio.create_task(daemon._watchdog([worker], pace.clock()))  # type: ignore[list-item]
    await pace.until_paused(lambda pauses: len(pauses) >= 2)
    worker.alive = False
    before = len(told)
    assert before >= 2
    seen = len(pace.pauses)
    await pace.until_paused(lambda pauses: len(pauses) >= seen + 3)
    assert len(told) <= before + 1
    task.cancel()
