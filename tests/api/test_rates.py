"""Exchange rates as guests meet them: which look at the source is believed."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.books import core_invoices, snapshot
from harness.shop import open_shop

MENU = {"categories": [{"name": "All", "items": [{"name": "Soup", "price": "10"}]}]}
# Every test has a currency of its own: what is known of a rate outlives a test.
CURRENCIES = iter(
    [
        *("CRC", "NIO", "PEN", "UYU", "BOB", "DOP", "JMD", "TTD", "BZD", "HTG", "AWG"),
        *("BBD", "BSD", "XCD", "GYD"),
    ]
)


class Market:
    """The source behind LNbits' pool, and a shop that sells soup for 10 units."""

    def __init__(self, shop: Any, currency: str):
        self.shop = shop
        self.currency = currency
        self.says: Any = 10.0
        self.looks = 0

    async def answer(self, currency: str) -> Any:
        self.looks += 1
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    async def rate(self) -> str:
        """The rate that guests get now."""
        response = await self.quote()
        assert response.status_code == 200, response.text
        return response.json()["rates"][self.currency]

    async def quote(self) -> Any:
        return await self.shop.quote(self.shop.cart(self.shop.line("Soup")))


@pytest_asyncio.fixture
async def market(client, make_wallet, monkeypatch, clock) -> Market:
    from restaurant.adapters import rates

    currency = next(CURRENCIES)
    shop = await open_shop(client, await make_wallet(), MENU, currency=currency)
    made = Market(shop, currency)
    monkeypatch.setattr(rates, "get_fiat_rate_satoshis", made.answer)
    clock.stop()
    return made


LIES = {
    "a thousand times too much": 10_000.0,
    "a thousandth": 0.01,
    "just above the band": 12.001,
    "just below the band": 7.999,
    "zero": 0.0,
    "negative": -10.0,
    "not a number": math.nan,
    "infinite": math.inf,
    "text": "a lot",
    "nothing": None,
    "no answer": ConnectionError("no route to the exchange"),
}


async def test_while_the_source_lies_the_last_good_rate_serves_ten_minutes(
    market, clock
):
    good = (await market.quote()).json()
    for says in LIES.values():
        market.says = says
        clock.forward(20)
        quote = (await market.quote()).json()
        assert quote["rates"] == good["rates"] == {market.currency: "10"}
        assert quote["rate_at"] == good["rate_at"]
        assert quote["total_msat"] == 100_000
    clock.forward(600 - 20 * len(LIES))
    assert (await market.quote()).status_code == 200
    clock.forward(1)
    before = await snapshot(market.shop.id)

    cart = market.shop.cart(market.shop.line("Soup"))
    for response in (await market.quote(), await market.shop.place(cart)):
        assert response.status_code == 503
        assert response.json()["code"] == "rate.unavailable"
        assert response.json()["currency"] == market.currency
        assert 1 <= int(response.headers["Retry-After"]) <= 60

    assert await snapshot(market.shop.id) == before
    assert await core_invoices(market.shop.wallet.id) == set()


@pytest.mark.parametrize("first", [0.0, -10.0, math.nan, math.inf, "a lot", None])
async def test_the_first_look_must_be_a_positive_number(
    client, make_wallet, monkeypatch, clock, first
):
    from restaurant.adapters import rates

    shop = await open_shop(client, await make_wallet(), MENU, currency="SRD")
    market = Market(shop, "SRD")
    market.says = first
    monkeypatch.setattr(rates, "get_fiat_rate_satoshis", market.answer)

    assert (await market.quote()).status_code == 503


async def test_a_move_within_the_band_is_believed_at_once(market, clock):
    assert await market.rate() == "10"
    for says, shown in ((12.0, "12"), (9.6, "9.6"), (11.519, "11.519")):
        market.says = says
        clock.forward(1)
        assert await market.rate() == shown


async def test_three_looks_twenty_seconds_apart_make_a_jump_real(market, clock):
    assert await market.rate() == "10"
    market.says = 30.0
    for wait, shown in ((1, "10"), (19, "10"), (1, "10"), (19, "10"), (1, "30")):
        clock.forward(wait)
        assert await market.rate() == shown


