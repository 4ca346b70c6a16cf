"""Boots one real LNbits per test process with this checkout as its extension.

Rules tests use none of this and run as their own process (`make test-rules`).
Import `restaurant…` and `lnbits…` inside tests and fixtures, never at a module's
top: LNbits reads its settings at import, and drops every `restaurant` module when it
registers the extension, so an early import is a second copy with its own database.
"""

from __future__ import annotations

import atexit
import importlib
import os
import secrets
import signal
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from harness import REPO
from harness.inprocess import Wallet, new_database, prepare

#: Only so that a hang ends: a loaded machine takes a minute.
START_SECONDS, STOP_SECONDS = 300, 120
ADMIN = {"username": "admin", "password": "secret1234"}


class CheckoutIsNoTestPackage:
    """Keeps pytest from importing the extension's own __init__ as a test package."""

    def pytest_collect_directory(
        self, path: Path, parent: pytest.Collector
    ) -> pytest.Dir | None:
        return pytest.Dir.from_parent(parent, path=path) if path == REPO else None


class EndsInAnyCase:
    """LNbits cancels its tasks when it ends. One that is just opening a SQLite file
    then leaves a thread behind, which would keep this process for ever."""

    status = 0

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self.status = int(exitstatus)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        names = [thread.name for thread in threading.enumerate()]
        if any("_connection_worker_thread" in name for name in names):
            atexit._run_exitfuncs()
            sys.stdout.flush()
            os._exit(self.status)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(CheckoutIsNoTestPackage())
    config.pluginmanager.register(EndsInAnyCase())
    # A kill is a Ctrl-C: fixtures end their servers, the database goes away.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    prepare()


@pytest_asyncio.fixture(scope="session")
async def app() -> AsyncIterator[Any]:
    """The started LNbits application."""
    from asgi_lifespan import LifespanManager
    from lnbits.app import create_app

    lnbits = create_app()
    manager = LifespanManager(lnbits, START_SECONDS, STOP_SECONDS)
    async with manager:
        _extension_is_loaded(lnbits)
        yield manager.app


def _extension_is_loaded(app: Any) -> None:
    """LNbits boots on without an extension that fails to load; the tests must not."""
    module = importlib.import_module("restaurant")  # its own error, if that is why
    paths = [getattr(route, "path", "") for route in app.routes]
    if not any(path.startswith("/restaurant") for path in paths):
        raise RuntimeError(f"LNbits could not register {module.__file__}; see its log")


@pytest_asyncio.fixture(scope="session")
async def client(app: Any) -> AsyncIterator[Any]:
    """An HTTP client on the app, without credentials; `client.admin` is a header."""
    from httpx import ASGITransport, AsyncClient

    transport = ASGITransport(app=app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://testserver") as http:
        answer = await http.put(
            "/api/v1/auth/first_install",
            json={**ADMIN, "password_repeat": ADMIN["password"]},
        )
        answer.raise_for_status()
        http.cookies.clear()
        token = answer.json()["access_token"]
        http.admin = {"Authorization": f"Bearer {token}"}  # type: ignore[attr-defined]
        yield http


@pytest_asyncio.fixture(scope="session")
async def restaurant_module(app: Any) -> ModuleType:
    """The extension package as LNbits runs it."""
    return importlib.import_module("restaurant")


async def credit(wallet_id: str, sats: int, conn: Any) -> None:
    """Money out of nowhere, booked as LNbits books an admin's; nobody is told."""
    from lnbits.core.crud import create_payment
    from lnbits.core.models import CreatePayment, PaymentState

    payment_hash = secrets.token_hex(32)
    booked = CreatePayment(
        wallet_id=wallet_id,
        payment_hash=payment_hash,
        bolt11=f"test credit {payment_hash}",
        amount_msat=sats * 1000,
        memo="Admin credit",
    )
    checking_id = f"internal_{payment_hash}"
    await create_payment(checking_id, booked, PaymentState.SUCCESS, conn=conn)


@pytest_asyncio.fixture(scope="session")
async def make_wallet(client: Any) -> Callable[..., Awaitable[Wallet]]:
    """Factory: `await make_wallet(sats)` is a funded wallet of a new user."""
    from lnbits.core.db import db
    from lnbits.core.services.users import create_user_account_no_ckeck

    async def make(sats: int = 0) -> Wallet:
        # All of it over one connection: LNbits opens SQLite's file for each anew.
        async with db.connect() as conn:
            user = await create_user_account_no_ckeck(
                wallet_name="test", default_exts=["restaurant"], conn=conn
            )
            [wallet] = user.wallets
            if sats:
                await credit(wallet.id, sats, conn)
        return Wallet(wallet.id, wallet.adminkey, wallet.inkey, user.id)

    return make


@pytest.fixture
def set_rate() -> Callable[[str, float], None]:
    """`set_rate("GTQ", 158.635)`: LNbits' own rate cache says so, satoshi per unit.

    0 makes the source silent: LNbits then asks its providers, of which there are none.
    """
    from lnbits.utils.cache import cache

    def poke(currency: str, sats_per_unit: float) -> None:
        price = 1e8 / sats_per_unit if sats_per_unit else 0.0
        cache.set(f"btc-price-{currency}", price, 3600)

    return poke


@pytest_asyncio.fixture(scope="session")
async def pay(app: Any) -> Callable[[str, Wallet], Awaitable[Any]]:
    """`await pay(bolt11, wallet)`: another wallet of this LNbits pays the invoice."""
    from lnbits.core.services import pay_invoice

    async def pay_from(bolt11: str, wallet: Wallet) -> Any:
        payment = await pay_invoice(wallet_id=wallet.id, payment_request=bolt11)
        assert payment.success
        return payment

    return pay_from


@pytest_asyncio.fixture(scope="session")
async def pay_external(app: Any) -> Callable[[str], Awaitable[None]]:
    """`await pay_external(bolt11)`: somebody out on Lightning pays; the node's
    stream tells LNbits."""
    from lnbits.wallets import get_funding_source

    async def pay_at_the_node(bolt11: str) -> None:
        answer = await get_funding_source().pay_invoice(bolt11, 0)
        assert answer.ok, answer.error_message

    return pay_at_the_node


@pytest.fixture
def database_url() -> str | None:
    """For a `Server` of one's own: a new PostgreSQL database, or None for SQLite."""
    return new_database()
