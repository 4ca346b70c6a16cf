"""printer-pi is killed at every step of a ticket, started again, and the paper looked
at: the ticket is there, and a second copy says what it is."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from harness import eventually
from harness.http_gates import Gate
from harness.printing import Copy

# What the proxy holds → the ticket is printed at least once; is a copy marked?
BETWEEN_CALLS = [
    ("claim", "before", False),
    ("claim", "after", False),
    ("start", "before", False),
    # Nothing was printed, but nobody can know: a false alarm.
    ("start", "after", True),
    # The journal knows that it is on paper, so it is only acknowledged.
    ("ack", "before", False),
    ("ack", "after", False),
]


@pytest.mark.parametrize(("step", "when", "is_marked"), BETWEEN_CALLS)
async def test_killed_between_two_calls_it_prints_one_ticket(
    line: Any, step: str, when: Any, is_marked: bool
) -> None:
    number = await line.queued()
    gate = line.proxy.hold(step, when)
    line.pi.start()
    gate.wait()

    line.pi.kill()
    gate.drop()
    line.shop.end_leases()
    line.pi.start()

    await line.until("printed")
    assert line.copies == [Copy(number, is_marked)]
    await works_on(line)


async def works_on(line: Any) -> None:
    """Nothing is left over: the next ticket is printed, plain, and alone."""
    before = line.copies
    number = line.shop.paid()
    await line.on_paper(*before, Copy(number))


async def test_a_ticket_that_is_given_out_again_is_not_printed_again(line: Any) -> None:
    number = await line.queued()
    gates = [line.proxy.hold("ack", "before") for _ in range(2)]
    line.pi.start()
    gates[0].wait()

    line.pi.kill()
    gates[0].drop()
    line.shop.end_leases()
    line.pi.start()
    gates[1].wait()
    gates[1].drop()  # and the word is lost once more, so it gets the job again

    await line.until("printed")
    assert line.copies == [Copy(number)]
    assert line.proxy.count("claim") >= 2
    await works_on(line)


async def test_killed_within_a_ticket_it_prints_the_ticket_anew_and_marked(
    line: Any,
) -> None:
    number = await line.queued()
    gate = line.proxy.hold("start", "after")
    line.pi.start()
    gate.wait()
    line.printer.set(stall_after=120)
    gate.open()
    await eventually(lambda: line.printer.switches.stall_after == 0, 60)

    line.pi.kill()
    line.printer.hang_up()
    line.printer.set(stall_after=None)
    line.shop.end_leases()
    line.pi.start()

    await line.until("printed")
    assert line.copies == [Copy(number, is_marked=True)]
    assert [ticket.is_cut for ticket in line.printer.tickets] == [False, True]
    await works_on(line)


async def test_killed_before_the_printers_word_it_marks_the_second_copy(
    line: Any,
) -> None:
    number = await line.queued()
    gate = line.proxy.hold("start", "after")
    line.pi.start()
    gate.wait()
    line.printer.set(is_mute=True)
    gate.open()
    await line.on_paper(Copy(number))

    line.pi.kill()
    line.printer.set(is_mute=False)
    line.shop.end_leases()
    line.pi.start()

    await line.until("printed")
    assert line.copies == [Copy(number), Copy(number, is_marked=True)]
    await works_on(line)


async def test_the_mark_frames_the_same_picture(make_line: Any) -> None:
    line = make_line("kitchen", render="raster")
    await line.queued()
    gate = line.proxy.hold("ack", "before")
    line.pi.start()
    gate.wait()

    line.pi.kill()
    gate.drop()
    shutil.rmtree(line.pi.home / "state")  # its card died: it remembers nothing
    line.shop.end_leases()
    line.pi.start()

    await line.until("printed")
    first, second = line.printer.tickets
    assert first.bitmap[2] in second.bitmap[2]
    assert second.dots > first.dots
    [job] = line.shop.jobs()
    assert second.sha256 == job["bitmap_sha256"] != first.sha256


async def test_without_its_memory_it_marks_what_may_be_on_paper(line: Any) -> None:
    number = await line.queued()
    gate = line.proxy.hold("ack", "before")
    line.pi.start()
    gate.wait()

    line.pi.kill()
    gate.drop()
    shutil.rmtree(line.pi.home / "state")
    line.shop.end_leases()
    line.pi.start()

    await line.until("printed")
    assert line.copies == [Copy(number), Copy(number, is_marked=True)]


async def test_killed_while_it_waits_it_prints_what_comes_next(line: Any) -> None:
    line.pi.start()
    await eventually(lambda: line.proxy.count("claim"), 60)

    line.pi.kill()
    number = await line.queued()
    line.pi.start()

    await line.until("printed")
    assert line.copies == [Copy(number)]


# --- the drawer --------------------------------------------------------------------


@pytest.fixture
def till(make_line: Any) -> Any:
    """A restaurant whose cash opens a drawer, at its only printer."""
    return make_line(receipt_station="kitchen")


async def kick_at(till: Any, step: str, when: Any) -> Gate:
    """Cash came, so the drawer is to open: the gate where that job stands."""
    placed = till.shop.place()
    path = f"/orders/{placed['order']['id']}/payments"
    till.shop.call("POST", path, {"method": "cash"})
    [kick] = kicks(till)
    gate: Gate = till.proxy.hold(step, when)
    till.pi.start()
    gate.wait()
    while kick["id"] not in gate.path:  # it was the ticket's
        following: Gate = till.proxy.hold(step, when)
        gate.open()
        following.wait()
        gate = following
    return gate


def kicks(till: Any) -> list[Any]:
    return [job for job in till.shop.jobs() if job["kind"] == "drawer"]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["start", "ack"])
async def test_no_drawer_opens_twice_or_late(till: Any, step: str, when: Any) -> None:
    gate = await kick_at(till, step, when)

    till.pi.kill()
    gate.drop()
    opened = till.printer.drawers
    till.shop.age("created_at = created_at - 11000", "kind = 'drawer'")
    till.shop.end_leases()
    till.pi.start()

    await eventually(lambda: tickets_done(till), 60, 0.1)
    [kick] = kicks(till)
    assert opened == (1 if step == "ack" else 0)
    assert till.printer.drawers == opened
    ends = {
        ("start", "before"): ("expired", "dead"),
        ("start", "after"): ("in_doubt", "dead", "expired"),
        ("ack", "before"): ("printed", "in_doubt"),
        ("ack", "after"): ("printed",),
    }
    assert kick["state"] in ends[step, when]


async def test_a_drawer_of_which_no_word_came_is_not_opened_again(till: Any) -> None:
    gate = await kick_at(till, "start", "after")
    till.printer.set(is_mute=True)
    gate.open()
    await eventually(lambda: till.printer.drawers, 60)

    till.pi.kill()
    till.printer.set(is_mute=False)
    till.shop.end_leases()
    till.pi.start()

    await eventually(lambda: tickets_done(till), 60, 0.1)
    [kick] = kicks(till)
    assert (kick["state"], till.printer.drawers) == ("in_doubt", 1)


def tickets_done(till: Any) -> bool:
    open_ones = ("queued", "leased", "printing")
    return not any(job["state"] in open_ones for job in till.shop.jobs())
