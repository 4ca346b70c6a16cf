"""A stock's history tells which orders moved it."""

from __future__ import annotations

from typing import Any

import pytest

from harness import API
from harness.shop import Shop

pytestmark = pytest.mark.usefixtures("quiet")


async def get(shop: Shop, path: str) -> Any:
    response = await shop.client.get(API + path, headers=shop.wallet.admin)
    assert response.status_code == 200, response.text
    return response.json()


async def history(shop: Shop, stock_id: str) -> list[dict[str, Any]]:
    check = await get(shop, f"/restaurants/{shop.id}/stock/check")
    assert check["is_equal"], check
    return (await get(shop, f"/stocks/{stock_id}/movements"))["data"]


async def test_a_sale_is_there_with_its_orders_number(shop, settle):
    flan = shop.item("Flan")["id"]
    placed = await shop.placed(shop.cart(shop.line("Flan", 2)))
    assert [row["kind"] for row in await history(shop, flan)] == ["count"]
    await settle(placed)

    [sale, _] = await history(shop, flan)
    order = placed["order"]
    assert (sale["order_id"], sale["order_number"]) == (order["id"], order["number"])
    names = ("kind", "quantity", "on_hand_delta", "on_hand", "reserved_delta")
    assert [sale[name] for name in names] == ["commit", 2, -2, 1, 0]


async def test_a_promise_to_an_order_shows_until_it_is_paid(shop, settle):
    body = {"stock_policy": "reserve", "reserve_guest_percent": 100}
    changed = await shop.client.patch(
        f"{API}/restaurants/{shop.id}", json=body, headers=shop.wallet.admin
    )
    assert changed.status_code == 200, changed.text
    flan = shop.item("Flan")["id"]
    placed = await shop.placed(shop.cart(shop.line("Flan", 2)))

    [stock] = (await get(shop, f"/restaurants/{shop.id}/stocks"))["data"]
    assert (stock["on_hand"], stock["reserved"], stock["available"]) == (3, 2, 1)
    await settle(placed)
    [stock] = (await get(shop, f"/restaurants/{shop.id}/stocks"))["data"]
    assert (stock["on_hand"], stock["reserved"], stock["available"]) == (1, 0, 1)
    kinds = [row["kind"] for row in await history(shop, flan)]
    assert kinds == ["commit", "reserve", "count"]


async def test_a_promised_ingredient_is_not_removed(shop):
    body = {"stock_policy": "reserve", "reserve_guest_percent": 100}
    headers = shop.wallet.admin
    home = f"{API}/restaurants/{shop.id}"
    await shop.client.patch(home, json=body, headers=headers)
    body = {"name": "Water", "unit": "l", "on_hand": 5}
    made = await shop.client.post(f"{home}/ingredients", json=body, headers=headers)
    water = made.json()["id"]
    recipe = f"{API}/menu_items/{shop.item('Agua')['id']}/recipe"
    uses = [{"stock_id": water, "quantity": 1}]
    await shop.client.put(recipe, json={"uses": uses}, headers=headers)
    await shop.placed()
    await shop.client.put(recipe, json={"uses": []}, headers=headers)

    gone = await shop.client.delete(f"{API}/stocks/{water}", headers=headers)
    answer = gone.json()
    assert (gone.status_code, answer["code"]) == (409, "stock.in_use")
    assert (answer["used_by"], answer["reserved"]) == (0, 1)
