"""What the kitchen reads of orders; how its lines and alerts move. Only by claim."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields

from ...crud import Conn, Row, in_list
from ...models import OrderStatus, OrderType
from ..orders.models import LineModifier, LineStatus
from .models import KitchenLine, KitchenOrder, Unaccepted

#: Statuses of orders that the kitchen sees.
_SEEN = "('paid', 'accepted', 'ready')"
_COUNTED = ("rounds", "lines")
_STORED_COLUMNS = [f.name for f in fields(KitchenOrder) if f.name not in _COUNTED]
_LINE_COLUMNS = [f.name for f in fields(KitchenLine)]
#: What a line remembers of its way, by the status that it comes to.
_STAMPS = {
    LineStatus.WAITING: "started_at = NULL, done_at = NULL",
    LineStatus.COOKING: "started_at = COALESCE(started_at, :at), done_at = NULL",
    LineStatus.DONE: "done_at = :at",
    LineStatus.HELD: "started_at = NULL, done_at = NULL",
}


async def move_lines(
    conn: Conn,
    order_id: str,
    line_ids: Collection[str],
    old: LineStatus,
    new: LineStatus,
    at: int,
) -> bool:
    """Move lines on from the status that they were read with; False when somebody
    moved one of them meanwhile."""
    marks, values = in_list("id", line_ids)
    stamps = _STAMPS[new]
    if ":at" in stamps:
        values["at"] = at
    moved = await conn.run(
        f"UPDATE restaurant.order_lines SET status = :new, {stamps} "
        f"WHERE order_id = :order_id AND status = :old AND id IN {marks}",
        order_id=order_id,
        old=old.value,
        new=new.value,
        **values,
    )
    return moved == len(line_ids)


# --- the board -----------------------------------------------------------------


async def orders_of_board(
    conn: Conn, restaurant_id: str, stations: Sequence[str], limit: int
) -> list[KitchenOrder]:
    """What is to be cooked, oldest wanted first, in three statements.

    With stations only orders that have a line there; they come with all their lines.
    """
    marks, values = in_list("station", stations)
    of_stations = (
        "AND EXISTS (SELECT 1 FROM restaurant.order_lines l "
        f"WHERE l.order_id = o.id AND l.station IN {marks}) "
    )
    columns = ", ".join(f"o.{name}" for name in _STORED_COLUMNS)
    rows = await conn.all(
        f"SELECT {columns} FROM restaurant.orders o "
        "WHERE o.restaurant_id = :restaurant_id "
        f"AND o.status IN {_SEEN} {of_stations if stations else ''}"
        "ORDER BY COALESCE(o.wanted_at, o.pickup_at, o.created_at), o.created_at, o.id "
        "LIMIT :limit",
        restaurant_id=restaurant_id,
        limit=limit,
        **values,
    )
    ids = [row["id"] for row in rows]
    lines = await _lines_of(conn, ids)
    rounds = await _rounds_of(conn, ids)
    return [
        _order(row, rounds.get(row["id"], 0), tuple(lines.get(row["id"], ())))
        for row in rows
    ]


async def _lines_of(
    conn: Conn, order_ids: Iterable[str]
) -> dict[str, list[KitchenLine]]:
    marks, values = in_list("id", order_ids)
    rows = await conn.all(
        f"SELECT {', '.join(_LINE_COLUMNS)}, order_id FROM restaurant.order_lines "
        f"WHERE order_id IN {marks} ORDER BY order_id, position",
        **values,
    )
    lines: dict[str, list[KitchenLine]] = {}
    for row in rows:
        lines.setdefault(row["order_id"], []).append(_line(row))
    return lines


async def _rounds_of(conn: Conn, order_ids: Iterable[str]) -> dict[str, int]:
    """How often tickets of each order went out."""
    marks, values = in_list("id", order_ids)
    rows = await conn.all(
        "SELECT order_id, COUNT(DISTINCT round) AS n FROM restaurant.print_jobs "
        f"WHERE order_id IN {marks} AND kind = 'ticket' AND state <> 'canceled' "
        "GROUP BY order_id",
        **values,
    )
    return {row["order_id"]: int(row["n"]) for row in rows}


def _order(row: Row, rounds: int, lines: tuple[KitchenLine, ...]) -> KitchenOrder:
    kept = {name: row[name] for name in _STORED_COLUMNS}
    return KitchenOrder(
        **kept
        | {
            "status": OrderStatus(row["status"]),
            "order_type": OrderType(row["order_type"]),
            "flags": tuple(row["flags"].split()),
            "rounds": rounds,
            "lines": lines,
        }
    )


def _line(row: Row) -> KitchenLine:
    kept = {name: row[name] for name in _LINE_COLUMNS}
    modifiers = tuple(LineModifier(*m) for m in json.loads(row["modifiers"]))
    return KitchenLine(
        **kept
        | {
            "status": LineStatus(row["status"]),
            "allergens": tuple(json.loads(row["allergens"])),
            "modifiers": modifiers,
        }
    )


# --- orders that nobody accepts --------------------------------------------------


async def unaccepted(
    conn: Conn, at: int, last_level: int, after: str, limit: int
) -> list[Unaccepted]:
    """A page of paid orders that may be due for an alert, by id, behind ``after``."""
    rows = await conn.all(
        # By restaurant, whose index finds its few paid orders among all that ever was.
        "SELECT o.id, o.restaurant_id, o.alert_level, o.alert_from "
        "FROM restaurant.restaurants r CROSS JOIN restaurant.orders o "
        "WHERE o.restaurant_id = r.id AND o.status = 'paid' "
        "AND o.alert_level < :last_level AND o.id > :after "
        "AND (o.alert_from IS NULL OR o.alert_from <= :at) ORDER BY o.id LIMIT :limit",
        at=at,
        last_level=last_level,
        after=after,
        limit=limit,
    )
    return [Unaccepted(**row) for row in rows]


async def count_from(conn: Conn, order_id: str, counts_from_at: int) -> None:
    """Remember from when on the wait for somebody counts, once."""
    await conn.run(
        "UPDATE restaurant.orders SET alert_from = :alert_from "
        "WHERE id = :id AND alert_from IS NULL",
        id=order_id,
        alert_from=counts_from_at,
    )


async def raise_alert(conn: Conn, order_id: str, level: int) -> bool:
    """Make it louder; False when it is as loud already, or somebody accepted it."""
    raised = await conn.run(
        "UPDATE restaurant.orders SET alert_level = :level "
        "WHERE id = :id AND status = 'paid' AND alert_level < :level",
        id=order_id,
        level=level,
    )
    return raised == 1
