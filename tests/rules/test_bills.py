"""docs/PRICING.md, sections 4 to 8: charges, taxes, exemption, tip, total."""

from dataclasses import replace
from decimal import Decimal

import pytest

from restaurant.core.errors import Forbidden, Refused
from restaurant.features.bills.models import (
    Charge,
    KeptBill,
    Reduced,
    Reduction,
    Terms,
    Tip,
    pack_terms,
    unpack_terms,
)
from restaurant.features.bills.rules import (
    charges_of,
    check_till,
    make_bill,
    minimum_of,
    needs_currency,
    tip_of,
)
from restaurant.features.discounts.models import DiscountKind, Trigger, Wanted
from restaurant.features.pricing.models import TipWish
from restaurant.features.restaurants.models import Profile, TaxRounding
from restaurant.models import OrderType

CENT = Decimal(10)  # msat; 1.00 EUR is 1 sat
TERMS = Terms(
    currency="EUR",
    order_type=OrderType.DINE_IN,
    tax_inclusive=True,
    tax_rounding=TaxRounding.EXACT,
    invoice_limit_sat=10_000_000,
)
EXCLUSIVE = replace(TERMS, tax_inclusive=False)


def a_line(cents, tax="0", off=0, kind="percent"):
    total = Decimal(cents) * CENT
    taken = (Reduction(kind, "Off", off * CENT),) if off else ()
    return Reduced(total, total - off * CENT, tax, taken)


def a_charge(percent=None, amount=None, **fields):
    usual = {"from_covers": None, "free_from_minor": None, "tax_rate": "0"}
    named = {"kind": "service", "name": "Service", **usual, **fields}
    return Charge(percent=percent, amount_minor=amount, **named)


def bill_of(*lines, terms=TERMS, **changes):
    return make_bill(lines, replace(terms, **changes), CENT)


def rows(bill):
    return [(t.rate, t.net_minor, t.tax_minor, t.gross_minor) for t in bill.taxes]


def refused(*lines, **changes):
    with pytest.raises(Refused) as caught:
        bill_of(*lines, **changes)
    return caught.value


# --- 4. charges and the minimum ----------------------------------------------


def test_a_percentage_is_of_the_lines_after_discounts_and_rounded_half_up():
    bill = bill_of(a_line(1005, off=0), a_line(100, off=100), charges=(a_charge("10"),))

    assert [charge.amount_minor for charge in bill.charges] == [101]
    assert (bill.minor.service, bill.minor.total) == (101, 1106)


def test_charges_stand_in_the_order_of_the_settings():
    charges = (
        a_charge(amount=1500, name="Delivery", kind="delivery"),
        a_charge("18", name="Party"),
    )

    bill = bill_of(a_line(10_000), charges=charges)

    assert [(c.name, c.amount_minor) for c in bill.charges] == [
        ("Delivery", 1500),
        ("Party", 1800),
    ]


@pytest.mark.parametrize(
    ("covers", "due"), [(None, 0), (1, 0), (5, 0), (6, 1800), (999, 1800)]
)
def test_a_gratuity_begins_at_its_number_of_covers(covers, due):
    bill = bill_of(
        a_line(10_000), charges=(a_charge("18", from_covers=6),), covers=covers
    )

    assert bill.minor.service == due


@pytest.mark.parametrize(
    ("cents", "off", "due"), [(4999, 0, 500), (5000, 0, 0), (5001, 2, 500)]
)
def test_a_charge_ends_where_the_lines_after_discounts_come_to_so_much(cents, off, due):
    charges = (a_charge(amount=500, free_from_minor=5000),)

    assert bill_of(a_line(cents, off=off), charges=charges).minor.service == due


def test_a_charge_of_nothing_is_left_out():
    charges = (a_charge("0"), a_charge("10"), a_charge(amount=0))

    assert bill_of(a_line(4), charges=charges).charges == ()


