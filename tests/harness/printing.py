"""Printing from end to end: a restaurant on a real server, real printer-pi processes,
printers of our own."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from fakeprinter import FakePrinter, Ticket

from . import API, REPO
from .server import Server, ServerWallet

STOP_SECONDS = 60
DUPLICATE, BACKUP = "POSSIBLE DUPLICATE", "BACKUP OF"
_NUMBER = re.compile(r"#(\d+)\b")


def menu_of(stations: Iterable[str]) -> dict[str, Any]:
    """One item for each station, at 21 sat."""
    return {
        "categories": [
            {
                "name": f"From the {station}",
                "station": station,
                "items": [{"name": f"{station.title()} plate", "price": "21"}],
            }
            for station in stations
        ]
    }


@dataclass
class PrintShop:
    """A restaurant whose printers are `names`, each with a station of its name."""

    server: Server
    owner: ServerWallet
    guest: ServerWallet
    id: str
    items: dict[str, str]
    device_id: str
    token: str

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """By the owner; it must succeed."""
        key = {"Idempotency-Key": uuid.uuid4().hex}
        headers = {**self.owner.admin, **key}
        return self.server.call(method, API + path, headers, body)

    @property
    def as_device(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def pair_again(self, names: Iterable[str], render: str = "text") -> None:
        """A new device with these printers, each with a station of its name."""
        path = f"/restaurants/{self.id}"
        made = self.call("POST", f"{path}/devices", {"name": "Pi", "role": "printer"})
        self.device_id, self.token = made["id"], made["token"]
        status = {"printers": [{"name": name} for name in names]}
        url = f"{API}{path}/printers/status"
        self.server.call("POST", url, self.as_device, status)
        for name in names:
            layout = {"render": render}
            self.change_printer(name, stations=[name], layout=layout)

    # -- orders -------------------------------------------------------------------

    def place(self, *stations: str) -> Any:
        """A guest's order of one plate from each of these stations (all of them)."""
        chosen = stations or tuple(self.items)
        lines = [{"menu_item_id": self.items[s], "quantity": 1} for s in chosen]
        cart = {"restaurant_id": self.id, "items": lines}
        key = {"Idempotency-Key": uuid.uuid4().hex}
        return self.server.call("POST", f"{API}/orders", key, cart)

    def pay(self, placed: Any) -> int:
        """The guest pays by Lightning; the order's number."""
        self.server.pay(placed["invoice"]["payment_request"], self.guest)
        return int(placed["order"]["number"])

    def paid(self, *stations: str) -> int:
        """The number of a new order that is paid."""
        return self.pay(self.place(*stations))

    # -- printing -----------------------------------------------------------------

    def jobs(self) -> list[Any]:
        """Every print job, oldest first."""
        found: list[Any] = self.call(
            "GET", f"/restaurants/{self.id}/print_jobs?limit=500"
        )["data"]
        return found

    def states(self) -> list[str]:
        return [job["state"] for job in self.jobs()]

    def printers(self) -> dict[str, Any]:
        """By the name that the device gave them."""
        found = self.call("GET", f"/restaurants/{self.id}/printers")["data"]
        return {each["local_name"] or each["name"]: each for each in found}

    def change_printer(self, name: str, **changes: Any) -> Any:
        path = f"/printers/{self.printers()[name]['id']}"
        return self.call("PATCH", path, changes)

    def end_leases(self) -> None:
        """A minute passes for every lease."""
        self.age("lease_until = 1", "lease_until IS NOT NULL")

    def age(self, change: str, where: str, table: str = "print_jobs") -> None:
        """Change rows of this restaurant in the stored data, as time would."""
        query = (
            f"UPDATE restaurant.{table} SET {change} "
            f"WHERE restaurant_id = '{self.id}' AND {where}"
        )
        run_sql(self.server, query)

    def pass_pairings(self) -> None:
        """Ten minutes pass for every code of the server."""
        run_sql(self.server, "UPDATE restaurant.pairings SET expires_at = 1")


def run_sql(server: Server, query: str) -> None:
    """One statement on the server's own database, while it runs."""
    url = server.process.environment["LNBITS_DATABASE_URL"]
    if url:
        with ThreadPoolExecutor(1) as aside:  # this thread has a loop of its own
            aside.submit(asyncio.run, _run_on_postgres(url, query)).result()
        return
    file = server.home / "data/ext_restaurant.sqlite3"
    link = sqlite3.connect(":memory:", timeout=30, isolation_level=None)
    try:
        link.execute("ATTACH ? AS restaurant", [str(file)])
        link.execute(query)
    finally:
        link.close()


