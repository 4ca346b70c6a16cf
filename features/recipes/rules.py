"""What a recipe may ask for, and how it is shown. Pure."""

from collections.abc import Sequence, Set

from ...core import limits
from ...core.errors import NotFound, Refused, invalid
from ..stock.models import StockKind, Use
from .models import Recipe, RecipeBody, RecipeView, UseView


def read_recipe(body: RecipeBody, ingredients: Set[str]) -> tuple[Use, ...]:
    """The uses that a body asks for; ``ingredients`` are the ids that there are.

    Refused ``field.invalid``, ``stock.unknown``, naming the place.
    """
    found: dict[str, Use] = {}
    for number, each in enumerate(body.uses):
        place = f"uses.{number}"
        if each.stock_id not in ingredients:
            field = f"{place}.stock_id"
            detail = f"{field}: there is no such ingredient here."
            raise Refused("stock.unknown", detail, field=field)
        if each.stock_id in found:
            detail = f"{place}: this ingredient is there already."
            raise invalid(f"{place}.stock_id", detail)
        if not 1 <= each.quantity <= limits.STOCK_MAX:
            detail = f"{place}.quantity must be from 1 to {limits.STOCK_MAX}."
            raise invalid(f"{place}.quantity", detail)
        found[each.stock_id] = Use(each.stock_id, each.quantity)
    return tuple(found.values())


def wanted_ids(body: RecipeBody) -> list[str]:
    """The ingredients that a body names. Refused ``field.invalid`` for too many."""
    if len(body.uses) > limits.RECIPE_MAX:
        raise invalid("uses", f"At most {limits.RECIPE_MAX} ingredients, please.")
    return [each.stock_id for each in body.uses]


def told(recipe: Recipe) -> dict[str, object]:
    """What the journal says of a recipe."""
    uses = [{"stock_id": u.stock_id, "quantity": u.quantity} for u in _uses(recipe)]
    return {"kind": recipe.kind, "id": recipe.owner_id, "uses": uses}


def is_same(recipe: Recipe, uses: Sequence[Use]) -> bool:
    """Nothing would change, whatever the order."""
    return set(_uses(recipe)) == set(uses)


def _uses(recipe: Recipe) -> list[Use]:
    return [each.use for each in recipe.uses]


def view(recipe: Recipe) -> RecipeView:
    return RecipeView(
        id=recipe.owner_id,
        kind=recipe.kind,
        name=recipe.name,
        menu_item_id=recipe.menu_item_id,
        uses=[
            UseView(
                stock_id=each.use.stock_id,
                name=each.name,
                unit=each.unit,
                quantity=each.use.quantity,
            )
            for each in recipe.uses
        ],
    )


def unknown_owner(kind: StockKind) -> NotFound:
    return NotFound(f"{kind}.unknown", f"There is no such {kind} on the menu.")
