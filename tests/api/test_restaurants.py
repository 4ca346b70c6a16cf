"""Restaurants over HTTP: who may what, exact shapes, and wrong input."""

import asyncio
import json
from typing import Any

import pytest

from builders import an_order
from harness import API
from harness.desk import Desk

PUBLIC = {
    *("id", "slug", "name", "description", "legal_name", "address", "tax_id"),
    *("image_url", "currency", "timezone", "is_open", "order_expiry_seconds"),
    *("tax_rate", "tax_inclusive", "tip_options", "cash_at_table"),
    *("accepted_payments", "cash_rounding", "cash_step"),
    *("tax_rates", "charges", "minimum_order", "tip_round_to", "tip_days"),
    *("tabs_at_table", "order_types", "opening_hours", "special_days"),
    *("last_order_minutes", "slots"),
}
SETTINGS = PUBLIC | {
    *("wallet_id", "receipt_footer", "day_starts_at", "auto_accept_orders"),
    *("quote_seconds", "stock_policy", "print_on", "show_left", "open_orders_max"),
    *("open_orders_per_table_max", "version", "created_at"),
    *("receipt_station", "receipt_on", "auto_refund", "refund_approval_limit"),
    *("refund_fee_percent", "withdraw_days", "tax_rounding", "rate_markup_percent"),
    *("house_rates", "till_discount_percent", "tip_to", "reserve_guest_percent"),
    *("open_orders_per_address_max", "open_orders_per_device_max", "prep_minutes"),
    *("prep_by_load", "busy_from_orders", "busy_extra_minutes", "unaccepted"),
    *("accept_within_minutes", "tab_limit", "pause", "busy", "print_relays"),
}
KEY = {"Idempotency-Key": "one-key-for-one-restaurant"}


async def session_of(user_id: str) -> dict[str, str]:
    """The bearer of a logged-in account."""
    from lnbits.helpers import create_access_token

    return {
        "Authorization": f"Bearer {create_access_token({'sub': '', 'usr': user_id})}"
    }


# --- opening one -----------------------------------------------------------------


async def test_a_name_and_a_currency_open_a_restaurant(desk: Desk) -> None:
    body = {"name": "Café Ñandú", "currency": "sats"}

    response = await desk.call("POST", "/restaurants", body)

    assert response.status_code == 201
    opened = response.json()
    assert set(opened) == SETTINGS
    assert (opened["slug"][:10], opened["currency"]) == ("cafe-nandu", "sat")
    assert opened["wallet_id"] == desk.wallet.id
    assert opened["tip_options"] == ["5", "10", "15"]
    assert (opened["is_open"], opened["version"]) == (True, 1)


async def test_every_setting_can_be_given_at_once(desk: Desk) -> None:
    settings = {
        "name": "Todo",
        "slug": "todo-incluido",
        "description": "Two\nlines",
        "legal_name": "Todo S.A.",
        "address": "1a Calle\nAntigua",
        "tax_id": "CF",
        "receipt_footer": "¡Gracias!",
        "image_url": "/restaurant/static/todo.svg",
        "currency": "EUR",
        "timezone": "America/Guatemala",
        "day_starts_at": "05:30",
        "is_open": False,
        "auto_accept_orders": True,
        "order_expiry_seconds": 60,
        "quote_seconds": 30,
        "tax_rate": "12.5",
        "tax_inclusive": False,
        "stock_policy": "settle",
        "print_on": "accepted",
        "tip_options": ["0", "7.5"],
        "show_left": True,
        "cash_at_table": True,
        "open_orders_max": 10,
        "open_orders_per_table_max": 2,
    }

    opened = await desk.done("POST", "/restaurants", settings)

    assert {name: opened[name] for name in settings} == settings


