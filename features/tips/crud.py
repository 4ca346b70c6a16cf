"""The ledger of tips. Entries are added; only who took them is noted later."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields

from ...core.paging import Place
from ...crud import Conn, Row, in_list
from ..restaurants.models import TipTo
from .models import Balance, Sum, Tip, TipKind, Whose

_COLUMNS = [f.name for f in fields(Tip)]
_INSERT = (
    f"INSERT INTO restaurant.tips ({', '.join(_COLUMNS)}) "
    f"VALUES ({', '.join(f':{name}' for name in _COLUMNS)}) "
    "ON CONFLICT (reference) DO NOTHING"
)
_STATES = {
    "open": "t.payout_id IS NULL",
    "paying": "p.status IN ('waiting', 'sending')",
    "paid": "p.status = 'sent'",
    "shared": "t.payout_id IS NOT NULL AND p.id IS NULL",
}


async def enter(conn: Conn, tip: Tip) -> bool:
    """False when it is entered already."""
    return await conn.run(_INSERT, **_as_row(tip)) == 1


async def enter_all(conn: Conn, entries: Sequence[Tip]) -> None:
    await conn.insert("tips", [_as_row(each) for each in entries])


async def load(conn: Conn, tip_id: str) -> Tip | None:
    row = await conn.one("SELECT * FROM restaurant.tips WHERE id = :id", id=tip_id)
    return _tip(row) if row else None


async def of_order(conn: Conn, order_id: str) -> list[Tip]:
    """Every entry of one order, oldest first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.tips WHERE order_id = :id ORDER BY at, id",
        id=order_id,
    )
    return [_tip(row) for row in rows]


async def knows(conn: Conn, reference: str) -> bool:
    """Is this entered already?"""
    row = await conn.one(
        "SELECT id FROM restaurant.tips WHERE reference = :reference",
        reference=reference,
    )
    return row is not None


async def balances(
    conn: Conn, restaurant_id: str, recipient: TipTo | None = None
) -> list[Balance]:
    """What is open, by recipient and currency; of one kind of recipient, or of all."""
    wanted = "AND recipient = :recipient " if recipient else ""
    rows = await conn.all(
        "SELECT recipient, staff_id, currency, SUM(amount_msat) AS msat, "
        "SUM(amount_minor) AS minor FROM restaurant.tips "
        f"WHERE restaurant_id = :id AND payout_id IS NULL {wanted}"
        "AND kind <> 'asked' GROUP BY recipient, staff_id, currency "
        "ORDER BY recipient, staff_id, currency",
        id=restaurant_id,
        **({"recipient": recipient.value} if recipient else {}),
    )
    return [
        Balance(
            Whose(TipTo(row["recipient"]), row["staff_id"]),
            Sum(row["currency"], int(row["msat"]), int(row["minor"])),
        )
        for row in rows
    ]


async def take(conn: Conn, restaurant_id: str, owner: Whose, payout_id: str) -> int:
    """A payout takes everything that is open for somebody; how many entries."""
    return await conn.run(
        "UPDATE restaurant.tips SET payout_id = :payout_id "
        "WHERE restaurant_id = :id AND payout_id IS NULL AND kind <> 'asked' "
        "AND recipient = :recipient AND COALESCE(staff_id, '') = :staff_id",
        id=restaurant_id,
        payout_id=payout_id,
        recipient=owner.recipient.value,
        staff_id=owner.staff_id or "",
    )


async def give_back(conn: Conn, payout_id: str) -> int:
    """A payout came to nothing: what it took is open again; how many entries."""
    return await conn.run(
        "UPDATE restaurant.tips SET payout_id = NULL WHERE payout_id = :payout_id",
        payout_id=payout_id,
    )


async def taken_msat(conn: Conn, payout_id: str) -> int:
    """What a payout took, in all."""
    row = await conn.one(
        "SELECT COALESCE(SUM(amount_msat), 0) AS msat FROM restaurant.tips "
        "WHERE payout_id = :payout_id",
        payout_id=payout_id,
    )
    return int(row["msat"]) if row else 0


async def page_of(
    conn: Conn,
    restaurant_id: str,
    period: tuple[int, int],
    status: str | None,
    limit: int,
    after: Place,
) -> list[tuple[Tip, str | None]]:
    """Entries from and before these times with the status of the payout that took
    each, newest first, behind the place of the page before."""
    wanted = f"AND {_STATES[status]} " if status else ""
    rows = await conn.all(
        "SELECT t.*, p.status AS payout_status FROM restaurant.tips t "
        "LEFT JOIN restaurant.tip_payouts p ON p.id = t.payout_id "
        "WHERE t.restaurant_id = :id AND t.kind <> 'asked' "
        f"AND t.at >= :since AND t.at < :until {wanted}"
        "AND (t.at < :after_at OR (t.at = :after_at AND t.id < :after_id)) "
        "ORDER BY t.at DESC, t.id DESC LIMIT :limit",
        id=restaurant_id,
        since=period[0],
        until=period[1],
        after_at=after[0],
        after_id=after[1],
        limit=limit,
    )
    return [(_tip(row), row["payout_status"]) for row in rows]


async def asked_for(conn: Conn, tip_ids: Iterable[str]) -> dict[str, Tip]:
    """The entries that say for whom these tips are."""
    marks, values = in_list("id", tip_ids)
    rows = await conn.all(
        f"SELECT * FROM restaurant.tips WHERE id IN {marks}", **values
    )
    return {row["id"]: _tip(row) for row in rows}


def _as_row(tip: Tip) -> Row:
    row = asdict(tip)
    return row | {"kind": tip.kind.value, "recipient": tip.recipient.value}


def _tip(row: Row) -> Tip:
    kept = {name: row[name] for name in _COLUMNS}
    kind, recipient = TipKind(row["kind"]), TipTo(row["recipient"])
    return Tip(**{**kept, "kind": kind, "recipient": recipient})
