"""What a bill is made of, through HTTP: taxes, charges, discounts, tips, rights."""

from __future__ import annotations

from typing import Any

import pytest

from harness import API
from harness.books import core_invoices, snapshot
from harness.discounts import make_code, make_discount, uses_of
from harness.gift_cards import call
from harness.shop import Shop, open_shop

#: What a quote and the order that was placed by it both show.
SHARED = (
    *("subtotal_msat", "discount_msat", "service_msat", "tax_msat", "tip_msat"),
    *("rounding_msat", "total_msat", "currency", "total", "amounts", "discounts"),
    *("charges", "taxes", "tax_exempt_reason", "rates", "rate_at", "rate_sources"),
    *("rate_markup_percent", "price_list", "tax_inclusive"),
)
SHARED_LINE = (
    *("menu_item_id", "name", "quantity", "currency", "price", "unit_msat"),
    *("line_msat", "discount_msat", "net_msat", "tax_rate", "tax_msat", "discounts"),
)
SERVICE = {"name": "Service", "percent": "10", "order_types": ["dine_in"]}
PARTY = {"kind": "gratuity", "name": "Party", "percent": "18", "from_covers": 6}
DELIVERY = {
    "kind": "delivery",
    "name": "Delivery",
    "amount": "15.00",
    "order_types": ["delivery"],
    "free_from": "100.00",
}

pytestmark = pytest.mark.usefixtures("quiet")


async def change(shop: Shop, **settings: Any) -> None:
    answer = await call(shop, "PATCH", f"/restaurants/{shop.id}", settings)
    assert answer.status_code == 200, answer.text


async def change_item(shop: Shop, name: str, **fields: Any) -> None:
    path = f"/menu_items/{shop.item(name)['id']}"
    answer = await call(shop, "PATCH", path, fields)
    assert answer.status_code == 200, answer.text


async def ask(shop: Shop, cart: dict[str, Any], **headers: str) -> Any:
    """The answer to a quote with these credentials."""
    path = f"{API}/orders/quote"
    return await shop.client.post(path, json=cart, headers=headers)


async def quoted(shop: Shop, cart: dict[str, Any], **headers: str) -> dict[str, Any]:
    response = await ask(shop, cart, **headers)
    assert response.status_code == 200, response.text
    return response.json()


async def refused(shop: Shop, cart: dict[str, Any], **headers: str) -> tuple[int, str]:
    """Status and code of both quoting and ordering it; nothing is stored."""
    before = await snapshot(shop.id), await core_invoices(shop.wallet.id)
    asked, placed = await ask(shop, cart, **headers), await shop.place(cart, **headers)
    assert (await snapshot(shop.id), await core_invoices(shop.wallet.id)) == before
    answers = {(each.status_code, each.json()["code"]) for each in (asked, placed)}
    assert len(answers) == 1, answers
    return answers.pop()


async def ordered(shop: Shop, cart: dict[str, Any], **headers: str) -> dict[str, Any]:
    """The quote of a cart, after an order by it was checked to be the same."""
    quote = await quoted(shop, cart, **headers)
    response = await shop.place(cart | {"quote_id": quote["quote_id"]}, **headers)
    assert response.status_code == 201, response.text
    order, invoice = response.json()["order"], response.json()["invoice"]
    assert {name: order[name] for name in SHARED} == {n: quote[n] for n in SHARED}
    for line, item in zip(quote["lines"], order["items"], strict=True):
        assert {n: item[n] for n in SHARED_LINE} == {n: line[n] for n in SHARED_LINE}
    assert invoice is None or invoice["amount_msat"] == quote["required_msat"]
    again = await shop.order(order["id"])
    assert {name: again[name] for name in SHARED} == {n: quote[n] for n in SHARED}
    return quote


async def till(shop: Shop, role: str = "pos") -> dict[str, str]:
    """The credential of a new device."""
    body = {"name": "Till", "role": role}
    made = await call(shop, "POST", f"/restaurants/{shop.id}/devices", body)
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['token']}"}


