"""What the lamps read of the print queue and the menu."""

from ...crud import Conn


async def queue_state(conn: Conn, restaurant_id: str) -> tuple[int, int | None]:
    """(failed jobs, creation of the oldest job that still waits).

    A drawer that did not open is over: nobody waits for it.
    """
    row = await conn.one(
        """
        SELECT COALESCE(SUM(CASE WHEN state = 'dead' THEN 1 ELSE 0 END), 0) AS failed,
               MIN(CASE WHEN state <> 'dead' THEN created_at END) AS oldest
        FROM restaurant.print_jobs
        WHERE restaurant_id = :id AND kind <> 'drawer'
          AND state IN ('queued', 'leased', 'printing', 'in_doubt', 'dead')""",
        id=restaurant_id,
    )
    return (int(row["failed"]), row["oldest"]) if row else (0, None)


async def currencies(conn: Conn, restaurant_id: str) -> list[str]:
    rows = await conn.all(
        "SELECT DISTINCT currency FROM restaurant.menu_items "
        "WHERE restaurant_id = :id ORDER BY currency",
        id=restaurant_id,
    )
    return [row["currency"] for row in rows]
