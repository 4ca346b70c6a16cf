"""One key, one order: what repeating, racing and dying requests come to."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest

from harness import API, eventually
from harness.books import core_invoices, order_ids, snapshot
from harness.shop import open_shop

KEY = "a-key-of-24-characters.."
REPLAY = "Idempotent-Replay"

pytestmark = pytest.mark.usefixtures("quiet")


def is_replay(response: Any) -> bool:
    return response.headers.get(REPLAY) == "true"


async def test_fifty_at_once_make_one_order_and_one_invoice(shop):
    answers = await asyncio.gather(*(shop.place(key=KEY) for _ in range(50)))

    assert {answer.status_code for answer in answers} == {201}
    assert [is_replay(answer) for answer in answers].count(False) == 1
    assert all(answer.json() == answers[0].json() for answer in answers)
    order_id = answers[0].json()["order"]["id"]
    assert await order_ids(shop.id) == {order_id}
    assert await core_invoices(shop.wallet.id) == {order_id}
    assert await shop.events(order_id) == ["order.placed"]
    assert (await shop.order(order_id))["number"] == 1


async def test_a_replay_is_the_first_answer_with_the_same_token(shop):
    first = await shop.place(key=KEY)
    order_id = first.json()["order"]["id"]
    await shop.status(order_id, "canceled")  # what became of it is not the answer
    before = await snapshot(shop.id)

    again = await shop.place(key=KEY)

    assert (again.status_code, again.json()) == (201, first.json())
    assert REPLAY not in first.headers
    assert is_replay(again)
    assert REPLAY in again.headers["Access-Control-Expose-Headers"]
    token = {"X-Order-Token": again.json()["order_token"]}
    seen = await shop.client.get(f"{API}/orders/{order_id}", headers=token)
    assert seen.json()["status"] == "canceled"
    assert await snapshot(shop.id) == before


async def test_a_replay_needs_neither_rate_nor_stock_nor_an_open_door(shop, set_rate):
    cart = shop.cart(shop.line("Flan", 3))
    first = await shop.place(cart, key=KEY)
    path = f"{API}/restaurants/{shop.id}"
    headers = shop.wallet.admin
    await shop.client.patch(path, json={"is_open": False}, headers=headers)
    await shop.client.put(f"{path}/menu", json={"categories": []}, headers=headers)

    again = await shop.place(cart, key=KEY)

    assert (again.status_code, again.json()) == (201, first.json())


async def test_the_order_of_fields_and_spaces_do_not_make_another_body(shop):
    import json

    cart = shop.cart(tip_msat=7, note="é")
    first = await shop.place(cart, key=KEY)
    text = json.dumps(dict(reversed(cart.items())), indent=3, ensure_ascii=True)
    again = await shop.client.post(
        f"{API}/orders",
        content=text,
        headers={"Idempotency-Key": KEY, "Content-Type": "application/json"},
    )

    assert is_replay(again)
    assert again.json() == first.json()


async def test_another_body_with_the_same_key_is_refused(shop):
    first = await shop.place(key=KEY)
    before = await snapshot(shop.id)
    for cart in (
        shop.cart(shop.line("Agua", 2)),
        shop.cart(tip_msat=1),
        shop.cart(note="x"),
        shop.cart(customer_name=None),
    ):
        response = await shop.place(cart, key=KEY)
        assert (response.status_code, response.json()["code"]) == (
            422,
            "idempotency.mismatch",
        )
    assert await snapshot(shop.id) == before
    assert (await shop.place(key=KEY)).json() == first.json()


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "short",
        "x" * 15,
        "x" * 256,
        "ключ-".encode() * 5,
        b"tab\tin the key here",
    ],
)
async def test_a_missing_or_malformed_key_is_refused(shop, key):
    before = await snapshot(shop.id)
    headers = {} if key is None else {"Idempotency-Key": key}

    response = await shop.client.post(
        f"{API}/orders", json=shop.cart(), headers=headers
    )

    assert (response.status_code, response.json()["code"]) == (400, "idempotency.key")
    assert await snapshot(shop.id) == before
    assert await core_invoices(shop.wallet.id) == set()


@pytest.mark.parametrize("length", [16, 255])
async def test_keys_of_16_and_255_characters_are_fine(shop, length):
    key = uuid.uuid4().hex[:16].ljust(length, "~")

    assert (await shop.place(key=key)).status_code == 201
    assert is_replay(await shop.place(key=key))


async def test_an_error_is_not_remembered(shop):
    path = f"{API}/restaurants/{shop.id}"
    headers = shop.wallet.admin
    await shop.client.patch(path, json={"is_open": False}, headers=headers)
    for _ in range(2):
        assert (await shop.place(key=KEY)).status_code == 409
    assert (await shop.place(shop.cart(shop.line("Flan", 4)), key=KEY)).status_code in (
        409,
        422,
    )
    await shop.client.patch(path, json={"is_open": True}, headers=headers)

    answer = await shop.place(key=KEY)

    assert (answer.status_code, is_replay(answer)) == (201, False)


async def test_a_node_that_was_away_may_be_tried_again(shop, monkeypatch):
    from lnbits.wallets import get_funding_source

    async def away(*_: Any, **__: Any) -> Any:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(get_funding_source(), "create_invoice", away)
        assert (await shop.place(key=KEY)).status_code == 503

    assert (await shop.place(key=KEY)).status_code == 201


async def test_the_key_is_the_restaurants_and_the_credentials_own(
    shop, client, make_wallet
):
    other = await open_shop(client, await make_wallet())
    answers = [
        await shop.place(key=KEY),
        await other.place(key=KEY),
        await shop.place(key=KEY, **shop.wallet.admin),
        await shop.place(key=KEY, **shop.wallet.invoice),
    ]

    assert [is_replay(answer) for answer in answers] == [False] * 4
    assert len({answer.json()["order"]["id"] for answer in answers}) == 4


async def test_the_key_is_the_routes_own(shop, settle):
    placed = (await shop.place(key=KEY)).json()
    path = f"{API}/orders/{placed['order']['id']}"
    headers = {"Idempotency-Key": KEY, **shop.wallet.admin}

    invoice = await shop.client.post(f"{path}/invoice", headers=headers)
    paid = await shop.client.post(f"{path}/payments", json={}, headers=headers)

    assert (invoice.status_code, paid.status_code) == (200, 201)
    assert not is_replay(invoice)
    assert not is_replay(paid)


async def test_the_key_is_one_orders_own(shop):
    orders = [(await shop.placed())["order"]["id"] for _ in range(2)]
    headers = {"Idempotency-Key": KEY, **shop.wallet.admin}

    answers = [
        await shop.client.post(
            f"{API}/orders/{order_id}/payments", json={}, headers=headers
        )
        for order_id in orders
    ]

    assert answers[0].status_code == 201
    assert (answers[1].status_code, answers[1].json()["code"]) == (
        422,
        "idempotency.mismatch",
    )
    assert (await shop.order(orders[1]))["paid_msat"] == 0


async def test_while_the_first_request_runs_others_wait_for_it(shop, slow_node):
    first = asyncio.create_task(shop.place(key=KEY))
    await slow_node.is_asked()
    others = [asyncio.create_task(shop.place(key=KEY)) for _ in range(3)]
    await asyncio.sleep(0.1)
    assert not any(other.done() for other in others)

    slow_node.go_on()

    answers = await asyncio.gather(first, *others)
    assert {answer.status_code for answer in answers} == {201}
    assert [is_replay(answer) for answer in answers] == [False, True, True, True]
    assert slow_node.asked == 1


async def test_who_waited_long_enough_is_told_to_come_back(
    shop, slow_node, monkeypatch
):
    from restaurant.core import limits

    assert limits.IDEMPOTENCY_WAIT_MS == 5_000
    monkeypatch.setattr(limits, "IDEMPOTENCY_WAIT_MS", 100)
    monkeypatch.setattr(limits, "IDEMPOTENCY_POLL_MS", 50)
    first = asyncio.create_task(shop.place(key=KEY))
    await slow_node.is_asked()

    impatient = await shop.place(key=KEY)
    otherwise = await shop.place(shop.cart(tip_msat=1), key=KEY)

    assert (impatient.status_code, impatient.json()["code"]) == (
        409,
        "idempotency.in_flight",
    )
    assert impatient.headers["Retry-After"] == "1"
    assert otherwise.json()["code"] == "idempotency.mismatch"
    slow_node.go_on()
    assert (await first).status_code == 201
    assert is_replay(await shop.place(key=KEY))
    assert slow_node.asked == 1


async def test_a_key_whose_process_died_is_taken_over_after_a_minute(shop, clock):
    await die_after_claiming(shop)
    clock.forward(59)
    assert await in_flight(shop)
    clock.forward(2)

    answer = await shop.place(key=KEY)

    assert (answer.status_code, is_replay(answer)) == (201, False)
    assert is_replay(await shop.place(key=KEY))
    assert len(await order_ids(shop.id)) == 1


async def test_only_one_of_many_takes_a_dead_key_over(shop, clock):
    await die_after_claiming(shop)
    clock.forward(61)

    answers = await asyncio.gather(*(shop.place(key=KEY) for _ in range(20)))

    assert {answer.status_code for answer in answers} == {201}
    assert [is_replay(answer) for answer in answers].count(False) == 1
    assert len(await order_ids(shop.id)) == 1


async def test_a_process_that_wakes_after_it_was_replaced_stores_nothing(
    shop, slow_node, clock
):
    sleeper = asyncio.create_task(shop.place(key=KEY))
    await slow_node.is_asked()
    clock.forward(61)
    slow_node.be_quick()
    heir = await shop.place(key=KEY)
    assert (heir.status_code, is_replay(heir)) == (201, False)

    slow_node.go_on()
    late = await sleeper

    assert (late.status_code, late.json()["code"]) == (409, "idempotency.in_flight")
    assert await order_ids(shop.id) == {heir.json()["order"]["id"]}
    assert is_replay(await shop.place(key=KEY))


async def test_a_guest_who_hangs_up_in_the_middle_gets_the_order_again(shop, slow_node):
    hung_up = asyncio.create_task(shop.place(key=KEY))
    await slow_node.is_asked()
    hung_up.cancel()
    slow_node.go_on()

    async def answered() -> Any:
        answer = await shop.place(key=KEY)
        return answer if answer.status_code == 201 else None

    answer = await eventually(answered)

    assert await order_ids(shop.id) == {answer.json()["order"]["id"]}


async def test_keys_are_kept_for_a_week_and_then_dropped(shop, clock):
    from restaurant import services
    from restaurant.adapters import system

    first = await shop.place(key=KEY)
    clock.forward(7 * 86_400)
    await services.after_start(system.now())
    again = await shop.place(key=KEY)
    assert (is_replay(again), again.json()) == (True, first.json())
    clock.forward(2 * 86_400)
    await services.after_start(system.now())

    assert not is_replay(await shop.place(key=KEY))


async def test_no_token_is_ever_stored(shop):
    from restaurant.crud import read

    placed = (await shop.place(key=KEY)).json()

    async with read() as conn:
        for table in ("idempotency", "orders", "payments", "journal", "order_lines"):
            rows = await conn.all(f"SELECT * FROM restaurant.{table}")
            assert placed["order_token"] not in str(rows), table


@pytest.fixture
def slow_node(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A node that answers when it is told to."""
    from lnbits.wallets import get_funding_source

    node = SlowNode(get_funding_source().create_invoice)
    monkeypatch.setattr(get_funding_source(), "create_invoice", node.create_invoice)
    return node


