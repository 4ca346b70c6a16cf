"""Tips are kept apart from sales: with the order, after the meal, back with refunds."""

from __future__ import annotations

import uuid

import pytest

from harness import API
from harness.books import snapshot
from harness.refunds import ask, asked, change, paid_order, refunds_of, told
from harness.tips import (
    balances,
    call,
    check_ledger,
    done,
    ledger,
    member,
    open_msat,
    serve,
    tipped_order,
)

pytestmark = pytest.mark.usefixtures("quiet")

DAY = 86_400


def brief(entries):
    return [(e["kind"], e["to"], e["amount_msat"]) for e in entries]


def money_of(order):
    names = (
        *("status", "flags", "total_msat", "tip_msat", "paid_msat", "due_msat"),
        *("due", "standing", "refundable_msat", "owed_msat", "payments", "history"),
    )
    return {name: order[name] for name in names}


@pytest.fixture
def tip_of(shop, settle):
    """`await tip_of(order_id, **body)`: a tip after the meal that was paid."""

    async def make(order_id, **body):
        tipped = await done(shop, "POST", f"/orders/{order_id}/tips", body)
        await settle(tipped)
        return tipped["tip"]

    return make


# --- with the order ------------------------------------------------------------------


async def test_a_tip_at_checkout_is_entered_once_when_the_order_is_paid(shop, settle):
    placed = await shop.placed(shop.cart(tip_msat=200_000))
    assert await ledger(shop) == []

    await settle(placed)

    [entry] = await ledger(shop)
    order_id = placed["order"]["id"]
    assert entry == {
        **entry,
        "kind": "checkout",
        "order_id": order_id,
        "to": "restaurant",
        "staff_id": None,
        "amount_msat": 200_000,
        "amount": "1.26",  # 200 sat at 158.635 sat per GTQ
        "currency": "GTQ",
        "status": "open",
        "payout_id": None,
    }
    for step in ("accepted", "ready", "completed"):
        assert (await shop.status(order_id, step)).status_code == 200
    assert len(await ledger(shop)) == 1
    assert (await shop.events(order_id)).count("tip.entered") == 1


async def test_no_tip_no_entry(shop, settle):
    await paid_order(shop, settle)

    assert await ledger(shop) == []


async def test_a_tip_counts_when_the_last_part_is_paid_also_in_cash(shop):
    response = await shop.place(
        shop.cart(tip_msat=200_000, payment_method="cash"), **shop.wallet.admin
    )
    order_id = response.json()["order"]["id"]
    path = f"/orders/{order_id}/payments"

    await done(shop, "POST", path, {"method": "cash", "amount": "5.00"})
    assert await ledger(shop) == []
    await done(shop, "POST", path, {"method": "cash"})

    assert brief(await ledger(shop)) == [("checkout", "restaurant", 200_000)]


async def test_an_order_in_question_gives_its_tip_when_it_is_accepted(
    shop, settle, clock
):
    placed = await shop.placed(shop.cart(tip_msat=100_000))
    clock.forward(3 * 3_600)
    await settle(placed)
    order_id = placed["order"]["id"]
    assert "paid_late" in (await shop.order(order_id))["flags"]
    assert await ledger(shop) == []

    assert (await shop.status(order_id, "accepted")).status_code == 200

    assert brief(await ledger(shop)) == [("checkout", "restaurant", 100_000)]


async def test_an_order_that_is_brought_back_gives_its_tip_once(shop, settle):
    placed = await shop.placed(shop.cart(tip_msat=100_000))
    order_id = placed["order"]["id"]
    assert (await shop.status(order_id, "canceled")).status_code == 200
    await settle(placed)
    assert await ledger(shop) == []

    await done(shop, "POST", f"/orders/{order_id}/resurrect")

    assert brief(await ledger(shop)) == [("checkout", "restaurant", 100_000)]


# --- whose it is ----------------------------------------------------------------------


async def test_the_setting_says_whose_it_is(shop, settle):
    ana = await member(shop, "Ana")
    await change(shop, tip_to="pool")
    await tipped_order(shop, settle)
    await change(shop, tip_to="server")
    placed = await shop.placed(shop.cart(tip_msat=50_000))
    await serve(shop, placed["order"]["id"], ana["id"])
    await settle(placed)

    assert await open_msat(shop, "pool") == 100_000
    assert await open_msat(shop, ana["id"]) == 50_000


