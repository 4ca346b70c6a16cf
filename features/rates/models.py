"""What is known of exchange rates. Rates are satoshi per unit of a currency."""

from dataclasses import dataclass, field
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
    """The rates one request is priced with; ``at`` is the oldest one's time.

    ``sources`` tells ``market`` or ``house`` of each, ``markup_percent`` is what the
    restaurant put on the market's.
    """

    by_currency: dict[str, Decimal]
    at: int | None
    sources: dict[str, str] = field(default_factory=dict)
    markup_percent: str = "0"


MARKET = "market"
HOUSE = "house"