@pytest.mark.parametrize(("cents", "fits"), [(4999, False), (5000, True)])
def test_the_minimum_is_for_the_lines_before_discounts(cents, fits):
    line = a_line(cents, off=1000)

    if fits:
        assert bill_of(line, minimum_minor=5000).minor.total == 4000
    else:
        error = refused(line, minimum_minor=5000)
        assert (error.code, error.facts) == (
            "order.minimum",
            {
                "field": "items",
                "minimum": "50.00",
                "missing": "0.01",
                "currency": "EUR",
            },
        )


# --- 5. taxes ----------------------------------------------


def test_inclusive_tax_is_shown_and_exclusive_tax_is_added():
    line = a_line(10_700, "7")

    inclusive, exclusive = bill_of(line), bill_of(line, terms=EXCLUSIVE)

    assert rows(inclusive) == [("7", 10_000, 700, 10_700)]
    assert rows(exclusive) == [("7", 10_700, 749, 11_449)]
    assert (inclusive.minor.total, exclusive.minor.total) == (10_700, 11_449)


def test_every_rate_has_a_row_the_highest_first_charges_among_them():
    lines = (a_line(500, "7"), a_line(300, "19"), a_line(250, "7.00"), a_line(50))

    bill = bill_of(*lines, charges=(a_charge(amount=100, tax_rate="19"),))

    assert [(rate, gross) for rate, *_, gross in rows(bill)] == [
        ("19", 400),
        ("7", 750),
        ("0", 50),
    ]


def test_what_is_free_has_no_row():
    assert rows(bill_of(a_line(100, "19", off=100), a_line(50, "7"))) == [
        ("7", 47, 3, 50)
    ]


def test_a_tip_is_not_taxed():
    bill = bill_of(a_line(1000, "10"), terms=EXCLUSIVE, tip=Tip(amount_minor=500))

    assert (bill.minor.tax, bill.minor.total) == (100, 1600)


@pytest.mark.parametrize(
    ("rounding", "tax"),
    [("exact", 1), ("line", 0), ("rate", 1)],  # 3 × 0.4 = 1.2
)
def test_tax_is_rounded_where_the_setting_says(rounding, tax):
    lines = [a_line(8, "5")] * 3

    bill = bill_of(*lines, terms=EXCLUSIVE, tax_rounding=TaxRounding(rounding))

    assert (bill.minor.tax, bill.taxes[0].tax_minor) == (tax, tax)
    exact = {"exact": 12, "line": 0, "rate": 10}[rounding]
    assert bill.msat.tax == exact
    assert bill.lines[0].tax_msat == (0 if rounding == "line" else 4)


def test_rounding_by_rate_rounds_each_rate_by_itself():
    lines = [a_line(8, "5"), a_line(5, "10"), a_line(4, "10")]

    bill = bill_of(*lines, terms=EXCLUSIVE, tax_rounding=TaxRounding.RATE)

    assert rows(bill) == [("10", 9, 1, 10), ("5", 8, 0, 8)]
    assert bill.msat.tax == 10


def test_endless_fractions_of_tax_make_a_whole_half_again():
    # 1/3 + 1/3 at 50 %, 5/6 at 20 %: exactly 1.5 msat, of which each is endless.
    lines = [Reduced(Decimal(n), Decimal(n), tax, ()) for n, tax in
             ((1, "50"), (1, "50"), (5, "20"))]  # fmt: skip

    assert bill_of(*lines).msat.tax == 2


# --- 6. tax exemption ----------------------------------------------


def exempted(cents, tax, off):
    """A line as ``discount_amounts.exempt`` leaves it."""
    return a_line(cents, tax, off, kind="tax_exempt")


def test_an_exempted_order_pays_what_is_left_without_tax():
    bill = bill_of(exempted(10_700, "7", 700), exempt_reason="Embassy")

    assert rows(bill) == [("0", 10_000, 0, 10_000)]
    assert (bill.minor.tax, bill.minor.discount, bill.minor.total) == (0, 700, 10_000)
    [discount] = bill.discounts
    assert (discount.kind, discount.trigger) == ("tax_exempt", "tax_exempt")
    assert bill.exempt_reason == "Embassy"


