"""The journal: states in order, on disk at once, and never growing for ever."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from pi_setup import damage
from printer_pi.journal import FILE_NAME, KEEP_ROWS, Journal, Seen
from printer_pi.sink import Known, Status

DAY = 86_400_000


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    journal = Journal(tmp_path / "state")
    yield journal
    journal.close()


def test_a_job_goes_from_printing_to_acked(journal: Journal) -> None:
    assert journal.find("j1") is None
    journal.begin("j1", "kitchen", "42", "lease", 1000)
    assert [entry.job_id for entry in journal.in_doubt()] == ["j1"]
    journal.printed("j1", "gs_r", 2000)
    assert [entry.lease_token for entry in journal.unacked("kitchen")] == ["lease"]
    assert journal.unacked("bar") == []
    journal.acked("j1", 3000)
    entry = journal.find("j1")
    assert entry is not None
    assert (entry.state, entry.started_at, entry.printed_at, entry.acked_at) == (
        "acked",
        1000,
        2000,
        3000,
    )
    assert entry.confirm == "gs_r"
    assert journal.in_doubt() == journal.unacked("kitchen") == []


def test_it_is_durable_and_private(journal: Journal, tmp_path: Path) -> None:
    journal.begin("j1", "kitchen", "42", "lease", 1)
    other = sqlite3.connect(tmp_path / "state" / FILE_NAME)
    assert other.execute("SELECT state FROM jobs").fetchall() == [("printing",)]
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()
    assert journal._db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "state" / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_second_try_counts_and_takes_the_new_lease(journal: Journal) -> None:
    journal.begin("j1", "kitchen", "42", "old", 1)
    journal.begin("j1", "bar", "42", "new", 2)
    entry = journal.find("j1")
    assert entry is not None
    assert (entry.tries, entry.lease_token, entry.printer) == (2, "new", "bar")


def test_withdrawing_forgets_only_what_is_not_printed(journal: Journal) -> None:
    journal.begin("j1", "kitchen", "42", "lease", 1)
    journal.withdraw("j1")
    assert journal.find("j1") is None
    journal.begin("j2", "kitchen", "42", "lease", 1)
    journal.printed("j2", "drain", 2)
    journal.withdraw("j2")
    assert journal.find("j2") is not None


def test_a_job_leased_again_waits_for_its_ack_once_more(journal: Journal) -> None:
    journal.begin("j1", "kitchen", "42", "old", 1)
    journal.printed("j1", "drain", 2)
    journal.acked("j1", 3, "refused")
    journal.lease_again("j1", "new")
    assert [entry.lease_token for entry in journal.unacked("kitchen")] == ["new"]


def test_the_last_job_of_a_printer(journal: Journal) -> None:
    assert journal.last("kitchen") is None
    for at, job_id in enumerate(["j1", "j2"]):
        journal.begin(job_id, "kitchen", "42", "lease", at)
    last = journal.last("kitchen")
    assert last is not None
    assert last.job_id == "j2"


def test_old_jobs_go_after_thirty_days(journal: Journal) -> None:
    journal.begin("old", "kitchen", "1", "lease", 0)
    journal.begin("new", "kitchen", "2", "lease", 2 * DAY)
    assert journal.prune(31 * DAY) == 1
    assert journal.find("old") is None
    assert journal.find("new") is not None


def test_only_the_newest_ten_thousand_stay(journal: Journal) -> None:
    journal._db.execute("BEGIN")
    for at in range(KEEP_ROWS + 5):
        journal.begin(f"j{at}", "kitchen", "1", "lease", at)
    journal._db.execute("COMMIT")
    assert journal.prune(KEEP_ROWS) == 5
    assert journal.find("j4") is None
    assert journal.find("j5") is not None


def test_reading_needs_no_write_access(journal: Journal, tmp_path: Path) -> None:
    journal.begin("j1", "kitchen", "42", "lease", 1)
    reader = Journal(tmp_path / "state", read_only=True)
    assert reader.find("j1") is not None
    with pytest.raises(sqlite3.OperationalError):
        reader.begin("j2", "kitchen", "42", "lease", 1)
    reader.close()


def test_what_a_printer_answers_belongs_to_its_address(journal: Journal) -> None:
    known = Known("process_id", has_status=True)
    status = Status(paper="low", cover="closed", fault=None, confirm="process_id")
    journal.note_printer("kitchen", "tcp://a", None, Status(), 1)
    journal.note_printer("kitchen", "tcp://a", known, status, 2)
    assert journal.printer("kitchen", "tcp://a") == Seen(known, status, 2)
    assert journal.printer("kitchen", "tcp://b") is None
    journal.note_printer("kitchen", "tcp://b", None, Status(), 3)
    assert journal.printer("kitchen", "tcp://b") == Seen(None, Status(), 3)


def test_the_journal_of_the_first_version_is_read_on(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / FILE_NAME)
    old.execute(
        "CREATE TABLE jobs (job_id TEXT PRIMARY KEY, printer TEXT NOT NULL,"
        " order_number TEXT NOT NULL, lease_token TEXT NOT NULL, state TEXT NOT NULL,"
        " tries INTEGER NOT NULL DEFAULT 1, started_at INTEGER NOT NULL,"
        " printed_at INTEGER, acked_at INTEGER, note TEXT NOT NULL DEFAULT '')"
    )
    old.execute(
        "INSERT INTO jobs VALUES ('j1', 'kitchen', '4', 'l', 'printed', 1, 1, 2, 0, '')"
    )
    old.commit()
    old.close()
    for _ in range(2):
        journal = Journal(tmp_path)
        assert [e.confirm for e in journal.unacked("kitchen")] == ["drain"]
        journal.close()


def test_what_is_printed_and_not_acked_outlives_a_clock_that_jumps(
    journal: Journal,
) -> None:
    """Without a battery the clock begins in 1970, until the network tells it better."""
    for job_id in ("acked", "printed"):
        journal.begin(job_id, "kitchen", "1", "lease", 1_000)
        journal.printed(job_id, "drain", 2_000)
    journal.acked("acked", 3_000)
    assert journal.prune(20_000 * DAY) == 1
    assert [entry.job_id for entry in journal.unacked("kitchen")] == ["printed"]


# --- a card that was damaged ---------------------------------------------------------


@pytest.mark.parametrize("is_whole", [False, True])
def test_a_damaged_journal_is_set_aside_and_a_new_one_begun(
    tmp_path: Path, is_whole: bool
) -> None:
    journal = Journal(tmp_path)
    journal.begin("j1", "kitchen", "42", "lease", 1)
    journal.close()
    if is_whole:
        (tmp_path / FILE_NAME).write_bytes(b"no journal " * 1000)
        (tmp_path / f"{FILE_NAME}-wal").write_bytes(b"nor that")
    else:
        damage(tmp_path)
    for number in (2, 3):
        journal = Journal(tmp_path)
        assert journal.find("j1") is None
        journal.begin(f"j{number}", "kitchen", "42", "lease", 1)
        journal.close()
    assert [entry.job_id for entry in Journal(tmp_path).in_doubt()] == ["j2", "j3"]
    assert (tmp_path / f"{FILE_NAME}.damaged").stat().st_mode & 0o777 == 0o600


def test_damage_met_on_the_way_is_mended_and_a_full_disk_is_none(
    tmp_path: Path,
) -> None:
    journal = Journal(tmp_path)
    journal.begin("j1", "kitchen", "42", "lease", 1)
    journal.mend()
    assert journal.find("j1") is not None
    damage(tmp_path)
    with pytest.raises(sqlite3.DatabaseError, match="malformed"):
        journal.find("j1")
    journal.mend()
    assert journal.find("j1") is None
    journal.begin("j2", "kitchen", "42", "lease", 2)
    journal.close()
