"""A real LNbits for every file; a restaurant, a printer and a printer-pi a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fakeprinter import FakePrinter
from harness import eventually
from harness.http_gates import Proxy
from harness.inprocess import new_database
from harness.printing import Copy, Pi, PrintShop, copies, open_print_shop
from harness.server import Server

#: Until a machine with two processors and much to do has printed something.
SECONDS = 60


@dataclass
class Line:
    """From the guest's wallet to the paper: a shop, the proxy before its server, its
    printers and the printer-pi, which a test starts itself."""

    shop: PrintShop
    proxy: Proxy
    paper: dict[str, FakePrinter]
    pi: Pi

    @property
    def printer(self) -> FakePrinter:
        """The only one, or the first."""
        return next(iter(self.paper.values()))

    @property
    def copies(self) -> list[Copy]:
        """What lies before the first printer, as a cook reads it."""
        return copies(self.printer)

    async def queued(self, *stations: str) -> int:
        """The number of a new paid order whose tickets wait in the queue."""
        before = len(self.shop.jobs())
        number = self.shop.paid(*stations)
        await eventually(lambda: len(self.shop.jobs()) > before, SECONDS)
        return number

    async def until(self, *states: str) -> None:
        """Until the jobs stand so, oldest first."""
        await eventually(lambda: self.shop.states() == list(states), SECONDS, 0.1)

    async def on_paper(self, *expected: Copy) -> None:
        """Until just these copies lie there."""
        await eventually(lambda: self.copies == list(expected), SECONDS, 0.1)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(database_url=new_database()) as running:
        yield running


@pytest.fixture
def make_line(server: Server, tmp_path: Path) -> Iterator[Callable[..., Line]]:
    """Factory: `make_line("kitchen", "bar")`, with a printer for each station."""
    with ExitStack() as stack:

        def make(*stations: str, **settings: Any) -> Line:
            names = stations or ("kitchen",)
            shop = open_print_shop(server, names, **settings)
            paper = {name: stack.enter_context(FakePrinter()) for name in names}
            proxy = stack.enter_context(Proxy(server.url))
            uris = {name: printer.uri for name, printer in paper.items()}
            pi = Pi(tmp_path / "pi", proxy.url, shop, uris)
            stack.callback(_end, pi)
            return Line(shop, proxy, paper, pi)

        yield make


@pytest.fixture
def line(make_line: Callable[..., Line]) -> Line:
    return make_line()


def _end(pi: Pi) -> None:
    """Its log is shown when the test fails."""
    print(pi.log[-6000:])
    if pi.process:
        pi.kill()
