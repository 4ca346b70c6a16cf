"""Tables over HTTP: adding, tokens, removing, and who may."""

from typing import Any

import pytest

from harness.desk import Desk

KEY = {"Idempotency-Key": "one-key-for-one-table"}


async def token_counts(desk: Desk, table: Any) -> bool:
    """Would an order accept this table's token?"""
    from restaurant.crud import read, server_secret
    from restaurant.features.tables import crud, rules

    secret = await server_secret("never used: there is one")
    async with read() as conn:
        stored = await crud.by_name_or_id(conn, desk.id, table["name"])
    if stored is None:
        return False
    return rules.table_token_matches(secret, stored, table["token"])


async def test_a_new_table_has_a_token_that_counts(
    desk: Desk, restaurant_module: Any
) -> None:
    response = await desk.call("POST", f"{desk.path}/tables", {"name": "7"})

    assert response.status_code == 201
    table = response.json()
    assert set(table) == {"id", "name", "zone", "token"}
    assert (table["name"], table["zone"]) == ("7", None)
    assert await token_counts(desk, table)
    assert not await token_counts(desk, {**table, "token": "x"})
    assert (await desk.events())[-1] == ("table.added", {"table_id": table["id"]})


async def test_the_list_shows_the_tokens_newest_first(desk: Desk) -> None:
    path = f"{desk.path}/tables"
    made = [await desk.done("POST", path, {"name": str(n)}) for n in range(3)]

    first = await desk.done("GET", f"{path}?limit=2", who="manager")
    second = await desk.done("GET", f"{path}?limit=2&cursor={first['next']}")

    listed = first["data"] + second["data"]
    assert sorted(listed, key=lambda table: table["name"]) == made
    assert second["next"] is None


async def test_a_new_token_ends_the_old_one(desk: Desk, restaurant_module: Any) -> None:
    old = await desk.done("POST", f"{desk.path}/tables", {"name": "7"})

    response = await desk.call("POST", f"/tables/{old['id']}/token", who="manager")

    assert response.status_code == 200
    new = response.json()
    assert {**new, "token": ""} == {**old, "token": ""}
    assert not await token_counts(desk, old)
    assert await token_counts(desk, new)
    assert (await desk.done("GET", f"{desk.path}/tables"))["data"] == [new]
    assert (await desk.events())[-1] == ("table.token_renewed", {"table_id": old["id"]})


async def test_the_same_key_gives_the_same_table_and_token(desk: Desk) -> None:
    path, body = f"{desk.path}/tables", {"name": "7"}

    first = await desk.call("POST", path, body, headers=KEY)
    again = await desk.call("POST", path, body, headers=KEY)
    renewed = [
        await desk.call("POST", f"/tables/{first.json()['id']}/token", headers=KEY)
        for _ in range(2)
    ]
    another = await desk.call("POST", f"/tables/{first.json()['id']}/token")
    late = await desk.call("POST", path, body, headers=KEY)

    assert again.json() == late.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"
    assert renewed[0].json() == renewed[1].json() != first.json()
    assert another.json()["token"] not in {
        first.json()["token"],
        renewed[0].json()["token"],
    }


async def test_a_name_is_taken_once(desk: Desk) -> None:
    await desk.done("POST", f"{desk.path}/tables", {"name": "7"})

    again = await desk.call("POST", f"{desk.path}/tables", {"name": "7"}, headers=KEY)
    retried = await desk.call("POST", f"{desk.path}/tables", {"name": "8"}, headers=KEY)

    assert (again.status_code, again.json()["code"]) == (409, "table.taken")
    assert retried.status_code == 201


async def test_a_table_stands_in_a_zone(desk: Desk, restaurant_module: Any) -> None:
    table = await desk.done(
        "POST", f"{desk.path}/tables", {"name": "7", "zone": "Terrace"}
    )

    moved = await desk.done(
        "PATCH", f"/tables/{table['id']}", {"zone": "Garden"}, who="manager"
    )
    renamed = await desk.done("PATCH", f"/tables/{table['id']}", {"name": "8"})
    out = await desk.done("PATCH", f"/tables/{table['id']}", {"zone": None})

    assert table["zone"] == "Terrace"
    assert moved == {**table, "zone": "Garden"}
    assert renamed == {**moved, "name": "8"}
    assert out == {**renamed, "zone": None}
    assert (await desk.done("GET", f"{desk.path}/tables"))["data"] == [out]
    assert await token_counts(desk, out)
    told = {"table_id": table["id"], "name": "8", "zone": None}
    assert (await desk.events())[-1] == ("table.changed", told)


async def test_the_same_table_again_journals_nothing(desk: Desk) -> None:
    table = await desk.done("POST", f"{desk.path}/tables", {"name": "7", "zone": "A"})
    events = await desk.events()

    for body in ({}, {"name": "7"}, {"zone": "A"}):
        assert await desk.done("PATCH", f"/tables/{table['id']}", body) == table

    assert await desk.events() == events


