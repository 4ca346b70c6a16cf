"""Money where several things happen to one order: nobody pays less by a detour."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import pytest_asyncio

from harness.discounts import make_code, make_discount
from harness.edits import change_item, change_restaurant, check_sums, edit
from harness.gift_cards import call
from harness.tabs import a_table, added, code, fresh_key, open_tab
from harness.tips import done

pytestmark = pytest.mark.usefixtures("quiet")


TILL = (403, "discount.till")
FRIEND = {"percent": "100", "reason": "friend"}
TENTH = {"percent": "10", "reason": "regular"}


@pytest_asyncio.fixture
async def till(shop):
    """The header of a till that takes off ten percent."""
    await change_restaurant(shop, till_discount_percent="10")
    body = {"name": "Till", "role": "pos"}
    made = await done(shop, "POST", f"/restaurants/{shop.id}/devices", body)
    return {"Authorization": f"Bearer {made['token']}"}


async def a_tab(shop, *lines, discounts=None, who=None):
    """An open tab with discounts by hand."""
    tab = await open_tab(shop, await a_table(shop), *lines)
    order = await shop.order(tab.id)
    if discounts:
        order = await edit(shop, order, who=who, discounts=discounts)
    return order


async def merge_by(who, shop, target, source):
    path, body = f"/orders/{target['id']}/merge", {"order_id": source["id"]}
    return await call(shop, "POST", path, body, fresh_key(who))


async def resolve(shop, order_id, who=None, **body):
    headers = fresh_key(who or shop.wallet.admin)
    return await call(shop, "POST", f"/orders/{order_id}/resolve", body, headers)


async def in_question(shop, settle, *lines, off="Flan", **cart):
    placed = await shop.placed(shop.cart(*lines, **cart))
    path = f"/menu_items/{shop.item(off)['id']}"
    await call(shop, "PATCH", path, {"is_available": False})
    await settle(placed)
    return await shop.order(placed["order"]["id"])


async def test_a_substitute_of_the_same_price_moves_no_money_with_a_discount(
    shop, settle
):
    await make_discount(shop, trigger="schedule", percent="10")
    await change_item(shop, "Agua", price="30.00")
    order = await in_question(shop, settle, shop.line("Flan"))
    assert order["total"] == "27.00"

    got = (
        await resolve(shop, order["id"], way="substitute", items=[shop.line("Agua")])
    ).json()
    check_sums(got)
    assert (got["total"], got["refunds"], got["flags"]) == ("27.00", [], [])


async def test_a_substitute_that_is_taxed_higher_costs_the_guest_no_more(shop, settle):
    await change_restaurant(shop, tax_rate="5", tax_inclusive=False)
    await change_item(shop, "Agua", price="30.00", tax_rates={"dine_in": "20"})
    order = await in_question(shop, settle, shop.line("Flan"), order_type="dine_in")
    assert order["total"] == "31.50"

    got = (
        await resolve(shop, order["id"], way="substitute", items=[shop.line("Agua")])
    ).json()
    check_sums(got)
    assert (got["total"], got["due_msat"], got["flags"]) == ("31.50", 0, [])


async def test_a_till_gives_no_feast_for_what_is_sold_out(shop, settle, till):
    order = await in_question(shop, settle, shop.line("Agua"), off="Agua")
    feast, one = shop.line("Tacos", 50, "Maíz"), shop.line("Tacos", 1, "Maíz")
    by_till = {"who": till, "way": "substitute"}

    assert code(await resolve(shop, order["id"], items=[feast], **by_till)) == TILL
    assert await shop.order(order["id"]) == order
    got = (await resolve(shop, order["id"], items=[one], **by_till)).json()

    assert (got["status"], got["total"], got["due_msat"]) == ("accepted", "10.00", 0)


async def test_a_till_merges_nothing_into_what_a_manager_gave(shop, till):
    friend = await a_tab(shop, discounts=[FRIEND])
    other = await a_tab(shop, shop.line("Tacos", 10, "Maíz"))

    assert code(await merge_by(till, shop, friend, other)) == TILL
    assert await shop.order(other["id"]) == other
    both = (await merge_by(till, shop, other, friend)).json()
    assert both["total"] == "450.00"


async def test_a_till_takes_off_no_more_by_merging(shop, till):
    first, second = [
        await a_tab(shop, shop.line("Agua", 10), discounts=[TENTH], who=till)
        for _ in range(2)
    ]
    plain = await a_tab(shop, shop.line("Agua", 10))

    assert code(await merge_by(till, shop, first, second)) == TILL
    both = (await merge_by(till, shop, first, plain)).json()
    assert both["total"] == "180.00"


@pytest.mark.parametrize(("hours", "total"), [(0, "55.00"), (3, "105.00")])
async def test_later_rounds_have_the_discounts_of_their_own_hour(
    shop, clock, hours, total
):
    noon = datetime(2026, 3, 4, 12, 0, tzinfo=timezone.utc)
    await change_restaurant(shop, timezone="UTC")
    clock.stop(int(noon.timestamp() * 1000))
    window = {"days": [*range(7)], "starts": "11:00", "ends": "13:00"}
    schedule = {"windows": [window]}
    await make_discount(shop, trigger="schedule", percent="50", schedule=schedule)
    tab = await open_tab(shop, await a_table(shop))
    assert tab.order["total"] == "5.00"
    clock.forward(hours * 3600)

    order = await added(shop, tab.id, shop.line("Agua", 10), who=tab.guest)

    check_sums(order)
    assert order["total"] == total
    again = await added(shop, tab.id, shop.line("Agua", 10), who=tab.guest)
    assert again["total"] == {"55.00": "105.00", "105.00": "205.00"}[total]


@pytest.mark.parametrize("fields", [{"item_ids": ["Flan"]}, {"minimum": "35.00"}])
async def test_a_sold_out_line_goes_back_whatever_code_it_was_ordered_with(
    shop, settle, fields
):
    if "item_ids" in fields:
        fields = {"item_ids": [shop.item("Flan")["id"]]}
    await make_code(shop, "SWEET", percent="50", **fields)
    lines = shop.line("Flan"), shop.line("Agua")
    order = await in_question(shop, settle, *lines, codes=["SWEET"])

    answer = await resolve(shop, order["id"], way="refund_line")

    assert answer.status_code == 200, answer.text
    got = answer.json()
    check_sums(got)
    assert (got["status"], got["flags"]) == ("accepted", [])
    assert got["total"] == ("10.00" if "item_ids" in fields else "5.00")
    [refund] = got["refunds"]
    assert refund["amount_msat"] == order["total_msat"] - got["total_msat"]
