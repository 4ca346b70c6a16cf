"""Printers over HTTP: found or added, told what to serve, heard of, gone."""

from __future__ import annotations

import asyncio
import json
import uuid
from base64 import b64decode
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.queue import Queue, open_queue

VIEW = {
    *("id", "restaurant_id", "name", "kind", "device_id", "local_name", "stations"),
    *("order_types", "copies", "layout", "backup_id", "is_paused", "fault", "fault_at"),
    *("status", "status_at", "last_seen_at", "poll_seconds", "health", "health_since"),
    *("is_blocked", "queued", "created_at"),
}


@pytest_asyncio.fixture
async def queue(client: Any, make_wallet: Any, clock: Any) -> Queue:
    return await open_queue(client, await make_wallet())


# --- they come ------------------------------------------------------------------


async def test_a_claim_makes_a_devices_printer_known(queue: Queue) -> None:
    device = await queue.device("kitchen-1", "kitchen", "grill")

    assert await queue.claim("kitchen-1") is None

    found = (await queue.printers())["kitchen-1"]
    assert set(found) == VIEW
    assert (found["kind"], found["device_id"]) == ("pi", device.device.id)
    assert (found["local_name"], found["stations"]) == (
        "kitchen-1",
        ["kitchen", "grill"],
    )
    assert (found["health"], found["is_blocked"], found["queued"]) == ("ok", False, 0)
    assert found["last_seen_at"]
    assert await queue.events("printer") == [
        ("printer.added", {"printer_id": found["id"], "kind": "pi"})
    ]
    await queue.claim("kitchen-1")
    assert len(await queue.printers()) == 1


async def test_printers_that_come_at_once_come_once(queue: Queue) -> None:
    await queue.device("kitchen")

    await asyncio.gather(*(queue.claim("kitchen") for _ in range(5)))

    assert list(await queue.printers()) == ["kitchen"]
    assert len(await queue.events("printer.added")) == 1


@pytest.mark.parametrize("names", [[], ["a", "b"], [" "], ["x" * 121], ["a\u202eb"]])
async def test_who_names_no_printer_makes_none_and_prints_as_ever(
    queue: Queue, names: list[str]
) -> None:
    await queue.device("old", "kitchen")
    await queue.order("kitchen", "bar")

    job = await queue.claim("old", printers=names)

    assert job
    assert (job["station"], job["taken_by"], job["payload"]) == ("kitchen", None, None)
    assert await queue.printers() == {}


