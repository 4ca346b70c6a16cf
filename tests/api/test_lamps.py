"""Lamps: red within a minute when something stands still, and saying what to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from harness import API, eventually

LAMP = {"name", "label", "ok", "at", "detail"}
NAMES = [
    *("listener", "reconciler", "refunds", "kitchen", "funding_source"),
    *("rates", "print_queue", "fonts"),
]

pytestmark = pytest.mark.usefixtures("quiet")


async def lamps(shop: Any) -> list[dict[str, Any]]:
    response = await shop.client.get(
        f"{API}/restaurants/{shop.id}/lamps", headers=shop.wallet.admin
    )
    assert response.status_code == 200, response.text
    assert set(response.json()) == {"data"}
    return response.json()["data"]


async def lamp(shop: Any, name: str) -> dict[str, Any]:
    [found] = [one for one in await lamps(shop) if one["name"] == name]
    return found


@pytest_asyncio.fixture
async def loops(quiet: None) -> AsyncIterator[Any]:
    """Freshly started loops; a test may stop them."""
    from restaurant import tasks

    tasks.start_tasks()
    yield tasks
    tasks.stop_tasks()


async def paired_printer(shop: Any, name: str = "Bar printer") -> dict[str, str]:
    response = await shop.client.post(
        f"{API}/restaurants/{shop.id}/devices",
        json={"name": name, "role": "printer"},
        headers=shop.wallet.admin,
    )
    return {"Authorization": f"Bearer {response.json()['token']}"}


async def claim(shop: Any, printer: dict[str, str]) -> Any:
    path = f"{API}/restaurants/{shop.id}/print_jobs/claim"
    return await shop.client.post(path, json={"wait": 0}, headers=printer)


async def test_all_lamps_are_green_while_everything_runs(shop, loops):
    await shop.quote()

    async def green() -> Any:
        found = await lamps(shop)
        return found if all(one["ok"] for one in found) else None

    found = await eventually(green)

    assert [one["name"] for one in found] == NAMES
    assert [set(one) for one in found] == [LAMP] * len(NAMES)
    assert all(one["label"] and not one["detail"] for one in found)


async def test_a_stopped_listener_and_reconciler_are_told_at_once(shop, loops):
    loops.stop_tasks()

    for name in NAMES[:5]:
        red = await lamp(shop, name)
        assert (red["ok"], bool(red["detail"])) == (False, True), name


async def test_a_listener_that_died_is_told_at_once(shop, loops):
    from lnbits.task_manager import task_manager

    assert (await lamp(shop, "listener"))["ok"]
    task = task_manager.get_task(f"{loops.LISTENER}_invoice_listener")
    assert task
    task.task.cancel()
    await asyncio.wait([task.task])

    assert not (await lamp(shop, "listener"))["ok"]


@pytest.mark.parametrize("name", ["reconciler", "refunds", "node"])
async def test_a_loop_that_hangs_is_told_within_a_minute(shop, clock, name):
    from restaurant.adapters import pulse, system

    shown = {"node": "funding_source"}.get(name, name)
    clock.stop()
    pulse.beat(name, system.now())
    clock.forward(45)
    assert (await lamp(shop, shown))["ok"]
    clock.forward(15)

    red = await lamp(shop, shown)

    assert not red["ok"]
    assert red["detail"]
    assert red["at"]


async def test_a_node_that_does_not_answer_is_told_by_the_next_probe(
    shop, loops, monkeypatch
):
    from lnbits.wallets import get_funding_source

    from restaurant.core import limits

    assert limits.NODE_PROBE_SECONDS + limits.NODE_PROBE_TIMEOUT_SECONDS < 60

    async def away() -> Any:
        raise ConnectionError("no route to 10.0.0.1")

    with monkeypatch.context() as patched:
        patched.setattr(get_funding_source(), "status", away)
        loops.stop_tasks()
        loops.start_tasks()  # each of them begins with a look

        async def red() -> Any:
            found = await lamp(shop, "funding_source")
            return found if not found["ok"] and found["at"] else None

        found = await eventually(red)
        assert "10.0.0.1" not in str(found)
        assert found["detail"]


async def test_a_rate_that_grew_old_is_told_by_its_currency(shop, clock, set_rate):
    await shop.quote()
    assert (await lamp(shop, "rates"))["ok"]
    set_rate("GTQ", 0)
    clock.forward(601)

    red = await lamp(shop, "rates")

    assert not red["ok"]
    assert "GTQ" in red["detail"]


async def test_every_printer_has_a_lamp_that_turns_red_after_a_minute(shop, clock):
    clock.stop()
    printers = [await paired_printer(shop, name) for name in ("Bar", "Kitchen")]

    async def colours() -> dict[str, bool]:
        found = await lamps(shop)
        return {one["label"]: one["ok"] for one in found if one["name"] == "printer"}

    for printer in printers:
        assert (await claim(shop, printer)).status_code == 204
    clock.forward(60)
    assert await colours() == {"Bar": True, "Kitchen": True}
    await claim(shop, printers[0])
    clock.forward(1)
    assert await colours() == {"Bar": True, "Kitchen": False}
    clock.forward(60)
    assert await colours() == {"Bar": False, "Kitchen": False}
    await claim(shop, printers[0])
    assert await colours() == {"Bar": True, "Kitchen": False}


async def test_a_printer_that_has_never_asked_is_told_without_an_alarm(
    shop, clock, settle
):
    clock.stop()
    device = await paired_printer(shop, "Raspberry")
    made = await shop.client.post(
        f"{API}/restaurants/{shop.id}/printers",
        json={"kind": "cloudprnt", "name": "Star"},
        headers=shop.wallet.admin,
    )
    assert made.status_code == 201, made.text

    async def printer_lamps() -> list[tuple[Any, ...]]:
        found = [one for one in await lamps(shop) if one["name"] == "printer"]
        return [
            (each["label"], each["ok"], each["at"], each["detail"]) for each in found
        ]

    new = [
        (name, True, None, f"{name} has not asked for work yet.")
        for name in ("Raspberry", "Star")
    ]
    assert await printer_lamps() == new
    clock.forward(3_600)
    assert await printer_lamps() == new

    await settle(await shop.placed())
    clock.forward(61)
    assert not (await lamp(shop, "print_queue"))["ok"], "what waits for it is told"
    assert await printer_lamps() == new

    await claim(shop, device)
    clock.forward(61)
    [(_, ok, at, detail), star] = await printer_lamps()
    assert (ok, bool(at)) == (False, True)
    assert detail == "Raspberry is silent. Is it on and online?"
    assert star == new[1]


async def test_a_printer_with_a_name_has_a_lamp_instead_of_its_device(shop, clock):
    clock.stop(1_790_000_000_000)
    device = await paired_printer(shop, "Raspberry")
    own = f"{API}/restaurants/{shop.id}"

    async def printer_lamps() -> list[tuple[str, bool, str]]:
        return [
            (one["label"], one["ok"], one["detail"])
            for one in await lamps(shop)
            if one["name"] == "printer"
        ]

    async def status(**said: Any) -> None:
        body = {"printers": [{"name": "Kitchen", **said}]}
        path = f"{own}/printers/status"
        told = await shop.client.post(path, json=body, headers=device)
        assert told.status_code == 200, told.text

    await status(paper="ok")
    assert await printer_lamps() == [("Kitchen", True, "")]
    await status(paper="low")
    assert await printer_lamps() == [("Kitchen", True, "Kitchen: paper runs low.")]
    since = " Since 2026-09-21 14:13."
    for said, sentence in [
        ({"paper": "out"}, "Kitchen: paper is out."),
        ({"cover": "open"}, "Kitchen: the cover is open."),
        (
            {"is_online": False},
            "Kitchen does not answer. Check its power and its cable.",
        ),
        ({"fault": "x"}, "Kitchen reports an error. Switch it off and on."),
    ]:
        await status(**said)
        assert await printer_lamps() == [("Kitchen", False, sentence + since)]
    await status()
    clock.forward(61)
    silent = "Kitchen is silent. Is it on and online?"
    assert await printer_lamps() == [("Kitchen", False, silent + since)]
    await status()
    page = await shop.client.get(f"{own}/printers", headers=shop.wallet.admin)
    [printer] = page.json()["data"]
    path = f"{API}/printers/{printer['id']}"
    await shop.client.patch(path, json={"is_paused": True}, headers=shop.wallet.admin)
    paused = "Kitchen is paused by staff. What it should print waits."
    assert await printer_lamps() == [("Kitchen", False, paused)]


async def test_a_lamp_says_when_the_backup_prints(shop, clock):
    device = await paired_printer(shop)
    own = f"{API}/restaurants/{shop.id}"
    body = {"printers": [{"name": "Bar"}, {"name": "Kitchen", "paper": "out"}]}
    told = await shop.client.post(f"{own}/printers/status", json=body, headers=device)
    bar, kitchen = (one["id"] for one in told.json()["printers"])
    path = f"{API}/printers/{kitchen}"
    await shop.client.patch(path, json={"backup_id": bar}, headers=shop.wallet.admin)

    red = {one["label"]: one["detail"] for one in await lamps(shop)}["Kitchen"]

    assert red.startswith("Kitchen: paper is out. Since ")
    assert red.endswith(". Its backup prints meanwhile.")


async def test_what_happens_to_printers_is_in_the_feed_of_staff(shop, clock):
    device = await paired_printer(shop)
    own = f"{API}/restaurants/{shop.id}"
    for paper in ("out", "ok"):
        body = {"printers": [{"name": "Kitchen", "paper": paper}]}
        await shop.client.post(f"{own}/printers/status", json=body, headers=device)

    feed = await shop.client.get(f"{own}/events", headers=shop.wallet.admin)

    found = [(one["event"], one["payload"]) for one in feed.json()["data"]]
    [(_, added), *rest] = [each for each in found if each[0].startswith("printer.")]
    facts = {"printer_id": added["printer_id"], "code": "printer.paper_out"}
    assert rest == [("printer.fault", facts), ("printer.ok", facts)]


@pytest.mark.parametrize(
    ("missing", "name", "words"),
    [
        (("libfribidi",), "Flan", "Arabic and Hebrew print unjoined."),
        (("chinese",), "羊肉 Flan", "Chinese letters print as boxes."),
        (("chinese", "hangul"), "불고기", "Korean letters print as boxes."),
        (("chinese", "kana", "hangul"), "Flan", None),
        (("font NotoSans.ttf",), "Flan", "Not readable: font NotoSans.ttf."),
        ((), "羊肉", None),
    ],
)
async def test_letters_that_cannot_be_printed_are_told(
    shop, clock, monkeypatch, missing, name, words
):
    from restaurant.adapters import raster

    fonts = raster.RasterState("libfribidi" not in missing, not missing, missing)
    monkeypatch.setattr(raster, "state", lambda: fonts)
    path = f"{API}/menu_items/{shop.item('Flan')['id']}"
    await shop.client.patch(path, json={"name": name}, headers=shop.wallet.admin)

    found = await lamp(shop, "fonts")

    assert found["ok"] is (words is None)
    assert found["detail"].startswith(words or "")
    assert bool(found["detail"]) is bool(words)


async def test_tickets_that_wait_a_minute_turn_the_queue_red(shop, clock, settle):
    clock.stop()
    printer = await paired_printer(shop)
    await settle(await shop.placed())
    clock.forward(60)
    assert (await lamp(shop, "print_queue"))["ok"]
    clock.forward(1)

    red = await lamp(shop, "print_queue")
    assert (red["ok"], bool(red["detail"])) == (False, True)
    job = (await claim(shop, printer)).json()
    path = f"{API}/print_jobs/{job['id']}/ack"
    acked = await shop.client.put(
        path, json={"lease_token": job["lease_token"]}, headers=printer
    )
    assert acked.status_code == 200, acked.text
    assert (await lamp(shop, "print_queue"))["ok"]


async def test_a_ticket_that_failed_turns_the_queue_red_and_is_counted(
    shop, clock, settle
):
    printer = await paired_printer(shop)
    await settle(await shop.placed())
    job = (await claim(shop, printer)).json()
    failed = await shop.client.put(
        f"{API}/print_jobs/{job['id']}/fail",
        json={
            "error": "no such printer",
            "retryable": False,
            "lease_token": job["lease_token"],
        },
        headers=printer,
    )
    assert failed.json()["status"] == "failed"

    red = await lamp(shop, "print_queue")

    assert not red["ok"]
    assert "1 ticket" in red["detail"]