async def _run_on_postgres(url: str, query: str) -> None:
    asyncpg = import_module("asyncpg")  # what LNbits itself talks with
    link = await asyncpg.connect(url)
    try:
        await link.execute(query)
    finally:
        await link.close()


def open_print_shop(
    server: Server,
    stations: Iterable[str] = ("kitchen",),
    render: str = "text",
    **settings: Any,
) -> PrintShop:
    """A restaurant with a station for each name, and for each a printer of that name
    at one device. Letters (`render` "text") are what tests can read."""
    stations = tuple(stations)
    owner, guest = server.make_keys(), server.make_keys(1_000_000)
    body = {"name": "Taquería", "currency": "sat", "open_orders_max": 10_000,
            "open_orders_per_address_max": 10_000, **settings}  # fmt: skip
    rid = server.call("POST", f"{API}/restaurants", owner.admin, body)["id"]
    path = f"{API}/restaurants/{rid}"
    menu = server.call("PUT", f"{path}/menu", owner.admin, menu_of(stations))
    items = {
        station: category["items"][0]["id"]
        for station, category in zip(stations, menu["categories"], strict=True)
    }
    shop = PrintShop(server, owner, guest, rid, items, "", "")
    shop.pair_again(stations, render)
    return shop


# --- printer-pi ----------------------------------------------------------------


class Pi:
    """printer-pi as a process, with a configuration and a journal in `home`."""

    def __init__(
        self,
        home: Path,
        url: str,
        shop: PrintShop | None,
        printers: Mapping[str, Any],
    ) -> None:
        self.home = home
        self.config = home / "printer-pi.toml"
        self.log_file = home / "printer-pi.log"
        self.process: subprocess.Popen[bytes] | None = None
        home.mkdir(parents=True, exist_ok=True)
        self.config.touch(mode=0o600)
        self.log_file.touch()
        self.write(url, shop, printers)

    def write(
        self, url: str, shop: PrintShop | None, printers: Mapping[str, Any]
    ) -> None:
        """Its configuration, for when it is started next."""
        self.config.write_text(_toml(self.home, url, shop, printers))

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def start(self) -> Pi:
        assert self.process is None
        self.process = self.launch("run")
        return self

    def launch(self, *words: str) -> subprocess.Popen[bytes]:
        """The command with these words and this configuration."""
        command = [sys.executable, "-m", "printer_pi", *words]
        with self.log_file.open("ab") as log:
            return subprocess.Popen(
                [*command, "--config", str(self.config)],
                env={**os.environ, "PYTHONPATH": str(REPO / "printer_pi/src")},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """At once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """In good order; by force if that takes too long."""
        if self.process is None:
            return
        try:
            self._end(signal.SIGTERM)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def _end(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)
        self.process.wait(STOP_SECONDS)
        self.process = None

    def __enter__(self) -> Pi:
        return self.start()

    def __exit__(self, kind: object, *_: object) -> None:
        if kind:
            print(self.log[-6000:])
        if self.process:
            self.kill()


def _toml(
    home: Path, url: str, shop: PrintShop | None, printers: Mapping[str, Any]
) -> str:
    """TOML of a device's printers: an address each, or a table of settings. Without a
    shop it is not paired yet."""
    lines = [f"state_dir = {_quoted(home / 'state')}"]
    if shop:
        lines += [
            "[server]",
            f"url = {_quoted(url)}",
            f"restaurant = {_quoted(shop.id)}",
            f"token = {_quoted(shop.token)}",
        ]
    for name, given in printers.items():
        table = {"uri": given} if isinstance(given, str) else given
        lines += ["[[printer]]", f"name = {_quoted(name)}"]
        lines += [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    """A TOML string; JSON's are a subset of them."""
    return json.dumps(str(value), ensure_ascii=False)


# --- paper -----------------------------------------------------------------------


@dataclass(frozen=True)
class Copy:
    """A whole ticket of letters, as a cook reads it: its order's number, and whether
    it says that it may be the second one, or that it is another printer's."""

    number: int
    is_marked: bool = False
    is_backup: bool = False


def copies(printer: FakePrinter) -> list[Copy]:
    """The whole tickets on the printer's paper, oldest first."""
    return [copy_of(ticket) for ticket in printer.tickets if ticket.is_cut]


def copy_of(ticket: Ticket) -> Copy:
    found = _NUMBER.search(ticket.text)
    assert found, ticket.text
    text = " ".join(ticket.text.split())
    return Copy(int(found[1]), DUPLICATE in text, BACKUP in text)
