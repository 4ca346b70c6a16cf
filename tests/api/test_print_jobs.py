"""Print jobs over HTTP: both protocols on one queue, and who may do what."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from builders import (
    StoredDevice,
    a_line,
    an_order,
    stored_device,
    stored_restaurant,
    stored_tickets,
)
from harness import API
from harness.inprocess import Wallet

FIELDS = {
    *("id", "restaurant_id", "order_id", "order_number", "station", "kind", "round"),
    *("copies", "status", "state", "attempt", "attempts", "reprint_of"),
    *("possible_duplicate", "last_error", "error_code", "created_at", "not_before"),
    *("printed_at", "content", "order_type", "printer_id", "taken_by"),
    *("failover_from", "bitmap_sha256"),
}


@dataclass
class Place:
    """A restaurant of its own for each test, and everybody who has to do with it."""

    http: Any
    wallet: Wallet
    restaurant: Any
    printer: StoredDevice
    last_at: int = 0

    async def device(self, role: str = "printer", *stations: str) -> StoredDevice:
        return await stored_device(self.restaurant, role, *stations)

    async def order(self, *stations: str, **changes: Any) -> Any:
        """An order with a line for each station (one for the kitchen if none)."""
        lines = [a_line(f"Dish of {name}", station=name) for name in stations]
        changes.setdefault("restaurant_id", self.restaurant.id)
        order = an_order(*lines, **changes)
        return await stored_tickets(self.restaurant, order, self.tick())

    def tick(self) -> int:
        """Now, and a millisecond later than the order before."""
        from restaurant.adapters import system

        self.last_at = max(system.now(), self.last_at + 1)
        return self.last_at

    async def queue(self, device: StoredDevice | None = None, **query: Any) -> Any:
        answer = await self.http.get(
            f"{API}/restaurants/{self.restaurant.id}/print_jobs",
            headers=device.header if device else self.wallet.admin,
            params=query,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def claim(self, device: StoredDevice | None = None, **body: Any) -> Any:
        return await self.http.post(
            f"{API}/restaurants/{self.restaurant.id}/print_jobs/claim",
            headers=(device or self.printer).header,
            json=body,
        )

    async def claimed(self, device: StoredDevice | None = None, **body: Any) -> Any:
        answer = await self.claim(device, **body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def tell(
        self,
        what: str,
        job: dict[str, Any],
        who: StoredDevice | dict[str, str] | None = None,
        **body: Any,
    ) -> Any:
        """`start`, `renew`, `ack`, `fail`, `reprint`, `retry` or `cancel` a job."""
        method = "PUT" if what in ("ack", "fail") else "POST"
        headers = who if isinstance(who, dict) else (who or self.printer).header
        return await self.http.request(
            method,
            f"{API}/print_jobs/{job['id']}/{what}",
            headers=headers,
            json=body or None,
        )

    async def told(self, *arguments: Any, **body: Any) -> Any:
        answer = await self.tell(*arguments, **body)
        assert answer.is_success, answer.text
        return answer.json()

    async def events(self) -> list[tuple[str, str, str]]:
        """The journal: (event, actor, status of the job), oldest first."""
        from restaurant.crud import read
        from restaurant.features.journal import crud as journal

        async with read() as conn:
            rows = await journal.rows_after(conn, self.restaurant.id, 0, 1000)
        return [(row.event, row.actor, row.payload["status"]) for row in rows]


@pytest_asyncio.fixture
async def place(
    client: Any, make_wallet: Callable[..., Awaitable[Wallet]]
) -> AsyncIterator[Place]:
    wallet = await make_wallet()
    restaurant = await stored_restaurant(wallet)
    yield Place(client, wallet, restaurant, await stored_device(restaurant))


@pytest.fixture
def turn_clock(app: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """`turn_clock(61)`: from here on it is a minute later."""
    from restaurant.adapters import system

    shift = [0]
    monkeypatch.setattr(
        system, "now", lambda: time.time_ns() // 1_000_000 + int(shift[0])
    )

    def turn(seconds: float) -> None:
        shift[0] += int(seconds * 1000)

    return turn


def lease(job: dict[str, Any]) -> dict[str, Any]:
    return {"lease_token": job["lease_token"]}


# --- the simple protocol --------------------------------------------------------


async def test_list_print_ack(place: Place) -> None:
    first = await place.order("kitchen", "bar", number=1)
    second = await place.order(number=2)

    listed = await place.queue(place.printer, status="queued")

    found = [(job["order_number"], job["station"]) for job in listed["data"]]
    assert found == [(1, "kitchen"), (1, "bar"), (2, "kitchen")]
    assert listed["next"] is None
    job = listed["data"][0]
    assert set(job) == FIELDS
    assert (job["order_id"], job["status"]) == (first.id, "queued")
    assert job["content"]["type"] == "ticket/1"
    assert job["content"]["document"]["lines"][0]["name"] == "Dish of kitchen"
    assert job["content"]["text"].startswith("#1 KITCHEN\n")

    acked = await place.told("ack", job)
    assert (acked["status"], acked["state"]) == ("acknowledged", "printed")
    assert acked["printed_at"] is not None
    assert await place.told("ack", job) == acked
    assert await place.told("ack", job, place.wallet.admin) == acked

    left = await place.queue(place.printer, status="queued")
    assert [job["order_id"] for job in left["data"]] == [first.id, second.id]
    printed = await place.queue(status="acknowledged")
    assert [each["id"] for each in printed["data"]] == [job["id"]]
    assert await place.events() == [
        ("print.acknowledged", f"printer:{place.printer.device.id}", "acknowledged")
    ]


async def test_tickets_are_made_once_per_order_station_and_round(place: Place) -> None:
    from restaurant.crud import transaction
    from restaurant.flows.ticketing import make_tickets

    order = await place.order("kitchen", "bar")

    async with transaction() as conn:
        again = await make_tickets(conn, place.restaurant, order, 5)
        come_back = await make_tickets(conn, place.restaurant, order, 5, round_n=2)

    assert again == come_back == []
    listed = await place.queue(order_id=order.id)
    assert [(j["station"], j["round"]) for j in listed["data"]] == [
        ("kitchen", 1),
        ("bar", 1),
    ]


async def test_text_reaches_the_ticket_exactly(place: Place) -> None:
    name = "Fish & <b>Chips</b> 5<6 100% ? :x 羊肉 🌶️ &amp;"
    order = an_order(
        a_line(name), restaurant_id=place.restaurant.id, note="a\nb", customer_name="Ñ"
    )
    await stored_tickets(place.restaurant, order)

    [job] = (await place.queue())["data"]

    document = job["content"]["document"]
    assert document["lines"][0]["name"] == name
    assert (document["note"], document["customer_name"]) == ("a\nb", "Ñ")
    assert "Fish & <b>Chips</b> 5<6 100% ? :x" in job["content"]["text"]


async def test_failing_without_a_lease_five_times_is_shown_to_staff(
    place: Place,
) -> None:
    await place.order()
    [job] = (await place.queue())["data"]

    for n in range(5):
        job = await place.told("fail", job, error=f"jam {n}", code="paper.jam")
        assert job["status"] == ("queued" if n < 4 else "failed")
        assert (job["not_before"] is not None) == (n < 4)

    [failed] = (await place.queue(status="failed"))["data"]
    assert (failed["last_error"], failed["error_code"]) == ("jam 4", "paper.jam")
    assert (failed["attempts"], failed["state"]) == (5, "dead")
    assert await place.told("fail", job, error="again") == failed
    assert [event for event, _, _ in await place.events()] == ["print.failed"] * 5

    again = await place.told("retry", job, place.wallet.admin)
    assert (again["status"], again["attempts"], again["not_before"]) == (
        "queued",
        0,
        None,
    )
    assert (await place.claimed())["id"] == job["id"]


# --- the leased protocol ----------------------------------------------------------


async def test_claim_start_renew_ack(place: Place) -> None:
    order = await place.order(number=7)

    job = await place.claimed(printers=["kitchen-1"], stations=["kitchen"], wait=0)

    assert set(job) == FIELDS | {"lease_token", "lease_seconds", "payload"}
    assert (job["order_id"], job["order_number"]) == (order.id, 7)
    assert (job["status"], job["state"], job["attempt"]) == ("sent", "leased", 1)
    assert (job["lease_seconds"], job["copies"], job["kind"]) == (60, 1, "ticket")
    assert (await place.claim()).status_code == 204
    assert (await place.queue(status="queued"))["data"] == []

    for what, state in [
        ("start", "printing"),
        ("start", "printing"),
        ("renew", "printing"),
    ]:
        answer = await place.told(what, job, **lease(job))
        assert answer == {
            "id": job["id"],
            "status": "sent",
            "state": state,
            "attempt": 1,
            "lease_token": job["lease_token"],
            "lease_seconds": 60,
        }
    [sent] = (await place.queue(status="sent"))["data"]
    assert job["lease_token"] not in json.dumps(sent)

    done = await place.told("ack", job, **lease(job), confirm="drain")
    assert done["status"] == "acknowledged"
    assert await place.told("ack", job, **lease(job)) == done
    late_start = await place.tell("start", job, **lease(job))
    assert (late_start.status_code, late_start.json()["code"]) == (409, "job.lease")


async def test_oldest_first_and_never_the_same_job_twice(place: Place) -> None:
    orders = [await place.order(number=n) for n in range(1, 6)]
    printers = [place.printer, await place.device()]

    answers = await asyncio.gather(*(place.claim(printers[n % 2]) for n in range(8)))

    jobs = [answer.json() for answer in answers if answer.status_code == 200]
    assert sorted(job["order_number"] for job in jobs) == [1, 2, 3, 4, 5]
    assert {job["order_id"] for job in jobs} == {order.id for order in orders}


async def test_a_printer_waits_and_is_woken(place: Place) -> None:
    began = time.monotonic()
    waiting = [
        asyncio.create_task(place.claim(await place.device(), wait=20))
        for _ in range(3)
    ]
    await asyncio.sleep(0.2)
    assert not any(task.done() for task in waiting)

    order = await place.order("kitchen", "bar", "grill")
    answers = await asyncio.gather(*waiting)

    stations = {answer.json()["station"] for answer in answers}
    assert stations == {"kitchen", "bar", "grill"}
    assert {answer.json()["order_id"] for answer in answers} == {order.id}
    assert time.monotonic() - began < 2


async def test_a_lost_wake_up_costs_one_look(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.core import limits
    from restaurant.crud import transaction
    from restaurant.flows.ticketing import make_tickets

    monkeypatch.setattr(limits, "PRINT_LOOK_SECONDS", 0.3)
    waiting = asyncio.create_task(place.claim(wait=20))
    await asyncio.sleep(0.1)
    order = an_order(restaurant_id=place.restaurant.id)
    async with transaction() as conn:  # as another process would: nobody is woken
        await make_tickets(conn, place.restaurant, order, 1)

    answer = await asyncio.wait_for(waiting, 3)

    assert answer.json()["order_id"] == order.id


async def test_waiting_printers_do_not_hold_the_database(place: Place) -> None:
    waiting = [asyncio.create_task(place.claim(wait=6)) for _ in range(20)]
    await asyncio.sleep(0.3)

    for _ in range(10):
        await place.queue()

    assert not any(each.done() for each in waiting)
    answers = await asyncio.gather(*waiting)
    assert [answer.status_code for answer in answers] == [204] * 20


async def test_a_printer_that_was_revoked_while_it_waited_gets_nothing(
    place: Place,
) -> None:
    from restaurant.crud import transaction
    from restaurant.features.devices import crud as devices

    waiting = asyncio.create_task(place.claim(wait=20))
    await asyncio.sleep(0.1)
    async with transaction() as conn:
        await devices.remove(conn, place.printer.device.id)
    await place.order()

    answer = await waiting

    assert (answer.status_code, answer.json()["code"]) == (401, "device.unknown")
    assert len((await place.queue(status="queued"))["data"]) == 1


async def test_an_ended_lease_goes_back_and_may_be_acked_late(
    place: Place, turn_clock: Callable[[float], None]
) -> None:
    other = await place.device()
    await place.order()
    lost = await place.claimed()

    turn_clock(61)
    [back] = (await place.queue(other, status="queued"))["data"]
    assert (back["attempts"], back["error_code"]) == (1, "lease.ended")
    assert back["possible_duplicate"] is False

    taken = await place.claimed(other)
    assert (taken["id"], taken["attempt"]) == (lost["id"], 2)
    for what in ("start", "renew"):
        answer = await place.tell(what, lost, **lease(lost))
        assert (answer.status_code, answer.json()["code"]) == (409, "job.lease")
    done = await place.told("ack", lost, **lease(lost))
    assert done["status"] == "acknowledged"
    answer = await place.tell("start", taken, other, **lease(taken))
    assert (answer.status_code, answer.json()["code"]) == (409, "job.lease")
    assert await place.events() == [
        ("print.returned", "system", "queued"),
        ("print.acknowledged", f"printer:{place.printer.device.id}", "acknowledged"),
    ]


async def test_a_late_ack_is_refused_when_another_printer_has_started(
    place: Place, turn_clock: Callable[[float], None]
) -> None:
    other = await place.device()
    await place.order()
    lost = await place.claimed()
    await place.told("start", lost, **lease(lost))
    turn_clock(61)

    taken = await place.claimed(other)
    assert taken["possible_duplicate"] is True
    banner = "        *** POSSIBLE DUPLICATE ***\n"
    assert taken["content"]["text"].startswith(f"{banner}#12 KITCHEN\n")
    assert taken["content"]["text"].endswith(banner)
    await place.told("start", taken, other, **lease(taken))

    for body in (lease(lost), {}):
        answer = await place.tell("ack", lost, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "job.lease")
    await place.told("ack", taken, other)  # the holder need not show its token
    done = await place.told("ack", lost, **lease(lost))
    assert (done["status"], done["possible_duplicate"]) == ("acknowledged", False)
    assert [event for event, _, _ in await place.events()] == [
        "print.in_doubt",
        "print.acknowledged",
    ]


async def test_five_printers_that_vanish_end_it(
    place: Place, turn_clock: Callable[[float], None]
) -> None:
    await place.order()
    for _ in range(5):
        await place.claimed()
        turn_clock(61)

    assert (await place.claim()).status_code == 204
    [failed] = (await place.queue(status="failed"))["data"]
    assert (failed["attempts"], failed["error_code"]) == (5, "lease.ended")
    assert [event for event, _, _ in await place.events()] == [
        *["print.returned"] * 4,
        "print.failed",
    ]


async def test_a_failure_comes_back_after_its_pause(
    place: Place, turn_clock: Callable[[float], None]
) -> None:
    await place.order()
    job = await place.claimed()
    await place.told("start", job, **lease(job))

    failed = await place.told(
        "fail", job, error="cut off", code="printer.write", in_doubt=True, **lease(job)
    )

    assert (failed["status"], failed["possible_duplicate"]) == ("queued", True)
    again = await place.tell("fail", job, error="cut off", **lease(job))
    assert (again.status_code, again.json()["code"]) == (409, "job.lease")
    turn_clock(2)
    assert (await place.claimed())["possible_duplicate"] is True


async def test_what_cannot_be_printed_fails_at_once(place: Place) -> None:
    await place.order()
    job = await place.claimed()

    failed = await place.told(
        "fail", job, error="no such type", retryable=False, **lease(job)
    )

    assert (failed["status"], failed["state"]) == ("failed", "dead")
    assert (await place.claim()).status_code == 204


async def test_both_protocols_share_one_queue(place: Place) -> None:
    simple = await place.device()
    await place.order()
    [listed] = (await place.queue(simple, status="queued"))["data"]
    claimed = await place.claimed()

    assert (await place.told("ack", listed, simple))["status"] == "acknowledged"

    answer = await place.tell("start", claimed, **lease(claimed))
    assert (answer.status_code, answer.json()["code"]) == (409, "job.lease")
    assert (await place.told("ack", claimed))["status"] == "acknowledged"


async def test_an_ack_without_a_lease_does_not_touch_a_ticket_being_printed(
    place: Place,
) -> None:
    simple = await place.device()
    await place.order()
    [listed] = (await place.queue(simple, status="queued"))["data"]
    claimed = await place.claimed()
    await place.told("start", claimed, **lease(claimed))

    for what, body in [("ack", {}), ("fail", {"error": "jam"})]:
        answer = await place.tell(what, listed, simple, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "job.lease")

    done = await place.told("ack", claimed, **lease(claimed))
    assert done["status"] == "acknowledged"


# --- staff ------------------------------------------------------------------------


async def test_a_reprint_is_a_new_linked_marked_job(place: Place) -> None:
    await place.order("bar")
    [first] = (await place.queue())["data"]
    await place.told("ack", first)

    answer = await place.tell("reprint", first, place.wallet.admin)
    assert answer.status_code == 201
    second = answer.json()
    third = await place.told("reprint", second, place.wallet.admin)

    for copy, n in ((second, 1), (third, 2)):
        assert copy["id"] != first["id"]
        assert (copy["reprint_of"], copy["status"]) == (first["id"], "queued")
        assert copy["content"]["document"]["reprint"] == {"of": first["id"], "n": n}
        assert copy["content"]["text"].strip().startswith(f"*** REPRINT {n} ***")
    printed = [(await place.claimed())["id"] for _ in range(2)]
    assert printed == [second["id"], third["id"]]
    assert [event for event, _, _ in await place.events()] == [
        "print.acknowledged",
        "print.reprinted",
        "print.reprinted",
    ]


async def test_a_reprint_is_made_once_per_key(place: Place) -> None:
    await place.order()
    [job] = (await place.queue())["data"]
    url = f"{API}/print_jobs/{job['id']}/reprint"
    headers = {**place.wallet.admin, "Idempotency-Key": "reprint-0123456789"}

    answers = await asyncio.gather(
        *(place.http.post(url, headers=headers) for _ in range(10))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    replays = [a for a in answers if a.headers.get("Idempotent-Replay") == "true"]
    assert len(replays) == 9
    assert len((await place.queue())["data"]) == 2
    bad = await place.http.post(url, headers={**headers, "Idempotency-Key": "short"})
    assert (bad.status_code, bad.json()["code"]) == (400, "idempotency.key")


async def test_many_reprints_at_once_are_all_made(place: Place) -> None:
    await place.order()
    [job] = (await place.queue())["data"]

    answers = await asyncio.gather(
        *(place.tell("reprint", job, place.wallet.admin) for _ in range(8))
    )

    marks = [answer.json()["content"]["document"]["reprint"]["n"] for answer in answers]
    assert sorted(marks) == [1, 2, 3, 4, 5, 6, 7, 8]


async def test_staff_cancels_what_nobody_prints(place: Place) -> None:
    await place.order("kitchen", "bar")
    kitchen, bar = (await place.queue())["data"]
    claimed = await place.claimed(stations=["kitchen"])

    canceled = await place.told("cancel", kitchen, place.wallet.admin)
    assert (canceled["status"], canceled["state"]) == ("canceled", "canceled")
    assert await place.told("cancel", kitchen, place.wallet.admin) == canceled
    answer = await place.tell("start", claimed, **lease(claimed))
    assert (answer.status_code, answer.json()["code"]) == (409, "job.lease")

    job = await place.claimed(stations=["bar"])
    await place.told("start", job, **lease(job))
    answer = await place.tell("cancel", bar, place.wallet.admin)
    assert (answer.status_code, answer.json()["code"]) == (409, "job.state")
    assert answer.json()["allowed"] == ["ack", "fail", "lapse", "renew", "start"]


async def test_a_canceled_order_takes_its_open_tickets_along(place: Place) -> None:
    from restaurant.crud import transaction
    from restaurant.flows.ticketing import cancel_tickets

    order = await place.order("kitchen", "bar", "grill", "cellar")
    kitchen, bar, _, _ = (await place.queue())["data"]
    await place.told("ack", kitchen)
    job = await place.claimed(stations=["bar"])
    await place.told("start", job, **lease(job))
    await place.claimed(stations=["grill"])

    async with transaction() as conn:
        gone = await cancel_tickets(conn, order.id, 5)

    assert gone == ["grill", "cellar"]
    states = [job["state"] for job in (await place.queue())["data"]]
    assert states == ["printed", "printing", "canceled", "canceled"]
    assert (await place.told("ack", bar, **lease(job)))["state"] == "printed"


# --- who may what -------------------------------------------------------------------


async def test_a_printer_sees_and_takes_only_its_stations(place: Place) -> None:
    barman = await place.device("printer", "bar", "grill")
    await place.order("kitchen", "bar")
    kitchen, bar = (await place.queue())["data"]

    assert [job["station"] for job in (await place.queue(barman))["data"]] == ["bar"]
    for what, body in [
        ("ack", {}),
        ("fail", {"error": "x"}),
        ("start", {"lease_token": "x"}),
        ("renew", {"lease_token": "x"}),
    ]:
        answer = await place.tell(what, kitchen, barman, **body)
        assert (answer.status_code, answer.json()["code"]) == (404, "job.unknown")
    refused = await place.claim(barman, stations=["kitchen"])
    assert (refused.status_code, refused.json()["code"]) == (403, "device.stations")
    assert (await place.claim(barman, stations=["grill"])).status_code == 204
    assert (await place.claimed(barman))["id"] == bar["id"]
    assert (await place.claim(barman)).status_code == 204


ROUTES = {
    "list": ({"owner", "printer", "manager", "kds"}, "GET", "{place}", None),
    "claim": ({"printer"}, "POST", "{place}/claim", {}),
    "start": ({"printer"}, "POST", "{job}/start", {"lease_token": "x"}),
    "renew": ({"printer"}, "POST", "{job}/renew", {"lease_token": "x"}),
    "ack": ({"owner", "printer"}, "PUT", "{job}/ack", {}),
    "fail": ({"owner", "printer"}, "PUT", "{job}/fail", {"error": "x"}),
    "reprint": ({"owner", "manager", "kds"}, "POST", "{job}/reprint", None),
    "retry": ({"owner", "manager", "kds"}, "POST", "{job}/retry", None),
    "cancel": ({"owner", "manager", "kds"}, "POST", "{job}/cancel", None),
}


@pytest.mark.parametrize("route", ROUTES)
async def test_every_credential_on_every_route(
    place: Place, make_wallet: Callable[..., Awaitable[Wallet]], route: str
) -> None:
    allowed, method, path, body = ROUTES[route]
    stranger = await make_wallet()
    foreign = await stored_device(await stored_restaurant(stranger))
    others = {
        "nobody": ({}, 401),
        "unknown key": ({"X-Api-Key": "0" * 32}, 401),
        "unknown device": ({"Authorization": "Bearer rdt_nope"}, 401),
        "guest": ({"X-Order-Token": "0" * 32}, 404),
        "foreign owner": (stranger.admin, 404),
        "foreign printer": (foreign.header, 404),
        "reader": (place.wallet.invoice, 403),
        "pos": ((await place.device("pos")).header, 403),
    }
    ours = {
        "owner": place.wallet.admin,
        "printer": place.printer.header,
        "manager": (await place.device("manager")).header,
        "kds": (await place.device("kds")).header,
    }
    others |= {name: (ours[name], 403) for name in ours if name not in allowed}
    await place.order()
    [job] = (await place.queue())["data"]
    url = path.format(
        place=f"{API}/restaurants/{place.restaurant.id}/print_jobs",
        job=f"{API}/print_jobs/{job['id']}",
    )

    for name, (headers, status) in others.items():
        answer = await place.http.request(method, url, headers=headers, json=body)
        assert answer.status_code == status, (name, answer.text)
        assert set(answer.json()) >= {"detail", "code"}
    assert (await place.queue())["data"] == [job]  # and nothing changed
    for name in sorted(allowed):
        answer = await place.http.request(method, url, headers=ours[name], json=body)
        assert answer.status_code in (200, 201, 204, 409), (name, answer.text)


@pytest.mark.parametrize(
    ("what", "body", "field"),
    [
        ("claim", {"wait": 26}, "wait"),
        ("claim", {"wait": -1}, "wait"),
        ("claim", {"wait": True}, "wait"),
        ("claim", {"wait": "5"}, "wait"),
        ("claim", {"stations": "kitchen"}, "stations"),
        ("claim", {"stations": [1]}, "stations.0"),
        ("claim", {"printers": ["x"] * 51}, "printers"),
        ("start", {"token": "x"}, "lease_token"),
        ("start", {"lease_token": 5}, "lease_token"),
        ("ack", {"lease_token": 5}, "lease_token"),
        ("ack", {"confirm": "a b"}, "confirm"),
        ("ack", {"confirm": "drain\n"}, "confirm"),
        ("fail", {"code": "jam"}, "error"),
        ("fail", {"error": "x", "code": "x" * 61}, "code"),
        ("fail", {"error": "x", "retryable": "yes"}, "retryable"),
        ("fail", {"error": "x", "in_doubt": 1}, "in_doubt"),
    ],
)
async def test_bad_bodies_are_refused_by_field(
    place: Place, what: str, body: dict[str, Any], field: str
) -> None:
    await place.order()
    [job] = (await place.queue())["data"]

    if what == "claim":
        answer = await place.claim(**body)
    else:
        answer = await place.tell(what, job, **body)

    assert answer.status_code == 422, answer.text
    assert (answer.json()["code"], answer.json()["field"]) == ("field.invalid", field)
    assert (await place.queue())["data"] == [job]


@pytest.mark.parametrize("raw", ["null", "[]", '"x"', "{", "5"])
async def test_a_body_that_is_no_object_is_refused(place: Place, raw: str) -> None:
    answer = await place.http.post(
        f"{API}/restaurants/{place.restaurant.id}/print_jobs/claim",
        headers={**place.printer.header, "Content-Type": "application/json"},
        content=raw,
    )
    assert answer.status_code == 400


async def test_a_claim_needs_no_body(place: Place) -> None:
    await place.order()
    answer = await place.http.post(
        f"{API}/restaurants/{place.restaurant.id}/print_jobs/claim",
        headers=place.printer.header,
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        {"status": "leased"},
        {"status": ""},
        {"limit": 0},
        {"limit": 501},
        {"limit": "x"},
        {"cursor": "nope"},
        {"cursor": "OTk5OTk5OTk5OTk5OTk5OTk5OTk6YQ"},
    ],
)
async def test_bad_queries_are_refused(place: Place, query: dict[str, Any]) -> None:
    answer = await place.http.get(
        f"{API}/restaurants/{place.restaurant.id}/print_jobs",
        headers=place.wallet.admin,
        params=query,
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "field.invalid")


async def test_pages_follow_each_other(place: Place) -> None:
    orders = [await place.order("kitchen", "bar") for _ in range(3)]

    seen: list[str] = []
    query: dict[str, Any] = {"limit": 4}
    for size in (4, 2):
        page = await place.queue(**query)
        assert len(page["data"]) == size
        seen += [job["order_id"] for job in page["data"]]
        query["cursor"] = page["next"]

    assert page["next"] is None
    assert seen == [order.id for order in orders for _ in range(2)]


async def test_an_error_message_is_kept_without_its_commands(place: Place) -> None:
    await place.order()
    [job] = (await place.queue())["data"]

    failed = await place.told("fail", job, error="\x1b@jam\n" + "x" * 2000)

    assert failed["last_error"].startswith(" @jam xxx")
    assert len(failed["last_error"]) == 500
    assert failed["error_code"] is None
