"""An Epson printer prints from the queue by itself, whatever goes wrong with it."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from harness import API
from harness.doors import Bistro, open_bistro
from harness.epson_client import WELL, Dots, EpsonPrinter

pytestmark = pytest.mark.usefixtures("quiet")

LEASE = 60
PAPER_OUT = 0x0F08001C
COVER_OPEN = 0x0F00003C
#: As a manual prints it: opened and closed in no order.
MIS_NESTED = (
    '<?xml version="1.0" encoding="utf-8"?>\n<PrintResponseInfo Version="2.00">\n'
    "<ePOSPrint>\n<Parameter>\n<devid>local_printer</devid>\n"
    "<printjobid>{job}</printjobid>\n</Parameter>\n<PrintResponse>\n"
    '<response success="{success}" code="{code}" status="1" battery="0"/>\n'
    "</PrintResponseInfo>\n</ePOSPrint>\n<PrintResponseInfo>"
)


@pytest_asyncio.fixture
async def bistro(client: Any, make_wallet: Any) -> Bistro:
    return await open_bistro(client, await make_wallet())


def picture(dots: Dots) -> Image.Image:
    """The paper as a picture, black on white."""
    size = (dots.width, dots.height)
    return Image.frombytes("1", size, bytes(byte ^ 0xFF for byte in dots.rows))


# --- a ticket's way -----------------------------------------------------------------


async def test_a_ticket_comes_out_as_the_picture_that_staff_sees(bistro):
    _, epson = await bistro.epson()
    await bistro.ticket()

    assert await epson.work()

    [dots] = epson.pictures
    job = await bistro.job()
    shown = Image.open(BytesIO((await bistro.preview(job["id"])).content))
    assert dots.width == 576
    assert picture(dots).tobytes() == shown.convert("1").tobytes()
    assert (epson.cuts, epson.kicks, epson.sounds) == (1, [], 0)
    assert job["status"] == "acknowledged"
    assert job["attempts"] == 1
    assert not await epson.work()


async def test_a_job_has_a_short_name_and_ends_within_its_lease(bistro):
    _, epson = await bistro.epson()
    await bistro.ticket()

    job = await epson.poll()

    assert job.version == "2.00"
    assert (len(job.job_id), job.job_id.isalnum()) == (25, True)
    assert job.timeout_ms < LEASE * 1000


async def test_nothing_to_do_is_an_empty_answer(bistro):
    _, epson = await bistro.epson()

    answer = await epson.send(ConnectionType="GetRequest", ID="shop")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == "0"


async def test_one_job_at_a_time(bistro):
    _, epson = await bistro.epson()
    for name in ("One", "Two"):
        await bistro.ticket(name)

    first = await epson.poll()
    assert await epson.poll() is None
    await epson.answer(first)
    second = await epson.poll()

    assert second.job_id != first.job_id
    states = [job["state"] for job in await bistro.jobs()]
    assert states == ["printed", "printing"]


async def test_polls_at_the_same_moment_get_one_job(bistro):
    _, epson = await bistro.epson()
    await bistro.ticket()

    jobs = await asyncio.gather(*(epson.poll() for _ in range(4)))

    assert len([job for job in jobs if job]) == 1
    assert (await bistro.job())["attempts"] == 1


async def test_two_printers_of_a_station_share_its_tickets(bistro):
    printers = [(await bistro.epson(stations=["kitchen"]))[1] for _ in range(2)]
    for n in range(4):
        await bistro.ticket(f"Dish {n}")

    for _ in range(2):
        for epson in printers:
            assert await epson.work()

    assert [len(epson.pictures) for epson in printers] == [2, 2]
    assert {job["status"] for job in await bistro.jobs()} == {"acknowledged"}


async def test_copies_come_in_one_go_each_cut_off(bistro):
    _, epson = await bistro.epson(copies=2, layout={"buzzer": "epson"})
    await bistro.ticket()

    assert await epson.work()

    assert (len(epson.pictures), epson.cuts, epson.sounds) == (2, 2, 1)
    assert epson.pictures[0] != epson.pictures[1]
    assert (await bistro.job())["status"] == "acknowledged"


async def test_a_receipt_calls_no_cook(bistro):
    _, epson = await bistro.epson(layout={"buzzer": "drawer"})
    await bistro.receipt()

    assert await epson.work()

    assert (len(epson.pictures), epson.kicks, epson.sounds) == (1, [], 0)


async def test_letters_are_pictures_here(bistro):
    layout = {"render": "text", "paper": "58", "cut": "none"}
    _, epson = await bistro.epson(layout=layout)
    await bistro.ticket()

    job = await epson.poll()

    assert job.names() == ["image", "feed"]
    assert job.pictures[0].width == 384


# --- a printer of version 1 ---------------------------------------------------------


async def test_a_printer_that_knows_no_ids_means_what_it_has(bistro):
    made, epson = await bistro.epson()
    epson.version = "1.00"
    for name in ("One", "Two"):
        await bistro.ticket(name)

    assert await epson.work()  # read as it is; the id is passed over
    assert (await bistro.shown(made))["status"]["version"] == "1.00"
    second = await epson.poll()

    assert (second.version, second.job_id) == ("1.00", None)
    await epson.answer(second)
    assert {job["status"] for job in await bistro.jobs()} == {"acknowledged"}


async def test_a_printer_that_cannot_read_ids_gets_the_job_without(bistro, clock):
    _, epson = await bistro.epson()
    epson.version = "1.00"
    await bistro.ticket()
    await epson.answer(await epson.poll(), "SchemaError")

    job = await bistro.job()
    assert (job["status"], job["possible_duplicate"]) == ("queued", False)
    clock.forward(3)
    again = await epson.poll()
    assert again.version == "1.00"
    epson.print(again)
    await epson.answer(again)
    assert (await bistro.job())["status"] == "acknowledged"


async def test_a_later_schema_error_is_final(bistro):
    _, epson = await bistro.epson()
    await bistro.ticket()

    await epson.answer(await epson.poll(), "SchemaError")

    assert (await bistro.job())["state"] == "dead"


# --- how it went ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "fault", "is_in_doubt"),
    [
        ("EPTR_REC_EMPTY", "printer.paper_out", True),
        ("EPTR_COVER_OPEN", "printer.cover_open", True),
        ("EPTR_CUTTER", "printer.error", True),
        ("EX_BADPORT", "printer.offline", False),
    ],
)
async def test_a_fault_spends_no_attempt(bistro, clock, code, fault, is_in_doubt):
    made, epson = await bistro.epson()
    await bistro.ticket()

    await epson.answer(await epson.poll(), code, asb=None)

    job = await bistro.job()
    assert (job["status"], job["attempts"], job["error_code"]) == ("queued", 0, fault)
    assert job["possible_duplicate"] is is_in_doubt
    assert (await bistro.shown(made))["fault"] == fault
    assert await epson.poll() is None
    clock.forward(31)  # it is tried again: not every printer tells that it is well
    assert await epson.work()
    assert (await bistro.job())["status"] == "acknowledged"
    assert (await bistro.shown(made))["fault"] is None


async def test_a_printer_that_fails_again_rests_longer_until_it_prints(bistro, clock):
    made, epson = await bistro.epson()
    await bistro.ticket()
    for rest in (30, 60, 120, 120):
        await epson.answer(await epson.poll(), "EPTR_REC_EMPTY", asb=None)
        clock.forward(rest - 1)
        assert await epson.poll() is None
        clock.forward(2)

    assert await epson.work()
    assert (await bistro.job())["attempts"] == 1
    assert "door" not in (await bistro.shown(made))["status"]


async def test_a_ticket_that_breaks_its_printer_every_time_fails_in_the_end(
    bistro, clock
):
    made, epson = await bistro.epson()
    await bistro.ticket()

    for _ in range(5):
        assert (await bistro.job())["state"] == "queued"
        await epson.answer(await epson.poll(), "EPTR_CUTTER", asb=None)
        clock.forward(121)

    assert await epson.poll() is None
    job = await bistro.job()
    assert (job["state"], job["error_code"]) == ("dead", "printer.error")
    assert job["attempts"] == 0
    await bistro.ticket("Next")
    assert await epson.work(), "and holds up no other"
    assert (await bistro.shown(made))["fault"] is None


@pytest.mark.parametrize("code", ["EX_TIMEOUT", "PrintSystemError", "Strange"])
async def test_what_nobody_understands_may_be_on_paper(bistro, clock, code):
    _, epson = await bistro.epson()
    await bistro.ticket()
    first = await epson.poll()

    await epson.answer(first, code)

    job = await bistro.job()
    assert (job["status"], job["possible_duplicate"]) == ("queued", True)
    assert job["error_code"] == f"epson.{code}"
    clock.forward(3)
    assert (await epson.poll()).pictures != first.pictures


async def test_a_full_spooler_is_asked_again(bistro, clock):
    _, epson = await bistro.epson()
    await bistro.ticket()
    first = await epson.poll()

    await epson.answer(first, "EX_SPOOLER")
    clock.forward(3)

    assert (await epson.poll()).pictures == first.pictures


async def test_a_document_that_the_printer_cannot_read_fails_for_good(bistro):
    _, epson = await bistro.epson()
    await bistro.ticket()
    await epson.poll()

    await epson.post(
        '<PrintResponseInfo Version="3.00"><ServerDirectPrint><Response '
        'Success="false"><ErrorSummary>Invalid XML format</ErrorSummary></Response>'
        "</ServerDirectPrint></PrintResponseInfo>"
    )

    job = await bistro.job()
    assert (job["state"], job["error_code"]) == ("dead", "epson.refused")
    assert "Invalid XML format" in job["last_error"]


async def test_wrongly_nested_words_count(bistro, clock):
    _, epson = await bistro.epson()
    await bistro.ticket()
    first = await epson.poll()
    failed = MIS_NESTED.format(job=first.job_id, success="false", code="EX_SPOOLER")
    await epson.post(failed)
    assert (await bistro.job())["error_code"] == "epson.EX_SPOOLER"
    clock.forward(3)

    second = await epson.poll()
    await epson.post(MIS_NESTED.format(job=second.job_id, success="true", code=""))

    assert (await bistro.job())["status"] == "acknowledged"


async def test_a_result_counts_once(bistro):
    _, epson = await bistro.epson()
    await bistro.ticket()
    job = await epson.poll()

    for code in ("", "", "EPTR_REC_EMPTY"):
        await epson.answer(job, code, asb=None)

    assert (await bistro.job())["status"] == "acknowledged"


async def test_a_result_about_nothing_does_nothing(bistro):
    _, epson = await bistro.epson()
    await bistro.ticket()

    for job_id in ("0" * 25, "", "x" * 40, "<b>"):
        await epson.say('<response success="true" code="" status="0"/>', job_id)
    await epson.post("")
    await epson.post("<" * 1000)

    assert (await bistro.job())["status"] == "queued"


async def test_a_result_of_another_printers_job_does_nothing(bistro):
    _, epson = await bistro.epson()
    _, other = await bistro.epson()
    await bistro.ticket()
    job = await epson.poll()

    await other.answer(job)

    assert (await bistro.job())["state"] == "printing"


# --- silence ----------------------------------------------------------------------


async def test_a_job_without_result_comes_again_marked(bistro, clock):
    _, epson = await bistro.epson()
    await bistro.ticket()
    first = await epson.poll()

    clock.forward(LEASE - 1)
    assert await epson.poll() is None
    clock.forward(2)
    second = await epson.poll()

    assert second.job_id == first.job_id
    assert second.pictures != first.pictures
    assert (await bistro.job())["possible_duplicate"] is True


async def test_a_late_success_counts_while_nobody_else_began(bistro, clock):
    for version in ("1.00", "2.00"):
        _, epson = await bistro.epson()
        epson.version = version
        await bistro.ticket()
        job = await epson.poll()
        clock.forward(LEASE + 1)
        assert (await bistro.jobs())[-1]["state"] == "queued"  # staff looked

        await epson.answer(job)

        assert (await bistro.jobs())[-1]["status"] == "acknowledged"
        assert await epson.poll() is None


# --- how the printer is -------------------------------------------------------------


async def test_status_bits_are_shown_to_staff(bistro):
    made, epson = await bistro.epson()

    await epson.tell(0x0F020014)

    shown = await bistro.shown(made)
    assert shown["status"] == {
        "is_online": True,
        "paper": "low",
        "cover": "closed",
        "drawer": "open",
    }
    assert (shown["fault"], shown["health"]) == (None, "ok")


@pytest.mark.parametrize(
    ("bits", "fault"),
    [
        (PAPER_OUT, "printer.paper_out"),
        (COVER_OPEN, "printer.cover_open"),
        (0x1, "printer.offline"),
        (0x0F00041C, "printer.error"),
    ],
)
async def test_a_printer_that_tells_its_fault_gets_nothing_until_it_is_well(
    bistro, clock, bits, fault
):
    made, epson = await bistro.epson()
    await bistro.ticket()

    await epson.tell(bits)
    assert (await bistro.shown(made))["fault"] == fault
    clock.forward(120)
    assert await epson.poll() is None
    assert (await bistro.job())["attempts"] == 0

    await epson.tell(WELL)
    assert await epson.work()
    assert (await bistro.job())["status"] == "acknowledged"


async def test_a_printer_that_stopped_telling_is_tried_again(bistro, clock):
    _, epson = await bistro.epson()
    await bistro.ticket()
    await epson.tell(PAPER_OUT)

    clock.forward(601)

    assert await epson.work()


async def test_a_success_tells_how_the_printer_is(bistro):
    made, epson = await bistro.epson()
    await bistro.ticket()

    await epson.answer(await epson.poll(), asb=0x0F020014)

    status = (await bistro.shown(made))["status"]
    assert (status["paper"], status["version"]) == ("low", "2.00")


async def test_a_backup_takes_what_waits_too_long_and_says_so(bistro, clock):
    helper, other = await bistro.epson(stations=["bar"])
    own, epson = await bistro.epson(stations=["kitchen"], backup_id=helper["id"])
    await bistro.ticket()
    await epson.tell(PAPER_OUT)
    assert await other.poll() is None

    clock.forward(61)
    await epson.poll()
    job = await other.poll()
    other.print(job)
    await other.answer(job)

    printed = await bistro.job()
    assert (printed["status"], printed["failover_from"]) == ("acknowledged", own["id"])


async def test_a_star_printer_stands_in_for_an_epson(bistro, clock):
    helper, star = await bistro.star(stations=["bar"])
    _, epson = await bistro.epson(stations=["kitchen"], backup_id=helper["id"])
    await bistro.ticket()
    await epson.tell(COVER_OPEN)

    clock.forward(61)

    assert await star.work()
    assert (await bistro.job())["status"] == "acknowledged"


# --- the drawer -------------------------------------------------------------------


@pytest.mark.parametrize(("pin", "drawer"), [(2, "drawer_1"), (5, "drawer_2")])
async def test_a_drawer_opens_without_paper(bistro, pin, drawer):
    _, epson = await bistro.epson(layout={"drawer_pin": pin})
    await bistro.kick()

    assert await epson.work()

    assert (epson.kicks, epson.pictures, epson.cuts) == ([drawer], [], 0)
    assert (await bistro.job())["status"] == "acknowledged"


async def test_a_drawer_is_never_kicked_twice(bistro, clock):
    _, epson = await bistro.epson()
    await bistro.kick()
    epson.print(await epson.poll())

    clock.forward(LEASE + 1)

    assert await epson.poll() is None
    assert (await bistro.job())["state"] == "in_doubt"


async def test_a_drawer_that_waited_too_long_stays_closed(bistro, clock):
    _, epson = await bistro.epson()
    await bistro.kick()

    clock.forward(11)

    assert await epson.poll() is None
    assert (await bistro.job())["state"] == "expired"


# --- the address is the secret ------------------------------------------------------


@pytest.mark.parametrize("secret", ["0" * 64, "x", "%00"])
async def test_an_unknown_secret_learns_nothing(bistro, secret):
    epson = EpsonPrinter(bistro.http, f"{API}/epson/{secret}")

    for kind in ("GetRequest", "SetResponse", "SetStatus", "x"):
        answer = await epson.send(ConnectionType=kind)
        assert answer.status_code == 404
        assert answer.json()["detail"] == "There is nothing at this address."


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"{}", b"a=1&" * 30])
async def test_what_is_no_form_is_refused(bistro, body):
    _, epson = await bistro.epson()

    answer = await bistro.http.post(epson.url, content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "body.form")


async def test_a_large_body_is_refused(bistro):
    _, epson = await bistro.epson()

    answer = await epson.send(ConnectionType="SetResponse", ResponseFile="x" * 300_000)

    assert answer.status_code == 413


async def test_a_word_that_we_do_not_know_is_answered_with_nothing(bistro):
    _, epson = await bistro.epson()

    answer = await epson.send(ConnectionType="SetWeather", ID="")

    assert (answer.status_code, answer.content) == (200, b"")


async def test_a_paused_printer_gets_nothing(bistro):
    made, epson = await bistro.epson()
    await bistro.ticket()

    await bistro.change(made, is_paused=True)
    assert await epson.poll() is None
    await bistro.change(made, is_paused=False)
    assert await epson.work()
