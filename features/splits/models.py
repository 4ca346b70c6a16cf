"""What a split is: shares of what was due of an order, which payments may name."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, StrictInt, StrictStr

from ...models import Word
from ..payments.models import Part


class SplitKind(Word):
    PARTS = "parts"
    AMOUNTS = "amounts"
    LINES = "lines"
    GUESTS = "guests"


class ShareStatus(Word):
    OPEN = "open"
    PART_PAID = "part_paid"
    PAID = "paid"


@dataclass(frozen=True)
class LinePart:
    """So many of one order line, ``shared_by`` so many shares."""

    line_id: str
    quantity: int
    shared_by: int = 1


@dataclass(frozen=True)
class Portion:
    """What one share is of: without lines it is of the whole bill."""

    label: str | None
    part: Part
    lines: tuple[LinePart, ...] = ()


@dataclass(frozen=True)
class Share:
    """A stored share; payments name its id."""

    id: str
    portion: Portion


@dataclass(frozen=True)
class Split:
    """A stored split. At most one of an order ``is_live``."""

    id: str
    restaurant_id: str
    order_id: str
    kind: SplitKind
    is_live: bool
    actor: str
    created_at: int
    shares: tuple[Share, ...]


class TakenLine(BaseModel):
    """So many of one order line."""

    line_id: StrictStr
    quantity: StrictInt


class LinesShare(BaseModel):
    """The lines that somebody pays; ``label`` says who."""

    label: StrictStr | None = None
    lines: list[TakenLine]


class SplitBill(BaseModel):
    """Body of ``POST /orders/{id}/split``.

    ``parts`` is how many equal shares, ``amounts`` are in the order's currency,
    ``shares`` take lines; what amounts or lines leave becomes one more share.
    ``guests`` needs nothing: the lines say who ate them.
    """

    by: SplitKind
    parts: StrictInt | None = None
    amounts: list[Any] | None = None
    shares: list[LinesShare] | None = None


class LinePartView(BaseModel):
    line_id: str
    quantity: int
    shared_by: int


class ShareView(BaseModel):
    """``amount`` is what the share was made for, ``due`` what is to be paid of it
    now, both in the order's currency; ``paid_msat`` came for it."""

    id: str
    label: str | None
    amount: str
    amount_msat: int
    lines: list[LinePartView]
    paid_msat: int
    due: str
    due_msat: int
    status: str


class SplitView(BaseModel):
    """The live split of an order. Shares add up to what was due when it was made."""

    id: str
    by: str
    shares: list[ShareView]
