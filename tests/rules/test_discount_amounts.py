"""docs/PRICING.md, section 3: what discounts take off each line."""

from decimal import Decimal

import pytest

from restaurant.core.errors import Refused
from restaurant.features.bills.models import BillLine, Bundle
from restaurant.features.discount_amounts.rules import exempt, reduce
from restaurant.features.discounts.models import DiscountKind, Trigger, Wanted

CENT = Decimal(10)  # msat; the smallest unit of the bill's currency


def a_line(cents, quantity=1, item="taco", number=0, extra=0, **fields):
    own = Decimal(cents) * CENT
    return BillLine(
        number=number,
        menu_item_id=item,
        quantity=quantity,
        tax_rate="0",
        own=own,
        total=(own + extra * CENT) * quantity,
        **fields,
    )


def wanted(kind="percent", trigger="schedule", name="Off", **fields):
    return Wanted("d", name, Trigger(trigger), DiscountKind(kind), **fields)


def percent(number, **fields):
    return wanted(percent=str(number), **fields)


def taken(lines, *discounts, bundles=()):
    """What every discount took off every line, in cents."""
    lefts = reduce(lines, bundles, discounts, CENT)
    return [[each.amount / CENT for each in line.taken] for line in lefts.reduced()]


def left(lines, *discounts):
    """What is left of every line, in cents."""
    return [amount / CENT for amount in reduce(lines, (), discounts, CENT).left]


def refused(*args):
    with pytest.raises(Refused) as caught:
        taken(*args)
    return caught.value


# --- 3.1 one after the other ----------------------------------------------


def test_discounts_come_in_order_each_from_what_is_left():
    discounts = (
        percent(10, trigger="staff", name="staff"),
        percent(10, trigger="code", name="code"),
        percent(10, name="first"),
        percent(10, name="second"),
    )

    [line] = reduce([a_line(10_000)], (), discounts, CENT).reduced()

    assert [(each.name, each.amount / CENT) for each in line.taken] == [
        *(("first", 1000), ("second", 900), ("code", 810), ("staff", 729)),
    ]
    assert [each.wanted for each in line.taken] == [2, 3, 1, 0]
    assert line.left / CENT == 6561


def test_no_line_costs_less_than_nothing():
    amount = wanted("amount", amount_minor=10_000)

    assert left([a_line(100), a_line(50)], percent(80), amount) == [0, 0]


# --- 3.2 scopes and what does not combine ---------------------------------------


def test_a_discount_is_for_the_items_of_its_scope():
    lines = [a_line(100), a_line(100, item="soup"), a_line(100)]

    scoped = percent(10, item_ids=frozenset({"taco"}))

    assert taken(lines, scoped) == [[10], [], [10]]


def test_staff_may_name_one_line_with_all_choices_of_its_combo():
    lines = [a_line(100), a_line(100, number=1), a_line(100, number=1)]

    assert taken(lines, percent(10, trigger="staff", line=1)) == [[], [10], [10]]


def test_what_does_not_combine_is_for_untouched_lines_and_closes_them():
    lines = [a_line(100), a_line(100, item="soup")]
    happy = percent(10, item_ids=frozenset({"taco"}))
    alone = percent(50, combines=False)
    after = percent(20, trigger="staff")

    assert taken(lines, happy, alone, after) == [[10, 18], [50]]


def test_a_line_of_which_nothing_was_taken_stays_open():
    """Of lines worth less than half a msat the shares are equal: one has nothing."""
    tiny = Decimal("0.001")
    lines = [BillLine(0, "taco", 1, "0", n * tiny, n * tiny) for n in (9, 0)]
    alone = wanted("amount", amount_minor=4, combines=False)
    lefts = reduce(lines, (), [alone], tiny)

    assert lefts.closed == {0}
    assert [len(taken) for taken in lefts.taken] == [1, 0]


def test_a_combo_touches_its_lines():
    lines = [a_line(100, bundle=0), a_line(100, number=1)]
    bundle = Bundle(0, "c", "Lunch", Decimal(600), CENT)

    assert taken(lines, percent(50, combines=False), bundles=[bundle]) == [[40], [50]]


# --- 3.3 minimum ----------------------------------------------


def test_a_minimum_counts_the_lines_before_all_discounts():
    lines = [a_line(600), a_line(400)]
    half, then = percent(50), percent(10, minimum_minor=1000)

    assert taken(lines, half, then) == [[300, 30], [200, 20]]


def test_below_its_minimum_the_clocks_discount_does_not_apply():
    assert taken([a_line(999)], percent(10, minimum_minor=1000)) == [[]]


@pytest.mark.parametrize(
    ("trigger", "field"), [("code", "codes"), ("staff", "discounts")]
)
def test_below_their_minimum_others_are_refused(trigger, field):
    error = refused([a_line(999)], percent(10, trigger=trigger, minimum_minor=1000))

    assert (error.code, error.facts["field"]) == ("discount.minimum", field)
    assert error.facts["minimum_minor"] == 1000


# --- 3.4 percent ----------------------------------------------


@pytest.mark.parametrize(
    ("cents", "rate", "off"),
    [
        (5, "10", 1),  # 0.5 is 1
        (4, "10", 0),
        (15, "10", 2),
        (333, "33.3333", 111),
        (1, "99.9999", 1),
        (1, "50", 1),
    ],
)
def test_a_percentage_is_rounded_half_up_at_each_line(cents, rate, off):
    assert sum(taken([a_line(cents)], percent(rate))[0]) == off


def test_a_hundred_percent_is_all_that_is_left_also_fractions_of_a_unit():
    line = BillLine(0, "taco", 1, "0", Decimal("12.34"), Decimal("12.34"))

    assert reduce([line], (), [percent(100)], CENT).left == [0]


