"""Whatever a client sends: 4xx with a sentence and a code, and nothing is stored."""

from __future__ import annotations

import asyncio
import json
import re
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.books import snapshot
from harness.shop import Shop

CODE = re.compile(r"[a-z_]+\.[a-z_]+")
NOT_A_WHOLE_NUMBER = [True, "2", 1.5, [], {}, "NaN"]
NOT_IN_RANGE = [-1, 2**63, 2**64 + 1, 10**300]
INTEGER = [*NOT_A_WHOLE_NUMBER, *NOT_IN_RANGE]
NOT_TEXT = [5, 0.5, True, [], {}, ["x"]]
CONTROLS = ["\0", "a\x07b", "\x1b[2J", "\x7f", "\x85", "\ud800", "x\udfffx"]
TRICKS = ["\u202egnp.exe", "a\u2066b", "\u200b", "a\u2060b", "\ufeffa"]
TEXT = [*NOT_TEXT, *CONTROLS, *TRICKS]
NAME = [*TEXT, "x" * 121, "two\nlines"]
NOTE = [*TEXT, "x" * 501]
BOOLEAN = [0, 1, "true", "yes", [], {}, 1.0]
CHOICE = ["cooking", "", "PICKUP ", 5, True, [], {}, "\0", "\ud800"]
IDENTIFIER = [*NOT_TEXT, "\0", "\ud800", "💥" * 50_000]
AMOUNT = [True, [], {}, "NaN", "Infinity", "-1", "1e3", "1,5", "", "\0", "1.0000001"]
AMOUNTS = [*AMOUNT, -1, 10**30, "9" * 400, "٣", 1e300, "0x10", " 1"]
MOMENT = [*NOT_TEXT, "tomorrow", "", "2026-09-21", "2026-09-21T12:00:00", "\0"]

pytestmark = pytest.mark.usefixtures("quiet")


@dataclass
class Route:
    """A route that takes a body, a body that it accepts, and what its fields refuse.

    A field is a path such as ``items.0.quantity``.
    """

    method: str
    path: str
    body: dict[str, Any]
    wrong: dict[str, list[Any]] = field(default_factory=dict)
    is_optional: bool = False
    bytes_max: int = 256 * 1024


@dataclass
class Stage:
    """A shop with everything that a route may be about."""

    shop: Shop
    headers: dict[str, str]
    routes: dict[str, Route]

    async def send(self, route: Route, content: bytes | str, **headers: str) -> Any:
        sent = {
            "Content-Type": "application/json",
            "Idempotency-Key": uuid.uuid4().hex,
            **self.headers,
            **headers,
        }
        if "print_jobs" in route.path and route.path.split("/")[-1] != "fail":
            sent.pop("X-Api-Key")
            sent["Authorization"] = self.routes["printer"].path
        return await self.shop.client.request(
            route.method, f"{API}{route.path}", content=content, headers=sent
        )


ROUTES = [
    *("open", "settings", "menu", "item", "modifier", "device", "table"),
    *("price_list", "combo", "lines", "fire"),
    *(
        "quote",
        "order",
        "edit",
        "status",
        "payment",
        "claim",
        "start",
        "renew",
        "ack",
        "fail",
    ),
]


@pytest_asyncio.fixture(scope="module")
async def stage(shared: tuple[Shop, Any]) -> Stage:
    shop, settle = shared
    placed = await shop.placed()
    await settle(placed)
    order_id = placed["order"]["id"]
    [job] = await shop.jobs(order_id)
    paired = await shop.client.post(
        f"{API}/restaurants/{shop.id}/devices",
        json={"name": "printer", "role": "printer"},
        headers=shop.wallet.admin,
    )
    routes = routes_of(shop, order_id, job["id"])
    lines = [{"line_id": line["id"]} for line in placed["order"]["items"]]
    body = {"revision": 1, "items": lines}
    routes["edit"] = Route("PATCH", f"/orders/{order_id}", body, EDIT)
    routes["printer"] = Route("", f"Bearer {paired.json()['token']}", {})
    return Stage(shop, dict(shop.wallet.admin), routes)


