"""The process dies after every single statement of what printers and staff do.

Then it starts again, and the job must come out: at least once, and a second copy with
a mark. A printer that got no answer does what printers do: it asks again.
"""

from __future__ import annotations

from typing import Any

import pytest_asyncio

from harness.crashes import dying_after
from harness.queue import Queue, open_queue

STATEMENTS_MAX = 40
LEASE_MS = 61_000


class World:
    """A kitchen printer and its backup, whose clock the test turns."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.at = queue.now()

    def device(self, name: str) -> Any:
        return self.queue.devices[name].device

    def caller(self, name: str, job: Any) -> Any:
        from restaurant.features.printing.models import Caller
        from restaurant.models import Actor, Role

        actor = Actor(Role.PRINTER, self.device(name).id)
        return Caller(actor, self.queue.restaurant.id, (), job.lease_token)

    def owner(self) -> Any:
        from restaurant.features.printing.models import Caller
        from restaurant.models import Actor, Role

        return Caller(Actor(Role.OWNER), self.queue.restaurant.id)

    async def claim(self, name: str) -> Any:
        from restaurant.features.printing.models import ClaimBody
        from restaurant.flows import queueing

        wanted = ClaimBody(printers=[name])
        return await queueing.claim_job(
            self.queue.restaurant.id, self.device(name), wanted, self.at
        )

    async def start(self, name: str, job: Any) -> None:
        from restaurant.flows import queueing

        await queueing.start_job(job.id, self.caller(name, job), self.at)

    async def ack(self, name: str, job: Any) -> None:
        from restaurant.flows import queueing

        await queueing.ack_job(job.id, self.caller(name, job), "drain", self.at)

    async def fail(self, name: str, job: Any, code: str, **more: Any) -> None:
        from restaurant.features.printing.models import Failure
        from restaurant.flows import queueing

        failure = Failure("it broke", code, **more)
        await queueing.fail_job(job.id, self.caller(name, job), failure, self.at)

    async def job(self, job_id: str) -> Any:
        from restaurant.crud import read
        from restaurant.features.printing import crud as jobs

        async with read() as conn:
            return await jobs.load(conn, job_id)

    async def fault(self) -> str | None:
        return (await self.queue.printers())["kitchen"]["fault"]

    async def heal(self) -> None:
        """The kitchen's printer is well, whatever was."""
        from restaurant.features.printers.models import NamedStatus, StatusBody
        from restaurant.flows.printer_keeping import report_printers

        body = StatusBody(printers=[NamedStatus(name="kitchen")])
        await report_printers(self.device("kitchen"), body, self.at)

    async def ticket(self) -> str:
        """A new ticket for the kitchen; its job's id."""
        order = await self.queue.order("kitchen")
        [job] = await self.queue.jobs(f"&order_id={order.id}")
        self.at = max(self.at, self.queue.now())
        return str(job["id"])

    async def print_out(self, name: str, job_id: str) -> bool:
        """The printer does its work to the end; whether its copy was marked."""
        job = await self.claim(name)
        assert job
        assert job.id == job_id
        await self.start(name, job)
        await self.ack(name, job)
        assert (await self.job(job_id)).state.value == "printed"
        return bool(job.possible_duplicate)


@pytest_asyncio.fixture
async def world(client: Any, make_wallet: Any, quiet: None) -> World:
    queue = await open_queue(client, await make_wallet())
    bar = await queue.printer("bar", "bar")
    await queue.printer("kitchen", "kitchen", backup_id=bar["id"])
    return World(queue)


async def test_a_crash_anywhere_while_claiming_loses_no_ticket(world: World) -> None:
    for statements in range(1, STATEMENTS_MAX):
        job_id = await world.ticket()
        with dying_after(statements) as mortal:
            await world.claim("kitchen")

        # the same printer asks again and gets the same job, without another attempt
        assert await world.print_out("kitchen", job_id) is False
        assert (await world.job(job_id)).attempts == 1
        if not mortal.died:
            break
    assert 6 < statements < STATEMENTS_MAX - 1


async def test_a_crash_anywhere_while_starting_prints_nothing_twice_unmarked(
    world: World,
) -> None:
    for statements in range(1, STATEMENTS_MAX):
        job_id = await world.ticket()
        job = await world.claim("kitchen")
        with dying_after(statements) as mortal:
            await world.start("kitchen", job)
        began = (await world.job(job_id)).state.value == "printing"

        # without an answer the printer has printed nothing; it asks for the go again
        await world.start("kitchen", job)
        await world.ack("kitchen", job)

        assert (await world.job(job_id)).state.value == "printed"
        if not mortal.died:
            assert began
            break
    assert 3 < statements < STATEMENTS_MAX - 1


async def test_a_started_printer_that_dies_with_the_server_marks_the_next_copy(
    world: World,
) -> None:
    for statements in range(1, STATEMENTS_MAX):
        job_id = await world.ticket()
        job = await world.claim("kitchen")
        with dying_after(statements) as mortal:
            await world.start("kitchen", job)
        began = (await world.job(job_id)).state.value == "printing"
        world.at += LEASE_MS

        assert await world.print_out("kitchen", job_id) is began
        if not mortal.died:
            break
    assert 3 < statements < STATEMENTS_MAX - 1


