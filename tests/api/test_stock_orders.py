"""Orders and the stock ledger: what they promise, take and give back, end to end."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.edits import change_restaurant, edit, kept, refused
from harness.gift_cards import call
from harness.refunds import asked
from harness.shop import Shop

pytestmark = pytest.mark.usefixtures("quiet")

POLICIES = ["settle", "reserve"]
EXPIRY_SECONDS = 900


@pytest_asyncio.fixture
async def kitchen(shop: Shop) -> Shop:
    """Tacos of 100 g masa, brisket counted as 4 portions, chicken with 50 g masa;
    600 g masa and 3 flans are there."""
    path = f"/restaurants/{shop.id}/ingredients"
    body = {"name": "Masa", "unit": "g", "on_hand": 600}
    masa = await done(shop, "POST", path, body)
    uses = [{"stock_id": masa["id"], "quantity": 100}]
    tacos = shop.item("Tacos")["id"]
    await done(shop, "PUT", f"/menu_items/{tacos}/recipe", {"uses": uses})
    chicken = modifier(shop, "Chicken")["id"]
    uses = [{"stock_id": masa["id"], "quantity": 50}]
    await done(shop, "PUT", f"/modifiers/{chicken}/recipe", {"uses": uses})
    brisket = modifier(shop, "Brisket")["id"]
    await done(shop, "PATCH", f"/modifiers/{brisket}", {"stock": 4})
    return shop


async def done(shop: Shop, method: str, path: str, body: Any = None) -> Any:
    """A request by the owner that must succeed."""
    response = await call(shop, method, path, body)
    assert response.status_code in (200, 201), response.text
    return response.json()


def modifier(shop: Shop, name: str) -> dict[str, Any]:
    """A modifier of the tacos."""
    for group in shop.item("Tacos")["modifier_groups"]:
        for each in group["modifiers"]:
            if each["name"] == name:
                return each
    raise LookupError(name)


async def figures(shop: Shop) -> dict[str, tuple[int, int]]:
    """(on hand, reserved) of everything counted, by name."""
    page = await done(shop, "GET", f"/restaurants/{shop.id}/stocks")
    return {
        each["name"]: (each["on_hand"], each["reserved"])
        for each in page["data"]
        if each["is_counted"]
    }


async def moves(shop: Shop, name: str, order_id: str | None) -> list[tuple[Any, ...]]:
    """(kind, quantity, on hand, reserved, actor) of an order's rows, oldest first."""
    page = await done(shop, "GET", f"/restaurants/{shop.id}/stocks")
    [stock_id] = [each["id"] for each in page["data"] if each["name"] == name]
    rows = (await done(shop, "GET", f"/stocks/{stock_id}/movements"))["data"]
    return [
        (r["kind"], r["quantity"], r["on_hand"], r["reserved"], r["actor"])
        for r in reversed(rows)
        if r["order_id"] == order_id
    ]


async def journal(shop: Shop, prefix: str) -> list[tuple[str, dict[str, Any]]]:
    path = f"/restaurants/{shop.id}/events?limit=500"
    rows = (await done(shop, "GET", path))["data"]
    return [
        (row["event"], row["payload"])
        for row in rows
        if row["event"].startswith(prefix)
    ]


async def check(shop: Shop) -> None:
    """Every figure is what its ledger adds up to."""
    from restaurant import services

    assert await services.verify_stock(shop.id) == []


def tacos(shop: Shop, quantity: int = 1, *modifiers: str) -> dict[str, Any]:
    return shop.line("Tacos", quantity, "Maíz", *modifiers)


async def refusal(shop: Shop, cart: dict[str, Any], **headers: str) -> Any:
    """The status and what matters of the answer to a cart that is refused."""
    response = await shop.place(cart, **headers)
    told = response.json()
    told.pop("detail")
    return response.status_code, told


def now() -> int:
    from restaurant.adapters import system

    return system.now()


# --- both policies, from the cart to the kitchen -----------------------------------


