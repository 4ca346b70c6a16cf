"""The pairings table: machines that wait for their code to be typed in."""

import json
from dataclasses import asdict

from ...core.ids import canonical_json
from ...crud import Conn, Row
from .models import NamedPrinter, Pairing

_COLUMNS = (
    *("id", "code_hash", "secret_hash", "name", "printers", "created_at"),
    *("expires_at", "restaurant_id", "device_id", "approved_at", "collected_at"),
)


async def add(conn: Conn, pairing: Pairing) -> bool:
    """False when another has the same code."""
    printers = canonical_json([asdict(printer) for printer in pairing.printers])
    names = ", ".join(_COLUMNS)
    marks = ", ".join(f":{name}" for name in _COLUMNS)
    added = await conn.run(
        f"INSERT INTO restaurant.pairings ({names}) VALUES ({marks}) "
        "ON CONFLICT (code_hash) DO NOTHING",
        **{**asdict(pairing), "printers": printers},
    )
    return added == 1


async def load(conn: Conn, pairing_id: str) -> Pairing | None:
    row = await conn.one(
        "SELECT * FROM restaurant.pairings WHERE id = :id", id=pairing_id
    )
    return _pairing(row) if row else None


async def by_code_hash(conn: Conn, code_hash: str) -> Pairing | None:
    row = await conn.one(
        "SELECT * FROM restaurant.pairings WHERE code_hash = :hash", hash=code_hash
    )
    return _pairing(row) if row else None


async def open_ones(conn: Conn, at: int) -> tuple[int, int | None]:
    """(how many wait now, when the first of them ends)."""
    row = await conn.one(
        "SELECT COUNT(*) AS n, MIN(expires_at) AS first FROM restaurant.pairings "
        "WHERE expires_at > :at AND approved_at IS NULL",
        at=at,
    )
    return (int(row["n"]), row["first"]) if row else (0, None)


async def approve(
    conn: Conn, pairing_id: str, restaurant_id: str, device_id: str, at: int
) -> bool:
    """Make it this restaurant's device; False when it is not open any more."""
    changed = await conn.run(
        "UPDATE restaurant.pairings SET restaurant_id = :restaurant_id, "
        "device_id = :device_id, approved_at = :at WHERE id = :id "
        "AND approved_at IS NULL AND expires_at > :at",
        id=pairing_id,
        restaurant_id=restaurant_id,
        device_id=device_id,
        at=at,
    )
    return changed == 1


async def mark_collected(conn: Conn, pairing_id: str, at: int) -> None:
    """Write down when the token was first fetched."""
    await conn.run(
        "UPDATE restaurant.pairings SET collected_at = :at WHERE id = :id "
        "AND collected_at IS NULL",
        id=pairing_id,
        at=at,
    )


async def forget(conn: Conn, before: int) -> None:
    """Drop those that ended before."""
    await conn.run(
        "DELETE FROM restaurant.pairings WHERE expires_at < :before", before=before
    )


def _pairing(row: Row) -> Pairing:
    values = {name: row[name] for name in _COLUMNS}
    printers = tuple(NamedPrinter(**each) for each in json.loads(row["printers"]))
    return Pairing(**{**values, "printers": printers})
