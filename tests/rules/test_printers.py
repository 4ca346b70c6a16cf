"""What a printer prints, how it is, and who stands in for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from builders import NOW, a_print_job
from restaurant.core import limits
from restaurant.core.errors import Refused
from restaurant.features.papers.models import Layout
from restaurant.features.printers import rules
from restaurant.features.printers.models import (
    Fault,
    NewPrinter,
    Printer,
    PrinterChange,
    PrinterKind,
    PrinterStatus,
    Waiting,
)

SECOND, MINUTE = 1_000, 60_000


def a_printer(name: str = "kitchen", **changes: Any) -> Printer:
    """A printer that asked a moment ago."""
    values = {"kind": PrinterKind.PI, "created_at": NOW, "last_seen_at": NOW, **changes}
    return Printer(id=name, restaurant_id="restaurant-0", name=name, **values)


def change(printer: Printer, *others: Printer, **sent: Any) -> Printer:
    return rules.changed(printer, PrinterChange(**sent), [printer, *others])


# --- what staff says --------------------------------------------------------------


def test_only_what_is_sent_changes_of_the_layout_too() -> None:
    before = a_printer(stations=("bar",), layout=Layout(paper="58", footer="Thanks"))

    after = change(before, copies=2, layout={"language": "es"})

    layout = Layout(paper="58", footer="Thanks", language="es")
    assert after == replace(before, copies=2, layout=layout)
    assert change(before) == before


def test_stations_and_order_types_are_told_once_and_in_order() -> None:
    after = change(
        a_printer(), stations=["bar", "grill", "bar"], order_types=["pickup", "dine_in"]
    )

    assert after.stations == ("bar", "grill")
    assert after.order_types == ("dine_in", "pickup")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": None}, "name"),
        ({"name": "a\x1bb"}, "name"),
        ({"stations": [""]}, "stations"),
        ({"stations": None}, "stations"),
        ({"stations": [str(n) for n in range(51)]}, "stations"),
        ({"order_types": None}, "order_types"),
        ({"copies": 0}, "copies"),
        ({"copies": 10}, "copies"),
        ({"is_paused": None}, "is_paused"),
        ({"layout": None}, "layout"),
        ({"layout": {"codepage": "cp1"}}, "layout.codepage"),
        ({"layout": {"logo": "../x"}}, "layout.logo"),
        ({"layout": {"header": "x" * 501}}, "layout.header"),
        ({"layout": {"footer": "a\x1b@"}}, "layout.footer"),
        ({"backup_id": "kitchen"}, "backup_id"),
        ({"backup_id": "nobody's"}, "backup_id"),
    ],
)
def test_a_wrong_field_is_named(sent: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        change(a_printer(), a_printer("bar"), **sent)

    assert refused.value.facts["field"] == field


def test_a_backup_may_have_one_of_its_own_and_be_taken_away() -> None:
    bar = a_printer("bar", backup_id="grill")
    kitchen = change(a_printer(), bar, a_printer("grill"), backup_id="bar")

    assert kitchen.backup_id == "bar"
    assert change(kitchen, bar, backup_id=None).backup_id is None


def test_two_printers_stand_in_for_each_other() -> None:
    bar = a_printer("bar", backup_id="kitchen")
    kitchen = change(a_printer(), bar, backup_id="bar")

    broken = replace(kitchen, fault="printer.paper_out", fault_at=NOW)

    assert helped(broken) != []
    assert helped(replace(kitchen, last_seen_at=LATE)) == []


def test_a_new_printer_is_checked_like_a_change() -> None:
    body = NewPrinter(name="Bar", kind="epson", stations=["bar"], copies=3)

    made = rules.new_printer(body, "restaurant-0", "id", [], NOW)

    assert (made.kind, made.stations, made.copies) == (PrinterKind.EPSON, ("bar",), 3)
    assert made.created_at == NOW
    assert made.last_seen_at is None
    with pytest.raises(Refused):
        rules.new_printer(
            body.copy(update={"backup_id": "id"}), "restaurant-0", "id", [], NOW
        )


def test_the_journal_learns_neither_names_nor_words_on_paper() -> None:
    before = a_printer()
    after = change(before, name="SECRET", layout={"footer": "SECRET"}, stations=["bar"])

    assert rules.change_told(before, after) == {"stations": ("bar",), "layout": True}


def test_a_secret_is_64_hex_characters_of_its_own() -> None:
    secrets = {
        rules.secret_of("server", printer, version)
        for printer in ("a", "b")
        for version in ("1", "2")
    }

    assert len(secrets) == 4
    assert {len(bytes.fromhex(each)) for each in secrets} == {32}


# --- how it is --------------------------------------------------------------------


def test_a_printer_is_silent_after_a_minute_or_two_missed_polls() -> None:
    assert not rules.is_silent(a_printer(), NOW + MINUTE)
    assert rules.is_silent(a_printer(), NOW + MINUTE + 1)
    slow = a_printer(poll_seconds=120)
    assert not rules.is_silent(slow, NOW + 245 * SECOND)
    assert rules.is_silent(slow, NOW + 245 * SECOND + 1)
    new = a_printer(last_seen_at=None)
    assert not rules.is_silent(new, NOW + MINUTE)


@pytest.mark.parametrize(
    ("printer", "later", "health", "since"),
    [
        (a_printer(), 0, "ok", None),
        (a_printer(is_paused=True, fault="printer.error"), 0, "paused", None),
        (a_printer(fault="printer.error", fault_at=NOW - 5), 0, "fault", NOW - 5),
        (a_printer(fault="printer.error", fault_at=5), MINUTE + 1, "silent", NOW),
    ],
)
def test_a_printers_health_is_one_word(
    printer: Printer, later: int, health: str, since: int | None
) -> None:
    assert rules.health(printer, NOW + later) == (health, since)
    assert rules.is_blocked(printer, NOW + later) == (health != "ok")
    view = rules.view(printer, 3, NOW + later)
    assert (view.health, view.is_blocked, view.queued) == (health, health != "ok", 3)
    assert "secret" not in str(view.dict())


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({}, None),
        ({"paper": "low", "cover": "closed"}, None),
        ({"paper": "out"}, Fault.PAPER_OUT),
        ({"paper": "out", "is_online": False, "cover": "open"}, Fault.PAPER_OUT),
        ({"cover": "open", "is_online": False}, Fault.COVER_OPEN),
        ({"is_online": False}, Fault.OFFLINE),
        ({"fault": "printer.offline"}, Fault.OFFLINE),
        ({"fault": "cutter"}, Fault.ERROR),
        ({"fault": "printer.error", "is_online": False}, Fault.ERROR),
    ],
)
def test_a_status_becomes_a_fault_and_a_word_for_the_journal(
    said: dict[str, Any], fault: Fault | None
) -> None:
    before = a_printer(last_seen_at=None)

    after = rules.noted(before, PrinterStatus(**said), NOW)

    assert after.fault == fault
    assert after.fault_at == (NOW if fault else None)
    assert (after.last_seen_at, after.status_at) == (NOW, NOW)
    assert [told.event for told in rules.told(before, after)] == (
        ["printer.fault"] if fault else []
    )


def test_a_fault_begins_once_and_a_good_status_ends_it() -> None:
    out, well = PrinterStatus(paper="out"), PrinterStatus(paper="ok")
    first = rules.noted(a_printer(), out, NOW)
    second = rules.noted(first, out, NOW + 5)
    third = rules.noted(second, well, NOW + 9)

    assert (second.fault_at, rules.told(first, second)) == (NOW, [])
    assert (third.fault, third.fault_at) == (None, None)
    [told] = rules.told(second, third)
    assert (told.event, told.facts) == (
        "printer.ok",
        {"printer_id": "kitchen", "code": "printer.paper_out"},
    )
    other = rules.faulted(second, "printer.error", NOW + 7)
    assert (other.fault, other.fault_at) == ("printer.error", NOW + 7)


def test_the_first_width_is_the_papers_unless_staff_chose() -> None:
    narrow = PrinterStatus(width=58)

    assert rules.noted(a_printer(), narrow, NOW).layout.paper == "58"
    chosen = a_printer(layout=Layout(language="es"))
    assert rules.noted(chosen, narrow, NOW).layout.paper == "80"
    known = rules.noted(a_printer(), PrinterStatus(width=80), NOW)
    assert rules.noted(known, narrow, NOW).layout.paper == "80"


def test_who_fails_and_asks_at_once_is_not_mended() -> None:
    broken = a_printer(fault="printer.paper_out", fault_at=NOW)

    rest = limits.PRINTER_REST_MS

    assert not rules.is_mended(broken, NOW, NOW + rest - 1)
    assert rules.is_mended(broken, NOW, NOW + rest)
    assert not rules.is_mended(broken, NOW - 1, NOW + rest), "asked before it broke"
    assert not rules.is_mended(a_printer(), NOW, NOW + rest), "nothing to mend"


# --- what it prints ---------------------------------------------------------------

LATE = NOW + MINUTE


def helped(*printers: Printer, at: int = LATE, **job: Any) -> list[str]:
    """For whom the bar's printer may print the job."""
    bar = a_printer("bar", stations=("bar",), last_seen_at=at)
    stand_ins = rules.stand_ins(bar, [bar, *printers], at)
    ticket = a_print_job(**job)
    return [name for name, each in stand_ins.items() if rules.helps(each, ticket)]


