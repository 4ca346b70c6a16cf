"""What a discount is: what it takes off, of which lines, when, and how often.

Amounts are minor units of the discount's currency, percentages plain text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, StrictBool, StrictInt, StrictStr

from ...core.schedules import Schedule, ScheduleBody
from ...models import Number, OrderType, Word


class DiscountKind(Word):
    """How much is taken off.

    ``buy_get``: of every ``buy + get`` units in scope, the ``get`` cheapest units
    are reduced by ``percent`` (100: free). ``free_item`` is the same with nothing
    to buy: up to ``get`` units of its scope.
    """

    PERCENT = "percent"
    AMOUNT = "amount"
    BUY_GET = "buy_get"
    FREE_ITEM = "free_item"


class Trigger(Word):
    """What brings a discount about: the clock, a code, or staff with a reason."""

    SCHEDULE = "schedule"
    CODE = "code"
    STAFF = "staff"


@dataclass(frozen=True)
class Scope:
    """The lines that a discount is for; both empty means all lines."""

    item_ids: frozenset[str] = frozenset()
    category_ids: frozenset[str] = frozenset()

    def items(self, menu_categories: Mapping[str, frozenset[str]]) -> frozenset[str]:
        """The ids of its items; empty only for a scope of all lines.

        ``menu_categories`` are item ids by category id.
        """
        found = set(self.item_ids)
        for category_id in self.category_ids:
            found |= menu_categories.get(category_id, frozenset())
        # With its categories gone it is for nothing, which empty would not say.
        return frozenset(found) or self.category_ids


@dataclass(frozen=True)
class Limits:
    """How often a discount counts; None is without limit. Given back uses do not
    count."""

    total: int | None = None
    per_day: int | None = None
    per_guest: int | None = None
    per_code: int | None = None


@dataclass(frozen=True)
class Discount:
    """A stored discount. Codes are rows of their own: one discount may have many.

    ``combines`` False: only on lines that no other discount touches. ``currency``
    is the restaurant's when the sums were written; with sums in another one than
    the restaurant's of today the discount rests.
    """

    id: str
    restaurant_id: str
    name: str
    trigger: Trigger
    kind: DiscountKind
    percent: str | None
    amount_minor: int | None
    currency: str
    buy: int
    get: int
    scope: Scope
    order_types: frozenset[OrderType]
    minimum_minor: int
    combines: bool
    limits: Limits
    schedule: Schedule
    is_active: bool
    created_at: int


@dataclass(frozen=True)
class DiscountCode:
    """One code of a discount, as guests type it: folded to upper case."""

    id: str
    restaurant_id: str
    discount_id: str
    code: str
    created_at: int


@dataclass(frozen=True)
class Wanted:
    """A discount that a cart gets: what pricing needs of it, frozen by a quote.

    ``line`` names one line of the cart; None is every line of its scope.
    ``code_id`` is the code that brought it, ``reason`` what staff said, ``is_tills``
    whether it was given at a till. ``until_line``: its hour is over, lines of this
    number and behind came later.
    """

    discount_id: str | None
    name: str
    trigger: Trigger
    kind: DiscountKind
    percent: str | None = None
    amount_minor: int | None = None
    buy: int = 0
    get: int = 1
    item_ids: frozenset[str] = frozenset()
    minimum_minor: int = 0
    combines: bool = True
    code_id: str | None = None
    line: int | None = None
    reason: str | None = None
    is_tills: bool = False
    until_line: int | None = None


@dataclass(frozen=True)
class DiscountUse:
    """A discount counted for an order; ``released_at``: given back."""

    id: str
    restaurant_id: str
    discount_id: str
    code_id: str | None
    order_id: str
    guest_hash: str | None
    business_day: str
    amount_msat: int
    created_at: int
    released_at: int | None = None


# --- bodies and shapes -----------------------------------------------------------


class DiscountBody(BaseModel):
    """Body of ``POST /restaurants/{id}/discounts`` and, with only what changes, of
    ``PATCH /discounts/{id}``. ``minimum`` and ``amount`` are in the restaurant's
    currency."""

    name: StrictStr | None = None
    trigger: Trigger | None = None
    kind: DiscountKind | None = None
    percent: Number | None = None
    amount: Number | None = None
    buy: StrictInt | None = None
    get: StrictInt | None = None
    item_ids: list[StrictStr] | None = None
    category_ids: list[StrictStr] | None = None
    order_types: list[OrderType] | None = None
    minimum: Number | None = None
    combines: StrictBool | None = None
    limit_total: StrictInt | None = None
    limit_per_day: StrictInt | None = None
    limit_per_guest: StrictInt | None = None
    limit_per_code: StrictInt | None = None
    schedule: ScheduleBody | None = None
    is_active: StrictBool | None = None


class DiscountView(BaseModel):
    """``uses`` are those that were not given back."""

    id: str
    restaurant_id: str
    name: str
    trigger: str
    kind: str
    percent: str | None
    amount: str | None
    currency: str
    buy: int
    get: int
    item_ids: list[str]
    category_ids: list[str]
    order_types: list[str]
    minimum: str
    combines: bool
    limit_total: int | None
    limit_per_day: int | None
    limit_per_guest: int | None
    limit_per_code: int | None
    schedule: ScheduleBody
    is_active: bool
    uses: int
    codes: int
    created_at: str


class DiscountPage(BaseModel):
    data: list[DiscountView]
    next: str | None


class NewCodes(BaseModel):
    """Body of ``POST /discounts/{id}/codes``: one that is named, or so many made up."""

    code: StrictStr | None = None
    count: StrictInt | None = None


class CodeView(BaseModel):
    id: str
    code: str
    uses: int
    created_at: str


class CodePage(BaseModel):
    data: list[CodeView]
    next: str | None


class StaffDiscount(BaseModel):
    """A discount that staff put on a cart, with the reason why.

    Either a stored one (``discount_id``), or ``percent``, or ``amount`` in the
    restaurant's currency; on one line of the cart (its number) or on all.
    """

    discount_id: StrictStr | None = None
    percent: Any = None
    amount: Any = None
    line: StrictInt | None = None
    reason: StrictStr
