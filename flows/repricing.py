"""What an edited order costs, reckoned before its transaction. Nothing is stored.

Lines that stay, charges and taxes cost what they cost when the order was placed; what
is new has today's prices, and a rate of today only where the order has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..core import limits
from ..core.errors import Refused
from ..core.times import business_day
from ..features.amendments import rules
from ..features.amendments.models import EditOrder
from ..features.amendments.rules import Place
from ..features.bills import rules as bills
from ..features.bills.models import Terms, Tip, unpack_terms
from ..features.discounts.models import Limits, Trigger, Wanted
from ..features.discounts.rules import of_till, scheduled
from ..features.kitchen.rules import first_statuses
from ..features.orders.models import Order, OrderLine
from ..features.pricing import rules as pricing
from ..features.pricing.models import Cart, PricedLine
from ..features.rates.models import Rates
from ..features.resolutions.rules import compensation, is_one_for_one, least, worth
from ..features.stock.models import taken_by
from ..models import Actor, Role
from .discounting import Asking, wanted_for
from .menus import Snapshot
from .ordering import billed_columns, order_lines
from .quoting import (
    Offer,
    Priced,
    combos_of,
    offer_for,
    summed_up,
    taxing_of,
)
from .rating import rates_of


@dataclass(frozen=True)
class Asked:
    """A request to edit an order, checked as far as it goes without prices.

    ``cart`` has the new lines first; ``cart_places`` tells where its lines stand in
    ``places``.
    """

    edit: EditOrder
    before: Order
    places: list[Place]
    cart: Cart
    cart_places: list[int]
    actor: Actor
    at: int
    #: Lines that the new ones stand for: these cost no more than those did.
    instead_of: tuple[OrderLine, ...] = ()


def ask(
    order: Order,
    edit: EditOrder,
    actor: Actor,
    at: int,
    instead_of: tuple[OrderLine, ...] = (),
) -> Asked:
    """Read a request; Refused for wrong lines and texts."""
    places = rules.places_of(order, edit.items)
    cart, cart_places = rules.cart_of(order, edit, places)
    with rules.at_places(cart_places):
        pricing.check_cart(cart)
    return Asked(edit, order, places, cart, cart_places, actor, at, instead_of)


async def reprice(asked: Asked, snapshot: Snapshot) -> tuple[Terms, Order]:
    """By which terms the edited order is priced, and the order with its new lines and
    sums. Raises what a cart with these lines and discounts would."""
    order = asked.before
    offer = await offer_for(asked.cart, snapshot, asked.at)
    terms = await _terms(asked, offer)
    rates, lines = await _lines(asked, offer, terms)
    if asked.instead_of:
        terms = _still_given(offer, terms, rates, tuple(line for _, line in lines))
    kept = [line for line, _ in lines]
    priced = summed_up(offer, [], tuple(line for _, line in lines), terms, rates)
    if order.paid_at is not None and priced.cart.bill.msat.tip != order.tip_msat:
        # A tip that was paid stays what was given.
        terms = replace(terms, tip=Tip(msat=order.tip_msat))
        priced = summed_up(offer, [], priced.cart.lines, terms, rates)
    if asked.actor.role is Role.POS:
        _check_till(asked, priced)
    priced = _compensated(asked, priced, kept)
    columns = billed_columns(priced)
    columns["bill"] = replace(
        columns["bill"],
        price_list=_price_list(order, offer, kept),
        edited=order.bill.edited,
    )
    after = replace(order, **columns, lines=_same_lines(kept, order_lines(priced)))
    return priced.terms, after


def _still_given(
    offer: Offer, terms: Terms, rates: Rates, lines: tuple[PricedLine, ...]
) -> Terms:
    """The terms for what is left when something is sold out: that there is less is
    not the guest's doing, so no minimum counts, and a code that takes nothing off any
    more refuses nothing."""

    def takes(each: Wanted) -> bool:
        try:
            summed_up(offer, [], lines, replace(terms, discounts=(each,)), rates)
        except Refused:
            return False
        return True

    given = [replace(each, minimum_minor=0) for each in terms.discounts]
    stays = [each for each in given if each.trigger is not Trigger.CODE or takes(each)]
    return replace(terms, discounts=tuple(stays))


def _check_till(asked: Asked, priced: Priced) -> None:
    """Forbidden ``discount.till`` when a till's edit takes off more than a till may;
    it may give as many portions as are sold out instead of these."""
    order, missing = asked.before, asked.instead_of
    new = [place.new for place in asked.places if place.new]
    if missing and is_one_for_one(new, missing):
        return
    was, is_now = order.bill.discounts, priced.cart.bill.discounts
    most = priced.offer.restaurant.till_discount_percent
    bills.check_till_adds_nothing(priced.terms.discounts, was, is_now, most)
    if missing and priced.cart.bill.msat.total > order.total_msat:
        raise bills.beyond_till(most)


def _compensated(
    asked: Asked, priced: Priced, kept: Sequence[OrderLine | None]
) -> Priced:
    """What stands for something that is sold out costs the guest no more than that:
    as little is taken off it as brings the total back to what it was."""
    missing, was_msat = asked.instead_of, asked.before.total_msat
    if not missing or priced.cart.bill.msat.total <= was_msat:
        return priced
    step = pricing.step_of(priced.terms.currency, priced.rates.by_currency)
    lines = zip(kept, order_lines(priced), strict=True)
    left = worth([line for old, line in lines if old is None], step)

    def with_off(minor: int) -> Priced:
        discounts = (*priced.terms.discounts, *compensation(left, missing, minor))
        terms = replace(priced.terms, discounts=discounts)
        return summed_up(priced.offer, [], priced.cart.lines, terms, priced.rates)

    return with_off(
        least(
            lambda minor: with_off(minor).cart.bill.msat.total <= was_msat,
            sum(left.values()),
        )
    )


def _same_lines(
    kept: Sequence[OrderLine | None], lines: Sequence[OrderLine]
) -> tuple[OrderLine, ...]:
    """Lines that stay are the same ones still; what is new waits to be cooked, or
    for its course."""
    there = [line for line in kept if line]
    new = [line for old, line in zip(kept, lines, strict=True) if old is None]
    fresh = iter(first_statuses(new, there))
    return tuple(
        rules.continued(line, old) if old else next(fresh)
        for old, line in zip(kept, lines, strict=True)
    )


def _price_list(
    order: Order, offer: Offer, kept: Sequence[OrderLine | None]
) -> str | None:
    """The list that the lines' prices are from; the first one, when two were used."""
    has_new, has_kept = None in kept, any(kept)
    if has_new and (not has_kept or order.bill.price_list is None):
        return offer.price_list
    return order.bill.price_list


