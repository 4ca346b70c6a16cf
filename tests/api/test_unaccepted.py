"""Orders that nobody accepts: called out louder and louder, then ended by setting."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import pytest_asyncio

from harness.books import clear_away, snapshot
from harness.discounts import make_code, uses_of
from harness.edits import change_restaurant
from harness.gift_cards import balance, call, issue
from harness.gift_cards import pay as pay_with
from harness.kitchen import board, told
from harness.refunds import forget_refunds, refunds_of
from harness.shop import Shop

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NOON = 1_790_078_400_000  # 2026-09-22T12:00:00Z
REASON = "unaccepted"


@pytest_asyncio.fixture(autouse=True)
async def only_ours(quiet: Any) -> None:
    """What other tests left unaccepted is accepted."""
    from restaurant.crud import transaction

    await clear_away()
    await forget_refunds()
    async with transaction() as conn:
        await conn.run(
            "UPDATE restaurant.orders SET status = 'accepted' WHERE status = 'paid'"
        )


@pytest_asyncio.fixture
async def noon(clock: Any, shop: Shop) -> Any:
    """The clock, standing still while ten minutes are given to accept an order."""
    clock.stop()
    await change_restaurant(shop, accept_within_minutes=10)
    return clock


@pytest.fixture
def paid(shop: Shop, settle: Any) -> Any:
    """`await paid(*lines)`: the id of a guest's order that is paid just now."""

    async def place_and_pay(*lines: Any, **fields: Any) -> str:
        placed = await shop.placed(shop.cart(*lines, **fields))
        await settle(placed)
        return str(placed["order"]["id"])

    return place_and_pay


async def look(clock: Any) -> int:
    """One round of the loop."""
    from restaurant import services

    return await services.watch_unaccepted(clock())


async def levels(shop: Shop, order_id: str) -> list[int]:
    """What the journal says of the order's alerts, oldest first."""
    rows = await told(shop, order_id, "order.unaccepted")
    number = (await shop.order(order_id))["number"]
    assert all(row["payload"]["number"] == number for row in rows)
    assert {row["actor"] for row in rows} <= {"system"}
    return [row["payload"]["level"] for row in rows]


async def canceled_after_all(shop: Shop, clock: Any) -> None:
    await change_restaurant(shop, unaccepted="cancel")
    clock.forward(600)
    await look(clock)


# --- the alert grows -------------------------------------------------------------


async def test_the_alert_grows_with_each_part_of_the_time(shop, paid, noon):
    order_id = await paid()
    seen = []

    for seconds in (0, 203, 1, 197, 1, 197, 1, 3600):
        noon.forward(seconds)
        await look(noon)
        seen.append((await shop.order(order_id))["alert_level"])

    assert seen == [1, 1, 2, 2, 3, 3, 4, 4]
    assert await levels(shop, order_id) == [1, 2, 3, 4]
    assert (await shop.order(order_id))["status"] == "paid"


async def test_looking_again_changes_nothing(shop, paid, noon):
    await paid()
    noon.forward(300)
    assert await look(noon) == 1
    before = await snapshot(shop.id)

    assert await look(noon) == 0
    assert await snapshot(shop.id) == before


async def test_after_a_standstill_only_the_loudest_is_said(shop, paid, noon):
    order_id = await paid()
    noon.forward(410)

    await look(noon)

    assert await levels(shop, order_id) == [3]


async def test_looks_at_one_moment_say_each_level_once(shop, paid, noon):
    orders = [await paid() for _ in range(3)]

    for _ in range(4):
        raised = await asyncio.gather(*(look(noon) for _ in range(5)))
        assert sum(raised) == len(orders)
        noon.forward(205)

    for order_id in orders:
        assert await levels(shop, order_id) == [1, 2, 3, 4]


