"""Discounts are counted with their order: once, anew after an edit, and given back."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from harness import API
from harness.discounts import GUEST, TENTH, change_discount, make_code, uses_of
from harness.shop import Shop

DAY = "2026-09-25"
AT = 1_790_359_200_000


@pytest.fixture
def wanted(restaurant_module: Any) -> Any:
    """`wanted(discount, **fields)`: what pricing says a cart got of it."""
    from restaurant.features.discounts.models import DiscountKind, Trigger, Wanted

    def of(discount: dict[str, Any] | None, **fields: Any) -> Any:
        of_id = discount["id"] if discount else None
        plain = Wanted(of_id, "Ten off", Trigger.CODE, DiscountKind.PERCENT)
        return replace(plain, **fields)

    return of


async def claim(
    shop: Shop, order_id: str, *applied: Any, guest: str | None = None, at: int = AT
) -> list[tuple[str, dict[str, Any]]]:
    """Count these for the order, in a transaction of its own; the entries."""
    from restaurant.crud import transaction
    from restaurant.features.discounts import crud
    from restaurant.features.restaurants import crud as restaurants
    from restaurant.flows.discounting import claim_uses

    async with transaction() as conn:
        await restaurants.lock(conn, shop.id)
        stored = {each.id: each for each in await crud.all_of(conn, shop.id)}
        entries = await claim_uses(
            conn, order_id, shop.id, applied, stored, guest, DAY, at
        )
    return [(entry.event, entry.payload) for entry in entries]


async def stored_uses(order_id: str) -> list[tuple[str, str | None, int, int | None]]:
    from restaurant.crud import read
    from restaurant.features.discounts import crud

    async with read() as conn:
        uses = await crud.uses_of(conn, order_id)
    return sorted(
        (u.discount_id, u.code_id, u.amount_msat, u.released_at) for u in uses
    )


async def test_what_took_nothing_off_or_is_not_stored_is_not_counted(shop, wanted):
    discount = await make_code(shop, "SUMMER", limit_total=1)

    told = await claim(shop, "order", (wanted(discount), 0), (wanted(None), 500))

    assert told == []
    assert await stored_uses("order") == []


async def test_a_discount_of_an_order_counts_once_however_many_lines_it_reached(
    shop, wanted
):
    discount = await make_code(shop, "SUMMER", limit_total=1)
    twice = (wanted(discount, line=0), 300), (wanted(discount, line=1), 200)

    told = await claim(shop, "order-1", *twice)

    payload = {"discount_id": discount["id"], "amount_msat": 500}
    assert told == [("discount.used", payload)]
    assert await stored_uses("order-1") == [(discount["id"], None, 500, None)]


async def test_an_edited_order_counts_for_what_it_has_now(shop, wanted):
    from restaurant.core.errors import Conflict

    kept = await make_code(shop, "KEPT", limit_total=1)
    dropped = await make_code(shop, "DROPPED", limit_total=1)
    await claim(shop, "order-2", (wanted(kept), 100), (wanted(dropped), 100))
    await change_discount(shop, kept, limit_per_guest=1)  # it has it already

    await claim(shop, "order-2", (wanted(kept), 70))

    assert await stored_uses("order-2") == [(kept["id"], None, 70, None)]
    assert (await uses_of(shop, kept), await uses_of(shop, dropped)) == (1, 0)
    await claim(shop, "order-3", (wanted(dropped), 100))
    with pytest.raises(Conflict, match="used_up"):
        await claim(shop, "order-2", (wanted(kept), 70), (wanted(dropped), 100))
    assert await stored_uses("order-2") == [(kept["id"], None, 70, None)]


async def test_giving_back_and_taking_again_change_something_once(shop, wanted):
    from restaurant.crud import transaction
    from restaurant.flows.discounting import release_uses, take_uses_again
    from restaurant.models import SYSTEM

    discount = await make_code(shop, "SUMMER", limit_total=1)
    await claim(shop, "order-4", (wanted(discount), 100))

    async with transaction() as conn:
        first = await release_uses(conn, "order-4", SYSTEM, AT + 1)
        second = await release_uses(conn, "order-4", SYSTEM, AT + 2)
    assert ([e.event for e in first], second) == (["discount.released"], [])
    assert await stored_uses("order-4") == [(discount["id"], None, 100, AT + 1)]

    async with transaction() as conn:
        first = await take_uses_again(conn, "order-4", SYSTEM)
        second = await take_uses_again(conn, "order-4", SYSTEM)
    assert ([e.event for e in first], second) == (["discount.used"], [])
    assert await stored_uses("order-4") == [(discount["id"], None, 100, None)]


async def test_a_guest_who_is_unknown_cannot_be_counted(shop, wanted):
    from restaurant.core.errors import Refused

    discount = await make_code(shop, "SUMMER", limit_per_guest=1)

    with pytest.raises(Refused, match=r"discount\.guest"):
        await claim(shop, "order-5", (wanted(discount), 100))
    await claim(shop, "order-5", (wanted(discount), 100), guest="hash")
    assert await uses_of(shop, discount) == 1


async def test_a_limit_lowered_between_quote_and_order_holds(shop):
    discount = await make_code(shop, "SUMMER", limit_total=2)
    await shop.placed(shop.cart(codes=["summer"]))
    cart = shop.cart(codes=["summer"])
    quote = (await shop.quote(cart)).json()
    await change_discount(shop, discount, limit_total=1)

    answer = await shop.place({**cart, "quote_id": quote["quote_id"]})

    assert (answer.status_code, answer.json()["code"]) == (409, "discount.used_up")
    assert await uses_of(shop, discount) == 1


async def test_many_guesses_at_one_moment_are_told_no_more_than_ten(
    app, shop, clock_at
):
    """Each of them looked before any of them was counted."""
    await make_code(shop, "SUMMER")
    transport = ASGITransport(app=app, client=("203.0.113.77", 1))

    async with AsyncClient(
        transport=transport, base_url="http://testserver"
    ) as guesser:

        async def ask(code: str) -> str:
            cart = shop.cart(codes=[code])
            answer = await guesser.post(f"{API}/orders/quote", json=cart)
            return str(answer.json()["code"])

        answers = await asyncio.gather(*(ask(f"guess{n}") for n in range(60)))
        right = await ask("summer")

    assert Counter(answers) == {"discount.unknown": 10, "discount.guesses": 50}
    assert right == "discount.guesses"


@pytest.fixture
def clock_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's clock stands still, so that no window ends meanwhile."""
    from restaurant.adapters import system

    monkeypatch.setattr(system, "now", lambda: AT)


async def test_a_guests_name_for_itself_is_nowhere(shop):
    from restaurant.crud import read

    await make_code(shop, "SUMMER", limit_per_guest=1)
    placed = await shop.placed(shop.cart(codes=["summer"], guest_id=GUEST))

    async with read() as conn:
        rows = [
            await conn.all(f"SELECT * FROM restaurant.{table}")
            for table in ("orders", "journal", "discount_uses", "idempotency")
        ]
    assert GUEST not in str(rows)
    assert GUEST not in str(placed)
    assert TENTH["name"] in str(placed)
