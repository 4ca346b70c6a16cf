"""What can be done about money that came late, twice, short or for something that is
gone: every standing has a way out, by hand or by itself."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.gift_cards import balance as balance_of
from harness.gift_cards import issue
from harness.gift_cards import pay as pay_with
from harness.node import invoice_of_others, outgoing_node
from harness.refunds import (
    AGUA_MSAT,
    act,
    ask,
    asked,
    change,
    forget_refunds,
    paid_order,
    refund_of,
    refunds_of,
    send,
    to_bolt11,
    told,
    top_up,
)

MINUTE = 60
LNURL = "lnurl1dp68gup69uhnzv3h9cczuvpwxyarsvpsxyhhqcte9auqugkav6"

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture(autouse=True)
async def only_ours(quiet: Any) -> None:
    await forget_refunds()


@pytest.fixture
def node() -> Any:
    with outgoing_node() as made:
        yield made


@pytest.fixture
def pay_late(pay: Any, guest: Any) -> Any:
    """`await pay_late(placed)`: the guest pays, and the reconciler finds it."""

    async def do(invoice: Any) -> None:
        from restaurant import services
        from restaurant.adapters import system

        await pay(invoice["payment_request"], guest)
        await services.reconcile_books(system.now())

    return do


async def expire(clock: Any, seconds: int) -> None:
    from restaurant import services
    from restaurant.adapters import system

    clock.forward(seconds)
    await services.expire_orders(system.now())


async def post(shop: Any, path: str, body: Any = None, who: Any = None) -> Any:
    headers = shop.wallet.admin if who is None else who
    return await shop.client.post(API + path, json=body, headers=headers)


async def states(shop: Any, order_id: str) -> Any:
    """The order's status and flags."""
    order = await shop.order(order_id)
    return order["status"], order["flags"]


async def second_invoice(shop: Any, order_id: str, clock: Any) -> Any:
    """A fresh invoice beside the first, which has expired but can still be paid."""
    clock.forward(899)
    clock.forward(2)
    response = await pay_with(shop, order_id, method="lightning")
    assert response.status_code == 201, response.text
    return response.json()["invoice"]


# --- late money -------------------------------------------------------------------


async def test_late_money_is_accepted_by_hand(shop, pay_late, clock):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    clock.forward(31 * MINUTE)  # past its expiry and the grace after it
    await pay_late(placed["invoice"])
    assert await states(shop, order_id) == ("paid", ["paid_late", "refund_due"])
    assert (await shop.order(order_id))["owed_msat"] == AGUA_MSAT
    assert await shop.jobs(order_id) == []

    accepted = await shop.status(order_id, "accepted")

    assert accepted.status_code == 200
    assert await states(shop, order_id) == ("accepted", [])
    assert len(await shop.jobs(order_id)) == 1
    assert (await shop.order(order_id))["owed_msat"] == 0


async def test_late_money_is_given_back_by_hand(shop, pay_late, clock):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    clock.forward(31 * MINUTE)
    await pay_late(placed["invoice"])

    made = await asked(shop, order_id)
    assert await states(shop, order_id) == ("paid", ["paid_late"])
    assert told(await shop.status(order_id, "accepted")) == (409, "order.unpaid")
    await act(shop, made["id"], "cancel")

    assert await states(shop, order_id) == ("paid", ["paid_late", "refund_due"])
    assert (await shop.status(order_id, "accepted")).status_code == 200


async def test_money_for_a_canceled_order_brings_it_back_once(shop, pay_late, clock):
    placed = await shop.placed(shop.cart(shop.line("Flan", 2)))
    order_id = placed["order"]["id"]
    await expire(clock, 16 * MINUTE)
    assert told(await post(shop, f"/orders/{order_id}/resurrect")) == (
        *(409, "order.unpaid"),
    )
    await pay_late(placed["invoice"])
    assert await states(shop, order_id) == ("canceled", ["paid_late", "refund_due"])
    assert await shop.stock("Flan") == 3

    back = await post(shop, f"/orders/{order_id}/resurrect")

    assert back.status_code == 200, back.text
    order = await shop.order(order_id)
    assert (order["status"], order["flags"]) == ("accepted", [])
    assert (order["cancel_reason"], order["canceled_at"]) == (None, None)
    assert [job["round"] for job in await shop.jobs(order_id)] == [2]
    assert await shop.stock("Flan") == 1
    assert told(await post(shop, f"/orders/{order_id}/resurrect")) == (
        409,
        "order.step",
    )
    await shop.status(order_id, "canceled")
    assert await shop.stock("Flan") == 3
    assert told(await post(shop, f"/orders/{order_id}/resurrect")) == (
        409,
        "order.step",
    )