async def test_an_accepted_order_is_left_alone(shop, paid, noon):
    order_id = await paid()
    await look(noon)
    assert (await shop.status(order_id, "accepted")).status_code == 200
    [shown] = (await board(shop))["orders"]
    assert (shown["alert_level"], shown["accept_by"]) == (0, None)

    noon.forward(3600)

    assert await look(noon) == 0
    assert await levels(shop, order_id) == [1]


async def test_the_board_says_until_when_to_accept(shop, paid, noon):
    from restaurant.core.times import rfc3339

    await paid()
    at = noon()
    [before] = (await board(shop))["orders"]
    await look(noon)
    [after] = (await board(shop))["orders"]

    assert before["accept_by"] == after["accept_by"] == rfc3339(at + 10 * MINUTE)
    assert (before["alert_level"], after["alert_level"]) == (0, 1)


async def test_what_is_paid_while_closed_waits_for_the_next_opening(
    shop, settle, clock
):
    from restaurant.core.times import rfc3339

    clock.stop(NOON - 5 * MINUTE)
    hours = [{"days": list(range(7)), "starts": "10:00", "ends": "12:00"}]
    await change_restaurant(shop, opening_hours=hours, accept_within_minutes=10)
    placed = await shop.placed()
    clock.forward(600)
    await settle(placed)

    assert await look(clock) == 0
    [shown] = (await board(shop))["orders"]
    opens_at = NOON + DAY - 2 * HOUR
    assert shown["accept_by"] == rfc3339(opens_at + 10 * MINUTE)

    clock.stop(opens_at - 1)
    assert await look(clock) == 0
    clock.forward(0.001)
    assert await look(clock) == 1
    assert await levels(shop, shown["id"]) == [1]


async def test_a_pause_over_night_keeps_nobody_there(shop, settle, clock):
    from restaurant.core.times import rfc3339

    clock.stop(NOON - 5 * MINUTE)
    hours = [{"days": list(range(7)), "starts": "10:00", "ends": "12:00"}]
    await change_restaurant(shop, opening_hours=hours, accept_within_minutes=10)
    placed = await shop.placed()
    path = f"/restaurants/{shop.id}/pause"
    assert (await call(shop, "PUT", path, {"minutes": 600})).status_code == 200
    clock.forward(600)
    await settle(placed)

    [shown] = (await board(shop))["orders"]

    opens_at = NOON + DAY - 2 * HOUR
    assert shown["accept_by"] == rfc3339(opens_at + 10 * MINUTE)


async def test_what_is_wanted_later_has_time_until_it_must_be_begun(shop, settle, noon):
    from restaurant.core.times import rfc3339

    await change_restaurant(shop, prep_minutes=20)
    cart = shop.cart(order_type="pickup", pickup_at=rfc3339(noon() + 3 * HOUR))
    placed = await shop.placed(cart)
    await settle(placed)
    order_id = placed["order"]["id"]
    must_begin = noon() + 3 * HOUR - 30 * MINUTE  # twenty to cook, ten to accept

    noon.stop(must_begin - 1)
    assert await look(noon) == 0
    noon.stop(must_begin)
    assert await look(noon) == 1
    assert await levels(shop, order_id) == [1]


async def test_a_look_is_bounded_and_the_rest_is_for_the_next(
    shop, paid, noon, monkeypatch
):
    from restaurant.core import limits

    monkeypatch.setattr(limits, "ALERTS_PER_ROUND", 2)
    orders = [await paid() for _ in range(5)]

    raised = [await look(noon) for _ in range(4)]

    assert raised == [2, 2, 1, 0]
    for order_id in orders:
        assert await levels(shop, order_id) == [1]


# --- the end ---------------------------------------------------------------------