def routes_of(shop: Shop, order_id: str, job_id: str) -> dict[str, Route]:
    own = f"/restaurants/{shop.id}"
    modifier_id = shop.line("Tacos", 1, "Maíz")["modifiers"][0]["modifier_id"]
    cart = shop.cart(shop.line("Tacos", 1, "Maíz"), order_type="pickup")
    return {
        "open": Route(
            "POST", "/restaurants", {"name": "X", "currency": "EUR"}, PROFILE
        ),
        "settings": Route("PATCH", own, {}, PROFILE),
        "menu": Route(
            *("PUT", f"{own}/menu", A_MENU, MENU_FIELDS), bytes_max=8 * 1024 * 1024
        ),
        "item": Route(
            *("PATCH", f"/menu_items/{shop.item('Agua')['id']}", {}),
            {
                "is_available": BOOLEAN,
                "is_hidden": BOOLEAN,
                "available_again_at": MOMENT,
                "price": AMOUNTS,
                "name": [*NAME, "", "  "],
                "description": [*TEXT, "x" * 2001],
                "stock": INTEGER,
                "tax_rate": [*AMOUNTS[:-2], "100.1"],
                "tax_rates": [
                    5,
                    "7",
                    [5],
                    {"brunch": "7"},
                    {"pickup": "101"},
                    {"pickup": "-1"},
                ],
            },
        ),
        "modifier": Route(
            *("PATCH", f"/modifiers/{modifier_id}", {}),
            {
                "is_available": BOOLEAN,
                "available_again_at": MOMENT,
                "name": [*NAME, ""],
                "price_delta": [value for value in AMOUNTS if value not in (-1, "-1")],
            },
        ),
        "device": Route(
            *("POST", f"{own}/devices", {"name": "Bar", "role": "kds"}),
            {
                "name": [*NAME, "", None],
                "role": [*CHOICE, "owner", "guest", "system", "reader", None],
                "stations": ["bar", [5], [True], ["\0"], [["bar"]], {"bar": 1}],
            },
        ),
        "table": Route(
            *("POST", f"{own}/tables", {"name": "7"}),
            {"name": [*NAME, ""], "zone": [*NAME, ""]},
        ),
        "price_list": Route(
            *("POST", f"{own}/price_lists", {"name": "X"}, PRICE_LIST),
            bytes_max=8 * 1024 * 1024,
        ),
        "combo": Route(
            *("POST", f"{own}/combos", combo_body(shop.item("Agua")["id"]), COMBO)
        ),
        "quote": Route("POST", "/orders/quote", cart, CART),
        "order": Route("POST", "/orders", cart, PLACED),
        "status": Route(
            *("PUT", f"/orders/{order_id}/status/refunded", {}),
            {"reason": NOTE, "promised_minutes": INTEGER},
            is_optional=True,
        ),
        "lines": Route(
            *("PUT", f"/orders/{order_id}/lines/status", {"status": "done"}),
            {
                "status": [*CHOICE, "held", "open", None],
                "line_ids": ["x", {}, [5], [None], [["x"]], ["\0"], ["\ud800"], []],
                "station": [*NOT_TEXT, "", "\0", "\ud800", "nowhere"],
            },
        ),
        "fire": Route(
            *("POST", f"/orders/{order_id}/fire", {"course": 1}), {"course": INTEGER}
        ),
        "payment": Route(
            *("POST", f"/orders/{order_id}/payments", {"method": "cash"}),
            {
                "method": [*CHOICE, "lightning"],
                "amount": AMOUNTS,
                "tendered": AMOUNTS,
                "currency": [*NOT_TEXT, "XXX", "\0", "\ud800"],
            },
        ),
        "claim": Route(
            *("POST", f"{own}/print_jobs/claim", {}),
            {
                "wait": [*INTEGER, 26],
                "stations": ["bar", [5], {"bar": 1}],
                "printers": ["p", [5]],
            },
            is_optional=True,
        ),
        "start": Route(
            "POST", f"/print_jobs/{job_id}/start", {}, {"lease_token": IDENTIFIER}
        ),
        "renew": Route(
            "POST", f"/print_jobs/{job_id}/renew", {}, {"lease_token": IDENTIFIER}
        ),
        "ack": Route(
            *("PUT", f"/print_jobs/{job_id}/ack", {}),
            {"lease_token": IDENTIFIER, "confirm": [*TEXT, "two words"]},
            is_optional=True,
        ),
        "fail": Route(
            *("PUT", f"/print_jobs/{job_id}/fail", {"error": "paper out"}),
            {
                "error": [*NOT_TEXT, "\0", "\ud800", None],
                "code": [*TEXT, "two words"],
                "retryable": BOOLEAN,
                "in_doubt": BOOLEAN,
                "lease_token": NOT_TEXT,
            },
        ),
    }