async def test_no_room_for_another_printer_stops_nobody(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    from restaurant.core import limits

    monkeypatch.setattr(limits, "PRINTERS_MAX", 1)
    await queue.printer("first")
    await queue.device("second")
    await queue.order()

    job = await queue.claim("second")

    assert job
    assert job["taken_by"] is None
    assert list(await queue.printers()) == ["first"]
    refused = await queue.call(
        "POST",
        f"{queue.path}/printers/status",
        {"printers": [{"name": "second"}]},
        who="second",
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "printers.too_many")


async def test_the_stations_of_the_server_count_not_those_of_the_device(
    queue: Queue,
) -> None:
    printer = await queue.printer("p", "kitchen")
    await queue.order("kitchen")
    await queue.order("bar")
    await queue.change(printer, stations=["bar"])

    job = await queue.claim("p")

    assert job
    assert job["station"] == "bar"
    again = await queue.call(
        "POST",
        f"{queue.path}/print_jobs/claim",
        {"printers": ["p"], "stations": ["kitchen"]},
        who="p",
    )
    assert again.json()["id"] == job["id"]
    job = again.json()
    for what in ("start", "renew", "ack"):  # the device itself is for the kitchen
        await queue.said(what, job, "p")


# --- those that ask by themselves -------------------------------------------------


@pytest.mark.parametrize("kind", ["cloudprnt", "epson"])
async def test_a_printer_that_asks_itself_has_a_secret_address(
    queue: Queue, kind: str
) -> None:
    from restaurant.core.ids import sha256_hex
    from restaurant.crud import read
    from restaurant.features.printers import crud
    from restaurant.features.printers.models import PrinterKind

    key = {"Idempotency-Key": uuid.uuid4().hex, **queue.wallet.admin}
    body = {"name": "Bar", "kind": kind, "stations": ["bar"], "layout": {"paper": "58"}}

    made = await queue.http.post(f"{queue.path}/printers", json=body, headers=key)

    assert made.status_code == 201, made.text
    printer = made.json()
    base, secret = printer.pop("secret_url").rsplit("/", 1)
    assert set(printer) == VIEW
    assert base == f"http://testserver{API}/{kind}"
    assert len(bytes.fromhex(secret)) == 32
    assert printer["layout"]["paper"] == "58"
    again = await queue.http.post(f"{queue.path}/printers", json=body, headers=key)
    assert again.json() == made.json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert secret not in json.dumps(await queue.printers())
    await no_trace_of(secret)
    async with read() as conn:
        found = await crud.by_secret_hash(conn, PrinterKind(kind), sha256_hex(secret))
        other = {"cloudprnt": "epson", "epson": "cloudprnt"}[kind]
        wrong = await crud.by_secret_hash(conn, PrinterKind(other), sha256_hex(secret))
    assert found
    assert (found.id, wrong) == (printer["id"], None)


async def no_trace_of(secret: str) -> None:
    """The database holds the secret nowhere."""
    from restaurant.crud import read

    async with read() as conn:
        for table in ("printers", "idempotency", "journal", "print_jobs"):
            rows = await conn.all(f"SELECT * FROM restaurant.{table}")
            assert secret not in json.dumps(rows, default=str), table


async def test_a_new_secret_ends_the_old_one(queue: Queue) -> None:
    from restaurant.core.ids import sha256_hex
    from restaurant.crud import read
    from restaurant.features.printers import crud

    body = {"name": "Bar", "kind": "epson"}
    made = await queue.ok("POST", f"{queue.path}/printers", body)
    path = f"{API}/printers/{made['id']}/secret"
    key = {"Idempotency-Key": uuid.uuid4().hex, **queue.wallet.admin}

    renewed = await queue.http.post(path, headers=key)

    assert renewed.status_code == 200, renewed.text
    assert (await queue.http.post(path, headers=key)).json() == renewed.json()
    old, new = (each["secret_url"].rsplit("/", 1)[1] for each in (made, renewed.json()))
    assert old != new
    await no_trace_of(new)
    async with read() as conn:
        printer = await crud.load(conn, made["id"])
    assert printer
    assert printer.secret_hash == sha256_hex(new)
    events = [event for event, _ in await queue.events("printer")]
    assert events == ["printer.added", "printer.secret_renewed"]
    own = await queue.printer("pi")
    refused = await queue.call("POST", f"{API}/printers/{own['id']}/secret")
    assert (refused.status_code, refused.json()["code"]) == (409, "printer.kind")


# --- they change ------------------------------------------------------------------


async def test_a_printer_is_told_what_to_serve(queue: Queue) -> None:
    printer = await queue.printer("p")

    changed = await queue.change(
        printer,
        name="Küche",
        stations=["kitchen"],
        order_types=["delivery"],
        copies=2,
        layout={"language": "es", "footer": "¡Gracias!\nHasta luego"},
    )

    assert changed == (await queue.printers())["Küche"]
    assert changed["local_name"] == "p"
    assert (changed["copies"], changed["order_types"]) == (2, ["delivery"])
    assert changed["layout"]["footer"] == "¡Gracias!\nHasta luego"
    assert changed["layout"]["paper"] == "80"
    [(_, told)] = await queue.events("printer.changed")
    assert told == {
        "printer_id": printer["id"],
        "stations": ["kitchen"],
        "order_types": ["delivery"],
        "copies": 2,
        "layout": True,
    }
    assert await queue.change(changed, copies=2) == changed
    assert len(await queue.events("printer.changed")) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"stations": [1]}, "stations.0"),
        ({"copies": "2"}, "copies"),
        ({"order_types": ["drive_in"]}, "order_types.0"),
        ({"layout": {"paper": "90"}}, "layout.paper"),
        ({"layout": {"rail_mm": 61}}, "layout.rail_mm"),
        ({"layout": {"header": "\x1b"}}, "layout.header"),
        ({"backup_id": "nobody's"}, "backup_id"),
    ],
)
async def test_a_wrong_change_names_its_field(
    queue: Queue, body: dict[str, Any], field: str
) -> None:
    printer = await queue.printer("p")

    refused = await queue.call("PATCH", f"{API}/printers/{printer['id']}", body)

    assert refused.status_code == 422
    assert refused.json()["field"] == field
    assert (await queue.printers())["p"] == printer


