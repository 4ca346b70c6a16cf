"""What a cart costs, and a signed promise of it. Nothing is stored."""

from dataclasses import dataclass
from typing import Any

from ..adapters import rates as rate_source
from ..adapters import system
from ..core.errors import Conflict, Refused, RestaurantError
from ..core.money import price_text, round_half_up
from ..core.times import rfc3339, rfc3339_or_none
from ..crud import server_secret
from ..features.pricing import rules as pricing
from ..features.pricing.models import Cart, FrozenLine, PricedCart, PricedLine, Terms
from ..features.quotes import rules as quotes
from ..features.quotes.models import (
    Quote,
    QuoteLineView,
    QuoteModifierView,
    QuoteView,
)
from ..features.rates.models import Rates
from ..features.restaurants.models import Restaurant
from .menus import Snapshot, menu_snapshot
from .rating import rates_for


@dataclass(frozen=True)
class Priced:
    """A priced cart and the menu it was priced from."""

    snapshot: Snapshot
    cart: PricedCart


async def quote_balance_required(cart: Cart, at: int) -> QuoteView:
    """The quote of a hypothetical cart: ``required_msat`` and how it comes about.

    Raises what ordering would: closed, unknown or sold-out lines, no rate.
    """
    pricing.check_cart(cart)
    snapshot = await open_snapshot(cart.restaurant_id, at)
    return await _fresh_quote(cart, snapshot, at)


async def price_for_order(cart: Cart, snapshot: Snapshot, at: int) -> Priced:
    """Price a cart that is being ordered, by its quote or by today's rate.

    Refused ``quote.invalid``, Conflict ``quote.expired`` or ``price.changed``,
    each with a fresh ``quote``.
    """
    if cart.quote_id:
        return await _price_as_quoted(cart, snapshot, at)
    priced = await _price_now(cart, snapshot, at)
    limit = cart.max_total_msat
    if limit is not None and priced.cart.total_msat > limit:
        raise Conflict(
            "price.changed",
            "The price went up since you looked. Please check the new total.",
            quote=(await _view(cart, priced, at)).dict(),
        )
    return priced


async def open_snapshot(restaurant_id: str, at: int) -> Snapshot:
    """The menu of a restaurant that takes orders now."""
    snapshot = await menu_snapshot(restaurant_id, at)
    if not snapshot.restaurant.is_open:
        raise closed()
    return snapshot


def closed() -> Conflict:
    return Conflict("restaurant.closed", "The restaurant is closed at the moment.")


async def _fresh_quote(cart: Cart, snapshot: Snapshot, at: int) -> QuoteView:
    return await _view(cart, await _price_now(cart, snapshot, at), at)


async def _price_now(cart: Cart, snapshot: Snapshot, at: int) -> Priced:
    restaurant, menu = snapshot.restaurant, snapshot.menu
    needed = pricing.currencies_of(cart, menu)
    rates = await rates_for(needed, [restaurant.currency], at)
    return _price(cart, snapshot, rates, restaurant.tax_inclusive, at)


async def _price_as_quoted(cart: Cart, snapshot: Snapshot, at: int) -> Priced:
    quote = await _opened(cart, snapshot, at)
    if not quotes.is_fresh(quote, at):
        raise Conflict(
            "quote.expired",
            "This quote has expired. Please check the new total.",
            **await _fresh_facts(cart, snapshot, at),
        )
    priced = _price(
        cart, snapshot, quote.rates, quote.tax_inclusive, at, frozen=quote.lines
    )
    if priced.cart.total_msat != quote.total_msat:
        raise Refused(
            "quote.invalid",
            "This quote is for another order. Please check the new total.",
            **await _fresh_facts(cart, snapshot, at),
        )
    return priced


async def _opened(cart: Cart, snapshot: Snapshot, at: int) -> Quote:
    secret = await server_secret(system.new_secret())
    try:
        quote = quotes.open_quote(cart.quote_id or "", secret)
        if quotes.fits(quote, snapshot.restaurant.id, cart):
            return quote
    except RestaurantError:
        pass
    raise Refused(
        "quote.invalid",
        "This quote is for another order. Please check the new total.",
        **await _fresh_facts(cart, snapshot, at),
    )


def _price(
    cart: Cart,
    snapshot: Snapshot,
    rates: Rates,
    tax_inclusive: bool,
    at: int,
    frozen: tuple[FrozenLine, ...] | None = None,
) -> Priced:
    restaurant: Restaurant = snapshot.restaurant
    terms = Terms(
        tax_rate=restaurant.tax_rate,
        tax_inclusive=tax_inclusive,
        currency=restaurant.currency,
        invoice_limit_sat=rate_source.invoice_limit_sat(),
    )
    priced = pricing.price_cart(cart, snapshot.menu, rates, terms, at, frozen)
    return Priced(snapshot, priced)


async def _fresh_facts(cart: Cart, snapshot: Snapshot, at: int) -> dict[str, Any]:
    return {"quote": (await _fresh_quote(cart, snapshot, at)).dict()}


async def _view(cart: Cart, priced: Priced, at: int) -> QuoteView:
    restaurant, result = priced.snapshot.restaurant, priced.cart
    expires_at = at + restaurant.quote_seconds * 1000
    quote = Quote(
        restaurant_id=restaurant.id,
        cart_hash=quotes.cart_hash(cart),
        lines=pricing.freeze(cart, result),
        rates=Rates(result.rates, result.rate_at),
        tax_inclusive=result.tax_inclusive,
        total_msat=result.total_msat,
        expires_at=expires_at,
    )
    secret = await server_secret(system.new_secret())
    return QuoteView(
        required_msat=result.total_msat,
        subtotal_msat=result.subtotal_msat,
        discount_msat=result.discount_msat,
        service_msat=result.service_msat,
        tax_msat=result.tax_msat,
        tip_msat=result.tip_msat,
        rounding_msat=result.rounding_msat,
        total_msat=result.total_msat,
        currency=result.currency,
        total=price_text(result.total_minor, result.currency),
        lines=[_line_view(line) for line in result.lines],
        rates={code: f"{rate:f}" for code, rate in result.rates.items()},
        rate_at=rfc3339_or_none(result.rate_at),
        tax_inclusive=result.tax_inclusive,
        quote_id=quotes.seal(quote, secret),
        expires_at=rfc3339(expires_at),
    )


def _line_view(line: PricedLine) -> QuoteLineView:
    return QuoteLineView(
        menu_item_id=line.menu_item_id,
        name=line.name,
        quantity=line.quantity,
        currency=line.currency,
        price=price_text(line.price_minor, line.currency),
        unit_msat=round_half_up(line.unit),
        line_msat=round_half_up(line.total),
        tax_rate=line.tax_rate,
        modifiers=[
            QuoteModifierView(
                modifier_id=modifier.modifier_id,
                name=modifier.name,
                quantity=modifier.quantity,
                price_delta=price_text(modifier.price_delta_minor, line.currency),
            )
            for modifier in line.modifiers
        ],
    )
