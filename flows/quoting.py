"""What a cart costs, and a signed promise of it. Nothing is stored.

menu of the price list that holds → lines → discounts → bill, each by its own rules;
a quote freezes what the arithmetic began with, not what came out of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..adapters import rates as rate_source
from ..adapters import system
from ..core.errors import Conflict, Forbidden, Refused, RestaurantError
from ..core.money import price_text, round_half_up
from ..core.times import business_day, rfc3339, rfc3339_or_none
from ..crud import server_secret
from ..features.bills import rules as bills
from ..features.bills.models import (
    AmountsView,
    Bill,
    BilledLine,
    ChargeView,
    DiscountedView,
    LineDiscountView,
    TaxView,
    Terms,
)
from ..features.combos import rules as combo_rules
from ..features.combos.models import Combo
from ..features.discount_amounts import rules as discount_amounts
from ..features.discounts.models import Wanted
from ..features.menu.models import Menu
from ..features.opening.models import ClosedBy
from ..features.pricing import rules as pricing
from ..features.pricing.models import (
    Cart,
    ComboPartView,
    FrozenLine,
    Piece,
    PricedCart,
    PricedLine,
    Taxing,
)
from ..features.quotes import rules as quotes
from ..features.quotes.models import (
    Quote,
    QuoteLineView,
    QuoteModifierView,
    QuoteView,
)
from ..features.rates.models import Rates
from ..features.restaurants.models import Restaurant
from ..features.slots.models import Timing
from ..models import GUEST, Actor, OrderType, Role
from . import discounting
from .discounting import Asking
from .menus import Snapshot, menu_snapshot, zone_of
from .opening import check_open, wanted_at
from .rating import rates_of
from .scheduling import quick_timing


@dataclass(frozen=True)
class Placer:
    """Who asks for a price or places an order. Staff may order for cash, take
    something off and leave out tax; ``address`` is a guest's, for slowing guesses
    down."""

    actor: Actor = GUEST
    is_staff: bool = False
    methods: tuple[str, ...] = ()
    address: str | None = None


@dataclass(frozen=True)
class Offer:
    """What a cart's lines are priced from: a menu in one zone's prices."""

    snapshot: Snapshot
    menu: Menu
    zone: str | None
    price_list: str | None

    @property
    def restaurant(self) -> Restaurant:
        return self.snapshot.restaurant


@dataclass(frozen=True)
class Priced:
    """A priced cart, what it was priced from, and by which rules."""

    offer: Offer
    pieces: list[Piece]
    cart: PricedCart
    rates: Rates
    terms: Terms

    @property
    def snapshot(self) -> Snapshot:
        return self.offer.snapshot


async def quote_balance_required(
    cart: Cart, at: int, placer: Placer | None = None
) -> QuoteView:
    """The quote of a hypothetical cart: ``required_msat`` and how it comes about.

    Raises what ordering would: closed, unknown or sold-out lines, no rate, wrong
    codes, Forbidden ``discount.forbidden``.
    """
    pricing.check_cart(cart)
    placer = placer or Placer()
    snapshot = await open_snapshot(cart.restaurant_id, at)
    check_open(snapshot, cart, placer, pricing.pickup_time(cart), at)
    offer = await offer_for(cart, snapshot, at)
    priced = await _price_now(cart, offer, placer, at)
    before = await _old_quote(cart.quote_id)
    return await _view(cart, priced, placer, at, before)


async def price_for_order(
    cart: Cart, snapshot: Snapshot, placer: Placer, at: int
) -> Priced:
    """Price a cart that is being ordered, by its quote or by today's rate.

    Refused ``quote.invalid``, Conflict ``quote.expired`` or ``price.changed``,
    each with a fresh ``quote``.
    """
    offer = await offer_for(cart, snapshot, at)
    if cart.quote_id:
        return await _price_as_quoted(cart, offer, placer, at)
    priced = await _price_now(cart, offer, placer, at)
    limit = cart.max_total_msat
    if limit is not None and priced.cart.bill.msat.total > limit:
        raise Conflict(
            "price.changed",
            "The price went up since you looked. Please check the new total.",
            quote=(await _view(cart, priced, placer, at)).dict(),
        )
    return priced


async def open_snapshot(restaurant_id: str, at: int) -> Snapshot:
    """The menu of a restaurant that is switched on; ``check_open`` judges hours."""
    snapshot = await menu_snapshot(restaurant_id, at)
    if not snapshot.restaurant.is_open:
        raise closed()
    return snapshot


async def with_fresh_quote(
    error: Conflict, cart: Cart, placer: Placer, at: int
) -> Conflict:
    """The same error with a quote of what the cart costs without what is used up, if
    it can be had without."""
    try:
        snapshot = await open_snapshot(cart.restaurant_id, at)
        offer = await offer_for(cart, snapshot, at)
        before = await _old_quote(cart.quote_id)
        facts = await _fresh_facts(cart, offer, placer, at, before)
    except RestaurantError:
        return error
    return Conflict(error.code, error.detail, **{**error.facts, **facts})


def closed() -> Conflict:
    """The restaurant is switched off."""
    return Conflict(
        "restaurant.closed",
        "The restaurant is closed at the moment.",
        reason=ClosedBy.SWITCHED_OFF.value,
        opens_at=None,
    )


async def offer_for(cart: Cart, snapshot: Snapshot, at: int) -> Offer:
    """The menu at the prices that hold for this kind of order, table and time."""
    zone = await zone_of(snapshot, cart.table)
    chosen = snapshot.price_list(cart.order_type, zone, at)
    name = chosen.name if chosen else None
    return Offer(snapshot, snapshot.menu_for(chosen), zone, name)


# --- pricing -----------------------------------------------------------------------


async def _price_now(cart: Cart, offer: Offer, placer: Placer, at: int) -> Priced:
    pieces = pricing.pieces_of(cart, combos_of(offer, wanted_at(cart, at)))
    terms = await _terms(cart, offer, placer, at)
    needed = pricing.currencies_of(pieces, offer.menu)
    own = offer.restaurant.currency
    if bills.needs_currency(terms):
        needed |= {own}
    rates = await rates_of(offer.restaurant, needed, [own], at)
    return priced_by(cart, offer, pieces, terms, rates, at)


def combos_of(offer: Offer, at: int) -> dict[str, Combo]:
    """The combos that may be ordered for this moment."""
    timezone = offer.restaurant.timezone
    return {
        combo.id: combo
        for combo in offer.snapshot.offers.combos
        if combo_rules.offered(combo, offer.menu, at, timezone)
    }


async def _terms(cart: Cart, offer: Offer, placer: Placer, at: int) -> Terms:
    """The restaurant's rules for this cart, with the discounts that it gets."""
    restaurant = offer.restaurant
    _check_staff(cart, placer)
    wanted = await _wanted(cart, offer, placer, at)
    _check_till(wanted, placer, restaurant)
    return Terms(
        currency=restaurant.currency,
        order_type=cart.order_type,
        tax_inclusive=restaurant.tax_inclusive,
        tax_rounding=restaurant.tax_rounding,
        charges=bills.charges_of(restaurant, cart.order_type),
        discounts=tuple(wanted),
        exempt_reason=cart.tax_exempt.reason if cart.tax_exempt else None,
        covers=cart.covers,
        tip=bills.tip_of(cart.tip, cart.tip_msat, restaurant),
        minimum_minor=(
            0 if placer.is_staff else bills.minimum_of(restaurant, cart.order_type)
        ),
    )


