"""Open tabs: order now, pay at the end, by whatever method; move and hand over."""

from __future__ import annotations

import pytest
import pytest_asyncio

from harness import API
from harness.books import snapshot
from harness.cards import now, stripe_in_lnbits
from harness.cards import opened as card_checkout
from harness.edits import change_restaurant, check_sums, edit, told
from harness.gift_cards import call, issue
from harness.tabs import a_table, add, added, code, open_tab, pay
from harness.tips import member

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture
async def table(shop):
    return await a_table(shop, "5")


@pytest_asyncio.fixture
async def tab(shop, table):
    """A guest's tab of one Agua (10.00)."""
    return await open_tab(shop, table)


async def test_a_tab_is_cooked_at_once_and_stays_due(shop, tab):
    order = await shop.order(tab.id)

    check_sums(order)
    assert order["is_tab"] is True
    assert (order["status"], order["flags"], order["paid_at"]) == ("accepted", [], None)
    assert (order["due"], order["standing"]) == ("10.00", "unpaid")
    assert (order["expires_at"], order["payments"]) == (None, [])
    assert (order["table"], order["merged_into"]) == ("5", None)
    [job] = await shop.jobs(tab.id)
    assert job["station"] == "bar"


async def test_tabs_are_for_staff_and_for_tables_where_the_owner_allows_it(shop, table):
    cart = shop.cart(order_type="dine_in", tab=True)
    away = await shop.place(cart)
    wrong = await shop.place({**cart, "table": table.name, "table_token": "no"})
    by_staff = await shop.place(cart, **shop.wallet.admin)
    await change_restaurant(shop, tabs_at_table=False)
    off = await shop.place({**cart, **table.seat})

    assert code(away) == (403, "tab.forbidden")
    assert code(wrong) == (403, "table.token")
    assert by_staff.status_code == 201
    assert code(off) == (403, "tab.forbidden")


# --- paying at the end -------------------------------------------------------------


async def test_two_rounds_paid_in_cash(shop, tab):
    await added(shop, tab.id, shop.line("Flan", 2), who=tab.guest)
    await shop.status(tab.id, "ready")

    order = await pay(shop, tab.id, tendered="100.00")

    assert (order["due_msat"], order["standing"], order["flags"]) == (0, "paid", [])
    assert order["status"] == "ready"
    assert order["paid_at"] is not None
    [payment] = order["payments"]
    assert (payment["amount"], payment["change"]) == ("70.00", "30.00")
    assert (await shop.status(tab.id, "completed")).status_code == 200
    assert await shop.stock("Flan") == 1


async def test_a_guest_pays_by_lightning(shop, tab, settle):
    await added(shop, tab.id, shop.line("Agua"), who=tab.guest)
    path = f"{API}/orders/{tab.id}/invoice"
    invoice = (await shop.client.post(path, headers=tab.guest)).json()

    await settle({"invoice": invoice})

    order = await shop.order(tab.id)
    assert (order["due_msat"], order["status"]) == (0, "accepted")
    assert order["paid_msat"] == order["total_msat"] == 3_173_000
    assert len(await shop.jobs(tab.id)) == 2


async def test_a_round_makes_an_old_invoice_too_small_and_it_still_counts(
    shop, tab, settle
):
    path = f"{API}/orders/{tab.id}/invoice"
    old = (await shop.client.post(path, headers=tab.guest)).json()
    order = await added(shop, tab.id, shop.line("Agua"), who=tab.guest)
    assert [p["status"] for p in order["payments"]] == ["voided"]
    new = (await shop.client.post(path, headers=tab.guest)).json()
    assert new["amount_msat"] == order["total_msat"] != old["amount_msat"]

    await settle({"invoice": old})

    order = await shop.order(tab.id)
    assert (order["flags"], order["standing"]) == (["underpaid"], "part_paid")
    assert (order["due"], order["paid_at"]) == ("10.00", None)
    order = await pay(shop, tab.id)
    assert (order["due_msat"], order["flags"]) == (0, [])


async def test_by_gift_card_and_by_parts(shop, tab):
    await added(shop, tab.id, shop.line("Agua", 3), who=tab.guest)
    card = await issue(shop, "25.00")
    order = await pay(
        shop, tab.id, method="gift_card", gift_card_code=card["code"], amount="25.00"
    )
    assert (order["due"], order["flags"]) == ("15.00", ["underpaid"])
    split = {"by": "parts", "parts": 3}
    answer = await call(shop, "POST", f"/orders/{tab.id}/split", split)
    assert answer.status_code == 201, answer.text

    for share in answer.json()["shares"]:
        order = await pay(shop, tab.id, share_id=share["id"])

    assert (order["due_msat"], order["standing"], order["flags"]) == (0, "paid", [])
    assert order["paid_at"] is not None


async def test_a_split_that_nobody_paid_of_ends_with_a_round(shop, tab):
    split = {"by": "parts", "parts": 2}
    await call(shop, "POST", f"/orders/{tab.id}/split", split)

    order = await added(shop, tab.id, shop.line("Agua"), who=tab.guest)

    assert order["split_id"] is None
    shares = (await call(shop, "POST", f"/orders/{tab.id}/split", split)).json()
    await pay(shop, tab.id, share_id=shares["shares"][0]["id"])
    late = await add(shop, tab.id, shop.line("Agua"), who=tab.guest)
    assert code(late) == (409, "split.begun")