async def test_a_canceled_order_whose_tickets_were_printed_gets_new_ones(shop, settle):
    placed = await paid_order(shop, settle, shop.line("Flan"))
    order_id = placed["order"]["id"]
    await shop.status(order_id, "canceled")
    assert [job["status"] for job in await shop.jobs(order_id)] == ["canceled"]

    await post(shop, f"/orders/{order_id}/resurrect")

    jobs = {job["round"]: job["status"] for job in await shop.jobs(order_id)}
    assert jobs == {1: "canceled", 2: "queued"}
    assert await states(shop, order_id) == ("accepted", [])


async def test_nothing_comes_back_that_is_sold_out_or_whose_money_is_leaving(
    shop, settle
):
    placed = await paid_order(shop, settle, shop.line("Flan", 2))
    order_id = placed["order"]["id"]
    await shop.status(order_id, "canceled")
    waiting = await asked(shop, order_id)
    path = f"/orders/{order_id}/resurrect"
    assert told(await post(shop, path)) == (409, "order.unpaid")
    await act(shop, waiting["id"], "cancel")
    await paid_order(shop, settle, shop.line("Flan", 2))  # one is left

    before = await shop.order(order_id)
    assert told(await post(shop, path)) == (409, "stock.short")

    assert await shop.order(order_id) == before
    assert await shop.stock("Flan") == 1
    part = await asked(shop, order_id, amount="1.00")
    assert told(await post(shop, path)) == (409, "order.unpaid")
    await act(shop, part["id"], "cancel")


# --- too much money ---------------------------------------------------------------


async def test_two_payments_of_one_order_and_the_difference_goes_back(
    shop, pay_late, clock
):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    second = await second_invoice(shop, order_id, clock)
    await pay_late(second)
    assert await states(shop, order_id) == ("paid", [])
    await pay_late(placed["invoice"])
    order = await shop.order(order_id)
    assert (order["status"], order["flags"]) == ("paid", ["overpaid", "refund_due"])
    assert (order["standing"], order["owed_msat"]) == ("overpaid", AGUA_MSAT)
    assert len(await shop.jobs(order_id)) == 1

    made = await asked(shop, order_id, amount_msat=order["owed_msat"])

    assert (made["amount"], made["amount_msat"]) == ("10.00", AGUA_MSAT)
    assert await states(shop, order_id) == ("paid", [])
    order = await shop.order(order_id)
    assert (order["refundable_msat"], order["owed_msat"]) == (AGUA_MSAT, 0)


async def test_refunding_lines_leaves_the_surplus_owed(shop, pay_late, clock):
    placed = await shop.placed(shop.cart(shop.line("Agua", 2)))
    order_id, total = placed["order"]["id"], placed["order"]["total_msat"]
    second = await second_invoice(shop, order_id, clock)
    await pay_late(second)
    await pay_late(placed["invoice"])
    line = placed["order"]["items"][0]["id"]

    await asked(shop, order_id, lines=[{"line_id": line, "quantity": 1}])

    order = await shop.order(order_id)
    assert (order["owed_msat"], order["flags"]) == (total, ["overpaid", "refund_due"])


# --- the counter and back ---------------------------------------------------------


async def test_a_guest_goes_to_the_counter_and_back(shop, settle):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    guest = {"X-Order-Token": placed["order_token"]}
    path = f"/orders/{order_id}/method"

    to_cash = await post(shop, path, {"payment_method": "cash"}, guest)
    again = await post(shop, path, {"payment_method": "cash"}, guest)
    assert (to_cash.status_code, to_cash.json()["payment_method"]) == (200, "cash")
    assert to_cash.json()["status"] == "pending"
    assert again.json()["payment_method"] == "cash"
    back = await post(shop, path, {"payment_method": "lightning"}, guest)
    assert back.json()["payment_method"] == "lightning"
    assert (await shop.events(order_id)).count("order.method_changed") == 2
    await settle(placed)

    assert await states(shop, order_id) == ("paid", [])
    late = await post(shop, path, {"payment_method": "cash"}, guest)
    assert told(late) == (409, "order.step")


