"""The loops. They look, wait and look again; every decision is elsewhere."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from lnbits.core.models import Payment
from lnbits.settings import settings
from lnbits.task_manager import Task, task_manager

from . import services
from .adapters import lightning, pulse, raster, relays, system
from .adapters.log import log_failure
from .adapters.wake import Follower, Waiter, wake
from .core import limits

LISTENER = "ext_restaurant"
RECONCILER = "ext_restaurant_reconcile"
RATES = "ext_restaurant_rates"
PROBE = "ext_restaurant_probe"
DISPUTES = "ext_restaurant_disputes"
REFUNDS = "ext_restaurant_refunds"
PAYOUTS = "ext_restaurant_payouts"
KITCHEN = "ext_restaurant_kitchen"
PAPER = "ext_restaurant_paper"
HINTS = "ext_restaurant_hints"

# Fonts that the owner adds for paper, beside LNbits' own data.
FONT_PACK = "restaurant_fonts"

_started: list[Task] = []


def start_tasks() -> None:
    """Start the listener and the loops; called while LNbits is still booting."""
    raster.use_fonts(Path(settings.lnbits_data_folder) / FONT_PACK)
    pulse.watch("listener", listener_runs)
    _started.append(
        task_manager.register_invoice_listener(wait_for_paid_invoices, LISTENER)
    )
    loops = (
        *((RECONCILER, reconcile), (RATES, rates)),
        *((PROBE, probe), (REFUNDS, refunds), (DISPUTES, disputes)),
        *((PAYOUTS, payouts), (KITCHEN, kitchen), (PAPER, paper)),
        (HINTS, hints),
    )
    for name, loop in loops:
        _started.append(task_manager.create_task(loop(), name=name))


def stop_tasks() -> None:
    for task in _started:
        if task in task_manager.tasks:
            task_manager.cancel_task(task)
    _started.clear()
    pulse.forget_all()


async def wait_for_paid_invoices(payment: Payment) -> None:
    """LNbits tells of an incoming payment of anybody's: a hint to look, no proof.

    Never raises: LNbits would drop the payment and stall the listener.
    """
    if (payment.extra or {}).get("tag") != lightning.TAG:
        return
    try:
        await services.mark_order_paid(payment.payment_hash, system.now())
    except Exception:
        log_failure("a payment will be reconciled")
        wake("reconcile")


async def reconcile() -> None:
    """At start and every 15 s: books, node, expiries. At once when woken."""
    await _look(RECONCILER, services.after_start)
    async with Waiter("reconcile") as waiter:
        while _is_wanted():
            at = system.now()
            await _look(RECONCILER, services.reconcile_books)
            asked = await _look(RECONCILER, services.reconcile_with_node)
            await _look(RECONCILER, services.expire_orders)
            _beat("reconciler")
            if asked < limits.LOOKUPS_PER_ROUND and _is_wanted():
                took = (system.now() - at) / 1000
                await waiter.wait(max(1.0, limits.RECONCILE_SECONDS - took))


async def rates() -> None:
    """Keep the rates of all menus fresh, so that no guest waits for a source."""
    while _is_wanted():
        await _look(RATES, services.refresh_rates)
        await _rest(limits.RATE_REFRESH_MS / 1000)


async def refunds() -> None:
    """Send the refunds that are due, and ask what became of those on their way."""
    await _send("refunds", REFUNDS, services.send_due_refunds)


async def payouts() -> None:
    """The same for payouts of tips: a member's server that hangs must not hold up
    what guests get back."""
    await _send("payouts", PAYOUTS, services.send_due_payouts)


async def _send(topic: str, name: str, look: Callable[[int], Awaitable[int]]) -> None:
    async with Waiter(topic) as waiter:
        while _is_wanted():
            sent = await _look(name, look)
            _beat(topic)
            if _is_wanted():
                # A full round may be one that failed: never look without a breath.
                is_full = sent >= limits.REFUND_ROUND
                await waiter.wait(1 if is_full else limits.REFUND_LOOP_SECONDS)


async def kitchen() -> None:
    """Call out the paid orders that nobody accepts, and end those that time ends."""
    async with Waiter("kitchen") as waiter:
        while _is_wanted():
            raised = await _look(KITCHEN, services.watch_unaccepted)
            _beat("kitchen")
            if _is_wanted():
                is_full = raised >= limits.ALERTS_PER_ROUND
                await waiter.wait(1 if is_full else limits.KITCHEN_LOOK_SECONDS)


async def paper() -> None:
    """Forget what was printed long ago."""
    while _is_wanted():
        forgotten = await _look(PAPER, services.forget_paper)
        await _rest(1 if forgotten else limits.PRINT_FORGET_SECONDS)


async def hints() -> None:
    """Hint printers over Nostr that something is to be printed; a hint may
    get lost."""
    try:
        async with Follower("print:", limits.HINT_EVERY_SECONDS) as woken:
            while _is_wanted():
                restaurant_id = await woken.next()
                await _look(HINTS, partial(services.hint_devices, restaurant_id))
    finally:
        relays.hang_up()


async def probe() -> None:
    """Ask the funding source whether it is there, for the lamp."""
    while _is_wanted():
        _beat("node", ok=await lightning.node_answers())
        await _rest(limits.NODE_PROBE_SECONDS)


async def disputes() -> None:
    """Ask card providers whether payments are contested. A loop of its own: a
    provider that hangs must not hold up anybody else's money."""
    while _is_wanted():
        await _look(DISPUTES, services.watch_disputes)
        await _rest(limits.RECONCILE_SECONDS)


def _is_wanted() -> bool:
    """False once this loop was stopped: before Python 3.12 ``asyncio.wait_for`` may
    lose a cancellation."""
    loop = asyncio.current_task()
    return settings.lnbits_running and any(task.task is loop for task in _started)


async def _rest(seconds: float) -> None:
    if _is_wanted():
        await asyncio.sleep(seconds)


def _beat(name: str, *, ok: bool = True) -> None:
    if _is_wanted():
        pulse.beat(name, system.now(), ok=ok)


async def _look(name: str, look: Callable[[int], Awaitable[int]]) -> int:
    """One bounded look; what goes wrong is logged and tried again next time."""
    try:
        return await look(system.now())
    except Exception:
        log_failure(f"{name} failed and will try again")
        return 0


def listener_runs() -> bool:
    """Is the invoice listener's task alive?"""
    task = task_manager.get_task(f"{LISTENER}_invoice_listener")
    return task is not None and not task.task.done()
