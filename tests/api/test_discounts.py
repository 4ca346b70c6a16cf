"""Discounts over HTTP: made, listed, changed, removed; their codes; and who may."""

from __future__ import annotations

import re
from typing import Any

import pytest
import pytest_asyncio

from harness.books import snapshot
from harness.desk import Desk, open_desk

KEY = {"Idempotency-Key": "one-key-for-one-discount"}
TENTH = {"name": "Ten off", "trigger": "code", "kind": "percent", "percent": "10"}
HAPPY = {"days": [4], "starts": "17:00", "ends": "19:00"}
BY_CLOCK = {
    "name": "Happy hour",
    "trigger": "schedule",
    "kind": "percent",
    "percent": 25,
    "schedule": {"windows": [HAPPY]},
}

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture
async def desk(client: Any, make_wallet: Any) -> Desk:
    """A restaurant with soup and bread, and a device of every role."""
    desk = await open_desk(client, await make_wallet(), await make_wallet())
    await desk.put_menu(
        {"name": "Soup", "price": "20.00"}, {"name": "Bread", "price": "5.00"}
    )
    return desk


async def make(desk: Desk, **fields: Any) -> dict[str, Any]:
    return await desk.done("POST", f"{desk.path}/discounts", {**TENTH, **fields})


async def refusal(desk: Desk, *request: Any, **more: Any) -> dict[str, Any]:
    """The answer of a request that must be refused and change nothing."""
    before = await snapshot(desk.id)
    response = await desk.call(*request, **more)
    assert response.status_code >= 400, response.text
    assert await snapshot(desk.id) == before
    return {"status": response.status_code, **response.json()}


async def category(desk: Desk) -> dict[str, Any]:
    return (await desk.tree())["categories"][0]


# --- discounts -------------------------------------------------------------------


async def test_a_new_discount_is_shown_whole(desk):
    food = await category(desk)
    soup = food["items"][0]["id"]
    body = {
        **BY_CLOCK,
        "item_ids": [soup],
        "category_ids": [food["id"]],
        "order_types": ["pickup", "dine_in"],
        "minimum": "50",
        "combines": False,
        "limit_per_day": 20,
    }
    version = (await desk.tree())["version"]

    response = await desk.call("POST", f"{desk.path}/discounts", body, who="manager")

    assert response.status_code == 201
    made = response.json()
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT.*Z", made.pop("created_at"))
    discount_id = made["id"]
    assert made == {
        "id": discount_id,
        "restaurant_id": desk.id,
        "name": "Happy hour",
        "trigger": "schedule",
        "kind": "percent",
        "percent": "25",
        "amount": None,
        "currency": "GTQ",
        "buy": 0,
        "get": 1,
        "item_ids": [soup],
        "category_ids": [food["id"]],
        "order_types": ["dine_in", "pickup"],
        "minimum": "50.00",
        "combines": False,
        "limit_total": None,
        "limit_per_day": 20,
        "limit_per_guest": None,
        "limit_per_code": None,
        "schedule": {"windows": [HAPPY], "first_day": None, "last_day": None},
        "is_active": True,
        "uses": 0,
        "codes": 0,
    }
    assert (await desk.tree())["version"] == version + 1
    event, payload = (await desk.events())[-1]
    told = ("id", "restaurant_id", "uses", "codes")
    assert event == "discount.created"
    assert payload == {
        "discount_id": discount_id,
        "fields": sorted(body),
        "discount": {name: made[name] for name in made if name not in told},
    }


async def test_the_same_key_makes_one_discount(desk):
    path = f"{desk.path}/discounts"

    first = await desk.call("POST", path, TENTH, headers=KEY)
    again = await desk.call("POST", path, TENTH, headers=KEY)
    other = await desk.call("POST", path, {**TENTH, "percent": 11}, headers=KEY)

    assert again.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"
    assert other.json()["code"] == "idempotency.mismatch"
    assert len((await desk.done("GET", path))["data"]) == 1


