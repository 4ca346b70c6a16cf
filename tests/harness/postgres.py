"""A throw-away PostgreSQL: its own cluster in a temporary folder, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

from harness import free_port
from harness.environment import new_folder

START_SECONDS = 90


def find_binary(name: str) -> Path:
    """The newest PostgreSQL's `name`: Debian hides the server's tools from PATH."""
    places = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: int(path.parents[1].name),
    )
    on_path = shutil.which(name)
    if places:
        return places[-1]
    if on_path:
        return Path(on_path)
    raise RuntimeError(f"{name} not found: apt-get install postgresql")


class Postgres:
    """One cluster on a free port of 127.0.0.1; `start()`, `database()`, `stop()`."""

    def __init__(self) -> None:
        self.folder = new_folder("restaurant-pg-")
        self.port = free_port()
        # The server refuses to run as root; there Debian's own user lends a hand.
        self.user = "postgres" if os.geteuid() == 0 else None
        self.process: subprocess.Popen[bytes] | None = None
        self.count = 0

    def start(self) -> Postgres:
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        cluster = self.folder / "cluster"
        made = self._run(
            "initdb", "-D", cluster, "-U", "restaurant", "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-sync",
        )  # fmt: skip
        made.check_returncode()
        with (self.folder / "log").open("wb") as log:
            # fsync off: a power cut is not among the crashes the tests play.
            self.process = subprocess.Popen(
                [
                    find_binary("postgres"), "-D", cluster, "-p", str(self.port),
                    "-h", "127.0.0.1", "-k", self.folder, "-F",
                    "-c", "max_connections=200",
                ],
                cwd=self.folder, user=self.user, group=self.user, stdout=log,
                stderr=log, start_new_session=True,
                extra_groups=[] if self.user else None,
            )  # fmt: skip
        self._wait_until_it_answers()
        return self

    def database(self) -> str:
        """Make a new empty database and answer its URL (postgres://…)."""
        self.count += 1
        name = f"test_{self.count}"
        made = self._run("createdb", *self._address(), name)
        made.check_returncode()
        return f"postgres://restaurant@127.0.0.1:{self.port}/{name}"

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _address(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "restaurant"]

    def _run(
        self, name: str, *arguments: str | Path
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [find_binary(name), *arguments],
            cwd=self.folder,
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user else None,
            capture_output=True,
            text=True,
        )

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self._run("pg_isready", *self._address()).returncode != 0:
            if time.monotonic() > deadline:
                log = (self.folder / "log").read_text(errors="replace")
                self.stop()
                raise RuntimeError(f"PostgreSQL did not start: {log[-2000:]}")
            time.sleep(0.05)