def rows(quote: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return [(t["rate"], t["net"], t["tax"], t["gross"]) for t in quote["taxes"]]


# --- the whole of it ----------------------------------------------


async def test_a_bill_of_everything_and_its_order(shop):
    """90.00 + 10.00; 10 % off: 90.00; 5.00 off: 76.50 + 8.50 = 85.00. Service 8.50,
    gratuity 15.30. 12 % on 108.80: 13.056. Tip 10 % of 85.00. 130.36 in all."""
    await change(shop, tax_rate="12", tax_inclusive=False, tax_rounding="rate")
    await change(shop, charges=[SERVICE, PARTY, DELIVERY])
    await make_discount(shop, name="Happy", trigger="schedule")
    five = {"kind": "amount", "percent": None, "amount": "5.00"}
    code = await make_code(shop, "FIVE", name="Five", **five)
    cart = shop.cart(
        *(shop.line("Tacos", 2, "Maíz"), shop.line("Agua")),
        order_type="dine_in",
        covers=6,
        codes=["five"],
        tip={"percent": "10"},
    )

    quote = await ordered(shop, cart)

    assert quote["amounts"] == {
        "subtotal": "100.00",
        "discount": "15.00",
        "service": "23.80",
        "tax": "13.06",
        "tip": "8.50",
        "rounding": "0.00",
        "total": "130.36",
    }
    assert [quote[name] for name in SHARED[:7]] == [
        *(15_863_500, 2_379_525, 3_775_513, 2_071_773, 1_348_398, 341, 20_680_000),
    ]
    assert rows(quote) == [("12", "108.80", "13.06", "121.86")]
    charges = [
        (c["kind"], c["name"], c["percent"], c["amount"]) for c in quote["charges"]
    ]
    assert charges == [
        ("service", "Service", "10", "8.50"),
        ("gratuity", "Party", "18", "15.30"),
    ]
    shown = [
        (d["kind"], d["name"], d["trigger"], d["amount"]) for d in quote["discounts"]
    ]
    assert shown == [
        ("percent", "Happy", "schedule", "10.00"),
        ("amount", "Five", "code", "5.00"),
    ]
    of_lines = [[d["amount"] for d in line["discounts"]] for line in quote["lines"]]
    assert of_lines == [["9.00", "4.50"], ["1.00", "0.50"]]
    nets = [line["net_msat"] for line in quote["lines"]]
    assert nets == [12_135_577, 1_348_397]  # each line is rounded by itself
    assert await uses_of(shop, code) == 1


# --- taxes ----------------------------------------------


@pytest.mark.parametrize(
    ("kind", "taxes"),
    [
        ("dine_in", [("19", "8.40", "1.60", "10.00"), ("5", "28.57", "1.43", "30.00")]),
        ("pickup", [("12", "35.71", "4.29", "40.00")]),
        ("delivery", [("12", "35.71", "4.29", "40.00")]),
    ],
)
async def test_taxes_follow_the_type_of_order(shop, kind, taxes):
    await change(shop, tax_rate="12", tax_rates={"dine_in": "5"})
    await change_item(shop, "Agua", tax_rates={"dine_in": "19"})
    cart = shop.cart(shop.line("Agua"), shop.line("Flan"), order_type=kind)

    quote = await ordered(shop, cart)

    assert rows(quote) == taxes
    assert (quote["total"], quote["tax_inclusive"]) == ("40.00", True)


@pytest.mark.parametrize(
    ("rounding", "tax", "tax_msat"),
    [
        ("exact", "0.08", 11_898),  # 3 × 0.025 = 0.075
        ("line", "0.09", 14_277),
        ("rate", "0.08", 12_691),
    ],
)
async def test_tax_is_rounded_as_the_restaurant_says(shop, rounding, tax, tax_msat):
    await change_item(shop, "Agua", price="0.50")
    await change(shop, tax_rate="5", tax_inclusive=False, tax_rounding=rounding)

    quote = await ordered(shop, shop.cart(*[shop.line("Agua")] * 3))

    assert (quote["amounts"]["tax"], quote["tax_msat"]) == (tax, tax_msat)


# --- charges and the minimum ----------------------------------------------


@pytest.mark.parametrize(
    ("aguas", "fee", "total"), [(9, "15.00", "105.00"), (10, None, "100.00")]
)
async def test_delivery_is_free_from_a_sum_on(shop, aguas, fee, total):
    await change(shop, charges=[DELIVERY, SERVICE])
    cart = shop.cart(shop.line("Agua", aguas), order_type="delivery")

    quote = await ordered(shop, cart)

    assert [charge["amount"] for charge in quote["charges"]] == ([fee] if fee else [])
    assert quote["total"] == total


async def test_below_the_minimum_guests_are_told_what_is_missing(shop):
    await change(shop, minimum_order={"delivery": "25.00"})
    cart = shop.cart(shop.line("Agua", 2), order_type="delivery")

    assert await refused(shop, cart) == (422, "order.minimum")
    answer = (await ask(shop, cart)).json()
    facts = {name: answer[name] for name in ("minimum", "missing", "currency", "field")}
    assert facts == {
        "minimum": "25.00",
        "missing": "5.00",
        "currency": "GTQ",
        "field": "items",
    }
    await quoted(shop, shop.cart(shop.line("Agua", 2)))
    await quoted(shop, shop.cart(shop.line("Agua", 3), order_type="delivery"))


async def test_staff_may_order_less_but_guests_not_by_their_quote(shop):
    await change(shop, minimum_order={"pickup": "25.00"})
    quote = await ordered(shop, shop.cart(), **shop.wallet.admin)

    by_guest = await shop.place(shop.cart(quote_id=quote["quote_id"]))

    assert (by_guest.status_code, by_guest.json()["code"]) == (422, "order.minimum")


@pytest.mark.parametrize(("quoted_for", "ordered_for"), [(2, 8), (8, 2), (8, None)])
async def test_a_party_of_another_size_needs_another_quote(
    shop, quoted_for, ordered_for
):
    await change(shop, charges=[PARTY])
    quote = await quoted(shop, shop.cart(covers=quoted_for))

    cart = shop.cart(quote_id=quote["quote_id"], covers=ordered_for)
    response = await shop.place(cart)

    answer = response.json()
    assert (response.status_code, answer["code"]) == (422, "quote.invalid")
    assert answer["quote"]["total_msat"] != quote["total_msat"]
    same = await shop.place(shop.cart(quote_id=quote["quote_id"], covers=quoted_for))
    assert same.status_code == 201


# --- tips ----------------------------------------------


@pytest.mark.parametrize(
    ("tip", "amount", "total"),
    [
        ({"percent": "12.5"}, "5.00", "45.00"),
        ({"amount": "7.77"}, "7.77", "47.77"),
        ({"amount": 5}, "5.00", "45.00"),
        ({"round_up": True}, "10.00", "50.00"),
    ],
)
async def test_tips_of_every_kind(shop, tip, amount, total):
    await change(shop, tip_round_to="25.00")
    cart = shop.cart(shop.line("Agua"), shop.line("Flan"), tip=tip)

    quote = await ordered(shop, cart)

    assert (quote["amounts"]["tip"], quote["total"]) == (amount, total)
    assert quote["amounts"]["subtotal"] == "40.00"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"tip": {}}, "tip.invalid"),
        ({"tip": {"percent": "10", "amount": "1"}}, "tip.invalid"),
        ({"tip": {"percent": "10"}, "tip_msat": 1000}, "tip.invalid"),
        ({"tip": {"percent": "101"}}, "tip.invalid"),
        ({"tip": {"percent": "-5"}}, "tip.invalid"),
        ({"tip": {"percent": "NaN"}}, "tip.invalid"),
        ({"tip": {"amount": "-0.01"}}, "tip.invalid"),
        ({"tip": {"amount": "0.001"}}, "tip.invalid"),
        ({"tip": {"round_up": True}}, "tip.invalid"),
        ({"tip": {"percent": True}}, "field.invalid"),
        ({"tip": {"percent": []}}, "field.invalid"),
        ({"tip": "10"}, "field.invalid"),
        ({"tip": {"amount": "99999999"}}, "tip.too_large"),
        ({"tip_msat": -1}, "tip.invalid"),
        ({"tip_msat": 10**30}, "tip.too_large"),
        ({"order_type": "drone"}, "field.invalid"),
        ({"covers": 0}, "field.invalid"),
        ({"codes": "SUMMER"}, "field.invalid"),
        ({"codes": ["x"]}, "discount.code"),
        ({"codes": ["NOSUCHCODE"]}, "discount.unknown"),
        ({"guest_id": "short"}, "field.invalid"),
        ({"items": [{"quantity": 1}]}, "line.item"),
        ({"items": [{"combo_id": "no", "quantity": 1}]}, "combo.unknown"),
    ],
)
async def test_a_cart_that_makes_no_sense_is_refused(shop, fields, code):
    from restaurant.adapters import guesses

    guesses.forget()
    # Only a guest's id that some discount needs is looked at.
    await make_discount(shop, trigger="schedule")

    assert await refused(shop, shop.cart() | fields) == (422, code)