async def test_a_table_cannot_take_the_name_of_another(desk: Desk) -> None:
    table = await desk.done("POST", f"{desk.path}/tables", {"name": "7"})
    await desk.done("POST", f"{desk.path}/tables", {"name": "8"})

    taken = await desk.call("PATCH", f"/tables/{table['id']}", {"name": "8"})

    assert (taken.status_code, taken.json()["code"]) == (409, "table.taken")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"name": None}, "field.invalid", "name"),
        ({"name": " "}, "text.invalid", "name"),
        ({"name": 7}, "field.invalid", "name"),
        ({"zone": ""}, "text.invalid", "zone"),
        ({"zone": "x" * 121}, "text.invalid", "zone"),
        ({"zone": 5}, "field.invalid", "zone"),
    ],
)
async def test_a_wrong_change_of_a_table_is_refused(
    desk: Desk, body: Any, code: str, field: str
) -> None:
    table = await desk.done("POST", f"{desk.path}/tables", {"name": "7", "zone": "A"})

    changed = await desk.call("PATCH", f"/tables/{table['id']}", body)

    answer = changed.json()
    assert (changed.status_code, answer["code"], answer["field"]) == (422, code, field)
    assert (await desk.done("GET", f"{desk.path}/tables"))["data"] == [table]


async def test_a_removed_table_is_gone_and_its_name_free(
    desk: Desk, restaurant_module: Any
) -> None:
    table = await desk.done("POST", f"{desk.path}/tables", {"name": "7"})

    removed = await desk.call("DELETE", f"/tables/{table['id']}")

    assert (removed.status_code, removed.content) == (204, b"")
    assert not await token_counts(desk, table)
    for method, path in (
        ("DELETE", f"/tables/{table['id']}"),
        ("POST", f"/tables/{table['id']}/token"),
    ):
        assert (await desk.call(method, path)).status_code == 404
    again = await desk.done("POST", f"{desk.path}/tables", {"name": "7"})
    assert again["token"] != table["token"]


async def test_a_table_is_found_by_name_and_by_id_in_its_restaurant_only(
    desk: Desk, restaurant_module: Any
) -> None:
    from restaurant.crud import read
    from restaurant.features.tables import crud

    table = await desk.done("POST", f"{desk.path}/tables", {"name": "7"})
    async with read() as conn:
        by_name = await crud.by_name_or_id(conn, desk.id, "7")
        by_id = await crud.by_name_or_id(conn, desk.id, table["id"])
        foreign = await crud.by_name_or_id(conn, "another", table["id"])
        everything = await crud.all_of(conn, desk.id)

    assert by_name == by_id
    assert by_name is not None
    assert by_name.id == table["id"]
    assert foreign is None
    assert everything == [by_name]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner", 200),
        ("manager", 200),
        ("reader", 403),
        ("pos", 403),
        ("kds", 403),
        ("printer", 403),
        ("foreign", 404),
        ("nobody", 401),
        ("unknown", 401),
    ],
)
async def test_who_manages_tables(desk: Desk, who: str, status: int) -> None:
    path = f"{desk.path}/tables"
    table = await desk.done("POST", path, {"name": "7"})
    may = status == 200

    listed = await desk.call("GET", path, who=who)
    added = await desk.call("POST", path, {"name": "8"}, who)
    changed = await desk.call("PATCH", f"/tables/{table['id']}", {}, who=who)
    renewed = await desk.call("POST", f"/tables/{table['id']}/token", who=who)
    after = (await desk.done("GET", path))["data"]
    removed = await desk.call("DELETE", f"/tables/{table['id']}", who=who)

    assert listed.status_code == renewed.status_code == status
    assert changed.status_code == status
    assert added.status_code == (201 if may else status)
    assert removed.status_code == (204 if may else status)
    assert (after == [table]) == (not may)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "field.invalid"),
        ({"name": 7}, "field.invalid"),
        ({"name": None}, "field.invalid"),
        ({"name": " "}, "text.invalid"),
        ({"name": "x" * 121}, "text.invalid"),
        ({"name": "a\nb"}, "text.invalid"),
        ({"name": "\ufeff7"}, "text.invalid"),
    ],
)
async def test_a_wrong_name_is_refused(desk: Desk, body: Any, code: str) -> None:
    response = await desk.call("POST", f"{desk.path}/tables", body)

    assert (response.status_code, response.json()["code"]) == (422, code)
    assert response.json()["field"] == "name"
    assert (await desk.done("GET", f"{desk.path}/tables"))["data"] == []


async def test_there_is_a_most_of_tables(
    desk: Desk, restaurant_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.core import limits

    monkeypatch.setattr(limits, "TABLES_MAX", 0)

    response = await desk.call("POST", f"{desk.path}/tables", {"name": "7"})

    assert (response.status_code, response.json()["code"]) == (409, "tables.too_many")