async def test_by_settle_nothing_moves_before_the_money(kitchen, settle):
    placed = await kitchen.placed(
        kitchen.cart(tacos(kitchen, 2, "Brisket"), kitchen.line("Flan"))
    )
    order_id = placed["order"]["id"]
    before = await figures(kitchen)

    await settle(placed)

    assert before == {"Masa": (600, 0), "Brisket": (4, 0), "Flan": (3, 0)}
    after = {"Masa": (400, 0), "Brisket": (2, 0), "Flan": (2, 0)}
    assert await figures(kitchen) == after
    assert await moves(kitchen, "Masa", order_id) == [("commit", 200, 400, 0, "system")]
    await check(kitchen)


async def test_by_reserve_an_order_is_promised_its_things(kitchen, settle):
    await change_restaurant(kitchen, stock_policy="reserve")
    cart = kitchen.cart(tacos(kitchen, 1, "Brisket", "Chicken"), kitchen.line("Flan"))

    placed = await kitchen.placed(cart)

    order_id = placed["order"]["id"]
    promised = {"Masa": (600, 150), "Brisket": (4, 1), "Flan": (3, 1)}
    assert await figures(kitchen) == promised
    await settle(placed)
    after = {"Masa": (450, 0), "Brisket": (3, 0), "Flan": (2, 0)}
    assert await figures(kitchen) == after
    assert await moves(kitchen, "Flan", order_id) == [
        ("reserve", 1, 3, 1, "guest"),
        ("commit", 1, 2, 0, "system"),
    ]
    await check(kitchen)


async def test_what_is_promised_cannot_be_ordered_by_others(kitchen):
    await change_restaurant(kitchen, stock_policy="reserve", reserve_guest_percent=100)
    await kitchen.placed(kitchen.cart(kitchen.line("Flan", 2)))

    refused_with = await refusal(kitchen, kitchen.cart(kitchen.line("Flan", 2)))
    one = await kitchen.place(kitchen.cart(kitchen.line("Flan", 1)))
    none = await refusal(kitchen, kitchen.cart(kitchen.line("Flan", 1)))

    assert refused_with == (422, {"code": "stock.short", "line": 0, "left": 1})
    assert one.status_code == 201
    assert none == (422, {"code": "item.unavailable", "line": 0})
    assert await figures(kitchen) | {"Flan": (3, 3)} == await figures(kitchen)


@pytest.mark.parametrize("policy", POLICIES)
async def test_cash_takes_its_things_at_once(kitchen, policy):
    await change_restaurant(kitchen, stock_policy=policy)
    cart = kitchen.cart(tacos(kitchen, 3), payment_method="cash")

    response = await kitchen.place(cart, **kitchen.wallet.admin)

    assert response.status_code == 201, response.text
    assert (await figures(kitchen))["Masa"] == (300, 0)
    await check(kitchen)


@pytest.mark.parametrize("policy", POLICIES)
async def test_what_all_lines_take_together_must_be_there(kitchen, policy):
    """Two sorts of tacos share the masa; the first line that no longer fits is told."""
    await change_restaurant(kitchen, stock_policy=policy, reserve_guest_percent=100)
    lines = (tacos(kitchen, 3), kitchen.line("Agua"), tacos(kitchen, 3, "Chicken"))

    told = await refusal(kitchen, kitchen.cart(*lines))
    quote = (await kitchen.quote(kitchen.cart(*lines))).json()

    assert told == (422, {"code": "stock.short", "line": 2, "left": 2})
    assert (quote["code"], quote["left"]) == ("stock.short", 2)
    assert (await figures(kitchen))["Masa"] == (600, 0)


async def test_a_modifier_is_counted_as_often_as_it_is_chosen(kitchen, settle):
    line = tacos(kitchen, 2, "Brisket")
    line["modifiers"][-1]["quantity"] = 2

    await settle(await kitchen.placed(kitchen.cart(line)))

    assert (await figures(kitchen))["Brisket"] == (0, 0)
    told = await refusal(kitchen, kitchen.cart(tacos(kitchen, 1, "Brisket")))
    assert told == (422, {"code": "modifier.unavailable", "line": 0})


