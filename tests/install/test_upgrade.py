"""An older release with data in it becomes this one while the server runs."""

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
