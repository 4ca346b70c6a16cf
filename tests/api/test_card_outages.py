"""A card provider that fails, and what it charges when it does not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from harness import eventually
from harness.books import snapshot
from harness.cards import (
    look,
    now,
    opened,
    pay,
    providers,
    stripe_in_lnbits,
)
from harness.stripe import Stripe

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture
async def stripe(restaurant_module: Any, monkeypatch: Any) -> AsyncIterator[Stripe]:
    """Stripe as LNbits is set up for it."""
    async with stripe_in_lnbits(monkeypatch) as double:
        yield double


# --- a provider that fails -------------------------------------------------------


async def fail(shop: Any, placed: Any, times: int) -> list[Any]:
    answers = [await pay(shop, placed) for _ in range(times)]
    for answer in answers:
        assert answer.status_code == 503, answer.text
        assert answer.json()["code"] == "card.provider_away"
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert "cash" in answer.json()["detail"]
        assert "Lightning" in answer.json()["detail"]
    return answers


@pytest.mark.parametrize("mode", ["error", "garbage", "deny", "hang"])
async def test_a_failing_provider_is_left_alone_while_others_pay_on(
    shop, stripe, clock, settle, monkeypatch, mode
):
    from restaurant.core import limits

    placed = await shop.placed(shop.cart(shop.line("Flan")))  # 30.00
    clock.stop()
    stripe.mode = mode
    if mode == "hang":
        monkeypatch.setattr(limits, "CARD_TIMEOUT_SECONDS", 0.3)
    before = await snapshot(shop.id)

    await fail(shop, placed, limits.BREAKER_FAILURES)
    asked = len(stripe.asked)
    [refused] = await fail(shop, placed, 1)

    assert len(stripe.asked) == asked == limits.BREAKER_FAILURES
    assert refused.headers["Retry-After"] == "60"
    assert await snapshot(shop.id) == before
    [state] = await providers(shop)
    assert (state["provider"], state["is_available"]) == ("stripe", False)
    assert state["again_at"] is not None
    part = await pay(shop, placed, shop.wallet.admin, method="cash", amount="10.00")
    assert part.status_code == 201
    rest = await pay(shop, placed, method="lightning")
    assert rest.status_code == 201
    await settle(rest.json())
    assert (await shop.order(placed["order"]["id"]))["status"] == "paid"
    stripe.mode = "ok"
    stripe.awake.set()


async def test_after_the_pause_one_trial_decides(shop, stripe, clock):
    from restaurant.core import limits

    placed = await shop.placed()
    clock.stop()
    stripe.mode = "error"
    await fail(shop, placed, limits.BREAKER_FAILURES)
    clock.forward(limits.BREAKER_OPEN_MS / 1000)
    assert (await providers(shop))[0]["is_available"]

    await fail(shop, placed, 3)

    assert len(stripe.asked) == limits.BREAKER_FAILURES + 1
    clock.forward(limits.BREAKER_OPEN_MS / 1000)
    stripe.mode = "ok"
    assert (await pay(shop, placed)).status_code == 201
    stripe.mode = "error"
    await fail(shop, placed, limits.BREAKER_FAILURES - 1)
    assert (await providers(shop))[0]["is_available"]


async def test_looks_at_a_failing_provider_cut_it_off_too(shop, stripe, clock):
    from restaurant.core import limits

    for _ in range(14):
        await opened(shop, await shop.placed())
    asked = len(stripe.asked)
    stripe.mode = "error"

    await look()

    # those that were on their way already, at most
    most = limits.LOOKUPS_PARALLEL + limits.BREAKER_FAILURES - 1
    assert len(stripe.asked) - asked <= most < 14
    assert not (await providers(shop))[0]["is_available"]


async def test_what_a_provider_refuses_is_no_failure_of_its(shop, stripe):
    placed = await shop.placed()
    for _ in range(5):
        tiny = await pay(shop, placed, amount="0.01")
        assert (tiny.status_code, tiny.json()["code"]) == (422, "card.refused")
    stripe.mode = "refuse"
    for _ in range(5):
        refused = await pay(shop, placed)
        assert (refused.status_code, refused.json()["code"]) == (422, "card.refused")

    assert (await providers(shop))[0]["is_available"]
    stripe.mode = "ok"
    assert (await pay(shop, placed)).status_code == 201


async def test_guests_who_hang_up_do_not_cut_the_provider_off(shop, stripe):
    from restaurant.adapters import cards

    provider = await cards._provider("stripe")
    stripe.mode = "hang"
    for _ in range(5):
        asking = asyncio.ensure_future(
            cards._guarded("stripe", provider.get_invoice_status("cs_x"), 5, now())
        )
        asked = len(stripe.asked)
        await eventually(lambda asked=asked: len(stripe.asked) > asked)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    stripe.mode = "ok"
    stripe.awake.set()

    assert (await providers(shop))[0]["is_available"]


@pytest.mark.parametrize("provider", ["stripe", "paypal", "square", "revolut"])
def test_every_provider_charges_the_very_cent(restaurant_module, provider):
    from lnbits.fiat import RevolutWallet, StripeWallet

    from restaurant.adapters.cards import _amount_for

    charged = {
        "stripe": lambda amount: StripeWallet.amount_to_minor_units(amount, "EUR"),
        "revolut": lambda amount: RevolutWallet.amount_to_minor_units(amount, "EUR"),
        "paypal": lambda amount: int(f"{amount:.2f}".replace(".", "")),
        "square": lambda amount: int(amount * 100),
    }[provider]
    for minor in (*range(1, 20_000), 123_456_789, 99_999_999_999):
        assert charged(_amount_for(provider, minor, "EUR")) == minor


def test_a_currency_that_would_be_charged_wrongly_is_not_offered(restaurant_module):
    from restaurant.adapters.cards import _amount_for

    assert _amount_for("stripe", 850, "JPY") == 850
    assert _amount_for("stripe", 850, "ISK") == 850
    assert _amount_for("stripe", 1_234, "KWD") == 1.234
    assert _amount_for("square", 850, "JPY") is None
    assert _amount_for("paypal", 850, "JPY") is None
    assert _amount_for("stripe", 1_234, "IQD") is None
    assert _amount_for("someone new", 850, "EUR") is None
