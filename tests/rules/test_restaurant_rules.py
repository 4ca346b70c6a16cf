"""Settings, slugs and shapes of a restaurant; devices and tables beside it."""

import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restaurant.core import fields, paging
from restaurant.core.errors import Forbidden, Refused
from restaurant.core.text import text_fault
from restaurant.features.devices import rules as devices
from restaurant.features.devices.models import NewDevice
from restaurant.features.opening.models import Opening
from restaurant.features.opening.rules import view
from restaurant.features.restaurants import rules
from restaurant.features.restaurants.models import Restaurant
from restaurant.features.tables import rules as tables
from restaurant.features.tables.models import NewTable
from restaurant.models import Actor, Role

FIAT = {"GTQ", "EUR", "JPY", "BHD"}
SECRET = "a server's secret"
NOW = 1_790_000_000_000

#: What the defaults take: every method, everywhere.
EVERY_METHOD = [
    {"method": method, "order_types": [], "currencies": []}
    for method in ("lightning", "cash", "card", "gift_card")
]


def a_restaurant(**settings: Any) -> Any:
    read = rules.read_settings({"name": "Jay's", "currency": "GTQ", **settings}, FIAT)
    return rules.new_restaurant(read, "restaurant-1", "wallet-1", "user-1", NOW)


def read_one(field: Any, value: Any) -> Any:
    return rules.read_settings({field: value}, FIAT)[field]


