"""The print_jobs table. A job changes only from exactly what it was read as."""

import json
from collections.abc import Collection
from dataclasses import fields

from ...core import limits
from ...core.ids import canonical_json
from ...crud import Conn, Row, in_list
from .models import PrintJob, PrintKind, PrintState, Reach, StandIn

_COLUMNS = tuple(field.name for field in fields(PrintJob))
_UNDER_WAY = "('queued', 'leased', 'printing')"
# A cashier waits, and not for long: no crowd of tickets makes a drawer too late.
_DRAWERS_FIRST = "CASE kind WHEN 'drawer' THEN 0 ELSE 1 END"
# Of jobs ``j``: none of their order's papers is wanted any more, or they have none.
_IS_OVER = f"""(EXISTS (
    SELECT 1 FROM restaurant.orders o WHERE o.id = j.order_id
    AND o.status IN ('completed', 'canceled', 'refunded'))
AND NOT EXISTS (
    SELECT 1 FROM restaurant.print_jobs k WHERE k.order_id = j.order_id
    AND (k.created_at > :before OR k.state IN {_UNDER_WAY})))"""
_IS_ALONE = f"(j.order_id IS NULL AND j.state NOT IN {_UNDER_WAY})"
# What happens to a job after it was made; the rest never changes.
_CHANGING = (
    "state",
    "attempts",
    "doubts",
    "not_before",
    "lease_token",
    "lease_owner",
    "lease_until",
    "started_at",
    "printed_at",
    "confirm",
    "last_error",
    "error_code",
    "printer_id",
    "taken_by",
    "failover_from",
    "layout",
    "bitmap_sha256",
    "wire_id",
)


async def add(conn: Conn, job: PrintJob) -> bool:
    """Queue a job; False when this order's ticket (or reprint) exists already."""
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    marks = ", ".join(f":{name}" for name in _COLUMNS)
    query = (
        f"INSERT INTO restaurant.print_jobs ({names}) VALUES ({marks}) "
        "ON CONFLICT (order_id, station, kind, round, reprint_n) DO NOTHING"
    )
    return await conn.run(query, **_row(job)) == 1


async def load(conn: Conn, job_id: str) -> PrintJob | None:
    """Load a job; inside a transaction nobody else changes it until commit."""
    row = await conn.one(
        f"SELECT * FROM restaurant.print_jobs WHERE id = :id{conn.for_update()}",
        id=job_id,
    )
    return _job(row) if row else None


async def save(conn: Conn, old: PrintJob, new: PrintJob) -> bool:
    """Replace what was read by what was decided; False when it changed meanwhile."""
    sets = ", ".join(f"{name} = :{name}" for name in _CHANGING)
    row = _row(new)
    changed = await conn.run(
        f"UPDATE restaurant.print_jobs SET {sets} "
        "WHERE id = :id AND state = :old_state AND attempts = :old_attempts "
        "AND COALESCE(lease_token, '') = :old_token",
        **{name: row[name] for name in _CHANGING},
        id=old.id,
        old_state=old.state.value,
        old_attempts=old.attempts,
        old_token=old.lease_token or "",
    )
    return changed == 1


async def free_ids(
    conn: Conn,
    restaurant_id: str,
    reach: Reach,
    leased_to: str | None,
    at: int,
    limit: int,
    stand_ins: Collection[StandIn] = (),
) -> list[str]:
    """Jobs that a printer may take now, drawers and then the oldest first: due, or
    their lease ended, or ``leased_to`` it already; its own, and what it may do for
    others."""
    # The plus keeps SQLite from walking all that was ever printed in its order: what
    # waits is little, and is found by its state.
    marks = _Marks()
    theirs = [_within(reach, marks), *(_helped(each, marks) for each in stand_ins)]
    where, values = " OR ".join(theirs), marks.values
    rows = await conn.all(
        "SELECT id FROM restaurant.print_jobs "
        "WHERE restaurant_id = :restaurant_id "
        "AND state IN ('queued', 'leased', 'printing') "
        "AND (CASE state WHEN 'queued' THEN not_before ELSE lease_until END "
        "NOT BETWEEN :soon AND :last "
        "OR (state = 'leased' AND lease_owner = :leased_to)) "
        f"AND ({where}) ORDER BY {_DRAWERS_FIRST}, +position, id LIMIT :limit",
        restaurant_id=restaurant_id,
        leased_to=leased_to,
        limit=limit,
        **_running(at),
        **values,
    )
    return [row["id"] for row in rows]


