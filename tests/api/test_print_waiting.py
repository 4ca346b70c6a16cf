"""A printer's long wait on a real server: a gone printer takes nothing, and a waiting
one does not hold up the server's end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from harness import API
from harness.orders import Shop, open_shop
from harness.server import Server


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with Server() as server:
        yield open_shop(server)


def printer_of(shop: Shop) -> dict[str, str]:
    """The header of a new printer."""
    device = shop.server.call(
        "POST",
        f"{API}/restaurants/{shop.id}/devices",
        shop.wallet.admin,
        {"name": "kitchen", "role": "printer"},
    )
    return {"Authorization": f"Bearer {device['token']}"}


def order_for_cash(shop: Shop) -> str:
    """Staff orders: the ticket is in the queue with the answer."""
    cart = {
        "restaurant_id": shop.id,
        "order_type": "pickup",
        "items": [{"menu_item_id": shop.item_id, "quantity": 1}],
        "payment_method": "cash",
    }
    headers = {**shop.wallet.admin, "Idempotency-Key": uuid4().hex}
    placed = shop.server.call("POST", f"{API}/orders", headers, cart)
    return str(placed["order"]["id"])


def claim(shop: Shop, printer: dict[str, str], wait: int) -> httpx.Response:
    return httpx.post(
        f"{shop.server.url}{API}/restaurants/{shop.id}/print_jobs/claim",
        headers=printer,
        json={"wait": wait},
        timeout=30,
    )


def test_a_printer_that_hung_up_takes_no_job(shop: Shop) -> None:
    gone = printer_of(shop)
    body = b'{"wait": 25}'
    head = (
        f"POST {API}/restaurants/{shop.id}/print_jobs/claim HTTP/1.1\r\n"
        f"Host: localhost\r\nAuthorization: {gone['Authorization']}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", shop.server.process.port)) as line:
            line.sendall(head.encode() + body)
            time.sleep(0.3)
    time.sleep(0.3)

    order_id = order_for_cash(shop)
    time.sleep(0.5)
    answer = claim(shop, printer_of(shop), 0)

    job: dict[str, Any] = answer.json() if answer.content else {}
    assert (job.get("order_id"), job.get("attempt")) == (order_id, 1)


def test_the_server_ends_while_a_printer_waits(shop: Shop) -> None:
    printer = printer_of(shop)
    answers: list[int] = []
    waiting = threading.Thread(
        target=lambda: answers.append(claim(shop, printer, 25).status_code)
    )
    waiting.start()
    time.sleep(0.5)

    began = time.monotonic()
    shop.server.stop()
    waiting.join(10)

    assert time.monotonic() - began < 5
    assert answers == [204]
