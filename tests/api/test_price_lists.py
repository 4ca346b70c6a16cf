"""Price lists over HTTP: managing them, and the prices that guests see."""

import asyncio
import gzip
import json
from datetime import datetime, timezone
from typing import Any

import pytest

from harness import API
from harness.desk import Desk
from harness.shop import Shop

KEY = {"Idempotency-Key": "one-key-for-one-price-list"}
TACO = {
    "name": "Taco",
    "price": "45.00",
    "modifier_groups": [
        {
            "name": "Meat",
            "min": 0,
            "max": 1,
            "modifiers": [{"name": "Brisket", "price_delta": "25.00"}],
        }
    ],
}
AGUA = {"name": "Agua", "price": "10.00"}
NOT_FOUND = 404
DAY_MS = 86_400_000


async def with_menu(desk: Desk) -> tuple[Any, Any]:
    tree = await desk.put_menu(TACO, AGUA)
    return tuple(tree["categories"][0]["items"])  # type: ignore[return-value]


async def made(desk: Desk, **body: Any) -> Any:
    return await desk.done("POST", f"{desk.path}/price_lists", {"name": "A", **body})


async def refused(desk: Desk, method: str, path: str, body: Any) -> tuple[int, str]:
    response = await desk.call(method, path, body)
    return response.status_code, response.json()["code"]


async def prices(desk: Desk, query: str = "") -> list[str]:
    menu = await desk.done("GET", f"{desk.path}/menu{query}", who="nobody")
    return [item["price"] for item in menu["categories"][0]["items"]]


async def version(desk: Desk) -> int:
    return int((await desk.tree())["version"])


# --- managing ----------------------------------------------------------------------


async def test_a_price_list_is_stored_as_it_was_sent(desk: Desk) -> None:
    taco, agua = await with_menu(desk)
    brisket = taco["modifier_groups"][0]["modifiers"][0]
    window = {"days": [4, 0], "starts": "17:00", "ends": "19:00"}
    sent = {
        "name": "Happy hour",
        "position": 7,
        "order_types": ["pickup", "dine_in"],
        "zones": ["Terrace", "Garden"],
        "schedule": {"windows": [window], "first_day": "2026-01-31"},
        "adjust_percent": -12.5,
        "round_to": "0.50",
        "prices": {agua["id"]: 8},
        "deltas": {brisket["id"]: "-1.5"},
        "is_active": False,
    }

    response = await desk.call("POST", f"{desk.path}/price_lists", sent, "manager")

    assert response.status_code == 201
    stored = response.json()
    shown = {name: stored.pop(name) for name in ("id", "created_at")}
    assert stored == {
        **sent,
        "restaurant_id": desk.id,
        "order_types": ["dine_in", "pickup"],
        "zones": ["Garden", "Terrace"],
        "schedule": {
            "windows": [{**window, "days": [0, 4]}],
            "first_day": "2026-01-31",
            "last_day": None,
        },
        "adjust_percent": "-12.5",
        "currency": "GTQ",
        "prices": {agua["id"]: "8.00"},
        "deltas": {brisket["id"]: "-1.50"},
    }
    for who in ("owner", "manager", "pos", "kds"):
        path = f"/price_lists/{shown['id']}"
        assert await desk.done("GET", path, who=who) == {**stored, **shown}


async def test_lists_are_shown_in_the_order_in_which_they_are_asked(desk: Desk) -> None:
    for name, values in (
        ("first", {"order_types": ["pickup"]}),
        ("second", {"order_types": ["delivery"]}),
        ("zero", {"position": 0, "is_active": False}),
    ):
        await made(desk, name=name, **values)

    page = await desk.done("GET", f"{desk.path}/price_lists")

    assert [(each["name"], each["position"]) for each in page["data"]] == [
        ("first", 0),
        ("zero", 0),
        ("second", 1),
    ]
    assert page["next"] is None


async def test_the_same_key_makes_one_list(desk: Desk) -> None:
    path = f"{desk.path}/price_lists"

    first = await desk.call("POST", path, {"name": "A"}, headers=KEY)
    again = await desk.call("POST", path, {"name": "A"}, headers=KEY)

    assert again.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"
    assert len((await desk.done("GET", path))["data"]) == 1


