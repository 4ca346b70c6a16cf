"""Stock where several things happen to one order: nothing is lost or comes twice."""

from __future__ import annotations

import asyncio

import pytest

from harness.edits import change_item, edit, kept
from harness.gift_cards import call
from harness.refunds import WITHDRAW, act, asked
from harness.tabs import a_table, added, fresh_key, move_lines, open_tab

pytestmark = pytest.mark.usefixtures("quiet")


async def ledger_is_right(shop):
    from restaurant import services

    return await services.verify_stock(shop.id) == []


@pytest.mark.parametrize("status", ["cooking", "done"])
async def test_what_was_begun_comes_to_no_shelf_when_the_order_is_canceled(
    shop, status
):
    tab = await open_tab(shop, await a_table(shop), shop.line("Flan", 2))
    await added(shop, tab.id, shop.line("Flan"), who=tab.guest)
    order = await shop.order(tab.id)
    await move_lines(shop, tab.id, status, order["items"][0])
    assert await shop.stock("Flan") == 0

    assert (await shop.status(tab.id, "canceled")).status_code == 200

    assert await shop.stock("Flan") == 1
    assert await ledger_is_right(shop)


async def test_what_a_given_up_refund_put_back_does_not_come_back_twice(shop, settle):
    cart = shop.cart(shop.line("Flan", 2), shop.line("Agua"))
    placed = await shop.placed(cart)
    await settle(placed)
    order = await shop.order(placed["order"]["id"])
    flan, agua = order["items"]
    lines = [{"line_id": flan["id"], "quantity": 1}]
    refund = await asked(
        shop, order["id"], lines=lines, restock=True, destination=WITHDRAW
    )
    assert await shop.stock("Flan") == 2
    assert (await act(shop, refund["id"], "cancel")).status_code == 200

    order = await shop.order(order["id"])
    await edit(shop, order, items=kept(agua))

    assert await shop.stock("Flan") == 3
    assert (await shop.status(order["id"], "canceled")).status_code == 200
    assert await shop.stock("Flan") == 3
    assert await ledger_is_right(shop)


async def switch_off(shop, name):
    path = f"/menu_items/{shop.item(name)['id']}"
    response = await call(shop, "PATCH", path, {"is_available": False})
    assert response.status_code == 200, response.text


async def test_the_last_one_replaces_one_line_only(shop, settle):
    await change_item(shop, "Agua", stock=1)
    tacos = shop.line("Tacos", 1, "Maíz")
    orders = [await shop.placed(shop.cart(tacos)) for _ in range(2)]
    await switch_off(shop, "Tacos")
    for each in orders:
        await settle(each)
    body = {"way": "substitute", "items": [shop.line("Agua")]}
    paths = [f"/orders/{each['order']['id']}/resolve" for each in orders]

    answers = await asyncio.gather(
        *(
            call(shop, "POST", path, body, fresh_key(shop.wallet.admin))
            for path in paths
        )
    )

    [late] = [n for n, answer in enumerate(answers) if answer.status_code != 200]
    assert answers[late].json()["code"] in ("stock.short", "item.unavailable")
    path = f"/stocks/{shop.item('Agua')['id']}/movements"
    moved = (await call(shop, "GET", path)).json()["data"]
    assert [(m["kind"], m["quantity"]) for m in moved] == [("commit", 1), ("count", 1)]
    assert await ledger_is_right(shop)
    body, headers = {"way": "refund_line"}, fresh_key(shop.wallet.admin)
    given_up = await call(shop, "POST", paths[late], body, headers)
    assert given_up.json()["status"] == "canceled"
