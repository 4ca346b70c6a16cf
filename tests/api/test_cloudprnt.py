"""A Star printer prints from the queue by itself, and whatever can go wrong with it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from harness import API
from harness.cloudprnt_client import StarPrinter
from harness.doors import Bistro, open_bistro

pytestmark = pytest.mark.usefixtures("quiet")

EXCHANGE = Path(__file__).parent / "cloudprnt_exchange.json"
LEASE = 60
PNG = "image/png"
MEDIA = [PNG, "text/plain"]


@pytest_asyncio.fixture
async def bistro(client: Any, make_wallet: Any) -> Bistro:
    return await open_bistro(client, await make_wallet())


def words(paper: bytes) -> str:
    return paper.decode("cp858")


# --- a ticket's way -----------------------------------------------------------------


async def test_a_ticket_comes_out_as_the_picture_that_staff_sees(bistro):
    _, star = await bistro.star()
    await bistro.ticket()

    assert await star.work()

    [paper] = star.papers
    job = await bistro.job()
    assert paper.media == PNG
    assert paper.cut == "partial; feed=true"
    assert paper.dither == "none"
    assert (paper.picture.width, paper.picture.mode) == (576, "1")
    assert paper.data == (await bistro.preview(job["id"])).content
    assert job["status"] == "acknowledged"
    assert (job["attempts"], job["state"]) == (1, "printed")
    assert star.kicks == 0
    assert not await star.work()


async def test_the_first_contact_asks_and_keeps_what_the_printer_is(bistro):
    made = await bistro.add("cloudprnt")
    star = StarPrinter(bistro.http, made["secret_url"], print_mm="48", interval="30")

    await bistro.ticket()
    said = await star.poll()

    assert star.asked == ["ClientType", "Encodings", "PageInfo", "GetPollInterval"]
    assert said["jobReady"] is True  # at once, and not with the questions
    shown = await bistro.shown(made)
    assert shown["poll_seconds"] == 30
    assert shown["layout"]["paper"] == "58"
    assert shown["status"]["model"] == "Star mC-Print3"
    assert shown["status"]["width"] == 58
    assert shown["status"]["mac"] == star.mac
    assert shown["health"] == "ok"
    star.print(await star.fetch(said))
    assert star.papers[0].picture.width == 384


async def test_a_printer_that_answers_no_questions_prints_all_the_same(bistro):
    made = await bistro.add("cloudprnt")
    star = StarPrinter(bistro.http, made["secret_url"], answers=False)
    await bistro.ticket()

    first = await star.poll()
    assert first["jobReady"] is False
    assert len(first["clientAction"]) == 4
    said = await star.poll()

    assert said["mediaTypes"] == MEDIA
    assert "clientAction" not in said
    assert await star.work()


async def test_a_layout_that_staff_chose_outlives_the_printers_answers(bistro):
    layout = {"language": "de"}
    made = await bistro.add("cloudprnt", layout=layout)
    star = StarPrinter(bistro.http, made["secret_url"], print_mm="48")

    await star.poll()

    assert (await bistro.shown(made))["layout"]["paper"] == "80"


async def test_old_firmware_knows_no_tokens_and_tells_less(bistro):
    made = await bistro.add("cloudprnt")
    star = StarPrinter(
        bistro.http,
        made["secret_url"],
        knows_tokens=False,
        answers=False,
        tells_printing=False,
    )
    await star.poll()
    for name in ("One", "Two"):
        await bistro.ticket(name)

    assert await star.work("OK")
    assert await star.work("200")

    assert [job["status"] for job in await bistro.jobs()] == ["acknowledged"] * 2
    assert len({paper.data for paper in star.papers}) == 2


async def test_a_confirmation_may_come_by_get(bistro):
    _, star = await bistro.star()
    star.confirms_by_get = True
    await bistro.ticket()

    assert await star.work()

    assert (await bistro.job())["status"] == "acknowledged"


async def test_the_guides_own_words_are_understood(bistro):
    made = await bistro.add("cloudprnt")
    body = (
        '{"status": "23 6 0 0 0 0 0 0 0 ", "printerMAC": "00:11:e5:06:04:ff", '
        '"uniqueID": "Star1", "statusCode": "200%20OK", "clientAction": ['
        '{"request":"GetPollInterval","result":"10"}, {"request":"Encodings","result":'
        '"image/png; image/jpeg; application/vnd.star.raster; text/plain"}]}'
    )

    answer = await bistro.http.post(made["secret_url"], content=body)

    assert answer.json() == {"jobReady": False}
    shown = await bistro.shown(made)
    assert shown["poll_seconds"] == 10
    assert "image/jpeg" in shown["status"]["media"]


async def test_an_exchange_with_a_strangers_emulator_goes_as_it_was_recorded(bistro):
    """Every request of LinusU/cloudprnt-emulator, byte for byte, with two jobs in the
    queue, and what it was answered. It knows no questions and confirms with 200."""
    url = (await bistro.add("cloudprnt"))["secret_url"]
    for name in ("One", "Two"):
        await bistro.ticket(name)
    tokens: dict[str, str] = {}

    for step in json.loads(EXCHANGE.read_text()):
        query = step["query"]
        for word, token in tokens.items():
            query = query.replace(word, token)
        answer = await bistro.http.request(
            step["method"],
            f"{url}?{query}".rstrip("?"),
            content=step["body"],
            headers={"Content-Type": "application/json", "User-Agent": "node-fetch"},
        )
        assert answer.status_code == step["status"]
        assert answer.headers.get("Content-Type") == step["media"]
        if step["answer"] is None:
            continue
        said, expected = answer.json(), step["answer"]
        if "jobToken" in said:
            tokens[expected["jobToken"]] = said.pop("jobToken")
            del expected["jobToken"]
        assert said == expected

    assert [job["status"] for job in await bistro.jobs()] == ["acknowledged"] * 2


async def test_a_printer_without_pictures_gets_letters(bistro):
    _, star = await bistro.star()
    star.takes = ("text/plain",)
    await star.poll(clientAction=[{"request": "Encodings", "result": "text/plain"}])
    await bistro.ticket("Maíz con ñ 羊")

    said = await star.poll()
    assert said["mediaTypes"] == ["text/plain"]
    assert await star.work()

    [paper] = star.papers
    assert paper.media == "text/plain"  # old firmware takes no charset
    assert "Maíz con ñ ?" in words(paper.data)
    assert all(byte >= 0x20 or byte == 0x0A for byte in paper.data)


async def test_a_layout_of_letters_is_offered_as_letters(bistro):
    _, star = await bistro.star(layout={"render": "text", "codepage": "cp1252"})
    await bistro.ticket("Crème")

    said = await star.poll()
    star.print(await star.fetch(said))

    assert said["mediaTypes"] == ["text/plain", PNG]
    assert "Crème" in star.papers[0].data.decode("cp1252")


async def test_a_buzzer_calls_once_for_a_ticket(bistro):
    _, star = await bistro.star(copies=2, layout={"buzzer": "epson", "cut": "full"})
    await bistro.ticket()
    await bistro.receipt()

    for _ in range(3):
        assert await star.work()

    assert star.buzzes == 1
    assert [paper.cut for paper in star.papers] == ["full; feed=true"] * 3
    assert {job["status"] for job in await bistro.jobs()} == {"acknowledged"}


# --- asked again, asked wrongly ---------------------------------------------------


async def test_a_job_may_be_fetched_again_and_is_the_same(bistro):
    _, star = await bistro.star()
    await bistro.ticket()

    said = await star.poll()
    first, second = await star.fetch(said), await star.fetch(said)

    assert first.content == second.content
    assert (await bistro.job())["attempts"] == 1
    star.print(second)
    await star.confirm(said)
    assert (await bistro.job())["status"] == "acknowledged"


async def test_a_poll_before_the_job_is_fetched_offers_it_again(bistro):
    _, star = await bistro.star()
    await bistro.ticket()

    first, second = await star.poll(), await star.poll()

    assert first == second
    assert first["jobReady"] is True
    assert (await bistro.job())["attempts"] == 1


async def test_a_job_in_print_is_offered_to_nobody(bistro):
    _, star = await bistro.star()
    _, other = await bistro.star()
    await bistro.ticket()

    await star.fetch(await star.poll())

    assert await star.poll() == {"jobReady": False}
    assert await star.poll(printing=True) == {"jobReady": False}
    assert await other.poll() == {"jobReady": False}


async def test_a_medium_that_we_do_not_have_is_refused(bistro):
    _, star = await bistro.star()
    await bistro.ticket()
    said = await star.poll()

    refused = await star.fetch(said, "image/jpeg")

    assert (refused.status_code, refused.json()["code"]) == (415, "job.medium")
    assert (await bistro.job())["state"] == "leased"
    assert (await star.fetch(said)).status_code == 200


async def test_no_medium_gets_the_best_one(bistro):
    _, star = await bistro.star()
    await bistro.ticket()
    said = await star.poll()

    answer = await bistro.http.get(star.url, params={"token": said["jobToken"]})

    assert answer.headers["Content-Type"] == PNG


async def test_without_a_job_there_is_nothing_to_fetch(bistro):
    _, star = await bistro.star()

    for query in ({}, {"token": "0" * 25}, {"token": "x-9", "type": PNG}):
        answer = await bistro.http.get(star.url, params=query)
        assert (answer.status_code, answer.json()["code"]) == (404, "job.none")


async def test_a_job_that_was_printed_is_not_fetched_again(bistro):
    _, star = await bistro.star()
    await bistro.ticket()
    said = await star.poll()
    star.print(await star.fetch(said))
    await star.confirm(said)

    assert (await star.fetch(said)).status_code == 404
    await star.confirm(said, retry="2")  # its answer was lost
    assert (await bistro.job())["status"] == "acknowledged"


async def test_a_late_repetition_without_token_takes_no_other_job_away(bistro):
    _, star = await bistro.star()
    star.knows_tokens = False
    for name in ("One", "Two"):
        await bistro.ticket(name)
    assert await star.work()

    said = await star.poll()
    await star.confirm(said, retry="1")  # of the first one, once more

    assert [job["state"] for job in await bistro.jobs()] == ["printed", "leased"]
    star.print(await star.fetch(said))
    await star.confirm(said)
    assert [job["state"] for job in await bistro.jobs()] == ["printed", "printed"]


async def test_fetches_at_the_same_moment_start_one_job(bistro):
    _, star = await bistro.star()
    await bistro.ticket()
    said = await star.poll()

    answers = await asyncio.gather(*(star.fetch(said) for _ in range(4)))

    fetched = {answer.content for answer in answers if answer.status_code == 200}
    assert len(fetched) == 1
    job = await bistro.job()
    assert (job["state"], job["attempts"]) == ("printing", 1)


# --- how it went ------------------------------------------------------------------


@pytest.mark.parametrize("code", ["OK", "200 OK", "200%20OK", "211 Paper low", "2"])
async def test_what_ends_well_was_printed(bistro, code):
    _, star = await bistro.star()
    await bistro.ticket()
    said = await star.poll()
    star.print(await star.fetch(said))

    await star.confirm(said, code if code != "2" else "220 Busy")

    assert (await bistro.job())["status"] == "acknowledged"


@pytest.mark.parametrize("code", ["510 Incompatible", "511 Decode", "512 Version"])
async def test_what_the_printer_cannot_read_fails_for_good(bistro, code):
    _, star = await bistro.star()
    await bistro.ticket()
    said = await star.poll()
    await star.fetch(said)

    await star.confirm(said, code)

    job = await bistro.job()
    assert (job["status"], job["state"]) == ("failed", "dead")
    assert job["error_code"] == f"star.{code[:3]}"
    assert job["last_error"] == f"The printer said: {code}."
    assert await star.poll() == {"jobReady": False}


async def test_a_job_that_did_not_arrive_is_kept_and_comes_unmarked(bistro, clock):
    _, star = await bistro.star()
    await bistro.ticket()
    said = await star.poll()
    plain = await star.fetch(said)

    await star.confirm(said, "520 Timeout")

    job = await bistro.job()
    assert (job["status"], job["error_code"]) == ("queued", "star.520")
    assert job["possible_duplicate"] is False
    clock.forward(3)
    again = await star.poll()
    assert (await star.fetch(again)).content == plain.content


@pytest.mark.parametrize("code", ["500 Whatever", "nonsense", None])
async def test_what_nobody_understands_may_be_on_paper(bistro, clock, code):
    _, star = await bistro.star()
    await bistro.ticket()
    said = await star.poll()
    plain = await star.fetch(said)

    await star.confirm(said, code)

    job = await bistro.job()
    assert (job["status"], job["possible_duplicate"]) == ("queued", True)
    clock.forward(3)
    assert (await star.fetch(await star.poll())).content != plain.content


async def test_five_failures_are_the_last(bistro, clock):
    _, star = await bistro.star()
    await bistro.ticket()

    for _ in range(5):
        said = await star.poll()
        await star.fetch(said)
        await star.confirm(said, "520 Timeout")
        clock.forward(30)

    assert await star.poll() == {"jobReady": False}
    job = await bistro.job()
    assert (job["state"], job["attempts"]) == ("dead", 5)


# --- the printer's own faults -----------------------------------------------------


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        ("410 Paper empty", "printer.paper_out"),
        ("411 Paper jam", "printer.error"),
        ("420 Cover open", "printer.cover_open"),
    ],
)
async def test_a_fault_keeps_the_queue_and_spends_no_attempt(bistro, status, fault):
    made, star = await bistro.star()
    await bistro.ticket()

    star.status = status
    assert await star.poll() == {"jobReady": False}

    shown = await bistro.shown(made)
    assert (shown["fault"], shown["health"]) == (fault, "fault")
    assert shown["status"]["code"] == status
    assert (await bistro.job())["attempts"] == 0
    star.status = "200 OK"
    assert await star.work()
    assert (await bistro.shown(made))["fault"] is None
    assert (await bistro.job())["status"] == "acknowledged"


async def test_a_fault_in_the_middle_of_a_ticket_marks_the_next_copy(bistro):
    _, star = await bistro.star()
    await bistro.ticket()
    plain = await star.fetch(await star.poll())

    star.status = "410 Paper empty"
    for _ in range(3):
        assert await star.poll() == {"jobReady": False}

    job = await bistro.job()
    assert (job["status"], job["attempts"]) == ("queued", 0)
    assert job["possible_duplicate"] is True
    star.status = "200 OK"
    said = await star.poll()
    again = await star.fetch(said)
    assert again.content != plain.content
    star.print(again)
    await star.confirm(said)
    assert (await bistro.job())["status"] == "acknowledged"


@pytest.mark.parametrize(
    ("status", "state", "code"),
    [
        ("430 Printer error", "dead", "printer.error"),
        ("420 Cover open", "queued", "printer.cover_open"),
    ],
)
async def test_a_ticket_that_breaks_its_printer_fails_in_the_end(
    bistro, status, state, code
):
    """A cover is shut again by somebody, however often it was open."""
    _, star = await bistro.star()
    await bistro.ticket()

    for _ in range(5):
        assert (await bistro.job())["state"] == "queued"
        star.status = "200 OK"
        await star.fetch(await star.poll())
        star.status = status
        await star.poll()

    job = await bistro.job()
    assert (job["state"], job["error_code"], job["attempts"]) == (state, code, 0)
    assert job["possible_duplicate"]
    star.status = "200 OK"
    assert (await star.poll())["jobReady"] is (state == "queued")


async def test_the_first_copy_in_letters_is_no_copy_as_in_pictures(bistro):
    _, star = await bistro.star(copies=2)
    await bistro.ticket()
    said = await star.poll()

    first = await star.fetch(said, "text/plain")
    await star.confirm(said)
    second = await star.fetch(await star.poll(), "text/plain")

    assert b"COPY" not in first.content
    assert b"COPY 2 OF 2" in second.content


async def test_a_fault_before_the_job_was_fetched_marks_nothing(bistro):
    _, star = await bistro.star()
    await bistro.ticket()
    await star.poll()

    star.status = "420 Cover open"
    await star.poll()

    job = await bistro.job()
    assert (job["state"], job["attempts"]) == ("queued", 0)
    assert job["possible_duplicate"] is False


async def test_the_other_printer_of_the_station_takes_over_at_once(bistro):
    _, broken = await bistro.star(stations=["kitchen"])
    _, well = await bistro.star(stations=["kitchen"])
    await bistro.ticket()
    await broken.fetch(await broken.poll())

    broken.status = "411 Paper jam"
    await broken.poll()

    assert await well.work()
    assert (await bistro.job())["status"] == "acknowledged"
    broken.status = "200 OK"
    assert await broken.poll() == {"jobReady": False}


async def test_a_paper_that_came_out_all_the_same_is_not_printed_again(bistro):
    _, star = await bistro.star()
    await bistro.ticket()
    said = await star.poll()
    star.print(await star.fetch(said))
    star.status = "420 Cover open"
    await star.poll()

    await star.confirm(said)
    star.status = "200 OK"

    assert (await bistro.job())["status"] == "acknowledged"
    assert await star.poll() == {"jobReady": False}


async def test_a_backup_takes_what_waits_too_long_and_says_so(bistro, clock):
    helper, other = await bistro.star(stations=["bar"])
    own, star = await bistro.star(stations=["kitchen"], backup_id=helper["id"])
    await bistro.ticket()
    star.status = "410 Paper empty"
    await star.poll()
    assert await other.poll() == {"jobReady": False}

    clock.forward(61)
    await star.poll()
    assert await other.work()

    job = await bistro.job()
    assert job["status"] == "acknowledged"
    assert job["failover_from"] == own["id"]
    assert other.papers[0].data == (await bistro.preview(job["id"])).content


# --- silence ----------------------------------------------------------------------


async def test_a_job_that_nobody_confirms_comes_again_marked(bistro, clock):
    _, star = await bistro.star()
    await bistro.ticket()
    plain = await star.fetch(await star.poll())

    clock.forward(LEASE - 1)
    assert await star.poll() == {"jobReady": False}
    clock.forward(2)
    said = await star.poll()

    assert said["jobReady"] is True
    marked = await star.fetch(said)
    assert marked.content != plain.content
    assert (await bistro.job())["possible_duplicate"] is True


async def test_letters_say_that_they_may_be_the_second_copy(bistro, clock):
    _, star = await bistro.star(layout={"render": "text"})
    await bistro.ticket()
    first = await star.fetch(await star.poll())
    clock.forward(LEASE + 1)

    second = await star.fetch(await star.poll())

    assert "POSSIBLE DUPLICATE" not in words(first.content)
    assert words(second.content).count("POSSIBLE DUPLICATE") == 2


async def test_a_late_confirmation_counts_while_nobody_else_began(bistro, clock):
    _, star = await bistro.star()
    star.knows_tokens = False
    await bistro.ticket()
    said = await star.poll()
    star.print(await star.fetch(said))
    clock.forward(LEASE + 1)
    assert (await bistro.job())["state"] == "queued"  # staff looked

    await star.confirm(said)

    assert (await bistro.job())["status"] == "acknowledged"
    assert await star.poll() == {"jobReady": False}


async def test_a_job_fetched_too_late_is_offered_anew(bistro, clock):
    _, star = await bistro.star()
    await bistro.ticket()
    said = await star.poll()
    clock.forward(LEASE + 1)

    assert (await star.fetch(said)).status_code == 404
    assert (await star.poll())["jobReady"] is True
    assert (await bistro.job())["possible_duplicate"] is False


async def test_a_printer_that_prints_for_long_keeps_its_job_for_a_while(bistro, clock):
    _, star = await bistro.star()
    await bistro.ticket()
    said = await star.poll()
    star.print(await star.fetch(said))

    for _ in range(9):
        clock.forward(30)
        assert await star.poll(printing=True) == {"jobReady": False}

    assert (await bistro.job())["state"] == "printing"
    await star.confirm(said)
    assert (await bistro.job())["status"] == "acknowledged"


async def test_a_printer_that_prints_for_ever_does_not(bistro, clock):
    _, star = await bistro.star()
    await bistro.ticket()
    await star.fetch(await star.poll())

    for _ in range(13):
        clock.forward(30)
        await star.poll(printing=True)

    assert (await bistro.job())["possible_duplicate"] is True


@pytest.mark.parametrize(("interval", "patience"), [("5", 60), ("120", 245)])
async def test_silence_is_told_after_two_polls_and_a_bit(
    bistro, clock, interval, patience
):
    made = await bistro.add("cloudprnt")
    star = StarPrinter(bistro.http, made["secret_url"], interval=interval)
    await star.poll()

    clock.forward(patience - 11)  # it is written down every ten seconds
    assert (await bistro.shown(made))["health"] == "ok"
    clock.forward(12)
    assert (await bistro.shown(made))["health"] == "silent"
    await star.poll()
    assert (await bistro.shown(made))["health"] == "ok"


# --- the drawer -------------------------------------------------------------------


async def test_a_drawer_opens_without_paper(bistro):
    _, star = await bistro.star()
    await bistro.kick()

    said = await star.poll()
    assert said["mediaTypes"] == ["text/plain"]
    answer = await star.fetch(said)
    assert answer.headers["X-Star-CashDrawer"] == "start"
    assert answer.headers["X-Star-Cut"] == "none; feed=false"
    star.print(answer)
    await star.confirm(said)

    assert (star.kicks, star.papers) == (1, [])
    assert (await bistro.job())["status"] == "acknowledged"


async def test_a_drawer_is_never_kicked_twice(bistro, clock):
    _, star = await bistro.star()
    await bistro.kick()
    said = await star.poll()
    star.print(await star.fetch(said))

    assert (await star.fetch(said)).status_code == 404
    clock.forward(LEASE + 1)
    assert await star.poll() == {"jobReady": False}
    assert (await bistro.job())["state"] == "in_doubt"
    assert star.kicks == 1


async def test_fetches_at_the_same_moment_kick_once(bistro):
    _, star = await bistro.star()
    await bistro.kick()
    said = await star.poll()

    answers = await asyncio.gather(*(star.fetch(said) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]


async def test_a_drawer_that_waited_too_long_stays_closed(bistro, clock):
    _, star = await bistro.star()
    await bistro.kick()
    said = await star.poll()

    clock.forward(11)

    assert (await star.fetch(said)).status_code == 404
    assert await star.poll() == {"jobReady": False}
    assert (await bistro.job())["state"] == "expired"


# --- copies -----------------------------------------------------------------------


async def test_every_copy_is_cut_off_and_numbered(bistro):
    _, star = await bistro.star(copies=3)
    await bistro.ticket()

    for _ in range(3):
        assert (await bistro.job())["status"] != "acknowledged"
        assert await star.work()

    assert len({paper.data for paper in star.papers}) == 3
    assert (await bistro.job())["status"] == "acknowledged"
    assert (await bistro.job())["attempts"] == 1
    assert not await star.work()


async def test_repeated_confirmations_count_once_for_copies(bistro):
    _, star = await bistro.star(copies=2)
    star.knows_tokens = False
    await bistro.ticket()
    said = await star.poll()
    star.print(await star.fetch(said))

    await star.confirm(said)
    await star.confirm(said, retry="1")

    assert (await bistro.job())["state"] == "printing"
    assert await star.work()
    assert (await bistro.job())["status"] == "acknowledged"


async def test_copies_that_are_missing_come_again_all_and_marked(bistro, clock):
    _, star = await bistro.star(copies=2)
    await bistro.ticket()
    assert await star.work()
    clock.forward(LEASE + 1)

    assert await star.work()
    assert await star.work()

    assert len({paper.data for paper in star.papers}) == 3
    assert (await bistro.job())["status"] == "acknowledged"


# --- the address is the secret ------------------------------------------------------


async def test_only_the_secrets_hash_is_stored(bistro):
    from restaurant.crud import read

    made = await bistro.add("cloudprnt")
    secret = made["secret_url"].rpartition("/")[2]
    assert len(secret) == 64
    assert int(secret, 16) >= 0
    async with read() as conn:
        row = await conn.one(
            "SELECT * FROM restaurant.printers WHERE id = :id", id=made["id"]
        )

    assert row["secret_hash"] == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(row)
    assert secret not in str(await bistro.shown(made))


@pytest.mark.parametrize(
    "secret", ["0" * 64, "x", "%00", "cloudprnt-setting.json", "ß" * 30]
)
async def test_an_unknown_secret_learns_nothing(bistro, secret):
    url = f"{API}/cloudprnt/{secret}"

    for method in ("GET", "POST", "DELETE"):
        answer = await bistro.http.request(method, url, json={"statusCode": "200"})
        assert answer.status_code == 404
        assert answer.json()["detail"] == "There is nothing at this address."


async def test_an_address_is_good_for_its_own_printer_and_protocol(bistro):
    _, star = await bistro.star(stations=["kitchen"])
    other, _ = await bistro.star(stations=["bar"])
    await bistro.ticket()
    said = await star.poll()

    stranger = StarPrinter(bistro.http, other["secret_url"])
    assert (await stranger.fetch(said)).status_code == 404
    await stranger.confirm(said)
    assert (await bistro.job())["state"] == "leased"
    wrong = star.url.replace("/cloudprnt/", "/epson/")
    answer = await bistro.http.post(wrong, data={"ConnectionType": "GetRequest"})
    assert answer.status_code == 404


async def test_a_new_secret_ends_the_old_one(bistro):
    made, star = await bistro.star()
    answer = await bistro.http.post(
        f"{API}/printers/{made['id']}/secret", headers=bistro.wallet.admin
    )

    assert (await bistro.http.post(star.url, json={})).status_code == 404
    star.url = answer.json()["secret_url"]
    assert (await star.poll())["jobReady"] is False


async def test_a_paused_printer_gets_nothing(bistro):
    made, star = await bistro.star()
    await bistro.ticket()

    await bistro.change(made, is_paused=True)
    assert await star.poll() == {"jobReady": False}
    await bistro.change(made, is_paused=False)
    assert await star.work()


@pytest.mark.parametrize("door", ["cloudprnt", "epson"])
@pytest.mark.parametrize("name", ["uvicorn.access", "slowapi"])
async def test_no_log_shows_the_address(bistro, caplog, door, name):
    secret = (await bistro.add(door))["secret_url"].rpartition("/")[2]
    path = f"{API}/{door}/{secret}"
    logger = logging.getLogger(name)
    caplog.set_level(logging.INFO, name)
    logger.addHandler(caplog.handler)

    logger.info(
        '%s - "%s %s HTTP/%s" %d', "1.2.3.4:5", "PUT", f"{path}?a=1", "1.1", 405
    )
    logger.info(f"exceeded at endpoint: {path}/cloudprnt-setting.json")

    logger.removeHandler(caplog.handler)
    assert secret not in caplog.text
    assert f'"PUT {API}/{door}/...?a=1 HTTP/1.1" 405' in caplog.text
    assert f"{API}/{door}/.../cloudprnt-setting.json" in caplog.text


async def test_more_than_http_is_not_to_be_had(bistro):
    _, star = await bistro.star()

    answer = await bistro.http.get(f"{star.url}/cloudprnt-setting.json?mac={star.mac}")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe", b"[]", b"{", b"null", b'"200"', b"{" * 5000, b'{"a": NaN}'],
)
async def test_garbage_is_refused(bistro, body):
    _, star = await bistro.star()

    answer = await bistro.http.post(star.url, content=body)

    assert answer.status_code == 400


async def test_a_large_body_is_refused(bistro):
    _, star = await bistro.star()
    body = b'{"statusCode": "' + b"2" * 300_000 + b'"}'

    assert (await bistro.http.post(star.url, content=body)).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"statusCode": None, "printerMAC": None, "clientAction": None},
        {"statusCode": 200, "printerMAC": 5, "printingInProgress": "yes"},
        {"statusCode": ["200"], "clientAction": {"request": "PageInfo"}},
        {"clientAction": [None, 5, {"request": None}, {"request": "Encodings"}]},
        {"clientAction": [{"request": "PageInfo", "result": {"printWidth": "1e999"}}]},
    ],
)
async def test_fields_that_are_missing_or_mad_do_no_harm(bistro, body):
    _, star = await bistro.star()
    await bistro.ticket()

    answer = await bistro.http.post(star.url, json=body)

    assert answer.status_code == 200
    assert answer.json()["jobReady"] is True
