"""Devices over HTTP: pairing, the list, revoking, and who may."""

from typing import Any

import pytest

from harness.desk import Desk

KEY = {"Idempotency-Key": "one-key-for-one-device"}
LISTED = {
    *("id", "name", "role", "stations", "payment_methods"),
    *("created_at", "last_seen_at"),
}


@pytest.mark.parametrize("role", ["printer", "kds", "pos", "manager"])
async def test_a_paired_device_gets_a_token_that_works(desk: Desk, role: str) -> None:
    body = {"name": "Bar", "role": role, "stations": ["bar", "bar"]}

    response = await desk.call("POST", f"{desk.path}/devices", body)

    assert response.status_code == 201
    device = response.json()
    assert set(device) == LISTED - {"last_seen_at"} | {"token"}
    assert (device["name"], device["role"]) == ("Bar", role)
    assert device["stations"] == ["bar"]
    assert device["token"].startswith("rdt_")
    desk.tokens["new"] = device["token"]
    tree = await desk.call("GET", f"{desk.path}/menu?all=1", who="new")
    assert tree.status_code == (403 if role == "printer" else 200)


async def test_the_list_shows_no_token_and_the_last_time_seen(desk: Desk) -> None:
    await desk.tree()
    await desk.call("GET", f"{desk.path}/menu?all=1", who="kds")

    page = await desk.done("GET", f"{desk.path}/devices", who="manager")

    assert page["next"] is None
    assert [set(device) for device in page["data"]] == [LISTED] * 4
    seen = {device["role"]: device["last_seen_at"] for device in page["data"]}
    assert seen["kds"] is not None
    assert seen["printer"] is None
    assert not any(token in str(page) for token in desk.tokens.values())


async def test_the_database_knows_no_token(desk: Desk, restaurant_module: Any) -> None:
    from restaurant.crud import read

    async with read() as conn:
        rows = await conn.all("SELECT * FROM restaurant.devices")
        answers = await conn.all("SELECT * FROM restaurant.idempotency")

    for token in desk.tokens.values():
        assert token not in str(rows)
        assert token not in str(answers)


async def test_the_same_key_pairs_one_device_and_shows_its_token_again(
    desk: Desk,
) -> None:
    body = {"name": "Bar", "role": "printer"}
    path = f"{desk.path}/devices"

    first = await desk.call("POST", path, body, headers=KEY)
    again = await desk.call("POST", path, body, headers=KEY)
    by_manager = await desk.call("POST", path, body, "manager", KEY)

    assert again.json() == first.json()
    assert again.headers["idempotent-replay"] == "true"
    assert by_manager.json()["id"] != first.json()["id"]
    page = await desk.done("GET", path)
    assert len(page["data"]) == 6


async def test_a_revoked_device_is_unknown_at_once(desk: Desk) -> None:
    [device] = [
        each
        for each in (await desk.done("GET", f"{desk.path}/devices"))["data"]
        if each["role"] == "kds"
    ]
    await desk.done("GET", f"{desk.path}/menu?all=1", who="kds")

    revoked = await desk.call("DELETE", f"/devices/{device['id']}", who="manager")

    assert (revoked.status_code, revoked.content) == (204, b"")
    after = await desk.call("GET", f"{desk.path}/menu?all=1", who="kds")
    assert (after.status_code, after.json()["code"]) == (401, "device.unknown")
    again = await desk.call("DELETE", f"/devices/{device['id']}")
    assert again.status_code == 404
    assert (await desk.events())[-1] == (
        "device.revoked",
        {"device_id": device["id"]},
    )