async def test_the_old_invoice_of_an_order_that_was_paid_in_cash(shop, pay_late):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    guest = {"X-Order-Token": placed["order_token"]}
    await post(shop, f"/orders/{order_id}/method", {"payment_method": "cash"}, guest)
    taken = await pay_with(shop, order_id, method="cash")
    assert taken.status_code == 201
    assert await states(shop, order_id) == ("paid", [])

    await pay_late(placed["invoice"])

    assert await states(shop, order_id) == ("paid", ["overpaid", "refund_due"])
    assert len(await shop.jobs(order_id)) == 1
    assert (await shop.order(order_id))["owed_msat"] == AGUA_MSAT
    made = await asked(shop, order_id, amount_msat=AGUA_MSAT)
    assert made["destination"] == "withdraw"
    assert await states(shop, order_id) == ("paid", [])


async def test_the_old_invoice_pays_an_order_that_waits_at_the_counter(shop, pay_late):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    guest = {"X-Order-Token": placed["order_token"]}
    await post(shop, f"/orders/{order_id}/method", {"payment_method": "cash"}, guest)

    await pay_late(placed["invoice"])

    assert await states(shop, order_id) == ("paid", [])
    assert told(await pay_with(shop, order_id, method="cash")) == (
        *(409, "payment.nothing_due"),
    )


@pytest.mark.parametrize("method", ["barter", "", None, 1, ["cash"]])
async def test_a_way_that_nobody_knows_cannot_be_switched_to(shared, method):
    shop, _ = shared
    placed = await shop.placed()
    guest = {"X-Order-Token": placed["order_token"]}
    path = f"/orders/{placed['order']['id']}/method"

    response = await post(shop, path, {"payment_method": method}, guest)

    assert told(response) == (422, "field.invalid")
    assert (await shop.order(placed["order"]["id"]))["payment_method"] == "lightning"


async def test_a_way_that_is_not_taken_cannot_be_switched_to(shop):
    await change(shop, accepted_payments=[{"method": "lightning"}])
    placed = await shop.placed()
    guest = {"X-Order-Token": placed["order_token"]}
    path = f"/orders/{placed['order']['id']}/method"

    response = await post(shop, path, {"payment_method": "cash"}, guest)

    assert told(response) == (422, "payment.method")


# --- money that goes back by itself -----------------------------------------------


async def one_refund(shop: Any, order_id: str) -> Any:
    [found] = await refunds_of(shop, order_id)
    return found


async def test_by_default_nothing_goes_back_by_itself(shop, settle):
    placed = await paid_order(shop, settle)
    await shop.status(placed["order"]["id"], "canceled")

    assert await states(shop, placed["order"]["id"]) == ("canceled", ["refund_due"])
    assert await refunds_of(shop, placed["order"]["id"]) == []


@pytest.mark.parametrize("before", ["paid", "accepted", "ready"])
async def test_a_canceled_order_gives_its_money_back(shop, settle, before):
    await change(shop, auto_refund=True)
    placed = await paid_order(shop, settle)
    order_id = placed["order"]["id"]
    for status in {"paid": (), "accepted": ("accepted",)}.get(
        before, ("accepted", "ready")
    ):
        await shop.status(order_id, status)

    await shop.status(order_id, "canceled", reason="no gas")

    refund = await one_refund(shop, order_id)
    assert (refund["status"], refund["destination"]) == ("approved", "withdraw")
    assert (refund["amount_msat"], refund["actor"]) == (AGUA_MSAT, "system")
    assert refund["withdraw_path"]
    assert await states(shop, order_id) == ("canceled", [])


async def test_money_that_goes_back_by_itself_is_told_on_paper(shop, settle):
    await change(shop, auto_refund=True, receipt_station="bar")
    order_id = (await paid_order(shop, settle))["order"]["id"]

    await shop.status(order_id, "canceled", reason="no gas")

    [slip] = [j for j in await shop.jobs(order_id) if j["kind"] == "void_slip"]
    assert (slip["status"], slip["station"]) == ("queued", "bar")
    # this LNbits has no public address, so there is no code to scan
    assert "Get it on the page of your order." in slip["content"]["text"]
    assert "Scan" not in slip["content"]["text"]


