"""Reads a restaurant's journal for feeds and integrators."""

from ..core.times import rfc3339
from ..crud import read
from ..features.journal import crud, rules
from ..features.journal.models import JournalPage, JournalRow, JournalView

VERIFY_BATCH = 1_000


async def events_after(restaurant_id: str, after: int, limit: int) -> JournalPage:
    """Rows with a larger ``seq``, oldest first; ``next`` when there may be more."""
    async with read() as conn:
        rows = await crud.rows_after(conn, restaurant_id, after, limit)
    is_full = len(rows) == limit
    return JournalPage(
        data=[_view(row) for row in rows], next=rows[-1].seq if is_full else None
    )


async def journal_head(restaurant_id: str) -> int:
    """The ``seq`` of the newest row; 0 before anything happened."""
    async with read() as conn:
        return await crud.head(conn, restaurant_id)


async def verify_journal(restaurant_id: str) -> int | None:
    """The first ``seq`` at which the chain is broken, or None when it is whole."""
    prev_hash, after = "", 0
    while True:
        async with read() as conn:
            rows = await crud.rows_after(conn, restaurant_id, after, VERIFY_BATCH)
        if not rows:
            return None
        broken = rules.first_break(rows, prev_hash, after + 1)
        if broken is not None:
            return broken
        prev_hash, after = rows[-1].hash, rows[-1].seq


def _view(row: JournalRow) -> JournalView:
    return JournalView(
        seq=row.seq,
        at=rfc3339(row.at),
        actor=row.actor,
        event=row.event,
        order_id=row.order_id,
        payload=row.payload,
        prev_hash=row.prev_hash,
        hash=row.hash,
    )