@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("currency", "gtq", "GTQ"),
        ("currency", "Satoshis", "sat"),
        ("currency", "MSAT", "msat"),
        ("currency", "btc", "BTC"),
        ("timezone", "America/Guatemala", "America/Guatemala"),
        ("timezone", "UTC", "UTC"),
        ("day_starts_at", "00:00", "00:00"),
        ("day_starts_at", "23:59", "23:59"),
        ("tax_rate", "12", "12"),
        ("tax_rate", 12.5, "12.5"),
        ("tax_rate", "7.7500", "7.7500"),
        ("tax_rate", "-0", "0"),
        ("tax_rate", "100", "100"),
        ("tip_options", [], []),
        ("tip_options", ["5", 10, 12.5], ["5", "10", "12.5"]),
        ("order_expiry_seconds", 5, 5),
        ("order_expiry_seconds", 86_400, 86_400),
        ("quote_seconds", 600, 600),
        ("print_on", "accepted", "accepted"),
        ("stock_policy", "settle", "settle"),
        ("stock_policy", "reserve", "reserve"),
        ("reserve_guest_percent", 1, 1),
        ("reserve_guest_percent", 100, 100),
        ("image_url", None, None),
        ("image_url", "/restaurant/static/taco.svg", "/restaurant/static/taco.svg"),
        ("image_url", "https://example.com/a.jpg?w=1#x", "https://example.com/a.jpg?w=1#x"),
        ("slug", "big-jays-2", "big-jays-2"),
        ("address", "1 Road\nTown", "1 Road\nTown"),
        ("is_open", False, False),
        ("open_orders_max", 10_000, 10_000),
        ("tax_rates", {"dine_in": "19", "pickup": 7}, {"dine_in": "19", "pickup": "7"}),
        ("tax_rates", {}, {}),
        ("minimum_order", {"delivery": "20.00"}, {"delivery": "20.00"}),
        ("minimum_order", {"delivery": "-0.00"}, {"delivery": "0.00"}),
        ("rate_markup_percent", "-1.5", "-1.5"),
        ("rate_markup_percent", "-0.0", "0.0"),
        ("rate_markup_percent", 50, "50"),
        ("rate_markup_percent", "-50", "-50"),
        ("till_discount_percent", "0", "0"),
        ("tip_round_to", "1.00", "1.00"),
        ("tip_round_to", None, None),
        ("tip_days", 0, 0),
        ("tip_days", 365, 365),
        ("charges", [], []),
        ("house_rates", [], []),
    ],
)  # fmt: skip
def test_a_good_setting_is_read_to_its_stored_form(
    field: Any, sent: Any, stored: Any
) -> None:
    assert read_one(field, sent) == stored


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("currency", "XXX"),
        ("currency", ""),
        ("timezone", "Mars/Olympus"),
        ("timezone", ""),
        ("timezone", "America"),
        ("timezone", "localtime"),
        ("timezone", "../../etc/passwd"),
        ("timezone", "posix/Europe/Vienna"),
        ("timezone", "Europe/Vienna\0"),
        ("timezone", "Europe/" + "x" * 300),
        ("timezone", "\ud800/x"),
        ("day_starts_at", "24:00"),
        ("day_starts_at", "4:00"),
        ("day_starts_at", "04:60"),
        ("day_starts_at", "04:00:00"),
        ("day_starts_at", "٠٤:٠٠"),
        ("tax_rate", "NaN"),
        ("tax_rate", "Infinity"),
        ("tax_rate", float("nan")),
        ("tax_rate", "1e1"),
        ("tax_rate", "-1"),
        ("tax_rate", "100.01"),
        ("tax_rate", "1.00001"),
        ("tax_rate", " 5"),
        ("tax_rate", ""),
        ("tip_options", ["1", "2", "3", "4", "5", "6", "7"]),
        ("tip_options", ["101"]),
        ("order_expiry_seconds", 4),
        ("order_expiry_seconds", 86_401),
        ("quote_seconds", 9),
        ("quote_seconds", 601),
        ("open_orders_max", 0),
        ("open_orders_per_table_max", 10_001),
        ("print_on", "ready"),
        ("stock_policy", "never"),
        ("reserve_guest_percent", 0),
        ("reserve_guest_percent", 101),
        ("image_url", "javascript:alert(1)"),
        ("image_url", "data:text/html,x"),
        ("image_url", "//evil.example/x.png"),
        ("image_url", "https://user:pass@example.com/x.png"),
        ("image_url", "https://user@example.com/x.png"),
        ("image_url", "http://example.com/x.png"),
        ("image_url", "https:///x.png"),
        ("image_url", "https://[::1/x.png"),
        ("image_url", "/a b.png"),
        ("image_url", '/a".png'),
        ("image_url", "/\\evil.example"),
        ("image_url", "relative.png"),
        ("image_url", "https://example.com/" + "x" * 2_000),
        ("slug", "Big-Jays"),
        ("slug", "-jays"),
        ("slug", "jays--2"),
        ("slug", "jäys"),
        ("slug", ""),
        ("slug", "x" * 61),
        ("name", None),
        ("is_open", None),
        ("tax_rates", None),
        ("tax_rates", {"dine_in": "101"}),
        ("tax_rates", {"dine_in": "-1"}),
        ("tax_rates", {"dine_in": "NaN"}),
        ("tax_rates", {"dine_in": "1.00001"}),
        ("minimum_order", {"delivery": "-1"}),
        ("minimum_order", {"delivery": "1e3"}),
        ("rate_markup_percent", "50.0001"),
        ("rate_markup_percent", "-51"),
        ("rate_markup_percent", "nan"),
        ("rate_markup_percent", "0.00001"),
        ("till_discount_percent", "100.5"),
        ("till_discount_percent", None),
        ("tip_round_to", "-1"),
        ("tip_days", -1),
        ("tip_days", 366),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(field: Any, sent: Any) -> None:
    with pytest.raises(Refused) as caught:
        read_one(field, sent)

    assert caught.value.code == "field.invalid"
    assert caught.value.facts["field"] == field


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 121),
        ("name", "two\nlines"),
        ("name", "bidi \u202e override"),
        ("name", "zero\u200bwidth"),
        ("description", "x" * 2_001),
        ("address", "nul \0"),
        ("tax_id", "lone \ud83d"),
        ("receipt_footer", "\u2066isolate"),
    ],
)
def test_wrong_text_is_refused_by_its_name(field: Any, sent: Any) -> None:
    with pytest.raises(Refused) as caught:
        read_one(field, sent)

    assert caught.value.code == "text.invalid"
    assert caught.value.facts["field"] == field


# --- charges and fixed rates ---------------------------------------------------------


