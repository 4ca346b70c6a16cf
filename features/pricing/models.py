"""Words of pricing: a cart as it is sent, a cart with prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr

from ...models import Number, OrderType, PaymentMethod
from ..bills.models import Bill, Shown
from ..discounts.models import StaffDiscount
from ..stock.models import Use


class CartModifier(BaseModel):
    modifier_id: StrictStr
    quantity: StrictInt = 1


class CartChoice(BaseModel):
    """An item chosen in a combo; ``quantity`` per single combo."""

    menu_item_id: StrictStr
    quantity: StrictInt = 1
    modifiers: list[CartModifier] = Field(default_factory=list)


class CartLine(BaseModel):
    """An item with its modifiers, or a combo (``combo_id``) with its choices."""

    menu_item_id: StrictStr | None = None
    combo_id: StrictStr | None = None
    quantity: StrictInt
    note: StrictStr | None = None
    #: Who ate it; bills can be split by guest.
    guest: StrictStr | None = None
    #: For staff: lines of a later course wait until it is fired.
    course: StrictInt | None = None
    modifiers: list[CartModifier] = Field(default_factory=list)
    choices: list[CartChoice] = Field(default_factory=list)


class TipWish(BaseModel):
    """A tip in the guest's words; one of the three. ``percent`` of the lines after
    discounts, ``amount`` in the restaurant's currency, ``round_up`` to the
    restaurant's ``tip_round_to``."""

    percent: Number | None = None
    amount: Number | None = None
    round_up: StrictBool = False


class TaxExemption(BaseModel):
    """No tax on this order, and why; for staff."""

    reason: StrictStr


class DeliveryWish(BaseModel):
    """Where a delivery goes, and whom to call."""

    address: StrictStr
    phone: StrictStr | None = None


class Cart(BaseModel):
    """Body of ``POST /orders/quote`` and ``POST /orders``.

    Prices and totals in it are ignored: every line is priced by its ids.
    """

    restaurant_id: StrictStr
    order_type: OrderType = OrderType.PICKUP
    items: list[CartLine]
    tip_msat: StrictInt = 0
    tip: TipWish | None = None
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
    #: Discount codes as the guest typed them.
    codes: list[StrictStr] = Field(default_factory=list)
    #: A random text that the guest's browser keeps, for limits per guest.
    guest_id: StrictStr | None = None
    #: For staff: what they take off, and why; an order without tax, and why.
    discounts: list[StaffDiscount] = Field(default_factory=list)
    tax_exempt: TaxExemption | None = None
    #: Which of the staff serves it.
    server_id: StrictStr | None = None
    #: Deliveries name their address.
    delivery: DeliveryWish | None = None
    #: Order now, pay at the end: for staff, and for tables where the owner allows it.
    tab: StrictBool = False


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

    ``delta_minors`` stand in the order of the cart line's modifiers,
    ``bundle_minor`` is the price of the combo that it is a part of.
    """

    currency: str
    price_minor: int
    delta_minors: tuple[int, ...]
    tax_rate: str
    bundle_minor: int | None = None


@dataclass(frozen=True)
class ComboPart:
    """The combo that a line is a part of. ``bundle`` is the number of the cart's
    line, ``bundle_minor`` what all its parts cost together, without modifiers,
    ``quantity`` how many of the combo there are."""

    combo_id: str
    name: str
    bundle: int
    bundle_minor: int
    quantity: int = 1


class ComboPartView(Shown):
    """The combo that a line is a part of, and how many of it there are; its parts
    have the same ``line``."""

    combo_id: str
    name: str
    line: int
    quantity: int

    @classmethod
    def of(cls, part: ComboPart | None) -> "ComboPartView | None":
        if part is None:
            return None
        return cls(
            combo_id=part.combo_id,
            name=part.name,
            line=part.bundle,
            quantity=part.quantity,
        )


@dataclass(frozen=True)
class Piece:
    """One thing to price: a line of the cart, or one choice of a combo in it.

    ``number`` is the number of the cart's line, ``currency`` the combo's.
    """

    number: int
    line: CartLine
    combo: ComboPart | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Taxing:
    """The restaurant's tax rates: by order type, else the one for all."""

    order_type: OrderType
    tax_rates: Mapping[OrderType, str]
    tax_rate: str

    @property
    def usual(self) -> str:
        """The percentage of what has none of its own."""
        return self.tax_rates.get(self.order_type) or self.tax_rate


@dataclass(frozen=True)
class PricedLine:
    """One line with exact amounts in msat, before discounts.

    ``own`` is one item without its modifiers, ``unit`` with them, ``total`` all of
    the line.
    """

    number: int
    menu_item_id: str
    name: str
    quantity: int
    currency: str
    price_minor: int
    tax_rate: str
    note: str | None
    guest: str | None
    station: str
    uses: tuple[Use, ...]
    allergens: tuple[str, ...]
    modifiers: tuple[PricedModifier, ...]
    combo: ComboPart | None
    own: Decimal
    unit: Decimal
    total: Decimal
    course: int | None = None


@dataclass(frozen=True)
class PricedCart:
    """A cart with everything it costs. The sum rule of the contract holds."""

    lines: tuple[PricedLine, ...]
    rates: dict[str, Decimal]
    rate_at: int | None
    bill: Bill
