"""The orders and their lines. A status only ever changes by claim."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from ...core.ids import canonical_json
from ...core.paging import Place
from ...crud import Conn, Row, in_list
from ...models import Flag, OrderStatus, OrderType, PaymentMethod
from ..bills.models import KeptBill, LineDiscount
from ..pricing.models import ComboPart
from ..stock.models import Use
from .models import Delivery, LineModifier, Order, OrderLine

_ORDER_COLUMNS = [f.name for f in fields(Order) if f.name != "lines"]
#: What an edit by staff may change; the rest moves by steps and money.
_EDITED_COLUMNS = (
    *("total_minor", "subtotal_msat", "discount_msat", "service_msat", "tax_msat"),
    *("tip_msat", "rounding_msat", "total_msat", "rates", "rate_at", "bill"),
    *("table_id", "table_name", "covers", "note", "server_id", "expires_at"),
    *("is_tab", "revision"),
)


async def add(conn: Conn, order: Order) -> None:
    """Store a new order with its lines, in two statements."""
    await conn.insert("orders", [_row(order)])
    await _add_lines(conn, order)


async def amend(conn: Conn, before: Order, after: Order) -> bool:
    """Replace what an edit may change, lines included; False when somebody edited
    the order meanwhile."""
    row = _row(after)
    sets = {name: row[name] for name in _EDITED_COLUMNS}
    assigned = ", ".join(f'"{name}" = :{name}' for name in sets)
    changed = await conn.run(
        f"UPDATE restaurant.orders SET {assigned} "
        "WHERE id = :id AND revision = :old_revision",
        id=before.id,
        old_revision=before.revision,
        **sets,
    )
    if changed != 1:
        return False
    await replace_lines(conn, after)
    return True


async def replace_lines(conn: Conn, order: Order) -> None:
    """Store the order's lines as they are now, instead of those it had."""
    await conn.run(
        "DELETE FROM restaurant.order_lines WHERE order_id = :id", id=order.id
    )
    await _add_lines(conn, order)


async def _add_lines(conn: Conn, order: Order) -> None:
    await conn.insert(
        "order_lines",
        [_line_row(order.id, n, line) for n, line in enumerate(order.lines)],
    )


async def load(conn: Conn, order_id: str) -> Order | None:
    found = await load_many(conn, [order_id])
    return found[0] if found else None


async def load_many(conn: Conn, order_ids: Iterable[str]) -> list[Order]:
    """The orders with their lines, in two statements, in the order asked for."""
    wanted = list(order_ids)
    marks, values = in_list("id", wanted)
    rows = await conn.all(
        f"SELECT * FROM restaurant.orders WHERE id IN {marks}",
        **values,
    )
    by_id = {row["id"]: row for row in rows}
    return await _with_lines(conn, [by_id[i] for i in wanted if i in by_id])


async def numbers_of(conn: Conn, order_ids: Iterable[str]) -> dict[str, int]:
    """Their numbers of the day, by id."""
    wanted = sorted(set(order_ids))
    if not wanted:
        return {}
    marks, values = in_list("id", wanted)
    rows = await conn.all(
        f"SELECT id, number FROM restaurant.orders WHERE id IN {marks}", **values
    )
    return {row["id"]: row["number"] for row in rows}


async def lock(conn: Conn, order_id: str) -> Order | None:
    """Load an order inside a transaction; nobody else changes it until commit."""
    row = await conn.one(
        f"SELECT * FROM restaurant.orders WHERE id = :id{conn.for_update()}",
        id=order_id,
    )
    return (await _with_lines(conn, [row]))[0] if row else None


async def change(
    conn: Conn,
    order: Order,
    status: OrderStatus,
    flags: frozenset[Flag],
    sets: dict[str, Any],
) -> bool:
    """Move the order from the status and flags it was read with.

    False when somebody changed it meanwhile.
    """
    columns = {"status": status.value, "flags": _flags_text(flags), **sets}
    assigned = ", ".join(f'"{name}" = :{name}' for name in columns)
    return (
        await conn.run(
            f"UPDATE restaurant.orders SET {assigned} "
            "WHERE id = :id AND status = :old_status AND flags = :old_flags",
            id=order.id,
            old_status=order.status.value,
            old_flags=_flags_text(order.flags),
            **columns,
        )
        == 1
    )


