"""Staff edit an order before it is accepted: its lines, prices, words and rights."""

from __future__ import annotations

from typing import Any

import pytest

from harness import API
from harness.books import core_invoices, snapshot
from harness.desk import open_desk
from harness.discounts import make_code, make_discount, uses_of
from harness.edits import (
    SUMS,
    change_item,
    change_restaurant,
    edit,
    kept,
    patch,
    refused,
    told,
)
from harness.gift_cards import call
from harness.shop import Shop, open_shop

pytestmark = pytest.mark.usefixtures("quiet")

TACOS = ("Tacos", 2, "Maíz", "Brisket")
HALF = {"percent": "50", "reason": "it was cold"}


async def ordered(shop: Shop, *lines: Any, **fields: Any) -> dict[str, Any]:
    """A guest's pending order: two tacos (140.00) and one Agua (10.00)."""
    lines = lines or (shop.line(*TACOS), shop.line("Agua"))
    return (await shop.placed(shop.cart(*lines, **fields)))["order"]


async def device(shop: Shop, role: str) -> dict[str, str]:
    """The header of a new device."""
    response = await call(
        shop, "POST", f"/restaurants/{shop.id}/devices", {"name": role, "role": role}
    )
    assert response.status_code == 201, response.text
    return {"Authorization": f"Bearer {response.json()['token']}"}


async def journal(shop: Shop, order: dict[str, Any], event: str) -> list[Any]:
    """The order's journal entries of one kind."""
    response = await shop.client.get(
        f"{API}/restaurants/{shop.id}/events?limit=500", headers=shop.wallet.admin
    )
    found = response.json()["data"]
    return [e for e in found if (e["event"], e["order_id"]) == (event, order["id"])]


# --- lines and prices --------------------------------------------------------------


async def test_lines_are_added_changed_and_removed(shop):
    order = await ordered(shop)
    tacos, agua = order["items"]
    assert (order["revision"], order["edited"]) == (1, None)

    edited = await edit(
        shop,
        order,
        items=[*kept(tacos, quantity=3, note="no onion"), shop.line("Flan", 2)],
    )

    assert edited["revision"] == 2
    assert edited["total"] == "270.00"
    lines = [(i["name"], i["quantity"], i["note"]) for i in edited["items"]]
    assert lines == [("Tacos", 3, "no onion"), ("Flan", 2, None)]
    first, second = edited["items"]
    assert first["id"] == tacos["id"]
    assert second["id"] not in {tacos["id"], agua["id"]}
    assert first["modifiers"] == tacos["modifiers"]
    assert told(edited) == [
        ("removed", "Agua", "1", None),
        ("quantity", "Tacos", "2", "3"),
        ("note", "Tacos", None, "no onion"),
        ("added", "Flan", None, "2"),
        ("total", None, "150.00", "270.00"),
    ]


async def test_an_edit_and_its_way_back_cost_what_it_cost(shop):
    await change_restaurant(shop, tax_rate="12", tax_inclusive=False)
    order = await ordered(shop, tip={"percent": "10"})

    edited = await edit(shop, order, items=kept(*order["items"], quantity=7))
    back = await edit(
        shop,
        edited,
        items=[
            *kept(edited["items"][0], quantity=2),
            *kept(edited["items"][1], quantity=1),
        ],
    )

    assert edited["total_msat"] > order["total_msat"]
    for name in (*SUMS, "total", "amounts", "taxes", "items", "rates", "due"):
        assert back[name] == order[name], name


async def test_an_edit_that_changes_nothing_leaves_no_trace(shop):
    order = await ordered(shop, table="7", note="hot", covers=2, tip_msat=777)
    before = await snapshot(shop.id)
    invoices = await core_invoices(shop.wallet.id)

    for body in (
        {},
        {"items": kept(*order["items"])},
        {"table": "7", "note": "hot", "covers": 2, "codes": [], "discounts": []},
        {"items": kept(order["items"][0], quantity=2) + kept(order["items"][1])},
        {"tax_exempt": None, "server_id": None, "reason": "just looking"},
    ):
        assert await edit(shop, order, **body) == order

    assert await snapshot(shop.id) == before
    assert await core_invoices(shop.wallet.id) == invoices