def test_a_charge_is_read_to_its_stored_form() -> None:
    sent = {
        "kind": "delivery",
        "name": "Delivery",
        "amount": 15,
        "order_types": ["delivery"],
        "free_from": "-0.00",
        "tax_rate": "12.5",
    }

    [charge] = read_one("charges", [sent])

    assert charge.dict() == {
        "kind": "delivery",
        "name": "Delivery",
        "percent": None,
        "amount": "15",
        "order_types": ["delivery"],
        "from_covers": None,
        "free_from": "0.00",
        "tax_rate": "12.5",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"percent": None},
        {"amount": "1"},
        {"percent": "100.1"},
        {"percent": "-1"},
        {"percent": "NaN"},
        {"percent": None, "amount": "-1"},
        {"percent": None, "amount": "Infinity"},
        {"name": ""},
        {"name": "x" * 121},
        {"name": "bidi \u202e"},
        {"tax_rate": "101"},
        {"tax_rate": "-1"},
        {"free_from": "-1"},
        {"from_covers": 0},
        {"from_covers": 1000},
        {"kind": "gratuity"},
    ],
)
def test_a_wrong_charge_is_refused(changes: Any) -> None:
    good = {"name": "Service", "percent": "10"}
    assert read_one("charges", [good])

    with pytest.raises(Refused) as caught:
        read_one("charges", [good, {**good, **changes}])

    assert caught.value.code == "field.invalid"
    assert caught.value.facts["field"] == "charges"


def test_there_are_at_most_ten_charges() -> None:
    with pytest.raises(Refused, match="at most 10"):
        read_one("charges", [{"name": "Service", "percent": "1"}] * 11)


@pytest.mark.parametrize(
    "settings",
    [
        {"charges": [{"name": "Bag", "amount": "0.001"}]},
        {"charges": [{"name": "Bag", "amount": "1", "free_from": "0.001"}]},
        {"minimum_order": {"delivery": "0.001"}},
        {"minimum_order": {"delivery": "99999999999999"}},
        {"tip_round_to": "0.001"},
        {"tip_round_to": "0"},
    ],
)
def test_sums_fit_the_currency(settings: Any) -> None:
    with pytest.raises(Refused) as caught:
        a_restaurant(**settings)

    assert caught.value.facts["field"] == next(iter(settings))


def test_another_currency_must_fit_the_sums_that_are_there() -> None:
    charge = {"name": "Bag", "amount": "0.50"}
    old = a_restaurant(charges=[charge])

    with pytest.raises(Refused) as caught:
        rules.changed(old, {"currency": "JPY"})

    assert caught.value.facts["field"] == "charges"


NOON, ONE, TWO = (f"2026-09-21T{hour}:00:00.000Z" for hour in (12, 13, 14))


def a_rate(rate: Any = "150", starts: Any = None, ends: Any = None, **more: Any) -> Any:
    times = {"starts_at": starts, "ends_at": ends}
    return {"currency": "GTQ", "rate": rate, **times, **more}


def test_a_house_rate_is_read_to_its_stored_form() -> None:
    sent = a_rate("158.6354999999999", "2026-09-21T12:00:00+02:00", currency="gtq")

    [rate] = read_one("house_rates", [sent])

    assert rate.dict() == {
        "currency": "GTQ",
        "rate": "158.6355",
        "starts_at": "2026-09-21T10:00:00.000Z",
        "ends_at": None,
    }


@pytest.mark.parametrize(
    "rates",
    [
        [a_rate(starts=NOON, ends=ONE), a_rate(starts=ONE, ends=TWO)],
        [a_rate(ends=NOON), a_rate(starts=NOON)],
        [a_rate(), a_rate(currency="EUR")],
    ],
)
def test_house_rates_that_follow_each_other_are_fine(rates: Any) -> None:
    assert len(read_one("house_rates", rates)) == 2


@pytest.mark.parametrize(
    "rates",
    [
        [a_rate(), a_rate()],
        [a_rate(starts=NOON, ends=TWO), a_rate(starts=ONE)],
        [a_rate(starts=ONE), a_rate(ends=TWO)],
        [a_rate(starts=NOON, ends=NOON)],
        [a_rate(starts=ONE, ends=NOON)],
        [a_rate("0")],
        [a_rate("-1")],
        [a_rate("NaN")],
        [a_rate("1e9")],
        [a_rate(starts="noon")],
        [a_rate(ends="2026-02-30T00:00:00Z")],
        [a_rate(currency="sat")],
        [a_rate(currency="BTC")],
        [a_rate(currency="XXX")],
        [a_rate(starts=f"20{year}-01-01T00:00:00Z", ends=f"20{year}-02-01T00:00:00Z")
         for year in range(10, 31)],
    ],
)  # fmt: skip
def test_house_rates_that_meet_or_are_none_are_refused(rates: Any) -> None:
    with pytest.raises(Refused) as caught:
        read_one("house_rates", rates)

    assert caught.value.facts["field"] == "house_rates"


