"""What the ledger of tips tells: by time, status and page, and whose is how much."""

from __future__ import annotations

import pytest

from harness.refunds import change, told
from harness.tips import balances, call, done, ledger, member, serve, tipped_order

pytestmark = pytest.mark.usefixtures("quiet")


async def test_the_ledger_comes_by_time_status_and_page(shop, settle, clock):
    from restaurant.core.times import rfc3339

    await change(shop, tip_to="server")
    ana = await member(shop, "Ana")
    for tip in (10_000, 20_000, 30_000):
        placed = await shop.placed(shop.cart(tip_msat=tip))
        await serve(shop, placed["order"]["id"], ana["id"])
        await settle(placed)
        clock.forward(3_600)
    at = clock() - 2 * 3_600_000 - 60_000

    late = await ledger(shop, f"&from={rfc3339(at)}")
    early = await ledger(shop, f"&to={rfc3339(at)}")
    assert [e["amount_msat"] for e in early] == [10_000]
    assert [e["amount_msat"] for e in late] == [20_000, 30_000]
    path = f"/restaurants/{shop.id}/tips?limit=2"
    first = await done(shop, "GET", path)
    second = await done(shop, "GET", f"{path}&cursor={first['next']}")
    assert [e["amount_msat"] for e in first["data"] + second["data"]] == [
        *(30_000, 20_000, 10_000)
    ]
    body = {"staff_ids": [ana["id"]], "destination": "cash"}
    await done(shop, "POST", f"/restaurants/{shop.id}/tip_payouts", body)
    assert len(await ledger(shop, "&status=paid")) == 3
    assert await ledger(shop, "&status=open") == []


@pytest.mark.parametrize(
    "query", ["from=yesterday", "to=2026-01-31", "status=gone", "cursor=x", "limit=0"]
)
async def test_a_wrong_question_is_refused(shop, query):
    response = await call(shop, "GET", f"/restaurants/{shop.id}/tips?{query}")

    assert told(response) == (422, "field.invalid")


async def test_balances_show_both_currencies(shop, settle):
    await tipped_order(shop, settle, 200_000)
    await tipped_order(shop, settle, 100_000)

    shown = (await balances(shop))["restaurant"]

    assert shown == {
        "to": "restaurant",
        "staff_id": None,
        "name": None,
        "amount_msat": 300_000,
        "amounts": [{"currency": "GTQ", "amount": "1.89", "amount_msat": 300_000}],
        "payable_msat": 0,
        "waiting_msat": 0,
        "has_destination": False,
    }
