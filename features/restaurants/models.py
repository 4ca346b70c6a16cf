"""What a restaurant is. Settings are documented by their field here."""

from typing import Any

from pydantic import (
    BaseModel,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    validator,
)

from ...core import fields, limits
from ...core.money import plain_decimal
from ...core.schedules import WindowBody
from ...core.times import CLOCKS_TO
from ...models import Number, OrderType, PaymentMethod, Word
from ..opening.models import OpeningView


class AcceptedPayment(BaseModel):
    """One way of paying that a restaurant takes; empty lists mean all.

    ``currencies`` are those that a payment may name: the order's own for every
    method, ``sat`` for Lightning.
    """

    method: PaymentMethod
    order_types: list[OrderType] = Field(default_factory=list)
    currencies: list[StrictStr] = Field(default_factory=list)


class ChargeKind(Word):
    """What a charge is for. A ``gratuity`` is asked of large parties by itself."""

    SERVICE = "service"
    GRATUITY = "gratuity"
    DELIVERY = "delivery"
    OTHER = "other"


class ChargeRule(BaseModel):
    """Something that is added to a bill: ``percent`` of the lines after discounts,
    or ``amount`` in the restaurant's currency; one of them.

    Empty ``order_types`` mean all. ``from_covers``: only for parties of so many.
    ``free_from``: not when the lines come to so much. ``tax_rate`` is the
    restaurant's own for the order type unless named.
    """

    kind: ChargeKind = ChargeKind.SERVICE
    name: StrictStr
    percent: Number | None = None
    amount: Number | None = None
    order_types: list[OrderType] = Field(default_factory=list)
    from_covers: StrictInt | None = None
    free_from: Number | None = None
    tax_rate: Number | None = None


class HouseRate(BaseModel):
    """A fixed exchange rate: satoshi per unit of a currency, for a time (RFC 3339)."""

    currency: StrictStr
    rate: Number
    starts_at: StrictStr | None = None
    ends_at: StrictStr | None = None


class TaxRounding(Word):
    """Where tax is rounded to the currency's smallest unit, as the law there says.

    ``exact``: nowhere, the total alone is rounded. ``line``: at each line.
    ``rate``: once for each rate.
    """

    EXACT = "exact"
    LINE = "line"
    RATE = "rate"


class TipTo(Word):
    """Whose tips are that name nobody."""

    RESTAURANT = "restaurant"
    SERVER = "server"
    POOL = "pool"


class OpeningWindow(WindowBody):
    """Hours of some weekdays in which orders are taken; empty ``order_types`` mean
    all. A break is the gap between two windows."""

    days: list[StrictInt] = Field(default_factory=list)
    order_types: list[OrderType] = Field(default_factory=list)


class SpecialDay(BaseModel):
    """Days (``YYYY-MM-DD``, both included) on which other hours hold than on every
    week's: those of ``windows`` (their ``days`` count for nothing), or none at all."""

    first_day: StrictStr
    last_day: StrictStr
    name: StrictStr = ""
    windows: list[OpeningWindow] = Field(default_factory=list)


class SlotRule(BaseModel):
    """Times to choose from for an order type: every ``minutes`` while open, at least
    ``lead_minutes`` from now and up to ``days_ahead`` days.

    A slot takes so many ``orders``, ``items`` and so much ``value`` (in the
    restaurant's currency); null: no limit.
    """

    order_type: OrderType
    minutes: StrictInt = 15
    lead_minutes: StrictInt = 20
    days_ahead: StrictInt = 7
    orders: StrictInt | None = None
    items: StrictInt | None = None
    value: Number | None = None


class LoadStep(BaseModel):
    """From so many orders in the kitchen on, an order takes so many minutes."""

    from_orders: StrictInt
    minutes: StrictInt


class Pause(BaseModel):
    """No orders are taken, until then (milliseconds; null: until somebody resumes)."""

    until: int | None = Field(None, ge=0, le=CLOCKS_TO)
    reason: str = ""


class Busy(BaseModel):
    """Orders take so many minutes longer, until then (milliseconds; null: until
    somebody says so)."""

    extra_minutes: int = Field(ge=0, le=limits.PREP_MINUTES_MAX)
    until: int | None = Field(None, ge=0, le=CLOCKS_TO)


class PauseView(BaseModel):
    until: str | None
    reason: str


class BusyView(BaseModel):
    extra_minutes: int
    until: str | None


class Unaccepted(Word):
    """What becomes of a paid order that nobody accepts in time."""

    WAIT = "wait"
    CANCEL = "cancel"


def all_order_types() -> list[OrderType]:
    return list(OrderType)