@pytest.mark.parametrize("policy", POLICIES)
async def test_an_oversold_order_takes_nothing_at_all(kitchen, settle, policy, clock):
    """All lines of an order or none: the flan that was left stays for others."""
    both = kitchen.cart(tacos(kitchen, 4), kitchen.line("Flan"))
    placed = [await kitchen.placed(both) for _ in range(2)]
    await change_restaurant(kitchen, stock_policy=policy)

    for each in placed:
        await settle(each)

    loser = await kitchen.order(placed[1]["order"]["id"])
    assert (loser["status"], loser["flags"]) == ("paid", ["oversold", "refund_due"])
    assert await figures(kitchen) == {
        "Masa": (200, 0),
        "Brisket": (4, 0),
        "Flan": (2, 0),
    }
    assert await moves(kitchen, "Flan", loser["id"]) == []
    await check(kitchen)


# --- giving back -------------------------------------------------------------------


async def test_time_gives_back_what_was_promised_while_the_node_is_away(
    kitchen, settle, clock
):
    from restaurant.flows.reconciling import release_expired

    await change_restaurant(kitchen, stock_policy="reserve")
    placed = await kitchen.placed(kitchen.cart(kitchen.line("Flan")))
    order_id = placed["order"]["id"]
    await release_expired(now())
    early = (await figures(kitchen))["Flan"]
    clock.forward(EXPIRY_SECONDS + 1)

    for _ in range(2):
        await release_expired(now())

    assert early == (3, 1)
    assert (await figures(kitchen))["Flan"] == (3, 0)
    assert (await kitchen.order(order_id))["status"] == "pending"
    # Its money comes after all, and something is free.
    await settle(placed)
    assert (await kitchen.order(order_id))["flags"] == []
    assert await moves(kitchen, "Flan", order_id) == [
        ("reserve", 1, 3, 1, "guest"),
        ("cancel", 1, 3, 0, "system"),
        ("commit", 1, 2, 0, "system"),
    ]
    await check(kitchen)


async def test_money_after_the_promise_may_find_nothing(kitchen, settle, clock):
    from restaurant.flows.reconciling import release_expired

    await change_restaurant(kitchen, stock_policy="reserve", reserve_guest_percent=100)
    late = await kitchen.placed(kitchen.cart(kitchen.line("Flan", 3)))
    clock.forward(EXPIRY_SECONDS + 1)
    await release_expired(now())
    other = await kitchen.placed(kitchen.cart(kitchen.line("Flan", 1)))

    await settle(late)

    order = await kitchen.order(late["order"]["id"])
    assert order["flags"] == ["oversold", "refund_due"]
    assert (await figures(kitchen))["Flan"] == (3, 1)
    await settle(other)
    assert (await figures(kitchen))["Flan"] == (2, 0)
    await check(kitchen)


@pytest.mark.parametrize("by_guest", [True, False])
async def test_an_unpaid_order_that_ends_frees_what_it_held(kitchen, by_guest):
    await change_restaurant(kitchen, stock_policy="reserve")
    placed = await kitchen.placed(kitchen.cart(kitchen.line("Flan")))
    order_id = placed["order"]["id"]

    if by_guest:
        header = {"X-Order-Token": placed["order_token"]}
        path = f"{API}/orders/{order_id}/cancel"
        response = await kitchen.client.post(path, headers=header)
    else:
        response = await kitchen.status(order_id, "canceled")

    assert response.status_code == 200, response.text
    assert (await figures(kitchen))["Flan"] == (3, 0)
    who = "guest" if by_guest else "owner"
    last = (await moves(kitchen, "Flan", order_id))[-1]
    assert last == ("cancel", 1, 3, 0, who)
    await check(kitchen)


