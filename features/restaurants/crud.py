"""The restaurants table. The row doubles as its restaurant's write queue."""

import json
from functools import lru_cache

from ...core import limits
from ...core.errors import Conflict
from ...core.ids import canonical_json
from ...core.paging import Place
from ...crud import UNIQUE_ERRORS, Conn, Row
from .models import Profile, Restaurant, read_back


async def load(conn: Conn, id_or_slug: str) -> Restaurant | None:
    """By id or slug; deleted ones are gone."""
    if not id_or_slug.isprintable():  # no database takes every text
        return None
    row = await conn.one(
        "SELECT * FROM restaurant.restaurants "
        "WHERE (id = :key OR slug = :key) AND deleted_at IS NULL",
        key=id_or_slug,
    )
    return _restaurant(row) if row else None


async def load_with_deleted(conn: Conn, restaurant_id: str) -> Restaurant | None:
    """By id, also when deleted: its history stays."""
    row = await conn.one(
        "SELECT * FROM restaurant.restaurants WHERE id = :id", id=restaurant_id
    )
    return _restaurant(row) if row else None


async def list_of_owner(
    conn: Conn, *, wallet_id: str | None, user_id: str | None, limit: int, after: Place
) -> list[Restaurant]:
    """The restaurants of a wallet or of an account, newest first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.restaurants "
        "WHERE (wallet_id = :wallet_id OR user_id = :user_id) AND deleted_at IS NULL "
        "AND (created_at < :after_at OR (created_at = :after_at AND id < :after_id)) "
        "ORDER BY created_at DESC, id DESC LIMIT :limit",
        wallet_id=wallet_id or "",
        user_id=user_id or "",
        after_at=after[0],
        after_id=after[1],
        limit=limit,
    )
    return [_restaurant(row) for row in rows]


async def slug_taken(conn: Conn, slug: str, but_id: str = "") -> bool:
    """Does another restaurant answer to this name, as its slug or as its id?"""
    row = await conn.one(
        "SELECT id FROM restaurant.restaurants "
        "WHERE (slug = :slug OR id = :slug) AND id <> :but_id",
        slug=slug,
        but_id=but_id,
    )
    return row is not None


async def versions_of(conn: Conn, restaurant_id: str) -> tuple[int, int] | None:
    """(version, stock_version): unchanged means the menu is unchanged."""
    row = await conn.one(
        "SELECT menu_version, stock_version FROM restaurant.restaurants "
        "WHERE id = :id AND deleted_at IS NULL",
        id=restaurant_id,
    )
    return (row["menu_version"], row["stock_version"]) if row else None


async def lock(conn: Conn, restaurant_id: str) -> Restaurant | None:
    """Load the restaurant and queue behind its other writers until commit."""
    row = await conn.one(
        "SELECT * FROM restaurant.restaurants "
        f"WHERE id = :id AND deleted_at IS NULL{conn.for_update()}",
        id=restaurant_id,
    )
    return _restaurant(row) if row else None


async def add(conn: Conn, restaurant: Restaurant) -> bool:
    """Store a new restaurant; False when its slug was taken meanwhile."""
    query = """
        INSERT INTO restaurant.restaurants (id, wallet_id, user_id, slug, profile,
            is_open, menu_version, stock_version, created_at)
        VALUES (:id, :wallet_id, :user_id, :slug, :profile,
            :is_open, :version, :stock_version, :created_at)
        ON CONFLICT (slug) DO NOTHING"""
    added = await conn.run(
        query,
        id=restaurant.id,
        wallet_id=restaurant.wallet_id,
        user_id=restaurant.user_id,
        slug=restaurant.slug,
        profile=canonical_json(restaurant.profile()),
        is_open=restaurant.is_open,
        version=restaurant.version,
        stock_version=restaurant.stock_version,
        created_at=restaurant.created_at,
    )
    return added == 1


async def save(conn: Conn, restaurant: Restaurant) -> None:
    """Store profile, slug and the open switch; the version moves on.

    Conflict ``slug.taken`` when another writer was faster.
    """
    try:
        await conn.run(
            "UPDATE restaurant.restaurants SET profile = :profile, slug = :slug, "
            "is_open = :is_open, menu_version = menu_version + 1 WHERE id = :id",
            id=restaurant.id,
            slug=restaurant.slug,
            is_open=restaurant.is_open,
            profile=canonical_json(restaurant.profile()),
        )
    except UNIQUE_ERRORS as error:
        raise slug_is_taken(restaurant.slug) from error


def slug_is_taken(slug: str) -> Conflict:
    return Conflict(
        "slug.taken", f"The name {slug} is taken. Please choose another one."
    )


async def bump_stock_version(conn: Conn, restaurant_id: str) -> None:
    """Say that sales or returns moved the stock."""
    await conn.run(
        "UPDATE restaurant.restaurants SET stock_version = stock_version + 1 "
        "WHERE id = :id",
        id=restaurant_id,
    )


async def bump_version(conn: Conn, restaurant_id: str) -> None:
    """Say that somebody edited the menu."""
    await conn.run(
        "UPDATE restaurant.restaurants SET menu_version = menu_version + 1 "
        "WHERE id = :id",
        id=restaurant_id,
    )


async def mark_deleted(conn: Conn, restaurant_id: str, at: int) -> None:
    """Hide the restaurant and free its slug; the journal and orders stay."""
    await conn.run(
        "UPDATE restaurant.restaurants SET deleted_at = :at, slug = id "
        "WHERE id = :id AND deleted_at IS NULL",
        id=restaurant_id,
        at=at,
    )


async def next_number(conn: Conn, restaurant_id: str, day: str) -> int:
    """The next order number of this business day, beginning at 1."""
    row = await conn.one(
        """
        UPDATE restaurant.restaurants
        SET number_last = CASE WHEN number_day = :day THEN number_last + 1 ELSE 1 END,
            number_day = :day
        WHERE id = :id RETURNING number_last""",
        id=restaurant_id,
        day=day,
    )
    if row is None:
        raise LookupError(f"no restaurant {restaurant_id}")
    return int(row["number_last"])


@lru_cache(maxsize=limits.PROFILES_KEPT_MAX)
def _profile(document: str) -> tuple[Profile, tuple[str, ...]]:
    """The settings behind their document, and what of it cannot be read; every order
    reads them several times."""
    return read_back(json.loads(document))


def _restaurant(row: Row) -> Restaurant:
    profile, unread = _profile(row["profile"])
    # What is stored was checked when it was written, and is not checked again.
    return Restaurant.construct(
        **vars(profile),
        unread=unread,
        id=row["id"],
        slug=row["slug"],
        wallet_id=row["wallet_id"],
        user_id=row["user_id"],
        is_open=bool(row["is_open"]),
        version=row["menu_version"],
        stock_version=row["stock_version"],
        created_at=row["created_at"],
        deleted_at=row["deleted_at"],
    )
