"""Stocks with their figures, the ledger of their movements, and recipes.

Figures move only together with rows of the ledger, and from what was read.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ...core.errors import Conflict
from ...crud import Conn, Row, in_list
from ..orders.models import Order
from .models import Fault, MoveKind, Movement, Stock, StockKind, Use

#: Rows that one statement changes: their parameters fit both databases.
_BATCH = 500

_CHAIN_BROKEN = """
    SELECT stock_id, seq FROM (
        SELECT stock_id, seq, on_hand, reserved, on_hand_delta, reserved_delta,
            LAG(seq, 1, 0) OVER w AS seq_before,
            LAG(on_hand, 1, 0) OVER w AS on_hand_before,
            LAG(reserved, 1, 0) OVER w AS reserved_before
        FROM restaurant.stock_movements WHERE restaurant_id = :id
        WINDOW w AS (PARTITION BY stock_id ORDER BY seq)
    ) AS m
    WHERE seq <> seq_before + 1
        OR on_hand <> on_hand_before + on_hand_delta
        OR reserved <> reserved_before + reserved_delta
        OR on_hand < 0 OR reserved < 0
    ORDER BY stock_id, seq LIMIT :limit"""

_FIGURES_DIFFER = """
    SELECT s.id FROM restaurant.stocks s LEFT JOIN (
        SELECT stock_id, COUNT(*) AS moves, SUM(on_hand_delta) AS on_hand,
            SUM(reserved_delta) AS reserved
        FROM restaurant.stock_movements WHERE restaurant_id = :id GROUP BY stock_id
    ) AS m ON m.stock_id = s.id
    WHERE s.restaurant_id = :id AND (s.on_hand <> COALESCE(m.on_hand, 0)
        OR s.reserved <> COALESCE(m.reserved, 0)
        OR s.moves <> COALESCE(m.moves, 0)
        OR (NOT s.is_counted AND (s.on_hand <> 0 OR s.reserved <> 0)))
    ORDER BY s.id LIMIT :limit"""

_HELD_BY_NOBODY = """
    SELECT m.stock_id, m.order_id FROM restaurant.stock_movements m
    LEFT JOIN restaurant.orders o ON o.id = m.order_id AND o.status = 'pending'
        AND o.stock_reserved_at IS NOT NULL
    WHERE m.restaurant_id = :id
    GROUP BY m.stock_id, m.order_id
    HAVING SUM(m.reserved_delta) < 0
        OR (SUM(m.reserved_delta) > 0 AND COUNT(o.id) = 0)
    ORDER BY m.stock_id LIMIT :limit"""


# --- figures -----------------------------------------------------------------------


async def stocks_of(conn: Conn, restaurant_id: str) -> list[Stock]:
    """All of a restaurant's stocks, oldest first; also those not counted any more."""
    rows = await conn.all(
        "SELECT * FROM restaurant.stocks WHERE restaurant_id = :id "
        "ORDER BY created_at, id",
        id=restaurant_id,
    )
    return [_stock(row) for row in rows]


async def load(conn: Conn, stock_id: str) -> Stock | None:
    return (await load_many(conn, [stock_id])).get(stock_id)


async def load_many(conn: Conn, ids: Iterable[str]) -> dict[str, Stock]:
    """Those that there are, by id, in one statement for each 500 of them."""
    wanted, found = list(ids), {}
    for start in range(0, len(wanted), _BATCH):
        marks, values = in_list("id", wanted[start : start + _BATCH])
        rows = await conn.all(
            f"SELECT * FROM restaurant.stocks WHERE id IN {marks}", **values
        )
        found.update({row["id"]: _stock(row) for row in rows})
    return found


async def add(conn: Conn, stocks: Iterable[Stock]) -> None:
    """Store new stocks, which have no movements yet."""
    await conn.insert("stocks", [_row(stock) for stock in stocks])


