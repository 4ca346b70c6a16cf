"""Sealing and opening quotes: ``<payload>.<HMAC-SHA256>``, both base64url.

The payload is deflated JSON with the frozen prices, rates and total, so the
server keeps nothing. The signature is checked before anything is unpacked.
"""

import json
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...core import ids, limits
from ...core.errors import Refused
from ...core.money import price_text
from ..bills.models import Terms, pack_terms, unpack_terms
from ..pricing.models import Cart, CartModifier, FrozenLine, PricedLine
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
        "f": quote.is_for_staff,
    }
    packed = ids.b64(zlib.compress(ids.canonical_json(payload).encode(), 6))
    return f"{packed}.{ids.b64(ids.sign(secret, _KIND, packed))}"


def narrowed(terms: Terms, ordered: Set[str]) -> Terms:
    """The terms as a quote keeps them: of very many items that discounts are for,
    those alone that are ``ordered``."""
    if sum(len(each.item_ids) for each in terms.discounts) <= limits.SCOPE_QUOTED_MAX:
        return terms
    discounts = (
        # One that is not ordered stands for none; empty would be all.
        replace(
            each, item_ids=each.item_ids & ordered or frozenset({min(each.item_ids)})
        )
        if each.item_ids
        else each
        for each in terms.discounts
    )
    return replace(terms, discounts=tuple(discounts))


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
        is_for_staff=payload["f"],
    )


def changes(old: Quote, new: Quote, lines: Sequence[PricedLine]) -> list[ChangeView]:
    """What the new quote has otherwise than the old one had it; ``lines`` are what
    the new one prices. Carts of other lines have no lines compared."""
    found: list[ChangeView] = []
    if len(old.lines) == len(new.lines):
        for line, was, now in zip(lines, old.lines, new.lines, strict=True):
            for change in _line_changes(line, was, now):
                if change not in found:  # the parts of a combo share its price
                    found.append(change)
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
    line: PricedLine, was: FrozenLine, now: FrozenLine
) -> list[ChangeView]:
    number, found = line.number, []
    compared = [("price", line.name, *(_price(each) for each in (was, now)))]
    if line.combo:
        compared.append(
            ("price", line.combo.name, *(_bundle_price(each) for each in (was, now)))
        )
    compared += [
        ("modifiers", line.name, *(_extras(each) for each in (was, now))),
        ("tax", line.name, was.tax_rate, now.tax_rate),
    ]
    for what, name, before, after in compared:
        if before != after:
            found.append(_change(what, number, name, before, after))
    return found


def _price(line: FrozenLine) -> str:
    return f"{price_text(line.price_minor, line.currency)} {line.currency}"


def _bundle_price(line: FrozenLine) -> str:
    return f"{price_text(line.bundle_minor or 0, line.currency)} {line.currency}"


def _extras(line: FrozenLine) -> str:
    return ", ".join(price_text(minor, line.currency) for minor in line.delta_minors)


def _change(
    what: str, line: int | None, name: str | None, before: str, after: str
) -> ChangeView:
    return ChangeView(what=what, line=line, name=name, before=before, after=after)


def fits(
    quote: Quote, restaurant_id: str, zone: str | None, cart: Cart, is_staff: bool
) -> bool:
    """Does the quote promise a price for this very cart, in this part of the house,
    to whoever shows it?"""
    is_here = (quote.restaurant_id, quote.zone) == (restaurant_id, zone)
    is_theirs = is_staff or not quote.is_for_staff
    return is_here and is_theirs and quote.cart_hash == cart_hash(cart)


def is_fresh(quote: Quote, at: int) -> bool:
    return at < quote.expires_at
