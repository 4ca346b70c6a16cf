"""Quotes over HTTP: what a cart costs, to the msat, and how long that holds."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import Any

import pytest

from harness import API
from harness.books import core_invoices, snapshot
from harness.shop import open_shop

QUOTE = {
    *("required_msat", "subtotal_msat", "discount_msat", "service_msat", "tax_msat"),
    *("tip_msat", "rounding_msat", "total_msat", "currency", "total", "lines"),
    *("rates", "rate_at", "tax_inclusive", "quote_id", "expires_at"),
    *("amounts", "discounts", "charges", "taxes", "tax_exempt_reason", "changes"),
    *("rate_sources", "rate_markup_percent", "price_list"),
    *("quoted_minutes", "wanted_at", "is_busy"),
}
OF_THE_QUOTE_ALONE = {
    *("required_msat", "lines", "quote_id", "expires_at", "changes", "is_busy"),
}
TACOS = ("Tacos", 2, "Maíz", "Brisket", "Chicken")

pytestmark = pytest.mark.usefixtures("quiet")


def menu_of(*items: dict[str, Any]) -> dict[str, Any]:
    return {"categories": [{"name": "All", "items": list(items)}]}


async def quoted(shop: Any, cart: dict[str, Any] | None = None) -> dict[str, Any]:
    response = await shop.quote(cart)
    assert response.status_code == 200, response.text
    return response.json()


async def change(shop: Any, **settings: Any) -> None:
    path = f"{API}/restaurants/{shop.id}"
    answer = await shop.client.patch(path, json=settings, headers=shop.wallet.admin)
    assert answer.status_code == 200, answer.text


async def change_item(shop: Any, item: str, **fields: Any) -> None:
    path = f"{API}/menu_items/{shop.item(item)['id']}"
    answer = await shop.client.patch(path, json=fields, headers=shop.wallet.admin)
    assert answer.status_code == 200, answer.text


def adds_up(sums: dict[str, Any]) -> bool:
    """The contract's equation, in whole satoshi."""
    tax = 0 if sums["tax_inclusive"] else sums["tax_msat"]
    parts = sums["subtotal_msat"] - sums["discount_msat"] + sums["service_msat"]
    whole = parts + tax + sums["tip_msat"] + sums["rounding_msat"]
    return whole == sums["total_msat"] and whole % 1000 == 0


# --- figures ---------------------------------------------------------------------


async def test_the_example_costs_what_the_contract_says(shop, clock):
    at = clock.stop(1_790_000_000_000)

    quote = await quoted(shop, shop.cart(shop.line(*TACOS)))

    assert set(quote) == QUOTE
    assert quote.pop("quote_id")
    [line] = quote.pop("lines")
    assert quote == {
        "required_msat": 26_968_000,
        "subtotal_msat": 26_967_950,
        "discount_msat": 0,
        "service_msat": 0,
        "tax_msat": 0,
        "tip_msat": 0,
        "rounding_msat": 50,
        "total_msat": 26_968_000,
        "currency": "GTQ",
        "total": "170.00",
        "rates": {"GTQ": "158.635"},
        "rate_at": "2026-09-21T14:13:20.000Z",
        "tax_inclusive": True,
        "expires_at": "2026-09-21T14:15:20.000Z",
        "amounts": {
            "subtotal": "170.00",
            "discount": "0.00",
            "service": "0.00",
            "tax": "0.00",
            "tip": "0.00",
            "rounding": "0.00",
            "total": "170.00",
        },
        "discounts": [],
        "charges": [],
        "taxes": [
            {
                "rate": "0",
                "net": "170.00",
                "tax": "0.00",
                "gross": "170.00",
                "net_msat": 26_967_950,
                "tax_msat": 0,
                "gross_msat": 26_967_950,
            }
        ],
        "tax_exempt_reason": None,
        "rate_sources": {"GTQ": "market"},
        "rate_markup_percent": "0",
        "price_list": None,
        "quoted_minutes": None,
        "wanted_at": None,
        "is_busy": False,
        "changes": [],
    }
    assert at == 1_790_000_000_000
    modifiers = line.pop("modifiers")
    assert line == {
        "menu_item_id": shop.item("Tacos")["id"],
        "name": "Tacos",
        "quantity": 2,
        "currency": "GTQ",
        "price": "45.00",
        "unit_msat": 13_483_975,
        "line_msat": 26_967_950,
        "tax_rate": "0",
        "line": 0,
        "discount_msat": 0,
        "net_msat": 26_967_950,
        "tax_msat": 0,
        "combo": None,
        "discounts": [],
    }
    assert [(m["name"], m["quantity"], m["price_delta"]) for m in modifiers] == [
        ("Maíz", 1, "0.00"),
        ("Brisket", 1, "25.00"),
        ("Chicken", 1, "15.00"),
    ]