def test_a_charge_loses_its_tax_once():
    """10 % of 107.00 is 10.70, which contains 0.70."""
    charges = (a_charge("10", tax_rate="7"),)

    bill = bill_of(exempted(10_700, "7", 700), charges=charges, exempt_reason="x")

    assert [charge.amount_minor for charge in bill.charges] == [1000]
    assert bill.minor.total == 11_000


def test_a_charge_of_another_rate_loses_its_own_tax():
    """10 % of 107.00 is 10.70; with 19 % in it, 1.71 of them are tax."""
    charges = (a_charge("10", tax_rate="19"),)

    bill = bill_of(exempted(10_700, "7", 700), charges=charges, exempt_reason="x")

    assert bill.charges[0].amount_minor == 899


def test_free_from_looks_at_the_lines_before_the_exemption():
    charges = (a_charge(amount=500, free_from_minor=10_700),)

    bill = bill_of(exempted(10_700, "7", 700), charges=charges, exempt_reason="x")

    assert bill.charges == ()


def test_an_exempted_order_with_exclusive_prices_adds_no_tax():
    bill = bill_of(a_line(1000, "10"), terms=EXCLUSIVE, exempt_reason="x")

    assert (bill.minor.total, rows(bill)) == (1000, [("0", 1000, 0, 1000)])


# --- 7. tip ----------------------------------------------


@pytest.mark.parametrize(
    ("tip", "minor"),
    [
        (Tip(), 0),
        (Tip(msat=120), 12),
        (Tip(percent="10"), 91),  # of 9.05: 0.905
        (Tip(amount_minor=250), 250),
        (Tip(round_to_minor=100), 5),  # 9.05 + 0.90 are 9.95
        (Tip(round_to_minor=500), 5),
        (Tip(round_to_minor=1000), 5),
        (Tip(round_to_minor=5), 0),
    ],
)
def test_tips_of_every_kind(tip, minor):
    lines = (a_line(1005, off=100),)
    charges = (a_charge(amount=90),)

    bill = bill_of(*lines, charges=charges, tip=tip)

    assert (bill.minor.tip, bill.minor.total) == (minor, 905 + 90 + minor)


def test_rounding_up_counts_exclusive_tax_and_ends_on_the_coin():
    bill = bill_of(a_line(1001, "8.875"), terms=EXCLUSIVE, tip=Tip(round_to_minor=100))

    assert (bill.minor.total, bill.msat.total) == (1100, 11_000)


def test_rounding_up_what_is_round_adds_nothing():
    assert bill_of(a_line(1000), tip=Tip(round_to_minor=100)).msat.tip == 0
    assert bill_of(a_line(9, off=9), tip=Tip(round_to_minor=100)).msat.total == 0


@pytest.mark.parametrize(
    ("tip_msat", "fits"), [(1_000_000_000, True), (1_000_000_001, False)]
)
def test_a_tip_is_bounded_by_a_million_satoshi(tip_msat, fits):
    tip = Tip(msat=tip_msat)

    if fits:
        assert bill_of(a_line(100), tip=tip).msat.tip == tip_msat
    else:
        assert refused(a_line(100), tip=tip).code == "tip.too_large"


def test_a_tip_may_be_as_much_as_the_lines_before_discounts():
    line = a_line(2 * 10**8, off=10**8)

    assert bill_of(line, tip=Tip(msat=2 * 10**9)).msat.tip == 2 * 10**9
    assert refused(line, tip=Tip(msat=2 * 10**9 + 1)).code == "tip.too_large"


SETTINGS = Profile(name="x", currency="EUR", tip_round_to="1.00")