async def keep_look(
    conn: Conn, job: PrintJob, layout: Row, bitmap_sha256: str | None
) -> bool:
    """How a leased job is printed; False when the lease is lost."""
    changed = await conn.run(
        "UPDATE restaurant.print_jobs SET layout = :layout, bitmap_sha256 = :sha256 "
        "WHERE id = :id AND lease_token = :token",
        id=job.id,
        token=job.lease_token,
        layout=canonical_json(layout),
        sha256=bitmap_sha256,
    )
    return changed == 1


async def note_read(conn: Conn, job_id: str, at: int) -> bool:
    """A printer without leases reads a waiting job; False: it does not wait any
    more."""
    changed = await conn.run(
        "UPDATE restaurant.print_jobs SET read_at = COALESCE(read_at, :at) "
        "WHERE id = :id AND state = 'queued'",
        id=job_id,
        at=at,
    )
    return changed == 1


async def in_hand(conn: Conn, restaurant_id: str, printer_id: str) -> PrintJob | None:
    """The job that a printer has, if any; its lease may be over. Of several it is the
    one whose lease ends last: the others are lost, and nobody noticed yet."""
    row = await conn.one(
        "SELECT * FROM restaurant.print_jobs WHERE restaurant_id = :restaurant_id "
        "AND state IN ('leased', 'printing') AND taken_by = :printer_id "
        f"ORDER BY lease_until DESC, {_DRAWERS_FIRST}, +position, id LIMIT 1",
        restaurant_id=restaurant_id,
        printer_id=printer_id,
    )
    return _job(row) if row else None


async def by_wire_id(conn: Conn, printer_id: str, wire_id: str) -> PrintJob | None:
    """The job that this printer took last, by its short name."""
    row = await conn.one(
        "SELECT * FROM restaurant.print_jobs "
        "WHERE wire_id = :wire_id AND taken_by = :printer_id",
        wire_id=wire_id,
        printer_id=printer_id,
    )
    return _job(row) if row else None


async def last_of(conn: Conn, restaurant_id: str, printer_id: str) -> PrintJob | None:
    """The job that a printer began last, whatever became of it since."""
    row = await conn.one(
        "SELECT * FROM restaurant.print_jobs WHERE restaurant_id = :restaurant_id "
        "AND taken_by = :printer_id AND started_at IS NOT NULL "
        "ORDER BY started_at DESC, position DESC LIMIT 1",
        restaurant_id=restaurant_id,
        printer_id=printer_id,
    )
    return _job(row) if row else None


async def detach_printer(conn: Conn, restaurant_id: str, printer_id: str) -> None:
    """Nobody's own any more: what waits for a printer that is gone is its station's;
    its tests are over."""
    await conn.run(
        "UPDATE restaurant.print_jobs SET state = 'canceled', lease_token = NULL, "
        "lease_owner = NULL, lease_until = NULL "
        "WHERE restaurant_id = :restaurant_id AND printer_id = :id "
        "AND kind = 'test' AND state IN ('queued', 'leased', 'printing', 'dead')",
        restaurant_id=restaurant_id,
        id=printer_id,
    )
    await conn.run(
        "UPDATE restaurant.print_jobs SET printer_id = NULL "
        "WHERE restaurant_id = :restaurant_id AND printer_id = :id "
        "AND state IN ('queued', 'leased', 'printing', 'dead')",
        restaurant_id=restaurant_id,
        id=printer_id,
    )


async def restaurants_with_older(conn: Conn, before: int) -> list[str]:
    """Restaurants where ``forget_older`` finds something."""
    rows = await conn.all(
        "SELECT r.id FROM restaurant.restaurants r WHERE EXISTS (SELECT 1 "
        "FROM restaurant.print_jobs j WHERE j.restaurant_id = r.id "
        f"AND j.created_at <= :before AND ({_IS_OVER} OR {_IS_ALONE})) ORDER BY r.id",
        before=before,
    )
    return [row["id"] for row in rows]


async def forget_older(conn: Conn, restaurant_id: str, before: int, limit: int) -> int:
    """Delete what was made until then, is at its end and belongs to no order or to one
    that is over; the number of jobs.

    An order's papers go together or not at all: what is missing from an order is told
    by all of them. At most ``limit`` orders, and as many jobs without one.
    """
    forgotten = 0
    for what, where in (("order_id", _IS_OVER), ("id", _IS_ALONE)):
        forgotten += await conn.run(
            f"DELETE FROM restaurant.print_jobs WHERE {what} IN (SELECT j.{what} "
            "FROM restaurant.print_jobs j WHERE j.restaurant_id = :restaurant_id "
            f"AND j.created_at <= :before AND {where} LIMIT :limit)",
            restaurant_id=restaurant_id,
            before=before,
            limit=limit,
        )
    return forgotten


