"""Codes in a cart: what they are worth, how often, and how slowly they are guessed."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.discounts import (
    GUEST,
    add_code,
    change_discount,
    make_code,
    make_discount,
    uses_of,
)
from harness.gift_cards import call, everything, told
from harness.shop import Shop

FRIDAY_18 = 1_790_359_200_000  # 2026-09-25T18:00:00Z, noon in Guatemala
HAPPY = {"days": [4], "starts": "17:00", "ends": "19:00"}

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture(autouse=True)
def nobody_guessed() -> None:
    """The tests of this module share an address; each begins without guesses."""
    from restaurant.adapters import guesses

    guesses.forget()


@pytest_asyncio.fixture
async def elsewhere(app: Any) -> AsyncIterator[Any]:
    """`elsewhere(address)`: a client that comes from there."""
    from httpx import ASGITransport, AsyncClient

    opened = []

    def client_at(address: str) -> Any:
        transport = ASGITransport(app=app, client=(address, 5000))
        opened.append(AsyncClient(transport=transport, base_url="http://testserver"))
        return opened[-1]

    yield client_at
    for client in opened:
        await client.aclose()


def cart(shop: Shop, *codes: str, **fields: Any) -> dict[str, Any]:
    """Two Aguas, 20.00 GTQ, with these codes."""
    return shop.cart(shop.line("Agua", 2), codes=list(codes), **fields)


async def placed(shop: Shop, *codes: str, **fields: Any) -> dict[str, Any]:
    """A new order of two Aguas with these codes."""
    return (await shop.placed(cart(shop, *codes, **fields)))["order"]


async def refusal(shop: Shop, body: dict[str, Any]) -> dict[str, Any]:
    """How quote and order refuse a cart, which must be the same; nothing is kept."""
    before = await everything(shop)
    quoted, ordered = await shop.quote(body), await shop.place(body)
    assert quoted.json() == ordered.json()
    assert quoted.status_code == ordered.status_code >= 400
    assert await everything(shop) == before
    return {"status": quoted.status_code, **quoted.json()}


async def journal(shop: Shop, order_id: str) -> list[str]:
    return [e for e in await shop.events(order_id) if e.startswith("discount.")]


# --- what a code is worth --------------------------------------------------------


async def test_a_code_takes_off_what_its_discount_says(shop):
    discount = await make_code(shop, "SUMMER")
    plain = (await shop.quote(cart(shop))).json()

    quoted = (await shop.quote(cart(shop, " summer"))).json()
    order = await placed(shop, "Summer")

    assert plain["discount_msat"] == 0
    tenth = plain["subtotal_msat"] // 10
    assert abs(quoted["discount_msat"] - tenth) <= 1
    assert quoted["required_msat"] < plain["required_msat"]
    assert order["discount_msat"] == quoted["discount_msat"]
    assert order["total_msat"] == quoted["required_msat"]
    assert await uses_of(shop, discount) == 1
    assert await journal(shop, order["id"]) == ["discount.used"]


async def test_a_quote_counts_nothing(shop):
    discount = await make_code(shop, "SUMMER", limit_total=1)

    for _ in range(3):
        assert (await shop.quote(cart(shop, "summer"))).status_code == 200

    assert await uses_of(shop, discount) == 0


@pytest.mark.parametrize(
    ("codes", "code", "field"),
    [
        (["nothing"], "discount.unknown", "codes.0"),
        (["summer", "nothing"], "discount.unknown", "codes.1"),
        (["off"], "discount.unknown", "codes.0"),
        (["removed"], "discount.unknown", "codes.0"),
        (["late"], "discount.not_now", "codes.0"),
        (["boats"], "discount.not_now", "codes.0"),
        (["summer", "SUMMER "], "discount.twice", "codes.1"),
        (["summer", "summer2"], "discount.twice", "codes.1"),
        (["a b"], "discount.code", "codes.0"),
        (["x" * 41], "discount.code", "codes.0"),
        (
            ["code1", "code2", "code3", "code4", "code5", "code6"],
            "discount.codes",
            "codes",
        ),
    ],
)
async def test_a_code_that_cannot_be_had_is_refused(shop, codes, code, field):
    summer = await make_code(shop, "summer")
    await add_code(shop, summer, "summer2")
    await make_code(shop, "off", is_active=False)
    gone = await add_code(shop, summer, "removed")
    await call(shop, "DELETE", f"/discount_codes/{gone['id']}")
    await make_code(shop, "late", schedule={"last_day": "2020-01-01"})
    await make_code(shop, "boats", order_types=["delivery"])

    answer = await refusal(shop, cart(shop, *codes))

    assert (answer["status"], answer["code"], answer["field"]) == (422, code, field)


async def test_codes_that_never_were_and_those_switched_off_answer_alike(shop):
    await make_code(shop, "OFF", is_active=False)
    changed = await make_code(shop, "STAFF")
    await change_discount(shop, changed, trigger="staff")

    answers = [await refusal(shop, cart(shop, c)) for c in ("NEVER", "OFF", "STAFF")]

    assert answers[0] == answers[1] == answers[2]


async def test_a_code_that_is_taken_away_is_unknown_at_once(shop):
    discount = await make_discount(shop)
    code = await add_code(shop, discount, "GOING")
    assert (await shop.quote(cart(shop, "going"))).json()["discount_msat"] > 0

    await call(shop, "DELETE", f"/discount_codes/{code['id']}")

    assert (await refusal(shop, cart(shop, "going")))["code"] == "discount.unknown"


async def test_a_code_counts_in_its_hours_on_the_restaurants_wall(shop, clock):
    clock.stop(FRIDAY_18)
    await call(shop, "PATCH", f"/restaurants/{shop.id}", {"timezone": "UTC"})
    discount = await make_code(shop, "HAPPY", schedule={"windows": [HAPPY]})

    assert (await shop.quote(cart(shop, "happy"))).status_code == 200
    clock.forward(3_600)
    assert told(await shop.quote(cart(shop, "happy"))) == (422, "discount.not_now")
    clock.forward(7 * 86_400 - 1)
    assert (await shop.quote(cart(shop, "happy"))).status_code == 200
    assert await uses_of(shop, discount) == 0


async def test_a_code_of_another_restaurant_is_unknown(shop, client, make_wallet):
    from harness.shop import open_shop

    other = await open_shop(client, await make_wallet())
    await make_code(other, "THEIRS")

    assert (await refusal(shop, cart(shop, "theirs")))["code"] == "discount.unknown"


async def test_a_discount_whose_sum_is_in_another_currency_rests(shop, set_rate):
    set_rate("USD", 1_200.0)
    await make_code(shop, "FIVE", kind="amount", percent=None, amount="5")
    await make_code(shop, "TENTH")

    await call(shop, "PATCH", f"/restaurants/{shop.id}", {"currency": "USD"})

    assert (await refusal(shop, cart(shop, "five")))["code"] == "discount.unknown"
    assert (await shop.quote(cart(shop, "tenth"))).status_code == 200


async def test_an_order_keeps_a_discount_that_changes_or_goes(shop, settle):
    discount = await make_code(shop, "SUMMER")
    answer = await shop.placed(cart(shop, "summer"))
    before = answer["order"]

    await change_discount(shop, discount, percent="50")
    await call(shop, "DELETE", f"/discounts/{discount['id']}")
    await settle(answer)

    order = await shop.order(before["id"])
    assert order["total_msat"] == order["paid_msat"] == before["total_msat"]
    assert order["discount_msat"] == before["discount_msat"]


# --- limits ----------------------------------------------------------------------


async def test_a_discount_counts_so_often_in_all(shop):
    discount = await make_code(shop, "SUMMER", limit_total=2)
    await add_code(shop, discount, "AUTUMN")
    for code in ("summer", "autumn"):
        await placed(shop, code)

    answer = await refusal(shop, cart(shop, "summer"))

    assert (answer["status"], answer["code"]) == (409, "discount.used_up")
    assert (answer["discount"], answer["discount_id"]) == ("Ten off", discount["id"])
    assert await uses_of(shop, discount) == 2


async def test_a_discount_counts_so_often_with_each_code(shop):
    discount = await make_code(shop, "SUMMER", limit_per_code=1)
    await add_code(shop, discount, "AUTUMN")
    await placed(shop, "summer")

    assert (await refusal(shop, cart(shop, "summer")))["code"] == "discount.used_up"
    await placed(shop, "autumn")
    assert (await refusal(shop, cart(shop, "autumn")))["code"] == "discount.used_up"
    page = await call(shop, "GET", f"/discounts/{discount['id']}/codes")
    used = {each["code"]: each["uses"] for each in page.json()["data"]}
    assert used == {"SUMMER": 1, "AUTUMN": 1}


async def test_a_discount_counts_so_often_a_business_day(shop, clock):
    clock.stop(FRIDAY_18)
    await call(
        *(shop, "PATCH", f"/restaurants/{shop.id}"),
        {"timezone": "UTC", "day_starts_at": "04:00"},
    )
    await make_code(shop, "SUMMER", limit_per_day=1)
    await placed(shop, "summer")

    assert (await refusal(shop, cart(shop, "summer")))["code"] == "discount.used_up"
    clock.forward(10 * 3_600 - 1)  # 03:59:59: still the evening before
    assert (await refusal(shop, cart(shop, "summer")))["code"] == "discount.used_up"
    clock.forward(1)
    await placed(shop, "summer")


async def test_a_discount_counts_so_often_for_a_guest(shop):
    discount = await make_code(shop, "SUMMER", limit_per_guest=1)

    answer = await refusal(shop, cart(shop, "summer"))
    assert (answer["status"], answer["code"]) == (422, "discount.guest")
    assert answer["field"] == "guest_id"
    await placed(shop, "summer", guest_id=GUEST)
    again = await refusal(shop, cart(shop, "summer", guest_id=GUEST))
    assert again["code"] == "discount.used_up"
    await placed(shop, "summer", guest_id=GUEST + "-two")
    assert await uses_of(shop, discount) == 2
    assert GUEST not in str(await everything(shop))


@pytest.mark.parametrize("guest_id", ["short", "x" * 65, "ñ" * 20, ""])
async def test_a_guest_id_of_the_wrong_length_is_refused(shop, guest_id):
    await make_code(shop, "SUMMER")

    answer = await refusal(shop, cart(shop, "summer", guest_id=guest_id))

    assert (answer["status"], answer["field"]) == (422, "guest_id")


async def test_a_happy_hour_that_is_used_up_is_just_over(shop):
    discount = await make_discount(shop, trigger="schedule", limit_total=1)

    first, second = await placed(shop), await placed(shop)

    assert first["discount_msat"] > 0
    assert second["discount_msat"] == 0
    assert await uses_of(shop, discount) == 1


async def test_a_happy_hour_that_ends_between_quote_and_order_is_said_with_a_quote(
    shop,
):
    discount = await make_discount(shop, trigger="schedule", limit_total=1)
    quoted = (await shop.quote(cart(shop))).json()
    await placed(shop)

    late = await shop.place(cart(shop, quote_id=quoted["quote_id"]))

    assert told(late) == (409, "discount.used_up")
    fresh = late.json()["quote"]
    assert (fresh["discount_msat"], late.json()["discount_id"]) == (0, discount["id"])
    assert [each["what"] for each in fresh["changes"]] == ["discounts", "total"]
    again = await shop.placed(cart(shop, quote_id=fresh["quote_id"]))
    assert again["order"]["total_msat"] == fresh["total_msat"] > quoted["total_msat"]


async def test_guests_see_on_the_menu_what_the_clock_takes_off_now(shop, clock):
    clock.stop(FRIDAY_18)
    await call(shop, "PATCH", f"/restaurants/{shop.id}", {"timezone": "UTC"})
    agua = shop.item("Agua")["id"]
    await make_discount(
        shop,
        name="Happy hour",
        trigger="schedule",
        item_ids=[agua],
        order_types=["dine_in"],
        schedule={"windows": [HAPPY]},
    )
    path = f"{API}/restaurants/{shop.id}/menu"

    before = await shop.client.get(path)
    clock.forward(3_600)  # 19:00: it is over
    after = await shop.client.get(path)

    assert before.json()["discounts"] == [
        {
            "name": "Happy hour",
            "kind": "percent",
            "percent": "10",
            "amount": None,
            "buy": 0,
            "get": 1,
            "item_ids": [agua],
            "order_types": ["dine_in"],
            "minimum": None,
        }
    ]
    assert after.json()["discounts"] == []
    assert before.headers["ETag"] != after.headers["ETag"]


async def by_owner(shop: Shop, path: str, body: dict[str, Any]) -> Any:
    headers = {"Idempotency-Key": uuid.uuid4().hex, **shop.wallet.admin}
    return await call(shop, "POST", path, body, headers)


async def test_staff_give_a_stored_discount_so_often_and_in_its_hours(shop, clock):
    clock.stop(FRIDAY_18)
    await call(shop, "PATCH", f"/restaurants/{shop.id}", {"timezone": "UTC"})
    discount = await make_discount(
        shop,
        name="Regulars",
        trigger="staff",
        limit_total=1,
        schedule={"windows": [HAPPY]},
    )
    body = cart(
        shop, discounts=[{"discount_id": discount["id"], "reason": "a regular"}]
    )

    for path in ("/orders/quote", "/orders"):
        answer = await by_owner(shop, path, body)
        assert answer.is_success, answer.text
    order = answer.json()["order"]
    assert order["discount_msat"] > 0
    assert await uses_of(shop, discount) == 1
    for path in ("/orders/quote", "/orders"):
        again = await by_owner(shop, path, body)
        assert told(again) == (409, "discount.used_up")
    clock.forward(3_600)
    late = await by_owner(shop, "/orders/quote", body)
    assert told(late) == (422, "discount.unknown")
    assert late.json()["field"] == "discounts.0.discount_id"
    clock.stop(FRIDAY_18)
    own = cart(shop, discounts=[{"percent": 5, "reason": "a regular"}])
    assert told(await shop.quote(own)) == (403, "discount.forbidden")


async def test_limits_of_codes_nobody_names_are_nobodys_concern(shop):
    """A campaign that is used up does not touch other carts."""
    await make_code(shop, "LAST", limit_total=1, limit_per_guest=1)
    await placed(shop, "last", guest_id=GUEST)

    assert (await shop.quote(cart(shop))).status_code == 200
    assert (await placed(shop))["discount_msat"] == 0


# --- given back ------------------------------------------------------------------


async def test_an_order_that_dies_unpaid_gives_its_voucher_back(shop):
    discount = await make_code(shop, "LAST", limit_total=1)
    order = await placed(shop, "last")
    assert (await refusal(shop, cart(shop, "last")))["code"] == "discount.used_up"

    assert (await shop.status(order["id"], "canceled")).status_code == 200

    assert await uses_of(shop, discount) == 0
    assert await journal(shop, order["id"]) == ["discount.used", "discount.released"]
    again = await placed(shop, "last")
    assert await uses_of(shop, discount) == 1
    assert await journal(shop, again["id"]) == ["discount.used"]


async def test_an_order_that_expires_gives_its_voucher_back(shop, clock):
    from restaurant import services

    discount = await make_code(shop, "LAST", limit_total=1)
    order = await placed(shop, "last")

    clock.forward(86_400)
    await services.expire_orders(clock())

    assert (await shop.order(order["id"]))["status"] == "canceled"
    assert await uses_of(shop, discount) == 0
    assert await journal(shop, order["id"]) == ["discount.used", "discount.released"]


async def test_a_paid_order_keeps_its_voucher(shop, settle):
    discount = await make_code(shop, "LAST", limit_total=1)
    answer = await shop.placed(cart(shop, "last"))

    await settle(answer)

    assert await uses_of(shop, discount) == 1


async def test_an_order_that_comes_back_keeps_its_price_above_the_limit(shop, settle):
    discount = await make_code(shop, "LAST", limit_total=1)
    answer = await shop.placed(cart(shop, "last"))
    first = answer["order"]
    await shop.status(first["id"], "canceled")
    await settle(await shop.placed(cart(shop, "last")))
    await settle(answer)  # its money comes after all
    assert await uses_of(shop, discount) == 1

    response = await call(shop, "POST", f"/orders/{first['id']}/resurrect")

    assert response.status_code == 200, response.text
    order = await shop.order(first["id"])
    assert (order["status"], order["total_msat"]) == ("accepted", first["total_msat"])
    assert await uses_of(shop, discount) == 2
    assert await journal(shop, first["id"]) == [
        *("discount.used", "discount.released", "discount.used"),
    ]


# --- guessing --------------------------------------------------------------------


async def test_after_ten_wrong_codes_a_minute_right_ones_are_not_told_either(
    shop, clock, elsewhere
):
    at = clock.stop(FRIDAY_18)
    await make_code(shop, "SUMMER")
    guesser, guest = elsewhere("203.0.113.7"), elsewhere("203.0.113.8")

    async def ask(client: Any, code: str) -> Any:
        body = cart(shop, code)
        return await client.post(f"{API}/orders/quote", json=body)

    for number in range(10):
        answer = await ask(guesser, f"guess{number}")
        assert told(answer) == (422, "discount.unknown")
        clock.forward(1)
    right, wrong = await ask(guesser, "summer"), await ask(guesser, "guess")
    assert told(right) == told(wrong) == (429, "discount.guesses")
    assert right.json() == wrong.json()
    assert right.headers["retry-after"] == "50"
    assert (await ask(guest, "summer")).status_code == 200
    plain = await guesser.post(f"{API}/orders/quote", json=cart(shop))
    assert plain.status_code == 200
    clock.stop(at + 59_999)
    assert told(await ask(guesser, "summer")) == (429, "discount.guesses")
    clock.stop(at + 60_000)
    assert (await ask(guesser, "summer")).status_code == 200


async def test_right_codes_and_odd_ones_are_no_guesses(shop, elsewhere):
    await make_code(shop, "SUMMER")
    client = elsewhere("203.0.113.9")

    for _ in range(12):
        for code, status in (("summer", 200), ("a b", 422)):
            body = cart(shop, code)
            answer = await client.post(f"{API}/orders/quote", json=body)
            assert answer.status_code == status


async def test_every_wrong_code_of_a_cart_is_counted(shop, elsewhere):
    client = elsewhere("203.0.113.10")
    five = cart(shop, *(f"guess{number}" for number in range(5)))

    answers = [
        told(await client.post(f"{API}/orders/quote", json=five)) for _ in range(3)
    ]

    assert answers == [(422, "discount.unknown")] * 2 + [(429, "discount.guesses")]


async def test_a_restaurant_is_guessed_at_slowly_from_many_addresses(
    shop, clock, elsewhere, monkeypatch
):
    from restaurant.adapters import guesses

    clock.stop(FRIDAY_18)
    monkeypatch.setattr(guesses, "_of_restaurants", guesses.Tally(3, 60_000, 10))
    await make_code(shop, "SUMMER")
    answers = []
    for number in range(4):
        client = elsewhere(f"198.51.100.{number}")
        body = cart(shop, "guess")
        answers.append(told(await client.post(f"{API}/orders/quote", json=body)))

    assert answers == [(422, "discount.unknown")] * 3 + [(429, "discount.guesses")]
    staff = await shop.client.post(
        f"{API}/orders/quote", json=cart(shop, "summer"), headers=shop.wallet.admin
    )
    assert staff.status_code == 200
