"""What an edit does to an order's money, stock, tickets, shares and refunds."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from harness import API
from harness.books import core_invoices
from harness.discounts import change_discount, make_code, uses_of
from harness.edits import (
    change_item,
    change_restaurant,
    edit,
    kept,
    patch,
    refused,
    told,
)
from harness.gift_cards import call
from harness.refunds import asked
from harness.shop import Shop

pytestmark = pytest.mark.usefixtures("quiet")

TACOS = ("Tacos", 2, "Maíz", "Brisket")
FREE = {"percent": "100", "reason": "on the house"}
TACOS_MSAT = 22_209_000  # 140.00
BOTH_MSAT = 23_796_000  # 150.00


@pytest.fixture
def two(shop) -> dict[str, Any]:
    """A cart of two tacos (140.00) and one Agua (10.00)."""
    return shop.cart(shop.line(*TACOS), shop.line("Agua"))


@pytest.fixture
def paid(shop, two, settle) -> Any:
    """`await paid(cart)`: a guest's order that is paid, not accepted."""

    async def place_and_pay(cart: Any = None) -> dict[str, Any]:
        placed = await shop.placed(cart or two)
        await settle(placed)
        return await shop.order(placed["order"]["id"])

    return place_and_pay


async def invoice(shop: Shop, order: dict[str, Any]) -> Any:
    return await shop.client.post(
        f"{API}/orders/{order['id']}/invoice", headers=shop.wallet.admin
    )


async def take(shop: Shop, order: dict[str, Any], **body: Any) -> dict[str, Any]:
    """A payment, cash unless said otherwise; the order as it is then."""
    response = await shop.client.post(
        f"{API}/orders/{order['id']}/payments",
        json={"method": "cash", **body},
        headers={"Idempotency-Key": str(uuid.uuid4()), **shop.wallet.admin},
    )
    assert response.status_code == 201, response.text
    return await shop.order(order["id"])


async def pay_invoice(shop: Shop, order: Any, pay: Any, guest: Any) -> dict[str, Any]:
    """A guest pays what is due by a fresh invoice; the order as it is then."""
    from restaurant import services
    from restaurant.adapters import system

    fresh = (await invoice(shop, order)).json()
    await pay(fresh["payment_request"], guest)
    assert await services.mark_order_paid(fresh["payment_hash"], system.now())
    return await shop.order(order["id"])


def open_amounts(order: dict[str, Any]) -> list[int]:
    return [p["amount_msat"] for p in order["payments"] if p["status"] == "created"]


# --- an order that waits for its money -------------------------------------------


async def test_a_waiting_order_gets_an_invoice_over_its_new_due(shop, two, clock):
    clock.stop(1_790_000_000_000)
    order = (await shop.placed(two))["order"]
    clock.forward(60)

    edited = await edit(shop, order, items=kept(order["items"][0]))

    statuses = [(p["status"], p["amount_msat"]) for p in edited["payments"]]
    assert statuses == [("voided", BOTH_MSAT), ("created", TACOS_MSAT)]
    assert edited["due"] == "140.00"
    assert edited["expires_at"] == "2026-09-21T14:29:20.000Z"
    assert edited["id"] == order["id"]
    answer = await invoice(shop, edited)
    assert (answer.status_code, answer.json()["amount_msat"]) == (200, TACOS_MSAT)
    assert len(await core_invoices(shop.wallet.id)) == 2


async def test_the_new_invoice_pays_it(shop, two, pay, guest):
    order = (await shop.placed(two))["order"]
    edited = await edit(shop, order, items=kept(order["items"][0]))

    done = await pay_invoice(shop, edited, pay, guest)

    assert (done["status"], done["flags"], done["due_msat"]) == ("paid", [], 0)


async def test_money_on_the_old_invoice_still_counts(shop, two, settle, pay, guest):
    dearer, cheaper = await shop.placed(two), await shop.placed(two)
    items = dearer["order"]["items"]
    await edit(shop, dearer["order"], items=[*kept(*items), shop.line("Agua")])
    items = cheaper["order"]["items"]
    await edit(shop, cheaper["order"], items=kept(items[0]))

    await settle(dearer)
    await settle(cheaper)

    first = await shop.order(dearer["order"]["id"])
    assert (first["status"], first["standing"]) == ("pending", "part_paid")
    assert (first["flags"], first["due"]) == (["underpaid"], "10.00")
    second = await shop.order(cheaper["order"]["id"])
    assert (second["status"], second["standing"]) == ("paid", "overpaid")
    assert second["flags"] == ["overpaid", "refund_due"]
    assert second["owed_msat"] == BOTH_MSAT - TACOS_MSAT
    done = await pay_invoice(shop, first, pay, guest)
    assert (done["status"], done["flags"]) == ("paid", [])


