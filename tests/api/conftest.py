"""A restaurant of its own for every test, and a clock that tests can turn."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from harness.books import clear_away
from harness.desk import Desk, open_desk
from harness.doors import Bistro, open_bistro
from harness.queue import Queue, open_queue
from harness.shop import Shop, open_shop


@pytest_asyncio.fixture
async def desk(client: Any, make_wallet: Any) -> Desk:
    """A restaurant for tests about managing one."""
    return await open_desk(client, await make_wallet(), await make_wallet())


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any, set_rate: Any) -> Shop:
    """A restaurant with a menu, for tests about its orders; 158.635 sat per GTQ."""
    set_rate("GTQ", 158.635)
    return await open_shop(client, await make_wallet())


@pytest_asyncio.fixture
async def queue(client: Any, make_wallet: Any, clock: Any) -> Queue:
    """A restaurant for tests about its print jobs; its clock stands."""
    clock.stop()
    return await open_queue(client, await make_wallet())


@pytest_asyncio.fixture
async def bistro(client: Any, make_wallet: Any, clock: Any) -> Bistro:
    """A restaurant for printers that ask by themselves; its clock stands."""
    clock.stop()
    return await open_bistro(client, await make_wallet())


@pytest_asyncio.fixture
async def guest(make_wallet: Any) -> Any:
    """A wallet with a million satoshi."""
    return await make_wallet(1_000_000)


@pytest_asyncio.fixture(scope="module")
async def quiet(restaurant_module: Any) -> AsyncIterator[None]:
    """No listener and no loops in this module: what happens, its tests did."""
    from restaurant.tasks import start_tasks, stop_tasks

    stop_tasks()
    yield
    await clear_away()
    start_tasks()


class Clock:
    """The server's clock: right until it is turned forward or stopped."""

    def __init__(self) -> None:
        self.ahead_ms = 0
        self.stopped_at: int | None = None

    def __call__(self) -> int:
        if self.stopped_at is not None:
            return self.stopped_at
        return time.time_ns() // 1_000_000 + self.ahead_ms

    def forward(self, seconds: float) -> None:
        if self.stopped_at is not None:
            self.stopped_at += round(seconds * 1000)
        else:
            self.ahead_ms += round(seconds * 1000)

    def stop(self, at: int | None = None) -> int:
        """Stand still at this moment (ms); answers it."""
        self.stopped_at = self() if at is None else at
        return self.stopped_at


@pytest.fixture
def clock(quiet: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Turns the server's time; its loops stand still meanwhile."""
    from restaurant.adapters import system

    turned = Clock()
    monkeypatch.setattr(system, "now", turned)
    return turned


@pytest.fixture
def settle(pay: Any, guest: Any) -> Any:
    """`await settle(placed)`: a guest pays the order's invoice and we book it."""
    return payer(pay, guest)


@pytest_asyncio.fixture(scope="module")
async def shared(
    client: Any, make_wallet: Any, pay: Any, quiet: None
) -> tuple[Shop, Any]:
    """A shop and its `settle` for a whole module whose tests leave no trace."""
    from lnbits.utils.cache import cache

    cache.set("btc-price-GTQ", 1e8 / 158.635, 3600)
    shop = await open_shop(client, await make_wallet())
    return shop, payer(pay, await make_wallet(1_000_000))


def payer(pay: Any, guest: Any) -> Any:
    async def pay_and_book(placed: dict[str, Any]) -> None:
        from restaurant import services
        from restaurant.adapters import system

        await pay(placed["invoice"]["payment_request"], guest)
        payment_hash = placed["invoice"]["payment_hash"]
        assert await services.mark_order_paid(payment_hash, system.now())

    return pay_and_book
