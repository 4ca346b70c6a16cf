"""Two orders become one: lines, money, stock, tickets and discounts of both."""

from __future__ import annotations

import pytest
import pytest_asyncio

from harness import API
from harness.books import snapshot
from harness.edits import change_item, check_sums, edit, kept, patch, told
from harness.gift_cards import call
from harness.tabs import (
    a_table,
    add,
    added,
    code,
    fresh_key,
    merge,
    merged,
    move_lines,
    open_tab,
    pay,
)

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture
async def twelve(shop):
    """The target: one Agua (10.00) at table 12."""
    return await open_tab(shop, await a_table(shop, "12"))


@pytest_asyncio.fixture
async def thirteen(shop):
    """The source: two flans (60.00, counted) at table 13."""
    return await open_tab(shop, await a_table(shop, "13"), shop.line("Flan", 2))


async def refused_merge(shop, order_id, other_id, **body):
    """Status, code and reason of a merge that must fail without a trace."""
    before = await snapshot(shop.id)
    response = await merge(shop, order_id, other_id, **body)
    assert await snapshot(shop.id) == before
    return (*code(response), response.json().get("reason"))


async def test_the_lines_come_in_as_they_are(shop, twelve, thirteen):
    await change_item(shop, "Flan", price="99.00")
    source = await move_lines(shop, thirteen.id, "cooking")

    order = await merged(shop, twelve.id, thirteen.id)

    check_sums(order)
    assert (order["status"], order["table"], order["total"]) == (
        *("accepted", "12", "70.00"),
    )
    assert order["items"] == [*twelve.order["items"], *source["items"]]
    assert order["revision"] == 2
    assert told(order) == [
        ("added", "Flan", None, "2"),
        ("total", None, "10.00", "70.00"),
    ]
    assert (await shop.events(twelve.id)).count("order.merged") == 1


async def test_the_other_ends_and_points_on(shop, twelve, thirteen):
    await merged(shop, twelve.id, thirteen.id)

    path = f"{API}/orders/{thirteen.id}"
    seen = (await shop.client.get(path, headers=thirteen.guest)).json()

    check_sums(seen)
    assert (seen["status"], seen["cancel_reason"]) == ("canceled", "merged")
    assert seen["merged_into"] == twelve.id
    assert [(li["name"], li["quantity"]) for li in seen["items"]] == [("Flan", 2)]
    assert (seen["total"], seen["flags"], seen["owed_msat"]) == ("60.00", [], 0)
    other = f"{API}/orders/{twelve.id}"
    assert (await shop.client.get(other, headers=thirteen.guest)).status_code == 404
    late = await shop.client.post(f"{path}/invoice", headers=thirteen.guest)
    assert code(late) == (409, "payment.nothing_due")
    assert code(
        await shop.client.post(f"{path}/resurrect", headers=shop.wallet.admin)
    ) == (409, "order.step")
    assert code(await add(shop, thirteen.id, shop.line("Agua"))) == (409, "order.edit")


async def test_nothing_is_printed_twice(shop, twelve, thirteen):
    order = await merged(shop, twelve.id, thirteen.id)

    jobs = await queued(shop, twelve.id)
    assert await shop.jobs(thirteen.id) == []
    assert [titles(job) for job in jobs] == [["#1 BAR"], ["#1 KITCHEN"]]
    for job in jobs:
        await printed(shop, job)
    await added(shop, twelve.id, shop.line("Flan"))
    await edit(shop, await shop.order(twelve.id), items=kept(order["items"][0]))
    papers = [
        (job["station"], part, line["quantity"], line["name"])
        for job in sorted(await shop.jobs(twelve.id), key=lambda job: job["created_at"])
        for part in ("lines", "voided")
        if job["status"] != "canceled"
        for line in job["content"]["document"][part]
    ]
    assert sorted(papers) == [
        ("bar", "lines", 1, "Agua"),
        ("kitchen", "lines", 2, "Flan"),
        ("kitchen", "voided", 2, "Flan"),
    ]