def all_methods() -> list[AcceptedPayment]:
    """Every method, everywhere: cards still need a provider in LNbits."""
    return [AcceptedPayment(method=method) for method in PaymentMethod]


class Profile(BaseModel):
    """Everything an owner can set, with its default. Stored as one document.

    Bounds are for what is read back: see ``read_back``.
    """

    name: str
    description: str = ""
    legal_name: str = ""
    address: str = ""
    tax_id: str = ""
    receipt_footer: str = ""
    image_url: str | None = None
    currency: str
    timezone: str = "UTC"
    #: ``HH:MM`` local time at which a business day (and the numbering) begins.
    day_starts_at: str = "04:00"
    #: Paid orders become ``accepted`` at once.
    auto_accept_orders: bool = False
    order_expiry_seconds: int = 900
    #: How long a quote's rate and total hold.
    quote_seconds: int = limits.QUOTE_SECONDS
    #: Percentage for items without their own.
    tax_rate: str = "0"
    tax_inclusive: bool = True
    #: Percentages by order type (eat in, take away); ``tax_rate`` for the others.
    tax_rates: dict[OrderType, str] = Field(default_factory=dict)
    tax_rounding: TaxRounding = TaxRounding.EXACT
    #: Service charge, automatic gratuity, delivery fee …
    charges: list[ChargeRule] = Field(default_factory=list)
    #: The least that the lines must come to, by order type.
    minimum_order: dict[OrderType, str] = Field(default_factory=dict)
    #: What is added to the market's rate (below zero: taken off), in percent.
    rate_markup_percent: str = "0"
    #: Fixed rates that win over the market's while they hold.
    house_rates: list[HouseRate] = Field(default_factory=list)
    #: The most that a till may take off a line or bill by itself, in percent.
    till_discount_percent: str = "100"
    #: Whose tips are that name nobody.
    tip_to: TipTo = TipTo.RESTAURANT
    #: What "round up" rounds to, such as ``1.00``; null: it is not offered.
    tip_round_to: str | None = None
    #: So many days after the meal a guest may still tip; 0: not at all.
    tip_days: int = 7
    #: What kinds of order are taken at all.
    order_types: list[OrderType] = Field(default_factory=all_order_types)
    #: When orders are taken; empty: at any time while the switch is on.
    opening_hours: list[OpeningWindow] = Field(default_factory=list)
    special_days: list[SpecialDay] = Field(default_factory=list)
    #: The last order for now is taken so long before closing.
    last_order_minutes: int = Field(0, ge=0, le=limits.LAST_ORDER_MINUTES_MAX)
    #: Set by its own route, and by time.
    pause: Pause | None = None
    #: Times for orders that are wanted later, by order type; none: any open time.
    slots: list[SlotRule] = Field(default_factory=list)
    #: How long an order takes, in minutes; null: nothing is promised.
    prep_minutes: int | None = Field(None, ge=0, le=limits.PREP_MINUTES_MAX)
    #: The same by the number of orders in the kitchen.
    prep_by_load: list[LoadStep] = Field(default_factory=list)
    #: Set by its own route, and by time.
    busy: Busy | None = None
    #: Busy by itself from so many orders in the kitchen on; null: by hand only.
    busy_from_orders: int | None = Field(None, ge=1)
    #: What being busy adds to the time when it comes by itself, in minutes.
    busy_extra_minutes: int = Field(15, ge=0, le=limits.PREP_MINUTES_MAX)
    #: A paid order should be accepted within so many minutes.
    accept_within_minutes: int = Field(5, ge=1, le=limits.ACCEPT_MINUTES_MAX)
    #: Nobody did: it ``wait``s on, or is canceled and refunded by itself.
    unaccepted: Unaccepted = Unaccepted.WAIT
    #: Guests with a table's code may order now and pay at the end.
    tabs_at_table: bool = False
    #: The most that an open tab may come to; ``0``: no limit.
    tab_limit: str = "0"
    #: ``settle``: counted stock moves at payment; ``reserve``: it is promised to an
    #: order until it is paid or expires.
    stock_policy: str = "settle"
    #: The most of a stock that one guest's unpaid orders may reserve, in percent.
    reserve_guest_percent: int = Field(50, ge=limits.RESERVE_PERCENT_MIN, le=100)
    #: When tickets are made: ``paid`` or ``accepted``.
    print_on: str = "paid"
    tip_options: list[str] = Field(default_factory=lambda: ["5", "10", "15"])
    #: Show ``left`` on the public menu when few are left.
    show_left: bool = False
    #: A valid table token may order for cash.
    cash_at_table: bool = False
    open_orders_max: int = Field(limits.OPEN_ORDERS_PER_RESTAURANT, ge=1)
    open_orders_per_table_max: int = Field(limits.OPEN_ORDERS_PER_TABLE, ge=1)
    open_orders_per_address_max: int = Field(limits.OPEN_ORDERS_PER_ADDRESS, ge=1)
    #: A budget of its own for each till, and one for the owner's own keys.
    open_orders_per_device_max: int = Field(limits.OPEN_ORDERS_PER_DEVICE, ge=1)
    #: The methods that are taken, each for some order types and currencies.
    accepted_payments: list[AcceptedPayment] = Field(default_factory=all_methods)
    #: The smallest coin, such as ``0.05``; null means the currency's usual one.
    cash_rounding: str | None = None
    #: The station whose printer has the guest's paper and the cash drawer.
    receipt_station: str | None = None
    #: When a receipt prints by itself: ``never``, ``paid`` or ``completed``.
    receipt_on: str = "never"
    #: Nostr relays over which printers are hinted that there is something to print.
    print_relays: list[str] = Field(default_factory=list)
    #: Money that is owed back goes back by itself, the way that it came.
    auto_refund: bool = False
    #: Refunds by a till above this sum wait for a manager; ``0``: all of them.
    refund_approval_limit: str = "0"
    #: The most that routing a refund may cost, in percent of it.
    refund_fee_percent: str = "1"
    #: How long a guest may fetch a refund by LNURL-withdraw.
    withdraw_days: int = 30

    @validator("day_starts_at")
    def _is_clock(cls, value: str) -> str:  # noqa: N805
        return fields.clock(value)

    @validator("order_types")
    def _takes_any(cls, types: list[OrderType]) -> list[OrderType]:  # noqa: N805
        if not types:
            raise ValueError("must name at least one")
        return types

    @validator("slots", each_item=True)
    def _cuts_time(cls, rule: SlotRule) -> SlotRule:  # noqa: N805
        value = None if rule.value is None else plain_decimal(rule.value)
        most = (rule.orders, rule.items, value)
        is_sound = rule.minutes >= limits.SLOT_MINUTES_MIN
        is_sound &= 0 <= rule.lead_minutes <= limits.SLOT_LEAD_MINUTES_MAX
        is_sound &= 0 <= rule.days_ahead <= limits.SLOT_DAYS_AHEAD_MAX
        if not is_sound or any(each is not None and each <= 0 for each in most):
            raise ValueError("tells of no times")
        return rule

    @validator("tab_limit")
    def _is_sum(cls, value: str) -> str:  # noqa: N805
        plain_decimal(value)
        return value