async def search(
    conn: Conn,
    restaurant_id: str,
    filters: dict[str, Any],
    statuses: Sequence[str],
    limit: int,
    after: Place,
) -> list[Order]:
    """Newest first. ``filters``: number, server_id, since (ms), payment_hash, flag (or
    ``any``); ``after`` is the place of the page before's last order."""
    where = [
        "o.restaurant_id = :restaurant_id",
        "(o.created_at < :after_at OR (o.created_at = :after_at AND o.id < :after_id))",
    ]
    values: Row = {
        "restaurant_id": restaurant_id,
        "limit": limit,
        "after_at": after[0],
        "after_id": after[1],
    }
    if statuses:
        marks, status_values = in_list("status", statuses)
        where.append(f"o.status IN {marks}")
        values |= status_values
    if "number" in filters:
        where.append("o.number = :number")
    if "server_id" in filters:
        where.append("o.server_id = :server_id")
    if "since" in filters:
        where.append("o.created_at >= :since")
    if "payment_hash" in filters:
        where.append(
            "o.id IN (SELECT p.order_id FROM restaurant.payments p "
            "WHERE p.payment_hash = :payment_hash)"
        )
    if filters.get("flag") == "any":
        where.append("o.flags <> ''")
    elif "flag" in filters:
        where.append("' ' || o.flags || ' ' LIKE :flag_words")
        values["flag_words"] = _containing(filters["flag"])
    rows = await conn.all(
        f"SELECT o.* FROM restaurant.orders o WHERE {' AND '.join(where)} "
        "ORDER BY o.created_at DESC, o.id DESC LIMIT :limit",
        **values,
        **{name: value for name, value in filters.items() if name != "flag"},
    )
    return await _with_lines(conn, rows)


async def forget_stock(conn: Conn, order_id: str) -> None:
    """All that the order took is back on the shelf: nobody puts it back again."""
    await conn.run(
        "UPDATE restaurant.orders SET stock_taken_at = NULL WHERE id = :id",
        id=order_id,
    )


async def mark_reserved(conn: Conn, order_id: str, at: int | None) -> None:
    """Counted things are promised to the order since then; None when not any more."""
    await conn.run(
        "UPDATE restaurant.orders SET stock_reserved_at = :at WHERE id = :id",
        id=order_id,
        at=at,
    )


async def unpaid_by_guests(
    conn: Conn, restaurant_id: str, table_id: str | None, address_hash: str | None
) -> tuple[int, int, int]:
    """Orders by guests that nobody paid for yet: of the restaurant, of that table and
    from that address.

    Those that wait for money, and those on their way through the kitchen for cash or
    for nothing.
    """
    row = await conn.one(
        "SELECT COUNT(*) AS n, "
        "COALESCE(SUM(CASE WHEN table_id = :table_id THEN 1 ELSE 0 END), 0) AS t, "
        "COALESCE(SUM(CASE WHEN address_hash = :address THEN 1 ELSE 0 END), 0) AS a "
        "FROM restaurant.orders "
        # The list of states lets the index find them among all that ever was.
        "WHERE restaurant_id = :restaurant_id "
        "AND status IN ('pending', 'paid', 'accepted', 'ready') "
        "AND is_by_guest "
        "AND (status = 'pending' OR paid_at IS NULL OR total_msat = 0)",
        restaurant_id=restaurant_id,
        table_id=table_id,
        address=address_hash,
    )
    return (int(row["n"]), int(row["t"]), int(row["a"])) if row else (0, 0, 0)


async def unpaid_by_staff(conn: Conn, restaurant_id: str, placed_by: str) -> int:
    """Orders that this device, or the owner, placed and that wait for their money."""
    row = await conn.one(
        "SELECT COUNT(*) AS n FROM restaurant.orders "
        "WHERE restaurant_id = :restaurant_id AND status = 'pending' "
        "AND NOT is_by_guest AND placed_by = :placed_by",
        restaurant_id=restaurant_id,
        placed_by=placed_by,
    )
    return int(row["n"]) if row else 0


async def count_in_kitchen(conn: Conn, restaurant_id: str, before: int) -> int:
    """Orders that are paid or accepted and not ready, but for those that are wanted
    after that moment."""
    row = await conn.one(
        "SELECT COUNT(*) AS n FROM restaurant.orders "
        "WHERE restaurant_id = :restaurant_id AND status IN ('paid', 'accepted') "
        "AND (wanted_at IS NULL OR wanted_at <= :before)",
        restaurant_id=restaurant_id,
        before=before,
    )
    return int(row["n"]) if row else 0


async def wanted_between(
    conn: Conn,
    restaurant_id: str,
    order_type: OrderType,
    currency: str,
    first_at: int,
    until: int,
) -> list[tuple[int, int, int, int]]:
    """(wanted at, orders, items, value) of what is wanted then, from the first moment
    on and before the other; of bills in another currency no value is known.

    Orders that wait for their money count, those that were given up do not.
    """
    rows = await conn.all(
        """
        SELECT wanted_at, COUNT(*) AS orders, SUM(items) AS items, SUM(value) AS value
        FROM (
            SELECT wanted_at,
                CASE WHEN currency = :currency THEN total_minor ELSE 0 END AS value,
                (SELECT COALESCE(SUM(l.quantity), 0) FROM restaurant.order_lines l
                    WHERE l.order_id = o.id) AS items
            FROM restaurant.orders o
            WHERE restaurant_id = :restaurant_id AND order_type = :order_type
                AND wanted_at >= :first_at AND wanted_at < :until
                AND status IN ('pending', 'paid', 'accepted', 'ready', 'completed')
        ) AS wanted
        GROUP BY wanted_at""",
        restaurant_id=restaurant_id,
        order_type=order_type.value,
        currency=currency,
        first_at=first_at,
        until=until,
    )
    return [
        (int(r["wanted_at"]), int(r["orders"]), int(r["items"]), int(r["value"]))
        for r in rows
    ]