async def test_the_kitchen_hears_whose_lines_these_are_now(shop, twelve, thirteen):
    for job in [*await shop.jobs(twelve.id), *await shop.jobs(thirteen.id)]:
        await printed(shop, job)

    await merged(shop, twelve.id, thirteen.id)

    [job] = await queued(shop, twelve.id)
    document = job["content"]["document"]
    assert (job["station"], document["part"]) == ("kitchen", "moved")
    assert (document["lines"], document["voided"]) == ([], [])
    news = [(n["what"], n["before"], n["after"]) for n in document["news"]]
    assert news == [("order_number", "#2", "#1"), ("table", "13", "12")]
    assert (await shop.events(twelve.id))[-1] == "order.tickets_made"


async def test_what_is_cooked_is_not_told_to_the_kitchen(shop, twelve, thirteen):
    for job in await shop.jobs(thirteen.id):
        await printed(shop, job)
    await shop.status(thirteen.id, "ready")

    await merged(shop, twelve.id, thirteen.id)

    assert [job["station"] for job in await queued(shop, twelve.id)] == ["bar"]


async def queued(shop, order_id):
    """The order's tickets that wait, by station."""
    jobs = [job for job in await shop.jobs(order_id) if job["status"] == "queued"]
    return sorted(jobs, key=lambda job: job["station"])


def titles(job):
    """The first line of a ticket."""
    return job["content"]["text"].splitlines()[:1]


async def printed(shop, job):
    """A printer takes this job and prints it."""
    claim = {"job_id": job["id"]}
    path = f"/print_jobs/{job['id']}/ack"
    response = await call(shop, "PUT", path, claim)
    assert response.status_code == 200, response.text


async def test_what_was_taken_from_the_shelf_stays_taken_once(shop, twelve, thirteen):
    await merged(shop, twelve.id, thirteen.id)
    assert await shop.stock("Flan") == 1

    assert (await shop.status(twelve.id, "canceled")).status_code == 200

    assert await shop.stock("Flan") == 3


async def test_a_line_that_came_in_is_taken_out_again(shop, twelve, thirteen):
    order = await merged(shop, twelve.id, thirteen.id)

    order = await edit(shop, order, items=kept(order["items"][0]))

    assert (order["total"], await shop.stock("Flan")) == ("10.00", 3)


async def test_a_refund_of_lines_restores_those_that_came_in(shop, twelve, thirteen):
    order = await merged(shop, twelve.id, thirteen.id)
    await pay(shop, twelve.id)
    flan = order["items"][1]
    body = {
        "lines": [{"line_id": flan["id"], "quantity": 2}],
        "restock": True,
        "reason": "cold",
        "destination": {"to": "cash"},
    }

    response = await call(
        *(shop, "POST", f"/orders/{twelve.id}/refunds", body),
        fresh_key(shop.wallet.admin),
    )

    assert response.status_code == 201, response.text
    assert await shop.stock("Flan") == 3


async def test_what_was_never_taken_is_never_put_back(shop, twelve, thirteen):
    """An order that was made though it was sold out took nothing."""
    from restaurant.crud import transaction

    async with transaction() as conn:
        await conn.run(
            "UPDATE restaurant.orders SET stock_taken_at = NULL WHERE id = :id",
            id=thirteen.id,
        )

    await merged(shop, twelve.id, thirteen.id)
    await shop.status(twelve.id, "canceled")

    assert await shop.stock("Flan") == 1


async def test_it_is_valued_at_the_targets_rate(shop, set_rate, clock, twelve):
    set_rate("GTQ", 170)
    clock.forward(60)
    source = await open_tab(shop, await a_table(shop, "14"))
    assert source.order["rates"] == {"GTQ": "170"}

    order = await merged(shop, twelve.id, source.id)

    check_sums(order)
    assert (order["total"], order["rates"]) == ("20.00", {"GTQ": "158.635"})
    assert order["items"][1]["line_msat"] == order["items"][0]["line_msat"]


async def test_money_on_the_target_stays_and_the_rest_is_due(shop, twelve, thirteen):
    await pay(shop, twelve.id)

    order = await merged(shop, twelve.id, thirteen.id)

    assert (order["due"], order["flags"], order["standing"]) == (
        *("60.00", ["underpaid"], "part_paid"),
    )
    order = await pay(shop, twelve.id)
    assert (order["due_msat"], order["flags"]) == (0, [])


