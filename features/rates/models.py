"""What is known of exchange rates. Rates are satoshi per unit of a currency."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class KnownRate:
    """A good rate: satoshi per unit, and when it was seen (milliseconds)."""

    rate: Decimal
    at: int


@dataclass(frozen=True)
class RateBook:
    """What is known of one currency: the last good rate and the looks since
    that disagree with it (oldest first)."""

    good: KnownRate | None = None
    suspects: tuple[KnownRate, ...] = ()


@dataclass(frozen=True)
class Rates:
    """The rates one request is priced with; ``at`` is the oldest one's time."""

    by_currency: dict[str, Decimal]
    at: int | None
