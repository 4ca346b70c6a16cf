"""Gift cards: who makes them, what their codes are worth, and who may ask."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.gift_cards import (
    NO_CARD,
    T0,
    a_bill,
    balance,
    call,
    change,
    check_ledger,
    detail,
    events,
    everything,
    issue,
    pay,
    told,
)
from harness.shop import Shop, open_shop

CODE = re.compile(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}")
KEY = "k" * 16

pytestmark = pytest.mark.usefixtures("quiet")


@pytest_asyncio.fixture
async def devices(shop: Shop) -> dict[str, dict[str, str]]:
    """A device's header by its role."""
    made = {}
    for role in ("pos", "kds", "printer", "manager"):
        path, body = f"/restaurants/{shop.id}/devices", {"name": role, "role": role}
        token = (await call(shop, "POST", path, body)).json()["token"]
        made[role] = {"Authorization": f"Bearer {token}"}
    return made


# --- issuing ---------------------------------------------------------------------


async def test_a_new_card_is_shown_with_its_code(shop, clock):
    clock.stop(T0)
    body = {"expires_at": "2027-09-21T14:13:20Z", "note": "for Ana", "person": "Leo"}

    card = await issue(shop, "250.5", kind="given", **body)

    card_id, code = card.pop("id"), card.pop("code")
    assert card_id
    assert CODE.fullmatch(code)
    assert card == {
        "hint": code[-4:],
        "kind": "given",
        "currency": "GTQ",
        "amount": "250.50",
        "balance": "250.50",
        "is_blocked": False,
        "is_usable": True,
        "note": "for Ana",
        "actor": "owner",
        "person": "Leo",
        "created_at": "2026-09-21T14:13:20.000Z",
        "expires_at": "2027-09-21T14:13:20.000Z",
    }
    shown = await detail(shop, {"id": card_id})
    assert shown == {
        **card,
        "id": card_id,
        "entries": [
            {
                "kind": "issued",
                "amount": "250.50",
                "reference": f"issue:{card_id}",
                "actor": "owner",
                "at": "2026-09-21T14:13:20.000Z",
            }
        ],
    }
    assert await events(shop) == [
        (
            "gift_card.issued",
            None,
            "owner",
            {
                "kind": "given",
                "gift_card_id": card_id,
                "amount": "250.50",
                "currency": "GTQ",
            },
        )
    ]
    await check_ledger()


