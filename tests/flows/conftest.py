"""A shop, and a quiet process in which only the test moves money."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from harness.shop import Shop, open_shop


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any, set_rate: Any) -> Shop:
    """A restaurant of its own for every test; 158.635 sat per GTQ."""
    set_rate("GTQ", 158.635)
    return await open_shop(client, await make_wallet())


@pytest_asyncio.fixture
async def guest(make_wallet: Any) -> Any:
    """A wallet with a million satoshi."""
    return await make_wallet(1_000_000)


@pytest_asyncio.fixture
async def quiet(restaurant_module: Any) -> AsyncIterator[None]:
    """No listener and no loops: what happens, the test did."""
    from restaurant.tasks import start_tasks, stop_tasks

    stop_tasks()
    yield
    start_tasks()