async def test_by_card(shop, tab, monkeypatch):
    from restaurant import services

    async with stripe_in_lnbits(monkeypatch) as stripe:
        await added(shop, tab.id, shop.line("Agua"), who=tab.guest)
        placed = {"order": tab.order, "order_token": tab.guest["X-Order-Token"]}
        payment = await card_checkout(shop, placed)
        assert payment["amount"] == "20.00"
        stripe.pay(payment["checkout_url"])
        await services.reconcile_with_node(now() + 16_000)

    order = await shop.order(tab.id)
    assert (order["due_msat"], order["flags"], order["status"]) == (0, [], "accepted")


async def test_the_tip_of_a_tab_is_given_when_it_is_paid(shop, table):
    await change_restaurant(shop, tip_to="restaurant")
    tab = await open_tab(shop, table, shop.line("Agua", 2), tip={"percent": "10"})
    tips = f"/restaurants/{shop.id}/tips"
    assert (await call(shop, "GET", tips)).json()["data"] == []

    order = await added(shop, tab.id, shop.line("Agua", 2), who=tab.guest)

    assert order["amounts"]["tip"] == "4.00"
    order = await pay(shop, tab.id)
    [entry] = (await call(shop, "GET", tips)).json()["data"]
    assert (entry["amount_msat"], entry["order_id"]) == (order["tip_msat"], tab.id)
    await added(shop, tab.id, shop.line("Agua"))
    assert (await shop.order(tab.id))["tip_msat"] == order["tip_msat"]


# --- closing -----------------------------------------------------------------------


async def test_a_tab_is_not_closed_with_something_due_unless_somebody_says_why(
    shop, tab
):
    before = await snapshot(shop.id)

    refused = await shop.status(tab.id, "completed")
    blank = await shop.status(tab.id, "completed", reason=" ")

    assert code(refused) == code(blank) == (409, "order.unpaid")
    assert refused.json()["due"] == "10.00"
    assert await snapshot(shop.id) == before
    closed = await shop.status(tab.id, "completed", reason="ran away")
    assert closed.status_code == 200
    order = closed.json()
    assert (order["status"], order["flags"]) == ("completed", ["underpaid"])
    assert order["history"][-1]["reason"] == "ran away"
    order = await pay(shop, tab.id)
    assert (order["due_msat"], order["flags"]) == (0, [])


async def test_orders_for_cash_close_as_ever(shop):
    cart = shop.cart(payment_method="cash")
    placed = (await shop.place(cart, **shop.wallet.admin)).json()["order"]

    closed = await shop.status(placed["id"], "completed")

    assert (closed.status_code, closed.json()["flags"]) == (200, [])


async def test_a_canceled_tab_gives_back_what_it_took(shop, tab):
    await added(shop, tab.id, shop.line("Flan", 2), who=tab.guest)
    assert await shop.stock("Flan") == 1

    assert (await shop.status(tab.id, "canceled")).status_code == 200

    assert await shop.stock("Flan") == 3


# --- moving and handing over ---------------------------------------------------------


async def test_a_tab_moves_to_another_table(shop, tab):
    other = await a_table(shop, "12")

    order = await edit(shop, tab.order, table="12")

    assert (order["table"], told(order)) == ("12", [("table", None, "5", "12")])
    assert order["items"] == tab.order["items"]
    raised = await call(
        *(shop, "POST", f"/restaurants/{shop.id}/calls"),
        {"kind": "waiter", "order_id": tab.id},
        tab.guest,
    )
    assert raised.status_code == 201, raised.text
    [waiting] = (await call(shop, "GET", f"/restaurants/{shop.id}/calls")).json()[
        "data"
    ]
    assert waiting["table_id"] == other.id


async def test_a_tab_is_handed_over_and_its_tip_follows(shop, table):
    await change_restaurant(shop, tip_to="server")
    ana, ben = await member(shop, "Ana"), await member(shop, "Ben")
    tab = await open_tab(shop, table, tip={"percent": "10"})
    order = await edit(shop, tab.order, server_id=ana["id"])
    order = await pay(shop, tab.id)

    order = await edit(shop, order, server_id=ben["id"])

    assert order["server_id"] == ben["id"]
    balances = await call(shop, "GET", f"/restaurants/{shop.id}/tips/balances")
    open_of = {
        row["staff_id"]: row["amount_msat"]
        for row in balances.json()["data"]
        if row.get("staff_id")
    }
    assert open_of.get(ben["id"]) == order["tip_msat"]
    assert not open_of.get(ana["id"])


async def test_my_tables(shop, table):
    ana = await member(shop, "Ana")
    mine, others = await open_tab(shop, table), await open_tab(shop, table)
    over = await open_tab(shop, table)
    for tab in (mine, over):
        await edit(shop, tab.order, server_id=ana["id"])
    await pay(shop, over.id)
    await shop.status(over.id, "completed")

    async def ids(query):
        path = f"/restaurants/{shop.id}/orders?{query}"
        return [row["id"] for row in (await call(shop, "GET", path)).json()["data"]]

    assert await ids(f"server_id={ana['id']}&open=1") == [mine.id]
    assert await ids(f"server_id={ana['id']}") == [over.id, mine.id]
    assert await ids("open=1") == [others.id, mine.id]
    assert await ids("server_id=nobody") == []
    assert await ids("open=1&status=completed") == [over.id]
