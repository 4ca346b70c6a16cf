"""The devices table. A deleted row is a revoked token, at once."""

import json

from ...core.ids import canonical_json
from ...core.paging import Place
from ...crud import Conn, Row, count_of, newest_of
from ...models import Role
from .models import Device


async def by_token_hash(conn: Conn, token_hash: str) -> Device | None:
    row = await conn.one(
        "SELECT * FROM restaurant.devices WHERE token_hash = :hash", hash=token_hash
    )
    return _device(row) if row else None


async def load(conn: Conn, device_id: str) -> Device | None:
    row = await conn.one(
        "SELECT * FROM restaurant.devices WHERE id = :id", id=device_id
    )
    return _device(row) if row else None


async def of_restaurant(conn: Conn, restaurant_id: str) -> list[Device]:
    rows = await conn.all(
        "SELECT * FROM restaurant.devices WHERE restaurant_id = :id "
        "ORDER BY created_at DESC, id",
        id=restaurant_id,
    )
    return [_device(row) for row in rows]


async def page_of(
    conn: Conn, restaurant_id: str, limit: int, after: Place
) -> list[Device]:
    """Newest first, behind the place of the page before."""
    rows = await newest_of(conn, "devices", restaurant_id, limit, after)
    return [_device(row) for row in rows]


async def count(conn: Conn, restaurant_id: str) -> int:
    return await count_of(conn, "devices", restaurant_id)


async def add(conn: Conn, device: Device, token_hash: str) -> None:
    await conn.insert(
        "devices",
        [
            {
                "id": device.id,
                "restaurant_id": device.restaurant_id,
                "name": device.name,
                "role": str(device.role),
                "stations": canonical_json(list(device.stations)),
                "token_hash": token_hash,
                "created_at": device.created_at,
                "last_seen_at": device.last_seen_at,
                "payment_methods": " ".join(device.payment_methods),
            }
        ],
    )


async def save(conn: Conn, device: Device) -> None:
    """Store the device's name and payment methods."""
    await conn.run(
        "UPDATE restaurant.devices SET name = :name, payment_methods = :methods "
        "WHERE id = :id",
        id=device.id,
        name=device.name,
        methods=" ".join(device.payment_methods),
    )


async def mark_seen(conn: Conn, device_id: str, at: int) -> None:
    await conn.run(
        "UPDATE restaurant.devices SET last_seen_at = :at WHERE id = :id",
        id=device_id,
        at=at,
    )


async def wake_keys(conn: Conn, restaurant_id: str) -> dict[str, str]:
    """The keys of the devices that want to be hinted over Nostr, by their ids."""
    rows = await conn.all(
        "SELECT id, wake_key FROM restaurant.devices "
        "WHERE restaurant_id = :id AND wake_key IS NOT NULL",
        id=restaurant_id,
    )
    return {row["id"]: row["wake_key"] for row in rows}


async def set_wake_key(conn: Conn, device_id: str, wake_key: str | None) -> None:
    await conn.run(
        "UPDATE restaurant.devices SET wake_key = :wake_key WHERE id = :id",
        id=device_id,
        wake_key=wake_key,
    )


async def remove(conn: Conn, device_id: str) -> bool:
    """False when it is gone already."""
    removed = await conn.run(
        "DELETE FROM restaurant.devices WHERE id = :id", id=device_id
    )
    return removed == 1


async def remove_of_restaurant(conn: Conn, restaurant_id: str) -> None:
    await conn.run(
        "DELETE FROM restaurant.devices WHERE restaurant_id = :id", id=restaurant_id
    )


def _device(row: Row) -> Device:
    return Device(
        id=row["id"],
        restaurant_id=row["restaurant_id"],
        name=row["name"],
        role=Role(row["role"]),
        stations=tuple(json.loads(row["stations"])),
        created_at=row["created_at"],
        last_seen_at=row["last_seen_at"],
        payment_methods=tuple(row["payment_methods"].split()),
        wake_key=row["wake_key"],
    )