async def test_it_goes_where_the_guest_asked_for_at_checkout(shop, settle):
    await change(shop, auto_refund=True)
    placed = await paid_order(shop, settle, refund_to=f"LIGHTNING:{LNURL.upper()}")
    order_id = placed["order"]["id"]

    await shop.status(order_id, "canceled")

    refund = await one_refund(shop, order_id)
    assert (refund["destination"], refund["value"]) == ("lnurl", LNURL)
    placed = await paid_order(shop, settle, refund_to="Ana@Example.com")
    made = await asked(shop, placed["order"]["id"])
    assert (made["destination"], made["value"]) == (
        *("lightning_address", "ana@example.com"),
    )


async def test_late_money_goes_back(shop, pay_late, clock):
    await change(shop, auto_refund=True)
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    await expire(clock, 16 * MINUTE)

    await pay_late(placed["invoice"])

    refund = await one_refund(shop, order_id)
    assert (refund["status"], refund["amount_msat"]) == ("approved", AGUA_MSAT)
    assert await states(shop, order_id) == ("canceled", ["paid_late"])


async def test_only_the_surplus_of_a_second_payment_goes_back(shop, pay_late, clock):
    await change(shop, auto_refund=True)
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    second = await second_invoice(shop, order_id, clock)
    await pay_late(second)

    await pay_late(placed["invoice"])

    refund = await one_refund(shop, order_id)
    assert refund["amount_msat"] == AGUA_MSAT
    assert await states(shop, order_id) == ("paid", [])
    assert (await shop.order(order_id))["standing"] == "overpaid"


async def test_a_part_payment_of_an_order_that_expired_goes_back(shop, clock):
    await change(shop, auto_refund=True)
    card = await issue(shop, "4.00")
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    await pay_with(shop, order_id, card["code"])
    assert (await balance_of(shop, card["code"])).json()["balance"] == "0.00"

    await expire(clock, 16 * MINUTE)

    assert (await one_refund(shop, order_id))["status"] == "sent"
    assert (await balance_of(shop, card["code"])).json()["balance"] == "4.00"
    assert await states(shop, order_id) == ("refunded", [])


async def test_every_part_goes_back_the_way_it_came_and_cash_needs_a_hand(
    shop, pay_late
):
    await change(shop, auto_refund=True)
    card = await issue(shop, "2.00")
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    await pay_with(shop, order_id, card["code"])
    await pay_with(shop, order_id, method="cash", amount="3.00")
    rest = await pay_with(shop, order_id, method="lightning")
    await pay_late(rest.json()["invoice"])
    assert await states(shop, order_id) == ("paid", [])

    await shop.status(order_id, "canceled")

    found = {r["destination"]: r for r in await refunds_of(shop, order_id)}
    assert {name: r["status"] for name, r in found.items()} == {
        "withdraw": "approved",
        "gift_card": "sent",
    }
    assert (await balance_of(shop, card["code"])).json()["balance"] == "2.00"
    order = await shop.order(order_id)
    assert (order["status"], order["flags"]) == ("canceled", ["refund_due"])
    by_hand = await asked(shop, order_id, destination={"to": "cash"})
    assert (by_hand["amount"], by_hand["status"]) == ("3.00", "sent")
    assert await states(shop, order_id) == ("canceled", [])


async def test_money_that_comes_while_some_is_owed_already_goes_back_too(
    shop, pay_late, clock
):
    await change(shop, auto_refund=True)
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    await pay_with(shop, order_id, method="cash", amount="3.00")
    await expire(clock, 16 * MINUTE)
    assert await states(shop, order_id) == ("canceled", ["refund_due", "underpaid"])
    assert await refunds_of(shop, order_id) == []

    await pay_late(placed["invoice"])

    refund = await one_refund(shop, order_id)
    assert (refund["destination"], refund["amount_msat"]) == ("withdraw", AGUA_MSAT)
    status, flags = await states(shop, order_id)
    assert (status, "refund_due" in flags) == ("canceled", True)


async def test_a_refund_that_failed_waits_for_a_human_and_is_not_repeated(
    shop, settle, node
):
    await change(shop, auto_refund=True)
    await top_up(shop, 1_000)
    placed = await paid_order(shop, settle)
    order_id = placed["order"]["id"]
    guest = {"X-Order-Token": placed["order_token"]}
    await shop.status(order_id, "canceled")
    first = await one_refund(shop, order_id)
    node.answer = "refuse"
    wish = to_bolt11(invoice_of_others(AGUA_MSAT))
    await act(shop, first["id"], "destination", wish, guest)

    await send()
    await send()

    assert (await one_refund(shop, order_id))["status"] == "failed"
    assert await states(shop, order_id) == ("canceled", ["refund_due"])