async def test_what_stays_keeps_its_price_and_what_is_new_has_todays(shop):
    order = await ordered(shop)
    await change_item(shop, "Tacos", price="99.00", tax_rate="12")
    await change_item(shop, "Agua", price="15.00", is_available=False)

    edited = await edit(
        shop, order, items=[*kept(*order["items"], quantity=3), shop.line(*TACOS)]
    )

    prices = [(i["name"], i["price"], i["tax_rate"]) for i in edited["items"]]
    assert prices == [
        ("Tacos", "45.00", "0"),
        ("Agua", "10.00", "0"),
        ("Tacos", "99.00", "12"),
    ]
    assert edited["total"] == "488.00"  # 3 × 70 + 3 × 10 + 2 × 124


async def test_lines_stay_when_their_items_are_gone_from_the_menu(shop):
    order = await ordered(shop)
    other = {"categories": [{"name": "New", "items": [{"name": "Té", "price": "8"}]}]}
    stored = await shop.client.put(
        f"{API}/restaurants/{shop.id}/menu", json=other, headers=shop.wallet.admin
    )
    shop.menu = stored.json()

    edited = await edit(
        shop, order, items=[*kept(order["items"][0], quantity=1), shop.line("Té")]
    )

    assert [i["name"] for i in edited["items"]] == ["Tacos", "Té"]
    assert edited["total"] == "78.00"


async def test_the_order_keeps_its_rate(shop, set_rate):
    order = await ordered(shop)
    set_rate("GTQ", 160.0)

    edited = await edit(shop, order, items=[*kept(*order["items"]), shop.line("Flan")])

    assert edited["rates"] == {"GTQ": "158.635"}
    assert edited["rate_at"] == order["rate_at"]
    assert edited["total_msat"] == 28_555_000  # 180.00 at the old rate


async def test_a_currency_that_is_new_to_the_order_has_todays_rate(shop, set_rate):
    order = await ordered(shop)
    set_rate("GTQ", 160.0)
    set_rate("USD", 1200.0)
    beer = {"name": "Beer", "price": "2.50", "currency": "USD"}
    drinks = {"name": "Drinks", "items": [beer]}
    stored = await call(
        shop, "PUT", f"/restaurants/{shop.id}/menu", {"categories": [drinks]}
    )
    shop.menu = stored.json()

    edited = await edit(shop, order, items=[*kept(*order["items"]), shop.line("Beer")])

    assert edited["rates"] == {"GTQ": "158.635", "USD": "1200"}
    assert edited["rate_sources"] == {"GTQ": "market", "USD": "market"}
    assert edited["total_msat"] == 23_796_000 + 3_000_000
    assert edited["total"] == "168.91"


async def test_charges_and_taxes_stay_those_of_the_order(shop):
    service = {"kind": "service", "name": "Service", "percent": "10"}
    await change_restaurant(shop, charges=[service])
    order = await ordered(shop)
    await change_restaurant(shop, charges=[], tax_inclusive=False, tax_rate="12")

    edited = await edit(shop, order, items=kept(order["items"][0]))

    assert edited["tax_inclusive"] is True
    assert [(c["name"], c["amount"]) for c in edited["charges"]] == [
        ("Service", "14.00")
    ]
    assert edited["total"] == "154.00"


async def test_more_guests_may_owe_a_gratuity(shop):
    gratuity = {
        "kind": "gratuity",
        "name": "Gratuity",
        "percent": "15",
        "from_covers": 6,
    }
    await change_restaurant(shop, charges=[gratuity])
    order = await ordered(shop, covers=2)
    assert order["charges"] == []

    edited = await edit(shop, order, covers=6)

    assert edited["total"] == "172.50"
    assert told(edited) == [
        ("covers", None, "2", "6"),
        ("total", None, "150.00", "172.50"),
    ]


async def test_staff_need_no_minimum(shop):
    await change_restaurant(shop, minimum_order={"pickup": "100.00"})
    order = await ordered(shop)

    edited = await edit(shop, order, items=kept(order["items"][1]))

    assert edited["total"] == "10.00"


