"""Recipes under the names of their items, modifiers and ingredients."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ...crud import Conn, Row, in_list
from ..stock.models import StockKind, Use
from .models import NamedUse, Recipe

#: Whatever may have a recipe; names are the menu's of this moment.
_OWNERS = """
    SELECT i.id, i.restaurant_id, 'item' AS kind, i.name, i.id AS menu_item_id
    FROM restaurant.menu_items i
    UNION ALL
    SELECT m.id, m.restaurant_id, 'modifier', m.name, g.menu_item_id
    FROM restaurant.modifiers m JOIN restaurant.modifier_groups g ON g.id = m.group_id
"""


async def load(
    conn: Conn, restaurant_id: str, kind: StockKind, owner_id: str
) -> Recipe | None:
    """The recipe, maybe an empty one, of an item or modifier; None when the menu has
    none of this id."""
    row = await conn.one(
        f"SELECT * FROM ({_OWNERS}) o "
        "WHERE o.id = :id AND o.kind = :kind AND o.restaurant_id = :restaurant_id",
        id=owner_id,
        kind=kind.value,
        restaurant_id=restaurant_id,
    )
    return (await _with_uses(conn, [row]))[0] if row else None


async def page_of(
    conn: Conn, restaurant_id: str, limit: int, after_id: str
) -> list[Recipe]:
    """What has a recipe and is on the menu, by id, behind ``after_id``."""
    rows = await conn.all(
        f"SELECT * FROM ({_OWNERS}) o WHERE o.restaurant_id = :restaurant_id "
        "AND o.id > :after_id AND o.id IN (SELECT r.owner_id FROM restaurant.recipes r "
        "WHERE r.restaurant_id = :restaurant_id) ORDER BY o.id LIMIT :limit",
        restaurant_id=restaurant_id,
        after_id=after_id,
        limit=limit,
    )
    return await _with_uses(conn, rows)


async def ingredient_ids(
    conn: Conn, restaurant_id: str, wanted: Iterable[str]
) -> frozenset[str]:
    """Which of these are ingredients of the restaurant."""
    marks, values = in_list("id", wanted)
    rows = await conn.all(
        "SELECT id FROM restaurant.stocks WHERE restaurant_id = :restaurant_id "
        f"AND kind = 'ingredient' AND id IN {marks}",
        restaurant_id=restaurant_id,
        **values,
    )
    return frozenset(row["id"] for row in rows)


async def _with_uses(conn: Conn, rows: Sequence[Row]) -> list[Recipe]:
    marks, values = in_list("id", [row["id"] for row in rows])
    uses = await conn.all(
        "SELECT r.owner_id, r.stock_id, r.quantity, s.name, s.unit "
        "FROM restaurant.recipes r JOIN restaurant.stocks s ON s.id = r.stock_id "
        f"WHERE r.owner_id IN {marks} ORDER BY s.name, s.id",
        **values,
    )
    uses_of: dict[str, list[NamedUse]] = defaultdict(list)
    for use in uses:
        kept = Use(use["stock_id"], use["quantity"])
        named = NamedUse(kept, use["name"] or "", use["unit"] or "")
        uses_of[use["owner_id"]].append(named)
    return [
        Recipe(
            owner_id=row["id"],
            kind=row["kind"],
            name=row["name"],
            menu_item_id=row["menu_item_id"],
            uses=tuple(uses_of[row["id"]]),
        )
        for row in rows
    ]
