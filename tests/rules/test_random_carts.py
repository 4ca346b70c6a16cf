"""Random carts: every figure as in the independent model, and what always holds.

``make prices`` prices ten times as many (``RANDOM_CARTS``).
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from price_model import Reckoning
from random_carts import (
    Maker,
    answer_of,
    cart_of,
    combos_of,
    priced_cart,
    terms_of,
)
from restaurant.core.errors import Refused
from restaurant.features.pricing.rules import freeze, pieces_of
from restaurant.features.quotes.models import Quote
from restaurant.features.quotes.rules import open_quote, seal
from restaurant.features.rates.models import Rates

CARTS = int(os.environ.get("RANDOM_CARTS", "100000"))
BATCHES = 40


def first_mismatch(seed):
    """The first cart of a batch on which rules and model disagree, or None."""
    random = Random(seed)
    for _ in range(CARTS // BATCHES):
        facts = Maker(random).facts()
        ours, theirs = answer_of(facts), Reckoning(facts).answer()
        if ours != theirs:
            return facts, ours, theirs
    return None


@pytest.fixture(scope="module")
def batches():
    """All of them under way, on every core."""
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(mp_context=fork) as pool:
        yield {seed: pool.submit(first_mismatch, seed) for seed in range(BATCHES)}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("seed", range(BATCHES))
def test_random_carts_cost_what_the_independent_model_says(batches, seed):
    assert batches[seed].result() is None


# --- what always holds ------------------------------------------------------------


@st.composite
def carts(draw):
    """A made-up cart that is not refused, and its price."""
    facts = Maker(Random(draw(st.integers(0, 2**64)))).facts()
    for each in facts["discounts"]:
        each["trigger"] = "schedule"
    facts["minimum"] = 0
    try:
        return facts, priced_cart(facts)
    except Refused:
        return draw(carts())


@given(carts())
def test_the_sums_add_up_in_msat_and_in_the_currency(drawn):
    facts, priced = drawn
    for sums in (priced.bill.msat, priced.bill.minor):
        added = 0 if facts["inclusive"] else sums.tax
        lines = sums.subtotal - sums.discount
        assert lines + sums.service + added + sums.tip + sums.rounding == sums.total
    assert priced.bill.msat.total % 1000 == 0
    assert priced.bill.msat.total >= 0


@given(carts())
def test_the_two_totals_are_one_sum_each_rounded_once(drawn):
    _, priced = drawn
    minor, bill = priced.bill.minor.total, priced.bill
    worth = {"sat": 1000, "msat": 1}.get(bill.currency)
    if worth is None:
        places = {"JPY": 0, "KWD": 3, "BHD": 3}.get(bill.currency, 2)
        worth = priced.rates[bill.currency] * 1000 / 10**places

    gap = bill.msat.total - minor * worth

    assert -worth / 2 <= gap <= 1000 + worth / 2


@given(carts())
def test_no_line_costs_less_than_nothing(drawn):
    _, priced = drawn
    for line, billed in zip(priced.lines, priced.bill.lines, strict=True):
        assert 0 <= billed.discount_msat <= line.total + Decimal("0.5")
        assert all(each.amount_msat >= 0 for each in billed.discounts)
        assert billed.tax_msat >= 0


@given(carts())
def test_discounts_never_take_more_than_there_is(drawn):
    _, priced = drawn
    for sums in (priced.bill.msat, priced.bill.minor):
        assert 0 <= sums.discount <= sums.subtotal


@given(carts())
def test_net_and_tax_are_gross_in_every_row(drawn):
    _, priced = drawn
    for row in priced.bill.taxes:
        assert row.net_msat + row.tax_msat == row.gross_msat
        assert row.net_minor + row.tax_minor == row.gross_minor
    rates = [Decimal(row.rate) for row in priced.bill.taxes]
    assert rates == sorted(set(rates), reverse=True)


@given(carts())
def test_rows_differ_from_the_bills_tax_by_their_roundings_alone(drawn):
    _, priced = drawn
    rows, bill = priced.bill.taxes, priced.bill
    for shown, of_all in (
        (sum(row.tax_msat for row in rows), bill.msat.tax),
        (sum(row.tax_minor for row in rows), bill.minor.tax),
    ):
        assert abs(shown - of_all) <= (len(rows) + 1) / 2


@settings(max_examples=300)
@given(carts(), st.integers(0, 10**6))
def test_a_sealed_quote_prices_the_same_whatever_the_menu_does(drawn, tax):
    facts, priced = drawn
    terms = replace(terms_of(facts), currency=priced.bill.currency)
    quote = Quote(
        restaurant_id="r",
        cart_hash="cart",
        lines=freeze(pieces_of(cart_of(facts), combos_of(facts)), priced.lines),
        rates=Rates(priced.rates, 7, {"GTQ": "market"}, "1.5"),
        terms=terms,
        zone="Terrace",
        price_list=None,
        total_msat=priced.bill.msat.total,
        expires_at=100,
    )
    opened = open_quote(seal(quote, "secret"), "secret")
    moved = {
        **facts,
        "tax": tax,
        "items": {
            name: {**item, "price": 77, "tax": tax, "taxes": {}}
            for name, item in facts["items"].items()
        },
    }

    assert opened == quote
    again = priced_cart(moved, frozen=opened.lines)
    assert again.bill == priced.bill
    assert [line.total for line in again.lines] == [line.total for line in priced.lines]