# --- discounts, taxes, tips ---------------------------------------------------------


async def test_a_discount_of_staff_on_one_line(shop):
    order = await ordered(shop)

    edited = await edit(shop, order, discounts=[{**HALF, "line": 1}])
    agua = edited["items"][1]

    assert (edited["items"][0]["discount_msat"], agua["discount_msat"]) == (0, 793_175)
    assert agua["discounts"][0]["reason"] == "it was cold"
    assert edited["total"] == "145.00"
    assert told(edited)[0] == ("discount", None, "0.00", "5.00")

    swapped = await edit(shop, edited, items=kept(agua, edited["items"][0]))
    assert [i["discount_msat"] for i in swapped["items"]] == [793_175, 0]
    assert swapped["total"] == "145.00"

    lonely = await edit(shop, swapped, items=kept(swapped["items"][1]))
    assert (lonely["discounts"], lonely["total"]) == ([], "140.00")


async def test_a_discount_on_a_new_line(shop):
    order = await ordered(shop)
    items = [*kept(*order["items"]), shop.line("Flan")]

    edited = await edit(shop, order, items=items, discounts=[{**HALF, "line": 2}])

    assert edited["items"][2]["discounts"][0]["amount"] == "15.00"
    assert edited["total"] == "165.00"
    assert (await edit(shop, edited, discounts=[]))["total"] == "180.00"


async def test_a_till_takes_off_what_it_may_and_keeps_what_a_manager_gave(shop):
    await change_restaurant(shop, till_discount_percent="10")
    till = await device(shop, "pos")
    order = await ordered(shop)
    tenth = {"percent": "10", "reason": "regular"}

    assert await refused(shop, order, who=till, discounts=[HALF]) == (
        403,
        "discount.till",
    )
    given = await edit(shop, order, discounts=[HALF])
    more = await edit(shop, given, who=till, discounts=[HALF, tenth])

    assert more["total"] == "67.50"
    again = await refused(shop, more, who=till, discounts=[{**HALF, "percent": "51"}])
    assert again == (403, "discount.till")


async def test_codes_are_counted_anew_and_own_uses_do_not_count(shop):
    once = await make_code(shop, "ONCE", percent="10", limit_total=1)
    other = await make_code(shop, "OTHER", name="Other", percent="20", limit_total=1)
    order = await ordered(shop, codes=["ONCE"])
    assert order["total"] == "135.00"

    dearer = await edit(shop, order, items=kept(order["items"][0]), codes=["once"])
    assert dearer["total"] == "126.00"
    assert await uses_of(shop, once) == 1

    swapped = await edit(shop, dearer, codes=["OTHER"])
    assert swapped["total"] == "112.00"
    assert (await uses_of(shop, once), await uses_of(shop, other)) == (0, 1)

    second = await ordered(shop)
    assert await refused(shop, second, codes=["OTHER"]) == (409, "discount.used_up")
    assert await refused(shop, second, codes=["NOPE"]) == (422, "discount.unknown")

    freed = await edit(shop, swapped, codes=[])
    assert (freed["discounts"], await uses_of(shop, other)) == ([], 0)
    assert (await edit(shop, second, codes=["OTHER"]))["total"] == "120.00"


async def test_the_clocks_discounts_stay_when_their_hour_is_over(shop):
    happy = await make_discount(shop, trigger="schedule", name="Happy", percent="10")
    order = await ordered(shop)
    path = f"/discounts/{happy['id']}"
    assert (await call(shop, "PATCH", path, {"is_active": False})).status_code == 200

    edited = await edit(shop, order, items=kept(order["items"][0]))

    assert [d["name"] for d in edited["discounts"]] == ["Happy"]
    assert edited["total"] == "126.00"


async def test_tax_is_left_out_and_put_back(shop):
    await change_restaurant(shop, tax_rate="12", tax_inclusive=False)
    order = await ordered(shop)

    exempt = await edit(shop, order, tax_exempt={"reason": "Embassy"})
    assert (exempt["tax_msat"], exempt["tax_exempt_reason"]) == (0, "Embassy")
    assert told(exempt)[0] == ("tax_exempt", None, None, "Embassy")

    taxed = await edit(shop, exempt, tax_exempt=None)
    assert taxed["total_msat"] == order["total_msat"]