@pytest.mark.parametrize("policy", POLICIES)
async def test_a_paid_order_gives_back_until_it_is_ready(kitchen, settle, policy):
    await change_restaurant(kitchen, stock_policy=policy)
    cart = kitchen.cart(tacos(kitchen, 1, "Brisket"))
    first, second = [await kitchen.placed(cart) for _ in range(2)]
    for each in (first, second):
        await settle(each)
    for step in ("accepted", "ready", "canceled"):
        await kitchen.status(second["order"]["id"], step, reason="no")

    canceled = await kitchen.status(first["order"]["id"], "canceled", reason="no")

    assert canceled.status_code == 200, canceled.text
    assert await figures(kitchen) == {
        "Masa": (500, 0),
        "Brisket": (3, 0),
        "Flan": (3, 0),
    }
    last = (await moves(kitchen, "Brisket", first["order"]["id"]))[-1]
    assert last == ("cancel", 1, 3, 0, "owner")
    await check(kitchen)


async def test_a_refund_puts_its_lines_back_with_all_they_took(kitchen, settle):
    placed = await kitchen.placed(
        kitchen.cart(tacos(kitchen, 3, "Brisket"), kitchen.line("Flan"))
    )
    await settle(placed)
    order = placed["order"]
    line_id = order["items"][0]["id"]
    some = [{"line_id": line_id, "quantity": 2}]

    await asked(kitchen, order["id"], lines=some, restock=True)

    assert await figures(kitchen) == {
        "Masa": (500, 0),
        "Brisket": (3, 0),
        "Flan": (2, 0),
    }
    last = (await moves(kitchen, "Masa", order["id"]))[-1]
    assert last == ("refund", 200, 500, 0, "owner")
    # What is canceled now gives back the rest, once.
    await kitchen.status(order["id"], "canceled", reason="no")
    assert await figures(kitchen) == {
        "Masa": (600, 0),
        "Brisket": (4, 0),
        "Flan": (3, 0),
    }
    await check(kitchen)


# --- edits -------------------------------------------------------------------------


@pytest.mark.parametrize("is_paid", [False, True])
async def test_an_edit_moves_the_difference(kitchen, settle, is_paid):
    await change_restaurant(kitchen, stock_policy="reserve", reserve_guest_percent=100)
    cart = kitchen.cart(tacos(kitchen, 2), kitchen.line("Flan", 2))
    placed = await kitchen.placed(cart)
    if is_paid:
        await settle(placed)
    order = await kitchen.order(placed["order"]["id"])
    some, flan = order["items"]

    await edit(kitchen, order, items=[*kept(some, quantity=3), *kept(flan, quantity=1)])

    after = await figures(kitchen)
    if is_paid:
        assert (after["Masa"], after["Flan"]) == ((300, 0), (2, 0))
        kinds = [move[0] for move in await moves(kitchen, "Masa", order["id"])]
        assert kinds == ["reserve", "commit", "commit"]
    else:
        assert (after["Masa"], after["Flan"]) == ((600, 300), (3, 1))
        kinds = [move[0] for move in await moves(kitchen, "Flan", order["id"])]
        assert kinds == ["reserve", "cancel"]
    last = (await moves(kitchen, "Flan", order["id"]))[-1]
    assert (last[0], last[1], last[4]) == ("cancel", 1, "owner")
    await check(kitchen)


@pytest.mark.parametrize("policy", POLICIES)
async def test_an_edit_that_is_short_changes_nothing(kitchen, settle, policy):
    await change_restaurant(kitchen, stock_policy=policy, reserve_guest_percent=100)
    placed = await kitchen.placed(kitchen.cart(tacos(kitchen, 5)))
    order = await kitchen.order(placed["order"]["id"])
    [some] = order["items"]
    before = await figures(kitchen)

    told = await refused(kitchen, order, items=kept(some, quantity=7))
    fits = await edit(kitchen, order, items=kept(some, quantity=6))

    assert told == (409, "stock.short")
    assert (await figures(kitchen))["Brisket"] == before["Brisket"]
    assert fits["items"][0]["quantity"] == 6
    await settle({"invoice": None} | {"invoice": await invoice_of(kitchen, placed)})
    assert (await figures(kitchen))["Masa"] == (0, 0)
    await check(kitchen)


