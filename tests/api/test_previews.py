"""Pictures of paper: what is shown is what is printed, then, now and years later."""

from __future__ import annotations

import io
from base64 import b64decode
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from escpos_machine import commands, decode
from harness import API

pytestmark = pytest.mark.usefixtures("quiet")

LNURL = "LNURL1DP68GURN8GHJ7MRWW4EXCTNXD9SHG6NPVCHXXMMD9AKXUATJDSKHW6T5DPJ8YCTH8AEK2UM"


class Kitchen:
    """A shop with a printer-pi, other devices, and who they are."""

    def __init__(self, shop: Any, headers: dict[str, dict[str, str]]) -> None:
        self.shop = shop
        self.headers = headers

    @property
    def path(self) -> str:
        return f"/restaurants/{self.shop.id}"

    async def call(
        self, method: str, path: str, body: Any = None, who: str = "owner"
    ) -> Any:
        return await self.shop.client.request(
            method, API + path, json=body, headers=self.headers[who]
        )

    async def done(self, *arguments: Any, **more: Any) -> Any:
        response = await self.call(*arguments, **more)
        assert response.is_success, response.text
        return response.json() if response.content else None

    async def claim(self, who: str = "pi", name: str = "grill") -> Any:
        body = {"printers": [name], "wait": 0, "format": "escpos"}
        return await self.done("POST", f"{self.path}/print_jobs/claim", body, who=who)

    async def printer(self, who: str = "pi", name: str = "grill") -> dict[str, Any]:
        """The printer's row; it is made by the first that is heard of it."""
        body = {"printers": [{"name": name}]}
        told = await self.done("POST", f"{self.path}/printers/status", body, who=who)
        return told["printers"][0]

    async def lay_out(self, **layout: Any) -> dict[str, Any]:
        row = await self.printer()
        path = f"/printers/{row['id']}"
        return await self.done("PATCH", path, {"layout": layout})

    async def preview(self, job: dict[str, Any], who: str = "owner") -> Any:
        return await self.call("GET", f"/print_jobs/{job['id']}/preview.png", who=who)

    async def tell(self, what: str, job: dict[str, Any], **body: Any) -> Any:
        method = "PUT" if what in ("ack", "fail") else "POST"
        body = {"lease_token": job["lease_token"], **body}
        path = f"/print_jobs/{job['id']}/{what}"
        return await self.done(method, path, body, who="pi")

    async def queued(self) -> list[dict[str, Any]]:
        page = await self.done("GET", f"{self.path}/print_jobs?limit=500")
        return page["data"]


@pytest_asyncio.fixture
async def kitchen(shop: Any) -> Kitchen:
    owner = shop.wallet.admin
    headers = {"owner": owner, "reader": shop.wallet.invoice}
    roles = {"pi": "printer", "bar": "printer"}
    for name in (*roles, "kds", "pos", "manager"):
        stations = ["bar"] if name == "bar" else []
        body = {"name": name, "role": roles.get(name, name), "stations": stations}
        made = await shop.client.post(
            f"{API}/restaurants/{shop.id}/devices", json=body, headers=owner
        )
        assert made.status_code == 201, made.text
        headers[name] = {"Authorization": f"Bearer {made.json()['token']}"}
    return Kitchen(shop, headers)


@pytest_asyncio.fixture
async def ticket(kitchen: Kitchen, settle: Any) -> dict[str, Any]:
    """A kitchen's ticket that waits: two tacos with brisket."""
    shop = kitchen.shop
    cart = shop.cart(shop.line("Tacos", 2, "Maíz", "Brisket"))
    placed = await shop.placed(cart)
    await settle(placed)
    [job] = await kitchen.queued()
    return job


def dots(png: bytes) -> tuple[int, int, bytes]:
    """A picture's width, height and rows, 1 for black."""
    image = Image.open(io.BytesIO(png))
    assert (image.format, image.mode) == ("PNG", "1")
    black = image.point(lambda dot: 0 if dot else 1)
    return (*image.size, black.tobytes())