async def test_a_tip_in_percent_follows_and_an_amount_stays(shop):
    percent = await ordered(shop, tip={"percent": "10"})
    amount = await ordered(shop, tip={"amount": "5.00"})

    first = await edit(shop, percent, items=kept(percent["items"][0]))
    second = await edit(shop, amount, items=kept(amount["items"][0]))

    assert (percent["amounts"]["tip"], first["amounts"]["tip"]) == ("15.00", "14.00")
    assert ("tip", None, "15.00", "14.00") in told(first)
    assert second["amounts"]["tip"] == "5.00"


async def test_a_tip_that_was_paid_stays_what_was_given(shop, settle):
    placed = await shop.placed(
        shop.cart(shop.line(*TACOS), shop.line("Agua"), tip={"percent": "10"})
    )
    await settle(placed)
    order = await shop.order(placed["order"]["id"])

    edited = await edit(shop, order, items=kept(order["items"][0]))

    assert edited["tip_msat"] == order["tip_msat"]
    assert (edited["amounts"]["tip"], edited["total"]) == ("15.00", "155.00")


# --- combos ------------------------------------------------------------------------


async def lunch_of(shop: Shop) -> dict[str, Any]:
    """A combo of a Flan and an Agua for 32.00."""
    groups = [
        {
            "name": name,
            "options": [{"menu_item_id": shop.item(name)["id"], "surcharge": "0"}],
        }
        for name in ("Flan", "Agua")
    ]
    body = {"name": "Lunch", "price": "32.00", "groups": groups}
    response = await call(shop, "POST", f"/restaurants/{shop.id}/combos", body)
    assert response.status_code == 201, response.text
    choices = [{"menu_item_id": shop.item(n)["id"]} for n in ("Flan", "Agua")]
    return {"combo_id": response.json()["id"], "quantity": 1, "choices": choices}


async def test_a_combo_stays_or_goes_as_a_whole(shop):
    lunch = await lunch_of(shop)
    order = await ordered(shop, shop.line(*TACOS), lunch)
    tacos, flan, agua = order["items"]
    assert order["total"] == "172.00"

    for items in (
        kept(tacos, flan),
        [*kept(tacos, flan), *kept(agua, quantity=2)],
    ):
        assert await refused(shop, order, items=items) == (422, "combo.parts")
    edited = await edit(
        shop, order, items=[*kept(flan, agua), *kept(tacos, quantity=1), lunch]
    )

    assert edited["total"] == "134.00"
    combos = [i["combo"] and i["combo"]["line"] for i in edited["items"]]
    assert combos[0] == combos[1] != combos[3] == combos[4]
    last = await edit(shop, edited, items=kept(edited["items"][2]))
    assert last["total"] == "70.00"


# --- words -------------------------------------------------------------------------


async def test_another_table_and_its_prices_for_what_is_new(shop):
    for name, zone in (("7", None), ("T1", "Terrace")):
        body = {"name": name, "zone": zone}
        await call(shop, "POST", f"/restaurants/{shop.id}/tables", body)
    terrace = {"name": "Terrace", "zones": ["Terrace"], "adjust_percent": "50"}
    await call(shop, "POST", f"/restaurants/{shop.id}/price_lists", terrace)
    order = await ordered(shop, shop.line("Agua"), table="7")

    moved = await edit(shop, order, table="T1")
    assert (moved["table"], moved["total"]) == ("T1", "10.00")
    assert told(moved) == [("table", None, "7", "T1")]

    more = await edit(shop, moved, items=[*kept(*moved["items"]), shop.line("Agua")])
    assert [i["price"] for i in more["items"]] == ["10.00", "15.00"]
    assert more["price_list"] == "Terrace"
    assert (await edit(shop, more, table=None))["table"] is None


