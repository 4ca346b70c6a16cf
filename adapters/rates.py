"""LNbits' own pool of exchange rates. One look-up per currency and request."""

import asyncio

from lnbits.settings import settings
from lnbits.utils.cache import cache
from lnbits.utils.exchange_rates import allowed_currencies, get_fiat_rate_satoshis
from loguru import logger

from ..core import limits


async def look(currency: str) -> float | None:
    """Satoshi per unit as LNbits says now, unjudged; None when it is away."""
    try:
        return await asyncio.wait_for(
            get_fiat_rate_satoshis(currency), limits.RATE_TIMEOUT_SECONDS
        )
    except Exception as error:  # any failure of the source means: no look
        logger.warning(f"restaurant: no rate for {currency}: {error!r}")
        return None


def forget(currency: str) -> None:
    """Drop LNbits' cached price, so that the next look is a new one."""
    cache.pop(f"btc-price-{currency}")


def allowed() -> frozenset[str]:
    """The fiat codes that this LNbits lets people use."""
    return frozenset(code.upper() for code in allowed_currencies())


def invoice_limit_sat() -> int:
    """The largest invoice this server issues."""
    return int(settings.lnbits_max_incoming_payment_amount_sats)
