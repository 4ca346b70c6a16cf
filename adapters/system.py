"""The clock and the dice. Doors read them once and pass the values down."""

import secrets
import time


def now() -> int:
    """Milliseconds since the Unix epoch."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """An opaque id, unique on every server: 128 random bits as 22 characters."""
    return secrets.token_urlsafe(16)


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def random_fraction() -> float:
    """A number in [0, 1) for jitter."""
    return secrets.randbelow(1_000_000) / 1_000_000