async def test_words_change_without_a_new_invoice(shop):
    order = await ordered(shop, note="hot", covers=2)
    invoices = await core_invoices(shop.wallet.id)

    edited = await edit(shop, order, note="cold", covers=None)

    assert (edited["note"], edited["covers"]) == ("cold", None)
    assert told(edited) == [("note", None, "hot", "cold"), ("covers", None, "2", None)]
    assert edited["payments"] == order["payments"]
    assert await core_invoices(shop.wallet.id) == invoices


async def test_somebody_else_serves(shop):
    made = await call(shop, "POST", f"/restaurants/{shop.id}/staff", {"name": "Ana"})
    ana = made.json()["id"]
    order = await ordered(shop)

    edited = await edit(shop, order, server_id=ana)

    assert edited["server_id"] == ana
    [entry] = await journal(shop, order, "order.served_by")
    assert entry["payload"] == {"staff_id": ana}
    assert (await edit(shop, edited, server_id=None))["server_id"] is None


async def test_the_journal_tells_figures_and_ids(shop):
    order = await ordered(shop, note="secret", table="7")
    tacos, agua = order["items"]

    edited = await edit(
        shop,
        order,
        items=[*kept(tacos, note="for Ana"), shop.line("Flan")],
        reason="wrong table",
    )

    [entry] = await journal(shop, order, "order.edited")
    assert entry["actor"] == "owner"
    assert entry["payload"] == {
        "number": order["number"],
        "revision": 2,
        "old_total_msat": order["total_msat"],
        "total_msat": edited["total_msat"],
        "added": [edited["items"][1]["id"]],
        "removed": [agua["id"]],
        "changed": [tacos["id"]],
        "reason": "wrong table",
    }
    from restaurant import services

    assert await services.verify_journal(shop.id) is None


async def test_guests_see_what_changed(shop):
    placed = await shop.placed(shop.cart(shop.line(*TACOS), shop.line("Agua")))
    order = placed["order"]
    edited = await edit(shop, order, items=kept(order["items"][0]))

    seen = await shop.client.get(
        f"{API}/orders/{order['id']}",
        headers={"X-Order-Token": placed["order_token"]},
    )

    assert seen.json() == edited
    assert seen.json()["due_msat"] == edited["total_msat"]
    assert edited["edited"]["at"].endswith("Z")
    assert [step["status"] for step in edited["history"]] == ["pending"]


# --- who and when ------------------------------------------------------------------


async def test_owner_manager_and_till_edit_nobody_else(shop, make_wallet):
    placed = await shop.placed(shop.cart())
    order = placed["order"]
    foreign = await make_wallet()
    for who, status in (
        ({}, 404),
        ({"X-Order-Token": placed["order_token"]}, 403),
        (shop.wallet.invoice, 403),
        (foreign.admin, 404),
        (await device(shop, "kds"), 403),
        (await device(shop, "printer"), 403),
    ):
        response = await patch(shop, order, who, note="x")
        assert response.status_code == status, who
    for role in ("manager", "pos"):
        order = await edit(shop, order, who=await device(shop, role), note=role)
    assert (order["note"], order["revision"]) == ("pos", 3)


async def test_an_older_revision_is_told_the_present_one(shop):
    order = await ordered(shop)
    edited = await edit(shop, order, note="first")

    late = await patch(shop, order, note="second")

    assert (late.status_code, late.json()["code"]) == (409, "order.changed")
    assert late.json()["revision"] == edited["revision"] == 2
    assert await shop.order(order["id"]) == edited


@pytest.mark.parametrize("status", ["completed", "canceled"])
async def test_only_until_it_was_handed_over(shop, settle, status):
    placed = await shop.placed()
    await settle(placed)
    path = {
        "completed": ["accepted", "completed"],
        "canceled": ["canceled"],
    }
    for step in path[status]:
        assert (await shop.status(placed["order"]["id"], step)).status_code == 200
    order = await shop.order(placed["order"]["id"])

    assert await refused(shop, order, note="x") == (409, "order.edit")


# --- bad input ---------------------------------------------------------------------