async def has_unfinished(conn: Conn, restaurant_id: str) -> bool:
    row = await conn.one(
        "SELECT id FROM restaurant.orders WHERE restaurant_id = :id "
        "AND status IN ('pending', 'paid', 'accepted', 'ready') LIMIT 1",
        id=restaurant_id,
    )
    return row is not None


async def expired_ids(conn: Conn, at: int, limit: int) -> list[str]:
    """Pending orders past their expiry, oldest first."""
    rows = await conn.all(
        "SELECT id FROM restaurant.orders "
        "WHERE status = 'pending' AND expires_at <= :at ORDER BY expires_at LIMIT :n",
        at=at,
        n=limit,
    )
    return [row["id"] for row in rows]


async def reserved_past_expiry(conn: Conn, at: int, limit: int) -> list[str]:
    """Unpaid orders past their expiry to which something is promised still."""
    rows = await conn.all(
        "SELECT id FROM restaurant.orders "
        "WHERE status = 'pending' AND expires_at <= :at "
        "AND stock_reserved_at IS NOT NULL ORDER BY expires_at LIMIT :n",
        at=at,
        n=limit,
    )
    return [row["id"] for row in rows]


async def _with_lines(conn: Conn, rows: Sequence[Row]) -> list[Order]:
    marks, values = in_list("id", [row["id"] for row in rows])
    lines = await conn.all(
        f"SELECT * FROM restaurant.order_lines WHERE order_id IN {marks} "
        "ORDER BY order_id, position",
        **values,
    )
    by_order: dict[str, list[OrderLine]] = {}
    for line in lines:
        by_order.setdefault(line["order_id"], []).append(_line(line))
    return [
        replace(_order(row), lines=tuple(by_order.get(row["id"], ()))) for row in rows
    ]


def _row(order: Order) -> Row:
    row = {name: getattr(order, name) for name in _ORDER_COLUMNS}
    return row | {
        "status": order.status.value,
        "order_type": order.order_type.value,
        "payment_method": order.payment_method.value,
        "flags": _flags_text(order.flags),
        "rates": canonical_json(order.rates),
        "bill": canonical_json(order.bill.packed()),
        "delivery": canonical_json(vars(order.delivery)) if order.delivery else None,
    }


def _order(row: Row) -> Order:
    return Order(
        **{name: row[name] for name in _ORDER_COLUMNS}
        | {
            "status": OrderStatus(row["status"]),
            "order_type": OrderType(row["order_type"]),
            "payment_method": PaymentMethod(row["payment_method"]),
            "flags": frozenset(Flag(name) for name in row["flags"].split()),
            "rates": json.loads(row["rates"]),
            "tax_inclusive": bool(row["tax_inclusive"]),
            "is_by_guest": bool(row["is_by_guest"]),
            "bill": KeptBill.unpacked(json.loads(row["bill"])),
            "is_tab": bool(row["is_tab"]),
            "delivery": (
                Delivery(**json.loads(row["delivery"])) if row["delivery"] else None
            ),
        }
    )


def _containing(flag: str) -> str:
    """A LIKE pattern for one word among others, ``_`` taken literally enough."""
    return f"% {flag} %"


def _flags_text(flags: Iterable[Flag]) -> str:
    return " ".join(sorted(flag.value for flag in flags))


def _line_row(order_id: str, position: int, line: OrderLine) -> Row:
    return {
        "id": line.id,
        "order_id": order_id,
        "position": position,
        "menu_item_id": line.menu_item_id,
        "name": line.name,
        "quantity": line.quantity,
        "currency": line.currency,
        "price_minor": line.price_minor,
        "unit_msat": line.unit_msat,
        "line_msat": line.line_msat,
        "tax_rate": line.tax_rate,
        "note": line.note,
        "guest": line.guest,
        "station": line.station,
        "status": line.status,
        "is_counted": bool(line.uses),
        "uses": canonical_json([[use.stock_id, use.quantity] for use in line.uses]),
        "course": line.course,
        "started_at": line.started_at,
        "done_at": line.done_at,
        "number": line.number,
        "discount_msat": line.discount_msat,
        "tax_msat": line.tax_msat,
        "discounts": canonical_json([vars(each) for each in line.discounts]),
        "combo": canonical_json(vars(line.combo)) if line.combo else None,
        "allergens": canonical_json(line.allergens),
        "modifiers": canonical_json(
            [
                [m.modifier_id, m.name, m.quantity, m.price_delta_minor]
                for m in line.modifiers
            ]
        ),
    }


def _line(row: Row) -> OrderLine:
    kept = {f.name: row[f.name] for f in fields(OrderLine)}
    return OrderLine(
        **kept
        | {
            "uses": tuple(Use(*use) for use in json.loads(row["uses"])),
            "allergens": tuple(json.loads(row["allergens"])),
            "modifiers": tuple(LineModifier(*m) for m in json.loads(row["modifiers"])),
            "discounts": tuple(LineDiscount(**d) for d in json.loads(row["discounts"])),
            "combo": ComboPart(**json.loads(row["combo"])) if row["combo"] else None,
        }
    )
