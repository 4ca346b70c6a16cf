"""A hundred orders over three printers: everything once, at its place, in its order,
and just as the preview shows it."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image, ImageChops

from harness import API, eventually

STATIONS = ("kitchen", "bar", "cold")
ORDERS = 100
SECONDS = 240


def printed(line: Any, station: str) -> list[str]:
    """The pictures on a printer's paper, by their hashes."""
    return [ticket.sha256 for ticket in line.paper[station].tickets]


async def test_a_hundred_orders_come_out_once_each_at_their_stations_in_order(
    make_line: Any,
) -> None:
    line = make_line(*STATIONS, render="raster")
    dice = random.Random(6)
    line.pi.start()
    wanted = 0
    for _ in range(ORDERS):
        stations = dice.sample(STATIONS, dice.randint(1, 3))
        line.shop.paid(*stations)
        wanted += len(stations)

    await eventually(
        lambda: sum(len(printer.tickets) for printer in line.paper.values()) >= wanted,
        SECONDS,
        0.2,
    )
    await eventually(lambda: set(line.shop.states()) == {"printed"}, SECONDS, 0.2)

    jobs = line.shop.jobs()
    assert len(jobs) == wanted
    assert len({job["bitmap_sha256"] for job in jobs}) == wanted
    assert {job["attempts"] for job in jobs} == {1}
    ids = {each["id"]: name for name, each in line.shop.printers().items()}
    assert {(ids[job["taken_by"]], job["station"]) for job in jobs} == {
        (station, station) for station in STATIONS
    }
    for station in STATIONS:
        expected = [job["bitmap_sha256"] for job in jobs if job["station"] == station]
        assert printed(line, station) == expected


async def test_the_paper_is_the_preview_dot_by_dot(make_line: Any) -> None:
    line = make_line("kitchen", render="raster")
    await line.queued()
    line.pi.start()
    await line.until("printed")

    [job] = line.shop.jobs()
    path = f"{API}/print_jobs/{job['id']}/preview.png"
    response = line.shop.server.http.get(path, headers=line.shop.owner.admin)

    assert response.status_code == 200
    assert response.headers["X-Bitmap-Sha256"] == job["bitmap_sha256"]
    preview = Image.open(io.BytesIO(response.content)).convert("1")
    [ticket] = line.printer.tickets
    assert ticket.sha256 == job["bitmap_sha256"]
    paper = ticket.image.crop((0, 0, *preview.size))
    assert preview.size == (576, ticket.dots)
    assert ImageChops.logical_xor(preview, paper).getbbox() is None
