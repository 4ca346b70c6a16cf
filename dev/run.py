"""The demo: LNbits with this checkout, fixed prices and a printer, until Ctrl-C.

PORT (5000) and HOST (127.0.0.1) may be set. Everything it writes is under .demo/.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import demo
import seed
import staging
from demo import DemoError, Json
from lnbits_process import LnbitsProcess
from price_feed import DEMO_RATES, PriceFeed

HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = int(os.environ.get("PORT") or 5000)
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

    def __init__(self) -> None:
        self.feed = PriceFeed()
        self.lnbits = LnbitsProcess(environment(), PORT, demo.LNBITS_LOG, HOST)
        self.printer: subprocess.Popen[bytes] | None = None
        self.is_over = threading.Event()

    def run(self) -> None:
        """Start, then wait for a signal or for a part that ends. DemoError then."""
        is_first = not demo.STATE.exists()
        self.feed.start()
        self.start_lnbits()
        state = self.prepare()
        self.printer = start_printer(state)
        welcome(state, is_first)
        while not self.is_over.wait(LOOK_SECONDS):
            self.check_parts()

    def start_lnbits(self) -> None:
        print("Starting LNbits …", flush=True)
        self.lnbits.launch()
        while not self.lnbits.answers():
            self.check_parts()
            if self.is_over.wait(LOOK_SECONDS / 5):
                raise KeyboardInterrupt

    def prepare(self) -> Json:
        """First install, prices, and on the first run the restaurant itself."""
        client = demo.Client(self.lnbits.url)
        admin = seed.first_install(client)
        seed.use_demo_prices(client, admin, self.feed.url)
        if demo.STATE.exists():
            state = demo.load_state()
        else:
            print("Opening the restaurant …", flush=True)
            state = seed.seed(client, admin)
        state["url"] = self.lnbits.url
        demo.save_state(state)
        return state

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
    print(text, flush=True)
    if not is_first:
        print(
            "  The data of the last run are back. The pretend node forgets its\n"
            "  invoices when it stops, so orders left unpaid end as canceled.\n",
            flush=True,
        )


def check_port() -> None:
    """DemoError when something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError as error:
            raise DemoError(
                f"Port {PORT} cannot be used ({error.strerror});"
                f" take another one: make run PORT={PORT + 1}"
            ) from error


def main() -> int:
    try:
        check_port()
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    demo.FOLDER.mkdir(exist_ok=True)
    demo.PID_FILE.write_text(str(os.getpid()))
    staging.link_extension(demo.FOLDER / "ext/extensions")
    parts = Demo()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: parts.is_over.set())
    code = 0
    try:
        parts.run()
    except KeyboardInterrupt:
        pass
    except DemoError as error:
        print(f"\n{error}", file=sys.stderr)
        code = 1
    finally:
        print("\nStopping …", flush=True)
        parts.stop()
        demo.PID_FILE.unlink(missing_ok=True)
    print("Everything has stopped.", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