async def test_a_crash_anywhere_while_acking_prints_nothing_twice_unmarked(
    world: World,
) -> None:
    for statements in range(1, STATEMENTS_MAX):
        job_id = await world.ticket()
        job = await world.claim("kitchen")
        await world.start("kitchen", job)
        with dying_after(statements) as mortal:
            await world.ack("kitchen", job)
        is_known = (await world.job(job_id)).state.value == "printed"

        if statements % 2:  # the printer lives, and says it again
            await world.ack("kitchen", job)
            await world.ack("kitchen", job)
        elif not is_known:  # it died: the lease ends, and the copy is marked
            world.at += LEASE_MS
            assert await world.print_out("kitchen", job_id) is True
        assert (await world.job(job_id)).state.value == "printed"
        assert await world.claim("kitchen") is None
        if not mortal.died:
            assert is_known
            break
    assert 3 < statements < STATEMENTS_MAX - 1


async def test_a_crash_anywhere_while_failing_sets_job_and_printer_together(
    world: World,
) -> None:
    for statements in range(1, STATEMENTS_MAX):
        job_id = await world.ticket()
        job = await world.claim("kitchen")
        await world.start("kitchen", job)
        with dying_after(statements) as mortal:
            await world.fail("kitchen", job, "printer.paper_out", in_doubt=True)
        stored = await world.job(job_id)
        is_back = stored.state.value == "queued"

        assert stored.attempts == (0 if is_back else 1)
        assert await world.fault() == ("printer.paper_out" if is_back else None)
        if not is_back:
            await world.fail("kitchen", job, "printer.paper_out", in_doubt=True)
        await world.heal()
        assert await world.print_out("kitchen", job_id) is True
        if not mortal.died:
            assert is_back
            break
    assert 5 < statements < STATEMENTS_MAX - 1
    faults = await world.queue.events("printer.fault", "printer.ok")
    told = [event for event, _ in faults]
    assert told == ["printer.fault", "printer.ok"] * statements


async def test_a_crash_anywhere_in_a_failover_prints_once(world: World) -> None:
    for statements in range(1, STATEMENTS_MAX):
        job_id = await world.ticket()
        job = await world.claim("kitchen")
        await world.fail("kitchen", job, "printer.offline")
        world.at += LEASE_MS
        with dying_after(statements) as mortal:
            await world.claim("bar")
        is_taken = (await world.job(job_id)).state.value == "leased"

        if statements % 2:  # the backup asks again
            assert await world.print_out("bar", job_id) is False
        else:  # the backup is gone; the kitchen's printer comes back
            await world.heal()
            world.at += LEASE_MS
            await world.heal()
            assert await world.print_out("kitchen", job_id) is False
        stored = await world.job(job_id)
        assert stored.attempts == 1 + (is_taken and not statements % 2)
        assert bool(stored.failover_from) is bool(statements % 2)
        assert await world.claim("bar") is None
        await world.heal()
        if not mortal.died:
            assert is_taken
            break
    assert 6 < statements < STATEMENTS_MAX - 1


async def test_a_crash_anywhere_while_rerouting_leaves_one_printer(
    world: World,
) -> None:
    from restaurant.flows import queueing

    bar = (await world.queue.printers())["bar"]["id"]
    for statements in range(1, STATEMENTS_MAX):
        job_id = await world.ticket()
        with dying_after(statements) as mortal:
            await queueing.reroute_job(job_id, bar, world.owner(), world.at)
        is_sent = (await world.job(job_id)).printer_id == bar

        who, other = ("bar", "kitchen") if is_sent else ("kitchen", "bar")
        assert await world.claim(other) is None
        assert await world.print_out(who, job_id) is False
        if not mortal.died:
            assert is_sent
            break
    assert 4 < statements < STATEMENTS_MAX - 1
    sent = await world.queue.events("print.rerouted")
    assert len(sent) == len([j for j in await world.queue.jobs() if j["printer_id"]])


async def test_a_crash_anywhere_while_old_paper_is_forgotten_keeps_papers_together(
    world: World,
) -> None:
    from restaurant.core import limits
    from restaurant.flows.ticketing import forget_paper

    for statements in range(1, STATEMENTS_MAX):
        orders = [await old_order(world) for _ in range(2)]
        later = world.queue.now() + limits.PRINT_KEEP_MS + 1
        with dying_after(statements) as mortal:
            await forget_paper(later)
        for order in orders:
            left = await world.queue.jobs(f"&order_id={order.id}")
            assert len(left) in (0, 2)
        await forget_paper(later)
        assert await world.queue.jobs() == []
        if not mortal.died:
            break
    assert 3 < statements < STATEMENTS_MAX - 1


async def old_order(world: World) -> Any:
    """An order that is over, with two papers."""
    from restaurant.crud import transaction
    from restaurant.features.orders import crud as orders

    order = await world.queue.order("kitchen", "bar", status="completed")
    async with transaction() as conn:
        await orders.add(conn, order)
        await conn.run(
            "UPDATE restaurant.print_jobs SET state = 'printed' WHERE order_id = :id",
            id=order.id,
        )
    return order