async def test_many_hasty_looks_do_not_make_a_jump_real(market, clock):
    assert await market.rate() == "10"
    market.says = 30.0
    for _ in range(39):
        clock.forward(1)
        assert await market.rate() == "10"


async def test_looks_that_disagree_confirm_nothing(market, clock):
    assert await market.rate() == "10"
    for says in (30.0, 31.0, 30.0, 31.0, 30.0, 31.0):
        market.says = says
        clock.forward(20)
        assert await market.rate() == "10"


async def test_looks_that_agree_within_two_percent_do(market, clock):
    assert await market.rate() == "10"
    shown = []
    for says in (30.0, 30.5, 30.3):
        market.says = says
        clock.forward(20)
        shown.append(await market.rate())
    assert shown == ["10", "10", "30.3"]


async def test_a_good_look_forgets_the_suspects(market, clock):
    assert await market.rate() == "10"
    for says in (30.0, 30.0, 10.0, 30.0, 30.0):
        market.says = says
        clock.forward(20)
        assert await market.rate() == "10"


async def test_after_a_long_silence_a_near_rate_is_believed_at_once(market, clock):
    assert await market.rate() == "10"
    market.says = None
    clock.forward(601)
    assert (await market.quote()).status_code == 503
    market.says = 11.0
    clock.forward(20)

    assert await market.rate() == "11"


async def test_after_a_long_silence_a_far_rate_needs_three_looks(market, clock):
    assert await market.rate() == "10"
    market.says = None
    clock.forward(601)
    market.says = 25.0
    for wait, status in ((0, 503), (20, 503), (20, 200)):
        clock.forward(wait)
        assert (await market.quote()).status_code == status
    assert await market.rate() == "25"


async def test_a_source_that_is_away_is_not_asked_by_every_guest(market, clock):
    assert await market.rate() == "10"
    market.says = None
    clock.forward(601)
    market.looks = 0

    answers = await asyncio.gather(*(market.quote() for _ in range(20)))

    assert {answer.status_code for answer in answers} == {503}
    assert market.looks == 1


async def test_the_last_good_rate_outlives_a_restart(market, clock):
    from restaurant.flows import rating

    good = (await market.quote()).json()
    rating._books.clear()  # what the process knew is gone
    rating._look_again_at.clear()
    market.says = None
    clock.forward(300)

    quote = (await market.quote()).json()

    assert (quote["rates"], quote["rate_at"]) == (good["rates"], good["rate_at"])


# --- what the restaurant says about rates ---------------------------------------------


NOON, ONE, TWO = (f"2026-09-21T{hour}:00:00.000Z" for hour in (12, 13, 14))
AT_NOON = 1_789_992_000_000
HOUR = 3600


async def says(shop: Any, **settings: Any) -> None:
    path = f"{API}/restaurants/{shop.id}"
    answer = await shop.client.patch(path, json=settings, headers=shop.wallet.admin)
    assert answer.status_code == 200, answer.text


async def test_a_house_rate_wins_in_its_window_from_start_up_to_end(market, clock):
    own = {"currency": market.currency}
    await says(
        market.shop,
        house_rates=[
            {**own, "rate": "12.5", "starts_at": NOON, "ends_at": ONE},
            {**own, "rate": "13", "starts_at": ONE, "ends_at": TWO},
        ],
        rate_markup_percent="10",
    )
    seen = []
    clock.stop(AT_NOON - 1)
    for seconds in (0, 0.001, HOUR - 0.001, 0.001, HOUR - 0.001, 0.001):
        clock.forward(seconds)
        quote = (await market.quote()).json()
        [(rate, source)] = zip(
            quote["rates"].values(), quote["rate_sources"].values(), strict=True
        )
        seen.append((rate, source, quote["total_msat"]))

    assert seen == [
        ("11", "market", 110_000),  # 10, and 10 % of it
        *([("12.5", "house", 125_000)] * 2),
        *([("13", "house", 130_000)] * 2),
        ("11", "market", 110_000),
    ]
    assert (await market.quote()).json()["rate_markup_percent"] == "10"


