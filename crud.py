"""The one door to the database: ``db``, ``read()``, ``transaction()``, ``claim()``.

LNbits' own Connection commits after every statement and strips HTML-looking text
from parameters, and its SQLite opens the file anew each time; ``Conn`` does none of
that. ``db`` is for LNbits' migrations only. No network belongs inside ``read()`` or
``transaction()``; neither may be entered inside the other.
"""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Protocol

from lnbits.db import SQLITE, Database
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from .core.ids import canonical_json
from .core.paging import Place

db = Database("ext_restaurant")

Row = dict[str, Any]
Values = Row | list[Row]
Result = tuple[list[Row], int]
#: What a database raises when a row is there already.
UNIQUE_ERRORS = (IntegrityError, sqlite3.IntegrityError)
#: What a database raises when it is busy, away or full.
DATABASE_ERRORS = (DBAPIError, sqlite3.Error)
INLINE_ROWS_MAX = 200
SQLITE_BUSY_SECONDS = 5


class Engine(Protocol):
    """Runs a statement, for every row of a list: its rows, how many it touched."""

    is_sqlite: bool

    async def execute(self, query: str, values: Values) -> Result: ...


class SqliteFile:
    """One kept connection in one thread: opening a file costs more than a query.

    The file is attached under the name ``restaurant`` beside an empty main
    database, so that both databases speak the same SQL.
    """

    is_sqlite = True

    def __init__(self, path: str):
        self._path = path
        self._thread = _one_thread()
        self._connection: sqlite3.Connection | None = None
        self.lock = asyncio.Lock()

    async def execute(self, query: str, values: Values) -> Result:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._thread, self.execute_here, query, values
        )

    async def begin(self, sync: str) -> None:
        """Take the write lock. With ``sync`` FULL the commit outlives a power cut."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._begin, sync)

    async def roll_back(self) -> None:
        loop = asyncio.get_running_loop()
        # shielded: who is canceled twice must not leave a transaction open
        await asyncio.shield(loop.run_in_executor(self._thread, self._roll_back))

    def close(self) -> None:
        """Let go of the file, after whatever runs now; the next query reopens it."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=False)
        self._thread = _one_thread()

    def execute_here(self, query: str, values: Values) -> Result:
        """Execute in the caller's thread, which must hold ``lock``."""
        if isinstance(values, list):
            return [], self._open().executemany(query, values).rowcount
        cursor = self._open().execute(query, values)
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return rows, cursor.rowcount

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(
                ":memory:",
                timeout=SQLITE_BUSY_SECONDS,
                isolation_level=None,  # transactions begin and end where we say
                check_same_thread=False,  # reopened in a new thread after a close
            )
            self._connection.execute("ATTACH :path AS restaurant", {"path": self._path})
            # One sync per commit instead of three; LNbits' other files are not ours.
            self._connection.execute("PRAGMA restaurant.journal_mode = WAL")
        return self._connection

    def _begin(self, sync: str) -> None:
        connection = self._open()
        connection.execute(f"PRAGMA restaurant.synchronous = {sync}")
        connection.execute("BEGIN IMMEDIATE")

    def _roll_back(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class SqliteTransaction:
    """Statements of a transaction that holds the write lock already.

    They touch memory, not locks or the disk, and are over sooner than a change of
    threads; only large batches go to the file's thread, as begin and commit do.
    """

    is_sqlite = True

    def __init__(self, file: SqliteFile):
        self._file = file

    async def execute(self, query: str, values: Values) -> Result:
        if isinstance(values, list) and len(values) > INLINE_ROWS_MAX:
            return await self._file.execute(query, values)
        return self._file.execute_here(query, values)


def _one_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="restaurant-db")


class PostgresConnection:
    """One connection of LNbits' pool."""

    is_sqlite = False

    def __init__(self, raw: AsyncConnection):
        self._raw = raw

    async def execute(self, query: str, values: Values) -> Result:
        result = await self._raw.execute(text(query), values)
        rows = [dict(r) for r in result.mappings()] if result.returns_rows else []
        return rows, int(result.rowcount)


