"""Words of pricing: a cart as it is sent, a cart with prices, a quote."""

from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel, Field, StrictInt, StrictStr

from ...models import OrderType, PaymentMethod


class CartModifier(BaseModel):
    modifier_id: StrictStr
    quantity: StrictInt = 1


class CartLine(BaseModel):
    menu_item_id: StrictStr
    quantity: StrictInt
    note: StrictStr | None = None
    #: Who ate it; bills can be split by guest.
    guest: StrictStr | None = None
    modifiers: list[CartModifier] = Field(default_factory=list)


class Cart(BaseModel):
    """Body of ``POST /orders/quote`` and ``POST /orders``.

    Prices and totals in it are ignored: every line is priced by its ids.
    """

    restaurant_id: StrictStr
    order_type: OrderType = OrderType.PICKUP
    items: list[CartLine]
    tip_msat: StrictInt = 0
    payment_method: PaymentMethod = PaymentMethod.LIGHTNING
    customer_name: StrictStr | None = None
    table: StrictStr | None = None
    table_token: StrictStr | None = None
    covers: StrictInt | None = None
    note: StrictStr | None = None
    pickup_at: StrictStr | None = None
    quote_id: StrictStr | None = None
    max_total_msat: StrictInt | None = None
    #: A Lightning address or LNURL that refunds go to by themselves.
    refund_to: StrictStr | None = None


@dataclass(frozen=True)
class PricedModifier:
    """A chosen modifier; ``quantity`` per single item of the line."""

    modifier_id: str
    name: str
    quantity: int
    price_delta_minor: int


@dataclass(frozen=True)
class FrozenLine:
    """What a quote freezes of one line: prices in minor units, tax in percent.

    ``delta_minors`` stand in the order of the cart line's modifiers.
    """

    currency: str
    price_minor: int
    delta_minors: tuple[int, ...]
    tax_rate: str


@dataclass(frozen=True)
class Terms:
    """What a restaurant and its server say about every cart.

    ``tax_rate`` is the percentage of items without their own, ``currency`` the
    one that totals are shown in.
    """

    tax_rate: str
    tax_inclusive: bool
    currency: str
    invoice_limit_sat: int


@dataclass(frozen=True)
class PricedLine:
    """One line with exact amounts; ``unit`` and ``total`` in exact msat."""

    menu_item_id: str
    name: str
    quantity: int
    currency: str
    price_minor: int
    tax_rate: str
    note: str | None
    guest: str | None
    station: str
    is_counted: bool
    allergens: tuple[str, ...]
    modifiers: tuple[PricedModifier, ...]
    unit: Decimal
    total: Decimal


@dataclass(frozen=True)
class PricedCart:
    """A cart with everything it costs. The sum rule of the contract holds."""

    lines: tuple[PricedLine, ...]
    rates: dict[str, Decimal]
    rate_at: int | None
    tax_inclusive: bool
    currency: str
    subtotal_msat: int
    discount_msat: int
    service_msat: int
    tax_msat: int
    tip_msat: int
    rounding_msat: int
    total_msat: int
    total_minor: int