async def test_slugs_made_from_names_are_unique(desk: Desk) -> None:
    body = {"name": "Same Name Twice", "currency": "sat"}
    made = [await desk.done("POST", "/restaurants", body) for _ in range(11)]

    slugs = [restaurant["slug"] for restaurant in made]
    assert slugs[:2] == ["same-name-twice", "same-name-twice-2"]
    assert slugs[8] == "same-name-twice-9"
    assert len(set(slugs)) == 11


async def test_many_at_once_get_a_slug_each(desk: Desk) -> None:
    body = {"name": "Rush Hour", "currency": "sat"}

    made = await asyncio.gather(
        *(desk.done("POST", "/restaurants", body) for _ in range(8))
    )

    assert len({restaurant["slug"] for restaurant in made}) == 8


async def test_a_slug_that_is_given_is_kept_or_taken(desk: Desk) -> None:
    body = {"name": "A", "currency": "sat", "slug": desk.restaurant["slug"]}

    taken = await desk.call("POST", "/restaurants", body)

    assert taken.status_code == 409
    assert taken.json()["code"] == "slug.taken"


async def test_nobody_can_take_the_id_of_another_as_a_slug(
    desk: Desk, restaurant_module: Any
) -> None:
    from restaurant.crud import transaction

    plain = "abcdefghijklmnopqrstuv"
    async with transaction() as conn:
        await conn.run(
            "UPDATE restaurant.restaurants SET id = :plain WHERE id = :id",
            plain=plain,
            id=desk.id,
        )

    body = {"name": "A", "currency": "sat", "slug": plain}
    given = await desk.call("POST", "/restaurants", body)
    made = await desk.done("POST", "/restaurants", {"name": plain, "currency": "sat"})

    assert given.status_code == 409
    assert made["slug"] == f"{plain}-2"


async def test_the_same_key_opens_one_restaurant(desk: Desk) -> None:
    body = {"name": "Once", "currency": "sat"}

    first = await desk.call("POST", "/restaurants", body, headers=KEY)
    again = await desk.call("POST", "/restaurants", body, headers=KEY)
    other = await desk.call(
        "POST", "/restaurants", {**body, "name": "Twice"}, headers=KEY
    )

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert other.json()["code"] == "idempotency.mismatch"


async def test_a_restaurant_needs_a_wallets_admin_key(desk: Desk) -> None:
    body = {"name": "A", "currency": "sat"}
    session = await session_of(desk.wallet.user)
    answers = {
        who: (await desk.call("POST", "/restaurants", body, who=who)).status_code
        for who in ("nobody", "unknown", "reader", "manager", "pos", "printer")
    }

    by_session = await desk.call("POST", "/restaurants", body, "nobody", session)

    assert answers == {
        "nobody": 401,
        "unknown": 401,
        "reader": 403,
        "manager": 403,
        "pos": 403,
        "printer": 403,
    }
    assert by_session.status_code == 403
    page = await desk.done("GET", "/restaurants")
    assert [r["id"] for r in page["data"]] == [desk.id]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", 7),
        ("name", None),
        ("currency", "XXX"),
        ("currency", 1),
        ("currency", None),
        ("timezone", "Nowhere/Land"),
        ("day_starts_at", "4"),
        ("is_open", "true"),
        ("is_open", 1),
        ("order_expiry_seconds", 900.0),
        ("order_expiry_seconds", True),
        ("order_expiry_seconds", "900"),
        ("order_expiry_seconds", 4),
        ("tax_rate", "NaN"),
        ("tax_rate", "1e2"),
        ("tax_rate", True),
        ("tax_rate", ["1"]),
        ("tip_options", "5"),
        ("tip_options", [None]),
        ("tip_options", ["1"] * 7),
        ("stock_policy", "hope"),
        ("print_on", None),
        ("image_url", "javascript:alert(1)"),
        ("image_url", "https://user:pass@example.com/"),
        ("open_orders_max", 0),
        ("slug", "Not A Slug"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_stored(
    desk: Desk, field: str, value: Any
) -> None:
    body = {"name": "A", "currency": "sat", field: value}
    opened = await desk.call("POST", "/restaurants", body)
    changed = await desk.call("PATCH", desk.path, {field: value})

    for response in (opened, changed):
        assert response.status_code == 422, response.text
        answer = response.json()
        assert answer["code"] == "field.invalid"
        assert answer["field"].split(".")[0] == field
        assert answer["detail"].endswith(".")
    page = await desk.done("GET", "/restaurants")
    assert page["data"] == [desk.restaurant]


@pytest.mark.parametrize(
    "name", ["bidi \u202e", "two\nlines", "nul \0", "lone \ud800", "", "x" * 121]
)
async def test_wrong_text_is_refused(desk: Desk, name: str) -> None:
    raw = json.dumps({"name": name, "currency": "sat"}).encode()

    response = await desk.call("POST", "/restaurants", content=raw)

    assert response.status_code == 422
    assert response.json()["code"] == "text.invalid"
    assert response.json()["field"] == "name"


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 422, "field.invalid"),
        (b"not json", 400, "body.json"),
        (b"[]", 400, "body.object"),
        (b'{"name": NaN}', 400, "body.json"),
        (b"[" * 100_000, 400, "body.depth"),
        (b'{"name": "' + b"x" * 300_000 + b'"}', 413, "body.too_large"),
        (b"{}", 422, "field.invalid"),
    ],
)
async def test_a_body_that_is_no_restaurant(
    desk: Desk, raw: bytes, status: int, code: str
) -> None:
    response = await desk.call("POST", "/restaurants", content=raw)

    assert (response.status_code, response.json()["code"]) == (status, code)