@pytest.mark.parametrize(
    ("weight", "expected"), [(None, "restaurant"), (0, "restaurant"), (1, "pool")]
)
async def test_when_nobody_serves_the_pool_has_it_if_there_is_one(
    shop, settle, weight, expected
):
    await change(shop, tip_to="server")
    if weight is not None:
        await member(shop, "Ana", weight=weight)

    await tipped_order(shop, settle)

    assert await open_msat(shop, expected) == 100_000


async def test_a_tip_follows_the_serving_person_until_it_is_paid_out(shop, settle):
    ana, ben = await member(shop, "Ana"), await member(shop, "Ben")
    await change(shop, tip_to="server")
    order_id = await tipped_order(shop, settle)
    assert await open_msat(shop, "pool") == 100_000

    await serve(shop, order_id, ana["id"])
    assert (await open_msat(shop, "pool"), await open_msat(shop, ana["id"])) == (
        0,
        100_000,
    )
    await serve(shop, order_id, ben["id"])
    assert (await open_msat(shop, ana["id"]), await open_msat(shop, ben["id"])) == (
        0,
        100_000,
    )
    body = {"staff_ids": [ben["id"]], "destination": "cash"}
    await done(shop, "POST", f"/restaurants/{shop.id}/tip_payouts", body)
    await serve(shop, order_id, ana["id"])

    assert await open_msat(shop, ana["id"]) == await open_msat(shop, ben["id"]) == 0
    await check_ledger(shop)


async def test_elsewhere_a_serving_person_moves_nothing(shop, settle):
    ana = await member(shop, "Ana")
    order_id = await tipped_order(shop, settle)
    await serve(shop, order_id, ana["id"])

    assert brief(await ledger(shop)) == [("checkout", "restaurant", 100_000)]


# --- back with refunds ----------------------------------------------------------------


async def test_the_tip_goes_back_with_its_part_of_the_refund(shop, settle):
    order_id = await tipped_order(shop, settle, 413_000)  # 2 000 sat in all
    await asked(shop, order_id, amount_msat=500_000, destination={"to": "cash"})
    assert brief(await ledger(shop))[1:] == [("returned", "restaurant", -103_250)]

    await asked(shop, order_id, destination={"to": "cash"})

    assert await open_msat(shop, "restaurant") == 0
    assert (await balances(shop))["restaurant"]["amounts"] == []
    assert (await shop.order(order_id))["status"] == "refunded"


async def test_a_refund_that_is_taken_back_brings_the_tip_again(shop, settle):
    order_id = await tipped_order(shop, settle, 413_000)
    refund = await asked(shop, order_id, amount_msat=500_000)
    assert await open_msat(shop, "restaurant") == 309_750

    await done(shop, "POST", f"/refunds/{refund['id']}/cancel")

    assert brief(await ledger(shop))[1:] == [
        ("returned", "restaurant", -103_250),
        ("returned", "restaurant", 103_250),
    ]
    events = await shop.events(order_id)
    assert events.count("tip.returned") == 2


async def test_a_refund_that_waits_for_a_manager_takes_no_tip_yet(shop, settle):
    from harness.refunds import devices

    till = (await devices(shop))["pos"]
    order_id = await tipped_order(shop, settle, 413_000)
    response = await ask(shop, order_id, till)
    assert response.json()["status"] == "requested"
    assert await open_msat(shop, "restaurant") == 413_000

    await done(shop, "POST", f"/refunds/{response.json()['id']}/approve")

    assert await open_msat(shop, "restaurant") == 0


async def test_what_was_paid_too_much_is_no_tip(shop, settle):
    placed = await shop.placed(shop.cart(tip_msat=413_000))
    order_id = placed["order"]["id"]
    path = f"/orders/{order_id}/payments"
    second = await done(shop, "POST", path, {"method": "lightning"})
    await settle(placed)
    await settle(second)
    assert (await shop.order(order_id))["standing"] == "overpaid"

    await asked(shop, order_id, amount_msat=2_000_000)

    assert brief(await ledger(shop)) == [("checkout", "restaurant", 413_000)]
    [refund] = await refunds_of(shop, order_id)
    assert refund["amount_msat"] == 2_000_000


