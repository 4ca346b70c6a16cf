"""Words of a bill: what is taken off, what is added, which tax is in it.

Amounts named ``…_msat`` and ``…_minor`` are rounded once, each by itself; Decimals
are exact msat.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from ...core.money import price_text
from ...models import OrderType
from ..discounts.models import DiscountKind, Trigger, Wanted
from ..restaurants.models import TaxRounding

#: Kinds of reductions that are no stored discounts.
COMBO = "combo"
TAX_EXEMPT = "tax_exempt"


@dataclass(frozen=True)
class Charge:
    """Something added to a bill, with its settings read: ``percent`` of the lines,
    or ``amount_minor``."""

    kind: str
    name: str
    percent: str | None
    amount_minor: int | None
    from_covers: int | None
    free_from_minor: int | None
    tax_rate: str


@dataclass(frozen=True)
class Tip:
    """A tip as it was wished for; ``round_to_minor`` rounds the bill up."""

    msat: int = 0
    percent: str | None = None
    amount_minor: int | None = None
    round_to_minor: int | None = None


@dataclass(frozen=True)
class Terms:
    """By which rules a bill is made. A quote freezes charges, discounts and taxes.

    ``exempt_reason``: no tax is charged, and this is why. ``minimum_minor`` is what
    the lines must come to.
    """

    currency: str
    order_type: OrderType
    tax_inclusive: bool
    tax_rounding: TaxRounding
    charges: tuple[Charge, ...] = ()
    discounts: tuple[Wanted, ...] = ()
    exempt_reason: str | None = None
    covers: int | None = None
    tip: Tip = field(default_factory=Tip)
    minimum_minor: int = 0
    invoice_limit_sat: int = 0


@dataclass(frozen=True)
class BillLine:
    """A line to be billed: exact msat of one ``own`` item and of the whole line.

    ``number`` is the cart's line, ``bundle`` the bundle that it is a part of.
    """

    number: int
    menu_item_id: str
    quantity: int
    tax_rate: str
    own: Decimal
    total: Decimal
    bundle: int | None = None


@dataclass(frozen=True)
class Bundle:
    """Lines that cost ``price`` (exact msat) together, without their modifiers;
    ``step`` is the smallest unit of their currency in msat."""

    number: int
    combo_id: str
    name: str
    price: Decimal
    step: Decimal


@dataclass(frozen=True)
class Reduction:
    """What one discount takes off one line, in exact msat. ``wanted`` is its place
    among the bill's discounts; None for a combo or an exemption."""

    kind: str
    name: str
    amount: Decimal
    wanted: int | None = None


@dataclass(frozen=True)
class Reduced:
    """A line after discounts: exact msat before, what was taken, what is left."""

    total: Decimal
    left: Decimal
    tax_rate: str
    taken: tuple[Reduction, ...]


@dataclass(frozen=True)
class LineDiscount:
    """A reduction as an order keeps it."""

    kind: str
    name: str
    amount_msat: int
    amount_minor: int
    discount_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class BilledLine:
    """What became of a line: what is taken off, and the tax on the rest."""

    discounts: tuple[LineDiscount, ...]
    discount_msat: int
    tax_msat: int


@dataclass(frozen=True)
class BilledDiscount:
    """What one discount takes off the bill in all."""

    kind: str
    name: str
    trigger: str
    discount_id: str | None
    code_id: str | None
    reason: str | None
    amount_msat: int
    amount_minor: int
    #: A till gave it by hand.
    is_tills: bool = False


@dataclass(frozen=True)
class BilledCharge:
    kind: str
    name: str
    percent: str | None
    tax_rate: str
    amount_msat: int
    amount_minor: int


@dataclass(frozen=True)
class BilledTax:
    """All that is taxed at one rate; net and tax add up to gross."""

    rate: str
    net_msat: int
    tax_msat: int
    gross_msat: int
    net_minor: int
    tax_minor: int
    gross_minor: int


@dataclass(frozen=True)
class Figures:
    """A bill's sums in one unit: subtotal − discount + service + tax (when it is
    exclusive) + tip + rounding = total."""

    subtotal: int
    discount: int
    service: int
    tax: int
    tip: int
    rounding: int
    total: int


@dataclass(frozen=True)
class Bill:
    """What a cart adds up to, in msat and in minor units of ``currency``."""

    currency: str
    tax_inclusive: bool
    msat: Figures
    minor: Figures
    lines: tuple[BilledLine, ...]
    discounts: tuple[BilledDiscount, ...]
    charges: tuple[BilledCharge, ...]
    taxes: tuple[BilledTax, ...]
    exempt_reason: str | None = None