@pytest.mark.parametrize(
    ("inclusive", "tax", "total", "rounding", "shown"),
    [
        (False, 3_236_154, 30_205_000, 896, "190.40"),
        (True, 2_889_423, 26_968_000, 50, "170.00"),
    ],
)
async def test_tax_is_added_when_exclusive_and_only_shown_when_inclusive(
    shop, inclusive, tax, total, rounding, shown
):
    await change(shop, tax_rate="12", tax_inclusive=inclusive)

    quote = await quoted(shop, shop.cart(shop.line(*TACOS)))

    assert (quote["subtotal_msat"], quote["tax_msat"]) == (26_967_950, tax)
    assert (quote["total_msat"], quote["rounding_msat"]) == (total, rounding)
    assert (quote["total"], quote["lines"][0]["tax_rate"]) == (shown, "12")
    assert adds_up(quote)


@pytest.mark.parametrize(
    ("currency", "rate"),
    [
        ("BWP", "158.635"),
        ("IDR", "0.0612345678912"),
        ("EUR", "1539.07692308"),
        ("KWD", "33333.3333333"),
        ("LBP", "0.0000007"),
    ],
)
async def test_everything_follows_from_the_rate_that_is_shown(
    client, make_wallet, set_rate, currency, rate
):
    set_rate(currency, float(rate))
    menu = menu_of({"name": "Soup", "price": "33.33"})
    wallet = await make_wallet()
    shop = await open_shop(client, wallet, menu, currency=currency, tax_rate="8.75")

    quote = await quoted(shop, shop.cart(shop.line("Soup", 7), tip_msat=123_457))

    shown = Decimal(quote["rates"][currency])
    assert abs(shown - Decimal(rate)) <= Decimal(rate) * Decimal("1e-11")
    assert "E" not in quote["rates"][currency]
    exact = Decimal("33.33") * 7 * shown * 1000 + 123_457
    sats = (exact / 1000).to_integral_value(ROUND_CEILING)
    assert quote["required_msat"] == quote["total_msat"] == int(sats) * 1000
    assert adds_up(quote)


async def test_a_tip_is_added_and_rounded_up_with_the_rest(shop):
    quote = await quoted(shop, shop.cart(shop.line(*TACOS), tip_msat=51))

    assert (quote["tip_msat"], quote["total_msat"]) == (51, 26_969_000)
    assert quote["rounding_msat"] == 999
    assert adds_up(quote)


async def test_a_tip_up_to_a_million_satoshi_is_fine_and_more_is_refused(shop):
    most = await shop.quote(shop.cart(tip_msat=1_000_000_000))
    more = await shop.quote(shop.cart(tip_msat=1_000_000_001))

    assert most.json()["tip_msat"] == 1_000_000_000
    assert (more.status_code, more.json()["code"]) == (422, "tip.too_large")


async def test_a_large_order_may_tip_as_much_as_it_costs(client, make_wallet):
    menu = menu_of({"name": "Feast", "price": "2000000"})
    shop = await open_shop(client, await make_wallet(), menu, currency="sat")
    tip = 2_000_000_000

    most = await shop.quote(shop.cart(shop.line("Feast"), tip_msat=tip))
    more = await shop.quote(shop.cart(shop.line("Feast"), tip_msat=tip + 1))

    assert most.json()["total_msat"] == 2 * tip
    assert (more.status_code, more.json()["code"]) == (422, "tip.too_large")


@pytest.mark.parametrize("spelling", ["sat", "SATS", "Satoshi", "satoshis"])
async def test_a_satoshi_menu_never_asks_for_a_rate(
    client, make_wallet, monkeypatch, spelling
):
    from restaurant.adapters import rates

    async def away(currency: str) -> float:
        raise AssertionError("a rate was asked for")

    monkeypatch.setattr(rates, "get_fiat_rate_satoshis", away)
    menu = menu_of({"name": "Soup", "price": "21"})
    shop = await open_shop(client, await make_wallet(), menu, currency=spelling)

    quote = await quoted(shop, shop.cart(shop.line("Soup", 2)))

    assert (quote["total_msat"], quote["total"], quote["currency"]) == (
        42_000,
        "42",
        "sat",
    )
    assert (quote["rates"], quote["rate_at"]) == ({}, None)
    assert (await shop.placed(shop.cart(shop.line("Soup"))))["order"]["rates"] == {}


