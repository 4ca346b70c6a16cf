"""Three processes pay tips out at one moment: each tip leaves once."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from harness.books import clear_away
from harness.refunds import balance_msat, change, outgoing_rows
from harness.shop import Shop, open_shop
from harness.tips import (
    check_ledger,
    done,
    forget_payouts,
    ledger,
    member,
    open_msat,
    paid_out,
    payout_of,
    serve,
)

WORKER = Path(__file__).with_name("tip_worker.py")
WORKERS = 2
SECONDS = 180
TIP = 20_000


class Worker:
    """A second process; `do` hands it deeds and waits for what came of them."""

    def __init__(self, process: asyncio.subprocess.Process):
        self.process = process

    async def do(self, deeds: list[Any]) -> list[Any]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(deeds).encode() + b"\n")
        await self.process.stdin.drain()
        while not (line := await self.line()).startswith(b"done "):
            pass  # LNbits' own log
        return json.loads(line[len(b"done ") :])

    async def line(self) -> bytes:
        assert self.process.stdout
        line = await asyncio.wait_for(self.process.stdout.readline(), SECONDS)
        assert line, "the worker died"
        return line


@pytest_asyncio.fixture(scope="module")
async def workers(restaurant_module: ModuleType) -> AsyncIterator[list[Worker]]:
    from restaurant.tasks import start_tasks, stop_tasks

    stop_tasks()
    assert restaurant_module.__file__
    folder = str(Path(restaurant_module.__file__).parents[1])
    started = [
        Worker(
            await asyncio.create_subprocess_exec(
                *(sys.executable, str(WORKER), folder),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=1024 * 1024,
            )
        )
        for _ in range(WORKERS)
    ]
    try:
        for worker in started:
            while await worker.line() != b"ready\n":
                pass
        yield started
    finally:
        for worker in started:
            if worker.process.returncode is None:
                worker.process.kill()
            await worker.process.wait()
        await clear_away()
        start_tasks()


@pytest.fixture(scope="module")
def here() -> Any:
    """The same deeds, done by this process."""
    spec = importlib.util.spec_from_file_location("tip_worker", WORKER)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest_asyncio.fixture
async def shop(client: Any, make_wallet: Any, workers: list[Worker]) -> Shop:
    """A restaurant that sells for satoshi: other processes have no rates."""
    menu = {
        "categories": [{"name": "All", "items": [{"name": "Soup", "price": "100"}]}]
    }
    await forget_payouts()
    return await open_shop(client, await make_wallet(), menu, currency="sat")


@pytest.fixture
def everywhere(workers: list[Worker], here: Any) -> Any:
    """`await everywhere(deeds)`: shared out to all processes, all at one moment."""

    async def do(deeds: list[Any]) -> list[Any]:
        shares = [deeds[start :: WORKERS + 1] for start in range(WORKERS + 1)]
        own = asyncio.gather(*(here.do(deed) for deed in shares[0]))
        theirs = (w.do(share) for w, share in zip(workers, shares[1:], strict=True))
        return [one for done in await asyncio.gather(own, *theirs) for one in done]

    return do


@pytest_asyncio.fixture
async def placed(pay: Any, make_wallet: Any, shop: Shop) -> Any:
    """`await placed(who)`: the hash of a new order's invoice, with a tip, that was
    paid and not counted yet."""
    guest = await make_wallet(100_000)

    async def make(who: Any = None) -> str:
        cart = shop.cart(shop.line("Soup"), tip_msat=TIP)
        order = await shop.placed(cart)
        if who:
            await serve(shop, order["order"]["id"], who["id"])
        await pay(order["invoice"]["payment_request"], guest)
        return order["invoice"]["payment_hash"]

    return make


async def check_books(shop: Shop) -> None:
    from restaurant import services

    await check_ledger(shop)
    assert await services.verify_journal(shop.id) is None


async def test_twenty_requests_at_once_pay_each_tip_once(
    shop, everywhere, placed, here, make_wallet
):
    await change(shop, tip_to="pool")
    wallets = [await make_wallet() for _ in range(3)]
    for wallet in wallets:
        await member(shop, "Somebody", wallet_id=wallet.id)
    for _ in range(3):
        assert await here.settle(await placed())

    outcomes = await everywhere(
        [["pay_out", shop.id, uuid.uuid4().hex, {}] for _ in range(20)]
    )
    await everywhere([["send"]] * 9)

    assert Counter(outcomes) == {3 * TIP: 1, "payout.nothing": 19}
    got = [await balance_msat(wallet) for wallet in wallets]
    assert (sum(got), set(got)) == (3 * TIP, {TIP})
    assert len(await outgoing_rows(shop.wallet)) == 3
    assert await open_msat(shop, "pool") == 0
    await check_books(shop)


async def test_one_key_takes_once_in_all_processes(shop, everywhere, placed, here):
    ana, key = await member(shop, "Ana"), uuid.uuid4().hex
    await change(shop, tip_to="server")
    assert await here.settle(await placed(ana))

    outcomes = await everywhere(
        [["pay_out", shop.id, key, {"destination": "cash"}]] * 12
    )

    assert outcomes == [TIP] * 12
    path = f"/restaurants/{shop.id}/tip_payouts"
    assert len((await done(shop, "GET", path))["data"]) == 1
    await check_books(shop)


async def test_tips_that_come_while_it_is_paid_out_are_taken_now_or_later(
    shop, everywhere, placed
):
    await change(shop, tip_to="pool")
    for name in ("Ana", "Ben"):
        await member(shop, name)
    hashes = [await placed() for _ in range(9)]
    cash = {"destination": "cash"}
    deeds = []
    for payment_hash in hashes:
        deeds += [
            ["settle", payment_hash],
            ["pay_out", shop.id, uuid.uuid4().hex, cash],
            ["settle", payment_hash],
        ]

    outcomes = await everywhere(deeds)
    last = await everywhere([["pay_out", shop.id, uuid.uuid4().hex, cash]])

    numbers = [one for one in [*outcomes, *last] if type(one) is int]
    assert outcomes.count(True) == len(hashes)
    assert sum(numbers) == TIP * len(hashes)
    assert {one for one in outcomes if isinstance(one, str)} <= {"payout.nothing"}
    entered = [e for e in await ledger(shop) if e["kind"] == "checkout"]
    assert len(entered) == len(hashes)
    await check_books(shop)


async def test_canceled_and_sent_at_once_is_one_of_both(
    shop, everywhere, placed, here, make_wallet
):
    await change(shop, tip_to="server")
    wallets, payouts, members = [], [], []
    for number in range(9):
        wallets.append(await make_wallet())
        members.append(await member(shop, f"No. {number}", wallet_id=wallets[-1].id))
        assert await here.settle(await placed(members[-1]))
    payouts = {each["staff_id"]: each for each in await paid_out(shop)}
    deeds: list[Any] = [["send"]] * 3
    for each in payouts.values():
        deeds = [*deeds, ["cancel", each["id"]]]

    await everywhere(deeds)
    await everywhere([["send"]] * 3)

    for who, wallet in zip(members, wallets, strict=True):
        ended = await payout_of(shop, payouts[who["id"]]["id"])
        assert ended["status"] in ("sent", "canceled")
        is_sent = ended["status"] == "sent"
        assert await balance_msat(wallet) == (TIP if is_sent else 0)
        assert await open_msat(shop, who["id"]) == (0 if is_sent else TIP)
    await check_books(shop)


async def test_one_tip_after_the_meal_counted_by_all_is_one(
    shop, everywhere, placed, here, pay, make_wallet
):
    guest = await make_wallet(1_000)
    payment_hash = await placed()
    assert await here.settle(payment_hash)
    before = await shop.order(payment_hash)
    body = {"amount_msat": 9_000}
    tipped = await done(shop, "POST", f"/orders/{payment_hash}/tips", body)
    await pay(tipped["invoice"]["payment_request"], guest)

    outcomes = await everywhere([["settle", tipped["invoice"]["payment_hash"]]] * 20)

    assert Counter(outcomes) == {True: 1, False: 19}
    assert await open_msat(shop, "restaurant") == TIP + 9_000
    assert await shop.order(payment_hash) == before
    await check_books(shop)
