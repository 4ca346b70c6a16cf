"""Stock as CSV over HTTP: given out, counted in, all or nothing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from harness.books import snapshot
from harness.desk import Desk

pytestmark = pytest.mark.usefixtures("quiet")

HEADER = "id,kind,name,unit,on_hand,reserved,available,low_at\r\n"


async def ingredient(desk: Desk, name: str, **fields: Any) -> str:
    body = {"name": name, "unit": "g", "on_hand": 500, **fields}
    return (await desk.done("POST", f"{desk.path}/ingredients", body))["id"]


async def sheet(desk: Desk) -> str:
    response = await desk.call("GET", f"{desk.path}/stocks.csv")
    assert response.status_code == 200, response.text
    return response.text


async def put(desk: Desk, csv: Any, reason: Any = "Monday", **more: Any) -> Any:
    body = {"csv": csv, "reason": reason}
    return await desk.call("POST", f"{desk.path}/stocks/import", body, **more)


async def imported(desk: Desk, csv: str) -> dict[str, int]:
    response = await put(desk, csv)
    assert response.status_code == 200, response.text
    return response.json()


async def figures(desk: Desk) -> dict[str, tuple[int, int | None]]:
    """(on hand, low at) of every stock by its name."""
    page = await desk.done("GET", f"{desk.path}/stocks?limit=500")
    return {each["name"]: (each["on_hand"], each["low_at"]) for each in page["data"]}


async def is_equal(desk: Desk) -> bool:
    return (await desk.done("GET", f"{desk.path}/stock/check"))["is_equal"]


async def test_the_sheet_is_a_download_that_no_spreadsheet_runs(desk):
    tree = await desk.put_menu(
        {"name": "=1+2", "price": "1", "stock": 7}, {"name": "free", "price": "1"}
    )
    taco = tree["categories"][0]["items"][0]["id"]
    flour = await ingredient(desk, 'Flour, "fine"', low_at=20)

    response = await desk.call("GET", f"{desk.path}/stocks.csv", who="manager")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == (
        f'attachment; filename="stock-{desk.restaurant["slug"]}.csv"'
    )
    guard = "'" if flour.startswith("-") else ""
    other = "'" if taco.startswith("-") else ""
    assert response.text == (
        f"{HEADER}{other}{taco},item,'=1+2,,7,0,7,\r\n"
        f'{guard}{flour},ingredient,"Flour, ""fine""",g,500,0,500,20\r\n'
    )


async def test_what_was_given_out_changes_nothing_when_it_comes_back(desk):
    await desk.put_menu({"name": "Taco", "price": "1", "stock": 7})
    await ingredient(desk, "-Flour", low_at=20)
    await ingredient(desk, "'+salt; é😀")
    text = await sheet(desk)
    before = await snapshot(desk.id)
    result = await imported(desk, "\ufeff" + text)

    assert result == {"rows": 3, "counted": 0, "added": 0, "low_at_changed": 0}
    after = await snapshot(desk.id)
    for table in ("stocks", "stock_movements"):
        assert after[table] == before[table]


async def test_a_sheet_brings_older_figures_back(desk):
    flour = await ingredient(desk, "Flour", low_at=20)
    text = await sheet(desk)
    moves = [{"stock_id": flour, "kind": "count", "quantity": 3}]
    body = {"movements": moves, "reason": "x"}
    await desk.done("POST", f"{desk.path}/stock_movements", body)
    await desk.done("PATCH", f"/stocks/{flour}", {"low_at": None})

    result = await imported(desk, text)
    assert result == {"rows": 1, "counted": 1, "added": 0, "low_at_changed": 1}
    assert await figures(desk) == {"Flour": (500, 20)}
    page = await desk.done("GET", f"/stocks/{flour}/movements?limit=1")
    [row] = page["data"]
    assert (row["kind"], row["quantity"], row["on_hand_delta"], row["reason"]) == (
        *("count", 500, 497),
        "Monday",
    )
    told = dict(await desk.events())
    assert told["stock.counted"]["movements"] == [{"stock_id": flour, "quantity": 500}]
    assert told["stock.imported"] == {**result, "reason": "Monday"}
    assert await is_equal(desk)


async def test_a_sheet_of_another_hand_counts_adds_and_marks(desk):
    """Semicolons, another order, blank lines; an item that nobody counted."""
    await desk.put_menu(
        {"name": "Taco", "price": "1"}, {"name": "Agua", "price": "1", "stock": 1}
    )
    await ingredient(desk, "Flour", low_at=20)
    text = (
        "On_hand;Name;KIND;low_at;unit\n"
        "9;Taco;item;2;\n"
        ";Flour;ingredient;;\n"
        "\n"
        "70;Salt;ingredient;5;kg\n"
        "0;Pepper;ingredient;;g\n"
    )

    result = await imported(desk, text)
    assert result == {"rows": 4, "counted": 1, "added": 2, "low_at_changed": 2}
    assert await figures(desk) == {
        "Agua": (1, None),
        "Flour": (500, None),
        "Pepper": (0, None),
        "Salt": (70, 5),
        "Taco": (9, 2),
    }
    [taco, agua] = (await desk.tree())["categories"][0]["items"]
    assert (taco["stock"], agua["stock"]) == (9, 1)
    assert await is_equal(desk)