async def invoice_of(shop: Shop, placed: dict[str, Any]) -> dict[str, Any]:
    """The order's invoice of now."""
    path = f"{API}/orders/{placed['order']['id']}/invoice"
    header = {"X-Order-Token": placed["order_token"]}
    return (await shop.client.post(path, headers=header)).json()


# --- one guest's share -------------------------------------------------------------


async def test_one_guest_cannot_hold_all_there_is(kitchen):
    await change_restaurant(kitchen, stock_policy="reserve", reserve_guest_percent=50)
    guest_id = "g" * 20
    mine = {"guest_id": guest_id}
    masa_of_two = kitchen.cart(tacos(kitchen, 2), **mine)

    too_many = await refusal(kitchen, kitchen.cart(tacos(kitchen, 4), **mine))
    first = await kitchen.place(masa_of_two)
    second = await refusal(kitchen, masa_of_two)
    other = await kitchen.place(kitchen.cart(tacos(kitchen, 2), guest_id="h" * 20))
    staff = await kitchen.place(masa_of_two, **kitchen.wallet.admin)

    [masa] = [
        each["id"]
        for each in (await done(kitchen, "GET", f"/restaurants/{kitchen.id}/stocks"))[
            "data"
        ]
        if each["name"] == "Masa"
    ]
    share = {"code": "stock.share", "line": 0, "stock_id": masa}
    assert too_many == (409, {**share, "most": 3})
    assert first.status_code == other.status_code == staff.status_code == 201
    assert second == (409, {**share, "most": 1})
    assert (await figures(kitchen))["Masa"] == (600, 600)
    await check(kitchen)


# --- the menu ----------------------------------------------------------------------


async def test_guests_see_what_can_be_had(kitchen, settle):
    await change_restaurant(kitchen, show_left=True)
    cart = kitchen.cart(tacos(kitchen, 2, "Brisket"), tacos(kitchen, 2, "Brisket"))

    await settle(await kitchen.placed(cart))

    path = f"{API}/restaurants/{kitchen.id}/menu"
    menu = (await kitchen.client.get(path)).json()
    taco, flan = menu["categories"][0]["items"]
    assert (taco["left"], taco["is_available"]) == (2, True)
    assert (flan["left"], flan["is_available"]) == (3, True)
    meat = {
        m["name"]: m["is_available"] for m in taco["modifier_groups"][1]["modifiers"]
    }
    assert meat == {"Brisket": False, "Chicken": True}
    assert "stock" not in str(menu)


async def test_staff_see_what_is_there_and_what_is_promised(kitchen):
    await change_restaurant(kitchen, stock_policy="reserve")
    await kitchen.placed(
        kitchen.cart(tacos(kitchen, 1, "Brisket"), kitchen.line("Flan"))
    )

    await kitchen.stock("Flan")

    flan, brisket = kitchen.item("Flan"), modifier(kitchen, "Brisket")
    assert (flan["stock"], flan["reserved"]) == (3, 1)
    assert (brisket["stock"], brisket["reserved"]) == (4, 1)
    assert modifier(kitchen, "Chicken")["stock"] is None


async def test_what_is_not_counted_any_more_is_free_of_promises(kitchen, settle):
    await change_restaurant(kitchen, stock_policy="reserve")
    placed = await kitchen.placed(kitchen.cart(kitchen.line("Flan")))
    flan = f"/menu_items/{kitchen.item('Flan')['id']}"

    shown = await done(kitchen, "PATCH", flan, {"stock": None})
    await settle(placed)
    again = await done(kitchen, "PATCH", flan, {"stock": 9})
    await kitchen.status(placed["order"]["id"], "canceled", reason="no")

    assert (shown["stock"], shown["reserved"]) == (None, 0)
    assert (again["stock"], again["reserved"]) == (9, 0)
    rows = await moves(kitchen, "Flan", placed["order"]["id"])
    assert rows[:2] == [("reserve", 1, 3, 1, "guest"), ("cancel", 1, 3, 0, "owner")]
    await check(kitchen)