def test_a_percentage_never_rounds_above_what_is_left():
    line = BillLine(0, "taco", 1, "0", Decimal("9.99"), Decimal("9.99"))

    assert reduce([line], (), [percent(60)], CENT).left == [0]


# --- 3.5 amount ----------------------------------------------


def test_an_amount_is_shared_out_and_adds_up():
    lines = [a_line(100), a_line(100), a_line(100)]

    amount = wanted("amount", amount_minor=100)

    assert taken(lines, amount) == [[34], [33], [33]]


def test_the_rest_goes_to_the_largest_fractions():
    lines = [a_line(200), a_line(500), a_line(300)]

    # 0.2, 0.5 and 0.3 of 7: 1.4, 3.5, 2.1.
    assert taken(lines, wanted("amount", amount_minor=7)) == [[1], [4], [2]]


def test_an_amount_of_all_and_more_takes_all():
    lines = [a_line(100), a_line(50)]

    assert left(lines, wanted("amount", amount_minor=150)) == [0, 0]
    assert left(lines, wanted("amount", amount_minor=999)) == [0, 0]
    assert sum(left(lines, wanted("amount", amount_minor=149))) == 1


# --- 3.6 buy and get, free items ----------------------------------------------


@pytest.mark.parametrize(
    ("units", "free"), [(1, 0), (2, 0), (3, 1), (5, 1), (6, 2), (999, 333)]
)
def test_of_every_three_units_one_is_free(units, free):
    deal = wanted("buy_get", percent="100", buy=2, get=1)

    assert sum(taken([a_line(100, units)], deal)[0]) == free * 100


def test_the_cheapest_units_are_free_whatever_line_they_are_in():
    lines = [a_line(300, 2), a_line(100, 1), a_line(200, 3)]
    deal = wanted("buy_get", percent="100", buy=1, get=1)

    # Six units, three free: 1.00 and two at 2.00.
    assert taken(lines, deal) == [[], [100], [400]]


def test_extras_of_a_free_unit_are_paid():
    deal = wanted("buy_get", percent="100", buy=1, get=1)

    assert left([a_line(100, 2, extra=30)], deal) == [160]


def test_half_price_for_the_second():
    deal = wanted("buy_get", percent="50", buy=1, get=1)

    assert taken([a_line(101, 2)], deal) == [[51]]


def test_of_two_that_cost_the_same_the_earlier_is_free():
    deal = wanted("buy_get", percent="100", buy=1, get=1)

    assert taken([a_line(100), a_line(100)], deal) == [[100], []]


def test_free_items_are_at_most_so_many():
    gift = wanted("free_item", percent="100", get=2, item_ids=frozenset({"taco"}))

    assert taken([a_line(100, 3), a_line(50, item="soup")], gift) == [[200], []]
    assert taken([a_line(100)], gift) == [[100]]


def test_a_free_unit_takes_no_more_than_is_left_of_its_line():
    gift = wanted("free_item", percent="100", get=1)

    assert taken([a_line(100, extra=-30)], gift) == [[70]]


# --- 3.7 codes ----------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        percent(10, trigger="code", item_ids=frozenset({"soup"})),
        percent("0.0001", trigger="code"),
        wanted("buy_get", "code", percent="100", buy=1, get=1),
        wanted("free_item", "code", percent="100", item_ids=frozenset({"soup"})),
        wanted("amount", "code", amount_minor=5, item_ids=frozenset({"soup"})),
    ],
)
def test_a_code_without_effect_is_refused(code):
    assert refused([a_line(100)], code).code == "discount.no_effect"


@pytest.mark.parametrize(
    "code",
    [
        percent(10, trigger="code"),
        wanted("amount", "code", amount_minor=5),
        wanted("buy_get", "code", percent="100", buy=1, get=1),
        wanted("free_item", "code", percent="100"),
    ],
)
@pytest.mark.parametrize("first", [percent(100), percent(10, combines=False)])
def test_a_code_for_what_is_free_or_closed_already_is_refused(code, first):
    assert refused([a_line(100, 2)], first, code).code == "discount.no_effect"


def test_the_clocks_and_staffs_discounts_may_come_to_nothing():
    soup = frozenset({"soup"})

    assert taken([a_line(1)], percent(10, trigger="staff", item_ids=soup)) == [[]]
    assert taken([a_line(1)], percent(10)) == [[]]


# --- combos, and the tax of an exempted order -------------------------


def test_what_a_combo_saves_is_shared_in_its_own_currencys_units():
    lines = [a_line(100, bundle=0), a_line(100, bundle=0), a_line(100, bundle=0)]
    whole_ten = Decimal(100)
    bundle = Bundle(0, "c", "Lunch", Decimal(2000), whole_ten)

    assert taken(lines, bundles=[bundle]) == [[40], [30], [30]]


def test_a_combo_takes_nothing_off_what_is_given_for_nothing():
    lines = [a_line(100, bundle=0), a_line(0, bundle=0)]
    bundle = Bundle(0, "c", "Lunch", Decimal(0), CENT)

    assert taken(lines, bundles=[bundle]) == [[100], []]


def test_exemption_takes_the_contained_tax_off_in_whole_units():
    lines = [a_line(1070), a_line(5)]
    taxed = [BillLine(**{**vars(line), "tax_rate": "7"}) for line in lines]
    lefts = reduce(taxed, (), [], CENT)

    exempt(lefts, "Embassy")

    assert [line.left / CENT for line in lefts.reduced()] == [1000, 5]
    [row] = lefts.reduced()[0].taken
    assert (row.kind, row.name, row.amount / CENT) == ("tax_exempt", "Embassy", 70)