# --- what staff alone may do ----------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"discounts": [{"percent": "10", "reason": "Friend"}]},
        {"discounts": [{"amount": "1.00", "reason": "Friend"}]},
        {"tax_exempt": {"reason": "Embassy"}},
    ],
)
async def test_guests_take_nothing_off_by_hand(shop, fields):
    cart = shop.cart(**fields)
    by_owner = await ordered(shop, cart, **shop.wallet.admin)

    for headers in ({}, await till(shop, "kds"), await till(shop, "printer")):
        assert await refused(shop, cart, **headers) == (403, "discount.forbidden")
    stolen = await shop.place(cart | {"quote_id": by_owner["quote_id"]})
    assert (stolen.status_code, stolen.json()["code"]) == (403, "discount.forbidden")


async def test_a_quote_with_a_discount_is_none_for_the_cart_without(shop):
    discounts = [{"percent": "50", "reason": "Friend"}]
    quote = await quoted(shop, shop.cart(discounts=discounts), **shop.wallet.admin)

    response = await shop.place(shop.cart(quote_id=quote["quote_id"]))

    assert response.json()["code"] == "quote.invalid"
    assert response.json()["quote"]["total"] == "10.00"


async def test_what_staff_takes_off_is_shown_with_its_reason(shop):
    discounts = [
        {"percent": "10", "line": 1, "reason": "Spilled"},
        {"amount": "4.00", "reason": "Waited long"},
    ]
    cart = shop.cart(shop.line("Agua"), shop.line("Flan"), discounts=discounts)

    quote = await ordered(shop, cart, **shop.wallet.admin)

    # 27.00 and 10.00 are left; 4.00 by 10 : 27 are 1.08 and 2.92.
    shown = [
        [(d["name"], d["amount"], d["reason"]) for d in line["discounts"]]
        for line in quote["lines"]
    ]
    assert shown == [
        [("4.00 GTQ", "1.08", "Waited long")],
        [("10 %", "3.00", "Spilled"), ("4.00 GTQ", "2.92", "Waited long")],
    ]
    assert quote["total"] == "33.00"