async def test_what_came_may_be_enough_now(shop, two):
    await change_restaurant(shop, print_on="paid")
    order = (await shop.placed(two))["order"]
    order = await take(shop, order, amount="140.00")
    assert order["flags"] == ["underpaid"]

    edited = await edit(shop, order, items=kept(order["items"][0]))

    assert (edited["status"], edited["flags"], edited["due_msat"]) == ("paid", [], 0)
    assert [p["status"] for p in edited["payments"]] == ["voided", "captured"]
    [job] = await shop.jobs(order["id"])
    assert (job["station"], job["round"]) == ("kitchen", 1)
    events = await shop.events(order["id"])
    assert events.index("order.edited") < events.index("order.paid")


async def test_what_came_may_be_too_much_now(shop, two):
    order = (await shop.placed(two))["order"]
    order = await take(shop, order, amount="100.00")

    edited = await edit(shop, order, items=kept(order["items"][0], quantity=1))

    assert (edited["status"], edited["standing"]) == ("paid", "overpaid")
    assert edited["flags"] == ["overpaid", "refund_due"]
    assert edited["owed_msat"] == edited["paid_msat"] - edited["total_msat"]


async def test_an_order_on_the_house_is_paid_by_nothing(shop, two):
    await change_restaurant(shop, auto_accept_orders=True)
    order = (await shop.placed(two))["order"]

    edited = await edit(shop, order, discounts=[FREE])

    assert (edited["total_msat"], edited["status"]) == (0, "accepted")
    assert open_amounts(edited) == []
    assert {job["station"] for job in await shop.jobs(order["id"])} == {
        "kitchen",
        "bar",
    }


async def test_without_the_node_nothing_changes(shop, two, monkeypatch):
    from lnbits.wallets import get_funding_source
    from lnbits.wallets.base import InvoiceResponse

    async def away(*_: Any, **__: Any) -> InvoiceResponse:
        return InvoiceResponse(ok=False, error_message="away")

    order = (await shop.placed(two))["order"]
    with monkeypatch.context() as patched:
        patched.setattr(get_funding_source(), "create_invoice", away)
        items = kept(order["items"][0])
        assert (await refused(shop, order, items=items))[0] == 503
        assert (await edit(shop, order, note="words need no node"))["revision"] == 2


async def test_an_order_that_goes_to_the_counter_gets_no_invoice(shop, two):
    order = (await shop.placed(two))["order"]
    response = await call(
        shop, "POST", f"/orders/{order['id']}/method", {"payment_method": "cash"}
    )
    order = response.json()

    edited = await edit(shop, order, items=kept(order["items"][0]))

    assert open_amounts(edited) == []
    assert edited["status"] == "pending"
    done = await take(shop, edited)
    assert (done["status"], done["flags"]) == ("paid", [])


# --- an order that is paid -------------------------------------------------------


async def test_a_paid_order_that_costs_more_is_due_the_difference(
    shop, paid, pay, guest
):
    order = await paid()

    edited = await edit(shop, order, items=[*kept(*order["items"]), shop.line("Agua")])

    assert (edited["status"], edited["standing"]) == ("paid", "part_paid")
    assert (edited["flags"], edited["due"]) == (["underpaid"], "10.00")
    done = await pay_invoice(shop, edited, pay, guest)
    assert (done["status"], done["standing"]) == ("paid", "paid")
    assert (done["flags"], done["due_msat"]) == ([], 0)


async def test_staff_may_accept_it_with_something_due(shop, paid):
    await change_restaurant(shop, print_on="accepted")
    order = await paid()
    edited = await edit(shop, order, items=[*kept(*order["items"]), shop.line("Agua")])

    accepted = (await shop.status(edited["id"], "accepted")).json()

    assert (accepted["status"], accepted["due"]) == ("accepted", "10.00")
    jobs = await shop.jobs(order["id"])
    assert [(job["station"], job["round"]) for job in jobs] == [
        ("kitchen", 1),
        ("bar", 1),
    ]