async def test_a_tip_that_is_paid_out_is_open_against_the_next_payout(shop, settle):
    ana = await member(shop, "Ana")
    await change(shop, tip_to="server")
    order_id = await tipped_order(shop, settle, 100_000)
    await serve(shop, order_id, ana["id"])
    cash = {"destination": "cash"}
    await done(shop, "POST", f"/restaurants/{shop.id}/tip_payouts", cash)

    await asked(shop, order_id, destination={"to": "cash"})

    assert await open_msat(shop, ana["id"]) == -100_000
    refused = await call(shop, "POST", f"/restaurants/{shop.id}/tip_payouts", cash)
    assert told(refused) == (409, "payout.nothing")
    placed = await shop.placed(shop.cart(tip_msat=130_000))
    await serve(shop, placed["order"]["id"], ana["id"])
    await settle(placed)
    made = await done(shop, "POST", f"/restaurants/{shop.id}/tip_payouts", cash)
    assert [each["amount_msat"] for each in made["data"]] == [30_000]
    await check_ledger(shop)


async def test_what_went_back_while_the_order_was_in_question_takes_its_tip(
    shop, settle
):
    lines = [shop.line("Flan", 3), shop.line("Agua", 1)]
    placed = [await shop.placed(shop.cart(*lines, tip_msat=200_000)) for _ in range(2)]
    for each in placed:
        await settle(each)
    sold_out = await shop.order(placed[1]["order"]["id"])
    assert (sold_out["flags"], len(await ledger(shop))) == (
        ["oversold", "refund_due"],
        1,
    )
    flans = {"line_id": sold_out["items"][0]["id"], "quantity": 3}
    await asked(shop, sold_out["id"], lines=[flans], destination={"to": "cash"})

    assert (await shop.status(sold_out["id"], "accepted")).status_code == 200

    of_it = [e for e in await ledger(shop) if e["order_id"] == sold_out["id"]]
    assert sorted(brief(of_it)) == [
        ("checkout", "restaurant", 200_000),
        ("returned", "restaurant", -179_992),
    ]


# --- after the meal -------------------------------------------------------------------


async def test_a_guest_tips_after_the_meal_without_an_account(shop, settle):
    placed = await paid_order(shop, settle)
    order_id = placed["order"]["id"]
    guest = {"X-Order-Token": placed["order_token"]}
    before = money_of(await shop.order(order_id))

    response = await shop.client.post(
        f"{API}/orders/{order_id}/tips", json={"amount_msat": 21_000}, headers=guest
    )

    assert response.status_code == 201, response.text
    tip, invoice = response.json()["tip"], response.json()["invoice"]
    assert tip == {
        **tip,
        "order_id": order_id,
        "status": "open",
        "amount_msat": 21_000,
        "amount": "0.13",
        "currency": "GTQ",
        "to": "restaurant",
        "paid_at": None,
    }
    assert invoice["amount_msat"] == 21_000
    assert money_of(await shop.order(order_id)) == before
    await settle(response.json())
    seen = await done(shop, "GET", f"/orders/{order_id}/tips", headers=guest)
    [paid] = seen["data"]
    assert (paid["tip"]["status"], paid["invoice"]) == ("paid", None)
    assert paid["tip"]["id"] == tip["id"]
    assert money_of(await shop.order(order_id)) == before
    assert brief(await ledger(shop)) == [("later", "restaurant", 21_000)]
    events = await shop.events(order_id)
    assert events.count("tip.asked") == events.count("tip.entered") == 1
    assert events.count("payment.captured") == 1  # the order's own


@pytest.mark.parametrize(
    ("body", "msat", "amount"),
    [
        ({"amount_msat": 1_000}, 1_000, "0.01"),
        ({"amount": "5.00"}, 794_000, "5.00"),  # 793.175 sat
        ({"amount": 2}, 318_000, "2.00"),  # 317.27 sat
        ({"percent": "10"}, 159_000, "1.00"),  # 1 587 sat without its tip
        ({"percent": 12.5}, 199_000, "1.25"),
    ],
)
async def test_a_tip_is_named_in_satoshi_currency_or_percent(
    shop, settle, body, msat, amount
):
    order_id = await tipped_order(shop, settle, 100_000)
    tipped = await done(shop, "POST", f"/orders/{order_id}/tips", body)

    assert tipped["tip"]["amount_msat"] == tipped["invoice"]["amount_msat"] == msat
    assert tipped["tip"]["amount"] == amount


async def test_the_rate_is_the_orders_own(shop, settle, set_rate):
    order_id = await tipped_order(shop, settle)
    set_rate("GTQ", 80)
    tipped = await done(shop, "POST", f"/orders/{order_id}/tips", {"amount": "5.00"})

    assert tipped["tip"]["amount_msat"] == 794_000


