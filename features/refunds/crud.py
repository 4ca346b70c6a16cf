"""The refunds table. A status only ever changes by claim."""

import json
from collections.abc import Iterable
from dataclasses import asdict, fields

from ...core.ids import canonical_json
from ...crud import Conn, Row, in_list
from .models import (
    Destination,
    Problem,
    Refund,
    RefundLine,
    RefundRate,
    RefundStatus,
)

_COLUMNS = [f.name for f in fields(Refund)]


async def add(conn: Conn, refund: Refund) -> None:
    await conn.insert("refunds", [_as_row(refund)])


async def load(conn: Conn, refund_id: str) -> Refund | None:
    row = await conn.one(
        "SELECT * FROM restaurant.refunds WHERE id = :id", id=refund_id
    )
    return _refund(row) if row else None


async def of_order(conn: Conn, order_id: str) -> list[Refund]:
    """Every refund of one order, oldest first."""
    return (await of_orders(conn, [order_id])).get(order_id, [])


async def of_orders(conn: Conn, order_ids: Iterable[str]) -> dict[str, list[Refund]]:
    """Every refund of the orders, oldest first."""
    marks, values = in_list("id", order_ids)
    rows = await conn.all(
        f"SELECT * FROM restaurant.refunds WHERE order_id IN {marks} "
        "ORDER BY created_at, id",
        **values,
    )
    found: dict[str, list[Refund]] = {}
    for row in rows:
        found.setdefault(row["order_id"], []).append(_refund(row))
    return found


async def change(conn: Conn, old: Refund, new: Refund) -> bool:
    """Move a refund on from the status, destination and invoice it was read with.

    False when somebody moved it meanwhile.
    """
    row = _as_row(new)
    changed = {name: row[name] for name in row if row[name] != _as_row(old)[name]}
    if not changed:
        return True
    assigned = ", ".join(f'"{name}" = :{name}' for name in changed)
    same_invoice = (
        "payment_hash IS NULL"
        if old.payment_hash is None
        else "payment_hash = :old_hash"
    )
    return (
        await conn.run(
            f"UPDATE restaurant.refunds SET {assigned} WHERE id = :old_id "
            f"AND status = :old_status AND tries = :old_tries AND {same_invoice} "
            "AND destination = :old_destination AND COALESCE(value, '') = :old_value",
            **changed,
            old_id=old.id,
            old_status=old.status.value,
            old_tries=old.tries,
            old_destination=old.destination.value,
            old_value=old.value or "",
            **({} if old.payment_hash is None else {"old_hash": old.payment_hash}),
        )
        == 1
    )


async def hash_is_known(conn: Conn, payment_hash: str) -> bool:
    """Is this invoice one of our own, incoming or outgoing?"""
    row = await conn.one(
        "SELECT 1 AS one FROM restaurant.payments WHERE payment_hash = :hash "
        "UNION ALL SELECT 1 FROM restaurant.refunds WHERE payment_hash = :hash "
        "UNION ALL SELECT 1 FROM restaurant.tip_payouts WHERE payment_hash = :hash "
        "LIMIT 1",
        hash=payment_hash,
    )
    return row is not None


async def due(conn: Conn, at: int, limit: int) -> list[Refund]:
    """Refunds to send, to ask about, or to give up now; longest waiting first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.refunds WHERE status IN ('approved', 'sending') "
        "AND next_try_at <= :at ORDER BY next_try_at, id LIMIT :limit",
        at=at,
        limit=limit,
    )
    return [_refund(row) for row in rows]


async def postpone(conn: Conn, refund: Refund, next_try_at: int) -> bool:
    """Take a sending refund for a look; False when somebody looks already."""
    return (
        await conn.run(
            "UPDATE restaurant.refunds SET next_try_at = :next WHERE id = :id "
            "AND status = 'sending' AND next_try_at = :seen",
            id=refund.id,
            next=next_try_at,
            seen=refund.next_try_at,
        )
        == 1
    )


def _as_row(refund: Refund) -> Row:
    row = asdict(refund)
    return row | {
        "status": refund.status.value,
        "rate": refund.rate.value,
        "destination": refund.destination.value,
        "problem": refund.problem.value if refund.problem else None,
        "lines": canonical_json([[li.line_id, li.quantity] for li in refund.lines]),
    }


def _refund(row: Row) -> Refund:
    return Refund(
        **{name: row[name] for name in _COLUMNS}
        | {
            "status": RefundStatus(row["status"]),
            "rate": RefundRate(row["rate"]),
            "destination": Destination(row["destination"]),
            "problem": Problem(row["problem"]) if row["problem"] else None,
            "lines": tuple(RefundLine(*line) for line in json.loads(row["lines"])),
            "restocks": bool(row["restocks"]),
        }
    )
