"""Recipes: what a portion takes of the ingredients, and what that does to the menu."""

from __future__ import annotations

from typing import Any

import pytest

from harness.books import snapshot
from harness.desk import Desk

pytestmark = pytest.mark.usefixtures("quiet")

MEATS = {"name": "Meat", "modifiers": [{"name": "Brisket"}, {"name": "Chicken"}]}


async def ingredient(desk: Desk, name: str = "Flour", **fields: Any) -> str:
    body = {"name": name, "unit": "g", "on_hand": 500, **fields}
    return (await desk.done("POST", f"{desk.path}/ingredients", body))["id"]


async def a_taco(desk: Desk) -> dict[str, Any]:
    tree = await desk.put_menu(
        {"name": "Taco", "price": "1", "modifier_groups": [MEATS]}
    )
    return tree["categories"][0]["items"][0]


def uses(*pairs: tuple[str, Any]) -> dict[str, Any]:
    return {"uses": [{"stock_id": s, "quantity": q} for s, q in pairs]}


async def recipes(desk: Desk, query: str = "") -> list[dict[str, Any]]:
    return (await desk.done("GET", f"{desk.path}/recipes{query}"))["data"]


def refusal(response: Any) -> tuple[int, str, str | None]:
    answer = response.json()
    assert answer["detail"]
    return response.status_code, answer["code"], answer.get("field")


async def test_items_and_modifiers_have_recipes(desk):
    taco = await a_taco(desk)
    brisket = taco["modifier_groups"][0]["modifiers"][0]
    flour, salt = await ingredient(desk), await ingredient(desk, "A salt")

    of_item = await desk.done(
        "PUT", f"/menu_items/{taco['id']}/recipe", uses((flour, 120), (salt, 2))
    )
    of_modifier = await desk.done(
        "PUT", f"/modifiers/{brisket['id']}/recipe", uses((salt, 1)), who="manager"
    )
    assert of_item == {
        "id": taco["id"],
        "kind": "item",
        "name": "Taco",
        "menu_item_id": taco["id"],
        "uses": [
            {"stock_id": salt, "name": "A salt", "unit": "g", "quantity": 2},
            {"stock_id": flour, "name": "Flour", "unit": "g", "quantity": 120},
        ],
    }
    assert of_modifier == {
        "id": brisket["id"],
        "kind": "modifier",
        "name": "Brisket",
        "menu_item_id": taco["id"],
        "uses": [{"stock_id": salt, "name": "A salt", "unit": "g", "quantity": 1}],
    }
    both = sorted([of_item, of_modifier], key=lambda each: each["id"])
    assert await recipes(desk) == both
    page = await desk.done("GET", f"{desk.path}/recipes?limit=1")
    rest = await recipes(desk, f"?limit=1&cursor={page['next']}")
    assert page["data"] + rest == both
    stocks = await desk.done("GET", f"{desk.path}/stocks")
    assert [each["used_by"] for each in stocks["data"]] == [2, 1]
    told = [p for e, p in await desk.events() if e == "recipe.changed"]
    assert told[1] == {
        "kind": "modifier",
        "id": brisket["id"],
        "uses": [{"stock_id": salt, "quantity": 1}],
    }


async def test_a_recipe_is_replaced_whole_and_an_empty_one_is_none(desk):
    taco = await a_taco(desk)
    path = f"/menu_items/{taco['id']}/recipe"
    flour, salt = await ingredient(desk), await ingredient(desk, "Salt")
    await desk.done("PUT", path, uses((flour, 120), (salt, 2)))
    version = (await desk.tree())["version"]

    await desk.done("PUT", path, uses((salt, 2), (flour, 120)))
    assert (await desk.tree())["version"] == version  # the same changes nothing
    changed = await desk.done("PUT", path, uses((salt, 3)))
    assert [use["quantity"] for use in changed["uses"]] == [3]
    assert (await desk.tree())["version"] == version + 1
    assert (await desk.done("PUT", path, uses()))["uses"] == []
    assert await recipes(desk) == []