def combo_body(item_id: str) -> dict[str, Any]:
    options = [{"menu_item_id": item_id}]
    return {"name": "X", "price": "9", "groups": [{"name": "Y", "options": options}]}


SCHEDULE = [
    *(5, True, [5], "always", None),
    {"windows": [{"days": [0], "starts": "17:00", "ends": "25:00"}]},
    {"windows": [{"days": [7], "starts": "17:00", "ends": "19:00"}]},
    {"windows": [{"days": [], "starts": "17:00", "ends": "19:00"}]},
    {"windows": [{"days": [0], "starts": "17:00", "ends": "19:00"}] * 2},
    {"windows": [{"days": [True], "starts": "17:00", "ends": "19:00"}]},
    {"first_day": "2026-02-30"},
    {"first_day": "2026-02-02", "last_day": "2026-02-01"},
    {"last_day": "\0"},
]
PRICE_LIST: dict[str, list[Any]] = {
    "name": [*NAME, "", None],
    "position": [*INTEGER, 1_000_001],
    "order_types": ["pickup", ["PICKUP"], [5], {"pickup": 1}, None],
    "zones": ["Terrace", [5], [""], ["\0"], ["x" * 121], ["x"] * 51, None],
    "schedule": SCHEDULE,
    "adjust_percent": [*AMOUNTS[:5], "-100.1", "1000.1", "1.00001", 10**30, None],
    "round_to": [*AMOUNTS, "0", 0, "0.001"],
    "prices": [[5], "x", {"x": "1"}, {"\0": "1"}, {"": "1"}, {"x": None}, None],
    "deltas": [[5], "x", {"x": "1"}, {"\0": "1"}, None],
    "is_active": BOOLEAN,
}
COMBO: dict[str, list[Any]] = {
    "name": [*NAME, "", None],
    "description": [*TEXT, "x" * 2001],
    "image_url": [*TEXT, "javascript:alert(1)", "//evil"],
    "position": INTEGER,
    "price": AMOUNTS,
    "currency": [*NOT_TEXT, "XXX", "\0", "\ud800", "USD"],
    "groups": [[], "x", {}, [5], [{}], None],
    "groups.0.name": [*NAME, ""],
    "groups.0.min": [*INTEGER, 2],
    "groups.0.max": [*INTEGER, 0, 21],
    "groups.0.options": [[], "x", [5], [{}], None],
    "groups.0.options.0.menu_item_id": [*IDENTIFIER, "x", ""],
    "groups.0.options.0.surcharge": AMOUNTS,
    "schedule": SCHEDULE,
    "is_active": BOOLEAN,
}
PROFILE: dict[str, list[Any]] = {
    "name": [*NAME, "", "   "],
    "slug": [*NOT_TEXT, "Ä", "a b", "../x", "\0", "\ud800", "x" * 61],
    "description": [*TEXT, "x" * 2001],
    "legal_name": TEXT,
    "address": TEXT,
    "tax_id": TEXT,
    "receipt_footer": TEXT,
    "image_url": [
        *TEXT,
        "javascript:alert(1)",
        "//evil",
        "data:text/html,x",
        "https://",
    ],
    "currency": [*NOT_TEXT, "XXX", "", "\0", "\ud800"],
    "timezone": [*TEXT, "Mars/Base", "../../etc/passwd", "", "/etc/localtime"],
    "day_starts_at": [*TEXT, "24:00", "4", "04:60", "-1:00", ""],
    "is_open": BOOLEAN,
    "auto_accept_orders": BOOLEAN,
    "order_expiry_seconds": [*INTEGER, 4, 86_401],
    "quote_seconds": [*INTEGER, 0],
    "tax_rate": [*AMOUNTS[:-2], "100.1", "101"],
    "tax_inclusive": BOOLEAN,
    "stock_policy": CHOICE,
    "print_on": CHOICE,
    "tip_options": ["5", ["x"], [True], [-1], [[]], {"5": 1}, ["1"] * 100, ["101"]],
    "show_left": BOOLEAN,
    "cash_at_table": BOOLEAN,
    "open_orders_max": [*INTEGER, 0],
    "open_orders_per_table_max": [*INTEGER, 0],
}
A_MENU = {
    "categories": [
        {
            "name": "Food",
            "items": [
                {
                    "name": "Soup",
                    "price": "1.00",
                    "modifier_groups": [
                        {
                            "name": "Size",
                            "min": 0,
                            "max": 1,
                            "modifiers": [{"name": "L"}],
                        }
                    ],
                }
            ],
        }
    ]
}
ITEM = "categories.0.items.0"
GROUP = f"{ITEM}.modifier_groups.0"
MENU_FIELDS: dict[str, list[Any]] = {
    "categories": ["x", 5, True, {}, [5], [[]], None, [None]],
    "categories.0.name": [*NAME, "", None],
    "categories.0.station": TEXT,
    "categories.0.items": ["x", 5, {}, [None]],
    f"{ITEM}.name": [*NAME, "", None],
    f"{ITEM}.description": [*TEXT, "x" * 2001],
    f"{ITEM}.price": [*AMOUNTS, None],
    f"{ITEM}.currency": [*NOT_TEXT, "XXX", "\0", "\ud800"],
    f"{ITEM}.stock": [*INTEGER, 1_000_001],
    f"{ITEM}.tax_rate": ["x", "-1", "101", True, [], "NaN"],
    f"{ITEM}.is_available": BOOLEAN,
    f"{ITEM}.is_hidden": BOOLEAN,
    f"{ITEM}.allergens": ["nuts", [5], ["\0"], ["\ud800"], ["x"] * 33, {}],
    f"{ITEM}.image_url": ["javascript:alert(1)", 5, "\0"],
    GROUP: [None, 5, "x", []],
    f"{GROUP}.min": INTEGER,
    f"{GROUP}.max": INTEGER,
    f"{GROUP}.modifiers": ["x", {}, [5]],
    f"{GROUP}.modifiers.0.name": [*NAME, ""],
    f"{GROUP}.modifiers.0.price_delta": ["x", True, [], "NaN", "0.001", "-1.01"],
    f"{GROUP}.modifiers.0.is_available": BOOLEAN,
}
CART: dict[str, list[Any]] = {
    "restaurant_id": [*IDENTIFIER, None, ""],
    "order_type": CHOICE,
    "payment_method": [*CHOICE, "cheque"],
    "items": ["x", 5, {}, [], [5], [None], None, [{}], [[]]],
    "items.0.menu_item_id": [*IDENTIFIER, None, ""],
    "items.0.quantity": [*INTEGER, 0, 1000, None],
    "items.0.note": NOTE,
    "items.0.modifiers": ["x", 5, {}, [5], [None], [{}]],
    "items.0.modifiers.0.modifier_id": [*IDENTIFIER, None],
    "items.0.modifiers.0.quantity": [*INTEGER, 0, 1000],
    "tip_msat": [*INTEGER, 1_000_000_001],
    "customer_name": NAME,
    "table": NAME,
    "table_token": [*NOT_TEXT, "\0", "\ud800"],
    "covers": [*INTEGER, 0, 1000],
    "note": NOTE,
    "pickup_at": [*MOMENT, "9999-12-31T23:59:59.9999Z", "0000-01-01T00:00:00Z"],
    "quote_id": IDENTIFIER[:-1],
    "max_total_msat": NOT_A_WHOLE_NUMBER,
}
EDIT: dict[str, list[Any]] = {
    "revision": [*NOT_A_WHOLE_NUMBER, None, 0, 2, 2**70],
    "items": ["x", 5, {}, [], [5], [None], [{}], [[]]],
    "items.0.line_id": [*IDENTIFIER, "x", ""],
    "items.0.menu_item_id": [*IDENTIFIER, "x", ""],
    "items.0.quantity": [*INTEGER, 0, 1000],
    "items.0.note": NOTE,
    "items.0.guest": NAME,
    "items.0.modifiers": ["x", 5, {}, [5], [None], [{}]],
    "codes": ["x", 5, {}, [5], ["?"], ["\0"], ["x" * 41], ["AAA"] * 6],
    "discounts": ["x", {}, [5], [{}], [{"reason": "x"}], [{"percent": "5"}]],
    "tax_exempt": ["x", 5, [], {}, {"reason": 5}, {"reason": ""}, {"reason": "\0"}],
    "table": NAME,
    "covers": [*INTEGER, 0, 1000],
    "note": NOTE,
    "server_id": [*IDENTIFIER, "x", ""],
    "reason": NOTE,
}
PLACED = {
    **CART,
    "quote_id": [*IDENTIFIER, "x", "a.b", "\u202e"],
    "max_total_msat": [*NOT_A_WHOLE_NUMBER, -1],
}


