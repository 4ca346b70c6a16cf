"""The menu's public feed, on a server of its own: who hears what, and when."""

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

from harness import API
from harness.orders import Shop, open_shop
from harness.server import Server

SECONDS = 12
UNKNOWN = 4401


@pytest.fixture(scope="module")
def server() -> Any:
    from harness.inprocess import new_database

    with Server(database_url=new_database()) as started:
        yield started


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


@pytest_asyncio.fixture
async def watch(server: Server) -> AsyncIterator[Any]:
    """`await watch(id)` opens a menu's feed; all are closed in the end."""
    opened: list[ClientConnection] = []

    async def feed(restaurant: str) -> ClientConnection:
        path = f"{API}/restaurants/{restaurant}/menu/ws"
        url = server.url.replace("http", "ws", 1) + path
        opened.append(await connect(url, open_timeout=SECONDS))
        return opened[-1]

    yield feed
    await asyncio.gather(*(socket.close() for socket in opened))


async def frame(feed: ClientConnection) -> dict[str, Any]:
    return json.loads(await asyncio.wait_for(feed.recv(), SECONDS))


async def until(feed: ClientConnection, **wanted: Any) -> dict[str, Any]:
    """The next frame in which these fields have these values."""
    while True:
        shown = await frame(feed)
        if all(shown[name] == value for name, value in wanted.items()):
            return shown


def public(shop: Shop) -> dict[str, Any]:
    path = f"{API}/restaurants/{shop.id}/menu"
    return shop.server.call("GET", path, {})


def path(shop: Shop, rest: str = "") -> str:
    return f"{API}/restaurants/{shop.id}{rest}"


async def test_everybody_hears_the_version_at_once_and_each_new_one(shop, watch):
    feed = await watch(shop.id)
    first = await frame(feed)
    assert set(first) == {"version", "shelf", "is_open"}
    assert (first["version"], first["is_open"]) == (public(shop)["version"], True)

    item = public(shop)["categories"][0]["items"][0]
    url = f"{API}/menu_items/{item['id']}"
    shop.server.call("PATCH", url, shop.wallet.admin, {"is_available": False})

    assert (await frame(feed))["version"] == first["version"] + 1


async def test_a_pause_and_its_end_are_heard(shop, watch):
    feed = await watch(shop.id)
    assert (await frame(feed))["is_open"] is True

    shop.server.call("PUT", path(shop, "/pause"), shop.wallet.admin, {"minutes": 5})
    assert (await frame(feed))["is_open"] is False
    shop.server.call("DELETE", path(shop, "/pause"), shop.wallet.admin)
    assert (await frame(feed))["is_open"] is True


async def test_what_the_clock_changes_is_heard_when_it_happens(shop, watch):
    from restaurant.adapters import system
    from restaurant.core.times import rfc3339

    feed = await watch(shop.id)
    await frame(feed)
    soon = rfc3339(system.now() + 5_000)
    shop.server.call("PUT", path(shop, "/pause"), shop.wallet.admin, {"until": soon})
    paused = await until(feed, is_open=False)

    resumed = await frame(feed)

    assert resumed == {**paused, "is_open": True}


async def test_the_sale_of_the_last_portion_is_heard(server, shop, watch):
    feed = await watch(shop.id)
    first = await frame(feed)
    menu = server.call("GET", path(shop, "/menu?all=1"), shop.wallet.admin)
    items = [item for category in menu["categories"] for item in category["items"]]
    counted = next(item for item in items if item["stock"])
    body = {
        "restaurant_id": shop.id,
        "payment_method": "cash",
        "items": [{"menu_item_id": counted["id"], "quantity": counted["stock"]}],
    }

    key = {"Idempotency-Key": uuid4().hex}
    server.call("POST", f"{API}/orders", {**shop.wallet.admin, **key}, body)

    sold = await frame(feed)
    assert sold["version"] == first["version"]
    assert sold["shelf"] == public(shop)["shelf"] != first["shelf"]


async def test_the_feed_answers_to_the_slug_and_needs_no_word(server, shop, watch):
    slug = server.call("GET", path(shop), {})["slug"]

    feed = await watch(slug)

    await feed.send("anything at all")
    assert (await frame(feed))["is_open"] is True


@pytest.mark.parametrize("odd", ["nothing", "%00", "%F0%9F%92%A5"])
async def test_an_unknown_restaurant_has_no_feed(watch, odd):
    feed = await watch(odd)

    with pytest.raises(ConnectionClosed) as closed:
        await frame(feed)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == UNKNOWN


def test_the_server_has_logged_no_error(server):
    assert "Traceback" not in server.log
    assert "Exception in ASGI" not in server.log