def papers(job: dict[str, Any], width: int = 576) -> list[Any]:
    """What the bytes of a claim put on paper."""
    assert job["payload"]["format"] == "escpos"
    return decode(b64decode(job["payload"]["data"]), width)


# --- a job ---------------------------------------------------------------------


async def test_preview_and_print_are_the_same_dots(kitchen, ticket):
    before = await kitchen.preview(ticket)

    job = await kitchen.claim()
    after = await kitchen.preview(job)

    [paper] = papers(job)
    assert paper.bitmap == dots(after.content) == dots(before.content)
    assert paper.is_cut
    sha256 = job["payload"]["bitmap_sha256"]
    assert sha256 == paper.sha256 == job["bitmap_sha256"]
    assert after.headers["x-bitmap-sha256"] == sha256
    assert after.headers["etag"] == f'"{sha256}"'
    assert after.headers["content-type"] == "image/png"
    assert after.headers["cache-control"] == "private, no-cache"


async def test_a_printed_job_shows_what_came_out_whatever_the_layout_is_now(
    kitchen, ticket
):
    await kitchen.lay_out(paper="58", language="es")
    job = await kitchen.claim()
    await kitchen.tell("start", job)
    await kitchen.tell("ack", job, confirm="drain")

    await kitchen.lay_out(paper="80", language="de", text_size="large")

    [paper] = papers(job, 384)
    assert dots((await kitchen.preview(job)).content) == paper.bitmap


async def test_a_waiting_job_shows_how_its_printer_would_print_it(kitchen, ticket):
    small = {"paper": "58", "text_size": "large", "language": "fr"}
    await kitchen.lay_out(**small)

    shown = await kitchen.preview(ticket)

    assert dots(shown.content)[0] == 384
    job = await kitchen.claim()
    assert shown.headers["x-bitmap-sha256"] == job["payload"]["bitmap_sha256"]


async def test_a_doubtful_copy_is_marked_and_stays_marked_in_its_preview(
    kitchen, ticket, clock
):
    first = await kitchen.claim()
    await kitchen.tell("start", first)
    clock.forward(61)

    second = await kitchen.claim()
    shown_before = await kitchen.preview(second)
    await kitchen.tell("start", second)
    await kitchen.tell("ack", second, confirm="process_id")
    shown_after = await kitchen.preview(second)

    [plain], [marked] = papers(first), papers(second)
    assert marked.sha256 != plain.sha256
    assert dots(shown_before.content) == marked.bitmap
    assert dots(shown_after.content) == marked.bitmap
    assert shown_after.headers["x-bitmap-sha256"] == marked.sha256


async def test_a_reprint_shows_its_mark(kitchen, ticket):
    job = await kitchen.claim()
    await kitchen.tell("ack", job)
    path = f"/print_jobs/{job['id']}/reprint"
    again = await kitchen.done("POST", path)

    shown = await kitchen.preview(again)

    [first], [second] = papers(job), papers(await kitchen.claim())
    assert dots(shown.content) == second.bitmap
    assert second.sha256 != first.sha256


async def test_every_copy_comes_out_cut_and_those_after_the_first_say_so(
    kitchen, ticket
):
    row = await kitchen.printer()
    layout = {"render": "text", "codepage": "cp858", "cut": "full"}
    body = {"copies": 3, "layout": layout}
    await kitchen.done("PATCH", f"/printers/{row['id']}", body)

    job = await kitchen.claim()

    one, two, three = papers(job)
    assert [paper.is_cut for paper in (one, two, three)] == [True] * 3
    assert "COPY" not in one.text
    assert two.lines[0].strip() == two.lines[-1].strip() == "*** COPY 2 OF 3 ***"
    assert three.lines[0].strip() == "*** COPY 3 OF 3 ***"
    assert two.lines[1:-1] == one.lines
    assert job["payload"]["bitmap_sha256"] is None