@pytest.mark.parametrize(
    ("wish", "tip"),
    [
        (None, Tip(msat=7)),
        ({"percent": "12.50"}, Tip(percent="12.50")),
        ({"percent": 0}, Tip(percent="0")),
        ({"percent": "-0"}, Tip(percent="0")),
        ({"amount": "5"}, Tip(amount_minor=500)),
        ({"amount": "0.00"}, Tip(amount_minor=0)),
        ({"round_up": True}, Tip(round_to_minor=100)),
    ],
)
def test_a_tip_is_read_as_it_was_wished_for(wish, tip):
    assert tip_of(TipWish(**wish) if wish else None, 7, SETTINGS) == tip


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"round_up": False},
        {"percent": "10", "amount": "1"},
        {"percent": "10", "round_up": True},
        {"percent": "100.1"},
        {"percent": "-1"},
        {"percent": "NaN"},
        {"percent": "1e1"},
        {"amount": "-0.01"},
        {"amount": "0.001"},
        {"amount": "inf"},
        {"amount": "9" * 15},
    ],
)
def test_a_wrong_tip_is_refused(wish):
    with pytest.raises(Refused) as caught:
        tip_of(TipWish(**wish), 0, SETTINGS)

    assert (caught.value.code, caught.value.facts) == ("tip.invalid", {"field": "tip"})


def test_rounding_up_is_refused_where_it_is_not_offered():
    with pytest.raises(Refused, match="not offered"):
        tip_of(TipWish(round_up=True), 0, Profile(name="x", currency="EUR"))


# --- 8. total ----------------------------------------------


@pytest.mark.parametrize(
    ("msat", "total", "rounding"),
    [
        ("0", 0, 0),
        ("0.1", 1000, 1000),
        ("0.5", 1000, 999),
        ("999.5", 1000, 0),
        ("1000", 1000, 0),
        ("1000.0000001", 2000, 1000),
    ],
)
def test_the_total_is_rounded_up_and_rounding_closes_the_gap(msat, total, rounding):
    amount = Decimal(msat)

    bill = bill_of(Reduced(amount, amount, "0", ()))

    assert (bill.msat.total, bill.msat.rounding) == (total, rounding)


def test_the_currencys_total_is_the_exact_sum_rounded_half_up():
    lines = [Reduced(Decimal("4.9"), Decimal("4.9"), "0", ())] * 3

    minor = bill_of(*lines).minor

    assert (minor.subtotal, minor.total, minor.rounding) == (1, 1, 0)


def test_in_the_currency_rounding_may_be_below_zero():
    lines = (Reduced(Decimal(5), Decimal(5), "0", ()),)

    minor = bill_of(*lines, tip=Tip(msat=5)).minor

    assert (minor.subtotal, minor.tip, minor.rounding, minor.total) == (1, 1, -1, 1)


def test_a_total_above_the_servers_limit_is_refused():
    fits, too_large = Decimal(10_000_000_000), Decimal("10000000000.0001")

    assert bill_of(Reduced(fits, fits, "0", ())).msat.total == fits
    error = refused(Reduced(too_large, too_large, "0", ()))
    assert (error.code, error.facts["limit_msat"]) == ("total.too_large", fits)


# --- terms ----------------------------------------------


def settings(**fields):
    return Profile(name="x", currency="EUR", **fields)


def test_charges_are_for_their_types_of_order_with_their_rate_or_the_houses():
    profile = settings(
        tax_rate="7",
        tax_rates={"dine_in": "19"},
        charges=[
            {"name": "Service", "percent": "10", "order_types": ["dine_in"]},
            {"name": "Bag", "amount": "0.50", "order_types": ["pickup", "delivery"]},
            {
                "kind": "delivery",
                "name": "Delivery",
                "amount": "3",
                "free_from": "40",
                "order_types": ["delivery"],
                "tax_rate": "0",
            },
        ],
    )

    assert charges_of(profile, OrderType.DINE_IN) == (
        Charge("service", "Service", "10", None, None, None, "19"),
    )
    assert charges_of(profile, OrderType.DELIVERY) == (
        Charge("service", "Bag", None, 50, None, None, "7"),
        Charge("delivery", "Delivery", None, 300, None, 4000, "0"),
    )


