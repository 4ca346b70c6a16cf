"""What the demo's commands share: its folder, its addresses, HTTP that must succeed."""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any

import httpx

from staging import REPO

FOLDER = Path(os.environ.get("DEMO_FOLDER") or REPO / ".demo")
STATE = FOLDER / "demo.json"
TICKETS = FOLDER / "tickets"
PRINTER_CONFIG = FOLDER / "printer-pi.toml"
LOCK = FOLDER / "running"
LNBITS_LOG = FOLDER / "lnbits.log"

API = "/restaurant/api/v1"
OWNER = {"username": "bigjay", "password": "bustaurant"}
GUEST = {"username": "guest", "password": "hungryguest"}
HTTP_SECONDS = 35
Json = dict[str, Any]


class DemoError(Exception):
    """Something a person should read: one sentence, with what to do."""


class Client:
    """HTTP to the demo's LNbits; an answer that is not a success raises DemoError."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=HTTP_SECONDS)

    def call(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: Any = None,
    ) -> Any:
        """The JSON body of the answer."""
        try:
            answer = self.http.request(method, path, headers=headers, json=body)
        except httpx.HTTPError as error:
            raise DemoError(
                f"The demo does not answer at {self.http.base_url} ({error});"
                " is `make run` running?"
            ) from error
        if not answer.is_success:
            raise DemoError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None


def take_lock() -> int:
    """Make this the only demo here; answers the lock's file descriptor.

    LNbits inherits it, so the lock holds for as long as anything writes to the data.
    DemoError with the command that ends the other one.
    """
    FOLDER.mkdir(exist_ok=True)
    lock = os.open(LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        ends = LOCK.read_text().strip()
        raise DemoError(f"The demo is running here already; end it: {ends}") from error
    note_how_to_end(lock, f"kill {os.getpid()}")
    return lock


def note_how_to_end(lock: int, command: str) -> None:
    """What a second `make run` tells its user."""
    os.ftruncate(lock, 0)
    os.pwrite(lock, command.encode(), 0)


def load_state() -> Json:
    """The seeded restaurant: ids, keys, address. DemoError before the first run."""
    if not STATE.exists():
        raise DemoError("There is no demo yet: start `make run` beside it.")
    state: Json = json.loads(STATE.read_text())
    return state


def save_state(state: Json) -> None:
    """Store it whole or not at all; it holds the demo's keys, so for us alone."""
    draft = STATE.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(state, indent=2))
    os.replace(draft, STATE)  # noqa: PTH105 atomic, unlike a copy


def pay_as_guest(client: Client, state: Json, bolt11: str) -> None:
    """Pay an invoice from the guest's wallet of play money."""
    headers = {"X-Api-Key": state["guest"]["adminkey"]}
    body = {"out": True, "bolt11": bolt11}
    client.call("POST", "/api/v1/payments", headers, body)


def running_client(state: Json) -> Client:
    return Client(state["url"])


class Stopwatch:
    """Prints each step with the milliseconds since the one before."""

    def __init__(self) -> None:
        self.begin = self.last = time.monotonic()

    def step(self, text: str) -> None:
        now = time.monotonic()
        print(f"{(now - self.last) * 1000:>7.0f} ms  {text}", flush=True)
        self.last = now

    def total(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.begin
