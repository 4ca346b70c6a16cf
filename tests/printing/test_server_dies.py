"""LNbits is killed at every step of a ticket and started again: the ticket is there,
and a second copy says what it is."""

from __future__ import annotations

from typing import Any

import pytest

from harness import eventually
from harness.printing import Copy


async def power_cut(line: Any) -> None:
    """The server is gone at once, and comes back."""
    line.shop.server.kill()
    line.shop.server.start()


async def works_on(line: Any) -> None:
    """Nothing is left over: the next ticket is printed, plain, and alone."""
    before = line.copies
    number = line.shop.paid()
    await line.on_paper(*before, Copy(number))


async def test_a_paid_order_is_printed_though_the_server_died_before_anybody_asked(
    line: Any,
) -> None:
    number = await line.queued()
    await power_cut(line)
    line.pi.start()
    await line.until("printed")
    assert line.copies == [Copy(number)]


async def test_a_payment_is_printed_though_the_server_died_at_once(line: Any) -> None:
    placed = line.shop.place()
    line.pi.start()
    await eventually(lambda: line.proxy.count("claim"), 60)

    number = line.shop.pay(placed)
    await power_cut(line)

    await line.on_paper(Copy(number))
    await line.until("printed")


# What the proxy holds → is the copy on paper marked?
BETWEEN_CALLS = [
    ("claim", "after", False),
    ("start", "before", False),
    # The go got lost, so nobody can know what was printed: a false alarm.
    ("start", "after", True),
    ("ack", "before", False),
    ("ack", "after", False),
]


@pytest.mark.parametrize(("step", "when", "is_marked"), BETWEEN_CALLS)
async def test_killed_between_two_calls_one_ticket_is_printed(
    line: Any, step: str, when: Any, is_marked: bool
) -> None:
    number = await line.queued()
    gate = line.proxy.hold(step, when)
    line.pi.start()
    gate.wait()

    line.shop.server.kill()
    gate.drop()
    line.shop.server.start()
    if is_marked:
        line.shop.end_leases()

    await line.until("printed")
    assert line.copies == [Copy(number, is_marked)]
    await works_on(line)


async def test_killed_while_a_printer_waits_the_next_ticket_is_printed(
    line: Any,
) -> None:
    line.pi.start()
    await eventually(lambda: line.proxy.count("claim"), 60)
    await power_cut(line)
    await works_on(line)


async def test_killed_while_a_ticket_is_being_printed_it_is_printed_once(
    line: Any,
) -> None:
    number = await line.queued()
    gate = line.proxy.hold("start", "after")
    line.pi.start()
    gate.wait()
    line.printer.set(stall_after=100)
    gate.open()
    await eventually(lambda: line.printer.switches.stall_after == 0, 60)

    await power_cut(line)
    line.printer.set(stall_after=None)

    await line.until("printed")
    assert line.copies == [Copy(number)]
    await works_on(line)