async def _wanted(cart: Cart, offer: Offer, placer: Placer, at: int) -> list[Wanted]:
    restaurant = offer.restaurant
    discounts = offer.snapshot.offers.discounts
    if not (discounts or cart.codes or cart.discounts):
        return []
    who = Asking(
        await discounting.guest_hash(restaurant.id, cart.guest_id),
        business_day(at, restaurant.timezone, restaurant.day_starts_at),
        None if placer.is_staff else placer.address or "",
    )
    return await discounting.wanted_for(
        restaurant, offer.menu, offer.snapshot.offers, cart, who, at
    )


def _check_staff(cart: Cart, placer: Placer) -> None:
    """Staff alone take something off by hand or leave out tax."""
    if (cart.discounts or cart.tax_exempt) and not placer.is_staff:
        raise Forbidden(
            "discount.forbidden", "Only staff take something off a bill by hand."
        )


def _check_till(
    wanted: Iterable[Wanted], placer: Placer, restaurant: Restaurant
) -> None:
    """A till takes off no more than the owner lets it."""
    if placer.actor.role is Role.POS:
        bills.check_till(wanted, restaurant.till_discount_percent)


def priced_by(
    cart: Cart,
    offer: Offer,
    pieces: list[Piece],
    terms: Terms,
    rates: Rates,
    at: int,
    frozen: tuple[FrozenLine, ...] | None = None,
) -> Priced:
    """The arithmetic: the same pieces, terms and rates always cost the same."""
    restaurant, by_currency = offer.restaurant, rates.by_currency
    taxing = taxing_of(restaurant, cart.order_type)
    lines = pricing.price_lines(
        pieces, offer.menu, by_currency, taxing, wanted_at(cart, at), frozen
    )
    return summed_up(offer, pieces, lines, terms, rates)