async def test_money_on_the_source_keeps_it_apart(shop, twelve, thirteen):
    await pay(shop, thirteen.id, amount="20.00")

    assert await refused_merge(shop, twelve.id, thirteen.id) == (
        *(409, "order.has_payments", None),
    )
    assert (await merge(shop, thirteen.id, twelve.id)).status_code == 200


async def test_an_invoice_of_the_source_that_is_paid_late_goes_back(
    shop, settle, twelve, thirteen
):
    path = f"{API}/orders/{thirteen.id}/invoice"
    invoice = (await shop.client.post(path, headers=thirteen.guest)).json()
    order = await merged(shop, twelve.id, thirteen.id)

    await settle({"invoice": invoice})

    source = await shop.order(thirteen.id)
    assert {"paid_late", "refund_due"} <= set(source["flags"])
    assert source["status"] == "canceled"
    assert (await shop.order(twelve.id))["due"] == order["due"]


async def test_a_ready_order_is_cooked_on(shop, twelve, thirteen):
    await shop.status(twelve.id, "ready")

    order = await merged(shop, twelve.id, thirteen.id)

    assert (order["status"], order["ready_at"]) == ("accepted", None)
    assert [line["status"] for line in order["items"]] == ["done", "waiting"]
    await shop.status(twelve.id, "ready")
    other = await open_tab(shop, await a_table(shop, "15"))
    await shop.status(other.id, "ready")
    assert (await merged(shop, twelve.id, other.id))["status"] == "ready"


async def test_splits_of_both_end(shop, twelve, thirteen):
    body = {"by": "parts", "parts": 2}
    for tab in (twelve, thirteen):
        await call(shop, "POST", f"/orders/{tab.id}/split", body)

    order = await merged(shop, twelve.id, thirteen.id)

    assert order["split_id"] is None
    assert (await shop.order(thirteen.id))["split_id"] is None


async def test_covers_and_tips_add_up(shop):
    tip = {"amount": "5.00"}
    first = await open_tab(shop, await a_table(shop, "1"), covers=2, tip=tip)
    second = await open_tab(shop, await a_table(shop, "2"), covers=3, tip=tip)

    order = await merged(shop, first.id, second.id)

    assert (order["covers"], order["amounts"]["tip"]) == (5, "10.00")
    check_sums(order)


# --- discounts ------------------------------------------------------------------------


async def with_discount(shop, **body):
    made = await call(
        *(shop, "POST", f"/restaurants/{shop.id}/discounts"),
        {"name": "Friends", "trigger": "staff", **body},
        fresh_key(shop.wallet.admin),
    )
    assert made.status_code == 201, made.text
    return made.json()


async def uses(order_id):
    """(discount, is it given back) of what an order counts."""
    from restaurant.crud import read
    from restaurant.features.discounts import crud

    async with read() as conn:
        found = await crud.uses_of(conn, order_id)
    return [(use.discount_id, use.released_at is not None) for use in found]


async def test_a_percentage_of_the_source_comes_with_its_lines(shop, twelve, thirteen):
    friends = await with_discount(
        shop, kind="percent", percent="10", limits={"total": 1}
    )
    wish = [{"discount_id": friends["id"], "reason": "aunt"}]
    source = await edit(shop, thirteen.order, discounts=wish)
    assert source["total"] == "54.00"

    order = await merged(shop, twelve.id, thirteen.id)

    check_sums(order)
    assert order["total"] == "64.00"
    assert [line["discount_msat"] > 0 for line in order["items"]] == [False, True]
    assert await uses(twelve.id) == [(friends["id"], False)]
    assert await uses(thirteen.id) == []


async def test_a_sum_of_the_source_is_given_back(shop, twelve, thirteen):
    off = await with_discount(shop, kind="amount", amount="5.00", limits={"total": 1})
    wish = [{"discount_id": off["id"], "reason": "aunt"}]
    await edit(shop, thirteen.order, discounts=wish)

    order = await merged(shop, twelve.id, thirteen.id)

    assert (order["total"], order["discounts"]) == ("70.00", [])
    assert await uses(twelve.id) == []
    assert await uses(thirteen.id) == [(off["id"], True)]
    order = await edit(shop, order, discounts=wish)
    assert order["total"] == "65.00"


