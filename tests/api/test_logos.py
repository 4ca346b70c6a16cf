"""A logo: any picture comes in, black dots stay, receipts show them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from harness import API

pytestmark = pytest.mark.usefixtures("quiet")

DISC = Image.new("L", (200, 100), 255)
DISC.paste(0, (50, 25, 150, 75))


def picture(form: str = "PNG", image: Image.Image = DISC) -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


async def put(
    shop: Any, raw: bytes, kind: str = "image/png", headers: Any = None
) -> Any:
    return await shop.client.put(
        f"{API}/restaurants/{shop.id}/logo",
        content=raw,
        headers={**(headers or shop.wallet.admin), "Content-Type": kind},
    )


async def shown(shop: Any) -> Any:
    return await shop.client.get(
        f"{API}/restaurants/{shop.id}/logo.png", headers=shop.wallet.admin
    )


async def receipt(shop: Any, **layout: Any) -> bytes:
    body = {"sample": "receipt", "layout": layout}
    answer = await shop.client.post(
        f"{API}/restaurants/{shop.id}/print_preview",
        json=body,
        headers=shop.wallet.admin,
    )
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("WEBP", "image/webp"),
        ("PNG", "IMAGE/PNG; x=y"),
    ],
)
async def test_a_picture_becomes_black_dots(shop, form, kind):
    stored = await put(shop, picture(form), kind)

    assert stored.status_code == 200, stored.text
    logo = stored.json()
    assert sorted(logo) == ["height", "sha256", "width"]
    assert 0 < logo["width"] <= 384
    answer = await shown(shop)
    image = Image.open(io.BytesIO(answer.content))
    assert (image.mode, image.size) == ("1", (logo["width"], logo["height"]))
    middle = (image.width // 2, image.height // 2)
    assert (image.getpixel(middle), image.getpixel((0, 0))) == (0, 255)
    assert answer.headers["etag"] == f'"{logo["sha256"]}"'


async def test_a_large_picture_is_made_as_small_as_the_narrowest_paper(shop):
    raw = picture(image=Image.new("L", (2000, 500), 0))

    logo = (await put(shop, raw)).json()

    assert (logo["width"], logo["height"]) == (384, 96)


@pytest.mark.parametrize(
    ("raw", "kind", "status", "code"),
    [
        (picture(), "text/plain", 415, "logo.type"),
        (picture(), "image/svg+xml", 415, "logo.type"),
        (picture("GIF"), "image/gif", 415, "logo.type"),
        (b"", "image/png", 422, "logo.unreadable"),
        (b"<svg/>", "image/png", 422, "logo.unreadable"),
        (picture()[:60], "image/png", 422, "logo.unreadable"),
        (bytes(1_000_001), "image/png", 413, "body.too_large"),
    ],
)
async def test_what_is_no_picture_of_ours_is_refused_with_a_sentence(
    shop, raw, kind, status, code
):
    answer = await put(shop, raw, kind)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"].endswith(".")
    assert (await shown(shop)).status_code == 404


async def test_a_receipt_shows_the_logo_that_its_layout_names(shop):
    without = await receipt(shop)
    logo = (await put(shop, picture())).json()["sha256"]

    with_logo = await receipt(shop, logo=logo)

    assert with_logo != without
    assert await receipt(shop) == without
    assert await receipt(shop, logo="0" * 64) == without


async def test_a_new_logo_is_the_one_that_staff_see_and_the_older_still_prints(shop):
    first = (await put(shop, picture())).json()["sha256"]
    old_paper = await receipt(shop, logo=first)
    other = Image.new("L", (64, 64), 0)
    second = (await put(shop, picture(image=other))).json()["sha256"]

    assert (await shown(shop)).headers["etag"] == f'"{second}"'
    assert await receipt(shop, logo=first) == old_paper
    assert await receipt(shop, logo=second) != old_paper

    again = (await put(shop, picture())).json()["sha256"]
    assert again == first
    assert (await shown(shop)).headers["etag"] == f'"{first}"'


async def test_only_so_many_older_logos_are_kept(shop):
    from restaurant.core import limits
    from restaurant.crud import read

    hashes = []
    for side in range(10, 10 + limits.LOGOS_KEPT_MAX + 2):
        raw = picture(image=Image.new("L", (side * 8, 8), 0))
        hashes.append((await put(shop, raw)).json()["sha256"])

    async with read() as conn:
        rows = await conn.all(
            "SELECT sha256 FROM restaurant.logos WHERE restaurant_id = :id", id=shop.id
        )
    assert {row["sha256"] for row in rows} == set(hashes[2:])


async def test_a_logo_can_be_taken_away_and_again_is_fine(shop):
    logo = (await put(shop, picture())).json()["sha256"]
    without = await receipt(shop)
    path = f"{API}/restaurants/{shop.id}/logo"

    gone = await shop.client.delete(path, headers=shop.wallet.admin)
    again = await shop.client.delete(path, headers=shop.wallet.admin)

    assert (gone.status_code, again.status_code) == (204, 204)
    assert (await shown(shop)).status_code == 404
    assert await receipt(shop, logo=logo) == without
    page = await shop.client.get(
        f"{API}/restaurants/{shop.id}/events?limit=500", headers=shop.wallet.admin
    )
    told = [e["event"] for e in page.json()["data"] if e["event"].startswith("logo.")]
    assert told == ["logo.changed", "logo.removed"]


async def test_a_logo_belongs_to_its_restaurant(shop, client, make_wallet):
    from harness.shop import open_shop

    logo = (await put(shop, picture())).json()["sha256"]
    other = await open_shop(client, await make_wallet())

    assert (await shown(other)).status_code == 404
    assert await receipt(other, logo=logo) == await receipt(other)
    refused = await put(shop, picture(), headers=other.wallet.admin)
    assert refused.status_code == 404
