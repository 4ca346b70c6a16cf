"""What an order is, and the shapes in which it leaves the server.

Times are milliseconds; ``…_msat`` Lightning amounts; ``…_minor`` minor units of
the currency beside them.
"""

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, StrictStr

from ...models import Flag, OrderStatus, OrderType, PaymentMethod, Word
from ..amendments.models import EditedView
from ..bills.models import (
    AmountsView,
    ChargeView,
    DiscountedView,
    KeptBill,
    LineDiscount,
    LineDiscountView,
    TaxView,
)
from ..payments.models import PaymentView
from ..pricing.models import ComboPart, ComboPartView
from ..refunds.models import RefundView
from ..stock.models import Use


@dataclass(frozen=True)
class LineModifier:
    """A chosen modifier as it was when the order was placed."""

    modifier_id: str
    name: str
    quantity: int
    price_delta_minor: int


class LineStatus(Word):
    """How far a line is in the kitchen. ``held``: its course is not wanted yet."""

    HELD = "held"
    WAITING = "waiting"
    COOKING = "cooking"
    DONE = "done"


@dataclass(frozen=True)
class Delivery:
    """Where a delivery goes, in the guest's words, and whom to call."""

    address: str
    phone: str | None = None


@dataclass(frozen=True)
class OrderLine:
    """One line as it was when the order was placed. ``status`` is a ``LineStatus``."""

    id: str
    menu_item_id: str
    name: str
    quantity: int
    currency: str
    price_minor: int
    unit_msat: int
    line_msat: int
    tax_rate: str
    note: str | None
    guest: str | None
    station: str
    status: str
    #: What one of the line takes of counted stocks, its modifiers included.
    uses: tuple[Use, ...]
    allergens: tuple[str, ...]
    modifiers: tuple[LineModifier, ...]
    #: The cart's line that it was; the choices of one combo share theirs.
    number: int = 0
    discount_msat: int = 0
    tax_msat: int = 0
    discounts: tuple[LineDiscount, ...] = ()
    combo: ComboPart | None = None
    course: int | None = None
    started_at: int | None = None
    done_at: int | None = None

    @property
    def net_msat(self) -> int:
        """What is left of it after discounts: its weight in everything shared."""
        return self.line_msat - self.discount_msat

    @property
    def is_begun(self) -> bool:
        """Did somebody cook it, or is cooking it? Then it is on no shelf any more."""
        return self.status in (LineStatus.COOKING, LineStatus.DONE)


