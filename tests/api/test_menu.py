"""The menu over HTTP: uploads, what everybody sees, one-tap changes, the cache."""

import asyncio
import gzip
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from harness import API
from harness.desk import Desk

HOUR = 3_600_000
TACO = {
    "name": "Tacos <b>& más</b>",
    "description": "Two\nlines 🌮",
    "image_url": "/restaurant/static/taco.svg",
    "price": "45.00",
    "tax_rate": "12",
    "tax_rates": {"dine_in": "19", "pickup": "7"},
    "stock": 3,
    "allergens": ["corn"],
    "modifier_groups": [
        {
            "name": "Tortilla",
            "min": 1,
            "max": 1,
            "modifiers": [
                {"name": "Maíz"},
                {"name": "Harina", "price_delta": "-0.50"},
            ],
        }
    ],
}
ITEM = {
    *("id", "name", "description", "image_url", "price", "currency", "tax_rate"),
    *("stock", "is_available", "available_again_at", "is_hidden", "allergens"),
    *("modifier_groups", "tax_rates", "schedule", "order_types", "reserved"),
}
PUBLIC_ITEM = ITEM - {"stock", "reserved", "is_hidden", "schedule"} | {"left"}


def items_of(tree: Any) -> list[Any]:
    return [item for category in tree["categories"] for item in category["items"]]


def in_an_hour(at: int) -> str:
    from restaurant.core.times import rfc3339

    return rfc3339(at + HOUR)