async def lapsed_ids(conn: Conn, restaurant_id: str, at: int, limit: int) -> list[str]:
    """Jobs whose lease or whose time ended and that nobody took since, oldest first."""
    rows = await conn.all(
        "SELECT id FROM restaurant.print_jobs WHERE restaurant_id = :restaurant_id "
        "AND state IN ('queued', 'leased', 'printing') "
        "AND ((state IN ('leased', 'printing') "
        "AND lease_until NOT BETWEEN :soon AND :last) "
        "OR (state IN ('queued', 'leased') AND kind = :drawer "
        "AND created_at <= :made_at)) "
        "ORDER BY +position, id LIMIT :limit",
        restaurant_id=restaurant_id,
        drawer=PrintKind.DRAWER.value,
        made_at=at - limits.DRAWER_SECONDS * limits.SECOND_MS,
        limit=limit,
        **_running(at),
    )
    return [row["id"] for row in rows]


async def unprinted_tickets(conn: Conn, order_id: str) -> list[PrintJob]:
    """The order's tickets that no printer has started, oldest first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.print_jobs WHERE order_id = :order_id "
        "AND kind = :kind AND state IN ('queued', 'leased') "
        f"ORDER BY position, id{conn.for_update()}",
        order_id=order_id,
        kind=PrintKind.TICKET.value,
    )
    return [_job(row) for row in rows]


async def tickets_of_order(conn: Conn, order_id: str) -> list[PrintJob]:
    """All tickets of an order with their reprints, whatever became of them, oldest
    round first."""
    rows = await conn.all(
        "SELECT * FROM restaurant.print_jobs WHERE order_id = :order_id "
        f"AND kind = :kind ORDER BY round, reprint_n, id{conn.for_update()}",
        order_id=order_id,
        kind=PrintKind.TICKET.value,
    )
    return [_job(row) for row in rows]


async def receipts_of_order(conn: Conn, order_id: str) -> list[PrintJob]:
    """All receipts of an order, whatever became of them; the order is locked."""
    rows = await conn.all(
        "SELECT * FROM restaurant.print_jobs WHERE order_id = :order_id "
        "AND kind = :kind ORDER BY position, id",
        order_id=order_id,
        kind=PrintKind.RECEIPT.value,
    )
    return [_job(row) for row in rows]


async def hand_over(conn: Conn, order_id: str, to_id: str) -> None:
    """An order's tickets are another's from now on, behind those that it has: their
    lines are."""
    kind = PrintKind.TICKET.value
    row = await conn.one(
        "SELECT COALESCE(MAX(round), 0) AS n FROM restaurant.print_jobs "
        "WHERE order_id = :order_id AND kind = :kind",
        order_id=to_id,
        kind=kind,
    )
    await conn.run(
        "UPDATE restaurant.print_jobs SET order_id = :to_id, round = round + :rounds "
        "WHERE order_id = :order_id AND kind = :kind",
        order_id=order_id,
        to_id=to_id,
        rounds=row["n"] if row else 0,
        kind=kind,
    )


async def next_round(conn: Conn, order_id: str, station: str, kind: PrintKind) -> int:
    """The first free round of an order's jobs of a kind; the order is locked."""
    row = await conn.one(
        "SELECT COALESCE(MAX(round), 0) + 1 AS n FROM restaurant.print_jobs "
        "WHERE order_id = :order_id AND station = :station AND kind = :kind",
        order_id=order_id,
        station=station,
        kind=kind.value,
    )
    return int(row["n"]) if row else 1


async def last_reprint_n(conn: Conn, job: PrintJob) -> int:
    """How often this job's ticket was reprinted so far."""
    if job.order_id is None:
        row = await conn.one(
            "SELECT COALESCE(MAX(reprint_n), 0) AS n FROM restaurant.print_jobs "
            "WHERE restaurant_id = :restaurant_id AND reprint_of = :id",
            restaurant_id=job.restaurant_id,
            id=job.id,
        )
        return int(row["n"]) if row else 0
    row = await conn.one(
        "SELECT COALESCE(MAX(reprint_n), 0) AS n FROM restaurant.print_jobs "
        "WHERE order_id = :order_id AND station = :station AND kind = :kind "
        "AND round = :round",
        order_id=job.order_id,
        station=job.station,
        kind=job.kind,
        round=job.round,
    )
    return int(row["n"]) if row else 0


