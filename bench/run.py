"""`make bench`: our routes beside LNbits' own, on one server, in one run.

Absolute figures say something about the machine; only the ratios are quoted. The
targets take turns, so that a machine whose speed drifts does not favour one.
"""

import argparse
import statistics
import sys
import uuid
from decimal import Decimal
from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPO / "tests"), str(REPO / "dev"), str(REPO / "bench")]

from load import Target, rate, rate_under  # noqa: E402

from harness import API  # noqa: E402
from harness.server import Server  # noqa: E402
from price_feed import PriceFeed  # noqa: E402

ITEMS = 200
CONNECTIONS = 8
ORDERING_GUESTS = 4
SLOW_NODE_SECONDS = "0.3"
#: Name, stock policy, and whether the items are counted.
LONG_ORDERS = (
    ("20 lines", "settle", False),
    ("20 counted lines, settle", "settle", True),
    ("20 counted lines, reserve", "reserve", True),
)
GOALS = {
    "order / bare invoice": 0.8,
    "quote / health": 0.4,
    "full quote / health": 0.35,
    "menu / health": 0.5,
    # 20 counted lines cost at most 1.15 times what 20 others do.
    "20 counted lines / 20 lines, settle": 0.87,
    "20 counted lines / 20 lines, reserve": 0.87,
    "health while ordering at a slow node / health": 0.8,
}


def a_menu() -> dict:
    """200 items in 10 categories, each with a modifier group of five."""

    def item(n: int) -> dict:
        modifiers = [{"name": f"Option {m}", "price_delta": "2.50"} for m in range(5)]
        group = {"name": "Extras", "min": 0, "max": None, "modifiers": modifiers}
        return {
            "name": f"Dish {n}",
            "description": "Slowly cooked, quickly served.",
            "price": "85.00",
            "allergens": ["gluten"],
            "modifier_groups": [group],
        }

    per_category = ITEMS // 10
    return {
        "categories": [
            {
                "name": f"Category {c}",
                "items": [item(c * per_category + i) for i in range(per_category)],
            }
            for c in range(10)
        ]
    }


def targets(server: Server) -> dict[str, Target]:
    """What is measured, on a restaurant with a full menu."""
    wallet = server.make_wallet()
    settings = {"name": "Bench", "currency": "GTQ", "open_orders_max": 10_000}
    rid = server.call("POST", f"{API}/restaurants", wallet.admin, settings)["id"]
    menu = server.call("PUT", f"{API}/restaurants/{rid}/menu", wallet.admin, a_menu())
    items = [item for c in menu["categories"] for item in c["items"]]
    cart = {
        "restaurant_id": rid,
        "items": [a_line(item) for item in items[:3]],
    }
    invoice = {"out": False, "amount": 40_000, "memo": "Bench", "unit": "sat"}
    found = [
        *(long_order(server, *kind) for kind in LONG_ORDERS),
        Target("health", "GET", "/api/v1/health"),
        Target(
            *("bare invoice", "POST", "/api/v1/payments"),
            headers=lambda: wallet.invoice,
            body=invoice,
            status=201,
        ),
        Target("quote", "POST", f"{API}/orders/quote", body=cart),
        full_quote(server),
        Target("menu", "GET", f"{API}/restaurants/{rid}/menu"),
        Target(
            *("order", "POST", f"{API}/orders"),
            headers=lambda: {"Idempotency-Key": str(uuid.uuid4())},
            body=cart,
            status=201,
        ),
    ]
    return {target.name: target for target in found}


def long_order(server: Server, name: str, policy: str, is_counted: bool) -> Target:
    """An order of 20 lines, each of another item."""
    wallet = server.make_wallet()
    settings = {
        "name": "Long",
        "currency": "GTQ",
        "stock_policy": policy,
        "open_orders_max": 10_000,
        "reserve_guest_percent": 100,
        "open_orders_per_address_max": 10_000,
    }
    rid = server.call("POST", f"{API}/restaurants", wallet.admin, settings)["id"]
    tree = a_menu()
    for item in (item for c in tree["categories"] for item in c["items"]):
        item["stock"] = 1_000_000 if is_counted else None
    menu = server.call("PUT", f"{API}/restaurants/{rid}/menu", wallet.admin, tree)
    items = [item for c in menu["categories"] for item in c["items"]][::10]
    cart = {"restaurant_id": rid, "items": [a_line(item) for item in items]}
    assert len(cart["items"]) == 20
    return Target(
        *(name, "POST", f"{API}/orders"),
        headers=lambda: {"Idempotency-Key": str(uuid.uuid4())},
        body=cart,
        status=201,
    )