def taxing_of(restaurant: Restaurant, order_type: OrderType) -> Taxing:
    """The tax rates of today for such an order."""
    return Taxing(order_type, restaurant.tax_rates, restaurant.tax_rate)


def summed_up(
    offer: Offer,
    pieces: list[Piece],
    lines: tuple[PricedLine, ...],
    terms: Terms,
    rates: Rates,
) -> Priced:
    """Lines that have their prices, with what they add up to."""
    currency = pricing.bill_currency(terms.currency, rates.by_currency)
    terms = replace(
        terms, currency=currency, invoice_limit_sat=rate_source.invoice_limit_sat()
    )
    bill = make_bill(lines, terms, rates)
    priced = PricedCart(lines, dict(rates.by_currency), rates.at, bill)
    return Priced(offer, pieces, priced, rates, terms)


def make_bill(lines: tuple[PricedLine, ...], terms: Terms, rates: Rates) -> Bill:
    """What these lines add up to, by these terms."""
    step = pricing.step_of(terms.currency, rates.by_currency)
    billed = pricing.bill_lines(lines)
    bundles = pricing.bundles_of(lines, rates.by_currency)
    lefts = discount_amounts.reduce(billed, bundles, terms.discounts, step)
    if terms.exempt_reason and terms.tax_inclusive:
        discount_amounts.exempt(lefts, terms.exempt_reason)
    return bills.make_bill(lefts.reduced(), terms, step)


# --- quotes ------------------------------------------------------------------------


async def _price_as_quoted(cart: Cart, offer: Offer, placer: Placer, at: int) -> Priced:
    quote = await _opened(cart, offer, placer, at)
    if not quotes.is_fresh(quote, at):
        raise Conflict(
            "quote.expired",
            "This quote has expired. Please check the new total.",
            **await _fresh_facts(cart, offer, placer, at, quote),
        )
    _check_staff(cart, placer)
    _check_till(quote.terms.discounts, placer, offer.restaurant)
    combos = {combo.id: combo for combo in offer.snapshot.offers.combos}
    pieces = pricing.pieces_of(cart, combos)
    # A party that grew since may owe a gratuity: then this is another total.
    terms = replace(quote.terms, covers=cart.covers)
    offer = replace(offer, price_list=quote.price_list)
    priced = priced_by(cart, offer, pieces, terms, quote.rates, at, quote.lines)
    if priced.cart.bill.msat.total != quote.total_msat:
        raise Refused(
            "quote.invalid",
            "This quote is for another order. Please check the new total.",
            **await _fresh_facts(cart, offer, placer, at, quote),
        )
    return priced


async def _opened(cart: Cart, offer: Offer, placer: Placer, at: int) -> Quote:
    quote = await _old_quote(cart.quote_id)
    where = (offer.restaurant.id, offer.zone)
    if quote and quotes.fits(quote, *where, cart, placer.is_staff):
        return quote
    raise Refused(
        "quote.invalid",
        "This quote is for another order. Please check the new total.",
        **await _fresh_facts(cart, offer, placer, at, quote),
    )


async def _old_quote(quote_id: str | None) -> Quote | None:
    """The quote that a cart came with, also an expired one; None when it is none of
    ours."""
    if not quote_id:
        return None
    secret = await server_secret(system.new_secret())
    try:
        return quotes.open_quote(quote_id, secret)
    except RestaurantError:
        return None


async def _fresh_facts(
    cart: Cart, offer: Offer, placer: Placer, at: int, before: Quote | None
) -> dict[str, Any]:
    priced = await _price_now(cart, offer, placer, at)
    return {"quote": (await _view(cart, priced, placer, at, before)).dict()}


