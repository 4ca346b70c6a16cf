"""The logos. Older ones stay for a while: jobs printed with them show them."""

from base64 import b64decode, b64encode

from ...core.bitmaps import Bitmap
from ...crud import Conn, Row
from .models import Logo


async def load(conn: Conn, restaurant_id: str, sha256: str) -> Logo | None:
    row = await conn.one(
        "SELECT * FROM restaurant.logos "
        "WHERE restaurant_id = :restaurant_id AND sha256 = :sha256",
        restaurant_id=restaurant_id,
        sha256=sha256,
    )
    return _logo(row) if row else None


async def newest(conn: Conn, restaurant_id: str) -> Logo | None:
    """The logo that staff sees as theirs."""
    row = await conn.one(
        "SELECT * FROM restaurant.logos WHERE restaurant_id = :restaurant_id "
        "ORDER BY created_at DESC, sha256 LIMIT 1",
        restaurant_id=restaurant_id,
    )
    return _logo(row) if row else None


async def put(conn: Conn, logo: Logo) -> None:
    """Store it as the newest, also if it is there already."""
    bitmap = logo.bitmap
    await conn.run(
        """
        INSERT INTO restaurant.logos
            (restaurant_id, sha256, width, height, dots, created_at)
        VALUES (:restaurant_id, :sha256, :width, :height, :dots, :created_at)
        ON CONFLICT (restaurant_id, sha256)
        DO UPDATE SET created_at = excluded.created_at""",
        restaurant_id=logo.restaurant_id,
        sha256=bitmap.sha256,
        width=bitmap.width,
        height=bitmap.height,
        dots=b64encode(bitmap.rows).decode(),
        created_at=logo.created_at,
    )


async def drop_all(conn: Conn, restaurant_id: str) -> int:
    """How many there were."""
    return await conn.run(
        "DELETE FROM restaurant.logos WHERE restaurant_id = :restaurant_id",
        restaurant_id=restaurant_id,
    )


async def forget_old(conn: Conn, restaurant_id: str, kept: int) -> None:
    """Keep the newest ``kept`` alone."""
    await conn.run(
        """
        DELETE FROM restaurant.logos
        WHERE restaurant_id = :restaurant_id AND sha256 NOT IN (
            SELECT sha256 FROM restaurant.logos
            WHERE restaurant_id = :restaurant_id
            ORDER BY created_at DESC, sha256 LIMIT :kept)""",
        restaurant_id=restaurant_id,
        kept=kept,
    )


def _logo(row: Row) -> Logo:
    bitmap = Bitmap(row["width"], row["height"], b64decode(row["dots"]))
    return Logo(row["restaurant_id"], bitmap, row["created_at"])
