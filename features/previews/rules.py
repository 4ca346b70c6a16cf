"""Documents that nobody ordered, in a restaurant's own words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ...core import limits, qr
from ...core.money import (
    contained_tax,
    from_minor,
    is_lightning_unit,
    price_text,
    round_half_up,
)
from ...core.times import business_day, local_time, rfc3339
from ...models import OrderType, PaymentMethod
from ..menu.models import Menu
from ..printing.models import PrintKind
from ..receipts.models import (
    ReceiptDocument,
    ReceiptLine,
    ReceiptModifier,
    ReceiptPayment,
    ReceiptRate,
    ReceiptRestaurant,
    ReceiptSums,
    ReceiptTax,
)
from ..restaurants.models import Restaurant
from ..slips.models import SlipDocument, SlipLine
from ..tickets.models import TicketDocument, TicketLine, TicketModifier
from .models import SAMPLE_WORDS

SAMPLE_ID = "sample"
SAMPLE_NUMBER = 42
#: As long as a real one, so that its code is as large; it leads nowhere.
SAMPLE_URL = "https://shop.example/restaurant/o/" + "sample" * 4 + "#k=" + "sample" * 7
_TABLE = "7"
#: As long as a real one, and worth nothing: its checksum is wrong.
_LNURL = "LNURL1" + "SAMPLE" * 18
_DISHES = 3
_TIP_PERCENT = 10
#: Satoshi per unit of a currency, where a sample needs a rate.
_RATE = 1_000


@dataclass(frozen=True)
class Dish:
    """Something to put on sample paper; ``price_minor`` of the restaurant's."""

    name: str
    price_minor: int
    modifiers: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()


def dishes_of(menu: Menu, language: str) -> list[Dish]:
    """The first few things of a menu that guests see, or some that we make up."""
    words = SAMPLE_WORDS[language]
    shown = [item for item in menu.items.values() if not item.is_hidden]
    if shown:
        return [
            Dish(
                item.name,
                item.price_minor,
                tuple(g.modifiers[0].name for g in item.groups[:2] if g.modifiers),
                item.allergens,
            )
            for item in shown[:_DISHES]
        ]
    return [
        Dish(words["dish_1"], 1250, (words["modifier"],), (words["allergen"],)),
        Dish(words["dish_2"], 700),
        Dish(words["dish_3"], 300),
    ]


def sample_ticket(
    restaurant: Restaurant, dishes: Sequence[Dish], language: str, at: int
) -> TicketDocument:
    """A kitchen's ticket with a course, modifiers, allergens and notes."""
    words = SAMPLE_WORDS[language]
    lines = [
        TicketLine(
            quantity=n % 2 + 1,
            name=dish.name,
            note=words["note"] if n == 0 else None,
            allergens=list(dish.allergens),
            modifiers=[TicketModifier(quantity=1, name=m) for m in dish.modifiers],
            line_id=f"{SAMPLE_ID}-{n}",
        )
        for n, dish in enumerate(dishes)
    ]
    return TicketDocument(
        kind=PrintKind.TICKET.value,
        restaurant=restaurant.name,
        timezone=restaurant.timezone,
        local_time=local_time(at, restaurant.timezone),
        order_id=SAMPLE_ID,
        order_number=SAMPLE_NUMBER,
        order_type=OrderType.DINE_IN.value,
        station="kitchen",
        round=1,
        table=_TABLE,
        customer_name=None,
        covers=2,
        note=None,
        flags=[],
        placed_at=rfc3339(at),
        paid_at=rfc3339(at),
        pickup_at=None,
        promised_at=rfc3339(at + 20 * limits.MINUTE_MS),
        lines=lines,
    )


def sample_slip(
    restaurant: Restaurant, dishes: Sequence[Dish], language: str, at: int
) -> SlipDocument:
    """A guest's paper about money going back, with a code that is worth nothing."""
    dish = dishes[0]
    amount = price_text(dish.price_minor, restaurant.currency)
    return SlipDocument(
        kind=PrintKind.VOID_SLIP.value,
        restaurant=restaurant.name,
        timezone=restaurant.timezone,
        local_time=local_time(at, restaurant.timezone),
        order_id=SAMPLE_ID,
        order_number=SAMPLE_NUMBER,
        station="counter",
        table=_TABLE,
        amount=f"{amount} {restaurant.currency}",
        amount_sat=12_345,
        reason=SAMPLE_WORDS[language]["reason"],
        destination="",
        way="code",
        lines=[SlipLine(quantity=1, name=dish.name)],
        lnurl=_LNURL,
        qr=qr.modules(_LNURL),
        expires_at=rfc3339(at + limits.DAY_MS),
    )