async def test_only_what_is_sent_changes(desk: Desk) -> None:
    taco, agua = await with_menu(desk)
    old = await made(desk, prices={taco["id"]: "40"}, adjust_percent="5")

    path = f"/price_lists/{old['id']}"
    new = await desk.done("PATCH", path, {"prices": {agua["id"]: "9"}})

    assert new == {**old, "prices": {agua["id"]: "9.00"}}
    assert await desk.done("GET", path) == new


async def test_a_removed_list_is_gone_and_its_prices_with_it(desk: Desk) -> None:
    taco, _ = await with_menu(desk)
    stored = await made(desk, prices={taco["id"]: "40"})
    assert await prices(desk) == ["40.00", "10.00"]

    path = f"/price_lists/{stored['id']}"
    response = await desk.call("DELETE", path)

    assert (response.status_code, response.content) == (204, b"")
    assert await prices(desk) == ["45.00", "10.00"]
    for method in ("GET", "PATCH", "DELETE"):
        body = {} if method == "PATCH" else None
        assert (await desk.call(method, path, body)).status_code == NOT_FOUND


async def test_every_change_is_journalled_with_its_figures(desk: Desk) -> None:
    taco, agua = await with_menu(desk)

    stored = await made(desk, prices={taco["id"]: "40"})
    path = f"/price_lists/{stored['id']}"
    body = {"prices": {taco["id"]: "41", agua["id"]: "9"}, "adjust_percent": "-5"}
    await desk.done("PATCH", path, body, who="manager")
    await desk.done("DELETE", path)

    def change(item: Any, before: str | None, after: str | None) -> dict[str, Any]:
        told = {"from": before, "to": after, "currency": "GTQ"}
        return {"menu_item_id": item["id"], **told}

    both = sorted((taco["id"], agua["id"]))
    by_id = {
        taco["id"]: change(taco, "40.00", "41.00"),
        agua["id"]: change(agua, None, "9.00"),
    }
    gone = {
        taco["id"]: change(taco, "41.00", None),
        agua["id"]: change(agua, "9.00", None),
    }
    assert (await desk.events())[-3:] == [
        (
            "price_list.added",
            {
                "price_list_id": stored["id"],
                "name": "A",
                "position": 0,
                "order_types": [],
                "zones": [],
                "schedule": {"windows": [], "first_day": None, "last_day": None},
                "adjust_percent": "0",
                "round_to": "0.01",
                "currency": "GTQ",
                "is_active": True,
                "changes": [change(taco, None, "40.00")],
                "more": 0,
            },
        ),
        (
            "price_list.changed",
            {
                "price_list_id": stored["id"],
                "changed": {"adjust_percent": "-5"},
                "before": {"adjust_percent": "0"},
                "changes": [by_id[each] for each in both],
                "more": 0,
            },
        ),
        (
            "price_list.removed",
            {
                "price_list_id": stored["id"],
                "name": "A",
                "changes": [gone[each] for each in both],
                "more": 0,
            },
        ),
    ]
    page = await desk.done("GET", f"{desk.path}/events?limit=500")
    assert [row["actor"].split(":")[0] for row in page["data"]][-3:] == [
        "owner",
        "manager",
        "owner",
    ]