async def set_counted(conn: Conn, ids: Iterable[str], is_counted: bool) -> None:
    wanted = list(ids)
    for start in range(0, len(wanted), _BATCH):
        marks, values = in_list("id", wanted[start : start + _BATCH])
        await conn.run(
            "UPDATE restaurant.stocks SET is_counted = :is_counted "
            f"WHERE id IN {marks}",
            is_counted=is_counted,
            **values,
        )


async def change(conn: Conn, stock_id: str, columns: Mapping[str, Any]) -> None:
    """Set name, unit or low_at; figures move by ``post`` only."""
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    query = f"UPDATE restaurant.stocks SET {sets} WHERE id = :stock_id"
    await conn.run(query, stock_id=stock_id, **columns)


# --- movements ---------------------------------------------------------------------


async def post(
    conn: Conn,
    before: Mapping[str, Stock],
    after: Mapping[str, Stock],
    movements: Sequence[Movement],
) -> None:
    """Move figures from what was read, and write the rows that say why.

    ``after`` holds the stocks that move. Conflict ``stock.changed`` when another
    writer was faster: nothing may be committed then.
    """
    moving = list(after.values())
    for start in range(0, len(moving), _BATCH):
        batch = moving[start : start + _BATCH]
        values: Row = {}
        for n, stock in enumerate(batch):
            old = before[stock.id]
            values[f"id_{n}"] = stock.id
            values[f"a_{n}"], values[f"d_{n}"] = old.on_hand, stock.on_hand
            values[f"b_{n}"], values[f"e_{n}"] = old.reserved, stock.reserved
            values[f"c_{n}"], values[f"f_{n}"] = old.moves, stock.moves
        if await conn.run(_move(len(batch)), **values) != len(batch):
            raise Conflict(
                "stock.changed", "The stock moved just now. Please try again."
            )
    await conn.insert("stock_movements", [_movement_row(each) for each in movements])


@lru_cache(maxsize=_BATCH)
def _move(count: int) -> str:
    """One conditional update for so many stocks; both databases call the columns of
    ``VALUES`` column1, column2, ….
    """
    rows = ", ".join(
        f"(:id_{n}, "
        + ", ".join(f"CAST(:{name}_{n} AS BIGINT)" for name in "abcdef")
        + ")"
        for n in range(count)
    )
    return (
        "UPDATE restaurant.stocks AS s SET on_hand = v.column5, "
        "reserved = v.column6, moves = v.column7 "
        f"FROM (VALUES {rows}) AS v WHERE s.id = v.column1 "
        "AND s.on_hand = v.column2 AND s.reserved = v.column3 AND s.moves = v.column4"
    )


async def movements_of(
    conn: Conn, stock_id: str, limit: int, before_seq: int | None = None
) -> list[Movement]:
    """The newest first, those before a movement."""
    rows = await conn.all(
        "SELECT * FROM restaurant.stock_movements WHERE stock_id = :id "
        "AND seq < :before ORDER BY seq DESC LIMIT :limit",
        id=stock_id,
        before=2**53 if before_seq is None else before_seq,
        limit=limit,
    )
    return [_movement(row) for row in rows]


async def movements_of_order(conn: Conn, order_id: str) -> list[Movement]:
    """All that an order moved."""
    rows = await conn.all(
        "SELECT * FROM restaurant.stock_movements WHERE order_id = :id "
        "ORDER BY at, stock_id, seq",
        id=order_id,
    )
    return [_movement(row) for row in rows]


# --- promises ----------------------------------------------------------------------


async def held(conn: Conn, order_id: str) -> dict[str, int]:
    """What is promised to an order, by stock."""
    rows = await conn.all(
        "SELECT stock_id, SUM(reserved_delta) AS n FROM restaurant.stock_movements "
        "WHERE order_id = :id GROUP BY stock_id HAVING SUM(reserved_delta) <> 0",
        id=order_id,
    )
    return {row["stock_id"]: int(row["n"]) for row in rows}


async def held_by_orders(conn: Conn, stock_id: str) -> dict[str, int]:
    """What of a stock is promised, by order."""
    rows = await conn.all(
        "SELECT order_id, SUM(reserved_delta) AS n FROM restaurant.stock_movements "
        "WHERE stock_id = :id AND order_id IS NOT NULL "
        "GROUP BY order_id HAVING SUM(reserved_delta) <> 0",
        id=stock_id,
    )
    return {row["order_id"]: int(row["n"]) for row in rows}


