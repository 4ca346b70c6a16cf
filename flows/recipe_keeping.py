"""Which ingredients a portion takes, kept by staff."""

from ..core.paging import text_cursor
from ..crud import read, transaction
from ..features.journal.models import Entry
from ..features.recipes import crud, rules
from ..features.recipes.models import RecipeBody, RecipePage, RecipeView
from ..features.restaurants import crud as restaurants
from ..features.stock import crud as stocks
from ..features.stock.models import StockKind
from ..models import Actor
from .managing import locked
from .menus import announce_menu
from .recording import record


async def recipes_of(restaurant_id: str, limit: int, after_id: str) -> RecipePage:
    """By the id of their item or modifier."""
    async with read() as conn:
        found = await crud.page_of(conn, restaurant_id, limit, after_id)
    return RecipePage(
        data=[rules.view(each) for each in found],
        next=text_cursor(found[-1].owner_id) if len(found) == limit else None,
    )


async def set_recipe(
    restaurant_id: str,
    kind: StockKind,
    owner_id: str,
    body: RecipeBody,
    actor: Actor,
    at: int,
) -> RecipeView:
    """Put this recipe in the place of the present one; the same changes nothing.
    Orders that are placed already take what they were placed with.

    NotFound ``item.unknown``, ``modifier.unknown``; Refused ``field.invalid``,
    ``stock.unknown``.
    """
    wanted = rules.wanted_ids(body)
    async with transaction() as conn:
        await locked(conn, restaurant_id)
        old = await crud.load(conn, restaurant_id, kind, owner_id)
        if old is None:
            raise rules.unknown_owner(kind)
        known = await crud.ingredient_ids(conn, restaurant_id, wanted)
        uses = rules.read_recipe(body, known)
        if rules.is_same(old, uses):
            return rules.view(old)
        await stocks.put_recipe(conn, restaurant_id, owner_id, uses)
        new = await crud.load(conn, restaurant_id, kind, owner_id) or old
        await restaurants.bump_version(conn, restaurant_id)
        entry = Entry("recipe.changed", actor, payload=rules.told(new))
        await record(conn, restaurant_id, [entry], at)
    announce_menu(restaurant_id)
    return rules.view(new)
