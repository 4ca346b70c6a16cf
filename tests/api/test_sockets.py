"""Both live feeds, on a server of their own: who hears what, and when it ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from harness import API, eventually
from harness.orders import Shop, open_shop
from harness.server import Server

UNAUTHORIZED = 4401
TOO_MANY = 4429
SECONDS = 12


@pytest.fixture(scope="module")
def server() -> Any:
    from harness.inprocess import new_database

    with Server(database_url=new_database()) as started:
        yield started


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


class Feed:
    """An open WebSocket to one feed; `hello` is the first message."""

    def __init__(self, socket: ClientConnection):
        self.socket = socket

    async def hello(self, message: Any) -> Feed:
        text = message if isinstance(message, (str, bytes)) else json.dumps(message)
        await self.socket.send(text)
        return self

    async def frame(self) -> dict[str, Any]:
        return json.loads(await asyncio.wait_for(self.socket.recv(), SECONDS))

    async def frames(self, count: int) -> list[dict[str, Any]]:
        return [await self.frame() for _ in range(count)]

    async def silent(self, seconds: float = 0.3) -> bool:
        """Nothing comes for a while."""
        try:
            await asyncio.wait_for(self.socket.recv(), seconds)
        except asyncio.TimeoutError:
            return True
        return False

    async def _read_on(self) -> None:
        while True:
            await asyncio.wait_for(self.socket.recv(), SECONDS)

    async def close_code(self) -> int:
        """Read on until the server ends it."""
        with pytest.raises(ConnectionClosed) as closed:
            await self._read_on()
        frame = closed.value.rcvd
        assert frame, "it ended without a word"
        return frame.code


@pytest_asyncio.fixture
async def watch(server: Server) -> AsyncIterator[Any]:
    """`await watch(path, headers)` opens a feed; all are closed in the end."""
    opened: list[ClientConnection] = []

    async def open_feed(path: str, headers: dict[str, str] | None = None) -> Feed:
        url = server.url.replace("http", "ws", 1) + API + path
        opened.append(
            await connect(url, additional_headers=headers, open_timeout=SECONDS)
        )
        return Feed(opened[-1])

    yield open_feed
    await asyncio.gather(*(socket.close() for socket in opened))


@pytest_asyncio.fixture(scope="module", autouse=True)
async def silent(server: Server) -> AsyncIterator[Feed]:
    """Opened before the first test, so that the last one need not wait for it."""
    shop = open_shop(server)
    url = server.url.replace("http", "ws", 1) + API + events_path(shop)
    async with connect(url) as socket:
        yield Feed(socket)


def events_path(shop: Shop) -> str:
    return f"/restaurants/{shop.id}/events/ws"


def device(shop: Shop, role: str) -> dict[str, Any]:
    path = f"{API}/restaurants/{shop.id}/devices"
    body = {"name": role, "role": role}
    return shop.server.call("POST", path, shop.wallet.admin, body)


def events(shop: Shop, after: int = 0) -> list[dict[str, Any]]:
    path = f"{API}/restaurants/{shop.id}/events?after={after}&limit=500"
    return shop.server.call("GET", path, shop.wallet.admin)["data"]


def cancel(shop: Shop, order_id: str) -> None:
    shop.server.call("POST", f"{API}/orders/{order_id}/cancel", shop.wallet.admin)


# --- the restaurant's feed -------------------------------------------------------


async def test_frames_are_the_journals_rows_from_where_one_left_off(shop, watch):
    shop.place()
    rows = events(shop)
    feed = await (await watch(events_path(shop))).hello(
        {"token": shop.wallet.adminkey, "after": 1}
    )

    assert await feed.frames(len(rows) - 1) == rows[1:]
    placed, _ = shop.place()
    assert await feed.frame() == events(shop)[-1]
    cancel(shop, placed["order"]["id"])
    frame = await feed.frame()
    assert (frame["event"], frame["order_id"]) == (
        "order.canceled",
        placed["order"]["id"],
    )


async def test_without_after_only_what_happens_next_is_told(shop, watch):
    shop.place()
    feed = await (await watch(events_path(shop))).hello({"token": shop.wallet.adminkey})
    assert await feed.silent()

    shop.place()

    assert await feed.frame() == events(shop)[-1]


async def test_a_feed_from_zero_is_the_whole_journal_however_long(shop, watch):
    for _ in range(12):
        shop.place()
    rows = events(shop)

    feed = await (await watch(events_path(shop))).hello(
        {"token": shop.wallet.adminkey, "after": 0}
    )

    assert await feed.frames(len(rows)) == rows


@pytest.mark.parametrize("role", ["kds", "pos", "manager"])
async def test_a_device_of_the_staff_may_watch(shop, watch, role):
    token = device(shop, role)["token"]
    feed = await (await watch(events_path(shop))).hello({"token": token, "after": 0})

    assert (await feed.frame())["seq"] == 1


async def test_who_may_not_watch_is_closed_without_a_frame(server, shop, watch):
    other = open_shop(server)
    placed, guest = shop.place()
    wrong: list[Any] = [
        {"token": shop.wallet.inkey},
        {"token": device(shop, "printer")["token"]},
        {"token": device(other, "manager")["token"]},
        {"token": other.wallet.adminkey},
        {"token": guest["X-Order-Token"]},
        {"token": placed["order"]["id"]},
        {"token": "rdt_unknown"},
        {"token": "f" * 32},
        {"token": "a.b.c"},
        *(
            {"token": token}
            for token in ("", None, 5, True, [], {}, ["x"], "\0", "\ud800")
        ),
        {},
        {"after": 0},
        *("[]", "null", "5", '"x"', "", "{", "{'token': 1}", b"\x00\xff", "[" * 5000),
    ]
    for hello in wrong:
        if isinstance(hello, dict):
            hello = {"after": 0, **hello}
        feed = await (await watch(events_path(shop))).hello(hello)
        assert await feed.close_code() == UNAUTHORIZED, hello


@pytest.mark.parametrize("after", [-1, 1.5, "1", True, None, [], 2**63, 2**64, 10**300])
async def test_an_odd_after_begins_with_what_happens_next(shop, watch, after):
    feed = await (await watch(events_path(shop))).hello(
        {"token": shop.wallet.adminkey, "after": after}
    )
    assert await feed.silent(0.1)

    shop.place()

    assert await feed.frame() == events(shop)[-1]


async def test_no_credential_in_query_or_header_opens_a_feed(shop, watch):
    key = shop.wallet.adminkey
    for path, headers in (
        (f"{events_path(shop)}?token={key}&api-key={key}&api_key={key}", None),
        (events_path(shop), shop.wallet.admin),
        (
            events_path(shop),
            {"Authorization": f"Bearer {device(shop, 'kds')['token']}"},
        ),
    ):
        feed = await (await watch(path, headers)).hello({"after": 0})
        assert await feed.close_code() == UNAUTHORIZED


async def test_a_session_counts_for_pages_of_this_server_only(server, shop, watch):
    login = {"username": shop.wallet.username, "password": shop.wallet.password}
    answer = server.http.post("/api/v1/auth", json=login)
    cookie = {"Cookie": f"cookie_access_token={answer.json()['access_token']}"}
    server.http.cookies.clear()

    own = await watch(events_path(shop), {**cookie, "Origin": server.url})
    assert (await (await own.hello({"after": 0})).frame())["seq"] == 1
    evil = await watch(events_path(shop), {**cookie, "Origin": "https://evil.example"})
    assert await (await evil.hello({"after": 0})).close_code() == UNAUTHORIZED


async def test_a_revoked_token_ends_its_feed(server, shop, watch):
    kds = device(shop, "kds")
    feed = await (await watch(events_path(shop))).hello({"token": kds["token"]})
    staying = await (await watch(events_path(shop))).hello(
        {"token": shop.wallet.adminkey}
    )
    assert await feed.silent()

    server.call("DELETE", f"{API}/devices/{kds['id']}", shop.wallet.admin)
    shop.place()

    assert await feed.close_code() == UNAUTHORIZED
    assert (await staying.frame())["event"] == "device.revoked"


async def test_what_a_watcher_says_later_changes_nothing(shop, watch):
    feed = await (await watch(events_path(shop))).hello({"token": shop.wallet.adminkey})
    assert await feed.silent()
    for noise in ("x", b"\xff", json.dumps({"after": 0}), "x" * 100_000):
        await feed.socket.send(noise)

    shop.place()

    assert await feed.frame() == events(shop)[-1]


async def test_many_watchers_hear_the_same(shop, watch):
    feeds = [
        await (await watch(events_path(shop))).hello({"token": shop.wallet.adminkey})
        for _ in range(20)
    ]
    assert await feeds[0].silent()

    shop.place()

    assert [await feed.frame() for feed in feeds] == [events(shop)[-1]] * 20


# --- the guest's feed ------------------------------------------------------------


async def test_a_guest_sees_the_order_now_and_whenever_it_changes(server, shop, watch):
    placed, guest = shop.place()
    order_id = placed["order"]["id"]
    token = {"token": guest["X-Order-Token"]}
    feed = await (await watch(f"/orders/{order_id}/ws")).hello(token)

    assert await feed.frame() == placed["order"]
    wallet = server.make_wallet(1000)
    server.pay(placed["invoice"]["payment_request"], wallet)
    paid = await feed.frame()
    assert (paid["status"], paid["paid_msat"]) == (
        "paid",
        placed["order"]["total_msat"],
    )
    server.call("PUT", f"{API}/orders/{order_id}/status/accepted", shop.wallet.admin)
    assert (await feed.frame())["status"] == "accepted"
    shop.place()  # another order is no news
    assert await feed.silent()


async def test_a_guest_who_comes_back_sees_how_it_stands(shop, watch):
    placed, guest = shop.place()
    cancel(shop, placed["order"]["id"])
    path = f"/orders/{placed['order']['id']}/ws"

    feed = await (await watch(path)).hello({"token": guest["X-Order-Token"]})

    assert (await feed.frame())["status"] == "canceled"


async def test_only_the_orders_own_token_opens_its_feed(shop, watch):
    placed, guest = shop.place()
    other, _ = shop.place()
    order_id = placed["order"]["id"]
    wrong: list[Any] = [
        {"token": other["order_token"]},
        {"token": order_id},
        {"token": guest["X-Order-Token"][:-1]},
        {"token": guest["X-Order-Token"] + "x"},
        *({"token": token} for token in ("", None, 5, [], {}, "\0", "\ud800", "💥")),
        {},
        *("[]", "x", b"\xff"),
    ]
    for hello in wrong:
        feed = await (await watch(f"/orders/{order_id}/ws")).hello(hello)
        assert await feed.close_code() == UNAUTHORIZED, hello
    query = f"/orders/{order_id}/ws?token={guest['X-Order-Token']}"
    feed = await (await watch(query, guest)).hello({})
    assert await feed.close_code() == UNAUTHORIZED


async def test_one_order_has_ten_screens_at_most_and_staff_is_not_shut_out(shop, watch):
    placed, guest = shop.place()
    path, token = f"/orders/{placed['order']['id']}/ws", guest["X-Order-Token"]
    feeds = [await (await watch(path)).hello({"token": token}) for _ in range(10)]
    for feed in feeds:
        assert (await feed.frame())["id"] == placed["order"]["id"]

    eleventh = await (await watch(path)).hello({"token": token})
    assert await eleventh.close_code() == TOO_MANY
    staff = await (await watch(events_path(shop))).hello(
        {"token": shop.wallet.adminkey, "after": 0}
    )
    assert (await staff.frame())["seq"] == 1
    await feeds[0].socket.close()

    async def let_in() -> bool:
        feed = await (await watch(path)).hello({"token": token})
        try:
            return bool(await feed.frame())
        except ConnectionClosed:
            return False

    assert await eventually(let_in)


async def test_unknown_ids_are_closed_like_foreign_ones(shop, watch):
    _, guest = shop.place()
    for odd in ("nothing", "%00", "%F0%9F%92%A5", uuid4().hex):
        order = await watch(f"/orders/{odd}/ws")
        token = {"token": guest["X-Order-Token"]}
        assert await (await order.hello(token)).close_code() == UNAUTHORIZED, odd
        feed = await watch(f"/restaurants/{odd}/events/ws")
        key = {"token": shop.wallet.adminkey, "after": 0}
        assert await (await feed.hello(key)).close_code() == UNAUTHORIZED, odd


async def test_a_silent_visitor_is_sent_away_within_seconds(silent):
    """Nobody holds a socket open without saying who they are."""
    assert await silent.close_code() == UNAUTHORIZED


def test_the_server_has_logged_no_error_and_no_secret(server, shop):
    log = server.log
    assert "Traceback" not in log
    assert "Exception in ASGI" not in log
    assert shop.wallet.adminkey not in log
    assert "rdt_" not in log