async def test_a_journal_entry_names_so_many_prices_and_counts_the_rest(
    desk: Desk, restaurant_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.core import limits

    taco, agua = await with_menu(desk)
    monkeypatch.setattr(limits, "PRICE_CHANGES_TOLD_MAX", 1)

    await made(desk, prices={taco["id"]: "40", agua["id"]: "9"})

    told = (await desk.events())[-1][1]
    assert (len(told["changes"]), told["more"]) == (1, 1)


async def test_every_change_is_a_new_version_of_the_menu(desk: Desk) -> None:
    await with_menu(desk)

    stored = await made(desk)
    path = f"/price_lists/{stored['id']}"
    assert await version(desk) == 3
    await desk.done("PATCH", path, {"name": "B"})
    assert await version(desk) == 4
    await desk.done("DELETE", path)
    assert await version(desk) == 5


async def test_the_same_again_changes_and_journals_nothing(desk: Desk) -> None:
    taco, _ = await with_menu(desk)
    stored = await made(desk, prices={taco["id"]: "40"}, zones=["A", "B"])
    events, before = await desk.events(), await version(desk)

    for body in ({}, {"zones": ["B", "A"]}, {"prices": {taco["id"]: 40}}):
        assert await desk.done("PATCH", f"/price_lists/{stored['id']}", body) == stored

    assert (await desk.events(), await version(desk)) == (events, before)


# --- refusals -----------------------------------------------------------------------


async def test_a_list_names_only_what_is_on_its_own_menu(desk: Desk) -> None:
    taco, _ = await with_menu(desk)
    body = {"name": "Thief", "currency": "GTQ"}
    thief = await desk.done("POST", "/restaurants", body)

    path = f"/restaurants/{thief['id']}/price_lists"
    response = await desk.call("POST", path, {"name": "A", "prices": {taco["id"]: "1"}})

    answer = response.json()
    assert (response.status_code, answer["code"]) == (422, "price_list.item")
    assert answer["menu_item_id"] == taco["id"]
    assert (await desk.done("GET", path))["data"] == []


async def test_no_list_makes_a_choice_cost_less_than_nothing(desk: Desk) -> None:
    taco, _ = await with_menu(desk)
    brisket = taco["modifier_groups"][0]["modifiers"][0]["id"]
    path = f"{desk.path}/price_lists"

    bodies = (
        {"name": "A", "deltas": {brisket: "-45.01"}},
        {"name": "A", "prices": {taco["id"]: "1"}, "deltas": {brisket: "-2"}},
        {"name": "A", "adjust_percent": "-99", "deltas": {brisket: "-1"}},
    )
    for body in bodies:
        assert await refused(desk, "POST", path, body) == (422, "price.below_zero")
    assert (await desk.done("GET", path))["data"] == []


async def test_lists_for_the_same_orders_may_not_hold_at_once(desk: Desk) -> None:
    def hours(starts: str, ends: str) -> dict[str, Any]:
        return {"windows": [{"days": [4], "starts": starts, "ends": ends}]}

    path = f"{desk.path}/price_lists"
    first = await made(desk, name="Early", schedule=hours("17:00", "19:00"))
    late = {"name": "Late", "schedule": hours("18:59", "20:00")}

    response = await desk.call("POST", path, late)
    answer = response.json()
    assert (response.status_code, answer["code"]) == (422, "price_list.overlap")
    assert answer["price_list_id"] == first["id"]
    assert "Early" in answer["detail"]

    await made(desk, **{**late, "zones": ["Terrace"]})
    idle = await made(desk, **{**late, "is_active": False})
    own = f"/price_lists/{idle['id']}"
    on = {"is_active": True}
    assert await refused(desk, "PATCH", own, on) == (422, "price_list.overlap")
    later = {**on, "schedule": hours("19:00", "20:00")}
    assert (await desk.done("PATCH", own, later))["is_active"] is True


async def test_there_is_a_most_of_price_lists(
    desk: Desk, restaurant_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.core import limits

    monkeypatch.setattr(limits, "PRICE_LISTS_MAX", 0)

    path = f"{desk.path}/price_lists"
    expected = (409, "price_lists.too_many")
    assert await refused(desk, "POST", path, {"name": "A"}) == expected


async def test_only_one_of_two_lists_at_once_is_for_the_same_orders(desk: Desk) -> None:
    path = f"{desk.path}/price_lists"

    answers = await asyncio.gather(
        *(desk.call("POST", path, {"name": f"{n}"}) for n in range(8))
    )

    assert sorted(each.status_code for each in answers) == [201] + [422] * 7


# --- what guests see ----------------------------------------------------------------


async def test_guests_see_the_prices_for_their_order_type_and_zone(desk: Desk) -> None:
    taco, _ = await with_menu(desk)
    brisket = taco["modifier_groups"][0]["modifiers"][0]["id"]
    for name, zone in (("7", "Terrace"), ("8", None)):
        await desk.done("POST", f"{desk.path}/tables", {"name": name, "zone": zone})
    await made(
        desk,
        name="Terrace",
        zones=["Terrace"],
        order_types=["dine_in"],
        prices={taco["id"]: "50"},
        deltas={brisket: "30"},
    )
    await made(desk, name="Eat in", order_types=["dine_in"], adjust_percent="10")

    async def seen(query: str) -> tuple[str | None, str, str]:
        menu = await desk.done("GET", f"{desk.path}/menu{query}", who="nobody")
        item = menu["categories"][0]["items"][0]
        delta = item["modifier_groups"][0]["modifiers"][0]["price_delta"]
        chosen = menu["price_list"] and menu["price_list"]["name"]
        return chosen, item["price"], delta

    own = (None, "45.00", "25.00")
    eat_in = ("Eat in", "49.50", "25.00")
    terrace = ("Terrace", "50.00", "30.00")
    assert await seen("") == own
    assert await seen("?order_type=pickup&table=7") == own
    assert await seen("?order_type=delivery") == own
    assert await seen("?order_type=dine_in") == eat_in
    assert await seen("?order_type=dine_in&table=8") == eat_in
    assert await seen("?order_type=dine_in&table=none") == eat_in
    assert await seen("?order_type=dine_in&table=7") == terrace
    assert await prices(desk, "?order_type=dine_in&table=7") == ["50.00", "10.00"]


async def test_a_moved_table_has_the_prices_of_its_new_zone(desk: Desk) -> None:
    await with_menu(desk)
    table = await desk.done("POST", f"{desk.path}/tables", {"name": "7"})
    await made(desk, zones=["Terrace"], adjust_percent="100")
    assert await prices(desk, "?table=7") == ["45.00", "10.00"]

    await desk.done("PATCH", f"/tables/{table['id']}", {"zone": "Terrace"})

    assert await prices(desk, "?table=7") == ["90.00", "20.00"]


async def test_staff_sees_the_menus_own_prices(desk: Desk) -> None:
    await with_menu(desk)

    await made(desk, adjust_percent="100")

    tree = await desk.tree()
    shown = [item["price"] for item in tree["categories"][0]["items"]]
    assert shown == ["45.00", "10.00"]


async def test_an_order_type_that_is_none_is_refused(desk: Desk) -> None:
    response = await desk.call("GET", f"{desk.path}/menu?order_type=brunch")

    answer = response.json()
    assert (response.status_code, answer["code"]) == (422, "field.invalid")
    assert answer["field"] == "order_type"


async def test_every_price_list_has_an_etag_of_its_own(desk: Desk) -> None:
    await with_menu(desk)
    await made(desk, order_types=["dine_in"], adjust_percent="10")
    path = f"{API}{desk.path}/menu"
    dine_in = {"order_type": "dine_in"}

    plain = await desk.client.get(path)
    priced = await desk.client.get(path, params=dine_in)
    tags = [each.headers["etag"] for each in (plain, priced)]

    async def status(params: Any, tag: str) -> int:
        headers = {"If-None-Match": tag}
        return (await desk.client.get(path, params=params, headers=headers)).status_code

    assert tags[0] != tags[1]
    assert await status({}, tags[0]) == 304
    assert await status({"order_type": "delivery"}, tags[0]) == 304
    assert await status(dine_in, tags[1]) == 304
    assert await status(dine_in, tags[0]) == 200
    assert await status({}, tags[1]) == 200
    await desk.done("PATCH", f"{desk.path}", {"description": "x"})
    assert await status(dine_in, tags[1]) == 200


def at(wall: str) -> int:
    moment = datetime.fromisoformat(wall).replace(tzinfo=timezone.utc)
    return int(moment.timestamp() * 1000)


async def test_a_happy_hour_begins_and_ends_by_the_clock_alone(
    desk: Desk, quiet: None
) -> None:
    from restaurant.flows.menus import public_menu

    await with_menu(desk)
    window = {"days": [0], "starts": "17:00", "ends": "19:00"}
    await made(desk, name="Happy", adjust_percent="-50", schedule={"windows": [window]})
    seen = {}
    for wall in ("16:59:59", "17:00:00", "18:59:59", "19:00:00"):
        public = await public_menu(desk.id, at(f"2026-09-21T{wall}"))
        assert gzip.decompress(public.gzipped) == public.body
        menu = json.loads(public.body)
        item = menu["categories"][0]["items"][0]
        seen[wall] = (item["price"], menu["price_list"], public.etag)

    plain, happy, late, after = seen.values()
    assert plain == after
    assert happy == late
    assert plain[:2] == ("45.00", None)
    assert happy[:2] == ("22.50", {"name": "Happy"})
    assert plain[2] != happy[2]


async def test_the_hours_are_those_of_the_restaurants_wall_clock(
    desk: Desk, quiet: None
) -> None:
    from restaurant.flows.menus import public_menu

    await with_menu(desk)
    await desk.done("PATCH", desk.path, {"timezone": "America/Guatemala"})
    window = {"days": [0], "starts": "17:00", "ends": "19:00"}
    await made(desk, adjust_percent="-50", schedule={"windows": [window]})

    names = []
    for wall in ("2026-09-21T17:30", "2026-09-21T23:30"):  # six hours behind
        public = await public_menu(desk.id, at(wall))
        names.append(json.loads(public.body)["price_list"])

    assert names == [None, {"name": "A"}]


async def test_a_crowd_shares_every_variant(desk: Desk, quiet: None) -> None:
    from restaurant.flows.menus import public_menu
    from restaurant.models import OrderType

    await with_menu(desk)
    await made(desk, order_types=["dine_in"], adjust_percent="10")
    moment = 1_790_000_000_000

    menus = await asyncio.gather(
        *(public_menu(desk.id, moment, kind) for kind in list(OrderType) * 30)
    )

    assert len({id(menu) for menu in menus}) == 2


async def test_an_item_that_became_too_cheap_keeps_the_menus_prices(desk: Desk) -> None:
    taco, agua = await with_menu(desk)
    await made(desk, prices={taco["id"]: "1", agua["id"]: "1"})
    brisket = taco["modifier_groups"][0]["modifiers"][0]["id"]

    await desk.done("PATCH", f"/modifiers/{brisket}", {"price_delta": "-2"})

    assert await prices(desk) == ["45.00", "1.00"]


async def test_a_price_of_an_item_that_left_the_menu_says_nothing(desk: Desk) -> None:
    taco, agua = await with_menu(desk)
    stored = await made(desk, prices={taco["id"]: "1", agua["id"]: "1"})

    await desk.put_menu(agua)

    assert await prices(desk) == ["1.00"]
    path = f"/price_lists/{stored['id']}"
    shown = await desk.done("GET", path)
    assert shown["prices"] == {taco["id"]: "1.00", agua["id"]: "1.00"}
    again = await desk.done("PATCH", path, {"prices": shown["prices"]})
    assert again["prices"] == {agua["id"]: "1.00"}


# --- what guests pay ------------------------------------------------------------------


async def test_guests_pay_the_prices_that_they_see(shop: Shop) -> None:
    own = f"{API}/restaurants/{shop.id}"
    headers = shop.wallet.admin

    async def add(what: str, body: Any) -> None:
        response = await shop.client.post(f"{own}/{what}", json=body, headers=headers)
        assert response.status_code == 201, response.text

    await add("tables", {"name": "7", "zone": "Terrace"})
    terrace = {"zones": ["Terrace"], "order_types": ["dine_in"]}
    await add("price_lists", {"name": "Terrace", "adjust_percent": 10, **terrace})
    await add(
        "price_lists",
        {
            "name": "Away",
            "order_types": ["delivery"],
            "prices": {shop.item("Agua")["id"]: "9.99"},
        },
    )

    for fields in (
        {"order_type": "pickup"},
        {"order_type": "delivery"},
        {"order_type": "dine_in"},
        {"order_type": "dine_in", "table": "7"},
    ):
        menu = (await shop.client.get(f"{own}/menu", params=fields)).json()
        items = [item for each in menu["categories"] for item in each["items"]]
        [shown] = [item["price"] for item in items if item["name"] == "Agua"]
        response = await shop.quote(shop.cart(**fields))
        quote = response.json()
        assert response.status_code == 200, response.text
        name = menu["price_list"] and menu["price_list"]["name"]
        assert (quote["total"], quote["price_list"]) == (shown, name)


async def test_whoever_watches_the_menu_hears_of_a_list_that_begins(desk: Desk) -> None:
    from restaurant import services
    from restaurant.adapters import system

    await with_menu(desk)
    tomorrow = (system.now() // DAY_MS + 1) * DAY_MS
    day = datetime.fromtimestamp(tomorrow / 1000, timezone.utc).date().isoformat()
    await made(desk, percent="-10", schedule={"windows": [], "first_day": day})

    state = await services.menu_state(desk.id, system.now())

    assert state.until == tomorrow
