"""Who works here, where their tips go, and who serves an order."""

from __future__ import annotations

import pytest

from harness.books import snapshot
from harness.refunds import devices, told
from harness.tips import call, done, ledger, member

pytestmark = pytest.mark.usefixtures("quiet")


async def test_somebody_is_added_changed_and_removed(shop, make_wallet):
    own = f"/restaurants/{shop.id}/staff"
    wallet = await make_wallet()
    ana = await member(shop, "Ana", pay_to="ANA@Wallet.Example", weight=3)
    assert ana == {
        "id": ana["id"],
        "name": "Ana",
        "is_active": True,
        "pay_to": "ana@wallet.example",
        "wallet_id": None,
        "weight": 3,
    }

    path = f"/staff/{ana['id']}"
    changed = await done(shop, "PATCH", path, {"wallet_id": wallet.id})
    assert (changed["pay_to"], changed["wallet_id"]) == (None, wallet.id)
    changed = await done(shop, "PATCH", path, {"wallet_id": None, "is_active": False})
    assert (changed["wallet_id"], changed["is_active"]) == (None, False)
    assert (await done(shop, "GET", own))["data"] == [changed]

    assert (await call(shop, "DELETE", path)).status_code == 204
    assert (await done(shop, "GET", own))["data"] == []
    assert (await call(shop, "DELETE", path)).status_code == 404


async def test_the_list_comes_in_pages_newest_first(shop):
    made = [(await member(shop, f"No. {n}"))["id"] for n in range(5)]
    path = f"/restaurants/{shop.id}/staff?limit=2"
    page, seen = await done(shop, "GET", path), []
    while True:
        seen += [each["id"] for each in page["data"]]
        if page["next"] is None:
            break
        page = await done(shop, "GET", f"{path}&cursor={page['next']}")

    assert seen == made[::-1]


async def test_tills_and_kitchens_read_names_only(shop):
    await member(shop, "Ana", pay_to="ana@wallet.example")
    headers = await devices(shop)
    for role in ("pos", "kds"):
        path = f"/restaurants/{shop.id}/staff"
        [seen] = (await done(shop, "GET", path, headers=headers[role]))["data"]
        assert seen["name"] == "Ana"
        assert (seen["pay_to"], seen["wallet_id"], seen["weight"]) == (None,) * 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": ""}, "text.invalid"),
        ({"name": "x\0"}, "text.invalid"),
        ({"name": 7}, "field.invalid"),
        ({"name": "A", "pay_to": "not an address"}, "field.invalid"),
        ({"name": "A", "pay_to": ""}, "field.invalid"),
        ({"name": "A", "wallet_id": "nobody's"}, "staff.wallet"),
        ({"name": "A", "wallet_id": ""}, "staff.wallet"),
        ({"name": "A", "pay_to": "a@b.example", "wallet_id": "x"}, "field.invalid"),
        ({"name": "A", "weight": -1}, "field.invalid"),
        ({"name": "A", "weight": 1001}, "field.invalid"),
        ({"name": "A", "weight": 10**300}, "field.invalid"),
        ({"name": "A", "weight": 1.5}, "field.invalid"),
        ({"name": "A", "is_active": 1}, "field.invalid"),
    ],
)
async def test_what_is_wrong_is_refused_and_changes_nothing(shop, body, code):
    ana = await member(shop, "Ana")
    before = await snapshot(shop.id)

    added = await call(shop, "POST", f"/restaurants/{shop.id}/staff", body)
    changed = await call(shop, "PATCH", f"/staff/{ana['id']}", body)

    assert told(added) == told(changed) == (422, code)
    assert await snapshot(shop.id) == before


async def test_tips_never_go_to_the_wallet_that_pays_them(shop):
    body = {"name": "A", "wallet_id": shop.wallet.id}
    response = await call(shop, "POST", f"/restaurants/{shop.id}/staff", body)

    assert told(response) == (422, "staff.wallet")


