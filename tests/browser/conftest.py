"""One real server with fixed exchange rates, and Chromium to look at its pages.

Plain blocking Playwright: these tests see what a person sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from harness.browser import ARGUMENTS, chromium
from harness.server import Server
from price_feed import PriceFeed

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 860}
PATIENCE_MS = 60_000
#: Satoshi per unit.
RATES = {
    "GTQ": Decimal("158.635"),
    "EUR": Decimal("1320"),
    "JPY": Decimal("7.5"),
    "BHD": Decimal("3200"),
}

#: Chromium warns of what a slow machine has not used yet; that is no fault of a page.
SLOWLY = "preloaded using link preload but not used within a few seconds"


@pytest.fixture(scope="session")
def price_feed() -> Iterator[PriceFeed]:
    """The server's exchange rates; `price_feed.rates.clear()` makes it silent."""
    feed = PriceFeed(dict(RATES)).start()
    yield feed
    feed.stop()


@pytest.fixture(scope="session")
def server(price_feed: PriceFeed) -> Iterator[Server]:
    """One LNbits with the extension for all browser tests."""
    with Server(price_url=price_feed.url) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        launched = playwright.chromium.launch(
            executable_path=chromium(), args=list(ARGUMENTS)
        )
        yield launched
        launched.close()


@pytest.fixture
def problems() -> list[str]:
    """What the pages of this test complained about on their consoles."""
    return []


@pytest.fixture
def new_page(
    browser: Browser, server: Server, problems: list[str]
) -> Iterator[Callable[..., Page]]:
    """Factory of pages, each in a browser profile of its own.

    Keyword arguments are Playwright's context options; a phone unless told.
    """
    contexts = []

    def open_page(**options: Any) -> Page:
        here = {"locale": "en-GB", "timezone_id": "UTC", "base_url": server.url}
        context = browser.new_context(**{"viewport": PHONE, **here, **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: _note(problems, said.type, said.text))
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")
        context.close()


def _note(problems: list[str], kind: str, text: str) -> None:
    if kind in ("error", "warning") and SLOWLY not in text:
        problems.append(f"{kind}: {text}")


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A phone."""
    return new_page()


@pytest.fixture
def desktop(new_page: Callable[..., Page]) -> Page:
    """A computer at the counter."""
    return new_page(viewport=DESKTOP)
