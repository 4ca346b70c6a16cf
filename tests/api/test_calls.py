"""Guests call somebody to their table; the staff see it and answer."""

from __future__ import annotations

import pytest
import pytest_asyncio

from harness.gift_cards import call
from harness.tabs import Table, a_table, code, merged, open_tab

pytestmark = pytest.mark.usefixtures("quiet")

T0 = 1_790_000_000_000  # 2026-09-21T14:13:20Z
NOBODY: dict[str, str] = {}


@pytest_asyncio.fixture
async def table(shop) -> Table:
    return await a_table(shop, "5")


async def raised(shop, body, headers=None):
    path = f"/restaurants/{shop.id}/calls"
    return await call(shop, "POST", path, body, headers or NOBODY)


async def waiting(shop, query=""):
    response = await call(shop, "GET", f"/restaurants/{shop.id}/calls{query}")
    assert response.status_code == 200, response.text
    return response.json()["data"]


async def answered(shop, call_id):
    response = await call(shop, "PUT", f"/calls/{call_id}/answered")
    assert response.status_code == 200, response.text
    return response.json()


async def journal(shop):
    """What the journal tells of calls: (event, actor, payload)."""
    page = await call(shop, "GET", f"/restaurants/{shop.id}/events?limit=500")
    return [
        (row["event"], row["actor"], row["payload"])
        for row in page.json()["data"]
        if row["event"] in ("table.called", "table.answered")
    ]


async def test_a_call_waits_until_somebody_goes(shop, table, clock):
    clock.stop(T0)

    response = await raised(shop, {"kind": "waiter", **table.seat})

    assert response.status_code == 201
    made = response.json()
    assert made == {
        "id": made["id"],
        "table": "5",
        "kind": "waiter",
        "created_at": "2026-09-21T14:13:20.000Z",
    }
    waits = {**made, "table_id": table.id, "answered_at": None, "answered_by": None}
    assert await waiting(shop) == [waits]
    clock.forward(60)
    gone = await answered(shop, made["id"])
    at = "2026-09-21T14:14:20.000Z"
    assert gone == {**waits, "answered_at": at, "answered_by": "owner"}
    assert await waiting(shop) == []
    told = {"call_id": made["id"], "table": "5", "kind": "waiter"}
    assert await journal(shop) == [
        ("table.called", "guest", told),
        ("table.answered", "owner", told),
    ]


async def test_calling_again_is_the_same_call_while_it_waits(shop, table):
    first = await raised(shop, {"kind": "bill", **table.seat})
    by_id = {"table": table.id, "table_token": table.token}

    again = await raised(shop, {"kind": "bill", **by_id})
    other = await raised(shop, {"kind": "help", **table.seat})

    assert (again.status_code, again.json()) == (200, first.json())
    assert other.status_code == 201
    assert [each["kind"] for each in await waiting(shop)] == ["bill", "help"]
    await answered(shop, first.json()["id"])
    anew = await raised(shop, {"kind": "bill", **table.seat})
    assert anew.status_code == 201
    assert anew.json()["id"] != first.json()["id"]
    assert len(await journal(shop)) == 4


async def test_answering_twice_is_answering_once(shop, table, clock):
    made = (await raised(shop, {"kind": "bill", **table.seat})).json()

    first = await answered(shop, made["id"])
    clock.forward(60)

    assert await answered(shop, made["id"]) == first
    assert [event for event, *_ in await journal(shop)] == [
        "table.called",
        "table.answered",
    ]


async def test_answered_calls_are_shown_for_some_minutes(shop, table, clock):
    made = (await raised(shop, {"kind": "bill", **table.seat})).json()
    await answered(shop, made["id"])
    late = (await raised(shop, {"kind": "help", **table.seat})).json()

    shown = [each["id"] for each in await waiting(shop, "?all=1")]

    assert shown == [made["id"], late["id"]]
    clock.forward(601)
    assert [each["id"] for each in await waiting(shop, "?all=1")] == [late["id"]]


async def test_what_waited_for_hours_is_over_without_a_word(shop, table, clock):
    old = (await raised(shop, {"kind": "bill", **table.seat})).json()
    clock.forward(2 * 3_600 + 1)

    assert await waiting(shop, "?all=1") == []

    late = await answered(shop, old["id"])
    assert late["answered_at"] is not None
    assert late["answered_by"] is None
    assert len(await journal(shop)) == 1
    anew = await raised(shop, {"kind": "bill", **table.seat})
    assert anew.status_code == 201


