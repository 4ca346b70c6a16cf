"""Stocks under the names that people know, and how they compare with their ledger."""

from collections.abc import Iterable, Mapping

from ...crud import Conn, Row, in_list
from ..stock.models import NamedStock, Stock, StockKind
from .models import MenuEntry, Sums

_BATCH = 500

#: Stocks of what is on the menu, and ingredients. (A recipe whose item or modifier
#: left the menu is nobody's.)
_NAMED = """
    SELECT s.*, COALESCE(i.name, m.name, s.name) AS shown_name,
        COALESCE(i.id, g.menu_item_id) AS menu_item_id, COALESCE(u.n, 0) AS used_by
    FROM restaurant.stocks s
    LEFT JOIN restaurant.menu_items i ON i.id = s.id
    LEFT JOIN restaurant.modifiers m ON m.id = s.id
    LEFT JOIN restaurant.modifier_groups g ON g.id = m.group_id
    LEFT JOIN (
        SELECT r.stock_id, COUNT(*) AS n FROM restaurant.recipes r
        WHERE r.restaurant_id = :restaurant_id AND (
            EXISTS (SELECT 1 FROM restaurant.menu_items x WHERE x.id = r.owner_id) OR
            EXISTS (SELECT 1 FROM restaurant.modifiers x WHERE x.id = r.owner_id))
        GROUP BY r.stock_id
    ) AS u ON u.stock_id = s.id
    WHERE s.restaurant_id = :restaurant_id
        AND (s.kind = 'ingredient' OR i.id IS NOT NULL OR m.id IS NOT NULL)
"""
_IS_LOW = "is_counted AND low_at IS NOT NULL AND on_hand - reserved <= low_at"


async def page_of(
    conn: Conn,
    restaurant_id: str,
    kind: StockKind | None,
    is_low: bool,
    limit: int,
    after: tuple[str, str],
) -> list[NamedStock]:
    """By name, whatever its case, behind the (name, id) of the page before's last."""
    where = [
        "(LOWER(shown_name), id) > (LOWER(CAST(:after_name AS TEXT)), :after_id)",
    ]
    values: Row = {"after_name": after[0], "after_id": after[1], "limit": limit}
    if kind:
        where.append("kind = :kind")
        values["kind"] = kind.value
    if is_low:
        where.append(_IS_LOW)
    rows = await conn.all(
        f"SELECT * FROM ({_NAMED}) AS s WHERE {' AND '.join(where)} "
        "ORDER BY LOWER(shown_name), id LIMIT :limit",
        restaurant_id=restaurant_id,
        **values,
    )
    return [_named(row) for row in rows]


async def all_of(conn: Conn, restaurant_id: str) -> list[NamedStock]:
    """Every stock of the restaurant, by name."""
    rows = await conn.all(
        f"SELECT * FROM ({_NAMED}) AS s ORDER BY LOWER(shown_name), id",
        restaurant_id=restaurant_id,
    )
    return [_named(row) for row in rows]


async def load(conn: Conn, restaurant_id: str, stock_id: str) -> NamedStock | None:
    row = await conn.one(
        f"SELECT * FROM ({_NAMED}) AS s WHERE id = :id",
        restaurant_id=restaurant_id,
        id=stock_id,
    )
    return _named(row) if row else None


async def menu_entries(
    conn: Conn, restaurant_id: str, wanted: Iterable[str] | None = None
) -> dict[str, MenuEntry]:
    """The menu's items and modifiers by id, all or those wanted."""
    found: dict[str, MenuEntry] = {}
    ids = None if wanted is None else list(wanted)
    for kind, table in (
        (StockKind.ITEM, "menu_items"),
        (StockKind.MODIFIER, "modifiers"),
    ):
        query = f"SELECT id, name FROM restaurant.{table} WHERE restaurant_id = :id"
        for start in range(0, 1 if ids is None else len(ids), _BATCH):
            marks, values = in_list("wanted", (ids or [])[start : start + _BATCH])
            rows = await conn.all(
                query if ids is None else f"{query} AND id IN {marks}",
                id=restaurant_id,
                **values,
            )
            found |= {r["id"]: MenuEntry(r["id"], kind, r["name"]) for r in rows}
    return found


async def ingredient_names(conn: Conn, restaurant_id: str) -> dict[str, str]:
    """The ids of the restaurant's ingredients by their names."""
    rows = await conn.all(
        "SELECT id, name FROM restaurant.stocks "
        "WHERE restaurant_id = :id AND kind = 'ingredient'",
        id=restaurant_id,
    )
    return {row["name"]: row["id"] for row in rows}


async def remove(conn: Conn, stock_id: str) -> None:
    """The stock goes, with what recipes of things that left the menu say of it; the
    ledger's rows stay."""
    for table, column in (("recipes", "stock_id"), ("stocks", "id")):
        await conn.run(
            f"DELETE FROM restaurant.{table} WHERE {column} = :id", id=stock_id
        )


async def set_low_at(conn: Conn, marks: Mapping[str, int | None]) -> None:
    """Set when each of these stocks (by id) is low; one statement for 500 of the
    same figure."""
    ids_of: dict[int | None, list[str]] = {}
    for stock_id, low_at in marks.items():
        ids_of.setdefault(low_at, []).append(stock_id)
    for low_at, ids in ids_of.items():
        for start in range(0, len(ids), _BATCH):
            listed, values = in_list("id", ids[start : start + _BATCH])
            await conn.run(
                "UPDATE restaurant.stocks SET low_at = CAST(:low_at AS BIGINT) "
                f"WHERE id IN {listed}",
                low_at=low_at,
                **values,
            )


async def order_numbers(conn: Conn, order_ids: Iterable[str]) -> dict[str, int]:
    marks, values = in_list("id", order_ids)
    rows = await conn.all(
        f"SELECT id, number FROM restaurant.orders WHERE id IN {marks}", **values
    )
    return {row["id"]: row["number"] for row in rows}


# --- proof -------------------------------------------------------------------------


async def sums_of(conn: Conn, stock_ids: Iterable[str]) -> dict[str, Sums]:
    """What the movements of these stocks add up to."""
    marks, values = in_list("id", stock_ids)
    rows = await conn.all(
        "SELECT stock_id, SUM(on_hand_delta) AS on_hand, "
        "SUM(reserved_delta) AS reserved FROM restaurant.stock_movements "
        f"WHERE stock_id IN {marks} GROUP BY stock_id",
        **values,
    )
    return {r["stock_id"]: Sums(int(r["on_hand"]), int(r["reserved"])) for r in rows}


async def sizes(conn: Conn, restaurant_id: str) -> tuple[int, int]:
    """How many stocks and movements the restaurant has."""
    row = await conn.one(
        "SELECT (SELECT COUNT(*) FROM restaurant.stocks WHERE restaurant_id = :id) "
        "AS stocks, (SELECT COUNT(*) FROM restaurant.stock_movements "
        "WHERE restaurant_id = :id) AS movements",
        id=restaurant_id,
    )
    return (int(row["stocks"]), int(row["movements"])) if row else (0, 0)


def _named(row: Row) -> NamedStock:
    names = Stock.__dataclass_fields__
    kept = {name: row[name] for name in names} | {
        "kind": StockKind(row["kind"]),
        "is_counted": bool(row["is_counted"]),
    }
    return NamedStock(
        Stock(**kept), row["shown_name"] or "", row["menu_item_id"], int(row["used_by"])
    )
