"""Finds the rates a request is priced with, and keeps the last good ones.

Each currency's book is in memory and loaded from the database once; a new good
rate is stored at most every 30 s, since ten minutes of service is what it is for.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable

from ..adapters import rates as source
from ..core import limits
from ..core.errors import Unavailable
from ..core.money import is_lightning_unit
from ..crud import read, transaction
from ..features.rates import crud, rules
from ..features.rates.models import HOUSE, MARKET, KnownRate, RateBook, Rates
from ..features.restaurants.models import Profile

_books: dict[str, RateBook] = {}
_stored_at: dict[str, int] = {}
_look_again_at: dict[str, int] = {}
_locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)


async def rates_for(needed: Iterable[str], wished: Iterable[str], at: int) -> Rates:
    """Good rates for the currencies; Unavailable ``rate.unavailable`` without.

    ``wished`` currencies are left out when they have no rate (they only show
    totals). Lightning units need none.
    """
    required = {c for c in needed if not is_lightning_unit(c)}
    optional = {c for c in wished if not is_lightning_unit(c)} - required
    known: dict[str, KnownRate] = {}
    for currency in sorted(required | optional):
        rate = await good_rate(currency, at)
        if rate:
            known[currency] = rate
        elif currency in required:
            raise Unavailable(
                "rate.unavailable",
                f"There is no reliable exchange rate for {currency} right now. "
                "Please try again in a moment.",
                retry_after=20,
                currency=currency,
            )
    oldest = min((rate.at for rate in known.values()), default=None)
    return Rates({c: rate.rate for c, rate in known.items()}, oldest)


async def rates_of(
    profile: Profile, needed: Iterable[str], wished: Iterable[str], at: int
) -> Rates:
    """``rates_for`` with what the restaurant says about rates: its fixed ones win,
    its markup goes on the market's."""
    wanted, optional = set(needed), set(wished)
    fixed = {
        currency: rate
        for currency in wanted | optional
        if (rate := rules.house_rate(profile.house_rates, currency, at))
    }
    market = await rates_for(wanted - fixed.keys(), optional - fixed.keys(), at)
    percent = profile.rate_markup_percent
    found = {c: rules.marked_up(r, percent) for c, r in market.by_currency.items()}
    return Rates(
        by_currency={**found, **fixed},
        at=market.at if market.at is not None or not fixed else at,
        sources={**dict.fromkeys(found, MARKET), **dict.fromkeys(fixed, HOUSE)},
        markup_percent=percent,
    )


async def good_rate(currency: str, at: int) -> KnownRate | None:
    """Look at LNbits' pool and judge; the rate that serves now, if any.

    Guests who ask at once share one look, and nobody waits again for a source that
    was away or lied a moment ago.
    """
    async with _locks[currency]:
        book = await _book(currency)
        if at < _look_again_at.get(currency, 0):
            return rules.serving(book, at)
        rate = rules.read_rate(await source.look(currency))
        judged = rules.judge_look(book, rate, at)
        is_believed = judged.good is not None and judged.good.at == at
        if not is_believed:
            source.forget(currency)
            _look_again_at[currency] = at + rules.retry_ms(judged, rate, at)
        _books[currency] = judged
        await _store(currency, judged, at)
        return rules.serving(judged, at)


async def _book(currency: str) -> RateBook:
    if currency not in _books:
        async with read() as conn:
            _books[currency] = RateBook(good=await crud.load(conn, currency))
    return _books[currency]


async def _store(currency: str, book: RateBook, at: int) -> None:
    due = at - _stored_at.get(currency, 0) >= limits.RATE_REFRESH_MS
    if book.good and book.good.at == at and due:
        _stored_at[currency] = at
        async with transaction() as conn:
            await crud.save(conn, currency, book.good)


async def refresh_rates(at: int) -> int:
    """Look at the rate of every currency that a menu here uses; how many."""
    async with read() as conn:
        currencies = await crud.used_currencies(conn)
    fiat = [code for code in currencies if not is_lightning_unit(code)]
    for currency in fiat:
        await good_rate(currency, at)
    return len(fiat)


def served_rate(currency: str, at: int) -> KnownRate | None:
    """The rate that serves without looking again, for the lamp."""
    return rules.serving(_books.get(currency, RateBook()), at)