BAD = [
    ({"revision": None}, "field.invalid"),
    ({"revision": "1"}, "field.invalid"),
    ({"revision": True}, "field.invalid"),
    ({"items": []}, "cart.lines"),
    ({"items": "all"}, "field.invalid"),
    ({"items": [{"line_id": "nobody's"}]}, "line.unknown"),
    ({"items": [{"line_id": 7}]}, "field.invalid"),
    ({"items": [{}]}, "line.quantity"),
    ({"items": [{"quantity": 1}]}, "line.item"),
    ({"items": [{"menu_item_id": "none", "quantity": 1}]}, "item.unknown"),
    ({"items": [{"combo_id": "none", "quantity": 1}]}, "combo.unknown"),
    ({"discounts": [{"percent": "10", "reason": " "}]}, "field.invalid"),
    ({"discounts": [{"percent": "0", "reason": "x"}]}, "field.invalid"),
    ({"discounts": [{"percent": "10", "line": 2, "reason": "x"}]}, "field.invalid"),
    ({"discounts": [{"discount_id": "none", "reason": "x"}]}, "discount.unknown"),
    ({"codes": ["?"]}, "discount.code"),
    ({"codes": ["NOPE"]}, "discount.unknown"),
    ({"tax_exempt": {"reason": ""}}, "text.invalid"),
    ({"covers": 0}, "field.invalid"),
    ({"covers": "2"}, "field.invalid"),
    ({"table": "x" * 121}, "text.invalid"),
    ({"note": "x" * 501}, "text.invalid"),
    ({"reason": "x" * 501}, "text.invalid"),
    ({"reason": "bell\u0007"}, "text.invalid"),
    ({"server_id": "nobody"}, "staff.unknown"),
]


async def test_bad_input_changes_nothing(shop):
    order = await ordered(shop)
    before = await snapshot(shop.id)
    invoices = await core_invoices(shop.wallet.id)

    for body, code in BAD:
        response = await patch(shop, order, **body)
        assert 400 <= response.status_code < 500, body
        assert response.json()["code"] == code, (body, response.json())
    response = await call(shop, "PATCH", f"/orders/{order['id']}", {"note": "x"})
    assert (response.status_code, response.json()["field"]) == (422, "revision")

    assert await snapshot(shop.id) == before
    assert await core_invoices(shop.wallet.id) == invoices


async def test_bad_lines_are_named_by_their_place(shop):
    order = await ordered(shop)
    tacos, agua = order["items"]
    flan = shop.line("Flan")
    for items, code, line in (
        (kept(tacos, agua, tacos), "line.repeated", 2),
        ([flan, *kept(tacos, quantity=0)], "line.quantity", 1),
        ([*kept(tacos), {**flan, "quantity": 0}], "line.quantity", 1),
        ([*kept(tacos), {**flan, "quantity": 1000}], "line.quantity", 1),
        ([*kept(tacos, menu_item_id=flan["menu_item_id"])], "line.item", 0),
        ([*kept(tacos), {**flan, "quantity": 4}], "stock.short", 1),
        ([*kept(tacos, agua), shop.line("Tacos")], "modifier.count", 2),
    ):
        response = await patch(shop, order, items=items)
        found = response.json()
        assert (response.status_code, found["code"], found["line"]) == (422, code, line)
    for quantity in (1.5, "2", True, None):
        items = [*kept(tacos, quantity=quantity), *kept(agua)]
        response = await patch(shop, order, items=items)
        if quantity is None:  # as if it was not sent
            assert response.json() == order
        else:
            assert response.json()["field"] == "items.0.quantity"


async def test_lines_of_another_order_are_foreign(shop, client, make_wallet):
    order, other = await ordered(shop), await ordered(shop)
    foreign = await open_shop(client, await make_wallet())
    theirs = (await foreign.placed())["order"]

    for line in (other["items"][0], theirs["items"][0]):
        assert await refused(shop, order, items=kept(line)) == (422, "line.unknown")


async def test_orders_of_others_are_not_there(client, make_wallet, shop):
    desk = await open_desk(client, await make_wallet(), await make_wallet())
    order = await ordered(shop)
    for who in ("owner", "manager", "pos"):
        response = await desk.call(
            "PATCH", f"/orders/{order['id']}", {"revision": 1, "note": "x"}, who
        )
        assert response.status_code == 404