@pytest.mark.parametrize(
    ("percent", "rate"), [("2.5", "10.25"), ("-1.5", "9.85"), ("0", "10")]
)
async def test_a_markup_goes_on_the_markets_rate(
    client, make_wallet, monkeypatch, clock, percent, rate
):
    from restaurant.adapters import rates

    settings = {"currency": "KES", "rate_markup_percent": percent}
    shop = await open_shop(client, await make_wallet(), MENU, **settings)
    market = Market(shop, "KES")
    monkeypatch.setattr(rates, "get_fiat_rate_satoshis", market.answer)

    quote = (await market.quote()).json()

    assert quote["rates"] == {"KES": rate}
    assert quote["rate_sources"] == {"KES": "market"}
    assert (quote["rate_markup_percent"], quote["amounts"]["total"]) == (
        percent,
        "10.00",
    )


async def test_a_house_rate_serves_while_the_market_is_away(market, clock):
    market.says = None
    assert (await market.quote()).status_code == 503
    rate = {"currency": market.currency, "rate": "7"}
    await says(market.shop, house_rates=[rate])
    market.looks = 0

    quote = (await market.quote()).json()

    assert quote["rates"] == {market.currency: "7"}
    assert (quote["total_msat"], market.looks) == (70_000, 0)
    assert quote["rate_at"] is not None


async def test_an_order_keeps_its_rates_while_the_market_moves(market, clock):
    shop = market.shop
    cart = shop.cart(shop.line("Soup"))
    await says(shop, rate_markup_percent="5")
    quote = (await market.quote()).json()
    market.says = 11.0
    clock.forward(30)

    placed = await shop.placed(cart | {"quote_id": quote["quote_id"]})
    market.says = 12.0
    clock.forward(30)
    await says(shop, rate_markup_percent="50")

    order = await shop.order(placed["order"]["id"])
    kept = ("rates", "rate_at", "rate_sources", "rate_markup_percent", "total_msat")
    assert [order[name] for name in kept] == [quote[name] for name in kept]
    assert order["rates"] == {market.currency: "10.5"}
    assert await market.rate() == "18"


async def test_a_satoshi_menu_needs_its_currencys_rate_for_sums_in_it_alone(
    client, make_wallet, monkeypatch, clock
):
    from restaurant.adapters import rates

    menu = {"categories": [{"name": "All", "items": [
        {"name": "Soup", "price": "1234", "currency": "sat"}]}]}  # fmt: skip
    shop = await open_shop(client, await make_wallet(), menu, currency="MZN")
    market = Market(shop, "MZN")
    market.says = None
    monkeypatch.setattr(rates, "get_fiat_rate_satoshis", market.answer)
    await says(shop, charges=[{"name": "Service", "percent": "10"}], tax_rate="5")

    quote = (await market.quote()).json()
    amounts = quote["amounts"]

    assert (quote["currency"], quote["rates"], quote["rate_at"]) == ("sat", {}, None)
    assert (amounts["service"], amounts["tax"], amounts["total"]) == (
        *("123", "65", "1357"),
    )
    await says(shop, charges=[{"name": "Bag", "amount": "1"}])
    assert (await market.quote()).status_code == 503
    await says(shop, charges=[], minimum_order={"pickup": "1"})
    assert (await market.quote()).status_code == 503
    await says(shop, minimum_order={})
    tipped = shop.cart(shop.line("Soup"), tip={"amount": "1"})
    assert (await shop.quote(tipped)).status_code == 503


async def test_a_quote_without_a_rate_holds_when_the_rate_comes_back(
    client, make_wallet, monkeypatch, clock
):
    from restaurant.adapters import rates

    menu = {"categories": [{"name": "All", "items": [
        {"name": "Soup", "price": "1234", "currency": "sat"}]}]}  # fmt: skip
    shop = await open_shop(client, await make_wallet(), menu, currency="NAD")
    market = Market(shop, "NAD")
    market.says = None
    monkeypatch.setattr(rates, "get_fiat_rate_satoshis", market.answer)
    cart = shop.cart(shop.line("Soup", 3), tip={"percent": "10"})
    quote = (await shop.quote(cart)).json()
    market.says = 50.0
    clock.forward(60)

    order = (await shop.placed(cart | {"quote_id": quote["quote_id"]}))["order"]

    assert (order["currency"], order["total"]) == ("sat", "4072")
    assert order["total_msat"] == quote["total_msat"] == 4_072_000
    assert (await shop.quote(cart)).json()["currency"] == "NAD"