async def test_tills_see_the_list_newest_first_and_no_code(desk):
    made = [await make(desk, name=str(number)) for number in range(3)]
    for each in made:
        path = f"/discounts/{each['id']}/codes"
        await desk.done("POST", path, {"code": f"secret{each['name']}"})

    path = f"{desk.path}/discounts"
    first = await desk.call("GET", f"{path}?limit=2", who="pos")
    cursor = first.json()["next"]
    second = await desk.call("GET", f"{path}?limit=2&cursor={cursor}", who="pos")

    assert "secret" not in (first.text + second.text).lower()
    listed = first.json()["data"] + second.json()["data"]
    assert sorted(each["name"] for each in listed) == ["0", "1", "2"]
    assert {each["codes"] for each in listed} == {1}
    assert second.json()["next"] is None


async def test_a_change_changes_what_is_sent(desk):
    made = await make(desk, limit_total=5)
    path = f"/discounts/{made['id']}"
    version = (await desk.tree())["version"]

    changed = await desk.done("PATCH", path, {"percent": "12.5", "limit_total": None})

    assert changed == {**made, "percent": "12.5", "limit_total": None}
    assert await desk.done("GET", path, who="manager") == changed
    assert (await desk.tree())["version"] == version + 1
    event, payload = (await desk.events())[-1]
    assert (event, payload["fields"]) == (
        "discount.changed",
        ["limit_total", "percent"],
    )
    assert (payload["discount_id"], payload["discount"]["percent"]) == (
        made["id"],
        "12.5",
    )


async def test_the_same_values_change_nothing(desk):
    made = await make(desk)
    before = await snapshot(desk.id)

    for body in ({}, {"percent": "10", "name": "Ten off"}, {"unknown": 1}):
        assert await desk.done("PATCH", f"/discounts/{made['id']}", body) == made

    assert await snapshot(desk.id) == before