def sample_receipt(
    restaurant: Restaurant, dishes: Sequence[Dish], at: int
) -> ReceiptDocument:
    """A receipt that is paid by Lightning, with a tip; its figures add up."""
    currency = restaurant.currency
    counted = [(n % 2 + 1, dish) for n, dish in enumerate(dishes)]
    subtotal = sum(quantity * dish.price_minor for quantity, dish in counted)
    tip = subtotal * _TIP_PERCENT // 100
    total = subtotal + tip
    paid_msat = _msat(total, currency)
    rate = _rate(currency, at)
    return ReceiptDocument(
        kind=PrintKind.RECEIPT.value,
        restaurant=_seller(restaurant),
        timezone=restaurant.timezone,
        order_id=SAMPLE_ID,
        order_number=SAMPLE_NUMBER,
        business_day=business_day(at, restaurant.timezone, restaurant.day_starts_at),
        order_type=OrderType.DINE_IN.value,
        table=_TABLE,
        covers=2,
        placed_at=rfc3339(at - 45 * limits.MINUTE_MS),
        paid_at=rfc3339(at),
        currency=currency,
        is_bill=False,
        marks=[],
        lines=[_line(restaurant, *each) for each in counted],
        discounts=[],
        charges=[],
        tax_inclusive=True,
        taxes=_taxes(restaurant, subtotal),
        tax_exempt_reason=None,
        sums=ReceiptSums(
            subtotal=price_text(subtotal, currency),
            tax=price_text(0, currency),
            tip=price_text(tip, currency),
            rounding=price_text(0, currency),
        ),
        total=price_text(total, currency),
        total_msat=paid_msat,
        rate=rate,
        payments=[_payment(paid_msat, rate, at)],
        paid_msat=paid_msat,
        due=price_text(0, currency),
        due_msat=0,
        tips=[],
        refunds=[],
    )


def _seller(restaurant: Restaurant) -> ReceiptRestaurant:
    return ReceiptRestaurant(
        name=restaurant.name,
        legal_name=restaurant.legal_name,
        address=restaurant.address,
        tax_id=restaurant.tax_id,
        footer=restaurant.receipt_footer,
    )


def _payment(amount_msat: int, rate: ReceiptRate | None, at: int) -> ReceiptPayment:
    return ReceiptPayment(
        method=PaymentMethod.LIGHTNING.value,
        amount=None,
        currency="sat",
        amount_msat=amount_msat,
        rate=rate,
        tendered=None,
        change=None,
        rounding=None,
        provider=None,
        at=rfc3339(at),
    )


def _line(restaurant: Restaurant, quantity: int, dish: Dish) -> ReceiptLine:
    nothing = price_text(0, restaurant.currency)
    return ReceiptLine(
        quantity=quantity,
        name=dish.name,
        price=price_text(dish.price_minor, restaurant.currency),
        currency=restaurant.currency,
        modifiers=[
            ReceiptModifier(name=name, quantity=1, price_delta=nothing)
            for name in dish.modifiers
        ],
        total=price_text(quantity * dish.price_minor, restaurant.currency),
        discounts=[],
        tax_rate=restaurant.tax_rate,
        combo=None,
    )


def _taxes(restaurant: Restaurant, gross: int) -> list[ReceiptTax]:
    if not Decimal(restaurant.tax_rate):
        return []
    currency = restaurant.currency
    tax = round_half_up(contained_tax(Decimal(gross), restaurant.tax_rate))
    return [
        ReceiptTax(
            rate=restaurant.tax_rate,
            net=price_text(gross - tax, currency),
            tax=price_text(tax, currency),
            gross=price_text(gross, currency),
        )
    ]


def _rate(currency: str, at: int) -> ReceiptRate | None:
    if is_lightning_unit(currency):
        return None
    return ReceiptRate(currency=currency, rate=str(_RATE), at=rfc3339(at))


def _msat(minor: int, currency: str) -> int:
    """What a sum is in Lightning money, at the sample's rate."""
    sat_of = {"sat": Decimal(1), "msat": Decimal("0.001"), "BTC": Decimal(10**8)}
    rate = sat_of.get(currency, Decimal(_RATE))
    return int(from_minor(minor, currency) * rate * 1_000)