@pytest.mark.parametrize(
    ("price", "quantity", "total"), [("1", 1, 1000), ("500", 2, 1000), ("501", 2, 2000)]
)
async def test_less_than_a_satoshi_costs_one(
    client, make_wallet, price, quantity, total
):
    menu = menu_of({"name": "Crumb", "price": price, "currency": "msat"})
    shop = await open_shop(client, await make_wallet(), menu, currency="sat")

    quote = await quoted(shop, shop.cart(shop.line("Crumb", quantity)))

    assert quote["total_msat"] == total
    assert adds_up(quote)


async def test_currencies_mix_in_one_cart_each_at_its_rate(
    client, make_wallet, set_rate
):
    set_rate("GTQ", 158.635)
    set_rate("JPY", 9.5)
    menu = menu_of(
        {"name": "Taco", "price": "10.00"},
        {"name": "Sushi", "price": "850", "currency": "JPY"},
        {"name": "Espresso", "price": "2100", "currency": "sats"},
        {"name": "Mint", "price": "0.00000003", "currency": "BTC"},
    )
    shop = await open_shop(client, await make_wallet(), menu)
    names = ("Taco", "Sushi", "Espresso", "Mint")

    quote = await quoted(shop, shop.cart(*(shop.line(name) for name in names)))

    msat = [line["line_msat"] for line in quote["lines"]]
    assert msat == [1_586_350, 8_075_000, 2_100_000, 3_000]
    assert (quote["subtotal_msat"], quote["total_msat"]) == (11_764_350, 11_765_000)
    assert quote["rates"] == {"GTQ": "158.635", "JPY": "9.5"}
    assert [line["currency"] for line in quote["lines"]] == ["GTQ", "JPY", "sat", "BTC"]
    assert [line["price"] for line in quote["lines"]][1:] == [
        *("850", "2100", "0.00000003"),
    ]
    assert (quote["currency"], quote["total"]) == ("GTQ", "74.16")


async def test_one_look_per_currency_and_request(shop, monkeypatch):
    from restaurant.adapters import rates

    looks: list[str] = []

    async def look(currency: str) -> float:
        looks.append(currency)
        return 158.635

    monkeypatch.setattr(rates, "get_fiat_rate_satoshis", look)

    await quoted(
        shop, shop.cart(shop.line(*TACOS), shop.line("Agua"), shop.line("Flan"))
    )

    assert looks == ["GTQ"]


async def test_what_the_client_says_about_money_is_ignored(shop):
    line = shop.line(*TACOS) | {"price": "0.01", "unit_msat": 1, "price_delta": "-44"}
    line["modifiers"] = [m | {"price_delta": "-99"} for m in line["modifiers"]]
    claims = {
        "total_msat": 1,
        "tax_msat": -5,
        "discount_msat": 10**9,
        "rates": {"GTQ": 1},
    }
    cart = shop.cart(line, **claims, subtotal_msat=0, status="paid", number=1)

    assert (await quoted(shop, cart))["total_msat"] == 26_968_000
    placed = await shop.placed(cart)
    assert placed["order"]["total_msat"] == 26_968_000
    assert placed["order"]["status"] == "pending"


async def test_a_total_above_the_servers_limit_is_refused(shop, monkeypatch):
    from lnbits.settings import settings

    monkeypatch.setattr(settings, "lnbits_max_incoming_payment_amount_sats", 26_967)
    too_large = await shop.quote(shop.cart(shop.line(*TACOS)))
    monkeypatch.setattr(settings, "lnbits_max_incoming_payment_amount_sats", 26_968)
    fits = await shop.quote(shop.cart(shop.line(*TACOS)))

    assert (too_large.status_code, too_large.json()["code"]) == (422, "total.too_large")
    assert fits.status_code == 200


async def test_a_quote_stores_nothing(shop):
    before = await snapshot(shop.id), await core_invoices(shop.wallet.id)

    for _ in range(3):
        await quoted(shop, shop.cart(shop.line(*TACOS)))

    assert (await snapshot(shop.id), await core_invoices(shop.wallet.id)) == before


# --- what cannot be quoted -------------------------------------------------------


