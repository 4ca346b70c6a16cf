"""One LNbits server as a child process: start, wait until it answers, end all of it.

`lnbits` is a parent that forks the process which serves; a SIGTERM to the parent
alone leaves the other serving. Both hold the writing end of a pipe here, so the pipe's
end of file says when the last one is gone, on any system.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

START_SECONDS = 180
STOP_SECONDS = 15


def lnbits_parent() -> Path:
    """The folder that holds the lnbits package: LNbits finds static/ from there."""
    spec = find_spec("lnbits")
    if spec is None or spec.origin is None:
        raise RuntimeError("lnbits is not installed in this Python")
    return Path(spec.origin).parents[1]


class LnbitsProcess:
    """LNbits on host:port with `environment` on top of ours, writing to `log`."""

    def __init__(
        self, environment: dict[str, str], port: int, log: Path, host: str = "127.0.0.1"
    ) -> None:
        self.environment = environment
        self.host = host
        self.port = port
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.lifeline = -1
        self.inherits: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it serves. RuntimeError with the log's end if not."""
        self.launch()
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self._ended() or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"LNbits did not start:\n{self.log_end()}")
            time.sleep(0.05)

    def launch(self) -> None:
        """Start without waiting. File descriptors in `inherits` stay open in it."""
        self.lifeline, theirs = os.pipe()
        command = [sys.executable, "-m", "lnbits.server"]
        command += ["--host", self.host, "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=lnbits_parent(),
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[theirs, *self.inherits],
                start_new_session=True,
            )
        os.close(theirs)

    def answers(self) -> bool:
        """Whether it serves HTTP now."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def stop(self) -> None:
        """End both processes in good order; by force after STOP_SECONDS."""
        if self.process is None:
            return
        self._signal(signal.SIGTERM)
        if not self._all_gone(STOP_SECONDS):
            self._signal(signal.SIGKILL)
            self._all_gone(STOP_SECONDS)
        self._forget()

    def kill(self) -> None:
        """End both at once, as a power cut would."""
        if self.process is None:
            return
        self._signal(signal.SIGKILL)
        self._all_gone(STOP_SECONDS)
        self._forget()

    def log_end(self, size: int = 4000) -> str:
        """The last `size` characters of the log."""
        return self.log.read_text(errors="replace")[-size:]

    def _signal(self, number: signal.Signals) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def _ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def _all_gone(self, seconds: float) -> bool:
        readable, _, _ = select.select([self.lifeline], [], [], seconds)
        return bool(readable)

    def _forget(self) -> None:
        if self.process:
            self.process.wait()
            os.close(self.lifeline)
        self.process = None
