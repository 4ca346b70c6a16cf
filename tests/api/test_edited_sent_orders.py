"""Orders that the kitchen has: edited like others, but what was cooked was cooked."""

from __future__ import annotations

import pytest
import pytest_asyncio

from harness.edits import (
    change_restaurant,
    check_sums,
    edit,
    kept,
    patch,
    refused,
    told,
)
from harness.tabs import a_table, code, move_lines, open_tab, pay

TACOS = ("Tacos", 1, "Maíz")

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture
async def tab(shop):
    """A tab of two flans (60.00, counted) and one Agua (10.00)."""
    lines = shop.line("Flan", 2), shop.line("Agua")
    return await open_tab(shop, await a_table(shop, "5"), *lines)


@pytest.fixture
def accepted(shop, settle):
    """`await accepted(cart)`: an order that was paid and accepted."""

    async def accept(cart=None):
        placed = await shop.placed(cart)
        await settle(placed)
        done = await shop.status(placed["order"]["id"], "accepted")
        assert done.status_code == 200, done.text
        return done.json()

    return accept


# --- lines and stock -----------------------------------------------------------------


async def test_what_stays_keeps_how_far_it_was_cooked(shop, tab):
    flan, agua = tab.order["items"]
    await move_lines(shop, tab.id, "cooking", flan)
    cooking = await move_lines(shop, tab.id, "done", agua)

    order = await edit(
        shop,
        cooking,
        items=[*kept(flan, note="cold"), *kept(agua), shop.line(*TACOS)],
    )

    was, now = cooking["items"], order["items"]
    assert now[0] == {**was[0], "note": "cold"}
    assert now[1] == was[1]
    assert (now[0]["status"], now[1]["status"]) == ("cooking", "done")
    assert now[0]["started_at"]
    assert now[1]["done_at"]
    assert (now[2]["status"], now[2]["started_at"]) == ("waiting", None)


@pytest.mark.parametrize(
    ("status", "left"), [("waiting", 3), ("cooking", 1), ("done", 1)]
)
async def test_only_what_nobody_began_comes_back_to_the_shelf(shop, tab, status, left):
    flan, agua = tab.order["items"]
    if status != "waiting":
        await move_lines(shop, tab.id, status, flan)
    assert await shop.stock("Flan") == 1

    order = await edit(shop, tab.order, items=kept(agua))

    assert await shop.stock("Flan") == left
    assert order["total"] == "10.00"
    assert (await shop.status(tab.id, "canceled")).status_code == 200
    assert await shop.stock("Flan") == left


async def test_fewer_of_what_was_cooked_come_back_to_no_shelf(shop, tab):
    flan, agua = tab.order["items"]
    await move_lines(shop, tab.id, "done", flan)

    await edit(shop, tab.order, items=[*kept(flan, quantity=1), *kept(agua)])

    assert await shop.stock("Flan") == 1


async def test_held_lines_come_back_as_well(shop):
    lines = [{**shop.line("Agua"), "course": 1}, {**shop.line("Flan"), "course": 2}]
    cart = shop.cart(*lines, order_type="dine_in", tab=True)
    order = (await shop.place(cart, **shop.wallet.admin)).json()["order"]
    assert [line["status"] for line in order["items"]] == ["waiting", "held"]

    await edit(shop, order, items=kept(order["items"][0]))

    assert await shop.stock("Flan") == 3


async def test_more_of_what_was_cooked_is_cooked_as_a_line_of_its_own(shop, tab):
    flan, agua = tab.order["items"]
    done = await move_lines(shop, tab.id, "done", flan)

    order = await edit(shop, done, items=[*kept(flan, quantity=3), *kept(agua)])

    told_lines = [
        (li["name"], li["quantity"], li["status"], li["price"]) for li in order["items"]
    ]
    assert told_lines == [
        ("Flan", 2, "done", "30.00"),
        ("Agua", 1, "waiting", "10.00"),
        ("Flan", 1, "waiting", "30.00"),
    ]
    assert order["items"][0]["id"] == flan["id"]
    assert order["total"] == "100.00"
    assert await shop.stock("Flan") == 0
    assert told(order)[0] == ("added", "Flan", None, "1")
    again = await edit(shop, order, items=[*kept(*order["items"], quantity=1)])
    assert [line["quantity"] for line in again["items"]] == [1, 1, 1]


async def test_more_than_there_is_changes_nothing(shop, tab):
    flan, agua = tab.order["items"]
    items = [*kept(flan, quantity=5), *kept(agua)]

    assert await refused(shop, tab.order, items=items) == (409, "stock.short")


