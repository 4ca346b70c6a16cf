"""Time and chance: every moment, pause and random number the daemon uses."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

FIRST_BACKOFF_SECONDS = 1.0
MAX_BACKOFF_SECONDS = 30.0


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True)
class Clock:
    """The outside's time; tests hand in their own.

    `now_ms` is the time of day in milliseconds since the epoch, `monotonic` counts
    seconds, `uniform(a, b)` draws a number between both.
    """

    now_ms: Callable[[], int] = _now_ms
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    uniform: Callable[[float, float], float] = random.uniform


class Backoff:
    """Full jitter: a pause is drawn from 0 to a limit that doubles, from 1 s to
    `longest`."""

    def __init__(
        self,
        uniform: Callable[[float, float], float],
        longest: float = MAX_BACKOFF_SECONDS,
    ) -> None:
        self._uniform = uniform
        self._longest = longest
        self._limit = FIRST_BACKOFF_SECONDS

    def next(self) -> float:
        """The seconds to wait now; the limit of the next pause is twice as high."""
        seconds = self._uniform(0.0, self._limit)
        self._limit = min(self._limit * 2, self._longest)
        return seconds

    def reset(self) -> None:
        """Start again at one second: the last try went well."""
        self._limit = FIRST_BACKOFF_SECONDS