async def test_an_upload_counts_items_and_modifiers(kitchen):
    path = f"/restaurants/{kitchen.id}/menu"
    tree = await done(kitchen, "GET", f"{path}?all=1")
    taco = tree["categories"][0]["items"][0]
    brisket, chicken = taco["modifier_groups"][1]["modifiers"]
    brisket |= {"stock": 99}  # not set: the live figure stays
    chicken |= {"stock": 7, "stock_set": True}
    tree["categories"][0]["items"] = [taco]  # no flan any more

    stored = await done(kitchen, "PUT", path, tree)

    [after] = stored["categories"][0]["items"]
    assert [m["stock"] for m in after["modifier_groups"][1]["modifiers"]] == [4, 7]
    assert set(await figures(kitchen)) == {"Masa", "Brisket", "Chicken"}
    assert stored == await done(kitchen, "GET", f"{path}?all=1")
    [*_, (_, told)] = await journal(kitchen, "menu.replaced")
    flan = kitchen.item("Flan")["id"]
    assert told["stock"] == {chicken["id"]: 7, flan: None}
    await check(kitchen)


async def test_an_item_that_left_the_menu_gives_nothing_back(kitchen, settle):
    placed = await kitchen.placed(kitchen.cart(kitchen.line("Flan"), tacos(kitchen)))
    await settle(placed)
    path = f"/restaurants/{kitchen.id}/menu"
    await done(kitchen, "PUT", path, {"categories": []})

    await kitchen.status(placed["order"]["id"], "canceled", reason="no")

    assert await figures(kitchen) == {"Masa": (600, 0)}
    await check(kitchen)


# --- what the owner hears ----------------------------------------------------------


async def test_low_and_empty_shelves_are_told_once(kitchen, settle):
    flan = kitchen.item("Flan")["id"]
    await done(kitchen, "PATCH", f"/stocks/{flan}", {"low_at": 1})

    for _ in range(3):
        await settle(await kitchen.placed(kitchen.cart(kitchen.line("Flan"))))
    await done(kitchen, "PATCH", f"/menu_items/{flan}", {"stock": 5})

    told = [
        (event, payload["available"], payload["low_at"])
        for event, payload in await journal(kitchen, "stock.")
        if payload.get("stock_id") == flan and "available" in payload
    ]
    assert told == [
        ("stock.low", 1, 1),
        ("stock.out", 0, 1),
        ("stock.refilled", 5, 1),
    ]


# --- an edit and what the order has already -------------------------------------------


@pytest.mark.parametrize("policy", POLICIES)
async def test_the_last_ones_may_be_had_in_another_way(shop, policy):
    """What an edit leaves out is there for what it brings, though all is sold out."""
    await change_restaurant(shop, stock_policy=policy, reserve_guest_percent=100)
    method = "cash" if policy == "settle" else "lightning"
    who = shop.wallet.admin
    cart = shop.cart(shop.line("Flan", 3), payment_method=method)
    placed = await shop.place(cart, **who)
    order = placed.json()["order"]
    assert (await refusal(shop, shop.cart(shop.line("Flan"))))[0] == 422

    order = await edit(shop, order, items=[{**shop.line("Flan", 3), "note": "warm"}])

    more = [*kept(order["items"][0], quantity=2), shop.line("Flan", 2)]
    assert await refused(shop, order, items=more) == (422, "stock.short")
    on_hand, held = (0, 0) if policy == "settle" else (3, 3)
    assert await figures(shop) == {"Flan": (on_hand, held)}
    await check(shop)


async def test_what_was_begun_is_spare_for_nobody(shop):
    cart = shop.cart(shop.line("Flan", 3), payment_method="cash")
    order = (await shop.place(cart, **shop.wallet.admin)).json()["order"]
    path = f"/orders/{order['id']}/lines/status"
    order = await done(shop, "PUT", path, {"status": "cooking"})

    swap = [shop.line("Flan")]

    assert await refused(shop, order, items=swap) == (422, "item.unavailable")
