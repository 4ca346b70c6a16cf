"""The loops start, stop, and start again without leaving anything behind."""

import asyncio

from harness import eventually

LOOPS = {"reconcile", "rates", "probe"}


def alive() -> list[str]:
    """Our loops that run in this process."""
    running = (task.get_coro() for task in asyncio.all_tasks())
    names = (getattr(coroutine, "__qualname__", "") for coroutine in running)
    return sorted(name for name in names if name in LOOPS)


async def test_stopping_ends_every_loop_wherever_it_stands(shop, restaurant_module):
    from restaurant import tasks

    for turns in range(40):
        tasks.stop_tasks()
        tasks.start_tasks()
        for _ in range(turns):  # stop at another point of their first round
            await asyncio.sleep(0)
    tasks.stop_tasks()

    await eventually(lambda: not alive())

    tasks.start_tasks()
    await eventually(lambda: alive() == sorted(LOOPS))


async def test_stopping_in_the_middle_leaves_core_its_database(
    shop, quiet, make_wallet
):
    """A canceled look-up must not leave a connection of core's open: it locks."""
    from restaurant import tasks

    await asyncio.gather(*(shop.placed() for _ in range(40)))
    for turn in range(40):
        tasks.start_tasks()
        await asyncio.sleep(0.002 * turn)
        tasks.stop_tasks()
        await asyncio.wait_for(make_wallet(), 3)