@pytest.mark.parametrize("name", ["name", "weight", "is_active"])
async def test_null_takes_nothing_away_that_must_be_there(shop, name):
    ana = await member(shop)
    response = await call(shop, "PATCH", f"/staff/{ana['id']}", {name: None})

    assert told(response) == (422, "field.invalid")


async def test_who_serves_is_named_changed_and_taken_away(shop, settle):
    ana, ben = await member(shop, "Ana"), await member(shop, "Ben")
    order_id = (await shop.placed())["order"]["id"]
    path = f"/orders/{order_id}/server"

    seen = await done(shop, "PUT", path, {"staff_id": ana["id"]})
    assert seen == {"order_id": order_id, "staff_id": ana["id"], "name": "Ana"}
    again = await done(shop, "PUT", path, {"staff_id": ana["id"]})
    assert again == seen
    await done(shop, "PUT", path, {"staff_id": ben["id"]})
    nobody = await done(shop, "PUT", path, {"staff_id": None})
    assert nobody == {"order_id": order_id, "staff_id": None, "name": None}

    assert (await shop.events(order_id)).count("order.served_by") == 3
    assert await ledger(shop) == []


async def test_only_who_works_here_now_can_serve(shop, client, make_wallet):
    from harness.shop import open_shop

    foreign = await member(await open_shop(client, await make_wallet()), "Eve")
    gone = await member(shop, "Gone", is_active=False)
    order_id = (await shop.placed())["order"]["id"]
    path = f"/orders/{order_id}/server"
    before = await snapshot(shop.id)

    for staff_id, expected in (
        (foreign["id"], (404, "staff.unknown")),
        ("no such id", (404, "staff.unknown")),
        (gone["id"], (422, "staff.inactive")),
    ):
        response = await call(shop, "PUT", path, {"staff_id": staff_id})
        assert told(response) == expected
    assert await snapshot(shop.id) == before


async def test_staff_say_who_serves_when_they_order(shop):
    ana, gone = await member(shop), await member(shop, "Luis", is_active=False)
    cart = shop.cart(payment_method="cash", server_id=ana["id"])
    before = await snapshot(shop.id)

    refused = {
        "guest": await shop.place(cart | {"payment_method": "lightning"}),
        "away": await call(shop, "POST", "/orders", cart | {"server_id": gone["id"]}),
        "nobody": await call(shop, "POST", "/orders", cart | {"server_id": "nobody"}),
    }

    assert {who: told(answer) for who, answer in refused.items()} == {
        "guest": (403, "server.forbidden"),
        "away": (422, "staff.inactive"),
        "nobody": (404, "staff.unknown"),
    }
    assert await snapshot(shop.id) == before
    placed = await done(shop, "POST", "/orders", cart)
    assert placed["order"]["server_id"] == ana["id"]


async def test_no_name_and_no_address_is_in_the_journal(shop):
    from restaurant.crud import read

    ana = await member(shop, "Zacarias", pay_to="zacarias@wallet.example")
    await done(shop, "PATCH", f"/staff/{ana['id']}", {"name": "Zoraida"})
    order_id = (await shop.placed())["order"]["id"]
    await done(shop, "PUT", f"/orders/{order_id}/server", {"staff_id": ana["id"]})
    await done(shop, "PUT", f"/orders/{order_id}/server", {"staff_id": None})
    await call(shop, "DELETE", f"/staff/{ana['id']}")
    async with read() as conn:
        rows = await conn.all(
            "SELECT event, payload FROM restaurant.journal WHERE restaurant_id = :id",
            id=shop.id,
        )

    events = [row["event"] for row in rows]
    for event in ("staff.added", "staff.changed", "staff.removed"):
        assert event in events
    text = " ".join(row["payload"] for row in rows).lower()
    assert not any(word in text for word in ("zacarias", "zoraida", "wallet.example"))