async def test_a_discount_goes_with_its_codes(desk):
    made = await make(desk)
    await desk.done("POST", f"/discounts/{made['id']}/codes", {"code": "SUMMER"})

    response = await desk.call("DELETE", f"/discounts/{made['id']}", who="manager")

    assert (response.status_code, response.content) == (204, b"")
    assert (await desk.events())[-1] == (
        "discount.removed",
        {"discount_id": made["id"]},
    )
    assert (await desk.call("GET", f"/discounts/{made['id']}")).status_code == 404
    assert (await desk.call("DELETE", f"/discounts/{made['id']}")).status_code == 404
    other = await make(desk)  # the code is free again
    await desk.done("POST", f"/discounts/{other['id']}/codes", {"code": "SUMMER"})


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"percent": "100.1"}, "field.invalid", "percent"),
        ({"percent": 0}, "field.invalid", "percent"),
        ({"percent": -5}, "field.invalid", "percent"),
        ({"percent": True}, "field.invalid", "percent"),
        ({"percent": "1e1"}, "field.invalid", "percent"),
        ({"percent": [10]}, "field.invalid", "percent"),
        ({"kind": "half"}, "field.invalid", "kind"),
        ({"trigger": "luck"}, "field.invalid", "trigger"),
        ({"name": "\u202e"}, "text.invalid", "name"),
        ({"item_ids": ["gone"]}, "discount.scope", "item_ids"),
        ({"category_ids": ["gone"]}, "discount.scope", "category_ids"),
        ({"limit_total": 0}, "field.invalid", "limit_total"),
        ({"limit_total": "1"}, "field.invalid", "limit_total"),
        ({"order_types": ["by boat"]}, "field.invalid", "order_types.0"),
        (
            {"schedule": {"windows": [{**HAPPY, "days": [7]}]}},
            "field.invalid",
            "schedule",
        ),
        ({"schedule": {"windows": [HAPPY, HAPPY]}}, "field.invalid", "schedule"),
        ({"schedule": {"first_day": "2026-02-30"}}, "field.invalid", "schedule"),
        ({"minimum": "-1"}, "field.invalid", "minimum"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_stored(desk, fields, code, field):
    made = await make(desk)

    for method, path in (
        ("POST", f"{desk.path}/discounts"),
        ("PATCH", f"/discounts/{made['id']}"),
    ):
        told = await refusal(desk, method, path, {**TENTH, **fields})
        assert (told["status"], told["code"], told["field"]) == (422, code, field)


async def test_a_scope_names_only_this_restaurants_menu(desk, client, make_wallet):
    other = await open_desk(client, await make_wallet(), await make_wallet())
    await other.put_menu({"name": "Soup", "price": "1.00"})
    foreign = (await category(other))["items"][0]["id"]

    body = {**TENTH, "item_ids": [foreign]}
    told = await refusal(desk, "POST", f"{desk.path}/discounts", body)

    assert (told["code"], told["id"]) == ("discount.scope", foreign)


async def test_two_of_the_clock_may_not_meet(desk):
    path = f"{desk.path}/discounts"
    first = await desk.done("POST", path, BY_CLOCK)
    late = {"windows": [{**HAPPY, "starts": "18:59", "ends": "02:00"}]}
    body = {**BY_CLOCK, "name": "Late", "schedule": late}

    told = await refusal(desk, "POST", path, body)

    assert (told["status"], told["code"]) == (422, "discount.overlap")
    assert (told["discount_id"], told["name"]) == (first["id"], "Happy hour")
    off = await desk.done("POST", path, {**body, "is_active": False})
    switch_on = ("PATCH", f"/discounts/{off['id']}", {"is_active": True})
    assert (await refusal(desk, *switch_on))["code"] == "discount.overlap"
    await desk.done("PATCH", f"/discounts/{off['id']}", {"name": "Later"})
    await desk.done("PATCH", f"/discounts/{first['id']}", {"order_types": ["pickup"]})
    change = {"is_active": True, "order_types": ["delivery"]}
    await desk.done("PATCH", f"/discounts/{off['id']}", change)


async def test_what_another_currency_wrote_is_sent_anew(desk):
    made = await make(desk, kind="amount", percent=None, amount="5.00", minimum="9")
    await desk.done("PATCH", desk.path, {"currency": "USD"})
    path = f"/discounts/{made['id']}"

    renamed = await desk.done("PATCH", path, {"name": "Five"})
    told = await refusal(desk, "PATCH", path, {"amount": "1"})
    changed = await desk.done("PATCH", path, {"amount": "1", "minimum": "2"})

    assert (renamed["amount"], renamed["currency"]) == ("5.00", "GTQ")
    assert (told["code"], told["field"]) == ("field.invalid", "minimum")
    assert (changed["amount"], changed["minimum"]) == ("1.00", "2.00")
    assert changed["currency"] == "USD"


async def test_there_are_only_so_many_discounts(desk, monkeypatch):
    from restaurant.core import limits

    monkeypatch.setattr(limits, "DISCOUNTS_MAX", 1)
    await make(desk)

    told = await refusal(desk, "POST", f"{desk.path}/discounts", TENTH)

    assert (told["status"], told["code"]) == (409, "discounts.too_many")


# --- codes -----------------------------------------------------------------------


async def test_a_named_code_is_folded_and_once_in_a_restaurant(desk):
    first, second = await make(desk), await make(desk, name="Other")
    path = f"/discounts/{first['id']}/codes"

    response = await desk.call("POST", path, {"code": " Summer-24"}, who="manager")

    assert response.status_code == 201
    [made] = response.json()["data"]
    assert (made["code"], made["uses"]) == ("SUMMER-24", 0)
    assert set(made) == {"id", "code", "uses", "created_at"}
    assert (await desk.events())[-1] == (
        "discount.codes_made",
        {"discount_id": first["id"], "count": 1},
    )
    for discount in (first, second):
        path = f"/discounts/{discount['id']}/codes"
        told = await refusal(desk, "POST", path, {"code": "summer-24"})
        assert (told["status"], told["code"]) == (409, "discount.code_taken")
    listed = await desk.done("GET", f"/discounts/{first['id']}/codes", who="manager")
    assert listed == {"data": [made], "next": None}


async def test_two_restaurants_may_have_the_same_code(desk, client, make_wallet):
    other = await open_desk(client, await make_wallet(), await make_wallet())

    for each in (desk, other):
        made = await make(each)
        await each.done("POST", f"/discounts/{made['id']}/codes", {"code": "SUMMER"})


async def test_made_up_codes_are_many_and_all_different(desk):
    made = await make(desk)
    path = f"/discounts/{made['id']}/codes"

    response = await desk.call("POST", path, {"count": 500}, headers=KEY)
    again = await desk.call("POST", path, {"count": 500}, headers=KEY)

    codes = [each["code"] for each in response.json()["data"]]
    assert len(set(codes)) == 500
    assert all(re.fullmatch("[2-9A-HJKMNP-Z]{10}", code) for code in codes)
    assert again.json() == response.json()
    assert (await desk.done("GET", f"/discounts/{made['id']}"))["codes"] == 500
    journal = await desk.done("GET", f"{desk.path}/events?limit=500")
    assert not any(code in str(journal) for code in codes)
    listed: list[str] = []
    more = f"{path}?limit=199"
    while more:
        page = await desk.done("GET", more)
        listed += [each["code"] for each in page["data"]]
        cursor = page["next"]
        more = cursor and f"{path}?limit=199&cursor={cursor}"
    assert sorted(listed) == sorted(codes)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "field.invalid", "code"),
        ({"code": "abc", "count": 2}, "field.invalid", "code"),
        ({"code": "ab"}, "discount.code", "code"),
        ({"code": "x" * 41}, "discount.code", "code"),
        ({"code": "two words"}, "discount.code", "code"),
        ({"code": 123}, "field.invalid", "code"),
        ({"count": 0}, "field.invalid", "count"),
        ({"count": 501}, "field.invalid", "count"),
        ({"count": True}, "field.invalid", "count"),
    ],
)
async def test_codes_that_cannot_be_are_refused(desk, body, code, field):
    made = await make(desk)

    told = await refusal(desk, "POST", f"/discounts/{made['id']}/codes", body)

    assert (told["status"], told["code"], told["field"]) == (422, code, field)


