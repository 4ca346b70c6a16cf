"""Orders, pays and follows one order of the running demo to its acknowledged tickets.

Two tacos (Maíz, brisket, chicken) and a beer: two stations, so two tickets. Each step
is printed with its time; the exit code is 0 only when every ticket is acknowledged.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

from demo import API, Client, DemoError, Json, Stopwatch, load_state, pay_as_guest

PATIENCE_SECONDS = 60
LOOK_SECONDS = 0.1
STATIONS = {"kitchen", "bar"}
T = TypeVar("T")


def find(entries: list[Json], name: str) -> Json:
    """The entry of that name. DemoError when the menu has changed."""
    for entry in entries:
        if entry["name"] == name:
            return entry
    raise DemoError(
        f"The menu has no {name!r} (any more); `make reset` brings it back."
    )


def make_cart(state: Json, menu: Json) -> Json:
    items = [item for category in menu["categories"] for item in category["items"]]
    tacos, beer = find(items, "Tacos"), find(items, "Craft beer")
    modifiers = [
        entry for group in tacos["modifier_groups"] for entry in group["modifiers"]
    ]
    chosen = [find(modifiers, name)["id"] for name in ("Maíz", "Brisket", "Chicken")]
    return {
        "restaurant_id": state["restaurant_id"],
        "order_type": "pickup",
        "payment_method": "lightning",
        "customer_name": "Demo",
        "items": [
            {
                "menu_item_id": tacos["id"],
                "quantity": 2,
                "note": "sin cebolla",
                "modifiers": [{"modifier_id": one, "quantity": 1} for one in chosen],
            },
            {"menu_item_id": beer["id"], "quantity": 1, "modifiers": []},
        ],
    }


def wait_for(what: str, look: Callable[[], T | None]) -> T:
    """Look until there is something. DemoError after PATIENCE_SECONDS."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found is not None:
            return found
        time.sleep(LOOK_SECONDS)
    raise DemoError(f"No {what} within {PATIENCE_SECONDS} s; see .demo/lnbits.log.")


def tickets_of(client: Client, state: Json, order_id: str) -> list[Json]:
    """The order's print jobs, as the owner sees them."""
    path = f"{API}/restaurants/{state['restaurant_id']}/print_jobs?limit=100"
    owner = {"X-Api-Key": state["owner"]["adminkey"]}
    answer: Any = client.call("GET", path, owner)
    return [job for job in answer["data"] if job["order_id"] == order_id]


def follow_tickets(
    client: Client, state: Json, order_id: str, watch: Stopwatch
) -> None:
    """Print each ticket's acknowledgement as it comes."""
    missing = set(STATIONS)

    def acknowledged() -> list[Json] | None:
        jobs = tickets_of(client, state, order_id)
        for job in jobs:
            if job["status"] == "failed":
                raise DemoError(f"Ticket for {job['station']}: {job['last_error']}")
        done = [
            job
            for job in jobs
            if job["status"] == "acknowledged" and job["station"] in missing
        ]
        return done or None

    while missing:
        for job in wait_for("acknowledged ticket", acknowledged):
            missing.discard(job["station"])
            watch.step(f"ticket for the {job['station']} printed and acknowledged")


def main() -> None:
    state = load_state()
    client = Client(state["url"])
    watch = Stopwatch()
    menu = client.call("GET", f"{API}/restaurants/{state['slug']}/menu")
    count = sum(len(category["items"]) for category in menu["categories"])
    watch.step(f"menu read: {count} items")

    cart = make_cart(state, menu)
    quote = client.call("POST", f"{API}/orders/quote", body=cart)
    sats = quote["total_msat"] // 1000
    watch.step(f"quote: {quote['total']} {quote['currency']} = {sats} sat")

    cart["quote_id"] = quote["quote_id"]
    key = {"Idempotency-Key": uuid4().hex}
    placed = client.call("POST", f"{API}/orders", key, cart)
    order, invoice = placed["order"], placed["invoice"]
    watch.step(f"order {order['number']} placed, invoice over {sats} sat received")

    pay_as_guest(client, state, invoice["payment_request"])
    watch.step("invoice paid from the guest's wallet")

    guest = {"X-Order-Token": placed["order_token"]}
    path = f"{API}/orders/{order['id']}"

    def settled() -> str | None:
        status: str = client.call("GET", path, guest)["status"]
        return status if status != "pending" else None

    watch.step(f"the guest sees the order as {wait_for('payment', settled)}")
    follow_tickets(client, state, order["id"], watch)
    print(f"{watch.total():>7.2f} s   from the menu to the last acknowledged ticket")


if __name__ == "__main__":
    try:
        main()
    except DemoError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
