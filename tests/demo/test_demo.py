"""The demo as a newcomer meets it: run, order, stop, run again, reset."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness import REPO, free_port

START_SECONDS = 240
STOP_SECONDS = 60


class Demo:
    """`dev/run.py` in a folder of its own; its output is collected in a file."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.log = home / "terminal.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        folder, port = str(self.home / "demo"), str(self.port)
        return {**os.environ, "DEMO_FOLDER": folder, "PORT": port}

    def start(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(REPO / "dev/run.py")],
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_SECONDS
        while "Ctrl-C stops everything" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def end(self, number: signal.Signals) -> int:
        """Send the signal and wait for the end; answers the exit code."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def command(self, script: str, *arguments: str) -> tuple[int, str]:
        """Run another of the demo's commands: (exit code, all it said)."""
        done = subprocess.run(
            [sys.executable, str(REPO / "dev" / script), *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    def is_free(self) -> bool:
        """Nothing is left: neither the lock nor the port is held."""
        code, said = self.command("reset.py", "--look")
        return code == 0 and "nothing runs" in said


@pytest.fixture
def demo(tmp_path):
    made = Demo(tmp_path)
    yield made
    if made.process and made.process.poll() is None:
        made.end(signal.SIGTERM)


def order_number(said: str) -> int:
    found = re.search(r"order (\d+) placed", said)
    assert found, said
    return int(found[1])


def test_a_newcomer_runs_orders_stops_and_finds_everything_again(demo):
    code, said = demo.command("demo_order.py")
    assert (code, said) == (1, "There is no demo yet: start `make run` beside it.\n")

    demo.start()
    code, said = demo.command("demo_order.py")
    assert code == 0, said
    assert "208.00 GTQ = 32997 sat" in said
    assert said.count("printed and acknowledged") == 2
    assert order_number(said) == 1
    tickets = [path.name for path in (demo.home / "demo/tickets").rglob("*.txt")]
    assert len(tickets) == 2
    assert "sin cebolla" in demo.log.read_text()
    code, said = demo.command("check_stock.py")
    assert (code, said[:15]) == (0, "Every figure is"), said
    code, said = demo.command("run.py")
    assert code == 1
    assert "already; end it: kill" in said

    assert demo.end(signal.SIGTERM) == 0
    assert demo.is_free()

    demo.start()
    assert "data of the last run are back" in demo.log.read_text()
    code, said = demo.command("demo_order.py")
    assert code == 0, said
    assert order_number(said) == 2
    assert demo.end(signal.SIGINT) == 0
    assert demo.is_free()

    assert demo.command("reset.py")[0] == 0
    assert not (demo.home / "demo").exists()