@contextmanager
def counted_queries(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that the extension runs meanwhile."""
    from restaurant import crud

    seen: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("all", "one", "run"):
            original = getattr(crud.Conn, name)

            def watched(conn: Any, query: str, _run: Any = original, **v: Any) -> Any:
                seen.append(query)
                return _run(conn, query, **v)

            patch.setattr(crud.Conn, name, watched)
        yield seen


# --- uploads -----------------------------------------------------------------------


async def test_the_stored_tree_is_the_answer(desk: Desk) -> None:
    tree = await desk.put_menu(TACO, station="bar")

    assert set(tree) == {"restaurant_id", "version", "currency", "categories"}
    assert (tree["restaurant_id"], tree["version"]) == (desk.id, 2)
    [category] = tree["categories"]
    assert (category["name"], category["station"]) == ("Food", "bar")
    [item] = category["items"]
    assert set(item) == ITEM
    kept = {name: value for name, value in TACO.items() if name != "modifier_groups"}
    assert {name: item[name] for name in kept} == kept
    [group] = item["modifier_groups"]
    assert [m["price_delta"] for m in group["modifiers"]] == ["0.00", "-0.50"]
    assert await desk.tree() == tree


async def test_ids_of_ours_stay_and_aliases_become_fresh(desk: Desk) -> None:
    first = await desk.put_menu({**TACO, "id": "alias"})
    [taco] = items_of(first)
    other = {"id": "alias", "name": "Other", "price": 1}

    second = await desk.put_menu(taco, other, id=first["categories"][0]["id"])

    assert taco["id"] != "alias"
    assert second["categories"][0]["id"] == first["categories"][0]["id"]
    kept, made = items_of(second)
    assert kept == taco
    assert made["id"] not in ("alias", taco["id"])


async def test_ids_of_another_restaurant_are_only_aliases(desk: Desk) -> None:
    [taco] = items_of(await desk.put_menu(TACO))
    body = {"name": "Thief", "currency": "GTQ"}
    thief = await desk.done("POST", "/restaurants", body)
    tree = {"categories": [{"name": "Food", "items": [{**taco, "price": "0.99"}]}]}

    stored = await desk.done("PUT", f"/restaurants/{thief['id']}/menu", tree)

    [stolen] = items_of(stored)
    assert stolen["id"] != taco["id"]
    groups = [item["modifier_groups"][0]["id"] for item in (stolen, taco)]
    assert groups[0] != groups[1]
    assert items_of(await desk.tree()) == [taco]


async def test_the_live_stock_stays_unless_it_is_set(desk: Desk) -> None:
    [taco] = items_of(await desk.put_menu(TACO))
    await desk.done("PATCH", f"/menu_items/{taco['id']}", {"stock": 1})

    kept = items_of(await desk.put_menu({**taco, "stock": 50}))
    set_anew = items_of(await desk.put_menu({**taco, "stock": 50, "stock_set": True}))

    assert kept[0]["stock"] == 1
    assert set_anew[0]["stock"] == 50


async def test_a_sale_during_an_upload_is_not_lost(
    desk: Desk, restaurant_module: Any
) -> None:
    from restaurant import services
    from restaurant.crud import transaction
    from restaurant.features.restaurants import crud as restaurants
    from restaurant.features.stock.models import MoveKind, Wanted
    from restaurant.flows.stocking import move
    from restaurant.models import SYSTEM

    [taco] = items_of(await desk.put_menu({**TACO, "stock": 1_000}))
    one = [Wanted(taco["id"], MoveKind.WASTE, 1)]

    async def sell() -> None:
        async with transaction() as conn:
            restaurant = await restaurants.lock(conn, desk.id)
            await move(conn, restaurant, one, "eaten", SYSTEM, 1_790_000_000_000)

    await asyncio.gather(
        *(sell() for _ in range(20)), *(desk.put_menu(taco) for _ in range(5))
    )

    [after] = items_of(await desk.tree())
    assert after["stock"] == 980
    assert await services.verify_stock(desk.id) == []


async def test_an_upload_of_an_older_version_is_refused(desk: Desk) -> None:
    tree = await desk.put_menu(TACO)
    path, old = f"{desk.path}/menu", {"If-Match": str(tree["version"])}

    first = await desk.call("PUT", path, tree, headers=old)
    second = await desk.call("PUT", path, tree, headers=old)
    response = await desk.call("GET", f"{path}?all=1")
    by_etag = await desk.call(
        "PUT", path, tree, headers={"If-Match": response.headers["etag"]}
    )

    assert (first.status_code, second.status_code, by_etag.status_code) == (
        200,
        412,
        200,
    )
    assert second.json()["code"] == "menu.changed"
    assert second.json()["version"] == tree["version"] + 1


async def test_a_sale_does_not_disturb_an_editor(
    desk: Desk, restaurant_module: Any
) -> None:
    from restaurant.crud import transaction
    from restaurant.features.restaurants import crud as restaurants

    tree = await desk.put_menu(TACO)
    async with transaction() as conn:
        await restaurants.bump_stock_version(conn, desk.id)

    version = {"If-Match": str(tree["version"])}
    response = await desk.call("PUT", f"{desk.path}/menu", tree, headers=version)

    assert response.status_code == 200


async def test_every_fault_is_listed_and_nothing_is_stored(desk: Desk) -> None:
    before = await desk.put_menu(TACO)
    events = await desk.events()
    tree = {
        "categories": [
            {"name": "Good", "items": [{"name": "Good", "price": "1"}]},
            {
                "items": [
                    {"name": "bidi \u202e", "price": "NaN"},
                    {
                        "name": "Minus",
                        "price": "5",
                        "modifier_groups": [
                            {
                                "name": "G",
                                "modifiers": [{"name": "M", "price_delta": "-1"}],
                            }
                        ],
                    },
                ]
            },
        ]
    }

    response = await desk.call("PUT", f"{desk.path}/menu", tree)

    assert response.status_code == 422
    answer = response.json()
    assert answer["code"] == "menu.invalid"
    assert answer["fault_count"] == 4
    assert {(fault["path"], fault["code"]) for fault in answer["faults"]} == {
        ("categories[1].name", "field.missing"),
        ("categories[1].items[0].name", "text.invalid"),
        ("categories[1].items[0].price", "field.invalid"),
        ("categories[1].items[1].price", "price.below_zero"),
    }
    assert all(fault["detail"].endswith(".") for fault in answer["faults"])
    assert await desk.tree() == before
    assert await desk.events() == events


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "body.json"),
        (b"nope", 400, "body.json"),
        (b"[]", 400, "body.object"),
        (b'{"categories": [NaN]}', 400, "body.json"),
        (b'{"categories": ' + b"[" * 1_000_000, 400, "body.depth"),
        (b'{"categories": "' + b"x" * 8 * 1024 * 1024 + b'"}', 413, "body.too_large"),
        (b"{}", 422, "menu.invalid"),
        (b'{"categories": [' + b"1," * 3_000_000 + b"1]}", 422, "menu.invalid"),
    ],
)
async def test_a_body_that_is_no_menu(
    desk: Desk, raw: bytes, status: int, code: str
) -> None:
    response = await desk.call("PUT", f"{desk.path}/menu", content=raw)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert len(response.content) < 100_000


async def test_a_text_that_never_ends_costs_no_time(desk: Desk) -> None:
    raw = b'{"categories": "' + b'\\"' * 40_000

    began = time.monotonic()
    response = await desk.call("PUT", f"{desk.path}/menu", content=raw)

    assert (response.status_code, response.json()["code"]) == (400, "body.json")
    assert time.monotonic() - began < 3


async def test_only_the_menu_may_be_large(desk: Desk) -> None:
    [taco] = items_of(await desk.put_menu(TACO))
    raw = json.dumps({"name": "x" * 300_000}).encode()

    response = await desk.call("PATCH", f"/menu_items/{taco['id']}", content=raw)

    assert response.status_code == 413


async def test_a_menu_of_five_thousand_items(
    desk: Desk, quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = {"name": "G", "modifiers": [{"name": "M"}, {"name": "N"}]}
    item = {
        "name": "Item",
        "description": "d" * 300,
        "price": "1",
        "modifier_groups": [group],
    }
    tree = {
        "categories": [
            {"name": f"C{n}", "items": [{**item, "name": f"I{i}"} for i in range(500)]}
            for n in range(10)
        ]
    }

    with counted_queries(monkeypatch) as writing:
        stored = await desk.done("PUT", f"{desk.path}/menu", tree)
    with counted_queries(monkeypatch) as reading:
        public = await desk.menu()

    assert len(items_of(stored)) == len(items_of(public)) == 5_000
    assert [c["name"] for c in public["categories"]] == [f"C{n}" for n in range(10)]
    names = [item["name"] for item in public["categories"][3]["items"]]
    assert names == [f"I{i}" for i in range(500)]
    assert len(writing) <= 22
    assert len(reading) <= 10


async def test_an_upload_is_journalled_with_the_stock_it_changed(desk: Desk) -> None:
    tree = await desk.put_menu(TACO, {"name": "Agua", "price": 10})
    taco, _ = items_of(tree)

    assert (await desk.events())[-1] == (
        "menu.replaced",
        {"version": 2, "categories": 1, "items": 2, "stock": {taco["id"]: 3}},
    )


# --- who may -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may_read", "may_write"),
    [
        ("owner", 200, 200),
        ("manager", 200, 200),
        ("pos", 200, 403),
        ("kds", 200, 403),
        ("printer", 403, 403),
        ("reader", 403, 403),
        ("foreign", 404, 404),
        ("nobody", 401, 401),
        ("unknown", 401, 401),
    ],
)
async def test_who_reads_and_writes_the_tree(
    desk: Desk, who: str, may_read: int, may_write: int
) -> None:
    before = await desk.put_menu(TACO)

    read = await desk.call("GET", f"{desk.path}/menu?all=1", who=who)
    written = await desk.call("PUT", f"{desk.path}/menu", {"categories": []}, who)

    assert (read.status_code, written.status_code) == (may_read, may_write)
    if may_write != 200:
        assert await desk.tree() == before


@pytest.mark.parametrize(
    ("who", "switch", "price"),
    [
        ("owner", 200, 200),
        ("manager", 200, 200),
        ("pos", 200, 403),
        ("kds", 200, 403),
        ("printer", 403, 403),
        ("reader", 403, 403),
        ("foreign", 404, 404),
        ("nobody", 401, 401),
    ],
)
async def test_who_switches_and_who_prices(
    desk: Desk, who: str, switch: int, price: int
) -> None:
    before = await desk.put_menu(TACO)
    [taco] = items_of(before)
    modifier = taco["modifier_groups"][0]["modifiers"][0]
    item_path, modifier_path = (
        f"/menu_items/{taco['id']}",
        f"/modifiers/{modifier['id']}",
    )

    priced = [
        await desk.call("PATCH", item_path, {"is_available": False, "price": 1}, who),
        await desk.call(
            "PATCH", modifier_path, {"is_available": False, "price_delta": 1}, who
        ),
    ]
    unchanged = await desk.tree() == before
    switched = [
        await desk.call("PATCH", item_path, {"is_available": False}, who),
        await desk.call("PATCH", modifier_path, {"is_available": False}, who),
    ]

    assert [each.status_code for each in priced] == [price] * 2
    assert unchanged == (price != 200)
    assert [each.status_code for each in switched] == [switch] * 2
    [after] = items_of(await desk.menu())
    assert after["is_available"] == (switch != 200)


# --- changing one entry ---------------------------------------------------------


async def test_an_item_changes_in_one_tap(desk: Desk) -> None:
    [taco] = items_of(await desk.put_menu(TACO))
    path = f"/menu_items/{taco['id']}"

    changed = await desk.done(
        "PATCH",
        path,
        {"price": 50, "name": "Taco", "is_hidden": False, "stock": None},
        who="manager",
    )

    wanted = {"price": "50.00", "name": "Taco", "stock": None}
    assert changed == {
        **taco,
        **wanted,
        "restaurant_id": desk.id,
        "version": 3,
    }
    assert items_of(await desk.menu())[0]["price"] == "50.00"
    assert (await desk.events())[-2:] == [
        (
            "menu.item_changed",
            {
                "menu_item_id": taco["id"],
                "changed": {"price_minor": 5000, "name": "Taco", "stock": None},
            },
        ),
        (
            "menu.prices_changed",
            {
                "changes": [
                    {
                        "menu_item_id": taco["id"],
                        "from": "45.00",
                        "to": "50.00",
                        "currency": "GTQ",
                    }
                ],
                "more": 0,
            },
        ),
    ]


async def test_a_modifier_changes_in_one_tap(desk: Desk) -> None:
    [taco] = items_of(await desk.put_menu(TACO))
    modifier = taco["modifier_groups"][0]["modifiers"][1]

    changed = await desk.done(
        "PATCH", f"/modifiers/{modifier['id']}", {"price_delta": "2.25"}
    )

    assert changed == {
        **modifier,
        "price_delta": "2.25",
        "menu_item_id": taco["id"],
        "restaurant_id": desk.id,
        "version": 3,
    }
    [item] = items_of(await desk.menu())
    assert item["modifier_groups"][0]["modifiers"][1]["price_delta"] == "2.25"
    assert (await desk.events())[-2:] == [
        (
            "menu.item_changed",
            {
                "menu_item_id": taco["id"],
                "modifier_id": modifier["id"],
                "changed": {"price_delta_minor": 225},
            },
        ),
        (
            "menu.prices_changed",
            {
                "changes": [
                    {
                        "modifier_id": modifier["id"],
                        "from": "-0.50",
                        "to": "2.25",
                        "currency": "GTQ",
                    }
                ],
                "more": 0,
            },
        ),
    ]


async def test_an_item_has_taxes_by_order_type(desk: Desk) -> None:
    [taco, plain] = items_of(await desk.put_menu(TACO, {"name": "Flan", "price": 1}))
    path = f"/menu_items/{taco['id']}"

    rates = {"dine_in": 19.5, "delivery": "0"}
    changed = await desk.done("PATCH", path, {"tax_rates": rates, "tax_rate": "7"})

    wanted = {"tax_rates": {"dine_in": "19.5", "delivery": "0"}, "tax_rate": "7"}
    assert plain["tax_rates"] == {}
    assert {name: changed[name] for name in wanted} == wanted
    for seen in (await desk.menu(), await desk.tree()):
        assert {name: items_of(seen)[0][name] for name in wanted} == wanted
    [(event, told)] = (await desk.events())[-1:]
    assert (event, told["changed"]) == ("menu.item_changed", wanted)

    none = await desk.done("PATCH", path, {"tax_rates": {}, "tax_rate": None})
    assert (none["tax_rates"], none["tax_rate"]) == ({}, None)


async def test_an_upload_journals_the_prices_that_changed(desk: Desk) -> None:
    flan = {"name": "Flan", "price": "30.00"}
    taco, flan = items_of(await desk.put_menu(TACO, flan))
    harina = taco["modifier_groups"][0]["modifiers"][1]
    harina["price_delta"] = "0.25"

    await desk.put_menu(
        {**taco, "price": "46.50"},
        {**flan, "currency": "USD", "price": "5"},
        {"name": "New", "price": "1"},
    )

    replaced, prices = (await desk.events())[-2:]
    assert replaced[0] == "menu.replaced"
    of_taco = {"from": "45.00", "to": "46.50", "currency": "GTQ"}
    of_harina = {"from": "-0.50", "to": "0.25", "currency": "GTQ"}
    of_flan = {"from": "30.00", "to": "5.00", "currency": "USD"}
    changes = [
        {"menu_item_id": taco["id"], **of_taco},
        {"modifier_id": harina["id"], **of_harina},
        {"menu_item_id": flan["id"], **of_flan, "from_currency": "GTQ"},
    ]
    assert prices == ("menu.prices_changed", {"changes": changes, "more": 0})


async def test_who_changed_a_price_and_when_is_journalled(desk: Desk) -> None:
    [taco] = items_of(await desk.put_menu(TACO))

    await desk.done(
        "PATCH", f"/menu_items/{taco['id']}", {"price": "50"}, who="manager"
    )

    page = await desk.done("GET", f"{desk.path}/events?limit=500")
    row = page["data"][-1]
    assert row["event"] == "menu.prices_changed"
    assert row["actor"].startswith("manager:")
    assert row["at"] == page["data"][-2]["at"]


async def test_the_same_prices_again_journal_no_change(desk: Desk) -> None:
    tree = await desk.put_menu(TACO)

    await desk.put_menu(*items_of(tree))

    assert "menu.prices_changed" not in [event for event, _ in await desk.events()]


async def test_the_same_again_journals_nothing(desk: Desk) -> None:
    [taco] = items_of(await desk.put_menu(TACO))
    events = await desk.events()

    for body in ({}, {"is_available": True}, {"price": "45"}, {"stock": 3}):
        changed = await desk.done("PATCH", f"/menu_items/{taco['id']}", body)
        assert changed["version"] == 2

    assert await desk.events() == events


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"price": "NaN"}, "field.invalid"),
        ({"price": "1.001"}, "field.invalid"),
        ({"price": "-1"}, "field.invalid"),
        ({"price": None}, "field.invalid"),
        ({"price": "0.49"}, "price.below_zero"),
        ({"tax_rate": "-1"}, "field.invalid"),
        ({"tax_rate": "100.01"}, "field.invalid"),
        ({"tax_rates": {"pickup": "100.01"}}, "field.invalid"),
        ({"tax_rates": {"pickup": "-7"}}, "field.invalid"),
        ({"tax_rates": {"pickup": None}}, "field.invalid"),
        ({"tax_rates": {"brunch": "7"}}, "field.invalid"),
        ({"tax_rates": None}, "field.invalid"),
        ({"stock": -1}, "field.invalid"),
        ({"stock": 1.5}, "field.invalid"),
        ({"stock": "3"}, "field.invalid"),
        ({"is_available": "no"}, "field.invalid"),
        ({"is_available": None}, "field.invalid"),
        ({"is_hidden": 1}, "field.invalid"),
        ({"name": ""}, "text.invalid"),
        ({"name": "\u2066x"}, "text.invalid"),
        ({"description": "\0"}, "text.invalid"),
        ({"available_again_at": "2099-01-01T00:00:00Z"}, "field.invalid"),
        (
            {"is_available": False, "available_again_at": "2020-01-01T00:00:00Z"},
            "field.invalid",
        ),
        (
            {"is_available": False, "available_again_at": "2099-01-01T00:00:00"},
            "field.invalid",
        ),
    ],
)
async def test_a_wrong_change_is_refused(desk: Desk, body: Any, code: str) -> None:
    before = await desk.put_menu(TACO)
    [taco] = items_of(before)

    response = await desk.call("PATCH", f"/menu_items/{taco['id']}", body)

    assert response.status_code == 422
    assert response.json()["code"] == code
    assert await desk.tree() == before


@pytest.mark.parametrize("path", ["/menu_items/none", "/modifiers/none"])
async def test_an_unknown_entry_is_not_found(desk: Desk, path: str) -> None:
    assert (await desk.call("PATCH", path, {"is_available": True})).status_code == 404


async def test_an_entry_that_left_the_menu_is_not_found(desk: Desk) -> None:
    [taco] = items_of(await desk.put_menu(TACO))
    modifier = taco["modifier_groups"][0]["modifiers"][0]
    await desk.put_menu()

    for path in (f"/menu_items/{taco['id']}", f"/modifiers/{modifier['id']}"):
        response = await desk.call("PATCH", path, {"is_available": False})
        assert response.status_code == 404


# --- what everybody sees ---------------------------------------------------------


async def test_the_public_menu_has_exactly_these_fields(desk: Desk) -> None:
    await desk.put_menu(TACO, {"name": "Secret", "price": 1, "is_hidden": True})

    menu = await desk.menu()

    whole = {"restaurant_id", "version", "shelf", "currency", "categories"}
    assert set(menu) == whole | {"opening", "price_list", "combos", "discounts"}
    assert (menu["price_list"], menu["combos"], menu["discounts"]) == (None, [], [])
    [category] = menu["categories"]
    assert set(category) == {"id", "name", "items"}
    [item] = category["items"]
    assert set(item) == PUBLIC_ITEM
    assert item["left"] is None
    [group] = item["modifier_groups"]
    assert set(group) == {"id", "name", "min", "max", "modifiers"}
    for modifier in group["modifiers"]:
        assert set(modifier) == {"id", "name", "price_delta", "is_available"}
    assert "Secret" not in json.dumps(menu)


async def test_few_left_are_shown_when_the_owner_wants_it(desk: Desk) -> None:
    await desk.put_menu(TACO, {**TACO, "stock": 0}, {**TACO, "stock": 6})
    await desk.done("PATCH", desk.path, {"show_left": True})

    shown = [(i["left"], i["is_available"]) for i in items_of(await desk.menu())]

    assert shown == [(3, True), (0, False), (None, True)]


async def test_an_unchanged_menu_is_not_sent_again(desk: Desk) -> None:
    await desk.put_menu(TACO)
    path = f"{API}{desk.path}/menu"
    first = await desk.client.get(path)
    etag = first.headers["etag"]

    for known in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
        same = await desk.client.get(path, headers={"If-None-Match": known})
        assert (same.status_code, same.content) == (304, b"")
        assert same.headers["etag"] == etag
        assert same.headers["cache-control"] == "no-cache"
    other = await desk.client.get(path, headers={"If-None-Match": 'W/"x"'})

    assert etag.startswith('W/"')
    assert first.headers["cache-control"] == "no-cache"
    assert "ETag" in first.headers["access-control-expose-headers"]
    assert other.status_code == 200


async def test_every_change_changes_the_etag(desk: Desk) -> None:
    [taco] = items_of(await desk.put_menu(TACO))
    path = f"{API}{desk.path}/menu"
    seen = [(await desk.client.get(path)).headers["etag"]]

    changes: list[tuple[str, str, Any]] = [
        ("PATCH", f"/menu_items/{taco['id']}", {"is_available": False}),
        ("PATCH", f"/menu_items/{taco['id']}", {"stock": 2}),
        ("PATCH", desk.path, {"show_left": True}),
        ("PUT", f"{desk.path}/menu", {"categories": []}),
    ]
    for change in changes:
        await desk.done(*change)
        answer = await desk.client.get(path, headers={"If-None-Match": seen[-1]})
        assert answer.status_code == 200
        seen.append(answer.headers["etag"])

    assert len(set(seen)) == 5


async def test_the_menu_comes_gzipped_to_who_takes_it(desk: Desk) -> None:
    await desk.put_menu(TACO)
    path = f"{API}{desk.path}/menu"

    plain = await desk.client.get(path, headers={"Accept-Encoding": "identity"})
    async with desk.client.stream(
        "GET", path, headers={"Accept-Encoding": "gzip"}
    ) as zipped:
        raw = b"".join([chunk async for chunk in zipped.aiter_raw()])

    assert "content-encoding" not in plain.headers
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert plain.headers["vary"] == zipped.headers["vary"] == "Accept-Encoding"


# --- the clock and the cache ---------------------------------------------------------


async def test_the_clock_brings_an_item_back(
    desk: Desk, restaurant_module: Any
) -> None:
    from restaurant.flows.menus import menu_snapshot, public_menu

    [taco] = items_of(await desk.put_menu(TACO))
    at = (await menu_snapshot(desk.id, 0)).restaurant.created_at
    body = {"is_available": False, "available_again_at": in_an_hour(at)}
    await desk.done("PATCH", f"/menu_items/{taco['id']}", body)

    async def shown(moment: int) -> tuple[bool, str]:
        menu = await public_menu(desk.id, moment)
        [item] = items_of(json.loads(menu.body))
        assert gzip.decompress(menu.gzipped) == menu.body
        return item["is_available"], menu.etag

    off, etag_off = await shown(at)
    still_off, etag_still_off = await shown(at + HOUR - 1)
    on, etag_on = await shown(at + HOUR)

    assert (off, still_off, on) == (False, False, True)
    assert etag_off == etag_still_off != etag_on
    tree = await desk.tree()
    assert items_of(tree)[0]["available_again_at"] == in_an_hour(at)


async def test_a_returning_item_can_be_switched_off_again(
    desk: Desk, restaurant_module: Any
) -> None:
    from restaurant.features.menu.models import ItemChange
    from restaurant.flows.editing import change_item
    from restaurant.flows.menus import menu_snapshot
    from restaurant.models import Actor, Role

    [taco] = items_of(await desk.put_menu(TACO))
    at = (await menu_snapshot(desk.id, 0)).restaurant.created_at
    kitchen = Actor(Role.KDS, "kitchen-1")
    off = ItemChange(is_available=False, available_again_at=in_an_hour(at))
    await change_item(desk.id, taco["id"], off, kitchen, at)

    again = await change_item(
        desk.id, taco["id"], ItemChange(is_available=False), kitchen, at + 2 * HOUR
    )

    assert (again.is_available, again.available_again_at) == (False, None)


async def test_for_a_second_the_menu_needs_no_database(
    desk: Desk, quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.flows.menus import menu_snapshot, public_menu

    await desk.put_menu(TACO)
    slug, at = desk.restaurant["slug"], 1_790_000_000_000

    with counted_queries(monkeypatch) as first:
        await public_menu(desk.id, at)
    with counted_queries(monkeypatch) as next_second:
        for key in (desk.id, slug):
            await public_menu(key, at + 1_000)
            await menu_snapshot(key, at + 1_000)
    with counted_queries(monkeypatch) as later:
        await public_menu(slug, at + 1_001)
        await public_menu(desk.id, at + 1_001)

    assert len(first) <= 10
    assert next_second == []
    assert len(later) == 1


async def test_a_crowd_shares_one_look(
    desk: Desk, quiet: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.flows.menus import public_menu

    await desk.put_menu(TACO)

    with counted_queries(monkeypatch) as seen:
        menus = await asyncio.gather(
            *(public_menu(desk.id, 1_790_000_000_000) for _ in range(100))
        )

    assert len({id(menu) for menu in menus}) == 1
    assert len(seen) <= 10


async def test_a_change_by_another_process_is_seen_after_a_second(
    desk: Desk, restaurant_module: Any
) -> None:
    from restaurant.crud import transaction
    from restaurant.flows.menus import menu_snapshot

    [taco] = items_of(await desk.put_menu(TACO))
    at = 1_790_000_000_000

    async def stock(moment: int) -> int | None:
        return (await menu_snapshot(desk.id, moment)).menu.items[taco["id"]].stock

    assert await stock(at) == 3
    async with transaction() as conn:  # no forget_menu: it runs elsewhere
        await conn.run(
            "UPDATE restaurant.stocks SET on_hand = 2 WHERE id = :id", id=taco["id"]
        )
        await conn.run(
            "UPDATE restaurant.restaurants SET stock_version = stock_version + 1 "
            "WHERE id = :id",
            id=desk.id,
        )
    assert await stock(at + 1_000) == 3
    assert await stock(at + 1_001) == 2


async def test_a_look_that_a_change_overtook_is_not_kept(
    desk: Desk, restaurant_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.features.menu import crud
    from restaurant.flows.menus import menu_snapshot

    [taco] = items_of(await desk.put_menu(TACO))
    at, loading, go_on = 1_790_000_000_000, asyncio.Event(), asyncio.Event()
    load_tree = crud.load_tree

    async def slow(*arguments: Any) -> Any:
        found = await load_tree(*arguments)
        loading.set()
        await go_on.wait()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(crud, "load_tree", slow)
        look = asyncio.create_task(menu_snapshot(desk.id, at))
        await loading.wait()
    change = asyncio.create_task(
        desk.done("PATCH", f"/menu_items/{taco['id']}", {"price": 50})
    )
    await asyncio.sleep(0.05)
    go_on.set()
    await asyncio.gather(look, change)

    snapshot = await menu_snapshot(desk.id, at)
    assert snapshot.menu.items[taco["id"]].price_minor == 5000


async def test_readers_never_see_half_of_an_upload(
    desk: Desk, restaurant_module: Any
) -> None:
    from restaurant.flows.menus import forget_menu, menu_snapshot

    small = [{"name": "small", "price": 1}] * 3
    large = [{"name": "large", "price": 1}] * 60
    await desk.put_menu(*small)
    seen = set()

    async def read() -> None:
        for _ in range(40):
            forget_menu(desk.id)
            menu = (await menu_snapshot(desk.id, 1_790_000_000_000)).menu
            names = {item.name for item in menu.items.values()}
            seen.add((len(menu.items), *names))

    async def write() -> None:
        for _ in range(4):
            await desk.put_menu(*large)
            await desk.put_menu(*small)

    await asyncio.gather(read(), read(), write())

    assert seen <= {(3, "small"), (60, "large")}


async def test_only_so_many_menus_stay_in_memory(
    desk: Desk, restaurant_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.core import limits
    from restaurant.flows import menus

    monkeypatch.setattr(limits, "MENU_CACHE_MAX", 3)
    made = [
        await desk.done("POST", "/restaurants", {"name": "M", "currency": "sat"})
        for _ in range(5)
    ]

    for each in made:
        await menus.menu_snapshot(each["slug"], 1_790_000_000_000)

    assert list(menus._kept) == [each["id"] for each in made[2:]]
    assert set(menus._id_of_slug) == {each["slug"] for each in made[2:]}


@pytest.mark.parametrize("key", ["", "\0", "\ud800", "none", "x" * 10_000])
async def test_no_restaurant_of_that_name(
    app: Any, restaurant_module: Any, key: str
) -> None:
    from restaurant.core.errors import NotFound
    from restaurant.flows.menus import menu_snapshot

    with pytest.raises(NotFound):
        await menu_snapshot(key, 1_790_000_000_000)
