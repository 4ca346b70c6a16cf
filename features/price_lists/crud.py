"""The price lists of a restaurant: few, and read together with its menu."""

from typing import Any

from ...core import fields
from ...core.schedules import ScheduleBody, shape
from ...crud import Conn, Row, document, documents_of, drop_document, put_document
from ...models import OrderType
from .models import PriceList

_TABLE = "price_lists"


async def all_of(conn: Conn, restaurant_id: str) -> tuple[PriceList, ...]:
    """Every list of the restaurant, in the order in which they are asked."""
    found = [_list(row) for row in await documents_of(conn, _TABLE, restaurant_id)]
    return tuple(sorted(found, key=lambda each: (each.position, each.created_at)))


async def load(conn: Conn, list_id: str) -> PriceList | None:
    row = await document(conn, _TABLE, list_id)
    return _list(row) if row else None


async def save(conn: Conn, price_list: PriceList) -> None:
    """Store a new list, or what a list has become."""
    await put_document(conn, _TABLE, price_list, _document(price_list))


async def delete(conn: Conn, list_id: str) -> bool:
    """False when it was gone already."""
    return await drop_document(conn, _TABLE, list_id)


def _document(price_list: PriceList) -> dict[str, Any]:
    return {
        "name": price_list.name,
        "position": price_list.position,
        "order_types": sorted(each.value for each in price_list.order_types),
        "zones": sorted(price_list.zones),
        "schedule": shape(price_list.schedule).dict(),
        "adjust_percent": price_list.adjust_percent,
        "round_to_minor": price_list.round_to_minor,
        "prices": dict(price_list.prices),
        "deltas": dict(price_list.deltas),
        "is_active": price_list.is_active,
        "currency": price_list.currency,
        "currencies": dict(price_list.currencies),
    }


def _list(row: Row) -> PriceList:
    stored = row["document"]
    return PriceList(
        id=row["id"],
        restaurant_id=row["restaurant_id"],
        name=stored["name"],
        position=stored["position"],
        order_types=frozenset(OrderType(each) for each in stored["order_types"]),
        zones=frozenset(stored["zones"]),
        schedule=fields.schedule(ScheduleBody(**stored["schedule"])),
        adjust_percent=stored["adjust_percent"],
        round_to_minor=stored["round_to_minor"],
        prices=stored["prices"],
        deltas=stored["deltas"],
        is_active=stored["is_active"],
        created_at=row["created_at"],
        currency=stored["currency"],
        currencies=stored["currencies"],
    )