async def test_copies_of_dots_are_pictures_of_their_own(kitchen, ticket):
    row = await kitchen.printer()
    await kitchen.done("PATCH", f"/printers/{row['id']}", {"copies": 2})

    job = await kitchen.claim()

    one, two = papers(job)
    assert one.sha256 == job["payload"]["bitmap_sha256"] != two.sha256
    assert dots((await kitchen.preview(job)).content) == one.bitmap


async def test_letters_are_shown_as_a_picture_as_wide_as_their_columns(kitchen, ticket):
    await kitchen.lay_out(render="text", columns=42, codepage="cp866")

    shown = await kitchen.preview(ticket)

    width, height, rows = dots(shown.content)
    assert width == 42 * 12
    assert height > 200
    assert any(rows)
    [paper] = papers(await kitchen.claim())
    assert "2 x Tacos" in paper.text


async def test_a_buzzer_sounds_once_for_all_copies(kitchen, ticket):
    row = await kitchen.printer()
    body = {"copies": 2, "layout": {"buzzer": "escpos", "cut": "none"}}
    await kitchen.done("PATCH", f"/printers/{row['id']}", body)

    data = b64decode((await kitchen.claim())["payload"]["data"])

    names = [command.name for command in commands(data)]
    assert names.count("ESC B") == 1
    assert (names.count("GS V"), names.count("ESC d")) == (0, 2)


async def test_a_drawer_has_bytes_and_no_paper(kitchen):
    shop = kitchen.shop
    await kitchen.done("PATCH", kitchen.path, {"receipt_station": "counter"})
    await kitchen.lay_out(drawer_pin=5, cut="full")
    placed = await shop.place(shop.cart(payment_method="cash"), **shop.wallet.admin)
    order_id = placed.json()["order"]["id"]
    response = await shop.client.post(
        f"{API}/orders/{order_id}/payments",
        json={"method": "cash", "amount": "10.00", "tendered": "10.00"},
        headers={**shop.wallet.admin, "Idempotency-Key": "0123456789abcdef"},
    )
    assert response.is_success, response.text

    job = await kitchen.claim()
    while job["kind"] != "drawer":
        await kitchen.tell("ack", job)
        job = await kitchen.claim()

    assert b64decode(job["payload"]["data"]) == b"\x1bp\x01\x19\xfa"
    assert job["payload"]["bitmap_sha256"] is None
    refused = await kitchen.preview(job)
    assert (refused.status_code, refused.json()["code"]) == (404, "preview.none")


async def test_a_slip_is_shown_to_few_and_kept_by_nobody(kitchen):
    from restaurant.adapters import system
    from restaurant.crud import transaction
    from restaurant.features.slips.models import SlipLine, VoidSlip
    from restaurant.flows.paying import locked_order
    from restaurant.flows.ticketing import print_void_slip

    shop = kitchen.shop
    await kitchen.done("PATCH", kitchen.path, {"receipt_station": "counter"})
    placed = await shop.place(shop.cart(payment_method="cash"), **shop.wallet.admin)
    slip = VoidSlip(
        amount="10.00 GTQ",
        amount_sat=1586,
        reason="cold",
        destination="Scan this:",
        lines=(SlipLine(quantity=1, name="Agua"),),
        lnurl=LNURL,
        expires_at=1_900_000_000_000,
    )
    async with transaction() as conn:
        order, restaurant = await locked_order(conn, placed.json()["order"]["id"])
        assert await print_void_slip(conn, restaurant, order, slip, system.now())
    [job] = [job for job in await kitchen.queued() if job["kind"] == "void_slip"]

    shown = {who: await kitchen.preview(job, who) for who in kitchen.headers}

    assert {who: answer.status_code for who, answer in shown.items()} == {
        "owner": 200,
        "manager": 200,
        "pi": 200,
        "bar": 404,
        "kds": 403,
        "pos": 403,
        "reader": 403,
    }
    assert shown["owner"].headers["cache-control"] == "private, no-store"
    assert shown["owner"].content == shown["pi"].content


