"""Combos over HTTP: managing them, and what guests see of them."""

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from harness import API
from harness.desk import Desk
from harness.shop import Shop

KEY = {"Idempotency-Key": "one-key-for-one-combo"}
ITEMS = (
    {"name": "Taco", "price": "45.00", "stock": 2},
    {"name": "Agua", "price": "10.00"},
    {"name": "Cola", "price": "2.00", "currency": "USD"},
    {"name": "Secret", "price": "1.00", "is_hidden": True},
)


async def with_menu(desk: Desk) -> dict[str, str]:
    """The ids of the items by their names."""
    tree = await desk.put_menu(*ITEMS)
    return {item["name"]: item["id"] for item in tree["categories"][0]["items"]}


def a_group(*item_ids: str, **values: Any) -> dict[str, Any]:
    options = [{"menu_item_id": each} for each in item_ids]
    return {"name": "Main", "options": options, **values}


async def made(desk: Desk, *groups: Any, **body: Any) -> Any:
    sent = {"name": "Lunch", "price": "50", "groups": list(groups), **body}
    return await desk.done("POST", f"{desk.path}/combos", sent)


async def refused(desk: Desk, method: str, path: str, body: Any) -> tuple[int, str]:
    response = await desk.call(method, path, body)
    return response.status_code, response.json()["code"]


async def version(desk: Desk) -> int:
    return int((await desk.tree())["version"])


async def test_a_combo_is_stored_as_it_was_sent(desk: Desk) -> None:
    ids = await with_menu(desk)
    schedule = {
        "windows": [{"days": [0, 1], "starts": "11:00", "ends": "14:00"}],
        "first_day": None,
        "last_day": "2026-12-31",
    }
    drink = {
        "name": "Drink",
        "min": 0,
        "max": 2,
        "options": [
            {"menu_item_id": ids["Taco"], "surcharge": "2.50"},
            {"menu_item_id": ids["Agua"]},
        ],
    }
    sent = {
        "name": "Lunch <b>",
        "description": "Two\nlines",
        "image_url": "/lunch.png",
        "position": 3,
        "price": 50,
        "currency": "GTQ",
        "groups": [a_group(ids["Taco"]), drink],
        "schedule": schedule,
        "is_active": False,
    }

    response = await desk.call("POST", f"{desk.path}/combos", sent, "manager")

    assert response.status_code == 201
    stored = response.json()
    shown = {name: stored.pop(name) for name in ("id", "created_at")}
    group_ids = [group.pop("id") for group in stored["groups"]]
    assert stored == {
        **sent,
        "restaurant_id": desk.id,
        "price": "50.00",
        "groups": [
            {
                "name": "Main",
                "min": 1,
                "max": 1,
                "options": [{"menu_item_id": ids["Taco"], "surcharge": "0.00"}],
            },
            {
                **drink,
                "options": [
                    {"menu_item_id": ids["Taco"], "surcharge": "2.50"},
                    {"menu_item_id": ids["Agua"], "surcharge": "0.00"},
                ],
            },
        ],
    }
    assert len(set(group_ids)) == 2
    for who in ("owner", "manager", "pos", "kds"):
        again = await desk.done("GET", f"/combos/{shown['id']}", who=who)
        assert [group.pop("id") for group in again["groups"]] == group_ids
        assert again == {**stored, **shown}


async def test_combos_are_shown_in_order_and_new_ones_come_last(desk: Desk) -> None:
    ids = await with_menu(desk)
    for name, values in (("a", {}), ("b", {}), ("zero", {"position": 0})):
        await made(desk, a_group(ids["Taco"]), name=name, **values)

    page = await desk.done("GET", f"{desk.path}/combos")

    assert [each["name"] for each in page["data"]] == ["a", "zero", "b"]
    assert page["next"] is None
    assert [each["name"] for each in (await desk.menu())["combos"]] == [
        "a",
        "zero",
        "b",
    ]


async def test_the_same_key_makes_one_combo(desk: Desk) -> None:
    ids = await with_menu(desk)
    path = f"{desk.path}/combos"
    body = {"name": "A", "price": "1", "groups": [a_group(ids["Agua"])]}

    first = await desk.call("POST", path, body, headers=KEY)
    again = await desk.call("POST", path, body, headers=KEY)

    assert again.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"
    assert len((await desk.done("GET", path))["data"]) == 1