async def test_unknown_fields_are_ignored(desk: Desk) -> None:
    body = {"name": "A", "currency": "sat", "wallet_id": "x", "id": "y", "version": 9}

    opened = await desk.done("POST", "/restaurants", body)

    assert opened["wallet_id"] == desk.wallet.id
    assert opened["version"] == 1
    assert opened["id"] != "y"


# --- looking -----------------------------------------------------------------------


async def test_anybody_sees_the_public_profile_by_id_and_slug(desk: Desk) -> None:
    slug = desk.restaurant["slug"]
    by_id = await desk.call("GET", desk.path, who="nobody")
    by_slug = await desk.call("GET", f"/restaurants/{slug}", who="nobody")

    assert by_id.status_code == by_slug.status_code == 200
    assert set(by_id.json()) == PUBLIC | {"opening"}
    assert by_slug.json() == by_id.json()
    assert desk.wallet.id not in by_id.text
    assert desk.wallet.user not in by_id.text


async def test_the_profile_is_the_public_one_for_the_owner_too(desk: Desk) -> None:
    assert set(await desk.done("GET", desk.path)) == PUBLIC | {"opening"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("nothing-here", "restaurant.unknown"),
        ("%F0%9F%8C%AE", "restaurant.unknown"),
        ("%00", "address.unknown"),
        ("a%0Ab", "address.unknown"),
    ],
)
async def test_an_unknown_restaurant_is_not_found(
    desk: Desk, name: str, code: str
) -> None:
    for path in (f"/restaurants/{name}", f"/restaurants/{name}/menu"):
        response = await desk.call("GET", path)

        assert (response.status_code, response.json()["code"]) == (404, code)


async def test_the_list_belongs_to_the_credential(desk: Desk) -> None:
    session = await session_of(desk.wallet.user)
    seen = {}
    for who in ("owner", "reader", "manager"):
        page = await desk.done("GET", "/restaurants", who=who)
        assert page["next"] is None
        assert [set(each) for each in page["data"]] == [SETTINGS]
        seen[who] = page["data"][0]["wallet_id"]
    by_session = await desk.done("GET", "/restaurants", who="nobody", headers=session)

    assert seen == {"owner": desk.wallet.id, "reader": None, "manager": None}
    assert by_session["data"] == [desk.restaurant]
    assert (await desk.done("GET", "/restaurants", who="foreign"))["data"] == []