async def test_a_printer_sees_only_its_stations_and_nobody_sees_another_s(
    kitchen, ticket, make_wallet
):
    assert (await kitchen.preview(ticket, "pi")).status_code == 200
    assert (await kitchen.preview(ticket, "bar")).status_code == 404

    kitchen.headers["foreign"] = (await make_wallet()).admin
    assert (await kitchen.preview(ticket, "foreign")).status_code == 404
    unknown = await kitchen.preview({"id": "nothing"})
    assert unknown.status_code == 404


# --- a layout --------------------------------------------------------------------


async def look(kitchen: Kitchen, sample: str = "ticket", **layout: Any) -> Any:
    body = {"sample": sample, "layout": layout}
    return await kitchen.call("POST", f"{kitchen.path}/print_preview", body)


@pytest.mark.parametrize("sample", ["ticket", "receipt", "slip", "test"])
@pytest.mark.parametrize("render", ["raster", "text"])
async def test_every_sample_is_shown_on_both_papers(kitchen, sample, render):
    for paper, width in (("58", 384), ("80", 576)):
        shown = await look(kitchen, sample, paper=paper, render=render)
        assert shown.status_code == 200, shown.text
        assert dots(shown.content)[0] == width


async def test_a_printer_of_other_dots_gets_a_picture_of_its_own_width(kitchen, ticket):
    assert dots((await look(kitchen, dots=512)).content)[0] == 512
    await kitchen.lay_out(dots=512)

    [paper] = papers(await kitchen.claim(), 512)

    assert paper.bitmap == dots((await kitchen.preview(ticket)).content)


async def test_a_sample_changes_with_every_part_of_the_layout(kitchen):
    plain = (await look(kitchen, "receipt")).content

    changes: list[dict[str, Any]] = [
        {"language": "it"},
        {"header": "Plaza de armas"},
        {"footer": "¡Gracias!"},
        {"text_size": "large"},
        {"render": "text"},
    ]
    shown = [(await look(kitchen, "receipt", **change)).content for change in changes]
    assert len({plain, *shown}) == len(changes) + 1

    short, tall = await look(kitchen), await look(kitchen, rail_mm=30)
    assert dots(tall.content)[1] - dots(short.content)[1] == 30 * 8


async def test_a_sample_shows_the_restaurant_s_own_menu(kitchen):
    before = (await look(kitchen)).content
    menu = {"categories": [{"name": "x", "items": [{"name": "羊肉串", "price": "1"}]}]}
    await kitchen.done("PUT", f"{kitchen.path}/menu", menu)

    assert (await look(kitchen)).content != before


async def test_a_sample_needs_no_menu(desk):
    for sample in ("ticket", "receipt", "slip", "test"):
        body = {"sample": sample}
        answer = await desk.call("POST", f"{desk.path}/print_preview", body)
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"layout": {"codepage": "utf-8"}}, "layout.codepage"),
        ({"layout": {"header": "x" * 501}}, "layout.header"),
        ({"layout": {"logo": "../etc"}}, "layout.logo"),
        ({"layout": {"paper": "100"}}, "layout.paper"),
        ({"layout": {"rail_mm": 61}}, "layout.rail_mm"),
        ({"sample": "bill"}, "sample"),
    ],
)
async def test_a_layout_that_nothing_can_print_is_refused(kitchen, body, field):
    answer = await kitchen.call("POST", f"{kitchen.path}/print_preview", body)

    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_a_preview_stores_nothing(kitchen):
    await look(kitchen, "ticket")

    assert await kitchen.queued() == []
    assert (await kitchen.done("GET", f"{kitchen.path}/printers"))["data"] == []
