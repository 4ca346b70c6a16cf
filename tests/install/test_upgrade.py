"""An older release with data in it becomes this one while the server runs."""

import pytest

from harness import API, eventually
from harness.orders import open_shop
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
        before = (server.call("GET", menu_path, {}), shop.order(paid["order"]["id"]))

        assert install(server, shelf, new).status_code == 200

        after = (server.call("GET", menu_path, {}), shop.order(paid["order"]["id"]))
        assert after == before
        order_path = f"{API}/orders/{waiting['order']['id']}"
        assert server.call("GET", order_path, token)["status"] == "pending"
        server.pay(waiting["invoice"]["payment_request"], guest)
        await eventually(lambda: shop.order(waiting["order"]["id"])["status"] == "paid")

        server.restart()
        assert shop.order(waiting["order"]["id"])["status"] == "paid"


# The oldest schema is the first in which a restaurant with a menu could be stored.
@pytest.mark.parametrize("migrations", [6, 7, 8])
async def test_every_past_schema_becomes_the_present_one(database_url, migrations):
    with Shelf() as shelf, a_bare_server(shelf, database_url) as server:
        old = shelf.add_older_release("0.0.1", migrations)
        new = shelf.add_this_release()
        assert install(server, shelf, old).status_code == 200
        shop = open_shop(server)
        path = f"{API}/restaurants/{shop.id}/menu"
        before = server.call("GET", path, {})

        assert install(server, shelf, new).status_code == 200

        assert server.call("GET", path, {}) == before
        placed, _ = shop.place()
        server.pay(placed["invoice"]["payment_request"], server.make_wallet(1000))
        await eventually(lambda: shop.order(placed["order"]["id"])["status"] == "paid")
