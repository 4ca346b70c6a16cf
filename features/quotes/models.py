"""What a quote promises, and the shape in which a guest gets it."""

from dataclasses import dataclass

from ..bills.models import (
    AmountsView,
    ChargeView,
    DiscountedView,
    LineDiscountView,
    Shown,
    TaxView,
    Terms,
)
from ..pricing.models import ComboPartView, FrozenLine
from ..rates.models import Rates


@dataclass(frozen=True)
class Quote:
    """What a signed quote holds: a promise until ``expires_at``.

    ``zone`` is the part of the house whose prices were quoted, ``price_list`` the
    name of the list that they came from. Staff have no minimum to reach, so
    ``is_for_staff`` keeps theirs from guests.
    """

    restaurant_id: str
    cart_hash: str
    lines: tuple[FrozenLine, ...]
    rates: Rates
    terms: Terms
    zone: str | None
    price_list: str | None
    total_msat: int
    expires_at: int
    is_for_staff: bool = False


class QuoteModifierView(Shown):
    modifier_id: str
    name: str
    quantity: int
    price_delta: str


class QuoteLineView(Shown):
    """``line`` is the number of the cart's line; a combo has one of these for each
    of its choices. ``net_msat`` is what is left after the discounts."""

    line: int
    menu_item_id: str
    name: str
    quantity: int
    currency: str
    price: str
    unit_msat: int
    line_msat: int
    discount_msat: int
    net_msat: int
    tax_rate: str
    tax_msat: int
    combo: ComboPartView | None
    discounts: list[LineDiscountView]
    modifiers: list[QuoteModifierView]


class ChangeView(Shown):
    """What is not as it was quoted. ``what``: price, modifiers, tax, rate, discounts,
    charges or total; ``line`` is the cart's, where it is about one."""

    what: str
    line: int | None
    name: str | None
    before: str
    after: str


class QuoteView(Shown):
    """The answer to ``POST /orders/quote``; ``required_msat == total_msat``.

    ``amounts`` are the same sums in ``currency``. ``changes`` tells what differs
    from the quote that the cart came with. ``quoted_minutes`` is how long an order for
    now takes, null when nothing is promised or the guest chose a time; ``wanted_at`` is
    when it would be ready; ``is_busy``: it takes longer than usual.
    """

    required_msat: int
    subtotal_msat: int
    discount_msat: int
    service_msat: int
    tax_msat: int
    tip_msat: int
    rounding_msat: int
    total_msat: int
    currency: str
    total: str
    amounts: AmountsView
    lines: list[QuoteLineView]
    discounts: list[DiscountedView]
    charges: list[ChargeView]
    taxes: list[TaxView]
    tax_exempt_reason: str | None
    rates: dict[str, str]
    rate_at: str | None
    rate_sources: dict[str, str]
    rate_markup_percent: str
    price_list: str | None
    tax_inclusive: bool
    quoted_minutes: int | None
    wanted_at: str | None
    is_busy: bool
    changes: list[ChangeView]
    quote_id: str
    expires_at: str