# --- lines -------------------------------------------------------------------------


async def _lines(
    asked: Asked, offer: Offer, terms: Terms
) -> tuple[Rates, list[tuple[OrderLine | None, PricedLine]]]:
    """The rates, and every line with its price; beside it the line that it was."""
    new = [place for place in asked.places if place.new]
    cart = asked.cart.copy(update={"items": [place.new for place in new]})
    with rules.at_places(asked.cart_places):
        wanted_at = max(asked.before.pickup_at or asked.at, asked.at)
        pieces = pricing.pieces_of(cart, combos_of(offer, wanted_at))
        currencies = pricing.currencies_of(pieces, offer.menu)
        rates = await _rates(asked, offer, terms, currencies)
        taxing = taxing_of(offer.restaurant, asked.before.order_type)
        fresh = pricing.price_lines(
            *(pieces, offer.menu, rates.by_currency, taxing, wanted_at),
            spare=_spare(asked),
        )
    numbers = [place.number for place in new]
    by_number: dict[int, list[PricedLine]] = {}
    for line in fresh:
        number = numbers[line.number]
        by_number.setdefault(number, []).append(rules.numbered(line, number))
    lines: list[tuple[OrderLine | None, PricedLine]] = []
    for place in asked.places:
        if place.kept:
            step = pricing.step_of(place.kept.currency, rates.by_currency)
            lines.append((place.kept, rules.kept_line(place.kept, step)))
        else:
            lines += [(None, line) for line in by_number[place.number]]
    if len(lines) > limits.PIECES_MAX:
        raise Refused("cart.lines", "This order is too long.", field="items")
    return rates, lines