async def test_when_nothing_is_left_to_cook_the_order_is_ready(shop, tab):
    flan, _ = tab.order["items"]
    await move_lines(shop, tab.id, "done", flan)

    order = await edit(shop, tab.order, items=kept(flan))

    assert order["status"] == "ready"
    assert order["ready_at"] is not None


# --- a ready order --------------------------------------------------------------------


async def test_something_new_takes_a_ready_order_back(shop, tab):
    ready = (await shop.status(tab.id, "ready")).json()

    order = await edit(shop, ready, items=[*kept(*ready["items"]), shop.line("Agua")])

    assert (order["status"], order["ready_at"]) == ("accepted", None)
    assert [line["status"] for line in order["items"]] == ["done", "done", "waiting"]
    assert "order.recalled" in await shop.events(tab.id)
    assert order["history"][-1]["status"] == "accepted"
    assert (await shop.status(tab.id, "ready")).status_code == 200


async def test_anything_else_leaves_it_ready(shop, tab):
    ready = (await shop.status(tab.id, "ready")).json()
    flan, _ = ready["items"]

    order = await edit(shop, ready, items=kept(flan, note="to go"), covers=3)

    assert (order["status"], order["ready_at"]) == ("ready", ready["ready_at"])
    assert order["covers"] == 3
    assert "order.recalled" not in await shop.events(tab.id)


# --- money ----------------------------------------------------------------------------


async def test_a_paid_order_gets_more_due(shop, accepted):
    order = await accepted()

    order = await edit(shop, order, items=[*kept(*order["items"]), shop.line("Flan")])

    assert (order["status"], order["flags"]) == ("accepted", ["underpaid"])
    assert (order["due"], order["standing"]) == ("30.00", "part_paid")
    order = await pay(shop, order["id"])
    assert (order["due_msat"], order["flags"], order["standing"]) == (0, [], "paid")


async def test_a_paid_order_that_costs_less_owes_the_rest(shop, accepted):
    await change_restaurant(shop, auto_refund=False)
    order = await accepted(shop.cart(shop.line("Flan"), shop.line("Agua")))

    order = await edit(shop, order, items=kept(order["items"][1]))

    check_sums(order)
    assert order["status"] == "accepted"
    assert order["flags"] == ["overpaid", "refund_due"]
    assert order["owed_msat"] == order["paid_msat"] - order["total_msat"] > 0
    assert await shop.stock("Flan") == 3


async def test_an_unpaid_tab_just_has_another_due(shop, tab):
    flan, _ = tab.order["items"]

    order = await edit(shop, tab.order, items=[*kept(flan), shop.line(*TACOS)])

    assert (order["flags"], order["due"], order["standing"]) == (
        *([], "105.00", "unpaid"),
    )


async def test_a_tab_is_paid_when_what_came_is_enough_for_what_is_left(shop, tab):
    await change_restaurant(shop, auto_refund=False)
    _, agua = tab.order["items"]
    part = await pay(shop, tab.id, amount="20.00")
    assert (part["flags"], part["paid_at"]) == (["underpaid"], None)

    order = await edit(shop, part, items=kept(agua))

    assert order["flags"] == ["overpaid", "refund_due"]
    assert order["paid_at"] is not None
    assert (order["standing"], order["due_msat"]) == ("overpaid", 0)


async def test_a_discount_by_hand_on_what_was_eaten(shop, tab):
    await shop.status(tab.id, "ready")
    off = [{"percent": "50", "reason": "cold", "line": 0}]

    order = await edit(shop, await shop.order(tab.id), discounts=off)

    assert (order["status"], order["total"]) == ("ready", "40.00")
    assert order["discounts"][0]["reason"] == "cold"


# --- who and when ---------------------------------------------------------------------


@pytest.mark.parametrize("end", ["completed", "canceled"])
async def test_what_is_over_stays_as_it_is(shop, tab, end):
    await pay(shop, tab.id)
    await shop.status(tab.id, end, reason="x")
    order = await shop.order(tab.id)

    assert await refused(shop, order, note="late") == (409, "order.edit")


async def test_an_order_for_cash_is_edited_while_it_is_cooked(shop):
    cart = shop.cart(shop.line("Agua"), payment_method="cash")
    order = (await shop.place(cart, **shop.wallet.admin)).json()["order"]

    order = await edit(shop, order, items=kept(order["items"][0], quantity=3))

    assert (order["status"], order["due"], order["flags"]) == ("accepted", "30.00", [])


async def test_guests_do_not_edit(shop, tab):
    assert code(await patch(shop, tab.order, tab.guest, note="x")) == (
        *(403, "access.role"),
    )


async def test_a_course_of_a_line_that_stays_is_not_changed_here(shop, tab):
    flan, _ = tab.order["items"]

    items = kept(flan, course=2)

    assert await refused(shop, tab.order, items=items) == (422, "line.item")
