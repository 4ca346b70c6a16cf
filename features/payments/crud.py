"""The payments table. An invoice's money is claimed once, whatever arrives."""

from collections.abc import Iterable
from dataclasses import asdict, fields

from ...crud import Conn, Row, claim, in_list
from ...models import PaymentMethod, PaymentStatus
from .models import Payment

_COLUMNS = [f.name for f in fields(Payment)]


async def add(conn: Conn, payment: Payment) -> None:
    row = asdict(payment)
    row |= {"method": payment.method.value, "status": payment.status.value}
    await conn.insert("payments", [row])


async def by_hash(conn: Conn, payment_hash: str) -> Payment | None:
    row = await conn.one(
        "SELECT * FROM restaurant.payments WHERE payment_hash = :hash",
        hash=payment_hash,
    )
    return _payment(row) if row else None


async def load(conn: Conn, payment_id: str) -> Payment | None:
    row = await conn.one(
        "SELECT * FROM restaurant.payments WHERE id = :id", id=payment_id
    )
    return _payment(row) if row else None


async def of_order(conn: Conn, order_id: str) -> list[Payment]:
    """Every payment of one order, oldest first."""
    return (await of_orders(conn, [order_id])).get(order_id, [])


async def of_orders(conn: Conn, order_ids: Iterable[str]) -> dict[str, list[Payment]]:
    """Every payment of the orders, oldest first; tips after the meal are none."""
    marks, values = in_list("id", order_ids)
    rows = await conn.all(
        f"SELECT * FROM restaurant.payments WHERE order_id IN {marks} "
        "AND tip_id IS NULL ORDER BY created_at, id",
        **values,
    )
    found: dict[str, list[Payment]] = {}
    for row in rows:
        found.setdefault(row["order_id"], []).append(_payment(row))
    return found


async def tips_of_order(conn: Conn, order_id: str) -> list[Payment]:
    """The payments of an order's tips after the meal, oldest first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.payments WHERE order_id = :id "
        "AND tip_id IS NOT NULL ORDER BY created_at, id",
        id=order_id,
    )
    return [_payment(row) for row in rows]


async def capture(conn: Conn, payment: Payment, received_msat: int, at: int) -> bool:
    """Count the money; False when it is counted already.

    Also from ``voided`` and ``failed``: money may come after all, and is never lost.
    """
    return (
        await conn.run(
            "UPDATE restaurant.payments SET status = 'captured', "
            "received_msat = :received, captured_at = :at, next_look_at = NULL "
            "WHERE id = :id AND disputed_at IS NULL "
            "AND status IN ('created', 'authorized', 'voided', 'failed')",
            id=payment.id,
            received=received_msat,
            at=at,
        )
        == 1
    )


async def revalue(conn: Conn, payment: Payment, received_msat: int) -> bool:
    """Its order's total changed, and what it is worth with it; False when the payment
    changed meanwhile."""
    return (
        await conn.run(
            "UPDATE restaurant.payments SET received_msat = :new "
            "WHERE id = :id AND received_msat = :old AND status = :status",
            id=payment.id,
            old=payment.received_msat,
            new=received_msat,
            status=payment.status.value,
        )
        == 1
    )


async def dispute(conn: Conn, payment: Payment, at: int) -> bool:
    """The payer contests it. False when it is contested already, or never came."""
    return (
        await conn.run(
            "UPDATE restaurant.payments SET status = 'disputed', disputed_at = :at "
            "WHERE id = :id AND status IN ('captured', 'settled')",
            id=payment.id,
            at=at,
        )
        == 1
    )


async def end_dispute(conn: Conn, payment: Payment, *, is_won: bool) -> bool:
    """Won: the money is ours again. Lost: it is gone, and counts no more."""
    new = PaymentStatus.CAPTURED if is_won else PaymentStatus.VOIDED
    also = {} if is_won else {"next_look_at": None}
    return await claim(
        conn, "payments", payment.id, old="disputed", new=new.value, **also
    )


async def cards_to_watch(conn: Conn, since: int, at: int, limit: int) -> list[Payment]:
    """Card payments that may be contested, those due for a look now."""
    rows = await conn.all(
        "SELECT * FROM restaurant.payments WHERE method = 'card' "
        "AND status IN ('captured', 'settled', 'disputed') "
        "AND captured_at >= :since "
        "AND (next_look_at IS NULL OR next_look_at <= :at) "
        "ORDER BY COALESCE(next_look_at, 0), captured_at LIMIT :limit",
        since=since,
        at=at,
        limit=limit,
    )
    return [_payment(row) for row in rows]


async def fail(conn: Conn, payment: Payment) -> bool:
    """The node gave an invoice up; it is watched on, but no longer handed out."""
    return await claim(conn, "payments", payment.id, old="created", new="failed")


async def void_open(conn: Conn, order_id: str) -> int:
    """The order ended: its open payments are no longer asked for, only watched."""
    return await conn.run(
        "UPDATE restaurant.payments SET status = 'voided' "
        "WHERE order_id = :id AND status = 'created' AND tip_id IS NULL",
        id=order_id,
    )


async def hopeful_hashes(conn: Conn, since: int, limit: int) -> list[str]:
    """Hashes of invoices that may still be paid, youngest first."""
    rows = await conn.all(
        "SELECT payment_hash FROM restaurant.payments "
        "WHERE status IN ('created', 'authorized', 'voided', 'failed') "
        "AND payment_hash IS NOT NULL AND disputed_at IS NULL "
        "AND created_at >= :since ORDER BY created_at DESC LIMIT :limit",
        since=since,
        limit=limit,
    )
    return [row["payment_hash"] for row in rows]


async def due_looks(conn: Conn, at: int, limit: int) -> list[Payment]:
    """Open invoices to ask the node about now, youngest first.

    Those that were looked at less often go before, or the youngest would be due
    again before the oldest had their first turn.
    """
    rows = await conn.all(
        "SELECT * FROM restaurant.payments "
        "WHERE status IN ('created', 'authorized', 'voided', 'failed') "
        "AND disputed_at IS NULL AND next_look_at <= :at "
        "ORDER BY looks, created_at DESC LIMIT :limit",
        at=at,
        limit=limit,
    )
    return [_payment(row) for row in rows]


async def plan_looks(conn: Conn, next_looks: dict[str, int | None]) -> None:
    """Set when each payment is looked at next."""
    for payment_id, next_look_at in next_looks.items():
        await conn.run(
            "UPDATE restaurant.payments SET looks = looks + 1, "
            "next_look_at = :next_look_at WHERE id = :id",
            id=payment_id,
            next_look_at=next_look_at,
        )


async def look_at_all_again(conn: Conn, since: int, at: int) -> int:
    """After a start every open invoice is due: money may have come meanwhile."""
    return await conn.run(
        "UPDATE restaurant.payments SET next_look_at = :at, looks = 0 "
        "WHERE status IN ('created', 'authorized', 'voided', 'failed') "
        "AND payment_hash IS NOT NULL AND disputed_at IS NULL "
        "AND created_at >= :since",
        since=since,
        at=at,
    )


def _payment(row: Row) -> Payment:
    kept = {name: row[name] for name in _COLUMNS}
    return Payment(
        **kept
        | {
            "method": PaymentMethod(row["method"]),
            "status": PaymentStatus(row["status"]),
        }
    )
