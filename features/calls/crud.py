"""The calls of a restaurant's tables. A call is answered once."""

from dataclasses import asdict

from ...crud import Conn, Row
from .models import Call, CallKind


async def add(conn: Conn, call: Call) -> None:
    await conn.insert("calls", [asdict(call) | {"kind": call.kind.value}])


async def load(conn: Conn, call_id: str) -> Call | None:
    row = await conn.one("SELECT * FROM restaurant.calls WHERE id = :id", id=call_id)
    return _call(row) if row else None


async def open_of(
    conn: Conn, restaurant_id: str, table_id: str, kind: CallKind, since: int
) -> Call | None:
    """The call of this kind that waits at a table, not older than ``since`` (ms)."""
    row = await conn.one(
        "SELECT * FROM restaurant.calls WHERE restaurant_id = :restaurant_id "
        "AND table_id = :table_id AND kind = :kind AND answered_at IS NULL "
        "AND created_at >= :since ORDER BY created_at, id LIMIT 1",
        restaurant_id=restaurant_id,
        table_id=table_id,
        kind=kind.value,
        since=since,
    )
    return _call(row) if row else None


async def waiting(conn: Conn, restaurant_id: str, limit: int) -> list[Call]:
    """The open calls, oldest first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.calls WHERE restaurant_id = :id "
        "AND answered_at IS NULL ORDER BY created_at, id LIMIT :limit",
        id=restaurant_id,
        limit=limit,
    )
    return [_call(row) for row in rows]


async def answered_since(
    conn: Conn, restaurant_id: str, since: int, limit: int
) -> list[Call]:
    """The calls that somebody answered since then (ms), oldest call first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.calls WHERE restaurant_id = :id "
        "AND answered_at >= :since AND answered_by IS NOT NULL "
        "ORDER BY created_at, id LIMIT :limit",
        id=restaurant_id,
        since=since,
        limit=limit,
    )
    return [_call(row) for row in rows]


async def counts(
    conn: Conn, restaurant_id: str, table_id: str, since: int
) -> tuple[int, int]:
    """(how many wait, how often this table called since then)."""
    row = await conn.one(
        "SELECT COALESCE(SUM(CASE WHEN answered_at IS NULL THEN 1 ELSE 0 END), 0) AS n,"
        " COALESCE(SUM(CASE WHEN table_id = :table_id AND created_at >= :since "
        "THEN 1 ELSE 0 END), 0) AS t FROM restaurant.calls WHERE restaurant_id = :id",
        id=restaurant_id,
        table_id=table_id,
        since=since,
    )
    return (int(row["n"]), int(row["t"])) if row else (0, 0)


async def close_older(conn: Conn, restaurant_id: str, before: int, at: int) -> None:
    """Nobody waits that long: such calls are over, and nobody answered them."""
    await conn.run(
        "UPDATE restaurant.calls SET answered_at = :at WHERE restaurant_id = :id "
        "AND answered_at IS NULL AND created_at < :before",
        id=restaurant_id,
        before=before,
        at=at,
    )


async def forget_older(conn: Conn, restaurant_id: str, before: int) -> None:
    """Remove calls from before then; the journal keeps what was."""
    await conn.run(
        "DELETE FROM restaurant.calls "
        "WHERE restaurant_id = :id AND created_at < :before",
        id=restaurant_id,
        before=before,
    )


async def answer(conn: Conn, call_id: str, answered_by: str, at: int) -> bool:
    """False when it was answered, or closed, before."""
    changed = await conn.run(
        "UPDATE restaurant.calls SET answered_at = :at, answered_by = :answered_by "
        "WHERE id = :id AND answered_at IS NULL",
        id=call_id,
        at=at,
        answered_by=answered_by,
    )
    return changed == 1


def _call(row: Row) -> Call:
    return Call(
        id=row["id"],
        restaurant_id=row["restaurant_id"],
        table_id=row["table_id"],
        table_name=row["table_name"],
        kind=CallKind(row["kind"]),
        created_at=row["created_at"],
        answered_at=row["answered_at"],
        answered_by=row["answered_by"],
    )