async def test_the_queue_is_counted_for_each_printer(queue: Queue) -> None:
    await queue.printer("kitchen", "kitchen")
    bar = await queue.printer("bar", "bar", order_types=["delivery"])
    await queue.order("kitchen", "bar")
    await queue.order("kitchen", "bar", order_type="delivery")
    await queue.ok("POST", f"{API}/printers/{bar['id']}/test")

    counted = {name: each["queued"] for name, each in (await queue.printers()).items()}

    assert counted == {"kitchen": 2, "bar": 2}


async def test_order_types_choose_the_printer(queue: Queue) -> None:
    await queue.printer("drivers", order_types=["delivery"])
    await queue.printer("counter", order_types=["pickup", "dine_in"])
    here = await queue.order(order_type="pickup")
    away = await queue.order(order_type="delivery")

    job, other = await queue.claim("drivers"), await queue.claim("counter")

    assert job
    assert other
    assert (job["order_id"], other["order_id"]) == (away.id, here.id)
    assert await queue.claim("drivers") is None or job["state"] == "leased"


async def test_no_crowd_of_others_tickets_hides_ones_own(queue: Queue) -> None:
    await queue.printer("drivers", order_types=["delivery"])
    await queue.printer("bar", "bar")
    for _ in range(25):
        await queue.order("kitchen")
    own = await queue.order("kitchen", order_type="delivery")
    drink = await queue.order("bar")

    job, other = await queue.claim("drivers"), await queue.claim("bar")

    assert job
    assert other
    assert (job["order_id"], other["order_id"]) == (own.id, drink.id)


async def test_copies_are_told_with_a_ticket(queue: Queue) -> None:
    await queue.printer("p", copies=3)
    await queue.order()

    job = await queue.claim("p")

    assert job
    assert job["copies"] == 3


# --- bytes --------------------------------------------------------------------------


