"""What staff does with stock: figures, ingredients, movements by hand, history."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from harness.books import snapshot
from harness.desk import Desk

pytestmark = pytest.mark.usefixtures("quiet")

FLOUR = {"name": "Flour", "unit": "g", "on_hand": 500, "low_at": 100}
MEATS = {
    "name": "Meat",
    "modifiers": [{"name": "Brisket"}, {"name": "Chicken"}],
}


async def ingredient(desk: Desk, **fields: Any) -> dict[str, Any]:
    body = {**FLOUR, **fields}
    return await desk.done("POST", f"{desk.path}/ingredients", body)


async def move(desk: Desk, *moves: tuple[str, str, Any], **more: Any) -> Any:
    """The answer to movements, given as (stock id, kind, quantity)."""
    who = more.pop("who", "owner")
    headers = more.pop("headers", None)
    listed = [{"stock_id": s, "kind": k, "quantity": q} for s, k, q in moves]
    body = {"movements": listed, **more}
    path = f"{desk.path}/stock_movements"
    return await desk.call("POST", path, body, who, headers)


async def moved(desk: Desk, *moves: tuple[str, str, Any], **more: Any) -> Any:
    response = await move(desk, *moves, **more)
    assert response.status_code == 201, response.text
    return response.json()["data"]


async def stocks(desk: Desk, query: str = "", who: str = "owner") -> list[Any]:
    page = await desk.done("GET", f"{desk.path}/stocks{query}", who=who)
    return page["data"]


async def on_hand(desk: Desk, stock_id: str) -> int:
    [found] = [each for each in await stocks(desk) if each["id"] == stock_id]
    return found["on_hand"]


async def history(desk: Desk, stock_id: str) -> list[tuple[str, int, int, int]]:
    """(kind, quantity, difference, figure left) of a stock, newest first."""
    page = await desk.done("GET", f"/stocks/{stock_id}/movements")
    names = ("kind", "quantity", "on_hand_delta", "on_hand")
    return [tuple(row[name] for name in names) for row in page["data"]]


async def checked(desk: Desk) -> Any:
    found = await desk.done("GET", f"{desk.path}/stock/check")
    assert found["is_equal"], found
    return found


def refusal(response: Any) -> tuple[int, str, str | None]:
    answer = response.json()
    assert answer["detail"]
    return response.status_code, answer["code"], answer.get("field")


# --- looking ---------------------------------------------------------------------


async def test_the_list_shows_figures_under_the_menus_names(desk):
    tree = await desk.put_menu(
        {"name": "Taco", "price": "1", "stock": 7, "modifier_groups": [MEATS]},
        {"name": "agua", "price": "1"},
    )
    [taco, _] = tree["categories"][0]["items"]
    brisket = taco["modifier_groups"][0]["modifiers"][0]
    flour = await ingredient(desk)
    await moved(desk, (brisket["id"], "count", 3))

    assert await stocks(desk) == [
        {
            "id": brisket["id"],
            "kind": "modifier",
            "name": "Brisket",
            "menu_item_id": taco["id"],
            "unit": None,
            "is_counted": True,
            "on_hand": 3,
            "reserved": 0,
            "available": 3,
            "low_at": None,
            "is_low": False,
            "used_by": 0,
        },
        {
            "id": flour["id"],
            "kind": "ingredient",
            "name": "Flour",
            "menu_item_id": None,
            "unit": "g",
            "is_counted": True,
            "on_hand": 500,
            "reserved": 0,
            "available": 500,
            "low_at": 100,
            "is_low": False,
            "used_by": 0,
        },
        {
            "id": taco["id"],
            "kind": "item",
            "name": "Taco",
            "menu_item_id": taco["id"],
            "unit": None,
            "is_counted": True,
            "on_hand": 7,
            "reserved": 0,
            "available": 7,
            "low_at": None,
            "is_low": False,
            "used_by": 0,
        },
    ]
    await desk.done("PATCH", f"/menu_items/{taco['id']}", {"name": "Zaco"})
    assert [each["name"] for each in await stocks(desk, "?kind=item")] == ["Zaco"]


async def test_the_list_comes_in_pages_by_name_whatever_its_case(desk):
    names = ["basil", "Anise", "cumin", "Basil", "Dill", "e"]
    for name in names:
        await ingredient(desk, name=name)
    found, query = [], "?limit=2"
    while query:
        page = await desk.done("GET", f"{desk.path}/stocks{query}")
        assert len(page["data"]) <= 2
        found += [each["name"] for each in page["data"]]
        query = page["next"] and f"?limit=2&cursor={page['next']}"

    assert [name.lower() for name in found] == sorted(map(str.lower, names))
    assert set(found) == set(names)


async def test_low_is_what_has_its_mark_or_less_available(desk):
    for name, has, low_at in (("a", 5, 5), ("b", 6, 5), ("c", 0, 0), ("d", 0, None)):
        await ingredient(desk, name=name, on_hand=has, low_at=low_at)

    assert [each["name"] for each in await stocks(desk, "?low=1")] == ["a", "c"]
    assert [e["is_low"] for e in await stocks(desk)] == [True, False, True, False]
    assert await stocks(desk, "?low=1&kind=item") == []


async def test_a_restaurant_sees_its_own_stock_only(desk, make_wallet, client):
    from harness.desk import open_desk

    flour = await ingredient(desk)
    other = await open_desk(client, await make_wallet(), desk.wallet)

    assert await stocks(other) == []
    for method, path in (
        ("GET", f"/stocks/{flour['id']}/movements"),
        ("PATCH", f"/stocks/{flour['id']}"),
        ("DELETE", f"/stocks/{flour['id']}"),
    ):
        body = {"low_at": 1} if method == "PATCH" else None
        assert (await other.call(method, path, body)).status_code == 404
    response = await move(other, (flour["id"], "receive", 1))
    assert refusal(response) == (422, "stock.unknown", "movements.0.stock_id")
    assert await on_hand(desk, flour["id"]) == 500


# --- ingredients -----------------------------------------------------------------


async def test_an_ingredient_begins_with_its_first_count(desk):
    made = await ingredient(desk)
    empty = await desk.done(
        "POST", f"{desk.path}/ingredients", {"name": "Salt", "unit": "g"}
    )

    assert (made["on_hand"], made["low_at"], made["is_low"]) == (500, 100, False)
    assert (empty["on_hand"], empty["low_at"], empty["kind"]) == (0, None, "ingredient")
    assert await history(desk, made["id"]) == [("count", 500, 500, 500)]
    assert await history(desk, empty["id"]) == []
    told = [p for e, p in await desk.events() if e == "stock.ingredient_added"]
    assert told[0] == {
        "stock_id": made["id"],
        "name": "Flour",
        "unit": "g",
        "low_at": 100,
    }
    assert (await checked(desk))["stocks"] == 2


async def test_an_ingredient_is_made_once_per_key(desk):
    key = {"Idempotency-Key": uuid.uuid4().hex}
    path = f"{desk.path}/ingredients"
    first = await desk.call("POST", path, FLOUR, headers=key)
    again = await desk.call("POST", path, FLOUR, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert len(await stocks(desk)) == 1


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"name": ""}, (422, "text.invalid", "name")),
        ({"name": " "}, (422, "text.invalid", "name")),
        ({"name": "x" * 121}, (422, "text.invalid", "name")),
        ({"name": "A\u202eB"}, (422, "text.invalid", "name")),
        ({"name": 5}, (422, "field.invalid", "name")),
        ({"unit": ""}, (422, "text.invalid", "unit")),
        ({"unit": "x" * 21}, (422, "text.invalid", "unit")),
        ({"unit": None}, (422, "field.invalid", "unit")),
        ({"on_hand": -1}, (422, "field.invalid", "on_hand")),
        ({"on_hand": 1.5}, (422, "field.invalid", "on_hand")),
        ({"on_hand": True}, (422, "field.invalid", "on_hand")),
        ({"on_hand": "2"}, (422, "field.invalid", "on_hand")),
        ({"on_hand": 1_000_001}, (422, "field.invalid", "on_hand")),
        ({"low_at": -1}, (422, "field.invalid", "low_at")),
        ({"low_at": 2**63}, (422, "field.invalid", "low_at")),
        ({"low_at": False}, (422, "field.invalid", "low_at")),
    ],
)
async def test_a_wrong_ingredient_is_refused(desk, changes, refused):
    path = f"{desk.path}/ingredients"
    response = await desk.call("POST", path, {**FLOUR, **changes})

    assert refusal(response) == refused
    assert await stocks(desk) == []


async def test_two_ingredients_never_have_one_name(desk):
    await ingredient(desk)
    salt = await ingredient(desk, name="Salt")

    response = await desk.call("POST", f"{desk.path}/ingredients", FLOUR)
    assert refusal(response) == (409, "stock.name", "name")
    response = await desk.call("PATCH", f"/stocks/{salt['id']}", {"name": "Flour"})
    assert refusal(response) == (409, "stock.name", "name")


async def test_an_ingredient_changes_what_is_sent(desk):
    flour = await ingredient(desk)
    path = f"/stocks/{flour['id']}"
    before = await desk.events()

    same = await desk.done("PATCH", path, {"name": "Flour", "low_at": 100})
    assert same == flour
    assert await desk.events() == before
    body = {"name": "Harina", "unit": "kg", "low_at": None}
    changed = await desk.done("PATCH", path, body, who="manager")
    assert changed == {**flour, **body}
    [(event, told)] = (await desk.events())[len(before) :]
    assert (event, told) == (
        "stock.ingredient_changed",
        {"stock_id": flour["id"], "changed": body},
    )
    for wrong in ({"name": None}, {"unit": None}, {"name": ""}, {"low_at": -1}):
        response = await desk.call("PATCH", path, wrong)
        assert refusal(response)[::2] == (422, next(iter(wrong)))


async def test_of_the_menus_own_stock_only_the_mark_is_set_here(desk):
    tree = await desk.put_menu({"name": "Taco", "price": "1", "stock": 7})
    path = f"/stocks/{tree['categories'][0]['items'][0]['id']}"

    changed = await desk.done("PATCH", path, {"low_at": 7})
    assert (changed["low_at"], changed["is_low"]) == (7, True)
    for name in ("name", "unit"):
        response = await desk.call("PATCH", path, {name: "x"})
        assert refusal(response) == (422, "field.invalid", name)
    response = await desk.call("DELETE", path)
    assert refusal(response) == (409, "stock.of_menu", None)


async def test_a_removed_ingredient_leaves_an_even_ledger(desk):
    flour = await ingredient(desk)
    response = await desk.call("DELETE", f"/stocks/{flour['id']}")

    assert response.status_code == 204
    assert await stocks(desk) == []
    found = await checked(desk)
    assert (found["stocks"], found["movements"]) == (0, 2)
    assert (await desk.events())[-1][0] == "stock.ingredient_removed"
    again = await desk.call("DELETE", f"/stocks/{flour['id']}")
    assert again.status_code == 404
    await ingredient(desk)  # its name is free again


# --- movements -------------------------------------------------------------------


async def test_every_kind_moves_as_it_says(desk):
    flour = (await ingredient(desk))["id"]

    made = await moved(
        desk,
        (flour, "receive", 20),
        (flour, "waste", 5),
        (flour, "adjust", -10),
        (flour, "adjust", 1),
        (flour, "count", 300),
        reason="Monday",
    )
    assert [(m["kind"], m["on_hand_delta"], m["on_hand"]) for m in made] == [
        ("receive", 20, 520),
        ("waste", -5, 515),
        ("adjust", -10, 505),
        ("adjust", 1, 506),
        ("count", -206, 300),
    ]
    page = await desk.done("GET", f"/stocks/{flour}/movements")
    assert page["data"][:5] == made[::-1]
    assert page["next"] is None
    assert made[0] == {
        "stock_id": flour,
        "seq": 2,
        "at": made[0]["at"],
        "kind": "receive",
        "quantity": 20,
        "on_hand_delta": 20,
        "reserved_delta": 0,
        "on_hand": 520,
        "reserved": 0,
        "reason": "Monday",
        "actor": "owner",
        "order_id": None,
        "order_number": None,
    }
    assert (await checked(desk))["movements"] == 6


async def test_the_journal_tells_each_kind_once(desk):
    flour = (await ingredient(desk))["id"]
    before = len(await desk.events())
    await moved(
        desk,
        (flour, "receive", 2),
        (flour, "waste", 1),
        (flour, "receive", 3),
        reason="new week",
    )

    assert (await desk.events())[before:] == [
        (
            "stock.received",
            {
                "movements": [
                    {"stock_id": flour, "quantity": 2},
                    {"stock_id": flour, "quantity": 3},
                ],
                "count": 2,
                "reason": "new week",
            },
        ),
        (
            "stock.wasted",
            {
                "movements": [{"stock_id": flour, "quantity": 1}],
                "count": 1,
                "reason": "new week",
            },
        ),
    ]


async def test_history_comes_in_pages_newest_first(desk):
    flour = (await ingredient(desk, on_hand=1))["id"]
    for quantity in (1, 2, 3, 4):
        await moved(desk, (flour, "receive", quantity))
    found, query = [], "?limit=2"
    while query:
        page = await desk.done("GET", f"/stocks/{flour}/movements{query}")
        found += [row["seq"] for row in page["data"]]
        query = page["next"] and f"?limit=2&cursor={page['next']}"

    assert found == [5, 4, 3, 2, 1]


async def test_movements_are_entered_once_per_key(desk):
    flour = (await ingredient(desk))["id"]
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = await move(desk, (flour, "receive", 5), headers=key)
    again = await move(desk, (flour, "receive", 5), headers=key)
    other = await move(desk, (flour, "receive", 6), headers=key)

    assert first.json() == again.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert refusal(other)[:2] == (422, "idempotency.mismatch")
    assert await on_hand(desk, flour) == 505


async def test_a_count_begins_to_count_and_a_correction_does_not(desk):
    tree = await desk.put_menu({"name": "Taco", "price": "1"})
    taco = tree["categories"][0]["items"][0]["id"]

    for kind, quantity in (("receive", 5), ("waste", 1), ("adjust", 1)):
        response = await move(desk, (taco, kind, quantity), reason="x")
        place = "movements.0.stock_id"
        assert refusal(response) == (409, "stock.not_counted", place)
    assert await stocks(desk) == []
    [made] = await moved(desk, (taco, "count", 4))  # the first needs no reason
    assert (made["on_hand_delta"], made["on_hand"]) == (4, 4)
    assert (await desk.tree())["categories"][0]["items"][0]["stock"] == 4
    await desk.done("PATCH", f"/menu_items/{taco}", {"stock": None})
    [found] = await stocks(desk)
    assert (found["is_counted"], found["on_hand"]) == (False, 0)
    response = await move(desk, (taco, "receive", 5))
    assert refusal(response)[:2] == (409, "stock.not_counted")
    assert (await moved(desk, (taco, "count", 9)))[0]["on_hand"] == 9
    await checked(desk)


async def test_a_dish_is_back_at_once_when_it_was_counted(desk):
    tree = await desk.put_menu({"name": "Taco", "price": "1", "stock": 0})
    taco = tree["categories"][0]["items"][0]["id"]

    async def is_available() -> bool:
        [item] = (await desk.menu())["categories"][0]["items"]
        return item["is_available"]

    assert not await is_available()
    await moved(desk, (taco, "receive", 2))
    assert await is_available()
    await moved(desk, (taco, "waste", 2), reason="dropped")
    assert not await is_available()


async def test_what_is_not_there_cannot_go_and_then_nothing_moves(desk):
    flour = (await ingredient(desk, on_hand=5))["id"]
    salt = (await ingredient(desk, name="Salt", on_hand=5))["id"]
    before = await snapshot(desk.id)

    for kind, quantity in (("waste", 6), ("adjust", -6)):
        response = await move(
            desk, (salt, "receive", 9), (flour, kind, quantity), reason="x"
        )
        assert refusal(response)[:2] == (409, "stock.short")
        assert response.json()["stock_id"] == flour
        assert response.json()["left"] == 5
    assert await snapshot(desk.id) == before
    assert (await on_hand(desk, flour), await on_hand(desk, salt)) == (5, 5)


async def test_there_is_never_more_than_a_million_of_anything(desk):
    flour = (await ingredient(desk, on_hand=1_000_000))["id"]

    response = await move(desk, (flour, "receive", 1))
    assert refusal(response)[:2] == (422, "field.invalid")
    assert await on_hand(desk, flour) == 1_000_000


async def test_a_reason_is_asked_for_where_something_vanishes(desk):
    flour = (await ingredient(desk, on_hand=5))["id"]

    for kind, quantity in (("waste", 1), ("adjust", 1), ("adjust", -1), ("count", 4)):
        for reason in (None, "", "  "):
            response = await move(desk, (flour, kind, quantity), reason=reason)
            assert refusal(response) == (422, "stock.reason", "reason"), kind
    assert await on_hand(desk, flour) == 5
    await moved(desk, (flour, "count", 5))
    await moved(desk, (flour, "receive", 2), (flour, "count", 7))
    assert await on_hand(desk, flour) == 7


@pytest.mark.parametrize("quantity", [True, 1.5, 2.0, "2", None, [], 2**70])
@pytest.mark.parametrize("kind", ["receive", "count"])
async def test_only_whole_numbers_are_quantities(desk, kind, quantity):
    flour = (await ingredient(desk))["id"]
    response = await move(desk, (flour, kind, quantity), reason="x")

    assert refusal(response) == (422, "field.invalid", "movements.0.quantity")
    assert await on_hand(desk, flour) == 500


@pytest.mark.parametrize(
    ("kind", "quantity"),
    [
        *(("receive", 0), ("receive", -1), ("receive", 1_000_001)),
        *(("waste", 0), ("waste", -1), ("adjust", 0), ("adjust", -1_000_001)),
        *(("count", -1), ("count", 1_000_001)),
    ],
)
async def test_a_quantity_out_of_bounds_is_named(desk, kind, quantity):
    flour = (await ingredient(desk))["id"]
    response = await move(
        desk, (flour, "receive", 1), (flour, kind, quantity), reason="x"
    )

    assert refusal(response) == (422, "field.invalid", "movements.1.quantity")
    assert await on_hand(desk, flour) == 500


@pytest.mark.parametrize("kind", ["reserve", "commit", "cancel", "refund", "x", 1])
async def test_orders_movements_are_nobodys_to_enter(desk, kind):
    flour = (await ingredient(desk))["id"]
    response = await move(desk, (flour, kind, 1), reason="x")

    assert refusal(response) == (422, "field.invalid", "movements.0.kind")


async def test_unknown_stock_is_refused_with_its_place(desk):
    flour = (await ingredient(desk))["id"]
    for odd in ("nobody", "", "x" * 3000, "' OR 1=1 --"):
        response = await move(desk, (flour, "receive", 1), (odd, "receive", 1))
        assert refusal(response) == (422, "stock.unknown", "movements.1.stock_id")
    assert refusal(await move(desk)) == (422, "field.invalid", "movements")
    many = [(flour, "receive", 1)] * 501
    assert refusal(await move(desk, *many)) == (422, "field.invalid", "movements")
    response = await move(desk, (flour, "waste", 1), reason="x" * 501)
    assert refusal(response) == (422, "text.invalid", "reason")
    assert await on_hand(desk, flour) == 500


@pytest.mark.parametrize("who", ["pos", "kds"])
async def test_devices_receive_and_waste_only(desk, who):
    flour = (await ingredient(desk))["id"]

    made = await moved(
        desk, (flour, "receive", 5), (flour, "waste", 1), who=who, reason="dropped"
    )
    assert made[0]["actor"].startswith(f"{who}:")
    for kind in ("count", "adjust"):
        response = await move(desk, (flour, kind, 5), who=who, reason="x")
        assert refusal(response)[:2] == (403, "stock.role")
    assert await on_hand(desk, flour) == 504


# --- proof -----------------------------------------------------------------------


async def test_a_figure_that_moved_by_itself_is_found(desk):
    from restaurant.crud import transaction

    flour = (await ingredient(desk))["id"]
    await ingredient(desk, name="Salt")
    found = await checked(desk)
    assert (found["stocks"], found["movements"], found["differences"]) == (2, 2, [])
    async with transaction() as conn:
        await conn.run(
            "UPDATE restaurant.stocks SET on_hand = 499 WHERE id = :id", id=flour
        )

    found = await desk.done("GET", f"{desk.path}/stock/check", who="reader")
    assert not found["is_equal"]
    assert found["differences"] == [
        {
            "stock_id": flour,
            "name": "Flour",
            "problem": "figures",
            "seq": None,
            "on_hand": 499,
            "on_hand_of_ledger": 500,
            "reserved": 0,
            "reserved_of_ledger": 0,
        }
    ]
