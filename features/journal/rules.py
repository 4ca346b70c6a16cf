"""How journal rows are chained, and how a chain is checked. Pure."""

from collections.abc import Sequence

from ...core.ids import canonical_json, sha256_hex
from .models import Entry, JournalRow


def row_hash(
    prev_hash: str,
    seq: int,
    at: int,
    actor: str,
    event: str,
    order_id: str | None,
    payload_text: str,
) -> str:
    """SHA-256 over the row and the hash before it, as canonical JSON."""
    return sha256_hex(
        canonical_json([prev_hash, seq, at, actor, event, order_id, payload_text])
    )


def chain(
    restaurant_id: str,
    first_seq: int,
    prev_hash: str,
    entries: Sequence[Entry],
    at: int,
) -> list[JournalRow]:
    """Place the entries behind each other, beginning at ``first_seq``."""
    rows = []
    for seq, entry in enumerate(entries, first_seq):
        digest = row_hash(
            prev_hash,
            seq,
            at,
            str(entry.actor),
            entry.event,
            entry.order_id,
            canonical_json(entry.payload),
        )
        rows.append(
            JournalRow(
                restaurant_id=restaurant_id,
                seq=seq,
                at=at,
                actor=str(entry.actor),
                event=entry.event,
                order_id=entry.order_id,
                payload=entry.payload,
                prev_hash=prev_hash,
                hash=digest,
            )
        )
        prev_hash = digest
    return rows


def first_break(
    rows: Sequence[JournalRow], prev_hash: str = "", expected: int = 1
) -> int | None:
    """The seq of the first row that does not continue the chain, or None.

    Oldest first; ``prev_hash`` and ``expected`` come from the rows before.
    """
    for row in rows:
        digest = row_hash(
            prev_hash,
            row.seq,
            row.at,
            row.actor,
            row.event,
            row.order_id,
            canonical_json(row.payload),
        )
        if (row.seq, row.prev_hash, row.hash) != (expected, prev_hash, digest):
            return expected
        prev_hash, expected = row.hash, expected + 1
    return None