def refused(response: Any, what: Any) -> dict[str, Any]:
    """Check the error's shape; answers the body."""
    assert 400 <= response.status_code < 500, (what, response.text)
    answer = response.json()
    assert isinstance(answer, dict), what
    assert isinstance(answer["detail"], str), what
    assert len(answer["detail"]) > 5, what
    assert CODE.fullmatch(answer["code"]), what
    if answer["code"] == "field.invalid":
        assert answer["field"], what
    exposed = response.headers["Access-Control-Expose-Headers"]
    assert exposed == "ETag, Retry-After, Idempotent-Replay, X-Bitmap-Sha256"
    return answer


def changed(body: Any, path: str, value: Any) -> Any:
    """A copy of the body with this value at the path."""
    copy = json.loads(json.dumps(body))
    *way, last = path.split(".")
    place = copy
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if last.isdigit():
        place[int(last)] = value
    else:
        place[last] = value
    return copy


# --- what is no JSON object ------------------------------------------------------

DEEP = 33
RAW: list[tuple[str, bytes, int, str]] = [
    ("no JSON", b"name=X&currency=EUR", 400, "body.json"),
    ("cut off", b'{"name": "X"', 400, "body.json"),
    ("a comma too much", b'{"name": "X",}', 400, "body.json"),
    ("two objects", b"{}{}", 400, "body.json"),
    ("single quotes", b"{'name': 'X'}", 400, "body.json"),
    ("an array", b"[]", 400, "body.object"),
    ("an array of objects", b'[{"name": "X"}]', 400, "body.object"),
    ("null", b"null", 400, "body.object"),
    ("a number", b"1", 400, "body.object"),
    ("a text", b'"x"', 400, "body.object"),
    ("true", b"true", 400, "body.object"),
    ("NaN", b'{"x": NaN}', 400, "body.json"),
    ("Infinity", b'{"x": Infinity}', 400, "body.json"),
    ("minus Infinity", b'{"x": -Infinity}', 400, "body.json"),
    ("an endless number", b'{"x": ' + b"9" * 5000 + b"}", 400, "body.json"),
    ("Latin-1", '{"name": "Café"}'.encode("latin-1"), 400, "body.json"),
    ("UTF-16", '{"name": "X"}'.encode("utf-16"), 400, "body.json"),
    ("a raw surrogate", b'{"name": "\xed\xa0\x80"}', 400, "body.json"),
    ("a raw control", b'{"name": "a\x07b"}', 400, "body.json"),
    ("deep arrays", b'{"x":' + b"[" * DEEP + b"]" * DEEP + b"}", 400, "body.depth"),
    ("deep objects", b'{"x":' * DEEP + b"1" + b"}" * DEEP, 400, "body.depth"),
    ("bottomless", b"[" * 200_000, 400, "body.depth"),
    ("open strings", b'"' + b'\\"' * 130_000, 400, "body.json"),
]