async def test_a_till_stays_within_its_limit_altogether(shop):
    await change(shop, till_discount_percent="20")
    pos, ten = await till(shop), {"percent": "10", "reason": "x"}
    more = {"percent": "20.0001", "reason": "x"}
    above = (403, "discount.till")

    await ordered(shop, shop.cart(discounts=[ten, ten]), **pos)
    assert await refused(shop, shop.cart(discounts=[ten] * 3), **pos) == above
    assert await refused(shop, shop.cart(discounts=[more]), **pos) == above
    amount = {"amount": "0.01", "reason": "x"}
    assert await refused(shop, shop.cart(discounts=[amount]), **pos) == above
    by_owner = shop.cart(discounts=[more])
    quote = await ordered(shop, by_owner, **shop.wallet.admin)
    borrowed = await shop.place(by_owner | {"quote_id": quote["quote_id"]}, **pos)
    assert (borrowed.status_code, borrowed.json()["code"]) == above


@pytest.mark.parametrize(
    ("inclusive", "discount", "total"),
    [(True, "4.28", "35.72"), (False, "0.00", "40.00")],
)
async def test_an_exempted_order_pays_no_tax(shop, inclusive, discount, total):
    await change(shop, tax_rate="12", tax_inclusive=inclusive)
    lines = (shop.line("Agua"), shop.line("Flan"))
    cart = shop.cart(*lines, tax_exempt={"reason": "Embassy of Peru"})

    quote = await ordered(shop, cart, **shop.wallet.admin)

    assert quote["tax_exempt_reason"] == "Embassy of Peru"
    assert (quote["amounts"]["tax"], quote["tax_msat"]) == ("0.00", 0)
    assert (quote["amounts"]["discount"], quote["total"]) == (discount, total)
    assert rows(quote) == [("0", total, "0.00", total)]
    triggers = {each["trigger"] for each in quote["discounts"]}
    assert triggers == ({"tax_exempt"} if inclusive else set())


