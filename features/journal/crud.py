"""The journal's table. Rows are only ever added; triggers refuse anything else."""

import json
from collections.abc import Sequence

from ...core.ids import canonical_json
from ...crud import Conn, Row
from .models import JournalRow


async def take_seqs(conn: Conn, restaurant_id: str, count: int) -> tuple[int, str]:
    """Reserve ``count`` numbers: the first of them and the hash to chain to.

    The update queues the restaurant's writers behind each other until commit.
    """
    row = await conn.one(
        "UPDATE restaurant.restaurants SET journal_seq = journal_seq + :count "
        "WHERE id = :id RETURNING journal_seq, journal_hash",
        id=restaurant_id,
        count=count,
    )
    if row is None:
        raise LookupError(f"no restaurant {restaurant_id}")
    return row["journal_seq"] - count + 1, row["journal_hash"]


async def add_rows(conn: Conn, rows: Sequence[JournalRow]) -> None:
    """Write the chained rows and remember the head of the chain."""
    await conn.insert(
        "journal",
        [
            {
                "restaurant_id": row.restaurant_id,
                "seq": row.seq,
                "at": row.at,
                "actor": row.actor,
                "event": row.event,
                "order_id": row.order_id,
                "payload": canonical_json(row.payload),
                "prev_hash": row.prev_hash,
                "hash": row.hash,
            }
            for row in rows
        ],
    )
    await conn.run(
        "UPDATE restaurant.restaurants SET journal_hash = :hash WHERE id = :id",
        id=rows[-1].restaurant_id,
        hash=rows[-1].hash,
    )


async def head(conn: Conn, restaurant_id: str) -> int:
    row = await conn.one(
        "SELECT journal_seq FROM restaurant.restaurants WHERE id = :id",
        id=restaurant_id,
    )
    return int(row["journal_seq"]) if row else 0


async def rows_after(
    conn: Conn, restaurant_id: str, after: int, limit: int
) -> list[JournalRow]:
    """Oldest first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.journal WHERE restaurant_id = :id AND seq > :after "
        "ORDER BY seq LIMIT :limit",
        id=restaurant_id,
        after=after,
        limit=limit,
    )
    return [_row(row) for row in rows]


async def rows_of_orders(
    conn: Conn, order_ids_sql: str, parameters: Row
) -> list[JournalRow]:
    """The rows of these orders (an ``in_list``), oldest first."""
    rows = await conn.all(
        f"SELECT * FROM restaurant.journal WHERE order_id IN {order_ids_sql} "
        "ORDER BY restaurant_id, seq",
        **parameters,
    )
    return [_row(row) for row in rows]


def _row(row: Row) -> JournalRow:
    return JournalRow(**{**row, "payload": json.loads(row["payload"])})