@pytest.mark.parametrize("name", ROUTES)
async def test_what_is_no_json_object_is_refused(stage, name):
    route = stage.routes[name]
    before = await snapshot(stage.shop.id)
    for what, raw, status, code in RAW:
        answer = refused(await stage.send(route, raw), (name, what))
        assert answer["code"] == code, (name, what)
        assert status == 400
    if not route.is_optional:
        refused(await stage.send(route, b""), (name, "nothing"))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    refused(await stage.send(route, b"name=X", **form), (name, "a form"))
    assert await snapshot(stage.shop.id) == before


@pytest.mark.parametrize("name", ROUTES)
async def test_a_body_is_bounded(stage, name):
    route = stage.routes[name]
    before = await snapshot(stage.shop.id)
    filler = b'{"x": "' + b"a" * (route.bytes_max - 9) + b'"}'
    assert len(filler) == route.bytes_max

    response = await stage.send(route, filler + b" ")

    answer = refused(response, name)
    assert (response.status_code, answer["code"]) == (413, "body.too_large")
    fits = await stage.send(route, filler)
    assert fits.status_code != 413
    assert fits.status_code < 500
    if fits.status_code >= 400:
        assert await snapshot(stage.shop.id) == before


async def test_a_body_without_an_end_is_cut_off(shop):
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    response = await shop.client.post(f"{API}/orders/quote", content=endless())

    assert response.status_code == 413
    assert sent < 2 * 1024 * 1024


