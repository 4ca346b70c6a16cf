"""An older release with data in it becomes this one while the server runs."""

import sqlite3

import asyncpg
import pytest

from harness import API, eventually
from harness.orders import open_shop, open_without_menu
from harness.releases import Shelf, a_bare_server, install


async def test_an_upgrade_keeps_menu_and_orders_and_goes_on_taking_money(database_url):
    with Shelf() as shelf, a_bare_server(shelf, database_url) as server:
        old, new = shelf.add_older_release("0.0.9"), shelf.add_this_release()
        assert install(server, shelf, old).status_code == 200
        shop = open_shop(server)
        guest = server.make_wallet(1000)
        paid, _ = shop.place()
        waiting, token = shop.place()
        server.pay(paid["invoice"]["payment_request"], guest)
        await eventually(lambda: shop.order(paid["order"]["id"])["status"] == "paid")
        menu_path = f"{API}/restaurants/{shop.id}/menu"
        before = (server.call("GET", menu_path, {}), as_placed(shop, paid))

        assert install(server, shelf, new).status_code == 200

        after = (server.call("GET", menu_path, {}), as_placed(shop, paid))
        assert after == before
        order_path = f"{API}/orders/{waiting['order']['id']}"
        assert server.call("GET", order_path, token)["status"] == "pending"
        server.pay(waiting["invoice"]["payment_request"], guest)
        await eventually(lambda: shop.order(waiting["order"]["id"])["status"] == "paid")

        server.restart()
        assert shop.order(waiting["order"]["id"])["status"] == "paid"


def as_placed(shop, placed):
    """The order without what time alone does to it: nobody accepts it here."""
    order = shop.order(placed["order"]["id"])
    return {name: value for name, value in order.items() if name != "alert_level"}


# The oldest schema in which a restaurant could be opened, the one before payments of
# every kind, and the one before bills.
@pytest.mark.parametrize("migrations", [6, 10, 16])
async def test_every_past_schema_becomes_the_present_one(database_url, migrations):
    with Shelf() as shelf, a_bare_server(shelf, database_url) as server:
        old = shelf.add_older_release("0.0.1", migrations)
        new = shelf.add_this_release()
        assert install(server, shelf, old).status_code == 200
        shop = open_without_menu(server)
        await write_old_menu(server, database_url, shop)

        assert install(server, shelf, new).status_code == 200

        menu = server.call("GET", f"{API}/restaurants/{shop.id}/menu", {})
        [soup] = menu["categories"][0]["items"]
        assert (soup["name"], soup["price"], soup["tax_rates"]) == ("Soup", "21", {})
        placed, _ = shop.place()
        server.pay(placed["invoice"]["payment_request"], server.make_wallet(1000))
        await eventually(lambda: shop.order(placed["order"]["id"])["status"] == "paid")


async def write_old_menu(server, database_url, shop):
    """One dish, in the columns that every schema has had."""
    prefix = "restaurant." if database_url else ""
    category = (
        f"INSERT INTO {prefix}categories (id, restaurant_id, position, name) "
        f"VALUES ('food', '{shop.id}', 0, 'Food')"
    )
    item = (
        f"INSERT INTO {prefix}menu_items (id, restaurant_id, category_id, position, "
        "name, description, price_minor, currency, stock, is_available, is_hidden, "
        f"allergens) VALUES ('{shop.item_id}', '{shop.id}', 'food', 0, 'Soup', '', "
        "21, 'sat', 50, TRUE, FALSE, '[]')"
    )
    rows = (category, item)
    if database_url:
        books = await asyncpg.connect(database_url)
        for row in rows:
            await books.execute(row)
        await books.close()
        return
    with sqlite3.connect(server.home / "data/ext_restaurant.sqlite3") as books:
        for row in rows:
            books.execute(row)
    books.close()