class Conn:
    """One connection: a query in, plain dicts or a row count out. Never commits."""

    def __init__(self, engine: Engine):
        self._engine = engine

    async def all(self, query: str, **values: Any) -> list[Row]:
        rows, _ = await self._engine.execute(query, values)
        return rows

    async def one(self, query: str, **values: Any) -> Row | None:
        rows, _ = await self._engine.execute(query, values)
        return rows[0] if rows else None

    async def run(self, query: str, **values: Any) -> int:
        """Execute a statement; the number of rows it touched."""
        _, count = await self._engine.execute(query, values)
        return count

    async def insert(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert the rows, all with the same columns, in one go."""
        batch = [dict(row) for row in rows]
        if not batch:
            return
        names = ", ".join(f'"{column}"' for column in batch[0])
        marks = ", ".join(f":{column}" for column in batch[0])
        await self._engine.execute(
            f"INSERT INTO restaurant.{table} ({names}) VALUES ({marks})", batch
        )

    def for_update(self) -> str:
        """The row lock where the database has one; SQLite's writer is alone."""
        return "" if self._engine.is_sqlite else " FOR UPDATE"


_sqlite = SqliteFile(db.path) if db.type == SQLITE else None


@asynccontextmanager
async def read() -> AsyncIterator[Conn]:
    """A connection for reading. Nothing written through it is promised to stay."""
    if _sqlite:
        async with _sqlite.lock:
            yield Conn(_sqlite)
    else:
        async with db.engine.connect() as raw:
            yield Conn(PostgresConnection(raw))


@asynccontextmanager
async def transaction() -> AsyncIterator[Conn]:
    """All or nothing: commits at the end, rolls back on any exception.

    On SQLite the write lock is taken at the beginning, so that what the
    transaction reads cannot change before it writes; on PostgreSQL transactions
    lock the rows they read (``Conn.for_update``), the restaurant's first.
    """
    if _sqlite:
        async with _sqlite_transaction(_sqlite, "FULL") as conn:
            yield conn
    else:
        async with db.engine.begin() as raw:
            yield Conn(PostgresConnection(raw))


@asynccontextmanager
async def light_transaction() -> AsyncIterator[Conn]:
    """As ``transaction``, but a power cut right after it may undo it.

    For what needs no trace on disk: claims of keys, leases, when somebody was seen.
    """
    if _sqlite:
        async with _sqlite_transaction(_sqlite, "NORMAL") as conn:
            yield conn
    else:
        async with db.engine.begin() as raw:
            conn = Conn(PostgresConnection(raw))
            await conn.run("SET LOCAL synchronous_commit = off")
            yield conn


@asynccontextmanager
async def _sqlite_transaction(file: SqliteFile, sync: str) -> AsyncIterator[Conn]:
    async with file.lock:
        try:
            await file.begin(sync)
            yield Conn(SqliteTransaction(file))
            await file.execute("COMMIT", {})
        except BaseException:  # a canceled task must roll back as well
            await file.roll_back()
            raise


def close() -> None:
    """Let go of the database file, when the extension is stopped or replaced."""
    if _sqlite:
        _sqlite.close()


async def claim(
    conn: Conn, table: str, row_id: str, *, old: str, new: str, **also: Any
) -> bool:
    """Take a row by its state: ``status`` old → new, and set ``also`` with it.

    False when the row is no longer in ``old``: somebody was faster.
    """
    sets = ", ".join(["status = :new", *(f'"{name}" = :{name}' for name in also)])
    query = f"UPDATE restaurant.{table} SET {sets} WHERE id = :id AND status = :old"
    return await conn.run(query, id=row_id, old=old, new=new, **also) == 1


def in_list(name: str, values: Iterable[Any]) -> tuple[str, Row]:
    """``(:name_0, :name_1)`` and its parameters, for ``WHERE column IN …``.

    An empty list matches nothing on both databases.
    """
    parameters = {f"{name}_{n}": value for n, value in enumerate(values)}
    marks = ", ".join(f":{key}" for key in parameters) or "NULL"
    return f"({marks})", parameters


_secret: list[str] = []


async def server_secret(candidate: str) -> str:
    """The secret from which all tokens derive; ``candidate`` on the first run."""
    if not _secret:
        async with transaction() as conn:
            await conn.run(
                "INSERT INTO restaurant.meta (name, value) VALUES ('secret', :value) "
                "ON CONFLICT (name) DO NOTHING",
                value=candidate,
            )
            row = await conn.one(
                "SELECT value FROM restaurant.meta WHERE name = 'secret'"
            )
        _secret.append(row["value"] if row else candidate)
    return _secret[0]


async def secret_in(conn: Conn) -> str:
    """The server's secret, for whoever is inside a transaction already; it is made
    by the first request of a server's life, before any order."""
    row = await conn.one("SELECT value FROM restaurant.meta WHERE name = 'secret'")
    if row is None:
        raise LookupError("the server has no secret yet")
    return str(row["value"])


async def newest_of(
    conn: Conn, table: str, restaurant_id: str, limit: int, after: Place
) -> list[Row]:
    """A page of a restaurant's rows, newest first, behind the place of the page
    before; ``table`` is one of our own names."""
    return await conn.all(
        f"SELECT * FROM restaurant.{table} WHERE restaurant_id = :id "
        "AND (created_at < :after_at OR (created_at = :after_at AND id < :after_id)) "
        "ORDER BY created_at DESC, id DESC LIMIT :limit",
        id=restaurant_id,
        after_at=after[0],
        after_id=after[1],
        limit=limit,
    )


async def count_of(conn: Conn, table: str, restaurant_id: str) -> int:
    """How many rows of ``table`` a restaurant has."""
    row = await conn.one(
        f"SELECT COUNT(*) AS n FROM restaurant.{table} WHERE restaurant_id = :id",
        id=restaurant_id,
    )
    return int(row["n"]) if row else 0


async def restaurant_of(conn: Conn, table: str, row_id: str) -> str | None:
    """The restaurant that a row belongs to; ``table`` is one of our own names."""
    if not row_id.isprintable():  # PostgreSQL knows no NUL
        return None
    row = await conn.one(
        f"SELECT restaurant_id FROM restaurant.{table} WHERE id = :id",
        id=row_id,
    )
    return row["restaurant_id"] if row else None


# --- documents: rows that are read and written whole ------------------------------


class Documented(Protocol):
    """What is kept as a document, with the columns of its row."""

    @property
    def id(self) -> str: ...
    @property
    def restaurant_id(self) -> str: ...
    @property
    def created_at(self) -> int: ...


def with_document(row: Row) -> Row:
    """The row with its document read."""
    return {**row, "document": json.loads(row["document"])}


async def documents_of(conn: Conn, table: str, restaurant_id: str) -> list[Row]:
    """``{id, restaurant_id, document, created_at}`` of a restaurant's rows, oldest
    first; ``table`` is one of our own names."""
    rows = await conn.all(
        f"SELECT * FROM restaurant.{table} WHERE restaurant_id = :id "
        "ORDER BY created_at, id",
        id=restaurant_id,
    )
    return [with_document(row) for row in rows]


async def document(conn: Conn, table: str, row_id: str) -> Row | None:
    row = await conn.one(f"SELECT * FROM restaurant.{table} WHERE id = :id", id=row_id)
    return with_document(row) if row else None


async def put_document(
    conn: Conn, table: str, owner: Documented, document: Mapping[str, Any]
) -> None:
    """Store a new row, or its new document, which is JSON-able."""
    await conn.run(
        f"INSERT INTO restaurant.{table} AS t "
        "(id, restaurant_id, document, created_at) "
        "VALUES (:id, :restaurant_id, :document, :created_at) "
        "ON CONFLICT (id) DO UPDATE SET document = excluded.document",
        id=owner.id,
        restaurant_id=owner.restaurant_id,
        created_at=owner.created_at,
        document=canonical_json(document),
    )


async def drop_document(conn: Conn, table: str, row_id: str) -> bool:
    """False when it was gone already."""
    query = f"DELETE FROM restaurant.{table} WHERE id = :id"
    return await conn.run(query, id=row_id) == 1