async def test_a_replay_shows_the_same_code_and_makes_no_other_card(shop):
    path = f"/restaurants/{shop.id}/gift_cards"
    body = {"amount": "50", "kind": "sold"}
    headers = {"Idempotency-Key": KEY, **shop.wallet.admin}
    first = await call(shop, "POST", path, body, headers)
    await change(shop, first.json(), is_blocked=True)
    before = await everything(shop)

    again = await call(shop, "POST", path, body, headers)
    other = await call(shop, "POST", path, {**body, "amount": "51"}, headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert CODE.fullmatch(again.json()["code"])
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert told(other) == (422, "idempotency.mismatch")
    assert await everything(shop) == before
    assert len(before["gift_cards"]) == len(before["gift_card_entries"]) == 1


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Whatever LNbits' log is told meanwhile, down to its finest level."""
    from loguru import logger

    lines: list[str] = []
    sink = logger.add(lines.append, level=0)
    yield lines
    logger.remove(sink)


async def test_a_code_is_kept_and_told_nowhere(shop, logged):
    from restaurant.crud import read

    card = await issue(shop, note="for Ana")
    order_id = await a_bill(shop)
    paid = await pay(shop, order_id, card["code"], amount="4")
    refused = await pay(shop, order_id, card["code"], amount="999999")
    await change(shop, card, note="from Luis")
    path = f"/restaurants/{shop.id}"
    answers = [
        paid.text,
        refused.text,
        (await balance(shop, card["code"])).text,
        json.dumps(await detail(shop, card)),
        json.dumps(await shop.order(order_id)),
        (await call(shop, "GET", f"{path}/gift_cards")).text,
        (await call(shop, "GET", f"{path}/events?limit=500")).text,
        (await change(shop, card, is_blocked=True)).text,
    ]
    async with read() as conn:
        for table in (
            *("gift_cards", "gift_card_entries", "payments", "orders", "journal"),
            *("idempotency", "print_jobs"),
        ):
            rows = await conn.all(f"SELECT * FROM restaurant.{table}")
            answers.append(str(rows))

    for text in (*answers, *logged):
        assert card["code"] not in text
        assert card["code"].replace("-", "") not in text
    notes = str([payload for *_, payload in await events(shop)])
    assert "Ana" not in notes
    assert "Luis" not in notes


async def test_the_list_is_newest_first_page_by_page(shop, clock):
    clock.stop(T0)
    made = []
    for amount in ("1", "2", "3"):
        card = await issue(shop, amount)
        del card["code"]
        made.insert(0, card)
        clock.forward(1)
    path = f"/restaurants/{shop.id}/gift_cards"

    first = (await call(shop, "GET", f"{path}?limit=2")).json()
    rest = (await call(shop, "GET", f"{path}?cursor={first['next']}")).json()

    assert first["data"] + rest["data"] == made
    assert rest["next"] is None
    assert "code" not in first["data"][0]


async def test_there_are_so_many_cards_at_most(shop, monkeypatch):
    from restaurant.core import limits

    assert limits.GIFT_CARDS_MAX == 100_000
    monkeypatch.setattr(limits, "GIFT_CARDS_MAX", 2)
    for _ in range(2):
        await issue(shop)
    before = await everything(shop)

    body = {"amount": "1", "kind": "sold"}
    response = await call(shop, "POST", f"/restaurants/{shop.id}/gift_cards", body)

    assert told(response) == (409, "gift_cards.too_many")
    assert await everything(shop) == before


# --- rights ----------------------------------------------------------------------

ROLES = ("owner", "manager", "pos", "kds", "printer", "reader", "foreign", "nobody")
RIGHTS = {
    ("POST", "sold"): (201, 201, 201, 403, 403, 403, 404, 401),
    ("POST", "given"): (201, 201, 403, 403, 403, 403, 404, 401),
    ("GET", "list"): (200, 200, 403, 403, 403, 403, 404, 401),
    ("GET", "card"): (200, 200, 403, 403, 403, 403, 404, 401),
    ("PATCH", "card"): (200, 200, 403, 403, 403, 403, 404, 401),
}


@pytest.mark.parametrize(("method", "what"), RIGHTS)
async def test_who_may_do_what(shop, client, make_wallet, devices, method, what):
    foreign = await open_shop(client, await make_wallet())
    headers = {
        **devices,
        "owner": shop.wallet.admin,
        "reader": shop.wallet.invoice,
        "foreign": foreign.wallet.admin,
        "nobody": {},
    }
    card = await issue(shop)
    path = f"/restaurants/{shop.id}/gift_cards"
    body: Any = {"amount": "10", "kind": what} if method == "POST" else None
    if what == "card":
        path = f"/gift_cards/{card['id']}"
        body = {"note": "x"} if method == "PATCH" else None
    statuses = dict(zip(ROLES, RIGHTS[method, what], strict=True))

    for who in sorted(ROLES, key=lambda one: statuses[one], reverse=True):
        if statuses[who] in (401, 403, 404):
            before = await everything(shop)
        response = await call(shop, method, path, body, headers[who])
        assert response.status_code == statuses[who], (who, response.text)
        if response.is_success:
            continue
        assert set(response.json()) == {"detail", "code"}
        assert await everything(shop) == before


async def test_a_cards_actor_is_the_till_that_sold_it(shop, devices):
    body = {"amount": "10", "kind": "sold"}
    path = f"/restaurants/{shop.id}/gift_cards"

    sold = await call(shop, "POST", path, body, devices["pos"])

    assert re.fullmatch("pos:.+", sold.json()["actor"])
    assert (await events(shop))[0][2] == sold.json()["actor"]


# --- asking for a balance --------------------------------------------------------


async def test_whoever_holds_the_code_may_ask_however_it_is_typed(shop):
    card = await issue(shop, "100", expires_at="2030-01-01T00:00:00Z")
    code = card["code"]
    misread = code.replace("0", "o").replace("1", "l").lower().replace("-", " ")

    for typed in (code, code.replace("-", ""), code.lower(), misread, f" {code}\n"):
        response = await balance(shop, typed)
        assert response.status_code == 200, response.text
        assert response.json() == {
            "balance": "100.00",
            "currency": "GTQ",
            "expires_at": "2030-01-01T00:00:00.000Z",
            "is_usable": True,
        }
    path = f"/restaurants/{shop.slug}/gift_cards/balance"
    by_slug = await call(shop, "POST", path, {"code": code}, headers={})
    assert by_slug.json()["balance"] == "100.00"


async def test_a_code_that_nobody_has_opens_nothing(shop, client, make_wallet):
    other = await open_shop(client, await make_wallet())
    foreign = await issue(other)
    card = await issue(shop)
    nearly = ("0" if card["code"][0] != "0" else "1") + card["code"][1:]

    for code in (NO_CARD, foreign["code"], nearly):
        assert told(await balance(shop, code)) == (404, "gift_card.unknown")
    for code in ("", "x", card["hint"], f"{card['code']}0", "U" * 16, "０" * 16):
        assert told(await balance(shop, code)) == (422, "gift_card.code")
    for code in (None, 5, True, [], {}, [card["code"]]):
        assert told(await balance(shop, code)) == (422, "field.invalid")
    body = {"code": card["code"]}
    lost = await call(shop, "POST", "/restaurants/x/gift_cards/balance", body, {})
    assert told(lost) == (404, "restaurant.unknown")


# --- bad input -------------------------------------------------------------------

AMOUNTS = [
    *(None, True, [], {}, "NaN", "Infinity", "-1", "0", "0.00", 0, -1, "1e3", "1,5"),
    *("", "\0", "1.001", 1.001, 10**30, "9" * 400, "٣", 1e300, "0x10", " 1"),
    *("10000000000000.01", 10**15),
]
KINDS = [None, "refund", "", "SOLD", 5, True, [], {}, "\0"]
MOMENTS = [
    *(5, True, [], {}, "tomorrow", "", "2099-01-01", "2099-01-01T00:00:00", "\0"),
    *("2026-09-21T14:13:20Z", "2026-09-21T14:13:19Z", "2199-01-01T00:00:00Z"),
]
NOTES = [5, True, [], {}, "x" * 501, "\0", "a\x07b", "\u202egnp", "\u200b"]
WRONG = {"amount": AMOUNTS, "kind": KINDS, "expires_at": MOMENTS, "note": NOTES}
WRONG_CHANGE = {
    "is_blocked": [None, 0, 1, "true", [], {}, 1.0],
    "expires_at": MOMENTS,
    "note": NOTES,
}
CODES = {"field.invalid", "text.invalid"}


@pytest.mark.parametrize("field", WRONG)
async def test_no_card_is_made_of_bad_input(shop, clock, field):
    clock.stop(T0)
    before = await everything(shop)
    for value in WRONG[field]:
        body = {"amount": "10", "kind": "sold", field: value}
        response = await call(shop, "POST", f"/restaurants/{shop.id}/gift_cards", body)
        assert response.status_code == 422, (value, response.text)
        assert response.json()["code"] in CODES, value
        assert response.json()["field"] == field, value
    assert await everything(shop) == before


@pytest.mark.parametrize("raw", ["NaN", "Infinity", "-Infinity"])
async def test_an_amount_that_is_no_json_is_refused(shop, raw):
    response = await shop.client.post(
        f"{API}/restaurants/{shop.id}/gift_cards",
        content=f'{{"amount": {raw}, "kind": "sold"}}',
        headers={"Content-Type": "application/json", **shop.wallet.admin},
    )

    assert told(response) == (400, "body.json")


@pytest.mark.parametrize("field", WRONG_CHANGE)
async def test_no_card_is_changed_by_bad_input(shop, clock, field):
    clock.stop(T0)
    card = await issue(shop, note="for Ana")
    before = await everything(shop)
    for value in WRONG_CHANGE[field]:
        response = await change(shop, card, **{"note": "x", field: value})
        assert response.status_code == 422, (value, response.text)
        assert response.json()["code"] in CODES, value
        assert response.json()["field"] == field, value
    assert await everything(shop) == before


async def test_an_amount_in_the_body_is_no_change(shop):
    card = await issue(shop)
    before = await everything(shop)

    response = await change(shop, card, amount="1000", balance="1000", code="x")

    assert response.status_code == 200
    assert await everything(shop) == before


async def test_ids_of_nothing_are_unknown(shop):
    for card_id in ("x", "%00", "%F0%9F%92%A5"):
        for method in ("GET", "PATCH"):
            response = await call(shop, method, f"/gift_cards/{card_id}", {})
            assert response.status_code == 404, card_id


# --- changing --------------------------------------------------------------------


async def test_a_change_is_kept_and_told_once(shop, clock):
    clock.stop(T0)
    card = await issue(shop)
    body = {"is_blocked": True, "note": "lost", "expires_at": "2026-12-24T18:00:00Z"}

    changed = await change(shop, card, **body)
    again = await change(shop, card, **body)

    assert changed.status_code == 200
    expected = {
        **card,
        **body,
        "expires_at": "2026-12-24T18:00:00.000Z",
        "is_usable": False,
    }
    del expected["code"]
    assert changed.json() == again.json() == expected
    assert (await events(shop))[1:] == [
        (
            "gift_card.changed",
            None,
            "owner",
            {
                "gift_card_id": card["id"],
                "fields": ["expires_at", "is_blocked", "note"],
                "is_blocked": True,
                "expires_at": "2026-12-24T18:00:00.000Z",
            },
        )
    ]
    freed = await change(shop, card, is_blocked=False, expires_at=None, note=None)
    del card["code"]
    assert freed.json() == card
    await check_ledger()
