"""Slow networks and hurried thumbs: what comes too late, and what comes twice."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import APIResponse, Page, Route

from browser.conftest import PATIENCE_MS

#: Two taps before the page can draw what the first one did.
TWICE = "button => { button.click(); button.click() }"
#: What an answer leads to has happened when two frames were drawn.
DRAWN = """() => new Promise(drawn =>
  requestAnimationFrame(() => requestAnimationFrame(drawn)))"""


class Late:
    """The server answers what is asked at an address; the page hears it later."""

    def __init__(self, page: Page, address: str, method: str = "GET"):
        self.page = page
        self.method = method
        self.waiting: list[tuple[Route, APIResponse]] = []
        self.is_over = False
        page.route(address, self._meet)

    def _meet(self, route: Route) -> None:
        if self.is_over or route.request.method != self.method:
            return route.fallback()
        self.waiting.append((route, route.fetch()))
        return None

    def asked(self, times: int = 1) -> None:
        """Wait until the server has answered so many questions."""
        self._wait(lambda: len(self.waiting) >= times)

    def says(self, word: str) -> None:
        """Wait until an answer with this word is on its way."""
        self._wait(lambda: any(word in answer.text() for _, answer in self.waiting))

    def says_no_more(self, word: str) -> None:
        """Wait until the last answer on its way is without this word."""
        self._wait(lambda: word not in self.waiting[-1][1].text())

    def _wait(self, is_there: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not is_there():
            assert time.monotonic() < deadline, f"asked {len(self.waiting)} times"
            self.page.evaluate(DRAWN)

    def arrive(self) -> None:
        """Let the answers arrive as they were asked for."""
        self.is_over = True
        for route, answer in self.waiting:
            route.fulfill(response=answer)

    def arrive_mixed_up(self) -> None:
        """Let them arrive one by one, that to the last question first, and wait for
        what each leads to."""
        self.is_over = True
        for route, answer in reversed(self.waiting):
            route.fulfill(response=answer)
            response = route.request.response()
            assert response
            response.finished()
            self.page.evaluate(DRAWN)