@dataclass(frozen=True)
class Order:
    """A stored order with everything it was priced with."""

    id: str
    restaurant_id: str
    number: int
    business_day: str
    status: OrderStatus
    flags: frozenset[Flag]
    cancel_reason: str | None
    order_type: OrderType
    payment_method: PaymentMethod
    currency: str
    total_minor: int
    subtotal_msat: int
    discount_msat: int
    service_msat: int
    tax_msat: int
    tip_msat: int
    rounding_msat: int
    total_msat: int
    rates: dict[str, str]
    rate_at: int | None
    tax_inclusive: bool
    table_id: str | None
    table_name: str | None
    covers: int | None
    customer_name: str | None
    note: str | None
    created_at: int
    pickup_at: int | None
    expires_at: int | None
    paid_at: int | None = None
    accepted_at: int | None = None
    promised_at: int | None = None
    ready_at: int | None = None
    completed_at: int | None = None
    canceled_at: int | None = None
    stock_taken_at: int | None = None
    refund_to: str | None = None
    resurrected_at: int | None = None
    is_by_guest: bool = False
    server_id: str | None = None
    #: Counts edits; whoever edits names the one that they saw.
    revision: int = 1
    bill: KeptBill = field(default_factory=KeptBill)
    #: Who placed it, for budgets: the actor; for guests hashes of browser and address.
    placed_by: str = ""
    guest_hash: str | None = None
    address_hash: str | None = None
    #: When it should be ready, as said at ordering: the slot, or by the kitchen's time.
    wanted_at: int | None = None
    quoted_minutes: int | None = None
    delivery: Delivery | None = None
    #: It stays open: rounds are added, it is paid at the end.
    is_tab: bool = False
    #: The order that has its lines now.
    merged_into: str | None = None
    #: How loudly it was called out that nobody accepts it, and from when that counts.
    alert_level: int = 0
    alert_from: int | None = None
    #: Its counted things are promised to it until it is paid or over.
    stock_reserved_at: int | None = None
    lines: tuple[OrderLine, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Books:
    """An order's money as its payments and refunds tell it, in msat.

    ``owed_msat`` should go back and has no refund yet, ``surplus_msat`` is the part
    of it above the total. ``has_requests``: a refund waits
    for a manager. ``due`` is what is due in the order's currency;
    ``split_id`` names the split that holds now.
    """

    paid_msat: int = 0
    refunded_msat: int = 0
    refundable_msat: int = 0
    owed_msat: int = 0
    has_requests: bool = False
    surplus_msat: int = 0
    due_minor: int = 0
    standing: str = "unpaid"
    split_id: str | None = None


class LineModifierView(BaseModel):
    modifier_id: str
    name: str
    quantity: int
    price_delta: str


class LineView(BaseModel):
    """``net_msat`` is what is left of ``line_msat`` after discounts."""

    id: str
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
    discounts: list[LineDiscountView]
    combo: ComboPartView | None
    note: str | None
    guest: str | None
    station: str
    status: str
    course: int | None
    started_at: str | None
    done_at: str | None
    allergens: list[str]
    modifiers: list[LineModifierView]


class DeliveryView(BaseModel):
    address: str
    phone: str | None


class HistoryView(BaseModel):
    status: str
    at: str
    actor: str
    reason: str | None


class OrderView(BaseModel):
    """An order for whoever may see it; nothing in it proves a payment.

    ``standing`` is unpaid, part_paid, paid, overpaid or late; ``refunded_msat`` went
    back, ``owed_msat`` should and has no refund yet, ``refundable_msat`` still can.
    ``amounts`` are the sums in ``currency``; orders of older versions have none.
    ``revision`` counts edits by staff, ``edited`` tells of the last. ``wanted_at``
    is when it was to be ready as said at ordering, ``quoted_minutes`` how long that
    was; ``promised_at`` is what the staff said when they accepted it.
    ``alert_level`` grows from 0 while nobody accepts it.
    """

    id: str
    number: int
    restaurant_id: str
    status: str
    flags: list[str]
    cancel_reason: str | None
    order_type: str
    payment_method: str
    currency: str
    total: str
    subtotal_msat: int
    discount_msat: int
    service_msat: int
    tax_msat: int
    tip_msat: int
    rounding_msat: int
    total_msat: int
    paid_msat: int
    due_msat: int
    due: str
    standing: str
    split_id: str | None
    refunded_msat: int
    refundable_msat: int
    owed_msat: int
    refund_to: str | None
    payments: list[PaymentView]
    refunds: list[RefundView]
    amounts: AmountsView | None
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
    revision: int
    edited: EditedView | None
    server_id: str | None
    is_tab: bool
    merged_into: str | None
    merged_number: int | None
    alert_level: int
    items: list[LineView]
    table: str | None
    covers: int | None
    customer_name: str | None
    note: str | None
    created_at: str
    pickup_at: str | None
    wanted_at: str | None
    quoted_minutes: int | None
    delivery: DeliveryView | None
    expires_at: str | None
    paid_at: str | None
    accepted_at: str | None
    promised_at: str | None
    ready_at: str | None
    completed_at: str | None
    canceled_at: str | None
    history: list[HistoryView]


class MethodChange(BaseModel):
    """Body of ``POST /orders/{id}/method``: how a pending order will be paid."""

    payment_method: PaymentMethod


class InvoiceView(BaseModel):
    payment_hash: str
    payment_request: str
    amount_msat: int
    expires_at: str


class PlacedView(BaseModel):
    """The answer to ``POST /orders``; the token is the guest's only key."""

    order: OrderView
    order_token: str
    invoice: InvoiceView | None


class OrderPage(BaseModel):
    data: list[OrderView]
    next: str | None


class StatusChange(BaseModel):
    """Body of ``PUT /orders/{id}/status/{new}``."""

    reason: StrictStr | None = None
    promised_minutes: Any = None