async def test_groups_keep_their_ids_when_they_are_sent_along(desk: Desk) -> None:
    ids = await with_menu(desk)
    old = await made(desk, a_group(ids["Taco"]), a_group(ids["Agua"]))
    first, second = old["groups"]

    new = await desk.done(
        "PATCH",
        f"/combos/{old['id']}",
        {"groups": [a_group(ids["Agua"]), {**first, "name": "Mains"}]},
    )

    fresh, kept = new["groups"]
    assert kept == {**first, "name": "Mains"}
    assert fresh["id"] not in (first["id"], second["id"])
    assert new == {**old, "groups": new["groups"]}


async def test_every_change_is_journalled_and_a_new_version(desk: Desk) -> None:
    ids = await with_menu(desk)

    stored = await made(desk, a_group(ids["Taco"]))
    path = f"/combos/{stored['id']}"
    await desk.done("PATCH", path, {"price": "55", "name": "Lunch"}, who="manager")
    events, before = await desk.events(), await version(desk)
    await desk.done("PATCH", path, {"price": 55})
    assert (await desk.events(), await version(desk)) == (events, before)
    assert (await desk.call("DELETE", path)).status_code == 204

    added, changed, removed = (await desk.events())[-3:]
    fixed = ("id", "restaurant_id", "created_at")
    told = {name: value for name, value in stored.items() if name not in fixed}
    assert added == ("combo.added", {"combo_id": stored["id"], **told})
    assert changed == (
        "combo.changed",
        {
            "combo_id": stored["id"],
            "changed": {"price": "55.00"},
            "before": {"price": "50.00"},
        },
    )
    assert removed == ("combo.removed", {"combo_id": stored["id"], "name": "Lunch"})
    assert (before, await version(desk)) == (4, 5)
    assert (await desk.call("GET", path)).status_code == 404


# --- refusals -----------------------------------------------------------------------


async def test_a_combo_offers_only_items_of_its_own_menu_and_currency(
    desk: Desk,
) -> None:
    ids = await with_menu(desk)
    path = f"{desk.path}/combos"
    body = {"name": "Thief", "currency": "GTQ"}
    thief = await desk.done("POST", "/restaurants", body)

    def wanted(*groups: Any, **more: Any) -> dict[str, Any]:
        return {"name": "A", "price": "1", "groups": list(groups), **more}

    taco, cola = a_group(ids["Taco"]), a_group(ids["Cola"])
    other = f"/restaurants/{thief['id']}/combos"
    assert await refused(desk, "POST", other, wanted(taco)) == (422, "combo.item")
    mixed = wanted(taco, cola)
    assert await refused(desk, "POST", path, mixed) == (422, "combo.currency")
    dollars = wanted(taco, currency="USD")
    assert await refused(desk, "POST", path, dollars) == (422, "combo.currency")
    twice = wanted(a_group(ids["Taco"], ids["Taco"]))
    assert await refused(desk, "POST", path, twice) == (422, "combo.duplicate")
    nothing = wanted({**taco, "min": 0})
    assert await refused(desk, "POST", path, nothing) == (422, "combo.range")
    assert (await desk.done("GET", path))["data"] == []

    made_in_dollars = await made(desk, cola, currency="USD", price="1.5")
    assert made_in_dollars["price"] == "1.50"


