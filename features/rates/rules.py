"""Which exchange rate is good. Pure: looks and their times are arguments.

A look is good when it is finite and positive and
- there is no good rate yet, or
- it is within ± 20 % of the last good rate, or
- it is the third look, each at least 20 s after the one before, that agrees
  within 2 % (a real jump).
The last good rate serves for 10 minutes after it was seen.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from ...core import limits
from ...core.money import EXACT, percent_of, round_digits
from ...core.times import parse_rfc3339
from ..restaurants.models import HouseRate
from .models import KnownRate, RateBook

_BPS = 10_000


def read_rate(raw: Any) -> Decimal | None:
    """Satoshi per unit as the source says, to 12 digits half-even, or None.

    None for what no market says: zero, negative, NaN, infinite, not a number.
    """
    try:
        rate = Decimal(str(raw))
    except InvalidOperation:
        return None
    if not rate.is_finite() or rate <= 0:
        return None
    return round_digits(rate, limits.RATE_DIGITS)


def judge_look(book: RateBook, rate: Decimal | None, at: int) -> RateBook:
    """The book after looking at the source: a new good rate, or a suspect more."""
    if rate is None:
        return book
    if book.good is None or _within(rate, book.good.rate, limits.RATE_BAND_BPS):
        return RateBook(good=KnownRate(rate, at))
    suspects = _agreeing(book.suspects, rate)
    if suspects and at - suspects[-1].at < limits.RATE_LOOK_GAP_MS:
        return book
    suspects = (*suspects, KnownRate(rate, at))
    if len(suspects) >= limits.RATE_JUMP_LOOKS:
        return RateBook(good=suspects[-1])
    return replace(book, suspects=suspects)


def serving(book: RateBook, at: int) -> KnownRate | None:
    """The good rate that may be charged now, or None when it is too old."""
    if book.good and at - book.good.at <= limits.RATE_SERVES_MS:
        return book.good
    return None


def retry_ms(book: RateBook, rate: Decimal | None, at: int) -> int:
    """How long to leave the source alone after a look that was not believed."""
    if rate is not None:
        return limits.RATE_LOOK_GAP_MS
    is_served = serving(book, at) is not None
    return limits.RATE_RETRY_SERVED_MS if is_served else limits.RATE_RETRY_MS


def house_rate(rates: Iterable[HouseRate], currency: str, at: int) -> Decimal | None:
    """The restaurant's fixed rate of this moment, if it has one."""
    for each in rates:
        starts = parse_rfc3339(each.starts_at) if each.starts_at else at
        ends = parse_rfc3339(each.ends_at) if each.ends_at else at + 1
        if each.currency == currency and starts <= at < ends:
            return Decimal(str(each.rate))
    return None


def marked_up(rate: Decimal, percent: str) -> Decimal:
    """The market's rate with the restaurant's markup, rounded as every rate is."""
    return round_digits(EXACT.add(rate, percent_of(rate, percent)), limits.RATE_DIGITS)


def _within(rate: Decimal, reference: Decimal, bps: int) -> bool:
    return abs(rate - reference) * _BPS <= reference * bps


def _agreeing(suspects: tuple[KnownRate, ...], rate: Decimal) -> tuple[KnownRate, ...]:
    """The suspects, if all of them agree with this look; else start anew."""
    if all(_within(rate, s.rate, limits.RATE_JUMP_BPS) for s in suspects):
        return suspects
    return ()