def full_quote(server: Server) -> Target:
    """Ten lines at three rates of tax, a happy hour, a code, service and a tip."""
    wallet = server.make_wallet()
    settings = {
        "name": "Full",
        "currency": "GTQ",
        "tax_rate": "12",
        "tax_rates": {"dine_in": "5"},
        "tax_rounding": "rate",
        "charges": [{"name": "Service", "percent": "10", "tax_rate": "12"}],
    }
    rid = server.call("POST", f"{API}/restaurants", wallet.admin, settings)["id"]
    tree = a_menu()
    for number, category in enumerate(tree["categories"]):
        for item in category["items"]:
            item["tax_rate"] = (None, "7", "12")[number % 3]
    menu = server.call("PUT", f"{API}/restaurants/{rid}/menu", wallet.admin, tree)
    discounts = f"{API}/restaurants/{rid}/discounts"
    happy = {"name": "Happy", "trigger": "schedule", "kind": "percent", "percent": "10"}
    server.call("POST", discounts, wallet.admin, happy)
    off = {"name": "Off", "trigger": "code", "kind": "amount", "amount": "25.00"}
    made = server.call("POST", discounts, wallet.admin, off)
    codes = f"{API}/discounts/{made['id']}/codes"
    server.call("POST", codes, wallet.admin, {"code": "BENCH"})
    items = [category["items"][0] for category in menu["categories"]]
    cart = {
        "restaurant_id": rid,
        "order_type": "dine_in",
        "items": [a_line(item) for item in items],
        "codes": ["bench"],
        "tip": {"percent": "10"},
    }
    shown = server.call("POST", f"{API}/orders/quote", {}, cart)
    found = [len(shown[name]) for name in ("lines", "taxes", "discounts")]
    assert found == [10, 3, 2], found
    return Target("full quote", "POST", f"{API}/orders/quote", body=cart)


def a_line(item: dict) -> dict:
    """Two of an item with one of its options."""
    option = item["modifier_groups"][0]["modifiers"][0]["id"]
    modifiers = [{"modifier_id": option}]
    return {"menu_item_id": item["id"], "quantity": 2, "modifiers": modifiers}


def measure(server: Server, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Requests per second of every target, so many rounds, in turn."""
    port = int(server.url.rsplit(":", 1)[1])
    found = targets(server)
    for target in found.values():
        rate(port, target, 0.5, 2)
    rates: dict[str, list[float]] = {name: [] for name in found}
    rates["health while ordering"] = []
    for _ in range(rounds):
        for name, target in found.items():
            rates[name].append(rate(port, target, seconds, CONNECTIONS))
        under, _ = rate_under(
            port,
            found["health"],
            CONNECTIONS,
            found["order"],
            ORDERING_GUESTS,
            seconds,
        )
        rates["health while ordering"].append(under)
    return rates


def ratio(rates: dict[str, list[float]], name: str, other: str) -> float:
    """The median of the rounds' own ratios."""
    pairs = zip(rates[name], rates[other], strict=True)
    return statistics.median(a / b for a, b in pairs)


def show(title: str, rates: dict[str, list[float]]) -> None:
    print(f"\n{title}")
    for name, values in rates.items():
        print(f"  {name:24s} {statistics.median(values):8.1f} requests/s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    feed = PriceFeed({"GTQ": Decimal("158.635"), "USD": Decimal("1250")}).start()
    slow = {
        "PYTHONPATH": str(REPO / "bench" / "slow_node"),
        "SLOW_NODE_SECONDS": SLOW_NODE_SECONDS,
    }
    try:
        with Server(price_url=feed.url) as server:
            fast_rates = measure(server, options.rounds, options.seconds)
        with Server(price_url=feed.url, environment=slow) as server:
            slow_rates = measure(server, options.rounds, options.seconds)
    finally:
        feed.stop()
    show("FakeWallet", fast_rates)
    show(f"A node that takes {SLOW_NODE_SECONDS} s", slow_rates)
    ratios = {
        "order / bare invoice": ratio(fast_rates, "order", "bare invoice"),
        "quote / health": ratio(fast_rates, "quote", "health"),
        "full quote / health": ratio(fast_rates, "full quote", "health"),
        "menu / health": ratio(fast_rates, "menu", "health"),
        **{
            f"20 counted lines / 20 lines, {policy}": ratio(
                fast_rates, f"20 counted lines, {policy}", "20 lines"
            )
            for policy in ("settle", "reserve")
        },
        "order / bare invoice, slow node": ratio(slow_rates, "order", "bare invoice"),
        "health while ordering at a slow node / health": ratio(
            slow_rates, "health while ordering", "health"
        ),
    }
    print("\nRatios (median of the rounds)")
    missed = []
    for name, value in ratios.items():
        goal = GOALS.get(name)
        print(f"  {name:46s} {value:5.2f}" + (f"  goal {goal}" if goal else ""))
        if goal and value < goal:
            missed.append(name)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