async def test_who_asks_for_bytes_gets_every_copy_and_the_pictures_hash(
    queue: Queue,
) -> None:
    from restaurant.crud import read
    from restaurant.features.printing import crud as jobs

    await queue.printer("p", copies=2, layout={"paper": "58", "cut": "full"})
    await queue.order()

    job = await queue.claim("p", format="escpos")

    assert job
    payload = job["payload"]
    assert payload["format"] == "escpos"
    data = b64decode(payload["data"])
    assert data.count(b"\x1dv0\0" + (384 // 8).to_bytes(2, "little")) >= 2
    assert job["copies"] == 2
    assert len(bytes.fromhex(payload["bitmap_sha256"])) == 32
    assert job["bitmap_sha256"] == payload["bitmap_sha256"]
    async with read() as conn:
        stored = await jobs.load(conn, job["id"])
    assert stored
    assert stored.layout
    assert (stored.layout["paper"], stored.bitmap_sha256) == (
        "58",
        payload["bitmap_sha256"],
    )


async def test_a_drawers_bytes_are_a_kick_and_nothing_else(
    queue: Queue, clock: Any
) -> None:
    from restaurant.core import escpos
    from restaurant.crud import transaction
    from restaurant.flows.ticketing import kick_drawer

    clock.stop()
    await queue.printer("p", layout={"drawer_pin": 5})
    order = await queue.order()
    restaurant = queue.restaurant.copy(update={"receipt_station": "counter"})
    async with transaction() as conn:
        assert await kick_drawer(conn, restaurant, order, queue.now())

    job = await queue.claim("p", format="escpos")

    assert job
    assert (job["kind"], job["bitmap_sha256"]) == ("drawer", None)
    assert b64decode(job["payload"]["data"]) == escpos.kick(5)


async def test_a_job_that_cannot_be_drawn_fails_and_holds_up_nobody(
    queue: Queue,
) -> None:
    from restaurant.crud import transaction

    await queue.printer("p")
    bad, good = await queue.order(number=1), await queue.order(number=2)
    async with transaction() as conn:
        await conn.run(
            "UPDATE restaurant.print_jobs SET document = '{}', position = 0 "
            "WHERE order_id = :id",
            id=bad.id,
        )

    job = await queue.claim("p", format="escpos")

    assert job
    assert job["order_id"] == good.id
    [event] = await queue.events("print.failed")
    assert event[1]["code"] == "render.failed"
    async with transaction() as conn:
        row = await conn.one(
            "SELECT state, error_code, last_error FROM restaurant.print_jobs "
            "WHERE order_id = :id",
            id=bad.id,
        )
    assert row
    assert (row["state"], row["error_code"]) == ("dead", "render.failed")
    assert row["last_error"].startswith("The server could not draw this ticket.")


# --- what is forgotten ----------------------------------------------------------------


async def test_old_paper_of_orders_that_are_over_is_forgotten(
    queue: Queue, clock: Any
) -> None:
    from restaurant.services import forget_paper

    printer = await queue.printer("p")
    over, tab = await stored(queue, "completed"), await stored(queue, "accepted")
    stuck = await stored(queue, "canceled", state="queued")
    page = await queue.ok("POST", f"{API}/printers/{printer['id']}/test")
    await queue.ok("POST", f"{API}/print_jobs/{page['id']}/cancel")
    clock.forward(7 * 86_400 - 60)
    await forget_paper(queue.now())
    assert len(await queue.jobs()) == 7
    fresh = await stored(queue, "completed")

    clock.forward(120)
    assert await forget_paper(queue.now()) >= 3

    assert len(await queue.jobs()) == 6
    left = {job["order_id"] for job in await queue.jobs()}
    assert left == {tab.id, stuck.id, fresh.id}
    assert over.id not in left
    assert await forget_paper(queue.now()) == 0


async def test_an_order_without_its_old_papers_is_told_to_nobody_again(
    queue: Queue, clock: Any
) -> None:
    """Whatever happens to it: no ticket says what was cooked a week ago."""
    from restaurant.crud import transaction
    from restaurant.flows.ticketing import cancel_tickets, change_tickets
    from restaurant.services import forget_paper

    order = await stored(queue, "completed")
    clock.forward(8 * 86_400)
    await forget_paper(queue.now())

    async with transaction() as conn:
        told = await change_tickets(conn, queue.restaurant, order, queue.now())
        refunded = replace(order, status=order_status("refunded"))
        told += await change_tickets(conn, queue.restaurant, refunded, queue.now())
        told += await cancel_tickets(conn, order.id, queue.now())

    assert told == []
    assert await queue.jobs() == []


@pytest.mark.parametrize("is_forgotten", [True, False])
async def test_a_canceled_order_that_comes_back_is_printed_anew_either_way(
    queue: Queue, clock: Any, is_forgotten: bool
) -> None:
    from restaurant.crud import transaction
    from restaurant.flows.ticketing import make_tickets, void_tickets
    from restaurant.services import forget_paper

    order = await stored(queue, "canceled")
    async with transaction() as conn:
        await void_tickets(conn, queue.restaurant, order, queue.now())
        await conn.run("UPDATE restaurant.print_jobs SET state = 'printed'")
    clock.forward(8 * 86_400)
    if is_forgotten:
        await forget_paper(queue.now())
        assert await queue.jobs() == []

    back = replace(order, status=order_status("paid"))
    async with transaction() as conn:
        told = await make_tickets(conn, queue.restaurant, back, queue.now(), round_n=2)

    assert told == ["kitchen", "bar"]
    new = await queue.jobs("&status=queued")
    documents = [job["content"]["document"] for job in new]
    assert [(d["part"], len(d["lines"]), d["voided"]) for d in documents] == [
        ("new", 1, [])
    ] * 2


def order_status(word: str) -> Any:
    from restaurant.models import OrderStatus

    return OrderStatus(word)


async def stored(queue: Queue, status: str, state: str = "printed") -> Any:
    """An order that is in the books, with two papers."""
    from restaurant.crud import transaction
    from restaurant.features.orders import crud as orders

    order = await queue.order("kitchen", "bar", status="accepted")
    order = replace(order, status=order_status(status))
    async with transaction() as conn:
        await orders.add(conn, order)
        await conn.run(
            "UPDATE restaurant.print_jobs SET state = :state WHERE order_id = :id",
            id=order.id,
            state=state,
        )
    return order


# --- paused and at fault ----------------------------------------------------------


async def test_a_paused_printer_waits_and_gets_nothing(queue: Queue) -> None:
    printer = await queue.printer("p", is_paused=True)
    await queue.order()

    assert await queue.claim("p", wait=1) is None

    shown = (await queue.printers())["p"]
    assert (shown["health"], shown["is_blocked"], shown["queued"]) == (
        "paused",
        True,
        1,
    )
    waiting = asyncio.create_task(queue.claim("p", wait=20))
    await asyncio.sleep(0.1)
    await queue.change(printer, is_paused=False)
    assert await asyncio.wait_for(waiting, 5)


@pytest.mark.parametrize(
    "fault",
    ["printer.offline", "printer.paper_out", "printer.cover_open", "printer.error"],
)
async def test_a_fault_of_the_printer_keeps_the_job_whole(
    queue: Queue, clock: Any, fault: str
) -> None:
    printer = await queue.printer("p")
    await queue.order()
    job = await queue.claim("p")
    assert job

    back = await queue.fail(job, "p", fault)

    assert (back["state"], back["attempts"], back["error_code"]) == ("queued", 0, fault)
    assert back["possible_duplicate"] is False
    shown = (await queue.printers())["p"]
    assert (shown["fault"], shown["health"]) == (fault, "fault")
    assert await queue.claim("p") is None, "it was not mended in no time"
    clock.forward(2)
    again = await queue.claim("p")
    assert again
    assert (again["id"], again["attempt"]) == (job["id"], 1)
    assert (await queue.printers())["p"]["health"] == "ok"
    assert await queue.events("printer.fault", "printer.ok") == [
        ("printer.fault", {"printer_id": printer["id"], "code": fault}),
        ("printer.ok", {"printer_id": printer["id"], "code": fault}),
    ]


async def test_who_waited_when_the_paper_ended_is_not_mended_by_waiting(
    queue: Queue, clock: Any
) -> None:
    from restaurant.features.printing.models import ClaimBody
    from restaurant.flows.queueing import claim_job

    await queue.printer("p")
    asked_at = queue.now()
    device = (await queue.device("p")).device

    async def look() -> Any:
        """The next look of a claim that waits since before the paper ended."""
        body = ClaimBody(printers=["p"])
        now = queue.now()
        return await claim_job(queue.restaurant.id, device, body, now, asked_at)

    clock.forward(1)
    await queue.status("p", paper="out")
    clock.forward(30)
    await queue.order()

    assert await look() is None
    assert (await queue.printers())["p"]["fault"] == "printer.paper_out"
    await queue.status("p", paper="ok")
    assert await look() is not None


async def test_paper_that_ends_in_the_middle_marks_the_next_copy(
    queue: Queue, clock: Any
) -> None:
    await queue.printer("p")
    await queue.order()
    job = await queue.claim("p")
    assert job
    await queue.said("start", job, "p")

    back = await queue.fail(job, "p", "printer.paper_out", in_doubt=True)

    assert (back["state"], back["attempts"]) == ("queued", 0)
    await queue.status("p", paper="ok")
    again = await queue.claim("p")
    assert again
    assert again["possible_duplicate"] is True
    assert "*** POSSIBLE DUPLICATE ***" in again["content"]["text"]


async def test_a_ticket_that_breaks_its_printer_every_time_fails_until_staff_retries(
    queue: Queue,
) -> None:
    await queue.printer("p")
    await queue.order()

    async def break_off() -> dict[str, Any]:
        await queue.status("p", paper="ok")
        job = await queue.claim("p")
        assert job
        await queue.said("start", job, "p")
        return await queue.fail(job, "p", "printer.error", in_doubt=True)

    states = [(await break_off())["state"] for _ in range(5)]

    assert states == ["queued"] * 4 + ["dead"]
    await queue.status("p", paper="ok")
    assert await queue.claim("p") is None
    told = await queue.events("print.in_doubt", "print.failed")
    assert [event for event, _ in told] == ["print.in_doubt"] * 4 + ["print.failed"]
    [failed] = await queue.jobs("&status=failed")
    assert (failed["error_code"], failed["attempts"]) == ("printer.error", 0)
    await queue.ok("POST", f"{API}/print_jobs/{failed['id']}/retry")
    assert (await break_off())["state"] == "queued"


async def test_other_failures_count_to_five(queue: Queue, clock: Any) -> None:
    await queue.printer("p")
    await queue.order()

    for n in range(5):
        job = await queue.claim("p")
        assert job, n
        back = await queue.fail(job, "p", "paper.jam")
        clock.forward(20)

    assert (back["status"], back["attempts"]) == ("failed", 5)
    assert (await queue.printers())["p"]["fault"] is None
    assert len(await queue.events("print.failed")) == 5


# --- what they say ----------------------------------------------------------------


async def test_a_status_sets_and_ends_a_fault_and_answers_what_to_do(
    queue: Queue,
) -> None:
    await queue.device("p", "kitchen")

    own = await queue.status(
        "p", width=58, model="TM-T20", paper="low", cover="closed", confirm="gs_r"
    )

    shown = (await queue.printers())["p"]
    assert set(own) == {"id", "name", "stations", "is_paused", "layout"}
    assert (own["id"], own["name"]) == (shown["id"], "p")
    assert (own["stations"], own["is_paused"]) == (["kitchen"], False)
    assert own["layout"]["paper"] == "58"
    assert shown["status"] == {
        "width": 58,
        "model": "TM-T20",
        "is_online": True,
        "paper": "low",
        "cover": "closed",
        "confirm": "gs_r",
    }
    await queue.order()
    await queue.status("p", cover="open", is_online=False)
    shown = (await queue.printers())["p"]
    assert shown["fault"] == "printer.cover_open"
    assert await queue.claim("p") is None
    await queue.status("p", cover="closed")
    assert (await queue.printers())["p"]["health"] == "ok"
    assert await queue.claim("p")
    assert [event for event, _ in await queue.events("printer")] == [
        "printer.added",
        "printer.fault",
        "printer.ok",
    ]


async def test_a_renamed_printer_keeps_its_own_name_for_its_device(
    queue: Queue,
) -> None:
    await queue.printer("tcp-1", name="Kitchen")

    assert (await queue.status("tcp-1"))["name"] == "tcp-1"
    assert list(await queue.printers()) == ["Kitchen"]


async def test_only_printers_report_and_only_their_own(queue: Queue) -> None:
    await queue.device("screen", role="kds")
    await queue.device("other")
    await queue.printer("p")

    body = {"printers": [{"name": "p", "paper": "out"}]}
    path = f"{queue.path}/printers/status"
    assert (await queue.call("POST", path, body, who="screen")).status_code == 403
    assert (await queue.call("POST", path, body)).status_code == 403
    assert (await queue.call("POST", path, body, who="other")).status_code == 200

    page = await queue.ok("GET", f"{queue.path}/printers")
    assert [each["fault"] for each in page["data"]] == [None, "printer.paper_out"]


# --- tests, reroutes, ends --------------------------------------------------------


async def test_a_test_page_comes_from_its_own_printer_alone(queue: Queue) -> None:
    printer = await queue.printer("left")
    await queue.printer("right")
    await queue.device("simple")
    key = {"Idempotency-Key": uuid.uuid4().hex, **queue.wallet.admin}

    path = f"{API}/printers/{printer['id']}/test"
    asked = await queue.http.post(path, headers=key)

    assert asked.status_code == 201, asked.text
    assert (await queue.http.post(path, headers=key)).json() == asked.json()
    job = asked.json()
    assert (job["kind"], job["printer_id"]) == ("test", printer["id"])
    assert (job["order_id"], job["content"]["type"]) == (None, "test/1")
    assert await queue.claim("right") is None
    assert await queue.claim("right", printers=[]) is None
    assert await queue.jobs("&status=queued", who="simple") == []
    assert [j["id"] for j in await queue.jobs("&status=queued", who="left")] == [
        job["id"]
    ]
    taken = await queue.claim("left")
    assert taken
    assert taken["id"] == job["id"]
    await queue.said("start", taken, "left")
    await queue.said("ack", taken, "left", confirm="drain")


async def test_staff_send_a_job_to_another_printer(queue: Queue, clock: Any) -> None:
    await queue.printer("kitchen", "kitchen")
    bar = await queue.printer("bar", "bar")
    await queue.order("kitchen")
    job = await queue.claim("kitchen")
    assert job
    path = f"{API}/print_jobs/{job['id']}/reroute"

    early = await queue.call("POST", path, {"printer_id": bar["id"]})
    assert (early.status_code, early.json()["code"]) == (409, "job.state")
    await queue.fail(job, "kitchen", "printer.offline")
    wrong = await queue.call("POST", path, {"printer_id": "nobody's"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "printer_id")
    sent = await queue.ok("POST", path, {"printer_id": bar["id"]})

    assert (sent["state"], sent["printer_id"], sent["attempts"]) == (
        "queued",
        bar["id"],
        0,
    )
    clock.forward(10)
    assert await queue.claim("kitchen") is None
    taken = await queue.claim("bar")
    assert taken
    assert (taken["id"], taken["station"]) == (job["id"], "kitchen")
    # its device prints for the bar alone, and may speak of what it got all the same
    for what in ("start", "renew"):
        await queue.said(what, taken, "bar")
    clock.forward(61)
    await queue.jobs()  # the lease ends
    done = await queue.said("ack", taken, "bar")
    assert done["status"] == "acknowledged"
    [(_, told)] = await queue.events("print.rerouted")
    assert (told["job_id"], told["printer_id"]) == (job["id"], bar["id"])


async def test_what_is_printing_or_done_is_not_rerouted(queue: Queue) -> None:
    printer = await queue.printer("p")
    await queue.order()
    job = await queue.claim("p")
    assert job
    path, body = f"{API}/print_jobs/{job['id']}/reroute", {"printer_id": printer["id"]}
    for what in ("start", "ack"):
        await queue.said(what, job, "p")
        refused = await queue.call("POST", path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "job.state")


@pytest.mark.parametrize("way", ["printer", "device"])
async def test_a_printer_that_goes_leaves_its_jobs_to_its_station(
    queue: Queue, way: str
) -> None:
    printer = await queue.printer("old")
    heir = await queue.printer("new", backup_id=printer["id"])
    await queue.order()
    [ticket] = await queue.jobs()
    path = f"{API}/print_jobs/{ticket['id']}/reroute"
    await queue.ok("POST", path, {"printer_id": printer["id"]})
    test = await queue.ok("POST", f"{API}/printers/{printer['id']}/test")

    if way == "printer":
        await queue.ok("DELETE", f"{API}/printers/{printer['id']}")
    else:
        await queue.ok("DELETE", f"{API}/devices/{queue.devices['old'].device.id}")

    left = await queue.printers()
    assert list(left) == ["new"]
    assert left["new"]["backup_id"] is None
    job = await queue.claim("new")
    assert job
    assert (job["id"], job["taken_by"]) == (ticket["id"], heir["id"])
    assert (await queue.job(test["id"]))["status"] == "canceled"
    gone = await queue.call("PATCH", f"{API}/printers/{printer['id']}", {"copies": 2})
    assert gone.status_code == 404


async def test_a_reprint_waits_for_nobody_who_is_gone(queue: Queue) -> None:
    printer = await queue.printer("old")
    await queue.printer("new")
    path = f"{API}/printers/{printer['id']}"
    page = await queue.ok("POST", f"{path}/test")
    job = await queue.claim("old")
    assert job
    await queue.said("start", job, "old")
    await queue.said("ack", job, "old")
    again = f"{API}/print_jobs/{page['id']}/reprint"
    first = await queue.ok("POST", again)
    await queue.ok("DELETE", path)

    second = await queue.ok("POST", again)

    assert (first["printer_id"], second["printer_id"]) == (printer["id"], None)
    banner = "*** REPRINT 2 ***"
    assert banner in second["content"]["text"]
    taken = await queue.claim("new")
    assert taken
    assert taken["id"] == second["id"]


async def test_a_deleted_restaurant_has_no_printers(queue: Queue) -> None:
    from restaurant.crud import read
    from restaurant.features.printers import crud

    await queue.printer("p")

    await queue.ok("DELETE", queue.path)

    async with read() as conn:
        assert await crud.count(conn, queue.restaurant.id) == 0


# --- the database ---------------------------------------------------------------------


async def test_what_waits_is_found_by_its_state_not_among_all_that_was_printed(
    queue: Queue,
) -> None:
    from restaurant.crud import Conn, transaction
    from restaurant.features.printing import crud as jobs
    from restaurant.features.printing.models import Reach, StandIn

    reach = Reach(("p",), ("kitchen", "bar"), ("delivery",))
    stand_in = StandIn(Reach(("q",), ("grill",)), 10**13, (Reach(("r",), ("cellar",)),))
    plans: list[str] = []

    async with transaction() as conn:
        is_sqlite = not conn.for_update()
        if not is_sqlite:  # PostgreSQL reads a small table whole
            await conn.run("SET LOCAL enable_seqscan = off")

        class Explaining(Conn):
            def __init__(self) -> None: ...

            async def all(self, query: str, **values: Any) -> list[dict[str, Any]]:
                explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
                plans.append(str(await conn.all(explain + query, **values)))
                return []

        await jobs.free_ids(
            Explaining(), queue.restaurant.id, reach, "x y", 10**13, 20, [stand_in]
        )
        await jobs.lapsed_ids(Explaining(), queue.restaurant.id, 10**13, 20)

    assert len(plans) == 2
    # PostgreSQL chooses among the restaurant's indices by what it has counted
    index = "ix_print_jobs_queue" if is_sqlite else "ix_print_jobs_"
    for plan in plans:
        assert index in plan