async def test_a_large_menu_needs_a_credential_before_it_is_read(shop):
    path = f"{API}/restaurants/{shop.id}/menu"
    body = b'{"categories": [' + b" " * 7_000_000 + b"]}"

    response = await shop.client.put(path, content=body)

    assert (response.status_code, response.json()["code"]) == (
        401,
        "credential.missing",
    )


async def test_hostile_bodies_cost_little_time(shop):
    began = time.process_time()
    for raw in (b'"' + b'\\"' * 130_000, b'{"a":"' + b"[" * 250_000, b"[" * 260_000):
        await shop.client.post(f"{API}/orders/quote", content=raw)

    assert time.process_time() - began < 2


# --- wrong fields ----------------------------------------------------------------


@pytest.mark.parametrize("name", ROUTES)
async def test_wrong_fields_are_refused_and_nothing_is_stored(stage, name):
    route = stage.routes[name]
    before = await snapshot(stage.shop.id)
    for path, values in route.wrong.items():
        for value in values:
            what = (name, path, repr(value)[:60])
            sent = json.dumps(changed(route.body, path, value))
            refused(await stage.send(route, sent), what)
    assert await snapshot(stage.shop.id) == before


async def test_the_wrong_field_is_named(stage):
    for path, value, named in (
        ("items.0.quantity", "2", "items.0.quantity"),
        ("items.0.modifiers.0.quantity", True, "items.0.modifiers.0.quantity"),
        ("tip_msat", 1.5, "tip_msat"),
        ("order_type", "delivery!", "order_type"),
        ("note", "\u202e", "note"),
        ("note", "\0", "note"),
        ("items.0.note", "\ud800", "items.0.note"),
        ("customer_name", "x" * 121, "customer_name"),
    ):
        route = stage.routes["quote"]
        sent = json.dumps(changed(route.body, path, value))
        answer = refused(await stage.send(route, sent), path)
        assert answer["field"] == named


async def test_a_bad_key_of_an_object_is_refused_too(stage):
    for name in ("quote", "settings", "device"):
        route = stage.routes[name]
        for key in ("\ud800", "a\0b"):
            sent = json.dumps({**route.body, key: 1})
            refused(await stage.send(route, sent), (name, key))


