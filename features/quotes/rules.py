"""Sealing and opening quotes: ``<payload>.<HMAC-SHA256>``, both base64url.

The payload is deflated JSON with the frozen prices, rates and total, so the
server keeps nothing. The signature is checked before anything is unpacked.
"""

import json
import zlib
from base64 import urlsafe_b64decode
from decimal import Decimal
from typing import Any

from ...core import ids
from ...core.errors import Refused
from ..pricing.models import Cart, FrozenLine
from ..rates.models import Rates
from .models import Quote

QUOTE_ID_MAX = 100_000
_KIND = "quote/1"


def cart_hash(cart: Cart) -> str:
    """What must not change between quote and order: items, tip, type, method."""
    items = [
        [
            line.menu_item_id,
            line.quantity,
            [[m.modifier_id, m.quantity] for m in line.modifiers],
        ]
        for line in cart.items
    ]
    facts = [items, cart.tip_msat, str(cart.order_type), str(cart.payment_method)]
    return ids.sha256_hex(ids.canonical_json(facts))


def seal(quote: Quote, secret: str) -> str:
    """The ``quote_id`` that stands for this quote."""
    payload = {
        "r": quote.restaurant_id,
        "c": quote.cart_hash,
        "l": [
            [line.currency, line.price_minor, list(line.delta_minors), line.tax_rate]
            for line in quote.lines
        ],
        "x": {code: f"{rate:f}" for code, rate in quote.rates.by_currency.items()},
        "a": quote.rates.at,
        "i": quote.tax_inclusive,
        "t": quote.total_msat,
        "e": quote.expires_at,
    }
    packed = ids.b64(zlib.compress(ids.canonical_json(payload).encode(), 6))
    return f"{packed}.{ids.b64(ids.sign(secret, _KIND, packed))}"


def open_quote(quote_id: str, secret: str) -> Quote:
    """The quote behind a ``quote_id``; Refused ``quote.invalid`` when forged."""
    packed, _, signature = quote_id.partition(".")
    genuine = (
        len(quote_id) <= QUOTE_ID_MAX
        and quote_id.isascii()
        and ids.same_text(signature, ids.b64(ids.sign(secret, _KIND, packed)))
    )
    if not genuine:
        raise Refused("quote.invalid", "This quote is not ours. Please ask again.")
    raw = urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    return _quote(json.loads(zlib.decompress(raw)))


def _quote(payload: dict[str, Any]) -> Quote:
    return Quote(
        restaurant_id=payload["r"],
        cart_hash=payload["c"],
        lines=tuple(
            FrozenLine(currency, price, tuple(deltas), tax_rate)
            for currency, price, deltas, tax_rate in payload["l"]
        ),
        rates=Rates({k: Decimal(v) for k, v in payload["x"].items()}, payload["a"]),
        tax_inclusive=payload["i"],
        total_msat=payload["t"],
        expires_at=payload["e"],
    )


def fits(quote: Quote, restaurant_id: str, cart: Cart) -> bool:
    """Does the quote promise a price for this very cart?"""
    return quote.restaurant_id == restaurant_id and quote.cart_hash == cart_hash(cart)


def is_fresh(quote: Quote, at: int) -> bool:
    return at < quote.expires_at