@given(st.text(max_size=200))
def test_any_name_gives_slugs_that_a_client_could_have_sent(name: Any) -> None:
    candidates = list(rules.slug_candidates(name, "Kx3_aB-9zQ7wLm2vT5yRcd"))

    assert len(candidates) == 10
    assert len(set(candidates)) == 10
    for slug in candidates:
        assert read_one("slug", slug) == slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Big Jay's Bustaurant", "big-jays-bustaurant"),
        ("Café Österreich", "cafe-osterreich"),
        ("Straße 7", "strasse-7"),
        ("🌮", "restaurant"),
        ("寿司", "restaurant"),
        ("  --  ", "restaurant"),
    ],
)
def test_a_slug_reads_like_its_name(name: Any, slug: Any) -> None:
    assert next(rules.slug_candidates(name, "id")) == slug


def test_the_last_slug_belongs_to_this_restaurant_alone() -> None:
    slugs = list(rules.slug_candidates("x" * 120, "Kx3_aB-9zQ7wLm2vT5yRcd"))

    assert slugs[-1] == "x" * 37 + "-kx3ab9zq7wlm2vt5yrcd"


def test_a_new_restaurant_has_the_defaults_of_the_contract() -> None:
    restaurant = a_restaurant()

    assert restaurant.profile() == {
        "name": "Jay's",
        "description": "",
        "legal_name": "",
        "address": "",
        "tax_id": "",
        "receipt_footer": "",
        "image_url": None,
        "currency": "GTQ",
        "timezone": "UTC",
        "day_starts_at": "04:00",
        "auto_accept_orders": False,
        "order_expiry_seconds": 900,
        "quote_seconds": 120,
        "tax_rate": "0",
        "tax_inclusive": True,
        "stock_policy": "settle",
        "print_on": "paid",
        "tip_options": ["5", "10", "15"],
        "show_left": False,
        "cash_at_table": False,
        "open_orders_max": 200,
        "open_orders_per_table_max": 10,
        "accepted_payments": EVERY_METHOD,
        "cash_rounding": None,
        "receipt_station": None,
        "receipt_on": "never",
        "print_relays": [],
        "auto_refund": False,
        "refund_approval_limit": "0",
        "refund_fee_percent": "1",
        "withdraw_days": 30,
        "tax_rates": {},
        "tax_rounding": "exact",
        "charges": [],
        "minimum_order": {},
        "rate_markup_percent": "0",
        "house_rates": [],
        "till_discount_percent": "100",
        "tip_to": "restaurant",
        "tip_round_to": None,
        "tip_days": 7,
        "order_types": ["dine_in", "pickup", "delivery"],
        "opening_hours": [],
        "special_days": [],
        "last_order_minutes": 0,
        "pause": None,
        "slots": [],
        "prep_minutes": None,
        "prep_by_load": [],
        "busy": None,
        "busy_from_orders": None,
        "busy_extra_minutes": 15,
        "accept_within_minutes": 5,
        "unaccepted": "wait",
        "tabs_at_table": False,
        "tab_limit": "0",
        "reserve_guest_percent": 50,
        "open_orders_per_address_max": 50,
        "open_orders_per_device_max": 500,
    }
    assert restaurant.is_open
    assert (restaurant.version, restaurant.stock_version) == (1, 1)


def test_the_public_profile_is_written_out() -> None:
    place = a_restaurant(address="1 Road")
    shown = rules.public_profile(place, view(Opening(True))).dict()

    assert shown == {
        "id": "restaurant-1",
        "slug": "",
        "name": "Jay's",
        "description": "",
        "legal_name": "",
        "address": "1 Road",
        "tax_id": "",
        "image_url": None,
        "currency": "GTQ",
        "timezone": "UTC",
        "is_open": True,
        "order_expiry_seconds": 900,
        "tax_rate": "0",
        "tax_inclusive": True,
        "tax_rates": {},
        "charges": [],
        "minimum_order": {},
        "tip_options": ["5", "10", "15"],
        "tip_round_to": None,
        "tip_days": 7,
        "cash_at_table": False,
        "accepted_payments": EVERY_METHOD,
        "cash_rounding": None,
        "cash_step": "0.01",
        "tabs_at_table": False,
        "order_types": ["dine_in", "pickup", "delivery"],
        "opening_hours": [],
        "special_days": [],
        "last_order_minutes": 0,
        "slots": [],
        "opening": {
            "is_open": True,
            "reason": None,
            "name": None,
            "opens_at": None,
            "closes_at": None,
            "last_order_at": None,
            "resumes_at": None,
            "pause_reason": None,
        },
    }


