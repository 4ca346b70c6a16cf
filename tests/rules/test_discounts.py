"""What a discount may be, its codes, when it holds, and what a cart gets of it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from restaurant.core import limits
from restaurant.core.errors import Refused
from restaurant.core.schedules import ALWAYS, Schedule, Window
from restaurant.features.discount_definitions import rules as definitions
from restaurant.features.discount_definitions.rules import Wares
from restaurant.features.discounts import rules
from restaurant.features.discounts.models import (
    DiscountBody,
    DiscountCode,
    DiscountKind,
    Limits,
    NewCodes,
    Scope,
    StaffDiscount,
    Trigger,
    Wanted,
)
from restaurant.models import OrderType

CATEGORIES = {"food": frozenset({"taco", "flan"}), "drinks": frozenset({"agua"})}
WARES = Wares(CATEGORIES)
PERCENT = {"name": "Ten", "trigger": "code", "kind": "percent", "percent": "10"}
AMOUNT = {"name": "Five", "trigger": "code", "kind": "amount", "amount": "5.00"}
BUY_GET = {"name": "2+1", "trigger": "schedule", "kind": "buy_get", "buy": 2}
FREE = {"name": "Water", "trigger": "staff", "kind": "free_item", "item_ids": ["agua"]}
HAPPY_HOUR = {"windows": [{"days": [4], "starts": "17:00", "ends": "19:00"}]}
FRIDAY_18 = 1_767_981_600_000  # Friday 2026-01-09 18:00 UTC
HOUR = 3_600_000
UTC = "UTC"


def new(body=PERCENT, currency="GTQ", **fields):
    wish = DiscountBody(**{**body, **fields})
    return definitions.new_discount(wish, "d1", "r1", WARES, currency, FRIDAY_18)


def change(discount, currency="GTQ", **fields):
    return definitions.changed(discount, DiscountBody(**fields), WARES, currency)


def refused(work, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        work(*args, **kwargs)
    return caught.value.code, caught.value.facts.get("field")


# --- definitions -----------------------------------------------------------------


def test_a_discount_says_no_more_than_it_must():
    made = new()

    assert (made.percent, made.amount_minor, made.buy, made.get) == ("10", None, 0, 1)
    assert (made.scope, made.order_types) == (Scope(), frozenset())
    assert (made.minimum_minor, made.combines, made.is_active) == (0, True, True)
    assert (made.limits, made.schedule) == (Limits(), ALWAYS)
    assert (made.currency, made.created_at) == ("GTQ", FRIDAY_18)


def test_every_kind_keeps_what_it_is_made_of():
    assert new(AMOUNT).amount_minor == 500
    assert new(AMOUNT, amount=7, currency="JPY").amount_minor == 7
    two_plus_one = new(BUY_GET)
    assert (two_plus_one.buy, two_plus_one.get) == (2, 1)
    assert two_plus_one.percent == "100"
    assert new(BUY_GET, get=3, percent="50").percent == "50"
    water = new(FREE)
    assert (water.buy, water.get, water.percent) == (0, 1, "100")
    assert new(FREE, item_ids=[], category_ids=["food"]).scope.category_ids == {"food"}


@pytest.mark.parametrize(
    ("body", "fields", "fault"),
    [
        (PERCENT, {"percent": "0"}, ("field.invalid", "percent")),
        (PERCENT, {"percent": "100.01"}, ("field.invalid", "percent")),
        (PERCENT, {"percent": "-1"}, ("field.invalid", "percent")),
        (PERCENT, {"percent": "1.23456"}, ("field.invalid", "percent")),
        (PERCENT, {"percent": "ten"}, ("field.invalid", "percent")),
        (PERCENT, {"percent": None}, ("field.invalid", "percent")),
        (PERCENT, {"amount": "1.00"}, ("field.invalid", "amount")),
        (PERCENT, {"buy": 1}, ("field.invalid", "buy")),
        (PERCENT, {"name": None}, ("field.invalid", "name")),
        (PERCENT, {"name": " "}, ("text.invalid", "name")),
        (PERCENT, {"trigger": None}, ("field.invalid", "trigger")),
        (PERCENT, {"kind": None}, ("field.invalid", "kind")),
        (PERCENT, {"minimum": "-1"}, ("field.invalid", "minimum")),
        (PERCENT, {"minimum": "1.234"}, ("field.invalid", "minimum")),
        (PERCENT, {"combines": None}, ("field.invalid", "combines")),
        (PERCENT, {"item_ids": None}, ("field.invalid", "item_ids")),
        (PERCENT, {"schedule": None}, ("field.invalid", "schedule")),
        (PERCENT, {"item_ids": ["taco", "gone"]}, ("discount.scope", "item_ids")),
        (PERCENT, {"category_ids": ["taco"]}, ("discount.scope", "category_ids")),
        (PERCENT, {"item_ids": ["taco"] * 1_001}, ("field.invalid", "item_ids")),
        (PERCENT, {"limit_total": 0}, ("field.invalid", "limit_total")),
        (PERCENT, {"limit_per_day": -1}, ("field.invalid", "limit_per_day")),
        (PERCENT, {"limit_total": 10**9 + 1}, ("field.invalid", "limit_total")),
        (FREE, {"limit_per_guest": 1}, ("field.invalid", "limit_per_guest")),
        (FREE, {"limit_per_code": 1}, ("field.invalid", "limit_per_code")),
        (BUY_GET, {"limit_per_code": 1}, ("field.invalid", "limit_per_code")),
        (AMOUNT, {"amount": "0"}, ("field.invalid", "amount")),
        (AMOUNT, {"amount": "-5"}, ("field.invalid", "amount")),
        (AMOUNT, {"amount": "5.001"}, ("field.invalid", "amount")),
        (AMOUNT, {"amount": None}, ("field.invalid", "amount")),
        (AMOUNT, {"percent": "5"}, ("field.invalid", "percent")),
        (BUY_GET, {"buy": 0}, ("field.invalid", "buy")),
        (BUY_GET, {"buy": 101}, ("field.invalid", "buy")),
        (BUY_GET, {"buy": None}, ("field.invalid", "buy")),
        (BUY_GET, {"get": 0}, ("field.invalid", "get")),
        (BUY_GET, {"get": 101}, ("field.invalid", "get")),
        (FREE, {"item_ids": []}, ("field.invalid", "item_ids")),
        (FREE, {"buy": 1}, ("field.invalid", "buy")),
        (
            BUY_GET,
            {"schedule": {"windows": [{"days": [7], "starts": "1", "ends": "2"}]}},
            ("field.invalid", "schedule"),
        ),
    ],
)
def test_a_discount_that_cannot_be_is_refused_by_its_field(body, fields, fault):
    assert refused(new, body, **fields) == fault


@pytest.mark.parametrize("kind", ["buy_get", "free_item"])
def test_a_kind_is_refused_without_what_it_is_made_of(kind):
    body = {"name": "x", "trigger": "code", "kind": kind}

    assert refused(new, body)[0] == "field.invalid"


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", "half"), ("buy", True), ("buy", 1.0), ("order_types", ["delivered"])],
)
def test_a_wrong_type_is_no_body_at_all(field, value):
    with pytest.raises(ValidationError):
        DiscountBody(**{**PERCENT, field: value})


@given(st.decimals("-10", "110", places=5, allow_nan=False))
def test_a_percentage_is_above_zero_and_at_most_a_hundred(number):
    fits = 0 < number <= 100 and number == number.quantize(Decimal("0.0001"))

    if fits:
        assert Decimal(new(percent=f"{number:f}").percent or "") == number
    else:
        assert refused(new, percent=f"{number:f}") == ("field.invalid", "percent")


@given(
    st.sampled_from(["limit_total", "limit_per_day", "limit_per_guest"]),
    st.integers(-(10**12), 10**12),
)
def test_a_limit_is_at_least_one(name, value):
    if 1 <= value <= limits.DISCOUNT_USES_MAX:
        kept = new(**{name: value}).limits
        assert getattr(kept, name.removeprefix("limit_")) == value
        assert rules.is_counted(replace(new(), limits=kept))
    else:
        assert refused(new, **{name: value}) == ("field.invalid", name)


# --- changes ---------------------------------------------------------------------


def test_a_change_touches_only_what_is_sent():
    old = new(AMOUNT, limit_total=5, item_ids=["taco"])

    assert change(old, name="Six") == replace(old, name="Six")
    assert change(old, limit_total=None) == replace(old, limits=Limits())
    assert change(old) == old


def test_another_kind_leaves_nothing_of_the_old_one():
    old = new(BUY_GET, get=2, percent="50")

    after = change(old, kind="amount", amount="5")

    assert (after.kind, after.amount_minor) == (DiscountKind.AMOUNT, 500)
    assert (after.percent, after.buy, after.get) == (None, 0, 1)
    assert refused(change, old, kind="amount") == ("field.invalid", "amount")


def test_a_scope_may_stay_when_its_item_left_the_menu():
    old = replace(new(), scope=Scope(item_ids=frozenset({"gone"})))

    assert change(old, name="Other").scope == old.scope
    assert refused(change, old, item_ids=["gone"])[0] == "discount.scope"


def test_sums_of_another_currency_are_sent_all_anew():
    old = new(AMOUNT, minimum="20.00")

    assert change(old, "USD", name="x").currency == "GTQ"
    assert refused(change, old, "USD", amount="1") == ("field.invalid", "minimum")
    assert refused(change, old, "USD", minimum="9") == ("field.invalid", "amount")
    after = change(old, "USD", amount="1", minimum="9")
    assert (after.currency, after.amount_minor) == ("USD", 100)
    assert after.minimum_minor == 900


def test_a_discount_with_sums_in_another_currency_rests():
    plain, five, floor = new(), new(AMOUNT), new(minimum="1.00")

    assert rules.in_currency([plain, five, floor], "USD") == [plain]
    assert rules.in_currency([plain, five, floor], "GTQ") == [plain, five, floor]


# --- overlaps --------------------------------------------------------------------


def by_clock(discount_id, **fields):
    body = {**PERCENT, "trigger": "schedule", "schedule": HAPPY_HOUR, **fields}
    return replace(new(body), id=discount_id)


def meets(one, *others, yesterday="2026-01-08"):
    try:
        definitions.check_overlap(one, others, WARES, yesterday)
    except Refused as refusal:
        return refusal.code, refusal.facts["discount_id"]
    return None


def test_two_of_the_clock_for_the_same_lines_at_the_same_time_are_refused():
    one, other = by_clock("one"), by_clock("other", name="Other")

    with pytest.raises(Refused) as caught:
        definitions.check_overlap(one, [one, other], WARES, "2026-01-08")
    assert caught.value.facts == {
        "field": "schedule",
        "discount_id": "other",
        "name": "Other",
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"is_active": False},
        {"trigger": "code"},
        {"trigger": "staff"},
        {"order_types": ["delivery"]},
        {"schedule": {"windows": [{"days": [4], "starts": "19:00", "ends": "20:00"}]}},
        {"schedule": {"windows": [{"days": [5], "starts": "17:00", "ends": "19:00"}]}},
        {"schedule": {"last_day": "2026-01-07"}},
        {"item_ids": ["flan"]},
        {"category_ids": ["drinks"]},
    ],
)
def test_those_that_never_meet_may_stand_side_by_side(fields):
    one = by_clock("one", order_types=["pickup"], item_ids=["taco"])

    assert meets(one, by_clock("other", **fields)) is None
    assert meets(one, by_clock("other", item_ids=["flan"]), one) is None


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"order_types": ["pickup", "delivery"]},
        {"item_ids": ["flan", "taco"]},
        {"category_ids": ["food"]},
        {"schedule": {}},
        {"schedule": {"last_day": "2026-01-08"}},
    ],
)
def test_an_item_meets_its_category_and_some_hours_meet_all_day(fields):
    one = by_clock("one", order_types=["pickup"], item_ids=["taco"])

    other = by_clock("other", **fields)

    assert meets(one, other) == ("discount.overlap", "other")
    assert meets(other, one) == ("discount.overlap", "one")


# --- codes -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("summer", "SUMMER"),
        ("  Summer-24 ", "SUMMER-24"),
        ("ñandú", "ÑANDÚ"),
        ("n\u0303an", "ÑAN"),  # the same letters, typed apart
        ("ＡＢＣ１", "ABC1"),
        ("straße", "STRASSE"),
        ("a.b_c", "A.B_C"),
        ("x" * limits.CODE_MAX, "X" * limits.CODE_MAX),
    ],
)
def test_codes_are_folded(typed, folded):
    assert rules.fold_code(typed) == folded


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ab",
        " a ",
        "x" * (limits.CODE_MAX + 1),
        "a b c",
        "abc!",
        "abc\n d",
        "🎉🎉🎉",
    ],
)
def test_what_cannot_be_a_code_is_refused(typed):
    assert refused(rules.fold_code, typed) == ("discount.code", "code")


@given(st.text(max_size=50))
def test_a_folded_code_folds_to_itself(text):
    try:
        folded = rules.fold_code(text)
    except Refused:
        return
    assert rules.fold_code(folded) == folded
    assert rules.fold_code(f"  {folded.lower()}\t") == rules.fold_code(folded.lower())


def test_a_cart_has_few_codes_and_each_once():
    assert rules.fold_codes([]) == []
    assert rules.fold_codes(["one", "two"]) == ["ONE", "TWO"]
    assert refused(rules.fold_codes, ["one", "ONE "]) == ("discount.twice", "codes.1")
    assert refused(rules.fold_codes, ["one", "!"]) == ("discount.code", "codes.1")
    many = [f"code{n}" for n in range(limits.CODES_PER_CART_MAX + 1)]
    assert refused(rules.fold_codes, many) == ("discount.codes", "codes")


def test_codes_that_are_made_up_are_ten_unambiguous_characters():
    made = [rules.made_code(str(number)) for number in range(2_000)]

    assert len(set(made)) == len(made)
    assert {len(code) for code in made} == {10}
    assert set("".join(made)) == set(rules.CODE_ALPHABET)
    assert not set("01ILO") & set(rules.CODE_ALPHABET)
    assert [rules.fold_code(code) for code in made] == made


def test_either_one_code_or_a_count_is_asked_for():
    assert rules.asked_codes(NewCodes(code=" summer ")) == ("SUMMER", 1)
    assert rules.asked_codes(NewCodes(count=500)) == (None, 500)
    for body in ({}, {"code": "abc", "count": 1}):
        assert refused(rules.asked_codes, NewCodes(**body))[0] == "field.invalid"
    for count in (0, -1, limits.CODES_AT_ONCE_MAX + 1):
        fault = refused(rules.asked_codes, NewCodes(count=count))
        assert fault == ("field.invalid", "count")


def test_a_guest_is_stored_as_a_hash_that_restaurants_cannot_compare():
    guest = "g" * 16
    stored = rules.guest_hash_of("secret", "r1", guest)

    assert stored == rules.guest_hash_of("secret", "r1", guest)
    assert guest not in stored
    assert len(stored) == 64
    assert stored != rules.guest_hash_of("secret", "r2", guest)
    assert stored != rules.guest_hash_of("other", "r1", guest)
    for wrong in ("g" * 15, "g" * 65, "ñ" * 16, "g" * 15 + "\n"):
        fault = refused(rules.guest_hash_of, "secret", "r1", wrong)
        assert fault == ("field.invalid", "guest_id")


# --- when ------------------------------------------------------------------------


def test_a_discount_holds_in_its_hours_for_its_types_of_order():
    happy = by_clock("one", order_types=["pickup"])

    def holds(order_type=OrderType.PICKUP, at=FRIDAY_18, zone=UTC):
        return rules.holds(happy, order_type, at, zone)

    assert holds()
    assert not holds(OrderType.DINE_IN)
    assert not holds(at=FRIDAY_18 + HOUR)
    assert not holds(zone="America/Guatemala")
    assert holds(at=FRIDAY_18 + 5 * HOUR, zone="America/Guatemala")


def test_the_clock_brings_about_what_is_active_and_its_own_oldest_first():
    first, second = by_clock("one"), by_clock("two")
    others = [
        by_clock("off", is_active=False),
        by_clock("code", trigger="code"),
        by_clock("delivery", order_types=["delivery"]),
    ]

    found = rules.scheduled([first, *others, second], OrderType.PICKUP, FRIDAY_18, UTC)

    assert found == [first, second]
    later = FRIDAY_18 + HOUR
    assert rules.scheduled([first], OrderType.PICKUP, later, UTC) == []


def test_the_next_change_is_the_next_edge_of_what_the_clock_brings_about():
    happy = by_clock("one")
    early = replace(
        happy, schedule=Schedule((Window((4,), "18:30", "18:45"),)), is_active=False
    )

    assert rules.next_change([happy, early], FRIDAY_18, UTC) == FRIDAY_18 + HOUR
    in_a_week = FRIDAY_18 - HOUR + 7 * 24 * HOUR
    assert rules.next_change([happy], FRIDAY_18 + HOUR, UTC) == in_a_week
    assert rules.next_change([new()], FRIDAY_18, UTC) is None
    assert rules.next_change([], FRIDAY_18, UTC) is None


# --- what a cart gets ------------------------------------------------------------


def test_a_discount_is_wanted_for_the_items_of_its_scope():
    stored = new(item_ids=["agua"], category_ids=["food"], minimum="20.00")
    code = DiscountCode("c1", "r1", "d1", "SUMMER", FRIDAY_18)

    assert rules.wanted_of(stored, CATEGORIES, code) == Wanted(
        discount_id="d1",
        name="Ten",
        trigger=Trigger.CODE,
        kind=DiscountKind.PERCENT,
        percent="10",
        item_ids=frozenset({"agua", "taco", "flan"}),
        minimum_minor=2_000,
        code_id="c1",
    )
    assert rules.wanted_of(new(), CATEGORIES, None).item_ids == frozenset()


@pytest.mark.parametrize("left", [{}, {"food": frozenset()}])
def test_a_scope_whose_categories_are_gone_is_for_nothing_not_for_all(left):
    stored = new(category_ids=["food"])

    items = rules.wanted_of(stored, left, None).item_ids

    assert items
    assert not items & {"taco", "flan", "agua"}


def staff(number_of_lines=2, currency="GTQ", discounts=(), **body):
    asked = StaffDiscount(**{"reason": "Late", **body})
    return rules.staff_wanted(asked, discounts, currency, number_of_lines, CATEGORIES)


def test_staff_takes_off_a_percentage_an_amount_or_what_is_stored():
    tenth = staff(percent=10, line=1)
    assert (tenth.discount_id, tenth.name, tenth.percent) == (None, "10 %", "10")
    assert (tenth.kind, tenth.trigger) == (DiscountKind.PERCENT, Trigger.STAFF)
    assert (tenth.line, tenth.reason) == (1, "Late")
    five = staff(amount="5")
    assert (five.name, five.amount_minor, five.line) == ("5.00 GTQ", 500, None)
    assert five.kind is DiscountKind.AMOUNT
    water = new(FREE)
    stored = staff(discount_id="d1", discounts=[water])
    assert stored == replace(rules.wanted_of(water, CATEGORIES, None), reason="Late")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("field.invalid", "discounts.0")),
        ({"percent": 1, "amount": 1}, ("field.invalid", "discounts.0")),
        ({"percent": 1, "discount_id": "d1"}, ("field.invalid", "discounts.0")),
        ({"percent": 0}, ("field.invalid", "discounts.0.percent")),
        ({"percent": "100.5"}, ("field.invalid", "discounts.0.percent")),
        ({"percent": [1]}, ("field.invalid", "discounts.0.percent")),
        ({"percent": True}, ("field.invalid", "discounts.0.percent")),
        ({"amount": 0}, ("field.invalid", "discounts.0.amount")),
        ({"amount": "-1"}, ("field.invalid", "discounts.0.amount")),
        ({"amount": "0.001"}, ("field.invalid", "discounts.0.amount")),
        ({"percent": 1, "line": 2}, ("field.invalid", "discounts.0.line")),
        ({"percent": 1, "line": -1}, ("field.invalid", "discounts.0.line")),
        ({"percent": 1, "reason": " "}, ("field.invalid", "discounts.0.reason")),
        ({"percent": 1, "reason": "x" * 501}, ("text.invalid", "discounts.0.reason")),
        ({"discount_id": "gone"}, ("discount.unknown", "discounts.0.discount_id")),
    ],
)
def test_what_staff_cannot_take_off_is_refused(body, fault):
    assert refused(staff, discounts=[new(FREE)], **body) == fault


@pytest.mark.parametrize("fields", [{"is_active": False}, {"trigger": "code"}])
def test_staff_cannot_give_what_is_switched_off_or_needs_a_code(fields):
    stored = new(FREE, **fields)

    fault = refused(staff, discount_id="d1", discounts=[stored])

    assert fault == ("discount.unknown", "discounts.0.discount_id")


def test_a_discount_is_shown_with_sums_in_its_currency():
    stored = new(AMOUNT, minimum="20", item_ids=["taco", "flan"], limit_per_day=3)

    shown = rules.view(stored, 4, 2).dict()

    assert shown == {
        "id": "d1",
        "restaurant_id": "r1",
        "name": "Five",
        "trigger": "code",
        "kind": "amount",
        "percent": None,
        "amount": "5.00",
        "currency": "GTQ",
        "buy": 0,
        "get": 1,
        "item_ids": ["flan", "taco"],
        "category_ids": [],
        "order_types": [],
        "minimum": "20.00",
        "combines": True,
        "limit_total": None,
        "limit_per_day": 3,
        "limit_per_guest": None,
        "limit_per_code": None,
        "schedule": {"windows": [], "first_day": None, "last_day": None},
        "is_active": True,
        "uses": 4,
        "codes": 2,
        "created_at": "2026-01-09T18:00:00.000Z",
    }
