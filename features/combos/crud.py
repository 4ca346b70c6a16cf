"""The combos of a restaurant: few, and read together with its menu."""

from typing import Any

from ...core import fields
from ...core.schedules import ScheduleBody, shape
from ...crud import Conn, Row, document, documents_of, drop_document, put_document
from .models import Combo, ComboGroup, ComboOption

_TABLE = "combos"


async def all_of(conn: Conn, restaurant_id: str) -> tuple[Combo, ...]:
    """Every combo of the restaurant, in the order in which they are shown."""
    found = [_combo(row) for row in await documents_of(conn, _TABLE, restaurant_id)]
    return tuple(sorted(found, key=lambda each: (each.position, each.created_at)))


async def load(conn: Conn, combo_id: str) -> Combo | None:
    row = await document(conn, _TABLE, combo_id)
    return _combo(row) if row else None


async def save(conn: Conn, combo: Combo) -> None:
    """Store a new combo, or what a combo has become."""
    await put_document(conn, _TABLE, combo, _document(combo))


async def delete(conn: Conn, combo_id: str) -> bool:
    """False when it was gone already."""
    return await drop_document(conn, _TABLE, combo_id)


# --- rows ------------------------------------------------------------------------


def _document(combo: Combo) -> dict[str, Any]:
    return {
        "name": combo.name,
        "description": combo.description,
        "image_url": combo.image_url,
        "position": combo.position,
        "price_minor": combo.price_minor,
        "currency": combo.currency,
        "groups": [_group_document(group) for group in combo.groups],
        "schedule": shape(combo.schedule).dict(),
        "is_active": combo.is_active,
    }


def _group_document(group: ComboGroup) -> dict[str, Any]:
    return {
        "id": group.id,
        "name": group.name,
        "min": group.min,
        "max": group.max,
        "options": [vars(option) for option in group.options],
    }


def _combo(row: Row) -> Combo:
    stored = row["document"]
    return Combo(
        id=row["id"],
        restaurant_id=row["restaurant_id"],
        name=stored["name"],
        description=stored["description"],
        image_url=stored["image_url"],
        position=stored["position"],
        price_minor=stored["price_minor"],
        currency=stored["currency"],
        groups=tuple(_group(group) for group in stored["groups"]),
        schedule=fields.schedule(ScheduleBody(**stored["schedule"])),
        is_active=stored["is_active"],
        created_at=row["created_at"],
    )


def _group(stored: dict[str, Any]) -> ComboGroup:
    options = tuple(ComboOption(**option) for option in stored["options"])
    return ComboGroup(
        stored["id"], stored["name"], stored["min"], stored["max"], options
    )
