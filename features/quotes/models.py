"""What a quote promises, and the shape in which a guest gets it."""

from dataclasses import dataclass

from pydantic import BaseModel

from ..pricing.models import FrozenLine
from ..rates.models import Rates


@dataclass(frozen=True)
class Quote:
    """What a signed quote holds: a promise until ``expires_at``."""

    restaurant_id: str
    cart_hash: str
    lines: tuple[FrozenLine, ...]
    rates: Rates
    tax_inclusive: bool
    total_msat: int
    expires_at: int


class QuoteModifierView(BaseModel):
    modifier_id: str
    name: str
    quantity: int
    price_delta: str


class QuoteLineView(BaseModel):
    menu_item_id: str
    name: str
    quantity: int
    currency: str
    price: str
    unit_msat: int
    line_msat: int
    tax_rate: str
    modifiers: list[QuoteModifierView]


class QuoteView(BaseModel):
    """The answer to ``POST /orders/quote``; ``required_msat == total_msat``."""

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
    lines: list[QuoteLineView]
    rates: dict[str, str]
    rate_at: str | None
    tax_inclusive: bool
    quote_id: str
    expires_at: str