@pytest.mark.parametrize(
    "discounts",
    [
        [{"percent": "100.1", "reason": "x"}],
        [{"percent": "0", "reason": "x"}],
        [{"percent": "-1", "reason": "x"}],
        [{"percent": "NaN", "reason": "x"}],
        [{"percent": "10"}],
        [{"percent": "10", "reason": " "}],
        [{"amount": "-1", "reason": "x"}],
        [{"amount": "0.001", "reason": "x"}],
        [{"percent": "1", "amount": "1", "reason": "x"}],
        [{"reason": "x"}],
        [{"percent": "10", "line": 1, "reason": "x"}],
        [{"percent": "10", "line": -1, "reason": "x"}],
        [{"percent": "1", "reason": "x"}] * 21,
    ],
)
async def test_a_wrong_discount_by_staff_is_refused(shop, discounts):
    cart = shop.cart(discounts=discounts)

    assert await refused(shop, cart, **shop.wallet.admin) == (422, "field.invalid")


# --- combos, price lists, zones: what a quote promises ---------------------


async def lunch(shop: Shop, **fields: Any) -> dict[str, Any]:
    """Flan and Agua for 32.00."""
    groups = [
        {"name": name, "options": [{"menu_item_id": shop.item(name)["id"]}]}
        for name in ("Flan", "Agua")
    ]
    body = {"name": "Lunch", "price": "32.00", "groups": groups, **fields}
    made = await call(shop, "POST", f"/restaurants/{shop.id}/combos", body)
    assert made.status_code == 201, made.text
    return made.json()


def combo_line(shop: Shop, combo: dict[str, Any], *names: str) -> dict[str, Any]:
    choices = [{"menu_item_id": shop.item(name)["id"]} for name in names]
    return {"combo_id": combo["id"], "quantity": 1, "choices": choices}


async def test_a_combo_keeps_its_quoted_price_and_its_choices(shop):
    combo = await lunch(shop)
    cart = shop.cart(shop.line("Agua"), combo_line(shop, combo, "Flan", "Agua"))
    quote = await ordered(shop, cart)
    assert quote["total"] == "42.00"
    assert [line["line"] for line in quote["lines"]] == [0, 1, 1]
    in_combo = {"combo_id": combo["id"], "name": "Lunch", "line": 1, "quantity": 1}
    assert [line["combo"] for line in quote["lines"]] == [None, in_combo, in_combo]
    await call(shop, "PATCH", f"/combos/{combo['id']}", {"price": "35.00"})

    kept = await shop.placed(cart | {"quote_id": quote["quote_id"]})
    fresh = await quoted(shop, cart | {"quote_id": quote["quote_id"]})
    other = shop.cart(shop.line("Agua"), combo_line(shop, combo, "Agua", "Flan"))
    altered = await shop.place(other | {"quote_id": quote["quote_id"]})

    assert kept["order"]["total_msat"] == quote["total_msat"]
    assert [tuple(c.values())[:3] for c in fresh["changes"]] == [
        ("price", 1, "Lunch"),
        ("total", None, None),
    ]
    assert fresh["total"] == "45.00"
    assert altered.json()["code"] == "quote.invalid"


async def test_an_item_that_changed_its_currency_leaves_its_combos(shop):
    """Both are sold for sums that look alike and are worth a thousandth."""
    other = {"menu_item_id": shop.item("Tacos")["id"]}
    options = [{"menu_item_id": shop.item("Agua")["id"]}, other]
    flan = [{"menu_item_id": shop.item("Flan")["id"]}]
    groups = [{"name": "A", "options": flan}, {"name": "B", "options": options}]
    combo = await lunch(shop, groups=groups)
    tree = shop.menu["categories"]
    drink = tree[1]["items"][0]
    drink |= {"currency": "msat", "price": "1000"}
    path = f"/restaurants/{shop.id}/menu"
    stored = await call(shop, "PUT", path, {"categories": tree})
    assert stored.status_code == 200, stored.text

    cart = shop.cart(combo_line(shop, combo, "Flan", "Agua"))

    assert await refused(shop, cart) == (422, "combo.choice")


