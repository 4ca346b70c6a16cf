"""The last good rate per currency; it outlives a restart."""

from decimal import Decimal

from ...crud import Conn
from .models import KnownRate


async def load(conn: Conn, currency: str) -> KnownRate | None:
    row = await conn.one(
        "SELECT rate, rate_at FROM restaurant.rates WHERE currency = :currency",
        currency=currency,
    )
    return KnownRate(Decimal(row["rate"]), row["rate_at"]) if row else None


async def save(conn: Conn, currency: str, known: KnownRate) -> None:
    """Keep the newest good rate; an older one never replaces it."""
    await conn.run(
        """
        INSERT INTO restaurant.rates AS r (currency, rate, rate_at)
        VALUES (:currency, :rate, :at)
        ON CONFLICT (currency) DO UPDATE
        SET rate = excluded.rate, rate_at = excluded.rate_at
        WHERE r.rate_at < excluded.rate_at""",
        currency=currency,
        rate=f"{known.rate:f}",
        at=known.at,
    )


async def used_currencies(conn: Conn) -> list[str]:
    """Every currency that some menu has a price in."""
    rows = await conn.all(
        "SELECT DISTINCT i.currency FROM restaurant.menu_items i "
        "JOIN restaurant.restaurants r ON r.id = i.restaurant_id "
        "WHERE r.deleted_at IS NULL ORDER BY i.currency"
    )
    return [row["currency"] for row in rows]
