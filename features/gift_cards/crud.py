"""Gift cards and their ledger. A balance changes only together with an entry."""

from dataclasses import asdict, fields
from typing import Any

from ...core.paging import Place
from ...crud import Conn, Row, count_of, newest_of
from .models import EntryKind, GiftCard, GiftCardEntry, GiftCardKind

_CARD_COLUMNS = [f.name for f in fields(GiftCard)]
_ENTRY_COLUMNS = [f.name for f in fields(GiftCardEntry)]


async def add(conn: Conn, card: GiftCard) -> None:
    await conn.insert("gift_cards", [asdict(card) | {"kind": card.kind.value}])


async def load(conn: Conn, card_id: str) -> GiftCard | None:
    row = await conn.one(
        "SELECT * FROM restaurant.gift_cards WHERE id = :id", id=card_id
    )
    return _card(row) if row else None


async def by_code_hash(
    conn: Conn, restaurant_id: str, code_hash: str
) -> GiftCard | None:
    """A restaurant's own card; another's is not there."""
    row = await conn.one(
        "SELECT * FROM restaurant.gift_cards "
        "WHERE code_hash = :hash AND restaurant_id = :restaurant_id",
        hash=code_hash,
        restaurant_id=restaurant_id,
    )
    return _card(row) if row else None


async def page_of(
    conn: Conn, restaurant_id: str, limit: int, after: Place
) -> list[GiftCard]:
    """Newest first, behind the place of the page before."""
    rows = await newest_of(conn, "gift_cards", restaurant_id, limit, after)
    return [_card(row) for row in rows]


async def count(conn: Conn, restaurant_id: str) -> int:
    return await count_of(conn, "gift_cards", restaurant_id)


async def change(conn: Conn, card_id: str, columns: dict[str, Any]) -> None:
    """Set columns of a card; its balance is none of them."""
    sets = ", ".join(f'"{name}" = :{name}' for name in columns)
    await conn.run(
        f"UPDATE restaurant.gift_cards SET {sets} WHERE id = :id",
        id=card_id,
        **columns,
    )


# --- balance and ledger ----------------------------------------------------------


async def take(conn: Conn, card_id: str, minor: int) -> bool:
    """Lower the balance; False when there is less."""
    taken = await conn.run(
        "UPDATE restaurant.gift_cards SET balance_minor = balance_minor - :minor "
        "WHERE id = :id AND balance_minor >= :minor",
        id=card_id,
        minor=minor,
    )
    return taken == 1


async def put_back(conn: Conn, card_id: str, minor: int) -> None:
    """Raise the balance."""
    await conn.run(
        "UPDATE restaurant.gift_cards SET balance_minor = balance_minor + :minor "
        "WHERE id = :id",
        id=card_id,
        minor=minor,
    )


async def book(conn: Conn, entry: GiftCardEntry) -> bool:
    """Append to the ledger; False when its reference is booked already."""
    query = """
        INSERT INTO restaurant.gift_card_entries (id, restaurant_id, gift_card_id,
            kind, delta_minor, reference, actor, at)
        VALUES (:id, :restaurant_id, :gift_card_id,
            :kind, :delta_minor, :reference, :actor, :at)
        ON CONFLICT (reference) DO NOTHING"""
    values = asdict(entry) | {"kind": entry.kind.value}
    return await conn.run(query, **values) == 1


async def by_reference(conn: Conn, reference: str) -> GiftCardEntry | None:
    row = await conn.one(
        "SELECT * FROM restaurant.gift_card_entries WHERE reference = :reference",
        reference=reference,
    )
    return _entry(row) if row else None


async def entries_of(conn: Conn, card_id: str, limit: int) -> list[GiftCardEntry]:
    """The newest entries of a card, newest first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.gift_card_entries WHERE gift_card_id = :id "
        "ORDER BY at DESC, id DESC LIMIT :limit",
        id=card_id,
        limit=limit,
    )
    return [_entry(row) for row in rows]


def _card(row: Row) -> GiftCard:
    kept = {name: row[name] for name in _CARD_COLUMNS}
    return GiftCard(
        **kept
        | {
            "kind": GiftCardKind(row["kind"]),
            "is_blocked": bool(row["is_blocked"]),
        }
    )


def _entry(row: Row) -> GiftCardEntry:
    kept = {name: row[name] for name in _ENTRY_COLUMNS}
    return GiftCardEntry(**kept | {"kind": EntryKind(row["kind"])})