async def test_an_order_tells_the_price_list_of_its_quote(shop, clock):
    agua = shop.item("Agua")["id"]
    body = {"name": "Evening", "prices": {agua: "8.00"}}
    made = await call(shop, "POST", f"/restaurants/{shop.id}/price_lists", body)
    assert made.status_code == 201, made.text
    quote = await ordered(shop, shop.cart())
    assert (quote["total"], quote["price_list"]) == ("8.00", "Evening")
    gone = await call(shop, "DELETE", f"/price_lists/{made.json()['id']}")
    assert gone.status_code == 204

    placed = await shop.placed(shop.cart(quote_id=quote["quote_id"]))

    order = placed["order"]
    assert (order["total"], order["price_list"]) == ("8.00", "Evening")
    assert (await shop.placed(shop.cart()))["order"]["price_list"] is None


async def test_a_quote_for_one_zone_is_none_for_another(shop):
    for name, zone in (("7", "Terrace"), ("8", "Bar")):
        body = {"name": name, "zone": zone}
        made = await call(shop, "POST", f"/restaurants/{shop.id}/tables", body)
        assert made.status_code == 201, made.text
    prices = {shop.item("Agua")["id"]: "6.00"}
    body = {"name": "Bar", "zones": ["Bar"], "prices": prices}
    await call(shop, "POST", f"/restaurants/{shop.id}/price_lists", body)
    cheap = await quoted(shop, shop.cart(table="8"))
    assert (cheap["total"], cheap["price_list"]) == ("6.00", "Bar")

    for table in ("7", None):
        cart = shop.cart(table=table, quote_id=cheap["quote_id"])
        response = await shop.place(cart)
        assert response.json()["code"] == "quote.invalid"
        assert response.json()["quote"]["total"] == "10.00"


# --- large numbers ----------------------------------------------


async def test_the_largest_cart_is_refused_for_its_price_alone(client, make_wallet):
    items = [
        {"name": f"Palace {n}", "price": "10000000000000.00", "currency": "GTQ"}
        for n in range(100)
    ]
    menu = {"categories": [{"name": "All", "items": items}]}
    settings = {"house_rates": [{"currency": "GTQ", "rate": "999999999999"}]}
    service = {"name": "Service", "percent": "99.9999", "tax_rate": "99.9999"}
    shop = await open_shop(
        client,
        await make_wallet(),
        menu,
        **settings,
        tax_rate="33.3333",
        charges=[service],
    )
    lines = [shop.line(item["name"], 999) for item in items]

    assert await refused(shop, shop.cart(*lines)) == (422, "total.too_large")
    with_tip = shop.cart(*lines, tip={"percent": "99.9999"})
    assert await refused(shop, with_tip) == (422, "total.too_large")
    await make_code(shop, "ALL-OF-IT", percent="100")
    for_free = shop.cart(lines[0], codes=["all-of-it"])
    assert await refused(shop, for_free) == (422, "total.too_large")


async def test_discounts_of_very_many_items_are_quoted_and_ordered(
    client, make_wallet, set_rate
):
    set_rate("GTQ", 158.635)
    items = [{"name": f"Dish {n}", "price": "10.00"} for n in range(2500)]
    menu = {
        "categories": [
            {"name": "Food", "items": items},
            {"name": "Drinks", "items": [{"name": "Agua", "price": "10.00"}]},
        ]
    }
    shop = await open_shop(client, await make_wallet(), menu)
    food = shop.menu["categories"][0]["id"]
    codes = [f"CODE{n}" for n in range(5)]
    for code in codes[:-1]:
        await make_code(shop, code, name=code, category_ids=[food])
    await make_code(shop, codes[-1], name=codes[-1])
    many = [shop.line(f"Dish {n}") for n in range(99)]

    quote = await ordered(shop, shop.cart(*many, shop.line("Agua"), codes=codes))

    taken = [len(line["discounts"]) for line in quote["lines"]]
    assert taken == [5] * 99 + [1]