async def test_every_fault_is_told_with_its_row_and_nothing_is_stored(desk):
    flour = await ingredient(desk, "Flour")
    before = await snapshot(desk.id)
    text = (
        "id,kind,name,unit,on_hand,low_at\n"
        f"{flour},,,,5,\n"
        "nobody,,,,5,\n"
        f"{flour},item,,kg,6,\n"
        ",item,Burger,,1,\n"
        ",ingredient,Salt,,1,\n"
    )
    response = await put(desk, text)

    answer = response.json()
    assert (response.status_code, answer["code"]) == (422, "stock.csv")
    assert (answer["field"], answer["fault_count"]) == ("csv", 1)
    assert [(f["row"], f["column"]) for f in answer["faults"]] == [(4, None)]
    without = text.replace(f"{flour},item,,kg,6,\n", ",ingredient,Flour,kg,6,\n")
    answer = (await put(desk, without)).json()
    assert [(f["row"], f["column"]) for f in answer["faults"]] == [
        *((3, "id"), (4, None), (4, "unit"), (5, "name"), (6, "unit")),
    ]
    assert await snapshot(desk.id) == before


@pytest.mark.parametrize("reason", ["", "  ", None, 5, "x" * 501])
async def test_a_sheet_says_why(desk, reason):
    await ingredient(desk, "Flour")
    response = await put(desk, "kind,name,on_hand\ningredient,Flour,5\n", reason)

    assert response.status_code == 422
    assert response.json()["field"] == "reason"
    assert await figures(desk) == {"Flour": (500, None)}


@pytest.mark.parametrize("csv", [None, 5, [], {}, "a\0b", "\ud800"])
async def test_what_is_no_text_is_no_sheet(desk, csv):
    import json

    body = json.dumps({"csv": csv, "reason": "x"})
    response = await desk.call(
        "POST",
        f"{desk.path}/stocks/import",
        content=body,
        headers={"Content-Type": "application/json"},
    )

    assert response.status_code == 422
    assert response.json()["field"] == "csv"


async def test_a_sheet_is_read_once_per_key(desk):
    await ingredient(desk, "Flour")
    key = {"Idempotency-Key": uuid.uuid4().hex}
    text = "kind,name,unit,on_hand\ningredient,Salt,g,5\n"
    first = await put(desk, text, headers=key)
    again = await put(desk, text, headers=key)
    other = await put(desk, text.replace("5", "6"), headers=key)

    assert first.json() == again.json()
    assert first.json()["added"] == 1
    assert again.headers["Idempotent-Replay"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.mismatch")
    assert await figures(desk) == {"Flour": (500, None), "Salt": (5, None)}


async def test_another_restaurants_stock_is_unknown(desk, make_wallet, client):
    from harness.desk import open_desk

    flour = await ingredient(desk, "Flour")
    other = await open_desk(client, await make_wallet(), desk.wallet)

    response = await put(other, f"id,on_hand\n{flour},5\n")
    assert [f["row"] for f in response.json()["faults"]] == [2]
    assert await figures(desk) == {"Flour": (500, None)}


async def test_too_many_ingredients_are_refused_as_a_whole(desk, monkeypatch):
    from restaurant.core import limits

    monkeypatch.setattr(limits, "INGREDIENTS_MAX", 2)
    await ingredient(desk, "Flour")
    rows = "".join(f"ingredient,new {n},g\n" for n in range(2))
    response = await put(desk, "kind,name,unit\n" + rows)

    assert (response.status_code, response.json()["code"]) == (409, "stock.too_many")
    assert await figures(desk) == {"Flour": (500, None)}


async def test_a_sheet_may_be_as_large_as_a_menu(desk):
    """Two thousand stocks, twice; the body is larger than others may be."""
    rows = [f"ingredient,{'x' * 100} {n},grams,{n},{n % 7}" for n in range(2000)]
    text = "\n".join(["kind,name,unit,on_hand,low_at", *rows])
    assert len(text) > 200_000
    padded = text + "\n" * 100_000

    first = await put(desk, padded)
    assert first.json()["code"] == "stock.csv"  # too many lines
    assert (await imported(desk, text))["added"] == 2000
    again = text.replace(",grams,", ",grams,1")
    result = await imported(desk, again)
    assert result == {"rows": 2000, "counted": 2000, "added": 0, "low_at_changed": 0}
    told = [p for e, p in await desk.events() if e == "stock.counted"]
    assert all(
        (p["count"], len(p["movements"])) in {(1999, 500), (2000, 500)} for p in told
    )
    assert await is_equal(desk)