def test_only_the_owner_sees_the_wallet_and_nobody_the_account() -> None:
    restaurant = a_restaurant()

    assert rules.settings_view(restaurant, is_owner=True).wallet_id == "wallet-1"
    shown = rules.settings_view(restaurant, is_owner=False).dict()
    assert shown["wallet_id"] is None
    assert "user-1" not in str(shown)


def test_the_journal_names_texts_and_quotes_settings() -> None:
    old = a_restaurant()
    new = rules.changed(old, {"address": "1 Road", "is_open": False})

    assert rules.change_told(old, old) == {}
    assert rules.change_told(old, new) == {
        "fields": ["address", "is_open"],
        "settings": {"is_open": False},
    }


def test_no_personal_text_is_quoted_in_the_journal() -> None:
    texts = {
        name: "SECRET"
        for name, field in Restaurant.__fields__.items()
        if name in ("legal_name", "address", "tax_id", "receipt_footer", "description")
    }

    assert "SECRET" not in str(rules.settings_told(a_restaurant(**texts)))


@pytest.mark.parametrize("role", [Role.PRINTER, Role.KDS, Role.POS, Role.MANAGER])
def test_the_owner_pairs_every_kind_of_device(role: Any) -> None:
    body = NewDevice(name="Front", role=role.value, stations=["bar", "bar", "kitchen"])

    device = devices.new_device(body, "r", Actor(Role.OWNER), "device-1", NOW)

    assert device.role is role
    assert device.stations == ("bar", "kitchen")
    assert device.last_seen_at is None


def test_a_manager_cannot_make_a_manager() -> None:
    body = NewDevice(name="Second", role="manager")

    with pytest.raises(Forbidden):
        devices.new_device(body, "r", Actor(Role.MANAGER, "d"), "device-1", NOW)


def test_a_device_token_is_marked_and_belongs_to_one_device() -> None:
    token = devices.token_of(SECRET, "device-1")

    assert re.fullmatch(r"rdt_[A-Za-z0-9_-]{32}", token)
    assert token == devices.token_of(SECRET, "device-1")
    assert token != devices.token_of(SECRET, "device-2")
    assert token != devices.token_of("another", "device-1")


def test_a_table_token_ends_with_its_version() -> None:
    table = tables.new_table(NewTable(name="7"), "r", "table-1", NOW)
    token = tables.token_of(SECRET, "table-1", 1)

    assert tables.table_token_matches(SECRET, table, token)
    assert tables.view(table, SECRET).token == token
    for wrong in (
        "",
        "x",
        token + "x",
        tables.token_of(SECRET, "table-1", 2),
        "\ud800",
    ):
        assert not tables.table_token_matches(SECRET, table, wrong)


@given(st.integers(0, 10**15), st.text(st.sampled_from("abcXYZ019-_"), min_size=1))
def test_a_cursor_stands_for_its_row(created_at: Any, row_id: Any) -> None:
    cursor = paging.cursor_of(created_at, row_id)

    assert paging.place_of(cursor) == (created_at, row_id)


@given(st.text(max_size=50))
def test_any_text_as_a_cursor_is_read_or_refused(cursor: Any) -> None:
    with suppress(Refused):
        at, row_id = paging.place_of(cursor)
        assert at >= 0
        assert row_id


def test_no_cursor_is_the_top_of_the_list() -> None:
    assert paging.place_of(None) == paging.TOP


@given(st.text(max_size=150))
def test_what_is_taken_as_a_name_has_no_forbidden_character(value: Any) -> None:
    if fields.name_fault(value) is None:
        assert value.strip()
        assert text_fault(value, 120) is None