async def test_bounds_are_inclusive(shop):
    line = shop.line("Agua", 999) | {"note": "n" * 500}
    fits = shop.cart(*[line] * 100, customer_name="x" * 120, note="n" * 499 + "\n")
    many = shop.cart(*[shop.line("Agua")] * 101)

    assert (await shop.quote(fits)).status_code in (200, 422)
    one = shop.cart(line, customer_name="x" * 120, note="n" * 499 + "\n")
    assert (await shop.quote(one)).status_code == 200
    hundred = shop.cart(*[shop.line("Agua")] * 100)
    assert (await shop.quote(hundred)).status_code == 200
    response = await shop.quote(many)
    assert (response.status_code, response.json()["code"]) == (422, "cart.lines")


# --- wrong addresses and headers -------------------------------------------------

PATHS = [
    ("GET", "/restaurants/{}"),
    ("PATCH", "/restaurants/{}"),
    ("DELETE", "/restaurants/{}"),
    ("GET", "/restaurants/{}/menu"),
    ("PUT", "/restaurants/{}/menu"),
    ("PATCH", "/menu_items/{}"),
    ("PATCH", "/modifiers/{}"),
    ("GET", "/restaurants/{}/devices"),
    ("POST", "/restaurants/{}/devices"),
    ("DELETE", "/devices/{}"),
    ("GET", "/restaurants/{}/tables"),
    ("POST", "/restaurants/{}/tables"),
    ("PATCH", "/tables/{}"),
    ("POST", "/tables/{}/token"),
    ("DELETE", "/tables/{}"),
    ("GET", "/restaurants/{}/discounts"),
    ("POST", "/restaurants/{}/discounts"),
    ("GET", "/discounts/{}"),
    ("PATCH", "/discounts/{}"),
    ("DELETE", "/discounts/{}"),
    ("POST", "/discounts/{}/codes"),
    ("GET", "/discounts/{}/codes"),
    ("DELETE", "/discount_codes/{}"),
    ("GET", "/restaurants/{}/price_lists"),
    ("POST", "/restaurants/{}/price_lists"),
    ("GET", "/price_lists/{}"),
    ("PATCH", "/price_lists/{}"),
    ("DELETE", "/price_lists/{}"),
    ("GET", "/restaurants/{}/combos"),
    ("POST", "/restaurants/{}/combos"),
    ("GET", "/restaurants/{}/stocks"),
    ("GET", "/restaurants/{}/stocks.csv"),
    ("GET", "/restaurants/{}/stock/check"),
    ("GET", "/restaurants/{}/recipes"),
    ("POST", "/restaurants/{}/ingredients"),
    ("POST", "/restaurants/{}/stock_movements"),
    ("POST", "/restaurants/{}/stocks/import"),
    ("PATCH", "/stocks/{}"),
    ("DELETE", "/stocks/{}"),
    ("GET", "/stocks/{}/movements"),
    ("PUT", "/menu_items/{}/recipe"),
    ("PUT", "/modifiers/{}/recipe"),
    ("GET", "/combos/{}"),
    ("PATCH", "/combos/{}"),
    ("DELETE", "/combos/{}"),
    ("GET", "/orders/{}"),
    ("PATCH", "/orders/{}"),
    ("POST", "/orders/{}/invoice"),
    ("POST", "/orders/{}/cancel"),
    ("PUT", "/orders/{}/status/accepted"),
    ("POST", "/orders/{}/payments"),
    ("GET", "/restaurants/{}/orders"),
    ("GET", "/restaurants/{}/events"),
    ("GET", "/restaurants/{}/lamps"),
    ("GET", "/restaurants/{}/print_jobs"),
    ("POST", "/restaurants/{}/print_jobs/claim"),
    ("POST", "/print_jobs/{}/start"),
    ("PUT", "/print_jobs/{}/ack"),
    ("PUT", "/print_jobs/{}/fail"),
    ("POST", "/print_jobs/{}/reprint"),
]
IDS = [
    *("nothing", "%00", "a%00b", "%ED%A0%80", "%FF%FE", "%F0%9F%92%A5", "%20"),
    *("'%20OR%201=1%20--", "%25", "_", "x" * 3000, "%E2%80%AE", "%0D%0AX:y", "null"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_an_odd_id_is_unknown(stage, method, path):
    shop = stage.shop
    body = {"name": "X", "role": "kds", "categories": [], "error": "x"}
    body["lease_token"] = "x"
    for odd in IDS:
        response = await shop.client.request(
            method,
            API + path.format(odd),
            headers={**shop.wallet.admin, "Idempotency-Key": uuid.uuid4().hex},
            **({} if method in ("GET", "DELETE") else {"json": body}),
        )
        refused(response, (method, path, odd))
        assert response.status_code in (403, 404, 422), (path, odd, response.text)


QUERIES = {
    "orders": ["limit", "number"],
    "events": ["limit", "after"],
    "print_jobs": ["limit"],
    "devices": ["limit"],
    "tables": ["limit"],
    "discounts": ["limit"],
    "stocks": ["limit"],
    "recipes": ["limit"],
}
NUMBERS = ["x", "-1", "1.5", "NaN", "", "true", str(2**63), "9" * 400, "%00", "1e3"]


@pytest.mark.parametrize("listing", QUERIES)
async def test_odd_numbers_in_a_query_are_refused_by_name(stage, listing):
    shop = stage.shop
    for name in QUERIES[listing]:
        for value in NUMBERS:
            path = f"{API}/restaurants/{shop.id}/{listing}?{name}={value}"
            response = await shop.client.get(path, headers=shop.wallet.admin)
            answer = refused(response, path)
            assert (response.status_code, answer["field"]) == (422, name), path


@pytest.mark.parametrize(
    "listing",
    ["orders", "print_jobs", "devices", "tables", "discounts", "stocks", "recipes"],
)
async def test_odd_cursors_are_refused_by_name(stage, listing):
    shop = stage.shop
    for value in (
        "x",
        "%00",
        "💥",
        "a" * 3000,
        "MTox",
        "LTE6YQ",
        "OTk5OTk5OTk5OTk5OTk5",
    ):
        path = f"{API}/restaurants/{shop.id}/{listing}?cursor={value}"
        response = await shop.client.get(path, headers=shop.wallet.admin)
        assert response.status_code < 500, path
        if response.status_code != 200:
            assert refused(response, path)["field"] == "cursor"


async def test_odd_headers_are_refused_and_break_nothing(shop):
    placed = await shop.placed()
    order_path = f"{API}/orders/{placed['order']['id']}"
    own = f"{API}/restaurants/{shop.id}"
    long = "x" * 20_000
    for headers in (
        {"X-Api-Key": "💥".encode()},
        {"X-Api-Key": long},
        {"X-Api-Key": "' OR 1=1 --"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic YTpi"},
        {"Authorization": f"Bearer rdt_{long}"},
        {"Authorization": "Bearer rdt_💥".encode()},
        {"Authorization": "Bearer a.b.c"},
        {"X-Order-Token": "💥".encode()},
        {"X-Order-Token": long},
        {"Cookie": "cookie_access_token=a.b.c"},
        {"Cookie": "cookie_access_token=%00"},
    ):
        for path in (order_path, f"{own}/orders", f"{own}/events"):
            response = await shop.client.get(path, headers=headers)
            refused(response, (path, headers))
            assert response.status_code in (401, 403, 404)


async def test_a_forged_content_length_or_type_is_not_believed(shop):
    for content_type in (
        "text/plain",
        "application/xml",
        "",
        "application/json;;;",
        "x",
    ):
        response = await shop.client.post(
            f"{API}/orders/quote",
            content=b"<a/>",
            headers={"Content-Type": content_type},
        )
        refused(response, content_type)


async def test_bad_and_good_requests_at_once_do_not_disturb_each_other(shop):
    async def bad(number: int) -> int:
        cart = shop.cart(shop.line("Agua", number - 1000))
        return (await shop.place(cart)).status_code

    async def good() -> int:
        return (await shop.place()).status_code

    statuses = await asyncio.gather(
        *(bad(number) for number in range(20)), *(good() for _ in range(20))
    )

    assert statuses == [422] * 20 + [201] * 20