async def test_without_a_rate_it_is_503_and_nothing_is_stored(
    client, make_wallet, set_rate
):
    set_rate("HNL", 0)
    wallet = await make_wallet()
    shop = await open_shop(client, wallet, currency="HNL")
    before = await snapshot(shop.id)

    for response in (await shop.quote(), await shop.place()):
        assert response.status_code == 503
        assert response.json()["code"] == "rate.unavailable"
        assert 1 <= int(response.headers["Retry-After"]) <= 60

    assert await snapshot(shop.id) == before
    assert await core_invoices(wallet.id) == set()


async def test_a_closed_restaurant_neither_quotes_nor_takes_orders(shop):
    quote = await quoted(shop)
    await change(shop, is_open=False)

    for response in (
        await shop.quote(),
        await shop.place(),
        await shop.place(shop.cart(quote_id=quote["quote_id"])),
    ):
        assert (response.status_code, response.json()["code"]) == (
            409,
            "restaurant.closed",
        )
    assert await core_invoices(shop.wallet.id) == set()


async def test_an_unknown_restaurant_is_404(shop):
    for restaurant_id in ("nobody", "", "'; DROP TABLE orders; --"):
        response = await shop.quote(shop.cart() | {"restaurant_id": restaurant_id})
        assert (response.status_code, response.json()["code"]) == (
            404,
            "restaurant.unknown",
        )


async def test_a_line_that_cannot_be_ordered_is_named(shop, client, make_wallet):
    other = await open_shop(client, await make_wallet())
    await change_item(shop, "Agua", is_available=False)
    tacos = shop.item("Tacos")["id"]
    maiz, harina = (
        m["modifier_id"] for m in shop.line("Tacos", 1, "Maíz", "Harina")["modifiers"]
    )
    foreign = other.line("Tacos", 1, "Maíz")["modifiers"]
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("item.unknown", {"menu_item_id": "nothing", "quantity": 1}),
        ("item.unknown", {"menu_item_id": other.item("Agua")["id"], "quantity": 1}),
        ("item.unavailable", shop.line("Agua")),
        ("stock.short", shop.line("Flan", 4)),
        ("modifier.count", shop.line("Tacos")),
        ("modifier.count", shop.line("Tacos", 1, "Maíz", "Harina")),
        ("modifier.repeated", shop.line("Tacos", 1, "Maíz", "Maíz")),
        (
            "modifier.unknown",
            shop.line("Flan") | {"modifiers": [{"modifier_id": maiz}]},
        ),
        ("modifier.count", shop.line("Tacos") | {"modifiers": foreign}),
        (
            "modifier.count",
            {
                "menu_item_id": tacos,
                "quantity": 1,
                "modifiers": [{"modifier_id": harina, "quantity": 2}],
            },
        ),
    ]
    before = await snapshot(shop.id)
    good = shop.line("Tacos", 1, "Maíz")
    for code, line in wrong:
        for response in (
            await shop.quote(shop.cart(good, line)),
            await shop.place(shop.cart(good, line)),
        ):
            answer = response.json()
            assert (response.status_code, answer["code"]) == (422, code), line
            assert (answer["line"], bool(answer["detail"])) == (1, True)
    assert await snapshot(shop.id) == before
    assert await core_invoices(shop.wallet.id) == set()


async def test_a_hidden_item_is_unknown_to_guests(shop):
    await change_item(shop, "Agua", is_hidden=True)

    response = await shop.quote()

    assert (response.status_code, response.json()["code"]) == (422, "item.unknown")


# --- what a quote promises -------------------------------------------------------


async def test_a_quote_holds_while_market_menu_and_taxes_move(shop, set_rate):
    cart = shop.cart(shop.line(*TACOS), tip_msat=1234)
    quote = await quoted(shop, cart)
    set_rate("GTQ", 158.635 * 1.15)
    await change_item(shop, "Tacos", price="60.00", name="Tacos grandes")
    await change(shop, tax_rate="25", tax_inclusive=False)

    dearer = await quoted(shop, cart)
    placed = await shop.placed(cart | {"quote_id": quote["quote_id"]})

    assert dearer["total_msat"] > quote["total_msat"]
    order = placed["order"]
    assert placed["invoice"]["amount_msat"] == quote["required_msat"]
    for field in QUOTE - OF_THE_QUOTE_ALONE:
        assert order[field] == quote[field], field
    assert order["items"][0]["price"] == "45.00"
    assert order["items"][0]["line_msat"] == 26_967_950