async def test_the_list_needs_a_credential_of_an_owner(desk: Desk) -> None:
    answers = {
        who: (await desk.call("GET", "/restaurants", who=who)).status_code
        for who in ("nobody", "unknown", "kds", "pos", "printer")
    }

    assert answers == {
        "nobody": 401,
        "unknown": 401,
        "kds": 403,
        "pos": 403,
        "printer": 403,
    }


async def test_the_list_is_read_page_by_page_newest_first(desk: Desk) -> None:
    body = {"name": "A", "currency": "sat"}
    made = [await desk.done("POST", "/restaurants", body) for _ in range(4)]
    wanted = [each["id"] for each in reversed(made)] + [desk.id]

    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await desk.done("GET", f"/restaurants?limit=2{cursor}")
        found += [each["id"] for each in page["data"]]
        cursor = page["next"] and f"&cursor={page['next']}"

    by_time = {each["id"]: each["created_at"] for each in [*made, desk.restaurant]}
    assert sorted(found) == sorted(wanted)
    assert [by_time[i] for i in found] == sorted(by_time.values(), reverse=True)


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "cursor=%F0"])
async def test_a_wrong_page_is_refused(desk: Desk, query: str) -> None:
    response = await desk.call("GET", f"/restaurants?{query}")

    assert response.status_code == 422
    assert response.json()["code"] == "field.invalid"


# --- changing ----------------------------------------------------------------------


async def test_a_change_changes_only_what_is_sent(desk: Desk) -> None:
    changed = await desk.done("PATCH", desk.path, {"is_open": False, "tax_rate": 5})

    wanted = {"is_open": False, "tax_rate": "5", "version": 2}
    assert changed == {**desk.restaurant, **wanted}
    public = await desk.done("GET", desk.path, who="nobody")
    assert public["is_open"] is False
    assert (await desk.events())[-1] == (
        "restaurant.changed",
        {
            "fields": ["is_open", "tax_rate"],
            "settings": {"is_open": False, "tax_rate": "5"},
        },
    )


async def test_the_same_again_changes_and_journals_nothing(desk: Desk) -> None:
    before = await desk.events()

    for body in ({}, {"is_open": True}, {"slug": desk.restaurant["slug"]}):
        assert await desk.done("PATCH", desk.path, body) == desk.restaurant

    assert await desk.events() == before


async def test_a_manager_changes_settings_without_seeing_the_wallet(desk: Desk) -> None:
    changed = await desk.done("PATCH", desk.path, {"name": "New"}, who="manager")

    assert changed["name"] == "New"
    assert changed["wallet_id"] is None


async def test_the_owners_session_counts_and_anothers_does_not(desk: Desk) -> None:
    own = await session_of(desk.wallet.user)
    foreign = await session_of(desk.foreign.user)

    body = {"name": "By session"}
    assert (await desk.call("PATCH", desk.path, body, "nobody", own)).is_success
    refused = await desk.call("PATCH", desk.path, body, "nobody", foreign)
    assert refused.status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("nobody", 401),
        ("unknown", 401),
        ("reader", 403),
        ("kds", 403),
        ("pos", 403),
        ("printer", 403),
        ("foreign", 404),
    ],
)
async def test_others_change_and_delete_nothing(
    desk: Desk, who: str, status: int
) -> None:
    before = await desk.events()

    changed = await desk.call("PATCH", desk.path, {"is_open": False}, who=who)
    deleted = await desk.call("DELETE", desk.path, who=who)

    assert (changed.status_code, deleted.status_code) == (status, status)
    assert (await desk.done("GET", "/restaurants"))["data"] == [desk.restaurant]
    assert await desk.events() == before