def read_back(stored: dict[str, Any]) -> tuple[Profile, tuple[str, ...]]:
    """The settings of a stored document, and the names of those that cannot be read
    any more: they are as nobody had set them, since a kitchen goes on without them."""
    try:
        return Profile(**stored), ()
    except ValidationError as error:
        unread = {str(fault["loc"][0]) for fault in error.errors()}
    readable = {name: value for name, value in stored.items() if name not in unread}
    return Profile(**readable), tuple(sorted(unread))


class Restaurant(Profile):
    """A stored restaurant.

    ``version`` counts edits of menu and profile; ``stock_version`` counts what
    sales and returns do to the stock, which does not disturb an edit.
    """

    id: str
    slug: str
    wallet_id: str
    user_id: str
    is_open: bool
    version: int = 1
    stock_version: int = 1
    created_at: int
    deleted_at: int | None = None
    #: Settings that cannot be read any more, and are as nobody had set them.
    unread: tuple[str, ...] = ()

    def profile(self) -> dict[str, Any]:
        return self.dict(include=set(Profile.__fields__))


class RestaurantChange(BaseModel):
    """Body of ``PATCH /restaurants/{id}``: only what is sent changes."""

    name: StrictStr | None = None
    slug: StrictStr | None = None
    description: StrictStr | None = None
    legal_name: StrictStr | None = None
    address: StrictStr | None = None
    tax_id: StrictStr | None = None
    receipt_footer: StrictStr | None = None
    image_url: StrictStr | None = None
    currency: StrictStr | None = None
    timezone: StrictStr | None = None
    day_starts_at: StrictStr | None = None
    is_open: StrictBool | None = None
    auto_accept_orders: StrictBool | None = None
    order_expiry_seconds: StrictInt | None = None
    quote_seconds: StrictInt | None = None
    tax_rate: Number | None = None
    tax_inclusive: StrictBool | None = None
    tax_rates: dict[OrderType, Number] | None = None
    tax_rounding: TaxRounding | None = None
    charges: list[ChargeRule] | None = None
    minimum_order: dict[OrderType, Number] | None = None
    rate_markup_percent: Number | None = None
    house_rates: list[HouseRate] | None = None
    till_discount_percent: Number | None = None
    tip_to: TipTo | None = None
    tip_round_to: Number | None = None
    tip_days: StrictInt | None = None
    order_types: list[OrderType] | None = None
    opening_hours: list[OpeningWindow] | None = None
    special_days: list[SpecialDay] | None = None
    last_order_minutes: StrictInt | None = None
    slots: list[SlotRule] | None = None
    prep_minutes: StrictInt | None = None
    prep_by_load: list[LoadStep] | None = None
    busy_from_orders: StrictInt | None = None
    busy_extra_minutes: StrictInt | None = None
    accept_within_minutes: StrictInt | None = None
    unaccepted: Unaccepted | None = None
    tabs_at_table: StrictBool | None = None
    tab_limit: Number | None = None
    stock_policy: StrictStr | None = None
    reserve_guest_percent: StrictInt | None = None
    print_on: StrictStr | None = None
    tip_options: list[Number] | None = None
    show_left: StrictBool | None = None
    cash_at_table: StrictBool | None = None
    open_orders_max: StrictInt | None = None
    open_orders_per_table_max: StrictInt | None = None
    open_orders_per_address_max: StrictInt | None = None
    open_orders_per_device_max: StrictInt | None = None
    accepted_payments: list[AcceptedPayment] | None = None
    cash_rounding: Number | None = None
    receipt_station: StrictStr | None = None
    receipt_on: StrictStr | None = None
    print_relays: list[StrictStr] | None = None
    auto_refund: StrictBool | None = None
    refund_approval_limit: Number | None = None
    refund_fee_percent: Number | None = None
    withdraw_days: StrictInt | None = None


