"""Orders over HTTP: their exact shape, their numbers, their lists and their steps."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness import API
from harness.books import core_invoices, order_ids, snapshot
from harness.desk import open_desk
from harness.shop import open_shop

ORDER = {
    *("id", "number", "restaurant_id", "status", "flags", "cancel_reason"),
    *("order_type", "payment_method", "currency", "total", "subtotal_msat"),
    *("discount_msat", "service_msat", "tax_msat", "tip_msat", "rounding_msat"),
    *("total_msat", "paid_msat", "due_msat", "rates", "items", "table"),
    *("customer_name", "note", "pickup_at", "created_at", "expires_at", "paid_at"),
    *("accepted_at", "promised_at", "ready_at", "completed_at", "canceled_at"),
    "history",
}
ADDED = {
    *("rate_at", "tax_inclusive", "covers", "due", "standing", "refunded_msat"),
    *("refundable_msat", "owed_msat", "refund_to", "payments", "refunds"),
    *("split_id", "amounts", "discounts", "charges", "taxes", "tax_exempt_reason"),
    *("rate_sources", "rate_markup_percent", "price_list", "revision", "edited"),
    "server_id",
    *("is_tab", "merged_into", "merged_number", "alert_level", "wanted_at"),
    "quoted_minutes",
    "delivery",
}
LINE = {
    *("id", "menu_item_id", "name", "quantity", "price", "unit_msat", "line_msat"),
    *("tax_rate", "note", "station", "status", "modifiers"),
}
LINE_ADDED = {
    *("currency", "allergens", "guest", "discount_msat", "net_msat", "tax_msat"),
    *("discounts", "combo", "course", "started_at", "done_at"),
}
AT = 1_790_000_000_000  # 2026-09-21T14:13:20Z
TACOS = ("Tacos", 2, "Maíz", "Brisket", "Chicken")
PERSONAL = {
    "customer_name": "Ana Lucía",
    "table": "7, by the window",
    "note": "Allergic to nuts\ncall 555-0199",
    "covers": 2,
}

pytestmark = pytest.mark.usefixtures("quiet")


async def get(shop: Any, path: str, **headers: str) -> Any:
    return await shop.client.get(f"{API}{path}", headers=headers or shop.wallet.admin)


async def listed(shop: Any, query: str = "") -> dict[str, Any]:
    response = await get(shop, f"/restaurants/{shop.id}/orders{query}")
    assert response.status_code == 200, response.text
    return response.json()


async def post(shop: Any, path: str, **headers: str) -> Any:
    return await shop.client.post(f"{API}{path}", headers=headers or shop.wallet.admin)


def guest_of(placed: dict[str, Any]) -> dict[str, str]:
    return {"X-Order-Token": placed["order_token"]}


# --- the shape -------------------------------------------------------------------


async def test_a_placed_order_has_exactly_the_contracts_shape(shop, clock):
    clock.stop(AT)
    line = shop.line(*TACOS) | {"note": "no onion"}
    cart = shop.cart(line, shop.line("Agua"), tip_msat=500, **PERSONAL)

    response = await shop.place(cart | {"pickup_at": "2026-09-21T12:30:00-06:00"})

    assert response.status_code == 201
    placed = response.json()
    assert set(placed) == {"order", "order_token", "invoice"}
    order = placed["order"]
    assert set(order) == ORDER | ADDED
    items = order.pop("items")
    invoice = placed["invoice"]
    assert order == {
        "id": invoice["payment_hash"],
        "number": 1,
        "restaurant_id": shop.id,
        "status": "pending",
        "flags": [],
        "cancel_reason": None,
        "order_type": "pickup",
        "payment_method": "lightning",
        "currency": "GTQ",
        "total": "180.00",
        "subtotal_msat": 28_554_300,
        "discount_msat": 0,
        "service_msat": 0,
        "tax_msat": 0,
        "tip_msat": 500,
        "rounding_msat": 200,
        "total_msat": 28_555_000,
        "paid_msat": 0,
        "due_msat": 28_555_000,
        "due": "180.00",
        "standing": "unpaid",
        "split_id": None,
        "refunded_msat": 0,
        "refundable_msat": 0,
        "owed_msat": 0,
        "refund_to": None,
        "payments": [
            {
                "id": order["payments"][0]["id"],
                "order_id": order["id"],
                "method": "lightning",
                "status": "created",
                "amount_msat": 28_555_000,
                "received_msat": 0,
                "currency": "sat",
                **dict.fromkeys(("amount", "rounding", "tendered", "change")),
                "payment_hash": order["id"],
                **dict.fromkeys(("provider", "checkout_url", "share_id", "person")),
                "actor": "guest",
                "created_at": "2026-09-21T14:13:20.000Z",
                "expires_at": "2026-09-21T14:28:20.000Z",
                **dict.fromkeys(("captured_at", "disputed_at")),
            }
        ],
        "refunds": [],
        "amounts": {
            "subtotal": "180.00",
            "discount": "0.00",
            "service": "0.00",
            "tax": "0.00",
            "tip": "0.00",
            "rounding": "0.00",
            "total": "180.00",
        },
        "discounts": [],
        "charges": [],
        "taxes": [
            {
                "rate": "0",
                "net": "180.00",
                "tax": "0.00",
                "gross": "180.00",
                "net_msat": 28_554_300,
                "tax_msat": 0,
                "gross_msat": 28_554_300,
            }
        ],
        **dict.fromkeys(("tax_exempt_reason", "price_list", "edited", "server_id")),
        "rates": {"GTQ": "158.635"},
        "rate_at": "2026-09-21T14:13:20.000Z",
        "rate_sources": {"GTQ": "market"},
        "rate_markup_percent": "0",
        "tax_inclusive": True,
        "revision": 1,
        **PERSONAL,
        "created_at": "2026-09-21T14:13:20.000Z",
        "is_tab": False,
        "alert_level": 0,
        **dict.fromkeys(("merged_into", "merged_number", "quoted_minutes")),
        "delivery": None,
        "pickup_at": "2026-09-21T18:30:00.000Z",
        "wanted_at": "2026-09-21T18:30:00.000Z",
        "expires_at": "2026-09-21T14:28:20.000Z",
        **dict.fromkeys(("paid_at", "accepted_at", "promised_at", "ready_at")),
        **dict.fromkeys(("completed_at", "canceled_at")),
        "history": [
            {
                "status": "pending",
                "at": "2026-09-21T14:13:20.000Z",
                "actor": "guest",
                "reason": None,
            }
        ],
    }
    assert [set(item) for item in items] == [LINE | LINE_ADDED] * 2
    tacos = items[0]
    assert tacos.pop("id") != items[1].pop("id")
    modifiers = tacos.pop("modifiers")
    assert tacos == {
        "menu_item_id": shop.item("Tacos")["id"],
        "name": "Tacos",
        "quantity": 2,
        "guest": None,
        "price": "45.00",
        "currency": "GTQ",
        "unit_msat": 13_483_975,
        "line_msat": 26_967_950,
        "discount_msat": 0,
        "net_msat": 26_967_950,
        "tax_rate": "0",
        "tax_msat": 0,
        "discounts": [],
        "combo": None,
        "note": "no onion",
        "station": "kitchen",
        "status": "waiting",
        **dict.fromkeys(("course", "started_at", "done_at")),
        "allergens": ["corn"],
    }
    assert modifiers == [
        {
            "modifier_id": sent["modifier_id"],
            "name": name,
            "quantity": 1,
            "price_delta": delta,
        }
        for sent, name, delta in zip(
            line["modifiers"],
            ("Maíz", "Brisket", "Chicken"),
            ("0.00", "25.00", "15.00"),
            strict=True,
        )
    ]
    assert (items[1]["station"], items[1]["note"]) == ("bar", None)


async def test_the_invoice_is_over_the_total_and_its_hash_is_the_id(shop, clock):
    import bolt11

    clock.stop(AT)
    placed = await shop.placed(shop.cart(shop.line(*TACOS)))

    order, invoice = placed["order"], placed["invoice"]
    assert set(invoice) == {
        "payment_hash", "payment_request", "amount_msat", "expires_at",
    }  # fmt: skip
    decoded = bolt11.decode(invoice["payment_request"])
    assert decoded.amount_msat == invoice["amount_msat"] == order["total_msat"]
    assert decoded.payment_hash == invoice["payment_hash"] == order["id"]
    assert decoded.expiry == 900
    assert invoice["expires_at"] == order["expires_at"] == "2026-09-21T14:28:20.000Z"


async def test_core_learns_our_tag_and_restaurant_and_nothing_personal(shop):
    from lnbits.core.crud import get_standalone_payment

    line = shop.line("Agua") | {"note": "for Pedro"}
    placed = await shop.placed(shop.cart(line, **PERSONAL))

    payment = await get_standalone_payment(placed["order"]["id"])
    assert payment
    assert payment.wallet_id == shop.wallet.id
    assert payment.extra["tag"] == "restaurant"
    assert payment.extra["restaurant_id"] == shop.id
    kept = payment.json()
    wallet = shop.wallet
    for word in (
        *("Ana Luc", "by the window", "to nuts", "555-0199", "for Pedro"),
        *(placed["order_token"], wallet.adminkey, wallet.inkey, wallet.user),
    ):
        assert word not in kept


async def test_no_answer_to_a_guest_knows_wallet_account_or_keys(shop):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    texts = [
        (await get(shop, f"/orders/{order_id}", **guest_of(placed))).text,
        (await get(shop, f"/restaurants/{shop.id}", x_none="1")).text,
        (await get(shop, f"/restaurants/{shop.id}/menu", x_none="1")).text,
        (await shop.quote()).text,
        str(placed),
    ]
    wallet = shop.wallet
    for secret in (wallet.id, wallet.adminkey, wallet.inkey, wallet.user):
        assert not any(secret in text for text in texts)


async def test_text_comes_back_exactly_as_it_was_sent(shop):
    note = "Fish & Chips 5<6 <b>bold</b> &amp; 100%? 'quoted' \"x\" "
    note += "🌮👩‍🍳 寿司 عربى\u200f e\u0301"
    line = shop.line("Agua") | {"note": note}

    order_id = (await shop.placed(shop.cart(line, note=note, customer_name=note[:90])))[
        "order"
    ]["id"]

    order = await shop.order(order_id)
    assert (order["note"], order["items"][0]["note"]) == (note, note)
    assert order["customer_name"] == note[:90]


async def test_an_order_is_a_snapshot_of_the_menu_it_was_placed_from(shop):
    before = (await shop.placed(shop.cart(shop.line(*TACOS))))["order"]
    path = f"{API}/restaurants/{shop.id}/menu"
    other = {"categories": [{"name": "New", "items": [{"name": "X", "price": "1"}]}]}
    stored = await shop.client.put(path, json=other, headers=shop.wallet.admin)
    assert stored.status_code == 200

    assert await shop.order(before["id"]) == before


async def test_a_total_of_zero_needs_no_invoice_and_is_paid_by_nothing(
    client, make_wallet
):
    menu = {"categories": [{"name": "All", "items": [{"name": "Water", "price": "0"}]}]}
    shop = await open_shop(client, await make_wallet(), menu, currency="sat")

    placed = await shop.placed(shop.cart(shop.line("Water")))

    order = placed["order"]
    assert placed["invoice"] is None
    assert (order["status"], order["total_msat"], order["due_msat"]) == ("paid", 0, 0)
    assert [step["status"] for step in order["history"]] == ["pending", "paid"]
    assert order["paid_at"] == order["created_at"]
    assert await shop.order(order["id"]) == order
    assert len(await shop.jobs(order["id"])) == 1
    assert await core_invoices(shop.wallet.id) == set()
    seen = await get(shop, f"/orders/{order['id']}", **guest_of(placed))
    assert seen.json() == order


# --- numbers ---------------------------------------------------------------------


async def test_numbers_begin_anew_with_every_business_day(client, make_wallet, clock):
    menu = {"categories": [{"name": "All", "items": [{"name": "Soup", "price": "9"}]}]}
    zone = {"timezone": "America/Guatemala", "day_starts_at": "04:00"}  # UTC-6
    wallet = await make_wallet()
    shop = await open_shop(client, wallet, menu, currency="sat", **zone)
    clock.stop(1_789_984_799_000)  # 2026-09-21T09:59:59Z: 03:59:59 there
    numbers = []
    for seconds in (0, 0, 1, 0, 23 * 3600, 3600):
        clock.forward(seconds)
        placed = await shop.placed(shop.cart(shop.line("Soup")))
        numbers.append(placed["order"]["number"])

    assert numbers == [1, 2, 1, 2, 3, 1]


async def test_orders_at_once_get_numbers_without_gap_or_repeat(shop):
    placed = await asyncio.gather(*(shop.placed() for _ in range(12)))

    assert sorted(p["order"]["number"] for p in placed) == list(range(1, 13))


async def test_a_refused_order_uses_no_number(shop):
    await shop.placed()
    assert (await shop.place(shop.cart(shop.line("Flan", 4)))).status_code == 422

    assert (await shop.placed())["order"]["number"] == 2


# --- lists -----------------------------------------------------------------------


async def test_a_list_has_the_orders_own_shape_newest_first(shop, clock):
    clock.stop()
    orders = []
    for _ in range(3):
        orders.append((await shop.placed())["order"])
        clock.forward(1)

    page = await listed(shop)

    assert page == {"data": orders[::-1], "next": None}


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
async def test_pages_have_no_gap_even_within_one_millisecond(shop, clock, limit):
    clock.stop()
    placed = [(await shop.placed())["order"]["id"] for _ in range(4)]
    clock.forward(1)
    placed += [(await shop.placed())["order"]["id"] for _ in range(3)]
    seen: list[str] = []
    page = await listed(shop, f"?limit={limit}")
    while True:
        assert len(page["data"]) <= limit
        seen += [order["id"] for order in page["data"]]
        if page["next"] is None:
            break
        clock.forward(1)
        await shop.placed()  # what comes later does not move the pages
        page = await listed(shop, f"?limit={limit}&cursor={page['next']}")

    assert len(seen) == len(set(seen)) == 7
    assert set(seen[:3]) == set(placed[4:])
    assert set(seen[3:]) == set(placed[:4])


async def test_the_filters_find_what_they_say(shop, clock, settle):
    clock.stop(AT)
    old = await shop.placed()
    await settle(old)
    clock.forward(60)
    canceled, pending = await shop.placed(), await shop.placed()
    await post(shop, f"/orders/{canceled['order']['id']}/cancel")
    ids = {
        name: placed["order"]["id"]
        for name, placed in (("old", old), ("gone", canceled), ("new", pending))
    }

    async def found(query: str) -> set[str]:
        shown = {order["id"] for order in (await listed(shop, query))["data"]}
        return {name for name, order_id in ids.items() if order_id in shown}

    assert await found("") == {"old", "gone", "new"}
    assert await found("?status=paid") == {"old"}
    assert await found("?status=paid,pending") == {"old", "new"}
    assert await found("?status=ready") == set()
    assert await found("?since=2026-09-21T14:14:20Z") == {"gone", "new"}
    assert await found("?since=2026-09-21T14:14:20.001Z") == set()
    assert await found("?since=2026-09-21T08:14:20-06:00".replace("+", "%2B")) == {
        *("gone", "new"),
    }
    assert await found("?number=2") == {"gone"}
    assert await found("?number=9") == set()
    assert await found(f"?payment_hash={ids['new']}") == {"new"}
    assert await found(f"?payment_hash={ids['new'].upper()}") == {"new"}
    assert await found("?payment_hash=%25") == set()
    assert await found(f"?status=pending&number=1&payment_hash={ids['new']}") == set()


async def test_an_order_is_found_by_any_of_its_invoices(shop, clock):
    placed = await shop.placed()
    clock.forward(901)
    path = f"/orders/{placed['order']['id']}/invoice"
    second = (await post(shop, path, **guest_of(placed))).json()
    assert second["payment_hash"] != placed["invoice"]["payment_hash"]

    for payment_hash in (placed["order"]["id"], second["payment_hash"]):
        page = await listed(shop, f"?payment_hash={payment_hash}")
        assert [order["id"] for order in page["data"]] == [placed["order"]["id"]]


@pytest.mark.parametrize(
    "query",
    [
        *(
            "status=cooking",
            "status=paid,cooking",
            "since=yesterday",
            "since=2026-09-21",
        ),
        *(
            "since=2026-09-21T14:00:00",
            "number=x",
            "number=0",
            "number=-1",
            "number=1.5",
        ),
        *(f"number={2**63}", "limit=0", "limit=501", "limit=-1", "limit=x"),
        *("cursor=x", "cursor=%00", "cursor=ZZZZ", "cursor=MTIzNA", "cursor=💥"),
        "cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5LmE",  # 9999…9.a
        "cursor=LTEuYQ",  # -1.a
        "cursor=MS4A",  # 1.<NUL>
        *("payment_hash=%00", "flag=urgent", "since=9999-99-99T00:00:00Z"),
    ],
)
async def test_a_wrong_filter_is_refused_by_name(shop, query):
    await shop.placed()

    response = await get(shop, f"/restaurants/{shop.id}/orders?{query}")

    answer = response.json()
    assert (response.status_code, answer["code"]) == (422, "field.invalid"), query
    assert answer["field"] == query.partition("=")[0]
    assert answer["detail"]


async def test_a_list_shows_only_this_restaurants_orders(shop, client, make_wallet):
    other = await open_shop(client, await make_wallet())
    foreign = (await other.placed())["order"]
    await shop.placed()

    page = await listed(shop)
    by_hash = await listed(shop, f"?payment_hash={foreign['id']}")

    assert [order["restaurant_id"] for order in page["data"]] == [shop.id]
    assert by_hash["data"] == []


# --- who sees an order -----------------------------------------------------------


async def test_guest_and_staff_see_the_order_and_nobody_else(
    client, make_wallet, shop, set_rate
):
    placed, other = await shop.placed(), await shop.placed()
    path = f"/orders/{placed['order']['id']}"
    from lnbits.core.crud import get_standalone_payment

    payment = await get_standalone_payment(placed["order"]["id"])
    assert payment
    desk = await open_desk(client, await make_wallet(), await make_wallet())
    seen = (guest_of(placed), shop.wallet.admin, shop.wallet.invoice)
    unseen = (
        {"X-None": "1"},
        guest_of(other),
        {"X-Order-Token": placed["order"]["id"]},
        {"X-Order-Token": placed["invoice"]["payment_request"]},
        {"X-Order-Token": payment.preimage or "0" * 64},
        {"X-Order-Token": placed["order_token"][:-1]},
        {"X-Order-Token": placed["order_token"].swapcase()},
        desk.header("owner"),
        desk.header("manager"),
    )
    for headers in seen:
        response = await get(shop, path, **headers)
        assert (response.status_code, response.json()) == (200, placed["order"])
    for headers in unseen:
        response = await get(shop, path, **headers)
        assert response.status_code == 404, headers
        assert response.json()["code"] == "order.unknown"
        assert set(response.json()) == {"detail", "code"}


async def test_a_token_is_long_and_of_one_order_only(shop):
    tokens = [(await shop.placed())["order_token"] for _ in range(3)]

    assert len(set(tokens)) == 3
    assert all(len(token) >= 22 for token in tokens)  # 128 bits and more


async def test_orders_of_a_deleted_restaurant_stay_visible_and_no_new_ones_come(shop):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    await post(shop, f"/orders/{order_id}/cancel", **guest_of(placed))
    gone = await shop.client.delete(
        f"{API}/restaurants/{shop.id}", headers=shop.wallet.admin
    )
    assert gone.status_code == 204

    refused = await shop.place()
    seen = await get(shop, f"/orders/{order_id}", **guest_of(placed))

    assert (refused.status_code, refused.json()["code"]) == (404, "restaurant.unknown")
    assert seen.json()["status"] == "canceled"
    assert (await shop.order(order_id))["status"] == "canceled"


# --- canceling -------------------------------------------------------------------


async def test_a_guest_takes_back_an_unpaid_order_twice_and_it_counts_once(shop):
    placed = await shop.placed()
    path = f"/orders/{placed['order']['id']}/cancel"

    first = await post(shop, path, **guest_of(placed))
    events = await shop.events(placed["order"]["id"])
    again = await post(shop, path, **guest_of(placed))

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert (first.json()["status"], first.json()["cancel_reason"]) == (
        "canceled",
        "guest",
    )
    assert first.json()["flags"] == []
    assert await shop.events(placed["order"]["id"]) == events
    assert events == ["order.placed", "order.canceled"]


async def test_a_guest_cannot_take_back_a_paid_order_but_staff_can(shop, settle):
    placed = await shop.placed(shop.cart(shop.line("Flan", 2)))
    order_id = placed["order"]["id"]
    await settle(placed)
    assert await shop.stock("Flan") == 1

    by_guest = await post(shop, f"/orders/{order_id}/cancel", **guest_of(placed))
    assert (by_guest.status_code, by_guest.json()["code"]) == (409, "order.step")
    by_owner = await post(shop, f"/orders/{order_id}/cancel")

    assert by_owner.status_code == 200
    assert by_owner.json()["status"] == "canceled"
    assert by_owner.json()["flags"] == ["refund_due"]
    assert await shop.stock("Flan") == 3
    assert [job["status"] for job in await shop.jobs(order_id)] == ["canceled"]


async def test_a_canceled_order_has_nothing_to_pay(shop):
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    await post(shop, f"/orders/{order_id}/cancel", **guest_of(placed))

    response = await post(shop, f"/orders/{order_id}/invoice", **guest_of(placed))

    assert (response.status_code, response.json()["code"]) == (
        409,
        "payment.nothing_due",
    )


# --- steps -----------------------------------------------------------------------

STEPS = {
    "pending": {"canceled"},  # and paid, by money only
    "paid": {"accepted", "canceled", "refunded"},
    "accepted": {"ready", "completed", "canceled", "refunded"},
    "ready": {"completed", "canceled", "refunded"},
    "completed": {"refunded"},
    "canceled": {"refunded"},
    "refunded": set(),
}
WAYS = {
    "pending": (),
    "paid": ("paid",),
    "accepted": ("paid", "accepted"),
    "ready": ("paid", "accepted", "ready"),
    "completed": ("paid", "accepted", "ready", "completed"),
    "canceled": ("paid", "canceled"),
    "refunded": ("paid", "canceled", "refunded"),
}


async def order_in(shop: Any, status: str, settle: Any) -> str:
    """A new order that was led to this status."""
    placed = await shop.placed()
    order_id: str = placed["order"]["id"]
    for step in WAYS[status]:
        if step == "paid":
            await settle(placed)
        else:
            moved = await shop.status(order_id, step, reason="given back in cash")
            assert moved.status_code == 200, moved.text
    return order_id


@pytest.mark.parametrize("status", STEPS)
async def test_only_the_tables_steps_are_taken(shop, settle, status):
    order_id = await order_in(shop, status, settle)
    before = await snapshot(shop.id)
    for new in STEPS:
        if new == status or new in STEPS[status]:
            continue
        response = await shop.status(order_id, new, reason="because")
        answer = response.json()
        assert (response.status_code, answer["code"]) == (409, "order.step"), new
        assert set(answer["allowed"]) - {"paid"} == STEPS[status]
        assert answer["detail"]
    assert await snapshot(shop.id) == before
    for new in STEPS[status]:
        other = await order_in(shop, status, settle)
        response = await shop.status(other, new, reason="because")
        assert (response.status_code, response.json()["status"]) == (200, new)
        assert response.json()[f"{new}_at" if new != "refunded" else "created_at"]


@pytest.mark.parametrize("status", STEPS)
async def test_the_same_status_again_is_fine_and_journals_nothing(shop, settle, status):
    order_id = await order_in(shop, status, settle)
    order, before = await shop.order(order_id), await snapshot(shop.id)

    response = await shop.status(order_id, status, reason="again", promised_minutes=5)

    assert (response.status_code, response.json()) == (200, order)
    assert await snapshot(shop.id) == before


async def test_twenty_hands_at_once_accept_an_order_once(shop, settle):
    order_id = await order_in(shop, "paid", settle)

    answers = await asyncio.gather(
        *(shop.status(order_id, "accepted") for _ in range(20))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert (await shop.events(order_id)).count("order.accepted") == 1
    assert len(await shop.jobs(order_id)) == 1


async def test_every_step_is_in_the_history_with_time_actor_and_reason(
    shop, settle, clock
):
    clock.stop(AT)
    placed = await shop.placed()
    order_id = placed["order"]["id"]
    clock.forward(1)
    await settle(placed)
    for seconds, step in enumerate(("accepted", "ready", "completed"), 1):
        clock.forward(seconds)
        await shop.status(order_id, step)
    clock.forward(10)
    await shop.status(order_id, "refunded", reason="cold")

    order = await shop.order(order_id)

    history = [
        (h["status"], h["at"][14:19], h["actor"], h["reason"]) for h in order["history"]
    ]
    assert history == [
        ("pending", "13:20", "guest", None),
        ("paid", "13:21", "system", None),
        ("accepted", "13:22", "owner", None),
        ("ready", "13:24", "owner", None),
        ("completed", "13:27", "owner", None),
        ("refunded", "13:37", "owner", "cold"),
    ]
    stamps = ("paid_at", "accepted_at", "ready_at", "completed_at")
    assert [order[name][14:19] for name in stamps] == [
        *("13:21", "13:22", "13:24", "13:27"),
    ]
    assert order["flags"] == []


async def test_the_history_is_the_orders_own_not_its_tickets(shop, settle):
    order_id = await order_in(shop, "paid", settle)
    [job] = await shop.jobs(order_id)
    path = f"{API}/print_jobs/{job['id']}/ack"
    acked = await shop.client.put(path, json={}, headers=shop.wallet.admin)
    assert acked.json()["status"] == "acknowledged"

    history = (await shop.order(order_id))["history"]

    assert [step["status"] for step in history] == ["pending", "paid"]


async def test_what_was_paid_is_only_called_refunded_with_a_reason(shop, settle):
    order_id = await order_in(shop, "completed", settle)

    for reason in ({}, {"reason": None}, {"reason": ""}, {"reason": "  "}):
        response = await shop.status(order_id, "refunded", **reason)
        assert (response.status_code, response.json()["code"]) == (
            409,
            "refund.missing",
        ), reason
    assert (await shop.status(order_id, "refunded", reason="x")).status_code == 200


async def test_an_unknown_status_is_refused_by_name(shop):
    order_id = (await shop.placed())["order"]["id"]

    for name in ("cooking", "PAID", "paid%20", "1"):
        response = await shop.status(order_id, name)
        assert (response.status_code, response.json()["code"]) == (422, "field.invalid")


async def test_a_promise_counts_from_the_moment_of_accepting(shop, settle, clock):
    clock.stop(AT)
    order_id = await order_in(shop, "paid", settle)

    response = await shop.status(order_id, "accepted", promised_minutes=25)

    assert response.json()["promised_at"] == "2026-09-21T14:38:20.000Z"


@pytest.mark.parametrize("minutes", [-1, 1441, 1.5, "20", True, [], {}, 2**70])
async def test_a_promise_is_whole_minutes_of_at_most_a_day(shop, settle, minutes):
    order_id = await order_in(shop, "paid", settle)

    response = await shop.status(order_id, "accepted", promised_minutes=minutes)

    assert (response.status_code, response.json()["field"]) == (422, "promised_minutes")
    assert (await shop.order(order_id))["status"] == "paid"


# --- further invoices ------------------------------------------------------------


async def test_the_live_invoice_is_given_again_until_it_ends(shop, clock):
    clock.stop()
    placed = await shop.placed()
    path = f"/orders/{placed['order']['id']}/invoice"
    clock.forward(899)
    for _ in range(2):
        again = await post(shop, path, **guest_of(placed))
        assert (again.status_code, again.json()) == (200, placed["invoice"])
    clock.forward(1)

    fresh = await post(shop, path, **guest_of(placed))
    once_more = await post(shop, path)

    assert fresh.status_code == 201
    assert fresh.json()["payment_hash"] != placed["invoice"]["payment_hash"]
    assert fresh.json()["amount_msat"] == placed["order"]["total_msat"]
    assert (once_more.status_code, once_more.json()) == (200, fresh.json())
    order = await shop.order(placed["order"]["id"])
    assert (
        order["expires_at"]
        == fresh.json()["expires_at"]
        > placed["order"]["expires_at"]
    )
    assert len(await core_invoices(shop.wallet.id)) == 2


async def test_a_paid_order_has_no_further_invoice(shop, settle):
    placed = await shop.placed()
    await settle(placed)

    response = await post(
        shop, f"/orders/{placed['order']['id']}/invoice", **guest_of(placed)
    )

    assert (response.status_code, response.json()["code"]) == (
        409,
        "payment.nothing_due",
    )


async def test_while_the_node_is_away_nothing_is_placed(shop, monkeypatch):
    from lnbits.wallets import get_funding_source

    async def away(*_: Any, **__: Any) -> Any:
        raise ConnectionError("node at 10.0.0.1 is away")

    before = await snapshot(shop.id)
    with monkeypatch.context() as patched:
        patched.setattr(get_funding_source(), "create_invoice", away)
        response = await shop.place()

    assert (response.status_code, response.json()["code"]) == (
        503,
        "payments.unavailable",
    )
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert "10.0.0.1" not in response.text
    assert await snapshot(shop.id) == before
    assert (await shop.place()).status_code == 201


# --- caps ------------------------------------------------------------------------


async def test_unpaid_orders_are_capped_per_restaurant(client, make_wallet, settle):
    menu = {"categories": [{"name": "All", "items": [{"name": "Soup", "price": "9"}]}]}
    wallet = await make_wallet()
    shop = await open_shop(client, wallet, menu, currency="sat", open_orders_max=3)
    cart = shop.cart(shop.line("Soup"))
    placed = [await shop.placed(cart) for _ in range(3)]

    refused = [await shop.place(cart) for _ in range(3)]

    for response in refused:
        assert (response.status_code, response.json()["code"]) == (
            429,
            "orders.too_many",
        )
        assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert len(await order_ids(shop.id)) == 3
    # spam fills neither the kitchen nor the node
    assert len(await core_invoices(wallet.id)) <= 4
    await settle(placed[0])
    assert (await shop.place(cart)).status_code == 201
    await post(shop, f"/orders/{placed[1]['order']['id']}/cancel")
    assert (await shop.place(cart)).status_code == 201
    assert (await shop.place(cart)).status_code == 429


async def test_the_cap_holds_against_a_crowd(client, make_wallet):
    menu = {"categories": [{"name": "All", "items": [{"name": "Soup", "price": "9"}]}]}
    wallet = await make_wallet()
    shop = await open_shop(client, wallet, menu, currency="sat", open_orders_max=5)
    cart = shop.cart(shop.line("Soup"))

    answers = await asyncio.gather(*(shop.place(cart) for _ in range(20)))

    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(201), statuses.count(429)) == (5, 15)
    assert len(await order_ids(shop.id)) == 5


async def test_unpaid_orders_are_capped_per_table(shop):
    path = f"{API}/restaurants/{shop.id}"
    body = {"open_orders_per_table_max": 2}
    await shop.client.patch(path, json=body, headers=shop.wallet.admin)
    tables = [
        (
            await shop.client.post(
                f"{path}/tables", json={"name": name}, headers=shop.wallet.admin
            )
        ).json()
        for name in ("7", "8")
    ]
    seven, eight = (
        shop.cart(table=table["name"], table_token=table["token"]) for table in tables
    )
    assert [(await shop.place(seven)).status_code for _ in range(3)] == [201, 201, 429]

    assert (await shop.place(eight)).status_code == 201
    assert (await shop.place()).status_code == 201
    refused = await shop.place(seven)
    assert refused.json()["code"] == "orders.too_many"
    assert int(refused.headers["Retry-After"]) >= 1


async def test_a_tables_code_must_be_the_tables_own(shop):
    path = f"{API}/restaurants/{shop.id}/tables"
    tables = [
        await shop.client.post(path, json={"name": name}, headers=shop.wallet.admin)
        for name in ("7", "8")
    ]
    seven, eight = (table.json() for table in tables)
    before = await snapshot(shop.id)
    for name, token in (
        ("7", eight["token"]),
        ("7", seven["token"] + "x"),
        ("7", "💥"),
        ("no such table", seven["token"]),
    ):
        response = await shop.place(shop.cart(table=name, table_token=token))
        assert (response.status_code, response.json()["code"]) == (403, "table.token")
    assert await snapshot(shop.id) == before
    placed = await shop.placed(shop.cart(table="7", table_token=seven["token"]))
    assert placed["order"]["table"] == "7"
