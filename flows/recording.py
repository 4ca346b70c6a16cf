"""Appends to a restaurant's journal, inside the caller's transaction."""

from collections.abc import Sequence

from ..crud import Conn
from ..features.journal import crud as journal
from ..features.journal import rules
from ..features.journal.models import Entry, JournalRow


async def record(
    conn: Conn, restaurant_id: str, entries: Sequence[Entry], at: int
) -> list[JournalRow]:
    """Place the entries in the journal; they exist when the transaction commits."""
    if not entries:
        return []
    first_seq, prev_hash = await journal.take_seqs(conn, restaurant_id, len(entries))
    rows = rules.chain(restaurant_id, first_seq, prev_hash, entries, at)
    await journal.add_rows(conn, rows)
    return rows
