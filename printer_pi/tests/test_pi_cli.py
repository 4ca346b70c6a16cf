"""The command line and systemd's side of it."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from pi_setup import FastTime
from printer_pi import __version__, cli, daemon, sdnotify
from printer_pi.journal import Journal
from printer_pi.tcp import TcpSink


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
    monkeypatch.setattr(TcpSink, "connect_seconds", 0.1)
    assert cli.main(["test", "--config", str(config_path)]) == cli.EXIT_FAILED
    told = capsys.readouterr()
    assert "│ Maíz ×2 — ¡sin cebolla!" in told.out
    assert "kitchen: test ticket sent to terminal:" in told.out
    assert told.err == "bar: 127.0.0.1:1 does not answer: Connection refused\n"
    assert "Printer: kitchen" in (tmp_path / "t" / "test-kitchen.txt").read_text(
        "utf-8"
    )


def test_status_before_and_after_the_first_ticket(
    config_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["status", "--config", str(config_path)]
    assert cli.main(command) == cli.EXIT_OK
    assert capsys.readouterr().out.startswith("nothing printed yet")
    journal = Journal(tmp_path / "state")
    journal.begin("j1", "kitchen", "42", "lease-secret", 1_000)
    journal.printed("j1", 2_000)
    journal.begin("j2", "kitchen", "43", "lease-secret", 3_000)
    journal.close()
    assert cli.main(command) == cli.EXIT_OK
    told = capsys.readouterr().out
    assert "kitchen: job j2 (order 43) printing 1970-01-01" in told
    assert "kitchen: 1 printed, not yet acknowledged" in told
    assert "bar: nothing printed yet" in told
    assert "printing now or in doubt: 1\n  kitchen: job j2" in told
    assert "lease-secret" not in told


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
