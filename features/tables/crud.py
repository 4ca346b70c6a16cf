"""The dining tables. A removed row is a table without a token."""

from dataclasses import asdict

from ...core.paging import Place
from ...crud import Conn, Row, count_of, newest_of
from .models import Table


async def load(conn: Conn, table_id: str) -> Table | None:
    row = await conn.one(
        "SELECT * FROM restaurant.dining_tables WHERE id = :id", id=table_id
    )
    return _table(row) if row else None


async def by_name_or_id(conn: Conn, restaurant_id: str, name: str) -> Table | None:
    """A restaurant's table as carts name it; an id wins over a like-named table."""
    row = await conn.one(
        "SELECT * FROM restaurant.dining_tables "
        "WHERE restaurant_id = :restaurant_id AND (id = :name OR name = :name) "
        "ORDER BY CASE WHEN id = :name THEN 0 ELSE 1 END LIMIT 1",
        restaurant_id=restaurant_id,
        name=name,
    )
    return _table(row) if row else None


async def all_of(conn: Conn, restaurant_id: str) -> list[Table]:
    """Every table of the restaurant, by name."""
    rows = await conn.all(
        "SELECT * FROM restaurant.dining_tables WHERE restaurant_id = :id "
        "ORDER BY name, id",
        id=restaurant_id,
    )
    return [_table(row) for row in rows]


async def page_of(
    conn: Conn, restaurant_id: str, limit: int, after: Place
) -> list[Table]:
    """Newest first, behind the place of the page before."""
    rows = await newest_of(conn, "dining_tables", restaurant_id, limit, after)
    return [_table(row) for row in rows]


async def count(conn: Conn, restaurant_id: str) -> int:
    return await count_of(conn, "dining_tables", restaurant_id)


async def add(conn: Conn, table: Table) -> bool:
    """False when the restaurant has a table of this name."""
    query = """
        INSERT INTO restaurant.dining_tables
            (id, restaurant_id, name, token_version, created_at, zone)
        VALUES (:id, :restaurant_id, :name, :token_version, :created_at, :zone)
        ON CONFLICT (restaurant_id, name) DO NOTHING"""
    return await conn.run(query, **asdict(table)) == 1


async def save(conn: Conn, table: Table) -> bool:
    """Store name and zone; False when another table of the restaurant has the name.

    The restaurant is locked: nobody takes the name in between.
    """
    query = """
        UPDATE restaurant.dining_tables SET name = :name, zone = :zone
        WHERE id = :id AND NOT EXISTS (
            SELECT 1 FROM restaurant.dining_tables
            WHERE restaurant_id = :restaurant_id AND name = :name AND id <> :id)"""
    saved = await conn.run(
        query,
        id=table.id,
        restaurant_id=table.restaurant_id,
        name=table.name,
        zone=table.zone,
    )
    return saved == 1


async def renew_token(conn: Conn, table_id: str) -> Table | None:
    """Move the token on, which ends the old one; None when the table is gone."""
    row = await conn.one(
        "UPDATE restaurant.dining_tables SET token_version = token_version + 1 "
        "WHERE id = :id RETURNING *",
        id=table_id,
    )
    return _table(row) if row else None


async def remove(conn: Conn, table_id: str) -> bool:
    """False when it is gone already."""
    removed = await conn.run(
        "DELETE FROM restaurant.dining_tables WHERE id = :id", id=table_id
    )
    return removed == 1


def _table(row: Row) -> Table:
    return Table(
        id=row["id"],
        restaurant_id=row["restaurant_id"],
        name=row["name"],
        token_version=row["token_version"],
        created_at=row["created_at"],
        zone=row["zone"],
    )
