"""The staff table, and who serves an order."""

from dataclasses import asdict, fields

from ...core.paging import Place
from ...crud import Conn, Row, count_of, newest_of
from .models import Member

_COLUMNS = [f.name for f in fields(Member)]


async def add(conn: Conn, member: Member) -> None:
    await conn.insert("staff", [asdict(member)])


async def save(conn: Conn, member: Member) -> None:
    row = asdict(member)
    changing = ("name", "pay_to", "wallet_id", "weight", "is_active")
    assigned = ", ".join(f"{name} = :{name}" for name in changing)
    await conn.run(
        f"UPDATE restaurant.staff SET {assigned} WHERE id = :id",
        id=member.id,
        **{name: row[name] for name in changing},
    )


async def load(conn: Conn, member_id: str) -> Member | None:
    if not member_id.isprintable():  # PostgreSQL knows no NUL
        return None
    row = await conn.one("SELECT * FROM restaurant.staff WHERE id = :id", id=member_id)
    return _member(row) if row else None


async def all_of(conn: Conn, restaurant_id: str) -> list[Member]:
    """Everybody, also who does not work now; who came first is first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.staff WHERE restaurant_id = :id "
        "ORDER BY created_at, id",
        id=restaurant_id,
    )
    return [_member(row) for row in rows]


async def page_of(
    conn: Conn, restaurant_id: str, limit: int, after: Place
) -> list[Member]:
    """Newest first, behind the place of the page before."""
    rows = await newest_of(conn, "staff", restaurant_id, limit, after)
    return [_member(row) for row in rows]


async def count(conn: Conn, restaurant_id: str) -> int:
    return await count_of(conn, "staff", restaurant_id)


async def remove(conn: Conn, member_id: str) -> bool:
    """False when gone already."""
    query = "DELETE FROM restaurant.staff WHERE id = :id"
    return await conn.run(query, id=member_id) == 1


async def server_of(conn: Conn, order_id: str) -> str | None:
    """The member who serves an order, if anybody was named."""
    row = await conn.one(
        "SELECT server_id FROM restaurant.orders WHERE id = :id", id=order_id
    )
    return row["server_id"] if row else None


async def set_server(conn: Conn, order_id: str, member_id: str | None) -> None:
    await conn.run(
        "UPDATE restaurant.orders SET server_id = :member_id WHERE id = :id",
        id=order_id,
        member_id=member_id,
    )


def _member(row: Row) -> Member:
    kept = {name: row[name] for name in _COLUMNS}
    return Member(**{**kept, "is_active": bool(row["is_active"])})
