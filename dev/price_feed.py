"""Fixed exchange rates for the demo and the tests. NOT a market price: DEMO ONLY.

Speaks the one call LNbits makes to a price aggregator, on this machine alone:
GET /rate/GTQ → {"rates": {"median": <price of one bitcoin in GTQ>}}. Nothing of the
extension knows it; LNbits is pointed at it by its own settings.
"""

from __future__ import annotations

import json
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

# Satoshi per unit of currency.
DEMO_RATES: dict[str, Decimal] = {
    "GTQ": Decimal("158.635"),
    "USD": Decimal("1225"),
    "EUR": Decimal("1320"),
    "CHF": Decimal("1390"),
    "GBP": Decimal("1550"),
}
SATS_PER_BTC = Decimal(100_000_000)


def price_of_one_bitcoin(sats_per_unit: Decimal) -> float:
    """The price LNbits expects, in units of the currency per bitcoin."""
    return float(SATS_PER_BTC / sats_per_unit)


class PriceFeed:
    """The feed as a thread; change `rates` while it runs, empty it to go silent."""

    def __init__(self, rates: dict[str, Decimal] | None = None, port: int = 0) -> None:
        self.rates = dict(DEMO_RATES if rates is None else rates)
        self.server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self.thread = Thread(target=self.server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def start(self) -> PriceFeed:
        self.thread.start()
        return self

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        feed = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                rate = feed.rates.get(self.path.rpartition("/")[2].upper())
                body = json.dumps(_answer(rate)).encode()
                self.send_response(200 if rate else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Stay quiet: LNbits' own log says what it asked."""

        return Handler


def _answer(rate: Decimal | None) -> dict[str, Any]:
    if rate is None:
        return {"detail": "no demo rate for this currency"}
    return {"demo": True, "rates": {"median": price_of_one_bitcoin(rate)}}