@dataclass(frozen=True)
class KeptBill:
    """What an order keeps of its bill beside the sums in msat, for ever as it was.

    ``terms`` is packed; without it (orders of older versions) nothing can be priced
    again.
    """

    minor: Figures | None = None
    discounts: tuple[BilledDiscount, ...] = ()
    charges: tuple[BilledCharge, ...] = ()
    taxes: tuple[BilledTax, ...] = ()
    exempt_reason: str | None = None
    rate_sources: Mapping[str, str] = field(default_factory=dict)
    rate_markup_percent: str = "0"
    price_list: str | None = None
    terms: Mapping[str, Any] | None = None
    #: When staff edited the order last (ms), and what that changed.
    edited: Mapping[str, Any] | None = None

    def packed(self) -> dict[str, Any]:
        """As JSON."""
        return {
            **vars(self),
            "minor": vars(self.minor) if self.minor else None,
            "discounts": [vars(each) for each in self.discounts],
            "charges": [vars(each) for each in self.charges],
            "taxes": [vars(each) for each in self.taxes],
        }

    @classmethod
    def unpacked(cls, packed: Mapping[str, Any]) -> "KeptBill":
        """What ``packed`` wrote; ``{}`` for an order of an older version."""
        if not packed:
            return cls()
        return cls(
            **dict(packed)
            | {
                "minor": Figures(**packed["minor"]),
                "discounts": tuple(BilledDiscount(**d) for d in packed["discounts"]),
                "charges": tuple(BilledCharge(**c) for c in packed["charges"]),
                "taxes": tuple(BilledTax(**t) for t in packed["taxes"]),
            }
        )


def pack_terms(terms: Terms) -> dict[str, Any]:
    """The terms as JSON, without what is as by default: quotes and orders keep them."""
    usual = {f.name: f.default for f in fields(Wanted)}
    return {
        **vars(terms),
        "charges": [[*vars(charge).values()] for charge in terms.charges],
        "discounts": [
            {
                name: sorted(value) if isinstance(value, frozenset) else value
                for name, value in vars(wanted).items()
                if value != usual[name]
            }
            for wanted in terms.discounts
        ],
        "tip": [*vars(terms.tip).values()],
    }


def unpack_terms(packed: Mapping[str, Any]) -> Terms:
    """The terms that ``pack_terms`` wrote."""
    return Terms(
        **dict(packed)
        | {
            "order_type": OrderType(packed["order_type"]),
            "tax_rounding": TaxRounding(packed["tax_rounding"]),
            "charges": tuple(Charge(*values) for values in packed["charges"]),
            "discounts": tuple(_wanted(each) for each in packed["discounts"]),
            "tip": Tip(*packed["tip"]),
        }
    )


def _wanted(packed: dict[str, Any]) -> Wanted:
    return Wanted(
        **packed
        | {
            "trigger": Trigger(packed["trigger"]),
            "kind": DiscountKind(packed["kind"]),
            "item_ids": frozenset(packed.get("item_ids", ())),
        }
    )


class Shown(BaseModel):
    """A shape that only we make, of values that are right already: a quote has a
    hundred of them, and checking each again takes longer than the arithmetic."""

    def __init__(self, **values: Any) -> None:
        object.__setattr__(self, "__dict__", values)
        object.__setattr__(self, "__fields_set__", set(values))

    def dict(self, **options: Any) -> dict[str, Any]:
        if options:
            return super().dict(**options)
        return {name: _plain(value) for name, value in vars(self).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.dict() if isinstance(value, Shown) else value


class LineDiscountView(Shown):
    kind: str
    name: str
    amount: str
    amount_msat: int
    reason: str | None

    @classmethod
    def of(cls, discount: LineDiscount, currency: str) -> "LineDiscountView":
        return cls(
            kind=discount.kind,
            name=discount.name,
            amount=price_text(discount.amount_minor, currency),
            amount_msat=discount.amount_msat,
            reason=discount.reason,
        )


class DiscountedView(Shown):
    """``trigger``: combo, schedule, code, staff or tax_exempt."""

    kind: str
    name: str
    trigger: str
    discount_id: str | None
    reason: str | None
    amount: str
    amount_msat: int

    @classmethod
    def of(cls, discount: BilledDiscount, currency: str) -> "DiscountedView":
        return cls(
            kind=discount.kind,
            name=discount.name,
            trigger=discount.trigger,
            discount_id=discount.discount_id,
            reason=discount.reason,
            amount=price_text(discount.amount_minor, currency),
            amount_msat=discount.amount_msat,
        )


class ChargeView(Shown):
    kind: str
    name: str
    percent: str | None
    tax_rate: str
    amount: str
    amount_msat: int

    @classmethod
    def of(cls, charge: BilledCharge, currency: str) -> "ChargeView":
        return cls(
            kind=charge.kind,
            name=charge.name,
            percent=charge.percent,
            tax_rate=charge.tax_rate,
            amount=price_text(charge.amount_minor, currency),
            amount_msat=charge.amount_msat,
        )


class TaxView(Shown):
    """``net`` + ``tax`` = ``gross``; in the restaurant's currency and in msat."""

    rate: str
    net: str
    tax: str
    gross: str
    net_msat: int
    tax_msat: int
    gross_msat: int

    @classmethod
    def of(cls, tax: BilledTax, currency: str) -> "TaxView":
        return cls(
            rate=tax.rate,
            net=price_text(tax.net_minor, currency),
            tax=price_text(tax.tax_minor, currency),
            gross=price_text(tax.gross_minor, currency),
            net_msat=tax.net_msat,
            tax_msat=tax.tax_msat,
            gross_msat=tax.gross_msat,
        )


class AmountsView(Shown):
    """The bill's sums in the restaurant's currency, by the same rule as in msat."""

    subtotal: str
    discount: str
    service: str
    tax: str
    tip: str
    rounding: str
    total: str

    @classmethod
    def of(cls, minor: Figures, currency: str) -> "AmountsView":
        figures = vars(minor).items()
        return cls(**{name: price_text(value, currency) for name, value in figures})
