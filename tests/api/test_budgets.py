"""How many unpaid orders guests, tables, addresses and devices may leave open."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from harness import API
from harness.books import core_invoices, order_ids
from harness.shop import Shop, open_shop

pytestmark = pytest.mark.usefixtures("quiet")

MENU = {"categories": [{"name": "All", "items": [{"name": "Soup", "price": "9"}]}]}


@pytest.fixture
def open_with(client: Any, make_wallet: Any) -> Callable[..., Any]:
    """`await open_with(open_orders_max=3)`: a shop that sells soup for satoshi."""

    async def open_one(**profile: Any) -> Shop:
        wallet = await make_wallet()
        return await open_shop(client, wallet, MENU, currency="sat", **profile)

    return open_one


@pytest.fixture
def order_from(app: Any) -> Callable[..., Any]:
    """`await order_from("203.0.113.7", shop)`: a guest there orders a soup."""
    from httpx import ASGITransport, AsyncClient

    async def order(address: str, shop: Shop) -> Any:
        transport = ASGITransport(app=app, client=(address, 4711))
        key = {"Idempotency-Key": uuid.uuid4().hex}
        cart = shop.cart(shop.line("Soup"))
        async with AsyncClient(transport=transport, base_url="http://testserver") as c:
            return await c.post(f"{API}/orders", json=cart, headers=key)

    return order


async def device(shop: Shop, role: str = "pos") -> dict[str, str]:
    response = await shop.client.post(
        f"{API}/restaurants/{shop.id}/devices",
        json={"name": "till", "role": role},
        headers=shop.wallet.admin,
    )
    return {"Authorization": f"Bearer {response.json()['token']}"}


async def place(shop: Shop, count: int, **headers: str) -> list[Any]:
    cart = shop.cart(shop.line("Soup"))
    return [await shop.place(cart, **headers) for _ in range(count)]


def check_refused(response: Any, cap: str) -> None:
    told = response.status_code, response.json()["code"], response.json()["cap"]
    assert told == (429, "orders.too_many", cap)
    assert 1 <= int(response.headers["Retry-After"]) <= 60


def statuses(answers: list[Any]) -> list[int]:
    return [answer.status_code for answer in answers]


async def test_an_address_has_a_budget_and_its_neighbours_have_theirs(
    open_with, order_from
):
    shop = await open_with(open_orders_per_address_max=2)
    answers = [await order_from("203.0.113.7", shop) for _ in range(3)]

    assert statuses(answers) == [201, 201, 429]
    check_refused(answers[2], "address")
    assert (await order_from("203.0.113.8", shop)).status_code == 201


async def test_one_households_addresses_count_together(open_with, order_from):
    shop = await open_with(open_orders_per_address_max=2)
    at_home = [f"2001:db8:1:2::{n}" for n in (1, 2, 3)]
    answers = [await order_from(address, shop) for address in at_home]
    assert statuses(answers) == [201, 201, 429]
    assert (await order_from("2001:db8:1:3::1", shop)).status_code == 201


async def test_the_servers_own_address_tells_nobody_apart(open_with, order_from):
    shop = await open_with(open_orders_per_address_max=1)
    for address in ("127.0.0.1", "127.0.0.1", "::1", "::ffff:127.0.0.1", "a name"):
        assert (await order_from(address, shop)).status_code == 201


async def test_an_address_is_never_stored_nor_told(open_with, order_from):
    from restaurant.crud import read

    shop = await open_with()
    other = await open_with()
    placed = [await order_from("203.0.113.7", each) for each in (shop, shop, other)]
    async with read() as conn:
        rows = await conn.all(
            "SELECT address_hash FROM restaurant.orders "
            "WHERE restaurant_id IN (:a, :b)",
            a=shop.id,
            b=other.id,
        )
    hashes = [row["address_hash"] for row in rows]
    assert len(set(hashes)) == 2  # one for each restaurant: they cannot compare
    assert all("203.0.113.7" not in each for each in hashes)
    told = await shop.client.get(
        f"{API}/restaurants/{shop.id}/events", headers=shop.wallet.admin
    )
    for text in (told.text, *(answer.text for answer in placed)):
        assert "203.0.113.7" not in text
        assert not any(each in text for each in hashes)


async def test_a_paid_order_gives_its_budget_back(open_with, order_from, settle):
    shop = await open_with(open_orders_per_address_max=1)
    first = await order_from("203.0.113.7", shop)
    assert (await order_from("203.0.113.7", shop)).status_code == 429
    await settle(first.json())
    assert (await order_from("203.0.113.7", shop)).status_code == 201


async def test_staff_do_not_use_the_guests_budget_nor_guests_theirs(open_with):
    shop = await open_with(open_orders_max=2)
    assert statuses(await place(shop, 3, **shop.wallet.admin)) == [201] * 3
    answers = await place(shop, 3)
    assert statuses(answers) == [201, 201, 429]
    check_refused(answers[2], "restaurant")
    assert statuses(await place(shop, 1, **shop.wallet.admin)) == [201]


async def test_a_table_that_staff_ordered_for_has_its_budget_still(open_with):
    shop = await open_with(open_orders_per_table_max=1)
    path = f"{API}/restaurants/{shop.id}/tables"
    body = {"name": "7"}
    table = (await shop.client.post(path, json=body, headers=shop.wallet.admin)).json()
    cart = shop.cart(shop.line("Soup"), table="7")
    assert (await shop.place(cart, **shop.wallet.admin)).status_code == 201
    by_guest = {**cart, "table_token": table["token"]}
    assert (await shop.place(by_guest)).status_code == 201
    check_refused(await shop.place(by_guest), "table")


async def test_each_device_has_a_budget_of_its_own(open_with):
    shop = await open_with(open_orders_per_device_max=2)
    one, other = await device(shop), await device(shop)

    answers = await place(shop, 3, **one)

    assert statuses(answers) == [201, 201, 429]
    check_refused(answers[2], "device")
    assert statuses(await place(shop, 3, **other)) == [201, 201, 429]
    assert statuses(await place(shop, 3, **shop.wallet.admin)) == [201, 201, 429]
    assert statuses(await place(shop, 1)) == [201]


async def test_what_staff_took_cash_for_is_not_unpaid(open_with):
    shop = await open_with(open_orders_per_device_max=1)
    till = await device(shop)
    cash = shop.cart(shop.line("Soup"), payment_method="cash")
    for _ in range(2):
        assert (await shop.place(cash, **till)).status_code == 201
    assert statuses(await place(shop, 2, **till)) == [201, 429]


@pytest.mark.parametrize("cap", ["address", "device"])
async def test_spam_fills_neither_the_kitchen_nor_the_node(open_with, order_from, cap):
    shop = await open_with(open_orders_per_address_max=3, open_orders_per_device_max=3)
    till = await device(shop)
    for _ in range(12):
        if cap == "address":
            await order_from("203.0.113.7", shop)
        else:
            await place(shop, 1, **till)
    assert len(await order_ids(shop.id)) == 3
    assert len(await core_invoices(shop.wallet.id)) <= 4