async def test_a_slug_moves_from_one_restaurant_to_another(desk: Desk) -> None:
    slug = desk.restaurant["slug"]
    body = {"name": "Other", "currency": "sat"}
    other = await desk.done("POST", "/restaurants", body)
    await desk.done("GET", f"/restaurants/{slug}", who="nobody")
    taken = await desk.call("PATCH", f"/restaurants/{other['id']}", {"slug": slug})
    assert (taken.status_code, taken.json()["code"]) == (409, "slug.taken")

    await desk.done("PATCH", desk.path, {"slug": f"{slug}-moved"})
    await desk.done("PATCH", f"/restaurants/{other['id']}", {"slug": slug})

    shown = await desk.done("GET", f"/restaurants/{slug}", who="nobody")
    assert shown["id"] == other["id"]


async def test_address_and_tax_number_stay_out_of_the_journal(desk: Desk) -> None:
    await desk.done("PATCH", desk.path, {"address": "My home 1", "tax_id": "12-34"})

    event, payload = (await desk.events())[-1]
    assert (event, payload) == (
        "restaurant.changed",
        {"fields": ["address", "tax_id"], "settings": {}},
    )


# --- closing down --------------------------------------------------------------------


async def test_a_deleted_restaurant_is_gone_and_its_devices_with_it(desk: Desk) -> None:
    await desk.menu()

    deleted = await desk.call("DELETE", desk.path)

    assert (deleted.status_code, deleted.content) == (204, b"")
    for path in (desk.path, f"{desk.path}/menu"):
        assert (await desk.call("GET", path, who="nobody")).status_code == 404
    assert (await desk.done("GET", "/restaurants"))["data"] == []
    assert (await desk.call("PATCH", desk.path, {"name": "x"})).status_code == 404
    assert (await desk.call("DELETE", desk.path)).status_code == 404
    for role in ("manager", "printer"):
        response = await desk.call("GET", f"{desk.path}/menu?all=1", who=role)
        assert response.status_code == 401


async def test_its_slug_is_free_again(desk: Desk) -> None:
    await desk.done("DELETE", desk.path)

    body = {"name": "Next", "currency": "sat", "slug": desk.restaurant["slug"]}
    assert (await desk.done("POST", "/restaurants", body))["slug"] == body["slug"]


async def test_the_history_of_a_deleted_restaurant_stays(
    desk: Desk, restaurant_module: Any
) -> None:
    from restaurant.crud import read
    from restaurant.features.journal.crud import rows_after

    await desk.done("DELETE", desk.path, who="manager")

    async with read() as conn:
        rows = await rows_after(conn, desk.id, 0, 100)
    assert [row.event for row in rows] == [
        "restaurant.created",
        *["device.paired"] * 4,
        "restaurant.deleted",
    ]
    assert rows[0].actor == "owner"
    assert rows[-1].actor.startswith("manager:")


@pytest.mark.parametrize(
    ("status", "may"),
    [
        ("pending", False),
        ("paid", False),
        ("accepted", False),
        ("ready", False),
        ("completed", True),
        ("canceled", True),
        ("refunded", True),
    ],
)
async def test_unfinished_orders_keep_a_restaurant(
    desk: Desk, restaurant_module: Any, status: str, may: bool
) -> None:
    from restaurant.crud import transaction
    from restaurant.features.orders import crud as orders

    async with transaction() as conn:
        await orders.add(conn, an_order(restaurant_id=desk.id, status=status))

    deleted = await desk.call("DELETE", desk.path)

    if may:
        assert deleted.status_code == 204
    else:
        assert deleted.status_code == 409
        assert deleted.json()["code"] == "restaurant.open_orders"
        assert (await desk.done("GET", desk.path))["id"] == desk.id


async def test_every_route_is_documented(client: Any) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    ours = {path: ops for path, ops in paths.items() if path.startswith(API)}

    for name in ("restaurants", "menu", "devices", "tables"):
        assert any(f"/{name}" in path for path in ours)
    for operations in ours.values():
        for operation in operations.values():
            assert operation["summary"]
            assert any(int(code) >= 400 for code in operation["responses"])
