"""A job's bytes: what its paper says beside its document, and what is remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from builders import a_print_job
from escpos_machine import decode
from harness import API

pytestmark = pytest.mark.usefixtures("quiet")

LETTERS: dict[str, Any] = {"render": "text", "codepage": "cp858"}


@pytest_asyncio.fixture
async def printers(shop: Any) -> list[Any]:
    """Two printers of a printer-pi, as stored: Grill and Bar."""
    from restaurant.crud import read
    from restaurant.features.printers import crud

    device = await shop.client.post(
        f"{API}/restaurants/{shop.id}/devices",
        json={"name": "pi", "role": "printer"},
        headers=shop.wallet.admin,
    )
    told = await shop.client.post(
        f"{API}/restaurants/{shop.id}/printers/status",
        json={"printers": [{"name": "Grill"}, {"name": "Bar"}]},
        headers={"Authorization": f"Bearer {device.json()['token']}"},
    )
    assert told.status_code == 200, told.text
    async with read() as conn:
        found = await crud.of_restaurant(conn, shop.id)
    return sorted(found, key=lambda printer: printer.name, reverse=True)


def lines(rendered: Any) -> list[str]:
    return [line.strip() for ticket in decode(rendered.data) for line in ticket.lines]


async def test_a_copy_of_another_printer_s_job_says_whose_it_is(shop, printers):
    from restaurant.features.papers.models import Layout
    from restaurant.flows.rendering import prepare

    grill, bar = printers
    job = a_print_job(restaurant_id=shop.id, failover_from=grill.id, taken_by=bar.id)

    paper = lines(await prepare(job, Layout(**LETTERS), bar))

    assert paper[0] == paper[-1] == "*** BACKUP OF Grill ***"


async def test_a_printer_that_was_forgotten_is_named_by_its_station(shop, printers):
    from restaurant.features.papers.models import Layout
    from restaurant.flows.rendering import prepare

    job = a_print_job(restaurant_id=shop.id, failover_from="gone")

    paper = lines(await prepare(job, Layout(**LETTERS)))

    assert paper[0] == f"*** BACKUP OF {job.station} ***"


async def test_all_marks_stand_together_in_the_layout_s_language(shop, printers):
    from restaurant.features.papers.models import Layout
    from restaurant.flows.rendering import prepare

    grill, bar = printers
    job = a_print_job(
        restaurant_id=shop.id,
        failover_from=grill.id,
        reprint_of="first",
        reprint_n=2,
        confirm="in_doubt",
    )

    both = replace(bar, copies=2)
    paper = await prepare(job, Layout(language="es", **LETTERS), both)

    one, two = ([line.strip() for line in t.lines] for t in decode(paper.data))
    marks = {
        "*** POSIBLE DUPLICADO ***",
        "*** REIMPRESIÓN 2 ***",
        "*** RESPALDO DE Grill ***",
    }
    assert set(one[:3]) == set(one[-3:]) == marks
    assert set(two[:4]) == {*marks, "*** COPIA 2 DE 2 ***"}


async def test_a_job_s_own_copies_and_its_printer_s_multiply_for_tickets_alone(
    shop, printers
):
    from restaurant.flows.rendering import copies_of

    printer = replace(printers[0], copies=3)
    ticket = a_print_job(restaurant_id=shop.id, copies=2)

    assert copies_of(ticket, printer) == 6
    assert copies_of(ticket, None) == 2
    assert copies_of(replace(ticket, kind="receipt"), printer) == 2
    assert copies_of(replace(ticket, kind="void_slip", copies=0), printer) == 1


async def test_pictures_can_be_had_where_the_layout_asks_for_letters(shop, printers):
    from restaurant.features.papers.models import Layout
    from restaurant.flows.rendering import bitmaps_of, prepare

    printer = replace(printers[0], copies=2)
    job = a_print_job(restaurant_id=shop.id)

    pictures = await bitmaps_of(job, Layout(**LETTERS), printer)
    rendered = await prepare(job, Layout(), printer)

    assert [each.width for each in pictures] == [576, 576]
    assert [each.sha256 for each in pictures] == [
        each.sha256 for each in rendered.bitmaps
    ]
    assert rendered.bitmap_sha256 == pictures[0].sha256
    assert await bitmaps_of(replace(job, kind="drawer"), Layout()) == ()


async def test_what_was_drawn_is_not_drawn_again_and_memory_is_bounded(shop, printers):
    from restaurant.core.bitmaps import Bitmap
    from restaurant.features.papers.models import Layout
    from restaurant.flows import rendering

    job = a_print_job(restaurant_id=shop.id)
    beside = rendering.Beside()
    first = rendering.draw(job, Layout(), beside)

    leased = replace(job, id="other", attempts=3, lease_token="x", taken_by="y")
    assert rendering.draw(leased, Layout(), beside) is first
    others = [
        rendering.draw(job, Layout(paper="58"), beside),
        rendering.draw(job, Layout(), rendering.Beside(backup_of="Grill")),
        rendering.draw(job, Layout(), beside, 2, 2),
        rendering.draw(replace(job, reprint_n=1), Layout(), beside),
        rendering.draw(replace(job, confirm="in_doubt"), Layout(), beside),
    ]
    assert len({each.sha256 for each in (first, *others)}) == 6

    drawn = rendering.Drawn(bytes_max=1_000)
    for n in range(9):
        drawn.put(bytes([n]), Bitmap(8, 300, bytes(300)))
    assert [drawn.get(bytes([n])) is not None for n in range(9)] == [
        *[False] * 6,
        *[True] * 3,
    ]