async def test_somebody_is_named_and_gets_it(shop, settle, tip_of):
    ana = await member(shop, "Ana")
    order_id = (await paid_order(shop, settle))["order"]["id"]
    await serve(shop, order_id, ana["id"])

    for to in ("server", "pool", "restaurant"):
        assert (await tip_of(order_id, amount_msat=7_000, to=to))["to"] == to

    for whose in (ana["id"], "pool", "restaurant"):
        assert await open_msat(shop, whose) == 7_000


async def test_a_tip_for_somebody_who_left_meanwhile_is_the_pools(shop, settle):
    ana = await member(shop, "Ana")
    await member(shop, "Ben")
    order_id = (await paid_order(shop, settle))["order"]["id"]
    await serve(shop, order_id, ana["id"])
    body = {"amount_msat": 7_000, "to": "server"}
    tipped = await done(shop, "POST", f"/orders/{order_id}/tips", body)
    await done(shop, "DELETE", f"/staff/{ana['id']}")

    await settle(tipped)

    assert brief(await ledger(shop)) == [("later", "pool", 7_000)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "field.invalid"),
        ({"amount_msat": 1_000, "percent": 5}, "field.invalid"),
        ({"amount": "1", "percent": 5}, "field.invalid"),
        ({"amount_msat": 1_500}, "field.invalid"),
        ({"amount_msat": 1_000.0}, "field.invalid"),
        ({"amount_msat": "1000"}, "field.invalid"),
        ({"amount_msat": True}, "field.invalid"),
        ({"amount": "NaN"}, "field.invalid"),
        ({"amount": "1e3"}, "field.invalid"),
        ({"amount": "1.001"}, "field.invalid"),
        ({"amount": "9" * 400}, "field.invalid"),
        ({"percent": -1}, "field.invalid"),
        ({"percent": 101}, "field.invalid"),
        ({"percent": "x"}, "field.invalid"),
        ({"amount_msat": 5_000, "to": "eve"}, "field.invalid"),
        ({"amount_msat": 0}, "tip.too_small"),
        ({"amount_msat": -1_000}, "tip.too_small"),
        ({"amount": "-5"}, "tip.too_small"),
        ({"percent": 0}, "tip.too_small"),
        ({"amount_msat": 1_000_001_000}, "tip.too_large"),
        ({"amount_msat": 10**300}, "tip.too_large"),
        ({"amount": "999999999999999"}, "tip.too_large"),
    ],
)
async def test_a_wrong_tip_is_refused_and_changes_nothing(shared, body, code):
    shop, settle = shared
    order_id = (await paid_order(shop, settle))["order"]["id"]
    before = await snapshot(shop.id)

    response = await call(shop, "POST", f"/orders/{order_id}/tips", body)

    assert told(response) == (422, code)
    assert await snapshot(shop.id) == before


async def test_before_the_order_is_paid_there_is_nothing_to_tip_for(shop):
    order_id = (await shop.placed())["order"]["id"]
    path = f"/orders/{order_id}/tips"

    response = await call(shop, "POST", path, {"amount_msat": 5_000})

    assert told(response) == (409, "tip.unpaid")
    assert (await done(shop, "GET", path))["can_tip"] is False


async def test_orders_that_ended_badly_take_no_tip(shop, settle):
    order_id = (await paid_order(shop, settle))["order"]["id"]
    await shop.status(order_id, "canceled")
    path = f"/orders/{order_id}/tips"

    response = await call(shop, "POST", path, {"amount_msat": 5_000})

    assert told(response) == (409, "tip.over")


async def test_tips_are_taken_for_some_days(shop, settle, clock):
    await change(shop, tip_days=2)
    order_id = (await paid_order(shop, settle))["order"]["id"]
    path = f"/orders/{order_id}/tips"
    clock.forward(2 * DAY - 60)
    shown = await done(shop, "GET", path)
    assert shown["can_tip"]
    await done(shop, "POST", path, {"amount_msat": 5_000})
    clock.forward(61)

    response = await call(shop, "POST", path, {"amount_msat": 5_000})

    assert told(response) == (409, "tip.over")
    assert (await done(shop, "GET", path))["can_tip"] is False


async def test_no_days_no_tips(shop, settle):
    await change(shop, tip_days=0)
    order_id = (await paid_order(shop, settle))["order"]["id"]
    response = await call(shop, "POST", f"/orders/{order_id}/tips", {"percent": 5})

    assert told(response) == (409, "tip.over")


