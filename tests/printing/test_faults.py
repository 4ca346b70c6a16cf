"""Printers without paper, open, off, and a server that is away: tickets wait, none is
lost, and staff is told."""

from __future__ import annotations

from typing import Any

import pytest

from harness import eventually
from harness.printing import Copy, copies


def fault_of(line: Any, name: str = "kitchen") -> str | None:
    fault: str | None = line.shop.printers()[name]["fault"]
    return fault


async def told(line: Any, fault: str | None, name: str = "kitchen") -> None:
    """Until staff sees this of the printer."""
    await eventually(lambda: fault_of(line, name) == fault, 60, 0.1)


FAULTS = [
    ({"paper": "out"}, {"paper": "ok"}, "printer.paper_out"),
    ({"is_cover_open": True}, {"is_cover_open": False}, "printer.cover_open"),
    ({"is_offline": True}, {"is_offline": False}, "printer.offline"),
    ({"is_refusing": True}, {"is_refusing": False}, "printer.offline"),
]


@pytest.mark.parametrize(("breaks", "mends", "fault"), FAULTS)
async def test_a_ticket_waits_for_its_printer_and_loses_no_attempt(
    line: Any, breaks: Any, mends: Any, fault: str
) -> None:
    line.printer.set(**breaks)
    line.pi.start()
    number = await line.queued()
    await told(line, fault)
    assert line.printer.tickets == []

    line.printer.set(**mends)

    await line.until("printed")
    assert line.copies == [Copy(number)]
    assert [job["attempts"] for job in line.shop.jobs()] == [1]
    await told(line, None)


@pytest.mark.parametrize(("breaks", "mends", "fault"), FAULTS[:3])
async def test_a_fault_within_a_ticket_holds_it_up_and_it_is_printed_once(
    line: Any, breaks: Any, mends: Any, fault: str
) -> None:
    number = await line.queued()
    gate = line.proxy.hold("start", "after")
    line.pi.start()
    gate.wait()
    line.printer.set(**breaks)
    gate.open()
    await told(line, fault)
    assert line.shop.states() == ["printing"]
    assert line.printer.tickets == []

    line.printer.set(**mends)

    await line.until("printed")
    assert line.copies == [Copy(number)]
    await told(line, None)


async def test_paper_that_ends_within_a_ticket_costs_no_second_copy(line: Any) -> None:
    line.printer.set(rows_left=100)
    line.pi.start()
    number = await line.queued()
    await told(line, "printer.paper_out")
    assert len(line.printer.unfinished.rows) == 100

    line.printer.set(paper="ok")

    await line.until("printed")
    assert line.copies == [Copy(number)]
    assert len(line.printer.tickets) == 1


LESS = [
    {"has_process_id": False},
    {"has_process_id": False, "has_gs_r": False},
    {"has_process_id": False, "has_gs_r": False, "has_status": False},
    {"paper": "low"},
]


@pytest.mark.parametrize("switches", LESS)
async def test_printers_that_answer_less_print_every_ticket_once(
    line: Any, switches: Any
) -> None:
    line.printer.set(**switches)
    line.pi.start()
    numbers = [line.shop.paid() for _ in range(3)]
    await line.on_paper(*map(Copy, numbers))
    await line.until(*["printed"] * 3)


async def test_a_printer_that_loses_power_prints_the_ticket_anew_and_marked(
    line: Any,
) -> None:
    number = await line.queued()
    gate = line.proxy.hold("start", "after")
    line.pi.start()
    gate.wait()
    line.printer.set(die_after=150)
    gate.open()

    await line.until("printed")

    assert line.copies == [Copy(number, is_marked=True)]
    assert [ticket.is_cut for ticket in line.printer.tickets] == [False, True]


async def test_the_backup_prints_what_waits_for_a_dead_printer_and_says_so(
    make_line: Any,
) -> None:
    line = make_line("kitchen", "bar")
    backup = line.shop.printers()["bar"]["id"]
    line.shop.change_printer("kitchen", backup_id=backup)
    line.paper["kitchen"].set(is_refusing=True)
    line.pi.start()
    number = await line.queued("kitchen")
    await told(line, "printer.offline")
    assert line.paper["bar"].tickets == []

    # A minute passes.
    line.shop.age("created_at = created_at - 61000", "kind = 'ticket'")
    line.shop.age("fault_at = fault_at - 61000", "fault IS NOT NULL", "printers")

    await line.until("printed")
    assert copies(line.paper["bar"]) == [Copy(number, is_backup=True)]
    assert "BACKUP OF kitchen" in line.paper["bar"].tickets[0].text
    line.paper["kitchen"].set(is_refusing=False)
    await told(line, None)
    own = line.shop.paid("kitchen")
    await eventually(lambda: copies(line.paper["kitchen"]) == [Copy(own)], 60, 0.1)


async def test_what_may_be_on_paper_never_goes_to_the_backup(make_line: Any) -> None:
    line = make_line("kitchen", "bar")
    backup = line.shop.printers()["bar"]["id"]
    line.shop.change_printer("kitchen", backup_id=backup)
    number = await line.queued("kitchen")
    gate = line.proxy.hold("start", "after")
    line.pi.start()
    gate.wait()
    line.paper["kitchen"].set(die_after=150, is_refusing=True)
    gate.open()
    await told(line, "printer.offline")
    line.shop.age("created_at = created_at - 61000", "kind = 'ticket'")
    line.shop.age("fault_at = fault_at - 61000", "fault IS NOT NULL", "printers")
    other = line.shop.paid("bar")
    await eventually(lambda: copies(line.paper["bar"]) == [Copy(other)], 60, 0.1)

    line.paper["kitchen"].set(is_refusing=False)

    marked = Copy(number, is_marked=True)
    await eventually(lambda: copies(line.paper["kitchen"]) == [marked], 60, 0.1)
    assert copies(line.paper["bar"]) == [Copy(other)]


async def test_a_server_that_is_away_for_a_while_loses_nothing(line: Any) -> None:
    line.pi.start()
    first = line.shop.paid()
    await line.on_paper(Copy(first))
    line.proxy.is_down = True
    numbers = [await line.queued() for _ in range(3)]
    assert line.copies == [Copy(first)]

    line.proxy.is_down = False

    await line.on_paper(Copy(first), *map(Copy, numbers))
    await line.until(*["printed"] * 4)


async def test_paper_that_came_out_while_the_server_was_away_is_acknowledged_later(
    line: Any,
) -> None:
    number = await line.queued()
    gate = line.proxy.hold("ack", "before")
    line.pi.start()
    gate.wait()
    line.proxy.is_down = True
    gate.drop()
    # The lease ends and the job is free again when the late word comes.
    line.shop.end_leases()
    await eventually(lambda: line.shop.states() == ["queued"], 60, 0.1)
    line.proxy.is_down = False

    await line.until("printed")
    assert line.copies == [Copy(number)]


async def test_a_revoked_printer_prints_nothing_and_a_new_one_everything(
    line: Any, tmp_path: Any
) -> None:
    line.pi.start()
    await eventually(lambda: line.proxy.count("claim"), 60)
    path = f"/devices/{line.shop.device_id}"
    line.shop.call("DELETE", path)
    number = await line.queued()
    await eventually(lambda: "revoked" in line.pi.log, 60, 0.1)
    assert line.shop.states() == ["queued"]
    assert line.printer.tickets == []
    line.pi.stop()

    line.shop.pair_again(["kitchen"])
    line.pi.write(line.proxy.url, line.shop, {"kitchen": line.printer.uri})
    line.pi.start()

    await line.until("printed")
    assert line.copies == [Copy(number)]
