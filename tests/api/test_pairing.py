"""A machine shows a code, staff types it in, the machine collects its token."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness.desk import Desk

NEW = {
    "name": "Kitchen Pi",
    "printers": [
        {"name": "hot", "width": 80, "model": "TM-m30III"},
        {"name": "bar", "width": 58},
        {"name": "cold"},
    ],
}
TEN_MINUTES = 600
KEY = {"Idempotency-Key": "one-key-for-one-approval"}
WRONG = "2222-2222"


@pytest.fixture(autouse=True)
async def _no_tries_yet(restaurant_module: Any) -> None:
    """Nobody asked for a code, and no wrong one was typed in."""
    from restaurant.crud import transaction
    from restaurant.flows.pairing import forget_tries

    forget_tries()
    async with transaction() as conn:
        await conn.run("DELETE FROM restaurant.pairings")


async def opened(desk: Desk, **changes: Any) -> Any:
    return await desk.done("POST", "/pairings", {**NEW, **changes}, who="nobody")


async def collect(desk: Desk, pairing: Any, **changes: Any) -> Any:
    body = {"secret": pairing["secret"], **changes}
    path = f"/pairings/{pairing['id']}/collect"
    return await desk.call("POST", path, body, who="nobody")


async def approve(desk: Desk, code: str, who: str = "owner", **more: Any) -> Any:
    headers = more.pop("headers", None)
    body = {"code": code, **more}
    path = f"{desk.path}/pairings"
    return await desk.call("POST", path, body, who=who, headers=headers)


def said(response: Any) -> tuple[int, str]:
    return response.status_code, response.json().get("code")


async def rows(table: str) -> list[Any]:
    from restaurant.crud import read

    async with read() as conn:
        found: list[Any] = await conn.all(f"SELECT * FROM restaurant.{table}")
    return found


# --- the way it goes -------------------------------------------------------------


@pytest.mark.parametrize("who", ["owner", "manager"])
async def test_a_machine_is_paired_by_its_code(desk: Desk, who: str) -> None:
    pairing = await opened(desk)
    assert set(pairing) == {"id", "secret", "code", "expires_at"}
    waiting = await collect(desk, pairing)
    assert (waiting.status_code, waiting.json()) == (202, {"status": "waiting"})

    typed = pairing["code"].replace("-", " ").lower()
    response = await approve(desk, typed, who=who, stations=["kitchen", "kitchen"])

    assert response.status_code == 201
    device = response.json()["device"]
    assert set(response.json()) == {"device"}
    assert (device["name"], device["role"]) == ("Kitchen Pi", "printer")
    assert device["stations"] == ["kitchen"]
    assert "token" not in device
    collected = await collect(desk, pairing)
    assert collected.status_code == 200
    found = collected.json()
    assert set(found) == {"restaurant_id", "device_id", "token", "server_time"}
    assert (found["restaurant_id"], found["device_id"]) == (desk.id, device["id"])
    desk.tokens["pi"] = found["token"]
    own = await desk.call("GET", f"{desk.path}/print_jobs", who="pi")
    assert own.status_code == 200
    listed = (await desk.done("GET", f"{desk.path}/devices"))["data"]
    assert device["id"] in [each["id"] for each in listed]


async def test_its_printers_are_there_before_their_first_job(desk: Desk) -> None:
    pairing = await opened(desk)
    response = await approve(desk, pairing["code"], stations=["kitchen"])
    device_id = response.json()["device"]["id"]

    found = [row for row in await rows("printers") if row["device_id"] == device_id]

    assert {row["local_name"]: row["name"] for row in found} == {
        "hot": "hot",
        "bar": "bar",
        "cold": "cold",
    }
    assert {row["stations"] for row in found} == {'["kitchen"]'}
    assert {row["kind"] for row in found} == {"pi"}
    assert {row["restaurant_id"] for row in found} == {desk.id}
    papers = {row["name"]: '"paper":"58"' in row["layout"] for row in found}
    assert papers == {"hot": False, "bar": True, "cold": False}


async def test_staff_may_name_the_machine(desk: Desk) -> None:
    pairing = await opened(desk)
    response = await approve(desk, pairing["code"], name="Upstairs")
    device = response.json()["device"]
    assert (device["name"], device["stations"]) == ("Upstairs", [])


async def test_pairing_is_journalled_without_code_secret_or_token(desk: Desk) -> None:
    pairing = await opened(desk)
    response = await approve(desk, pairing["code"])
    token = (await collect(desk, pairing)).json()["token"]

    events = await desk.events()

    told = {"device_id": response.json()["device"]["id"], "role": "printer"}
    assert ("device.paired", told) in events
    assert [event for event, _ in events][-3:] == ["printer.added"] * 3
    secrets = (pairing["secret"], pairing["code"], pairing["code"].replace("-", ""))
    stored = str([await rows(t) for t in ("pairings", "devices", "idempotency")])
    for secret in (*secrets, token):
        assert secret not in str(events)
        assert secret not in stored


async def test_the_same_key_approves_once(desk: Desk) -> None:
    pairing = await opened(desk)
    first = await approve(desk, pairing["code"], headers=KEY)
    again = await approve(desk, pairing["code"], headers=KEY)
    assert again.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"


# --- collecting --------------------------------------------------------------------


async def test_a_lost_answer_is_fetched_again_until_the_token_is_used(
    desk: Desk,
) -> None:
    pairing = await opened(desk)
    await approve(desk, pairing["code"])
    first = (await collect(desk, pairing)).json()
    assert (await collect(desk, pairing)).json()["token"] == first["token"]

    desk.tokens["pi"] = first["token"]
    await desk.done("GET", f"{desk.path}/print_jobs", who="pi")

    assert said(await collect(desk, pairing)) == (410, "pairing.over")


async def test_nobody_collects_later_than_ten_minutes(desk: Desk, clock: Any) -> None:
    pairing = await opened(desk)
    clock.forward(TEN_MINUTES - 5)
    await approve(desk, pairing["code"])
    clock.forward(TEN_MINUTES - 5)
    assert (await collect(desk, pairing)).status_code == 200
    clock.forward(10)
    assert said(await collect(desk, pairing)) == (410, "pairing.over")


async def test_a_revoked_device_collects_nothing(desk: Desk) -> None:
    pairing = await opened(desk)
    device = (await approve(desk, pairing["code"])).json()["device"]
    await desk.done("DELETE", f"/devices/{device['id']}")
    assert said(await collect(desk, pairing)) == (410, "pairing.over")


async def test_only_the_machine_itself_collects(desk: Desk) -> None:
    pairing, other = await opened(desk), await opened(desk)
    await approve(desk, pairing["code"])
    unknown = (404, "pairing.unknown")
    for secret in (other["secret"], "", pairing["code"], pairing["secret"][:-1]):
        assert said(await collect(desk, pairing, secret=secret)) == unknown
    assert said(await collect(desk, {**pairing, "id": "nothing"})) == unknown


# --- codes -------------------------------------------------------------------------


async def test_a_code_is_good_for_ten_minutes(desk: Desk, clock: Any) -> None:
    pairing = await opened(desk)
    clock.forward(TEN_MINUTES + 1)
    assert said(await approve(desk, pairing["code"])) == (404, "pairing.unknown")
    assert said(await collect(desk, pairing)) == (410, "pairing.expired")
    assert len((await desk.done("GET", f"{desk.path}/devices"))["data"]) == 4


async def test_a_code_is_good_once(desk: Desk) -> None:
    pairing = await opened(desk)
    assert (await approve(desk, pairing["code"])).status_code == 201
    assert said(await approve(desk, pairing["code"])) == (404, "pairing.unknown")
    assert len((await desk.done("GET", f"{desk.path}/devices"))["data"]) == 5


async def test_of_many_approvals_at_once_one_succeeds(desk: Desk) -> None:
    pairing = await opened(desk)
    answers = await asyncio.gather(*(approve(desk, pairing["code"]) for _ in range(4)))
    assert sorted(a.status_code for a in answers) == [201, 404, 404, 404]


async def test_five_wrong_codes_and_nobody_may_try_for_a_while(
    desk: Desk, clock: Any
) -> None:
    pairing = await opened(desk)
    for _ in range(5):
        assert said(await approve(desk, WRONG, who="manager"))[0] == 404

    refused = await approve(desk, pairing["code"])

    assert said(refused) == (429, "pairing.tries")
    assert 590 <= int(refused.headers["Retry-After"]) <= 600
    clock.forward(TEN_MINUTES + 1)
    fresh = await opened(desk)
    assert (await approve(desk, fresh["code"])).status_code == 201


async def test_wrong_codes_at_once_are_counted_one_by_one(desk: Desk) -> None:
    answers = await asyncio.gather(*(approve(desk, WRONG) for _ in range(9)))
    assert sorted(a.status_code for a in answers) == [404] * 5 + [429] * 4


async def test_another_restaurants_wrong_codes_do_not_count_here(
    desk: Desk, make_wallet: Any
) -> None:
    from harness.desk import open_desk

    other = await open_desk(desk.client, await make_wallet(), await make_wallet())
    for _ in range(6):
        await approve(other, WRONG)
    pairing = await opened(desk)
    assert (await approve(desk, pairing["code"])).status_code == 201


async def test_what_cannot_be_a_code_is_no_try(desk: Desk) -> None:
    for _ in range(6):
        assert said(await approve(desk, "O0O0-1I1L")) == (422, "pairing.code")
    pairing = await opened(desk)
    assert (await approve(desk, pairing["code"])).status_code == 201


# --- bounds ------------------------------------------------------------------------


async def test_a_device_too_many_leaves_the_code_open(
    desk: Desk, monkeypatch: Any
) -> None:
    from restaurant.core import limits

    pairing = await opened(desk)
    monkeypatch.setattr(limits, "DEVICES_MAX", 4)
    assert said(await approve(desk, pairing["code"])) == (409, "devices.too_many")
    monkeypatch.setattr(limits, "DEVICES_MAX", 5)
    monkeypatch.setattr(limits, "PRINTERS_MAX", 2)
    assert said(await approve(desk, pairing["code"])) == (409, "printers.too_many")
    monkeypatch.setattr(limits, "PRINTERS_MAX", 3)
    assert (await approve(desk, pairing["code"])).status_code == 201


async def test_machines_that_wait_are_bounded_and_make_room_in_time(
    desk: Desk, clock: Any, monkeypatch: Any
) -> None:
    from restaurant.core import limits

    monkeypatch.setattr(limits, "PAIRINGS_MAX", 2)
    first = await opened(desk)
    clock.forward(60)
    await opened(desk)
    response = await desk.call("POST", "/pairings", NEW, who="nobody")
    assert said(response) == (429, "pairings.too_many")
    assert 530 <= int(response.headers["Retry-After"]) <= 540
    clock.forward(541)
    await opened(desk)
    assert said(await collect(desk, first)) == (410, "pairing.expired")
    clock.forward(3_600 + TEN_MINUTES)
    await opened(desk)
    assert said(await collect(desk, first)) == (404, "pairing.unknown")
    assert len(await rows("pairings")) == 1


async def test_one_address_cannot_take_every_place(desk: Desk) -> None:
    for _ in range(20):
        await opened(desk)
    response = await desk.call("POST", "/pairings", NEW, who="nobody")
    assert said(response) == (429, "pairings.too_many")
    assert 590 <= int(response.headers["Retry-After"]) <= 600


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"name": 5}, 422),
        ({"name": "x", "printers": [{"name": "a", "width": 70}]}, 422),
        ({"name": "x", "printers": [{"name": str(n)} for n in range(21)]}, 422),
        ({"name": "\x1b@"}, 422),
        ({"name": "x" * 20_000}, 413),
    ],
)
async def test_anybodys_wrong_or_large_bodies_are_refused(
    desk: Desk, body: Any, status: int
) -> None:
    response = await desk.call("POST", "/pairings", body, who="nobody")
    assert response.status_code == status
    assert await rows("pairings") == []


@pytest.mark.parametrize(
    ("who", "status"),
    [("reader", 403), ("pos", 403), ("kds", 403), ("printer", 403), ("foreign", 404),
     ("unknown", 401), ("nobody", 401)],
)  # fmt: skip
async def test_others_approve_nothing(desk: Desk, who: str, status: int) -> None:
    pairing = await opened(desk)
    assert (await approve(desk, pairing["code"], who=who)).status_code == status
    assert (await collect(desk, pairing)).status_code == 202


async def test_a_manager_types_a_name_and_stations_that_are_checked(desk: Desk) -> None:
    pairing = await opened(desk)
    for wrong in ({"name": ""}, {"stations": [""]}, {"stations": ["x"] * 51}):
        assert (await approve(desk, pairing["code"], **wrong)).status_code == 422
