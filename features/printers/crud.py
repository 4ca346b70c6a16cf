"""The printers table."""

import json
from dataclasses import fields
from typing import Any

from ...core.ids import canonical_json
from ...crud import Conn, Row, count_of
from ..papers.models import Layout
from .models import Printer, PrinterKind, Waiting

_COLUMNS = tuple(field.name for field in fields(Printer))


async def add(conn: Conn, printer: Printer) -> bool:
    """Store a new printer; False when its device has one of that name already."""
    names = ", ".join(_COLUMNS)
    marks = ", ".join(f":{name}" for name in _COLUMNS)
    query = (
        f"INSERT INTO restaurant.printers ({names}) VALUES ({marks}) "
        "ON CONFLICT (device_id, local_name) DO NOTHING"
    )
    return await conn.run(query, **_row(printer)) == 1


async def load(conn: Conn, printer_id: str) -> Printer | None:
    return await _where(conn, "id = :id", id=printer_id)


async def by_local_name(conn: Conn, device_id: str, name: str) -> Printer | None:
    """The printer that this device calls by that name."""
    where = "device_id = :device_id AND local_name = :name"
    return await _where(conn, where, device_id=device_id, name=name)


async def by_secret_hash(
    conn: Conn, kind: PrinterKind, secret_hash: str
) -> Printer | None:
    """The printer whose address holds the secret of this SHA-256 (hex)."""
    where = "secret_hash = :hash AND kind = :kind"
    return await _where(conn, where, hash=secret_hash, kind=kind.value)


async def of_restaurant(conn: Conn, restaurant_id: str) -> list[Printer]:
    """All of them, oldest first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.printers WHERE restaurant_id = :id "
        "ORDER BY created_at, id",
        id=restaurant_id,
    )
    return [_printer(row) for row in rows]


async def is_backup(conn: Conn, restaurant_id: str, printer_id: str) -> bool:
    """Whether this printer is a backup at all; most are not, and all ask often."""
    row = await conn.one(
        "SELECT 1 AS found FROM restaurant.printers "
        "WHERE restaurant_id = :restaurant_id AND backup_id = :id LIMIT 1",
        restaurant_id=restaurant_id,
        id=printer_id,
    )
    return row is not None


async def of_device(conn: Conn, device_id: str) -> list[Printer]:
    rows = await conn.all(
        "SELECT * FROM restaurant.printers WHERE device_id = :id "
        "ORDER BY created_at, id",
        id=device_id,
    )
    return [_printer(row) for row in rows]


async def count(conn: Conn, restaurant_id: str) -> int:
    return await count_of(conn, "printers", restaurant_id)


async def save(conn: Conn, old: Printer, new: Printer) -> bool:
    """Store what differs and nothing else; False when the printer is gone."""
    before, after = _row(old), _row(new)
    values = {name: after[name] for name in _COLUMNS if after[name] != before[name]}
    if not values:
        return True
    sets = ", ".join(f"{name} = :{name}" for name in values)
    query = f"UPDATE restaurant.printers SET {sets} WHERE id = :printer"
    return await conn.run(query, printer=old.id, **values) == 1


async def mark_seen(conn: Conn, printer_id: str, at: int, before: int) -> None:
    """It was there at ``at``; not written down when it was after ``before``, unless
    that is still to come: then the clock was put back."""
    await conn.run(
        "UPDATE restaurant.printers SET last_seen_at = :at "
        "WHERE id = :id AND (COALESCE(last_seen_at, 0) <= :before "
        "OR last_seen_at > :at)",
        id=printer_id,
        at=at,
        before=before,
    )


async def remove(conn: Conn, printer_id: str) -> bool:
    """Delete it; nobody stands in for others by its name. False: gone already."""
    await conn.run(
        "UPDATE restaurant.printers SET backup_id = NULL WHERE backup_id = :id",
        id=printer_id,
    )
    query = "DELETE FROM restaurant.printers WHERE id = :id"
    return await conn.run(query, id=printer_id) == 1


async def remove_of_restaurant(conn: Conn, restaurant_id: str) -> None:
    query = "DELETE FROM restaurant.printers WHERE restaurant_id = :id"
    await conn.run(query, id=restaurant_id)


async def waiting(conn: Conn, restaurant_id: str) -> list[Waiting]:
    """The queue in numbers, by printer, station and order type."""
    rows = await conn.all(
        "SELECT printer_id, station, order_type, COUNT(*) AS jobs "
        "FROM restaurant.print_jobs "
        "WHERE restaurant_id = :id AND state = 'queued' "
        "GROUP BY printer_id, station, order_type",
        id=restaurant_id,
    )
    return [Waiting(**row) for row in rows]


async def _where(conn: Conn, where: str, **values: Any) -> Printer | None:
    row = await conn.one(f"SELECT * FROM restaurant.printers WHERE {where}", **values)
    return _printer(row) if row else None


def _row(printer: Printer) -> Row:
    row = {name: getattr(printer, name) for name in _COLUMNS}
    return row | {
        "kind": printer.kind.value,
        "stations": canonical_json(list(printer.stations)),
        "order_types": " ".join(printer.order_types),
        "layout": canonical_json(printer.layout.dict()),
        "status": canonical_json(printer.status),
    }


def _printer(row: Row) -> Printer:
    values = {name: row[name] for name in _COLUMNS}
    return Printer(
        **{
            **values,
            "kind": PrinterKind(row["kind"]),
            "stations": tuple(json.loads(row["stations"])),
            "order_types": tuple(row["order_types"].split()),
            "layout": Layout(**json.loads(row["layout"])),
            "is_paused": bool(row["is_paused"]),
            "status": json.loads(row["status"]),
        }
    )