async def test_pairing_is_journalled_without_the_token(desk: Desk) -> None:
    events = await desk.events()

    assert [event for event, _ in events] == [
        "restaurant.created",
        *["device.paired"] * 4,
    ]
    assert {payload["role"] for _, payload in events[1:]} == {
        "manager",
        "pos",
        "kds",
        "printer",
    }
    assert not any(token in str(events) for token in desk.tokens.values())


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner", 201),
        ("manager", 201),
        ("reader", 403),
        ("pos", 403),
        ("kds", 403),
        ("printer", 403),
        ("foreign", 404),
        ("nobody", 401),
        ("unknown", 401),
    ],
)
async def test_who_pairs_lists_and_revokes(desk: Desk, who: str, status: int) -> None:
    path, body = f"{desk.path}/devices", {"name": "New", "role": "printer"}
    before = (await desk.done("GET", path))["data"]
    victim = before[-1]["id"]

    listed = await desk.call("GET", path, who=who)
    paired = await desk.call("POST", path, body, who)
    revoked = await desk.call("DELETE", f"/devices/{victim}", who=who)

    may = status == 201
    assert listed.status_code == (200 if may else status)
    assert paired.status_code == status
    assert revoked.status_code == (204 if may else status)
    if not may:
        after = (await desk.done("GET", path))["data"]
        assert [d["id"] for d in after] == [d["id"] for d in before]


async def test_only_the_owner_makes_a_manager(desk: Desk) -> None:
    body = {"name": "Second", "role": "manager"}

    refused = await desk.call("POST", f"{desk.path}/devices", body, "manager")
    made = await desk.call("POST", f"{desk.path}/devices", body, "owner")

    assert (refused.status_code, made.status_code) == (403, 201)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"role": "kds"}, "field.invalid", "name"),
        ({"name": "A"}, "field.invalid", "role"),
        ({"name": "A", "role": "owner"}, "field.invalid", "role"),
        ({"name": "A", "role": "boss"}, "field.invalid", "role"),
        ({"name": "A", "role": ["kds"]}, "field.invalid", "role"),
        ({"name": 1, "role": "kds"}, "field.invalid", "name"),
        ({"name": "", "role": "kds"}, "text.invalid", "name"),
        ({"name": "\u202e", "role": "kds"}, "text.invalid", "name"),
        ({"name": "A", "role": "kds", "stations": "bar"}, "field.invalid", "stations"),
        ({"name": "A", "role": "kds", "stations": [""]}, "text.invalid", "stations"),
        ({"name": "A", "role": "kds", "stations": [1]}, "field.invalid", "stations.0"),
        (
            {"name": "A", "role": "kds", "stations": ["s"] * 51},
            "field.invalid",
            "stations",
        ),
    ],
)
async def test_a_wrong_device_is_refused(
    desk: Desk, body: Any, code: str, field: str
) -> None:
    response = await desk.call("POST", f"{desk.path}/devices", body)

    assert response.status_code == 422
    assert (response.json()["code"], response.json()["field"]) == (code, field)
    assert len((await desk.done("GET", f"{desk.path}/devices"))["data"]) == 4


@pytest.mark.parametrize("key", ["short", "x" * 256, "ein-schlüssel-mit-umlaut"])
async def test_a_malformed_key_is_refused(desk: Desk, key: str) -> None:
    body = {"name": "A", "role": "kds"}
    header: Any = {"Idempotency-Key": key.encode()}

    response = await desk.call("POST", f"{desk.path}/devices", body, headers=header)

    assert (response.status_code, response.json()["code"]) == (400, "idempotency.key")


async def test_there_is_a_most_of_devices(
    desk: Desk, restaurant_module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.core import limits

    monkeypatch.setattr(limits, "DEVICES_MAX", 4)

    body = {"name": "A", "role": "kds"}
    response = await desk.call("POST", f"{desk.path}/devices", body)

    assert (response.status_code, response.json()["code"]) == (409, "devices.too_many")


async def test_the_list_is_read_page_by_page(desk: Desk) -> None:
    path = f"{desk.path}/devices"
    first = await desk.done("GET", f"{path}?limit=3")
    second = await desk.done("GET", f"{path}?limit=3&cursor={first['next']}")

    roles = [device["role"] for device in first["data"] + second["data"]]
    assert sorted(roles) == ["kds", "manager", "pos", "printer"]
    assert second["next"] is None