def _spare(asked: Asked) -> dict[str, int]:
    """What the edit leaves free of what this order took or was promised."""
    order = asked.before
    if order.stock_taken_at is None and order.stock_reserved_at is None:
        return {}
    kept = [place.kept for place in asked.places if place.kept]
    gone = rules.spent(order, replace(order, lines=tuple(kept)))
    stays = taken_by([*kept, *gone])
    return {
        stock_id: max(0, quantity - stays.get(stock_id, 0))
        for stock_id, quantity in taken_by(order.lines).items()
    }


async def _rates(
    asked: Asked, offer: Offer, terms: Terms, currencies: set[str]
) -> Rates:
    """The order's own rates, and today's where it has none."""
    order = asked.before
    own = {code: Decimal(rate) for code, rate in order.rates.items()}
    needed = set(currencies)
    if bills.needs_currency(terms):
        needed.add(terms.currency)
    fresh = await rates_of(offer.restaurant, needed - own.keys(), [], asked.at)
    return Rates(
        by_currency={**fresh.by_currency, **own},
        at=order.rate_at if own else fresh.at,
        sources={**fresh.sources, **order.bill.rate_sources},
        markup_percent=(
            order.bill.rate_markup_percent if own else fresh.markup_percent
        ),
    )


# --- terms -------------------------------------------------------------------------


async def _terms(asked: Asked, offer: Offer) -> Terms:
    """The order's terms, with the discounts that the edit replaces."""
    edit, order = asked.edit, asked.before
    old = unpack_terms(order.bill.terms or {})
    found = await _wanted(asked, offer, old.currency)
    is_till = asked.actor.role is Role.POS
    found = of_till(found) if is_till else found
    terms = rules.terms_of(old, edit, asked.places, found, asked.cart.covers)
    if any(place.new for place in asked.places):
        holding = _holding(asked, offer)
        terms = replace(
            terms, discounts=rules.until_now(terms.discounts, order, holding)
        )
    if is_till and edit.discounts is not None:
        # What somebody else gave is not a till's; all that tills gave is.
        given = [wanted for wanted in terms.discounts if wanted.is_tills]
        bills.check_till(given, offer.restaurant.till_discount_percent)
    return terms


def _holding(asked: Asked, offer: Offer) -> set[str | None]:
    """The ids of the clock's discounts that hold now."""
    offers, zone = offer.snapshot.offers, offer.restaurant.timezone
    found = scheduled(offers.discounts, asked.before.order_type, asked.at, zone)
    return {discount.id for discount in found}


async def _wanted(asked: Asked, offer: Offer, currency: str) -> Sequence[Wanted]:
    """The codes and staff's discounts that are asked for, in the order's currency.

    Their limits are judged under the lock, where this order's own uses are known.
    """
    if asked.edit.codes is None and asked.edit.discounts is None:
        return []
    # Sums are told in what the bill is in, should the restaurant's have changed.
    restaurant = offer.restaurant.copy(update={"currency": currency})
    day = business_day(asked.at, restaurant.timezone, restaurant.day_starts_at)
    stored = [replace(d, limits=Limits()) for d in offer.snapshot.offers.discounts]
    # A discount names a place in the list that was sent.
    lines = [asked.cart.items[0]] * len(asked.places)
    cart = asked.cart.copy(update={"items": lines})
    who = Asking(None, day, None)
    offers = replace(offer.snapshot.offers, discounts=tuple(stored))
    return await wanted_for(restaurant, offer.menu, offers, cart, who, asked.at)