class NewRestaurant(RestaurantChange):
    """Body of ``POST /restaurants``: a name and a currency at least."""

    name: StrictStr
    currency: StrictStr


class PublicSettings(BaseModel):
    """What anybody may know of a restaurant's settings."""

    id: str
    slug: str
    name: str
    description: str
    legal_name: str
    address: str
    tax_id: str
    image_url: str | None
    currency: str
    timezone: str
    is_open: bool
    order_expiry_seconds: int
    tax_rate: str
    tax_inclusive: bool
    tax_rates: dict[OrderType, str]
    charges: list[ChargeRule]
    minimum_order: dict[OrderType, str]
    tip_options: list[str]
    tip_round_to: str | None
    tip_days: int
    cash_at_table: bool
    tabs_at_table: bool
    order_types: list[OrderType]
    opening_hours: list[OpeningWindow]
    special_days: list[SpecialDay]
    last_order_minutes: int
    slots: list[SlotRule]
    accepted_payments: list[AcceptedPayment]
    cash_rounding: str | None
    #: The smallest coin in use: ``cash_rounding``, or the currency's usual one.
    cash_step: str


class PublicProfile(PublicSettings):
    """What anybody may know about a restaurant. ``is_open`` is its switch,
    ``opening`` whether orders are taken now."""

    opening: OpeningView


class RestaurantView(PublicSettings):
    """All settings, for staff. ``wallet_id`` is null for everybody but the owner."""

    wallet_id: str | None
    receipt_footer: str
    day_starts_at: str
    auto_accept_orders: bool
    quote_seconds: int
    stock_policy: str
    reserve_guest_percent: int
    print_on: str
    show_left: bool
    open_orders_max: int
    open_orders_per_table_max: int
    open_orders_per_address_max: int
    open_orders_per_device_max: int
    prep_minutes: int | None
    prep_by_load: list[LoadStep]
    busy_from_orders: int | None
    busy_extra_minutes: int
    accept_within_minutes: int
    unaccepted: Unaccepted
    tab_limit: str
    #: As they were set; one whose time is over has no effect any more.
    pause: PauseView | None
    busy: BusyView | None
    receipt_station: str | None
    receipt_on: str
    print_relays: list[str]
    auto_refund: bool
    refund_approval_limit: str
    refund_fee_percent: str
    withdraw_days: int
    tax_rounding: TaxRounding
    rate_markup_percent: str
    house_rates: list[HouseRate]
    till_discount_percent: str
    tip_to: TipTo
    version: int
    created_at: str


class RestaurantPage(BaseModel):
    """Newest first; ``next`` is the cursor of the next page, or null."""

    data: list[RestaurantView]
    next: str | None