PAUSED = a_printer(backup_id="bar", is_paused=True, last_seen_at=LATE)
BROKEN = a_printer(
    backup_id="bar", fault="printer.paper_out", fault_at=NOW, last_seen_at=LATE
)
SILENT = a_printer(backup_id="bar", created_at=0, last_seen_at=NOW - 1)


@pytest.mark.parametrize("printer", [PAUSED, BROKEN, SILENT])
def test_a_backup_prints_what_waits_for_a_printer_that_cannot(printer: Printer) -> None:
    assert helped(printer) == ["kitchen"]
    assert helped(replace(printer, backup_id=None)) == []
    assert helped(replace(printer, backup_id="grill")) == []
    assert helped(replace(printer, stations=("grill",))) == []
    assert helped(printer, printer_id="kitchen") == ["kitchen"]
    assert helped(printer, printer_id="grill") == []


def test_a_backup_takes_nothing_from_a_printer_that_works() -> None:
    assert helped(a_printer(backup_id="bar", last_seen_at=LATE)) == []


@pytest.mark.parametrize(
    "job", [{"confirm": "in_doubt"}, {"kind": "drawer"}, {"kind": "test"}]
)
def test_what_may_be_on_paper_and_what_belongs_elsewhere_stays(
    job: dict[str, Any],
) -> None:
    assert helped(BROKEN, **job) == []


