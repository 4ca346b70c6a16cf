"""What a recipe is: so much of each ingredient for one portion."""

from dataclasses import dataclass

from pydantic import BaseModel, StrictInt, StrictStr

from ..stock.models import Use


@dataclass(frozen=True)
class Recipe:
    """The ingredients of one item or modifier, by name. ``menu_item_id`` is the item
    itself, or the one that offers the modifier."""

    owner_id: str
    kind: str
    name: str
    menu_item_id: str
    uses: tuple["NamedUse", ...]


@dataclass(frozen=True)
class NamedUse:
    """A use with its ingredient's name and unit, for people."""

    use: Use
    name: str
    unit: str


# --- shapes --------------------------------------------------------------------


class UseView(BaseModel):
    """So much of an ingredient, in its unit, for one portion."""

    stock_id: str
    name: str
    unit: str
    quantity: int


class RecipeView(BaseModel):
    """``id`` is the item's or the modifier's; ``kind`` says which. An item's
    ``menu_item_id`` is its own id."""

    id: str
    kind: str
    name: str
    menu_item_id: str
    uses: list[UseView]


class RecipePage(BaseModel):
    """By id; ``next`` is the cursor of the next page, or null."""

    data: list[RecipeView]
    next: str | None


# --- bodies --------------------------------------------------------------------


class UseBody(BaseModel):
    """``quantity`` of the ingredient, a whole number of its unit."""

    stock_id: StrictStr
    quantity: StrictInt


class RecipeBody(BaseModel):
    """Body of ``PUT /menu_items/{id}/recipe`` and ``PUT /modifiers/{id}/recipe``: the
    whole recipe; none at all when ``uses`` is empty."""

    uses: list[UseBody]
