"""The tip_payouts table. A status only ever changes by claim."""

from dataclasses import asdict, fields

from ...core.paging import Place
from ...crud import Conn, Row, claim, newest_of
from ..refunds.models import Problem
from .models import Payout, PayoutStatus, PayTo

_COLUMNS = [f.name for f in fields(Payout)]


async def add(conn: Conn, payout: Payout) -> None:
    await conn.insert("tip_payouts", [_as_row(payout)])


async def load(conn: Conn, payout_id: str) -> Payout | None:
    row = await conn.one(
        "SELECT * FROM restaurant.tip_payouts WHERE id = :id", id=payout_id
    )
    return _payout(row) if row else None


async def change(conn: Conn, old: Payout, new: Payout) -> bool:
    """Move a payout on from the very row that was read; False when somebody moved it
    meanwhile."""
    row = await conn.one(
        f"SELECT * FROM restaurant.tip_payouts WHERE id = :id{conn.for_update()}",
        id=old.id,
    )
    if row is None or _payout(row) != old:
        return False
    before, after = _as_row(old), _as_row(new)
    changed = {name: after[name] for name in after if after[name] != before[name]}
    status = changed.pop("status", before["status"])
    return await claim(
        conn, "tip_payouts", old.id, old=before["status"], new=status, **changed
    )


async def due(conn: Conn, at: int, limit: int) -> list[Payout]:
    """Payouts to send, or to ask about, now; longest waiting first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.tip_payouts WHERE status IN ('waiting', 'sending') "
        "AND next_try_at <= :at ORDER BY next_try_at, id LIMIT :limit",
        at=at,
        limit=limit,
    )
    return [_payout(row) for row in rows]


async def page_of(
    conn: Conn, restaurant_id: str, limit: int, after: Place
) -> list[Payout]:
    """Newest first, behind the place of the page before."""
    rows = await newest_of(conn, "tip_payouts", restaurant_id, limit, after)
    return [_payout(row) for row in rows]


async def under_way(conn: Conn, restaurant_id: str) -> dict[str, int]:
    """Msat of payouts that are neither sent nor given up, by member."""
    rows = await conn.all(
        "SELECT staff_id, SUM(amount_msat) AS msat FROM restaurant.tip_payouts "
        "WHERE restaurant_id = :id AND status IN ('waiting', 'sending') "
        "GROUP BY staff_id",
        id=restaurant_id,
    )
    return {row["staff_id"]: int(row["msat"]) for row in rows}


def _as_row(payout: Payout) -> Row:
    row = asdict(payout)
    return row | {
        "status": payout.status.value,
        "destination": payout.destination.value,
        "problem": payout.problem.value if payout.problem else None,
    }


def _payout(row: Row) -> Payout:
    return Payout(
        **{name: row[name] for name in _COLUMNS}
        | {
            "status": PayoutStatus(row["status"]),
            "destination": PayTo(row["destination"]),
            "problem": Problem(row["problem"]) if row["problem"] else None,
        }
    )
