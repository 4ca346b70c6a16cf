"""What staff sends about stock."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, StrictInt, StrictStr

from ..stock.models import StockKind


@dataclass(frozen=True)
class MenuEntry:
    """An item or modifier of the menu, counted or not."""

    id: str
    kind: StockKind
    name: str


@dataclass(frozen=True)
class Sums:
    """What the ledger's rows of one stock add up to."""

    on_hand: int = 0
    reserved: int = 0


@dataclass(frozen=True)
class Ingredient:
    """What an ingredient is called and counted in, and when it is low."""

    name: str
    unit: str
    on_hand: int
    low_at: int | None


# --- bodies --------------------------------------------------------------------


class MovementBody(BaseModel):
    """``receive`` and ``waste`` say how much came or went (at least 1), ``count`` what
    there is, ``adjust`` the difference, which may be below zero and is not 0."""

    stock_id: StrictStr
    kind: Literal["receive", "waste", "adjust", "count"]
    quantity: StrictInt


class MovementsBody(BaseModel):
    """Body of ``POST /restaurants/{id}/stock_movements``: all of them or none, in
    this order. ``reason`` is needed for waste, adjust and a count that differs."""

    reason: StrictStr | None = None
    movements: list[MovementBody]


class NewIngredient(BaseModel):
    """Body of ``POST /restaurants/{id}/ingredients``."""

    name: StrictStr
    unit: StrictStr
    on_hand: StrictInt = 0
    low_at: StrictInt | None = None


class StockChange(BaseModel):
    """Body of ``PATCH /stocks/{id}``: only what is sent changes; ``name`` and
    ``unit`` of ingredients only, ``low_at`` null: no warning."""

    name: StrictStr | None = None
    unit: StrictStr | None = None
    low_at: StrictInt | None = None
