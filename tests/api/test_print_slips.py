"""The cash drawer and the void slip over HTTP: who gets them, once, and when not."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import pytest_asyncio

from harness import API

LNURL = "LNURL1DP68GURN8GHJ7MRWW4EXCTNXD9SHG6NPVCHXXMMD9AKXUATJDSKHW6T5DPJ8YCTH8AEK2UM"

pytestmark = pytest.mark.usefixtures("quiet")


class Till:
    """A shop, its devices and what happens at its counter."""

    def __init__(self, shop: Any, headers: dict[str, dict[str, str]]) -> None:
        self.shop = shop
        self.headers = headers

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        who: str = "owner",
        key: str = "",
    ) -> Any:
        headers = {**self.headers[who], "Idempotency-Key": key or str(uuid.uuid4())}
        return await self.shop.client.request(
            method, API + path, json=body, headers=headers
        )

    async def done(self, *arguments: Any, **more: Any) -> Any:
        response = await self.call(*arguments, **more)
        assert response.is_success, response.text
        return response.json() if response.content else None

    @property
    def path(self) -> str:
        return f"/restaurants/{self.shop.id}"

    async def order(self) -> str:
        """A new order for cash: one Agua at 10.00."""
        placed = await self.shop.place(
            self.shop.cart(payment_method="cash"), **self.headers["owner"]
        )
        assert placed.status_code == 201, placed.text
        return placed.json()["order"]["id"]

    async def cash(self, order_id: str, amount: str = "10.00", key: str = "") -> Any:
        body = {"method": "cash", "amount": amount, "tendered": amount}
        return await self.done("POST", f"/orders/{order_id}/payments", body, key=key)

    async def jobs(self, query: str = "", who: str = "owner") -> list[dict[str, Any]]:
        page = await self.done(
            "GET", f"{self.path}/print_jobs?limit=500{query}", who=who
        )
        return page["data"]

    async def kicks(self) -> list[dict[str, Any]]:
        return await self.jobs("&kind=drawer")

    async def claim(self, who: str = "counter") -> Any:
        return await self.done(
            "POST", f"{self.path}/print_jobs/claim", {"wait": 0}, who=who
        )

    async def tell(
        self, what: str, job: dict[str, Any], who: str = "counter", **body: Any
    ) -> Any:
        method = "PUT" if what in ("ack", "fail") else "POST"
        return await self.call(method, f"/print_jobs/{job['id']}/{what}", body, who=who)

    async def told(self, *arguments: Any, **body: Any) -> Any:
        response = await self.tell(*arguments, **body)
        assert response.is_success, response.text
        return response.json()

    async def events(self) -> list[dict[str, Any]]:
        return (await self.done("GET", f"{self.path}/events?limit=500"))["data"]

    async def queue_lamp(self) -> dict[str, Any]:
        lamps = (await self.done("GET", f"{self.path}/lamps"))["data"]
        return next(lamp for lamp in lamps if lamp["name"] == "print_queue")

    async def slip(self, order_id: str, **changes: Any) -> bool:
        """As a refund does it: in its own transaction, then a word to the printers."""
        from restaurant.adapters import system
        from restaurant.crud import transaction
        from restaurant.features.slips.models import SlipLine, VoidSlip
        from restaurant.flows.deciding import announce
        from restaurant.flows.paying import locked_order
        from restaurant.flows.ticketing import print_void_slip

        values: dict[str, Any] = {
            "amount": "10.00 GTQ",
            "amount_sat": 1586,
            "reason": "warm",
            "destination": "Scan this with a Lightning wallet:",
            "lines": (SlipLine(quantity=1, name="Agua"),),
            "lnurl": LNURL,
            "expires_at": 1_800_000_000_000,
            **changes,
        }
        async with transaction() as conn:
            order, restaurant = await locked_order(conn, order_id)
            at = system.now()
            printed = await print_void_slip(
                conn, restaurant, order, VoidSlip(**values), at
            )
        announce(restaurant.id, order_id)
        return printed


@pytest_asyncio.fixture
async def till(shop: Any) -> Till:
    """Receipts come out at the counter; there is a printer there and one at the bar."""
    owner = shop.wallet.admin
    headers = {"owner": owner, "reader": shop.wallet.invoice}
    roles = {"counter": "printer", "bar": "printer", "anywhere": "printer"}
    for name in (*roles, "kds", "pos", "manager"):
        stations = [name] if name in ("counter", "bar") else []
        body = {"name": name, "role": roles.get(name, name), "stations": stations}
        made = await shop.client.post(
            f"{API}/restaurants/{shop.id}/devices", json=body, headers=owner
        )
        assert made.status_code == 201, made.text
        headers[name] = {"Authorization": f"Bearer {made.json()['token']}"}
    till = Till(shop, headers)
    await till.done("PATCH", till.path, {"receipt_station": "counter"})
    return till


# --- a kick ------------------------------------------------------------------------


async def test_cash_opens_the_drawer_where_receipts_come_out(till):
    order_id = await till.order()
    await till.cash(order_id)
    number = (await till.shop.order(order_id))["number"]

    (queued,) = await till.kicks()
    job = await till.claim()

    assert queued["id"] == job["id"]
    content = job["content"]
    assert content["document"].pop("expires_at").endswith("Z")
    assert content == {
        "type": "drawer/1",
        "document": {
            "type": "drawer/1",
            "kind": "drawer",
            "restaurant": content["document"]["restaurant"],
            "order_id": order_id,
            "order_number": number,
            "station": "counter",
        },
        "text": "",
    }
    assert (job["kind"], job["station"], job["round"]) == ("drawer", "counter", 1)
    assert await till.claim() is None

    lease = {"lease_token": job["lease_token"]}
    await till.told("start", job, **lease)
    acked = await till.told("ack", job, **lease)
    assert (acked["status"], acked["state"]) == ("acknowledged", "printed")
    told = [e["event"] for e in await till.events() if e["order_id"] == order_id]
    assert told.count("drawer.opened") == 1


async def test_a_printer_of_another_station_never_gets_it(till):
    await till.cash(await till.order())

    bar = await till.claim("bar")

    assert (bar["kind"], bar["station"]) == ("ticket", "bar")
    assert await till.claim("bar") is None
    assert await till.jobs("&kind=drawer", who="bar") == []
    assert (await till.claim("anywhere"))["kind"] == "drawer"


async def test_a_restaurant_without_a_counter_printer_has_no_drawer(till):
    await till.done("PATCH", till.path, {"receipt_station": None})
    order_id = await till.order()

    await till.cash(order_id)

    assert await till.kicks() == []
    assert await till.slip(order_id) is False
    assert await till.jobs("&kind=void_slip") == []
    assert "drawer.opened" not in [e["event"] for e in await till.events()]


async def test_every_cash_payment_of_an_order_opens_it_once(till):
    order_id = await till.order()
    key = str(uuid.uuid4())

    await till.cash(order_id, "4.00", key)
    await till.cash(order_id, "4.00", key)
    await till.cash(order_id, "6.00")

    kicks = await till.kicks()
    assert [(k["order_id"], k["round"]) for k in kicks] == [
        (order_id, 1),
        (order_id, 2),
    ]


async def test_a_kick_that_nobody_took_in_time_expires(till, clock):
    clock.stop()
    await till.cash(await till.order())
    clock.forward(9.999)
    assert [k["state"] for k in await till.jobs("&kind=drawer")] == ["queued"]

    clock.forward(0.001)

    assert await till.claim() is None
    (late,) = await till.kicks()
    assert (late["status"], late["state"]) == ("failed", "expired")
    assert (late["error_code"], late["attempts"]) == ("job.expired", 0)
    assert [e["event"] for e in await till.events()][-1] == "print.expired"


async def test_a_kick_expires_also_when_only_its_list_is_read(till, clock):
    await till.cash(await till.order())
    clock.forward(10)

    assert [j["kind"] for j in await till.jobs("&status=queued", who="counter")] == []
    assert [k["state"] for k in await till.kicks()] == ["expired"]


async def test_a_printer_that_took_a_kick_and_slept_gets_no_go(till, clock):
    await till.cash(await till.order())
    job = await till.claim()
    clock.forward(31)

    refused = await till.tell("start", job, lease_token=job["lease_token"])

    assert (refused.status_code, refused.json()["code"]) == (409, "job.lease")
    assert [k["state"] for k in await till.kicks()] == ["expired"]


@pytest.mark.parametrize(("in_doubt", "state"), [(False, "dead"), (True, "in_doubt")])
async def test_a_failed_kick_is_not_tried_again_and_lights_no_lamp(
    till, clock, in_doubt, state
):
    await till.cash(await till.order())
    job = await till.claim()
    lease = {"lease_token": job["lease_token"]}
    await till.told("start", job, **lease)
    await till.told("fail", job, error="cut off", in_doubt=in_doubt, **lease)
    await till.told("ack", await till.claim("bar"), "bar")
    clock.forward(3600)

    assert await till.claim() is None
    assert [k["state"] for k in await till.kicks()] == [state]
    assert (await till.queue_lamp())["ok"] is True
    for what in ("retry", "reprint"):
        refused = await till.tell(what, job, "manager")
        assert (refused.status_code, refused.json()["code"]) == (409, "job.once")
    assert [k["state"] for k in await till.kicks()] == [state]


async def test_a_started_kick_of_which_nobody_heard_again_stays_as_it_is(till, clock):
    await till.cash(await till.order())
    job = await till.claim()
    await till.told("start", job, lease_token=job["lease_token"])
    clock.forward(61)

    assert await till.claim() is None
    assert [k["state"] for k in await till.kicks()] == ["in_doubt"]


async def test_a_printer_too_old_to_know_drawers_says_so_and_is_left_alone(till):
    await till.cash(await till.order())
    job = await till.claim()
    failure = {"error": "prints ticket/1 only", "code": "job.unprintable"}

    failed = await till.told(
        *("fail", job), retryable=False, lease_token=job["lease_token"], **failure
    )

    assert (failed["status"], failed["error_code"]) == ("failed", "job.unprintable")
    assert await till.claim() is None


# --- a slip ------------------------------------------------------------------------


async def test_a_slip_comes_out_at_the_counter_with_its_code(till):
    order_id = await till.order()
    assert await till.slip(order_id) is True

    assert (await till.claim("bar"))["kind"] == "ticket"
    assert await till.claim("bar") is None
    job = await till.claim()

    content = job["content"]
    document = content["document"]
    assert (job["kind"], content["type"], document["type"]) == (
        *("void_slip", "slip/1", "slip/1"),
    )
    assert (document["amount"], document["amount_sat"]) == ("10.00 GTQ", 1586)
    assert document["lines"] == [{"quantity": 1, "name": "Agua"}]
    assert (document["reason"], document["lnurl"]) == ("warm", LNURL)
    assert document["expires_at"] == "2027-01-15T08:00:00.000Z"
    assert len(document["qr"]) == len(document["qr"][0]) == 33
    assert LNURL in content["text"].replace("\n", "")
    assert content["text"].startswith(f"#{document['order_number']} MONEY BACK\n")


async def test_only_those_who_handle_money_and_paper_see_a_slip(till):
    order_id = await till.order()
    await till.slip(order_id)
    (slip,) = await till.jobs("&kind=void_slip")

    for who in ("owner", "manager", "counter", "anywhere"):
        shown = await till.jobs("", who=who)
        assert slip["id"] in [job["id"] for job in shown], who
    for who in ("bar", "kds"):
        shown = await till.call("GET", f"{till.path}/print_jobs", who=who)
        assert shown.status_code == 200
        assert "LNURL" not in shown.text
        for what in ("reprint", "retry", "cancel", "ack"):
            refused = await till.tell(what, slip, who)
            assert refused.status_code in (403, 404), (who, what)
            assert "LNURL" not in refused.text
    for who in ("pos", "reader"):
        refused = await till.call("GET", f"{till.path}/print_jobs", who=who)
        assert refused.status_code == 403
    asked = await till.call("GET", f"{till.path}/print_jobs?kind=void_slip", who="kds")
    assert (asked.status_code, asked.json()["code"]) == (403, "job.kind")


async def test_the_journal_never_holds_what_a_slip_is_worth(till, client):
    order_id = await till.order()
    await till.slip(order_id)
    job = await till.claim()
    lease = {"lease_token": job["lease_token"]}
    await till.told("start", job, **lease)
    await till.told("fail", job, error="jam", in_doubt=True, **lease)
    (slip,) = await till.jobs("&kind=void_slip")
    assert slip["possible_duplicate"] is True
    await till.told("reprint", slip, "manager")
    await till.told("cancel", slip, "manager")

    events = await till.events()

    told = [e["event"] for e in events if e["event"].startswith("print.")]
    assert told == ["print.failed", "print.reprinted", "print.canceled"]
    assert "LNURL" not in str(events).upper()


async def test_an_order_has_as_many_slips_as_it_needs_and_reprints_say_so(till):
    order_id = await till.order()
    await till.slip(order_id)
    await till.slip(order_id, lnurl=None, expires_at=None, destination="Cash")

    first, second = await till.jobs("&kind=void_slip")
    assert (first["round"], second["round"]) == (1, 2)
    assert second["content"]["document"]["qr"] is None
    again = await till.told("reprint", first, "manager")

    assert (again["reprint_of"], again["kind"]) == (first["id"], "void_slip")
    assert again["content"]["document"]["qr"] == first["content"]["document"]["qr"]
    banner = "*** REPRINT 1 ***".center(42).rstrip() + "\n"
    text = first["content"]["text"]
    assert again["content"]["text"] == banner + text + banner


async def test_a_canceled_order_keeps_its_slip_and_loses_its_tickets(till):
    order_id = await till.order()
    await till.slip(order_id)

    await till.done("PUT", f"/orders/{order_id}/status/canceled", {"reason": "staff"})

    states = {job["kind"]: job["state"] for job in await till.shop.jobs(order_id)}
    assert states == {"ticket": "canceled", "void_slip": "queued"}


# --- the list ----------------------------------------------------------------------


async def test_the_queue_is_listed_by_kind(till):
    order_id = await till.order()
    await till.cash(order_id)
    await till.slip(order_id)

    async def kinds(query: str) -> list[str]:
        return [job["kind"] for job in await till.jobs(query)]

    assert sorted(await kinds("")) == ["drawer", "ticket", "void_slip"]
    assert await kinds("&kind=ticket") == ["ticket"]
    assert sorted(await kinds("&kind=ticket&kind=void_slip")) == ["ticket", "void_slip"]
    refused = await till.call("GET", f"{till.path}/print_jobs?kind=coupon")
    assert refused.status_code == 422
