"""The release zip through LNbits' own extension manager, as an admin does it."""

from harness import API, eventually
from harness.orders import open_shop
from harness.releases import Shelf, a_bare_server, install

HOME = f"{API}/restaurants"
INSTALLER = "/restaurant/static/printer-pi/install.sh"


async def test_a_release_installs_serves_and_uninstalls_without_losing_data(
    database_url,
):
    with Shelf() as shelf, a_bare_server(shelf, database_url) as server:
        version = shelf.add_this_release()
        assert server.http.get(HOME).status_code == 404
        found = server.call(
            "GET", "/api/v1/extension/restaurant/releases", server.admin
        )
        assert [release["version"] for release in found] == [version]

        assert install(server, shelf, version).status_code == 200
        server.call("PUT", "/api/v1/extension/restaurant/enable", server.admin)
        assert server.http.get(INSTALLER).status_code == 200
        shop = open_shop(server)
        placed, _ = shop.place()
        guest = server.make_wallet(1000)
        server.pay(placed["invoice"]["payment_request"], guest)
        await eventually(
            lambda: shop.order(placed["order"]["id"])["status"] == "paid", seconds=10
        )

        server.call("DELETE", "/api/v1/extension/restaurant", server.admin)
        assert server.http.get(HOME).status_code == 404

        assert install(server, shelf, version).status_code == 200
        assert shop.order(placed["order"]["id"])["status"] == "paid"


def test_a_zip_that_is_not_the_published_one_is_refused(database_url):
    with Shelf() as shelf, a_bare_server(shelf, database_url) as server:
        version = shelf.add_this_release()
        shelf.spoil(version)

        answer = install(server, shelf, version)

        assert answer.status_code == 400
        assert "hash" in answer.json()["detail"]
        assert server.http.get(HOME).status_code == 404
