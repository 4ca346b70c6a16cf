"""Paid → first byte at the printer, beside a bare claim, on one server in one run.

A real LNbits, a real printer-pi that waits by long poll, and a printer on loopback.
Absolute figures say something about the machine; the bare claim says how much.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPO / "tests"), str(REPO / "dev")]

from fakeprinter import FakePrinter, Ticket  # noqa: E402
from harness import API  # noqa: E402
from harness.printing import Pi, PrintShop, open_print_shop  # noqa: E402
from harness.server import Server  # noqa: E402

GOAL_MS = 300
WARM_UP = 5

Times = dict[str, list[float]]


def milliseconds(values: Iterable[float], percent: int) -> float:
    """That percentile of seconds, in milliseconds."""
    ordered = sorted(values)
    place = min(len(ordered) - 1, len(ordered) * percent // 100)
    return ordered[place] * 1000


def measure(shop: PrintShop, printer: FakePrinter, orders: int) -> Times:
    """Seconds of every order, after a few that nobody counts."""
    times: Times = {"asked to pay → byte": [], "paid → byte": [], "bare claim": []}
    wall_clock = time.time() - time.monotonic()
    for number in range(-WARM_UP, orders):
        claim = bare_claim(shop)
        placed = shop.place()
        before = len(printer.tickets)
        asked_at = time.monotonic()
        shop.pay(placed)
        byte_at = next_ticket(printer, before).begun_at
        if number < 0:
            continue
        order = shop.call("GET", f"/orders/{placed['order']['id']}")
        paid_at = datetime.fromisoformat(order["paid_at"].replace("Z", "+00:00"))
        times["asked to pay → byte"].append(byte_at - asked_at)
        times["paid → byte"].append(byte_at + wall_clock - paid_at.timestamp())
        times["bare claim"].append(claim)
    return times


def next_ticket(printer: FakePrinter, before: int) -> Ticket:
    """The one that comes after so many."""
    ticket: Ticket = printer.wait(lambda: printer.tickets[before:])[0]
    return ticket


def bare_claim(shop: PrintShop) -> float:
    """Seconds that a claim takes for which there is no job."""
    path = f"{API}/restaurants/{shop.id}/print_jobs/claim"
    body = {"printers": ["bench"], "stations": ["nowhere"], "wait": 0}
    began = time.monotonic()
    answer = shop.server.http.post(path, json=body, headers=shop.as_device)
    assert answer.status_code == 204, answer.text
    return time.monotonic() - began


def show(times: Times) -> None:
    print(f"  {'ms':24s} {'p50':>8s} {'p95':>8s} {'max':>8s}")
    for name, values in times.items():
        figures = [milliseconds(values, percent) for percent in (50, 95, 100)]
        print(f"  {name:24s}" + "".join(f" {value:8.1f}" for value in figures))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="restaurant-bench-") as home,
        Server() as server,
        FakePrinter() as printer,
    ):
        shop = open_print_shop(server, render="raster")
        with Pi(Path(home), server.url, shop, {"kitchen": printer.uri}):
            times = measure(shop, printer, options.orders)
    print(f"\n{options.orders} orders, paid by Lightning, printed as pictures")
    show(times)
    p95 = milliseconds(times["paid → byte"], 95)
    claims = p95 / milliseconds(times["bare claim"], 50)
    print(f"\n  paid → first byte, p95      {p95:6.1f} ms  goal {GOAL_MS}")
    print(f"  the same in bare claims     {claims:6.1f}")
    return 0 if p95 < GOAL_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
