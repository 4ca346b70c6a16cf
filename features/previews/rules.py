"""Documents that nobody ordered, in a restaurant's own words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...core import limits, qr
from ...core.money import price_text
from ...core.times import local_time, rfc3339
from ...models import OrderType
from ..menu.models import Menu
from ..printing.models import PrintKind
from ..restaurants.models import Restaurant
from ..slips.models import SlipDocument, SlipLine
from ..tickets.models import TicketDocument, TicketLine, TicketModifier
from .models import SAMPLE_WORDS

SAMPLE_ID = "sample"
SAMPLE_NUMBER = 42
_TABLE = "7"
#: As long as a real one, and worth nothing: its checksum is wrong.
_LNURL = "LNURL1" + "SAMPLE" * 18
_DISHES = 3


@dataclass(frozen=True)
class Dish:
    """Something to put on sample paper; ``price_minor`` of the restaurant's."""

    name: str
    price_minor: int
    modifiers: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()


def dishes_of(menu: Menu, currency: str, language: str) -> list[Dish]:
    """The first few things of a menu that guests see, or some that we make up."""
    words = SAMPLE_WORDS[language]
    shown = [item for item in menu.items.values() if not item.is_hidden]
    if shown:
        return [
            Dish(
                item.name,
                item.price_minor,
                tuple(group.modifiers[0].name for group in item.groups[:2]),
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