class SlowNode:
    """Holds every invoice back until `go_on`; `be_quick` lets later ones through."""

    def __init__(self, create_invoice: Any):
        self.real = create_invoice
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.was_asked = asyncio.Event()
        self.is_quick = False

    async def create_invoice(self, *args: Any, **kwargs: Any) -> Any:
        self.asked += 1
        self.was_asked.set()
        if not self.is_quick:
            await asyncio.wait_for(self.may_answer.wait(), 20)
        return await self.real(*args, **kwargs)

    async def is_asked(self) -> None:
        await asyncio.wait_for(self.was_asked.wait(), 10)

    def go_on(self) -> None:
        self.may_answer.set()

    def be_quick(self) -> None:
        self.is_quick = True


async def die_after_claiming(shop: Any) -> None:
    """A process takes the key for this very request, and is never heard of again."""
    from restaurant.adapters import system
    from restaurant.crud import transaction

    answer = await shop.place(key=KEY)
    assert answer.status_code == 201
    async with transaction() as conn:
        for table in ("order_lines", "payments"):
            await conn.run(
                f"DELETE FROM restaurant.{table} WHERE order_id = :id",
                id=answer.json()["order"]["id"],
            )
        await conn.run(
            "DELETE FROM restaurant.orders WHERE restaurant_id = :id", id=shop.id
        )
        changed = await conn.run(
            "UPDATE restaurant.idempotency SET status_code = NULL, answer = NULL, "
            "resource_id = NULL, owner = 'dead', claimed_at = :at "
            "WHERE resource_id = :id",
            id=answer.json()["order"]["id"],
            at=system.now(),
        )
    assert changed == 1


async def in_flight(shop: Any) -> bool:
    """Is the key still taken? Asked without the patience of five seconds."""
    from restaurant.core import limits

    patience = limits.IDEMPOTENCY_WAIT_MS, limits.IDEMPOTENCY_POLL_MS
    limits.IDEMPOTENCY_WAIT_MS, limits.IDEMPOTENCY_POLL_MS = 20, 10
    try:
        answer = await shop.place(key=KEY)
    finally:
        limits.IDEMPOTENCY_WAIT_MS, limits.IDEMPOTENCY_POLL_MS = patience
    code = answer.json().get("code")
    return (answer.status_code, code) == (409, "idempotency.in_flight")