async def test_a_table_does_not_call_without_end(shop, table, clock):
    for _ in range(12):
        made = await raised(shop, {"kind": "bill", **table.seat})
        assert made.status_code == 201
        await answered(shop, made.json()["id"])

    much = await raised(shop, {"kind": "bill", **table.seat})

    assert code(much) == (429, "calls.too_many")
    assert much.headers["Retry-After"] == "60"
    other = await a_table(shop, "6")
    assert (await raised(shop, {"kind": "bill", **other.seat})).status_code == 201
    clock.forward(601)
    assert (await raised(shop, {"kind": "bill", **table.seat})).status_code == 201


async def test_a_restaurant_has_so_many_open_calls(shop, table, monkeypatch):
    from restaurant.core import limits

    monkeypatch.setattr(limits, "CALLS_OPEN_MAX", 1)
    first = await raised(shop, {"kind": "bill", **table.seat})

    second = await raised(shop, {"kind": "help", **table.seat})
    again = await raised(shop, {"kind": "bill", **table.seat})

    assert first.status_code == 201
    assert code(second) == (429, "calls.too_many")
    assert again.status_code == 200


# --- who may call ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "seat",
    [
        {},
        {"table": "5"},
        {"table": "5", "table_token": ""},
        {"table": "5", "table_token": "wrong"},
        {"table": "5", "table_token": "höh"},
        {"table": "none", "table_token": "wrong"},
    ],
)
async def test_a_call_needs_the_tables_token(shop, table, seat):
    as_owner = await raised(shop, {"kind": "bill", **seat}, shop.wallet.admin)

    response = await raised(shop, {"kind": "bill", **seat})

    assert code(response) == code(as_owner) == (403, "table.token")
    assert await waiting(shop) == []


async def test_a_code_that_was_renewed_calls_nobody(shop, table):
    await call(shop, "POST", f"/tables/{table.id}/token")

    response = await raised(shop, {"kind": "bill", **table.seat})

    assert code(response) == (403, "table.token")


async def test_an_orders_guest_calls_to_its_table(shop, table):
    tab = await open_tab(shop, table)
    body = {"kind": "bill", "order_id": tab.id}

    response = await raised(shop, body, tab.guest)

    assert response.status_code == 201
    assert response.json()["table"] == "5"
    assert code(await raised(shop, body)) == (404, "order.unknown")
    assert code(await raised(shop, body, {"X-Order-Token": "x"})) == (
        *(404, "order.unknown"),
    )
    by_token = await raised(shop, {"kind": "bill", **table.seat})
    assert by_token.status_code == 200


async def test_who_was_merged_is_called_for_where_the_lines_are(shop, table):
    guest = await open_tab(shop, await a_table(shop, "6"))
    into = await open_tab(shop, table)
    await merged(shop, into.id, guest.id)

    response = await raised(shop, {"kind": "bill", "order_id": guest.id}, guest.guest)

    assert response.json()["table"] == "5"


async def test_orders_without_a_table_and_those_that_are_over(shop, table):
    pickup = await shop.placed()
    over = await open_tab(shop, table)
    await shop.status(over.id, "canceled")
    for order_id, token in (
        (pickup["order"]["id"], {"X-Order-Token": pickup["order_token"]}),
        (over.id, over.guest),
    ):
        response = await raised(shop, {"kind": "bill", "order_id": order_id}, token)
        assert code(response) == (409, "call.table")


async def test_an_order_of_another_restaurant(shop, table, client, make_wallet):
    from harness.shop import open_shop

    other = await open_shop(client, await make_wallet())
    tab = await open_tab(other, await a_table(other))

    response = await raised(shop, {"kind": "bill", "order_id": tab.id}, tab.guest)

    assert code(response) == (404, "order.unknown")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "pizza"},
        {"kind": 1},
        {"kind": "bill", "table": 5, "table_token": "x"},
        {"kind": "bill", "table": "5", "table_token": ["x"]},
    ],
)
async def test_bad_calls(shop, table, body):
    assert code(await raised(shop, body)) == (422, "field.invalid")


async def test_an_unknown_restaurant(shop, table):
    response = await call(
        *(shop, "POST", "/restaurants/nowhere/calls"),
        {"kind": "bill", **table.seat},
        NOBODY,
    )

    assert code(response) == (404, "restaurant.unknown")