async def test_a_quote_holds_when_the_price_fell_as_well(shop, set_rate):
    quote = await quoted(shop)
    set_rate("GTQ", 158.635 * 0.85)

    placed = await shop.placed(shop.cart(quote_id=quote["quote_id"]))

    assert placed["order"]["total_msat"] == quote["total_msat"] == 1_587_000


async def test_names_notes_and_table_may_be_filled_in_after_the_quote(shop):
    quote = await quoted(shop)
    line = shop.line("Agua") | {"note": "no ice"}
    named = {"customer_name": "Ana", "note": "hi", "table": "7", "covers": 2}

    placed = await shop.placed(shop.cart(line, quote_id=quote["quote_id"], **named))

    assert placed["order"]["customer_name"] == "Ana"
    assert placed["order"]["items"][0]["note"] == "no ice"


async def test_an_altered_cart_is_refused_with_a_fresh_quote(shop):
    cart = shop.cart(shop.line(*TACOS), tip_msat=1000, order_type="pickup")
    quote_id = (await quoted(shop, cart))["quote_id"]
    altered = [
        shop.cart(shop.line("Tacos", 3, *TACOS[2:]), tip_msat=1000),
        shop.cart(shop.line("Tacos", 2, "Harina", *TACOS[3:]), tip_msat=1000),
        shop.cart(shop.line("Tacos", 2, "Maíz", "Brisket"), tip_msat=1000),
        shop.cart(shop.line(*TACOS), shop.line("Agua"), tip_msat=1000),
        shop.cart(shop.line(*TACOS), tip_msat=999),
        shop.cart(shop.line(*TACOS), tip_msat=1000, order_type="dine_in"),
    ]
    before = await snapshot(shop.id)
    for changed in altered:
        await refused_with_quote(shop, changed | {"quote_id": quote_id})
    assert await snapshot(shop.id) == before
    assert await core_invoices(shop.wallet.id) == set()


async def test_a_quote_for_lightning_is_not_one_for_cash(shop):
    quote_id = (await quoted(shop))["quote_id"]
    cart = shop.cart(payment_method="cash", quote_id=quote_id)

    await refused_with_quote(shop, cart, **shop.wallet.admin)


async def test_another_restaurants_quote_is_refused(shop, client, make_wallet):
    other = await open_shop(client, await make_wallet())
    quote_id = (await quoted(other))["quote_id"]

    await refused_with_quote(shop, shop.cart(quote_id=quote_id))


async def test_a_forged_quote_is_refused(shop):
    quote_id = (await quoted(shop))["quote_id"]
    packed, _, signature = quote_id.partition(".")
    flipped = "A" if packed[20] != "A" else "B"
    forged = [
        *("x", ".", "..", "💥", "a" * 200_000, packed, f".{signature}", quote_id + "A"),
        f"{packed[:20]}{flipped}{packed[21:]}.{signature}",
        f"{packed}.{signature[::-1]}",
        f"{packed}=.{signature}",
    ]
    for text in forged:
        await refused_with_quote(shop, shop.cart(quote_id=text))


async def test_an_expired_quote_is_409_with_a_fresh_one(shop, clock):
    quote = await quoted(shop)
    cart = shop.cart(quote_id=quote["quote_id"])
    clock.forward(119)
    assert (await shop.place(cart)).status_code == 201
    clock.forward(2)

    expired = await shop.place(cart)

    assert (expired.status_code, expired.json()["code"]) == (409, "quote.expired")
    fresh = expired.json()["quote"]
    assert set(fresh) == QUOTE
    assert fresh["expires_at"] > quote["expires_at"]
    placed = await shop.placed(shop.cart(quote_id=fresh["quote_id"]))
    assert placed["order"]["total_msat"] == fresh["required_msat"]


async def test_how_long_a_quote_holds_is_a_setting(client, make_wallet, clock):
    menu = menu_of({"name": "Soup", "price": "21"})
    wallet = await make_wallet()
    shop = await open_shop(client, wallet, menu, currency="sat", quote_seconds=10)
    cart = shop.cart(shop.line("Soup"))
    cart["quote_id"] = (await quoted(shop, cart))["quote_id"]
    clock.forward(11)

    assert (await shop.place(cart)).json()["code"] == "quote.expired"