async def test_only_a_discount_for_codes_has_codes_and_only_so_many(desk, monkeypatch):
    from restaurant.core import limits

    monkeypatch.setattr(limits, "CODES_PER_DISCOUNT_MAX", 3)
    by_staff, made = await make(desk, trigger="staff"), await make(desk)
    await desk.done("POST", f"/discounts/{made['id']}/codes", {"count": 2})

    for discount, code in (
        (by_staff, "discount.no_codes"),
        (made, "discount.codes_too_many"),
    ):
        path = f"/discounts/{discount['id']}/codes"
        told = await refusal(desk, "POST", path, {"count": 2})
        assert (told["status"], told["code"]) == (409, code)


async def test_a_code_can_be_removed_alone(desk):
    made = await make(desk)
    path = f"/discounts/{made['id']}/codes"
    page = await desk.done("POST", path, {"count": 2})
    gone, stays = page["data"]

    response = await desk.call("DELETE", f"/discount_codes/{gone['id']}", who="manager")

    assert (response.status_code, response.content) == (204, b"")
    assert (await desk.done("GET", path))["data"] == [stays]
    assert (await desk.events())[-1] == (
        "discount.code_removed",
        {"discount_id": made["id"], "code_id": gone["id"]},
    )
    again = await desk.call("DELETE", f"/discount_codes/{gone['id']}")
    assert again.status_code == 404


async def test_discounts_of_another_restaurant_are_not_there(desk):
    made = await make(desk)
    page = await desk.done("POST", f"/discounts/{made['id']}/codes", {"count": 1})

    for method, path, body in (
        ("GET", f"/discounts/{made['id']}", None),
        ("PATCH", f"/discounts/{made['id']}", {"name": "Mine"}),
        ("DELETE", f"/discounts/{made['id']}", None),
        ("POST", f"/discounts/{made['id']}/codes", {"count": 1}),
        ("GET", f"/discounts/{made['id']}/codes", None),
        ("DELETE", f"/discount_codes/{page['data'][0]['id']}", None),
    ):
        told = await refusal(desk, method, path, body, who="foreign")
        assert told["status"] == 404