async def test_a_house_without_lightning_takes_no_tips_by_it(shop, settle):
    order_id = (await paid_order(shop, settle))["order"]["id"]
    await change(shop, accepted_payments=[{"method": "cash"}])
    path = f"/orders/{order_id}/tips"

    response = await call(shop, "POST", path, {"amount_msat": 5_000})

    assert told(response) == (422, "payment.method")
    assert (await done(shop, "GET", path))["can_tip"] is False


async def test_so_many_tips_wait_at_once_and_expired_ones_make_room(
    shop, settle, clock
):
    order_id = (await paid_order(shop, settle))["order"]["id"]
    path, body = f"/orders/{order_id}/tips", {"amount_msat": 1_000}
    for _ in range(20):
        await done(shop, "POST", path, body)

    refused = await call(shop, "POST", path, body)
    assert told(refused) == (409, "tip.too_many")
    clock.forward(3 * 3_600)
    await done(shop, "POST", path, body)

    states = [each["tip"]["status"] for each in (await done(shop, "GET", path))["data"]]
    assert states == ["expired"] * 20 + ["open"]


async def test_money_after_the_invoice_expired_still_counts(shop, settle, clock):
    order_id = (await paid_order(shop, settle))["order"]["id"]
    body = {"amount_msat": 9_000}
    tipped = await done(shop, "POST", f"/orders/{order_id}/tips", body)
    await shop.status(order_id, "canceled")
    clock.forward(3 * 3_600)

    await settle(tipped)

    assert brief(await ledger(shop)) == [("later", "restaurant", 9_000)]


async def test_one_key_asks_for_one_tip(shop, settle):
    order_id = (await paid_order(shop, settle))["order"]["id"]
    headers = {**shop.wallet.admin, "Idempotency-Key": str(uuid.uuid4())}
    path, body = f"{API}/orders/{order_id}/tips", {"amount_msat": 9_000}

    first = await shop.client.post(path, json=body, headers=headers)
    second = await shop.client.post(path, json=body, headers=headers)

    assert first.json() == second.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert len((await done(shop, "GET", f"/orders/{order_id}/tips"))["data"]) == 1


async def test_nothing_of_a_later_tip_is_refundable(shop, settle, tip_of):
    order_id = (await paid_order(shop, settle))["order"]["id"]
    await tip_of(order_id, amount_msat=50_000)

    response = await ask(shop, order_id, amount_msat=1_588_000)
    assert told(response) == (422, "refund.amount")
    await asked(shop, order_id, destination={"to": "cash"})

    assert (await shop.order(order_id))["status"] == "refunded"
    assert brief(await ledger(shop)) == [("later", "restaurant", 50_000)]


async def test_a_later_tip_that_the_stream_lost_is_found_by_the_reconciler(
    shop, settle, pay, guest
):
    from restaurant import services
    from restaurant.adapters import system

    order_id = (await paid_order(shop, settle))["order"]["id"]
    before = money_of(await shop.order(order_id))
    body = {"amount_msat": 33_000}
    tipped = await done(shop, "POST", f"/orders/{order_id}/tips", body)
    await pay(tipped["invoice"]["payment_request"], guest)
    assert await ledger(shop) == []

    for _ in range(2):
        await services.reconcile_books(system.now())

    assert brief(await ledger(shop)) == [("later", "restaurant", 33_000)]
    assert money_of(await shop.order(order_id)) == before


async def test_what_becomes_of_its_invoice_is_no_question_about_the_order(shop, settle):
    from restaurant.adapters import system
    from restaurant.flows import paying

    order_id = (await paid_order(shop, settle))["order"]["id"]
    before = money_of(await shop.order(order_id))
    path = f"/orders/{order_id}/tips"
    tipped = await done(shop, "POST", path, {"amount_msat": 9_000})
    payment_hash = tipped["invoice"]["payment_hash"]

    await paying.flag_stuck(payment_hash, system.now())
    await paying.give_up_invoice(payment_hash, system.now())

    assert money_of(await shop.order(order_id)) == before
    [shown] = (await done(shop, "GET", path))["data"]
    assert (shown["tip"]["status"], shown["invoice"]) == ("expired", None)


async def test_money_that_goes_back_by_itself_takes_the_tip_along(shop, settle):
    await change(shop, auto_refund=True)
    order_id = await tipped_order(shop, settle, 413_000)

    assert (await shop.status(order_id, "canceled")).status_code == 200

    assert brief(await ledger(shop)) == [
        ("checkout", "restaurant", 413_000),
        ("returned", "restaurant", -413_000),
    ]
