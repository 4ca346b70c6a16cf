"""Discounts, their codes, and how often they were used.

Whoever counts uses before adding one holds the restaurant's lock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any

from ...core.fields import schedule
from ...core.paging import Place
from ...core.schedules import ScheduleBody, shape
from ...crud import (
    Conn,
    Row,
    count_of,
    document,
    documents_of,
    drop_document,
    in_list,
    newest_of,
    put_document,
    with_document,
)
from ...models import OrderType
from .models import (
    Discount,
    DiscountCode,
    DiscountKind,
    DiscountUse,
    Limits,
    Scope,
    Trigger,
)

_TABLE = "discounts"
_CODE_COLUMNS = [f.name for f in fields(DiscountCode)]
_USE_COLUMNS = [f.name for f in fields(DiscountUse)]


async def all_of(conn: Conn, restaurant_id: str) -> tuple[Discount, ...]:
    """Every discount of the restaurant, oldest first."""
    rows = await documents_of(conn, _TABLE, restaurant_id)
    return tuple(_discount(row) for row in rows)


async def page_of(
    conn: Conn, restaurant_id: str, limit: int, after: Place
) -> list[Discount]:
    """Newest first, behind the place of the page before."""
    rows = await newest_of(conn, _TABLE, restaurant_id, limit, after)
    return [_discount(with_document(row)) for row in rows]


async def count(conn: Conn, restaurant_id: str) -> int:
    return await count_of(conn, _TABLE, restaurant_id)


async def load(conn: Conn, discount_id: str) -> Discount | None:
    row = await document(conn, _TABLE, discount_id)
    return _discount(row) if row else None


async def save(conn: Conn, discount: Discount) -> None:
    """Store a new discount, or what a discount has become."""
    await put_document(conn, _TABLE, discount, _document(discount))


async def delete(conn: Conn, discount_id: str) -> bool:
    """Remove a discount with its codes; False when it was gone already. What it was
    used for stays on record."""
    await conn.run(
        "DELETE FROM restaurant.discount_codes WHERE discount_id = :id", id=discount_id
    )
    return await drop_document(conn, _TABLE, discount_id)


# --- codes -----------------------------------------------------------------------


async def add_codes(conn: Conn, codes: Iterable[DiscountCode]) -> None:
    """Store new codes; ``codes_of`` told that none of them is there."""
    await conn.insert("discount_codes", [asdict(code) for code in codes])


async def codes_of(
    conn: Conn, restaurant_id: str, codes: Iterable[str]
) -> dict[str, DiscountCode]:
    """Those of the folded codes that the restaurant has, by their text."""
    marks, values = in_list("code", codes)
    rows = await conn.all(
        "SELECT * FROM restaurant.discount_codes "
        f"WHERE restaurant_id = :restaurant_id AND code IN {marks}",
        restaurant_id=restaurant_id,
        **values,
    )
    return {row["code"]: _code(row) for row in rows}


async def codes_page(
    conn: Conn, discount_id: str, limit: int, after: Place
) -> list[DiscountCode]:
    """A discount's codes, newest first, behind the place of the page before."""
    rows = await conn.all(
        "SELECT * FROM restaurant.discount_codes WHERE discount_id = :id "
        "AND (created_at < :after_at OR (created_at = :after_at AND id < :after_id)) "
        "ORDER BY created_at DESC, id DESC LIMIT :limit",
        id=discount_id,
        after_at=after[0],
        after_id=after[1],
        limit=limit,
    )
    return [_code(row) for row in rows]


async def load_code(conn: Conn, code_id: str) -> DiscountCode | None:
    row = await conn.one(
        "SELECT * FROM restaurant.discount_codes WHERE id = :id", id=code_id
    )
    return _code(row) if row else None


async def delete_code(conn: Conn, code_id: str) -> bool:
    """False when it was gone already."""
    query = "DELETE FROM restaurant.discount_codes WHERE id = :id"
    return await conn.run(query, id=code_id) == 1


async def code_counts(conn: Conn, discount_ids: Sequence[str]) -> dict[str, int]:
    """How many codes each of the discounts has; those without any are not there."""
    marks, values = in_list("id", discount_ids)
    rows = await conn.all(
        "SELECT discount_id AS id, COUNT(*) AS n FROM restaurant.discount_codes "
        f"WHERE discount_id IN {marks} GROUP BY discount_id",
        **values,
    )
    return {row["id"]: int(row["n"]) for row in rows}


# --- uses ------------------------------------------------------------------------


async def add_uses(conn: Conn, uses: Iterable[DiscountUse]) -> None:
    await conn.insert("discount_uses", [asdict(use) for use in uses])


