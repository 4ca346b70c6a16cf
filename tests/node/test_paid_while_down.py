"""Money that came to the node while LNbits was down, among 2 000 open orders.

Our node is a second LNbits. The orders that get paid are the oldest: they are looked
at last. The others are copies of one of them, written into the stopped server's own
files; the node does not know their invoices, which is as much work to find out.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import API
from harness.server import Server, ServerWallet

OPEN_ORDERS = 2_000
PAID_ORDERS = 20
FOUND_WITHIN_SECONDS = 60
MENU = {"categories": [{"name": "Food", "items": [{"name": "Taco", "price": "21"}]}]}


@pytest.fixture(scope="module")
def node() -> Iterator[Server]:
    with Server(extension=False) as running:
        yield running


@pytest.fixture(scope="module")
def till(node: Server) -> ServerWallet:
    """The wallet at the node that is our server's funding source."""
    return node.make_wallet(0, extensions=())


def test_what_was_paid_while_we_were_down_is_found_within_a_minute(
    node: Server, till: ServerWallet
) -> None:
    guest = node.make_wallet(1_000_000, extensions=())
    with Server(node=till, node_url=node.url) as server:
        owner = server.make_wallet()
        rid = open_shop(server, owner)
        placed = [place(server, rid, owner) for _ in range(PAID_ORDERS)]
        server.stop()
        copy_open_order(server.home / "data", placed[-1]["order"]["id"])
        for each in placed:
            node.pay(each["invoice"]["payment_request"], guest)

        begin = time.monotonic()
        server.start()
        ids = {each["order"]["id"] for each in placed}
        while ids - paid_orders(server, rid, owner):
            assert time.monotonic() - begin < FOUND_WITHIN_SECONDS, _trouble(server)
            time.sleep(0.25)

        print(f"\nfound all after {time.monotonic() - begin:.1f} s, the start included")
        orders = server.call("GET", f"{API}/restaurants/{rid}/orders", owner.admin)
        assert {o["status"] for o in orders["data"]} == {"pending"}
        wallet = server.http.get("/api/v1/wallet", headers=owner.invoice).json()
        assert wallet["balance"] == PAID_ORDERS * 21_000


def open_shop(server: Server, owner: ServerWallet) -> str:
    settings = {"name": "Taquería", "currency": "sat", "open_orders_max": 10_000}
    rid = server.call("POST", f"{API}/restaurants", owner.admin, settings)["id"]
    menu = server.call("PUT", f"{API}/restaurants/{rid}/menu", owner.admin, MENU)
    owner.item = menu["categories"][0]["items"][0]["id"]  # type: ignore[attr-defined]
    return str(rid)


def place(server: Server, rid: str, owner: Any) -> Any:
    cart = {
        "restaurant_id": rid,
        "items": [{"menu_item_id": owner.item, "quantity": 1}],
    }
    key = {"Idempotency-Key": str(uuid.uuid4())}
    return server.call("POST", f"{API}/orders", key, cart)


def paid_orders(server: Server, rid: str, owner: ServerWallet) -> set[str]:
    found = server.call(
        "GET", f"{API}/restaurants/{rid}/orders?status=paid&limit=500", owner.admin
    )
    return {order["id"] for order in found["data"]}


def copy_open_order(data: Path, order_id: str) -> None:
    """Fill the stopped server up with open orders, each a second younger."""
    hashes = [secrets.token_hex(32) for _ in range(OPEN_ORDERS - PAID_ORDERS)]
    with sqlite3.connect(data / "ext_restaurant.sqlite3") as books:
        copy_rows(books, "orders", "id", order_id, hashes, id="{hash}")
        copy_rows(
            books,
            "payments",
            "order_id",
            order_id,
            hashes,
            id="p-{hash}",
            order_id="{hash}",
            payment_hash="{hash}",
        )
    books.close()
    with sqlite3.connect(data / "database.sqlite3") as core:
        copy_rows(
            core,
            "apipayments",
            "payment_hash",
            order_id,
            hashes,
            checking_id="{hash}",
            payment_hash="{hash}",
        )
    core.close()


def copy_rows(
    database: sqlite3.Connection,
    table: str,
    column: str,
    value: str,
    hashes: list[str],
    **changes: str,
) -> None:
    """Copies of one row, with these columns made from each copy's hash."""
    database.row_factory = sqlite3.Row
    [row] = database.execute(
        f"SELECT * FROM {table} WHERE {column} = ?", [value]
    ).fetchall()
    copies = []
    for n, payment_hash in enumerate(hashes, 1):
        copy = dict(row)
        for name, made in changes.items():
            copy[name] = made.format(hash=payment_hash)
        if "created_at" in copy and table != "apipayments":
            copy["created_at"] += n
        copies.append(copy)
    names = ", ".join(f'"{name}"' for name in copies[0])
    marks = ", ".join(f":{name}" for name in copies[0])
    database.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", copies)


def _trouble(server: Server) -> str:
    """What its log says beside requests."""
    lines = [line for line in server.log.splitlines() if "HTTP/1.1" not in line]
    return "\n".join(lines[-60:])