async def test_there_is_a_most_of_combos(
    desk: Desk, restaurant_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.core import limits

    ids = await with_menu(desk)
    monkeypatch.setattr(limits, "COMBOS_MAX", 0)

    body = {"name": "A", "price": "1", "groups": [a_group(ids["Agua"])]}
    expected = (409, "combos.too_many")
    assert await refused(desk, "POST", f"{desk.path}/combos", body) == expected


# --- what guests see ----------------------------------------------------------------


async def test_guests_see_what_they_may_choose(desk: Desk) -> None:
    ids = await with_menu(desk)
    mains = a_group(ids["Taco"], ids["Secret"])
    stored = await made(desk, mains, a_group(ids["Agua"], min=0, max=3))
    await made(desk, mains, name="Off", is_active=False)

    [combo] = (await desk.menu())["combos"]

    def option(name: str) -> dict[str, Any]:
        return {"menu_item_id": ids[name], "surcharge": "0.00", "is_available": True}

    assert combo == {
        "id": stored["id"],
        "name": "Lunch",
        "description": "",
        "image_url": None,
        "price": "50.00",
        "currency": "GTQ",
        "is_available": True,
        "groups": [
            {
                "id": stored["groups"][0]["id"],
                "name": "Main",
                "min": 1,
                "max": 1,
                "options": [option("Taco")],
            },
            {
                "id": stored["groups"][1]["id"],
                "name": "Main",
                "min": 0,
                "max": 3,
                "options": [option("Agua")],
            },
        ],
    }


async def test_a_combo_follows_the_menu(desk: Desk) -> None:
    ids = await with_menu(desk)
    stored = await made(desk, a_group(ids["Taco"], ids["Agua"], min=3, max=3))
    path = f"/menu_items/{ids['Agua']}"

    async def seen() -> tuple[bool, list[bool]]:
        [combo] = (await desk.menu())["combos"]
        options = combo["groups"][0]["options"]
        return combo["is_available"], [each["is_available"] for each in options]

    assert await seen() == (True, [True, True])
    await desk.done("PATCH", path, {"is_available": False})
    assert await seen() == (False, [True, False])
    await desk.done("PATCH", path, {"is_available": True, "stock": 1})
    assert await seen() == (True, [True, True])
    await desk.put_menu({"id": ids["Taco"], **ITEMS[0]})
    assert await seen() == (False, [True])

    shown = await desk.done("GET", f"/combos/{stored['id']}")
    assert shown == stored
    kept = await desk.done(
        "PATCH", f"/combos/{stored['id']}", {"groups": shown["groups"], "name": "B"}
    )
    assert kept == {**stored, "name": "B"}


async def test_an_item_that_comes_back_by_itself_brings_its_combo_back(
    desk: Desk, quiet: None
) -> None:
    from restaurant.core.times import rfc3339
    from restaurant.flows.menus import public_menu

    ids = await with_menu(desk)
    await made(desk, a_group(ids["Agua"]))
    back = 4_000_000_000_000
    body = {"is_available": False, "available_again_at": rfc3339(back)}
    await desk.done("PATCH", f"/menu_items/{ids['Agua']}", body)

    seen = []
    for moment in (back - 1, back):
        public = await public_menu(desk.id, moment)
        seen.append(json.loads(public.body)["combos"][0]["is_available"])

    assert seen == [False, True]


async def test_a_lunch_menu_comes_and_goes_by_the_clock_alone(
    desk: Desk, quiet: None
) -> None:
    from restaurant.flows.menus import public_menu

    ids = await with_menu(desk)
    window = {"days": [0], "starts": "11:00", "ends": "14:00"}
    await made(desk, a_group(ids["Taco"]), schedule={"windows": [window]})
    seen = []
    for clock in ("10:59:59", "11:00:00", "13:59:59", "14:00:00"):
        moment = datetime.fromisoformat(f"2026-09-21T{clock}+00:00")
        assert moment.tzinfo == timezone.utc
        public = await public_menu(desk.id, int(moment.timestamp() * 1000))
        seen.append((len(json.loads(public.body)["combos"]), public.etag))

    assert [count for count, _ in seen] == [0, 1, 1, 0]
    assert len({tag for _, tag in seen}) == 3


# --- what guests pay ----------------------------------------------------------------


async def test_guests_pay_the_price_of_the_combo_that_they_see(shop: Shop) -> None:
    own = f"{API}/restaurants/{shop.id}"
    agua, flan = shop.item("Agua")["id"], shop.item("Flan")["id"]
    drink = a_group(agua)
    dessert = a_group(flan, min=0)
    dessert["options"][0]["surcharge"] = "4.50"
    body = {"name": "Small", "price": "7.25", "groups": [drink, dessert]}
    headers = shop.wallet.admin
    response = await shop.client.post(f"{own}/combos", json=body, headers=headers)
    assert response.status_code == 201, response.text
    [seen] = (await shop.client.get(f"{own}/menu")).json()["combos"]

    for chosen, total in (([agua], "14.50"), ([agua, flan], "23.50")):
        choices = [{"menu_item_id": each} for each in chosen]
        line = {"combo_id": seen["id"], "quantity": 2, "choices": choices}
        quote = await shop.quote(shop.cart(line))
        assert quote.status_code == 200, quote.text
        assert quote.json()["total"] == total
