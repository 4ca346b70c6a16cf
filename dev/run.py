"""The demo: LNbits with this checkout, fixed prices and a printer, until Ctrl-C.

PORT (5000) and HOST (127.0.0.1) may be set. Everything it writes is under .demo/.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import demo
import seed
import staging
from demo import DemoError, Json
from lnbits_process import LnbitsProcess
from price_feed import DEMO_RATES, PriceFeed

HOST = os.environ.get("HOST") or "127.0.0.1"
START_SECONDS = 180
LOOK_SECONDS = 0.5
STOP_SECONDS = 10

PRINTER_TOML = """\
# Written by `make run`, anew every time.
state_dir = {state_dir}

[server]
url = {url}
restaurant = {restaurant}
token = {token}

[[printer]]
name = "kitchen"
uri = ["terminal:", {kitchen}]
stations = ["kitchen"]

[[printer]]
name = "bar"
uri = ["terminal:", {bar}]
stations = ["bar"]
"""

WELCOME = """
Big Jay's Bustaurant is open. This is a DEMO: play money, fixed prices.

  Guest menu    {url}/restaurant/m/{slug}
  Staff page    {url}/restaurant/   (log in first)
  LNbits        {url}/   user {owner[username]}, password {owner[password]}

  Pay as guest  `make demo-pay` pays the newest open order from the guest's wallet;
                `make demo-pay INVOICE=lnbc…` pays that invoice. Or log in to LNbits in
                a private window (user {guest[username]}, password {guest[password]}).
  See it all    `make demo-order` orders, pays and follows the ticket, step by step.

  Tickets appear below and in {tickets}
  LNbits' log: {log}
  Demo prices: {rates}
  Ctrl-C stops everything; the data stay until `make reset`.
"""


class Demo:
    """Its three parts, started in order and stopped in the opposite one."""

    def __init__(self, port: int, lock: int) -> None:
        self.feed = PriceFeed()
        self.lnbits = LnbitsProcess(environment(), port, demo.LNBITS_LOG, HOST)
        self.lnbits.inherits = [lock]
        self.lock = lock
        self.printer: subprocess.Popen[bytes] | None = None
        self.is_over = threading.Event()

    def run(self) -> None:
        """Start, then wait for a signal or for a part that ends. DemoError then."""
        is_first = not demo.STATE.exists()
        self.feed.start()
        self.start_lnbits()
        state = self.prepare()
        self.printer = start_printer(state)
        self.note_processes()
        welcome(state, is_first)
        while not self.is_over.wait(LOOK_SECONDS):
            self.check_parts()

    def start_lnbits(self) -> None:
        say("Starting LNbits …")
        deadline = time.monotonic() + START_SECONDS
        self.lnbits.launch()
        self.note_processes()
        while not self.lnbits.answers():
            self.check_parts()
            if self.is_over.wait(LOOK_SECONDS / 5):
                raise KeyboardInterrupt
            if time.monotonic() > deadline:
                raise DemoError(f"LNbits does not answer; its log: {demo.LNBITS_LOG}")

    def prepare(self) -> Json:
        """First install, prices, and on the first run the restaurant itself."""
        client = demo.Client(self.lnbits.url)
        admin = seed.first_install(client)
        seed.use_demo_prices(client, admin, self.feed.url)
        if demo.STATE.exists():
            state = demo.load_state()
        else:
            say("Opening the restaurant …")
            state = seed.seed(client, admin)
        state["url"] = self.lnbits.url
        demo.save_state(state)
        return state

    def note_processes(self) -> None:
        """For whoever must end them after this supervisor was killed outright."""
        parts = (self.lnbits.process, self.printer)
        groups = " ".join(f"-{part.pid}" for part in parts if part)
        demo.note_how_to_end(self.lock, f"kill {os.getpid()} {groups}")

    def check_parts(self) -> None:
        if self.lnbits.process and self.lnbits.process.poll() is not None:
            raise DemoError(f"LNbits ended by itself:\n{self.lnbits.log_end(2000)}")
        if self.printer and self.printer.poll() is not None:
            raise DemoError(f"printer-pi ended by itself ({self.printer.returncode}).")

    def stop(self) -> None:
        """End what runs; safe to call at any moment of the start."""
        if self.printer and self.printer.poll() is None:
            self.printer.terminate()
            try:
                self.printer.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.printer.kill()
        self.lnbits.stop()
        self.feed.stop()


def say(text: str) -> None:
    """Print, unless the terminal is gone: then there is still all to stop."""
    with suppress(OSError):
        print(text, flush=True)


def environment() -> dict[str, str]:
    """LNbits' settings for the demo: its own folder, a pretend node, no outside."""
    return {
        "LNBITS_DATA_FOLDER": str(demo.FOLDER / "data"),
        "LNBITS_EXTENSIONS_PATH": str(demo.FOLDER / "ext"),
        "LNBITS_BACKEND_WALLET_CLASS": "FakeWallet",
        "FAKE_WALLET_SECRET": "the demo's pretend node",
        "LNBITS_SITE_TITLE": "DEMO: play money",
        "LNBITS_ADMIN_UI": "true",
        "AUTH_HTTPS_ONLY": "false",
        "ENABLE_LOG_TO_FILE": "false",
        "LNBITS_EXTENSIONS_MANIFESTS": "[]",
        "LNBITS_WASM_EXTENSIONS_MANIFESTS": "[]",
        "LNBITS_AUDIT_ENABLED": "false",
    }


