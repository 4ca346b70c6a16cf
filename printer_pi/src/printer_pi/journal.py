"""The journal on disk: what this machine knows it has printed, across any crash."""

from __future__ import annotations

import contextlib
import json
import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from .sink import Known, Status

FILE_NAME = "journal.sqlite3"
KEEP_DAYS = 30
KEEP_ROWS = 10_000
SETTLE_ROWS = 20
DAMAGED = ".damaged"

PRINTING, PRINTED, ACKED = "printing", "printed", "acked"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    job_id       TEXT PRIMARY KEY,
    printer      TEXT NOT NULL,
    order_number TEXT NOT NULL,
    lease_token  TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('printing', 'printed', 'acked')),
    tries        INTEGER NOT NULL DEFAULT 1,
    started_at   INTEGER NOT NULL,
    printed_at   INTEGER,
    acked_at     INTEGER,
    note         TEXT NOT NULL DEFAULT '',
    confirm      TEXT NOT NULL DEFAULT 'drain'
)
"""
# What each printer answers, and what was last known of it.
_PRINTERS = """
CREATE TABLE IF NOT EXISTS printers (
    name       TEXT PRIMARY KEY,
    uri        TEXT NOT NULL,
    confirm    TEXT,
    has_status INTEGER NOT NULL DEFAULT 0,
    status     TEXT NOT NULL DEFAULT '{}',
    status_at  INTEGER NOT NULL
)
"""
# How the relays for hints are, all of them in one row.
_RELAYS = """
CREATE TABLE IF NOT EXISTS relays (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    connected  TEXT NOT NULL,
    wake_key   TEXT,
    at         INTEGER NOT NULL
)
"""
# Journals of the first version have no such column.
_CONFIRM = "ALTER TABLE jobs ADD COLUMN confirm TEXT NOT NULL DEFAULT 'drain'"
_COLUMNS = (
    "job_id, printer, order_number, lease_token, state, tries,"
    " started_at, printed_at, acked_at, note, confirm"
)

log = logging.getLogger("printer_pi")


@dataclass(frozen=True)
class Entry:
    """What the journal knows of one job; times are milliseconds since the epoch.

    `printing` found outside a running print means in doubt: bytes may be on paper.
    """

    job_id: str
    printer: str
    order_number: str
    lease_token: str
    state: str
    tries: int
    started_at: int
    printed_at: int | None
    acked_at: int | None
    note: str
    confirm: str


@dataclass(frozen=True)
class Seen:
    """What was last known of a printer, at `at`."""

    known: Known | None
    status: Status
    at: int


@dataclass(frozen=True)
class SeenRelays:
    """Whether each relay for hints was connected, by its address, at `at`. Without a
    `wake_key` nobody listens at them."""

    connected: dict[str, bool]
    wake_key: str | None
    at: int


class Journal:
    """One SQLite file; every method has reached the disk when it returns.

    Raises sqlite3.Error when the disk does not take it. A file that is damaged is set
    aside for a new one: what it knew to be printed the server gives out again, marked.
    """

    def __init__(self, directory: Path, *, read_only: bool = False) -> None:
        path = directory / FILE_NAME
        if read_only:
            self._db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            return
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = path
        self._db = self._open_or_begin()

    def _open_or_begin(self) -> sqlite3.Connection:
        try:
            return _open(self._path)
        except sqlite3.DatabaseError as exc:
            if not is_damage(exc):
                raise
        log.warning("the journal is damaged; a new one is begun beside it")
        for ending in ("-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
        self._path.replace(self._path.with_name(self._path.name + DAMAGED))
        return _open(self._path)

    def mend(self) -> None:
        """Look the file through after an error; if it is damaged, begin a new one."""
        self._db.close()
        self._db = self._open_or_begin()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def find(self, job_id: str) -> Entry | None:
        """The entry of this job, or None when it never got as far as the paper."""
        found = self._select("WHERE job_id = ?", job_id)
        return found[0] if found else None

    def begin(
        self, job_id: str, printer: str, order_number: str, lease_token: str, at: int
    ) -> None:
        """The first byte goes out next: from here on a crash leaves it in doubt."""
        self._db.execute(
            "INSERT INTO jobs (job_id, printer, order_number, lease_token, state,"
            " started_at) VALUES (?, ?, ?, ?, 'printing', ?)"
            " ON CONFLICT (job_id) DO UPDATE SET printer = excluded.printer,"
            " lease_token = excluded.lease_token, state = 'printing',"
            " tries = tries + 1, started_at = excluded.started_at",
            (job_id, printer, order_number, lease_token, at),
        )

    def withdraw(self, job_id: str) -> None:
        """No byte went out after `begin`: forget that it was tried."""
        self._db.execute(
            "DELETE FROM jobs WHERE job_id = ? AND state = 'printing'", (job_id,)
        )

    def printed(self, job_id: str, confirm: str, at: int) -> None:
        """The printer took everything; never print this job again."""
        self._db.execute(
            "UPDATE jobs SET state = 'printed', confirm = ?, printed_at = ?"
            " WHERE job_id = ? AND state = 'printing'",
            (confirm, at, job_id),
        )

    def lease_again(self, job_id: str, lease_token: str) -> None:
        """The server gave a printed job out once more: ack it under the new lease."""
        self._db.execute(
            "UPDATE jobs SET state = 'printed', lease_token = ?"
            " WHERE job_id = ? AND state IN ('printed', 'acked')",
            (lease_token, job_id),
        )

    def acked(self, job_id: str, at: int, note: str = "") -> None:
        """The server knows, or (with a `note`) has said that it does not want to."""
        self._db.execute(
            "UPDATE jobs SET state = 'acked', acked_at = ?, note = ?"
            " WHERE job_id = ? AND state = 'printed'",
            (at, note, job_id),
        )

    def unacked(self, printer: str) -> list[Entry]:
        """Printed jobs the server may not know of, oldest first, a bounded number."""
        return self._select(
            "WHERE state = 'printed' AND printer = ? ORDER BY started_at LIMIT ?",
            printer,
            SETTLE_ROWS,
        )

    def in_doubt(self) -> list[Entry]:
        """Jobs of which nobody can say whether they are on paper, oldest first."""
        return self._select("WHERE state = 'printing' ORDER BY started_at")

    def last(self, printer: str) -> Entry | None:
        """The job this printer started last."""
        found = self._select(
            "WHERE printer = ? ORDER BY started_at DESC LIMIT 1", printer
        )
        return found[0] if found else None

    def prune(self, at: int) -> int:
        """Drop jobs older than 30 days and beyond 10 000; how many went. What waits
        for its ack stays: the clock that dated it may have been wrong."""
        cursor = self._db.execute(
            "DELETE FROM jobs WHERE state != 'printed' AND (started_at < ? OR job_id"
            " NOT IN (SELECT job_id FROM jobs ORDER BY started_at DESC LIMIT ?))",
            (at - KEEP_DAYS * 86_400_000, KEEP_ROWS),
        )
        return cursor.rowcount

    def note_printer(
        self, name: str, uri: str, known: Known | None, status: Status, at: int
    ) -> None:
        """Keep what a printer answers and how it is."""
        self._db.execute(
            "INSERT OR REPLACE INTO printers (name, uri, confirm, has_status, status,"
            " status_at) VALUES (?, ?, ?, ?, ?, ?)",
            (
                name,
                uri,
                known.confirm if known else None,
                bool(known and known.has_status),
                json.dumps(asdict(status)),
                at,
            ),
        )

    def printer(self, name: str, uri: str) -> Seen | None:
        """What was noted of this printer while it had this address."""
        row = self._db.execute(
            "SELECT confirm, has_status, status, status_at FROM printers"
            " WHERE name = ? AND uri = ?",
            (name, uri),
        ).fetchone()
        if row is None:
            return None
        known = Known(row[0], bool(row[1])) if row[0] else None
        return Seen(known, Status(**json.loads(row[2])), row[3])

    def note_relays(
        self, connected: Mapping[str, bool], wake_key: str | None, at: int
    ) -> None:
        """Keep how the relays for hints are; none: there are no hints."""
        self._db.execute(
            "INSERT OR REPLACE INTO relays (id, connected, wake_key, at)"
            " VALUES (1, ?, ?, ?)",
            (json.dumps(dict(connected)), wake_key, at),
        )

    def relays(self) -> SeenRelays | None:
        """What was noted of the relays; None when nothing ever was."""
        try:
            query = "SELECT connected, wake_key, at FROM relays"
            row = self._db.execute(query).fetchone()
        except sqlite3.OperationalError:  # a journal of an earlier version
            return None
        return SeenRelays(json.loads(row[0]), row[1], row[2]) if row else None

    def _select(self, tail: str, *values: object) -> list[Entry]:
        query = f"SELECT {_COLUMNS} FROM jobs {tail}"  # noqa: S608 our own words only
        rows = self._db.execute(query, values)
        return [Entry(*row) for row in rows]


def is_damage(exc: sqlite3.Error) -> bool:
    """Whether the file itself is spoilt, or could not be opened again after that. A
    disk that is full, slow or read-only is another matter: an OperationalError."""
    return type(exc) in (sqlite3.DatabaseError, sqlite3.ProgrammingError)


def _open(path: Path) -> sqlite3.Connection:
    """The journal, ready and looked through; DatabaseError when it is damaged."""
    db = sqlite3.connect(path, isolation_level=None)
    try:
        path.chmod(0o600)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        for table in (_SCHEMA, _PRINTERS, _RELAYS):
            db.execute(table)
        with contextlib.suppress(sqlite3.OperationalError):
            db.execute(_CONFIRM)
        (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(str(found))
    except BaseException:
        db.close()
        raise
    return db
