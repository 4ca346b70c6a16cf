"""What a sheet of stock is: its columns, its rows, and what reading one asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, StrictStr

from ..stock_entries.models import Ingredient

#: The columns of a sheet that we write, in this order.
COLUMNS = ("id", "kind", "name", "unit", "on_hand", "reserved", "available", "low_at")
KINDS = ("item", "modifier", "ingredient")


@dataclass(frozen=True)
class SheetStock:
    """One stock as a sheet shows it; ``on_hand`` None is not counted."""

    id: str
    kind: str
    name: str
    unit: str | None
    on_hand: int | None
    reserved: int
    low_at: int | None


@dataclass(frozen=True)
class SheetRow:
    """One row as somebody wrote it; None for an empty cell. ``number`` counts as
    spreadsheets do: the header is row 1."""

    number: int
    id: str | None
    kind: str | None
    name: str | None
    unit: str | None
    on_hand: int | None
    low_at: int | None


@dataclass(frozen=True)
class SheetPlan:
    """What a sheet asks for: counts and warning marks by stock id, where they differ
    from what is known, and new ingredients."""

    counts: Mapping[str, int]
    low_at: Mapping[str, int | None]
    added: tuple[Ingredient, ...]


class SheetUpload(BaseModel):
    """Body of ``POST /restaurants/{id}/stocks/import``: a sheet as text, and why its
    counts differ."""

    csv: StrictStr
    reason: StrictStr


class SheetResult(BaseModel):
    """How many rows a sheet had and how many stocks it changed."""

    rows: int
    counted: int
    added: int
    low_at_changed: int