async def _view(
    cart: Cart, priced: Priced, placer: Placer, at: int, before: Quote | None = None
) -> QuoteView:
    restaurant, result = priced.offer.restaurant, priced.cart
    bill, msat = result.bill, result.bill.msat
    expires_at = at + restaurant.quote_seconds * 1000
    ordered = {line.menu_item_id for line in result.lines}
    quote = Quote(
        restaurant_id=restaurant.id,
        cart_hash=quotes.cart_hash(cart),
        lines=pricing.freeze(priced.pieces, result.lines),
        rates=priced.rates,
        terms=quotes.narrowed(priced.terms, ordered),
        zone=priced.offer.zone,
        price_list=priced.offer.price_list,
        total_msat=msat.total,
        expires_at=expires_at,
        is_for_staff=placer.is_staff,
    )
    timing = await timing_for(cart, priced, placer, at)
    secret = await server_secret(system.new_secret())
    is_own = before is not None and before.restaurant_id == restaurant.id
    return QuoteView(
        required_msat=msat.total,
        subtotal_msat=msat.subtotal,
        discount_msat=msat.discount,
        service_msat=msat.service,
        tax_msat=msat.tax,
        tip_msat=msat.tip,
        rounding_msat=msat.rounding,
        total_msat=msat.total,
        currency=bill.currency,
        total=price_text(bill.minor.total, bill.currency),
        amounts=AmountsView.of(bill.minor, bill.currency),
        lines=[
            _line_view(line, billed, bill.currency)
            for line, billed in zip(result.lines, bill.lines, strict=True)
        ],
        discounts=[DiscountedView.of(d, bill.currency) for d in bill.discounts],
        charges=[ChargeView.of(c, bill.currency) for c in bill.charges],
        taxes=[TaxView.of(tax, bill.currency) for tax in bill.taxes],
        tax_exempt_reason=bill.exempt_reason,
        rates={code: f"{rate:f}" for code, rate in result.rates.items()},
        rate_at=rfc3339_or_none(result.rate_at),
        rate_sources=priced.rates.sources,
        rate_markup_percent=priced.rates.markup_percent,
        price_list=priced.offer.price_list,
        tax_inclusive=bill.tax_inclusive,
        quoted_minutes=timing.quoted_minutes,
        wanted_at=rfc3339_or_none(timing.wanted_at),
        is_busy=timing.is_busy,
        changes=(
            quotes.changes(before, quote, result.lines) if before and is_own else []
        ),
        quote_id=quotes.seal(quote, secret),
        expires_at=rfc3339(expires_at),
    )


async def timing_for(cart: Cart, priced: Priced, placer: Placer, at: int) -> Timing:
    """When such an order is ready as things stand; it is counted anew when it is
    stored. Raises what ``timing_of`` raises. Not for use inside a transaction."""
    items, value_minor = kitchen_amount(priced)
    return await quick_timing(
        priced.offer.restaurant,
        cart.order_type,
        pricing.pickup_time(cart),
        at,
        items=items,
        value_minor=value_minor,
        is_staff=placer.is_staff,
    )


def kitchen_amount(priced: Priced) -> tuple[int, int | None]:
    """How many items these are, and what they come to in the restaurant's currency;
    None for a bill in another one."""
    bill = priced.cart.bill
    is_own = bill.currency == priced.offer.restaurant.currency
    items = sum(line.quantity for line in priced.cart.lines)
    return items, bill.minor.total if is_own else None


def _line_view(line: PricedLine, billed: BilledLine, currency: str) -> QuoteLineView:
    line_msat = round_half_up(line.total)
    return QuoteLineView(
        line=line.number,
        menu_item_id=line.menu_item_id,
        name=line.name,
        quantity=line.quantity,
        currency=line.currency,
        price=price_text(line.price_minor, line.currency),
        unit_msat=round_half_up(line.unit),
        line_msat=line_msat,
        discount_msat=billed.discount_msat,
        net_msat=line_msat - billed.discount_msat,
        tax_rate=line.tax_rate,
        tax_msat=billed.tax_msat,
        combo=ComboPartView.of(line.combo),
        discounts=[LineDiscountView.of(each, currency) for each in billed.discounts],
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