async def page(
    conn: Conn,
    restaurant_id: str,
    *,
    states: Collection[PrintState],
    stations: Collection[str],
    kinds: Collection[str] = (),
    order_id: str | None,
    after: tuple[int, str] | None,
    newest_first: bool = False,
    limit: int,
    device_id: str | None = None,
) -> list[PrintJob]:
    """``after`` is the (position, id) of the last job of the page before; no
    states, stations or kinds mean all of them. ``device_id``: without what is for
    one printer alone of another device."""
    beyond, direction = ("<", "DESC") if newest_first else (">", "ASC")
    where, values = _at_stations(stations)
    if states:
        marks, state_values = in_list("state", sorted(s.value for s in states))
        where += f" AND state IN {marks}"
        values |= state_values
    if kinds:
        marks, kind_values = in_list("kind", sorted(kinds))
        where += f" AND kind IN {marks}"
        values |= kind_values
    if device_id is not None:
        where += (
            " AND (printer_id IS NULL OR printer_id IN (SELECT p.id "
            "FROM restaurant.printers p WHERE p.device_id = :device_id))"
        )
        values["device_id"] = device_id
    if order_id is not None:
        where += " AND order_id = :order_id"
        values["order_id"] = order_id
    if after:
        where += (
            f" AND (position {beyond} :after_position "
            f"OR (position = :after_position AND id {beyond} :after_id))"
        )
        values |= {"after_position": after[0], "after_id": after[1]}
    rows = await conn.all(
        "SELECT * FROM restaurant.print_jobs WHERE restaurant_id = :restaurant_id"
        f"{where} ORDER BY position {direction}, id {direction} LIMIT :limit",
        restaurant_id=restaurant_id,
        limit=limit,
        **values,
    )
    return [_job(row) for row in rows]


def _running(at: int) -> Row:
    """``:soon`` to ``:last``: when leases and pauses end that still run."""
    return {"soon": at + 1, "last": at + limits.PRINT_HOLDS_MS}


class _Marks:
    """Parameters of a query that is put together, each with a name of its own."""

    def __init__(self) -> None:
        self.values: Row = {}

    def one(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def some(self, values: Collection[str]) -> str:
        return f"({', '.join(self.one(value) for value in values)})"


def _within(reach: Reach, marks: _Marks) -> str:
    """``reach.has`` as SQL; never NULL."""
    common = ["printer_id IS NULL"]
    if reach.stations:
        common.append(f"station IN {marks.some(reach.stations)}")
    if reach.order_types:
        types = marks.some(reach.order_types)
        common.append(f"(order_type IS NULL OR order_type IN {types})")
    found = f"({' AND '.join(common)})"
    if reach.printers:
        found = f"({found} OR COALESCE(printer_id, '') IN {marks.some(reach.printers)})"
    return found


def _helped(stand_in: StandIn, marks: _Marks) -> str:
    """Jobs of a printer that cannot print, which nobody has begun; never NULL."""
    found = (
        "(state IN ('queued', 'leased') AND confirm IS NULL "
        "AND kind NOT IN ('drawer', 'test') "
        f"AND created_at <= {marks.one(stand_in.made_until)} "
        f"AND {_within(stand_in.reach, marks)}"
    )
    if stand_in.others:
        others = " OR ".join(_within(each, marks) for each in stand_in.others)
        found += f" AND NOT ({others})"
    return f"{found})"


def _at_stations(stations: Collection[str]) -> tuple[str, Row]:
    if not stations:
        return "", {}
    marks, values = in_list("station", sorted(stations))
    return f" AND station IN {marks}", values


def _row(job: PrintJob) -> Row:
    row = {name: getattr(job, name) for name in _COLUMNS}
    return row | {
        "state": job.state.value,
        "document": canonical_json(job.document),
        "layout": canonical_json(job.layout) if job.layout is not None else None,
    }


def _job(row: Row) -> PrintJob:
    values = {name: row[name] for name in _COLUMNS}
    return PrintJob(
        **{
            **values,
            "state": PrintState(row["state"]),
            "document": json.loads(row["document"]),
            "layout": json.loads(row["layout"]) if row["layout"] else None,
        }
    )