async def test_a_paid_order_that_costs_less_owes_the_difference(shop, paid):
    order = await paid()

    edited = await edit(shop, order, items=kept(order["items"][0]))

    assert (edited["status"], edited["standing"]) == ("paid", "overpaid")
    assert edited["flags"] == ["overpaid", "refund_due"]
    assert edited["owed_msat"] == edited["refundable_msat"] - TACOS_MSAT == 1_587_000
    back = await edit(shop, edited, items=[*kept(*edited["items"]), shop.line("Agua")])
    assert (back["flags"], back["owed_msat"], back["due_msat"]) == ([], 0, 0)


async def test_the_difference_goes_back_by_itself(shop, paid):
    await change_restaurant(shop, auto_refund=True)
    order = await paid()

    edited = await edit(shop, order, items=kept(order["items"][0]))

    [refund] = edited["refunds"]
    assert (refund["amount_msat"], refund["amount"]) == (1_587_000, "10.00")
    assert (edited["status"], edited["flags"]) == ("paid", [])
    assert await refused(shop, edited, note="x") == (409, "order.has_refunds")


async def test_a_paid_order_on_the_house_goes_back_in_full_and_is_made(shop, paid):
    order = await paid()

    edited = await edit(shop, order, discounts=[FREE])

    assert (edited["status"], edited["total_msat"]) == ("paid", 0)
    assert edited["owed_msat"] == BOTH_MSAT
    refund = await asked(shop, order["id"], destination={"to": "cash"})
    assert (refund["status"], refund["amount"]) == ("sent", "150.00")
    after = await shop.order(order["id"])
    assert (after["status"], after["flags"], after["owed_msat"]) == ("paid", [], 0)
    assert (await shop.status(order["id"], "accepted")).status_code == 200


async def test_what_an_edit_leaves_over_goes_back_to_the_cent(shop, paid):
    by_msat, by_name = [await paid() for _ in range(2)]
    edited = [
        await edit(shop, order, items=kept(order["items"][1]))
        for order in (by_msat, by_name)
    ]
    owed = BOTH_MSAT - 1_587_000  # the Agua's 10.00
    assert {order["owed_msat"] for order in edited} == {owed}

    cash = {"to": "cash"}
    paid_out = await asked(shop, by_msat["id"], amount_msat=owed, destination=cash)
    named = await asked(shop, by_name["id"], amount="140.00")

    for refund in (paid_out, named):
        assert (refund["amount"], refund["amount_msat"]) == ("140.00", owed)
    for order in edited:
        assert (await shop.order(order["id"]))["owed_msat"] == 0


async def test_an_order_edited_to_what_is_free_goes_back_in_parts(shop, two):
    await change_item(shop, "Flan", price="0")
    order = await take(shop, (await shop.placed(two))["order"])

    edited = await edit(shop, order, items=[shop.line("Flan")])

    assert (edited["total"], edited["owed_msat"]) == ("0.00", BOTH_MSAT)
    half = await asked(shop, order["id"], amount="75.00", destination={"to": "cash"})
    assert (half["amount"], half["amount_msat"]) == ("75.00", 11_897_000)
    rest = await asked(shop, order["id"], destination={"to": "cash"})
    assert (rest["amount"], rest["amount_msat"]) == ("75.00", 11_899_000)


async def test_an_order_with_refunds_stays_as_it_is(shop, paid):
    order = await paid()
    await asked(shop, order["id"], amount="5.00")

    assert await refused(shop, await shop.order(order["id"]), note="x") == (
        409,
        "order.has_refunds",
    )


# --- stock -----------------------------------------------------------------------


async def test_a_paid_order_moves_the_difference_of_its_stock(shop, paid):
    order = await paid(shop.cart(shop.line("Flan", 2), shop.line("Agua")))
    assert await shop.stock("Flan") == 1

    more = await edit(shop, order, items=kept(order["items"][0], quantity=3))
    assert await shop.stock("Flan") == 0
    assert (await shop.stock("Agua")) is None
    items = kept(more["items"][0], quantity=4)
    assert await refused(shop, more, items=items) == (409, "stock.short")
    less = await edit(shop, more, items=[shop.line("Agua")])

    assert await shop.stock("Flan") == 3
    assert less["flags"] == ["overpaid", "refund_due"]


async def test_a_waiting_order_takes_its_stock_when_it_is_paid(shop, pay, guest):
    order = (await shop.placed(shop.cart(shop.line("Flan"))))["order"]
    items = kept(order["items"][0], quantity=4)
    assert await refused(shop, order, items=items) == (409, "stock.short")

    edited = await edit(shop, order, items=kept(order["items"][0], quantity=3))

    assert await shop.stock("Flan") == 3
    await pay_invoice(shop, edited, pay, guest)
    assert await shop.stock("Flan") == 0