async def held_by_guest(conn: Conn, order: Order) -> dict[str, int]:
    """What the guest's other unpaid orders hold, by stock. A guest is a browser, else
    an address, else nobody that is known."""
    column = "guest_hash" if order.guest_hash else "address_hash"
    who = order.guest_hash or order.address_hash
    if who is None:
        return {}
    rows = await conn.all(
        "SELECT m.stock_id, SUM(m.reserved_delta) AS n FROM restaurant.orders o "
        "JOIN restaurant.stock_movements m ON m.order_id = o.id "
        "WHERE o.restaurant_id = :restaurant_id AND o.status IN ('pending') "
        f"AND o.stock_reserved_at IS NOT NULL AND o.{column} = :who AND o.id <> :id "
        "GROUP BY m.stock_id",
        restaurant_id=order.restaurant_id,
        who=who,
        id=order.id,
    )
    return {row["stock_id"]: int(row["n"]) for row in rows}


# --- recipes -----------------------------------------------------------------------


async def put_recipe(
    conn: Conn, restaurant_id: str, owner_id: str, uses: Iterable[Use]
) -> None:
    """Put this recipe in the place of the present one."""
    await conn.run(
        "DELETE FROM restaurant.recipes WHERE restaurant_id = :restaurant_id "
        "AND owner_id = :owner_id",
        restaurant_id=restaurant_id,
        owner_id=owner_id,
    )
    owner = {"restaurant_id": restaurant_id, "owner_id": owner_id}
    await conn.insert("recipes", [{**owner, **vars(use)} for use in uses])


async def drop_recipes_of_the_gone(conn: Conn, restaurant_id: str) -> None:
    """A recipe goes with the item or modifier that it belongs to."""
    await conn.run(
        "DELETE FROM restaurant.recipes WHERE restaurant_id = :id "
        "AND owner_id NOT IN (SELECT i.id FROM restaurant.menu_items i "
        "WHERE i.restaurant_id = :id) "
        "AND owner_id NOT IN (SELECT m.id FROM restaurant.modifiers m "
        "WHERE m.restaurant_id = :id)",
        id=restaurant_id,
    )


# --- proof -------------------------------------------------------------------------


async def verify(conn: Conn, restaurant_id: str, limit: int = 20) -> list[Fault]:
    """Where figures are not what the ledger adds up to, rows do not follow from each
    other, or something is promised to an order that does not wait for it.

    Each question is one statement: whoever writes meanwhile does not disturb it.
    """
    values = {"id": restaurant_id, "limit": limit}
    broken = await conn.all(_CHAIN_BROKEN, **values)
    differ = await conn.all(_FIGURES_DIFFER, **values)
    orphans = await conn.all(_HELD_BY_NOBODY, **values)
    return [
        *(Fault(row["stock_id"], row["seq"], "movement") for row in broken),
        *(Fault(row["id"], None, "figures") for row in differ),
        *(Fault(row["stock_id"], None, "reservation") for row in orphans),
    ]


# --- rows --------------------------------------------------------------------------


def _stock(row: Row) -> Stock:
    return Stock(
        id=row["id"],
        restaurant_id=row["restaurant_id"],
        kind=StockKind(row["kind"]),
        is_counted=bool(row["is_counted"]),
        on_hand=row["on_hand"],
        reserved=row["reserved"],
        moves=row["moves"],
        created_at=row["created_at"],
        name=row["name"],
        unit=row["unit"],
        low_at=row["low_at"],
    )


def _row(stock: Stock) -> Row:
    return {**vars(stock), "kind": stock.kind.value}


def _movement_row(movement: Movement) -> Row:
    return {**vars(movement), "kind": movement.kind.value}


def _movement(row: Row) -> Movement:
    return Movement(**{**row, "kind": MoveKind(row["kind"])})