def test_a_ticket_waits_a_minute_for_its_own_printer() -> None:
    paused, broken = PAUSED, replace(BROKEN, fault_at=NOW)

    for printer in (paused, broken):
        assert helped(printer, at=LATE - 1) == []
        assert helped(printer, at=LATE) == ["kitchen"]
    # who cannot print for a minute already keeps no new ticket waiting
    assert helped(broken, created_at=LATE) == ["kitchen"]
    assert helped(paused, created_at=LATE) == []


def test_a_colleague_at_the_same_station_comes_before_the_backup() -> None:
    colleague = a_printer("grill", stations=("kitchen",), last_seen_at=LATE)

    assert helped(BROKEN, colleague) == []
    assert helped(BROKEN, replace(colleague, is_paused=True)) == ["kitchen"]
    assert helped(BROKEN, replace(colleague, stations=("grill",))) == ["kitchen"]
    only_delivery = replace(colleague, order_types=("delivery",))
    assert helped(BROKEN, only_delivery, order_type="pickup") == ["kitchen"]
    assert helped(BROKEN, only_delivery, order_type="delivery") == []


def test_a_backup_of_a_backup_prints_for_its_own_primary_alone() -> None:
    grill = a_printer("grill", stations=("grill",), backup_id="kitchen", is_paused=True)

    assert helped(PAUSED, grill, station="grill") == ["kitchen"]  # serves all stations
    kitchen = replace(PAUSED, stations=("kitchen",))
    assert helped(kitchen, grill, station="grill") == []


def test_waiting_jobs_are_counted_for_whoever_may_print_them() -> None:
    groups = [
        Waiting(None, "kitchen", "pickup", 3),
        Waiting(None, "bar", "dine_in", 5),
        Waiting("kitchen", "", None, 7),
        Waiting("bar", "bar", None, 11),
    ]

    assert rules.waiting(a_printer(), groups) == 15
    assert rules.waiting(a_printer(stations=("kitchen",)), groups) == 10
    assert rules.waiting(a_printer("bar", order_types=("dine_in",)), groups) == 16


def test_a_devices_printer_knows_itself_by_its_own_name() -> None:
    found = rules.found_printer("r", "device", "tcp-1", ("bar",), "id", NOW)
    renamed = replace(found, name="Bar printer")

    view = rules.own_view(renamed)

    assert (view.name, view.stations, view.is_paused) == ("tcp-1", ["bar"], False)