async def test_what_was_sold_out_is_edited_away(shop, settle):
    flans = shop.cart(shop.line("Flan", 2), shop.line("Agua"))
    first, second = await shop.placed(flans), await shop.placed(flans)
    await settle(first)
    await settle(second)
    order = await shop.order(second["order"]["id"])
    assert order["flags"] == ["oversold", "refund_due"]

    edited = await edit(
        shop, order, items=[*kept(order["items"][0], quantity=1), shop.line("Agua")]
    )

    assert edited["flags"] == ["overpaid", "refund_due"]
    assert edited["owed_msat"] == edited["paid_msat"] - edited["total_msat"]
    assert await shop.stock("Flan") == 0


# --- shares ----------------------------------------------------------------------


async def split(shop: Shop, order: dict[str, Any]) -> dict[str, Any]:
    response = await call(
        shop, "POST", f"/orders/{order['id']}/split", {"by": "parts", "parts": 2}
    )
    assert response.status_code == 201, response.text
    return response.json()


async def test_a_split_that_nobody_paid_of_ends(shop, two):
    order = (await shop.placed(two))["order"]
    await split(shop, order)

    noted = await edit(shop, order, note="still two")
    assert noted["split_id"]
    edited = await edit(shop, noted, items=kept(order["items"][0]))

    assert edited["split_id"] is None
    assert "order.unsplit" in await shop.events(order["id"])


async def test_a_split_that_was_begun_keeps_the_order(shop, two):
    order = (await shop.placed(two))["order"]
    share = (await split(shop, order))["shares"][0]
    order = await take(shop, order, share_id=share["id"])

    items = kept(order["items"][0])
    assert await refused(shop, order, items=items) == (409, "split.begun")
    assert (await patch(shop, order, note="words are fine")).status_code == 200


# --- at the same time ------------------------------------------------------------


async def test_money_that_comes_while_staff_edit_is_counted(
    shop, two, settle, monkeypatch
):
    from restaurant.adapters import lightning

    placed = await shop.placed(two)
    create = lightning.create_invoice
    asked_for: list[int] = []

    async def meanwhile(restaurant: Any, amount_msat: int, at: int) -> Any:
        asked_for.append(amount_msat)
        await settle(placed)
        return await create(restaurant, amount_msat, at)

    monkeypatch.setattr(lightning, "create_invoice", meanwhile)
    items = placed["order"]["items"]

    edited = await edit(shop, placed["order"], items=[*kept(*items), shop.line("Agua")])

    assert asked_for == [25_382_000]
    assert (edited["status"], edited["standing"]) == ("paid", "part_paid")
    assert (edited["due"], edited["flags"]) == ("10.00", ["underpaid"])
    assert open_amounts(edited) == []
    assert told(edited)[-1] == ("total", None, "150.00", "160.00")


async def test_a_menu_that_changes_while_staff_edit_is_read_again(
    shop, two, monkeypatch
):
    from restaurant.adapters import lightning

    order = (await shop.placed(two))["order"]
    create = lightning.create_invoice
    asked_for: list[int] = []

    async def meanwhile(restaurant: Any, amount_msat: int, at: int) -> Any:
        if not asked_for:
            await change_item(shop, "Agua", price="20.00")
        asked_for.append(amount_msat)
        return await create(restaurant, amount_msat, at)

    monkeypatch.setattr(lightning, "create_invoice", meanwhile)

    edited = await edit(shop, order, items=[*kept(*order["items"]), shop.line("Agua")])

    assert asked_for == [25_382_000, 26_968_000]  # 160.00, 170.00
    assert [i["price"] for i in edited["items"]] == ["45.00", "10.00", "20.00"]
    assert open_amounts(edited) == [26_968_000]


async def test_a_code_that_is_switched_off_while_staff_edit_is_refused(
    shop, two, monkeypatch
):
    from restaurant.adapters import lightning

    off = await make_code(shop, "OFF", percent="50")
    order = (await shop.placed(two))["order"]
    create = lightning.create_invoice

    async def meanwhile(*asked_for: Any) -> Any:
        await change_discount(shop, off, is_active=False)
        return await create(*asked_for)

    monkeypatch.setattr(lightning, "create_invoice", meanwhile)

    response = await patch(shop, order, codes=["OFF"])

    assert response.json()["code"] == "discount.unknown"
    assert (await shop.order(order["id"]))["total"] == "150.00"
    assert await uses_of(shop, off) == 0
