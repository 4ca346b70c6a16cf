"""Migrations on the schema they already made: LNbits may repeat one after a crash."""

import importlib
import inspect
import re
from typing import Any

from harness import API


async def all_rows(conn: Any, tables: list[str]) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for table in tables:
        rows = await conn.fetchall(f"SELECT * FROM restaurant.{table}")
        found[table] = [dict(row) for row in rows]
    return found


async def test_running_every_migration_again_changes_nothing(
    client, make_wallet, restaurant_module
):
    migrations = importlib.import_module("restaurant.migrations")
    source = inspect.getsource(migrations)
    tables = re.findall(r"CREATE TABLE IF NOT EXISTS restaurant\.(\w+)", source)
    assert "restaurants" in tables
    owner = (await make_wallet()).admin
    body = {"name": "Kept", "currency": "sat"}
    made = await client.post(f"{API}/restaurants", headers=owner, json=body)
    assert made.status_code == 201
    steps = [
        step for name, step in vars(migrations).items() if re.match(r"m\d\d\d_", name)
    ]

    async with restaurant_module.db.connect() as conn:
        before = await all_rows(conn, tables)
        for step in steps:
            await step(conn)
        after = await all_rows(conn, tables)

    assert after == before
    assert [row["id"] for row in after["restaurants"]] == [made.json()["id"]]