async def uses_of(conn: Conn, order_id: str) -> list[DiscountUse]:
    """What an order counts for, or counted for before it was given back."""
    rows = await conn.all(
        "SELECT * FROM restaurant.discount_uses WHERE order_id = :id "
        "ORDER BY created_at, id",
        id=order_id,
    )
    return [DiscountUse(**{name: row[name] for name in _USE_COLUMNS}) for row in rows]


async def drop_uses(conn: Conn, order_id: str) -> None:
    """Forget what an order counts for, before it is counted anew."""
    await conn.run(
        "DELETE FROM restaurant.discount_uses WHERE order_id = :id", id=order_id
    )


async def move_uses(
    conn: Conn, order_id: str, to_id: str, discount_id: str, code_id: str | None
) -> None:
    """What one order counts for a discount is another's."""
    await conn.run(
        "UPDATE restaurant.discount_uses SET order_id = :to_id "
        "WHERE order_id = :order_id AND discount_id = :discount_id "
        "AND COALESCE(code_id, '') = COALESCE(:code_id, '') AND released_at IS NULL",
        order_id=order_id,
        to_id=to_id,
        discount_id=discount_id,
        code_id=code_id,
    )


async def release(conn: Conn, order_id: str, at: int) -> int:
    """Give back what an order counts for; how many uses that were."""
    return await conn.run(
        "UPDATE restaurant.discount_uses SET released_at = :at "
        "WHERE order_id = :id AND released_at IS NULL",
        id=order_id,
        at=at,
    )


async def take_again(conn: Conn, order_id: str) -> int:
    """Count an order again that was given back, whatever the limits say; how many
    uses that are."""
    return await conn.run(
        "UPDATE restaurant.discount_uses SET released_at = NULL "
        "WHERE order_id = :id AND released_at IS NOT NULL",
        id=order_id,
    )


async def count_uses(
    conn: Conn,
    discount_id: str,
    *,
    code_id: str | None = None,
    guest_hash: str | None = None,
    business_day: str | None = None,
) -> int:
    """How often a discount counts: in all, or of one code, guest or business day."""
    of = {"code_id": code_id, "guest_hash": guest_hash, "business_day": business_day}
    named = {name: value for name, value in of.items() if value is not None}
    also = "".join(f" AND {name} = :{name}" for name in named)
    row = await conn.one(
        "SELECT COUNT(*) AS n FROM restaurant.discount_uses "
        f"WHERE discount_id = :id AND released_at IS NULL{also}",
        id=discount_id,
        **named,
    )
    return int(row["n"]) if row else 0


async def use_counts(conn: Conn, column: str, row_ids: Sequence[str]) -> dict[str, int]:
    """How often each discount (``column`` is ``discount_id``) or each code
    (``code_id``) counts; those never used are not there."""
    marks, values = in_list("id", row_ids)
    rows = await conn.all(
        f"SELECT {column} AS id, COUNT(*) AS n FROM restaurant.discount_uses "
        f"WHERE {column} IN {marks} AND released_at IS NULL GROUP BY {column}",
        **values,
    )
    return {row["id"]: int(row["n"]) for row in rows}


# --- rows ------------------------------------------------------------------------


def _document(discount: Discount) -> dict[str, Any]:
    return {
        "name": discount.name,
        "trigger": discount.trigger.value,
        "kind": discount.kind.value,
        "percent": discount.percent,
        "amount_minor": discount.amount_minor,
        "currency": discount.currency,
        "buy": discount.buy,
        "get": discount.get,
        "item_ids": sorted(discount.scope.item_ids),
        "category_ids": sorted(discount.scope.category_ids),
        "order_types": sorted(each.value for each in discount.order_types),
        "minimum_minor": discount.minimum_minor,
        "combines": discount.combines,
        "limits": asdict(discount.limits),
        "schedule": shape(discount.schedule).dict(),
        "is_active": discount.is_active,
    }


def _discount(row: Row) -> Discount:
    stored = row["document"]
    return Discount(
        id=row["id"],
        restaurant_id=row["restaurant_id"],
        name=stored["name"],
        trigger=Trigger(stored["trigger"]),
        kind=DiscountKind(stored["kind"]),
        percent=stored["percent"],
        amount_minor=stored["amount_minor"],
        currency=stored["currency"],
        buy=stored["buy"],
        get=stored["get"],
        scope=Scope(frozenset(stored["item_ids"]), frozenset(stored["category_ids"])),
        order_types=frozenset(OrderType(each) for each in stored["order_types"]),
        minimum_minor=stored["minimum_minor"],
        combines=stored["combines"],
        limits=Limits(**stored["limits"]),
        schedule=schedule(ScheduleBody(**stored["schedule"])),
        is_active=stored["is_active"],
        created_at=row["created_at"],
    )


def _code(row: Row) -> DiscountCode:
    return DiscountCode(**{name: row[name] for name in _CODE_COLUMNS})