async def test_sold_out_meanwhile_and_everything_goes_back(shop, pay_late, guest):
    await change(shop, auto_refund=True)
    late = await shop.placed(shop.cart(shop.line("Flan", 3)))
    early = await shop.placed(shop.cart(shop.line("Flan", 1)))
    await pay_late(early["invoice"])

    await pay_late(late["invoice"])

    order_id = late["order"]["id"]
    assert await states(shop, order_id) == ("paid", ["oversold"])
    refund = await one_refund(shop, order_id)
    assert refund["amount_msat"] == late["order"]["total_msat"]
    assert await shop.jobs(order_id) == []


# --- stock and the kitchen --------------------------------------------------------


async def test_lines_go_back_on_the_shelf_once(shop, settle):
    placed = await paid_order(shop, settle, shop.line("Flan", 3), shop.line("Agua"))
    order_id = placed["order"]["id"]
    line = next(i["id"] for i in placed["order"]["items"] if i["name"] == "Flan")
    assert await shop.stock("Flan") == 0

    lines = [{"line_id": line, "quantity": 2}]
    made = await asked(shop, order_id, lines=lines, restock=True)
    assert await shop.stock("Flan") == 2
    await act(shop, made["id"], "cancel")
    await asked(shop, order_id, lines=lines, restock=True)
    assert await shop.stock("Flan") == 3
    await shop.status(order_id, "canceled")

    assert await shop.stock("Flan") == 3
    assert "stock.restored" in await shop.events(order_id)


async def test_a_whole_order_goes_back_on_the_shelf_once(shop, settle):
    placed = await paid_order(shop, settle, shop.line("Flan", 2))
    order_id = placed["order"]["id"]

    await asked(shop, order_id, amount="10.00", restock=True)
    assert await shop.stock("Flan") == 3
    await asked(shop, order_id, amount="10.00", restock=True)
    await shop.status(order_id, "canceled")

    assert await shop.stock("Flan") == 3


async def test_without_a_word_about_stock_nothing_moves(shop, settle):
    placed = await paid_order(shop, settle, shop.line("Flan", 2))

    await asked(shop, placed["order"]["id"], destination={"to": "cash"})

    assert await states(shop, placed["order"]["id"]) == ("refunded", [])
    assert await shop.stock("Flan") == 1
    assert {j["status"] for j in await shop.jobs(placed["order"]["id"])} == {"canceled"}


async def test_part_of_the_money_back_leaves_the_kitchen_alone(shop, settle):
    placed = await paid_order(shop, settle)
    order_id = placed["order"]["id"]
    await shop.status(order_id, "accepted")

    made = await asked(shop, order_id, amount="2.00", destination={"to": "cash"})

    assert made["status"] == "sent"
    assert await states(shop, order_id) == ("accepted", [])
    assert {job["status"] for job in await shop.jobs(order_id)} == {"queued"}
    order = await shop.order(order_id)
    assert order["refunded_msat"] == made["amount_msat"]
    assert (order["due_msat"], order["standing"]) == (0, "paid")


async def test_staff_mark_an_order_refunded_only_with_a_reason_or_when_it_is(
    shop, settle
):
    placed = await paid_order(shop, settle)
    order_id = placed["order"]["id"]
    assert told(await shop.status(order_id, "refunded")) == (409, "refund.missing")

    outside = await shop.status(order_id, "refunded", reason="paid back from the till")

    assert outside.status_code == 200
    assert await states(shop, order_id) == ("refunded", [])
    assert (await ask(shop, order_id)).status_code == 201  # it is still possible


async def test_a_guest_follows_what_happens_to_their_money(shop, settle):
    placed = await paid_order(shop, settle)
    order_id = placed["order"]["id"]
    guest = {"X-Order-Token": placed["order_token"]}
    await shop.status(order_id, "canceled")

    made = await asked(shop, order_id, reason="sold out")

    response = await shop.client.get(f"{API}/orders/{order_id}", headers=guest)
    order = response.json()
    assert [r["id"] for r in order["refunds"]] == [made["id"]]
    assert order["refunds"][0]["reason"] == "sold out"
    assert (await refund_of(shop, made["id"], **guest))["withdraw_path"]