async def test_an_order_that_nobody_accepts_is_canceled_and_paid_back(shop, paid, noon):
    order_id = await paid(shop.line("Flan", 2))
    assert await shop.stock("Flan") == 1
    paid_msat = (await shop.order(order_id))["paid_msat"]

    await canceled_after_all(shop, noon)

    order = await shop.order(order_id)
    assert (order["status"], order["cancel_reason"]) == ("canceled", REASON)
    [refund] = await refunds_of(shop, order_id)
    assert (refund["status"], refund["amount_msat"]) == ("approved", paid_msat)
    assert await shop.stock("Flan") == 3
    assert {
        job["status"] for job in await shop.jobs(order_id) if job["kind"] == "ticket"
    }
    tickets = [job for job in await shop.jobs(order_id) if job["kind"] == "ticket"]
    assert {job["state"] for job in tickets} == {"canceled"}
    events = await shop.events(order_id)
    begin = events.index("order.unaccepted")
    assert events[begin : begin + 2] == ["order.unaccepted", "order.canceled"]
    assert "refund.approved" in events[begin:]
    before = await snapshot(shop.id)
    assert await look(noon) == 0
    assert await snapshot(shop.id) == before


async def test_what_a_gift_card_paid_is_on_it_again_at_once(shop, noon):
    card = await issue(shop, "60")
    placed = await shop.placed()
    await pay_with(shop, placed["order"]["id"], card["code"])
    assert (await balance(shop, card["code"])).json()["balance"] == "50.00"

    await canceled_after_all(shop, noon)

    assert (await balance(shop, card["code"])).json()["balance"] == "60.00"
    order = await shop.order(placed["order"]["id"])
    assert (order["status"], order["flags"]) == ("refunded", [])


async def test_cash_waits_for_a_human(shop, noon):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    response = await pay_with(shop, order_id, method="cash")
    assert response.status_code == 201, response.text
    assert (await shop.order(order_id))["status"] == "paid"

    await canceled_after_all(shop, noon)

    order = await shop.order(order_id)
    assert (order["status"], order["flags"]) == ("canceled", ["refund_due"])
    assert await refunds_of(shop, order_id) == []


async def test_a_discount_that_was_used_may_be_used_again(shop, paid, noon):
    discount = await make_code(shop, "TEN", max_uses=1)
    await paid(codes=["TEN"])
    assert await uses_of(shop, discount) == 1

    await canceled_after_all(shop, noon)

    assert await uses_of(shop, discount) == 0


async def test_a_free_order_ends_without_a_refund(shop, noon):
    await make_code(shop, "FREE", percent="100")
    placed = await shop.placed(shop.cart(codes=["FREE"]))
    order_id = placed["order"]["id"]
    assert placed["order"]["status"] == "paid"

    await canceled_after_all(shop, noon)

    order = await shop.order(order_id)
    assert (order["status"], order["flags"]) == ("canceled", [])
    assert await refunds_of(shop, order_id) == []


async def test_what_waits_for_a_decision_is_called_out_but_not_ended(
    shop, settle, noon
):
    first, second = [await shop.placed(shop.cart(shop.line("Flan", 2))) for _ in "ab"]
    await settle(first)
    await settle(second)
    oversold = second["order"]["id"]
    assert "oversold" in (await shop.order(oversold))["flags"]

    await canceled_after_all(shop, noon)

    assert (await shop.order(oversold))["status"] == "paid"
    assert await levels(shop, oversold) == [4]
    assert (await shop.order(first["order"]["id"]))["status"] == "canceled"


async def test_the_end_comes_with_the_last_part_and_not_before(shop, paid, noon):
    order_id = await paid()
    await change_restaurant(shop, unaccepted="cancel")
    noon.forward(599.999)
    await look(noon)
    assert (await shop.order(order_id))["status"] == "paid"

    noon.forward(0.001)
    await look(noon)

    assert (await shop.order(order_id))["status"] == "canceled"
    assert await levels(shop, order_id) == [3, 4]


async def test_an_order_that_time_ended_can_not_be_accepted_any_more(shop, paid, noon):
    order_id = await paid()
    await canceled_after_all(shop, noon)

    response = await shop.status(order_id, "accepted")

    assert (response.status_code, response.json()["code"]) == (409, "order.step")
