"""A guest pays by card: which provider, over how much, and where they return to.

The card's number never comes near us: a guest types it in at the provider's page.
"""

import re

from ..adapters import cards
from ..adapters.cards import Charge, Checkout
from ..core import limits
from ..core.errors import invalid
from ..core.times import rfc3339_or_none
from ..features.orders.models import Order
from ..features.payments.models import CardState, Part, TakePayment
from ..features.restaurants.models import Restaurant
from ..models import PaymentMethod

#: A path and a query on this server; no fragment, which may hold a guest's token.
_PATH = re.compile(r"/(?!/)[A-Za-z0-9._~%!$&'()*+,;=:@/?-]*")


def card_states(restaurant: Restaurant, at: int) -> list[CardState]:
    """The providers that guests of this restaurant may be offered, and whether each
    answers just now."""
    currency = restaurant.currency
    is_taken = any(
        rule.method is PaymentMethod.CARD
        and (not rule.currencies or currency in rule.currencies)
        for rule in restaurant.accepted_payments
    )
    names = cards.providers_of(restaurant.user_id, currency) if is_taken else []
    return [_state(name, at) for name in names]


def _state(provider: str, at: int) -> CardState:
    until = cards.waits_until(provider, at)
    return CardState(
        provider=provider,
        is_available=until is None,
        again_at=rfc3339_or_none(until),
    )


async def open_checkout(
    restaurant: Restaurant, order: Order, part: Part, body: TakePayment, at: int
) -> Checkout:
    """A provider's page over this part of the order, for about a day.

    Refused ``card.unavailable``, ``card.refused``, ``field.invalid`` (return_to);
    Unavailable ``card.provider_away``.
    """
    path = _return_path(order, body.return_to)
    offered = cards.providers_of(restaurant.user_id, order.currency)
    provider = _choose(offered, body.provider, at)
    charge = Charge(
        provider=provider,
        currency=order.currency,
        amount_minor=part.amount_minor,
        return_url=cards.return_url(path),
    )
    return await cards.open_checkout(restaurant, charge, at)


def _choose(offered: list[str], wanted: str | None, at: int) -> str:
    """The provider that was asked for, or the first one that answers."""
    fitting = [name for name in offered if wanted in (None, name)]
    if not fitting:
        raise cards.unavailable()
    well = [name for name in fitting if cards.waits_until(name, at) is None]
    if not well:
        raise cards.away(fitting[0], at)
    return well[0]


def _return_path(order: Order, path: str | None) -> str:
    if path is None:
        return f"/restaurant/o/{order.id}"
    if len(path) > limits.URL_MAX or not _PATH.fullmatch(path):
        raise invalid(
            "return_to",
            "return_to must be a path on this server, such as /restaurant/m/my-place, "
            "without a fragment.",
        )
    return path