async def test_a_dish_is_sold_out_and_back_with_its_ingredient(desk):
    taco = await a_taco(desk)
    flour = await ingredient(desk, on_hand=100)

    async def is_available() -> bool:
        [item] = (await desk.menu())["categories"][0]["items"]
        return item["is_available"]

    await desk.done("PUT", f"/menu_items/{taco['id']}/recipe", uses((flour, 120)))
    assert not await is_available()
    moves = [{"stock_id": flour, "kind": "receive", "quantity": 20}]
    await desk.done("POST", f"{desk.path}/stock_movements", {"movements": moves})
    assert await is_available()
    moves = [{"stock_id": flour, "kind": "count", "quantity": 119}]
    body = {"movements": moves, "reason": "spilled"}
    await desk.done("POST", f"{desk.path}/stock_movements", body)
    assert not await is_available()
    await desk.done("PUT", f"/menu_items/{taco['id']}/recipe", uses())
    assert await is_available()


async def test_an_ingredient_in_use_stays(desk):
    taco = await a_taco(desk)
    flour = await ingredient(desk)
    path = f"/menu_items/{taco['id']}/recipe"
    await desk.done("PUT", path, uses((flour, 1)))

    response = await desk.call("DELETE", f"/stocks/{flour}")
    assert refusal(response) == (409, "stock.in_use", None)
    assert response.json()["used_by"] == 1
    await desk.done("PUT", path, uses())
    assert (await desk.call("DELETE", f"/stocks/{flour}")).status_code == 204


async def test_a_recipe_of_what_left_the_menu_holds_nothing(desk):
    taco = await a_taco(desk)
    flour = await ingredient(desk)
    await desk.done("PUT", f"/menu_items/{taco['id']}/recipe", uses((flour, 1)))
    await desk.put_menu({"name": "Soup", "price": "1"})

    assert await recipes(desk) == []
    assert (await desk.done("GET", f"{desk.path}/stocks"))["data"][0]["used_by"] == 0
    assert (await desk.call("DELETE", f"/stocks/{flour}")).status_code == 204


@pytest.mark.parametrize("quantity", [0, -1, 1.5, True, "2", None, 1_000_001, 2**70])
async def test_a_quantity_is_a_whole_number_from_one(desk, quantity):
    taco = await a_taco(desk)
    flour = await ingredient(desk)
    salt = await ingredient(desk, "Salt")
    before = await snapshot(desk.id)
    response = await desk.call(
        "PUT", f"/menu_items/{taco['id']}/recipe", uses((salt, 1), (flour, quantity))
    )

    assert refusal(response) == (422, "field.invalid", "uses.1.quantity")
    assert await snapshot(desk.id) == before


async def test_only_own_ingredients_each_once_are_taken(desk, make_wallet, client):
    from harness.desk import open_desk

    taco = await a_taco(desk)
    path = f"/menu_items/{taco['id']}/recipe"
    flour = await ingredient(desk)
    other = await open_desk(client, await make_wallet(), desk.wallet)
    foreign = await ingredient(other)
    await desk.done("PATCH", f"/menu_items/{taco['id']}", {"stock": 5})
    before = await snapshot(desk.id)

    for odd in ("nobody", "", foreign, taco["id"], "x" * 3000):
        response = await desk.call("PUT", path, uses((flour, 1), (odd, 1)))
        assert refusal(response) == (422, "stock.unknown", "uses.1.stock_id")
    response = await desk.call("PUT", path, uses((flour, 1), (flour, 2)))
    assert refusal(response) == (422, "field.invalid", "uses.1.stock_id")
    response = await desk.call("PUT", path, uses(*[(flour, 1)] * 51))
    assert refusal(response) == (422, "field.invalid", "uses")
    for wrong in ({}, {"uses": None}, {"uses": 5}, {"uses": [{"quantity": 1}]}):
        assert (await desk.call("PUT", path, wrong)).status_code == 422
    assert (await other.call("PUT", path, uses())).status_code == 404
    wrong_kind = f"/modifiers/{taco['id']}/recipe"
    assert (await desk.call("PUT", wrong_kind, uses())).status_code == 404
    assert await snapshot(desk.id) == before
