"""Fills a fresh LNbits with the demo, over public HTTP alone, as an owner would."""

from __future__ import annotations

from typing import Any

import demo
import seed_menu
from demo import API, Client, Json

GUEST_SATS = 5_000_000
TABLES = ("1", "2", "3", "Terrace")
STATIONS = ("kitchen", "bar")


def first_install(client: Client) -> dict[str, str]:
    """Make the demo's owner LNbits' admin, or log in; answers the header."""
    body = {**demo.OWNER, "password_repeat": demo.OWNER["password"]}
    answer = client.http.put("/api/v1/auth/first_install", json=body)
    if answer.status_code == 403:  # an earlier run did it
        token = client.call("POST", "/api/v1/auth", body=demo.OWNER)["access_token"]
    else:
        token = answer.json()["access_token"]
    client.http.cookies.clear()
    return {"Authorization": f"Bearer {token}"}


def use_demo_prices(client: Client, admin: dict[str, str], feed_url: str) -> None:
    """Point LNbits at the demo's price feed. Its settings outlive its environment."""
    settings = {
        "lnbits_price_aggregator_enabled": True,
        "lnbits_price_aggregator_url": feed_url,
        "lnbits_exchange_rate_providers": [],
    }
    client.call("PATCH", "/admin/api/v1/settings", admin, settings)


def seed(client: Client, admin: dict[str, str]) -> Json:
    """Open the restaurant with menu, tables, a printer and a rich guest."""
    client.call("PUT", "/api/v1/extension/restaurant/enable", admin)
    till = client.call("POST", "/api/v1/wallet", admin, {"name": "Big Jay's till"})
    owner = {"X-Api-Key": till["adminkey"]}
    restaurant = client.call("POST", f"{API}/restaurants", owner, seed_menu.RESTAURANT)
    home = f"{API}/restaurants/{restaurant['id']}"
    stored = client.call("PUT", f"{home}/menu", owner, seed_menu.MENU)
    seed_offers(client, owner, home, stored)
    seed_stock(client, owner, home, stored)
    for name in TABLES:
        client.call("POST", f"{home}/tables", owner, {"name": name})
    device = {"name": "Demo printer", "role": "printer", "stations": list(STATIONS)}
    printer = client.call("POST", f"{home}/devices", owner, device)
    return {
        "restaurant_id": restaurant["id"],
        "slug": restaurant["slug"],
        "owner": {"adminkey": till["adminkey"]},
        "printer_token": printer["token"],
        "guest": make_guest(client, admin),
    }


def seed_offers(client: Client, owner: dict[str, str], home: str, stored: Json) -> None:
    """A combo, a happy hour, a discount code, and who shares the tips."""
    for route, body in seed_menu.offers(stored).items():
        client.call("POST", f"{home}/{route}", owner, body)
    made = client.call("POST", f"{home}/discounts", owner, seed_menu.CODE_DISCOUNT)
    path = f"{API}/discounts/{made['id']}/codes"
    client.call("POST", path, owner, {"code": seed_menu.CODE})
    for name, weight in seed_menu.STAFF:
        client.call("POST", f"{home}/staff", owner, {"name": name, "weight": weight})


def seed_stock(client: Client, owner: dict[str, str], home: str, stored: Json) -> None:
    """Ingredients, and which dishes take of them."""
    items = {i["name"]: i["id"] for c in stored["categories"] for i in c["items"]}
    stocks = {}
    for name, unit, on_hand, low_at in seed_menu.INGREDIENTS:
        body = {"name": name, "unit": unit, "on_hand": on_hand, "low_at": low_at}
        made = client.call("POST", f"{home}/ingredients", owner, body)
        stocks[name] = made["id"]
    for item, ingredient, quantity in seed_menu.RECIPES:
        uses = [{"stock_id": stocks[ingredient], "quantity": quantity}]
        path = f"{API}/menu_items/{items[item]}/recipe"
        client.call("PUT", path, owner, {"uses": uses})


def make_guest(client: Client, admin: dict[str, str]) -> Json:
    """A user of its own whose wallet holds play money."""
    password = {"password_repeat": demo.GUEST["password"]}
    body: dict[str, Any] = {**demo.GUEST, **password, "extensions": []}
    user = client.call("POST", "/users/api/v1/user", admin, body)
    path = f"/users/api/v1/user/{user['id']}/wallet"
    [wallet, *_] = client.call("GET", path, admin)
    money = {"id": wallet["id"], "amount": GUEST_SATS}
    client.call("PUT", "/users/api/v1/balance", admin, money)
    return {"wallet_id": wallet["id"], "adminkey": wallet["adminkey"]}
