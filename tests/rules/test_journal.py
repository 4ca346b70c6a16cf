from dataclasses import replace

import pytest

from restaurant.features.journal.models import Entry
from restaurant.features.journal.rules import chain, first_break
from restaurant.models import SYSTEM

ENTRIES = [Entry(f"order.{n}", SYSTEM, "o1", {"n": n}) for n in range(5)]


@pytest.fixture
def rows():
    first = chain("r", 1, "", ENTRIES[:2], at=10)
    return first + chain("r", 3, first[-1].hash, ENTRIES[2:], at=20)


def test_a_whole_chain_holds(rows):
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5]
    assert first_break(rows) is None
    assert first_break(rows[2:], rows[1].hash, 3) is None


@pytest.mark.parametrize(
    "forge",
    [
        lambda rows: [*rows[:2], replace(rows[2], payload={"n": 9}), *rows[3:]],
        lambda rows: [*rows[:2], replace(rows[2], at=21), *rows[3:]],
        lambda rows: [*rows[:2], replace(rows[2], actor="owner"), *rows[3:]],
        lambda rows: rows[:2] + rows[3:],
        lambda rows: [rows[0], rows[1], rows[3], rows[2], rows[4]],
    ],
    ids=["payload", "time", "actor", "deleted", "reordered"],
)
def test_a_forged_chain_breaks_where_it_was_forged(rows, forge):
    assert first_break(forge(rows)) == 3
