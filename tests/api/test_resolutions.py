"""Paid orders with something in them that is not there: three ways out."""

import uuid
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.shop import Shop

pytestmark = pytest.mark.usefixtures("quiet")

#: One Agua and one Flan, at 158.635 sat per GTQ, up to whole satoshi.
FLAN_GTQ, AGUA_GTQ, BOTH_GTQ = "30.00", "10.00", "40.00"


@pytest_asyncio.fixture
async def oversold(shop: Shop, settle: Any) -> dict[str, Any]:
    """A paid order over two Flan, of which one is left, and an Agua."""
    first = await shop.placed(shop.cart(shop.line("Flan", 2)))
    placed = await shop.placed(shop.cart(shop.line("Flan", 2), shop.line("Agua")))
    await settle(first)
    await settle(placed)
    order = await shop.order(placed["order"]["id"])
    assert (order["status"], order["flags"]) == ("paid", ["oversold", "refund_due"])
    return order


async def resolve(shop: Shop, order_id: str, way: str, **body: Any) -> Any:
    headers = {**shop.wallet.admin, "Idempotency-Key": uuid.uuid4().hex}
    path = f"{API}/orders/{order_id}/resolve"
    return await shop.client.post(path, json={"way": way, **body}, headers=headers)


async def switch(shop: Shop, name: str, *, on: bool) -> None:
    item_id = shop.item(name)["id"]
    response = await shop.client.patch(
        f"{API}/menu_items/{item_id}",
        json={"is_available": on},
        headers=shop.wallet.admin,
    )
    assert response.status_code == 200, response.text


async def ledger_is_right(shop: Shop) -> bool:
    from restaurant import services

    return await services.verify_stock(shop.id) == []


