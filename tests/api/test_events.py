"""The journal over HTTP: gapless, chained, without personal data."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from harness import API
from harness.desk import open_desk
from harness.shop import open_shop

EVENT = {"seq", "at", "actor", "event", "order_id", "payload", "prev_hash", "hash"}
PERSONAL = {
    "customer_name": "Canary Ana",
    "table": "canary table",
    "note": "canary note, call 555-0199",
}
CANARIES = ("canary", "Canary", "555-0199")

pytestmark = pytest.mark.usefixtures("quiet")


async def page(shop: Any, after: int = 0, limit: int = 500) -> dict[str, Any]:
    response = await shop.client.get(
        f"{API}/restaurants/{shop.id}/events?after={after}&limit={limit}",
        headers=shop.wallet.admin,
    )
    assert response.status_code == 200, response.text
    return response.json()


async def a_busy_evening(shop: Any, settle: Any) -> dict[str, Any]:
    """Everything that can happen to orders, with personal words wherever they fit."""
    line = shop.line("Flan") | {"note": "canary line"}
    paid = await shop.placed(shop.cart(line, **PERSONAL))
    gone = await shop.placed(shop.cart(shop.line("Agua"), **PERSONAL))
    cash = await shop.place(
        shop.cart(shop.line("Agua"), payment_method="cash", **PERSONAL),
        **shop.wallet.admin,
    )
    await settle(paid)
    for step in ("accepted", "ready", "completed"):
        await shop.status(paid["order"]["id"], step)
    await shop.client.post(
        f"{API}/orders/{gone['order']['id']}/cancel",
        headers={"X-Order-Token": gone["order_token"]},
    )
    taken = await shop.client.post(
        f"{API}/orders/{cash.json()['order']['id']}/payments",
        json={"tendered": "20.00"},
        headers={"Idempotency-Key": "k" * 20, **shop.wallet.admin},
    )
    assert taken.status_code == 201
    return {"paid": paid, "gone": gone, "cash": cash.json()}


async def test_the_journal_has_the_contracts_shape_without_a_gap(shop, settle):
    await a_busy_evening(shop, settle)

    journal = await page(shop)

    rows = journal["data"]
    assert journal["next"] is None
    assert [set(row) for row in rows] == [EVENT] * len(rows)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


async def test_anybody_can_check_the_chain_from_what_the_api_shows(shop, settle):
    from restaurant import services

    await a_busy_evening(shop, settle)

    prev_hash = ""
    for row in (await page(shop))["data"]:
        assert row["prev_hash"] == prev_hash
        prev_hash = row["hash"]
        assert len(prev_hash) == 64
    assert await services.verify_journal(shop.id) is None


async def test_an_orders_events_tell_its_story_in_order(shop, settle, clock):
    clock.stop(1_790_000_000_000)
    evening = await a_busy_evening(shop, settle)

    async def story(name: str) -> list[tuple[str, str]]:
        order_id = evening[name]["order"]["id"]
        rows = (await page(shop))["data"]
        return [(r["event"], r["actor"]) for r in rows if r["order_id"] == order_id]

    assert await story("paid") == [
        ("order.placed", "guest"),
        ("payment.captured", "system"),
        ("order.paid", "system"),
        ("order.tickets_made", "system"),
        ("order.accepted", "owner"),
        ("order.lines", "owner"),
        ("order.ready", "owner"),
        ("order.completed", "owner"),
    ]
    assert await story("gone") == [
        ("order.placed", "guest"),
        ("order.canceled", "guest"),
    ]
    assert await story("cash") == [
        ("order.placed", "owner"),
        ("order.tickets_made", "system"),
        ("payment.captured", "owner"),
    ]
    placed = (await page(shop))["data"][2]
    assert (placed["at"], placed["payload"]) == (
        "2026-09-21T14:13:20.000Z",
        {
            "status": "pending",
            "number": 1,
            "order_type": "pickup",
            "payment_method": "lightning",
            "total_msat": 4_760_000,
        },
    )


async def test_no_personal_word_ever_enters_the_journal(shop, settle):
    await a_busy_evening(shop, settle)

    text = json.dumps(await page(shop), ensure_ascii=False)

    assert not [word for word in CANARIES if word in text]
    secrets = (
        shop.wallet.id,
        shop.wallet.adminkey,
        shop.wallet.inkey,
        shop.wallet.user,
    )
    assert not [secret for secret in secrets if secret in text]


async def test_pages_have_no_gap_and_no_repeat(shop, settle):
    await a_busy_evening(shop, settle)
    whole = (await page(shop))["data"]

    for limit in (1, 2, 3, len(whole), len(whole) + 1):
        seen: list[dict[str, Any]] = []
        after = 0
        while True:
            part = await page(shop, after, limit)
            assert len(part["data"]) <= limit
            seen += part["data"]
            if part["next"] is None:
                break
            assert part["next"] == part["data"][-1]["seq"]
            after = part["next"]
        assert seen == whole
    assert await page(shop, after=whole[-1]["seq"]) == {"data": [], "next": None}
    assert await page(shop, after=10**12) == {"data": [], "next": None}


async def test_every_change_of_a_restaurant_is_journalled_and_no_look_is(
    client, make_wallet
):
    desk = await open_desk(client, await make_wallet(), await make_wallet())
    tree = await desk.put_menu(
        {
            "name": "Soup",
            "price": "1.00",
            "modifier_groups": [
                {"name": "Size", "min": 0, "max": 1, "modifiers": [{"name": "L"}]}
            ],
        }
    )
    item = tree["categories"][0]["items"][0]
    modifier = item["modifier_groups"][0]["modifiers"][0]
    table = await desk.done("POST", f"{desk.path}/tables", {"name": "canary"})
    device = await desk.done(
        "POST", f"{desk.path}/devices", {"name": "canary", "role": "kds"}
    )
    sold_out = {"is_available": False}
    steps = [
        ("PATCH", desk.path, {"name": "canary"}),
        ("PATCH", f"/menu_items/{item['id']}", sold_out),
        ("PATCH", f"/modifiers/{modifier['id']}", sold_out),
        ("POST", f"/tables/{table['id']}/token", None),
        ("DELETE", f"/tables/{table['id']}", None),
        ("DELETE", f"/devices/{device['id']}", None),
    ]
    before = await desk.events()
    for number, (method, path, body) in enumerate(steps, 1):
        await desk.done(method, path, body)
        assert len(await desk.events()) == len(before) + number, path
    everything = await desk.events()
    for path in (
        "",
        "/menu",
        "/menu?all=1",
        "/devices",
        "/tables",
        "/orders",
        "/lamps",
    ):
        await desk.done("GET", f"{desk.path}{path}")
    await desk.done("PATCH", desk.path, {"name": "canary"})  # the same again

    assert await desk.events() == everything
    assert all(token not in str(everything) for token in desk.tokens.values())
    assert table["token"] not in str(everything)


async def test_restaurants_have_chains_of_their_own(shop, client, make_wallet):
    other = await open_shop(client, await make_wallet())
    for _ in range(2):
        await shop.placed()
        await other.placed()

    for one in (shop, other):
        rows = (await page(one))["data"]
        assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", '{"status":"pending","total_msat":1}'),
        ("actor", "owner"),
        ("at", 1),
        ("event", "order.paid"),
        ("order_id", None),
        ("hash", "0" * 64),
    ],
)
async def test_one_changed_field_breaks_the_chain(shop, column, value):
    from restaurant.features.journal import rules

    rows = await stored_rows(shop)
    assert rules.first_break(rows) is None
    seq = rows[-2].seq
    rows[-2] = type(rows[-2])(
        **{
            **rows[-2].__dict__,
            column: json.loads(value) if column == "payload" else value,
        }
    )

    assert rules.first_break(rows) in (seq, seq + 1)


async def test_a_row_that_is_missing_or_elsewhere_breaks_the_chain(shop):
    from restaurant.features.journal import rules

    rows = await stored_rows(shop)
    assert rules.first_break(rows[:2] + rows[3:]) == 3
    assert rules.first_break([rows[1], rows[0], *rows[2:]]) == 1
    assert rules.first_break([*rows[:3], rows[2], *rows[3:]]) == 4


async def test_the_hash_is_the_documented_one(shop):
    await shop.placed()
    row = (await stored_rows(shop))[-1]

    def canonical(value: Any) -> str:
        return json.dumps(
            value, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )

    payload = canonical(row.payload)
    parts = [
        row.prev_hash,
        row.seq,
        row.at,
        row.actor,
        row.event,
        row.order_id,
        payload,
    ]
    assert row.hash == hashlib.sha256(canonical(parts).encode()).hexdigest()


async def stored_rows(shop: Any) -> list[Any]:
    from restaurant.crud import read
    from restaurant.features.journal import crud

    await shop.placed()
    await shop.placed()
    async with read() as conn:
        return await crud.rows_after(conn, shop.id, 0, 1000)