def test_the_minimum_is_by_type_of_order():
    profile = settings(minimum_order={"delivery": "20"})

    assert minimum_of(profile, OrderType.DELIVERY) == 2000
    assert minimum_of(profile, OrderType.PICKUP) == 0


def by_hand(percent=None, line=None, **fields):
    amount = None if percent else 100
    named = {"amount_minor": amount, "line": line, "reason": "x", **fields}
    kind = DiscountKind.PERCENT if percent else DiscountKind.AMOUNT
    return Wanted(None, "x", Trigger.STAFF, kind, percent, **named)


@pytest.mark.parametrize(
    ("wanted", "most", "fits"),
    [
        ([by_hand("20")], "20", True),
        ([by_hand("20.0001")], "20", False),
        ([by_hand("10"), by_hand("10")], "19", True),
        ([by_hand("10"), by_hand("10.1")], "19", False),
        ([by_hand("20", line=0), by_hand("20", line=1)], "20", True),
        ([by_hand("20", line=0), by_hand("1")], "20", False),
        ([by_hand("1"), by_hand("20", line=0)], "20", False),
        ([by_hand("5")] * 20, "20", False),
        ([by_hand()], "99.9", False),
        ([by_hand(), by_hand("100"), by_hand("50")], "100", True),
        ([by_hand("100", line=3)], "0", False),
        ([], "0", True),
    ],
)
def test_a_till_takes_no_more_off_a_line_by_hand_than_it_may(wanted, most, fits):
    if fits:
        check_till(wanted, most)
    else:
        with pytest.raises(Forbidden) as caught:
            check_till(wanted, most)
        assert caught.value.code == "discount.till"


def test_what_managers_stored_is_not_held_against_a_till():
    stored = replace(by_hand("100"), discount_id="d")
    clocks = replace(by_hand("100"), trigger=Trigger.SCHEDULE)

    check_till([stored, clocks], "0")


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({}, False),
        ({"charges": (a_charge("10"),)}, False),
        ({"charges": (a_charge(amount=1),)}, True),
        ({"charges": (a_charge("10", free_from_minor=1),)}, True),
        ({"discounts": (by_hand("10"),)}, False),
        ({"discounts": (by_hand(),)}, True),
        ({"discounts": (by_hand("10", minimum_minor=1),)}, True),
        ({"tip": Tip(percent="10")}, False),
        ({"tip": Tip(amount_minor=1)}, True),
        ({"tip": Tip(round_to_minor=1)}, True),
        ({"minimum_minor": 1}, True),
    ],
)
def test_sums_in_the_currency_need_its_rate(changes, needed):
    assert needs_currency(replace(TERMS, **changes)) is needed


def test_terms_and_bills_are_kept_as_they_were():
    terms = replace(
        EXCLUSIVE,
        charges=(a_charge("18", from_covers=6), a_charge(amount=5, tax_rate="19")),
        discounts=(by_hand("10", line=0), by_hand(), stored_discount()),
        exempt_reason="Embassy",
        covers=8,
        tip=Tip(round_to_minor=100),
        minimum_minor=9,
    )
    bill = bill_of(a_line(1000, "7", off=100), a_line(500, "19"), charges=terms.charges)
    kept = KeptBill(
        minor=bill.minor,
        discounts=bill.discounts,
        charges=bill.charges,
        taxes=bill.taxes,
        rate_sources={"EUR": "house"},
        terms=pack_terms(terms),
    )

    assert unpack_terms(pack_terms(terms)) == terms
    assert KeptBill.unpacked(kept.packed()) == kept
    assert KeptBill.unpacked({}) == KeptBill()


def stored_discount():
    return Wanted(
        discount_id="d",
        name="Two for one",
        trigger=Trigger.CODE,
        kind=DiscountKind.BUY_GET,
        percent="50",
        buy=1,
        get=2,
        item_ids=frozenset({"b", "a"}),
        minimum_minor=1000,
        combines=False,
        code_id="c",
    )