async def test_a_price_above_what_the_guest_expects_is_409_with_a_quote(shop):
    exactly = await shop.place(shop.cart(max_total_msat=1_587_000))
    above = await shop.place(shop.cart(max_total_msat=1_586_999))

    assert exactly.status_code == 201
    assert (above.status_code, above.json()["code"]) == (409, "price.changed")
    fresh = above.json()["quote"]
    assert (set(fresh), fresh["required_msat"]) == (QUOTE, 1_587_000)
    assert len(await core_invoices(shop.wallet.id)) == 1
    agreed = shop.cart(max_total_msat=1_586_999, quote_id=fresh["quote_id"])
    assert (await shop.placed(agreed))["order"]["total_msat"] == 1_587_000


async def test_a_quoted_item_that_is_sold_out_now_is_refused_by_name(shop):
    quote = await quoted(shop)
    await change_item(shop, "Agua", is_available=False)

    response = await shop.place(shop.cart(quote_id=quote["quote_id"]))

    assert (response.status_code, response.json()["code"]) == (422, "item.unavailable")
    assert response.json()["line"] == 0


async def test_a_quote_outlives_a_menu_that_was_uploaded_again(shop):
    quote = await quoted(shop)
    tree = shop.menu["categories"]
    path = f"{API}/restaurants/{shop.id}/menu"
    stored = await shop.client.put(
        path, json={"categories": tree}, headers=shop.wallet.admin
    )
    assert stored.status_code == 200, stored.text

    placed = await shop.placed(shop.cart(quote_id=quote["quote_id"]))

    assert placed["order"]["total_msat"] == quote["total_msat"]


async def test_a_newer_quote_says_what_changed(shop, set_rate):
    cart = shop.cart(shop.line(*TACOS), shop.line("Agua"))
    old = await quoted(shop, cart)
    assert (await quoted(shop, cart | {"quote_id": old["quote_id"]}))["changes"] == []
    set_rate("GTQ", 160)
    await change_item(shop, "Tacos", price="50.00")
    await change_item(shop, "Agua", tax_rate="12")
    charge = {"name": "Service", "percent": "10"}
    await change(shop, charges=[charge])

    new = await quoted(shop, cart | {"quote_id": old["quote_id"]})

    told = [tuple(change.values()) for change in new["changes"]]
    assert told == [
        ("price", 0, "Tacos", "45.00 GTQ", "50.00 GTQ"),
        ("tax", 1, "Agua", "0", "12"),
        ("rate", None, "GTQ", "158.635", "160"),
        ("charges", None, None, "", "Service"),
        ("total", None, None, str(old["total_msat"]), str(new["total_msat"])),
    ]


async def test_an_expired_quote_says_what_changed(shop, clock):
    cart = shop.cart(shop.line(*TACOS))
    old = await quoted(shop, cart)
    brisket = shop.line("Tacos", 1, "Brisket")["modifiers"][0]["modifier_id"]
    path = f"{API}/modifiers/{brisket}"
    body = {"price_delta": "30.00"}
    await shop.client.patch(path, json=body, headers=shop.wallet.admin)
    clock.forward(121)

    expired = await shop.place(cart | {"quote_id": old["quote_id"]})

    assert expired.json()["code"] == "quote.expired"
    fresh = expired.json()["quote"]
    assert [(c["what"], c["before"], c["after"]) for c in fresh["changes"]] == [
        ("modifiers", "0.00, 25.00, 15.00", "0.00, 30.00, 15.00"),
        ("total", str(old["total_msat"]), str(fresh["total_msat"])),
    ]


async def test_another_restaurants_quote_tells_nothing(shop, client, make_wallet):
    other = await open_shop(client, await make_wallet())
    old = await quoted(other, other.cart(other.line("Agua", 7)))

    assert (await quoted(shop, shop.cart(quote_id=old["quote_id"])))["changes"] == []
    assert (await quoted(shop, shop.cart(quote_id="forged")))["changes"] == []


async def refused_with_quote(shop: Any, cart: dict[str, Any], **headers: str) -> None:
    """422 ``quote.invalid``, and the quote beside it is good for this very cart."""
    response = await shop.place(cart, **headers)
    answer = response.json()
    assert (response.status_code, answer["code"]) == (422, "quote.invalid"), cart
    fresh = answer["quote"]
    assert set(fresh) == QUOTE
    without = {name: value for name, value in cart.items() if name != "quote_id"}
    asked = await shop.quote(without)
    assert asked.json()["total_msat"] == fresh["required_msat"]