def start_printer(state: Json) -> subprocess.Popen[bytes]:
    """printer-pi from this checkout; its tickets go to this terminal and to files."""
    for station in seed.STATIONS:
        (demo.TICKETS / station).mkdir(parents=True, exist_ok=True)
    written = PRINTER_TOML.format(
        state_dir=_quoted(demo.FOLDER / "printer"),
        url=_quoted(state["url"]),
        restaurant=_quoted(state["restaurant_id"]),
        token=_quoted(state["printer_token"]),
        kitchen=_quoted(
            (demo.TICKETS / "kitchen").as_uri().replace("file:", "dir:", 1)
        ),
        bar=_quoted((demo.TICKETS / "bar").as_uri().replace("file:", "dir:", 1)),
    )
    demo.PRINTER_CONFIG.touch(mode=0o600)
    demo.PRINTER_CONFIG.write_text(written)
    command = [sys.executable, "-m", "printer_pi", "run"]
    command += ["--config", str(demo.PRINTER_CONFIG)]
    source = str(staging.REPO / "printer_pi/src")
    # A session of its own: Ctrl-C reaches it through us, after its last ticket.
    return subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": source},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _quoted(value: str | Path) -> str:
    """A TOML string; JSON's are a subset of them."""
    return json.dumps(str(value), ensure_ascii=False)


def welcome(state: Json, is_first: bool) -> None:
    rates = (f"1 {code} = {rate} sat" for code, rate in DEMO_RATES.items())
    text = WELCOME.format(
        url=state["url"], slug=state["slug"], owner=demo.OWNER, guest=demo.GUEST,
        tickets=demo.TICKETS, log=demo.LNBITS_LOG, rates=", ".join(rates),
    )  # fmt: skip
    say(text)
    if not is_first:
        say(
            "  The data of the last run are back. The pretend node forgets its\n"
            "  invoices when it stops, so orders left unpaid cannot be paid any more:\n"
            "  they end as canceled when their time is up.\n"
        )


def free_port() -> int:
    """The PORT to serve on. DemoError when it is none, or taken."""
    written = os.environ.get("PORT") or "5000"
    if not (written.isdecimal() and 0 < int(written) < 65536):
        raise DemoError("PORT must be a number, for example: make run PORT=5001")
    port = int(written)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise DemoError(
                f"Port {port} cannot be used ({error.strerror});"
                f" take another one: make run PORT={port + 1}"
            ) from error
    return port


def lay_out() -> None:
    """The demo's folder; what an interrupted first run left is thrown away."""
    if not demo.STATE.exists():
        shutil.rmtree(demo.FOLDER / "data", ignore_errors=True)
    staging.link_extension(demo.FOLDER / "ext/extensions")


def main() -> int:
    try:
        lock, port = demo.take_lock(), free_port()
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    lay_out()
    parts = Demo(port, lock)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: parts.is_over.set())
    code = 0
    try:
        parts.run()
    except KeyboardInterrupt:
        pass  # asked to stop while it was starting
    except DemoError as error:
        say(f"\n{error}")
        code = 1
    finally:
        say("\nStopping …")
        parts.stop()
    say("Everything has stopped.")
    return code


if __name__ == "__main__":
    sys.exit(main())