async def test_what_the_target_has_holds_for_all(shop, twelve, thirteen):
    friends = await with_discount(shop, kind="percent", percent="10")
    wish = [{"discount_id": friends["id"], "reason": "aunt"}]
    for tab in (twelve, thirteen):
        await edit(shop, tab.order, discounts=wish)

    order = await merged(shop, twelve.id, thirteen.id)

    assert order["total"] == "63.00"
    assert len(order["discounts"]) == 1
    assert await uses(twelve.id) == [(friends["id"], False)]
    assert await uses(thirteen.id) == [(friends["id"], True)]


async def test_a_line_discount_finds_its_line_again(shop, twelve, thirteen):
    off = [{"amount": "7.00", "reason": "late", "line": 0}]
    await edit(shop, thirteen.order, discounts=off)

    order = await merged(shop, twelve.id, thirteen.id)

    assert order["total"] == "63.00"
    assert order["items"][1]["discounts"][0]["amount"] == "7.00"


# --- who and when ---------------------------------------------------------------------


async def test_the_same_key_merges_once(shop, twelve, thirteen):
    headers = fresh_key(shop.wallet.admin)
    body = {"order_id": thirteen.id, "revision": 1}
    path = f"/orders/{twelve.id}/merge"

    first = await call(shop, "POST", path, body, headers)
    again = await call(shop, "POST", path, body, headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"


async def test_what_cannot_be_merged(shop, settle, twelve, thirteen):
    waiting = (await shop.placed())["order"]
    paid = await shop.placed()
    await settle(paid)
    over = await open_tab(shop, await a_table(shop, "16"))
    await shop.status(over.id, "canceled")
    pickup = await shop.placed()
    await settle(pickup)
    exempt = await shop.place(
        {
            **shop.cart(order_type="dine_in", tab=True),
            "tax_exempt": {"reason": "embassy"},
        },
        **shop.wallet.admin,
    )
    away = await shop.place(
        shop.cart(order_type="pickup", payment_method="cash"), **shop.wallet.admin
    )
    for other, expected in (
        (twelve.id, (422, "order.merge", None)),
        ("nobody", (404, "order.unknown", None)),
        (waiting["id"], (409, "order.merge", "status")),
        (paid["order"]["id"], (409, "order.merge", "status")),
        (over.id, (409, "order.merge", "status")),
        (exempt.json()["order"]["id"], (409, "order.merge", "terms")),
        (away.json()["order"]["id"], (409, "order.merge", "terms")),
    ):
        assert await refused_merge(shop, twelve.id, other) == expected
    assert await refused_merge(shop, over.id, twelve.id) == (
        *(409, "order.merge", "status"),
    )
    assert await refused_merge(shop, twelve.id, thirteen.id, revision=2) == (
        *(409, "order.changed", None),
    )


async def test_another_restaurants_order_is_unknown(shop, twelve, client, make_wallet):
    from harness.shop import open_shop

    other = await open_shop(client, await make_wallet())
    foreign = await open_tab(other, await a_table(other))

    assert await refused_merge(shop, twelve.id, foreign.id) == (
        *(404, "order.unknown", None),
    )


async def test_guests_do_not_merge(shop, twelve, thirteen):
    response = await call(
        *(shop, "POST", f"/orders/{twelve.id}/merge"),
        {"order_id": thirteen.id},
        fresh_key(twelve.guest),
    )

    assert code(response) == (403, "access.role")


async def test_a_merged_order_is_edited_as_a_whole(shop, twelve, thirteen):
    order = await merged(shop, twelve.id, thirteen.id)
    fourteen = await open_tab(shop, await a_table(shop, "14"), shop.line("Flan"))

    third = await merged(shop, fourteen.id, order["id"])
    stale = await patch(shop, order, note="x")

    assert code(stale) == (409, "order.edit")
    assert [line["name"] for line in third["items"]] == ["Flan", "Agua", "Flan"]
    assert third["total"] == "100.00"
    assert await shop.stock("Flan") == 0
    await shop.status(fourteen.id, "canceled")
    assert await shop.stock("Flan") == 3
