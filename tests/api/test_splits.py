"""A bill in shares: who may split it, what each share owes, and a kitchen that never
hears of it."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.books import snapshot
from harness.gift_cards import issue
from harness.shop import Shop, open_shop

pytestmark = pytest.mark.usefixtures("quiet")

PARTS = {"by": "parts", "parts": 3}


@pytest_asyncio.fixture
async def bill(shop: Shop) -> dict[str, Any]:
    """An unpaid order of a guest over 170.00 GTQ, for kitchen and bar."""
    return await shop.placed(
        shop.cart(
            {**shop.line("Tacos", 2, "Maíz", "Brisket"), "guest": "Ana"},
            {**shop.line("Flan"), "guest": "Ben"},
        )
    )


def guest_of(placed: dict[str, Any]) -> dict[str, str]:
    return {"X-Order-Token": placed["order_token"]}


async def ask(
    shop: Shop, method: str, placed: dict[str, Any], body: Any = None, **headers: str
) -> Any:
    """One request about the order's split, the owner's unless said otherwise."""
    return await shop.client.request(
        method,
        f"{API}/orders/{placed['order']['id']}/split",
        headers=headers or shop.wallet.admin,
        **({} if body is None else {"json": body}),
    )


async def split(shop: Shop, placed: dict[str, Any], **body: Any) -> dict[str, Any]:
    response = await ask(shop, "POST", placed, body)
    assert response.status_code == 201, response.text
    return response.json()


async def shown(shop: Shop, placed: dict[str, Any]) -> dict[str, Any]:
    response = await ask(shop, "GET", placed)
    assert response.status_code == 200, response.text
    return response.json()


async def pay(
    shop: Shop, placed: dict[str, Any], share: dict[str, Any] | None, **body: Any
) -> Any:
    """Pay the share, or past the shares; by the owner in cash by default."""
    share_id = {"share_id": share["id"]} if share else {}
    headers = {"Idempotency-Key": str(uuid.uuid4()), **shop.wallet.admin}
    return await shop.client.post(
        f"{API}/orders/{placed['order']['id']}/payments",
        json={**share_id, **body},
        headers=headers,
    )


async def paid(shop: Shop, placed: dict[str, Any], share: Any, **body: Any) -> Any:
    response = await pay(shop, placed, share, **body)
    assert response.status_code == 201, response.text
    return response.json()


def told(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def figures(of_split: dict[str, Any], *names: str) -> list[Any]:
    return [tuple(share[name] for name in names) for share in of_split["shares"]]


async def stored_splits(placed: dict[str, Any]) -> list[tuple[str, bool]]:
    """(id, is it live) of every split of the order, oldest first."""
    from restaurant.crud import read

    async with read() as conn:
        rows = await conn.all(
            "SELECT id, is_live FROM restaurant.splits WHERE order_id = :id "
            "ORDER BY created_at",
            id=placed["order"]["id"],
        )
    return [(row["id"], bool(row["is_live"])) for row in rows]


async def stations(shop: Shop, placed: dict[str, Any]) -> list[str]:
    return sorted(job["station"] for job in await shop.jobs(placed["order"]["id"]))


# --- every kind ------------------------------------------------------------------


async def test_equal_parts(shop, bill):
    answer = await split(shop, bill, **PARTS)

    assert set(answer) == {"id", "by", "shares"}
    assert answer["by"] == "parts"
    ids = [share.pop("id") for share in answer["shares"]]
    assert len(set(ids)) == 3
    msats = [share["amount_msat"] for share in answer["shares"]]
    assert sum(msats) == bill["order"]["total_msat"]
    assert answer["shares"] == [
        {
            "label": None,
            "amount": amount,
            "amount_msat": msat,
            "lines": [],
            "paid_msat": 0,
            "due": amount,
            "due_msat": msat,
            "status": "open",
        }
        for amount, msat in zip(("56.67", "56.67", "56.66"), msats, strict=True)
    ]
    assert bill["order"]["total"] == "170.00"
    seen = await ask(shop, "GET", bill, **guest_of(bill))
    assert [share["id"] for share in seen.json()["shares"]] == ids


async def test_by_amounts_the_rest_is_the_last_share(shop, bill):
    answer = await split(shop, bill, by="amounts", amounts=["50.00", 30, "0.01"])

    assert figures(answer, "amount") == [
        *(("50.00",), ("30.00",), ("0.01",), ("89.99",)),
    ]
    assert (
        sum(s["amount_msat"] for s in answer["shares"]) == (bill["order"]["total_msat"])
    )


async def test_by_lines_what_nobody_named_is_the_last_share(shop, bill):
    tacos, flan = (line["id"] for line in bill["order"]["items"])
    one = [{"line_id": tacos, "quantity": 1}]

    answer = await split(
        shop, bill, by="lines", shares=[{"label": "Ana", "lines": one}]
    )

    assert figures(answer, "label", "amount") == [("Ana", "70.00"), (None, "100.00")]
    assert figures(answer, "lines") == [
        ([{"line_id": tacos, "quantity": 1, "shared_by": 1}],),
        (
            [
                {"line_id": tacos, "quantity": 1, "shared_by": 1},
                {"line_id": flan, "quantity": 1, "shared_by": 1},
            ],
        ),
    ]
    assert await shown(shop, bill) == answer


async def test_by_guests_lines_without_one_are_shared_by_all(shop):
    bill = await shop.placed(
        shop.cart(
            {**shop.line("Tacos", 1, "Maíz"), "guest": "Ana"},
            shop.line("Agua", 3),
            {**shop.line("Flan"), "guest": "Ben"},
        )
    )
    tacos, agua, flan = (line["id"] for line in bill["order"]["items"])

    answer = await split(shop, bill, by="guests")

    assert figures(answer, "label", "amount") == [("Ana", "60.00"), ("Ben", "45.00")]
    assert figures(answer, "lines") == [
        (
            [
                {"line_id": tacos, "quantity": 1, "shared_by": 1},
                {"line_id": agua, "quantity": 3, "shared_by": 2},
            ],
        ),
        (
            [
                {"line_id": agua, "quantity": 3, "shared_by": 2},
                {"line_id": flan, "quantity": 1, "shared_by": 1},
            ],
        ),
    ]


async def test_tax_and_tip_are_split_with_the_lines(client, make_wallet, set_rate):
    set_rate("GTQ", 158.635)
    taxed = {"tax_rate": "12", "tax_inclusive": False}
    shop = await open_shop(client, await make_wallet(), **taxed)
    lines = [{**shop.line("Flan"), "guest": who} for who in ("Ana", "Ben")]
    bill = await shop.placed(shop.cart(*lines, tip_msat=1_000_000))

    answer = await split(shop, bill, by="guests")

    [(ana, ana_msat), (ben, ben_msat)] = figures(answer, "amount", "amount_msat")
    total = bill["order"]
    assert (total["subtotal_msat"], total["tip_msat"]) == (9_518_100, 1_000_000)
    assert ana_msat + ben_msat == total["total_msat"]
    assert 0 <= ana_msat - ben_msat <= 1_000
    assert (total["total"], ana, ben) == ("73.50", "36.75", "36.75")


# --- who ate it ------------------------------------------------------------------


async def test_a_line_says_who_ate_it(shop, bill):
    named = [line["guest"] for line in bill["order"]["items"]]
    unnamed = await shop.placed(shop.cart({**shop.line("Agua"), "guest": ""}))

    assert named == ["Ana", "Ben"]
    assert [i["guest"] for i in unnamed["order"]["items"]] == [None]
    seen = await shop.order(bill["order"]["id"])
    assert [line["guest"] for line in seen["items"]] == ["Ana", "Ben"]


async def test_a_quote_holds_whoever_ate_it(shop):
    quoted = (await shop.quote()).json()

    cart = shop.cart({**shop.line("Agua"), "guest": "Ana"}, quote_id=quoted["quote_id"])
    response = await shop.place(cart)

    assert response.status_code == 201, response.text
    assert response.json()["order"]["total_msat"] == quoted["total_msat"]


@pytest.mark.parametrize("who", ["x" * 41, "A\u202ena", "A\nna", "A\0na", 7, ["Ana"]])
async def test_a_guests_name_is_checked_like_other_names(shop, who):
    before = await snapshot(shop.id)

    response = await shop.place(shop.cart({**shop.line("Agua"), "guest": who}))

    assert response.status_code == 422
    assert response.json()["field"] == "items.0.guest"
    assert await snapshot(shop.id) == before
    longest = shop.cart({**shop.line("Agua"), "guest": "ñ" * 40})
    assert (await shop.place(longest)).status_code == 201


# --- paying shares ---------------------------------------------------------------


async def test_shares_are_paid_by_any_method_and_the_kitchen_cooks_once(
    shop, bill, settle
):
    card = await issue(shop, "56.67")
    first, second, third = (await split(shop, bill, **PARTS))["shares"]
    assert await stations(shop, bill) == []

    by_card = await paid(
        *(shop, bill, second), method="gift_card", gift_card_code=card["code"]
    )
    assert (by_card["payment"]["share_id"], by_card["due"]) == (second["id"], "113.33")
    cash = await paid(shop, bill, first, amount="40", tendered="50")
    assert (cash["change"], cash["due"]) == ("10.00", "73.33")
    assert await stations(shop, bill) == []
    assert figures(await shown(shop, bill), "status", "due") == [
        *(("part_paid", "16.67"), ("paid", "0.00"), ("open", "56.66")),
    ]
    invoiced = await paid(shop, bill, third, method="lightning")
    assert invoiced["invoice"]["amount_msat"] == third["amount_msat"]
    assert figures(await shown(shop, bill), "status")[2] == ("open",)
    await settle(invoiced)
    assert figures(await shown(shop, bill), "status") == [
        *(("part_paid",), ("paid",), ("paid",)),
    ]
    assert await stations(shop, bill) == []
    assert (await shop.order(bill["order"]["id"]))["status"] == "pending"

    last = await paid(shop, bill, first, tendered="20")

    assert (last["due"], last["due_msat"]) == ("0.00", 0)
    after = await shown(shop, bill)
    assert figures(after, "status", "due_msat") == [("paid", 0)] * 3
    assert figures(after, "paid_msat") == figures(after, "amount_msat")
    order = await shop.order(bill["order"]["id"])
    assert (order["status"], order["standing"]) == ("paid", "paid")
    assert (order["paid_msat"], order["flags"]) == (order["total_msat"], [])
    assert await stations(shop, bill) == ["kitchen"]
    nothing = await pay(shop, bill, first)
    assert told(nothing) == (409, "payment.nothing_due")
    assert await stations(shop, bill) == ["kitchen"]


async def test_splitting_what_is_being_cooked_prints_nothing(shop):
    cart = shop.cart(shop.line("Flan", 2), shop.line("Agua"), payment_method="cash")
    placed = (await shop.place(cart, **shop.wallet.admin)).json()
    before = await shop.jobs(placed["order"]["id"])
    assert len(before) == 2

    await split(shop, placed, **PARTS)
    for amount in ("60.00", "10.00"):
        shares = (await split(shop, placed, by="amounts", amounts=[amount]))["shares"]
    for share in shares:
        await paid(shop, placed, share)
        assert await shop.jobs(placed["order"]["id"]) == before

    order = await shop.order(placed["order"]["id"])
    assert (order["due_msat"], order["status"]) == (0, "accepted")
    assert await shop.stock("Flan") == 1
    events = await shop.events(placed["order"]["id"])
    assert events.count("order.tickets_made") == 1


async def test_a_split_covers_what_is_due_when_it_is_made(shop, bill):
    await paid(shop, bill, None, amount="70.00")

    answer = await split(shop, bill, by="parts", parts=2)

    assert figures(answer, "amount") == [("50.00",), ("50.00",)]
    for share in answer["shares"]:
        await paid(shop, bill, share)
    order = await shop.order(bill["order"]["id"])
    assert (order["standing"], order["paid_msat"]) == ("paid", order["total_msat"])


async def test_every_share_is_rounded_to_the_coins_there_are(
    client, make_wallet, set_rate
):
    set_rate("CHF", 1_200.5)
    shop = await open_shop(client, await make_wallet(), currency="CHF")
    bill = await shop.placed()  # 10.00
    shares = (await split(shop, bill, **PARTS))["shares"]

    taken = [await paid(shop, bill, share, tendered="5") for share in shares]

    assert [(t["payment"]["rounding"], t["change"], t["due"]) for t in taken] == [
        *(("0.01", "1.65", "6.66"), ("0.02", "1.65", "3.33"), ("0.02", "1.65", "0.00")),
    ]
    order = await shop.order(bill["order"]["id"])
    assert (order["standing"], order["paid_msat"]) == ("paid", order["total_msat"])


async def test_no_more_than_the_share_is_taken_for_it(shop, bill):
    ana, ben = (await split(shop, bill, by="amounts", amounts=["50"]))["shares"]

    for body in ({"amount": "50.01"}, {"amount": "120"}):
        assert told(await pay(shop, bill, ana, **body)) == (422, "payment.amount")
    await paid(shop, bill, ana, amount="50.00")

    assert told(await pay(shop, bill, ana)) == (409, "split.share_paid")
    assert (await paid(shop, bill, ben))["payment"]["amount"] == "120.00"


async def test_a_share_that_many_tills_take_at_once_is_paid_once(shop, bill):
    ana, ben = (await split(shop, bill, by="amounts", amounts=["50"]))["shares"]

    answers = await asyncio.gather(*[pay(shop, bill, ana) for _ in range(8)])

    refused = [told(answer) for answer in answers if answer.status_code != 201]
    assert refused == [(409, "split.share_paid")] * 7
    order = await shop.order(bill["order"]["id"])
    assert (order["paid_msat"], order["due"]) == (ana["amount_msat"], ben["amount"])


async def test_only_shares_of_this_bills_live_split_are_paid(shop, bill):
    other = await shop.placed()
    foreign = (await split(shop, other, by="parts", parts=2))["shares"][0]
    none_yet = await pay(shop, bill, foreign)
    old = (await split(shop, bill, **PARTS))["shares"][0]
    await split(shop, bill, by="parts", parts=2)

    assert told(none_yet) == (404, "split.unknown")
    for share in (
        foreign,
        old,
        {"id": ""},
        {"id": "x" * 500},
        {"id": bill["order"]["id"]},
    ):
        for method in ("cash", "lightning"):
            refused = await pay(shop, bill, share, method=method)
            assert told(refused) == (404, "split.unknown")
    assert (await shop.order(bill["order"]["id"]))["paid_msat"] == 0


async def test_money_past_the_shares_lessens_what_the_last_one_pays(shop, bill):
    ana, ben = (await split(shop, bill, by="amounts", amounts=["100"]))["shares"]

    await paid(shop, bill, None, amount="100")
    assert figures(await shown(shop, bill), "status", "due") == [
        *(("open", "70.00"), ("open", "70.00")),
    ]
    assert (await paid(shop, bill, ben))["due_msat"] == 0

    assert figures(await shown(shop, bill), "status", "due") == [("paid", "0.00")] * 2
    assert told(await pay(shop, bill, ana)) == (409, "payment.nothing_due")


async def test_money_for_a_share_that_was_replaced_counts_for_the_bill(
    shop, bill, settle
):
    old = (await split(shop, bill, by="amounts", amounts=["50"]))["shares"][0]
    invoiced = await paid(shop, bill, old, method="lightning")
    ana, ben = (await split(shop, bill, by="amounts", amounts=["120"]))["shares"]

    await settle(invoiced)

    order = await shop.order(bill["order"]["id"])
    assert (order["paid_msat"], order["due"]) == (old["amount_msat"], "120.00")
    assert (await paid(shop, bill, ben))["due"] == "70.00"
    assert (await paid(shop, bill, ana))["payment"]["amount"] == "70.00"
    order = await shop.order(bill["order"]["id"])
    assert (order["standing"], order["paid_msat"]) == ("paid", order["total_msat"])


async def test_a_share_that_is_paid_twice_is_money_for_the_bill(shop, bill, settle):
    ana, ben = (await split(shop, bill, by="parts", parts=2))["shares"]
    twice = [await paid(shop, bill, ana, method="lightning") for _ in range(2)]

    for invoiced in twice:
        await settle(invoiced)

    order = await shop.order(bill["order"]["id"])
    assert (order["standing"], order["due_msat"]) == ("paid", 0)
    assert told(await pay(shop, bill, ben)) == (409, "payment.nothing_due")
    assert await stations(shop, bill) == ["kitchen"]


async def test_a_guest_pays_a_share_of_the_bill(shop, bill, settle):
    response = await ask(shop, "POST", bill, {"by": "guests"}, **guest_of(bill))
    ana, ben = response.json()["shares"]
    headers = {"Idempotency-Key": str(uuid.uuid4()), **guest_of(bill)}
    path = f"{API}/orders/{bill['order']['id']}/payments"
    body = {"method": "lightning", "share_id": ben["id"]}

    invoiced = (await shop.client.post(path, json=body, headers=headers)).json()
    await settle(invoiced)

    assert (ana["amount"], ben["amount"]) == ("140.00", "30.00")
    seen = (await ask(shop, "GET", bill, **guest_of(bill))).json()
    assert figures(seen, "status", "paid_msat") == [
        *(("open", 0), ("paid", ben["amount_msat"])),
    ]


# --- replacing and undoing -------------------------------------------------------


async def test_a_new_split_replaces_the_old_one(shop, bill):
    old = await split(shop, bill, **PARTS)
    new = await split(shop, bill, by="guests")

    assert await shown(shop, bill) == new
    assert await stored_splits(bill) == [(old["id"], False), (new["id"], True)]


async def test_a_split_is_undone(shop, bill):
    assert told(await ask(shop, "GET", bill)) == (404, "split.none")
    assert told(await ask(shop, "DELETE", bill)) == (404, "split.none")
    await split(shop, bill, **PARTS)

    gone = await ask(shop, "DELETE", bill)

    assert (gone.status_code, gone.content) == (204, b"")
    assert told(await ask(shop, "GET", bill)) == (404, "split.none")
    assert told(await ask(shop, "DELETE", bill)) == (404, "split.none")


async def test_a_split_that_money_came_for_stays(shop, bill):
    answer = await split(shop, bill, **PARTS)
    await paid(shop, bill, answer["shares"][1], amount="0.01")
    before = await snapshot(shop.id)

    for method, body in (("POST", PARTS), ("POST", {"by": "guests"}), ("DELETE", None)):
        assert told(await ask(shop, method, bill, body)) == (409, "split.begun")

    assert await stored_splits(bill) == [(answer["id"], True)]
    assert await snapshot(shop.id) == before


async def test_a_payment_that_only_waits_does_not_hold_the_split(shop, bill):
    answer = await split(shop, bill, **PARTS)
    await paid(shop, bill, answer["shares"][0], method="lightning")

    assert (await ask(shop, "DELETE", bill)).status_code == 204


async def test_what_is_over_or_paid_is_not_split(shop, settle):
    canceled, settled = await shop.placed(), await shop.placed()
    await shop.status(canceled["order"]["id"], "canceled")
    await settle(settled)

    for placed in (canceled, settled):
        refused = await ask(shop, "POST", placed, {"by": "parts", "parts": 2})
        assert told(refused) == (409, "payment.nothing_due")
        assert await stored_splits(placed) == []


async def test_many_splits_at_once_leave_one(shop, bill):
    asked = [split(shop, bill, by="parts", parts=n) for n in range(2, 10)]
    answers = await asyncio.gather(*asked)

    stored = await stored_splits(bill)
    [live] = [split_id for split_id, is_live in stored if is_live]
    assert {split_id for split_id, _ in stored} == {one["id"] for one in answers}
    assert (await shown(shop, bill))["id"] == live


async def test_the_journal_tells_the_sums_and_no_names(shop, bill):
    from restaurant.crud import read

    await split(shop, bill, by="guests")
    await split(shop, bill, by="parts", parts=2)
    await ask(shop, "DELETE", bill, **guest_of(bill))

    order_id = bill["order"]["id"]
    page = await shop.client.get(
        f"{API}/restaurants/{shop.id}/events?limit=500", headers=shop.wallet.admin
    )
    entries = [e for e in page.json()["data"] if "split" in e["event"]]
    assert [(e["event"], e["actor"], e["order_id"]) for e in entries] == [
        ("order.split", "owner", order_id),
        ("order.unsplit", "owner", order_id),
        ("order.split", "owner", order_id),
        ("order.unsplit", "guest", order_id),
    ]
    sums = [(e["payload"]["by"], e["payload"]["amounts"]) for e in entries]
    assert sums[:2] == [("guests", ["140.00", "30.00"])] * 2
    assert sums[2:] == [("parts", ["85.00", "85.00"])] * 2
    async with read() as conn:
        rows = await conn.all(
            "SELECT event, payload FROM restaurant.journal WHERE order_id = :id",
            id=order_id,
        )
    told_of = [row["payload"] for row in rows if "split" in row["event"]]
    assert len(told_of) == len(entries)
    assert not any(name in text for text in told_of for name in ("Ana", "label"))
    order = await shop.order(order_id)
    assert [step["status"] for step in order["history"]] == ["pending"]


# --- keys, rights, bad input -----------------------------------------------------


async def test_a_replayed_request_splits_once(shop, bill):
    key = {"Idempotency-Key": "k" * 16}

    first = await ask(shop, "POST", bill, PARTS, **shop.wallet.admin, **key)
    again = await ask(shop, "POST", bill, PARTS, **shop.wallet.admin, **key)
    other = await ask(shop, "POST", bill, {"by": "guests"}, **shop.wallet.admin, **key)

    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert told(other) == (422, "idempotency.mismatch")
    assert await stored_splits(bill) == [(first.json()["id"], True)]


async def test_a_replay_after_a_payment_answers_the_first_shares(shop, bill):
    key = {"Idempotency-Key": "k" * 16}
    first = await ask(shop, "POST", bill, PARTS, **shop.wallet.admin, **key)
    await paid(shop, bill, first.json()["shares"][0])

    again = await ask(shop, "POST", bill, PARTS, **shop.wallet.admin, **key)

    assert again.json() == first.json()
    assert figures(await shown(shop, bill), "status")[0] == ("paid",)


async def test_who_may_split_and_who_may_look(shop, bill, client, make_wallet):
    other = await open_shop(client, await make_wallet())
    own = f"{API}/restaurants/{shop.id}/devices"
    devices = {}
    for role in ("pos", "manager", "kds", "printer"):
        made = await client.post(
            own, json={"name": role, "role": role}, headers=shop.wallet.admin
        )
        devices[role] = {"Authorization": f"Bearer {made.json()['token']}"}
    may_split, may_look = (201, 200, 204), (403, 200, 403)

    for headers, statuses in (
        (shop.wallet.admin, may_split),
        (guest_of(bill), may_split),
        (devices["pos"], may_split),
        (devices["manager"], may_split),
        (devices["kds"], may_look),
        (shop.wallet.invoice, may_look),
        (devices["printer"], (403, 403, 403)),
        (other.wallet.admin, (404, 404, 404)),
        (guest_of(await shop.placed()), (404, 404, 404)),
        ({"X-Order-Token": "no such token"}, (404, 404, 404)),
        ({"X-Api-Key": "no such key"}, (401, 401, 401)),
        ({"X-Other": "nobody"}, (404, 404, 404)),
    ):
        await split(shop, bill, **PARTS)
        before = await stored_splits(bill)
        methods = (("POST", PARTS), ("GET", None), ("DELETE", None))
        answers = [await ask(shop, m, bill, b, **headers) for m, b in methods]
        assert tuple(a.status_code for a in answers) == statuses, headers
        if statuses != may_split:
            assert await stored_splits(bill) == before


@pytest.mark.parametrize(
    ("body", "code"),
    [
        *[
            ({"by": "parts", "parts": parts}, "field.invalid")
            for parts in (0, 1, 51, -3, 2.5, True, "3", None, [3], {}, 10**30)
        ],
        *[
            ({"by": "amounts", "amounts": amounts}, "field.invalid")
            for amounts in (
                *([], None, "50", 50, ["NaN"], ["Infinity"], ["1e1"], ["5,00"]),
                *([""], [True], [None], [["5"]], [{}], ["5.001"], ["1" * 16]),
                *(["170.00"], ["0.01"] * 50),
            )
        ],
        *[
            ({"by": "amounts", "amounts": amounts}, "split.amount")
            for amounts in (
                *(["170.01"], ["100", "70.01"], ["0"], ["-1"], [-1], ["50", "-0.01"]),
                ["999999999999999.99"],
            )
        ],
        *[
            ({"by": "lines", "shares": shares}, "field.invalid")
            for shares in (
                *([], None, "all", [None], [{}], [{"lines": None}], [{"lines": [5]}]),
                *([{"lines": [{"line_id": 5, "quantity": 1}]}],),
                *([{"lines": [{"line_id": "x", "quantity": 1.5}]}],),
                *([{"lines": [{"line_id": "x", "quantity": True}]}],),
                *([{"label": 5, "lines": []}],),
            )
        ],
        ({"by": "lines", "shares": [{"lines": []}]}, "split.lines"),
        (
            {"by": "lines", "shares": [{"lines": [{"line_id": "x", "quantity": 1}]}]},
            "split.lines",
        ),
        ({"by": "lines", "shares": [{"label": "x" * 41, "lines": []}]}, "text.invalid"),
        ({"by": "lines", "shares": [{"label": "\u202e", "lines": []}]}, "text.invalid"),
        *[({"by": by}, "field.invalid") for by in ("halves", "", None, 3, ["parts"])],
        ({}, "field.invalid"),
        ({"parts": 3}, "field.invalid"),
    ],
)
async def test_what_makes_no_split_is_refused_and_changes_nothing(shared, body, code):
    shop, _ = shared
    bill = await shop.placed(
        shop.cart(shop.line("Tacos", 2, "Maíz", "Brisket"), shop.line("Flan"))
    )
    before = await snapshot(shop.id)

    response = await ask(shop, "POST", bill, body)

    assert told(response) == (422, code), response.text
    assert isinstance(response.json()["detail"], str)
    assert await stored_splits(bill) == []
    assert await snapshot(shop.id) == before
    await shop.status(bill["order"]["id"], "canceled")


async def test_a_body_that_is_no_json_number_is_refused(shop, bill):
    for raw, status in (
        ('{"by": "amounts", "amounts": [NaN]}', 400),
        ('{"by": "amounts", "amounts": [-Infinity]}', 400),
        ('{"by": "amounts", "amounts": [1e999]}', 422),
        ('{"by": "parts", "parts": 3e0}', 422),
        ('["parts"]', 400),
        ("", 422),
    ):
        response = await shop.client.post(
            f"{API}/orders/{bill['order']['id']}/split",
            content=raw,
            headers={**shop.wallet.admin, "Content-Type": "application/json"},
        )
        assert response.status_code == status, (raw, response.text)
    assert await stored_splits(bill) == []


@pytest.mark.parametrize("quantities", [[("Tacos", 0)], [("Tacos", 3)], [("Flan", -1)]])
async def test_nobody_takes_more_of_a_line_than_there_is(shop, bill, quantities):
    ids = {line["name"]: line["id"] for line in bill["order"]["items"]}
    lines = [{"line_id": ids[name], "quantity": n} for name, n in quantities]

    refused = await ask(
        shop, "POST", bill, {"by": "lines", "shares": [{"lines": lines}]}
    )

    assert told(refused) == (422, "split.lines")
    assert refused.json()["field"] == "shares.0.lines"


async def test_lines_of_another_order_are_refused(shop, bill):
    foreign = (await shop.placed())["order"]["items"][0]["id"]
    lines = [{"line_id": foreign, "quantity": 1}]

    refused = await ask(
        shop, "POST", bill, {"by": "lines", "shares": [{"lines": lines}]}
    )

    assert told(refused) == (422, "split.lines")


async def test_fewer_than_two_guests_split_nothing(shop):
    nobody = await shop.placed()
    alone = await shop.placed(
        shop.cart({**shop.line("Agua"), "guest": "Ana"}, shop.line("Agua"))
    )

    for bill in (nobody, alone):
        refused = await ask(shop, "POST", bill, {"by": "guests"})
        assert told(refused) == (409, "split.guests")


async def test_too_little_is_not_split(client, make_wallet):
    menu = {"categories": [{"name": "All", "items": [{"name": "X", "price": "2"}]}]}
    shop = await open_shop(client, await make_wallet(), menu, currency="sat")
    bill = await shop.placed(shop.cart(shop.line("X")))

    refused = await ask(shop, "POST", bill, PARTS)

    assert told(refused) == (422, "split.small")
    assert figures(await split(shop, bill, by="parts", parts=2), "amount_msat") == [
        *((1_000,), (1_000,)),
    ]
