"""Sealing and opening quotes: ``<payload>.<HMAC-SHA256>``, both base64url.

The payload is deflated JSON with the frozen prices, rates and total, so the
server keeps nothing. The signature is checked before anything is unpacked.
"""

import json
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ...core import ids
from ...core.errors import Refused
from ...core.money import price_text
from ..bills.models import pack_terms, unpack_terms
from ..pricing.models import Cart, CartModifier, FrozenLine
from ..rates.models import Rates
from .models import ChangeView, Quote

QUOTE_ID_MAX = 100_000
_KIND = "quote/2"


def cart_hash(cart: Cart) -> str:
    """What must not change between quote and order: items, tip, type, method, and
    what is taken off."""
    items = [
        [
            line.menu_item_id or line.combo_id,
            line.quantity,
            _modifiers(line.modifiers),
            [
                [c.menu_item_id, c.quantity, _modifiers(c.modifiers)]
                for c in line.choices
            ],
        ]
        for line in cart.items
    ]
    tip = cart.tip.dict() if cart.tip else cart.tip_msat
    exempt = cart.tax_exempt.reason if cart.tax_exempt else None
    facts = [
        *(items, tip, str(cart.order_type), str(cart.payment_method), cart.codes),
        *([each.dict() for each in cart.discounts], exempt),
    ]
    return ids.sha256_hex(json.dumps(facts, default=str, separators=(",", ":")))


def _modifiers(modifiers: Iterable[CartModifier]) -> list[list[Any]]:
    return [[m.modifier_id, m.quantity] for m in modifiers]


def seal(quote: Quote, secret: str) -> str:
    """The ``quote_id`` that stands for this quote."""
    rates = quote.rates
    payload = {
        "r": quote.restaurant_id,
        "c": quote.cart_hash,
        "l": [[*vars(line).values()] for line in quote.lines],
        "x": {code: f"{rate:f}" for code, rate in rates.by_currency.items()},
        "s": rates.sources,
        "m": rates.markup_percent,
        "a": rates.at,
        "b": pack_terms(quote.terms),
        "z": quote.zone,
        "p": quote.price_list,
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
    rates = {k: Decimal(v) for k, v in payload["x"].items()}
    return Quote(
        restaurant_id=payload["r"],
        cart_hash=payload["c"],
        lines=tuple(
            FrozenLine(currency, price, tuple(deltas), tax_rate, bundle)
            for currency, price, deltas, tax_rate, bundle in payload["l"]
        ),
        rates=Rates(rates, payload["a"], payload["s"], payload["m"]),
        terms=unpack_terms(payload["b"]),
        zone=payload["z"],
        price_list=payload["p"],
        total_msat=payload["t"],
        expires_at=payload["e"],
    )


def changes(old: Quote, new: Quote, names: Mapping[int, str]) -> list[ChangeView]:
    """What the new quote has otherwise than the old one had it; ``names`` are the
    names of the lines. Carts of other lines have only their totals compared."""
    found = []
    if len(old.lines) == len(new.lines):
        for line, (was, now) in enumerate(zip(old.lines, new.lines, strict=True)):
            found += _line_changes(line, names.get(line), was, now)
    for code, rate in new.rates.by_currency.items():
        before = old.rates.by_currency.get(code)
        if before is not None and before != rate:
            found.append(_change("rate", None, code, f"{before:f}", f"{rate:f}"))
    for what in ("discounts", "charges"):
        was_named = ", ".join(each.name for each in getattr(old.terms, what))
        now_named = ", ".join(each.name for each in getattr(new.terms, what))
        if getattr(old.terms, what) != getattr(new.terms, what):
            found.append(_change(what, None, None, was_named, now_named))
    if old.total_msat != new.total_msat:
        before_after = (str(old.total_msat), str(new.total_msat))
        found.append(_change("total", None, None, *before_after))
    return found


def _line_changes(
    line: int, name: str | None, was: FrozenLine, now: FrozenLine
) -> list[ChangeView]:
    found = []
    old_price = price_text(was.price_minor, was.currency) + f" {was.currency}"
    new_price = price_text(now.price_minor, now.currency) + f" {now.currency}"
    if old_price != new_price:
        found.append(_change("price", line, name, old_price, new_price))
    if was.delta_minors != now.delta_minors or was.bundle_minor != now.bundle_minor:
        extras = [_extras_text(each) for each in (was, now)]
        found.append(_change("modifiers", line, name, *extras))
    if was.tax_rate != now.tax_rate:
        found.append(_change("tax", line, name, was.tax_rate, now.tax_rate))
    return found


def _extras_text(line: FrozenLine) -> str:
    minors = [*line.delta_minors, *([line.bundle_minor] if line.bundle_minor else [])]
    return ", ".join(price_text(minor, line.currency) for minor in minors)


def _change(
    what: str, line: int | None, name: str | None, before: str, after: str
) -> ChangeView:
    return ChangeView(what=what, line=line, name=name, before=before, after=after)


def fits(quote: Quote, restaurant_id: str, zone: str | None, cart: Cart) -> bool:
    """Does the quote promise a price for this very cart, in this part of the house?"""
    is_here = (quote.restaurant_id, quote.zone) == (restaurant_id, zone)
    return is_here and quote.cart_hash == cart_hash(cart)


def is_fresh(quote: Quote, at: int) -> bool:
    return at < quote.expires_at
