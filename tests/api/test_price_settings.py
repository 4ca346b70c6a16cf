"""Settings that prices are made of, when they make no sense: refused by their name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.gift_cards import call

pytestmark = pytest.mark.usefixtures("quiet")

A_RATE = {"currency": "GTQ", "rate": "150"}


@pytest.mark.parametrize(
    "settings",
    [
        {"tax_rates": {"dine_in": "101"}},
        {"tax_rates": {"dine_in": "-1"}},
        {"tax_rates": {"dine_in": "NaN"}},
        {"tax_rates": {"drone": "1"}},
        {"tax_rates": {"dine_in": None}},
        {"tax_rates": None},
        {"tax_rounding": "up"},
        {"charges": [{"name": "Service", "percent": "10", "amount": "1"}]},
        {"charges": [{"name": "Service"}]},
        {"charges": [{"name": "Service", "percent": "101"}]},
        {"charges": [{"name": "Service", "percent": "NaN"}]},
        {"charges": [{"name": "Service", "amount": "-1"}]},
        {"charges": [{"name": "Service", "amount": "0.001"}]},
        {"charges": [{"name": "Service", "percent": "1", "tax_rate": "200"}]},
        {"charges": [{"name": "Service", "percent": "1", "order_types": ["drone"]}]},
        {"charges": [{"name": "", "percent": "1"}]},
        {"charges": [{"name": "Party", "percent": "1", "kind": "gratuity"}]},
        {"charges": [{"name": "Party", "percent": "1", "from_covers": 0}]},
        {"charges": [{"name": "Party", "percent": "1", "kind": "bribe"}]},
        {"charges": [{"name": "x", "percent": "1"}] * 11},
        {"charges": "10"},
        {"minimum_order": {"delivery": "-1"}},
        {"minimum_order": {"delivery": "0.001"}},
        {"minimum_order": {"drone": "1"}},
        {"rate_markup_percent": "51"},
        {"rate_markup_percent": "NaN"},
        {"house_rates": [A_RATE, A_RATE]},
        {"house_rates": [{**A_RATE, "rate": "0"}]},
        {"house_rates": [{**A_RATE, "rate": "-1"}]},
        {"house_rates": [{**A_RATE, "currency": "sat"}]},
        {"house_rates": [{**A_RATE, "starts_at": "tomorrow"}]},
        {"till_discount_percent": "101"},
        {"tip_round_to": "0"},
        {"tip_round_to": "-1"},
        {"tip_days": -1},
        {"tip_to": "nobody"},
    ],
    ids=json.dumps,
)
async def test_a_wrong_setting_is_refused_and_nothing_changed(shared, settings):
    shop, _ = shared
    before = await call(shop, "GET", f"/restaurants/{shop.id}")

    answer = await call(shop, "PATCH", f"/restaurants/{shop.id}", settings)

    assert (answer.status_code, answer.json()["code"]) in {
        (422, "field.invalid"),
        (422, "text.invalid"),
    }
    assert answer.json()["field"].split(".")[0] == next(iter(settings))
    assert (await call(shop, "GET", f"/restaurants/{shop.id}")).json() == before.json()


async def test_nothing_is_ever_minus_nothing(shop):
    charge = {"name": "Bag", "amount": "-0.00", "free_from": "-0"}
    settings: dict[str, Any] = {
        "minimum_order": {"pickup": "-0.00"},
        "charges": [charge],
        "rate_markup_percent": "-0",
        "tax_rate": "-0.0",
    }

    changed = await call(shop, "PATCH", f"/restaurants/{shop.id}", settings)
    quote = await shop.quote(shop.cart(tip={"amount": "-0.00"}))

    assert (changed.status_code, quote.status_code) == (200, 200)
    assert '"-0' not in json.dumps([changed.json(), quote.json()])