def told(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def test_the_line_that_is_short_goes_back_and_the_rest_is_made(shop, oversold):
    answer = await resolve(shop, oversold["id"], "refund_line")

    assert answer.status_code == 200, answer.text
    order = answer.json()
    assert (order["status"], order["flags"]) == ("accepted", [])
    assert [(line["name"], line["quantity"]) for line in order["items"]] == [
        ("Agua", 1)
    ]
    [refund] = order["refunds"]
    assert refund["amount_msat"] == oversold["total_msat"] - order["total_msat"]
    assert refund["status"] == "approved"
    assert order["total"] == AGUA_GTQ
    [job] = await shop.jobs(order["id"])
    assert job["station"] == "bar"
    assert await shop.stock("Flan") == 1
    assert await ledger_is_right(shop)


async def test_an_order_with_nothing_left_is_canceled_and_goes_back(shop, settle):
    placed = [await shop.placed(shop.cart(shop.line("Flan", 2))) for _ in range(2)]
    for each in placed:
        await settle(each)
    order_id = placed[1]["order"]["id"]

    order = (await resolve(shop, order_id, "refund_line")).json()

    assert (order["status"], order["cancel_reason"]) == ("canceled", "Sold out.")
    [refund] = order["refunds"]
    assert refund["amount_msat"] == order["paid_msat"]
    assert order["flags"] == []
    assert await shop.jobs(order_id) == []


async def test_a_substitute_that_is_dearer_costs_the_guest_no_more(shop, oversold):
    tacos = shop.line("Tacos", 2, "Maíz")

    order = (await resolve(shop, oversold["id"], "substitute", items=[tacos])).json()

    assert (order["status"], order["flags"]) == ("accepted", [])
    assert sorted((line["name"], line["quantity"]) for line in order["items"]) == [
        ("Agua", 1),
        ("Tacos", 2),
    ]
    assert order["total"] == oversold["total"] == "70.00"
    assert (order["due_msat"], order["refunds"]) == (0, [])
    assert await ledger_is_right(shop)


async def test_a_substitute_that_is_cheaper_gives_the_difference_back(shop, oversold):
    order = (
        await resolve(shop, oversold["id"], "substitute", items=[shop.line("Agua", 3)])
    ).json()

    assert (order["status"], order["flags"]) == ("accepted", [])
    assert order["total"] == BOTH_GTQ
    [refund] = order["refunds"]
    assert refund["amount_msat"] == oversold["total_msat"] - order["total_msat"]


async def test_made_anyway_the_ledger_says_that_it_was_there(shop, oversold):
    order = (await resolve(shop, oversold["id"], "make_anyway")).json()

    assert (order["status"], order["flags"]) == ("accepted", [])
    assert order["refunds"] == []
    assert {job["station"] for job in await shop.jobs(order["id"])} == {
        "kitchen",
        "bar",
    }
    assert await shop.stock("Flan") == 0
    assert await ledger_is_right(shop)


async def test_something_switched_off_before_the_money_came_waits_for_a_human(
    shop, settle
):
    placed = await shop.placed(shop.cart(shop.line("Flan"), shop.line("Agua")))
    await switch(shop, "Agua", on=False)
    await settle(placed)

    order = await shop.order(placed["order"]["id"])
    assert (order["status"], order["flags"]) == ("paid", ["refund_due", "unavailable"])
    assert await shop.jobs(order["id"]) == []
    assert await shop.stock("Flan") == 3

    order = (await resolve(shop, order["id"], "refund_line")).json()
    assert (order["status"], order["flags"]) == ("accepted", [])
    assert [line["name"] for line in order["items"]] == ["Flan"]
    assert await shop.stock("Flan") == 2


async def test_a_modifier_switched_off_before_the_money_came_is_noticed(shop, settle):
    placed = await shop.placed(shop.cart(shop.line("Tacos", 1, "Maíz", "Brisket")))
    [group] = [
        group
        for group in shop.item("Tacos")["modifier_groups"]
        if any(each["name"] == "Brisket" for each in group["modifiers"])
    ]
    brisket = next(m["id"] for m in group["modifiers"] if m["name"] == "Brisket")
    await shop.client.patch(
        f"{API}/modifiers/{brisket}",
        json={"is_available": False},
        headers=shop.wallet.admin,
    )
    await settle(placed)

    order = await shop.order(placed["order"]["id"])
    assert order["flags"] == ["refund_due", "unavailable"]


async def test_what_came_back_meanwhile_needs_no_way_out(shop, settle):
    placed = await shop.placed(shop.cart(shop.line("Flan"), shop.line("Agua")))
    await switch(shop, "Agua", on=False)
    await settle(placed)
    await switch(shop, "Agua", on=True)
    order_id = placed["order"]["id"]

    assert told(await resolve(shop, order_id, "refund_line")) == (
        409,
        "resolve.nothing",
    )
    order = (await resolve(shop, order_id, "make_anyway")).json()
    assert (order["status"], order["flags"]) == ("accepted", [])


async def test_a_line_can_be_named(shop, oversold):
    [agua] = [line for line in oversold["items"] if line["name"] == "Agua"]
    [flan] = [line for line in oversold["items"] if line["name"] == "Flan"]

    body = {"line_ids": [flan["id"], agua["id"]]}
    order = (await resolve(shop, oversold["id"], "refund_line", **body)).json()

    assert order["status"] == "canceled"


async def test_the_same_key_resolves_once(shop, oversold):
    key = {"Idempotency-Key": "resolve-once-and-only-once"}
    path = f"{API}/orders/{oversold['id']}/resolve"
    answers = [
        await shop.client.post(
            path, json={"way": "refund_line"}, headers={**shop.wallet.admin, **key}
        )
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert len((await shop.order(oversold["id"]))["refunds"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"way": "burn_it"}, 422, "field.invalid"),
        ({"way": "substitute"}, 422, "resolve.items"),
        ({"way": "refund_line", "line_ids": ["nobody's"]}, 422, "line.unknown"),
        ({"way": "refund_line", "line_ids": [7]}, 422, "field.invalid"),
        ({}, 422, "field.invalid"),
    ],
)
async def test_a_wrong_request_changes_nothing(shop, oversold, body, status, code):
    headers = {**shop.wallet.admin, "Idempotency-Key": uuid.uuid4().hex}
    path = f"{API}/orders/{oversold['id']}/resolve"
    response = await shop.client.post(path, json=body, headers=headers)

    assert told(response) == (status, code)
    assert await shop.order(oversold["id"]) == oversold


async def test_only_orders_in_question_are_resolved(shop, settle):
    placed = await shop.placed(shop.cart(shop.line("Agua")))
    order_id = placed["order"]["id"]
    assert told(await resolve(shop, order_id, "make_anyway")) == (409, "order.resolve")
    await settle(placed)
    assert told(await resolve(shop, order_id, "make_anyway")) == (409, "order.resolve")


async def test_the_journal_tells_which_way_was_taken(shop, oversold):
    await resolve(shop, oversold["id"], "make_anyway")

    page = await shop.client.get(
        f"{API}/restaurants/{shop.id}/events?limit=500", headers=shop.wallet.admin
    )
    [entry] = [e for e in page.json()["data"] if e["event"] == "order.resolved"]
    flan = shop.item("Flan")["id"]
    assert entry["payload"] == {
        "number": oversold["number"],
        "way": "make_anyway",
        "line_ids": [],
        "short": {flan: 1},
    }
